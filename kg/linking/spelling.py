"""Spelling errors: the known word that is one edit away from an unknown one."""

from collections.abc import Callable, Iterator
from typing import Final

_LETTERS: Final = "abcdefghijklmnopqrstuvwxyz"
_SHORTEST: Final = 6  # of shorter words, too many are one edit from another
_LONGEST: Final = 30  # a longer one is no word


def corrected(form: str, knows: Callable[[str], bool]) -> str:
    """Return the first known word of the alphabet that is one edit from ``form``; ``form`` if it is known or none is.

    An edit is a letter left out, put in, replaced, or two neighbours swapped. The first letter is taken as right.
    """
    if not _SHORTEST <= len(form) <= _LONGEST or not form.isalpha() or knows(form):
        return form
    return min((edit for edit in _edits(form) if knows(edit)), default=form)


def _edits(form: str) -> Iterator[str]:
    for place in range(1, len(form) + 1):
        before, behind = form[:place], form[place:]
        if behind:
            yield before + behind[1:]
            yield from (before + letter + behind[1:] for letter in _LETTERS)
        if len(behind) > 1:
            yield before + behind[1] + behind[0] + behind[2:]
        yield from (before + letter + behind for letter in _LETTERS)
