"""States that a number says: the share of stained cells of a hormone receptor, levels in blood, and scores of HER2.

ER and PR are positive from 1 % of stained nuclei on (ASCO/CAP 2020; 10 % before 2010), from 10 fmol/mg, or from an
Allred score of 3 on (Harvey 1999). HER2's scores are those of the ASCO/CAP guideline 2018, with the HER2-low wording of
its 2023 affirmation.
"""

import operator
import re
from typing import Final

from kg.extract.searching import Guarded
from kg.extract.states import Found
from kg.extract.thresholds import ALLRED, threshold, threshold_before

_RECEPTORS: Final = frozenset({"er", "pr", "hr"})
_LEAST_ALLRED = 3
_COMPARED: Final = {
    "lt": operator.lt, "le": operator.le, "eq": operator.eq, "ge": operator.ge, "gt": operator.gt,
}  # fmt: skip
_LEAST = 10.0  # no cut-off of positivity lies above it: less than a larger share may be positive or negative
_SHARE = re.compile(
    r"(?:[\s\-–,:]{0,3}(?:\((?:IHC|ER|PR|PgR|ER/PR)\)|expression|staining|stain|status|levels?|nuclear|receptors?|"
    r"content|positivity|by|IHC|immunohistochemistry|is|are|in|of)(?![A-Za-z])){0,5}[\s,:(\-–]{0,3}"
    r"(?P<compared>\\?[<>]\s?/?=?|=\s?[<>]|[≥≤]|=|less than|fewer than|below|at least|more than|greater than|"
    r"(?P<none>0))\s?(?:or equal to\s)?(?:(?<=0)|(?P<number>\d{1,3}(?:\.\d+)?))\s?"
    r"(?:%|percent\b|fmol|femtomol)",
    re.IGNORECASE,
)
# Upper limits of the normal range that laboratories report for tumour markers in blood, in U/mL (CEA: ng/mL).
_UPPER_LIMITS: Final = {"ca-125": 35, "ca-15-3": 30, "ca-19-9": 37, "ca-27-29": 38, "cea": 5}
_LEVEL = re.compile(
    r"(?:[\s\-]{0,2}(?:levels?|serum|is|of|antigen)(?![A-Za-z])){0,3}\s{0,3}"
    r"(?:\\?>\s?=?|≥|at least|more than|greater than|above)\s?(?P<number>\d{1,5}(?:\.\d+)?)\s?"
    r"(?:k?I?U(?:nits)?|units|ng|µg|mcg)\s?/\s?(?:m?L|dL)\b",
    re.IGNORECASE,
)
_LESS = re.compile(r"\\?<|≤|=\s?<|less|fewer|below", re.IGNORECASE)
# "At least 10 % ER expression"; without a sign, as where a record has lost it, the share is the least.
_SHARE_BEFORE = Guarded(
    r"(?:(?P<less>\\?<|≤|less than|fewer than|below|under)\s?=?\s?|(?:≥|>\s?=?|at least|more than|greater than)\s?|"
    r"(?<![\d.,\-–])\b)(?P<number>\d{1,2})\s?%\s(?:of (?:the )?(?:\w+\s){1,2})?"
    r"(?:(?:staining|positive|expression)\s)?(?:for\s)?$",
    re.IGNORECASE,
)
_LONGEST_BEFORE = 60
_TUMOUR_VIRUSES: Final = frozenset({"hpv", "ebv"})
_TUMOUR = (
    r"(?:cancers?|carcinomas?|tumou?rs?|lymphomas?|malignanc(?:y|ies)|neoplas\w+|lymphoproliferative|[A-Z]{2,4}SCC)"
)
_ASSOCIATED = re.compile(
    r"[\s\-‐‑]{0,2}(?:\([A-Z]{3}\)[\s\-]?)?(?:associated|related|driven|mediated|induced)\b"
    rf"(?=[\s\w\-]{{0,40}}\b{_TUMOUR})",
    re.IGNORECASE,
)
_ASSOCIATED_WITH = re.compile(
    rf"\b{_TUMOUR}\b(?:\s\w+){{0,6}}\s(?P<verb>associated with|caused by|related to|driven by)\s(?:the\s)?$",
    re.IGNORECASE,
)
_SCORES = re.compile(
    r"[\s\-,:(]{0,4}(?:(?:IHC|immunohistochemistry|(?:over)?expression|staining|stain|scores?|of|by|is|at|level)"
    r"(?![A-Za-z])[\s:=()]{0,3}){0,4}"
    r"(?P<scores>[0-3]\+?(?:\s?(?:,\s?or|,|/|or|and|to|[\-–])\s?(?:IHC\s)?[0-3]\+?(?!\s?(?:%|mg|weeks|months|years)|\.?\d)){0,3})"
    r"(?!\d|\s?(?:to|-|–|%|mg|months|\.\d))(?=$|[\s,;.)/\]])",
    re.IGNORECASE,
)
_SCORE = re.compile(r"[0-3]")
_RANGE = re.compile(r"(\d)\+?\s?(?:to|[\-–])\s?(\d)")
_NOT_AMPLIFIED = re.compile(
    r"[^.;\n]{0,40}?\b(?:(?:F|C|S|D)?ISH|in[\s-]situ hybridi[sz]ation)\b[\s-]{0,2}(?:negative|"
    r"non-?\s?amplified|not amplified|[\-–])|"
    r"[^.;\n]{0,25}?\b(?:negative|non-?\s?amplified|not amplified)\b[^.;\n]{0,15}\b(?:F|C|S|D)?ISH\b",
    re.IGNORECASE,
)
# Right behind a score of 2+: "/ISH+", "and FISH positive", "with gene amplification by FISH".
_ISH = r"(?:(?:F|C|S|D|dual[\s-])?ISH|(?:fluorescen\w+ )?in[\s-]situ hybridi[sz]ation)"
_AMPLIFIED = re.compile(
    rf"\s?(?:(?:[/,(]|and\b|with\b|plus\b)\s?){{1,3}}(?:a\s)?(?:{_ISH}(?:\s\({_ISH}\))?[\s-]{{0,2}}"
    r"(?:positiv(?:e|ity)\b|amplifi(?:ed|cation)\b|\+)|"
    rf"(?:positive|amplified|(?:gene )?amplification)\s(?:by\s|on\s|in\s)?{_ISH}\b)"
    r"(?!\s?(?:/|,|and/or\b|or\b)\s?(?:[\-–−]|negative|non|not|un|no\b))",
    re.IGNORECASE,
)
# 2+ alone says nothing, nor do scores on both sides of it.
_BY_SCORES: Final = {
    frozenset("3"): "positive", frozenset("1"): "low", frozenset("12"): "low", frozenset("0"): "negative",
    frozenset("01"): "negative",
}  # fmt: skip


