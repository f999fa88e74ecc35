"""Reads brat's standoff files (https://brat.nlplab.org/standoff.html) out of a ZIP archive."""

import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath


@dataclass(frozen=True, slots=True, kw_only=True)
class Entity:
    """A text-bound annotation; ``spans`` are its pieces, by code points, half-open."""

    entity_type: str
    spans: tuple[tuple[int, int], ...]
    surface: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Arguments:
    """A relation, an event or a group: its type, and what it takes by role; an event's trigger has none."""

    type: str
    arguments: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Annotated:
    """A text with its annotations by their names: ``T1``, ``R1``, ``E1``; groups have none."""

    name: str
    text: str
    entities: dict[str, Entity]
    relations: dict[str, Arguments]
    events: dict[str, Arguments]
    groups: tuple[Arguments, ...]
    attributes: dict[str, str]  # value by the name of what has it


def read_archive(path: Path) -> Iterator[Annotated]:
    """Yield the annotated texts of an archive, by name.

    Where a text's offsets count its line ends as two characters, the text is given such line ends.
    """
    with zipfile.ZipFile(path) as archive:
        for member in sorted(archive.namelist()):
            if member.endswith(".ann"):
                text = archive.read(f"{member[:-4]}.txt").decode()
                yield _annotated(PurePosixPath(member).stem, text, archive.read(member).decode())


def _annotated(name: str, text: str, annotations: str) -> Annotated:
    entities: dict[str, Entity] = {}
    relations: dict[str, Arguments] = {}
    events: dict[str, Arguments] = {}
    groups: list[Arguments] = []
    attributes: dict[str, str] = {}
    for line in annotations.splitlines():
        key, _, rest = line.partition("\t")
        if key.startswith("T"):
            entities[key] = _entity(rest)
        elif key.startswith("R"):
            relations[key] = _arguments(rest)
        elif key.startswith("E"):
            events[key] = _arguments(rest)
        elif key.startswith("A"):
            _, target, value = rest.split(" ", 2)
            attributes[target] = value
        elif key == "*":
            groups.append(_arguments(rest))
    best = max((text, text.replace("\n", "\r\n")), key=lambda it: _fitting(it, entities))
    return Annotated(
        name=name,
        text=best,
        entities=entities,
        relations=relations,
        events=events,
        groups=tuple(groups),
        attributes=attributes,
    )


def _entity(line: str) -> Entity:
    head, _, surface = line.partition("\t")
    entity_type, _, offsets = head.partition(" ")
    spans = tuple((int(start), int(end)) for start, end in (piece.split() for piece in offsets.split(";")))
    return Entity(entity_type=entity_type, spans=spans, surface=surface)


def _arguments(line: str) -> Arguments:
    """Read ``Or Arg1:E7 Arg2:E9``, ``OR T7 T13`` or, of an event, ``Negation:T11 Negates:E12``."""
    first, *others = line.split()
    name, _, trigger = first.partition(":")
    arguments = [(role, target) for role, _, target in (other.rpartition(":") for other in others)]
    head = [("", trigger)] if trigger else []
    return Arguments(type=name, arguments=(*head, *arguments))


def _fitting(text: str, entities: dict[str, Entity]) -> int:
    return sum(" ".join(text[start:end] for start, end in it.spans) == it.surface for it in entities.values())
