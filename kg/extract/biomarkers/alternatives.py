"""How the biomarkers of a text hold together: alternatives, each of biomarkers that have to be there at once.

Within one criterion "or", unless its words say otherwise; between criteria of the inclusion list "and", unless they are
those of cohorts, permissions, or say different things of one marker; between exclusions "or".
"""

import re
from collections.abc import Iterable, Sequence
from itertools import pairwise, product
from math import prod
from typing import Final, NamedTuple

from kg.extract.biomarkers.grammar import Biomarker, Phrase
from kg.models import Polarity

_COHORT: Final = re.compile(
    r"\b(?:cohorts?|arms?|parts?|phase|groups?|criteria for|dose[\s-](?:escalation|expansion)|sub-?protocol|"
    r"expansion|either)\b",
    re.IGNORECASE,
)
_PERMITS: Final = re.compile(
    r"\b(?:(?:are|is|may be|can be) (?:also |still )?(?:eligible|included|enrolled|allowed)|may (?:enrol|participate)|"
    r"must (?:also )?have (?:failed|received|progressed|relapsed))",
    re.IGNORECASE,
)
_AND_BETWEEN: Final = re.compile(
    r"^\W{0,4}(?:[\w\-]+\W+){0,25}?\band\s+(?:also\s+)?(?:has|have|is|are|with|confirm\w*|must|the absence|"
    r"absence|no\b|without|document\w*|harbou?r\w*|"
    r"presence|the tumou?rs?\b|tumou?rs?\b|show\w*|express\w*)|^[^.;]{0,40}\b(?:that|who|which) (?:has|have|is|"
    r"are|also|expresses?)\b",
    re.IGNORECASE,
)
_TIGHT: Final = re.compile(r"[\s,/()\-–]*(?:and|with|as well as|but|&)?[\s,/()\-–]*(?:is|are|an?)?\s*", re.IGNORECASE)
_SIGNED: Final = frozenset({"positive", "negative", "wild-type", "wt"})
_ONLY_OR: Final = re.compile(r"[\s,/)]*(?:and/or|or)\s*", re.IGNORECASE)
_NEXT_ITEM: Final = re.compile(r"\n\s*(?:[-*•]|\(?(?:\d{1,2}|[a-z])[.)])\s")
# A criterion that begins or ends in "or".
_OR_ITEM: Final = re.compile(r"\bor\W{0,3}\n|\n\W*(?:\d{1,2}[.)]\s*)?or\b", re.IGNORECASE)
_BEFORE_LIST: Final = re.compile(
    r"\band\b[^.;]{0,60}\b(?:following|one of|any of|either)\b[^.;\n]{0,40}:\s*\n", re.IGNORECASE
)
_ALL_OF: Final = re.compile(
    r"\b(?:all|both|each)(?: of)?(?: the)? (?:following|these)\b[^.;:\n]{0,60}:[\s\-*•]*(?:\(?\w[.)]\s)?\s*$",
    re.IGNORECASE,
)
_MOST_COMBINATIONS: Final = 200
_ALTERED: Final = frozenset({"mutation", "fusion", "rearrangement", "translocation"})
# Proteins whose amount is a state of its own, whatever their genes.
_PROTEINS: Final = frozenset({"HER2", "PD-L1"})

# Names of `ontologies/rules.ttl`.
STATED: Final = "biomarker-stated"

Conjunction = tuple[Biomarker, ...]


class Stated(NamedTuple):
    """A phrase, the side that it counts on, and its criterion."""

    polarity: Polarity
    item: int  # the criterion's place, -1 for the description
    phrase: Phrase
    rule: str = STATED


def alternatives(text: str, stated: Sequence[Stated]) -> list[Conjunction]:
    """Return the alternatives that phrases state one behind the other; what clearly holds together is joined."""
    groups: list[list[list[Conjunction]]] = []
    last: Stated | None = None
    all_of = False  # whether the criterion asks for all of its list
    for choice in _choices(text, stated):
        conjunctions = [it for found in choice for it in _conjunctions(found.phrase)]
        same = last is not None and last.item == choice[0].item
        all_of = all_of if same else _all_of(text, choice[0].phrase)
        if last and same and (all_of or _together(text, last.phrase, choice[0].phrase)):
            groups[-1].append(conjunctions)
        else:
            groups.append([conjunctions])
        last = choice[-1]
    return [conjunction for group in groups for conjunction in _multiplied(group)]


def _choices(text: str, stated: Sequence[Stated]) -> list[list[Stated]]:
    """Group phrases of one kind that only "or" stands between: "ER+ or PR+", the items of a nested list."""
    choices: list[list[Stated]] = []
    together: set[int] = set()  # criteria of which all the items are asked for
    earlier: set[str] = set()  # what holds together with the last phrase: "ER+/HER2- or ER-/HER2+" begins anew
    for it in stated:
        last = choices[-1][-1] if choices else None
        if last is None or last.item != it.item:
            choices.append([it])
            earlier = set()
            if _all_of(text, it.phrase):
                together.add(it.item)
        elif (
            it.item not in together
            and earlier.isdisjoint(_labels(it.phrase))
            and _is_choice(text, last.phrase, it.phrase)
        ):
            choices[-1].append(it)
        else:
            choices.append([it])
            earlier = earlier | _labels(last.phrase) if _is_tight(text, last.phrase, it.phrase) else set()
    return choices


def _is_choice(text: str, left: Phrase, right: Phrase) -> bool:
    gap = text[left.end : right.start]
    if _NEXT_ITEM.search(gap) is not None and ":" not in gap:
        return True
    return _ONLY_OR.fullmatch(gap) is not None and _kinds(left) == _kinds(right)


