"""The index of words in a compiled file, read a word at a time; see `kg.vocabulary.word_tables` for its tables."""

from array import array
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from functools import cached_property, lru_cache
from typing import Final

import msgspec

from kg.linking.index import Label, unknown_weight
from kg.vocabulary.compiled import CompiledLexicon
from kg.vocabulary.word_tables import WEIGHT_UNIT, unpacked

_REMEMBERED: Final = 50_000
_label_decoder: Final = msgspec.msgpack.Decoder(tuple[str, str, str, str])


class CompiledIndex:
    """The index of a compiled file, read a word at a time; see `kg.linking.index.NameIndex`."""

    def __init__(self, compiled: CompiledLexicon) -> None:
        self.compiled = compiled
        self._label = lru_cache(_REMEMBERED)(self._read_label)
        self._broader = lru_cache(_REMEMBERED)(self._read_broader)
        self._word = lru_cache(_REMEMBERED)(self._read_word)

    def with_key(self, bag_key: str) -> Sequence[Label]:
        """Return the labels that have a key of `kg.linking.index.keys`."""
        row = self.compiled.row("SELECT labels FROM bags WHERE key = ?", bag_key)
        return [self.label(number) for number in unpacked(row[0])] if row else []

    def with_word(self, group: str) -> Sequence[int]:
        """Return the numbers of the labels that have a word of this group."""
        return self._word(group)[1]

    def label(self, number: int) -> Label:
        """Return a label by its number."""
        return self._label(number)

    def broader_iris(self, iri: str) -> Sequence[str]:
        """Return the next broader concepts."""
        return self._broader(iri)

    def label_weight(self, number: int) -> float:
        """Return the weights of a label's words together."""
        return self._weights[number] / WEIGHT_UNIT

    def weight(self, group: str) -> float:
        """Return how much a word says; the most, if no label has it."""
        return self._word(group)[0]

    def known(self, forms: AbstractSet[str]) -> AbstractSet[str]:
        """Return those of these normal forms of which any label has a word."""
        return {it for it in forms if self.compiled.row("SELECT 1 FROM forms WHERE form = ?", it) is not None}

    def _read_label(self, number: int) -> Label:
        row = self.compiled.row("SELECT body FROM labels WHERE number = ?", number)
        return Label(*_label_decoder.decode(row[0])) if row else self.compiled.missing(f"label {number}")

    def _read_broader(self, iri: str) -> Sequence[str]:
        concept = self.compiled.find(iri)
        return concept.broader_iris if concept else ()

    def _read_word(self, group: str) -> tuple[float, Sequence[int]]:
        row = self.compiled.row("SELECT weight, labels FROM words WHERE word = ?", group)
        return (row[0], unpacked(row[1])) if row else (unknown_weight(len(self._weights)), ())

    @cached_property
    def _weights(self) -> "array[int]":
        row = self.compiled.row("SELECT labels FROM weights WHERE ?", 1)
        return unpacked(row[0]) if row else array("I")
