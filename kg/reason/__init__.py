"""What follows from the statements of a graph and the ontology: rules for data of any size, HermiT for the ontology.

The rules are the axioms of ``ontologies/axioms.ttl`` and ``defined-classes.ttl`` themselves, read by `Ontology`; none
is written in Python. They only conclude from what is there, as OWL's open world has it: nothing follows from silence.
"""

from kg.reason.facts import Facts
from kg.reason.infer import TrialReasoner, infer_concepts
from kg.reason.ontology import Ontology, load_ontology
from kg.reason.proof import Proof, Reasoner
from kg.reason.why import Answer, Explanation, Why, Words, explanation_text, why

__all__ = [
    "Answer",
    "Explanation",
    "Facts",
    "Ontology",
    "Proof",
    "Reasoner",
    "TrialReasoner",
    "Why",
    "Words",
    "explanation_text",
    "infer_concepts",
    "load_ontology",
    "why",
]
