"""What a graph says of the added concepts that it uses, and of all that stand above these.

A bundled concept is described already. Where the vocabularies have it too, it joins their hierarchy: what they put
right above it is broader, and described with all that is above.
"""

from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Final

from kg.identifiers import HGNC, MESH, content_hash, slug
from kg.models import Concept, ConceptType
from kg.nquads import Triple, english, resource, string
from kg.terminology import Terminology
from kg.terms import KG, RDF, SKOS
from kg.tokens import key
from kg.vocabulary.compiled import CompiledLexicon
from kg.vocabulary.lexicon import VocabularyNames
from kg.vocabulary.names import NCIT, authority

_REMEMBERED: Final = 50_000  # concepts
# How a trial, or a part of it, points to a concept; what the registry itself names by ``kg:conditionMesh`` is not ours.
_POINTING: Final = frozenset(
    {
        KG.condition, KG.agent, KG.endpoint, KG.marker, KG.treatment, KG.disease, KG.assay, KG.investigates,
        KG.comparator, KG.background, KG.assessment, KG.requiresTreatment, KG.excludesTreatment, KG.stratifiesBy,
        KG.measuresMarker, KG.mentions,
    }
)  # fmt: skip
_OF_STATES: Final = frozenset({KG.requiresMarkerState, KG.excludesMarkerState, KG.markerState})
_SCHEMES: Final = {MESH: "MeSH", NCIT: "NCIt", HGNC: "HGNC"}


