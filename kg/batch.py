"""A batch of raw records to lines of N-Quads: read, merge, extract, link, make the graph, validate. No files.

This is what a worker process does; everything that it returns can be pickled.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from pathlib import Path
from traceback import extract_tb
from typing import Literal, Self, TypedDict

import msgspec
from isal import igzip

from kg.describe import Census
from kg.errors import ReadError
from kg.extract import Extraction, Extractor
from kg.graph import TrialGraph
from kg.identifiers import DEFAULT_BASE, Minter
from kg.link import NameLinks, unlinked
from kg.merge import merge_trials
from kg.models import Disagreement, FieldKind, Findings, RawRecord, Record, Rejection, Trial
from kg.nquads import Nodes, Triple, by_subject
from kg.read import parse
from kg.reason import Facts, TrialReasoner, load_ontology
from kg.terminology import load_gene_symbols, load_terminology
from kg.texts import KeptDocument, KeptText, pack
from kg.validate import Report, Validator
from kg.vocabulary.compiled import CompiledLexicon
from kg.vocabulary.description import AddedConcepts
from kg.vocabulary.lexicon import make_lexicon
from kg.vocabulary.linking import ConceptLinker

_COMPRESSION = 2  # of igzip's 0 to 3: as small as gzip's 1, at several times its speed

Evidence = Literal["strongest", "all"]


class Content(TypedDict, total=False):
    """What changes the content of a graph, in a user's words; see `kg.api.build`."""

    base_iri: str
    evidence: Evidence
    with_contacts: bool
    use_vocabularies: bool


class Options(Record, frozen=True, kw_only=True):
    """What changes the content of a graph."""

    base_iri: str
    all_evidence: bool = False
    with_contacts: bool = False
    use_vocabularies: bool = False  # what the user has added, where anything was

    @classmethod
    def of(
        cls,
        *,
        base_iri: str = DEFAULT_BASE,
        evidence: Evidence = "strongest",
        with_contacts: bool = False,
        use_vocabularies: bool = True,
    ) -> Self:
        """Return the options that a user's words mean; see `kg.api.build`.

        Raises:
            ValueError: ``base_iri`` is no base of IRIs.
        """
        return cls(
            base_iri=Minter(base_iri).base,
            all_evidence=evidence == "all",
            with_contacts=with_contacts,
            use_vocabularies=use_vocabularies,
        )


class Quarantined(Record, frozen=True, kw_only=True):
    """A trial that broke a rule: its triples as N-Triples, and the results of validation as Turtle."""

    nct_id: str
    ntriples: str
    report_turtle: str
    messages: tuple[str, ...]


class Outcome(Record, frozen=True, kw_only=True):
    """What became of the records of one trial; sums over these are a build's report.

    A trial that no record was fit for, and one in quarantine, have no quads.
    """

    nct_id: str
    quads: int = 0
    inferred: int = 0
    records: int = 0  # that went into the trial, in quarantine or not
    counts: dict[str, int] = msgspec.field(default_factory=dict)  # "linked condition": 12, "requiresMarkerState": 3, …
    added: tuple[str, ...] = ()  # IRIs of the concepts of added vocabularies that the trial points to
    unlinked: tuple[tuple[str, str], ...] = ()  # kind and name of each reported name without a concept
    rejections: tuple[Rejection, ...] = ()
    internal_error: bool = False  # whether ``rejections`` are our own fault
    quarantine: tuple[str, ...] | None = None  # messages of the rules that it broke
    disagreements: tuple[Disagreement, ...] = ()
    unknown_codes: tuple[tuple[str, str], ...] = ()  # code list and value


class Built(Record, frozen=True, kw_only=True):
    """What became of one batch. ``quads`` and ``inferred`` are members of gzip files."""

    quads: bytes
    inferred: bytes  # what follows from them, likewise
    texts: tuple[tuple[str, bytes], ...]
    documents: tuple[KeptDocument, ...]
    quarantined: tuple[Quarantined, ...]
    outcomes: tuple[Outcome, ...]  # a trial each, in the order of the quads
    census: Census


