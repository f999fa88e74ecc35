"""The library's front door: build a graph, open one, ask it. The command line is a thin layer over this."""

import io
from collections.abc import Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import msgspec

from kg import export as exporter
from kg import query as querying
from kg import verify as verification
from kg.batch import Options
from kg.certify import Certificate
from kg.certify import certify as certify_file
from kg.directory import BuildDirectory
from kg.identifiers import DEFAULT_BASE, Minter
from kg.pipeline import BATCH, Progress, reread_texts
from kg.pipeline import build as build_directory
from kg.query.checks import Checked, run_checks
from kg.rdf_file import read_ntriples
from kg.read import Limits
from kg.report import BuildReport
from kg.store import GraphStore, display_prefixes
from kg.terminology import Terminology, load_terminology
from kg.texts import TextStore
from kg.validate import Report, Severity, Validator, report_page

if TYPE_CHECKING:
    import networkx
    import rdflib

Source = Path | str
Evidence = Literal["strongest", "all"]
Engine = Literal["shifty", "pyshacl"]


class Graph:
    """A finished build directory, opened for reading; any number of processes may do so at once."""

    def __init__(self, path: Source) -> None:
        """Open the directory.

        Raises:
            BuildError: It is no finished build directory.
        """
        self.directory = BuildDirectory(Path(path))
        self.minter = Minter(str(self.directory.settings["base_iri"]))
        self.store = GraphStore.open_read_only(self.directory.store)

    @cached_property
    def terminology(self) -> Terminology:
        """The concepts under this graph's base IRI."""
        return load_terminology(self.minter)

    @cached_property
    def report(self) -> BuildReport:
        """What the build read, and what became of each record."""
        return msgspec.json.decode(self.directory.report.read_bytes(), type=BuildReport)

    def query(self, query: str, parameters: Mapping[str, str] | None = None, /, **more: str) -> querying.Rows:
        """Answer a saved query by its name, or any SPARQL text.

        Args:
            query: A name of `kg.query.saved_queries`, or SPARQL.
            parameters: Values by parameter; names and labels are accepted for IRIs. Underscores stand for hyphens.
            more: The same, as keywords.
        """
        given = {**(parameters or {}), **{name.replace("_", "-"): value for name, value in more.items()}}
        return querying.run(self.store, self.terminology, query, given)

    def rdflib(self) -> "rdflib.Dataset":
        """Return the same data through rdflib's API; its default graph is the union of all graphs."""
        return self.store.rdflib()

    def export(
        self, form: str, out: Source, *, trials: Sequence[str] = (), query: str | None = None, profile: str = "plain"
    ) -> None:
        """Write the graph, or a part of it, to a file; see `kg.export.export`.

        Raises:
            ExportError: There is no such format, profile or trial, or the file cannot be written.
        """
        prefixes = display_prefixes(self.minter.base)
        with TextStore(self.directory.texts) as texts:
            exporter.export(
                self.store,
                form,
                Path(out),
                trials=trials,
                query=query,
                profile=profile,
                prefixes=prefixes,
                texts=texts.by_place,
            )

    def network(self) -> "networkx.MultiGraph[str]":
        """Return the drug–marker network of the trials' own statements."""
        from kg.analyse import drug_marker_network  # noqa: PLC0415 - networkx takes its time to import

        return drug_marker_network(self.store)

    def network_as(self, form: str, out: Source | None = None) -> str:
        """Return the network as text, or write it to a file; see `kg.analyse.render`.

        Raises:
            UsageError: There is no such form, or it is a picture and no file is named.
            ExportError: The file cannot be written.
        """
        from kg.analyse import render  # noqa: PLC0415 - as above

        return render(self.network(), form, None if out is None else Path(out))

    def verify(self, *, sources: bool = True) -> verification.Verification:
        """Check every quote against the kept texts and these, where the sources can still be found, against them."""
        with TextStore(self.directory.texts) as texts:
            checked = verification.verify(self.store, texts, self.minter)
            if not sources:
                return checked
            changed = tuple(reread_texts(self.directory, texts))
        return verification.with_changes(checked, changed, self.minter)

    def check(self) -> Checked:
        """Run the saved queries that must give no row; see `kg.query.checks`."""
        return run_checks(self.store, self.terminology)

    def validate(self, engine: Engine = "shifty") -> Report:
        """Validate every trial against the shapes, in pieces, and the concepts."""
        validator = Validator(engine=engine)
        trials = [iri for iri in self.store.graph_iris() if iri.startswith(self.minter.graph("NCT"))]
        pieces = [trials[place : place + BATCH] for place in range(0, len(trials), BATCH)]
        pieces.append([self.minter.graph("concepts")])
        reports = (validator.validate_ntriples(b"".join(self.store.ntriples(iri) for iri in piece)) for piece in pieces)
        return Report.of(result for report in reports for result in report.results)


