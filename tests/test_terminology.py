from pathlib import Path

import pytest

from kg import resources
from kg.errors import TerminologyError
from kg.identifiers import Minter, is_iri
from kg.models import ConceptType
from kg.owl import owl_triples
from kg.terminology import Terminology, load_terminology
from kg.terms import KG, RDF

HEAD = """
@prefix kg: <https://w3id.org/trialkg/vocab#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix concept: <https://w3id.org/trialkg/concept/> .
@prefix state: <https://w3id.org/trialkg/code/state/> .
@prefix named: <https://w3id.org/trialkg/state/> .
"""
SMALL = """
concept:x1 a skos:Concept, kg:Marker ; skos:prefLabel "X1"@en ; skos:notation "x1" ;
    skos:altLabel "X-one"@en, "A1"@en ; kg:possibleState state:positive, state:low .
named:x1-low a kg:MarkerState ; skos:prefLabel "X1 scarce"@en ; skos:altLabel "loX1"@en .
state:positive a skos:Concept, kg:Code ; skos:notation "positive" ; skos:prefLabel "positive"@en .
state:low a skos:Concept, kg:Code ; skos:notation "low" ; skos:prefLabel "low"@en .
"""


def load(folder: Path, turtle: str, base: str = "https://w3id.org/trialkg/") -> Terminology:
    (folder / "concepts.ttl").write_text(HEAD + turtle, "utf-8")
    return load_terminology(Minter(base), folder)


def test_a_marker_with_its_states(tmp_path: Path) -> None:
    terminology = load(tmp_path, SMALL)
    (marker,) = terminology.concepts.values()
    assert marker.iri == "https://w3id.org/trialkg/concept/x1"
    assert marker.concept_type is ConceptType.MARKER
    assert (marker.notation, marker.alt_labels, marker.possible_states) == ("x1", ("A1", "X-one"), ("low", "positive"))
    states = {state: concept for concept, _, state in terminology.state_concepts()}
    assert states["positive"].iri == "https://w3id.org/trialkg/state/x1-positive"
    assert states["positive"].pref_label == "X1 positive"
    assert (states["low"].pref_label, states["low"].alt_labels) == ("X1 scarce", ("loX1",))
    assert states["low"].broader_iris == (marker.iri,)


def test_an_own_base_moves_everything_of_ours(tmp_path: Path) -> None:
    terminology = load(tmp_path, SMALL, "https://kg.example.org/")
    (marker,) = terminology.concepts.values()
    assert marker.iri == "https://kg.example.org/concept/x1"
    assert marker.possible_states == ("low", "positive")
    assert terminology.state_labels == {"low": "low", "positive": "positive"}
    assert not [triple for triple in terminology.triples if "w3id.org/trialkg/concept" in "".join(triple)]


@pytest.mark.parametrize(
    ("turtle", "message"),
    [
        ("concept:x a kg:Drug .", "needs one class and one skos:prefLabel"),
        ('concept:x a kg:Drug ; skos:prefLabel "X"@en, "Y"@en .', "needs one class and one skos:prefLabel"),
        ('concept:x a kg:Drug, kg:Marker ; skos:prefLabel "X"@en .', "needs one class and one skos:prefLabel"),
        ('concept:x a kg:Drug ; skos:prefLabel "X"@en ; skos:broader [] .', "blank nodes are not allowed"),
        ("concept:x a kg:Drug", "concepts.ttl"),
    ],
)
def test_a_faulty_file_is_named(tmp_path: Path, turtle: str, message: str) -> None:
    with pytest.raises(TerminologyError, match=message):
        load(tmp_path, turtle)


def test_the_same_files_give_the_same_triples(tmp_path: Path) -> None:
    first = load(tmp_path, SMALL)
    second = load(tmp_path, " .\n".join(reversed(SMALL.strip().removesuffix(" .").split(" .\n"))) + " .")
    assert first.triples == second.triples == tuple(sorted(set(first.triples)))


def test_what_two_files_say_is_said_once(tmp_path: Path) -> None:
    (tmp_path / "again.ttl").write_text(HEAD + SMALL, "utf-8")
    assert load(tmp_path, SMALL).concepts == load(tmp_path, "").concepts


# --- the bundled terminology


