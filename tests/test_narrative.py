"""What summaries and descriptions say of markers, sentence by sentence; the sentences are our own."""

import pytest
from conftest import make_trial

from kg.extract import Extractor
from kg.models import FieldKind, Role

WEAK = (Role.MENTIONS, Role.CONDITION)


def said(extractor: Extractor, text: str, kind: FieldKind = FieldKind.DETAILED_DESCRIPTION) -> list[tuple[str, str]]:
    """Return the roles of markers that are stronger than a mention, each with the marker and its state."""
    found = extractor.find(make_trial((kind, text))).statements
    strong = [it for it in found if it.role not in WEAK]
    return list(dict.fromkeys((it.role.value, f"{it.concept.pref_label} {it.state or ''}".strip()) for it in strong))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("OBJECTIVES: I. Correlate Ki-67 levels with response.", [("measuresMarker", "Ki-67")]),
        ("Secondary objectives:\n\n  -  Characterize the expression of EGFR.", [("measuresMarker", "EGFR")]),
        ("II. To quantify PSA levels.", [("measuresMarker", "PSA")]),
        ("Correlate of interest is EGFR expression.", [("measuresMarker", "EGFR")]),
        ("Test results for EGFR expression come from elsewhere.", []),
    ],
)
def test_an_objective_is_one_under_its_heading_and_behind_the_mark_of_its_item(
    extractor: Extractor, text: str, expected: list[tuple[str, str]]
) -> None:
    assert said(extractor, text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "OBJECTIVES: I. Determine the safety of this vaccine in patients with cancer expressing MUC1.",
        "Determine the response rate of patients who express MUC1.",
        "Determine the response rate in tumours that express MUC1.",
    ],
)
def test_a_verb_of_state_before_the_marker_tells_whose_tumour_it_is(extractor: Extractor, text: str) -> None:
    assert ("requiresMarkerState", "MUC1 expressed") in said(extractor, text)


def test_a_title_reads_the_verb_of_state_as_well(extractor: Extractor) -> None:
    text = "Trastuzumab for Cancers of the Bladder That Overexpress HER2"
    assert ("requiresMarkerState", "HER2 overexpressed") in said(extractor, text, FieldKind.OFFICIAL_TITLE)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Women carrying a BRCA1 mutation will be eligible for this study.",
         [("requiresMarkerState", "BRCA1 mutated")]),
        ("Women whose mother has a BRCA1 mutation will be eligible for this study.", []),
        ("Women with or without a BRCA1 mutation will be eligible for this study.", []),
        ("Eligibility:\n\n  -  Men carrying a known BRCA2 deleterious mutation.\n\nDesign:\n\n  -  A cohort.",
         [("requiresMarkerState", "BRCA2 mutated")]),
        ("Eligibility:\r\n\r\n  -  HER2-positive tumour.\r\n\r\nExclusion:\r\n\r\n  -  ER-positive tumour.\r\n",
         [("requiresMarkerState", "HER2 positive")]),
        ("Design:\n\n  -  Men carrying a known BRCA2 mutation.", []),
    ],
)  # fmt: skip
def test_who_takes_part(extractor: Extractor, text: str, expected: list[tuple[str, str]]) -> None:
    assert said(extractor, text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "Determine the efficacy of recombinant human IGF-1.",
        "Assess the immune response to the CEA protein.",
        "Determine whether vaccination with MUC1 peptides has an effect.",
        "Determine the maximum tolerated dose of rV-DF3/MUC1.",
        "Assess transgene expression after Ad-p53.",
        "Assess engraftment of CD34-selected cells.",
        "Monitor cells that are PSA RNA-pulsed.",
    ],
)
def test_what_is_given_or_attacked_is_not_measured(extractor: Extractor, text: str) -> None:
    assert said(extractor, text) == []


@pytest.mark.parametrize(
    ("one", "other"),
    [("HER2-overexpressing", "HER2 non-overexpressing"), ("HER2-positive", "HER2 non-overexpressing"),
     ("BRCA1-mutated", "BRCA1 wild-type"), ("HER2-amplified", "HER2-negative")],
)  # fmt: skip
def test_who_takes_both_sides_requires_neither(extractor: Extractor, one: str, other: str) -> None:
    sentences = [f"Determine the response of patients with {state} breast cancer." for state in (one, other)]
    assert said(extractor, sentences[0])
    assert said(extractor, " ".join(sentences)) == []
