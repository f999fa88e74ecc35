"""The ontology is OWL 2 DL, consistent, and means what its definitions say: HermiT and our rules agree."""

import re
import shutil
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from rdflib import DCTERMS, OWL, PROV, RDF, RDFS, SDO, SKOS, XSD, BNode, Graph, Literal, Namespace, URIRef
from rdflib.namespace import DefinedNamespace
from rdflib.term import Node

from kg import resources
from kg.errors import TerminologyError
from kg.identifiers import VOCABULARY, Minter
from kg.nquads import Triple
from kg.owl import owl_triples
from kg.reason import Facts, Ontology, Reasoner, TrialReasoner, load_ontology
from kg.reason.hermit import classify, concept_context, hierarchy_turtle
from kg.reason.ontology import make_ontology
from kg.terminology import Terminology

KG = Namespace(VOCABULARY)
FOLDER = resources.folder("ontologies")
MODEL = Path(__file__).parents[2] / "shared" / "design" / "MODEL.md"
needs_java = pytest.mark.skipif(shutil.which("java") is None, reason="HermiT needs Java, which is not installed")
EXPRESSIONS = {OWL.intersectionOf, OWL.unionOf, OWL.onProperty}
PROPERTIES = (OWL.ObjectProperty, OWL.DatatypeProperty, OWL.AnnotationProperty)
ABOX = """
@prefix : <https://example.org/> .
@prefix kg: <https://w3id.org/trialkg/vocab#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
"""


@pytest.fixture(scope="module")
def owl() -> Graph:
    graph = Graph()
    for name in resources.OWL_FILES:
        graph.parse(FOLDER / name)
    return graph


@pytest.fixture(scope="module")
def ontology() -> Ontology:
    return load_ontology()


@pytest.fixture(scope="module")
def concepts(terminology: Terminology) -> Facts:
    return Facts([*terminology.triples, *terminology.state_triples()])


# --- the profile (https://www.w3.org/TR/owl2-mapping-to-rdf/, https://www.w3.org/TR/owl2-syntax/#Global_Restrictions)


def test_every_blank_node_is_one_expression_one_list_or_one_axiom_used_once(owl: Graph) -> None:
    nodes = {node for node in owl.all_nodes() if isinstance(node, BNode)}
    used = Counter(value for value in owl.objects() if isinstance(value, BNode))
    assert nodes
    for node in nodes:
        types = set(owl.objects(node, RDF.type))
        if types == {OWL.AllDisjointClasses}:
            assert used[node] == 0
            continue
        assert used[node] == 1, "a blank node shared by two axioms is not OWL 2 DL"
        kinds = EXPRESSIONS & set(owl.predicates(node))
        assert (node, RDF.first, None) in owl or (len(kinds) == 1 and types <= {OWL.Class, OWL.Restriction})


def test_a_restriction_has_one_property_and_one_condition(owl: Graph) -> None:
    conditions = {OWL.hasValue, OWL.someValuesFrom, OWL.minQualifiedCardinality}
    restrictions = set(owl.subjects(RDF.type, OWL.Restriction))
    assert len(restrictions) > 50
    for node in restrictions:
        (term,) = owl.objects(node, OWL.onProperty)
        assert (term, RDF.type, OWL.ObjectProperty) in owl, term
        assert len(conditions & set(owl.predicates(node))) == 1


def test_every_term_used_is_declared_as_one_kind_of_thing(owl: Graph) -> None:
    for term in {term for term in owl.subjects() if isinstance(term, URIRef)}:
        kinds = {OWL.Class, OWL.NamedIndividual, *PROPERTIES} & set(owl.objects(term, RDF.type))
        assert len(kinds) <= 1, term
    classes = {
        value for name in (RDFS.subClassOf, OWL.someValuesFrom, OWL.onClass) for value in owl.objects(None, name)
    }
    for value in classes - {node for node in classes if isinstance(node, BNode)}:
        assert (value, RDF.type, OWL.Class) in owl, value


