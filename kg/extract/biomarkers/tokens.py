"""Tag the words of a criterion by what they do in a statement about a biomarker: name, alteration, state, link, other.

A tag is one letter, so that the grammar is regular expressions over the string of tags:

==  ==========================================  ==  ============================================
G   names of genes or markers                   o   a link behind an alteration: "in", "of", "for"
F   names of sets of genes: HRR, DDR
V   a variant: L858R, exon 19 deletion          c   a comma, "and", "or", a slash
A   a noun of an alteration: mutation, loss     m   words without weight: "gene", "known", "the"
E   expression                                  (   brackets, also )
S   positive, negative, a sign                  :   a colon
L   low, high                                   i   "such as", "including", "the following"
W   wild type                                   .   the end of a sentence or of a list item
M   what kind of alteration: activating         x   any other word
O   germline, somatic                           T   a biomarker by itself: MSI-high, t(11;14)
==  ==========================================  ==  ============================================
"""

import re
from collections.abc import Iterator
from typing import Final, NamedTuple

from kg.extract.biomarkers.names import MarkerNames, Named
from kg.extract.biomarkers.variants import variant_at
from kg.extract.cutoffs import amplified_behind


class Token(NamedTuple):
    """A tagged word, with what it says: labels of a name, variants, or the one wording of its kind."""

    tag: str
    start: int
    end: int
    values: tuple[str, ...] = ()


