"""Which words name a marker whose state defines a tumour: curated markers, approved gene symbols, families of genes."""

import re
from collections.abc import Iterator, Mapping
from typing import Final, NamedTuple

from kg.lexicon import Lexicon, entries_of
from kg.models import Concept, ConceptType

HGNC: Final = "http://identifiers.org/hgnc/"
# Markers of blood and organ function, infection (EBV's among them) and metabolism, which are no property of a tumour,
# and names that have their state in them, which `kg.extract.biomarkers.tokens` reads.
_MEASURED: Final = frozenset({
    "25-oh-d", "adenosine-deaminase", "afp", "amh", "anti-hbc", "anti-hbs", "anti-hcv", "beta-hcg", "blueprint",
    "bnp", "breast-cancer-index", "ca-125", "ca-15-3", "ca-19-9", "ca-27-29", "ca-72-4", "cea", "cfdna",
    "circulating-tumor-cells", "cmv", "crp", "ctc", "ctdna", "ctdna-mrd", "cyfra-21-1", "cyp2c19", "cyp2c9",
    "cyp2d6", "cyp3a4", "cytidine-deaminase", "d-dimer", "decipher", "dpyd", "dtc", "ebv", "endopredict",
    "estradiol", "factor-v-leiden", "factor-x", "ferritin", "free-light-chain", "fsh", "g6pd", "gbrca",
    "h-pylori", "hba1c", "hbeag", "hbsag", "hbv-dna", "hcv-rna", "hiv-antibody", "hiv-rna", "hrd", "il-10",
    "il-6", "il-8", "ldh", "lh", "m-protein", "mammaprint", "mmr", "mrd", "msi", "nse", "nt-probnp", "nudt15",
    "oatp1b1", "oncogenic-driver", "oncotype-dx", "pam50", "philadelphia-chromosome", "procalcitonin", "progrp",
    "proteasome", "prothrombin", "psa", "purine-nucleoside-phosphorylase", "rheumatoid-factor", "sbrca",
    "serum-calcitonin", "shbg", "testosterone", "thyroglobulin", "tils", "tmb", "tnf-alpha", "tpmt", "troponin",
    "troponin-i", "troponin-t", "ugt1a1", "uric-acid",
})  # fmt: skip
_ALTERATION_NAMES: Final = re.compile(
    r"\b(?:deletion|insertion|mutation|fusion|amplification|skipping|codeletion|gain|loss|karyotype|"
    r"[A-Z]\d{2,4}[A-Z]|[A-Z]\d{2,4}$|ITD|TKD|CPS|TPS|monosomy|trisomy|polysomy)\b|^(?:t|del|inv)\(|K27M|variant|G12$|V600$"
)
# Symbols of genes that mean something else in eligibility texts, whatever stands beside them.
_NO_GENE: Final = frozenset({
    "ACE", "AIR", "ALL", "AMH", "APC", "ARC", "BAD", "BED", "BEST", "CAD", "CAP", "CAR", "CARE", "CAT", "CEL",
    "CIT", "CLIP", "COPE", "CP", "CPS1", "CR1", "CR2", "CS", "CT", "CYP1A2", "CYP2C19", "CYP2C8", "CYP2C9",
    "CYP2D6", "CYP3A4", "CYP3A5", "DES", "DM", "DPYD", "ECD", "FACT", "G6PD", "GC", "GRADE", "HR", "ICD",
    "IMPACT", "LARGE", "MARS", "MAX", "MRI", "NHS", "NODAL", "NOS", "NUDT15", "OUT", "PC", "PD", "PET", "PIGS",
    "POMP", "PR", "PS", "PT", "REST", "SDS", "SET", "SHE", "SI", "SLE", "SPAM", "STAR", "TAT", "TG", "TH",
    "TNF", "TPMT", "TRAP", "UGT1A1", "WARS", "WAS",
})  # fmt: skip
# Families, and stems of families, that tables of genes lack.
_FAMILIES: Final = frozenset({
    "AKT", "BRCA", "ERK", "FANC", "FGFR", "HER", "IDH", "MAPK", "MEK", "NOTCH", "NTRK", "PDGFR", "PI3K", "RAF", "RAS",
    "SDH", "TRK", "VEGFR", "WNT", "DDR", "HRR", "mTOR", "RAS-GEF", "RAS-GAP", "DNA-PK",
})  # fmt: skip
_NUMBERED: Final = re.compile(
    r"(?P<stem>g?BRCA|NTRK|FGFR|IDH|AKT|MEK|RAD51|MAP2K|ROS|HER|TSC|NF|GNA|NOTCH|TET|KMT2|ARID1)[\s\-]?"
    r"(?P<first>\d[A-D]?)(?P<more>(?:\s?(?:/|,|,?\s?and/or\s|,?\s?and\s|,?\s?or\s|&|-|–)\s?-?\d\d?\b(?![.%]))+)"
)
_RANGE: Final = re.compile(r"^\s?[-–]\s?(\d)$")
_HER2: Final = re.compile(r"HER[\s\-]?2(?:\s?/\s?neu|[\s\-]?neu)?(?![0-9])(?:\s+receptors?\b)?", re.IGNORECASE)
_ERBB2: Final = re.compile(r"ERB-?B2\b", re.IGNORECASE)
_LETTERS: Final = re.compile(r"RAS\s?\((?P<letters>[HKN](?:\s?[/,]\s?[HKN])+)\)")
_WORD: Final = re.compile(r"[A-Za-z][A-Za-z0-9]*(?:[.*][A-Za-z0-9]+)*(?:[\-–‐‑/][A-Za-z0-9]+)*")
_PIECES: Final = re.compile(r"[\-–‐‑/]|[A-Za-z0-9.*]+")
# Older spellings of genes: "c-KIT", "ErbB2", "K-ras", "Akt".
_OLD_NAME: Final = re.compile(
    r"[cC]-?(?:KIT|Kit|MET|Met|MYC|Myc|RAF|FOS|SRC)|[Ee][Rr][Bb]-?B-?[1-4]|[KNH]-?[Rr][Aa][Ss]|[BC]-?[Rr][Aa][Ff]|Akt|Ras|Raf|Alk|Mek"
)
_GREEK: Final = re.compile(r"(?:FR|ER|PDGFR|PPAR|TGF)[\s-]?[αβ]")
_CLUSTER: Final = re.compile(r"cluster of differentiation (?:antigen )?(?P<n>\d+)(?:\s\(CD\d+\))?", re.IGNORECASE)
_HORMONES: Final = re.compile(
    r"(?<![A-Za-z])(?P<name>o?estrogen|progesterone)(?=[\s,/\-]{1,3}(?:and/or\s|and\s|or\s|&\s)?\s?(?:and/or\s|and\s|or\s)?"
    r"(?:progesterone|o?estrogen|her-?\s?2|human epid|receptor))(?!\s(?:replace|therap|contain|treat))",
    re.IGNORECASE,
)
_ANTI: Final = re.compile(r"(?:\banti[\s\-–]?|\bnon-)$", re.IGNORECASE)
# Words that end labels of the terminology but say what the marker is, or its state: they are read as such.
_NO_PART: Final = re.compile(
    r"(?:[\s\-](?:genes?|proteins?|DNA|fusions?|mutations?|mutant|rearrange\w+|amplif\w+|express\w+|status|positiv\w+))+$",
    re.IGNORECASE,
)
_PLURAL: Final = re.compile(r"receptors$", re.IGNORECASE)
_FUSION: Final = re.compile(r"(?<![A-Za-z0-9])[A-Z][A-Z0-9]+::[A-Z][A-Z0-9]+")
_PDL1: Final = re.compile(r"\bPD-?L-?\s?1\b(?!\s?/)")
_DIGIT: Final = re.compile(r"\d")
_SHORTEST = 3  # letters of a gene's symbol without a digit


