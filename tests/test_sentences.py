import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.extract.sentences import sentences


def cut(text: str) -> list[str]:
    return [text[start:end] for start, end in sentences(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("One thing. Another thing.", ["One thing.", "Another thing."]),
        ("Really? Yes! Good.", ["Really?", "Yes!", "Good."]),
        ("ctDNA (see below.) Then more.", ["ctDNA (see below.)", "Then more."]),
        ("Scans, e.g. CT, vs. MRI.", ["Scans, e.g. CT, vs. MRI."]),
        ("As shown by Doe et al. Results follow.", ["As shown by Doe et al. Results follow."]),
        ("A dose of 1.5 mg. 2 mg later.", ["A dose of 1.5 mg.", "2 mg later."]),
        ("no capital. follows", ["no capital. follows"]),
        ("first; second", ["first;", "second"]),
        ("- one\n- two\n\n* three", ["- one", "- two", "* three"]),
        ("1. one\n2. two", ["1. one", "2. two"]),
        ("a wrapped\n     line of text", ["a wrapped\n     line of text"]),
        ("a title\nA line", ["a title", "A line"]),
        ("", []),
        (" \n ", []),
    ],
)
def test_borders(text: str, expected: list[str]) -> None:
    assert cut(text) == expected


def test_only_the_asked_stretch_is_cut() -> None:
    text = "One here. Two here. Three here."
    assert [text[start:end] for start, end in sentences(text, 10, 19)] == ["Two here."]


@given(st.text(alphabet=st.sampled_from('aB1 .;\n-*("é')))
def test_sentences_are_apart_in_order_and_lose_nothing(text: str) -> None:
    place, kept = 0, ""
    for start, end in sentences(text):
        assert place <= start < end <= len(text)
        assert text[start:end] == text[start:end].strip()
        assert not text[place:start].strip()
        place, kept = end, kept + text[start:end]
    assert "".join(kept.split()) == "".join(text.split())
