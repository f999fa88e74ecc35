"""Other servers: ``kg fetch`` from the registry, ``kg publish`` to a store."""

from pathlib import Path
from typing import cast

import click

from kg.cli.options import DOES_NOT_CONFORM, GRAPH, OK
from kg.cli.progress import progress_bars


@click.command()
@click.option("-o", "--out", required=True, type=click.Path(path_type=Path), help="File of JSON lines; .gz compresses.")
@click.option("--condition", metavar="QUERY", help="The registry's search in conditions.")
@click.option("--intervention", metavar="QUERY", help="The registry's search in interventions.")
@click.option("--term", metavar="QUERY", help="The registry's search in all fields.")
@click.option("--since", metavar="YYYY-MM-DD", help="Only studies updated on this day or later.")
@click.option("--api", metavar="URL", help="Another address than the registry's API v2.")
@click.option("-q", "--quiet", is_flag=True, help="No progress bars.")
def fetch(
    out: Path,
    condition: str | None,
    intervention: str | None,
    term: str | None,
    since: str | None,
    api: str | None,
    quiet: bool,
) -> None:
    """Get records from ClinicalTrials.gov's API; without a search, all of them.

    A fetch that was stopped goes on where it was. Exit status 1 says that the registry promised another number of
    studies than came.

    Example: kg fetch --condition "breast cancer" --since 2026-11-01 -o breast.jsonl.gz
    """
    from kg import api as library

    with progress_bars(quiet) as progress:
        fetched = library.fetch(
            out, condition=condition, intervention=intervention, term=term, since=since, api=api, progress=progress
        )
    click.echo(f"{fetched.records:,} studies in {fetched.pages:,} pages, in {fetched.file}", err=True)
    if fetched.data_timestamp:
        click.echo(f"the registry's data are of {fetched.data_timestamp}", err=True)
    if fetched.moved_on:
        click.echo("they changed meanwhile: fetch once more what was updated since", err=True)
    if not fetched.complete:
        click.echo(f"the registry promised {fetched.promised:,} studies", err=True)
    click.get_current_context().exit(OK if fetched.complete else DOES_NOT_CONFORM)


@click.command()
@click.argument("url")
@GRAPH
@click.option("--query-url", required=True, metavar="URL", help="Where the store answers queries.")
@click.option(
    "--protocol", type=click.Choice(["graph-store", "update"]), default="graph-store", show_default=True,
    help="What URL speaks: the Graph Store Protocol or SPARQL Update.",
)  # fmt: skip
@click.option(
    "--graph-parameter", type=click.Choice(["graph", "graph-uri"]), default="graph", show_default=True,
    help="How the graph store calls a graph's name; Virtuoso says graph-uri.",
)  # fmt: skip
@click.option("--jobs", type=click.IntRange(1, 64), default=4, show_default=True, help="Requests at a time.")
@click.option("-q", "--quiet", is_flag=True, help="No progress bars.")
def publish(
    url: str, graph_path: Path, query_url: str, protocol: str, graph_parameter: str, jobs: int, quiet: bool
) -> None:
    """Write the graph to a SPARQL store at URL: only what changed, counted there graph by graph.

    Credentials are taken from KG_STORE_USER and KG_STORE_PASSWORD, from KG_STORE_TOKEN, or from ~/.netrc. Exit status 1
    says that the store counts other triples than were sent.

    Example: kg publish http://localhost:7878/store -g out --query-url http://localhost:7878/query
    """
    from kg import api
    from kg.remote import GraphParameter

    with progress_bars(quiet) as progress:
        published = api.Graph(graph_path).publish(
            url, query_url, protocol=cast("api.Protocol", protocol),
            graph_parameter=cast("GraphParameter", graph_parameter), jobs=jobs, progress=progress,
        )  # fmt: skip
    click.echo(
        f"{published.written:,} graphs written ({published.triples:,} triples), {published.unchanged:,} unchanged, "
        f"{published.removed:,} removed",
        err=True,
    )
    for iri, expected, found in published.wrong:
        click.echo(f"{iri}\texpected {expected}\tfound {found}")
    click.get_current_context().exit(DOES_NOT_CONFORM if published.wrong else OK)
