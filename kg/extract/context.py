"""What the words around a mention do to it: negation, and what kind of sentence it stands in.

Negation works in the sense of NegEx (Chapman et al., J Biomed Inform 2001) and ConText (2009): a trigger reaches over a few words,
up to a word that ends its scope; pseudo-triggers reach nowhere.
"""

import re
from enum import Enum

_REACH = 70        # code points that a trigger reaches; about ten words
_PSEUDO = re.compile(
    r"no (?:more|less|later|earlier|fewer|greater|longer|change|increase|evidence to suggest|limit)|not (?:only|limited to|required|necessar\w+|"
    r"more than|less than|exceed\w*|greater than|yet)|whether or not|without (?:regard|change)|not exceeding", re.IGNORECASE
)
_BEFORE = re.compile(
    r"\b(?:no|not|non|none|without|never|neither|nor|cannot|free (?:of|from)|absence of|absent|lack(?:ing|s)?(?: of)?|other than|"
    r"rather than|instead of|except(?:ing)?(?: for)?|with the exception of|excluding|excludes?|naive to|na[iï]ve (?:to|for)|"
    r"not (?:have|had|been|be|receiv\w+)|ineligible for|unable to)\b", re.IGNORECASE
)
_ENDS_SCOPE = re.compile(
    r"[;:•\n]\s|\.\s|\b(?:but|however|although|though|unless|which|because|since|apart from|if|despite|are eligible|is allowed|are allowed|"
    r"and (?:has|have|must|is|are|with)|who)\b", re.IGNORECASE
)
_AFTER = re.compile(
    r"[\s\-]*(?:therapy|treatment|agents?|drugs?|inhibitors?|status|disease|tumou?rs?|cancer|patients?|[\s(),\-])*"
    r"(?:(?:is|are|was|were|will be|must be|should be)\s+)?(?:not (?:allowed|permitted|eligible|included|acceptable|been|given)|"
    r"excluded|prohibited|ineligible|forbidden|ruled out|na[iï]ve\b)", re.IGNORECASE
)


def is_negated(text: str, start: int, end: int, sentence_start: int, sentence_end: int) -> bool:
    """Tell whether the words at ``start:end`` are denied or ruled out within their sentence."""
    return _denied_before(text, start, sentence_start) or _denied_after(text, end, sentence_end)


def _denied_before(text: str, start: int, sentence_start: int) -> bool:
    from_here = max(sentence_start, start - _REACH)
    for match in reversed(list(_BEFORE.finditer(text, from_here, start))):
        if _PSEUDO.match(text, match.start()) or text[match.end() : match.end() + 1] == "-" and match.end() == start:
            continue
        return _ENDS_SCOPE.search(text, match.end(), start) is None
    return False


def _denied_after(text: str, end: int, sentence_end: int) -> bool:
    return _AFTER.match(text, end, min(sentence_end, end + _REACH)) is not None


_NEGATIVE_BEFORE = re.compile(r"\bnegative\s+(?:for\s+|test\s+for\s+)?(?:(?:serum|urine|blood|or|and|a|the|hiv|hbsag)[\s/]+){0,4}$", re.IGNORECASE)
_NEGATIVE_AFTER = re.compile(r"[\s\-]*(?:virus|infection|antibody|antigen|test|status|serology|is|are|was|must be|[\s\-/])*negative\b", re.IGNORECASE)
_OTHER = re.compile(r"\b(?:other|another|any other|second|additional|different)\s+(?:\w+\s+){0,2}$", re.IGNORECASE)
_REACTION = re.compile(
    r"\b(?:allerg\w+|hypersensitiv\w+|intoleran\w+|contra-?\s?indicat\w+|anaphyla\w+|reactions?|sensitivity|toxicit\w+|equivalents?|similar (?:chemical|structure)|"
    r"components?|excipients?|ingredients?|inducers?|inhibitors? of|metaboli[sz]\w+|substrates?)\b", re.IGNORECASE
)


def is_absent(text: str, start: int, end: int, sentence_start: int, sentence_end: int) -> bool:
    """Tell whether a finding is asked to be absent: negated, or tested negative ("negative pregnancy test", "HIV-negative")."""
    if is_negated(text, start, end, sentence_start, sentence_end):
        return True
    before, after = text[max(sentence_start, start - 50) : start], text[end : min(sentence_end, end + 50)]
    return bool(_NEGATIVE_BEFORE.search(before) or _NEGATIVE_AFTER.match(after))


def is_other(text: str, start: int, sentence_start: int) -> bool:
    """Tell whether another one of a kind is meant ("other malignancies"): not the thing itself."""
    return _OTHER.search(text[max(sentence_start, start - 40) : start]) is not None


def speaks_of_reaction(clause: str) -> bool:
    """Tell whether a clause speaks of tolerance or pharmacology, not of a treatment ("allergy to …", "inhibitors of CYP3A4")."""
    return _REACTION.search(clause) is not None


# --- sentences of titles, summaries and descriptions


class SentenceKind(Enum):
    """What a sentence of the narrative does; only the first three say something of this trial."""

    POPULATION = "who takes part"
    OBJECTIVE = "what is asked"
    DESIGN = "what is done"
    BACKGROUND = "what is known"


