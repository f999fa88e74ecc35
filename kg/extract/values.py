"""Values in eligibility criteria: ages, performance status, life expectancy, laboratory limits, as conditions.

A wrong value is worse than none: what holds only for some patients ("women of 56 years and older are postmenopausal",
"if under 18, a parent signs") or cannot be what it looks like (ECOG 70) stays text.
"""

import re
from collections.abc import Iterator
from typing import Final, NamedTuple

from kg.extract.context import context
from kg.extract.labs import LAB_WORDS, lab_limits
from kg.extract.quantities import BOUND, BOUNDS, COMPARE, NUMBER, NUMBER_WORDS, comparator, compared, number
from kg.extract.searching import Guarded
from kg.models import Condition, ConditionType, Group, Operator, Span, TextField

_DIGIT = re.compile(r"\d")
_WORD = re.compile(r"[a-z][a-z\d]*")
_UNIT = r"(?P<unit>years?|yrs?|y/?o|months?|weeks?|days?)"
_OF_AGE = r"(?:[\s\-]*\(?(?:of\s+age|olds?|in\s+age)\)?)"
_AGE_WORD = r"\b(?:aged?|ages)\b"
_BEFORE_AGE = (
    r"(?:[\s:,()]|(?:must|should|be|is|are|of|range|from|between|at|enrol\w*|diagnosis|inclusion|the|time|to)\b)*"
)
_PEOPLE = (
    r"\b(?:patients?|subjects?|participants?|adults?|(?:wo)?m[ae]n|(?:fe)?males?|volunteers?|persons?|people|individuals?|"
    r"children|girls|boys)\b(?:[\s,(]|(?:who|are|is|must|be|being|should|at|of|between|from|gender|sex|both)\b)*"
)
_WHO_BEFORE_AGE = rf"(?:(?P<word>{_AGE_WORD}{_BEFORE_AGE})|(?P<who>{_PEOPLE})|)"
# "18 to 75 years", "between the ages of 18 and 75", "Age: 18-75"
_FROM_TO = (
    rf"(?P<low>\d{{1,3}})[\s\-]*(?P<low_unit>years?|yrs?|months?)?{_OF_AGE}?\s*(?:-|–|—|~|to|through|and|until)\s*"
    rf"(?:up to\s+)?(?P<high>\d{{1,3}})(?!\d|\s*(?:mg|%|weeks|cm|kg|/))"
)
_RANGE = re.compile(rf"{_WHO_BEFORE_AGE}(?<![\d.]){_FROM_TO}(?:[\s\-]*{_UNIT}{_OF_AGE}?)?", re.IGNORECASE)
# "age ≥ 18", "at least 18 years old", "over the age of 18"
_COMPARED = Guarded(
    rf"{_WHO_BEFORE_AGE}{COMPARE}\s*(?P<of>(?:the\s+)?age(?:\s+of)?\s+)?{NUMBER}(?:\s*-?\s*{_UNIT})?(?P<behind>{_OF_AGE})?",
    re.IGNORECASE,
)
# "18 years or older", "18 years of age and over", "18+ years"
_OR_OLDER = (
    rf"\s*(?:\+(?:\s*years?)?|(?:{_UNIT})?(?P<behind>{_OF_AGE})?\s*(?:\(?inclusive\)?\s*)?(?:or|and|&)\s*{BOUND}"
    r"(?!\s+(?:than|age|at)))"
)
_BOUNDED = re.compile(rf"(?<![\d.,\-–])(?:(?P<word>{_AGE_WORD}{_BEFORE_AGE})|){NUMBER}{_OR_OLDER}", re.IGNORECASE)
# What each needs, and begins with a digit: looked for in a tenth of the time.
_HAS_RANGE, _HAS_BOUND = (re.compile(it, re.IGNORECASE) for it in (_FROM_TO, rf"\d{_OR_OLDER}"))
_SECOND = re.compile(
    rf"\s*(?:(?:years?|yrs?|months?){_OF_AGE}?)?\s*(?:and|but|to|,|&)?\s*{COMPARE}\s*{NUMBER}"
    rf"(?:\s*(?:years?|yrs?|months?){_OF_AGE}?|(?=$|[\s,;.)]))",
    re.IGNORECASE,
)
# What makes an age hold for some patients only, or for somebody else. Beside it, in its sentence.
_NOT_FOR_ALL = Guarded(
    r"\b(?:if|when|unless|except|for (?:patients|subjects|participants|those|women|men|children|individuals|persons|"
    r"males|females|ages?)|parents?|guardians?|caregivers?|menopaus\w*|post-?menopaus\w*|amenorrh\w*|donors?|partners?|"
    r"siblings?|relatives?|mothers?|fathers?|onset|diagnosed (?:at|before|after|between)|gestational|gestation|limit|"
    r"sterile|child[\s-]?bearing|bone|since|before the age|stratum|cohort|group \w|arm \w|regardless|allowed|"
    r"permitted)\b",
    re.IGNORECASE,
)
_MUST = re.compile(r"\bmust\b", re.IGNORECASE)  # "children under 2 years must have …"
_AROUND = 110
_OLDEST = 120
_SENTENCE = re.compile(r"[.;\n]\s*")
_ALL_UNITS: Final = {"y": "years", "m": "months", "w": "weeks", "d": "days"}


