"""The file of quads as gzip members: some trials each, then the graphs that trials share.

A member that nothing changed in goes from one build to the next as it is, without being unpacked.
"""

import gzip
import shutil
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import BinaryIO, Final, NamedTuple, Self

from isal import igzip, isal_zlib

from kg.build_index import Member
from kg.nquads import Triple

_PIECE: Final = 16 << 20  # bytes of N-Quads a member of a shared graph
_COMPRESSION: Final = 3
_GZIP: Final = 31  # zlib's number for a window of 32 KiB in a gzip member
# In the order of the graphs' names; what follows from trials stands amid what follows from concepts, by IRI.
SHARED: Final = ("about", "concepts", "concluded-before", "concluded-behind", "mappings", "vocabulary")
_BEFORE_CONCLUSIONS: Final = 3
Places = dict[str, tuple[int, int]]  # a shared graph's name to offset and length of its members


class MemberWriter:
    """Writes the file of quads of a build from the first trial to the last shared graph."""

    def __init__(self, path: Path) -> None:
        self._file = path.open("wb")
        self._inferred = tempfile.TemporaryFile(dir=path.parent)  # noqa: SIM115 - closed in __exit__
        self._members: list[tuple[int, int, int, int]] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()
        self._inferred.close()

    def add(self, quads: bytes, inferred: bytes) -> int:
        """Write members of trials and keep what follows from them for later; return the member's number."""
        self._members.append((self._file.tell(), len(quads), self._inferred.tell(), len(inferred)))
        self._file.write(quads)
        self._inferred.write(inferred)
        return len(self._members) - 1

    def conclusions(self) -> Iterator[bytes]:
        """Yield what follows from the trials as lines of N-Quads, in pieces."""
        self._inferred.seek(0)
        with gzip.open(self._inferred) as lines:
            while piece := lines.read(_PIECE):
                yield piece + lines.readline()

    def finish(self, shared: Sequence[bytes]) -> tuple[list[Member], Places]:
        """Write the shared graphs, compressed already, in the order of `SHARED`; return what lies where."""
        places: Places = {}
        conclusions = 0
        for number, (name, members) in enumerate(zip(SHARED, shared, strict=True), 1):
            places[name] = (self._file.tell(), len(members))
            self._file.write(members)
            if number == _BEFORE_CONCLUSIONS:
                conclusions = self._file.tell()
                self._inferred.seek(0)
                shutil.copyfileobj(self._inferred, self._file, _PIECE)
        return [
            Member(number, start, length, conclusions + inferred, inferred_length)
            for number, (start, length, inferred, inferred_length) in enumerate(self._members)
        ], places


def compress(text: bytes) -> bytes:
    """Return lines as a member; no lines are no member."""
    return igzip.compress(text, _COMPRESSION, mtime=0) if text else b""


def unpack(member: bytes) -> bytes:
    """Return the lines of one member; no member is no lines."""
    return isal_zlib.decompress(member, _GZIP) if member else b""


class TrialLines(NamedTuple):
    """A trial's lines of N-Quads, and those that follow from them."""

    nct_id: str
    quads: list[bytes]
    inferred: list[bytes]


def split_trials(quads: bytes, inferred: bytes, sizes: Sequence[tuple[str, int, int]]) -> Iterator[TrialLines]:
    """Cut members into trials.

    Args:
        quads: The members of trials, compressed.
        inferred: Those of what follows from them, likewise.
        sizes: The trials in order, with their numbers of quads and of conclusions.
    """
    said = unpack(quads).splitlines(keepends=True) if quads else []
    follows = unpack(inferred).splitlines(keepends=True) if inferred else []
    at = follows_at = 0
    for nct_id, count, conclusions in sizes:
        yield TrialLines(nct_id, said[at : at + count], follows[follows_at : follows_at + conclusions])
        at += count
        follows_at += conclusions


def triples_of(quads: Iterable[bytes]) -> list[Triple]:
    """Return the triples of lines of N-Quads."""
    found: list[Triple] = []
    for line in quads:
        subject, predicate, rest = line.decode().split(" ", 2)
        found.append((subject, predicate, rest.rsplit(" ", 2)[0]))
    return found


def read_at(file: BinaryIO, start: int, length: int) -> bytes:
    """Read a stretch of a file."""
    file.seek(start)
    return file.read(length)
