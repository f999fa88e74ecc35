"""Shapes find what they are for, nothing else, and the same with both engines; reports say it in W3C's words."""

import json
import re
import zipfile
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pyoxigraph as ox
import pytest
import small_graph
from rdflib import RDF, SH, BNode, Graph, Literal, URIRef
from rdflib.compare import isomorphic
from rdflib.term import Node

from kg import resources
from kg.errors import SourceError
from kg.graph import TrialGraph
from kg.nquads import ntriples
from kg.rdf_file import read_ntriples
from kg.terminology import Terminology
from kg.validate import EngineName, Report, Result, Severity, Validator

EXAMPLES = Path(__file__).parent / "shapes"
VALID = sorted(EXAMPLES.rglob("valid-*.ttl"))
INVALID = sorted(EXAMPLES.rglob("invalid-*.ttl"))
W3C = Path(__file__).parents[2] / "shared" / "data" / "w3c" / "shacl-tests.zip"
KG = "https://w3id.org/trialkg/vocab#"


@cache
def validator(engine: EngineName = "shifty") -> Validator:
    return Validator(engine=engine)


def name_of(path: Path) -> str:
    return f"{path.parent.name}/{path.stem}"


# --- the shapes


@pytest.mark.parametrize("path", VALID, ids=name_of)
def test_a_valid_example_has_no_result_in_either_engine(path: Path) -> None:
    assert validator().validate_file(path) == validator("pyshacl").validate_file(path) == Report()


@pytest.mark.parametrize("path", INVALID, ids=name_of)
def test_an_invalid_example_breaks_what_it_says_and_only_that_in_both_engines(path: Path) -> None:
    expected = re.fullmatch(r"# expects: (\S+) on (.+) \((\w+)\)", path.read_text("utf-8").splitlines()[0])
    assert expected is not None
    report = validator().validate_file(path)
    assert {(short(it.component), short(it.path or "node"), it.severity.value) for it in report.results} == {
        expected.groups()
    }
    assert report == validator("pyshacl").validate_file(path)
    assert report.conforms == (expected.group(3) != "Violation") == validator().conforms(read_ntriples(path))


def short(term: str) -> str:
    """Write the IRIs of a term or path as the examples' comments do."""
    prefixes = {
        "sh": str(SH),
        "kg": KG,
        "rdf": str(RDF),
        "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
        "skos": "http://www.w3.org/2004/02/skos/core#",
        "schema": "https://schema.org/",
        "dcterms": "http://purl.org/dc/terms/",
        "geo": "http://www.w3.org/2003/01/geo/wgs84_pos#",
    }
    for prefix, base in prefixes.items():
        term = re.sub(f"<{re.escape(base)}([^>]*)>", rf"{prefix}:\1", term)
    return term


@cache
def shapes() -> Graph:
    graph = Graph()
    for path in sorted(resources.folder("shapes").glob("*.ttl")):
        graph.parse(path)
    return graph


def property_shapes() -> list[URIRef]:
    """All property shapes that have something to say about single values or their number."""
    kinds = (SH.datatype, SH.nodeKind, SH["class"], SH.pattern, SH["in"], SH["or"], SH.minCount, SH.hasValue)
    found = {shape for kind in kinds for shape in shapes().subjects(kind, None)}
    return sorted(it for it in found if isinstance(it, URIRef) and (it, SH.path, None) in shapes())


@cache
def examples() -> tuple[Graph, ...]:
    return tuple(Graph().parse(path) for path in VALID)


def focus_nodes(shape: URIRef) -> Iterator[tuple[Graph, Node]]:
    """Yield the valid examples in which the shape checks a node, with that node."""
    for owner in (shape, *shapes().subjects(SH.property, shape)):
        for data in examples():
            for target in shapes().objects(owner, SH.targetClass):
                yield from ((data, node) for node in data.subjects(RDF.type, target))
            for target in shapes().objects(owner, SH.targetSubjectsOf):
                yield from ((data, node) for node in data.subjects(target, None))
            for target in shapes().objects(owner, SH.targetObjectsOf):
                yield from ((data, node) for node in data.objects(None, target))


@pytest.mark.parametrize("shape", property_shapes(), ids=lambda shape: shape.partition("#")[2])
def test_each_property_shape_finds_a_planted_defect(shape: URIRef) -> None:
    path = shapes().value(shape, SH.path)
    assert path is not None
    data, focus = next(focus_nodes(shape), (None, None))
    assert data is not None, "no valid example has a node for this shape"
    assert focus is not None
    planted = Graph() + data
    if isinstance(path, BNode):
        planted.remove((None, shapes().value(path, SH.inversePath), focus))
    elif shapes().value(shape, SH.minCount) or shapes().value(shape, SH.hasValue):
        planted.remove((focus, path, None))
        planted.add((focus, RDF.type, URIRef(KG + focus_class(shape))))
    else:
        # A blank node is no literal, no IRI, matches no pattern and has no class.
        planted.add((focus, path, BNode("wrong")))
    report = validator().validate_ntriples(planted.serialize(format="nt"))
    assert f"<{shape}>" in {result.shape for result in report.results}


def focus_class(shape: URIRef) -> str:
    """Return the local name of a class that the shape is for, for a node that lost its types."""
    owner = shapes().value(None, SH.property, shape)
    return str(shapes().value(owner, SH.targetClass) or f"{KG}Code").removeprefix(KG)


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


def test_the_bundled_concepts_and_codes_conform(terminology: Terminology) -> None:
    report = validator().validate_ntriples(ntriples([*terminology.triples, *terminology.state_triples()]))
    assert [(it.focus_node, it.path, it.message) for it in report.results] == []


@pytest.mark.parametrize(
    ("lost", "component"),
    [
        (r'.*terms/identifier> ".*', "sh:MinCountConstraintComponent"),
        (r".*vocab#quote> .*", "sh:MinCountConstraintComponent"),
        (r".*type> .*vocab#Arm> .*", "sh:ClassConstraintComponent"),
        (r".*vocab#requiresMarkerState> <.*", "sh:SPARQLConstraintComponent"),
        (r".*predicate> .*vocab#agent> .*", "sh:SPARQLConstraintComponent"),
    ],
)
def test_a_triple_lost_from_a_built_graph_is_noticed(lost: str, component: str) -> None:
    lines = small_graphs()[0].splitlines(keepends=True)
    kept = [line for line in lines if not re.fullmatch(lost, line.strip())]
    assert len(kept) < len(lines)
    report = validator().validate_ntriples("".join(kept))
    assert not report.conforms
    assert not validator().conforms("".join(kept))
    assert component in {short(result.component) for result in report.results}


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
    example = EXAMPLES / "arm" / "invalid-no-label.ttl"
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
    ],
)
def test_a_bad_file_is_named_with_the_reason(tmp_path: Path, name: str, content: bytes, reason: str) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(SourceError, match=reason):
        validator().validate_file(path)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match=r"nowhere\.ttl: cannot be read"):
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