class Leaf(NamedTuple):
    """A condition, or several that belong together, and where in the text it stands."""

    start: int
    end: int
    node: Condition | Group
    excepted: bool = False  # the node is the denial of an exception: "except basal cell carcinoma"


def value_leaves(field: TextField, start: int, end: int) -> Iterator[Leaf]:
    """Yield the values that the criterion at ``start:end`` asks for."""
    lower = field.text[start:end].lower()
    if _DIGIT.search(lower):
        words = set(_WORD.findall(lower))
        if any(map(lower.__contains__, _SAYS_AGES)):
            yield from _ages(field, start, end)
        if not words.isdisjoint(_SCALE_WORDS):
            yield from _performance(field, start, end)
        if not words.isdisjoint(LAB_WORDS):
            yield from _labs(field, start, end)
    if any(map(lower.__contains__, _SAYS_LIFE)):
        yield from _life_expectancies(field, start, end)


# What is looked for has one of these: cheaper to look for than the expressions.
_SAYS_AGES: Final = ("age", "year", "month", "old")
_SCALE_WORDS: Final = frozenset({"ecog", "who", "zubrod", "karnofsky", "kps", "lansky", "eastern", "world"})
_SAYS_LIFE: Final = ("expectancy", "survival")


# --- ages


def _ages(field: TextField, start: int, end: int) -> Iterator[Leaf]:
    """Yield the first age of a criterion; what follows is mostly about some of the patients."""
    for read in (_age_range, _compared_age, _bounded_age):
        leaf = read(field, start, end)
        if leaf is not None:
            if not _holds_for_some(field.text, leaf, start, end):
                yield leaf
            return


def _age_range(field: TextField, start: int, end: int) -> Leaf | None:
    if _HAS_RANGE.search(field.text, start, end) is None:
        return None
    for match in _RANGE.finditer(field.text, start, end):
        is_age = match["word"] or (match["unit"] and _is_age(field.text, match, start, end))
        one_unit = not match["low_unit"] or match["low_unit"][0].lower() == (match["unit"] or "years")[0].lower()
        if is_age and one_unit and int(match["low"]) < int(match["high"]) <= _OLDEST:
            return _range(field, match, ConditionType.AGE, match["low"], match["high"], _unit(match))
    return None


def _is_age(text: str, match: re.Match[str], start: int, end: int) -> bool:
    """Tell whether a number of years is somebody's age: said so, of people, or all that a criterion begins with."""
    if _SAYS_AGE.search(match.group()) or _AGED_BEFORE.search(text[max(0, match.start() - 40) : match.start()]):
        return True
    of_people = match["who"] is not None or not text[start : match.start()].strip(" (-*")
    return (
        of_people
        and (match["unit"] or "").lower().startswith("y")
        and _NO_AGE_BEHIND.match(text, match.end(), end) is None
    )


_SAYS_AGE = re.compile(rf"{_OF_AGE}\s*$|\b(?:older|younger)\b", re.IGNORECASE)
_AGED_BEFORE = re.compile(rf"{_AGE_WORD}\W+(?:\w+\W+){{0,3}}$", re.IGNORECASE)
_NO_AGE_BEHIND = re.compile(
    r"\s*(?:of|since|after|from|before|prior|post|ago|history|duration|in|with|following)\b", re.IGNORECASE
)


def _compared_age(field: TextField, start: int, end: int) -> Leaf | None:
    for match in _COMPARED.finditer(field.text, start, end):
        if not (match["word"] or match["of"] or (match["unit"] and _is_age(field.text, match, start, end))):
            continue
        code, value = compared(match)
        if code == "eq" or float(value) > _OLDEST:
            continue
        begin = match.start("compare") if match["who"] else match.start()
        first = _value(field, begin, match.end(), ConditionType.AGE, code, value, _unit(match))
        return _with_second_bound(field, match, first, end)
    return None


