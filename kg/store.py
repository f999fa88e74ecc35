"""The triple store under a graph: pyoxigraph, with rdflib's API over the same data.

Queries see the union of all named graphs as their default graph, unless they say ``FROM`` themselves. A triple that
stands in two graphs is matched twice there, so queries that list or count say ``DISTINCT``. Query text may come from
anybody: updates, ``SERVICE`` and nesting that would end the process (Oxigraph recurses) are refused before Oxigraph
sees them; time and memory are not bounded here.
"""

import gzip
import io
import os
import re
import sys
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import IO, TYPE_CHECKING, Final, NamedTuple, Protocol, Self

import pyoxigraph as ox

from kg.errors import BuildError, QueryError, SourceError
from kg.identifiers import PREFIXES

if TYPE_CHECKING:
    import rdflib

Term = ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple


class Solutions(NamedTuple):
    """The answer to a SELECT query: its variables, and a value or None for each of them in every row."""

    columns: tuple[str, ...]
    rows: list[tuple[Term | None, ...]]


Answer = Solutions | bool | list[ox.Triple]


class Queryable(Protocol):
    """What answers queries: a `GraphStore` here, or a store on another server."""

    def query(self, sparql: str, substitutions: Mapping[str, Term] | None = None) -> Answer:
        """Answer a query; see `GraphStore.query`."""

    def select(self, sparql: str, substitutions: Mapping[str, Term] | None = None) -> Solutions:
        """Answer a SELECT query."""

    def mentions(self, iri: str) -> bool:
        """Tell whether anything is said of or with this IRI."""

    def graphs_of(self, iri: str, class_iri: str) -> list[str]:
        """Return the named graphs that say that ``iri`` is of this class, sorted."""


# Oxigraph 0.5 overflows its stack at about 5,000 nested brackets, and at 10,000 operators in one expression.
_DEEPEST = 200
_MOST_OPERATORS = 1_000
_LOADED_AT_ONCE: Final = 40 << 20  # bytes of N-Quads, some 200,000 quads; it takes 200 MB of memory to load them
_LOADED_TOGETHER: Final = 2  # pieces
_HALVED: Final = 8 << 20  # bytes from which on a last piece is loaded in halves
_PIECES_TO_MERGE: Final = 6  # at most, for a query
_MORE_NICE: Final = 10  # of RocksDB's own threads than of this one
_UPDATES: Final = frozenset(["INSERT", "DELETE", "LOAD", "CLEAR", "DROP", "CREATE", "ADD", "MOVE", "COPY", "WITH"])
_FORMS: Final = frozenset(["SELECT", "ASK", "CONSTRUCT", "DESCRIBE"])
_OPERATORS: Final = frozenset(["UNION", "OPTIONAL", "MINUS", "FILTER", "BIND"])
# The tokens of SPARQL 1.1 (section 19.8) as far as needed to tell keywords from the rest.
_TOKEN = re.compile(
    r"""
      <[^<>"{}|^`\\\x00-\x20]*>                                     # IRIREF
    | '''(?:'{0,2}(?:[^'\\]|\\.))*''' | \"\"\"(?:"{0,2}(?:[^"\\]|\\.))*\"\"\"  # long strings
    | '(?:[^'\\\n\r]|\\.)*' | "(?:[^"\\\n\r]|\\.)*"                 # strings
    | \#[^\n\r]*                                                    # comment
    | [?$]\w+ | @[a-zA-Z-]+                                         # variable, language tag
    | (?P<prefix>[\w.-]*):(?:[\w.:-]|%[0-9A-Fa-f]{2}|\\.)*          # prefixed name
    | (?P<word>\w+) | (?P<open>[{(\[]) | (?P<close>[)}\]]) | (?P<operator>[!|&+*/^-])
    """,
    re.VERBOSE | re.DOTALL,
)


