"""Texts to mentions: which concepts are named where, in which state, and whether they are negated."""

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import msgspec

from kg.errors import ReadError, UsageError
from kg.extract.context import context, words_behind
from kg.extract.mentions import MentionFinder
from kg.extract.states import Denial, denial_behind
from kg.extract.thresholds import limits_of
from kg.models import ConceptType, FieldKind, Mention, Record, TextField
from kg.terminology import Terminology, load_terminology
from kg.vocabulary import VocabularyFolder
from kg.vocabulary.compiled import CompiledLexicon
from kg.vocabulary.lexicon import make_lexicon


class Document(Record, frozen=True, kw_only=True):
    """A text to annotate; ``id`` comes back as it was given."""

    id: str | int | None = None
    text: str


class AnnotatedLimit(Record, frozen=True, kw_only=True):
    """A bound of a marker's value: "Ki-67 10-20 %" has two, "CPS ≥ 10" one."""

    comparator: str  # lt le eq ge gt
    value: str
    unit: str | None  # %, a unit of concentration, H-score, Allred; None where the marker is a score


class AnnotatedMention(Record, frozen=True, kw_only=True, omit_defaults=True):
    """One mention, as `kg annotate` writes it. Offsets count code points, from 0, half-open."""

    start: int
    end: int
    text: str
    type: str
    concept: str  # IRI; of a marker, also where its state was read
    label: str
    state: str | None
    negated: bool
    score: float
    rule: str
    limits: tuple[tuple[AnnotatedLimit, ...], ...] = ()  # alternatives, each of bounds that all hold


class AnnotatedDocument(Record, frozen=True, kw_only=True):
    """The mentions of a document by place, the longer first where two start together."""

    id: str | int | None
    mentions: tuple[AnnotatedMention, ...]


class Annotator:
    """Finds mentions in texts of any kind; the lexicon is made once.

    >>> [(it.text, it.state, it.negated) for it in Annotator().mentions("HER2-low disease without brain metastases")]
    [('HER2-low', 'low', False), ('brain metastases', None, True)]

    Args:
        terminology: The bundled concepts.
        vocabulary: What the user has added, if it is to be used.
        types: Only concepts of these classes; all where there are none.
    """

    def __init__(
        self,
        terminology: Terminology | None = None,
        vocabulary: CompiledLexicon | None = None,
        types: Iterable[ConceptType] = (),
    ) -> None:
        self._finder = MentionFinder(make_lexicon(terminology or load_terminology(), vocabulary))
        self._types = frozenset(types)

    def annotate(self, document: Document) -> AnnotatedDocument:
        """Return a document's mentions."""
        return AnnotatedDocument(id=document.id, mentions=self.mentions(document.text))

    def mentions(self, text: str) -> tuple[AnnotatedMention, ...]:
        """Return the mentions in a text; none if nothing in it is known."""
        if not text:
            return ()
        field = TextField.of_source("", "text", FieldKind.DETAILED_DESCRIPTION, text)
        found = self._finder.find([field])[0]
        if self._types:
            found = [mention for mention in found if mention.concept.concept_type in self._types]
        if not found:
            return ()
        return tuple(_annotated(mention, _next_marker(text, found, place)) for place, mention in enumerate(found))


def _next_marker(text: str, mentions: Sequence[Mention], place: int) -> int:
    """Return where the next marker behind a mention is named; a limit behind it is that one's."""
    if mentions[place].concept.concept_type is not ConceptType.MARKER:
        return len(text)
    end = mentions[place].span.end
    for later in range(place + 1, len(mentions)):  # nearly always the next one: a slice would copy all
        following = mentions[later]
        if following.concept.concept_type is ConceptType.MARKER and following.name_start >= end:
            return following.name_start
    return len(text)


def _annotated(mention: Mention, end: int) -> AnnotatedMention:
    span, concept = mention.span, mention.concept
    text = span.text.text
    return AnnotatedMention(
        start=span.start,
        end=span.end,
        text=span.quote,
        type=concept.concept_type.value,
        concept=concept.iri,
        label=concept.pref_label,
        state=mention.state,
        negated=context(text, span.start, span.end).denied
        or denial_behind(mention.state, words_behind(text, span.end, len(text))) is not Denial.NONE,
        score=mention.confidence,
        rule=mention.rule,
        limits=tuple(
            tuple(AnnotatedLimit(comparator=code, value=value, unit=limit.unit) for code, value in limit.bounds)
            for limit in limits_of(mention, 0, end)
        ),
    )


def annotate(
    documents: Iterable[Document],
    *,
    types: Iterable[str] = (),
    use_vocabularies: bool = True,
    data_dir: Path | str | None = None,
) -> Iterator[AnnotatedDocument]:
    """Find the concepts that texts name, with states and negation; a document is answered as it comes.

    Args:
        documents: Texts with identifiers.
        types: Only concepts of these classes, for example ``Drug`` and ``Marker``; all where there are none.
        use_vocabularies: Use what `kg.add_vocabularies` added, where anything was; the bundled concepts always count.
        data_dir: Where added vocabularies lie; by default the platform's data directory.

    Raises:
        TerminologyError: The data directory is damaged.
        UsageError: There is no such class of concepts.
    """
    try:
        wanted = [ConceptType(name) for name in types]
    except ValueError as err:
        raise UsageError(f"{err}; there are {', '.join(kind.value for kind in ConceptType)}") from err
    vocabulary = VocabularyFolder.of_user(data_dir).open() if use_vocabularies else None
    return map(Annotator(vocabulary=vocabulary, types=wanted).annotate, documents)


def read_documents(lines: Iterable[str | bytes], name: str = "standard input") -> Iterator[Document | ReadError]:
    """Read JSON lines ``{"id", "text"}``; a line that is none is given as the error that names it, blank lines not."""
    decoder = msgspec.json.Decoder(Document)
    for number, line in enumerate(lines, start=1):
        if line.strip():
            try:
                yield decoder.decode(line)
            except (msgspec.DecodeError, UnicodeError) as err:
                yield ReadError(name, f"line {number}", "", f'not an object with "id" and "text": {err}')
