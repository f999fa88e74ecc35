"""Counts a document, and what they add up to: precision, recall, F1, accuracy, with intervals over documents."""

import random
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path

_SAMPLES = 1_000
_SEED = 7  # the same interval on every run
_TAIL = 0.025  # of a 95 % interval, on each side


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """What was right and wrong in one document, or in all of them together."""

    document: str = ""
    true_positives: int = 0
    false_positives: int = 0
    false_negatives: int = 0
    true_negatives: int = 0

    @property
    def precision(self) -> float:
        """Of what was found, the share that is right."""
        return _share(self.true_positives, self.true_positives + self.false_positives)

    @property
    def recall(self) -> float:
        """Of what is there, the share that was found."""
        return _share(self.true_positives, self.true_positives + self.false_negatives)

    @property
    def f1(self) -> float:
        """The harmonic mean of precision and recall."""
        twice = 2 * self.true_positives
        return _share(twice, twice + self.false_positives + self.false_negatives)

    @property
    def accuracy(self) -> float:
        """The share of right answers. Where every question has one answer, a wrong one counts as false negative."""
        right = self.true_positives + self.true_negatives
        return _share(right, right + self.false_positives + self.false_negatives)


def _share(part: int, whole: int) -> float:
    return part / whole if whole else 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Error:
    """One wrong or missing answer. ``cause`` is a short class of errors, the same for all errors of one kind."""

    document: str
    cause: str
    detail: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """How one task went. ``targets`` are by measure: ``precision``, ``recall``, ``f1`` or ``accuracy``."""

    name: str
    documents: tuple[Counts, ...]
    errors: tuple[Error, ...] = ()
    targets: Mapping[str, float]

    @property
    def total(self) -> Counts:
        """All documents together (micro average)."""
        return total(self.documents)

    def interval(self, measure: str) -> tuple[float, float]:
        """Return the 95 % bootstrap interval of a measure over documents."""
        chosen = random.Random(_SEED)
        values = sorted(
            getattr(total(chosen.choices(self.documents, k=len(self.documents))), measure) for _ in range(_SAMPLES)
        )
        return values[int(_SAMPLES * _TAIL)], values[int(_SAMPLES * (1 - _TAIL)) - 1]

    def causes(self) -> list[tuple[str, int]]:
        """Return the causes of errors, the most frequent first."""
        return Counter(error.cause for error in self.errors).most_common()


def total(documents: Iterable[Counts]) -> Counts:
    """Add up the counts of documents."""
    all_documents = list(documents)
    return Counts(
        true_positives=sum(it.true_positives for it in all_documents),
        false_positives=sum(it.false_positives for it in all_documents),
        false_negatives=sum(it.false_negatives for it in all_documents),
        true_negatives=sum(it.true_negatives for it in all_documents),
    )


def compared(document: str, expected: set[str], found: set[str]) -> Counts:
    """Count a document whose answers are a set."""
    return Counts(
        document=document,
        true_positives=len(expected & found),
        false_positives=len(found - expected),
        false_negatives=len(expected - found),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """Something that is scored.

    ``run`` takes the folder of the shared data and gives one outcome or several. ``ablations`` switch one component
    off each, for as long as the context lasts.
    """

    name: str
    run: Callable[[Path], Sequence[Outcome]]
    ablations: Mapping[str, Callable[[], AbstractContextManager[None]]]
