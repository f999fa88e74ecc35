"""Spelling: the known word one edit away from an unknown one; names of drugs in Spanish, Portuguese and Italian.

International nonproprietary names have a form in each language, made by rule ("betametasona", "tobramicina" for
betamethasone, tobramycin; https://www.who.int/teams/health-product-and-policy-standards/inn).
"""

from collections.abc import Callable, Iterator
from collections.abc import Set as AbstractSet
from itertools import product
from typing import Final

_LETTERS: Final = "abcdefghijklmnopqrstuvwxyz"
_SHORTEST: Final = 6  # of shorter words, too many are one edit from another
_SHORTEST_TRANSLATED: Final = 8
# Ending of the name, and the endings that it has in English; the longest first.
_ENDINGS: Final = (
    ("micina", ("mycin", "micin")), ("icilina", ("icillin",)), ("ciclina", ("cycline",)), ("mab", ("mab",)),
    ("ina", ("ine", "in")), ("ona", ("one",)), ("one", ("one",)), ("ida", ("ide",)), ("ide", ("ide",)),
    ("ato", ("ate",)), ("ano", ("ane", "an")), ("eno", ("ene", "en")), ("ico", ("ic",)), ("azolo", ("azole",)),
    ("azol", ("azole",)), ("olo", ("ol",)), ("ol", ("ol",)), ("ilo", ("il", "yl")), ("ato", ("ate",)),
)  # fmt: skip
_SOUNDS: Final = {"t": ("t", "th"), "f": ("f", "ph"), "i": ("i", "y"), "c": ("c", "ch")}
_MOST_SOUNDS: Final = 6  # letters that have another spelling in English
_LONGEST: Final = 30  # a longer one is no word


def corrected(form: str, known: Callable[[AbstractSet[str]], AbstractSet[str]]) -> str:
    """Return the first known word of the alphabet that is one edit from ``form``; ``form`` if it is known or none is.

    An edit is a letter left out, put in, replaced, or two neighbours swapped. The first letter is taken as right.

    Args:
        form: The normal form of a word.
        known: Tells the known ones of some words, of which there are hundreds.
    """
    if not _SHORTEST <= len(form) <= _LONGEST or not form.isalpha() or known({form}):
        return form
    translated = list(_in_english(form))
    if found := known(set(translated)):
        return next(it for it in translated if it in found)
    return min(known(set(_edits(form))), default=form)


def _in_english(form: str) -> Iterator[str]:
    """Yield what a drug's name in a Romance language may be in English."""
    if len(form) < _SHORTEST_TRANSLATED:
        return
    for ending, endings in _ENDINGS:
        if form.endswith(ending):
            stem = form.removesuffix(ending)
            pieces = [_SOUNDS.get(letter, (letter,)) for letter in stem]
            if sum(len(choices) > 1 for choices in pieces) <= _MOST_SOUNDS:
                yield from ("".join(spelled) + it for spelled in product(*pieces) for it in endings)
            return


def _edits(form: str) -> Iterator[str]:
    for place in range(1, len(form) + 1):
        before, behind = form[:place], form[place:]
        if behind:
            yield before + behind[1:]
            yield from (before + letter + behind[1:] for letter in _LETTERS)
        if len(behind) > 1:
            yield before + behind[1] + behind[0] + behind[2:]
        yield from (before + letter + behind for letter in _LETTERS)
