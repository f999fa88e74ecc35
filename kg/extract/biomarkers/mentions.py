"""Give the markers of a criterion the states that the grammar reads: "EGFR, ALK or ROS1 mutations" says one of each.

Markers that the dictionary has found get a state where they have none; those that only the phrase tells from other
words ("positive for ER and PR", the types of an HLA list) are added, so that nothing is named twice.
"""

import re
from collections.abc import Iterator, Sequence

from msgspec import structs

from kg.extract.biomarkers.flat import Flat
from kg.extract.biomarkers.grammar import Biomarker, Phrase, is_but_not, phrases
from kg.extract.biomarkers.names import MarkerNames
from kg.extract.biomarkers.polarity import ABSENT_BEHIND
from kg.extract.biomarkers.states import state_of
from kg.extract.biomarkers.tokens import DRUG_BEHIND, tag
from kg.extract.criteria import Item
from kg.extract.states import is_either_carrier, possible_state
from kg.extract.thresholds import threshold
from kg.models import Concept, ConceptType, Mention, Span, TextField

RULE = "gene-alteration"
# A variant without a concept of its own: its gene is mutated, but who is free of it may have another variant.
VARIANT_RULE = "gene-variant"
# A bare list of genes says nothing of them by itself.
_SAID = re.compile(
    r"mut|fusion|rearrang|transloc|amplif|delet|loss|lost|express|positi|negati|wild|methyl|defici|null|HRD|recombination|\b[A-Z]\d{2,4}[A-Z]\b|\+|-$",
    re.IGNORECASE,
)
# Short names that need a phrase to be markers, and lists that name their kind once.
_UNNAMED = re.compile(r"(?:(?:ER|PR|AR|HR)(?<![A-Za-z]..)|HER(?<![A-Za-z]HER))(?![A-Za-z])|HLA-")
_TYPE = re.compile(r"(?<=HLA-)[A-Z]\*?\d[\d:]*")
_IN_CASE = re.compile(
    r"\b(?:if|when|where|can|could|may|might|whether|(?:presence|case|event) of)\b[^.;]{0,60}$|\b(?:test|screen|"
    r"assess|determin|evaluat)\w*\b"
    r"[^.;]{0,25}$",
    re.IGNORECASE,
)
_TEST_BEHIND = re.compile(
    r"[\s\-]*(?:gene\s)?(?:tests?\b|testing|analys|status|results?\b|assay|screen|detection)", re.IGNORECASE
)
_TO_BE_MEASURED = re.compile(
    r"status|\blevels?\b|determin|assess|evaluat|measur|analy[sz]|test|required|available", re.IGNORECASE
)
_AT_MOST = re.compile(
    r"(?:<|≤|less than|fewer than|below|under|at most|up to)\s?=?\s?\d{1,2}\s?%[^.;,]{0,30}$", re.IGNORECASE
)
_LOOK_BACK, _LOOK_AHEAD = 90, 60
# Cells of these kinds are counted, given or selected more often than they are a tumour's.
_CELLS = frozenset({"cd3", "cd4", "cd8", "cd34"})
_CONFIDENCE = 0.9


def with_phrases(
    field: TextField, items: Sequence[Item], mentions: Sequence[Mention], names: MarkerNames
) -> list[Mention]:
    """Return the mentions of an eligibility text in order, with the markers and states that phrases of criteria say."""
    found = list(mentions)
    more: list[Mention] = []
    place = 0
    for item in items:
        while place < len(found) and found[place].span.start < item.start:
            place += 1
        first = place
        while place < len(found) and found[place].span.start < item.end:
            place += 1
        maybe = any(map(_is_open, found[first:place])) or _UNNAMED.search(field.text, item.start, item.end)
        if maybe and _SAID.search(field.text, item.start, item.end):
            stated = list(_phrases(field.text, item, names))
            found[first:place] = [_with_state(field, mention, stated, names) for mention in found[first:place]]
            more += _unnamed(field, stated, found[first:place], names)
    return sorted([*found, *more], key=lambda mention: (mention.span.start, mention.name_start))


def _unnamed(
    field: TextField, stated: Sequence[Phrase], mentions: Sequence[Mention], names: MarkerNames
) -> Iterator[Mention]:
    """Yield markers that phrases name where the dictionary does not: what stands in a list with others is sure."""
    for phrase in stated:
        said = {
            it.concept.iri
            for it in mentions
            if it.state is not None and it.span.start < phrase.end and phrase.start < it.span.end
        }
        for biomarker in phrase.biomarkers:
            iri, notation = state_of(biomarker, names)
            concept = names.by_iri(iri) if iri and not biomarker.variant else None
            state = possible_state(concept, notation) if concept and notation else None
            if concept is not None and state is not None and concept.iri not in said:
                said.add(concept.iri)
                start, end = _name(field.text, phrase, biomarker, concept, names)
                yield Mention(
                    span=Span(text=field, start=phrase.start, end=phrase.end), concept=concept, rule=RULE,
                    confidence=_CONFIDENCE, name_start=start, name_end=end, state=state,
                )  # fmt: skip


