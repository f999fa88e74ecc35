"""From sources to a build directory: the only place where the stages meet.

Pass 1 scans the sources, cuts them into records and spools these by trial; pass 2 builds the trials in the order of
their numbers, in batches and on all cores. So the sources of one trial come together whatever file they lie in, the
output is sorted, and memory holds an index only. The store is loaded meanwhile, a piece at a time.
"""

import ctypes
import gc
import json
import os
import signal
import tempfile
from bisect import bisect_left
from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from datetime import UTC, datetime
from hashlib import sha256
from itertools import chain, islice
from multiprocessing import get_context
from pathlib import Path
from struct import Struct
from typing import BinaryIO, Literal

import msgspec
import zstandard

from kg import __version__
from kg.batch import Builder, Built, Options, Outcome, Quarantined
from kg.build_index import BuildIndex, Entry
from kg.describe import Census, Example, describe
from kg.directory import BuildDirectory, replacing
from kg.errors import BuildError
from kg.fingerprints import Fingerprints
from kg.identifiers import TRIAL, Minter, NctId
from kg.kept_graphs import KeptGraphs
from kg.mappings import load_mapping_sets, mapping_triples
from kg.members import MemberWriter, compress, unpack
from kg.models import RawRecord, Record, Rejection, SourceFormat, UsedVocabulary
from kg.nquads import lines
from kg.owl import owl_triples
from kg.query import saved_queries
from kg.read import Limits, parse, scan
from kg.reason import Facts, infer_concepts
from kg.report import BuildReport, write_page
from kg.store import display_prefixes
from kg.texts import KeptText, TextStore
from kg.vocabulary import Vocabularies

BATCH = 10  # trials a validation call, and a task of a worker; the validator is fastest on 5 to 10
_IN_FLIGHT = 4  # tasks a worker that are waiting or done but not yet written
_BETWEEN_COLLECTIONS = 100_000  # objects made and not yet freed; Python's own number is 700
_PR_SET_PDEATHSIG = 1
_SPOOLED = Struct("<32sII")  # of a spooled record: its SHA-256, and the lengths of what tells about it and of itself
_NAMES_REPORTED = 20  # names without a concept, a kind
NAMES_KEPT = 20_000  # names without a concept that are counted, a kind; the report shows the most frequent

Progress = Callable[[str, int, int | None], None]  # stage, done, total or None


def build(
    sources: Sequence[Path | Literal["-"]],
    out: Path,
    options: Options,
    *,
    vocabularies: Vocabularies | None = None,
    workers: int | None = None,
    limits: Limits | None = None,
    progress: Progress | None = None,
) -> BuildReport:
    """Build a graph from ``sources`` in the folder ``out``, which is replaced whole or left as it was.

    Args:
        sources: Files, folders, archives, or "-" for standard input.
        out: The build directory.
        options: What changes the content of the graph.
        vocabularies: What the user has added, if it is to be used.
        workers: Processes; by default one a core.
        limits: What a source may cost.
        progress: Called with the stage's name, what is done and, if known, of how many.

    Raises:
        SourceError: A source that was named does not exist.
        BuildError: ``out`` cannot be written or holds something else.
        TerminologyError: What the user has added is damaged.
    """
    progress = progress or _silent
    started = datetime.now(UTC)
    made_with = Fingerprints.now(vocabularies.fingerprint if vocabularies else "")
    with not_collecting():  # and before anything is written: the terminology may be at fault
        builder = Builder(options, vocabularies.lexicon if vocabularies else None)
    used = vocabularies.used if vocabularies else ()
    with replacing(out) as directory, tempfile.TemporaryFile(dir=directory.path) as spool_file:
        spool = Spool(spool_file)
        scanned = _scan(sources, limits or Limits(), spool, progress)
        built = build_all(spool, builder, workers)
        counted = _counted(built, len(spool), progress)
        report = write_build(directory, builder, counted, spool.entry, scanned, progress, used)
        places = [str(source.absolute()) for source in sources if isinstance(source, Path)]
        finish(directory, options, made_with, report, places, started)
    return report


def _counted(built: Iterable[Built], trials: int, progress: Progress) -> Iterator[Built]:
    """Pass on what is built, and show how many trials that is."""
    done = 0
    for batch in built:
        yield batch
        done += len(batch.outcomes)
        progress("build", done, trials)


