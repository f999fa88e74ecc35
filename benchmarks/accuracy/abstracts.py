"""Abstracts annotated with mentions and identifiers, in PubTator's format.

``PMID|t|title``, ``PMID|a|abstract``, then a line a mention: PMID, start, end, words, class, identifiers. Offsets count
from the start of the title; one space or line end stands between title and abstract.
"""

import gzip
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Annotation:
    """One annotated mention; ``identifiers`` is empty where the annotators found none."""

    start: int
    end: int
    words: str
    kind: str
    identifiers: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Abstract:
    """Title and abstract as one text, and what is annotated in it."""

    pmid: str
    text: str
    annotations: tuple[Annotation, ...]


def read_abstracts(folder: Path, pattern: str) -> Iterator[Abstract]:
    """Yield the abstracts of all files that match ``pattern``, each PMID once."""
    seen: set[str] = set()
    for path in sorted(folder.glob(pattern)):
        with gzip.open(path, "rt", encoding="utf-8") as file:
            for block in file.read().split("\n\n"):
                lines = block.strip("\n").split("\n")
                if "|t|" in lines[0] and (pmid := lines[0].partition("|")[0]) not in seen:
                    seen.add(pmid)
                    yield _abstract(pmid, lines)


def _abstract(pmid: str, lines: list[str]) -> Abstract:
    title = lines[0].split("|", 2)[2]
    body = lines[1].split("|", 2)[2] if len(lines) > 1 and "|a|" in lines[1] else ""
    rows = [line.split("\t") for line in lines if "\t" in line]
    return Abstract(
        pmid=pmid,
        text=f"{title} {body}",
        annotations=tuple(_annotation(row) for row in rows if len(row) > 4 and row[1].isdigit()),
    )


def _annotation(row: list[str]) -> Annotation:
    named = row[5] if len(row) > 5 else ""
    found = (part.strip().removeprefix("MESH:") for part in named.replace("|", ";").replace(",", ";").split(";"))
    return Annotation(
        start=int(row[1]),
        end=int(row[2]),
        words=row[3],
        kind=row[4],
        identifiers=tuple(name for name in found if name and name != "-1"),
    )
