"""Trials counted along hierarchies: by drug class, MeSH tree, marker group or disease, at every level or at one.

A trial counts once at a node, however many of its statements lead there, and at every node above. A node that has
several broader ones is one node: its row shows the shortest path (the first in alphabetical order, if several).
"""

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Final

import pyoxigraph as ox

from kg.analyse.tables import frame
from kg.errors import UsageError
from kg.models import Record
from kg.store import GraphStore
from kg.terminology import Terminology
from kg.terms import KG, SKOS

if TYPE_CHECKING:
    import pandas

ROLLUP_FORMATS: Final = ("table", "csv", "json")
_SEPARATOR: Final = " > "
_TREATMENTS: Final = ("investigates", "comparator", "background", "requiresTreatment", "excludesTreatment")
_MARKERS: Final = ("requiresMarkerState", "excludesMarkerState", "stratifiesBy", "measuresMarker")
_HEADINGS: Final = ("conditionMesh", "interventionMesh")
# What can be rolled up, the roles that it is about, and those of them that count unless others are asked for.
HIERARCHIES: Final[dict[str, tuple[tuple[str, ...], tuple[str, ...]]]] = {
    "drug-class": ((*_TREATMENTS, "mentions"), ("investigates",)),
    "mesh-tree": (_HEADINGS, _HEADINGS),
    "marker-group": ((*_MARKERS, "mentions"), _MARKERS),
    "condition": (("condition", "mentions"), ("condition",)),
}
_KINDS: Final = {
    "drug-class": ("Drug", "DrugClass", "DrugCombination"),
    "marker-group": ("Marker", "MarkerState"),
    "condition": ("Disease",),
}
# The categories that MeSH's tree numbers begin with (https://www.nlm.nih.gov/mesh/intro_trees.html).
_CATEGORIES: Final = {
    "A": "Anatomy",
    "B": "Organisms",
    "C": "Diseases",
    "D": "Chemicals and Drugs",
    "E": "Analytical, Diagnostic and Therapeutic Techniques, and Equipment",
    "F": "Psychiatry and Psychology",
    "G": "Phenomena and Processes",
    "H": "Disciplines and Occupations",
    "I": "Anthropology, Education, Sociology, and Social Phenomena",
    "J": "Technology, Industry, and Agriculture",
    "K": "Humanities",
    "L": "Information Science",
    "M": "Named Groups",
    "N": "Health Care",
    "V": "Publication Characteristics",
    "Z": "Geographicals",
}
_STATEMENTS: Final = (
    "SELECT DISTINCT ?trial ?role ?object WHERE { ?trial a kg:Trial ; ?role ?object . FILTER(isIRI(?object)) }"
)
_ROLES: Final = "VALUES ?role { %s } "


class Node(Record, frozen=True, kw_only=True):
    """A place in a hierarchy, with the trials at it.

    Attributes:
        iri: The concept; in the MeSH tree, the number of a place (a category's letter) that has none.
        level: 1 for what has nothing above.
        path: The labels from the top to this node.
        trials: NCT numbers of the trials at this node or below, sorted.
        own: How many of them name this very node.
    """

    iri: str
    level: int
    path: tuple[str, ...]
    trials: tuple[str, ...]
    own: int


class Rollup(Record, frozen=True, kw_only=True):
    """Counts along a hierarchy.

    Attributes:
        trials: Distinct trials with one of the roles.
        placed: How many of these are at a node; the others name something outside of the hierarchy.
        nodes: Nodes with a trial: in the order of their paths or, of one level, the most frequent first.
    """

    by: str
    roles: tuple[str, ...]
    trials: int
    placed: int
    nodes: tuple[Node, ...]

    def dataframe(self) -> "pandas.DataFrame":
        """Return a row a node: level, node, path, trials, own, iri."""
        rows = [
            {
                "level": it.level,
                "node": it.path[-1],
                "trials": len(it.trials),
                "own": it.own,
                "path": _SEPARATOR.join(it.path),
                "iri": it.iri,
            }
            for it in self.nodes
        ]
        return frame(rows, ["level", "node", "trials", "own", "path", "iri"])

    def text(self, form: str = "table") -> str:
        """Return the counts in one of `ROLLUP_FORMATS`; CSV and JSON have the same values in full.

        Raises:
            UsageError: There is no such format.
        """
        if form not in ROLLUP_FORMATS:
            raise UsageError(f"There is no format {form!r}; there are {', '.join(ROLLUP_FORMATS)}.")
        if form == "csv":
            return self.dataframe().to_csv(index=False, lineterminator="\n")
        if form == "json":
            nodes = self.dataframe().to_dict(orient="records")
            summary = {"by": self.by, "roles": self.roles, "trials": self.trials, "placed": self.placed}
            return json.dumps({**summary, "nodes": nodes}, indent=2, ensure_ascii=False) + "\n"
        rows = [f"{it.level:5}  {len(it.trials):6}  {it.own:5}  {_SEPARATOR.join(it.path)}" for it in self.nodes]
        left = self.trials - self.placed
        total = f"{self.trials} trials: {self.placed} in the hierarchy, {left} outside of it"
        return "\n".join(["level  trials    own  path", *rows, "", total]) + "\n"


class _Hierarchy(Record, frozen=True, kw_only=True):
    """A directed graph without circles: labels of nodes, what is directly above each, and what stands for which."""

    labels: dict[str, str]
    above: dict[str, tuple[str, ...]]
    places: dict[str, tuple[str, ...]]  # an object of a statement to its nodes


