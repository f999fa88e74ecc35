"""The driver: sources to a graph in parts (`kg.partitioned`).

Job 1 reads the sources and says which trials there are. These are cut into parts of as many numbers each; job 2 reads
the sources again, brings the records of a trial together by a shuffle and builds each part in a task. Spark's own
committer sees to it that of all attempts at a part one counts. What trials share is made by the driver.
"""

import re
import tempfile
from bisect import bisect_right
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from operator import itemgetter
from pathlib import Path
from typing import Final, TypeVar

import msgspec
from py4j.protocol import Py4JJavaError
from pyspark import RDD, SparkFiles
from pyspark.errors import PySparkException
from pyspark.sql import SparkSession
from pyspark.sql import functions as sql
from pyspark.sql.types import BinaryType, StringType, StructField, StructType

from kg.batch import Builder, Options, Quarantined
from kg.build_index import Entry
from kg.directory import BuildDirectory
from kg.errors import BuildError, ClusterError, UsageError
from kg.fingerprints import Fingerprints
from kg.kept_graphs import census_of
from kg.members import SHARED as SHARED_GRAPHS
from kg.members import compress
from kg.models import Rejection, UsedVocabulary
from kg.partitioned import (
    CENSUS,
    ENDINGS,
    QUARANTINE,
    SCANNED,
    SHARED,
    TRIALS,
    read_census,
    read_entries,
    read_quarantined,
)
from kg.pipeline import (
    BATCH,
    Progress,
    Scanned,
    about_graph,
    finish,
    report_of,
    shared_graphs,
    write_quarantine,
)
from kg.read import Limits, holds_lines
from kg.report import BuildReport
from kg.spark.hadoop import HadoopFile, HadoopFiles, reason_of
from kg.spark.session import session
from kg.spark.tasks import Found, Named, Order, Summary, build_part, keyed, scan_lines, scan_whole, summary
from kg.vocabulary import Vocabularies

TRIALS_A_PART: Final = 50 * BATCH
WHOLE_FILE_BYTES: Final = 32 << 20  # a larger file has to be JSON lines, which Spark divides
_PARTS: Final = "_parts"  # what Spark writes; renamed when it is whole
_ROWS: Final = StructType([StructField("folder", StringType()), StructField("text", BinaryType())])
_FROM_A_TASK: Final = re.compile(r"kg\.errors\.\w+: (.+)")
_GLOB: Final = re.compile(r"([{}\[\]*?\\])")
_Result = TypeVar("_Result")


def build_on_spark(
    sources: Sequence[str],
    out: str,
    options: Options,
    *,
    master: str | None = None,
    settings: Mapping[str, str] | None = None,
    vocabularies: Vocabularies | None = None,
    limits: Limits | None = None,
    trials_a_part: int = TRIALS_A_PART,
    progress: Progress | None = None,
) -> BuildReport:
    """Build a graph on a cluster, in parts (`kg.partitioned`); ``out`` is replaced whole or left as it was.

    Args:
        sources: Files and folders, as Hadoop addresses them.
        out: A folder on any file system of Hadoop.
        options: What changes the content of the graph.
        master: Of Spark; by default that of Spark's configuration or else ``local[*]``.
        settings: Of Spark.
        vocabularies: What the user has added, if it is to be used; it is sent to the executors.
        limits: What a source may cost.
        trials_a_part: A part is what a task builds, and what is built again when its executor is lost.
        progress: Called with the stage's name, what is done and of how many.

    Raises:
        SourceError: A source does not exist or cannot be read.
        BuildError: ``out`` cannot be written or holds something else, or the sources changed meanwhile.
        ClusterError: Spark cannot be started, or gives up.
    """
    if "-" in sources:
        raise UsageError("Spark cannot read standard input: name files or folders that all executors can read.")
    if trials_a_part % BATCH:
        raise UsageError(f"A part has a multiple of {BATCH} trials.")
    started = datetime.now(UTC)
    made_with = Fingerprints.now(vocabularies.fingerprint if vocabularies else "")
    builder = Builder(
        options, vocabularies.lexicon if vocabularies else None
    )  # before anything is started: the terminology may be at fault
    with session(master, settings or {}) as spark:
        used = vocabularies.used if vocabularies else ()
        run = _Run(spark, HadoopFiles(spark), builder, made_with, used, limits or Limits(), progress or _silent)
        with run.files.replacing(out) as staging:
            found, scanned, nct_ids = run.scan(sources)
            run.build(found, nct_ids, trials_a_part, staging)
            report = run.finish(staging, scanned, sources, started)
    return report


def _silent(*_: object) -> None:
    """Show no progress."""


@dataclass(frozen=True, slots=True)
class _Listed:
    """The files of the sources, by how they are read."""

    whole: list[tuple[Named, HadoopFile]]
    lines: list[tuple[Named, HadoopFile]]
    unplaced: list[tuple[Order, Rejection]]


