"""A graph of three invented trials, small enough to know by heart, built by the real builder into the real store.

NCT00000001 tests trastuzumab deruxtecan against capecitabine in HER2-low breast cancer; NCT00000002 tests ribociclib
with letrozole in ER-positive, HER2-negative disease after no CDK4/6 inhibitor; NCT00000003 observes, and was stopped.
"""

import io
import shutil
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from kg import resources
from kg.describe import Census, describe
from kg.graph import TrialGraph
from kg.identifiers import Minter, NctId
from kg.models import (
    Arm,
    Concept,
    ConceptLink,
    Condition,
    ConditionType,
    Criterion,
    Document,
    FieldKind,
    Findings,
    Group,
    Intervention,
    Operator,
    Outcome,
    Polarity,
    Role,
    Site,
    SourceFormat,
    Span,
    Sponsor,
    Statement,
    TextField,
    Trial,
)
from kg.nquads import lines
from kg.store import GraphStore
from kg.terminology import Terminology, load_terminology

CONCEPTS = """
@prefix kg: <https://w3id.org/trialkg/vocab#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix mesh: <http://id.nlm.nih.gov/mesh/> .
@prefix obo: <http://purl.obolibrary.org/obo/> .
@prefix hgnc: <http://identifiers.org/hgnc/> .
@prefix concept: <https://w3id.org/trialkg/concept/> .
@prefix value: <https://w3id.org/trialkg/code/state/> .

obo:NCIT_C128799 a skos:Concept, kg:Drug ; skos:prefLabel "trastuzumab deruxtecan"@en ;
    skos:altLabel "Enhertu"@en, "T-DXd"@en ; kg:hasTarget mesh:D018719 .
mesh:C000589651 a skos:Concept, kg:Drug ; skos:prefLabel "ribociclib"@en ; skos:altLabel "Kisqali"@en, "LEE011"@en ;
    skos:broader concept:cdk4-6-inhibitor .
mesh:C500026 a skos:Concept, kg:Drug ; skos:prefLabel "palbociclib"@en ; skos:broader concept:cdk4-6-inhibitor .
mesh:D000077289 a skos:Concept, kg:Drug ; skos:prefLabel "letrozole"@en ; kg:ambiguousLabel "LET"@en .
mesh:D000069287 a skos:Concept, kg:Drug ; skos:prefLabel "capecitabine"@en ; skos:altLabel "CAP"@en .
concept:capivasertib a skos:Concept, kg:Drug ; skos:prefLabel "capivasertib"@en ; skos:altLabel "CAP"@en .
concept:ribociclib-letrozole a skos:Concept, kg:DrugCombination ; skos:prefLabel "ribociclib and letrozole"@en ;
    kg:hasPart mesh:C000589651, mesh:D000077289 .
concept:cdk4-6-inhibitor a skos:Concept, kg:DrugClass ; skos:prefLabel "CDK4/6 inhibitor"@en ;
    skos:altLabel "CDK4 and CDK6 inhibitors"@en ; skos:broader concept:kinase-inhibitor .
concept:kinase-inhibitor a skos:Concept, kg:DrugClass ; skos:prefLabel "kinase inhibitor"@en .
mesh:D018719 a skos:Concept, kg:Marker ; skos:prefLabel "HER2"@en ; skos:altLabel "ERBB2"@en ; skos:notation "her2" ;
    kg:gene hgnc:3430 ; kg:possibleState value:positive, value:negative, value:low .
concept:er a skos:Concept, kg:Marker ; skos:prefLabel "ER"@en ; skos:altLabel "estrogen receptor"@en ;
    skos:notation "er" ; kg:possibleState value:positive, value:negative .
concept:ki-67 a skos:Concept, kg:Marker ; skos:prefLabel "Ki-67"@en ; skos:notation "ki-67" ;
    kg:possibleState value:high, value:low .
concept:pet a skos:Concept, kg:Procedure ; skos:prefLabel "PET"@en .
concept:fes-pet a skos:Concept, kg:Procedure ; skos:prefLabel "FES PET"@en ; skos:broader concept:pet .
mesh:D001943 a skos:Concept, kg:Disease ; skos:prefLabel "breast cancer"@en ; skos:exactMatch obo:NCIT_C9335 .
concept:metastatic-breast-cancer a skos:Concept, kg:Disease ; skos:prefLabel "metastatic breast cancer"@en ;
    skos:broader mesh:D001943 .
mesh:D000077982 a skos:Concept, kg:Endpoint ; skos:prefLabel "progression-free survival"@en ; skos:altLabel "PFS"@en .
concept:overall-survival a skos:Concept, kg:Endpoint ; skos:prefLabel "overall survival"@en ; skos:altLabel "OS"@en .
"""

