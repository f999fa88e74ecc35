import io
import json
import os
import subprocess
import sys
from pathlib import Path

import pyoxigraph as ox
import pytest
import rdflib
import small_graph
from rdflib.compare import isomorphic

from kg.errors import ExportError, QueryError
from kg.export import FORMATS, PROFILES, export, sources
from kg.identifiers import PREFIXES
from kg.store import GraphStore, display_prefixes

OX = {
    "turtle": ox.RdfFormat.TURTLE,
    "trig": ox.RdfFormat.TRIG,
    "ntriples": ox.RdfFormat.N_TRIPLES,
    "nquads": ox.RdfFormat.N_QUADS,
    "jsonld": ox.RdfFormat.JSON_LD,
    "rdfxml": ox.RdfFormat.RDF_XML,
}
RDFLIB = {
    "turtle": "turtle",
    "trig": "trig",
    "ntriples": "nt",
    "nquads": "nquads",
    "jsonld": "json-ld",
    "rdfxml": "xml",
}
DATASETS = ("trig", "nquads", "jsonld")
GRAPH = "https://w3id.org/trialkg/graph/NCT00000001"
SITE = display_prefixes("https://w3id.org/trialkg/")
# What writers get wrong: quotes, line ends, control characters, astral code points, odd numbers, hostile names.
AWKWARD = [
    r'<http://e/a> <http://e/p> "quote \" backslash \\ line\nfeed\r tab\t end" .',
    r'<http://e/a> <http://e/p> "\\" .',
    r'<http://e/a> <http://e/p> "\u0001\u007F" .',
    '<http://e/a> <http://e/p> "" .',
    '<http://e/a> <http://e/p> "乳腺\U0001f9ec"@zh-Hans .',
    '<http://e/a> <http://e/p> "x \\"^^<http://e/not-a-type> ." .',
    '<http://e/a> <http://e/p> "01"^^<http://www.w3.org/2001/XMLSchema#integer> .',
    '<http://e/a> <http://e/p> "one"^^<http://www.w3.org/2001/XMLSchema#integer> .',
    '<http://e/a> <http://e/p> "0.5"^^<http://www.w3.org/2001/XMLSchema#decimal> .',
    '<http://e/a> <http://e/p> "TRUE"^^<http://www.w3.org/2001/XMLSchema#boolean> .',
    '<http://e/a> <http://e/p> "false"^^<http://www.w3.org/2001/XMLSchema#boolean> .',
    "<http://id.nlm.nih.gov/mesh/D1.> <http://e/p> <http://id.nlm.nih.gov/mesh/> .",
    "<http://id.nlm.nih.gov/mesh/D1/x> <http://e/p> <http://id.nlm.nih.gov/mesh/a(b)%20,;'> .",
    "<http://e/é> <https://w3id.org/trialkg/vocab#mentions> <http://e/?a=1&b=<> .".replace("<> .", "2> ."),
    "<http://e/a/b> <http://e/p> <http://e/a> .",
    "<http://e/a> <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <https://w3id.org/trialkg/vocab#Trial> .",
]


def store_of(lines: list[str], graph: str = "http://e/g") -> GraphStore:
    store = GraphStore.in_memory()
    store.bulk_load(io.BytesIO("".join(f"{line[:-1]}<{graph}> .\n" for line in lines).encode()))
    return store


def written(store: GraphStore, form: str, **options: object) -> bytes:
    stream = io.BytesIO()
    export(store, form, stream, **options)  # type: ignore[arg-type]
    return stream.getvalue()


def quads_of(data: bytes, form: str) -> set[str]:
    return {f"{quad}" for quad in ox.parse(data, format=OX[form])}


def triples_of(data: bytes, form: str) -> set[str]:
    return {f"{quad.triple}" for quad in ox.parse(data, format=OX[form])}


@pytest.mark.parametrize("form", FORMATS)
def test_pyoxigraph_reads_back_the_same_graph(form: str) -> None:
    store = small_graph.store()
    data = written(store, form, prefixes=SITE)
    kept = {f"{quad}" for quad in ox.parse(small_graph.quads(), format=ox.RdfFormat.N_QUADS)}
    stored = {f"{quad}" for iri in store.graph_iris() for quad in _quads(store, iri)}
    assert len(kept) == len(stored)
    if form in DATASETS:
        assert quads_of(data, form) == stored
    else:
        assert triples_of(data, form) == {f"{t}" for iri in store.graph_iris() for t in store.graph(iri)}


def _quads(store: GraphStore, iri: str) -> list[ox.Quad]:
    return [ox.Quad(t.subject, t.predicate, t.object, ox.NamedNode(iri)) for t in store.graph(iri)]


