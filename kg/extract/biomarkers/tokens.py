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
from collections.abc import Callable, Iterator
from typing import Final, NamedTuple

from kg.extract.biomarkers.names import MarkerNames, Named


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
    (r"(?:hyper)?methylat(?:ed|ion)", "A", "methylation"),
    (r"deregulat(?:ed|ion)", "A", "deregulation"),
    (r"dysregulat(?:ed|ion)", "A", "dysregulation"),
    (r"activation", "A", "activation"),
    (r"deficien(?:t|cy|cies)", "A", "deficiency"),
    (r"variants? of (?:uncertain|unknown) (?:clinical )?significance(?:\s?\(VUS\))?", "A", "uncertain significance"),
    (r"(?:pathogenic\s)?variants?", "A", "variant"),
    (r"polymorphisms?", "A", "polymorphism"),
    (r"null", "A", "null"),
    (r"re-?express\w*|co-?express\w*", "x", None),
    (r"over-?\s?express(?:ion|ed|ing|es|ors?)?", "E", "overexpression"),
    (r"(?:positive(?:ly)?[\s-]|positivity of )?express(?:ion|ed|ing|es)?(?:[\s-]positiv(?:e|ity))?", "E", "expression"),
    (r"positiv(?:e(?:ly)?|ity)|\+ve|pos(?![a-z])", "S", "positive"),
    (r"negativ(?:e|ity)|-ve|neg(?![a-z])", "S", "negative"),
    (r"non[\s-](?:mutated|mutant)|un-?mutated", "W", "wild-type"),
    (r"wild[\s-]?types?", "W", "wild-type"),
    (r"wt(?![a-z])", "W", "wt"),
    (r"ultra-?low", "L", "ultralow"),
    (r"low(?!er)|weak", "L", "low"),
    (r"high(?!er)|strong", "L", "high"),
    (r"(?:likely |suspected |predicted to be |to be )*deleterious(?: or suspected deleterious)?", "M", "deleterious"),
    (r"activating|activated(?! partial)", "M", "activating"),
    (r"inactivating", "M", "inactivating"),
    (r"sensiti[sz]ing|sensitive", "M", "sensitizing"),
    (r"nonsense|frame-?\s?shift|truncating|missense|promoter|hypermorphic|in-?frame", "M", None),
    (r"germ-?line|constitutional", "O", "germline"),
    (r"somatic(?:ally)?", "O", "somatic"),
    (r"(?:such as|like|e\.g\.?,?|i\.e\.?,?|eg,|ie,|for example|namely|defined as|as follows|including(?: but not limited "
     r"to)?|includ(?:es?|ing)|(?:at least )?(?:one|any)(?: or more)? of(?: the| these)?(?: following)?|following)", "i", None),
    (r"(?:associated )?(?:in|of|for|on|to|with)", "o", None),
    (r"and\s?/\s?or|or|and|as well as|plus|versus|vs\.?", "c", None),
    (r"(?:genes?|proteins?|status|the|an?|any|other|known|confirmed|documented|oncogenic|driver|drug|targetable|actionable|"
     r"oncogene|antigens?|tumou?r|surface|molecular|genetic|genomic|hotspot|kinase|specific|alleles?|"
     r"pathogenic|likely|suspected|clinically|significant|relevant|eligible|level|levels|point|substitution|domain|"
     r"cell|partial|complete|high-?level|focal|common|classic(?:al)?|uncommon|rare|primary|positive for|"
     r"(?<=[a-z] )receptors?(?= status)|both|either|all|their|these|test|is|are|be|has|have|been|was|were|being|patients?|"
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
    (rf"{_MSI}\s?(?:\(MSI\))?[\s-]?(?:high\b(?:\s?\(MSI-H(?:igh)?\))?|H\b(?:igh)?)(?:\s?\(MSI-H(?:igh)?\))?", "msi-high"),
    (rf"high(?:[\s-]levels?)?(?: of)?\s(?:frequency\s)?{_MSI}(?:\s?\(MSI(?:-H(?:igh)?)?\))?", "msi-high"),
    (r"MSI-L\b(?:ow)?", "msi-low"),
    (r"MSS\b|micro-?satellite[\s-]stab(?:le|ility)(?:\s?\(MSS\))?", "mss"),
    (rf"dMMR\b|MMR-?d\b|(?:deficient|defective)\s{_MMR}(?:\s?\(d?MMR\))?|deficien(?:t|cy) in {_MMR}(?:\s?\(d?MMR\))?|"
     rf"{_MMR}[\s-]?(?:protein\s|repair\s)?(?:\(d?MMR\)[\s-]?)?(?:deficien(?:t|cy)|defect(?:ive)?)(?:\s?\(d?MMR\))?", "dmmr"),
    (rf"pMMR\b|proficient\s{_MMR}(?:\s?\(p?MMR\))?|{_MMR}[\s-]proficien(?:t|cy)(?:\s?\(p?MMR\))?", "pmmr"),
    (rf"{_TMB}(?:\s?\(TMB\))?[\s-]?(?:high\b|H\b)(?:\s?\(TMB-H(?:igh)?\))?|high(?:[\s-]levels?)?(?: of)?\s{_TMB}(?:\s?\(TMB(?:-H)?\))?",
     "tmb-high"),
    (r"(?>homologous recombination(?: repair)?(?: \(HRR?\))?[\s-](?:deficien(?:t|cy))(?:\s?\(HRD\))?|HRD)"
     r"(?:[\s-]?(?P<hrd>positiv(?:e|ity)|negativ(?:e|ity)|\+))?(?!\s?genes?\b|\)?\s(?:defined|score|status|test))", "hrd"),
    (r"(?:Philadelphia(?:[\s-]chromosome)?(?:\s?\(Ph\+?-?\))?|Ph)[\s-]?(?P<ph>positiv(?:e|ity)\b|negativ(?:e|ity)\b|\+|-(?![a-z]))"
     r"(?:\s?\(Ph\s?[+-]\))?", "ph"),
    (r"(?:t|inv|del|ins|add|dup)\s?\(\s?(?:\d{1,2}|X|Y)[pq]?\d*(?:\s?[;:,]\s?\d{1,2}[pq]?\d*)*\s?\)(?:\s?\([pq][^()]{1,12}\))?",
     "cytogenetics"),
    (r"(?:del(?:etion)?(?: of)?\s?)?(?:chromosome )?(?:\d{1,2}[pq]\d*(?:\.\d+)?)\s?[/,]?\s?(?:and |/)?(?:\d{1,2}[pq]\d*)?[\s-]"
     r"(?:co-?)?delet(?:ion|ed)|monosomy \d{1,2}|trisomy \d{1,2}|complex karyotype", "cytogenetics"),
    (r"HLA[\s-][ABC](?:\*?\s?\d{1,2}(?::\d{2,3}){0,2})(?:\s?(?:,\s?or|,|/|or|and)\s?(?:HLA-)?[ABC]\*?\d{1,2}(?::\d{2})?)*"
     r"(?:[\s-]?(?P<hla>positiv(?:e|ity)|negativ(?:e|ity)|\+|subtype|type))?", "hla"),
    (r"H3(?:\.[123])?[\s-]?K(?:27|28)M?(?![0-9A-Za-z])", "h3"),
)  # fmt: skip
_ANY_WHOLE: Final = tuple((re.compile(rf"(?<![A-Za-z0-9])(?:{pattern})", re.IGNORECASE), kind) for pattern, kind in _WHOLE)
_MAYBE_WHOLE: Final = re.compile(
    r"MSI|satellite|MSS|MMR|mismatch|TMB|burden|HRD|recombination|\bPh[\s+-]|philadelphia|\(\s?(?:\d|X|Y)|\d[pq]|omy \d|karyotype|"
    r"HLA|H3", re.IGNORECASE
)  # fmt: skip

