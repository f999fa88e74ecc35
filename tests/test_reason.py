"""What is concluded is written, is the same each time, and can be traced to the words that it rests on."""

import gzip
import json
from pathlib import Path

import pyoxigraph as ox
import pytest
from click.testing import CliRunner

from kg.api import Graph, build
from kg.cli import main
from kg.errors import QueryError, ReasonerError
from kg.nquads import Triple
from kg.reason import Answer, Explanation, Facts, Reasoner, TrialReasoner, Why, infer_concepts, load_ontology
from kg.reason.hermit import classify
from kg.reason.ontology import make_ontology
from kg.reason.why import explanation_text
from kg.store import Solutions
from kg.terminology import load_terminology

EXAMPLES = Path(__file__).parent.parent / "examples/trials"
P, Q, R = "<x:p>", "<x:q>", "<x:r>"
SUB = "<http://www.w3.org/2000/01/rdf-schema#subPropertyOf>"
OWL = "http://www.w3.org/2002/07/owl#"
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
CHAIN: list[Triple] = [  # what is P of something that is Q of another is R of it, and so on along Q
    (R, f"<{OWL}propertyChainAxiom>", "<x:l>"),
    ("<x:l>", f"<{RDF}first>", R),
    ("<x:l>", f"<{RDF}rest>", "<x:m>"),
    ("<x:m>", f"<{RDF}first>", Q),
    ("<x:m>", f"<{RDF}rest>", f"<{RDF}nil>"),
    (P, SUB, R),
]


def _ask(graph: Graph, query: str) -> Solutions:
    return graph.store.select(query)


# --- the rules


def test_a_chain_is_followed_to_its_end_also_in_circles() -> None:
    said = [("<x:1>", P, "<x:2>"), ("<x:2>", Q, "<x:3>"), ("<x:3>", Q, "<x:4>"), ("<x:4>", Q, "<x:3>")]
    reasoner = Reasoner(make_ontology(CHAIN), Facts(said))
    assert list(reasoner.values("<x:1>", R)) == ["<x:2>", "<x:3>", "<x:4>"]
    proof = reasoner.proof(("<x:1>", R, "<x:4>"))
    assert proof is not None
    first, second = proof.premises
    assert second.triple == ("<x:3>", Q, "<x:4>")
    assert first.premises[0].premises[0].triple == ("<x:1>", P, "<x:2>")
    assert reasoner.proof(("<x:2>", R, "<x:3>")) is None


def test_what_follows_for_concepts_is_asked_below_and_only_where_the_trial_says_nothing_of_them() -> None:
    concepts = Facts([("<x:c>", P, "<x:d>"), ("<x:d>", Q, "<x:e>")])
    ontology = make_ontology(CHAIN)
    apart = Facts([("<x:t>", P, "<x:c>")], concepts)
    assert apart.is_apart(concepts)
    assert not Facts([("<x:e>", Q, "<x:f>")], concepts).is_apart(concepts)
    below = Reasoner(ontology, concepts)
    reasoner = Reasoner(ontology, apart, below)
    assert reasoner.values("<x:c>", R) == Reasoner(ontology, apart).values("<x:c>", R)
    assert list(reasoner.values("<x:c>", R)) == ["<x:d>", "<x:e>"]
    assert reasoner.values("<x:c>", R) is below.values("<x:c>", R)
    assert reasoner.values("<x:unknown>", R) == {}


def test_facts_of_a_trial_lie_over_those_of_the_concepts() -> None:
    facts = Facts([("<x:1>", P, "<x:2>")], Facts([("<x:1>", Q, "<x:3>"), ("<x:1>", P, "<x:4>")]))
    assert facts.objects("<x:1>", P) == ["<x:2>"]
    assert facts.objects("<x:1>", Q) == ["<x:3>"]
    assert facts.objects("<x:9>", P) == []


def test_mesh_hierarchy_comes_from_tree_numbers() -> None:
    terminology = load_terminology()
    found = infer_concepts(load_ontology(), Facts(terminology.triples))
    above = "<http://id.nlm.nih.gov/mesh/vocab#broaderDescriptor>"
    mesh = "<http://id.nlm.nih.gov/mesh/{}>".format
    assert (mesh("D001943"), above, mesh("D001941")) in found  # breast neoplasms, breast diseases
    assert (mesh("D001943"), above, mesh("D009369")) not in found  # two steps above
    broader = "<http://www.w3.org/2004/02/skos/core#broaderTransitive>"
    concept = "<https://w3id.org/trialkg/concept/{}>".format
    assert (mesh("C000589651"), broader, concept("cyclin-dependent-kinase-inhibitor")) in found
    assert (concept("cdk4-6-inhibitor"), broader, concept("cdk4-6-inhibitor")) not in found


# --- in a build


