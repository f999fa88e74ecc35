"""Laboratory limits in criteria: what is measured, how it is compared, with which value in which unit.

A value whose unit is missing is read only where it can mean one thing alone: "bilirubin ≤ 2" may be mg/dL or times the
upper limit of normal, and stays text; "platelets ≥ 100,000" can only be a count per microlitre.
"""

import re
from collections.abc import Iterator
from itertools import pairwise
from typing import Final, NamedTuple

from kg.extract.quantities import COMPARE, NUMBER, compared, number
from kg.extract.searching import Guarded
from kg.models import Condition, ConditionType, Group, Operator, Span, TextField

# What is measured, by the name that conditions use, and its wordings (regular expressions, in any case).
ANALYTES: Final = (
    ("hemoglobin A1c", r"h(?:a?e)moglobin A1c|Hb\s?A1c|A1C|glycated h(?:a?e)moglobin"),
    ("hemoglobin", r"h(?:a?e)moglobin|Hb|Hgb"),
    ("absolute neutrophil count",
     r"(?:absolute )?(?:neutrophils?|granulocytes?)(?: counts?)?|ANC|AGC"),
    ("platelet count", r"platelets?(?: counts?)?|PLT|thrombocytes?(?: counts?)?"),
    ("white blood cell count", r"WBC(?: counts?)?|white blood cells?(?: counts?)?|leu[ck]ocytes?(?: counts?)?"),
    ("lymphocyte count", r"(?:absolute )?lymphocytes?(?: counts?)?|ALC"),
    ("CD4 count", r"CD4\+?(?: T)?(?:[ -]?cells?)?(?: lymphocytes?)?(?: counts?)?"),
    ("direct bilirubin", r"(?:direct|conjugated) bilirubin"),
    ("bilirubin", r"(?:total |serum |plasma ){0,2}bilirubin"),
    ("creatinine clearance",
     r"(?:serum )?creatinine clearance(?: rate)?|clearance of creatinine|CrCl|CLcr|CCr"),
    ("glomerular filtration rate", r"(?:estimated )?glomerular filtration rate|eGFR|GFR"),
    ("creatinine", r"(?:serum |plasma |blood )?creatinine|SCr"),
    ("AST", r"AST|SGOT|aspartate (?:amino)?trans(?:aminase|ferase)"),
    ("ALT", r"ALT|SGPT|alanine (?:amino)?trans(?:aminase|ferase)"),
    ("transaminases", r"(?:serum |liver )?(?:trans|aminotrans)(?:aminases?|ferases?)"),
    ("alkaline phosphatase", r"alkaline phosphatase|ALP"),
    ("INR", r"INR|international normali[sz]ed ratio"),
    ("aPTT", r"aPTT|PTT|(?:activated )?partial thromboplastin time"),
    ("albumin", r"(?:serum )?albumin"),
    ("LVEF", r"LVEF|left ventricular ejection fraction"),
    ("QTc interval", r"QTc[FB]?(?: interval)?"),
)  # fmt: skip
# Of the words of each wording, as [a-z][a-z0-9]* tells words, one is here.
LAB_WORDS: Final = frozenset({
    "hemoglobin", "haemoglobin", "hba1c", "a1c", "hb", "hgb", "neutrophil", "neutrophils", "granulocyte",
    "granulocytes", "anc", "agc", "platelet", "platelets", "plt", "thrombocyte", "thrombocytes", "wbc", "blood",
    "leucocyte", "leucocytes", "leukocyte", "leukocytes", "lymphocyte", "lymphocytes", "alc", "cd4", "cd4cell",
    "cd4cells", "bilirubin", "creatinine", "crcl", "clcr", "ccr", "scr", "filtration", "egfr", "gfr", "ast", "sgot",
    "aspartate", "alt", "sgpt", "alanine", "transaminase", "transaminases", "transferase", "transferases",
    "aminotransaminase", "aminotransaminases", "aminotransferase", "aminotransferases", "phosphatase", "alp", "inr",
    "normalised", "normalized", "aptt", "ptt", "thromboplastin", "albumin", "lvef", "ejection", "qtc", "qtcf", "qtcb",
})  # fmt: skip
# Unit as conditions use it, and its wordings.
_UNITS: Final = (
    ("x ULN",
     r"(?:[x×*]|times|-?\s?fold)?\s*(?:the\s+)?(?:institutional\s+|local\s+|laboratory\s+)?(?:I?ULN|UNL|UNV|"
     r"upper\s+(?:institutional\s+)?limits?\s+of\s+(?:the\s+)?(?:institutional\s+|laboratory\s+)?normal|"
     r"upper\s+(?:normal\s+limits?|limits?\s+normal)|upper\s+normal)"),
    ("x normal", r"(?:[x×*]|times)\s*(?:the\s+)?normal"),
    ("x LLN", r"(?:[x×*]|times)?\s*(?:the\s+)?(?:LLN|lower limits?\s+of\s+normal)"),
    ("10^9/L", r"[x×*•]?\s*10\s*(?:\^|\*\*|e|E)?\s*\(?(?:9|⁹)\)?\s*(?:cells\s*)?/\s*(?:L|l)\b"),
    ("10^12/L", r"[x×*•]?\s*10\s*(?:\^|\*\*)?\s*\(?12\)?\s*/\s*(?:L|l)\b"),
    ("10^6/L", r"[x×*•]?\s*10\s*(?:\^|\*\*|e|E)?\s*\(?(?:6|⁶)\)?\s*(?:cells\s*)?/\s*(?:L|l)\b"),
    ("10^3/µL", r"[x×*•]?\s*10\s*(?:\^|\*\*)?\s*\(?(?:3|³)\)?\s*(?:cells\s*)?/\s*(?:[uµμ]L|mcL|mm\s?\^?\(?3\)?|mm³)"),
    ("/µL", r"(?:cells|platelets)?\s*(?:/|per)\s*(?:mm\s?\^?\s?\(?3\)?|mm³|cubic\s+mm|cubic\s+millimet(?:er|re)|"
     r"cu\s?mm|[uµμ][lL]|mcL|micro\s?lit(?:er|re))"),
    ("mL/min", r"m[lL]\s*/\s*min(?:ute)?(?:\s*/\s*1\.73\s*m\s?\^?[2²])?|cc/min"),
    ("µmol/L", r"(?:[uµμ]|micro\s?)mol(?:es?)?\s*/\s*(?:L|l)|[uµμ]M\b"),
    ("mmol/mol", r"mmol\s*/\s*mol"),
    ("mmol/L", r"mmol(?:es?)?\s*/\s*(?:L|l)|mM\b"),
    ("mg/dL", r"mg\s*/\s*d[lL]|mg\s?%|mg/100 ?m[lL]"),
    ("g/dL", r"gm?s?\s*/\s*d[lL]|gm?\s?%|g/100 ?m[lL]"),
    ("g/L", r"gm?\s*/\s*(?:L|l)\b"),
    ("U/L", r"I?U\s*/\s*(?:L|l)\b"),
    ("%", r"%|percent\b"),
    ("ms", r"m(?:illi)?s(?:ec(?:onds?)?)?\b"),
)  # fmt: skip
_BLOOD_COUNTS: Final = frozenset({
    "absolute neutrophil count", "platelet count", "white blood cell count", "lymphocyte count", "CD4 count"
})  # fmt: skip
_LOWEST_COUNT: Final = {"CD4 count": 50}
_LOWEST_OTHER_COUNT = 500  # per microlitre; less is in thousands, and says so
# Which units a value can have; what is measured in another was misread.
_COUNTS: Final = frozenset({"/µL", "10^9/L", "10^6/L", "10^3/µL", "10^12/L", "x LLN", None})
_ENZYMES: Final = frozenset({"x ULN", "x normal", "U/L"})
_POSSIBLE: Final = {
    **dict.fromkeys(_BLOOD_COUNTS, _COUNTS),
    "hemoglobin A1c": frozenset({"%", "mmol/mol"}), "hemoglobin": frozenset({"g/dL", "g/L", "mmol/L", "x LLN"}),
    "direct bilirubin": frozenset({"x ULN", "x normal", "mg/dL", "µmol/L"}),
    "bilirubin": frozenset({"x ULN", "x normal", "mg/dL", "µmol/L"}),
    "creatinine clearance": frozenset({"mL/min", None}), "glomerular filtration rate": frozenset({"mL/min", None}),
    "creatinine": frozenset({"x ULN", "x normal", "mg/dL", "µmol/L"}),
    "AST": _ENZYMES, "ALT": _ENZYMES, "transaminases": _ENZYMES, "alkaline phosphatase": _ENZYMES,
    "INR": frozenset({None, "x ULN"}), "aPTT": frozenset({"x ULN", "x normal"}),
    "albumin": frozenset({"g/dL", "g/L"}), "LVEF": frozenset({"%"}), "QTc interval": frozenset({"ms"}),
}  # fmt: skip
_NAME = re.compile(
    r"(?<![\w-])(?:" + "|".join(f"(?P<a{place}>{words})" for place, (_, words) in enumerate(ANALYTES)) + r")(?![\w])",
    re.IGNORECASE,
)
_UNIT = re.compile(
    r"\s*-?(?:" + "|".join(f"(?P<u{place}>{words})" for place, (_, words) in enumerate(_UNITS)) + r")",
    re.IGNORECASE,
)
_VALUE = Guarded(rf"{COMPARE}\s*{NUMBER}(?!\s?(?:-|–|to)\s?\d)", re.IGNORECASE)
# What stands between the name and the comparator, other names aside.
_FILLER = re.compile(
    r"(?:[\s,:()/\[\]]|(?:is|are|was|of|a|an|must|should|be|has|have|to|levels?|values?|counts?|and|or|serum|plasma|total|"
    r"blood|concentrations?|both|each|calculated|measured|estimated|corrected|resting|baseline|fasting|with|interval|"
    r"test|results?|patients?|the)\b)*",
    re.IGNORECASE,
)
_THOUSANDS = re.compile(r"[1-9]\d{0,2}\.\d{3}")
_REACH = 70
_OR_VALUE = re.compile(rf"\s*(?:\(|,)?\s*or\s+{COMPARE}\s*{NUMBER}", re.IGNORECASE)
_ONLY_IF = re.compile(r"[\s)\]]*(?:\(\s*)?(?:if|in|for|with|when|unless|provided|where)\b", re.IGNORECASE)
_NOT_ALLOWED = re.compile(
    r"[^.;\n]{0,30}?\b(?:is|are|will be|must)?\s*not (?:be )?(?:allowed|permitted|eligible|acceptable|accepted)\b|"
    r"[^.;\n]{0,15}\b(?:is|are) excluded\b",
    re.IGNORECASE,
)
# Words before a name that make its limit hold for some patients only, or turn it round.
_NOT_FOR_ALL = Guarded(
    r"\bif\b[^.;]{0,40},\s*$|"
    r"\b(?:if|when|unless|except|until|once|without|concomitant with|no|not|regardless|whose|allowed|achieve|maintain|"
    r"reach)\s+(?:[\w\-]+\s+){0,3}$",
    re.IGNORECASE,
)
_FOR_SOME = re.compile(
    r"[^.;\n]{0,40}?\b(?:is|are|may be)\s+(?:allowed|permitted|acceptable|eligible)\b|"
    r"\s*\(?(?:if|with|in (?:the )?(?:presence|case)|(?:for|in) (?:patients|subjects|participants))\b"
    r"(?! (?:no|not|without)\b)|"
    r"\s*\(?(?:for|in)?\s*(?:adult\s+)?(?:fe)?(?:males?|men|women)\b",
    re.IGNORECASE,
)
_LOOK_BACK = 40


