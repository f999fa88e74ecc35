"""Shapes find what they are for, nothing else, and the same with both engines; reports say it in W3C's words."""

import json
import re
import zipfile
from collections import Counter
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pyoxigraph as ox
import pyshacl
import pytest
import small_graph
from msgspec import structs
from rdflib import RDF, RDFS, SH, Graph, Literal, URIRef
from rdflib.compare import isomorphic
from rdflib.term import Node

from kg import resources
from kg.errors import SourceError
from kg.graph import TrialGraph
from kg.identifiers import VOCABULARY
from kg.models import FreeTextFact, Span, StatedKind, StatedValue
from kg.nquads import Triple, ntriples
from kg.rdf_file import read_ntriples
from kg.terminology import Terminology
from kg.validate import Coverage, EngineName, Report, Result, Severity, Validator
from kg.validate.report_graph import read_results

EXAMPLES = Path(__file__).parent / "shapes"
VALID = EXAMPLES / "valid.ttl"
W3C = Path(__file__).parents[2] / "shared" / "data" / "w3c" / "shacl-tests.zip"
KG = "https://w3id.org/trialkg/vocab#"
SHAPES = "https://w3id.org/trialkg/shapes#"


@cache
def validator(engine: EngineName = "shifty") -> Validator:
    return Validator(engine=engine)


# --- the shapes


@cache
def shapes() -> Graph:
    graph = Graph()
    for path in sorted(resources.folder("shapes").glob("*.ttl")):
        graph.parse(path)
    return graph


class Constraint(NamedTuple):
    """A parameter of a shape that something is checked against by itself (SHACL, section 4)."""

    component: str  # local name of the parameter: maxCount, sparql
    shape: str  # local name


PARAMETERS = (
    *("class", "datatype", "nodeKind", "minCount", "maxCount", "minExclusive", "minInclusive", "maxExclusive"),
    *("maxInclusive", "minLength", "maxLength", "pattern", "languageIn", "uniqueLang", "equals", "disjoint"),
    *("lessThan", "lessThanOrEquals", "not", "and", "or", "xone", "node", "in", "hasValue", "closed", "sparql"),
    "qualifiedValueShape",
)


def constraints() -> Counter[Constraint]:
    """Count all constraints of shapes that check something directly, not as a part of another constraint."""
    targets = (SH.targetClass, SH.targetSubjectsOf, SH.targetObjectsOf, SH.targetNode)
    with_target = {shape for target in targets for shape in shapes().subjects(target, None)}
    direct = with_target | {part for shape in with_target for part in shapes().objects(shape, SH.property)}
    found: Counter[Constraint] = Counter()
    for shape in direct:
        for name in PARAMETERS:
            count = len(list(shapes().objects(shape, SH[name])))
            if count:
                found[Constraint(name, str(shape).removeprefix(SHAPES))] = count
    return found


class Invalid(NamedTuple):
    """A change to the valid example, the constraint that it is meant to break, and what else breaks with it."""

    breaks: Constraint
    along: frozenset[Constraint]
    update: str


def invalid_examples() -> Iterator[Invalid]:
    """Read the ``.ru`` files: SPARQL updates, each below a comment that names what it breaks."""
    for path in sorted(EXAMPLES.glob("*.ru")):
        head, *blocks = re.split(r"^(?=# sh:)", path.read_text("utf-8"), flags=re.MULTILINE)
        prologue = "".join(re.findall(r"^(?:BASE|PREFIX) .*\n", head, re.MULTILINE))
        for block in blocks:
            comment, _, update = block.partition("\n")
            named = [Constraint(*pair) for pair in re.findall(r"sh:(\w+) of shape:([\w-]+)", comment)]
            yield Invalid(named[0], frozenset(named[1:]), prologue + update)


INVALID = list(invalid_examples())


def test_every_constraint_has_an_invalid_example_for_each_of_its_values() -> None:
    assert Counter(example.breaks for example in INVALID) == constraints()
    assert len({example.update for example in INVALID}) == len(INVALID)


def test_every_shape_finds_something_to_check_in_the_valid_example() -> None:
    data = Graph().parse(VALID)
    for shape in {URIRef(SHAPES + constraint.shape) for constraint in constraints()}:
        owners = [shape, *shapes().subjects(SH.property, shape)]
        assert any(next(focus_nodes(data, owner), None) for owner in owners), shape


