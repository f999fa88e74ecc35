import csv
import datetime
import io
import json
import re
from decimal import Decimal
from pathlib import Path
from xml.etree import ElementTree

import pandas as pd
import pyoxigraph as ox
import pytest
import small_graph

from kg.errors import QueryError
from kg.query import FORMATS, Form, Names, Rows, run, saved_queries
from kg.query.order import Key, ordered, split_order
from kg.query.rows import shorten
from kg.query.saved import parse_query
from kg.store import GraphStore, Solutions, bind_in_text, display_prefixes

XSD = "http://www.w3.org/2001/XMLSchema#"
EXPECTED = Path(__file__).parent / "queries"
QUESTIONS = [name for name, query in saved_queries().items() if not (query.is_check or query.is_question)]
CHECKS = [name for name, query in saved_queries().items() if query.is_check]
HEADER = """# title: Title
# question: Which?
# parameter: drug (kind: drug) — the drug
# column: trial — the trial
# example: kg query x
"""


def answer(query: str, **parameters: str) -> Rows:
    return run(small_graph.store(), small_graph.terminology(), query, parameters)


def resolve(kind: str, value: str) -> str:
    term = Names(small_graph.store(), small_graph.terminology()).resolve(kind, value)
    assert isinstance(term, ox.NamedNode | ox.Literal)
    return shorten(term.value, display_prefixes("https://w3id.org/trialkg/"))


# --- saved queries


def test_there_are_enough_and_each_has_an_expected_table() -> None:
    assert len(QUESTIONS) >= 24
    assert len(CHECKS) >= 8
    assert sorted(path.stem for path in EXPECTED.glob("*.tsv")) == QUESTIONS


def without_hashes(table: str) -> list[str]:
    """Rows about parts of a trial name and order these by a hash of their content, which is not the query's matter."""
    plain = re.sub(r"/[0-9a-f]{16}>", "/…>", table)
    return plain.splitlines() if plain == table else sorted(plain.splitlines())


@pytest.mark.parametrize("name", QUESTIONS)
def test_saved_query_gives_the_expected_table(name: str) -> None:
    text = (EXPECTED / f"{name}.tsv").read_text("utf-8")
    parameters = dict(re.findall(r"^# (\w+)=(.+)$", text, re.MULTILINE))
    table = re.sub(r"^# .*\n", "", text, flags=re.MULTILINE)
    assert without_hashes(answer(name, **parameters).to("tsv")) == without_hashes(table)
    assert table.count("\n") > 1, "an empty table shows nothing"


@pytest.mark.parametrize("name", QUESTIONS)
def test_answers_are_in_the_order_that_the_store_itself_would_give(name: str) -> None:
    text = (EXPECTED / f"{name}.tsv").read_text("utf-8")
    parameters = dict(re.findall(r"^# (\w+)=(.+)$", text, re.MULTILINE))
    saved = saved_queries()[name]
    query, keys = split_order(saved)
    assert "ORDER BY" not in query
    assert keys
    names = Names(small_graph.store(), small_graph.terminology())
    values = {it.name: names.resolve(it.kind, parameters[it.name]) for it in saved.parameters if it.name in parameters}
    values |= {
        it.name: names.resolve(it.kind, it.default) for it in saved.parameters if it.default and it.name not in values
    }
    theirs = small_graph.store().select(bind_in_text(saved.text, values))
    ours = ordered(small_graph.store().select(bind_in_text(query, values)), keys)
    places = [theirs.columns.index(key.name) for key in keys]
    assert [[row[place] for place in places] for row in ours.rows] == [
        [row[place] for place in places] for row in theirs.rows
    ]


def test_rows_are_in_the_order_of_the_specification() -> None:
    number = "http://www.w3.org/2001/XMLSchema#integer"
    terms = [
        *(None, ox.NamedNode("x:a"), ox.NamedNode("x:b"), ox.Literal("9", datatype=ox.NamedNode(number))),
        *(ox.Literal("10", datatype=ox.NamedNode(number)), ox.Literal("10.5", datatype=ox.NamedNode(XSD + "decimal"))),
        *(ox.Literal("B"), ox.Literal("a", language="en"), ox.Literal("é")),
    ]
    mixed = Solutions(("a",), [(term,) for term in reversed(terms)])
    assert [row[0] for row in ordered(mixed, [Key("a", descending=False, as_text=False)]).rows] == terms
    assert [row[0] for row in ordered(mixed, [Key("a", descending=True, as_text=False)]).rows] == terms[::-1]


