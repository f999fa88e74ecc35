"""What is promised to importers of a file: the checks, what they found, and the figures to compare an import with."""

from collections.abc import Iterator
from enum import StrEnum
from typing import Final

import msgspec

from kg.models import Record

_SHOWN: Final = 5  # examples of a fault


class Check(StrEnum):
    """What is checked, in the order of the certificate. The first word of a value names the check in JSON."""

    PARSERS = "parsers"
    BLANK_NODES = "blank-nodes"
    TRIPLE_TERMS = "triple-terms"
    IRIS = "iris"
    PREFIXES = "prefixes"
    IDENTIFIERS = "identifiers"
    LITERALS = "literals"
    LANGUAGE_TAGS = "language-tags"
    CHARACTERS = "characters"
    NORMALIZATION = "normalization"
    ORDER = "order"
    ABBREVIATION = "abbreviation"


MEANINGS: Final[dict[Check, str]] = {
    Check.PARSERS: "two independent parsers read the same graph",
    Check.BLANK_NODES: "there are no blank nodes, so that two versions can be compared line by line",
    Check.TRIPLE_TERMS: "there are no triple terms, which came with RDF 1.2 and many stores reject",
    Check.IRIS: "every IRI is one by the grammar of RFC 3987",
    Check.PREFIXES: "every IRI that is no link stands under a declared or registered prefix",
    Check.IDENTIFIERS: "every identifier has the form that its registry gives",
    Check.LITERALS: "every literal has a form that its datatype allows",
    Check.LANGUAGE_TAGS: "every language tag is well-formed by RFC 5646",
    Check.CHARACTERS: "every literal can be carried by all syntaxes of RDF, XML among them",
    Check.NORMALIZATION: "every literal is in Unicode's normal form C",
    Check.ORDER: "statements are sorted by graph and subject",
    Check.ABBREVIATION: "the file declares the prefixes of all namespaces in it",
}
# What RDF recommends or makes a file pleasant, but no importer fails at.
WARNINGS: Final = frozenset([Check.NORMALIZATION, Check.ORDER, Check.ABBREVIATION])


class Fault(Record, frozen=True, kw_only=True):
    """A check that does not hold: how often, and the first places."""

    check: Check
    count: int
    examples: tuple[str, ...]

    @property
    def is_error(self) -> bool:
        """Whether an import may fail or go wrong for it."""
        return self.check not in WARNINGS


class Figures(Record, frozen=True, kw_only=True):
    """What an importer can count afterwards."""

    statements: int  # each once
    graphs: int
    subjects: int  # blocks of one subject, which is the number of subjects where the file is sorted
    predicates: dict[str, int]
    classes: dict[str, int]
    datatypes: dict[str, int]
    languages: dict[str, int]
    namespaces: dict[str, int]  # prefix to occurrences of its IRIs


class Certificate(Record, frozen=True, kw_only=True):
    """The outcome for one file.

    Attributes:
        sha256: Of the file's bytes, as they are on disk.
        graph_digest: Of the set of statements, whatever the file's syntax and order; None if there are blank nodes.
        checked: All checks that the file's syntax has a place for.
        parsers: Names and versions.
    """

    file: str
    format: str
    bytes: int
    sha256: str
    graph_digest: str | None
    parsers: dict[str, str]
    checked: tuple[Check, ...]
    faults: tuple[Fault, ...]
    figures: Figures

    @property
    def holds(self) -> bool:
        """Whether the promise holds: no fault is an error."""
        return not any(fault.is_error for fault in self.faults)

    def to_json(self) -> str:
        """Return everything, indented; the same file gives the same text."""
        content = {"holds": self.holds, **msgspec.to_builtins(self)}
        return msgspec.json.format(msgspec.json.encode(content), indent=2).decode() + "\n"

    def to_text(self) -> str:
        """Return a line a check, its faults below it, and the figures."""
        return "\n".join([*self._head(), *self._checks(), *self._figures(), self._verdict()]) + "\n"

    def _head(self) -> list[str]:
        return [
            f"{self.file}: {self.format}, {self.bytes:,} bytes",
            f"SHA-256 {self.sha256}",
            f"graph   {self.graph_digest or 'has blank nodes, so it has no digest'}",
        ]

    def _checks(self) -> Iterator[str]:
        faults = {fault.check: fault for fault in self.faults}
        for check in self.checked:
            fault = faults.get(check)
            word = "ok" if fault is None else "FAILS" if fault.is_error else "warns"
            yield f"{word:5}  {check:14} {MEANINGS[check]}" + (f": {fault.count:,} not" if fault else "")
            if fault is not None:
                yield from (f"         {example}" for example in fault.examples)
                if fault.count > len(fault.examples):
                    yield f"         … and {fault.count - len(fault.examples):,} more"

    def _figures(self) -> list[str]:
        figures = self.figures
        return [
            f"{figures.statements:,} statements in {figures.graphs:,} graphs, {len(figures.predicates):,} predicates, "
            f"{len(figures.classes):,} classes",
            *(f"{count:10,}  {prefix}" for prefix, count in figures.namespaces.items()),
        ]

    def _verdict(self) -> str:
        parsers = " and ".join(f"{name} {version}" for name, version in self.parsers.items())
        warnings = sum(not fault.is_error for fault in self.faults)
        return f"{'certified' if self.holds else 'not certified'}, {warnings} warnings; read by {parsers}"


class FaultLog:
    """Counts faults by check and keeps the first examples."""

    def __init__(self) -> None:
        self._counts: dict[Check, int] = {}
        self._examples: dict[Check, list[str]] = {}

    def add(self, check: Check, example: str) -> None:
        """Note that a check does not hold at a place."""
        self._counts[check] = self._counts.get(check, 0) + 1
        examples = self._examples.setdefault(check, [])
        if len(examples) < _SHOWN and example not in examples:
            examples.append(example)

    def faults(self) -> tuple[Fault, ...]:
        """Return what was noted, in the order of the checks."""
        return tuple(
            Fault(check=check, count=self._counts[check], examples=tuple(self._examples[check]))
            for check in Check
            if check in self._counts
        )
