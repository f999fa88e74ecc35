import pytest
from conftest import eligibility, make_field, make_trial
from hypothesis import given
from hypothesis import strategies as st

from kg.extract import Extractor, _by_item
from kg.extract.criteria import Item, criteria
from kg.models import FieldKind, Polarity, Span, TextField

IN, EX = Polarity.INCLUSION, Polarity.EXCLUSION
Cut = list[tuple[Polarity, str]]

PIECES = (
    "Inclusion Criteria",
    "EXCLUSION CRITERIA",
    "Exclusion:",
    "Key exclusion criteria",
    ":",
    "\n",
    "\n\n",
    "* ",
    "  - ",
    "1. ",
    "2) ",
    "a) ",
    "one",
    "two; ",
    "three. ",
    "Four",
    " ",
    "patients excluded",
    "-",
    "**",
    "eligibility",
    "é",
    "🧬",
)


def cut(text: str, kind: FieldKind = FieldKind.ELIGIBILITY) -> Cut:
    return [(item.polarity, text[item.start : item.end]) for item in criteria(make_field(text, kind))]


@pytest.mark.parametrize(
    ("head", "polarity"),
    [
        ("Inclusion Criteria:", IN),
        ("INCLUSION CRITERIA", IN),
        ("Key Inclusion Criteria:", IN),
        ("Main inclusion criteria", IN),
        ("Criteria for inclusion:", IN),
        ("Inclusion:", IN),
        ("Inclusion Criteria (Part A):", IN),
        ("Eligibility criteria:", IN),
        ("Exclusion Criteria:", EX),
        ("EXCLUSION CRITERIA", EX),
        ("Key Exclusion Criteria:", EX),
        ("Main exclusion criteria", EX),
        ("Criteria for exclusion:", EX),
        ("Exclusion criteria for both parts of the trial:", EX),
        ("Exclusions:", EX),
        ("Exclusion", EX),
        ("Non-inclusion criteria:", EX),
        ("Exclusion Criteria -", EX),
        ("- Exclusion criteria:", EX),
        ("2. Exclusion criteria:", EX),
    ],
)
def test_headings(head: str, polarity: Polarity) -> None:
    assert cut(f"{head}\n* first one\n* second one") == [(polarity, "first one"), (polarity, "second one")]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            eligibility(inclusion=["adult", "fit"], exclusion=["pregnant"]),
            [(IN, "adult"), (IN, "fit"), (EX, "pregnant")],
        ),
        (
            "Inclusion Criteria:\n1. adult\n2. fit\nExclusion Criteria:\n1. pregnant",
            [(IN, "adult"), (IN, "fit"), (EX, "pregnant")],
        ),
        ("Inclusion Criteria:\n\n1\\. adult\n2\\. fit", [(IN, "adult"), (IN, "fit")]),
        ("Inclusion Criteria:\n• adult\n• fit", [(IN, "adult"), (IN, "fit")]),
        ("Inclusion Criteria:\n(a) adult\n(b) fit", [(IN, "adult"), (IN, "fit")]),
        (
            "Inclusion Criteria: adult. Fit. Exclusion Criteria: pregnant.",
            [(IN, "adult."), (IN, "Fit."), (EX, "pregnant.")],
        ),
        ("* adult\n* fit", [(IN, "adult"), (IN, "fit")]),
        ("Adult patients. Fit patients.", [(IN, "Adult patients."), (IN, "Fit patients.")]),
        ("Exclusion Criteria:\n* pregnant\n\nInclusion Criteria:\n* adult", [(EX, "pregnant"), (IN, "adult")]),
        (
            "Inclusion Criteria:\n* A one\nExclusion Criteria:\n* B two\nInclusion Criteria (Part B):\n* C three",
            [(IN, "A one"), (EX, "B two"), (IN, "C three")],
        ),
    ],
)
def test_layouts(text: str, expected: Cut) -> None:
    assert cut(text) == expected


def test_nested_items_belong_to_their_item() -> None:
    text = "Inclusion Criteria:\n\n* one of\n\n  * ER-positive\n  * PR-positive\n* adult"
    assert cut(text) == [(IN, "one of\n\n  * ER-positive\n  * PR-positive"), (IN, "adult")]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1. any of:\n- frail\n- old\n2. adult", ["any of:\n- frail\n- old", "adult"]),
        ("- any of:\n1. frail\n2. old\n- adult", ["any of:\n1. frail\n2. old", "adult"]),
        ("1. adult\n2. any of:\n1. frail\n2. old\n3. able", ["adult", "any of:\n1. frail\n2. old", "able"]),
        # no colon, or nothing behind the list that shows where it ends
        ("1. adult\n- frail\n2. old", ["adult", "frail", "old"]),
        ("1. any of:\n- frail\n- old", ["any of:", "frail", "old"]),
    ],
)
def test_a_list_below_a_colon_belongs_to_its_item_at_any_depth(text: str, expected: list[str]) -> None:
    assert [item for _, item in cut(f"Inclusion Criteria:\n{text}")] in (
        expected,
        [it for it in expected if it[-1] != ":"],
    )


