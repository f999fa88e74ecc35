"""Pages in our own words, in the three layouts: what is read from them, and what is not."""

from html import escape
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.errors import ReadError
from kg.identifiers import NctId
from kg.models import Age, Arm, FieldKind, Official, RawRecord, Reference, Site, SourceFormat, Sponsor, Trial
from kg.read.page_text import page_text
from kg.read.web_page import find_nct_id, looks_like_page, parse_web_page

EXAMPLES = Path(__file__).parent.parent / "examples" / "trials"
NUMBER = NctId("NCT99990009")

SUMMARY_PAGE = """\
Clinical Trials Logo

Clinical Trial Summary

The MORE-Light study aims to learn whether light helps. It is a collaborative study between the Rosenau Clinic \
(Germany, Kassel) and the pharmaceutical group Lumera. It will be conducted in 12 hospitals in Germany, and \
1,240 patients will be enrolled. For questions call Dana Muster, MD.


Clinical Trial Description

n/a


Study Design

Allocation: Randomized, Intervention Model: Crossover Assignment, Masking: Double (Participant, Investigator), \
Primary Purpose: Supportive Care

Related Conditions & MeSH terms

  • Breast Neoplasms
  • Fatigue

NCT number NCT99990009
Study type Interventional
Source Rosenau Clinic
Contact Dana Muster, MD
Phone +49 561 0000000
Email light@example.org
Status Active, not recruiting
Phase Phase 1/Phase 2
Start date March 2021
Completion date October 18, 2025

See also
Recruiting NCT00000001 - Another study of light  Phase 3
"""

CATALOGUE_PAGE = """\
A Study of Olaparib After Chemotherapy

NCT ID: NCT99990009

Last Updated: 2024-02-29

Basic Information

Get an overview of where the trial stands.

Recruitment Status

COMPLETED

Clinical Phase

PHASE2/PHASE3

Total Enrollment

1,024 participants

Study Classification

INTERVENTIONAL

Brief Summary

Review what the sponsor says about the study.

First paragraph.

Study Design

is a heading of the author here, and so is this line.

Conditions

See what is treated in this trial.

* BRCA1 Mutation
* Ovarian Cancer; Breast Cancer

Study Groups

Review each group of the study.

Olaparib

Tablets for one year.

Group Type EXPERIMENTAL

Olaparib

Intervention Type DRUG

300 mg twice daily.

Control

Group Type NO_INTERVENTION

Surgery first

Patients who are operated on before randomization.

They take olaparib later.

Group Type OTHER

Olaparib

Intervention Type DRUG

300 mg twice daily.

Mastectomy

Intervention Type PROCEDURE

Removal of the breast.

Interventions

Learn about what is given in this trial.

Olaparib

300 mg twice daily.

Intervention Type DRUG

Lynparza

AZD2281

Mastectomy

Removal of the breast.

Intervention Type PROCEDURE

Eligibility Criteria

Check who can take part in the trial.

Inclusion Criteria

* Germline BRCA1 or BRCA2 mutation
* No earlier PARP inhibitor

Exclusion Criteria

* HER2-positive disease
Minimum Eligible Age

18 Years

Maximum Eligible Age

70 Years

Eligible Sex

FEMALE

Accepts Healthy Volunteers

Yes

Sponsors

Meet the organizations behind the trial.

Alpha Institute

INDUSTRY

Sponsor Role collaborator

Beta Network

Sponsor Role lead

Gamma Ministry

OTHER_GOV

Sponsor Role collaborator

Principal Investigators

Learn about the people who lead the trial.

Maria Muster

Role: PRINCIPAL_INVESTIGATOR

Beta University

Jo Muster

Role: STUDY_CHAIR

Alpha Institute

Locations

Explore where the trial takes place.

Beta Hospital

Springfield, Illinois, United States

Site Status RECRUITING

Gamma Hospital

Seoul, , Korea, Republic of

Site Status

Nameless City, , Peru

Site Status WITHDRAWN

Countries

Review the countries of the trial.

United States Korea, Republic of Peru

References

Explore publications about the study.

Muster M, Muster J. Light and fatigue in a small trial. J Ex. 2020;1:1-2.

PMID: 12345678

Other Identifiers

Review the other numbers of the trial.

BETA-7

Identifier Type: -

Identifier Source: org_study_id

2020-000001-10

Identifier Type: EUDRACT_NUMBER

Identifier Source: secondary_id

NCT99990008

Identifier Type: -

Identifier Source: nct_alias

More Related Trials

Additional trials of the same kind may help.

NCT ID: NCT00000003
"""

