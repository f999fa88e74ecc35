"""Find the biomarkers that an eligibility text asks for and those that it rules out.

The description of a trial counts only where the list of inclusion names no biomarker, and only in sentences about the
participants: the history of a field and earlier trials ask for nothing.
"""

import re
from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from kg.extract.biomarkers.alternatives import Conjunction, Stated, alternatives, required, simplified
from kg.extract.biomarkers.exact import most_specific, spelt_alike, spelt_out, without_synonyms
from kg.extract.biomarkers.flat import Flat
from kg.extract.biomarkers.grammar import Phrase, leads_genotypes, listed, phrases
from kg.extract.biomarkers.names import MarkerNames
from kg.extract.biomarkers.polarity import (
    goes_on,
    is_denied,
    is_denied_behind,
    lacks_expression,
    negative,
    says_nothing,
    side,
)
from kg.extract.biomarkers.tokens import tag
from kg.extract.context import beside
from kg.extract.criteria import Item, criteria
from kg.extract.sentences import sentences
from kg.models import FieldKind, Polarity, TextField, with_line_feeds

_HEADING: Final = re.compile(
    r"(?im)^[ \t]*(?:[-*•#]+[ \t]*)?(?:[\w,/&-]+[ \t]+){0,3}(?:inclusion|eligibility)\b[ \t]*(?:criteria|"
    r"criterion)?[^\n:.]{0,60}(?:[:.]|$)"
)
# One of these is in everything that the grammar reads; looking for them is cheap.
_SAYS_STATE: Final = re.compile(
    r"(?i:mut|alter|aberr|defect|rearr|transloc|fusion|amplif|delet|\bdel|loss|lost|insert|ins\b|activat|methyl|regulat|defici|"
    r"variant|polymorph|express|positi|negati|wild|low|high|null|poor|carrier|mismatch|satellite)|\+|-[\s,;)/]|\bwt|[A-Z]m\b|MSI|MSS|MMR|PD-?L|TMB|HRD|\bPh\b|[A-Z]\d{2,4}|exon|ITD|genotyp|"
    r"\bt\(|inv\(|karyotype|omy \d|HLA|genes?\b",
)
_HISTORY: Final = re.compile(
    r"\b(?:previous stud|earlier stud|trials? (?:have|has) shown|demonstrated|has shown|is reported|occurs? in|"
    r"has been associated)\b",
    re.IGNORECASE,
)
_PARTICIPANTS: Final = re.compile(
    r"\b(?:patients?|participants?|subjects?|adults?|people|children|women|individuals)\b[^.;]{0,160}?"
    r"\b(?:with|harbou?r\w*|who have|whose|having|express\w*|who are|known to|in|carrying|containing)\b[^.]{0,120}$",
    re.IGNORECASE,
)
_WIDE: Final = str.maketrans(
    {"；": ";", "，": ",", "（": "(", "）": ")", "：": ":", "、": ",", "≧": "≥", "‐": "-", "‑": "-", "\u00a0": " "}
)


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
        self._included = required if joins else alternatives

    def find(self, text: str) -> Requirements:
        """Return what an eligibility text, or a document that has one, asks for and rules out."""
        if not text.strip():
            return Requirements((), (), ())
        text = with_line_feeds(text).translate(_WIDE)
        heading = _HEADING.search(text)
        begin = heading.start() if heading else 0
        stated = [_moved(it, begin) for it in self._of_criteria(text[begin:])]
        if self._description and begin and not any(it.polarity is Polarity.INCLUSION for it in stated):
            stated += self._of_description(text, begin)
        stated = spelt_alike(spelt_out(stated))
        inclusion = self._included(text, [it for it in stated if it.polarity is Polarity.INCLUSION])
        exclusion = alternatives(text, [it for it in stated if it.polarity is Polarity.EXCLUSION])
        return Requirements(simplified(inclusion), simplified(exclusion), tuple(stated))

    def _of_criteria(self, text: str) -> Iterator[Stated]:
        field = TextField(document="", locator="text", kind=FieldKind.ELIGIBILITY, text=text)
        genotypes = False  # whether the items are those of a list of genotypes
        end = 0
        for place, item in enumerate(criteria(field)):
            genotypes = genotypes or leads_genotypes(text[end : item.start])
            found = self._of_item(text, place, item, genotypes=genotypes)
            genotypes = (genotypes and bool(found)) or leads_genotypes(text[item.start : item.end])
            end = item.end
            yield from found

    def _of_item(self, text: str, place: int, item: Item, *, genotypes: bool) -> list[Stated]:
        if item.doubtful or (not genotypes and not _SAYS_STATE.search(text, item.start, item.end)):
            return []
        flat = Flat(text, item.start, item.end)
        tokens = tag(flat.text, self._names)
        found = phrases(flat.text, tokens)
        if genotypes or leads_genotypes(flat.text):
            found = sorted([*found, *listed(tokens)])
        stated = [it._replace(phrase=flat.moved(it.phrase)) for it in _counted(flat.text, item, place, found)]
        stated = without_synonyms(stated, self._names)
        sides = ([it for it in stated if it.polarity is side] for side in Polarity)
        return sorted(it for side in sides for it in most_specific(flat.text, side))

    def _of_description(self, text: str, end: int) -> Iterator[Stated]:
        """Yield what the description says of the participants: "patients with BRAF V600E-mutated melanoma"."""
        for start, stop in _long_sentences(text, end):
            if not _SAYS_STATE.search(text, start, stop) or _HISTORY.search(text, start, stop):
                continue
            flat = Flat(text, start, stop)
            for phrase in phrases(flat.text, tag(flat.text, self._names)):
                words = beside(flat.text, phrase.start, phrase.end, 0, len(flat.text))
                if _PARTICIPANTS.search(words.before + " ") and not is_denied(words, Polarity.INCLUSION):
                    yield Stated(Polarity.INCLUSION, -1, flat.moved(phrase), "described-participants")


