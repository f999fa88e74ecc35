"""Validation works: each of many defects, planted in a sound graph, is found by the shape or the check meant for it.

A mutation is a defect that a reader, a builder or a hand could make; what must catch it is named beside it. Defects
that no shape sees, for a shape sees one trial at a time, are named with the saved check (``check:…``) that finds them.
"""

import gzip
import io
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest
import small_graph

from kg.batch import Builder, Options
from kg.identifiers import DEFAULT_BASE, PREFIXES, VOCABULARY, content_hash
from kg.models import RawRecord
from kg.nquads import Triple, lines, ntriples
from kg.owl import owl_triples
from kg.query import run
from kg.read import Limits, scan
from kg.store import GraphStore
from kg.terminology import load_terminology
from kg.terms import DCTERMS, GEO, KG, RDF, RDFS, SCHEMA, SKOS, XSD
from kg.validate import EngineName, Report, Validator

Graph = frozenset[Triple]
Mutation = Callable[[Graph], Graph]

EXAMPLE = Path(__file__).parents[1] / "examples" / "trials" / "NCT99990001.json"
TRIAL = "<https://identifiers.org/clinicaltrials:NCT99990001>"
CONCEPTS = f"{DEFAULT_BASE}graph/concepts"
TRIAL_GRAPH = f"{DEFAULT_BASE}graph/NCT99990001"
STATE_VALUE = f"<{VOCABULARY}StateValue>"


def own(path: str) -> str:
    return f"<{DEFAULT_BASE}{path}>"


def mesh(identifier: str) -> str:
    return f"<{PREFIXES['mesh']}{identifier}>"


# --- graphs without a defect


@cache
def trial() -> Graph:
    """The first example, through reader, extraction and builder."""
    raw = [it for it in scan([EXAMPLE], limits=Limits()) if isinstance(it, RawRecord)]
    built = Builder(Options(base_iri=DEFAULT_BASE)).build([("NCT99990001", raw)])
    lines = gzip.decompress(built.quads).decode().rstrip("\n").split("\n")
    return frozenset(_triple(line.removesuffix(f" <{TRIAL_GRAPH}> .")) for line in lines)


@cache
def concepts() -> Graph:
    """The small terminology, without countries and the registry's codes, which nothing here is about."""
    terminology = small_graph.terminology()
    states = list(terminology.state_triples())
    found = [it for it in terminology.triples if not it[0].startswith((own("country/")[:-1], own("state/")[:-1]))]
    return frozenset(it for it in (*found, *states) if "/code/" not in it[0] or "/code/state/" in it[0])


def _triple(line: str) -> Triple:
    subject, predicate, value = line.split(" ", 2)
    return subject, predicate, value


# --- ways to go wrong


def first(graph: Graph, kind: str, predicate: str) -> Triple:
    """Return the first statement with this predicate of a node of this class; raises if there is none."""
    nodes = {subject for subject, name, value in graph if name == RDF.type and value == kind}
    return min(triple for triple in graph if triple[1] == predicate and triple[0] in nodes)


def drop(kind: str, *predicates: str) -> Mutation:
    """Lose a value of each predicate, of one node."""

    def mutate(graph: Graph) -> Graph:
        node, *_ = first(graph, kind, predicates[0])
        lost = {min(it for it in graph if it[0] == node and it[1] == name) for name in predicates}
        return graph - lost

    return mutate


def put(kind: str, predicate: str, value: str | Callable[[str], str]) -> Mutation:
    """Put another value in place of the one that is there."""

    def mutate(graph: Graph) -> Graph:
        old = first(graph, kind, predicate)
        return graph - {old} | {(old[0], predicate, value if isinstance(value, str) else value(old[2]))}

    return mutate


def add(kind: str, predicate: str, value: str) -> Mutation:
    """Say one thing more of the first node of a class."""

    def mutate(graph: Graph) -> Graph:
        node, *_ = first(graph, kind, RDF.type)
        assert (node, predicate, value) not in graph
        return graph | {(node, predicate, value)}

    return mutate


