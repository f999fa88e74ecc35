"""The code lists in Python and in ontologies/codes.ttl are one; spellings of all sources lead to the API's codes."""

from pathlib import Path

import pytest
from rdflib import RDF, Graph, URIRef
from rdflib.namespace import SKOS

from kg.read.codes import SPELLINGS, CodeReader, find_code

ONTOLOGIES = Path(__file__).parents[1] / "ontologies"
SCHEME = "https://w3id.org/trialkg/scheme/"


@pytest.fixture(scope="module")
def codes() -> Graph:
    return Graph().parse(ONTOLOGIES / "codes.ttl")


@pytest.mark.parametrize("scheme", SPELLINGS)
def test_lists_are_those_of_the_ontology(codes: Graph, scheme: str) -> None:
    assert (URIRef(SCHEME + scheme), RDF.type, SKOS.ConceptScheme) in codes
    listed = {
        str(codes.value(concept, SKOS.notation)): {
            str(label) for name in (SKOS.prefLabel, SKOS.altLabel) for label in codes.objects(concept, name)
        }
        for concept in codes.subjects(SKOS.inScheme, URIRef(SCHEME + scheme))
    }
    assert {code: set(spellings) for code, spellings in SPELLINGS[scheme].items()} == listed


@pytest.mark.parametrize("scheme", SPELLINGS)
def test_no_spelling_has_two_codes(scheme: str) -> None:
    for code, spellings in SPELLINGS[scheme].items():
        assert {find_code(scheme, spelling) for spelling in (code, *spellings)} == {code}


def test_unknown_codes_are_kept_once_and_nothing_is_nothing() -> None:
    reader = CodeReader()
    assert reader.one("sex", " Neither ") == "Neither"
    assert reader.one("sex", "Neither") == "Neither"
    assert reader.one("sex", " ") is None
    assert reader.one("sex", None) is None
    assert reader.one("study-type", "N/A") is None
    assert reader.one("phase", "N/A") == "NA"
    assert reader.many("phase", ["Phase 1", "", "PHASE9"]) == ("PHASE1", "PHASE9")
    assert reader.unknown == [("sex", "Neither"), ("phase", "PHASE9")]