def test_a_property_with_a_chain_is_in_no_cardinality_and_not_functional(owl: Graph) -> None:
    composite = {*owl.subjects(OWL.propertyChainAxiom, None), *owl.subjects(RDF.type, OWL.TransitiveProperty)}
    counted = {
        term for node in owl.subjects(OWL.minQualifiedCardinality, None) for term in owl.objects(node, OWL.onProperty)
    }
    assert composite & counted == set()
    assert composite & set(owl.subjects(RDF.type, OWL.FunctionalProperty)) == set()


def test_a_datatype_range_is_one_of_owl_2(owl: Graph) -> None:
    ranges = {value for value in owl.objects(None, RDFS.range) if str(value).startswith((str(XSD), str(RDF)))}
    assert ranges == {XSD.string, XSD.integer, XSD.decimal, XSD.boolean}


# --- what the terms say about themselves


def test_every_term_has_label_definition_and_example(owl: Graph) -> None:
    terms = [term for term in set(owl.subjects(RDF.type, None)) if str(term).startswith(VOCABULARY)]
    assert len(terms) > 190
    for term in terms:
        for predicate in (RDFS.label, SKOS.definition, SKOS.example):
            texts = list(owl.objects(term, predicate))
            assert len(texts) == 1, (term, predicate)
            assert isinstance(texts[0], Literal)
            assert texts[0].language == "en"
    definitions = Counter(str(text) for text in owl.objects(None, SKOS.definition))
    assert [text for text, count in definitions.items() if count > 1] == []


# What no other vocabulary has a term for that comes near.
NOTHING_NEAR = {
    *("requiresTreatment", "requiresTreatmentKind", "excludesTreatment", "excludesMarkerState", "excludesStateOf"),
    *("stratifiesBy", "stratifiesByKind", "polarity", "possibleState", "contradicts"),
}


def test_every_term_has_its_place_beside_the_vocabularies_of_others(owl: Graph) -> None:
    kinds = [OWL.Class, OWL.ObjectProperty, OWL.DatatypeProperty]
    terms = {it for kind in kinds for it in owl.subjects(RDF.type, kind) if str(it).startswith(VOCABULARY)}
    matches = [SKOS.exactMatch, SKOS.closeMatch, SKOS.broadMatch, SKOS.narrowMatch, SKOS.relatedMatch]
    places = [RDFS.subClassOf, RDFS.subPropertyOf, *matches]

    def has_place(term: Node) -> bool:
        found = [it for place in places for it in owl.objects(term, place) if isinstance(it, URIRef) and it != term]
        return any(not str(it).startswith(VOCABULARY) or has_place(it) for it in found)

    assert len(terms) > 200
    assert {str(it).removeprefix(VOCABULARY) for it in terms if not has_place(it)} == NOTHING_NEAR


@pytest.mark.parametrize("namespace", [SDO, PROV, SKOS, DCTERMS], ids=["schema", "prov", "skos", "dcterms"])
def test_the_terms_of_others_exist(owl: Graph, namespace: type[DefinedNamespace]) -> None:
    used = {it for it in owl.all_nodes() if isinstance(it, URIRef) and str(it).startswith(str(namespace))}
    assert used
    assert {it for it in used if str(it).removeprefix(str(namespace)) not in namespace} == set()


@pytest.mark.skipif(not MODEL.is_file(), reason="../shared/design is not here")
def test_every_term_of_the_contract_is_there(owl: Graph) -> None:
    named = set(re.findall(r"\bkg:([A-Za-z]\w*)", MODEL.read_text("utf-8")))
    assert len(named) > 90
    assert {name for name in named if (KG[name], RDF.type, None) not in owl} == set()


def test_there_are_the_classes_that_people_ask_for(ontology: Ontology) -> None:
    names = {term.removesuffix(">").rpartition("#")[2] for term in ontology.definitions}
    assert len(names) >= 40
    asked = "BiomarkerDriven Her2Low Her2Positive TripleNegative HormoneReceptorPositive Her2Adc Adc Cdk46Inhibitor"
    asked += " ParpInhibitor CheckpointInhibitor CtdnaGuided DeEscalation DiagnosticProcedure MolecularImaging"
    asked += " EndocrineTherapy Randomised PlaceboControlled Combination"
    assert {f"{name}Trial" for name in asked.split()} <= names


# --- the ontology as the rules read it


