"""What several commands share: exit statuses, options, and reading a query from where the user has it."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from kg.errors import QueryError
from kg.resources import data_folder

OK, DOES_NOT_CONFORM, WRONG = 0, 1, 2

GRAPH = click.option(
    "-g", "--graph", "graph_path", required=True, type=click.Path(path_type=Path), help="Build directory to read."
)
DATA_DIR = click.option(
    "--data-dir", "data_dir", type=click.Path(path_type=Path, file_okay=False),
    default=lambda: data_folder(os.environ),
    help="Where added vocabularies lie.  [default: $KG_DATA_DIR, else the platform's data directory]",
)  # fmt: skip
ENGINE = click.option(
    "--engine", type=click.Choice(["shifty", "pyshacl"]), default="shifty", show_default=True, help="SHACL validator."
)


@contextmanager
def asking(query: str) -> Iterator[str]:
    """Give the query, and name what it was read from where it fails.

    Args:
        query: ``-`` for standard input, a file, or the query itself.
    """
    text = _query_text(query)
    try:
        yield text
    except QueryError as err:
        if text is query:
            raise
        raise QueryError(f"{'standard input' if query == '-' else query}: {err}") from err


def _query_text(query: str) -> str:
    if query == "-":
        try:
            return sys.stdin.read()
        except UnicodeDecodeError as err:
            raise unreadable("standard input", err) from err
    path = Path(query)
    if query.endswith((".rq", ".sparql")) or path.is_file():
        try:
            return path.read_text("utf-8")
        except (OSError, UnicodeDecodeError) as err:
            raise unreadable(query, err) from err
    return query


def unreadable(file: str, err: OSError | UnicodeDecodeError) -> click.UsageError:
    """Say that a file of text cannot be used, and what to do; click's own error has the status of a failed check."""
    if isinstance(err, UnicodeDecodeError):
        return click.UsageError(
            f"{file}: is no text in UTF-8 ({err.reason} at byte {err.start}); is it the file meant?"
        )
    return click.UsageError(f"{file}: cannot be read: {err.strerror}; check its name, and the folder that you are in")