def test_conclusions_have_a_graph_of_their_own_and_repeat_nothing_that_is_said(examples: Graph) -> None:
    inferred = f"<{examples.minter.graph('inferred')}>"
    (count,) = _ask(examples, f"SELECT (COUNT(*) AS ?n) {{ GRAPH {inferred} {{ ?s ?p ?o }} }}").rows[0]
    assert isinstance(count, ox.Literal)
    assert int(count.value) > 15_000
    twice = f"SELECT ?s {{ GRAPH {inferred} {{ ?s ?p ?o }} GRAPH ?g {{ ?s ?p ?o }} FILTER(?g != {inferred}) }} LIMIT 1"
    assert _ask(examples, twice).rows == []


def test_the_order_of_records_and_the_number_of_workers_change_no_conclusion(examples: Graph, tmp_path: Path) -> None:
    again = build(sorted(EXAMPLES.iterdir(), reverse=True), tmp_path / "again", workers=2)
    ours, theirs = (gzip.decompress(graph.directory.quads.read_bytes()).splitlines() for graph in (examples, again))
    assert [line for line in ours if b"/graph/inferred>" in line] == [
        line for line in theirs if b"/graph/inferred>" in line
    ]


def test_a_site_concludes_the_same_under_its_own_base(tmp_path: Path) -> None:
    graph = build([EXAMPLES / "NCT99990002.xml"], tmp_path / "graph", base_iri="https://example.org/kg/", workers=1)
    found = _ask(graph, "SELECT ?t { ?t a kg:Cdk46InhibitorTrial ; kg:investigatesKind ?kind . ?kind a kg:DrugClass }")
    assert len(found.rows) > 3
    stray = 'SELECT ?o { ?s ?p ?o FILTER(STRSTARTS(STR(?o), "https://w3id.org/trialkg/concept/")) } LIMIT 1'
    assert _ask(graph, stray).rows == []


def test_what_is_ruled_out_is_never_concluded_upwards(examples: Graph) -> None:
    found = _ask(
        examples,
        "SELECT DISTINCT ?p { GRAPH ?g { ?trial ?p ?o } ?trial a kg:Trial "
        'FILTER(STRENDS(STR(?g), "/inferred") && CONTAINS(STR(?p), "xcludes")) }',
    )
    assert [str(term) for (term,) in found.rows] == ["<https://w3id.org/trialkg/vocab#excludesStateOf>"]


def test_a_mention_leads_to_no_conclusion() -> None:
    ontology = load_ontology()
    mentions = "<https://w3id.org/trialkg/vocab#mentions>"
    assert mentions not in ontology.predicates


def test_a_trial_alone_gives_its_classes_and_super_properties() -> None:
    vocabulary = "https://w3id.org/trialkg/vocab#"
    trial = "<https://identifiers.org/clinicaltrials:NCT00000001>"
    words = '"two words, a \\" and > ."@en'
    said = [
        (trial, f"<{RDF}type>", f"<{vocabulary}Trial>"),
        (trial, f"<{vocabulary}allocation>", "<https://w3id.org/trialkg/code/allocation/RANDOMIZED>"),
        (trial, f"<{vocabulary}keyword>", words),
        (trial, f"<{vocabulary}mentions>", "<http://id.nlm.nih.gov/mesh/D001943>"),
    ]
    assert TrialReasoner(load_ontology(), Facts([])).infer(said) == [
        (trial, f"<{RDF}type>", f"<{vocabulary}RandomisedTrial>"),
        (trial, "<https://schema.org/keywords>", words),
    ]


# --- why


def _leaves(why: Why) -> list[Why]:
    return [leaf for premise in why.premises for leaf in _leaves(premise)] if why.premises else [why]


def _why(graph: Graph, trial: str, name: str) -> Explanation:
    return graph.why(trial, name)


def test_a_statement_has_its_words_sentence_and_rule(examples: Graph) -> None:
    found = _why(examples, "NCT99990001", "HER2-low")
    assert found.answer is Answer.STATED
    words = next(why for why in found.found if why.predicate.endswith("requiresMarkerState")).words[0]
    assert words.quote == "HER2-low"
    assert words.sentence.startswith("* HER2-low disease: IHC 1+")
    assert words.sentence.endswith("biopsy")
    assert words.end - words.start == len("HER2-low")
    assert words.rule_label == "inclusion criterion"
    assert words.entry == 'prefLabel "HER2 low"'
    assert words.file.endswith("examples/trials/NCT99990001.json")
    document = examples.document(words.document.rpartition("/")[2])
    assert document is not None
    assert (document.nct_id, document.format, document.file) == ("NCT99990001", "ctgov-v2-json", words.file)
    assert f"confidence 0.90; {words.file}\n" in explanation_text(found)
    brand = _why(examples, "NCT99990001", "Enhertu").found[0].words[0]
    assert brand.entry == 'prefLabel "trastuzumab deruxtecan"'


