r"""Cut eligibility text into criteria: items of the stretches that `kg.extract.headings` gives a polarity.

An item's nested items belong to its span. Registries' own layouts are bullets, numbers (``1.``, ``1\.``, ``1)``),
nesting by indentation, run-on text with numbers inside, and plain sentences.
"""

import re
from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from kg.extract.context import denies_list
from kg.extract.headings import blocks, is_denial
from kg.extract.run_on import run_on_items
from kg.extract.sentences import sentences
from kg.models import FieldKind, Polarity, TextField

ELIGIBILITY: Final = frozenset({FieldKind.ELIGIBILITY, FieldKind.INCLUSION, FieldKind.EXCLUSION})
_BULLET = re.compile(
    r"(?m)^(?P<indent>[ \t]*)\\?(?:[-–—*•·▪○●◦]|\(?(?P<number>\d{1,2})(?:\.\d{1,2})*\\?[.)]|\(?[a-zA-Z]\\?[.)]"
    r"|[ivx]{1,4}\\?[.)])[ \t]+"
)
_NUMBER_END = re.compile(r"\d\\?[.)]")  # of _INLINE_NUMBER, and quickly looked for
_INLINE_NUMBER = re.compile(r"(?:^|(?<=[\s;.,]))\(?(?P<number>\d{1,2})\\?[.)]\s*(?=[A-Z(≥<>])")
_INLINE_MARK = re.compile(r"[ \t]{0,4}(?P<mark>[-–*•])[ \t](?=\S)")
_PARAGRAPH = re.compile(r"\n[ \t]*\n(?P<indent>[ \t]*)(?=[^\s\-–*•·▪○\\(\d])")
_LEADS = re.compile(r":[ \t]*(?:\n|\Z)")
_BLANK_LINE = re.compile(r"\n[ \t]*\n")
_BEGINS = re.compile(r"[^\s*•\-–;,:.\\]")
_NOT_BEHIND = "".join(filter(str.isspace, map(chr, range(0x3001)))) + ";,*"  # an item does not end in these
# What stands in a list that is empty.
_NOTHING = frozenset({"n/a", "na", "none", "not applicable", "not specified", "unspecified", "see above"})
_LONGEST_NOTHING = 40
_SHORTEST = 3  # letters and digits of an item with one letter: "t(11;14)"


class Item(NamedTuple):
    """One criterion's offsets in the text and the list that it stands in.

    ``doubtful`` is one that a lead of its own level may deny ("- Patients must not have:"): nothing tells where the
    list of such a lead ends, so the criterion neither asks for what it names nor rules it out.
    """

    polarity: Polarity
    start: int
    end: int
    doubtful: bool = False


def criteria(field: TextField) -> list[Item]:
    """Return the criteria of an eligibility text in order; what stands before any heading is inclusion."""
    fixed = {FieldKind.INCLUSION: Polarity.INCLUSION, FieldKind.EXCLUSION: Polarity.EXCLUSION}.get(field.kind)
    found: list[Item] = []
    turned: int | None = None  # where a sentence that rules out a list ends, if none of its own is below it
    for polarity, start, end in blocks(field.text, fixed):
        asks = polarity is Polarity.INCLUSION
        tops = _top_level(_BULLET.finditer(field.text, start, end))
        doubtful = _in_doubt(tops, end, denied=turned == start) if asks else []
        for item_start, item_end in _items(field.text, start, end, tops):
            doubt = any(first <= item_start < last for first, last in doubtful) if doubtful else False
            found.append(Item(polarity, item_start, item_end, doubt))
        turned = None if asks or field.text[start:end].strip() else end
    return found


def _in_doubt(tops: Sequence[re.Match[str]], end: int, *, denied: bool) -> list[tuple[int, int]]:
    """Return the stretches of bullets that a lead of their own level may deny, to a paragraph, list or lead behind.

    Args:
        tops: The bullets under no other, in order.
        end: Where the last one's block ends.
        denied: Whether such a lead stands right before them.
    """
    found: list[tuple[int, int]] = []
    if not tops or not (denied or ":" in tops[0].string[tops[0].end() : end]):
        return found
    level = _level(tops[0]) if denied else None
    for place, match in enumerate(tops):
        following = tops[place + 1].start() if place + 1 < len(tops) else end
        stop = _paragraph_start(match.string, match, following)
        if _LEADS.search(match.string, match.end(), stop):
            level = _level(match) if is_denial(match.string[match.end() : stop]) else None
        elif _level(match) == level:
            found.append((match.start(), stop))
        else:
            level = None
        if stop < following:
            level = None
    return found


def _level(bullet: re.Match[str]) -> tuple[int, bool]:
    """Return how deep a bullet stands, and whether it is a number."""
    return len(bullet["indent"].expandtabs(4)), bullet["number"] is not None


def _items(text: str, start: int, end: int, tops: Sequence[re.Match[str]]) -> Iterator[tuple[int, int]]:
    yield from _paragraphs(text, start, tops[0].start() if tops else end)
    for place, match in enumerate(tops):
        following = tops[place + 1] if place + 1 < len(tops) else None
        stop = following.start() if following else end
        number = int(match["number"]) if match["number"] else 0
        if following is not None and following["number"] and int(following["number"]) == number + 1:
            number = 0  # the next number has a line of its own: none is looked for inside this one
        own_stop = _paragraph_start(text, match, stop)
        yield from _numbered(text, match.end(), own_stop, number)
        if own_stop < stop:
            yield from _paragraphs(text, own_stop, stop)


