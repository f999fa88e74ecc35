"""What follows and why: ``kg why``, ``kg classify``."""

from pathlib import Path

import click

from kg.cli.options import DOES_NOT_CONFORM, GRAPH


@click.command()
@click.argument("trial")
@click.argument("name")
@GRAPH
@click.option(
    "-f", "--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True, help="Form."
)
def why(trial: str, name: str, graph_path: Path, form: str) -> None:
    """Explain what TRIAL has to do with NAME: a concept, a marker state, or a class of trials.

    What the record says is shown with its words and the rule that read them; what is concluded, with its premises down
    to such words. If there is nothing, the answer says which kind of nothing.

    Example: kg why NCT99990002 "CDK4/6 inhibitor" -g out
    """
    from kg import api

    click.echo(api.Graph(graph_path).why_as(trial, name, form), nl=False)


@click.command()
@click.argument("files", nargs=-1, metavar="[FILE…]", type=click.Path(path_type=Path))
@click.option("-o", "--out", type=click.Path(path_type=Path), help="File to write instead of standard output.")
@click.pass_context
def classify(context: click.Context, files: tuple[Path, ...], out: Path | None) -> None:
    """Classify the ontology with HermiT, with RDF FILEs of your own beside it, and check that it is consistent.

    Writes the concluded hierarchy of classes as Turtle. Exit status 1: inconsistent, or a class that nothing can be in.
    Needs Java and owlready2 (pip install "trialkg[owl]").

    Example: kg classify -o hierarchy.ttl
    """
    from kg import api

    found, text = api.classify(files, out)
    click.echo(text, nl=False)
    for iri in found.unsatisfiable:
        click.echo(f"nothing can be in {iri}", err=True)
    click.echo("consistent" if found.consistent else "inconsistent: not all of it can be true", err=True)
    if not found.consistent or found.unsatisfiable:
        context.exit(DOES_NOT_CONFORM)