class Named(NamedTuple):
    """Markers that a stretch of text names: ``labels`` one by one, as they are to be written."""

    start: int
    end: int
    labels: tuple[str, ...]


class MarkerNames:
    """Finds the names of markers; one serves all texts.

    Args:
        markers: The curated concepts; those of other classes are left out.
        symbols: Approved symbols of genes to their HGNC numbers.
    """

    def __init__(self, markers: Mapping[str, Concept], symbols: Mapping[str, str]) -> None:
        self._symbols = symbols
        curated = [concept for concept in markers.values() if concept.concept_type is ConceptType.MARKER]
        self._by_iri = {concept.iri: concept for concept in curated}
        self._by_notation = {concept.notation: concept for concept in curated}
        self._all = Lexicon(entry for concept in curated for entry in entries_of(concept))
        self._lexicon = Lexicon(
            entry for concept in curated if _defines_tumours(concept) for entry in entries_of(concept)
        )

    def concept_iri(self, label: str) -> str | None:
        """Return the IRI of the marker or gene that ``label`` names; None for families that have no concept."""
        concept = self.concept(label)
        if concept is not None:
            return concept.iri
        number = self._symbols.get(label)
        return f"{HGNC}{number}" if number else None

    def by_iri(self, iri: str) -> Concept | None:
        """Return the curated marker with this IRI."""
        return self._by_iri.get(iri)

    def by_notation(self, notation: str) -> Concept | None:
        """Return the curated marker with this notation."""
        return self._by_notation.get(notation)

    def concept(self, label: str) -> Concept | None:
        """Return the curated marker that ``label`` names."""
        entries = self._lexicon.look_up(label) or self._lexicon.look_up(label.removeprefix("g"))
        return entries[0].concept if entries else None

    def alteration(self, label: str) -> Concept | None:
        """Return the curated marker, alterations and scores included, that ``label`` names: "EGFR L858R", "MSI"."""
        entries = self._all.look_up(label)
        return entries[0].concept if entries else None

    def find(self, text: str) -> list[Named]:
        """Return the names in a text, in order, none inside another."""
        found = [*_families(text), *_old_spellings(text), *self._long_names(text), *self._words(text)]
        found.sort(key=lambda named: (named.start, -named.end))
        apart: list[Named] = []
        for named in found:
            if (not apart or named.start >= apart[-1].end) and not _ANTI.search(
                text, max(0, named.start - 6), named.start
            ):
                apart.append(named)
        return [_with_pathway(text, named) for named in apart]

    def _long_names(self, text: str) -> Iterator[Named]:
        """Yield curated names of several words: "estrogen receptor"."""
        for match in self._lexicon.find(text):
            if match.last - match.first > 1 and "/" not in text[match.start : match.end]:
                surface = _NO_PART.sub("", text[match.start : match.end])
                symbol = _symbol(match.entries[0].concept) if " " in surface else None
                label = symbol or _PLURAL.sub("receptor", surface)
                yield Named(match.start, match.start + len(surface), (label,))

    def _words(self, text: str) -> Iterator[Named]:
        for match in _WORD.finditer(text):
            labels, length = self._in_word(match.group())
            if labels:
                yield Named(match.start(), match.start() + length, labels)

    def _in_word(self, word: str) -> tuple[tuple[str, ...], int]:
        """Return the labels that a word begins with and how much of it they take: "ARID1A/B-mutated", "EML4-ALK"."""
        ends = [match.end() for match in _PIECES.finditer(word) if match.group() not in "-–‐‑/"]
        whole = word
        for end in reversed(ends):
            if "/" not in word[:end] and self.is_name(word[:end]):
                whole = word[:end]
                break
        else:
            if "/" not in word:
                glued = self._before_variant(word)
                return ((glued,), len(glued)) if glued else ((), 0)
        if len(whole) < len(word) and word[len(whole)] in "-–‐‑":
            partner = word[len(whole) + 1 :].split("/")[0]
            if self._is_gene(partner) and self._is_gene(whole):
                whole = f"{whole}-{partner}"
        return self._slashes(whole, word)

    def _slashes(self, first: str, word: str) -> tuple[tuple[str, ...], int]:
        first = first.split("/")[0]
        if not self.is_name(first) and "-" not in first:
            return (), 0
        labels, length = [first], len(first)
        for part in word[length:].split("/")[1:] if word[length : length + 1] == "/" else ():
            bare = part.split("-")[0]
            named = next((it for it in (part, bare) if self.is_name(it)), None)
            label = named or self._suffixed(labels[-1], bare)
            if label is None:
                break
            labels.append(label)
            length += 1 + len(named or bare)
        return tuple(labels), length

    def _suffixed(self, label: str, suffix: str) -> str | None:
        """Return "RAD51D" for "D" behind "RAD51C", "GNA11" for "11" behind "GNAQ"."""
        if not suffix or len(suffix) > 2:
            return None
        for cut in (len(suffix), 1):
            candidate = label[:-cut] + suffix
            if candidate in self._symbols:
                return candidate
        return None

    def _before_variant(self, word: str) -> str | None:
        """Return the gene that a word without a blank names before a variant: "KRASG12C", "EGFRex20ins", "KRASm"."""
        match = _GLUED.fullmatch(word)
        return match["gene"] if match and self.is_name(match["gene"]) else None

    def is_name(self, word: str) -> bool:
        """Tell whether a word by itself names a marker."""
        if word in _FAMILIES or self._is_gene(word) or (word[0] == "g" and self._is_gene(word[1:])):
            return True
        return _OLD_NAME.fullmatch(word) is not None or any(entry.fits(word) for entry in self._lexicon.look_up(word))

    def _is_gene(self, word: str) -> bool:
        if word in _NO_GENE:
            return False
        if word in self._symbols:
            return len(word) >= _SHORTEST or _DIGIT.search(word) is not None
        upper = word.upper()
        told = sum(map(str.isupper, word)) >= 2 or _DIGIT.search(word) is not None or (word.istitle() and len(word) > 3)
        return told and upper != word and upper in self._symbols and self.concept(upper) is not None