def say(*triples: Triple) -> Mutation:
    """Say more."""
    return lambda graph: graph | set(triples)


def retype(old: str, new: str) -> Mutation:
    """Give the first node of a class another class."""
    return put(old, RDF.type, lambda value: new if value == old else value)


def rename(kind: str, new: str) -> Mutation:
    """Give the first node of a class another IRI, wherever it stands."""

    def mutate(graph: Graph) -> Graph:
        old, *_ = first(graph, kind, RDF.type)
        return frozenset((new if s == old else s, p, new if o == old else o) for s, p, o in graph)

    return mutate


def lose_owner(predicate: str) -> Mutation:
    """Lose the statement that a trial, or a part of it, has a part."""
    return lambda graph: graph - {min(it for it in graph if it[1] == predicate)}


def both(*mutations: Mutation) -> Mutation:
    def mutate(graph: Graph) -> Graph:
        for one in mutations:
            graph = one(graph)
        return graph

    return mutate


def shift(kind: str, by: int, *predicates: str) -> Mutation:
    """Move offsets of the first node of a class by some code points."""

    def mutate(graph: Graph) -> Graph:
        node, *_ = first(graph, kind, predicates[0])
        old = {it for it in graph if it[0] == node and it[1] in predicates}
        return graph - old | {(s, p, number(int(o.split('"')[1]) + by)) for s, p, o in old}

    return mutate


def shift_assertion_of(predicate: str) -> Mutation:
    """Move an assertion's place by one code point, both ends, so that its length stays right."""

    def mutate(graph: Graph) -> Graph:
        node = min(s for s, p, o in graph if p == RDF.predicate and o == predicate)
        old = {it for it in graph if it[0] == node and it[1] in (KG.start, KG.end)}
        return graph - old | {(s, p, number(int(o.split('"')[1]) + 1)) for s, p, o in old}

    return mutate


def turn_criterion_of(predicate: str, polarity: str) -> Mutation:
    """Turn the polarity of the criterion that the assertion of a statement lies in."""

    def mutate(graph: Graph) -> Graph:
        def value(node: str, name: str) -> str:
            return min(o for s, p, o in graph if s == node and p == name)

        def span(node: str) -> range:
            return range(*(int(value(node, name).split('"')[1]) for name in (KG.start, KG.end)))

        assertions = [s for s, p, o in graph if p == RDF.predicate and o == predicate]
        criteria = [s for s, p, o in graph if p == RDF.type and o == KG.Criterion]
        around = min(
            one
            for one in criteria
            for it in assertions
            if value(one, KG.field) == value(it, KG.field) and span(it)[0] in span(one) and span(it)[-1] in span(one)
        )
        return graph - {(around, KG.polarity, value(around, KG.polarity))} | {(around, KG.polarity, polarity)}

    return mutate


def logic_cycle(graph: Graph) -> Graph:
    """Let a group have the group above it as an operand."""
    groups = {subject for subject, predicate, _ in graph if predicate == KG.operand}
    upper, _, lower = min(it for it in graph if it[1] == KG.operand and it[2] in groups)
    return graph | {(lower, KG.operand, upper)}


def lose_logic(graph: Graph) -> Graph:
    """Lose the statement that a criterion has a group of conditions."""
    groups = {subject for subject, predicate, _ in graph if predicate == KG.operand}
    return graph - {min(it for it in graph if it[1] == KG.logic and it[2] in groups)}


def shared_logic(graph: Graph) -> Graph:
    """Let two groups share an operand."""
    one, *others = sorted(it for it in graph if it[1] == KG.operand)
    other = next(it[0] for it in others if it[0] != one[0])
    return graph | {(other, KG.operand, one[2])}


