"""Roles in titles, conditions, interventions' names, arms and outcomes."""

import re
from collections.abc import Iterator

from kg.extract.arms import is_control
from kg.extract.context import LONGEST_CLAUSE, ContextKind, beside, is_denied
from kg.extract.narrative import (
    PEOPLE_BEFORE,
    PEOPLE_NEAR,
    before_the_name,
    defines_population,
    measures_it,
    names_a_drug,
)
from kg.extract.searching import Guarded
from kg.extract.statements import DRUGS, SILENT, strong, weak
from kg.models import ConceptType, FieldKind, Mention, Role, Statement, TextField, Trial

_TITLES = frozenset({FieldKind.BRIEF_TITLE, FieldKind.OFFICIAL_TITLE})
_ARM_TEXTS = frozenset({FieldKind.ARM_LABEL, FieldKind.ARM_DESCRIPTION})
_OUTCOMES = frozenset({FieldKind.OUTCOME_MEASURE, FieldKind.OUTCOME_DESCRIPTION})
_ABOUT_TESTS = frozenset({"DIAGNOSTIC", "SCREENING"})
# Kinds of short texts that say more than that something is mentioned.
_IN_TREATING = Guarded(r"^(?:(?!\bwith or without\b)[^.:;]){0,100}\bin (?:the )?treat(?:ing|ment of)\b", re.IGNORECASE)
_AS_TREATMENT = Guarded(r"\bas\s+(?:(?!if\b|in\b|an?\s+adjunct)[\w\-]+\s+){0,3}$", re.IGNORECASE)
_STUDY_OF = Guarded(r"\b(?:study|trial) of (?:(?!the\b|with\b|in\b|for\b)[\w\-]+ ){0,3}$", re.IGNORECASE)
# An operation in a title may be what something else is tested around; a transplant is a part of the treatment.
_TRANSPLANT = re.compile(r"(?:stem cell|marrow) transplant|conditioning", re.IGNORECASE)
# Before a class: it may be missing in an arm, was given before, or is what something is done about.
_NOT_TESTED = Guarded(
    r"\b(?:with or without|after|following|prior|previous(?:ly)?|versus|vs|during|undergoing|receiving|caused|from|"
    r"no|not|without|compar\w+|resistan\w+|refractory|induced|in treating|patients|women|who|effects?|adding|plus)\b",
    re.IGNORECASE,
)
_KIND_BEHIND = re.compile(
    r"[\s\-]*(?:primed|mobili[sz]ed|induced|related|associated|resistan|refractory|treated|naive|effects?|toxicity)",
    re.IGNORECASE,
)
# Rules that find a state without a word that says it: "t(8;21)".
_BARE = frozenset({"alteration-name"})
_CONDITIONS = frozenset({FieldKind.CONDITION, FieldKind.KEYWORD})
_CELLS_BEHIND = re.compile(
    r"[\s\-]*(?:[TB]|NK)?[\s\-]*(?:lymphocytes?|cells?)\W*\Z", re.IGNORECASE
)  # "CD4-positive cells"
# What an observational study lists as its interventions are often the tools that it works with.
_TOOL = re.compile(
    r"analys[ie]s|assay|array|chromatography|histochemistry|PCR|polymerase chain|sequencing|ELISA|questionnaire|"
    r"interview|survey|blood draw|collection",
    re.IGNORECASE,
)
_GIVEN_TO_ALL = Guarded(
    r"(?<!previously )(?<!prior )(?<!earlier )\b(?:treated with|receiving|undergoing|taking|on)\s+(?:[\w\-]+\s+){0,3}$",
    re.IGNORECASE,
)


def short_text(
    field: TextField,
    mention: Mention,
    arms: dict[int, Role],
    described: dict[str, Role],
    own: frozenset[str],
    measures: frozenset[str],
    trial: Trial,
) -> Iterator[Statement]:
    """Yield what a mention in a short text says; nothing where another place says it better."""
    concept, kind = mention.concept, mention.concept.concept_type
    if kind in SILENT or (field.kind in _ARM_TEXTS and kind in DRUGS and concept.iri in own):
        return
    if not _may_have_role(field.kind, mention, own, measures):
        yield weak(mention)
        return
    words = beside(field.text, mention.span.start, mention.span.end, 0, len(field.text))
    if len(field.text) > LONGEST_CLAUSE or is_denied(words) or words.said.has(ContextKind.PERMITTED):
        yield weak(mention)
    elif field.kind is FieldKind.INTERVENTION_NAME:
        yield _intervention(field, mention, arms, described, own, measures, trial)
    elif field.kind in _TITLES:
        yield _title(mention, before_the_name(mention, words.before), words.after, measures, trial)
    elif field.kind in _OUTCOMES:
        yield _outcome(mention, words.before, words.after)
    else:
        names = _names_population(field, mention)
        yield strong(Role.REQUIRES_MARKER_STATE, mention, "condition-name", state=True) if names else weak(mention)


