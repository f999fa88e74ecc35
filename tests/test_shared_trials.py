"""An audit on real records: each value of each mapped field is in the graph, and what is read adds up.

The records are not part of the project; without them these tests are skipped.
"""

import gzip
import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest

from kg.api import Graph, build
from kg.identifiers import VOCABULARY
from kg.read.contacts import BLOT

SHARED = Path(__file__).parents[2] / "shared" / "data" / "trials"
pytestmark = pytest.mark.skipif(not SHARED.is_dir(), reason="the shared records are not here")

# JSON path to the property that carries the value, in whatever node of the trial's graph.
LITERALS = {
    "identificationModule.orgStudyIdInfo.id": "orgStudyIdentifier",
    "identificationModule.secondaryIdInfos.id": "secondaryIdentifier",
    "identificationModule.briefTitle": "briefTitle",
    "identificationModule.officialTitle": "officialTitle",
    "identificationModule.acronym": "acronym",
    "descriptionModule.briefSummary": "briefSummary",
    "descriptionModule.detailedDescription": "detailedDescription",
    "statusModule.whyStopped": "whyStopped",
    "statusModule.startDateStruct.date": "startDate",
    "statusModule.primaryCompletionDateStruct.date": "primaryCompletionDate",
    "statusModule.completionDateStruct.date": "completionDate",
    "statusModule.studyFirstPostDateStruct.date": "firstPostDate",
    "statusModule.lastUpdatePostDateStruct.date": "lastUpdateDate",
    "statusModule.statusVerifiedDate": "statusVerifiedDate",
    "designModule.enrollmentInfo.count": "enrollment",
    "eligibilityModule.healthyVolunteers": "acceptsHealthyVolunteers",
    "conditionsModule.conditions": "reportedCondition",
    "conditionsModule.keywords": "keyword",
    "armsInterventionsModule.armGroups.label": "label",
    "armsInterventionsModule.armGroups.description": "comment",
    "armsInterventionsModule.interventions.name": "label",
    "armsInterventionsModule.interventions.description": "comment",
    "armsInterventionsModule.interventions.otherNames": "otherName",
    "outcomesModule.primaryOutcomes.measure": "measure",
    "outcomesModule.primaryOutcomes.timeFrame": "timeFrame",
    "outcomesModule.primaryOutcomes.description": "comment",
    "outcomesModule.secondaryOutcomes.measure": "measure",
    "outcomesModule.secondaryOutcomes.timeFrame": "timeFrame",
    "outcomesModule.secondaryOutcomes.description": "comment",
    "outcomesModule.otherOutcomes.measure": "measure",
    "outcomesModule.otherOutcomes.timeFrame": "timeFrame",
    "outcomesModule.otherOutcomes.description": "comment",
    "sponsorCollaboratorsModule.leadSponsor.name": "label",
    "sponsorCollaboratorsModule.collaborators.name": "label",
    "contactsLocationsModule.overallOfficials.affiliation": "label",
    "contactsLocationsModule.locations.facility": "label",
    "contactsLocationsModule.locations.city": "city",
    "contactsLocationsModule.locations.state": "region",
    "contactsLocationsModule.locations.zip": "postalCode",
    "contactsLocationsModule.locations.geoPoint.lat": "lat",
    "contactsLocationsModule.locations.geoPoint.lon": "long",
    "referencesModule.references.pmid": "pmid",
    "referencesModule.references.citation": "bibliographicCitation",
}
CODES = {
    "designModule.studyType": "studyType",
    "designModule.phases": "phase",
    "statusModule.overallStatus": "overallStatus",
    "designModule.designInfo.allocation": "allocation",
    "designModule.designInfo.interventionModel": "interventionModel",
    "designModule.designInfo.observationalModel": "observationalModel",
    "designModule.designInfo.timePerspective": "timePerspective",
    "designModule.designInfo.maskingInfo.masking": "masking",
    "designModule.designInfo.maskingInfo.whoMasked": "whoMasked",
    "designModule.designInfo.primaryPurpose": "primaryPurpose",
    "designModule.enrollmentInfo.type": "enrollmentType",
    "eligibilityModule.samplingMethod": "samplingMethod",
    "eligibilityModule.sex": "sex",
    "armsInterventionsModule.armGroups.type": "armType",
    "armsInterventionsModule.interventions.type": "interventionType",
    "sponsorCollaboratorsModule.leadSponsor.class": "sponsorClass",
    "sponsorCollaboratorsModule.collaborators.class": "sponsorClass",
    "contactsLocationsModule.overallOfficials.role": "officialRole",
    "contactsLocationsModule.locations.status": "siteStatus",
    "referencesModule.references.type": "referenceType",
}
MESH = {
    "conditionBrowseModule.meshes.id": "conditionMesh",
    "conditionBrowseModule.ancestors.id": "conditionMeshAncestor",
    "interventionBrowseModule.meshes.id": "interventionMesh",
    "interventionBrowseModule.ancestors.id": "interventionMeshAncestor",
}
PEOPLE = (
    "contactsLocationsModule.centralContacts.name",
    "contactsLocationsModule.overallOfficials.name",
    "contactsLocationsModule.locations.contacts.name",
    "sponsorCollaboratorsModule.responsibleParty.investigatorFullName",
)
EMAIL = re.compile(r"\S+@\S+\.\w+")
AGES = {"eligibilityModule.minimumAge": "minimumAge", "eligibilityModule.maximumAge": "maximumAge"}


