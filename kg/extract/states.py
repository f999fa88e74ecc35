"""Marker states: the signs, words and scores beside a marker's name that say in which state it is.

The wordings are data (`_WORDS`); which states a marker can have is in the terminology, and nothing else is
read: "EGFR low" is no state of EGFR mutations, "PR positive" is one of PR.
"""

import re
from enum import Enum
from typing import Final, NamedTuple

from kg.extract.searching import Guarded
from kg.models import Concept

# Wording (regular expression, lower case) to the notation of a state.
_WORDS: Final = (
    (r"ultra[\s-]?low(?:[\s-]expressi(?:ng|on))?", "ultralow"),
    (r"low(?:ly)?[\s-]?(?:expressi(?:ng|on)|expressed|positive)|low(?:[\s-]level)?", "low"),
    (r"over[\s-]?express(?:ing|ion|ed|es)?", "overexpressed"),
    (r"non[\s-]?amplified|not[\s-]amplified|un-?amplified|no amplification", "not-amplified"),
    (r"amplif(?:ied|ications?)", "amplified"),
    (r"wild[\s-]?types?|\bwt", "wild-type"),
    (r"(?:mutat(?:ed|ions?)[\s-])?carriers?(?!\sproteins?)", "mutated"),
    (r"(?:mutat(?:ed|ions?)[\s-])?non-?\s?carriers?", "wild-type"),
    (r"mutat(?:ed|ions?)|mutants?|mutation[\s-]positive|pathogenic variants?", "mutated"),
    (r"(?:gene[\s-])?(?:fusions?|rearrange(?:d|ments?)|translocat(?:ed|ions?))", "fusion"),
    (r"(?:homozygous(?:ly)?[\s-])?delet(?:ed|ions?)", "deleted"),
    (r"un-?methylated", "unmethylated"),
    (r"(?:hyper)?methylat(?:ed|ion)", "methylated"),
    (r"deficien(?:t|cy)", "deficient"),
    (r"proficien(?:t|cy)|intact", "proficient"),
    (r"undetect(?:ed|able)|non-?detectable", "not-detected"),
    (r"detect(?:ed|able)", "detected"),
    (r"positiv(?:e|ity)|pos\b", "positive"),
    (r"negativ(?:e|ity)|neg\b", "negative"),
    (r"elevat(?:ed|ion)|increas(?:ed|ing)|raised|rising|abnormal(?:ly high)?", "elevated"),
    (r"high(?:ly)?[\s-]?(?:expressi(?:ng|on)|expressed)|high", "high"),
    (r"stable", "stable"),
    (r"normal", "normal"),
    (r"express(?:ing|ed|es)?", "expressed"),
    (r"loss|lost|null", "loss"),
    # of a hormone receptor; "poor" is much else of other markers
    (r"poor(?![\s-](?:prognos|metaboli|risk|respon|outcome|differentiat|performance|survival|perfusion))", "poor"),
)  # fmt: skip
_ANY = "|".join(f"(?P<s{number}>{pattern})" for number, (pattern, _) in enumerate(_WORDS))
# A line break that begins a list item or a paragraph ends what belongs to a name.
_SPACE = r"(?:[^\S\n]++|\n(?![^\S\n]*(?:\n|[-*•]\s)))"
# Between the marker and its state: its short form, what it is measured in, and a copula.
_BRIDGE = (
    rf"(?:{_SPACE}?\((?!pos|neg)[A-Za-z][A-Za-z0-9/\-]{{1,9}}\))?"
    rf"(?:(?:{_SPACE}|[\-‐‑–]){{0,8}}(?:receptors?|status|gene|promoter(?: region)?|protein|oncogene|"
    rf"tumou?r|expression|test(?:ing)?|results?|\(?(?:ihc|fish|s?ish|cish)\)?|"
    r"deleterious|pathogenic|germ-?line|somatic|activating|inactivating|sensiti[sz]ing|"
    r"by (?:ihc|immunohistochemistry|fish|ish)|(?:must|should|will|has to|to) be|has been|is|was|are|were|be|being|as|"
    r":|=|documented|confirmed|known)(?![A-Za-z])){0,8}"
)
_AFTER_WORD = re.compile(
    rf"{_BRIDGE}(?:{_SPACE}|[\-‐‑–:]){{0,8}}(?P<not>(?:not|non)[\s\-]+(?:be )?)?(?:{_ANY})(?![A-Za-z])", re.IGNORECASE
)
_BEFORE_WORD = Guarded(
    rf"(?<![A-Za-z])(?:{_ANY})(?:{_SPACE}|[\-‐‑–]){{0,4}}(?:expression of|levels? of|of|(?P<for>for)|serum|plasma|the|"
    rf"tumou?r|gene|in)?{_SPACE}{{0,8}}$",
    re.IGNORECASE,
)
_PLUS = re.compile(
    r"\s?(?:\+ve\b|\+(?!\s*\d|[+\d]|/-)|\(\s?\+\s?\)|\(\s*pos(?:itive)?\s*\))(?=$|[\s/,;.)\]\-–:&]|HER|her|and|or)"
)
_MINUS = re.compile(
    r"\s?[\-–−‐‑]ve\b|(?:[\-–−‐‑](?=$|[\s,;.)\]/&+]|and\b|or\b)|\s?\(\s?[\-–−‐‑]\s?\)|\s?\(\s*neg(?:ative)?\s*\))"
)
_MINUS_FALSE = re.compile(
    r"[\-–−‐‑]\)?\s*(?:targeted|directed|and/or\s+\w+-|(?:\([^()]{1,14}[\-–−‐‑]\)\s*)?(?:over-?express|amplifi|mutat|positiv))",
    re.IGNORECASE,
)
_LOSS_OF = Guarded(r"(?:(?P<loss>loss)|lack|absence) of (?:the )?(?:expression of )?$", re.IGNORECASE)
_FOUND_IN = re.compile(r"\b(?:detect\w+|positive|negative)\s+in\s+$", re.IGNORECASE)
_NOT_BEFORE = re.compile(r"\b(?:not|non)[\s\-]*$", re.IGNORECASE)
_NO_BEHIND = re.compile(r"\b(?:not|non|no)[\s\-]*$", re.IGNORECASE)  # "HER2: no overexpression"
# "CD34+ cells" are a product, "CD20+ B-cell lymphoma" is a tumour in a state.
_CELLS = re.compile(
    r"\s*(?:(?!tumou?r|malignan|neoplas|cancer|blast|leuk|lymphoma|plasma)[A-Za-z\-]+\s+){0,2}"
    r"(?:cells?\b(?!\s*(?:[a-z\-]*\s?)(?:lymphom|leuk|malign|neopl|tumou?r|disease|non-hodgkin|acute))|progenitors?|"
    r"stem|select\w*|enrich\w*|counts?|affinity|"
    r"[TB][\s-]?lymphocytes?|monocytes?|grafts?|dose|metaphases?)\b", re.IGNORECASE
)  # fmt: skip
_CELL_MARKER = re.compile(r"(?i:CD\s?\d)|Ph(?![a-z])")
# Behind a noun of an alteration: a test for it, and what the test or the tumour says.
_METAPHASES = re.compile(
    r"(?:\s?\([^()]{1,12}\))?\)?\s*metaphases?\b", re.IGNORECASE
)  # their share is a response, not a state
_ALTERATIONS: Final = frozenset({"mutated", "fusion", "amplified", "deleted", "overexpressed", "methylated"})
_TEST_OF_IT = re.compile(
    r"[\s\-]*(?:gene\s)?(?:tests?|testing|analys[ie]s|status|assays?|detection|results?|screening|profil\w+|"
    r"sequencing|panels?|genotyping|load|burden|"
    r"frequency|rates?|evaluation|determination|assessment|levels?)\b", re.IGNORECASE
)  # fmt: skip
_SAYS_NO = re.compile(
    r"[\s\-:]*(?:(?:is|are|was|were|status)\s+)?(?:negative|absent|undetect\w+|not (?:been )?(?:detected|detectable|"
    r"present|found|identified|observed)|wild[\s-]?type|free\b|non-?\s?carriers?\b)",
    re.IGNORECASE,
)
_SAYS_YES = re.compile(
    r"[\s\-:]*(?:(?:is|are|was|were|status)\s+)?(?:positive|present|detected|confirmed|found)\b", re.IGNORECASE
)
_NEGATIVE_FOR = Guarded(r"\bnegative\s+(?:for\s+)?(?:(?:an?|any|the|all|known)\s+)?$", re.IGNORECASE)
# "No amplification of HER2" denies a state, as "no overexpression of HER2" does; "non-amplified HER2" is one.
_DENIED_BY_NO: Final = {"not-amplified": "amplified"}
_TESTING_OF = Guarded(
    r"\b(?:test(?:ing|ed|s)?|assess(?:ment|ed)?|evaluat(?:ion|ed)|analysis|determination|screen(?:ing|ed)?) (?:of|"
    r"for)\s+(?:the\s+)?$",
    re.IGNORECASE,
)
# "positive or negative", "+/-", "mutated or wild-type": either will do, so nothing is asked.
_EITHER_AFTER = re.compile(
    r"[\s\-]*(?:,|/|and/or\b|and\b|or\b|\bvs\.?|versus)\s*(?:-|–|−|\+)?\s*(?P<word>\(?[+\-−–]\)?(?![\w])|"
    r"[a-z]+(?:[\s-](?:type|amplified|detected|mutated|positive|negative|carriers?))?)",
    re.IGNORECASE,
)
_EITHER_BEFORE = Guarded(
    r"(?P<word>(?:non[\s-])?\b[a-z]+|[+\-−–])\s*[,/]?\s*(?:/|\band/or|\band|\bor|\bvs\.?|\bversus|\bto)[\s\-]*$",
    re.IGNORECASE,
)
_SIDES: Final = {
    "positive": r"\+|pos", "negative": r"[\-−–]$|neg", "mutated": r"mutat|mutant|carrier",
    "wild-type": r"wild|wt$|non[\s-]?(?:mutat|carrier)|un-?mutat",
    "amplified": r"amplif", "not-amplified": r"non[\s-]?ampl|not[\s-]ampl|un-?ampl", "high": r"high", "low": r"low",
    "normal": r"normal|low$|high$",
    "detected": r"detect", "not-detected": r"undetect|not[\s-]detect", "deficient": r"deficien",
    "proficient": r"proficien|intact",
    "methylated": r"methyl", "unmethylated": r"un-?methyl", "elevated": r"elevat", "overexpressed": r"overexpr",
    "stable": r"stable",
}  # fmt: skip
_OTHER_SIDE: Final = {
    "positive": ("negative",), "negative": ("positive",), "mutated": ("wild-type",), "wild-type": ("mutated",),
    "amplified": ("not-amplified",),
    "not-amplified": ("amplified",), "high": ("low", "normal"), "low": ("high",), "normal": ("elevated", "normal"),
    "elevated": ("normal",),
    "detected": ("not-detected",), "not-detected": ("detected",), "deficient": ("proficient",),
    "proficient": ("deficient",),
    "methylated": ("unmethylated",), "unmethylated": ("methylated",),
}  # fmt: skip
_CARRIERS_OR_NOT = Guarded(
    r"\bcarriers?\s?(?:/|,|&|vs\.?|versus|and/or|and|or)\s?non[\s\-]?(?:carriers?|mutat)|"
    r"\bnon[\s\-]?carriers?\s?(?:/|,|&|vs\.?|versus|and/or|and|or)\s?carriers?",
    re.IGNORECASE,
)
_LOOK_BACK = 40
# "HER2 status: positive or negative", "any ER/PR/HER2 status"
_OPEN_BEHIND = re.compile(
    rf"{_BRIDGE}[\s\-:(]{{0,3}}(?:either\s)?(?:(?:positive|pos\b|\+)\s?(?:/|,|and/or|or|and)\s?(?:negative|neg\b|[\-–](?!\w))|"
    r"(?:negative|neg\b|[\-–])\s?(?:/|,|and/or|or|and)\s?(?:positive|pos\b|\+))",
    re.IGNORECASE,
)
_ANY_BEFORE = re.compile(r"\bany\s(?:[\w\-]{1,12}\s?(?:/|,|and|or)\s?){0,3}$", re.IGNORECASE)
_STATUS_BEHIND = re.compile(
    r"(?:\s?(?:/|,|and|or)\s?[\w\-]{1,12}){0,3}\s(?:receptor\s|disease\s|expression\s)?(?:status|levels?)\b",
    re.IGNORECASE,
)
# Before "normal" a limit is meant, before a state word another test's name: "limit of normal", "HIV negative".
_LIMIT_BEFORE = re.compile(
    r"(?:limits?(?: of)?|times|x|×|than|upper|lower|institutional|low|high|to|within)[\s\-]*$", re.IGNORECASE
)
_OTHERS_RESULT = re.compile(
    r"(?:\b(?:tit(?:er|re)s?|tests?|status|antibod(?:y|ies)|antigen|serology|virus|cultures?|nodes?|infection)|"
    r"\b(?-i:[A-Z][A-Za-z]*[A-Z][A-Za-z0-9]*))[\s\-]+$",
    re.IGNORECASE,
)

