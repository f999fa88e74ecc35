"""Repeated groups of a page (arms, interventions, sponsors, sites, …): from running lines to named parts.

The pages show a group's members one after the other, without a mark between them but a line such as "Group Type
EXPERIMENTAL" or "Sponsor Role lead" in each. What two sections both say (an intervention's name and description)
tells where a member ends.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Final

from kg.read.page_sections import Line, Section, rest_of, unbulleted

_CODE = re.compile(r"[A-Z][A-Z0-9_]+$|[a-z]+(?:_[a-z]+)*$|-$")
_LABEL_LENGTH: Final = 120

_Stretch = tuple[list[Line], str, tuple[Line, ...]]  # the lines above a mark, the mark, its value


def group_sections(sections: Iterable[Section]) -> Iterator[Section]:
    """Yield the sections, with those that hold a repeated group turned into its members' parts (``arm.label`` …)."""
    known = list(sections)
    names = _names_before(known, "Study Groups")
    descriptions = _descriptions(known, names)
    for section in known:
        if section.name == "Study Groups":
            yield from _arms(section, descriptions)
        elif section.name == "Interventions":
            yield from _interventions(section, names)
        elif section.name in _GROUPS:
            yield from _GROUPS[section.name](section)
        else:
            yield section


def _stretches(lines: Sequence[Line], *marks: str) -> list[_Stretch]:
    """Cut lines at the marks; the last stretch has an empty mark and holds what follows the last of them."""
    pattern = re.compile(rf"({'|'.join(map(re.escape, marks))})\b\s*:?\s*", re.IGNORECASE)
    found: list[_Stretch] = []
    above: list[Line] = []
    bare = False
    for raw in lines:
        line = unbulleted(raw)
        match = pattern.match(line.text)
        if match and (len(line.text) == match.end() or _is_marked(line.text, match)):
            value = rest_of(line, match.end())
            found.append((above, match[1].casefold(), value))
            above, bare = [], not value
        elif bare and _CODE.match(line.text):
            found[-1] = (*found[-1][:2], (line,))
            bare = False
        else:
            above.append(line)
            bare = False
    return [*found, (above, "", ())]


def _is_marked(text: str, match: re.Match[str]) -> bool:
    """Tell a mark with its value from a sentence that begins with the same words."""
    return (
        bool(_CODE.match(text[match.end() :])) or text[: match.end()].rstrip().endswith(":") or match[1] == "Time Frame"
    )


def _part(name: str, *lines: Line) -> Iterator[Section]:
    if lines:
        yield Section(name, lines)


def _names_before(sections: Iterable[Section], name: str) -> frozenset[str]:
    """Return the interventions' names: in the arms, the line above "Intervention Type"."""
    return frozenset(
        above[-1].text
        for section in sections
        if section.name == name
        for above, mark, _ in _stretches(section.lines, "Group Type", "Intervention Type")
        if mark == "intervention type" and above
    )


def _descriptions(sections: Iterable[Section], names: frozenset[str]) -> frozenset[str]:
    """Return all lines that describe an intervention, from the section that lists the interventions alone."""
    return frozenset(
        line.text
        for section in sections
        if section.name == "Interventions"
        for part in _interventions(section, names)
        if part.name == "intervention.description"
        for line in part.lines
    )


def _interventions(section: Section, names: frozenset[str]) -> Iterator[Section]:
    """Read name, description, "Intervention Type"; lines after the type that are no known name are other names."""
    for index, (above, mark, value) in enumerate(_stretches(section.lines, "Intervention Type")):
        at = 0
        if index:
            at = next((i for i, line in enumerate(above) if line.text in names), 0 if mark else len(above))
            for line in above[:at]:
                label = re.match(r"(?:Other )?(?:Intervention )?(?:Other )?Names?\s*\(?s?\)?\s*:?\s+", line.text)
                yield from _part("intervention.other_name", *(rest_of(line, label.end()) if label else (line,)))
        yield from _part("intervention.name", *above[at : at + 1])
        yield from _part("intervention.description", *above[at + 1 :])
        if mark:
            yield from _part("intervention.type", *value)


def _arms(section: Section, descriptions: frozenset[str]) -> Iterator[Section]:
    """Read label, description, "Group Type", then the arm's interventions: name, "Intervention Type", description."""
    previous = ""
    stretches = _stretches(section.lines, "Group Type", "Intervention Type")
    marks = {mark for _, mark, _ in stretches}
    for above, mark, value in stretches:
        lines = list(above)
        name = [lines.pop()] if mark == "intervention type" and lines else []
        own = 0
        if previous == "intervention type":
            own = _own_lines(lines, descriptions, closed=mark == "group type")
            yield from _part("armed.description", *lines[:own])
        rest = lines[own:]
        if mark or _is_whole_arm(rest, marks):
            yield from _labelled(rest, one=bool(mark))
        if mark == "group type":
            yield from _part("arm.type", *value)
        yield from _part("armed.name", *name)
        if name:
            yield from _part("armed.type", *value)
        previous = mark


