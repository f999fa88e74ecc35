"""Vocabularies beside the bundled concepts: ``kg vocab add``, ``kg vocab list``, ``kg vocab remove``."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from kg.cli.options import DATA_DIR

if TYPE_CHECKING:
    from kg.vocabulary.folder import InUse

_CLASSES = ("Disease", "Drug", "DrugClass", "DrugCombination", "Marker", "Procedure", "Endpoint")


@click.group()
def vocab() -> None:
    """Add vocabularies to the bundled concepts: MeSH, HGNC, OBO, SKOS, and SSSOM mappings between them.

    Example: kg vocab add desc2026.xml supp2026.xml hgnc_complete_set.txt
    """


@vocab.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="FILE…")
@click.option(
    "-t", "--type", "concept_type", type=click.Choice(_CLASSES),
    help="Class of the concepts of a file that does not say it (an OBO or SKOS file of your own).",
)  # fmt: skip
@DATA_DIR
def add(files: tuple[Path, ...], concept_type: str | None, data_dir: Path) -> None:
    """Read FILEs, also gzipped, and compile them with what is there into one lexicon; all of them or none.

    A file's format is told by its content. A vocabulary is known by its file's name: adding a file of the same name
    again replaces it.

    Example: kg vocab add desc2026.xml.gz mondo.sssom.tsv
    """
    from kg import api

    _show(api.add_vocabularies(files, data_dir=data_dir, concept_type=concept_type))


@vocab.command("list")
@DATA_DIR
def list_(data_dir: Path) -> None:
    """Show the vocabularies in use: name, format, counts, date as the source names it, SHA-256 of the file.

    Example: kg vocab list
    """
    from kg import api

    _show(api.vocabularies(data_dir=data_dir))


@vocab.command()
@click.argument("name")
@DATA_DIR
def remove(name: str, data_dir: Path) -> None:
    """Take the vocabulary NAME, as `kg vocab list` shows it, out of use.

    Example: kg vocab remove desc2025.xml
    """
    from kg import api

    _show(api.remove_vocabulary(name, data_dir=data_dir))


def _show(found: "InUse") -> None:
    """Print a table of the sources on stdout, and what they come to on stderr."""
    click.echo("name\tformat\tconcepts\tlabels\tmappings\tnegative\tdate\tsha256")
    for source in found.sources:
        counts = (source.concepts, source.labels, source.mappings, source.negative_mappings)
        click.echo("\t".join(map(str, (source.name, source.source_format, *counts, source.dated or "", source.sha256))))
    click.echo(
        f"{found.concepts:,} concepts with {found.names:,} names in use; {found.unclassed:,} of no class known here, "
        f"{found.refused_joins:,} matches refused"
        + (f", {found.unmatched:,} brand names of no drug known here" if found.unmatched else ""),
        err=True,
    )