# Words that say the opposite of what they look like where "non-" or "not" stands before them.
_OPPOSITE: Final = {
    "positive": "negative", "negative": "positive", "amplified": "not-amplified", "mutated": "wild-type",
    "fusion": "negative",
    "detected": "not-detected", "overexpressed": "not-overexpressed", "expressed": "not-expressed",
    "deleted": "not-deleted", "deficient": "proficient", "methylated": "unmethylated",
}  # fmt: skip
# Where a marker has only the one wording of a pair, the other means the same of it.
_SYNONYMS: Final = {
    "detected": ("positive",), "not-detected": ("negative",), "positive": ("detected", "expressed", "mutated",
    "fusion"),
    "negative": ("not-detected", "not-expressed"), "expressed": ("positive",), "overexpressed": ("high", "positive"),
    "elevated": ("high",), "high": ("elevated", "overexpressed"), "loss": ("deleted", "negative", "not-expressed"),
    "not-expressed": ("negative", "not-detected", "loss"), "deleted": ("loss",), "not-overexpressed": ("negative",),
}  # fmt: skip
# A marker that is an alteration itself ("T790M") is there or not.
_OF_ALTERATIONS: Final = {
    "mutated": ("positive",), "fusion": ("positive",), "deleted": ("positive",), "amplified": ("positive",),
    "wild-type": ("negative",),
    "positive": ("mutated", "fusion"),
}  # fmt: skip
_PRESENCE: Final = frozenset({"positive", "negative", "detected", "not-detected", "mutated", "wild-type", "fusion"})
_ALTERATION: Final = re.compile(
    r"\b(?:deletions?|insertions?|mutations?|fusions?|amplification|skipping|rearrangement|translocation|"
    r"[A-Z]\d{2,4}[A-Z](?:/[A-Z])?|(?<= )[A-Z]\d{2,4}|ITD|BCR[-:]+ABL1?)\b|"
    r"\b(?:t|del|inv)\(\d|ex\d"
)
# What one marker's word can say of the next marker of a list; "ALK fusion" says nothing of PD-L1 before it.
_SHAREABLE: Final = frozenset(
    {"positive", "negative", "expressed", "not-expressed", "detected", "not-detected", "overexpressed"}
)

