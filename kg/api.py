"""The library's front door: build a graph, open one, ask it. The command line is a thin layer over this."""

import os
from collections.abc import Iterator, Mapping, Sequence
from functools import cache, cached_property
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Final, Literal, Self, TypedDict, Unpack

import msgspec

from kg import export as exporter
from kg import query as querying
from kg import reason as reasoning
from kg import verify as verification
from kg.batch import Evidence, Options
from kg.changes import Change, TrialChange, changes, labels_of, rdf_patch, sparql_update, trial_changes
from kg.directory import BuildDirectory, write_whole
from kg.eligibility import Criteria, CriteriaReader
from kg.identifiers import DEFAULT_BASE, TRIAL, Minter
from kg.models import ConceptType
from kg.named_graphs import named_graphs
from kg.pipeline import BATCH, Progress, reread_texts
from kg.pipeline import build as build_directory
from kg.query.checks import Checked, run_checks
from kg.rdf_file import read_ntriples_by
from kg.read import Limits
from kg.report import BuildReport
from kg.store import GraphStore, Loader, Term, display_prefixes
from kg.terminology import Terminology, load_terminology
from kg.texts import KeptDocument, TextStore
from kg.updating import Updated
from kg.updating import update as update_directory
from kg.validate import Report, Severity, Validator, report_page
from kg.vocabulary import InUse, VocabularyFolder

if TYPE_CHECKING:
    import networkx
    import rdflib

    from kg.analyse.rollup import Rollup
    from kg.certify import Certificate
    from kg.publish import Published
    from kg.reason.hermit import Classified
    from kg.registry import Fetched

Source = Path | str
Engine = Literal["shifty", "pyshacl"]
Protocol = Literal["graph-store", "update"]
PatchForm = Literal["rdf-patch", "sparql-update"]

