"""Abbreviations that a document defines itself: "circulating tumour DNA (ctDNA)".

The pairing of short and long form follows Schwartz and Hearst, "A simple algorithm for identifying abbreviation
definitions in biomedical text", PSB 2003.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

_SHORT = r"[A-Za-z][A-Za-z0-9+/\-]{1,9}"
# "(AML)", "(AML; 20 patients)", "(AMLs)".
_IN_BRACKETS = re.compile(rf"\(({_SHORT})(?:[;,]\s[^()]*)?\)")
_BEFORE_BRACKETS = re.compile(rf"(?<![A-Za-z0-9\-])({_SHORT})\s?\(([^()]{{4,120}})\)")
_REACH = 120  # code points before a bracket in which the long form is looked for


class Definition(NamedTuple):
    """A short form and where its long form stands; offsets in code points."""

    short: str
    long_start: int
    long_end: int


def definitions(text: str) -> Iterator[Definition]:
    """Yield the definitions "long form (SHORT)" and "SHORT (long form)" of ``text``, each kind in order."""
    for match in _IN_BRACKETS.finditer(text):
        short = _singular(match.group(1))
        if any(char.isupper() for char in short):
            words = min(len(short) + 5, len(short) * 2)
            before = text[max(0, match.start() - _REACH) : match.start()].rstrip()
            starts = [found.start() for found in re.finditer(r"[^\s(]+", before)]
            window = before[starts[-words] if len(starts) >= words else 0 :]
            found_at = _long_form(short, window)
            if found_at is not None:
                end = max(0, match.start() - _REACH) + len(before)
                yield Definition(short, end - len(window) + found_at, end)
    for match in _BEFORE_BRACKETS.finditer(text):
        short, window = _singular(match.group(1)), re.split(r"[;,]\s", match.group(2))[0].rstrip()
        # In this direction any word may stand before a bracket: an abbreviation in capitals is asked for.
        if sum(map(str.isupper, short)) > 1 and _long_form(short, window) == 0:
            yield Definition(short, match.start(2), match.start(2) + len(window))


def _singular(short: str) -> str:
    """Return "NET" for "NETs"."""
    return short[:-1] if short.endswith("s") and short[-2:-1].isupper() else short


def _long_form(short: str, window: str) -> int | None:
    """Return where in ``window``, which ends with it, the long form of ``short`` starts."""
    letters = [char.lower() for char in short if char.isalnum()]
    place = len(window) - 1
    for position in range(len(letters) - 1, -1, -1):
        first = position == 0
        while place >= 0:
            fits = window[place].lower() == letters[position]
            if fits and (not first or place == 0 or not window[place - 1].isalnum()):
                break
            place -= 1
        if place < 0:
            return None
        place -= 1
    start = place + 1
    return start if len(window) - start > len(short) else None