KEY_VALUE_PAGE = """\
Viewing Study NCT99990009

Ignite Creation Date: 2025-01-01 @ 1:00 AM
Study NCT ID: NCT99990009
Status: TERMINATED
Last Update Posted: 2023-04-05
First Post: 2019-01-02

Brief Title: Durvalumab After Radiotherapy
Sponsor: Delta Hospital
Organization:

Study Overview

Official Title: A Phase 2 Study of Durvalumab
Status: TERMINATED
If Stopped, Why?: Slow accrual
Acronym: None
Brief Summary: Durvalumab is given.
Status: this line is the author's.
Detailed Description: None

Study Oversight

Has Oversight DMC: False
"""


def read(page: str | bytes, *, with_contacts: bool = False) -> Trial:
    payload = page.encode() if isinstance(page, str) else page
    raw = RawRecord(nct_id=NUMBER, format=SourceFormat.WEB_PAGE, payload=payload, file="page.txt", position="")
    return parse_web_page(raw, with_contacts=with_contacts)


def texts(trial: Trial, kind: FieldKind) -> list[str]:
    return [text.text for text in trial.texts if text.kind is kind]


class TestSummaryLayout:
    trial = read(SUMMARY_PAGE)

    def test_labelled_values(self) -> None:
        assert self.trial.study_type == "INTERVENTIONAL"
        assert self.trial.overall_status == "ACTIVE_NOT_RECRUITING"
        assert self.trial.phases == ("PHASE1", "PHASE2")
        assert self.trial.start_date == "2021-03"
        assert self.trial.completion_date == "2025-10-18"
        assert self.trial.lead_sponsor == Sponsor(name="Rosenau Clinic")
        assert self.trial.conditions == ("Breast Neoplasms", "Fatigue")
        assert self.trial.detailed_description is None
        assert self.trial.unknown_codes == ()

    def test_design(self) -> None:
        assert self.trial.allocation == "RANDOMIZED"
        assert self.trial.intervention_model == "CROSSOVER"
        assert self.trial.masking == "DOUBLE"
        assert self.trial.who_masked == ("PARTICIPANT", "INVESTIGATOR")
        assert self.trial.primary_purpose == "SUPPORTIVE_CARE"

    def test_what_only_sentences_say(self) -> None:
        assert self.trial.enrollment == 1240
        assert self.trial.acronym == "MORE-Light"
        assert self.trial.collaborators == (Sponsor(name="Lumera"),)
        assert self.trial.countries == ("Germany",)
        assert [(fact.field, fact.span.quote) for fact in self.trial.free_text_facts] == [
            ("enrollment", "1,240 patients will be enrolled"),
            ("acronym", "MORE-Light"),
            ("collaborator", "Lumera"),
            ("country", "Germany"),
        ]

    def test_contacts_are_blotted_out_at_equal_length(self) -> None:
        summary = self.trial.brief_summary or ""
        kept = read(SUMMARY_PAGE, with_contacts=True).brief_summary or ""
        assert "Muster" not in summary
        assert "Muster" in kept
        assert len(summary) == len(kept)


