"""One build against another: ``kg diff``."""

from pathlib import Path
from typing import cast

import click
import msgspec


@click.command()
@click.argument("before", type=click.Path(path_type=Path))
@click.argument("after", type=click.Path(path_type=Path))
@click.option(
    "-f", "--format", "form", type=click.Choice(["words", "json", "rdf-patch", "sparql-update"]), default="words",
    show_default=True, help="words or JSON lines, a trial each; or what turns BEFORE into AFTER.",
)  # fmt: skip
def diff(before: Path, after: Path, form: str) -> None:
    """Show what changed between two build directories: which trials are new, withdrawn or changed, and how.

    Example: kg diff monday tuesday
    """
    from kg import api

    older, newer = api.Graph(before), api.Graph(after)
    if form in {"words", "json"}:
        for change in older.changes_to(newer):
            click.echo(str(change) if form == "words" else msgspec.json.encode(change))
    else:
        for line in older.patch_to(newer, cast("api.PatchForm", form)):
            click.echo(line, nl=False)
