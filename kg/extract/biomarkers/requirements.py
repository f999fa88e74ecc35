"""Join the biomarkers of an eligibility text: what is asked for and what is ruled out, as alternatives of conjunctions.

The rules are those of the annotations' authors: within one bullet of the inclusion list "or" unless it says otherwise,
several bullets "and", exclusion "or", anything unclear "or". A biomarker that an inclusion criterion denies is ruled
out (rule ``denied-is-excluded``); one whose absence an exclusion criterion rules out is asked for (rule
``excluded-absence-is-required``). What stands behind "except" or "other than" counts on neither side. The description
of the trial counts only where the inclusion list names no biomarker, and only in sentences about the participants.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import product
from typing import Final, NamedTuple

from kg.extract.biomarkers.grammar import Biomarker, Phrase, phrases
from kg.extract.biomarkers.names import MarkerNames
from kg.extract.biomarkers.tokens import tag
from kg.extract.biomarkers.wording import spelled
from kg.extract.context import beside, is_denied
from kg.extract.criteria import Item, criteria
from kg.extract.sentences import sentences
from kg.models import FieldKind, Polarity, TextField

_HEADING: Final = re.compile(
    r"(?im)^[ \t]*(?:[-*•#]+[ \t]*)?(?:[\w,/&-]+[ \t]+){0,3}(?:inclusion|eligibility)\b[ \t]*(?:criteria|criterion)?[^\n:.]{0,60}(?:[:.]|$)"
)
# One of these is in everything that the grammar reads; looking for them is cheap.
_SAYS_STATE: Final = re.compile(
    r"mut|alter|aberr|defect|rearr|transloc|fusion|amplif|delet|\bdel|loss|lost|insert|ins\b|activat|methyl|regulat|defici|"
    r"variant|polymorph|express|positi|negati|\+|-[\s,;)/]|wild|\bwt|low|high|MSI|MSS|MMR|TMB|HRD|\bPh\b|[A-Z]\d{2,4}|exon|ITD|genotyp|"
    r"\bt\(|inv\(|karyotype|omy \d|HLA|genes?\b",
)
_COHORT: Final = re.compile(
    r"\b(?:cohorts?|arms?|parts?|phase|groups?|criteria for|dose[\s-](?:escalation|expansion)|sub-?protocol|expansion|either)\b",
    re.IGNORECASE,
)
_PERMITS: Final = re.compile(
    r"\b(?:(?:are|is|may be|can be) (?:also |still )?(?:eligible|included|enrolled|allowed)|may (?:enrol|participate)|if\b)", re.IGNORECASE
)
_EXCEPTION: Final = re.compile(
    r"(?:\bexcept(?:ion(?:s)?(?: (?:of|are|is|for))?)?\b|\bother than\b|\bwith the exception of\b|\bunless\b|\bapart from\b|"
    r"\bexcluding\b|\bregardless of\b|\birrespective of\b)[^.;()]{0,60}$",
    re.IGNORECASE,
)
_ABSENCE: Final = re.compile(
    r"\b(?:no evidence of|absence of|lack of|lacking|without|not have|no|not harbou?r\w*|non-)\s*(?:an?\s|any\s|known\s|documented\s|the\s){0,3}$",
    re.IGNORECASE,
)
_HISTORY: Final = re.compile(
    r"\b(?:previous stud|earlier stud|trials? (?:have|has) shown|demonstrated|has shown|is reported|occurs? in|has been associated)\b",
    re.IGNORECASE,
)
_PARTICIPANTS: Final = re.compile(
    r"\b(?:patients?|participants?|subjects?|adults?|people|children|treat\w*|women|individuals)\b[^.;]{0,160}?"
    r"\b(?:with|harbou?r\w*|who have|whose|having|express\w*|who are|known to|in|carrying|containing)\b[^.;]{0,120}$",
    re.IGNORECASE,
)
_AND_BETWEEN: Final = re.compile(
    r"^\W{0,4}(?:\w+\W+){0,6}?\band\s+(?:also\s+)?(?:has|have|is|are|with|confirm\w*|must|the absence|absence|no\b|without|document\w*|harbou?r\w*|"
    r"presence|show\w*|express\w*)|^[^.;]{0,40}\b(?:that|who|which) (?:has|have|is|are|also|expresses?)\b",
    re.IGNORECASE,
)
_TIGHT: Final = re.compile(r"[\s,/()\-–]*(?:and|with|as well as|but|&)?[\s,/()\-–]*(?:is|are)?\s*", re.IGNORECASE)
_SIGNED: Final = frozenset({"positive", "negative", "wild-type", "wt"})

Conjunction = tuple[Biomarker, ...]


class Stated(NamedTuple):
    """A phrase in its criterion; ``wanted`` is the side that it counts on."""

    polarity: Polarity
    item: int  # the criterion's place, -1 for the description
    phrase: Phrase


class Requirements(NamedTuple):
    """What a text asks for, on each side: alternatives of biomarkers that hold together."""

    inclusion: tuple[Conjunction, ...]
    exclusion: tuple[Conjunction, ...]
    stated: tuple[Stated, ...]


class RequirementFinder:
    """Finds the biomarkers of eligibility texts; one serves all.

    Args:
        names: What names a marker.
        description: Whether the description before the criteria counts where the list of inclusion names nothing.
        joins: Whether criteria are joined by "and"; else all are alternatives.
    """

    def __init__(self, names: MarkerNames, *, description: bool = True, joins: bool = True) -> None:
        self._names = names
        self._description = description
        self._joins = joins

    def find(self, text: str) -> Requirements:
        """Return what an eligibility text, or a document that has one, asks for and rules out."""
        heading = _HEADING.search(text)
        begin = heading.start() if heading else 0
        field = TextField(document="", locator="text", kind=FieldKind.ELIGIBILITY, text=text[begin:])
        stated = [
            it._replace(phrase=it.phrase._replace(start=it.phrase.start + begin, end=it.phrase.end + begin))
            for place, item in enumerate(criteria(field))
            for it in self._of_item(field.text, place, item)
        ]
        if self._description and begin and not any(it.polarity is Polarity.INCLUSION for it in stated):
            stated += self._of_description(text, begin)
        inclusion = self._included(text, [it for it in stated if it.polarity is Polarity.INCLUSION])
        exclusion = _alternatives(text, [it for it in stated if it.polarity is Polarity.EXCLUSION])
        return Requirements(_simplified(inclusion), _simplified(exclusion), tuple(stated))

    def _of_item(self, text: str, place: int, item: Item) -> Iterator[Stated]:
        if not _SAYS_STATE.search(text, item.start, item.end):
            return
        for phrase in phrases(text, tag(text, item.start, item.end, self._names)):
            polarity = _side(text, item, phrase)
            if polarity is not None:
                yield Stated(polarity, place, phrase)

    def _of_description(self, text: str, end: int) -> Iterator[Stated]:
        """Yield what the description says of the participants: "patients with BRAF V600E-mutated melanoma"."""
        for start, stop in sentences(text, 0, end):
            if not _SAYS_STATE.search(text, start, stop) or _HISTORY.search(text, start, stop):
                continue
            for phrase in phrases(text, tag(text, start, stop, self._names)):
                words = beside(text, phrase.start, phrase.end, start, stop)
                if _PARTICIPANTS.search(words.before + " ") and not is_denied(words):
                    yield Stated(Polarity.INCLUSION, -1, phrase)

    def _included(self, text: str, stated: Sequence[Stated]) -> list[Conjunction]:
        by_item: dict[int, list[Stated]] = {}
        for it in stated:
            by_item.setdefault(it.item, []).append(it)
        groups = [_alternatives(text, found) for found in by_item.values()]
        if not self._joins or not _all_required(text, list(by_item.values())):
            return [conjunction for group in groups for conjunction in group]
        return [tuple(dict.fromkeys(it for part in parts for it in part)) for parts in product(*groups)] if groups else []


def _side(text: str, item: Item, phrase: Phrase) -> Polarity | None:
    words = beside(text, phrase.start, phrase.end, item.start, item.end)
    if _EXCEPTION.search(words.before):
        return None
    denied = phrase.negated != (is_denied(words) or _ABSENCE.search(words.before[-60:]) is not None)
    if not denied:
        return item.polarity
    return Polarity.EXCLUSION if item.polarity is Polarity.INCLUSION else Polarity.INCLUSION


def _all_required(text: str, items: Sequence[Sequence[Stated]]) -> bool:
    """Tell whether criteria hold together: about different markers, and none of cohorts or permissions."""
    seen: set[str] = set()
    for found in items:
        labels = {it.label or it.whole[0] for stated in found for it in stated.phrase.biomarkers}
        if labels & seen:
            return False
        seen |= labels
        for stated in found:
            around = text[max(0, stated.phrase.start - 120) : stated.phrase.end + 120]
            if _COHORT.search(around) or _PERMITS.search(around):
                return False
    return len(items) > 1


def _alternatives(text: str, stated: Sequence[Stated]) -> list[Conjunction]:
    """Return the alternatives that phrases state one behind the other; what clearly holds together is joined."""
    groups: list[list[list[Conjunction]]] = []
    for place, it in enumerate(stated):
        choices = [it.phrase.biomarkers] if it.phrase.all_of else [(biomarker,) for biomarker in it.phrase.biomarkers]
        if place and stated[place - 1].item == it.item and _together(text, stated[place - 1].phrase, it.phrase):
            groups[-1].append(choices)
        else:
            groups.append([choices])
    return [tuple(it for part in parts for it in part) for group in groups for parts in product(*group)]


def _together(text: str, left: Phrase, right: Phrase) -> bool:
    gap = text[left.end : right.start]
    if _TIGHT.fullmatch(gap) and _is_signed(left) and _is_signed(right):
        return True
    return _AND_BETWEEN.search(gap) is not None and not re.search(r"\bor\b", gap) and _labels(left).isdisjoint(_labels(right))


def _is_signed(phrase: Phrase) -> bool:
    return all(it.whole or it.noun in _SIGNED for it in phrase.biomarkers)


def _labels(phrase: Phrase) -> set[str]:
    return {it.label for it in phrase.biomarkers}


def _simplified(conjunctions: Iterable[Conjunction]) -> tuple[Conjunction, ...]:
    """Leave out what says less than another: a bare "positive" beside a mutation, a codon beside its variants."""
    unique = list(dict.fromkeys(conjunctions))
    altered = {it.label for found in unique for it in found if it.variant or it.noun in _ALTERED}
    variants = {(it.label, it.variant[:-1]) for found in unique for it in found if it.variant[-1:].isalpha()}
    return tuple(
        found
        for found in unique
        if not (
            len(found) == 1
            and (
                (found[0].noun == "positive" and found[0].label in altered)
                or (found[0].variant and (found[0].label, found[0].variant) in variants)
            )
        )
    )


_ALTERED: Final = frozenset({"mutation", "fusion", "rearrangement", "translocation"})


def strings(conjunctions: Iterable[Conjunction]) -> list[list[str]]:
    """Return alternatives as lists of strings, each once."""
    spelt = [tuple(dict.fromkeys(spelled(it) for it in found)) for found in conjunctions]
    return [list(found) for found in dict.fromkeys(spelt)]
