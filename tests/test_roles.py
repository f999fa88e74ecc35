import pytest
from conftest import eligibility, make_field, make_trial
from hypothesis import given
from hypothesis import strategies as st

import kg
from kg.extract import MEASURING_GROUPS, Extractor
from kg.extract.roles import procedures_under
from kg.models import Arm, ConceptType, FieldKind, Group, Intervention, Operator, Polarity, Role, Statement, Trial
from kg.terminology import Terminology

Said = tuple[str, str]
WEAK = (Role.MENTIONS, Role.CONDITION)


def said(statement: Statement) -> Said:
    name = f"{statement.concept.pref_label} {statement.state}" if statement.state else statement.concept.pref_label
    return statement.role.value, name


def strong(extractor: Extractor, trial: Trial) -> list[Said]:
    """Return what is stronger than a mention."""
    return [said(statement) for statement in extractor.find(trial).statements if statement.role not in WEAK]


def in_text(extractor: Extractor, kind: FieldKind, text: str) -> list[Said]:
    return strong(extractor, make_trial((kind, text)))


@pytest.mark.parametrize(
    ("item", "expected"),
    [
        ("HER2-positive disease", [("requiresMarkerState", "HER2 positive")]),
        ("HR+/HER2-", [("requiresMarkerState", "hormone receptor positive"), ("requiresMarkerState", "HER2 negative")]),
        ("ER and/or PR positive", [("requiresMarkerState", "ER positive"), ("requiresMarkerState", "PR positive")]),
        ("Tumour is not HER2-positive", [("excludesMarkerState", "HER2 positive")]),
        (
            "no EGFR mutation or ALK rearrangement",
            [("excludesMarkerState", "EGFR mutated"), ("excludesMarkerState", "ALK fusion")],
        ),
        (
            "A mutation in any of the following genes: EGFR, BRAF",
            [("requiresMarkerState", "EGFR mutated"), ("requiresMarkerState", "BRAF mutated")],
        ),
        ("Absence of 1p/19q codeletion", [("requiresMarkerState", "1p/19q codeletion negative")]),
        ("Mutations in EGFR were not found", [("excludesMarkerState", "EGFR mutated")]),
        ("ALK rearrangements absent", [("excludesMarkerState", "ALK fusion")]),
        ("Fusions of MET or RET have been excluded", []),
        ("MET amplification negative", [("excludesMarkerState", "MET amplified")]),
        (
            "EGFR mutation, HER2 negative",
            [("requiresMarkerState", "EGFR mutated"), ("requiresMarkerState", "HER2 negative")],
        ),
        ("Tumours that express CD70", [("requiresMarkerState", "CD70 expressed")]),
        (
            "Without mutations in any of the following genes: EGFR, BRAF",
            [("excludesMarkerState", "EGFR mutated"), ("excludesMarkerState", "BRAF mutated")],
        ),
        ("Results of testing for mutations in EGFR and BRAF", []),
        ("CD70 expression must be determined", []),
        ("If mutations in EGFR or BRAF are present, prior treatment with an inhibitor", []),
        ("Genes of the panel: EGFR, BRAF", []),
        ("HER2-positive tumours are not eligible", [("excludesMarkerState", "HER2 positive")]),
        ("free of ESR1 mutations", [("excludesMarkerState", "ESR1 mutated")]),
        ("HER2-positive or HER2-negative disease", []),
        ("HER2 status is known", []),
        ("HER2 positivity is not required", []),
        ("regardless of HER2-positive disease elsewhere", []),
        ("Prior trastuzumab and a taxane", [("requiresTreatment", "trastuzumab"), ("requiresTreatment", "taxane")]),
        ("Progression on osimertinib", [("requiresTreatment", "osimertinib")]),
        ("No prior trastuzumab", [("excludesTreatment", "trastuzumab")]),
        ("Chemotherapy-naive", [("excludesTreatment", "chemotherapy")]),
        ("Must not have received a PARP inhibitor", [("excludesTreatment", "PARP inhibitor")]),
        ("Prior trastuzumab is allowed", []),
        ("May have received prior docetaxel", []),
        ("Candidates for letrozole", []),
        ("No allergy to docetaxel", []),
        ("Estrogen receptor positive or negative", []),
        ("Positive or negative for HLA-A2", []),
        ("If estrogen receptor positive, then letrozole is given", []),
        ("A negative result from any EGFR mutation test", []),
        ("Tested for EGFR T790M", []),
        ("At least 2 x 10^6 CD34+ cells/kg", []),
        ("EGFR mutation-negative", [("requiresMarkerState", "EGFR wild-type")]),
        ("Not eligible: HER2-positive disease", [("excludesMarkerState", "HER2 positive")]),
        ("No more than 1 prior chemotherapy regimen", []),
        ("Up to 2 prior lines of chemotherapy", []),
        ("0-1 prior lines of chemotherapy", []),
        ("For whom chemotherapy is not clinically indicated", []),
        ("No chemotherapy within 4 weeks (6 weeks for nitrosoureas)", [("excludesTreatment", "chemotherapy")]),
        ("Use of contraception such as Depot Provera", []),
        ("Patients currently taking tamoxifen must stop", []),
        ("Progression, whether or not on hormonal therapy", []),
        ("Docetaxel has not been given or has been stopped for more than a year", []),
        ("Never received docetaxel, or has received docetaxel long ago", []),
        ("Failed letrozole or declined to take docetaxel", [("requiresTreatment", "letrozole")]),
        ("Current enrolment in a docetaxel research protocol", []),
        ("Adverse events from prior radiotherapy, docetaxel or surgery have resolved", []),
        ("PSA of at least 1 ng/mL in patients with prior prostatectomy", []),
        ("Prior adjuvant docetaxel is considered one regimen", []),
        ("Eligibility to receive docetaxel", []),
        ("Prior therapy and able to switch to docetaxel", []),
        ("Currently off docetaxel", [("excludesTreatment", "docetaxel")]),
        ("Prior docetaxel is not a cause for exclusion", []),
        ("No prior docetaxel Radiotherapy: Not specified", [("excludesTreatment", "docetaxel")]),
        ("No prior surgery for HER2-positive disease", [("excludesTreatment", "surgical procedure")]),
        ("No infection requiring an antibiotic", []),
        ("No chemotherapy within the past 4 weeks", [("excludesTreatment", "chemotherapy")]),
        ("No preoperative chemotherapy", [("excludesTreatment", "chemotherapy")]),
        (
            "No concurrent hormonal therapy, e.g. letrozole or tamoxifen",
            [
                ("excludesTreatment", "endocrine therapy"),
                ("excludesTreatment", "letrozole"),
                ("excludesTreatment", "tamoxifen"),
            ],
        ),
        ("Negative pregnancy test", [("assessment", "pregnancy test")]),
        ("Pregnancy test is negative", [("assessment", "pregnancy test")]),
        ("No metastases as seen on bone scan", [("assessment", "bone scintigraphy")]),
        ("No pregnancy test is required", []),
        ("With/without HER2-positive disease", []),
        ("AML in remission except AML with a good karyotype: t(15; 17), inv(16), t(8;21)", []),
        ("AML in remission except AML with a good karyotype: AML M3 (t15; 17), AML (inv 16)", []),
        ("Concurrent letrozole (L) with or without docetaxel are allowed", []),
        ("No prior radiotherapy to more than 25% of the bone marrow", []),
        (
            "Prior chemotherapy, with a lesion outside of any prior radiation port",
            [("requiresTreatment", "chemotherapy")],
        ),
        (
            "After prior docetaxel (bone marrow transplantation counts as 2 regimens)",
            [("requiresTreatment", "docetaxel")],
        ),
        (
            "Recurrence after docetaxel that is incurable by surgery or radiotherapy",
            [("requiresTreatment", "docetaxel")],
        ),
        ("Patients taking hormones, such as letrozole, must be on a stable dose", []),
        ("No prior docetaxel OR Adjuvant chemotherapy only", [("excludesTreatment", "docetaxel")]),
        (
            "Previous docetaxel for locally advanced, metastatic or recurrent disease has not been given",
            [("excludesTreatment", "docetaxel")],
        ),
        ("Prior docetaxel was never given", [("excludesTreatment", "docetaxel")]),
        ("Prior docetaxel must not have been given", [("excludesTreatment", "docetaxel")]),
        ("No history of perforation while on prior docetaxel", []),
        ("Average use of docetaxel less than 3 days per month", []),
        ("No prior malignancy for which the patient received docetaxel", []),
        (
            "Prior chemotherapy, no under or over production of hormones (e.g., testosterone)",
            [("requiresTreatment", "chemotherapy")],
        ),
        ("Diagnosis made by one of the palliative care specialists receiving patients", []),
        ("Progression following blockade of testicular and adrenal androgens", []),
        ("Anaemia not attributed to chemotherapy, docetaxel, or infection", []),
        ("Conditions that increase the risk for undergoing allogeneic bone marrow transplantation", []),
    ],
)
def test_inclusion(extractor: Extractor, item: str, expected: list[Said]) -> None:
    assert in_text(extractor, FieldKind.ELIGIBILITY, eligibility(inclusion=[item])) == expected


