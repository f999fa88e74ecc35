"""A page's sections taken as the parts of a trial: what lines give a value, and which of them are texts."""

import ast
import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from kg.models import FieldKind, TextField
from kg.read.codes import without_type
from kg.read.contacts import blot
from kg.read.page_sections import Line, Section, is_nothing, rest_of, unbulleted

_SEPARATOR = re.compile(r"\s*(?:;|\||\t)\s*")
_COMMA = re.compile(r"\s*,\s+")
_LIST = re.compile(r"\[.*\]$", re.DOTALL)


class Page(NamedTuple):
    """A page that is being read: its text, its document, and the persons whose names are blotted out of its texts."""

    text: str
    document: str  # SHA-256
    persons: tuple[str, ...]
    with_contacts: bool

    def clean(self, text: str) -> str:
        """Return a text without contact data, at the same length."""
        return text if self.with_contacts else blot(text, self.persons)

    def field(self, kind: FieldKind, locator: str, lines: Sequence[Line], index: int = 0) -> list[TextField]:
        """Return the text of some lines as it stands in the page, or nothing where it says that there is none."""
        text = self.text[lines[0].start : lines[-1].end] if lines else ""
        if is_nothing(text):
            return []
        return [TextField.of_source(self.document, locator, kind, self.clean(text), index)]

    def string(self, section: Section | None) -> str | None:
        """Return a section's text, cleaned; None where it says nothing."""
        text = section.text(self.text) if section else ""
        return None if is_nothing(text) else self.clean(text)


def entries(sections: Iterable[Section], *, commas: bool = False) -> tuple[Line, ...]:
    """Return the members of a list: a line each, or several to a line with ";" or "|" (or commas) or in "[…]".

    What stands on one line without such a mark is one member, even where the page has run two together.
    """
    found: list[Line] = []
    for section in sections:
        for raw in section.lines:
            found += _listed(raw) if _LIST.match(raw.text) else _separated(unbulleted(raw), commas=commas)
    distinct = {line.text: line for line in reversed(found) if not is_nothing(line.text)}
    return tuple(sorted(distinct.values()))


def _separated(line: Line, *, commas: bool) -> list[Line]:
    pattern = _SEPARATOR if _SEPARATOR.search(line.text) or not commas else _COMMA
    found, start = [], 0
    for match in [*pattern.finditer(line.text), None]:
        end = match.start() if match else len(line.text)
        if end > start:
            found.append(Line(line.start + start, line.start + end, line.text[start:end]))
        start = match.end() if match else end
    return found


def _listed(line: Line) -> list[Line]:
    """Read a list as Python or JSON writes it; where that fails, the line is one member."""
    try:
        members = ast.literal_eval(line.text)
    except (ValueError, SyntaxError):
        return [line]
    found, position = [], 0
    for member in members:
        at = line.text.find(str(member), position)
        if at >= 0:
            position = at + len(str(member))
            found.append(Line(line.start + at, line.start + position, str(member)))
    return found


def first_line(record: dict[str, Section], part: str) -> tuple[Line, ...]:
    """Return a part of a group's member as no or one line."""
    section = record.get(part)
    return (unbulleted(section.lines[0]),) if section and not is_nothing(section.lines[0].text) else ()


def first_value(record: dict[str, Section], part: str) -> str | None:
    """Return a part of a group's member; None where it says nothing."""
    lines = first_line(record, part)
    return lines[0].text if lines else None


def untyped(line: Line) -> Line:
    """Return an intervention's name without its type ("Drug: ") in front."""
    name = without_type(line.text)
    return rest_of(line, len(line.text) - len(name))[0] if name.strip() else line
