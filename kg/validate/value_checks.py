"""SHACL's constraints on a value, each as a check of a term in its N-Triples form.

A check says what the specification says, or raises `Unsure` where engines differ or that would take long to tell (an
ill-formed literal, numbers of unusual types): somebody else has to decide then. Sections are those of
https://www.w3.org/TR/shacl/.
"""

import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Final

import pyoxigraph as ox

from kg.nquads import unescape
from kg.terms import RDF, XSD
from kg.validate.data_graph import DataGraph
from kg.validate.report import SHACL
from kg.validate.shapes_graph import Node, ShapesGraph

Check = Callable[[DataGraph, str], bool]
Maker = Callable[[ShapesGraph, Node], Check]  # of one value of a parameter

_REMEMBERED: Final = 1 << 11  # terms a check

# What regular expressions of XPath and of Python spell alike, but for ``$``: in Python it matches before a last line
# feed as well.
_PORTABLE: Final = re.compile(r"(?:[A-Za-z0-9/:@_~-]|\\\.|\[[A-Za-z0-9._%+-]+\]|[*+?()|^$]|\{[0-9]+(?:,[0-9]*)?\})*")
_PLAIN: Final = re.compile(r"[A-Za-z0-9/:@_~-]+")
# Forms that are well-formed by any reading of XML Schema; a date's day is looked at apart.
_FORMS: Final[dict[str, re.Pattern[str]]] = {
    XSD.integer: re.compile(r"[+-]?[0-9]+"),
    XSD.decimal: re.compile(r"[+-]?[0-9]+(?:\.[0-9]+)?"),
    XSD.boolean: re.compile(r"true|false|[01]"),
    XSD.date: re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}"),
    XSD.gYearMonth: re.compile(r"[1-9][0-9]{3}-(?:0[1-9]|1[0-2])"),
    XSD.gYear: re.compile(r"[1-9][0-9]{3}"),
    XSD.duration: re.compile(r"P(?=[0-9T])(?:[0-9]+Y)?(?:[0-9]+M)?(?:[0-9]+D)?(?:T(?=[0-9])(?:[0-9]+H)?(?:[0-9]+M)?)?"),
}


class UnsureError(Exception):
    """What a constraint means here is not for these checks to say."""


class NotCoveredError(Exception):
    """A shape has a constraint that there is no check for."""


def text_of(term: str) -> str | None:
    """Return what string constraints look at: an IRI or a lexical form; None of a blank node (section 4.4)."""
    if term[0] == "<":
        return unescape(term[1:-1])
    return unescape(term[1 : term.rindex('"')]) if term[0] == '"' else None


@lru_cache(_REMEMBERED)
def number_of(term: str) -> int | Decimal:
    """Return the value of an xsd:integer or xsd:decimal."""
    text, _, datatype = term[1:].rpartition('"^^')
    if datatype not in (XSD.integer, XSD.decimal) or not _FORMS[datatype].fullmatch(text):
        raise UnsureError(term)
    return int(text) if datatype == XSD.integer else Decimal(text)


def is_string(term: str) -> bool:
    """Tell whether a term is an xsd:string."""
    return term[0] == '"' and (term[-1] == '"' or term.endswith(f'"^^{XSD.string}'))


def _is_tagged(term: str) -> bool:
    return term[0] == '"' and term[-1] not in '">'


def class_of(_: ShapesGraph, name: Node) -> Check:
    """Section 4.1.1; subclasses are for others to know of."""
    wanted = str(name)
    return lambda graph, term: wanted in graph.values(term, RDF.type)


def datatype(_: ShapesGraph, name: Node) -> Check:
    """Section 4.1.2."""
    wanted = str(name)
    if wanted == XSD.string:
        return lambda _, term: term[0] == '"' == term[-1] or is_string(term)
    if wanted == RDF.langString:
        return lambda _, term: _is_tagged(term)
    if wanted not in _FORMS:
        raise NotCoveredError(wanted)
    is_formed, tail = _FORMS[wanted].fullmatch, f'"^^{wanted}'

    def check(_: DataGraph, term: str) -> bool:
        if not term.endswith(tail):
            return False
        text = term[1 : -len(tail)]
        if not is_formed(text) or (wanted == XSD.date and not _is_date(text)):
            raise UnsureError(term)
        return True

    return check


