"""Concepts found and linked in abstracts: the identifiers of a document, each once, against those that are annotated.

Diseases and chemicals: BC5CDR (Li et al., Database 2016), MeSH identifiers, with MeSH as the only vocabulary. Genes:
NLM-Gene (Islamaj et al., J Biomed Inform 2021), NCBI Gene identifiers, with HGNC. HGNC has human genes only: an
abstract counts with the human genes that are annotated in it as genes; those of other species are not known to HGNC and are left
out of what is expected, so that a gene found under its human identifier where a mouse's is annotated counts as wrong.
A family's name, which NLM-Gene gives the identifier of one member, is neither expected nor wrong.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

from benchmarks.accuracy.abstracts import Abstract, read_abstracts
from benchmarks.accuracy.full_lexicon import GENES, MESH, compiled
from benchmarks.accuracy.score import Counts, Error, Outcome, Task, compared
from kg.annotation import AnnotatedMention, Annotator
from kg.identifiers import MESH as MESH_IRI
from kg.models import Concept, ConceptType
from kg.terminology import load_terminology
from kg.vocabulary.compiled import CompiledLexicon
from kg.vocabulary.names import NCBI_GENE

_CHEMICALS = (ConceptType.DRUG, ConceptType.DRUG_CLASS)
_TARGETS = {"Disease": 0.70, "Chemical": 0.76}
_GENE_TARGET = 0.65
_WIDTH = 30  # code points of context beside an error

Identifiers = Callable[[AnnotatedMention], frozenset[str]]


def diseases_and_chemicals(data: Path) -> Sequence[Outcome]:
    """Score diseases and chemicals on BC5CDR."""
    vocabulary = compiled(data / "terminology", MESH)
    abstracts = list(read_abstracts(data / "benchmarks", "bc5cdr-*.pubtator.gz"))
    outcomes = []
    for kind, types in (("Disease", (ConceptType.DISEASE,)), ("Chemical", _CHEMICALS)):
        identify = _Identifiers(vocabulary, MESH_IRI)
        annotator = Annotator(vocabulary=vocabulary, types=types)
        found = [_scored(it, annotator, identify, {kind}, frozenset()) for it in abstracts]
        outcomes.append(_outcome(f"find and link, {kind.lower()}", found, _TARGETS[kind]))
    return outcomes


def genes(data: Path) -> Sequence[Outcome]:
    """Score human genes on NLM-Gene."""
    vocabulary = compiled(data / "terminology", (*MESH, *GENES))
    identify = _Identifiers(vocabulary, NCBI_GENE)
    annotator = Annotator(vocabulary=vocabulary, types=(ConceptType.MARKER,))
    found = []
    for abstract in read_abstracts(data / "benchmarks", "nlm-gene-*.pubtator.gz"):
        families = {name for it in abstract.annotations if it.kind == "FamilyName" for name in it.identifiers}
        human = Abstract(
            pmid=abstract.pmid,
            text=abstract.text,
            annotations=tuple(
                it for it in abstract.annotations if it.kind == "Gene" and any(map(identify.knows, it.identifiers))
            ),
        )
        found.append(_scored(human, annotator, identify, {"Gene"}, frozenset(families)))
    return [_outcome("find and link, human genes", found, _GENE_TARGET)]


class _Identifiers:
    """Gives the identifiers of a vocabulary that a found concept stands for."""

    def __init__(self, vocabulary: CompiledLexicon, space: str) -> None:
        self._vocabulary = vocabulary
        self._space = space
        self._bundled = load_terminology().concepts

    def __call__(self, mention: AnnotatedMention) -> frozenset[str]:
        bundled = self._bundled.get(mention.concept)
        iris = {mention.concept, *(_matches(bundled) if bundled else ())}
        for iri in tuple(iris):
            added = self._vocabulary.find(iri)
            if added is not None:
                iris |= {added.iri, *added.exact_match_iris}
        return frozenset(iri.removeprefix(self._space) for iri in iris if iri.startswith(self._space))

    def knows(self, identifier: str) -> bool:
        """Tell whether the vocabulary has an identifier."""
        return self._vocabulary.find(self._space + identifier) is not None


def _matches(concept: Concept) -> Iterator[str]:
    yield from concept.exact_match_iris
    if concept.gene_iri is not None:
        yield concept.gene_iri


_Scored = tuple[Counts, list[Error]]


def _scored(
    abstract: Abstract, annotator: Annotator, identify: Identifiers, kinds: set[str], neither: frozenset[str]
) -> _Scored:
    """Compare one abstract; identifiers in ``neither`` are not counted unless they are also expected."""
    wanted: dict[str, set[str]] = defaultdict(set)
    for annotation in abstract.annotations:
        if annotation.kind in kinds:
            for identifier in annotation.identifiers:
                wanted[identifier].add(annotation.words)
    found: dict[str, set[str]] = defaultdict(set)
    for mention in annotator.mentions(abstract.text):
        # A concept without an identifier of this vocabulary is wrong as well.
        for identifier in identify(mention) or {mention.concept}:
            if identifier in wanted or identifier not in neither:
                around = abstract.text[max(0, mention.start - _WIDTH) : mention.end + _WIDTH]
                found[identifier].add(f"{mention.text!r} in {around!r} as {mention.label}")
    errors = [*_missed(abstract, wanted, found), *_wrong(abstract, wanted, found)]
    return compared(abstract.pmid, set(wanted), set(found)), errors


def _missed(abstract: Abstract, wanted: dict[str, set[str]], found: dict[str, set[str]]) -> Iterable[Error]:
    words = {word for known in found.values() for word in known}
    for identifier in sorted(set(wanted) - set(found)):
        spans = sorted(wanted[identifier])
        other = any(word.startswith(repr(span)) for span in spans for word in words)
        cause = "found as another concept" if other else "not found"
        yield Error(document=abstract.pmid, cause=cause, detail=f"{identifier}: {', '.join(spans)}")


def _wrong(abstract: Abstract, wanted: dict[str, set[str]], found: dict[str, set[str]]) -> Iterable[Error]:
    annotated = {it.words.casefold() for it in abstract.annotations}
    for identifier in sorted(set(found) - set(wanted)):
        example = min(found[identifier])
        inside = example[1:].partition("' in ")[0].casefold()
        cause = "another identifier is annotated" if inside in annotated else "not annotated"
        yield Error(document=abstract.pmid, cause=cause, detail=f"{identifier}: {example}")


def _outcome(name: str, found: Sequence[_Scored], target: float) -> Outcome:
    return Outcome(
        name=name,
        documents=tuple(counts for counts, _ in found),
        errors=tuple(error for _, errors in found for error in errors),
        targets={"f1": target},
    )


FIND_AND_LINK = Task(name="find-and-link", run=diseases_and_chemicals, ablations={})
FIND_GENES = Task(name="find-genes", run=genes, ablations={})
