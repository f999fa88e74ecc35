"""Long regular expressions, of which only those alternatives are tried that have a word of theirs in the text.

An expression of many alternatives is tried at each character of a text: a hundred microseconds a sentence, while to
look for a word takes a twentieth of one. Which words an alternative needs is read from it, so the two cannot differ.
"""

import re
from collections.abc import Iterator, Sequence
from typing import Any, Final

# Not public: without it, searches are slower and find the same.
_PARSER: Final[Any] = getattr(re, "_parser", None)
_REPEATS: Final = ("MAX_REPEAT", "MIN_REPEAT")
_MOST: Final = 30  # to look for more words is no faster than the expression
_PIECE: Final = re.compile(r"\\.|\[\^?\]?(?:\\.|[^\]\\])*\]|.", re.DOTALL)  # an escape, a set, a character


class Searching:
    """A compiled expression, case ignored.

    Args:
        pattern: The regular expression; its groups have no names and are not referred to.
    """

    def __init__(self, pattern: str) -> None:
        self._parts = [(needed_words(it), re.compile(it, re.IGNORECASE).search) for it in alternatives(pattern)]

    def found_in(self, text: str) -> bool:
        """Tell whether the expression matches anywhere."""
        lowered = text.lower()
        for words, search in self._parts:
            if not words:
                if search(text):
                    return True
                continue
            for word in words:
                if word in lowered:
                    if search(text):
                        return True
                    break
        return False


def alternatives(pattern: str) -> Iterator[str]:
    r"""Yield the alternatives of an expression as a whole.

    >>> list(alternatives(r"a(?:b|c)|[|]|\|"))
    ['a(?:b|c)', '[|]', '\\|']
    """
    depth, part = 0, ""
    for piece in _PIECE.findall(pattern):
        depth += (piece == "(") - (piece == ")")
        if piece == "|" and depth == 0:
            yield part
            part = ""
        else:
            part += piece
    yield part


def needed_words(pattern: str) -> tuple[str, ...]:
    r"""Return strings in lower case one of which is in whatever the expression matches; none if there is no telling.

    >>> needed_words(r"\bnot (?:required|necessary)|unknown")
    ('necessary', 'required', 'unknown')
    """
    found = _needed(_PARSER.parse(pattern, re.IGNORECASE)) if _PARSER else frozenset()
    return tuple(sorted(found)) if len(found) <= _MOST else ()


def _needed(items: Sequence[Any]) -> frozenset[str]:
    """Return the best choice among the parts of a sequence, each of which has to match; empty if there is none."""
    best: frozenset[str] = frozenset()
    literal = ""
    for operation, argument in [*items, ("END", None)]:
        if str(operation) == "LITERAL":
            literal += chr(argument).lower()
            continue
        for choice in (frozenset([literal] if literal else []), _of_part(str(operation), argument)):
            best = max(best, choice, key=_strength)
        literal = ""
    return best


def _of_part(operation: str, argument: Any) -> frozenset[str]:
    if operation == "SUBPATTERN" or (operation in _REPEATS and argument[0] > 0):
        return _needed(argument[-1])
    if operation == "BRANCH":
        choices = [_needed(branch) for branch in argument[1]]
        return frozenset[str]().union(*choices) if all(choices) else frozenset()
    return frozenset()


def _strength(words: frozenset[str]) -> int:
    return min(map(len, words), default=0)
