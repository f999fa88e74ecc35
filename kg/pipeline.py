"""From sources to a build directory: the only place where the stages meet.

Pass 1 scans the sources, cuts them into records and spools these by trial; pass 2 builds the trials in the order of
their numbers, in batches and on all cores. So the sources of one trial come together whatever file they lie in, the
output is sorted, and memory holds an index only. The store is loaded meanwhile, a piece at a time.
"""

import gc
import gzip
import json
import os
import tempfile
from bisect import bisect_left
from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from datetime import UTC, datetime
from hashlib import sha256
from itertools import islice
from multiprocessing import get_context
from pathlib import Path
from typing import BinaryIO, Literal

import msgspec
import zstandard
from isal import igzip

from kg import __version__
from kg.batch import Builder, Built, Options, Quarantined
from kg.describe import Census, Example, describe
from kg.directory import BuildDirectory, replacing
from kg.errors import BuildError
from kg.identifiers import TRIAL, NctId
from kg.mappings import load_mappings, mapping_triples
from kg.models import RawRecord, Record, Rejection, SourceFormat
from kg.nquads import Triple, lines
from kg.owl import owl_triples
from kg.query import saved_queries
from kg.read import Limits, parse, scan
from kg.reason import infer_concepts
from kg.report import BuildReport, write_page
from kg.store import Loader, display_prefixes
from kg.texts import KeptText, TextStore

BATCH = 10  # trials a validation call, and a task of a worker; the validator is fastest on 5 to 10
_IN_FLIGHT = 4  # tasks a worker that are waiting or done but not yet written
_BETWEEN_COLLECTIONS = 100_000  # objects made and not yet freed; Python's own number is 700
_PIECE = 16 << 20  # bytes of N-Quads that are copied at a time
NAMES_KEPT = 20_000  # names without a concept that are counted, a kind; the report shows the most frequent

Progress = Callable[[str, int, int | None], None]  # stage, done, total or None


def build(
    sources: Sequence[Path | Literal["-"]],
    out: Path,
    options: Options,
    *,
    workers: int | None = None,
    limits: Limits | None = None,
    progress: Progress | None = None,
) -> BuildReport:
    """Build a graph from ``sources`` in the folder ``out``, which is replaced whole or left as it was.

    Args:
        sources: Files, folders, archives, or "-" for standard input.
        out: The build directory.
        options: What changes the content of the graph.
        workers: Processes; by default one a core.
        limits: What a source may cost.
        progress: Called with the stage's name, what is done and, if known, of how many.

    Raises:
        SourceError: A source that was named does not exist.
        BuildError: ``out`` cannot be written or holds something else.
    """
    progress = progress or _silent
    started = datetime.now(UTC)
    builder = Builder(options)  # before anything is written: the terminology may be at fault
    with replacing(out) as directory, tempfile.TemporaryFile(dir=directory.path) as spool_file:
        spool = _Spool(spool_file)
        scanned = _scan(sources, limits or Limits(), spool, progress)
        tally = Tally()
        built = _build_all(spool, builder, workers or os.cpu_count() or 1)
        with (
            directory.quads.open("wb") as quads,
            TextStore(directory.texts, create=True) as texts,
            tempfile.TemporaryFile(dir=directory.path) as inferred,
        ):
            with Loader(directory.store) as loader:
                for done in built:
                    quads.write(done.quads)
                    loader.add(gzip.decompress(done.quads))
                    inferred.write(done.inferred)
                    for nct_id, packed in done.texts:
                        texts.add(nct_id, packed)
                    texts.add_documents(done.documents)
                    _write_quarantine(directory, done.quarantined)
                    tally.add(done)
                    progress("build", tally.trials_done, len(spool))
                for shared in _shared_graphs(builder, inferred, tally.census):
                    tally.quad_count += shared.count(b"\n")
                    quads.write(igzip.compress(shared, 3, mtime=0))
                    loader.add(shared)
                progress("load", 0, tally.quad_count)
            progress("load", tally.quad_count, tally.quad_count)
        rejections = sorted(
            [*scanned.rejections, *tally.rejections], key=lambda it: (it.file, it.position, it.field, it.reason)
        )
        _write_lines(directory.rejected, rejections)
        report = tally.report(scanned, rejections)
        _write_reports(directory, report, sources)
        directory.run.write_text(json.dumps({"started": f"{started}", "ended": f"{datetime.now(UTC)}"}) + "\n", "utf-8")
        directory.finish(
            {"base_iri": options.base_iri, "trialkg": __version__, "quads": report.quads, "trials": report.trials}
        )
    return report


