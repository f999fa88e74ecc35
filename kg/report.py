"""The report of a build: what was read and what became of it, as a record and as a page."""

from pathlib import Path

from jinja2 import Environment, StrictUndefined

from kg.models import Record


class BuildReport(Record):
    """Counts of one build. ``records_read`` is the sum of the other ``records_*``."""

    records_read: int
    records_built: int
    records_duplicate: int          # byte for byte the same as another
    records_rejected: int
    records_quarantined: int
    trials: int
    quads: int
    counts: dict[str, int]
    unlinked: dict[str, dict[str, int]]            # kind to reported names without a concept
    rejection_reasons: dict[str, int]
    quarantined: dict[str, tuple[str, ...]]        # NCT number to messages
    disagreements: tuple[dict[str, str], ...]
    unknown_codes: tuple[tuple[str, str, str], ...]

    def __post_init__(self) -> None:
        """Refuse a report in which a record is lost."""
        parts = self.records_built + self.records_duplicate + self.records_rejected + self.records_quarantined
        if parts != self.records_read:
            raise ValueError(f"{self.records_read} records read, but {parts} accounted for")

    @property
    def conforms(self) -> bool:
        """Whether no trial was quarantined."""
        return not self.quarantined


def write_page(report: BuildReport, path: Path) -> None:
    """Write the report as a page that stands alone."""
    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    path.write_text(environment.from_string(_PAGE).render(report=report), "utf-8")


_PAGE = """<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>trialkg build report</title>
<h1>Build report</h1>
<p>{{ report.records_read }} records read = {{ report.records_built }} built + {{ report.records_duplicate }} duplicate
+ {{ report.records_rejected }} rejected + {{ report.records_quarantined }} quarantined.</p>
</html>
"""
