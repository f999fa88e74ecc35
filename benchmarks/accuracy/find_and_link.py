"""Concepts found and linked in abstracts: the identifiers of a document, each once, against those that are annotated.

Diseases and chemicals: BC5CDR (Li et al., Database 2016), MeSH identifiers, with MeSH as the only vocabulary beside
the bundled concepts. What an identifier names is decided by its place in MeSH: diseases are trees C and F03 and
supplementary diseases. Chemicals are tree D and supplementary chemicals, without what BC5CDR's guidelines leave out:
proteins and enzymes, actions and uses (D27: "analgesic" tells what something does), dosage forms (D26). The stricter
outcomes count every mention that is given out as a disease, or as a drug or class of drugs: also those whose concept
has no MeSH identifier, and classes such as chemotherapy.

Genes: NLM-Gene (Islamaj et al., J Biomed Inform 2021), NCBI Gene identifiers, with HGNC as the only vocabulary. HGNC
has human genes only, so these are what is expected. What is found where a gene of another species or a family is
annotated is neither right nor wrong: which species an abstract is about is another question, and NLM-Gene gives a
family the identifier of one of its members. The stricter outcome counts all of that as wrong. A marker without a gene
(DNA) is no answer here.
"""

import csv
import gzip
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from unittest.mock import patch

from benchmarks.accuracy.abstracts import Abstract, Annotation, read_abstracts
from benchmarks.accuracy.full_lexicon import GENES, MESH, compiled
from benchmarks.accuracy.score import Counts, Error, Outcome, Task, compared
from kg.annotation import AnnotatedMention, Annotator
from kg.extract import mentions
from kg.identifiers import MESH as MESH_IRI
from kg.models import ConceptType
from kg.terminology import load_terminology
from kg.vocabulary.compiled import CompiledLexicon
from kg.vocabulary.names import NCBI_GENE

_DISEASES = ("C", "F03")
_NO_CHEMICALS = ("D08.811", "D12.776", "D23.050", "D23.101", "D26", "D27")
_TARGETS = {"Disease": 0.70, "Chemical": 0.76}
_TYPES = {"Disease": {"Disease"}, "Chemical": {"Drug", "DrugClass"}}
_GENE_TARGET = 0.65
_WIDTH = 30  # code points of context beside an error


@dataclass(frozen=True, slots=True, kw_only=True)
class _Question:
    """What is asked of a document: which annotations count, which identifiers a mention answers with, and where."""

    name: str
    target: float | None
    expected: Callable[[Annotation], bool]
    answers: Callable[[AnnotatedMention], frozenset[str]]
    counts_at: Callable[[Abstract, AnnotatedMention], bool] = lambda _abstract, _mention: True


def diseases_and_chemicals(data: Path) -> Sequence[Outcome]:
    """Score diseases and chemicals on BC5CDR."""
    vocabulary = compiled(data / "terminology", MESH)
    kinds = _mesh_kinds(data / "terminology" / MESH[0])
    identify = _Identifiers(vocabulary, MESH_IRI)

    def question(kind: str) -> _Question:
        return _Question(
            name=f"find and link, {kind.lower()}",
            target=_TARGETS[kind],
            expected=lambda annotation: annotation.kind == kind,
            answers=lambda mention: frozenset(it for it in identify(mention) if kinds(mention, it) == kind),
        )

    def stricter(kind: str) -> _Question:
        return _Question(
            name=f"find and link, {kind.lower()}, stricter",
            target=None,
            expected=lambda annotation: annotation.kind == kind,
            answers=lambda mention: (
                (identify(mention) or frozenset({mention.concept})) if mention.type in _TYPES[kind] else frozenset()
            ),
        )

    return _asked(
        [ask(kind) for kind in _TARGETS for ask in (question, stricter)],
        Annotator(vocabulary=vocabulary),
        read_abstracts(data / "benchmarks", "bc5cdr-*.pubtator.gz"),
    )


def genes(data: Path) -> Sequence[Outcome]:
    """Score human genes on NLM-Gene."""
    vocabulary = compiled(data / "terminology", GENES)
    identify = _Identifiers(vocabulary, NCBI_GENE)

    def human(annotation: Annotation) -> bool:
        return annotation.kind == "Gene" and any(map(identify.knows, annotation.identifiers))

    def fair(abstract: Abstract, mention: AnnotatedMention) -> bool:
        over = [it for it in abstract.annotations if it.start < mention.end and mention.start < it.end]
        genes = [it for it in over if it.kind in {"Gene", "FamilyName"}]
        return not genes or any(map(human, genes))

    name = "find and link, human genes"
    return _asked(
        [
            _Question(name=name, target=_GENE_TARGET, expected=human, answers=identify, counts_at=fair),
            _Question(name=f"{name}, stricter", target=None, expected=human, answers=identify),
        ],
        Annotator(vocabulary=vocabulary, types=[ConceptType.MARKER]),
        read_abstracts(data / "benchmarks", "nlm-gene-*.pubtator.gz"),
    )