def _name(text: str, phrase: Phrase, biomarker: Biomarker, concept: Concept, names: MarkerNames) -> tuple[int, int]:
    """Return where a phrase names a marker, or all of it where the name is spread over its list."""
    words = text[phrase.start : phrase.end]
    if biomarker.whole and (match := _TYPE.search(biomarker.whole[1])):
        at = words.find(match.group())
        return (phrase.start + at, phrase.start + at + len(match.group())) if at >= 0 else (phrase.start, phrase.end)
    for named in names.find(words):
        if any(names.concept_iri(label) == concept.iri for label in named.labels):
            return phrase.start + named.start, phrase.start + named.end
    return phrase.start, phrase.end


def _is_open(mention: Mention) -> bool:
    concept = mention.concept
    return concept.concept_type is ConceptType.MARKER and mention.state is None and concept.notation not in _CELLS


def _phrases(text: str, item: Item, names: MarkerNames) -> Iterator[Phrase]:
    """Yield the phrases of a criterion that say how the tumour is: no condition, no plan to look for it."""
    flat = Flat(text, item.start, item.end)
    for phrase in phrases(flat.text, tag(flat.text, names)):
        expressed = any(it.noun == "expression" for it in phrase.biomarkers)
        if (
            not phrase.negated
            and not is_either_carrier(flat.text, phrase.start, phrase.end)
            and (_SAID.search(flat.text, phrase.start, phrase.end) or is_but_not(flat.text, phrase.start))
            and not (_TEST_BEHIND.match(flat.text, phrase.end) and not _is_signed(phrase))
            and not ABSENT_BEHIND.match(flat.text, phrase.end)
            and not DRUG_BEHIND.match(flat.text, phrase.end)
            and _IN_CASE.search(flat.text[max(0, phrase.start - _LOOK_BACK) : phrase.start]) is None
            and not (expressed and _AT_MOST.search(flat.text[max(0, phrase.start - _LOOK_BACK) : phrase.start]))
            and not (expressed and _TO_BE_MEASURED.search(flat.text, phrase.start, phrase.end + _LOOK_AHEAD))
            and threshold(flat.text, phrase.end) is None
        ):
            yield flat.moved(phrase)


def _is_signed(phrase: Phrase) -> bool:
    """Tell whether a phrase says positive or negative, which a status behind it is: "ER and PR negative status"."""
    return all(it.noun in {"positive", "negative"} for it in phrase.biomarkers)


def _with_state(field: TextField, mention: Mention, stated: Sequence[Phrase], names: MarkerNames) -> Mention:
    if not _is_open(mention):
        return mention
    for phrase in stated:
        if phrase.start <= mention.name_start and mention.name_end <= phrase.end:
            states = set(_states(mention, phrase, names))
            span = Span(text=field, start=phrase.start, end=phrase.end)
            if len(states) == 1:
                return _stated(mention, span, states.pop(), RULE)
            if not states and "mutated" in mention.concept.possible_states:
                variants = [it for it in phrase.biomarkers if it.variant and names.concept(it.label) == mention.concept]
                if variants:
                    return _varied(mention, span, variants, names)
    return mention


def _varied(mention: Mention, span: Span, variants: Sequence[Biomarker], names: MarkerNames) -> Mention:
    """Return a gene's mention as that of its one variant, or as mutated where that is not one that we know."""
    iri, state = state_of(variants[0], names)
    concept = names.by_iri(iri or "")
    if len(variants) > 1 or concept is None or state is None or concept == mention.concept:
        return _stated(mention, span, "mutated", VARIANT_RULE)
    return structs.replace(_stated(mention, span, state, RULE), concept=concept)


def _states(mention: Mention, phrase: Phrase, names: MarkerNames) -> Iterator[str]:
    """Yield the states in which the phrase has the marker, as far as it can have them."""
    for biomarker in phrase.biomarkers:
        if biomarker.whole:
            iri, state = state_of(biomarker, names)
            if iri == mention.concept.iri and state and (possible := possible_state(mention.concept, state)):
                yield possible
            continue
        concept = names.concept(biomarker.label)
        if concept is not None and concept.iri == mention.concept.iri and not biomarker.variant:
            _, state = state_of(biomarker, names)
            possible = possible_state(mention.concept, state) if state else None
            if possible is not None:
                yield possible


def _stated(mention: Mention, span: Span, state: str, rule: str) -> Mention:
    return Mention(
        span=span,
        concept=mention.concept,
        rule=rule,
        confidence=_CONFIDENCE,
        name_start=mention.name_start,
        name_end=mention.name_end,
        state=state,
    )
