"""Added vocabularies in builds and updates: linked, described without loose ends, named, and the same each time."""

import json
from collections.abc import Sequence
from pathlib import Path

import pytest
import vocabularies as own
from click.testing import CliRunner
from test_update import quads, write
from vocabularies import written

import kg
from kg.cli import main
from kg.errors import BuildError
from kg.terminology import Terminology, load_terminology
from kg.vocabulary import VocabularyFolder
from kg.vocabulary.description import AddedConcepts

MESH = "http://id.nlm.nih.gov/mesh/"
HOUSE = """@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix kg: <https://w3id.org/trialkg/vocab#> .
@prefix house: <https://example.org/house/> .
house:thing a skos:Concept, kg:Disease ; skos:prefLabel "house thing" ; skos:broader house:mild .
house:mild a skos:Concept, kg:Disease ; skos:prefLabel "mild house thing" ; skos:broader house:thing, house:gone ;
    skos:exactMatch <https://example.org/other/1> .
"""


def record(number: int, condition: str = "Oat Tumour", drug: str = "EXM-7 & salt", criterion: str = "XMPL1") -> str:
    protocol = {
        "identificationModule": {"nctId": f"NCT{number:08d}", "briefTitle": f"A study {number}"},
        "conditionsModule": {"conditions": [condition]},
        "armsInterventionsModule": {"interventions": [{"type": "DRUG", "name": drug}]},
        "eligibilityModule": {"eligibilityCriteria": f"Inclusion Criteria:\n\n* Known {criterion} mutation\n"},
    }
    return json.dumps({"protocolSection": protocol}) + "\n"


def data_with(folder: Path, **contents: str) -> Path:
    folder.mkdir(exist_ok=True)
    VocabularyFolder.of_user(folder).add(written(folder, **contents))
    return folder


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return data_with(tmp_path_factory.mktemp("added") / "data", mesh=own.MESH_XML, genes=own.HGNC_OLD)


def built(path: Path, data: Path | None, *lines: str, workers: int = 1) -> kg.Graph:
    source = write(path.with_suffix(".jsonl"), *lines)
    return kg.build([source], path, use_vocabularies=data is not None, data_dir=data, workers=workers)


@pytest.fixture(scope="module")
def graph(tmp_path_factory: pytest.TempPathFactory, data: Path) -> kg.Graph:
    return built(tmp_path_factory.mktemp("built") / "out", data, record(1))


def values(graph: kg.Graph, query: str) -> list[tuple[str, ...]]:
    return sorted(tuple(str(it).strip('<>"').removesuffix('"@en') for it in row) for row in graph.query(query).rows)


def described(graph: kg.Graph, iri: str) -> dict[str, list[str]]:
    rows = values(graph, f"SELECT ?p ?o {{ GRAPH <{graph.minter.graph('concepts')}> {{ <{iri}> ?p ?o }} }}")
    found: dict[str, list[str]] = {}
    for predicate, value in rows:
        found.setdefault(predicate.rpartition("#")[2], []).append(value)
    return found


def test_reported_names_are_linked_and_their_concepts_described(graph: kg.Graph) -> None:
    assert values(graph, "SELECT ?c { ?t kg:condition ?c }") == [(f"{MESH}D900001",)]
    assert values(graph, "SELECT ?c { ?i kg:agent ?c }") == [(f"{MESH}D900002",)]
    tumour = described(graph, f"{MESH}D900001")
    assert tumour["prefLabel"] == ["Carcinoma, Exemplary Small-Cell"]
    assert tumour["altLabel"] == ["Oat Tumour"]
    assert tumour["meshTreeNumber"] == ["C04.900", "C08.900"]
    assert tumour["inScheme"] == ["https://w3id.org/trialkg/scheme/added-mesh"]
    assert described(graph, f"{MESH}D900002")["broader"] == [f"{MESH}D900003"]
    assert described(graph, f"{MESH}D900003")["prefLabel"] == ["Exemplamycins"]  # above what is used
    assert described(graph, f"{MESH}D900004") == {}  # not used
    assert graph.validate().conforms
    assert graph.check().holds


def test_a_gene_of_a_table_is_a_marker_that_is_described(graph: kg.Graph) -> None:
    (gene,) = values(graph, "SELECT DISTINCT ?c { ?t kg:mentions ?c . ?c a kg:Marker }")
    assert gene == ("http://identifiers.org/hgnc/90001",)
    said = described(graph, gene[0])
    assert said["notation"] == ["hgnc-90001"]
    assert said["gene"] == [gene[0]]


def test_what_is_used_is_named_in_the_report_and_in_the_graph(graph: kg.Graph, data: Path) -> None:
    added = {it.name: it.sha256 for it in VocabularyFolder.of_user(data).in_use().sources}
    assert {it.name: it.sha256 for it in graph.report.vocabularies} == added
    assert set(values(graph, "SELECT ?n ?h { ?v dcterms:source ?s . ?s dcterms:title ?n ; kg:sha256 ?h }")) == set(
        added.items()
    )
    assert "mesh" in (graph.directory.report_page).read_text("utf-8")


