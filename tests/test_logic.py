from collections.abc import Iterator

import pytest
from conftest import eligibility, make_trial

from kg.extract import Extractor
from kg.models import Condition, ConditionType, Criterion, FieldKind, Group, Polarity


def written(node: Condition | Group | None) -> str | None:
    """Return a tree as a person would write it down."""
    if node is None:
        return None
    if isinstance(node, Group):
        return f"{node.operator.value}({', '.join(str(written(operand)) for operand in node.operands)})"
    concepts = (node.concept, node.assay)
    within = f"within {node.within.value} {node.within.unit}" if node.within else None
    parts = (*(it.pref_label if it else None for it in concepts), node.analyte, node.state, node.comparator)
    parts += (node.value, node.unit, within)
    return " ".join(part for part in parts if part)


def leaves_of(node: Condition | Group | None) -> Iterator[Condition]:
    if isinstance(node, Condition):
        yield node
    elif node is not None:
        for operand in node.operands:
            yield from leaves_of(operand)


def found(extractor: Extractor, text: str) -> tuple[Criterion, ...]:
    return extractor.find(make_trial((FieldKind.ELIGIBILITY, text))).criteria


def tree(extractor: Extractor, item: str) -> str | None:
    (criterion,) = found(extractor, eligibility(inclusion=[item]))
    return written(criterion.logic)


@pytest.mark.parametrize(
    ("item", "expected"),
    [
        ("HR+/HER2-", "AllOf(hormone receptor positive, HER2 negative)"),
        ("ER-, PR-, HER2-", "AllOf(ER negative, PR negative, HER2 negative)"),
        ("ER and/or PR positive and HER2 negative", "AllOf(AnyOf(ER positive, PR positive), HER2 negative)"),
        ("Either ER positive or PR positive", "AnyOf(ER positive, PR positive)"),
        ("One of the following: ER positive, PR positive", "AnyOf(ER positive, PR positive)"),
        ("BRCA1 or BRCA2 mutation", "AnyOf(BRCA1 mutated, BRCA2 mutated)"),
        ("EGFR, ALK or BRAF mutations", "AnyOf(EGFR mutated, ALK mutated, BRAF mutated)"),
        ("Mutation in one of these genes: ATM, PALB2", "AnyOf(ATM mutated, PALB2 mutated)"),
        ("No mutations in any of these genes: EGFR, ALK", "AllOf(Not(EGFR mutated), Not(ALK mutated))"),
        ("Mutations in EGFR were not found", "Not(EGFR mutated)"),
        ("MET amplification negative", "Not(MET amplified)"),
        ("breast cancer or gastric cancer", "AnyOf(breast cancer, gastric cancer)"),
        ("HER2-positive breast cancer", "AllOf(HER2 positive, HER2-positive breast cancer)"),
        ("No prior chemotherapy", "Not(chemotherapy)"),
        ("No prior chemotherapy for gastric cancer", "Not(chemotherapy)"),
        ("Prior trastuzumab and pertuzumab", "AllOf(trastuzumab, pertuzumab)"),
        ("Asthma and gastric infection ruled out", "Not(infection)"),
        ("Prior melanoma unless it is allowed, or treated with chemotherapy", None),
        ("Prior melanoma allowed unless treated with chemotherapy", None),
        ("No more than 3 relapses after prior chemotherapy", None),
        ("Agree not to use asthma or melanoma treatments", None),
        ("Measurable by the Response Evaluation Criteria in Solid Tumors", None),
        ("No letrozole; chemotherapy or surgery allowed. Time before the diagnosis of melanoma",
         "AllOf(Not(letrozole), melanoma)"),
        ("Written consent", None),
        ("HER2 status is known", None),
        ("No prior melanoma except basal cell carcinoma or asthma",
         "Not(AllOf(melanoma, Not(basal cell carcinoma), Not(asthma)))"),
        ("Any cancer except melanoma", "AllOf(cancer, Not(melanoma))"),
        ("No concurrent letrozole, except in a case (e.g., docetaxel (DOC) for melanoma)", "Not(letrozole)"),
        ("ALT below 2.5 x ULN OR ALT < 5 x ULN if liver metastases are present", "ALT lt 2.5 x ULN"),
        ("Prior melanoma allowed if treated", None),
        ("Standard prophylaxis for patients with\n       prior melanoma", None),
        ("Asthma or melanoma; no history of stroke", "AllOf(AnyOf(asthma, melanoma), Not(stroke))"),
        ("At risk for melanoma, or living with someone who has melanoma", None),
        ("Treated at an Institute or the Asthma Society", None),
        ("Scores that fall below 2 standard deviations", None),
    ],
)  # fmt: skip
def test_concepts(extractor: Extractor, item: str, expected: str | None) -> None:
    assert tree(extractor, item) == expected


