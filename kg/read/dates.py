"""Dates and ages as sources write them."""

import re
from datetime import date
from functools import lru_cache
from typing import Final

from kg.models import Age

_ISO: Final = re.compile(r"(\d{4})(?:-(\d\d)(?:-(\d\d))?)?", re.ASCII)
_ENGLISH: Final = re.compile(r"([A-Za-z]+)\.?\s+(?:(\d{1,2})(?:st|nd|rd|th)?,?\s+)?(\d{4})", re.ASCII)
_MONTHS: Final = {
    name: number
    for number, name in enumerate(
        ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"), start=1
    )
}
_MONTH_NAMES: Final = (
    "january", "february", "march", "april", "may", "june",
    "july", "august", "september", "october", "november", "december",
)  # fmt: skip
_AGE: Final = re.compile(r"(\d+)\s+(year|month|week|day|hour|minute)s?", re.IGNORECASE | re.ASCII)
_NO_AGE: Final = frozenset({"n/a", "none", "no limit"})
_LARGEST_AGE: Final = 1_000_000


@lru_cache(maxsize=20_000)
def iso_date(text: str) -> str:
    """Return a date of the API, checked: ``YYYY``, ``YYYY-MM`` or ``YYYY-MM-DD``.

    Raises:
        ValueError: It is none of these, or no day of the calendar.
    """
    found = _ISO.fullmatch(text.strip())
    if not found:
        raise ValueError(f"{text!r} is not a date (YYYY-MM-DD, YYYY-MM or YYYY)")
    year, month, day = found.groups()
    try:
        date(int(year), int(month or 1), int(day or 1))
    except ValueError as err:
        raise ValueError(f"{text!r} is not a date of the calendar") from err
    return found.group()


@lru_cache(maxsize=20_000)
def english_date(text: str) -> str:
    """Return a date written in English as ISO 8601, as precise as it is; an ISO date stays.

    >>> english_date("October 18, 2021"), english_date("March 2010")
    ('2021-10-18', '2010-03')

    Raises:
        ValueError: It is not a date.
    """
    words = " ".join(text.split())
    found = _ENGLISH.fullmatch(words)
    if not found:
        return iso_date(words)
    name, day, year = found.groups()
    month = _MONTHS.get(name[:3].lower())
    if month is None or not _MONTH_NAMES[month - 1].startswith(name.lower()):
        raise ValueError(f"{text!r} is not a date: there is no month {name!r}")
    return iso_date(f"{year}-{month:02}-{int(day):02}" if day else f"{year}-{month:02}")


@lru_cache(maxsize=2_000)
def parse_age(text: str) -> Age | None:
    """Return an age limit; None for "N/A", which means that there is none.

    >>> parse_age("18 Years")
    Age(value=18, unit='years')

    Raises:
        ValueError: It is not a number with a unit of time.
    """
    words = " ".join(text.split())
    if words.casefold() in _NO_AGE:
        return None
    found = _AGE.fullmatch(words)
    if not found or int(found.group(1)) > _LARGEST_AGE:
        raise ValueError(f"{text!r} is not an age (a number and years, months, weeks, days, hours or minutes)")
    return Age(value=int(found.group(1)), unit=found.group(2).lower() + "s")
