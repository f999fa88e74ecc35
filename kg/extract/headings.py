"""Find the headings of eligibility text, and so which list each stretch of it belongs to.

A heading stands on a line of its own or before a colon ("Key Exclusion Criteria:", "4.2 EXCLUSION CRITERIA"), or runs
on inside a line ("… of the study Exclusion Criteria: - Women"). A sentence that rules out what follows its colon
("Patients are excluded if they have any of:") turns the polarity for its own list only.
"""

import re
from bisect import bisect_left
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from kg.models import Polarity

_KEY = re.compile(
    r"\b(?:(?P<out>non[-\s]?inclusion|ineligibility|exclusion(?:ary|s)?|exclusión|ausschlusskriterien)|"
    r"inclusion(?:ary|s)?|inclusión|einschlusskriterien|eligibility)\b"
    r"(?P<criteria>[ \t]{1,4}(?:criteria|criterion|characteristics))?"
    r"(?P<tail>(?:[^\n:：.;ie]|(?!(?:in|ex)clusion criteria\b)[ie]){0,70})(?P<colon>[:：])?",
    re.IGNORECASE,
)
# What all key words have, and how far from their starts at most: "non-in|clusi|on".
_SIGNS = ("clusi", "eligib", "schlusskrit")
_FARTHEST_SIGN = 6
_MARKUP = re.compile(r"</?[a-z]{1,6}>|[\s*•·\-–#_\\().\d]+|\b[IVX]{1,4}\b[.)]?|\b[A-Za-z][.)]")
_BULLETED = re.compile(r"[ \t]*(?:\\?[-–—*•·▪○●◦]|\(?\d{1,2}\\?[.)])[ \t]")
# Words that may stand before the key word in a heading, and words that make a sentence of it.
_QUALIFIERS = frozenset({
    "additional", "all", "and", "arm", "basic", "case", "clinical", "cohort", "common", "control", "core",
    "criteria", "criterion", "criterios", "critères", "d'", "d’", "de",
    "disease", "donor", "donors", "enrollment", "for", "further", "general", "group", "healthy",
    "important", "initial", "key", "main", "major", "of", "other", "part", "participant", "participants",
    "patient", "patients", "phase", "primary", "protocol", "reasons", "screening", "secondary", "selected",
    "specific", "study", "subject", "subjects", "summary", "the", "trial", "tumor", "volunteer", "volunteers",
})  # fmt: skip
_SENTENCE_WORDS = frozenset({
    "all", "and", "any", "both", "each", "fulfil", "fulfill", "meet", "meeting", "meets", "met", "no", "of", "or",
    "per", "satisfy", "see", "these", "those", "under",
})  # fmt: skip
# Words that no title of a list has before the key word: "Must have none of the exclusion criteria".
_NOT_IN_TITLES = _SENTENCE_WORDS | {
    "are", "be", "following", "has", "have", "is", "must", "none", "not", "the", "to", "who", "with", "without",
}  # fmt: skip
_LONGEST_PARAGRAPH = 2000
_LONGEST_LEAD = 160
_LONGEST_TAIL = 3  # words behind the key word of a heading that has no colon
_LONGEST_FOR_WHOM = 12  # words that say whom a list is for
_LONGEST_TITLE = 5  # words before the key word: "General Safety & Laboratory Exclusion Criteria"
_LIST_AHEAD = re.compile(r"[ \t]*(?:[-–*•]|\(?\d{1,2}(?:\.\d{1,2})*[.) ])")
_LIST_BELOW = re.compile(r"[ \t]*\n\s*(?:\\?[-–—*•·▪○●◦]|\(?(?:\d{1,2}|[a-z])\\?[.)])[ \t]")
_END_OF_PARAGRAPH = re.compile(r"[ \t]*\n[ \t]*\n")
# A mark right behind the key words, as where a record has lost its lines: "Inclusion criteria - adult - …".
_MARK_AHEAD = re.compile(r"[ \t]{0,4}(?P<mark>[-–*•]|\(?1\\?[.)])[ \t](?=\S)")
# "Exclusion criteria are smokers": the list stands in the sentence.
_HAS_LIST = re.compile(
    r"[ \t]+(?:are|were|(?:also[ \t]+)?includes?|included|comprise|consist of|(?:will|would)[ \t]+(?:be|include))\b"
    r"(?![ \t]+(?:met|as follows|listed|assessed|evaluated|reviewed|checked|applied|determined|based|used|the same|"
    r"similar|according|outlined|described|given))",
    re.IGNORECASE,
)
# Behind the key words: whom the list is for, or a remark ("(The following are general; more may apply.)").
_FOR_WHOM = re.compile(r"(?:for|of|in|at|during|before|after|specific|determined|applicable)\b", re.IGNORECASE)
_FOR_WHOM_DASHED = re.compile(r"[ \t]+for[ \t]+[\w \t]{1,40}[-–][ \t]")
_REMARK = re.compile(r"[ \t]*\([^()]{1,300}\)[ \t]*[:：]?[ \t]*(?=\n|\Z)")
_APPLY = re.compile(r"appl(?:y|ies)\b[^.;]*", re.IGNORECASE)
_IN_BRACKETS = re.compile(r"[(\[][^()\[\]]*[)\]]")
# A line that asks for what follows it, in a list of exclusions.
_ASK = re.compile(
    r"(?m)^[ \t]*(?:eligible|subjects?|patients?|participants?|women|volunteers?)\b(?:(?!\bnot\b|exclu|"
    r"ineligib)[^\n:]){0,80}\b(?:eligible|must|included)\b"
    r"(?:(?!\bnot\b|exclu)[^\n:]){0,60}:[ \t]*$",
    re.IGNORECASE,
)
_TURN = re.compile(
    r"\b(?P<not>not (?:be )?)?(?:excluded?s?|ineligible|precluded?s?|(?:result in|lead to) (?:the )?exclusion|"
    r"not (?:be |to be )?(?:considered )?(?:eligible|enrol\w+|included|participat\w+|"
    r"allowed to (?:participate|enrol\w*)))\b"
    r"[^:.;•*\n]{0,70}(?:\n[ \t]*[^:.;•*\n\s][^:.;•*\n]{0,70})?:",
    re.IGNORECASE,
)
# A line without a bullet that denies what is below it: "Patients must not have:", "None of the following:".
_DENY = re.compile(
    r"(?m)^[ \t]*(?:(?:(?:in order )?to (?:enrol|participate|be eligible|be included)[\w ]{0,24},[ \t]*)?"
    r"(?:patients?|participants?|subjects?|women|men|volunteers?|candidates?|individuals?|people|you|"
    r"who|they)\b[^\n:.;•*]{0,40}?\b(?:(?:must|should|may|can|shall|will|do|does)[ \t]?not|can't)\b"
    r"(?:(?!\b(?:must|should|need|only|require[ds]?)\b)[^\n:.;•*]){0,70}"
    r"|(?:patients?|participants?|subjects?)[ \t]without(?:[ \t](?:any|of|the|following)){0,4}"
    r"|(?:there[ \t](?:must|should)[ \t]be[ \t])?(?:none|absence|no[ \t](?:evidence|history|signs?))[ \t]of"
    r"(?:[ \t](?:any|of|the|following|these|conditions)){0,5}"
    r"|no(?:[ \t](?:known|prior|previous|current|active)){1,3}|contra-?indications?):[ \t]*$",
    re.IGNORECASE,
)
# The same without its subject, as an item of a list says it: "Must not have:", "No history of the following:".
_DENY_ITEM = re.compile(
    r"(?:(?:must|should|may|can|shall|will|do|does|have|has)\s?not|cannot|no|not|without|free (?:of|from))\b"
    r"(?:(?!\b(?:must|should|need|only|require[ds]?|adequate|normal)\b)[^:.,;]){0,70}:",
    re.IGNORECASE,
)
_SENTENCE_END = re.compile(r"[.;]\s+")
# The end of a line that does not go on in the next: that one is flush, or blank, or begins a list item.
_LINE_END = re.compile(r"\n(?![ \t]+[^\s\-–*•·▪○\d(]|[a-z])")
_SUBLIST_END = re.compile(r"\n[ \t]*\n(?P<indent>[ \t]*)(?=[^\s\-–*•·▪○\d(])")
_LINE_START = re.compile(r"(?m)^(?P<indent>[ \t]*)(?=\S)")


