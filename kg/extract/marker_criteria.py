"""What a criterion says of a marker's state: required, ruled out, or only mentioned."""

import re

from kg.extract.conditional import ASKS_FOR_IT, EXCEPTION, EXCEPTION_BEHIND, FAMILY, IF, SAYS_AGAIN, SUBJECT_MUST
from kg.extract.context import (
    BRACKETS,
    Beside,
    ContextKind,
    denies_list,
    is_denied_before,
    is_denied_itself,
    is_ruled_out,
    permits,
)
from kg.extract.criteria import Item
from kg.extract.searching import Guarded
from kg.extract.statements import NARROWER, strong, weak
from kg.extract.states import Denial, denial_behind, says_absent
from kg.models import Mention, Polarity, Role, Statement

_FOR = Guarded(
    r"(?<!positive )(?<!negative )(?<!tested )(?<!test )(?<!wild-type )(?<!stained )(?<!evidence )(?<!positive screen )"
    r"\bfor\s+(?:(?!including\b)[\w\-]+\s+){0,3}$",
    re.IGNORECASE,
)
# Who was or is treated for a disease has it: "six cycles of chemotherapy for HER2-positive disease".
_TREATED_FOR = Guarded(
    r"\b(?:treatment|therapy|chemotherapy|surgery|trastuzumab|resection|mastectomy|treated|radiotherapy)\s+for\s+"
    r"(?:[\w\-]+\s+){0,3}$",
    re.IGNORECASE,
)
_FOLLOWED_BY_NEGATIVE = Guarded(
    r"^[^.;]{0,30}\b(?:followed by|but)\s+(?:an?\s+)?(?:subsequent\s+)?negative\b", re.IGNORECASE
)
_CELLS_OR_DRUG = re.compile(
    r"(?:\s?\([^()]{1,12}\))?[\s\-]*(?:inhibit|antagonis|agonis|block|antibod|target(?:ed|ing)|directed|based|"
    r"or [\w\-]+[\s\-]+based|"
    r"therap(?!eutic response)|treatment|"
    r"CAR\b|vaccin)",
    re.IGNORECASE,
)
_NEGATIVE_STATES = frozenset({"negative", "not-detected", "normal", "wild-type", "not-amplified", "not-expressed"})
# An exclusion of some of those with a state.
_NARROWED = Guarded(
    r"\bnode[\s-](?:negative|positive)|\bstages?\s+(?:[0I]|[1-4])|\bgrade\s+[1-3]|\blow[\s-]risk\b", re.IGNORECASE
)
_WHO_ALSO = Guarded(
    r"\s*(?:\w+\s){0,3}(?:who|that)\s+(?:have|has|had|are|were|is)\b(?!\s+(?:not eligible|ineligible|excluded))",
    re.IGNORECASE,
)
_OR_BEFORE = Guarded(
    r"(?:mutations?|fusions?|amplifications?|rearrangements?|[A-Z][A-Z\d]+)\s?(?:and/or|or|/)\s", re.IGNORECASE
)
_RECEPTORS = frozenset({"er", "pr", "hr", "her2"})
# Receptors excluded together: "ER and PR negative".
_A_RECEPTOR = r"(?:ER|Pg?R|HR|HER-?2\w*|o?estrogen|progesterone|hormone)"


def _joined(sign: str) -> tuple[re.Pattern[str], re.Pattern[str]]:
    """Return what joins a receptor with another behind it, and before it, where ``sign`` stands between."""
    return (
        re.compile(rf"(?:(?!\bor\b)[^.;]){{0,50}}?{sign}\s?{_A_RECEPTOR}(?![A-Za-z])", re.IGNORECASE),
        re.compile(rf"(?<![A-Za-z]){_A_RECEPTOR}(?![A-Za-z])(?:(?!\bor\b)[^.;]){{0,50}}?{sign}\s?$", re.IGNORECASE),
    )