# A tumour that expresses a hormone receptor is called positive for it (ASCO/CAP 2020: 1 % of nuclei or more).
_HORMONE_RECEPTORS: Final = frozenset({"er", "pr", "hr"})
# "Receptor-poor" is the word for less than 10 fmol/mg, none included, before staining: negative, not low-positive.
_OF_RECEPTORS: Final = {
    "expressed": "positive",
    "poor": "negative",
    "not-expressed": "negative",
    "loss": "negative",
    "overexpressed": "positive",
}


class Found(NamedTuple):
    """A state and the offsets of the words that say it; ``sure`` where they can only speak of a marker."""

    state: str
    start: int
    end: int
    sure: bool = True


def state_after(text: str, start: int, end: int, limit: int) -> Found | None:
    """Return the state that the words right behind a marker's name at ``start:end`` say.

    ``limit`` is where they end. None also where both sides are named: "positive or negative".
    """
    found = _sign_after(text, start, end, limit) or _word_after(text, start, end, limit)
    if found is None or names_both_sides(text, found, limit) or counts_metaphases(text, found.end):
        return None
    return found


def _sign_after(text: str, start: int, end: int, limit: int) -> Found | None:
    for pattern, state in ((_PLUS, "positive"), (_MINUS, "negative")):
        match = pattern.match(text, end, limit)
        if match and not _MINUS_FALSE.match(text, end, limit):
            product = _CELL_MARKER.match(text, start) and _CELLS.match(text, match.end())
            return None if product else Found(state, end, match.end())
    return None


