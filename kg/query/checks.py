"""The saved queries that must give no row: what they found in a graph."""

from typing import Final

import msgspec

from kg.models import Record
from kg.query import run, saved_queries
from kg.store import GraphStore
from kg.terminology import Terminology

_SHOWN: Final = 5  # rows of a check that fails


class CheckResult(Record, frozen=True, kw_only=True):
    """One check: its question, and the faults it found, the first of them written out as tab-separated terms."""

    name: str
    question: str
    rows: int
    examples: tuple[str, ...]


class Checked(Record, frozen=True, kw_only=True):
    """All checks of a graph, in the order of their names."""

    results: tuple[CheckResult, ...]

    @property
    def holds(self) -> bool:
        """Whether no check found a row."""
        return not any(result.rows for result in self.results)

    def to_json(self) -> str:
        """Return everything, indented."""
        content = {"holds": self.holds, **msgspec.to_builtins(self)}
        return msgspec.json.format(msgspec.json.encode(content), indent=2).decode() + "\n"

    def to_text(self) -> str:
        """Return a line a check, the first rows of those that fail below it, and a line of counts."""
        lines = []
        for result in self.results:
            if not result.rows:
                lines.append(f"ok     {result.name}")
                continue
            lines.append(f"FAILS  {result.name}: {result.rows:,}")
            lines += (f"       {line}" for line in (result.question, *result.examples))
        failed = sum(result.rows > 0 for result in self.results)
        lines.append(f"{len(self.results)} checks, {failed} failed")
        return "\n".join(lines) + "\n"


def run_checks(store: GraphStore, terminology: Terminology) -> Checked:
    """Run every saved query that must give no row."""
    checks = (saved for saved in saved_queries().values() if saved.is_check)
    return Checked(results=tuple(_result(store, terminology, it.name, it.question) for it in checks))


def _result(store: GraphStore, terminology: Terminology, name: str, question: str) -> CheckResult:
    rows = run(store, terminology, name)
    return CheckResult(
        name=name.removeprefix("checks/").removesuffix("-violation"),
        question=question,
        rows=len(rows),
        examples=tuple(rows.to("tsv").splitlines()[1 : _SHOWN + 1]),
    )
