"""The checks as a whole: no row in a build, and what the command says of a graph that has faults."""

import io
import json
import shutil
from pathlib import Path

import pyoxigraph as ox
import pytest
import small_graph
from click.testing import CliRunner

from kg.api import Graph
from kg.cli import main
from kg.identifiers import PREFIXES
from kg.query import saved_queries
from kg.query.checks import run_checks
from kg.store import GraphStore


def test_a_build_passes_every_check(examples_graph: Graph) -> None:
    checked = examples_graph.check()
    assert [(it.name, it.examples) for it in checked.results if it.rows] == []
    assert len(checked.results) == sum(it.is_check for it in saved_queries().values())
    assert checked.holds


def test_a_preferred_label_of_two_spellings_is_found() -> None:
    # SKOS, integrity condition S14: one preferred label a language, also over the graphs of several trials.
    store = GraphStore.in_memory()
    label, clinic = f"<{PREFIXES['skos']}prefLabel>", "<https://w3id.org/trialkg/organization/clinic>"
    for name, trial in (("Clinic", 1), ("CLINIC", 2)):
        line = f'{clinic} {label} "{name}"@en <https://w3id.org/trialkg/graph/NCT0000000{trial}> .\n'
        store.bulk_load(io.BytesIO(line.encode()))
    (failed,) = (it for it in run_checks(store, small_graph.terminology()).results if it.rows)
    assert failed.name == "label-of-two-spellings"
    assert failed.examples == (f'{clinic}\t"CLINIC"@en\t"Clinic"@en',)


@pytest.fixture
def faulty(examples_graph: Graph, tmp_path: Path) -> Path:
    """The examples with seven arms that belong to no trial."""
    path = tmp_path / "faulty"
    shutil.copytree(examples_graph.directory.path, path)
    store = ox.Store(str(path / "store"))
    for number in range(7):
        arm = ox.NamedNode(f"https://w3id.org/trialkg/arm/NCT99990001/{number}")
        store.add(ox.Quad(arm, ox.NamedNode(PREFIXES["rdf"] + "type"), ox.NamedNode(PREFIXES["kg"] + "Arm")))
    store.flush()
    return path


def test_the_command_names_the_check_that_fails_and_shows_some_rows(faulty: Path, examples_graph: Graph) -> None:
    run = CliRunner().invoke
    sound = run(main, ["check", "-g", str(examples_graph.directory.path)])
    assert sound.exit_code == 0
    assert sound.stdout.endswith("0 failed\n")
    text = run(main, ["check", "-g", str(faulty)])
    assert text.exit_code == 1
    assert "FAILS  part-without-trial: 7" in text.stdout
    assert text.stdout.count("/arm/NCT99990001/") == 5
    report = json.loads(run(main, ["check", "-g", str(faulty), "-f", "json"]).stdout)
    assert report["holds"] is False
    assert {it["name"]: it["rows"] for it in report["results"] if it["rows"]} == {"part-without-trial": 7}
    assert run(main, ["check", "-g", "nowhere"]).exit_code == 2