_RULE = "dictionary"


@cache
def terminology() -> Terminology:
    """Read the real codes, countries and marker states, and the concepts above."""
    with TemporaryDirectory() as folder:
        for name in ("codes.ttl", "countries.ttl", "comparators.ttl", "marker-states.ttl"):
            shutil.copy(resources.folder("ontologies") / name, folder)
        Path(folder, "concepts.ttl").write_text(CONCEPTS, "utf-8")
        return load_terminology(Minter(), Path(folder))


def concept(name: str) -> Concept:
    """Return the concept with this preferred label."""
    return next(it for it in terminology().concepts.values() if it.pref_label == name)


class Draft:
    """Texts of one document and the findings in them; spans are found by their words."""

    def __init__(self, digit: str) -> None:
        self.sha256 = digit * 64
        self.texts: dict[str, TextField] = {}

    def text(self, locator: str, kind: FieldKind, text: str, index: int = 0) -> None:
        self.texts[locator] = TextField(document=self.sha256, locator=locator, kind=kind, text=text, index=index)

    def span(self, locator: str, words: str) -> Span:
        text = self.texts[locator]
        start = text.text.index(words)
        return Span(text=text, start=start, end=start + len(words))

    def say(self, role: Role, name: str, locator: str, words: str, state: str | None = None) -> Statement:
        span = self.span(locator, words)
        return Statement(role=role, concept=concept(name), span=span, rule=_RULE, confidence=0.9, state=state)

    def link(self, owner: FieldKind, name: str, locator: str, words: str, index: int = 0) -> ConceptLink:
        span = self.span(locator, words)
        return ConceptLink(owner=owner, index=index, concept=concept(name), span=span, rule=_RULE, confidence=1.0)

    def document(self, version_date: str) -> Document:
        return Document(
            sha256=self.sha256,
            format=SourceFormat.CTGOV_JSON,
            file="trials.jsonl",
            position=f"line {self.sha256[0]}",
            version_date=version_date,
        )


def _leaf(draft: Draft, kind: ConditionType, name: str, words: str, state: str | None = None) -> Condition:
    return Condition(condition_type=kind, span=draft.span("/eligibility", words), concept=concept(name), state=state)


