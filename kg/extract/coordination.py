"""Names that share a word: "breast and ovarian cancer", "type 1 and type 2 diabetes", "hepatitis B and C".

What the conjunction leaves out is put back; only what is a name then is one. A part is given the words that stand for
it ("breast"), so that two members of a list never overlap.
"""

import re
from collections.abc import Sequence
from typing import Final

from kg.lexicon import Lexicon, Match
from kg.models import ConceptType
from kg.tokens import Tokens, key

_JOINTS: Final = frozenset({"and", "or"})
_SIGN: Final = re.compile(r"\s?[/,&]\s?|\s?-\s?(?:to|and|or)\s?")
_JOINED: Final = re.compile(r"[ \-,]{0,3}\n?[ ]*(?<=[ \n])")
_GAP: Final = re.compile(r"[\s\-]{1,3}")
_LONGEST_LIST: Final = 12
_MOST_WORDS: Final = 3  # of the part that stands before the joint
_MEMBER: Final = re.compile(r"\d{1,2}|[A-Z]|I{1,3}|I?V")
_AMINO_ACIDS: Final = "[ACDEFGHIKLMNPQRSTVWY]"
_ENDS_IN_VARIANT: Final = re.compile(rf"(?<=[\s\-.])(?P<variant>{_AMINO_ACIDS}\d{{2,4}}{_AMINO_ACIDS}?)$")
_OTHER_VARIANT: Final = re.compile(
    rf"\s?(?:(?P<slash>/)|and/or\b|or\b|and\b)\s?(?:(?P<variant>{_AMINO_ACIDS}\d{{2,4}}{_AMINO_ACIDS}?)|"
    rf"(?(slash)(?P<letter>{_AMINO_ACIDS})|(?!)))(?![A-Za-z\d])"
)
_LONGEST_MEMBER: Final = 2  # of its form: "III" is "3"
_NUMBERED: Final = frozenset({"type", "stage", "grade", "class", "phase", "group", "factor", "subtype"})
# What comes in lists that share a word. Drugs seldom do ("sodium and potassium chloride"), and a wrong one costs much.
_SHARING: Final = frozenset({ConceptType.DISEASE, ConceptType.PROCEDURE, ConceptType.MARKER})


def with_coordinated(text: str, tokens: Tokens, matches: Sequence[Match], lexicon: Lexicon) -> list[Match]:
    """Return the matches and those that a conjunction shortens, in order; none overlaps another."""
    found: list[Match] = []
    for index, match in enumerate(matches):
        free_from = found[-1].last if found else 0
        free_to = matches[index + 1].first if index + 1 < len(matches) else len(tokens.words)
        shares = not _SHARING.isdisjoint([entry.concept.concept_type for entry in match.entries])
        near = shares and _may_be_joined(text, tokens, match.first)
        before = _before(text, tokens, match, free_from, lexicon) if near else []
        if before and before[-1].last > match.first:
            found += before
            continue
        found += [*before, match]
        behind = (
            _variant_behind(text, tokens, match, free_to, lexicon) or _behind(text, tokens, match, free_to, lexicon)
            if shares
            else None
        )
        if behind is not None:
            found.append(behind)
    return found


def _may_be_joined(text: str, tokens: Tokens, first: int) -> bool:
    """Tell whether a joint or a member of a list may stand before a word; most names have another word there."""
    if not first:
        return False
    gap = text[tokens.ends[first - 1] : tokens.starts[first]]
    form = tokens.form(first - 1)
    return gap != " " or form in _JOINTS or len(form) <= _LONGEST_MEMBER


def _before(text: str, tokens: Tokens, match: Match, free_from: int, lexicon: Lexicon) -> list[Match]:
    """Return the names that share the end of ``match``; the last one takes its place if it reaches into it."""
    parts: list[Match] = []
    while len(parts) < _LONGEST_LIST:
        part = _part(text, tokens, match, parts[0].first if parts else match.first, free_from, lexicon)
        if part is None:
            break
        parts.insert(0, part)
    return parts or _numbered(text, tokens, match, free_from, lexicon)


def _part(text: str, tokens: Tokens, match: Match, behind: int, free_from: int, lexicon: Lexicon) -> Match | None:
    """Return the name that ends like ``match`` and starts with the words before a joint before ``behind``."""
    joint = _joint_before(text, tokens, behind)
    if joint is None:
        return None
    for size in range(1, min(_MOST_WORDS, joint - free_from) + 1):
        first = joint - size
        if not _is_run(text, tokens, first, joint):
            break
        for head in range(match.first + 1, match.last):
            name = f"{tokens.key(first, joint)} {tokens.key(head, match.last)}"
            part = _named(text, tokens, first, joint, name, match, lexicon)
            if part is not None:
                return part
    return None


