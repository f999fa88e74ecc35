"""Spell a biomarker as annotators of trials do: the marker first, then the variant or the state.

The convention is that of the annotations published with oncotrialLLM: "EGFR L858R", without the word mutation where a
variant is named; "BRCA1 mutation (germline)"; "HER2 positive"; no levels, scores or synonyms. Names, nouns and
short forms ("MSI-H", "wt", "del") are those of the text.
"""

import re
from typing import Final

from kg.extract.biomarkers.grammar import Biomarker

_LEVELS: Final = {"high expression": "overexpression"}
# Short forms that stay as they are.
_SHORT: Final = {"msi-high": frozenset({"MSI-H"}), "tmb-high": frozenset({"TMB-H"})}
_FIXED: Final = {"mss": "MSS", "msi-low": "MSI-low"}


def spelled(biomarker: Biomarker) -> str:
    """Return the biomarker as a string.

    >>> spelled(Biomarker("KRAS", variant="G12C")), spelled(Biomarker("BRCA1", "mutation", origin="germline"))
    ('KRAS G12C', 'BRCA1 mutation (germline)')
    """
    if biomarker.whole:
        return _whole(*biomarker.whole)
    said = biomarker.variant or " ".join(part for part in (biomarker.kind, biomarker.noun) if part)
    said = _LEVELS.get(said, said)
    origin = f" ({biomarker.origin})" if biomarker.origin else ""
    return f"{biomarker.label} {said}{origin}"


def _whole(kind: str, words: str, sign: str) -> str:
    if kind in _SHORT and words in _SHORT[kind]:
        return words
    if kind == "msi-high":
        return "MSI-high" if "MSI" in words.replace("(MSI-H", "") else "microsatellite instability-high"
    if kind == "dmmr":
        return "dMMR" if re.match(r"d?MMR", words) else "mismatch repair deficient"
    if kind == "pmmr":
        return "pMMR" if re.match(r"p?MMR", words) else "mismatch repair proficient"
    if kind == "tmb-high":
        return "TMB-high" if words.startswith("TMB") else "tumor mutational burden-high"
    if kind in {"ph", "hrd"}:
        state = "negative" if sign.startswith(("-", "neg")) else "positive"
        name = "Philadelphia chromosome" if kind == "ph" else "HRD"
        return f"{name} {state}" if sign else name
    if kind == "h3":
        return re.sub(r"[\s-]*(K2[78])", r" \1", words)
    return _FIXED.get(kind, words)
