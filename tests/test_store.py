import gzip
import io
import subprocess
import sys
from pathlib import Path

import pyoxigraph as ox
import pytest
import rdflib
import small_graph

import kg.store as store_module
from kg.errors import BuildError, QueryError, SourceError
from kg.store import GraphStore, Loader, Solutions, check_query, display_prefixes
from kg.terms import KG

QUADS = (
    b'<http://a> <http://p> "x" <http://g/1> .\n'
    b'<http://a> <http://p> "x" <http://g/2> .\n'
    b"<http://b> <http://p> <http://a> <http://g/2> .\n"
)


def loaded() -> GraphStore:
    store = GraphStore.in_memory()
    store.bulk_load(io.BytesIO(QUADS))
    return store


def test_pieces_and_the_halves_of_the_last_are_all_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store_module, "_LOADED_AT_ONCE", 500)
    monkeypatch.setattr(store_module, "_HALVED", 100)
    lines = [b'<http://s/%d> <http://p> "%d" <http://g> .\n' % (number, number) for number in range(93)]
    with Loader(tmp_path / "store") as loader:
        for line in lines:
            loader.add(line)
    store = GraphStore.open_read_only(tmp_path / "store")
    assert sorted(store.ntriples("http://g").splitlines()) == sorted(line[:-14] + b" ." for line in lines)
    broken = b"".join([*lines, b"<http://s> .\n"])
    with pytest.raises(SourceError), Loader(tmp_path / "broken") as loader:
        loader.add(broken)


_PRIORITIES = """
import os, sys, threading
from contextlib import suppress
from pathlib import Path
from kg.store import Loader
with Loader(Path(sys.argv[1])) as first:
    first.add(b"<x:s> <x:p> <x:o> <x:g> .\\n")
with Loader(Path(sys.argv[2]), Path(sys.argv[1])):
    for thread in map(int, os.listdir("/proc/self/task")):
        with suppress(FileNotFoundError, ProcessLookupError):  # it has ended meanwhile
            name = Path(f"/proc/self/task/{thread}/comm").read_text().strip()
            print("main" if thread == threading.get_native_id() else name, os.getpriority(os.PRIO_PROCESS, thread))
"""


@pytest.mark.skipif(sys.platform != "linux", reason="threads have no priority of their own")
def test_what_merges_in_the_background_gives_way_to_what_loads(tmp_path: Path) -> None:
    program = [sys.executable, "-c", _PRIORITIES, str(tmp_path / "first"), str(tmp_path / "second")]
    threads = subprocess.run(program, check=True, capture_output=True, text=True).stdout.splitlines()
    nice = {name: int(number) for name, number in map(str.split, threads)}
    assert nice["rocksdb:low"] > nice["main"]


def test_the_default_graph_is_the_union_and_from_narrows_it() -> None:
    store = loaded()
    everything = store.select("SELECT DISTINCT ?s ?o { ?s <http://p> ?o }")
    assert len(everything.rows) == 2
    assert len(store.select("SELECT ?s FROM <http://g/1> { ?s ?p ?o }").rows) == 1
    assert len(store.select("SELECT ?s { GRAPH <http://g/2> { ?s ?p ?o } }").rows) == 2


def test_each_query_form_gives_its_own_kind_of_answer() -> None:
    store = loaded()
    assert store.query("ASK { ?s ?p ?o }") is True
    assert isinstance(store.query("SELECT * { ?s ?p ?o }"), Solutions)
    # The triple that stands in both graphs comes once.
    assert len(store.construct("CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }")) == 2
    with pytest.raises(QueryError, match="SELECT"):
        store.select("ASK {}")
    with pytest.raises(QueryError, match="CONSTRUCT"):
        store.construct("ASK {}")


def test_values_are_bound_whatever_they_contain() -> None:
    hostile = 'x" } ; DROP ALL #'
    answer = loaded().select("SELECT ?v { ?s <http://p> ?v }", {"v": ox.Literal(hostile)})
    assert answer.rows == []
    assert len(loaded().select("SELECT ?v { ?s <http://p> ?v }", {"v": ox.Literal("x")}).rows) == 2


@pytest.mark.parametrize(
    ("query", "reason"),
    [
        ("INSERT DATA { <a:a> <a:b> <a:c> }", "update"),
        ("# SELECT\nPREFIX a: <a:>\nDELETE WHERE { ?s ?p ?o }", "update"),
        ("drop all", "update"),
        ("WITH <a:g> DELETE { ?s ?p ?o } WHERE { ?s ?p ?o }", "update"),
        ("SELECT * { SERVICE <http://127.0.0.1/> { ?s ?p ?o } }", "SERVICE"),
        ("SELECT * { service silent ?s { ?s ?p ?o } }", "SERVICE"),
        ("PREFIX : <http://e/> ASK { ?s ?p 1SERVICE:x { } }", "SERVICE"),
        ("ASK { FILTER('#' = \"'\") SERVICE<http://e/>{} }", "SERVICE"),
        ("ASK {" + "{" * 5_000 + "}" * 5_001, "nests"),
        ("ASK { FILTER(" + "(" * 5_000 + "1" + ")" * 5_001 + "}", "nests"),
        ("ASK { FILTER(" + "!" * 10_000 + "true) }", "operators"),
        ("ASK { FILTER(" + "1+" * 10_000 + "1) }", "operators"),
        ("ASK { {} " + "UNION {}" * 10_000 + "}", "operators"),
        ("", "The query is empty"),
        ("# ?", "Not a SPARQL query"),
        ("SELECT * {", "no SPARQL .line 1, column 11, behind `SELECT . {`"),
    ],
)
def test_refuses_what_a_query_must_not_do(query: str, reason: str) -> None:
    with pytest.raises(QueryError, match=reason):
        loaded().query(query)


