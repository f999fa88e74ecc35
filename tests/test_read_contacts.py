"""Contact data is blotted out; what only looks like it stays."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.read.contacts import BLOT, blot, has_contact, persons

JANE = "Jane Q. Example, MD, PhD"


def hidden(text: str, *names: str) -> list[str]:
    """The blotted stretches of a text."""
    result = blot(text, names)
    assert len(result) == len(text)
    stretches, current = [], ""
    for before, after in zip(text + " ", result + " ", strict=True):
        if after == BLOT:
            current += before
        elif current and before not in "\r\n":
            stretches.append(current)
            current = ""
    return stretches


@pytest.mark.parametrize(
    "contact",
    [
        "jane.doe+trial@mail.example.org",
        "jane(at)example.org",
        "jane [at] example.org",
        "+33 1 99 00 00 00",
        "+1 (555) 010-0199",
        "+49-30-0000000",
        "(555) 010-0199",
        "555-010-0199",
        "555.010.0199",
        "1-555-010-0199",
        "555/010-0199",
        "0033 1 99 00 00 00",
        "0033199000000",
        "01 99 00 00 00",
        "1-800-EXAMPLE",
    ],
)
def test_addresses_and_phone_numbers(contact: str) -> None:
    assert hidden(f"Please use {contact}, or come.") == [contact]
    assert has_contact(contact)


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("Tel: 99 000 000 11", "99 000 000 11"),
        ("telephone no. 0199000000.", "0199000000"),
        ("call us at 01990-00000 today", "01990-00000"),
        ("Fax (0199) 000 000", "(0199) 000 000"),
    ],
)
def test_numbers_after_a_cue(text: str, number: str) -> None:
    assert hidden(text) == [number]


@pytest.mark.parametrize(
    "text",
    [
        "100 mg/m2 on days 1, 8 and 15, then 2000 mg twice a day",
        "NCT00000001 and EudraCT 2010-000001-01, ISRCTN00000001",
        "from 2010-01-15 to 2012-12-31, 01/02/2010-03/04/2011",
        "ANC >= 1,500/mm3, platelets > 100 000 / mm3, 5 x 10^9/L, p = 0.0001, HR 0.75 (0.60-0.95)",
        "at 48.8566, 2.3522 and 45.7640, 4.8357",
        "ER+ 10 mg, HER2+ 1 2 3, +2.00 to -3.00 (12.50), +/- 10%",
        "phone visits at 12, 24, 36 and 48 weeks; telephone follow-up at 30/60/90/120 days",
        "T cells: 1 000 000 - 2 000 000 per kg; cell dose 5000000",
        "ORCID 0000-0002-1825-0097, DOI 10.1000/182.5550100199, ISBN 978-0-00-000000-2",
        "500-1000 mg, 10-20-30 mg, 2 x 2 x 2 cm, 120/80 mmHg, 37.5-38.0 C",
        "grant U01-AI-00000, box 0048 1500 E Center Drive",
        "the treatment (at least 4 weeks) works at home",
    ],
)
def test_what_only_looks_like_contact_data(text: str) -> None:
    assert blot(text, [JANE]) == text


@pytest.mark.parametrize(
    "name", ["Jane Q. Example", "Jane Example", "JANE EXAMPLE", "Example, Jane", "Dr. Example", "Prof Example"]
)
def test_names_in_all_forms(name: str) -> None:
    assert hidden(f"It is led by {name}.", JANE) == [name]


def test_names_are_found_across_line_ends_and_those_stay() -> None:
    assert blot("by Jane\r\n   Example.", [JANE]) == "by ████\r\n   ███████."


@pytest.mark.parametrize("name", ["Example, Jane - Study Chair", "Prof. Jane Example", "Jane Example PhD"])
def test_names_however_they_are_given(name: str) -> None:
    assert hidden("Jane Example leads.", name) == ["Jane Example"]


@pytest.mark.parametrize(
    "name",
    ["Acme Pharmaceuticals", "Medical Director", "Clinical Trials", "Acme Call Center", "Example", "A", "", "J. R."],
)
def test_offices_and_single_words_are_no_persons(name: str) -> None:
    text = "Acme Pharmaceuticals: Medical Director, Clinical Trials, Acme Call Center, Example, A, J. R."
    assert blot(text, [name]) == text


def test_a_name_within_a_word_stays() -> None:
    assert blot("Li Wu; Li Wuhan; Anli Wu", ["Li Wu"]) == "█████; Li Wuhan; Anli Wu"


def test_many_names() -> None:
    names = [f"Jane Example{letter}" for letter in "abcdefghijklmnopqrstuvwxyz"]
    assert hidden("Jane Examplez came, Jane Other did not.", *names) == ["Jane Examplez"]


def test_the_phone_number_of_the_record_is_known() -> None:
    assert hidden("at 99-000-0000 now", "99-000-0000") == ["99-000-0000"]


def test_persons_leaves_out_organisations() -> None:
    names = ["Jane Example", None, "Acme Hospital", "Acme", "Novo de España", "Jane Example", " "]
    assert persons(names, ["Acme Hospital, Paris", None], ["Novo Ltd"]) == ("Jane Example",)


@given(st.text(), st.lists(st.text(), max_size=3))
def test_length_and_line_ends_never_change(text: str, names: list[str]) -> None:
    result = blot(text, names)
    assert len(result) == len(text)
    assert [char for char in result if char in "\r\n"] == [char for char in text if char in "\r\n"]
    assert all(after in (before, BLOT) for before, after in zip(text, result, strict=True))


@pytest.mark.parametrize(
    ("text", "written", "name"),
    [
        ("Jane is here: EXAMPLE; jane example", "jane example", "Jane Example"),
        ("Jane is here: EXAMPLE; jane  example", "jane  example", "Jane Example"),
        ("INAN leads, Prof. \u0130nan helps", "Prof. \u0130nan", "Ay\u015fe Inan"),
        ("Can Y\u0131ld\u0131z or YILDIZ leads", "Can Y\u0131ld\u0131z", "Can Y\u0131ld\u0131z"),
        ("Can and YILDIZ: prof. yildiz", "prof. yildiz", "Can Y\u0131ld\u0131z"),
    ],
)
def test_names_in_whatever_case(text: str, written: str, name: str) -> None:
    assert hidden(text, name) == [written]