def test_a_conclusion_leads_down_to_words(examples: Graph) -> None:
    found = _why(examples, "NCT99990002", "cyclin-dependent kinase inhibitor")
    assert found.answer is Answer.INFERRED
    (why,) = found.found
    assert why.axiom == "property chain"
    quotes = [words.quote for leaf in _leaves(why) for words in leaf.words]
    assert quotes == ["Ribociclib"]
    assert {leaf.predicate.rpartition("#")[2] for leaf in _leaves(why)} == {"investigates", "broader"}


@pytest.mark.parametrize("name", ["CDK4/6 inhibitor trial", "Cdk46InhibitorTrial", "kg:Cdk46InhibitorTrial"])
def test_a_class_is_explained_by_its_definition(examples: Graph, name: str) -> None:
    found = _why(examples, "NCT99990002", name)
    assert found.answer is Answer.INFERRED
    assert found.found[0].axiom == "definition"
    assert "Ribociclib" in [words.quote for leaf in _leaves(found.found[0]) for words in leaf.words]


def test_the_three_kinds_of_nothing_are_told_apart(examples: Graph) -> None:
    mentioned = _why(examples, "NCT99990005", "aromatase inhibitor")
    assert mentioned.answer is Answer.MENTIONED
    assert mentioned.found[0].words[0].sentence.endswith("an aromatase inhibitor or fulvestrant")
    assert _why(examples, "NCT99990005", "olaparib").answer is Answer.NOT_FOUND
    outside = _why(examples, "NCT99990005", "PARP inhibitor trial")
    assert outside.answer is Answer.NOT_A_MEMBER
    assert "It takes: trial and investigates kind: PARP inhibitor" in outside.sentence
    with pytest.raises(QueryError, match="No concept is called"):
        _why(examples, "NCT99990005", "no such thing")
    with pytest.raises(QueryError):
        _why(examples, "NCT00000042", "olaparib")


def test_every_class_of_every_example_has_a_proof_that_ends_in_facts(examples: Graph) -> None:
    rows = _ask(examples, "SELECT DISTINCT ?t ?c { ?t a kg:Trial, ?c . ?c owl:equivalentClass ?d }").rows
    assert len(rows) > 50
    for trial, term in rows:
        found = examples.why(str(trial)[1:-1], str(term)[1:-1])
        assert found.answer is Answer.INFERRED, (trial, term)
        assert all(not leaf.axiom for why in found.found for leaf in _leaves(why))


def test_the_command_shows_text_and_json(examples: Graph) -> None:
    call = ["why", "NCT99990002", "CDK4/6 inhibitor", "-g", str(examples.directory.path)]
    text = CliRunner().invoke(main, call).stdout
    assert "NCT99990002 — investigates kind — CDK4/6 inhibitor   [property chain]" in text
    assert '      "Ribociclib"\n' in text
    found = json.loads(CliRunner().invoke(main, [*call, "-f", "json"]).stdout)
    assert found["answer"] == "stated"
    assert {why["predicate"].rpartition("#")[2] for why in found["found"]} == {"excludesTreatment", "investigatesKind"}


def test_without_java_the_message_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    with pytest.raises(ReasonerError, match=r"needs Java.*install a JRE"):
        classify()
    done = CliRunner().invoke(main, ["classify"])
    assert done.exit_code == 2
    assert "needs Java" in done.stderr


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (None, "there is no such file; check its name"),
        (b"", "holds no statement to classify"),
        (b"\x89PNG\xff", "is it RDF, whole, and of the syntax that its name says?"),
        (b"<x:a> <x:b> ;; .", "is it RDF, whole, and of the syntax that its name says?"),
    ],
)
def test_a_file_that_cannot_be_classified_is_named_with_what_to_do(
    content: bytes | None, expected: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kg.reason.hermit._owlready2", lambda: None)  # it is not reached
    file = tmp_path / "axioms"
    if content is not None:
        file.write_bytes(content)
    done = CliRunner().invoke(main, ["classify", str(file)])
    assert done.exit_code == 2
    assert str(file) in done.stderr
    assert expected in done.stderr
    assert not done.stdout


@pytest.mark.parametrize(
    ("trial", "expected"),
    [
        ("NCT00000000", "?trial a kg:Trial }'` lists those"),
        ("Kisqali", "give an NCT number, for example"),
    ],
)
def test_why_says_what_to_do_where_there_is_no_such_trial(examples: Graph, trial: str, expected: str) -> None:
    done = CliRunner().invoke(main, ["why", trial, "ribociclib", "-g", str(examples.directory.path)])
    assert done.exit_code == 2
    assert expected in done.stderr
