"""What criteria say of markers, from their words to the statements; the sentences are our own."""

import pytest
from conftest import eligibility, make_trial

from kg.extract import Extractor
from kg.models import FieldKind, Group, Operator, Role, Statement

NEEDS, RULES_OUT = "requires", "excludes"
ROLES = {Role.REQUIRES_MARKER_STATE: NEEDS, Role.EXCLUDES_MARKER_STATE: RULES_OUT}


def said(statements: tuple[Statement, ...]) -> list[str]:
    """Return each strong statement about a marker once, in order."""
    found = (f"{ROLES[it.role]} {it.concept.pref_label} {it.state}" for it in statements if it.role in ROLES)
    return list(dict.fromkeys(found))


def of_criterion(extractor: Extractor, item: str, *, excluded: bool = False) -> list[str]:
    text = eligibility(exclusion=[item]) if excluded else eligibility(inclusion=[item])
    return said(extractor.find(make_trial((FieldKind.ELIGIBILITY, text))).statements)


@pytest.mark.parametrize(
    ("item", "expected"),
    [
        ("Estrogen receptor (ER), progestin receptor (PR) and HER2/neu receptor (HER2) negative status",
         ["requires ER negative", "requires PR negative", "requires HER2 negative"]),
        ("Positive hormone receptors (estrogen receptor [ER] and/or progesterone receptor [PgR])",
         ["requires hormone receptor positive", "requires ER positive", "requires PR positive"]),
        ("Positive hormone receptors (ER and/or PR)",
         ["requires hormone receptor positive", "requires ER positive", "requires PR positive"]),
        ("HLA-A2, A3 or A24 positive",
         ["requires HLA-A2 positive", "requires HLA-A3 positive", "requires HLA-A24 positive"]),
        ("Documented amplification of ErbB2", ["requires HER2 amplified"]),
        ("erbB-2 overexpression", ["requires HER2 overexpressed"]),
        ("rising CA15.3 (CA 27.29) or CEA levels",
         ["requires CA 15-3 elevated", "requires CA 27.29 elevated", "requires CEA elevated"]),
        ("Free of identifiable disease following surgery with rising CEA", ["requires CEA elevated"]),
        ("rising CA15.3 or CEA levels", ["requires CA 15-3 elevated", "requires CEA elevated"]),
        ("Estrogen receptor positive or unknown", ["requires ER positive"]),
        ("HBsAg\r\n             negative", ["requires HBsAg negative"]),
        ("ER and\r\n             PR negative", ["requires ER negative", "requires PR negative"]),
        ("Known ER-positive tumour (genetic testing not required)", ["requires ER positive"]),
        ("ErbB2- (HER2/neu-) overexpressing tumour", ["requires HER2 overexpressed"]),
        ("Chemotherapy for HER2-positive early breast cancer", ["requires HER2 positive"]),
        ("HER2-positive carcinoma that is eligible for adjuvant treatment", ["requires HER2 positive"]),
    ],
)  # fmt: skip
def test_states_are_read_from_lists_brackets_and_other_spellings(
    extractor: Extractor, item: str, expected: list[str]
) -> None:
    assert of_criterion(extractor, item) == expected


@pytest.mark.parametrize(
    ("item", "expected"),
    [
        ("ER < 10 % and PR < 10 %", ["requires ER negative", "requires PR negative"]),
        ("estrogen receptor (ER) staining of at least 1 %", ["requires ER positive"]),
        ("At least 10 % ER expression", ["requires ER positive"]),
        ("ER content ≥ 10 fmol/mg", ["requires ER positive"]),
        ("ER < 50 %", []),
        ("HER2 0-1+ by IHC", ["requires HER2 negative"]),
        ("HER2 score of 0 or 1+", ["requires HER2 negative"]),
        ("HER2 expression of 1+ or 2+", ["requires HER2 low"]),
        ("HER2 IHC 3+", ["requires HER2 positive"]),
        ("HER2 IHC 2+", []),
        ("HER2 IHC 2+ and FISH negative", ["requires HER2 negative"]),
        ("HER2 2+ or 3+", []),
        (
            "CA 27-29, CA 15-3 or CA 125 > 50 U/mL",
            ["requires CA 27.29 elevated", "requires CA 15-3 elevated", "requires CA-125 elevated"],
        ),
        ("CA-125 > 10 U/mL", []),
        ("Two samples a week apart or CA-125 > 50 U/mL", ["requires CA-125 elevated"]),
        ("Serum CEA of at least 10 ng/mL", ["requires CEA elevated"]),
    ],
)
def test_numbers_say_states(extractor: Extractor, item: str, expected: list[str]) -> None:
    assert of_criterion(extractor, item) == expected


@pytest.mark.parametrize(
    "item",
    [
        "Hormone receptor positivity is defined as 10 % or more",
        "HER2-positive by any local test or negative disease",
        "Patients with tumours that overexpress HER2 (by a test of the hospital) should have received trastuzumab",
        "FSH elevated to the postmenopausal range",
        "Tissue to compare expression levels of ER and PR",
        "If HER2-positive, must have had trastuzumab",
    ],
)
def test_definitions_conditions_and_both_sides_ask_for_nothing(extractor: Extractor, item: str) -> None:
    assert of_criterion(extractor, item) == []