@pytest.mark.parametrize(
    ("item", "expected"),
    [
        ("HER2-positive disease", [("excludesMarkerState", "HER2 positive")]),
        (
            "Known EGFR mutation, ALK or ROS1 rearrangement",
            [
                ("excludesMarkerState", "EGFR mutated"),
                ("excludesMarkerState", "ALK fusion"),
                ("excludesMarkerState", "ROS1 fusion"),
            ],
        ),
        ("Absence of HER2 amplification", []),
        ("Any tumour that is not HER2-positive", []),
        ("Any marker, unless HER2-positive", []),
        ("Prior CDK4/6 inhibitor", [("excludesTreatment", "CDK4/6 inhibitor")]),
        ("Current use of tamoxifen", [("excludesTreatment", "tamoxifen")]),
        ("No prior trastuzumab", []),
        ("Has not received docetaxel", []),
        ("Allergy to docetaxel", []),
        ("Prior docetaxel is allowed", []),
        ("Any systemic therapy other than letrozole", []),
        ("Must have HER2-positive status", []),
        ("HER2-positive disease, unless treated with trastuzumab", []),
        ("More than 2 prior lines of chemotherapy", []),
        ("Approved tyrosine kinase inhibitors are permissible", []),
        ("Last dose of study drug or placebo", []),
        ("Opioid overdose", []),
        ("Unknown HER2 status", []),
        ("Known estrogen or testosterone-dependent tumors", []),
        ("Progesterone-sensitive disease", []),
    ],
)
def test_exclusion(extractor: Extractor, item: str, expected: list[Said]) -> None:
    assert in_text(extractor, FieldKind.ELIGIBILITY, eligibility(exclusion=[item])) == expected


