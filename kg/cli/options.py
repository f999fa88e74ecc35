"""What several commands share: exit statuses, options, and reading a query from where the user has it."""

import sys
from pathlib import Path

import click

OK, DOES_NOT_CONFORM, WRONG = 0, 1, 2

GRAPH = click.option(
    "-g", "--graph", "graph_path", required=True, type=click.Path(path_type=Path), help="Build directory to read."
)
ENGINE = click.option(
    "--engine", type=click.Choice(["shifty", "pyshacl"]), default="shifty", show_default=True, help="SHACL validator."
)


def query_text(query: str) -> str:
    """Return the query: from standard input, from a file, or as it is."""
    if query == "-":
        return sys.stdin.read()
    path = Path(query)
    if query.endswith((".rq", ".sparql")) or path.is_file():
        try:
            return path.read_text("utf-8")
        except (OSError, UnicodeDecodeError) as err:
            raise click.FileError(query, str(err)) from err
    return query