@pytest.mark.parametrize("clause", ["LCASE(?trial)", "?other", "?trial LIMIT 3", "ASC(?trial)"])
def test_a_store_sorts_what_is_not_sorted_here(clause: str) -> None:
    saved = parse_query("x", HEADER + f"\nSELECT ?trial ?other {{ ?trial ?p ?other }}\nORDER BY {clause}\n")
    assert split_order(saved) == (saved.text, [])


@pytest.mark.parametrize("name", [*QUESTIONS, *CHECKS])
def test_header_tells_the_truth(name: str) -> None:
    saved = saved_queries()[name]
    assert saved.title
    assert saved.question.endswith(("?", "."))
    assert saved.example.startswith(f"kg query {name}")
    for parameter in saved.parameters:
        given = f"-p {parameter.name}=" in saved.example
        assert given or parameter.optional or parameter.default, f"the example lacks {parameter.name}"
    assert "ORDER BY" in saved.text or name == "checks/blank-node-violation"
    for parameter in saved.parameters:
        assert f"BOUND(?{parameter.name})" not in saved.text, "Oxigraph takes a parameter for unbound there"
    declared = set(re.findall(r"PREFIX (\w+):", saved.text))
    assert declared == set(re.findall(r"(?<![\w:<])(kg|skos|rdfs?|dcterms|void|xsd):", saved.text.split("\n\n", 2)[-1]))


# What these look for is in the ontologies, of which the small graph has a part only; see test_checks.py.
OF_WHOLE_GRAPHS = {"checks/dangling-reference-violation", "checks/term-without-definition-violation"}


@pytest.mark.parametrize("name", sorted(set(CHECKS) - OF_WHOLE_GRAPHS))
def test_a_sound_graph_passes_the_check(name: str) -> None:
    assert len(answer(name)) == 0


def test_checks_are_found_without_their_folder() -> None:
    assert answer("quote-length-violation").columns == answer("checks/quote-length-violation").columns


TRIAL = "<https://identifiers.org/clinicaltrials:NCT00000009>"
GRAPH = "<https://w3id.org/trialkg/graph/NCT00000009>"
VOCABULARY = "https://w3id.org/trialkg/vocab#"
ASSERTION = f"""<x:a> a kg:Assertion ; rdf:subject {TRIAL} ; rdf:predicate kg:requiresMarkerState ;
  rdf:object <x:her2> ; kg:quote "HER2" ; kg:field "/e" ; kg:start 5 ; kg:end 9 ; kg:rule <x:r> ;
  kg:confidence 0.5 ; kg:source <x:d> .
  <x:d> a kg:Document ; kg:sha256 "0" . """
CRITERION = f"""{TRIAL} kg:criterion <x:c> . <x:c> kg:polarity kg:exclusion ; kg:source <x:d> ; kg:field "/e" ;
  kg:start 0 ; kg:end 12 ; kg:text "with HER2 up" . """
# Each breaks one rule; the trial is otherwise as bare as can be.
VIOLATIONS = {
    "statement-without-assertion": f"{TRIAL} a kg:Trial ; kg:mentions <x:o> .",
    "assertion-without-statement": ASSERTION,
    "incomplete-assertion": "<x:a> a kg:Assertion .",
    "quote-length": '<x:a> kg:quote "β-cell" ; kg:start 0 ; kg:end 7 .',
    "confidence-out-of-range": "<x:a> kg:confidence 1.5 .",
    "state-role-without-state": f"{TRIAL} kg:requiresMarkerState <http://id.nlm.nih.gov/mesh/D018719> .",
    "concept-without-label": f"{TRIAL} a kg:Trial ; kg:mentions <x:o> .",
    "trial-without-identifier": f'{TRIAL} a kg:Trial ; dcterms:identifier "NCT00000008" .',
    "trial-without-document": f"{TRIAL} a kg:Trial .",
    "trial-in-two-graphs": f"{TRIAL} a kg:Trial . GRAPH <x:g> {{ {TRIAL} a kg:Trial }}",
    "requirement-from-exclusion": ASSERTION + CRITERION,
    "criterion-order": f"{TRIAL} kg:criterion <x:a>, <x:b> . <x:a> kg:order 1 . <x:b> kg:order 1 .",
    "broken-logic": "<x:c> kg:logic <x:l> . <x:l> a kg:Not ; kg:operand <x:m>, <x:n> . <x:m> a kg:AllOf .",
    "code-without-notation": f"{TRIAL} kg:phase <x:p> .",
    "blank-node": "<x:s> kg:site [] .",
    "condition-marker-state": """<x:c> kg:markerState <https://w3id.org/trialkg/state/er-positive> ;
      kg:marker <http://id.nlm.nih.gov/mesh/D018719> ; kg:state <https://w3id.org/trialkg/code/state/positive> . """,
    "condition-outside-criterion": """<x:c> kg:logic <x:l> ; kg:start 0 ; kg:end 5 .
      <x:l> kg:start 3 ; kg:end 9 . """,
    "dangling-reference": f"{TRIAL} kg:arm <x:nothing> .",
    "label-of-two-spellings": '<x:o> skos:prefLabel "Clinic"@en, "CLINIC"@en .',
    "part-without-trial": "<x:a> a kg:Arm . <x:i> kg:arm <x:a> .",
    "quote-not-in-criterion": ASSERTION + CRITERION.replace("HER2", "HER3"),
    "term-without-definition": "<x:s> kg:unheardOf <x:o> .",
}


