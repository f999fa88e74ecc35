import re
from collections.abc import Iterable

import msgspec
import pyoxigraph as ox
from conftest import SHA256, eligibility, make_field, make_trial
from hypothesis import given
from hypothesis import strategies as st

from kg.extract import Extractor
from kg.graph import CODES, TrialGraph
from kg.identifiers import Minter, is_iri
from kg.link import NameLinks
from kg.models import (
    Age,
    Arm,
    FieldKind,
    Findings,
    FreeTextFact,
    Intervention,
    Link,
    MeshTerm,
    Official,
    Outcome,
    Reference,
    Role,
    Site,
    Span,
    Sponsor,
    Statement,
    Trial,
)
from kg.nquads import Triple, english, ntriples, string
from kg.terminology import Content, Terminology
from kg.terms import GEO, KG, RDF, RDFS, SKOS
from kg.vocabulary.linking import ConceptLinker

TRIAL = "<https://identifiers.org/clinicaltrials:NCT00000000>"
BASE = "https://w3id.org/trialkg/"
HER2_LOW = f"<{BASE}state/her2-low>"

ELIGIBILITY = eligibility(inclusion=["HER2-low breast cancer", "ECOG 0-1"], exclusion=["prior palbociclib"])
RIBOCICLIB = Intervention(name="Ribociclib", intervention_type="DRUG", other_names=("Kisqali",), arm_labels=("A",))
FULL = make_trial(
    (FieldKind.BRIEF_TITLE, "Ribociclib in HER2-low Breast Cancer"),
    (FieldKind.CONDITION, "Breast Cancer"),
    (FieldKind.INTERVENTION_NAME, "Ribociclib"),
    (FieldKind.OUTCOME_MEASURE, "Progression-free survival"),
    (FieldKind.ELIGIBILITY, ELIGIBILITY),
    brief_title="Ribociclib in HER2-low Breast Cancer",
    study_type="INTERVENTIONAL",
    phases=("PHASE1", "PHASE2"),
    overall_status="MADE_UP",
    enrollment=0,
    accepts_healthy_volunteers=False,
    minimum_age=Age(value=18, unit="years"),
    start_date="2024-05",
    completion_date="2026-01-31",
    conditions=("Breast Cancer",),
    condition_meshes=(MeshTerm(label="Breast Neoplasms", ui="D001943"), MeshTerm(label="Widgets, Rare")),
    arms=(Arm(label="A", arm_type="EXPERIMENTAL", interventions=("Ribociclib",)),),
    interventions=(RIBOCICLIB,),
    outcomes=(Outcome(outcome_type="PRIMARY", measure="Progression-free survival", time_frame="2 years"),),
    lead_sponsor=Sponsor(name="Hospital X", sponsor_class="OTHER"),
    collaborators=(Sponsor(name="Société Y"),),
    officials=(Official(role="PRINCIPAL_INVESTIGATOR", affiliation="Hospital X"),),
    sites=(Site(facility="Hospital X", city="Lyon", country="France", latitude=45.75, longitude=4.85),),
    countries=("France", "Atlantis"),
    references=(Reference(pmid="12345678", citation="Doe J. Title.", reference_type="BACKGROUND"),),
    links=(Link(url="https://example.org/trial"), Link(url="no url")),
)


def build(
    terminology: Terminology, trial: Trial, findings: Findings | None = None, *, all_evidence: bool = False
) -> set[Triple]:
    return set(TrialGraph(terminology, all_evidence=all_evidence).triples(trial, findings or Findings()))


def read(terminology: Terminology, extractor: Extractor, trial: Trial, *, all_evidence: bool = False) -> set[Triple]:
    """Return the graph of a trial with everything that is found in its texts."""
    found = extractor.find(trial)
    linker = ConceptLinker(terminology)
    names = NameLinks(linker.reported, linker.concept)
    findings = Findings(
        statements=found.statements,
        links=tuple(names.links(trial, found.mentions)),
        stated_values=tuple(names.stated_values(trial)),
        criteria=found.criteria,
    )
    return build(terminology, trial, findings, all_evidence=all_evidence)