def backed(graph: Graph, predicate: str, concept: str) -> Graph:
    """Return a statement of the trial and an assertion for it, a copy of one that is there."""
    node, *_ = first(graph, A, RDF.subject)
    copy = own(f"assertion/NCT99990001/{content_hash(predicate, concept)}")
    said = {RDF.subject: TRIAL, RDF.predicate: predicate, RDF.object: concept}
    return frozenset({(copy, p, said.get(p, o)) for s, p, o in graph if s == node} | {(TRIAL, predicate, concept)})


def same_order(graph: Graph) -> Graph:
    one, other, *_ = sorted(it for it in graph if it[1] == KG.order)
    return graph - {other} | {(other[0], KG.order, one[2])}


def alias_is_label(graph: Graph) -> Graph:
    node, _, label = first(graph, KG.Drug, SKOS.prefLabel)
    return graph | {(node, SKOS.altLabel, label)}


def number(value: int) -> str:
    return f'"{value}"^^{XSD.integer}'


def typed(text: str, datatype: str) -> str:
    return f'"{text}"^^{datatype}'


OTHER_NCT = "NCT99990002"
T, A, C, MC = KG.Trial, KG.Assertion, KG.Criterion, KG.MarkerCondition
ARM2 = own(f"arm/{OTHER_NCT}/0000000000000000")

