"""What a graph says of the added concepts that it uses, and of all that stand above these."""

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
        self._find = lru_cache(_REMEMBERED)(self._added)
        self._described = lru_cache(_REMEMBERED)(lambda iri: tuple(self._of_concept(iri)))
        self._parents = lru_cache(_REMEMBERED)(self._broader)

    def used_in(self, triples: Iterable[Triple]) -> list[str]:
        """Return the IRIs of the added concepts that triples of a trial point to, sorted."""
        values = {value for _, predicate, value in triples if predicate in _POINTING}
        return sorted(value[1:-1] for value in values if self._find(value[1:-1]) is not None)

    def heading(self, label: str) -> str | None:
        """Return the IRI of the MeSH heading with a label, as the registry's older records name it."""
        for entry in self._compiled.entries(key(label)):
            if entry.kind == "prefLabel" and entry.label.casefold() == label.casefold():
                iri = self._compiled.concept(entry.concept).iri
                if iri.startswith(MESH):
                    return iri
        return None

    def triples(self, iris: Iterable[str]) -> Iterator[Triple]:
        """Yield what is said of added concepts and of those above them; some triples may come twice."""
        waiting, seen = list(iris), set[str]()
        while waiting:
            iri = waiting.pop()
            if iri not in seen and self._find(iri) is not None:
                seen.add(iri)
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
        """Return the concepts right above one that are known here; of what stands above itself, nothing."""
        concept = self._find(iri)
        if concept is None:
            return ()
        above = {parent for it in concept.broader_iris if (parent := self._canonical(it)) is not None}
        return tuple(sorted(parent for parent in above if not self._stands_above(concept.iri, parent)))

    def _canonical(self, iri: str) -> str | None:
        found = self._bundled.get(iri) or self._names.find(iri)
        return None if found is None else found.iri

    def _stands_above(self, iri: str, other: str) -> bool:
        """Tell whether the vocabularies put a concept above another, or they are the same."""
        waiting, seen = [other], set[str]()
        while waiting:
            place = waiting.pop()
            if place == iri:
                return True
            if place not in seen and (concept := self._find(place)) is not None:
                seen.add(place)
                waiting += [it for one in concept.broader_iris if (it := self._canonical(one)) is not None]
        return False