_AMINO = "ACDEFGHIKLMNPQRSTVWY"
_POINT: Final = re.compile(
    rf"(?:p\.\s?|non-?)?[{_AMINO}][1-9]\d{{1,3}}(?:[{_AMINO}X*](?:fs\w*)?|fs\w*|del|dup|ins\w*)?"
    rf"(?P<more>(?:\s?/\s?[{_AMINO}](?![A-Za-z0-9]))*)(?![A-Za-z0-9])|"
    r"(?:e\d{1,2}a\d|b[23]a2)(?![A-Za-z0-9])|p\.[A-Za-z]{3}\d+[A-Za-z]{3}"
)
_KIND = r"deletions?|dels?|insertions?|ins|skipping|duplications?"
_EXON: Final = re.compile(
    rf"(?:exons?|ex)[\s-]?(?P<n>\d{{1,2}})(?:[\s-]*(?P<kind>{_KIND})(?P<or>\s?(?:/|or|and/or|and)\s?(?P<other>{_KIND}))?)?"
    rf"(?:[\s-]+\(?(?P<point>[{_AMINO}]\d{{2,4}}[{_AMINO}X]?)\)?)?(?![A-Za-z0-9])|"
    rf"(?P<before>{_KIND}|mutations?|[{_AMINO}]\d{{2,4}}[{_AMINO}X]?)\s(?:mutations?\s)?(?:in|of|on|at)\s(?:the\s)?exons?\s?(?P<at>\d{{1,2}})"
    r"(?![A-Za-z0-9])",
    re.IGNORECASE,
)
_TANDEM: Final = re.compile(r"internal tandem duplications?(?:\s?\(ITD\))?|ITD\b|TKD\b|tyrosine kinase domain\s?\(TKD\)")
_ROMAN: Final = {"i": "1", "ii": "2", "iii": "3"}
_CLASS: Final = re.compile(
    r"class\s(?P<n>(?:[123]|I{1,3})(?:\s?(?:,\s?or|,\s?and|,|/|or|and|-)\s?(?:[123]|I{1,3}|unclassified)\b)*)", re.IGNORECASE
)
DRUG_BEHIND: Final = re.compile(
    r"[\s\-‐‑–]*(?:(?:kinase|tyrosine|immune|checkpoint|antigen|pathway|receptor|exon \d+ insertion)\s)*(?:inhibit\w*|antagonist\w*|"
    r"agonist\w*|antibod\w*|blockade|blockers?|(?:[a-z]+[\s-])?direct\w*|target\w*|specific (?:therap|treat|CAR|T)|"
    r"CAR\b|CAR-?T|vaccine\w*|TKIs?\b|therap\w*|bispecific|mAbs?\b|ADCs?\b|agents?\b|ligands?\b(?! 1)|binding|assays?\b)",
    re.IGNORECASE,
)
_MARKUP: Final = re.compile(r"[\"'“”’*]+")
_SIGN_BEHIND: Final = re.compile(r"\s?\(\s?([+\-−–])\s?\)|\s?([+])(?!\s?(?:/-|[A-Z]{2,}\d|\d))|([\-−–])(?![A-Za-z0-9]|\s?\d)")
_HANGING: Final = re.compile(r"[\-–]\s?(?:,|/|and\b|or\b|and/or\b)\s?(?:[\w\-]+,?\s){0,3}?[\w]+-[a-z]{3}")
# A score or share of cells from which on a tumour counts as expressing.
_SHARE: Final = re.compile(
    r"[\s,(\-]{0,3}(?:(?:combined positive score|tumou?r proportion score|CPS|TPS|TC|IC|score|status|is|of|by IHC|\(|\)|,)\s*){0,5}"
    r"(?:≥|\\?>\s?=?|=>|at least|more than|greater than)\s?\d+\s?%?", re.IGNORECASE
)
_SCORE: Final = re.compile(r"[\s\-,:(]{0,3}(?:(?:IHC|immunohistochemistry|score(?: of)?)[\s:=]{0,2})?(?P<score>[0-3])\s?\+")
_GENE_SETS: Final = re.compile(
    r"HRR?|DDR|(?:HRR|DDR|DNA[\s-](?:damage )?(?:response|repair)|homologous recombination(?: repair)?)(?: (?:genes?|pathway))*",
    re.IGNORECASE,
)
_CELL_COUNT: Final = re.compile(
    r"\s*(?:T[\s-]?(?:cells?|lymphocytes?)|cells?|lymphocytes?)?\s*(?:\(CD\d+\+?\)\s?)?(?:cell\s)?(?:counts?\b|cells\s?(?:/|per)|≥|>|<)|\s*progenitor|\s*stem|\s*selected"
)
_END: Final = re.compile(r"[.;!?](?=\s|$)|\n\s*(?:\n|[-*•]\s|\d{1,2}[.)]\s)")
_NEXT: Final = re.compile(r"[A-Za-z0-9]+|[^\sA-Za-z0-9]")