class TestCatalogueLayout:
    trial = read(CATALOGUE_PAGE)

    def test_labelled_values(self) -> None:
        assert self.trial.brief_title == "A Study of Olaparib After Chemotherapy"
        assert self.trial.documents[0].version_date == "2024-02-29"
        assert self.trial.phases == ("PHASE2", "PHASE3")
        assert self.trial.enrollment == 1024
        assert self.trial.accepts_healthy_volunteers is True
        assert self.trial.minimum_age == Age(value=18, unit="years")
        assert self.trial.maximum_age == Age(value=70, unit="years")
        assert self.trial.org_study_id == "BETA-7"
        assert self.trial.secondary_ids == ("2020-000001-10",)
        assert self.trial.nct_aliases == ("NCT99990008",)
        assert self.trial.unknown_codes == ()

    def test_an_authors_heading_does_not_end_the_prose(self) -> None:
        assert (self.trial.brief_summary or "").startswith("First paragraph.\n\nStudy Design\n\nis a heading")
        assert self.trial.conditions == ("BRCA1 Mutation", "Ovarian Cancer", "Breast Cancer")

    def test_arms(self) -> None:
        assert self.trial.arms == (
            Arm(
                label="Olaparib",
                arm_type="EXPERIMENTAL",
                description="Tablets for one year.",
                interventions=("Olaparib",),
            ),
            Arm(label="Control", arm_type="NO_INTERVENTION"),
            Arm(
                label="Surgery first",
                arm_type="OTHER",
                description="Patients who are operated on before randomization.\n\nThey take olaparib later.",
                interventions=("Olaparib", "Mastectomy"),
            ),
        )

    def test_interventions(self) -> None:
        olaparib, mastectomy = self.trial.interventions
        assert olaparib.other_names == ("Lynparza", "AZD2281")
        assert olaparib.arm_labels == ("Olaparib", "Surgery first")
        assert olaparib.description == "300 mg twice daily."
        assert (mastectomy.name, mastectomy.intervention_type) == ("Mastectomy", "PROCEDURE")

    def test_criteria_are_two_texts_without_the_fields_below(self) -> None:
        assert texts(self.trial, FieldKind.INCLUSION) == [
            "* Germline BRCA1 or BRCA2 mutation\n* No earlier PARP inhibitor"
        ]
        assert texts(self.trial, FieldKind.EXCLUSION) == ["* HER2-positive disease"]

    def test_organisations(self) -> None:
        assert self.trial.lead_sponsor == Sponsor(name="Beta Network")
        assert self.trial.collaborators == (
            Sponsor(name="Alpha Institute", sponsor_class="INDUSTRY"),
            Sponsor(name="Gamma Ministry", sponsor_class="OTHER_GOV"),
        )
        assert self.trial.officials == (
            Official(role="PRINCIPAL_INVESTIGATOR", affiliation="Beta University"),
            Official(role="STUDY_CHAIR", affiliation="Alpha Institute"),
        )
        assert [official.name for official in read(CATALOGUE_PAGE, with_contacts=True).officials] == [
            "Maria Muster",
            "Jo Muster",
        ]

    def test_sites_and_countries(self) -> None:
        assert self.trial.sites == (
            Site(
                facility="Beta Hospital",
                city="Springfield",
                state="Illinois",
                country="United States",
                status="RECRUITING",
            ),
            Site(facility="Gamma Hospital", city="Seoul", country="Korea, Republic of"),
            Site(city="Nameless City", country="Peru", status="WITHDRAWN"),
        )
        assert self.trial.countries == ("United States", "Korea, Republic of", "Peru")

    def test_references(self) -> None:
        assert [(ref.pmid, (ref.citation or "")[:8]) for ref in self.trial.references] == [("12345678", "Muster M")]

    def test_arms_without_the_list_of_interventions(self) -> None:
        start, end = CATALOGUE_PAGE.index("Interventions\n\nLearn"), CATALOGUE_PAGE.index("Eligibility Criteria")
        trial = read(CATALOGUE_PAGE[:start] + CATALOGUE_PAGE[end:])
        assert [arm.label for arm in trial.arms] == ["Olaparib", "Control", "Surgery first"]
        assert [one.name for one in trial.interventions] == ["Olaparib", "Mastectomy"]

    def test_groups_of_an_observational_study_have_no_type(self) -> None:
        start, end = CATALOGUE_PAGE.index("Olaparib\n\nTablets"), CATALOGUE_PAGE.index("Eligibility Criteria")
        groups = (
            "Cases\n\nWomen with the mutation.\n\nBlood test\n\nIntervention Type OTHER\n\nOne tube.\n\n"
            "Controls\n\nWomen without it.\n\nBlood test\n\nIntervention Type OTHER\n\nOne tube.\n\n"
            "Interventions\n\nLearn about what is done in this study.\n\n"
            "Blood test\n\nOne tube.\n\nIntervention Type OTHER\n\n"
        )
        trial = read(CATALOGUE_PAGE[:start] + groups + CATALOGUE_PAGE[end:])
        assert trial.arms == (
            Arm(label="Cases", description="Women with the mutation.", interventions=("Blood test",)),
            Arm(label="Controls", description="Women without it.", interventions=("Blood test",)),
        )

    @pytest.mark.parametrize(
        "outcomes",
        [
            "Survival\n\nUntil death.\n\nTime Frame: 5 years\n\nPain\n\nTime Frame: 1 week\n\n",
            "Survival\n\nTime Frame: 5 years\n\nUntil death.\n\nPain\n\nTime Frame: 1 week\n\nOn a scale.\n\n",
        ],
    )
    def test_outcomes_with_the_description_before_or_after(self, outcomes: str) -> None:
        at = CATALOGUE_PAGE.index("Eligibility Criteria")
        heading = "Secondary Outcomes\n\nSee what else is measured in the trial.\n\n"
        found = read(CATALOGUE_PAGE[:at] + heading + outcomes + CATALOGUE_PAGE[at:]).outcomes
        assert [(one.measure, one.time_frame, one.outcome_type) for one in found] == [
            ("Survival", "5 years", "SECONDARY"),
            ("Pain", "1 week", "SECONDARY"),
        ]
        assert found[0].description == "Until death."