def test_names_of_added_concepts_are_parameters_of_queries(graph: kg.Graph) -> None:
    (row,) = graph.query("trials-by-condition", condition="oat tumour").rows
    assert "NCT00000001" in str(row[0])


def test_headings_of_older_records_are_known_by_their_names(data: Path, terminology: Terminology) -> None:
    lexicon = VocabularyFolder.of_user(data).open()
    assert lexicon is not None
    added = AddedConcepts(lexicon, terminology)
    assert added.heading("carcinoma, exemplary small-cell") == f"{MESH}D900001"
    assert added.heading("Oat Tumour") is None  # an entry term heads nothing
    assert added.heading("XMPL1") is None  # no heading of MeSH


def test_without_vocabularies_nothing_of_them_is_there(tmp_path: Path, data: Path) -> None:
    source = write(tmp_path / "one.jsonl", record(1))
    for name, words in (("without", ["--no-vocab"]), ("none", ["--data-dir", str(tmp_path / "empty")])):
        called = CliRunner().invoke(main, ["build", str(source), "-o", str(tmp_path / name), "-q", *words])
        assert called.exit_code == 0, called.output
        assert "vocabularies  bundled\n" in called.output
    assert quads(tmp_path / "without") == quads(tmp_path / "none")
    assert not any(b"900001" in line for line in quads(tmp_path / "none"))
    called = CliRunner().invoke(
        main, ["build", str(source), "-o", str(tmp_path / "with"), "-q", "--data-dir", str(data)]
    )
    assert "vocabularies  bundled, genes, mesh (2026-01-01)\n" in called.output


def test_workers_make_no_difference(tmp_path: Path, data: Path) -> None:
    lines = [record(number, drug=("Exemplamycin", "Exemplamycins", "placebo")[number % 3]) for number in range(1, 25)]
    alone, together = built(tmp_path / "one", data, *lines), built(tmp_path / "two", data, *lines, workers=2)
    assert quads(alone.directory.path) == quads(together.directory.path)
    assert alone.directory.report.read_bytes() == together.directory.report.read_bytes()


def test_concepts_above_themselves_are_left_without_a_broader_one(tmp_path: Path) -> None:
    data = data_with(tmp_path / "data", house=HOUSE)
    graph = built(tmp_path / "out", data, record(1, condition="mild house thing"))
    assert values(graph, "SELECT ?c { ?t kg:condition ?c }") == [("https://example.org/house/mild",)]
    said = described(graph, "https://example.org/house/mild")
    assert "broader" not in said
    assert said["exactMatch"] == ["https://example.org/other/1"]
    assert graph.validate().conforms


def updated(path: Path, data: Path, lines: Sequence[str]) -> kg.Graph:
    return kg.update([write(path.with_suffix(".jsonl"), *lines)], path, data_dir=data, workers=1).graph


def test_an_update_describes_what_comes_and_forgets_what_goes(tmp_path: Path, data: Path) -> None:
    built(tmp_path / "out", data, record(1, drug="placebo"))
    for lines in ([record(1, drug="placebo"), record(2)], [record(2, drug="placebo")]):
        updated(tmp_path / "out", data, lines)
        built(tmp_path / "anew", data, *lines)
        assert sorted(quads(tmp_path / "out")) == sorted(quads(tmp_path / "anew"))


def test_another_vocabulary_has_every_trial_made_anew(tmp_path: Path) -> None:
    data = data_with(tmp_path / "data", genes=own.HGNC_OLD)
    built(tmp_path / "out", data, record(1))
    data_with(data, mesh=own.MESH_XML)
    graph = updated(tmp_path / "out", data, [record(1)])
    built(tmp_path / "anew", data, record(1))
    assert sorted(quads(tmp_path / "out")) == sorted(quads(tmp_path / "anew"))
    assert values(graph, "SELECT ?c { ?t kg:condition ?c }") == [(f"{MESH}D900001",)]


def test_an_update_does_not_lose_what_vocabularies_gave(tmp_path: Path, data: Path) -> None:
    built(tmp_path / "out", data, record(1))
    before = quads(tmp_path / "out")
    with pytest.raises(BuildError, match="none is added here"):
        updated(tmp_path / "out", tmp_path / "empty", [record(1)])
    assert quads(tmp_path / "out") == before


def test_a_build_without_vocabularies_stays_so(tmp_path: Path, data: Path) -> None:
    built(tmp_path / "out", None, record(1))
    graph = updated(tmp_path / "out", data, [record(1), record(2)])
    assert (f"{MESH}D900001",) not in values(graph, "SELECT ?c { ?t kg:condition ?c }")
    assert graph.report.vocabularies == ()


