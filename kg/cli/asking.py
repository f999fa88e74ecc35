"""A graph as answers and as files: ``kg query``, ``kg export``, ``kg analyse``."""

import os
import sys
from contextlib import nullcontext
from pathlib import Path

import click

from kg.cli.options import GRAPH, asking
from kg.identifiers import DEFAULT_BASE


@click.command()
@click.argument("query", required=False)
@click.option("-g", "--graph", "graph_path", type=click.Path(path_type=Path), help="Build directory to read.")
@click.option("--endpoint", metavar="URL", help="SPARQL endpoint to ask instead, to which a graph was published.")
@click.option("--base-iri", default=DEFAULT_BASE, help="Of the graph at the endpoint, if it is not the usual one.")
@click.option(
    "-p", "--parameter", "pairs", multiple=True, metavar="NAME=VALUE", help="Value of a parameter; repeatable."
)
@click.option(
    "-f", "--format", "form", default="table", show_default=True,
    type=click.Choice(["table", "csv", "tsv", "json", "xml", "turtle"]), help="Form of the answer.",
)  # fmt: skip
def query(
    query: str | None,
    graph_path: Path | None,
    endpoint: str | None,
    base_iri: str,
    pairs: tuple[str, ...],
    form: str,
) -> None:
    """Answer a saved query by NAME, a FILE with SPARQL, or SPARQL from standard input (-).

    Without QUERY the saved queries are listed.

    Example: kg query trials-by-marker-state -g out -p state=her2-low -f csv
    """
    from kg import api
    from kg.query import saved_queries

    if query is None:
        for saved in saved_queries().values():
            click.echo(f"{saved.name:36} {saved.question}")
        return
    parameters = dict(_pair(pair) for pair in pairs)
    with asking(query) as text:
        if graph_path is not None and endpoint is None:
            answer = api.Graph(graph_path).query(text, parameters)
        elif endpoint is not None and graph_path is None:
            with api.Endpoint(endpoint, base_iri=base_iri) as remote:
                answer = remote.query(text, parameters)
        else:
            raise click.UsageError("name a build directory with -g or an --endpoint, one of them")
    width = _terminal_width() if form == "table" else None
    click.echo(answer.to(form, width=width), nl=False)


@click.command()
@GRAPH
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

    with nullcontext() if query is None else asking(query) as text:
        api.Graph(graph_path).export(form, out, trials=trials, query=text, profile=profile)
    click.echo(f"wrote {out}", err=True)


@click.group()
def analyse() -> None:
    """Study the graph as a network, or count along hierarchies."""


@analyse.command()
@GRAPH
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


@analyse.command()
@GRAPH
@click.option(
    "--by", required=True, type=click.Choice(["drug-class", "mesh-tree", "marker-group", "condition"]),
    help="Hierarchy to count along.",
)  # fmt: skip
@click.option("--level", type=click.IntRange(min=1), help="Only this level; 1 is the top. Without it, all levels.")
@click.option("--role", "roles", multiple=True, help="Count only this role, for example comparator; repeatable.")
@click.option(
    "-f", "--format", "form", type=click.Choice(["table", "csv", "json"]), default="table", show_default=True,
    help="Form of the counts.",
)  # fmt: skip
@click.option("-o", "--out", type=click.Path(path_type=Path), help="File to write instead of standard output.")
def rollup(graph_path: Path, by: str, level: int | None, roles: tuple[str, ...], form: str, out: Path | None) -> None:
    """Count trials by drug class, MeSH tree, marker group or disease: each once a node, and at every node above.

    A row has the trials at or below its node (trials), those that name it (own) and its path.

    Example: kg analyse rollup -g out --by drug-class --level 2
    """
    from kg import api

    click.echo(api.Graph(graph_path).rollup_as(by, form, out, level=level, roles=roles), nl=False)
    if out is not None:
        click.echo(f"wrote {out}", err=True)


def _pair(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not equals or not name:
        raise click.BadParameter(f"{text!r} is not NAME=VALUE", param_hint="-p")
    return name, value


def _terminal_width() -> int | None:
    return os.get_terminal_size().columns if sys.stdout.isatty() else None
