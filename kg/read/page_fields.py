"""Single values of a page: dates, numbers, ages, codes, identifiers, and the organisations and sites it names."""

import re
from collections.abc import Iterable, Sequence
from typing import Final

from kg.errors import ReadError
from kg.models import Age, Official, RawRecord, Reference, Site, Sponsor
from kg.read.codes import CodeReader, find_code
from kg.read.dates import english_date, parse_age
from kg.read.page_countries import COUNTRIES
from kg.read.page_parts import Page, entries, first_value
from kg.read.page_sections import Section, is_nothing, named, records, unbulleted, value_of

_DATE = re.compile(r"\d{4}(?:-\d\d){0,2}(?![\d-])|[A-Z][a-z]{2,8}\.? (?:\d{1,2}(?:st|nd|rd|th)?,? )?\d{4}\b")
_AGES = re.compile(r"\d+ (?:year|month|week|day|hour|minute)s?|\bn/a\b|\bno limit\b", re.IGNORECASE)
_PHASE = re.compile(r"(?:early[ _]?)?phase[ _]?(?:[0-4]|I{1,3}V?|IV)\b", re.IGNORECASE)
_PMID = re.compile(
    r"(?:PMID|PubMed(?: ID)?)\s*:?\s*(\d{1,9})\b|pubmed\.ncbi\.nlm\.nih\.gov/(\d{1,9})"
    r"|ncbi\.nlm\.nih\.gov/pubmed/(\d{1,9})",
    re.IGNORECASE,
)
_COUNTRY = re.compile("|".join(re.escape(name) for name in sorted(COUNTRIES, key=len, reverse=True)))
_YES: Final = frozenset({"yes", "true", "1", "accepts healthy volunteers"})
_NO: Final = frozenset({"no", "false", "0"})

CODES: Final = {
    "study_type": ("Study Type", "study-type"),
    "overall_status": ("Status", "overall-status"),
    "allocation": ("Allocation", "allocation"),
    "intervention_model": ("Intervention Model", "intervention-model"),
    "observational_model": ("Observational Model", "observational-model"),
    "time_perspective": ("Time Perspective", "time-perspective"),
    "primary_purpose": ("Primary Purpose", "primary-purpose"),
    "sampling_method": ("Sampling Method", "sampling-method"),
    "sex": ("Sex", "sex"),
}
DATES: Final = {
    "start_date": "Start Date",
    "primary_completion_date": "Primary Completion Date",
    "completion_date": "Completion Date",
    "first_post_date": "First Post Date",
    "last_update_date": "Last Update Date",
    "status_verified_date": "Status Verified Date",
}


def read_date(raw: RawRecord, sections: Sequence[Section], label: str) -> str | None:
    """Return a labelled date; what stands beside it ("Anticipated") is left.

    Raises:
        ReadError: The value has digits but no date. The last line of a page may be cut and is then left out.
    """
    value = value_of(sections, label)
    if value is None or not any(char.isdigit() for char in value):
        return None
    found = _DATE.search(value)
    try:
        return english_date(found[0] if found else value)
    except ValueError as err:
        if sections[-1].name == label:
            return None
        raise ReadError(raw.file, raw.position, label, str(err)) from err


def read_codes(codes: CodeReader, sections: Sequence[Section]) -> dict[str, object]:
    """Return the fields that hold one code, the phases and the masking."""
    found: dict[str, object] = {
        name: codes.one(scheme, value_of(sections, label)) for name, (label, scheme) in CODES.items()
    }
    found["phases"] = _phases(codes, sections, observational=found["study_type"] == "OBSERVATIONAL")
    masking = _raw_value(sections, "Masking")
    main, _, masked = masking.partition("(")
    found["masking"] = codes.one("masking", main) if main.strip() else None
    whom = re.split(r"[,;|]\s*", masked.rstrip(") ")) if masked and find_code("masking", masking) is None else []
    listed = [line.text for line in entries(named(sections, "Who Masked"), commas=True)]
    found["who_masked"] = codes.many("who-masked", listed or [part for part in whom if part])
    return found