@pytest.mark.parametrize("name", CHECKS)
def test_each_check_finds_the_fault_it_is_for(name: str) -> None:
    store = GraphStore.in_memory()
    store.bulk_load(io.BytesIO(small_graph.quads()))
    body = VIOLATIONS[name.removeprefix("checks/").removesuffix("-violation")]
    prefixes = "".join(
        f"PREFIX {it}: <{iri}>\n"
        for it, iri in (
            ("kg", VOCABULARY),
            ("dcterms", "http://purl.org/dc/terms/"),
            ("skos", "http://www.w3.org/2004/02/skos/core#"),
        )
    )
    rdf = "PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#>\n"
    default, _, rest = body.partition("GRAPH <x:g>")
    trig = f"{prefixes}{rdf}GRAPH {GRAPH} {{ {default} }}" + (f"GRAPH <x:g> {rest}" if rest else "")
    quads = ox.serialize(ox.parse(trig, format=ox.RdfFormat.TRIG), format=ox.RdfFormat.N_QUADS) or b""
    store.bulk_load(io.BytesIO(quads))
    assert len(run(store, small_graph.terminology(), name)) > len(answer(name))


@pytest.mark.parametrize(
    "broken",
    [
        HEADER.replace("# title: Title\n", ""),
        HEADER.replace("# column: trial — the trial\n", ""),
        HEADER.replace("(kind: drug)", "(kind: medicine)"),
        HEADER.replace("(kind: drug)", "(drug)"),
        HEADER.replace("# column: trial — the trial", "# column: trial: the trial"),
        HEADER.replace("# example", "# sample"),
        HEADER + "# title: Another\n",
        "#   continued\n" + HEADER,
    ],
)
def test_a_malformed_header_is_an_error_that_names_the_query(broken: str) -> None:
    with pytest.raises(QueryError, match="broken"):
        parse_query("broken", broken + "\nSELECT ?trial {}")


def test_header_values_may_run_over_lines() -> None:
    saved = parse_query("x", HEADER.replace("the drug\n", "the drug,\n#   by any name; optional\n"))
    assert saved.parameters[0].meaning == "the drug, by any name"
    assert saved.parameters[0].optional


def test_a_text_with_a_header_is_a_saved_query() -> None:
    text = HEADER + "SELECT ?trial ?drug { ?trial kg:investigates ?drug }"
    assert answer(text, drug="LEE011").columns == ("trial",)
    with pytest.raises(QueryError, match="declares the columns"):
        answer(text.replace("?trial", "?study"), drug="LEE011")


def test_mistakes_in_names_and_parameters_say_what_there_is() -> None:
    with pytest.raises(QueryError, match="trials-by-drug-class"):
        answer("trials-by-dru")
    with pytest.raises(QueryError, match="it takes drug"):
        answer("trials-by-drug", medicine="x")
    with pytest.raises(QueryError, match=r"needs the parameter drug.*Example: kg query trials-by-drug"):
        answer("trials-by-drug")


def test_optional_and_default_parameters() -> None:
    assert len(answer("trials-by-endpoint", endpoint="OS")) == 1
    assert len(answer("trials-by-endpoint", endpoint="OS", use="Primary")) == 0
    assert len(answer("trials-by-endpoint", endpoint="OS", use="SECONDARY")) == 1
    evidence = {"trial": "NCT00000001", "concept": "her2-low"}
    assert len(answer("evidence-for-statement", **evidence, role="requiresMarkerState")) == 1
    assert len(answer("evidence-for-statement", **evidence, role="mentions")) == 0
    assert len(answer("drug-marker-cooccurrence")) > len(answer("drug-marker-cooccurrence", minimum="2"))


# --- names


