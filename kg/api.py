"""The library's front door: build a graph, open one, ask it. The command line is a thin layer over this."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import msgspec

from kg import analyse as network_analysis
from kg import export as exporter
from kg import query as querying
from kg import verify as verification
from kg.batch import Options, make_lexicon
from kg.directory import BuildDirectory
from kg.identifiers import DEFAULT_BASE, Minter
from kg.models import Record
from kg.pipeline import BATCH, Progress, reread_texts
from kg.pipeline import build as build_directory
from kg.read import Limits
from kg.report import BuildReport
from kg.store import GraphStore
from kg.terminology import Terminology, load_terminology
from kg.texts import TextStore
from kg.validate import Report, Validator

if TYPE_CHECKING:
    import networkx
    import rdflib

Source = Path | str
Evidence = Literal["strongest", "all"]


class Candidate(Record):
    """What a name may mean. ``match`` says which label of the concept it met; ambiguous labels need proof in a text."""

    concept: str
    label: str
    concept_type: str
    score: float
    match: str


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

    def network(self) -> "networkx.MultiGraph":
        """Return the drug–marker network of the trials' own statements."""
        return network_analysis.drug_marker_network(self.store)

    def verify(self, *, sources: bool = True) -> verification.Verification:
        """Check every quote against the kept texts and these, where the sources can still be found, against them."""
        with TextStore(self.directory.texts) as texts:
            checked = verification.verify(self.store, texts, self.minter)
            if not sources:
                return checked
            changed = tuple(reread_texts(self.directory, texts))
        return verification.with_changes(checked, changed, self.minter)

    def validate(self, engine: Literal["shifty", "pyshacl"] = "shifty") -> Report:
        """Validate every trial against the shapes, in pieces, and the concepts."""
        validator = Validator(engine=engine)
        trials = [iri for iri in self.store.graph_iris() if iri.startswith(self.minter.graph("NCT"))]
        pieces = [trials[place : place + BATCH] for place in range(0, len(trials), BATCH)]
        pieces.append([self.minter.graph("concepts")])
        reports = (validator.validate_ntriples(b"".join(self.store.ntriples(iri) for iri in piece)) for piece in pieces)
        return Report.merged(reports)


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
    paths = ["-" if source == "-" else Path(source) for source in sources]
    build_directory(
        paths, Path(out), options, workers=workers, limits=limits, progress=progress or (lambda stage, done, total: None)
    )
    return Graph(out)


def report(graph: Graph) -> BuildReport:
    """Return the report of the build that made this graph."""
    return msgspec.json.decode(graph.directory.report.read_bytes(), type=BuildReport)


def validate(path: Source, engine: Literal["shifty", "pyshacl"] = "shifty") -> Report:
    """Validate an RDF file against the shapes."""
    return Validator(engine=engine).validate_file(Path(path))


def export(
    graph: Graph,
    form: str,
    out: Source,
    *,
    trials: Sequence[str] = (),
    query: str | None = None,
    profile: Literal["plain", "annotations"] = "plain",
) -> None:
    """Write a graph, or a part of it, to a file; see `kg.export.export`."""
    raise NotImplementedError


def ground(name: str, *, concept_type: str | None = None, terminology: Terminology | None = None) -> list[Candidate]:
    """Return what a name may mean, best first; an empty list if nothing has this name.

    >>> ground("HER-2")[0].concept
    'http://id.nlm.nih.gov/mesh/D018719'
    """
    lexicon = make_lexicon(terminology or load_terminology())
    found = (_candidate(entry, name) for entry in lexicon.look_up(name))
    wanted = [it for it in found if concept_type in {None, it.concept_type}]
    return sorted(wanted, key=lambda it: (-it.score, it.concept))