def _bounded_age(field: TextField, start: int, end: int) -> Leaf | None:
    if _HAS_BOUND.search(field.text, start, end) is None:
        return None
    for match in _BOUNDED.finditer(field.text, start, end):
        bound = (match["bound"] or "up").lower()
        is_age = match["word"] or match["behind"] or (match["unit"] and bound in {"older", "younger"})
        if (is_age or _stands_alone(field.text, match, start, end)) and float(number(match["value"])) <= _OLDEST:
            first = _value(
                field,
                match.start(),
                match.end(),
                ConditionType.AGE,
                BOUNDS[bound],
                number(match["value"]),
                _unit(match),
            )
            return Leaf(match.start(), match.end(), first)
    return None


def _stands_alone(text: str, match: re.Match[str], start: int, end: int) -> bool:
    """Tell whether a criterion says nothing but "18 years and over"."""
    return match["unit"] is not None and not (text[start : match.start()] + text[match.end() : end]).strip(" .;,:-*")


def _unit(match: re.Match[str]) -> str:
    return _ALL_UNITS[(match["unit"] or "years")[0].lower()]


def _holds_for_some(text: str, leaf: Leaf, start: int, end: int) -> bool:
    before = _SENTENCE.split(text[max(start, leaf.start - _AROUND) : leaf.start])[-1]
    behind = _SENTENCE.split(text[leaf.end : min(end, leaf.end + _AROUND)], maxsplit=1)[0]
    return _NOT_FOR_ALL.search(f"{before} | {behind}") is not None or _MUST.search(behind) is not None


def _with_second_bound(field: TextField, match: re.Match[str], first: Condition, end: int) -> Leaf:
    """Add the other end of "age > 18 and < 75 years"."""
    second = _SECOND.match(field.text, match.end(), end)
    begin = first.span.start
    if second is None or comparator(second["compare"])[0] == (first.comparator or "")[0]:
        return Leaf(begin, match.end(), first)
    code, value = compared(second)
    other = _value(field, second.start("compare"), second.end(), ConditionType.AGE, code, value, first.unit or "")
    return Leaf(begin, second.end(), Group(operator=Operator.ALL_OF, operands=(first, other)))


# --- performance status

_SCALES: Final = {
    "ecog": "ECOG", "eastern cooperative oncology group": "ECOG", "who": "ECOG", "zubrod": "ECOG",
    "world health organization": "ECOG", "world health organisation": "ECOG",
    "karnofsky": "Karnofsky", "kps": "Karnofsky", "lansky": "Lansky",
}  # fmt: skip
# "WHO" only in capitals: "patients who".
_SCALE = (
    r"\b(?P<scale>ECOG|WHO|(?i:Zubrod|Karnofsky|KPS|Lansky|Eastern Cooperative Oncology Group|"
    r"World Health Organi[sz]ation))(?![\w])"
)
_STATUS_WORDS = (
    r"(?i:[\s,:()/\-–]|(?:performance|performing|play|status|score|scores|scale|PS|grade|grades|functional|index|rating|of|is|"
    r"are|must|should|be|has|have|a|an|the|at|with|between|level|ECOG|WHO|KPS|zubrod|either|physical|state|"
    r"\[?PS\]?)\b)*?"
)
_STATUS = Guarded(
    rf"{_SCALE}{_STATUS_WORDS}"
    rf"(?:(?P<low>\d{{1,3}})\s*%?\s*(?:-|–|—|(?i:to|through))\s*(?P<high>\d{{1,3}})(?!\d|\.\d)|"
    rf"(?P<first>[0-5])(?P<list>(?:\s*(?:,\s*(?i:or|and)|,|/|(?i:or|and))\s*[0-5](?!\d|\.\d|%))+)(?!\s*(?i:weeks|months|years|prior|"
    rf"more|lines))|"
    rf"(?i:{COMPARE}\s*)?{NUMBER}(?:\s*%)?(?i:\s*\(?(?:or|and)\s*{BOUND})?)",
)
_PERFORMANCE = re.compile(r"perform|\bPS\b|status", re.IGNORECASE)
_BEST: Final = {"ECOG": (0, 5), "Karnofsky": (10, 100), "Lansky": (10, 100)}
_BETWEEN_SCALES = re.compile(r"\s*%?\s*(?:\(|/|,?\s*or\b|\[)?\s*", re.IGNORECASE)
_ALLOWED = re.compile(r"[^.;\n]{0,25}\b(?:allowed|permitted|eligible if|acceptable)\b", re.IGNORECASE)
_FOR_SOME = Guarded(
    r"\b(?:if|for (?:patients|subjects|those|children|participants)|patients (?:with|who)|when|unless|except)\s+"
    r"(?:[\w\-<>≤≥=]+\s+){0,6}$",
    re.IGNORECASE,
)


