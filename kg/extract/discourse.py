"""What a sentence of a title, summary or description does: tell the population, the aim, the design, or a story."""

import re
from enum import Enum
from itertools import pairwise

from kg.extract.searching import Searching

_LONGEST = 1500  # code points of a sentence that are looked at


class SentenceKind(Enum):
    """What a sentence of the narrative does; only the first three say something of this trial."""

    POPULATION = "who takes part"
    OBJECTIVE = "what is asked"
    DESIGN = "what is done"
    BACKGROUND = "what is known"


_SELF = (
    r"(?:this|the present|the current|our|the proposed)\s+(?:[\w\-/]+\s+){0,5}?(?:study|trial|project|protocol|"
    r"research|work)|"
    r"the (?:[\w\-]+ )?(?:study|trial)|investigators|researchers|we|"
    r"the (?:primary|main|secondary|overall|principal) (?:\w+ )?(?:objectives?|aims?|purposes?|goals?|endpoints?|"
    r"hypothes[ei]s)"
)
_PEOPLE = (
    r"(?:patients?|subjects?|participants?|women|men|individuals?|persons?|people|adults?|children|volunteers?|"
    r"population|cases)"
)
# Before an objective: the heading that it stands under and the mark of its item, "OBJECTIVES: Primary - ", "II. ".
_ITEM = (
    r"(?:(?:[a-z]+[ /]){0,2}(?:objectives?|aims?|endpoints?|purposes?|goals?)\s*:\s*)?"
    r"(?:[-*•]\s*)?(?:\(?(?:\d{1,2}|[ivx]{1,5}|[a-h])\\?[.):]\s*)?"
)
_STORY = Searching(
    r"\bet al\b|\b(?:19|20)\d\d\s*\)|\b(?:studies|trials|reports?|authors|literature|meta-analys[ei]s|"
    r"guidelines?) (?:have|has|had|show\w*|suggest\w*|"
    r"report\w*|demonstrat\w*|indicat\w*|reveal\w*|support\w*|recommend\w*)\b|\b(?:it (?:was|has been)|was|were|has "
    r"been|have been|had been) "
    r"(?:shown|demonstrated|reported|found|approved|established|observed|associated|published|developed|proven|"
    r"suggested|previously)|"
    r"\b(?:previous(?:ly)?|earlier|recent|prior|several|many|other|phase [I1-4]+\w*) (?:\w+ ){0,2}(?:studies|trials|"
    r"research|work|data)\b|"
    r"\bin recent years\b|\bto date\b|\bresults? of the\b|\bis (?:a|an|the|one of the) (?:most|major|common|leading|"
    r"standard|reference|new|member)\b|"
    r"\baccounts? for\b|\bhistorically\b|"
    rf"\b(?:most|many|some|about|approximately|up to|\d+(?:\.\d+)?\s?%|percent|half|majority|"
    rf"third)\s+(?:of\s+)?(?:the\s+|all\s+)?{_PEOPLE}\b|"
    r"\bwill (?:often |eventually |likely |usually |ultimately |inevitably |also )?(?:have|develop|relapse|recur|"
    r"benefit|respond|experience|die|progress|become|be (?:cured|diagnosed))\b"
)
_POPULATION = Searching(
    rf"(?:{_SELF})[^.]{{0,120}}\b(?:concern|include|enrol|enroll|recruit|select|screen|"
    rf"involv)\w*\b[^.]{{0,80}}\b{_PEOPLE}\b|"
    rf"\b{_PEOPLE}\b[^.]{{0,240}}\b(?:(?:will|are to|is to|may) be (?:enrolled|included|recruited|screened|eligible|"
    rf"invited|selected)|are eligible)\b|"
    rf"\b(?:will|intends? to|aims? to|plans? to)\b (?:\w+ ){{0,2}}(?:enrol|enroll|include|recruit|screen|accrue)\w*\b|"
    rf"\b(?:eligible|enrolled|included) {_PEOPLE}\b[^.]{{0,40}}\b(?:are|have|must|will)\b|\bstudy population\b|"
    rf"\bthis (?:[\w\-]+ ){{0,5}}(?:study|trial) (?:in|of|for|among) {_PEOPLE}\b"
)
_OBJECTIVE = Searching(
    rf"\b(?:objectives?|aims?|purposes?|goals?)\b[^.]{{0,60}}\b(?:is|are|was|were|of|:|to)\b|\baim(?:s|ed|ing)? (?:to|"
    rf"at)\b|\bin order to\b.*\b(?:study|trial)\b|"
    rf"(?:{_SELF})[^.]{{0,160}}\b(?:will|aims?|intends?|seeks?|designed|plans?|evaluat\w+|assess\w*|investigat\w+|"
    rf"determin\w+|compar\w+|test\w*|explor\w+|examin\w+|would like to|is (?:a|an))\b|"
    rf"^\s*{_ITEM}(?:(?:to )?(?:evaluate|assess|determine|compare|investigate|identify|estimate|explore|describe|"
    r"characteri[sz]e|correlate|measure|demonstrate|examine|establish|monitor|quantify)|to (?:study|test|define|"
    r"obtain))\b"
)
_DESIGN = Searching(
    r"\b(?:will|shall|are to|is to)\s+(?:\w+ly\s|also\s|then\s|all\s|first\s|each\s)?(?:be\s+)?(?:receiv|undergo|"
    r"treat|randomi[sz]|follow|administ|given|start|begin|continue|assign|allocat|"
    r"evaluat|assess|take\b|taken|get\b|complet|collect|measur|perform|monitor|stratif|screened|scanned|imaged|visit|"
    r"divid|invited|offered|asked)|"
    r"\b(?:randomi[sz]ed|stratified|allocated|assigned)\b[^.]{0,60}\b(?:to|by|according)\b|\beach participant\b|"
    r"\b(?:samples|serum|blood|tissue|biops\w+)\b[^.]{0,60}\bwill be\b|"
    r"\b(?:is|are) (?:\w+ly )?(?:assessed|collected|obtained|analy[sz]ed|performed|repeated|administered|genotyped)\b|"
    rf"\b{_PEOPLE} (?:also |then )?(?:receive|undergo|complete|are (?:randomi[sz]ed|treated|stratified|given|"
    rf"followed))\b"
)
# A heading on a line of its own, and the words of one that eligibility stands under.
_HEADING = re.compile(r"(?m)^[ \t]*(?P<name>[A-Z][A-Za-z/&\- ]{2,50}):[ \t]*$")
_WHO_TAKES_PART = frozenset({"criteria", "eligibility", "eligible", "inclusion", "key", "patients", "population"})
_PREAMBLE = re.compile(
    r"\s*(?:In view of|Given|Because|Since|Although|While|Whereas|As|Considering|Based on|Taking into account|Despite|"
    r"Due to)\b"
)
_SELF_REFERENCE = re.compile(rf"(?:{_SELF})", re.IGNORECASE)