class _Identifiers:
    """Gives the identifiers of a vocabulary that a found concept stands for."""

    def __init__(self, vocabulary: CompiledLexicon, space: str) -> None:
        self._vocabulary = vocabulary
        self._space = space
        self._bundled = load_terminology().concepts

    def __call__(self, mention: AnnotatedMention) -> frozenset[str]:
        iris = {mention.concept}
        bundled = self._bundled.get(mention.concept)
        if bundled is not None:
            iris |= {*bundled.exact_match_iris, *([bundled.gene_iri] if bundled.gene_iri else [])}
        for iri in tuple(iris):
            added = self._vocabulary.find(iri)
            if added is not None:
                iris |= {added.iri, *added.exact_match_iris}
        return frozenset(iri.removeprefix(self._space) for iri in iris if iri.startswith(self._space))

    def knows(self, identifier: str) -> bool:
        """Tell whether the vocabulary has an identifier."""
        return self._vocabulary.find(self._space + identifier) is not None


def _mesh_kinds(table: Path) -> Callable[[AnnotatedMention, str], str | None]:
    """Return a function that tells whether a MeSH identifier names a disease or a chemical, by its trees."""
    with gzip.open(table, "rt", encoding="utf-8", newline="") as file:
        rows = csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
        trees = {row["descriptor_ui"]: (row["tree_numbers"] or "").split("|") for row in rows}

    def kind(mention: AnnotatedMention, identifier: str) -> str | None:
        numbers = trees.get(identifier)
        if numbers is None:
            return "Disease" if mention.type == "Disease" else "Chemical"
        if any(number.startswith(_DISEASES) for number in numbers):
            return "Disease"
        chemical = any(number.startswith("D") and not number.startswith(_NO_CHEMICALS) for number in numbers)
        return "Chemical" if chemical else None

    return kind


# --- questions to documents


def _asked(questions: Sequence[_Question], annotator: Annotator, abstracts: Iterable[Abstract]) -> Sequence[Outcome]:
    counts: dict[str, list[Counts]] = defaultdict(list)
    errors: dict[str, list[Error]] = defaultdict(list)
    for abstract in abstracts:
        found_here = annotator.mentions(abstract.text)
        for question in questions:
            wanted, found = _wanted(abstract, question), _found(abstract, found_here, question)
            counts[question.name].append(compared(abstract.pmid, set(wanted), set(found)))
            errors[question.name] += [*_missed(abstract, wanted, found), *_wrong(abstract, wanted, found)]
    return [
        Outcome(
            name=it.name,
            documents=tuple(counts[it.name]),
            errors=tuple(errors[it.name]),
            targets={} if it.target is None else {"f1": it.target},
        )
        for it in questions
    ]


_Named = dict[str, set[str]]  # identifiers to the words that name them


def _wanted(abstract: Abstract, question: _Question) -> _Named:
    wanted: _Named = defaultdict(set)
    for annotation in filter(question.expected, abstract.annotations):
        for identifier in annotation.identifiers:
            wanted[identifier].add(annotation.words)
    return wanted


def _found(abstract: Abstract, found_here: Iterable[AnnotatedMention], question: _Question) -> _Named:
    found: _Named = defaultdict(set)
    for mention in found_here:
        if question.counts_at(abstract, mention):
            for identifier in question.answers(mention):
                around = abstract.text[max(0, mention.start - _WIDTH) : mention.end + _WIDTH]
                found[identifier].add(f"{mention.text!r} in {around!r} as {mention.label}")
    return found


def _missed(abstract: Abstract, wanted: _Named, found: _Named) -> Iterator[Error]:
    words = {word for known in found.values() for word in known}
    for identifier in sorted(set(wanted) - set(found)):
        spans = sorted(wanted[identifier])
        other = any(word.startswith(repr(span)) for span in spans for word in words)
        cause = "found as another concept" if other else "not found"
        yield Error(document=abstract.pmid, cause=cause, detail=f"{identifier}: {', '.join(spans)}")


def _wrong(abstract: Abstract, wanted: _Named, found: _Named) -> Iterator[Error]:
    annotated = {it.words.casefold() for it in abstract.annotations}
    for identifier in sorted(set(found) - set(wanted)):
        example = min(found[identifier])
        inside = example[1:].partition("' in ")[0].casefold()
        cause = "another identifier is annotated" if inside in annotated else "not annotated"
        yield Error(document=abstract.pmid, cause=cause, detail=f"{identifier}: {example}")


# --- what each component adds


@contextmanager
def _replaced(name: str, replacement: Callable[..., object]) -> Iterator[None]:
    with patch.object(mentions, name, replacement):
        yield


_ABLATIONS = {
    "definitions of the document": lambda: _replaced("definitions", lambda _text: iter(())),
    "names that share a word": lambda: _replaced("with_coordinated", lambda _text, _tokens, matches, _lexicon: matches),
    "false friends": lambda: _replaced("is_false_friend", lambda *_: False),
    "doubt about initials": lambda: _replaced("is_doubtful", lambda entry, *_: entry.ambiguous),
}
FIND_AND_LINK = Task(name="find-and-link", run=diseases_and_chemicals, ablations=_ABLATIONS)
FIND_GENES = Task(name="find-genes", run=genes, ablations=_ABLATIONS)
