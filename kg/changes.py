"""What changed between two builds: graph by graph, in words for people, as RDF Patch or SPARQL Update for stores.

Both builds are read once, in step, one graph at a time, so memory does not grow with them.

RDF Patch: https://afs.github.io/rdf-delta/rdf-patch.html; SPARQL 1.1 Update, section 3.1.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Final, NamedTuple

import pyoxigraph as ox

from kg.identifiers import TRIAL
from kg.models import Record
from kg.named_graphs import NamedGraph
from kg.terminology import Terminology
from kg.terms import DCTERMS, KG, RDFS, SKOS

Label = Callable[[str], str | None]  # a concept's or a code's IRI to its name

_TRIPLES_AN_OPERATION: Final = 2_000  # some stores refuse long updates
_NAMES: Final = (RDFS.label, SKOS.prefLabel, KG.text, KG.measure)
# What a reader learns nothing from: it changes with the bytes of the record.
_SILENT: Final = frozenset({KG.document, DCTERMS.identifier})
_LONGEST: Final = 120


class Change(Record, frozen=True, kw_only=True):
    """A named graph that differs. ``before`` or ``after`` is None where there is no such graph."""

    iri: str
    before: NamedGraph | None
    after: NamedGraph | None

    @property
    def removed(self) -> list[bytes]:
        """The triples that are gone, sorted, as lines of N-Triples without full stop."""
        return _without(self.before, self.after)

    @property
    def added(self) -> list[bytes]:
        """The triples that are new, sorted, as lines of N-Triples without full stop."""
        return _without(self.after, self.before)


def _without(one: NamedGraph | None, other: NamedGraph | None) -> list[bytes]:
    if one is None:
        return []
    there = frozenset(other.lines) if other is not None else frozenset()
    return [line for line in one.lines if line not in there]


def changes(before: Iterable[NamedGraph], after: Iterable[NamedGraph]) -> Iterator[Change]:
    """Yield the graphs that differ.

    Args:
        before: The graphs of the older build, sorted by IRI as a build writes them.
        after: Those of the newer one.
    """
    old, new = iter(before), iter(after)
    left, right = next(old, None), next(new, None)
    while left is not None or right is not None:
        if right is None or (left is not None and left.iri < right.iri):
            assert left is not None  # noqa: S101 - the loop's condition
            yield Change(iri=left.iri, before=left, after=None)
            left = next(old, None)
        elif left is None or right.iri < left.iri:
            yield Change(iri=right.iri, before=None, after=right)
            right = next(new, None)
        else:
            if left.lines != right.lines:
                yield Change(iri=left.iri, before=left, after=right)
            left, right = next(old, None), next(new, None)


def rdf_patch(found: Iterable[Change]) -> Iterator[str]:
    """Yield the changes as lines of an RDF Patch in one transaction."""
    yield "TX .\n"
    for change in found:
        tail = f" <{change.iri}> .\n"
        yield from (f"D {line.decode()}{tail}" for line in change.removed)
        yield from (f"A {line.decode()}{tail}" for line in change.added)
    yield "TC .\n"


def sparql_update(found: Iterable[Change]) -> Iterator[str]:
    """Yield the changes as operations of one SPARQL 1.1 Update request."""
    for change in found:
        for verb, lines in (("DELETE", change.removed), ("INSERT", change.added)):
            for place in range(0, len(lines), _TRIPLES_AN_OPERATION):
                triples = b" .\n".join(lines[place : place + _TRIPLES_AN_OPERATION]).decode()
                yield f"{verb} DATA {{ GRAPH <{change.iri}> {{\n{triples} .\n}} }} ;\n"


class Difference(Record, frozen=True, kw_only=True):
    """One property of a trial, or of a shared graph's resource, whose values differ; all in words."""

    property: str
    removed: tuple[str, ...] = ()
    added: tuple[str, ...] = ()
    altered: tuple[str, ...] = ()  # parts that kept their name and changed inside

    def __str__(self) -> str:
        """Say it in one line a value."""
        if len(self.removed) == len(self.added) == 1 and not self.altered:
            return f"{self.property}: {self.removed[0]} → {self.added[0]}"
        signed = (("-", self.removed), ("+", self.added), ("~", self.altered))
        return "\n".join(f"{sign} {self.property}: {value}" for sign, values in signed for value in values)


