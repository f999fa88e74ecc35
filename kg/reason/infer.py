"""All that follows, written: trial by trial over the quads of a build, in one pass and constant memory."""

import gzip
from collections.abc import Iterable, Iterator
from itertools import groupby
from pathlib import Path
from typing import IO, Final

from isal import igzip

from kg.nquads import Triple, lines
from kg.reason.facts import Facts
from kg.reason.ontology import Ontology
from kg.reason.proof import Reasoner
from kg.terms import KG, MESHV, RDF, SKOS

_Quad = tuple[str, str, str, str]
_TRIALS_A_MEMBER: Final = 500  # whose lines are compressed together


def infer_trial(ontology: Ontology, concepts: Facts, triples: Iterable[Triple]) -> list[Triple]:
    """Return what follows for a trial from its triples and those of the concepts, sorted; nothing that is said.

    Conclusions are about the trial itself: the defined classes that it is in, and values of derived properties.
    """
    facts = Facts(triples, concepts)
    reasoner = Reasoner(ontology, facts)
    found: list[Triple] = []
    for trial in facts.subjects(RDF.type, KG.Trial):
        for term in ontology.derived:
            said = facts.objects(trial, term)
            found += ((trial, term, value) for value in reasoner.values(trial, term) if value not in said)
        found += ((trial, RDF.type, term) for term in ontology.definitions if reasoner.member(trial, term))
    return sorted(set(found))


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


def write_inferred(quads: Path, out: IO[bytes], ontology: Ontology, concepts: Facts, graph_iri: str) -> int:
    """Write what follows from the trials in ``quads``, and for the concepts, as N-Quads; return how many.

    Args:
        quads: N-Quads, compressed, in which each trial's graph is one stretch.
        out: Takes gzip members.
        ontology: The axioms.
        concepts: What is said of the concepts.
        graph_iri: The named graph to write.
    """
    count = 0
    batch: list[Triple] = infer_concepts(ontology, concepts)
    for number, triples in enumerate(_trials(quads, ontology.predicates()), 1):
        batch += infer_trial(ontology, concepts, triples)
        if number % _TRIALS_A_MEMBER == 0:
            count += _write(batch, out, graph_iri)
            batch = []
    return count + _write(batch, out, graph_iri)


def _write(batch: list[Triple], out: IO[bytes], graph_iri: str) -> int:
    text = lines(batch, graph_iri)
    out.write(igzip.compress(text.encode(), 3, mtime=0))
    return text.count("\n")


def _trials(quads: Path, predicates: frozenset[str]) -> Iterator[list[Triple]]:
    """Yield the triples of each graph that the rules look at."""
    with gzip.open(quads, "rt", encoding="utf-8", newline="\n") as file:
        for _, group in groupby(_quads(file, predicates), key=lambda quad: quad[3]):
            yield [quad[:3] for quad in group]


def _quads(file: Iterable[str], predicates: frozenset[str]) -> Iterator[_Quad]:
    for line in file:
        subject, predicate, rest = line.split(" ", 2)
        if predicate in predicates:
            value, graph, _ = rest.rsplit(" ", 2)
            yield subject, predicate, value, graph