# Of a syntax error: its place, and the reasons that the parser gives among the tokens that it waits for.
_PLACE = re.compile(r"error at (?P<line>\d+):(?P<column>\d+)")
_SHOWN: Final = 40  # characters
_REASONS: Final = {
    "Prefix not found": "a prefix is not declared; add a PREFIX line, or write the IRI in full.",
    "IRI parsing failed": "an IRI is not absolute; write it in full, or declare a BASE.",
    "a variable that is unbound": "what SELECT names is neither grouped nor an aggregate; add it to GROUP BY.",
    "Duplicated variable name": "SELECT names a variable twice; name one of them otherwise.",
}
_UNKNOWN_REASON: Final = "look there and just before for a missing full stop, bracket, colon or quotation mark."


def display_prefixes(base: str) -> dict[str, str]:
    """Return the prefixes of everything in a graph: those of the vocabularies and those of a site's own resources."""
    own = ("concept", "country", "document", "graph", "organization", "rule", "scheme", "state")
    return dict(sorted({**PREFIXES, "trialkg": base, **{name: f"{base}{name}/" for name in own}}.items()))


def check_query(sparql: str) -> frozenset[str]:
    """Refuse what a query must not do, and return its keywords in upper case.

    Raises:
        QueryError: It is an update, uses SERVICE, nests too deeply, or is no query at all.
    """
    if not sparql.strip():
        raise QueryError("The query is empty: name a saved one, which `kg query` lists, or give SPARQL.")
    matches = list(_TOKEN.finditer(sparql))
    words = [match["word"].upper() for match in matches if match["word"]]
    _check_size(matches, words)
    form = next((word for word in words if word in _UPDATES | _FORMS), None)
    if form is None:
        raise QueryError("Not a SPARQL query: there is no SELECT, ASK, CONSTRUCT or DESCRIBE in it.")
    if form in _UPDATES:
        raise QueryError(f"{form} is an update; a graph is read-only. Change the sources and build it again.")
    # Oxigraph needs no space before a keyword (``1SERVICE:x``), so the word is looked for inside of others as well.
    if any("SERVICE" in word for word in (*words, *(match["prefix"].upper() for match in matches if match["prefix"]))):
        raise QueryError("SERVICE is refused: a query does not reach out to other servers.")
    return frozenset(words)


def _check_size(matches: list[re.Match[str]], words: list[str]) -> None:
    depth = 0
    for match in matches:
        depth += bool(match["open"]) - bool(match["close"])
        if depth > _DEEPEST:
            raise QueryError(f"The query nests more than {_DEEPEST} levels of brackets.")
    operators = sum(bool(match["operator"]) for match in matches) + sum(word in _OPERATORS for word in words)
    if operators > _MOST_OPERATORS:
        raise QueryError(f"The query has more than {_MOST_OPERATORS:,} operators.")


def _not_sparql(sparql: str, message: str) -> str:
    """Say what a parser's message says of a query: where it cannot go on, and why if it knows."""
    found = _PLACE.match(message)
    if found is None:
        return f"The query is no SPARQL: {message}"
    line, column = int(found["line"]), int(found["column"])
    lines = sparql.split("\n")
    text = lines[line - 1] if line <= len(lines) else ""
    before, after = text[: column - 1].strip()[-_SHOWN:], text[column - 1 :].strip()[:_SHOWN]
    around = [*([f"behind `{before}`"] if before else []), *([f"before `{after}`"] if after else [])]
    place = ", ".join([f"line {line}, column {column}", *around])
    reasons = [words for sign, words in _REASONS.items() if sign in message]
    return f"The query is no SPARQL ({place}): {reasons[0] if reasons else _UNKNOWN_REASON}"