def test_expressions_have_iris_of_their_content_under_the_sites_base() -> None:
    here, there = owl_triples(), owl_triples(Minter("https://example.org/kg/"))
    assert len(here) == len(there)
    expressions = {term for triple in there for term in triple if "/expression/" in term}
    assert expressions
    assert all(term.startswith("<https://example.org/kg/expression/") for term in expressions)
    assert any(value == "<https://example.org/kg/concept/cdk4-6-inhibitor>" for *_, value in there)
    assert not any("_:" in term[:2] for triple in here for term in triple)


@pytest.mark.parametrize(
    "expression",
    [
        {"type": "Restriction", "onProperty": "<x:p>", "maxCardinality": '"1"'},
        {"type": "Restriction", "onProperty": "<x:p>", "allValuesFrom": "<x:D>"},
        {"type": "Class", "complementOf": "<x:D>"},
    ],
)
def test_a_definition_that_the_rules_cannot_prove_is_refused(expression: dict[str, str]) -> None:
    node = "<x:expression/1>"
    triples = [("<x:C>", OWL.equivalentClass.n3(), node), (node, RDF.type.n3(), f"<{OWL}{expression.pop('type')}>")]
    triples += [(node, f"<{OWL}{predicate}>", value) for predicate, value in expression.items()]
    with pytest.raises(TerminologyError, match="cover"):
        make_ontology(triples)


def test_no_definition_needs_itself(ontology: Ontology, concepts: Facts) -> None:
    reasoner = Reasoner(ontology, concepts)
    assert [term for term in ontology.definitions if reasoner.member("<x:nothing>", term)] == []


# --- HermiT


@needs_java
def test_the_kept_hierarchy_is_what_hermit_concludes() -> None:
    found = classify()
    assert found.consistent
    assert found.unsatisfiable == ()
    assert hierarchy_turtle(found) == (FOLDER / "inferred-hierarchy.ttl").read_text("utf-8")


def test_the_kept_hierarchy_has_what_the_definitions_were_made_for(owl: Graph) -> None:
    for below, above in (
        ("Her2AdcTrial", "AdcTrial"),
        ("TripleNegativeTrial", "Her2NegativeTrial"),
        ("CtdnaGuidedTrial", "BiomarkerDrivenTrial"),
        ("CheckpointInhibitorTrial", "ImmunotherapyTrial"),
        ("MolecularImagingTrial", "DiagnosticProcedureTrial"),
    ):
        assert (KG[below], RDFS.subClassOf, KG[above]) in owl
    assert (KG.Her2LowTrial, RDFS.subClassOf, KG.Her2NegativeTrial) not in owl


@needs_java
@pytest.mark.parametrize(
    "planted",
    [
        ":x a kg:Drug, kg:Procedure .",
        ":x a kg:Trial, kg:Arm .",
        ":t a kg:Trial ; kg:requiresMarkerState :s . :s a kg:Marker .",
        ":c a kg:Criterion ; kg:polarity kg:inclusion, kg:exclusion .",
    ],
    ids=["drug and procedure", "trial and arm", "marker for a state", "both polarities"],
)
def test_a_planted_contradiction_is_found(planted: str, tmp_path: Path) -> None:
    path = tmp_path / "planted.ttl"
    path.write_text(ABOX + planted, "utf-8")
    assert not classify([path]).consistent


@needs_java
def test_a_class_that_nothing_can_be_in_is_found(tmp_path: Path) -> None:
    path = tmp_path / "planted.ttl"
    path.write_text(f"{ABOX}kg:Odd a owl:Class ; <{RDFS.subClassOf}> kg:Drug, kg:Disease .", "utf-8")
    found = classify([path])
    assert found.consistent
    assert found.unsatisfiable == (f"{VOCABULARY}Odd",)


def _individuals(facts: list[Triple]) -> Iterator[Triple]:
    """Declare the trial's parts different from each other, as IRIs of a graph are."""
    parts = sorted({subject for subject, *_ in facts})
    for number, one in enumerate(parts):
        yield from ((one, OWL.differentFrom.n3(), other) for other in parts[number + 1 :])


