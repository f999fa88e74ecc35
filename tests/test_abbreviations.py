import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.extract.abbreviations import definitions


def defined(text: str) -> list[tuple[str, str]]:
    return [(found.short, text[found.long_start : found.long_end]) for found in definitions(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("the circulating tumour DNA (ctDNA) level", [("ctDNA", "circulating tumour DNA")]),
        ("women with breast cancer (BC)", [("BC", "breast cancer")]),
        ("triple-negative breast cancer (TNBC)", [("TNBC", "triple-negative breast cancer")]),
        ("HER2 by immunohistochemistry (IHC)", [("IHC", "immunohistochemistry")]),
        (
            "progression-free survival (PFS), overall survival (OS)",
            [("PFS", "progression-free survival"), ("OS", "overall survival")],
        ),
        ("antibody-drug conjugate\n   (ADC)", [("ADC", "antibody-drug conjugate")]),
        ("the study drug (study)", []),
        ("magnetic resonance (CT)", []),
        ("(HER2)", []),
        ("two of them (n=20)", []),
        ("no brackets at all", []),
        ("NSCLC (non-small cell lung cancer) only", [("NSCLC", "non-small cell lung cancer")]),
        ("ctDNA (circulating tumour DNA)", [("ctDNA", "circulating tumour DNA")]),
        ("NETs (neuroendocrine tumours)", [("NET", "neuroendocrine tumours")]),
        ("brain metastases (BMs; at most three)", [("BM", "brain metastases")]),
        ("MRI (within 4 weeks)", []),
        ("Women (with breast cancer)", []),
    ],
)
def test_long_forms(text: str, expected: list[tuple[str, str]]) -> None:
    assert defined(text) == expected


@given(st.text(alphabet=st.sampled_from("aAbB1 ()-.é")))
def test_a_long_form_stands_before_its_bracket_or_in_it(text: str) -> None:
    for found in definitions(text):
        assert 0 <= found.long_start < found.long_end <= len(text)
        behind, before = text[found.long_end :].lstrip(), text[: found.long_start]
        assert behind.startswith(f"({found.short}") or before.rstrip("( s").endswith(found.short.rstrip("s"))
        assert text[found.long_start].casefold() == found.short[0].casefold()
