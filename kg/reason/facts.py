"""Triples by subject and predicate, in two layers: one trial's over the concepts', which all trials share."""

from collections.abc import Iterable
from collections.abc import Set as AbstractSet
from functools import cached_property
from itertools import chain
from typing import Self

from kg.nquads import Nodes, Triple, by_subject


class Facts:
    """An index of triples; terms are in their N-Triples form.

    Args:
        triples: What is said.
        below: Facts that hold as well, looked up where a subject or predicate has none here.
    """

    def __init__(self, triples: Iterable[Triple], below: Self | None = None) -> None:
        self._index = by_subject(triples)
        self._below = below

    @classmethod
    def of_nodes(cls, nodes: Nodes, predicates: AbstractSet[str], below: Self) -> Self:
        """Return facts of what is said of the nodes that have any of some predicates."""
        facts = cls((), below)
        facts._index = {subject: said for subject, said in nodes.items() if not predicates.isdisjoint(said)}
        return facts

    def objects(self, subject: str, predicate: str) -> list[str]:
        """Return what ``subject`` has for ``predicate``, in the order given; an empty list if nothing."""
        said = self._index.get(subject)
        if said is not None and predicate in said:
            return said[predicate]
        return self._below.objects(subject, predicate) if self._below is not None else []

    def says(self, subject: str) -> bool:
        """Tell whether this layer says anything of ``subject``."""
        return subject in self._index

    def has(self, subject: str) -> bool:
        """Tell whether this layer or the one below says anything of ``subject``."""
        return subject in self._index or (self._below is not None and self._below.has(subject))

    def says_any(self, subject: str, predicates: AbstractSet[str]) -> bool:
        """Tell whether ``subject`` has a value for any of some predicates, in this layer or the one below."""
        said = self._index.get(subject)
        if said is not None and not predicates.isdisjoint(said):
            return True
        return self._below is not None and self._below.says_any(subject, predicates)

    def is_apart(self, others: "Facts") -> bool:
        """Tell whether this layer says nothing of what the other layer says or names."""
        return self._index.keys().isdisjoint(others.terms)

    @cached_property
    def terms(self) -> frozenset[str]:
        """All subjects and values of this layer."""
        values = (value for said in self._index.values() for found in said.values() for value in found)
        return frozenset(chain(self._index, values))

    def subjects(self, predicate: str, value: str) -> list[str]:
        """Return the subjects of this layer that have ``value`` for ``predicate``."""
        return [subject for subject, said in self._index.items() if predicate in said and value in said[predicate]]

    def having(self, predicate: str) -> list[str]:
        """Return the subjects of this layer that have any value for ``predicate``."""
        return [subject for subject, said in self._index.items() if predicate in said]
