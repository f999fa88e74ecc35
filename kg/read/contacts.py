"""Contact data in free text, blotted out at equal length so that offsets stay true.

Left alone is what only looks like a number to dial: doses, dates, trial numbers, thresholds, coordinates. Names are
blotted only where the record itself names the person as a contact or an official.
"""

import re
from collections.abc import Collection, Iterable
from functools import lru_cache
from typing import Final, NamedTuple

BLOT: Final = "█"

_EMAIL: Final = re.compile(r"[\w.+%'-]+(?:@|\s?[\[(]\s?at[\])]\s?)[\w-]+(?:\s?\.\s?[\w-]+)*\.[A-Za-z]{2,}\b")
_SEVEN_DIGITS: Final = re.compile(r"\d" + r"[ ().\-/]*\d" * 6)  # no number to dial has fewer
_PHONE_SHAPE: Final = re.compile(
    r"""(?=[+(\d])(?<![\w.+/-])(?:
      \+\d{1,3}(?:[ .\-/]{0,2}(?:\(\d{1,5}\)|\d{1,6})){2,6}  # +33 1 23 45 67 89
    | 00[1-9]\d{0,2}[ \-/]\d{1,4}(?:[ \-/]?\d{2,6}){1,4}    # 0049-30-123456
    | 00[1-9]\d{9,12}
    | 1-8\d\d-[A-Z0-9]{3,}(?:-[A-Z0-9]{2,})*              # 1-800-EXAMPLE
    | (?:\+?1[-. ]?)?\(\d{3}\)\s{0,12}\d{3}[-. ]\d{4}       # (301) 555-0123
    | (?:1[-.])?\d{3}([-.])\d{3}\1\d{4}                     # 301-555-0123
    | \d{3}/\d{3}-\d{4}                                   # 301/555-0123
    | 0\d(?:[ ]\d{2}){4}                                    # 01 23 45 67 89
    )(?![\w%]|[.,]\d)""",
    re.VERBOSE,
)
_CUES: Final = ("tel", "phone", "fax", "mobile", "call", "hotline", "toll", "whatsapp")
_CUED_PHONE: Final = re.compile(
    r"""\b(?:tel|telephone|phone|fax|mobile|call|calling|hotline|toll[- ]free|whatsapp)\b[^\d\n+()]{0,20}
    ([+(]{0,2}\d[\d ().\-/]{5,22}\d)
    (?!\s*(?:\d|%|days?|weeks?|months?|years?|hours?|min|mg|ml|patients|participants|subjects))""",
    re.VERBOSE | re.IGNORECASE,
)
_DECIMAL: Final = re.compile(r"\d\.\d{1,2}(?!\d)")
_LONG_GROUP: Final = re.compile(r"\d{3,}")
_FEWEST_DIGITS, _MOST_DIGITS = 7, 15
_FEWEST_INTERNATIONAL: Final = 9
_FREE_CALL: Final = "1-8"  # 1-800-EXAMPLE
_FEWEST_FREE_CALL: Final = 4  # the rest is spelt with letters

# What stands beside a name and is none, compared without full stops.
_DEGREES: Final = frozenset(
    {
        "md",
        "phd",
        "do",
        "rn",
        "mph",
        "msc",
        "ms",
        "bsc",
        "dsc",
        "scd",
        "pharmd",
        "dds",
        "dmd",
        "mbbs",
        "mbchb",
        "mba",
        "ma",
        "mhs",
        "msn",
        "bsn",
        "np",
        "pa",
        "dr",
        "drs",
        "prof",
        "professor",
        "mr",
        "mrs",
        "miss",
        "jr",
        "sr",
        "ii",
        "iii",
        "dphil",
        "dnp",
        "dvm",
        "psyd",
        "facp",
        "facs",
        "frcp",
        "frcpc",
        "frcs",
        "fahms",
        "med",
        "assoc",
        "associate",
        "assistant",
    }
)
# A contact with one of these in its name is an office, not a person.
_OFFICE: Final = re.compile(
    r"\b(?:pharma\w*|inc|ltd|llc|gmbh|corp\w*|company|center|centre|clinic\w*|trials?|stud(?:y|ies)|director|hospital|"
    r"universit\w+|medical|medicine|call|contact|research|team|department|information|institute|group|monitor|office|"
    r"coordinator|investigator|manager|sponsor|registry|service|general|principal|chair|laborator\w+|therapeutics|biotech\w*|"
    r"oncology|for|the|of|and|in|site|patient|desk|line|support|head|global|affairs|development|recruit\w*)\b",
    re.IGNORECASE,
)
_MOST_NAME_WORDS: Final = 5
_TITLES: Final = ("Dr", "Dr.", "Prof", "Prof.", "Professor", "Doctor")
_TITLE_STARTS: Final = ("Dr.", "Dr ", "DR.", "DR ", "Prof", "PROF", "Doctor")
_MANY_NAMES: Final = 30
_WORD: Final = re.compile(r"\w+")
_NOT_SPACE: Final = re.compile(r"\S")


