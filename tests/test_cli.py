"""The commands as a user types them: what they print, where, and with which exit status."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from kg.cli import main

EXAMPLES = Path(__file__).parents[1] / "examples" / "trials"


def kg(*words: str, stdin: str | None = None) -> Result:
    return CliRunner().invoke(main, list(words), input=stdin)


@pytest.fixture(scope="module")
def graph(tmp_path_factory: pytest.TempPathFactory) -> str:
    out = tmp_path_factory.mktemp("cli") / "out"
    result = kg("build", str(EXAMPLES), "-o", str(out), "-q")
    assert result.exit_code == 0, result.output
    assert "5" in result.stderr
    assert result.stdout == ""
    return str(out)


def test_help_is_quick_and_imports_nothing_heavy() -> None:
    code = (
        "import sys; from kg.cli import main\n"
        "heavy = {'rdflib', 'pyoxigraph', 'lxml', 'pandas', 'matplotlib', 'networkx', 'rich'} & set(sys.modules)\n"
        "assert not heavy, heavy"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_a_saved_query_accepts_labels_and_writes_csv(graph: str) -> None:
    result = kg("query", "trials-by-marker-state", "-g", graph, "-p", "state=HER2-low", "-f", "csv")
    assert result.exit_code == 0
    assert "NCT99990001" in result.stdout
    by_slug = kg("query", "trials-by-marker-state", "-g", graph, "-p", "state=her2-low", "-f", "csv")
    assert by_slug.stdout == result.stdout


def test_sparql_from_standard_input_and_from_a_file(graph: str, tmp_path: Path) -> None:
    sparql = "SELECT (COUNT(DISTINCT ?t) AS ?n) WHERE { ?t a kg:Trial }"
    file = tmp_path / "count.rq"
    file.write_text(sparql, "utf-8")
    for words in ("-", str(file), sparql):
        answer = json.loads(kg("query", words, "-g", graph, "-f", "json", stdin=sparql).stdout)
        assert answer["results"]["bindings"][0]["n"]["value"] == "5"


def test_saved_queries_are_listed(graph: str) -> None:
    assert "trials-by-marker-state" in kg("query", "-g", graph).stdout


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["query", "no-such-query"], "no saved query"),
        (["query", "trials-by-marker-state", "-p", "state=purple"], "purple"),
        (["query", "trials-by-marker-state", "-p", "state"], "NAME=VALUE"),
        (["query", "SELECT WHERE"], "quer"),
        (["query", "DROP ALL"], "update"),
        (["query", "SELECT * { SERVICE <http://127.0.0.1/> { ?s ?p ?o } }"], "SERVICE"),
        (["export", "-f", "papyrus", "-o", "x"], "papyrus"),
        (["export", "-f", "turtle", "-o", "x", "--trial", "NCT00000000"], "NCT00000000"),
        (["analyse", "network", "-f", "png"], "-o"),
    ],
)
def test_a_wrong_call_says_so_on_stderr(graph: str, words: list[str], said: str) -> None:
    result = kg(*words, "-g", graph)
    assert result.exit_code == 2
    assert said in result.stderr
    assert "Traceback" not in result.output


@pytest.mark.parametrize("command", [["query", "trials-by-drug"], ["verify"], ["validate"], ["analyse", "network"]])
def test_what_is_no_build_directory_is_named(command: list[str], tmp_path: Path) -> None:
    result = kg(*command, "-g", str(tmp_path))
    assert result.exit_code == 2
    assert f"{tmp_path} is not a build directory" in result.stderr


def test_a_path_inside_a_build_directory_leads_to_it(graph: str) -> None:
    for inside in ("store", "graph.nq.gz"):
        result = kg("query", "trials-by-drug", "-g", f"{graph}/{inside}")
        assert result.exit_code == 2
        assert f"{inside} is not a build directory, but in one: name {graph} instead" in result.stderr
        assert "kg build" not in result.stderr
    assert "is a file; name a build directory" in kg("verify", "-g", __file__).stderr


@pytest.mark.parametrize(
    ("sparql", "said"),
    [
        ("", "The query is empty: name a saved one"),
        (" \n\n", "The query is empty"),
        (
            "SELECT ?s WHERE {\n ?s a kg:Trial\n ?x y z }",
            "(line 3, column 10, behind `?x y z }`): look there",
        ),
        ("SELECT ?s WHERE {\n ?s ?p ? . }", "(line 2, column 10, behind `?s ?p ?`, before `. }`): look there"),
        (
            "SELECT ?s WHERE { ?s\nnope:x ?o }",
            "(line 2, column 7, behind `nope:x`, before `?o }`): a prefix is not declared; add a PREFIX line",
        ),
        ("SELECT ?s WHERE { ?s <x", "look there and just before for a missing"),
        ("SELECT ?s WHERE { ?s ?p ?o } GROUP BY ?p", "neither grouped nor an aggregate"),
        ("SELECT (1 AS ?s) ?s WHERE {}", "names a variable twice"),
    ],
)
def test_what_is_wrong_with_a_query_is_told_with_its_place(graph: str, tmp_path: Path, sparql: str, said: str) -> None:
    file = tmp_path / "query.rq"
    file.write_text(sparql, "utf-8")
    for words, source in ((str(file), str(file)), ("-", "standard input")):
        for command in (["query", words], ["export", "-f", "turtle", "-o", str(tmp_path / "x"), "--query", words]):
            result = kg(*command, "-g", graph, stdin=sparql)
            assert result.exit_code == 2
            assert result.stderr.startswith(f"kg: {source}: The query is ")
            assert said in result.stderr or command[0] == "export"
            assert result.stderr.count("\n") == 1


def test_a_line_that_is_no_document_is_named_with_its_file(tmp_path: Path) -> None:
    file = tmp_path / "texts.jsonl"
    file.write_text('{"id": 1, "text": "EGFR L858R"}\n{"id": 2}\n', "utf-8")
    result = kg("criteria", str(file))
    assert result.exit_code == 2
    assert result.stderr == f'kg: {file}: line 2: not an object with "id" and "text": there is no text\n'
    assert "standard input: line 2" in kg("criteria", stdin=file.read_text("utf-8")).stderr


@pytest.mark.parametrize(
    "command",
    [
        ["export", "-f", "turtle"],
        ["analyse", "network", "-f", "svg"],
        ["analyse", "network", "-f", "graphml"],
        ["analyse", "rollup", "--by", "condition"],
    ],
)
def test_a_folder_that_is_not_there_is_named(graph: str, tmp_path: Path, command: list[str]) -> None:
    out = tmp_path / "nowhere" / "file"
    result = kg(*command, "-g", graph, "-o", str(out))
    assert result.exit_code == 2
    assert f"{out}: there is no folder {out.parent}; make it" in result.stderr


def test_a_level_without_a_trial_is_told_with_those_that_have_one(graph: str) -> None:
    for form in ("table", "csv", "json"):
        result = kg("analyse", "rollup", "--by", "condition", "-g", graph, "--level", "40", "-f", form)
        assert result.exit_code == 2
        assert result.stdout == ""
        assert "No trial is at level 40 of condition; the levels here are 1 to " in result.stderr


def test_a_source_that_is_not_there_is_named(tmp_path: Path) -> None:
    result = kg("build", str(tmp_path / "nowhere"), "-o", str(tmp_path / "out"))
    assert result.exit_code == 2
    assert "nowhere" in result.stderr
    assert not (tmp_path / "out").exists()


def test_a_base_that_is_no_iri_is_refused(tmp_path: Path) -> None:
    result = kg("build", str(EXAMPLES), "-o", str(tmp_path / "out"), "--base-iri", "not an iri")
    assert result.exit_code == 2
    assert "must be absolute" in result.stderr


def test_records_from_standard_input(tmp_path: Path) -> None:
    record = next(EXAMPLES.glob("*.jsonl")).read_text("utf-8")
    result = kg("build", "-", "-o", str(tmp_path / "out"), "-q", stdin=record)
    assert result.exit_code == 0
    assert "1" in result.stderr


def test_verify_and_validate_pass(graph: str) -> None:
    verified, validated = kg("verify", "-g", graph), kg("validate", "-g", graph)
    assert (verified.exit_code, validated.exit_code) == (0, 0)
    assert " 0 wrong" in verified.stderr
    assert "conforms: 0 violation" in validated.stdout


def test_a_file_that_does_not_conform_gives_status_1(tmp_path: Path) -> None:
    file = tmp_path / "broken.ttl"
    file.write_text("<https://identifiers.org/clinicaltrials:NCT1> a <https://w3id.org/trialkg/vocab#Trial> .", "utf-8")
    result = kg("validate", str(file))
    assert result.exit_code == 1
    assert "does not conform" in result.stdout
    assert kg("validate", str(file), "-f", "turtle").exit_code == 1


def test_what_is_exported_conforms_conclusions_included(graph: str, tmp_path: Path) -> None:
    file = tmp_path / "whole.ttl"
    assert kg("export", "-g", graph, "-f", "turtle", "-o", str(file)).exit_code == 0
    result = kg("validate", str(file))
    assert result.exit_code == 0, result.stdout
    assert " kg:Trial" in result.stdout.splitlines()[-2]
    assert not result.stderr


def test_validate_says_that_nothing_of_a_foreign_file_was_checked(tmp_path: Path) -> None:
    file = tmp_path / "foreign.ttl"
    file.write_text("<https://example.org/a> a <https://example.org/B> .", "utf-8")
    result = kg("validate", str(file))
    assert result.exit_code == 0  # so SHACL has it
    assert result.stdout.startswith("nothing was checked: of 1 nodes none")
    assert str(file) in result.stderr
    assert "kg certify" in result.stderr
    page = kg("validate", str(file), "-f", "html")
    assert "nothing was checked" in page.stdout
    assert json.loads(kg("validate", str(file), "-f", "json").stdout)["coverage"]["checked"] == 0


def test_export_gives_the_same_bytes_each_time(graph: str, tmp_path: Path) -> None:
    for name in ("one.ttl", "two.ttl"):
        words = ("-f", "turtle", "-o", str(tmp_path / name), "--trial", "NCT99990001")
        assert kg("export", "-g", graph, *words).exit_code == 0
    assert (tmp_path / "one.ttl").read_bytes() == (tmp_path / "two.ttl").read_bytes()
    assert "kg:requiresMarkerState" in (tmp_path / "one.ttl").read_text("utf-8")


def test_criteria_answers_each_line(tmp_path: Path) -> None:
    asked = '{"id": 1, "text": "Inclusion Criteria:\\n- KRAS G12C"}\n'
    (tmp_path / "texts.jsonl").write_text(asked, "utf-8")
    for result in (kg("criteria", stdin=asked), kg("criteria", str(tmp_path / "texts.jsonl"))):
        answer = json.loads(result.stdout)
        assert (answer["id"], answer["inclusion"]["dnf"], answer["exclusion"]["dnf"]) == (1, [["KRAS G12C"]], [])
    assert kg("criteria", stdin="no question").exit_code == 2


def test_ground_tells_what_a_name_means_and_why() -> None:
    table = kg("ground", "HER-2", "flumblewort").stdout
    assert "http://id.nlm.nih.gov/mesh/D018719" in table
    assert "nothing has this name" in table
    lines = kg("ground", stdin='{"id": 1, "text": "T-DXd"}\n').stdout.splitlines()
    assert json.loads(lines[0])["candidates"][0]["concept"] == "http://purl.obolibrary.org/obo/NCIT_C128799"


def test_the_network_as_table_and_picture(graph: str, tmp_path: Path) -> None:
    assert "trastuzumab deruxtecan" in kg("analyse", "network", "-g", graph).stdout
    assert kg("analyse", "network", "-g", graph, "-f", "png", "-o", str(tmp_path / "network.png")).exit_code == 0
    assert (tmp_path / "network.png").read_bytes().startswith(b"\x89PNG")
    assert "<graphml" in kg("analyse", "network", "-g", graph, "-f", "graphml").stdout


@pytest.mark.parametrize("command", ["criteria", "query"])
def test_a_file_of_text_that_cannot_be_read_is_an_error_not_a_failed_check(
    command: str, graph: str, tmp_path: Path
) -> None:
    missing, binary = tmp_path / "missing.rq", tmp_path / "binary.rq"
    binary.write_bytes(b"\xff\xfe")
    more = ["-g", graph] if command == "query" else []
    for file, expected in ((missing, "check its name"), (binary, "is no text in UTF-8")):
        result = kg(command, str(file), *more)
        assert result.exit_code == 2
        assert str(file) in result.stderr
        assert expected in result.stderr
