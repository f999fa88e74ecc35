"""Bring the records of all vocabularies together: one concept for what several of them describe.

Records are joined by IRI, by exact matches and, more carefully, by OBO's cross-references: these count only where the
two records share a label. A join is refused, and counted, where

* a negative mapping names a pair that it would bring together, directly or through others;
* it would bring together two concepts of one vocabulary, which keeps them apart for a reason;
* one is a disease and the other something that is given or measured.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Final

import msgspec

from kg.linking.chemistry import base_of
from kg.models import ConceptType, Record
from kg.tokens import key
from kg.vocabulary.mesh_tree import concept_type
from kg.vocabulary.names import authority, preference
from kg.vocabulary.records import BrandName, Mapping, VocabularyConcept, VocabularyRecord, unique

_SUBSTANCES: Final = frozenset({ConceptType.DRUG, ConceptType.DRUG_CLASS})


class JoinedConcept(Record, frozen=True, kw_only=True):
    """One concept with all its labels; ``iri`` is the canonical one of ``iris``, which are in order of preference."""

    iris: tuple[str, ...]
    concept_type: ConceptType
    pref_label: str
    alt_labels: tuple[str, ...]
    hidden_labels: tuple[str, ...]
    broader_iris: tuple[str, ...]
    gene_iri: str | None
    tree_numbers: tuple[str, ...] = ()

    @property
    def iri(self) -> str:
        """The canonical IRI: MeSH where MeSH has it, else NCIt, else HGNC, else the first of the others."""
        return self.iris[0]


class Joined(Record, frozen=True, kw_only=True):
    """All concepts by IRI, and what was left out."""

    concepts: tuple[JoinedConcept, ...]
    refused: int  # joins
    unclassed: int  # records of no class that is known here
    unmatched: int  # brand names whose ingredient is no one concept's name, or that mean something else already
    negatives: tuple[tuple[str, str], ...]  # pairs of IRIs, each and all sorted


def join(records: Iterable[VocabularyRecord]) -> Joined:
    """Join records; the order in which they come does not matter."""
    described: dict[str, VocabularyConcept] = {}
    mappings: set[Mapping] = set()
    brands: set[BrandName] = set()
    for record in records:
        if isinstance(record, Mapping):
            mappings.add(record)
        elif isinstance(record, BrandName):
            brands.add(record)
        else:
            known = described.get(record.iri)
            described[record.iri] = record if known is None else _both(known, record)
    _place_in_trees(described)
    types = _types(described)
    negatives = tuple(sorted({_pair(it.subject_iri, it.object_iri) for it in mappings if it.negative}))
    cliques = _Cliques(negatives, types)
    for pair in sorted(_matches(described, mappings)):
        cliques.join(*pair)
    for pair in sorted(_sharing_a_label(described)):
        cliques.join(*pair)
    concepts = [_concept(members, described, types) for members in cliques.of(described)]
    found = sorted((it for it in concepts if it is not None), key=lambda it: it.iri)
    named, unmatched = _with_brands(list(_under_their_bases(found)), brands)
    return Joined(
        concepts=tuple(named),
        unmatched=unmatched,
        refused=cliques.refused,
        unclassed=len(described) - len(types),
        negatives=negatives,
    )


def _pair(first: str, second: str) -> tuple[str, str]:
    return (first, second) if first < second else (second, first)


def _both(one: VocabularyConcept, other: VocabularyConcept) -> VocabularyConcept:
    """Put two descriptions of one IRI together; which is named first is decided by content, not by order."""
    first, second = sorted((one, other), key=lambda it: (-len(it.tree_numbers), it.pref_label, it.alt_labels))
    alt_labels = unique([*first.alt_labels, second.pref_label, *second.alt_labels], [first.pref_label])
    return VocabularyConcept(
        iri=first.iri,
        pref_label=first.pref_label,
        alt_labels=alt_labels,
        hidden_labels=unique([*first.hidden_labels, *second.hidden_labels], [first.pref_label, *alt_labels]),
        concept_type=first.concept_type or second.concept_type,
        tree_numbers=tuple(sorted({*first.tree_numbers, *second.tree_numbers})),
        classed_by_iris=tuple(sorted({*first.classed_by_iris, *second.classed_by_iris})),
        acts_as_drug=first.acts_as_drug or second.acts_as_drug,
        broader_iris=tuple(sorted({*first.broader_iris, *second.broader_iris})),
        exact_match_iris=tuple(sorted({*first.exact_match_iris, *second.exact_match_iris})),
        xref_iris=tuple(sorted({*first.xref_iris, *second.xref_iris})),
        gene_iri=first.gene_iri or second.gene_iri,
    )


def _place_in_trees(described: dict[str, VocabularyConcept]) -> None:
    """Give MeSH descriptors their broader ones, which their tree numbers name."""
    placed = {number: iri for iri, concept in described.items() for number in concept.tree_numbers}
    for iri, concept in described.items():
        above = {placed.get(number.rpartition(".")[0]) for number in concept.tree_numbers}
        broader_iris = {it for it in above if it is not None} - {iri}
        if broader_iris:
            all_of_them = tuple(sorted(broader_iris | set(concept.broader_iris)))
            described[iri] = msgspec.structs.replace(concept, broader_iris=all_of_them)


# --- classes


def _types(described: dict[str, VocabularyConcept]) -> dict[str, ConceptType]:
    """Return the class of each record that has one."""
    parents = {
        number.rpartition(".")[0] for concept in described.values() for number in concept.tree_numbers if "." in number
    }
    types: dict[str, ConceptType] = {}
    for iri, concept in described.items():
        found = concept.concept_type or _of_tree(concept, parents.__contains__)
        if found is not None:
            types[iri] = found
    for iri, concept in described.items():
        mapped = [types[it] for it in concept.classed_by_iris if it in types]
        # A supplementary protein is mapped to the heading of its family.
        if mapped and not concept.acts_as_drug and all(kind is ConceptType.MARKER for kind in mapped):
            types[iri] = ConceptType.MARKER
    return types


def _of_tree(concept: VocabularyConcept, has_narrower: Callable[[str], bool]) -> ConceptType | None:
    if not concept.tree_numbers:
        return None
    return concept_type(concept.pref_label, concept.tree_numbers, has_narrower, acts_as_drug=concept.acts_as_drug)


# --- mappings


def _matches(described: dict[str, VocabularyConcept], mappings: Iterable[Mapping]) -> Iterator[tuple[str, str]]:
    for mapping in mappings:
        if not mapping.negative:
            yield _pair(mapping.subject_iri, mapping.object_iri)
    for concept in described.values():
        for iri in concept.exact_match_iris:
            yield _pair(concept.iri, iri)


def _sharing_a_label(described: dict[str, VocabularyConcept]) -> Iterator[tuple[str, str]]:
    for concept in described.values():
        for iri in concept.xref_iris:
            other = described.get(iri)
            if other is not None and not _keys(concept).isdisjoint(_keys(other)):
                yield _pair(concept.iri, iri)


def _keys(concept: VocabularyConcept) -> set[str]:
    return {key(label) for label in (concept.pref_label, *concept.alt_labels)}


class _Cliques:
    """Sets of IRIs that are one concept, joined pair by pair."""

    def __init__(self, negatives: Iterable[tuple[str, str]], types: dict[str, ConceptType]) -> None:
        self._apart: dict[str, set[str]] = defaultdict(set)
        for first, second in negatives:
            self._apart[first].add(second)
            self._apart[second].add(first)
        self._types = types
        self._clique: dict[str, list[str]] = {}
        self.refused = 0

    def join(self, first: str, second: str) -> None:
        """Make the sets of two IRIs one, or count why not."""
        one, other = self._of(first), self._of(second)
        if one is other:
            return
        if self._forbidden(one, other):
            self.refused += 1
            return
        one += other
        for iri in other:
            self._clique[iri] = one

    def of(self, described: Iterable[str]) -> Iterator[Sequence[str]]:
        """Yield each set that has a described member, once, its IRIs in order of preference."""
        done: set[int] = set()
        for iri in described:
            clique = self._of(iri)
            if id(clique) not in done:
                done.add(id(clique))
                yield sorted(clique, key=preference)

    def _of(self, iri: str) -> list[str]:
        return self._clique.setdefault(iri, [iri])

    def _forbidden(self, one: Sequence[str], other: Sequence[str]) -> bool:
        if any(not self._apart.get(iri, frozenset[str]()).isdisjoint(other) for iri in one):
            return True
        if not {authority(iri) for iri in one}.isdisjoint(authority(iri) for iri in other):
            return True
        diseases = [
            {self._types[iri] is ConceptType.DISEASE for iri in side if iri in self._types} for side in (one, other)
        ]
        return all(diseases) and diseases[0] != diseases[1]


# --- salts and esters


def _under_their_bases(concepts: Sequence[JoinedConcept]) -> Iterator[JoinedConcept]:
    """Put the salts and esters of a drug below it, where the vocabularies put them below nothing."""
    bases: dict[str, set[str]] = defaultdict(set)
    for concept in concepts:
        if concept.concept_type in _SUBSTANCES:
            for label in (concept.pref_label, *concept.alt_labels):
                bases[key(label)].add(concept.iri)
    for concept in concepts:
        base = base_of(concept.pref_label) if concept.concept_type is ConceptType.DRUG else None
        if base is None or concept.broader_iris:
            yield concept
            continue
        above = bases.get(key(base), set()) - {concept.iri}
        yield msgspec.structs.replace(concept, broader_iris=tuple(above)) if len(above) == 1 else concept


# --- brand names


def _with_brands(concepts: Sequence[JoinedConcept], brands: set[BrandName]) -> tuple[list[JoinedConcept], int]:
    """Return the concepts with the names under which they are sold, and how many of these names belong to none."""
    meant: dict[str, set[str]] = defaultdict(set)
    drugs: dict[str, set[str]] = defaultdict(set)
    for concept in concepts:
        for label in (concept.pref_label, *concept.alt_labels, *concept.hidden_labels):
            meant[key(label)].add(concept.iri)
            if concept.concept_type is ConceptType.DRUG and label not in concept.hidden_labels:
                drugs[key(label)].add(concept.iri)
    sold: dict[str, set[str]] = defaultdict(set)  # ingredients of a brand
    for brand in brands:
        sold[brand.label].add(brand.ingredient)
    added: dict[str, list[str]] = defaultdict(list)
    for label in sorted(sold):
        found = {frozenset(drugs.get(key(it), ()) or drugs.get(key(base_of(it) or ""), ())) for it in sold[label]}
        iris = next(iter(found))
        if len(found) == 1 and len(iris) == 1 and key(label) not in meant:
            added[next(iter(iris))].append(label)
    named = [
        msgspec.structs.replace(it, alt_labels=(*it.alt_labels, *added[it.iri])) if it.iri in added else it
        for it in concepts
    ]
    return named, len(sold) - sum(map(len, added.values()))


# --- one concept


def _concept(
    iris: Sequence[str], described: dict[str, VocabularyConcept], types: dict[str, ConceptType]
) -> JoinedConcept | None:
    classed = [types[iri] for iri in iris if iri in types]
    if not classed:
        return None
    members = [described[iri] for iri in iris if iri in described]
    pref_label = members[0].pref_label
    alt_labels = unique(
        (label for member in members for label in (member.pref_label, *member.alt_labels)), [pref_label]
    )
    hidden_labels = unique((label for it in members for label in it.hidden_labels), [pref_label, *alt_labels])
    return JoinedConcept(
        iris=tuple(iris),
        concept_type=classed[0],
        pref_label=pref_label,
        alt_labels=alt_labels,
        hidden_labels=hidden_labels,
        broader_iris=tuple(sorted({iri for member in members for iri in member.broader_iris})),
        gene_iri=next((member.gene_iri for member in members if member.gene_iri), None),
        tree_numbers=tuple(sorted({number for member in members for number in member.tree_numbers})),
    )
