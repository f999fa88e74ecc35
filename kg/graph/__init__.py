"""Stage 4: a trial's record and findings to the triples of its named graph. Pure functions, no I/O, no counters.

The names are those of the vocabulary (`ontologies/vocabulary.ttl`); every part of a trial gets its IRI from a hash of
its content.
"""

from collections.abc import Callable

from kg.graph.findings import FindingsGraph
from kg.graph.nodes import CODES, Nodes
from kg.graph.record import RecordGraph
from kg.models import Findings, Trial
from kg.nquads import Triple, resource
from kg.terminology import Terminology

__all__ = ["CODES", "TrialGraph"]


class TrialGraph:
    """Builds the triples of one trial after another.

    Args:
        terminology: Resolves codes, countries and MeSH labels; its minter mints.
        all_evidence: Keep every place that says a statement instead of the strongest one.
        heading: Gives the IRI of a MeSH heading by its name, where the terminology does not know it.
    """

    def __init__(
        self,
        terminology: Terminology,
        *,
        all_evidence: bool = False,
        heading: Callable[[str], str | None] | None = None,
    ) -> None:
        nodes = Nodes(terminology)
        self._record = RecordGraph(terminology, nodes, heading)
        self._findings = FindingsGraph(nodes, all_evidence=all_evidence)

    def triples(self, trial: Trial, findings: Findings) -> list[Triple]:
        """Return all triples of the trial's graph, unsorted; some may come twice."""
        subject = resource(trial.nct_id.iri)
        return [*self._record.triples(trial, subject), *self._findings.triples(trial, findings, subject)]
