"""Marker states: the signs, words and scores beside a marker's name that say in which state it is.

The wordings are data (`_WORDS`); which states a marker can have is in the terminology, and nothing else is
read: "EGFR low" is no state of EGFR mutations, "PR positive" is one of PR.
"""

import re
from typing import Final, NamedTuple

from kg.models import Concept

# Wording (regular expression, lower case) to the notation of a state.
_WORDS: Final = (
    (r"ultra[\s-]?low(?:[\s-]expressi(?:ng|on))?", "ultralow"),
    (r"low(?:ly)?[\s-]?(?:expressi(?:ng|on)|expressed|positive)|low(?:[\s-]level)?", "low"),
    (r"over[\s-]?express(?:ing|ion|ed|es)?", "overexpressed"),
    (r"non[\s-]?amplified|not[\s-]amplified|un-?amplified|no amplification", "not-amplified"),
    (r"amplif(?:ied|ication)", "amplified"),
    (r"wild[\s-]?types?|\bwt", "wild-type"),
    (r"mutat(?:ed|ion|ions)|mutants?|mutation[\s-]positive|pathogenic variants?", "mutated"),
    (r"(?:gene[\s-])?(?:fusions?|rearrange(?:d|ment|ments)|translocat(?:ed|ion|ions))", "fusion"),
    (r"(?:homozygous(?:ly)?[\s-])?delet(?:ed|ion|ions)", "deleted"),
    (r"un-?methylated", "unmethylated"),
    (r"(?:hyper)?methylat(?:ed|ion)", "methylated"),
    (r"deficien(?:t|cy)", "deficient"),
    (r"proficien(?:t|cy)|intact", "proficient"),
    (r"not[\s-]detect(?:ed|able)|undetect(?:ed|able)|non-?detectable", "not-detected"),
    (r"detect(?:ed|able)", "detected"),
    (r"non[\s-]?(?:negative)", "positive"),
    (r"positiv(?:e|ity)|pos\b", "positive"),
    (r"negativ(?:e|ity)|neg\b", "negative"),
    (r"elevat(?:ed|ion)|increased|raised", "elevated"),
    (r"high(?:ly)?[\s-]?(?:expressi(?:ng|on)|expressed)|high", "high"),
    (r"stable", "stable"),
    (r"normal", "normal"),
    (r"expressi(?:ng)|expressed", "expressed"),
    (r"loss|lost", "loss"),
)  # fmt: skip
_ANY = "|".join(f"(?P<s{number}>{pattern})" for number, (pattern, _) in enumerate(_WORDS))
# Between the marker and its state: what it is measured in, and a copula.
_BRIDGE = (
    r"(?:[\s\-‐‑–]*(?:receptors?|status|gene|protein|oncogene|tumou?r|expression|test(?:ing)?|results?|\(ihc\)|"
    r"by (?:ihc|immunohistochemistry|fish|ish)|is|was|are|were|be|being|as|:|=|documented|confirmed|known))*"
)
_AFTER_WORD = re.compile(rf"{_BRIDGE}[\s\-‐‑–:]{{0,3}}(?:{_ANY})(?![A-Za-z])", re.IGNORECASE)
_BEFORE_WORD = re.compile(
    rf"(?<![A-Za-z])(?:{_ANY})[\s\-‐‑–]*(?:expression of|levels? of|of|for|serum|plasma|the|tumou?r|gene|in)?[\s]*$", re.IGNORECASE
)
_PLUS = re.compile(r"[\s]?(?:\+(?!\s*\d|[+\d])|\(\+\)|\(\s*pos(?:itive)?\s*\))(?=$|[\s/,;.)\]\-–:&]|HER|her|and|or)")
_MINUS = re.compile(r"(?:[\-–−‐‑](?=$|[\s,;.)\]/&+]|and\b|or\b)|\s?\([\-–−‐‑]\)|\s?\(\s*neg(?:ative)?\s*\))")
_MINUS_FALSE = re.compile(r"[\-–−‐‑]\s+(?:targeted|directed|and/or\s+\w+-)", re.IGNORECASE)
_LOSS_OF = re.compile(r"(?:loss|lack|absence) of (?:the )?(?:expression of )?$", re.IGNORECASE)
_NOT_BEFORE = re.compile(r"\b(?:not|non|no)[\s\-]*$", re.IGNORECASE)
_LOOK_BACK = 40

# Words that say the opposite of what they look like where "non-" or "not" stands before them.
_OPPOSITE: Final = {
    "positive": "negative", "negative": "positive", "amplified": "not-amplified", "mutated": "wild-type",
    "detected": "not-detected", "overexpressed": "not-overexpressed", "expressed": "not-expressed",
    "deleted": "not-deleted", "deficient": "proficient",
}  # fmt: skip
# Where a marker has only the one wording of a pair, the other means the same of it.
_SYNONYMS: Final = {
    "detected": ("positive",), "not-detected": ("negative",), "positive": ("detected", "expressed", "mutated", "fusion"),
    "negative": ("not-detected", "not-expressed"), "expressed": ("positive",), "overexpressed": ("high", "positive"),
    "elevated": ("high",), "high": ("elevated", "overexpressed"), "deficient": ("mutated",), "loss": ("deleted", "negative", "not-expressed"),
    "not-expressed": ("negative",), "fusion": ("positive",), "mutated": ("positive",), "deleted": ("loss", "positive"), "wild-type": ("negative",),
}  # fmt: skip


# A tumour that expresses a hormone receptor is called positive for it (ASCO/CAP 2020: 1 % of nuclei or more).
_HORMONE_RECEPTORS: Final = frozenset({"er", "pr", "hr"})
_OF_RECEPTORS: Final = {"expressed": "positive", "not-expressed": "negative", "loss": "negative"}


class Found(NamedTuple):
    """A state and the offsets of the words that say it."""

    state: str
    start: int
    end: int


def state_after(text: str, end: int, limit: int) -> Found | None:
    """Return the state that the words right behind a marker's name say; ``limit`` is where its sentence ends."""
    for pattern, state in ((_PLUS, "positive"), (_MINUS, "negative")):
        match = pattern.match(text, end, limit)
        if match and not _MINUS_FALSE.match(text, end, limit):
            return Found(state, end, match.end())
    match = _AFTER_WORD.match(text, end, limit)
    if match is None:
        return None
    state = _word(match)
    word = match.start(match.lastgroup or 0)
    if _NOT_BEFORE.search(text, end, word):
        return None
    return Found(state, end, match.end())


def state_before(text: str, start: int, limit: int) -> Found | None:
    """Return the state that the words right before a marker's name say; ``limit`` is where its sentence starts."""
    from_here = max(limit, start - _LOOK_BACK)
    before = text[from_here:start]
    match = _LOSS_OF.search(before)
    if match:
        return Found("loss", from_here + match.start(), start)
    match = _BEFORE_WORD.search(before)
    if match is None:
        return None
    state, at = _word(match), from_here + match.start()
    negation = _NOT_BEFORE.search(text, from_here, at)
    if negation:
        return Found(_OPPOSITE[state], negation.start(), start) if state in _OPPOSITE else None
    return Found(state, at, start)


def _word(match: re.Match[str]) -> str:
    return _WORDS[int((match.lastgroup or "s0")[1:])][1]


def possible_state(marker: Concept, state: str) -> str | None:
    """Return ``state`` as this marker has it, or None if it cannot be in such a state."""
    state = _OF_RECEPTORS.get(state, state) if marker.notation in _HORMONE_RECEPTORS else state
    for candidate in (state, *_SYNONYMS.get(state, ())):
        if candidate in marker.possible_states:
            return candidate
    return None
