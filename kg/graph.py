"""A trial's record and findings to the triples of its named graph: pure functions, no I/O, no counters.

The names are those of the vocabulary (`ontologies/vocabulary.ttl`); every part of a trial gets its IRI from a hash of
its content.
"""

from collections.abc import Callable, Iterable, Iterator
from itertools import chain

from kg.identifiers import MESH, PUBMED, REGISTRY_PAGE, Minter, is_iri
from kg.models import (
    Arm,
    Condition,
    ConceptLink,
    ConceptType,
    Criterion,
    Document,
    FieldKind,
    Findings,
    FreeTextFact,
    Group,
    Intervention,
    MeshTerm,
    Outcome,
    Polarity,
    Role,
    Site,
    Span,
    Sponsor,
    Statement,
    Trial,
)
from kg.nquads import Triple, boolean, date, decimal, duration, english, integer, resource, string
from kg.terminology import Terminology
from kg.terms import BIOLINK, DCTERMS, GEO, KG, RDF, RDFS, SCHEMA, SKOS

# A value that only a sentence gives is read by a narrow pattern, but a sentence it is.
_FREE_TEXT_CONFIDENCE = 0.9

# Trial attribute, property, literal form: the values that need no resource of their own.
_LITERALS: tuple[tuple[str, str, Callable[[str], str]], ...] = (
    ("org_study_id", KG.orgStudyIdentifier, string),
    ("brief_title", KG.briefTitle, english),
    ("official_title", KG.officialTitle, english),
    ("acronym", KG.acronym, english),
    ("brief_summary", KG.briefSummary, english),
    ("detailed_description", KG.detailedDescription, english),
    ("why_stopped", KG.whyStopped, english),
    ("start_date", KG.startDate, date),
    ("primary_completion_date", KG.primaryCompletionDate, date),
    ("completion_date", KG.completionDate, date),
    ("first_post_date", KG.firstPostDate, date),
    ("last_update_date", KG.lastUpdateDate, date),
    ("status_verified_date", KG.statusVerifiedDate, date),
)
_LITERAL_LISTS: tuple[tuple[str, str, Callable[[str], str]], ...] = (
    ("secondary_ids", KG.secondaryIdentifier, string),
    ("nct_aliases", KG.nctAlias, string),
    ("conditions", KG.reportedCondition, english),
    ("keywords", KG.keyword, english),
)
# Trial attribute, property, code scheme.
CODES: tuple[tuple[str, str, str], ...] = (
    ("study_type", KG.studyType, "study-type"),
    ("phases", KG.phase, "phase"),
    ("overall_status", KG.overallStatus, "overall-status"),
    ("allocation", KG.allocation, "allocation"),
    ("intervention_model", KG.interventionModel, "intervention-model"),
    ("observational_model", KG.observationalModel, "observational-model"),
    ("time_perspective", KG.timePerspective, "time-perspective"),
    ("masking", KG.masking, "masking"),
    ("who_masked", KG.whoMasked, "who-masked"),
    ("primary_purpose", KG.primaryPurpose, "primary-purpose"),
    ("sampling_method", KG.samplingMethod, "sampling-method"),
    ("sex", KG.sex, "sex"),
    ("enrollment_type", KG.enrollmentType, "enrollment-type"),
)