@pytest.mark.parametrize(
    "item",
    [
        "HER2-positive",
        "ER-positive and PR-positive",
        "BRCA1 mutation",
        "trastuzumab",
        "prior trastuzumab",
        "PD-L1 high",
    ],
)
def test_an_exclusion_never_requires(extractor: Extractor, item: str) -> None:
    found = in_text(extractor, FieldKind.ELIGIBILITY, eligibility(exclusion=[item]))
    assert not [name for role, name in found if role.startswith("requires")]


@pytest.mark.parametrize("item", ["HER2-positive disease", "prior trastuzumab", "BRCA1 mutation", "elevated PSA"])
@pytest.mark.parametrize("negation", ["no", "not", "without", "absence of", "no history of", "must not have"])
def test_a_negated_finding_is_never_asked_for(extractor: Extractor, negation: str, item: str) -> None:
    found = in_text(extractor, FieldKind.ELIGIBILITY, eligibility(inclusion=[f"{negation} {item}"]))
    assert not [name for role, name in found if role.startswith("requires")]


@pytest.mark.parametrize(
    ("kind", "text", "expected"),
    [
        (FieldKind.CONDITION, "HER2-positive Breast Cancer", [("requiresMarkerState", "HER2 positive")]),
        (FieldKind.CONDITION, "Breast Cancer", []),
        (FieldKind.KEYWORD, "HER2-positive", [("requiresMarkerState", "HER2 positive")]),
        (FieldKind.KEYWORD, "leukemia with t(8;21)", []),
        (
            FieldKind.BRIEF_TITLE,
            "Ribociclib in HR-positive, HER2-negative Breast Cancer",
            [
                ("investigates", "ribociclib"),
                ("requiresMarkerState", "hormone receptor positive"),
                ("requiresMarkerState", "HER2 negative"),
            ],
        ),
        (FieldKind.BRIEF_TITLE, "Monitoring of ctDNA", [("measuresMarker", "ctDNA")]),
        (FieldKind.BRIEF_TITLE, "Wild-Type TP53 Gene Therapy for Malignant Gliomas", []),
        (FieldKind.BRIEF_TITLE, "Care Without Chemotherapy", []),
        (
            FieldKind.BRIEF_TITLE,
            "Combination Chemotherapy Followed by Surgery in Treating Women With Cancer",
            [("investigates", "chemotherapy")],
        ),
        (
            FieldKind.BRIEF_TITLE,
            "Radiation Followed by Peripheral Blood Stem Cell Transplantation in Treating Women With Cancer",
            [("investigates", "peripheral blood stem cell transplantation")],
        ),
        (FieldKind.BRIEF_TITLE, "Phase I Trial of Adjuvant Chemotherapy", [("investigates", "chemotherapy")]),
        (FieldKind.OUTCOME_MEASURE, "Change in ctDNA", [("measuresMarker", "ctDNA")]),
        (FieldKind.OUTCOME_MEASURE, "Progression-free survival", []),
        (
            FieldKind.BRIEF_SUMMARY,
            "This study will enrol patients with HER2-positive breast cancer.",
            [("requiresMarkerState", "HER2 positive")],
        ),
        (FieldKind.BRIEF_SUMMARY, "Patients will be stratified by HER2 status.", [("stratifiesBy", "HER2")]),
        (
            FieldKind.BRIEF_SUMMARY,
            "The aim is to assess whether ctDNA predicts survival.",
            [("measuresMarker", "ctDNA")],
        ),
        (FieldKind.BRIEF_SUMMARY, "Patients will receive ribociclib.", [("investigates", "ribociclib")]),
    ],
)
def test_other_texts(extractor: Extractor, kind: FieldKind, text: str, expected: list[Said]) -> None:
    assert in_text(extractor, kind, text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "Trastuzumab improved survival in HER2-positive breast cancer.",
        "HER2-positive breast cancer is treated with trastuzumab.",
        "In an earlier trial, patients with HER2-positive disease received trastuzumab.",
        "Previous studies showed that women with ER-positive tumours will benefit from tamoxifen.",
        "Doe et al. randomised patients with EGFR mutations to osimertinib.",
        "Palbociclib was approved for patients who will receive letrozole.",
        "About half of all tumours are PD-L1 positive.",
        "Alpelisib targets PIK3CA-mutated tumours.",
        "Trastuzumab will not be given to patients.",
        "About 20% of patients with breast cancer will have HER2-positive tumours.",
        "Patients with ER-positive breast cancer will often relapse on tamoxifen.",
        "Subjects with EGFR mutation will develop resistance to osimertinib.",
    ],
)
@pytest.mark.parametrize("kind", [FieldKind.BRIEF_SUMMARY, FieldKind.DETAILED_DESCRIPTION])
def test_background_gives_mentions_and_no_more(extractor: Extractor, kind: FieldKind, text: str) -> None:
    found = extractor.find(make_trial((kind, text))).statements
    assert found
    assert {statement.role for statement in found} == {Role.MENTIONS}