def rollup(
    store: GraphStore,
    terminology: Terminology,
    by: str,
    *,
    level: int | None = None,
    roles: Sequence[str] = (),
) -> Rollup:
    """Count the trials at each node of a hierarchy.

    Args:
        store: The graph.
        terminology: The concepts under the graph's base IRI.
        by: A key of `HIERARCHIES`.
        level: Only nodes of this level; 1 is the top.
        roles: Which roles count, as `HIERARCHIES` lists them; by default the usual ones.

    Raises:
        UsageError: There is no such hierarchy, role or level.
    """
    if by not in HIERARCHIES:
        raise UsageError(f"There is no hierarchy {by!r}; there are {', '.join(HIERARCHIES)}.")
    known, usual = HIERARCHIES[by]
    for role in roles:
        if role not in known:
            raise UsageError(f"{role!r} is no role of this hierarchy; there are {', '.join(known)}.")
    if level is not None and level < 1:
        raise UsageError("Levels are counted from 1, the top.")
    counted = tuple(roles) or usual
    hierarchy = _mesh_tree(terminology) if by == "mesh-tree" else _concepts(terminology, _KINDS[by])
    members = _members(store, counted)
    own = _own(members, hierarchy)
    paths = _paths(hierarchy, own)
    nodes = _nodes(hierarchy, own, paths)
    if level is not None:
        if nodes and level not in {node.level for node in nodes}:
            deepest = max(node.level for node in nodes)
            raise UsageError(f"No trial is at level {level} of {by}; the levels here are 1 to {deepest}.")
        nodes = sorted((node for node in nodes if node.level == level), key=lambda it: (-len(it.trials), it.path))
    return Rollup(
        by=by,
        roles=counted,
        trials=len(set().union(*members.values())),
        placed=len(set().union(*own.values())),
        nodes=tuple(nodes),
    )


# --- hierarchies


def _concepts(terminology: Terminology, kinds: Iterable[str]) -> _Hierarchy:
    """Return the concepts of some classes: what is broader, a state's marker, and for combinations their parts."""
    concepts = [it for it in terminology.concepts.values() if it.concept_type.value in kinds]
    if "MarkerState" in kinds:
        concepts += [state for state, _, _ in terminology.state_concepts()]
    return _Hierarchy(
        labels={it.iri: it.pref_label for it in concepts},
        above={it.iri: (*it.broader_iris, *it.part_iris) for it in concepts},
        places={it.iri: (it.iri,) for it in concepts},
    )


def _mesh_tree(terminology: Terminology) -> _Hierarchy:
    """Return the headings by their tree numbers, in all of their places.

    A place above that has no heading here is a node too, called by its number, so that levels are MeSH's own.
    """
    at = {value.strip('"'): it[1:-1] for it, predicate, value in terminology.triples if predicate == KG.meshTreeNumber}
    headings = set(at.values())
    names = {it[1:-1]: value for it, predicate, value in terminology.triples if predicate == SKOS.prefLabel}
    labels = {**_CATEGORIES, **{iri: names[iri].rpartition('"')[0][1:] for iri in headings}}
    above: dict[str, set[str]] = defaultdict(set)
    for number, iri in at.items():
        node, place = iri, number
        while place:
            place = place.rpartition(".")[0]
            higher = at.get(place, place) or number[0]
            above[node].add(higher)
            labels.setdefault(higher, higher)
            node = higher
    return _Hierarchy(
        labels=labels,
        above={node: tuple(sorted(found)) for node, found in above.items()},
        places={iri: (iri,) for iri in headings},
    )


# --- counting


def _members(store: GraphStore, roles: Sequence[str]) -> dict[str, set[str]]:
    """Return the objects of the roles with the NCT numbers of the trials."""
    values = " ".join(KG[role] for role in roles)
    found: dict[str, set[str]] = defaultdict(set)
    for trial, _, value in store.select(_STATEMENTS.replace("{ ", "{ " + _ROLES % values, 1)).rows:
        if isinstance(trial, ox.NamedNode) and isinstance(value, ox.NamedNode):
            found[value.value].add(trial.value.rpartition(":")[2])
    return found


def _own(members: Mapping[str, set[str]], hierarchy: _Hierarchy) -> dict[str, set[str]]:
    own: dict[str, set[str]] = defaultdict(set)
    for iri, trials in members.items():
        for node in hierarchy.places.get(iri, ()):
            own[node] |= trials
    return own


def _paths(hierarchy: _Hierarchy, own: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """Return the shortest path of labels to each node that has trials, and to all nodes above."""
    paths: dict[str, tuple[str, ...]] = {}

    def path(node: str) -> tuple[str, ...]:
        if node not in paths:
            above = [path(one) for one in hierarchy.above.get(node, ()) if one in hierarchy.labels]
            best = min(above, key=lambda it: (len(it), it), default=())
            paths[node] = (*best, hierarchy.labels[node])
        return paths[node]

    for node in own:
        path(node)
    return paths


def _nodes(hierarchy: _Hierarchy, own: Mapping[str, set[str]], paths: Mapping[str, tuple[str, ...]]) -> list[Node]:
    trials: dict[str, set[str]] = defaultdict(set)
    for start, named in own.items():
        waiting, seen = [start], {start}
        for node in waiting:  # grows while it is walked
            trials[node] |= named
            higher = [one for one in hierarchy.above.get(node, ()) if one in hierarchy.labels and one not in seen]
            seen.update(higher)
            waiting += higher
    found = [
        Node(
            iri=node,
            level=len(paths[node]),
            path=paths[node],
            trials=tuple(sorted(trials[node])),
            own=len(own.get(node, ())),
        )
        for node in trials
    ]
    return sorted(found, key=lambda it: (it.path, it.iri))
