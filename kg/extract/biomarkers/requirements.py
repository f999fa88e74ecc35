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
from math import prod
from typing import Final, NamedTuple

from kg.extract.biomarkers.grammar import GENE_SETS, Biomarker, Phrase, leads_genotypes, listed, phrases
from kg.extract.biomarkers.names import MarkerNames
from kg.extract.biomarkers.tokens import DRUG_BEHIND, tag
from kg.extract.biomarkers.flat import Flat
from kg.extract.context import Beside, beside, is_ruled_out
from kg.extract.criteria import Item, criteria
from kg.extract.sentences import sentences
from kg.models import FieldKind, Polarity, TextField

_HEADING: Final = re.compile(
    r"(?im)^[ \t]*(?:[-*•#]+[ \t]*)?(?:[\w,/&-]+[ \t]+){0,3}(?:inclusion|eligibility)\b[ \t]*(?:criteria|criterion)?[^\n:.]{0,60}(?:[:.]|$)"
)
# One of these is in everything that the grammar reads; looking for them is cheap.
_SAYS_STATE: Final = re.compile(
    r"(?i:mut|alter|aberr|defect|rearr|transloc|fusion|amplif|delet|\bdel|loss|lost|insert|ins\b|activat|methyl|regulat|defici|"
    r"variant|polymorph|express|positi|negati|wild|low|high|mismatch|satellite)|\+|-[\s,;)/]|\bwt|[A-Z]m\b|MSI|MSS|MMR|TMB|HRD|\bPh\b|[A-Z]\d{2,4}|exon|ITD|genotyp|"
    r"\bt\(|inv\(|karyotype|omy \d|HLA|genes?\b",
)
_COHORT: Final = re.compile(
    r"\b(?:cohorts?|arms?|parts?|phase|groups?|criteria for|dose[\s-](?:escalation|expansion)|sub-?protocol|expansion|either)\b",
    re.IGNORECASE,
)
_PERMITS: Final = re.compile(
    r"\b(?:(?:are|is|may be|can be) (?:also |still )?(?:eligible|included|enrolled|allowed)|may (?:enrol|participate))", re.IGNORECASE
)
_EXCEPTION: Final = re.compile(
    r"(?:\bexcept(?:ion(?:s)?(?: (?:of|are|is|for))?)?\b|\bother than\b|\bwith the exception of\b|\bunless\b|\bapart from\b|"
    r"\bexcluding\b|\bregardless of\b|\birrespective of\b|\bmay or may not\b)[^.;()]{0,60}$",
    re.IGNORECASE,
)
_HISTORY: Final = re.compile(
    r"\b(?:previous stud|earlier stud|trials? (?:have|has) shown|demonstrated|has shown|is reported|occurs? in|has been associated)\b",
    re.IGNORECASE,
)
_PARTICIPANTS: Final = re.compile(
    r"\b(?:patients?|participants?|subjects?|adults?|people|children|women|individuals)\b[^.;]{0,160}?"
    r"\b(?:with|harbou?r\w*|who have|whose|having|express\w*|who are|known to|in|carrying|containing)\b[^.;]{0,120}$",
    re.IGNORECASE,
)
_AND_BETWEEN: Final = re.compile(
    r"^\W{0,4}(?:[\w\-]+\W+){0,25}?\band\s+(?:also\s+)?(?:has|have|is|are|with|confirm\w*|must|the absence|absence|no\b|without|document\w*|harbou?r\w*|"
    r"presence|show\w*|express\w*)|^[^.;]{0,40}\b(?:that|who|which) (?:has|have|is|are|also|expresses?)\b",
    re.IGNORECASE,
)
_TIGHT: Final = re.compile(r"[\s,/()\-–]*(?:and|with|as well as|but|&)?[\s,/()\-–]*(?:is|are)?\s*", re.IGNORECASE)
_SIGNED: Final = frozenset({"positive", "negative", "wild-type", "wt"})

