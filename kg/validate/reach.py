"""How far the shapes look from a node that they check: what has to lie beside it in a piece of a graph.

A piece serves to check a node if it holds what shapes may ask of that node, and no more is needed. Shapes that look
further than told here are for whole graphs. Sections are those of https://www.w3.org/TR/shacl/.
"""

import re
from collections.abc import Iterator
from typing import Final, NamedTuple

import pyoxigraph as ox

from kg.identifiers import PREFIXES
from kg.terms import RDF
from kg.validate.query_checks import looks_along
from kg.validate.shapes_graph import TARGETS, Node, ShapesGraph

SUBCLASS: Final = f"<{PREFIXES['rdfs']}subClassOf>"

_OF_TERMS: Final = frozenset(
    {
        "datatype", "nodeKind", "minCount", "maxCount", "minExclusive", "minInclusive", "maxExclusive", "maxInclusive",
        "minLength", "maxLength", "pattern", "flags", "languageIn", "uniqueLang", "in",
    }
)  # fmt: skip
_OF_PROPERTIES: Final = frozenset(["equals", "disjoint", "lessThan", "lessThanOrEquals"])
_SILENT: Final = frozenset(
    ["message", "name", "description", "order", "group", "severity", "path", "hasValue", RDF.iri("type"), *TARGETS]
)
# In a query: a triple whose subject is not the focus node, and a path of several steps.
_OTHER_SUBJECT: Final = re.compile(r"[{.)] ?(?:\?\w+|\w*:\w+|<[^ >]+>) \S*[:?^]")
_PATH: Final = re.compile(r":\w+[/|*+]|\^\w*:|!\(?\w*:")


class Reach(NamedTuple):
    """What shapes ask of a node beside its own triples; predicates in N-Triples form.

    Attributes:
        inverse: Of these, all subjects that point to the node, with all that is said of them.
        values: What is asked of the node's values.
        chains: What is followed from value to value.
        targets: Of these, whether some subject points to the node.
    """

    inverse: frozenset[str]
    values: frozenset[str]
    chains: frozenset[str]
    targets: frozenset[str]


class _TooFarError(Exception):
    """A shape looks further than a `Reach` can tell."""


def reach_of(graph: ShapesGraph) -> Reach | None:
    """Return how far shapes look; None if that is further than a piece of a graph can hold for certain."""
    if graph.has_other_targets():
        return None
    walk = _Walk(graph)
    try:
        for shape in graph.targeted():
            walk.shape(shape, 0)
    except _TooFarError:
        return None
    targets = {str(value) for shape in graph.targeted() for value in graph.of(shape, "targetObjectsOf")}
    return Reach(frozenset(walk.inverse), frozenset(walk.values), frozenset(walk.chains), frozenset(targets))


class _Walk:
    """A walk through shapes; ``depth`` is 0 where a shape is about the node that is checked, 1 about its values."""

    def __init__(self, graph: ShapesGraph) -> None:
        self._graph = graph
        self._seen: set[tuple[Node, int]] = set()
        self.inverse: set[str] = set()
        self.values: set[str] = {RDF.type}
        self.chains: set[str] = {SUBCLASS}

    def shape(self, shape: Node, depth: int) -> None:
        if (shape, depth) in self._seen:
            return
        self._seen.add((shape, depth))
        for path in self._graph.of(shape, "path"):
            self._step(path, depth)
        below = depth + bool(self._graph.of(shape, "path"))
        for name, values in self._graph.parameters(shape).items():
            for value in values:
                self._parameter(name, value, depth, below)

    def _parameter(self, name: str, value: Node, depth: int, below: int) -> None:
        if name in _OF_TERMS or name in _SILENT:
            return
        if name in {"property", "node", "not"}:
            self.shape(value, below)
        elif name in {"or", "and", "xone"}:
            for member in self._graph.list_of(value):
                self.shape(member, below)
        elif name == "class" and below <= 1:
            pass  # `values` has types
        elif name in _OF_PROPERTIES and depth <= 1:
            self._step(value, depth)
        elif name == "sparql" and depth == 0:
            self._query(value)
        else:
            raise _TooFarError(name)

    def _step(self, path: Node, depth: int) -> None:
        steps = [str(path)] if isinstance(path, ox.NamedNode) else list(self._inverse(path))
        if not steps or depth > 1 or (depth == 1 and not isinstance(path, ox.NamedNode)):
            raise _TooFarError(str(path))
        if not isinstance(path, ox.NamedNode):
            self.inverse.update(steps)
        elif depth == 1:
            self.values.update(steps)

    def _inverse(self, path: Node) -> Iterator[str]:
        for step in self._graph.of(path, "inversePath"):
            heads = self._graph.of(step, "alternativePath")
            steps = list(self._graph.list_of(heads[0])) if heads else [step]
            if not all(isinstance(it, ox.NamedNode) for it in steps):
                raise _TooFarError(str(path))
            yield from map(str, steps)

    def _query(self, constraint: Node) -> None:
        for query in self._graph.of(constraint, "select"):
            text = " ".join(query.value.split()) if isinstance(query, ox.Literal) else ""
            along = looks_along(text)
            if along is not None:
                self.inverse.update(along.inverse)
                self.values.update(along.values)
                self.chains.update(along.chains)
            elif not text or _OTHER_SUBJECT.search(text) or _PATH.search(text):
                raise _TooFarError(text)
