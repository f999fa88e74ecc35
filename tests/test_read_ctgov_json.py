"""API v2 records to trials: every field, every shape the registry has had, and errors that point at the value."""

import hashlib
import json
import pickle
from typing import Any

import pytest

from kg.errors import ReadError
from kg.identifiers import NctId
from kg.models import (
    Age,
    Arm,
    FieldKind,
    Intervention,
    Link,
    MeshTerm,
    Official,
    Outcome,
    RawRecord,
    Reference,
    Site,
    SourceFormat,
    Sponsor,
    Trial,
)
from kg.read import parse

IDENTIFICATION = {
    "nctId": "NCT00000001",
    "nctIdAliases": ["NCT00000009"],
    "orgStudyIdInfo": {"id": "X-1"},
    "secondaryIdInfos": [{"id": "2020-000001-01", "type": "EUDRACT_NUMBER"}],
    "briefTitle": "Acmecitinib in Test Disease",
    "officialTitle": "A Phase 2 Trial of Acmecitinib",
    "acronym": "ACME",
}

PROTOCOL: dict[str, Any] = {
    "identificationModule": IDENTIFICATION,
    "statusModule": {
        "statusVerifiedDate": "2024-05",
        "overallStatus": "NOT_YET_RECRUITING",
        "whyStopped": "No money",
        "startDateStruct": {"date": "2024-01-15", "type": "ACTUAL"},
        "primaryCompletionDateStruct": {"date": "2025"},
        "completionDateStruct": {"date": "2025-06"},
        "studyFirstPostDateStruct": {"date": "2023-12-01"},
        "lastUpdateSubmitDate": "2024-05-02",
        "lastUpdatePostDateStruct": {"date": "2024-05-06"},
    },
    "sponsorCollaboratorsModule": {
        "leadSponsor": {"name": "Acme Hospital", "class": "OTHER"},
        "collaborators": [{"name": "Acme Ltd", "class": "INDUSTRY"}],
    },
    "descriptionModule": {"briefSummary": "We test it.\n\n* Point", "detailedDescription": "More words."},
    "conditionsModule": {"conditions": ["Test Disease", " ", "Other Disease"], "keywords": ["testing"]},
    "designModule": {
        "studyType": "INTERVENTIONAL",
        "phases": ["PHASE1", "PHASE2"],
        "designInfo": {
            "allocation": "RANDOMIZED",
            "interventionModel": "PARALLEL",
            "observationalModel": "COHORT",
            "timePerspective": "PROSPECTIVE",
            "primaryPurpose": "TREATMENT",
            "maskingInfo": {"masking": "DOUBLE", "whoMasked": ["PARTICIPANT", "INVESTIGATOR"]},
        },
        "enrollmentInfo": {"count": 0, "type": "ACTUAL"},
    },
    "armsInterventionsModule": {
        "armGroups": [
            {
                "label": "A",
                "type": "EXPERIMENTAL",
                "description": "gets it",
                "interventionNames": ["Drug: Acmecitinib", "Dietary Supplement: Zinc: high dose"],
            },
            {"label": "B", "type": "NO_INTERVENTION"},
        ],
        "interventions": [
            {
                "type": "DRUG",
                "name": "Acmecitinib",
                "description": "by mouth",
                "armGroupLabels": ["A"],
                "otherNames": ["ACM-1"],
            },
        ],
    },
    "outcomesModule": {
        "primaryOutcomes": [{"measure": "Survival", "description": "time to death", "timeFrame": "2 years"}],
        "secondaryOutcomes": [{"measure": "Response"}],
        "otherOutcomes": [{"measure": "Pain"}],
    },
    "eligibilityModule": {
        "eligibilityCriteria": "Inclusion:\n\n* Adults",
        "healthyVolunteers": False,
        "sex": "ALL",
        "minimumAge": "18 Years",
        "maximumAge": "N/A",
        "studyPopulation": "People at the clinic",
        "samplingMethod": "PROBABILITY_SAMPLE",
    },
    "contactsLocationsModule": {
        "centralContacts": [{"name": "Jane Example, MD", "phone": "+33 1 99 00 00 00", "email": "jane@example.org"}],
        "overallOfficials": [{"name": "Jane Example, MD", "affiliation": "Acme Hospital", "role": "STUDY_CHAIR"}],
        "locations": [
            {
                "facility": "Acme Clinic",
                "status": "RECRUITING",
                "city": "Paris",
                "state": "IDF",
                "zip": "75000",
                "country": "France",
                "geoPoint": {"lat": 48.85, "lon": 2.35},
            },
            {"city": "Lyon", "country": "France"},
        ],
    },
    "referencesModule": {
        "references": [{"pmid": "123", "type": "DERIVED", "citation": "Example J. A paper."}],
        "seeAlsoLinks": [{"label": "Site", "url": "https://example.org/"}, {"url": "mailto:jane@example.org"}],
    },
}