# Wordings, the tag and what they are written as; longer wordings first. None writes a word as it stands.
_WORDS: Final = (
    (r"(?:homozygous\s|whole[\s-]gene\s|bi-?allelic\s|copy number\s)*(?:deleted|deletions?)", "A", "deletion"),
    (r"copy[\s-]number gains?|gene[\s-]copy gains?", "A", "copy number gain"),
    (r"mutations?|mutated|mutants?|mut(?![a-z])|mt(?![a-z])", "A", "mutation"),
    (r"alterations?|altered", "A", "alteration"),
    (r"aberrations?", "A", "aberration"),
    (r"defects?|defective", "A", "defect"),
    (r"re-?arrange(?:d|ments?)", "A", "rearrangement"),
    (r"translocat(?:ed|ions?)", "A", "translocation"),
    (r"fusions?(?:[\s-]positive)?", "A", "fusion"),
    (r"amplif(?:ied|ications?)|amp(?![a-z])", "A", "amplification"),
    (r"co-?delet(?:ed|ions?)", "A", "co-deletion"),
    (r"del(?![a-z])", "A", "del"),
    (r"loss[\s-]of[\s-]function", "M", "loss of function"),
    (r"gain[\s-]of[\s-]function", "M", "gain of function"),
    (r"(?:complete\s)?loss|lost", "A", "loss"),
    (r"insertions?", "A", "insertion"),
    (r"inactivation|inactivated", "A", "inactivation"),
    (r"un-?methylated", "A", "unmethylated"),
    (r"(?:hyper)?methylat(?:ed|ion)", "A", "methylation"),
    (r"deregulat(?:ed|ion)", "A", "deregulation"),
    (r"dysregulat(?:ed|ion)", "A", "dysregulation"),
    (r"activation", "A", "activation"),
    (r"deficien(?:t|cy|cies)", "A", "deficiency"),
    (r"variants? of (?:uncertain|unknown) (?:clinical )?significance(?:\s?\(VUS\))?", "A", "uncertain significance"),
    (r"(?:pathogenic\s)?variants?", "A", "variant"),
    (r"polymorphisms?", "A", "polymorphism"),
    (r"null", "A", "null"),
    (r"non[\s-]?carriers?", "S", "non-carrier"),
    (r"carriers?(?!\sproteins?)", "A", "mutation"),
    (r"(?:(?<=[EPH]R[\s-])|(?<=receptor[\s-]))poor", "S", "negative"),
    (r"re-?express\w*|co-?express\w*", "x", None),
    (r"over-?\s?express(?:ion|ed|ing|es|ors?)?", "E", "overexpression"),
    (r"(?:positive(?:ly)?[\s-]|positivity of )?express(?:ion|ed|ing|es)?(?:[\s-]positiv(?:e|ity))?", "E", "expression"),
    (r"positiv(?:e(?:ly)?|ity)|\+ve|pos(?![a-z])", "S", "positive"),
    (r"negativ(?:e|ity)|-ve|neg(?![a-z])", "S", "negative"),
    (r"non[\s-]?amplified|not amplified|un-?amplified", "W", "non-amplified"),
    (r"un-?mutated", "W", "unmutated"),
    (r"non[\s-](?:mutated|mutant)", "W", "wild-type"),
    (r"wild[\s-]?types?", "W", "wild-type"),
    (r"wt(?![a-z])", "W", "wt"),
    (r"ultra-?low", "L", "ultralow"),
    (r"low(?!er)|weak", "L", "low"),
    (r"high(?!er)|strong", "L", "high"),
    (r"(?:likely |suspected |predicted to be |to be )*deleterious(?: or suspected deleterious)?", "M", "deleterious"),
    (r"activating|activated(?! partial)", "M", "activating"),
    (r"inactivating", "M", "inactivating"),
    (r"sensiti[sz]ing|sensitive", "M", None),
    (r"nonsense|frame-?\s?shift|truncating|missense|promoter|hypermorphic|in-?frame", "M", None),
    (r"germ-?line|constitutional", "O", "germline"),
    (r"somatic(?:ally)?", "O", "somatic"),
    (r"(?:such as|like|e\.g\.?,?|i\.e\.?,?|eg,|ie,|for example|namely|defined as|as follows|"
     r"including(?: but not limited "
     r"to)?|includ(?:es?|ing)|(?:at least )?(?:one|any)(?: or more)? of(?: the| these)?(?: following)?|"
     r"following)", "i", None),
    (r"(?:associated )?(?:in|of|for|on|to|with)", "o", None),
    (r"and\s?/\s?or|or|and|as well as|plus|versus|vs\.?", "c", None),
    (r"(?:genes?|proteins?|status|the|an?|any|other|known|confirmed|documented|oncogenic|driver|drug|targetable|actionable|"
     r"oncogene|antigens?|tumou?r|surface|molecular|genetic|genomic|hotspot|kinase|specific|specified|certain|selected|alleles?|"
     r"pathogenic|likely|suspected|clinically|significant|relevant|eligible|level|levels|point|substitution|domain|"
     r"cell|partial|complete|high-?level|focal|common|classic(?:al)?|uncommon|rare|primary|positive for|"
     r"(?<=[a-z] )receptors?(?= status)|both|either|all|their|these|test|is|are|be|has|have|been|was|were|being|"
     r"patients?|"
     r"as|must|should|known|biomarker|hormone(?=[\s-]receptor)|at least|one|two|"
     r"serum|IHC|by IHC|immunohistochemistry)", "m", None),
)  # fmt: skip
_ANY_WORD: Final = re.compile(
    "|".join(f"(?P<w{place}>(?:{pattern})(?![A-Za-z0-9]))" for place, (pattern, _, _) in enumerate(_WORDS)),
    re.IGNORECASE,
)
# Biomarkers that are names and states at once; the wording is written as the function says.
_MSI = r"(?:MSI|micro-?satellite[\s-]instab(?:ility|le))"
_MMR = r"(?:MMR|DNA mismatch[\s-]repair|mismatch[\s-]repair)"
_TMB = r"(?:TMB|tumou?r mutation(?:al)? burden)"
_WHOLE: Final = (
    (rf"{_MSI}\s?(?:\(MSI\))?[\s-]?(?:high\b(?:\s?\(MSI-H(?:igh)?\))?|"
     rf"H\b(?:igh)?)(?:\s?\(MSI-H(?:igh)?\))?", "msi-high"),
    (rf"high(?:[\s-]levels?)?(?: of)?\s(?:frequency\s)?{_MSI}(?:\s?\(MSI(?:-H(?:igh)?)?\))?", "msi-high"),
    (r"MSI-L\b(?:ow)?", "msi-low"),
    (r"MSS\b|micro-?satellite[\s-]stab(?:le|ility)(?:\s?\(MSS\))?", "mss"),
    (rf"dMMR\b|MMR-?d\b|(?:deficient|defective)\s{_MMR}(?:\s?\(d?MMR\))?|deficien(?:t|cy) in {_MMR}(?:\s?\(d?MMR\))?|"
     rf"{_MMR}[\s-]?(?:protein\s|repair\s)?(?:\(d?MMR\)[\s-]?)?(?:deficien(?:t|cy)|"
     rf"defect(?:ive)?)(?:\s?\(d?MMR\))?", "dmmr"),
    (rf"pMMR\b|proficient\s{_MMR}(?:\s?\(p?MMR\))?|{_MMR}[\s-]proficien(?:t|cy)(?:\s?\(p?MMR\))?", "pmmr"),
    (rf"{_TMB}(?:\s?\(TMB\))?[\s-]?(?:high\b|H\b)(?:\s?\(TMB-H(?:igh)?\))?|"
     rf"high(?:[\s-]levels?)?(?: of)?\s{_TMB}(?:\s?\(TMB(?:-H)?\))?",
     "tmb-high"),
    (r"(?>homologous recombination(?: repair)?(?: \(HRR?\))?[\s-](?:deficien(?:t|cy))(?:\s?\(HRD\))?|HRD)"
     r"(?:[\s-]?(?P<hrd>positiv(?:e|ity)|negativ(?:e|ity)|\+))?(?!\s?genes?\b|\)?\s(?:defined|score|status|"
     r"test))", "hrd"),
    (r"(?:Philadelphia(?:[\s-]chromosome)?(?:\s?\(Ph\+?-?\))?|(?-i:Ph))[\s-]?(?P<ph>positiv(?:e|ity)\b|negativ(?:e|ity)\b|\+|-(?![a-z]))"
     r"(?:\s?\(Ph\s?[+-]\))?", "ph"),
    (r"(?:t|inv|del|ins|add|dup)\s?\(\s?(?:\d{1,2}|X|Y)[pq]?\d*(?:\s?[;:,]\s?\d{1,2}[pq]?\d*)*\s?\)(?:\s?\([pq][^()]{1,12}\))?",
     "cytogenetics"),
    (r"(?:del(?:etion)?(?: of)?\s?)?(?:chromosome )?(?:\d{1,2}[pq]\d*(?:\.\d+)?)\s?[/,]?\s?(?:and |"
     r"/)?(?:\d{1,2}[pq]\d*)?[\s-]"
     r"(?:co-?)?delet(?:ion|ed)|monosomy \d{1,2}|trisomy \d{1,2}|complex karyotype", "cytogenetics"),
    (r"HLA[\s-][ABC](?:\*?\s?\d{1,2}(?::\d{2,3}){0,2})(?:\s?(?:,\s?or|,|/|or|and)\s?(?:HLA-)?[ABC]\*?\d{1,2}(?::\d{2})?)*"
     r"(?:[\s-]?(?P<hla>positiv(?:e|ity)|negativ(?:e|ity)|\+|subtype|type))?", "hla"),
    (r"H3(?:\.[123])?[\s-]?K(?:27|28)M?(?![0-9A-Za-z])", "h3"),
)  # fmt: skip
_ANY_WHOLE: Final = tuple(
    (re.compile(rf"(?<![A-Za-z0-9])(?:{pattern})", re.IGNORECASE), kind) for pattern, kind in _WHOLE
)
_MAYBE_WHOLE: Final = re.compile(
    r"MSI|satellite|MSS|MMR|mismatch|TMB|burden|HRD|recombination|\bPh[\s+-]|philadelphia|\(\s?(?:\d|X|Y)|"
    r"\d[pq]|omy \d|karyotype|"
    r"HLA|H3", re.IGNORECASE
)  # fmt: skip

