"""What literals look like: lexical forms of XML Schema (XSD 1.1, part 2), language tags (RFC 5646), characters.

A datatype that is not listed is taken as it is: RDF allows any, and says nothing of its forms.
"""

import json
import re
from calendar import monthrange
from collections.abc import Callable
from functools import lru_cache
from typing import Final

from kg.certify.iri import is_iri
from kg.identifiers import PREFIXES

_XSD: Final = PREFIXES["xsd"]
_RDF: Final = PREFIXES["rdf"]

_YEAR = r"-?(?:[1-9][0-9]{3,}|0[0-9]{3})"
_MONTH = "(?:0[1-9]|1[0-2])"
_DAY = "(?:0[1-9]|[12][0-9]|3[01])"
_ZONE = r"(?:Z|[+-](?:(?:0[0-9]|1[0-3]):[0-5][0-9]|14:00))?"
_TIME = r"(?:(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](?:\.[0-9]+)?|24:00:00(?:\.0+)?)"
_DAYS_AND_TIME = r"(?:[0-9]+D)?(?:T(?=[0-9])(?:[0-9]+H)?(?:[0-9]+M)?(?:[0-9]+(?:\.[0-9]+)?S)?)?"
_FLOAT = r"(?:[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[Ee][+-]?[0-9]+)?|[+-]?INF|NaN)"
_INTEGER = "[+-]?[0-9]+"
_NAME_START = r"A-Z_a-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u02ff\u0370-\u037d\u037f-\u1fff\u200c\u200d\u2070-\u218f"
_NAME_CHAR = _NAME_START + r"\-.0-9\u00b7\u0300-\u036f\u203f\u2040"

# Section 3.3 and 3.4; where a value's size matters as well, it is below.
_FORMS: Final[dict[str, re.Pattern[str]]] = {
    name: re.compile(form)
    for name, form in {
        "boolean": "true|false|0|1",
        "decimal": r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)",
        "integer": _INTEGER,
        "double": _FLOAT,
        "float": _FLOAT,
        "date": f"{_YEAR}-{_MONTH}-{_DAY}{_ZONE}",
        "dateTime": f"{_YEAR}-{_MONTH}-{_DAY}T{_TIME}{_ZONE}",
        "dateTimeStamp": f"{_YEAR}-{_MONTH}-{_DAY}T{_TIME}(?=.){_ZONE}",
        "time": f"{_TIME}{_ZONE}",
        "gYear": f"{_YEAR}{_ZONE}",
        "gYearMonth": f"{_YEAR}-{_MONTH}{_ZONE}",
        "gMonth": f"--{_MONTH}{_ZONE}",
        "gMonthDay": f"--{_MONTH}-{_DAY}{_ZONE}",
        "gDay": f"---{_DAY}{_ZONE}",
        "duration": f"-?P(?=[0-9T])(?:[0-9]+Y)?(?:[0-9]+M)?{_DAYS_AND_TIME}",
        "dayTimeDuration": f"-?P(?=[0-9T]){_DAYS_AND_TIME}",
        "yearMonthDuration": "-?P(?=[0-9])(?:[0-9]+Y)?(?:[0-9]+M)?",
        "hexBinary": "(?:[0-9A-Fa-f]{2})*",
        "base64Binary": r"(?:(?:[A-Za-z0-9+/] ?){4})*(?:(?:[A-Za-z0-9+/] ?){3}=|(?:[A-Za-z0-9+/] ?){2}= ?=)?",
        "normalizedString": r"[^\t\n\r]*",
        "token": r"(?:[^\t\n\r ]+(?: [^\t\n\r ]+)*)?",
        "language": "[a-zA-Z]{1,8}(?:-[a-zA-Z0-9]{1,8})*",
        "NMTOKEN": f"[:{_NAME_CHAR}]+",
        "Name": f"[:{_NAME_START}][:{_NAME_CHAR}]*",
        "NCName": f"[{_NAME_START}][{_NAME_CHAR}]*",
    }.items()
}
_BOUNDS: Final[dict[str, tuple[int | None, int | None]]] = {
    "nonNegativeInteger": (0, None),
    "positiveInteger": (1, None),
    "nonPositiveInteger": (None, 0),
    "negativeInteger": (None, -1),
    **{f"unsigned{name}": (0, 2**bits - 1) for name, bits in (("Byte", 8), ("Short", 16), ("Int", 32), ("Long", 64))},
    **{
        name: (-(2 ** (b - 1)), 2 ** (b - 1) - 1) for name, b in (("byte", 8), ("short", 16), ("int", 32), ("long", 64))
    },
}
_LONGEST_BOUNDED: Final = 40  # digits that a number within bounds needs at most, zeros in front included
_DATE_START: Final = re.compile(r"(-?[0-9]{4,})-([0-9]{2})-([0-9]{2})")
_NOT_XML: Final = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")  # XML 1.0, production 2


def _is_form(name: str, text: str) -> bool:
    return _FORMS[name].fullmatch(text) is not None