DERIVED = {
    "conditionBrowseModule": {
        "meshes": [{"id": "D000001943", "term": "Breast Neoplasms"}],
        "ancestors": [{"id": "D001941", "term": "Breast Diseases"}],
    },
    "interventionBrowseModule": {"meshes": [{"id": "D000077143", "term": "Docetaxel"}]},
}


def raw(protocol: dict[str, Any], derived: object = None) -> RawRecord:
    record = {"protocolSection": protocol, "derivedSection": derived, "resultsSection": {"x": [1, {}]}}
    return RawRecord(
        nct_id=NctId("NCT00000001"),
        format=SourceFormat.CTGOV_JSON,
        payload=json.dumps(record, ensure_ascii=False).encode(),
        file="a.jsonl",
        position="line 3",
    )


def changed(path: str, value: object) -> dict[str, Any]:
    """Return the protocol with the value at a dotted path replaced."""
    copy: dict[str, Any] = json.loads(json.dumps(PROTOCOL))
    *steps, last = [int(step) if step.isdigit() else step for step in path.split(".")]
    target: Any = copy
    for step in steps:
        target = target[step]
    target[last] = value
    return copy


@pytest.fixture(scope="module")
def trial() -> Trial:
    return parse(raw(PROTOCOL, DERIVED))


def test_every_scalar_field(trial: Trial) -> None:
    expected = {
        "nct_id": "NCT00000001",
        "org_study_id": "X-1",
        "secondary_ids": ("2020-000001-01",),
        "nct_aliases": ("NCT00000009",),
        "brief_title": "Acmecitinib in Test Disease",
        "official_title": "A Phase 2 Trial of Acmecitinib",
        "acronym": "ACME",
        "brief_summary": "We test it.\n\n* Point",
        "detailed_description": "More words.",
        "study_type": "INTERVENTIONAL",
        "phases": ("PHASE1", "PHASE2"),
        "overall_status": "NOT_YET_RECRUITING",
        "why_stopped": "No money",
        "allocation": "RANDOMIZED",
        "intervention_model": "PARALLEL",
        "observational_model": "COHORT",
        "time_perspective": "PROSPECTIVE",
        "masking": "DOUBLE",
        "who_masked": ("PARTICIPANT", "INVESTIGATOR"),
        "primary_purpose": "TREATMENT",
        "sampling_method": "PROBABILITY_SAMPLE",
        "sex": "ALL",
        "minimum_age": Age(value=18, unit="years"),
        "maximum_age": None,
        "accepts_healthy_volunteers": False,
        "enrollment": 0,
        "enrollment_type": "ACTUAL",
        "start_date": "2024-01-15",
        "primary_completion_date": "2025",
        "completion_date": "2025-06",
        "first_post_date": "2023-12-01",
        "last_update_date": "2024-05-06",
        "status_verified_date": "2024-05",
        "conditions": ("Test Disease", "Other Disease"),
        "keywords": ("testing",),
        "countries": ("France",),
        "unknown_codes": (),
    }
    assert {name: getattr(trial, name) for name in expected} == expected


