"""The record's own values: what the source states in fields, as triples."""

from collections.abc import Callable, Iterator, Sequence

from kg.graph.nodes import CODES, Nodes
from kg.identifiers import MESH, PUBMED, REGISTRY_PAGE, is_iri
from kg.models import Arm, Document, Intervention, MeshTerm, Official, Outcome, Site, Sponsor, Trial
from kg.nquads import Triple, boolean, date, decimal, duration, english, integer, resource, string
from kg.terminology import Terminology
from kg.terms import BIOLINK, DCTERMS, GEO, KG, RDF, RDFS, SCHEMA

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


class RecordGraph:
    """Turns the values of a record into triples about its trial.

    Args:
        terminology: Its MeSH labels resolve headings that come without an identifier.
        nodes: Mints the trial's parts.
        heading: Gives the IRI of any other heading by its label, or None.
    """

    def __init__(
        self, terminology: Terminology, nodes: Nodes, heading: Callable[[str], str | None] | None = None
    ) -> None:
        self._nodes = nodes
        self._heading = heading or (lambda _: None)
        self._mesh_by_label = {
            label.casefold(): concept.iri
            for concept in terminology.concepts.values()
            if concept.iri.startswith(MESH)
            for label in (*concept.hidden_labels, *concept.alt_labels, concept.pref_label)
        }

    def triples(self, trial: Trial, subject: str) -> list[Triple]:
        """Return the triples of all values; some may come twice."""
        found: list[Triple] = []  # for a triple that goes through a chain of generators costs more than its making
        found += self._identity(trial, subject)
        found += self._literals(trial, subject)
        found += self._coded(trial, subject)
        found += self._organizations(trial, subject)
        found += self._sites(trial, subject)
        found += self._officials(trial, subject)
        found += self._design(trial, subject)
        found += self._meshes(trial, subject)
        found += self._publications(trial, subject)
        for document in trial.documents:
            found += self._document(document, trial, subject)
        return found

    def _identity(self, trial: Trial, subject: str) -> Iterator[Triple]:
        for kind in (KG.Trial, SCHEMA.MedicalTrial, BIOLINK.ClinicalTrial):
            yield subject, RDF.type, kind
        yield subject, DCTERMS.identifier, string(trial.nct_id)
        yield subject, SCHEMA.url, resource(REGISTRY_PAGE + trial.nct_id)
        if title := trial.brief_title or trial.official_title:
            yield subject, RDFS.label, english(title)

    def _literals(self, trial: Trial, subject: str) -> Iterator[Triple]:
        for attribute, predicate, form in _LITERALS:
            if (value := getattr(trial, attribute)) is not None:
                yield subject, predicate, form(value)
        for attribute, predicate, form in _LITERAL_LISTS:
            for value in getattr(trial, attribute):
                yield subject, predicate, form(value)
        yield from self._numbers(trial, subject)

    def _numbers(self, trial: Trial, subject: str) -> Iterator[Triple]:
        if trial.enrollment is not None:
            yield subject, KG.enrollment, integer(trial.enrollment)
        if trial.accepts_healthy_volunteers is not None:
            yield subject, KG.acceptsHealthyVolunteers, boolean(trial.accepts_healthy_volunteers)
        for predicate, age in ((KG.minimumAge, trial.minimum_age), (KG.maximumAge, trial.maximum_age)):
            if age is not None:
                yield subject, predicate, duration(age.value, age.unit)

    def _coded(self, trial: Trial, subject: str) -> Iterator[Triple]:
        for attribute, predicate, scheme in CODES:
            value = getattr(trial, attribute)
            for notation in (value,) if isinstance(value, str) else value or ():
                yield from self._nodes.code_triples(subject, predicate, scheme, notation)

    def _organizations(self, trial: Trial, subject: str) -> Iterator[Triple]:
        if trial.lead_sponsor:
            yield from self._sponsor(trial.lead_sponsor, KG.leadSponsor, subject)
        for sponsor in trial.collaborators:
            yield from self._sponsor(sponsor, KG.collaborator, subject)

    def _sites(self, trial: Trial, subject: str) -> list[Triple]:
        sponsors = [*([trial.lead_sponsor] if trial.lead_sponsor else []), *trial.collaborators]
        known = {sponsor.name.casefold() for sponsor in sponsors}
        found: list[Triple] = []
        for site in trial.sites:
            found += self._site(site, known, trial, subject)
        for name in trial.countries:
            found += self._nodes.country_triples(subject, name)
        return found

    def _officials(self, trial: Trial, subject: str) -> Iterator[Triple]:
        for official in trial.officials:
            node = self._nodes.part(
                "official", trial.nct_id, official.role or "", official.affiliation or "", official.name or ""
            )
            yield subject, KG.official, node
            yield from self._official(node, official)

    def _official(self, node: str, official: Official) -> Iterator[Triple]:
        yield node, RDF.type, KG.Official
        if official.role:
            yield from self._nodes.code_triples(node, KG.officialRole, "official-role", official.role)
        if official.affiliation:
            yield from self._nodes.organization_triples(
                node, KG.affiliation, official.affiliation, official.affiliation
            )
        if official.name:
            yield node, RDF.type, KG.Person
            yield node, SCHEMA.name, string(official.name)

    def _sponsor(self, sponsor: Sponsor, predicate: str, subject: str) -> Iterator[Triple]:
        yield from self._nodes.organization_triples(subject, predicate, sponsor.name, sponsor.name)
        if sponsor.sponsor_class:
            node = resource(self._nodes.minter.organization(sponsor.name))
            yield from self._nodes.code_triples(node, KG.sponsorClass, "sponsor-class", sponsor.sponsor_class)

    def _site(self, site: Site, sponsors: set[str], trial: Trial, subject: str) -> Iterator[Triple]:
        place = (site.facility, site.city, site.state, site.postal_code, site.country, site.status)
        node = self._nodes.part(
            "site", trial.nct_id, *[it or "" for it in place], str(site.latitude), str(site.longitude)
        )
        yield subject, KG.site, node
        yield node, RDF.type, KG.Site
        if site.facility:
            # A facility is its sponsor's only if it bears the same name; else its place belongs to its identity,
            # for there are many a "University Hospital" and "Research Site".
            own = site.facility.casefold() in sponsors
            identity = (site.facility,) if own else (site.facility, site.city or "", site.country or "")
            yield from self._nodes.organization_triples(node, KG.facility, site.facility, *identity)
        for predicate, value in ((KG.city, site.city), (KG.region, site.state)):
            if value:
                yield node, predicate, english(value)
        if site.postal_code:
            yield node, KG.postalCode, string(site.postal_code)
        if site.country:
            yield from self._nodes.country_triples(node, site.country)
            yield from self._nodes.country_triples(subject, site.country)
        if site.status:
            yield from self._nodes.code_triples(node, KG.siteStatus, "overall-status", site.status)
        if site.latitude is not None and site.longitude is not None:
            yield node, GEO.lat, decimal(site.latitude)
            yield node, GEO.long, decimal(site.longitude)

    def _design(self, trial: Trial, subject: str) -> list[Triple]:
        nodes = [(self._nodes.intervention(trial, it), it) for it in trial.interventions]
        found: list[Triple] = []
        for node, intervention in nodes:
            found += self._intervention(node, intervention, subject)
        for arm in trial.arms:
            found += self._arm(arm, nodes, trial, subject)
        for outcome in trial.outcomes:
            found += self._outcome(outcome, trial, subject)
        return found

    def _arm(
        self, arm: Arm, interventions: Sequence[tuple[str, Intervention]], trial: Trial, subject: str
    ) -> Iterator[Triple]:
        node = self._nodes.arm(trial, arm)
        yield subject, KG.arm, node
        yield node, RDF.type, KG.Arm
        yield node, RDFS.label, english(arm.label)
        if arm.arm_type:
            yield from self._nodes.code_triples(node, KG.armType, "arm-type", arm.arm_type)
        if arm.description:
            yield node, RDFS.comment, english(arm.description)
        for given, intervention in interventions:
            if intervention.name in arm.interventions or arm.label in intervention.arm_labels:
                yield node, KG.intervention, given
                yield given, KG.arm, node

    def _intervention(self, node: str, intervention: Intervention, subject: str) -> Iterator[Triple]:
        yield subject, KG.intervention, node
        yield node, RDF.type, KG.Intervention
        yield node, RDFS.label, english(intervention.name)
        for name in intervention.other_names:
            yield node, KG.otherName, english(name)
        if intervention.intervention_type:
            yield from self._nodes.code_triples(
                node, KG.interventionType, "intervention-type", intervention.intervention_type
            )
        if intervention.description:
            yield node, RDFS.comment, english(intervention.description)

    def _outcome(self, outcome: Outcome, trial: Trial, subject: str) -> Iterator[Triple]:
        node = self._nodes.outcome(trial, outcome)
        yield subject, KG.outcome, node
        yield node, RDF.type, KG.Outcome
        yield from self._nodes.code_triples(node, KG.outcomeType, "outcome-type", outcome.outcome_type)
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
        found = found or self._heading(term.label)
        if found is None:
            yield subject, KG.registryMeshLabel, english(term.label)
        else:
            yield subject, predicate, resource(found)
            yield resource(found), RDFS.label, english(term.label)

    def _publications(self, trial: Trial, subject: str) -> Iterator[Triple]:
        for reference in trial.references:
            content = (reference.pmid or "", reference.citation or "", reference.reference_type or "")
            node = self._nodes.part("reference", trial.nct_id, *content)
            yield subject, KG.reference, node
            yield node, RDF.type, KG.Reference
            if reference.pmid:
                yield node, KG.pmid, string(reference.pmid)
                yield node, DCTERMS.references, resource(PUBMED + reference.pmid)
            if reference.citation:
                yield node, DCTERMS.bibliographicCitation, english(reference.citation)
            if reference.reference_type:
                yield from self._nodes.code_triples(node, KG.referenceType, "reference-type", reference.reference_type)
        for link in trial.links:
            if is_iri(link.url):
                yield subject, RDFS.seeAlso, resource(link.url)
            else:
                yield subject, KG.reportedUrl, string(link.url)

    def _document(self, document: Document, trial: Trial, subject: str) -> Iterator[Triple]:
        node = resource(self._nodes.minter.document(document.sha256))
        yield subject, KG.document, node
        yield node, RDF.type, KG.Document
        yield node, KG.sha256, string(document.sha256)
        yield node, KG.format, string(document.format.value)
        yield node, DCTERMS.source, resource(REGISTRY_PAGE + trial.nct_id)
        if document.version_date:
            yield node, KG.versionDate, date(document.version_date)
