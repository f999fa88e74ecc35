"""ClinicalTrials.gov API v2 JSON to `Trial`. Locators are JSON Pointers (RFC 6901) into the record."""

from collections.abc import Iterable, Iterator
from typing import Final

import msgspec

from kg.errors import ReadError
from kg.identifiers import NctId
from kg.models import (
    Arm,
    FieldKind,
    Intervention,
    Link,
    MeshTerm,
    Official,
    Outcome,
    RawRecord,
    Reference,
    Site,
    Sponsor,
    TextField,
    Trial,
)
from kg.read import ctgov_layout as layout
from kg.read.codes import without_type
from kg.read.contacts import persons
from kg.read.dates import iso_date
from kg.read.fields import BadValueError, FieldReader, checked_age, checked_date, checked_enrollment, checked_pmid
from kg.read.pointer import split_validation_error

_P: Final = "/protocolSection"
_STATUS: Final = f"{_P}/statusModule"
_ELIGIBILITY: Final = f"{_P}/eligibilityModule"
_ARMS: Final = f"{_P}/armsInterventionsModule"
_DECODER: Final = msgspec.json.Decoder(layout.Study)
_EMPTY_ORG_ID: Final = layout.OrgId()
_EMPTY_DATE: Final = layout.DateStruct()
_EMPTY_GEO: Final = layout.GeoPoint()
# Some years pad MeSH's identifiers to nine digits. Descriptors and supplementary concepts that really have nine
# digits have higher numbers than any with six (MeSH 2024: D066331 < D000066388, C588418 < C000588423).
_FIRST_LONG_MESH: Final = {"D": 66_360, "C": 588_420}
_PADDED_LENGTH: Final = 10
_YES_NO: Final = {"yes": True, "accepts healthy volunteers": True, "true": True, "no": False, "false": False}


def parse_json(raw: RawRecord, *, with_contacts: bool = False) -> Trial:
    """Return the trial that a record tells of.

    Raises:
        ReadError: A value has the wrong type or cannot be what it should; the error names its JSON Pointer.
    """
    try:
        study = _DECODER.decode(raw.payload)
        return _Parser(raw, study, with_contacts=with_contacts).trial()
    except msgspec.ValidationError as err:
        raise BadValueError(*split_validation_error(err)).located(raw) from err
    except (msgspec.DecodeError, RecursionError) as err:
        raise ReadError(raw.file, raw.position, "", f"not valid JSON: {err}") from err
    except BadValueError as err:
        raise err.located(raw) from err


def mesh_ui(padded: str) -> str:
    """Return MeSH's own form of an identifier that may be padded with zeros.

    >>> mesh_ui("D000009271"), mesh_ui("D000068877"), mesh_ui("C117479")
    ('D009271', 'D000068877', 'C117479')
    """
    if len(padded) == _PADDED_LENGTH and padded[1:].isdigit():
        number = int(padded[1:])
        if number < _FIRST_LONG_MESH.get(padded[0], 0):
            return f"{padded[0]}{number:06}"
    return padded


def contact_names(protocol: layout.Protocol) -> tuple[str, ...]:
    """Return the names, phone numbers and e-mail addresses of all persons in a record."""
    sponsors = protocol.sponsor_collaborators_module or layout.Sponsors()
    place = protocol.contacts_locations_module or layout.ContactsLocations()
    contacts = list(place.central_contacts or ())
    for location in place.locations or ():
        contacts.extend(location.contacts or ())
    party = sponsors.responsible_party or layout.ResponsibleParty()
    names = [party.investigator_full_name, party.old_name_title]
    names.extend(official.name for official in place.overall_officials or ())
    for contact in contacts:
        names.extend((contact.name, contact.phone, contact.email))
    organisations = [sponsor for sponsor in (sponsors.lead_sponsor, *(sponsors.collaborators or ())) if sponsor]
    return persons(
        names,
        [*(sponsor.name for sponsor in organisations), *_own_affiliations(place.overall_officials or ())],
        (sponsor.name for sponsor in organisations if sponsor.sponsor_class == "INDUSTRY"),
    )


def _own_affiliations(officials: Iterable[layout.RawOfficial]) -> Iterator[str]:
    """Yield the names of officials that are their own affiliation: organisations, not persons."""
    for official in officials:
        if official.name and official.name == official.affiliation:
            yield official.name


