"""Whole builds: what is read adds up, the same input gives the same bytes, and nothing is left half written."""

import gzip
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import kg
import kg.members as members_module
from kg.api import Graph
from kg.batch import Outcome
from kg.errors import BuildError, SourceError
from kg.extract import Extraction, Extractor
from kg.members import MemberWriter
from kg.models import Trial
from kg.nquads import ntriples, triples_in
from kg.pipeline import NAMES_KEPT, Tally
from kg.report import summary_lines
from kg.store import Loader
from kg.validate import Report, Result, Severity, Validator


def record(number: int, **modules: dict[str, Any]) -> dict[str, Any]:
    """Return a small registry record."""
    protocol: dict[str, Any] = {
        "identificationModule": {
            "nctId": f"NCT{number:08d}",
            "briefTitle": f"Ribociclib in HER2-low breast cancer {number}",
        },
        "statusModule": {"overallStatus": "RECRUITING", "lastUpdatePostDateStruct": {"date": "2025-01-02"}},
        "designModule": {"studyType": "INTERVENTIONAL", "phases": ["PHASE2"], "enrollmentInfo": {"count": 0}},
        "conditionsModule": {"conditions": ["Breast Cancer"]},
        "eligibilityModule": {
            "eligibilityCriteria": (
                "Inclusion Criteria:\n\n* HER2-low disease\n\nExclusion Criteria:\n\n* Prior ribociclib"
            ),
            "sex": "ALL",
        },
    }
    for name, values in modules.items():
        protocol[name] = {**protocol.get(name, {}), **values}
    return {"protocolSection": protocol}


def write_lines(path: Path, *records: object) -> Path:
    path.write_text("".join(json.dumps(one) + "\n" for one in records), "utf-8")
    return path


def quads(graph: Graph) -> bytes:
    with gzip.open(graph.directory.quads) as file:
        return file.read()


@pytest.fixture
def source(tmp_path: Path) -> Path:
    return write_lines(tmp_path / "records.jsonl", *(record(number) for number in range(1, 121)))


def test_workers_and_order_of_files_do_not_change_a_byte(tmp_path: Path, source: Path) -> None:
    lines = source.read_text("utf-8").splitlines(keepends=True)
    turned = tmp_path / "turned"
    turned.mkdir()
    (turned / "b.jsonl").write_text("".join(lines[:50]), "utf-8")
    (turned / "a.jsonl").write_text("".join(reversed(lines[50:])), "utf-8")
    one = kg.build([source], tmp_path / "one", workers=1)
    two = kg.build([source], tmp_path / "two", workers=2)
    other = kg.build([turned], tmp_path / "other", workers=2)
    assert one.directory.quads.read_bytes() == two.directory.quads.read_bytes()
    assert one.directory.quads.read_bytes() == other.directory.quads.read_bytes()


