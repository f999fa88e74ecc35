"""A build directory to a store on another server: real servers, and their answers compared with the local ones."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Literal

import pytest
import servers
from servers import Server

import kg
from kg.client import PASSWORD, TOKEN, USER, Client, credentials
from kg.errors import QueryError, RemoteError
from kg.named_graphs import named_graphs
from kg.publish import Published
from kg.query import saved_queries

EXAMPLES = Path(__file__).parent.parent / "examples/trials"
LOST = "https://w3id.org/trialkg/graph/NCT99990003"


def publish(server: Server, graph: kg.Graph, protocol: Literal["graph-store", "update"] = "graph-store") -> Published:
    """Publish a graph on a server."""
    url = server.store_url if protocol == "graph-store" else server.update_url
    return graph.publish(url, server.query_url, protocol=protocol, graph_parameter=server.graph_parameter, jobs=3)


def as_kept(server: Server, triples: Iterable[object]) -> set[str]:
    """Return triples without those that this server is known to rewrite."""
    texts = {str(triple) for triple in triples}
    return {it for it in texts if server.rewrites not in it} if server.rewrites else texts


def counts(server: Server, graphs: Iterable[str]) -> dict[str, int]:
    """Return how many triples the graphs have on a server."""
    with kg.Endpoint(server.query_url) as endpoint:
        return endpoint.store.counts(graphs)


@pytest.fixture(params=servers.NAMES)
def server(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    """A store with nothing in it."""
    if servers.missing(request.param):
        pytest.skip(servers.missing(request.param))
    monkeypatch.setenv("NETRC", str(tmp_path / "none"))
    with servers.running(request.param) as running:
        if running.password:
            monkeypatch.setenv(USER, running.password)
            monkeypatch.setenv(PASSWORD, running.password)
        yield running


@pytest.fixture
def oxigraph() -> Iterator[Server]:
    """Oxigraph with nothing in it."""
    if servers.missing("oxigraph"):
        pytest.skip(servers.missing("oxigraph"))
    with servers.running("oxigraph") as running:
        yield running


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
    published = publish(server, graph)
    graphs = {one.iri: one for one in named_graphs(graph.directory.quads)}
    assert published.wrong == ()
    assert (published.written, published.triples) == (len(graphs), graph.report.quads)
    assert counts(server, graphs) == {iri: len(one.lines) for iri, one in graphs.items()}
    trial = "https://w3id.org/trialkg/graph/NCT99990001"
    with kg.Endpoint(server.query_url) as endpoint:
        there = endpoint.store.query(f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ GRAPH <{trial}> {{ ?s ?p ?o }} }}")
    assert isinstance(there, list)
    assert as_kept(server, there) == as_kept(server, graph.store.graph(trial))


def test_publishing_again_writes_only_what_changed(server: Server, graph: kg.Graph, smaller: kg.Graph) -> None:
    first = publish(server, graph)
    again = publish(server, graph)
    assert (again.written, again.unchanged, again.removed) == (0, first.written, 0)
    mine = {one.iri: one.digest for one in named_graphs(graph.directory.quads)}
    later_mine = {one.iri: one.digest for one in named_graphs(smaller.directory.quads)}
    later = publish(server, smaller)
    assert later.wrong == ()
    assert later.removed == 1
    assert later.written == sum(mine.get(iri) != digest for iri, digest in later_mine.items()) < first.written
    assert "https://w3id.org/trialkg/graph/NCT99990002" not in counts(server, mine)
    assert publish(server, graph).written == later.written + 1


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
            publish(server, graph)
    assert publish(server, graph).wrong == ()
    expected = {one.iri: len(one.lines) for one in named_graphs(graph.directory.quads)}
    assert counts(server, expected) == expected


def test_graphs_that_are_not_what_was_sent_are_named(
    server: Server, graph: kg.Graph, monkeypatch: pytest.MonkeyPatch
) -> None:
    put = Client.send

    def losing(client: Client, method: str, url: str, **more: object) -> object:
        params, content = more.get("params"), more.get("content")
        if method == "PUT" and params == {server.graph_parameter: LOST} and isinstance(content, bytes):
            more["content"] = content[: content.index(b"\n") + 1]
        return put(client, method, url, **more)  # type: ignore[arg-type]

    with monkeypatch.context() as patched:
        patched.setattr(Client, "send", losing)
        (wrong,) = publish(server, graph).wrong
    assert wrong[0] == LOST
    assert wrong[2] == 1 < wrong[1]
    mended = publish(server, graph)
    assert (mended.written, mended.wrong) == (1, ())


def test_sparql_update_does_the_same(oxigraph: Server, graph: kg.Graph) -> None:
    published = publish(oxigraph, graph, "update")
    assert published.wrong == ()
    assert published.triples == graph.report.quads
    assert publish(oxigraph, graph, "update").written == 0


def test_saved_queries_give_the_same_rows_there(oxigraph: Server, graph: kg.Graph) -> None:
    asked = {
        "trials-by-marker-state": {"state": "HER2-low"},
        "trials-by-drug-class": {"class": "CDK4/6 inhibitor"},
        "trials-by-drug": {"drug": "Enhertu"},
        "evidence-for-statement": {"trial": "NCT99990001", "concept": "her2-low"},
        "drug-marker-cooccurrence": {"minimum": "1"},
        "trial-summary": {"trial": "NCT99990004"},
        "organizations": {},
        "sites-by-country": {},
        "endpoints-by-use": {},
        "statements-by-role": {},
        "procedures-by-use": {},
        "trials-with-logic": {},
        "enrollment-by-phase": {},
    }
    assert set(asked) <= set(saved_queries())
    publish(oxigraph, graph)
    with kg.Endpoint(oxigraph.query_url) as endpoint:
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
