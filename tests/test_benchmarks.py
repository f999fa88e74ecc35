"""The tools that measure: what they compare is the same, and what is done is not done again."""

import json
from pathlib import Path

import pyoxigraph as ox
import pytest

from benchmarks import fields, measuring
from benchmarks.asking import asked, digest
from benchmarks.page import provenance, queries
from benchmarks.scale import power
from kg.api import Graph
from kg.query import Rows, saved_queries

RECORD = {
    "protocolSection": {
        "identificationModule": {"nctId": "NCT00000001", "briefTitle": 'A "quoted" title', "acronym": "ÄB"},
        "statusModule": {"overallStatus": "RECRUITING", "lastUpdatePostDateStruct": {"date": "2025-01-02"}},
        "conditionsModule": {"conditions": ["Sorrow", "Joy"]},
        "designModule": {"studyType": "INTERVENTIONAL", "phases": ["PHASE1", "PHASE2"], "enrollmentInfo": {"count": 0}},
    }
}


def test_programs_write_the_same_fields(tmp_path: Path) -> None:
    source = tmp_path / "records.json"
    source.write_text(json.dumps([RECORD]), "utf-8")
    fields.with_trialkg(source, tmp_path / "trialkg.nt")
    fields.with_rdflib(source, tmp_path / "rdflib.nt")
    ours, theirs = (set(ox.parse(path=tmp_path / f"{it}.nt")) for it in ("trialkg", "rdflib"))
    assert ours == theirs
    assert len(ours) == 16


def test_the_mapping_is_turtle_and_its_records_are_flat(tmp_path: Path) -> None:
    source, flat = tmp_path / "records.json", tmp_path / "flat.json"
    source.write_text(json.dumps([RECORD]), "utf-8")
    fields.flat(source, flat)
    (row,) = json.loads(flat.read_text("utf-8"))
    assert row["conditionsModule_conditions"] == ["Sorrow", "Joy"]
    assert "identificationModule_officialTitle" not in row
    rules = fields.mapping(flat)
    list(ox.parse(rules, format=ox.RdfFormat.TURTLE, base_iri="x:"))
    assert all(name in rules for name in row)


def test_a_step_that_was_done_is_not_done_again(tmp_path: Path) -> None:
    out = tmp_path / "deep" / "results.json"
    first = measuring.Results(out).step("100", "build", lambda: {"wall_seconds": 1.5})
    assert measuring.Results(out).step("100", "build", lambda: pytest.fail("done before")) == first
    assert [path.name for path in out.parent.iterdir()] == ["results.json"]


def test_figures_of_another_machine_are_not_mixed_in(tmp_path: Path) -> None:
    out = tmp_path / "results.json"
    out.write_text(json.dumps({"machine": {"cores": 0}, "steps": {}}), "utf-8")
    with pytest.raises(SystemExit, match="another machine"):
        measuring.Results(out)


def test_growth_is_a_power() -> None:
    assert power([(1_000, 2.0), (10_000, 20.0)]) == "1.00"
    assert power([(10, 7.0), (1_000, 5.0), (10_000, 5.0)]) == "0.00"
    assert power([(1_000, 2.0)]) == ""


def test_answers_are_the_same_however_numbers_and_rows_stand() -> None:
    integer, decimal = (ox.NamedNode(f"http://www.w3.org/2001/XMLSchema#{it}") for it in ("integer", "decimal"))
    one = Rows(columns=("a",), rows=((ox.Literal("2", datatype=integer),), (ox.Literal("x"),)))
    other = Rows(columns=("a",), rows=((ox.Literal("x"),), (ox.Literal("2.0", datatype=decimal),)))
    third = Rows(columns=("a",), rows=((ox.Literal("x"),), (ox.Literal("3"),)))
    assert digest(one) == digest(other) != digest(third)


def test_every_parameter_gets_a_value(examples: Graph) -> None:
    for question in asked(examples.directory.path):
        needed = {it.name for it in saved_queries()[question.name].parameters if not it.optional and it.default is None}
        assert needed <= question.parameters.keys()


def test_the_page_tells_of_slow_and_unfinished_queries() -> None:
    answers = {
        "fast": {"cold_seconds": 0.5, "best_seconds": 0.1, "rows": 1234},
        "slow": {"over_seconds": 60.0},
    }
    text = "\n".join(queries({"1000": {"queries": {"answers": answers}}}))
    assert text.index("| `slow` | over 60 s |") < text.index("| `fast` | 0.500, 0.100, 1,234 |")


def test_a_busy_machine_is_told() -> None:
    step = {"date": "2026-01-01 10:00", "version": "1", "load_before": 9.0}
    machine = {"processor": "P", "cores": 2, "memory_gb": 8, "system": "S", "python": "3"}
    assert "times are too long" in provenance({"machine": machine, "steps": {"1000": {"build": step}}})
    assert "too long" not in provenance(
        {"machine": machine, "steps": {"1000": {"build": {**step, "load_before": 1.0}}}}
    )
