"""What people call things, resolved to the terms that a graph has for them.

A value may be an IRI, a CURIE (``mesh:D001943``, ``ncit:C9335``, ``hgnc:3430``), a name in any spelling that the
terminology knows, a marker state's slug (``her2-low``), a registry code or its label, an NCT number or a country.
Names are matched whole, never in part; one that fits two things or none is an error that says what was near.
"""

import difflib
import re
from collections import defaultdict
from collections.abc import Callable, Iterator
from datetime import date
from functools import lru_cache
from typing import Final, NamedTuple
from urllib.parse import unquote

import pyoxigraph as ox

from kg.errors import QueryError
from kg.identifiers import OBO, NctId, is_iri
from kg.models import Concept, ConceptType
from kg.query.rows import shorten
from kg.store import Queryable, Term, display_prefixes
from kg.terminology import Terminology
from kg.terms import KG, SKOS, XSD
from kg.tokens import key

_TREATMENTS: Final = (ConceptType.DRUG, ConceptType.DRUG_COMBINATION, ConceptType.DRUG_CLASS, ConceptType.PROCEDURE)
_TYPES: Final[dict[str, tuple[ConceptType, ...]]] = {
    "drug": (ConceptType.DRUG, ConceptType.DRUG_COMBINATION),
    "drug-class": (ConceptType.DRUG_CLASS,),
    "treatment": _TREATMENTS,
    "marker": (ConceptType.MARKER,),
    "marker-state": (ConceptType.MARKER_STATE,),
    "procedure": (ConceptType.PROCEDURE,),
    "disease": (ConceptType.DISEASE,),
    "endpoint": (ConceptType.ENDPOINT,),
    "concept": tuple(ConceptType),
}
_OBO_PREFIXES: Final = {name.casefold(): f"{OBO}{name}_" for name in ("NCIT", "CHEBI", "MONDO", "DOID")}
_ROLES: Final = (
    *("investigates", "comparator", "background", "assessment", "requiresTreatment", "excludesTreatment"),
    *("requiresMarkerState", "excludesMarkerState", "stratifiesBy", "measuresMarker", "mentions", "condition"),
    *("agent", "endpoint"),
)
_SIGNS = ((re.compile(r"\+$"), " positive"), (re.compile(r"[-−–]$"), " negative"))
_MANY = 20_000  # names beyond which near ones are not looked for
_ORGANIZATIONS = """
SELECT DISTINCT ?organization ?label WHERE {
  { SELECT DISTINCT ?organization WHERE { ?organization a kg:Organization } }  # which each of its trials says
  ?organization rdfs:label ?label
}
"""


class _Name(NamedTuple):
    """A name of something; ``rank`` 0 is the preferred label, 1 another name, 2 one that may mean something else."""

    text: str
    rank: int
    iri: str