@pytest.mark.parametrize(
    ("item", "expected"),
    [
        ("Candidates for letrozole", {"letrozole": ConditionType.TREATMENT_ELIGIBILITY}),
        ("Eligible to receive first-line treatment with letrozole", {"letrozole": ConditionType.TREATMENT_ELIGIBILITY}),
        ("Ineligible for cisplatin", {"cisplatin": ConditionType.TREATMENT_ELIGIBILITY}),
        (
            "Candidates for surgery or radiotherapy",
            {
                "surgical procedure": ConditionType.TREATMENT_ELIGIBILITY,
                "radiotherapy": ConditionType.TREATMENT_ELIGIBILITY,
            },
        ),
        ("Eligible for the study after prior letrozole", {"letrozole": ConditionType.TREATMENT}),
        ("Prior letrozole", {"letrozole": ConditionType.TREATMENT}),
    ],
)
def test_a_candidate_for_a_treatment_has_not_had_it(
    extractor: Extractor, item: str, expected: dict[str, ConditionType]
) -> None:
    (criterion,) = found(extractor, eligibility(inclusion=[item]))
    leaves = list(leaves_of(criterion.logic))
    assert {it.concept.pref_label: it.condition_type for it in leaves if it.concept} == expected


@pytest.mark.parametrize(
    ("item", "expected"),
    [
        ("PD-L1 CPS ≥ 10", "PD-L1 CPS ge 10"),
        ("PD-L1 TPS < 1%", "PD-L1 TPS lt 1 %"),
        ("TMB ≥ 10 mut/Mb", "TMB ge 10 mut/Mb"),
        ("Ki-67 ≥ 20%", "Ki-67 ge 20 %"),
    ],
)
def test_thresholds(extractor: Extractor, item: str, expected: str) -> None:
    assert tree(extractor, item) == expected


@pytest.mark.parametrize(
    ("item", "expected"),
    [
        ("Age 18 to 75 years", "AllOf(ge 18 years, le 75 years)"),
        ("Men or women aged 18-70", "AllOf(ge 18 years, le 70 years)"),
        ("Aged 18 years or older", "ge 18 years"),
        ("≥ 18 years of age", "ge 18 years"),
        ("Age > 65 years", "gt 65 years"),
        ("At least 6 months of age", "ge 6 months"),
        ("ECOG 0-1", "AllOf(ge 0 ECOG, le 1 ECOG)"),
        ("ECOG performance status ≤ 2", "le 2 ECOG"),
        ("WHO performance status 0-2", "AllOf(ge 0 ECOG, le 2 ECOG)"),
        ("Karnofsky ≥ 70%", "ge 70 Karnofsky"),
        ("ANC ≥ 1,500/mm3", "absolute neutrophil count ge 1500 /µL"),
        (
            "Platelets ≥ 100 x 10^9/L and haemoglobin ≥ 9 g/dL",
            "AllOf(platelet count ge 100 10^9/L, hemoglobin ge 9 g/dL)",
        ),
        ("Bilirubin < 1.5 x ULN", "bilirubin lt 1.5 x ULN"),
        ("LVEF of at least 50 %", "LVEF ge 50 %"),
        ("Life expectancy of at least 12 weeks", "ge 12 weeks"),
        ("No more than 2 prior lines of chemotherapy", "chemotherapy le 2 lines"),
        ("1-3 prior chemotherapy regimens", "AllOf(chemotherapy ge 1 lines, chemotherapy le 3 lines)"),
        ("No chemotherapy within 4 weeks before randomization", "Not(chemotherapy within 4 weeks)"),
        ("At least 4 weeks since prior chemotherapy", "Not(chemotherapy within 4 weeks)"),
        ("No chemotherapy within 4 weeks or 5 half-lives, whichever is longer", None),
    ],
)
def test_values(extractor: Extractor, item: str, expected: str | None) -> None:
    assert tree(extractor, item) == expected