def _code(scheme: str, code: str) -> str:
    return f"<https://w3id.org/trialkg/code/{scheme}/{code}>"


def _kg(name: str) -> str:
    return f"<{VOCABULARY}{name}>"


MESH = "<http://id.nlm.nih.gov/mesh/{}>"
CONCEPT = "<https://w3id.org/trialkg/concept/{}>"
STATE = "<https://w3id.org/trialkg/state/{}>"
RIBOCICLIB, LETROZOLE, PLACEBO = (MESH.format(it) for it in ("C000589651", "D000077289", "D010919"))
# What is said of a trial <x:t>, and some of what has to follow; "not" begins what must not.
CASES: dict[str, tuple[list[tuple[str, str, str]], str]] = {
    "states make a triple-negative trial": (
        [("t", "requiresMarkerState", STATE.format(it)) for it in ("er-negative", "pr-negative", "her2-negative")],
        "TripleNegativeTrial Her2NegativeTrial BiomarkerDrivenTrial not Her2PositiveTrial",
    ),
    "two states of three do not": (
        [("t", "requiresMarkerState", STATE.format(it)) for it in ("er-negative", "her2-negative")],
        "Her2NegativeTrial not TripleNegativeTrial",
    ),
    "the name of the disease does not": (
        [("t", "condition", MESH.format("D064726"))],
        "BreastCancerTrial CancerTrial not TripleNegativeTrial BiomarkerDrivenTrial",
    ),
    "HER2-low is not HER2-negative": (
        [("t", "requiresMarkerState", STATE.format("her2-low"))],
        "Her2LowTrial BiomarkerDrivenTrial not Her2NegativeTrial Her2PositiveTrial",
    ),
    "a state that is ruled out drives nothing": (
        [
            ("t", "excludesMarkerState", STATE.format("her2-positive")),
            ("t", "measuresMarker", MESH.format("D000074141")),
        ],
        "not Her2PositiveTrial BiomarkerDrivenTrial CtdnaGuidedTrial",
    ),
    "a marker's alteration": (
        [("t", "requiresMarkerState", STATE.format("egfr-l858r-positive"))],
        "EgfrSelectedTrial BiomarkerDrivenTrial",
    ),
    "grouping by ctDNA": (
        [("t", "stratifiesBy", MESH.format("D000074141"))],
        "CtdnaGuidedTrial BiomarkerDrivenTrial",
    ),
    "a conjugate by its target": (
        [("t", "investigates", "<http://purl.obolibrary.org/obo/NCIT_C128799>")],
        "Her2AdcTrial AdcTrial AntiHer2TherapyTrial TargetedTherapyTrial not ChemotherapyTrial Cdk46InhibitorTrial",
    ),
    "a comparator is not under test": (
        [("t", "comparator", RIBOCICLIB), ("t", "excludesTreatment", MESH.format("D000067856"))],
        "not Cdk46InhibitorTrial TargetedTherapyTrial ParpInhibitorTrial",
    ),
    "a placebo, and chance": (
        [("t", "comparator", PLACEBO), ("t", "allocation", _code("allocation", "RANDOMIZED"))],
        "RandomisedPlaceboControlledTrial not BlindedTrial",
    ),
    "a regimen and its parts": (
        [("t", "investigates", CONCEPT.format("ac-thp-regimen"))],
        "CombinationTrial ChemotherapyTrial AntiHer2TherapyTrial",
    ),
    "two drugs in one experimental arm": (
        [
            ("t", "arm", "a"),
            ("a", "armType", _code("arm-type", "EXPERIMENTAL")),
            ("a", "intervention", "i"),
            ("a", "intervention", "j"),
            ("i", "agent", RIBOCICLIB),
            ("j", "agent", LETROZOLE),
        ],
        "CombinationTrial not Cdk46InhibitorTrial",
    ),
    "a drug and a placebo in one arm": (
        [
            ("t", "arm", "a"),
            ("a", "armType", _code("arm-type", "EXPERIMENTAL")),
            ("a", "intervention", "i"),
            ("a", "intervention", "j"),
            ("i", "agent", RIBOCICLIB),
            ("j", "agent", PLACEBO),
        ],
        "not CombinationTrial PlaceboControlledTrial",
    ),
    "a tracer's scan": (
        [("t", "investigates", CONCEPT.format("fes-pet"))],
        "MolecularImagingTrial DiagnosticProcedureTrial not SurgeryTrial",
    ),
    "a primary outcome": (
        [
            ("t", "outcome", "o"),
            ("o", "outcomeType", _code("outcome-type", "PRIMARY")),
            ("o", "endpoint", CONCEPT.format("overall-survival")),
            ("t", "treatment", RIBOCICLIB),
        ],
        "OverallSurvivalTrial",
    ),
    "a sponsor": (
        [("t", "leadSponsor", "s"), ("s", "sponsorClass", _code("sponsor-class", "INDUSTRY"))],
        "IndustrySponsoredTrial not OpenTrial",
    ),
}
KINDS = {"a": "Arm", "i": "Intervention", "j": "Intervention", "o": "Outcome", "s": "Organization"}


