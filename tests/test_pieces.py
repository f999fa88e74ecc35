"""A file checked in pieces has the report that it has whole, whatever is wrong with it and wherever that stands."""

import re
from collections.abc import Callable, Iterable
from functools import cache
from pathlib import Path

import pyoxigraph as ox
import pytest
import small_graph
import test_mutations as mutations
from test_validate import INVALID, Invalid, changed, named

from kg import resources
from kg.errors import SourceError
from kg.graph import TrialGraph
from kg.identifiers import DEFAULT_BASE, PREFIXES, VOCABULARY
from kg.nquads import Triple, lines
from kg.owl import owl_triples
from kg.rdf_file import read_ntriples
from kg.reason import Facts, TrialReasoner, load_ontology
from kg.terms import KG, RDF, RDFS, SKOS
from kg.validate import EngineName, Report, Validator
from kg.validate.reach import reach_of
from kg.validate.shapes_graph import ShapesGraph

WHOLE = 1 << 30
Mutation = Callable[[list[str]], list[str]]
T1, T2 = (f"<https://identifiers.org/clinicaltrials:NCT0000000{number}>" for number in (1, 2))
G1, G2, CONCEPTS, INFERRED = (
    f"<{DEFAULT_BASE}graph/{name}>" for name in ("NCT00000001", "NCT00000002", "concepts", "inferred")
)
SUBCLASS = f"<{PREFIXES['rdfs']}subClassOf>"


@cache
def validator(engine: EngineName = "shifty") -> Validator:
    return Validator(engine=engine)


def told(report: Report) -> tuple[list[str], object]:
    """Return what a report says, with all blank nodes named alike, for each reader names them as it likes."""
    return sorted(re.sub(r"_:\w+", "_:", repr(it)) for it in report.results), report.coverage


def assert_same(path: Path, *sizes: int, engine: EngineName = "shifty") -> Report:
    whole = validator(engine).validate_file(path, at_once=WHOLE)
    for size in sizes or (1, 40, 300):
        assert told(validator(engine).validate_file(path, at_once=size)) == told(whole), size
    return whole


@cache
def build() -> tuple[str, ...]:
    """Three trials, what follows of them, the concepts and the vocabulary: lines of N-Quads as a build writes them."""
    terminology, ontology = small_graph.terminology(), load_ontology()
    reasoner = TrialReasoner(ontology, Facts(terminology.facts(ontology.predicates)))
    text = ""
    inferred: list[Triple] = []
    for number, make in enumerate(small_graph.TRIALS, 1):
        triples = tuple(dict.fromkeys(TrialGraph(terminology).triples(*make())))
        text += lines(triples, f"{DEFAULT_BASE}graph/NCT0000000{number}")
        inferred += reasoner.infer(triples, ())
    text += lines(mutations.concepts(), CONCEPTS[1:-1])
    text += lines(inferred, INFERRED[1:-1])
    return tuple((text + lines(owl_triples(), f"{DEFAULT_BASE}graph/vocabulary")).splitlines(keepends=True))


def written(path: Path, quads: Iterable[str]) -> Path:
    path.write_text("".join(quads), "utf-8")
    return path


def quad(subject: str, predicate: str, value: str, graph: str = G2) -> str:
    return f"{subject} {predicate} {value} {graph} .\n"


def subject_of(kind: str, graph: str = G1) -> str:
    """Return the first node of a class that a graph describes."""
    return next(it.split(" ")[0] for it in build() if it.endswith(f"{RDF.type} {kind} {graph} .\n"))


def plus(*quads: str) -> Mutation:
    return lambda good: [*good, *quads]


def without(*parts: str) -> Mutation:
    """Leave out the lines that hold all of this."""
    return lambda good: [line for line in good if not all(part in line for part in parts)]


def moved(part: str, source: str, target: str) -> Mutation:
    """Say what has this in it in another graph."""
    return lambda good: [line.replace(f"{source} .\n", f"{target} .\n") if part in line else line for line in good]


