"""The linker of given names over the bundled concepts and those that a user has added."""

from collections.abc import Set as AbstractSet
from hashlib import blake2b
from pathlib import Path
from typing import Final

import msgspec

from kg import resources, tokens
from kg.lexicon import entries_of
from kg.linking import index, medical_words, words
from kg.linking.context import Context
from kg.linking.index import Label, MemoryIndex, NameIndex, Tables, make_tables
from kg.linking.linker import Linker
from kg.linking.readings import ALL, Component
from kg.linking.reported import ReportedNames
from kg.models import Concept, Record
from kg.terminology import Terminology
from kg.vocabulary.compiled import CompiledLexicon
from kg.vocabulary.lexicon import VocabularyNames
from kg.vocabulary.word_index import CompiledIndex

_MADE_BY: Final = tuple(Path(str(module.__file__)) for module in (tokens, index, medical_words, words))


class Meaning(Record, frozen=True, kw_only=True):
    """A concept that a name may mean, with the label that was met and why."""

    concept: Concept
    label: str
    kind: str  # prefLabel, altLabel, hiddenLabel or ambiguousLabel
    score: float  # 0 to 1
    rule: str  # in words; empty where the name is the label


class ConceptLinker:
    """Links names to concepts, bundled and added; where both know one, it is the bundled one.

    Args:
        terminology: The bundled concepts.
        vocabulary: What the user has added.
        components: What is switched on; all of it, but for measuring what each adds.
    """

    def __init__(
        self,
        terminology: Terminology,
        vocabulary: CompiledLexicon | None = None,
        components: AbstractSet[Component] = ALL,
    ) -> None:
        self._terminology = terminology
        self._names = None if vocabulary is None else VocabularyNames(vocabulary, terminology.concepts.values())
        indexes: list[NameIndex] = [bundled_index(terminology)]
        if vocabulary is not None:
            indexes.append(CompiledIndex(vocabulary))
        self._linker = Linker(indexes, components)
        self.reported = ReportedNames(self._linker)

    def concept(self, iri: str) -> Concept:
        """Return the concept of a candidate's IRI.

        Raises:
            KeyError: It is neither bundled nor added.
        """
        found = self._names.find(iri) if self._names is not None else self._terminology.concepts.get(iri)
        if found is None:
            raise KeyError(iri)
        return found

    def meanings(self, name: str, class_name: str | None = None, context: Context | None = None) -> list[Meaning]:
        """Return what a name may mean, best first; none if nothing is like it. See `Linker.rank`."""
        best: dict[str, Meaning] = {}
        for ranked in self._linker.rank(name, class_name, context):
            label = ranked.label
            concept = self.concept(label.concept_iri)
            best.setdefault(
                concept.iri,
                Meaning(concept=concept, label=label.text, kind=label.kind, score=ranked.score, rule=ranked.rule),
            )
        return list(best.values())


def bundled_index(terminology: Terminology) -> MemoryIndex:
    """Return the index of the bundled labels; it is kept in a cache, since making it takes seconds."""
    labels = sorted(
        Label(concept.iri, concept.concept_type.value, entry.label, entry.kind)
        for concept in terminology.concepts.values()
        for entry in entries_of(concept)
    )
    digest = blake2b(msgspec.msgpack.encode(labels)).hexdigest()
    cache = resources.cache_file("words", _MADE_BY, digest)
    if cache.is_file():
        tables = msgspec.msgpack.decode(cache.read_bytes(), type=Tables)
    else:
        tables = make_tables(labels)
        resources.keep(cache, msgspec.msgpack.encode(tables))
    return MemoryIndex(tables, {concept.iri: concept.broader_iris for concept in terminology.concepts.values()})
