"""A graph to be checked, as rows of terms in N-Triples form, indexed as far as rules ask for it."""

from collections.abc import Sequence
from functools import cached_property

from kg.nquads import Nodes, Triple
from kg.terms import RDF


class _Incoming(dict[tuple[str, ...], dict[str, dict[str, None]]]):
    """By predicates: objects of their triples, each with its subjects; made when first asked for."""

    def __init__(self, nodes: Nodes) -> None:
        self._nodes = nodes

    def __missing__(self, predicates: tuple[str, ...]) -> dict[str, dict[str, None]]:
        found: dict[str, dict[str, None]] = {}
        for predicate in predicates:
            for subject, node in self._nodes.items():
                if predicate in node:
                    for value in node[predicate]:
                        if value in found:
                            found[value][subject] = None
                        else:
                            found[value] = {subject: None}
        self[predicates] = found
        return found


class DataGraph:
    """Distinct triples.

    Attributes:
        nodes: The triples by subject and predicate.
        incoming: The distinct subjects of triples with any of some predicates, by object.
    """

    def __init__(self, nodes: Nodes) -> None:
        self.nodes = nodes
        self.incoming = _Incoming(nodes)

    def values(self, subject: str, predicate: str) -> Sequence[str]:
        """Return the objects of a subject's triples with this predicate."""
        node = self.nodes.get(subject)
        return node.get(predicate, ()) if node else ()

    @cached_property
    def reified(self) -> set[Triple]:
        """The statements that some node names with rdf:subject, rdf:predicate and rdf:object."""
        return {
            (subject, predicate, value)
            for node in self.nodes.values()
            if RDF.subject in node
            for subject in node[RDF.subject]
            for predicate in node.get(RDF.predicate, ())
            for value in node.get(RDF.object, ())
        }
