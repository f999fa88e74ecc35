"""Legacy ClinicalTrials.gov XML (``<clinical_study>``) to `Trial`. Locators are absolute XPaths into the record.

The format wraps and indents its text blocks. Text fields keep them as they stand; the trial's own values are put
together again: lines joined, paragraphs kept.
"""

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Final

from lxml import etree

from kg.errors import ReadError
from kg.identifiers import NctId
from kg.models import (
    Age,
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
from kg.read.contacts import persons
from kg.read.dates import english_date
from kg.read.fields import BadValueError, FieldReader, checked_age, checked_date, checked_enrollment, checked_pmid

_NCT_ID: Final = re.compile(rb"<id_info\b.*?<nct_id>([^<]*)</nct_id>", re.DOTALL)
_PARAGRAPHS: Final = re.compile(r"\n(?:[ \t\r]*\n)+")
_DESIGN_PART: Final = re.compile(r"([A-Z][A-Za-z ]+):\s*(.*?)\s*(?=,\s*[A-Z][A-Za-z ]+:|$)", re.DOTALL)
_MASKING: Final = re.compile(r"(\w+)\s*\((.*)\)", re.DOTALL)
_HEALTHY: Final = {"accepts healthy volunteers": True, "yes": True, "no": False}
_CONTACTS: Final = (
    "overall_official/last_name",
    "overall_contact/*",
    "overall_contact_backup/*",
    "location/contact/*",
    "location/contact_backup/*",
    "location/investigator/last_name",
    "responsible_party/investigator_full_name",
    "responsible_party/name_title",
)


def find_xml_nct_id(payload: bytes) -> str | None:
    """Return the record's NCT number as it stands there, without parsing the record."""
    found = _NCT_ID.search(payload)
    return found.group(1).decode("utf-8", "replace") if found else None


def parse_xml(raw: RawRecord, *, with_contacts: bool = False) -> Trial:
    """Return the trial that a record tells of.

    Raises:
        ReadError: The XML is broken, has a document type declaration, or a value cannot be what it should; the error
            names its XPath.
    """
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        root = etree.fromstring(raw.payload, parser)
    except etree.XMLSyntaxError as err:
        raise ReadError(raw.file, raw.position, "", f"not well-formed XML: {err.msg}") from err
    if root.getroottree().docinfo.internalDTD is not None:
        raise ReadError(raw.file, raw.position, "", "the XML has a document type declaration; none is read")
    try:
        return _Parser(raw, root, with_contacts=with_contacts).trial()
    except BadValueError as err:
        raise err.located(raw) from err


def reflow(text: str) -> str:
    r"""Return a wrapped, indented text block as paragraphs of one line each.

    >>> reflow("\n      One two\r\n      three.\n\n        -  Four\n    ")
    'One two three.\n\n-  Four'
    """
    paragraphs = _PARAGRAPHS.split(text.strip())
    return "\n\n".join(" ".join(line.strip() for line in paragraph.splitlines()) for paragraph in paragraphs)


def _text(element: etree._Element) -> str:
    return "".join(map(str, element.itertext())) if len(element) else element.text or ""


def _all_texts(elements: Iterable[etree._Element]) -> list[str]:
    return [text for element in elements if (text := _text(element)).strip()]


@lru_cache(maxsize=128)
def _text_at(path: str) -> etree.XPath:
    """Return what looks for the text of the first element at a path; "" is that of none.

    It takes a third of the time of finding the element and asking for its text.
    """
    return etree.XPath(f"string({path})", smart_strings=False)


class _Parser:
    """Builds one trial; its methods are called in the order in which the texts are to be kept."""

    def __init__(self, raw: RawRecord, root: etree._Element, *, with_contacts: bool) -> None:
        self._raw = raw
        self._root = root
        self._tree = root.getroottree()
        self._fields = FieldReader(raw, None if with_contacts else self._contact_names())
        self._design = self._design_parts()

    def trial(self) -> Trial:
        fields, code = self._fields, self._fields.codes.one
        study_type = code("study-type", self._value("study_type"))
        masking, who_masked = self._masking()
        sites = tuple(self._sites())
        countries = self._literals("location_countries/country")
        update = self._date("last_update_posted", "last_update_submitted", "lastchanged_date")
        return Trial(
            nct_id=self._nct_id(),
            documents=(fields.document(update),),
            org_study_id=self._plain("id_info/org_study_id"),
            secondary_ids=self._literals("id_info/secondary_id"),
            nct_aliases=self._literals("id_info/nct_alias"),
            acronym=self._plain("acronym"),
            brief_title=self._field(FieldKind.BRIEF_TITLE, self._root.find("brief_title")),
            official_title=self._field(FieldKind.OFFICIAL_TITLE, self._root.find("official_title")),
            brief_summary=self._block(FieldKind.BRIEF_SUMMARY, "brief_summary/textblock"),
            detailed_description=self._block(FieldKind.DETAILED_DESCRIPTION, "detailed_description/textblock"),
            study_type=study_type,
            phases=self._phases(study_type),
            overall_status=code("overall-status", self._value("overall_status")),
            why_stopped=self._reflowed("why_stopped"),
            allocation=code("allocation", self._design.get("allocation")),
            intervention_model=code("intervention-model", self._design.get("intervention_model")),
            observational_model=code("observational-model", self._design.get("observational_model")),
            time_perspective=code("time-perspective", self._design.get("time_perspective")),
            masking=masking,
            who_masked=who_masked,
            primary_purpose=code("primary-purpose", self._design.get("primary_purpose")),
            sampling_method=code("sampling-method", self._value("eligibility/sampling_method")),
            sex=code("sex", self._value("eligibility/gender")),
            minimum_age=self._age("eligibility/minimum_age"),
            maximum_age=self._age("eligibility/maximum_age"),
            accepts_healthy_volunteers=self._healthy_volunteers(),
            enrollment=self._enrollment(),
            enrollment_type=code("enrollment-type", self._attribute("enrollment", "type")),
            start_date=self._date("start_date"),
            primary_completion_date=self._date("primary_completion_date"),
            completion_date=self._date("completion_date"),
            first_post_date=self._date("study_first_posted", "firstreceived_date"),
            last_update_date=update,
            status_verified_date=self._date("verification_date"),
            conditions=self._names(FieldKind.CONDITION, "condition"),
            keywords=self._names(FieldKind.KEYWORD, "keyword"),
            condition_meshes=self._meshes("condition_browse/mesh_term"),
            intervention_meshes=self._meshes("intervention_browse/mesh_term"),
            arms=tuple(self._arms()),
            interventions=tuple(self._interventions()),
            outcomes=tuple(self._outcomes()),
            lead_sponsor=next(self._organisations("sponsors/lead_sponsor"), None),
            collaborators=tuple(self._organisations("sponsors/collaborator")),
            officials=tuple(self._officials()),
            sites=sites,
            countries=tuple(dict.fromkeys((*countries, *(site.country for site in sites if site.country)))),
            references=tuple(self._references()),
            links=tuple(self._links()),
            texts=self._eligibility_texts(),
            unknown_codes=tuple(fields.codes.unknown),
        )

    def _path(self, element: etree._Element) -> str:
        path: str = self._tree.getpath(element)
        return path

    def _value(self, path: str, within: etree._Element | None = None) -> str:
        """Return an element's text as it stands, empty where there is no such element."""
        return str(_text_at(path)(self._root if within is None else within))

    def _plain(self, path: str, within: etree._Element | None = None) -> str | None:
        return self._fields.plain(self._value(path, within))

    def _literal(self, path: str, within: etree._Element | None = None) -> str | None:
        return self._fields.literal(self._value(path, within))

    def _literals(self, path: str, within: etree._Element | None = None) -> tuple[str, ...]:
        found = (self._root if within is None else within).iterfind(path)
        return tuple(self._fields.clean(text.strip()) for text in _all_texts(found))

    def _attribute(self, path: str, name: str) -> str | None:
        element = self._root.find(path)
        return None if element is None else element.get(name)

    def _field(self, kind: FieldKind, element: etree._Element | None, index: int = 0) -> str | None:
        if element is None:
            return None
        return self._fields.field(kind, _text(element), self._path(element), index)

    def _required(self, kind: FieldKind, owner: etree._Element, name: str, index: int) -> str:
        element = owner.find(name)
        if element is None:
            return self._fields.required(kind, None, f"{self._path(owner)}/{name}", index)
        return self._fields.required(kind, _text(element), self._path(element), index)

    def _block(self, kind: FieldKind, path: str) -> str | None:
        value = self._field(kind, self._root.find(path))
        return reflow(value) if value else None

    def _reflowed(self, path: str) -> str | None:
        value = self._literal(path)
        return reflow(value) if value else None

    def _nct_id(self) -> NctId:
        number = self._value("id_info/nct_id").strip()
        if number != self._raw.nct_id:
            raise BadValueError("/clinical_study/id_info/nct_id", f"{number!r} is not {self._raw.nct_id}")
        return self._raw.nct_id

    def _contact_names(self) -> tuple[str, ...]:
        names = [text for path in _CONTACTS for text in _all_texts(self._root.iterfind(path))]
        organisations = _all_texts(self._root.iterfind("sponsors/*/agency"))
        for official in self._root.iterfind("overall_official"):
            name = self._value("last_name", official)
            if name and name == self._value("affiliation", official):
                organisations.append(name)
        companies = (
            self._value("agency", sponsor)
            for sponsor in self._root.iterfind("sponsors/*")
            if self._value("agency_class", sponsor) == "Industry"
        )
        return persons(names, organisations, companies)

    def _design_parts(self) -> dict[str, str]:
        """Return the design by element name; the oldest files have it in one line."""
        info = self._root.find("study_design_info")
        if info is not None:
            return {str(part.tag): _text(part) for part in info}
        line = self._value("study_design")
        return {name.lower().replace(" ", "_"): value for name, value in _DESIGN_PART.findall(line)}

    def _masking(self) -> tuple[str | None, tuple[str, ...]]:
        """Read "Double (Participant, Investigator)"; "None (Open Label)" is one name."""
        codes, text = self._fields.codes, self._design.get("masking", "").strip()
        found = _MASKING.fullmatch(text)
        if not found or found.group(1).casefold() == "none":
            return codes.one("masking", text), ()
        return codes.one("masking", found.group(1)), codes.many("who-masked", found.group(2).split(","))

    def _phases(self, study_type: str | None) -> tuple[str, ...]:
        """Read "Phase 1/Phase 2" as two; "N/A" of a study without phases says nothing, as in the API."""
        text = self._value("phase")
        phases = self._fields.codes.many("phase", [text] if text.strip() == "N/A" else text.split("/"))
        return () if phases == ("NA",) and study_type != "INTERVENTIONAL" else phases

    def _date(self, *paths: str) -> str | None:
        for path in paths:
            value = checked_date(english_date, self._value(path), f"/clinical_study/{path}")
            if value:
                return value
        return None

    def _age(self, path: str) -> Age | None:
        return checked_age(self._value(path), f"/clinical_study/{path}")

    def _healthy_volunteers(self) -> bool | None:
        text = self._value("eligibility/healthy_volunteers").strip()
        if text and text.casefold() not in _HEALTHY:
            raise BadValueError("/clinical_study/eligibility/healthy_volunteers", f"{text!r} is neither yes nor no")
        return _HEALTHY[text.casefold()] if text else None

    def _enrollment(self) -> int | None:
        text, locator = self._value("enrollment").strip(), "/clinical_study/enrollment"
        if not text:
            return None
        if not re.fullmatch(r"-?[0-9]{1,12}", text):
            raise BadValueError(locator, f"the enrolment {text!r} is not a number")
        return checked_enrollment(int(text), locator)

    def _names(self, kind: FieldKind, path: str) -> tuple[str, ...]:
        kept: list[str] = []
        for element in self._root.iterfind(path):
            value = self._field(kind, element, len(kept))
            if value is not None:
                kept.append(value)
        return tuple(kept)

    def _meshes(self, path: str) -> tuple[MeshTerm, ...]:
        return tuple(MeshTerm(label=label.strip()) for label in _all_texts(self._root.iterfind(path)))

    def _arms(self) -> Iterator[Arm]:
        interventions = self._interventions_by_arm()
        for index, arm in enumerate(self._root.iterfind("arm_group")):
            label = self._required(FieldKind.ARM_LABEL, arm, "arm_group_label", index)
            yield Arm(
                label=label,
                arm_type=self._fields.codes.one("arm-type", self._value("arm_group_type", arm)),
                description=self._field(FieldKind.ARM_DESCRIPTION, arm.find("description"), index),
                interventions=tuple(interventions.get(label, ())),
            )

    def _interventions_by_arm(self) -> dict[str, list[str]]:
        """Return the names of interventions by the labels of the arms that they list: arms here do not list theirs."""
        found: dict[str, list[str]] = {}
        for given in self._root.iterfind("intervention"):
            if name := self._literal("intervention_name", given):
                for label in dict.fromkeys(self._literals("arm_group_label", given)):
                    found.setdefault(label, []).append(name)
        return found

    def _interventions(self) -> Iterator[Intervention]:
        for index, given in enumerate(self._root.iterfind("intervention")):
            name = self._required(FieldKind.INTERVENTION_NAME, given, "intervention_name", index)
            other_names = (
                self._field(FieldKind.INTERVENTION_OTHER_NAME, other, index) for other in given.iterfind("other_name")
            )
            yield Intervention(
                name=name,
                other_names=tuple(other for other in other_names if other is not None),
                description=self._field(FieldKind.INTERVENTION_DESCRIPTION, given.find("description"), index),
                intervention_type=self._fields.codes.one("intervention-type", self._value("intervention_type", given)),
                arm_labels=self._literals("arm_group_label", given),
            )

    def _outcomes(self) -> Iterator[Outcome]:
        index = 0
        for outcome_type in ("PRIMARY", "SECONDARY", "OTHER"):
            for outcome in self._root.iterfind(f"{outcome_type.lower()}_outcome"):
                measure = self._required(FieldKind.OUTCOME_MEASURE, outcome, "measure", index)
                text = self._field(FieldKind.OUTCOME_DESCRIPTION, outcome.find("description"), index)
                frame = self._literal("time_frame", outcome)
                yield Outcome(outcome_type=outcome_type, measure=measure, time_frame=frame, description=text)
                index += 1

    def _organisations(self, path: str) -> Iterator[Sponsor]:
        for element in self._root.iterfind(path):
            name = self._plain("agency", element)
            if name:
                code = self._fields.codes.one("sponsor-class", self._value("agency_class", element))
                yield Sponsor(name=name, sponsor_class=code)

    def _officials(self) -> Iterator[Official]:
        for official in self._root.iterfind("overall_official"):
            role = self._fields.codes.one("official-role", self._value("role", official))
            affiliation = self._literal("affiliation", official)
            name = self._fields.official_name(self._value("last_name", official))
            if role or affiliation or name:
                yield Official(role=role, affiliation=affiliation, name=name)

    def _sites(self) -> Iterator[Site]:
        for location in self._root.iterfind("location"):
            yield Site(
                facility=self._literal("facility/name", location),
                city=self._plain("facility/address/city", location),
                state=self._plain("facility/address/state", location),
                postal_code=self._plain("facility/address/zip", location),
                country=self._plain("facility/address/country", location),
                status=self._fields.codes.one("overall-status", self._value("status", location)),
            )

    def _references(self) -> Iterator[Reference]:
        for tag, code in (("reference", None), ("results_reference", "RESULT")):
            for reference in self._root.iterfind(tag):
                pmid = checked_pmid(self._value("PMID", reference), f"{self._path(reference)}/PMID")
                citation = self._fields.citation(self._value("citation", reference))
                if pmid or citation:
                    yield Reference(pmid=pmid, citation=citation, reference_type=code)

    def _links(self) -> Iterator[Link]:
        for link in self._root.iterfind("link"):
            url = self._value("url", link).strip()
            if url and not self._fields.is_private(url):
                yield Link(url=url, label=self._literal("description", link))

    def _eligibility_texts(self) -> tuple[TextField, ...]:
        self._field(FieldKind.ELIGIBILITY, self._root.find("eligibility/criteria/textblock"))
        self._field(FieldKind.STUDY_POPULATION, self._root.find("eligibility/study_pop/textblock"))
        return tuple(self._fields.texts)
