"""Forward through chains of properties, backward through definitions: one evaluation gives the answer and its proof."""

from collections.abc import Iterator
from typing import Self

from kg.models import Record
from kg.nquads import Triple
from kg.reason.facts import Facts
from kg.reason.ontology import Expression, HasValue, Intersection, MinCardinality, Named, Ontology, Union
from kg.terms import RDF


class Proof(Record, frozen=True, kw_only=True):
    """Why a triple holds: ``axiom`` is empty where it is a fact, else the kind of axiom that the premises go into."""

    triple: Triple
    axiom: str = ""
    premises: tuple["Proof", ...] = ()


class _Step(Record, frozen=True, kw_only=True):
    """How a value of a property was reached: by which axiom, from which triples."""

    axiom: str
    premises: tuple[Triple, ...]


_SAID = _Step(axiom="", premises=())


class Reasoner:
    """Answers what follows from facts and an ontology; what it found once, it keeps.

    Args:
        ontology: The axioms.
        facts: What is said.
        below: Knows what follows from the lower layer of the facts alone; it is asked about things that the upper layer
            neither says anything of nor, by `Facts.is_apart`, of anything that they lead to.
    """

    def __init__(self, ontology: Ontology, facts: Facts, below: Self | None = None) -> None:
        self.ontology = ontology
        self.facts = facts
        self._below = below
        self._steps: dict[tuple[str, str], dict[str, _Step]] = {}
        self._members: dict[tuple[str, str], Proof | None] = {}

    def values(self, subject: str, term: str) -> dict[str, _Step]:
        """Return all values of a property, said and concluded, each with the last step that leads to it."""
        if self._below is not None and not self.facts.says(subject):
            return self._below.values(subject, term)
        if not self.facts.has(subject):  # of which nothing is kept, for there is no end of such things
            return {}
        key = (subject, term)
        steps = self._steps.get(key)
        if steps is None:
            starts = self.ontology.starts.get(term)
            if starts is None:  # as for most: what is said is all there is
                steps = dict.fromkeys(self.facts.objects(subject, term), _SAID)
            else:
                steps = dict(self._reach(subject, term)) if self.facts.says_any(subject, starts) else {}
            self._steps[key] = steps
        return steps

    def _reach(self, subject: str, term: str) -> Iterator[tuple[str, _Step]]:
        """Yield values breadth first, each once: what is said, other chains, then the property's own chains onwards."""
        chains = self.ontology.chains.get(term, ())
        own = [second for first, second in chains if first == term]
        seen: set[str] = set()
        waiting: list[str] = []
        for value, step in self._start(subject, term, [pair for pair in chains if pair[0] != term]):
            if value not in seen:
                seen.add(value)
                waiting.append(value)
                yield value, step
        for middle in waiting:  # grows while it is walked
            for second in own:
                for value in self.values(middle, second):
                    if value not in seen:
                        seen.add(value)
                        waiting.append(value)
                        premises = ((subject, term, middle), (middle, second, value))
                        yield value, _Step(axiom="property chain", premises=premises)

    def _start(self, subject: str, term: str, chains: list[tuple[str, str]]) -> Iterator[tuple[str, _Step]]:
        for below in self.ontology.below(term):
            step = _SAID
            for value in self.facts.objects(subject, below):
                if below != term:
                    step = _Step(axiom="subproperty", premises=((subject, below, value),))
                yield value, step
        for first, second in chains:
            for middle in self.values(subject, first):
                for value in self.values(middle, second):
                    premises = ((subject, first, middle), (middle, second, value))
                    yield value, _Step(axiom="property chain", premises=premises)

    def proof(self, triple: Triple) -> Proof | None:
        """Return why a triple with any property but ``rdf:type`` holds, or None if it does not follow."""
        subject, term, value = triple
        step = self.values(subject, term).get(value)
        if step is None:
            return None
        premises = (self.proof(premise) for premise in step.premises)
        return Proof(triple=triple, axiom=step.axiom, premises=tuple(one for one in premises if one is not None))

    def member(self, node: str, term: str) -> Proof | None:
        """Return why a thing is in a class with a name, or None if that does not follow."""
        if self._below is not None and not self.facts.says(node):
            return self._below.member(node, term)
        if not self.facts.has(node):
            return self._member(node, term)
        if (node, term) not in self._members:
            self._members[node, term] = self._member(node, term)
        return self._members[node, term]

    def _member(self, node: str, term: str) -> Proof | None:
        types = self.facts.objects(node, RDF.type)
        for below in self.ontology.subclasses.get(term, (term,)):
            if below in types:
                said = Proof(triple=(node, RDF.type, below))
                named = Proof(triple=(node, RDF.type, term), axiom="subclass", premises=(said,))
                return said if below == term else named
        definition = self.ontology.definitions.get(term)
        premises = None if definition is None else self._holds(node, definition)
        if premises is None:
            return None
        return Proof(triple=(node, RDF.type, term), axiom="definition", premises=premises)

    def _holds(self, node: str, expression: Expression) -> tuple[Proof, ...] | None:
        """Return the premises from which it follows that ``node`` is in the class expression, or None."""
        # By how often they come: a trial is held against each definition, so this runs some two hundred times for it.
        if isinstance(expression, HasValue):
            if expression.value not in self.values(node, expression.property):
                return None
            proof = self.proof((node, expression.property, expression.value))
            return None if proof is None else (proof,)
        if isinstance(expression, Intersection):
            return self._all(node, expression.operands)
        if isinstance(expression, Union):
            return next((found for one in expression.operands if (found := self._holds(node, one))), None)
        if isinstance(expression, Named):
            proof = self.member(node, expression.term)
            return None if proof is None else (proof,)
        return self._min_cardinality(node, expression)

    def _all(self, node: str, operands: tuple[Expression, ...]) -> tuple[Proof, ...] | None:
        premises: list[Proof] = []
        for operand in operands:
            found = self._holds(node, operand)
            if found is None:
                return None
            premises += found
        return tuple(premises)

    def _min_cardinality(self, node: str, expression: MinCardinality) -> tuple[Proof, ...] | None:
        premises: list[Proof] = []
        count = 0
        for value in sorted(self.values(node, expression.property)):
            inner = self._holds(value, expression.filler)
            outer = self.proof((node, expression.property, value)) if inner is not None else None
            if inner is not None and outer is not None:
                premises += [outer, *inner]
                count += 1
            if count == expression.count:
                return tuple(premises)
        return None