class _Person(NamedTuple):
    """The ways a person is named; none of them occurs in a text without the last name: one word, in two spellings."""

    last_names: tuple[str, ...]
    companions: tuple[str, ...]  # the first name or a title: one of these stands there as well
    variants: tuple[str, ...]


class Blotter:
    """Blots out e-mail addresses, phone numbers and the names of contact persons of one record.

    Args:
        names: Contacts as a record gives them: full names, with or without degrees; phone numbers, e-mail addresses.
    """

    def __init__(self, names: Iterable[str]) -> None:
        persons = [person for name in names if (person := _person(name))]
        self._by_last_name = [(word, person) for person in persons for word in person.last_names]
        self._last_names = frozenset(word for word, _ in self._by_last_name)

    def __call__(self, text: str) -> str:
        """Return a text of the same length."""
        if "@" in text or "at)" in text or "at]" in text:
            text = _EMAIL.sub(_blotted, text)
        if _SEVEN_DIGITS.search(text) or _FREE_CALL in text:
            text = _PHONE_SHAPE.sub(_blot_phone, text)
            if any(map(text.lower().__contains__, _CUES)):
                text = _CUED_PHONE.sub(_blot_cued, text)
        for person in self._persons_in(text):
            text = _pattern(person.variants).sub(_blotted, text)
        return text

    def _persons_in(self, text: str) -> list[_Person]:
        """Return the persons whose last name occurs; a trial of many sites has hundreds who do not."""
        if len(self._last_names) > _MANY_NAMES and self._last_names.isdisjoint(_WORD.findall(text)):
            return []
        found = [it for word, it in self._by_last_name if word in text and any(map(text.__contains__, it.companions))]
        if not found:
            return []
        folded = _folded(text)  # faster to look into than to make an expression for a name that is not there
        return [person for person in found if any(map(folded.__contains__, _folded_variants(person.variants)))]


def blot(text: str, names: Collection[str]) -> str:
    """Blot out e-mail addresses, phone numbers and the given names in one text; see `Blotter`.

    >>> blot("Call Jane Doe at +33 1 23 45 67 89 for 100 mg.", ["Jane Doe, MD"])
    'Call ████████ at █████████████████ for 100 mg.'
    """
    return Blotter(names)(text)


def has_contact(text: str) -> bool:
    """Tell whether a text holds an e-mail address or a phone number."""
    return blot(text, ()) != text


def persons(
    names: Iterable[str | None], organisations: Iterable[str | None], companies: Iterable[str | None] = ()
) -> tuple[str, ...]:
    """Return the distinct names of contacts without those that are organisations.

    Args:
        names: What the record has where a person's name belongs; often that is an office or a company.
        organisations: Names of organisations in the same record.
        companies: Those of them that are companies: what starts with the same word is theirs ("Acme de España").
    """
    known = "\n".join(name.casefold() for name in organisations if name)
    first_words = {name.split()[0].casefold() for name in companies if name and name.strip()}
    kept = (name for name in names if name and name.strip() and name.strip().casefold() not in known)
    return tuple(dict.fromkeys(name for name in kept if name.split()[0].casefold() not in first_words))


