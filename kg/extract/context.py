"""What the words around a mention do to it: negation, absence, and talk of something else than the thing itself.

Negation works in the sense of NegEx (Chapman et al., J Biomed Inform 2001) and ConText (2009): a trigger reaches over a
few words, on through a list, and no farther than a word that ends its scope; pseudo-triggers reach nowhere.
"""

import re
from functools import lru_cache
from typing import Final, NamedTuple

_REACH = 90  # code points that a trigger reaches; about ten words
_LONGEST_LIST = 600  # and along a list
_LONGEST_LIST_ITEM = 45
_BEHIND = 90
_LONGEST_BEFORE, _LONGEST_AFTER = 700, 400
# What goes on for longer is no sentence: nothing is read from it but names.
LONGEST_CLAUSE = 4000
_TRIGGER = re.compile(
    r"(?P<pseudo>\b(?:no (?:more|less|later|earlier|fewer|greater|longer|change|increase|evidence to suggest|limit)|"
    r"not (?:only|specified|stated|applicable|limited to|required|necessar\w+|"
    r"more than|less than|exceed\w*|greater than|yet|otherwise|to exceed)|whether or not|or not|if not|"
    r"without (?:regard|change|limitation)|with or without|no\.\s?\d)\b)|"
    r"\b(?:no|not|none|without|never|neither|nor|cannot|free (?:of|from)|absence of|absent|lack(?:ing|s)?(?: of)?|"
    r"other than|"
    r"rather than|instead of|except(?:ing)?(?: for)?|with the exception of|excluding|excludes?|na[iï]ve (?:to|for)|"
    r"ineligible(?: for)?|unable to|negative for|untreated (?:with|by)|rul(?:e|ed|ing) out)\b|\bnon(?=[\s\-]{0,2}$)",
    re.IGNORECASE,
)
# One of these is in every trigger; looking for them is much cheaper than looking for triggers.
_TRIGGER_PARTS: Final = (
    "no",
    "without",
    "never",
    "untreated",
    "neither",
    "free ",
    "absen",
    "lack",
    "other than",
    "rather",
    "instead",
    "except",
    "exclu",
    "na",
    "ineligible",
    "unable",
    "negative for",
    "rul",
)
_ENDS_SCOPE = re.compile(
    r"[;•]\s|(?<!eligible)(?<!excluded)(?<!excluding)(?<!following):\s|\.\s|\b(?:but|however|although|though|unless|"
    r"which|because|since|apart from|if|despite|"
    r"are eligible|is allowed|are allowed|adequate|and (?:has|have|must|is|are|with)|(?<!patients )(?<!subjects )"
    r"(?<!participants )(?<!women )(?<!individuals )who)\b",
    re.IGNORECASE,
)
_SEPARATOR = re.compile(r",|/|\bor\b|\band\b", re.IGNORECASE)
_NOUNS = (
    r"[\s\-]*(?:therapy|treatment|agents?|drugs?|inhibitors?|status|disease|tumou?rs?|cancers?|patients?|"
    r"subjects?|participants?|women|[\s(),\-]){0,8}"
)
_DENIED_AFTER = re.compile(
    rf"{_NOUNS}(?:(?:(?:is|are|was|were|has|have)\s+(?:be\s+)?)?(?:not (?:be )?(?:been|given)|na[iï]ve\b)|"
    rf"not (?:known|present|detected|found)\b)",
    re.IGNORECASE,
)
_NOT_WANTED = (
    r"(?:(?:(?:is|are|was|were|will|must|should|may|can|shall)\s+(?:also\s+)?(?:be\s+)?)?"
    r"(?:not (?:be )?(?:allowed|permitted|eligible|included|acceptable|enrol\w+|recruited|participate)|"
    r"excluded|prohibited|ineligible|forbidden|ruled out)|cannot be (?:enrol\w+|included)|to be excluded)"
)
_RULED_OUT = re.compile(rf"{_NOUNS}{_NOT_WANTED}", re.IGNORECASE)
# "Patients taking tamoxifen or raloxifene are not eligible": the verdict comes at the end of the clause.
_PEOPLE_OUT = re.compile(
    rf"(?P<rest>[^.;:]{{0,300}}?)\b(?:is|are|was|were|will be|should be|must be)\s+(?:also\s+)?{_NOT_WANTED}",
    re.IGNORECASE,
)
_PEOPLE_FIRST = re.compile(
    r"^\W*(?:[\w\-]+ ){0,3}(?:patients|subjects|participants|women|men|those|individuals|candidates)\b", re.IGNORECASE
)
_TURNS_ROUND = re.compile(r"\b(?:but|however|allowed|permitted|unless|eligible|must|may|if)\b", re.IGNORECASE)
_NEGATIVE_BEFORE = re.compile(
    r"\bnegative\s+(?:for\s+|test\s+for\s+)?(?:(?:serum|urine|blood|or|and|a|the|hiv|hbsag)[\s/]+){0,4}$", re.IGNORECASE
)
_NEGATIVE_AFTER = re.compile(
    r"[\s\-]*(?:(?:virus|infection|antibody|antigen|test|status|serology|is|are|was|must "
    r"be)[\s\-/]*){0,6}negative\b(?!\s+for)",
    re.IGNORECASE,
)
_OTHER = re.compile(r"\b(?:other|another|any other|second|additional|different)\s+(?:\w+\s+){0,2}$", re.IGNORECASE)
_REACTION = re.compile(
    r"\b(?:allerg\w+|hypersensitiv\w+|intoleran\w+|contra-?\s?indicat\w+|anaphyla\w+|reactions?|sensitivity|"
    r"toxicit\w+|equivalents?|similar (?:chemical|structure)|"
    r"components?|excipients?|ingredients?|inducers?|inhibitors? of|metaboli[sz]\w+|substrates?)\b", re.IGNORECASE
)  # fmt: skip