def counts_metaphases(text: str, end: int) -> bool:
    """Tell whether metaphases are what is behind a state: "35 % Ph-positive metaphases"."""
    return _METAPHASES.match(text, end) is not None


def is_hyphen(text: str, place: int) -> bool:
    """Tell whether the sign at ``place`` only joins words: "HER2- (ErbB2-) overexpressing"."""
    return _MINUS_FALSE.match(text, place) is not None


def _word_after(text: str, start: int, end: int, limit: int) -> Found | None:
    match = _AFTER_WORD.match(text, end, limit)
    if match is None:
        return None
    found = Found(_word(match), end, match.end())
    if found.state in _ALTERATIONS:
        found_or_none = _altered(text, start, found)
        if found_or_none is None:
            return None
        found = found_or_none
    if match["not"] or _NO_BEHIND.search(text, end, match.start(_group(match))):
        opposite = _OPPOSITE.get(found.state)
        return found._replace(state=opposite) if opposite else None
    return found


def _altered(text: str, start: int, found: Found) -> Found | None:
    """Read on behind "mutation", "fusion": a test for it says nothing, its result or "negative" the opposite."""
    test = _TEST_OF_IT.match(text, found.end)
    place = test.end() if test else found.end
    no = _SAYS_NO.match(text, place)
    if no:
        opposite = _OPPOSITE.get(found.state)
        return Found(opposite, found.start, no.end()) if opposite else None
    if test:
        yes = _SAYS_YES.match(text, place)
        return Found(found.state, found.start, yes.end()) if yes else None
    before = text[max(0, start - _LOOK_BACK) : start]
    negative = _NEGATIVE_FOR.search(before)
    if negative:
        opposite = _OPPOSITE.get(found.state)
        return Found(opposite, start - len(before) + negative.start(), found.end) if opposite else None
    return None if _TESTING_OF.search(before) else found