def tag(text: str, start: int, end: int, names: MarkerNames) -> list[Token]:
    """Return the tagged words of ``text[start:end]``."""
    named = {found.start: found for found in names.find(text, start, end)}
    wholes = {token.start: token for token in _wholes(text, start, end)}
    tokens: list[Token] = []
    place = start
    while place < end:
        if text[place].isspace() and text[place] != "\n":
            place += 1
            continue
        token = wholes.get(place) or _named(text, named.get(place), end) or _other(text, place, end, tokens)
        if token is None:
            place += 1
            continue
        tokens.append(token)
        place = token.end
    return tokens


def _wholes(text: str, start: int, end: int) -> Iterator[Token]:
    if _MAYBE_WHOLE.search(text, start, end) is None:
        return
    taken = start
    found = [(match, kind) for pattern, kind in _ANY_WHOLE for match in pattern.finditer(text, start, end)]
    for match, kind in sorted(found, key=lambda it: (it[0].start(), -it[0].end())):
        if match.start() >= taken and DRUG_BEHIND.match(text, match.end(), end) is None:
            sign = next((value for name, value in match.groupdict().items() if value), "")
            yield Token("T", match.start(), match.end(), (kind, " ".join(match.group().split()), sign))
            taken = match.end()


def _named(text: str, found: Named | None, end: int) -> Token | None:
    if found is None:
        return None
    if DRUG_BEHIND.match(text, found.end, end):
        return Token("x", found.start, found.end)
    if _CELL_COUNT.match(text, found.end + (text[found.end : found.end + 2].strip() == "+"), end) and found.labels[0].startswith("CD"):
        return Token("x", found.start, found.end)
    kind = "F" if _GENE_SETS.fullmatch(found.labels[0]) else "G"
    return Token(kind, found.start, found.end, found.labels)


