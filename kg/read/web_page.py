"""The text of a registry page, plain or HTML, in any of three layouts -> `Trial`.

All that a page says is read: labelled values, lists, groups, prose. What only a sentence says ("241 patients will be
enrolled") becomes a value too where the page has no better one, with the sentence as evidence. A page that is cut
keeps what stands before the cut. Section names are the locators of the texts: ``Brief Summary``, ``Interventions[2]``.
"""

from collections.abc import Callable, Iterator, Sequence
from hashlib import sha256
from typing import Final

import msgspec

from kg.errors import ReadError
from kg.models import (
    Arm,
    Document,
    FieldKind,
    FreeTextFact,
    Intervention,
    Outcome,
    RawRecord,
    SourceFormat,
    Sponsor,
    TextField,
    Trial,
)
from kg.read.codes import CodeReader
from kg.read.contacts import persons
from kg.read.page_fields import (
    DATES,
    read_codes,
    read_date,
    read_enrollment,
    read_identifiers,
    read_officials,
    read_population,
    read_references,
    read_sites,
    read_sponsors,
)
from kg.read.page_free_text import free_text_facts
from kg.read.page_layouts import layout_of, own_number, sections_of
from kg.read.page_members import ArmGroup, Member, arm_groups, interventions_of, outcome_records
from kg.read.page_parts import Page, entries, first_value
from kg.read.page_sections import Line, Section, named, records, unbulleted, value_of
from kg.read.page_text import is_html, page_text


def looks_like_page(text: str) -> bool:
    """Tell whether ``text`` (decoded, plain or HTML) is a registry page in one of the layouts that are read."""
    plain = text.lstrip("\ufeff \t\r\n")
    if plain[:1] in ("{", "[") or "<clinical_study" in plain[:2000]:
        return False
    return layout_of(_plain(text)) is not None


def find_nct_id(text: str) -> str | None:
    """Return the number that a page (plain or HTML) gives as its own; one that it only cites does not count."""
    return own_number(_plain(text))


def _plain(text: str) -> str:
    return page_text(text.encode("utf-8", "replace")) if is_html(text) else text


def parse_web_page(raw: RawRecord, *, with_contacts: bool = False) -> Trial:
    """Read a registry page.

    Args:
        raw: The page's bytes, with the number under which it is kept.
        with_contacts: Keep the names of the overall officials, and contact data within texts.

    Raises:
        ReadError: The page is in none of the three layouts.
    """
    page = page_text(raw.payload)
    if layout_of(page) is None:
        raise ReadError(raw.file, raw.position, "", "not a registry page in a layout that is known")
    return _PageReader(raw, page, with_contacts=with_contacts).trial()


_TEXTS: Final = {
    "Brief Title": FieldKind.BRIEF_TITLE,
    "Official Title": FieldKind.OFFICIAL_TITLE,
    "Brief Summary": FieldKind.BRIEF_SUMMARY,
    "Detailed Description": FieldKind.DETAILED_DESCRIPTION,
    "Inclusion Criteria": FieldKind.INCLUSION,
    "Exclusion Criteria": FieldKind.EXCLUSION,
    "Eligibility Criteria": FieldKind.ELIGIBILITY,
    "Study Population": FieldKind.STUDY_POPULATION,
}


