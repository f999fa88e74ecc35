"""What a trial's arms make of its interventions: under test, in the control arm, or given in all."""

from collections.abc import Sequence
from typing import Final

from kg.models import Arm, ConceptType, FieldKind, Intervention, Mention, Role, Trial

_CONTROL_ARMS: Final = frozenset({"ACTIVE_COMPARATOR", "PLACEBO_COMPARATOR", "SHAM_COMPARATOR", "NO_INTERVENTION"})
# Nobody tests these: labels of concepts that are what something else is compared with.
_CONTROLS: Final = frozenset({"placebo", "standard of care", "sham procedure"})


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
