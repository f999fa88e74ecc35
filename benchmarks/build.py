"""Times the main job and its parts on the same records, and peers on the same work.

    python benchmarks/build.py RECORDS… [--workers N]

RECORDS are ClinicalTrials.gov API v2 records in any form that `kg build` reads. Rates are per wall-clock second;
ratios are against decoding the JSON alone and against rdflib on the same triples.
"""

import argparse
import gzip
import platform
import resource
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import msgspec
import pyoxigraph as ox
import rdflib

import kg
from kg.batch import Builder, Options
from kg.identifiers import DEFAULT_BASE
from kg.models import RawRecord
from kg.pipeline import BATCH
from kg.read import parse, scan
from kg.store import GraphStore


def timed(work: Callable[[], object]) -> float:
    """Return the wall-clock seconds that ``work`` takes."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def records_of(sources: list[Path]) -> list[RawRecord]:
    """Return the raw records of the sources."""
    return [found for found in scan(sources) if isinstance(found, RawRecord)]


def stages(records: list[RawRecord]) -> None:
    """Print what decoding, parsing and the whole work of a worker cost on one core."""
    decode = timed(lambda: [msgspec.json.decode(raw.payload) for raw in records])
    parsing = timed(lambda: [parse(raw) for raw in records])
    builder = Builder(Options(base_iri=DEFAULT_BASE))
    trials = [(str(raw.nct_id), [raw]) for raw in records]
    batches = [trials[place : place + BATCH] for place in range(0, len(trials), BATCH)]
    working = timed(lambda: [builder.build(batch) for batch in batches])
    for what, seconds in (
        ("decode the JSON alone", decode),
        ("parse to records", parsing),
        ("all of a worker", working),
    ):
        rate = len(records) / seconds
        print(f"{what + ', one core':36}{rate:10,.0f} records/s {seconds / decode:8.1f} x the time")


def whole(sources: list[Path], count: int, workers: int | None, folder: Path) -> Path:
    """Print the rate of a whole build and return its quads."""
    seconds = timed(lambda: kg.build(sources, folder / "out", workers=workers))
    graph = kg.open(folder / "out")
    children = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    print(f"{'kg build, start to finished store':36}{count / seconds:10,.0f} records/s  ({seconds:.1f} s)")
    print(f"    {graph.report.quads:,} quads")
    print(f"    peak memory: parent {peak / 1024:,.0f} MB, largest worker {children / 1024:,.0f} MB")
    return graph.directory.quads


def loading(quads: Path, folder: Path) -> None:
    """Print the rate of loading the store on disk, and of rdflib parsing the same quads."""
    store = GraphStore.create(folder / "store")
    seconds = timed(lambda: store.bulk_load(quads))
    print(f"{'load the store on disk':36}{len(store) / seconds:10,.0f} quads/s")
    with gzip.open(quads) as stream:
        lines = stream.readlines()[:100_000]
    text = b"".join(lines).decode()
    oxigraph = timed(lambda: sum(1 for _ in ox.parse(text, format=ox.RdfFormat.N_QUADS)))
    peer = timed(lambda: rdflib.Dataset().parse(data=text, format="nquads"))
    print(f"{'rdflib reads the same quads':36}{len(lines) / peer:10,.0f} quads/s")
    print(f"    pyoxigraph parses them at {len(lines) / oxigraph:,.0f} quads/s")


def main() -> None:
    """Run all of it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("sources", nargs="+", type=Path)
    parser.add_argument("--workers", type=int)
    args = parser.parse_args()
    records = records_of(args.sources)
    print(f"{platform.platform()}, Python {sys.version.split()[0]}, trialkg {kg.__version__}, {len(records)} records")
    stages(records)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        loading(whole(args.sources, len(records), args.workers, folder), folder)


if __name__ == "__main__":
    main()