@pytest.mark.parametrize(
    ("item", "expected"),
    [
        ("ER and PR negative tumours", []),
        ("Tumours negative for ER, PR and HER2", []),
        ("ER and/or PR positive", ["excludes ER positive", "excludes PR positive"]),
        ("ER/PR-negative tumours", []),
        ("ER/PR-positive tumours", ["excludes ER positive", "excludes PR positive"]),
        ("ER-negative or PR-negative disease", ["excludes ER negative", "excludes PR negative"]),
        ("Node-negative, ER-positive tumours", []),
        ("Stage I disease that is ER negative", []),
        ("HER2-positive patients who have not received trastuzumab", []),
        ("Triple-negative breast cancer", []),
        ("HER2-positive by immunohistochemistry, or has been found equivocal", ["excludes HER2 positive"]),
        ("Patients must not have a known BRCA mutation", ["excludes BRCA mutated"]),
        ("Does not have a BRCA mutation", []),
        ("Abnormal CA-125 level", ["excludes CA-125 elevated"]),
    ],
)
def test_what_is_excluded_only_together_is_not_excluded(extractor: Extractor, item: str, expected: list[str]) -> None:
    assert of_criterion(extractor, item, excluded=True) == expected


@pytest.mark.parametrize("words", ["Triple-negative breast cancer", "metastatic triple negative disease", "TNBC"])
def test_triple_negative_says_three_states_by_a_rule_of_its_own(extractor: Extractor, words: str) -> None:
    statements = [
        it
        for it in extractor.find(make_trial((FieldKind.ELIGIBILITY, eligibility(inclusion=[words])))).statements
        if it.role in ROLES
    ]
    assert said(tuple(statements)) == ["requires ER negative", "requires PR negative", "requires HER2 negative"]
    assert {it.rule for it in statements} == {"triple-negative"}


@pytest.mark.parametrize("words", ["Luminal A breast cancer", "basal-like tumour", "not triple-negative", "non-TNBC"])
def test_other_subtypes_say_no_state(extractor: Extractor, words: str) -> None:
    assert of_criterion(extractor, words) == []


def test_triple_negative_is_one_leaf_of_three_states(extractor: Extractor) -> None:
    found = extractor.find(make_trial((FieldKind.ELIGIBILITY, eligibility(inclusion=["Triple-negative disease"]))))
    tree = found.criteria[0].logic
    assert isinstance(tree, Group)
    assert tree.operator is Operator.ALL_OF
    assert len(tree.operands) == 3


@pytest.mark.parametrize(
    ("item", "expected"),
    [
        ("No overexpression of HER2", ["excludes HER2 overexpressed"]),
        ("No amplification of HER2", ["excludes HER2 amplified"]),
        ("No positive hepatitis B surface antigen", ["excludes HBsAg positive"]),
        ("Tumour that does not overexpress HER2", ["requires HER2 not-overexpressed"]),
        ("HER2-non-amplified tumour", ["requires HER2 not-amplified"]),
    ],
)
def test_a_denied_state_is_excluded_and_a_negative_state_required(
    extractor: Extractor, item: str, expected: list[str]
) -> None:
    assert of_criterion(extractor, item) == expected


@pytest.mark.parametrize(
    ("item", "expected"),
    [
        ("With 10 % ER expression", ["requires ER positive"]),
        ("Tumours with less than 5 % ER expression", ["requires ER negative"]),
        ("Tumours with < 50 % ER expression", []),
        ("HPV-associated carcinoma of the oropharynx", ["requires HPV positive"]),
        ("Carcinoma of the tonsil associated with the human papilloma virus", ["requires HPV positive"]),
        ("EBV-related lymphoma", ["requires EBV positive"]),
        ("Mononucleosis caused by EBV", []),
        ("BRCA-related carcinoma", []),
        ("Estrogen receptor positive or unknown status allowed", ["requires ER positive"]),
        ("Molecular evidence for ALK fusion", ["requires ALK fusion"]),
        ("HER2 tested by FISH [FISH (+) is HER2 (+)]", []),
        ("A FISH ratio above 2 is considered HER2-positive", []),
        ("Features of poor prognosis (including grade 3, ER-negative, high S phase)", []),
        ("A matched sibling donor and EGFR mutation", ["requires EGFR mutated"]),
        ("A sibling with BRCA1 mutation", []),
        ("Must be HLA-A2 positive for parts A and B. At least 9 patients must be men", ["requires HLA-A2 positive"]),
    ],
)
def test_what_more_criteria_say(extractor: Extractor, item: str, expected: list[str]) -> None:
    assert of_criterion(extractor, item) == expected


@pytest.mark.parametrize(
    "other",
    ["Part 2: HER2 positive or negative", "Part 2: any ER/PR/HER2 status", "Part 2: HER2 status: +/-"],
)
def test_what_one_part_takes_in_either_state_is_not_required(extractor: Extractor, other: str) -> None:
    text = eligibility(inclusion=["Part 1: HER2-negative", "HLA-A2 positive", other])
    found = said(extractor.find(make_trial((FieldKind.ELIGIBILITY, text))).statements)
    assert found == ["requires HLA-A2 positive"]


@pytest.mark.parametrize(
    ("item", "state"),
    [
        ("HER2 IHC 2+/ISH+", "positive"),
        ("HER2 2+ and FISH positive", "positive"),
        ("HER2 IHC 3+ or IHC 2+/FISH+", "positive"),
        ("HER2 score 3+ or 2+ with gene amplification by FISH", "positive"),
        ("HER2 IHC 2+ and FISH negative", "negative"),
        ("HER2 2+ and FISH positive or negative", None),
        ("HER2 2+/FISH+/-", None),
        ("HER2 2+ and FISH status known", None),
    ],
)
def test_a_score_of_two_is_read_with_the_amplification_behind_it(
    extractor: Extractor, item: str, state: str | None
) -> None:
    found = extractor.find(make_trial((FieldKind.ELIGIBILITY, eligibility(inclusion=[item])))).statements
    told = [it.state for it in found if it.role is Role.REQUIRES_MARKER_STATE]
    assert told == ([state] if state else [])
