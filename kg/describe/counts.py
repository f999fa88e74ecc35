"""The counts of combinations as RDF: subsets of the dataset (VoID, section 4.4), each said by what its trials have.

    #trials-…  void:property kg:investigates ; rdf:value mesh:D000077289 ; void:distinctSubjects 12 .

These are trials that investigate letrozole; that of an organisation has its name as rdfs:label. Other subsets are the
statements of trials with one property, the trials with an endpoint of one type, sites and hosting organisations in a
country, and the trials with as many understood criteria.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Final

from kg.describe.combinations import Combination, Kind
from kg.identifiers import content_hash
from kg.nquads import Triple, integer, resource, string, text_of
from kg.terms import KG, RDF, RDFS, VOID

_OF_CRITERIA: Final = {
    Kind.UNDERSTOOD: VOID.distinctSubjects,
    Kind.CRITERIA: KG.criteriaInAll,
    Kind.CONDITIONS: KG.conditionsInAll,
}
_Counts = list[tuple[Combination, int]]  # without their `Kind`


def count_triples(combinations: Mapping[Combination, int], dataset: str, start: str) -> Iterator[Triple]:
    """Yield what is counted of a dataset.

    Args:
        combinations: As `kg.describe.combinations.combinations` counts them, over all trials.
        dataset: What the subsets are of, as a term.
        start: How the IRIs of subsets begin.
    """
    counts: dict[str, _Counts] = {kind: [] for kind in Kind}
    for (kind, *terms), count in combinations.items():
        counts[kind].append((tuple(terms), count))
    subsets = _Subsets(dataset, start)
    yield from subsets.values(counts[Kind.VALUE], _names(counts[Kind.NAME]))
    yield from subsets.properties(counts[Kind.PROPERTY], counts[Kind.VALUE])
    yield from subsets.uses(counts[Kind.USE])
    yield from subsets.things(KG.Site, {country: count for (country,), count in counts[Kind.SITE]})
    yield from subsets.things(KG.Organization, Counter(country for (country, _), _ in counts[Kind.FACILITY]))
    for kind, measure in _OF_CRITERIA.items():
        yield from subsets.criteria(measure, counts[kind])


def _names(counts: _Counts) -> dict[str, str]:
    """Return the name of each organisation: the first of those that trials call it, which may differ in capitals."""
    names: dict[str, str] = {}
    for (organization, label), _ in counts:
        name = text_of(label)
        names[organization] = min(names.get(organization, name), name)
    return names


class _Subsets:
    def __init__(self, dataset: str, start: str) -> None:
        self._dataset, self._start = dataset, start

    def _node(self, *terms: str) -> str:
        return resource(f"{self._start}trials-{content_hash(*terms)}")

    def values(self, counts: _Counts, names: Mapping[str, str]) -> Iterator[Triple]:
        for (predicate, value), count in counts:
            node = self._node(predicate, value)
            yield node, VOID.property, predicate
            yield node, RDF.value, value
            yield node, VOID.distinctSubjects, integer(count)
            if value in names:
                yield node, RDFS.label, string(names[value])

    def properties(self, counts: _Counts, values: _Counts) -> Iterator[Triple]:
        statements: Counter[str] = Counter()
        for (predicate, _), count in values:
            statements[predicate] += count
        objects = Counter(predicate for (predicate, _), _ in values)
        for (predicate,), count in counts:
            node = self._node(predicate)
            yield self._dataset, VOID.subset, node
            yield node, VOID["class"], KG.Trial
            yield node, VOID.property, predicate
            yield node, VOID.triples, integer(statements[predicate])
            yield node, VOID.distinctSubjects, integer(count)
            yield node, VOID.distinctObjects, integer(objects[predicate])

    def uses(self, counts: _Counts) -> Iterator[Triple]:
        for (endpoint, code), count in counts:
            node = self._node(KG.endpoint, endpoint, code)
            yield self._node(KG.endpoint, endpoint), VOID.subset, node
            yield node, VOID.property, KG.outcomeType
            yield node, RDF.value, code
            yield node, VOID.distinctSubjects, integer(count)

    def things(self, class_term: str, by_country: Mapping[str, int]) -> Iterator[Triple]:
        for country, count in by_country.items():
            node = self._node(KG.country, country, class_term)
            yield self._node(KG.country, country), VOID.subset, node
            yield node, VOID["class"], class_term
            yield node, VOID.entities, integer(count)

    def criteria(self, measure: str, counts: _Counts) -> Iterator[Triple]:
        for (understood,), count in counts:
            node = self._node(KG.criteriaUnderstood, understood)
            yield self._dataset, VOID.subset, node
            yield node, KG.criteriaUnderstood, integer(int(understood))
            yield node, measure, integer(count)
