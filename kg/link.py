"""Link the names that a record reports (conditions, interventions, outcomes) to concepts, from the mentions in them.

The reported name is always kept beside the concept; a name in which nothing is found stays a name and is counted.
"""

from collections.abc import Iterator, Sequence

from kg.models import ConceptLink, ConceptType, FieldKind, Mention, TextField, Trial

_AGENTS = frozenset({ConceptType.DRUG, ConceptType.DRUG_CLASS, ConceptType.DRUG_COMBINATION, ConceptType.PROCEDURE})
_WANTED = {
    FieldKind.CONDITION: frozenset({ConceptType.DISEASE}),
    FieldKind.INTERVENTION_NAME: _AGENTS,
    FieldKind.INTERVENTION_OTHER_NAME: _AGENTS,
    FieldKind.OUTCOME_MEASURE: frozenset({ConceptType.ENDPOINT}),
}
_WHOLE, _PART = 0.98, 0.9


def links(trial: Trial, mentions: Sequence[Sequence[Mention]]) -> Iterator[ConceptLink]:
    """Yield the links of the trial's reported names; ``mentions`` go with ``trial.texts`` one to one.

    Another name of an intervention counts only where its own name yields nothing.
    """
    named: set[int] = set()
    for field, found in zip(trial.texts, mentions, strict=True):
        wanted = _WANTED.get(field.kind)
        if wanted is None or (field.kind is FieldKind.INTERVENTION_OTHER_NAME and field.index in named):
            continue
        for mention in found:
            if mention.concept.concept_type in wanted:
                if field.kind is FieldKind.INTERVENTION_NAME:
                    named.add(field.index)
                yield _link(field, mention)


def unlinked(trial: Trial, found: Sequence[ConceptLink]) -> Iterator[tuple[FieldKind, str]]:
    """Yield the reported names without a link, with what they are names of."""
    linked = {(link.owner, link.index) for link in found}
    names = (
        (FieldKind.CONDITION, trial.conditions),
        (FieldKind.INTERVENTION_NAME, tuple(intervention.name for intervention in trial.interventions)),
        (FieldKind.OUTCOME_MEASURE, tuple(outcome.measure for outcome in trial.outcomes)),
    )
    for kind, values in names:
        for index, name in enumerate(values):
            if (kind, index) not in linked:
                yield kind, name


def _link(field: TextField, mention: Mention) -> ConceptLink:
    owner = FieldKind.INTERVENTION_NAME if field.kind is FieldKind.INTERVENTION_OTHER_NAME else field.kind
    whole = mention.span.quote.strip() == field.text.strip()
    return ConceptLink(
        owner=owner,
        index=field.index,
        concept=mention.concept,
        span=mention.span,
        rule="whole-name" if whole else "part-of-name",
        confidence=_WHOLE if whole else _PART,
    )
