"""A batch of raw records to lines of N-Quads: read, merge, extract, link, make the graph, validate. No files.

This is what a worker process does; everything that it returns can be pickled.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from pathlib import Path
from traceback import extract_tb

from isal import igzip

from kg.describe import Census
from kg.errors import ReadError
from kg.extract import Extraction, Extractor
from kg.graph import TrialGraph
from kg.identifiers import Minter
from kg.link import NameLinks, unlinked
from kg.merge import merge_trials
from kg.models import Disagreement, Findings, RawRecord, Record, Rejection, Trial
from kg.nquads import Triple
from kg.read import parse
from kg.reason import Facts, infer_trial, load_ontology
from kg.terminology import load_gene_symbols, load_terminology
from kg.texts import KeptDocument, KeptText, pack
from kg.validate import Report, Validator
from kg.vocabulary.lexicon import make_lexicon
from kg.vocabulary.linking import ConceptLinker

_EXAMPLES = 20  # unlinked names remembered a batch and kind
_COMPRESSION = 2  # of igzip's 0 to 3: as small as gzip's 1, at several times its speed


class Options(Record, frozen=True, kw_only=True):
    """What changes the content of a graph."""

    base_iri: str
    all_evidence: bool = False
    with_contacts: bool = False


class Quarantined(Record, frozen=True, kw_only=True):
    """A trial that broke a rule: its triples as N-Triples, and the results of validation as Turtle."""

    nct_id: str
    ntriples: str
    report_turtle: str
    messages: tuple[str, ...]
    records: int


class Built(Record, frozen=True, kw_only=True):
    """What became of one batch. ``quads`` and ``inferred`` are members of gzip files."""

    quads: bytes
    quad_count: int
    inferred: bytes  # what follows from them, likewise
    inferred_count: int
    trials: tuple[str, ...]
    records: int  # records that went into ``trials``
    texts: tuple[tuple[str, bytes], ...]
    documents: tuple[KeptDocument, ...]
    rejections: tuple[Rejection, ...]
    internal_errors: int  # of ``rejections``, those that are our own fault
    quarantined: tuple[Quarantined, ...]
    disagreements: tuple[Disagreement, ...]
    counts: dict[str, int]  # "linked condition": 12, "requiresMarkerState": 3, …
    unlinked: dict[str, dict[str, int]]  # kind to reported names without a concept, and how often
    unknown_codes: tuple[tuple[str, str, str], ...]  # NCT number, code list, value
    census: Census


class _Finished(Record, frozen=True, kw_only=True):
    """One trial's triples, distinct, and by-products."""

    trial: Trial
    records: int
    triples: tuple[Triple, ...]
    inferred: tuple[Triple, ...]
    texts: bytes
    counts: Counter[str]
    names: tuple[tuple[str, str], ...]