def state_before(text: str, start: int, limit: int) -> Found | None:
    """Return the state that the words right before a marker's name say; ``limit`` is where they can begin."""
    from_here = max(limit, start - _LOOK_BACK)
    before = text[from_here:start]
    match = _LOSS_OF.search(before)
    if match:
        # what is absent was not lost: "absence of 1p/19q codeletion" is no deletion
        return Found("loss" if match["loss"] else "not-expressed", from_here + match.start(), start)
    match = _BEFORE_WORD.search(before)
    if match is None:
        return None
    if _FOUND_IN.search(match.group()):
        return None  # "ESR1 mutation detected in ctDNA"
    state, at = _word(match), from_here + match.start()
    lead = text[max(0, at - _LOOK_BACK) : at]
    if (state == "normal" and _LIMIT_BEFORE.search(lead)) or (not match["for"] and _OTHERS_RESULT.search(lead)):
        return None
    sure = state in {"positive", "negative"}
    if match.group().lower().startswith("no "):
        return Found(_DENIED_BY_NO[state], at + len("no "), start)
    if negation := _NOT_BEFORE.search(lead):
        if state not in _OPPOSITE:
            return None
        opposite = Found(_OPPOSITE[state], at - len(lead) + negation.start(), start, sure)
        return None if names_both_sides(text, opposite, start) else opposite
    found = Found(state, at, start, sure)
    return None if names_both_sides(text, found, start) else found


