"""Values in eligibility criteria: ages, performance status, laboratory limits, as conditions with their offsets."""

import re
from collections.abc import Iterator
from decimal import Decimal, InvalidOperation
from typing import Final, NamedTuple

from kg.models import Condition, ConditionType, Group, Operator, Span, TextField

COMPARATORS: Final = {
    ">=": "ge", "≥": "ge", "at least": "ge", "no less than": "ge", "not less than": "ge",
    "greater than or equal to": "ge", "minimum of": "ge",
    "\\>=": "ge", "> or =": "ge", "<=": "le", "≤": "le", "at most": "le", "no more than": "le",
    "not more than": "le", "up to": "le",
    "less than or equal to": "le", "maximum of": "le", "\\<=": "le", "not exceeding": "le", "no greater than": "le",
    "not greater than": "le",
    "< or =": "le", ">": "gt", "\\>": "gt", "more than": "gt", "greater than": "gt", "above": "gt", "over": "gt",
    "exceeding": "gt",
    "<": "lt", "\\<": "lt", "less than": "lt", "below": "lt", "under": "lt", "=": "eq", "older than": "gt",
    "younger than": "lt", "of": "eq",
}  # fmt: skip
COMPARE: Final = (
    r"(?P<compare>" + "|".join(re.escape(word) for word in sorted(COMPARATORS, key=len, reverse=True)) + r")"
)
NUMBER: Final = r"(?P<value>\d{1,3}(?:,\d{3})+|\d+(?:\.\d+)?)"
# "2 or less", "18 years or older"
_BEHIND: Final = {
    "older": "ge", "above": "ge", "over": "ge", "up": "ge", "more": "ge", "greater": "ge", "higher": "ge",
    "younger": "le", "under": "le",
    "less": "le", "lower": "le", "below": "le", "better": "le",
}  # fmt: skip
_BOUND = r"(?P<bound>" + "|".join(_BEHIND) + r")\b"
_AGE = (
    re.compile(
        rf"\b(?:aged?|ages)\b[^\n.;\d]{{0,25}}?{COMPARE}\s*{NUMBER}\s*(?P<unit>years?|months?|days?)?", re.IGNORECASE
    ),
    re.compile(rf"{COMPARE}\s*{NUMBER}\s*(?P<unit>years?|months?)\s*(?:of age|old)\b", re.IGNORECASE),
    re.compile(rf"\b{NUMBER}\s*(?P<unit>years?|months?)(?:\s*of age|\s*old)?\s*(?:or|and|&)\s*{_BOUND}", re.IGNORECASE),
)
_SECOND_BOUND = re.compile(
    rf"\s*(?:years?)?\s*(?:old\s*)?(?:and|but|to|,)?\s*{COMPARE}\s*{NUMBER}\s*(?:years?|$|[,;.)])", re.IGNORECASE
)
_AGE_RANGE = re.compile(
    r"\b(?:aged?|ages)\b[^\n.;\d]{0,25}?(?P<low>\d{1,3})\s*(?:years?)?\s*(?:-|–|to|"
    r"and)\s*(?P<high>\d{1,3})\b(?!\s*(?:mg|%|weeks))|"
    r"\b(?P<low2>\d{1,3})\s*(?:-|–|to|and)\s*(?P<high2>\d{1,3})\s*years?\s*(?:of age|old)\b",
    re.IGNORECASE,
)
_PERFORMANCE = re.compile(
    r"\b(?P<scale>ECOG|WHO|Zubrod|Karnofsky|KPS|Lansky|Eastern Cooperative Oncology "
    r"Group)\b[^\n.;\d<>≤≥=]{0,60}?\s*(?:(?:of|is|:|=)\s*)?"
    r"(?:(?P<low>\d{1,3})\s*%?\s*(?:-|–|to)\s*(?P<high>\d{1,3})(?!\d)|"
    r"(?P<low2>[0-4])\s*(?:,\s*[0-4]\s*){0,3}(?:,\s*or|,|or|and)\s*(?P<high2>[0-5])(?!\d|\.|\s*(?:weeks|months|years|"
    r"prior|or more|lines))|"
    rf"{COMPARE}?\s*{NUMBER}(?:\s*%?\s*(?:or|and)\s*{_BOUND})?)",
    re.IGNORECASE,
)
_LAB_NAME = (
    r"(?:absolute neutrophil count|ANC|neutrophils?(?: count)?|platelets?(?: count)?|h(?:a?e)moglobin|Hb|WBC|white "
    r"blood cells?(?: count)?|leu[ck]ocytes?|"
    r"(?:serum |plasma |total ){0,2}bilirubin|(?:serum )?creatinine(?: clearance)?|CrCl|eGFR|GFR|AST|ALT|SGOT|SGPT|"
    r"alkaline phosphatase|ALP|INR|aPTT|albumin|LVEF|"
    r"left ventricular ejection fraction|QTcF?|lymphocytes?(?: count)?)"
)
_LABS_BETWEEN = re.compile(rf"\b{_LAB_NAME}\b", re.IGNORECASE)
_LAB = re.compile(
    rf"\b(?P<lab>{_LAB_NAME})\b(?P<between>[^\n.;<>≤≥=\d]{{0,50}}?)"
    rf"{COMPARE}\s*{NUMBER}\s*(?P<unit>(?:[x×*]\s*)?(?:10\s*[\^]?\s*\d\d?\s*/\s*(?:L|l|µL|uL|mm3)|"
    rf"(?:the )?(?:institutional )?(?:ULN|upper limit of normal)|LLN)|"
    r"%|g/dL|g/L|mg/dL|mmol/L|µmol/L|umol/L|mL/min(?:/1\.73\s?m2)?|ml/min|/\s*(?:mm3|µL|uL|mcL|L)|cells/\w+|msec|ms|"
    r"seconds)?",
    re.IGNORECASE,
)
_NOT_ALLOWED = re.compile(
    r"[^.;\n]{0,30}?\b(?:is|are|will be|must)?\s*not (?:be )?(?:allowed|permitted|eligible|acceptable|accepted)\b|"
    r"[^.;\n]{0,15}\b(?:is|are) excluded\b",
    re.IGNORECASE,
)
_DIGIT = re.compile(r"\d")
_THRESHOLD = re.compile(
    rf"(?:expression|level|score|index|status|CPS|TPS|IHC|of|is|by|with|combined positive score|tumou?r proportion "
    rf"score|[\s,()])*{COMPARE}\s*{NUMBER}"
    r"\s*(?P<unit>%|mut/Mb|mutations?/Mb|mutations? per megabase|ng/mL|ng/dL|U/mL|IU/L|copies/mL)?",
    re.IGNORECASE,
)
_THRESHOLD_REACH = 80


