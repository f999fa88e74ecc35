"""Variants as trials write them: p.G12C, V600E/K, exon 19 deletion, ITD, class 1 to 3, fusion transcripts."""

import re
from collections.abc import Callable
from typing import Final, NamedTuple

_AMINO = "ACDEFGHIKLMNPQRSTVWY"
_POINT: Final = re.compile(
    rf"(?:p\.\s?|[Nn]on-?)?[{_AMINO}][1-9]\d{{1,3}}(?:[{_AMINO}X*](?:fs\w*)?|fs\w*|del|dup|ins\w*)?"
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
_EXONS: Final = re.compile(
    r"exons?\s?(?P<numbers>\d{1,2}(?:\s?(?:,\s?or|,\s?and|,|/|or|and|&)\s?(?:exons?\s?)?\d{1,2})+)\s"
    r"(?P<kind>mutation|deletion|insertion|alteration)s?(?![a-z])",
    re.IGNORECASE,
)
_SHORT_EXON: Final = re.compile(
    r"(?:del(?:etion)?\s?(?P<before>19)|(?P<n>19|20)[\s\-]?(?P<kind>del(?:etion)?s?|ins(?:ertion)?s?))(?![A-Za-z0-9])",
    re.IGNORECASE,
)
_TANDEM: Final = re.compile(
    r"internal tandem duplications?(?:\s?\(ITD\))?|ITD\b|TKD\b|tyrosine kinase domain\s?\(TKD\)"
)
_ROMAN: Final = {"i": "1", "ii": "2", "iii": "3"}
_CLASS: Final = re.compile(
    r"class\s(?P<n>(?:[123]|I{1,3})(?:\s?(?:,\s?or|,\s?and|,|/|or|and|-)\s?(?:[123]|I{1,3}|unclassified)\b)*)",
    re.IGNORECASE,
)


class Variant(NamedTuple):
    """Variants that a stretch of text names, as they are to be written; none for an exon without a change."""

    end: int
    names: tuple[str, ...]


def variant_at(text: str, place: int) -> Variant | None:
    """Return the variants that begin at ``place``."""
    for pattern, names in _VARIANTS:
        match = pattern.match(text, place)
        if match:
            return Variant(match.end(), names(match))
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


def _exons_values(match: re.Match[str]) -> tuple[str, ...]:
    return tuple(f"exon {number} {match['kind'].lower()}" for number in re.findall(r"\d+", match["numbers"]))


def _short_exon_values(match: re.Match[str]) -> tuple[str, ...]:
    """Spell "del19" and "20ins" out."""
    insertion = match["kind"] is not None and match["kind"].lower().startswith("ins")
    return (f"exon {match['before'] or match['n']} {'insertion' if insertion else 'deletion'}",)


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


_VARIANTS: Final[tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], tuple[str, ...]]], ...]] = (
    (_EXONS, _exons_values), (_EXON, _exon_values), (_SHORT_EXON, _short_exon_values), (_CLASS, _class_values),
    (_TANDEM, _tandem_values), (_POINT, _point_values),
)  # fmt: skip
