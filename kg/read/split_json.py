"""JSON cut into its records, without holding more than one of them: lines, arrays, pages of the API, single objects.

Nothing is built from the records here; only their borders are found. Where JSON is broken between two records the
rest cannot be told apart and is given up; in JSON lines the next line is the next record.
"""

import re
from collections.abc import Iterator
from typing import Final

import msgspec

from kg.models import Record
from kg.read.feed import Feed, OversizeError
from kg.read.limits import Limits

# Nothing here may be tried twice. Python before 3.11.5 gets a possessive group wrong whose inside could be
# (https://github.com/python/cpython/issues/106052), so such a group is a greedy one within an atomic one.
_STRING: Final = rb'"[^"\\]*+(?:\\.[^"\\]*+)*+"'
# All up to the next bracket that is not in a string.
_NO_BRACKET: Final = rb'[^"{}\[\]]*+(?>(?:' + _STRING + rb'[^"{}\[\]]*+)*)'
_BRACKETLESS: Final = re.compile(_NO_BRACKET, re.DOTALL)
_TO_BRACKET: Final = re.compile(_NO_BRACKET + rb"([{}\[\]])", re.DOTALL)
_TO_COMMA: Final = re.compile(rb'[^",\]}\[{]*+(?>(?:' + _STRING + rb'[^",\]}\[{]*+)*)([,\]}\[{])', re.DOTALL)
_LINE_END: Final = re.compile(rb"\n")
_SCALAR: Final = rb"(?:" + _STRING + rb"|[-+.\w]++)"
# What comes before the records in a page of the API: {"totalCount": 2, "studies": [
_PAGE: Final = re.compile(rb'\s*\{(?:\s*"[^"\\]*+"\s*:\s*' + _SCALAR + rb'\s*,)*\s*"studies"\s*:\s*\[')
_PAGE_HEAD: Final = 4096
_ALL_BUT_BRACKETS: Final = bytes(byte for byte in range(256) if byte not in b"{}[]")
_BROKEN: Final = "the JSON is broken between two records; the rest of the file is not read"


class Piece(Record, frozen=True, kw_only=True):
    """One record's bytes, or why there are none. ``line`` or ``number`` count from 1; 0 where they say nothing."""

    payload: bytes = b""
    problem: str = ""
    line: int = 0
    number: int = 0

    @property
    def position(self) -> str:
        """Where in its file the record stands."""
        if self.line:
            return f"line {self.line}"
        return f"record {self.number}" if self.number else ""


class _BrokenError(Exception):
    """The text between two records is not JSON, or ends."""


def split_json(feed: Feed, limits: Limits) -> Iterator[Piece]:
    """Yield the records of JSON in any of the layouts."""
    if feed.next_byte() == b"{" and not _PAGE.match(feed.peek(_PAGE_HEAD)) and is_json_lines(feed, limits):
        yield from _lines(feed, limits)
    else:
        yield from _numbered(feed, limits)


def is_json_lines(feed: Feed, limits: Limits) -> bool:
    """Tell JSON lines from a record that spans lines, by the first line and what follows it."""
    try:
        end = feed.find(_LINE_END, limits.max_record_bytes)
    except OversizeError:
        return False
    if end is None:
        return False
    length = end.end() - feed.at
    for size in (length + 64, length + _PAGE_HEAD):
        following = feed.peek(size)[length:].lstrip()
        if following:
            break
    return bool(following) and (following[:1] == b"{" or _is_whole(feed.peek(length)))


def _is_whole(payload: bytes) -> bool:
    try:
        msgspec.json.decode(payload, type=msgspec.Raw)
    except (msgspec.DecodeError, RecursionError):
        return False
    return True


def _lines(feed: Feed, limits: Limits) -> Iterator[Piece]:
    number = 0
    while feed.at < len(feed.data) or feed.more():
        number += 1
        try:
            end = feed.find(_LINE_END, limits.max_record_bytes)
        except OversizeError:
            feed.skip_past(_LINE_END)
            yield Piece(problem=_oversize(limits), line=number)
            continue
        payload = feed.take(end.end() if end else len(feed.data)).strip()
        if not end and feed.fault and payload and not _is_whole(payload):
            number -= 1
        elif piece := line_piece(payload, number, limits):
            yield piece
    if feed.fault:
        yield Piece(problem=feed.fault, line=number + 1)


def line_piece(line: bytes, number: int, limits: Limits) -> Piece | None:
    """Return the record that a line is, or what is wrong with it; None for an empty line."""
    if len(line) > limits.max_record_bytes:
        return Piece(problem=_oversize(limits), line=number)
    payload = line.strip()
    if not payload:
        return None
    if _is_deep(payload, limits):
        return Piece(problem=_too_deep(limits), line=number)
    return Piece(payload=payload, line=number)


