"""On which side a statement about a biomarker counts: asked for, ruled out, or neither.

What an inclusion criterion denies is ruled out (rule ``denied-is-excluded``); what an exclusion criterion says to be
absent is asked for (rule ``excluded-absence-is-required``), but "must not have …" among exclusions only says once more
that it is one. A lack of expression is a negative marker (rule ``absent-expression-is-negative``). What is denied is
decided as for the statements of a graph (`kg.extract.context`).
"""

import re
from typing import Final

from kg.extract.biomarkers.alternatives import STATED
from kg.extract.biomarkers.grammar import Phrase
from kg.extract.biomarkers.tokens import DRUG_BEHIND
from kg.extract.conditional import EXCEPTION_WORDS, SAYS_AGAIN
from kg.extract.context import Beside, ContextKind, is_denied_itself, is_ruled_out
from kg.extract.states import ends_negative
from kg.models import Polarity

_EXCEPTION: Final = re.compile(
    rf"(?:{EXCEPTION_WORDS}|\bregardless of\b|\birrespective of\b|\bmay or may not\b|\bwith or without\b|"
    r"\bpositive or negative for\b|\bwhether or not\b|\bcarriers?\s?(?:/|and/or|and|or)\s?non-?\s?carriers?\b)"
    r"[^.;()]{0,60}$",
    re.IGNORECASE,
)
# "No tissue to assess HER2 positivity" rules out no state of HER2.
_LOOKED_FOR: Final = re.compile(
    r"\b(?:assess|determin|evaluat|test|analy[sz])\w*\s(?:(?:the|of|for|central|local)\s)*$", re.IGNORECASE
)
_COPULA = r"[\s\-:]*(?:(?:is|are|was|were|status|has|have|had|must|should|be|been|to)\s+){0,4}"
ABSENT_BEHIND: Final = re.compile(
    rf"{_COPULA}(?:absent|undetect\w+|not (?:been |be )?(?:detected|detectable|present|found|identified|observed|"
    r"seen))\b",
    re.IGNORECASE,
)
_EXCLUDED_BEHIND: Final = re.compile(
    rf"{_COPULA}(?:excluded|ruled out|not (?:be )?(?:allowed|permitted|eligible|included))\b", re.IGNORECASE
)
# A denial that may reach a phrase or not leaves it out only where it is near: "no lesion with EGFR mutation".
_NEAR_DENIAL: Final = re.compile(r"\b(?:no|not|never|without|absence|lack\w*|free)\b[^,.;:]{0,48}$", re.IGNORECASE)
# Among exclusions "must not have …" and "no known …" only say once more that they are some.
_NO_KNOWN: Final = re.compile(r"\bno (?:known|evidence|history)\b[^,.;]*$", re.IGNORECASE)
# Not eligible for something else than the trial.
_UNSUITED: Final = re.compile(
    r"\b(?:in|not )eligible (?:to receive|for (?!th(?:is|e) (?:study|trial)|enrol|participat|inclusion))", re.IGNORECASE
)
_ON_IN_LIST: Final = re.compile(r"[\s,/()\-]*(?:and/or|and|or|nor)?[\s,/()\-]*(?:an?\s|any\s|known\s)*", re.IGNORECASE)
_TESTED: Final = re.compile(
    r"[\s\-]*(?:testing|analys[ie]s|metaphases)|[^.;]{0,30}\bnot (?:required|mandatory|necessary|needed)\b|"
    r"(?!.{0,70}\bnot\b)[^.;]{0,70}\b(?:allowed|permitted)\b",
    re.IGNORECASE,
)
# In brackets behind what is excluded: "(patients with HER2-low tumours are eligible)".
_ELIGIBLE_BEHIND: Final = re.compile(
    r"(?!.{0,60}\bnot\b)[^.;()]{0,60}\b(?:is|are|remain|may be|will be) (?:still |also )?"
    r"(?:eligible|included|enrolled)\b",
    re.IGNORECASE,
)
# "No FGFR3 mutation required"
_NO_BEFORE: Final = re.compile(r"\bno (?:\w+ )?$", re.IGNORECASE)
_REQUIRED_BEHIND: Final = re.compile(r"\s*(?:is |are )?(?:required|needed|necessary|mandatory)\b", re.IGNORECASE)
_DRUG_BEFORE: Final = re.compile(
    r"\b(?:targeting|directed (?:against|at|to)|inhibitors? (?:of|against)|against)\s(?:the\s)?$", re.IGNORECASE
)
_NOT_EXPRESSED: Final = re.compile(
    r"\b(?:absence|lack|loss)(?:ing)? of [^.;]{0,40}$|\blacking [^.;]{0,30}$|\b(?:no|without) (?:\w+ )?$", re.IGNORECASE
)
_IMMUNE_CELLS: Final = re.compile(
    r"\bHIV\b|cells?\s?/|counts?\b|immunodeficiency|/\s?kg|stem cell|graft|progenitor|mobili[sz]|pheresis|collect",
    re.IGNORECASE,
)


