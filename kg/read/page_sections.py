"""A page cut into named sections: what all three layouts are read into, and how values are taken out of it."""

import re
from collections.abc import Iterable, Iterator
from typing import Final, NamedTuple

_BULLET = re.compile(r"(?:[*•·▪◦‣–-]|\d{1,2}[.)])\s+")
# What pages write for "nothing": compared casefolded.
_NOTHING: Final = frozenset({"", "n/a", "none", "null", "-", "--", "—", "not stopped", "not provided", "[]"})


class Line(NamedTuple):
    """A line's visible part: ``page[start:end]``, without the blanks around it."""

    start: int
    end: int
    text: str


class Section(NamedTuple):
    """A named part of a page: a prose section, a labelled value, or a part of a repeated group (``arm.label``)."""

    name: str
    lines: tuple[Line, ...]

    def text(self, page: str) -> str:
        """Return the section's text as it stands in the page, from its first word to its last."""
        return page[self.lines[0].start : self.lines[-1].end] if self.lines else ""


def lines_of(text: str) -> list[Line]:
    """Return the lines that are not blank."""
    found, position = [], 0
    for raw in text.split("\n"):
        visible = raw.strip()
        if visible:
            start = position + len(raw) - len(raw.lstrip())
            found.append(Line(start, start + len(visible), visible))
        position += len(raw) + 1
    return found


def rest_of(line: Line, length: int) -> tuple[Line, ...]:
    """Return what follows the first ``length`` characters of a line: no or one line."""
    rest = line.text[length:]
    kept = rest.lstrip()
    return (Line(line.end - len(kept), line.end, kept),) if kept else ()


def unbulleted(line: Line) -> Line:
    """Return the line without a bullet or a number at its start."""
    match = _BULLET.match(line.text)
    return rest_of(line, match.end())[0] if match and match.end() < len(line.text) else line


def is_nothing(text: str) -> bool:
    """Tell whether a value says that there is none."""
    return _BULLET.sub("", text.strip(), count=1).casefold() in _NOTHING


def value_of(sections: Iterable[Section], *names: str) -> str | None:
    """Return the first value under any of the names (in their order) that says something: its first line."""
    known = tuple(sections)
    for name in names:
        for section in known:
            if section.name == name and section.lines and not is_nothing(section.lines[0].text):
                return unbulleted(section.lines[0]).text
    return None


def named(sections: Iterable[Section], name: str) -> Iterator[Section]:
    """Yield the sections of that name that say something."""
    for section in sections:
        if section.name == name and section.lines and not is_nothing(section.lines[0].text):
            yield section


def records(sections: Iterable[Section], group: str) -> list[dict[str, Section]]:
    """Gather the parts of a repeated group into records; a part that is there already starts the next record.

    >>> line = Line(0, 1, "A")
    >>> [sorted(r) for r in records([Section("arm.label", (line,)), Section("arm.type", (line,)),
    ...     Section("arm.label", (line,))], "arm")]
    [['label', 'type'], ['label']]
    """
    found: list[dict[str, Section]] = []
    for section in sections:
        owner, _, part = section.name.partition(".")
        if owner != group or not section.lines:
            continue
        if not found or part in found[-1]:
            found.append({})
        found[-1][part] = section
    return found
