"""The text of a registry page, plain or HTML, in any of three layouts -> `Trial`.

All that a page says is read: labelled values, lists, groups, prose. What only a sentence says ("241 patients will be
enrolled") becomes a value too where the page has no better one, with the sentence as evidence. A page that is cut
keeps what stands before the cut. Section names are the locators of the texts: ``Brief Summary``, ``Interventions[2]``.
"""

import re
from collections.abc import Iterable, Sequence
from hashlib import sha256
from typing import Final

import msgspec

from kg.errors import ReadError
from kg.identifiers import NctId
from kg.models import (
    Age,
    Arm,
    Document,
    FreeTextFact,
    Intervention,
    Official,
    Outcome,
    RawRecord,
    Reference,
    Site,
    SourceFormat,
    Sponsor,
    TextField,
    Trial,
)
from kg.read.codes import CodeReader
from kg.read.contacts import blot
from kg.read.dates import read_date
from kg.read.page_free_text import free_text_facts
from kg.read.page_layouts import layout_of, own_number, sections_of
from kg.read.page_sections import Line, Section, is_nothing, named, records, unbulleted, value_of
from kg.read.page_text import is_html, page_text
from kg.read.page_texts import Part, TextMaker


def looks_like_page(text: str) -> bool:
    """Tell whether ``text`` (decoded, plain or HTML) is a registry page in one of the layouts that are read."""
    plain = text.lstrip("\ufeff \t\r\n")
    if plain[:1] in ("{", "[") or "<clinical_study" in plain[:2000]:
        return False
    return layout_of(_plain(text)) is not None


def find_nct_id(text: str) -> str | None:
    """Return the number that a page (plain or HTML) gives as its own; one that it only cites does not count."""
    return own_number(_plain(text))


def _plain(text: str) -> str:
    return page_text(text.encode("utf-8", "replace")) if is_html(text) else text


def parse_web_page(raw: RawRecord, *, with_contacts: bool = False) -> Trial:
    """Read a registry page.

    Args:
        raw: The page's bytes, with the number under which it is kept.
        with_contacts: Keep the names of the overall officials, and contact data within texts.

    Raises:
        ReadError: The page is in none of the three layouts.
    """
    page = page_text(raw.payload)
    sections = sections_of(page)
    if layout_of(page) is None:
        raise ReadError(raw.file, raw.position, "", "not a registry page in a layout that is known")
    return _PageReader(raw, page, sections, with_contacts=with_contacts).trial()
