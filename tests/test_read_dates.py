"""Dates and ages of all sources."""

import pytest

from kg.models import Age
from kg.read.dates import english_date, iso_date, parse_age


@pytest.mark.parametrize("text", ["2024", "2024-02", "2024-02-29"])
def test_iso_dates_stay(text: str) -> None:
    assert iso_date(text) == english_date(text) == text


@pytest.mark.parametrize("text", ["", "24", "2024-2", "2023-02-29", "2024-00", "0000", "2024-01-01T00:00", "٢٠٢٤"])
def test_what_is_no_date(text: str) -> None:
    with pytest.raises(ValueError, match="not a date"):
        iso_date(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("October 18, 2021", "2021-10-18"),
        ("March 2010", "2010-03"),
        ("Sept. 3, 2010", "2010-09-03"),
        ("May 1st, 2020", "2020-05-01"),
        (" June\n 2020 ", "2020-06"),
    ],
)
def test_english_dates(text: str, expected: str) -> None:
    assert english_date(text) == expected


@pytest.mark.parametrize("text", ["Octember 2010", "Marchy 2010", "February 30, 2010", "10/18/2021", "2010 March"])
def test_what_is_no_english_date(text: str) -> None:
    with pytest.raises(ValueError, match="not a date"):
        english_date(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("18 Years", Age(value=18, unit="years")),
        ("1 Year", Age(value=1, unit="years")),
        ("0 Days", Age(value=0, unit="days")),
        ("30 minutes", Age(value=30, unit="minutes")),
        ("N/A", None),
    ],
)
def test_ages(text: str, expected: Age | None) -> None:
    assert parse_age(text) == expected


@pytest.mark.parametrize("text", ["18", "Years", "-1 Years", "18 Yeasr", "1.5 Years", "99999999 Years"])
def test_what_is_no_age(text: str) -> None:
    with pytest.raises(ValueError, match="not an age"):
        parse_age(text)
