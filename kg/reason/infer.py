"""All that follows: for one trial after another, and for the concepts."""

from collections.abc import Collection, Iterable, Iterator

from kg.nquads import Nodes, Triple, by_subject
from kg.reason.facts import Facts
from kg.reason.ontology import Ontology, signs_of
from kg.reason.proof import Reasoner
from kg.terms import KG, MESHV, RDF, SKOS


class TrialReasoner:
    """Concludes for one trial after another; what follows for the concepts alone it works out once.

    Args:
        ontology: The axioms.
        concepts: What is said of the concepts; rules look at `Ontology.predicates` only.
    """

    def __init__(self, ontology: Ontology, concepts: Facts) -> None:
        self._ontology = ontology
        self._concepts = concepts
        self._of_concepts = Reasoner(ontology, concepts)
        self._signs = signs_of(ontology)

    def infer(self, triples: Iterable[Triple], more: Collection[Triple] = ()) -> list[Triple]:
        """Return what follows for a trial from its distinct triples; see `infer_nodes`."""
        return self.infer_nodes(by_subject(triples), more)

    def infer_nodes(self, nodes: Nodes, more: Collection[Triple] = ()) -> list[Triple]:
        """Return what follows for a trial from its graph and from the concepts, sorted; nothing that is said.

        Conclusions are about the trial itself: the defined classes that it is in, and values of derived properties.

        Args:
            nodes: What its graph says, by subject and predicate.
            more: What is said of further concepts that it points to.
        """
        ontology = self._ontology
        concepts = Facts(more, self._concepts) if more else self._concepts
        facts = Facts.of_nodes(nodes, ontology.predicates, concepts)
        below = self._of_concepts if not more and facts.is_apart(self._concepts) else None
        reasoner = Reasoner(ontology, facts, below)
        found: list[Triple] = []
        for trial in facts.subjects(RDF.type, KG.Trial):
            for term in ontology.derived:
                if values := reasoner.values(trial, term):
                    said = facts.objects(trial, term)
                    found += [(trial, term, value) for value in values if value not in said]
            found += [(trial, RDF.type, term) for term in self._likely(trial, reasoner) if reasoner.member(trial, term)]
        return sorted(set(found))

    def _likely(self, trial: str, reasoner: Reasoner) -> set[str]:
        """Return the defined classes that a trial shows a sign of: those that it is in, and few others."""
        found: set[str] = set()
        for term, by_value in self._signs.items():
            if values := reasoner.values(trial, term):
                found.update(by_value.get("", ()), *[by_value[it] for it in values.keys() & by_value.keys()])
        return found


def infer_concepts(ontology: Ontology, concepts: Facts) -> list[Triple]:
    """Return what follows for the concepts alone, sorted: broader ones at any distance, and MeSH's own hierarchy.

    ``meshv:broaderDescriptor`` is MeSH RDF's property; it is concluded from the tree numbers, of which the broader
    heading's is the narrower one's without its last part (https://hhs.github.io/meshrdf/tree-numbers), so it leads
    only to headings that have a concept.
    """
    reasoner = Reasoner(ontology, concepts)
    found = [
        (subject, SKOS.broaderTransitive, value)
        for subject in concepts.having(SKOS.broader)
        for value in reasoner.values(subject, SKOS.broaderTransitive)
    ]
    return sorted({*found, *_mesh_hierarchy(concepts)})


def _mesh_hierarchy(concepts: Facts) -> Iterator[Triple]:
    placed = concepts.having(KG.meshTreeNumber)
    at = {number: heading for heading in placed for number in concepts.objects(heading, KG.meshTreeNumber)}
    for number, heading in at.items():
        above = at.get(f'{number.rpartition(".")[0]}"')
        if above is not None:
            yield heading, MESHV.broaderDescriptor, above