def test_every_nested_field(trial: Trial) -> None:
    assert trial.condition_meshes == (
        MeshTerm(label="Breast Neoplasms", ui="D001943"),
        MeshTerm(label="Breast Diseases", ui="D001941", ancestor=True),
    )
    assert trial.intervention_meshes == (MeshTerm(label="Docetaxel", ui="D000077143"),)
    assert trial.arms == (
        Arm(
            label="A",
            arm_type="EXPERIMENTAL",
            description="gets it",
            interventions=("Acmecitinib", "Zinc: high dose"),
        ),
        Arm(label="B", arm_type="NO_INTERVENTION"),
    )
    assert trial.interventions == (
        Intervention(
            name="Acmecitinib",
            intervention_type="DRUG",
            description="by mouth",
            other_names=("ACM-1",),
            arm_labels=("A",),
        ),
    )
    assert trial.outcomes == (
        Outcome(outcome_type="PRIMARY", measure="Survival", description="time to death", time_frame="2 years"),
        Outcome(outcome_type="SECONDARY", measure="Response"),
        Outcome(outcome_type="OTHER", measure="Pain"),
    )
    assert trial.lead_sponsor == Sponsor(name="Acme Hospital", sponsor_class="OTHER")
    assert trial.collaborators == (Sponsor(name="Acme Ltd", sponsor_class="INDUSTRY"),)
    assert trial.officials == (Official(role="STUDY_CHAIR", affiliation="Acme Hospital"),)
    assert trial.sites == (
        Site(
            facility="Acme Clinic",
            city="Paris",
            state="IDF",
            postal_code="75000",
            country="France",
            latitude=48.85,
            longitude=2.35,
            status="RECRUITING",
        ),
        Site(city="Lyon", country="France"),
    )
    assert trial.references == (Reference(pmid="123", citation="Example J. A paper.", reference_type="DERIVED"),)
    assert trial.links == (Link(url="https://example.org/", label="Site"),)


def test_document(trial: Trial) -> None:
    (document,) = trial.documents
    assert document.sha256 == hashlib.sha256(raw(PROTOCOL, DERIVED).payload).hexdigest()
    assert (document.file, document.position, document.version_date) == ("a.jsonl", "line 3", "2024-05-06")


def test_texts_stand_in_the_record_where_they_say(trial: Trial) -> None:
    record = json.loads(raw(PROTOCOL, DERIVED).payload)
    for text in trial.texts:
        value: Any = record
        for step in text.locator.split("/")[1:]:
            value = value[int(step)] if isinstance(value, list) else value[step]
        assert value == text.text
    assert [(text.kind, text.index) for text in trial.texts] == [
        (FieldKind.BRIEF_TITLE, 0),
        (FieldKind.OFFICIAL_TITLE, 0),
        (FieldKind.BRIEF_SUMMARY, 0),
        (FieldKind.DETAILED_DESCRIPTION, 0),
        (FieldKind.CONDITION, 0),
        (FieldKind.CONDITION, 1),
        (FieldKind.KEYWORD, 0),
        (FieldKind.ARM_LABEL, 0),
        (FieldKind.ARM_DESCRIPTION, 0),
        (FieldKind.ARM_LABEL, 1),
        (FieldKind.INTERVENTION_NAME, 0),
        (FieldKind.INTERVENTION_OTHER_NAME, 0),
        (FieldKind.INTERVENTION_DESCRIPTION, 0),
        (FieldKind.OUTCOME_MEASURE, 0),
        (FieldKind.OUTCOME_DESCRIPTION, 0),
        (FieldKind.OUTCOME_MEASURE, 1),
        (FieldKind.OUTCOME_MEASURE, 2),
        (FieldKind.ELIGIBILITY, 0),
        (FieldKind.STUDY_POPULATION, 0),
    ]


def test_a_record_of_a_number_alone_is_a_trial() -> None:
    trial = parse(raw({"identificationModule": {"nctId": "NCT00000001"}}))
    assert trial.texts == ()
    assert trial.enrollment is None
    assert trial.documents[0].version_date is None


def test_null_is_the_same_as_missing() -> None:
    protocol: dict[str, Any] = dict.fromkeys(PROTOCOL) | {"identificationModule": {"nctId": "NCT00000001"}}
    assert parse(raw(protocol)).conditions == ()
    assert parse(raw(changed("designModule.enrollmentInfo", None))).enrollment is None
    assert parse(raw(changed("conditionsModule.keywords", None))).keywords == ()