class _Finished(Record, frozen=True, kw_only=True):
    """One trial's triples, distinct, and by-products."""

    nct_id: str
    triples: tuple[Triple, ...]
    nodes: Nodes  # the same, for those who look things up
    inferred: tuple[Triple, ...]
    texts: bytes
    documents: tuple[KeptDocument, ...]
    outcome: Outcome  # as if it conformed


def member_of(lines: bytes) -> bytes:
    """Return lines of trials as a gzip member, always the same bytes; of none, nothing."""
    return igzip.compress(lines, _COMPRESSION, mtime=0) if lines else b""


class Builder:
    """Turns batches of records into lines; one a process, since the lexicon takes its time to make.

    Args:
        options: What changes the content of a graph.
        lexicon: The compiled vocabularies of the user, if they are used.

    Raises:
        TerminologyError: The lexicon is missing, damaged or of another version.
    """

    def __init__(self, options: Options, lexicon: Path | None = None) -> None:
        self.options = options
        self.lexicon = lexicon
        vocabulary = None if lexicon is None else CompiledLexicon(lexicon)
        self._minter = Minter(options.base_iri)
        self.terminology = load_terminology(self._minter)
        self._extractor = Extractor(
            self.terminology.concepts,
            make_lexicon(self.terminology, vocabulary),
            load_gene_symbols(),
            frozenset() if vocabulary is None else vocabulary.measuring(),
        )
        linker = ConceptLinker(self.terminology, vocabulary)
        self._names = NameLinks(linker.reported, linker.concept)
        self.ontology = load_ontology(self._minter)
        self._added = None if vocabulary is None else AddedConcepts(vocabulary, self.terminology)
        self._graph = TrialGraph(
            self.terminology,
            all_evidence=options.all_evidence,
            heading=self._added.heading if self._added else None,
        )
        self._reasoner = TrialReasoner(self.ontology, Facts(self.terminology.facts(self.ontology.predicates)))
        self._validator = Validator()

    def concept_triples(self, added: Iterable[str]) -> list[Triple]:
        """Return what is said of the bundled concepts, and of ``added`` ones by their IRIs; some may come twice."""
        described = () if self._added is None else self._added.triples(added)
        return [*self.terminology.triples, *self.terminology.state_triples(), *described]

    def build(self, batch: Sequence[tuple[str, Sequence[RawRecord]]]) -> Built:
        """Build trials from their records, grouped by NCT number in the order in which they are to be written."""
        outcomes: dict[str, Outcome] = {}
        finished: list[_Finished] = []
        for nct_id, raw_records in batch:
            try:
                done, rejections = self._build_trial(raw_records)
            except Exception as err:  # noqa: BLE001 - a bug of ours: told loudly, but the other trials are built
                rejections = [_internal_error(raw, err) for raw in raw_records]
                outcomes[nct_id] = Outcome(nct_id=nct_id, rejections=tuple(rejections), internal_error=True)
                continue
            outcomes[nct_id] = Outcome(nct_id=nct_id, rejections=tuple(rejections)) if done is None else done.outcome
            if done is not None:
                finished.append(done)
        kept, quarantined = self._validate(finished)
        for one in quarantined:
            outcomes[one.nct_id] = _without_quads(outcomes[one.nct_id], one.messages)
        quads = "".join(self._quads(kept))
        inferred = "".join(self._inferred(kept))
        census = Census()
        for done in kept:
            census.count((*done.triples, *done.inferred))
        return Built(
            quads=member_of(quads.encode()),
            inferred=member_of(inferred.encode()),
            texts=tuple((done.nct_id, done.texts) for done in kept),
            documents=tuple(chain.from_iterable(done.documents for done in kept)),
            quarantined=tuple(quarantined),
            outcomes=tuple(outcomes.values()),
            census=census,
        )

    def _build_trial(self, raw_records: Sequence[RawRecord]) -> tuple[_Finished | None, list[Rejection]]:
        rejections: list[Rejection] = []
        trials = list(self._parse(raw_records, rejections))
        if not trials:
            return None, rejections
        merged, differences = merge_trials(trials)
        return self._finish(merged, len(trials), tuple(rejections), tuple(differences)), rejections

    def _parse(self, raw_records: Iterable[RawRecord], rejections: list[Rejection]) -> Iterator[Trial]:
        for raw in raw_records:
            try:
                yield parse(raw, with_contacts=self.options.with_contacts)
            except ReadError as err:
                rejections.append(
                    Rejection(file=err.file, position=err.position, field=err.field, reason=err.why, nct_id=raw.nct_id)
                )

    def _finish(
        self, trial: Trial, records: int, rejections: tuple[Rejection, ...], disagreements: tuple[Disagreement, ...]
    ) -> _Finished:
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
        added = () if self._added is None else tuple(self._added.used_in(triples))
        described = tuple(self._added.triples(added)) if self._added and added else ()
        nodes = by_subject(triples)
        inferred = tuple(self._reasoner.infer_nodes(nodes, described))
        return _Finished(
            nct_id=str(trial.nct_id),
            triples=triples,
            nodes=nodes,
            inferred=inferred,
            texts=pack([KeptText(field.document, field.locator, field.source_text) for field in trial.texts]),
            documents=tuple(_documents(trial)),
            outcome=Outcome(
                nct_id=str(trial.nct_id),
                quads=len(triples),
                inferred=len(inferred),
                records=records,
                counts=dict(_counts(trial, found, findings, names)),
                added=added,
                unlinked=names,
                rejections=rejections,
                disagreements=disagreements,
                unknown_codes=trial.unknown_codes,
            ),
        )

    def _validate(self, finished: Sequence[_Finished]) -> tuple[list[_Finished], list[Quarantined]]:
        """Part the trials that conform from the others, which get a report."""
        kept: list[_Finished] = []
        quarantined: list[Quarantined] = []
        for done in finished:
            if self._validator.conforms_nodes(done.nodes):
                kept.append(done)
            else:
                ntriples = _lines(done.triples, " .\n")
                quarantined.append(_quarantine(done, ntriples, self._validator.validate_ntriples(ntriples)))
        return kept, quarantined

    def _quads(self, kept: Iterable[_Finished]) -> Iterator[str]:
        return (_lines(done.triples, f" <{self._minter.graph(done.nct_id)}> .\n") for done in kept)

    def _inferred(self, kept: Iterable[_Finished]) -> Iterator[str]:
        tail = f" <{self._minter.graph('inferred')}> .\n"
        return (_lines(done.inferred, tail) for done in kept)


