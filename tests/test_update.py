"""An update gives what a full build of the same records gives, at the cost of what changed."""

import gzip
import json
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pyoxigraph as ox
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

import kg
from kg import pipeline, updating
from kg.batch import Builder, Options

BROKEN = -1


def record(number: int, version: int = 0) -> str:
    """Return a line with a small record, of which each version says something else; one version is broken."""
    text = f"Inclusion Criteria:\n\n* {('HER2-low', 'HER2-positive', 'KRAS G12C mutated')[version % 3]} disease\n"
    protocol: dict[str, Any] = {
        "identificationModule": {
            "nctId": f"NCT{number:08d}",
            "briefTitle": f"Ribociclib in breast cancer {number}",
            "organization": {"fullName": f"Hospital {version % 2}"},
        },
        "statusModule": {"lastUpdatePostDateStruct": {"date": f"2025-01-{version + 2:02d}"}},
        "designModule": {"enrollmentInfo": {"count": "many" if version == BROKEN else version}},
        "sponsorCollaboratorsModule": {"leadSponsor": {"name": f"Hospital {version % 2}"}},
        "conditionsModule": {"conditions": ["Breast Cancer", f"Rare Sorrow {version}"]},
        "eligibilityModule": {"eligibilityCriteria": text},
    }
    return json.dumps({"protocolSection": protocol}) + "\n"


def write(path: Path, *lines: str) -> Path:
    path.write_text("".join(lines), "utf-8")
    return path


def quads(path: Path) -> list[bytes]:
    """Return the lines of a build's quads."""
    with gzip.open(path / "graph.nq.gz") as file:
        return list(file)


def stored(path: Path) -> set[bytes]:
    found = ox.Store.read_only(str(path / "store")).dump(format=ox.RdfFormat.N_QUADS) or b""
    return set(found.splitlines())


def loaded(path: Path) -> set[bytes]:
    """Return a build's quads as a store writes them."""
    store = ox.Store()
    store.bulk_load(b"".join(quads(path)), format=ox.RdfFormat.N_QUADS)
    return set((store.dump(format=ox.RdfFormat.N_QUADS) or b"").splitlines())


@pytest.fixture(scope="module", autouse=True)
def one_builder() -> Iterator[None]:
    """Make the lexicon once for all builds of this module."""
    with pytest.MonkeyPatch.context() as patch:
        made: dict[object, Builder] = {}
        shared: dict[object, list[bytes]] = {}
        make, share = Builder, pipeline.shared_graphs

        def builder(options: Options) -> Builder:
            return made.get(options) or made.setdefault(options, make(options))

        def shared_graphs(one: Builder) -> list[bytes]:
            return shared.get(one.options) or shared.setdefault(one.options, share(one))

        for module in (pipeline, updating):
            patch.setattr(module, "Builder", builder)
            patch.setattr(module, "shared_graphs", shared_graphs)
        yield


State = dict[int, list[int]]  # trial to the versions of its records
STATES = st.dictionaries(st.integers(1, 30), st.lists(st.integers(BROKEN, 3), min_size=1, max_size=3), max_size=12)


def of_state(path: Path, state: State, order: list[int]) -> Path:
    numbers = sorted(state, key=lambda number: (order[number % len(order)], number))
    return write(path, *(record(number, version) for number in numbers for version in state[number]))


@settings(max_examples=8, phases=[Phase.explicit, Phase.generate])  # an example is three builds
@given(STATES, STATES, st.lists(st.integers(0, 9), min_size=5, max_size=5), st.booleans())
def test_an_update_is_a_full_build(before: State, after: State, order: list[int], delta: bool) -> None:
    if delta:  # what was new or changed, beside what stays
        read, after = after, {**before, **after}
    else:
        after = {**{number: it for number, it in before.items() if number % 2}, **after}
        read = after
    with TemporaryDirectory() as folder:
        top = Path(folder)
        kg.build([of_state(top / "before.jsonl", before, [0])], top / "out", workers=1)
        old = stored(top / "out")
        done = kg.update([of_state(top / "delta.jsonl", read, order)], top / "out", delta=delta, workers=1)
        full = kg.build([of_state(top / "after.jsonl", after, order)], top / "full", workers=1)
        assert quads(top / "out") == quads(top / "full")
        assert stored(top / "out") == loaded(top / "full")
        assert done.report == done.graph.report
        assert done.report.records_read == full.report.records_read
        counted = ("records_built", "records_duplicate", "records_rejected", "trials", "counts", "unlinked")
        assert [getattr(done.report, it) for it in counted] == [getattr(full.report, it) for it in counted]
        store = ox.Store()
        store.bulk_load(b"\n".join(old), format=ox.RdfFormat.N_QUADS)
        store.update("".join(done.patch("sparql-update")))
        assert set((store.dump(format=ox.RdfFormat.N_QUADS) or b"").splitlines()) == stored(top / "out")
