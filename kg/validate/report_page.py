"""A validation report as a page: grouped by cause, the words of the source beside each result."""

from collections.abc import Iterable, Iterator
from typing import Final, NamedTuple

import pyoxigraph as ox
from jinja2 import Environment, PackageLoader, StrictUndefined

from kg.store import GraphStore
from kg.terms import KG, RDF
from kg.validate.report import Report, Result, Severity, shorten

_SHOWN: Final = 20  # results of a cause on the page

# Each asks for the words at one node; ?node is bound.
_OF_ASSERTION: Final = f"""SELECT ?node ?quote ?text WHERE {{
    ?node {KG.quote} ?quote ; {KG.source} ?source ; {KG.field} ?field ; {KG.start} ?start .
    OPTIONAL {{
        ?criterion {KG.source} ?source ; {KG.field} ?field ; {KG.text} ?text ; {KG.start} ?from ; {KG.end} ?to .
        FILTER (?from <= ?start && ?start < ?to)
    }} }}"""
_OF_CRITERION: Final = f'SELECT ?node ("" AS ?quote) ?text WHERE {{ ?node {KG.text} ?text }}'
_OF_LOGIC: Final = f"""SELECT ?node ?quote ?text WHERE {{
    ?criterion {KG.logic}/{KG.operand}* ?node ; {KG.text} ?text ; {KG.start} ?from .
    OPTIONAL {{ ?node {KG.start} ?start ; {KG.end} ?end }}
    BIND (COALESCE(STR(SUBSTR(?text, ?start - ?from + 1, ?end - ?start)), "") AS ?quote) }}"""
_ASSERTIONS: Final = f"""SELECT ?node ?value ?assertion WHERE {{
    ?assertion {RDF.subject} ?node ; {RDF.object} ?value }} ORDER BY ?assertion"""


class Words(NamedTuple):
    """What a source says: the exact words, if known, and the criterion that they stand in, if it is one."""

    quote: str
    criterion: str


class Cause(NamedTuple):
    """Results of one shape and kind of constraint."""

    severity: Severity
    message: str
    shape: str
    component: str
    results: tuple[Result, ...]


class Row(NamedTuple):
    """A result as the page shows it."""

    focus_node: str
    path: str
    value: str
    words: Words | None


def causes(results: Iterable[Result]) -> list[Cause]:
    """Group results by severity, shape and component: the worst first, then the most frequent."""
    groups: dict[tuple[Severity, str, str, str], list[Result]] = {}
    for it in results:
        key = (it.severity, it.message, shorten(it.shape or ""), shorten(it.component))
        groups.setdefault(key, []).append(it)
    found = [Cause(*key, tuple(members)) for key, members in groups.items()]
    rank = {severity: place for place, severity in enumerate(Severity)}
    return sorted(found, key=lambda it: (rank[it.severity], -len(it.results), it.message, it.component))


def report_page(report: Report, store: GraphStore) -> str:
    """Return the report as a page that stands alone; ``store`` holds the graph that was checked."""
    environment = Environment(
        loader=PackageLoader("kg"), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    environment.filters.update(count="{:,}".format)
    found = [(cause, list(_rows(cause, store))) for cause in causes(report.results)]
    counts = {severity.value: report.count(severity) for severity in Severity}
    return environment.get_template("validation.html.jinja").render(report=report, counts=counts, causes=found)


def _rows(cause: Cause, store: GraphStore) -> Iterator[Row]:
    for it in cause.results[:_SHOWN]:
        yield Row(shorten(it.focus_node), shorten(it.path or ""), shorten(it.value or ""), words_of(it, store))


def words_of(result: Result, store: GraphStore) -> Words | None:
    """Return the words that a result is about: of its value or focus node, or of the statement that joins the two."""
    nodes = [_iri(term) for term in (result.value, result.focus_node) if term is not None and term.startswith("<")]
    for node in nodes:
        for query in (_OF_ASSERTION, _OF_CRITERION, _OF_LOGIC):
            if words := _words(store, query, node):
                return words
    if len(nodes) == 2:
        value, subject = nodes
        for *_, assertion in store.select(_ASSERTIONS, {"node": subject, "value": value}).rows:
            if isinstance(assertion, ox.NamedNode):
                return _words(store, _OF_ASSERTION, assertion)
    return None


def _words(store: GraphStore, query: str, node: ox.NamedNode) -> Words | None:
    rows = sorted(map(_texts, store.select(query, {"node": node}).rows))
    return Words(*rows[0]) if rows else None


def _texts(row: tuple[object, ...]) -> tuple[str, str]:
    quote, text = (term.value if isinstance(term, ox.Literal) else "" for term in row[1:])
    return quote, text


def _iri(term: str) -> ox.NamedNode:
    return ox.NamedNode(term[1:-1])
