"""The one name of a subtype that says states by itself: "triple-negative" is ER-, PR- and HER2-negative by definition.

Other names ("luminal", "basal-like", "hormone-sensitive") stand for signatures or behaviour, and say no state.
"""

import re
from collections.abc import Iterator

from kg.extract.drafts import Draft
from kg.lexicon import Lexicon
from kg.models import Concept, ConceptType

RULE = "triple-negative"
_TRIPLE_NEGATIVE = re.compile(
    r"(?<![A-Za-z])(?<!non[- ])(?<!not )triple[\s\-‐‑–]{1,3}negativ(?:e|ity)\b|(?<![A-Za-z])(?<!non-)m?TNBC\b",
    re.IGNORECASE,
)
_MARKERS = ("estrogen receptor", "progesterone receptor", "HER2")


class Subtypes:
    """Finds names of subtypes that say states; one serves all texts."""

    def __init__(self, lexicon: Lexicon) -> None:
        found = (_marker(lexicon, name) for name in _MARKERS)
        self._markers = tuple(concept for concept in found if concept is not None)

    def find(self, text: str) -> Iterator[Draft]:
        """Yield a marker in its state for each that a subtype's name in ``text`` speaks of."""
        if "TNBC" not in text and "riple" not in text and "RIPLE" not in text:
            return
        for match in _TRIPLE_NEGATIVE.finditer(text):
            start, end = match.span()
            for concept in self._markers:
                yield Draft(start, end, concept, RULE, True, "negative", start, end)


def _marker(lexicon: Lexicon, name: str) -> Concept | None:
    concepts = (entry.concept for entry in lexicon.look_up(name))
    return next((it for it in concepts if it.concept_type is ConceptType.MARKER), None)