class Limit(NamedTuple):
    """A limit of one or several analytes, and where it stands in the text."""

    start: int
    end: int
    node: Condition | Group


class _Name(NamedTuple):
    start: int
    end: int
    analyte: str


def lab_limits(field: TextField, start: int, end: int) -> Iterator[Limit]:
    """Yield the laboratory limits of ``text[start:end]``, in order."""
    if not _VALUE.may_match(field.text, start, end):
        return
    names = [
        _Name(match.start(), match.end(), _which(match, "a", ANALYTES))
        for match in _NAME.finditer(field.text, start, end)
    ]
    place = 0
    while place < len(names):
        found = None
        upto = place
        for last in range(place, len(names)):
            if names[last].start - names[place].end > _REACH or not _is_filler(field.text, names[place : last + 1]):
                break
            if value := _value_behind(field.text, names[last].end, end):
                found, upto = _limit(field, names[place : last + 1], value, end), last
                break
        if found is not None:
            yield found
            while upto + 1 < len(names) and names[upto + 1].start < found.end:
                upto += 1
        place = upto + 1


def analyte_named(name: str) -> str | None:
    """Return what a name stands for, None if it is none of ours.

    >>> analyte_named("SGPT"), analyte_named("mood")
    ('ALT', None)
    """
    match = _NAME.fullmatch(name)
    return _which(match, "a", ANALYTES) if match else None


