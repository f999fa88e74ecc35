"""The bundled concepts, codes and countries, read from ``ontologies/`` into plain records."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator
from functools import cached_property
from pathlib import Path

import msgspec
import pyoxigraph as ox

from kg import identifiers, models, nquads, resources, terms
from kg.errors import TerminologyError
from kg.identifiers import DEFAULT_BASE, Minter
from kg.models import Concept, ConceptType, Record
from kg.nquads import Triple, english, resource, string
from kg.terms import KG, RDF, SKOS

# What is said of each IRI: predicate IRI to values (IRIs, or the lexical values of literals), sorted.
Descriptions = dict[str, dict[str, list[str]]]

GENES_FILE = "genes.tsv"
_STATE_CODES = f"{DEFAULT_BASE}code/state/"
_CLASSES = {KG.iri(kind.value): kind for kind in ConceptType}
_TYPE = RDF.iri("type")
_MADE_BY = tuple(
    Path(module) for module in (__file__, identifiers.__file__, models.__file__, nquads.__file__, terms.__file__)
)
_LABELS = tuple(SKOS.iri(name) for name in ("prefLabel", "altLabel", "hiddenLabel"))


class Content(Record, frozen=True, kw_only=True):
    """What the ontology files come to, but for their triples; kept in a cache, since parsing takes a second."""

    concepts: tuple[Concept, ...] = ()
    codes: tuple[tuple[str, str], ...] = ()
    countries: dict[str, str] = msgspec.field(default_factory=dict)
    state_labels: dict[str, str] = msgspec.field(default_factory=dict)
    named_states: dict[str, dict[str, list[str]]] = msgspec.field(default_factory=dict)


class Terminology:
    """Concepts by IRI, registry codes and country names, with the triples that describe them.

    Attributes:
        minter: Whose base IRI own concepts have.
        concepts: By IRI; marker states are made from markers on demand.
        codes: Known registry codes as (scheme, notation).
        countries: Names of countries, case-folded, to ISO 3166-1 alpha-2 codes.
        state_labels: Notations of marker states to their labels.
    """

    def __init__(
        self,
        minter: Minter,
        content: Content,
        triples: Callable[[], Iterable[Triple]],
        cache: Callable[[str, Iterable[str]], Path] | None = None,
    ) -> None:
        self.minter = minter
        self.concepts = {concept.iri: concept for concept in content.concepts}
        self.codes = frozenset(content.codes)
        self.countries = content.countries
        self.state_labels = content.state_labels
        self._named_states = content.named_states
        self._triples = triples
        self._cache = cache

    @cached_property
    def triples(self) -> tuple[Triple, ...]:
        """All that the ontology files say, sorted, in N-Triples form."""
        return tuple(sorted(self._triples()))

    def with_described(self, described: Iterable[ox.Triple]) -> "Terminology":
        """Return these concepts and those that a graph of concepts describes beside them.

        A concept of both has what the graph calls broader, too.
        """
        triples: set[Triple] = set()
        descriptions: Descriptions = defaultdict(lambda: defaultdict(list))
        broader: dict[str, list[str]] = defaultdict(list)
        for triple in described:
            if not isinstance(triple.subject, ox.NamedNode):
                continue
            value = triple.object.value if isinstance(triple.object, ox.NamedNode | ox.Literal) else ""
            if triple.subject.value not in self.concepts:
                descriptions[triple.subject.value][triple.predicate.value].append(value)
            elif triple.predicate.value == SKOS.iri("broader"):
                broader[triple.subject.value].append(value)
            else:
                continue
            triples.add((str(triple.subject), str(triple.predicate), str(triple.object)))
        for values in descriptions.values():
            for found in values.values():
                found.sort()
        content = Content(
            concepts=(
                *(_below(concept, broader.get(iri, ())) for iri, concept in self.concepts.items()),
                *_concepts(descriptions, self.minter),
            ),
            codes=tuple(self.codes),
            countries=self.countries,
            state_labels=self.state_labels,
            named_states=self._named_states,
        )
        return Terminology(self.minter, content, lambda: {*self.triples, *triples})

    def facts(self, predicates: Collection[str]) -> list[Triple]:
        """Return what is said of concepts, codes and marker states with these predicates.

        A part of `triples` and `state_triples`, kept as `load_terminology` tells, since parsing takes its time.
        """
        cache = self._cache("facts", sorted(predicates)) if self._cache is not None else None
        if cache is not None and cache.is_file():
            return msgspec.msgpack.decode(cache.read_bytes(), type=list[Triple])
        found = [triple for triple in (*self.triples, *self.state_triples()) if triple[1] in predicates]
        if cache is not None:
            resources.keep(cache, msgspec.msgpack.encode(found))
        return found

    def state_concept(self, marker: Concept, state: str) -> Concept:
        """Return the concept of a marker in a state, for example HER2-low."""
        iri = self.minter.state(marker.notation or "", state)
        named = self._named_states.get(iri, {})
        pref_labels = named.get(SKOS.iri("prefLabel")) or [f"{marker.pref_label} {self.state_labels[state]}"]
        return Concept(
            iri=iri,
            concept_type=ConceptType.MARKER_STATE,
            pref_label=pref_labels[0],
            alt_labels=tuple(named.get(SKOS.iri("altLabel"), ())),
            notation=f"{marker.notation}-{state}",
            broader_iris=(marker.iri,),
        )

    def state_concepts(self) -> Iterator[tuple[Concept, Concept, str]]:
        """Yield every state that a marker can have, with the marker and the state's notation."""
        for marker in self.concepts.values():
            for state in marker.possible_states:
                yield self.state_concept(marker, state), marker, state

    def state_triples(self) -> Iterator[Triple]:
        """Describe every state that a marker can have as a `kg:MarkerState`."""
        scheme = resource(f"{self.minter.base}scheme/marker-states")
        yield scheme, RDF.type, SKOS.ConceptScheme
        yield scheme, SKOS.prefLabel, english("marker states")
        for concept, marker, state in self.state_concepts():
            subject = resource(concept.iri)
            yield subject, RDF.type, SKOS.Concept
            yield subject, RDF.type, KG.MarkerState
            yield subject, KG.marker, resource(marker.iri)
            yield subject, KG.state, resource(self.minter.code("state", state))
            yield subject, SKOS.notation, string(concept.notation or "")
            yield subject, SKOS.prefLabel, english(concept.pref_label)
            yield subject, SKOS.inScheme, scheme


