import pytest

from kg.extract.context import is_negated
from kg.extract.discourse import SentenceKind, sentence_kind


def negated(text: str, name: str = "HER2") -> bool:
    start = text.index(name)
    return is_negated(text, start, start + len(name), 0, len(text))


@pytest.mark.parametrize(
    "text",
    [
        "No HER2 overexpression",
        "no prior or current HER2",
        "without HER2",
        "absence of HER2",
        "lack of HER2",
        "not HER2",
        "must not have HER2",
        "free of HER2",
        "negative for, or other than, HER2",
        "with the exception of HER2",
        "never HER2",
        "neither EGFR nor HER2",
        "HER2 is not allowed",
        "HER2 tumours are excluded",
        "HER2 disease is not eligible",
        "HER2-naive",
        "HER2 therapy is prohibited",
        "No drivers including EGFR mutations, KRAS mutations, ALK or ROS1 rearrangements, MET mutations, HER2",
        "must not have an EGFR mutation, an ALK gene fusion, a ROS1 gene rearrangement, a RET fusion, or HER2",
    ],
)
def test_denied(text: str) -> None:
    assert negated(text)


@pytest.mark.parametrize(
    "text",
    [
        "HER2",
        "not only HER2",
        "no more than two HER2 tests",
        "HER2 is not required",
        "no EGFR but HER2",
        "No EGFR; HER2",
        "no pain. HER2",
        "no EGFR, although HER2",
        "patients who cannot walk and have HER2",
        "without regard to HER2",
        "not limited to HER2",
        "whether or not it is HER2",
        "abnormal HER2",
        "notable HER2",
        "nothing known of HER2",
    ],
)
def test_not_denied(text: str) -> None:
    assert not negated(text)


def test_a_sentence_before_denies_nothing() -> None:
    text = "No EGFR HER2"
    assert is_negated(text, 8, 12, 0, 12)
    assert not is_negated(text, 8, 12, 8, 12)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("This study will enrol patients with early disease.", SentenceKind.POPULATION),
        ("Eligible patients must have measurable disease.", SentenceKind.POPULATION),
        ("Women with node-positive disease will be recruited.", SentenceKind.POPULATION),
        ("The primary objective is to compare survival.", SentenceKind.OBJECTIVE),
        ("This trial aims to find the best dose.", SentenceKind.OBJECTIVE),
        ("To evaluate safety.", SentenceKind.OBJECTIVE),
        ("The study compares two doses.", SentenceKind.OBJECTIVE),
        ("Participants will receive tablets daily.", SentenceKind.DESIGN),
        ("They are randomised to one of two arms.", SentenceKind.DESIGN),
        ("Blood samples will be taken.", SentenceKind.DESIGN),
        ("Breast cancer is common.", SentenceKind.BACKGROUND),
        ("About 20% of patients will have a relapse.", SentenceKind.BACKGROUND),
        ("Patients with early disease will often relapse.", SentenceKind.BACKGROUND),
        ("Previous studies have shown a benefit in women who will relapse.", SentenceKind.BACKGROUND),
        ("Doe et al. compared two doses in patients who will progress.", SentenceKind.BACKGROUND),
        ("The drug was approved in 2020 for women.", SentenceKind.BACKGROUND),
        ("To date, patients will receive the standard.", SentenceKind.BACKGROUND),
    ],
)
def test_what_a_sentence_does(text: str, kind: SentenceKind) -> None:
    assert sentence_kind(text, 0, len(text)) is kind


def test_only_the_sentence_itself_counts() -> None:
    text = "Doe et al. reported it. To evaluate safety."
    assert sentence_kind(text, 24, len(text)) is SentenceKind.OBJECTIVE