class _Heading(NamedTuple):
    """A heading's offsets, the polarity of what follows, and where that ends if not at the next heading."""

    start: int
    end: int
    polarity: Polarity
    until: int | None = None


def blocks(text: str, fixed: Polarity | None) -> Iterator[tuple[Polarity, int, int]]:
    """Yield the stretches between headings with their polarity; ``fixed`` is that of a text which is one list."""
    polarity, place = fixed or Polarity.INCLUSION, 0
    pending: int | None = None  # where the list that a sentence has turned ends
    inner = polarity
    for heading in [*_headings(text), _Heading(len(text), len(text), polarity)]:
        if heading.start < place:
            continue
        if pending is not None and pending < heading.start:
            yield inner, place, pending
            place, inner, pending = pending, polarity, None
        if place < heading.start:
            yield inner, place, heading.start
        place, pending = heading.end, heading.until
        if fixed is None and heading.until is None:
            polarity = heading.polarity
        inner = heading.polarity if heading.until is not None else polarity


def is_denial(lead: str) -> bool:
    """Tell whether an item such as "Patients must not have:" denies what is listed below it."""
    line = " ".join(lead.split())
    return _DENY.fullmatch(line) is not None or _DENY_ITEM.fullmatch(line) is not None


def _headings(text: str) -> list[_Heading]:
    found = [heading for match in _key_words(text) if (heading := _heading(text, match)) is not None]
    found += _leads(text)
    return sorted(found, key=lambda heading: (heading.start, heading.end))


