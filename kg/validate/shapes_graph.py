"""A graph of shapes, read by shape and parameter. Sections are those of https://www.w3.org/TR/shacl/."""

from collections import defaultdict
from collections.abc import Iterator
from typing import Final

import pyoxigraph as ox

from kg.identifiers import PREFIXES
from kg.terms import RDF
from kg.validate.report import SHACL

Node = ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple

TARGETS: Final = ("targetClass", "targetSubjectsOf", "targetObjectsOf")
OTHERWISE_TARGETED: Final = frozenset(["targetNode", "target", "targetWhere"])
TYPE: Final = RDF.iri("type")
_CLASSES: Final = {ox.NamedNode(PREFIXES["rdfs"] + "Class"), ox.NamedNode(PREFIXES["owl"] + "Class")}
_VIOLATION: Final = ox.NamedNode(f"{SHACL}Violation")


class ShapesGraph:
    """Shapes in N-Triples, blank nodes included."""

    def __init__(self, ntriples: bytes) -> None:
        self._parameters: dict[Node, dict[str, list[Node]]] = defaultdict(dict)
        for quad in ox.parse(ntriples, format=ox.RdfFormat.N_TRIPLES):
            name = quad.predicate.value.removeprefix(SHACL)
            self._parameters[quad.subject].setdefault(name, []).append(quad.object)

    def of(self, shape: Node, name: str) -> list[Node]:
        """Return the values of a parameter: of SHACL by its local name, of others by IRI."""
        return self.parameters(shape).get(name, [])

    def parameters(self, shape: Node) -> dict[str, list[Node]]:
        """Return all that is said of a shape."""
        return self._parameters.get(shape, {})

    def targeted(self) -> Iterator[Node]:
        """Yield the shapes that have a target of one of the three common kinds (section 2.1.3)."""
        return (shape for shape, parameters in self._parameters.items() if not parameters.keys().isdisjoint(TARGETS))

    def has_other_targets(self) -> bool:
        """Tell whether a shape has targets of another kind, or is a class whose instances are its targets."""
        return any(
            not parameters.keys().isdisjoint(OTHERWISE_TARGETED) or not _CLASSES.isdisjoint(parameters.get(TYPE, ()))
            for parameters in self._parameters.values()
        )

    def is_weak(self, shape: Node) -> bool:
        """Tell whether the results of a shape are less than violations (section 2.1.4)."""
        return any(severity != _VIOLATION for severity in self.of(shape, "severity"))

    def list_of(self, head: Node) -> Iterator[Node]:
        """Yield the members of an RDF list."""
        while first := self.of(head, RDF.iri("first")):
            yield first[0]
            head = self.of(head, RDF.iri("rest"))[0]