DRUG_BEHIND: Final = re.compile(
    r"[\s\-‐‑–]*(?:(?:kinase|tyrosine|immune|checkpoint|antigen|pathway|receptor|"
    r"exon \d+ insertion)\s)*(?:inhibit\w*|antagonist\w*|"
    r"agonist\w*|antibod\w*|blockade|blockers?|(?:[a-z]+[\s-])?direct\w*|target\w*|specific (?:therap|treat|CAR|T)|"
    r"selective (?:[a-z]+ ){0,2}[a-z]*inhibit|"
    r"CAR\b|CAR-?T|vaccine\w*|TKIs?\b|therap\w*|bispecific|mAbs?\b|ADCs?\b|agents?\b|ligands?\b(?! 1)|binding|"
    r"assays?\b)",
    re.IGNORECASE,
)
_MARKUP: Final = re.compile(r"[\"'“”’*]+")
_SIGN_BEHIND: Final = re.compile(
    r"\s?\(\s?([+\-−–])\s?\)|[+]{1,3}(?!\s?/-|\d)|\s[+](?!\s?(?:/-|[A-Z]{2,}\d|\d))|([\-−–])(?![A-Za-z0-9]|\s?\d)"
)
_HANGING: Final = re.compile(
    r"[\-–]\s?(?:,|/|and\b|or\b|and/or\b)\s?(?:[\w\-]+,?\s){0,3}?[\w]+-[a-z]{3}|"
    r"[\-–]\)?\s?(?:\([^()]{1,14}[\-–]\)\s?)?(?:over-?express|amplifi|mutat|positiv)"
)
# A score or share of cells from which on a tumour counts as expressing.
_SHARE: Final = re.compile(
    r"[\s,(\-]{0,3}(?:(?:combined positive score|tumou?r proportion score|CPS|TPS|TC|IC|score|status|is|of|"
    r"by IHC|\(|\)|,)\s*){0,5}"
    r"(?:≥|\\?>\s?=?|=>|at least|more than|greater than)\s?\d+\s?%?",
    re.IGNORECASE,
)
_SCORE: Final = re.compile(
    r"[\s\-,:(]{0,3}(?:(?:IHC|immunohistochemistry|score(?: of)?)[\s:=]{0,2})?(?P<score>[0-3])\s?\+"
)
_GENE_SETS: Final = re.compile(
    r"HRR?|DDR|(?:HRR|DDR|DNA[\s-](?:damage )?(?:response|repair)|"
    r"homologous recombination(?: repair)?)(?: (?:genes?|pathway))*",
    re.IGNORECASE,
)
_CELL_COUNT: Final = re.compile(
    r"\s?\+?\s*(?:T[\s-]?(?:cells?|lymphocytes?)|cells?|lymphocytes?)?\s*(?:\(CD\d+\+?\)\s?)?(?:cell\s)?(?:counts?\b|cells\s?(?:/|per)|≥|>|<)|\s*progenitor|\s*stem|\s*selected"
)
_END: Final = re.compile(r"[.;!?](?=\s|$)|\n\s*(?:\n|[-*•]\s|\d{1,2}[.)]\s)")
_NEXT: Final = re.compile(r"[A-Za-z0-9]+|[^\sA-Za-z0-9]")


