import io
import os
import subprocess
import sys
from pathlib import Path

import networkx as nx
import pytest
import small_graph

from kg.analyse import FORMATS, drug_marker_network, edge_table, graphml, node_table, picture, render
from kg.errors import ExportError, UsageError
from kg.store import GraphStore

TDXD = "http://purl.obolibrary.org/obo/NCIT_C128799"
RIBOCICLIB = "http://id.nlm.nih.gov/mesh/C000589651"
HER2 = "http://id.nlm.nih.gov/mesh/D018719"


def pairs(network: "nx.MultiGraph[str]") -> set[tuple[str, str, str, str, str]]:
    table = edge_table(network)
    columns = ("drug", "drug_role", "role", "marker", "state")
    return set(zip(*(table[name] for name in columns), strict=True))


def test_edges_are_what_one_trial_says_of_both() -> None:
    assert pairs(drug_marker_network(small_graph.store())) == {
        ("trastuzumab deruxtecan", "investigates", "required", "HER2", "low"),
        ("trastuzumab deruxtecan", "investigates", "excluded", "HER2", "positive"),
        *(
            (drug, "investigates", role, marker, state)
            for drug in ("ribociclib", "ribociclib and letrozole")
            for role, marker, state in (
                ("required", "ER", "positive"),
                ("required", "HER2", "negative"),
                ("measured", "Ki-67", ""),
            )
        ),
    }


def test_a_drug_that_is_only_mentioned_or_excluded_is_not_in_it() -> None:
    # NCT00000002 mentions T-DXd, NCT00000001 excludes palbociclib, NCT00000003 tests a procedure.
    network = drug_marker_network(small_graph.store())
    assert "http://id.nlm.nih.gov/mesh/C500026" not in network
    assert {trial for *_, edge in network.edges(TDXD, data=True) for trial in edge["trials"]} == {"NCT00000001"}


def test_comparators_and_background_only_when_asked_for() -> None:
    found = pairs(drug_marker_network(small_graph.store(), drug_roles=("comparator", "background")))
    assert found == {
        ("capecitabine", "comparator", "required", "HER2", "low"),
        ("capecitabine", "comparator", "excluded", "HER2", "positive"),
        ("kinase inhibitor", "background", "stratifying", "HER2", ""),
    }


def test_weights_are_distinct_trials_and_states_stay_apart() -> None:
    store = GraphStore.in_memory()
    store.bulk_load(io.BytesIO(small_graph.quads()))
    extra = (
        "<https://identifiers.org/clinicaltrials:NCT00000004> <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> "
        "<https://w3id.org/trialkg/vocab#Trial> <x:g> .\n"
        "<https://identifiers.org/clinicaltrials:NCT00000004> <https://w3id.org/trialkg/vocab#investigates> "
        f"<{TDXD}> <x:g> .\n"
        "<https://identifiers.org/clinicaltrials:NCT00000004> <https://w3id.org/trialkg/vocab#requiresMarkerState> "
        "<https://w3id.org/trialkg/state/her2-low> <x:g> .\n"
    )
    # The same statement in a second graph is still one trial.
    store.bulk_load(io.BytesIO((extra + extra.replace("<x:g>", "<x:h>")).encode()))
    network = drug_marker_network(store)
    edge = network.edges[TDXD, HER2, "investigates required low"]
    assert (edge["weight"], edge["trials"]) == (2, ("NCT00000001", "NCT00000004"))
    assert network.edges[TDXD, HER2, "investigates excluded positive"]["weight"] == 1
    assert set(drug_marker_network(store, minimum=2)) == {TDXD, HER2}
    assert edge_table(network)["weight"].tolist()[:2] == [2, 1]


def test_roles_can_be_chosen_and_misspelt() -> None:
    only = drug_marker_network(small_graph.store(), marker_roles=("measured",))
    assert set(edge_table(only)["role"]) == {"measured"}
    with pytest.raises(UsageError, match="requird"):
        drug_marker_network(small_graph.store(), marker_roles=("requird",))
    with pytest.raises(UsageError, match="investigates, comparator, background"):
        drug_marker_network(small_graph.store(), drug_roles=("tested",))


def test_node_table_counts_neighbours_once() -> None:
    table = node_table(drug_marker_network(small_graph.store())).set_index("iri")
    # Two edges to T-DXd, one neighbour; required of two ribociclib nodes.
    assert table.loc[HER2, "degree"] == 3
    assert table.loc[HER2, "trials"] == 2
    assert table.loc[TDXD, "degree"] == 1
    assert table.loc[TDXD, "betweenness"] == 0
    assert table["betweenness"].idxmax() == HER2


def test_graphml_reads_back() -> None:
    network = drug_marker_network(small_graph.store())
    text = graphml(network)
    found = nx.parse_graphml(text, force_multigraph=True)
    assert set(found) == set(network)
    assert found.number_of_edges() == network.number_of_edges()
    assert found.nodes[HER2] == {"label": "HER2", "kind": "marker", "type": "Marker", "trials": 2}
    attributes = next(data for *_, data in found.edges(TDXD, data=True) if data["role"] == "required")
    assert (attributes["weight"], attributes["trials"], attributes["state"]) == (1, "NCT00000001", "low")


@pytest.mark.parametrize("form", ["png", "svg"])
def test_picture_is_reproducible_and_says_what_is_left_out(form: str) -> None:
    network = drug_marker_network(small_graph.store())
    assert picture(network, form) == picture(network, form)
    text = picture(network, "svg", top=3).decode()
    assert "3 of 8 edges; 5 are left out, mentions first, then the lightest" in text
    assert "HER2 negative" in text
    with pytest.raises(UsageError, match="png, svg"):
        picture(network, "gif")


def test_an_empty_network_still_has_all_forms(tmp_path: Path) -> None:
    network = drug_marker_network(GraphStore.in_memory())
    for form in FORMATS:
        render(network, form, tmp_path / form)
        assert (tmp_path / form).stat().st_size > 0
    assert render(network, "table").split()[:3] == ["drug", "drug_role", "role"]


def test_render(tmp_path: Path) -> None:
    network = drug_marker_network(small_graph.store())
    assert "iri" not in render(network, "table")
    assert render(network, "csv").startswith("drug,drug_role,role,marker,state,weight,trials,drug_iri,marker_iri\n")
    assert "betweenness" in render(network, "centrality").splitlines()[0]
    assert render(network, "png", tmp_path / "network.png") == ""
    assert (tmp_path / "network.png").read_bytes().startswith(b"\x89PNG")
    with pytest.raises(UsageError, match="needs a file"):
        render(network, "svg")
    with pytest.raises(UsageError, match="graphml"):
        render(network, "dot")
    with pytest.raises(ExportError, match="nowhere"):
        render(network, "csv", tmp_path / "nowhere" / "network.csv")


def test_hash_seed_does_not_change_a_byte(tmp_path: Path) -> None:
    code = (
        "import sys, small_graph; from pathlib import Path; from kg.analyse import *\n"
        "network = drug_marker_network(small_graph.store())\n"
        "for form in FORMATS: render(network, form, Path(sys.argv[1], form))"
    )
    root = Path(__file__).parent
    for seed in ("1", "2"):
        (tmp_path / seed).mkdir()
        environment = {**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": f"{root}{os.pathsep}{root.parent}"}
        subprocess.run([sys.executable, "-c", code, str(tmp_path / seed)], check=True, env=environment)
    for form in FORMATS:
        assert (tmp_path / "1" / form).read_bytes() == (tmp_path / "2" / form).read_bytes()