@pytest.fixture(scope="module")
def graph(tmp_path_factory: pytest.TempPathFactory) -> Graph:
    return build([SHARED / "ctgov-v2.jsonl.gz"], tmp_path_factory.mktemp("audit") / "out")


def values_at(record: Any, path: str) -> Iterator[Any]:
    """Yield the values at a dotted path; lists on the way are gone through."""
    head, _, rest = path.partition(".")
    found = record.get(head)
    for item in found if isinstance(found, list) else [found]:
        if item is not None:
            yield from values_at(item, rest) if rest else [item]


def in_graph(graph: Graph, nct_id: str) -> dict[str, set[str]]:
    """Return the values in a trial's named graph by the property's local name."""
    found: dict[str, set[str]] = defaultdict(set)
    for triple in graph.store.graph(graph.minter.graph(nct_id)):
        assert isinstance(triple.object, ox.Literal | ox.NamedNode)
        found[re.split(r"[#/]", triple.predicate.value)[-1]].add(triple.object.value)
    return found


def is_there(value: Any, found: set[str]) -> bool:
    if isinstance(value, bool):
        return str(value).lower() in found
    if isinstance(value, float):
        return any(abs(float(other) - value) < 1e-9 for other in found)
    text = str(value).strip()
    return not text or text in found or any(BLOT in other and same_but_blotted(text, other) for other in found)


def same_but_blotted(text: str, blotted: str) -> bool:
    return len(text) == len(blotted) and all(b in (BLOT, a) for a, b in zip(text, blotted, strict=True))


def test_every_value_of_every_mapped_field_is_in_the_graph(graph: Graph) -> None:
    values: Counter[str] = Counter()
    contacts = 0
    missing: list[tuple[str, str, Any]] = []
    with gzip.open(SHARED / "ctgov-v2.jsonl.gz", "rt", encoding="utf-8") as file:
        records = [json.loads(line) for line in file]
    for record in records:
        protocol, derived = record["protocolSection"], record.get("derivedSection", {})
        nct_id = protocol["identificationModule"]["nctId"]
        people = {name.split(",")[0].strip().casefold() for path in PEOPLE for name in values_at(protocol, path)}
        found = in_graph(graph, nct_id)
        notations = {name: {code.rsplit("/", 1)[-1] for code in codes} for name, codes in found.items()}
        for section, table, stock in (
            (protocol, {**LITERALS, **AGES}, found),
            (protocol, CODES, notations),
            (derived, MESH, notations),
        ):
            for path, name in table.items():
                for value in values_at(section, path):
                    if EMAIL.fullmatch(str(value).strip()) or str(value).strip().casefold() in people:
                        contacts += 1  # in a field meant for something else: contact data stays out
                        continue
                    values[path] += 1
                    wanted = duration_of(value) if path in AGES else value
                    if not is_there(wanted, stock[name]) and not (path in MESH and unpadded(value) in stock[name]):
                        missing.append((nct_id, path, value))
    assert missing == [], missing
    assert len(records) == 977
    assert contacts < 100
    assert sum(values.values()) > 60_000


def duration_of(age: str) -> str:
    number, unit = int(age.split()[0]), age.split()[1].rstrip("s")
    if unit == "Month" and number >= 12:
        return f"P{number // 12}Y" + (f"{number % 12}M" if number % 12 else "")
    if unit == "Week":
        return f"P{number * 7}D"
    return f"PT{number}{unit[0]}" if unit in {"Hour", "Minute"} else f"P{number}{unit[0]}"


def unpadded(ui: str) -> str:
    """Return a MeSH identifier without the zeros that the registry once put before the numbers of old headings."""
    return f"{ui[0]}{int(ui[1:]):06d}"


def test_what_was_read_adds_up(graph: Graph) -> None:
    report = graph.report
    assert (report.records_read, report.records_built, report.records_rejected) == (977, 977, 0)
    assert report.trials == 977


def test_every_quote_stands_where_it_should(graph: Graph) -> None:
    checked = graph.verify()
    assert checked.failures == ()
    assert checked.quotes > 20_000


def test_no_contact_reaches_the_graph(graph: Graph) -> None:
    """No e-mail address, and no phone number or name of a contact person, stands in any literal or kept text."""
    with gzip.open(graph.directory.quads, "rt", encoding="utf-8") as file:
        text = file.read()
    secrets = set()
    with gzip.open(SHARED / "ctgov-v2.jsonl.gz", "rt", encoding="utf-8") as file:
        for line in file:
            contacts = json.loads(line)["protocolSection"].get("contactsLocationsModule", {})
            for path in (
                "centralContacts.email",
                "centralContacts.phone",
                "locations.contacts.email",
                "locations.contacts.phone",
            ):
                secrets |= {str(value) for value in values_at(contacts, path) if len(str(value)) > 7}
    assert len(secrets) > 500
    assert [secret for secret in sorted(secrets) if secret in text] == []
    assert VOCABULARY in text