def _below(concept: Concept, broader_iris: Iterable[str]) -> Concept:
    """Return a concept with more broader ones."""
    more = set(broader_iris).difference(concept.broader_iris)
    if not more:
        return concept
    return msgspec.structs.replace(concept, broader_iris=(*concept.broader_iris, *sorted(more)))


def _scheme_and_notation(path: str) -> tuple[str, str]:
    scheme, _, notation = path.partition("/")
    return scheme, notation


def load_terminology(minter: Minter | None = None, folder: Path | None = None) -> Terminology:
    """Read all Turtle files of ``ontologies/`` but the OWL ontology itself.

    What the bundled files come to is kept beside Python's own compiled modules, where that folder can be written, under
    a name made from their content and from the code that reads them.

    Raises:
        TerminologyError: A file does not parse, or a concept has no class or preferred label, or has two of either.
    """
    minter = minter or Minter()
    paths = [
        path
        for path in sorted((folder or resources.folder("ontologies")).rglob("*.ttl"))
        if path.name not in resources.OWL_FILES
    ]
    if folder is not None:
        triples, descriptions = _read_all(paths, minter)
        return Terminology(minter, _content(descriptions, minter), lambda: triples)

    def cache_of(name: str, settings: Iterable[str] = ()) -> Path:
        return resources.cache_file(name, [*paths, *_MADE_BY], minter.base, *settings)

    cache = cache_of("terminology")
    if cache.is_file():
        content = msgspec.msgpack.decode(cache.read_bytes(), type=Content)
        return Terminology(minter, content, lambda: _read_all(paths, minter)[0], cache_of)
    triples, descriptions = _read_all(paths, minter)
    content = _content(descriptions, minter)
    resources.keep(cache, msgspec.msgpack.encode(content))
    return Terminology(minter, content, lambda: triples, cache_of)


def _read_all(paths: Iterable[Path], minter: Minter) -> tuple[set[Triple], Descriptions]:
    triples: set[Triple] = set()
    descriptions: Descriptions = defaultdict(lambda: defaultdict(list))
    for path in paths:
        _read(path, minter, triples, descriptions)
    for values in descriptions.values():
        for found in values.values():
            found.sort()
    return triples, descriptions


