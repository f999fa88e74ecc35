"""Times everything that is done with a whole registry, at several sizes: how does it grow with the number of records?

    python -m benchmarks.scale --records 1000 10000 100000 --corpus PROGRAM [--out FILE] [--work FOLDER]

PROGRAM makes the records: ``PROGRAM --records N --out FILE --changed SHARE`` writes N of them as JSON lines, the same
ones each time, of which that share is changed. At each size: build (on all cores, and on one), load the store from
the N-Quads, validate, ask the saved queries and look trials up, update with nothing and with 1 % changed, and
compare the update with a full build, quad for quad. Every step is kept in FILE as soon as it is done, so a run that was
stopped goes on. Figures of one step taken on a busy machine: remove the step from FILE and run again.

``python -m benchmarks.page`` draws what is kept.
"""

import argparse
import gzip
import math
import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from itertools import zip_longest
from pathlib import Path
from typing import Final, NamedTuple

from benchmarks import asking
from benchmarks.measuring import TOP, Figures, Ran, Results, of_process, run, run_kg, say
from kg.api import Graph
from kg.directory import BuildDirectory
from kg.identifiers import Minter
from kg.store import GraphStore, Loader

_CHANGED: Final = 0.01
_PIECE: Final = 4 << 20  # bytes of N-Quads that are handed to the loader at a time
_LOAD = "import sys; from pathlib import Path; from benchmarks.scale import load; load(*map(Path, sys.argv[1:]))"


class Limits(NamedTuple):
    """What is done at small sizes only, since it adds little at large ones."""

    one_worker: int
    equality: int
    checks: int
    query_seconds: float


def load(quads: Path, store: Path) -> None:
    """Load N-Quads into a new store."""
    with gzip.open(quads) as lines, Loader(store) as loader:
        while piece := lines.read(_PIECE):
            loader.add(piece + lines.readline())


class Size:
    """All that is measured with one number of records.

    Args:
        records: How many.
        corpus: The program that makes them.
        work: The folder for records and builds.
        limits: See `Limits`.
    """

    def __init__(self, records: int, corpus: Path, work: Path, limits: Limits) -> None:
        self._records, self._corpus, self._limits = records, corpus, limits
        self.folder = work / str(records)
        self._built = self.folder / "built"

    def steps(self) -> Iterator[tuple[str, float, Callable[[], Figures]]]:
        """Yield the steps in their order: name, rough seconds a record, and what to do."""
        yield "build", 0.011, self.build
        if self._records <= self._limits.one_worker:
            yield "build on one core", 0.016, self.build_on_one
        yield "load", 0.003, self.load
        yield "validate", 0.010, self.validate
        yield "queries", 0.003, self.queries
        yield "look-ups", 0.0001, self.look_ups
        if self._records <= self._limits.checks:
            yield "checks", 0.01, self.checks
        yield "update, nothing changed", 0.0006, lambda: self.update("kept", 0.0)
        yield "update, 1 % changed", 0.001, lambda: self.update("updated", _CHANGED)
        if self._records <= self._limits.equality:
            yield "update is a full build", 0.014, self.equality

    # --- what is there already

    def source(self, changed: float = 0.0) -> Path:
        """Return the file of records, made if it is not there."""
        path = self.folder / f"records-{changed}.jsonl.gz"
        if not path.exists():
            self.folder.mkdir(parents=True, exist_ok=True)
            staging = path.with_name(f"new-{path.name}")
            run([sys.executable, self._corpus, "--records", self._records, "--out", staging, "--changed", changed])
            staging.replace(path)
        return path

    def built(self) -> Path:
        """Return the build directory, built again if it was removed."""
        if not self._built.exists():
            run_kg("build", self.source(), "-o", self._built, "-q")
        return self._built

    @property
    def _minter(self) -> Minter:
        return Minter(str(BuildDirectory(self._built).settings["base_iri"]))

    def _graph_store(self) -> GraphStore:
        return GraphStore.open_read_only(self._built / "store")

    # --- steps

    def build(self) -> Figures:
        """Build on all cores."""
        source = self.source()
        shutil.rmtree(self._built, ignore_errors=True)
        ran = run_kg("build", source, "-o", self._built, "-q")
        report = Graph(self._built).report
        directory = BuildDirectory(self._built)
        stored = sum(file.stat().st_size for file in directory.store.iterdir())
        return {
            **self._rate(ran),
            "quads": report.quads,
            "quads_a_trial": round(report.quads / report.trials),
            "store_bytes_a_quad": round(stored / report.quads, 1),
            "store_bytes": stored,
            "nquads_bytes": directory.quads.stat().st_size,
            "directory_bytes": sum(file.stat().st_size for file in self._built.rglob("*") if file.is_file()),
        }

    def build_on_one(self) -> Figures:
        """Build with one worker."""
        ran = run_kg("build", self.source(), "-o", self.folder / "one", "-q", "--workers", 1)
        shutil.rmtree(self.folder / "one")
        return self._rate(ran)

    def load(self) -> Figures:
        """Load the store from the file of quads, which is unpacked meanwhile."""
        quads, store = BuildDirectory(self.built()).quads, self.folder / "loaded"
        shutil.rmtree(store, ignore_errors=True)
        ran = run([sys.executable, "-c", _LOAD, quads, store])
        shutil.rmtree(store)
        return {**of_process(ran), "quads_a_second": round(Graph(self._built).report.quads / ran.wall_seconds)}

    def validate(self) -> Figures:
        """Validate the finished graph with all results, as `kg validate` reports them."""
        return self._rate(run_kg("validate", "-g", self.built(), "-f", "json"))

    def queries(self) -> Figures:
        """Ask the saved queries."""
        return self._ask(checks=False)

    def checks(self) -> Figures:
        """Ask the queries that must give no row: each looks at all of the graph."""
        return self._ask(checks=True)

    def _ask(self, *, checks: bool) -> Figures:
        questions = asking.asked(self.built(), checks=checks)
        limit = self._limits.query_seconds
        return asking.totals(asking.ask(questions, self._graph_store, self._minter, limit, self._built / "store"))

    def look_ups(self) -> Figures:
        """Look single trials up."""
        self.built()
        found = asking.look_ups(self._built, self._minter)
        return {
            "slowest_median_ms": max(it["median_ms"] for name, it in found.items() if name.endswith(" warm")),
            "slowest_p99_ms": max(it["p99_ms"] for name, it in found.items() if name.endswith(" warm")),
            "slowest_cold_p99_ms": max(it["p99_ms"] for name, it in found.items() if name.endswith(" cold")),
            "each": found,
        }

    def update(self, name: str, changed: float) -> Figures:
        """Update a copy of the build."""
        source, copy = self.source(changed), self.folder / name
        shutil.rmtree(copy, ignore_errors=True)
        shutil.copytree(self.built(), copy, copy_function=os.link)  # an update writes none of the old files
        ran = run_kg("update", source, "-g", copy, "-q")
        changes = sum(line.startswith("NCT") for line in ran.output.splitlines())
        return {**self._rate(ran), "changed_trials": changes}

    def equality(self) -> Figures:
        """Compare the updated graph with a full build of the changed records."""
        updated, full = self.folder / "updated", self.folder / "full"
        if not updated.exists():
            self.update("updated", _CHANGED)
        run_kg("build", self.source(_CHANGED), "-o", full, "-q")
        with gzip.open(BuildDirectory(updated).quads) as one, gzip.open(BuildDirectory(full).quads) as other:
            different = sum(left != right for left, right in zip_longest(one, other))
        stored = [asking.store_digest(BuildDirectory(path).store) for path in (updated, full)]
        shutil.rmtree(full)
        return {"different_lines": different, "same_store": stored[0] == stored[1]}

    def _rate(self, ran: Ran) -> Figures:
        return {**of_process(ran), "records_a_second": round(self._records / ran.wall_seconds, 1)}


