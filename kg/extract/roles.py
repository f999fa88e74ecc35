"""What a mention says of its trial, from the field and the sentence that it stands in (MODEL.md's table of roles)."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from kg.extract.arms import arm_roles, described_roles, named_interventions
from kg.extract.criteria import ELIGIBILITY, Item
from kg.extract.eligibility import eligibility
from kg.extract.narrative import narrative
from kg.extract.short_texts import short_text
from kg.extract.statements import weakened
from kg.extract.states import leaves_open
from kg.models import Concept, ConceptType, FieldKind, Mention, Role, Statement, Trial

_NARRATIVE: Final = frozenset({FieldKind.BRIEF_SUMMARY, FieldKind.DETAILED_DESCRIPTION, FieldKind.STUDY_POPULATION})
# States that no patient's tumour is in at once, side against side. A trial that names both as required takes either.
_SIDES: Final = (
    ({"positive", "overexpressed", "amplified", "expressed", "detected", "high", "elevated"},
     {"negative", "not-overexpressed", "not-expressed", "not-detected"}),
    ({"mutated"}, {"wild-type"}), ({"high"}, {"low"}), ({"elevated"}, {"normal"}), ({"amplified"}, {"not-amplified"}),
    ({"deficient"}, {"proficient"}), ({"methylated"}, {"unmethylated"}),
)  # fmt: skip


def _opposites() -> dict[str, frozenset[str]]:
    found: dict[str, frozenset[str]] = {}
    for one, other in (*_SIDES, *((other, one) for one, other in _SIDES)):
        found |= {state: found.get(state, frozenset()) | other for state in one}
    return found


_OPPOSITES: Final = _opposites()


class RoleFinder:
    """Gives each mention its role.

    Args:
        measures: IRIs of the procedures that measure something (imaging, assays, biopsies); all others treat.
    """

    def __init__(self, measures: frozenset[str]) -> None:
        self._measures = measures

    def statements(
        self, trial: Trial, mentions: Sequence[Sequence[Mention]], criteria: Sequence[Sequence[Item]]
    ) -> list[Statement]:
        """Return a statement a mention; ``mentions`` and ``criteria`` go with ``trial.texts`` one to one."""
        either_way = _left_open(trial, mentions, criteria)
        return _consistent(list(self._all(trial, mentions, criteria)), either_way)

    def _all(
        self, trial: Trial, mentions: Sequence[Sequence[Mention]], criteria: Sequence[Sequence[Item]]
    ) -> Iterator[Statement]:
        arms = arm_roles(trial)
        own = named_interventions(trial, mentions)
        described = described_roles(trial, mentions, own)
        for field, found, items in zip(trial.texts, mentions, criteria, strict=True):
            if not found:
                continue
            if field.kind in ELIGIBILITY:
                yield from eligibility(field, found, items, self._measures, own)
            elif field.kind in _NARRATIVE:
                yield from narrative(field, found, trial, own, self._measures)
            else:
                for mention in found:
                    yield from short_text(field, mention, arms, described, own, self._measures, trial)


def _left_open(
    trial: Trial, mentions: Sequence[Sequence[Mention]], criteria: Sequence[Sequence[Item]]
) -> frozenset[str]:
    """Return the IRIs of the markers that a criterion takes in either state: what another asks for is asked of some."""
    return frozenset(
        mention.concept.iri
        for field, found, items in zip(trial.texts, mentions, criteria, strict=True)
        if items
        for mention in found
        if mention.concept.concept_type is ConceptType.MARKER
        and mention.state is None
        and leaves_open(field.text, mention.name_start, mention.name_end)
    )


def _consistent(statements: list[Statement], either_way: frozenset[str]) -> list[Statement]:
    """Weaken what contradicts itself: both sides of a marker required, or a state required and excluded."""
    required = {(it.concept.iri, it.state) for it in statements if it.role is Role.REQUIRES_MARKER_STATE}
    if not required:
        return statements
    either = {
        (iri, state)
        for iri, state in required
        if iri in either_way or any((iri, other) in required for other in _OPPOSITES.get(state or "", ()))
    }
    return [weakened(it) if _contradicts(it, required, either) else it for it in statements]


def _contradicts(
    statement: Statement, required: set[tuple[str, str | None]], either: set[tuple[str, str | None]]
) -> bool:
    said = (statement.concept.iri, statement.state)
    if statement.role is Role.REQUIRES_MARKER_STATE:
        return said in either
    return statement.role is Role.EXCLUDES_MARKER_STATE and said in required


def procedures_under(concepts: dict[str, Concept], groups: Iterable[str]) -> frozenset[str]:
    """Return the IRIs of the procedures under one of ``groups`` (preferred labels), these included."""
    below: dict[str, list[str]] = {}
    procedures = [it for it in concepts.values() if it.concept_type is ConceptType.PROCEDURE]
    for concept in procedures:
        for parent in concept.broader_iris:
            below.setdefault(parent, []).append(concept.iri)
    wanted = frozenset(groups)
    waiting = [concept.iri for concept in procedures if concept.pref_label in wanted]
    found: set[str] = set()
    while waiting:
        iri = waiting.pop()
        if iri not in found:
            found.add(iri)
            waiting += below.get(iri, ())
    return frozenset(found)