def build(
    sources: Sequence[Source],
    out: Source,
    *,
    base_iri: str = DEFAULT_BASE,
    evidence: Evidence = "strongest",
    with_contacts: bool = False,
    workers: int | None = None,
    limits: Limits | None = None,
    progress: Progress | None = None,
) -> Graph:
    """Build a graph from trial records and open it; `report` of the result says what became of each record.

    Args:
        sources: Files, folders, archives; "-" is standard input.
        out: The build directory; it is replaced whole or left as it was.
        base_iri: Under which own resources get their IRIs.
        evidence: Keep the strongest place of a statement, or all.
        with_contacts: Keep the names, phone numbers and e-mail addresses of contact persons.
        workers: Processes; by default one a core.
        limits: What a source may cost.
        progress: Called with stage, done and total.

    Raises:
        SourceError: A source that was named does not exist.
        BuildError: ``out`` cannot be written or holds something else.
    """
    options = Options(base_iri=Minter(base_iri).base, all_evidence=evidence == "all", with_contacts=with_contacts)
    paths: list[Path | Literal["-"]] = ["-" if source == "-" else Path(source) for source in sources]
    build_directory(
        paths,
        Path(out),
        options,
        workers=workers,
        limits=limits,
        progress=progress,
    )
    return Graph(out)


def validate(path: Source, engine: Engine = "shifty") -> Report:
    """Validate an RDF file against the shapes.

    Raises:
        SourceError: The file cannot be read or is no RDF.
    """
    return Validator(engine=engine).validate_file(Path(path))


def certify(path: Source, prefixes: Mapping[str, str] | None = None) -> Certificate:
    """Check that any platform can import an RDF file; see `kg.certify`.

    Args:
        path: The file, in any RDF syntax, plain or gzipped.
        prefixes: Namespaces that the file may use beside those that it declares and the registered ones.

    Raises:
        SourceError: The file cannot be read, is no RDF or is empty.
    """
    return certify_file(Path(path), prefixes)


def validation_page(report: Report, source: Source | Graph) -> str:
    """Return a report on a build directory or a file as a page, with the words of the sources beside the results.

    Raises:
        SourceError: The file cannot be read.
    """
    if isinstance(source, Graph):
        return report_page(report, source.store)
    store = GraphStore.in_memory()
    store.bulk_load(io.BytesIO(read_ntriples(Path(source))))
    return report_page(report, store)


def validation_table(report: Report) -> str:
    """Return a line a result, the worst first, and a line of counts."""
    found = [
        f"{it.severity}\t{it.focus_node}\t{it.path or ''}\t{it.value or ''}\t{it.message}" for it in report.results
    ]
    counts = ", ".join(f"{report.count(severity)} {severity.lower()}" for severity in Severity)
    return "\n".join([*found, f"{'conforms' if report.conforms else 'does not conform'}: {counts}"])


def open_graph(path: Source) -> Graph:
    """Open a finished build directory; `kg.open` is this.

    Raises:
        BuildError: It is no finished build directory.
    """
    return Graph(path)