@pytest.mark.filterwarnings("ignore:Dataset.default_context is deprecated")  # rdflib 7.6 warns of its own use
@pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated")
@pytest.mark.parametrize("form", FORMATS)
def test_rdflib_reads_back_the_same_graph(form: str) -> None:
    store = small_graph.store()
    data = written(store, form, trials=["NCT00000001"], prefixes=SITE)
    expected = rdflib.Graph().parse(data=store.ntriples(GRAPH), format="nt")
    if form in DATASETS:
        found = rdflib.Dataset()
        found.parse(data=data, format=RDFLIB[form])
        assert isomorphic(found.graph(rdflib.URIRef(GRAPH)), expected)
        assert len(found) == len(expected)
    else:
        assert isomorphic(rdflib.Graph().parse(data=data, format=RDFLIB[form]), expected)


@pytest.mark.parametrize("form", FORMATS)
def test_awkward_terms_survive(form: str) -> None:
    lines = AWKWARD if form != "rdfxml" else [line for line in AWKWARD if "\\u0001" not in line]
    store = store_of(lines)
    expected = {f"{triple}" for triple in store.graph("http://e/g")}
    assert len(expected) == len(lines)
    assert triples_of(written(store, form), form) == expected


def test_turtle_is_sorted_grouped_and_abbreviated() -> None:
    text = written(small_graph.store(), "turtle", trials=["NCT00000003"], prefixes=SITE).decode()
    head, _, body = text.partition("\n\n")
    assert head.splitlines() == [f"@prefix {name}: <{iri}> ." for name, iri in sorted(SITE.items())]
    blocks = body.split("\n\n")
    subjects = [block.split()[0] for block in blocks if block.strip()]
    assert len(subjects) == len(set(subjects)), "a subject has one block"
    trial = next(block for block in blocks if block.startswith("clinicaltrials:NCT00000003"))
    assert trial.splitlines()[:4] == [
        "clinicaltrials:NCT00000003 a schema:MedicalTrial, biolink:ClinicalTrial, kg:Trial ;",
        '    dcterms:identifier "NCT00000003" ;',
        '    rdfs:label "HER2 by FES PET: kinase inhibitor registry"@en ;',
        '    kg:briefTitle "HER2 by FES PET: kinase inhibitor registry"@en ;',
    ]
    assert "    kg:enrollment 12 ;" in trial
    assert '    kg:startDate "2023"^^xsd:gYear ;' in trial


def test_subjects_of_several_graphs_come_together_in_turtle() -> None:
    text = written(small_graph.store(), "turtle", prefixes=SITE).decode()
    assert text.count("\norganization:institut-paoli-calmettes ") == 1
    assert written(small_graph.store(), "trig", prefixes=SITE).decode().count("\n    organization:institut-pao") == 2


@pytest.mark.parametrize("form", FORMATS)
def test_order_of_loading_does_not_change_a_byte(form: str) -> None:
    lines = small_graph.quads().splitlines(keepends=True)
    shuffled = GraphStore.in_memory()
    for start in (2, 0, 1):
        shuffled.bulk_load(io.BytesIO(b"".join(reversed(lines[start::3]))))
    assert written(shuffled, form) == written(small_graph.store(), form)