class Leaf(NamedTuple):
    """A condition, or several that belong together, and where in the text it stands."""

    start: int
    end: int
    node: Condition | Group


def value_leaves(field: TextField, start: int, end: int) -> Iterator[Leaf]:
    """Yield the values that the criterion at ``start:end`` asks for."""
    if _DIGIT.search(field.text, start, end) is None:
        return
    lower = field.text[start:end].lower()
    for find, words in _FINDERS:
        if any(word in lower for word in words):
            yield from find(field, start, end)


class Threshold(NamedTuple):
    """A limit of a marker's score, share or concentration."""

    comparator: str
    value: str
    unit: str | None
    end: int


def threshold(text: str, start: int, end: int | None = None) -> Threshold | None:
    """Return the limit that stands right behind a marker's name: "CPS ≥ 10", "expression of at least 1 %"."""
    match = _THRESHOLD.match(text, start, min(len(text) if end is None else end, start + _THRESHOLD_REACH))
    if match is None:
        return None
    comparator, value = compared(match)
    return Threshold(comparator, value, match["unit"], match.end())


def _ages(field: TextField, start: int, end: int) -> Iterator[Leaf]:
    text, kind = field.text, ConditionType.AGE
    for match in _AGE_RANGE.finditer(text, start, end):
        low, high = match["low"] or match["low2"], match["high"] or match["high2"]
        if int(low) < int(high):
            yield _range(field, match, kind, low, high, "years")
            return
    for pattern in _AGE:
        if found := pattern.search(text, start, end):
            code = (
                _BEHIND[found["bound"].lower()]
                if "bound" in pattern.groupindex
                else COMPARATORS[found["compare"].lower()]
            )
            unit = (found["unit"] or "years").lower()
            first = _value(
                field,
                found.start(),
                found.end(),
                kind,
                code,
                found["value"],
                unit if unit.endswith("s") else unit + "s",
            )
            yield _with_second_bound(field, found, first, end)
            return