def focus_nodes(data: Graph, shape: Node) -> Iterator[Node]:
    """Yield the nodes of the data that the shape is for (SHACL, section 2.1.3)."""
    for target in shapes().objects(shape, SH.targetClass):
        yield from data.subjects(RDF.type, target)
    for target in shapes().objects(shape, SH.targetSubjectsOf):
        yield from data.subjects(target, None)
    for target in shapes().objects(shape, SH.targetObjectsOf):
        yield from data.objects(None, target)


@pytest.mark.parametrize("engine", ["shifty", "pyshacl"])
@pytest.mark.parametrize("name", ["valid.ttl", "valid-minimal.ttl"])
def test_a_valid_example_has_no_result_in_either_engine(name: str, engine: EngineName) -> None:
    assert validator(engine).validate_file(EXAMPLES / name).results == ()


@cache
def valid_example() -> bytes:
    return read_ntriples(VALID)


def changed(update: str) -> bytes:
    store = ox.Store()
    store.load(valid_example(), format=ox.RdfFormat.N_TRIPLES)
    store.update(update)
    return store.dump(format=ox.RdfFormat.N_TRIPLES, from_graph=ox.DefaultGraph()) or b""


def broken(results: Iterable[Result]) -> set[Constraint]:
    """Return the constraints that results are about; a component's name is its parameter's, but for capitals."""
    names = {name.casefold(): name for name in PARAMETERS}
    found = set()
    for it in results:
        component = it.component.rpartition("#")[2].removesuffix("ConstraintComponent>")
        found.add(Constraint(names[component.casefold()], str(it.shape).rpartition("#")[2].rstrip(">")))
    return found


def named(example: Invalid) -> str:
    return f"{example.breaks.shape} {example.breaks.component}"


@pytest.mark.parametrize("example", INVALID, ids=named)
def test_an_invalid_example_breaks_what_it_says_and_only_that_in_both_engines(example: Invalid) -> None:
    data = changed(example.update)
    report = validator().validate_ntriples(data)
    assert broken(report.results) == {example.breaks, *example.along}
    assert report.conforms == validator().conforms(data) == validator().conforms_triples(triples_of(data))
    same_shape = (it for it in report.results if it.shape == f"<{SHAPES}{example.breaks.shape}>")
    assert without_names(by_reference(data, example.breaks.shape)) == without_names(same_shape)


def triples_of(data: bytes) -> list[Triple]:
    rows = (line.removesuffix(" .").split(" ", 2) for line in sorted(data.decode().rstrip("\n").split("\n")))
    return [(subject, predicate, value) for subject, predicate, value in rows]


def without_names(results: Iterable[Result]) -> list[str]:
    """Return results with all blank nodes named alike: each engine names them as it likes."""
    return [re.sub(r"'_:\w+'", "'_:'", repr(it)) for it in results]


@cache
def alone(shape: URIRef) -> Graph:
    """Return a shape without its property shapes, with what it is made of and with the targets of its owner."""
    part, waiting = Graph(), [shape]
    while waiting:
        node = waiting.pop()
        for predicate, value in shapes().predicate_objects(node):
            if (node, predicate) != (shape, SH.property) and (node, predicate, value) not in part:
                part.add((node, predicate, value))
                waiting.append(value)  # type: ignore[arg-type]
    for target in (SH.targetClass, SH.targetSubjectsOf, SH.targetObjectsOf):
        for owner in shapes().subjects(SH.property, shape):
            for value in shapes().objects(owner, target):
                part.add((shape, target, value))
    return part


def by_reference(data: bytes, name: str) -> list[Result]:
    """Return what pySHACL finds for one shape: all of them take it a hundred times as long."""
    shape = URIRef(SHAPES + name)
    graph = Graph().parse(data=data, format="nt")
    _, report, text = pyshacl.validate(graph, shacl_graph=alone(shape), inference="none")
    assert isinstance(report, Graph), text
    return list(Report.of(read_results(report, shapes())).results)


def test_the_code_lists_of_the_shapes_are_those_of_the_ontologies(terminology: Terminology) -> None:
    known: dict[str, set[str]] = {}
    for scheme, notation in terminology.codes:
        known.setdefault(scheme, set()).add(notation)
    for shape in shapes().subjects(SH.targetObjectsOf, None):
        scheme = str(shape).partition("code-list-")[2]
        if scheme:
            (last,) = (pattern for pattern in _patterns(shape) if pattern.endswith(")$"))
            assert set(last[2:-2].split("|")) == known[scheme], scheme


