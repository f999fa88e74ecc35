"""Limits of a marker's value: which numbers behind a name are its own, with comparator, unit and both bounds."""

import pytest
from conftest import eligibility, make_trial
from test_logic import tree

from kg.annotation import Annotator
from kg.eligibility import CriteriaReader
from kg.extract import Extractor
from kg.extract.thresholds import threshold
from kg.models import FieldKind, Role
from kg.terminology import Terminology


@pytest.mark.parametrize(
    ("item", "expected"),
    [
        ("MET H-score ≥ 150", "MET ge 150 H-score"),
        ("EGFR H score of 200 or more", "EGFR ge 200 H-score"),
        ("TROP2 H-score < 100", "TROP2 lt 100 H-score"),
        ("H-score for FOLR1 of at least 75", "folate receptor alpha ge 75 H-score"),
        ("c-Met overexpression (H score of 200 or more)", "MET overexpressed ge 200 H-score"),
        ("ER Allred score ≥ 3", "ER positive ge 3 Allred"),
        ("ER Allred score > 4", "ER positive gt 4 Allred"),
        ("PR Allred score 0-2", "AllOf(PR negative ge 0 Allred, PR negative le 2 Allred)"),
        ("Allred 5/8 for ER", "ER positive eq 5 Allred"),
        ("ER positive with an Allred score of 6, 7 or 8", "AllOf(ER positive ge 6 Allred, ER positive le 8 Allred)"),
        ("ER positive (Allred score ≥ 3 or H-score ≥ 50)", "AnyOf(ER positive ge 3 Allred, ER positive ge 50 H-score)"),
        ("ER positive (≥ 10 %)", "ER positive ge 10 %"),
        ("ER ≥ 1 %", "ER positive ge 1 %"),
        ("LDH > 2.5X IULN", "LDH gt 2.5 x ULN"),
        ("Urine M-protein ≥ 200 mg/24 hours", "M-protein ge 200 mg/24 hours"),
    ],
)
def test_scores_are_limits_with_their_scale_as_unit(extractor: Extractor, item: str, expected: str) -> None:
    assert tree(extractor, item) == expected


@pytest.mark.parametrize(
    ("item", "expected"),
    [
        ("Ki-67 10-20 %", "AllOf(Ki-67 ge 10 %, Ki-67 le 20 %)"),
        ("Ki67 between 15% and 35%", "AllOf(Ki-67 ge 15 %, Ki-67 le 35 %)"),
        ("Ki-67 ≥ 14 % and < 30 %", "AllOf(Ki-67 ge 14 %, Ki-67 lt 30 %)"),
        ("PD-L1 TPS 1 to 49 %", "AllOf(PD-L1 TPS ge 1 %, PD-L1 TPS le 49 %)"),
        ("RS 11 to 25", "AllOf(Oncotype DX recurrence score ge 11, Oncotype DX recurrence score le 25)"),
        ("Oncotype DX RS of 16-25", "AllOf(Oncotype DX recurrence score ge 16, Oncotype DX recurrence score le 25)"),
    ],
)
def test_a_range_keeps_both_bounds(extractor: Extractor, item: str, expected: str) -> None:
    assert tree(extractor, item) == expected


@pytest.mark.parametrize(
    ("item", "expected"),
    [
        ("PD-L1 CPS >= 10 or TPS >= 50 %", "AnyOf(PD-L1 CPS ge 10, PD-L1 TPS ge 50 %)"),
        ("PD-L1 expression (CPS ≥ 5)", "PD-L1 CPS ge 5"),
        ("PD-L1 positive (TPS ≥ 1 % or CPS ≥ 1)", "AllOf(PD-L1 positive, AnyOf(PD-L1 TPS ge 1 %, PD-L1 CPS ge 1))"),
        ("PD-L1 TPS ≥ 50 % and CPS ≥ 20", "AllOf(PD-L1 TPS ge 50 %, PD-L1 CPS ge 20)"),
    ],
)
def test_scores_of_one_marker_are_kept_side_by_side(extractor: Extractor, item: str, expected: str) -> None:
    assert tree(extractor, item) == expected


@pytest.mark.parametrize(
    ("item", "expected"),
    [
        ("CPS ≥ 10", None),  # the Child-Pugh score as well as that of PD-L1
        ("ER positive, ≥ 18 years", "ER positive"),
        ("ER positive, ≥ 10 % weight loss", "AllOf(ER positive, weight loss)"),
        ("HER2 positive with ≥ 2 prior lines", "HER2 positive"),
        ("Ki-67 20-10 %", None),
    ],
)
def test_other_numbers_are_no_limits(extractor: Extractor, item: str, expected: str | None) -> None:
    assert tree(extractor, item) == expected


@pytest.mark.parametrize(
    ("text", "start"), [("Ki-67 ≥ 18 years", 5), ("EGFR 2 or 3", 4), ("BRCA 1-2", 4), ("PIK3CA (exon 9 or 20)", 6)]
)
def test_what_is_read_needs_a_comparator_a_unit_or_a_score(text: str, start: int) -> None:
    assert threshold(text, start) is None


def test_a_score_says_the_state_of_a_receptor_with_its_words(extractor: Extractor) -> None:
    text = eligibility(inclusion=["ER Allred score ≥ 3"], exclusion=["PR Allred score of 2 or less"])
    stated = extractor.find(make_trial((FieldKind.ELIGIBILITY, text))).statements
    assert [(it.role, it.concept.pref_label, it.state, it.span.quote) for it in stated] == [
        (Role.REQUIRES_MARKER_STATE, "ER", "positive", "ER Allred score ≥ 3"),
        (Role.EXCLUDES_MARKER_STATE, "PR", "negative", "PR Allred score of 2 or less"),
    ]


def test_annotate_gives_the_limits_of_each_marker(terminology: Terminology) -> None:
    said = Annotator(terminology).mentions("PD-L1 CPS ≥ 10 or TPS ≥ 50 %, Ki-67 10-20 %, trastuzumab")
    limits = [[[(it.comparator, it.value, it.unit) for it in bounds] for bounds in one.limits] for one in said]
    assert limits == [[[("ge", "10", None)]], [[("ge", "50", "%")]], [[("ge", "10", "%"), ("le", "20", "%")]], []]


def test_criteria_keep_the_scores_as_alternatives_of_one_biomarker() -> None:
    wanted = CriteriaReader().read(eligibility(inclusion=["PD-L1 CPS ≥ 10 or TPS ≥ 50 %"])).inclusion
    assert wanted.dnf == (("PD-L1 expression",),)
    leaves = wanted.logic.operands  # type: ignore[union-attr]
    assert [(it.comparator, it.value, it.unit, it.marker.rsplit("/", 1)[1]) for it in leaves] == [  # type: ignore[union-attr]
        ("ge", "10", None, "pd-l1-cps"), ("ge", "50", "%", "pd-l1-tps"),
    ]  # fmt: skip
