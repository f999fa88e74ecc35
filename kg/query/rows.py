"""Answers to queries, and the forms in which people and programs read them."""

import datetime
import importlib
import json
import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING, Final

import pyoxigraph as ox

from kg.errors import QueryError
from kg.identifiers import PREFIXES
from kg.store import Answer, Solutions, Term
from kg.terms import XSD

if TYPE_CHECKING:
    import pandas

Value = str | int | float | bool | Decimal | datetime.date | None

FORMATS: Final = ("table", "csv", "tsv", "json", "xml", "turtle")
_PYTHON: Final[dict[str, Callable[[str], "Value"]]] = {
    XSD.iri("integer"): int,
    XSD.iri("decimal"): Decimal,
    XSD.iri("double"): float,
    XSD.iri("date"): datetime.date.fromisoformat,
    XSD.iri("boolean"): lambda text: text in ("true", "1"),
}
_NUMBERS: Final = frozenset([XSD.iri("integer"), XSD.iri("decimal"), XSD.iri("double")])
_RESULT_FORMATS: Final = {
    "csv": ox.QueryResultsFormat.CSV,
    "tsv": ox.QueryResultsFormat.TSV,
    "xml": ox.QueryResultsFormat.XML,
}
_GAP = "  "
_NARROWEST = 8
_NOT_PRINTABLE = re.compile(r"[\x00-\x20\x7f-\x9f\u2028\u2029]+")  # a cell is one line, and moves no cursor
_LOCAL_NAME = re.compile(r"[\w.:/%-]+")


class Form(StrEnum):
    """The query form that an answer belongs to (SPARQL 1.1, section 16)."""

    SELECT = "SELECT"
    ASK = "ASK"
    GRAPH = "CONSTRUCT"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rows:
    """A table of RDF terms; None where a variable is unbound.

    ASK gives one cell, ``answer``; CONSTRUCT and DESCRIBE give ``subject``, ``predicate`` and ``object``.
    """

    columns: tuple[str, ...]
    rows: tuple[tuple[Term | None, ...], ...]
    form: Form = Form.SELECT
    prefixes: Mapping[str, str] = field(default_factory=lambda: PREFIXES)

    def __len__(self) -> int:
        """Count the rows."""
        return len(self.rows)

    def __iter__(self) -> Iterator[tuple[Value, ...]]:
        """Iterate over the rows as Python values; see `python_value`."""
        return (tuple(python_value(term) for term in row) for row in self.rows)

    def records(self) -> list[dict[str, Value]]:
        """Return the rows as dictionaries of Python values."""
        return [dict(zip(self.columns, row, strict=True)) for row in self]

    def dataframe(self) -> "pandas.DataFrame":
        """Return the rows as a pandas data frame with the same columns."""
        module = importlib.import_module("pandas")  # half a second that most commands need not spend
        frame: pandas.DataFrame = module.DataFrame(list(self), columns=list(self.columns))
        return frame

    def to(self, form: str, *, width: int | None = None) -> str:
        """Write the answer in one of `FORMATS`.

        csv, tsv, json and xml are the W3C's result formats, to the letter: CSV cells that a spreadsheet would take for
        a formula are not changed. turtle is for CONSTRUCT and DESCRIBE.

        Args:
            form: One of `FORMATS`.
            width: The widest that a line of a table may be; its longest cells are cut. None for no limit.

        Raises:
            QueryError: There is no such format, or not for this form of query.
        """
        if form not in FORMATS:
            raise QueryError(f"There is no result format {form!r}; there are {', '.join(FORMATS)}.")
        if form == "turtle":
            return self._turtle()
        if form == "table":
            return self._table(width)
        if self.form is Form.ASK:
            return self._boolean(form)
        text = json.dumps(self._json(), ensure_ascii=False)
        if form == "json":
            return text + "\n"
        parsed = ox.parse_query_results(text, format=ox.QueryResultsFormat.JSON)
        assert isinstance(parsed, ox.QuerySolutions)  # noqa: S101  # we wrote no "boolean"
        result = (parsed.serialize(format=_RESULT_FORMATS[form]) or b"").decode()
        return result if result.endswith("\n") else result + "\n"

    def _boolean(self, form: str) -> str:
        answer = str(next(iter(self))[0]).lower()
        return {
            "json": f'{{"head": {{}}, "boolean": {answer}}}\n',
            "xml": '<?xml version="1.0"?><sparql xmlns="http://www.w3.org/2005/sparql-results#"><head></head>'
            f"<boolean>{answer}</boolean></sparql>\n",
        }.get(form, f"{answer}\n")

    def _json(self) -> dict[str, object]:
        """Build SPARQL 1.1 Query Results JSON."""
        bindings = [
            {name: _json_term(term) for name, term in zip(self.columns, row, strict=True) if term is not None}
            for row in self.rows
        ]
        return {"head": {"vars": list(self.columns)}, "results": {"bindings": bindings}}

    def _turtle(self) -> str:
        if self.form is not Form.GRAPH:
            raise QueryError("Turtle is for CONSTRUCT and DESCRIBE; this query gives a table.")
        triples = [ox.Triple(*row) for row in sorted(self.rows, key=str)]  # type: ignore[arg-type]
        text = ox.serialize(triples, format=ox.RdfFormat.TURTLE, prefixes=dict(self.prefixes))
        return (text or b"").decode()

    def _table(self, width: int | None) -> str:
        if self.form is Form.ASK:
            return self._boolean("table")
        cells = [list(self.columns), *([self._cell(term) for term in row] for row in self.rows)]
        widths = [max(map(_display_width, column)) for column in zip(*cells, strict=True)]
        widths = _fit(widths, width)
        numeric = [_is_numeric(column) for column in zip(*self.rows, strict=True)] or [False] * len(widths)
        lines = [_line(row, widths, numeric) for row in cells]
        lines.insert(1, _GAP.join("─" * each for each in widths))
        return "\n".join(lines) + "\n"

    def _cell(self, term: Term | None) -> str:
        if term is None:
            return ""
        if isinstance(term, ox.NamedNode):
            return shorten(term.value, self.prefixes)
        return _NOT_PRINTABLE.sub(" ", term.value if isinstance(term, ox.Literal) else str(term))


