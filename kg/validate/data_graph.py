"""A graph to be checked, as rows of terms in N-Triples form, indexed as far as rules ask for it."""

from collections.abc import Iterable, Sequence
from functools import cached_property

from kg.nquads import Triple
from kg.terms import RDF

Properties = dict[str, list[str]]  # values by predicate


class DataGraph:
    """Distinct triples, each subject's together."""

    def __init__(self, triples: Iterable[Triple]) -> None:
        self.nodes: dict[str, Properties] = {}
        self._incoming: dict[str, dict[str, list[str]]] = {}
        last, node = "", Properties()
        for subject, predicate, value in triples:
            if subject != last:
                last = subject
                node = self.nodes.setdefault(subject, {})
            if predicate in node:
                node[predicate].append(value)
            else:
                node[predicate] = [value]

    def values(self, subject: str, predicate: str) -> Sequence[str]:
        """Return the objects of a subject's triples with this predicate."""
        node = self.nodes.get(subject)
        return node.get(predicate, ()) if node else ()

    def incoming(self, predicate: str) -> dict[str, list[str]]:
        """Return the subjects of a predicate's triples by object."""
        known = self._incoming.get(predicate)
        if known is None:
            known = self._incoming[predicate] = {}
            for subject in self._having.get(predicate, ()):
                for value in self.nodes[subject][predicate]:
                    known.setdefault(value, []).append(subject)
        return known

    @cached_property
    def _having(self) -> dict[str, list[str]]:
        """The subjects that have a predicate."""
        having: dict[str, list[str]] = {}
        for subject, node in self.nodes.items():
            for predicate in node:
                if predicate in having:
                    having[predicate].append(subject)
                else:
                    having[predicate] = [subject]
        return having

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