# What is wrong: the shape, or the check, that must say so; the graph it is planted in is a trial's.
DEFECTS: dict[str, tuple[str, Mutation]] = {
    # a value lost
    "identifier lost": ("trial-identifier", drop(T, DCTERMS.identifier)),
    "registry page lost": ("trial-registry-page", drop(T, SCHEMA.url)),
    "title lost": ("trial-label-present", drop(T, RDFS.label)),
    "study type lost": ("trial-study-type-present", drop(T, KG.studyType)),
    "status lost": ("trial-overall-status-present", drop(T, KG.overallStatus)),
    "document of the trial lost": ("trial-document", drop(T, KG.document)),
    "class of schema.org lost": ("trial-type", lambda graph: graph - {(TRIAL, RDF.type, SCHEMA.MedicalTrial)}),
    "label of an arm lost": ("arm-label", drop(KG.Arm, RDFS.label)),
    "label of an intervention lost": ("intervention-label", drop(KG.Intervention, RDFS.label)),
    "measure of an outcome lost": ("outcome-measure", drop(KG.Outcome, KG.measure)),
    "type of an outcome lost": ("outcome-outcome-type", drop(KG.Outcome, KG.outcomeType)),
    "polarity lost": ("criterion-polarity", drop(C, KG.polarity)),
    "text of a criterion lost": ("criterion-text", drop(C, KG.text)),
    "place of a criterion lost": ("criterion-start", drop(C, KG.start)),
    "place of a condition lost": ("condition-end", drop(MC, KG.end)),
    "marker of a condition lost": ("marker-condition-marker", drop(MC, KG.marker)),
    "treatment of a condition lost": ("treatment-condition-treatment", drop(KG.TreatmentCondition, KG.treatment)),
    "disease of a condition lost": ("disease-condition-disease", drop(KG.DiseaseCondition, KG.disease)),
    "name of an organisation lost": ("organization-label", drop(KG.Organization, RDFS.label)),
    "hash of a document lost": ("document-sha256", drop(KG.Document, KG.sha256)),
    "longitude lost": ("Site-coordinates", drop(KG.Site, GEO.long)),
    "place of a site lost": ("Site-place", drop(KG.Site, KG.facility, KG.city, KG.country)),
    # evidence
    "quote lost": ("assertion-quote", drop(A, KG.quote)),
    "rule lost": ("assertion-rule", drop(A, KG.rule)),
    "confidence lost": ("assertion-confidence", drop(A, KG.confidence)),
    "source of an assertion lost": ("assertion-source", drop(A, KG.source)),
    "field lost": ("assertion-field", drop(A, KG.field)),
    "start lost": ("assertion-start", drop(A, KG.start)),
    "subject of an assertion lost": ("assertion-subject", drop(A, RDF.subject)),
    "statement without evidence": ("backed-investigates", add(T, KG.investigates, mesh("D008687"))),
    "requirement without evidence": (
        "backed-requires-marker-state",
        add(T, KG.requiresMarkerState, own("state/er-low")),
    ),
    "link without evidence": ("backed-agent", add(KG.Intervention, KG.agent, mesh("D008687"))),
    "dose without evidence": ("backed-dose", add(KG.Intervention, KG.dose, '"5 mg"@en')),
    "route without evidence": ("backed-route", add(KG.Intervention, KG.route, '"orally"@en')),
    "schedule without evidence": ("backed-schedule", add(KG.Intervention, KG.schedule, '"weekly"@en')),
    "dose form without evidence": ("backed-dose-form", add(KG.Intervention, KG.doseForm, '"tablets"@en')),
    "evidence without its statement": ("assertion-statement-is-in-graph", lose_owner(KG.excludesTreatment)),
    "statement turned into its opposite": (
        "assertion-statement-is-in-graph",
        lambda graph: frozenset(
            (s, KG.requiresMarkerState if s == TRIAL and p == KG.excludesMarkerState else p, o) for s, p, o in graph
        ),
    ),
    "quote cut": ("assertion-quote-fills-its-place", put(A, KG.quote, lambda value: f"{value[:-2]}{value[-1]}")),
    "one offset shifted": ("assertion-quote-fills-its-place", shift(A, 1, KG.end)),
    "both offsets shifted": ("check:quote-not-in-criterion", shift_assertion_of(KG.excludesMarkerState)),
    "offset below zero": ("assertion-start", put(A, KG.start, number(-1))),
    "criterion shifted at one end": ("criterion-text-fills-its-place", shift(C, -1, KG.start)),
    "condition outside of its criterion": ("check:condition-outside-criterion", shift(MC, 10_000, KG.start, KG.end)),
    "place reversed": ("condition-start", shift(MC, 10_000, KG.start)),
    "confidence above one": ("assertion-confidence", put(A, KG.confidence, typed("1.2", XSD.decimal))),
    "confidence below zero": ("assertion-confidence", put(A, KG.confidence, typed("-0.1", XSD.decimal))),
    "confidence in per cent, as a text": ("assertion-confidence", put(A, KG.confidence, '"90 %"')),
    "confidence as a double": ("assertion-confidence", put(A, KG.confidence, typed("0.9", XSD.double))),
    "e-mail address in a quote": (
        "assertion-without-contact-data",
        both(put(A, KG.quote, '"me@example.org"'), put(A, KG.start, number(0)), put(A, KG.end, number(14))),
    ),
    "predicate of an assertion that no text gives": ("assertion-predicate", put(A, RDF.predicate, RDFS.seeAlso)),
    "source that nothing describes": ("assertion-source", put(A, KG.source, own(f"document/{'0' * 64}"))),
    "rule that is none": ("assertion-rule", put(A, KG.rule, own("concept/guess"))),
    "rule that is not in the list": ("check:dangling-reference", put(A, KG.rule, own("rule/guess"))),
    # a value twice
    "two identifiers": ("trial-identifier", add(T, DCTERMS.identifier, f'"{OTHER_NCT}"')),
    "two statuses": ("trial-overall-status", add(T, KG.overallStatus, own("code/overall-status/COMPLETED"))),
    "two titles": ("trial-brief-title", add(T, KG.briefTitle, '"Another"@en')),
    "two enrolments": ("trial-enrollment", add(T, KG.enrollment, number(7))),
    "two start dates": ("trial-start-date", add(T, KG.startDate, typed("2020", XSD.gYear))),
    "two sponsors": (
        "trial-lead-sponsor",
        lambda graph: graph | {(TRIAL, KG.leadSponsor, first(graph, T, KG.collaborator)[2])},
    ),
    "two polarities": (
        "criterion-polarity",
        lambda graph: graph | {(first(graph, C, KG.text)[0], KG.polarity, it) for it in (KG.inclusion, KG.exclusion)},
    ),
    "two quotes": ("assertion-quote", add(A, KG.quote, '"more"')),
    "Not with two operands": ("not-operand", retype(KG.AllOf, KG.Not)),
    # wrong datatypes, tags, empty and impossible values
    "number as a text": ("trial-enrollment", put(T, KG.enrollment, '"180"')),
    "number as a decimal": ("trial-enrollment", put(T, KG.enrollment, typed("180.0", XSD.decimal))),
    "enrolment below zero": ("trial-enrollment", put(T, KG.enrollment, number(-1))),
    "enrolment that stands for unknown": ("trial-enrollment-plausible", put(T, KG.enrollment, number(99_999_999))),
    "date as a text": ("trial-start-date", put(T, KG.startDate, '"2024-09-16"')),
    "date with a time": (
        "trial-start-date",
        put(T, KG.startDate, typed("2024-09-16T00:00:00", f"<{PREFIXES['xsd']}dateTime>")),
    ),
    "day that does not exist": ("trial-start-date", put(T, KG.startDate, typed("2024-02-30", XSD.date))),
    "month that does not exist": ("trial-completion-date", put(T, KG.completionDate, typed("2028-13", XSD.gYearMonth))),
    "boolean as a word": ("trial-accepts-healthy-volunteers", put(T, KG.acceptsHealthyVolunteers, '"No"')),
    "age as a number": ("trial-minimum-age", put(T, KG.minimumAge, number(18))),
    "age below zero": ("trial-minimum-age", put(T, KG.minimumAge, typed("-P18Y", XSD.duration))),
    "title without a language": ("trial-brief-title", put(T, KG.briefTitle, '"A title"')),
    "title in another language": ("trial-brief-title", put(T, KG.briefTitle, '"Ein Titel"@de')),
    "title that is empty": ("trial-official-title", put(T, KG.officialTitle, '""@en')),
    "keyword that is empty": ("trial-keyword", put(T, KG.keyword, '""@en')),
    "quote with a language": ("assertion-quote", put(A, KG.quote, lambda value: f"{value}@en")),
    "latitude beyond the pole": ("site-lat", put(KG.Site, GEO.lat, typed("91", XSD.decimal))),
    "longitude beyond 180 degrees": ("site-long", put(KG.Site, GEO.long, typed("-180.5", XSD.decimal))),
    "coordinates as doubles": ("site-lat", put(KG.Site, GEO.lat, typed("5.3E1", XSD.double))),
    "site at 0, 0": (
        "Site-null-island",
        both(put(KG.Site, GEO.lat, typed("0", XSD.decimal)), put(KG.Site, GEO.long, typed("0", XSD.decimal))),
    ),
    "NCT number too short": ("trial-identifier", put(T, DCTERMS.identifier, '"NCT9999"')),
    "identifier of another trial": ("trial-identifier-is-in-iri", put(T, DCTERMS.identifier, f'"{OTHER_NCT}"')),
    "hash that is not the IRI's": ("document-sha256-is-in-iri", put(KG.Document, KG.sha256, f'"{"0" * 64}"')),
    "hash cut": ("document-sha256", put(KG.Document, KG.sha256, lambda value: f'"{value[2:]}')),
    # dates and ages in disorder
    "completed before the start": (
        "trial-completion-not-before-start",
        put(T, KG.completionDate, typed("2024-08", XSD.gYearMonth)),
    ),
    "start and completion swapped": (
        "trial-completion-not-before-start",
        both(
            put(T, KG.startDate, typed("2028-12", XSD.gYearMonth)),
            put(T, KG.completionDate, typed("2024-09-16", XSD.date)),
        ),
    ),
    "primary completion after completion": (
        "trial-primary-completion-not-after-completion",
        put(T, KG.primaryCompletionDate, typed("2029", XSD.gYear)),
    ),
    "primary completion before the start": (
        "trial-primary-completion-not-before-start",
        put(T, KG.primaryCompletionDate, typed("2024-03", XSD.gYearMonth)),
    ),
    "updated before it was posted": (
        "trial-update-not-before-first-post",
        put(T, KG.lastUpdateDate, typed("2024-07-01", XSD.date)),
    ),
    "minimum age above the maximum": ("trial-age-limits-in-order", add(T, KG.maximumAge, typed("P12Y", XSD.duration))),
    # IRIs
    "trial's IRI with http": ("Trial", rename(T, TRIAL.replace("https:", "http:"))),
    "arm's IRI made of its label": ("TrialParts", rename(KG.Arm, own("arm/Experimental"))),
    "MeSH IRI made of a label": ("MeshHeadingInUse", put(T, KG.conditionMesh, mesh("Breast_Neoplasms"))),
    "MeSH IRI with https": ("MeshHeadingInUse", put(T, KG.conditionMesh, mesh("D001943").replace("http:", "https:"))),
    "concept that is an organisation": ("ConceptInUse", put(MC, KG.marker, own("organization/her2"))),
    "concept that is a marker state": ("ConceptInUse", put(KG.TreatmentCondition, KG.treatment, own("state/her2-low"))),
    "marker state that is a state value": ("MarkerStateInUse", put(MC, KG.markerState, own("code/state/low"))),
    "code of another list": ("trial-phase", put(T, KG.phase, own("code/masking/NONE"))),
    "code that the list does not have": ("code-list-phase", put(T, KG.phase, own("code/phase/PHASE9"))),
    "code as a text": ("trial-phase", put(T, KG.phase, '"PHASE2"')),
    "comparator that is no code": ("condition-comparator", put(KG.LabCondition, KG.comparator, own("code/state/low"))),
    "polarity that is none": ("criterion-polarity", put(C, KG.polarity, KG.Not)),
    "country by its name": ("trial-country", put(T, KG.country, '"United Kingdom"')),
    # classes, links and trees
    "arm that is an outcome": ("trial-arm", retype(KG.Arm, KG.Outcome)),
    "sponsor that is no organisation": ("trial-lead-sponsor", put(T, KG.leadSponsor, own("organization/nobody"))),
    "arm that nothing describes": ("trial-arm", add(T, KG.arm, own("arm/NCT99990001/0000000000000000"))),
    "intervention of an arm that nothing describes": (
        "arm-intervention",
        add(KG.Arm, KG.intervention, own("intervention/NCT99990001/0000000000000000")),
    ),
    "arm of another trial": (
        "TrialParts",
        say((TRIAL, KG.arm, ARM2), (ARM2, RDF.type, KG.Arm), (ARM2, RDFS.label, '"Other"@en')),
    ),
    "arm without a trial": ("check:part-without-trial", drop(T, KG.arm)),
    "outcome without a trial": ("outcome-owner", lose_owner(KG.outcome)),
    "site without a trial": ("site-owner", lose_owner(KG.site)),
    "criterion without a trial": ("criterion-owner", lose_owner(KG.criterion)),
    "operand that nothing describes": (
        "logic-node-type",
        add(KG.AllOf, KG.operand, own("logic/NCT99990001/0000000000000000")),
    ),
    "condition of another class": ("logic-node-type", retype(KG.AgeCondition, KG.Arm)),
    "cycle in logic": ("logic-node-owner", logic_cycle),
    "operand of two groups": ("logic-node-owner", shared_logic),
    "group of one operand": ("group-operands", drop(KG.AnyOf, KG.operand)),
    "logic of a criterion lost": ("group-owner", lose_logic),
    "two criteria at one place in the list": ("check:criterion-order", same_order),
    "requirement in an exclusion criterion": (
        "check:requirement-from-exclusion",
        turn_criterion_of(KG.requiresTreatment, KG.exclusion),
    ),
    # contradictions
    "state required and excluded": (
        "trial-state-required-and-excluded",
        lambda graph: graph | backed(graph, KG.requiresMarkerState, own("state/her2-positive")),
    ),
    "treatment required and excluded": (
        "trial-treatment-required-and-excluded",
        lambda graph: graph | backed(graph, KG.excludesTreatment, own("concept/chemotherapy")),
    ),
    "marker required to be positive and negative": (
        "trial-states-contradict",
        lambda graph: (
            graph
            | backed(graph, KG.requiresMarkerState, own("state/er-positive"))
            | backed(graph, KG.requiresMarkerState, own("state/er-negative"))
        ),
    ),
    "mention of what has a role": (
        "trial-mention-has-role",
        lambda graph: graph | backed(graph, KG.mentions, own("concept/chemotherapy")),
    ),
    "state of another marker in a condition": (
        "check:condition-marker-state",
        put(MC, KG.markerState, own("state/ki-67-high")),
    ),
    "concept that nobody knows": (
        "check:concept-without-label",
        lambda graph: graph | backed(graph, KG.mentions, own("concept/nobody-knows")),
    ),
}