# "ER/PR-negative" is negative for both, "ER/PR-positive" positive for one at least.
_JOINED_POSITIVE = _joined(r"(?:\band\b(?!\s?/\s?or)|&)")
_JOINED_NEGATIVE = _joined(r"(?:\band\b(?!\s?/\s?or)|&|(?<!and)/(?!\s?or\b))")
_CONDITION_BEHIND = Guarded(r"\b(?:unless|if\b|provided)\b", re.IGNORECASE)
_OF_MENOPAUSE = frozenset({"fsh", "serum-fsh", "estradiol", "lh"})
_MENOPAUSE = Guarded(r"menopaus|menstrua|menses|amenorrh|oophorectom|ovarian (?:function|suppress)", re.IGNORECASE)
_SUITED = r"\beligible (?:for (?:\w+ )?(?:treatment|therapy|surgery|chemotherapy|transplant\w*)|to receive)\b"
# "Positive or unknown" asks for what it names; a definition, or being suited for a treatment, allows nothing.
_OR_UNKNOWN = (
    r"\bor\s+(?:(?:receptor\s+)?status\s+)?unknown\b(?:\s+(?:receptor\s+)?status)?"
    r"(?:\s+(?:is\s+)?(?:allowed|eligible|permitted)\b)?"
)
_NO_PERMISSION = re.compile(
    rf"{_OR_UNKNOWN}|\bconsidered (?:to be |as )?(?:positive|negative|amplified)\b|{_SUITED}", re.IGNORECASE
)
_SUITED_BEHIND = Guarded(f"{_SUITED}|{_OR_UNKNOWN}", re.IGNORECASE)
# "HER2-positive by any test or negative disease"
_OTHER_SIDE_BEHIND = Guarded(
    r"^[^.;,]{0,120}\bor\s+(?:negative|positive)\s+(?:tumou?rs?|disease|status|patients|cancers?)\b",
    re.IGNORECASE,
)
# "HER2-positivity is defined as …": what it is, not that it is asked for.
_DEFINED_BEHIND = Guarded(
    r"[\s*]*(?:(?:status|tumou?rs?|disease|expression)\s)?(?:is|are|was|were|will be|refers to)\s(?:\w+ly\s)?"
    r"(?:defined|considered|determined (?:as|if|when))\b",
    re.IGNORECASE,
)
# "[FISH ratio > 2 is considered HER2-positive]"
_DEFINED_BEFORE = re.compile(
    r"(?:[+\-]\)?|positive|negative|amplifi\w+|ratio[^.;]{0,12}\d)\s(?:is|=|means|(?:(?:is|are|will be|was)\s)?"
    r"(?:considered|defined as|regarded as|classified as|counted as))\s(?:to be\s)?$",
    re.IGNORECASE,
)
# "Patients with tumours that overexpress HER2 should have received trastuzumab"
_WITH_BEFORE = Guarded(
    r"\b(?:patients|subjects|participants|those|women|men|individuals|tumou?rs)\s+(?:with|whose|who|that)\b[^.;]{0,80}$",
    re.IGNORECASE,
)
_MUST_HAVE_HAD = Guarded(
    r"[^.;]{0,150}\b(?:must|should) have (?:\w+ly )?(?:received|had|failed|progress|"
    r"been (?:previously )?treated|experienced)",
    re.IGNORECASE,
)
# "Features of high risk (such as ER-negative)": one of many that may be there.
_EXAMPLE_OF_RISK = re.compile(
    r"\b(?:risk|prognos\w+|adverse|unfavou?rable)\b[^()]{0,30}\((?:including|such as|e\.?g\.?,?|for example)\s[^()]*$",
    re.IGNORECASE,
)
# Rules by which one name says several states at once: who has all of them is ruled out, not who has one.
_SAID_TOGETHER = frozenset({"triple-negative"})


def marker_statement(mention: Mention, words: Beside, item: Item) -> Statement:
    """Return what a criterion says of a marker; in doubt it is a mention.

    Args:
        mention: The marker.
        words: What stands beside it in its sentence.
        item: The criterion.
    """
    if mention.state is None or _asks_nothing(words) or _is_no_marker_of_tumour(mention, words):
        return weak(mention)
    denied, out = is_denied_itself(words), is_ruled_out(words)
    if (denied and out) or words.said.doubtful or words.said.has(ContextKind.PREVENTED, ContextKind.EXCEPTION):
        return weak(mention)  # "patients without … are excluded"; "no surgery for …"; "refuses …"
    absent = denial_behind(mention.state, words.after)
    if absent is Denial.OF_LIST or (absent is Denial.OF_IT and is_denied_before(words.said, mention.span.start)):
        return weak(mention)  # "ALK fusion, RET not detected"
    denied = denied or absent is Denial.OF_IT
    if mention.rule in NARROWER and (denied or out or item.polarity is Polarity.EXCLUSION):
        return weak(mention)
    if (denied or out or item.polarity is Polarity.EXCLUSION) and _is_excluded_with_more(mention, words):
        return weak(mention)
    if item.polarity is Polarity.EXCLUSION:
        return _excluded(mention, words, denied=denied)
    return _included(mention, words, denied=denied or out)


