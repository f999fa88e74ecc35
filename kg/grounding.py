"""What a name means, and why: candidates with scores, best first."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

import msgspec

from kg.errors import ReadError
from kg.extract.mentions import MentionFinder
from kg.linking.classes import classes_named
from kg.linking.context import Context
from kg.linking.reported import without_type
from kg.models import ConceptType, FieldKind, Record, TextField
from kg.terminology import Terminology, load_terminology
from kg.vocabulary import VocabularyFolder
from kg.vocabulary.compiled import CompiledLexicon
from kg.vocabulary.lexicon import make_lexicon
from kg.vocabulary.linking import ConceptLinker, Meaning

_STATE, _PART = 0.95, 0.4  # a marker state that is spelled out; what only a part of the name names
_MOST: Final = 10  # candidates a name


class Candidate(Record, frozen=True, kw_only=True):
    """A concept that a name may mean. ``match`` says which of its labels the name met, and how."""

    concept: str  # IRI
    label: str
    concept_type: str
    score: float  # 0 to 1, about the share of such candidates that are right
    match: str


class Question(Record, frozen=True, kw_only=True):
    """A line of `kg ground`: a name, the class that is asked for, the document in which it stands."""

    id: str | int | None = None
    text: str
    type: str | None = None
    context: str | None = None


class Grounder:
    """Looks names up; the lexicon is made once.

    >>> Grounder().ground("HER-2")[0].concept
    'http://id.nlm.nih.gov/mesh/D018719'

    Args:
        terminology: The bundled concepts.
        vocabulary: What the user has added, if it is to be used.
    """

    def __init__(self, terminology: Terminology | None = None, vocabulary: CompiledLexicon | None = None) -> None:
        self._terminology = terminology or load_terminology()
        self._linker = ConceptLinker(self._terminology, vocabulary)
        self._lexicon = make_lexicon(self._terminology, vocabulary)
        self._finder = MentionFinder(self._lexicon)
        self._context = Context("")

    @classmethod
    def of_user(cls, *, use_vocabularies: bool = True, data_dir: Path | str | None = None) -> "Grounder":
        """Return a grounder over the bundled concepts and what the user has added.

        Args:
            use_vocabularies: Use what `kg.add_vocabularies` added, where anything was.
            data_dir: Where added vocabularies lie; by default the platform's data directory.

        Raises:
            TerminologyError: The data directory is damaged.
        """
        return cls(vocabulary=VocabularyFolder.of_user(data_dir).open() if use_vocabularies else None)

    def ground(self, name: str, concept_type: str | None = None, context: str | None = None) -> list[Candidate]:
        """Return what ``name`` may mean, best first; an empty list if nothing is like it.

        Args:
            name: As it stands in a text or a record: case, hyphens, spelling variants and the registry's type before it
                ("Drug: …") do not matter.
            concept_type: Only concepts of this class: ours (`kg.models.ConceptType`), or a usual word of others such as
                chemical, gene or condition, in any case. A word that is neither restricts nothing.
            context: The document in which the name stands: what it defines itself goes before what the lexicon knows.
        """
        if not name.strip():
            return []
        name = without_type(name)
        classes = classes_named(concept_type)
        meanings = self._linker.meanings(name, concept_type, self._context_of(context))
        found = [_of_meaning(it) for it in meanings]
        known = {candidate.concept for candidate in found}
        found += [it for it in self._inside(name, known) if not classes or it.concept_type in classes]
        best: dict[str, Candidate] = {}
        for candidate in sorted(found, key=lambda it: (-it.score, it.concept)):
            best.setdefault(candidate.concept, candidate)
        return list(best.values())[:_MOST]

    def _context_of(self, text: str | None) -> Context | None:
        if text is not None and self._context.text != text:
            self._context = Context(text)
        return None if text is None else self._context

    def _inside(self, name: str, known: set[str]) -> Iterator[Candidate]:
        """Yield the marker states that the name spells, and what is named by a part of it."""
        for entry in self._lexicon.look_up(name):
            if entry.state is not None:
                concept = self._terminology.state_concept(entry.concept, entry.state)
                yield Candidate(
                    concept=concept.iri,
                    label=concept.pref_label,
                    concept_type=concept.concept_type.value,
                    score=_STATE,
                    match=f'{entry.kind} "{entry.label}"',
                )
        field = TextField.of_source("", "name", FieldKind.KEYWORD, name)
        for mention in self._finder.find([field])[0]:
            concept, whole = mention.concept, mention.span.quote == name.strip()
            if mention.state is not None:
                concept = self._terminology.state_concept(concept, mention.state)
            if concept.iri not in known:
                yield Candidate(
                    concept=concept.iri,
                    label=concept.pref_label,
                    concept_type=concept.concept_type.value,
                    score=_STATE if whole and concept.concept_type is ConceptType.MARKER_STATE else _PART,
                    match=f'{mention.rule} "{mention.span.quote}"',
                )


def _of_meaning(meaning: Meaning) -> Candidate:
    met = f'{meaning.kind} "{meaning.label}"'
    return Candidate(
        concept=meaning.concept.iri,
        label=meaning.concept.pref_label,
        concept_type=meaning.concept.concept_type.value,
        score=round(meaning.score, 3),
        match=f"{met}: {meaning.rule}" if meaning.rule else met,
    )


def ground_lines(lines: Iterable[str | bytes], grounder: Grounder | None = None) -> Iterator[str]:
    """Answer JSON lines ``{"id", "text", "type"?, "context"?}`` with ``{"id", "candidates": […]}``, one for one.

    Raises:
        ReadError: A line is no such object.
    """
    grounder = grounder or Grounder()
    decoder = msgspec.json.Decoder(Question)
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            asked = decoder.decode(line)
        except (msgspec.DecodeError, UnicodeError) as err:
            raise ReadError(
                "standard input", f"line {number}", "", f'not an object with "id" and "text": {err}'
            ) from err
        candidates = grounder.ground(asked.text, asked.type, asked.context)
        found = [{"concept": it.concept, "label": it.label, "score": it.score, "match": it.match} for it in candidates]
        yield msgspec.json.encode({"id": asked.id, "candidates": found}).decode()


def candidates_table(found: dict[str, list[Candidate]]) -> str:
    """Return the candidates of each name as aligned lines: concept, class, label, score and the label that was met."""
    rows = [
        (name, it.concept, it.concept_type, it.label, f"{it.score:.2f}", it.match)
        for name, candidates in found.items()
        for it in candidates
    ]
    rows += [(name, "-", "", "nothing has this name", "", "") for name, candidates in found.items() if not candidates]
    rows.insert(0, ("name", "concept", "class", "label", "score", "why"))
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows
    )