def _numbered(text: str, tokens: Tokens, match: Match, free_from: int, lexicon: Lexicon) -> list[Match]:
    """Return both names of "type 1 or 2 diabetes", where ``match`` is what is numbered."""
    second = match.first - 1
    if (
        second < free_from + 2
        or len(tokens.form(second)) > _LONGEST_MEMBER
        or not _MEMBER.fullmatch(text[tokens.starts[second] : tokens.ends[second]])
    ):
        return []
    joint = _joint_before(text, tokens, second)
    if joint is None or joint - 2 < free_from or tokens.form(joint - 2) not in _NUMBERED:
        return []
    head = tokens.key(match.first, match.last)
    one = f"{tokens.key(joint - 2, joint)} {head}"
    other = f"{tokens.form(joint - 2)} {tokens.form(second)} {head}"
    first = _named(text, tokens, joint - 2, joint, one, match, lexicon)
    last = _named(text, tokens, second, match.last, other, match, lexicon)
    return [first, last] if first is not None and last is not None else []


def _variant_behind(text: str, tokens: Tokens, match: Match, free_to: int, lexicon: Lexicon) -> Match | None:
    """Return the variant of a gene that stands without it behind another: "BRAF V600E/K", "KRAS G12 or G13"."""
    near = text[match.end - 2].isdigit()  # of all names few end so
    named = _ENDS_IN_VARIANT.search(text, match.start, match.end) if near else None
    other = _OTHER_VARIANT.match(text, match.end) if named else None
    if named is None or other is None:
        return None
    variant = other["variant"] or f"{named['variant'][:-1]}{other['letter']}"
    places = range(match.last, free_to)
    begin = other.start("variant") if other["variant"] else other.start("letter")
    first = next((it for it in places if tokens.starts[it] == begin), None)
    last = next((it + 1 for it in places if tokens.ends[it] == other.end()), None)
    if first is None or last is None:
        return None
    return _named(text, tokens, first, last, key(f"{text[match.start : named.start()]} {variant}"), match, lexicon)


def _behind(text: str, tokens: Tokens, match: Match, free_to: int, lexicon: Lexicon) -> Match | None:
    """Return the name of which only the last word stands behind ``match``: "hepatitis B and C"."""
    place = match.last
    if match.last - match.first < 2 or place >= len(tokens.words):
        return None
    gap = text[match.end : tokens.starts[place]]
    if tokens.form(place) in _JOINTS and _GAP.fullmatch(gap):
        place += 1
    elif gap == " " or not _SIGN.fullmatch(gap):
        return None
    if place >= free_to:
        return None
    last_word = text[tokens.starts[match.last - 1] : match.end]
    word = text[tokens.starts[place] : tokens.ends[place]]
    if not (_MEMBER.fullmatch(word) and _MEMBER.fullmatch(last_word)) or word.isdigit() is not last_word.isdigit():
        return None
    name = f"{tokens.key(match.first, match.last - 1)} {tokens.form(place)}"
    return _named(text, tokens, place, place + 1, name, match, lexicon)


def _joint_before(text: str, tokens: Tokens, first: int) -> int | None:
    """Return the index behind the word that a joint before ``first`` follows; None where there is no joint."""
    if not first:
        return None
    if first > 1 and tokens.form(first - 1) in _JOINTS:
        gaps = (text[tokens.ends[place] : tokens.starts[place + 1]] for place in (first - 2, first - 1))
        return first - 1 if all(_JOINED.fullmatch(gap) for gap in gaps) else None
    gap = text[tokens.ends[first - 1] : tokens.starts[first]]
    return first if gap != " " and _SIGN.fullmatch(gap) else None


def _is_run(text: str, tokens: Tokens, first: int, last: int) -> bool:
    return all(_GAP.fullmatch(text[tokens.ends[it] : tokens.starts[it + 1]]) for it in range(first, last - 1))


def _named(
    text: str, tokens: Tokens, first: int, last: int, name: str, beside: Match, lexicon: Lexicon
) -> Match | None:
    """Return a match of the words if the whole name is one, of the class of the name beside it."""
    classes = {entry.concept.concept_type for entry in beside.entries}
    entries = tuple(
        it for it in lexicon.entries(name) if it.concept.concept_type in classes & _SHARING and not it.ambiguous
    )
    if not entries:
        return None
    start, end = tokens.starts[first], tokens.ends[last - 1]
    if start and text[start - 1].isalnum():
        return None
    return Match(start, end, first, last, entries, coordinated=True)
