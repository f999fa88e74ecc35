"""What a validation finds, as plain records, and how it is written: W3C validation report, JSON.

Terms are strings in their N-Triples form, as in `kg.nquads`.
"""

import re
from collections.abc import Iterable
from enum import StrEnum
from typing import Final, Self

import msgspec

from kg.identifiers import PREFIXES
from kg.models import Record
from kg.nquads import english

SHACL: Final = PREFIXES["sh"]
SHAPES: Final = "https://w3id.org/trialkg/shapes#"

_PREFIXES: Final = dict(sorted({**PREFIXES, "shape": SHAPES}.items()))
_LOCAL_NAME = re.compile(r"[A-Za-z0-9_](?:[A-Za-z0-9_-]*[A-Za-z0-9_])?")
_IRI_OR_STRING = re.compile(r'"(?:[^"\\]|\\.)*"|<[^>]*>')


class Severity(StrEnum):
    """How bad a result is: only a violation keeps a trial out of the graph."""

    VIOLATION = "Violation"
    WARNING = "Warning"
    INFO = "Info"


_RANK: Final = {severity: rank for rank, severity in enumerate(Severity)}


class Result(Record, frozen=True, kw_only=True):
    """One failed check (sh:ValidationResult, SHACL section 3.6.2).

    Attributes:
        focus_node: The node that was checked.
        path: The property path in Turtle's syntax with full IRIs; None if the node itself is at fault.
        value: The offending value; None if one is missing or there are too many.
        message: The shape's message: what is wrong and how to repair it.
        severity: The shape's severity.
        component: The kind of constraint, for example ``<http://www.w3.org/ns/shacl#MinCountConstraintComponent>``.
        shape: The IRI of the shape that failed; None if it is a blank node.
    """

    focus_node: str
    path: str | None
    value: str | None
    message: str
    severity: Severity
    component: str
    shape: str | None

    def sort_key(self) -> tuple[int, str, str, str, str, str, str]:
        """Order by severity, the worst first, then by place."""
        place = (self.focus_node, self.path or "", self.value or "", self.component, self.shape or "", self.message)
        return (_RANK[self.severity], *place)


class Coverage(Record, frozen=True, kw_only=True):
    """What of a graph was checked.

    Attributes:
        subjects: Nodes that the graph says anything of.
        checked: Nodes that a shape is for, which may be values only.
        classes: Nodes by the classes that shapes are for, as CURIEs; a node of two classes counts for each.
    """

    subjects: int
    checked: int
    classes: dict[str, int] = msgspec.field(default_factory=dict)

    def __str__(self) -> str:
        """Return a line for a reader: how many nodes of which classes, the most frequent first."""
        if not self.checked:
            return f"nothing was checked: of {self.subjects:,} nodes none has a class or property that shapes are for"
        frequent = sorted(self.classes.items(), key=lambda it: (-it[1], it[0]))
        classes = ", ".join(f"{number:,} {kind}" for kind, number in frequent) or "none of a class that shapes are for"
        return f"checked: {self.checked:,} nodes ({classes}) in a graph that describes {self.subjects:,}"


class Report(Record, frozen=True, kw_only=True):
    """The outcome of a validation: sorted results, none twice.

    Attributes:
        results: What failed, the worst first.
        coverage: What of a file was looked at at all; None where a whole build directory or a piece was checked.
    """

    results: tuple[Result, ...] = ()
    coverage: Coverage | None = None

    @classmethod
    def of(cls, results: Iterable[Result]) -> Self:
        """Sort the results, of one piece of a graph or of several, and drop those that come twice."""
        return cls(results=tuple(sorted(set(results), key=Result.sort_key)))

    @property
    def conforms(self) -> bool:
        """Whether no result is a violation."""
        return not any(result.severity is Severity.VIOLATION for result in self.results)

    def count(self, severity: Severity) -> int:
        """Return the number of results of this severity."""
        return sum(result.severity is severity for result in self.results)

    def to_json(self) -> str:
        """Return ``{"conforms", "counts": {severity: n}, "results": [{…}]}``, indented.

        For a file there is ``"coverage": {"subjects", "checked", "classes": {curie: n}}`` as well.
        """
        counts = {severity.value: self.count(severity) for severity in Severity}
        content = {"conforms": self.conforms, "counts": counts, "results": self.results}
        if self.coverage is not None:
            content["coverage"] = self.coverage
        return msgspec.json.format(msgspec.json.encode(content), indent=2).decode() + "\n"

    def to_turtle(self) -> str:
        """Return a sh:ValidationReport (SHACL, section 3.6) in Turtle; the same report gives the same bytes.

        ``sh:conforms`` is true where there are warnings only: the severity that counts is ours, see `conforms`.
        """
        body = f"[] a sh:ValidationReport ;\n    sh:conforms {'true' if self.conforms else 'false'}"
        body += "".join(f" ;\n    sh:result {_turtle(result)}" for result in self.results) + " .\n"
        used = {prefix: base for prefix, base in _PREFIXES.items() if re.search(rf"\b{prefix}:", body)}
        return "".join(f"@prefix {prefix}: <{base}> .\n" for prefix, base in used.items()) + "\n" + body


def _turtle(result: Result) -> str:
    values = (
        ("sh:resultSeverity", f"sh:{result.severity.value}"),
        ("sh:focusNode", result.focus_node),
        ("sh:resultPath", result.path),
        ("sh:value", result.value),
        ("sh:sourceConstraintComponent", result.component),
        ("sh:sourceShape", result.shape),
        ("sh:resultMessage", english(result.message)),
    )
    parts = ["a sh:ValidationResult", *(f"{name} {shorten(term)}" for name, term in values if term is not None)]
    return "[\n        " + " ;\n        ".join(parts) + "\n    ]"


def shorten(turtle: str) -> str:
    """Replace the full IRIs in a piece of Turtle by prefixed names where these need no escapes."""
    return _IRI_OR_STRING.sub(lambda match: _prefixed(match.group()), turtle)


def _prefixed(term: str) -> str:
    for prefix, base in _PREFIXES.items():
        if term.startswith(f"<{base}") and _LOCAL_NAME.fullmatch(local := term[len(base) + 1 : -1]):
            return f"{prefix}:{local}"
    return term
