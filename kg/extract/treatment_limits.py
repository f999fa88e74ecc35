"""How much of a treatment, and how long ago, a criterion speaks of: numbers of lines, and wash-out times.

"No more than 2 prior lines of chemotherapy" limits a number; "no chemotherapy within 4 weeks" and "at least 4 weeks
since chemotherapy" say the same of a time. A time or number that is there and not understood (half-lives, "whichever is
longer", other times for some agents) leaves the treatment unread: without it, the condition would say something else.
"""

import re
from typing import Final, NamedTuple

from kg.extract.quantities import COMPARE, NUMBER_WORDS, comparator
from kg.extract.searching import Guarded, Searching
from kg.models import Duration

_COUNT = rf"(?P<value>\d{{1,2}}|{'|'.join(NUMBER_WORDS)})"
_PRIOR = r"(?:prior|previous|earlier|past)"
_LINES = r"(?:lines?|regimens?)"
# What stands between a number and the treatment's name; one of the words that count lines has to be there.
_BETWEEN = (
    r"(?:\s+(?!(?:including|excluding|weeks?|days?|months?|years?|cycles?|doses?|courses?|hours?|relapses?|recurrences?|"
    r"episodes?)\b)[\w\-]+){0,6}?"
)
_COMPARED_LINES = Guarded(rf"{COMPARE}\s*\(?{_COUNT}\b\)?(?P<between>{_BETWEEN})\s+$", re.IGNORECASE)
_RANGE_OF_LINES = Guarded(
    rf"(?<![\w.])(?P<low>\d|{'|'.join(NUMBER_WORDS)})\s*(?:-|–|to|or)\s*(?P<value>\d|{'|'.join(NUMBER_WORDS)})\b"
    rf"(?P<between>{_BETWEEN})\s+$",
    re.IGNORECASE,
)
_MORE_LINES = Guarded(
    rf"(?<![\w.]){_COUNT}\s+or\s+(?P<bound>more|fewer|less|greater)\b(?P<between>{_BETWEEN})\s+$", re.IGNORECASE
)
_TWO_BOUNDS = Guarded(rf"{COMPARE}\s*{_COUNT}\s*(?:,|but|and)+\s*$", re.IGNORECASE)
_COUNTS_LINES = re.compile(rf"\b(?:{_PRIOR}|{_LINES})\b", re.IGNORECASE)
_LINES_BEHIND = re.compile(rf"[\s\-]*(?:\w+\s+)?{_LINES}\b", re.IGNORECASE)
# A number with a comparator before the treatment that is no number of lines after all.
_TO_THE_END = r"\s*(?:[\w\-]+\s+){0,6}$"
_UNREAD_NUMBER = Searching(
    rf"{COMPARE}{_TO_THE_END}|\d(?<=\b.)\s?(?:-|–|to|or){_TO_THE_END}|\b(?:\d|two|three|four) or more{_TO_THE_END}"
)
_MOST_LINES = 12
_UNITS: Final = {"d": "days", "w": "weeks", "m": "months", "y": "years"}
_BOUND_CODES: Final = {"more": "ge", "greater": "ge", "fewer": "le", "less": "le"}

_LENGTH = rf"\d{{1,3}}|{'|'.join(NUMBER_WORDS)}"
_UNIT = r"days?|weeks?|wks?|months?|years?|yrs?"
_TIME = rf"(?P<value>{_LENGTH})(?:\s*\(\d{{1,3}}\))?[\s\-]*(?P<unit>{_UNIT})"
# "within 4 weeks before …", "in the past 6 months", "less than 3 weeks since": the treatment was given then.
_RECENT = Guarded(
    rf"\b(?:within|in|during|over|for)\s+(?:the\s+)?(?:(?:last|past|previous|prior|preceding)\s+)?{_TIME}\b"
    rf"|(?:<|less than|fewer than|under)\s*(?P<value2>{_LENGTH})[\s\-]*(?P<unit2>{_UNIT})"
    r"\s+(?:since|after|from|prior to|before|of|between)\b",
    re.IGNORECASE,
)
# "at least 4 weeks since …", "4 weeks or more from": it was not given then.
_LONG_AGO = Guarded(
    rf"(?<!for )(?<!no )(?<!not )(?:at least|minimum of|more than|greater than|no less than|not less than|≥|>=?)\s*"
    rf"{_TIME}\s+(?:or more\s+)?"
    rf"(?:(?:have|has|must have|should have)\s+(?:elapsed|passed)\s+)?(?:since|after|from|off)\b",
    re.IGNORECASE,
)
_PAST = re.compile(r"(?:last|past|previous|prior|preceding)\b", re.IGNORECASE)
_ANCHOR = re.compile(
    r"\s*,?\s*(?:prior to|before|of|preceding|from|to|after|following)\s+(?:[\w\-]+\s+){0,5}$", re.IGNORECASE
)
_UNCLEAR = Guarded(r"\bhalf-?\s?li(?:fe|ves)|\bwhichever\b", re.IGNORECASE)
_OTHER_TIMES = Guarded(r"\(\s*(?:or\s+)?(?:\d+|\w+)\s+(?:days?|weeks?|months?)\s+(?:for|if)\b", re.IGNORECASE)
# A heading, a condition on some of the patients, or something that only goes with the treatment.
_NOT_ITSELF_BEHIND = Guarded(r"\s*:|[^.;]{0,60}\b(?:if|unless)\b", re.IGNORECASE)
_NOT_ITSELF_BEFORE = Guarded(r"\b(?:post|requir\w+|due to)[\s\-]+(?:[\w\-]+\s+(?:or|and)\s+)?$", re.IGNORECASE)
_ANY_TIME = re.compile(r"\b(?:days?|weeks?|months?|years?|wash-?\s?out|hours?)\b", re.IGNORECASE)
# A line that begins in lower case or with a time goes on with the one before.
_SENTENCE_END = re.compile(r";|\.\s|\n(?!\s*(?:[a-z(]|\d+\s*[a-z]))")
_REACH = 160