# The same in the graph of concepts.
CONCEPT_DEFECTS: dict[str, tuple[str, Mutation]] = {
    "label lost": ("concept-pref-label", drop(KG.Drug, SKOS.prefLabel)),
    "two preferred labels": ("concept-pref-label", add(KG.Drug, SKOS.prefLabel, '"another"@en')),
    "preferred label in another language": ("concept-pref-label", put(KG.Drug, SKOS.prefLabel, '"Letrozol"@de')),
    "empty alias": ("concept-alt-label", add(KG.Drug, SKOS.altLabel, '""@en')),
    "alias that is the preferred label": ("concept-labels-disjoint", alias_is_label),
    "class skos:Concept lost": ("concept-type", lambda graph: graph - {(mesh("D000077289"), RDF.type, SKOS.Concept)}),
    "concept's IRI made of a label": ("Concept", rename(KG.Disease, mesh("Breast_Cancer"))),
    "cycle of broader": (
        "concept-hierarchy-without-cycle",
        say((own("concept/kinase-inhibitor"), SKOS.broader, own("concept/cdk4-6-inhibitor"))),
    ),
    "broader that nothing describes": ("concept-broader", add(KG.DrugClass, SKOS.broader, own("concept/nothing"))),
    "target that nothing describes": ("concept-has-target", put(KG.Drug, KG.hasTarget, mesh("D999999"))),
    "gene of another namespace": ("concept-gene", put(KG.Marker, KG.gene, "<https://www.genenames.org/3430>")),
    "notation of a marker lost": ("marker-notation", drop(KG.Marker, SKOS.notation)),
    "combination of one drug": ("drug-combination-parts", drop(KG.DrugCombination, KG.hasPart)),
    "combination that is the same as a part": (
        "concept-matches-disjoint",
        lambda graph: graph | {(s, SKOS.exactMatch, o) for s, p, o in graph if p == KG.hasPart},
    ),
    "match with https where the RDF has http": (
        "concept-exact-match",
        put(KG.Disease, SKOS.exactMatch, lambda value: value.replace("http:", "https:")),
    ),
    "match with a malformed identifier": (
        "concept-exact-match",
        put(KG.Disease, SKOS.exactMatch, "<http://purl.obolibrary.org/obo/MONDO_123>"),
    ),
    "match as a CURIE": ("concept-exact-match", put(KG.Disease, SKOS.exactMatch, "<NCIT:C9335>")),
    "state of a marker that is another marker's": (
        "marker-state-is-of-its-marker",
        put(KG.MarkerState, KG.marker, mesh("D018719")),
    ),
    "state value of a state swapped": (
        "marker-state-is-of-its-marker",
        put(KG.MarkerState, KG.state, own("code/state/mutated")),
    ),
    "marker of a state that is a drug": ("marker-state-marker", put(KG.MarkerState, KG.marker, mesh("D000077289"))),
    "state value that nothing describes": (
        "concept-possible-state",
        add(KG.Marker, KG.possibleState, own("code/state/glowing")),
    ),
    "notation that is not in the IRI": (
        "marker-state-notation-is-in-iri",
        put(KG.MarkerState, SKOS.notation, '"her2-odd"'),
    ),
    "two notations of a code": ("code-notation", add(STATE_VALUE, SKOS.notation, '"other"')),
}


