"""The part of OWL 2 that our rules cover, as records: property hierarchies, chains, and definitions of classes.

A definition is built of named classes, ``owl:hasValue``, ``owl:someValuesFrom``, ``owl:minQualifiedCardinality``,
``owl:intersectionOf`` and ``owl:unionOf``: conditions that data can prove. Anything else in a definition is refused,
so that the rules never fall silently short of the ontology.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping

from kg.errors import TerminologyError
from kg.identifiers import Minter
from kg.models import Record
from kg.nquads import Triple
from kg.owl import EXPRESSION, owl_triples
from kg.terms import OWL, RDF, RDFS, SCHEMA

# A trial's descriptions as schema:description would double the longest texts of a graph for no new knowledge.
_NOT_WRITTEN = frozenset([SCHEMA.description])


class Named(Record, frozen=True, kw_only=True):
    """The members of a class with a name."""

    term: str


class HasValue(Record, frozen=True, kw_only=True):
    """What has this value for a property (``owl:hasValue``)."""

    property: str
    value: str


class MinCardinality(Record, frozen=True, kw_only=True):
    """What has so many different values of a class for a property; 1 is ``owl:someValuesFrom``.

    Two IRIs count as two things: a graph of ours has one IRI a thing.
    """

    count: int
    property: str
    filler: "Expression"


class Intersection(Record, frozen=True, kw_only=True):
    """What is in every one of the classes (``owl:intersectionOf``)."""

    operands: tuple["Expression", ...]


class Union(Record, frozen=True, kw_only=True):
    """What is in at least one of the classes (``owl:unionOf``)."""

    operands: tuple["Expression", ...]


Expression = Named | HasValue | MinCardinality | Intersection | Union


class Ontology(Record, frozen=True, kw_only=True):
    """What the rules need to know. Terms are in their N-Triples form.

    Attributes:
        definitions: Defined classes, sorted, with what is equivalent to them.
        subclasses: A class to all classes below it, itself among them.
        subproperties: A property to all properties below it, itself first.
        chains: A property to the pairs that lead to it: ``s first m`` and ``m second o`` give ``s property o``.
        starts: Each property with subproperties or chains to those that its values start from: a thing with a value of
            it, said or concluded, has a value of one of these said of it.
        derived: Properties whose conclusions are written: with subproperties or chains.
        predicates: Properties whose values a rule looks at.
        labels: Names of terms, for people.
    """

    definitions: dict[str, Expression]
    subclasses: dict[str, tuple[str, ...]]
    subproperties: dict[str, tuple[str, ...]]
    chains: dict[str, tuple[tuple[str, str], ...]]
    starts: dict[str, frozenset[str]]
    derived: tuple[str, ...]
    predicates: frozenset[str]
    labels: dict[str, str]

    def below(self, term: str) -> tuple[str, ...]:
        """Return the properties below one, itself first."""
        return self.subproperties.get(term, (term,))

    def class_named(self, name: str) -> str | None:
        """Return the IRI of the defined class with this label, local name or CURIE, or None if there is none."""
        wanted = name.removeprefix("kg:").casefold()
        for term in self.definitions:
            iri = term[1:-1]
            if wanted in {iri.rpartition("#")[2].casefold(), self.labels.get(term, iri).casefold()} or name == iri:
                return iri
        return None


def load_ontology(minter: Minter | None = None) -> Ontology:
    """Read the bundled ontology.

    Raises:
        TerminologyError: A definition uses what the rules do not cover.
    """
    return make_ontology(owl_triples(minter))


def make_ontology(triples: Iterable[Triple]) -> Ontology:
    """Read an ontology from its triples, in which each list and expression has an IRI.

    Raises:
        TerminologyError: A definition uses what the rules do not cover.
    """
    said = _Said(triples)
    subproperties = said.closure(RDFS.subPropertyOf)
    chains = {term: tuple(sorted(pairs)) for term, pairs in _chains(said).items()}
    written = ({term for term, below in subproperties.items() if len(below) > 1} | set(chains)) - _NOT_WRITTEN
    definitions = {term: said.expression(value) for term, value in sorted(said.pairs(OWL.equivalentClass))}
    used = {RDF.type, *chains, *written, *(one for pairs in chains.values() for pair in pairs for one in pair)}
    used.update(one for expression in definitions.values() for one in _properties(expression))
    return Ontology(
        definitions=definitions,
        subclasses=said.closure(RDFS.subClassOf),
        subproperties=subproperties,
        chains=chains,
        starts={term: _starts(term, subproperties, chains) for term in {*subproperties, *chains}},
        predicates=frozenset(below for term in used for below in subproperties.get(term, (term,))),
        derived=tuple(sorted(written)),
        labels={term: value.rpartition('"')[0][1:] for term, value in said.pairs(RDFS.label)},
    )


def _properties(expression: Expression) -> Iterator[str]:
    if isinstance(expression, HasValue | MinCardinality):
        yield expression.property
    if isinstance(expression, MinCardinality):
        yield from _properties(expression.filler)
    elif isinstance(expression, Intersection | Union):
        for operand in expression.operands:
            yield from _properties(operand)


def signs_of(ontology: Ontology) -> dict[str, dict[str, list[str]]]:
    """Return for properties and values of them (empty: any) the defined classes that they are a sign of.

    Whatever is in a defined class, by what is said or by its definition, shows one of its signs.
    """
    signs: dict[str, dict[str, list[str]]] = {}
    for term in ontology.definitions:
        for name, value in _signs(Named(term=term), ontology):
            signs.setdefault(name, {}).setdefault(value, []).append(term)
    return signs


def _signs(expression: Expression, ontology: Ontology) -> set[tuple[str, str]]:
    match expression:
        case Named(term=term):
            said = {(RDF.type, below) for below in ontology.subclasses.get(term, (term,))}
            definition = ontology.definitions.get(term)
            return said if definition is None else said | _signs(definition, ontology)
        case HasValue(property=term, value=value):
            return {(term, value)}
        case MinCardinality(property=term):
            return {(term, "")}
        case Intersection(operands=operands):  # the operand with the fewest says most
            return min((_signs(one, ontology) for one in operands), key=len)
        case Union(operands=operands):
            return {sign for one in operands for sign in _signs(one, ontology)}


def values_in(expression: Expression) -> Iterator[str]:
    """Yield the individuals that a definition names."""
    if isinstance(expression, HasValue):
        yield expression.value
    elif isinstance(expression, MinCardinality):
        yield from values_in(expression.filler)
    elif isinstance(expression, Intersection | Union):
        for operand in expression.operands:
            yield from values_in(operand)


def wording(expression: Expression, name: Callable[[str], str]) -> str:
    """Return a definition in words, in the manner of OWL's Manchester syntax.

    Args:
        expression: What is to be told.
        name: Gives the name of a term.
    """
    match expression:
        case Named(term=term):
            return name(term)
        case HasValue(property=term, value=value):
            return f"{name(term)}: {name(value)}"
        case MinCardinality(count=count, property=term, filler=filler):
            return f"{name(term)}: {'some' if count == 1 else f'at least {count}'} ({wording(filler, name)})"
        case Intersection(operands=operands):
            return " and ".join(_bracketed(one, Union, name) for one in operands)
        case Union(operands=operands):
            return " or ".join(_bracketed(one, Intersection, name) for one in operands)


def _bracketed(expression: Expression, other: type, name: Callable[[str], str]) -> str:
    text = wording(expression, name)
    return f"({text})" if isinstance(expression, other) else text


def _chains(said: "_Said") -> dict[str, set[tuple[str, str]]]:
    chains: dict[str, set[tuple[str, str]]] = {}
    for term, first in said.pairs(OWL.propertyChainAxiom):
        members = said.members(first)
        if len(members) != 2:
            raise TerminologyError(f"{term}: the rules follow chains of two properties, not of {len(members)}")
        chains.setdefault(term, set()).add((members[0], members[1]))
    for term in said.subjects(RDF.type, OWL.TransitiveProperty):
        # Step by step along what is said, which reaches all that the transitive property does.
        chains.setdefault(term, set()).update((term, one) for one in said.subjects(RDFS.subPropertyOf, term))
    return chains


class _Said:
    """The triples of an ontology by predicate and subject."""

    def __init__(self, triples: Iterable[Triple]) -> None:
        self._by_predicate: dict[str, dict[str, list[str]]] = {}
        for subject, predicate, value in triples:
            self._by_predicate.setdefault(predicate, {}).setdefault(subject, []).append(value)

    def pairs(self, predicate: str) -> Iterator[tuple[str, str]]:
        for subject, values in self._by_predicate.get(predicate, {}).items():
            yield from ((subject, value) for value in values)

    def subjects(self, predicate: str, value: str) -> list[str]:
        return [subject for subject, found in self.pairs(predicate) if found == value]

    def one(self, subject: str, predicate: str) -> str | None:
        found = self._by_predicate.get(predicate, {}).get(subject, ())
        return found[0] if len(found) == 1 else None

    def members(self, node: str) -> list[str]:
        """Return the members of an RDF list."""
        found = []
        while node != RDF.nil:
            first, rest = self.one(node, RDF.first), self.one(node, RDF.rest)
            if first is None or rest is None:
                raise TerminologyError(f"{node} is no RDF list")
            found.append(first)
            node = rest
        return found

    def closure(self, predicate: str) -> dict[str, tuple[str, ...]]:
        """Return every term that something is below, with all that is below it, itself first."""
        direct: dict[str, list[str]] = {}
        for subject, value in self.pairs(predicate):
            direct.setdefault(value, []).append(subject)
        return {term: _reached(term, direct) for term in direct}

    def expression(self, node: str) -> Expression:
        for predicate, kind in ((OWL.intersectionOf, Intersection), (OWL.unionOf, Union)):
            if (first := self.one(node, predicate)) is not None:
                return kind(operands=tuple(self.expression(member) for member in self.members(first)))
        if (term := self.one(node, OWL.onProperty)) is not None:
            return self._restriction(node, term)
        if EXPRESSION in node or OWL.Class not in self._by_predicate[RDF.type].get(node, ()):
            raise TerminologyError(f"{node} is neither a class with a name nor an expression that the rules cover")
        return Named(term=node)

    def _restriction(self, node: str, term: str) -> Expression:
        if (value := self.one(node, OWL.hasValue)) is not None:
            return HasValue(property=term, value=value)
        if (filler := self.one(node, OWL.someValuesFrom)) is not None:
            return MinCardinality(count=1, property=term, filler=self.expression(filler))
        count, filler = self.one(node, OWL.minQualifiedCardinality), self.one(node, OWL.onClass)
        if count is None or filler is None:
            raise TerminologyError(f"a restriction on {term} is of a kind that the rules do not cover")
        return MinCardinality(count=int(count.split('"')[1]), property=term, filler=self.expression(filler))


def _starts(
    term: str, subproperties: Mapping[str, tuple[str, ...]], chains: Mapping[str, tuple[tuple[str, str], ...]]
) -> frozenset[str]:
    found = {term: None}
    waiting = [term]
    for one in waiting:  # grows while it is walked
        for start in (*subproperties.get(one, ()), *(first for first, _ in chains.get(one, ()))):
            if start not in found:
                found[start] = None
                waiting.append(start)
    return frozenset(found)


def _reached(term: str, direct: Mapping[str, list[str]]) -> tuple[str, ...]:
    found = {term: None}
    waiting = [term]
    while waiting:
        for below in sorted(direct.get(waiting.pop(), ())):
            if below not in found:
                found[below] = None
                waiting.append(below)
    return tuple(found)