def _counted(text: str, item: Item, place: int, found: Sequence[Phrase]) -> Iterator[Stated]:
    """Yield the phrases of a criterion that count, with the side on which they do."""
    denied = False
    behind = _denied_behind(text, item, found)
    last = Phrase(0, 0, ())
    for phrase in found:
        words = beside(text, phrase.start, phrase.end, 0, len(text))
        gap = text[last.end : phrase.start]
        denied = is_denied(words, item.polarity) or (denied and goes_on(gap))
        counted = side(words, item.polarity, denied=(denied or phrase in behind) != phrase.negated)
        defines = _DEFINED.search(gap) is not None and _labels(last) == _labels(phrase)
        last = phrase
        if counted is None or defines or says_nothing(text, phrase, words):
            continue
        if (denied or phrase in behind) and lacks_expression(phrase, words):
            yield Stated(item.polarity, place, negative(phrase), "absent-expression-is-negative")
        else:
            polarity, rule = counted
            yield Stated(polarity, place, phrase, rule)


def _denied_behind(text: str, item: Item, found: Sequence[Phrase]) -> set[Phrase]:
    """Return the phrases that the words behind them deny, or those behind the list that they stand in."""
    denied: set[Phrase] = set()
    following: Phrase | None = None
    for phrase in reversed(found):
        words = beside(text, phrase.start, phrase.end, 0, len(text))
        listed_with = (
            following is not None
            and following in denied
            and goes_on(text[phrase.end : following.start])
            and not _AFFIRMED.search(text, phrase.start, phrase.end)
        )
        if listed_with or is_denied_behind(words, item.polarity):
            denied.add(phrase)
        following = phrase
    return denied


# "EGFR mutation positive, ALK fusion not detected": what is said to be there is not denied with what follows.
_AFFIRMED: Final = re.compile(r"\b(?:positive|present|detected|confirmed)$", re.IGNORECASE)


def _labels(phrase: Phrase) -> set[str]:
    return {it.label for it in phrase.biomarkers}


# What a state is defined by says nothing more: "HER2- (defined as absence of HER2 3+ staining)".
_DEFINED: Final = re.compile(r"\bdefined (?:as|by)\b", re.IGNORECASE)


def _moved(stated: Stated, by: int) -> Stated:
    phrase = stated.phrase
    return stated._replace(phrase=phrase._replace(start=phrase.start + by, end=phrase.end + by))


def _long_sentences(text: str, end: int) -> Iterator[tuple[int, int]]:
    """Yield sentences; what a semicolon or colon separates is one."""
    begin: int | None = None
    for start, stop in sentences(text, 0, end):
        begin = start if begin is None else begin
        if text[stop - 1] not in ";:":
            yield begin, stop
            begin = None
