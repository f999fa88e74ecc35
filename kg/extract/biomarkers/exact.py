"""Say each thing once, and as exactly as the text does: spellings, synonyms, sets of genes, general beside special."""

import re
from collections.abc import Callable, Sequence
from typing import Final

from kg.extract.biomarkers.alternatives import Stated
from kg.extract.biomarkers.grammar import GENE_SETS, Biomarker
from kg.extract.biomarkers.names import MarkerNames

_KEEPS_GENERAL: Final = re.compile(r"includ|e\.g|\beg\b|\betc\b", re.IGNORECASE)
_SPECIFIC: Final = frozenset(
    {"mutation", "fusion", "amplification", "rearrangement", "translocation", "deletion", "loss", "overexpression"}
)
# What is said of anything, not of genes alone.
_ANYTHINGS: Final = frozenset({"positive", "negative", "low", "high", "variant", "deficiency", "defect"})
_SURE: Final = frozenset({"BRCA", "DDR", "HRR"})
_LONGEST_ABBREVIATION, _SHORTEST_GENE = 4, 2
_GENERAL: Final = frozenset({"alteration", "aberration", "defect"})


def spelt_out(stated: Sequence[Stated]) -> list[Stated]:
    """Put the genes of a set in its place where the text lists them anywhere: "HRR genes: ATM, BRIP1 …"."""
    members: dict[str, tuple[str, ...]] = {}
    for it in stated:
        for name in it.phrase.sets:
            labels = tuple(dict.fromkeys(found.label for found in it.phrase.biomarkers if found.label))
            members[name] = max(members.get(name, ()), labels, key=len)
    spelt: list[Stated] = []
    for it in stated:
        found = tuple(
            biomarker._replace(label=label)
            for biomarker in it.phrase.biomarkers
            for label in members.get(GENE_SETS.get(biomarker.label.lower(), ""), (biomarker.label,))
        )
        spelt.append(it._replace(phrase=it.phrase._replace(biomarkers=tuple(dict.fromkeys(found)))))
    return spelt


def spelt_alike(stated: Sequence[Stated]) -> list[Stated]:
    """Write a name that a text writes in small and in capital letters in one way, the first."""
    first: dict[str, str] = {}
    return [
        it._replace(
            phrase=it.phrase._replace(
                biomarkers=tuple(
                    biomarker._replace(label=first.setdefault(biomarker.label.casefold(), biomarker.label))
                    for biomarker in it.phrase.biomarkers
                )
            )
        )
        for it in stated
    ]


def most_specific(text: str, stated: Sequence[Stated]) -> list[Stated]:
    """Leave out of a criterion what it says more exactly as well: "a mutation (V600E)", "alterations, e.g. fusions"."""
    said = [it for found in stated for it in found.phrase.biomarkers]
    keeps = _KEEPS_GENERAL.search(text) is not None
    exact = {it.label for it in said if it.variant}
    nouns = {it.label for it in said if it.noun in _SPECIFIC}
    origins = {(it.label, it.noun) for it in said if it.origin}

    def says_more(it: Biomarker) -> bool:
        if it.noun in {"mutation", "fusion"} and it.label in exact:
            return keeps
        general = it.noun in _GENERAL and it.label in nouns
        return not general and (bool(it.origin) or (it.label, it.noun) not in origins)

    return filtered(stated, says_more)


def without_synonyms(stated: Sequence[Stated], names: MarkerNames) -> list[Stated]:
    """Leave out a second name of a marker in the same state: "estrogen receptor negative (ER-)"."""
    first: dict[tuple[str, str], str] = {}

    def is_first(it: Biomarker) -> bool:
        if is_doubtful(it, names):
            return False
        said = names.concept_iri(it.label) or it.label, it.noun
        return bool(it.variant or it.whole) or first.setdefault(said, it.label) == it.label

    return filtered(stated, is_first)


def filtered(stated: Sequence[Stated], keep: Callable[[Biomarker], bool]) -> list[Stated]:
    """Return the statements with the biomarkers that are kept; one left without goes with the one before it."""
    kept: list[Stated] = []
    for it in stated:
        left = tuple(biomarker for biomarker in it.phrase.biomarkers if keep(biomarker))
        if left:
            kept.append(it._replace(phrase=it.phrase._replace(biomarkers=left)))
        elif kept:
            kept[-1] = kept[-1]._replace(phrase=kept[-1].phrase._replace(end=it.phrase.end))
    return kept


def is_doubtful(biomarker: Biomarker, names: MarkerNames) -> bool:
    """Tell whether letters that are a gene's symbol may be any abbreviation: no digit, and no alteration behind.

    "C6 T12" is no variant of the gene C6, and classes of mutations ("class 2") are BRAF's.
    """
    label, variant = biomarker.label, biomarker.variant
    if variant:
        return len(label) <= _SHORTEST_GENE or (variant.startswith("class ") and label != "BRAF")
    letters = label.isalpha() and label.isupper() and len(label) <= _LONGEST_ABBREVIATION
    return letters and biomarker.noun in _ANYTHINGS and label not in _SURE and names.concept(label) is None
