"""The named graphs of a file of N-Quads, one at a time."""

import gzip
from collections.abc import Iterator
from hashlib import blake2b
from itertools import groupby
from pathlib import Path
from typing import Final

from kg.models import Record

_HASH_BYTES: Final = 16


class NamedGraph(Record, frozen=True, kw_only=True):
    """A named graph and its triples: sorted, distinct lines of N-Triples without full stop and line end."""

    iri: str
    lines: tuple[bytes, ...]

    @property
    def ntriples(self) -> bytes:
        """The graph as N-Triples."""
        return b"".join(line + b" .\n" for line in self.lines)

    @property
    def digest(self) -> str:
        """A hash of the content, in hexadecimal digits."""
        return blake2b(self.ntriples, digest_size=_HASH_BYTES).hexdigest()


def named_graphs(quads: Path) -> Iterator[NamedGraph]:
    """Read the graphs of a file in which the quads of a graph stand together, sorted.

    Args:
        quads: ``graph.nq.gz`` of a build directory.
    """
    with gzip.open(quads) as file:
        # A line ends with the graph's IRI and a full stop, and neither holds a space.
        cut = (line.rstrip(b" .\n").rpartition(b" ") for line in file)
        for graph, found in groupby(cut, key=lambda parts: parts[2]):
            yield NamedGraph(iri=graph[1:-1].decode(), lines=tuple(parts[0] for parts in found))