def _facts(name: str, said: list[tuple[str, str, str]]) -> list[Triple]:
    """Return a case as triples about a trial with an IRI of its own."""
    base = f"https://example.org/{name.replace(' ', '-').replace(',', '')}/"

    def term(text: str) -> str:
        return text if text.startswith("<") else f"<{base}{text}>"

    parts = {part for subject, _, value in said for part in (subject, value) if part in KINDS}
    types = [
        (term("t"), RDF.type.n3(), _kg("Trial")),
        *((term(it), RDF.type.n3(), _kg(KINDS[it])) for it in sorted(parts)),
    ]
    return [*types, *((term(subject), _kg(predicate), term(value)) for subject, predicate, value in said)]


@pytest.mark.parametrize("name", CASES)
def test_a_definition_takes_what_it_should_and_no_more(name: str, ontology: Ontology, concepts: Facts) -> None:
    said, wanted = CASES[name]
    found = {
        value
        for _, predicate, value in TrialReasoner(ontology, concepts).infer(_facts(name, said))
        if predicate == RDF.type.n3()
    }
    follows, _, does_not = wanted.partition("not")
    assert {_kg(it) for it in follows.split()} - found == set()
    assert {_kg(it) for it in does_not.split()} & found == set()


@pytest.mark.parametrize("name", CASES)
def test_a_trial_shows_a_sign_of_each_class_that_it_is_in(name: str, ontology: Ontology, concepts: Facts) -> None:
    said = _facts(name, CASES[name][0])
    trial = said[0][0]
    for told in ([], [(trial, RDF.type.n3(), _kg("RandomisedPhase3Trial"))]):
        reasoner = Reasoner(ontology, Facts([*said, *told], concepts))
        concluded = TrialReasoner(ontology, concepts).infer([*said, *told])
        types = {value for _, predicate, value in concluded if predicate == RDF.type.n3()}
        assert types == {term for term in ontology.definitions if reasoner.member(trial, term)}


@needs_java
def test_rules_and_hermit_conclude_the_same_of_all_cases(ontology: Ontology, concepts: Facts) -> None:
    facts = {name: _facts(name, [it for it in said if it[1] != "treatment"]) for name, (said, _) in CASES.items()}
    seeds = {value for said in facts.values() for *_, value in said}
    more = [triple for said in facts.values() for triple in (*said, *_individuals(said))]
    hermit = classify(triples=[*more, *concept_context(ontology, seeds)])
    assert hermit.consistent
    compared = 0
    for name, said in facts.items():
        trial = said[0][0][1:-1]
        concluded = TrialReasoner(ontology, concepts).infer(said)
        types = {value[1:-1] for _, predicate, value in concluded if predicate == RDF.type.n3()}
        assert types == set(hermit.types[trial]) - {f"{VOCABULARY}Trial"}, name
        ours = {
            (predicate[1:-1], value[1:-1])
            for _, predicate, value in concluded
            if predicate.startswith(f"<{VOCABULARY}")
        }
        derived = {term[1:-1] for term in ontology.derived}
        theirs = {(term, value) for subject, term, value in hermit.values if subject == trial and term in derived}
        assert ours == theirs, name
        compared += len(types) + len(ours)
    assert compared > 80
