"""The vocabulary is what OWL tools take it for, and says something about every term that we write."""

from pathlib import Path

import owlready2
import pytest
from rdflib import OWL, RDF, RDFS, SKOS, Graph, URIRef

from kg import resources
from kg.identifiers import VOCABULARY
from kg.terms import KG

_PROPERTIES = (OWL.ObjectProperty, OWL.DatatypeProperty, OWL.AnnotationProperty)


@pytest.fixture(scope="module")
def vocabulary() -> Graph:
    return Graph().parse(resources.folder("ontologies") / "vocabulary.ttl")


def test_every_term_is_declared_labelled_and_defined(vocabulary: Graph) -> None:
    for name in KG.names:
        term = URIRef(VOCABULARY + name)
        assert (term, RDF.type, None) in vocabulary, name
        assert (term, RDFS.label, None) in vocabulary, name
        assert (term, SKOS.definition, None) in vocabulary, name


def test_every_declared_property_is_one_that_we_write(vocabulary: Graph) -> None:
    declared = {str(term) for kind in _PROPERTIES for term in vocabulary.subjects(RDF.type, kind)}
    assert {term.removeprefix(VOCABULARY) for term in declared if term.startswith(VOCABULARY)} <= set(KG.names)


def test_owlready2_loads_it(vocabulary: Graph, tmp_path: Path) -> None:
    # owlready2 reads N-Triples, not Turtle.
    path = tmp_path / "vocabulary.nt"
    vocabulary.serialize(path, format="nt", encoding="utf-8")
    world = owlready2.World()
    ontology = world.get_ontology(path.as_uri()).load()
    kg = ontology.get_namespace(VOCABULARY)
    assert {term.iri for term in ontology.classes()} >= {KG.iri("Trial"), KG.iri("Marker"), KG.iri("Assertion")}
    assert kg.requiresMarkerState in ontology.object_properties()
    assert kg.enrollment in ontology.data_properties()
    assert {KG.iri("Criterion")} <= {str(term.iri) for term in kg.criterion.range}
