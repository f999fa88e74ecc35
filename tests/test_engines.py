"""pyshifty, which every build uses, against pySHACL: on real records, and on what it is known to do otherwise."""

import gzip
import zipfile
from collections import Counter
from pathlib import Path

import pytest
from rdflib import SH, Graph
from rdflib.term import Node

import kg
from kg import resources
from kg.validate import EngineName, Validator

TOP = Path(__file__).parents[1]
W3C = TOP.parent / "shared" / "data" / "w3c" / "shacl-tests.zip"
RECORDS = TOP.parent / "shared" / "data" / "trials" / "ctgov-v2.jsonl.gz"


def shapes() -> Graph:
    graph = Graph()
    for path in resources.folder("shapes").glob("*.ttl"):
        graph.parse(path)
    return graph


# In these of W3C's tests pyshifty has been seen to list other results than the suite, its verdict being right.
W3C_TESTS = [
    *("node/and-001", "property/and-001", "property/nodeKind-001", "property/or-datatypes-001"),
    "property/qualifiedValueShape-001",
]


@pytest.mark.parametrize("feature", ["and", "qualifiedValueShape", "qualifiedMinCount", "qualifiedMaxCount", "xone"])
def test_features_in_which_the_engines_may_differ_are_not_used(feature: str) -> None:
    assert list(shapes().subject_objects(SH[feature])) == []


def test_node_kinds_of_our_shapes_are_never_alternatives() -> None:
    assert set(shapes().objects(None, SH.nodeKind)) <= {SH.IRI, SH.Literal}


def test_alternatives_of_datatypes_belong_to_a_property() -> None:
    graph = shapes()
    owners = {
        shape
        for shape, options in graph.subject_objects(SH["or"])
        for option in graph.items(options)
        if (option, SH.datatype, None) in graph
    }
    assert owners
    assert all((shape, SH.path, None) in graph for shape in owners)


@pytest.mark.skipif(not W3C.is_file(), reason="the shared data are not beside the project")
@pytest.mark.parametrize("engine", ["shifty", "pyshacl"])
@pytest.mark.parametrize("name", W3C_TESTS)
def test_the_results_of_w3c_are_those_of_the_suite(name: str, engine: EngineName, tmp_path: Path) -> None:
    path = tmp_path / "test.ttl"
    with zipfile.ZipFile(W3C) as archive:
        (member,) = (it for it in archive.namelist() if it.endswith(f"/{name}.ttl"))
        path.write_bytes(archive.read(member))
    graph = Graph().parse(path)
    wanted = Counter(
        tuple(_term(graph.value(result, it)) for it in (SH.focusNode, SH.value, SH.sourceConstraintComponent))
        for result in graph.objects(None, SH.result)
    )
    results = Validator(path, engine).validate_file(path).results
    assert Counter((_plain(it.focus_node), _plain(it.value), it.component) for it in results) == wanted


def _term(node: Node | None) -> str | None:
    return None if node is None else _plain(node.n3())


def _plain(term: str | None) -> str | None:
    """Return a term with nothing but its text: no datatype, no name of a blank node, no folder of the test."""
    if term is None or term.startswith("_:"):
        return term and "_:"
    text = term.partition("^^")[0]
    return text.strip('"') if text.startswith('"') else text


@pytest.mark.skipif(not RECORDS.is_file(), reason="the shared data are not beside the project")
@pytest.mark.slow
def test_both_engines_find_the_same_in_real_records(tmp_path: Path) -> None:
    source = tmp_path / "records.jsonl"
    with gzip.open(RECORDS, "rb") as stream:
        source.write_bytes(b"".join(line for number, line in enumerate(stream) if number % 10 == 0))
    graph = kg.build([source], tmp_path / "out", workers=1)
    engines = [Validator(engine="shifty"), Validator(engine="pyshacl")]
    trials = [iri for iri in graph.store.graph_iris() if "/graph/NCT" in iri]
    assert len(trials) > 90
    for iri in trials:
        data = graph.store.ntriples(iri)
        one, other = (engine.validate_ntriples(data) for engine in engines)
        assert one == other, iri