def her2_low() -> tuple[Trial, Findings]:
    """Trastuzumab deruxtecan against capecitabine in HER2-low disease."""
    draft = Draft("1")
    draft.text("/title", FieldKind.BRIEF_TITLE, 'T-DXd in "HER2-low" Breast Cancer\nβ-version')
    draft.text("/condition/0", FieldKind.CONDITION, "Metastatic Breast Cancer")
    draft.text("/intervention/0", FieldKind.INTERVENTION_NAME, "Trastuzumab deruxtecan")
    draft.text("/intervention/1", FieldKind.INTERVENTION_NAME, "Capecitabine", 1)
    draft.text("/outcome/0", FieldKind.OUTCOME_MEASURE, "Progression-free survival (PFS)")
    draft.text("/outcome/1", FieldKind.OUTCOME_MEASURE, "OS", 1)
    draft.text(
        "/eligibility",
        FieldKind.ELIGIBILITY,
        "Inclusion: HER2-low tumour, ER positive or not\nExclusion: prior palbociclib; HER2-positive tumour",
    )
    trial = Trial(
        nct_id=NctId("NCT00000001"),
        documents=(draft.document("2025-03-01"),),
        brief_title=draft.texts["/title"].text,
        acronym="LOW-1",
        brief_summary="Backslash \\ and tab\t, 乳腺癌.",
        study_type="INTERVENTIONAL",
        phases=("PHASE2", "PHASE3"),
        overall_status="RECRUITING",
        enrollment=241,
        start_date="2025-01-15",
        last_update_date="2025-03-01",
        conditions=("Metastatic Breast Cancer",),
        arms=(
            Arm(label="T-DXd", arm_type="EXPERIMENTAL", interventions=("Trastuzumab deruxtecan",)),
            Arm(label="Control", arm_type="ACTIVE_COMPARATOR", interventions=("Capecitabine",)),
        ),
        interventions=(
            Intervention(name="Trastuzumab deruxtecan", intervention_type="DRUG"),
            Intervention(name="Capecitabine", intervention_type="DRUG"),
        ),
        outcomes=(
            Outcome(outcome_type="PRIMARY", measure="Progression-free survival (PFS)", time_frame="2 years"),
            Outcome(outcome_type="SECONDARY", measure="OS"),
        ),
        lead_sponsor=Sponsor(name="Institut Paoli-Calmettes", sponsor_class="OTHER"),
        collaborators=(Sponsor(name="Beta Pharma", sponsor_class="INDUSTRY"),),
        sites=(
            Site(facility="University Hospital", city="Marseille", country="France", latitude=43.3, longitude=5.4),
            Site(facility="Institut Paoli-Calmettes", city="Marseille", country="France"),
            Site(facility="University Hospital", city="Essen", country="Germany", status="RECRUITING"),
        ),
        texts=tuple(draft.texts.values()),
    )
    marker = ConditionType.MARKER
    low = _leaf(draft, marker, "HER2", "HER2-low", "low")
    any_er = Group(
        operator=Operator.ANY_OF,
        operands=(
            _leaf(draft, marker, "ER", "ER positive", "positive"),
            Group(operator=Operator.NOT, operands=(_leaf(draft, marker, "ER", "ER positive or not", "positive"),)),
        ),
    )
    findings = Findings(
        statements=(
            draft.say(Role.REQUIRES_MARKER_STATE, "HER2", "/eligibility", "HER2-low", "low"),
            draft.say(Role.EXCLUDES_MARKER_STATE, "HER2", "/eligibility", "HER2-positive", "positive"),
            draft.say(Role.EXCLUDES_TREATMENT, "palbociclib", "/eligibility", "palbociclib"),
            draft.say(Role.INVESTIGATES, "trastuzumab deruxtecan", "/intervention/0", "Trastuzumab deruxtecan"),
            draft.say(Role.COMPARATOR, "capecitabine", "/intervention/1", "Capecitabine"),
        ),
        links=(
            draft.link(FieldKind.CONDITION, "metastatic breast cancer", "/condition/0", "Metastatic Breast Cancer"),
            draft.link(
                FieldKind.INTERVENTION_NAME, "trastuzumab deruxtecan", "/intervention/0", "Trastuzumab deruxtecan"
            ),
            draft.link(FieldKind.INTERVENTION_NAME, "capecitabine", "/intervention/1", "Capecitabine", 1),
            draft.link(
                FieldKind.OUTCOME_MEASURE, "progression-free survival", "/outcome/0", "Progression-free survival"
            ),
            draft.link(FieldKind.OUTCOME_MEASURE, "overall survival", "/outcome/1", "OS", 1),
        ),
        criteria=(
            Criterion(
                polarity=Polarity.INCLUSION,
                span=draft.span("/eligibility", "HER2-low tumour, ER positive or not"),
                order=0,
                logic=Group(operator=Operator.ALL_OF, operands=(low, any_er)),
            ),
            Criterion(
                polarity=Polarity.EXCLUSION,
                span=draft.span("/eligibility", "prior palbociclib"),
                order=1,
                logic=_leaf(draft, ConditionType.TREATMENT, "palbociclib", "palbociclib"),
            ),
            Criterion(
                polarity=Polarity.EXCLUSION,
                span=draft.span("/eligibility", "HER2-positive tumour"),
                order=2,
                logic=None,
            ),
        ),
    )
    return trial, findings