def bind_in_text(sparql: str, substitutions: Mapping[str, Term]) -> str:
    """Return a query with a VALUES clause for these variables at the start of its outermost group.

    For stores that take no values beside a query. The terms are written in the syntax of SPARQL, never as they came.

    >>> bind_in_text("SELECT ?s { ?s ?p ?o }", {"o": ox.Literal("a name")})
    'SELECT ?s { VALUES (?o) { ("a name") } ?s ?p ?o }'
    """
    if not substitutions:
        return sparql
    tokens = list(_TOKEN.finditer(sparql))
    words = [(match["word"] or "").upper() for match in tokens]
    start = words.index("WHERE") if "CONSTRUCT" in words and "WHERE" in words else 0
    brace = next(match.end() for match in tokens[start:] if match["open"] == "{")
    names, terms = " ".join(f"?{name}" for name in substitutions), " ".join(map(str, substitutions.values()))
    return f"{sparql[:brace]} VALUES ({names}) {{ ({terms}) }}{sparql[brace:]}"


def _opened(open_store: Callable[[str], ox.Store], path: Path) -> ox.Store:
    """Open a store so that RocksDB's own threads, which the first store of a process starts, give way to all others.

    They merge what was loaded last with all that was loaded before, as often as they have time for it. While a build
    keeps the processors busy, that is work for nothing, since one merge in the end does the same.
    """
    with ThreadPoolExecutor(1, "open", _give_way) as thread:  # gone afterwards: who gave way may not take it back
        return thread.submit(open_store, str(path)).result()


def _give_way() -> None:
    """Lower the priority of this thread and of those that it starts; elsewhere than on Linux, threads have none."""
    if sys.platform == "linux":
        with suppress(OSError):  # forbidden: no reason to do nothing at all
            os.setpriority(os.PRIO_PROCESS, 0, os.getpriority(os.PRIO_PROCESS, 0) + _MORE_NICE)


