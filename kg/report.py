"""The report of a build: what was read and what became of it, as a record, as a page and as lines for the terminal."""

from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path

from jinja2 import Environment, PackageLoader, StrictUndefined

from kg.models import FieldKind, Record, Role, UsedVocabulary

# Kinds of reported names, as `counts` has them, and what a reader calls them.
_LINKED_KINDS = {
    FieldKind.CONDITION: "conditions",
    FieldKind.INTERVENTION_NAME: "interventions",
    FieldKind.OUTCOME_MEASURE: "outcomes",
}
_ROLE_MEANINGS = {
    Role.INVESTIGATES: "drug or procedure under test",
    Role.COMPARATOR: "in the control arm",
    Role.BACKGROUND: "given in all arms",
    Role.ASSESSMENT: "procedure with which something is measured",
    Role.REQUIRES_TREATMENT: "treatment that eligibility asks for",
    Role.EXCLUDES_TREATMENT: "treatment that eligibility rules out",
    Role.REQUIRES_MARKER_STATE: "marker state that defines the population",
    Role.EXCLUDES_MARKER_STATE: "marker state that is ruled out",
    Role.STRATIFIES_BY: "marker that groups or randomises",
    Role.MEASURES_MARKER: "marker measured as outcome or object",
    Role.CONDITION: "disease studied",
    Role.MENTIONS: "occurs in the text, none of the above",
}
_SHOWN = 50  # rows of a list on the page; the files beside it have all
_SHOWN_LENGTH = 240  # characters of a value on the page
_SHOWN_IN_TERMINAL = 5


class BuildReport(Record, frozen=True, kw_only=True):
    """Counts of one build. ``records_read`` is the sum of the other ``records_*``."""

    records_read: int
    records_built: int
    records_duplicate: int  # byte for byte the same as another
    records_rejected: int
    internal_errors: int = 0  # of ``records_rejected``, those that a bug of trialkg kept out
    records_quarantined: int
    trials: int
    quads: int
    counts: dict[str, int]
    unlinked: dict[str, dict[str, int]]  # kind to reported names without a concept
    rejection_reasons: dict[str, int]
    quarantined: dict[str, tuple[str, ...]]  # NCT number to messages
    disagreements: tuple[dict[str, str], ...]
    unknown_codes: tuple[tuple[str, str, str], ...]
    vocabularies: tuple[UsedVocabulary, ...] = ()  # that the user added, and whose concepts were looked for

    def __post_init__(self) -> None:
        """Refuse a report in which a record is lost."""
        parts = self.records_built + self.records_duplicate + self.records_rejected + self.records_quarantined
        if parts != self.records_read:
            raise ValueError(f"{self.records_read} records read, but {parts} accounted for")

    @property
    def conforms(self) -> bool:
        """Whether no trial was quarantined, none was lost to a bug, and what was read gave at least one."""
        return not self.quarantined and not self.internal_errors and bool(self.trials or not self.records_read)

    @property
    def linking(self) -> tuple["Linking", ...]:
        """How many reported names have a concept, by kind; a kind that nothing was reported of is left out."""
        found = (
            Linking(
                kind=kind,
                name=name,
                linked=self.counts.get(f"linked {kind}", 0),
                unlinked=self.counts.get(f"unlinked {kind}", 0),
                examples=self.unlinked.get(kind, {}),
            )
            for kind, name in _LINKED_KINDS.items()
        )
        return tuple(it for it in found if it.reported)

    @property
    def statements(self) -> dict[Role, int]:
        """Statements read from texts by role, in the order of the vocabulary; roles without any are left out."""
        found = {role: self.counts.get(f"statement {role}", 0) for role in Role}
        return {role: count for role, count in found.items() if count}


class Linking(Record, frozen=True, kw_only=True):
    """What became of the names that records report of one kind. ``examples`` are names without a concept."""

    kind: FieldKind
    name: str
    linked: int
    unlinked: int
    examples: dict[str, int]

    @property
    def reported(self) -> int:
        """All names of this kind, each as often as trials report it."""
        return self.linked + self.unlinked


def share(part: int, whole: int) -> str:
    """Return a percentage that never rounds to all or nothing.

    >>> share(1999, 2000), share(0, 3), share(2, 2), share(0, 0)
    ('99.9 %', '0 %', '100 %', '–')
    """
    if not whole:
        return "–"
    if part in {0, whole}:
        return f"{100 * part // whole} %"
    return f"{min(max(100 * part / whole, 0.1), 99.9):.1f} %"