class _PageReader:
    """Reads one page: its sections into the fields and the texts of a `Trial`."""

    def __init__(self, raw: RawRecord, text: str, *, with_contacts: bool) -> None:
        self._raw = raw
        self._sections = tuple(_titled(sections_of(text)))
        self._codes = CodeReader()
        self._page = Page(text, sha256(raw.payload).hexdigest(), _persons(self._sections), with_contacts)
        self._texts: list[TextField] = []

    def trial(self) -> Trial:
        """Return all that the page says."""
        dates = {name: read_date(self._raw, self._sections, label) for name, label in DATES.items()}
        document = Document(
            sha256=self._page.document,
            format=SourceFormat.WEB_PAGE,
            file=self._raw.file,
            position=self._raw.position,
            version_date=dates["last_update_date"],
        )
        fields: dict[str, object] = {
            **dates,
            **self._prose(),
            **read_codes(self._codes, self._sections),
            **read_enrollment(self._codes, self._sections),
            **read_population(self._sections),
            **read_identifiers(self._page, self._sections),
            **read_sponsors(self._codes, self._sections),
            **read_sites(self._codes, self._page, self._sections),
            "officials": read_officials(self._codes, self._page, self._sections),
            "references": read_references(self._sections),
            "conditions": self._list("Conditions", FieldKind.CONDITION),
            "keywords": self._list("Keywords", FieldKind.KEYWORD),
            **self._arms_and_interventions(),
            "outcomes": self._outcomes(),
        }
        trial = Trial(nct_id=self._raw.nct_id, documents=(document,))
        codes = tuple(self._codes.unknown)
        trial = msgspec.structs.replace(trial, **fields, texts=tuple(self._texts), unknown_codes=codes)
        return with_free_text(trial)

    def _prose(self) -> dict[str, object]:
        """Return titles, summary and description; they and the criteria become texts."""
        strings: dict[str, object] = {"acronym": value_of(self._sections, "Acronym")}
        strings["why_stopped"] = self._page.string(next(named(self._sections, "Why Stopped"), None))
        for name, kind in _TEXTS.items():
            section = next(named(self._sections, name), None)
            found = self._page.field(kind, name, section.lines) if section else []
            self._texts += found
            if kind.name.lower() in Trial.__struct_fields__:
                strings[kind.name.lower()] = found[0].text if found else None
        return strings

    def _list(self, name: str, kind: FieldKind) -> tuple[str, ...]:
        lines = entries(named(self._sections, name), commas=kind is FieldKind.KEYWORD)
        return tuple(
            text.text
            for index, line in enumerate(lines)
            for text in self._text(kind, f"{name}[{index + 1}]", (line,), index)
        )

    def _text(self, kind: FieldKind, locator: str, lines: Sequence[Line], index: int) -> list[TextField]:
        found = self._page.field(kind, locator, lines, index)
        self._texts += found
        return found

    def _described(self, kind: FieldKind, locator: str, section: Section | None, index: int) -> str | None:
        found = self._text(kind, locator, section.lines, index) if section else []
        return found[0].text if found else None

    def _arms_and_interventions(self) -> dict[str, object]:
        groups = arm_groups(self._sections)
        members = interventions_of(self._sections, groups)
        arms = tuple(self._arm(index, group) for index, group in enumerate(groups))
        return {
            "arms": arms,
            "interventions": tuple(self._intervention(index, member, arms) for index, member in enumerate(members)),
        }

    def _arm(self, index: int, group: ArmGroup) -> Arm:
        locator = f"Study Groups[{index + 1}]"
        self._text(FieldKind.ARM_LABEL, locator, (group.label,), index)
        section = group.parts.get("description")
        return Arm(
            label=self._page.clean(group.label.text),
            arm_type=self._codes.one("arm-type", first_value(group.parts, "type")),
            description=self._described(FieldKind.ARM_DESCRIPTION, f"{locator}/Description", section, index),
            interventions=tuple(line.text for line in group.interventions),
        )

    def _intervention(self, index: int, member: Member, arms: tuple[Arm, ...]) -> Intervention:
        locator = f"Interventions[{index + 1}]"
        self._text(FieldKind.INTERVENTION_NAME, locator, (member.name,), index)
        section = member.parts.get("description")
        description = self._described(FieldKind.INTERVENTION_DESCRIPTION, f"{locator}/Description", section, index)
        for at, line in enumerate(member.other_names):
            self._text(FieldKind.INTERVENTION_OTHER_NAME, f"{locator}/Other Names[{at + 1}]", (line,), index)
        listed = entries(section for part, section in member.parts.items() if part == "arms")
        owners = [arm.label for arm in arms if member.name.text in arm.interventions]
        return Intervention(
            name=self._page.clean(member.name.text),
            intervention_type=self._codes.one("intervention-type", first_value(member.parts, "type")),
            description=description,
            other_names=tuple(line.text for line in member.other_names),
            arm_labels=tuple(owners) or tuple(line.text for line in listed),
        )

    def _outcomes(self) -> tuple[Outcome, ...]:
        found: list[Outcome] = []
        for record in outcome_records(self._sections):
            measure = record["measure"]
            locator, index = f"Outcomes[{len(found) + 1}]", len(found)
            texts = self._text(FieldKind.OUTCOME_MEASURE, locator, measure.lines, index)
            if texts:
                description = record.get("description")
                found.append(
                    Outcome(
                        outcome_type=self._codes.one("outcome-type", first_value(record, "type")) or "OTHER",
                        measure=texts[0].text,
                        time_frame=self._page.string(record.get("time_frame")),
                        description=self._described(
                            FieldKind.OUTCOME_DESCRIPTION, f"{locator}/Description", description, index
                        ),
                    )
                )
        return tuple(found)


