"""The order of a saved query's answer, made here and not by the store.

Oxigraph looks the text of a term up whenever it compares it: to sort 10,000 rows takes five times as long as to find
them. Virtuoso refuses to sort by long texts. So the last clause of a query is left out when it is asked, and what it
says is done here, with the same result for every store; by hand the query is asked as it stands in its file.
"""

import re
from collections.abc import Sequence
from contextlib import suppress
from decimal import Decimal, InvalidOperation
from typing import Final, NamedTuple

import pyoxigraph as ox

from kg.query.saved import SavedQuery
from kg.store import Solutions, Term
from kg.terms import XSD

_CLAUSE: Final = re.compile(r"\nORDER BY ([^{}\n]+)\n*\Z")
_KEY: Final = re.compile(r"\s*(?:(DESC)\((?:STR\(\?(\w+)\)|\?(\w+))\)|STR\(\?(\w+)\)|\?(\w+))")
_NUMBERS: Final = frozenset(XSD.iri(name) for name in ("integer", "decimal", "double"))


class Key(NamedTuple):
    """A variable to sort by."""

    name: str
    descending: bool
    as_text: bool  # STR(?name)


def split_order(saved: SavedQuery) -> tuple[str, list[Key]]:
    """Return a query without the ORDER BY at its end, and the keys of that; whole if that cannot be done here.

    Which is where it sorts by something other than its columns.
    """
    clause = _CLAUSE.search(saved.text)
    if clause is None or _KEY.sub("", clause[1]).strip():
        return saved.text, []
    keys = [
        Key(next(filter(None, match.groups()[1:])), bool(match[1]), bool(match[2] or match[4]))
        for match in _KEY.finditer(clause[1])
    ]
    if not {key.name for key in keys} <= {column.name for column in saved.columns}:
        return saved.text, []
    return saved.text[: clause.start() + 1], keys


def ordered(solutions: Solutions, keys: Sequence[Key]) -> Solutions:
    """Return an answer in the order of SPARQL 1.1, section 15.1; the keys are columns of it."""
    rows = solutions.rows
    for key in reversed(keys):  # to sort by the last key first is to sort by all, since equal rows stay as they are
        place = solutions.columns.index(key.name)
        rank = _rank_of_text if key.as_text else _rank
        rows = sorted(rows, key=lambda row: rank(row[place]), reverse=key.descending)
    return Solutions(solutions.columns, rows)


def _rank(term: Term | None) -> tuple[int, Decimal | str, str]:
    if isinstance(term, ox.NamedNode):
        return 2, term.value, ""
    if isinstance(term, ox.Literal):
        datatype = term.datatype.value
        if datatype in _NUMBERS:
            with suppress(InvalidOperation):  # no number, whatever it claims
                number = Decimal(term.value)
                if not number.is_nan():
                    return 3, number, ""
        return 4, term.value, term.language or datatype
    return (0, "", "") if term is None else (1, str(term), "")


def _rank_of_text(term: Term | None) -> str:
    return "" if term is None else term.value if isinstance(term, ox.NamedNode | ox.Literal) else str(term)
