"""Labels that share words with a name, where none has all of them: what is left over on either side costs."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from typing import Final, NamedTuple

from kg.linking.index import Label, NameIndex, own_weight
from kg.linking.medical_words import NEGATIONS
from kg.linking.words import Word, words

_CERTAINTY: Final = 0.75  # of a label all of whose words are met
_LEAST: Final = 0.2  # below it, a likeness says nothing
_EXTRA_IN_NAME: Final = 0.5  # a name is more often narrower than its concept …
_EXTRA_IN_LABEL: Final = 1.0  # … than a concept narrower than its name
_SAME_STEM, _SAME_GROUP = 0.95, 0.85
_QUALIFIER_WEIGHT: Final = 0.2
_WORDS_LOOKED_UP: Final = 3
_MOST_LABELS: Final = 4_000  # of a word that is looked up; a more frequent one finds too much
_KEPT: Final = 80  # labels that are compared word by word
_MOST_EXTRA: Final = 2  # words by which a name may be shortened
_SHORTENED, _SHORTENED_BEST = 0.45, 0.75


class Overlap(NamedTuple):
    """A label that shares words with the name."""

    label: Label
    score: float
    rule: str
    partial: bool  # the name has words that the label has not


def overlaps(
    parts: Sequence[Word], index: NameIndex, wanted: AbstractSet[str], *, hierarchy: bool
) -> Iterator[Overlap]:
    """Yield labels of the wanted classes of concepts that share words with a name, with scores from 0 to 0.75.

    Args:
        parts: The words of the name.
        index: Where to look.
        wanted: Classes of concepts; empty for all.
        hierarchy: Whether a shortened name ("diabetes") means the most general concept with such a label.
    """
    weights = {part.group: index.weight(part.group) * _weight_in_name(part) for part in parts}
    by_group = {part.group: part for part in parts}
    shortened: list[tuple[Label, float]] = []
    for number in _likeliest(weights, index):
        label = index.label(number)
        if wanted and label.concept_type not in wanted:
            continue
        theirs = {part.group: part for part in words(label.text)}
        dropped = [by_group[group].form for group in weights if group not in theirs]
        if dropped and _must_keep(dropped, label):
            continue
        score = _likeness(weights, by_group, theirs, index)
        if dropped:
            if score >= _LEAST:
                yield Overlap(label, score, f'some of its words, without "{" ".join(dropped)}"', True)
        elif hierarchy and len(theirs) - len(weights) <= _MOST_EXTRA:
            shortened.append((label, score))
        else:
            yield Overlap(label, score, "all of its words among others", False)
    yield from _shortened(shortened, index)


def _must_keep(dropped: Sequence[str], label: Label) -> bool:
    """Tell whether a word that the label lacks changes the meaning: a negation, or the number of a compound."""
    return any(form in NEGATIONS or (form.isdigit() and label.concept_type != "Disease") for form in dropped)


def _weight_in_name(part: Word) -> float:
    return _QUALIFIER_WEIGHT if part.is_qualifier else own_weight(part)


def _likeliest(weights: Mapping[str, float], index: NameIndex) -> list[int]:
    """Return the labels that share most with the name, judged by its rarest words."""
    shared: dict[int, float] = defaultdict(float)
    for group in sorted(weights, key=lambda group: (-weights[group], group))[:_WORDS_LOOKED_UP]:
        found = index.with_word(group)
        if len(found) <= _MOST_LABELS:
            for number in found:
                shared[number] += weights[group]
    total = sum(weights.values())
    best = sorted((-value / (total + index.label_weight(number)), number) for number, value in shared.items())
    return [number for _, number in best[:_KEPT]]


def _likeness(
    weights: Mapping[str, float], ours: Mapping[str, Word], theirs: Mapping[str, Word], index: NameIndex
) -> float:
    met = extra = 0.0
    for group, part in theirs.items():
        if group not in weights:
            extra += index.weight(group) * own_weight(part)
        elif part.form == ours[group].form:
            met += weights[group]
        else:
            met += weights[group] * (_SAME_STEM if part.stem == ours[group].stem else _SAME_GROUP)
    missing = sum(weight for group, weight in weights.items() if group not in theirs)
    return _CERTAINTY * met / (met + _EXTRA_IN_NAME * missing + _EXTRA_IN_LABEL * extra) if met else 0.0


def _shortened(found: Sequence[tuple[Label, float]], index: NameIndex) -> Iterator[Overlap]:
    """Yield labels that a shortened name may stand for: above all the concept that stands over the others."""
    above = {label.concept_iri: _ancestors(label.concept_iri, index) for label, _ in found}
    below = Counter(iri for ancestors in above.values() for iri in ancestors if iri in above)
    most = max(below.values(), default=0)
    for label, likeness in found:
        share = below[label.concept_iri] / most if most else 0.0
        score = max(likeness, _SHORTENED + (_SHORTENED_BEST - _SHORTENED) * share)
        yield Overlap(label, score, "all of its words among others", False)


def _ancestors(iri: str, index: NameIndex) -> frozenset[str]:
    found: set[str] = set()
    left = [iri]
    while left:
        for parent in index.broader_iris(left.pop()):
            if parent not in found:
                found.add(parent)
                left.append(parent)
    return frozenset(found)
