"""Round trips through servers that people have: what is loaded is what comes back. Skipped where there is no server."""

from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import pytest
import rdf_servers as servers

from kg.api import Graph


def running(name: str) -> AbstractContextManager[Any]:
    """Start a server, or skip the test and say how to get one."""
    program, home = servers.oxigraph_program(), servers.virtuoso_home()
    if name == "oxigraph" and program is None:
        pytest.skip("there is no Oxigraph server: `pip install oxigraph`")
    if name == "virtuoso" and home is None:
        pytest.skip("there is no Virtuoso: see tests/integration/fetch_virtuoso.sh")
    if name == "oxigraph":
        assert program is not None
        return servers.oxigraph(program)
    assert home is not None
    return servers.virtuoso(home)


@pytest.mark.parametrize("name", ["oxigraph", "virtuoso"])
def test_a_turtle_export_comes_back_as_the_same_graph(name: str, examples_graph: Graph, tmp_path: Path) -> None:
    path = tmp_path / "trial.ttl"
    examples_graph.export("turtle", path, trials=["NCT99990001", "NCT99990002"])
    turtle = path.read_bytes()
    with running(name) as server:
        count, comparison = servers.round_trip(server, turtle)
    assert count == len(servers.statements(turtle)) > 1_000
    assert comparison.same, comparison.reason
