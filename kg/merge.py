"""Several sources' records of one trial -> one trial, and what they disagree on.

Field by field the more structured format wins, then the newer version; a source that says nothing about a field does
not count for it. What belongs together moves together: an arm with its texts, a number with its type. Every source
stays a document.
"""

import re
from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

import msgspec

from kg.models import Disagreement, Document, FieldKind, FreeTextFact, MeshTerm, Record, SourceFormat, TextField, Trial


class _Group(NamedTuple):
    """Fields of `Trial` that one source gives together, with the texts that belong to them."""

    fields: tuple[str, ...]
    kinds: tuple[FieldKind, ...] = ()
    fact: str = ""  # the name that free-text facts have for the field


_GROUPS: Final = (
    _Group(("org_study_id",)),
    _Group(("secondary_ids",)),
    _Group(("nct_aliases",)),
    _Group(("brief_title",), (FieldKind.BRIEF_TITLE,)),
    _Group(("official_title",), (FieldKind.OFFICIAL_TITLE,)),
    _Group(("acronym",), fact="acronym"),
    _Group(("brief_summary",), (FieldKind.BRIEF_SUMMARY,)),
    _Group(("detailed_description",), (FieldKind.DETAILED_DESCRIPTION,)),
    _Group(("study_type",), fact="study_type"),
    _Group(("phases",)),
    _Group(("overall_status", "why_stopped")),
    _Group(("allocation",), fact="allocation"),
    _Group(("intervention_model",), fact="intervention_model"),
    _Group(("observational_model",), fact="observational_model"),
    _Group(("time_perspective",), fact="time_perspective"),
    _Group(("masking", "who_masked")),
    _Group(("primary_purpose",)),
    _Group(("sampling_method",)),
    _Group(("sex",)),
    _Group(("minimum_age", "maximum_age")),
    _Group(("accepts_healthy_volunteers",)),
    _Group(("enrollment", "enrollment_type"), fact="enrollment"),
    _Group(("start_date",)),
    _Group(("primary_completion_date",)),
    _Group(("completion_date",)),
    _Group(("first_post_date",)),
    _Group(("last_update_date",)),
    _Group(("status_verified_date",)),
    _Group(("conditions",), (FieldKind.CONDITION,), "condition"),
    _Group(("keywords",), (FieldKind.KEYWORD,)),
    _Group(("condition_meshes",)),
    _Group(("intervention_meshes",)),
    _Group(
        ("arms", "interventions"),
        (
            FieldKind.ARM_LABEL,
            FieldKind.ARM_DESCRIPTION,
            FieldKind.INTERVENTION_NAME,
            FieldKind.INTERVENTION_OTHER_NAME,
            FieldKind.INTERVENTION_DESCRIPTION,
        ),
        "arm",
    ),
    _Group(("outcomes",), (FieldKind.OUTCOME_MEASURE, FieldKind.OUTCOME_DESCRIPTION)),
    _Group((), (FieldKind.ELIGIBILITY, FieldKind.INCLUSION, FieldKind.EXCLUSION)),
    _Group((), (FieldKind.STUDY_POPULATION,)),
    _Group(("lead_sponsor",)),
    _Group(("collaborators",), fact="collaborator"),
    _Group(("officials",)),
    _Group(("sites",)),
    _Group(("countries",), fact="country"),
    _Group(("references",)),
    _Group(("links",)),
)
_FORMATS: Final = {source_format: rank for rank, source_format in enumerate(SourceFormat)}
_LONGEST: Final = 200
_NOT_STATED: Final = "not stated"


def merge_trials(trials: Sequence[Trial]) -> tuple[Trial, tuple[Disagreement, ...]]:
    """Merge the records of one trial.

    Args:
        trials: One trial as each of its sources tells it, in any order.

    Returns:
        The merged trial, its documents from the first to the last in precedence, and a disagreement for each field
        that a source with a lower precedence fills otherwise.

    Raises:
        ValueError: There is no trial, or there are two.
    """
    if len({trial.nct_id for trial in trials}) != 1:
        raise ValueError("merge_trials takes the records of one trial")
    if len(trials) == 1:
        return trials[0], ()
    ordered = sorted(trials, key=_precedence)
    fields: dict[str, object] = {}
    texts: list[TextField] = []
    facts: list[FreeTextFact] = []
    differences: list[Disagreement] = []
    for group in _GROUPS:
        sources = _sources(group, ordered)
        if not sources:
            continue
        winner = sources[0]
        fields.update({name: getattr(winner, name) for name in group.fields})
        texts += _texts(group, winner)
        facts += [fact for fact in winner.free_text_facts if fact.field == group.fact]
        for other in sources[1:]:
            differences += _differences(group, winner, other)
    documents = dict.fromkeys(document for trial in ordered for document in trial.documents)
    codes = dict.fromkeys(code for trial in ordered for code in trial.unknown_codes)
    quoted = [fact.span.text for fact in facts]
    merged = msgspec.structs.replace(
        ordered[0],
        **fields,
        documents=tuple(documents),
        texts=tuple(dict.fromkeys([*texts, *quoted])),
        free_text_facts=tuple(facts),
        unknown_codes=tuple(codes),
    )
    return _consistent(merged), tuple(dict.fromkeys(differences))