def objects(triples: Iterable[Triple], subject: str, predicate: str) -> set[str]:
    return {o for s, p, o in triples if (s, p) == (subject, predicate)}


def only(found: set[str]) -> str:
    (value,) = found
    return value


def test_a_small_trial(terminology: Terminology) -> None:
    trial = make_trial(
        brief_title='A "small" trial', phases=("PHASE2",), start_date="2024-05", enrollment=0, countries=("France",)
    )
    document = f"<{BASE}document/{SHA256}>"
    kg, xsd = "https://w3id.org/trialkg/vocab#", "http://www.w3.org/2001/XMLSchema#"
    a = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>"
    expected = f"""
{TRIAL} {a} <{kg}Trial> .
{TRIAL} {a} <https://schema.org/MedicalTrial> .
{TRIAL} {a} <https://w3id.org/biolink/vocab/ClinicalTrial> .
{TRIAL} <http://purl.org/dc/terms/identifier> "NCT00000000" .
{TRIAL} <https://schema.org/url> <https://clinicaltrials.gov/study/NCT00000000> .
{TRIAL} <http://www.w3.org/2000/01/rdf-schema#label> "A \\"small\\" trial"@en .
{TRIAL} <{kg}briefTitle> "A \\"small\\" trial"@en .
{TRIAL} <{kg}phase> <{BASE}code/phase/PHASE2> .
{TRIAL} <{kg}startDate> "2024-05"^^<{xsd}gYearMonth> .
{TRIAL} <{kg}enrollment> "0"^^<{xsd}integer> .
{TRIAL} <{kg}country> <{BASE}country/FR> .
{TRIAL} <{kg}document> {document} .
{document} {a} <{kg}Document> .
{document} <{kg}sha256> "{SHA256}" .
{document} <{kg}format> "ctgov-v2-json" .
{document} <http://purl.org/dc/terms/source> <https://clinicaltrials.gov/study/NCT00000000> .
"""
    assert set(ntriples(build(terminology, trial)).splitlines()) == set(expected.strip().splitlines())


def test_values_of_a_trial(terminology: Terminology) -> None:
    triples = build(terminology, FULL)
    assert objects(triples, TRIAL, KG.phase) == {f"<{BASE}code/phase/PHASE1>", f"<{BASE}code/phase/PHASE2>"}
    assert only(objects(triples, TRIAL, KG.acceptsHealthyVolunteers)).startswith('"false"')
    assert only(objects(triples, TRIAL, KG.minimumAge)).startswith('"P18Y"')
    assert objects(triples, TRIAL, KG.maximumAge) == set()
    assert only(objects(triples, TRIAL, KG.completionDate)).endswith("#date>")
    assert objects(triples, TRIAL, KG.reportedCondition) == {'"Breast Cancer"@en'}
    assert objects(triples, TRIAL, KG.conditionMesh) == {"<http://id.nlm.nih.gov/mesh/D001943>"}
    assert objects(triples, TRIAL, KG.registryMeshLabel) == {'"Widgets, Rare"@en'}
    assert objects(triples, TRIAL, RDFS.seeAlso) == {"<https://example.org/trial>"}


def test_an_unknown_code_is_kept_and_described(terminology: Terminology) -> None:
    triples = build(terminology, FULL)
    code = only(objects(triples, TRIAL, KG.overallStatus))
    assert code == f"<{BASE}code/overall-status/MADE_UP>"
    assert objects(triples, code, SKOS.notation) == {'"MADE_UP"'}
    assert objects(triples, f"<{BASE}code/phase/PHASE1>", SKOS.notation) == set()


def test_organisations_sites_and_countries(terminology: Terminology) -> None:
    triples = build(terminology, FULL)
    sponsor = f"<{BASE}organization/hospital-x>"
    site = only(objects(triples, TRIAL, KG.site))
    assert objects(triples, TRIAL, KG.leadSponsor) == {sponsor}
    assert objects(triples, sponsor, RDFS.label) == {'"Hospital X"@en'}
    assert objects(triples, TRIAL, KG.collaborator) == {f"<{BASE}organization/societe-y>"}
    assert objects(triples, site, KG.facility) == {sponsor}
    assert only(objects(triples, site, GEO.lat)).startswith('"45.75"')
    assert objects(triples, site, KG.country) == {f"<{BASE}country/FR>"}
    assert objects(triples, TRIAL, KG.country) == {f"<{BASE}country/FR>", f"<{BASE}reported/country/atlantis>"}
    assert objects(triples, f"<{BASE}reported/country/atlantis>", SKOS.prefLabel) == {'"Atlantis"@en'}