class TestKeyValueLayout:
    trial = read(KEY_VALUE_PAGE)

    def test_values(self) -> None:
        assert self.trial.brief_title == "Durvalumab After Radiotherapy"
        assert self.trial.official_title == "A Phase 2 Study of Durvalumab"
        assert self.trial.overall_status == "TERMINATED"
        assert self.trial.why_stopped == "Slow accrual"
        assert self.trial.acronym is None
        assert self.trial.first_post_date == "2019-01-02"
        assert self.trial.lead_sponsor == Sponsor(name="Delta Hospital")
        assert self.trial.detailed_description is None

    def test_a_key_in_prose_is_the_authors(self) -> None:
        assert self.trial.brief_summary == "Durvalumab is given.\nStatus: this line is the author's."

    def test_modules(self) -> None:
        trial = read((EXAMPLES / "NCT99990005.html").read_bytes())
        assert [one.intervention_type for one in trial.interventions] == ["DIAGNOSTIC_TEST", "DIAGNOSTIC_TEST"]
        assert trial.interventions[0].other_names == ("Cerianna", "18F-FES")
        assert trial.arms[0].interventions == ("FES PET-CT", "FDG PET-CT")
        assert [one.outcome_type for one in trial.outcomes] == ["PRIMARY", "SECONDARY"]
        assert trial.conditions == ("Metastatic Breast Cancer", "Estrogen Receptor Positive Tumor")
        assert trial.sites == (Site(facility="Fjordland University Hospital", city="Bergen", country="Norway"),)
        assert "Healthy" not in texts(trial, FieldKind.ELIGIBILITY)[0]
        assert trial.accepts_healthy_volunteers is False