def _key_words(text: str) -> Iterator[re.Match[str]]:
    """Yield the matches of `_KEY`, which takes several times as long where it is tried at each character."""
    lower = text.replace("\u0130", "i").replace("\u0131", "i").lower()  # as the expression reads them, at equal length
    place = 0
    for sign in sorted(sign for word in _SIGNS for sign in _places(lower, word)):
        for start in range(max(place, sign - _FARTHEST_SIGN), sign + 1):
            if match := _KEY.match(text, start):
                yield match
                place = match.end()
                break


def _places(text: str, word: str) -> Iterator[int]:
    place = text.find(word)
    while place >= 0:
        yield place
        place = text.find(word, place + 1)


def _leads(text: str) -> Iterator[_Heading]:
    """Yield what asks for, or rules out, the list below it without a key word: the one or two lines before a colon."""
    place = 0
    while (colon := text.find(":", place)) >= 0:
        line = text.rfind("\n", place, colon) + 1 or place
        line_above = text.rfind("\n", place, max(place, line - 1)) + 1 or place
        if match := _ASK.match(text, line):
            yield _Heading(match.start(), match.end(), Polarity.INCLUSION)
        if (match := _TURN.search(text, line_above, colon + 1)) and (turn := _turn(text, match)):
            yield turn
        if match := _DENY.match(text, line):
            yield _Heading(line, match.end(), Polarity.EXCLUSION, _sublist_end(text, line, match.end()))
        place = colon + 1