class Builder:
    """Turns batches of records into lines; one a process, since the lexicon takes its time to make."""

    def __init__(self, options: Options) -> None:
        self.options = options
        self._minter = Minter(options.base_iri)
        self.terminology = load_terminology(self._minter)
        self._extractor = Extractor(self.terminology.concepts, make_lexicon(self.terminology), load_gene_symbols())
        linker = ConceptLinker(self.terminology)
        self._names = NameLinks(linker.reported, linker.concept)
        self._graph = TrialGraph(self.terminology, all_evidence=options.all_evidence)
        self.ontology = load_ontology(self._minter)
        self.concepts = Facts([*self.terminology.triples, *self.terminology.state_triples()])
        self._validator = Validator()

    def build(self, batch: Sequence[tuple[str, Sequence[RawRecord]]]) -> Built:
        """Build trials from their records, grouped by NCT number in the order in which they are to be written."""
        rejections: list[Rejection] = []
        disagreements: list[Disagreement] = []
        finished: list[_Finished] = []
        internal_errors = 0
        for _, raw_records in batch:
            rejected: list[Rejection] = []
            try:
                trials = list(self._parse(raw_records, rejected))
                if trials:
                    merged, differences = merge_trials(trials)
                    finished.append(self._finish(merged, len(trials)))
                    disagreements += differences
            except Exception as err:  # noqa: BLE001 - a bug of ours: told loudly, but the other trials are built
                rejected = [_internal_error(raw, err) for raw in raw_records]
                internal_errors += len(rejected)
            rejections += rejected
        kept, quarantined = self._validate(finished)
        quads = "".join(self._quads(kept))
        inferred = "".join(self._inferred(kept))
        counts: Counter[str] = Counter()
        for done in kept:
            counts.update(done.counts)
        return Built(
            quads=igzip.compress(quads.encode(), _COMPRESSION, mtime=0) if quads else b"",
            quad_count=sum(len(done.triples) for done in kept),
            inferred=igzip.compress(inferred.encode(), _COMPRESSION, mtime=0) if inferred else b"",
            inferred_count=sum(len(done.inferred) for done in kept),
            trials=tuple(str(done.trial.nct_id) for done in kept),
            records=sum(done.records for done in kept),
            texts=tuple((str(done.trial.nct_id), done.texts) for done in kept),
            documents=tuple(chain.from_iterable(_documents(done.trial) for done in kept)),
            rejections=tuple(rejections),
            internal_errors=internal_errors,
            quarantined=tuple(quarantined),
            disagreements=tuple(disagreements),
            counts=dict(counts),
            unlinked=_tally(kept),
            unknown_codes=tuple((str(done.trial.nct_id), *code) for done in kept for code in done.trial.unknown_codes),
            census=Census.of([triple for done in kept for triple in chain(done.triples, done.inferred)]),
        )

    def _parse(self, raw_records: Iterable[RawRecord], rejections: list[Rejection]) -> Iterator[Trial]:
        for raw in raw_records:
            try:
                yield parse(raw, with_contacts=self.options.with_contacts)
            except ReadError as err:
                rejections.append(
                    Rejection(file=err.file, position=err.position, field=err.field, reason=err.why, nct_id=raw.nct_id)
                )

    def _finish(self, trial: Trial, records: int) -> _Finished:
        found = self._extractor.find(trial)
        linked = tuple(self._names.links(trial, found.mentions))
        findings = Findings(
            statements=found.statements,
            links=linked,
            stated_values=tuple(self._names.stated_values(trial)),
            criteria=found.criteria,
        )
        names = tuple((kind.value, name) for kind, name in unlinked(trial, linked))
        triples = tuple(dict.fromkeys(self._graph.triples(trial, findings)))
        return _Finished(
            trial=trial,
            records=records,
            triples=triples,
            inferred=tuple(infer_trial(self.ontology, self.concepts, triples)),
            texts=pack([KeptText(field.document, field.locator, field.text) for field in trial.texts]),
            counts=_counts(trial, found, findings, names),
            names=names,
        )

    def _validate(self, finished: Sequence[_Finished]) -> tuple[list[_Finished], list[Quarantined]]:
        """Part the trials that conform from the others, which get a report."""
        kept: list[_Finished] = []
        quarantined: list[Quarantined] = []
        for done in finished:
            if self._validator.conforms_triples(done.triples):
                kept.append(done)
            else:
                ntriples = _lines(done.triples, " .\n")
                quarantined.append(_quarantine(done, ntriples, self._validator.validate_ntriples(ntriples)))
        return kept, quarantined

    def _quads(self, kept: Iterable[_Finished]) -> Iterator[str]:
        return (_lines(done.triples, f" <{self._minter.graph(done.trial.nct_id)}> .\n") for done in kept)

    def _inferred(self, kept: Iterable[_Finished]) -> Iterator[str]:
        tail = f" <{self._minter.graph('inferred')}> .\n"
        return (_lines(done.inferred, tail) for done in kept)


def _documents(trial: Trial) -> Iterator[KeptDocument]:
    for it in trial.documents:
        yield KeptDocument(trial.nct_id, it.sha256, it.format.value, it.file, it.position, it.version_date)


def _internal_error(raw: RawRecord, error: Exception) -> Rejection:
    """Return the rejection of a record that could not be built for a bug; its text is not shown, nor are values."""
    place = extract_tb(error.__traceback__)[-1]
    where = f"{Path(place.filename).name}, line {place.lineno}, in {place.name}"
    return Rejection(
        file=raw.file,
        position=raw.position,
        field="",
        reason=f"internal error: {type(error).__name__} at {where}; please report it",
        nct_id=raw.nct_id,
    )


def _lines(triples: Iterable[Triple], tail: str) -> str:
    return "".join(sorted([f"{subject} {predicate} {value}{tail}" for subject, predicate, value in triples]))


def _quarantine(done: _Finished, ntriples: str, report: Report) -> Quarantined:
    return Quarantined(
        nct_id=str(done.trial.nct_id),
        ntriples=ntriples,
        report_turtle=report.to_turtle(),
        messages=tuple(sorted({result.message for result in report.results if result.severity == "Violation"})),
        records=done.records,
    )


def _counts(trial: Trial, found: Extraction, findings: Findings, names: Sequence[tuple[str, str]]) -> Counter[str]:
    counts: Counter[str] = Counter()
    for statement in findings.statements:
        counts[f"statement {statement.role.value}"] += 1
    counts["linked condition"] = len({link.index for link in findings.links if link.owner.value == "condition"})
    counts["linked intervention name"] = len(
        {link.index for link in findings.links if link.owner.value == "intervention name"}
    )
    counts["linked outcome measure"] = len(
        {link.index for link in findings.links if link.owner.value == "outcome measure"}
    )
    counts.update(f"unlinked {kind}" for kind, _ in names)
    counts["mentions"] = sum(len(named) for named in found.mentions)
    counts["criteria"] = len(found.criteria)
    counts["criteria understood"] = sum(criterion.logic is not None for criterion in found.criteria)
    counts["texts"] = len(trial.texts)
    return counts


def _tally(kept: Iterable[_Finished]) -> dict[str, dict[str, int]]:
    names: dict[str, Counter[str]] = {}
    for done in kept:
        for kind, name in done.names:
            names.setdefault(kind, Counter())[name] += 1
    return {
        kind: dict(sorted(found.items(), key=lambda item: (-item[1], item[0]))[:_EXAMPLES])
        for kind, found in names.items()
    }
