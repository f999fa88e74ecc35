"""The arms, interventions and outcomes of a page, put together from the parts of its sections."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from kg.read.page_parts import entries, first_line, untyped
from kg.read.page_sections import Line, Section, is_nothing, records, unbulleted


class ArmGroup(NamedTuple):
    """An arm with the names of its interventions and what is said of these in its place."""

    label: Line
    parts: dict[str, Section]
    interventions: tuple[Line, ...]
    members: tuple[dict[str, Section], ...]


class Member(NamedTuple):
    """An intervention."""

    name: Line
    parts: dict[str, Section]
    other_names: tuple[Line, ...]


def arm_groups(sections: Sequence[Section]) -> list[ArmGroup]:
    """Return the arms in their order."""
    found: list[tuple[list[Section], list[Section]]] = []
    for section in sections:
        owner, _, part = section.name.partition(".")
        if owner == "arm" and section.lines:
            if not found or part == "label":
                found.append(([], []))
            found[-1][0].append(section)
        elif owner == "armed" and found:
            found[-1][1].append(section)
    return [group for own, armed in found for group in _arm_group(own, armed)]


def _arm_group(own: Sequence[Section], armed: Sequence[Section]) -> Iterator[ArmGroup]:
    parts = {section.name.partition(".")[2]: section for section in own}
    members = tuple(records(armed, "armed"))
    names = [untyped(line) for record in members for line in first_line(record, "name")]
    names += map(untyped, entries(section for part, section in parts.items() if part == "interventions"))
    for label in first_line(parts, "label"):
        yield ArmGroup(label, parts, tuple({line.text: line for line in names}.values()), members)


def interventions_of(sections: Sequence[Section], groups: Sequence[ArmGroup]) -> list[Member]:
    """Return the interventions in their order; those that only the arms tell of come last."""
    found: list[Member] = []
    for record in _by_name(sections):
        for name in first_line(record, "name"):
            others = entries(section for part, section in record.items() if part.startswith("other_name"))
            found.append(Member(untyped(name), record, others))
    known = {member.name.text for member in found}
    for group in groups:
        for record in group.members:
            for name in first_line(record, "name"):
                if name.text not in known:
                    known.add(name.text)
                    found.append(Member(name, record, ()))
    return found


def _by_name(sections: Sequence[Section]) -> list[dict[str, Section]]:
    """Gather the interventions: what comes first in one starts each; several other names belong to one."""
    found: list[dict[str, Section]] = []
    lead = ""
    for section in sections:
        owner, _, part = section.name.partition(".")
        if owner != "intervention" or not section.lines:
            continue
        lead = lead or part
        if part == lead:
            found.append({})
        if part in found[-1]:
            part = f"{part} {len(found[-1])}"
        found[-1][part] = section
    return found


def outcome_records(sections: Sequence[Section]) -> list[dict[str, Section]]:
    """Return the outcomes' parts, primary first as pages have them; ``type`` tells which list one is from."""
    found: list[dict[str, Section]] = []
    for section in sections:
        group, _, part = section.name.partition(".")
        if group not in ("primary", "secondary", "other", "outcome") or not section.lines:
            continue
        starts = part == ("type" if group == "outcome" else "measure")
        if starts or not found:
            found.append({})
        if group != "outcome":
            found[-1].setdefault("type", _type_section(group))
        found[-1][part] = section
    return [record for record in found if "measure" in record and not is_nothing(record["measure"].lines[0].text)]


def _type_section(group: str) -> Section:
    return Section("outcome.type", (unbulleted(Line(0, 0, group)),))