def _performance(field: TextField, start: int, end: int) -> Iterator[Leaf]:
    """Yield the performance statuses; one scale beside another is the other way to say it: "ECOG 0-1 (KPS ≥ 70)"."""
    last: Leaf | None = None
    for match in _STATUS.finditer(field.text, start, end):
        leaf = _status(field, match)
        if leaf is None or _is_for_some(field.text, leaf, start, end):
            continue
        if last and _BETWEEN_SCALES.fullmatch(field.text, last.end, leaf.start):
            last = Leaf(last.start, leaf.end, Group(operator=Operator.ANY_OF, operands=(last.node, leaf.node)))
            continue
        if last:
            yield last
        last = leaf
    if last:
        yield last


def _is_for_some(text: str, leaf: Leaf, start: int, end: int) -> bool:
    before = _FOR_SOME.search(text, max(start, leaf.start - _AROUND), leaf.start)
    return before is not None or _ALLOWED.match(text, leaf.end, end) is not None


def _status(field: TextField, match: re.Match[str]) -> Leaf | None:
    scale = _SCALES[match["scale"].lower()]
    lowest, highest = _BEST[scale]
    low, high = match["low"], match["high"]
    if match["list"]:
        grades = [int(grade) for grade in re.findall(r"\d", match["first"] + match["list"])]
        low, high = str(min(grades)), str(max(grades))
    if low is not None:
        ordered = sorted((int(low), int(high)))
        if not lowest <= ordered[0] < ordered[1] <= highest:
            return None
        return _range(field, match, ConditionType.PERFORMANCE_STATUS, str(ordered[0]), str(ordered[1]), scale)
    code, value = compared(match)
    if match["scale"] == "WHO" and code == "eq" and not _PERFORMANCE.search(match.group()):
        return None  # the WHO has other scales
    if match["bound"]:
        code = "ge" if scale != "ECOG" and match["bound"].lower() == "better" else BOUNDS[match["bound"].lower()]
    if not lowest <= float(value) <= highest:
        return None
    node = _value(field, match.start(), match.end(), ConditionType.PERFORMANCE_STATUS, code, value, scale)
    return Leaf(match.start(), match.end(), node)


# --- life expectancy

_LIFE = Guarded(
    rf"\b(?:life[\s-]expectancy|expected survival|anticipated survival|survival expectancy)\b"
    rf"(?:[\s:,()]|(?:of|is|are|must|should|be|an?|the|estimated|time|duration|minimum|for|as|has)\b)*"
    rf"{COMPARE}\s*(?:{NUMBER}|(?P<words>{'|'.join(NUMBER_WORDS)}))\s*-?\s*{_UNIT}",
    re.IGNORECASE,
)


def _life_expectancies(field: TextField, start: int, end: int) -> Iterator[Leaf]:
    for match in _LIFE.finditer(field.text, start, end):
        said = context(field.text, match.start(), match.end())
        if said.negated or said.doubtful:
            continue
        value = NUMBER_WORDS[match["words"].lower()] if match["words"] else number(match["value"])
        code = comparator(match["compare"])
        node = _value(field, match.start(), match.end(), ConditionType.LIFE_EXPECTANCY, code, value, _unit(match))
        yield Leaf(match.start(), match.end(), node)


# --- laboratory


def _labs(field: TextField, start: int, end: int) -> Iterator[Leaf]:
    for limit in lab_limits(field, start, end):
        yield Leaf(limit.start, limit.end, limit.node)


def _range(field: TextField, match: re.Match[str], kind: ConditionType, low: str, high: str, unit: str) -> Leaf:
    bounds = tuple(
        _value(field, match.start(), match.end(), kind, code, value, unit)
        for code, value in (("ge", low), ("le", high))
    )
    return Leaf(match.start(), match.end(), Group(operator=Operator.ALL_OF, operands=bounds))


def _value(field: TextField, start: int, end: int, kind: ConditionType, code: str, value: str, unit: str) -> Condition:
    span = Span(text=field, start=start, end=end)
    return Condition(condition_type=kind, span=span, comparator=code, value=value, unit=unit)