class GraphStore:
    """Quads in named graphs, on disk or in memory. Create one with `create`, `open_read_only` or `in_memory`."""

    def __init__(self, store: ox.Store) -> None:
        self._store = store

    @classmethod
    def create(cls, path: Path) -> Self:
        """Make an empty store in a folder that does not exist yet.

        Raises:
            BuildError: The folder exists or cannot be made.
        """
        if path.exists():
            raise BuildError(f"{path} exists; a store is written once, into a new folder.")
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            return cls(_opened(ox.Store, path))
        except OSError as err:
            raise BuildError(f"{path}: {err}") from err

    @classmethod
    def copy(cls, old: Path, new: Path) -> Self:
        """Start from a finished store: its large files are immutable, and get another name instead of a copy.

        Raises:
            BuildError: There is no store in ``old``, or ``new`` cannot be made.
        """
        source = cls.open_read_only(old)
        try:
            source._store.backup(new)
            return cls(_opened(ox.Store, new))
        except (OSError, RuntimeError) as err:
            raise BuildError(f"{new}: {err}") from err

    @classmethod
    def open_read_only(cls, path: Path) -> Self:
        """Open a finished store; any number of processes may do so at once.

        Raises:
            BuildError: There is no store in this folder.
        """
        if not (path / "CURRENT").is_file():
            raise BuildError(f"There is no store in {path}; build one with `kg build SOURCE… -o DIR`.")
        try:
            return cls(_opened(ox.Store.read_only, path))
        except (OSError, RuntimeError) as err:  # the second of damaged files
            raise BuildError(f"{path}: {err}") from err

    @classmethod
    def in_memory(cls) -> Self:
        """Make an empty store that is gone with the process."""
        return cls(ox.Store())

    def bulk_load(self, source: Path | bytes | IO[bytes]) -> None:
        """Load N-Quads, from a file compressed with gzip if its name ends with ``.gz``; all or nothing.

        Raises:
            SourceError: The file cannot be read or is not N-Quads.
        """
        name = str(source) if isinstance(source, Path) else "N-Quads"
        try:
            if not isinstance(source, Path):
                self._store.bulk_load(source, format=ox.RdfFormat.N_QUADS)
            elif source.suffix == ".gz":
                with gzip.open(source) as stream:
                    self._store.bulk_load(io.BufferedReader(stream, 1 << 20), format=ox.RdfFormat.N_QUADS)
            else:
                self._store.bulk_load(path=source, format=ox.RdfFormat.N_QUADS)
        except (SyntaxError, OSError, EOFError) as err:
            raise SourceError(name, str(err)) from err

    def flush(self, *, arrange: bool = True) -> None:
        """Write everything to disk and, unless little has changed, arrange it for fast reading."""
        if arrange:
            self._store.optimize()
        self._store.flush()

    def remove(self, nquads: bytes) -> None:
        """Remove quads, given as lines of N-Quads."""
        for quad in ox.parse(nquads, format=ox.RdfFormat.N_QUADS):
            self._store.remove(quad)

    def remove_graph(self, iri: str) -> None:
        """Remove a named graph."""
        self._store.remove_graph(ox.NamedNode(iri))

    def query(self, sparql: str, substitutions: Mapping[str, Term] | None = None) -> Answer:
        """Answer a query: `Solutions` for SELECT, a bool for ASK, triples for CONSTRUCT and DESCRIBE.

        Args:
            sparql: A query of SPARQL 1.1; the prefixes of `kg.identifiers.PREFIXES` need no declaration.
            substitutions: Values of variables, bound before evaluation, never pasted into the text (SEP-0007). A
                SELECT query must project each of these variables.

        Raises:
            QueryError: The query is refused, does not parse, or fails.
        """
        words = check_query(sparql)
        try:
            found = self._store.query(
                sparql,
                prefixes=PREFIXES,
                use_default_graph_as_union="FROM" not in words,
                substitutions={ox.Variable(name): term for name, term in (substitutions or {}).items()},
            )
            if isinstance(found, ox.QueryBoolean):
                return bool(found)
            if isinstance(found, ox.QueryTriples):
                return list(dict.fromkeys(found))
            columns = tuple(variable.value for variable in found.variables)
            return Solutions(columns, [tuple(solution) for solution in found])
        except SyntaxError as err:
            raise QueryError(_not_sparql(sparql, str(err))) from err
        except (RuntimeError, ValueError, OSError) as err:
            raise QueryError(f"The query fails: {err}") from err

    def select(self, sparql: str, substitutions: Mapping[str, Term] | None = None) -> Solutions:
        """Answer a SELECT query; see `query`.

        Raises:
            QueryError: It is of another form, or fails.
        """
        found = self.query(sparql, substitutions)
        if not isinstance(found, Solutions):
            raise QueryError("A SELECT query is needed here.")
        return found

    def construct(self, sparql: str) -> list[ox.Triple]:
        """Answer a CONSTRUCT or DESCRIBE query; see `query`.

        Raises:
            QueryError: It is of another form, or fails.
        """
        found = self.query(sparql)
        if not isinstance(found, list):
            raise QueryError("A CONSTRUCT or DESCRIBE query is needed here.")
        return found

    def rdflib(self) -> "rdflib.Dataset":
        """Return the same data as an rdflib dataset whose default graph is the union of all graphs."""
        import rdflib  # noqa: PLC0415 - takes a quarter of a second that a build has no use for
        from oxrdflib import OxigraphStore  # noqa: PLC0415 - as above

        return rdflib.Dataset(store=OxigraphStore(store=self._store), default_union=True)

    def graph(self, iri: str) -> Iterator[ox.Triple]:
        """Iterate over the triples of one named graph, in no particular order; nothing if there is none."""
        for quad in self._store.quads_for_pattern(None, None, None, ox.NamedNode(iri)):
            yield quad.triple

    def graph_iris(self) -> list[str]:
        """Return the named graphs, sorted."""
        return sorted(graph.value for graph in self._store.named_graphs())

    def graphs_of(self, iri: str, class_iri: str) -> list[str]:
        """Return the named graphs that say that ``iri`` is of this class, sorted."""
        pattern = (ox.NamedNode(iri), ox.NamedNode(PREFIXES["rdf"] + "type"), ox.NamedNode(class_iri), None)
        return sorted(
            quad.graph_name.value
            for quad in self._store.quads_for_pattern(*pattern)
            if isinstance(quad.graph_name, ox.NamedNode)
        )

    def ntriples(self, graph_iri: str | None) -> bytes:
        """Return a named graph, or with None the default graph, as unsorted N-Triples.

        Raises:
            BuildError: The store is damaged.
        """
        graph = ox.DefaultGraph() if graph_iri is None else ox.NamedNode(graph_iri)
        try:
            return self._store.dump(format=ox.RdfFormat.N_TRIPLES, from_graph=graph) or b""
        except (OSError, RuntimeError) as err:
            raise BuildError(f"The store is damaged ({err}): build the graph anew with `kg build`.") from err

    def mentions(self, iri: str) -> bool:
        """Tell whether anything is said of or with this IRI."""
        node = ox.NamedNode(iri)
        patterns = ((node, None, None), (None, None, node), (None, node, None))
        return any(next(iter(self._store.quads_for_pattern(*pattern)), None) is not None for pattern in patterns)

    def __len__(self) -> int:
        """Count the quads."""
        return len(self._store)


