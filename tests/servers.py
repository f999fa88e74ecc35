"""Real RDF servers for tests: Oxigraph and Virtuoso on 127.0.0.1, each in a folder of its own, gone at the end.

As a script it loads an RDF file into each server that is there and says what comes back::

    PYTHONPATH=. VIRTUOSO_HOME=DIR python tests/servers.py FILE.ttl
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Literal
from urllib.error import HTTPError, URLError
from urllib.parse import urlencode
from urllib.request import HTTPDigestAuthHandler, HTTPPasswordMgrWithDefaultRealm, Request, build_opener

import pyoxigraph as ox

from benchmarks import servers
from benchmarks.servers import free_port
from kg.certify.parsers import Comparison, StatementSet, compare, ox_term
from kg.identifiers import PREFIXES

GRAPH = "https://kg.example.org/graph/loaded"
PATIENCE_SECONDS = 120
XSD = PREFIXES["xsd"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Server:
    """A running server: its addresses, and how to talk to it.

    Attributes:
        store_url: Of the Graph Store Protocol; ``graph_parameter`` is how that calls a graph's name.
        query_url: Of SPARQL queries, which are sent in the address or as a form: Virtuoso 7.2.5 answers no others.
        update_url: Of SPARQL updates.
        password: For user and password alike; empty if none is asked for.
        rewrites: The datatype of which the server keeps a number only (`in_months_or_seconds`); empty: keeps all.
    """

    store_url: str
    query_url: str
    update_url: str
    graph_parameter: Literal["graph", "graph-uri"] = "graph"
    password: str = ""
    rewrites: str = ""

    def put(self, turtle: bytes) -> None:
        """Replace the graph by a Turtle document (SPARQL 1.1 Graph Store Protocol, section 5.3)."""
        self._store("PUT", turtle, {"Content-Type": "text/turtle"})

    def post(self, turtle: bytes) -> None:
        """Add a Turtle document to the graph (section 5.5)."""
        self._store("POST", turtle, {"Content-Type": "text/turtle"})

    def get(self) -> bytes:
        """Return the graph as Turtle, of which N-Triples are a part (section 5.2)."""
        return self._store("GET", None, {"Accept": "application/n-triples, text/plain;q=0.9"})

    def _store(self, method: str, data: bytes | None, headers: dict[str, str]) -> bytes:
        url = f"{self.store_url}?{urlencode([(self.graph_parameter, GRAPH)])}"
        return self._send(Request(url, data, headers, method=method))  # noqa: S310

    def count(self) -> int:
        """Count the triples of the graph with a query."""
        query = f"SELECT (COUNT(*) AS ?n) WHERE {{ GRAPH <{GRAPH}> {{ ?s ?p ?o }} }}"
        url = f"{self.query_url}?{urlencode({'query': query})}"
        answer = self._send(Request(url, headers={"Accept": "text/csv"}))  # noqa: S310
        return int(answer.decode().split()[-1].strip('"'))

    def _send(self, request: Request) -> bytes:
        passwords = HTTPPasswordMgrWithDefaultRealm()
        if self.password:
            passwords.add_password(None, self.store_url, self.password, self.password)
        with build_opener(HTTPDigestAuthHandler(passwords)).open(request, timeout=600) as answer:
            return bytes(answer.read())


def oxigraph_program() -> str | None:
    """Return the server's program, from PATH or beside this Python; None if it is not there."""
    return shutil.which("oxigraph") or shutil.which("oxigraph", path=str(Path(sys.executable).parent))


def virtuoso_home() -> Path | None:
    """Return the folder that VIRTUOSO_HOME names; None if there is no server in it."""
    home = Path(os.environ.get("VIRTUOSO_HOME", "nowhere"))
    return home.resolve() if (home / "usr/bin/virtuoso-t").is_file() else None


@contextmanager
def oxigraph(program: str) -> Iterator[Server]:
    """Run Oxigraph's server over an empty store."""
    bind = f"127.0.0.1:{free_port()}"
    address = f"http://{bind}"
    server = Server(store_url=f"{address}/store", query_url=f"{address}/query", update_url=f"{address}/update")
    with tempfile.TemporaryDirectory() as folder:
        command = [program, "serve", "--location", folder, "--bind", bind, "--union-default-graph"]
        with _running(command, folder, server):
            yield server