def test_spellings_of_an_unknown_country_share_one_preferred_label(terminology: Terminology) -> None:
    node = f"<{BASE}reported/country/new-atlantis>"
    sites = tuple(Site(facility="Hospital X", city="Port", country=name) for name in ("New Atlantis", "NEW-ATLANTIS"))
    one, other = (build(terminology, make_trial(sites=(site,))) for site in sites)
    assert objects(one, node, SKOS.prefLabel) == objects(other, node, SKOS.prefLabel) == {'"New Atlantis"@en'}
    assert objects(one, node, SKOS.altLabel) == set()
    assert objects(other, node, SKOS.altLabel) == {'"NEW-ATLANTIS"@en'}


def test_facilities_of_one_name_in_two_places_are_two(terminology: Terminology) -> None:
    sites = tuple(Site(facility="University Hospital", city=city) for city in ("Lyon", "Graz"))
    assert len({o for _, p, o in build(terminology, make_trial(sites=sites)) if p == KG.facility}) == 2


def test_arms_interventions_and_outcomes(terminology: Terminology) -> None:
    triples = build(terminology, FULL)
    arm, intervention, outcome = (only(objects(triples, TRIAL, it)) for it in (KG.arm, KG.intervention, KG.outcome))
    assert objects(triples, arm, KG.intervention) == {intervention}
    assert objects(triples, intervention, KG.arm) == {arm}
    assert objects(triples, intervention, KG.otherName) == {'"Kisqali"@en'}
    assert objects(triples, outcome, KG.timeFrame) == {'"2 years"@en'}
    assert objects(triples, outcome, KG.outcomeType) == {f"<{BASE}code/outcome-type/PRIMARY>"}


def test_a_mesh_heading_that_an_added_vocabulary_knows(terminology: Terminology) -> None:
    known = {"Widgets, Rare": "http://id.nlm.nih.gov/mesh/D900009"}
    trial = make_trial(condition_meshes=(MeshTerm(label="Widgets, Rare"), MeshTerm(label="Breast Neoplasms")))
    triples = set(TrialGraph(terminology, heading=known.get).triples(trial, Findings()))
    assert {value for _, predicate, value in triples if predicate == KG.conditionMesh} == {
        "<http://id.nlm.nih.gov/mesh/D900009>", "<http://id.nlm.nih.gov/mesh/D001943>",
    }  # fmt: skip


def test_a_mesh_heading_without_identifier_is_found_by_its_label(terminology: Terminology) -> None:
    trial = make_trial(
        condition_meshes=(MeshTerm(label="breast cancer"), MeshTerm(label="Neoplasms", ui="D009369", ancestor=True))
    )
    triples = build(terminology, trial)
    assert objects(triples, TRIAL, KG.conditionMesh) == {"<http://id.nlm.nih.gov/mesh/D001943>"}
    assert objects(triples, TRIAL, KG.conditionMeshAncestor) == {"<http://id.nlm.nih.gov/mesh/D009369>"}


def test_statements_and_links(terminology: Terminology, extractor: Extractor) -> None:
    triples = read(terminology, extractor, FULL)
    intervention, outcome = only(objects(triples, TRIAL, KG.intervention)), only(objects(triples, TRIAL, KG.outcome))
    assert objects(triples, TRIAL, KG.requiresMarkerState) == {HER2_LOW}
    assert objects(triples, TRIAL, KG.excludesTreatment) == {"<http://id.nlm.nih.gov/mesh/C500026>"}
    assert objects(triples, TRIAL, KG.investigates) == {"<http://id.nlm.nih.gov/mesh/C000589651>"}
    assert objects(triples, TRIAL, KG.condition) == {"<http://id.nlm.nih.gov/mesh/D001943>"}
    assert objects(triples, intervention, KG.agent) == {"<http://id.nlm.nih.gov/mesh/C000589651>"}
    assert objects(triples, outcome, KG.endpoint) == {"<http://id.nlm.nih.gov/mesh/D000077982>"}


