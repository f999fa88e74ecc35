"""What a name means, and why: candidates with scores, best first."""

import json
from collections.abc import Iterable, Iterator

from kg.errors import ReadError
from kg.extract.mentions import MentionFinder
from kg.lexicon import Entry
from kg.models import ConceptType, FieldKind, Record, TextField
from kg.terminology import Terminology, load_terminology
from kg.vocabulary.lexicon import make_lexicon

# How much a kind of label says; an ambiguous one needs a context to prove it, and a name that only contains a label
# is more than it.
_SCORES = {"prefLabel": 1.0, "altLabel": 0.95, "hiddenLabel": 0.9, "ambiguousLabel": 0.5}
_STATE, _PART = 0.95, 0.4


class Candidate(Record, frozen=True, kw_only=True):
    """A concept that a name may mean. ``match`` says which of its labels the name met."""

    concept: str  # IRI
    label: str
    concept_type: str
    score: float
    match: str


class Grounder:
    """Looks names up; the lexicon is made once.

    >>> Grounder().ground("HER-2")[0].concept
    'http://id.nlm.nih.gov/mesh/D018719'
    """

    def __init__(self, terminology: Terminology | None = None) -> None:
        self._terminology = terminology or load_terminology()
        self._lexicon = make_lexicon(self._terminology)
        self._finder = MentionFinder(self._lexicon)

    def ground(self, name: str, concept_type: str | None = None) -> list[Candidate]:
        """Return what ``name`` may mean, best first; an empty list if nothing has this name.

        Args:
            name: As it stands in a text: case, hyphens and spelling variants do not matter.
            concept_type: Only concepts of this class (`kg.models.ConceptType`).
        """
        if not name.strip():
            return []
        found = [self._of_entry(entry) for entry in self._lexicon.look_up(name)]
        found += self._inside(name, {candidate.concept for candidate in found})
        best: dict[str, Candidate] = {}
        for candidate in found:
            if concept_type in {None, candidate.concept_type}:
                known = best.get(candidate.concept)
                if known is None or known.score < candidate.score:
                    best[candidate.concept] = candidate
        return sorted(best.values(), key=lambda it: (-it.score, it.concept))

    def _of_entry(self, entry: Entry) -> Candidate:
        concept = entry.concept
        if entry.state is not None:
            concept = self._terminology.state_concept(concept, entry.state)
        return Candidate(
            concept=concept.iri,
            label=concept.pref_label,
            concept_type=concept.concept_type.value,
            score=_SCORES[entry.kind],
            match=f'{entry.kind} "{entry.label}"',
        )

    def _inside(self, name: str, known: set[str]) -> Iterator[Candidate]:
        """Yield the marker state that the name spells, and what is named by a part of it."""
        field = TextField(document="", locator="name", kind=FieldKind.KEYWORD, text=name)
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


def ground_lines(lines: Iterable[str], grounder: Grounder | None = None) -> Iterator[str]:
    """Answer JSON lines ``{"id", "text", "type"?}`` with ``{"id", "candidates": […]}``, one for one.

    Raises:
        ReadError: A line is no such object.
    """
    grounder = grounder or Grounder()
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            asked = json.loads(line)
            name, concept_type, identifier = asked["text"], asked.get("type"), asked.get("id")
            candidates = grounder.ground(name, concept_type)
        except (ValueError, KeyError, TypeError, AttributeError) as err:
            raise ReadError(
                "standard input", f"line {number}", "", f'not an object with "id" and "text": {err}'
            ) from err
        found = [{"concept": it.concept, "label": it.label, "score": it.score, "match": it.match} for it in candidates]
        yield json.dumps({"id": identifier, "candidates": found}, ensure_ascii=False)


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