MUTANTS: dict[str, Mutation] = {
    "an arm of another trial": lambda good: [*good, quad(T2, KG.arm, subject_of(KG.Arm))],
    "an intervention of another trial's arm": lambda good: [
        *good,
        quad(subject_of(KG.Arm, G2), KG.intervention, subject_of(KG.Intervention)),
    ],
    "another trial as a condition": plus(quad(T2, KG.condition, T1)),
    "a document of two trials": lambda good: [*good, quad(T2, KG.document, subject_of(KG.Document))],
    "a trial's title in another's graph": plus(quad(T1, KG.briefTitle, '"Another title"@en')),
    "a trial's identifier lost": without(T1, "terms/identifier"),
    "an assertion about another trial": lambda good: [
        line.replace(f"{RDF.subject} {T1}", f"{RDF.subject} {T2}") for line in good
    ],
    "an assertion's quote in another graph, of another length": lambda good: [
        *good,
        quad(subject_of(KG.Assertion), KG.quote, '"of another length than its place"'),
    ],
    "a statement in another graph than its assertion": moved(f"{T1} {KG.investigates} ", G1, CONCEPTS),
    "a class that another graph gives": moved(f"{RDF.type} {KG.Arm}", G1, INFERRED),
    "a class that no graph gives": without(RDF.type, KG.Arm),
    "an organisation that only another graph types": moved(f"{RDF.type} {KG.Organization}", G1, CONCEPTS),
    "no organisation typed": without(RDF.type, KG.Organization),
    "a concept without a label": without("skos/core#prefLabel", f" {CONCEPTS} ."),
    "a concept with two labels": plus(quad("<http://id.nlm.nih.gov/mesh/D018719>", SKOS.prefLabel, '"second"@en', G1)),
    "a broader concept that nothing describes": plus(
        quad("<http://id.nlm.nih.gov/mesh/D018719>", SKOS.broader, f"<{DEFAULT_BASE}concept/nothing>")
    ),
    "a cycle over graphs": plus(
        *(
            quad(f"<https://example.org/{one}>", SKOS.broader, f"<https://example.org/{two}>", graph)
            for one, two, graph in (("a", "b", G1), ("b", "c", G2), ("c", "d", CONCEPTS), ("d", "a", INFERRED))
        )
    ),
    "instances of subclasses": plus(
        quad("<https://example.org/A>", SUBCLASS, "<https://example.org/B>", G1),
        quad("<https://example.org/B>", SUBCLASS, KG.Site, CONCEPTS),
        quad("<https://example.org/x>", RDF.type, "<https://example.org/A>", G2),
        quad(T1, KG.site, "<https://example.org/x>", INFERRED),
    ),
    "a node of logic of two trials": lambda good: [
        *good,
        *(quad(subject_of(KG.Criterion, graph), KG.logic, f"<{DEFAULT_BASE}logic/x>", graph) for graph in (G1, G2)),
    ],
    "one literal as the logic of two trials": lambda good: [
        *good,
        *(quad(subject_of(KG.Criterion, graph), KG.logic, '"x"', graph) for graph in (G1, G2)),
    ],
    "a literal as a concept, twice": plus(*(quad(trial, KG.condition, '"it"') for trial in (T1, T2))),
    "a malformed IRI in use": plus(*(quad(it, KG.condition, "<http://id.nlm.nih.gov/mesh/It>") for it in (T1, T2))),
    "a code that no list has": plus(quad(T1, KG.phase, f"<{DEFAULT_BASE}code/phase/PHASE9>")),
    "a state of another marker's notation": lambda good: [
        line.replace('"her2"', '"her4"') if f" {SKOS.notation} " in line else line for line in good
    ],
    "blank nodes": plus(
        quad("_:one", RDF.type, KG.Site, G1),
        quad(T1, KG.site, "_:one", G2),
        quad("_:two", KG.condition, "<http://id.nlm.nih.gov/mesh/D018719>", G1),
        quad("<http://id.nlm.nih.gov/mesh/D018719>", SKOS.broader, "_:two", CONCEPTS),
        quad("_:three", SUBCLASS, KG.Arm, G1),
        quad("<https://example.org/x>", RDF.type, "_:three", G2),
        quad(T2, KG.arm, "<https://example.org/x>", CONCEPTS),
    ),
    "everything twice": lambda good: [*good, *(re.sub(r"<[^>]*> \.\n$", f"{CONCEPTS} .\n", it) for it in good)],
    "in no order": lambda good: sorted(good, key=lambda it: it[::-1]),
}  # fmt: skip


