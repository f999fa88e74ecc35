"""Readings: other ways in which a given name may be written, each with how sure it is to mean the same."""

from enum import StrEnum
from typing import Final, NamedTuple


class Component(StrEnum):
    """The parts of the linker that can be switched off, so that what each adds can be measured."""

    WORD_FORMS = "word forms"
    HEADS = "heads of names"
    CHEMISTRY = "chemistry"
    COMPOUNDS = "compound words"
    QUALIFIERS = "qualifiers dropped"
    COORDINATION = "coordination"
    SPELLING = "spelling"
    SHORT_FORMS = "short forms"
    CAUSES = "causes in the context"
    OVERLAP = "overlap of words"
    HIERARCHY = "hierarchy"


ALL: Final = frozenset(Component)


class Reading(NamedTuple):
    """A text to look up in place of the given name."""

    text: str
    certainty: float  # 1 for the name itself
    rule: str  # why, in words; empty for the name itself

    def after(self, certainty: float, rule: str) -> "Reading":
        """Return this reading of a text that is itself a reading with ``certainty`` by ``rule``."""
        return Reading(self.text, self.certainty * certainty, f"{rule}, {self.rule}" if rule else self.rule)
