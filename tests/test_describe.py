"""What the dataset says of itself is true: every count is made again from the data."""

import gzip
import json
from collections import Counter

import pyoxigraph as ox
import pytest

from kg.api import Graph
from kg.describe import Census, Example, describe
from kg.identifiers import PREFIXES, Minter
from kg.query import saved_queries
from kg.store import display_prefixes

ABOUT = "https://w3id.org/trialkg/graph/about"
OTHERS = f"GRAPH ?graph {{ ?s ?p ?o }} FILTER(?graph != <{ABOUT}>)"


@pytest.fixture
def graph(examples_graph: Graph) -> Graph:
    return examples_graph


def said(graph: Graph, partition: str, name: str, count: str) -> dict[str, int]:
    rows = graph.query(
        f"SELECT ?name ?count {{ GRAPH <{ABOUT}> {{ ?all void:{partition} ?part . "
        f"?part void:{name} ?name ; void:{count} ?count }} }}"
    )
    return {str(name): int(str(count)) for name, count in rows}


def counted(graph: Graph, select: str) -> dict[str, int]:
    return {str(name): int(str(count)) for name, count in graph.query(select)}


def test_property_partitions_are_counted_again(graph: Graph) -> None:
    again = counted(graph, f"SELECT ?p (COUNT(*) AS ?n) {{ {OTHERS} }} GROUP BY ?p")
    assert said(graph, "propertyPartition", "property", "triples") == again
    assert again[PREFIXES["kg"] + "quote"] > 100


def test_class_partitions_are_counted_again(graph: Graph) -> None:
    again = counted(graph, f"SELECT ?o (COUNT(DISTINCT ?s) AS ?n) {{ {OTHERS} FILTER(?p = rdf:type) }} GROUP BY ?o")
    assert said(graph, "classPartition", "class", "entities") == again
    assert again[PREFIXES["kg"] + "Trial"] == 5


def test_totals_are_counted_again(graph: Graph) -> None:
    (row,) = graph.query(
        f"SELECT (COUNT(*) AS ?n) (COUNT(DISTINCT ?s) AS ?subjects) (COUNT(DISTINCT ?p) AS ?properties) {{ {OTHERS} }}"
    )
    (totals,) = graph.query(
        "SELECT ?triples ?subjects ?properties ?trials { ?quads void:triples ?triples ; "
        "void:distinctSubjects ?subjects ; void:properties ?properties ; void:entities ?trials ; a dcat:Distribution }"
    )
    assert tuple(totals) == (*row, 5)


def test_linksets_are_counted_again(graph: Graph) -> None:
    links = graph.query(
        "SELECT ?predicate ?space ?count { ?set a void:Linkset ; void:linkPredicate ?predicate ; void:triples ?count ; "
        "void:objectsTarget/void:uriSpace ?space }"
    )
    told = {(str(predicate), str(space)): count for predicate, space, count in links}
    again: Counter[tuple[str, str]] = Counter()
    for predicate, value in graph.query(f"SELECT ?p ?o {{ {OTHERS} FILTER(isIRI(?o) && ?p != rdf:type) }}"):
        again.update((str(predicate), space) for space in {space for _, space in told} if str(value).startswith(space))
    assert told == again
    assert {space for _, space in told} >= {PREFIXES["mesh"], PREFIXES["hgnc"], PREFIXES["obo"] + "NCIT_"}


VALUES_COUNTED = [
    *("investigates", "comparator", "background", "assessment", "requiresTreatment", "excludesTreatment"),
    *("requiresMarkerState", "excludesMarkerState", "stratifiesBy", "measuresMarker", "mentions", "condition"),
    *("leadSponsor", "collaborator", "country"),
]
OF_PARTS = {"kg:facility": "kg:site", "kg:endpoint": "kg:outcome"}


def trials_by_value(graph: Graph) -> dict[tuple[str, str], int]:
    rows = graph.query(
        f"SELECT ?p ?o ?n {{ GRAPH <{ABOUT}> {{ ?c void:property ?p ; rdf:value ?o ; void:distinctSubjects ?n }} "
        "FILTER(?p != kg:outcomeType) }"
    )
    return {(str(p), str(o)): int(str(n)) for p, o, n in rows}


def test_trials_by_value_are_counted_again(graph: Graph) -> None:
    again = {}
    for path in (*(f"kg:{name}" for name in VALUES_COUNTED), *(f"{way}/{name}" for name, way in OF_PARTS.items())):
        predicate = PREFIXES["kg"] + path.rpartition(":")[2]
        for value, count in graph.query(
            f"SELECT ?o (COUNT(DISTINCT ?t) AS ?n) {{ ?t a kg:Trial ; {path} ?o }} GROUP BY ?o"
        ):
            again[predicate, str(value)] = count
    assert trials_by_value(graph) == again
    assert {predicate.rpartition("#")[2] for predicate, _ in again} >= {"investigates", "facility", "endpoint"}