def test_values_in_the_name_of_an_intervention(terminology: Terminology, extractor: Extractor) -> None:
    name = "Ribociclib 600 mg tablets orally once daily"
    trial = make_trial((FieldKind.INTERVENTION_NAME, name), interventions=(Intervention(name=name),))
    triples = read(terminology, extractor, trial)
    intervention = only({s for s, p, o in triples if (p, o) == (RDF.type, KG.Intervention)})
    assert objects(triples, intervention, RDFS.label) == {english(name)}
    stated = {KG.dose: "600 mg", KG.doseForm: "tablets", KG.route: "orally", KG.schedule: "once daily"}
    for predicate, words in stated.items():
        assert objects(triples, intervention, predicate) == {english(words)}
        (node,) = assertions(triples)[intervention, predicate, english(words)]
        assert objects(triples, node, KG.quote) == {string(words)}
    assert objects(triples, intervention, KG.agent) == {"<http://id.nlm.nih.gov/mesh/C000589651>"}


def assertions(triples: set[Triple]) -> dict[Triple, list[str]]:
    """Return the assertions by the triple that they back."""
    found: dict[Triple, list[str]] = {}
    for node in {s for s, p, o in triples if (p, o) == (RDF.type, KG.Assertion)}:
        said = tuple(only(objects(triples, node, term)) for term in (RDF.subject, RDF.predicate, RDF.object))
        found.setdefault((said[0], said[1], said[2]), []).append(node)
    return found


def test_every_statement_has_one_assertion_that_quotes_its_text(terminology: Terminology, extractor: Extractor) -> None:
    triples = read(terminology, extractor, FULL)
    texts = {field.locator: field.text for field in FULL.texts}
    backed = assertions(triples)
    roles = {KG[role.value] for role in Role}
    said = {triple for triple in triples if triple[0] == TRIAL and triple[1] in roles}
    assert set(backed) == said | {triple for triple in triples if triple[1] in (KG.agent, KG.endpoint)}
    for (node,) in backed.values():
        values = {p: o for s, p, o in triples if s == node}
        start, end = (int(values[term].split('"')[1]) for term in (KG.start, KG.end))
        text = texts[values[KG.field].split('"')[1]]
        assert values[KG.quote] == f'"{text[start:end]}"'
        assert values[KG.source] == f"<{BASE}document/{SHA256}>"
        assert 0 < float(values[KG.confidence].split('"')[1]) <= 1
        assert values[KG.rule].startswith(f"<{BASE}rule/")


def test_all_evidence_keeps_every_place(terminology: Terminology, extractor: Extractor) -> None:
    said = (TRIAL, KG.requiresMarkerState, HER2_LOW)
    strongest = assertions(read(terminology, extractor, FULL))[said]
    every = assertions(read(terminology, extractor, FULL, all_evidence=True))[said]
    assert len(strongest) == 1
    assert len(every) == 2
    assert set(strongest) < set(every)


def with_document(trial: Trial, sha256: str) -> Trial:
    """Return a trial as a document with another SHA-256 tells it."""
    return msgspec.structs.replace(
        trial,
        documents=tuple(msgspec.structs.replace(it, sha256=sha256) for it in trial.documents),
        texts=tuple(msgspec.structs.replace(it, document=sha256) for it in trial.texts),
    )


def test_what_did_not_change_keeps_its_iri_when_another_field_does(
    terminology: Terminology, extractor: Extractor
) -> None:
    other = msgspec.structs.replace(with_document(FULL, "b" * 64), enrollment=7)
    before, after = read(terminology, extractor, FULL), read(terminology, extractor, other)
    changed = {KG.source, KG.document, KG.enrollment, KG.sha256, RDF.type, KG.format}
    assert {triple[1] for triple in before ^ after} - changed <= {"<http://purl.org/dc/terms/source>", KG.versionDate}
    assert {triple for triple in before ^ after if triple[1] == RDF.type and triple[2] != KG.Document} == set()