class TrialChange(Record, frozen=True, kw_only=True):
    """What happened to a trial: ``kind`` is ``new``, ``withdrawn`` or ``changed``."""

    nct_id: str
    kind: str
    title: str
    differences: tuple[Difference, ...] = ()

    def __str__(self) -> str:
        """Say it in words, with the differences indented."""
        inside = "\n".join(str(difference) for difference in self.differences)
        return "\n    ".join([f"{self.nct_id} {self.kind}: {self.title}", *inside.splitlines()])


class _Said(NamedTuple):
    """What a graph says of its trial, and what it calls things."""

    values: Mapping[str, frozenset[str]]  # property to terms
    names: Mapping[str, str]  # resource to name


def trial_changes(found: Iterable[Change], label: Label) -> Iterator[TrialChange]:
    """Yield the changes of trials in words.

    Args:
        found: Changes of any graphs; those of shared graphs are left out.
        label: Knows the names of concepts and codes.
    """
    for change in found:
        nct_id = change.iri.rpartition("/")[2]
        if not nct_id.startswith("NCT"):
            continue
        before, after = _said(change.before, nct_id), _said(change.after, nct_id)
        titles = (after or before or _Said({}, {})).values.get(KG.briefTitle, frozenset())
        title = _text(min(titles)) if titles else "no title"
        if before is None or after is None:
            yield TrialChange(nct_id=nct_id, kind="new" if before is None else "withdrawn", title=title)
        else:
            differences = tuple(_differences(before, after, label))
            yield TrialChange(nct_id=nct_id, kind="changed", title=title, differences=differences)


def labels_of(terminology: Terminology) -> dict[str, str]:
    """Return the preferred labels of all concepts, marker states, codes and countries by IRI."""
    labels = {node[1:-1]: _text(term) for node, predicate, term in terminology.triples if predicate == SKOS.prefLabel}
    return labels | {concept.iri: concept.pref_label for concept, _, _ in terminology.state_concepts()}


def _said(graph: NamedGraph | None, nct_id: str) -> _Said | None:
    if graph is None:
        return None
    subject = f"<{TRIAL}{nct_id}>"
    values: dict[str, set[str]] = defaultdict(set)
    names: dict[str, str] = {}
    for line in graph.lines:
        node, predicate, term = line.decode().split(" ", 2)
        if node == subject:
            values[predicate].add(term)
        elif predicate in _NAMES:
            names.setdefault(node, _text(term))
    return _Said({predicate: frozenset(terms) for predicate, terms in values.items()}, names)


def _differences(before: _Said, after: _Said, label: Label) -> Iterator[Difference]:
    for predicate in sorted({*before.values, *after.values} - _SILENT):
        old, new = before.values.get(predicate, frozenset()), after.values.get(predicate, frozenset())
        gone = {_called(term, before, label) for term in old - new}
        come = {_called(term, after, label) for term in new - old}
        if gone or come:
            yield Difference(
                property=_words(predicate),
                removed=tuple(sorted(gone - come)),
                added=tuple(sorted(come - gone)),
                altered=tuple(sorted(gone & come)),
            )


def _called(term: str, said: _Said, label: Label) -> str:
    """Return what people call a term: a literal's text, a part's own name, a concept's label."""
    if not term.startswith("<"):
        return _text(term)
    return said.names.get(term) or label(term[1:-1]) or term[1:-1]


def _text(term: str) -> str:
    """Return the text of a literal, on one line and not too long."""
    quoted = term[1 : term.rindex('"')]
    escaped = "\\" in quoted
    text = " ".join((_unescaped(term) if escaped else quoted).split())
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"


def _unescaped(term: str) -> str:
    parsed = next(ox.parse(f"<x:s> <x:p> {term} .", format=ox.RdfFormat.N_TRIPLES)).object
    return parsed.value if isinstance(parsed, ox.Literal) else term


def _words(predicate: str) -> str:
    """Return a property's local name as words: ``overallStatus`` is "overall status"."""
    name = predicate[1:-1].replace("#", "/").rpartition("/")[2]
    return "".join(f" {char.lower()}" if char.isupper() else char for char in name)
