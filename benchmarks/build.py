"""Times the main job and its parts on the same records, and peers on the same work.

    python -m benchmarks.build RECORDS… [--repeat N] [--whole-only]

RECORDS are ClinicalTrials.gov API v2 records in any form that `kg build` reads. The parts are in seconds of processor
time, the least of N runs, since others may use the machine as well; each is also given as a multiple of decoding the
JSON alone, which sets machines off against each other. Whole builds are `kg build` in a process of its own, in seconds
on the wall. Memory is that of all processes together, what they share counted once (proportional set size of Linux).
"""

import argparse
import gc
import gzip
import io
import os
import platform
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from datetime import UTC, datetime
from hashlib import sha256
from itertools import groupby, islice
from multiprocessing import get_context
from pathlib import Path

import msgspec
import pyoxigraph as ox
import rdflib

import kg
from benchmarks.measuring import memory_of_all
from kg.batch import Builder, Options
from kg.identifiers import DEFAULT_BASE
from kg.members import MemberWriter, triples_of
from kg.models import RawRecord
from kg.nquads import Triple
from kg.pipeline import BATCH, Spool, build_all, collect_seldom
from kg.read import parse, scan
from kg.store import Loader
from kg.validate import Validator

_QUADS_OF_PEERS = 50_000
_AS_FROM_A_WORKER = 1 << 20  # bytes of N-Quads
_SECONDS_BETWEEN_LOOKS = 0.1


def processor_seconds(work: Callable[[], object], repeat: int) -> float:
    """Return the least processor time that ``work`` takes, with garbage looked for as seldom as in workers."""
    least = float("inf")
    before = gc.get_threshold()
    for _ in range(repeat):
        gc.collect()
        collect_seldom()
        start = time.process_time()
        work()
        least = min(least, time.process_time() - start)
        gc.unfreeze()
    gc.set_threshold(*before)
    return least


def row(what: str, number: str, more: str = "") -> None:
    """Print one figure."""
    print(f"{what:46}{number:>22}  {more}".rstrip(), flush=True)


# --- the parts, in this process


def parts(records: Sequence[RawRecord], repeat: int) -> None:
    """Print what decoding, parsing, validating and the whole work of a worker cost on one core."""
    builder = Builder(Options(base_iri=DEFAULT_BASE))
    batches = batches_of(records)
    trials = [trial for batch in batches for trial in triples_by_trial(gzip.decompress(builder.build(batch).quads))]
    triples = sum(map(len, trials))
    validator = Validator()
    decoding = processor_seconds(lambda: [msgspec.json.decode(record.payload) and None for record in records], repeat)
    seconds = {
        "decode the JSON alone": decoding,
        "parse to records": processor_seconds(lambda: [parse(record) and None for record in records], repeat),
        "validate": processor_seconds(lambda: [validator.conforms_triples(trial) for trial in trials], repeat),
        "all of a worker: JSON to validated N-Quads": processor_seconds(
            lambda: [builder.build(batch) and None for batch in batches], repeat
        ),
    }
    for what, spent in seconds.items():
        row(what, f"{len(records) / spent:,.0f} records/s", f"{spent / decoding:.1f} x decoding")
    worker = seconds["all of a worker: JSON to validated N-Quads"]
    row("validation, of all of a worker", f"{seconds['validate'] / worker:.0%}")
    row("validation, one core", f"{triples / seconds['validate']:,.0f} triples/s")
    row("quads a trial", f"{triples / len(records):,.0f}")


def batches_of(records: Sequence[RawRecord]) -> list[list[tuple[str, list[RawRecord]]]]:
    """Return the records as a worker gets them."""
    trials = iter([(str(record.nct_id), [record]) for record in records])
    return list(iter(lambda: list(islice(trials, BATCH)), []))


def triples_by_trial(nquads: bytes) -> list[list[Triple]]:
    """Return the triples of each named graph, one after another."""
    by_graph = groupby(nquads.splitlines(keepends=True), key=lambda line: line.rsplit(b" ", 2)[1])
    return [triples_of(lines) for _, lines in by_graph]


# --- whole builds, each a process of its own


def whole(sources: Sequence[Path], workers: int, out: Path) -> tuple[float, float, int]:
    """Build, and return the seconds on the wall, those of processors, and the peak of memory in bytes."""
    command = [sys.executable, "-m", "kg", "build", *map(str, sources), "-o", str(out), "-q"]
    before, start = os.times(), time.perf_counter()
    process = subprocess.Popen([*command, "--workers", str(workers)], stderr=subprocess.DEVNULL)
    peak = 0
    while process.poll() is None:
        peak = max(peak, memory_of_all(process.pid))
        time.sleep(_SECONDS_BETWEEN_LOOKS)
    if process.returncode == 2:
        raise SystemExit("kg build failed")
    seconds, after = time.perf_counter() - start, os.times()
    processors = sum(after[2:4]) - sum(before[2:4])  # user and system time of ended children and theirs
    return seconds, processors, peak


