"""Statements from mentions: a role, the rule that gave it, and how certain the rule is."""

from typing import Final

from kg.models import ConceptType, Mention, Role, Statement

DRUGS: Final = frozenset({ConceptType.DRUG, ConceptType.DRUG_CLASS, ConceptType.DRUG_COMBINATION})
# Concepts without a role: a trial's diseases come from its conditions, its endpoints from its outcomes.
SILENT: Final = frozenset({ConceptType.DISEASE, ConceptType.ENDPOINT})
# Rules, and how often each is right: counted on development texts, rounded.
_CONFIDENCE: Final = {
    "eligibility-inclusion": 0.95, "eligibility-exclusion": 0.95, "eligibility-negated": 0.9,
    "condition-name": 0.95, "title": 0.9,
    "intervention-arm": 0.95, "control-name": 0.9, "population-sentence": 0.8, "objective-sentence": 0.75,
    "design-sentence": 0.75,
    "stratification": 0.85, "outcome": 0.9, "procedure-use": 0.8, "mention": 0.9,
}  # fmt: skip


# What a mention owes to one of these must be seen in the statement itself: its words do not name the marker.
_TELLS_ITSELF: Final = frozenset({"triple-negative"})


# Rules by which less is asked for than the state says: that it is ruled out cannot be said of all of the state.
NARROWER: Final = frozenset({"gene-variant"})


def strong(role: Role, mention: Mention, rule: str, *, state: bool = False) -> Statement:
    """Return the statement ``trial role concept``, or, with ``state``, of the marker in its state."""
    return Statement(
        role=role, concept=mention.concept, span=mention.span,
        rule=mention.rule if state and mention.rule in _TELLS_ITSELF else rule,
        confidence=round(_CONFIDENCE[rule] * mention.confidence, 3), state=mention.state if state else None,
    )  # fmt: skip


def weak(mention: Mention) -> Statement:
    """Return that the trial's text mentions the concept, and no more."""
    return strong(Role.MENTIONS, mention, "mention")


def weakened(statement: Statement) -> Statement:
    """Return a statement as no more than a mention."""
    return Statement(
        role=Role.MENTIONS,
        concept=statement.concept,
        span=statement.span,
        rule="mention",
        confidence=statement.confidence,
    )
