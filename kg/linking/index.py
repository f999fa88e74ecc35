"""An index over labels: by bags of words from strict to loose, and by single words with their weights.

A `NameIndex` answers from memory or from a compiled file; `make_tables` makes what both hold.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from functools import lru_cache
from math import log
from typing import Final, NamedTuple, Protocol

from kg.linking.words import Word, bag, words
from kg.tokens import key

_HEAD_WEIGHT: Final = 0.5  # a word that only says what kind of thing it is
_QUALIFIER_WEIGHT: Final = 0.3
_MOST_WORDS_JOINED: Final = 3
_KINDS: Final = {"prefLabel": 0, "altLabel": 1, "hiddenLabel": 2, "ambiguousLabel": 3}


class Label(NamedTuple):
    """A label of a concept: ``kind`` is prefLabel, altLabel, hiddenLabel or ambiguousLabel."""

    concept_iri: str
    concept_type: str
    text: str
    kind: str


class NameIndex(Protocol):
    """What the linker asks of an index."""

    def with_key(self, bag_key: str) -> Sequence[Label]:
        """Return the labels that have a key of `keys`."""

    def with_word(self, group: str) -> Sequence[int]:
        """Return the numbers of the labels that have a word of this group; one of several with the same words."""

    def label(self, number: int) -> Label:
        """Return a label by its number."""

    def label_weight(self, number: int) -> float:
        """Return the weights of a label's words together."""

    def weight(self, group: str) -> float:
        """Return how much a word says: the inverse document frequency of its group over concepts."""

    def known(self, forms: AbstractSet[str]) -> AbstractSet[str]:
        """Return those of these normal forms of which any label has a word."""

    def broader_iris(self, iri: str) -> Sequence[str]:
        """Return the next broader concepts."""


class Tables(NamedTuple):
    """The content of an index. Numbers are places in ``labels``."""

    labels: list[Label]
    keys: dict[str, list[int]]
    postings: dict[str, list[int]]
    idf: dict[str, float]
    label_weights: list[float]
    forms: frozenset[str]


def keys(text: str, parts: Sequence[Word]) -> Iterator[str]:
    """Yield the keys under which a label is found: its stems, its groups, its words written as one."""
    yield "s" + bag(part.stem for part in parts)
    if any(part.is_head for part in parts) and not all(part.is_head for part in parts):
        yield "g" + bag(part.group for part in parts)
    if 1 < len(parts) <= _MOST_WORDS_JOINED:
        yield joined_key(text)


@lru_cache(1 << 13)  # a text is looked up as what it may be, one after another, and compared with labels
def joined_key(text: str) -> str:
    """Return the key of a name whose words are written as one: "thrombo-embolism"."""
    return "j" + key(key(text).replace(" ", ""))


def unknown_weight(labels: int) -> float:
    """Return the weight of a word that none of so many labels has."""
    return log(2 + labels)


def own_weight(part: Word) -> float:
    """Return how much of its weight a word keeps by what kind of word it is."""
    return _HEAD_WEIGHT if part.is_head else _QUALIFIER_WEIGHT if part.is_qualifier else 1.0


def make_tables(labels: Iterable[Label]) -> Tables:
    """Index labels; the tables do not depend on the order in which they come."""
    ordered = sorted(set(labels), key=lambda it: (it.concept_iri, _KINDS[it.kind], it.text))
    by_key: dict[str, list[int]] = defaultdict(list)
    postings: dict[str, list[int]] = defaultdict(list)
    concepts: dict[str, set[str]] = defaultdict(set)
    seen: set[tuple[str, str]] = set()
    forms: set[str] = set()
    factors = []
    for number, label in enumerate(ordered):
        parts = words(label.text)
        forms.update(part.form for part in parts)
        for bag_key in keys(label.text, parts):
            by_key[bag_key].append(number)
        groups = {part.group: own_weight(part) for part in parts}
        factors.append(groups)
        if (same := (label.concept_iri, " ".join(sorted(groups)))) not in seen:
            seen.add(same)
            for group in groups:
                postings[group].append(number)
                concepts[group].add(label.concept_iri)
    count = len({it.concept_iri for it in ordered})
    idf = {group: log(1 + count / len(found)) for group, found in concepts.items()}
    weights = [sum(idf[group] * factor for group, factor in groups.items()) for groups in factors]
    return Tables(ordered, dict(by_key), dict(postings), idf, weights, frozenset(forms))


class MemoryIndex:
    """An index in memory.

    Args:
        tables: Made by `make_tables`.
        broader: The next broader concepts by IRI.
    """

    def __init__(self, tables: Tables, broader: Mapping[str, Sequence[str]]) -> None:
        self._tables = tables
        self._broader = broader
        self._unknown = unknown_weight(len(tables.labels))

    def with_key(self, bag_key: str) -> Sequence[Label]:
        """Return the labels that have a key of `keys`."""
        return [self._tables.labels[number] for number in self._tables.keys.get(bag_key, ())]

    def with_word(self, group: str) -> Sequence[int]:
        """Return the numbers of the labels that have a word of this group; one of several with the same words."""
        return self._tables.postings.get(group, ())

    def label(self, number: int) -> Label:
        """Return a label by its number."""
        return self._tables.labels[number]

    def label_weight(self, number: int) -> float:
        """Return the weights of a label's words together."""
        return self._tables.label_weights[number]

    def weight(self, group: str) -> float:
        """Return how much a word says; the most, if no label has it."""
        return self._tables.idf.get(group, self._unknown)

    def known(self, forms: AbstractSet[str]) -> AbstractSet[str]:
        """Return those of these normal forms of which any label has a word."""
        return self._tables.forms & forms

    def broader_iris(self, iri: str) -> Sequence[str]:
        """Return the next broader concepts."""
        return self._broader.get(iri, ())