_GLUED: Final = re.compile(
    r"(?P<gene>[A-Za-z][A-Za-z0-9]{2,6})(?P<rest>[A-Z]\d{2,4}[A-Z]?|[Ee]x(?:on)?\d{1,2}\w*|m|mut|mt)"
)


def _families(text: str) -> Iterator[Named]:
    """Yield families of genes whose members are counted up: "NTRK1/2/3", "FGFR1-3", "RAS (K/N)"."""
    for match in _NUMBERED.finditer(text):
        numbers = re.findall(r"\d\d?", match["more"])
        span = _RANGE.match(match["more"])
        if span and match["first"].isdigit():
            numbers = [str(number) for number in range(int(match["first"]) + 1, int(span[1]) + 1)]
        labels = (match["stem"] + match["first"], *(match["stem"] + number for number in numbers))
        yield Named(match.start(), match.end(), labels)
    for match in _LETTERS.finditer(text):
        letters = re.findall("[HKN]", match["letters"])
        yield Named(match.start(), match.end(), tuple(f"{letter}RAS" for letter in letters))


def _old_spellings(text: str) -> Iterator[Named]:
    """Yield names whose spelling no table has: "cluster of differentiation 20", "estrogen and … receptor"."""
    for pattern, label in _SPELLINGS:
        for match in pattern.finditer(text):
            yield Named(match.start(), match.end(), (match.expand(label),))


