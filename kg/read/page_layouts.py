"""The three layouts of registry pages: their headings and field labels, and how a page is cut at them.

A layout is a site's; each of its pages shows what there is, in the same order, under the same names. So the names are
learnt, not the places: a section that is missing, empty or cut off takes nothing of the others with it.
"""

import re
from collections.abc import Iterable, Iterator
from enum import Enum, auto
from typing import Final

from kg.read.page_groups import group_sections
from kg.read.page_sections import Line, Section, is_nothing, lines_of, rest_of, unbulleted
from kg.read.page_vocabulary import (
    CATALOGUE_FIELDS,
    CATALOGUE_HEADINGS,
    CATALOGUE_TOP_FIELDS,
    COMMON_KEYS,
    KEY_HEADINGS,
    KEY_LISTS,
    KEYS,
    SUMMARY_HEADINGS,
    SUMMARY_LABELS,
)


class Layout(Enum):
    """Whose page it is, told by what only that site writes."""

    SUMMARY = auto()  # "Clinical Trial Summary", labels and values on one line at the end
    CATALOGUE = auto()  # "NCT ID:", sections with an explaining sentence under each heading
    KEY_VALUE = auto()  # "Viewing Study NCT…", "Key: value" in modules


_NCT = r"NCT\d{8}\b"
_OWN_NUMBER = (
    re.compile(rf"^\W*Viewing Study\W*\s({_NCT})", re.MULTILINE | re.IGNORECASE),
    re.compile(
        rf"^\W*(?:Study )?NCT[ _-]?(?:ID|number|identifier|no\.?)\s*[:#]?\s*({_NCT})", re.MULTILINE | re.IGNORECASE
    ),
    re.compile(rf"^\W*ClinicalTrials\.gov (?:ID|identifier|number)\s*:?\s*({_NCT})", re.MULTILINE | re.IGNORECASE),
)
_MARKS: Final = {
    Layout.KEY_VALUE: (
        re.compile(rf"^\W*Viewing Study\W*\s{_NCT}", re.MULTILINE),
        re.compile(r"^\W*Ignite Creation Date\s*:", re.MULTILINE),
        re.compile(rf"^\W*Study NCT ID\s*:\s*{_NCT}", re.MULTILINE),
    ),
    Layout.CATALOGUE: (
        re.compile(r"^\W*Basic Information\s*$", re.MULTILINE),
        re.compile(r"^\W*(?:Recruitment Status|Total Enrollment|Study Classification)\s*$", re.MULTILINE),
        re.compile(rf"^\W*NCT ID\s*:\s*{_NCT}", re.MULTILINE),
    ),
    Layout.SUMMARY: (
        re.compile(r"^\W*Clinical Trial (?:Summary|Description|Details)\b", re.MULTILINE),
        re.compile(r"^\W*Related Conditions (?:&|and) MeSH terms\s*$", re.MULTILINE | re.IGNORECASE),
        re.compile(rf"^\W*NCT number\s+{_NCT}", re.MULTILINE | re.IGNORECASE),
    ),
}


def own_number(text: str) -> str | None:
    """Return the NCT number that a page's text gives as its own, from its labelled line; cited ones do not count."""
    found = [match for pattern in _OWN_NUMBER if (match := pattern.search(text))]
    return min(found, key=lambda match: match.start())[1].upper() if found else None


def layout_of(text: str) -> Layout | None:
    """Tell the layout by the marks that only it has; None where there are not two of any, nor one with the number."""
    counts = {layout: sum(1 for mark in marks if mark.search(text)) for layout, marks in _MARKS.items()}
    best = max(counts, key=lambda layout: counts[layout])
    enough = counts[best] >= 2 or (counts[best] == 1 and own_number(text) is not None)
    return best if enough else None


def sections_of(text: str) -> tuple[Section, ...]:
    """Cut a page's text into its named parts, in their order; the names are the same for all layouts."""
    layout = layout_of(text)
    lines = lines_of(text)
    if layout is Layout.SUMMARY:
        found = _summary_sections(lines)
    elif layout is Layout.CATALOGUE:
        found = _catalogue_sections(lines)
    elif layout is Layout.KEY_VALUE:
        found = _key_value_sections(lines)
    else:
        found = iter(())
    return tuple(group_sections(found))


# --- the layout that ends with "NCT number …" -------------------------------------------------------------------

_PROSE: Final = frozenset(
    {"Brief Summary", "Detailed Description", "Eligibility Criteria", "Inclusion Criteria", "Exclusion Criteria"}
)
_NUMBER_LINE = re.compile(rf"NCT number\s*:?\s*{_NCT}", re.IGNORECASE)


def _label_pattern(labels: Iterable[str]) -> re.Pattern[str]:
    longest_first = sorted(labels, key=lambda label: (-len(label), label))
    return re.compile(rf"({'|'.join(map(re.escape, longest_first))})\s*(?:[:\t]\s*|\s|$)", re.IGNORECASE)


_SUMMARY_LABEL = _label_pattern(SUMMARY_LABELS)


def _summary_sections(lines: list[Line]) -> Iterator[Section]:
    name, held = "Title", list[Line]()
    for line in lines:
        start = _summary_start(unbulleted(line), name)
        if start is None:
            held.append(line)
            continue
        yield Section(name, tuple(held))
        name, held = start[0], list(start[1])
    yield Section(name, tuple(held))


