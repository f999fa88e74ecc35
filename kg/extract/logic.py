"""The logic of one criterion: leaves in the order of the text, joined by the words between them.

"with" binds closest, then "or" and lists, then "and": "ER and/or PR positive and HER2 negative" is an `AllOf` of an `AnyOf` and a leaf;
"IHC 1+ or 2+ with non-amplified ISH" an `AnyOf` of a leaf and an `AllOf`. A criterion whose leaves cannot be joined with any
certainty gets no tree.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal, InvalidOperation
from typing import NamedTuple

from kg.extract.context import is_absent, is_negated, is_other, speaks_of_reaction
from kg.models import Concept, ConceptType, Condition, ConditionType, Group, Mention, Operator, Span, TextField

_TREATMENTS = frozenset({ConceptType.DRUG, ConceptType.DRUG_CLASS, ConceptType.DRUG_COMBINATION, ConceptType.PROCEDURE})
_COMPARATORS = {
    ">=": "ge", "≥": "ge", "at least": "ge", "no less than": "ge", "not less than": "ge", "greater than or equal to": "ge", "minimum of": "ge",
    "\\>=": "ge", "> or =": "ge", "<=": "le", "≤": "le", "at most": "le", "no more than": "le", "not more than": "le", "up to": "le",
    "less than or equal to": "le", "maximum of": "le", "\\<=": "le", "not exceeding": "le", ">": "gt", "\\>": "gt", "more than": "gt", "greater than": "gt",
    "above": "gt", "over": "gt", "exceeding": "gt", "<": "lt", "\\<": "lt", "less than": "lt", "below": "lt", "under": "lt", "=": "eq",
    "older than": "gt", "younger than": "lt", "of": "eq",
}  # fmt: skip
_COMPARE = r"(?P<compare>" + "|".join(re.escape(word) for word in sorted(_COMPARATORS, key=len, reverse=True)) + r")"
_NUMBER = r"(?P<value>\d{1,3}(?:,\d{3})+|\d+(?:\.\d+)?)"
_AGE = (
    re.compile(rf"\b(?:aged?|ages)\b[^\n.;\d]{{0,25}}?{_COMPARE}\s*{_NUMBER}\s*(?P<unit>years?|months?|days?)?", re.IGNORECASE),
    re.compile(rf"{_COMPARE}\s*{_NUMBER}\s*(?P<unit>years?|months?)\s*(?:of age|old)\b", re.IGNORECASE),
    re.compile(rf"\b{_NUMBER}\s*(?P<unit>years?|months?)(?:\s*of age|\s*old)?\s*(?:or|and|&)\s*(?P<compare>older|above|over|younger|under|up)\b", re.IGNORECASE),
)
_AGE_RANGE = re.compile(
    r"\b(?:aged?|ages)\b[^\n.;\d]{0,25}?(?P<low>\d{1,3})\s*(?:years?)?\s*(?:-|–|to|and)\s*(?P<high>\d{1,3})\b(?!\s*(?:mg|%|weeks))|"
    r"\b(?P<low2>\d{1,3})\s*(?:-|–|to|and)\s*(?P<high2>\d{1,3})\s*years?\s*(?:of age|old)\b", re.IGNORECASE
)
_PERFORMANCE = re.compile(
    r"\b(?P<scale>ECOG|WHO|Zubrod|Karnofsky|KPS|Lansky|Eastern Cooperative Oncology Group)\b[^\n.;\d<>≤≥=]{0,60}?"
    rf"(?:\s*(?P<low>[0-5])\s*(?:-|–|to|or|,|and)\s*(?:[0-5]\s*(?:,|or|,\s*or|and)\s*)?(?P<high>[0-5])(?!\d)|{_COMPARE}?\s*{_NUMBER})", re.IGNORECASE
)
_LAB = re.compile(
    r"\b(?P<lab>absolute neutrophil count|ANC|neutrophils?(?: count)?|platelets?(?: count)?|h(?:a?e)moglobin|Hb|WBC|white blood cells?(?: count)?|leu[ck]ocytes?|"
    r"(?:serum |plasma |total )*bilirubin|(?:serum )?creatinine(?: clearance)?|CrCl|eGFR|GFR|AST|ALT|SGOT|SGPT|alkaline phosphatase|ALP|INR|aPTT|albumin|LVEF|"
    r"left ventricular ejection fraction|QTcF?|lymphocytes?(?: count)?)\b[^\n.;<>≤≥=\d]{0,50}?"
    rf"{_COMPARE}\s*{_NUMBER}\s*(?P<unit>(?:[x×*]\s*)?(?:10\s*[\^]?\s*\d\d?\s*/\s*(?:L|l|µL|uL|mm3)|(?:the )?(?:institutional )?(?:ULN|upper limit of normal)|LLN)|"
    r"%|g/dL|g/L|mg/dL|mmol/L|µmol/L|umol/L|mL/min(?:/1\.73\s?m2)?|ml/min|/\s*(?:mm3|µL|uL|mcL|L)|cells/\w+|msec|ms|seconds)?", re.IGNORECASE
)
_THRESHOLD = re.compile(
    rf"[\s(]*(?:expression|level|score|index|status|CPS|TPS|IHC|of|is|by|with|combined positive score|tumou?r proportion score|[\s,()])*{_COMPARE}\s*{_NUMBER}"
    r"\s*(?P<unit>%|mut/Mb|mutations?/Mb|mutations? per megabase|ng/mL|ng/dL|U/mL|IU/L|copies/mL)?", re.IGNORECASE
)
_IHC = re.compile(
    r"\b(?:IHC|immunohistochemistry)\b[^\n.;]{0,40}?(?P<scores>[0-3]\s*\+?(?:\s*(?:,|/|or|and|-)\s*(?:IHC\s*)?[0-3]\s*\+)*)"
    r"(?:\s*(?:\(|with|and|plus|/|,)*\s*(?P<state>non[-\s]?amplified|not amplified|negative|amplified|positive)?\s*"
    r"(?P<ish>(?:F|C|S|D|dual[\s-])?ISH(?:\s*/\s*(?:F|C|S)ISH?)*|in[\s-]situ hybridi[sz]ation)\s*[-\s]?(?P<after>negative|positive|amplified|non[-\s]?amplified|not amplified|-|\+)?)?",
    re.IGNORECASE,
)
_WITH = re.compile(r"\bwith\b|\bplus\b|\bin combination\b", re.IGNORECASE)
_OR = re.compile(r"\bor\b|and\s*/\s*or|/", re.IGNORECASE)
_ALTERNATIVES = re.compile(r"(?:at least )?(?:one|any|either)(?: or more)? of(?: the)?(?: following)?|either\b|any of\b", re.IGNORECASE)


class Assays(NamedTuple):
    """The procedures that scores are measured by; None where the terminology lacks them."""

    ihc: Concept | None
    ish: Concept | None


def _is_marker(node: "Condition | Group") -> bool:
    leaf = node.operands[0] if isinstance(node, Group) else node
    return leaf.condition_type is ConditionType.MARKER if isinstance(leaf, Condition) else _is_marker(leaf)


class _Leaf(NamedTuple):
    start: int
    end: int
    node: Condition | Group


def logic(field: TextField, start: int, end: int, mentions: Sequence[Mention], assays: Assays) -> Condition | Group | None:
    """Return the tree of the criterion at ``start:end``, or None where nothing in it is a condition we know."""
    leaves = [*_concept_leaves(field, start, end, mentions, assays), *_value_leaves(field, start, end)]
    leaves.sort(key=lambda leaf: (leaf.start, -leaf.end))
    apart: list[_Leaf] = []
    for leaf in leaves:
        if not apart or leaf.start >= apart[-1].end:
            apart.append(leaf)
        elif _is_marker(leaf.node) and not _is_marker(apart[-1].node):  # the marker in a disease's name
            both = Group(operator=Operator.ALL_OF, operands=(leaf.node, apart[-1].node))
            apart[-1] = _Leaf(apart[-1].start, max(leaf.end, apart[-1].end), both)
    return _join(field.text, start, apart) if apart else None


def _concept_leaves(
    field: TextField, start: int, end: int, mentions: Sequence[Mention], assays: Assays
) -> Iterable[_Leaf]:
    text = field.text
    reaction = speaks_of_reaction(text[start:end])
    for mention in mentions:
        node = _leaf_node(mention, end)
        if node is None or (reaction and node.condition_type is ConditionType.TREATMENT):
            continue
        if node.condition_type is ConditionType.DISEASE and is_other(text, mention.span.start, start):
            continue
        shared = mention.rule == "state-coordination"
        leaf_start, leaf_end = (mention.name_start, mention.name_end) if shared else (node.span.start, node.span.end)
        if mention.concept.notation == "her2" and (score := _IHC.search(text, mention.span.start, min(end, leaf_end + 80))):
            yield _Leaf(leaf_start, score.end(), _her2_by_assay(field, mention, score, assays))
            continue
        denied = is_absent if node.condition_type is ConditionType.DISEASE else is_negated
        negated = denied(text, mention.span.start, mention.span.end, start, end)
        yield _Leaf(leaf_start, leaf_end, Group(operator=Operator.NOT, operands=(node,)) if negated else node)


def _leaf_node(mention: Mention, end: int) -> Condition | None:
    """Return the leaf of a mention; a marker without a state or a threshold tests nothing."""
    kind = mention.concept.concept_type
    if kind is ConceptType.MARKER:
        threshold = _THRESHOLD.match(mention.span.text.text, mention.span.end, end)
        if mention.state is None and threshold is None:
            return None
        if threshold is not None and mention.state is None:
            comparator, value = _compared(threshold)
            span = Span(text=mention.span.text, start=mention.span.start, end=threshold.end())
            return Condition(
                condition_type=ConditionType.MARKER, span=span, concept=mention.concept,
                comparator=comparator, value=value, unit=threshold["unit"],
            )  # fmt: skip
        return Condition(
            condition_type=ConditionType.MARKER, span=mention.span, concept=mention.concept, state=mention.state
        )
    if kind in _TREATMENTS:
        return Condition(condition_type=ConditionType.TREATMENT, span=mention.span, concept=mention.concept)
    if kind is ConceptType.DISEASE:
        return Condition(condition_type=ConditionType.DISEASE, span=mention.span, concept=mention.concept)
    return None


def _her2_by_assay(field: TextField, mention: Mention, match: re.Match[str], assays: Assays) -> Condition | Group:
    """Return HER2's state as scores define it: "IHC 1+, or 2+ with non-amplified ISH"."""

    def leaf(start: int, end: int, **values: object) -> Condition:
        return Condition(
            condition_type=ConditionType.MARKER, span=Span(text=field, start=start, end=end), concept=mention.concept, **values
        )  # type: ignore[arg-type]

    scores: list[Condition | Group] = []
    found = list(re.finditer(r"[0-3]\s*\+?", match["scores"]))
    for score in found:
        at = match.start("scores") + score.start()
        end = match.start("scores") + score.end()
        scores.append(leaf(at, end, assay=assays.ihc, comparator="eq", value=score.group().replace(" ", "")))
    if match["ish"] and (said := match["state"] or match["after"]):
        amplified = said.lower() in {"amplified", "positive", "+"}
        ish = leaf(
            match.start("ish"), match.end(), assay=assays.ish, state="amplified" if amplified else "not-amplified"
        )
        scores[-1] = Group(operator=Operator.ALL_OF, operands=(scores[-1], ish))
    by_score = scores[0] if len(scores) == 1 else Group(operator=Operator.ANY_OF, operands=tuple(scores))
    if mention.state is None or mention.rule == "her2-ihc-score":
        return by_score
    named = leaf(mention.span.start, mention.span.end, state=mention.state)
    return Group(operator=Operator.ALL_OF, operands=(named, by_score))