def _heading(text: str, match: re.Match[str]) -> _Heading | None:
    line = _line_start(text, match.start())
    lead = text[line : match.start()]
    words = _MARKUP.sub(" ", lead).lower().split()
    bulleted = _BULLETED.match(lead) is not None
    polarity = Polarity.EXCLUSION if match["out"] else Polarity.INCLUSION
    if len(lead) < _LONGEST_LEAD and all(word.strip("/&,") in _QUALIFIERS for word in words):
        return (
            _Heading(line, _end(text, match, whole_line=True), polarity) if _alone(match, bulleted=bulleted) else None
        )
    if _is_title(text, match, lead, words) or _applies(match, lead):
        return _Heading(line, match.end(), polarity)
    if bulleted and _heads_its_item(match, words):
        return _Heading(match.start(), match.end(), polarity, _sublist_end(text, line, match.end()))
    if _runs_on(text, match, lead):
        return _Heading(match.start(), _end(text, match, whole_line=False), polarity)
    return None


def _end(text: str, match: re.Match[str], *, whole_line: bool) -> int:
    """Return where a heading ends: behind its colon or its line, and before a list that stands in the sentence."""
    if match["criteria"]:
        behind = match.end("criteria")
        if has_list := _HAS_LIST.match(text, behind):
            return match.end() if match["colon"] else has_list.end()
        if whole_line and (said := _REMARK.match(text, behind) or _FOR_WHOM_DASHED.match(text, behind)):
            return said.end()
    listed = match["criteria"] and not match["colon"] and _MARK_AHEAD.match(text, match.end("criteria"))
    return match.end() if (match["colon"] or whole_line) and not listed else match.end("criteria")


def _heads_its_item(match: re.Match[str], words: list[str]) -> bool:
    """Tell whether an item is a list of exclusions by itself: "- cardiac exclusion criteria: angina"."""
    if not (match["out"] and match["criteria"] and match["colon"]) or match["tail"].strip():
        return False
    return len(words) <= _LONGEST_TAIL and _NOT_IN_TITLES.isdisjoint(words)


def _applies(match: re.Match[str], lead: str) -> bool:
    """Tell whether a sentence leads to a list: "For the scan, the following exclusion criteria apply:"."""
    applies = match["criteria"] and match["colon"] and _APPLY.fullmatch(match["tail"].strip())
    return bool(applies) and len(lead) < _LONGEST_LEAD


def _is_title(text: str, match: re.Match[str], lead: str, words: list[str]) -> bool:
    """Tell whether a line is the title of a list by its form: "Angiographic exclusion criteria", "MRI exclusions:"."""
    if not 0 < len(words) <= _LONGEST_TITLE or not _NOT_IN_TITLES.isdisjoint(words) or "." in lead:
        return False
    if not lead.lstrip(" \t*#_-–•").strip()[:1].isupper() or match["tail"].strip(" \t*_#"):
        return False
    if match["colon"]:
        return text[match.end() : match.end() + 1] in {"", "\n"} or _LIST_BELOW.match(text, match.end()) is not None
    return bool(match["criteria"]) and _LIST_BELOW.match(text, match.end()) is not None


def _alone(match: re.Match[str], *, bulleted: bool) -> bool:
    """Tell whether a line that begins with the key word is a heading: "Exclusion of other causes: yes" is an item."""
    tail = match["tail"].strip(" \t*-–_#\\")
    if match["colon"]:
        return bool(match["criteria"]) or not tail or (not bulleted and not tail.lower().startswith(("of ", "from ")))
    following = match.string[match.end() : match.end() + 1]
    if match["criteria"] and _HAS_LIST.match(match.string, match.end("criteria")):
        return not bulleted
    tail = _IN_BRACKETS.sub("", tail)
    if match["criteria"]:
        if any(it.match(match.string, match.end("criteria")) for it in (_REMARK, _FOR_WHOM_DASHED, _LIST_AHEAD)):
            return True
        if _FOR_WHOM.match(tail) and len(tail.split()) <= _LONGEST_FOR_WHOM:
            return any(it.match(match.string, match.end()) for it in (_LIST_BELOW, _END_OF_PARAGRAPH))
    return following in {"", "\n"} and len(tail.split()) <= _LONGEST_TAIL and not (bulleted and not match["criteria"])