def _is_whole_arm(rest: list[Line], marks: set[str]) -> bool:
    """Tell whether the last lines, with no mark below, are an arm and not the start of something that is cut off."""
    return "group type" not in marks and ("intervention type" not in marks or len(rest) > 1)


def _own_lines(lines: list[Line], descriptions: frozenset[str], *, closed: bool) -> int:
    """Return how many of the lines after "Intervention Type" describe that intervention.

    Those that the interventions' own section has; without them, all lines where no further arm has to start here
    (``closed``: a "Group Type" follows), else those above the last line that looks like a label.
    """
    own = 0
    while own < len(lines) and lines[own].text in descriptions:
        own += 1
    if own or not lines or (descriptions and _is_label(lines[0])):
        return own
    if not closed:
        return len(lines)
    return next((i for i in range(len(lines) - 1, 0, -1) if _is_label(lines[i])), 0)


def _labelled(lines: list[Line], *, one: bool) -> Iterator[Section]:
    """Read an arm's label and description; of several arms (``one`` is false) each short line is a label."""
    if one or not any(map(_is_label, lines)):
        yield from _part("arm.label", *lines[:1])
        yield from _part("arm.description", *lines[1:])
        return
    described: list[Line] = []
    for index, line in enumerate(lines):
        if index and not _is_label(line):
            described.append(line)
            continue
        yield from _part("arm.description", *described)
        described = []
        yield from _part("arm.label", line)
    yield from _part("arm.description", *described)


def _is_label(line: Line) -> bool:
    return len(line.text) <= _LABEL_LENGTH and not line.text.endswith((".", ";", ":"))


def _outcomes(section: Section) -> Iterator[Section]:
    """Read measure, description and "Time Frame" in either order; without time frames each line is a measure."""
    group = section.name.split()[0].casefold()
    stretches = _stretches(section.lines, "Time Frame")
    if len(stretches) == 1:
        for line in section.lines:
            yield from _part(f"{group}.measure", unbulleted(line))
        return
    framed_last = not stretches[-1][0]
    for index, (above, mark, value) in enumerate(stretches):
        at = 0 if framed_last or not index else len(above) - bool(mark)
        yield from _part(f"{group}.description", *above[:at])
        yield from _part(f"{group}.measure", *above[at : at + 1])
        yield from _part(f"{group}.description", *above[at + 1 :])
        if mark:
            yield from _part(f"{group}.time_frame", *value)


def _sponsors(section: Section) -> Iterator[Section]:
    """Read name, class, "Sponsor Role"; the class is missing where there is one line."""
    for above, mark, value in _stretches(section.lines, "Sponsor Role"):
        yield from _part("sponsor.name", *above[:1])
        yield from _part("sponsor.class", *above[1:2])
        if mark:
            yield from _part("sponsor.role", *value)


def _collaborators(section: Section) -> Iterator[Section]:
    if any(mark for _, mark, _ in _stretches(section.lines, "Sponsor Role")):
        yield from _sponsors(section)
        return
    for line in map(unbulleted, section.lines):
        part = "sponsor.class" if re.fullmatch(r"[A-Z_]+", line.text) and line.text in _CLASSES else "sponsor.name"
        yield from _part(part, line)


_CLASSES: Final = frozenset(["NIH", "FED", "OTHER_GOV", "INDIV", "INDUSTRY", "NETWORK", "AMBIG", "OTHER", "UNKNOWN"])


def _investigators(section: Section) -> Iterator[Section]:
    """Read name, "Role:", affiliation: of the lines between two roles the last is the next one's name."""
    stretches = _stretches(section.lines, "Role")
    for above, mark, value in stretches:
        names = above[-1:] if mark else []
        yield from _part("official.affiliation", *above[: len(above) - len(names)])
        yield from _part("official.name", *names)
        if mark:
            yield from _part("official.role", *value)


def _contacts(section: Section) -> Iterator[Section]:
    for above, mark, _ in _stretches(section.lines, "Role"):
        yield from _part("Contact", *(above[-1:] if mark else []))
        yield from _part("Contact Data", *(above[:-1] if mark else above))


