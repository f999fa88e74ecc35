"""Why a graph says, or does not say, that a trial has to do with a concept or is in a class.

What is said has an assertion with its words; what is concluded has a proof whose leaves are such statements. Proofs
are made anew from the trial's graph, not stored: the same axioms that wrote ``graph/inferred`` find the premises.
"""

import re
from collections.abc import Iterator, Sequence
from enum import StrEnum
from typing import Final, NamedTuple

import pyoxigraph as ox

from kg.identifiers import TRIAL
from kg.models import Record
from kg.nquads import Triple
from kg.reason.facts import Facts
from kg.reason.ontology import Ontology, wording
from kg.reason.proof import Proof, Reasoner
from kg.store import GraphStore
from kg.terms import DCTERMS, KG, RDF, RDFS, SKOS
from kg.texts import KeptDocument, TextStore
from kg.tokens import key

_EVIDENCE: Final = """
SELECT ?subject ?predicate ?object ?quote ?field ?start ?end ?rule ?ruleLabel ?confidence ?document WHERE {
  GRAPH ?graph {
    ?assertion a kg:Assertion ; rdf:subject ?subject ; rdf:predicate ?predicate ; rdf:object ?object ;
      kg:quote ?quote ; kg:field ?field ; kg:start ?start ; kg:end ?end ; kg:rule ?rule ; kg:confidence ?confidence ;
      kg:source ?document .
  }
  OPTIONAL { ?rule skos:prefLabel ?ruleLabel }
}
ORDER BY ?subject ?predicate ?object DESC(?confidence) ?field ?start
"""


_LABELS: Final = {
    "prefLabel": SKOS.prefLabel,
    "altLabel": SKOS.altLabel,
    "hiddenLabel": SKOS.hiddenLabel,
    "ambiguousLabel": KG.ambiguousLabel,
}
_BORDER: Final = re.compile(r"\n|[.!?](?=\s+[A-Z0-9(])")


class Answer(StrEnum):
    """What the graph knows of a trial and a concept."""

    STATED = "stated"
    INFERRED = "inferred"
    MENTIONED = "only mentioned"
    NOT_FOUND = "not found"
    NOT_A_MEMBER = "not in the class"


class Words(Record, frozen=True, kw_only=True):
    """The words behind a statement, and what found them. Offsets count code points, half-open."""

    quote: str
    sentence: str  # around the quote; empty where the text is not kept
    field: str
    start: int
    end: int
    rule: str
    rule_label: str
    entry: str  # the label of the dictionary that the words match: ``altLabel "T-DXd"``; empty where none does
    confidence: float
    document: str
    file: str  # that the document was read from, and its place in that; empty where it is not known


class Why(Record, frozen=True, kw_only=True):
    """A triple with the words or the premises behind it; terms are IRIs, or literals in their N-Triples form."""

    subject: str
    predicate: str
    object: str
    axiom: str = ""  # which kind it follows by; empty where it is said
    words: tuple[Words, ...] = ()
    premises: tuple["Why", ...] = ()


class Explanation(Record, frozen=True, kw_only=True):
    """The answer to "why": its kind, a sentence, and the triples with what is behind them."""

    answer: Answer
    sentence: str
    found: tuple[Why, ...]
    labels: dict[str, str]  # names of the IRIs in ``found``


class _Sight(NamedTuple):
    """What one question is answered from."""

    reasoner: Reasoner
    evidence: dict[Triple, tuple[Words, ...]]


