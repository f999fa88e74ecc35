"""The marker and the state that a biomarker's words stand for, as the terminology knows them."""

from typing import Final

from kg.extract.biomarkers.grammar import Biomarker
from kg.extract.biomarkers.names import MarkerNames
from kg.extract.states import possible_state

# Nouns to notations of states. What tells one alteration from another ("activating", a variant) is in the string; what
# may be any of them ("alteration", "defect") is no state.
_STATES: Final = {
    "mutation": "mutated", "variant": "mutated",
    "uncertain significance": "mutated", "insertion": "mutated", "inactivation": "mutated", "polymorphism": "mutated",
    "fusion": "fusion", "rearrangement": "fusion", "translocation": "fusion", "amplification": "amplified",
    "copy number gain": "amplified", "deletion": "deleted", "del": "deleted", "co-deletion": "deleted", "loss": "loss",
    "null": "loss",
    "methylation": "methylated", "deficiency": "deficient", "overexpression": "overexpressed",
    "expression": "expressed",
    "positive": "positive", "negative": "negative", "wild-type": "wild-type", "wt": "wild-type",
    "unmutated": "wild-type", "non-amplified": "not-amplified", "low": "low",
    "high": "high", "ultralow": "ultralow",
}  # fmt: skip
_WHOLE: Final = {
    "msi-high": ("MSI", "high"), "msi-low": ("MSI", "low"), "mss": ("MSI", "stable"), "dmmr": ("MMR", "deficient"),
    "pmmr": ("MMR", "proficient"), "tmb-high": ("TMB", "high"), "hrd": ("HRD", "positive"),
    "ph": ("Philadelphia chromosome", "positive"),
}  # fmt: skip


def state_of(biomarker: Biomarker, names: MarkerNames) -> tuple[str | None, str | None]:
    """Return the IRI of the marker and the notation of its state; None for what the terminology lacks."""
    if biomarker.whole:
        return _of_whole(biomarker, names)
    if biomarker.variant:
        variant = names.alteration(f"{biomarker.label} {biomarker.variant.removeprefix('p.')}")
        if variant is not None:
            return variant.iri, possible_state(variant, "positive")
        return names.concept_iri(biomarker.label), "mutated"
    own = names.alteration(f"{biomarker.origin} {biomarker.label}") if biomarker.origin else None
    if own is not None and biomarker.noun == "mutation":
        return own.iri, possible_state(own, "mutated")  # "germline BRCA" is a marker beside BRCA
    state = _STATES.get(biomarker.noun)
    if biomarker.noun == "expression" and biomarker.kind in {"low", "high"}:
        state = "low" if biomarker.kind == "low" else "overexpressed"
    concept = names.concept(biomarker.label)
    if concept is None or state is None:
        return names.concept_iri(biomarker.label), state
    return concept.iri, possible_state(concept, state) or state


def _of_whole(biomarker: Biomarker, names: MarkerNames) -> tuple[str | None, str | None]:
    kind, words, sign = biomarker.whole
    if kind in _WHOLE:
        label, state = _WHOLE[kind]
        if sign.startswith(("-", "neg")):
            state = "negative"
    else:
        label, state = words.removesuffix(sign).rstrip(" -"), "positive"
    concept = names.alteration(label)
    return (concept.iri, possible_state(concept, state) or state) if concept else (None, state)