def _which(match: re.Match[str], prefix: str, table: tuple[tuple[str, str], ...]) -> str:
    group = next(name for name, words in match.groupdict().items() if words is not None and name.startswith(prefix))
    return table[int(group[1:])][0]


def _is_filler(text: str, names: list[_Name]) -> bool:
    """Tell whether names belong together: "AST and ALT", "neutrophil count (ANC)"."""
    return all(_FILLER.fullmatch(text, left.end, right.start) for left, right in pairwise(names))


def _value_behind(text: str, start: int, end: int) -> re.Match[str] | None:
    match = _VALUE.search(text, start, min(end, start + _REACH))
    return match if match and _FILLER.fullmatch(text, start, match.start()) else None


def _limit(field: TextField, names: list[_Name], value: re.Match[str], end: int) -> Limit | None:
    text = field.text
    before = text[max(0, names[0].start - _LOOK_BACK) : names[0].start].split("\n")[-1]
    unit, stop = _unit_behind(text, value.end(), end)
    if _NOT_FOR_ALL.search(before) or not all(_is_possible(name.analyte, unit, value["value"]) for name in names):
        return None
    analytes = tuple(dict.fromkeys(name.analyte for name in names))
    if len(analytes) > 1:  # "transaminases (AST and ALT)"
        analytes = tuple(analyte for analyte in analytes if analyte != "transaminases")
    if _FOR_SOME.match(text, stop, end):
        return None
    other = _OR_VALUE.match(text, stop, end)
    values = [(*_compared(value, unit), unit)]
    if other:
        other_unit, other_stop = _unit_behind(text, other.end(), end)
        if other_unit != unit and not _ONLY_IF.match(text, other_stop, end):
            if not all(_is_possible(analyte, other_unit, other["value"]) for analyte in analytes):
                return None
            values.append((*_compared(other, other_unit), other_unit))
        stop = other_stop
    span = Span(text=field, start=names[0].start, end=stop)
    either = re.search(r"\bor\b", text[names[0].end : value.start()]) is not None
    alternatives = [_joined([_lab(span, name, one) for name in analytes], either=either) for one in values]
    node = _joined(alternatives, either=True)
    if _NOT_ALLOWED.match(text, stop, end):
        node = Group(operator=Operator.NOT, operands=(node,))
    return Limit(span.start, span.end, node)