@pytest.mark.parametrize(
    ("value", "expected"),
    [(True, True), ("Yes", True), ("NO", False), ("Accepts Healthy Volunteers", True), ("", None)],
)
def test_healthy_volunteers_of_all_years(value: object, expected: bool | None) -> None:
    assert parse(raw(changed("eligibilityModule.healthyVolunteers", value))).accepts_healthy_volunteers is expected


def test_version_date_falls_back_to_the_submission() -> None:
    trial = parse(raw(changed("statusModule.lastUpdatePostDateStruct", None)))
    assert trial.documents[0].version_date == "2024-05-02"


def test_unknown_codes_are_kept_and_listed() -> None:
    trial = parse(raw(changed("designModule.phases", ["PHASE5", "PHASE5", "PHASE2"])))
    assert trial.phases == ("PHASE5", "PHASE5", "PHASE2")
    assert trial.unknown_codes == (("phase", "PHASE5"),)


@pytest.mark.parametrize(
    ("path", "value", "reason"),
    [
        ("designModule.enrollmentInfo.count", -1, "negative"),
        ("designModule.enrollmentInfo.count", "many", "got `str`"),
        ("designModule.enrollmentInfo.count", 1.5, "got `float`"),
        ("designModule.phases", "PHASE2", "got `str`"),
        ("statusModule.startDateStruct.date", "soon", "not a date"),
        ("statusModule.completionDateStruct.date", "2024-13", "calendar"),
        ("statusModule.lastUpdateSubmitDate", "02.05.2024", "not a date"),
        ("eligibilityModule.minimumAge", "old", "not an age"),
        ("eligibilityModule.healthyVolunteers", "maybe", "neither yes nor no"),
        ("conditionsModule.conditions.1", 5, "got `int`"),
        ("armsInterventionsModule.armGroups.1.label", " ", "arm label is missing"),
        ("armsInterventionsModule.interventions.0.name", None, "intervention name is missing"),
        ("outcomesModule.secondaryOutcomes.0.measure", "", "outcome measure is missing"),
        ("contactsLocationsModule.locations.0.geoPoint.lat", 99.0, "degrees"),
        ("contactsLocationsModule.locations.0.geoPoint.lon", "x", "got `str`"),
        ("referencesModule.references.0.pmid", "PMC1", "PubMed"),
    ],
)
def test_errors_point_at_the_value(path: str, value: object, reason: str) -> None:
    with pytest.raises(ReadError) as caught:
        parse(raw(changed(path, value)))
    error = caught.value
    assert error.field == "/protocolSection/" + path.replace(".", "/")
    assert reason in error.why
    assert (error.file, error.position) == ("a.jsonl", "line 3")
    assert str(pickle.loads(pickle.dumps(error))) == str(error)  # noqa: S301 - our own


def test_broken_json_is_a_read_error() -> None:
    broken = RawRecord(
        nct_id=NctId("NCT00000001"), format=SourceFormat.CTGOV_JSON, payload=b'{"a": NaN}', file="a", position=""
    )
    with pytest.raises(ReadError, match="not valid JSON"):
        parse(broken)


def test_a_number_that_is_not_the_one_announced() -> None:
    with pytest.raises(ReadError, match="is not NCT00000001"):
        parse(raw({"identificationModule": {"nctId": "NCT00000002"}}))


def test_contact_data_is_blotted_out_unless_asked_for() -> None:
    text = "Ask Jane Example (jane@example.org, +33 1 99 00 00 00) about Acme Hospital."
    protocol = changed("descriptionModule.briefSummary", text)
    protocol["contactsLocationsModule"]["locations"][0]["facility"] = "Jane Example"
    protocol["contactsLocationsModule"]["overallOfficials"][0]["affiliation"] = "jane@example.org"
    trial, whole = parse(raw(protocol)), parse(raw(protocol), with_contacts=True)
    assert trial.brief_summary == "Ask ████████████ (████████████████, █████████████████) about Acme Hospital."
    assert trial.sites[0].facility is None
    assert trial.officials == (Official(role="STUDY_CHAIR"),)
    assert whole.brief_summary == text
    assert whole.officials[0].name == "Jane Example, MD"
    assert whole.links[1].url == "mailto:jane@example.org"
    assert [len(text.text) for text in trial.texts] == [len(text.text) for text in whole.texts]
