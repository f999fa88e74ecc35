"""The class of a MeSH concept from its place in the trees.

Sources: MeSH Tree Structures, 2024 (https://www.nlm.nih.gov/mesh/intro_trees.html). Descriptors of other trees
(anatomy, organisms, places, people, publication types …) are of no class here and are left out.
"""

import re
from collections.abc import Callable, Sequence
from typing import Final

from kg.models import ConceptType

# Proteins, enzymes, antigens, measured substances: found in a patient rather than given to one.
_MARKERS: Final = ("D08.811", "D12.644.276.374", "D12.776", "D23.050", "D23.101", "D23.119", "D23.529", "D13.444")
# Antibodies made as drugs stand among the blood proteins.
_GIVEN: Final = ("D12.776.124.486.485.114.224", "D12.776.377.715.548.114.224", "D12.776.124.790.651.114.224")
_ACTIONS: Final = "D27"
_FORMS: Final = "D26.255"  # tablets, solutions, capsules: how a drug is given
# Of the investigative techniques those done on a patient's sample; statistics and study designs are no procedures.
_PROCEDURES: Final = ("E01", "E02", "E03", "E04", "E06", "E05.200", "E05.393", "E05.478", "E05.196", "E05.242")
# How a drug is given, and how a disease goes on: said of treatments, and none.
_NO_PROCEDURES: Final = ("E02.319.267", "E01.789")
_DISEASES: Final = ("C", "F03")
_PROTEIN: Final = re.compile(r"\bproteins?,|\bprotein$")
_DISEASE_WORD: Final = re.compile(
    r"""\b(?:syndromes?|diseases?|disorders?|deficiency|deficiencies|an?emias?|dystroph(?:y|ies)|dysplasias?|cancers?
    |tumou?rs?|ataxias?|palsy|epileps(?:y|ies)|deafness|blindness|dementia|retardation|disability|hypoplasia|aplasia
    |hyperplasia|fever|infections?|malformations?|anomal(?:y|ies)|abnormalit(?:y|ies)|defects?|intolerance|dwarfism
    |nevus|cataracts?|glaucoma|susceptibility|resistance\ to|paraplegia|migraine|contractures?|absence\ of|atresia
    |degeneration|diabetes|goiter|fistulas?|dysgenesis|synostos[ei]s|telangiectasias?|deformit(?:y|ies)|triad|arrest
    |imperfecta|pigmentosum|poikiloderma|chorea|myotonia|neoplasms?|sclerosis|palsies|gigantism|hyperostosis
    |hearing\ loss|short\ stature|fragility|keratoderma|albinism|cleft|insensitivity|periodic\ paralysis|lipodystrophy
    )\b
    |(?:opathy|opathies|itis|plasia|penia|lithiasis|cholestasis|[a-z]{3}osis|oma|emia|uria|trophy|plegia|dactyly|cephaly
    |ichthyosis|thrombophilia)\b
    |\b(?:autosomal|X-linked|congenital|familial|hereditary|infantile|juvenile-onset)\b""",
    re.IGNORECASE | re.VERBOSE,
)
# Pathologic processes that are said of a disease and are none: its course, its stage, that it is one at all.
_ATTRIBUTES: Final = ("C23.550.288", "C23.550.291")
_FINDINGS: Final = "C23"
_EXAMINATIONS: Final = "E01"
_MEASURING: Final = ("E01", "E05")  # diagnosis and investigative techniques
_SINGULAR: Final = ("ss", "us", "is", "as", "os")


def supplementary_type(label: str) -> ConceptType:
    """Return the class of a supplementary record from a table that has only its label.

    NLM's XML says the class; there are chemicals, protocols, diseases and organisms. What names a disease does so with
    its head, which no chemical has.

    >>> supplementary_type("Pendred syndrome").value, supplementary_type("KCNMB2 protein, human").value
    ('Disease', 'Marker')
    """
    if _PROTEIN.search(label):
        return ConceptType.MARKER
    return ConceptType.DISEASE if _DISEASE_WORD.search(label) else ConceptType.DRUG


def concept_type(
    label: str, tree_numbers: Sequence[str], has_narrower: Callable[[str], bool], *, acts_as_drug: bool
) -> ConceptType | None:
    """Return the class of a descriptor; None for one of another kind.

    Args:
        label: The heading: classes are in the plural.
        tree_numbers: Its places. A disease that is also a sign or an examination is a disease.
        has_narrower: Tells whether anything stands below a tree number.
        acts_as_drug: Whether MeSH gives it a pharmacological action.
    """
    diseases = [number for number in tree_numbers if number.startswith(_DISEASES)]
    if diseases:
        return None if _is_no_disease(diseases, tree_numbers) else ConceptType.DISEASE
    chemical = [number for number in tree_numbers if number.startswith("D") and not number.startswith(_FORMS)]
    if chemical:
        return _chemical(label, chemical, has_narrower, acts_as_drug=acts_as_drug)
    procedures = [number for number in tree_numbers if number.startswith(_PROCEDURES)]
    # The trees' own headings (diagnosis, therapeutics) name no procedure.
    if any("." in number and not number.startswith(_NO_PROCEDURES) for number in procedures):
        return ConceptType.PROCEDURE
    return None


def measures(tree_numbers: Sequence[str]) -> bool:
    """Tell whether a procedure with these places measures something, a biopsy included, rather than treats."""
    return any(number.startswith(_MEASURING) for number in tree_numbers)


def _is_no_disease(diseases: Sequence[str], tree_numbers: Sequence[str]) -> bool:
    """Tell whether a descriptor among the diseases is an attribute of diseases, or something measured (body weight)."""
    measured = any(number.startswith(_EXAMINATIONS) for number in tree_numbers)
    return all(number.startswith(_ATTRIBUTES) or (measured and number.startswith(_FINDINGS)) for number in diseases)


def _chemical(
    label: str, numbers: Sequence[str], has_narrower: Callable[[str], bool], *, acts_as_drug: bool
) -> ConceptType:
    if all(number.startswith(_ACTIONS) for number in numbers):
        return ConceptType.DRUG_CLASS
    given = acts_as_drug or any(number.startswith(_GIVEN) for number in numbers)
    if not given and all(number.startswith(_MARKERS) for number in numbers):
        return ConceptType.MARKER
    plural = label.endswith("s") and not label.endswith(_SINGULAR)
    return ConceptType.DRUG_CLASS if plural and any(map(has_narrower, numbers)) else ConceptType.DRUG
