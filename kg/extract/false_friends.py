"""Names that the words around them make into something else: "anti-androgen", "L5-S1", "opioid antagonist"."""

import re
from typing import Final

from kg.extract.searching import Guarded
from kg.lexicon import Entry
from kg.models import Concept, ConceptType
from kg.tokens import begins_code

# A longer name that is a label itself has been found instead; these are the ones that nobody lists.
_PREFIX: Final = re.compile(r"(?:\b(?:anti|non|pro|pseudo)[\s]?[\-‐‑–]|\banti\s)\s?$", re.IGNORECASE)
_SUFFIX: Final = re.compile(
    r"[\s\-]*(?:gene[\s\-]related|releasing|receptors?\b|[\s\-]like\b|binding|antagonist|blocker|antibod|synthesis|"
    r"biosynthesis|metabolism)",
    re.IGNORECASE,
)
# "Analgesic effect", "adrenergic receptor": what something does or is acted on by, not that the class is given.
_ADJECTIVE: Final = re.compile(r"(?:ic|ive|ory|al|ant)$")
_DONE: Final = re.compile(
    r"[\s\-]{1,2}(?:effects?|activit|propert|actions?\b|responses?\b|receptors?|neuro|nerve|system\b|transmission|"
    r"mechanisms?|efficacy|potency|tone\b|stimulation|blockade|fib|terminals?|pathways?|signal)",
    re.IGNORECASE,
)
# "Tadalafil placebo", "placebo for tadalafil", "sham acupuncture": not the thing but what looks like it.
_IMITATION_BEHIND: Final = re.compile(
    r"[\s\-]{0,2}(?:[\d.,]+\s?(?:mg|mcg|g|ml|%)\s?)?(?:\(?(?:matched|matching|"
    r"identical)[\s\-])?\(?placebo(?![\s\-]*control)",
    re.IGNORECASE,
)
_IMITATION_BEFORE: Final = Guarded(
    r"\b(?:placebos?\s?(?:\w+\s)?(?:for|of|to match|matching|matched to|identical to|comparator (?:for|to)|to)|"
    r"sham|mock|simulated|dummy)[\s\-:(]{0,3}$",
    re.IGNORECASE,
)
# "N-cadherin" is not the cadherin that some vocabulary calls just so.
_ONE_OF_SEVERAL: Final = re.compile(r"(?<![A-Za-z0-9])(?:[A-Za-zα-ω]|alpha|beta|gamma|delta)-$")
# A spelling, and the words before or behind it that show that it is not the name, of whatever class.
_NO_ALK: Final = re.compile(r"(?!)"), re.compile(r"[\s\-.]{1,2}phos", re.IGNORECASE)
_NO_S1: Final = (
    re.compile(r"(?:\bL\s?\d\s?[\-–/]\s?|\bvertebra\w*\s|\bdis[ck]s?\s)$"),
    re.compile(r"\s*(?:level|vertebra|dis[ck]\b|nerve|dermatome|radiculo)"),
)
_NO_FALL: Final = (
    re.compile(r"(?!)"),
    re.compile(r"\s+(?:below|above|within|outside|under|into|between|asleep|short|off|back|in\b|\d)", re.IGNORECASE),
)
_SPELLINGS: Final = {"ALK": _NO_ALK, "S1": _NO_S1, "S-1": _NO_S1, "FALL": _NO_FALL, "FALLS": _NO_FALL}
# A gene's symbol of a few letters is also a study, a score or a society, unless the words around it are about genes.
_LONGEST_INITIALS: Final = 5
_GENE_REACH: Final = 45
_ABOUT_GENES: Final = re.compile(
    r"\b(?:gen(?:e|es|etic|omic|otyp)|mutat|mutant|variant|allel|polymorphism|(?:over|co-?)?express|protein|m?RNA|"
    r"transcri|promoter|receptor|kinase|ligand|encod|knock|silenc|pathway|signal|amplif|delet|fusion|rearrange|"
    r"translocat|methylat|phosphorylat|antibod|antagonist|cytokine|chemokine|siRNA|(?:up|down)-?regulat|wild-?type|"
    r"null\b|isoform|exon|loc(?:us|i)\b|homolog|orthologue?|subunit|oncogen)|[+-]/[+-]",
    re.IGNORECASE,
)
# Words in a heading or a list in capitals: these tell nothing there.
_SHOUTED: Final = re.compile(r"(?:[A-Z]{2,}[\s,:;/()&\-]+){3}[A-Z]{2,}")
_SHOUT_REACH: Final = 30
_LOOK: Final = 12
_LONGEST_SPELLING: Final = max(map(len, _SPELLINGS))
_GIVEN: Final = frozenset(
    {ConceptType.DRUG, ConceptType.DRUG_CLASS, ConceptType.DRUG_COMBINATION, ConceptType.PROCEDURE}
)
_SPACES: Final = frozenset(" -:(")
_PLACEBO: Final = "placebo"