def test_hash_seed_does_not_change_a_byte(tmp_path: Path) -> None:
    code = (
        "import sys, small_graph; from pathlib import Path; from kg.export import FORMATS, export\n"
        "for form in FORMATS: export(small_graph.store(), form, Path(sys.argv[1], form))"
    )
    root = Path(__file__).parent
    for seed in ("1", "2"):
        (tmp_path / seed).mkdir()
        environment = {**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": f"{root}{os.pathsep}{root.parent}"}
        subprocess.run([sys.executable, "-c", code, str(tmp_path / seed)], check=True, env=environment)
    for form in FORMATS:
        assert (tmp_path / "1" / form).read_bytes() == (tmp_path / "2" / form).read_bytes()


def test_many_triples_are_sorted_on_disk_to_the_same_bytes(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = written(small_graph.store(), "ntriples")
    monkeypatch.setattr(sources, "_IN_MEMORY", 50)
    assert written(small_graph.store(), "ntriples") == whole
    assert whole == b"".join(sorted(set(whole.splitlines(keepends=True))))


def test_only_the_named_trials() -> None:
    found = written(small_graph.store(), "nquads", trials=["nct00000002", "clinicaltrials:NCT00000003"])
    graphs = {line.rsplit(b" ", 2)[1] for line in found.splitlines()}
    assert graphs == {b"<https://w3id.org/trialkg/graph/NCT0000000%d>" % number for number in (2, 3)}
    with pytest.raises(ExportError, match="no trial NCT00000009"):
        written(small_graph.store(), "nquads", trials=["NCT00000009"])
    with pytest.raises(ExportError, match="NCT number"):
        written(small_graph.store(), "nquads", trials=["12"])


def test_only_the_answer_to_a_query() -> None:
    query = "CONSTRUCT { ?t kg:enrollment ?n } WHERE { ?t kg:enrollment ?n }"
    text = written(small_graph.store(), "turtle", query=query).decode()
    assert "clinicaltrials:NCT00000002 kg:enrollment 0 ." in text
    assert text.count("kg:enrollment") == 3
    with pytest.raises(QueryError, match="CONSTRUCT"):
        written(small_graph.store(), "turtle", query="SELECT * { ?s ?p ?o }")
    with pytest.raises(ExportError, match="not both"):
        written(small_graph.store(), "turtle", query=query, trials=["NCT00000001"])


def test_a_file_is_replaced_whole_or_not_at_all(tmp_path: Path) -> None:
    out = tmp_path / "graph.rdf"
    out.write_text("old")
    bad = store_of([r'<http://e/a> <http://e/p> "\u0001" .'])
    with pytest.raises(ExportError, match=r"U\+0001"):
        export(bad, "rdfxml", out)
    assert out.read_text() == "old"
    export(bad, "turtle", out)
    assert b"\\u0001" in out.read_bytes()
    assert [path.name for path in tmp_path.iterdir()] == ["graph.rdf"]
    assert out.stat().st_mode & 0o777 == 0o666 & ~_umask()
    with pytest.raises(ExportError, match="nowhere"):
        export(bad, "turtle", tmp_path / "nowhere" / "graph.ttl")


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


def test_rdf_xml_says_which_predicate_it_cannot_carry() -> None:
    with pytest.raises(ExportError, match="http://e/1"):
        written(store_of(['<http://e/a> <http://e/1> "x" .']), "rdfxml")


def test_unknown_formats_and_profiles() -> None:
    with pytest.raises(ExportError, match=", ".join(FORMATS)):
        written(small_graph.store(), "yaml")
    with pytest.raises(ExportError, match=", ".join(PROFILES)):
        written(small_graph.store(), "turtle", profile="fancy")


def test_an_empty_graph_is_a_valid_document() -> None:
    for form in FORMATS:
        assert quads_of(written(GraphStore.in_memory(), form), form) == set()


def annotations(form: str = "nquads") -> GraphStore:
    store = GraphStore.in_memory()
    data = written(small_graph.store(), form, profile="annotations", texts=small_graph.texts)
    store.bulk_load(io.BytesIO(data))
    return store


def test_every_assertion_becomes_an_annotation() -> None:
    store, plain = annotations(), small_graph.store()
    count = "SELECT (COUNT(DISTINCT ?a) AS ?n) { ?a a %s }"
    assert store.select(count % "oa:Annotation") == plain.select(count % "kg:Assertion")
    assert store.query("ASK { ?a a kg:Assertion }") is False
    assert store.query("ASK { ?a ?p ?o FILTER(isBlank(?a) || isBlank(?o)) }") is False
    missing = """ASK { ?a a oa:Annotation FILTER NOT EXISTS {
      ?a oa:hasBody ?statement ; oa:hasTarget ?target ; prov:wasDerivedFrom ?document ; prov:wasGeneratedBy ?rule .
      ?statement rdf:subject ?s ; rdf:predicate ?p ; rdf:object ?o . ?s ?p ?o .
      ?target oa:hasSource ?document ; oa:hasSelector ?position, ?quote .
      ?position a oa:TextPositionSelector ; oa:start ?start ; oa:end ?end .
      ?quote a oa:TextQuoteSelector ; oa:exact ?exact ; oa:prefix ?prefix ; oa:suffix ?suffix .
      FILTER(STRLEN(?exact) = ?end - ?start) } }"""
    assert store.query(missing) is False


def test_a_quote_has_the_words_around_it() -> None:
    rows = annotations().select(
        """SELECT ?exact ?prefix ?suffix { ?quote oa:exact ?exact ; oa:prefix ?prefix ; oa:suffix ?suffix
           FILTER(?exact = "palbociclib") }"""
    )
    exact, prefix, suffix = (term.value for term in rows.rows[0] if isinstance(term, ox.Literal))
    text = small_graph.texts("NCT00000001")["1" * 64, "/eligibility"]
    assert prefix + exact + suffix in text
    assert (len(prefix), suffix) == (32, "; HER2-positive tumour")


def test_annotations_without_kept_texts_have_no_context() -> None:
    data = written(small_graph.store(), "turtle", profile="annotations")
    assert b"oa:exact" in data
    assert b"oa:prefix" not in data


def test_json_ld_keeps_named_graphs() -> None:
    found = json.loads(written(small_graph.store(), "jsonld", trials=["NCT00000003"]))
    assert {node["@id"] for node in found} == {"https://w3id.org/trialkg/graph/NCT00000003"}


def test_prefixes_default_to_those_of_everything_we_write() -> None:
    head = written(GraphStore.in_memory(), "turtle").decode().strip().splitlines()
    assert len(head) == len(PREFIXES)
