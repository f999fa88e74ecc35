"""Limits of a marker's score, share of cells or level: "CPS ≥ 10", "Ki-67 10-20 %", "H-score of 150 or more".

An H-score (0 to 300) and an Allred score (0 to 8) can be any stained marker's, so they are units. Two limits of one
value are its bounds; a range without a unit counts only where the marker is a score itself: "FGFR 1-3" are genes.
"""

import re
from typing import Final, NamedTuple

from kg.extract.quantities import BOUND, BOUNDS, COMPARE, NUMBER, compared, number
from kg.extract.searching import Guarded
from kg.models import ConceptType, Mention

_DIGIT = re.compile(r"\d")
SCALE: Final = (
    r"(?:H[\s\-]?scores?|(?:quick\s)?Allred(?:'s)?(?:[\s\-](?:quick\s)?scores?|[\s\-]total\sscores?)?)(?![A-Za-z])"
)
ALLRED: Final = "Allred"
SCALES: Final = frozenset({"H-score", ALLRED})
_SCORES: Final = {"cps": "pd-l1-cps", "tps": "pd-l1-tps"}  # groups of the pattern to notations
SCORES_OF_MARKERS: Final = frozenset(_SCORES.values())
_UNIT = (
    r"%|mut/Mb|mutations?/Mb|mutations? per megabase|(?:[mnpkµμu]|mc)?g/[dm]?L|(?:[mnpµμu]|mc)?mol/L|[mµμu]?I?U/m?L|"
    r"copies/mL|m?g/(?:24[\s-]?h(?:ours?|rs?)?|day)|(?:[x×*]|times)?\s?(?:the\s)?(?:I?ULN|upper limit of normal)"
)
_LEAD = (
    rf"(?:(?P<scale>{SCALE})|(?P<tps>TPS|tumou?r proportion score)|(?P<cps>CPS|combined positive score)|"
    r"expression|levels?|scores?|index|status|IHC|immunohistochemistry|"
    r"defined as|determined by|of|is|was|by|with|an?(?![A-Za-z])|the(?![A-Za-z])|"
    r"(?P<between>between|from|range[ds]?|ranging)|[\s,()\[:])*"
)
_TIMES_NORMAL = re.compile(r"ULN|upper", re.IGNORECASE)
# What would make of the number something else than the marker's value.
_OTHER = (
    r"(?![.,]?\d|\s?[-–]?\s?(?:years?|yrs?|y/?o|months?|weeks?|wks?|days?|hours?|m?g\b|kg\b|µg\b|[cm]m\b|m[lL]\b|lines?|"
    r"cycles?|prior\b|previous\b|lesions?|(?:lymph\s)?nodes?|patients|times|fold|[x×*]|ULN))"
)
_WHOLE = r"(?:\s?/\s?(?:8|300))?(?!\d)"  # "5/8"
_THRESHOLD = re.compile(
    rf"{_LEAD}(?:{COMPARE}\s*{NUMBER}(?!\d){_WHOLE}(?:\s*(?P<unit>{_UNIT}))?+{_OTHER}"
    rf"|(?P<low>\d{{1,3}}(?:\.\d+)?)\s?(?P<low_unit>%)?\s?(?:-|–|—|to|(?P<and>and))\s?(?P<high>\d{{1,3}}(?:\.\d+)?){_WHOLE}"
    rf"(?:\s?(?P<range_unit>{_UNIT}))?+{_OTHER}"
    rf"|(?P<least>\d{{1,3}}(?:\.\d+)?){_WHOLE}\s?(?P<least_unit>{_UNIT})?,?\s(?:or|and)\s{BOUND}(?!\s?than)"
    rf"|(?P<first>[0-8])(?P<list>(?:\s?(?:,\s?or|,|/|or)\s?[0-8])+)(?!\d|[.,]\d){_OTHER}"
    r"|(?P<exact>[0-8])\s?/\s?8(?!\d))",
    re.IGNORECASE,
)
# The other bound: "≥ 10 % and ≤ 20 %".
_SECOND = re.compile(
    rf"\s?(?:and|but|to|,|&)?\s?{COMPARE}\s*{NUMBER}(?!\d)(?:\s*(?P<unit>{_UNIT}))?+{_OTHER}", re.IGNORECASE
)
_ENDS = re.compile(r"\s*(?:$|[.;,)\]\n]|(?:and|or|by|on|in)\b)")
# The scale before the marker: "H-score for FRα of at least 150", "Allred 5/8 for ER".
_SCALE_BEFORE = Guarded(
    rf"(?P<scale>{SCALE})(?:\s(?:of|is))?[\s:=]{{0,2}}(?:{COMPARE}\s*)?(?:(?P<value>[0-9]{{1,3}})(?P<whole>\s?/\s?(?:8|300))?\s)?"
    r"\s?(?:for|of|in|on)\s(?:the\s)?$",
    re.IGNORECASE,
)
# What stands between a state and the value that it goes with: "ER positive (Allred score 3-8)".
_BEHIND_STATE = re.compile(
    rf"[\s\-]{{0,2}}(?:(?:tumou?rs?|disease|expression|staining|status|cancer)\s?)?(?:(?P<sure>[(\[]|,?\s?(?:as\s)?defined\s(?:as|by)\s)|"
    rf",?\s?(?:with|by|and|,|at)?\s?(?:an?\s|the\s)?(?={SCALE}))",
    re.IGNORECASE,
)
_REACH, _LOOK_BACK = 80, 60
# Markers that are scores or shares themselves.
_ARE_SCORES: Final = frozenset({
    "pd-l1-cps", "pd-l1-tps", "oncotype-dx", "ki-67", "tmb", "hrd", "endopredict", "breast-cancer-index", "decipher",
    "tils",
})  # fmt: skip
_ALSO = re.compile(r"\s?(?:,\s?|(?:,\s?)?(?:and/or|or)\s)(?:an?\s|the\s)?", re.IGNORECASE)


