"""Round trips through servers that people have: what is loaded is what comes back. Skipped where there is no server."""

from pathlib import Path

import pytest
import servers

from kg.api import Graph


@pytest.mark.parametrize("name", servers.NAMES)
def test_a_turtle_export_comes_back_as_the_same_graph(name: str, examples_graph: Graph, tmp_path: Path) -> None:
    if servers.missing(name):
        pytest.skip(servers.missing(name))
    path = tmp_path / "trial.ttl"
    examples_graph.export("turtle", path, trials=["NCT99990001", "NCT99990002"])
    turtle = path.read_bytes()
    with servers.running(name) as server:
        count, comparison = servers.round_trip(server, turtle)
    assert count == len(servers.statements(turtle)) > 1_000
    assert comparison.same, comparison.reason
