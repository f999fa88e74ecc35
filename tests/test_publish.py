"""A build directory to a store on another server: real servers, and their answers compared with the local ones."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path

import pytest
from servers import OXIGRAPH, VIRTUOSO, oxigraph, virtuoso

import kg
from kg.client import PASSWORD, TOKEN, USER, Client, credentials
from kg.errors import QueryError, RemoteError
from kg.named_graphs import named_graphs
from kg.publish import Published
from kg.query import saved_queries

EXAMPLES = Path(__file__).parent.parent / "examples/trials"


class Server:
    """A running store and its three addresses."""

    def __init__(self, address: str, store: str, query: str, update: str, parameter: str) -> None:
        self.store, self.query, self.update = address + store, address + query, address + update
        self.parameter = parameter

    def publish(self, graph: kg.Graph, protocol: str = "graph-store") -> Published:
        """Publish a graph here."""
        url = self.store if protocol == "graph-store" else self.update
        return graph.publish(url, self.query, protocol=protocol, graph_parameter=self.parameter, jobs=3)  # type: ignore[arg-type]

    def as_kept(self, triples: Iterable[object]) -> set[str]:
        """Return triples without what this store is known to change: Virtuoso 7.2 keeps durations as months."""
        texts = {str(triple) for triple in triples}
        return {it for it in texts if "XMLSchema#duration" not in it} if self.parameter == "graph-uri" else texts

    def counts(self, graphs: Iterable[str]) -> dict[str, int]:
        """Return how many triples the graphs have here."""
        with kg.Endpoint(self.query) as endpoint:
            return endpoint.store.counts(graphs)


KINDS = {
    "oxigraph": (oxigraph, ("/store", "/query", "/update", "graph")),
    "virtuoso": (virtuoso, ("/sparql-graph-crud-auth", "/sparql", "/sparql-auth", "graph-uri")),
}
MISSING = {
    "oxigraph": "" if OXIGRAPH else "the package oxigraph is not installed",
    "virtuoso": "" if VIRTUOSO else "KG_TEST_VIRTUOSO names no folder with Virtuoso",
}


@pytest.fixture(params=KINDS)
def server(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    """A store with nothing in it."""
    if MISSING[request.param]:
        pytest.skip(MISSING[request.param])
    monkeypatch.setenv("NETRC", str(tmp_path / "none"))
    if request.param == "virtuoso":
        monkeypatch.setenv(USER, "dba")
        monkeypatch.setenv(PASSWORD, "dba")
    run: Callable[[Path], AbstractContextManager[str]]
    run, addresses = KINDS[request.param]
    folder = tmp_path / "server"
    folder.mkdir()
    with run(folder) as address:
        yield Server(address, *addresses)


@pytest.fixture(scope="module")
def graph(tmp_path_factory: pytest.TempPathFactory) -> kg.Graph:
    """The examples."""
    return kg.build([EXAMPLES], tmp_path_factory.mktemp("build") / "out", workers=1)


@pytest.fixture(scope="module")
def smaller(tmp_path_factory: pytest.TempPathFactory) -> kg.Graph:
    """The examples after a day: one trial less, one changed."""
    folder = tmp_path_factory.mktemp("later")
    for path in EXAMPLES.iterdir():
        text = path.read_text("utf-8")
        if "NCT99990002" not in path.name:
            (folder / path.name).write_text(text.replace('"count": 180', '"count": 181'), "utf-8")
    return kg.build([folder], folder / "out", workers=1)


def test_what_is_published_comes_back(server: Server, graph: kg.Graph) -> None:
    published = server.publish(graph)
    graphs = {one.iri: one for one in named_graphs(graph.directory.quads)}
    assert published.wrong == ()
    assert (published.written, published.triples) == (len(graphs), graph.report.quads)
    assert server.counts(graphs) == {iri: len(one.lines) for iri, one in graphs.items()}
    trial = "https://w3id.org/trialkg/graph/NCT99990001"
    with kg.Endpoint(server.query) as endpoint:
        there = endpoint.store.query(f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ GRAPH <{trial}> {{ ?s ?p ?o }} }}")
    assert isinstance(there, list)
    assert server.as_kept(there) == server.as_kept(graph.store.graph(trial))


def test_publishing_again_writes_only_what_changed(server: Server, graph: kg.Graph, smaller: kg.Graph) -> None:
    first = server.publish(graph)
    again = server.publish(graph)
    assert (again.written, again.unchanged, again.removed) == (0, first.written, 0)
    mine = {one.iri: one.digest for one in named_graphs(graph.directory.quads)}
    later_mine = {one.iri: one.digest for one in named_graphs(smaller.directory.quads)}
    later = server.publish(smaller)
    assert later.wrong == ()
    assert later.removed == 1
    assert later.written == sum(mine.get(iri) != digest for iri, digest in later_mine.items()) < first.written
    assert "https://w3id.org/trialkg/graph/NCT99990002" not in server.counts(mine)
    assert server.publish(graph).written == later.written + 1


def test_a_publication_that_was_stopped_goes_on(
    server: Server, graph: kg.Graph, monkeypatch: pytest.MonkeyPatch
) -> None:
    put, sent = Client.send, []

    def failing(client: Client, method: str, url: str, **more: object) -> object:
        if method == "PUT":
            sent.append(url)
            if len(sent) > 4:
                raise RemoteError(url, "the line is cut")
        return put(client, method, url, **more)  # type: ignore[arg-type]

    with monkeypatch.context() as patched:
        patched.setattr(Client, "send", failing)
        with pytest.raises(RemoteError, match="the line is cut"):
            server.publish(graph)
    assert server.publish(graph).wrong == ()
    expected = {one.iri: len(one.lines) for one in named_graphs(graph.directory.quads)}
    assert server.counts(expected) == expected


def test_graphs_that_are_not_what_was_sent_are_named(
    server: Server, graph: kg.Graph, monkeypatch: pytest.MonkeyPatch
) -> None:
    put = Client.send

    def losing(client: Client, method: str, url: str, **more: object) -> object:
        content = more.get("content")
        if (
            method == "PUT"
            and isinstance(content, bytes)
            and b"NCT99990003" in content
            and b"contentHash" not in content
        ):
            more["content"] = content[: content.index(b"\n") + 1]
        return put(client, method, url, **more)  # type: ignore[arg-type]

    with monkeypatch.context() as patched:
        patched.setattr(Client, "send", losing)
        (wrong,) = server.publish(graph).wrong
    assert wrong[0] == "https://w3id.org/trialkg/graph/NCT99990003"
    assert wrong[2] == 1 < wrong[1]
    mended = server.publish(graph)
    assert (mended.written, mended.wrong) == (1, ())


@pytest.mark.skipif(bool(MISSING["oxigraph"]), reason=MISSING["oxigraph"])
def test_sparql_update_does_the_same(tmp_path: Path, graph: kg.Graph) -> None:
    with oxigraph(tmp_path / "server") as address:
        server = Server(address, *KINDS["oxigraph"][1])
        published = server.publish(graph, "update")
        assert published.wrong == ()
        assert published.triples == graph.report.quads
        assert server.publish(graph, "update").written == 0


@pytest.mark.skipif(bool(MISSING["oxigraph"]), reason=MISSING["oxigraph"])
def test_saved_queries_give_the_same_rows_there(tmp_path: Path, graph: kg.Graph) -> None:
    asked = {
        "trials-by-marker-state": {"state": "HER2-low"},
        "trials-by-drug-class": {"class": "CDK4/6 inhibitor"},
        "trials-by-drug": {"drug": "Enhertu"},
        "evidence-for-statement": {"trial": "NCT99990001", "concept": "her2-low"},
        "drug-marker-cooccurrence": {"minimum": "1"},
        "trial-summary": {"trial": "NCT99990004"},
        "organizations": {},
    }
    assert set(asked) <= set(saved_queries())
    with oxigraph(tmp_path / "server") as address:
        server = Server(address, *KINDS["oxigraph"][1])
        server.publish(graph)
        with kg.Endpoint(server.query) as endpoint:
            for name, parameters in asked.items():
                here = graph.query(name, parameters)
                assert here.rows, name
                assert sorted(map(str, endpoint.query(name, parameters).rows)) == sorted(map(str, here.rows)), name
            with pytest.raises(QueryError, match="There is no trial NCT00000001"):
                endpoint.query("trial-summary", trial="NCT00000001")


def test_credentials_come_from_the_environment_or_a_netrc_file(tmp_path: Path) -> None:
    assert credentials({"NETRC": str(tmp_path / "none")}) is None
    assert type(credentials({TOKEN: "secret", USER: "me"})).__name__ == "_Bearer"
    assert type(credentials({USER: "me", PASSWORD: "secret"})).__name__ == "Challenged"
    (tmp_path / "netrc").write_text("machine store.example.org login me password secret\n", "utf-8")
    assert type(credentials({"NETRC": str(tmp_path / "netrc")})).__name__ == "_Netrc"
    (tmp_path / "broken").write_text("machine\n", "utf-8")
    with pytest.raises(RemoteError, match="broken: cannot be read"):
        credentials({"NETRC": str(tmp_path / "broken")})