def test_a_long_list_is_denied_to_its_end(extractor: Extractor) -> None:
    drugs = [
        "trastuzumab",
        "pertuzumab",
        "lapatinib",
        "neratinib",
        "tucatinib",
        "margetuximab",
        "ribociclib",
        "abemaciclib",
    ]
    text = f"No prior {', '.join(drugs[:-1])} or {drugs[-1]} in any setting"
    found = in_text(extractor, FieldKind.ELIGIBILITY, eligibility(inclusion=[text]))
    assert found == [("excludesTreatment", drug) for drug in drugs]


def test_conditions_that_name_both_sides_ask_for_neither(extractor: Extractor) -> None:
    names = ("HER2-positive Breast Cancer", "HER2-negative Breast Cancer")
    trial = make_trial(*((FieldKind.CONDITION, name) for name in names), conditions=names)
    assert strong(extractor, trial) == []


@pytest.mark.parametrize("name", ["Placebo", "Tadalafil placebo", "Placebo for ribociclib"])
def test_a_placebo_is_never_under_test(extractor: Extractor, name: str) -> None:
    trial = make_trial((FieldKind.INTERVENTION_NAME, name), interventions=(Intervention(name=name),))
    assert set(strong(extractor, trial)) <= {("comparator", "placebo")}


def trial_of_arms(arms: list[tuple[str, tuple[str, ...]]]) -> Trial:
    """Return a trial from its arms: the kind and the names of the interventions."""
    names = list(dict.fromkeys(name for _, given in arms for name in given))
    return make_trial(
        *((FieldKind.INTERVENTION_NAME, name) for name in names),
        arms=tuple(
            Arm(label=f"arm {number}", arm_type=kind, interventions=given) for number, (kind, given) in enumerate(arms)
        ),
        interventions=tuple(Intervention(name=name, intervention_type="DRUG") for name in names),
    )


NEW, OLD, DUMMY, BOTH = ("ribociclib",), ("letrozole",), ("placebo",), ("ribociclib", "letrozole")
TEST, CONTROL, PLACEBO = "EXPERIMENTAL", "ACTIVE_COMPARATOR", "PLACEBO_COMPARATOR"


@pytest.mark.parametrize(
    ("arms", "roles"),
    [
        ([(TEST, BOTH), (CONTROL, OLD)], ["investigates", "background"]),
        ([(TEST, NEW), (CONTROL, OLD)], ["investigates", "comparator"]),
        ([(TEST, NEW), (PLACEBO, DUMMY)], ["investigates", "comparator"]),
        ([(TEST, NEW), (TEST, BOTH), (CONTROL, OLD)], ["investigates", "investigates"]),
        ([(TEST, BOTH), (TEST, OLD), (CONTROL, OLD)], ["investigates", "background"]),
        ([(TEST, BOTH)], ["investigates", "investigates"]),
        ([(TEST, OLD), (CONTROL, OLD)], ["investigates"]),
        ([("OTHER", OLD)], ["investigates"]),
    ],
)
def test_the_arms_settle_the_role(
    extractor: Extractor, arms: list[tuple[str, tuple[str, ...]]], roles: list[str]
) -> None:
    assert [role for role, _ in strong(extractor, trial_of_arms(arms))] == roles


def test_arms_named_by_the_intervention_count_as_well(extractor: Extractor) -> None:
    trial = make_trial(
        (FieldKind.INTERVENTION_NAME, "ribociclib"),
        (FieldKind.INTERVENTION_NAME, "palbociclib"),
        arms=(Arm(label="A", arm_type="EXPERIMENTAL"), Arm(label="B", arm_type="ACTIVE_COMPARATOR")),
        interventions=(
            Intervention(name="ribociclib", arm_labels=("A",)),
            Intervention(name="palbociclib", arm_labels=("B",)),
        ),
    )
    assert strong(extractor, trial) == [("investigates", "ribociclib"), ("comparator", "palbociclib")]