class Loader:
    """Loads a store on disk while its caller goes on, a piece at a time and two at once.

    Oxigraph's bulk loader holds all of what it is given in memory, so a piece is small; its threads need no lock of
    Python's. Leave the context to finish the store: one of many pieces is arranged for fast reading then, while a
    query has little to merge of a few, and arranging them would take half as long again as to load them.

    Args:
        path: A folder that does not exist yet.
        start: A finished store to start from; by default an empty one.

    Raises:
        BuildError: The folder exists or cannot be made, or there is no store to start from.
    """

    def __init__(self, path: Path, start: Path | None = None) -> None:
        self._store = GraphStore.create(path) if start is None else GraphStore.copy(start, path)
        self._threads = ThreadPoolExecutor(_LOADED_TOGETHER, "load")
        self._loading: deque[Future[None]] = deque()
        self._piece: list[bytes] = []
        self._size = 0
        self._pieces = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        try:
            with self._threads:  # which waits
                if kind is None:
                    self._load_rest()
                    self._wait()
                    self._store.flush(arrange=self._pieces > _PIECES_TO_MERGE)
        finally:
            # RocksDB tidies up in the background, by file name, until it is closed: not while folders are renamed.
            del self._store

    def remove(self, nquads: bytes) -> None:
        """Remove whole lines of N-Quads, none of which was added here."""
        self._wait()
        self._store.remove(nquads)

    def remove_graph(self, iri: str) -> None:
        """Remove a named graph, to which nothing was added here."""
        self._wait()
        self._store.remove_graph(iri)

    def add(self, nquads: bytes) -> None:
        """Take whole lines of N-Quads; what is wrong with them is told by a later call or at the end.

        Raises:
            SourceError: An earlier piece is not N-Quads.
        """
        self._piece.append(nquads)
        self._size += len(nquads)
        if self._size >= _LOADED_AT_ONCE:
            self._load(self._taken())

    def _taken(self) -> bytes:
        piece, self._piece, self._size = self._piece, [], 0
        return b"".join(piece)

    def _load(self, piece: bytes) -> None:
        while len(self._loading) >= _LOADED_TOGETHER:  # so that memory is bounded
            self._loading.popleft().result()
        self._pieces += 1
        self._loading.append(self._threads.submit(self._store.bulk_load, piece))

    def _load_rest(self) -> None:
        """Load what is left in halves: now that nothing else is to do, there is a core for each."""
        rest = self._taken()
        middle = rest.find(b"\n", len(rest) // 2) + 1 if len(rest) > _HALVED else 0
        for piece in (rest[:middle], rest[middle:]):
            if piece:
                self._load(piece)

    def _wait(self) -> None:
        while self._loading:
            self._loading.popleft().result()
