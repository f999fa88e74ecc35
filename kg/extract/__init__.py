"""Text to mentions, marker states, criteria and roles. Plain Python: no RDF, no files."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

from kg.extract.biomarkers.mentions import with_phrases
from kg.extract.biomarkers.names import MarkerNames
from kg.extract.criteria import ELIGIBILITY, Item, criteria
from kg.extract.logic import Assays, logic
from kg.extract.mentions import MentionFinder
from kg.extract.roles import RoleFinder, procedures_under
from kg.lexicon import Lexicon
from kg.models import Concept, ConceptType, Criterion, Mention, Record, Span, Statement, Trial

# The groups of procedures that measure something, by their preferred labels; all other procedures treat.
MEASURING_GROUPS: Final = (
    "diagnostic procedure", "diagnostic imaging", "specimen collection", "assessment by questionnaire or interview",
)  # fmt: skip


class Extraction(Record, frozen=True, kw_only=True):
    """What one trial's texts yield; ``mentions`` go with ``trial.texts`` one to one."""

    mentions: tuple[tuple[Mention, ...], ...]
    statements: tuple[Statement, ...]
    criteria: tuple[Criterion, ...]


class Extractor:
    """Reads the texts of trials; one extractor serves all of them.

    Args:
        concepts: The terminology by IRI.
        lexicon: Its labels, indexed.
        symbols: Symbols of genes to their HGNC numbers; they tell names in lists of genes from other words.
        measuring: IRIs of procedures beside ``concepts`` that measure something.
    """

    def __init__(
        self,
        concepts: dict[str, Concept],
        lexicon: Lexicon,
        symbols: Mapping[str, str] | None = None,
        measuring: frozenset[str] = frozenset(),
    ) -> None:
        self._names = MarkerNames(concepts, symbols or {})
        self._mentions = MentionFinder(lexicon)
        measuring |= procedures_under(concepts, MEASURING_GROUPS)
        self._roles = RoleFinder(measuring)
        self._assays = Assays(
            ihc=_procedure(lexicon, "immunohistochemistry"),
            ish=_procedure(lexicon, "in situ hybridization"),
            measuring=measuring,
        )

    def find(self, trial: Trial) -> Extraction:
        """Return all that the texts of ``trial`` say."""
        mentions = self._mentions.find(trial.texts)
        items = [criteria(field) if field.kind in ELIGIBILITY else [] for field in trial.texts]
        mentions = [
            with_phrases(field, cut, named, self._names) if cut else named
            for field, named, cut in zip(trial.texts, mentions, items, strict=True)
        ]
        found: list[Criterion] = []
        for field, named, cut in zip(trial.texts, mentions, items, strict=True):
            for item, inside in _by_item(cut, named):
                known = not item.doubtful
                tree = logic(field, item.start, item.end, inside, self._assays, item.polarity) if known else None
                span = Span(text=field, start=item.start, end=item.end)
                found.append(Criterion(polarity=item.polarity, span=span, order=len(found), logic=tree))
        return Extraction(
            mentions=tuple(tuple(named) for named in mentions),
            statements=tuple(self._roles.statements(trial, mentions, items)),
            criteria=tuple(found),
        )


def _by_item(items: Sequence[Item], mentions: Sequence[Mention]) -> Iterator[tuple[Item, Sequence[Mention]]]:
    """Yield each criterion with the mentions that lie in it; both come in the order of the text."""
    place = 0
    for item in items:
        while place < len(mentions) and mentions[place].span.start < item.start:
            place += 1
        first = place
        while place < len(mentions) and mentions[place].span.start < item.end:
            place += 1
        yield item, [it for it in mentions[first:place] if it.span.end <= item.end]


def _procedure(lexicon: Lexicon, label: str) -> Concept | None:
    found: Iterable[Concept] = (entry.concept for entry in lexicon.look_up(label))
    return next((concept for concept in found if concept.concept_type is ConceptType.PROCEDURE), None)