class Names:
    """Resolves the values of parameters.

    Args:
        store: The graph, which knows its own organisations and trials.
        terminology: Knows the names of concepts, codes and countries.
    """

    def __init__(self, store: Queryable, terminology: Terminology) -> None:
        self._store = store
        self._terminology = terminology
        self._prefixes = display_prefixes(terminology.minter.base)
        self._namespaces = {prefix.casefold(): iri for prefix, iri in self._prefixes.items()} | _OBO_PREFIXES

    def resolve(self, kind: str, value: str) -> Term:
        """Return the term for a value of this kind (see `kg.query.KINDS`).

        Raises:
            QueryError: The value is no such thing, unknown or ambiguous.
        """
        value = value.strip()
        readers: dict[str, Callable[[str], Term]] = {
            "text": ox.Literal,
            "integer": self._integer,
            "date": self._date,
            "trial": self._trial,
            "role": self._role,
            "organization": self._organization,
            "country": self._country,
            "iri": self._any_iri,
        }
        if kind in readers:
            return readers[kind](value)
        if kind.startswith("code:"):
            return self._code(kind.removeprefix("code:"), value)
        return self._concept(kind, value)

    def guess(self, value: str) -> Term:
        """Return the term for a value whose kind nobody declared: an IRI, a CURIE, an integer or a text."""
        if iri := self._expand(value):
            return ox.NamedNode(iri)
        return self._integer(value) if re.fullmatch(r"[+-]?\d+", value) else ox.Literal(value)

    # --- values without names

    def _integer(self, value: str) -> Term:
        if not re.fullmatch(r"[+-]?\d+", value):
            raise QueryError(f"{value!r} is not an integer.")
        return ox.Literal(value, datatype=ox.NamedNode(XSD.iri("integer")))

    def _date(self, value: str) -> Term:
        try:
            return ox.Literal(date.fromisoformat(value).isoformat(), datatype=ox.NamedNode(XSD.iri("date")))
        except ValueError as err:
            raise QueryError(f"{value!r} is not a date (YYYY-MM-DD).") from err

    def _any_iri(self, value: str) -> Term:
        if iri := self._expand(value):
            return ox.NamedNode(iri)
        raise QueryError(f"{value!r} is neither an IRI nor a CURIE with a known prefix.")

    def _trial(self, value: str) -> Term:
        try:
            iri = self._expand(value) or NctId(value.upper()).iri
        except ValueError as err:
            raise QueryError(f"{value!r} is no trial: give an NCT number, for example NCT01234567.") from err
        if not self._store.graphs_of(iri, KG.iri("Trial")):
            raise QueryError(
                f"There is no trial {value} in this graph; "
                "`kg query 'SELECT ?trial { ?trial a kg:Trial }'` lists those that there are."
            )
        return ox.NamedNode(iri)

    def _role(self, value: str) -> Term:
        roles = [_Name(role, 0, KG.iri(role)) for role in _ROLES]
        return self._by_name("role", self._expand(value) or value, [*roles, *(_Name(r.iri, 1, r.iri) for r in roles)])

    # --- values with names

    def _concept(self, kind: str, value: str) -> Term:
        if iri := self._expand(value):
            return ox.NamedNode(self._canonical(kind, iri))
        return self._by_name(kind, value, _concept_names(self._terminology, kind))

    def _canonical(self, kind: str, iri: str) -> str:
        """Return the concept that an IRI stands for: itself, or the one that it or its gene matches exactly."""
        if concept := _canonical_iris(self._terminology, kind).get(iri):
            return concept
        other = self._terminology.concepts.get(iri)
        if other is not None:
            found = other.concept_type.value
            raise QueryError(f"{shorten(iri, self._prefixes)} ({other.pref_label}) is a {found}, not a {kind}.")
        return self._in_graph(iri)

    def _organization(self, value: str) -> Term:
        if iri := self._expand(value):
            return ox.NamedNode(self._in_graph(iri))
        minted = self._terminology.minter.organization(value)
        if self._store.mentions(minted):
            return ox.NamedNode(minted)
        return self._by_name("organization", value, [_Name(text, 1, iri) for iri, text in self._organizations()])

    def _organizations(self) -> Iterator[tuple[str, str]]:
        for organization, label in self._store.select(_ORGANIZATIONS).rows:
            if isinstance(organization, ox.NamedNode) and isinstance(label, ox.Literal):
                yield organization.value, label.value

    def _country(self, value: str) -> Term:
        if iri := self._expand(value):
            return ox.NamedNode(self._in_graph(iri))
        minter, countries = self._terminology.minter, self._terminology.countries
        if value.upper() in countries.values():
            return ox.NamedNode(minter.country(value.upper()))
        names = [_Name(text, 1, minter.country(code)) for text, code in countries.items()]
        reported = minter.reported("country", value)
        return ox.NamedNode(reported) if self._store.mentions(reported) else self._by_name("country", value, names)

    def _code(self, scheme: str, value: str) -> Term:
        start = self._terminology.minter.code(scheme, "")
        if iri := self._expand(value):
            return ox.NamedNode(self._in_graph(iri))
        names = [
            _Name(_lexical(term), 1, subject[1:-1])
            for subject, predicate, term in self._terminology.triples
            if subject.startswith(f"<{start}") and predicate in (SKOS.prefLabel, SKOS.altLabel)
        ]
        codes = {name.iri for name in names} | {
            self._terminology.minter.code(*code) for code in self._terminology.codes if code[0] == scheme
        }
        names += [_Name(unquote(iri[len(start) :]), 0, iri) for iri in sorted(codes)]
        try:
            return self._by_name(scheme, value, names)
        except QueryError:  # a code outside the registry's list, which only the graph knows
            unknown = self._terminology.minter.code(scheme, value)
            if not self._store.mentions(unknown):
                raise
            return ox.NamedNode(unknown)

    # --- how names are matched

    def _expand(self, value: str) -> str | None:
        """Return the IRI that a value spells, as such or as a CURIE; None for names."""
        prefix, colon, local = value.strip("<>").partition(":")
        if colon and prefix.casefold() in self._namespaces and local:
            return self._namespaces[prefix.casefold()] + local
        iri = value.strip("<>")
        return iri if colon and is_iri(iri) and ("://" in iri or value.startswith("<") or prefix == "urn") else None

    def _in_graph(self, iri: str) -> str:
        if not self._store.mentions(iri):
            raise QueryError(f"Nothing in this graph has the IRI {iri}.")
        return iri

    def _by_name(self, kind: str, value: str, names: list[_Name]) -> Term:
        wanted, normal = value.casefold(), _normal(value)
        tests: tuple[Callable[[_Name], bool], ...] = (
            lambda name: name.rank == 0 and name.text.casefold() == wanted,
            lambda name: name.rank <= 1 and name.text.casefold() == wanted,
            lambda name: name.rank <= 1 and _normal(name.text) == normal != "",
            lambda name: _normal(name.text) == normal != "",
        )
        for test in tests:
            found = sorted({name.iri for name in names if test(name)})
            if len(found) == 1:
                return ox.NamedNode(found[0])
            if found:
                raise self._ambiguous(kind, value, found, names)
        raise self._unknown(kind, value, names)

    def _ambiguous(self, kind: str, value: str, found: list[str], names: list[_Name]) -> QueryError:
        labels = {name.iri: name.text for name in sorted(names, key=lambda name: -name.rank)}
        listed = ", ".join(f"{shorten(iri, self._prefixes)} ({labels[iri]})" for iri in found[:5])
        raise QueryError(
            f"{value!r} is the name of {len(found)} values of the kind {kind}: {listed}. Say which by IRI."
        )

    def _unknown(self, kind: str, value: str, names: list[_Name]) -> QueryError:
        spelled = defaultdict(list)
        for name in names:
            spelled[name.text.casefold()].append(name)
        wanted = value.casefold()
        near = [text for text in spelled if wanted in text][:3] if len(wanted) > 2 else []
        if not near and len(spelled) <= _MANY:
            near = difflib.get_close_matches(wanted, spelled, n=3)
        shown = list(dict.fromkeys(spelled[text][0].text for text in near))
        hint = f" Near: {', '.join(shown)}." if shown else " Try a shorter or another name, or an IRI."
        return QueryError(f"No {kind} is called {value!r}.{hint}")