def _titled(sections: Sequence[Section]) -> Iterator[Section]:
    """Yield the sections; of the lines above the first heading the last one is the title, if it reads like one."""
    titled = any(section.name == "Brief Title" for section in sections)
    catalogue = any(section.name == "NCT ID" for section in sections[:2])
    for section in sections:
        if section.name == "Title" and section.lines and not titled:
            last = unbulleted(section.lines[-1])
            if catalogue or (len(last.text.split()) >= _TITLE_WORDS and "Clinical Trials" not in last.text):
                yield Section("Brief Title", (last,))
        else:
            yield section


_TITLE_WORDS: Final = 5


def _persons(sections: Sequence[Section]) -> tuple[str, ...]:
    """Return the persons that the page names as contacts or officials."""
    officials = [first_value(record, "name") for record in records(sections, "official")]
    contacts = [line.text for section in named(sections, "Contact") for line in section.lines[:1]]
    data = [line.text for section in named(sections, "Contact Data") for line in section.lines]
    sponsors = [first_value(record, "name") for record in records(sections, "sponsor")]
    return persons([*officials, *contacts, *data], [*sponsors, value_of(sections, "Lead Sponsor", "Source")])


def with_free_text(trial: Trial) -> Trial:
    """Fill the fields of which only sentences speak; arms and conditions become texts too."""
    facts = free_text_facts(trial)
    fields: dict[str, object] = {fact.field: fact.value for fact in facts if fact.field in Trial.__struct_fields__}
    if "enrollment" in fields:
        fields["enrollment"] = int(str(fields["enrollment"]))
    values: dict[str, list[FreeTextFact]] = {}
    for fact in facts:
        values.setdefault(fact.field, []).append(fact)
    for name, field, make in _MEMBERS:
        if name in values:
            fields[field] = tuple(make(fact.value) for fact in values[name])
    texts = [_member_text(fact, index) for name in _MEMBER_TEXTS for index, fact in enumerate(values.get(name, ()))]
    return msgspec.structs.replace(trial, **fields, texts=(*trial.texts, *texts), free_text_facts=facts)


_MEMBERS: Final[tuple[tuple[str, str, Callable[[str], object]], ...]] = (
    ("collaborator", "collaborators", lambda name: Sponsor(name=name)),
    ("country", "countries", str),
    ("arm", "arms", lambda label: Arm(label=label)),
    ("condition", "conditions", str),
)
_MEMBER_TEXTS: Final = {
    "arm": (FieldKind.ARM_LABEL, "Study Groups"),
    "condition": (FieldKind.CONDITION, "Conditions"),
}


def _member_text(fact: FreeTextFact, index: int) -> TextField:
    kind, name = _MEMBER_TEXTS[fact.field]
    locator = f"{name}[{index + 1}]"
    return TextField.of_source(fact.span.text.document, locator, kind, fact.span.quote, index)