class TestFreeText:
    @pytest.mark.parametrize(
        ("sentence", "expected"),
        [
            ("241 patients will be enrolled.", 241),
            ("A total of 1 200 women with breast cancer will be included in this study.", 1200),
            ("The study will enroll approximately 60 adult patients.", 60),
            ("We plan to recruit 48 participants at two centers.", 48),
            ("In an earlier trial, 241 patients were enrolled.", None),
            ("30 patients will be enrolled in each arm.", None),
            ("The first 20 patients will be included in a substudy.", None),
            ("40 patients will be enrolled. 60 patients will be enrolled.", None),
            ("Follow-up of 24 months; all patients will be enrolled at one site.", None),
        ],
    )
    def test_enrollment(self, sentence: str, expected: int | None) -> None:
        assert self.with_summary(sentence).enrollment == expected

    @pytest.mark.parametrize(
        ("sentence", "expected"),
        [
            ("The TULIP-3 trial will compare two doses.", "TULIP-3"),
            ("The TULIP-3 trial showed that doses differ.", None),
            ("The Phase study will begin.", None),
            ("The ABC1 trial will end. The XYZ2 trial will begin.", None),
        ],
    )
    def test_acronym(self, sentence: str, expected: str | None) -> None:
        assert self.with_summary(sentence).acronym == expected

    @pytest.mark.parametrize(
        ("sentence", "expected"),
        [
            ("It will take place in 5 hospitals in Spain.", ("Spain",)),
            ("It will take place in 5 hospitals in Paris.", ()),
            ("It will take place in hospitals in France and Spain.", ()),
            ("Treatment in hospitals in Spain differs.", ()),
        ],
    )
    def test_country(self, sentence: str, expected: tuple[str, ...]) -> None:
        assert self.with_summary(sentence).countries == expected

    def test_a_partner_is_not_told_where_neither_leads(self) -> None:
        sentence = "This is a collaborative study between Omega Bank and the company Psi."
        assert self.with_summary(sentence).collaborators == ()

    def test_groups_and_design_of_a_page_that_is_cut(self) -> None:
        page = KEY_VALUE_PAGE.replace(
            "Durvalumab is given.",
            "This study is a prospective, observational cohort study. We will divide patients into a pause group and"
            " a continued treatment group.",
        )
        trial = read(page[: page.index("Detailed Description")])
        assert (trial.study_type, trial.observational_model, trial.time_perspective) == (
            "OBSERVATIONAL",
            "COHORT",
            "PROSPECTIVE",
        )
        assert [arm.label for arm in trial.arms] == ["pause group", "continued treatment group"]
        assert texts(trial, FieldKind.ARM_LABEL) == ["pause group", "continued treatment group"]

    @pytest.mark.parametrize(
        ("title", "expected"),
        [
            ("Imaging in Advanced HER2-Positive Breast Cancer", ("Advanced HER2-Positive Breast Cancer",)),
            ("Imaging in Patients With Early Lung Cancer: A Pilot", ("Early Lung Cancer",)),
            ("Imaging in Daily Practice", ()),
        ],
    )
    def test_condition_in_a_title(self, title: str, expected: tuple[str, ...]) -> None:
        assert read(KEY_VALUE_PAGE.replace("Durvalumab After Radiotherapy", title)).conditions == expected

    def test_a_stated_value_is_not_read_from_sentences(self) -> None:
        page = CATALOGUE_PAGE.replace("First paragraph.", "60 patients will be enrolled.")
        trial = read(page)
        assert trial.enrollment == 1024
        assert trial.free_text_facts == ()

    def with_summary(self, sentence: str) -> Trial:
        return read(KEY_VALUE_PAGE.replace("Durvalumab is given.", sentence))


class TestPageText:
    def test_cp1252_and_line_ends(self) -> None:
        assert read(SUMMARY_PAGE.replace("Rosenau", "Rosenäu").replace("\n", "\r\n").encode("cp1252")) is not None
        assert page_text("Größe\r\n≥ 5".encode()) == "Größe\n≥ 5"
        assert page_text("Größe".encode("cp1252")) == "Größe"

    def test_mojibake_is_repaired_only_where_certain(self) -> None:
        assert page_text("naïve".encode().decode("cp1252").encode()) == "naïve"
        assert page_text("Âge, CAFÉ® ≥ 2".encode()) == "Âge, CAFÉ® ≥ 2"

    def test_a_page_cut_within_a_character(self) -> None:
        assert page_text("naïve ≥".encode()[:-1]) == "naïve "

    def test_html(self) -> None:
        page = (
            b"<html><head><title>NCT ID: NCT00000001</title><script>1 < 2</script></head><body><nav>Home</nav>"
            b"<h2>A &amp;<br>B</h2><ul><li>x</li><li>y</li></ul><ol><li>one<li>two</ol>"
            b"<table><tr><th>NCT number</th><td>NCT99990009</td></tr></table>"
            b"<div><span class=t>P</span> <span class=t>Q</span></div><p>H<sub>2</sub>O</p></body></html>"
        )
        lines = [line for line in page_text(page).split("\n") if line]
        assert lines == ["A &", "B", "* x", "* y", "1. one", "2. two", "NCT number\tNCT99990009", "P", "Q", "H2O"]

    @given(st.binary(max_size=400))
    def test_any_bytes_give_text(self, payload: bytes) -> None:
        assert "\r" not in page_text(payload)