def _patterns(shape: Node) -> list[str]:
    options = shapes().items(shapes().value(shape, SH["or"]) or RDF.nil)
    return [str(pattern) for option in options for pattern in shapes().objects(option, SH.pattern)]


@pytest.mark.parametrize(
    ("iri", "registered"),
    [
        ("http://id.nlm.nih.gov/mesh/D001943", True),
        ("https://id.nlm.nih.gov/mesh/D001943", False),
        ("http://id.nlm.nih.gov/mesh/Breast_Neoplasms", False),
        ("http://purl.obolibrary.org/obo/NCIT_C9335", True),
        ("http://purl.obolibrary.org/obo/NCIT_9335", False),
        ("http://purl.obolibrary.org/obo/MONDO_0007254", True),
        ("http://purl.obolibrary.org/obo/MONDO_7254", False),
        ("http://purl.obolibrary.org/obo/DOID_1612", True),
        ("http://purl.obolibrary.org/obo/DOID:1612", False),
        ("http://purl.obolibrary.org/obo/CHEBI_90869", True),
        ("http://purl.obolibrary.org/obo/CHEBI_", False),
        ("http://identifiers.org/hgnc/3430", True),
        ("http://identifiers.org/hgnc/HGNC:3430", False),
        ("http://identifiers.org/hgnc.symbol/ERBB2", False),
        ("https://sws.geonames.org/3017382/", True),
        ("https://www.geonames.org/3017382", False),
        ("http://www.wikidata.org/entity/Q142", True),
        ("https://www.wikidata.org/wiki/Q142", False),
        ("https://elsewhere.example.org/anything", True),
        ("urn:x:y", False),
    ],
)
def test_a_match_in_a_registered_namespace_has_the_form_of_its_registry(iri: str, *, registered: bool) -> None:
    prefixes = "PREFIX skos: <http://www.w3.org/2004/02/skos/core#> PREFIX mesh: <http://id.nlm.nih.gov/mesh/> "
    data = changed(f"{prefixes} INSERT DATA {{ mesh:D001943 skos:exactMatch <{iri}> }}")
    assert (validator().validate_ntriples(data) == Report()) is registered


def test_every_shape_tells_in_english_what_is_wrong() -> None:
    for shape in {*shapes().subjects(RDF.type, SH.NodeShape), *shapes().subjects(RDF.type, SH.PropertyShape)}:
        messages = list(shapes().objects(shape, SH.message))
        assert all(isinstance(it, Literal) and it.language == "en" and it.endswith(".") for it in messages), shape
        own = {SH.path, SH.datatype, SH.nodeKind, SH.pattern, SH.sparql} & set(shapes().predicates(shape))
        shared = [it for it in shapes().objects(shape, SH.sparql) if (it, SH.message, None) in shapes()]
        assert messages or shared or not own or (shape, SH.targetClass, None) not in shapes(), shape


# --- graphs that we make


def small_graphs() -> list[str]:
    builder = TrialGraph(small_graph.terminology())
    return [ntriples(builder.triples(*make())) for make in small_graph.TRIALS]


@pytest.mark.parametrize("engine", ["shifty", "pyshacl"])
def test_a_graph_from_our_builder_conforms(engine: EngineName) -> None:
    report = validator(engine).validate_ntriples("".join(small_graphs()))
    assert [result.message for result in report.results] == []


def test_values_that_words_of_any_text_state_conform_with_their_assertions() -> None:
    trial, findings = small_graph.her2_low()
    everything = Span(text=trial.texts[0], start=0, end=len(trial.texts[0].text))
    fields = {
        "study_type": "INTERVENTIONAL",
        "allocation": "RANDOMIZED",
        "intervention_model": "PARALLEL",
        "observational_model": "COHORT",
        "time_perspective": "PROSPECTIVE",
        "enrollment": "241",
        "acronym": "LOW-1",
        "collaborator": "Beta Pharma",
        "arm": "Control",
        "condition": "Metastatic Breast Cancer",
        "country": "France",
    }
    coded = {name: value for name, value in fields.items() if value.isupper()}
    facts = [FreeTextFact(field=name, value=it, span=everything, rule="sentence") for name, it in fields.items()]
    trial = structs.replace(trial, **coded, countries=("France",), free_text_facts=tuple(facts))
    stated = tuple(StatedValue(index=0, kind=kind, span=everything) for kind in StatedKind)
    graph = ntriples(
        TrialGraph(small_graph.terminology()).triples(trial, structs.replace(findings, stated_values=stated))
    )
    words = {line.split()[2] for line in graph.splitlines() if "#predicate>" in line}
    assert len(words - {line.split()[2] for line in small_graphs()[0].splitlines()}) == len(facts) + len(stated)
    assert [result.message for result in validator().validate_ntriples(graph).results] == []


