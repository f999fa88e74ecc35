"""What a trial's arms make of its interventions: under test, in the control arm, or given in all.

Old records list interventions without arms; there the arms are read from the description ("Arm I: Patients receive …").
"""

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Final, NamedTuple

from kg.extract.context import context
from kg.extract.sentences import sentences
from kg.models import Arm, Concept, ConceptType, FieldKind, Intervention, Mention, Role, Trial

_CONTROL_ARMS: Final = frozenset({"ACTIVE_COMPARATOR", "PLACEBO_COMPARATOR", "SHAM_COMPARATOR", "NO_INTERVENTION"})
# Nobody tests these: labels of concepts that are what something else is compared with.
_CONTROLS: Final = frozenset({"placebo", "standard of care", "sham procedure"})
_GIVEN_TYPES: Final = frozenset(
    {ConceptType.DRUG, ConceptType.DRUG_CLASS, ConceptType.DRUG_COMBINATION, ConceptType.PROCEDURE}
)
_ARM = re.compile(r"\b(?:Arm|ARM) (?P<label>[IVX]{1,4}|[A-H]|\d)\b(?:\s?\([^()]{0,60}\))?:\s")
_AS_IN_ARM = re.compile(r"\bas in (?:arm|Arm|ARM) (?P<label>[IVX]{1,4}|[A-H]|\d)\b")
# Where the last arm ends, if not with its paragraph: what follows is done in all arms.
_AFTER_ARMS = re.compile(
    r"(?:All (?:patients|women)|In (?:all|both) (?:arms|groups)|(?:Patients|Women) in (?:all|both)|"
    r"Both (?:arms|groups)|Patients are followed|PROJECTED|Quality of life)\b"
)
_PARAGRAPH_END = re.compile(r"\n[ \t]*\n(?![ \t]*[-*•])")
_GIVEN = re.compile(r"\b(?:receive|undergo|begin|continue|take)s?\b", re.IGNORECASE)
_ONLY_SOME = re.compile(
    r"\b(?:randomi[sz]ed|may|some|if|or|with or without|versus|vs|stratified|cohorts?|"
    r"(?:patients|women) (?:with|who|whose|not|in|on|achieving|undergoing))\b",
    re.IGNORECASE,
)


def arm_roles(trial: Trial) -> dict[int, Role]:
    """Return the role of each intervention, by its place: from the kinds of the arms that have it.

    Empty where the arms do not say which are controls.
    """
    experimental = [arm for arm in trial.arms if arm.arm_type == "EXPERIMENTAL"]
    control = [arm for arm in trial.arms if arm.arm_type in _CONTROL_ARMS]
    if not control or not experimental:
        return {}
    roles: dict[int, Role] = {}
    for place, intervention in enumerate(trial.interventions):
        tested = [_has(arm, intervention) for arm in experimental]
        compared = [_has(arm, intervention) for arm in control]
        if all(tested) and all(compared):
            roles[place] = Role.BACKGROUND
        elif any(compared) and not any(tested):
            roles[place] = Role.COMPARATOR
        else:
            roles[place] = Role.INVESTIGATES
    if Role.INVESTIGATES not in roles.values():  # the same interventions in another order or dose: they are the test
        return {place: Role.INVESTIGATES if role is Role.BACKGROUND else role for place, role in roles.items()}
    return roles


class _Stretch(NamedTuple):
    """Where a description speaks of one arm."""

    label: str
    start: int
    end: int


def described_roles(trial: Trial, mentions: Sequence[Sequence[Mention]], own: frozenset[str]) -> dict[str, Role]:
    """Return the roles of concepts, by IRI, from arms that only the description tells apart.

    Empty for a trial whose record says which arms are controls, where fewer than two arms are described, or where all
    of its interventions are in all of them: then dose or order are what is tested.

    Args:
        trial: The trial.
        mentions: The mentions of its texts, one to one.
        own: IRIs of the concepts that its interventions name.
    """
    if any(arm.arm_type in _CONTROL_ARMS for arm in trial.arms):
        return {}
    for field, found in zip(trial.texts, mentions, strict=True):
        if field.kind is FieldKind.DETAILED_DESCRIPTION and (arms := _described(field.text)):
            roles = _roles_in(field.text, found, arms)
            return roles if any(roles.get(iri) is Role.INVESTIGATES for iri in own) else {}
    return {}


