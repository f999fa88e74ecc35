"""Builds on Spark: the quads, the report and what was rejected are those of a local build, whatever happens on the way.

A real standalone master and two workers on this machine; skipped where PySpark or Java is missing.
"""

import gzip
import json
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from spark_cluster import SETTINGS, TOP, Cluster, cluster, environment, missing, wait_for
from test_pipeline import record, write_lines

import kg
from benchmarks.servers import free_port
from kg.api import Graph
from kg.clusters import collect

SHARED_RECORDS = TOP.parent / "shared/data/trials/ctgov-v2.jsonl.gz"
SHARED_TAKEN = 200
NOT_DIVIDED_BYTES = 32 << 20
FROM_PYTHON = """
import json, sys
from kg.clusters import build_on_spark
arguments = json.loads(sys.argv[1])
build_on_spark(arguments.pop("sources"), arguments.pop("out"), **arguments)
"""

pytestmark = pytest.mark.skipif(bool(missing()), reason=missing())


@pytest.fixture(scope="module")
def spark(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    with cluster(tmp_path_factory.mktemp("cluster")) as running:
        yield running


def run(*arguments: str, **variables: str) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "-m", "kg", "build", *arguments]
    return subprocess.run(command, env={**environment(), **variables}, capture_output=True, text=True, check=False)


def parts_of(out: Path, folder: str) -> bytes:
    return b"".join(gzip.decompress(path.read_bytes()) for path in sorted((out / folder).glob("*.gz")))


def rows(database: Path) -> list[str]:
    return list(sqlite3.connect(database).iterdump())


def assert_same(out: Path, local: Graph, collected: Path) -> None:
    """Compare a graph in parts, and the build directory that is made of it, with a local build."""
    graph = local.directory
    lines = b"".join(parts_of(out, folder) for folder in ("quads", "inferred", "shared")).splitlines()
    assert sorted(lines) == sorted(gzip.decompress(graph.quads.read_bytes()).splitlines())
    assert (out / "report.json").read_bytes() == graph.report.read_bytes()
    assert (out / "rejected.jsonl").read_bytes() == graph.rejected.read_bytes()
    assert [path.name for path in out.parent.glob(f".{out.name}.*")] == []
    made = collect(out, collected).directory
    for path in (
        graph.quads,
        graph.report,
        graph.report_page,
        graph.rejected,
        graph.sources,
        graph.path / "build.json",
    ):
        assert (made.path / path.name).read_bytes() == path.read_bytes(), path.name
    for path in (graph.index, graph.texts):
        assert rows(made.path / path.name) == rows(path)
    assert len(Graph(collected).store) == len(local.store)


def sources(folder: Path) -> Path:
    """Make a folder with records of all formats, in all the ways in which files can be good and bad."""
    shutil.copytree(TOP / "examples/trials", folder / "examples")
    broken = record(4, designModule={"enrollmentInfo": {"count": "many"}})
    other = record(1, statusModule={"overallStatus": "COMPLETED"})
    plain = write_lines(
        folder / "a b[1]%41,{x}.jsonl", record(1), record(1), broken, {"protocolSection": {}}, record(3)
    )
    (folder / "one.json").write_text(json.dumps(other, indent=1), "utf-8")
    (folder / "empty.json").touch()
    (folder / "z.jsonl.gz").write_bytes(gzip.compress(plain.read_bytes()))
    whole = gzip.compress("".join(f"{json.dumps(record(number))}\n" for number in range(10, 90)).encode())
    (folder / "cut.jsonl.gz").write_bytes(whole[: len(whole) // 2])
    padding = " " * (6 << 20)
    with (folder / "long.jsonl").open("w") as file:  # with bad lines, empty ones and no end
        for number in range(200, 206):
            file.write(f"{json.dumps(record(number))}{padding}\n\n{{ not json {number}\n")
        file.write(json.dumps(record(1)))
    assert (folder / "long.jsonl").stat().st_size > NOT_DIVIDED_BYTES
    return folder


def test_sources_of_all_kinds_give_what_a_local_build_gives(tmp_path: Path, spark: Cluster) -> None:
    folder, out = sources(tmp_path / "in"), tmp_path / "out"
    done = run(str(folder), "-o", str(out), *spark.options)
    local = kg.build([folder], tmp_path / "local", workers=1)
    report = local.report
    assert report.records_duplicate > 1
    assert report.records_rejected > 8
    assert report.disagreements
    assert done.returncode == 0, done.stderr
    assert f"{report.records_read:,} records read" in done.stderr
    assert_same(out, local, tmp_path / "collected")


@pytest.mark.skipif(not SHARED_RECORDS.exists(), reason="the shared records are not here")
def test_real_records_give_what_a_local_build_gives(tmp_path: Path, spark: Cluster) -> None:
    source, out = tmp_path / "records.jsonl", tmp_path / "out"
    with gzip.open(SHARED_RECORDS, "rb") as file:
        source.write_bytes(b"".join(line for line, _ in zip(file, range(SHARED_TAKEN), strict=False)))
    done = run(str(source), "-o", str(out), *spark.options)
    assert done.returncode == 0, done.stderr
    assert_same(out, kg.build([source], tmp_path / "local", workers=1), tmp_path / "collected")


def test_a_worker_that_is_killed_loses_nothing(tmp_path: Path, spark: Cluster) -> None:
    source = write_lines(tmp_path / "records.jsonl", *(record(number) for number in range(1, 201)))
    out, parts = tmp_path / "out", 20
    arguments = {
        "sources": [str(source)], "out": str(out), "master": spark.master, "settings": SETTINGS, "trials_a_part": 10,
    }  # fmt: skip
    driver = subprocess.Popen(
        [sys.executable, "-c", FROM_PYTHON, json.dumps(arguments)], env=environment(), stderr=subprocess.PIPE, text=True
    )

    def done() -> int:
        """Count the parts that a task has handed in."""
        return len(list(tmp_path.glob(".out.*/_parts/_temporary/0/task_*")))

    wait_for(lambda: done() or driver.poll() is not None, "no part was done")
    victim = next(worker for worker in spark.workers if worker.has_executor())
    victim.kill()
    done_before = done()
    _, errors = driver.communicate()
    assert 0 < done_before < parts
    assert driver.returncode == 0, errors
    assert len(list((out / "trials").glob("part-*.jsonl.gz"))) == parts
    assert_same(out, kg.build([source], tmp_path / "local", workers=1), tmp_path / "collected")


def test_what_is_wrong_is_told_before_anything_is_built(tmp_path: Path) -> None:
    build = (str(TOP / "examples/trials"), "-o", str(tmp_path / "out"), "--engine", "spark")
    master = f"127.0.0.1:{free_port()}"
    unreachable = run(*build, "--master", f"spark://{master}")
    assert unreachable.returncode == 2
    assert f"no Spark master answers at {master}" in unreachable.stderr.splitlines()[-1]
    no_java = run(*build, PATH=str(tmp_path), JAVA_HOME="")
    assert no_java.returncode == 2
    assert "needs Java 17" in no_java.stderr.splitlines()[-1]
    nowhere = run(f"{tmp_path}/nowhere.jsonl", *build[1:], "--master", "local[1]")
    assert nowhere.returncode == 2
    assert nowhere.stderr.splitlines()[-1] == f"kg: {tmp_path}/nowhere.jsonl: there is no such file or folder"
    assert list(tmp_path.iterdir()) == []