def test_every_drug_procedure_and_marker_is_said_once(extractor: Extractor) -> None:
    text = eligibility(inclusion=["HER2-positive breast cancer", "prior trastuzumab"], exclusion=["EGFR mutation"])
    found = extractor.find(make_trial((FieldKind.ELIGIBILITY, text)))
    assert [it.span.quote for mentions in found.mentions for it in mentions] == [
        "HER2-positive breast cancer",
        "HER2-positive",
        "trastuzumab",
        "EGFR mutation",
    ]
    assert [it.span.quote for it in found.statements] == ["HER2-positive", "trastuzumab", "EGFR mutation"]


def test_what_treats_and_what_measures(terminology: Terminology) -> None:
    measuring = procedures_under(terminology.concepts, MEASURING_GROUPS)
    assert all(terminology.concepts[iri].concept_type is ConceptType.PROCEDURE for iri in measuring)
    labels = {terminology.concepts[iri].pref_label for iri in measuring}
    assert {"biopsy", "immunohistochemistry", "PET-CT", "bone scintigraphy", "diagnostic imaging"} <= labels
    assert not {"mastectomy", "radiotherapy", "exercise", "psychotherapy"} & labels


def test_every_measuring_group_is_in_the_terminology(terminology: Terminology) -> None:
    assert [group for group in MEASURING_GROUPS if not procedures_under(terminology.concepts, [group])] == []


PIECES = (
    "Inclusion Criteria:",
    "Exclusion Criteria:",
    "\n\n",
    "\n* ",
    "no ",
    "prior ",
    "HER2",
    "-positive",
    "-negative",
    " and ",
    " or ",
    "/",
    "trastuzumab",
    "ER",
    "+",
    "-",
    ", ",
    "PET-CT",
    "breast cancer",
    " (",
    ")",
    "patients with ",
    "will receive ",
    "This study ",
    ". ",
    "1. ",
    "Age 18 to 70 years",
    "ECOG 0-1",
    "IHC 2+",
    "ISH-negative",
    "🧬",
    "\x00",
    "\u2028",
)
TEXTS = st.lists(st.sampled_from(PIECES) | st.text(max_size=6), max_size=30).map("".join).filter(str.strip)


@given(st.sampled_from(FieldKind), TEXTS)
def test_any_text_in_any_field_is_read(extractor: Extractor, kind: FieldKind, text: str) -> None:
    trial = make_trial(
        (kind, text), conditions=(text,), interventions=(Intervention(name=text),), arms=(Arm(label=text),)
    )
    found = extractor.find(trial)
    for statement in found.statements:
        assert statement.span.text == make_field(text, kind)
        assert 0 < statement.confidence <= 1
        assert statement.state is None or statement.role in (Role.REQUIRES_MARKER_STATE, Role.EXCLUDES_MARKER_STATE)
    assert [criterion.order for criterion in found.criteria] == list(range(len(found.criteria)))
    assert extractor.find(trial) == found


def test_a_list_under_a_label_that_allows_asks_for_nothing(extractor: Extractor) -> None:
    text = "Inclusion Criteria\n\nPrior Medication:\n\nAllowed:\n\n  -  Prior docetaxel.\n\n  -  Prior letrozole.\n"
    assert in_text(extractor, FieldKind.ELIGIBILITY, text) == []
    required = text.replace("Allowed:", "Required:")
    assert in_text(extractor, FieldKind.ELIGIBILITY, required) == [
        ("requiresTreatment", "docetaxel"),
        ("requiresTreatment", "letrozole"),
    ]


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        (FieldKind.OUTCOME_MEASURE, "Proliferation by a monoclonal antibody against HER2"),
        (FieldKind.OUTCOME_MEASURE, "Effects of HER2 vaccines"),
        (FieldKind.BRIEF_TITLE, "Evaluating HER2-targeted drugs"),
        (FieldKind.BRIEF_SUMMARY, "The aim is to evaluate the pharmacokinetics of CD4-IgG."),
        (FieldKind.BRIEF_SUMMARY, "The aim is to assess the value of administering HER2 peptide."),
        (FieldKind.BRIEF_SUMMARY, "The aim is to evaluate reinfusion of autologous CD4+ T cells."),
        (FieldKind.BRIEF_SUMMARY, "The aim is to evaluate programmed death-ligand 1 (PD-L1) inhibitors."),
    ],
)
def test_a_marker_in_the_name_of_a_drug_is_not_measured(extractor: Extractor, kind: FieldKind, text: str) -> None:
    assert [name for role, name in in_text(extractor, kind, text) if role == "measuresMarker"] == []


