"""Names that share a word with their neighbour in a list."""

import pytest

from kg.extract.mentions import MentionFinder
from kg.lexicon import Lexicon
from kg.models import FieldKind, TextField


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("breast and ovarian cancer", [("breast", "breast cancer"), ("ovarian cancer", "ovarian cancer")]),
        ("lung, thyroid, or ovarian cancer",
         [("lung", "lung cancer"), ("thyroid", "thyroid cancer"), ("ovarian cancer", "ovarian cancer")]),
        ("type 1 and type 2 diabetes", [("type 1", "type 1 diabetes"), ("type 2 diabetes", "type 2 diabetes")]),
        ("type I or II diabetes", [("type I", "type 1 diabetes"), ("II diabetes", "type 2 diabetes")]),
        ("hepatitis B and C", [("hepatitis B", "hepatitis B"), ("C", "hepatitis C")]),
        ("hepatitis B/C", [("hepatitis B", "hepatitis B"), ("C", "hepatitis C")]),
        # no name comes of putting the word back
        ("women and ovarian cancer", [("ovarian cancer", "ovarian cancer")]),
        ("hepatitis B and a patient", [("hepatitis B", "hepatitis B")]),
        ("breast. Ovarian cancer", [("Ovarian cancer", "ovarian cancer")]),
        ("breast\n\nand ovarian cancer", [("ovarian cancer", "ovarian cancer")]),
        ("hepatitis B and 3 doses", [("hepatitis B", "hepatitis B")]),
    ],
)  # fmt: skip
def test_what_is_left_out_is_put_back(lexicon: Lexicon, text: str, expected: list[tuple[str, str]]) -> None:
    field = TextField(document="d", locator="/text", kind=FieldKind.BRIEF_SUMMARY, text=text)
    (found,) = MentionFinder(lexicon).find([field])
    assert [(it.span.quote, it.concept.pref_label) for it in found] == expected
    assert {it.rule for it in found if it.span.quote not in {"ovarian cancer", "hepatitis B"}} <= {
        "coordination", "dictionary",
    }  # fmt: skip