class Threshold(NamedTuple):
    """The limits of a marker's value: each a comparator's code and a number; all of them hold.

    ``start`` is where the words of it begin if that is before the marker's name, ``end`` where they end; ``score`` is
    the notation of the marker that is a score of the one named ("PD-L1 (CPS ≥ 10)").
    """

    bounds: tuple[tuple[str, str], ...]
    unit: str | None
    end: int
    start: int | None = None
    score: str | None = None


def threshold(text: str, start: int, end: int | None = None, notation: str | None = None) -> Threshold | None:
    """Return the limit that stands right behind a marker's name: "CPS ≥ 10", "expression of at least 1 %".

    Args:
        text: The text.
        start: The end of the name, or of what a limit of the same marker stands behind.
        end: Where its words have to end.
        notation: The marker's, to tell which ranges are its values.
    """
    stop = min(len(text) if end is None else end, start + _REACH)
    if _DIGIT.search(text, start, stop) is None:
        return None
    match = _THRESHOLD.match(text, start, stop)
    if match is None:
        return None
    score = next((name for group, name in _SCORES.items() if match[group]), None)
    found = _read(text, match, stop, score or notation)
    return found._replace(score=score) if found and score else found


def thresholds(text: str, start: int, end: int, notation: str | None = None) -> tuple[Threshold, ...]:
    """Return the limit behind a marker's name, and those that may hold instead: "Allred ≥ 3 or H-score > 50"."""
    found: list[Threshold] = []
    limit = threshold(text, start, end, notation)
    while limit is not None:
        found.append(limit)
        also = _ALSO.match(text, limit.end, end)
        limit = threshold(text, also.end(), end, notation) if also else None
        if limit is not None and limit.unit not in SCALES and limit.score is None:
            break  # of something else: "or ≥ 2 prior lines"
    return tuple(found)