def _summary_start(line: Line, current: str) -> tuple[str, tuple[Line, ...]] | None:
    """Return the name and first line of what starts here. In prose no label counts but the number's."""
    heading = SUMMARY_HEADINGS.get(line.text.rstrip(" :").casefold())
    if heading is not None:
        return heading, ()
    if line.text.startswith("Clinical Trial Details"):
        status = line.text.rpartition("Status:")
        return "Status", rest_of(line, len(line.text) - len(status[2])) if status[1] else ()
    if (current in _PROSE or current == "Title") and not _NUMBER_LINE.match(line.text):
        return None
    match = _SUMMARY_LABEL.match(line.text)
    if match is None or (current in ("", "Conditions", "References") and not _NUMBER_LINE.match(line.text)):
        return None
    return SUMMARY_LABELS[match[1].casefold()], rest_of(line, match.end())


# --- the layout with an explaining sentence under each heading ----------------------------------------------------

# Above the first heading.
_CATALOGUE_TOP = re.compile(
    r"(NCT ID|Last Updated|First Posted|Official Title|Acronym|Sponsor|Status|Phase)\s*:\s*", re.IGNORECASE
)
# The site's own sentence under a heading: it tells the visitor what to do there.
_BLURB = re.compile(
    r"(?:Get|Review|Dive|See|Understand|Learn|Check|Meet|Identify|Reach|Explore|Find|Access|Download|Additional|Discover"
    r"|Browse|Look|Read|View|Track|Know|Compare|Examine|Consult)\b.{15,200}\.$"
)


def _catalogue_sections(lines: list[Line]) -> Iterator[Section]:
    plain = [unbulleted(line) for line in lines]
    explained = sum(1 for at in range(len(plain)) if _is_explained(plain, at)) >= 2
    section, name, held, skip = "Title", "Title", list[Line](), False
    for at, line in enumerate(plain):
        if skip:
            skip = False
            continue
        heading = CATALOGUE_HEADINGS.get(line.text.casefold())
        if heading is not None and (_is_explained(plain, at) or _is_bare(section, explained)):
            yield Section(name, tuple(held))
            section, name, held, skip = heading, heading, [], explained and _is_explained(plain, at)
            continue
        start = _catalogue_field(line, section)
        if start is None:
            held.append(lines[at])
            continue
        yield Section(name, tuple(held))
        name, held = start[0], list(start[1])
    yield Section(name, tuple(held))


def _is_explained(lines: list[Line], at: int) -> bool:
    """Tell whether a heading stands here with the site's sentence under it."""
    known = lines[at].text.casefold() in CATALOGUE_HEADINGS
    return known and at + 1 < len(lines) and _BLURB.match(lines[at + 1].text) is not None


def _is_bare(section: str, explained: bool) -> bool:
    """Tell whether a heading without a sentence under it counts.

    Where the page explains its headings, one without it in the midst of prose is the author's, not the site's.
    """
    return not explained or section not in _PROSE


def _catalogue_field(line: Line, section: str) -> tuple[str, tuple[Line, ...]] | None:
    if section in ("Title", ""):
        match = _CATALOGUE_TOP.match(line.text)
        return (CATALOGUE_TOP_FIELDS[match[1].casefold()], rest_of(line, match.end())) if match else None
    label, colon, _ = line.text.partition(":")
    field = CATALOGUE_FIELDS.get(section, {}).get(label.strip().casefold())
    if field is None or (colon and len(label) < len(line.text) - 1 and field in _PROSE):
        return None
    return field, rest_of(line, len(label) + len(colon))


# --- the layout of "Key: value" lines -----------------------------------------------------------------------------

_VIEWING = re.compile(rf"Viewing Study\W*\s{_NCT}", re.IGNORECASE)
_KEY = re.compile(r"([^:?]{2,50}(?:\?|(?=\s*:)))\s*:\s*")


# A value that only a field has, not an author's sentence.
_FIELD_VALUE = re.compile(
    rf"(?:[A-Z][A-Z0-9_]*|True|False|None|N/A|{_NCT}|[\d,]+(?: participants| [Yy]ears?| [Mm]onths?)?"
    r"|\d{4}-\d\d(?:-\d\d)?)$"
)


def _key_value_sections(lines: list[Line]) -> Iterator[Section]:
    name, held = "", list[Line]()
    for raw in lines:
        in_prose = name in _PROSE and not (len(held) == 1 and is_nothing(held[0].text))
        start = _key_value_start(unbulleted(raw), in_prose)
        if start is None:
            held.append(raw)
            continue
        yield Section(name, tuple(held))
        name, held = start[0], list(start[1])
    yield Section(name, tuple(held))


def _key_value_start(line: Line, in_prose: bool) -> tuple[str, tuple[Line, ...]] | None:
    """Return the name and first line of what starts here; in prose, only what an author would not write."""
    if _VIEWING.match(line.text):
        return "", ()
    match = _KEY.match(line.text)
    key = match[1].strip().casefold() if match else ""
    if match and key in KEYS:
        value = line.text[match.end() :]
        authored = in_prose and key in COMMON_KEYS and not _FIELD_VALUE.match(value)
        return None if authored else (KEYS[key], rest_of(line, match.end()))
    plain = line.text.rstrip(" :").casefold()
    if plain in KEY_HEADINGS and (not in_prose or plain.endswith(_HEADING_ENDS)):
        return KEY_LISTS.get(plain, ""), ()
    return None


_HEADING_ENDS: Final = ("study overview", "study oversight", " module", " section", " infos", "raw json")