def procedures(extractor: Extractor, kind: FieldKind, text: str) -> list[Said]:
    return list(dict.fromkeys(it for it in in_text(extractor, kind, text) if it[0] == "assessment"))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Quality of life is assessed every 4 weeks.", ["quality-of-life assessment"]),
        ("IV. Assess the quality of life of these patients.", ["quality-of-life assessment"]),
        ("Patients undergo mammography before surgery.", ["mammography"]),
        ("Patients also complete a questionnaire.", ["questionnaire"]),
        ("Samples are analyzed by ELISA.", ["ELISA"]),
        ("Blood samples are collected at week 2.", ["blood draw"]),
        ("Patients receive filgrastim daily until blood counts recover.", []),
    ],
)
def test_what_is_done_is_assessed(extractor: Extractor, text: str, expected: list[str]) -> None:
    found = procedures(extractor, FieldKind.DETAILED_DESCRIPTION, text)
    assert found == [("assessment", name) for name in expected]


@pytest.mark.parametrize(
    ("item", "expected"),
    [
        ("No evidence of distant metastasis on chest x-ray or bone scan", ["chest X-ray", "bone scintigraphy"]),
        ("Ejection fraction at least 50 % on echocardiography", ["echocardiography"]),
        ("Must undergo brain MRI", ["brain MRI"]),
        ("Must have a baseline mammogram", ["mammography"]),
        ("Ejection fraction is required (echocardiogram or MUGA scan)", ["echocardiography", "MUGA scan"]),
        ("Spirometry at least 50 % of predicted", ["spirometry"]),
        ("Must have tumour accessible for biopsy", []),
        ("No other mass, unless proven benign by biopsy", []),
        ("White blood cell count > 3000/mm3", []),
        ("Measurable disease after biopsy", []),
    ],
)
def test_tests_of_entry(extractor: Extractor, item: str, expected: list[str]) -> None:
    found = procedures(extractor, FieldKind.ELIGIBILITY, eligibility(inclusion=[item]))
    assert found == [("assessment", name) for name in expected]


def roles_of(extractor: Extractor, description: str, *names: str) -> list[Said]:
    """Return the roles of interventions without typed arms, of which a description tells the arms."""
    trial = make_trial(
        *((FieldKind.INTERVENTION_NAME, name) for name in names),
        (FieldKind.DETAILED_DESCRIPTION, description),
        interventions=tuple(Intervention(name=name) for name in names),
    )
    return [it for it in strong(extractor, trial) if it[0] in ("investigates", "background")]


@pytest.mark.parametrize(
    ("description", "expected"),
    [
        ("Arm I: Patients receive docetaxel. Arm II: Patients receive docetaxel and cisplatin.",
         [("background", "docetaxel"), ("investigates", "cisplatin")]),
        ("Arm I: Patients receive docetaxel. Arm II: Patients receive cisplatin.",
         [("investigates", "docetaxel"), ("investigates", "cisplatin")]),
        ("Arm A: Patients receive docetaxel. Arm B: Patients receive chemotherapy as in arm A and cisplatin.",
         [("background", "docetaxel"), ("investigates", "cisplatin")]),
        ("Arm A: Patients receive docetaxel. Arm B: Patients receive cisplatin on the same days as in arm A.",
         [("investigates", "docetaxel"), ("investigates", "cisplatin")]),
        ("Arm I: Patients receive docetaxel. Arm II: Patients receive docetaxel and cisplatin. Arm III: Patients "
         "receive docetaxel and cisplatin monthly.", [("background", "docetaxel"), ("investigates", "cisplatin")]),
        ("Arm I: Patients receive docetaxel and cisplatin. Arm II: Patients receive docetaxel without cisplatin.",
         [("background", "docetaxel"), ("investigates", "cisplatin")]),
        ("Patients receive docetaxel. Arm I: Patients receive cisplatin. Arm II: Patients receive no more.",
         [("background", "docetaxel"), ("investigates", "cisplatin")]),
        ("Arm I: Patients receive cisplatin. Arm II: Patients are observed. All patients receive docetaxel.",
         [("background", "docetaxel"), ("investigates", "cisplatin")]),
        ("Arm I: Patients receive cisplatin and docetaxel. Arm II: Patients receive docetaxel and cisplatin weekly.",
         [("investigates", "docetaxel"), ("investigates", "cisplatin")]),
        ("Patients receive docetaxel and cisplatin.", [("investigates", "docetaxel"), ("investigates", "cisplatin")]),
    ],
)  # fmt: skip
def test_arms_that_only_the_description_tells_apart(
    extractor: Extractor, description: str, expected: list[Said]
) -> None:
    assert roles_of(extractor, description, "docetaxel", "cisplatin") == expected