_SPELLINGS: Final = (
    (_GREEK, r"\g<0>"), (_FUSION, r"\g<0>"), (_CLUSTER, r"CD\g<n>"), (_HORMONES, r"\g<name> receptor"),
    (_PDL1, r"\g<0>"), (_HER2, "HER2"), (_ERBB2, r"\g<0>"),
)  # fmt: skip


def _with_pathway(text: str, named: Named) -> Named:
    """Take "pathway" to the names: what is said then is said of the pathway."""
    match = _PATHWAY.match(text, named.end)
    if match is None:
        return named
    return Named(named.start, match.end(), tuple(f"{label} pathway" for label in named.labels))


_PATHWAY: Final = re.compile(
    r"[\s\-](?:signal\w+\s)?pathways?\b(?![\s\-](?:inhib|target|direct|components?|agent))", re.IGNORECASE
)


def _symbol(marker: Concept) -> str | None:
    """Return the symbol by which a gene's product is known; receptors of hormones go by their long names as well."""
    symbol = marker.pref_label
    return symbol if marker.gene_iri and " " not in symbol and marker.notation not in _HORMONE_RECEPTORS else None


_HORMONE_RECEPTORS: Final = frozenset({"er", "pr", "ar", "esr1"})


def _defines_tumours(marker: Concept) -> bool:
    return marker.notation not in _MEASURED and _ALTERATION_NAMES.search(marker.pref_label) is None