_WIDE: Final = str.maketrans({"；": ";", "，": ",", "（": "(", "）": ")", "：": ":", "、": ",", "≧": "≥", "‐": "-", "‑": "-", "\u00a0": " "})
_DENIAL: Final = re.compile(
    r"\b(?:no|not|without|absence of|lack(?:ing)?(?: of)?|free (?:of|from)|neither|nor|negative for|never|absent|rul(?:e|ed|ing) out)\b"
    r"(?:(?!\b(?:no|not|without|but|who|which|that|their|therapy|treatment)\b)[^,.;:]){0,48}$|\bnon[\s-]{0,2}$",
    re.IGNORECASE,
)
_NO_DENIAL: Final = re.compile(
    r"no (?:\w+ ){0,3}(?:more|less|longer|standard|other|approved|prior|limit|therap|treat|option|available)|not (?:limited|only|yet|required|necessar|more|less|amenable|applicable|suitable|"
    r"eligible for|specified|undergo|recei|previous|respon|tolera|progress|curable|candidates)|without (?:regard|prior|progress)",
    re.IGNORECASE,
)
# What an exclusion says of the tumour; "must not have …" among exclusions only says once more that it is one.
_ABSENCE: Final = re.compile(r"without|absence|lack|absent|free|negative for|non|no\s(?!known|evidence)", re.IGNORECASE)
# Not eligible for something else than the trial.
_UNSUITED: Final = re.compile(r"\b(?:in|not )eligible (?:to receive|for (?!th(?:is|e) (?:study|trial)|enrol|participat|inclusion))", re.IGNORECASE)
_ON_IN_LIST: Final = re.compile(r"[\s,/()\-]*(?:and/or|and|or|nor)?[\s,/()\-]*(?:an?\s|any\s|known\s)*", re.IGNORECASE)
_TESTED: Final = re.compile(
    r"[\s\-]*(?:testing|analys[ie]s|metaphases|cells?\b)|(?!.{0,70}\bnot\b)[^.;]{0,70}\b(?:allowed|permitted)\b", re.IGNORECASE
)
_KEEPS_GENERAL: Final = re.compile(r"includ|e\.g|\beg\b|\betc\b", re.IGNORECASE)
_SPECIFIC: Final = frozenset({"mutation", "fusion", "amplification", "rearrangement", "translocation", "deletion", "loss", "overexpression"})
_GENERAL: Final = frozenset({"alteration", "aberration", "defect"})

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
        if not text.strip():
            return Requirements((), (), ())
        text = text.translate(_WIDE)
        heading = _HEADING.search(text)
        begin = heading.start() if heading else 0
        field = TextField(document="", locator="text", kind=FieldKind.ELIGIBILITY, text=text[begin:])
        stated: list[Stated] = []
        lead = False  # whether the items are those of a list of genotypes
        end = 0
        for place, item in enumerate(criteria(field)):
            lead = lead or leads_genotypes(field.text[end : item.start])
            found = list(self._of_item(field.text, place, item, bare=lead))
            lead = (lead and bool(found)) or leads_genotypes(field.text[item.start : item.end])
            end = item.end
            stated += [
                it._replace(phrase=it.phrase._replace(start=it.phrase.start + begin, end=it.phrase.end + begin))
                for it in found
            ]
        if self._description and begin and not any(it.polarity is Polarity.INCLUSION for it in stated):
            stated += self._of_description(text, begin)
        stated = _spelt_alike(_spelt_out(stated))
        inclusion = self._included(text, [it for it in stated if it.polarity is Polarity.INCLUSION])
        exclusion = _alternatives(text, [it for it in stated if it.polarity is Polarity.EXCLUSION])
        return Requirements(_simplified(inclusion), _simplified(exclusion), tuple(stated))

    def _of_item(self, text: str, place: int, item: Item, *, bare: bool) -> Iterator[Stated]:
        if not bare and not _SAYS_STATE.search(text, item.start, item.end):
            return
        flat = Flat(text, item.start, item.end)
        tokens = tag(flat.text, 0, len(flat.text), self._names)
        denied = False
        last = 0
        found: list[Stated] = []
        bare = bare or leads_genotypes(flat.text)
        for phrase in [*phrases(flat.text, tokens), *(listed(tokens) if bare else ())]:
            words = beside(flat.text, phrase.start, phrase.end, 0, len(flat.text))
            denied = _is_denied(words, item.polarity) or (denied and _ON_IN_LIST.fullmatch(flat.text[last : phrase.start]) is not None)
            last = phrase.end
            polarity = _side(words, item.polarity, denied=denied != phrase.negated)
            if polarity is None or _TESTED.match(words.after) or DRUG_BEHIND.match(words.after) or _is_of_immune_cells(flat.text, phrase):
                continue
            if denied and _is_expression(phrase) and _NOT_EXPRESSED.search(words.before):
                phrase, polarity = _negative(phrase), item.polarity
            found.append(Stated(polarity, place, flat.moved(phrase)))
        yield from _most_specific(flat.text, self._without_synonyms(found))

    def _is_doubtful(self, biomarker: Biomarker) -> bool:
        """Tell whether letters that are a gene's symbol may be any abbreviation: no digit, and no alteration behind."""
        return (
            biomarker.noun in {"positive", "negative", "low", "high", "variant", "deficiency", "defect"}
            and biomarker.label.isalpha()
            and biomarker.label.isupper()
            and self._names.concept(biomarker.label) is None
            and biomarker.label not in {"BRCA", "DDR", "HRR"}
            and len(biomarker.label) <= 4
        )

    def _without_synonyms(self, stated: Sequence[Stated]) -> list[Stated]:
        """Leave out a second name of a marker in the same state: "estrogen receptor negative (ER-)"."""
        seen: dict[tuple[str, str], str] = {}
        kept: list[Stated] = []
        for it in stated:
            left = tuple(
                biomarker
                for biomarker in it.phrase.biomarkers
                if not self._is_doubtful(biomarker)
                and (biomarker.variant or biomarker.whole or seen.setdefault(
                    (self._names.concept_iri(biomarker.label) or biomarker.label, biomarker.noun), biomarker.label
                )
                == biomarker.label)
            )
            if left:
                kept.append(it._replace(phrase=it.phrase._replace(biomarkers=left)))
            elif kept:  # the synonym goes with the phrase that it stands behind
                kept[-1] = kept[-1]._replace(phrase=kept[-1].phrase._replace(end=it.phrase.end))
        return kept

    def _of_description(self, text: str, end: int) -> Iterator[Stated]:
        """Yield what the description says of the participants: "patients with BRAF V600E-mutated melanoma"."""
        for start, stop in _long_sentences(text, end):
            if not _SAYS_STATE.search(text, start, stop) or _HISTORY.search(text, start, stop):
                continue
            flat = Flat(text, start, stop)
            for phrase in phrases(flat.text, tag(flat.text, 0, len(flat.text), self._names)):
                words = beside(flat.text, phrase.start, phrase.end, 0, len(flat.text))
                if _PARTICIPANTS.search(words.before + " ") and not _is_denied(words, Polarity.INCLUSION):
                    yield Stated(Polarity.INCLUSION, -1, flat.moved(phrase))

    def _included(self, text: str, stated: Sequence[Stated]) -> list[Conjunction]:
        by_item: dict[int, list[Stated]] = {}
        for it in stated:
            by_item.setdefault(it.item, []).append(it)
        groups = [_alternatives(text, found) for found in by_item.values()]
        implied = _implied(groups)
        groups = [group for place, group in enumerate(groups) if place not in implied]
        items = [found for place, found in enumerate(by_item.values()) if place not in implied]
        if not self._joins or not _all_required(text, items):
            return [conjunction for group in groups for conjunction in group]
        return _multiplied(groups)


