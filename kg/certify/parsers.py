"""One file through two parsers that share no code: pyoxigraph (Rust) and rdflib (Python), statement by statement.

Terms come as strings in their N-Triples form, so that what both read can be compared. Neither parser gets to keep a
graph: memory does not grow with the file beyond 16 bytes a statement.
"""

import logging
import warnings
from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from hashlib import blake2b
from typing import Any, Final, NamedTuple

import numpy as np
import pyoxigraph as ox
import rdflib
from rdflib.graph import DATASET_DEFAULT_GRAPH_ID
from rdflib.store import Store

from kg.errors import SourceError
from kg.nquads import string
from kg.rdf_file import RdfFile, not_valid

Quad = tuple[str, str, str, str]  # the default graph is an empty string

_RDFLIB_FORMATS: Final = {
    ox.RdfFormat.TURTLE: "turtle",
    ox.RdfFormat.N_TRIPLES: "nt11",
    ox.RdfFormat.N_QUADS: "nquads",
    ox.RdfFormat.TRIG: "trig",
    ox.RdfFormat.RDF_XML: "xml",
    ox.RdfFormat.JSON_LD: "json-ld",
}
_MOST_BLANK_STATEMENTS: Final = 200_000


class Comparison(NamedTuple):
    """What is equal; ``same`` is None where it cannot be told."""

    same: bool | None
    reason: str


class StatementSet:
    """A set of statements, kept as digests; statements with blank nodes are kept whole."""

    def __init__(self) -> None:
        self._digests = bytearray()
        self._with_blanks: set[Quad] = set()
        self.too_many_blanks = False

    def add(self, quad: Quad) -> None:
        """Take in a statement; one that is there already changes nothing."""
        if not (quad[0].startswith("_:") or quad[2].startswith("_:") or quad[3].startswith("_:")):
            self._digests += blake2b("\n".join(quad).encode("utf-8", "surrogatepass"), digest_size=16).digest()
        elif len(self._with_blanks) < _MOST_BLANK_STATEMENTS:
            self._with_blanks.add(quad)
        else:
            self.too_many_blanks = True

    def sorted_digests(self) -> "np.ndarray[Any, Any]":
        """Return the digests of the statements without blank nodes, each once."""
        return np.unique(np.frombuffer(bytes(self._digests), dtype=[("high", ">u8"), ("low", ">u8")]))

    def coloured(self) -> tuple[list[Quad], bool]:
        """Return the statements with blank nodes under labels made of what is said of them.

        Colours are refined until no more nodes can be told apart, the first step of every canonical labelling; the
        flag says whether all of them could.
        """
        colour = {term: "_:" for quad in self._with_blanks for term in quad if term.startswith("_:")}
        found = 0
        while found < len(set(colour.values())):
            found = len(set(colour.values()))
            signs: dict[str, list[str]] = defaultdict(list)
            for quad in self._with_blanks:
                sign = [colour.get(term, term) for term in quad]
                for place, term in enumerate(quad):
                    if term in colour:
                        signs[term].append("\n".join([*sign[:place], "*", *sign[place + 1 :]]))
            colour = {term: f"_:{_digest([colour[term], *sorted(signs[term])])}" for term in colour}
        quads = sorted((colour.get(s, s), p, colour.get(o, o), colour.get(g, g)) for s, p, o, g in self._with_blanks)
        return quads, len(set(colour.values())) == len(colour)

    def __len__(self) -> int:
        """Count the statements, each once."""
        return len(self.sorted_digests()) + len(self._with_blanks)

    @property
    def has_blanks(self) -> bool:
        """Whether there is any blank node."""
        return bool(self._with_blanks)