def by_share(text: str, notation: str, start: int, end: int, limit: int) -> Found | None:
    """Return the state that a share of cells or a content in fmol/mg says of the receptor at ``start:end``."""
    if notation not in _RECEPTORS:
        return None
    before = _SHARE_BEFORE.search(text, max(0, start - _LONGEST_BEFORE), start)
    if before and text[end : end + 12].lstrip().startswith(("expression", "staining", "positiv")):
        less = before["less"] is not None
        if less and float(before["number"]) > _LEAST:
            return None
        return Found("negative" if less else "positive", before.start(), end)
    match = _SHARE.match(text, end, limit)
    if match is None:
        return None
    if match["none"] is None and not _LESS.match(match["compared"]):
        return Found("positive", end, match.end())
    return Found("negative", end, match.end()) if float(match["number"] or 0) <= _LEAST else None


def by_allred(text: str, notation: str, start: int, end: int, limit: int) -> Found | None:
    """Return the state that an Allred score says of the receptor at ``start:end``; none where it may be either."""
    if notation not in _RECEPTORS:
        return None
    score = threshold_before(text, start, end) or threshold(text, end, limit)
    if score is None or score.unit != ALLRED:
        return None
    possible = [it for it in range(9) if all(_COMPARED[code](it, float(value)) for code, value in score.bounds)]
    first = start if score.start is None else score.start
    if possible and possible[0] >= _LEAST_ALLRED:
        return Found("positive", first, score.end)
    return Found("negative", first, score.end) if possible and possible[-1] < _LEAST_ALLRED else None


def by_association(text: str, notation: str, start: int, end: int) -> Found | None:
    """Return that a virus is there where a tumour is said to be associated with it: "HPV-related carcinoma"."""
    if notation not in _TUMOUR_VIRUSES:
        return None
    if behind := _ASSOCIATED.match(text, end):
        return Found("positive", start, behind.end())
    before = _ASSOCIATED_WITH.search(text, max(0, start - _LONGEST_BEFORE), start)
    return Found("positive", before.start("verb"), end) if before else None


def by_level(text: str, notation: str, end: int, limit: int) -> Found | None:
    """Return that a tumour marker in blood is elevated where the level asked for is above the normal range."""
    upper = _UPPER_LIMITS.get(notation)
    match = _LEVEL.match(text, end, limit) if upper is not None else None
    if upper is None or match is None or float(match["number"]) < upper:
        return None
    return Found("elevated", end, match.end())


def by_score(text: str, end: int, limit: int) -> Found | None:
    """Return the state that scores behind HER2's name say: "IHC 3+", "0 or 1+"."""
    match = _SCORES.match(text, end, limit)
    if match is None:
        return None
    scores = set(_SCORE.findall(match["scores"]))
    for low, high in _RANGE.findall(match["scores"]):
        scores |= {str(score) for score in range(int(low), int(high) + 1)}
    if scores in ({"0", "1", "2"}, {"2"}) and (ish := _NOT_AMPLIFIED.match(text, match.end())):
        return Found("negative", end, ish.end())
    if scores in ({"2"}, {"2", "3"}) and (last := amplified_behind(text, match.end())):
        return Found("positive", end, last)
    state = _BY_SCORES.get(frozenset(scores))
    return Found(state, end, match.end()) if state else None


def amplified_behind(text: str, end: int) -> int | None:
    """Return where the words end that say behind a score of 2+ that the gene is amplified, None if there are none."""
    match = _AMPLIFIED.match(text, end)
    return match.end() if match else None
