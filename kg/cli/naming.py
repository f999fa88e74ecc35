"""Names and texts to concepts and statements: ``kg ground``, ``kg criteria``."""

import json
import sys

import click


@click.command()
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


@click.command()
@click.argument("file", type=click.Path(dir_okay=False, allow_dash=True), default="-")
def criteria(file: str) -> None:
    """Read biomarkers from eligibility texts: JSON lines {"id", "text"} of FILE or standard input, one answer a line.

    The text is that of the criteria, or a whole description that ends in them. The answer is {"id", "inclusion",
    "exclusion"}; each side has "dnf", a list of alternatives, each a list of biomarkers that hold together, and
    "logic", the same as a tree with the concepts and the places in the text.

    Example: kg criteria texts.jsonl
    """
    from kg.eligibility import criteria_lines

    try:
        with click.open_file(file, encoding="utf-8") as lines:
            for answer in criteria_lines(lines):
                click.echo(answer)
    except (OSError, UnicodeDecodeError) as err:
        raise click.FileError(file, str(err)) from err
