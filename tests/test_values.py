import re

import pytest
from conftest import make_field
from hypothesis import given
from hypothesis import strategies as st

from kg.extract.labs import ANALYTES, LAB_WORDS
from kg.extract.values import value_leaves
from kg.models import Condition, Group


def written(node: Condition | Group) -> str:
    if isinstance(node, Group):
        return f"{node.operator.value}({', '.join(map(written, node.operands))})"
    return " ".join(part for part in (node.analyte, node.comparator, node.value, node.unit) if part)


def values(text: str) -> list[str]:
    return [written(leaf.node) for leaf in value_leaves(make_field(text), 0, len(text))]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Age ≥ 18 years", ["ge 18 years"]),
        ("Equal to or older than 22 years of age", ["ge 22 years"]),
        ("Over the age of 50", ["gt 50 years"]),
        ("Between the ages of 2 and 80 years", ["AllOf(ge 2 years, le 80 years)"]),
        ("18-65 years old", ["AllOf(ge 18 years, le 65 years)"]),
        ("Age 12-59 months", ["AllOf(ge 12 months, le 59 months)"]),
        ("Age > 18 and < 75 years", ["AllOf(gt 18 years, lt 75 years)"]),
        ("17 years old or younger", ["le 17 years"]),
        ("6 months and over", ["ge 6 months"]),
        ("Adults (older than 18 years)", ["gt 18 years"]),
        ("Patients over 18 years diagnosed with asthma", ["gt 18 years"]),
        ("> 25 years", ["gt 25 years"]),
        ("18-40 years", ["AllOf(ge 18 years, le 40 years)"]),
        ("18-35-year-old women", ["AllOf(ge 18 years, le 35 years)"]),
        ("Age 18+", ["ge 18 years"]),
        ("Age of 40~75", ["AllOf(ge 40 years, le 75 years)"]),
        ("Patients with more than 2 years of treatment", []),
        ("> 2 years since diagnosis", []),
        ("Smoking for 10 to 20 years", []),
        ("Between the ages of 3 months and 18 years", []),
        ("A caregiver of at least 18 years of age", []),
        ("Not older than 70 years", ["le 70 years"]),
        ("If under 18 years of age, a parent has to sign", []),
        ("Women of 56 years and older are postmenopausal", []),
        ("Bone age of 2 to 13 years", []),
        ("Amenorrhea for more than 1 year and less than age 50", []),
        ("Followed for 2 to 5 years", []),
        ("Children younger than 2 years must have recovered", []),
    ],
)
def test_ages(text: str, expected: list[str]) -> None:
    assert values(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("ECOG 0 or 1", ["AllOf(ge 0 ECOG, le 1 ECOG)"]),
        ("ECOG performance status of 0, 1, or 2", ["AllOf(ge 0 ECOG, le 2 ECOG)"]),
        ("ECOG performance status =< 1", ["le 1 ECOG"]),
        ("WHO performance status 2 or better", ["le 2 ECOG"]),
        ("Karnofsky 70 or better", ["ge 70 Karnofsky"]),
        ("Lansky ≥ 60%", ["ge 60 Lansky"]),
        ("Zubrod 0-2.", ["AllOf(ge 0 ECOG, le 2 ECOG)"]),
        ("ECOG 0-1 (Karnofsky ≥ 70%)", ["AnyOf(AllOf(ge 0 ECOG, le 1 ECOG), ge 70 Karnofsky)"]),
        ("Patients who received treatment within 6 weeks", []),
        ("Those who have PSA ≤ 4.0 ng/mL", []),
        ("ECOG 70", []),
        ("Opioids of WHO 3", []),
        ("ECOG 0-1; ECOG 2 is allowed after discussion", ["AllOf(ge 0 ECOG, le 1 ECOG)"]),
    ],
)
def test_performance_status(text: str, expected: list[str]) -> None:
    assert values(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Platelets ≥ 100,000/mm3", ["platelet count ge 100000 /µL"]),
        ("Platelets ≥ 100 000/µL", ["platelet count ge 100000 /µL"]),
        ("ANC ≥ 1\u202f500/mm3", ["absolute neutrophil count ge 1500 /µL"]),
        ("Platelets ≥ 100.000/µL", ["platelet count ge 100000 /µL"]),
        ("ANC ≥ 1.500 x 10^9/L", ["absolute neutrophil count ge 1.5 10^9/L"]),
        ("Platelets of at least 100 × 10^9/L", ["platelet count ge 100 10^9/L"]),
        ("ANC at least 1,500", ["absolute neutrophil count ge 1500"]),
        ("Absolute neutrophil count (ANC) > 1.5 x 109/L", ["absolute neutrophil count gt 1.5 10^9/L"]),
        ("Bilirubin no greater than 1.5 times upper limit of normal", ["bilirubin le 1.5 x ULN"]),
        ("AST and ALT ≤ 2.5×ULN", ["AllOf(AST le 2.5 x ULN, ALT le 2.5 x ULN)"]),
        ("AST or ALT ≤ 2.5×ULN", ["AnyOf(AST le 2.5 x ULN, ALT le 2.5 x ULN)"]),
        ("Transaminases (AST, ALT) < 3 x ULN", ["AllOf(AST lt 3 x ULN, ALT lt 3 x ULN)"]),
        ("Hb ≥ 9 g/dL or ≥ 5.6 mmol/L", ["AnyOf(hemoglobin ge 9 g/dL, hemoglobin ge 5.6 mmol/L)"]),
        ("ALT ≤ 3 x ULN or ≤ 5 x ULN if liver metastases are present", ["ALT le 3 x ULN"]),
        ("Creatinine not less than 150 µmol/L", ["creatinine ge 150 µmol/L"]),
        ("Creatinine clearance > 60 mL/min/1.73m2", ["creatinine clearance gt 60 mL/min"]),
        ("INR ≤ 1.5", ["INR le 1.5"]),
        ("eGFR < 45", ["glomerular filtration rate lt 45"]),
        ("HbA1c > 47 mmol/mol", ["hemoglobin A1c gt 47 mmol/mol"]),
        ("ALT ≤ 2.5 x ULN if no liver metastases", ["ALT le 2.5 x ULN"]),
        ("LVEF at least 50% if anthracyclines were given", []),
        ("LVEF below 35 percent", ["LVEF lt 35 %"]),
        ("Creatinine > 3 mg/dL is not allowed", ["Not(creatinine gt 3 mg/dL)"]),
        ("Bilirubin no greater than 3", []),
        ("Platelets ≥ 100", []),
        ("Hemoglobin ≥ 9%", []),
        ("Bilirubin normal; creatinine ≤ 1.5 mg/dL", ["creatinine le 1.5 mg/dL"]),
        ("Transfused to achieve hemoglobin > 9 g/dL", []),
        ("If liver metastases occurred, ALT ≤ 5 x ULN", []),
        ("QTc ≥ 450 ms for males", []),
        ("Albumin 4.0-6.0 g/dL", []),
    ],
)
def test_laboratory_limits(text: str, expected: list[str]) -> None:
    assert values(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Life expectancy > 3 months", ["gt 3 months"]),
        ("Life expectancy of less than three years", ["lt 3 years"]),
        ("No disease that makes life expectancy less than 1 year", []),
        ("A long life expectancy", []),
    ],
)
def test_life_expectancy(text: str, expected: list[str]) -> None:
    assert values(text) == expected


def test_a_value_points_at_its_words() -> None:
    text = "Adults with platelets ≥ 100,000/mm3 and consent"
    (leaf,) = value_leaves(make_field(text), 0, len(text))
    assert text[leaf.start : leaf.end] == "platelets ≥ 100,000/mm3"
    text = "Patients must be at least 18 years old"
    (leaf,) = value_leaves(make_field(text), 0, len(text))
    assert text[leaf.start : leaf.end] == "at least 18 years old"


@pytest.mark.parametrize("wordings", [wordings for _, wordings in ANALYTES])
@given(data=st.data())
def test_each_name_of_an_analyte_has_a_word_that_is_looked_for(wordings: str, data: st.DataObject) -> None:
    name = data.draw(st.from_regex(re.compile(wordings, re.ASCII), fullmatch=True))
    assert not LAB_WORDS.isdisjoint(re.findall(r"[a-z][a-z\d]*", name.lower()))
