"""The five pages that the project began with: what an expert reads in each of them. Skipped where they are not."""

from pathlib import Path

import pytest

from kg.models import Age, Arm, FieldKind, Official, RawRecord, Site, Sponsor, Trial
from kg.read import parse, scan
from kg.read.page_text import page_text

SEEDS = Path(__file__).parent.parent.parent / "shared" / "seeds"
NUMBERS = ("NCT03873428", "NCT05529862", "NCT06492447", "NCT07130344", "NCT07132502")

pytestmark = pytest.mark.skipif(not SEEDS.is_dir(), reason="../shared/seeds is not here")


def read(number: str) -> Trial:
    (raw,) = scan([SEEDS / f"{number}.txt"])
    assert isinstance(raw, RawRecord)
    trial = parse(raw)
    assert trial.nct_id == number
    return trial


def kinds(trial: Trial) -> dict[FieldKind, int]:
    return {kind: count for kind in FieldKind if (count := sum(text.kind is kind for text in trial.texts))}


def facts(trial: Trial) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for fact in trial.free_text_facts:
        found.setdefault(fact.field, []).append(fact.value)
    return found


def test_fes_pet() -> None:
    trial = read("NCT03873428")
    assert trial.study_type == "INTERVENTIONAL"
    assert trial.phases == ("NA",)
    assert trial.overall_status == "RECRUITING"
    assert (trial.start_date, trial.completion_date) == ("2021-10-18", "2025-10-18")
    assert trial.lead_sponsor == Sponsor(name="Centre Georges Francois Leclerc")
    assert trial.conditions == ("FES TEP in Detection of Estrogen Receptors", "Recurrence")
    assert kinds(trial) == {FieldKind.BRIEF_SUMMARY: 1, FieldKind.DETAILED_DESCRIPTION: 1, FieldKind.CONDITION: 2}
    assert trial.enrollment is None
    assert (trial.collaborators, trial.arms, trial.sites, trial.officials) == ((), (), (), ())
    assert trial.free_text_facts == ()


def test_ribociclib_samples() -> None:
    trial = read("NCT05529862")
    assert trial.study_type == "INTERVENTIONAL"
    assert trial.phases == ("NA",)
    assert trial.overall_status == "RECRUITING"
    assert (trial.start_date, trial.completion_date) == ("2023-06-20", "2027-10-01")
    assert trial.lead_sponsor == Sponsor(name="Institut Paoli-Calmettes")
    assert trial.collaborators == (Sponsor(name="Novartis"),)
    assert trial.enrollment == 241
    assert trial.acronym == "Trans-RosaLEE"
    assert trial.countries == ("France",)
    assert trial.conditions == ("RH+/HER2- mBC",)
    assert trial.detailed_description is None
    assert kinds(trial) == {FieldKind.BRIEF_SUMMARY: 1, FieldKind.CONDITION: 1}
    assert facts(trial) == {
        "enrollment": ["241"],
        "acronym": ["Trans-RosaLEE"],
        "collaborator": ["Novartis"],
        "country": ["France"],
        "condition": ["RH+/HER2- mBC"],
    }


def test_serum_her2() -> None:
    trial = read("NCT06492447")
    assert (trial.study_type, trial.observational_model, trial.time_perspective) == (
        "OBSERVATIONAL",
        "COHORT",
        "PROSPECTIVE",
    )
    assert trial.phases == ()
    assert trial.overall_status == "NOT_YET_RECRUITING"
    assert trial.enrollment == 50
    assert (trial.start_date, trial.completion_date) == ("2024-07-04", "2026-03-04")
    assert trial.last_update_date == trial.documents[0].version_date == "2024-07-09"
    assert trial.conditions == ("HER 2 Low-expressing Breast Cancer",)
    (arm,) = trial.arms
    assert arm == Arm(label="HER2 low-expressing", interventions=("Against HER 2-ADC Drug",))
    (intervention,) = trial.interventions
    assert (intervention.name, intervention.intervention_type) == ("Against HER 2-ADC Drug", "DRUG")
    assert intervention.arm_labels == ("HER2 low-expressing",)
    assert trial.minimum_age == Age(value=18, unit="years")
    assert trial.maximum_age is None
    assert trial.sex == "FEMALE"
    assert trial.accepts_healthy_volunteers is False
    assert trial.lead_sponsor == Sponsor(
        name="Tianjin Medical University Cancer Institute and Hospital", sponsor_class="OTHER"
    )
    assert trial.collaborators == (
        Sponsor(name="Shenzhen New Industries Biomedical Engineering Co., Ltd.", sponsor_class="UNKNOWN"),
    )
    assert (trial.org_study_id, trial.secondary_ids) == ("HR-BLTN-016", ())
    assert trial.officials == ()
    assert {FieldKind.INCLUSION, FieldKind.EXCLUSION, FieldKind.DETAILED_DESCRIPTION} <= set(kinds(trial))