def _other(text: str, place: int, end: int, tokens: list[Token]) -> Token | None:
    for read in _READERS:
        token = read(text, place, end, tokens)
        if token is not None:
            return token
    return None


def _sign(text: str, place: int, end: int, tokens: list[Token]) -> Token | None:
    """Read the sign behind a name: "ER+", "HER2-", "CD20 (+)"."""
    last = tokens[-1] if tokens else None
    if last is None or last.tag not in "GF" or text[last.end : place].strip(" ("):
        return None
    if last.values == ("HER2",) and (score := _SCORE.match(text, last.end, end)):
        return Token("S" if score["score"] == "3" else "m", place, max(score.end(), place + 1), ("positive",))
    if last.values[0].upper().replace("-", "") == "PDL1" and (share := _SHARE.match(text, last.end, end)):
        return Token("E", place, max(share.end(), place + 1), ("expression",))
    match = _SIGN_BEHIND.match(text, last.end, end)
    if match is None or _HANGING.match(text, last.end, end):
        return None
    value = "positive" if "+" in match.group() else "negative"
    return Token("S", place, match.end(), (value,)) if match.end() > place else None


def _punctuation(text: str, place: int, end: int, tokens: list[Token]) -> Token | None:
    char = text[place]
    if char == ";" and tokens and tokens[-1].tag in "im":
        return Token(":", place, place + 1)
    if char in ",/&":
        return Token("c", place, place + 1, (char,))
    if char in "([":
        return Token("(", place, place + 1)
    if char in ")]":
        return Token(")", place, place + 1)
    if char == ":":
        return Token(":", place, place + 1)
    stop = _END.match(text, place, end)
    return Token(".", place, max(stop.end(), place + 1)) if stop else None