def why(
    store: GraphStore, texts: TextStore, ontology: Ontology, concepts: Facts, graph_iri: str, target_iri: str
) -> Explanation:
    """Explain what a trial has to do with a concept, or why it is in a defined class.

    Args:
        store: The graph.
        texts: The texts that its quotes point into.
        ontology: The axioms, under the graph's base IRI.
        concepts: What is said of the concepts, under the same.
        graph_iri: The named graph of the trial.
        target_iri: A concept, a marker state or a defined class.
    """
    nct_id = graph_iri.rpartition("/")[2]
    said = [(str(it.subject), str(it.predicate), str(it.object)) for it in store.graph(graph_iri)]
    facts = Facts(said, concepts)
    sight = _Sight(Reasoner(ontology, facts), _evidence(store, graph_iri, texts, facts))
    trial, target = f"<{TRIAL}{nct_id}>", f"<{target_iri}>"
    if target in ontology.definitions:
        proof = sight.reasoner.member(trial, target)
        proofs = [proof] if proof is not None else []
        answer = Answer.INFERRED if proofs else Answer.NOT_A_MEMBER
    else:
        proofs = [*_stated(sight, said, target), *_concluded(sight, trial, target)]
        answer = _answer(proofs)
    names = _Names(ontology, facts)
    found = tuple(_why(proof, sight.evidence) for proof in proofs)
    sentence = _sentence(answer, names.of(target_iri))
    if answer is Answer.NOT_A_MEMBER:
        sentence += f" It takes: {wording(ontology.definitions[target], lambda term: names.of(term[1:-1]))}."
    return Explanation(answer=answer, sentence=sentence, found=found, labels=names.used(found))


def _answer(proofs: Sequence[Proof]) -> Answer:
    if any(not proof.axiom and proof.triple[1] != KG.mentions for proof in proofs):
        return Answer.STATED
    if any(proof.axiom for proof in proofs):
        return Answer.INFERRED
    return Answer.MENTIONED if proofs else Answer.NOT_FOUND


def _sentence(answer: Answer, label: str) -> str:
    return {
        Answer.STATED: f"The record says so of {label}.",
        Answer.INFERRED: f"It follows from the record and the ontology for {label}.",
        Answer.MENTIONED: f"{label} occurs in the record's texts, and nothing there gives it a role.",
        Answer.NOT_FOUND: f"{label} was not found in the record: neither by a name nor by something narrower.",
        Answer.NOT_A_MEMBER: f"Nothing that was found puts the trial into the class {label}; it may still be in it.",
    }[answer]


def _stated(sight: _Sight, said: Sequence[Triple], target: str) -> list[Proof]:
    """Return what is said of the trial or its parts with the target as object, mentions last."""
    found = [triple for triple in said if triple[2] == target and triple in sight.evidence]
    plain = [
        triple
        for triple in said
        if triple[2] == target and triple not in sight.evidence and triple[1] != RDF.object and _of_a_trial(triple)
    ]
    return [Proof(triple=triple) for triple in sorted([*found, *plain], key=lambda it: (it[1] == KG.mentions, it))]


def _of_a_trial(triple: Triple) -> bool:
    return triple[0].startswith(f"<{TRIAL}")


def _concluded(sight: _Sight, trial: str, target: str) -> list[Proof]:
    """Return what is concluded of the trial with the target as value, where it is not merely said in other words."""
    reasoner = sight.reasoner
    proofs = (reasoner.proof((trial, term, target)) for term in reasoner.ontology.derived)
    return [proof for proof in proofs if proof is not None and proof.axiom == "property chain"]


def _why(proof: Proof, evidence: dict[Triple, tuple[Words, ...]]) -> Why:
    subject, predicate, value = (term[1:-1] if term.startswith("<") else term for term in proof.triple)
    return Why(
        subject=subject,
        predicate=predicate,
        object=value,
        axiom=proof.axiom,
        words=evidence.get(proof.triple, ()),
        premises=tuple(_why(premise, evidence) for premise in proof.premises),
    )


