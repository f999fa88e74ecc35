"""Make the documentation say what the program says.

Runs the commands of README.md on the examples and puts their output behind them; writes ``docs/commands.md`` from the
help of the commands and ``docs/queries.md`` from the headers of the saved queries.

usage: python docs/refresh.py [--check]

With --check nothing is written, and exit status 1 says that something is outdated.
"""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import click

from kg.cli import main
from kg.query import SavedQuery, saved_queries

TOP = Path(__file__).resolve().parent.parent
_CONSOLE = re.compile(r"(?<=^```console\n).*?(?=^```)", re.MULTILINE | re.DOTALL)
_LINE_WIDTH = 100


def documents() -> Iterator[tuple[Path, str]]:
    """Yield each document that is made here, or in part, with what it should say."""
    readme = TOP / "README.md"
    yield readme, readme_with_output(readme.read_text("utf-8"))
    yield TOP / "docs/commands.md", commands_page()
    yield TOP / "docs/queries.md", queries_page()


def readme_with_output(text: str) -> str:
    """Return the text with the real output behind each ``$`` line of its console blocks, run in order in one folder."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "examples").symlink_to(TOP / "examples")
        (folder / "bin").mkdir()
        (folder / "bin/kg").write_text(f'#!/bin/sh\nexec "{sys.executable}" -m kg "$@"\n', "utf-8")
        (folder / "bin/kg").chmod(0o755)
        return _CONSOLE.sub(lambda match: _session(match.group(), folder), text)


def _session(block: str, folder: Path) -> str:
    commands = [line for line in block.splitlines() if line.startswith("$ ")]
    return "\n".join(f"{command}\n{_output(command[2:], folder)}" for command in commands)


def _output(command: str, folder: Path) -> str:
    environment = {**os.environ, "PATH": f"{folder / 'bin'}:{os.environ['PATH']}", "PYTHONPATH": str(TOP)}
    shell = ["bash", "-o", "pipefail", "-c", f"({command}) 2>&1"]
    done = subprocess.run(shell, cwd=folder, env=environment, capture_output=True, check=False)
    output = "".join(f"{line.rstrip()}\n" for line in done.stdout.decode().splitlines())
    if done.returncode:
        raise RuntimeError(f"README.md: `{command}` fails with {done.returncode}:\n{output}")
    return output


def commands_page() -> str:
    """Return the page of the commands, from their own help."""
    parts = ["# The commands", "", "What `--help` says, written by `python docs/refresh.py`."]
    for name, command in _commands(main, "kg"):
        context = click.Context(
            command,
            info_name=name,
            **{**main.context_settings, "max_content_width": _LINE_WIDTH, "terminal_width": _LINE_WIDTH},
        )
        parts += ["", f"## {name}", "", "```text", command.get_help(context), "```"]
    return "\n".join(parts) + "\n"


def _commands(command: click.Command, name: str) -> Iterator[tuple[str, click.Command]]:
    yield name, command
    if isinstance(command, click.Group):
        for child in sorted(command.commands):
            yield from _commands(command.commands[child], f"{name} {child}")


def queries_page() -> str:
    """Return the page of the saved queries, from their headers."""
    questions = [query for query in saved_queries().values() if not query.is_check]
    checks = [query for query in saved_queries().values() if query.is_check]
    parts = [
        "# The saved queries",
        "",
        "Written by `python docs/refresh.py` from the headers of [queries](../queries). Values are given as",
        "`-p NAME=VALUE`; a name, a label or a brand name does for an identifier.",
    ]
    for query in questions:
        parts += ["", f"## {query.name}", "", query.question, "", *_parameters(query), *_columns(query)]
        parts += ["", "```sh", f"{query.example} -g out", "```"]
    parts += [
        "",
        "## Checks",
        "",
        "These ask for what must not be; each answers with no row.",
        "",
        "| name | question |",
        "|---|---|",
    ]
    parts += [f"| {query.name} | {query.question} |" for query in checks]
    return "\n".join(parts) + "\n"


def _parameters(query: SavedQuery) -> list[str]:
    if not query.parameters:
        return []
    rows = [f"| `{it.name}` | {it.kind} | {it.meaning} |" for it in query.parameters]
    return ["| parameter | kind | |", "|---|---|---|", *rows, ""]


def _columns(query: SavedQuery) -> list[str]:
    return ["| column | |", "|---|---|", *(f"| `{it.name}` | {it.meaning} |" for it in query.columns)]


def refresh(*, check: bool) -> list[str]:
    """Write what is outdated, or with ``check`` only find it, and return its names."""
    outdated = []
    for path, text in documents():
        if not path.exists() or path.read_text("utf-8") != text:
            outdated.append(path.relative_to(TOP).as_posix())
            if not check:
                path.write_text(text, "utf-8")
    return outdated


if __name__ == "__main__":
    check_only = "--check" in sys.argv[1:]
    found = refresh(check=check_only)
    for document in found:
        sys.stdout.write(f"{document} {'is outdated: run python docs/refresh.py' if check_only else 'written'}\n")
    sys.exit(bool(found) and check_only)