def is_false_friend(text: str, start: int, end: int, concept: Concept) -> bool:
    """Tell whether the words beside ``start:end`` make it the name of something else than ``concept``."""
    before, behind = text[max(0, start - _LOOK) : start], text[end : end + _LOOK + 4]
    if end - start <= _LONGEST_SPELLING and _is_spelled_alike(text[start:end], before, behind):
        return True
    if concept.concept_type is ConceptType.MARKER:
        return text[start:end].islower() and before[-1:] == "-" and _ONE_OF_SEVERAL.search(before) is not None
    if concept.concept_type not in _GIVEN:
        return False
    if is_imitation(text, start, end, concept):
        return True
    if concept.concept_type is ConceptType.PROCEDURE:
        return begins_code(text, start, end)
    if before and not before[-1].isalnum() and not concept.target_iris and _PREFIX.search(before):
        return True
    if behind and concept.concept_type is ConceptType.DRUG and _SUFFIX.match(behind):
        return True
    return (
        concept.concept_type is ConceptType.DRUG_CLASS
        and _ADJECTIVE.search(text[start:end]) is not None
        and _DONE.match(behind) is not None
    )


def is_doubtful(entry: Entry, text: str, start: int, end: int) -> bool:
    """Tell whether a vocabulary's name at ``start:end`` is not proved to be one by the words around it."""
    if entry.ambiguous:
        return True
    if not (entry.label.isalpha() and entry.label.isupper()):
        return False
    if entry.concept.gene_iri is not None and _is_another_word(text[start:end], entry.label):
        return True
    if len(entry.label) <= _LONGEST_INITIALS and entry.concept.gene_iri is not None:
        return _ABOUT_GENES.search(text[max(0, start - _GENE_REACH) : end + _GENE_REACH]) is None
    return _SHOUTED.search(text[max(0, start - _SHOUT_REACH) : end + _SHOUT_REACH]) is not None


def _is_another_word(surface: str, symbol: str) -> bool:
    """Tell whether a gene's symbol is only like a word ("particles") or like longer initials ("CPPS", not "CPPs")."""
    return surface.islower() or (surface.isupper() and len(surface) > len(symbol))


def _is_spelled_alike(surface: str, before: str, behind: str) -> bool:
    found = _SPELLINGS.get(surface.upper())
    return found is not None and (found[0].search(before) is not None or found[1].match(behind) is not None)


def is_imitation(text: str, start: int, end: int, concept: Concept) -> bool:
    """Tell whether a placebo or sham of the concept is named, not the concept itself."""
    if concept.pref_label == _PLACEBO:
        return False
    behind = text[end : end + 30]
    if "lacebo" in behind and _IMITATION_BEHIND.match(behind):
        return True
    before = text[max(0, start - 40) : start]
    return before[-1:] in _SPACES and _IMITATION_BEFORE.search(before) is not None