def test_a_score_and_an_assay_are_a_leaf_each(extractor: Extractor) -> None:
    scores = ("HER2 immunohistochemistry eq 1+", "HER2 immunohistochemistry eq 2+")
    ish = "HER2 in situ hybridization not-amplified"
    found = tree(extractor, "HER2 low (IHC 1+ or IHC 2+ with non-amplified ISH)")
    assert found == f"AllOf(HER2 low, AnyOf({scores[0]}, AllOf({scores[1]}, {ish})))"


def test_every_criterion_counts_whether_or_not_it_is_understood(extractor: Extractor) -> None:
    text = eligibility(inclusion=["HER2-positive", "Written consent"], exclusion=["HER2-negative"])
    assert [(it.polarity, it.order, it.span.quote, it.logic is not None) for it in found(extractor, text)] == [
        (Polarity.INCLUSION, 0, "HER2-positive", True),
        (Polarity.INCLUSION, 1, "Written consent", False),
        (Polarity.EXCLUSION, 2, "HER2-negative", True),
    ]


def test_leaves_point_into_their_criterion(extractor: Extractor) -> None:
    text = eligibility(inclusion=["Adults with HER2-positive disease, aged 18 years or older, ECOG 0-1"])
    (criterion,) = found(extractor, text)

    def leaves(node: Condition | Group | None) -> list[Condition]:
        if isinstance(node, Group):
            return [leaf for operand in node.operands for leaf in leaves(operand)]
        return [node] if node else []

    assert [leaf.span.quote for leaf in leaves(criterion.logic)] == [
        "HER2-positive",
        "aged 18 years or older",
        "ECOG 0-1",
        "ECOG 0-1",
    ]


@pytest.mark.parametrize(
    ("item", "asked", "ruled_out"),
    [
        ("ER positive, unless BRCA1 mutated", "AnyOf(ER positive, BRCA1 mutated)",
         "AllOf(ER positive, Not(BRCA1 mutated))"),
        ("No ALK fusion unless treated with crizotinib", "AnyOf(Not(ALK fusion), crizotinib)",
         "AllOf(Not(ALK fusion), Not(crizotinib))"),
        ("ER positive unless of low grade", None, None),
        ("Stage II unless HER2 positive", None, None),
        ("ER positive and HER2 negative (unless BRCA1 mutated)", None, None),
        ("ER positive unless BRCA1 mutated. HER2 negative", None, None),
    ],
)  # fmt: skip
def test_unless_is_another_way_in_and_narrows_what_is_ruled_out(
    extractor: Extractor, item: str, asked: str | None, ruled_out: str | None
) -> None:
    assert tree(extractor, item) == asked
    (criterion,) = found(extractor, eligibility(exclusion=[item]))
    assert written(criterion.logic) == ruled_out


