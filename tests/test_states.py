import pytest
from conftest import make_concept

from kg.extract.states import possible_state, state_after, state_before
from kg.models import ConceptType
from kg.terminology import Terminology


@pytest.mark.parametrize(
    ("text", "state", "said"),
    [
        ("HER2+", "positive", "+"),
        ("HER2+/HR-", "positive", "+"),
        ("HER2 +", "positive", " +"),
        ("HER2(+)", "positive", "(+)"),
        ("HER2- disease", "negative", "-"),
        ("HER2−, ER+", "negative", "−"),
        ("HER2 (-)", "negative", " (-)"),
        ("HER2-positive", "positive", "-positive"),
        ("HER2‑negative", "negative", "‑negative"),
        ("HER2 positivity", "positive", " positivity"),
        ("HER2 negativity", "negative", " negativity"),
        ("HER2 receptor status: negative", "negative", " receptor status: negative"),
        ("HER2 status is positive", "positive", " status is positive"),
        ("HER2-low", "low", "-low"),
        ("HER2 low-expressing", "low", " low-expressing"),
        ("HER2-ultralow", "ultralow", "-ultralow"),
        ("HER2 overexpression", "overexpressed", " overexpression"),
        ("HER2 gene amplification", "amplified", " gene amplification"),
        ("HER2 non-amplified", "not-amplified", " non-amplified"),
        ("HER2 mutated", "mutated", " mutated"),
        ("HER2 wild-type", "wild-type", " wild-type"),
        ("HER2 rearrangement", "fusion", " rearrangement"),
        ("HER2 not detected", "not-detected", " not detected"),
        ("HER2 loss", "loss", " loss"),
        ("HER2 deficient", "deficient", " deficient"),
        ("HER2 unmethylated", "unmethylated", " unmethylated"),
    ],
)
def test_words_and_signs_behind_a_marker(text: str, state: str, said: str) -> None:
    found = state_after(text, 0, 4, len(text))
    assert found is not None
    assert (found.state, text[found.start : found.end]) == (state, said)


@pytest.mark.parametrize(
    "text",
    [
        "HER2",
        "HER2 testing",
        "HER2-targeted therapy",
        "HER2-directed antibody",
        "HER2 + 2",
        "HER2 lowered",
        "HER2 highlands",
        "HER2 and positive thinking",
        "HER2. Positive findings",
        "HER2 below 20",
        "HER2 positive or negative",
        "HER2-positive, negative or unknown",
        "HER2 mutation testing",
        "HER2 mutation status",
        "HER2 amplification test",
    ],
)
def test_words_that_are_no_state(text: str) -> None:
    assert state_after(text, 0, 4, len(text)) is None


@pytest.mark.parametrize(
    ("text", "state"),
    [
        ("HER2 mutation-negative", "wild-type"),
        ("HER2 mutation not detected", "wild-type"),
        ("HER2 amplification absent", "not-amplified"),
        ("HER2 mutation status: positive", "mutated"),
        ("HER2 non-positive", "negative"),
        ("HER2 status is not positive", "negative"),
        ("HER2 not overexpressed", "not-overexpressed"),
        ("HER2 -ve", "negative"),
        ("HER2 +ve", "positive"),
    ],
)
def test_a_denied_state_is_the_opposite(text: str, state: str) -> None:
    found = state_after(text, 0, 4, len(text))
    assert found is not None
    assert found.state == state


@pytest.mark.parametrize(
    ("before", "state", "said"),
    [
        ("patients with positive ", "positive", "positive "),
        ("elevated serum ", "elevated", "elevated serum "),
        ("high levels of ", "high", "high levels of "),
        ("overexpression of ", "overexpressed", "overexpression of "),
        ("wild-type ", "wild-type", "wild-type "),
        ("negative for ", "negative", "negative for "),
        ("non-amplified ", "not-amplified", "non-amplified "),
        ("not amplified ", "not-amplified", "not amplified "),
        ("loss of ", "loss", "loss of "),
        ("absence of ", "not-expressed", "absence of "),
        ("mutations in ", "mutated", "mutations in "),
    ],
)
def test_words_before_a_marker(before: str, state: str, said: str) -> None:
    found = state_before(before + "HER2", len(before), 0)
    assert found is not None
    assert (found.state, before[found.start : found.end]) == (state, said)


@pytest.mark.parametrize("before", ["", "with ", "seropositive ", "highest ", "positive. "])
def test_words_before_a_marker_that_are_no_state(before: str) -> None:
    assert state_before(before + "HER2", len(before), 0) is None


def test_a_limit_is_a_limit() -> None:
    text = "positive HER2 negative"
    assert state_after(text, 9, 13, 16) is None
    assert state_before(text, 9, 3) is None


def test_a_marker_is_only_in_states_that_it_can_have() -> None:
    marker = make_concept("X1", ConceptType.MARKER, possible_states=("high", "negative"))
    assert possible_state(marker, "negative") == "negative"
    assert possible_state(marker, "elevated") == "high"
    assert possible_state(marker, "mutated") is None


@pytest.mark.parametrize(
    ("label", "state", "expected"),
    [
        ("HER2", "low", "low"),
        ("HER2", "methylated", None),
        ("ctDNA", "detected", "positive"),
        ("ctDNA", "not-detected", "negative"),
        ("ctDNA", "amplified", None),
        ("ER", "expressed", "positive"),
        ("PR", "not-expressed", "negative"),
    ],
)
def test_states_of_bundled_markers(terminology: Terminology, label: str, state: str, expected: str | None) -> None:
    (marker,) = (
        concept
        for concept in terminology.concepts.values()
        if concept.pref_label == label and concept.concept_type is ConceptType.MARKER
    )
    assert possible_state(marker, state) == expected


def test_what_is_found_in_something_is_no_state_of_it() -> None:
    before = "a mutation detected in "
    assert state_before(before + "ctDNA", len(before), 0) is None