def _variant(text: str, place: int, end: int, tokens: list[Token]) -> Token | None:
    for pattern, values in _VARIANTS:
        match = pattern.match(text, place, end)
        if match:
            found = values(match)
            bare = Token("M", place, match.end(), (" ".join(match.group().split()),))  # "exon 20 mutation"
            return Token("V", place, match.end(), found) if found else bare
    return None


def _point_values(match: re.Match[str]) -> tuple[str, ...]:
    first = match.group()
    more = match["more"] or ""
    first = first[: len(first) - len(more)] if more else first
    first = re.sub(r"p\.\s", "p.", first)
    return (first, *(first[:-1] + letter for letter in re.findall("[A-Z]", more)))


def _exon_values(match: re.Match[str]) -> tuple[str, ...]:
    if match["at"]:
        before = match["before"]
        if any(map(str.isdigit, before)):
            return (f"exon {match['at']} {before}",)
        return (f"exon {match['at']} {_singular(before)}",)
    exon = f"exon {match['n']}" if not match.group()[0].isupper() else f"Exon {match['n']}"
    if match["point"]:
        return (f"{exon} {match['point']}",)
    kinds = [_singular(kind) for kind in (match["kind"], match["other"]) if kind]
    return tuple(f"{exon} {kind}" for kind in kinds)


def _singular(noun: str) -> str:
    return {"ins": "insertion", "dels": "del"}.get(noun.lower(), noun.removesuffix("s"))


def _tandem_values(match: re.Match[str]) -> tuple[str, ...]:
    return ("TKD",) if "TKD" in match.group() else ("ITD",)


def _class_values(match: re.Match[str]) -> tuple[str, ...]:
    numbers = re.findall(r"[123]|\bI{1,3}\b|unclassified", match["n"], re.IGNORECASE)
    return tuple(
        "unclassified mutation" if number[0] in "uU" else f"class {_ROMAN.get(number.lower(), number)} mutation"
        for number in numbers
    )


_VARIANTS: Final = (
    (_EXON, _exon_values), (_CLASS, _class_values), (_TANDEM, _tandem_values), (_POINT, _point_values),
)  # fmt: skip


def _word(text: str, place: int, end: int, tokens: list[Token]) -> Token | None:
    match = _ANY_WORD.match(text, place, end)
    if match is None or (place and text[place - 1].isalnum() and text[place].isalnum() and not _after_name(place, tokens)):
        return None
    index = int(next(name for name, value in match.groupdict().items() if value is not None)[1:])
    _, kind, written = _WORDS[index]
    surface = " ".join(match.group().split()).lower()
    return Token(kind, place, match.end(), (written if written is not None else surface,))


def _after_name(place: int, tokens: list[Token]) -> bool:
    return bool(tokens) and tokens[-1].tag == "G" and tokens[-1].end == place


def _rest(text: str, place: int, end: int, tokens: list[Token]) -> Token | None:
    if text[place] in "-–‐‑−+\n\"'“”’*\\":
        return None
    match = _NEXT.match(text, place, end)
    return Token("x", place, match.end()) if match else None


def _glued_m(text: str, place: int, end: int, tokens: list[Token]) -> Token | None:
    """Read the "m" of "KRASm"."""
    if text[place] == "m" and _after_name(place, tokens) and not text[place + 1 : place + 2].isalnum():
        return Token("A", place, place + 1, ("mutation",))
    return None


_READERS: Final[tuple[Callable[[str, int, int, list[Token]], Token | None], ...]] = (
    _sign, _glued_m, _punctuation, _variant, _word, _rest,
)  # fmt: skip