@dataclass(frozen=True, slots=True)
class _Run:
    """One build, as the driver sees it."""

    spark: SparkSession
    files: HadoopFiles
    builder: Builder
    made_with: Fingerprints
    used: Sequence[UsedVocabulary]
    limits: Limits
    progress: Progress

    # --- job 1: which trials there are

    def scan(self, sources: Sequence[str]) -> tuple[RDD[Found], Scanned, list[str]]:
        """Return what is to be read, what was found, and the trials' numbers in order."""
        listed = self._list(sources)
        found = self._found(listed)
        self.progress("read", 0, None)
        summaries: list[Summary] = _run(lambda: found.mapPartitions(summary).collect())
        read = frozenset().union(*(it.files for it in summaries))
        missed = [named.name for named, _ in listed.whole if named.number not in read]
        if missed:
            raise BuildError(f"Spark did not read {', '.join(missed[:5])}; was it removed meanwhile?")
        unplaced = sorted([*listed.unplaced, *(it for one in summaries for it in one.unplaced)], key=itemgetter(0))
        records = sum(it.records for it in summaries) + len(listed.unplaced)
        self.progress("read", records, records)
        nct_ids = sorted(frozenset().union(*(it.nct_ids for it in summaries)))
        return found, Scanned(records=records, unplaced=tuple(rejection for _, rejection in unplaced)), nct_ids

    def _list(self, sources: Sequence[str]) -> _Listed:
        listed = _Listed([], [], [])
        files = [one for source in sources for one in self.files.source(source)]
        for number, (name, file) in enumerate(files):
            reason = self._place(listed, Named(number, name), file)
            if reason:
                listed.unplaced.append(((number, 0), Rejection(file=name, position="", field="", reason=reason)))
        return listed

    def _place(self, listed: _Listed, named: Named, file: HadoopFile) -> str:
        """Decide how a file is read, or return why it is not."""
        own = file.path.rpartition("/")[2]
        if own.startswith((".", "_")):
            is_mark = not file.length or own.endswith(".crc")  # Hadoop's own
            return "" if is_mark else "hidden from Spark: its name begins with . or _; rename it"
        if not file.length:
            return "not a trial record: the file is empty"
        if file.length <= WHOLE_FILE_BYTES:
            listed.whole.append((named, file))
        elif self._holds_lines(file):
            listed.lines.append((named, file))
        else:
            return f"longer than {WHOLE_FILE_BYTES:,} bytes and not JSON lines; cut it, or build it without Spark"
        return ""

    def _holds_lines(self, file: HadoopFile) -> bool:
        stream = self.files.reader(file.path)
        try:
            return holds_lines(lambda size: bytes(stream.readNBytes(size)), limits=self.limits)
        finally:
            stream.close()

    def _found(self, listed: _Listed) -> RDD[Found]:
        context = self.spark.sparkContext
        found: list[RDD[Found]] = []
        if listed.whole:
            names = context.broadcast({file.path: named for named, file in listed.whole})
            table = self.spark.read.format("binaryFile").load(_escaped(listed.whole)).select("path", "content")
            limits = self.limits
            found.append(table.rdd.mapPartitions(lambda part: scan_whole(part, names.value, limits)))
        if listed.lines:
            found.append(self._found_in_lines(listed.lines))
        return context.union(found) if found else context.parallelize([], 1)

    def _found_in_lines(self, lines: list[tuple[Named, HadoopFile]]) -> RDD[Found]:
        """Read JSON lines in blocks; how many lines each block has is counted first, for lines to have numbers."""
        table = (
            self.spark.read.option("lineSep", "\n")
            .text(_escaped(lines))
            .select(
                sql.col("_metadata.file_path").alias("path"),
                sql.col("_metadata.file_block_start").alias("start"),
                sql.col("value").cast("binary").alias("line"),
            )
        )
        counts = sorted(_run(lambda: table.groupBy("path", "start").count().collect()))
        before: dict[tuple[str, int], int] = {}
        total, last = 0, ""
        for path, start, count in counts:
            total = total if path == last else 0
            before[path, start], last = total, path
            total += count
        limits = self.limits
        names = self.spark.sparkContext.broadcast({file.uri: named for named, file in lines})
        return table.rdd.mapPartitions(lambda part: scan_lines(part, names.value, before, limits))

    # --- job 2: the parts

    def build(self, found: RDD[Found], nct_ids: Sequence[str], trials_a_part: int, staging: str) -> None:
        """Build and write the parts."""
        firsts = list(nct_ids[::trials_a_part])
        parts = max(len(firsts), 1)
        self.progress("build", 0, parts)
        options, made_with = self.builder.options, self.made_with
        pairs = found.mapPartitions(keyed)
        by_part = pairs.repartitionAndSortWithinPartitions(parts, partial(_part_number, firsts))
        lexicon = self.builder.lexicon
        name = "" if lexicon is None else lexicon.name
        if lexicon is not None:
            self.spark.sparkContext.addFile(str(lexicon))
        rows = by_part.mapPartitions(
            lambda part: build_part(part, options, made_with, Path(SparkFiles.get(name)) if name else None)
        )
        table = self.spark.createDataFrame(rows, _ROWS, verifySchema=False)
        written = f"{staging}/{_PARTS}"
        _run(
            lambda: (
                table.select("folder", sql.col("text").cast("string").alias("text"))
                .write.partitionBy("folder")
                .option("compression", "gzip")
                .option("zlib.compress.level", "BEST_SPEED")
                .text(written)
            )
        )
        for folder in self.files.names(written):
            name = folder.removeprefix("folder=")
            for file in self.files.names(f"{written}/{folder}"):
                number = file.split("-")[1]
                ending = ENDINGS.get(name, "jsonl.gz")
                self.files.rename(f"{written}/{folder}/{file}", f"{staging}/{name}/part-{number}.{ending}")
        self.files.delete(written)
        self.progress("build", parts, parts)

    # --- what the driver adds

    def finish(self, staging: str, scanned: Scanned, sources: Sequence[str], started: datetime) -> BuildReport:
        """Write the graphs that trials share, and the reports."""
        minter = self.builder.terminology.minter
        shared = shared_graphs(self.builder, sorted({iri for it in self._entries(staging) for iri in it.outcome.added}))
        census = census_of(shared)
        for content in self._contents(staging, CENSUS):
            census.add(read_census(content))
        about = about_graph(census, minter, self.used)
        with tempfile.TemporaryDirectory() as folder:
            directory = BuildDirectory(Path(folder))
            try:
                report = report_of(
                    self._entries(staging),
                    scanned.unplaced,
                    directory,
                    scanned.records,
                    census.statements + about.count(b"\n"),
                    self.used,
                )
            except ValueError as err:
                raise BuildError(f"The sources changed while they were read ({err}); build again.") from err
            write_quarantine(directory, self._quarantined(staging))
            self.files.delete(f"{staging}/{QUARANTINE}")
            (directory.path / SHARED).mkdir()
            for name, lines in zip(SHARED_GRAPHS, (about, *shared), strict=True):
                (directory.path / SHARED / f"{name}.nq.gz").write_bytes(compress(lines))
            (directory.path / SCANNED).write_bytes(msgspec.json.encode(scanned, enc_hook=str))
            places = [self.files.place(source) for source in sources]
            finish(directory, self.builder.options, self.made_with, report, places, started)
            self.files.upload(directory.path, staging)
        return report

    def _contents(self, staging: str, folder: str) -> Iterator[bytes]:
        for name in self.files.names(f"{staging}/{folder}"):
            yield self.files.read(f"{staging}/{folder}/{name}")

    def _entries(self, staging: str) -> Iterator[Entry]:
        for content in self._contents(staging, TRIALS):
            yield from read_entries(content)

    def _quarantined(self, staging: str) -> Iterator[Quarantined]:
        for content in self._contents(staging, QUARANTINE):
            yield from read_quarantined(content)