# --- for the terminal


def summary_lines(report: BuildReport) -> str:
    """Return the report as lines for the terminal: what was read adds up to what became of it.

    Not everything is here: lists are cut after a few lines, and the page has the rest.
    """
    lines = [
        f"{report.records_read:,} records read = {report.records_built:,} built "
        f"+ {report.records_duplicate:,} duplicate + {report.records_rejected:,} rejected "
        f"+ {report.records_quarantined:,} quarantined",
        f"{report.trials:,} {_plural(report.trials, 'trial')}, {report.quads:,} quads",
        f"{'vocabularies':13} bundled"
        + "".join(f", {it.name}{f' ({it.version})' if it.version else ''}" for it in report.vocabularies),
    ]
    lines += (
        f"{it.name:13} {it.linked:,} of {it.reported:,} linked to a concept ({share(it.linked, it.reported)})"
        for it in report.linking
    )
    criteria = report.counts.get("criteria", 0)
    if criteria:
        understood = report.counts.get("criteria understood", 0)
        lines.append(f"{'criteria':13} {understood:,} of {criteria:,} understood ({share(understood, criteria)})")
    statements = sum(report.statements.values())
    if statements:
        lines.append(f"{'statements':13} {statements:,}, each with the words it came from")
    lines += _listed("rejected", [f"{count:,} × {reason}" for reason, count in _by_count(report.rejection_reasons)])
    broken = _broken_rules(report)
    lines += _listed("quarantined", [f"{_trials(nct_ids)}: {message}" for message, nct_ids in broken])
    unknown = _unknown_codes(report)
    lines += _listed(
        "unknown code", [f"{value} ({scheme}) in {_trials(nct_ids)}" for (scheme, value), nct_ids in unknown]
    )
    if report.disagreements:
        lines.append(f"{'disagreements':13} {len(report.disagreements):,} between sources of one trial")
    return "\n".join(lines)


def _listed(title: str, items: list[str]) -> list[str]:
    lines = [f"{title:13} {_shortened(item)}" for item in items[:_SHOWN_IN_TERMINAL]]
    if len(items) > _SHOWN_IN_TERMINAL:
        lines.append(f"{'':13} … and {len(items) - _SHOWN_IN_TERMINAL:,} more")
    return lines


# --- as a page


def write_page(report: BuildReport, path: Path) -> None:
    """Write the report as a page that stands alone: no script, no picture, nothing that is fetched."""
    environment = Environment(
        loader=PackageLoader("kg"), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    environment.filters.update(count="{:,}".format, plural=_plural, shortened=_shortened)
    page = environment.get_template("report.html.jinja").render(
        report=report,
        share=share,
        shown=_SHOWN,
        meanings=_ROLE_MEANINGS,
        reasons=_by_count(report.rejection_reasons),
        broken_rules=_broken_rules(report),
        unknown_codes=_unknown_codes(report),
        disagreeing_fields=_by_count(Counter(it["field"] for it in report.disagreements)),
    )
    path.write_text(page, "utf-8")


def _unknown_codes(report: BuildReport) -> list[tuple[tuple[str, str], list[str]]]:
    """Return code list and value with the trials that have it, most frequent first."""
    trials: dict[tuple[str, str], list[str]] = {}
    for nct_id, scheme, value in report.unknown_codes:
        trials.setdefault((scheme, value), []).append(nct_id)
    return sorted(trials.items(), key=lambda item: (-len(item[1]), item[0]))


def _broken_rules(report: BuildReport) -> list[tuple[str, list[str]]]:
    """Return the message of each broken rule with the trials that broke it, most frequent first."""
    trials: dict[str, list[str]] = {}
    for nct_id, messages in sorted(report.quarantined.items()):
        for message in messages:
            trials.setdefault(message, []).append(nct_id)
    return sorted(trials.items(), key=lambda item: (-len(item[1]), item[0]))


def _trials(nct_ids: Sequence[str]) -> str:
    return nct_ids[0] if len(nct_ids) == 1 else f"{len(nct_ids):,} trials ({nct_ids[0]}, …)"


def _by_count(counts: Mapping[str, int]) -> list[tuple[str, int]]:
    return sorted(counts.items(), key=lambda item: (-item[1], item[0]))


def _shortened(text: str, length: int = _SHOWN_LENGTH) -> str:
    words = " ".join(text.split())
    return words if len(words) <= length else f"{words[:length].rstrip()}…"


def _plural(count: int, noun: str) -> str:
    return noun if count == 1 else f"{noun}s"