def _compared(match: re.Match[str], unit: str | None) -> tuple[str, str]:
    """Return comparator and number; cells per microlitre are whole, so the point of "100.000/µL" parts thousands."""
    code, value = compared(match)
    if unit == "/µL" and _THOUSANDS.fullmatch(match["value"]):
        value = number(match["value"].replace(".", ""))
    return code, value


def _unit_behind(text: str, start: int, end: int) -> tuple[str | None, int]:
    match = _UNIT.match(text, start, end)
    return (_which(match, "u", _UNITS), match.end()) if match else (None, start)


def _is_possible(analyte: str, unit: str | None, value: str) -> bool:
    if unit not in _POSSIBLE[analyte]:
        return False
    return unit is not None or analyte not in _BLOOD_COUNTS or _is_high(analyte, value)


def _is_high(analyte: str, value: str) -> bool:
    return float(number(value)) >= _LOWEST_COUNT.get(analyte, _LOWEST_OTHER_COUNT)


def _joined(nodes: list[Condition | Group], *, either: bool) -> Condition | Group:
    if len(nodes) == 1:
        return nodes[0]
    return Group(operator=Operator.ANY_OF if either else Operator.ALL_OF, operands=tuple(nodes))


def _lab(span: Span, analyte: str, compared_with: tuple[str, str, str | None]) -> Condition | Group:
    comparator, value, unit = compared_with
    return Condition(
        condition_type=ConditionType.LAB, span=span, analyte=analyte, comparator=comparator, value=value, unit=unit
    )
