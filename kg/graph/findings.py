"""What was found in a trial's texts: criteria with their logic, and statements with the places that say them."""

from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from itertools import chain

from kg.graph.nodes import CODES, Nodes
from kg.models import (
    ConceptLink,
    ConceptType,
    Condition,
    ConditionType,
    Criterion,
    FieldKind,
    Findings,
    FreeTextFact,
    Group,
    Polarity,
    Role,
    Span,
    StatedKind,
    StatedValue,
    Statement,
    Trial,
)
from kg.nquads import Triple, decimal, duration, english, integer, resource, string
from kg.terms import KG, RDF

# A value that only a sentence gives is read by a narrow pattern, but a sentence it is.
_FREE_TEXT_CONFIDENCE = 0.9
_STATED_RULES = {
    StatedKind.DOSE: "stated-dose",
    StatedKind.ROUTE: "stated-route",
    StatedKind.SCHEDULE: "stated-schedule",
    StatedKind.FORM: "stated-form",
}
_STATED_CONFIDENCE = 0.95  # of a dose and its like, read from a name by their units and words

_CONCEPTS = {
    ConditionType.MARKER: KG.marker,
    ConditionType.TREATMENT: KG.treatment,
    ConditionType.TREATMENT_ELIGIBILITY: KG.treatment,
}
_NEVER_MENTIONED = frozenset({ConceptType.DISEASE, ConceptType.ENDPOINT})

_Claim = tuple[Triple, Span, str, float]
_Place = tuple[Span, str, float]


class FindingsGraph:
    """Turns findings into triples, each statement backed by assertions.

    Args:
        nodes: Mints the trial's parts.
        all_evidence: Keep every place that says a statement instead of the strongest one.
    """

    def __init__(self, nodes: Nodes, *, all_evidence: bool = False) -> None:
        self._nodes = nodes
        self._minter = nodes.minter
        self._all_evidence = all_evidence
        self._rule = lru_cache(1 << 8)(lambda name: resource(self._minter.rule(name)))
        # By document and locator: the findings of a text stand together.
        self._text = lru_cache(1 << 8)(
            lambda sha256, locator: (resource(self._minter.document(sha256)), string(locator))
        )

    def triples(self, trial: Trial, findings: Findings, subject: str) -> list[Triple]:
        """Return the triples of all criteria, statements and links."""
        found: list[Triple] = []
        for order, criterion in enumerate(findings.criteria):
            found += self._criterion(criterion, order, trial, subject)
        self._statements(trial, findings, subject, found)
        return found

    def _criterion(self, criterion: Criterion, order: int, trial: Trial, subject: str) -> list[Triple]:
        span = criterion.span
        quote = span.quote
        node = self._nodes.part("criterion", trial.nct_id, criterion.polarity.value, *_identity(span, quote, trial))
        found: list[Triple] = [
            (subject, KG.criterion, node),
            (node, RDF.type, KG.Criterion),
            (node, KG.polarity, KG.inclusion if criterion.polarity is Polarity.INCLUSION else KG.exclusion),
            (node, KG.text, english(quote)),
            (node, KG.order, integer(order)),
            *self._place(node, span),
        ]
        if criterion.logic is not None:
            logic, below = self._logic(criterion.logic, trial, node, "")
            found.append((node, KG.logic, logic))
            found += below
        return found

    def _logic(self, item: Condition | Group, trial: Trial, criterion: str, path: str) -> tuple[str, list[Triple]]:
        """Return the node of a part of the logic and its triples; ``path`` is its way from the root."""
        node = self._nodes.part("logic", trial.nct_id, criterion, path)
        if isinstance(item, Condition):
            return node, list(self._condition(node, item))
        triples: list[Triple] = [(node, RDF.type, KG[item.operator])]
        for place, operand in enumerate(item.operands):
            child, below = self._logic(operand, trial, criterion, f"{path}/{place}")
            triples.append((node, KG.operand, child))
            triples += below
        return node, triples

    def _condition(self, node: str, leaf: Condition) -> Iterator[Triple]:
        yield node, RDF.type, KG[leaf.condition_type]
        yield node, KG.start, integer(leaf.span.start)
        yield node, KG.end, integer(leaf.span.end)
        if leaf.concept is not None:
            yield node, _CONCEPTS.get(leaf.condition_type, KG.disease), resource(leaf.concept.iri)
            if leaf.state is not None:
                yield node, KG.state, self._nodes.code("state", leaf.state)
                yield node, KG.markerState, resource(self._minter.state(leaf.concept.notation or "", leaf.state))
        if leaf.assay is not None:
            yield node, KG.assay, resource(leaf.assay.iri)
        if leaf.comparator is not None:
            yield node, KG.comparator, self._nodes.code("comparator", leaf.comparator)
        if leaf.within is not None:
            yield node, KG.within, duration(leaf.within.value, leaf.within.unit)
        for predicate, value in ((KG.analyte, leaf.analyte), (KG.value, leaf.value), (KG.unit, leaf.unit)):
            if value is not None:
                yield node, predicate, string(value)

    def _statements(self, trial: Trial, findings: Findings, subject: str, found: list[Triple]) -> None:
        owners: dict[FieldKind, Callable[[int], str]] = {
            FieldKind.CONDITION: lambda _: subject,
            FieldKind.INTERVENTION_NAME: lambda index: self._nodes.intervention(trial, trial.interventions[index]),
            FieldKind.OUTCOME_MEASURE: lambda index: self._nodes.outcome(trial, trial.outcomes[index]),
        }
        claims = chain(
            (self._role(statement, subject) for statement in _without_weak(findings)),
            (self._link(link, owners[link.owner](link.index)) for link in findings.links),
            (self._stated(it, owners[FieldKind.INTERVENTION_NAME](it.index)) for it in findings.stated_values),
            (self._fact(fact, trial, subject) for fact in trial.free_text_facts if _holds(fact, trial)),
        )
        for triple, places in self._by_triple(claims).items():
            found.append(triple)
            for span, rule, confidence in places:
                found += self._assertion(triple, span, rule, confidence, trial)

    def _role(self, statement: Statement, subject: str) -> _Claim:
        concept = statement.concept
        iri = self._minter.state(concept.notation or "", statement.state) if statement.state else concept.iri
        predicate = KG[statement.role]
        return (subject, predicate, resource(iri)), statement.span, statement.rule, statement.confidence

    def _link(self, link: ConceptLink, owner: str) -> _Claim:
        predicate = {FieldKind.CONDITION: KG.condition, FieldKind.OUTCOME_MEASURE: KG.endpoint}
        triple = (owner, predicate.get(link.owner, KG.agent), resource(link.concept.iri))
        return triple, link.span, link.rule, link.confidence

    def _stated(self, stated: StatedValue, owner: str) -> _Claim:
        triple = (owner, KG[stated.kind], english(stated.span.quote))
        return triple, stated.span, _STATED_RULES[stated.kind], _STATED_CONFIDENCE

    def _fact(self, fact: FreeTextFact, trial: Trial, subject: str) -> _Claim:
        predicate, term = self._fact_value(fact, trial)
        return (subject, predicate, term), fact.span, fact.rule, _FREE_TEXT_CONFIDENCE

    def _fact_value(self, fact: FreeTextFact, trial: Trial) -> tuple[str, str]:
        """Return the property and the value that a sentence gives; the same as `_values` and its like write."""
        minter, value = self._minter, fact.value
        for attribute, predicate, scheme in CODES:
            if attribute == fact.field:
                return predicate, resource(minter.code(scheme, value))
        if fact.field == "arm":
            return KG.arm, self._nodes.arm(trial, next(arm for arm in trial.arms if arm.label == value))
        forms: dict[str, tuple[str, Callable[[], str]]] = {
            "enrollment": (KG.enrollment, lambda: integer(int(value))),
            "acronym": (KG.acronym, lambda: english(value)),
            "condition": (KG.reportedCondition, lambda: english(value)),
            "collaborator": (KG.collaborator, lambda: resource(minter.organization(value))),
            "country": (KG.country, lambda: self._nodes.country(value)),
        }
        predicate, form = forms[fact.field]
        return predicate, form()

    def _by_triple(self, claims: Iterable[_Claim]) -> dict[Triple, list[_Place]]:
        places: dict[Triple, list[_Place]] = {}
        for triple, span, rule, confidence in claims:
            places.setdefault(triple, []).append((span, rule, confidence))
        if not self._all_evidence:
            return {it: found if len(found) == 1 else [max(found, key=_strength)] for it, found in places.items()}
        return places

    def _assertion(self, triple: Triple, span: Span, rule: str, confidence: float, trial: Trial) -> list[Triple]:
        quote = span.quote
        node = self._nodes.part("assertion", trial.nct_id, *triple, *_identity(span, quote, trial))
        return [
            (node, RDF.type, KG.Assertion),
            (node, RDF.subject, triple[0]),
            (node, RDF.predicate, triple[1]),
            (node, RDF.object, triple[2]),
            (node, KG.rule, self._rule(rule)),
            (node, KG.confidence, decimal(confidence)),
            (node, KG.quote, string(quote)),
            *self._place(node, span),
        ]

    def _place(self, node: str, span: Span) -> tuple[Triple, ...]:
        source, field = self._text(span.text.document, span.text.locator)
        return (
            (node, KG.source, source),
            (node, KG.field, field),
            (node, KG.start, integer(span.start)),
            (node, KG.end, integer(span.end)),
        )


