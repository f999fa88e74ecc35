"""What is counted beside classes and properties: in how many trials a property has a value, in itself or with another.

Such counts answer what would else be asked of all trials: how many trials test a drug, are led by an organisation, are
run in a country. They are sums over trials, so builds, updates and partitions come to the same ones.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from enum import StrEnum
from typing import Final

from kg.identifiers import TRIAL
from kg.nquads import Triple
from kg.terms import KG, RDFS

Combination = tuple[str, ...]  # a `Kind`, then the terms that go together, in their N-Triples form

# What a trial has to do with concepts. Parts of it use some of these in another sense: lab conditions, kg:comparator.
_STATED: Final = (
    *(KG.investigates, KG.comparator, KG.background, KG.assessment, KG.requiresTreatment, KG.excludesTreatment),
    *(KG.requiresMarkerState, KG.excludesMarkerState, KG.stratifiesBy, KG.measuresMarker, KG.mentions, KG.condition),
)
_ORGANIZATION: Final = (KG.leadSponsor, KG.collaborator, KG.facility)
_OF_PARTS: Final = (*_ORGANIZATION, KG.country, KG.endpoint)
_TRIAL: Final = f"<{TRIAL}"
Rows = Mapping[str, list[Triple]]  # by predicate


class Kind(StrEnum):
    """What goes together in a combination, and what is counted of it."""

    PROPERTY = "property"  # property: trials that have any value of it
    VALUE = "value"  # property, value: trials
    USE = "use"  # endpoint, outcome type: trials
    SITE = "site"  # country: sites
    FACILITY = "facility"  # country, organisation: trials with a site there
    NAME = "name"  # organisation, label: trials that call it so
    UNDERSTOOD = "understood"  # number of criteria with logic: trials that have so many
    CRITERIA = "criteria"  # the same: criteria of these trials
    CONDITIONS = "conditions"  # the same: leaves of their logic


def combinations(rows: Rows) -> Counter[Combination]:
    """Count the combinations in the distinct triples of one trial."""
    found = Counter(set(_of_trial(rows)))
    found.update(_sites(rows))
    found.update(_logic(rows))
    return found


def _of_trial(rows: Rows) -> Iterator[Combination]:
    """Yield what counts once a trial, as often as it comes."""
    for predicate in _STATED:
        stated = [value for subject, _, value in rows.get(predicate, ()) if subject.startswith(_TRIAL)]
        if stated:
            yield Kind.PROPERTY, predicate
            yield from ((Kind.VALUE, predicate, value) for value in stated)
    for predicate in _OF_PARTS:
        yield from ((Kind.VALUE, predicate, value) for *_, value in rows.get(predicate, ()))
    yield from _of_outcomes(rows)
    yield from _of_organizations(rows)


def _values(rows: Rows, predicate: str) -> dict[str, str]:
    return {subject: value for subject, _, value in rows.get(predicate, ())}


def _of_outcomes(rows: Rows) -> Iterator[Combination]:
    types = _values(rows, KG.outcomeType)
    for outcome, _, endpoint in rows.get(KG.endpoint, ()):
        if outcome in types:
            yield Kind.USE, endpoint, types[outcome]


def _of_organizations(rows: Rows) -> Iterator[Combination]:
    countries = _values(rows, KG.country)
    for site, _, organization in rows.get(KG.facility, ()):
        if site in countries:
            yield Kind.FACILITY, countries[site], organization
    organizations = {value for predicate in _ORGANIZATION for *_, value in rows.get(predicate, ())}
    for subject, _, label in rows.get(RDFS.label, ()):
        if subject in organizations:
            yield Kind.NAME, subject, label


def _sites(rows: Rows) -> Iterator[Combination]:
    countries = _values(rows, KG.country)
    return ((Kind.SITE, countries[site]) for *_, site in rows.get(KG.site, ()) if site in countries)


def _logic(rows: Rows) -> dict[Combination, int]:
    criteria = {criterion for *_, criterion in rows.get(KG.criterion, ())}
    roots = {root for *_, root in rows.get(KG.logic, ())}
    understood = str(len({criterion for criterion, *_ in rows.get(KG.logic, ())}))
    operands = rows.get(KG.operand, ())
    leaves = (roots | {operand for *_, operand in operands}) - {group for group, *_ in operands}
    counts = {
        (Kind.UNDERSTOOD, understood): min(len(criteria), 1),
        (Kind.CRITERIA, understood): len(criteria),
        (Kind.CONDITIONS, understood): len(leaves),
    }
    return {key: count for key, count in counts.items() if count}  # a count of none is no count: see `Census.subtract`