def _part_number(firsts: Sequence[str], key: Sequence[str]) -> int:
    """Return the part of a record by its key, from the first trials of all parts."""
    return max(bisect_right(firsts, key[0]) - 1, 0)


def _escaped(files: Sequence[tuple[Named, HadoopFile]]) -> list[str]:
    """Return paths in which nothing stands for other names."""
    return [_GLOB.sub(r"\\\1", file.path) for _, file in files]


def _run(action: Callable[[], _Result]) -> _Result:
    """Run a job.

    Raises:
        BuildError: A task says so.
        ClusterError: Spark gave up.
    """
    try:
        return action()
    except (Py4JJavaError, PySparkException) as err:
        python = _last_line_of_traceback(str(err))
        ours = _FROM_A_TASK.fullmatch(python)
        if ours:
            raise BuildError(ours[1]) from err
        if python.startswith("ModuleNotFoundError"):
            raise ClusterError(
                f"The executors' Python is not fit ({python}): install trialkg in it on every worker, or name another "
                "with spark.pyspark.python; see docs/spark.md."
            ) from err
        java = reason_of(err) if isinstance(err, Py4JJavaError) else str(err).strip().partition("\n")[0]
        raise ClusterError(f"Spark gave up: {python or java}") from err


def _last_line_of_traceback(text: str) -> str:
    """Return what Python said last, if there is a traceback of Python's in a text."""
    _, found, traceback = text.rpartition("Traceback (most recent call last):\n")
    said = (line for line in traceback.splitlines() if line and not line[0].isspace())
    return next(said, "") if found else ""
