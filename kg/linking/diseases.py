"""How diseases are written: compounds, heads that stand for each other, qualifiers, causes, coordinations."""

import re
from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from typing import Final

from kg.linking.medical_words import HEADS, OTHER_HEADS, STOP
from kg.linking.readings import Component, Reading
from kg.linking.words import split_compound, word, words

_CAUSED: Final = re.compile(
    r".+?[-–\s](?:induced|related|associated|mediated|evoked|elicited)[-–\s]+(.+)", re.IGNORECASE
)
_COORDINATED: Final = re.compile(r"\s*,?\s*(?:\band/or\b|\band\b|\bor\b|/|,)\s*")
_COORDINATION_CERTAINTY: Final = 0.8
_MOST_MEMBERS: Final = 4
_MOST_WORDS_OF_GERM: Final = 2


def readings(name: str, components: AbstractSet[Component]) -> Iterator[Reading]:
    """Yield what else a disease's name may be written as."""
    forms = [part.form for part in words(name)]
    if Component.COMPOUNDS in components:
        split = _without_compounds(forms)
        if split != forms:
            forms = split
            yield Reading(" ".join(forms), 0.93, "compound word taken apart")
    if Component.CAUSES in components:
        yield from _of_cause(name)
    if Component.HEADS in components:
        yield from _other_heads(forms)
        yield from _with_head(name)
    if Component.QUALIFIERS in components:
        yield from _without_qualifiers(forms, components)
    if Component.COORDINATION in components:
        yield from members(name)


def _without_compounds(forms: Sequence[str]) -> list[str]:
    return [part for form in forms for part in split_compound(form) or (form,)]


def _of_cause(name: str) -> Iterator[Reading]:
    """Yield "drug-induced dyskinesia", then "dyskinesia", for "levodopa-induced dyskinesia"."""
    match = _CAUSED.fullmatch(name)
    if match:
        effect = match.group(1)
        if "induced" in name.lower():
            yield Reading(f"drug induced {effect}", 0.94, f'cause left out of "{name}"')
        yield Reading(effect, 0.84, f'cause left out of "{name}"')


def _other_heads(forms: Sequence[str]) -> Iterator[Reading]:
    for place, form in enumerate(forms):
        for head, certainty in OTHER_HEADS.get(HEADS.get(form, form), ()):
            changed = [*forms[:place], *head.split(), *forms[place + 1 :]]
            if changed and changed != forms:
                yield Reading(" ".join(changed), certainty, f'"{form}" read as "{head}"')


def _with_head(name: str) -> Iterator[Reading]:
    """Yield the disorder for a name that leaves out its head, and the infection for the name of a germ."""
    parts = words(name)
    if any(part.is_head or part.form in STOP for part in parts):
        return
    yield Reading(f"{name} disorder", 0.86, "its head left out")
    if len(parts) <= _MOST_WORDS_OF_GERM:
        yield Reading(f"{name} infection", 0.8, "infection with it")


def _without_qualifiers(forms: Sequence[str], components: AbstractSet[Component]) -> Iterator[Reading]:
    kept = [form for form in forms if not word(form).is_qualifier]
    if not kept or len(kept) == len(forms):
        return
    rule = 'without "' + " ".join(form for form in forms if form not in kept) + '"'
    yield Reading(" ".join(kept), 0.9, rule)
    if Component.HEADS in components:
        yield from (it.after(0.9, rule) for it in _other_heads(kept))


def members(name: str) -> Iterator[Reading]:
    """Yield the members of a coordination, each with the head that they share.

    >>> [it.text for it in members("breast and/or ovarian cancer")]
    ['breast cancer', 'ovarian cancer']
    """
    parts = [part for part in _COORDINATED.split(name) if part]
    if not 1 < len(parts) <= _MOST_MEMBERS:
        return
    *firsts, last = parts
    shared = last.split()[1:]  # "ovarian cancer": what is behind its first word may belong to the others too
    for part in firsts:
        text = " ".join([part, *shared[-1:]]) if len(part.split()) == 1 and shared else part
        yield Reading(text, _COORDINATION_CERTAINTY, f'member of "{name}"')
    yield Reading(last, _COORDINATION_CERTAINTY, f'member of "{name}"')