def thresholds_of_state(text: str, start: int, end: int, notation: str | None = None) -> tuple[Threshold, ...]:
    """Return the limits by which a state that ends at ``start`` is defined: "ER positive (≥ 1 %)"."""
    if _DIGIT.search(text, start, min(end, start + _REACH)) is None:
        return ()
    lead = _BEHIND_STATE.match(text, start, end)
    found = thresholds(text, lead.end(), end, notation) if lead else ()
    sure = lead is not None and lead["sure"] is not None
    said = all(it.unit is not None or it.score is not None for it in found)
    return found if said and (sure or all(it.unit in SCALES for it in found)) else ()


def threshold_before(text: str, start: int, end: int, limit: int = 0) -> Threshold | None:
    """Return the limit whose scale stands before the name at ``start:end``: "H-score for MET of at least 150"."""
    before = _SCALE_BEFORE.search(text, max(limit, start - _LOOK_BACK), start)
    if before is None:
        return None
    unit = _scale(before["scale"])
    if before["value"]:
        if before["compare"] is None and before["whole"] is None:
            return None
        return Threshold((compared(before),), unit, end, before.start())
    behind = threshold(text, end)
    if behind is None or behind.unit is not None:
        return None
    return behind._replace(unit=unit, start=before.start())


def limits_of(mention: Mention, first: int, last: int) -> tuple[Threshold, ...]:
    """Return the limits of a marker's value in ``text[first:last]``, one of which holds; none of another concept.

    ``last`` is at most where the next marker's name begins.
    """
    if mention.concept.concept_type is not ConceptType.MARKER:
        return ()
    text, notation = mention.span.text.text, mention.concept.notation
    if mention.state is not None and mention.rule != "threshold":
        return thresholds_of_state(text, mention.span.end, last, notation)
    if (before := threshold_before(text, mention.name_start, mention.name_end, first)) is not None:
        return (before,)
    return thresholds(text, mention.name_end, last, notation)


def _read(text: str, match: re.Match[str], stop: int, notation: str | None) -> Threshold | None:
    scale = _scale(match["scale"]) if match["scale"] else None
    if match["value"]:
        return _with_second(text, match, stop, scale)
    if match["low"]:
        return _range(match, scale, notation)
    if match["least"]:
        unit = scale or match["least_unit"]
        if unit is None and notation not in _ARE_SCORES:
            return None
        return Threshold(((BOUNDS[match["bound"].lower()], number(match["least"])),), unit, match.end())
    return _of_allred(match) if scale == ALLRED else None


def _range(match: re.Match[str], scale: str | None, notation: str | None) -> Threshold | None:
    low, high = number(match["low"]), number(match["high"])
    unit = scale or match["range_unit"] or match["low_unit"]
    joined = match["and"] is None or match["between"] is not None
    if not joined or float(low) >= float(high) or (unit is None and notation not in _ARE_SCORES):
        return None
    return Threshold((("ge", low), ("le", high)), unit, match.end())


def _of_allred(match: re.Match[str]) -> Threshold | None:
    """Return the bounds of Allred scores that follow each other ("6, 7 or 8"), or the one of "5/8"."""
    if match["exact"]:
        return Threshold((("eq", match["exact"]),), ALLRED, match.end())
    scores = sorted(int(score) for score in re.findall(r"\d", match["first"] + match["list"]))
    if scores != list(range(scores[0], scores[0] + len(scores))):
        return None
    return Threshold((("ge", str(scores[0])), ("le", str(scores[-1]))), ALLRED, match.end())


def _with_second(text: str, match: re.Match[str], stop: int, scale: str | None) -> Threshold:
    first, unit = compared(match), scale or _unit(match["unit"])
    second = _SECOND.match(text, match.end(), stop)
    if second is not None:
        other = compared(second)
        opposite = {first[0][0], other[0][0]} == {"g", "l"}
        alike = second["unit"] == match["unit"] or match["unit"] is None
        if opposite and alike and (second["unit"] or _ENDS.match(text, second.end())):
            return Threshold((first, other), unit or _unit(second["unit"]), second.end())
    return Threshold((first,), unit, match.end())


def _unit(words: str | None) -> str | None:
    return "x ULN" if words and _TIMES_NORMAL.search(words) else words


def _scale(words: str) -> str:
    return "H-score" if words[0] in "hH" else ALLRED