def test_the_same_words_in_two_documents_of_a_trial_do_not_collide(
    terminology: Terminology, extractor: Extractor
) -> None:
    older = with_document(FULL, "b" * 64)
    both = msgspec.structs.replace(
        FULL, documents=(*FULL.documents, *older.documents), texts=(*FULL.texts, *older.texts)
    )
    one, two = (read(terminology, extractor, trial, all_evidence=True) for trial in (FULL, both))
    for kind in (KG.Assertion, KG.Criterion):
        nodes, more = ({node for node, name, value in it if (name, value) == (RDF.type, kind)} for it in (one, two))
        assert nodes < more
        assert all(len(objects(two, node, KG.source)) == 1 for node in more)


def test_the_strongest_place_is_the_one_with_the_most_confidence(terminology: Terminology) -> None:
    (ribociclib,) = (it for it in terminology.concepts.values() if it.pref_label == "ribociclib")
    field = make_field("ribociclib, ribociclib, ribociclib")
    said = tuple(
        Statement(
            role=Role.INVESTIGATES,
            concept=ribociclib,
            span=Span(text=field, start=start, end=start + 10),
            rule="title",
            confidence=confidence,
        )
        for start, confidence in ((0, 0.5), (12, 0.9), (24, 0.9))
    )
    for statements in (said, said[::-1]):
        triples = build(terminology, make_trial(), Findings(statements=statements))
        ((node,),) = assertions(triples).values()
        assert only(objects(triples, node, KG.start)).startswith('"12"')


def test_criteria_and_their_logic(terminology: Terminology, extractor: Extractor) -> None:
    triples = read(terminology, extractor, FULL)
    criteria = {only(objects(triples, node, KG.text)): node for node in objects(triples, TRIAL, KG.criterion)}
    assert set(criteria) == {'"HER2-low breast cancer"@en', '"ECOG 0-1"@en', '"prior palbociclib"@en'}
    excluded = criteria['"prior palbociclib"@en']
    assert objects(triples, excluded, KG.polarity) == {KG.exclusion}
    assert only(objects(triples, excluded, KG.order)).startswith('"2"')
    leaf = only(objects(triples, excluded, KG.logic))
    assert objects(triples, leaf, RDF.type) == {KG.TreatmentCondition}
    assert objects(triples, leaf, KG.treatment) == {"<http://id.nlm.nih.gov/mesh/C500026>"}
    group = only(objects(triples, criteria['"ECOG 0-1"@en'], KG.logic))
    assert objects(triples, group, RDF.type) == {KG.AllOf}
    comparators = {only(objects(triples, it, KG.comparator)) for it in objects(triples, group, KG.operand)}
    assert comparators == {f"<{BASE}code/comparator/ge>", f"<{BASE}code/comparator/le>"}


def test_a_marker_leaf_names_marker_and_state(terminology: Terminology, extractor: Extractor) -> None:
    triples = read(terminology, extractor, make_trial((FieldKind.INCLUSION, "HER2-low")))
    leaf = only(objects(triples, only(objects(triples, TRIAL, KG.criterion)), KG.logic))
    assert objects(triples, leaf, KG.marker) == {"<http://id.nlm.nih.gov/mesh/D018719>"}
    assert objects(triples, leaf, KG.state) == {f"<{BASE}code/state/low>"}
    assert objects(triples, leaf, KG.markerState) == {HER2_LOW}


def test_a_value_from_a_sentence_is_backed_by_it(terminology: Terminology) -> None:
    field = make_field("241 patients will be enrolled", FieldKind.DETAILED_DESCRIPTION)
    fact = FreeTextFact(
        field="enrollment", value="241", span=Span(text=field, start=0, end=3), rule="enrollment-sentence"
    )
    triples = build(terminology, make_trial(enrollment=241, free_text_facts=(fact,)))
    ((said, (node,)),) = assertions(triples).items()
    assert said in triples
    assert said[1:] == (KG.enrollment, '"241"^^<http://www.w3.org/2001/XMLSchema#integer>')
    assert objects(triples, node, KG.quote) == {'"241"'}