def _responsible(section: Section) -> Iterator[Section]:
    """Read the investigator's lines, of which the first is the name, and "Responsibility Role"."""
    for above, mark, value in _stretches(section.lines, "Responsibility Role"):
        if value and value[0].text.upper() != "SPONSOR":
            yield from _part("Contact", *above[:1])
        if mark:
            yield from _part("Responsible Party", *value)


def _locations(section: Section) -> Iterator[Section]:
    """Read facility, "City, State, Country", "Site Status"."""
    for above, mark, value in _stretches(section.lines, "Site Status"):
        if not above:
            continue
        placed = above[-1].text.count(",") >= 1 and (len(above) > 1 or above[-1].text.count(",") >= 2)
        facility = above[:-1] if placed else above
        yield from _part("site.facility", *facility[:1])
        yield from _part("site.place", *(above[-1:] if placed else []))
        if mark:
            yield from _part("site.status", *value)


def _identifiers(section: Section) -> Iterator[Section]:
    for above, mark, value in _stretches(section.lines, "Identifier Type", "Identifier Source"):
        yield from _part("identifier.id", *above[-1:])
        if mark:
            yield from _part("identifier." + mark.rpartition(" ")[2], *value)


def _typed_interventions(section: Section) -> Iterator[Section]:
    """Read "Drug: name", or "Drug:" with names on the lines below."""
    kind: tuple[Line, ...] = ()
    for line in map(unbulleted, section.lines):
        match = re.match(r"([A-Z][A-Za-z]+(?: [A-Z][a-z]+)?)\s*:\s*", line.text)
        if match:
            kind = (Line(line.start, line.start + len(match[1]), match[1]),)
        name = rest_of(line, match.end()) if match else (line,)
        yield from _part("intervention.name", *name)
        if name:
            yield from _part("intervention.type", *kind)


def _table(columns: dict[str, str]) -> Callable[[Section], Iterator[Section]]:
    """Return a reader of a table whose cells are apart by tabs: its first row names the columns."""

    def read(section: Section) -> Iterator[Section]:
        header: list[str] = []
        for line in section.lines:
            cells = list(_cells(line))
            titles = [cell.text.rstrip(" :").casefold() for cell in cells]
            if not header and all(title in columns for title in titles):
                header = [columns[title] for title in titles]
            elif header:
                for name, cell in zip(header, cells, strict=False):
                    yield from _part(name, *((cell,) if name and cell.text else ()))

    return read


def _cells(line: Line) -> Iterator[Line]:
    for match in re.finditer(r"[^\t]+|(?<=\t)(?=\t)", line.text):
        text = match[0].strip()
        start = line.start + match.start() + len(match[0]) - len(match[0].lstrip())
        yield Line(start, start + len(text), text)


_DESIGN_PAIR = re.compile(
    r"(Allocation|Intervention Model|Interventional Model|Observational Model|Masking|Primary Purpose|Time Perspective"
    r"|Endpoint Classification|Intervention Model Description|Masking Description)\s*:\s*"
)


def _design(section: Section) -> Iterator[Section]:
    """Read "Allocation: Randomized, Masking: None (Open Label)", on one line or several."""
    for line in section.lines:
        found = list(_DESIGN_PAIR.finditer(line.text))
        ends = [*(match.start() for match in found[1:]), len(line.text)]
        for match, end in zip(found, ends, strict=False):
            value = line.text[match.end() : end].rstrip(" ,;\t")
            start = line.start + match.end()
            yield from _part(match[1], *([Line(start, start + len(value), value)] if value else []))


_GROUPS: Final[dict[str, Callable[[Section], Iterator[Section]]]] = {
    "Study Design": _design,
    "Primary Outcomes": _outcomes,
    "Secondary Outcomes": _outcomes,
    "Other Outcomes": _outcomes,
    "Sponsors": _sponsors,
    "Collaborators": _collaborators,
    "Investigators": _investigators,
    "Contacts": _contacts,
    "Responsible Party": _responsible,
    "Locations": _locations,
    "Identifiers": _identifiers,
    "Typed Interventions": _typed_interventions,
    "Sponsor Table": _table({"lead sponsor": "Lead Sponsor", "collaborator": "sponsor.name"}),
    "Location Table": _table(
        {"country": "site.country", "name": "site.facility", "city": "site.city", "state": "site.state"}
    ),
    "Outcome Table": _table(
        {
            "type": "outcome.type",
            "measure": "outcome.measure",
            "description": "outcome.description",
            "time frame": "outcome.time_frame",
            "safety issue": "",
        }
    ),
}
