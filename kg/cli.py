"""The command line: each command parses, calls one function of `kg.api`, and prints.

stdout is data, stderr is talk. Exit status: 0 fine; 1 the data does not conform; 2 the call or a file is wrong.
`kg.api` is imported inside the commands, because its libraries are heavy and ``kg --help`` should answer at once.
"""

import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import click

from kg import __version__
from kg.errors import KgError
from kg.identifiers import DEFAULT_BASE

if TYPE_CHECKING:
    from kg.pipeline import Progress

_OK, _DOES_NOT_CONFORM, _WRONG = 0, 1, 2

_GRAPH = click.option(
    "-g", "--graph", "graph_path", required=True, type=click.Path(path_type=Path), help="Build directory to read."
)
_ENGINE = click.option(
    "--engine", type=click.Choice(["shifty", "pyshacl"]), default="shifty", show_default=True, help="SHACL validator."
)


class _Group(click.Group):
    """Turns our own errors into one line on stderr and exit status 2."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except KgError as err:
            click.echo(f"kg: {err}", err=True)
            ctx.exit(_WRONG)
        except BrokenPipeError:  # `kg query … | head`
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            ctx.exit(_OK)


@click.group(cls=_Group, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="kg")
def main() -> None:
    """Build a knowledge graph from clinical trial records, validate it, and ask it.

    Example: kg build examples/trials -o out && kg query trials-by-marker-state -g out -p state=her2-low
    """


@main.command()
@click.argument("sources", nargs=-1, required=True, metavar="SOURCE…")
@click.option("-o", "--out", required=True, type=click.Path(path_type=Path), help="Build directory; replaced whole.")
@click.option("--base-iri", default=None, help="Under which own resources get their IRIs.")
@click.option(
    "--evidence", type=click.Choice(["strongest", "all"]), default="strongest", show_default=True,
    help="Which places of a statement to keep.",
)  # fmt: skip
@click.option("--with-contacts", is_flag=True, help="Keep names, phone numbers and e-mail addresses of contacts.")
@click.option("--workers", type=click.IntRange(min=1), help="Processes; by default one a core.")
@click.option("-q", "--quiet", is_flag=True, help="No progress bars.")
def build(
    sources: tuple[str, ...],
    out: Path,
    base_iri: str | None,
    evidence: str,
    with_contacts: bool,
    workers: int | None,
    quiet: bool,
) -> None:
    """Build a graph from trial records: files, folders, archives; - is standard input.

    Formats are told by content: ClinicalTrials.gov JSON (API v2) and legacy XML, text or HTML of registry pages,
    in gzip, zip or tar.

    Example: kg build examples/trials -o out
    """
    from kg import api
    from kg.report import summary_lines

    try:
        with _progress(quiet) as progress:
            graph = api.build(
                sources, out, base_iri=base_iri or DEFAULT_BASE, evidence=cast("api.Evidence", evidence),
                with_contacts=with_contacts, workers=workers, progress=progress,
            )  # fmt: skip
    except ValueError as err:
        raise click.BadParameter(str(err), param_hint="--base-iri") from err
    report = graph.report
    click.echo(summary_lines(report), err=True)
    click.get_current_context().exit(_OK if report.conforms else _DOES_NOT_CONFORM)


@main.command()
@click.argument("query", required=False)
@_GRAPH
@click.option(
    "-p", "--parameter", "pairs", multiple=True, metavar="NAME=VALUE", help="Value of a parameter; repeatable."
)
@click.option(
    "-f", "--format", "form", default="table", show_default=True,
    type=click.Choice(["table", "csv", "tsv", "json", "xml", "turtle"]), help="Form of the answer.",
)  # fmt: skip
def query(query: str | None, graph_path: Path, pairs: tuple[str, ...], form: str) -> None:
    """Answer a saved query by NAME, a FILE with SPARQL, or SPARQL from standard input (-).

    Without QUERY the saved queries are listed.

    Example: kg query trials-by-marker-state -g out -p state=her2-low -f csv
    """
    from kg import api
    from kg.query import saved_queries

    graph = api.Graph(graph_path)
    if query is None:
        for saved in saved_queries().values():
            click.echo(f"{saved.name:36} {saved.question}")
        return
    answer = graph.query(_query_text(query), dict(_pair(pair) for pair in pairs))
    width = _terminal_width() if form == "table" else None
    click.echo(answer.to(form, width=width), nl=False)


@main.command()
@_GRAPH
@click.option("-f", "--format", "form", required=True, help="turtle, trig, ntriples, nquads, jsonld or rdfxml.")
@click.option("-o", "--out", required=True, type=click.Path(path_type=Path), help="File to write.")
@click.option("--trial", "trials", multiple=True, metavar="NCT…", help="Only this trial; repeatable.")
@click.option("--query", "query", help="Only what this CONSTRUCT query gives (text, file or saved name).")
@click.option(
    "--profile", type=click.Choice(["plain", "annotations"]), default="plain", show_default=True,
    help="annotations: evidence as Web Annotation and PROV-O.",
)  # fmt: skip
def export(graph_path: Path, form: str, out: Path, trials: tuple[str, ...], query: str | None, profile: str) -> None:
    """Write the graph, or a part of it, in an RDF format: sorted, the same bytes each time.

    Example: kg export -g out -f turtle -o trial.ttl --trial NCT99990001
    """
    from kg import api

    text = None if query is None else _query_text(query)
    api.Graph(graph_path).export(form, out, trials=trials, query=text, profile=profile)
    click.echo(f"wrote {out}", err=True)


@main.command()
@click.argument("file", required=False, type=click.Path(path_type=Path))
@click.option("-g", "--graph", "graph_path", type=click.Path(path_type=Path), help="Build directory to validate.")
@_ENGINE
@click.option(
    "-f", "--format", "form", type=click.Choice(["table", "turtle", "json"]), default="table", show_default=True,
    help="Form of the report.",
)  # fmt: skip
def validate(file: Path | None, graph_path: Path | None, engine: str, form: str) -> None:
    """Check a build directory, or an RDF FILE, against the shapes.

    Example: kg validate -g out
    """
    from kg import api

    if file is not None and graph_path is None:
        report = api.validate(file, cast("api.Engine", engine))
    elif graph_path is not None and file is None:
        report = api.Graph(graph_path).validate(cast("api.Engine", engine))
    else:
        raise click.UsageError("name a FILE or a build directory with -g, one of them")
    click.echo({"turtle": report.to_turtle, "json": report.to_json}.get(form, lambda: api.validation_table(report))())
    click.get_current_context().exit(_OK if report.conforms else _DOES_NOT_CONFORM)


@main.command()
@_GRAPH
@click.option("--no-sources", is_flag=True, help="Check against the kept texts only.")
def verify(graph_path: Path, no_sources: bool) -> None:
    """Check every quote against the kept texts, and these against the sources where they can be found.

    Example: kg verify -g out
    """
    from kg import api

    checked = api.Graph(graph_path).verify(sources=not no_sources)
    for failure in checked.failures:
        click.echo(f"{failure.trial_iri}\t{failure.node_iri}\t{failure.reason}")
    wrong = len(checked.failures)
    click.echo(f"{checked.quotes} quotes in {checked.trials} trials checked, {wrong} wrong", err=True)
    click.get_current_context().exit(_OK if checked.holds else _DOES_NOT_CONFORM)


@main.command()
@click.argument("names", nargs=-1, metavar="[NAME…]")
@click.option("-t", "--type", "concept_type", help="Only concepts of this class, for example Drug or Marker.")
@click.option(
    "-f", "--format", "form", type=click.Choice(["table", "json"]), default="table", show_default=True, help="Form."
)
def ground(names: tuple[str, ...], concept_type: str | None, form: str) -> None:
    """Show what a NAME means and why, best first; without NAME, JSON lines are read from standard input.

    A line is {"id", "text", "type"?}; the answer is {"id", "candidates": […]}.

    Example: kg ground "HER-2"
    """
    from kg.grounding import Grounder, candidates_table, ground_lines

    grounder = Grounder()
    if not names:
        for line in ground_lines(sys.stdin, grounder):
            click.echo(line)
        return
    asked = (json.dumps({"id": name, "text": name, "type": concept_type}) for name in names)
    if form == "json":
        for line in ground_lines(asked, grounder):
            click.echo(line)
    else:
        click.echo(candidates_table({name: grounder.ground(name, concept_type) for name in names}))


@main.group()
def analyse() -> None:
    """Study the graph as a network."""


@analyse.command()
@_GRAPH
@click.option(
    "-f", "--format", "form", type=click.Choice(["table", "centrality", "csv", "graphml", "png", "svg"]),
    default="table", show_default=True, help="table of edges, table of degrees and betweenness, GraphML, or a picture.",
)  # fmt: skip
@click.option("-o", "--out", type=click.Path(path_type=Path), help="File to write; needed for GraphML and pictures.")
def network(graph_path: Path, form: str, out: Path | None) -> None:
    """Show which drugs are tested in populations of which markers.

    Example: kg analyse network -g out -f png -o network.png
    """
    from kg import api

    click.echo(api.Graph(graph_path).network_as(form, out), nl=False)
    if out is not None:
        click.echo(f"wrote {out}", err=True)


# --- parsing and talking


def _pair(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not equals or not name:
        raise click.BadParameter(f"{text!r} is not NAME=VALUE", param_hint="-p")
    return name, value


def _query_text(query: str) -> str:
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


def _terminal_width() -> int | None:
    return os.get_terminal_size().columns if sys.stdout.isatty() else None


@contextmanager
def _progress(quiet: bool) -> Iterator["Progress | None"]:
    """Show a bar a stage on a terminal; a line a stage elsewhere would only be in the way of logs."""
    if quiet or not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    with Progress(
        TextColumn("{task.description:8}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        console=Console(stderr=True),
    ) as bars:
        tasks: dict[str, Any] = {}

        def show(stage: str, done: int, total: int | None) -> None:
            if stage not in tasks:
                tasks[stage] = bars.add_task(stage, total=total)
            bars.update(tasks[stage], completed=done, total=total)

        yield show