# --- bundled concepts in the hierarchies of added vocabularies

# MeSH has two bundled diseases: breast cancer, in two places, and, above it, what the bundled ones put below it.
DISEASES = (
    """<?xml version="1.0"?>
<DescriptorRecordSet LanguageCode = "eng">"""
    + "".join(
        f"""<DescriptorRecord DescriptorClass = "1"><DescriptorUI>{identifier}</DescriptorUI>
    <DescriptorName><String>{name}</String></DescriptorName>
    <TreeNumberList>{"".join(f"<TreeNumber>{number}</TreeNumber>" for number in numbers)}</TreeNumberList>
    </DescriptorRecord>"""
        for identifier, name, numbers in (
            ("D900021", "Exemplary Growths", ["C04.900"]),
            ("D900022", "Exemplary Growths of the Chest", ["C04.900.200"]),
            ("D900023", "Exemplary Chest Diseases", ["C08.900"]),
            ("D900024", "Exemplary Diseases of Nothing", ["C09.900"]),
            ("D064726", "Growths Without Three", ["C04.900.200.100"]),
            ("D001943", "Growths of the Breast", ["C04.900.200.100.050", "C08.900.100"]),
        )
    )
    + "</DescriptorRecordSet>\n"
)
BREAST_CANCER, TRIPLE_NEGATIVE = f"{MESH}D001943", f"{MESH}D064726"
ABOVE = "SELECT DISTINCT ?t { ?t kg:condition/skos:broader* <%s> }"


@pytest.fixture(scope="module")
def placed(tmp_path_factory: pytest.TempPathFactory) -> kg.Graph:
    folder = tmp_path_factory.mktemp("placed")
    records = [record(1, condition="Triple Negative Breast Cancer"), record(2, condition="Breast Cancer")]
    return built(folder / "out", data_with(folder / "data", mesh=DISEASES), *records)


def test_a_bundled_concept_joins_the_hierarchy_of_an_added_vocabulary(placed: kg.Graph) -> None:
    bundled = load_terminology().concepts
    assert described(placed, BREAST_CANCER)["broader"] == sorted(
        {*bundled[BREAST_CANCER].broader_iris, f"{MESH}D900023"}
    )
    assert described(placed, TRIPLE_NEGATIVE)["broader"] == sorted(
        {*bundled[TRIPLE_NEGATIVE].broader_iris, f"{MESH}D900022"}
    )
    assert described(placed, f"{MESH}D900022")["broader"] == [f"{MESH}D900021"]
    assert described(placed, f"{MESH}D900024") == {}  # above nothing that is used
    assert described(placed, BREAST_CANCER)["prefLabel"] == [bundled[BREAST_CANCER].pref_label]


def test_queries_and_rollups_by_a_heading_find_what_names_a_bundled_concept(placed: kg.Graph) -> None:
    assert len(values(placed, ABOVE % f"{MESH}D900023")) == 2  # one of them below breast cancer
    assert len(values(placed, ABOVE % f"{MESH}D900021")) == 1
    nodes = {it.path[-1]: it for it in placed.rollup("condition").nodes}
    assert len(nodes["Exemplary Chest Diseases"].trials) == 2
    assert len(nodes["Exemplary Growths"].trials) == 1
    assert nodes["Exemplary Growths"].level == 1


def test_what_joins_a_hierarchy_makes_no_circle_and_conforms(placed: kg.Graph) -> None:
    # The vocabulary puts breast cancer below what is bundled as a kind of it: the bundled ones are right.
    assert TRIPLE_NEGATIVE not in described(placed, BREAST_CANCER)["broader"]
    assert placed.validate().conforms
    assert placed.check().holds


def test_conclusions_are_drawn_up_the_joined_hierarchy(placed: kg.Graph) -> None:
    above = f"SELECT ?c {{ GRAPH ?g {{ <{TRIPLE_NEGATIVE}> skos:broaderTransitive ?c }} }}"
    assert {(f"{MESH}D900021",), (f"{MESH}D900023",)} <= set(values(placed, above))


def test_a_file_that_does_not_have_a_bundled_concept_changes_nothing_of_it(graph: kg.Graph) -> None:
    bundled = load_terminology().concepts[BREAST_CANCER]
    assert described(graph, BREAST_CANCER)["broader"] == sorted(bundled.broader_iris)


def test_an_update_places_bundled_concepts_as_a_build_does(tmp_path: Path) -> None:
    data = data_with(tmp_path / "data", mesh=DISEASES)
    built(tmp_path / "out", data, record(1))
    for lines in ([record(1), record(2, condition="Breast Cancer")], [record(1)]):
        updated(tmp_path / "out", data, lines)
        built(tmp_path / "anew", data, *lines)
        assert sorted(quads(tmp_path / "out")) == sorted(quads(tmp_path / "anew"))
