"""What the executors do, as plain functions over the records of a partition; they need nothing of Spark."""

from collections.abc import Iterable, Iterator, Mapping
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from typing import NamedTuple

from kg.batch import Builder, Options
from kg.errors import BuildError
from kg.fingerprints import Fingerprints
from kg.models import RawRecord, Rejection
from kg.partitioned import Key, gather, part_of
from kg.pipeline import collect_seldom
from kg.read import Limits, scan_file, scan_line

Order = tuple[int, int]  # number of the file among the sources, and of what was found in it
Found = tuple[Order, RawRecord | Rejection]


class Named(NamedTuple):
    """A file of the sources: its number among them, and what it is called in reports."""

    number: int
    name: str


class Summary(NamedTuple):
    """What a partition of the sources holds."""

    records: int
    nct_ids: frozenset[str]
    unplaced: list[tuple[Order, Rejection]]
    files: frozenset[int]  # numbers of those that were read


def scan_whole(rows: Iterable[tuple[str, bytes]], files: Mapping[str, Named], limits: Limits) -> Iterator[Found]:
    """Cut files that come whole, as path and content, into records."""
    for path, content in rows:
        number, name = files[path]
        with BytesIO(content) as file:
            for place, found in enumerate(scan_file(file, name, limits=limits)):
                yield (number, place), found


def scan_lines(
    rows: Iterable[tuple[str, int, bytes]],
    files: Mapping[str, Named],
    before: Mapping[tuple[str, int], int],
    limits: Limits,
) -> Iterator[Found]:
    """Cut files of JSON lines that come in blocks into records.

    Args:
        rows: Path, start of the block and content of each line, those of a block in their order.
        files: The files by path.
        before: How many lines of its file stand before a block, by path and start.
        limits: What a record may cost.
    """
    block, line_number = ("", 0), 0
    for path, start, line in rows:
        if block != (path, start):
            block, line_number = (path, start), before[path, start]
        line_number += 1
        number, name = files[path]
        found = scan_line(line, line_number, name, limits=limits)
        if found is not None:
            yield (number, line_number), found


def summary(found: Iterable[Found]) -> Iterator[Summary]:
    """Yield what a partition holds: which trials, how many records, and what has no trial."""
    records = 0
    nct_ids: set[str] = set()
    files: set[int] = set()
    unplaced: list[tuple[Order, Rejection]] = []
    for order, one in found:
        records += 1
        files.add(order[0])
        if isinstance(one, Rejection):
            unplaced.append((order, one))
        else:
            nct_ids.add(str(one.nct_id))
    yield Summary(records, frozenset(nct_ids), unplaced, frozenset(files))


def keyed(found: Iterable[Found]) -> Iterator[tuple[Key, RawRecord]]:
    """Give the records their keys; what has no trial is left out, for its summary has it."""
    for order, one in found:
        if isinstance(one, RawRecord):
            yield Key(str(one.nct_id), sha256(one.payload).digest(), order), one


_builders: dict[Options, Builder] = {}  # one a process: the lexicon takes its time to make


def build_part(
    pairs: Iterable[tuple[Key, RawRecord]], options: Options, made_with: Fingerprints, lexicon: Path | None = None
) -> Iterator[tuple[str, bytes]]:
    """Build a part from its records, sorted by their keys; see `kg.partitioned.part_of`.

    Args:
        pairs: The records.
        options: What changes the content of the graph.
        made_with: The driver's.
        lexicon: The compiled vocabularies of the user, as they were sent here; they have their driver's fingerprint.

    Raises:
        BuildError: The trialkg of this executor is not that of the driver.
    """
    if options not in _builders:
        if Fingerprints.now(made_with.vocabularies) != made_with:
            raise BuildError("an executor has another version of trialkg than the driver; install the same one there.")
        _builders[options] = Builder(options, lexicon)
        collect_seldom()
    return part_of(_builders[options], gather(pairs))