def _digest(parts: Iterable[str]) -> str:
    return blake2b("\n\n".join(parts).encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


def compare(one: StatementSet, other: StatementSet) -> Comparison:
    """Tell whether two graphs are isomorphic (RDF 1.1 Concepts, section 3.6)."""
    left, right = one.sorted_digests(), other.sorted_digests()
    if len(left) != len(right) or not bool((left == right).all()):
        missing = len(np.setdiff1d(left, right)) + len(np.setdiff1d(right, left))
        return Comparison(same=False, reason=f"{missing:,} statements are in one graph only")
    if not (one.has_blanks or other.has_blanks):
        return Comparison(same=True, reason="the same sorted statements")
    if one.too_many_blanks or other.too_many_blanks:
        return Comparison(same=None, reason=f"more than {_MOST_BLANK_STATEMENTS:,} statements have blank nodes")
    (left_quads, told_apart), (right_quads, _) = one.coloured(), other.coloured()
    if left_quads != right_quads:
        return Comparison(same=False, reason="what is said of blank nodes differs")
    if not told_apart:
        return Comparison(same=None, reason="blank nodes that look alike cannot be told apart")
    return Comparison(same=True, reason="the same statements but for the names of blank nodes")


# --- pyoxigraph


class OxigraphReader:
    """The statements of a file in the order in which they stand there, by pyoxigraph.

    Attributes:
        prefixes: Those that the file declares; complete when all statements were read.
    """

    def __init__(self, file: RdfFile) -> None:
        self._file = file
        self.prefixes: dict[str, str] = {}

    def __iter__(self) -> Iterator[ox.Quad]:
        """Yield the statements.

        Raises:
            SourceError: The file cannot be read, or is not valid.
        """
        file = self._file
        try:
            with file.open() as stream:
                quads = ox.parse(stream, format=file.rdf_format, base_iri=file.base_iri)
                yield from quads
                self.prefixes = dict(quads.prefixes)
        except (SyntaxError, ValueError) as err:
            raise not_valid(file, err) from err


def ox_term(term: ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple | ox.DefaultGraph) -> str:
    """Return a term in its N-Triples form; a triple term comes with what is in it."""
    if isinstance(term, ox.NamedNode):
        return f"<{term.value}>"
    if isinstance(term, ox.Literal):
        return _literal(term.value, term.language, term.datatype.value)
    return "" if isinstance(term, ox.DefaultGraph) else str(term)


def _literal(text: str, language: str | None, datatype_iri: str | None) -> str:
    if language:
        return f"{string(text)}@{language.lower()}"  # tags are the same whatever their case (RDF 1.1, section 3.3)
    return f"{string(text)}^^<{datatype_iri or f'{rdflib.XSD}string'}>"


# --- rdflib


class _Sink(Store):
    """An rdflib store that hands each statement on and keeps none."""

    context_aware = True
    formula_aware = True
    graph_aware = True

    def __init__(self, statements: StatementSet) -> None:
        super().__init__()
        self._statements = statements

    def add(self, triple: Any, context: Any, quoted: bool = False) -> None:  # noqa: ARG002 - rdflib's signature
        identifier = getattr(context, "identifier", context)
        graph = "" if identifier in (None, DATASET_DEFAULT_GRAPH_ID) else _rdflib_term(identifier)
        subject, predicate, value = triple
        self._statements.add((_rdflib_term(subject), _rdflib_term(predicate), _rdflib_term(value), graph))

    def bind(self, prefix: str, namespace: Any, override: bool = True) -> None:
        """Ignore a prefix."""

    def add_graph(self, graph: Any) -> None:
        """Ignore a graph: it is there when it has a statement."""

    def remove_graph(self, graph: Any) -> None:
        """Ignore that the N-Quads parser throws away its first, empty graph."""

    def contexts(self, triple: Any = None) -> Any:  # noqa: ARG002 - rdflib's signature
        return iter(())


def _rdflib_term(term: Any) -> str:
    if isinstance(term, rdflib.URIRef):
        return f"<{term}>"
    if isinstance(term, rdflib.Literal):
        return _literal(str(term), term.language, term.datatype)
    return f"_:{term}"


def read_with_rdflib(file: RdfFile) -> StatementSet:
    """Return what rdflib reads.

    Raises:
        SourceError: It cannot read the file.
    """
    statements = StatementSet()
    store = _Sink(statements)
    graph = (
        rdflib.Dataset(store=store)
        if file.rdf_format.supports_datasets
        else rdflib.Graph(store=store, identifier=DATASET_DEFAULT_GRAPH_ID)
    )
    try:
        with file.open() as stream, _as_it_stands():
            graph.parse(source=stream, format=_RDFLIB_FORMATS[file.rdf_format], publicID=file.base_iri)
    except SourceError:
        raise
    except Exception as err:
        raise SourceError(str(file.path), f"rdflib does not read it: {type(err).__name__}: {err}") from err
    return statements


@contextmanager
def _as_it_stands() -> Iterator[None]:
    """Keep rdflib from rewriting literals (``01`` as ``1``), and from telling the terminal about them and itself."""
    normalize, logger = rdflib.NORMALIZE_LITERALS, logging.getLogger("rdflib.term")
    rdflib.NORMALIZE_LITERALS, logger.disabled = False, True
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # its parsers call functions of its own that it has deprecated
            yield
    finally:
        rdflib.NORMALIZE_LITERALS, logger.disabled = normalize, False
