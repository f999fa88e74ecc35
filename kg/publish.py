"""A build directory's named graphs to a store on another server: only what changed, counted there graph by graph.

Trials are taken in blocks of neighbouring numbers. For each block the store keeps a graph of its own that says which
graphs were written, with the hash of their content; it is written last. So a publication that was stopped goes on where
it was, one that is repeated writes nothing, and trials that are gone are removed.
"""

from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import groupby
from pathlib import Path
from typing import Final, Protocol

import pyoxigraph as ox

from kg.identifiers import Minter
from kg.models import Record
from kg.named_graphs import NamedGraph, named_graphs
from kg.nquads import Triple, integer, ntriples, resource, string
from kg.remote import RemoteStore
from kg.terms import KG, RDF, VOID

_BLOCK: Final = 8  # characters of an NCT number that the trials of a block share: "NCT" and five digits
_COUNTED: Final = 100  # graphs a counting query

Progress = Callable[[str, int, int | None], None]


class Writer(Protocol):
    """What writes named graphs to a store."""

    def put(self, graph: str, ntriples: bytes) -> None:
        """Replace a graph."""

    def delete(self, graph: str) -> None:
        """Remove a graph."""


class Published(Record, frozen=True, kw_only=True):
    """What a publication did. ``wrong`` are graphs whose count differs in the store: IRI, expected, found."""

    written: int
    unchanged: int
    removed: int
    triples: int
    wrong: tuple[tuple[str, int, int], ...]


def publish(
    quads: Path, minter: Minter, writer: Writer, reader: RemoteStore, *, jobs: int = 4, progress: Progress | None = None
) -> Published:
    """Make a store hold the graphs of a build directory.

    Args:
        quads: ``graph.nq.gz`` of a build directory.
        minter: Knows the build's base IRI; only graphs under it are looked at in the store.
        writer: Writes to the store; several threads use it.
        reader: Asks the same store.
        jobs: Threads.
        progress: Called with "publish", the graphs done and None.

    Raises:
        RemoteError: The store cannot be reached or refuses. What was written stays; the next call goes on from there.
    """
    done = Published(written=0, unchanged=0, removed=0, triples=0, wrong=())
    seen: list[str] = []
    with ThreadPoolExecutor(jobs) as pool:
        store = _Store(pool, writer, reader)
        for key, graphs in groupby(named_graphs(quads), key=lambda graph: _block(graph.iri, minter)):
            seen.append(key)
            done = _added(done, store.publish(minter.graph(f"published/{key}"), list(graphs)))
            if progress is not None:
                progress("publish", done.written + done.unchanged, None)
        for gone in _blocks_gone(reader, minter, seen):
            done = _added(done, store.publish(gone, []))
    return done


def _block(iri: str, minter: Minter) -> str:
    name = iri.removeprefix(minter.graph(""))
    return name[:_BLOCK] if name.startswith("NCT") else "shared"


def _blocks_gone(reader: RemoteStore, minter: Minter, seen: Sequence[str]) -> list[str]:
    """Return the blocks in the store that this build has no trial of any more."""
    start = minter.graph("published/")
    rows = reader.select(f"SELECT DISTINCT ?block {{ GRAPH ?block {{ ?block a {KG.PublishedBlock} }} }}").rows
    there = {row[0].value for row in rows if isinstance(row[0], ox.NamedNode)}
    return sorted(iri for iri in there - {start + key for key in seen} if iri.startswith(start))


def _added(one: Published, other: Published) -> Published:
    return Published(
        written=one.written + other.written,
        unchanged=one.unchanged + other.unchanged,
        removed=one.removed + other.removed,
        triples=one.triples + other.triples,
        wrong=one.wrong + other.wrong,
    )


class _Store:
    """Brings one block after another up to date: some hundred graphs, and the graph in the store that lists them."""

    def __init__(self, pool: ThreadPoolExecutor, writer: Writer, reader: RemoteStore) -> None:
        self._pool = pool
        self._writer = writer
        self._reader = reader

    def publish(self, block: str, graphs: list[NamedGraph]) -> Published:
        """Write what differs, remove what is gone, count, and note it in the store."""
        there = self._listed(block)
        unchanged = [graph for graph in graphs if there.get(graph.iri) == graph.digest]
        changed = [graph for graph in graphs if there.get(graph.iri) != graph.digest]
        gone = sorted(set(there) - {graph.iri for graph in graphs})
        if not changed and not gone and graphs:
            return Published(written=0, unchanged=len(graphs), removed=0, triples=0, wrong=())
        if there and changed:  # a stop half-way must not leave a note that is no longer true
            self._note(block, unchanged)
        deque(self._pool.map(lambda graph: self._writer.put(graph.iri, graph.ntriples), changed), maxlen=0)
        deque(self._pool.map(self._writer.delete, gone), maxlen=0)
        wrong = self._wrong(changed, gone)
        faulty = {iri for iri, _, _ in wrong}
        self._note(block, [graph for graph in graphs if graph.iri not in faulty])
        return Published(
            written=len(changed),
            unchanged=len(unchanged),
            removed=len(gone),
            triples=sum(len(graph.lines) for graph in changed),
            wrong=wrong,
        )

    def _listed(self, block: str) -> dict[str, str]:
        """Return what the store says it holds of this block: IRIs of graphs and hashes of their content."""
        pattern = f"GRAPH {resource(block)} {{ ?graph {KG.contentHash} ?hash }}"
        rows = self._reader.select(f"SELECT ?graph ?hash {{ {pattern} }}").rows
        return {
            graph.value: digest.value
            for graph, digest in rows
            if isinstance(graph, ox.NamedNode) and isinstance(digest, ox.Literal)
        }

    def _wrong(self, changed: Sequence[NamedGraph], gone: Sequence[str]) -> tuple[tuple[str, int, int], ...]:
        expected = {graph.iri: len(graph.lines) for graph in changed} | dict.fromkeys(gone, 0)
        found: dict[str, int] = {}
        names = list(expected)
        for place in range(0, len(names), _COUNTED):
            found |= self._reader.counts(names[place : place + _COUNTED])
        return tuple(
            (iri, count, found.get(iri, 0)) for iri, count in sorted(expected.items()) if found.get(iri, 0) != count
        )

    def _note(self, block: str, graphs: Sequence[NamedGraph]) -> None:
        """Write the list of a block; a graph that is not in it is written next time."""
        if not graphs:
            self._writer.delete(block)
            return
        node = resource(block)
        triples: list[Triple] = [(node, RDF.type, KG.PublishedBlock)]
        for graph in graphs:
            name = resource(graph.iri)
            triples += [
                (node, VOID.subset, name),
                (name, KG.contentHash, string(graph.digest)),
                (name, VOID.triples, integer(len(graph.lines))),
            ]
        self._writer.put(block, ntriples(triples).encode())
