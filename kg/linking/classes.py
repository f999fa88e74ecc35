"""The words with which others name the classes of concepts."""

from collections.abc import Mapping
from typing import Final

from kg.models import ConceptType

# How well a concept of another class than the one asked for may answer; classes that are not listed do not.
_SUBSTANCE: Final[Mapping[str, float]] = {
    "Drug": 1.0, "DrugClass": 1.0, "DrugCombination": 1.0, "Marker": 0.9,
}  # fmt: skip
_GENE: Final[Mapping[str, float]] = {"Marker": 1.0, "MarkerState": 0.9, "Drug": 0.8, "DrugClass": 0.8}
_TREATMENT: Final[Mapping[str, float]] = {"Drug": 1.0, "DrugClass": 1.0, "DrugCombination": 1.0, "Procedure": 1.0}
_WORDS: Final[Mapping[str, Mapping[str, float]]] = {
    **dict.fromkeys(("chemical", "compound", "substance", "smallmolecule", "medication", "medicine", "treatmentdrug"), _SUBSTANCE),
    **dict.fromkeys(("gene", "protein", "geneorgeneproduct", "biomarker", "geneproduct"), _GENE),
    **dict.fromkeys(("intervention", "treatment", "therapy"), _TREATMENT),
    **dict.fromkeys(
        ("condition", "disorder", "phenotype", "symptom", "diagnosis", "diseaseorphenotypicfeature", "specificdisease",
         "diseaseclass", "modifier", "compositemention"),
        {"Disease": 1.0},
    ),
    **dict.fromkeys(("test", "device", "measurement"), {"Procedure": 1.0}),
    **dict.fromkeys(("outcome",), {"Endpoint": 1.0}),
}  # fmt: skip


def classes_named(word: str | None) -> Mapping[str, float]:
    """Return the classes of concepts that a word names, with how well each answers; empty if it names none of ours.

    Args:
        word: A class of ours (`kg.models.ConceptType`) or a usual word of others, in any case; None for any class.

    >>> classes_named("Chemical")["DrugClass"], classes_named("MARKER"), classes_named(None)
    (1.0, {'Marker': 1.0}, {})
    """
    if word is None:
        return {}
    plain = "".join(filter(str.isalnum, word)).lower()
    for kind in ConceptType:
        if plain in {kind.value.lower(), f"{kind.value.lower()}s"}:
            return {kind.value: 1.0}
    return _WORDS.get(plain) or _WORDS.get(plain.removesuffix("s")) or {}