@pytest.mark.parametrize(
    ("item", "expected"),
    [
        ("Scheduled for elective mastectomy", [("requiresTreatment", "mastectomy")]),
        ("Willing to undergo mastectomy", [("requiresTreatment", "mastectomy")]),
        ("Invasive cancer for which a mastectomy was performed", [("requiresTreatment", "mastectomy")]),
        ("Complete removal by mastectomy", [("requiresTreatment", "mastectomy")]),
        ("Completed induction chemotherapy", [("requiresTreatment", "chemotherapy")]),
        ("Failed prior trastuzumab with or without docetaxel", [("requiresTreatment", "trastuzumab")]),
        ("No concurrent rifampin or fluconazole (allowed at a low dose)", [("excludesTreatment", "rifampin")]),
        ("No concurrent rifampin (allowed at a low dose)", []),
        ("No prior doxorubicin of total dose exceeding 240 mg/m2", []),
        ("No prior high-dose chemotherapy", []),
        ("Completed six months of non-operative treatment", []),
        ("Candidates for mastectomy", []),
    ],
)  # fmt: skip
def test_treatments_that_are_planned_done_or_limited(extractor: Extractor, item: str, expected: list[Said]) -> None:
    assert in_text(extractor, FieldKind.ELIGIBILITY, eligibility(inclusion=[item])) == expected


@pytest.mark.parametrize(("study_type", "role"), [("OBSERVATIONAL", "assessment"), ("INTERVENTIONAL", "investigates")])
def test_assays_are_the_tools_of_an_observational_study(extractor: Extractor, study_type: str, role: str) -> None:
    names = ("immunohistochemistry", "questionnaire")
    trial = make_trial(
        *((FieldKind.INTERVENTION_NAME, name) for name in names),
        interventions=tuple(Intervention(name=name) for name in names),
        study_type=study_type,
    )
    assert strong(extractor, trial) == [(role, name) for name in names]


@pytest.mark.parametrize(
    "lead",
    [
        "Patients must not have:", "None of the following:", "Absence of any of the following:", "You cannot join if:",
        "No prior:", "Contraindications:", "<b>Exclusion Criteria</b>", "Critères d'exclusion :",
        "Criterios de exclusión:", "Ausschlusskriterien:",
    ],
)  # fmt: skip
def test_a_line_that_denies_what_is_below_it(extractor: Extractor, lead: str) -> None:
    text = f"Inclusion Criteria:\n- HER2 positive\n\n{lead}\n\n- EGFR mutation\n- prior trastuzumab"
    statements = extractor.find(make_trial((FieldKind.ELIGIBILITY, text))).statements
    assert {(it.role, it.concept.pref_label) for it in statements} == {
        (Role.REQUIRES_MARKER_STATE, "HER2"), (Role.EXCLUDES_MARKER_STATE, "EGFR"),
        (Role.EXCLUDES_TREATMENT, "trastuzumab"),
    }  # fmt: skip


@pytest.mark.parametrize("lead", ["Patients must have:", "Patients who do not have ascites must have:"])
def test_a_line_that_asks_for_what_is_below_it(extractor: Extractor, lead: str) -> None:
    text = f"Inclusion Criteria:\n- HER2 positive\n\n{lead}\n\n- EGFR mutation"
    statements = extractor.find(make_trial((FieldKind.ELIGIBILITY, text))).statements
    assert {(it.role, it.concept.pref_label) for it in statements} >= {(Role.REQUIRES_MARKER_STATE, "EGFR")}


def test_a_list_below_the_last_number_belongs_to_it(extractor: Extractor) -> None:
    text = "Inclusion Criteria:\n1. HER2 positive\n2. None of the following:\n- EGFR mutation\n- ALK fusion"
    statements = extractor.find(make_trial((FieldKind.ELIGIBILITY, text))).statements
    assert [(it.role, it.concept.pref_label) for it in statements][1:] == [
        (Role.EXCLUDES_MARKER_STATE, "EGFR"), (Role.EXCLUDES_MARKER_STATE, "ALK"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("- Patients must not have:\n- EGFR mutation\n- ALK fusion\n- Measurable disease", set()),
        ("1. None of the following:\n2. EGFR mutation\n3. prior trastuzumab", set()),
        ("- Those with any of these will be excluded:\n- EGFR mutation\n- prior trastuzumab", set()),
        ("- Patients must not have:\n- ALK fusion\n- They must have:\n- EGFR mutation", {"EGFR"}),
        ("- Patients must not have:\n- ALK fusion\n\nAll must show EGFR mutation.\n- BRAF V600E mutation",
         {"EGFR", "BRAF V600E"}),
        ("- Patients must not have:\n  - ALK fusion\n- EGFR mutation", {"EGFR"}),
        ("- Patients must have:\n- EGFR mutation", {"EGFR"}),
    ],
)  # fmt: skip
def test_bullets_below_a_lead_of_their_level_that_denies_are_not_asked_for(
    extractor: Extractor, text: str, kept: set[str]
) -> None:
    text = f"Inclusion Criteria:\n\n- HER2 positive\n{text}\n\nExclusion Criteria:\n\n- prior lapatinib"
    text = text.replace("- HER2 positive\n1.", "HER2 positive\n\n1.")
    found = extractor.find(make_trial((FieldKind.ELIGIBILITY, text)))
    asked = {it.concept.pref_label for it in found.statements if it.role.value.startswith("requires")}
    assert asked == {"HER2", *kept}
    ruled_out = {it.concept.pref_label for it in found.statements if it.role.value.startswith("excludes")}
    assert ruled_out - {"ALK"} == {"lapatinib"}
    told = {it.span.quote.split()[0] for it in found.criteria if it.logic and it.polarity is Polarity.INCLUSION}
    assert ("EGFR" in told or "All" in told) == ("EGFR" in kept)
    assert "prior" not in told
    dnf = kg.criteria(text).inclusion.dnf
    assert ("EGFR" in str(dnf)) == ("EGFR" in kept)


