"""The drug–marker network of a graph: what trials say of both, never every drug crossed with every marker.

An edge joins a drug and a marker that one trial gives roles to: the drug is under test (or, when asked for, the
comparator or background treatment) and the marker is required, excluded, measured, a stratum or merely mentioned
*by that trial*. Edges of different roles and states stay apart; an edge's weight is its number of distinct trials.
"""

import importlib
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import networkx as nx
import pyoxigraph as ox

from kg.analyse.tables import frame, frame_text
from kg.directory import write_whole
from kg.errors import UsageError
from kg.identifiers import TRIAL
from kg.store import GraphStore, Term
from kg.terms import KG

if TYPE_CHECKING:
    import pandas

# Role of the marker, as the network names it, by predicate.
MARKER_ROLES: Final[dict[str, str]] = {
    KG.iri("requiresMarkerState"): "required",
    KG.iri("excludesMarkerState"): "excluded",
    KG.iri("measuresMarker"): "measured",
    KG.iri("stratifiesBy"): "stratifying",
    KG.iri("mentions"): "mentioned",
}
PICTURES: Final = ("png", "svg")
FORMATS: Final = ("table", "centrality", "csv", "graphml", *PICTURES)
DRUG_ROLES: Final = ("investigates", "comparator", "background")
_EXACT_BETWEENNESS: Final = 1_000  # nodes; beyond, it is estimated from this many, chosen with a fixed seed

_DRUGS = """
SELECT DISTINCT ?trial ?role ?drug ?label ?kind WHERE {
  VALUES ?role { kg:investigates kg:comparator kg:background }
  VALUES ?kind { kg:Drug kg:DrugClass kg:DrugCombination }
  ?trial a kg:Trial ; ?role ?drug .
  ?drug a ?kind ; skos:prefLabel ?label .
}
"""
_MARKERS = """
SELECT DISTINCT ?trial ?role ?marker ?label ?state WHERE {
  VALUES ?role { kg:requiresMarkerState kg:excludesMarkerState kg:measuresMarker kg:stratifiesBy kg:mentions }
  ?trial a kg:Trial ; ?role ?object .
  { ?object a kg:Marker . BIND(?object AS ?marker) }
  UNION
  { ?object kg:marker ?marker ; kg:state/skos:notation ?state . ?object a kg:MarkerState }
  ?marker skos:prefLabel ?label .
}
"""


class _Drug(NamedTuple):
    iri: str
    label: str
    drug_type: str
    role: str


class _Marker(NamedTuple):
    iri: str
    label: str
    role: str
    state: str


def drug_marker_network(
    store: GraphStore,
    *,
    drug_roles: Sequence[str] = ("investigates",),
    marker_roles: Sequence[str] = tuple(MARKER_ROLES.values()),
    minimum: int = 1,
) -> "nx.MultiGraph[str]":
    """Return the network of drugs and markers.

    Nodes are IRIs with ``label``, ``kind`` (``drug`` or ``marker``), ``type`` (``Drug``, ``DrugClass``,
    ``DrugCombination``, ``Marker``) and ``trials`` (distinct trials in the network). Edges have ``role``,
    ``drug_role``, ``state`` (notation, or empty where the marker itself is meant), ``weight`` (distinct trials) and
    ``trials`` (their NCT numbers, sorted).

    Args:
        store: The graph.
        drug_roles: Which of `DRUG_ROLES` put a drug into the network.
        marker_roles: Which of the values of `MARKER_ROLES` give an edge.
        minimum: Smallest weight of an edge; what is lighter, and nodes left without edge, are not in the network.

    Raises:
        UsageError: A role does not exist.
    """
    _check(drug_roles, DRUG_ROLES)
    _check(marker_roles, tuple(MARKER_ROLES.values()))
    drugs, markers = _drugs(store, drug_roles), _markers(store, marker_roles)
    edges: dict[tuple[_Drug, _Marker], set[str]] = defaultdict(set)
    for trial in drugs.keys() & markers.keys():
        for drug in drugs[trial]:
            for marker in markers[trial]:
                edges[drug, marker].add(trial)
    return _network({pair: trials for pair, trials in edges.items() if len(trials) >= minimum})


