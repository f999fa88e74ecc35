"""Read statements about biomarkers from tagged words: which markers, in which state.

The patterns are regular expressions over tags (`kg.extract.biomarkers.tokens`). A statement is names with what is said
behind them ("EGFR, ALK or ROS1 mutations", "HER2-positive"), an alteration with the names behind it ("mutations in
KRAS or NRAS", "aberrations in one of the following genes: …"), or a biomarker that is a name and a state at once.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import product
from typing import Final, NamedTuple

from kg.extract.biomarkers.synonyms import one_name_each, with_unlisted
from kg.extract.biomarkers.tokens import Token

_LONGEST_LIST = 250  # names
_MOST = 12  # words without weight, or of one kind, that can follow each other


def _tags(pattern: str) -> re.Pattern[str]:
    """Compile a pattern over tags; runs of one kind of words are bounded, so that no text makes it slow."""
    words = re.sub(r"(?<!\))\*|\*(?=\?)", f"{{0,{_MOST}}}", pattern)
    return re.compile(re.sub(r"\)\*", f"){{0,{_LONGEST_LIST}}}", words))


# "EGFR, ALK (CD246) or ROS1"
_NAMES = r"[GF](?:m*\(?[cm]*cm*\(?[GF]\)?)*"
# "activating", "germline or somatic"; and with the noun: "nonsense or frameshift mutation"
_KIND = r"(?:[MLOm]|(?<=[MLO])c(?=[MLOm]))*"
_UNIT = rf"{_KIND}[VAESWL]"
# "… or amplification", unless that is said of other names: "… or amplification of MET"
_MORE_UNITS = r"(?:[cMLOm]*[VAESW](?!m*om*G)(?!m*G))*"
# "(L858R or exon 19 deletion)", behind a noun or a name
_VARIANTS = r"(?:m*[(c:i][im(c:]*(?:[AE]o?m*)?V(?:[cmi]*V)*\)?)?"
_IN_BRACKETS = r"(?:\([MLOmi]*V(?:[cmi]*V)*c?[mx]?\))?"
# Names with what is said behind them: "activating EGFR or HER2 mutations", "HER2-positive", "IDH2 (R140)"
_BEHIND = _tags(
    rf"(?P<lead>(?:[MLOmSV]|(?<=[MLOV])c(?=[MLOVm]))*?)(?P<names>{_NAMES})\)?m*"
    rf"(?P<tail>{_IN_BRACKETS}(?:{_UNIT}{_MORE_UNITS}{_VARIANTS}|(?<=\))))"
)
# A word before names: "wild-type KRAS", "negative HER2 status", "tumours that express CD70"
_FOLLOWED = _tags(rf"(?P<lead>m*[WVESA]m*)(?P<tail>)(?P<names>{_NAMES})(?!\)?m*{_UNIT})")
# "KRAS, BRAF V600E (e.g. by NGS) or NRAS": names, each with variants of its own
_OWN_VARIANTS = r"(?:m*V|m*\(V(?:[cm]*V)*\))?"
_LIST = rf"G{_OWN_VARIANTS}(?:m*\(?[cm]*cm*i?m*\(?G\)?{_OWN_VARIANTS})*"
# An alteration with names behind it: "mutations in KRAS or NRAS", "loss of expression of MLH1"
_BEFORE_LEAD = r"(?P<lead>(?:[MLOmSF]|(?<=[MLO])c(?=[MLOm]))*?)"
_BEFORE_NAMES = rf"(?P<names>{_LIST}(?:m*\(im*{_LIST})?|F(?!m*[:(i]))(?![cm]*cm*i?m*\(?[GF])(?!\)?[MLOm]*[VAE])"
_BEFORE = _tags(
    rf"{_BEFORE_LEAD}(?P<tail>{_KIND}[AESV](?:[cMLOm]*[AES])*)(?P<link>m*o(?:Eo)?[mi:]*|m*om*(?=F)){_BEFORE_NAMES}"
)
# The same over more words: "alterations in one or more of these genes: …", "mutations, including …"
_BEFORE_LIST = _tags(
    rf"{_BEFORE_LEAD}(?P<tail>{_KIND}[AEV](?:[cMLOm]*[AE])*)"
    rf"(?P<link>m*\(i?m*|[moxi(),cOMVFA]{{0,30}}?[:i][mi:(]*){_BEFORE_NAMES}"
)
# A list behind a colon, long after the alteration that it goes with.
_LOOSE_LIST = _tags(r":m*(?P<names>G(?:[cm]*cm*G){2,})(?![cm]*cm*G)(?![MLOm]*[VAES])")
# "HRR genes: ATM, BRIP1, …"
_MEMBERS = _tags(r"(?P<set>F)m*:m*(?P<names>G(?:[cm]*cm*G)*)")
_VARIANTS_ALONE = _tags(r"(?P<variants>V(?:[cmi]*V)*)")
# An alteration noun that says no more than a variant before it does.
_IMPLIED: Final = frozenset({"mutation", "variant", "insertion", "alteration", "fusion"})
_NONE_OF_IT: Final = frozenset({"negative", "wild-type", "wt"})
_EACH: Final = frozenset({"positive", "negative", "wild-type", "wt"})
_KEEPS_GENERAL: Final = re.compile(r"includ|e\.g|\beg\b|\betc\b", re.IGNORECASE)
_BUT_NOT: Final = re.compile(r"\bbut not (?:in |of |for |an? )?$", re.IGNORECASE)
_BUT_NOT_REACH = 16
_ALTERED: Final = frozenset({"mutation", "fusion", "rearrangement", "amplification", "deletion", "loss", "alteration"})
_POINT: Final = re.compile(r"(?:p\.)?[A-Z]\d{2,4}[A-Z]?")
# Names of sets of genes, in lower case, to one name each.
GENE_SETS: Final = {
    "hr": "HRR", "hrr": "HRR", "hrr genes": "HRR", "hrr gene": "HRR", "homologous recombination": "HRR",
    "homologous recombination repair": "HRR",
    "homologous recombination pathway": "HRR", "hr pathway": "HRR", "ddr": "DDR", "ddr genes": "DDR",
    "dna damage repair": "DDR",
    "dna damage response": "DDR", "dna repair": "DDR", "dna damage repair genes": "DDR", "dna-repair": "DDR",
}  # fmt: skip


class Biomarker(NamedTuple):
    """A marker in a state.

    ``noun`` is the state as it is written ("mutation", "positive"), ``kind`` what goes before it ("activating", "low"),
    ``variant`` what stands for both; ``whole`` a name that has its state in it ("MSI-high"), as a kind and its words.
    """

    label: str
    noun: str = ""
    kind: str = ""
    variant: str = ""
    origin: str = ""
    whole: tuple[str, ...] = ()


class Phrase(NamedTuple):
    """Biomarkers that a stretch of text states together; ``all_of`` where all hold at once, else one of them does."""

    start: int
    end: int
    biomarkers: tuple[Biomarker, ...]
    all_of: bool = False
    negated: bool = False
    sets: tuple[str, ...] = ()  # sets of genes whose members these are


def phrases(text: str, tokens: Sequence[Token]) -> list[Phrase]:
    """Return the statements in the tagged words of a criterion, in order."""
    tokens = one_name_each(with_unlisted(text, tokens))
    tags = "".join(token.tag for token in tokens)
    found: list[Phrase] = []
    place = 0
    while place < len(tags):
        phrase, after = _at(text, tokens, tags, place, found)
        if phrase is not None:
            found.append(phrase)
        place = max(after, place + 1)
    return found


def _at(
    text: str, tokens: Sequence[Token], tags: str, place: int, before: Sequence[Phrase]
) -> tuple[Phrase | None, int]:
    if tags[place] in "x.)ic(o":
        return None, place
    if tags[place] == "T":
        token = tokens[place]
        return Phrase(
            token.start, token.end, tuple(Biomarker("", whole=it) for it in _wholes(*token.values))
        ), place + 1
    members = _MEMBERS.match(tags, place)
    if members:
        return _members(tokens, members), members.end()
    for pattern in (_BEFORE, _BEFORE_LIST, _BEHIND, _FOLLOWED):
        match = pattern.match(tags, place)
        if match:
            return _phrase(text, tokens, match), match.end()
    loose = _LOOSE_LIST.match(tags, place)
    if loose:
        return _of_last_noun(tokens, loose, before), loose.end()
    return _of_what_is_before(text, tokens, tags, place, before)


def _of_what_is_before(
    text: str, tokens: Sequence[Token], tags: str, place: int, before: Sequence[Phrase]
) -> tuple[Phrase | None, int]:
    """Read a gene or a variant that stands alone, and goes with what the criterion has said before it."""
    if tags[place] == "G":
        return _but_not(text, tokens[place], before), place + 1
    variants = _VARIANTS_ALONE.match(tags, place)
    if variants and before:
        return _of_last_gene(tokens, variants, before), variants.end()
    return None, place


def is_but_not(text: str, start: int) -> bool:
    """Tell whether "but not" stands before a name at ``start``."""
    return _BUT_NOT.search(text, max(0, start - _BUT_NOT_REACH), start) is not None


def _but_not(text: str, token: Token, before: Sequence[Phrase]) -> Phrase | None:
    """Return that a gene is altered as the last one is, where "but not" stands before its bare name."""
    if not is_but_not(text, token.start):
        return None
    last = next((it for phrase in reversed(before) for it in phrase.biomarkers if it.noun in _ALTERED), None)
    if last is None:
        return None
    found = tuple(Biomarker(label, last.noun, origin=last.origin) for label in token.values)
    return Phrase(token.start, token.end, found)


def _wholes(kind: str, words: str, sign: str) -> Iterator[tuple[str, str, str]]:
    """Yield a biomarker that is name and state at once; a list of HLA types one by one."""
    types = _TYPES.findall(words) if kind == "hla" else []
    if len(types) < 2:
        yield kind, words, sign
    for it in types if len(types) > 1 else ():
        yield kind, f"HLA-{it} {sign}".strip(), sign


_TYPES: Final = re.compile(r"[ABC]\*?\s?\d[\d:]*")


def _phrase(text: str, tokens: Sequence[Token], match: re.Match[str]) -> Phrase | None:
    lead, tail, names = (tokens[slice(*match.span(group))] for group in ("lead", "tail", "names"))
    units = list(_units(text, [*lead, *tail]))
    if _are_both_sides(units) or all(unit.noun == "" and not unit.variant for unit in units):
        return None
    origins = tuple(dict.fromkeys(value for it in (*lead, *tail) if it.tag == "O" for value in it.values)) or ("",)
    biomarkers: list[Biomarker] = []
    if len(names) > 1 and all(_POINT.fullmatch(unit.variant) for unit in units):
        names = [it for it in names if it.tag in "GF"][-1:]  # a point mutation is one gene's
    for label, variants in _labels(names):
        for unit, origin in product([Unit(variant=it) for it in variants] or units, origins):
            biomarkers.append(Biomarker(label, unit.noun, unit.kind, unit.variant, origin))
    words = {value for it in names if it.tag == "c" for value in it.values}
    each = all(unit.noun in _EACH and unit.kind == "" for unit in units)
    # "ER/PR negative" is negative for both, "ER/PR positive" for one at least
    joined = "and" in words or (not {unit.noun for unit in units} - _NONE_OF_IT and len(biomarkers) > 1)
    all_of = each and joined and not words & {"or", "and/or"}
    inside = tokens[match.start() : match.end()]
    start, end = next(it.start for it in inside if it.tag != "m"), inside[-1].end
    sets = tuple(
        dict.fromkeys(
            GENE_SETS[value.lower()]
            for it in tokens[match.start() : match.start("names")]
            if it.tag == "F"
            for value in it.values
            if value.lower() in GENE_SETS
        )
    )
    denied = any(unit.denied for unit in units)
    found = tuple(dict.fromkeys(_qualified(text, start, end, biomarkers)))
    return Phrase(start, end, found, all_of, denied, sets)


def _qualified(text: str, start: int, end: int, biomarkers: Sequence[Biomarker]) -> Iterator[Biomarker]:
    """Add what is said farther away: "predicted to be deleterious", "(germline)", "loss of … expression"."""
    behind = _QUALIFIED.match(text, end)
    lost = _LOSS_BEFORE.search(text, max(0, start - _LOSS_REACH), start) is not None
    for it in biomarkers:
        if lost and it.noun == "expression":
            yield it._replace(noun="loss", kind="")
        elif behind is None or it.noun not in {"mutation", "variant"}:
            yield it
        elif behind["kind"]:
            yield it._replace(kind=it.kind or behind["kind"].lower())
        elif behind["origin"]:
            for origin in (it.origin,) if it.origin else re.findall("germline|somatic", behind["origin"].lower()):
                yield it._replace(origin=origin)
        else:
            yield it._replace(noun="uncertain significance", kind="")


_LOSS_BEFORE: Final = re.compile(r"\bloss of (?:the |nuclear |protein )*$", re.IGNORECASE)
_LOSS_REACH = 30
_QUALIFIED: Final = re.compile(
    r"\s?\((?P<origin>(?:germline|somatic)(?:\s?(?:or|and|and/or|/)\s?(?:germline|somatic))?)\)|[^.;,\n]{0,45}?\b(?:(?:predicted|considered|"
    r"known) to be (?:suspected )?(?P<kind>deleterious|pathogenic)|"
    r"(?:uncertain|unknown)(?:/unknown)? (?:clinical )?significance|VUS\b)",
    re.IGNORECASE,
)


class Unit(NamedTuple):
    """What is said of names: a noun with its kind, or a variant; ``denied`` by "negative" behind it."""

    noun: str = ""
    kind: str = ""
    variant: str = ""
    denied: bool = False


def _are_both_sides(units: Sequence[Unit]) -> bool:
    """Tell whether either will do: "positive or negative", "carriers and non-carriers"."""
    nouns = {unit.noun for unit in units}
    return nouns >= {"positive", "negative"} or (nouns == {"mutation"} and len({unit.denied for unit in units}) > 1)


def _units(text: str, tokens: Sequence[Token]) -> Iterator[Unit]:
    """Yield what a statement says: "nonsense or frameshift mutation" says two things, "V600E mutation" one."""
    units: list[Unit] = []
    kinds: list[str] = []
    others: list[tuple[str, ...]] = []
    last = ""  # the tag of the last noun, as long as nothing separates the next from it
    before = ""
    for token in tokens:
        if token.tag in "ML":
            kinds += token.values
        elif token.tag in "ci(":
            last = ""
            if kinds and before in "ML":
                others.append(tuple(kinds))
                kinds = []
        elif token.tag in "VAESW":
            _add(units, token, kinds, others, last)
            kinds, others, last = [], [], token.tag
        before = token.tag
    if kinds and not units:
        units.append(Unit(noun=kinds[-1], kind=" ".join(kinds[:-1])))
    yield from _exact(units, text[tokens[0].start : tokens[-1].end + 8]) if units else ()


def _exact(units: Sequence[Unit], text: str) -> Sequence[Unit]:
    """Leave out a general noun before its variants, unless these are only examples, and a variant that is not there."""
    if any(unit.noun in _NONE_OF_IT for unit in units):
        return [unit for unit in units if not unit.variant]  # "BRAF V600E wild-type"
    variants = [unit for unit in units if unit.variant]
    general_first = bool(variants) and not units[0].variant
    return variants if general_first and not _KEEPS_GENERAL.search(text) else units


def _add(units: list[Unit], token: Token, kinds: list[str], others: list[tuple[str, ...]], last: str) -> None:
    value = token.values[0]
    if token.tag == "V":
        units += [Unit(variant=variant) for variant in token.values]
    elif (
        (last == "V" and value in _IMPLIED)
        or (last == "A" and value in {"mutation", "variant"})
        or (token.tag == "S" and last == "S" and units[-1].noun == value)
    ):
        return
    elif token.tag == "S" and (value == "non-carrier" or (last in {"V", "A", "E"} and last)):
        said = units.pop() if last in {"V", "A", "E"} and last else Unit(noun="mutation")
        units.append(said._replace(denied=said.denied or value in {"negative", "non-carrier"}))
    elif token.tag == "E" and last == "S":
        if units[-1].noun == "positive":
            units[-1] = Unit(noun=value)
    else:
        for kind in (*others, tuple(kinds)):
            units.append(Unit(noun=value, kind=" ".join(kind)))


def _labels(tokens: Sequence[Token]) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield the names of a list, each with the variants that stand right behind it."""
    pathways = bool(tokens) and tokens[-1].tag == "G" and tokens[-1].values[-1].endswith(" pathway")
    for place, token in enumerate(tokens):
        if token.tag in "GF":
            behind = next((it for it in tokens[place + 1 :] if it.tag not in "m("), None)
            variants = behind.values if behind is not None and behind.tag == "V" else ()
            for label in token.values:
                own = () if label != token.values[-1] and all(map(_POINT.fullmatch, variants)) else variants
                yield label if not pathways or label.endswith(" pathway") else f"{label} pathway", own