def test_the_bundled_concepts_and_codes_conform(terminology: Terminology) -> None:
    report = validator().validate_ntriples(ntriples([*terminology.triples, *terminology.state_triples()]))
    assert [(it.focus_node, it.path, it.message) for it in report.results] == []


@pytest.mark.parametrize(
    ("lost", "component"),
    [
        (r'.*terms/identifier> ".*', "minCount"),
        (r".*vocab#quote> .*", "minCount"),
        (r".*type> .*vocab#Arm> .*", "class"),
        (r".*vocab#requiresMarkerState> <.*", "sparql"),
        (r".*predicate> .*vocab#agent> .*", "sparql"),
    ],
)
def test_a_triple_lost_from_a_built_graph_is_noticed(lost: str, component: str) -> None:
    lines = small_graphs()[0].splitlines(keepends=True)
    kept = [line for line in lines if not re.fullmatch(lost, line.strip())]
    assert len(kept) < len(lines)
    report = validator().validate_ntriples("".join(kept))
    assert not report.conforms
    assert not validator().conforms("".join(kept))
    assert component in {constraint.component for constraint in broken(report.results)}


def test_a_trial_is_at_fault_alone_as_in_a_piece() -> None:
    first, second, _ = small_graphs()
    broken = re.sub(r'(vocab#enrollment>) "0"', r'\1 "-1"', second)
    assert broken != second
    alone, together = (validator().validate_ntriples(data) for data in (broken, first + broken))
    assert alone == together
    assert [result.focus_node for result in alone.results] == ["<https://identifiers.org/clinicaltrials:NCT00000002>"]


# --- reports

RESULT = Result(
    focus_node="<https://identifiers.org/clinicaltrials:NCT00000001>",
    path=f"[ <{SH.inversePath}> <{KG}arm> ]",
    value='"say \\"kg:no\\" <https://w3id.org/trialkg/vocab#Arm>"@en',
    message='It is "so":\nrepair it.',
    severity=Severity.VIOLATION,
    component=f"<{SH.MinCountConstraintComponent}>",
    shape="<https://w3id.org/trialkg/shapes#arm-owner>",
)
WARNING = Result(
    focus_node="_:b0",
    path=None,
    value=None,
    message="Look at it.",
    severity=Severity.WARNING,
    component=f"<{SH.NotConstraintComponent}>",
    shape=None,
)


def test_a_report_is_sorted_by_severity_and_has_nothing_twice() -> None:
    report = Report.of([WARNING, RESULT, WARNING])
    assert report.results == (RESULT, WARNING)
    assert report == Report.of([RESULT, WARNING])
    assert [report.count(severity) for severity in Severity] == [1, 1, 0]


def test_only_violations_keep_a_graph_from_conforming() -> None:
    assert Report().conforms
    assert Report.of([WARNING]).conforms
    assert not Report.of([WARNING, RESULT]).conforms


def test_the_turtle_report_is_a_w3c_validation_report() -> None:
    turtle = Report.of([RESULT, WARNING]).to_turtle()
    graph = Graph().parse(data=turtle)
    report = graph.value(None, RDF.type, SH.ValidationReport)
    assert graph.value(report, SH.conforms) == Literal(False)
    assert len(list(graph.objects(report, SH.result))) == 2
    node = graph.value(None, SH.resultSeverity, SH.Violation)
    assert graph.value(node, SH.resultMessage) == Literal(RESULT.message, lang="en")
    assert graph.value(node, SH.value) == Literal('say "kg:no" <https://w3id.org/trialkg/vocab#Arm>', lang="en")
    assert graph.value(graph.value(node, SH.resultPath), SH.inversePath) == URIRef(KG + "arm")
    assert graph.value(node, SH.sourceShape) == URIRef("https://w3id.org/trialkg/shapes#arm-owner")
    assert "sh:resultPath [ sh:inversePath kg:arm ]" in turtle
    assert turtle == Report.of([WARNING, RESULT]).to_turtle()


