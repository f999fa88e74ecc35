"""XML cut into its ``<clinical_study>`` records by their tags: one to a file, several in a row, or in a wrapper."""

import re
from collections.abc import Iterator
from typing import Final

from kg.read.feed import Feed, OversizeError
from kg.read.limits import Limits
from kg.read.split_json import Piece

RECORD_TAG: Final = re.compile(rb"<clinical_study(?=[\s>])")
_CLOSE: Final = re.compile(rb"</clinical_study\s*>")
_DECLARATION: Final = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)
_DTD_REFUSED: Final = "the XML has a document type declaration; none is read, because of the attacks these allow"


def split_xml(feed: Feed, limits: Limits) -> Iterator[Piece]:
    """Yield the records; a file with a document type declaration gives none."""
    number = 0
    while True:
        try:
            piece = _next_record(feed, limits, whole_file=number == 0)
        except OversizeError:
            text = f"the record is longer than {limits.max_record_bytes:,} bytes (limit max_record_bytes)"
            piece = Piece(problem=text)
            if not feed.skip_past(_CLOSE):
                feed.skip_all()
        if piece is None:
            return
        number += 1
        alone = number == 1 and not feed.next_byte()
        yield piece if alone else Piece(payload=piece.payload, problem=piece.problem, number=number)


def _next_record(feed: Feed, limits: Limits, *, whole_file: bool) -> Piece | None:
    """Return the next record; the first one of a file keeps what stands before and after it if it is the only one."""
    start = feed.find(RECORD_TAG, limits.max_record_bytes)
    if start is None:
        feed.skip_all()
        return Piece(problem=feed.fault) if feed.fault else None
    prolog = start.start() - feed.at
    if _DECLARATION.search(feed.data, feed.at, start.start()):
        feed.skip_all()
        return Piece(problem=_DTD_REFUSED)
    if not whole_file:
        feed.at, prolog = start.start(), 0
    end = feed.find(_CLOSE, limits.max_record_bytes)
    if end is None:
        feed.skip_all()
        return Piece(problem=feed.fault or "the file ends before </clinical_study>: it was cut; fetch it again")
    length = end.end() - feed.at
    payload = feed.take(end.end())
    if whole_file and not feed.next_byte():
        return Piece(problem=feed.fault) if feed.fault and feed.untrusted else Piece(payload=payload)
    return Piece(payload=payload[prolog:length])