def preamble_end(text: str, start: int, end: int) -> int:
    """Return where the sentence begins to speak of this trial: "Given that …, this study …"; ``start`` if at once."""
    if _PREAMBLE.match(text, start, end):
        match = _SELF_REFERENCE.search(text, start, min(end, start + _LONGEST))
        return match.start() if match else start
    return start


def population_sections(text: str) -> list[tuple[int, int]]:
    """Return the stretches of a description that say who takes part, by their headings: "Eligibility:"."""
    marks = [(match.end(), match["name"].lower().split()) for match in _HEADING.finditer(text)]
    stretches = pairwise([*marks, (len(text), [])])
    return [(start, end) for (start, name), (end, _) in stretches if _WHO_TAKES_PART.issuperset(name)]


def sentence_kind(text: str, start: int, end: int, *, population: bool = False) -> SentenceKind:
    """Return what the sentence at ``start:end`` does; in doubt it is background.

    Args:
        text: The whole text.
        start: Where the sentence begins.
        end: Where it ends.
        population: Whether it stands under a heading that says that who takes part follows.
    """
    sentence = " ".join(text[start : min(end, start + _LONGEST)].split())
    if _STORY.found_in(sentence):
        return SentenceKind.BACKGROUND
    if population:
        return SentenceKind.POPULATION
    for kind, pattern in (
        (SentenceKind.POPULATION, _POPULATION), (SentenceKind.OBJECTIVE, _OBJECTIVE), (SentenceKind.DESIGN, _DESIGN),
    ):  # fmt: skip
        if pattern.found_in(sentence):
            return kind
    return SentenceKind.BACKGROUND