class AddedConcepts:
    """Describes concepts of the added vocabularies; a concept is described the same way whatever else a graph uses.

    Args:
        compiled: What the user has added.
        terminology: The bundled concepts, which are described already.
    """

    def __init__(self, compiled: CompiledLexicon, terminology: Terminology) -> None:
        self._compiled = compiled
        self._minter = terminology.minter
        self._bundled = terminology.concepts
        self._names = VocabularyNames(compiled, terminology.concepts.values())
        # Upper headings of MeSH, and genes: bundled as triples, and no concepts of the lexicon.
        self._labelled = {subject for subject, predicate, _ in terminology.triples if predicate == SKOS.prefLabel}
        self._genes = {
            subject for subject, predicate, value in terminology.triples if (predicate, value) == (RDF.type, KG.Gene)
        }
        self._markers = {state.iri: marker.iri for state, marker, _ in terminology.state_concepts()}
        self._find = lru_cache(_REMEMBERED)(self._added)
        self._described = lru_cache(_REMEMBERED)(lambda iri: tuple(self._of_concept(iri)))
        self._parents = lru_cache(_REMEMBERED)(self._broader)
        self._above = lru_cache(_REMEMBERED)(self._said_to_be_above)
        self._is_told_of = lru_cache(_REMEMBERED)(lambda iri: next(self.triples([iri]), None) is not None)

    def used_in(self, triples: Iterable[Triple]) -> list[str]:
        """Return the IRIs of the concepts that triples of a trial point to and that `triples` tells of, sorted.

        Instead of a state of a marker, the marker is named.
        """
        values = {value[1:-1] for _, predicate, value in triples if predicate in _POINTING}
        states = {value[1:-1] for _, predicate, value in triples if predicate in _OF_STATES}
        values.update(marker for it in states if (marker := self._markers.get(it)) is not None)
        return sorted(iri for iri in values if self._is_told_of(iri))

    def heading(self, label: str) -> str | None:
        """Return the IRI of the MeSH heading with a label, as the registry's older records name it."""
        for entry in self._compiled.entries(key(label)):
            if entry.kind == "prefLabel" and entry.label.casefold() == label.casefold():
                iri = self._compiled.concept(entry.concept).iri
                if iri.startswith(MESH):
                    return iri
        return None

    def triples(self, iris: Iterable[str]) -> Iterator[Triple]:
        """Yield what is said of concepts and of those above them; some triples may come twice.

        Of bundled ones that is what is broader, the bundled included, where the vocabularies put them below something.
        """
        waiting, seen = list(iris), set[str]()
        while waiting:
            iri = waiting.pop()
            if iri in seen:
                continue
            seen.add(iri)
            if (bundled := self._bundled.get(iri)) is not None:
                above = self._parents(iri)
                waiting += (*bundled.broader_iris, *bundled.part_iris, *above)
                if above:
                    yield from (
                        (resource(iri), SKOS.broader, resource(it)) for it in sorted({*bundled.broader_iris, *above})
                    )
            elif self._find(iri) is not None:
                waiting += self._parents(iri)
                yield from self._described(iri)

    def _added(self, iri: str) -> Concept | None:
        found = None if iri in self._bundled else self._names.find(iri)
        return None if found is None or found.iri in self._bundled else found

    def _of_concept(self, iri: str) -> Iterator[Triple]:
        concept = self._find(iri)
        if concept is None:
            raise KeyError(iri)
        subject = resource(concept.iri)
        yield subject, RDF.type, SKOS.Concept
        yield subject, RDF.type, KG[concept.concept_type.value]
        if subject not in self._labelled:
            yield subject, SKOS.prefLabel, english(concept.pref_label)
        yield from ((subject, SKOS.altLabel, english(label)) for label in concept.alt_labels)
        yield from ((subject, SKOS.broader, resource(parent)) for parent in self._parents(iri))
        broader = set(self._parents(iri))
        yield from ((subject, SKOS.exactMatch, resource(it)) for it in concept.exact_match_iris if it not in broader)
        yield from ((subject, KG.meshTreeNumber, string(number)) for number in concept.mesh_tree_numbers)
        if concept.concept_type is ConceptType.MARKER:
            yield from self._marker(concept, subject)
        yield from self._scheme(concept, subject)

    def _marker(self, concept: Concept, subject: str) -> Iterator[Triple]:
        vocabulary = _SCHEMES.get(authority(concept.iri), content_hash(authority(concept.iri)))
        yield subject, SKOS.notation, string(slug(f"{vocabulary} {concept.iri.removeprefix(authority(concept.iri))}"))
        if concept.gene_iri is not None and resource(concept.gene_iri) in (subject, *self._genes):
            yield subject, KG.gene, resource(concept.gene_iri)
            yield resource(concept.gene_iri), RDF.type, KG.Gene

    def _scheme(self, concept: Concept, subject: str) -> Iterator[Triple]:
        source = authority(concept.iri)
        name = _SCHEMES.get(source)
        scheme = resource(f"{self._minter.base}scheme/added-{slug(name) if name else content_hash(source)}")
        yield subject, SKOS.inScheme, scheme
        yield scheme, RDF.type, SKOS.ConceptScheme
        yield scheme, SKOS.prefLabel, english(f"added from {name or source}")

    def _broader(self, iri: str) -> tuple[str, ...]:
        """Return what the vocabularies put right above a concept, as far as it is known; nothing that it is above."""
        iri = self._canonical(iri) or iri
        bundled = self._bundled.get(iri)
        same = {iri} if bundled is None else {iri, *bundled.exact_match_iris}
        above = set(self._above(iri)) - same
        return tuple(sorted(parent for parent in above if not self._stands_above(iri, parent)))

    def _said_to_be_above(self, iri: str) -> tuple[str, ...]:
        """Return what the vocabularies put right above a concept, circles and all."""
        bundled = self._bundled.get(iri)
        found = self._find(iri) if bundled is None else None
        told = ([] if found is None else [found]) if bundled is None else self._names.joined_with(bundled)
        above = {it for one in told for it in one.broader_iris}
        return tuple(sorted({parent for it in above if (parent := self._canonical(it)) is not None}))

    def _canonical(self, iri: str) -> str | None:
        found = self._bundled.get(iri) or self._names.find(iri)
        return None if found is None else found.iri

    def _stands_above(self, iri: str, other: str) -> bool:
        """Tell whether a concept is above another one, by the vocabularies and the bundled ones together, or is it."""
        waiting, seen = [other], set[str]()
        while waiting:
            place = waiting.pop()
            if place == iri:
                return True
            if place not in seen:
                seen.add(place)
                bundled = self._bundled.get(place)
                waiting += (*self._above(place), *(() if bundled is None else bundled.broader_iris))
        return False