def test_statements_of_trials_are_counted_again(graph: Graph) -> None:
    told = graph.query(
        "SELECT ?p ?triples ?subjects ?objects { ?c void:class kg:Trial ; void:property ?p ; void:triples ?triples ; "
        "void:distinctSubjects ?subjects ; void:distinctObjects ?objects }"
    )
    again = graph.query(
        "SELECT ?p (COUNT(*) AS ?n) (COUNT(DISTINCT ?t) AS ?trials) (COUNT(DISTINCT ?o) AS ?values) { "
        f"VALUES ?p {{ {' '.join(f'kg:{name}' for name in VALUES_COUNTED[:12])} }} ?t a kg:Trial ; ?p ?o }} GROUP BY ?p"
    )
    assert {tuple(row) for row in told} == {tuple(row) for row in again}
    assert len(told) > 8


def test_uses_of_endpoints_are_counted_again(graph: Graph) -> None:
    told = graph.query(
        "SELECT ?e ?code ?n { ?c void:property kg:endpoint ; rdf:value ?e ; void:subset ?use . "
        "?use void:property kg:outcomeType ; rdf:value ?code ; void:distinctSubjects ?n }"
    )
    again = graph.query(
        "SELECT ?e ?code (COUNT(DISTINCT ?t) AS ?n) { ?t kg:outcome ?o . ?o kg:endpoint ?e ; kg:outcomeType ?code } "
        "GROUP BY ?e ?code"
    )
    assert {tuple(row) for row in told} == {tuple(row) for row in again}
    assert len(told) > 5


@pytest.mark.parametrize(
    ("class_name", "pattern", "counted_variable"),
    [("Site", "?site kg:country ?c", "site"), ("Organization", "?site kg:country ?c ; kg:facility ?host", "host")],
)
def test_sites_and_hosts_of_countries_are_counted_again(
    graph: Graph, class_name: str, pattern: str, counted_variable: str
) -> None:
    told = counted(
        graph,
        "SELECT ?c ?n { ?trials void:property kg:country ; rdf:value ?c ; void:subset ?part . "
        f"?part void:class kg:{class_name} ; void:entities ?n }}",
    )
    again = counted(
        graph, f"SELECT ?c (COUNT(DISTINCT ?{counted_variable}) AS ?n) {{ ?t kg:site ?site . {pattern} }} GROUP BY ?c"
    )
    assert told == again
    assert len(told) > 1


def test_an_organisation_has_the_first_of_its_names(graph: Graph) -> None:
    told = graph.query("SELECT DISTINCT ?o ?name { ?c void:distinctSubjects ?n ; rdf:value ?o ; rdfs:label ?name }")
    again = graph.query(
        "SELECT ?o (MIN(STR(?n)) AS ?name) { ?x kg:leadSponsor|kg:collaborator|kg:facility ?o . ?o rdfs:label ?n } "
        "GROUP BY ?o"
    )
    assert {tuple(row) for row in told} == {tuple(row) for row in again}


def test_understood_criteria_are_counted_again(graph: Graph) -> None:
    told = graph.query("trials-with-logic")
    by_trial = graph.query(
        "SELECT ?trial (COUNT(DISTINCT ?criterion) AS ?criteria) (COUNT(DISTINCT ?logical) AS ?understood) "
        "(COUNT(DISTINCT ?leaf) AS ?conditions) { ?trial kg:criterion ?criterion . "
        "OPTIONAL { ?criterion kg:logic ?root . BIND(?criterion AS ?logical) ?root kg:operand* ?leaf . "
        "FILTER NOT EXISTS { ?leaf kg:operand ?part } } } GROUP BY ?trial"
    )
    again: dict[int, list[int]] = {}
    for _, criteria, understood, conditions in by_trial:
        sums = again.setdefault(int(str(understood)), [0, 0, 0])
        for place, count in enumerate((1, int(str(criteria)), int(str(conditions)))):
            sums[place] += count
    assert {row[0]: list(row)[1:] for row in told} == again
    assert sum(trials for trials, _, _ in again.values()) == 5


