"""What follows from the statements of a graph and the ontology: rules for data of any size, HermiT for the ontology.

The rules are the axioms of ``ontologies/axioms.ttl`` and ``defined-classes.ttl`` themselves, read by `Ontology`; none
is written in Python. They only conclude from what is there, as OWL's open world has it: nothing follows from silence.
"""

from kg.reason.facts import Facts
from kg.reason.infer import infer_concepts, infer_trial, write_inferred
from kg.reason.ontology import Ontology, load_ontology
from kg.reason.proof import Proof, Reasoner

__all__ = [
    "Facts",
    "Ontology",
    "Proof",
    "Reasoner",
    "infer_concepts",
    "infer_trial",
    "load_ontology",
    "write_inferred",
]