_STORY = re.compile(
    r"\bet al\b|\b(?:19|20)\d\d\s*\)|\b(?:studies|trials|reports?|authors|literature|meta-analys[ei]s|guidelines?) (?:have|has|had|show\w*|suggest\w*|"
    r"report\w*|demonstrat\w*|indicat\w*|reveal\w*|support\w*|recommend\w*)\b|\b(?:it (?:was|has been)|was|were|has been|have been|had been) "
    r"(?:shown|demonstrated|reported|found|approved|established|observed|associated|published|developed|proven|suggested|previously)|"
    r"\b(?:previous(?:ly)?|earlier|recent|prior|several|many|other|phase [I1-4]+\w*) (?:\w+ ){0,2}(?:studies|trials|research|work|data)\b|"
    r"\bin recent years\b|\bto date\b|\bresults? of the\b|\bis (?:a|an|the|one of the) (?:most|major|common|leading|standard|reference|new|member)\b|"
    r"\baccounts? for\b|\bhistorically\b", re.IGNORECASE
)
_SELF = r"(?:this|the present|the current|our|the proposed)\s+(?:[\w\-/]+\s+){0,5}?(?:study|trial|project|protocol|research|work)|the (?:[\w\-]+ )?(?:study|trial)|investigators|researchers|we|the (?:primary|main|secondary|overall|principal) (?:\w+ )?(?:objectives?|aims?|purposes?|goals?|endpoints?|hypothes[ei]s)"
_PEOPLE = r"(?:patients?|subjects?|participants?|women|men|individuals?|persons?|people|adults?|children|volunteers?|population|cases)"
_POPULATION = re.compile(
    rf"(?:{_SELF})[^.]{{0,120}}\b(?:concern|include|enrol|enroll|recruit|select|screen|involv)\w*\b[^.]{{0,80}}\b{_PEOPLE}\b|"
    rf"\b{_PEOPLE}\b[^.]{{0,160}}\b(?:will|are to|is to) be (?:enrolled|included|recruited|screened|eligible|invited|selected)|"
    rf"\b(?:will|intends? to|aims? to|plans? to)\b (?:\w+ ){{0,2}}(?:enrol|enroll|include|recruit|screen|accrue)\w*\b|"
    rf"\b(?:eligible|enrolled|included) {_PEOPLE}\b[^.]{{0,40}}\b(?:are|have|must|will)\b|\bstudy population\b|\bthis (?:[\w\-]+ ){{0,5}}(?:study|trial) (?:in|of|for|among) {_PEOPLE}\b", re.IGNORECASE
)
_OBJECTIVE = re.compile(
    rf"\b(?:objectives?|aims?|purposes?|goals?)\b[^.]{{0,60}}\b(?:is|are|was|were|of|:|to)\b|\baim(?:s|ed|ing)? (?:to|at)\b|\bin order to\b.*\b(?:study|trial)\b|"
    rf"(?:{_SELF})[^.]{{0,160}}\b(?:will|aims?|intends?|seeks?|designed|plans?|evaluat\w+|assess\w*|investigat\w+|determin\w+|compar\w+|test\w*|explor\w+|examin\w+|would like to|is (?:a|an))\b|"
    r"^\s*(?:-|\d+\\?[.)]|[*•])?\s*(?:to|To) (?:evaluate|assess|determine|compare|investigate|study|identify|estimate|explore|describe|characteri[sz]e|measure|demonstrate|test|examine)\b|"
    r"^\s*(?:\d+\\?[.)]\s*)?(?:Evaluate|Assess|Determine|Compare|Investigate|Estimate|Explore)\b", re.IGNORECASE
)
_DESIGN = re.compile(
    rf"\b{_PEOPLE}\b[^.]{{0,200}}\b(?:will|are to|shall)\b|\bwill (?:be )?(?:receive|undergo|treated|given|randomi[sz]ed|assigned|followed|administered|collected|measured|performed|monitored|stratified|allocated|start|evaluated|assessed)\b|"
    r"\b(?:randomi[sz]ed|stratified|allocated|assigned)\b[^.]{0,60}\b(?:to|by|according)\b|\beach participant\b|\b(?:samples|serum|blood|tissue|biops\w+)\b[^.]{0,60}\bwill be\b", re.IGNORECASE
)


_PREAMBLE = re.compile(r"\s*(?:In view of|Given|Because|Since|Although|While|Whereas|As|Considering|Based on|Taking into account|Despite|Due to)\b")
_SELF_REFERENCE = re.compile(rf"(?:{_SELF})", re.IGNORECASE)


def preamble_end(text: str, start: int, end: int) -> int:
    """Return where the sentence begins to speak of this trial: "Given that …, this study …"; ``start`` if at once."""
    if _PREAMBLE.match(text, start, end):
        match = _SELF_REFERENCE.search(text, start, end)
        return match.start() if match else start
    return start


def sentence_kind(text: str, start: int, end: int) -> SentenceKind:
    """Return what the sentence at ``start:end`` does; in doubt it is background."""
    if _STORY.search(text, start, end):
        return SentenceKind.BACKGROUND
    sentence = text[start:end]
    for kind, pattern in (
        (SentenceKind.POPULATION, _POPULATION), (SentenceKind.OBJECTIVE, _OBJECTIVE), (SentenceKind.DESIGN, _DESIGN),
    ):  # fmt: skip
        if pattern.search(sentence):
            return kind
    return SentenceKind.BACKGROUND