def _content(descriptions: Descriptions, minter: Minter) -> Content:
    code, country, state = (f"{minter.base}{part}/" for part in ("code", "country", "code/state"))
    return Content(
        concepts=tuple(_concepts(descriptions, minter)),
        codes=tuple(sorted(_scheme_and_notation(iri[len(code) :]) for iri in descriptions if iri.startswith(code))),
        countries={
            label.casefold(): iri[len(country) :]
            for iri, values in descriptions.items()
            if iri.startswith(country)
            for predicate in _LABELS
            for label in values.get(predicate, ())
        },
        state_labels={
            iri[len(state) :]: values[SKOS.iri("prefLabel")][0]
            for iri, values in descriptions.items()
            if iri.startswith(state)
        },
        named_states={
            iri: dict(values) for iri, values in descriptions.items() if KG.iri("MarkerState") in values.get(_TYPE, ())
        },
    )


def load_gene_symbols(folder: Path | None = None) -> dict[str, str]:
    """Read the approved symbols of protein-coding genes with their HGNC numbers.

    Raises:
        TerminologyError: The file cannot be read, or has a line that is no pair.
    """
    path = (folder or resources.folder("ontologies")) / GENES_FILE
    try:
        lines = path.read_text("utf-8").splitlines()
        return dict(line.split("\t") for line in lines[1:])
    except (OSError, ValueError) as err:
        raise TerminologyError(f"{path.name}: {err}") from err


def _read(path: Path, minter: Minter, triples: set[Triple], descriptions: Descriptions) -> None:
    try:
        for quad in ox.parse(path=str(path), format=ox.RdfFormat.TURTLE):
            if not isinstance(quad.subject, ox.NamedNode) or isinstance(quad.object, ox.BlankNode | ox.Triple):
                raise TerminologyError(f"{path.name}: blank nodes are not allowed: {quad}")
            subject, value = minter.localise(quad.subject.value), minter.localise(quad.object.value)
            term = f"<{value}>" if isinstance(quad.object, ox.NamedNode) else str(quad.object)
            triples.add((f"<{subject}>", str(quad.predicate), term))
            values = descriptions[subject][quad.predicate.value]
            if value not in values:
                values.append(value)
    except (SyntaxError, OSError) as err:
        raise TerminologyError(f"{path.name}: {err}") from err


def _concepts(descriptions: Descriptions, minter: Minter) -> Iterator[Concept]:
    for iri in sorted(descriptions):
        values = descriptions[iri]
        kinds = [_CLASSES[name] for name in values.get(_TYPE, ()) if name in _CLASSES]
        if kinds and kinds != [ConceptType.MARKER_STATE]:
            labels = values.get(SKOS.iri("prefLabel"), [])
            if len(kinds) != 1 or len(labels) != 1:
                raise TerminologyError(f"{iri} needs one class and one skos:prefLabel; it has {kinds} and {labels}")
            if KG.iri("possibleState") in values and SKOS.iri("notation") not in values:
                raise TerminologyError(f"{iri} has states but no skos:notation, from which their IRIs are made")
            yield _concept(iri, kinds[0], values, len(minter.localise(_STATE_CODES)))


def _concept(iri: str, kind: ConceptType, values: dict[str, list[str]], code_start: int) -> Concept:
    def all_of(term: str) -> tuple[str, ...]:
        return tuple(values.get(term[1:-1], ()))

    def one_of(term: str) -> str | None:
        return next(iter(values.get(term[1:-1], ())), None)

    return Concept(
        iri=iri,
        concept_type=kind,
        pref_label=values[SKOS.iri("prefLabel")][0],
        alt_labels=all_of(SKOS.altLabel),
        hidden_labels=all_of(SKOS.hiddenLabel),
        ambiguous_labels=all_of(KG.ambiguousLabel),
        notation=one_of(SKOS.notation),
        broader_iris=all_of(SKOS.broader),
        target_iris=all_of(KG.hasTarget),
        part_iris=all_of(KG.hasPart),
        gene_iri=one_of(KG.gene),
        possible_states=tuple(code[code_start:] for code in all_of(KG.possibleState)),
        exact_match_iris=all_of(SKOS.exactMatch),
    )