def _silent(*_: object) -> None:
    """Show no progress."""


# --- pass 1: records by trial


class _Scanned(Record, frozen=True, kw_only=True):
    records: int
    duplicates: int
    rejections: tuple[Rejection, ...]


class _Spool:
    """Raw records on disk, compressed, with an index by trial in memory."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._compress = zstandard.ZstdCompressor(level=1)
        self._decompress = zstandard.ZstdDecompressor()
        self._index: dict[NctId, list[tuple[int, int, bytes, SourceFormat, str, str]]] = {}

    def __len__(self) -> int:
        return len(self._index)

    def add(self, raw: RawRecord) -> bool:
        """Keep a record; return False if the same bytes are there already."""
        digest = sha256(raw.payload).digest()
        entries = self._index.setdefault(raw.nct_id, [])
        if any(entry[2] == digest for entry in entries):
            return False
        packed = self._compress.compress(raw.payload)
        entries.append((self._file.tell(), len(packed), digest, raw.format, raw.file, raw.position))
        self._file.write(packed)
        return True

    def __iter__(self) -> Iterator[tuple[str, list[RawRecord]]]:
        """Yield the trials in the order of their numbers, with their records in an order that files do not decide."""
        for nct_id in sorted(self._index):
            yield nct_id, [self._record(nct_id, entry) for entry in sorted(self._index[nct_id], key=lambda it: it[2])]

    def _record(self, nct_id: NctId, entry: tuple[int, int, bytes, SourceFormat, str, str]) -> RawRecord:
        offset, length, _, source_format, file, position = entry
        self._file.seek(offset)
        payload = self._decompress.decompress(self._file.read(length))
        return RawRecord(nct_id=nct_id, format=source_format, payload=payload, file=file, position=position)


def _scan(sources: Sequence[Path | Literal["-"]], limits: Limits, spool: _Spool, progress: Progress) -> _Scanned:
    records = duplicates = 0
    rejections: list[Rejection] = []
    for found in scan(sources, limits=limits):
        records += 1
        if isinstance(found, Rejection):
            rejections.append(found)
        elif not spool.add(found):
            duplicates += 1
        if records % 100 == 0:
            progress("read", records, None)
    progress("read", records, records)
    return _Scanned(records=records, duplicates=duplicates, rejections=tuple(rejections))


# --- pass 2: trials to quads

_builder: Builder | None = None  # one a worker process: the lexicon takes its time to make

_Batch = list[tuple[str, list[RawRecord]]]


def _start_worker(options: Options) -> None:
    global _builder  # noqa: PLW0603 - the only state that a process pool can hand to its tasks
    if _builder is None:  # not inherited
        _builder = Builder(options)
    _collect_seldom()


def _collect_seldom() -> None:
    """Look for garbage a tenth as often, and never at the lexicon: that saves time, and its memory stays shared.

    What a build makes is freed by counting references; cycles are few.
    """
    gc.freeze()
    gc.set_threshold(_BETWEEN_COLLECTIONS, *gc.get_threshold()[1:])


def _work(batch: _Batch) -> Built:
    if _builder is None:
        raise RuntimeError("the worker was not started with _start_worker")
    return _builder.build(batch)


def _build_all(spool: _Spool, builder: Builder, workers: int) -> Iterator[Built]:
    """Start the workers now, and return an iterator over what they build, in the order of the trials."""
    batches = _batches(spool)
    workers = min(workers, -(-len(spool) // BATCH))
    if workers <= 1:
        return _alone(builder, batches)
    return _results(_pool(builder, workers), batches, workers * _IN_FLIGHT)


def _alone(builder: Builder, batches: Iterator[_Batch]) -> Iterator[Built]:
    before = gc.get_threshold()
    _collect_seldom()
    try:
        yield from map(builder.build, batches)
    finally:
        gc.set_threshold(*before)
        gc.unfreeze()


def _results(pool: ProcessPoolExecutor, batches: Iterator[_Batch], in_flight: int) -> Iterator[Built]:
    waiting: deque[tuple[_Batch, Future[Built]]] = deque()
    with pool:
        waiting += ((batch, pool.submit(_work, batch)) for batch in islice(batches, in_flight))
        while waiting:
            batch, future = waiting.popleft()
            try:
                yield future.result()
            except BrokenProcessPool as err:
                raise BuildError(
                    f"A worker process ended without a word, at the trials {batch[0][0]} to {batch[-1][0]} or near "
                    "them: look whether memory ran out, and try fewer workers."
                ) from err
            waiting += ((batch, pool.submit(_work, batch)) for batch in islice(batches, 1))


def _pool(builder: Builder, workers: int) -> ProcessPoolExecutor:
    """Start processes that inherit the builder where that is safe, and otherwise make one each.

    A process of several threads must not fork (a lock that another thread holds stays locked for good), and only Linux
    tells how many there are.
    """
    global _builder  # noqa: PLW0603 - see above
    threads = Path("/proc/self/task")
    if not threads.is_dir() or len(list(threads.iterdir())) > 1:
        return ProcessPoolExecutor(workers, get_context("spawn"), _start_worker, (builder.options,))
    _builder = builder
    try:
        pool = ProcessPoolExecutor(workers, get_context("fork"), _start_worker, (builder.options,))
        pool.submit(int)  # with the first task all processes start
        return pool
    finally:
        _builder = None


def _batches(spool: _Spool) -> Iterator[_Batch]:
    trials = iter(spool)
    while batch := list(islice(trials, BATCH)):
        yield batch


class Tally:
    """Sums over batches."""

    def __init__(self) -> None:
        self.trials = self.records = self.quad_count = self.trials_done = self.internal_errors = 0
        self.rejections: list[Rejection] = []
        self.quarantined: list[Quarantined] = []
        self.counts: Counter[str] = Counter()
        self.unlinked: dict[str, Counter[str]] = {}
        self.disagreements: list[dict[str, str]] = []
        self.unknown_codes: list[tuple[str, str, str]] = []
        self.census = Census()

    def add(self, built: Built) -> None:
        """Count what became of a batch."""
        self.trials += len(built.trials)
        self.records += built.records
        self.quad_count += built.quad_count
        self.rejections += built.rejections
        self.quarantined += [msgspec.structs.replace(one, ntriples="", report_turtle="") for one in built.quarantined]
        self.counts.update(built.counts)
        for kind, names in built.unlinked.items():
            counter = self.unlinked.setdefault(kind, Counter())
            counter.update(names)
            if len(counter) > NAMES_KEPT:  # lossy counting: what is frequent stays, and memory does not grow
                self.unlinked[kind] = Counter(dict(counter.most_common(NAMES_KEPT // 2)))
        self.internal_errors += built.internal_errors
        self.disagreements += [msgspec.to_builtins(one, enc_hook=str) for one in built.disagreements]
        self.unknown_codes += built.unknown_codes
        self.census.add(built.census)
        self.trials_done += len(built.trials) + len(built.quarantined)

    def report(self, scanned: _Scanned, rejections: Sequence[Rejection]) -> BuildReport:
        """Return the report, in which what was read equals what became of it."""
        reasons = Counter(f"{it.field}: {it.reason}" if it.field else it.reason for it in rejections)
        return BuildReport(
            records_read=scanned.records,
            records_built=self.records,
            records_duplicate=scanned.duplicates,
            records_rejected=len(rejections),
            records_quarantined=sum(it.records for it in self.quarantined),
            internal_errors=self.internal_errors,
            trials=self.trials,
            quads=self.quad_count,
            counts=dict(sorted(self.counts.items())),
            unlinked={kind: dict(names.most_common(20)) for kind, names in sorted(self.unlinked.items())},
            rejection_reasons=dict(sorted(reasons.most_common(50))),
            quarantined={it.nct_id: it.messages for it in self.quarantined},
            disagreements=tuple(self.disagreements),
            unknown_codes=tuple(self.unknown_codes),
        )


def _shared_graphs(builder: Builder, inferred: BinaryIO, census: Census) -> Iterator[bytes]:
    """Yield the graphs that trials share as N-Quads, in the order of their names.

    Args:
        builder: Knows concepts and axioms.
        inferred: What follows from the trials, in gzip members.
        census: What the trials' graphs and what follows from them come to; the shared graphs are added to it.
    """
    terminology, minter = builder.terminology, builder.terminology.minter
    shared: dict[str, Iterable[Triple]] = {
        "concepts": [*terminology.triples, *terminology.state_triples()],
        "inferred": infer_concepts(builder.ontology, builder.concepts),
        "mappings": mapping_triples(load_mappings(minter), minter),
        "vocabulary": owl_triples(minter),
    }
    texts: dict[str, bytes] = {}
    for name, triples in shared.items():
        distinct = tuple(set(triples))
        census.add(Census.of(distinct))
        texts[name] = lines(distinct, minter.graph(name)).encode()
    about = describe(census, minter, display_prefixes(minter.base), _examples(), __version__)
    yield lines(about, minter.graph("about")).encode()
    yield texts["concepts"]
    # What follows for concepts goes around what follows for trials, so that the graph is sorted as a whole.
    of_concepts = texts["inferred"].splitlines(keepends=True)
    middle = bisect_left(of_concepts, f"<{TRIAL}".encode())
    yield b"".join(of_concepts[:middle])
    inferred.seek(0)
    with gzip.open(inferred) as conclusions:
        while piece := conclusions.read(_PIECE):
            yield piece + conclusions.readline()
    yield b"".join(of_concepts[middle:])
    yield texts["mappings"]
    yield texts["vocabulary"]


def _examples() -> list[Example]:
    """Return the saved queries as examples that the dataset brings with it."""
    return [
        Example(name=it.name, title=it.title, question=it.question, text=it.text)
        for it in saved_queries().values()
        if not it.is_check
    ]


def reread_texts(directory: BuildDirectory, texts: TextStore) -> Iterator[tuple[str, KeptText]]:
    """Read the sources of a build again and yield the kept texts that they no longer hold, with their trial.

    Sources that have moved, and documents that have changed since (told by their SHA-256), say nothing.
    """
    places = [Path(place) for place in json.loads(directory.sources.read_text("utf-8"))]
    for raw in scan([place for place in places if place.exists()]):
        if isinstance(raw, Rejection):
            continue
        digest = sha256(raw.payload).hexdigest()
        kept = [text for text in texts.of(raw.nct_id) if text.document == digest]
        if kept:
            again = {KeptText(text.document, text.locator, text.text) for text in parse(raw).texts}
            yield from ((raw.nct_id, text) for text in kept if text not in again)


# --- files beside the graph


def _write_lines(path: Path, records: Iterable[Record]) -> None:
    with path.open("wb") as file:
        for record in records:
            file.write(msgspec.json.encode(record, enc_hook=str) + b"\n")


def _write_quarantine(directory: BuildDirectory, quarantined: Iterable[Quarantined]) -> None:
    for one in quarantined:
        directory.quarantine.mkdir(exist_ok=True)
        (directory.quarantine / f"{one.nct_id}.ttl").write_text(one.ntriples, "utf-8")  # N-Triples is Turtle
        (directory.quarantine / f"{one.nct_id}.report.ttl").write_text(one.report_turtle, "utf-8")


def _write_reports(directory: BuildDirectory, report: BuildReport, sources: Sequence[Path | Literal["-"]]) -> None:
    directory.report.write_bytes(msgspec.json.format(msgspec.json.encode(report, enc_hook=str), indent=2) + b"\n")
    write_page(report, directory.report_page)
    places = [str(source.absolute()) for source in sources if isinstance(source, Path)]
    directory.sources.write_text(json.dumps(places, indent=2) + "\n", "utf-8")
