"""Write a graph to a file in the formats of RDF: sorted, with the same bytes each time, whole or not at all."""

import os
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Final

import pyoxigraph as ox

from kg.directory import not_written
from kg.errors import ExportError
from kg.export.annotations import KeptTexts, annotated
from kg.export.rdfxml import rdf_xml
from kg.export.sources import Graph, merged, of_query, of_trials, whole
from kg.export.turtle import TurtleTerms, trig, turtle
from kg.identifiers import PREFIXES
from kg.store import GraphStore

__all__ = ["FORMATS", "PROFILES", "KeptTexts", "export"]

PROFILES: Final = ("plain", "annotations")
_Prefixes = Mapping[str, str]


def export(
    store: GraphStore,
    form: str,
    out: Path | IO[bytes],
    *,
    trials: Sequence[str] = (),
    query: str | None = None,
    profile: str = "plain",
    prefixes: Mapping[str, str] | None = None,
    texts: KeptTexts | None = None,
) -> None:
    """Write a graph, or a part of it.

    TriG, N-Quads and JSON-LD keep the named graphs; Turtle, N-Triples and RDF/XML write their union.

    Args:
        store: The graph.
        form: One of `FORMATS`.
        out: A file, which is replaced in one step when all is written, or an open binary stream.
        trials: NCT numbers or IRIs of trials; only their named graphs are written.
        query: CONSTRUCT or DESCRIBE; only its answer is written.
        profile: ``annotations`` writes assertions as Web Annotations; see `kg.export.annotations`.
        prefixes: By default those of `kg.identifiers.PREFIXES`.
        texts: The kept texts of a trial, for the words around a quote in annotations.

    Raises:
        ExportError: The format or profile does not exist, there is no such trial, the format cannot carry the graph,
            or the file cannot be written.
        QueryError: The query is refused or fails.
    """
    if form not in FORMATS:
        raise ExportError(f"There is no export format {form!r}; there are {', '.join(FORMATS)}.")
    if profile not in PROFILES:
        raise ExportError(f"There is no profile {profile!r}; there are {', '.join(PROFILES)}.")
    if trials and query is not None:
        raise ExportError("Name trials or give a query, not both.")
    graphs = of_query(store, query) if query is not None else of_trials(store, trials) if trials else whole(store)
    if profile == "annotations":
        graphs = annotated(graphs, texts)
    with _written_whole(out) as stream:
        for chunk in _WRITERS[form](graphs, PREFIXES if prefixes is None else prefixes):
            stream.write(chunk)


@contextmanager
def _written_whole(out: Path | IO[bytes]) -> Iterator[IO[bytes]]:
    """Open a file beside ``out`` that takes its place when the block ends well."""
    if not isinstance(out, Path):
        yield out
        return
    try:
        descriptor, name = tempfile.mkstemp(prefix=f".{out.name}.", dir=out.absolute().parent)
    except OSError as err:
        raise not_written(out, err) from err
    staging = Path(name)
    try:
        with open(descriptor, "wb") as stream:  # noqa: PTH123  # a descriptor, not a path
            yield stream
        staging.chmod(0o666 & ~_umask())
        staging.replace(out)
    except OSError as err:
        raise not_written(out, err) from err
    finally:
        staging.unlink(missing_ok=True)


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


def _turtle(graphs: Iterable[Graph], prefixes: _Prefixes) -> Iterator[bytes]:
    return (text.encode() for text in turtle(merged(graphs), TurtleTerms(prefixes)))


def _trig(graphs: Iterable[Graph], prefixes: _Prefixes) -> Iterator[bytes]:
    return (text.encode() for text in trig(graphs, TurtleTerms(prefixes)))


def _ntriples(graphs: Iterable[Graph], _: _Prefixes) -> Iterator[bytes]:
    return (line + b"\n" for line in merged(graphs))


def _nquads(graphs: Iterable[Graph], _: _Prefixes) -> Iterator[bytes]:
    for graph in graphs:
        tail = b".\n" if graph.iri is None else f"<{graph.iri}> .\n".encode()
        for line in graph.lines:
            yield line[:-1] + tail


def _json_ld(graphs: Iterable[Graph], prefixes: _Prefixes) -> Iterator[bytes]:
    """Write expanded JSON-LD 1.1 with pyoxigraph, by way of a file of sorted N-Quads, so that memory stays small."""
    with tempfile.TemporaryDirectory(prefix="kg-export-") as folder:
        sorted_quads, result = Path(folder, "sorted.nq"), Path(folder, "result.jsonld")
        with sorted_quads.open("wb") as stream:
            stream.writelines(_nquads(graphs, prefixes))
        quads = ox.parse(path=sorted_quads, format=ox.RdfFormat.N_QUADS)
        with result.open("wb") as stream:
            ox.serialize(quads, stream, format=ox.RdfFormat.JSON_LD)
        with result.open("rb") as stream:
            while chunk := stream.read(1 << 20):
                yield chunk


def _rdf_xml(graphs: Iterable[Graph], prefixes: _Prefixes) -> Iterator[bytes]:
    return (text.encode() for text in rdf_xml(merged(graphs), prefixes))


_WRITERS: Final[dict[str, Callable[[Iterable[Graph], _Prefixes], Iterator[bytes]]]] = {
    "turtle": _turtle,
    "trig": _trig,
    "ntriples": _ntriples,
    "nquads": _nquads,
    "jsonld": _json_ld,
    "rdfxml": _rdf_xml,
}
FORMATS: Final = tuple(_WRITERS)