@pytest.mark.parametrize(
    "head",
    [
        "Patients will be excluded if they have any of:",
        "Subjects are excluded when:",
        "The following patients are excluded:",
        "Not eligible:",
        "Patients are not eligible for the study if they:",
        "Exclusion criteria include:",
        "III.6 EXCLUSION CRITERIA",
        "**Exclusion Criteria**",
        "Angiographic exclusion criteria",
        "General Safety & Laboratory Exclusion Criteria",
        "Scan exclusions:",
        "Conditions for Patient Ineligibility:",
        "Exclusion Criteria for Subjects Who Took Part Before",
        "Exclusion criteria (these are general ones; others may apply.)",
        "For the scan, the following exclusion criteria apply:",
        "Subjects with any of these are not to be enrolled:",
        "Any of the following will result in exclusion from the second part:",
        "In order to enroll, subjects must not have:",
        "Exclusion criteria for the siblings- ",
        "Further exclusion criteria will be:",
    ],
)
def test_what_is_said_to_exclude_excludes(head: str) -> None:
    text = f"Inclusion Criteria:\n* adult\n\n{head}\n* pregnant\n* frail"
    assert cut(text) == [(IN, "adult"), (EX, "pregnant"), (EX, "frail")]


@pytest.mark.parametrize(
    "text",
    [
        "adults for the duration of the study Exclusion Criteria:\n* smokers",
        "adults with or without pain Exclusion Criteria:- smokers",
        "adults Exclusion Criteria: - smokers",
        "adults who sign Exclusion Criteria\n\n  - smokers",
    ],
)
def test_a_heading_inside_a_line_turns_the_polarity(text: str) -> None:
    (inclusion, before), (exclusion, after) = cut(text)
    assert (inclusion, exclusion, after) == (IN, EX, "smokers")
    assert before.startswith("adults")


def test_an_item_may_be_a_list_of_exclusions_by_itself() -> None:
    text = "Inclusion Criteria:\n* adult\n* cardiac exclusion criteria: angina\n* able to walk"
    assert cut(text) == [(IN, "adult"), (IN, "cardiac"), (EX, "angina"), (IN, "able to walk")]


def test_carriage_returns_change_nothing() -> None:
    text = "Inclusion Criteria:\n\n  - adult\n\nPatients must not have:\n\n  - HIV\n\nPrior treatment:\n\n  - allowed"
    field = TextField.of_source("", "text", FieldKind.ELIGIBILITY, text.replace("\n", "\r\n"))
    items = [(item.polarity, Span(text=field, start=item.start, end=item.end).quote) for item in criteria(field)]
    assert items == cut(text)
    assert field.source_text == text.replace("\n", "\r\n")


def test_an_item_of_numbers_is_kept_where_it_has_a_letter() -> None:
    assert cut("Inclusion Criteria:\n* t(11;14)\n* 12") == [(IN, "t(11;14)")]


def test_numbers_inside_a_line_cut_it_and_lose_nothing() -> None:
    text = "Inclusion Criteria: 1. ER-positive 2. Age over 18 Exclusion Criteria: 1. HER2-positive 2. Pregnant"
    assert cut(text) == [(IN, "ER-positive"), (IN, "Age over 18"), (EX, "HER2-positive"), (EX, "Pregnant")]


@pytest.mark.parametrize("nothing", ["None", "N/A", "-", "\\-", "Not applicable", "1."])
def test_an_empty_list_has_no_criteria(nothing: str) -> None:
    assert cut(f"Inclusion Criteria:\n\n* adult\n\nExclusion Criteria:\n\n{nothing}") == [(IN, "adult")]


@pytest.mark.parametrize(
    "sentence",
    [
        "Patients must meet all inclusion criteria listed below",
        "Patients who do not meet any exclusion criteria",
        "Excluded are none of the above",
        "Exclusion of other causes of anaemia: yes",
        "No Exclusion Criteria: met",
        "Adult (see exclusion criteria)",
        "None of the exclusion criteria",
        "Subjects with exclusion criteria required by law",
        "Able to follow the Exclusion Criteria",
        "Eligible for surgery in the opinion of the investigator and able to travel",
    ],
)
def test_a_sentence_about_criteria_is_no_heading(sentence: str) -> None:
    assert cut(f"Inclusion Criteria:\n* {sentence}\n* adult") == [(IN, sentence), (IN, "adult")]


@pytest.mark.parametrize(("kind", "polarity"), [(FieldKind.INCLUSION, IN), (FieldKind.EXCLUSION, EX)])
def test_a_section_of_its_own_has_one_polarity(kind: FieldKind, polarity: Polarity) -> None:
    assert cut("* HER2-positive\n* pregnant", kind) == [(polarity, "HER2-positive"), (polarity, "pregnant")]


@given(st.lists(st.sampled_from(PIECES) | st.text(max_size=5), max_size=30).map("".join).filter(str.strip))
def test_criteria_lie_inside_in_order_and_apart(text: str) -> None:
    place = 0
    for item in criteria(make_field(text)):
        assert place <= item.start < item.end <= len(text)
        assert any(char.isalnum() or char == "_" for char in text[item.start : item.end])
        place = item.end