def test_a_build_in_pieces_conforms_as_it_does_whole(tmp_path: Path) -> None:
    report = assert_same(written(tmp_path / "graph.nq", build()), 1, 10, 100, 1000)
    assert report.conforms
    assert report.coverage is not None
    assert report.coverage.classes["kg:Trial"] == 3


@pytest.mark.parametrize("name", MUTANTS)
def test_a_mutant_over_several_graphs_has_the_same_report(tmp_path: Path, name: str) -> None:
    mutant = MUTANTS[name](list(build()))
    assert mutant != list(build())
    assert_same(written(tmp_path / "graph.nq", mutant))


def test_nearly_all_of_these_mutants_are_found(tmp_path: Path) -> None:
    good = validator().validate_file(written(tmp_path / "good.nq", build()), at_once=30)
    found = [
        name
        for name, mutate in MUTANTS.items()
        if set(validator().validate_file(written(tmp_path / "graph.nq", mutate(list(build()))), at_once=30).results)
        - set(good.results)
    ]
    right = {"everything twice", "in no order", "a statement in another graph than its assertion"}
    right |= {"a class that another graph gives", "an organisation that only another graph types"}
    right |= {"an intervention of another trial's arm", "a document of two trials"}  # of which no shape says a word
    assert set(MUTANTS) - set(found) == right


@pytest.mark.parametrize("name", ["an arm of another trial", "a cycle over graphs", "no organisation typed"])
def test_the_reference_engine_says_the_same_in_pieces(tmp_path: Path, name: str) -> None:
    trials = [line for line in MUTANTS[name](list(build())) if G1 in line or G2 in line or "example.org" in line]
    path = written(tmp_path / "graph.nq", trials)
    assert told(assert_same(path, 150, engine="pyshacl")) == told(assert_same(path, 150))


@pytest.mark.parametrize("example", INVALID, ids=named)
def test_an_invalid_example_has_the_same_report(tmp_path: Path, example: Invalid) -> None:
    path = tmp_path / "example.nt"
    path.write_bytes(changed(example.update))
    assert_same(path, 1, 25)


@pytest.mark.parametrize(("good", "mutate"), [it[1::2] for it in mutations.ALL], ids=[it[0] for it in mutations.ALL])
def test_a_defect_has_the_same_report(
    tmp_path: Path, good: Callable[[], mutations.Graph], mutate: mutations.Mutation
) -> None:
    assert_same(written(tmp_path / "graph.nt", (f"{s} {p} {o} .\n" for s, p, o in sorted(mutate(good())))), 60)


def test_other_syntaxes_are_checked_in_pieces_too(tmp_path: Path) -> None:
    expected = assert_same(written(tmp_path / "graph.nq", build()))
    for form in (ox.RdfFormat.TURTLE, ox.RdfFormat.RDF_XML, ox.RdfFormat.JSON_LD):
        path = tmp_path / f"graph.{form.file_extension}"
        quads = (it.triple for it in ox.parse("".join(build()), format=ox.RdfFormat.N_QUADS))
        ox.serialize(quads, str(path), format=form)
        assert told(assert_same(path, 200)) == told(expected)