def _excluded(mention: Mention, words: Beside, *, denied: bool) -> Statement:
    if (
        (denied and not SAYS_AGAIN.search(words.before))
        or EXCEPTION.search(words.before)
        or _CONDITION_BEHIND.search(words.after)
        or ASKS_FOR_IT.search(words.clause)
    ):
        return weak(mention)
    return strong(Role.EXCLUDES_MARKER_STATE, mention, "eligibility-exclusion", state=True)


def _included(mention: Mention, words: Beside, *, denied: bool) -> Statement:
    if EXCEPTION_BEHIND.search(words.after[:60]):
        return weak(mention)
    if denied and mention.state in _NEGATIVE_STATES:
        return weak(mention)  # "no active infection  Hepatitis B surface antigen negative": two items run together
    if not denied and denies_list(words.before):
        return weak(mention)  # too far from "no" to tell
    role = Role.EXCLUDES_MARKER_STATE if denied else Role.REQUIRES_MARKER_STATE
    return strong(role, mention, "eligibility-negated" if denied else "eligibility-inclusion", state=True)


def _is_excluded_with_more(mention: Mention, words: Beside) -> bool:
    """Tell whether only patients with this state and something else are ruled out: "node-negative, ER-positive …"."""
    if says_absent(mention.span.quote) and _OR_BEFORE.search(f"{words.before}{mention.span.quote}"):
        return True  # "EGFR mutation or ALK fusion not detected": who has neither
    narrowed = _NARROWED.search(words.before) or _NARROWED.search(words.after) or _WHO_ALSO.match(words.after)
    if mention.rule in _SAID_TOGETHER or narrowed:
        return True
    if mention.concept.notation not in _RECEPTORS:
        return False
    text, span = mention.span.text.text, mention.span
    before = BRACKETS.sub("", words.before + text[span.start : mention.name_start])
    behind = BRACKETS.sub("", text[mention.name_end : span.end] + words.after)
    next_to, next_from = _JOINED_NEGATIVE if mention.state == "negative" else _JOINED_POSITIVE
    return bool(next_to.match(behind) or next_from.search(before))


def _is_no_marker_of_tumour(mention: Mention, words: Beside) -> bool:
    """Tell whether a hormone's level only proves menopause."""
    return mention.concept.notation in _OF_MENOPAUSE and _MENOPAUSE.search(words.clause) is not None


def _leaves_open(words: Beside) -> bool:
    """Tell whether a clause allows what it names; what brackets say is said of something else, or of its test."""
    around = f"{BRACKETS.sub(' ', words.before)} | {BRACKETS.sub(' ', words.after)}"
    return permits(_NO_PERMISSION.sub(" ", around))


def _asks_nothing(words: Beside) -> bool:
    before, after = words.before, words.after
    return bool(
        _leaves_open(words)
        or _OTHER_SIDE_BEHIND.search(after)
        or _DEFINED_BEHIND.match(after)
        or _DEFINED_BEFORE.search(before)
        or (_WITH_BEFORE.search(before) and _MUST_HAVE_HAD.match(after))
        or (words.said.has(ContextKind.PERMITTED) and not _SUITED_BEHIND.search(after))
        or IF.search(before)
        or FAMILY.search(before)
        or _EXAMPLE_OF_RISK.search(before)
        or (_FOR.search(before) and not _TREATED_FOR.search(before))
        or SUBJECT_MUST.match(after)
        or _FOLLOWED_BY_NEGATIVE.match(after)
        or _CELLS_OR_DRUG.match(after)
    )
