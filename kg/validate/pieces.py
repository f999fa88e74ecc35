"""A graph of any size cut into pieces, each with what its nodes need to be checked as if all were there.

Triples go to disk by block: those about a trial and its parts, by the NCT number in their subjects, and those about any
other node. A node belongs to the block of its own triples and is checked there. Blocks that shapes look across from
value to subject come into one piece (`Reach.inverse`); of what a piece points to otherwise, only what shapes ask of it
lies beside (`Reach.values`, `Reach.chains`), and where something elsewhere makes a node a target, one triple that does.
What named graph a triple is in plays no part: graphs are merged.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from itertools import chain
from struct import Struct
from typing import BinaryIO, Final, NamedTuple

import zstandard

from kg.terms import RDF
from kg.validate.reach import SUBCLASS, Reach

MOST_TOGETHER: Final = 2_000_000  # triples of one piece; an engine needs some 2.5 KB for each

_BUFFERED: Final = 32 << 20  # characters
_REMEMBERED: Final = 1 << 16  # nodes
_LENGTH: Final = Struct("<I")
_NCT: Final = re.compile(r"NCT[0-9]{8}")
_OF_CLASSES: Final = frozenset([RDF.type, SUBCLASS])


class TooManyTogetherError(Exception):
    """More triples than `MOST_TOGETHER` can only be checked together."""


class Piece(NamedTuple):
    """A part of a graph, in lines of N-Triples.

    Attributes:
        lines: The triples of the nodes that are checked here.
        beside: What these have to be seen with; its nodes are checked elsewhere.
        blocks: The blocks of the nodes that are checked here.
    """

    lines: list[str]
    beside: list[str]
    blocks: set[str]

    @property
    def ntriples(self) -> bytes:
        """All of it."""
        return ("\n".join((*self.lines, *self.beside)) + "\n").encode()

    def owns(self, term: str) -> bool:
        """Tell whether a node is checked here; a literal or a blank node is wherever it occurs."""
        return term[0] != "<" or block_of(term) in self.blocks


def block_of(term: str) -> str:
    """Return the block that a node belongs to."""
    found = _NCT.search(term)
    return found.group() if found else term


class Pieces:
    """The pieces of a graph.

    Args:
        reach: How far the shapes look.
        file: For the triples, compressed; memory holds a place a block.
    """

    def __init__(self, reach: Reach, file: BinaryIO) -> None:
        self._blocks = _Blocks(file)
        self._reach = reach
        self._joined: dict[str, str] = {}  # a block's representative, where it is another
        self._pointing: dict[str, dict[tuple[str, str], str]] = {}  # by block: what makes its nodes targets
        self._noticed = reach.inverse | reach.targets
        self._asked = reach.values | reach.chains
        self._followed = reach.chains | {RDF.type}
        self._told: Callable[[str], tuple[str, ...]] = lru_cache(_REMEMBERED)(self._told_of)

    def add(self, ntriples: bytes) -> None:
        """Take triples, with a space between terms."""
        last = block = ""
        for line in ntriples.decode().split("\n"):
            if not line:
                continue
            subject, predicate, rest = line.split(" ", 2)
            if subject != last:
                last, block = subject, block_of(subject)
            self._blocks.add(block, line)
            if predicate in self._noticed or rest[0] == "_":
                self._notice(block, line, predicate, rest[:-2])

    def _notice(self, block: str, line: str, predicate: str, value: str) -> None:
        """Look at a triple whose value may have to be checked together with its subject."""
        if predicate in self._reach.inverse or value[0] == "_":
            self._join(block, block_of(value))
        elif value[0] == "<" and (other := block_of(value)) != block:
            if line[0] == "_":
                self._join(block, other)
            self._pointing.setdefault(other, {}).setdefault((predicate, value), line)

    def _join(self, one: str, other: str) -> None:
        one, other = self._representative(one), self._representative(other)
        if one != other:
            self._joined[other] = one

    def _representative(self, block: str) -> str:
        while (above := self._joined.get(block)) is not None:
            if (next_above := self._joined.get(above)) is not None:
                self._joined[block] = next_above  # so that ways stay short
            block = above
        return block

    def pieces(self, size: int) -> Iterator[Piece]:
        """Yield pieces of at least this many triples but for the last.

        Raises:
            TooManyTogetherError: A piece cannot be smaller than memory allows.
        """
        self._blocks.flush()
        lines: list[str] = []
        blocks: set[str] = set()
        for together in self._together():
            least = len(lines)
            for block in together:
                lines += self._blocks.lines(block)
                if len(lines) - least > MOST_TOGETHER:
                    raise TooManyTogetherError
            blocks.update(together)
            if len(lines) >= size:
                yield Piece(lines, self._beside(lines, blocks), blocks)
                lines, blocks = [], set()
        yield Piece(lines, self._beside(lines, blocks), blocks)

    def _together(self) -> Iterable[list[str]]:
        """Return the blocks that have to be checked together, in the order of the file."""
        groups: dict[str, list[str]] = {}
        # Of a node that is a value alone there are no lines, but it is checked all the same.
        for block in dict.fromkeys(chain(self._blocks, self._pointing, self._joined)):
            groups.setdefault(self._representative(block), []).append(block)
        return groups.values()

    def _beside(self, lines: list[str], blocks: set[str]) -> list[str]:
        beside = [line for block in blocks for line in self._pointing.get(block, {}).values()]
        waiting = {value for line in lines if (value := line.split(" ", 2)[2][:-2])[0] == "<"}
        seen: set[str] = set()
        while waiting:
            node = waiting.pop()
            seen.add(node)
            if block_of(node) in blocks:
                continue
            for line in self._told(node):
                beside.append(line)
                _, predicate, rest = line.split(" ", 2)
                if predicate in self._followed and rest[0] == "<" and rest[:-2] not in seen:
                    waiting.add(rest[:-2])
        return beside

    def _told_of(self, node: str) -> tuple[str, ...]:
        """Return what shapes ask of a node that others point to."""
        found = []
        for line in self._blocks.lines(block_of(node)):
            subject, predicate, rest = line.split(" ", 2)
            # A blank node would be taken for one that is checked here.
            if subject == node and predicate in self._asked and (rest[0] != "_" or predicate in _OF_CLASSES):
                found.append(line)
        return tuple(found)


class _Blocks:
    """Lines by block: some in memory, most on disk, in the order in which blocks came first."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._end = 0
        self._buffer: dict[str, list[str]] = {}
        self._size = 0
        self._places: dict[str, tuple[int, ...]] = {}
        self._compress = zstandard.ZstdCompressor(level=1).compress
        self._decompress = zstandard.ZstdDecompressor().decompress

    def __iter__(self) -> Iterator[str]:
        return iter(self._places)

    def add(self, block: str, line: str) -> None:
        """Take a line of a block."""
        lines = self._buffer.get(block)
        if lines is None:
            lines = self._buffer[block] = []
        lines.append(line)
        self._size += len(line)
        if self._size > _BUFFERED:
            self.flush()

    def flush(self) -> None:
        """Write what is in memory."""
        self._file.seek(self._end)
        for block, lines in self._buffer.items():
            packed = self._compress("\n".join(dict.fromkeys(lines)).encode())
            self._places[block] = (*self._places.get(block, ()), self._end)
            self._end += self._file.write(_LENGTH.pack(len(packed)) + packed)
        self._buffer, self._size = {}, 0

    def lines(self, block: str) -> list[str]:
        """Return the lines of a block, all written; none if there is no such block."""
        found: list[str] = []
        for place in self._places.get(block, ()):
            self._file.seek(place)
            (length,) = _LENGTH.unpack(self._file.read(_LENGTH.size))
            found += self._decompress(self._file.read(length)).decode().split("\n")
        return found