def _is_day(name: str, text: str) -> bool:
    if not _is_form(name, text):
        return False
    match = _DATE_START.match(text)
    if match is None:
        return False
    year, month, day = (int(part) for part in match.groups())
    return day <= monthrange(2000 + year % 400, month)[1]  # the Gregorian calendar repeats after 400 years


def _is_month_day(name: str, text: str) -> bool:
    return _is_form(name, text) and int(text[5:7]) <= monthrange(2000, int(text[2:4]))[1]


def _is_duration(name: str, text: str) -> bool:
    return _is_form(name, text) and text[-1] not in "PT"


def _is_bounded(name: str, text: str) -> bool:
    low, high = _BOUNDS[name]
    if not _is_form("integer", text):
        return False
    if len(text) > _LONGEST_BOUNDED and low is not None and high is not None:
        return False
    negative, zero = text.startswith("-"), not text.strip("+-0")
    if len(text) > _LONGEST_BOUNDED:  # int() takes quadratic time; the sign decides where one side has no bound
        return not zero and ((low is None) == negative)
    return (low is None or int(text) >= low) and (high is None or int(text) <= high)


def _is_json(_: str, text: str) -> bool:
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return False
    return True


_Check = Callable[[str, str], bool]
_CHECKS: Final[dict[str, tuple[_Check, str]]] = {
    **{_XSD + name: (_is_form, name) for name in _FORMS},
    **{_XSD + name: (_is_bounded, name) for name in _BOUNDS},
    **{_XSD + name: (_is_day, name) for name in ("date", "dateTime", "dateTimeStamp")},
    **{_XSD + name: (_is_duration, name) for name in ("duration", "dayTimeDuration", "yearMonthDuration")},
    _XSD + "gMonthDay": (_is_month_day, "gMonthDay"),
    _XSD + "anyURI": (lambda _, text: is_iri(text), "anyURI"),
    _RDF + "JSON": (_is_json, "JSON"),
}
# Defined, but no datatype that a literal of RDF can have (RDF 1.1 Concepts, section 5.1), or one that needs a tag.
_NO_DATATYPES: Final = frozenset(
    [*(_XSD + name for name in ("QName", "ENTITY", "ID", "IDREF", "NOTATION")), _RDF + "langString"]
)


@lru_cache(maxsize=1 << 16)
def is_lexical_form(text: str, datatype_iri: str) -> bool:
    """Tell whether a literal without a language tag has a form that its datatype allows.

    >>> is_lexical_form("2024-02-29", _XSD + "date"), is_lexical_form("2023-02-29", _XSD + "date")
    (True, False)
    """
    if datatype_iri in _NO_DATATYPES:
        return False
    check, name = _CHECKS.get(datatype_iri, (None, ""))
    return check is None or check(name, text)


def is_portable(text: str) -> bool:
    """Tell whether every syntax of RDF can carry the text: XML has no characters such as U+0000."""
    return _NOT_XML.search(text) is None


# RFC 5646, section 2.1: langtag, privateuse, and the grandfathered tags that are no langtags.
_EXTLANG = "(?:-[a-z]{3}){0,3}"
_VARIANT = "(?:-(?:[a-z0-9]{5,8}|[0-9][a-z0-9]{3}))*"
_EXTENSION = "(?:-[0-9a-wy-z](?:-[a-z0-9]{2,8})+)*"
_PRIVATE_USE = "x(?:-[a-z0-9]{1,8})+"
_IRREGULAR = (
    "en-GB-oed i-ami i-bnn i-default i-enochian i-hak i-klingon i-lux i-mingo i-navajo i-pwn i-tao i-tay i-tsu "
    "sgn-BE-FR sgn-BE-NL sgn-CH-DE"
)
_LANGUAGE_TAG: Final = re.compile(
    rf"(?:[a-z]{{2,3}}{_EXTLANG}|[a-z]{{4,8}})(?:-[a-z]{{4}})?(?:-(?:[a-z]{{2}}|[0-9]{{3}}))?{_VARIANT}{_EXTENSION}"
    rf"(?:-{_PRIVATE_USE})?|{_PRIVATE_USE}|{_IRREGULAR.replace(' ', '|')}",
    re.IGNORECASE | re.ASCII,
)


@lru_cache(maxsize=1024)
def is_language_tag(tag: str) -> bool:
    """Tell whether a tag is well-formed (RFC 5646, section 2.2.9), with no variant or singleton twice.

    >>> [is_language_tag(tag) for tag in ("en", "zh-Hant-TW", "x-trial", "english_us", "de-1996-1996")]
    [True, True, True, False, False]
    """
    if _LANGUAGE_TAG.fullmatch(tag) is None:
        return False
    before_private_use, *_ = re.split("(?:^|-)x-", tag.lower(), maxsplit=1)
    parts = before_private_use.split("-")[1:]
    singular = [part for part in parts if len(part) == 1 or len(part) > 4 or (part[:1].isdigit() and len(part) == 4)]
    return len(singular) == len(set(singular))
