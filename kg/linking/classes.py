"""The words with which others name the classes of concepts."""

from collections.abc import Mapping
from functools import cache
from typing import Final

from kg.models import ConceptType

# How well a concept of another class than the one asked for may answer; classes that are not listed do not.
_SUBSTANCE: Final = {"Drug": 1.0, "DrugClass": 1.0, "DrugCombination": 1.0, "Marker": 0.9}
_GENE: Final = {"Marker": 1.0, "MarkerState": 0.9, "Drug": 0.8, "DrugClass": 0.8}
_TREATMENT: Final = {"Drug": 1.0, "DrugClass": 1.0, "DrugCombination": 1.0, "Procedure": 1.0}
_DISEASE: Final = {"Disease": 1.0}
# Words of corpora and vocabularies: PubTator, NCBI's disease corpus, Biolink, OMOP, registries.
_WORDS: Final[Mapping[str, Mapping[str, float]]] = {
    word: classes
    for classes, words in (
        (_SUBSTANCE, "chemical compound substance smallmolecule medication medicine chemicalentity molecule"),
        (_GENE, "gene protein geneproduct geneorgeneproduct biomarker familyname"),
        (_TREATMENT, "intervention treatment therapy"),
        (_DISEASE, "condition disorder phenotype phenotypicfeature symptom finding diagnosis illness"),
        (_DISEASE, "diseaseorphenotypicfeature specificdisease diseaseclass modifier compositemention"),
        ({"Procedure": 1.0}, "test device measurement"),
        ({"Endpoint": 1.0}, "outcome"),
    )
    for word in words.split()
}


@cache
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