# --- values


def _value_leaves(field: TextField, start: int, end: int) -> Iterable[_Leaf]:
    for find in (_ages, _performance, _labs):
        yield from find(field, start, end)


def _ages(field: TextField, start: int, end: int) -> Iterable[_Leaf]:
    text = field.text
    for match in _AGE_RANGE.finditer(text, start, end):
        low, high = match["low"] or match["low2"], match["high"] or match["high2"]
        if int(low) < int(high):
            bounds = tuple(_value(field, match, ConditionType.AGE, word, value, "years") for word, value in (("ge", low), ("le", high)))
            yield _Leaf(match.start(), match.end(), Group(operator=Operator.ALL_OF, operands=bounds))
            return
    for pattern in _AGE:
        if match := pattern.search(text, start, end):
            word = match["compare"].lower()
            comparator = {"older": "ge", "above": "ge", "over": "ge", "up": "ge", "younger": "le", "under": "le"}
            code = comparator[word] if pattern is _AGE[2] else _COMPARATORS[word]
            unit = (match["unit"] or "years").lower()
            unit = unit if unit.endswith("s") else unit + "s"
            yield _Leaf(match.start(), match.end(), _value(field, match, ConditionType.AGE, code, match["value"], unit))
            return


def _performance(field: TextField, start: int, end: int) -> Iterable[_Leaf]:
    match = _PERFORMANCE.search(field.text, start, end)
    if match is None:
        return
    scale = "Karnofsky" if match["scale"].lower() in {"karnofsky", "kps", "lansky"} else "ECOG"
    kind = ConditionType.PERFORMANCE_STATUS
    if match["low"] is not None:
        bounds = tuple(_value(field, match, kind, word, match[name], scale) for word, name in (("ge", "low"), ("le", "high")))
        yield _Leaf(match.start(), match.end(), Group(operator=Operator.ALL_OF, operands=bounds))
    elif match["value"] is not None:
        comparator, value = _compared(match)
        yield _Leaf(match.start(), match.end(), _value(field, match, kind, comparator, value, scale))