def _of_last_gene(tokens: Sequence[Token], match: re.Match[str], before: Sequence[Phrase]) -> Phrase | None:
    """Give variants that stand alone to the one gene that the criterion has named."""
    labels = {it.label for phrase in before for it in phrase.biomarkers if it.label}
    nouns = {it.noun for phrase in before for it in phrase.biomarkers if it.label == next(iter(labels), "")}
    if len(labels) != 1 or not nouns & {"mutation", "", "fusion"}:
        return None
    label = next(iter(labels))
    inside = tokens[match.start() : match.end()]
    found = tuple(Biomarker(label, variant=value) for it in inside if it.tag == "V" for value in it.values)
    return Phrase(inside[0].start, inside[-1].end, found)


def _members(tokens: Sequence[Token], match: re.Match[str]) -> Phrase:
    """Read what a set of genes consists of: the text says elsewhere what is to be found in them."""
    names = tokens[slice(*match.span("names"))]
    found = tuple(Biomarker(label, "mutation") for label, _ in _labels(names))
    sets = tuple(GENE_SETS[it.lower()] for it in tokens[match.start()].values if it.lower() in GENE_SETS)
    return Phrase(names[0].start, names[-1].end, found, sets=sets)


def _of_last_noun(tokens: Sequence[Token], match: re.Match[str], before: Sequence[Phrase]) -> Phrase | None:
    """Give genes listed behind a colon the alteration that the criterion has named before."""
    nouns = [it.noun for phrase in before for it in phrase.biomarkers if it.noun in _ALTERATIONS]
    if not nouns:
        return None
    names = tokens[slice(*match.span("names"))]
    found = tuple(Biomarker(label, nouns[-1]) for label, _ in _labels(names))
    return Phrase(names[0].start, names[-1].end, found)


def leads_genotypes(text: str) -> bool:
    """Tell whether a criterion is the lead of a list of genotypes: "Excluded genotypes:"."""
    return _GENOTYPES.search(f"{text}\n") is not None


def listed(tokens: Sequence[Token]) -> Iterator[Phrase]:
    """Yield the bare names of list items, to be read below a lead that speaks of genotypes: "STK11", "KEAP1"."""
    tags = "".join(token.tag for token in tokens)
    for match in _BARE_ITEM.finditer(tags):
        names = tokens[slice(*match.span("names"))]
        found = tuple(Biomarker(label, "mutation") for label, _ in _labels(names))
        yield Phrase(names[0].start, names[-1].end, found)


_GENOTYPES: Final = re.compile(r"\b(?:genotypes?|mutations?|alterations?|genes?)\b[^:\n]{0,60}:\s*\n", re.IGNORECASE)
_BARE_ITEM: Final = _tags(r"(?:^|(?<=\.))m*(?P<names>G(?:m*cm*G)*)(?=m*(?:[.(]|$))")
_ALTERATIONS: Final = frozenset({"mutation", "alteration", "aberration", "defect", "variant"})
