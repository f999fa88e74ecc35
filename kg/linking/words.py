"""The words of a name in three degrees of likeness: normal form, stem, and group of heads."""

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Final, NamedTuple

from kg.linking.medical_words import COMBINING, ENDINGS, HEADS, QUALIFIERS, SAME_WORD, STOP
from kg.linking.word_lists import listed
from kg.tokens import tokenise

# Endings by which nouns and adjectives of one root differ: psychosis and psychotic, toxic and toxicity, hypertension
# and hypertensive.
_ENDINGS: Final = frozenset(
    listed(
        """
        icity ically ical tional ational iveness sive sion sions tive tion tory tious tizing tized tic sis sic
        sia sy tial ity ive ion ial ian iac ous ent ency ence ant ancy ance ary ment ful al ic ia y ted ting ed
        ing e us um a is ism
        """
    )
)
_LONGEST_ENDING: Final = max(map(len, _ENDINGS))
_SHORTEST_STEM: Final = 4
_POSSESSIVE: Final = re.compile(r"(?<=\w)['’]s\b")
_NON: Final = "non"
_NAMES_KEPT: Final = 100_000


class Word(NamedTuple):
    """A word of a name."""

    form: str  # normal form of `kg.tokens`
    stem: str  # the same for noun and adjective
    group: str  # the same for all heads of one kind; starts with "~" for a head

    @property
    def is_head(self) -> bool:
        """Whether the word says what kind of thing it is ("disease"), not which."""
        return self.group.startswith("~")

    @property
    def is_qualifier(self) -> bool:
        """Whether a name without the word means the same, more generally ("severe")."""
        return self.form in QUALIFIERS


@lru_cache(maxsize=_NAMES_KEPT)
def stem(form: str) -> str:
    """Return what is left of a normal form without the ending that makes it a noun or an adjective.

    >>> stem("psychotic") == stem("psychosis"), stem("renal") == stem("kidney")
    (True, True)
    """
    form = SAME_WORD.get(form, form)
    for length in range(min(_LONGEST_ENDING, len(form) - _SHORTEST_STEM), 0, -1):
        if form[-length:] in _ENDINGS:
            form = form[:-length]
            break
    return form[:-1] if len(form) > _SHORTEST_STEM and form[-1] == form[-2] else form


@lru_cache(maxsize=_NAMES_KEPT)
def word(form: str) -> Word:
    """Return a normal form with its stem and its group."""
    root = stem(form)
    return Word(form, root, HEADS.get(form, root))


@lru_cache(maxsize=_NAMES_KEPT)
def words(name: str) -> tuple[Word, ...]:
    """Cut a name into its words, without articles, prepositions and the like, unless nothing else is there."""
    forms = tokenise(_POSSESSIVE.sub("", name)).forms
    return tuple([word(form) for form in forms if form not in STOP] or map(word, forms))


def bag(parts: Iterable[str]) -> str:
    """Return a key that does not depend on the order of words, nor on repeated ones but for "non".

    >>> bag(["non", "squamous", "non", "small"])
    'non non small squamous'
    """
    given = list(parts)
    return " ".join(sorted([*set(given), *[_NON] * (given.count(_NON) - 1)]))


def split_compound(form: str) -> tuple[str, str] | None:
    """Return what the two parts of a compound word mean; None for another word.

    >>> split_compound("nephrotoxicity")
    ('kidney', 'toxicity')
    """
    for ending, meaning in ENDINGS.items():
        first = COMBINING.get(form.removesuffix(ending)) if form.endswith(ending) else None
        if first is not None:
            return first, meaning
    return None