def test_combinations_of_a_trial_that_is_taken_back_are_gone() -> None:
    trial, other = (f"<https://identifiers.org/clinicaltrials:NCT0000000{number}>" for number in (1, 2))
    drug, role = "<https://e.org/drug>", f"<{PREFIXES['kg']}investigates>"
    first, second = (
        Census.of([(trial, role, drug)]),
        Census.of([(other, role, drug), (other, role, "<https://e.org/b>")]),
    )
    census = Census()
    census.add(first)
    census.add(second)
    assert census.combinations["value", role, drug] == 2
    assert census.combinations["property", role] == 2
    census.subtract(second)
    assert census.combinations == first.combinations


def test_the_date_is_that_of_the_newest_record_and_no_clock_is_read(graph: Graph) -> None:
    (newest,) = graph.query("SELECT (MAX(STR(?date)) AS ?newest) { ?document kg:versionDate ?date }")
    (told,) = graph.query("SELECT (STR(?date) AS ?d) { ?version dcterms:isVersionOf ?set ; dcterms:modified ?date }")
    assert tuple(newest) == tuple(told)
    run = json.loads((graph.directory.path / "run.json").read_text("utf-8"))
    assert run["started"] < run["ended"]
    with gzip.open(graph.directory.quads) as quads:
        assert run["started"][:10].encode() not in quads.read()


def test_every_source_has_a_licence_and_a_page(graph: Graph) -> None:
    rows = graph.query(
        "SELECT ?title ?page ?license { ?version dcterms:isVersionOf ?set ; dcterms:source ?source . "
        "?source dcterms:title ?title ; dcat:landingPage ?page ; dcterms:license ?license }"
    )
    assert {"ClinicalTrials.gov", "Medical Subject Headings", "NCI Thesaurus", "HGNC"} <= {str(row[0]) for row in rows}


def test_example_queries_run_with_the_declared_prefixes(graph: Graph) -> None:
    prefixes = {
        str(prefix): str(iri)
        for prefix, iri in graph.query(
            "SELECT ?prefix ?iri { ?d a sh:PrefixDeclaration ; sh:prefix ?prefix ; sh:namespace ?iri }"
        )
    }
    assert prefixes == display_prefixes("https://w3id.org/trialkg/")
    found = list(
        graph.query(
            "SELECT ?comment ?select { ?q a sh:SPARQLSelectExecutable, sh:SPARQLExecutable ; "
            "rdfs:comment ?comment ; sh:select ?select }"
        )
    )
    questions = [it for it in saved_queries().values() if not it.is_check]
    assert sorted(str(text) for _, text in found) == sorted(it.text for it in questions)
    store = ox.Store()
    for _, text in found:
        store.query(str(text), prefixes=prefixes)  # parses
    words = graph.query("SELECT DISTINCT ?word { ?q sh:select ?text ; schema:keywords ?word }")
    assert {"marker", "drug", "trials"} <= {str(word) for (word,) in words}


def test_a_census_of_parts_is_the_census_of_the_whole() -> None:
    organization = ("<https://e.org/organization/x>", f"<{PREFIXES['rdf']}type>", "<https://e.org/Organization>")
    first = [organization, ("<https://e.org/document/1>", f"<{PREFIXES['kg']}versionDate>", '"2024-01-02"^^<x:date>')]
    second = [
        ("<https://e.org/arm/NCT00000001/1>", f"<{PREFIXES['kg']}agent>", f"<{PREFIXES['mesh']}D1>"),
        organization,
    ]
    census = Census.of(first)
    census.add(Census.of(second))
    assert census.statements == 4
    assert census.distinct_subjects == 3
    assert census.classes == {"<https://e.org/Organization>": 1}
    assert census.newest == "2024-01-02"
    assert census.links == {(f"<{PREFIXES['kg']}agent>", "mesh"): 1}


def test_to_count_a_part_is_to_add_its_census() -> None:
    kinds = ["<https://identifiers.org/clinicaltrials:NCT00000001>", "<https://e.org/organization/x>"]
    rows = [(subject, f"<{PREFIXES['rdf']}type>", "<https://e.org/A>") for subject in kinds]
    rows += [
        (kinds[0], f"<{PREFIXES['kg']}{name}>", f"<{PREFIXES['mesh']}D1>") for name in ("condition", "leadSponsor")
    ]
    counted, added = Census.of(rows), Census.of(rows)
    counted.count(rows[1:])
    added.add(Census.of(rows[1:]))
    assert counted == added
    counted.subtract(Census.of(rows[1:]))
    assert counted == Census.of(rows)


def test_an_empty_dataset_is_described_without_a_date() -> None:
    triples = describe(Census(), Minter(), {}, [Example(name="a-b", title="T", question="Q?", text="SELECT")], "1")
    assert not any("modified" in predicate for _, predicate, _ in triples)
    assert not any(term.startswith("_:") for triple in triples for term in triple)
