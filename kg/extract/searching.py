"""Long regular expressions, of which only those alternatives are tried that have a word of theirs in the text.

An expression of many alternatives is tried at each character of a text: a hundred microseconds a sentence, while to
look for a word takes a twentieth of one. Which words an alternative needs is read from it, so the two cannot differ.
"""

import re
import sys
from collections.abc import Iterator, Sequence
from typing import Any, Final

# Not public: without it, searches are slower and find the same.
_PARSER: Final[Any] = getattr(re, "_parser", None)
_REPEATS: Final = ("MAX_REPEAT", "MIN_REPEAT")
_MOST: Final = 80  # to look for more words is no faster than the expression
_SIGN: Final = 3  # a sign is as rare as a word of so many letters
_RARER: Final = 2.5  # times a letter more
_PIECE: Final = re.compile(r"\\.|\[\^?\]?(?:\\.|[^\]\\])*\]|.", re.DOTALL)  # an escape, a set, a character


class Searching:
    """A compiled expression, case ignored.

    Args:
        pattern: The regular expression; its groups have no names and are not referred to.
    """

    def __init__(self, pattern: str) -> None:
        self._parts = [
            (needed_words(it) or ("",), re.compile(it, re.IGNORECASE).search) for it in alternatives(pattern)
        ]

    def found_in(self, text: str) -> bool:
        """Tell whether the expression matches anywhere."""
        lowered = text.lower()
        for words, search in self._parts:
            for word in words:
                if word in lowered:
                    if search(text):
                        return True
                    break
        return False


class Guarded:
    """A compiled expression that is tried only on texts with a word that it needs; for texts of a sentence or two.

    Args:
        pattern: The regular expression. One that needs no word of a few is tried always.
        flags: As for `re.compile`.
    """

    def __init__(self, pattern: str, flags: int = 0) -> None:
        self._words = needed_words(pattern) or ("",)
        self._pattern = re.compile(pattern, flags)

    def search(self, text: str, start: int = 0, end: int = sys.maxsize) -> re.Match[str] | None:
        """Return the first match within ``text[start:end]``, as `re.Pattern.search` does."""
        return self._pattern.search(text, start, end) if self.may_match(text, start, end) else None

    def match(self, text: str, start: int = 0, end: int = sys.maxsize) -> re.Match[str] | None:
        """Return the match that begins at ``start``, as `re.Pattern.match` does."""
        return self._pattern.match(text, start, end) if self.may_match(text, start, end) else None

    def finditer(self, text: str, start: int = 0, end: int = sys.maxsize) -> Iterator[re.Match[str]]:
        """Return the matches within ``text[start:end]``, as `re.Pattern.finditer` does."""
        return self._pattern.finditer(text, start, end) if self.may_match(text, start, end) else iter(())

    def may_match(self, text: str, start: int = 0, end: int = sys.maxsize) -> bool:
        """Tell whether ``text[start:end]`` has a word that the expression needs."""
        lowered = text[start:end].lower()
        for word in self._words:  # noqa: SIM110 - any() over a generator takes twice as long
            if word in lowered:
                return True
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
    shortest = sorted(word for word in found if not any(other in word for other in found - {word}))
    return tuple(shortest) if len(shortest) <= _MOST else ()


def _needed(items: Sequence[Any]) -> frozenset[str]:
    """Return the best choice among the parts of a sequence, each of which has to match; empty if there is none."""
    best: frozenset[str] = frozenset()
    literal = ""
    for operation, argument in [*items, ("END", None)]:
        if str(operation) == "LITERAL":
            literal += chr(argument).lower()
            continue
        for choice in (frozenset([literal] if literal else []), _of_part(str(operation), argument)):
            best = min(best, choice, key=_frequency)
        literal = ""
    return best


def _of_part(operation: str, argument: Any) -> frozenset[str]:
    if operation == "SUBPATTERN" or (operation in _REPEATS and argument[0] > 0):
        return _needed(argument[-1])
    if operation == "BRANCH":
        choices = [_needed(branch) for branch in argument[1]]
        return frozenset[str]().union(*choices) if all(choices) else frozenset()
    if operation == "IN" and all(str(kind) == "LITERAL" for kind, _ in argument):
        return frozenset(chr(code).lower() for _, code in argument)
    return frozenset()


def _frequency(words: frozenset[str]) -> float:
    """Return how often a text may have one of these words: of two choices the rarer is better."""
    return sum(_RARER ** -_letters(word) for word in words) if words else float("inf")


def _letters(word: str) -> int:
    return sum((1 if char.isalnum() else _SIGN) for char in word if not char.isspace())