def edge_table(network: "nx.MultiGraph[str]") -> "pandas.DataFrame":
    """Return the edges, the heaviest first; ``trials`` are NCT numbers with spaces between."""
    rows = [
        {
            "drug": network.nodes[drug]["label"],
            "drug_role": edge["drug_role"],
            "role": edge["role"],
            "marker": network.nodes[marker]["label"],
            "state": edge["state"],
            "weight": edge["weight"],
            "trials": " ".join(edge["trials"]),
            "drug_iri": drug,
            "marker_iri": marker,
        }
        for drug, marker, edge in _sorted_edges(network)
    ]
    columns = ["drug", "drug_role", "role", "marker", "state", "weight", "trials", "drug_iri", "marker_iri"]
    return frame(rows, columns)


def node_table(network: "nx.MultiGraph[str]") -> "pandas.DataFrame":
    """Return the nodes with their degree (distinct neighbours) and betweenness, the highest first.

    Betweenness is that of the simple graph without weights, normalised to 0–1; in networks of more than 1,000 nodes it
    is estimated from a sample with a fixed seed.
    """
    simple: nx.Graph[str] = nx.Graph()
    simple.add_nodes_from(network)
    simple.add_edges_from((drug, marker) for drug, marker, _ in _sorted_edges(network))
    sample = _EXACT_BETWEENNESS if len(simple) > _EXACT_BETWEENNESS else None
    between = nx.betweenness_centrality(simple, k=sample, seed=0)
    rows = [
        {
            "node": data["label"],
            "kind": data["kind"],
            "type": data["type"],
            "degree": simple.degree(node),
            "trials": data["trials"],
            "betweenness": round(between[node], 6),
            "iri": node,
        }
        for node, data in network.nodes(data=True)
    ]
    rows.sort(key=lambda row: (-row["degree"], -row["trials"], row["iri"]))
    return frame(rows, ["node", "kind", "type", "degree", "trials", "betweenness", "iri"])


def graphml(network: "nx.MultiGraph[str]") -> str:
    """Return the network as GraphML, the same text for the same network; lists are texts with spaces between."""
    flat: nx.MultiGraph[str] = nx.MultiGraph()
    flat.add_nodes_from(sorted(network.nodes(data=True)))
    for number, (drug, marker, edge) in enumerate(_sorted_edges(network)):
        flat.add_edge(drug, marker, key=f"e{number}", **{**edge, "trials": " ".join(edge["trials"])})
    return "\n".join(nx.generate_graphml(flat)) + "\n"


def picture(network: "nx.MultiGraph[str]", form: str = "png", *, top: int = 40) -> bytes:
    """Draw the heaviest edges, mentions last: drugs on the left, markers and states on the right, a line a role.

    Each name has a row of its own, so that none covers another; the order of rows keeps crossings few. The caption says
    how many edges are left out. The same network gives the same picture.

    Args:
        network: From `drug_marker_network`.
        form: ``png`` or ``svg``.
        top: How many edges to draw.

    Raises:
        UsageError: There is no such picture format.
    """
    if form not in PICTURES:
        raise UsageError(f"There is no picture format {form!r}; there are {', '.join(PICTURES)}.")
    labels = {node: data["label"] for node, data in network.nodes(data=True)}
    edges = sorted(_sorted_edges(network), key=lambda it: it[2]["role"] == "mentioned")
    lines = [(drug, (marker, edge["state"]), edge["role"], edge["weight"]) for drug, marker, edge in edges[:top]]
    drawing = importlib.import_module(
        "kg.analyse.drawing"
    )  # matplotlib takes a second that most commands need not spend
    drawn: bytes = drawing.draw([drawing.Line(*line) for line in lines], labels, len(edges), form)
    return drawn


