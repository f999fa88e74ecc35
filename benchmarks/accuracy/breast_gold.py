"""Scores what trialkg says of breast cancer trials against annotations of our own (`gold/GUIDELINES.md`).

trialkg is treated as one more annotator: its statements become annotations, and the same measures compare them.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from benchmarks.accuracy.gold.annotation import Annotation, by_trial, read
from benchmarks.accuracy.gold.measures import DRUGS, MEASURES
from benchmarks.accuracy.gold.records import BREAST, ELIGIBILITY, GoldSet, sha256
from benchmarks.accuracy.score import Counts, Error, Outcome, Task, compared
from kg.extract import Extractor
from kg.grounding import Grounder
from kg.models import ConceptType, Role, Statement, Trial
from kg.terminology import Terminology, load_gene_symbols, load_terminology
from kg.vocabulary.lexicon import make_lexicon

_TRIPLES = "marker, state, polarity"
_TARGETS = {_TRIPLES: {"f1": 0.92}}
_ANNOTATED = frozenset({*DRUGS, ConceptType.MARKER, ConceptType.PROCEDURE})
_SURE = 0.9  # the least score of a label that is not ambiguous


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One trial: what the annotators say and what trialkg says, with all places of each of its statements."""

    number: str
    expected: Sequence[Annotation]
    found: Sequence[Annotation]


def run(data: Path) -> list[Outcome]:
    """Score those trials of both gold sets that the shared data hold; no outcome for a set of which there are none.

    A trial with a text that is no longer the annotated one is left out and reported as an error of each outcome.
    """
    terminology = load_terminology()
    extractor = Extractor(terminology.concepts, make_lexicon(terminology), load_gene_symbols())
    outcomes: list[Outcome] = []
    for gold_set, names in ((BREAST, tuple(MEASURES)), (ELIGIBILITY, (_TRIPLES,))):
        cases, left_out = _cases(gold_set, data, terminology, extractor)
        if cases:
            outcomes += [_compare(gold_set, name, cases, left_out) for name in names]
            outcomes.append(_evidence(gold_set, cases))
    return outcomes


def _cases(
    gold_set: GoldSet, data: Path, terminology: Terminology, extractor: Extractor
) -> tuple[list[Case], list[Error]]:
    """Return the trials that can be scored, and why others cannot."""
    trials = gold_set.trials(data)
    annotations = by_trial(_up_to_date(read(gold_set.table), terminology))
    cases: list[Case] = []
    left_out: list[Error] = []
    for number in gold_set.numbers():
        trial, expected = trials.get(number), annotations.get(number, [])
        if trial is None:
            left_out.append(Error(document=number, cause="left out: not in the records", detail=""))
        elif changed := _changed(trial, expected):
            left_out.append(Error(document=number, cause="left out: a text has changed", detail=changed))
        else:
            found = tuple(_annotations(extractor, trial))
            cases.append(Case(number=number, expected=expected, found=found))
    return cases, left_out


def _up_to_date(annotations: Iterable[Annotation], terminology: Terminology) -> Iterator[Annotation]:
    """Give each concept the IRI that it has in the terminology now: it may have changed, or been added since."""
    grounder = Grounder()
    for annotation in annotations:
        if annotation.concept_iri in terminology.concepts:
            yield annotation
            continue
        candidates = grounder.ground(annotation.label, annotation.concept_class)
        sure = [candidate.concept for candidate in candidates if candidate.score >= _SURE]
        yield replace(annotation, concept_iri=sure[0]) if sure else annotation


def _changed(trial: Trial, expected: Iterable[Annotation]) -> str:
    """Return the locator of a text that is not the annotated one, or nothing."""
    hashes = {field.locator: sha256(field.source_text) for field in trial.texts}
    return next((it.locator for it in expected if hashes.get(it.locator) != it.text_sha256), "")


