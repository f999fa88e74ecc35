"""Dose, route, schedule and form in the name of an intervention, as the words that say them."""

import re
from collections.abc import Iterator
from typing import Final, NamedTuple

from kg.models import StatedKind


class Stated(NamedTuple):
    """A value and where it stands; offsets in code points, half-open."""

    kind: StatedKind
    start: int
    end: int


_NUMBER: Final = r"\d[\d.,]*"
_RANGE: Final = rf"{_NUMBER}(?:\s*(?:-|–|to|±|/)\s*{_NUMBER})?(?:\s*x\s*10\s*\^?\s*\d+)?"
_UNIT: Final = r"""(?:[kmµμu]?g|mcg|ug|ng|pg|micrograms?|milligrams?|grams?|[mµμ]?mol|m?m|meq|mci|gbq|mbq|c?gy|kcal
    |m?iu|ml|[cdµμ]?l|units?|u|pfu|vp|vg|cfu|cells?|ppm|drops?|puffs?|tablets?|capsules?|patches|doses?|%|percent)"""
_PER: Final = r"""(?:\s*(?:/|per)\s*(?:kg|m2|m²|m\^2|day|d|dose|week|wk|h|hr|hour|min|ml|l|body\ weight|bw|eye|tablet
    |capsule|puff)\b)*"""
_TIMES: Final = r"(?:once|twice|thrice|one|two|three|four|five|six|\d+)"
_PERIOD: Final = r"(?:hours?|hrs?|h|days?|d|weeks?|wks?|w|months?|mo|years?|nights?|mornings?|cycles?)"
_PATTERNS: Final = tuple(
    (kind, re.compile(rf"(?<!\w)(?:{pattern})(?!\w)", re.IGNORECASE | re.VERBOSE))
    for kind, pattern in (
        (StatedKind.DOSE, rf"AUC\s*(?:=|of)?\s*{_RANGE}"),
        (StatedKind.DOSE, rf"{_RANGE}\s*{_UNIT}{_PER}"),
        (
            StatedKind.DOSE,
            r"(?:low|high|medium|moderate|standard|full|reduced|single|multiple|fixed|flexible)[-\ ]doses?",
        ),
        (
            StatedKind.SCHEDULE,
            r"""q\.?\s*\d+\s*(?:h|d|w|wk|weeks?|hours?|days?|mo?)|q[dhw]|qod|qid|tid|bid|b\.i\.d\.?|t\.i\.d\.?|q\.d\.?
            |prn|hs""",
        ),
        (StatedKind.SCHEDULE, rf"(?:every|each)\s+(?:other\s+)?(?:\d+(?:-\d+)?\s+)?{_PERIOD}"),
        (
            StatedKind.SCHEDULE,
            rf"""{_TIMES}(?:\s+times?|x)?(?:\s*[-/]\s*|\s+(?:a\s+|per\s+|each\s+|every\s+)?)
            (?:daily|weekly|monthly|day|week|month)""",
        ),
        (
            StatedKind.SCHEDULE,
            r"""daily|weekly|biweekly|bi-weekly|monthly|nightly|yearly|continuous(?:ly)?|intermittent(?:ly)?|on\ demand
            |as\ needed|at\ bedtime|once""",
        ),
        (StatedKind.SCHEDULE, rf"(?:for\s+)?(?:up\ to\s+)?{_TIMES}\s*-?\s*{_PERIOD}"),
        (
            StatedKind.SCHEDULE,
            r"days?\s+\d+(?:\s*(?:-|–|to|and|,|&)\s*\d+)*(?:\s+of\s+(?:each|every)\s+[\w-]+(?:\s+cycle)?)?",
        ),
        (StatedKind.ROUTE, r"per\ os|p\.?o\.?|i\.?v\.?|i\.?m\.?|s\.?c\.?|i\.?p\.?|subq|inhaled|inhalation|ophthalmic"),
        (
            StatedKind.ROUTE,
            r"""(?:sublingual|oral|topical|transdermal|intravenous|intramuscular|subcutaneous|intravitreal|intrathecal
            |intraperitoneal|intracavernosal|intracavernous|intranasal|nasal|rectal|vaginal|buccal|intradermal
            |intra-?articular|intraurethral|epidural|perineural|intratumou?ral|intravesical)(?:ly)?""",
        ),
        (
            StatedKind.FORM,
            r"""(?:film|extended|sustained|controlled|immediate|modified|slow|delayed)[-\ ](?:coated|release)
            |orally\ disintegrating|ER|XR|SR|CR|XL|ODT""",
        ),
        (
            StatedKind.FORM,
            r"""tablets?|capsules?|injections?|injectable|infusions?|solutions?|suspensions?|creams?|gels?|ointments?
            |patch(?:es)?|sprays?|drops|syrups?|powders?|suppositor(?:y|ies)|pills?|formulations?|implants?|lozenges?
            |lotions?|liquids?|granules?|sachets?|products?|pump""",
        ),
    )
)


def values(name: str) -> tuple[Stated, ...]:
    """Return the values in an intervention's name from left to right, none overlapping.

    >>> [(it.kind.value, "T-DXd 5.4 mg/kg IV Q3W"[it.start : it.end]) for it in values("T-DXd 5.4 mg/kg IV Q3W")]
    [('dose', '5.4 mg/kg'), ('route', 'IV'), ('schedule', 'Q3W')]
    """
    taken: list[Stated] = []
    for found in _found(name):
        if all(found.end <= it.start or it.end <= found.start for it in taken):
            taken.append(found)
    return tuple(sorted(taken, key=lambda it: it.start))


def _found(name: str) -> Iterator[Stated]:
    for kind, pattern in _PATTERNS:
        for match in pattern.finditer(name):
            yield Stated(kind, match.start(), match.end())