class Limits(NamedTuple):
    """What is said of a treatment's number and time; all empty where nothing is."""

    lines: tuple[tuple[str, str], ...] = ()  # comparator's code and number: all hold
    within: Duration | None = None  # how long ago at most
    long_ago: bool = False  # the time is one in which it was not given


def treatment_limits(text: str, start: int, end: int, clause_start: int, clause_end: int) -> Limits | None:
    """Return the limits of the treatment named at ``start:end``, None where there is one that is not understood."""
    before = _SENTENCE_END.split(text[max(clause_start, start - _REACH) : start])[-1]
    behind = _SENTENCE_END.split(text[end : min(clause_end, end + _REACH)], maxsplit=1)[0]
    before, behind = " ".join(before.split()) + " ", " ".join(["", *behind.split()])
    if _NOT_ITSELF_BEHIND.match(behind) or _NOT_ITSELF_BEFORE.search(before):
        return None
    lines = _lines(before, behind)
    if not lines and _UNREAD_NUMBER.found_in(before) and not _ANY_TIME.search(before):
        return None
    if not (_ANY_TIME.search(before) or _ANY_TIME.search(behind)):
        return Limits(lines)
    time = _time(before, behind)
    return Limits(lines, *time) if time else None


def _lines(before: str, behind: str) -> tuple[tuple[str, str], ...]:
    for read in (_two_or_more, _between_two, _at_least):
        found = read(before)
        if found is None:
            continue
        limits, between = found
        counted = _COUNTS_LINES.search(between) or _LINES_BEHIND.match(behind)
        return limits if counted and all(int(value) <= _MOST_LINES for _, value in limits) else ()
    return ()


_FoundLines = tuple[tuple[tuple[str, str], ...], str]


def _at_least(before: str) -> _FoundLines | None:
    match = _COMPARED_LINES.search(before)
    if match is None:
        return None
    limit = (comparator(match["compare"]), _count(match["value"]))
    first = _TWO_BOUNDS.search(before[: match.start()])
    return (((comparator(first["compare"]), _count(first["value"])), limit) if first else (limit,)), match["between"]


def _between_two(before: str) -> _FoundLines | None:
    match = _RANGE_OF_LINES.search(before)
    if match is None:
        return None
    low, high = sorted((_count(match["low"]), _count(match["value"])), key=int)
    return (("ge", low), ("le", high)), match["between"]


def _two_or_more(before: str) -> _FoundLines | None:
    match = _MORE_LINES.search(before)
    return (((_BOUND_CODES[match["bound"].lower()], _count(match["value"])),), match["between"]) if match else None


def _count(words: str) -> str:
    return NUMBER_WORDS.get(words.lower(), words)


def _time(before: str, behind: str) -> tuple[Duration, bool] | None:
    """Return the time and whether it is free of the treatment; None if it is not clear which, or whose it is."""
    if _UNCLEAR.search(before) or _UNCLEAR.search(behind) or _OTHER_TIMES.search(behind):
        return None
    if since := _LONG_AGO.search(before):
        rest = before[since.end() :]
        return None if _ANY_TIME.search(rest) or _ANY_TIME.search(behind) else (_duration(since), True)
    found = [(match, words) for words in (behind, before) for match in _RECENT.finditer(words)]
    if len(found) != 1 or len(_ANY_TIME.findall(before + behind)) > 1:
        return None
    match, words = found[0]
    if words is before and _ANCHOR.fullmatch(before[match.end() :]):
        return None  # "within 4 weeks of surgery": the other treatment's time
    if match["unit"] and not _tells_the_past(match, words):
        return None
    return _duration(match), False


def _tells_the_past(match: re.Match[str], words: str) -> bool:
    """Tell whether a time lies before now: "in the last 3 weeks", "within 3 weeks before …", but "for 3 weeks"."""
    is_within = match.group().lower().startswith("within")
    return _PAST.search(match.group()) is not None or (
        is_within and re.match(r"\s*(?:prior to|before|of|preceding|from|$|[,.)])", words[match.end() :]) is not None
    )


def _duration(match: re.Match[str]) -> Duration:
    groups = match.groupdict()
    value, unit = groups["value"] or groups["value2"], groups["unit"] or groups["unit2"]
    return Duration(value=int(_count(value)), unit=_UNITS[unit[0].lower()])
