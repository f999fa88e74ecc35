"""The records that the stages hand to each other: plain, frozen, and unable to hold nonsense.

A reader turns a source's record into a `Trial` with its `TextField`s; extraction turns text into `Mention`s,
`Criterion`s and `Statement`s; `graph` turns all of them into RDF. Offsets count code points, from 0, half-open.
"""

from enum import StrEnum
from typing import Self

import msgspec

from kg.identifiers import NctId


class Record(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """The base of all records: immutable, compared by value, built by keyword; without cycles, so no garbage."""


class SourceFormat(StrEnum):
    """What a document is, from the most to the least structured: the order in which sources win."""

    CTGOV_JSON = "ctgov-v2-json"
    CTGOV_XML = "ctgov-legacy-xml"
    WEB_PAGE = "registry-web-page"


class FieldKind(StrEnum):
    """What a text is about, which decides what a mention in it can mean."""

    BRIEF_TITLE = "brief title"
    OFFICIAL_TITLE = "official title"
    BRIEF_SUMMARY = "brief summary"
    DETAILED_DESCRIPTION = "detailed description"
    CONDITION = "condition"
    KEYWORD = "keyword"
    ARM_LABEL = "arm label"
    ARM_DESCRIPTION = "arm description"
    INTERVENTION_NAME = "intervention name"
    INTERVENTION_OTHER_NAME = "intervention other name"
    INTERVENTION_DESCRIPTION = "intervention description"
    OUTCOME_MEASURE = "outcome measure"
    OUTCOME_DESCRIPTION = "outcome description"
    ELIGIBILITY = "eligibility"  # inclusion and exclusion in one text
    INCLUSION = "inclusion criteria"  # a section of its own on some pages
    EXCLUSION = "exclusion criteria"
    STUDY_POPULATION = "study population"


class Document(Record, frozen=True, kw_only=True):
    """One record of one source, as it was read."""

    sha256: str  # of the record's bytes, 64 hexadecimal digits
    format: SourceFormat
    file: str  # file name, with the archive member after "!"
    position: str  # "line 12", "record 3", or empty
    version_date: str | None = None  # ISO date of the record's last update, as the source gives it

    def __post_init__(self) -> None:
        """Refuse what is not a SHA-256."""
        if len(self.sha256) != 64:
            raise ValueError(f"not a SHA-256: {self.sha256!r}")


class RawRecord(Record, frozen=True, kw_only=True):
    """A record's bytes before they are parsed, cut out of a file or an archive."""

    nct_id: NctId
    format: SourceFormat
    payload: bytes
    file: str
    position: str


class Rejection(Record, frozen=True, kw_only=True):
    """A record that could not be used, and why; it is kept and counted, never dropped."""

    file: str
    position: str
    field: str
    reason: str
    nct_id: str | None = None


def with_line_feeds(text: str) -> str:
    r"""Return a text of the same length whose lines end with line feeds alone.

    >>> with_line_feeds("one\r\ntwo")
    'one \ntwo'
    """
    return text.replace("\r\n", " \n").replace("\r", "\n") if "\r" in text else text


class TextField(Record, frozen=True, kw_only=True):
    """A text of a trial in which things are looked for.

    ``locator`` is a JSON Pointer (RFC 6901), an absolute XPath or a page's section name. ``index`` is the place of
    the owning condition, arm, intervention or outcome in the trial's list of those; 0 elsewhere. Contact data
    is blotted out in ``text`` at equal length, so offsets count in the source's text too. The registry's XML ends its
    lines with carriage returns: ``text`` has blanks for them, and ``as_written`` is the text with them.
    """

    document: str  # SHA-256 of the document
    locator: str
    kind: FieldKind
    text: str
    index: int = 0
    as_written: str = ""  # empty if it is ``text``

    @classmethod
    def of_source(cls, document: str, locator: str, kind: FieldKind, text: str, index: int = 0) -> Self:
        """Return a text as its source has it: all that reads it sees line feeds alone at the ends of its lines."""
        plain = with_line_feeds(text)
        as_written = "" if plain is text else text
        return cls(document=document, locator=locator, kind=kind, text=plain, index=index, as_written=as_written)

    @property
    def source_text(self) -> str:
        """The text as its source has it, but for contact data."""
        return self.as_written or self.text

    def __post_init__(self) -> None:
        """Refuse empty texts, of which there is nothing to say, and what readers do not look for."""
        if not self.text.strip():
            raise ValueError(f"empty text at {self.locator}")
        if "\r" in self.text:
            raise ValueError(f"carriage return at {self.locator}: use of_source")


class Age(Record, frozen=True, kw_only=True):
    """An age limit in the registry's unit: ``years months weeks days hours minutes``."""

    value: int
    unit: str


class Duration(Record, frozen=True, kw_only=True):
    """A length of time; ``unit`` is one of ``years months weeks days``."""

    value: int
    unit: str


class MeshTerm(Record, frozen=True, kw_only=True):
    """A MeSH heading that the registry assigned; legacy XML gives no identifier."""

    label: str
    ui: str | None = None
    ancestor: bool = False


class Sponsor(Record, frozen=True, kw_only=True):
    """An organisation that runs or supports the trial."""

    name: str
    sponsor_class: str | None = None


class Official(Record, frozen=True, kw_only=True):
    """An overall official. ``name`` is None unless contact data was asked for."""

    role: str | None = None
    affiliation: str | None = None
    name: str | None = None


class Site(Record, frozen=True, kw_only=True):
    """A place where the trial is run. Coordinates are WGS 84 degrees."""

    facility: str | None = None
    city: str | None = None
    state: str | None = None
    postal_code: str | None = None
    country: str | None = None  # as reported
    latitude: float | None = None
    longitude: float | None = None
    status: str | None = None  # code of overall-status


class Arm(Record, frozen=True, kw_only=True):
    """An arm or, in an observational study, a group; ``interventions`` are names without their type."""

    label: str
    arm_type: str | None = None
    description: str | None = None
    interventions: tuple[str, ...] = ()


class Intervention(Record, frozen=True, kw_only=True):
    """An intervention as reported."""

    name: str
    intervention_type: str | None = None
    description: str | None = None
    other_names: tuple[str, ...] = ()
    arm_labels: tuple[str, ...] = ()


class Outcome(Record, frozen=True, kw_only=True):
    """An outcome measure; ``outcome_type`` is a code: PRIMARY, SECONDARY or OTHER."""

    outcome_type: str
    measure: str
    time_frame: str | None = None
    description: str | None = None


class Reference(Record, frozen=True, kw_only=True):
    """A publication; ``pmid`` is a PubMed number."""

    pmid: str | None = None
    citation: str | None = None
    reference_type: str | None = None


class Link(Record, frozen=True, kw_only=True):
    """A link the record points to (``seeAlsoLinks``)."""

    url: str
    label: str | None = None


class Span(Record, frozen=True, kw_only=True):
    """A stretch of a text: ``text.text[start:end]``."""

    text: TextField
    start: int
    end: int

    def __post_init__(self) -> None:
        """Refuse reversed, empty and overlong spans."""
        if not 0 <= self.start < self.end <= len(self.text.text):
            raise ValueError(f"span {self.start}:{self.end} does not fit {self.text.locator}")

    @property
    def quote(self) -> str:
        """The exact words."""
        return self.text.source_text[self.start : self.end]


class FreeTextFact(Record, frozen=True, kw_only=True):
    """A value of a trial's field that no structured field gave, only a sentence: ``241 patients will be enrolled``.

    ``field`` is the name of the `Trial` field that holds ``value``; ``rule`` names how it was read.
    """

    field: str
    value: str
    span: Span
    rule: str


class Trial(Record, frozen=True, kw_only=True):
    """A trial as one source, or several merged, tells it.

    Codes are the registry's API v2 values (``NOT_YET_RECRUITING``) whatever the source's spelling; a value outside the
    lists is kept as it stands. Dates are ``YYYY-MM-DD``, ``YYYY-MM`` or ``YYYY``, as precise as the source.
    None and () mean that the source does not say; 0 and False are values.
    """

    nct_id: NctId
    documents: tuple[Document, ...]
    org_study_id: str | None = None
    secondary_ids: tuple[str, ...] = ()
    nct_aliases: tuple[str, ...] = ()
    brief_title: str | None = None
    official_title: str | None = None
    acronym: str | None = None
    brief_summary: str | None = None
    detailed_description: str | None = None
    study_type: str | None = None
    phases: tuple[str, ...] = ()
    overall_status: str | None = None
    why_stopped: str | None = None
    allocation: str | None = None
    intervention_model: str | None = None
    observational_model: str | None = None
    time_perspective: str | None = None
    masking: str | None = None
    who_masked: tuple[str, ...] = ()
    primary_purpose: str | None = None
    sampling_method: str | None = None
    sex: str | None = None
    minimum_age: Age | None = None
    maximum_age: Age | None = None
    accepts_healthy_volunteers: bool | None = None
    enrollment: int | None = None
    enrollment_type: str | None = None
    start_date: str | None = None
    primary_completion_date: str | None = None
    completion_date: str | None = None
    first_post_date: str | None = None
    last_update_date: str | None = None
    status_verified_date: str | None = None
    conditions: tuple[str, ...] = ()
    keywords: tuple[str, ...] = ()
    condition_meshes: tuple[MeshTerm, ...] = ()
    intervention_meshes: tuple[MeshTerm, ...] = ()
    arms: tuple[Arm, ...] = ()
    interventions: tuple[Intervention, ...] = ()
    outcomes: tuple[Outcome, ...] = ()
    lead_sponsor: Sponsor | None = None
    collaborators: tuple[Sponsor, ...] = ()
    officials: tuple[Official, ...] = ()
    sites: tuple[Site, ...] = ()
    countries: tuple[str, ...] = ()  # as reported; where sites are listed, theirs are here too
    references: tuple[Reference, ...] = ()
    links: tuple[Link, ...] = ()
    texts: tuple[TextField, ...] = ()
    free_text_facts: tuple[FreeTextFact, ...] = ()  # where a field's value was read from a sentence
    unknown_codes: tuple[tuple[str, str], ...] = ()  # (code list, value) outside the registry's lists


class Disagreement(Record, frozen=True, kw_only=True):
    """A field on which two sources of one trial differ: the value kept and the one set aside."""

    nct_id: NctId
    field: str
    kept: str
    kept_document: str
    set_aside: str
    set_aside_document: str


class ConceptType(StrEnum):
    """The classes of concepts; the values are the local names in the vocabulary."""

    DRUG = "Drug"
    DRUG_CLASS = "DrugClass"
    DRUG_COMBINATION = "DrugCombination"
    MARKER = "Marker"
    MARKER_STATE = "MarkerState"
    PROCEDURE = "Procedure"
    DISEASE = "Disease"
    ENDPOINT = "Endpoint"


class Concept(Record, frozen=True, kw_only=True):
    """A concept of the terminology. All ``*_iris`` are absolute; tuples are sorted."""

    iri: str
    concept_type: ConceptType
    pref_label: str
    alt_labels: tuple[str, ...] = ()
    hidden_labels: tuple[str, ...] = ()
    ambiguous_labels: tuple[str, ...] = ()
    notation: str | None = None  # markers: the stem of their states' IRIs
    broader_iris: tuple[str, ...] = ()
    target_iris: tuple[str, ...] = ()
    part_iris: tuple[str, ...] = ()
    gene_iri: str | None = None
    possible_states: tuple[str, ...] = ()  # notations
    exact_match_iris: tuple[str, ...] = ()
    mesh_tree_numbers: tuple[str, ...] = ()  # of concepts of an added vocabulary; bundled ones have them as triples


class UsedVocabulary(Record, frozen=True, kw_only=True):
    """A vocabulary that the user added, as a build names what it was made with."""

    name: str  # of the file
    format: str
    sha256: str  # of the file as it was given
    version: str | None = None  # date or version that the file tells of itself


class Polarity(StrEnum):
    """Which list of the eligibility criteria; the values are local names of the vocabulary."""

    INCLUSION = "inclusion"
    EXCLUSION = "exclusion"


class Mention(Record, frozen=True, kw_only=True):
    """A span that names a concept.

    ``state`` is the notation of a marker's state, read from the words in ``span`` (which then cover them as well).
    ``rule`` says how it was found: a name of `ontologies/rules.ttl`.
    """

    span: Span
    concept: Concept
    rule: str
    confidence: float
    name_start: int  # the name alone, without the words of its state
    name_end: int
    state: str | None = None


class Role(StrEnum):
    """What a trial has to do with a concept; the values are local names of the vocabulary (MODEL.md's table)."""

    INVESTIGATES = "investigates"
    COMPARATOR = "comparator"
    BACKGROUND = "background"
    ASSESSMENT = "assessment"
    REQUIRES_TREATMENT = "requiresTreatment"
    EXCLUDES_TREATMENT = "excludesTreatment"
    REQUIRES_MARKER_STATE = "requiresMarkerState"
    EXCLUDES_MARKER_STATE = "excludesMarkerState"
    STRATIFIES_BY = "stratifiesBy"
    MEASURES_MARKER = "measuresMarker"
    CONDITION = "condition"
    MENTIONS = "mentions"


class Statement(Record, frozen=True, kw_only=True):
    """One thing that a text says of its trial: ``trial role object``, with the place that says it.

    ``state`` makes the object a marker state instead of the marker itself.
    """

    role: Role
    concept: Concept
    span: Span
    rule: str
    confidence: float
    state: str | None = None


class ConceptLink(Record, frozen=True, kw_only=True):
    """A reported name (of a condition, an intervention, an outcome) linked to a concept."""

    owner: FieldKind  # CONDITION, INTERVENTION_NAME, OUTCOME_MEASURE: whose name it is
    index: int  # its place in the trial's list
    concept: Concept
    span: Span
    rule: str
    confidence: float


class StatedKind(StrEnum):
    """What an intervention's name tells beside what is given; the values are local names of the vocabulary."""

    DOSE = "dose"
    ROUTE = "route"
    SCHEDULE = "schedule"
    FORM = "doseForm"


class StatedValue(Record, frozen=True, kw_only=True):
    """A dose, route, schedule or form in the name of an intervention, as the words in ``span`` say it."""

    kind: StatedKind
    index: int  # the intervention's place in the trial's list
    span: Span


class Operator(StrEnum):
    """How the operands of a group hold together; the values are local names of the vocabulary."""

    ALL_OF = "AllOf"
    ANY_OF = "AnyOf"
    NOT = "Not"


class ConditionType(StrEnum):
    """What a leaf of the logic tests; the values are local names of the vocabulary."""

    MARKER = "MarkerCondition"
    TREATMENT = "TreatmentCondition"
    TREATMENT_ELIGIBILITY = "TreatmentEligibilityCondition"  # a candidate for a treatment, not one who had it
    DISEASE = "DiseaseCondition"
    AGE = "AgeCondition"
    PERFORMANCE_STATUS = "PerformanceStatusCondition"
    LAB = "LabCondition"
    LIFE_EXPECTANCY = "LifeExpectancyCondition"


class Condition(Record, frozen=True, kw_only=True):
    """A leaf of a criterion's logic: something that a patient's record can be tested for.

    ``comparator``, ``value`` and ``unit`` are a threshold's; of a treatment, the number of its lines (unit ``lines``).
    ``within`` says of a treatment that it counts only if it was given so long ago at most.
    """

    condition_type: ConditionType
    span: Span
    concept: Concept | None = None
    state: str | None = None
    assay: Concept | None = None
    comparator: str | None = None  # lt le eq ge gt
    value: str | None = None  # a decimal, or a score such as 2+
    unit: str | None = None
    analyte: str | None = None  # what a laboratory measures, by the names of `kg.extract.labs`
    within: Duration | None = None


class Group(Record, frozen=True, kw_only=True):
    """An inner node of a criterion's logic."""

    operator: Operator
    operands: tuple["Condition | Group", ...]

    def __post_init__(self) -> None:
        """Refuse groups that say nothing, and negations of more than one thing."""
        if not self.operands or (self.operator is Operator.NOT and len(self.operands) != 1):
            raise ValueError(f"{self.operator} with {len(self.operands)} operands")


class Criterion(Record, frozen=True, kw_only=True):
    """One eligibility criterion. ``logic`` is None where nothing in it was understood."""

    polarity: Polarity
    span: Span
    order: int  # its place in the whole list, from 0
    logic: Condition | Group | None = None


class Findings(Record, frozen=True, kw_only=True):
    """All that was found in the texts of one trial."""

    statements: tuple[Statement, ...] = ()
    links: tuple[ConceptLink, ...] = ()
    stated_values: tuple[StatedValue, ...] = ()
    criteria: tuple[Criterion, ...] = ()