def _is_deep(payload: bytes, limits: Limits) -> bool:
    """Tell whether a record is nested too deeply, in a fraction of the time that following its brackets takes.

    Brackets in strings can make a deep record look shallow; the decoder then stops at Python's own limit.
    """
    brackets = payload.translate(None, _ALL_BUT_BRACKETS)
    for _ in range(limits.max_depth // 2):  # each round takes away one level or two
        brackets = brackets.replace(b"[]", b"").replace(b"{}", b"")
        if not brackets:
            return False
    depth = deepest = position = 0
    while found := _TO_BRACKET.match(payload, position):
        position = found.end()
        depth += 1 if found.group(1) in b"{[" else -1
        deepest = max(deepest, depth)
    return deepest > limits.max_depth


def _numbered(feed: Feed, limits: Limits) -> Iterator[Piece]:
    """Yield the records of arrays, pages and single objects, numbered where there can be more than one."""
    number = 0
    try:
        for piece, alone in _values(feed, limits):
            number += 1
            yield piece if alone else msgspec.structs.replace(piece, number=number)
    except _BrokenError as broken:
        yield Piece(problem=feed.fault or str(broken), number=number + 1 if number else 0)
        return
    if feed.fault:
        yield Piece(problem=feed.fault, number=number + 1)


def _values(feed: Feed, limits: Limits) -> Iterator[tuple[Piece, bool]]:
    """Yield each record and whether it is all that the source holds."""
    first = True
    while opener := feed.next_byte():
        page = _PAGE.match(feed.peek(_PAGE_HEAD)) if opener == b"{" else None
        if opener == b"[" or page:
            feed.at += page.end() if page else 1
            for piece in _elements(feed, limits):
                yield piece, False
            if page:
                _balanced(feed, limits, depth=1)
        elif opener == b"{":
            piece = _balanced(feed, limits)
            alone = first and not feed.next_byte()
            if alone and feed.fault and feed.untrusted:
                raise _BrokenError(feed.fault)
            yield piece, alone and not feed.fault
        else:
            raise _BrokenError(f"{opener!r} is not the start of a JSON record; the rest of the file is not read")
        first = False


def _elements(feed: Feed, limits: Limits) -> Iterator[Piece]:
    """Yield the elements of an array; the feed stands behind its opening bracket, and then behind the closing one."""
    while byte := feed.next_byte():
        if byte == b"]":
            feed.at += 1
            return
        if byte == b",":
            feed.at += 1
        elif byte in b"{[":
            yield _balanced(feed, limits)
        else:
            yield _scalar(feed, limits)
    raise _BrokenError("the file ends within a list of records: it was cut; fetch it again")


def _scalar(feed: Feed, limits: Limits) -> Piece:
    """Return an element that is no object: not a record, but to be counted."""
    while not (found := _TO_COMMA.match(feed.data, feed.at)):
        if len(feed.data) - feed.at > limits.max_record_bytes or not feed.more():
            raise _BrokenError(_BROKEN)
    if found.group(1) not in b",]":
        raise _BrokenError(_BROKEN)
    return Piece(payload=feed.take(found.start(1)).strip())


def _balanced(feed: Feed, limits: Limits, depth: int = 0) -> Piece:
    """Return what lies ahead up to the bracket that closes it; ``depth`` brackets are open already.

    Of a value that is too long only the end is kept in memory.
    """
    position, deepest, dropped = feed.at, depth, False
    while depth or position == feed.at:
        found = _TO_BRACKET.match(feed.data, position)
        if found:
            position = found.end()
            depth += 1 if found.group(1) in b"{[" else -1
            deepest = max(deepest, depth)
            continue
        bracketless = _BRACKETLESS.match(feed.data, position)
        position = bracketless.end() if bracketless else position
        if position - feed.at > limits.max_record_bytes:
            feed.at, dropped = position, True
        position -= feed.at
        _read_on(feed, limits)
    payload = feed.take(position)
    if dropped or len(payload) > limits.max_record_bytes:
        return Piece(problem=_oversize(limits))
    if deepest > limits.max_depth:
        return Piece(problem=_too_deep(limits))
    return Piece(payload=payload)


def _read_on(feed: Feed, limits: Limits) -> None:
    if len(feed.data) - feed.at > 2 * limits.max_record_bytes:  # a single string
        raise _BrokenError(_oversize(limits) + "; the rest of the file is not read")
    if not feed.more():
        raise _BrokenError("the file ends within a record: it was cut; fetch it again")


def _too_deep(limits: Limits) -> str:
    return f"nested deeper than {limits.max_depth} levels (limit max_depth)"


def _oversize(limits: Limits) -> str:
    return f"the record is longer than {limits.max_record_bytes:,} bytes (limit max_record_bytes)"
