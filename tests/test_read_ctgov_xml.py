"""Legacy XML to trials: the same trial as from JSON, with texts that XPath finds again."""

import pytest
from lxml import etree

from kg.errors import ReadError
from kg.identifiers import NctId
from kg.models import (
    Age,
    Arm,
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

RECORD = """<?xml version="1.0" encoding="UTF-8"?>
<clinical_study rank="1">
  <!-- a comment -->
  <id_info>
    <org_study_id>X-1</org_study_id>
    <secondary_id>S-1</secondary_id>
    <secondary_id>S-2</secondary_id>
    <nct_id>NCT00000001</nct_id>
    <nct_alias>NCT00000009</nct_alias>
  </id_info>
  <brief_title>Acmecitinib &amp; Test Disease</brief_title>
  <acronym>ACME</acronym>
  <official_title>A Trial of Acmecitinib</official_title>
  <sponsors>
    <lead_sponsor><agency>Acme Hospital</agency><agency_class>U.S. Fed</agency_class></lead_sponsor>
    <collaborator><agency>Acme Ltd</agency><agency_class>Industry</agency_class></collaborator>
  </sponsors>
  <brief_summary>
    <textblock>
      We test acmecitinib in a disease that was&#xD;
      made up.&#xD;
&#xD;
      Ask Jane&#xD;
      Example.
    </textblock>
  </brief_summary>
  <detailed_description><textblock>  </textblock></detailed_description>
  <overall_status>Active, not recruiting</overall_status>
  <why_stopped>
    No
    money
  </why_stopped>
  <start_date>March 2010</start_date>
  <completion_date type="Actual">October 18, 2021</completion_date>
  <primary_completion_date>May 1, 2021</primary_completion_date>
  <phase>Phase 1/Phase 2</phase>
  <study_type>Interventional</study_type>
  <study_design_info>
    <allocation>Non-Randomized</allocation>
    <intervention_model>Single Group Assignment</intervention_model>
    <primary_purpose>Educational/Counseling/Training</primary_purpose>
    <masking>Double (Participant, Outcomes Assessor)</masking>
  </study_design_info>
  <primary_outcome><measure>Survival</measure><time_frame>1 year</time_frame></primary_outcome>
  <secondary_outcome><measure>Response</measure><description>as seen</description></secondary_outcome>
  <enrollment type="Anticipated">20</enrollment>
  <condition>Test Disease</condition>
  <condition>Other Disease</condition>
  <arm_group>
    <arm_group_label>A</arm_group_label>
    <arm_group_type>Placebo Comparator</arm_group_type>
    <description>gets it</description>
  </arm_group>
  <intervention>
    <intervention_type>Dietary Supplement</intervention_type>
    <intervention_name>Zinc</intervention_name>
    <description>by mouth</description>
    <arm_group_label>A</arm_group_label>
    <other_name>Zn</other_name>
  </intervention>
  <eligibility>
    <study_pop><textblock>People</textblock></study_pop>
    <sampling_method>Non-Probability Sample</sampling_method>
    <criteria>
      <textblock>
        Inclusion Criteria:

          -  18 years or
             older
      </textblock>
    </criteria>
    <gender>Both</gender>
    <minimum_age>18 Years</minimum_age>
    <maximum_age>N/A</maximum_age>
    <healthy_volunteers>Accepts Healthy Volunteers</healthy_volunteers>
  </eligibility>
  <overall_official>
    <last_name>Jane Example, MD</last_name><role>Study Chair</role><affiliation>Acme Hospital</affiliation>
  </overall_official>
  <overall_contact><last_name>John Sample</last_name><email>john@example.org</email></overall_contact>
  <location>
    <facility>
      <name>Acme Clinic</name>
      <address><city>Lyon</city><state>ARA</state><zip>69000</zip><country>France</country></address>
    </facility>
    <status>Not yet recruiting</status>
  </location>
  <location_countries><country>Spain</country><country>France</country></location_countries>
  <removed_countries><country>Italy</country></removed_countries>
  <link><url>https://example.org/</url><description>Site</description></link>
  <link><url>mailto:john@example.org</url></link>
  <reference><citation>Example J. A paper.</citation><PMID>123</PMID></reference>
  <results_reference><citation>Example J. Results.</citation></results_reference>
  <verification_date>May 2021</verification_date>
  <study_first_posted type="Estimate">January 4, 2010</study_first_posted>
  <last_update_submitted>June 1, 2021</last_update_submitted>
  <last_update_posted type="Actual">June 3, 2021</last_update_posted>
  <condition_browse><mesh_term>Breast Neoplasms</mesh_term></condition_browse>
  <keyword>testing</keyword>
</clinical_study>
"""


def raw(content: str = RECORD) -> RawRecord:
    return RawRecord(
        nct_id=NctId("NCT00000001"),
        format=SourceFormat.CTGOV_XML,
        payload=content.encode(),
        file="a.zip!b.xml",
        position="",
    )


@pytest.fixture(scope="module")
def trial() -> Trial:
    return parse(raw())


def test_every_scalar_field(trial: Trial) -> None:
    expected = {
        "nct_id": "NCT00000001",
        "org_study_id": "X-1",
        "secondary_ids": ("S-1", "S-2"),
        "nct_aliases": ("NCT00000009",),
        "brief_title": "Acmecitinib & Test Disease",
        "official_title": "A Trial of Acmecitinib",
        "acronym": "ACME",
        "brief_summary": "We test acmecitinib in a disease that was made up.\n\nAsk ████ ███████.",
        "detailed_description": None,
        "study_type": "INTERVENTIONAL",
        "phases": ("PHASE1", "PHASE2"),
        "overall_status": "ACTIVE_NOT_RECRUITING",
        "why_stopped": "No money",
        "allocation": "NON_RANDOMIZED",
        "intervention_model": "SINGLE_GROUP",
        "masking": "DOUBLE",
        "who_masked": ("PARTICIPANT", "OUTCOMES_ASSESSOR"),
        "primary_purpose": "ECT",
        "sampling_method": "NON_PROBABILITY_SAMPLE",
        "sex": "ALL",
        "minimum_age": Age(value=18, unit="years"),
        "maximum_age": None,
        "accepts_healthy_volunteers": True,
        "enrollment": 20,
        "enrollment_type": "ESTIMATED",
        "start_date": "2010-03",
        "primary_completion_date": "2021-05-01",
        "completion_date": "2021-10-18",
        "first_post_date": "2010-01-04",
        "last_update_date": "2021-06-03",
        "status_verified_date": "2021-05",
        "conditions": ("Test Disease", "Other Disease"),
        "keywords": ("testing",),
        "countries": ("Spain", "France"),
        "unknown_codes": (),
    }
    assert {name: getattr(trial, name) for name in expected} == expected


def test_every_nested_field(trial: Trial) -> None:
    assert trial.condition_meshes == (MeshTerm(label="Breast Neoplasms"),)
    assert trial.arms == (
        Arm(label="A", arm_type="PLACEBO_COMPARATOR", description="gets it", interventions=("Zinc",)),
    )
    assert trial.interventions == (
        Intervention(
            name="Zinc",
            intervention_type="DIETARY_SUPPLEMENT",
            description="by mouth",
            other_names=("Zn",),
            arm_labels=("A",),
        ),
    )
    assert trial.outcomes == (
        Outcome(outcome_type="PRIMARY", measure="Survival", time_frame="1 year"),
        Outcome(outcome_type="SECONDARY", measure="Response", description="as seen"),
    )
    assert trial.lead_sponsor == Sponsor(name="Acme Hospital", sponsor_class="FED")
    assert trial.collaborators == (Sponsor(name="Acme Ltd", sponsor_class="INDUSTRY"),)
    assert trial.officials == (Official(role="STUDY_CHAIR", affiliation="Acme Hospital"),)
    assert trial.sites == (
        Site(
            facility="Acme Clinic",
            city="Lyon",
            state="ARA",
            postal_code="69000",
            country="France",
            status="NOT_YET_RECRUITING",
        ),
    )
    assert trial.references == (
        Reference(pmid="123", citation="Example J. A paper."),
        Reference(citation="Example J. Results.", reference_type="RESULT"),
    )
    assert trial.links == (Link(url="https://example.org/", label="Site"),)
    assert trial.documents[0].version_date == "2021-06-03"


def test_texts_stand_in_the_record_where_their_xpath_says() -> None:
    trial = parse(raw(), with_contacts=True)
    root = etree.fromstring(RECORD.encode())
    for text in trial.texts:
        assert root.getroottree().xpath(f"string({text.locator})") == text.source_text
    locators = [text.locator for text in trial.texts]
    assert "/clinical_study/eligibility/criteria/textblock" in locators
    assert "/clinical_study/condition[2]" in locators
    assert trial.officials[0].name == "Jane Example, MD"


def test_blotting_keeps_offsets_across_line_ends(trial: Trial) -> None:
    whole = parse(raw(), with_contacts=True)
    assert [len(text.text) for text in trial.texts] == [len(text.text) for text in whole.texts]
    assert trial.detailed_description is None


@pytest.mark.parametrize(
    ("old", "new", "field", "value"),
    [
        ("Double (Participant, Outcomes Assessor)", "None (Open Label)", "masking", "NONE"),
        ("Phase 1/Phase 2", "N/A", "phases", ("NA",)),
        ("Phase 1/Phase 2", "Early Phase 1", "phases", ("EARLY_PHASE1",)),
        ("<phase>Phase 1/Phase 2</phase>", "", "phases", ()),
        ("Interventional", "Observational [Patient Registry]", "study_type", "OBSERVATIONAL"),
        (">20<", ">0<", "enrollment", 0),
        (">20<", "><", "enrollment", None),
        ("Accepts Healthy Volunteers", "No", "accepts_healthy_volunteers", False),
        ("Active, not recruiting", "Strange", "overall_status", "Strange"),
        ("last_update_posted", "x", "last_update_date", "2021-06-01"),
    ],
)
def test_spellings(old: str, new: str, field: str, value: object) -> None:
    trial = parse(raw(RECORD.replace(old, new)))
    assert getattr(trial, field) == value
    assert trial.unknown_codes == ((("overall-status", "Strange"),) if value == "Strange" else ())


def test_a_study_without_phases_says_nothing_about_them() -> None:
    content = RECORD.replace("Phase 1/Phase 2", "N/A").replace(">Interventional<", ">Observational<")
    assert parse(raw(content)).phases == ()


def test_the_design_line_of_the_oldest_files() -> None:
    start, end = RECORD.index("<study_design_info>"), RECORD.index("</study_design_info>")
    line = "Allocation: Randomized, Endpoint Classification: Efficacy, Masking: Open Label, Primary Purpose: Treatment"
    content = RECORD[:start] + f"<study_design>{line}</study_design>" + RECORD[end + len("</study_design_info>") :]
    trial = parse(raw(content))
    assert (trial.allocation, trial.masking, trial.primary_purpose) == ("RANDOMIZED", "NONE", "TREATMENT")


@pytest.mark.parametrize(
    ("old", "new", "field", "reason"),
    [
        ("March 2010", "Spring 2010", "/clinical_study/start_date", "no month"),
        ("March 2010", "soon", "/clinical_study/start_date", "not a date"),
        (">20<", ">-20<", "/clinical_study/enrollment", "negative"),
        (">20<", ">many<", "/clinical_study/enrollment", "not a number"),
        ("18 Years<", "old<", "/clinical_study/eligibility/minimum_age", "not an age"),
        ("<arm_group_label>A</arm_group_label>\n    <arm_group_type", "<arm_group_type",
         "/clinical_study/arm_group/arm_group_label", "arm label is missing"),
        ("<PMID>123", "<PMID>x", "/clinical_study/reference/PMID", "PubMed"),
        ("NCT00000001", "NCT00000002", "/clinical_study/id_info/nct_id", "is not NCT00000001"),
        ("</phase>", "</fase>", "", "not well-formed"),
    ],
)  # fmt: skip
def test_errors_point_at_the_value(old: str, new: str, field: str, reason: str) -> None:
    with pytest.raises(ReadError) as caught:
        parse(raw(RECORD.replace(old, new)))
    assert caught.value.field == field
    assert reason in caught.value.why
    assert caught.value.file == "a.zip!b.xml"
