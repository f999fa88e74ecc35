"""Which trials other concepts bear on: those whose kept texts have all words of a name that changed."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Final

from kg.nquads import unescape
from kg.terms import KG, SKOS
from kg.texts import TextStore
from kg.tokens import key, tokenise

_LABELS: Final = frozenset({SKOS.prefLabel, SKOS.altLabel, SKOS.hiddenLabel, KG.ambiguousLabel})
# What is said of an object bears on the subject: conclusions follow these, and states are read with their marker.
_RESTS_ON: Final = frozenset({SKOS.broader, SKOS.exactMatch, KG.hasPart, KG.hasTarget, KG.gene, KG.marker, KG.state})


def changed_names(before: Iterable[bytes], after: Iterable[bytes]) -> set[str]:
    """Return all names, old and new, of the concepts that changed and of those that rest on them, as keys.

    Args:
        before: The graph of concepts as it was: lines of N-Triples or N-Quads.
        after: The same as it is now.
    """
    old, new = frozenset(before), frozenset(after)
    subjects = {line.split(b" ", 1)[0].decode() for line in old ^ new}
    lines = [line.decode().split(" ", 2) for line in old | new]
    users: defaultdict[str, set[str]] = defaultdict(set)
    for subject, predicate, term in lines:
        if predicate in _RESTS_ON:
            users[term.split(" ", 1)[0]].add(subject)
    waiting = list(subjects)
    while waiting:
        more = users[waiting.pop()] - subjects
        subjects |= more
        waiting += more
    return {
        key(unescape(term[1 : term.rindex('"')]))
        for subject, predicate, term in lines
        if subject in subjects and predicate in _LABELS
    }


def trials_with(names: Iterable[str], texts: TextStore) -> set[str]:
    """Return the trials in one of whose texts all words of a name occur, in whatever order and spelling.

    So a name is met also where words stand between its own, as in "breast and lung cancer".
    """
    by_word: defaultdict[str, list[frozenset[str]]] = defaultdict(list)
    for name in names:
        words = frozenset(name.split())
        if words:
            by_word[max(words, key=lambda word: (len(word), word))].append(words)
    found = set()
    for nct_id, kept in texts:
        for text in kept:
            there = frozenset(tokenise(text.text).forms)
            if any(words <= there for word in there & by_word.keys() for words in by_word[word]):
                found.add(nct_id)
                break
    return found