def _precedence(trial: Trial) -> tuple[int, str, str, str, str, bytes]:
    """Order by format, then from the newest version to the oldest, then by what no two sources share."""
    first = trial.documents[0]
    newest_first = "".join(chr(0x10FFFF - ord(char)) for char in first.version_date or "") + chr(0x10FFFF)
    where = (first.sha256, first.file, first.position)
    return _FORMATS[first.format], newest_first, *where, msgspec.msgpack.encode(trial, enc_hook=str)


def _sources(group: _Group, ordered: Sequence[Trial]) -> list[Trial]:
    """Return the sources that say something about a group: those that state it before those that only tell it."""
    saying = [trial for trial in ordered if any(_says(getattr(trial, name)) for name in group.fields[:1])]
    if not group.fields:
        saying = [trial for trial in ordered if _texts(group, trial)]
    elif len(group.fields) > 1 and not saying:
        saying = [trial for trial in ordered if any(_says(getattr(trial, name)) for name in group.fields)]
    return sorted(saying, key=lambda trial: any(fact.field == group.fact for fact in trial.free_text_facts))


def _says(value: object) -> bool:
    return value is not None and value != ()


def _texts(group: _Group, trial: Trial) -> list[TextField]:
    return [text for text in trial.texts if text.kind in group.kinds]


def _consistent(trial: Trial) -> Trial:
    """Keep two promises of `Trial`: the sites' countries are listed, and no collaborator, stated or told, leads."""
    countries = dict.fromkeys([*trial.countries, *(site.country for site in trial.sites if site.country)])
    lead = trial.lead_sponsor.name if trial.lead_sponsor else None
    partners = tuple(sponsor for sponsor in trial.collaborators if sponsor.name != lead)
    names = {sponsor.name for sponsor in partners}
    facts = tuple(fact for fact in trial.free_text_facts if fact.field != "collaborator" or fact.value in names)
    return msgspec.structs.replace(trial, countries=tuple(countries), collaborators=partners, free_text_facts=facts)


# --- disagreements ------------------------------------------------------------------------------------------------


def _differences(group: _Group, winner: Trial, other: Trial) -> Iterator[Disagreement]:
    """Yield the fields of a group that a source fills otherwise than the one that won."""
    pairs: list[tuple[str, object, object]] = [
        (name, getattr(winner, name), getattr(other, name)) for name in group.fields
    ]
    if not group.fields:
        pairs = [(group.kinds[0].value, _all_text(group, winner), _all_text(group, other))]
    for name, kept, set_aside in pairs:
        if _says(set_aside) and not _alike(kept, set_aside):
            yield Disagreement(
                nct_id=winner.nct_id,
                field=name,
                kept=_short(_show(kept)),
                kept_document=_document(winner).sha256,
                set_aside=_short(_show(set_aside)),
                set_aside_document=_document(other).sha256,
            )


def _document(trial: Trial) -> Document:
    return trial.documents[0]


def _all_text(group: _Group, trial: Trial) -> str:
    return "\n".join(text.text for text in _texts(group, trial))


def _alike(one: object, two: object) -> bool:
    """Tell whether two values say the same, as far as both say something; blanks, marks and order aside."""
    if isinstance(one, str) and isinstance(two, str):
        return _plain(one) == _plain(two)
    if isinstance(one, tuple) and isinstance(two, tuple):
        one, two = _headings(one), _headings(two)
        if len(one) != len(two):
            return False
        return all(_alike(a, b) for a, b in zip(sorted(one, key=_show), sorted(two, key=_show), strict=True))
    if isinstance(one, Record) and isinstance(two, Record):
        pairs = [(getattr(one, name), getattr(two, name)) for name in one.__struct_fields__]
        return all(_alike(a, b) for a, b in pairs if _says(a) and _says(b))
    return one == two


def _headings(members: tuple[object, ...]) -> tuple[object, ...]:
    """Leave out the ancestors of MeSH headings, which follow from these and which not all sources give."""
    return tuple(member for member in members if not (isinstance(member, MeshTerm) and member.ancestor))


def _plain(text: str) -> str:
    """Return a text without what differs between renderings of the same words: blanks, bullets, escapes, headings."""
    text = re.sub(r"(?mi)^[ \t]*(?:key )?(?:inclusion|exclusion) criteria[ \t]*:?[ \t]*$", "", text)
    return re.sub(r"[\s\\]+", "", re.sub(r"(?m)^[ \t]*[*•-][ \t]+", "", text))


def _show(value: object) -> str:
    """Return a value in few words; a person's name is never one of them."""
    if value is None or value == ():
        return _NOT_STATED
    if isinstance(value, tuple):
        return "; ".join(_show(member) for member in value)
    if isinstance(value, Record):
        shown = [_show(getattr(value, name)) for name in _SHOWN.get(type(value).__name__, value.__struct_fields__)]
        return ", ".join(part for part in shown if part != _NOT_STATED)
    return " ".join(str(value).split())


_SHOWN: Final = {
    "Sponsor": ("name", "sponsor_class"),
    "Official": ("role", "affiliation"),
    "Site": ("facility", "city", "state", "country", "status"),
    "Arm": ("label", "arm_type"),
    "Intervention": ("name", "intervention_type"),
    "Outcome": ("outcome_type", "measure", "time_frame"),
    "MeshTerm": ("label",),
    "Age": ("value", "unit"),
    "Reference": ("pmid", "citation"),
    "Link": ("url",),
}


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1].rstrip() + "…"