def names_both_sides(text: str, found: Found, limit: int) -> bool:
    """Tell whether the other side of the state is named beside it, up to ``limit``."""
    sides = _OTHER_SIDE.get(found.state)
    if sides is None:
        return False
    if is_either_carrier(text, found.start, found.end):
        return True
    words = [match["word"] for match in (_EITHER_BEFORE.search(text[max(0, found.start - 24) : found.start]),) if match]
    if limit > found.end and (match := _EITHER_AFTER.match(text, found.end, limit)):
        words.append(match["word"])
    elif text[found.start : found.end].strip() in {"+", "-"} and text[found.end : found.end + 2] in {"/-", "/+"}:
        return not text[found.end + 2 : found.end + 3].isalpha()
    return any(re.match(_SIDES[side], word.strip("()"), re.IGNORECASE) for side in sides for word in words)


def is_either_carrier(text: str, start: int, end: int) -> bool:
    """Tell whether carriers and non-carriers are named beside ``text[start:end]``: either will do."""
    return _CARRIERS_OR_NOT.search(text, max(0, start - _LOOK_BACK), end + _LOOK_BACK) is not None


def leaves_open(text: str, start: int, end: int) -> bool:
    """Tell whether the words beside a marker's name at ``start:end`` say that it may be in either state, or in any."""
    if _OPEN_BEHIND.match(text, end):
        return True
    return _ANY_BEFORE.search(text[max(0, start - _LOOK_BACK) : start]) is not None and (
        _STATUS_BEHIND.match(text, end) is not None
    )


def _group(match: re.Match[str]) -> str:
    return next(name for name, value in match.groupdict().items() if value is not None and name[1:].isdigit())


def _word(match: re.Match[str]) -> str:
    return _WORDS[int(_group(match)[1:])][1]


def possible_state(marker: Concept, state: str, *, shared: bool = False) -> str | None:
    """Return ``state`` as this marker has it, or None if it cannot be in such a state.

    A ``shared`` state is another marker's: only words that mean the same of any marker pass on.
    """
    state = _OF_RECEPTORS.get(state, state) if marker.notation in _HORMONE_RECEPTORS else state
    synonyms = () if shared and state not in _SHAREABLE else _SYNONYMS.get(state, ())
    if is_alteration(marker):
        synonyms = _OF_ALTERATIONS.get(state, synonyms)
    return next((candidate for candidate in (state, *synonyms) if candidate in marker.possible_states), None)


def is_alteration(marker: Concept) -> bool:
    """Tell whether a marker's name is an alteration ("EGFR T790M"), which is found or not."""
    return _PRESENCE.issuperset(marker.possible_states) and _ALTERATION.search(marker.pref_label) is not None


class Denial(Enum):
    """Whether the words behind a state deny it: not at all, it alone, or a list that goes on behind it."""

    NONE = "none"
    OF_IT = "of it"
    OF_LIST = "of a list"


# What is said behind a state that is there: that it is not, of this marker or of a list that goes on.
_THERE = frozenset(
    {
        "mutated",
        "fusion",
        "amplified",
        "deleted",
        "expressed",
        "overexpressed",
        "positive",
        "methylated",
        "detected",
        "loss",
    }
)
_NOT_FOUND = r"not (?:been |be )?(?:detected|detectable|present|found|identified|observed|seen)"
_SAYS_ABSENT = re.compile(rf"\b(?:absent|undetect\w+|{_NOT_FOUND})$", re.IGNORECASE)
_NOUN = (
    r"(?:gene\s)?(?:mutations?|fusions?|amplifications?|rearrangements?|translocations?|deletions?|(?:over)?expression|"
    r"alterations?|genes?)"
)
# The members of a list: names, with a noun of their own or not ("or ALK fusion"), and nouns alone ("or fusion").
_ABSENT_BEHIND = re.compile(
    rf"(?P<list>(?:\s?(?:,\s?(?:and/or|or|and)\b|,|/|and/or\b|or\b|and\b)\s?(?:an?\s)?"
    rf"(?:(?-i:[A-Z])[\w/\-]{{1,12}}(?=[\s,/])(?:\s{_NOUN}(?=[\s,/]))?|{_NOUN}(?=[\s,/]))){{0,12}})"
    rf"(?:\s{_NOUN})?[\s\-:]{{0,3}}"
    r"(?:(?:is|are|was|were|status|has|have|had|must|should|be|been|to)\s){0,4}"
    r"(?:absent|undetect\w+|excluded|ruled out|(?<![A-Z\d]\s)negative|"
    r"non-?\s?carriers?|"
    r"not (?:been |be )?(?:detected|detectable|present|found|identified|observed|seen|allowed|permitted|eligible))\b",
    re.IGNORECASE,
)


