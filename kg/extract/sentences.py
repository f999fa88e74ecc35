"""Cut a text into sentences and list items, by offsets."""

import re
from collections.abc import Iterator

# A full stop after one of these ends no sentence.
_ABBREVIATION = re.compile(
    r"(?:\b(?:al|approx|cf|dr|e\.g|eg|etc|fig|i\.e|ie|incl|inc|mr|mrs|ms|no|nos|prof|resp|st|vs|[A-Z]))\.$", re.IGNORECASE
)
# The registry's older XML wraps lines and indents them: such a line end is white space, unless a list item follows.
_BOUNDARY = re.compile(
    r"[.!?][)\]\"”’]*\s+(?=[\"“(\[]?[A-Z0-9À-Þ*•])|;\s+|\n\s*\n\s*|\n\s*(?=(?:[-–*•·▪○]|\(?\d{1,2}\\?[.)]|[a-z]\\?[.)])\s)|\n(?=\S)"
)


def sentences(text: str, start: int = 0, end: int | None = None) -> Iterator[tuple[int, int]]:
    """Yield the offsets of the sentences of ``text[start:end]``, without the white space around them."""
    end = len(text) if end is None else end
    place = start
    for match in _BOUNDARY.finditer(text, start, end):
        if text[match.start()] == "." and _ABBREVIATION.search(text, max(place, match.start() - 8), match.start() + 1):
            continue
        yield from _trimmed(text, place, match.end())
        place = match.end()
    yield from _trimmed(text, place, end)


def _trimmed(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    piece = text[start:end]
    start += len(piece) - len(piece.lstrip())
    end = start + len(piece.strip())
    if start < end:
        yield start, end