def er_positive() -> tuple[Trial, Findings]:
    """Ribociclib with letrozole in ER-positive, HER2-negative disease."""
    draft = Draft("2")
    draft.text("/title", FieldKind.BRIEF_TITLE, "Ribociclib plus letrozole in ER+/HER2- breast cancer")
    draft.text("/condition/0", FieldKind.CONDITION, "Breast Cancer")
    draft.text("/intervention/0", FieldKind.INTERVENTION_NAME, "Ribociclib + letrozole")
    draft.text("/outcome/0", FieldKind.OUTCOME_MEASURE, "Ki-67 and FES PET; T-DXd showed benefit elsewhere")
    draft.text("/eligibility", FieldKind.ELIGIBILITY, "Inclusion: no prior CDK4/6 inhibitor; age of 18 or more")
    trial = Trial(
        nct_id=NctId("NCT00000002"),
        documents=(draft.document("2024-11-05"),),
        brief_title=draft.texts["/title"].text,
        study_type="INTERVENTIONAL",
        phases=("PHASE2",),
        overall_status="COMPLETED",
        enrollment=0,
        start_date="2023-06",
        last_update_date="2024-11-05",
        conditions=("Breast Cancer",),
        arms=(Arm(label="All", arm_type="EXPERIMENTAL", interventions=("Ribociclib + letrozole",)),),
        interventions=(
            Intervention(name="Ribociclib + letrozole", intervention_type="DRUG"),
            Intervention(name="Mystery infusion", intervention_type="OTHER"),
        ),
        outcomes=(Outcome(outcome_type="PRIMARY", measure=draft.texts["/outcome/0"].text, time_frame="week 2"),),
        lead_sponsor=Sponsor(name="Beta Pharma", sponsor_class="INDUSTRY"),
        countries=("France",),
        texts=tuple(draft.texts.values()),
    )
    say, title = draft.say, "/title"
    findings = Findings(
        statements=(
            say(Role.REQUIRES_MARKER_STATE, "ER", title, "ER+", "positive"),
            say(Role.REQUIRES_MARKER_STATE, "HER2", title, "HER2-", "negative"),
            say(Role.INVESTIGATES, "ribociclib and letrozole", title, "Ribociclib plus letrozole"),
            say(Role.INVESTIGATES, "ribociclib", title, "Ribociclib"),
            say(Role.EXCLUDES_TREATMENT, "CDK4/6 inhibitor", "/eligibility", "CDK4/6 inhibitor"),
            say(Role.MEASURES_MARKER, "Ki-67", "/outcome/0", "Ki-67"),
            say(Role.ASSESSMENT, "FES PET", "/outcome/0", "FES PET"),
            say(Role.MENTIONS, "trastuzumab deruxtecan", "/outcome/0", "T-DXd"),
        ),
        links=(
            draft.link(FieldKind.CONDITION, "breast cancer", "/condition/0", "Breast Cancer"),
            draft.link(
                FieldKind.INTERVENTION_NAME, "ribociclib and letrozole", "/intervention/0", "Ribociclib + letrozole"
            ),
        ),
        criteria=(
            Criterion(
                polarity=Polarity.INCLUSION,
                span=draft.span("/eligibility", "no prior CDK4/6 inhibitor"),
                order=0,
                logic=None,
            ),
            Criterion(
                polarity=Polarity.INCLUSION,
                span=draft.span("/eligibility", "age of 18 or more"),
                order=1,
                logic=Condition(
                    condition_type=ConditionType.AGE,
                    span=draft.span("/eligibility", "age of 18 or more"),
                    comparator="ge",
                    value="18",
                    unit="years",
                ),
            ),
        ),
    )
    return trial, findings


def stopped() -> tuple[Trial, Findings]:
    """An observational trial that was stopped, of HER2 as a marker and nothing else."""
    draft = Draft("3")
    draft.text("/title", FieldKind.BRIEF_TITLE, "HER2 by FES PET: kinase inhibitor registry")
    trial = Trial(
        nct_id=NctId("NCT00000003"),
        documents=(draft.document("2025-06-30"),),
        brief_title=draft.texts["/title"].text,
        study_type="OBSERVATIONAL",
        overall_status="TERMINATED",
        why_stopped="No funds; =1+1",
        enrollment=12,
        start_date="2023",
        last_update_date="2025-06-30",
        lead_sponsor=Sponsor(name="Institut Paoli-Calmettes", sponsor_class="OTHER"),
        countries=("Atlantis",),
        texts=tuple(draft.texts.values()),
    )
    say, title = draft.say, "/title"
    statements = (
        say(Role.STRATIFIES_BY, "HER2", title, "HER2"),
        say(Role.INVESTIGATES, "FES PET", title, "FES PET"),
        say(Role.BACKGROUND, "kinase inhibitor", title, "kinase inhibitor"),
    )
    return trial, Findings(statements=statements)


TRIALS = (her2_low, er_positive, stopped)


def quads() -> bytes:
    """Return the whole graph as N-Quads: a named graph per trial, one of concepts, and what counts them."""
    known = terminology()
    builder = TrialGraph(known)
    parts = [lines((*known.triples, *known.state_triples()), known.minter.graph("concepts"))]
    census = Census()
    for make in TRIALS:
        trial, findings = make()
        triples = tuple(dict.fromkeys(builder.triples(trial, findings)))
        census.add(Census.of(triples))
        parts.append(lines(triples, known.minter.graph(trial.nct_id)))
    parts.append(lines(describe(census, known.minter, {}, (), "1"), known.minter.graph("about")))
    return "".join(parts).encode()


@cache
def store() -> GraphStore:
    """Return the graph, loaded; nobody may change it."""
    loaded = GraphStore.in_memory()
    loaded.bulk_load(io.BytesIO(quads()))
    return loaded


def texts(nct_id: str) -> dict[tuple[str, str], str]:
    """Return a trial's kept texts by document and place, as `kg.export.export` asks for them."""
    trials = (make()[0] for make in TRIALS)
    return {
        (text.document, text.locator): text.text for trial in trials if trial.nct_id == nct_id for text in trial.texts
    }