# A terminology does not change, and what is made of it takes longer than most look-ups.
@lru_cache(maxsize=len(_TYPES))
def _canonical_iris(terminology: Terminology, kind: str) -> dict[str, str]:
    """Return concepts of a kind by all IRIs that stand for them; the first concept that an IRI may mean has it."""
    found: dict[str, str] = {}
    for concept in _concepts(terminology, _TYPES[kind]):
        for iri in (concept.iri, concept.gene_iri, *concept.exact_match_iris):
            if iri is not None:
                found.setdefault(iri, concept.iri)
    return found


@lru_cache(maxsize=len(_TYPES))
def _concept_names(terminology: Terminology, kind: str) -> list[_Name]:
    return [name for concept in _concepts(terminology, _TYPES[kind]) for name in _names(concept)]


def _concepts(terminology: Terminology, types: tuple[ConceptType, ...]) -> Iterator[Concept]:
    for concept in terminology.concepts.values():
        if concept.concept_type in types:
            yield concept
    if ConceptType.MARKER_STATE in types:
        for state, marker, value in terminology.state_concepts():
            yield _with_marker_names(state, marker, terminology.state_labels[value])


def _names(concept: Concept) -> Iterator[_Name]:
    yield _Name(concept.pref_label, 0, concept.iri)
    if concept.concept_type is ConceptType.MARKER_STATE and concept.notation:
        yield _Name(concept.notation, 0, concept.iri)
    for label in concept.alt_labels:
        yield _Name(label, 1, concept.iri)
    for label in (*concept.hidden_labels, *concept.ambiguous_labels):
        yield _Name(label, 2, concept.iri)


def _with_marker_names(state: Concept, marker: Concept, state_label: str) -> Concept:
    """Name a marker state after the marker's other names as well (``ERBB2 amplified``)."""
    derived = tuple(f"{label} {state_label}" for label in marker.alt_labels)
    return Concept(
        iri=state.iri,
        concept_type=state.concept_type,
        pref_label=state.pref_label,
        alt_labels=state.alt_labels,
        hidden_labels=derived,
        notation=state.notation,
    )


def _normal(text: str) -> str:
    """Return the key of a name; a final sign, which keys leave out, is a word here: ``ER+`` is not ``ER-``."""
    for pattern, word in _SIGNS:
        text = pattern.sub(word, text)
    return key(text)


def _lexical(term: str) -> str:
    """Return the text of a literal in N-Triples form."""
    parsed = next(ox.parse(f"<x:s> <x:p> {term} .", format=ox.RdfFormat.N_TRIPLES))
    return parsed.object.value if isinstance(parsed.object, ox.Literal) else term