_LOADED_AT_ONCE: Final = 100_000  # triples


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
        """The concepts under this graph's base IRI, and those of added vocabularies that it uses."""
        bundled = load_terminology(self.minter)
        if not self.directory.settings.get("vocabularies"):
            return bundled
        return bundled.with_described(self.store.graph(self.minter.graph("concepts")))

    @cached_property
    def ontology(self) -> reasoning.Ontology:
        """The axioms that conclusions follow from, under this graph's base IRI."""
        return reasoning.load_ontology(self.minter)

    @cached_property
    def _concept_facts(self) -> reasoning.Facts:
        return reasoning.Facts([*self.terminology.triples, *self.terminology.state_triples()])

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
        return querying.run(self.store, self.terminology, query, _with_hyphens(parameters, more))

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

    def changes_to(self, newer: "Graph") -> Iterator[TrialChange]:
        """Say in words what happened to each trial between this build and a newer one."""
        return trial_changes(self._differences(newer), labels_of(self.terminology).get)

    def patch_to(self, newer: "Graph", form: PatchForm = "rdf-patch") -> Iterator[str]:
        """Yield the text of an RDF Patch or a SPARQL Update that turns this build's quads into the newer one's."""
        write = rdf_patch if form == "rdf-patch" else sparql_update
        return write(self._differences(newer))

    def _differences(self, newer: "Graph") -> Iterator[Change]:
        return changes(named_graphs(self.directory.quads), named_graphs(newer.directory.quads))

    def update(self, sources: Sequence[Source], **how: Unpack["How"]) -> "Update":
        """Bring this graph's directory up to date; see `update`. This object goes on reading the old state."""
        return update(sources, self.directory.path, **how)

    def publish(
        self,
        url: str,
        query_url: str,
        *,
        protocol: Protocol = "graph-store",
        graph_parameter: Literal["graph", "graph-uri"] = "graph",
        jobs: int = 4,
        progress: Progress | None = None,
    ) -> "Published":
        """Make a store on another server hold this graph: only what changed is sent, and then counted there.

        Credentials come from the environment or a netrc file; see `kg.client.credentials`.

        Args:
            url: The address for the SPARQL 1.1 Graph Store Protocol or for SPARQL 1.1 Update.
            query_url: The address for queries.
            protocol: Which of the two ``url`` speaks.
            graph_parameter: How a graph store calls the graph's name; Virtuoso says ``graph-uri``.
            jobs: Requests at a time.
            progress: Called with "publish", the graphs done and None.

        Raises:
            RemoteError: The store cannot be reached or refuses. The next call goes on from there.
        """
        from kg.client import Client, credentials  # noqa: PLC0415 - the HTTP client takes its time to import
        from kg.publish import publish  # noqa: PLC0415
        from kg.remote import GraphStoreProtocol, RemoteStore, UpdateProtocol  # noqa: PLC0415

        with Client(credentials(os.environ)) as client:
            writer = (
                GraphStoreProtocol(url, client, graph_parameter)
                if protocol == "graph-store"
                else UpdateProtocol(url, client)
            )
            reader = RemoteStore(query_url, client)
            return publish(self.directory.quads, self.minter, writer, reader, jobs=jobs, progress=progress)

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

    def rollup(self, by: str, *, level: int | None = None, roles: Sequence[str] = ()) -> "Rollup":
        """Count trials along a hierarchy; see `kg.analyse.rollup.rollup`.

        Args:
            by: ``drug-class``, ``mesh-tree``, ``marker-group`` or ``condition``.
            level: Only nodes of this level; 1 is the top.
            roles: Which roles count, for example ``investigates``; by default the usual ones of the hierarchy.

        Raises:
            UsageError: There is no such hierarchy, role or level.
        """
        from kg.analyse.rollup import rollup  # noqa: PLC0415 - as above

        return rollup(self.store, self.terminology, by, level=level, roles=roles)

    def rollup_as(
        self, by: str, form: str, out: Source | None = None, *, level: int | None = None, roles: Sequence[str] = ()
    ) -> str:
        """Return `rollup` as ``table``, ``csv`` or ``json``, or write it to a file and return an empty text.

        Raises:
            UsageError: There is no such hierarchy, role, level or form.
            ExportError: The file cannot be written.
        """
        text = self.rollup(by, level=level, roles=roles).text(form)
        if out is None:
            return text
        write_whole(Path(out), text.encode())
        return ""

    def why(self, trial: str, name: str) -> reasoning.Explanation:
        """Explain what a trial has to do with a concept, a marker state or a class of trials.

        Args:
            trial: An NCT number or an IRI.
            name: A name, label, identifier or IRI of a concept, or the name of a defined class.

        Raises:
            QueryError: The graph has no such trial, or the name is unknown or ambiguous.
        """
        names = querying.Names(self.store, self.terminology)
        target = self.ontology.class_named(name) or _iri(names.resolve("concept", name))
        graph_iri = self.minter.graph(_iri(names.resolve("trial", trial)).removeprefix(TRIAL))
        with TextStore(self.directory.texts) as texts:
            return reasoning.why(self.store, texts, self.ontology, self._concept_facts, graph_iri, target)

    def why_as(self, trial: str, name: str, form: str) -> str:
        """Return `why` as ``text`` or ``json``."""
        found = self.why(trial, name)
        return reasoning.explanation_text(found) if form == "text" else f"{msgspec.json.encode(found).decode()}\n"

    def document(self, sha256: str) -> KeptDocument | None:
        """Return where a document of the graph was read from, by the SHA-256 of its bytes; None if it is unknown."""
        with TextStore(self.directory.texts) as texts:
            return texts.document(sha256)

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


def _iri(term: Term) -> str:
    """Return the IRI of a term that is one."""
    return str(term)[1:-1]