def _may_have_role(field_kind: FieldKind, mention: Mention, own: frozenset[str], measures: frozenset[str]) -> bool:
    """Tell whether a text of this kind can say more of a concept than that it mentions it."""
    kind, concept_iri = mention.concept.concept_type, mention.concept.iri
    if field_kind is FieldKind.INTERVENTION_NAME:
        return kind in DRUGS or kind is ConceptType.PROCEDURE
    if kind is ConceptType.MARKER:
        told = mention.state is not None
        return field_kind in _TITLES or field_kind in _OUTCOMES or (told and field_kind in _CONDITIONS)
    if concept_iri in own:
        return False
    if field_kind in _OUTCOMES:
        return kind is ConceptType.PROCEDURE and concept_iri in measures
    return field_kind in _TITLES and not is_control(mention)


def _names_population(field: TextField, mention: Mention) -> bool:
    """Tell whether a condition or keyword states a marker; an alteration among keywords may be one topic of many."""
    if _CELLS_BEHIND.match(field.text, mention.span.end):
        return False
    return bool(mention.state) and (field.kind is FieldKind.CONDITION or mention.rule not in _BARE)


def _intervention(
    field: TextField,
    mention: Mention,
    arms: dict[int, Role],
    described: dict[str, Role],
    own: frozenset[str],
    measures: frozenset[str],
    trial: Trial,
) -> Statement:
    role = arms.get(field.index) or described.get(mention.concept.iri, Role.INVESTIGATES)
    if is_control(mention):
        return strong(Role.COMPARATOR, mention, "control-name")
    tools = trial.study_type == "OBSERVATIONAL" and len(own) > 1 and _TOOL.search(mention.concept.pref_label)
    tests_tests = not tools and (trial.primary_purpose in _ABOUT_TESTS or own <= measures)
    if mention.concept.iri in measures and not tests_tests:
        return strong(Role.ASSESSMENT, mention, "intervention-arm")
    return strong(role, mention, "intervention-arm")


def _title(mention: Mention, before: str, after: str, measures: frozenset[str], trial: Trial) -> Statement:
    kind = mention.concept.concept_type
    if kind is ConceptType.MARKER:
        return _marker_in_title(mention, before, after)
    transplants = kind is ConceptType.PROCEDURE and _TRANSPLANT.search(mention.concept.pref_label) is not None
    treats = (transplants or kind is ConceptType.DRUG_CLASS) and _is_treatment_of_title(before, after)
    if treats or (kind in DRUGS and not trial.interventions):
        return strong(Role.INVESTIGATES, mention, "title")
    if kind is ConceptType.DRUG and _GIVEN_TO_ALL.search(before):
        return strong(Role.BACKGROUND, mention, "title")
    if kind is ConceptType.PROCEDURE and mention.concept.iri in measures:
        return strong(Role.ASSESSMENT, mention, "title")
    return weak(mention)


def _marker_in_title(mention: Mention, before: str, after: str) -> Statement:
    if names_a_drug(before, after):
        return weak(mention)
    if (
        mention.state
        and (PEOPLE_NEAR.match(after) or PEOPLE_BEFORE.search(before))
        and defines_population(before, after)
    ):
        return strong(Role.REQUIRES_MARKER_STATE, mention, "title", state=True)
    return strong(Role.MEASURES_MARKER, mention, "title") if measures_it(before, after) else weak(mention)


def _is_treatment_of_title(before: str, after: str) -> bool:
    """Tell whether a title calls its treatment by this class: "Chemotherapy Followed by Surgery in Treating …"."""
    given = _IN_TREATING.search(after) or _AS_TREATMENT.search(before) or _STUDY_OF.search(before)
    return given is not None and _NOT_TESTED.search(before) is None and _KIND_BEHIND.match(after) is None


def _outcome(mention: Mention, before: str, after: str) -> Statement:
    if mention.concept.concept_type is not ConceptType.MARKER:
        return strong(Role.ASSESSMENT, mention, "outcome")
    whom = mention.state and (PEOPLE_NEAR.match(after) or PEOPLE_BEFORE.search(before))
    return weak(mention) if whom or names_a_drug(before, after) else strong(Role.MEASURES_MARKER, mention, "outcome")