def write_build(
    directory: BuildDirectory,
    builder: Builder,
    built: Iterable[Built],
    entry: Callable[[Outcome, int | None], Entry],
    scanned: "Scanned",
    progress: Progress,
    used: Sequence[UsedVocabulary] = (),
) -> BuildReport:
    """Write what was built, in the order of the trials' numbers, and the graphs that trials share.

    Args:
        directory: An empty one.
        builder: What it was built with.
        built: Batches.
        entry: Returns what the index keeps of a trial whose quads are in this member.
        scanned: What was read.
        progress: Called with "load".
        used: The user's vocabularies that are in use.
    """
    kept = KeptGraphs.load(builder.options.base_iri, Fingerprints.now(), lambda: shared_graphs(builder, ()))
    census = Census()
    with (
        MemberWriter(directory.quads) as members,
        TextStore(directory.texts, create=True) as texts,
        BuildIndex.create(directory.index) as index,
        kept.loader(directory.store) as loader,
    ):
        for done in built:
            member = members.add(done.quads, done.inferred)
            loader.add(unpack(done.quads))
            for nct_id, packed in done.texts:
                texts.add(nct_id, packed)
            texts.add_documents(done.documents)
            write_quarantine(directory, done.quarantined)
            for outcome in done.outcomes:
                index.put(entry(outcome, member))
            census.add(done.census)
        if added := index.added():  # which the shared graphs describe as well
            kept = KeptGraphs.of(shared_graphs(builder, added))
            for graph in kept.members:
                loader.add(unpack(graph))
        index.keep_census("trials", census)
        index.keep_census("shared", shared := kept.census)
        census.add(shared)
        about = about_graph(census, builder.terminology.minter, used)
        for text in chain((about,), members.conclusions()):  # 44 MB at 10,000 trials: never all at once
            loader.add(text)
        index.keep("unplaced", scanned.unplaced)
        index.keep_places(*members.finish([compress(about), *kept.members]))
        quads = census.statements + about.count(b"\n")
        report = summed_report(index, directory, scanned.records, quads, used)
        progress("load", 0, report.quads)
    progress("load", report.quads, report.quads)
    return report


def finish(
    directory: BuildDirectory,
    options: Options,
    made_with: Fingerprints,
    report: BuildReport,
    places: Sequence[str],
    started: datetime,
) -> None:
    """Write the reports, and then the sign that everything is there."""
    directory.report.write_bytes(msgspec.json.format(msgspec.json.encode(report, enc_hook=str), indent=2) + b"\n")
    write_page(report, directory.report_page)
    directory.sources.write_text(json.dumps(places, indent=2) + "\n", "utf-8")
    directory.run.write_text(json.dumps({"started": f"{started}", "ended": f"{datetime.now(UTC)}"}) + "\n", "utf-8")
    directory.finish(
        {
            **msgspec.to_builtins(options),
            "trialkg": __version__,
            "quads": report.quads,
            "trials": report.trials,
            **made_with._asdict(),
        }
    )


def _silent(*_: object) -> None:
    """Show no progress."""


# --- pass 1: records by trial


class Scanned(Record, frozen=True, kw_only=True):
    """What a scan of sources found: all records, and what was rejected before its trial was known."""

    records: int
    unplaced: tuple[Rejection, ...]