def build(
    sources: Sequence[Source],
    out: Source,
    *,
    base_iri: str = DEFAULT_BASE,
    evidence: Evidence = "strongest",
    with_contacts: bool = False,
    use_vocabularies: bool = True,
    data_dir: Source | None = None,
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
        use_vocabularies: Use what `add_vocabularies` added, where anything was; `report` names it.
        data_dir: Where added vocabularies lie; by default the platform's data directory.
        workers: Processes; by default one a core.
        limits: What a source may cost.
        progress: Called with stage, done and total.

    Raises:
        SourceError: A source that was named does not exist.
        BuildError: ``out`` cannot be written or holds something else.
        TerminologyError: The data directory is damaged.
    """
    options = Options.of(
        base_iri=base_iri, evidence=evidence, with_contacts=with_contacts, use_vocabularies=use_vocabularies
    )
    paths: list[Path | Literal["-"]] = ["-" if source == "-" else Path(source) for source in sources]
    build_directory(
        paths,
        Path(out),
        options,
        vocabularies=VocabularyFolder.of_user(data_dir).vocabularies() if use_vocabularies else None,
        workers=workers,
        limits=limits,
        progress=progress,
    )
    return Graph(out)


class How(TypedDict, total=False):
    """How `update` goes about it."""

    delta: bool
    data_dir: Source | None
    workers: int | None
    limits: Limits | None
    progress: Progress | None


class Update:
    """An update that was made: the graph as it is now, and what changed in it."""

    def __init__(self, graph: Graph, updated: Updated) -> None:
        """Made by `update`."""
        self.graph = graph
        self._updated = updated

    @property
    def report(self) -> BuildReport:
        """What became of each record of the whole state, the kept ones included."""
        return self._updated.report

    def changes(self) -> Iterator[TrialChange]:
        """Say in words what happened to each trial."""
        return trial_changes(self._updated.changes, labels_of(self.graph.terminology).get)

    def patch(self, form: PatchForm = "rdf-patch") -> Iterator[str]:
        """Yield the text of an RDF Patch or a SPARQL Update that does to a store what the update did here."""
        write = rdf_patch if form == "rdf-patch" else sparql_update
        return write(self._updated.changes)

    def write_patch(self, out: Source, form: PatchForm = "rdf-patch") -> None:
        """Write the patch to a file, in one step.

        Raises:
            ExportError: It cannot be written.
        """
        write_whole(Path(out), (line.encode() for line in self.patch(form)))


def update(sources: Sequence[Source], graph: Source, **how: Unpack[How]) -> Update:
    """Bring a build directory up to date: only what is new, changed or withdrawn is read and made anew.

    Args:
        sources: Files, folders, archives; "-" is standard input. They hold all records there are.
        graph: The build directory; it is replaced whole or left as it was.
        how: ``delta``: the sources hold only what is new or changed, and nothing is withdrawn; ``data_dir``,
            ``workers``, ``limits`` and ``progress`` as in `build`. Added vocabularies are used if the build used them.

    Raises:
        SourceError: A source that was named does not exist.
        BuildError: ``graph`` is no build directory, or a delta is not enough to update it.
    """
    paths: list[Path | Literal["-"]] = ["-" if source == "-" else Path(source) for source in sources]
    updated = update_directory(paths, Path(graph), **how)
    return Update(Graph(graph), updated)


class Endpoint:
    """A SPARQL endpoint that holds a published graph: the saved queries, and any SPARQL, answered there.

    Its default graph should be the union of the named graphs. ``with`` closes the connection.
    """

    def __init__(self, url: str, *, base_iri: str = DEFAULT_BASE) -> None:
        """Nothing is asked yet; ``base_iri`` is that of the build that was published."""
        from kg.client import Client, credentials  # noqa: PLC0415 - the HTTP client takes its time to import
        from kg.remote import RemoteStore  # noqa: PLC0415

        self._client = Client(credentials(os.environ))
        self.store = RemoteStore(url, self._client)
        self.terminology = load_terminology(Minter(base_iri))

    def __enter__(self) -> Self:
        """Return the endpoint."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close the connection."""
        self._client.close()

    def query(self, query: str, parameters: Mapping[str, str] | None = None, /, **more: str) -> querying.Rows:
        """Answer a query as `Graph.query` does.

        Raises:
            QueryError: The query is refused, or a parameter is unknown.
            RemoteError: The server cannot be reached, or refuses.
        """
        return querying.run(self.store, self.terminology, query, _with_hyphens(parameters, more))


def fetch(
    out: Source,
    *,
    condition: str | None = None,
    intervention: str | None = None,
    term: str | None = None,
    since: str | None = None,
    api: str | None = None,
    progress: Progress | None = None,
) -> "Fetched":
    """Write studies of the registry to a file of JSON lines, which `build` reads; see `kg.registry`.

    Args:
        out: The file; compressed if its name ends with ``.gz``. A fetch that was stopped goes on where it was.
        condition: The registry's search in conditions.
        intervention: The registry's search in interventions.
        term: The registry's search in all fields.
        since: Only studies updated on this day or later, ``YYYY-MM-DD``.
        api: Another address than the registry's API v2.
        progress: Called with "fetch", the studies so far and, where known, of how many.

    Raises:
        RemoteError: The API cannot be reached or refuses.
        UsageError: ``since`` is no day.
        ExportError: The file cannot be written.
    """
    from kg.client import Client  # noqa: PLC0415 - the HTTP client takes its time to import
    from kg.registry import REGISTRY_API, Selection, fetch_studies  # noqa: PLC0415

    wanted = Selection(condition=condition, intervention=intervention, term=term, since=since)
    with Client() as client:
        return fetch_studies(Path(out), wanted, client, api=api or REGISTRY_API, progress=progress)


def _with_hyphens(parameters: Mapping[str, str] | None, more: Mapping[str, str]) -> dict[str, str]:
    return {**(parameters or {}), **{name.replace("_", "-"): value for name, value in more.items()}}


def validate(path: Source, engine: Engine = "shifty") -> Report:
    """Validate an RDF file against the shapes, in pieces if it is large; see `kg.validate.Validator.validate_file`.

    Raises:
        SourceError: The file cannot be read, is no RDF, or has too much in it that can only be checked together.
    """
    return Validator(engine=engine).validate_file(Path(path))


@cache
def _reader() -> CriteriaReader:
    return CriteriaReader()


def criteria(text: str) -> Criteria:
    """Return the biomarkers that an eligibility text asks for and rules out, as ``kg criteria`` does for many.

    >>> criteria("Inclusion Criteria: - KRAS G12C or BRAF V600E. Exclusion Criteria: - EGFR mutation").inclusion.dnf
    (('KRAS G12C',), ('BRAF V600E',))
    """
    return _reader().read(text)


def certify(path: Source, prefixes: Mapping[str, str] | None = None) -> "Certificate":
    """Check that any platform can import an RDF file; see `kg.certify`.

    Args:
        path: The file, in any RDF syntax, plain or gzipped.
        prefixes: Namespaces that the file may use beside those that it declares and the registered ones.

    Raises:
        SourceError: The file cannot be read, is no RDF or is empty.
    """
    from kg.certify import certify as certify_file  # noqa: PLC0415 - numpy takes its time to import, and starts threads

    return certify_file(Path(path), prefixes)


def validation_page(report: Report, source: Source | Graph) -> str:
    """Return a report on a build directory or a file as a page, with the words of the sources beside the results.

    Raises:
        SourceError: The file cannot be read.
    """
    if isinstance(source, Graph):
        return report_page(report, source.store)
    if not report.results:
        return report_page(report, GraphStore.in_memory())
    with TemporaryDirectory() as folder:
        with Loader(Path(folder, "store")) as loader:
            for triples in read_ntriples_by(Path(source), _LOADED_AT_ONCE):
                loader.add(triples)
        return report_page(report, GraphStore.open_read_only(Path(folder, "store")))


def validation_table(report: Report) -> str:
    """Return a line a result, the worst first, a line of what was checked of a file, and a line of counts."""
    found = [
        f"{it.severity}\t{it.focus_node}\t{it.path or ''}\t{it.value or ''}\t{it.message}" for it in report.results
    ]
    counts = ", ".join(f"{report.count(severity)} {severity.lower()}" for severity in Severity)
    covered = [] if report.coverage is None else [str(report.coverage)]
    return "\n".join([*found, *covered, f"{'conforms' if report.conforms else 'does not conform'}: {counts}"])


def classify(files: Sequence[Source] = (), out: Source | None = None) -> "tuple[Classified, str]":
    """Classify the ontology with HermiT, with RDF files beside it; return what it found and the hierarchy as Turtle.

    Args:
        files: RDF with individuals or axioms of one's own.
        out: A file for the Turtle; the text returned is empty then.

    Raises:
        ReasonerError: owlready2 or Java is not installed.
        SourceError: A file cannot be read.
        ExportError: ``out`` cannot be written.
    """
    from kg.reason.hermit import classify as classify_files  # noqa: PLC0415 - needs what is not always installed
    from kg.reason.hermit import hierarchy_turtle  # noqa: PLC0415

    found = classify_files(tuple(Path(file) for file in files))
    text = hierarchy_turtle(found)
    if out is None:
        return found, text
    write_whole(Path(out), text.encode())
    return found, ""


def open_graph(path: Source) -> Graph:
    """Open a finished build directory; `kg.open` is this.

    Raises:
        BuildError: It is no finished build directory.
    """
    return Graph(path)


def add_vocabularies(
    files: Sequence[Source], *, data_dir: Source | None = None, concept_type: str | None = None
) -> InUse:
    """Add MeSH, HGNC, OBO, SKOS or SSSOM files to the bundled concepts; see `kg.vocabulary`.

    Args:
        files: Each told by its content, also gzipped; a file replaces one of the same name.
        data_dir: Where added vocabularies lie; by default the platform's data directory.
        concept_type: The class of concepts whose file does not say it, for example ``Disease``.

    Raises:
        SourceError: A file cannot be used; nothing was changed.
        TerminologyError: The data directory cannot be written.
    """
    kind = None if concept_type is None else ConceptType(concept_type)
    return VocabularyFolder.of_user(data_dir).add([Path(file) for file in files], kind)


def vocabularies(*, data_dir: Source | None = None) -> InUse:
    """Return what is in use, after comparing it with its checksum.

    Raises:
        TerminologyError: The data directory is damaged.
    """
    folder = VocabularyFolder.of_user(data_dir)
    folder.check()
    return folder.in_use()


def remove_vocabulary(name: str, *, data_dir: Source | None = None) -> InUse:
    """Take a vocabulary out of use.

    Raises:
        UsageError: There is none of this name.
    """
    return VocabularyFolder.of_user(data_dir).remove(name)
