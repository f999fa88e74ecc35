"""Shapes and an engine, ready to check one piece of a graph after another."""

import tempfile
from collections.abc import Callable, Iterable, Iterator
from functools import cached_property
from importlib import import_module
from pathlib import Path
from typing import BinaryIO, Final, Literal, Protocol, cast

import msgspec

from kg import resources
from kg.errors import SourceError
from kg.nquads import Nodes, Triple, by_subject, triples_in
from kg.rdf_file import read_ntriples, read_ntriples_by
from kg.validate.conformance import SurelyConforms
from kg.validate.coverage import Covered, coverage_of
from kg.validate.pieces import MOST_TOGETHER, Pieces, TooManyTogetherError
from kg.validate.reach import Reach, reach_of
from kg.validate.report import Report, Result
from kg.validate.shapes_graph import ShapesGraph

AT_ONCE: Final = 30_000  # triples a call of an engine, those of some fifty trials

EngineName = Literal["shifty", "pyshacl"]


class _Engine(Protocol):
    def conforms(self, data: bytes) -> bool: ...
    def results(self, data: bytes, owns: Callable[[str], bool] | None = None) -> list[Result]: ...


class Validator:
    """Checks RDF against shapes.

    Args:
        shapes: A file of shapes or a folder of such files; by default the bundled ones.
        engine: ``shifty`` is fast, ``pyshacl`` is the reference; both give the same results.

    Raises:
        SourceError: A file cannot be read, or what it holds are no shapes.
    """

    def __init__(self, shapes: Path | None = None, engine: EngineName = "shifty") -> None:
        self._shapes = shapes or resources.folder("shapes")
        files = sorted(self._shapes.rglob("*.ttl")) if self._shapes.is_dir() else [self._shapes]
        triples = b"".join(read_ntriples(file) for file in files)
        if not triples:
            raise SourceError(str(self._shapes), "holds no shapes")
        self._triples = triples
        self._engine_name = engine
        if shapes is not None:
            _ = self._engine  # which says whether they are valid; the bundled ones are
        self._surely_conforms = SurelyConforms(triples)

    @cached_property
    def _engine(self) -> _Engine:
        # By name and when needed, for importing an engine takes up to half a second that most builds have no use for.
        module = import_module(f"kg.validate.{self._engine_name}_engine")
        try:
            return cast(_Engine, module.Engine(self._triples))
        except ValueError as err:
            raise SourceError(str(self._shapes), f"holds no valid shapes: {err}") from err

    def validate_ntriples(self, data: bytes | str) -> Report:
        """Check N-Triples: one trial's graph or a piece of some fifty.

        Some results have a focus node that trials share (an organisation, a concept in use): to learn which trial of a
        piece is at fault, check each one alone.
        """
        return Report.of(self._engine.results(data.encode() if isinstance(data, str) else data))

    def conforms(self, data: bytes | str) -> bool:
        """Tell whether `validate_ntriples` would find no violation, without the work of telling which there are."""
        return self._engine.conforms(data.encode() if isinstance(data, str) else data)

    def conforms_triples(self, triples: Iterable[Triple]) -> bool:
        """Tell the same of distinct triples in N-Triples form: for most graphs much faster."""
        return self.conforms_nodes(by_subject(triples))

    def conforms_nodes(self, nodes: Nodes) -> bool:
        """Tell the same of triples by subject and predicate, for which they need not be indexed."""
        return self._surely_conforms.of_nodes(nodes) or self.conforms(
            "".join(f"{s} {p} {o} .\n" for s, p, o in triples_in(nodes))
        )

    def validate_file(self, path: Path, *, at_once: int = AT_ONCE) -> Report:
        """Check a file in Turtle, N-Triples, N-Quads, TriG, RDF/XML or JSON-LD; its graphs are merged.

        The report says what of it was checked: a file of which the shapes know no class and no property conforms too.
        What one file says is checked in pieces, with the same results; `kg.validate.pieces` says how. Shapes that look
        further than `kg.validate.reach` can tell, which the bundled ones do not, need the whole graph in memory.

        Args:
            path: The file, plain or compressed with gzip.
            at_once: Triples a call of the engine; a piece is larger only where nodes have to be checked together.

        Raises:
            SourceError: The file cannot be read, does not parse, has nothing in it that could be wrong, or links more
                triples to one another than can be checked together (`kg.validate.pieces.MOST_TOGETHER`).
        """
        read = read_ntriples_by(path, at_once)
        first, second = next(read, b""), next(read, b"")
        if not first:
            raise SourceError(
                str(path), "holds no statement, so there is nothing to check; name the file that was meant"
            )
        if not second or self._reach is None:
            data = b"".join((first, second, *read))
            return msgspec.structs.replace(self.validate_ntriples(data), coverage=coverage_of(self._graph, data))
        try:
            with tempfile.TemporaryFile() as file:
                pieces = Pieces(self._reach, cast(BinaryIO, file))
                for data in (first, second):
                    pieces.add(data)
                for data in read:
                    pieces.add(data)
                return self._in_pieces(pieces, at_once)
        except TooManyTogetherError as err:
            raise SourceError(
                str(path),
                f"links more than {MOST_TOGETHER:,} triples to one another so that they can only be checked together, "
                "which memory may not suffice for; validate it in several files",
            ) from err
        except OSError as err:
            raise SourceError(
                str(path), f"finds no room for a copy in the folder for temporary files ({err.strerror}); set TMPDIR"
            ) from err

    def _in_pieces(self, pieces: Pieces, at_once: int) -> Report:
        covered = Covered(self._graph)

        def results() -> Iterator[Result]:
            for piece in pieces.pieces(at_once):
                covered.add(piece.lines, piece.beside, piece.owns)
                yield from self._engine.results(piece.ntriples, piece.owns)

        report = Report.of(results())
        return msgspec.structs.replace(report, coverage=covered.coverage)

    @cached_property
    def _graph(self) -> ShapesGraph:
        return ShapesGraph(self._triples)

    @cached_property
    def _reach(self) -> Reach | None:
        return reach_of(self._graph)