class Spool:
    """Raw records on disk, compressed, with an index by trial in memory: a number a record, for there are many."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._end = 0
        self._compress = zstandard.ZstdCompressor(level=1)
        self._decompress = zstandard.ZstdDecompressor()
        self._offsets: dict[NctId, tuple[int, ...]] = {}
        self._duplicates: Counter[str] = Counter()

    def __len__(self) -> int:
        return len(self._offsets)

    def add(self, raw: RawRecord, digest: bytes) -> None:
        """Keep a record, unless the same bytes, known by their SHA-256, are there already: then it is counted."""
        offsets = self._offsets.get(raw.nct_id, ())
        if any(self._digest(offset) == digest for offset in offsets):
            self._duplicates[raw.nct_id] += 1
            return
        about = msgspec.msgpack.encode((raw.format, raw.file, raw.position))
        packed = self._compress.compress(raw.payload)
        head = _SPOOLED.pack(digest, len(about), len(packed))
        self._offsets[raw.nct_id] = (*offsets, self._end)
        self._file.seek(self._end)
        self._end += self._file.write(b"".join((head, about, packed)))

    def digests(self, nct_id: str) -> tuple[bytes, ...]:
        """Return the SHA-256 of a trial's records, sorted."""
        return tuple(sorted(map(self._digest, self._offsets.get(NctId(nct_id), ()))))

    def forget(self, nct_id: str) -> None:
        """Leave a trial out, if it is there."""
        self._offsets.pop(NctId(nct_id), None)

    def entry(self, outcome: Outcome, member: int | None) -> Entry:
        """Return what the index of a build keeps of a trial of this spool."""
        return Entry(
            outcome=outcome,
            digests=self.digests(outcome.nct_id),
            duplicates=self._duplicates[outcome.nct_id],
            member=member,
        )

    def __iter__(self) -> Iterator[tuple[str, list[RawRecord]]]:
        """Yield the trials in the order of their numbers, with their records in an order that files do not decide."""
        for nct_id in sorted(self._offsets):
            yield nct_id, [self._record(nct_id, offset) for offset in sorted(self._offsets[nct_id], key=self._digest)]

    def _digest(self, offset: int) -> bytes:
        return self._head(offset)[0]

    def _head(self, offset: int) -> tuple[bytes, int, int]:
        self._file.seek(offset)
        digest, about_length, length = _SPOOLED.unpack(self._file.read(_SPOOLED.size))
        return digest, about_length, length

    def _record(self, nct_id: NctId, offset: int) -> RawRecord:
        _, about_length, length = self._head(offset)
        about = msgspec.msgpack.decode(self._file.read(about_length), type=tuple[SourceFormat, str, str])
        payload = self._decompress.decompress(self._file.read(length))
        return RawRecord(nct_id=nct_id, format=about[0], payload=payload, file=about[1], position=about[2])


def _scan(sources: Sequence[Path | Literal["-"]], limits: Limits, spool: Spool, progress: Progress) -> Scanned:
    """Spool the records of the sources."""
    rejections: list[Rejection] = []
    records = 0
    for records, found in enumerate(scan(sources, limits=limits), 1):
        if isinstance(found, Rejection):
            rejections.append(found)
        else:
            spool.add(found, sha256(found.payload).digest())
        if records % 100 == 0:
            progress("read", records, None)
    progress("read", records, records)
    return Scanned(records=records, unplaced=tuple(rejections))


# --- pass 2: trials to quads

_builder: Builder | None = None  # one a worker process: the lexicon takes its time to make

_Batch = list[tuple[str, list[RawRecord]]]


def _start_worker(options: Options, lexicon: Path | None, parent: int) -> None:
    global _builder  # noqa: PLW0603 - the only state that a process pool can hand to its tasks
    _end_with_parent(parent)
    if _builder is None:  # not inherited
        with not_collecting():
            _builder = Builder(options, lexicon)
    collect_seldom()


