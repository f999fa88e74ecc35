"""Eligibility text to biomarkers: what is asked for and what is ruled out, as alternatives and as logic."""

from kg.extract.biomarkers.names import MarkerNames
from kg.extract.biomarkers.requirements import RequirementFinder, strings
from kg.models import Record
from kg.terminology import Terminology, load_gene_symbols, load_terminology


class Wanted(Record, frozen=True, kw_only=True):
    """One side: ``dnf`` is a list of alternatives, each a list of what holds together."""

    dnf: list[list[str]]


class Read(Record, frozen=True, kw_only=True):
    """What a text asks for."""

    inclusion: Wanted
    exclusion: Wanted


class CriteriaReader:
    """Reads eligibility texts."""

    def __init__(self, terminology: Terminology | None = None, *, without: frozenset[str] = frozenset()) -> None:
        terminology = terminology or load_terminology()
        symbols = {} if "genes" in without else load_gene_symbols()
        self._finder = RequirementFinder(
            MarkerNames(terminology.concepts, symbols),
            description="description" not in without,
            joins="logic" not in without,
        )

    def read(self, text: str) -> Read:
        found = self._finder.find(text)
        return Read(inclusion=Wanted(dnf=strings(found.inclusion)), exclusion=Wanted(dnf=strings(found.exclusion)))