@pytest.mark.parametrize(
    ("item", "excluded"),
    [
        ("Refusal of chemotherapy", []),
        ("Patient declines surgery", []),
        ("Refusing to receive trastuzumab or a taxane", []),
        ("Radiotherapy was refused", []),
        ("Refusal to sign the consent form, prior trastuzumab", [("excludesTreatment", "trastuzumab")]),
        ("Refusal to sign the consent form or previous trastuzumab", [("excludesTreatment", "trastuzumab")]),
        ("Declining heart function after trastuzumab", []),
        ("Declining heart function or earlier trastuzumab", [("excludesTreatment", "trastuzumab")]),
    ],
)
def test_a_treatment_that_was_refused_is_not_ruled_out(extractor: Extractor, item: str, excluded: list[Said]) -> None:
    found = extractor.find(make_trial((FieldKind.ELIGIBILITY, eligibility(exclusion=[item]))))
    assert [said(it) for it in found.statements if it.role not in WEAK] == excluded
    assert [it.logic is not None for it in found.criteria] == [bool(excluded)]


@pytest.mark.parametrize(
    ("item", "excluded"),
    [
        ("Prior surgery", ["surgical procedure"]),
        ("Previous surgery within 4 weeks", ["surgical procedure"]),
        ("Prior major surgery", ["major surgery"]),
        ("Earlier chemotherapy or surgery", ["chemotherapy", "surgical procedure"]),
        ("Previous pelvic surgery", []),
        ("Earlier mastectomy or other abdominal surgery", ["mastectomy"]),
        ("Previous surgery on the spine", []),
    ],
)
def test_one_kind_of_surgery_rules_out_no_other(extractor: Extractor, item: str, excluded: list[str]) -> None:
    found = extractor.find(make_trial((FieldKind.ELIGIBILITY, eligibility(exclusion=[item]))))
    assert [it.concept.pref_label for it in found.statements if it.role is Role.EXCLUDES_TREATMENT] == excluded
    assert [it.logic is not None for it in found.criteria] == [bool(excluded)]


@pytest.mark.parametrize(
    ("item", "excluded"),
    [
        ("EGFR mutation and ALK fusion excluded", ["EGFR mutated", "ALK fusion"]),
        ("EGFR mutation and ALK fusion are excluded", ["EGFR mutated", "ALK fusion"]),
        ("EGFR mutation or ALK fusion excluded", ["EGFR mutated", "ALK fusion"]),
        ("HER2-positive disease or EGFR mutation is excluded", ["HER2 positive", "EGFR mutated"]),
        ("ALK fusion excluded", ["ALK fusion"]),
    ],
)
def test_a_verdict_behind_two_markers_is_on_both(extractor: Extractor, item: str, excluded: list[str]) -> None:
    found = extractor.find(make_trial((FieldKind.ELIGIBILITY, eligibility(inclusion=[item]))))
    roles = [said(it) for it in found.statements if it.role not in WEAK]
    assert roles == [("excludesMarkerState", name) for name in excluded]
    (criterion,) = found.criteria
    tree = criterion.logic
    assert isinstance(tree, Group)
    assert tree.operator is (Operator.NOT if len(excluded) == 1 else Operator.ALL_OF)


def test_a_verdict_on_the_last_of_two_markers_leaves_the_first(extractor: Extractor) -> None:
    item = "EGFR mutation is required and ALK fusion excluded"
    assert in_text(extractor, FieldKind.ELIGIBILITY, eligibility(inclusion=[item])) == [
        ("requiresMarkerState", "EGFR mutated"), ("excludesMarkerState", "ALK fusion"),
    ]  # fmt: skip


@pytest.mark.parametrize("item", ["ALK fusion excluded", "EGFR mutation and ALK fusion are excluded"])
def test_a_verdict_in_a_list_of_exclusions_says_nothing_of_who_lacks_it(extractor: Extractor, item: str) -> None:
    found = extractor.find(make_trial((FieldKind.ELIGIBILITY, eligibility(exclusion=[item]))))
    assert [said(it) for it in found.statements if it.role not in WEAK] == []
    assert [it.logic for it in found.criteria] == [None]
