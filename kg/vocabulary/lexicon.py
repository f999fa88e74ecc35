"""The lexicon of the bundled concepts and, joined with them, of what a user has added."""

from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from typing import Final

from kg.lexicon import Entry, Lengths, Lexicon, entries_of
from kg.models import Concept, ConceptType
from kg.terminology import Terminology
from kg.vocabulary.compiled import CompiledLexicon

_REMEMBERED: Final = 50_000  # concepts


def make_lexicon(terminology: Terminology, vocabulary: CompiledLexicon | None = None) -> Lexicon:
    """Index all labels of a terminology, names of marker states ("dMMR") among them.

    Args:
        terminology: The bundled concepts.
        vocabulary: What the user has added; its names are read when they are asked for.
    """
    more = None if vocabulary is None else VocabularyNames(vocabulary, terminology.concepts.values())
    return Lexicon(_entries(terminology), more)


def _entries(terminology: Terminology) -> Iterator[Entry]:
    for concept in terminology.concepts.values():
        yield from entries_of(concept)
    for named, marker, state in terminology.state_concepts():
        for label in named.alt_labels:
            if label.isascii() and not label.endswith(("+", "-")):
                yield Entry(marker, label, "altLabel", state)


class VocabularyNames:
    """Gives the entries of a compiled lexicon; what is a bundled concept too is that one.

    Args:
        compiled: The file.
        bundled: The bundled concepts: a vocabulary's concept is one of them if they share an IRI, or if it is the gene
            of a bundled marker that is named by the gene's symbol.
    """

    def __init__(self, compiled: CompiledLexicon, bundled: Iterable[Concept]) -> None:
        self._compiled = compiled
        self._negatives = compiled.negatives()
        self._bundled = _by_iri(bundled, self._negatives)
        self._concept = lru_cache(_REMEMBERED)(self._joined)

    def entries(self, label_key: str) -> tuple[Entry, ...]:
        """Return the entries with this key, one a concept and spelling, lowest rank first."""
        found: dict[tuple[str, str], Entry] = {}
        for stored in self._compiled.entries(label_key):
            concept = self._concept(stored.concept)
            entry = Entry(concept, stored.label, stored.kind, None, stored.rank)
            found.setdefault((concept.iri, stored.label), entry)
        return tuple(found.values())

    def lengths(self, first: str) -> Lengths | None:
        """Return the lengths of the names that start with a word."""
        return self._compiled.lengths(first)

    def find(self, iri: str) -> Concept | None:
        """Return the concept that an IRI stands for, bundled or added."""
        known = self._bundled.get(iri)
        if known is not None:
            return known
        added = self._compiled.find(iri)
        return None if added is None else self._as_bundled(added) or added

    def joined_with(self, bundled: Concept) -> Iterator[Concept]:
        """Yield the concepts of the vocabularies that are this bundled one."""
        gene_iris = () if bundled.gene_iri is None else (bundled.gene_iri,)
        seen: set[str] = set()
        for iri in (*_iris(bundled), *gene_iris):
            added = self._compiled.find(iri)
            if added is not None and added.iri not in seen and self._as_bundled(added) is bundled:
                seen.add(added.iri)
                yield added

    def _joined(self, number: int) -> Concept:
        concept = self._compiled.concept(number)
        return self._as_bundled(concept) or concept

    def _as_bundled(self, concept: Concept) -> Concept | None:
        for iri in (concept.iri, *concept.exact_match_iris):
            known = self._bundled.get(iri)
            if known is not None and not self._apart(known, concept):
                return known
        return None

    def _apart(self, one: Concept, other: Concept) -> bool:
        """Tell whether a mapping says that they are not one concept."""
        pairs = ((first, second) for first in _iris(one) for second in _iris(other))
        return bool(self._negatives) and any(tuple(sorted(pair)) in self._negatives for pair in pairs)


def _iris(concept: Concept) -> tuple[str, ...]:
    return (concept.iri, *concept.exact_match_iris)


def _by_iri(concepts: Iterable[Concept], negatives: frozenset[tuple[str, str]]) -> Mapping[str, Concept]:
    """Return concepts by their IRIs, by exact matches that nothing speaks against, and markers by their genes."""
    found: dict[str, Concept] = {}
    genes: dict[str, list[Concept]] = {}
    for concept in concepts:
        for iri in concept.exact_match_iris:
            if tuple(sorted((concept.iri, iri))) not in negatives:
                found.setdefault(iri, concept)
        if concept.concept_type is ConceptType.MARKER and concept.gene_iri is not None:
            genes.setdefault(concept.gene_iri, []).append(concept)
    for gene_iri, markers in genes.items():
        # An alteration or a serum level of the gene's product hangs below the marker itself, and is not the gene.
        own = [marker for marker in markers if not marker.broader_iris] or markers
        if len(own) == 1:
            found[gene_iri] = own[0]
    found.update((concept.iri, concept) for concept in concepts)
    return found