def _labs(field: TextField, start: int, end: int) -> Iterable[_Leaf]:
    for match in _LAB.finditer(field.text, start, end):
        comparator, value = _compared(match)
        unit = " ".join((match["lab"], match["unit"] or "")).strip()
        yield _Leaf(match.start(), match.end(), _value(field, match, ConditionType.LAB, comparator, value, unit))


def _value(
    field: TextField, match: re.Match[str], kind: ConditionType, comparator: str, value: str, unit: str
) -> Condition:
    span = Span(text=field, start=match.start(), end=match.end())
    return Condition(condition_type=kind, span=span, comparator=comparator, value=value, unit=unit)


def _compared(match: re.Match[str]) -> tuple[str, str]:
    word = (match["compare"] or "=").lower()
    text = match["value"].replace(",", "")
    try:
        value = format(Decimal(text).normalize(), "f")
    except InvalidOperation:
        value = text
    return _COMPARATORS[word], value


# --- joining


def _join(text: str, start: int, leaves: Sequence[_Leaf]) -> Condition | Group:
    """Join the leaves: first what "with" binds, then "or", then "and"."""
    gaps = [text[left.end : right.start] for left, right in zip(leaves, leaves[1:], strict=False)]
    own = [left.node.state is not None and right.node.state is not None and gap == "/" if isinstance(left.node, Condition) and isinstance(right.node, Condition) else False
           for left, right, gap in zip(leaves, leaves[1:], gaps, strict=False)]  # "HR+/HER2-"
    words = ["and" if both else "with" if _WITH.search(gap) else "or" if _OR.search(gap) else "," if gap.strip() == "," else "and" for gap, both in zip(gaps, own, strict=True)]
    for place in range(len(words) - 2, -1, -1):
        if words[place] == ",":
            words[place] = words[place + 1]
    words = ["and" if word == "," else word for word in words]
    if _ALTERNATIVES.search(text, start, leaves[0].start):
        words = ["or" if word == "and" else word for word in words]
    nodes = [leaf.node for leaf in leaves]
    for word, operator in (("with", Operator.ALL_OF), ("or", Operator.ANY_OF), ("and", Operator.ALL_OF)):
        nodes, words = _reduce(nodes, words, word, operator)
    return nodes[0]


def _reduce(
    nodes: list[Condition | Group], words: list[str], word: str, operator: Operator
) -> tuple[list[Condition | Group], list[str]]:
    grouped: list[list[Condition | Group]] = [[nodes[0]]]
    left: list[str] = []
    for joined, node in zip(words, nodes[1:], strict=True):
        if joined == word:
            grouped[-1].append(node)
        else:
            grouped.append([node])
            left.append(joined)
    merge: Callable[[list[Condition | Group]], Condition | Group] = (
        lambda found: found[0] if len(found) == 1 else Group(operator=operator, operands=tuple(found))
    )
    return [merge(found) for found in grouped], left