@contextmanager
def virtuoso(home: Path) -> Iterator[Server]:
    """Run Virtuoso over an empty database."""
    with servers.virtuoso(home, buffers=20_000) as running:
        address = running.query_url.removesuffix("/sparql")
        server = Server(
            store_url=f"{address}/sparql-graph-crud-auth",
            query_url=running.query_url,
            update_url=f"{address}/sparql-auth",
            graph_parameter="graph-uri",
            password="dba",  # of a database that is thrown away  # noqa: S106
            rewrites=f"{XSD}duration",  # whatever the form: P18Y and P216M come back as 216 from Virtuoso 7.2.5
        )
        _wait(server, running.process, running.folder / "output")
        yield server


# How to start each server, or why it cannot be started.
_MISSING = {
    "oxigraph": "there is no Oxigraph server: `pip install oxigraph`",
    "virtuoso": "VIRTUOSO_HOME names no folder with Virtuoso: tests/integration/fetch_virtuoso.sh makes one",
}
NAMES = tuple(_MISSING)


def missing(name: str) -> str:
    """Return why a server cannot be run here; nothing if it can."""
    there = oxigraph_program() if name == "oxigraph" else virtuoso_home()
    return "" if there else _MISSING[name]


def running(name: str) -> AbstractContextManager[Server]:
    """Run a server that is not `missing` over an empty store."""
    program, home = oxigraph_program(), virtuoso_home()
    if name == "oxigraph" and program:
        return oxigraph(program)
    if name == "virtuoso" and home:
        return virtuoso(home)
    raise FileNotFoundError(missing(name))


@contextmanager
def _running(command: list[str], folder: str, server: Server) -> Iterator[None]:
    with Path(folder, "output").open("wb") as output:
        process = subprocess.Popen(command, cwd=folder, stdout=output, stderr=subprocess.STDOUT)
        try:
            _wait(server, process, Path(folder, "output"))
            yield
        finally:
            process.terminate()
            process.wait(PATIENCE_SECONDS)


def _wait(server: Server, process: "subprocess.Popen[bytes]", output: Path) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while True:
        try:
            server.count()
        except (HTTPError, URLError, ConnectionError, ValueError) as err:
            if process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(output.read_text("utf-8", "replace")[-2000:]) from err
            time.sleep(0.2)
        else:
            return


_DURATION = re.compile(
    r"P(?:(?P<years>\d+)Y)?(?:(?P<months>\d+)M)?(?:(?P<days>\d+)D)?(?:T(?:(?P<hours>\d+)H)?(?:(?P<minutes>\d+)M)?)?"
)


def in_months_or_seconds(text: str) -> str:
    """Return what Virtuoso makes of a duration: its months or else its seconds, with six digits.

    >>> [in_months_or_seconds(text) for text in ("P18Y", "216", "P28D", "2.4192e+06")]
    ['216', '216', '2.4192e+06', '2.4192e+06']
    """
    match = _DURATION.fullmatch(text)
    if match is None:
        return f"{float(text):.6g}"
    years, months, days, hours, minutes = (int(part or 0) for part in match.groups())
    return f"{years * 12 + months or (days * 24 + hours) * 3600 + minutes * 60:.6g}"


def statements(rdf: bytes, rewritten: str = "") -> StatementSet:
    """Return the triples of a Turtle document as a set; literals of one datatype as a server rewrites them."""
    found = StatementSet()
    for quad in ox.parse(rdf, format=ox.RdfFormat.TURTLE):
        value = ox_term(quad.object)
        if rewritten and isinstance(quad.object, ox.Literal) and quad.object.datatype.value == rewritten:
            value = f'"{in_months_or_seconds(quad.object.value)}"^^<{rewritten}>'
        found.add((ox_term(quad.subject), ox_term(quad.predicate), value, ""))
    return found


def round_trip(server: Server, turtle: bytes, pieces: int = 1) -> tuple[int, Comparison]:
    """Load a Turtle document, whole or cut between blocks, and compare what comes back: the count and the graphs."""
    head, *blocks = turtle.split(b"\n\n")
    server.put(head)
    size = -(-len(blocks) // pieces)
    for start in range(0, len(blocks), size):
        server.post(b"\n\n".join([head, *blocks[start : start + size]]))
    returned = statements(server.get(), server.rewrites)
    return server.count(), compare(statements(turtle, server.rewrites), returned)


def main() -> None:
    """Load the file that is named into every server that is there."""
    turtle = Path(sys.argv[1]).read_bytes()
    wanted = len(statements(turtle))
    for name in NAMES:
        if missing(name):
            print(missing(name))  # noqa: T201
            continue
        with running(name) as server:
            start = time.monotonic()
            count, comparison = round_trip(server, turtle, pieces=-(-len(turtle) // 2_000_000))
            seconds = time.monotonic() - start
        print(f"{name}: {count:,} of {wanted:,} triples in {seconds:.0f} s; same graph: {comparison}")  # noqa: T201


if __name__ == "__main__":
    main()
