"""A graph in parts, as the tasks of a cluster write it, and how it becomes a build directory.

::

    OUT/quads/part-00000.nq.gz      trials, in the order of their numbers over all parts
    OUT/inferred/part-00000.nq.gz   what follows from them
    OUT/shared/concepts.nq.gz       the graphs that trials share, a file each; about.nq.gz describes the whole
    OUT/trials/part-00000.jsonl.gz  what became of each trial, and the hashes of its records
    OUT/texts/part-00000.jsonl.gz   the texts that quotes point into, and where each document lay
    OUT/census/part-00000.jsonl.gz  counts, for the description of the whole
    OUT/report.json, report.html, rejected.jsonl, quarantine/, build.json, …   as in a build directory
    OUT/scanned.json                how many records were read, and what was rejected before its trial was known
    OUT/_SUCCESS                    everything else is there

All of ``quads``, ``inferred`` and ``shared`` together are the graph.
"""

import gzip
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from itertools import groupby, islice
from pathlib import Path
from typing import Final, NamedTuple

import msgspec

from kg.batch import Builder, Built, Options, Outcome, Quarantined, member_of
from kg.build_index import CensusRecord, Entry
from kg.describe import Census
from kg.directory import BuildDirectory, replacing
from kg.errors import BuildError
from kg.fingerprints import Fingerprints
from kg.members import unpack
from kg.models import RawRecord, Record
from kg.pipeline import BATCH, Progress, Scanned, finish, write_build
from kg.report import BuildReport
from kg.texts import KeptDocument
from kg.vocabulary import VocabularyFolder

QUADS: Final = "quads"
INFERRED: Final = "inferred"
TRIALS: Final = "trials"
TEXTS: Final = "texts"
CENSUS: Final = "census"
QUARANTINE: Final = "quarantine"
SHARED: Final = "shared"
ENDINGS: Final = {QUADS: "nq.gz", INFERRED: "nq.gz", TRIALS: "jsonl.gz", TEXTS: "jsonl.gz", CENSUS: "jsonl.gz"}
SCANNED: Final = "scanned.json"
SUCCESS: Final = "_SUCCESS"

_ENTRY: Final = msgspec.json.Decoder(Entry, dec_hook=lambda kind, value: kind(value))


class Key(NamedTuple):
    """By what records are sorted: those of a trial come together, and of equal ones the first stays."""

    nct_id: str
    digest: bytes  # SHA-256
    order: tuple[int, int]  # number of the file among the sources, and of the record in its file


class Gathered(NamedTuple):
    """A trial's records, each once, in the order of their hashes."""

    nct_id: str
    records: list[RawRecord]
    digests: tuple[bytes, ...]
    duplicates: int


class KeptOfTrial(Record, frozen=True, kw_only=True):
    """What is kept of a trial beside the graph."""

    nct_id: str
    packed: bytes  # its texts
    documents: tuple[KeptDocument, ...]


# --- what a task does


def gather(pairs: Iterable[tuple[Key, RawRecord]]) -> Iterator[Gathered]:
    """Put the records of each trial together, from records sorted by their keys."""
    for nct_id, of_trial in groupby(pairs, lambda pair: pair[0].nct_id):
        records: list[RawRecord] = []
        digests: list[bytes] = []
        duplicates = 0
        for key, record in of_trial:
            if digests and digests[-1] == key.digest:
                duplicates += 1
            else:
                digests.append(key.digest)
                records.append(record)
        yield Gathered(nct_id, records, tuple(digests), duplicates)


def part_of(builder: Builder, trials: Iterable[Gathered]) -> Iterator[tuple[str, bytes]]:
    """Build the trials of a part; yield pieces of its files, each with the name of its folder, in their order.

    A piece is one or more lines without the last one's end.
    """
    trials = iter(trials)
    census = Census()
    while batch := list(islice(trials, BATCH)):
        built = builder.build([(it.nct_id, it.records) for it in batch])
        for folder, member in ((QUADS, built.quads), (INFERRED, built.inferred)):
            if member:
                yield folder, unpack(member).removesuffix(b"\n")
        for trial, outcome in zip(batch, built.outcomes, strict=True):
            yield TRIALS, _line(Entry(outcome=outcome, digests=trial.digests, duplicates=trial.duplicates))
        for nct_id, packed in built.texts:
            documents = tuple(it for it in built.documents if it.nct_id == nct_id)
            yield TEXTS, _line(KeptOfTrial(nct_id=nct_id, packed=packed, documents=documents))
        yield from ((QUARANTINE, _line(one)) for one in built.quarantined)
        census.add(built.census)
    yield CENSUS, _line(CensusRecord.of(census))


def _line(record: Record) -> bytes:
    return msgspec.json.encode(record, enc_hook=str)


# --- what parts hold


def read_entries(content: bytes) -> list[Entry]:
    """Return what became of the trials of a part, from the content of its file."""
    return [_ENTRY.decode(line) for line in gzip.decompress(content).splitlines()]


