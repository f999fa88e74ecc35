"""Which names of a vocabulary may well mean something else in a text, by general criteria.

A dangerous name counts only where the document itself defines it.
"""

import re
from functools import cache
from pathlib import Path
from typing import Final

from kg.tokens import key
from kg.vocabulary.join import JoinedConcept

_COMMON_WORDS: Final = "common-words.txt"
_CLINICAL_ABBREVIATIONS: Final = "clinical-abbreviations.txt"
_SHORTEST: Final = 3  # characters that any name must have
_SHORTEST_ALIAS: Final = 4  # that a gene's alias or earlier symbol must have
_BY_WEIGHT: Final = re.compile(r"p\d\d")  # p21, p53: proteins known by their weight in kDa
_NUMBER: Final = re.compile(r" \d+$")
_ROMAN: Final = frozenset("IVX")


def is_dangerous(label: str, kind: str, concept: JoinedConcept) -> bool:
    """Tell whether a label counts only where the text proves it.

    Args:
        label: As the vocabulary writes it.
        kind: ``prefLabel``, ``altLabel`` or ``hiddenLabel``: an approved symbol says more than an alias.
        concept: Whose label it is.
    """
    letters = "".join(filter(str.isalnum, label))
    if len(letters) < _SHORTEST or _ROMAN.issuperset(letters):
        return True
    word = key(label)
    if concept.gene_iri is None:
        # An abbreviation in capitals is told from the word by them (AIDS).
        return not label.isupper() and word in _words(_COMMON_WORDS)
    looked_up = min(len(letters), len(word.replace(" ", "")))  # "GADS" is looked up as "GAD"
    if kind != "prefLabel" and looked_up < _SHORTEST_ALIAS and not _BY_WEIGHT.fullmatch(label):
        return True
    word = _NUMBER.sub("", word)  # AND-1
    return word in _words(_COMMON_WORDS) or word in _words(_CLINICAL_ABBREVIATIONS)


@cache
def _words(name: str) -> frozenset[str]:
    lines = Path(__file__).with_name(name).read_text("utf-8").splitlines()
    return frozenset(key(word) for line in lines if not line.startswith("#") for word in line.split())