def _paragraph_start(text: str, bullet: re.Match[str], stop: int) -> int:
    """Return where a paragraph without a bullet ends the item: it stands no deeper than the bullet itself."""
    indent = len(bullet["indent"])
    for match in _PARAGRAPH.finditer(text, bullet.end(), stop):
        if len(match["indent"]) <= indent:
            return match.start()
    return stop


def _top_level(bullets: Iterator[re.Match[str]]) -> list[re.Match[str]]:
    """Return the bullets under no other: deeper ones are nested, and so is a list of another kind below a colon."""
    tops: list[re.Match[str]] = []
    deepest = 0
    until = 0  # offset at which the list that a top-level item announces ends
    found = list(bullets)
    for place, match in enumerate(found):
        indent = len(match["indent"].expandtabs(4))
        if match.start() < until or (tops and indent > deepest):
            continue
        tops.append(match)
        deepest = indent + 1
        if place + 1 < len(found) and _announces(match.string, match.end(), found[place + 1].start()):
            # Where the last list of a text ends is not told; what a lead denies must not be taken as asked for.
            denied = denies_list(match.string[match.end() : found[place + 1].start()].strip())
            end = found[-1].end() if denied else 0
            until = next((it.start() for it in found[place + 1 :] if not _is_below(match, it)), end)
    return tops


def _announces(text: str, start: int, end: int) -> bool:
    """Tell whether an item's text ends in a colon."""
    return text[max(start, end - _COLON_REACH) : end].rstrip().endswith(":")


def _is_below(lead: re.Match[str], match: re.Match[str]) -> bool:
    """Tell whether a bullet belongs to the list that ``lead`` announces: it is deeper, or of another kind.

    Sources that lose their indentation still tell lists by their bullets: dashes below a number, numbers below a dash,
    numbers that do not go on from the lead's.
    """
    if len(match["indent"].expandtabs(4)) > len(lead["indent"].expandtabs(4)) + 1:
        return True
    if not lead["number"]:
        return bool(match["number"])
    return not match["number"] or int(match["number"]) != int(lead["number"]) + 1


_COLON_REACH = 40


def _paragraphs(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield the paragraphs or, in run-on text, the numbered items or sentences."""
    place = start
    for match in [*_BLANK_LINE.finditer(text, start, end), None]:
        stop = match.start() if match else end
        if place == start and (mark := _behind_heading(text, start, stop)):
            yield from _marked(text, mark.end(), stop, mark["mark"])
            place = match.end() if match else end
            continue
        numbered = list(_numbered(text, place, stop))
        if len(numbered) > 1:
            yield from numbered
        else:
            for sentence_start, sentence_end in sentences(text, place, stop):
                for item_start, item_end in run_on_items(text, sentence_start, sentence_end):
                    yield from _trimmed(text, item_start, item_end)
        place = match.end() if match else end


def _behind_heading(text: str, start: int, end: int) -> re.Match[str] | None:
    """Return the mark that a stretch begins with inside a line, as behind a heading that runs on into its list."""
    return _INLINE_MARK.match(text, start, end) if start and text[start - 1] != "\n" else None


def _marked(text: str, start: int, end: int, mark: str) -> Iterator[tuple[int, int]]:
    """Yield the items of "adult - measurable disease - ECOG 0 - 1": the mark between numbers is none."""
    place = start
    for match in re.finditer(rf"(?<=\s){re.escape(mark)}\s+", text[start:end]):
        before, behind = start + match.start(), start + match.end()
        if not (text[max(0, before - 4) : before].rstrip()[-1:].isdigit() and text[behind : behind + 1].isdigit()):
            yield from _trimmed(text, place, before)
            place = behind
    yield from _trimmed(text, place, end)


def _numbered(text: str, start: int, end: int, before: int = 0) -> Iterator[tuple[int, int]]:
    """Yield the items of "1. …; 2. …" inside one line, else the whole stretch.

    ``before`` is the number of the bullet in front of the stretch, if it has one.
    """
    marks: list[re.Match[str]] = []
    for match in _INLINE_NUMBER.finditer(text, start, end) if _NUMBER_END.search(text, start, end) else ():
        if int(match["number"]) == before + len(marks) + 1:
            marks.append(match)
    if len(marks) < (1 if before else 2) or _is_sublist(text, start, marks[0]):
        yield from _trimmed(text, start, end)
        return
    yield from _trimmed(text, start, marks[0].start())
    for place, match in enumerate(marks):
        yield from _trimmed(text, match.end(), marks[place + 1].start() if place + 1 < len(marks) else end)


def _is_sublist(text: str, start: int, mark: re.Match[str]) -> bool:
    """Tell whether a number begins a line below a colon: a list that belongs to the item that announces it."""
    lead = text[max(start, mark.start() - _COLON_REACH) : mark.start()]
    return "\n" in lead and lead.rstrip(" \t\n\\(").endswith(":") and text[start : mark.start()].strip(" :\n") != ""


def _trimmed(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    if begin := _BEGINS.search(text, start, end):
        start = begin.start()
        end = start + len(text[start:end].rstrip(_NOT_BEHIND))
        if _says_something(text, start, end):
            yield start, end


def _says_something(text: str, start: int, end: int) -> bool:
    if end - start > _LONGEST_NOTHING:
        return True
    if text[end - 1] == ":" and "\n" not in text[start:end]:
        return False  # the label of the items below it
    words = text[start:end].strip(" .-–\t\n\\").lower()
    letters, signs = sum(map(str.isalpha, words)), sum(map(str.isalnum, words))
    return (letters > 1 or (letters == 1 and signs > _SHORTEST)) and words not in _NOTHING
