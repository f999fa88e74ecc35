"""The vocabulary is what OWL tools take it for, and says something about every term that we write."""

import re
from pathlib import Path

import owlready2
import pyoxigraph as ox
import pytest
import small_graph
from rdflib import OWL, RDF, RDFS, SKOS, XSD, BNode, Graph, Namespace, URIRef

from kg import resources
from kg.identifiers import VOCABULARY
from kg.owl import owl_triples
from kg.terms import KG
from kg.terms import RDF as TYPE

_PROPERTIES = (OWL.ObjectProperty, OWL.DatatypeProperty, OWL.AnnotationProperty)
_SCHEMA = Namespace("https://schema.org/")
# Codes and rules are plain concepts in their files, genes those of a marker file that the small graph lacks.
_NOT_TYPED_IN_DATA = {URIRef(VOCABULARY + name) for name in ("Code", "Rule", "Gene")}


@pytest.fixture(scope="module")
def vocabulary() -> Graph:
    return Graph().parse(resources.folder("ontologies") / "vocabulary.ttl")


def test_every_term_is_declared_labelled_and_defined(vocabulary: Graph) -> None:
    for name in KG.names:
        term = URIRef(VOCABULARY + name)
        assert (term, RDF.type, None) in vocabulary, name
        assert (term, RDFS.label, None) in vocabulary, name
        assert (term, SKOS.definition, None) in vocabulary, name


def test_nothing_else_is_declared(vocabulary: Graph) -> None:
    declared = {str(term) for term in vocabulary.subjects(RDF.type, None)}
    # The class of the states' values is said in marker-states.ttl and never written by code.
    own = {term.removeprefix(VOCABULARY) for term in declared if term.startswith(VOCABULARY)}
    assert own == {*KG.names, "StateValue"}


def test_no_term_is_of_two_kinds(vocabulary: Graph) -> None:
    for term in set(vocabulary.subjects()):
        kinds = {OWL.Class, OWL.NamedIndividual, *_PROPERTIES} & set(vocabulary.objects(term, RDF.type))
        assert len(kinds) <= 1, term


def test_every_term_that_a_term_refers_to_is_declared(vocabulary: Graph) -> None:
    declared = set(vocabulary.subjects(RDF.type, None))
    for predicate in (RDFS.subClassOf, RDFS.subPropertyOf, RDFS.domain, RDFS.range, _SCHEMA.domainIncludes):
        for term in vocabulary.objects(None, predicate):
            assert term in declared or str(term).startswith((str(XSD), str(RDF))), term


def test_it_has_no_blank_nodes(vocabulary: Graph) -> None:
    assert [node for node in vocabulary.all_nodes() if isinstance(node, BNode)] == []


@pytest.mark.parametrize("kind", ["domain", "range"])
def test_a_built_graph_agrees_with_every_domain_and_range(vocabulary: Graph, kind: str) -> None:
    data = Graph()
    quads = ox.parse(small_graph.quads(), format=ox.RdfFormat.N_QUADS)
    data.parse(data=ox.serialize((quad.triple for quad in quads), format=ox.RdfFormat.N_TRIPLES), format="nt")
    checked = 0
    for term, wanted in vocabulary.subject_objects(RDFS[kind]):
        if not str(wanted).startswith(VOCABULARY) or wanted in _NOT_TYPED_IN_DATA:
            continue
        nodes = set(data.subjects(term, None)) if kind == "domain" else set(data.objects(None, term))
        described = {node for node in nodes if (node, RDF.type, None) in data}
        assert {node for node in described if (node, RDF.type, wanted) not in data} == set(), term
        checked += bool(described)
    assert checked > 10


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


def test_the_readme_tells_where_each_file_comes_from() -> None:
    folder = resources.folder("ontologies")
    readme = (folder / "README.md").read_text("utf-8")
    named = set(re.findall(r"^\| `([\w/-]+\.ttl)` \|", readme, re.MULTILINE))
    assert named == {str(path.relative_to(folder)) for path in folder.rglob("*.ttl")}


@pytest.mark.parametrize("folder", ["shapes", "ontologies", "queries"])
def test_no_file_uses_a_term_that_is_not_declared(folder: str) -> None:
    said = owl_triples()
    declared = {it[1:-1].removeprefix(VOCABULARY) for it, predicate, _ in said if predicate == TYPE.type}
    files = [path for path in resources.folder(folder).rglob("*") if path.suffix in {".ttl", ".rq"}]
    used = {name for path in files for name in re.findall(r"(?<![\w:])kg:(\w+)", path.read_text("utf-8"))}
    assert used
    assert used - declared == set()
