"""The triples to export, as sorted lines of N-Triples, without holding more of them than need be."""

import heapq
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from pathlib import Path
from typing import NamedTuple

import pyoxigraph as ox

from kg.errors import ExportError
from kg.identifiers import TRIAL, NctId
from kg.nquads import Triple
from kg.store import GraphStore
from kg.terms import KG

_IN_MEMORY = 500_000  # lines, some 100 MB


class Graph(NamedTuple):
    """A named graph, or with ``iri`` None the default one: distinct lines of N-Triples, sorted, without line ends."""

    iri: str | None
    lines: list[bytes]


def whole(store: GraphStore) -> Iterator[Graph]:
    """Yield all graphs in the order of their IRIs, the default graph first."""
    for iri in (None, *store.graph_iris()):
        found = _graph(store, iri)
        if found.lines:
            yield found


def of_trials(store: GraphStore, trials: Sequence[str]) -> Iterator[Graph]:
    """Yield the graphs of trials, given by NCT number or IRI.

    Raises:
        ExportError: There is no such trial.
    """
    graphs: set[str] = set()
    for trial in trials:
        try:
            iri = NctId(trial.removeprefix("clinicaltrials:").removeprefix(TRIAL).upper()).iri
        except ValueError as err:
            raise ExportError(f"{trial!r} is no trial: give an NCT number, for example NCT01234567.") from err
        found = store.graphs_of(iri, KG.iri("Trial"))
        if not found:
            raise ExportError(
                f"There is no trial {trial} in this graph; "
                "`kg query 'SELECT ?trial { ?trial a kg:Trial }'` lists those that there are."
            )
        graphs.update(found)
    for graph_iri in sorted(graphs):
        yield _graph(store, graph_iri)


def of_query(store: GraphStore, query: str) -> Iterator[Graph]:
    """Yield the answer to a CONSTRUCT or DESCRIBE query as one default graph."""
    text = ox.serialize(store.construct(query), format=ox.RdfFormat.N_TRIPLES) or b""
    yield Graph(None, _sorted(text.split(b"\n")))


def merged(graphs: Iterable[Graph]) -> Iterator[bytes]:
    """Yield the distinct lines of all graphs in one order, sorted on disk if there are many."""
    with tempfile.TemporaryDirectory(prefix="kg-export-") as folder:
        runs: list[Path] = []
        lines: set[bytes] = set()
        for graph in graphs:
            lines.update(graph.lines)
            if len(lines) >= _IN_MEMORY:
                runs.append(Path(folder, str(len(runs))))
                runs[-1].write_bytes(b"".join(line + b"\n" for line in sorted(lines)))
                lines = set()
        streams = [_lines_of(run) for run in runs]
        for line, _ in groupby(heapq.merge(sorted(lines), *streams)):
            yield line


def subjects(lines: Iterable[bytes]) -> Iterator[tuple[str, list[Triple]]]:
    """Group sorted lines by subject."""
    for subject, triples in groupby(map(parse, lines), key=lambda triple: triple[0]):
        yield subject, list(triples)


def parse(line: bytes) -> Triple:
    """Cut a line of N-Triples into its terms; neither subject nor predicate can hold a space."""
    subject, predicate, rest = line.decode().split(" ", 2)
    return subject, predicate, rest.removesuffix(" .")


def _lines_of(path: Path) -> Iterator[bytes]:
    with path.open("rb") as stream:
        for line in stream:
            yield line[:-1]


def _graph(store: GraphStore, iri: str | None) -> Graph:
    return Graph(iri, _sorted(store.ntriples(iri).split(b"\n")))


def _sorted(lines: Iterable[bytes]) -> list[bytes]:
    return sorted({line for line in lines if line})