def estimate(sizes: list[Size], results: Results) -> float:
    """Return the seconds that the steps to do will take, by the next smaller size where that is known."""
    total = 0.0
    for place, size in enumerate(sizes):
        for name, usual, _ in size.steps():
            if results.get(size.folder.name, name) is None:
                total += _guess(name, usual, size, sizes[:place], results)
    return total


def _guess(name: str, usual: float, size: Size, smaller: list[Size], results: Results) -> float:
    for other in reversed(smaller):
        known = results.get(other.folder.name, name)
        if known is not None:
            return float(known["step_seconds"]) * int(size.folder.name) / int(other.folder.name)
    return 10 + usual * int(size.folder.name)


def growth(results: Results) -> str:
    """Return a table of costs a record by size, and the power of the number of records that each grows with."""
    wanted = {
        "build": ("wall_seconds", "processor_seconds", "peak_mb", "store_bytes", "nquads_bytes"),
        "load": ("wall_seconds", "peak_mb"),
        "validate": ("wall_seconds", "peak_mb"),
        "update, nothing changed": ("wall_seconds", "processor_seconds", "peak_mb"),
        "update, 1 % changed": ("wall_seconds", "processor_seconds", "peak_mb"),
    }
    sizes = sorted(map(int, results.content["steps"]))
    lines = [f"{'':44}" + "".join(f"{size:>14,}" for size in sizes) + "   power of N"]
    for step, names in wanted.items():
        for name in names:
            values = [(results.get(str(size), step) or {}).get(name) for size in sizes]
            cells = "".join(f"{'' if value is None else f'{value:,}':>14}" for value in values)
            points = [(size, value) for size, value in zip(sizes, values, strict=True) if value]
            lines.append(f"{f'{step}: {name}':44}{cells}   {power(points)}")
    return "\n".join(lines)


def power(points: list[tuple[int, float]]) -> str:
    """Return the power of N between the last two points: 1 is straight growth, 0 is none."""
    if len(points) < 2:
        return ""
    (small, low), (large, high) = points[-2:]
    return f"{math.log(high / low) / math.log(large / small):.2f}"


def main() -> None:
    """Do what has not been done yet, a size at a time, and print the growth."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--records", type=int, nargs="+", default=[1000, 10_000, 100_000])
    parser.add_argument("--corpus", type=Path, required=True, help="the program that makes records")
    parser.add_argument("--out", type=Path, default=TOP / "benchmarks/results/scale.json")
    parser.add_argument("--work", type=Path, default=Path(tempfile.gettempdir(), "trialkg-scale"))
    parser.add_argument("--keep", action="store_true", help="keep records and builds")
    parser.add_argument("--one-worker-until", type=int, default=10_000, metavar="N")
    parser.add_argument("--equality-until", type=int, default=100_000, metavar="N")
    parser.add_argument("--checks-until", type=int, default=10_000, metavar="N")
    parser.add_argument("--query-seconds", type=float, default=60, help="a query that needs longer is given up")
    args = parser.parse_args()
    limits = Limits(args.one_worker_until, args.equality_until, args.checks_until, args.query_seconds)
    results = Results(args.out.absolute())
    sizes = [Size(count, args.corpus.absolute(), args.work.absolute(), limits) for count in sorted(args.records)]
    for size in sizes:
        for name, _, work in size.steps():
            if results.get(size.folder.name, name) is None:
                say(f"about {estimate(sizes, results) / 60:.0f} minutes to go")
            results.step(size.folder.name, name, work)
        if not args.keep:
            shutil.rmtree(size.folder, ignore_errors=True)
    print(growth(results))


if __name__ == "__main__":
    main()