def tag(text: str, names: MarkerNames) -> list[Token]:
    """Return the tagged words of a criterion."""
    named = {found.start: found for found in names.find(text)}
    wholes = {token.start: token for token in _wholes(text)}
    tokens: list[Token] = []
    place = 0
    while place < len(text):
        last = tokens[-1] if tokens else _NOTHING
        token = wholes.get(place) or _named(text, named.get(place)) or _other(text, place, last)
        if token is None:
            place += 1
            continue
        tokens.append(token)
        place = token.end
    return tokens


_NOTHING: Final = Token("", 0, 0)


def _wholes(text: str) -> Iterator[Token]:
    if _MAYBE_WHOLE.search(text) is None:
        return
    taken = 0
    found = [(match, kind) for pattern, kind in _ANY_WHOLE for match in pattern.finditer(text)]
    for match, kind in sorted(found, key=lambda it: (it[0].start(), -it[0].end())):
        if match.start() >= taken and DRUG_BEHIND.match(text, match.end()) is None:
            sign = next((value for name, value in match.groupdict().items() if value), "")
            yield Token("T", match.start(), match.end(), (kind, " ".join(match.group().split()), sign))
            taken = match.end()


def _named(text: str, found: Named | None) -> Token | None:
    if found is None:
        return None
    if DRUG_BEHIND.match(text, found.end) or (found.labels[0].startswith("CD") and _CELL_COUNT.match(text, found.end)):
        return Token("x", found.start, found.end)
    kind = "F" if _GENE_SETS.fullmatch(found.labels[0]) else "G"
    return Token(kind, found.start, found.end, found.labels)


