"""What the document around a name tells of its meaning."""

import re
from collections.abc import Iterator
from functools import cached_property
from typing import Final

from kg.short_forms import Glossary, glossary, words_spelling

_SHORTEST, _LONGEST = 2, 6  # letters of a short form whose definition is looked for in the whole text
_PIECE: Final = re.compile(r"\w+")


class Context:
    """A document's text: its short forms, and what it says that drugs cause."""

    def __init__(self, text: str) -> None:
        self.text = text

    @cached_property
    def _glossary(self) -> dict[str, Glossary]:
        return glossary(self.text)

    def long_forms(self, name: str) -> tuple[str | None, tuple[str, ...]]:
        """Return the long form that spells a short form, if any, and what else it may stand for, to be checked.

        The latter are words in apposition to it and, where it is all in capitals, words that begin with its letters.
        """
        for short in (name, name.removesuffix("s"), f"{name}s"):
            defined = self._glossary.get(short)
            if defined is not None:
                return defined.spelled, (*defined.appositions, *self._spelled_anywhere(name))
        return None, self._spelled_anywhere(name)

    def _spelled_anywhere(self, name: str) -> tuple[str, ...]:
        if not (_SHORTEST <= len(name) <= _LONGEST and name.isupper() and name.isalpha()):
            return ()
        return tuple(dict.fromkeys(words_spelling(name, self.text)))

    def written_out(self, name: str) -> str:
        """Return a name of several words with the long forms of the short forms in it."""

        def long_form(piece: re.Match[str]) -> str:
            defined = self._glossary.get(piece.group()) if piece.group() != name else None
            return (defined.spelled if defined else None) or piece.group()

        return _PIECE.sub(long_form, name)

    def says_induced(self, name: str) -> bool:
        """Tell whether the document says of ``name`` that something induced it."""
        named = re.escape(name)
        return any(re.search(pattern, self.text, re.IGNORECASE) for pattern in _induced(named))


def _induced(named: str) -> Iterator[str]:
    yield rf"\binduced\s+(?:[\w-]+\s+){{0,2}}{named}(?!\w)"
    yield rf"(?<!\w){named}\s+(?:\w+\s+)?(?:induced|caused)\s+by\b"
