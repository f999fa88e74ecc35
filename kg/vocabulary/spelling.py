"""Other spellings of a label that vocabularies leave to their readers: inverted terms, remarks in brackets."""

import re
from collections.abc import Iterator
from typing import Final

from kg.models import ConceptType
from kg.tokens import key
from kg.vocabulary.join import JoinedConcept

_INVERTED: Final = frozenset({ConceptType.DISEASE, ConceptType.PROCEDURE, ConceptType.MARKER, ConceptType.DRUG_CLASS})
_WORDS: Final = re.compile(r"[A-Za-z][A-Za-z0-9'’\-]*(?: [A-Za-z0-9'’\-]+)*")
_REMARK: Final = re.compile(r"(.{2,})\s\(([^()]*)\)")
_MOST_PARTS: Final = 4
_SYMBOL: Final = re.compile(r"[A-Z]{2,}-?\d[A-Z0-9]*")  # with a number: without one it may be a word (San, Cel)
# Endings of diseases and of the adjectives made from them.
_ADJECTIVES: Final = {
    "tension": "tensive", "phrenia": "phrenic", "lepsy": "leptic", "emia": "emic", "aemia": "aemic", "osis": "otic",
    "itis": "itic", "plegia": "plegic", "pathy": "pathic", "penia": "penic", "trophy": "trophic", "betes": "betic",
    "toxicity": "toxic", "kinesia": "kinetic", "asthma": "asthmatic", "mania": "manic", "phasia": "phasic",
    "thermia": "thermic", "uria": "uric", "rrhagia": "rrhagic", "lergy": "lergic",
}  # fmt: skip


def variants(label: str, concept: JoinedConcept) -> Iterator[str]:
    """Yield further spellings of a concept's label.

    "Carcinoma, Non-Small-Cell Lung" is written "Non-Small-Cell Lung Carcinoma"; "ALS (Amyotrophic Lateral Sclerosis)"
    says that ALS is short for a name of the same concept; a gene's "(head to head)" is a remark of its nomenclature
    that no text repeats. A patient with hypertension is hypertensive. Genes are also written like names, as those of
    mice are: Bcl-2, Chk1.
    """
    if concept.concept_type in _INVERTED and ", " in label:
        natural = natural_order(label)
        if natural is not None:
            yield natural
    remark = _REMARK.fullmatch(label) if label.endswith(")") else None
    if remark is not None and (concept.gene_iri is not None or _is_named(concept, remark.group(2))):
        yield remark.group(1)
    if concept.concept_type is ConceptType.DISEASE and label.isalpha():
        yield from adjectives(label)
    if concept.gene_iri is not None and _SYMBOL.fullmatch(label):
        yield label.capitalize()


def _is_named(concept: JoinedConcept, name: str) -> bool:
    return key(name) in {key(label) for label in (concept.pref_label, *concept.alt_labels)}


def adjectives(label: str) -> Iterator[str]:
    """Yield the adjectives that are made from the name of a disease in one word.

    >>> list(adjectives("Hypertension")), list(adjectives("Pain"))
    (['hypertensive'], [])
    """
    word = label.lower()
    for ending, adjective in _ADJECTIVES.items():
        if word.endswith(ending):
            yield word.removesuffix(ending) + adjective


def natural_order(label: str) -> str | None:
    """Return an inverted term in its natural order; None for one that is no such term.

    >>> natural_order("Carcinoma, Non-Small-Cell Lung"), natural_order("Diabetes Mellitus, Type 2")
    ('Non-Small-Cell Lung Carcinoma', 'Type 2 Diabetes Mellitus')
    >>> natural_order("Wounds, Cuts, and Bruises")
    """
    parts = label.split(", ")
    if not 1 < len(parts) <= _MOST_PARTS or not all(_WORDS.fullmatch(part) for part in parts):
        return None
    if any(part.split(" ")[0].casefold() in {"and", "or", "other", "in", "with", "of"} for part in parts):
        return None
    return " ".join(reversed(parts))
