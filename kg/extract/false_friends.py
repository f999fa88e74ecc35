"""Names that the words around them make into something else: "anti-androgen", "L5-S1", "opioid antagonist"."""

import re
from typing import Final

from kg.models import Concept, ConceptType

# A longer name that is a label itself has been found instead; these are the ones that nobody lists.
_PREFIX: Final = re.compile(r"(?:\b(?:anti|non|pro|pseudo)[\s]?[\-‐‑–]|\banti\s)\s?$", re.IGNORECASE)
_SUFFIX: Final = re.compile(
    r"[\s\-]*(?:gene[\s\-]related|releasing|receptors?\b|[\s\-]like\b|binding|antagonist|blocker|antibod|synthesis|"
    r"biosynthesis|metabolism)",
    re.IGNORECASE,
)
# A spelling, and the words before or behind it that show that it is not the name.
_SPELLINGS: Final = (
    (
        re.compile(r"S-?1", re.IGNORECASE),
        re.compile(r"(?:\bL\s?\d\s?[\-–/]\s?|\bvertebra\w*\s|\bdis[ck]s?\s)$"),
        re.compile(r"\s*(?:level|vertebra|dis[ck]\b|nerve|dermatome|radiculo)"),
    ),
)
_LOOK = 12
_AGENTS: Final = frozenset({ConceptType.DRUG, ConceptType.DRUG_CLASS, ConceptType.DRUG_COMBINATION})


def is_false_friend(text: str, start: int, end: int, concept: Concept) -> bool:
    """Tell whether the words beside ``start:end`` make it the name of something else than ``concept``."""
    if concept.concept_type not in _AGENTS:
        return False
    before, behind = text[max(0, start - _LOOK) : start], text[end : end + _LOOK + 4]
    if before and not before[-1].isalnum() and not concept.target_iris and _PREFIX.search(before):
        return True
    if behind and concept.concept_type is ConceptType.DRUG and _SUFFIX.match(behind):
        return True
    surface = text[start:end]
    return len(surface) < _LOOK and any(
        spelling.fullmatch(surface) and (lead.search(before) or tail.match(behind))
        for spelling, lead, tail in _SPELLINGS
    )