def read_quarantined(content: bytes) -> list[Quarantined]:
    """Return the trials of a part that broke a rule, from the content of its file."""
    return [msgspec.json.decode(line, type=Quarantined) for line in gzip.decompress(content).splitlines()]


def read_census(content: bytes) -> Census:
    """Return the counts of a part, from the content of its file."""
    return msgspec.json.decode(gzip.decompress(content), type=CensusRecord).census()


# --- from parts to a build directory


def collect(
    parts: Path, out: Path, *, data_dir: Path | str | None = None, progress: Progress | None = None
) -> BuildReport:
    """Make a build directory of a graph in parts; the quads have the bytes of a local build's.

    Args:
        parts: The folder of the parts, on this machine.
        out: The build directory; it is replaced whole or left as it was.
        data_dir: Where added vocabularies lie, if the build used them; by default the platform's data directory.
        progress: Called with stage, what is done and of how many.

    Raises:
        BuildError: ``parts`` is unfinished or made by another version, or ``out`` cannot be written.
    """
    progress = progress or _silent
    if not (parts / SUCCESS).is_file():
        raise BuildError(f"{parts} holds no finished graph in parts; make one with `kg build --engine spark`.")
    settings = BuildDirectory(parts).settings
    vocabularies = VocabularyFolder.of_user(data_dir).vocabularies() if settings.get("vocabularies") else None
    made_with = Fingerprints.now(vocabularies.fingerprint if vocabularies else "")
    if not made_with.same_as(settings):
        raise BuildError(
            f"{parts} was made by another version of trialkg ({settings.get('trialkg')}), with other concepts or with "
            "other added vocabularies; use the same ones here."
        )
    started = datetime.now(UTC)
    options = msgspec.convert({name: settings[name] for name in Options.__struct_fields__}, Options)
    scanned = msgspec.json.decode((parts / SCANNED).read_bytes(), type=Scanned)
    builder = Builder(options, vocabularies.lexicon if vocabularies else None)
    entries: dict[str, Entry] = {}  # of the batch in hand

    def batches() -> Iterator[Built]:
        names = [path.name.split(".")[0] for path in sorted((parts / TRIALS).glob("part-*"))]
        for number, name in enumerate(names, 1):
            for batch, built in _batches(_Part(parts, name)):
                entries.clear()
                entries.update((entry.nct_id, entry) for entry in batch)
                yield built
            progress("collect", number, len(names))

    def entry(outcome: Outcome, member: int | None) -> Entry:
        return msgspec.structs.replace(entries[outcome.nct_id], member=member)

    with replacing(out) as directory:
        used = vocabularies.used if vocabularies else ()
        report = write_build(directory, builder, batches(), entry, scanned, progress, used)
        _keep_quarantine(BuildDirectory(parts), directory)
        places = msgspec.json.decode(BuildDirectory(parts).sources.read_bytes(), type=list[str])
        finish(directory, options, made_with, report, places, started)
    return report


def _silent(*_: object) -> None:
    """Show no progress."""


class _Part:
    """The files of a part."""

    def __init__(self, parts: Path, name: str) -> None:
        self._parts = parts
        self._name = name

    def lines(self, folder: str) -> list[bytes]:
        """Return the lines of a file; a file without lines may not be there."""
        path = self._parts / folder / f"{self._name}.{ENDINGS[folder]}"
        return gzip.decompress(path.read_bytes()).splitlines(keepends=True) if path.exists() else []


def _batches(part: _Part) -> Iterator[tuple[Sequence[Entry], Built]]:
    """Cut a part into the batches of a local build."""
    entries = iter([_ENTRY.decode(line) for line in part.lines(TRIALS)])
    quads, inferred = iter(part.lines(QUADS)), iter(part.lines(INFERRED))
    kept = {one.nct_id: one for one in (msgspec.json.decode(line, type=KeptOfTrial) for line in part.lines(TEXTS))}
    census = [msgspec.json.decode(line, type=CensusRecord).census() for line in part.lines(CENSUS)]
    while batch := list(islice(entries, BATCH)):
        of_batch = [kept[it.nct_id] for it in batch if it.nct_id in kept]
        yield (
            batch,
            Built(
                quads=member_of(b"".join(islice(quads, sum(it.outcome.quads for it in batch)))),
                inferred=member_of(b"".join(islice(inferred, sum(it.outcome.inferred for it in batch)))),
                texts=tuple((one.nct_id, one.packed) for one in of_batch),
                documents=tuple(document for one in of_batch for document in one.documents),
                quarantined=(),  # their files are copied
                outcomes=tuple(it.outcome for it in batch),
                census=census.pop() if census else Census(),
            ),
        )


def _keep_quarantine(old: BuildDirectory, new: BuildDirectory) -> None:
    for path in sorted(old.quarantine.iterdir()) if old.quarantine.is_dir() else ():
        if not path.name.startswith("."):  # Hadoop's checksums
            new.quarantine.mkdir(exist_ok=True)
            (new.quarantine / path.name).write_bytes(path.read_bytes())
