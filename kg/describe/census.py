"""Counts for VoID (https://www.w3.org/TR/void/), gathered while the lines are in hand: no second pass over a graph.

A statement that stands in two named graphs counts twice, as it does in the file of quads. Entities count once: those of
a trial have its number in their IRI, so that only the others (organisations, codes, concepts) need be remembered.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from operator import itemgetter
from typing import Any, Final

from kg.describe.combinations import Combination, Rows, combinations
from kg.identifiers import HGNC, MESH, OBO, PUBMED
from kg.nquads import Triple
from kg.terms import KG, RDF

# Datasets that others keep: name to how their IRIs begin, in N-Triples form.
TARGETS: Final[dict[str, str]] = {
    "mesh": f"<{MESH}",
    "ncit": f"<{OBO}NCIT_",
    "chebi": f"<{OBO}CHEBI_",
    "mondo": f"<{OBO}MONDO_",
    "doid": f"<{OBO}DOID_",
    "hgnc": f"<{HGNC}",
    "geonames": "<https://sws.geonames.org/",
    "pubmed": f"<{PUBMED}",
}
_STARTS: Final = tuple(TARGETS.values())
_NUMBER: Final = "/NCT"
_TRIAL: Final = ":NCT"


@dataclass(slots=True, kw_only=True)
class Census:
    """Counts of a graph or a part of it, which grow; terms are in their N-Triples form.

    Attributes:
        statements: Triples.
        properties: Statements by predicate.
        entities: Entities of one trial each, by class.
        shared: The other entities, by class, with how many parts have them.
        subjects: Entities of one trial each, typed or not.
        shared_subjects: The other entities, typed or not, likewise.
        links: Statements by predicate and name in `TARGETS` of the dataset that their object is from.
        dates: Every ``kg:versionDate``, as it stands in the data.
        combinations: How many trials have what; see `kg.describe.combinations`.
    """

    statements: int = 0
    properties: Counter[str] = field(default_factory=Counter)
    entities: Counter[str] = field(default_factory=Counter)
    shared: dict[str, Counter[str]] = field(default_factory=dict)
    subjects: int = 0
    shared_subjects: Counter[str] = field(default_factory=Counter)
    links: Counter[tuple[str, str]] = field(default_factory=Counter)
    dates: Counter[str] = field(default_factory=Counter)
    combinations: Counter[Combination] = field(default_factory=Counter)

    @classmethod
    def of(cls, triples: Sequence[Triple]) -> "Census":
        """Count the distinct triples of one part: a trial, a shared graph."""
        census = cls()
        census.count(triples)
        return census

    def count(self, triples: Sequence[Triple]) -> None:
        """Count the distinct triples of another part, which has other trials: the same as to `add` its census."""
        rows: Rows = defaultdict(list)
        for triple in triples:
            rows[triple[1]].append(triple)
        self.statements += len(triples)
        for predicate, found in rows.items():
            self.properties[predicate] += len(found)
            if predicate != RDF.type:
                self._see_links(predicate, found)
        for subject in dict.fromkeys(map(itemgetter(0), triples)):  # in an order that no hash seed decides
            if _is_of_one_trial(subject):
                self.subjects += 1
            else:
                self.shared_subjects[subject] += 1
        for subject, _, name in rows.get(RDF.type, ()):
            self._see_type(subject, name)
        for _, _, value in rows.get(KG.versionDate, ()):
            self.dates[value[1:].partition('"')[0]] += 1
        self.combinations.update(combinations(rows))

    def _see_type(self, subject: str, name: str) -> None:
        if _is_of_one_trial(subject):
            self.entities[name] += 1
        else:
            self.shared.setdefault(name, Counter())[subject] += 1

    def _see_links(self, predicate: str, rows: Iterable[Triple]) -> None:
        for _, _, value in rows:
            if value[0] == "<" and value.startswith(_STARTS):
                self.links[predicate, _dataset_of(value)] += 1

    def add(self, other: "Census") -> None:
        """Take in the census of another part, which has other trials."""
        self.statements += other.statements
        self.subjects += other.subjects
        for counts, others in self._counters(other):
            counts.update(others)

    def subtract(self, other: "Census") -> None:
        """Undo `add`, exactly: entities that several parts share are gone with the last of these."""
        self.statements -= other.statements
        self.subjects -= other.subjects
        for counts, others in self._counters(other):
            counts.subtract(others)
            for name in others:
                if not counts[name]:
                    del counts[name]

    def _counters(self, other: "Census") -> Iterator[tuple[Counter[Any], Counter[Any]]]:
        yield self.properties, other.properties
        yield self.entities, other.entities
        yield self.links, other.links
        yield self.shared_subjects, other.shared_subjects
        yield self.dates, other.dates
        yield self.combinations, other.combinations
        for name, found in other.shared.items():
            yield self.shared.setdefault(name, Counter()), found

    @property
    def newest(self) -> str:
        """The newest ``kg:versionDate``; empty if there is none."""
        return max(self.dates, default="")

    @property
    def classes(self) -> dict[str, int]:
        """Entities by class, each once, sorted by class."""
        names = sorted({*self.entities, *(name for name, found in self.shared.items() if found)})
        return {name: self.entities[name] + len(self.shared.get(name, ())) for name in names}

    @property
    def distinct_subjects(self) -> int:
        """All entities, each once."""
        return self.subjects + len(self.shared_subjects)


@lru_cache(1 << 12)  # concepts come again and again
def _dataset_of(value: str) -> str:
    return next(name for name, start in TARGETS.items() if value.startswith(start))


def _is_of_one_trial(subject: str) -> bool:
    return _NUMBER in subject or _TRIAL in subject
