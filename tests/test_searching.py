"""Expressions that are tried only where a word of theirs stands find what they would find without that."""

import re

import pytest

from kg.extract.context import context
from kg.extract.searching import Guarded, needed_words
from kg.extract.triggers import ROWS, Row, Side, phrases

_TEXTS = (
    "",
    "no drug",
    "At least 2 prior lines of chemotherapy",
    "AT LEAST one line",
    "age ≥ 18 years",
    "more than 3 courses, at most 4",
    "the least",
)
_PATTERNS = (
    r"\b(?:at least|more than|≥)\s*(?P<value>\d+)",
    r"\b(?:at (?:least|most)|no)\b",
    r"\blines?\b(?! of)",
    r"\w+$",
)


@pytest.mark.parametrize("pattern", _PATTERNS)
@pytest.mark.parametrize("text", _TEXTS)
def test_a_guarded_expression_finds_what_the_expression_finds(pattern: str, text: str) -> None:
    plain, guarded = re.compile(pattern, re.IGNORECASE), Guarded(pattern, re.IGNORECASE)
    for start, end in ((0, len(text)), (3, len(text)), (0, 9)):
        assert _span(guarded.search(text, start, end)) == _span(plain.search(text, start, end))
        assert _span(guarded.match(text, start, end)) == _span(plain.match(text, start, end))
        assert [it.span() for it in guarded.finditer(text, start, end)] == [
            it.span() for it in plain.finditer(text, start, end)
        ]


def _span(match: re.Match[str] | None) -> tuple[int, int] | None:
    return match.span() if match else None


def test_a_guard_is_the_rarest_of_the_words_that_are_needed() -> None:
    assert needed_words(r"\b(?:in|on)\s+(?:admission|discharge)\b") == ("admission", "discharge")
    assert needed_words(r"(?:>|more)\s*than") == ("than",)
    assert needed_words(r">\s+or\s+=|≥") == (">", "≥")
    assert needed_words(r"\d+\s*\w+") == ()


def test_a_word_that_contains_another_needs_no_look_of_its_own() -> None:
    assert needed_words("undetected|detected") == ("detected",)


@pytest.mark.parametrize("row", [row for row in ROWS if row.kind is not None], ids=lambda row: row.phrase)
def test_each_spelling_of_a_trigger_is_looked_for(row: Row) -> None:
    name = "asthma"
    for words in phrases(row.phrase):
        said = " ".join(words)
        text = said if row.side is Side.INSIDE else f"{name} {said}" if row.side is Side.AFTER else f"{said} {name}"
        start = 0 if row.side is Side.INSIDE else text.index(name)
        end = len(text) if row.side is Side.INSIDE else start + len(name)
        assert context(text, start, end, (0, len(text))).triggers, text


def test_a_trigger_is_found_behind_an_apostrophe_and_beside_a_sign() -> None:
    for text in ("Patients who don’t have asthma", "patients who DON'T have asthma", "“no”–asthma", "no2 no asthma"):
        start = text.index("asthma")
        assert context(text, start, start + 6, (0, len(text))).denied, text
