"""Given mentions to MeSH: BC5CDR's diseases and chemicals, NCBI's diseases.

Each mention's words and class are given, and its document as context; the answer is the best candidate. A mention
without an identifier (-1) asks nothing. A composite mention (``D003110|D009369``, ``D1+D2``) is answered by any of its
identifiers, as the other tools that are scored on these corpora do. NCBI's mentions count where the lexicon has one of
their identifiers: the others are OMIM's.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from functools import cache, partial
from itertools import groupby
from pathlib import Path

from benchmarks.accuracy.abstracts import Abstract, Annotation, read_abstracts
from benchmarks.accuracy.full_lexicon import MESH, compiled
from benchmarks.accuracy.score import Counts, Error, Outcome, Task
from kg.identifiers import MESH as MESH_IRI
from kg.linking.context import Context
from kg.linking.linker import Linker, Ranked
from kg.linking.readings import ALL, Component
from kg.vocabulary.compiled import CompiledLexicon
from kg.vocabulary.word_index import CompiledIndex

_SURE = 0.76  # above it, a candidate does more than share words with the name

_switched_on = set(ALL)
_with_context = [True]


def _run(data: Path) -> list[Outcome]:
    lexicon = compiled(data / "terminology", MESH)
    linker = Linker([CompiledIndex(lexicon)], frozenset(_switched_on))
    bc5cdr = list(read_abstracts(data / "benchmarks", "bc5cdr-*.pubtator.gz"))
    ncbi = list(read_abstracts(data / "benchmarks", "ncbi-disease-*.pubtator.gz"))
    known = cache(partial(_is_known, lexicon))
    questions = (
        ("BC5CDR, given diseases", bc5cdr, "Disease", 0.82, None),
        ("BC5CDR, given chemicals", bc5cdr, "Chemical", 0.88, None),
        ("NCBI, given diseases", ncbi, "Disease", 0.72, known),
    )
    return [
        outcome
        for name, abstracts, class_name, target, filtered in questions
        for outcome in _outcomes(name, list(_answers(abstracts, linker, class_name, filtered)), target)
    ]


def _is_known(lexicon: CompiledLexicon, ui: str) -> bool:
    return lexicon.find(MESH_IRI + ui) is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Answer:
    """A mention with the identifiers that are right, and the best candidate."""

    document: str
    words: str
    expected: frozenset[str]
    best: Ranked | None

    @property
    def is_right(self) -> bool:
        """Whether the best candidate is among the right ones."""
        return self.best is not None and self.best.label.concept_iri.removeprefix(MESH_IRI) in self.expected


def _answers(
    abstracts: Iterable[Abstract], linker: Linker, class_name: str, known: Callable[[str], bool] | None
) -> Iterator[_Answer]:
    for abstract in abstracts:
        context = Context(abstract.text) if _with_context[0] else None
        for mention, expected in _asked(abstract, class_name, known):
            best = next(iter(linker.rank(mention.words, class_name, context)), None)
            yield _Answer(document=abstract.pmid, words=mention.words, expected=expected, best=best)


def _outcomes(name: str, answers: Sequence[_Answer], target: float) -> Iterator[Outcome]:
    """Yield the accuracy of all answers, then what is won and lost by keeping the answers with a high score."""
    yield Outcome(
        name=name,
        documents=tuple(_counts(answers, 0.0)),
        errors=tuple(
            Error(document=it.document, cause=_cause(it.best), detail=_detail(it)) for it in answers if not it.is_right
        ),
        targets={"accuracy": target},
    )
    yield Outcome(name=f"{name}, score at least {_SURE}", documents=tuple(_counts(answers, _SURE)), targets={})


def _counts(answers: Iterable[_Answer], least: float) -> Iterator[Counts]:
    """Count the answers of each document; without a least score, a wrong answer counts as a missing one alone."""
    for document, found in groupby(answers, key=lambda it: it.document):
        mentions = list(found)
        given = [it for it in mentions if it.best is not None and it.best.score >= least]
        right = sum(it.is_right for it in given)
        wrong = len(given) - right if least else 0
        yield Counts(
            document=document, true_positives=right, false_positives=wrong, false_negatives=len(mentions) - right
        )


def _asked(
    abstract: Abstract, class_name: str, known: Callable[[str], bool] | None
) -> Iterator[tuple[Annotation, frozenset[str]]]:
    for mention in abstract.annotations:
        expected = frozenset(part for ui in mention.identifiers for part in ui.split("+"))
        of_class = class_name == "Disease" if mention.kind != "Chemical" else class_name == "Chemical"
        if of_class and expected and (known is None or any(map(known, expected))):
            yield mention, expected


def _cause(best: Ranked | None) -> str:
    if best is None:
        return "nothing found"
    if best.score < _SURE:
        return "only words in common"
    return "another concept has the name" if not best.rule else "another concept by: " + best.rule.split(' "')[0]


def _detail(answer: _Answer) -> str:
    best = answer.best
    found = "-" if best is None else f'"{best.label.text}" {best.score:.2f} ({best.rule or "the name itself"})'
    return f'"{answer.words}" {"|".join(sorted(answer.expected))}, found {found}'


@contextmanager
def _without(component: Component) -> Iterator[None]:
    _switched_on.discard(component)
    try:
        yield
    finally:
        _switched_on.add(component)


@contextmanager
def _without_context() -> Iterator[None]:
    _with_context[0] = False
    try:
        yield
    finally:
        _with_context[0] = True


_ABLATIONS: dict[str, Callable[[], AbstractContextManager[None]]] = {
    **{component.value: partial(_without, component) for component in Component},
    "the document as context": _without_context,
}
GIVEN_NAMES = Task(name="given-names", run=_run, ablations=_ABLATIONS)