@pytest.mark.parametrize(
    ("item", "expected"),
    [
        ("ALK-rearrangement negative lymphoma", "AllOf(Not(ALK fusion), lymphoma)"),
        ("EGFR-mutation- and ALK-rearrangement-negative", "AllOf(Not(EGFR mutated), Not(ALK fusion))"),
        ("EGFR-mutation- and ALK-rearrangement-positive", "AllOf(EGFR mutated, ALK fusion)"),
        ("EGFR-mutation/ALK-rearrangement-negative", "Not(ALK fusion)"),
        ("Brain metastases must have been excluded by CT", "Not(brain metastases)"),
        ("Stroke was ruled out", "Not(stroke)"),
        ("Diagnosis after exclusion of infection", "Not(infection)"),
        ("Family history of a BRCA1 mutation", None),
        ("At least two of the following: diabetes, hypertension, obesity", None),
        ("AST < 2.5 x ULN, or < 5 x ULN with liver metastases", "AST lt 2.5 x ULN"),
        ("No HER2 IHC 3+ disease", "Not(HER2 immunohistochemistry eq 3+)"),
        ("HER2 IHC ≤ 1+", "HER2 immunohistochemistry le 1+"),
        ("ALK/ROS1 rearrangement", "AnyOf(ALK fusion, ROS1 fusion)"),
        ("RAS/BRAF wild-type", "AllOf(RAS wild-type, BRAF wild-type)"),
        ("MSI-H/dMMR or TMB-H", "AnyOf(MSI high, MMR deficient, TMB high)"),
        ("lymphoma with del(17p), t(4;14) or t(11;14)",
         "AllOf(lymphoma, AnyOf(del(17p) positive, t(4;14) positive, t(11;14) positive))"),
    ],
)  # fmt: skip
def test_what_looks_like_something_else(extractor: Extractor, item: str, expected: str | None) -> None:
    assert tree(extractor, item) == expected


@pytest.mark.parametrize(
    ("item", "expected"),
    [
        ("Prior trastuzumab is not allowed", "trastuzumab"),
        ("Patients must not have HER2-positive disease", "HER2 positive"),
        ("Patients who have not received trastuzumab", "Not(trastuzumab)"),
        ("Other cancers with the exception of basal cell carcinoma", None),
        ("Hypertension, except if controlled", None),
    ],
)
def test_exclusions_that_say_so_once_more(extractor: Extractor, item: str, expected: str | None) -> None:
    (criterion,) = found(extractor, eligibility(exclusion=[item]))
    assert written(criterion.logic) == expected


@pytest.mark.parametrize(
    ("item", "expected"),
    [
        ("Diabetes and gastric cancer, hypertension", "AnyOf(diabetes mellitus, gastric cancer, hypertension)"),
        ("Gastric cancer, melanoma, asthma or any other disease", "AnyOf(gastric cancer, melanoma, asthma)"),
        ("Taking letrozole, tamoxifen, or a taxane (except docetaxel or paclitaxel)",
         "AnyOf(letrozole, tamoxifen, AllOf(taxane, Not(docetaxel), Not(paclitaxel)))"),
        ("Prior taxanes such as docetaxel or paclitaxel", "AnyOf(taxane, docetaxel, paclitaxel)"),
        ("HER2-positive breast cancer", "AllOf(HER2 positive, HER2-positive breast cancer)"),
        ("HER2-positive and ER-positive disease", "AllOf(HER2 positive, ER positive)"),
        ("Asthma with hypertension", "AllOf(asthma, hypertension)"),
        ("MET amplification, HER2 amplification and KRAS mutations, and others",
         "AnyOf(MET amplified, HER2 amplified, KRAS mutated)"),
        ("ER and PR negative", "AllOf(ER negative, PR negative)"),
        ("PTEN loss and KRAS mutations", "AnyOf(PTEN loss, KRAS mutated)"),
        ("Asthma. Severe hypertension", "AnyOf(asthma, hypertension)"),
        ("BRCA1 or BRCA2 mutation without an earlier PARP inhibitor",
         "AllOf(AnyOf(BRCA1 mutated, BRCA2 mutated), Not(PARP inhibitor))"),
        ("Concurrent migraine therapy", None),
        ("Asthma, asthma that is not controlled", "asthma"),
        ("Estrogen ≥ 300", None),
    ],
)  # fmt: skip
def test_each_of_a_list_rules_out(extractor: Extractor, item: str, expected: str | None) -> None:
    (criterion,) = found(extractor, eligibility(exclusion=[item]))
    assert written(criterion.logic) == expected