def _blots(found: str) -> str:
    """Return as many blots; where a line ends in between, its end and the next line's indentation stay."""
    return _NOT_SPACE.sub(BLOT, found) if "\n" in found else BLOT * len(found)


def _blotted(match: re.Match[str]) -> str:
    return _blots(match.group())


def _blot_phone(match: re.Match[str]) -> str:
    found = match.group()
    digits = sum(char.isdigit() for char in found)
    fewest = _FEWEST_INTERNATIONAL if found.startswith(("+", "00")) else _FEWEST_DIGITS
    if found.startswith(_FREE_CALL):
        fewest = _FEWEST_FREE_CALL
    if not fewest <= digits <= _MOST_DIGITS or (found.startswith("+") and _DECIMAL.search(found)):
        return found
    return _blots(found)


def _blot_cued(match: re.Match[str]) -> str:
    found, number = match.group(), match.group(1)
    groups = _LONG_GROUP.findall(number)
    digits = sum(char.isdigit() for char in number)
    if not _FEWEST_DIGITS <= digits <= _MOST_DIGITS or _DECIMAL.search(number):
        return found
    if len(groups) < 2 and not any(len(group) > 4 for group in groups):
        return found
    return found[: -len(number)] + BLOT * len(number)


@lru_cache(maxsize=1_000)
def _pattern(variants: tuple[str, ...]) -> re.Pattern[str]:
    """Return a pattern for names in any case, which line ends may break."""
    alternatives = "|".join(r"\s+".join(map(re.escape, variant.split())) for variant in variants)
    return re.compile(rf"(?<![^\W_])(?:{alternatives})(?![^\W_])", re.IGNORECASE)


@lru_cache(maxsize=1_000)
def _folded_variants(variants: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(map(_folded, variants))


def _folded(text: str) -> str:
    """Return a text in which all is alike that `_pattern` takes as alike: case, and blanks of any kind.

    Regular expressions take a dotted capital I and a small one without its dot for an i.
    """
    return " ".join(text.casefold().replace("\u0307", "").replace("\u0131", "i").split())


@lru_cache(maxsize=50_000)
def _person(name: str) -> _Person | None:
    """Read a contact's name; None for an office."""
    name = " ".join(name.split())
    if any(char.isdigit() for char in name) or "@" in name:
        return _Person(_spellings(name), ("",), (name,)) if len(name) >= _FEWEST_DIGITS else None
    words = _name_words(name)
    if not 2 <= len(words) <= _MOST_NAME_WORDS or len(words[-1].strip(".")) < 2 or _OFFICE.search(" ".join(words)):
        return None
    first, last = words[0], words[-1]
    full = " ".join(words)
    forms = {full, f"{first} {last}", f"{last}, {first}", f"{last} {first}"}
    spelled_out = [word for word in words if len(word.rstrip(".")) > 1]
    if len(spelled_out) > 1:
        forms.add(" ".join(spelled_out))
    forms |= {f"{title} {last}" for title in _TITLES}
    ordered = sorted(forms, key=lambda form: (-len(form), form))
    return _Person(_spellings(last), (*_spellings(first), *_TITLE_STARTS), tuple(ordered))


def _spellings(name: str) -> tuple[str, ...]:
    """Return the last word in a name as it is and in other cases."""
    words = _WORD.findall(name) or [name]
    return tuple(dict.fromkeys((words[-1], words[-1].upper(), words[-1].capitalize())))


def _name_words(name: str) -> list[str]:
    """Return first to last name: "Doe, Jane - Director" and "Prof. Jane Doe, MD" are both Jane Doe."""
    parts = [_without_degrees(part) for part in name.split(" - ")[0].split(",")]
    words = parts[0]
    if len(words) == 1 and len(parts) > 1 and 0 < len(parts[1]) <= 2:
        words = parts[1] + words
    return words


def _without_degrees(part: str) -> list[str]:
    return [word for word in part.split() if word.replace(".", "").casefold() not in _DEGREES]
