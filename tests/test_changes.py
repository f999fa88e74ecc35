"""What changed between two builds, in words and as patches that turn one into the other."""

from collections.abc import Sequence
from pathlib import Path

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st

import kg
from kg.changes import changes, rdf_patch, sparql_update, trial_changes
from kg.named_graphs import NamedGraph, named_graphs

EXAMPLES = Path(__file__).parent.parent / "examples/trials"
Quads = set[tuple[str, bytes]]


@pytest.fixture(scope="module")
def builds(tmp_path_factory: pytest.TempPathFactory) -> tuple[kg.Graph, kg.Graph]:
    """The examples, and the examples after a day: one withdrawn, one new, one changed."""
    top = tmp_path_factory.mktemp("builds")
    for day, left_out in (("first", "NCT99990005"), ("second", "NCT99990002")):
        folder = top / day
        folder.mkdir()
        for path in EXAMPLES.iterdir():
            text = path.read_text("utf-8")
            if day == "second":
                text = text.replace('"count": 180', '"count": 200').replace("HER2-low disease", "HER2-positive disease")
            if left_out not in path.name:
                (folder / path.name).write_text(text, "utf-8")
    first, second = (kg.build([top / day], top / f"{day}.out", workers=1) for day in ("first", "second"))
    return first, second


def quads(graphs: Sequence[NamedGraph]) -> Quads:
    """Return the quads of graphs."""
    return {(graph.iri, line) for graph in graphs for line in graph.lines}


def of(graph: kg.Graph) -> list[NamedGraph]:
    """Return the graphs of a build."""
    return list(named_graphs(graph.directory.quads))


def applied(patch: str, start: Quads) -> Quads:
    """Apply an RDF Patch, as its specification says."""
    there = set(start)
    for line in patch.splitlines():
        if line[:2] in {"A ", "D "}:
            triple, _, graph = line[2:].removesuffix(" .").rpartition(" ")
            (there.add if line[0] == "A" else there.discard)((graph[1:-1], triple.encode()))
    return there


def test_words_say_what_happened_to_each_trial(builds: tuple[kg.Graph, kg.Graph]) -> None:
    first, second = builds
    told = {change.nct_id: change for change in first.changes_to(second)}
    assert {nct_id: change.kind for nct_id, change in told.items() if change.kind != "changed"} == {
        "NCT99990002": "withdrawn",
        "NCT99990005": "new",
    }
    changed = told["NCT99990001"]
    assert "enrollment: 180 → 200" in str(changed)
    assert str(changed).startswith("NCT99990001 changed: Early PET-CT Response to Trastuzumab Deruxtecan")


def test_a_build_and_itself_do_not_differ(builds: tuple[kg.Graph, kg.Graph]) -> None:
    assert list(changes(of(builds[0]), of(builds[0]))) == []


def test_the_patch_turns_one_build_into_the_other(builds: tuple[kg.Graph, kg.Graph]) -> None:
    first, second = of(builds[0]), of(builds[1])
    patch = "".join(rdf_patch(changes(first, second)))
    assert patch.startswith("TX .\n")
    assert patch.endswith("TC .\n")
    assert applied(patch, quads(first)) == quads(second) != quads(first)


def test_the_update_does_so_in_a_store(builds: tuple[kg.Graph, kg.Graph]) -> None:
    first, second = builds
    store, wanted = ox.Store(), ox.Store()
    for into, graph in ((store, first), (wanted, second)):
        for one in of(graph):
            into.load(one.ntriples, format=ox.RdfFormat.N_TRIPLES, to_graph=ox.NamedNode(one.iri))
    assert set(store) != set(wanted)
    store.update("".join(sparql_update(changes(of(first), of(second)))))
    assert set(store) == set(wanted)


LINES = st.sets(st.sampled_from([f'<x:s{it}> <x:p> "{it}"'.encode() for it in range(6)]), min_size=1)
DATASETS = st.dictionaries(st.sampled_from(["x:graph/a", "x:graph/b", "x:graph/c", "x:graph/d"]), LINES)


@given(DATASETS, DATASETS)
def test_any_two_datasets(before: dict[str, set[bytes]], after: dict[str, set[bytes]]) -> None:
    old, new = (
        [NamedGraph(iri=iri, lines=tuple(sorted(lines))) for iri, lines in sorted(dataset.items())]
        for dataset in (before, after)
    )
    found = list(changes(old, new))
    assert applied("".join(rdf_patch(found)), quads(old)) == quads(new)
    assert {change.iri for change in found} == {iri for iri in {*before, *after} if before.get(iri) != after.get(iri)}


def test_shared_graphs_are_no_trials() -> None:
    found = changes([NamedGraph(iri="x:graph/about", lines=(b"<x:s> <x:p> <x:o>",))], [])
    assert list(trial_changes(found, lambda _: None)) == []
