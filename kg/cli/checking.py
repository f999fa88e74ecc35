"""Is it sound: ``kg validate`` (shapes), ``verify`` (sources), ``check`` (queries), ``certify`` (standards)."""

from collections.abc import Callable
from pathlib import Path
from typing import cast

import click

from kg.cli.options import DOES_NOT_CONFORM, ENGINE, GRAPH, OK

NOTHING_CHECKED = (
    "{}: the shapes know none of its classes and properties, so that it conforms says nothing. They are for graphs of "
    "trialkg's vocabulary (docs/terms.md); what they leave out is checked by `kg certify`."
)


@click.command()
@click.argument("file", required=False, type=click.Path(path_type=Path))
@click.option("-g", "--graph", "graph_path", type=click.Path(path_type=Path), help="Build directory to validate.")
@ENGINE
@click.option(
    "-f", "--format", "form", default="table", show_default=True,
    type=click.Choice(["table", "turtle", "json", "html"]), help="Form of the report.",
)  # fmt: skip
def validate(file: Path | None, graph_path: Path | None, engine: str, form: str) -> None:
    """Check a build directory, or an RDF FILE, against the shapes.

    A file of any size is checked in pieces, with the result of the whole, and takes room for a compressed copy in the
    folder for temporary files. Only RDF/XML and JSON-LD are read into memory whole, and triples that shapes can only
    judge together, two million at most.

    Example: kg validate -g out
    """
    from kg import api

    if (file is None) == (graph_path is None):
        raise click.UsageError("name a FILE or a build directory with -g, one of them")
    source = api.Graph(graph_path) if graph_path is not None else cast(Path, file)
    if isinstance(source, Path):
        report = api.validate(source, cast("api.Engine", engine))
    else:
        report = source.validate(cast("api.Engine", engine))
    writers: dict[str, Callable[[], str]] = {
        "turtle": report.to_turtle,
        "json": report.to_json,
        "html": lambda: api.validation_page(report, source),
        "table": lambda: api.validation_table(report),
    }
    click.echo(writers[form]())
    if report.coverage is not None and not report.coverage.checked:
        click.echo(NOTHING_CHECKED.format(file), err=True)
    click.get_current_context().exit(OK if report.conforms else DOES_NOT_CONFORM)


@click.command()
@GRAPH
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
    click.get_current_context().exit(OK if checked.holds else DOES_NOT_CONFORM)


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "-f", "--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True,
    help="Form of the certificate.",
)  # fmt: skip
@click.option(
    "--prefix", "pairs", multiple=True, metavar="NAME=IRI", help="A namespace that the file may use; repeatable."
)
def certify(file: Path, form: str, pairs: tuple[str, ...]) -> None:
    """Check that any platform can import an RDF FILE: two parsers, IRIs, literals, language tags, prefixes.

    Example: kg certify out/graph.nq.gz
    """
    from kg import api

    certificate = api.certify(file, dict(_declared(pair) for pair in pairs))
    click.echo(certificate.to_json() if form == "json" else certificate.to_text(), nl=False)
    click.get_current_context().exit(OK if certificate.holds else DOES_NOT_CONFORM)


def _declared(pair: str) -> tuple[str, str]:
    name, equals, iri = pair.partition("=")
    if not equals:
        raise click.UsageError(f"--prefix {pair!r} is not NAME=IRI")
    return name, iri


@click.command()
@GRAPH
@click.option(
    "-f", "--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True,
    help="Form of the answer.",
)  # fmt: skip
def check(graph_path: Path, form: str) -> None:
    """Run the checks: saved queries that must give no row.

    Example: kg check -g out
    """
    from kg import api

    found = api.Graph(graph_path).check()
    click.echo(found.to_json() if form == "json" else found.to_text(), nl=False)
    click.get_current_context().exit(OK if found.holds else DOES_NOT_CONFORM)