def _is_expression(phrase: Phrase) -> bool:
    return all(it.noun == "expression" for it in phrase.biomarkers)


def _negative(phrase: Phrase) -> Phrase:
    """Return "negative" for a lack of expression: "absence of ER and PR expression" (rule `absent-expression-is-negative`)."""
    return phrase._replace(
        biomarkers=tuple(it._replace(noun="negative", kind="") for it in phrase.biomarkers),
        all_of=True,
    )


_NOT_EXPRESSED: Final = re.compile(r"\b(?:absence|lack|loss)(?:ing)? of [^.;]{0,40}$|\blacking [^.;]{0,30}$", re.IGNORECASE)


def _is_of_immune_cells(text: str, phrase: Phrase) -> bool:
    """Tell whether helper cells are counted, as in infection with HIV, and not a tumour's antigen named."""
    return all(it.label in {"CD3", "CD4", "CD8", "CD34"} for it in phrase.biomarkers) and _IMMUNE_CELLS.search(text) is not None


_IMMUNE_CELLS: Final = re.compile(r"\bHIV\b|cells?\s?/|counts?\b|immunodeficiency|/\s?kg|stem cell|graft|progenitor", re.IGNORECASE)


def _long_sentences(text: str, end: int) -> Iterator[tuple[int, int]]:
    """Yield sentences; what a semicolon or colon separates is one."""
    begin: int | None = None
    for start, stop in sentences(text, 0, end):
        begin = start if begin is None else begin
        if text[stop - 1] not in ";:":
            yield begin, stop
            begin = None


