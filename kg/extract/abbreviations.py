"""Where a text defines an abbreviation: "circulating tumour DNA (ctDNA)"; see `kg.short_forms` for the pairing."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from kg.short_forms import long_form_start, window_before

_IN_BRACKETS = re.compile(r"\(([A-Za-z][A-Za-z0-9+/\-]{1,9})\)")


class Definition(NamedTuple):
    """A short form and where its long form stands; offsets in code points."""

    short: str
    long_start: int
    long_end: int


def definitions(text: str) -> Iterator[Definition]:
    """Yield the definitions "long form (SHORT)" of ``text`` in order."""
    for match in _IN_BRACKETS.finditer(text):
        short = match.group(1)
        if not any(char.isupper() for char in short):
            continue
        window = window_before(text, match.start(), short)
        start = long_form_start(short, window)
        if start is not None:
            end = len(text[: match.start()].rstrip())
            yield Definition(short, end - len(window) + start, end)