def _described(text: str) -> list[_Stretch]:
    marks = list(_ARM.finditer(text))
    if len({match["label"] for match in marks}) < len("AB"):
        return []
    last = marks[-1]
    arms = [_Stretch(match["label"], match.end(), following.start()) for match, following in pairwise(marks)]
    return [*arms, _Stretch(last["label"], last.end(), _arms_end(text, last.end()))]


def _arms_end(text: str, start: int) -> int:
    paragraph = _PARAGRAPH_END.search(text, start)
    end = paragraph.start() if paragraph else len(text)
    return next((first for first, _ in sentences(text, start, end) if _AFTER_ARMS.match(text, first)), end)


def _roles_in(text: str, mentions: Sequence[Mention], arms: Sequence[_Stretch]) -> dict[str, Role]:
    """Return background for what all arms have, or all patients get besides; what only some arms have is tested."""
    of_arms: dict[str, dict[str, Concept]] = {arm.label: {} for arm in arms}
    given = [it for it in mentions if it.concept.concept_type in _GIVEN_TYPES]
    for arm in arms:
        for start, end in sentences(text, arm.start, arm.end):
            named = [
                it
                for it in given
                if start <= it.span.start < end and not context(text, it.span.start, it.span.end, (start, end)).denied
            ]
            of_arms[arm.label] |= {it.concept.iri: it.concept for it in named}
            if other := _AS_IN_ARM.search(text, start, end):
                before = [it.concept for it in named if it.span.start < other.start()]
                of_arms[arm.label] |= _taken_over(before, of_arms.get(other["label"], {}))
    besides = {it.concept.iri for it in _outside(text, given, arms)}
    to_all = set.intersection(*map(set, of_arms.values())) | besides
    some = set[str]().union(*of_arms.values()) - to_all
    return dict.fromkeys(to_all, Role.BACKGROUND) | dict.fromkeys(some, Role.INVESTIGATES)


def _taken_over(named: Sequence[Concept], other: dict[str, Concept]) -> dict[str, Concept]:
    """Return what "as in arm I" takes over: all of it, of "chemotherapy as in arm I" its drugs, else what is named."""
    if not named:
        return other
    if all(it.concept_type is ConceptType.DRUG_CLASS for it in named):
        return {iri: it for iri, it in other.items() if it.concept_type is not ConceptType.PROCEDURE}
    return {}


def _outside(text: str, mentions: Sequence[Mention], arms: Sequence[_Stretch]) -> Iterator[Mention]:
    """Yield what sentences outside the arms say that the patients get, all of them."""
    spans = list(sentences(text))
    starts = [start for start, _ in spans]
    for mention in mentions:
        at = mention.span.start
        if any(arm.start <= at < arm.end for arm in arms):
            continue
        start, end = spans[bisect_right(starts, at) - 1]
        if _GIVEN.search(text, start, at) and not _ONLY_SOME.search(text, start, end):
            yield mention


def _has(arm: Arm, intervention: Intervention) -> bool:
    return intervention.name in arm.interventions or arm.label in intervention.arm_labels


def is_control(mention: Mention) -> bool:
    """Tell whether a concept is only ever compared with: placebo, standard of care."""
    return mention.concept.pref_label in _CONTROLS


def named_interventions(trial: Trial, mentions: Sequence[Sequence[Mention]]) -> frozenset[str]:
    """Return the IRIs of all concepts that intervention names contain: their roles are settled by the arms."""
    return frozenset(
        mention.concept.iri
        for field, found in zip(trial.texts, mentions, strict=True)
        if field.kind is FieldKind.INTERVENTION_NAME
        for mention in found
        if mention.concept.concept_type is not ConceptType.MARKER
    )