class TrialGraph:
    """Builds the triples of one trial after another.

    Args:
        terminology: Resolves codes, countries and MeSH labels; its minter mints.
        all_evidence: Keep every place that says a statement instead of the strongest one.
    """

    def __init__(self, terminology: Terminology, *, all_evidence: bool = False) -> None:
        self._terminology = terminology
        self._minter = terminology.minter
        self._all_evidence = all_evidence
        self._mesh_by_label = {
            label.casefold(): concept.iri
            for concept in terminology.concepts.values()
            if concept.iri.startswith(MESH)
            for label in (*concept.hidden_labels, *concept.alt_labels, concept.pref_label)
        }

    def triples(self, trial: Trial, findings: Findings) -> Iterator[Triple]:
        """Yield all triples of the trial's graph, unsorted; some may come twice."""
        subject = resource(trial.nct_id.iri)
        yield from self._values(trial, subject)
        yield from self._organizations(trial, subject)
        yield from self._design(trial, subject)
        yield from self._meshes(trial, subject)
        yield from self._publications(trial, subject)
        for document in trial.documents:
            yield from self._document(document, trial, subject)
        for order, criterion in enumerate(findings.criteria):
            yield from self._criterion(criterion, order, trial, subject)
        yield from self._statements(trial, findings, subject)

    # --- the record's own values

    def _values(self, trial: Trial, subject: str) -> Iterator[Triple]:
        for kind in (KG.Trial, SCHEMA.MedicalTrial, BIOLINK.ClinicalTrial):
            yield subject, RDF.type, kind
        yield subject, DCTERMS.identifier, string(trial.nct_id)
        yield subject, SCHEMA.url, resource(REGISTRY_PAGE + trial.nct_id)
        if title := trial.brief_title or trial.official_title:
            yield subject, RDFS.label, english(title)
        for attribute, predicate, form in _LITERALS:
            if (value := getattr(trial, attribute)) is not None:
                yield subject, predicate, form(value)
        for attribute, predicate, form in _LITERAL_LISTS:
            for value in getattr(trial, attribute):
                yield subject, predicate, form(value)
        for attribute, predicate, scheme in CODES:
            value = getattr(trial, attribute)
            for notation in (value,) if isinstance(value, str) else value or ():
                yield from self._code(subject, predicate, scheme, notation)
        if trial.enrollment is not None:
            yield subject, KG.enrollment, integer(trial.enrollment)
        if trial.accepts_healthy_volunteers is not None:
            yield subject, KG.acceptsHealthyVolunteers, boolean(trial.accepts_healthy_volunteers)
        for predicate, age in ((KG.minimumAge, trial.minimum_age), (KG.maximumAge, trial.maximum_age)):
            if age is not None:
                yield subject, predicate, duration(age.value, age.unit)

    def _code(self, subject: str, predicate: str, scheme: str, notation: str) -> Iterator[Triple]:
        code = resource(self._minter.code(scheme, notation))
        yield subject, predicate, code
        if (scheme, notation) not in self._terminology.codes:
            yield code, RDF.type, SKOS.Concept
            yield code, SKOS.notation, string(notation)
            yield code, SKOS.prefLabel, english(notation)

    def _organizations(self, trial: Trial, subject: str) -> Iterator[Triple]:
        lead = [trial.lead_sponsor] if trial.lead_sponsor else []
        for predicate, sponsors in ((KG.leadSponsor, lead), (KG.collaborator, trial.collaborators)):
            for sponsor in sponsors:
                yield from self._sponsor(sponsor, predicate, subject)
        known = {sponsor.name.casefold() for sponsor in (*lead, *trial.collaborators)}
        for site in trial.sites:
            yield from self._site(site, known, trial, subject)
        for name in trial.countries:
            yield from self._country(subject, name)
        for official in trial.officials:
            node = self._part("official", trial, official.role, official.affiliation, official.name)
            yield subject, KG.official, node
            yield node, RDF.type, KG.Official
            if official.role:
                yield from self._code(node, KG.officialRole, "official-role", official.role)
            if official.affiliation:
                yield from self._organization(node, KG.affiliation, official.affiliation, official.affiliation)
            if official.name:
                yield node, RDF.type, KG.Person
                yield node, SCHEMA.name, string(official.name)

    def _organization(self, subject: str, predicate: str, label: str, *identity: str) -> Iterator[Triple]:
        node = resource(self._minter.organization(*identity))
        yield subject, predicate, node
        yield node, RDF.type, KG.Organization
        yield node, SKOS.prefLabel, english(label)

    def _sponsor(self, sponsor: Sponsor, predicate: str, subject: str) -> Iterator[Triple]:
        yield from self._organization(subject, predicate, sponsor.name, sponsor.name)
        if sponsor.sponsor_class:
            node = resource(self._minter.organization(sponsor.name))
            yield from self._code(node, KG.sponsorClass, "sponsor-class", sponsor.sponsor_class)

    def _site(self, site: Site, sponsors: set[str], trial: Trial, subject: str) -> Iterator[Triple]:
        place = (site.facility, site.city, site.state, site.postal_code, site.country, site.status)
        node = self._part("site", trial, *place, str(site.latitude), str(site.longitude))
        yield subject, KG.site, node
        yield node, RDF.type, KG.Site
        if site.facility:
            # A facility is its sponsor's only if it bears the same name; else its place belongs to its identity,
            # for there are many a "University Hospital" and "Research Site".
            own = site.facility.casefold() in sponsors
            identity = (site.facility,) if own else (site.facility, site.city or "", site.country or "")
            yield from self._organization(node, KG.facility, site.facility, *identity)
        for predicate, value in ((KG.city, site.city), (KG.region, site.state)):
            if value:
                yield node, predicate, english(value)
        if site.postal_code:
            yield node, KG.postalCode, string(site.postal_code)
        if site.country:
            yield from self._country(node, site.country)
            yield from self._country(subject, site.country)
        if site.status:
            yield from self._code(node, KG.siteStatus, "overall-status", site.status)
        if site.latitude is not None and site.longitude is not None:
            yield node, GEO.lat, decimal(site.latitude)
            yield node, GEO.long, decimal(site.longitude)

    def _country(self, subject: str, name: str) -> Iterator[Triple]:
        country = self._country_node(name)
        yield subject, KG.country, country
        if name.casefold() not in self._terminology.countries:
            yield country, RDF.type, SKOS.Concept
            yield country, RDF.type, KG.Country
            yield country, SKOS.prefLabel, english(name)

    def _country_node(self, name: str) -> str:
        code = self._terminology.countries.get(name.casefold())
        return resource(self._minter.country(code) if code else self._minter.reported("country", name))

    def _arm_node(self, trial: Trial, arm: Arm) -> str:
        return self._part("arm", trial, arm.label, arm.arm_type, arm.description, *arm.interventions)

    def _design(self, trial: Trial, subject: str) -> Iterator[Triple]:
        nodes = [self._intervention_node(trial, intervention) for intervention in trial.interventions]
        for node, intervention in zip(nodes, trial.interventions, strict=True):
            yield from self._intervention(node, intervention, subject)
        for arm in trial.arms:
            arm_node = self._arm_node(trial, arm)
            yield subject, KG.arm, arm_node
            yield arm_node, RDF.type, KG.Arm
            yield arm_node, RDFS.label, english(arm.label)
            if arm.arm_type:
                yield from self._code(arm_node, KG.armType, "arm-type", arm.arm_type)
            if arm.description:
                yield arm_node, RDFS.comment, english(arm.description)
            for node, intervention in zip(nodes, trial.interventions, strict=True):
                if intervention.name in arm.interventions or arm.label in intervention.arm_labels:
                    yield arm_node, KG.intervention, node
                    yield node, KG.arm, arm_node
        for outcome in trial.outcomes:
            yield from self._outcome(outcome, trial, subject)

    def _intervention_node(self, trial: Trial, intervention: Intervention) -> str:
        return self._part(
            "intervention", trial, intervention.intervention_type, intervention.name, intervention.description
        )

    def _intervention(self, node: str, intervention: Intervention, subject: str) -> Iterator[Triple]:
        yield subject, KG.intervention, node
        yield node, RDF.type, KG.Intervention
        yield node, RDFS.label, english(intervention.name)
        for name in intervention.other_names:
            yield node, KG.otherName, english(name)
        if intervention.intervention_type:
            yield from self._code(node, KG.interventionType, "intervention-type", intervention.intervention_type)
        if intervention.description:
            yield node, RDFS.comment, english(intervention.description)

    def _outcome_node(self, trial: Trial, outcome: Outcome) -> str:
        content = (outcome.outcome_type, outcome.measure, outcome.time_frame, outcome.description)
        return self._part("outcome", trial, *content)

    def _outcome(self, outcome: Outcome, trial: Trial, subject: str) -> Iterator[Triple]:
        node = self._outcome_node(trial, outcome)
        yield subject, KG.outcome, node
        yield node, RDF.type, KG.Outcome
        yield from self._code(node, KG.outcomeType, "outcome-type", outcome.outcome_type)
        yield node, KG.measure, english(outcome.measure)
        if outcome.time_frame:
            yield node, KG.timeFrame, english(outcome.time_frame)
        if outcome.description:
            yield node, RDFS.comment, english(outcome.description)

    def _meshes(self, trial: Trial, subject: str) -> Iterator[Triple]:
        properties = (
            (trial.condition_meshes, KG.conditionMesh, KG.conditionMeshAncestor),
            (trial.intervention_meshes, KG.interventionMesh, KG.interventionMeshAncestor),
        )
        for terms, assigned, ancestor in properties:
            for term in terms:
                yield from self._mesh(subject, ancestor if term.ancestor else assigned, term)

    def _mesh(self, subject: str, predicate: str, term: MeshTerm) -> Iterator[Triple]:
        found = MESH + term.ui if term.ui else self._mesh_by_label.get(term.label.casefold())
        if found is None:
            yield subject, KG.registryMeshLabel, english(term.label)
        else:
            yield subject, predicate, resource(found)
            yield resource(found), RDFS.label, english(term.label)

    def _publications(self, trial: Trial, subject: str) -> Iterator[Triple]:
        for reference in trial.references:
            node = self._part("reference", trial, reference.pmid, reference.citation, reference.reference_type)
            yield subject, KG.reference, node
            yield node, RDF.type, KG.Reference
            if reference.pmid:
                yield node, KG.pmid, string(reference.pmid)
                yield node, DCTERMS.references, resource(PUBMED + reference.pmid)
            if reference.citation:
                yield node, DCTERMS.bibliographicCitation, english(reference.citation)
            if reference.reference_type:
                yield from self._code(node, KG.referenceType, "reference-type", reference.reference_type)
        for link in trial.links:
            if is_iri(link.url):
                yield subject, RDFS.seeAlso, resource(link.url)

    def _document(self, document: Document, trial: Trial, subject: str) -> Iterator[Triple]:
        node = resource(self._minter.document(document.sha256))
        yield subject, KG.document, node
        yield node, RDF.type, KG.Document
        yield node, KG.sha256, string(document.sha256)
        yield node, KG.format, string(document.format.value)
        yield node, KG.fileName, string(document.file)
        yield node, DCTERMS.source, resource(REGISTRY_PAGE + trial.nct_id)
        if document.position:
            yield node, KG.position, string(document.position)
        if document.version_date:
            yield node, KG.versionDate, date(document.version_date)

    # --- what was found in the texts

    def _criterion(self, criterion: Criterion, order: int, trial: Trial, subject: str) -> Iterator[Triple]:
        span = criterion.span
        identity = (criterion.polarity.value, span.text.document, span.text.locator, str(span.start), str(span.end))
        node = self._part("criterion", trial, *identity)
        yield subject, KG.criterion, node
        yield node, RDF.type, KG.Criterion
        yield node, KG.polarity, KG.inclusion if criterion.polarity is Polarity.INCLUSION else KG.exclusion
        yield node, KG.text, english(span.quote)
        yield node, KG.order, integer(order)
        yield from self._place(node, span)
        if criterion.logic is not None:
            logic, triples = self._logic(criterion.logic, trial, node, "")
            yield node, KG.logic, logic
            yield from triples

    def _logic(self, item: Condition | Group, trial: Trial, criterion: str, path: str) -> tuple[str, list[Triple]]:
        """Return the node of a part of the logic and its triples; ``path`` is its way from the root."""
        node = self._part("logic", trial, criterion, path)
        if isinstance(item, Condition):
            return node, list(self._condition(node, item))
        triples: list[Triple] = [(node, RDF.type, KG[item.operator.value])]
        for place, operand in enumerate(item.operands):
            child, below = self._logic(operand, trial, criterion, f"{path}/{place}")
            triples.append((node, KG.operand, child))
            triples += below
        return node, triples

    def _condition(self, node: str, leaf: Condition) -> Iterator[Triple]:
        yield node, RDF.type, KG[leaf.condition_type.value]
        yield node, KG.start, integer(leaf.span.start)
        yield node, KG.end, integer(leaf.span.end)
        if leaf.concept is not None:
            predicate = {"MarkerCondition": KG.marker, "TreatmentCondition": KG.treatment}
            yield node, predicate.get(leaf.condition_type.value, KG.disease), resource(leaf.concept.iri)
            if leaf.state is not None:
                yield node, KG.state, resource(self._minter.code("state", leaf.state))
                yield node, KG.markerState, resource(self._minter.state(leaf.concept.notation or "", leaf.state))
        if leaf.assay is not None:
            yield node, KG.assay, resource(leaf.assay.iri)
        if leaf.comparator is not None:
            yield node, KG.comparator, resource(self._minter.code("comparator", leaf.comparator))
        for predicate, value in ((KG.value, leaf.value), (KG.unit, leaf.unit)):
            if value is not None:
                yield node, predicate, string(value)

    def _statements(self, trial: Trial, findings: Findings, subject: str) -> Iterator[Triple]:
        owners: dict[FieldKind, Callable[[int], str]] = {
            FieldKind.CONDITION: lambda _: subject,
            FieldKind.INTERVENTION_NAME: lambda index: self._intervention_node(trial, trial.interventions[index]),
            FieldKind.OUTCOME_MEASURE: lambda index: self._outcome_node(trial, trial.outcomes[index]),
        }
        claims = chain(
            (self._role(statement, subject) for statement in _without_weak(findings)),
            (self._link(link, owners[link.owner](link.index)) for link in findings.links),
            (self._fact(fact, trial, subject) for fact in trial.free_text_facts),
        )
        for triple, places in self._by_triple(claims).items():
            yield triple
            for span, rule, confidence in places:
                yield from self._assertion(triple, span, rule, confidence, trial)

    def _role(self, statement: Statement, subject: str) -> "_Claim":
        concept = statement.concept
        iri = self._minter.state(concept.notation or "", statement.state) if statement.state else concept.iri
        predicate = KG[statement.role.value]
        return (subject, predicate, resource(iri)), statement.span, statement.rule, statement.confidence

    def _link(self, link: ConceptLink, owner: str) -> "_Claim":
        predicate = {FieldKind.CONDITION: KG.condition, FieldKind.OUTCOME_MEASURE: KG.endpoint}
        triple = (owner, predicate.get(link.owner, KG.agent), resource(link.concept.iri))
        return triple, link.span, link.rule, link.confidence

    def _fact(self, fact: FreeTextFact, trial: Trial, subject: str) -> "_Claim":
        predicate, term = self._fact_value(fact, trial)
        return (subject, predicate, term), fact.span, fact.rule, _FREE_TEXT_CONFIDENCE

    def _fact_value(self, fact: FreeTextFact, trial: Trial) -> tuple[str, str]:
        """Return the property and the value that a sentence gives; the same as `_values` and its like write."""
        minter, value = self._minter, fact.value
        for attribute, predicate, scheme in CODES:
            if attribute == fact.field:
                return predicate, resource(minter.code(scheme, value))
        if fact.field == "arm":
            return KG.arm, self._arm_node(trial, next(arm for arm in trial.arms if arm.label == value))
        forms: dict[str, tuple[str, Callable[[], str]]] = {
            "enrollment": (KG.enrollment, lambda: integer(int(value))),
            "acronym": (KG.acronym, lambda: english(value)),
            "condition": (KG.reportedCondition, lambda: english(value)),
            "collaborator": (KG.collaborator, lambda: resource(minter.organization(value))),
            "country": (KG.country, lambda: self._country_node(value)),
        }
        predicate, form = forms[fact.field]
        return predicate, form()

    def _by_triple(self, claims: Iterable["_Claim"]) -> dict[Triple, list["_Place"]]:
        places: dict[Triple, list[_Place]] = {}
        for triple, span, rule, confidence in claims:
            places.setdefault(triple, []).append((span, rule, confidence))
        if not self._all_evidence:
            return {triple: [max(found, key=_strength)] for triple, found in places.items()}
        return places

    def _assertion(self, triple: Triple, span: Span, rule: str, confidence: float, trial: Trial) -> Iterator[Triple]:
        text = span.text
        node = self._part("assertion", trial, *triple, text.document, text.locator, str(span.start), str(span.end))
        yield node, RDF.type, KG.Assertion
        yield node, RDF.subject, triple[0]
        yield node, RDF.predicate, triple[1]
        yield node, RDF.object, triple[2]
        yield node, KG.rule, resource(self._minter.rule(rule))
        yield node, KG.confidence, decimal(confidence)
        yield node, KG.quote, string(span.quote)
        yield from self._place(node, span)

    def _place(self, node: str, span: Span) -> Iterator[Triple]:
        yield node, KG.source, resource(self._minter.document(span.text.document))
        yield node, KG.field, string(span.text.locator)
        yield node, KG.start, integer(span.start)
        yield node, KG.end, integer(span.end)

    def _part(self, kind: str, trial: Trial, *content: str | None) -> str:
        return resource(self._minter.part(kind, trial.nct_id, *(part or "" for part in content)))


_Claim = tuple[Triple, Span, str, float]
_Place = tuple[Span, str, float]


def _without_weak(findings: Findings) -> Iterator[Statement]:
    """Leave out that a concept is mentioned where the trial has more to do with it."""
    strong = {statement.concept.iri for statement in findings.statements if statement.role is not Role.MENTIONS}
    strong |= {link.concept.iri for link in findings.links if link.owner is FieldKind.CONDITION}
    for statement in findings.statements:
        endpoint = statement.concept.concept_type is ConceptType.ENDPOINT   # every trial names some: no news
        if statement.role is not Role.MENTIONS or (statement.concept.iri not in strong and not endpoint):
            yield statement


def _strength(place: _Place) -> tuple[float, str, int]:
    """Order places by confidence; among equals a fixed one wins."""
    span, _, confidence = place
    return confidence, span.text.locator, -span.start