def render(network: "nx.MultiGraph[str]", form: str, out: Path | None = None) -> str:
    """Return the network in one of `FORMATS`, or write it to a file and return an empty text.

    ``table`` and ``csv`` list the edges, ``centrality`` the nodes.

    Raises:
        UsageError: There is no such format, or it is a picture and no file is named.
        ExportError: The file cannot be written.
    """
    if form not in FORMATS:
        raise UsageError(f"There is no network format {form!r}; there are {', '.join(FORMATS)}.")
    if form in PICTURES and out is None:
        raise UsageError(f"A picture needs a file: add -o network.{form}.")
    content = picture(network, form) if form in PICTURES else _as_text(network, form).encode()
    if out is None:
        return content.decode()
    write_whole(out, content)
    return ""


def _as_text(network: "nx.MultiGraph[str]", form: str) -> str:
    if form == "graphml":
        return graphml(network)
    if form == "csv":
        return edge_table(network).to_csv(index=False, lineterminator="\n")
    table = node_table(network) if form == "centrality" else edge_table(network)
    shown = table.drop(columns=["drug_iri", "marker_iri", "iri"], errors="ignore")
    return frame_text(shown)


# --- reading the graph


def _check(roles: Iterable[str], known: Sequence[str]) -> None:
    for role in roles:
        if role not in known:
            raise UsageError(f"There is no role {role!r} in the network; there are {', '.join(known)}.")


def _drugs(store: GraphStore, roles: Sequence[str]) -> dict[str, set[_Drug]]:
    found: dict[str, set[_Drug]] = defaultdict(set)
    for row in store.select(_DRUGS).rows:
        trial, role, drug, label, kind = map(_text, row)
        role, kind = role.removeprefix(KG.base), kind.removeprefix(KG.base)
        if role in roles:
            found[trial].add(_Drug(drug, label, kind, role))
    return found


def _markers(store: GraphStore, roles: Sequence[str]) -> dict[str, set[_Marker]]:
    found: dict[str, set[_Marker]] = defaultdict(set)
    for row in store.select(_MARKERS).rows:
        trial, role, marker, label, state = map(_text, row)
        if MARKER_ROLES[role] in roles:
            found[trial].add(_Marker(marker, label, MARKER_ROLES[role], state))
    return found


def _text(term: Term | None) -> str:
    return term.value if isinstance(term, ox.NamedNode | ox.Literal) else ""


def _network(edges: Mapping[tuple[_Drug, _Marker], set[str]]) -> "nx.MultiGraph[str]":
    nodes: dict[str, dict[str, str]] = {}
    trials_of: dict[str, set[str]] = defaultdict(set)
    for (drug, marker), trials in edges.items():
        nodes[drug.iri] = {"label": drug.label, "kind": "drug", "type": drug.drug_type}
        nodes[marker.iri] = {"label": marker.label, "kind": "marker", "type": "Marker"}
        trials_of[drug.iri] |= trials
        trials_of[marker.iri] |= trials
    network: nx.MultiGraph[str] = nx.MultiGraph()
    for iri in sorted(nodes):
        network.add_node(iri, **nodes[iri], trials=len(trials_of[iri]))
    for (drug, marker), trials in sorted(edges.items()):
        network.add_edge(
            drug.iri,
            marker.iri,
            key=" ".join(part for part in (drug.role, marker.role, marker.state) if part),
            role=marker.role,
            drug_role=drug.role,
            state=marker.state,
            weight=len(trials),
            trials=tuple(sorted(trial.removeprefix(TRIAL) for trial in trials)),
        )
    return network


def _sorted_edges(network: "nx.MultiGraph[str]") -> list[tuple[str, str, dict[str, Any]]]:
    """Return (drug, marker, attributes), the heaviest first."""
    edges = []
    for one, other, data in network.edges(data=True):
        drug, marker = (one, other) if network.nodes[one]["kind"] == "drug" else (other, one)
        edges.append((drug, marker, data))
    return sorted(
        edges, key=lambda it: (-it[2]["weight"], it[0], it[1], it[2]["drug_role"], it[2]["role"], it[2]["state"])
    )
