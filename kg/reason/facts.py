"""Triples by subject and predicate, in two layers: one trial's over the concepts', which all trials share."""

from collections.abc import Iterable
from typing import Self

from kg.nquads import Triple

_Index = dict[str, dict[str, list[str]]]


class Facts:
    """An index of triples; terms are in their N-Triples form.

    Args:
        triples: What is said.
        below: Facts that hold as well, looked up where a subject or predicate has none here.
    """

    def __init__(self, triples: Iterable[Triple], below: Self | None = None) -> None:
        self._index: _Index = {}
        self._below = below
        for subject, predicate, value in triples:
            self._index.setdefault(subject, {}).setdefault(predicate, []).append(value)

    def objects(self, subject: str, predicate: str) -> list[str]:
        """Return what ``subject`` has for ``predicate``, in the order given; an empty list if nothing."""
        said = self._index.get(subject)
        if said is not None and predicate in said:
            return said[predicate]
        return self._below.objects(subject, predicate) if self._below is not None else []

    def subjects(self, predicate: str, value: str) -> list[str]:
        """Return the subjects of this layer that have ``value`` for ``predicate``."""
        return [subject for subject, said in self._index.items() if value in said.get(predicate, ())]

    def having(self, predicate: str) -> list[str]:
        """Return the subjects of this layer that have any value for ``predicate``."""
        return [subject for subject, said in self._index.items() if predicate in said]
