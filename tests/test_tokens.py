import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.tokens import key, tokenise


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("HER-2", "HER2"),
        ("HER 2", "her2"),
        ("PD‑L1", "PD-L1"),
        ("IFN-α", "IFN alpha"),
        ("tumours", "tumor"),
        ("tumoural", "tumoral"),
        ("oestrogen receptors", "estrogen receptor"),
        ("oesophageal", "esophageal"),
        ("leukaemia", "leukemia"),
        ("anaemia", "anemia"),
        ("paediatric", "pediatric"),
        ("randomised", "randomized"),
        ("biopsies", "biopsy"),
        ("metastases of the centre", "metastases of the center"),
        ("dialyse", "dialyze"),
    ],
)
def test_variants_of_a_spelling_meet(left: str, right: str) -> None:
    assert key(left) == key(right)


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("HER2", "HER3"),
        ("HER2", "HER21"),
        ("virus", "viru"),
        ("sepsis", "sepsi"),
        ("loss", "los"),
        ("TAS", "TA"),
        ("AS", "A"),
        ("α", "β"),
        ("hour", "hor"),
    ],
)
def test_different_words_stay_apart(left: str, right: str) -> None:
    assert key(left) != key(right)


def test_tokens_carry_offsets_in_the_text() -> None:
    tokens = tokenise("HER-2, IFN-α.")
    words, starts, ends = tokens
    assert words == ["HER", "2", "IFN", "α"]
    assert tokens.forms == ["her", "2", "ifn", "alpha"]
    assert list(zip(starts, ends, strict=True)) == [(0, 3), (4, 5), (7, 10), (11, 12)]


@pytest.mark.parametrize("text", ["", " \n", "-/.,()", "_"])
def test_signs_are_no_tokens(text: str) -> None:
    assert tokenise(text) == ([], [], [])


@given(st.text())
def test_tokens_lie_in_the_text_in_order(text: str) -> None:
    words, starts, ends = tokenise(text)
    place = 0
    for word, start, end in zip(words, starts, ends, strict=True):
        assert word
        assert place <= start < end <= len(text)
        place = end


@given(st.text())
def test_a_key_is_the_forms_of_the_tokens(text: str) -> None:
    assert key(text) == " ".join(tokenise(text).forms)