def test_what_cannot_be_parted_is_refused_above_a_limit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = written(tmp_path / "graph.nq", build())
    monkeypatch.setattr("kg.validate.pieces.MOST_TOGETHER", 100)
    with pytest.raises(SourceError, match=r"graph\.nq: links more than .* triples to one another"):
        validator().validate_file(path, at_once=50)


def test_a_fault_late_in_a_file_is_named(tmp_path: Path) -> None:
    path = written(tmp_path / "graph.nq", [*build(), "<a> <b>\n"])
    with pytest.raises(SourceError, match="is not valid N-Quads"):
        validator().validate_file(path, at_once=50)


# --- how far shapes look

_HEAD = f"@prefix sh: <http://www.w3.org/ns/shacl#> . @prefix ex: <urn:ex#> . @prefix rdfs: <{RDFS.base}> .\n"


def reach(body: str) -> object:
    turtle = f"{_HEAD} ex:S a sh:NodeShape ; sh:targetClass ex:C ; {body} ."
    quads = ox.parse(turtle, format=ox.RdfFormat.TURTLE)
    triples = (it.triple for it in quads)
    return reach_of(ShapesGraph(ox.serialize(triples, format=ox.RdfFormat.N_TRIPLES) or b""))


def test_the_bundled_shapes_look_no_further_than_a_piece_holds() -> None:
    files = sorted(resources.folder("shapes").glob("*.ttl"))
    found = reach_of(ShapesGraph(b"".join(map(read_ntriples, files))))
    assert found is not None
    assert found.inverse >= {KG.arm, KG.document, KG.logic, KG.operand, KG.source, RDF.subject}
    assert found.values == {RDF.type, SKOS.notation}
    assert found.chains == {SUBCLASS, SKOS.broader}
    assert KG.condition in found.targets


@pytest.mark.parametrize(
    "body",
    [
        "sh:property [ sh:path ( ex:p ex:q ) ; sh:minCount 1 ]",
        "sh:property [ sh:path [ sh:zeroOrMorePath ex:p ] ; sh:minCount 1 ]",
        "sh:property [ sh:path [ sh:inversePath ( ex:p ex:q ) ] ; sh:minCount 1 ]",
        "sh:property [ sh:path ex:p ; sh:node [ sh:property [ sh:path ex:q ; sh:class ex:C ] ] ]",
        "sh:property [ sh:path ex:p ; sh:node [ sh:property [ sh:path [ sh:inversePath ex:q ] ; sh:minCount 1 ] ] ]",
        "sh:property [ sh:path ex:p ; sh:qualifiedValueShape [ sh:class ex:C ] ; sh:qualifiedMinCount 1 ]",
        'sh:sparql [ sh:select "SELECT $this WHERE { ?other ex:p $this }" ]',
        'sh:sparql [ sh:select "SELECT $this WHERE { $this ex:p ?o . ?o ex:q ?value }" ]',
        'sh:sparql [ sh:select "SELECT $this WHERE { $this ex:p/ex:q ?value }" ]',
        'sh:sparql [ sh:select "SELECT $this WHERE { $this ^ex:p ?value }" ]',
        'sh:sparql [ sh:select "SELECT $this WHERE { FILTER (1 < 2) ?o ex:q ?value }" ]',
        'sh:sparql [ sh:select "SELECT $this WHERE { ex:a ex:q ?value }" ]',
        "sh:targetNode ex:x",
    ],
)
def test_shapes_that_look_further_are_known(body: str) -> None:
    assert reach(body) is None


def test_what_shapes_ask_of_values_is_known() -> None:
    near = reach("sh:property [ sh:path ex:p ; sh:node [ sh:property [ sh:path ex:q ; sh:minCount 1 ] ] ]")
    assert near is not None
    local = 'sh:sparql [ sh:select "SELECT $this ?value WHERE { $this ex:p ?value ; ex:q ?o . FILTER (?o > ?value) }" ]'
    assert reach(local) is not None
    assert VOCABULARY not in str(reach(local))