def test_a_report_without_results_conforms_in_turtle() -> None:
    graph = Graph().parse(data=Report().to_turtle())
    expected = Graph().parse(data="[] a <%s> ; <%s> true ." % (SH.ValidationReport, SH.conforms))  # noqa: UP031 - braces
    assert isomorphic(graph, expected)


def test_the_json_report_counts_and_lists() -> None:
    content = json.loads(Report.of([WARNING, RESULT]).to_json())
    assert content["conforms"] is False
    assert content["counts"] == {"Violation": 1, "Warning": 1, "Info": 0}
    assert content["results"][0]["focus_node"] == RESULT.focus_node
    assert content["results"][1]["path"] is None


# --- shapes of users

_SHAPES = """
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix ex: <https://example.org/> .
ex:S a sh:NodeShape ; sh:targetClass ex:C ; sh:property
    [ sh:path ( ex:p [ sh:zeroOrMorePath ex:q ] ) ; sh:minCount 1 ; sh:severity ex:Terrible ; sh:message "a", "b" ] ,
    [ sh:path [ sh:alternativePath ( ex:p ex:r ) ] ; sh:minCount 1 ; sh:severity sh:Info ; sh:message "c" ] .
"""


def test_shapes_of_users_may_have_blank_nodes_paths_and_severities(tmp_path: Path) -> None:
    path = tmp_path / "own.ttl"
    path.write_text(_SHAPES, "utf-8")
    data = f"<https://example.org/x> <{RDF.type}> <https://example.org/C> .\n"
    for engine in ("shifty", "pyshacl"):
        results = Validator(path, engine).validate_ntriples(data).results
        assert [(result.severity, result.message) for result in results] == [
            (Severity.VIOLATION, "a b"),
            (Severity.INFO, "c"),
        ]
        assert {result.shape for result in results} == {None}


@pytest.mark.parametrize(
    ("text", "reason"),
    [("@prefix ex: <https://example.org/", "not valid Turtle"), ("", "holds no shapes")],
)
def test_a_file_that_holds_no_shapes_is_refused(tmp_path: Path, text: str, reason: str) -> None:
    path = tmp_path / "own.ttl"
    path.write_text(text, "utf-8")
    with pytest.raises(SourceError, match=reason):
        Validator(path)


def test_a_broken_shape_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "own.ttl"
    path.write_text(_SHAPES + "ex:S sh:property [ sh:path 3 ; sh:minCount 1 ] .", "utf-8")
    with pytest.raises(SourceError, match="no valid shapes"):
        Validator(path).validate_ntriples(f"<https://example.org/x> <{RDF.type}> <https://example.org/C> .\n")


# --- files

FORMATS = [
    (ox.RdfFormat.TURTLE, ".ttl"),
    (ox.RdfFormat.N_TRIPLES, ".nt"),
    (ox.RdfFormat.N_QUADS, ".nq"),
    (ox.RdfFormat.TRIG, ".trig"),
    (ox.RdfFormat.RDF_XML, ".rdf"),
    (ox.RdfFormat.JSON_LD, ".jsonld"),
]


@pytest.mark.parametrize("named", [True, False], ids=["by suffix", "by content"])
@pytest.mark.parametrize(("rdf_format", "suffix"), FORMATS, ids=[suffix for _, suffix in FORMATS])
def test_every_format_is_read_by_suffix_and_by_content(
    tmp_path: Path, rdf_format: ox.RdfFormat, suffix: str, *, named: bool
) -> None:
    example = tmp_path / "example.ttl"
    example.write_text(VALID.read_text("utf-8").replace('rdfs:label "ribociclib"@en ;', ""), "utf-8")
    path = tmp_path / f"data{suffix if named else '.unknown'}"
    graph = ox.NamedNode("https://example.org/graph") if rdf_format.supports_datasets else ox.DefaultGraph()
    quads = (
        ox.Quad(quad.subject, quad.predicate, quad.object, graph)
        for quad in ox.parse(path=str(example), format=ox.RdfFormat.TURTLE)
    )
    ox.serialize(quads, str(path), format=rdf_format)
    assert validator().validate_file(path) == validator().validate_file(example)


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("bad.ttl", b"<a> <b> ", "bad.ttl: is not valid Turtle"),
        ("bad.rdf", b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "b">]><x/>', "DOCTYPE"),
        ("utf16.rdf", '<?xml version="1.0"?><!DOCTYPE x []><x/>'.encode("utf-16"), "DOCTYPE"),
        ("deep.jsonld", b"[" * 9_000 + b"]" * 9_000, "nested more than 500 deep"),
        ("other", b"\x00\x01\x02", "is not valid TriG"),
        ("empty.ttl", b"# nothing\n", "holds no statement"),
    ],
)
def test_a_bad_file_is_named_with_the_reason(tmp_path: Path, name: str, content: bytes, reason: str) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(SourceError, match=reason):
        validator().validate_file(path)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match=r"nowhere\.ttl: there is no such file"):
        validator().validate_file(tmp_path / "nowhere.ttl")