def _side(words: Beside, polarity: Polarity, *, denied: bool) -> Polarity | None:
    if _EXCEPTION.search(words.before):
        return None
    if not denied:
        return polarity
    return Polarity.EXCLUSION if polarity is Polarity.INCLUSION else Polarity.INCLUSION


def _is_denied(words: Beside, polarity: Polarity) -> bool:
    """Tell whether the words beside a phrase deny it; that an exclusion says "are excluded" denies nothing."""
    if polarity is Polarity.INCLUSION and is_ruled_out(words) and _UNSUITED.search(words.after) is None:
        return True
    near = _DENIAL.search(words.before)
    if near is None or _NO_DENIAL.match(near.group()):
        return False
    return polarity is Polarity.INCLUSION or _ABSENCE.match(near.group()) is not None


def _spelt_out(stated: Sequence[Stated]) -> list[Stated]:
    """Put the genes of a set in its place where the text lists them anywhere: "HRR genes: ATM, BRIP1 …"."""
    members: dict[str, tuple[str, ...]] = {}
    for it in stated:
        for name in it.phrase.sets:
            labels = tuple(dict.fromkeys(found.label for found in it.phrase.biomarkers if found.label))
            members[name] = max(members.get(name, ()), labels, key=len)
    spelt: list[Stated] = []
    for it in stated:
        found = tuple(
            biomarker._replace(label=label)
            for biomarker in it.phrase.biomarkers
            for label in members.get(_set_name(biomarker.label), (biomarker.label,))
        )
        spelt.append(it._replace(phrase=it.phrase._replace(biomarkers=tuple(dict.fromkeys(found)))))
    return spelt


def _spelt_alike(stated: Sequence[Stated]) -> list[Stated]:
    """Write a name that a text writes in small and in capital letters in one way, the first."""
    first: dict[str, str] = {}
    return [
        it._replace(
            phrase=it.phrase._replace(
                biomarkers=tuple(
                    biomarker._replace(label=first.setdefault(biomarker.label.casefold(), biomarker.label))
                    for biomarker in it.phrase.biomarkers
                )
            )
        )
        for it in stated
    ]


def _set_name(label: str) -> str:
    return GENE_SETS.get(label.lower(), label)


def _most_specific(text: str, stated: Iterable[Stated]) -> Iterator[Stated]:
    """Leave out of a criterion what it says more exactly as well: "a mutation (V600E or V600K)", "alterations, e.g. fusions"."""
    stated = list(stated)
    said = [it for found in stated for it in found.phrase.biomarkers]
    keeps = _KEEPS_GENERAL.search(text) is not None
    exact = {it.label for it in said if it.variant}
    nouns = {it.label for it in said if it.noun in _SPECIFIC}
    origins = {(it.label, it.noun) for it in said if it.origin}
    for found in stated:
        left = tuple(
            it
            for it in found.phrase.biomarkers
            if not (
                (it.noun in {"mutation", "fusion"} and it.label in exact and not keeps)
                or (it.noun in _GENERAL and it.label in nouns)
                or (not it.origin and (it.label, it.noun) in origins)
            )
        )
        if left:
            yield found._replace(phrase=found.phrase._replace(biomarkers=left))