def answer_rows(answer: Answer, prefixes: Mapping[str, str]) -> Rows:
    """Bring an answer of any query form into rows."""
    if isinstance(answer, bool):
        rows: tuple[tuple[Term | None, ...], ...] = ((ox.Literal(answer),),)
        return Rows(columns=("answer",), rows=rows, form=Form.ASK, prefixes=prefixes)
    if isinstance(answer, Solutions):
        return Rows(columns=answer.columns, rows=tuple(answer.rows), prefixes=prefixes)
    rows = tuple((triple.subject, triple.predicate, triple.object) for triple in answer)
    columns = ("subject", "predicate", "object")
    return Rows(columns=columns, rows=tuple(sorted(rows, key=str)), form=Form.GRAPH, prefixes=prefixes)


def python_value(term: Term | None) -> Value:
    """Return a term as a Python value: numbers, booleans and full dates typed, IRIs and all else as text.

    A literal whose text does not fit its datatype stays text.
    """
    if not isinstance(term, ox.Literal):
        return None if term is None else term.value if isinstance(term, ox.NamedNode) else str(term)
    try:
        return _PYTHON.get(term.datatype.value, str)(term.value)
    except (ValueError, ArithmeticError):
        return term.value


def shorten(iri: str, prefixes: Mapping[str, str]) -> str:
    """Return the CURIE of an IRI, with the longest namespace that fits; the IRI itself if none does.

    >>> shorten("http://id.nlm.nih.gov/mesh/D001943", {"mesh": "http://id.nlm.nih.gov/mesh/"})
    'mesh:D001943'
    """
    fitting = [
        (namespace, prefix)
        for prefix, namespace in prefixes.items()
        if iri.startswith(namespace) and _LOCAL_NAME.fullmatch(iri, len(namespace))
    ]
    if not fitting:
        return iri
    namespace, prefix = max(fitting, key=lambda pair: len(pair[0]))
    return f"{prefix}:{iri[len(namespace) :]}"


def _json_term(term: Term) -> dict[str, object]:
    if isinstance(term, ox.NamedNode):
        return {"type": "uri", "value": term.value}
    if isinstance(term, ox.BlankNode):
        return {"type": "bnode", "value": term.value}
    if isinstance(term, ox.Triple):
        parts = {"subject": term.subject, "predicate": term.predicate, "object": term.object}
        return {"type": "triple", "value": {name: _json_term(part) for name, part in parts.items()}}
    found: dict[str, object] = {"type": "literal", "value": term.value}
    if term.language:
        found["xml:lang"] = term.language
    elif term.datatype.value != XSD.iri("string"):
        found["datatype"] = term.datatype.value
    return found


def _is_numeric(column: Sequence[Term | None]) -> bool:
    terms = [term for term in column if term is not None]
    return bool(terms) and all(isinstance(term, ox.Literal) and term.datatype.value in _NUMBERS for term in terms)


def _display_width(text: str) -> int:
    """Count the columns that a text takes on a terminal (UAX #11)."""
    if text.isascii():
        return len(text)
    return sum(0 if unicodedata.combining(char) else 1 + (unicodedata.east_asian_width(char) in "WF") for char in text)


def _fit(widths: list[int], limit: int | None) -> list[int]:
    """Narrow the widest columns until a line fits the limit, but none below what can be read."""
    if limit is None or not widths:
        return widths
    room = limit - len(_GAP) * (len(widths) - 1)
    lowest, highest = _NARROWEST, max(*widths, _NARROWEST)
    while lowest < highest:  # the greatest cap under which all columns fit
        cap = (lowest + highest + 1) // 2
        fits = sum(min(width, cap) for width in widths) <= room
        lowest, highest = (cap, highest) if fits else (lowest, cap - 1)
    return [min(width, lowest) for width in widths]


def _line(row: Sequence[str], widths: Sequence[int], numeric: Sequence[bool]) -> str:
    cells = []
    for text, width, right in zip(row, widths, numeric, strict=True):
        shown = _cut(text, width)
        padding = " " * (width - _display_width(shown))
        cells.append(padding + shown if right else shown + padding)
    return _GAP.join(cells).rstrip()


def _cut(text: str, width: int) -> str:
    if _display_width(text) <= width:
        return text
    while _display_width(text) > width - 1:
        text = text[: max(len(text) - 1, 0) if len(text) <= width else width - 1]
    return text.rstrip() + "…"
