"""Names among tagged words: symbols that no table has, and one name of several for the same thing."""

import re
from collections.abc import Sequence
from typing import Final

from kg.extract.biomarkers.tokens import Token

_LONGEST_SYNONYM = 6  # words of a name that nobody lists, before its symbol in brackets


def with_unlisted(text: str, tokens: Sequence[Token]) -> list[Token]:
    """Take a word in capitals for a symbol where it stands among symbols, or in brackets behind a long name."""
    known = list(tokens)
    for place in range(1, len(known) - 1):
        token = known[place]
        if token.tag == "x" and _SYMBOL.fullmatch(text, token.start, token.end):
            left, right = known[place - 1], known[place + 1]
            listed = left.tag == "c" and _name_before(known, place) and (right.tag in "cA)." or place + 2 == len(known))
            synonym = left.tag == "(" and right.tag == ")" and place > 1 and " " in "".join(known[place - 2].values)
            if listed or (synonym and known[place - 2].tag == "G"):
                known[place] = Token("G", token.start, token.end, (text[token.start : token.end],))
    return known


def _name_before(tokens: Sequence[Token], place: int) -> bool:
    """Tell whether two names of a list stand before its item at ``place``."""
    names = [it.tag for it in tokens[max(0, place - 6) : place] if it.tag not in "cm()"]
    return names[-2:] == ["G", "G"]


_SYMBOL: Final = re.compile(r"[A-Z][A-Z0-9]{2,7}")


def one_name_each(tokens: Sequence[Token]) -> list[Token]:
    """Keep one of a name and its synonym in brackets: the symbol of a long name, a family's members, else the first."""
    kept = _one_name_each(tokens)
    return _one_name_each(kept) if len(kept) < len(tokens) else kept  # brackets in brackets


def _one_name_each(tokens: Sequence[Token]) -> list[Token]:
    kept: list[Token] = []
    place = 0
    while place < len(tokens):
        inside = _bracketed_names(tokens, place)
        if inside and kept and kept[-1].tag in "GFxm":
            end = tokens[place + len(inside) + 1].end
            place += len(inside) + 2
            if kept[-1].tag in "xm":
                start = _drop_words(kept, inside[0].start)
            else:
                start = kept[-1].start
                inside = _chosen(kept.pop(), inside)
            inside[0] = inside[0]._replace(start=start)
            inside[-1] = inside[-1]._replace(end=end)
            kept += inside
            continue
        kept.append(tokens[place])
        place += 1
    return kept


def _bracketed_names(tokens: Sequence[Token], place: int) -> list[Token]:
    if tokens[place].tag != "(":
        return []
    end = place + 1
    while end < len(tokens) and tokens[end].tag in "GFcm":
        end += 1
    inside = list(tokens[place + 1 : end])
    closed = end < len(tokens) and tokens[end].tag == ")"
    return inside if closed and any(it.tag in "GF" for it in inside) else []


def _chosen(outer: Token, inside: list[Token]) -> list[Token]:
    names = [it for it in inside if it.tag in "GF"]
    if len(names) > 1:
        return inside
    return [names[0]] if " " in outer.values[0] else [outer]


def _drop_words(kept: list[Token], start: int) -> int:
    """Take off the words of a name that nobody lists, back to the start of the list's item; return where they began."""
    count = 0
    while count < len(kept) and (kept[-1 - count].tag in "xm" or kept[-1 - count].values == ("/",)):
        count += 1
    if 0 < count <= _LONGEST_SYNONYM or (count and len(kept) > count and kept[-1 - count].tag == "c"):
        start = kept[-min(count, _LONGEST_SYNONYM)].start
        del kept[-min(count, _LONGEST_SYNONYM) :]
    return start