PDQ_TEXT = (
    "DISEASE CHARACTERISTICS: Histologically proven breast cancer with active Hepatitis B allowed No brain metastases "
    "Hormone receptor status: Estrogen receptor negative OR Hormone refractory disease\n\n"
    "PATIENT CHARACTERISTICS: Age: 18 and over Menopausal status: Not specified Hepatic: Bilirubin no greater than "
    "2 mg/dL Other: Not pregnant Negative pregnancy test\n\n"
    "PRIOR CONCURRENT THERAPY: Biologic\n  therapy: See Disease Characteristics Chemotherapy: At least 4 weeks since "
    "Prior paclitaxel No other concurrent chemotherapy"
)


def test_a_label_of_two_words_with_capitals_is_not_cut_in_two() -> None:
    text = "DISEASE CHARACTERISTICS: Proven sarcoma\n\nPRIOR THERAPY: Endocrine Therapy: Not specified. "
    text += "Biologic Therapy: No interferon Performance Status: ECOG 0"
    items = ["Proven sarcoma", "Biologic Therapy: No interferon", "Performance Status: ECOG 0"]
    assert cut(text) == [(IN, item) for item in items]


def test_items_without_list_marks_begin_at_labels_and_first_words() -> None:
    assert cut(PDQ_TEXT) == [
        (IN, "Histologically proven breast cancer with active Hepatitis B allowed"),
        (IN, "No brain metastases"),
        (IN, "Hormone receptor status: Estrogen receptor negative OR Hormone refractory disease"),
        (IN, "Age: 18 and over"),
        (IN, "Hepatic: Bilirubin no greater than 2 mg/dL"),
        (IN, "Other: Not pregnant"),
        (IN, "Negative pregnancy test"),
        (IN, "Chemotherapy: At least 4 weeks since Prior paclitaxel"),
        (IN, "No other concurrent chemotherapy"),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "Inclusion criteria - adult - ECOG 0 - 1 Exclusion criteria - pregnancy - brain metastases",
        "inclusion criteria - adult - ECOG 0 - 1 exclusion criteria - pregnancy - brain metastases",
        "Inclusion criteria * adult * ECOG 0 - 1 Exclusion criteria * pregnancy * brain metastases",
        "Inclusion criteria 1. Adult 2. ECOG 0 - 1 Exclusion criteria 1. Pregnancy 2. Brain metastases",
    ],
)
def test_lists_in_one_line_run_on_behind_their_headings(text: str) -> None:
    expected = [(IN, "adult"), (IN, "ecog 0 - 1"), (EX, "pregnancy"), (EX, "brain metastases")]
    assert [(polarity, item.lower()) for polarity, item in cut(text)] == expected


def test_a_small_heading_with_a_colon_inside_a_line_answers_the_one_before_it() -> None:
    assert cut("inclusion criteria: adult, well exclusion criteria: pregnancy") == [
        (IN, "adult, well"),
        (EX, "pregnancy"),
    ]
    told = "Adults who do not meet our exclusion criteria - see below"
    assert cut(told) == [(IN, told)]


def test_items_run_on_only_where_the_layout_is_known() -> None:
    text = "Inclusion Criteria: adult with cancer No brain metastases Hepatic: normal"
    assert cut(text) == [(IN, "adult with cancer No brain metastases Hepatic: normal")]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Not amenable to surgery HLA-A2 positive", ["Not amenable to surgery", "HLA-A2 positive"]),
        ("No earlier HER2 therapy at least", ["No earlier HER2 therapy at least"]),
        ("Standard therapy failed Phase II: Bone lesions", ["Standard therapy failed", "Phase II: Bone lesions"]),
        ("HER2 positive Brain metastases allowed", ["HER2 positive", "Brain metastases allowed"]),
        ("Elevated CEA (if known, Stage I or II) or scan", ["Elevated CEA (if known, Stage I or II) or scan"]),
        ("Histologically proven Stage II disease Rising PSA", ["Histologically proven Stage II disease", "Rising PSA"]),
    ],
)  # fmt: skip
def test_markers_and_stages_begin_items_but_not_inside_brackets(text: str, expected: list[str]) -> None:
    assert [item for _, item in cut(f"DISEASE CHARACTERISTICS: {text}")] == expected


def test_what_reaches_beyond_a_criterion_is_no_condition_of_it(extractor: Extractor) -> None:
    text = "circulating tumor DNA positive"
    trial = make_trial((FieldKind.ELIGIBILITY, text))
    (mentions,) = (list(found) for found in extractor.find(trial).mentions)
    (mention,) = mentions
    whole, part = (Item(polarity=IN, start=0, end=end) for end in (len(text), mention.span.end - 1))
    assert [list(inside) for _, inside in _by_item([whole], mentions)] == [mentions]
    assert [list(inside) for _, inside in _by_item([part], mentions)] == [[]]