def _other(text: str, place: int, last: Token) -> Token | None:
    """Return what begins at ``place`` behind the token ``last`` and is no name."""
    if text[place].isspace() and text[place] != "\n":
        return None
    return (
        _behind_name(text, place, last)
        or _punctuation(text, place, last)
        or _variant(text, place)
        or _word(text, place, last)
        or _rest(text, place)
    )


def _behind_name(text: str, place: int, last: Token) -> Token | None:
    """Read a sign, score or letter behind a name: "ER+", "CD20 (+)", "HER2 3+", "PD-L1 CPS ≥ 1", "KRASm"."""
    if not last.tag or last.tag not in "GF" or text[last.end : place].strip(" ("):
        return None
    if text[place] == "m" and last.end == place and not text[place + 1 : place + 2].isalnum():
        return Token("A", place, place + 1, ("mutation",))
    if last.values == ("HER2",) and (score := _SCORE.match(text, last.end)):
        amplified = amplified_behind(text, score.end()) if score["score"] == "2" else None
        end = amplified or score.end()
        return Token("S" if score["score"] == "3" or amplified else "m", place, max(end, place + 1), ("positive",))
    if last.values[0].upper().replace("-", "") == "PDL1" and (share := _SHARE.match(text, last.end)):
        return Token("E", place, max(share.end(), place + 1), ("expression",))
    return _sign(text, place, last.end)


def _sign(text: str, place: int, start: int) -> Token | None:
    match = _SIGN_BEHIND.match(text, start)
    if match is None or match.end() <= place or _HANGING.match(text, start):
        return None
    return Token("S", place, match.end(), ("positive" if "+" in match.group() else "negative",))


def _punctuation(text: str, place: int, last: Token) -> Token | None:
    char = text[place]
    kind = _MARKS.get(char)
    if char == ";" and last.tag and last.tag in "im":
        kind = ":"  # "any of the following genes; …"
    if kind is not None:
        return Token(kind, place, place + 1, (char,))
    stop = _END.match(text, place)
    return Token(".", place, max(stop.end(), place + 1)) if stop else None


_MARKS: Final = {",": "c", "/": "c", "&": "c", "(": "(", "[": "(", ")": ")", "]": ")", ":": ":"}


def _variant(text: str, place: int) -> Token | None:
    found = variant_at(text, place)
    if found is None:
        return None
    if found.names:
        return Token("V", place, found.end, found.names)
    return Token("M", place, found.end, (text[place : found.end],))  # "exon 20 mutation"


def _word(text: str, place: int, last: Token) -> Token | None:
    match = _ANY_WORD.match(text, place)
    inside = place > 0 and text[place - 1].isalnum() and text[place].isalnum()
    if match is None or (inside and not (last.tag == "G" and last.end == place)):
        return None
    index = int(next(name for name, value in match.groupdict().items() if value is not None)[1:])
    _, kind, written = _WORDS[index]
    surface = " ".join(match.group().split()).lower()
    return Token(kind, place, match.end(), (written if written is not None else surface,))


def _rest(text: str, place: int) -> Token | None:
    match = None if text[place] in _SKIPPED else _NEXT.match(text, place)
    return Token("x", place, match.end()) if match else None


_SKIPPED: Final = frozenset("-–‐‑−+\n\"'“”’*\\")