def _kinds(phrase: Phrase) -> set[str]:
    return {"whole" if it.whole else "variant" if it.variant else it.noun for it in phrase.biomarkers}


def _all_of(text: str, phrase: Phrase) -> bool:
    """Tell whether a phrase is the first of a list of which all is asked for: "All of the following:"."""
    return _ALL_OF.search(text, max(0, phrase.start - _AROUND), phrase.start) is not None


def _together(text: str, left: Phrase, right: Phrase) -> bool:
    gap = text[left.end : right.start]
    if _BEFORE_LIST.search(gap):
        return True
    if _is_tight(text, left, right):
        return True
    return (
        _AND_BETWEEN.search(gap) is not None
        and not re.search(r"\bor\b", gap)
        and _labels(left).isdisjoint(_labels(right))
    )


def _is_tight(text: str, left: Phrase, right: Phrase) -> bool:
    gap = _IN_BRACKETS.sub("", text[left.end : right.start])
    if _TIGHT.fullmatch(gap) is None:
        return False
    if _is_signed(left) and _is_signed(right):
        return True
    if (_is_stable(left) and _is_signed(right)) or (_is_signed(left) and _is_stable(right)):
        return True
    # "PIK3CA-mutated, HR-positive": receptors are told of every breast cancer, besides what else it has
    return _is_of_receptors(left) or _is_of_receptors(right)


def _is_stable(phrase: Phrase) -> bool:
    return all(it.whole[:1] in {("mss",), ("pmmr",)} for it in phrase.biomarkers)


def _is_of_receptors(phrase: Phrase) -> bool:
    return _is_signed(phrase) and all(_RECEPTOR.fullmatch(it.label) for it in phrase.biomarkers)


_RECEPTOR: Final = re.compile(r"HER2|HR|ER|P[Rg]R?|(?:o?estrogen|progesterone|hormone)[\s-]receptor", re.IGNORECASE)
_IN_BRACKETS: Final = re.compile(r"\([^()]{0,80}\)")


def _is_signed(phrase: Phrase) -> bool:
    return all(it.noun in _SIGNED or it.whole[:1] == ("ph",) for it in phrase.biomarkers)


def _labels(phrase: Phrase) -> set[str]:
    return {it.label for it in phrase.biomarkers}


def _conjunctions(phrase: Phrase) -> list[Conjunction]:
    return [phrase.biomarkers] if phrase.all_of else [(biomarker,) for biomarker in phrase.biomarkers]


def _multiplied(groups: Sequence[Sequence[Conjunction]]) -> list[Conjunction]:
    """Return the combinations of one alternative of each group; where these would be too many, the alternatives."""
    if prod(map(len, groups)) > _MOST_COMBINATIONS:
        return [conjunction for group in groups for conjunction in group]
    return [tuple(dict.fromkeys(it for part in parts for it in part)) for parts in product(*groups)]


def required(text: str, stated: Sequence[Stated]) -> list[Conjunction]:
    """Return the alternatives that the criteria of the inclusion list leave together."""
    by_item: dict[int, list[Stated]] = {}
    for it in stated:
        by_item.setdefault(it.item, []).append(it)
    groups = [alternatives(text, found) for found in by_item.values()]
    implied = _implied(groups)
    groups = [group for place, group in enumerate(groups) if place not in implied]
    items = [found for place, found in enumerate(by_item.values()) if place not in implied]
    if len(groups) > 1 and _are_compatible(groups) and _all_required(text, items):
        return _multiplied(groups)
    return [conjunction for group in groups for conjunction in group]


def _implied(groups: Sequence[Sequence[Conjunction]]) -> set[int]:
    """Return the places of criteria that ask for one biomarker which all alternatives of another ask for with more."""
    return {
        place
        for place, group in enumerate(groups)
        if len(group) == 1
        and any(all(set(group[0]) < set(it) for it in other) for other in groups if other is not group)
    }


def _are_compatible(groups: Sequence[Sequence[Conjunction]]) -> bool:
    """Tell whether criteria speak of different markers, or ask for the same of one, without a choice."""
    said: dict[str, Biomarker | None] = {}  # None where there is a choice
    for group in groups:
        own = {(it.label or it.whole[0]): it if len(group) == 1 else None for found in group for it in found}
        if any(label in said and (it is None or said[label] != it) for label, it in own.items()):
            return False
        said |= own
    return True


def _all_required(text: str, items: Sequence[Sequence[Stated]]) -> bool:
    """Tell whether criteria hold together: none begins with "or", or is one of cohorts or permissions."""
    if any(_OR_ITEM.search(text, left[-1].phrase.end, right[0].phrase.start) for left, right in pairwise(items)):
        return False
    around = (text[max(0, it.phrase.start - _AROUND) : it.phrase.end + _AROUND] for found in items for it in found)
    return not any(_COHORT.search(words) or _PERMITS.search(words) for words in around)


_AROUND = 120


def simplified(conjunctions: Iterable[Conjunction]) -> tuple[Conjunction, ...]:
    """Leave out what says less than another: a bare "positive" beside a mutation, a codon beside its variants."""
    unique = list(dict.fromkeys(conjunctions))
    altered = {it.label for found in unique for it in found if it.variant or it.noun in _ALTERED}
    variants = {(it.label, it.variant[:-1]) for found in unique for it in found if it.variant[-1:].isalpha()}
    return tuple(
        found
        for found in unique
        if not (
            len(found) == 1
            and (
                (found[0].noun == "positive" and found[0].label in altered - _PROTEINS)
                or (found[0].variant and (found[0].label, found[0].variant) in variants)
            )
        )
    )