def _raw_value(sections: Iterable[Section], label: str) -> str:
    """Return a value in which "None" and "N/A" are codes."""
    return next((section.lines[0].text for section in sections if section.name == label and section.lines), "")


def _phases(codes: CodeReader, sections: Sequence[Section], *, observational: bool) -> tuple[str, ...]:
    """Read "Phase 1/Phase 2", "PHASE1, PHASE2", "['PHASE2']", "N/A"; an observational study's "N/A" is nothing."""
    text = " ".join(line.text for section in sections if section.name == "Phase" for line in section.lines)
    found = [match[0] for match in _PHASE.finditer(text)]
    if not found and text.strip(" []'\"") and text.casefold() not in ("none", "null"):
        found = [] if observational and is_nothing(text) else [text.strip(" []'\"")]
    return codes.many("phase", found)


def read_enrollment(codes: CodeReader, sections: Sequence[Section]) -> dict[str, object]:
    """Read "50 participants", "262 (Estimated)"."""
    value = value_of(sections, "Enrollment") or ""
    number = re.match(r"\d{1,3}(?:,\d{3})+|\d+", value)
    kind = re.search(r"actual|estimated|anticipated", value, re.IGNORECASE)
    return {
        "enrollment": int(number[0].replace(",", "")) if number else None,
        "enrollment_type": codes.one("enrollment-type", kind[0] if kind else value_of(sections, "Enrollment Type")),
    }


def read_population(sections: Sequence[Section]) -> dict[str, object]:
    """Read the limits of age and whether healthy volunteers are accepted."""
    ages = [found[0] for found in _AGES.finditer(value_of(sections, "Age Range") or "")]
    healthy = (value_of(sections, "Healthy Volunteers") or "").casefold()
    return {
        "minimum_age": _age(value_of(sections, "Minimum Age") or "".join(ages[:1])),
        "maximum_age": _age(value_of(sections, "Maximum Age") or "".join(ages[1:2])),
        "accepts_healthy_volunteers": True if healthy in _YES else False if healthy in _NO else None,
    }


def _age(text: str) -> Age | None:
    found = _AGES.search(text)
    return parse_age(found[0]) if found else None


def read_identifiers(page: Page, sections: Sequence[Section]) -> dict[str, object]:
    """Read the sponsor's own number, further numbers, and former NCT numbers."""
    org = value_of(sections, "Org Study ID")
    secondary = [line.text for line in entries(named(sections, "Secondary IDs"), commas=True)]
    aliases = [line.text for line in entries(named(sections, "NCT Aliases"), commas=True)]
    for record in records(sections, "identifier"):
        number, source = first_value(record, "id"), first_value(record, "Source") or first_value(record, "source") or ""
        if number is None:
            continue
        if source == "org_study_id":
            org = org or number
        elif "alias" in source:
            aliases.append(number)
        else:
            secondary.append(number)
    clean = page.clean
    return {
        "org_study_id": clean(org) if org else None,
        "secondary_ids": tuple(dict.fromkeys(clean(number) for number in secondary if number != org)),
        "nct_aliases": tuple(dict.fromkeys(aliases)),
    }


def read_sponsors(codes: CodeReader, sections: Sequence[Section]) -> dict[str, object]:
    """Read the lead sponsor and the collaborators; where only one organisation is named, it leads."""
    lead_name = value_of(sections, "Lead Sponsor", "Source", "Organization")
    lead = None
    if lead_name:
        lead_class = codes.one("sponsor-class", value_of(sections, "Lead Sponsor Class"))
        lead = Sponsor(name=lead_name, sponsor_class=lead_class)
    others = []
    for record in records(sections, "sponsor"):
        name, role = first_value(record, "name"), (first_value(record, "role") or "").casefold()
        if name is None:
            continue
        sponsor = Sponsor(name=name, sponsor_class=codes.one("sponsor-class", first_value(record, "class")))
        if role == "lead":
            lead = sponsor
        elif sponsor not in others:
            others.append(sponsor)
    named_otherwise = [Sponsor(name=line.text) for line in entries(named(sections, "Collaborator"))]
    partners = [sponsor for sponsor in [*others, *named_otherwise] if lead is None or sponsor.name != lead.name]
    return {"lead_sponsor": lead, "collaborators": tuple(partners)}