class _Parser:
    """Builds one trial; its methods are called in the order in which the texts are to be kept."""

    def __init__(self, raw: RawRecord, study: layout.Study, *, with_contacts: bool) -> None:
        protocol = study.protocol_section or layout.Protocol()
        self._raw = raw
        self._derived = study.derived_section or layout.Derived()
        self._identification = protocol.identification_module or layout.Identification()
        self._status = protocol.status_module or layout.Status()
        self._sponsors = protocol.sponsor_collaborators_module or layout.Sponsors()
        self._description = protocol.description_module or layout.Description()
        self._conditions = protocol.conditions_module or layout.Conditions()
        self._design = protocol.design_module or layout.Design()
        self._arms_module = protocol.arms_interventions_module or layout.ArmsInterventions()
        self._outcomes_module = protocol.outcomes_module or layout.Outcomes()
        self._eligibility = protocol.eligibility_module or layout.Eligibility()
        self._place = protocol.contacts_locations_module or layout.ContactsLocations()
        self._references_module = protocol.references_module or layout.References()
        self._fields = FieldReader(raw, None if with_contacts else contact_names(protocol))

    def trial(self) -> Trial:
        fields, code = self._fields, self._fields.codes.one
        identification, design, eligibility = self._identification, self._design, self._eligibility
        info = design.design_info or layout.DesignInfo()
        masking = info.masking_info or layout.MaskingInfo()
        enrollment = design.enrollment_info or layout.EnrollmentInfo()
        last_update = self._struct_date("lastUpdatePostDateStruct", self._status.last_update_post_date_struct)
        submitted = self._date("lastUpdateSubmitDate", self._status.last_update_submit_date)
        sites = tuple(self._sites())
        return Trial(
            nct_id=self._nct_id(),
            documents=(fields.document(last_update or submitted),),
            org_study_id=fields.plain((identification.org_study_id_info or _EMPTY_ORG_ID).id),
            secondary_ids=_plain_texts(info.id or "" for info in identification.secondary_id_infos or ()),
            nct_aliases=_plain_texts(identification.nct_id_aliases or ()),
            acronym=fields.plain(identification.acronym),
            brief_title=self._title(FieldKind.BRIEF_TITLE, "briefTitle", identification.brief_title),
            official_title=self._title(FieldKind.OFFICIAL_TITLE, "officialTitle", identification.official_title),
            brief_summary=self._prose(FieldKind.BRIEF_SUMMARY, "briefSummary", self._description.brief_summary),
            detailed_description=self._prose(
                FieldKind.DETAILED_DESCRIPTION, "detailedDescription", self._description.detailed_description
            ),
            study_type=code("study-type", design.study_type),
            phases=fields.codes.many("phase", design.phases or []),
            overall_status=code("overall-status", self._status.overall_status),
            why_stopped=fields.literal(self._status.why_stopped),
            allocation=code("allocation", info.allocation),
            intervention_model=code("intervention-model", info.intervention_model),
            observational_model=code("observational-model", info.observational_model),
            time_perspective=code("time-perspective", info.time_perspective),
            masking=code("masking", masking.masking),
            who_masked=fields.codes.many("who-masked", masking.who_masked or []),
            primary_purpose=code("primary-purpose", info.primary_purpose),
            sampling_method=code("sampling-method", eligibility.sampling_method),
            sex=code("sex", eligibility.sex),
            minimum_age=checked_age(eligibility.minimum_age, f"{_ELIGIBILITY}/minimumAge"),
            maximum_age=checked_age(eligibility.maximum_age, f"{_ELIGIBILITY}/maximumAge"),
            accepts_healthy_volunteers=self._healthy_volunteers(),
            enrollment=checked_enrollment(enrollment.count, f"{_P}/designModule/enrollmentInfo/count"),
            enrollment_type=code("enrollment-type", enrollment.enrollment_type),
            start_date=self._struct_date("startDateStruct", self._status.start_date_struct),
            primary_completion_date=self._struct_date(
                "primaryCompletionDateStruct", self._status.primary_completion_date_struct
            ),
            completion_date=self._struct_date("completionDateStruct", self._status.completion_date_struct),
            first_post_date=self._struct_date("studyFirstPostDateStruct", self._status.study_first_post_date_struct),
            last_update_date=last_update or submitted,
            status_verified_date=self._date("statusVerifiedDate", self._status.status_verified_date),
            conditions=self._names(FieldKind.CONDITION, "conditions", self._conditions.conditions),
            keywords=self._names(FieldKind.KEYWORD, "keywords", self._conditions.keywords),
            condition_meshes=tuple(_meshes(self._derived.condition_browse_module)),
            intervention_meshes=tuple(_meshes(self._derived.intervention_browse_module)),
            arms=tuple(self._arms()),
            interventions=tuple(self._interventions()),
            outcomes=tuple(self._outcomes()),
            lead_sponsor=next(self._organisations([self._sponsors.lead_sponsor]), None),
            collaborators=tuple(self._organisations(self._sponsors.collaborators or ())),
            officials=tuple(self._officials()),
            sites=sites,
            countries=tuple(dict.fromkeys(site.country for site in sites if site.country)),
            references=tuple(self._references()),
            links=tuple(self._links()),
            texts=self._eligibility_texts(),
            unknown_codes=tuple(fields.codes.unknown),
        )

    def _nct_id(self) -> NctId:
        number = (self._identification.nct_id or "").strip()
        if number != self._raw.nct_id:
            raise BadValueError(f"{_P}/identificationModule/nctId", f"{number!r} is not {self._raw.nct_id}")
        return self._raw.nct_id

    def _literals(self, texts: Iterable[str] | None) -> tuple[str, ...]:
        literal = self._fields.literal
        return tuple(value for text in texts or () if (value := literal(text)) is not None)

    def _title(self, kind: FieldKind, name: str, text: str | None) -> str | None:
        return self._fields.field(kind, text, f"{_P}/identificationModule/{name}")

    def _prose(self, kind: FieldKind, name: str, text: str | None) -> str | None:
        return self._fields.field(kind, text, f"{_P}/descriptionModule/{name}")

    def _date(self, name: str, text: str | None) -> str | None:
        return checked_date(iso_date, text, f"{_STATUS}/{name}")

    def _struct_date(self, name: str, struct: layout.DateStruct | None) -> str | None:
        return self._date(f"{name}/date", (struct or _EMPTY_DATE).date)

    def _names(self, kind: FieldKind, name: str, texts: list[str] | None) -> tuple[str, ...]:
        kept: list[str] = []
        for number, text in enumerate(texts or ()):
            value = self._fields.field(kind, text, f"{_P}/conditionsModule/{name}/{number}", len(kept))
            if value is not None:
                kept.append(value)
        return tuple(kept)

    def _healthy_volunteers(self) -> bool | None:
        value = self._eligibility.healthy_volunteers
        if not isinstance(value, str) or not value.strip():
            return value if isinstance(value, bool) else None
        if value.strip().casefold() not in _YES_NO:
            raise BadValueError(f"{_ELIGIBILITY}/healthyVolunteers", f"{value!r} is neither yes nor no")
        return _YES_NO[value.strip().casefold()]

    def _arms(self) -> Iterator[Arm]:
        fields = self._fields
        for index, arm in enumerate(self._arms_module.arm_groups or ()):
            base = f"{_ARMS}/armGroups/{index}"
            yield Arm(
                label=fields.required(FieldKind.ARM_LABEL, arm.label, f"{base}/label", index),
                arm_type=fields.codes.one("arm-type", arm.arm_type),
                description=fields.field(FieldKind.ARM_DESCRIPTION, arm.description, f"{base}/description", index),
                interventions=self._literals(without_type(name) for name in arm.intervention_names or ()),
            )

    def _interventions(self) -> Iterator[Intervention]:
        fields = self._fields
        for index, given in enumerate(self._arms_module.interventions or ()):
            base = f"{_ARMS}/interventions/{index}"
            name = fields.required(FieldKind.INTERVENTION_NAME, given.name, f"{base}/name", index)
            other_names = (
                fields.field(FieldKind.INTERVENTION_OTHER_NAME, other, f"{base}/otherNames/{number}", index)
                for number, other in enumerate(given.other_names or ())
            )
            yield Intervention(
                name=name,
                other_names=tuple(other for other in other_names if other is not None),
                description=fields.field(
                    FieldKind.INTERVENTION_DESCRIPTION, given.description, f"{base}/description", index
                ),
                intervention_type=fields.codes.one("intervention-type", given.intervention_type),
                arm_labels=self._literals(given.arm_group_labels),
            )

    def _outcomes(self) -> Iterator[Outcome]:
        fields, module, index = self._fields, self._outcomes_module, 0
        for outcome_type, name, outcomes in (
            ("PRIMARY", "primaryOutcomes", module.primary_outcomes),
            ("SECONDARY", "secondaryOutcomes", module.secondary_outcomes),
            ("OTHER", "otherOutcomes", module.other_outcomes),
        ):
            for number, outcome in enumerate(outcomes or ()):
                base = f"{_P}/outcomesModule/{name}/{number}"
                measure = fields.required(FieldKind.OUTCOME_MEASURE, outcome.measure, f"{base}/measure", index)
                text = fields.field(FieldKind.OUTCOME_DESCRIPTION, outcome.description, f"{base}/description", index)
                frame = fields.literal(outcome.time_frame)
                yield Outcome(outcome_type=outcome_type, measure=measure, time_frame=frame, description=text)
                index += 1

    def _organisations(self, organisations: Iterable[layout.Organisation | None]) -> Iterator[Sponsor]:
        for organisation in organisations:
            name = self._fields.plain(organisation.name) if organisation else None
            if organisation and name:
                sponsor_class = self._fields.codes.one("sponsor-class", organisation.sponsor_class)
                yield Sponsor(name=name, sponsor_class=sponsor_class)

    def _officials(self) -> Iterator[Official]:
        fields = self._fields
        for official in self._place.overall_officials or ():
            role = fields.codes.one("official-role", official.role)
            affiliation, name = fields.literal(official.affiliation), fields.official_name(official.name)
            if role or affiliation or name:
                yield Official(role=role, affiliation=affiliation, name=name)

    def _sites(self) -> Iterator[Site]:
        literal, plain = self._fields.literal, self._fields.plain
        for number, location in enumerate(self._place.locations or ()):
            geo = location.geo_point or _EMPTY_GEO
            base = f"{_P}/contactsLocationsModule/locations/{number}/geoPoint"
            yield Site(
                facility=literal(location.facility),
                city=plain(location.city),
                state=plain(location.state),
                postal_code=plain(location.zip),
                country=plain(location.country),
                latitude=_degrees(geo.lat, 90, f"{base}/lat"),
                longitude=_degrees(geo.lon, 180, f"{base}/lon"),
                status=self._fields.codes.one("overall-status", location.status),
            )

    def _references(self) -> Iterator[Reference]:
        for number, reference in enumerate(self._references_module.references or ()):
            pmid = checked_pmid(reference.pmid, f"{_P}/referencesModule/references/{number}/pmid")
            citation = self._fields.citation(reference.citation)
            if pmid or citation:
                code = self._fields.codes.one("reference-type", reference.reference_type)
                yield Reference(pmid=pmid, citation=citation, reference_type=code)

    def _links(self) -> Iterator[Link]:
        for link in self._references_module.see_also_links or ():
            url = (link.url or "").strip()
            if url and not self._fields.is_private(url):
                yield Link(url=url, label=self._fields.literal(link.label))

    def _eligibility_texts(self) -> tuple[TextField, ...]:
        fields, eligibility = self._fields, self._eligibility
        fields.field(FieldKind.ELIGIBILITY, eligibility.eligibility_criteria, f"{_ELIGIBILITY}/eligibilityCriteria")
        fields.field(FieldKind.STUDY_POPULATION, eligibility.study_population, f"{_ELIGIBILITY}/studyPopulation")
        return tuple(fields.texts)


def _plain_texts(texts: Iterable[str]) -> tuple[str, ...]:
    return tuple(text.strip() for text in texts if text.strip())


def _meshes(browse: layout.Browse | None) -> Iterator[MeshTerm]:
    """Yield the headings and then their ancestors, which not every year has."""
    if browse is None:
        return
    for terms, ancestor in ((browse.meshes, False), (browse.ancestors, True)):
        for term in terms or ():
            label = (term.term or "").strip() or term.id
            if label:
                yield MeshTerm(label=label, ui=mesh_ui(term.id.strip()) if term.id else None, ancestor=ancestor)


def _degrees(value: float | None, most: int, locator: str) -> float | None:
    if value is not None and abs(value) > most:
        raise BadValueError(locator, f"{value} is not between -{most} and {most} degrees")
    return value
