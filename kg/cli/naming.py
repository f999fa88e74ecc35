"""Names and texts to concepts and statements: ``kg ground``, ``kg annotate``, ``kg criteria``."""

import gc
import sys
from collections.abc import Iterator
from pathlib import Path

import click

from kg.cli.options import DATA_DIR, WRONG, unreadable

# Objects made and not yet freed: what a text comes to has no cycles, so there is little garbage to look for.
_BETWEEN_COLLECTIONS = 100_000


@click.command()
@click.argument("names", nargs=-1, metavar="[NAME…]")
@click.option(
    "-t", "--type", "concept_type",
    help="Only concepts of this class: Disease, Drug, Marker …, or a usual word such as chemical, gene, condition.",
)  # fmt: skip
@click.option(
    "-f", "--format", "form", type=click.Choice(["table", "json"]), default="table", show_default=True, help="Form."
)
@click.option("--no-vocab", is_flag=True, help="Only the bundled concepts, without added vocabularies.")
@DATA_DIR
def ground(names: tuple[str, ...], concept_type: str | None, form: str, no_vocab: bool, data_dir: Path) -> None:
    """Show what a NAME means and why, best first; without NAME, JSON lines are read from standard input.

    A line is {"id", "text", "type"?, "context"?}; the answer is {"id", "candidates": […]}. The context is the document
    in which the name stands: short forms mean what it says that they mean.

    Example: kg ground "HER-2"
    """
    import msgspec

    from kg.grounding import Grounder, candidates_table, ground_lines

    grounder = Grounder.of_user(use_vocabularies=not no_vocab, data_dir=data_dir)
    if not names:
        for line in ground_lines(sys.stdin.buffer, grounder):
            click.echo(line)
        return
    if form == "json":
        asked = (msgspec.json.encode({"id": name, "text": name, "type": concept_type}) for name in names)
        for line in ground_lines(asked, grounder):
            click.echo(line)
    else:
        click.echo(candidates_table({name: grounder.ground(name, concept_type) for name in names}))


@click.command()
@click.option("-t", "--types", help="Only concepts of these classes, for example Drug,Marker.")
@click.option("--no-vocab", is_flag=True, help="Only the bundled concepts, without added vocabularies.")
@DATA_DIR
def annotate(types: str | None, no_vocab: bool, data_dir: Path) -> None:
    """Find the concepts that texts name: JSON lines {"id", "text"} in, {"id", "mentions": […]} out, line for line.

    A mention has start, end, text, type, concept, label, state, negated, score and rule. A line that is no such object
    is named on stderr and has no answer; the exit status is 2 then.

    Example: kg annotate --types Marker,Drug
    """
    import msgspec

    from kg import annotation
    from kg.errors import ReadError

    gc.set_threshold(_BETWEEN_COLLECTIONS)
    faulty = []

    def documents() -> Iterator[annotation.Document]:
        for document in annotation.read_documents(sys.stdin.buffer):
            if isinstance(document, ReadError):
                faulty.append(document)
                click.echo(f"kg: {document}", err=True)
            else:
                yield document

    wanted = [name.strip() for name in (types or "").split(",") if name.strip()]
    for found in annotation.annotate(documents(), types=wanted, use_vocabularies=not no_vocab, data_dir=data_dir):
        click.echo(msgspec.json.encode(found))
    if faulty:
        click.get_current_context().exit(WRONG)


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

    source = "standard input" if file == "-" else file
    try:
        with click.open_file(file, encoding="utf-8") as lines:
            for answer in criteria_lines(lines, source=source):
                click.echo(answer)
    except (OSError, UnicodeDecodeError) as err:
        raise unreadable(source, err) from err