def _identity(span: Span, quote: str, trial: Trial) -> tuple[str, ...]:
    """Return what tells a span of a trial's documents from all others, and stays when another field of these changes.

    So not the document's SHA-256, but its format and how many newer documents of that format the trial has.
    """
    text = span.text
    if len(trial.documents) == 1:
        place = (trial.documents[0].format.value, "0", text.locator, str(span.start), str(span.end))
        return *place, quote
    source = next(it.format for it in trial.documents if it.sha256 == text.document)
    alike = [it.sha256 for it in trial.documents if it.format is source]
    place = (source.value, str(alike.index(text.document)), text.locator, str(span.start), str(span.end))
    return *place, quote


def _holds(fact: FreeTextFact, trial: Trial) -> bool:
    """Tell whether the trial still has the value; a structured source may have overruled the sentence."""
    lists = {
        "arm": tuple(arm.label for arm in trial.arms),
        "collaborator": tuple(sponsor.name for sponsor in trial.collaborators),
        "condition": trial.conditions,
        "country": trial.countries,
    }
    if fact.field in lists:
        return fact.value in lists[fact.field]
    return str(getattr(trial, fact.field)) == fact.value


def _without_weak(findings: Findings) -> Iterator[Statement]:
    """Leave out mentions of what the trial has more to do with, and of diseases and endpoints.

    Roles are for drugs, procedures and markers; a trial's diseases are its conditions and the leaves of its criteria.
    """
    strong = {statement.concept.iri for statement in findings.statements if statement.role is not Role.MENTIONS}
    for statement in findings.statements:
        kind, iri = statement.concept.concept_type, statement.concept.iri
        if statement.role is not Role.MENTIONS or (kind not in _NEVER_MENTIONED and iri not in strong):
            yield statement


def _strength(place: _Place) -> tuple[float, str, int]:
    """Order places by confidence; among equals a fixed one wins."""
    span, _, confidence = place
    return confidence, span.text.locator, -span.start
