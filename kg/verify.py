"""Check each quote of a graph against the text that it points into."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

import pyoxigraph as ox

from kg.identifiers import TRIAL, Minter
from kg.models import Record
from kg.store import GraphStore
from kg.terms import KG
from kg.texts import KeptText, TextStore

_PROPERTIES = {KG.iri(name): name for name in ("source", "field", "start", "end", "quote", "text")}


class BadQuote(Record, frozen=True, kw_only=True):
    """A quote that does not stand where it should."""

    trial_iri: str
    node_iri: str
    reason: str


class Verification(Record, frozen=True, kw_only=True):
    """How many quotes were checked, and those that failed."""

    trials: int
    quotes: int
    failures: tuple[BadQuote, ...]

    @property
    def holds(self) -> bool:
        """Whether every quote stands where it should."""
        return not self.failures


class _Place(NamedTuple):
    """What an assertion or a criterion says of its words."""

    source: str | None
    field: str | None
    start: str | None
    end: str | None
    words: str | None


def verify(store: GraphStore, texts: TextStore, minter: Minter) -> Verification:
    """Compare every quote and criterion of every trial with the kept texts, offset by offset."""
    trials = quotes = 0
    failures: list[BadQuote] = []
    start = minter.graph("NCT")
    for graph_iri in store.graph_iris():
        if not graph_iri.startswith(start):
            continue
        trials += 1
        nct_id = graph_iri.removeprefix(minter.graph(""))
        kept = {(minter.document(text.document), text.locator): text.text for text in texts.of(nct_id)}
        for node, place in _places(store, graph_iri):
            quotes += 1
            reason = _fault(place, kept)
            if reason is not None:
                failures.append(BadQuote(trial_iri=TRIAL + nct_id, node_iri=node, reason=reason))
    return Verification(trials=trials, quotes=quotes, failures=tuple(sorted(failures, key=lambda it: it.node_iri)))


def with_changes(checked: Verification, changed: Iterable[tuple[str, KeptText]], minter: Minter) -> Verification:
    """Add the kept texts that their sources no longer hold, though these are the same documents."""
    failures = [
        BadQuote(
            trial_iri=TRIAL + nct_id,
            node_iri=minter.document(text.document),
            reason=f"{text.locator}: the source reads differently",
        )
        for nct_id, text in changed
    ]
    return Verification(trials=checked.trials, quotes=checked.quotes, failures=(*checked.failures, *failures))


def _places(store: GraphStore, graph_iri: str) -> Iterator[tuple[str, _Place]]:
    nodes: dict[str, dict[str, str]] = {}
    for triple in store.graph(graph_iri):
        name = _PROPERTIES.get(triple.predicate.value)
        if name is not None and isinstance(triple.object, ox.Literal | ox.NamedNode):
            nodes.setdefault(str(triple.subject)[1:-1], {})[name] = triple.object.value
    for node, values in nodes.items():
        words = values.get("quote", values.get("text"))
        if words is not None:
            get = values.get
            yield node, _Place(get("source"), get("field"), get("start"), get("end"), words)


def _fault(place: _Place, kept: dict[tuple[str, str], str]) -> str | None:
    """Return why the words do not stand at their place; None if they do."""
    if place.source is None or place.field is None or place.start is None or place.end is None:
        return "source, field, start or end is missing"
    text = kept.get((place.source, place.field))
    if text is None:
        return f"no kept text for {place.field} of {place.source}"
    found = text[int(place.start) : int(place.end)]
    return (
        None if found == place.words else f"{place.field} {place.start}:{place.end} is {found!r}, not {place.words!r}"
    )
