"""Rank the concepts that a given name may mean, each with the reason.

Every candidate comes from one look-up: a reading of the name (`kg.linking.readings`), found in the index at a level of
likeness. Its score is the certainty of the reading times that of the level, times how well the concept's class answers
the one asked for. Ties are decided by the kind of label (preferred first), then by the concept's IRI.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from typing import Final, NamedTuple

from kg.linking import chemistry, diseases
from kg.linking.classes import classes_named
from kg.linking.context import Context
from kg.linking.index import Label, NameIndex, joined_key, keys
from kg.linking.medical_words import INDUCED
from kg.linking.overlap import overlaps
from kg.linking.readings import ALL, Component, Reading
from kg.linking.spelling import corrected
from kg.linking.words import Word, bag, words
from kg.tokens import key

_EXACT, _OTHER_CASE, _SAME_KEY, _JOINED, _OTHER_ORDER = 1.0, 0.99, 0.98, 0.97, 0.95
_SAME_STEMS, _SAME_GROUPS = 0.9, 0.82
_NOT_IN_CAPITALS: Final = 0.6
_LONGEST_ABBREVIATION: Final = 5
# Of two equal matches, that of the label which says more is better.
_KINDS: Final = {"prefLabel": 1.0, "altLabel": 0.998, "hiddenLabel": 0.996, "ambiguousLabel": 0.6}
_SURE: Final = 0.85  # a long form's meaning that needs no comparison with others
_APPOSITION_SURE: Final = 0.9
_NAMED: Final = 0.93  # from here on, a candidate has the name itself as a label
_SURE_ENOUGH: Final = 0.985  # no other reading of the name can be better
# What a combination of must not be taken for one of its parts.
_GIVEN: Final = frozenset({"Drug", "DrugClass", "DrugCombination"})
_KNOWN: Final = 0.7  # with such a candidate, words in common say nothing more
_SHORT_FORM, _SHORT_FORM_INSIDE, _CAUSE_SAID = 0.99, 0.97, 0.99
_NON: Final = re.compile(r"\bnon(?=[a-z]{4,})", re.IGNORECASE)  # "nonsmall", not "none"
_APART: Final = 0.98
_MOST_WORDS_CORRECTED: Final = 5
_LONGEST_NAME: Final = 500  # characters; the longest label of MeSH has half of that
_CACHED: Final = 200_000  # names whose candidates are kept


class Ranked(NamedTuple):
    """A concept that a name may mean."""

    label: Label  # the label that was met
    score: float  # 0 to 1: about the share of such candidates that are right
    rule: str  # why, in words


class Linker:
    """Ranks concepts for names; answers are kept, so a name costs its look-ups once.

    Args:
        indexes: Where labels are looked up; earlier ones win ties.
        components: What is switched on.
    """

    def __init__(self, indexes: Sequence[NameIndex], components: AbstractSet[Component] = ALL) -> None:
        self._indexes = tuple(indexes)
        self._on = frozenset(components)
        self._read: dict[tuple[str, str | None], tuple[Ranked, ...]] = {}
        self._spelled: dict[str, str] = {}
        self._groups: dict[str, bool] = {}
        self._met_nowhere: set[str] = set()  # texts that no label is like: each is asked for in several classes
        self._ranked: dict[tuple[str, str | None], tuple[Ranked, ...]] = {}

    def named(self, name: str, class_name: str | None = None) -> tuple[Ranked, ...]:
        """Return the concepts that have ``name`` as a label, in any spelling; the best first."""
        found = self._look_up(Reading(name, 1.0, ""), classes_named(class_name))
        return _best(it for it in found if it.score >= _NAMED)

    def read(self, name: str, class_name: str | None = None) -> tuple[Ranked, ...]:
        """Return what ``name`` means in any of its readings, best first; words in common count nothing."""
        if len(name) > _LONGEST_NAME:
            return ()
        known = self._read.get((name, class_name))
        if known is None:
            known = _best(self._of_readings(name, classes_named(class_name)))
            self._keep(self._read, (name, class_name), known)
        return known

    def rank(self, name: str, class_name: str | None = None, context: Context | None = None) -> tuple[Ranked, ...]:
        """Return what ``name`` may mean, best first; none if nothing is like it.

        Args:
            name: As it stands in a text or a record.
            class_name: The class of concepts that is looked for, in our words or others'; see `classes_named`.
            context: The document in which the name stands.
        """
        if context is None or len(name) > _LONGEST_NAME:
            return self._without_context(name, class_name)
        found = self._of_short_form(name, class_name, context) if Component.SHORT_FORMS in self._on else ()
        found = found or self._without_context(name, class_name)
        if Component.CAUSES in self._on and context.says_induced(name):
            found = self._of_cause(name, class_name, found)
        return found

    def _without_context(self, name: str, class_name: str | None) -> tuple[Ranked, ...]:
        if len(name) > _LONGEST_NAME:
            return ()
        known = self._ranked.get((name, class_name))
        if known is None:
            known = self.read(name, class_name)
            if Component.OVERLAP in self._on and not _sure(known, _KNOWN):
                known = _best([*known, *self._overlaps(name, classes_named(class_name))])
            self._keep(self._ranked, (name, class_name), known)
        return known

    def _keep(
        self,
        cache: dict[tuple[str, str | None], tuple[Ranked, ...]],
        asked: tuple[str, str | None],
        found: tuple[Ranked, ...],
    ) -> None:
        if len(cache) < _CACHED:
            cache[asked] = found

    def _of_short_form(self, name: str, class_name: str | None, context: Context) -> tuple[Ranked, ...]:
        spelled, appositions = context.long_forms(name)
        meant: tuple[Ranked, ...] = ()
        if spelled is not None and spelled != name:
            meant = self.rank(spelled, class_name, context)
            if meant and meant[0].score >= _SURE:
                return _scored(meant, _SHORT_FORM, f'short form of "{spelled}"')
        if not _sure(self._without_context(name, class_name), _APPOSITION_SURE):
            for long_form in appositions:
                found = self._without_context(long_form, class_name)
                if _sure(found, _APPOSITION_SURE):
                    return _scored(found, _SHORT_FORM, f'short form of "{long_form}"')
        if meant:
            return _scored(meant, _SHORT_FORM, f'short form of "{spelled}"')
        written_out = context.written_out(name)
        if written_out != name:
            found = self._without_context(written_out, class_name)
            return _scored(found, _SHORT_FORM_INSIDE, f'written out as "{written_out}"')
        return ()

    def _of_cause(self, name: str, class_name: str | None, found: tuple[Ranked, ...]) -> tuple[Ranked, ...]:
        """Return the concept of what drugs cause before what the name means without a cause."""
        classes = classes_named(class_name)
        for cause in INDUCED:
            reading = Reading(f"{name} {cause}", _CAUSE_SAID, f"{cause} in this document")
            caused = list(self._look_up(reading, classes))
            if caused:
                return _best([*caused, *_scored(found, 0.8, "")])
        return found

    def _of_readings(self, name: str, classes: Mapping[str, float]) -> Iterator[Ranked]:
        best = 0.0
        for reading in self._readings(name, classes):
            if reading.certainty > best:
                for candidate in self._look_up(reading, classes):
                    best = max(best, candidate.score)
                    yield candidate
            if best >= _SURE_ENOUGH:
                return

    def _readings(self, name: str, classes: Mapping[str, float]) -> Iterator[Reading]:
        yield Reading(name, 1.0, "")
        if Component.CHEMISTRY in self._on and (not classes or "Drug" in classes):
            yield from chemistry.readings(name)
        if not classes or "Disease" in classes:
            yield from diseases.readings(name, self._on)
        if Component.SPELLING in self._on:
            yield from self._respelled(name)

    def _respelled(self, name: str) -> Iterator[Reading]:
        """Yield a name with its one unknown word corrected; of a name with more, too little is certain."""
        if (apart := _NON.sub("non ", name)) != name:
            yield Reading(apart, _APART, f'written apart as "{apart}"')
        forms = [part.form for part in words(name)]
        known = self._known(set(forms))
        unknown = [form for form in forms if not form.isdigit() and form not in known]
        if len(unknown) == 1 and len(forms) <= _MOST_WORDS_CORRECTED:
            (form,) = unknown
            if form not in self._spelled:
                self._spelled[form] = corrected(form, self._known)
            if self._spelled[form] != form:
                respelled = " ".join(self._spelled[form] if it == form else it for it in forms)
                yield Reading(respelled, 0.85, f'spelling error for "{respelled}"')

    def _known(self, forms: AbstractSet[str]) -> AbstractSet[str]:
        return frozenset().union(*[index.known(forms) for index in self._indexes])

    def _look_up(self, reading: Reading, classes: Mapping[str, float]) -> Iterator[Ranked]:
        """Yield the labels that a reading meets at the strictest level at which it meets any of a wanted class."""
        if reading.text in self._met_nowhere:
            return
        parts = words(reading.text)
        nowhere = True
        for bag_key in self._keys(reading.text, parts):
            met = [label for index in self._indexes for label in index.with_key(bag_key)]
            if not met:
                continue
            nowhere = False
            levels = [
                (label, *_level(reading.text, parts, label, bag_key))
                for label in met
                if not classes or label.concept_type in classes
            ]
            for label, likeness, level in levels:
                score = reading.certainty * likeness * _KINDS[label.kind] * classes.get(label.concept_type, 1.0)
                yield Ranked(label, score, ", ".join(filter(None, (reading.rule, level))))
            if levels:
                return
        if nowhere and len(self._met_nowhere) < _CACHED:
            self._met_nowhere.add(reading.text)

    def _keys(self, text: str, parts: Sequence[Word]) -> Iterator[str]:
        if all(self._has_group(part.group) for part in parts):  # else no label can have all of the words
            for bag_key in keys(text, parts):
                if bag_key[0] == "s" or Component.WORD_FORMS in self._on:
                    yield bag_key
        joined = joined_key(text)
        yield joined  # one word here may be several in a label …
        if len(parts) > 1:
            yield "s" + bag(part.stem for part in words(joined[1:]))  # … and several be one

    def _has_group(self, group: str) -> bool:
        known = self._groups.get(group)
        if known is None:
            known = self._groups[group] = any(index.with_word(group) for index in self._indexes)
        return known

    def _overlaps(self, name: str, classes: Mapping[str, float]) -> Iterator[Ranked]:
        hierarchy, combined = Component.HIERARCHY in self._on, len(list(diseases.members(name))) > 1
        for index in self._indexes:
            for found in overlaps(words(name), index, classes.keys(), hierarchy=hierarchy):
                label = found.label
                part_of_combination = combined and found.partial and label.concept_type in _GIVEN
                if not part_of_combination and not _lacks_capitals(name, label.text):
                    score = found.score * _KINDS[label.kind] * classes.get(label.concept_type, 1.0)
                    yield Ranked(label, score, found.rule)


def _level(text: str, parts: Sequence[Word], label: Label, bag_key: str) -> tuple[float, str]:
    """Return how like a label with the same key is to a text, and in which words to say so."""
    if label.text == text:
        return _EXACT, ""
    if _lacks_capitals(text, label.text):
        return _NOT_IN_CAPITALS, "not in capitals"
    if label.text.lower() == text.lower():
        return _OTHER_CASE, ""
    if key(label.text) == key(text):
        return _SAME_KEY, "spelling variant"
    if joined_key(label.text) == joined_key(text):
        return _JOINED, "spaces or hyphens"
    if bag_key[0] == "g":
        return _SAME_GROUPS, "related head"
    if bag(part.form for part in parts) == bag(part.form for part in words(label.text)):
        return _OTHER_ORDER, "other order of words"
    return _SAME_STEMS, "other word forms"


def _lacks_capitals(text: str, label: str) -> bool:
    """Tell whether a label is an abbreviation, and the text not in capitals: "CAT" is not "cat"."""
    is_abbreviation = len(label) <= _LONGEST_ABBREVIATION and label.isupper() and label.isalpha()
    return is_abbreviation and any(map(str.islower, text.removesuffix("s")))


def _best(found: Iterable[Ranked]) -> tuple[Ranked, ...]:
    """Return the best candidate of each concept, the best concept first."""
    best: dict[str, Ranked] = {}
    for candidate in found:
        known = best.get(candidate.label.concept_iri)
        if known is None or known.score < candidate.score:
            best[candidate.label.concept_iri] = candidate
    return tuple(sorted(best.values(), key=lambda it: (-it.score, it.label.concept_iri)))


def _sure(found: Sequence[Ranked], least: float) -> bool:
    return bool(found) and found[0].score >= least


def _scored(found: Iterable[Ranked], factor: float, rule: str) -> tuple[Ranked, ...]:
    return tuple(Ranked(it.label, it.score * factor, ", ".join(filter(None, (rule, it.rule)))) for it in found)
