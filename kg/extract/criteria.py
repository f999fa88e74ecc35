"""Cut eligibility text into criteria: headings give the polarity, bullets and numbers the items.

An item's nested items belong to its span. Registries' own layouts are headings with or without a colon, bullets,
numbers (``1.``, ``1\\.``, ``1)``), nesting by indentation, run-on text with numbers inside, and plain sentences.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

from kg.extract.sentences import sentences
from kg.models import FieldKind, Polarity, TextField

_HEADING = re.compile(
    r"(?im)(?:^[\s*•\-#\d.)\\]*|(?<=[.;:]\s)|(?<=\s\s))"
    r"(?P<head>(?:[A-Za-z0-9/&+,\-]+[ \t]+){0,5}?(?:"
    r"(?P<non>non[-\s]?inclusion|ineligibility|exclusion(?:ary)?|exclude[ds]?)|(?P<in>inclusion(?:ary)?|eligibility))"
    r"(?:[ \t]+(?:criteria|criterion|characteristics))?(?P<tail>[^\n:：.;]{0,80}?)[ \t]*\**)(?P<colon>[:：]|(?=[ \t]*(?:\n|$)))"
)
_CRITERIA_WORD = re.compile(r"criteri|^\W*(?:key |main |major |general )?(?:inclusions?|exclusions?|eligibility|ineligibility)\b", re.IGNORECASE)
_BULLET = re.compile(
    r"(?m)^(?P<indent>[ \t]*)(?P<mark>(?:[-–—*•·▪○●◦]|\(?\d{1,2}(?:\.\d{1,2})*\\?[.)]|\(?[a-zA-Z]\\?[.)]|[ivx]{1,4}\\?[.)])[ \t]+)"
)
_INLINE_NUMBER = re.compile(r"(?:^|(?<=[\s;.]))\(?(?P<number>\d{1,2})\\?[.)]\s*(?=[A-Z(≥<>])")
_BLANK_LINE = re.compile(r"\n[ \t]*\n")
_CONTENT = re.compile(r"\w")


class Item(NamedTuple):
    """One criterion's offsets in the text and the list that it stands in."""

    polarity: Polarity
    start: int
    end: int


def criteria(field: TextField) -> list[Item]:
    """Return the criteria of an eligibility text in order; what stands before any heading is inclusion."""
    fixed = {FieldKind.INCLUSION: Polarity.INCLUSION, FieldKind.EXCLUSION: Polarity.EXCLUSION}.get(field.kind)
    found = []
    for polarity, start, end in _blocks(field.text, fixed):
        for item_start, item_end in _items(field.text, start, end):
            found.append(Item(polarity, item_start, item_end))
    return found


def _blocks(text: str, fixed: Polarity | None) -> Iterator[tuple[Polarity, int, int]]:
    """Yield the stretches between headings with their polarity."""
    polarity, place = fixed or Polarity.INCLUSION, 0
    for match in _HEADING.finditer(text):
        if not _is_heading(text, match):
            continue
        if place < match.start("head"):
            yield polarity, place, match.start("head")
        if fixed is None:
            polarity = Polarity.EXCLUSION if match["non"] else Polarity.INCLUSION
        place = match.end()
    if place < len(text):
        yield polarity, place, len(text)


def _is_heading(text: str, match: re.Match[str]) -> bool:
    """Tell a heading from a sentence that speaks of criteria ("…meet all inclusion criteria")."""
    head = match["head"]
    if not _CRITERIA_WORD.search(head) or len(head) > 100:
        return False
    return bool(match["colon"]) or len(head.split()) <= 6


def _items(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    bullets = [match for match in _BULLET.finditer(text, start, end) if match.start() >= start]
    if not bullets:
        yield from _paragraphs(text, start, end)
        return
    if _CONTENT.search(text, start, bullets[0].start()):
        yield from _paragraphs(text, start, bullets[0].start())
    tops = _top_level(bullets)
    for place, match in enumerate(tops):
        stop = tops[place + 1].start() if place + 1 < len(tops) else end
        yield from _numbered(text, match.end(), stop)


def _top_level(bullets: list[re.Match[str]]) -> list[re.Match[str]]:
    """Return the bullets that stand under no other; deeper indentation means nested."""
    tops: list[re.Match[str]] = []
    for match in bullets:
        indent = len(match["indent"].expandtabs(4))
        if not tops or indent <= len(tops[-1]["indent"].expandtabs(4)) + 1:
            tops.append(match)
    return tops


def _paragraphs(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield the paragraphs or, in run-on text, the numbered items or sentences."""
    place = start
    for match in [*_BLANK_LINE.finditer(text, start, end), None]:
        stop = match.start() if match else end
        numbered = list(_numbered(text, place, stop))
        if len(numbered) > 1:
            yield from numbered
        else:
            yield from sentences(text, place, stop)
        place = match.end() if match else end


def _numbered(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield the items of "1. …; 2. …" inside one line, else the whole stretch."""
    marks: list[re.Match[str]] = []
    for match in _INLINE_NUMBER.finditer(text, start, end):
        if int(match["number"]) == len(marks) + 1:
            marks.append(match)
    if len(marks) < 2:
        yield from _trimmed(text, start, end)
        return
    yield from _trimmed(text, start, marks[0].start())
    for place, match in enumerate(marks):
        yield from _trimmed(text, match.end(), marks[place + 1].start() if place + 1 < len(marks) else end)


def _trimmed(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    while start < end and (text[start].isspace() or text[start] in "*•-–;,:."):
        start += 1
    while end > start and (text[end - 1].isspace() or text[end - 1] in ";,*"):
        end -= 1
    if _CONTENT.search(text, start, end):
        yield start, end