def test_what_follows_from_all_trials_is_never_in_memory_at_once(
    tmp_path: Path, source: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    events: list[str] = []
    conclusions, add = MemberWriter.conclusions, Loader.add

    def read(members: MemberWriter) -> Iterator[bytes]:
        for piece in conclusions(members):
            events.append("read")
            yield piece

    def added(loader: Loader, nquads: bytes) -> None:
        events.append("added")
        add(loader, nquads)

    monkeypatch.setattr(members_module, "_PIECE", 100)
    monkeypatch.setattr(MemberWriter, "conclusions", read)
    monkeypatch.setattr(Loader, "add", added)
    kg.build([source], tmp_path / "out", workers=1)
    assert events.count("read") > 2
    assert "read read" not in " ".join(events)


def test_trials_may_write_the_name_of_an_organisation_in_their_own_ways(tmp_path: Path) -> None:
    def sponsored(number: int, name: str) -> dict[str, object]:
        return record(number, sponsorCollaboratorsModule={"leadSponsor": {"name": name, "class": "OTHER"}})

    graph = kg.build(
        [write_lines(tmp_path / "r.jsonl", sponsored(1, "The Clinic"), sponsored(2, "THE CLINIC"))], tmp_path / "out"
    )
    assert graph.check().holds  # one preferred label a language over all graphs among others
    organizations = graph.query("organizations").to("csv").splitlines()
    assert organizations[1:] == ["https://w3id.org/trialkg/organization/the-clinic,THE CLINIC,2,0,0"]
    summary = graph.query("trial-summary", trial="NCT00000001").to("csv")
    assert [line.split(",")[2] for line in summary.splitlines() if "#leadSponsor," in line] == ["The Clinic"]


def test_records_read_are_built_duplicate_or_rejected(tmp_path: Path) -> None:
    source = write_lines(
        tmp_path / "mixed.jsonl",
        record(1),
        record(1),  # the same bytes again
        record(1, statusModule={"overallStatus": "COMPLETED"}),  # another version of the trial
        record(2, designModule={"enrollmentInfo": {"count": "many"}}),  # a value of the wrong type
        {"protocolSection": {}},  # no number
        record(3),
    )
    with source.open("a") as file:
        file.write("{ not json\n")
    graph = kg.build([source], tmp_path / "out")
    report = graph.report
    assert (report.records_read, report.records_duplicate, report.records_rejected) == (7, 1, 3)
    assert (report.records_built, report.trials) == (3, 2)
    rejected = [json.loads(line) for line in graph.directory.rejected.read_text("utf-8").splitlines()]
    assert {(it["nct_id"], it["position"]) for it in rejected} == {
        ("NCT00000002", "line 4"),
        (None, "line 5"),
        (None, "line 7"),
    }
    assert any(it["field"] == "/protocolSection/designModule/enrollmentInfo/count" for it in rejected)
    assert [it["field"] for it in report.disagreements] == ["overall_status"]


def test_zero_is_a_value(tmp_path: Path) -> None:
    graph = kg.build([write_lines(tmp_path / "one.jsonl", record(1))], tmp_path / "out")
    rows = graph.query("SELECT ?count WHERE { ?trial kg:enrollment ?count }")
    assert list(rows) == [(0,)]


def test_statements_of_a_small_trial(tmp_path: Path) -> None:
    graph = kg.build([write_lines(tmp_path / "one.jsonl", record(1))], tmp_path / "out")
    rows = graph.query(
        "SELECT ?role ?object { ?a a kg:Assertion ; rdf:predicate ?role ; rdf:object ?object } ORDER BY ?role ?object"
    )
    found = {(str(role).rsplit("#")[-1], str(thing)) for role, thing in rows}
    assert ("requiresMarkerState", "https://w3id.org/trialkg/state/her2-low") in found
    assert ("condition", "http://id.nlm.nih.gov/mesh/D001943") in found
    assert "excludesTreatment" in {role for role, _ in found}
    assert graph.verify().holds


def test_base_iri_moves_own_resources_only(tmp_path: Path) -> None:
    source = write_lines(tmp_path / "one.jsonl", record(1))
    graph = kg.build([source], tmp_path / "out", base_iri="https://trials.example.org/kg/")
    text = quads(graph).decode()
    assert "<https://trials.example.org/kg/state/her2-low>" in text
    assert "<https://w3id.org/trialkg/vocab#Trial>" in text
    assert "<https://w3id.org/trialkg/state/" not in text


def test_a_trial_that_breaks_a_rule_is_quarantined(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No reader lets a broken trial through that we know of, so the violation is planted in the validator."""
    broken = Result(
        focus_node="<x:x>",
        path=None,
        value=None,
        message="Broken.",
        severity=Severity.VIOLATION,
        component="<x:c>",
        shape=None,
    )

    def find_the_second(_: Validator, data: bytes | str) -> Report:
        return Report.of([broken] if "NCT00000002" in str(data) else [])

    monkeypatch.setattr(Validator, "validate_ntriples", find_the_second)
    monkeypatch.setattr(
        Validator, "conforms_nodes", lambda it, nodes: it.validate_ntriples(ntriples(triples_in(nodes))).conforms
    )
    source = write_lines(tmp_path / "three.jsonl", record(1), record(2), record(3))
    graph = kg.build([source], tmp_path / "out", workers=1)
    assert graph.report.records_quarantined == 1
    assert graph.report.quarantined == {"NCT00000002": ("Broken.",)}
    assert not graph.report.conforms
    assert sorted(path.name for path in graph.directory.quarantine.iterdir()) == [
        "NCT00000002.report.ttl",
        "NCT00000002.ttl",
    ]
    assert b"NCT00000002" not in quads(graph)


def test_a_failed_build_leaves_the_old_one(tmp_path: Path, source: Path) -> None:
    graph = kg.build([source], tmp_path / "out", workers=1)
    before = quads(graph)
    with pytest.raises(SourceError):
        kg.build([tmp_path / "missing.jsonl"], tmp_path / "out")
    assert quads(kg.open(tmp_path / "out")) == before
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".")] == []


def test_a_killed_build_leaves_the_old_one(tmp_path: Path, source: Path) -> None:
    out = tmp_path / "out"
    before = quads(kg.build([source], out, workers=1))
    command = [sys.executable, "-m", "kg", "build", str(source), "-o", str(out), "--workers", "2", "-q"]
    for delay in (0.3, 0.9, 1.5):
        process = subprocess.Popen(command, cwd=Path(kg.__file__).parents[1], start_new_session=True)
        time.sleep(delay)
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        assert quads(kg.open(out)) == before
    kg.build([source], out, workers=1)
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".out")] == []  # leftovers are cleared


def test_a_folder_of_something_else_is_not_replaced(tmp_path: Path, source: Path) -> None:
    precious = tmp_path / "precious"
    precious.mkdir()
    (precious / "thesis.txt").write_text("years of work", "utf-8")
    with pytest.raises(BuildError, match="no build directory"):
        kg.build([source], precious)
    assert (precious / "thesis.txt").read_text("utf-8") == "years of work"


def test_nothing_to_read_is_an_empty_graph(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    graph = kg.build([tmp_path / "empty"], tmp_path / "out")
    assert (graph.report.records_read, graph.report.trials) == (0, 0)
    assert graph.query("SELECT (COUNT(*) AS ?n) WHERE { ?c a kg:Drug }").rows


def test_a_bug_keeps_out_one_trial_and_says_which(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    find = Extractor.find

    def fail(self: Extractor, trial: Trial) -> Extraction:
        if trial.nct_id == "NCT00000002":
            raise KeyError("some words of the record")
        return find(self, trial)

    monkeypatch.setattr(Extractor, "find", fail)
    graph = kg.build([write_lines(tmp_path / "r.jsonl", *map(record, (1, 2, 3)))], tmp_path / "out", workers=1)
    report = graph.report
    assert (report.trials, report.records_rejected, report.internal_errors, report.conforms) == (2, 1, 1, False)
    (rejected,) = map(json.loads, graph.directory.rejected.read_text("utf-8").splitlines())
    assert (rejected["nct_id"], rejected["position"]) == ("NCT00000002", "line 2")
    assert rejected["reason"].startswith("internal error: KeyError at test_pipeline.py, line ")
    assert "some words" not in rejected["reason"]
    assert "1 × internal error: KeyError" in summary_lines(report)


def test_names_without_a_concept_do_not_pile_up() -> None:
    names = [("condition", "common")] * 5 + [("condition", f"rare {number}") for number in range(NAMES_KEPT)]
    tally = Tally()
    for nct_id in ("NCT00000001", "NCT00000002"):
        tally.add(Outcome(nct_id=nct_id, records=1, unlinked=tuple(names)))
    assert len(tally.unlinked["condition"]) <= NAMES_KEPT
    assert tally.unlinked["condition"].most_common(1) == [("common", 10)]


def test_a_worker_that_dies_is_named_with_its_trials(tmp_path: Path, source: Path) -> None:
    script = (
        "import os, sys, kg.batch, kg\n"
        "kg.batch.Builder.build = lambda self, batch: os._exit(9)\n"
        "kg.build([sys.argv[1]], sys.argv[2], workers=2)\n"
    )
    run = subprocess.run(
        [sys.executable, "-c", script, str(source), str(tmp_path / "out")], capture_output=True, text=True, check=False
    )
    assert run.returncode == 1
    assert "BuildError: A worker process ended without a word, at the trials NCT00000001 to NCT00000010" in run.stderr
    assert not (tmp_path / "out").exists()


def test_quotes_keep_the_carriage_returns_of_their_source(tmp_path: Path) -> None:
    one = record(9)
    lines = ("Inclusion Criteria:", "  - Prior", "    ribociclib", "Patients must not have:", "  - HER2-low disease")
    criteria = "\r\n\r\n".join(lines).replace("Prior\r\n", "Prior")
    one["protocolSection"]["eligibilityModule"]["eligibilityCriteria"] = criteria
    source = tmp_path / "one.json"
    source.write_text(json.dumps(one), "utf-8")
    graph = kg.build([source], tmp_path / "out")
    checked = graph.verify()
    assert checked.holds, checked.failures
    assert checked.quotes > 2
    graph.export("turtle", tmp_path / "one.ttl")
    said = (tmp_path / "one.ttl").read_text("utf-8")
    assert "kg:excludesMarkerState" in said
    assert "Prior\\r\\n    ribociclib" in said