@pytest.mark.parametrize(
    ("kind", "value", "expected"),
    [
        ("drug", "Kisqali", "mesh:C000589651"),
        ("drug", "lee-011", "mesh:C000589651"),
        ("drug", "mesh:C000589651", "mesh:C000589651"),
        ("drug", "http://id.nlm.nih.gov/mesh/C000589651", "mesh:C000589651"),
        ("drug", "<http://id.nlm.nih.gov/mesh/C000589651>", "mesh:C000589651"),
        ("drug", "ncit:C128799", "obo:NCIT_C128799"),
        ("drug", "LET", "mesh:D000077289"),
        ("drug-class", "cdk4/6 inhibitors", "concept:cdk4-6-inhibitor"),
        ("treatment", "FES-PET", "concept:fes-pet"),
        ("marker", "ERBB2", "mesh:D018719"),
        ("marker", "hgnc:3430", "mesh:D018719"),
        ("marker-state", "her2-low", "state:her2-low"),
        ("marker-state", "HER2 low", "state:her2-low"),
        ("marker-state", "ERBB2 low", "state:her2-low"),
        ("marker-state", "ER+", "state:er-positive"),
        ("marker-state", "er-", "state:er-negative"),
        ("marker-state", "state:her2-low", "state:her2-low"),
        ("marker-state", "https://w3id.org/trialkg/state/her2-low", "state:her2-low"),
        ("disease", "Breast cancers", "mesh:D001943"),
        ("disease", "NCIT:C9335", "mesh:D001943"),
        ("endpoint", "pfs", "mesh:D000077982"),
        ("concept", "her2-low", "state:her2-low"),
        ("organization", "beta pharma", "organization:beta-pharma"),
        ("organization", "Paoli-Calmettes Institut", "!"),
        ("country", "fr", "country:FR"),
        ("country", "Deutschland", "!"),
        ("country", "Atlantis", "trialkg:reported/country/atlantis"),
        ("code:phase", "PHASE2", "trialkg:code/phase/PHASE2"),
        ("code:phase", "phase 2", "trialkg:code/phase/PHASE2"),
        ("code:overall-status", "Not yet recruiting", "trialkg:code/overall-status/NOT_YET_RECRUITING"),
        ("trial", "nct00000001", "clinicaltrials:NCT00000001"),
        ("trial", "clinicaltrials:NCT00000001", "clinicaltrials:NCT00000001"),
        ("trial", "NCT09999999", "!"),
        ("trial", "1", "!"),
        ("role", "requiresMarkerState", "kg:requiresMarkerState"),
        ("role", "kg:mentions", "kg:mentions"),
        ("integer", "12", "12"),
        ("integer", "twelve", "!"),
        ("date", "2025-01-01", "2025-01-01"),
        ("date", "2025-13-01", "!"),
        ("text", "any", "any"),
        ("iri", "mesh:D1", "mesh:D1"),
        ("iri", "no iri", "!"),
        ("drug", "HER2", "!"),
        ("drug", "", "!"),
        ("drug", "+", "!"),
        ("marker", "http://e/unknown", "!"),
    ],
)
def test_resolves_what_people_write(kind: str, value: str, expected: str) -> None:
    if expected == "!":
        with pytest.raises(QueryError):
            resolve(kind, value)
    else:
        assert resolve(kind, value) == expected


def test_errors_of_names_help() -> None:
    with pytest.raises(QueryError, match="Near: ribociclib"):
        resolve("drug", "ribocilib")
    with pytest.raises(QueryError, match=r"2 values.*capecitabine.*capivasertib|2 values.*capivasertib.*capecitabine"):
        resolve("drug", "CAP")
    with pytest.raises(QueryError, match="is a Marker, not a drug"):
        resolve("drug", "mesh:D018719")
    with pytest.raises(QueryError, match=r"University Hospital.* 2 values"):
        resolve("organization", "University Hospital")


def test_a_hostile_value_stays_a_value() -> None:
    with pytest.raises(QueryError, match="No drug is called"):
        answer("trials-by-drug", drug="x> } INSERT DATA { <a:a> <a:a> <a:a> } #")
    rows = answer("SELECT ?v { BIND(?v AS ?w) }", v='" } DROP ALL #')
    assert rows.records() == [{"v": '" } DROP ALL #'}]


def test_free_sparql_takes_iris_curies_integers_and_texts() -> None:
    query = "SELECT ?v { ?trial kg:enrollment ?v }"
    assert len(answer(query, v="0")) == 1
    assert len(answer("SELECT ?v { ?trial kg:investigates ?v }", v="mesh:C000589651")) == 1
    assert len(answer("SELECT ?v { ?trial kg:acronym ?a FILTER(STR(?a) = ?v) }", v="LOW-1")) == 1


