"""Comparators and numbers in words, signs and digits: what values in criteria are made of."""

import re
from decimal import Decimal
from typing import Final

# Code of the comparator (`ontologies/codes.ttl`) to its wordings, in lower case, with single spaces. Registries'
# Markdown puts a backslash before a sign.
_WORDINGS: Final = {
    "ge": (
        ">=", "=>", "> =", "≥", "≧", ">/=", "> or =", "\\>=", "\\>/=", "\\> or =", "at least", "minimum of",
        "a minimum of", "no less than", "not less than", "no lower than", "not lower than", "no fewer than",
        "not fewer than", "not below", "not under", "equal or above", "equal or over", "more or equal",
        "not younger than", "no younger than", "> or = to", "greater than or equal to", "more than or equal to",
        "greater or equal to", "greater than or equal", "equal to or greater than", "equal or greater than",
        "equal to or above", "equal to or over", "equal to or older than",
    ),
    "le": (
        "<=", "=<", "< =", "≤", "≦", "</=", "< or =", "\\<=", "\\</=", "\\< or =", "at most", "maximum of",
        "a maximum of", "up to", "no more than", "not more than", "no greater than", "not greater than",
        "no higher than", "not higher than", "not above", "not older than", "no older than", "not over",
        "not exceeding", "not exceed", "not to exceed", "less than or equal to", "less or equal to",
        "less than or equal", "equal to or less than", "equal or less than", "equal to or below",
        "equal to or under", "equal to or younger than",
    ),
    "gt": (
        ">", "\\>", "more than", "greater than", "higher than", "above", "over", "exceeding", "exceeds",
        "older than", "in excess of",
    ),
    "lt": ("<", "\\<", "less than", "lower than", "below", "under", "fewer than", "younger than"),
    "eq": ("=",),
}  # fmt: skip
COMPARATORS: Final = {wording: code for code, wordings in _WORDINGS.items() for wording in wordings}
_LONGEST_FIRST = sorted(COMPARATORS, key=len, reverse=True)
_FIRST = "".join(sorted({re.escape(wording[0]) for wording in COMPARATORS}))
COMPARE: Final = (
    rf"(?<![A-Za-z])(?=[{_FIRST}])(?P<compare>"
    + "|".join(re.escape(word).replace(r"\ ", r"\s+") for word in _LONGEST_FIRST)
    + r")(?![A-Za-z])"
)
# Never a part of a longer number: 100,000 is not 100, nor is 100 000 (a blank, often a narrow or hard one).
NUMBER: Final = (
    r"(?P<value>(?>\d{1,3}(?:,\d{3})+(?!\d)|\d{1,3}(?:[ \u00a0\u2009\u202f]\d{3})+(?!\d|[.,]\d)|\d+(?:\.\d+)?))"
)
NUMBER_WORDS: Final = {
    "one": "1", "two": "2", "three": "3", "four": "4", "five": "5", "six": "6", "seven": "7", "eight": "8",
    "nine": "9", "ten": "10", "twelve": "12",
}  # fmt: skip
# What a bound behind a number means: "2 or less", "18 years or older".
BOUNDS: Final = {
    "older": "ge", "above": "ge", "over": "ge", "up": "ge", "more": "ge", "greater": "ge", "higher": "ge",
    "younger": "le", "under": "le", "less": "le", "lower": "le", "below": "le", "fewer": "le", "better": "le",
}  # fmt: skip
BOUND: Final = r"(?P<bound>" + "|".join(BOUNDS) + r")\b"
_GROUPS = re.compile(r"[,\s]")
_SPACES = re.compile(r"\s+")


def comparator(words: str) -> str:
    """Return the code of a comparator's wording.

    >>> comparator("not  less than"), comparator("≤")
    ('ge', 'le')
    """
    return COMPARATORS[_SPACES.sub(" ", words).lower()]


def number(digits: str) -> str:
    """Return a number in its shortest decimal form.

    >>> number("1,500"), number("2.50"), number("100 000")
    ('1500', '2.5', '100000')
    """
    return format(Decimal(_GROUPS.sub("", digits)).normalize(), "f")


def compared(match: re.Match[str]) -> tuple[str, str]:
    """Return the comparator's code and the number of a match of `COMPARE` and `NUMBER`; no comparator means equal."""
    return comparator(match["compare"] or "="), number(match["value"])