def _with_second_bound(field: TextField, match: re.Match[str], first: Condition, end: int) -> Leaf:
    """Add the other end of "age > 18 and < 75 years"."""
    second = _SECOND_BOUND.match(field.text, match.end(), end)
    if second is None or COMPARATORS[second["compare"].lower()] in {"eq", first.comparator}:
        return Leaf(match.start(), match.end(), first)
    code = COMPARATORS[second["compare"].lower()]
    other = _value(
        field, second.start("compare"), second.end(), first.condition_type, code, second["value"], first.unit or ""
    )
    return Leaf(match.start(), second.end(), Group(operator=Operator.ALL_OF, operands=(first, other)))


def _performance(field: TextField, start: int, end: int) -> Iterator[Leaf]:
    match = _PERFORMANCE.search(field.text, start, end)
    if match is None:
        return
    scale = "Karnofsky" if match["scale"].lower() in {"karnofsky", "kps", "lansky"} else "ECOG"
    kind = ConditionType.PERFORMANCE_STATUS
    low, high = match["low"] or match["low2"], match["high"] or match["high2"]
    if low is not None:
        if int(low) < int(high):
            yield _range(field, match, kind, low, high, scale)
        return
    comparator, value = compared(match)
    if match["bound"]:
        comparator = _BEHIND[match["bound"].lower()]
        if scale == "Karnofsky" and match["bound"].lower() == "better":
            comparator = "ge"
    yield Leaf(match.start(), match.end(), _value(field, match.start(), match.end(), kind, comparator, value, scale))


def _labs(field: TextField, start: int, end: int) -> Iterator[Leaf]:
    for match in _LAB.finditer(field.text, start, end):
        comparator, value = compared(match)
        names = [match["lab"], *_LABS_BETWEEN.findall(match["between"])]
        units = [" ".join((name, match["unit"] or "")).strip() for name in names]
        found = [
            _value(field, match.start(), match.end(), ConditionType.LAB, comparator, value, unit) for unit in units
        ]
        either = re.search(r"\bor\b", match["between"]) is not None
        node = (
            found[0]
            if len(found) == 1
            else Group(operator=Operator.ANY_OF if either else Operator.ALL_OF, operands=tuple(found))
        )
        if _NOT_ALLOWED.match(field.text, match.end(), end):
            node = Group(operator=Operator.NOT, operands=(node,))
        yield Leaf(match.start(), match.end(), node)


def _range(field: TextField, match: re.Match[str], kind: ConditionType, low: str, high: str, unit: str) -> Leaf:
    bounds = tuple(
        _value(field, match.start(), match.end(), kind, code, value, unit)
        for code, value in (("ge", low), ("le", high))
    )
    return Leaf(match.start(), match.end(), Group(operator=Operator.ALL_OF, operands=bounds))


def _value(
    field: TextField, start: int, end: int, kind: ConditionType, comparator: str, value: str, unit: str
) -> Condition:
    span = Span(text=field, start=start, end=end)
    return Condition(condition_type=kind, span=span, comparator=comparator, value=value, unit=unit)


def compared(match: re.Match[str]) -> tuple[str, str]:
    """Return the comparator's code and the number of a match of `COMPARE` and `NUMBER`; no comparator means equal."""
    word = (match["compare"] or "=").lower()
    text = match["value"].replace(",", "")
    try:
        value = format(Decimal(text).normalize(), "f")
    except InvalidOperation:
        value = text
    return COMPARATORS[word], value


_LAB_WORDS: Final = (
    "neutrophil", "anc", "platelet", "moglobin", "hb", "wbc", "cyte", "blood cell", "bilirubin", "creatinine",
    "crcl", "gfr", "ast",
    "alt", "sgot", "sgpt", "phosphatase", "alp", "inr", "aptt", "albumin", "lvef", "ejection", "qtc",
)  # fmt: skip
# What is looked for, and words one of which is always there: cheaper to look for than the patterns.
_FINDERS: Final = (
    (_ages, ("age", "year", "month", "old")),
    (_performance, ("ecog", "who", "zubrod", "karnofsky", "kps", "lansky", "eastern")),
    (_labs, _LAB_WORDS),
)