def test_pet_ct_of_t_dxd() -> None:
    trial = read("NCT07130344")
    assert (trial.study_type, trial.phases) == ("INTERVENTIONAL", ("NA",))
    assert trial.overall_status == "NOT_YET_RECRUITING"
    assert (trial.allocation, trial.intervention_model) == ("RANDOMIZED", "PARALLEL")
    assert (trial.primary_purpose, trial.masking) == ("OTHER", "NONE")
    assert trial.enrollment == 262
    assert (trial.start_date, trial.completion_date) == ("2025-09-30", "2030-09-30")
    assert trial.last_update_date == "2025-09-10"
    assert len(trial.conditions) == 1
    assert "Metastatic Breast Cancer" in trial.conditions[0]
    assert "HER 2 Low-expressing Breast Cancer" in trial.conditions[0]
    assert [(arm.label, arm.arm_type, arm.interventions) for arm in trial.arms] == [
        ("SOC arm", "ACTIVE_COMPARATOR", ("TAP CT-scan", "Bone scintigraphy")),
        ("Experimental arm", "EXPERIMENTAL", ("18F-FDG PET-CT",)),
    ]
    assert [(one.name, one.intervention_type, one.arm_labels) for one in trial.interventions] == [
        ("TAP CT-scan", "PROCEDURE", ("SOC arm",)),
        ("Bone scintigraphy", "PROCEDURE", ("SOC arm",)),
        ("18F-FDG PET-CT", "PROCEDURE", ("Experimental arm",)),
    ]
    assert all(arm.description for arm in trial.arms)
    assert all(one.description for one in trial.interventions)
    assert trial.minimum_age == Age(value=18, unit="years")
    assert (trial.sex, trial.accepts_healthy_volunteers) == ("ALL", False)
    assert trial.lead_sponsor == Sponsor(name="Centre Paul Strauss", sponsor_class="OTHER")
    assert trial.officials == (
        Official(role="PRINCIPAL_INVESTIGATOR", affiliation="Institut de cancérologie Strasbourg Europe"),
    )
    assert trial.sites == (Site(facility="ICANS", city="Strasbourg", country="France"),)
    assert trial.countries == ("France",)
    assert trial.org_study_id == "2024-008"
    inclusion, exclusion = (
        next(text.text for text in trial.texts if text.kind is kind)
        for kind in (FieldKind.INCLUSION, FieldKind.EXCLUSION)
    )
    assert len(inclusion.split("\n")) == 9
    assert len(exclusion.split("\n")) == 8


def test_ctdna_mrd_on_the_page_that_is_cut() -> None:
    trial = read("NCT07132502")
    assert trial.overall_status == "NOT_YET_RECRUITING"
    assert (trial.first_post_date, trial.last_update_date) == ("2025-07-06", "2025-08-20")
    assert trial.status_verified_date == "2025-08"
    assert trial.lead_sponsor == Sponsor(name="Cancer Institute and Hospital, Chinese Academy of Medical Sciences")
    assert (trial.brief_title or "").endswith("Advanced HER2-Positive Breast Cancer")
    assert (trial.official_title or "").startswith("Treatment Intermittent Periods Based on ctDNA-MRD")
    assert (trial.acronym, trial.why_stopped, trial.detailed_description) == (None, None, None)
    assert (trial.study_type, trial.observational_model, trial.time_perspective) == (
        "OBSERVATIONAL",
        "COHORT",
        "PROSPECTIVE",
    )
    assert [arm.label for arm in trial.arms] == ["drug intermission group", "continued salvage treatment group"]
    assert trial.conditions == ("Advanced HER2-Positive Breast Cancer",)
    assert set(facts(trial)) == {"study_type", "observational_model", "time_perspective", "arm", "condition"}


@pytest.mark.parametrize("number", NUMBERS)
def test_every_text_and_every_fact_is_found_in_the_page(number: str) -> None:
    trial = read(number)
    page = page_text((SEEDS / f"{number}.txt").read_bytes())
    assert all(text.text in page for text in trial.texts)
    assert all(fact.span.quote in page for fact in trial.free_text_facts)
    assert trial.unknown_codes == ()


@pytest.mark.parametrize("number", NUMBERS)
def test_no_contact_is_kept(number: str) -> None:
    """A contact's line follows its label: those lines, and all with digits to dial, must not be in the trial."""
    page = page_text((SEEDS / f"{number}.txt").read_bytes())
    lines = [line.strip() for line in page.split("\n") if line.strip()]
    hidden = [line.partition(" ")[2] for line in lines if line.startswith(("Contact ", "Phone ", "Email "))]
    for above, line, below in zip(lines, lines[1:], lines[2:], strict=False):
        if line.startswith("Role: "):
            hidden.append(above)
            hidden += [below] if line in ("Role: CONTACT", "Role: primary") else []
    shown = repr(read(number))
    assert [value for value in hidden if value in shown] == []
