"""Text to mentions, marker states, criteria and roles. Plain Python: no RDF, no files."""

from collections.abc import Iterable

from kg.extract.criteria import criteria
from kg.extract.logic import Assays, logic
from kg.extract.mentions import MentionFinder
from kg.extract.roles import RoleFinder, therapeutic_procedures
from kg.lexicon import Lexicon
from kg.models import Concept, ConceptType, Criterion, FieldKind, Mention, Record, Span, Statement, Trial

_ELIGIBILITY = frozenset({FieldKind.ELIGIBILITY, FieldKind.INCLUSION, FieldKind.EXCLUSION})
# The groups of procedures that treat; their labels in the scheme of procedures.
TREATING_GROUPS = frozenset({"surgery", "radiotherapy", "transplantation", "ablation", "embolization", "cell therapy procedure"})


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
    """

    def __init__(self, concepts: dict[str, Concept], lexicon: Lexicon) -> None:
        self._mentions = MentionFinder(lexicon)
        self._roles = RoleFinder(therapeutic_procedures(concepts, TREATING_GROUPS))
        self._assays = Assays(
            ihc=_procedure(lexicon, "immunohistochemistry"), ish=_procedure(lexicon, "in situ hybridization")
        )

    def find(self, trial: Trial) -> Extraction:
        """Return all that the texts of ``trial`` say."""
        mentions = self._mentions.find(trial.texts)
        items = [criteria(field) if field.kind in _ELIGIBILITY else [] for field in trial.texts]
        statements = tuple(self._roles.statements(trial, mentions, items))
        found: list[Criterion] = []
        for field, named, cut in zip(trial.texts, mentions, items, strict=True):
            for item in cut:
                inside = [mention for mention in named if item.start <= mention.span.start < item.end]
                tree = logic(field, item.start, item.end, inside, self._assays)
                found.append(
                    Criterion(polarity=item.polarity, span=Span(text=field, start=item.start, end=item.end), order=len(found), logic=tree)
                )
        return Extraction(
            mentions=tuple(tuple(named) for named in mentions), statements=statements, criteria=tuple(found)
        )


def _procedure(lexicon: Lexicon, label: str) -> Concept | None:
    found: Iterable[Concept] = (entry.concept for entry in lexicon.look_up(label))
    return next((concept for concept in found if concept.concept_type is ConceptType.PROCEDURE), None)