def _without_quads(outcome: Outcome, messages: tuple[str, ...]) -> Outcome:
    """Return what is told of a trial that broke a rule: its records, and why, but nothing that was read in them."""
    return Outcome(
        nct_id=outcome.nct_id,
        records=outcome.records,
        rejections=outcome.rejections,
        quarantine=messages,
        disagreements=outcome.disagreements,
    )


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
    # Sorted without the tail, which all have: it starts with a blank, which is less than what goes on in a longer term.
    return tail.join([*sorted(map(" ".join, triples)), ""])


def _quarantine(done: _Finished, ntriples: str, report: Report) -> Quarantined:
    return Quarantined(
        nct_id=done.nct_id,
        ntriples=ntriples,
        report_turtle=report.to_turtle(),
        messages=tuple(sorted({result.message for result in report.results if result.severity == "Violation"})),
    )


def _counts(trial: Trial, found: Extraction, findings: Findings, names: Sequence[tuple[str, str]]) -> Counter[str]:
    counts = Counter(f"statement {statement.role}" for statement in findings.statements)
    linked = Counter(owner for owner, _ in {(link.owner, link.index) for link in findings.links})
    for owner in (FieldKind.CONDITION, FieldKind.INTERVENTION_NAME, FieldKind.OUTCOME_MEASURE):
        counts[f"linked {owner}"] = linked[owner]
    counts.update(f"unlinked {kind}" for kind, _ in names)
    counts["mentions"] = sum(len(named) for named in found.mentions)
    counts["criteria"] = len(found.criteria)
    counts["criteria understood"] = sum(criterion.logic is not None for criterion in found.criteria)
    counts["texts"] = len(trial.texts)
    return counts