@pytest.mark.parametrize(
    "query",
    [
        "ASK { FILTER('SERVICE' != 'INSERT') }",
        "# SERVICE <http://e/> { }\nASK { ?service ?p ?o }",
        'ASK { ?s ?p """ "" SERVICE """ }',
        "PREFIX ex: <http://e/SERVICE#> ASK { ?s ex:SERVICE ?o }",
        "SELECT (COUNT(*) AS ?load) { ?s ?p ?o }",
        "PREFIX insert: <http://e/> ASK { ?s insert:x <http://e/service> }",
    ],
)
def test_keywords_in_strings_names_and_comments_are_harmless(query: str) -> None:
    assert check_query(query)
    loaded().query(query)


def test_a_query_may_use_the_usual_prefixes_undeclared() -> None:
    trials = small_graph.store().select("SELECT DISTINCT ?t { ?t a kg:Trial }")
    assert len(trials.rows) == 3


@pytest.mark.filterwarnings("ignore:Dataset.default_context is deprecated")  # rdflib 7.6 warns of its own use
def test_rdflib_sees_the_same_data() -> None:
    dataset = small_graph.store().rdflib()
    trial = rdflib.URIRef("https://identifiers.org/clinicaltrials:NCT00000002")
    enrollment = dataset.value(trial, rdflib.URIRef(KG.iri("enrollment")))
    assert isinstance(enrollment, rdflib.Literal)
    assert enrollment.toPython() == 0
    rows = list(dataset.query("SELECT DISTINCT ?t WHERE { ?t a <https://w3id.org/trialkg/vocab#Trial> }"))
    assert len(rows) == 3


def test_graphs_one_by_one() -> None:
    store = small_graph.store()
    assert store.graph_iris() == [
        f"https://w3id.org/trialkg/graph/{name}"
        for name in ("NCT00000001", "NCT00000002", "NCT00000003", "about", "concepts")
    ]
    trial = "https://identifiers.org/clinicaltrials:NCT00000003"
    assert store.graphs_of(trial, KG.iri("Trial")) == ["https://w3id.org/trialkg/graph/NCT00000003"]
    assert store.graphs_of(trial, KG.iri("Drug")) == []
    triples = list(store.graph("https://w3id.org/trialkg/graph/NCT00000003"))
    assert len(triples) == store.ntriples("https://w3id.org/trialkg/graph/NCT00000003").count(b"\n") > 20
    assert list(store.graph("https://w3id.org/trialkg/graph/none")) == []
    assert len(store) == len(set(small_graph.quads().splitlines()))
    assert store.mentions(trial)
    assert not store.mentions("http://e/nothing")


@pytest.mark.parametrize("name", ["graph.nq", "graph.nq.gz"])
def test_on_disk_written_once_then_read_only(tmp_path: Path, name: str) -> None:
    # gzip members one after another, as the pipeline writes them
    parts = QUADS.splitlines(keepends=True)
    source = tmp_path / name
    source.write_bytes(b"".join(map(gzip.compress, parts)) if name.endswith("gz") else QUADS)
    store = GraphStore.create(tmp_path / "build" / "store")
    store.bulk_load(source)
    store.flush()
    with pytest.raises(BuildError, match="exists"):
        GraphStore.create(tmp_path / "build" / "store")
    del store
    readers = [GraphStore.open_read_only(tmp_path / "build" / "store") for _ in range(2)]
    assert [len(reader) for reader in readers] == [3, 3]


def test_names_what_cannot_be_opened_or_loaded(tmp_path: Path) -> None:
    with pytest.raises(BuildError, match="no store"):
        GraphStore.open_read_only(tmp_path)
    broken = tmp_path / "broken.nq"
    broken.write_bytes(QUADS + b"<http://a> <http://p>\n")
    store = GraphStore.in_memory()
    with pytest.raises(SourceError, match=r"broken\.nq"):
        store.bulk_load(broken)
    assert len(store) == 0
    with pytest.raises(SourceError, match=r"missing\.nq\.gz"):
        store.bulk_load(tmp_path / "missing.nq.gz")


def test_display_prefixes_cover_a_site_s_own_resources() -> None:
    prefixes = display_prefixes("https://kg.example.org/")
    assert prefixes["state"] == "https://kg.example.org/state/"
    assert prefixes["mesh"] == "http://id.nlm.nih.gov/mesh/"
    assert list(prefixes) == sorted(prefixes)


def test_a_damaged_block_is_told_as_what_it_is(tmp_path: Path) -> None:
    made = GraphStore.create(tmp_path / "store")
    made.bulk_load(b"".join(b"<urn:x:%d> <urn:p> <urn:y:%d> <urn:g> .\n" % (it, it * it) for it in range(20_000)))
    made.flush()
    del made
    for path in (tmp_path / "store").glob("*.sst"):
        content = bytearray(path.read_bytes())
        if len(content) > 10_000:  # in smaller ones that place describes the file, which is read on opening
            content[len(content) // 3] ^= 255
            path.write_bytes(content)
    with pytest.raises(BuildError, match=r"The store is damaged .* build the graph anew"):
        GraphStore.open_read_only(tmp_path / "store").ntriples("urn:g")