def read_officials(codes: CodeReader, page: Page, sections: Sequence[Section]) -> tuple[Official, ...]:
    """Read roles and affiliations; names only where contacts are wanted."""
    found = []
    for record in records(sections, "official"):
        role = codes.one("official-role", first_value(record, "role"))
        affiliation = first_value(record, "affiliation")
        name = first_value(record, "name") if page.with_contacts else None
        if role or affiliation or name:
            affiliation = page.clean(affiliation) if affiliation else None
            found.append(Official(role=role, affiliation=affiliation, name=name))
    return tuple(dict.fromkeys(found))


def read_sites(codes: CodeReader, page: Page, sections: Sequence[Section]) -> dict[str, object]:
    """Read the sites ("City, State, Country") and the countries, the listed ones first."""
    countries = [name for line in entries(named(sections, "Countries")) for name in split_countries(line.text)]
    found = []
    for record in records(sections, "site"):
        city, state, country = split_place(first_value(record, "place") or "", countries)
        facility = first_value(record, "facility")
        site = Site(
            facility=page.clean(facility) if facility else None,
            city=city or first_value(record, "city"),
            state=state or first_value(record, "state"),
            postal_code=first_value(record, "postal_code"),
            country=country or first_value(record, "country"),
            status=codes.one("overall-status", first_value(record, "status")),
        )
        if site != Site():
            found.append(site)
    all_countries = [*countries, *(site.country for site in found if site.country)]
    return {"sites": tuple(found), "countries": tuple(dict.fromkeys(all_countries))}


def split_countries(line: str) -> list[str]:
    """Split a line of several countries; one that is no run of known names stays whole.

    >>> split_countries("Germany United States Korea, Republic of"), split_countries("Elsewhere")
    (['Germany', 'United States', 'Korea, Republic of'], ['Elsewhere'])
    """
    found = [match[0] for match in _COUNTRY.finditer(line)]
    whole = re.sub(r"[\s,;]", "", line) == re.sub(r"[\s,;]", "", "".join(found))
    return found if whole and found else [line]


def split_place(place: str, countries: Sequence[str] = ()) -> tuple[str | None, str | None, str | None]:
    """Split "City, State, Country" where the state may be empty and a country may have a comma in its name.

    >>> split_place("Strasbourg, , France"), split_place("Seoul, , Korea, Republic of", ["Korea, Republic of"])
    (('Strasbourg', None, 'France'), ('Seoul', None, 'Korea, Republic of'))
    """
    known = sorted((name for name in countries if place.endswith(f", {name}")), key=len)
    country = known[-1] if known else None
    if country:
        parts = [*place[: -len(country)].rstrip(", ").split(","), country]
        if len(parts) == 2:
            parts.insert(1, "")
    else:
        parts = place.split(",")
        if len(parts) > 3 and re.search(r"(?:Republic of|Occupied)$", place):
            parts[-2:] = [",".join(parts[-2:])]
    values = [part.strip() or None for part in parts]
    if len(values) < 3:
        return values[0], None, values[1] if len(values) == 2 else None
    return ", ".join(filter(None, values[:-2])) or None, values[-2], values[-1]


def read_references(sections: Sequence[Section]) -> tuple[Reference, ...]:
    """Read citations and PubMed numbers; a number on a line of its own belongs to the citation above it."""
    found: list[Reference] = []
    for line in (unbulleted(line) for section in named(sections, "References") for line in section.lines):
        match = _PMID.search(line.text)
        pmid = next(filter(None, match.groups()), None) if match else None
        citation = line.text if not match or len(match[0]) < len(line.text) - 3 else None
        if pmid and not citation and found and found[-1].pmid is None:
            found[-1] = Reference(pmid=pmid, citation=found[-1].citation)
        elif len(line.text) > 25 or pmid:
            found.append(Reference(pmid=pmid, citation=citation))
    return tuple(found)
