"""What annotations of a trial are compared by: sets of answers, each with an annotation that gives it."""

from collections.abc import Callable, Collection, Iterable, Mapping
from typing import Final

from benchmarks.accuracy.gold.annotation import Annotation
from kg.models import ConceptType, Role

Answers = dict[str, Annotation]
Measure = Callable[[Iterable[Annotation]], Answers]

DRUGS: Final = frozenset({ConceptType.DRUG, ConceptType.DRUG_CLASS, ConceptType.DRUG_COMBINATION})
_POLARITY: Final = {Role.REQUIRES_MARKER_STATE: "inclusion", Role.EXCLUDES_MARKER_STATE: "exclusion"}
# Which states say the same of whom a trial takes: "HER2 positive", "overexpressing", "amplified". Changes of a gene,
# and degrees such as low, are classes of their own.
_CLASSES: Final = {
    "positive": ("positive", "overexpressed", "expressed", "amplified", "detected", "high", "elevated"),
    "negative": ("negative", "not-overexpressed", "not-expressed", "not-amplified", "not-detected", "loss"),
}
_CLASS_OF: Final = {state: name for name, states in _CLASSES.items() for state in states}


def state_class(state: str) -> str:
    """Return the class of a state's notation; a state that is in none is its own."""
    return _CLASS_OF.get(state, state)


def marker_triples(annotations: Iterable[Annotation]) -> Answers:
    """Return the states that a population must, or must not, have: marker, class of the state, polarity."""
    return {
        f"{it.concept} {state_class(it.state)} {_POLARITY[it.role]}": it for it in annotations if it.role in _POLARITY
    }


def with_role(classes: Collection[str]) -> Measure:
    """Return the measure of concepts of ``classes`` with their roles; mere mentions do not count."""

    def answers(annotations: Iterable[Annotation]) -> Answers:
        return {
            f"{it.concept} {it.role.value}": it
            for it in annotations
            if it.concept_class in classes and it.role is not Role.MENTIONS
        }

    return answers


MEASURES: Final[Mapping[str, Measure]] = {
    "marker, state, polarity": marker_triples,
    "marker with role": with_role({ConceptType.MARKER}),
    "drug with role": with_role(DRUGS),
    "procedure with role": with_role({ConceptType.PROCEDURE}),
}