def _implied(groups: Sequence[Sequence[Conjunction]]) -> set[int]:
    """Return the places of criteria that ask for one biomarker which all alternatives of another ask for with more."""
    return {
        place
        for place, group in enumerate(groups)
        if len(group) == 1
        and any(all(set(group[0]) < set(it) for it in other) for other in groups if other is not group)
    }


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
    last: Stated | None = None
    for choice in _choices(text, stated):
        conjunctions = [it for found in choice for it in _conjunctions(found.phrase)]
        if last is not None and last.item == choice[0].item and _together(text, last.phrase, choice[0].phrase):
            groups[-1].append(conjunctions)
        else:
            groups.append([conjunctions])
        last = choice[-1]
    return [conjunction for group in groups for conjunction in _multiplied(group)]


def _multiplied(groups: Sequence[Sequence[Conjunction]]) -> list[Conjunction]:
    """Return the combinations of one alternative of each group; where these would be too many, the alternatives."""
    if prod(map(len, groups)) > _MOST_COMBINATIONS:
        return [conjunction for group in groups for conjunction in group]
    return [tuple(dict.fromkeys(it for part in parts for it in part)) for parts in product(*groups)]


_MOST_COMBINATIONS: Final = 200


def _conjunctions(phrase: Phrase) -> list[Conjunction]:
    return [phrase.biomarkers] if phrase.all_of else [(biomarker,) for biomarker in phrase.biomarkers]


def _choices(text: str, stated: Sequence[Stated]) -> list[list[Stated]]:
    """Group phrases of one kind that only "or" stands between: "ER+ or PR+", "MSS or pMMR", the items of a nested list."""
    choices: list[list[Stated]] = []
    earlier: set[str] = set()  # what holds together with the last phrase: "ER+/HER2- or ER-/HER2+" begins anew
    for it in stated:
        last = choices[-1][-1] if choices else None
        if last is None or last.item != it.item:
            choices.append([it])
            earlier = set()
        elif earlier.isdisjoint(_labels(it.phrase)) and _is_choice(text, last.phrase, it.phrase):
            choices[-1].append(it)
        else:
            choices.append([it])
            earlier = earlier | _labels(last.phrase) if _is_tight(text, last.phrase, it.phrase) else set()
    return choices


def _is_choice(text: str, left: Phrase, right: Phrase) -> bool:
    gap = text[left.end : right.start]
    if _NEXT_ITEM.search(gap) is not None and ":" not in gap:
        return True
    return _ONLY_OR.fullmatch(gap) is not None and _kinds(left) == _kinds(right)


def _kinds(phrase: Phrase) -> set[str]:
    return {"whole" if it.whole else "variant" if it.variant else it.noun for it in phrase.biomarkers}


def _together(text: str, left: Phrase, right: Phrase) -> bool:
    gap = text[left.end : right.start]
    if _BEFORE_LIST.search(gap):
        return True
    if _is_tight(text, left, right):
        return True
    return _AND_BETWEEN.search(gap) is not None and not re.search(r"\bor\b", gap) and _labels(left).isdisjoint(_labels(right))


def _is_tight(text: str, left: Phrase, right: Phrase) -> bool:
    gap = text[left.end : right.start]
    return _TIGHT.fullmatch(gap) is not None and _is_signed(left) and _is_signed(right)


_ONLY_OR: Final = re.compile(r"[\s,/)]*(?:and/or|or)\s*", re.IGNORECASE)
_NEXT_ITEM: Final = re.compile(r"\n\s*(?:[-*•]|\(?(?:\d{1,2}|[a-z])[.)])\s")
_BEFORE_LIST: Final = re.compile(
    r"\band\b[^.;]{0,60}\b(?:following|one of|any of|either)\b[^.;\n]{0,40}:\s*\n", re.IGNORECASE
)


def _is_signed(phrase: Phrase) -> bool:
    return all(it.noun in _SIGNED or it.whole[:1] == ("ph",) for it in phrase.biomarkers)


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
                (found[0].noun == "positive" and found[0].label in altered - _PROTEINS)
                or (found[0].variant and (found[0].label, found[0].variant) in variants)
            )
        )
    )


_ALTERED: Final = frozenset({"mutation", "fusion", "rearrangement", "translocation"})
# Proteins whose amount is a state of its own, whatever their genes.
_PROTEINS: Final = frozenset({"HER2", "PD-L1"})