def _annotations(extractor: Extractor, trial: Trial) -> Iterator[Annotation]:
    """Yield trialkg's statements about what is annotated, one a place, the most certain first."""
    statements = sorted(extractor.find(trial).statements, key=lambda it: -it.confidence)
    for statement in statements:
        if statement.concept.concept_type in _ANNOTATED:
            yield _annotation(trial, statement)


def _annotation(trial: Trial, statement: Statement) -> Annotation:
    field = statement.span.text
    return Annotation(
        nct_id=str(trial.nct_id), role=statement.role, concept_class=statement.concept.concept_type.value,
        label=statement.concept.pref_label, state=statement.state or "", concept_iri=statement.concept.iri,
        locator=field.locator, start=statement.span.start, end=statement.span.end,
        text_sha256=sha256(field.source_text),
        annotator="trialkg", note=statement.rule,
    )  # fmt: skip


def _compare(gold_set: GoldSet, name: str, cases: Iterable[Case], left_out: Sequence[Error]) -> Outcome:
    measure = MEASURES[name]
    counts: list[Counts] = []
    errors = list(left_out)
    for case in cases:
        expected, found = measure(case.expected), measure(case.found)
        counts.append(compared(case.number, set(expected), set(found)))
        errors += [_error("missing", expected[key], case.found) for key in sorted(expected.keys() - found.keys())]
        errors += [_error("wrong", found[key], case.expected) for key in sorted(found.keys() - expected.keys())]
    return Outcome(
        name=f"{gold_set.title}: {name}",
        documents=tuple(counts),
        errors=tuple(errors),
        targets=_TARGETS.get(name, {}),
    )


def _error(kind: str, annotation: Annotation, others: Iterable[Annotation]) -> Error:
    """Describe an answer of one side by what the other side says of the same concept."""
    roles = {it.role for it in others if it.concept == annotation.concept}
    strong = sorted(role.value for role in roles - {Role.MENTIONS, annotation.role})
    if annotation.role in roles:
        other = "the same role with another state"
    elif strong:
        other = f"{annotation.role.value} against {' and '.join(strong)}"
    elif Role.MENTIONS in roles:
        other = f"{annotation.role.value} against a mention"
    else:
        other = f"{annotation.role.value} against nothing"
    place = f"{annotation.locator} {annotation.start}:{annotation.end}"
    detail = f"{annotation.said} ({place}) {annotation.note}".rstrip()
    return Error(document=annotation.nct_id, cause=f"{kind}: {other}", detail=detail)


def _evidence(gold_set: GoldSet, cases: Iterable[Case]) -> Outcome:
    """Of the statements that both make, how many have overlapping evidence at trialkg's most certain place.

    Other places may prove a statement as well: this is a lower bound.
    """
    counts: list[Counts] = []
    errors: list[Error] = []
    for case in cases:
        met = 0
        both = [(it, _best(it, case.found)) for it in case.expected if it.role is not Role.MENTIONS]
        agreed = [(it, place) for it, place in both if place is not None]
        for annotation, place in agreed:
            if _overlap(annotation, place):
                met += 1
            else:
                detail = f"{annotation.said}: {place.locator} {place.start}:{place.end}, not {annotation.locator}"
                errors.append(Error(document=case.number, cause=f"another place: {place.note}", detail=detail))
        counts.append(Counts(document=case.number, true_positives=met, false_negatives=len(agreed) - met))
    return Outcome(
        name=f"{gold_set.title}: evidence overlaps (see recall)",
        documents=tuple(counts),
        errors=tuple(errors),
        targets={},
    )


def _best(annotation: Annotation, found: Collection[Annotation]) -> Annotation | None:
    """Return trialkg's most certain place of the same statement: that which the graph keeps."""
    return next((it for it in found if it.statement == annotation.statement), None)


def _overlap(one: Annotation, other: Annotation) -> bool:
    return one.locator == other.locator and one.start < other.end and other.start < one.end


TASK = Task(name="breast-gold", run=run, ablations={})
