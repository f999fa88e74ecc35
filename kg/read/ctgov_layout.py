"""The layout of a ClinicalTrials.gov API v2 record, as far as it is read: what the decoder fills and checks.

Every value may be missing, as may every module; the results and what is not named here is skipped without being built.
Field names are the registry's in snake case (https://clinicaltrials.gov/data-api/about-api/study-data-structure).
"""

import msgspec


class Raw(msgspec.Struct, rename="camel", gc=False):
    """The base of all parts of the layout."""


class OrgId(Raw):
    """An identifier that an organisation gave."""

    id: str | None = None


class Identification(Raw):
    """``identificationModule``."""

    nct_id: str | None = None
    nct_id_aliases: list[str] | None = None
    org_study_id_info: OrgId | None = None
    secondary_id_infos: list[OrgId] | None = None
    brief_title: str | None = None
    official_title: str | None = None
    acronym: str | None = None


class DateStruct(Raw):
    """A date; whether it is actual or estimated is not read."""

    date: str | None = None


class Status(Raw):
    """``statusModule``."""

    status_verified_date: str | None = None
    overall_status: str | None = None
    why_stopped: str | None = None
    start_date_struct: DateStruct | None = None
    primary_completion_date_struct: DateStruct | None = None
    completion_date_struct: DateStruct | None = None
    study_first_post_date_struct: DateStruct | None = None
    study_first_submit_date: str | None = None
    last_update_submit_date: str | None = None
    last_update_post_date_struct: DateStruct | None = None


class Organisation(Raw):
    """A sponsor or collaborator."""

    name: str | None = None
    sponsor_class: str | None = msgspec.field(name="class", default=None)


class ResponsibleParty(Raw):
    """``responsibleParty``: read for the names in it, which are blotted out."""

    investigator_full_name: str | None = None
    old_name_title: str | None = None


class Sponsors(Raw):
    """``sponsorCollaboratorsModule``."""

    responsible_party: ResponsibleParty | None = None
    lead_sponsor: Organisation | None = None
    collaborators: list[Organisation] | None = None


class Description(Raw):
    """``descriptionModule``."""

    brief_summary: str | None = None
    detailed_description: str | None = None


class Conditions(Raw):
    """``conditionsModule``."""

    conditions: list[str] | None = None
    keywords: list[str] | None = None


class MaskingInfo(Raw):
    """``designInfo.maskingInfo``."""

    masking: str | None = None
    who_masked: list[str] | None = None


class DesignInfo(Raw):
    """``designModule.designInfo``."""

    allocation: str | None = None
    intervention_model: str | None = None
    observational_model: str | None = None
    time_perspective: str | None = None
    primary_purpose: str | None = None
    masking_info: MaskingInfo | None = None


class EnrollmentInfo(Raw):
    """``designModule.enrollmentInfo``."""

    count: int | None = None
    enrollment_type: str | None = msgspec.field(name="type", default=None)


class Design(Raw):
    """``designModule``."""

    study_type: str | None = None
    phases: list[str] | None = None
    design_info: DesignInfo | None = None
    enrollment_info: EnrollmentInfo | None = None


class RawArm(Raw):
    """``armsInterventionsModule.armGroups``."""

    label: str | None = None
    arm_type: str | None = msgspec.field(name="type", default=None)
    description: str | None = None
    intervention_names: list[str] | None = None


class RawIntervention(Raw):
    """``armsInterventionsModule.interventions``."""

    name: str | None = None
    intervention_type: str | None = msgspec.field(name="type", default=None)
    description: str | None = None
    arm_group_labels: list[str] | None = None
    other_names: list[str] | None = None


class ArmsInterventions(Raw):
    """``armsInterventionsModule``."""

    arm_groups: list[RawArm] | None = None
    interventions: list[RawIntervention] | None = None


class RawOutcome(Raw):
    """An outcome of any of the three lists."""

    measure: str | None = None
    description: str | None = None
    time_frame: str | None = None


class Outcomes(Raw):
    """``outcomesModule``."""

    primary_outcomes: list[RawOutcome] | None = None
    secondary_outcomes: list[RawOutcome] | None = None
    other_outcomes: list[RawOutcome] | None = None


class Eligibility(Raw):
    """``eligibilityModule``."""

    eligibility_criteria: str | None = None
    healthy_volunteers: bool | str | None = None  # a word in some years
    sex: str | None = None
    minimum_age: str | None = None
    maximum_age: str | None = None
    study_population: str | None = None
    sampling_method: str | None = None


class Contact(Raw):
    """A contact person, of the trial or of a site: read to be blotted out."""

    name: str | None = None
    phone: str | None = None
    email: str | None = None


class RawOfficial(Raw):
    """``contactsLocationsModule.overallOfficials``."""

    name: str | None = None
    affiliation: str | None = None
    role: str | None = None


class GeoPoint(Raw):
    """A place on the globe, in degrees."""

    lat: float | None = None
    lon: float | None = None


class Location(Raw):
    """``contactsLocationsModule.locations``."""

    facility: str | None = None
    status: str | None = None
    city: str | None = None
    state: str | None = None
    zip: str | None = None
    country: str | None = None
    contacts: list[Contact] | None = None
    geo_point: GeoPoint | None = None


class ContactsLocations(Raw):
    """``contactsLocationsModule``."""

    central_contacts: list[Contact] | None = None
    overall_officials: list[RawOfficial] | None = None
    locations: list[Location] | None = None


class RawReference(Raw):
    """``referencesModule.references``."""

    pmid: str | None = None
    reference_type: str | None = msgspec.field(name="type", default=None)
    citation: str | None = None


class SeeAlso(Raw):
    """``referencesModule.seeAlsoLinks``."""

    label: str | None = None
    url: str | None = None


class References(Raw):
    """``referencesModule``."""

    references: list[RawReference] | None = None
    see_also_links: list[SeeAlso] | None = None


class Protocol(Raw):
    """``protocolSection``."""

    identification_module: Identification | None = None
    status_module: Status | None = None
    sponsor_collaborators_module: Sponsors | None = None
    description_module: Description | None = None
    conditions_module: Conditions | None = None
    design_module: Design | None = None
    arms_interventions_module: ArmsInterventions | None = None
    outcomes_module: Outcomes | None = None
    eligibility_module: Eligibility | None = None
    contacts_locations_module: ContactsLocations | None = None
    references_module: References | None = None


class RawMesh(Raw):
    """A MeSH heading."""

    id: str | None = None
    term: str | None = None


class Browse(Raw):
    """``conditionBrowseModule`` or ``interventionBrowseModule``."""

    meshes: list[RawMesh] | None = None
    ancestors: list[RawMesh] | None = None


class Derived(Raw):
    """``derivedSection``."""

    condition_browse_module: Browse | None = None
    intervention_browse_module: Browse | None = None


class Study(Raw):
    """A record."""

    protocol_section: Protocol | None = None
    derived_section: Derived | None = None