def builds(sources: Sequence[Path], first: Path, count: int, folder: Path) -> Path:
    """Print the rates of whole builds on one worker and on two, and return the folder of the last."""
    rates: list[float] = []
    for workers in (1, 2):
        startup, _, _ = whole([first], workers, folder / "one")
        seconds, processors, peak = whole(sources, workers, folder / "out")
        rates.append(count / (seconds - startup))
        row(
            f"kg build --workers {workers}, start to finished store",
            f"{count / seconds:,.0f} records/s",
            f"{seconds:.1f} s",
        )
        row("    without starting and the shared graphs", f"{rates[-1]:,.0f} records/s", f"- {startup:.1f} s")
        row("    processor time of all processes", f"{processors:,.1f} s", f"{count / processors:,.0f} records/s of it")
        row("    peak memory of all processes", f"{peak / 1e6:,.0f} MB")
    row("two workers against one", f"{rates[1] / rates[0]:.2f} x")
    return folder / "out"


def mine(sources: Sequence[Path], workers: int, folder: Path) -> float:
    """Take sources to compressed, validated N-Quads as `kg build` does, and return the seconds from the first byte.

    Neither the lexicon, which is made before, nor the store and what else a build keeps is in them.
    """
    builder = Builder(Options(base_iri=DEFAULT_BASE))
    start = time.perf_counter()
    with tempfile.TemporaryFile(dir=folder) as file, MemberWriter(folder / "graph.nq.gz") as members:
        spool = Spool(file)
        for found in scan(sources):
            if isinstance(found, RawRecord):
                spool.add(found, sha256(found.payload).digest())
        for built in build_all(spool, builder, workers):
            members.add(built.quads, built.inferred)
    return time.perf_counter() - start


def mining(sources: Sequence[Path], count: int, folder: Path, repeat: int) -> None:
    """Print the rates from JSON to N-Quads on one worker and on two."""
    rates: list[float] = []
    for workers in (1, 2):
        seconds: list[float] = []
        for _ in range(repeat):
            with ProcessPoolExecutor(1, get_context("spawn")) as process:  # of one thread, so that it may fork
                seconds.append(process.submit(mine, sources, workers, folder).result())
        rates.append(count / min(seconds))
        row(f"JSON to validated N-Quads, {workers} workers", f"{rates[-1]:,.0f} records/s", f"{min(seconds):.1f} s")
    row("two workers against one", f"{rates[1] / rates[0]:.2f} x")


# --- what the quads are about


def composition(out: Path, trials: int) -> None:
    """Print how many quads and bytes each part of the model takes."""
    quads: Counter[str] = Counter()
    sizes: Counter[str] = Counter()
    with gzip.open(out / "graph.nq.gz") as lines:
        for line in lines:
            part = part_of(line)
            quads[part] += 1
            sizes[part] += len(line)
    for part, count in quads.most_common():
        share = f"{count / quads.total():.0%} of the quads, {sizes[part] / sizes.total():.0%} of the bytes"
        row(f"    {part}", f"{count / trials:,.1f} a trial", share)


def part_of(line: bytes) -> str:
    """Return what a line is about: a kind of thing in a trial's graph, or a graph that trials share."""
    graph = line.rsplit(b" ", 2)[1][1:-1].rpartition(b"/graph/")[2]
    if not graph.startswith(b"NCT"):
        return f"graph {graph.decode()}"
    subject = line[1 : line.index(b">")]
    if b"clinicaltrials:" in subject:
        return "trial"
    if subject.startswith(DEFAULT_BASE.encode()):
        return subject[len(DEFAULT_BASE) :].partition(b"/")[0].decode()
    return "names of MeSH headings"


# --- the store, and peers


def loading(out: Path, folder: Path) -> None:
    """Print the rate and the size of loading the store on disk, and how fast others read and write the same."""
    nquads = gzip.decompress((out / "graph.nq.gz").read_bytes())
    count = nquads.count(b"\n")
    start = time.perf_counter()
    with Loader(folder / "store") as loader:
        stream = io.BytesIO(nquads)
        while piece := stream.read(_AS_FROM_A_WORKER):
            loader.add(piece + stream.readline())
    seconds = time.perf_counter() - start
    size = sum(file.stat().st_size for file in (folder / "store").iterdir())
    row("load the store on disk", f"{count / seconds:,.0f} quads/s", f"{size / count:.0f} bytes a quad")
    text = b"".join(islice(io.BytesIO(nquads), _QUADS_OF_PEERS)).decode()
    dataset = rdflib.Dataset()
    peers: dict[str, Callable[[], object]] = {
        "pyoxigraph reads them": lambda: sum(1 for _ in ox.parse(text, format=ox.RdfFormat.N_QUADS)),
        "rdflib reads them": lambda: dataset.parse(data=text, format="nquads"),
        "rdflib writes them": lambda: dataset.serialize(format="nquads"),
    }
    for what, work in peers.items():
        row(what, f"{_QUADS_OF_PEERS / processor_seconds(work, 1):,.0f} quads/s")


def main() -> None:
    """Run all of it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("sources", nargs="+", type=Path)
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--whole-only", action="store_true", help="only whole builds, for large sources")
    args = parser.parse_args()
    records = [found for found in scan(args.sources) if isinstance(found, RawRecord)]
    count, first_payload = len(records), records[0].payload
    machine = f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}"
    print(f"{datetime.now(UTC):%Y-%m-%d}, {machine}, trialkg {kg.__version__}, {count:,} records")
    if not args.whole_only:
        parts(records, args.repeat)
    del records
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        first = folder / "first.json"
        first.write_bytes(first_payload)
        if not args.whole_only:
            mining(args.sources, count, folder, args.repeat)
        out = builds(args.sources, first, count, folder)
        composition(out, count)
        if not args.whole_only:
            loading(out, folder)


if __name__ == "__main__":
    main()
