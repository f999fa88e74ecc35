"""What became of each trial, kept beside the graph: what an update compares with, and what reports are summed from.

A SQLite file of the build directory. Where the quads of a trial lie in ``graph.nq.gz`` is told by its gzip member: the
trials of a member come in the order of their numbers, each with as many lines as its outcome says.
"""

import shutil
import sqlite3
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple, Self, TypeVar

import msgspec
from isal import isal_zlib

from kg.batch import Outcome
from kg.describe import Census
from kg.errors import BuildError
from kg.models import Record, Rejection

_TABLES = """
CREATE TABLE trials (
    nct_id TEXT PRIMARY KEY, digests BLOB NOT NULL, duplicates INTEGER NOT NULL, settled INTEGER NOT NULL,
    member INTEGER, outcome TEXT NOT NULL
) WITHOUT ROWID;
CREATE INDEX trials_of_member ON trials (member);
CREATE TABLE members (number INTEGER PRIMARY KEY, start INTEGER, length INTEGER, inferred_start INTEGER,
    inferred_length INTEGER);
CREATE TABLE parts (name TEXT PRIMARY KEY, content BLOB NOT NULL);
"""
_DIGEST = 32  # bytes of a SHA-256
_Part = TypeVar("_Part")


class Entry(Record, frozen=True, kw_only=True):
    """A trial of the sources, with or without quads."""

    outcome: Outcome
    digests: tuple[bytes, ...]  # SHA-256 of its records, sorted
    duplicates: int = 0  # records that are byte for byte one of these
    member: int | None = None  # where its quads are; None if there are none

    @property
    def nct_id(self) -> str:
        """The trial's number."""
        return self.outcome.nct_id


class Known(NamedTuple):
    """What tells whether a trial has to be read again."""

    digests: tuple[bytes, ...]
    settled: bool  # whether all of its records went into the graph; what did not is tried again


class Member(NamedTuple):
    """Offsets and lengths in ``graph.nq.gz`` of a gzip member of trials and of what follows from them."""

    number: int
    start: int
    length: int
    inferred_start: int
    inferred_length: int


class CensusRecord(Record, frozen=True, kw_only=True):
    """A `Census` in types that have a form on disk."""

    statements: int
    properties: dict[str, int]
    entities: dict[str, int]
    shared: dict[str, dict[str, int]]
    subjects: int
    shared_subjects: dict[str, int]
    links: list[tuple[str, str, int]]
    dates: dict[str, int]
    combinations: list[tuple[tuple[str, ...], int]]

    @classmethod
    def of(cls, census: Census) -> Self:
        """Return the form of a census: the same bytes for the same counts, in whatever order they came."""
        return cls(
            statements=census.statements,
            properties=_sorted(census.properties),
            entities=_sorted(census.entities),
            shared={class_iri: _sorted(found) for class_iri, found in sorted(census.shared.items())},
            subjects=census.subjects,
            shared_subjects=_sorted(census.shared_subjects),
            links=sorted((*link, count) for link, count in census.links.items()),
            dates=_sorted(census.dates),
            combinations=sorted(census.combinations.items()),
        )

    def census(self) -> Census:
        """Return the census of which this is the form."""
        return Census(
            statements=self.statements,
            properties=Counter(self.properties),
            entities=Counter(self.entities),
            shared={class_iri: Counter(found) for class_iri, found in self.shared.items()},
            subjects=self.subjects,
            shared_subjects=Counter(self.shared_subjects),
            links=Counter({(predicate, dataset): count for predicate, dataset, count in self.links}),
            dates=Counter(self.dates),
            combinations=Counter(dict(self.combinations)),
        )