@contextmanager
def not_collecting() -> Iterator[None]:
    """Look for no garbage: to make a builder is to make half a million objects that stay, looked at again and again."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


def collect_seldom() -> None:
    """Look for garbage a tenth as often, and never at the lexicon: that saves time, and its memory stays shared.

    What a build makes is freed by counting references; cycles are few.
    """
    gc.freeze()
    gc.set_threshold(_BETWEEN_COLLECTIONS, *gc.get_threshold()[1:])


def _end_with_parent(parent: int) -> None:
    """Have the kernel end this worker when the build is killed, for nobody else would (prctl(2); Linux alone)."""
    libc = ctypes.CDLL(None)
    if hasattr(libc, "prctl"):
        libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != parent:  # killed before the kernel was asked
            os._exit(1)


def _work(batch: _Batch) -> Built:
    if _builder is None:
        raise RuntimeError("the worker was not started with _start_worker")
    return _builder.build(batch)


def build_all(spool: Spool, builder: Builder, workers: int | None) -> Iterator[Built]:
    """Start the workers now, and return an iterator over what they build, in the order of the trials."""
    batches = _batches(spool)
    workers = min(workers or os.cpu_count() or 1, -(-len(spool) // BATCH))
    if workers <= 1:
        return _alone(builder, batches)
    return _results(_pool(builder, workers), batches, workers * _IN_FLIGHT)


def _alone(builder: Builder, batches: Iterator[_Batch]) -> Iterator[Built]:
    before = gc.get_threshold()
    collect_seldom()
    try:
        yield from map(builder.build, batches)
    finally:
        gc.set_threshold(*before)
        gc.unfreeze()


def _results(pool: ProcessPoolExecutor, batches: Iterator[_Batch], in_flight: int) -> Iterator[Built]:
    waiting: deque[tuple[_Batch, Future[Built]]] = deque()

    def submit(number: int) -> None:
        for batch in islice(batches, number):
            waiting.append((batch, Future()))  # so that it is named if the pool is broken already
            waiting[-1] = (batch, pool.submit(_work, batch))

    with pool:
        try:
            submit(in_flight)
            while waiting:
                yield waiting[0][1].result()
                waiting.popleft()
                submit(1)
        except BrokenProcessPool as err:
            batch = waiting[0][0]
            raise BuildError(
                f"A worker process ended without a word, at the trials {batch[0][0]} to {batch[-1][0]} or near "
                "them: look whether memory ran out, and try fewer workers."
            ) from err


def _pool(builder: Builder, workers: int) -> ProcessPoolExecutor:
    """Start processes that inherit the builder where that is safe, and otherwise make one each.

    A process of several threads must not fork (a lock that another thread holds stays locked for good), and only Linux
    tells how many there are.
    """
    global _builder  # noqa: PLW0603 - see above
    threads = Path("/proc/self/task")
    made_from = (builder.options, builder.lexicon, os.getpid())
    if not threads.is_dir() or len(list(threads.iterdir())) > 1:
        return ProcessPoolExecutor(workers, get_context("spawn"), _start_worker, made_from)
    _builder = builder
    try:
        pool = ProcessPoolExecutor(workers, get_context("fork"), _start_worker, made_from)
        pool.submit(int)  # with the first task all processes start
        return pool
    finally:
        _builder = None


def _batches(spool: Spool) -> Iterator[_Batch]:
    trials = iter(spool)
    while batch := list(islice(trials, BATCH)):
        yield batch


class Tally:
    """Sums over trials."""

    def __init__(self) -> None:
        self.trials = self.built = self.duplicates = self.quarantined_records = self.internal_errors = 0
        self.rejections: list[Rejection] = []
        self.quarantined: dict[str, tuple[str, ...]] = {}
        self.counts: Counter[str] = Counter()
        self.unlinked: dict[str, Counter[str]] = {}
        self.disagreements: list[dict[str, str]] = []
        self.unknown_codes: list[tuple[str, str, str]] = []

    def add(self, outcome: Outcome) -> None:
        """Count what became of a trial."""
        if outcome.quarantine is not None:
            self.quarantined[outcome.nct_id] = outcome.quarantine
            self.quarantined_records += outcome.records
        else:
            self.trials += outcome.records > 0
            self.built += outcome.records
        self.rejections += outcome.rejections
        self.internal_errors += len(outcome.rejections) * outcome.internal_error
        self.counts.update(outcome.counts)
        for kind, name in outcome.unlinked:
            self._see_unlinked(kind, name)
        self.disagreements += [msgspec.to_builtins(one, enc_hook=str) for one in outcome.disagreements]
        self.unknown_codes += ((outcome.nct_id, *code) for code in outcome.unknown_codes)

    def _see_unlinked(self, kind: str, name: str) -> None:
        counter = self.unlinked.setdefault(kind, Counter())
        counter[name] += 1
        if len(counter) > NAMES_KEPT:  # lossy counting: what is frequent stays, and memory does not grow
            self.unlinked[kind] = Counter(dict(counter.most_common(NAMES_KEPT // 2)))

    def report(
        self, rejections: Sequence[Rejection], records_read: int, quads: int, vocabularies: Sequence[UsedVocabulary]
    ) -> BuildReport:
        """Return the report, in which what was read equals what became of it.

        Args:
            rejections: All of them, also those of records whose trial is not known.
            records_read: Records, as they were counted when the sources were read.
            quads: Lines of the whole graph.
            vocabularies: Of the user's, those that were used.
        """
        reasons = Counter(f"{it.field}: {it.reason}" if it.field else it.reason for it in rejections)
        return BuildReport(
            records_read=records_read,
            records_built=self.built,
            records_duplicate=self.duplicates,
            records_rejected=len(rejections),
            records_quarantined=self.quarantined_records,
            internal_errors=self.internal_errors,
            trials=self.trials,
            quads=quads,
            counts=dict(sorted(self.counts.items())),
            unlinked={kind: _most_common(names) for kind, names in sorted(self.unlinked.items())},
            rejection_reasons=dict(sorted(reasons.most_common(50))),
            quarantined=dict(sorted(self.quarantined.items())),
            disagreements=tuple(self.disagreements),
            unknown_codes=tuple(self.unknown_codes),
            vocabularies=tuple(vocabularies),
        )


def _most_common(names: Counter[str]) -> dict[str, int]:
    return dict(sorted(names.items(), key=lambda item: (-item[1], item[0]))[:_NAMES_REPORTED])


def summed_report(
    index: BuildIndex,
    directory: BuildDirectory,
    records_read: int,
    quads: int,
    vocabularies: Sequence[UsedVocabulary] = (),
) -> BuildReport:
    """Write what was rejected, and return the report that the trials of an index come to."""
    return report_of(index, index.unplaced, directory, records_read, quads, vocabularies)


def report_of(
    entries: Iterable[Entry],
    unplaced: Sequence[Rejection],
    directory: BuildDirectory,
    records_read: int,
    quads: int,
    vocabularies: Sequence[UsedVocabulary] = (),
) -> BuildReport:
    """Write what was rejected, and return the report that trials, in the order of their numbers, come to."""
    tally = Tally()
    for entry in entries:
        tally.add(entry.outcome)
        tally.duplicates += entry.duplicates
    rejections = sorted([*unplaced, *tally.rejections], key=lambda it: (it.file, it.position, it.field, it.reason))
    write_json_lines(directory.rejected, rejections)
    return tally.report(rejections, records_read, quads, vocabularies)


# --- the graphs that trials share


def shared_graphs(builder: Builder, added: Iterable[str]) -> list[bytes]:
    """Return the graphs of `kg.members.SHARED` but the first, as N-Quads.

    Args:
        builder: What the trials were made with.
        added: IRIs of the concepts of added vocabularies that the trials point to.
    """
    minter = builder.terminology.minter
    concepts = sorted(set(builder.concept_triples(added)))
    concluded = lines(infer_concepts(builder.ontology, Facts(concepts)), minter.graph("inferred")).encode()
    of_concepts = concluded.splitlines(keepends=True)
    middle = bisect_left(of_concepts, f"<{TRIAL}".encode())  # what follows for trials goes between: all is sorted
    return [
        lines(concepts, minter.graph("concepts")).encode(),
        b"".join(of_concepts[:middle]),
        b"".join(of_concepts[middle:]),
        lines(mapping_triples(load_mapping_sets(minter), minter), minter.graph("mappings")).encode(),
        lines(owl_triples(minter), minter.graph("vocabulary")).encode(),
    ]


def about_graph(census: Census, minter: Minter, vocabularies: Sequence[UsedVocabulary] = ()) -> bytes:
    """Return the dataset's description of itself as N-Quads; the census is that of all other graphs."""
    described = describe(census, minter, display_prefixes(minter.base), _examples(), __version__, vocabularies)
    return lines(described, minter.graph("about")).encode()


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
            again = {KeptText(text.document, text.locator, text.source_text) for text in parse(raw).texts}
            yield from ((raw.nct_id, text) for text in kept if text not in again)


# --- files beside the graph


def write_json_lines(path: Path, records: Iterable[Record]) -> None:
    """Write records as JSON lines."""
    with path.open("wb") as file:
        for record in records:
            file.write(msgspec.json.encode(record, enc_hook=str) + b"\n")


def write_quarantine(directory: BuildDirectory, quarantined: Iterable[Quarantined]) -> None:
    """Write the trials that broke a rule, and why."""
    for one in quarantined:
        directory.quarantine.mkdir(exist_ok=True)
        (directory.quarantine / f"{one.nct_id}.ttl").write_text(one.ntriples, "utf-8")  # N-Triples is Turtle
        (directory.quarantine / f"{one.nct_id}.report.ttl").write_text(one.report_turtle, "utf-8")
