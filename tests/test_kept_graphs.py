"""The shared graphs are kept for the next build, and a cache that is missing or damaged changes nothing."""

import fcntl
import os
from pathlib import Path

import pyoxigraph as ox
import pytest

from kg.fingerprints import Fingerprints
from kg.kept_graphs import KeptGraphs
from kg.members import unpack
from kg.terms import RDF, SKOS

BASE = "https://example.org/"
MADE_WITH = Fingerprints("rules", "concepts")
GRAPHS = [
    f"<x:a> {RDF.type} {SKOS.Concept} <{BASE}graph/concepts> .\n".encode(),
    b"",
    f"<x:a> {SKOS.exactMatch} <x:b> <{BASE}graph/mappings> .\n".encode(),
]


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return tmp_path / "cache" / "trialkg"


def load(made: list[str], made_with: Fingerprints = MADE_WITH, base: str = BASE) -> KeptGraphs:
    def make() -> list[bytes]:
        made.append(base)
        return GRAPHS

    return KeptGraphs.load(base, made_with, make)


def stored(kept: KeptGraphs, path: Path, more: bytes = b"") -> set[str]:
    with kept.loader(path) as loader:
        loader.add(more)
    return {str(quad) for quad in ox.Store.read_only(str(path))}


def quads(*graphs: bytes) -> set[str]:
    return {str(quad) for quad in ox.parse(b"".join(graphs), format=ox.RdfFormat.N_QUADS)}


def test_what_is_kept_is_what_was_made(tmp_path: Path) -> None:
    made: list[str] = []
    first, second = load(made), load(made)
    assert made == [BASE]
    assert first.members == second.members
    assert [unpack(member) for member in second.members] == GRAPHS
    assert second.census == first.census
    assert second.census.statements == 2
    assert second.store is not None
    more = b"<x:t> <x:p> <x:a> <x:g> .\n"
    assert stored(first, tmp_path / "first", more) == stored(second, tmp_path / "second", more) == quads(*GRAPHS, more)
    assert stored(load(made), tmp_path / "third") == quads(*GRAPHS)  # the kept store is as it was


@pytest.mark.parametrize("other", [Fingerprints("others", "concepts"), Fingerprints("rules", "others")])
def test_other_rules_or_concepts_are_made_anew(other: Fingerprints) -> None:
    made: list[str] = []
    load(made)
    load(made, other)
    load(made, base="https://example.com/")
    load(made)
    assert made == [BASE, BASE, "https://example.com/"]


def test_no_more_than_three_are_kept(cache: Path) -> None:
    for number in range(5):
        load([], Fingerprints("rules", str(number)))
    assert len(list(cache.iterdir())) == 3


def test_a_damaged_or_unwritable_cache_costs_time_only(
    cache: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[str] = []
    load(made)
    (folder,) = cache.iterdir()
    (folder / "store" / "CURRENT").write_bytes(b"nothing\n")
    assert stored(load(made), tmp_path / "first") == quads(*GRAPHS)
    assert len(made) == 2
    (folder / "graphs").write_bytes(b"\xff")
    assert stored(load(made), tmp_path / "second") == quads(*GRAPHS)
    assert len(made) == 3
    monkeypatch.setenv("XDG_CACHE_HOME", str(folder / "graphs"))  # a file, in which there is no folder
    assert stored(load(made), tmp_path / "third") == quads(*GRAPHS)
    assert len(made) == 4


@pytest.mark.parametrize("pattern", ["graphs", "store/*.sst", "store/MANIFEST-*"])
def test_a_byte_that_went_wrong_in_the_cache_is_noticed_and_mended(cache: Path, tmp_path: Path, pattern: str) -> None:
    made: list[str] = []
    load(made)
    (folder,) = cache.iterdir()
    file = max(folder.glob(pattern), key=lambda it: it.stat().st_size)
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 1
    file.write_bytes(content)
    again = load(made)
    assert [unpack(member) for member in again.members] == GRAPHS
    assert stored(again, tmp_path / "again") == quads(*GRAPHS)
    assert load(made).store is not None  # what was damaged is replaced, not made at every build from now on
    assert len(made) == 2


def test_a_file_that_is_gone_from_the_kept_store_is_noticed(cache: Path, tmp_path: Path) -> None:
    made: list[str] = []
    load(made)
    max(cache.glob("*/store/*.sst"), key=lambda it: it.stat().st_size).unlink()
    assert stored(load(made), tmp_path / "again") == quads(*GRAPHS)
    assert len(made) == 2


def test_what_a_killed_build_left_is_cleared_but_not_the_folder_of_one_that_runs(cache: Path) -> None:
    killed, running = cache / ".making-killed", cache / ".making-running"
    for folder in (killed, running):
        (folder / "shared-1" / "store").mkdir(parents=True)
    handle = os.open(running, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        load([])
        assert not killed.exists()
        assert (running / "shared-1").is_dir()
    finally:
        os.close(handle)
    made: list[str] = []
    load(made)
    assert not running.exists()
    assert made == []
    assert [path.name.partition("-")[0] for path in cache.iterdir()] == ["shared"]