# A permission or a hypothesis asks for nothing.
_PERMITTED = re.compile(
    r"\b(?:regardless|irrespective|independent(?:ly)?) of\b|(?<!not )(?<!not be )(?<!nor )\b(?:allowed|permitted|"
    r"permissible|authori[sz]ed|acceptable|tolerated|optional)\b|"
    r"\b(?:is|are|be|were|remain) (?:still )?(?:eligible|not required|encouraged|recommended|considered|not excluded|"
    r"not an exclusion)\b|"
    r"\b(?:may|might|can|could) (?:also )?(?:have|be|receive|continue|include|enter|participate)\b|\bnot (?:required|"
    r"mandatory|necessary|excluded|exclude)\b|\bunknown\b|"
    r"\b(?:at|to) the discretion\b|\bwith or without\b|\bwhether or not\b|\bnot (?:be )?(?:a reason|grounds)\b|"
    r"\bdo(?:es)? not (?:have to|need to|exclude|preclude)\b",
    re.IGNORECASE,
)


class Beside(NamedTuple):
    """The words of the clause before and behind a mention, with single spaces for line breaks."""

    before: str
    after: str
    clause: str = ""  # the whole clause, where it was asked for


def beside(text: str, start: int, end: int, clause_start: int, clause_end: int) -> Beside:
    """Return what stands before and behind ``start:end`` in its clause, as far as it can matter."""
    return Beside(
        flat(text[max(clause_start, start - _LONGEST_BEFORE) : start]),
        flat(text[end : min(clause_end, end + _LONGEST_AFTER)]),
    )


def flat(words: str) -> str:
    """Return words with single spaces for line breaks and indentation."""
    if "\n" not in words and "  " not in words:
        return words
    lead, trail = " " if words[0].isspace() else "", " " if words[-1].isspace() else ""
    return lead + " ".join(words.split()) + trail


def is_negated(text: str, start: int, end: int, sentence_start: int, sentence_end: int) -> bool:
    """Tell whether the words at ``start:end`` are denied or ruled out within their sentence."""
    return is_denied(beside(text, start, end, sentence_start, sentence_end))


def is_denied(words: Beside) -> bool:
    """Tell whether the words beside a mention deny it or rule it out."""
    return is_denied_itself(words) or is_ruled_out(words)


def is_denied_itself(words: Beside) -> bool:
    """Tell whether the words beside a mention deny it: "no …", "has not been given"."""
    return _denied_before(words.before) or _DENIED_AFTER.match(words.after[:_BEHIND]) is not None


def is_ruled_out(words: Beside) -> bool:
    """Tell whether patients with what is mentioned are ruled out: "… are not eligible"."""
    if _RULED_OUT.match(words.after[:_BEHIND]):
        return True
    if _PEOPLE_FIRST.match(words.before) is None:
        return False
    verdict = _PEOPLE_OUT.match(words.after)
    return verdict is not None and _TURNS_ROUND.search(verdict["rest"]) is None


def denies_list(lead: str) -> bool:
    """Tell whether a lead such as "None of the following:" denies all the items below it."""
    place = 0
    for ender in _ENDS_SCOPE.finditer(lead):
        place = ender.end()
    return any(match["pseudo"] is None for match in _TRIGGER.finditer(lead, place))


def _denied_before(before: str) -> bool:
    lower = before.lower()
    if not any(part in lower for part in _TRIGGER_PARTS) or _TRIGGER.search(before) is None:
        return False
    place = 0
    for ender in _ENDS_SCOPE.finditer(before):
        place = ender.end()
    return any(
        match["pseudo"] is None and _reaches(before[match.end() :]) for match in _TRIGGER.finditer(before, place)
    )


def _reaches(between: str) -> bool:
    """Tell whether a trigger reaches over the words between it and the mention: few, or a list's items."""
    if len(between) <= _REACH:
        return True
    if len(between) > _LONGEST_LIST:
        return False
    items = _SEPARATOR.split(between)
    return len(items) > 1 and len(items[0]) <= _REACH and all(len(item) <= _LONGEST_LIST_ITEM for item in items[1:])


def is_absent(text: str, start: int, end: int, sentence_start: int, sentence_end: int) -> bool:
    """Tell whether a finding is to be absent: negated, or negative ("negative pregnancy test", "HIV-negative")."""
    words = beside(text, start, end, sentence_start, sentence_end)
    return is_denied(words) or bool(
        _NEGATIVE_BEFORE.search(words.before[-50:]) or _NEGATIVE_AFTER.match(words.after[:60])
    )


def is_other(text: str, start: int, sentence_start: int) -> bool:
    """Tell whether another one of a kind is meant ("other malignancies"): not the thing itself."""
    return _OTHER.search(text[max(sentence_start, start - 40) : start]) is not None


@lru_cache(maxsize=2048)
def speaks_of_reaction(clause: str) -> bool:
    """Tell whether a clause speaks of tolerance or pharmacology ("allergy to …", "inhibitors of CYP3A4")."""
    return _REACTION.search(clause) is not None


@lru_cache(maxsize=2048)
def permits(clause: str) -> bool:
    """Tell whether a clause allows or leaves open what it names ("is allowed", "regardless of"): nothing is asked."""
    return _PERMITTED.search(clause) is not None