def is_denied(words: Beside, polarity: Polarity) -> bool:
    """Tell whether the words beside a phrase deny it; that an exclusion says "are excluded" denies nothing."""
    if polarity is Polarity.INCLUSION and is_ruled_out(words) and _UNSUITED.search(words.after) is None:
        return True
    if not is_denied_itself(words):
        return False
    if polarity is Polarity.INCLUSION:
        return True
    return SAYS_AGAIN.search(words.before) is None and _NO_KNOWN.search(words.before) is None


def side(words: Beside, polarity: Polarity, *, denied: bool) -> tuple[Polarity, str] | None:
    """Return the side on which a phrase counts, and by which rule; None behind "except", and in doubt."""
    looked_for = polarity is Polarity.EXCLUSION and (
        _LOOKED_FOR.search(words.before) or _ELIGIBLE_BEHIND.match(words.after)
    )
    in_doubt = not denied and words.said.doubtful and _NEAR_DENIAL.search(words.before)
    if looked_for or in_doubt or words.said.has(ContextKind.FAMILY) or _is_excepted(words, polarity):
        return None
    if not denied:
        return polarity, STATED
    if polarity is Polarity.INCLUSION:
        return Polarity.EXCLUSION, "denied-is-excluded"
    return Polarity.INCLUSION, "excluded-absence-is-required"


def _is_excepted(words: Beside, polarity: Polarity) -> bool:
    """Tell whether what is said is an exception; "but not" in what is asked for rules out like any other denial."""
    found = _EXCEPTION.search(words.before)
    if found is None:
        return False
    return polarity is Polarity.EXCLUSION or not found.group().lower().startswith("but not")


def is_denied_behind(words: Beside, polarity: Polarity) -> bool:
    """Tell whether the words behind a phrase deny it: "EGFR mutation not detected", and in an inclusion "excluded"."""
    if ABSENT_BEHIND.match(words.after) or ends_negative(words.after):
        return True
    return polarity is Polarity.INCLUSION and _EXCLUDED_BEHIND.match(words.after) is not None


def goes_on(gap: str) -> bool:
    """Tell whether a denial of one phrase reaches over ``gap`` to the next: "no EGFR mutation or ALK fusion"."""
    return _ON_IN_LIST.fullmatch(gap) is not None


def lacks_expression(phrase: Phrase, words: Beside) -> bool:
    """Tell whether a denied phrase is a lack of expression: "absence of ER and PR expression"."""
    return all(it.noun == "expression" for it in phrase.biomarkers) and _NOT_EXPRESSED.search(words.before) is not None


def says_nothing(text: str, phrase: Phrase, words: Beside) -> bool:
    """Tell whether the words behind make something else of a statement: a test, a drug, a permission, counted cells."""
    if _NO_BEFORE.search(words.before) and _REQUIRED_BEHIND.match(words.after):
        return True
    drug = DRUG_BEHIND.match(words.after) or _DRUG_BEFORE.search(words.before)
    return bool(drug or _TESTED.match(words.after)) or _is_of_immune_cells(text, phrase)


def negative(phrase: Phrase) -> Phrase:
    """Return the statement that all its markers are negative."""
    return phrase._replace(
        biomarkers=tuple(it._replace(noun="negative", kind="") for it in phrase.biomarkers),
        all_of=True,
    )


def _is_of_immune_cells(text: str, phrase: Phrase) -> bool:
    """Tell whether helper cells are counted, as in infection with HIV, and not a tumour's antigen named."""
    return (
        all(it.label in {"CD3", "CD4", "CD8", "CD34"} for it in phrase.biomarkers)
        and _IMMUNE_CELLS.search(text) is not None
    )