# "EGFR mutation- or ALK fusion-negative": the hyphen stands for the last word of the list.
_NEGATIVE_AT_END = re.compile(
    r"[\-‐‑–]\s?(?:,|/|and/or\b|and\b|or\b)(?:(?!positiv|mutated)[^.;:()\n]){1,60}?[\s\-‐‑–](?:negative|free)\b",
    re.IGNORECASE,
)


# "EGFR mutation or ALK fusion negative", "EGFR-mutation/ALK-rearrangement-negative": of both, or of the last.
_PERHAPS_NEGATIVE = re.compile(
    r"\s?(?:/|and/or\b|or\b)\s?(?-i:[A-Z])[A-Za-z\d]{1,11}[\s\-](?:gene\s)?"
    r"(?:mutations?|fusions?|amplifications?|rearrangements?|translocations?|alterations?)[\s\-:]{1,2}negative\b",
    re.IGNORECASE,
)


# "ALK fusion or RET fusion excluded", "… and RET fusion are not allowed": a verdict on all that is listed; that
# of "EGFR mutation and ALK fusion is excluded" may be on the last alone. What "or" joins is not there as a whole:
# "EGFR mutation or ALK fusion not detected".
_VERDICT = r"(?:excluded|ruled out|not (?:been |be )?(?:allowed|permitted|eligible))$"
_OF_ALL = re.compile(
    rf"^\s?(?:and/or|or)\s(?:.*\s)?{_VERDICT}|"
    rf"^(?!.*\band\b(?!/)).*\b(?:and/or|or)\s.*\s(?:absent|undetect\w+|{_NOT_FOUND})$|"
    rf"^\s?and\s(?!.*\s(?:is|was|has|must|should)\s).*\s{_VERDICT}",
    re.IGNORECASE,
)
_ENDS_IN_VERDICT = re.compile(_VERDICT, re.IGNORECASE)


def ends_negative(after: str) -> bool:
    """Tell whether the words ``after`` an alteration go on to another that is negative, so that both may be."""
    return _NEGATIVE_AT_END.match(after) is not None or _PERHAPS_NEGATIVE.match(after) is not None


def is_ruled_out_behind(after: str) -> bool:
    """Tell whether the words ``after`` a marker, or a list that it begins, are a verdict: "… are excluded"."""
    match = _ABSENT_BEHIND.match(after)
    return match is not None and _ENDS_IN_VERDICT.search(match.group()) is not None


def says_absent(words: str) -> bool:
    """Tell whether words end by saying that what they name is not there: "ALK fusion not detected"."""
    return _SAYS_ABSENT.search(words) is not None


def denial_behind(state: str | None, after: str) -> Denial:
    """Tell whether the words ``after`` a marker in a state say that it is not: "EGFR mutations were not found"."""
    if state not in _THERE:
        return Denial.NONE
    if _NEGATIVE_AT_END.match(after):
        return Denial.OF_IT
    if _PERHAPS_NEGATIVE.match(after):
        return Denial.OF_LIST
    match = _ABSENT_BEHIND.match(after)
    if match is None:
        return Denial.NONE
    return Denial.OF_LIST if match["list"] and not _OF_ALL.search(match.group()) else Denial.OF_IT