def _runs_on(text: str, match: re.Match[str], lead: str) -> bool:
    """Tell whether a heading stands inside a line: in capitals or behind a full stop, and before a list."""
    previous = lead.split()[-1].lower() if lead.strip() else ""
    if not match["criteria"]:  # "Inclusion: adult. Exclusion: pregnant"
        return (
            bool(match["colon"]) and not match["tail"].strip() and previous.endswith(".") and match.group()[0].isupper()
        )
    if previous in _SENTENCE_WORDS:
        return False
    tail = match["tail"].strip(" \t*-–\\")
    if match["colon"] and not tail:
        after = text[match.end() : match.end() + 3]
        sure = match.group()[0].isupper() or previous.endswith((".", ";", ":")) or lead.endswith("  ") or "\n" in after
        return sure or (previous not in _QUALIFIERS and _begins_alike(text, match, ":"))
    if _HAS_LIST.match(text, match.end("criteria")):
        return previous.endswith((".", ";", ":"))
    title = match.group()[0].isupper() and match["criteria"].strip()[0].isupper()
    behind = match.end("criteria")
    if _LIST_BELOW.match(text, behind) and previous in _NOT_IN_TITLES:
        return False
    if title and (_LIST_AHEAD.match(text, behind) or _LIST_BELOW.match(text, behind)):
        return True
    mark = _MARK_AHEAD.match(text, behind)
    return mark is not None and (match.group()[0].isupper() or _begins_alike(text, match, mark["mark"]))


def _begins_alike(text: str, match: re.Match[str], mark: str) -> bool:
    """Tell whether the line begins with a heading of the other polarity that has the same mark behind it."""
    first = _KEY.match(text, text.rfind("\n", 0, match.start()) + 1, match.start())
    if first is None or not first["criteria"] or bool(first["out"]) == bool(match["out"]):
        return False
    if mark == ":":
        return first["colon"] is not None and not first["tail"].strip()
    ahead = _MARK_AHEAD.match(text, first.end("criteria"))
    return ahead is not None and ahead["mark"] == mark


def _turn(text: str, match: re.Match[str]) -> _Heading | None:
    """Return the list that a sentence rules out, to its end: the line, the nested items or the paragraph behind."""
    if match["not"] and not re.match(
        r"not (?:be |to be )?(?:considered )?(?:eligible|enrol|included|participat|allowed)",
        match.group(),
        re.IGNORECASE,
    ):
        return None
    line = _line_start(text, match.start())
    before = text[max(line, match.start() - 6) : match.start()].lower()
    if before.endswith(("not ", "not be ")) or match.start() - line > _LONGEST_LEAD:
        return None
    start = line
    for stop in _SENTENCE_END.finditer(text, line, match.start()):
        start = stop.end()
    farthest = min(len(text), match.end() + _LONGEST_PARAGRAPH)
    end_of_line = _LINE_END.search(text, match.end(), farthest)
    end = end_of_line.start() if end_of_line else farthest
    if text[match.end() : end].strip():
        return _Heading(start, match.end(), Polarity.EXCLUSION, end)
    return _Heading(start, match.end(), Polarity.EXCLUSION, _sublist_end(text, line, end))


def _sublist_end(text: str, line: int, start: int) -> int:
    bullet = _BULLETED.match(text, line)
    if bullet is None:
        ends = _paragraph_ends(text)
        place = bisect_left(ends, start + 2)
        return ends[place] if place < len(ends) else len(text)
    own = len(text[line : bullet.end()]) - len(text[line : bullet.end()].lstrip())
    for match in _LINE_START.finditer(text, start + 1):
        if len(match["indent"]) <= own and match.start() > start:
            return match.start()
    return len(text)


@lru_cache(maxsize=2)
def _paragraph_ends(text: str) -> list[int]:
    return [match.start() for match in _SUBLIST_END.finditer(text)]


def _line_start(text: str, place: int) -> int:
    return text.rfind("\n", max(0, place - 2 * _LONGEST_LEAD), place) + 1 or max(0, place - 2 * _LONGEST_LEAD)
