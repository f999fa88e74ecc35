"""Counts along hierarchies add up: a trial counts once at a node and at every node above it."""

import csv
import io
import json
from collections import defaultdict

import pytest
from click.testing import CliRunner

from kg.analyse.rollup import HIERARCHIES, Node, Rollup, rollup
from kg.api import Graph
from kg.cli import main
from kg.errors import UsageError

LEVELS = {
    "drug-class": ("antineoplastic agent", "biologic agent"),
    "mesh-tree": ("Chemicals and Drugs", "Diseases"),
    "marker-group": ("BRCA", "HER2", "HRR genes", "MRD", "PI3K", "ctDNA", "hormone receptor"),
    "condition": ("neoplasm",),
}


def node(found: Rollup, label: str) -> Node:
    (one,) = (it for it in found.nodes if it.path[-1] == label)
    return one


@pytest.mark.parametrize("by", HIERARCHIES)
def test_the_top_level_is_what_has_nothing_above(examples: Graph, by: str) -> None:
    tops = {it.path[-1] for it in examples.rollup(by, level=1).nodes}
    assert set(LEVELS[by]) <= tops
    assert all(it.level == len(it.path) == 1 for it in examples.rollup(by, level=1).nodes)


def test_trials_of_a_node_are_the_union_of_what_is_below(examples: Graph) -> None:
    found = examples.rollup("drug-class")
    concepts = examples.terminology.concepts
    named: dict[str, set[str]] = defaultdict(set)
    for trial, drug in examples.store.select("SELECT ?t ?d { ?t a kg:Trial ; kg:investigates ?d }").rows:
        named[str(drug)[1:-1]].add(str(trial)[-12:-1])
    for it in found.nodes:
        below, size = {it.iri}, 0
        while len(below) > size:
            size = len(below)
            below |= {iri for iri, one in concepts.items() if below & {*one.broader_iris, *one.part_iris}}
        assert set(it.trials) == set().union(*(named[iri] for iri in below)), it.path
        assert it.own == len(named[it.iri])


@pytest.mark.parametrize("by", HIERARCHIES)
def test_totals_add_up(examples: Graph, by: str) -> None:
    found = examples.rollup(by)
    assert found.nodes
    tops = set().union(*(it.trials for it in found.nodes if it.level == 1))
    assert len(tops) == found.placed <= found.trials
    assert len({it.iri for it in found.nodes}) == len(found.nodes), "a node has one row"
    at = {it.path: set(it.trials) for it in found.nodes}
    for path, trials in at.items():
        assert path[:-1] not in at or trials <= at[path[:-1]], path


def test_a_drug_with_two_classes_counts_in_both_and_once_above(examples: Graph) -> None:
    found = examples.rollup("drug-class")
    assert node(found, "HER2-directed antibody–drug conjugate").trials == ("NCT99990001",)
    assert node(found, "anti-HER2 therapy").trials == ("NCT99990001",)
    assert node(found, "antibody–drug conjugate").trials == ("NCT99990001", "NCT99990004")
    assert node(found, "trastuzumab deruxtecan").own == 1


def test_states_and_markers_roll_up_to_groups(examples: Graph) -> None:
    found = examples.rollup("marker-group", roles=["requiresMarkerState"])
    group = node(found, "hormone receptor")
    assert (len(group.trials), group.own) == (3, 0)
    assert node(found, "ER positive").path == ("hormone receptor", "ER", "ER positive")
    assert "BRCA" not in {it.path[-1] for it in found.nodes}


def test_mesh_levels_are_those_of_the_tree(examples: Graph) -> None:
    found = examples.rollup("mesh-tree")
    assert node(found, "breast cancer").path == ("Diseases", "neoplasm", "Neoplasms by Site", "breast cancer")
    assert node(found, "breast cancer").level == 4


def test_roles_decide_what_counts(examples: Graph) -> None:
    assert "placebo" not in {it.path[-1] for it in examples.rollup("drug-class").nodes}
    assert node(examples.rollup("drug-class", roles=["comparator"]), "placebo").trials == ("NCT99990002",)


def test_forms_say_the_same(examples: Graph) -> None:
    found = examples.rollup("condition", level=2)
    rows = list(csv.DictReader(io.StringIO(found.text("csv"))))
    assert [row["node"] for row in rows] == ["cancer", "residual cancer"]
    assert rows[0]["path"] == "neoplasm > cancer"
    data = json.loads(found.text("json"))
    assert data["trials"] == data["placed"] == 5
    assert data["nodes"][0]["trials"] == int(rows[0]["trials"]) == 5
    assert found.text().splitlines() == [
        "level  trials    own  path",
        "    2       5      0  neoplasm > cancer",
        "    2       1      1  neoplasm > residual cancer",
        "",
        "5 trials: 5 in the hierarchy, 0 outside of it",
    ]


def test_the_command_writes_a_file(examples: Graph, tmp_path_factory: pytest.TempPathFactory) -> None:
    out = tmp_path_factory.mktemp("rollup") / "counts.csv"
    call = ["analyse", "rollup", "-g", str(examples.directory.path), "--by", "drug-class", "-f", "csv", "-o", str(out)]
    assert CliRunner().invoke(main, call).exit_code == 0
    assert out.read_text("utf-8") == examples.rollup("drug-class").text("csv")


@pytest.mark.parametrize(
    ("by", "values", "message"),
    [
        ("colour", {}, "no hierarchy 'colour'"),
        ("condition", {"roles": ["investigates"]}, "no role of this hierarchy"),
        ("condition", {"level": 0}, "counted from 1"),
    ],
)
def test_what_does_not_exist_is_refused(examples: Graph, by: str, values: dict[str, object], message: str) -> None:
    with pytest.raises(UsageError, match=message):
        rollup(examples.store, examples.terminology, by, **values)  # type: ignore[arg-type]
    with pytest.raises(UsageError, match="no format 'xml'"):
        examples.rollup("condition").text("xml")
