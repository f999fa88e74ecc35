"""Cut a text into sentences and list items, by offsets."""

import re
from collections.abc import Iterator
from functools import lru_cache

# A full stop after one of these ends no sentence; nor does one after an initial ("J. Smith"), but "hepatitis B." does.
_ABBREVIATIONS = (
    "al", "approx", "cf", "dr", "e.g", "eg", "etc", "excl", "fig", "i.e", "ie", "incl", "inc", "mr", "mrs", "ms", "no",
    "nos", "prof", "resp", "st", "vs",
)  # fmt: skip
_ABBREVIATION = re.compile(rf"\b(?:{'|'.join(map(re.escape, _ABBREVIATIONS))})$")
_INITIAL = re.compile(r"(?<![A-Za-z])[A-Z]$")
_NUMBERED_KIND = re.compile(
    r"\b(?:stages?|grades?|types?|hepatitis|groups?|arms?|vitamin|class|cohorts?|parts?|phase|factor)\s+[A-Z]$",
    re.IGNORECASE,
)
# The registry's older XML wraps lines and indents them: such a line end is white space, unless a list item follows.
# One set of characters begins it: that is searched for faster than alternatives are.
_BOUNDARY = re.compile(
    r"[.!?;\n](?:(?<=[.!?])[)\]\"”’]{0,4}\s+(?=[\"“(\[]?[A-Z0-9À-Þ*•])|(?<=;)\s+|"
    r"(?<=\n)(?:[ \t]*\n\s*|\s*(?=(?:\\?[-–*•·▪○]|\(?\d{1,2}\\?[.)]|[a-z]\\?[.)])\s)|(?=\S)|(?P<indented>[ \t]+)"
    r"(?=[A-Z0-9≥≤<>])))"
)
_LONGEST_ABBREVIATION = 20
_SHORT_BRACKET = 40
_WORD = re.compile(r"\S{1,40}")
_NARROWEST, _REGISTRY_WIDTH, _WIDEST = 50, 70, 110
_SEVERAL, _SLACK = 3, 12


def sentences(text: str, start: int = 0, end: int | None = None) -> Iterator[tuple[int, int]]:
    """Yield the offsets of the sentences of ``text[start:end]``, without the white space around them."""
    end = len(text) if end is None else end
    place = start
    for match in _BOUNDARY.finditer(text, start, end):
        if text[match.start()] == "." and _is_abbreviation(text, place, match.start() + 1):
            continue
        if match["indented"] and _is_wrapped(text, match):
            continue
        if text[match.start()] == ";" and _is_in_brackets(text, place, match.end()):
            continue
        yield from _trimmed(text, place, match.end())
        place = match.end()
    yield from _trimmed(text, place, end)


def _is_in_brackets(text: str, start: int, end: int) -> bool:
    """Tell whether a short bracket is open: "t(8; 21)"."""
    opened = text.rfind("(", max(start, end - _SHORT_BRACKET), end)
    return opened >= 0 and text.find(")", opened, end) < 0 <= text.find(")", end, opened + _SHORT_BRACKET)


def _is_wrapped(text: str, match: re.Match[str]) -> bool:
    """Tell whether a line goes on in the next one: it is so full that the next word did not fit."""
    line = text[max(text.rfind("\n", 0, match.start()) + 1, match.start() - _WIDEST) : match.start()].rstrip()
    word = _WORD.match(text, match.end())
    length = len(line) + 1 + (word.end() - word.start() if word else 0)
    return bool(line.strip()) and length > _width(text)


@lru_cache(maxsize=4)
def _width(text: str) -> int:
    """Return the length at which lines are wrapped; more than any line's where they are not.

    Registries wrap at about 80. Anywhere else it takes several lines of nearly one length to tell.
    """
    lengths = [len(line.rstrip()) for line in text.split("\n")]
    longest = max(lengths)
    full = sum(length >= longest - _SLACK for length in lengths)
    usual = _NARROWEST <= longest <= _WIDEST
    return longest if usual and (full >= _SEVERAL or longest >= _REGISTRY_WIDTH) else len(text) + 1


def _is_abbreviation(text: str, sentence_start: int, end: int) -> bool:
    tail = text[max(sentence_start, end - _LONGEST_ABBREVIATION) : end - 1]
    lowered = tail.lower()
    if lowered.endswith(_ABBREVIATIONS) and _ABBREVIATION.search(lowered):
        return True
    return tail[-1:].isupper() and _INITIAL.search(tail) is not None and _NUMBERED_KIND.search(tail) is None


def _trimmed(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    piece = text[start:end]
    start += len(piece) - len(piece.lstrip())
    end = start + len(piece.strip())
    if start < end:
        yield start, end