class TestRecognition:
    @pytest.mark.parametrize("page", [SUMMARY_PAGE, CATALOGUE_PAGE, KEY_VALUE_PAGE])
    def test_own_number(self, page: str) -> None:
        assert looks_like_page(page)
        assert find_nct_id(page) == NUMBER

    def test_a_cited_number_is_not_the_pages(self) -> None:
        assert (
            find_nct_id("Clinical Trial Summary\n\nAs in NCT00000001, …\n\nClinical Trial Description\n\nn/a") is None
        )

    @pytest.mark.parametrize(
        "text", ["", "A letter about NCT99990009.", '{"nctId": "NCT99990009"}', "# Title\n\nStatus"]
    )
    def test_other_texts(self, text: str) -> None:
        assert not looks_like_page(text)

    def test_what_is_no_page_is_refused(self) -> None:
        with pytest.raises(ReadError, match=r"page\.txt: not a registry page"):
            read("Dear colleague, NCT99990009 is a fine trial.")

    def test_an_impossible_date_names_its_section(self) -> None:
        with pytest.raises(ReadError, match="Start Date") as caught:
            read(SUMMARY_PAGE.replace("March 2021", "February 30, 2021"))
        assert caught.value.field == "Start Date"


PAGES = (
    SUMMARY_PAGE,
    CATALOGUE_PAGE,
    KEY_VALUE_PAGE,
    (EXAMPLES / "NCT99990004.txt").read_text(encoding="utf-8"),
    (EXAMPLES / "NCT99990005.html").read_text(encoding="utf-8"),
)


@pytest.mark.parametrize("page", PAGES)
def test_texts_are_pieces_of_the_page_at_places_of_their_own(page: str) -> None:
    trial = read(page, with_contacts=True)
    text = page_text(page.encode())
    assert all(field.text in text for field in trial.texts)
    locators = [field.locator for field in trial.texts]
    assert len(set(locators)) == len(locators)


@pytest.mark.parametrize("page", PAGES)
def test_no_contact_data_without_being_asked(page: str) -> None:
    shown = repr(read(page))
    assert not [
        word for word in ("Muster,", "@example", "0000000", "Eksempel", "Mustermann", "Exempel") if word in shown
    ]


@pytest.mark.parametrize("page", PAGES)
def test_a_page_cut_anywhere_keeps_what_stands_before_the_cut(page: str) -> None:
    whole = read(page)
    plain = page_text(page.encode())
    lines = plain.split("\n")
    for count in range(1, len(lines)):
        cut = "\n".join(lines[:count])
        if looks_like_page(cut):
            trial = read(cut)
            assert len(trial.arms) <= len(whole.arms)
            organisations = [sponsor and sponsor.name for sponsor in (whole.lead_sponsor, *whole.collaborators)]
            assert trial.lead_sponsor is None or trial.lead_sponsor.name in organisations


@pytest.mark.parametrize("page", [SUMMARY_PAGE, CATALOGUE_PAGE, KEY_VALUE_PAGE])
@pytest.mark.parametrize("tag", ["p", "li", "div"])
def test_html_of_a_page_says_the_same(page: str, tag: str) -> None:
    lines = [line.strip(" •*") for line in page.split("\n") if line.strip()]
    html = "<html><body>" + "".join(f"<{tag}>{escape(line)}</{tag}>" for line in lines) + "</body></html>"
    plain, marked = read(page), read(html)
    for name in (
        "phases",
        "conditions",
        "sites",
        "countries",
        "lead_sponsor",
        "collaborators",
        "officials",
        "enrollment",
    ):
        assert getattr(marked, name) == getattr(plain, name), name
    assert [arm.label for arm in marked.arms] == [arm.label for arm in plain.arms]
    assert [ref.pmid for ref in marked.references] == [ref.pmid for ref in plain.references]


def test_a_reference_needs_no_citation() -> None:
    page = CATALOGUE_PAGE.replace("Muster M, Muster J. Light and fatigue in a small trial. J Ex. 2020;1:1-2.\n\n", "")
    assert read(page).references == (Reference(pmid="12345678"),)