# --- what finds them


def validated(graph: Graph, engine: EngineName) -> Report:
    return _validators(engine).validate_ntriples(ntriples(graph))


@cache
def _validators(engine: EngineName) -> Validator:
    return Validator(engine=engine)


def failing_checks(graph: Graph, name: str) -> int:
    """Return how many rows a check gives for a trial beside the concepts that it may name."""
    store = GraphStore.in_memory()
    store.bulk_load(io.BytesIO(f"{_shared()}{lines(graph, TRIAL_GRAPH)}".encode()))
    return len(run(store, small_graph.terminology(), f"checks/{name}-violation"))


@cache
def _shared() -> str:
    terminology = load_terminology()
    return lines([*terminology.triples, *terminology.state_triples()], CONCEPTS) + lines(
        owl_triples(), f"{DEFAULT_BASE}graph/vocabulary"
    )


ALL = [
    *((f"trial: {name}", trial, *defect) for name, defect in DEFECTS.items()),
    *((f"concepts: {name}", concepts, *defect) for name, defect in CONCEPT_DEFECTS.items()),
]


def test_there_are_enough_different_defects() -> None:
    assert len({mutate(good()) for _, good, _, mutate in ALL}) == len(ALL) >= 80


@pytest.mark.parametrize("good", [trial, concepts])
@pytest.mark.parametrize("engine", ["shifty", "pyshacl"])
def test_without_a_defect_there_is_no_result(good: Callable[[], Graph], engine: EngineName) -> None:
    assert validated(good(), engine) == Report()


