"""The command line: each command parses, calls one function of `kg.api`, and prints.

stdout is data, stderr is talk. Exit status: 0 fine; 1 the data does not conform; 2 the call or a file is wrong.
`kg.api` is imported inside the commands, because its libraries are heavy and ``kg --help`` should answer at once.
"""

import os
import sys
from typing import Any

import click

from kg import __version__
from kg.cli.asking import analyse, export, query
from kg.cli.building import build, collect, update
from kg.cli.checking import certify, check, validate, verify
from kg.cli.comparing import diff
from kg.cli.naming import annotate, criteria, ground
from kg.cli.options import OK, WRONG
from kg.cli.reasoning import classify, why
from kg.cli.remote import fetch, publish
from kg.cli.vocabularies import vocab
from kg.errors import KgError

__all__ = ["main"]


class _Group(click.Group):
    """Turns our own errors into one line on stderr and exit status 2."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except KgError as err:
            click.echo(f"kg: {err}", err=True)
            ctx.exit(WRONG)
        except BrokenPipeError:  # `kg query … | head`
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            ctx.exit(OK)


@click.group(cls=_Group, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="kg")
def main() -> None:
    """Build a knowledge graph from clinical trial records, validate it, and ask it.

    Example: kg build examples/trials -o out && kg query trials-by-marker-state -g out -p state=her2-low
    """


_COMMANDS = (
    build,
    update,
    collect,
    query,
    export,
    validate,
    verify,
    ground,
    annotate,
    analyse,
    vocab,
    fetch,
    publish,
    diff,
    criteria,
    why,
    classify,
    check,
    certify,
)
for _command in _COMMANDS:
    main.add_command(_command)
