"""Annotations: statements of trials with their places, as the rows of a table that holds no words of the trials."""

import csv
from collections.abc import Iterable
from dataclasses import astuple, dataclass, fields
from pathlib import Path
from typing import Self

from kg.models import Role


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Annotation:
    """One statement at its best place. ``start`` and ``end`` count code points, from 0, half-open."""

    nct_id: str
    role: Role
    concept_class: str  # a value of `kg.models.ConceptType`
    label: str  # the terminology's, or the annotator's own words for what it lacks
    state: str  # notation; empty without a state
    concept_iri: str  # empty where the terminology lacks the concept and no other vocabulary was looked up
    locator: str  # as `kg.models.TextField` has it
    start: int
    end: int
    text_sha256: str  # of the field's text as kg reads it, contact data blotted
    annotator: str
    note: str

    def __post_init__(self) -> None:
        """Refuse an empty span and an unnamed concept."""
        if not 0 <= self.start < self.end or not self.label:
            raise ValueError(f"{self.nct_id}: no span or no concept at {self.locator}")

    @property
    def concept(self) -> str:
        """What is compared: the IRI, or the name of a concept without one."""
        return self.concept_iri or f"{self.concept_class}: {self.label}"

    @property
    def statement(self) -> tuple[str, str, str, str]:
        """The trial, the role, the concept and its state."""
        return self.nct_id, self.role.value, self.concept, self.state

    @property
    def said(self) -> str:
        """The statement in words, for reports."""
        return " ".join(filter(None, (self.role.value, self.label, self.state)))

    @classmethod
    def of_row(cls, row: dict[str, str]) -> Self:
        """Read a row of the table."""
        numbers = {"start": int(row.pop("start")), "end": int(row.pop("end"))}
        return cls(role=Role(row.pop("role")), **numbers, **row)  # type: ignore[arg-type]  # the rest are strings


_COLUMNS = [field.name for field in fields(Annotation)]


def read(path: Path) -> list[Annotation]:
    """Read a table of annotations."""
    with path.open(encoding="utf-8", newline="") as file:
        return [Annotation.of_row(row) for row in csv.DictReader(file, dialect=csv.excel_tab)]


def by_trial(annotations: Iterable[Annotation]) -> dict[str, list[Annotation]]:
    """Group annotations by NCT number."""
    grouped: dict[str, list[Annotation]] = {}
    for annotation in annotations:
        grouped.setdefault(annotation.nct_id, []).append(annotation)
    return grouped


def write(path: Path, annotations: Iterable[Annotation]) -> None:
    """Write annotations, sorted, so that the same set gives the same bytes."""
    with path.open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file, dialect=csv.excel_tab, lineterminator="\n")
        table.writerow(_COLUMNS)
        table.writerows(astuple(annotation) for annotation in sorted(annotations))
