"""Values: the limits of ages and laboratory values that a trial's eligibility criteria set.

Leaf Clinical Trials (Dobbins et al., Sci Data 2022) annotates comparisons: an ``Eq-Comparison`` has an operator and
values, and is the filter of an ``Age`` or an ``Observation``. Of each document the set of limits is compared: what is
limited, how, and the number. A range is two limits. Observations count where their name is one of `kg.extract.labs`;
operators that the corpus leaves out, and values in words, are not asked for. Units are not annotated in a form that
could be compared.
"""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from benchmarks.accuracy.brat import Annotated, read_archive
from benchmarks.accuracy.score import Error, Outcome, Task, compared
from kg.extract.criteria import criteria
from kg.extract.labs import analyte_named
from kg.extract.quantities import number
from kg.extract.values import value_leaves
from kg.models import Condition, ConditionType, FieldKind, Group, TextField

_CODES: Final = {"GTEQ": ("ge",), "GT": ("gt",), "LTEQ": ("le",), "LT": ("lt",), "EQ": ("eq",), "BETWEEN": ("ge", "le")}
_NUMBER: Final = re.compile(r"\d+(?:,\d{3})*(?:\.\d+)?")
_AGE: Final = "age"


def run(data: Path) -> list[Outcome]:
    """Score ages, and laboratory values."""
    documents = [
        document
        for path in sorted((data / "benchmarks").glob("leaf-clinical-trials-*.zip"))
        for document in read_archive(path)
    ]
    ages = _outcome("values, ages", documents, ages=True)
    return [ages, _outcome("values, laboratory", documents, ages=False)]


def _outcome(name: str, documents: list[Annotated], *, ages: bool) -> Outcome:
    counts, errors = [], []
    for document in documents:
        expected = {limit for limit in _annotated(document) if limit.startswith(_AGE) is ages}
        found = {limit for limit in _found(document) if limit.startswith(_AGE) is ages}
        counts.append(compared(document.name, expected, found))
        errors += [Error(document=document.name, cause="missed", detail=limit) for limit in sorted(expected - found)]
        errors += [Error(document=document.name, cause="overdone", detail=limit) for limit in sorted(found - expected)]
    return Outcome(name=name, documents=tuple(counts), errors=tuple(errors), targets={})


def _annotated(document: Annotated) -> Iterator[str]:
    """Yield the limits that the annotation has: "age ge 18"."""
    for event in document.events.values():
        what = _what(document, dict(event.arguments).get("", ""), event.type)
        for _, target in event.arguments if what else ():
            comparison = document.events.get(target)
            if comparison is not None and comparison.type == "Eq-Comparison":
                for code, value in _bounds(document, comparison.arguments):
                    yield f"{what} {code} {value}"


def _what(document: Annotated, trigger: str, event_type: str) -> str | None:
    if event_type == "Age":
        return _AGE
    return analyte_named(document.entities[trigger].surface) if event_type == "Observation" else None


def _bounds(document: Annotated, arguments: tuple[tuple[str, str], ...]) -> list[tuple[str, str]]:
    operators = [document.attributes.get(target, "") for role, target in arguments if role.startswith("Operator")]
    surfaces = [document.entities[target].surface for role, target in arguments if role.startswith("Value")]
    values = [number(digits) for surface in surfaces for digits in _NUMBER.findall(surface)]
    codes = _CODES.get(operators[0], ()) if operators else ()
    return list(zip(codes, sorted(values, key=float), strict=True)) if len(codes) == len(values) else []


def _found(document: Annotated) -> Iterator[str]:
    """Yield the limits that are read."""
    field = TextField(document="0" * 64, locator=document.name, kind=FieldKind.ELIGIBILITY, text=document.text)
    for item in criteria(field):
        for leaf in value_leaves(field, item.start, item.end):
            for condition in _conditions(leaf.node):
                if condition.condition_type in {ConditionType.AGE, ConditionType.LAB}:
                    yield f"{condition.analyte or _AGE} {condition.comparator} {condition.value}"


def _conditions(node: Condition | Group) -> Iterator[Condition]:
    if isinstance(node, Condition):
        yield node
    else:
        for operand in node.operands:
            yield from _conditions(operand)


TASK = Task(name="values", run=run, ablations={})