class BuildIndex:
    """The index of one build directory. Make one with `create`, or `copy` that of the build before."""

    def __init__(self, path: Path, mode: str = "ro") -> None:
        """Open an index.

        Raises:
            BuildError: There is none.
        """
        if not path.is_file():
            raise BuildError(f"{path.parent} has no index of its trials; build it anew with `kg build`.")
        self._connection = sqlite3.connect(f"{path.absolute().as_uri()}?mode={mode}", uri=True)
        if mode == "rw":
            self._connection.execute("PRAGMA journal_mode = OFF")
            self._connection.execute("PRAGMA synchronous = OFF")  # the folder appears whole or not at all

    @classmethod
    def create(cls, path: Path) -> Self:
        """Make an empty index."""
        path.touch()
        made = cls(path, "rw")
        made._connection.executescript(_TABLES)
        return made

    @classmethod
    def copy(cls, old: Path, new: Path) -> Self:
        """Start from the index of another build."""
        shutil.copyfile(old, new)
        return cls(new, "rw")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    # --- trials

    def put(self, entry: Entry) -> None:
        """Keep what became of a trial, in the place of what was known of it."""
        outcome = entry.outcome
        settled = not outcome.rejections and outcome.quarantine is None
        self._connection.execute(
            "INSERT OR REPLACE INTO trials VALUES (?, ?, ?, ?, ?, ?)",
            (
                entry.nct_id,
                b"".join(entry.digests),
                entry.duplicates,
                settled,
                entry.member if outcome.quads else None,
                msgspec.json.encode(outcome, enc_hook=str).decode(),
            ),
        )

    def remove(self, nct_id: str) -> None:
        """Forget a trial."""
        self._connection.execute("DELETE FROM trials WHERE nct_id = ?", (nct_id,))

    def move(self, nct_id: str, member: int) -> None:
        """Note that a trial's quads are in another member."""
        self._connection.execute("UPDATE trials SET member = ? WHERE nct_id = ?", (member, nct_id))

    def count_duplicates(self, nct_id: str, duplicates: int) -> None:
        """Note how many records of a trial are byte for byte the same as others."""
        self._connection.execute(
            "UPDATE trials SET duplicates = ?2 WHERE nct_id = ?1 AND duplicates <> ?2", (nct_id, duplicates)
        )

    def __iter__(self) -> Iterator[Entry]:
        """Yield all trials in the order of their numbers."""
        rows = self._connection.execute("SELECT digests, duplicates, member, outcome FROM trials ORDER BY nct_id")
        decode = msgspec.json.Decoder(Outcome, dec_hook=lambda kind, value: kind(value)).decode
        for digests, duplicates, member, outcome in rows:
            yield Entry(digests=_cut(digests), duplicates=duplicates, member=member, outcome=decode(outcome))

    def known(self) -> dict[str, Known]:
        """Return all trials with what tells whether they have to be read again."""
        rows = self._connection.execute("SELECT nct_id, digests, settled FROM trials")
        return {nct_id: Known(_cut(digests), bool(settled)) for nct_id, digests, settled in rows}

    def records(self) -> dict[str, int]:
        """Return how many records each trial has in the sources."""
        rows = self._connection.execute(f"SELECT nct_id, length(digests) / {_DIGEST} + duplicates FROM trials")  # noqa: S608
        return dict(rows)

    def added(self) -> list[str]:
        """Return the IRIs of all concepts of added vocabularies that trials point to, sorted."""
        rows = self._connection.execute(
            "SELECT DISTINCT value FROM trials, json_each(trials.outcome, '$.added') ORDER BY value"
        )
        return [iri for (iri,) in rows]

    def of_member(self, number: int) -> list[tuple[str, int, int]]:
        """Return the trials of a member in order, each with how many quads and conclusions it has there."""
        rows = self._connection.execute(
            "SELECT nct_id, json_extract(outcome, '$.quads'), json_extract(outcome, '$.inferred') "
            "FROM trials WHERE member = ? ORDER BY nct_id",
            (number,),
        )
        return rows.fetchall()

    # --- members

    def members(self) -> list[Member]:
        """Return the members of trials in their order in the file."""
        return [Member(*row) for row in self._connection.execute("SELECT * FROM members ORDER BY start")]

    def keep_places(self, members: Iterable[Member], shared: dict[str, tuple[int, int]]) -> None:
        """Keep where members of trials and shared graphs lie, in the place of what was known."""
        self.keep("places", shared)
        self._connection.execute("DELETE FROM members")
        self._connection.executemany("INSERT INTO members VALUES (?, ?, ?, ?, ?)", members)

    def places(self) -> dict[str, tuple[int, int]]:
        """Return offset and length of the members of each shared graph."""
        return self.kept("places", dict[str, tuple[int, int]])

    def firsts(self) -> dict[int, str]:
        """Return the first trial of each member."""
        return dict(
            self._connection.execute("SELECT member, min(nct_id) FROM trials WHERE member IS NOT NULL GROUP BY member")
        )

    # --- what is kept of the whole

    def keep(self, name: str, part: object) -> None:
        """Keep a part of the whole under a name."""
        content = isal_zlib.compress(msgspec.msgpack.encode(part, enc_hook=str), 1)
        self._connection.execute("INSERT OR REPLACE INTO parts VALUES (?, ?)", (name, content))

    def kept(self, name: str, kind: type[_Part]) -> _Part:
        """Return what was kept."""
        (content,) = self._connection.execute("SELECT content FROM parts WHERE name = ?", (name,)).fetchone()
        return msgspec.msgpack.decode(isal_zlib.decompress(content), type=kind)

    def keep_census(self, name: str, census: Census) -> None:
        """Keep a census under a name."""
        self.keep(name, CensusRecord.of(census))

    def census(self, name: str) -> Census:
        """Return a census that was kept."""
        return self.kept(name, CensusRecord).census()

    @property
    def unplaced(self) -> list[Rejection]:
        """What was rejected before its trial was known."""
        return self.kept("unplaced", list[Rejection])

    def close(self) -> None:
        """Write what is open and close the file."""
        self._connection.commit()
        self._connection.close()


def _sorted(counts: Counter[str]) -> dict[str, int]:
    return dict(sorted(counts.items()))


def _cut(digests: bytes) -> tuple[bytes, ...]:
    return tuple(digests[place : place + _DIGEST] for place in range(0, len(digests), _DIGEST))