# --- answers


def sample() -> Rows:
    return answer(
        """SELECT ?iri ?text ?tagged ?number ?decimal ?flag ?date ?month ?none {
          VALUES (?iri ?text ?tagged ?number ?decimal ?flag ?date ?month) {
            (kg:Trial "=1+1, \\"a\\"\\n\\tb" "乳腺"@zh 0 0.50 false "2025-01-31"^^xsd:date "2025-02"^^xsd:gYearMonth)
          }
        }"""
    )


def test_python_values_keep_falsy_ones_and_types() -> None:
    assert sample().records() == [
        {
            "iri": f"{VOCABULARY}Trial",
            "text": '=1+1, "a"\n\tb',
            "tagged": "乳腺",
            "number": 0,
            "decimal": Decimal("0.5"),
            "flag": False,
            "date": datetime.date(2025, 1, 31),
            "month": "2025-02",
            "none": None,
        }
    ]


def test_dataframe_has_the_same_rows() -> None:
    frame = answer("enrollment-by-phase").dataframe()
    assert isinstance(frame, pd.DataFrame)
    assert frame["phase"].tolist() == ["PHASE2", "PHASE3"]
    assert frame["smallest"].tolist() == [0, 241]


def test_csv_and_tsv_follow_the_specification() -> None:
    table = list(csv.reader(io.StringIO(sample().to("csv"))))
    assert table[1] == [
        f"{VOCABULARY}Trial", '=1+1, "a"\n\tb', "乳腺", "0", "0.5", "false", "2025-01-31", "2025-02", ""
    ]  # fmt: skip
    cells = sample().to("tsv").splitlines()[1].split("\t")
    assert cells[:4] == [f"<{VOCABULARY}Trial>", '"=1+1, \\"a\\"\\n\\tb"', '"乳腺"@zh', "0"]


def test_json_and_xml_follow_the_specification() -> None:
    found = json.loads(sample().to("json"))
    assert found["head"]["vars"][0] == "iri"
    row = found["results"]["bindings"][0]
    assert row["tagged"] == {"type": "literal", "value": "乳腺", "xml:lang": "zh"}
    assert row["number"]["datatype"] == "http://www.w3.org/2001/XMLSchema#integer"
    assert "none" not in row
    root = ElementTree.fromstring(sample().to("xml"))  # noqa: S314
    space = {"r": "http://www.w3.org/2005/sparql-results#"}
    assert [it.get("name") for it in root.findall(".//r:binding", space)][:2] == ["iri", "text"]


def test_table_is_aligned_and_cut_to_the_width() -> None:
    lines = sample().to("table").splitlines()
    assert lines[0].split() == ["iri", "text", "tagged", "number", "decimal", "flag", "date", "month", "none"]
    assert lines[2].startswith('kg:Trial  =1+1, "a" b  乳腺         0')
    narrow = answer("trials-by-drug", drug="T-DXd").to("table", width=60).splitlines()
    assert max(map(len, narrow)) <= 60
    assert "…" in narrow[2]
    assert answer("SELECT ?a { FILTER(false) }").to("table") == "a\n─\n"


def test_a_cell_cannot_move_the_cursor() -> None:
    assert "\x1b" not in answer('SELECT ?a { BIND("\\u001B[2J" AS ?a) }').to("table")


def test_ask_in_all_formats() -> None:
    rows = answer("ASK { ?t a kg:Trial }")
    assert rows.form is Form.ASK
    assert [rows.to(form) for form in ("table", "csv", "tsv")] == ["true\n"] * 3
    assert json.loads(rows.to("json"))["boolean"] is True
    assert "<boolean>true</boolean>" in rows.to("xml")


def test_construct_is_turtle_or_a_table() -> None:
    rows = answer("CONSTRUCT { ?t a kg:Trial } WHERE { ?t a kg:Trial }")
    assert rows.to("turtle").count("a kg:Trial") == 3
    assert rows.columns == ("subject", "predicate", "object")
    with pytest.raises(QueryError, match="Turtle"):
        answer("trials-by-year", year="2023").to("turtle")


def test_unknown_format() -> None:
    with pytest.raises(QueryError, match=", ".join(FORMATS)):
        sample().to("yaml")


def test_shorten_takes_the_longest_namespace() -> None:
    prefixes = {"a": "http://e/", "b": "http://e/x/"}
    assert shorten("http://e/x/y", prefixes) == "b:y"
    assert shorten("http://e/x/y z", prefixes) == "http://e/x/y z"