# --- W3C's own tests


def _w3c() -> list[str]:
    """Name the tests in one file, with a result, of the features that our shapes use."""
    if not W3C.is_file():
        return []
    used = """and class datatype disjoint hasValue in languageIn lessThan maxCount maxInclusive maxLength minCount
        minInclusive minLength node nodeKind not or pattern property sparql target path uniqueLang"""
    name_pattern = re.compile(rf"/(?:{'|'.join(used.split())})[A-Z]?[\w-]*-\d+\.ttl$")
    with zipfile.ZipFile(W3C) as archive:
        found = [name for name in archive.namelist() if name_pattern.search(name)]
        return sorted(
            name for name in found if re.search(rb"sht:dataGraph <> .*sh:conforms", archive.read(name), re.DOTALL)
        )


@pytest.mark.skipif(not W3C.is_file(), reason="the shared data are not beside the project")
@pytest.mark.parametrize("name", _w3c())
def test_the_fast_engine_agrees_with_w3c(name: str, tmp_path: Path) -> None:
    path = tmp_path / "test.ttl"
    with zipfile.ZipFile(W3C) as archive:
        path.write_bytes(archive.read(name))
    conforms = [bool(value) for value in Graph().parse(path).objects(None, SH.conforms)]
    assert [not Validator(path).validate_file(path).results] == conforms


def coverage(tmp_path: Path, turtle: str) -> Coverage:
    file = tmp_path / "data.ttl"
    file.write_text(f"@prefix kg: <{VOCABULARY}> . @prefix rdfs: <{RDFS}> .\n{turtle}", "utf-8")
    found = validator().validate_file(file).coverage
    assert found is not None
    return found


def test_a_report_on_a_file_says_what_was_checked(tmp_path: Path) -> None:
    typed = coverage(tmp_path, '<x:a> a kg:Site . <x:b> a kg:Site, <x:B> . <x:c> <x:p> "two\u2028lines", <x:d> .')
    assert typed == Coverage(subjects=3, checked=2, classes={"kg:Site": 2})
    assert str(typed) == "checked: 2 nodes (2 kg:Site) in a graph that describes 3"
    below = coverage(tmp_path, "<x:a> a <x:B> . <x:B> rdfs:subClassOf <x:C> . <x:C> rdfs:subClassOf kg:Site, <x:B> .")
    assert below == Coverage(subjects=3, checked=1, classes={"kg:Site": 1})
    valued = coverage(tmp_path, "<x:a> kg:source <x:b> . <x:c> kg:dose 2 .")  # of an object, and of a subject
    assert valued == Coverage(subjects=2, checked=2)


def test_a_report_on_a_foreign_file_says_that_nothing_was_checked(tmp_path: Path) -> None:
    foreign = coverage(tmp_path, '<x:a> a <x:B> ; <x:p> "a" .')
    assert foreign == Coverage(subjects=1, checked=0)
    assert str(foreign).startswith("nothing was checked: of 1 nodes none")


def test_what_is_counted_as_checked_is_what_the_shapes_are_for() -> None:
    data = Graph().parse(VALID)
    targeted = {node for shape in set(shapes().subjects()) for node in focus_nodes(data, shape)}
    found = validator().validate_file(VALID).coverage
    assert found is not None
    assert found.checked == len(targeted)
    assert found.classes["kg:Trial"] == len(set(data.subjects(RDF.type, URIRef(f"{VOCABULARY}Trial"))))