CHECKS = sorted(
    {caught_by.removeprefix("check:") for caught_by, _ in DEFECTS.values() if caught_by.startswith("check:")}
)


@pytest.mark.parametrize("name", CHECKS)
def test_without_a_defect_the_check_gives_no_row(name: str) -> None:
    assert failing_checks(trial(), name) == 0


@pytest.mark.parametrize(("good", "caught_by", "mutate"), [it[1:] for it in ALL], ids=[it[0] for it in ALL])
def test_each_defect_is_caught_by_what_is_meant_for_it(
    good: Callable[[], Graph], caught_by: str, mutate: Mutation
) -> None:
    mutant = mutate(good())
    assert mutant != good()
    if caught_by.startswith("check:"):
        assert failing_checks(mutant, caught_by.removeprefix("check:")) > 0
        return
    report = validated(mutant, "shifty")
    assert _validators("shifty").conforms_triples(sorted(mutant)) == report.conforms
    shapes = {result.shape for result in report.results}
    assert f"<https://w3id.org/trialkg/shapes#{caught_by}>" in shapes


@pytest.mark.parametrize(("good", "mutate"), [it[1::2] for it in ALL[::12]], ids=[it[0] for it in ALL[::12]])
def test_both_engines_find_the_same_in_a_sample(good: Callable[[], Graph], mutate: Mutation) -> None:
    mutant = mutate(good())
    assert validated(mutant, "pyshacl") == validated(mutant, "shifty")


@pytest.mark.slow
@pytest.mark.parametrize(("good", "mutate"), [it[1::2] for it in ALL], ids=[it[0] for it in ALL])
def test_both_engines_find_the_same_in_each_mutant(good: Callable[[], Graph], mutate: Mutation) -> None:
    mutant = mutate(good())
    assert validated(mutant, "pyshacl") == validated(mutant, "shifty")
