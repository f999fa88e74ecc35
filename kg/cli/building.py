"""Sources to a build directory, and to one that is there: ``kg build``, ``kg update``."""

from pathlib import Path
from typing import TYPE_CHECKING, cast

import click

from kg.cli.options import DATA_DIR, DOES_NOT_CONFORM, GRAPH, OK
from kg.cli.progress import progress_bars
from kg.identifiers import DEFAULT_BASE

if TYPE_CHECKING:
    from kg.batch import Content, Evidence


@click.command()
@click.argument("sources", nargs=-1, required=True, metavar="SOURCE…")
@click.option("-o", "--out", required=True, metavar="DIR", help="Build directory; replaced whole.")
@click.option("--base-iri", default=None, help="Under which own resources get their IRIs.")
@click.option(
    "--evidence", type=click.Choice(["strongest", "all"]), default="strongest", show_default=True,
    help="Which places of a statement to keep.",
)  # fmt: skip
@click.option("--with-contacts", is_flag=True, help="Keep names, phone numbers and e-mail addresses of contacts.")
@click.option("--no-vocab", is_flag=True, help="Only the bundled concepts, without added vocabularies.")
@DATA_DIR
@click.option("--workers", type=click.IntRange(min=1), help="Processes; by default one a core.")
@click.option(
    "--engine", type=click.Choice(["local", "spark"]), default="local", show_default=True,
    help="spark: on a cluster; SOURCE and DIR are Hadoop's, and DIR gets a graph in parts.",
)  # fmt: skip
@click.option("--master", metavar="URL", help="Of Spark; by default as it is configured, else local[*].")
@click.option("--conf", "settings", multiple=True, metavar="KEY=VALUE", help="A setting of Spark; may be repeated.")
@click.option("-q", "--quiet", is_flag=True, help="No progress bars.")
def build(
    sources: tuple[str, ...],
    out: str,
    base_iri: str | None,
    evidence: str,
    with_contacts: bool,
    no_vocab: bool,
    data_dir: Path,
    workers: int | None,
    engine: str,
    master: str | None,
    settings: tuple[str, ...],
    quiet: bool,
) -> None:
    """Build a graph from trial records: files, folders, archives; - is standard input.

    Formats are told by content: ClinicalTrials.gov JSON (API v2) and legacy XML, text or HTML of registry pages,
    in gzip, zip or tar. What `kg vocab add` added is used, and named in the report and in the graph; --no-vocab leaves
    it out.

    Example: kg build examples/trials -o out
    """
    from kg import api, clusters
    from kg.report import summary_lines

    if engine == "local" and (master or settings):
        raise click.UsageError("--master and --conf go with --engine spark.")
    if engine == "spark" and workers:
        raise click.UsageError("--workers goes with --engine local; Spark has its executors.")
    content: Content = {
        "base_iri": base_iri or DEFAULT_BASE,
        "evidence": cast("Evidence", evidence),
        "with_contacts": with_contacts,
        "use_vocabularies": not no_vocab,
    }
    try:
        with progress_bars(quiet) as progress:
            if engine == "spark":
                report = clusters.build_on_spark(
                    sources, out, master=master, settings=_settings(settings), data_dir=data_dir, progress=progress,
                    **content,
                )  # fmt: skip
            else:
                graph = api.build(
                    sources, out, data_dir=data_dir, workers=workers, progress=progress, **content
                )  # fmt: skip
                report = graph.report
    except ValueError as err:
        raise click.BadParameter(str(err), param_hint="--base-iri") from err
    click.echo(summary_lines(report), err=True)
    click.get_current_context().exit(OK if report.conforms else DOES_NOT_CONFORM)


def _settings(given: tuple[str, ...]) -> dict[str, str]:
    pairs = [one.partition("=") for one in given]
    wrong = [key for key, sign, _ in pairs if not (key and sign)]
    if wrong:
        raise click.BadParameter(f"{wrong[0]!r} is not KEY=VALUE", param_hint="--conf")
    return {key: value for key, _, value in pairs}


@click.command()
@click.argument("parts", type=click.Path(path_type=Path), metavar="PARTS")
@click.option("-o", "--out", required=True, type=click.Path(path_type=Path), help="Build directory; replaced whole.")
@DATA_DIR
@click.option("-q", "--quiet", is_flag=True, help="No progress bars.")
def collect(parts: Path, out: Path, data_dir: Path, quiet: bool) -> None:
    """Make a build directory of a graph in parts, as `kg build --engine spark` writes it.

    PARTS is a folder of this machine; get it from the cluster first.

    Example: kg collect parts -o out
    """
    from kg import clusters
    from kg.report import summary_lines

    with progress_bars(quiet) as progress:
        report = clusters.collect(parts, out, data_dir=data_dir, progress=progress).report
    click.echo(summary_lines(report), err=True)
    click.get_current_context().exit(OK if report.conforms else DOES_NOT_CONFORM)


_PATCH_FORMS = {".rdfp": "rdf-patch", ".ru": "sparql-update"}


@click.command()
@click.argument("sources", nargs=-1, required=True, metavar="SOURCE…")
@GRAPH
@click.option("--delta", is_flag=True, help="The sources hold only what is new or changed; nothing is withdrawn.")
@click.option("--patch", type=click.Path(path_type=Path), help="Write what changed, for another store: .rdfp or .ru.")
@click.option(
    "-f", "--format", "form", type=click.Choice(["rdf-patch", "sparql-update"]),
    help="Form of the patch, if its name does not tell.",
)  # fmt: skip
@DATA_DIR
@click.option("--workers", type=click.IntRange(min=1), help="Processes; by default one a core.")
@click.option("-q", "--quiet", is_flag=True, help="No progress bars.")
def update(
    sources: tuple[str, ...],
    graph_path: Path,
    delta: bool,
    patch: Path | None,
    form: str | None,
    data_dir: Path,
    workers: int | None,
    quiet: bool,
) -> None:
    """Bring a graph up to date: only what is new, changed or withdrawn is read and made anew.

    The sources hold all records there are: a trial that is in none of them is withdrawn. With --delta they hold what
    is new or changed, as `kg fetch --since` writes it, and a trial's records there replace all of its old ones.

    Example: kg update examples/trials -g out
    """
    from kg import api
    from kg.report import summary_lines

    form = form or _PATCH_FORMS.get(patch.suffix if patch else "")
    if patch is not None and form is None:
        raise click.BadParameter("name a file that ends in .rdfp or .ru, or say which with -f", param_hint="--patch")
    with progress_bars(quiet) as progress:
        done = api.update(sources, graph_path, delta=delta, data_dir=data_dir, workers=workers, progress=progress)
    for change in done.changes():
        click.echo(str(change))
    if patch is not None:
        done.write_patch(patch, cast("api.PatchForm", form))
    click.echo(summary_lines(done.report), err=True)
    click.get_current_context().exit(OK if done.report.conforms else DOES_NOT_CONFORM)