def test_no_contact_data_unless_a_name_was_kept(terminology: Terminology) -> None:
    named = make_trial(officials=(Official(role="STUDY_CHAIR", affiliation="Hospital X", name="Jane Doe"),))
    assert "Person" not in ntriples(build(terminology, FULL))
    assert 'name> "Jane Doe"' in ntriples(build(terminology, named))


def test_the_graph_has_no_blank_nodes_and_only_valid_iris(terminology: Terminology, extractor: Extractor) -> None:
    written = ntriples(read(terminology, extractor, FULL, all_evidence=True))
    assert "_:" not in re.sub(r'"(?:[^"\\]|\\.)*"', "", written)
    for quad in ox.parse(written.encode(), format=ox.RdfFormat.N_TRIPLES):
        assert isinstance(quad.subject, ox.NamedNode)
        assert all(
            is_iri(term.value) for term in (quad.subject, quad.predicate, quad.object) if isinstance(term, ox.NamedNode)
        )


def test_an_own_base_is_used_for_everything_of_ours() -> None:
    moved = Terminology(Minter("https://kg.example.org/"), Content(), tuple)
    written = ntriples(build(moved, FULL))
    assert re.findall(r"<https://w3id\.org/trialkg/(?!vocab#)[^>]*>", written) == []
    assert "<https://kg.example.org/organization/hospital-x>" in written


def test_the_same_trial_gives_the_same_lines(terminology: Terminology, extractor: Extractor) -> None:
    again = TrialGraph(terminology)
    assert ntriples(again.triples(FULL, Findings())) == ntriples(build(terminology, FULL))
    assert ntriples(read(terminology, extractor, FULL)) == ntriples(read(terminology, extractor, FULL))


def test_every_coded_field_is_a_field_of_a_trial() -> None:
    assert {attribute for attribute, _, _ in CODES} <= set(Trial.__struct_fields__)


any_text = st.text(alphabet=st.characters(exclude_categories=["Cs"]), min_size=1, max_size=20)


@given(any_text.filter(str.strip), any_text)
def test_any_values_give_triples_that_parse(
    terminology: Terminology, extractor: Extractor, text: str, other: str
) -> None:
    trial = make_trial(
        (FieldKind.BRIEF_TITLE, text),
        (FieldKind.ELIGIBILITY, text),
        (FieldKind.CONDITION, text),
        brief_title=text,
        conditions=(text,),
        keywords=(other,),
        overall_status=text,
        phases=(other,),
        countries=(other,),
        lead_sponsor=Sponsor(name=text, sponsor_class=other),
        sites=(Site(facility=other, city=text),),
        arms=(Arm(label=text, arm_type=other),),
        interventions=(Intervention(name=text, intervention_type=other),),
        outcomes=(Outcome(outcome_type=text, measure=other),),
        references=(Reference(citation=text),),
    )
    triples = read(terminology, extractor, trial)
    parsed = list(ox.parse(ntriples(triples).encode(), format=ox.RdfFormat.N_TRIPLES))
    assert len(parsed) == len(triples)
    assert {quad.object.value for quad in parsed if quad.predicate.value == KG.iri("briefTitle")} == {text}


def test_a_sentence_that_a_structured_source_overruled_is_not_stated(terminology: Terminology) -> None:
    text = "In all, 50 patients will be enrolled."
    trial = make_trial((FieldKind.BRIEF_SUMMARY, text), enrollment=60)
    span = Span(text=trial.texts[0], start=8, end=10)
    fact = FreeTextFact(field="enrollment", value="50", span=span, rule="enrollment-sentence")
    for value, stated in ((60, {'"60"'}), (50, {'"50"'})):
        merged = msgspec.structs.replace(trial, enrollment=value, free_text_facts=(fact,))
        triples = set(TrialGraph(terminology).triples(merged, Findings()))
        assert {o.split("^")[0] for _, p, o in triples if p == KG.enrollment} == stated
        assert any(o == KG.Assertion for _, _, o in triples) == (value == 50)