@pytest.mark.parametrize(
    ("iri", "label", "kind"),
    [
        ("http://id.nlm.nih.gov/mesh/D001943", "breast cancer", ConceptType.DISEASE),
        ("http://id.nlm.nih.gov/mesh/C500026", "palbociclib", ConceptType.DRUG),
        ("http://purl.obolibrary.org/obo/NCIT_C128799", "trastuzumab deruxtecan", ConceptType.DRUG),
        ("http://id.nlm.nih.gov/mesh/D018719", "HER2", ConceptType.MARKER),
        ("https://w3id.org/trialkg/concept/cdk4-6-inhibitor", "CDK4/6 inhibitor", ConceptType.DRUG_CLASS),
        ("http://id.nlm.nih.gov/mesh/D000077982", "progression-free survival", ConceptType.ENDPOINT),
    ],
)
def test_canonical_iris(terminology: Terminology, iri: str, label: str, kind: ConceptType) -> None:
    concept = terminology.concepts[iri]
    assert (concept.pref_label, concept.concept_type) == (label, kind)


def test_all_iris_are_valid(terminology: Terminology) -> None:
    named = {term[1:-1] for triple in terminology.triples for term in triple if term.startswith("<")}
    assert [iri for iri in named if not is_iri(iri)] == []


def test_relations_point_to_concepts_we_know(terminology: Terminology) -> None:
    markers = {iri for iri, concept in terminology.concepts.items() if concept.concept_type is ConceptType.MARKER}
    for concept in terminology.concepts.values():
        assert concept.iri not in concept.broader_iris
        assert set(concept.target_iris) <= markers, concept.pref_label
        assert set(concept.part_iris) <= set(terminology.concepts), concept.pref_label


def test_a_combination_has_parts_and_is_none_of_them(terminology: Terminology) -> None:
    for concept in terminology.concepts.values():
        if concept.concept_type is ConceptType.DRUG_COMBINATION:
            assert concept.iri not in concept.part_iris
            assert not set(concept.exact_match_iris) & set(concept.part_iris), concept.pref_label


def test_states_belong_to_markers_with_a_notation(terminology: Terminology) -> None:
    seen: set[str] = set()
    for concept, marker, state in terminology.state_concepts():
        assert marker.concept_type is ConceptType.MARKER
        assert marker.notation, marker.pref_label
        assert state in terminology.state_labels
        assert concept.iri == f"https://w3id.org/trialkg/state/{marker.notation}-{state}"
        assert concept.iri not in seen
        seen.add(concept.iri)
    assert "https://w3id.org/trialkg/state/her2-low" in seen


def test_states_of_the_bundled_markers_are_described(terminology: Terminology) -> None:
    triples = set(terminology.state_triples())
    her2_low = "<https://w3id.org/trialkg/state/her2-low>"
    assert (her2_low, RDF.type, KG.MarkerState) in triples
    assert (her2_low, KG.marker, "<http://id.nlm.nih.gov/mesh/D018719>") in triples
    assert (her2_low, KG.state, "<https://w3id.org/trialkg/code/state/low>") in triples


@pytest.mark.parametrize(
    "code",
    [("overall-status", "NOT_YET_RECRUITING"), ("phase", "PHASE2"), ("arm-type", "EXPERIMENTAL"), ("comparator", "ge")],
)
def test_registry_codes(terminology: Terminology, code: tuple[str, str]) -> None:
    assert code in terminology.codes


@pytest.mark.parametrize(
    ("name", "code"),
    [("france", "FR"), ("united states", "US"), ("south korea", "KR"), ("türkiye", "TR"), ("turkey", "TR")],
)
def test_countries(terminology: Terminology, name: str, code: str) -> None:
    assert terminology.countries[name] == code


def test_the_vocabulary_has_no_blank_nodes() -> None:
    triples = owl_triples()
    assert (KG.Trial, RDF.type, "<http://www.w3.org/2002/07/owl#Class>") in triples
    assert not [triple for triple in triples if "_:" in (triple[0][:2], triple[2][:2])]


def test_what_was_kept_is_what_would_be_read(tmp_path: Path) -> None:
    bundled = resources.folder("ontologies")
    first, again, read = load_terminology(), load_terminology(), load_terminology(folder=bundled)
    assert first.concepts == again.concepts == read.concepts
    assert (again.codes, again.countries, again.state_labels) == (read.codes, read.countries, read.state_labels)
    assert list(again.state_concepts()) == list(read.state_concepts())
    one, other = tmp_path / "a.ttl", tmp_path / "b.ttl"
    for path in (one, other):
        path.write_text(path.name, "utf-8")
    caches = {resources.cache_file("x", paths, base) for paths in ([one], [other], [one, other]) for base in "ab"}
    assert len(caches) == 6  # another content, another cache