def _is_date(text: str) -> bool:
    try:
        return bool(date.fromisoformat(text))
    except ValueError:
        return False


def node_kind(_: ShapesGraph, kind: Node) -> Check:
    """Section 4.1.3."""
    begins = {"IRI": "<", "BlankNode": "_", "Literal": '"', "IRIOrLiteral": '<"', "BlankNodeOrIRI": "_<"}
    allowed = begins.get(str(kind)[1:-1].removeprefix(SHACL))
    if allowed is None:
        raise NotCoveredError(str(kind))
    return lambda _, term: term[0] in allowed


def min_inclusive(_: ShapesGraph, bound: Node) -> Check:
    """Section 4.3.2."""
    least = number_of(str(bound))
    return lambda _, term: number_of(term) >= least


def max_inclusive(_: ShapesGraph, bound: Node) -> Check:
    """Section 4.3.4."""
    most = number_of(str(bound))
    return lambda _, term: number_of(term) <= most


def min_length(_: ShapesGraph, number: Node) -> Check:
    """Section 4.4.1."""
    least = number_of(str(number))
    if least == 1:  # by far the most common, and of texts of any length
        return lambda _, term: term[0] != "_" and term[1] != '"' and term != "<>"
    return lambda _, term: (text := text_of(term)) is not None and len(text) >= least


def max_length(_: ShapesGraph, number: Node) -> Check:
    """Section 4.4.2."""
    most = number_of(str(number))
    return lambda _, term: (text := text_of(term)) is not None and len(text) <= most


def pattern(_: ShapesGraph, expression: Node) -> Check:
    """Section 4.4.3."""
    if not isinstance(expression, ox.Literal) or not _PORTABLE.fullmatch(expression.value):
        raise NotCoveredError(str(expression))  # sh:flags is a parameter of its own, and not covered
    if _PLAIN.fullmatch(expression.value):
        part = expression.value

        def contains(_: DataGraph, term: str) -> bool:
            if term[0] == "<" and "\\" not in term:  # as nearly all are
                return part in term
            text = text_of(term)
            return text is not None and part in text

        return contains
    search = re.compile(expression.value.replace("$", r"\Z")).search

    def check(_: DataGraph, term: str) -> bool:
        text = text_of(term)
        return text is not None and search(text) is not None

    return check


def language_in(shapes: ShapesGraph, head: Node) -> Check:
    """Section 4.4.4, with the basic filtering of RFC 4647."""
    ranges = {item.value.lower() for item in shapes.list_of(head) if isinstance(item, ox.Literal)}
    if "*" in ranges:
        raise NotCoveredError("*")
    ends = tuple(f'"@{it}' for it in ranges)

    def check(_: DataGraph, term: str) -> bool:
        if term.endswith(ends):
            return True
        if not _is_tagged(term):
            return False
        tag = term[term.rindex('"') + 2 :].lower()
        return any(tag == it or tag.startswith(f"{it}-") for it in ranges)

    return check


def in_list(shapes: ShapesGraph, head: Node) -> Check:
    """Section 4.8.3, for lists of IRIs: what other terms are equal is not told by how they are written."""
    members = frozenset(map(str, shapes.list_of(head)))
    if not all(member.startswith("<") for member in members):
        raise NotCoveredError("literals")
    return lambda _, term: term in members


ON_VALUES: Final[dict[str, Maker]] = {
    "class": class_of,
    "datatype": datatype,
    "nodeKind": node_kind,
    "minInclusive": min_inclusive,
    "maxInclusive": max_inclusive,
    "minLength": min_length,
    "maxLength": max_length,
    "pattern": pattern,
    "languageIn": language_in,
    "in": in_list,
}