def _evidence(store: GraphStore, graph_iri: str, texts: TextStore, facts: Facts) -> dict[Triple, tuple[Words, ...]]:
    kept = texts.by_place(graph_iri.rpartition("/")[2])
    found: dict[Triple, list[Words]] = {}
    for subject, predicate, value, *rest in store.select(_EVIDENCE.replace("?graph", f"<{graph_iri}>")).rows:
        quote, field, start, end, rule, rule_label, confidence, document = (_text(term) for term in rest)
        digest = document.rpartition("/")[2]
        text = kept.get((digest, field), "")
        words = Words(
            quote=quote,
            sentence=_sentence_around(text, int(start), int(end)),
            field=field,
            start=int(start),
            end=int(end),
            rule=rule,
            rule_label=rule_label,
            entry=_entry(facts, str(value), quote),
            confidence=float(confidence),
            document=document,
            file=_file(texts.document(digest)),
        )
        found.setdefault((str(subject), str(predicate), str(value)), []).append(words)
    return {triple: tuple(words) for triple, words in found.items()}


def _file(document: KeptDocument | None) -> str:
    return ", ".join(filter(None, (document.file, document.position))) if document else ""


def _entry(facts: Facts, concept: str, quote: str) -> str:
    """Return the longest label of a concept, or of the marker of a state, that the quote has in some spelling."""
    words = f" {key(quote)} "
    found = [
        (len(text), kind, text)
        for node in (concept, *facts.objects(concept, KG.marker))
        for kind, term in _LABELS.items()
        for text in (label.rpartition('"')[0][1:] for label in facts.objects(node, term))
        if f" {key(text)} " in words
    ]
    return f'{max(found)[1]} "{max(found)[2]}"' if found else ""


def _sentence_around(text: str, start: int, end: int) -> str:
    """Return the line, or the sentence of it, that a span stands in."""
    before = max((match.end() for match in _BORDER.finditer(text, 0, start)), default=0)
    after = _BORDER.search(text, end)
    return text[before : after.start() + 1 if after else len(text)].strip()


def _text(term: object) -> str:
    return term.value if isinstance(term, ox.NamedNode | ox.Literal) else ""


class _Names:
    """Labels of terms: of the ontology, of concepts and codes, of a trial's parts; else the end of the IRI."""

    def __init__(self, ontology: Ontology, facts: Facts) -> None:
        self._ontology = ontology
        self._facts = facts

    def of(self, iri: str) -> str:
        term = f"<{iri}>"
        if term in self._ontology.labels:
            return self._ontology.labels[term]
        end = re.split(r"[/#:]", iri)[-1]
        if self._facts.objects(term, DCTERMS.identifier):  # a trial: its number says more than its title
            return end
        labels = [*self._facts.objects(term, SKOS.prefLabel), *self._facts.objects(term, RDFS.label)]
        return labels[0].rpartition('"')[0][1:] if labels else end

    def used(self, found: Sequence[Why]) -> dict[str, str]:
        iris = {iri for why in _walk(found) for iri in (why.subject, why.predicate, why.object) if '"' not in iri}
        return {iri: self.of(iri) for iri in sorted(iris)}


def _walk(found: Sequence[Why]) -> Iterator[Why]:
    for why in found:
        yield why
        yield from _walk(why.premises)


def explanation_text(explanation: Explanation) -> str:
    """Return an explanation for people: a statement a line, with what is behind it indented below."""
    lines = [f"{explanation.answer}: {explanation.sentence}"]
    for found in explanation.found:
        lines += ["", *_lines(found, explanation.labels, 0)]
    return "\n".join(lines) + "\n"


def _lines(why: Why, labels: dict[str, str], depth: int) -> Iterator[str]:
    indent = "  " * depth
    names = [labels.get(term, term) for term in (why.subject, why.predicate, why.object)]
    yield f"{indent}{' — '.join(names)}{f'   [{why.axiom}]' if why.axiom else ''}"
    for words in why.words:
        yield f'{indent}  "{words.quote}"{f" in: {words.sentence}" if words.sentence != words.quote else ""}'
        place = f"{words.field} {words.start}–{words.end}"
        parts = [place, f"rule: {words.rule_label or words.rule}", words.entry, f"confidence {words.confidence:.2f}"]
        yield f"{indent}  {'; '.join(filter(None, [*parts, words.file]))}"
    for premise in why.premises:
        yield from _lines(premise, labels, depth + 1)
