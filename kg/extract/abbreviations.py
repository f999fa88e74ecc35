"""Abbreviations that a document defines itself: "circulating tumour DNA (ctDNA)".

The pairing of short and long form follows Schwartz and Hearst, "A simple algorithm for identifying abbreviation
definitions in biomedical text", PSB 2003.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

from kg.short_forms import long_form_start, window_before

_SHORT = r"[A-Za-z][A-Za-z0-9+/\-]{1,9}"
# "(AML)", "(AML; 20 patients)", "(AMLs)".
_IN_BRACKETS = re.compile(rf"\(({_SHORT})(?:[;,]\s[^()]*)?\)")
_BRACKETS = re.compile(r"\(([^()]{4,120})\)")
_BEFORE_BRACKETS = re.compile(rf"(?<![A-Za-z0-9\-])({_SHORT})\s?\Z")
_LONGEST_BEFORE = 12  # code points of which _BEFORE_BRACKETS makes something: ten, a space, and what is before them


class Definition(NamedTuple):
    """A short form and where its long form stands; offsets in code points."""

    short: str
    long_start: int
    long_end: int


def definitions(text: str) -> Iterator[Definition]:
    """Yield the definitions "long form (SHORT)" and "SHORT (long form)" of ``text``, each kind in order."""
    for match in _IN_BRACKETS.finditer(text):
        short = _singular(match.group(1))
        if not short.islower():
            window = window_before(text, match.start(), short)
            found_at = long_form_start(short, window)
            if found_at is not None:
                end = len(text[: match.start()].rstrip())
                yield Definition(short, end - len(window) + found_at, end)
    for match in _BRACKETS.finditer(text):
        # In this direction any word may stand before a bracket: an abbreviation in capitals is asked for.
        words = text[max(0, match.start() - _LONGEST_BEFORE) : match.start()]
        before = None if words.islower() else _BEFORE_BRACKETS.search(words)
        if before and sum(map(str.isupper, short := _singular(before.group(1)))) > 1:
            window = re.split(r"[;,]\s", match.group(1))[0].rstrip()
            if long_form_start(short, window) == 0:
                yield Definition(short, match.start(1), match.start(1) + len(window))


def _singular(short: str) -> str:
    """Return "NET" for "NETs"."""
    return short[:-1] if short.endswith("s") and short[-2:-1].isupper() else short
