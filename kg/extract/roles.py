"""What a mention says of its trial, from the field and the sentence that it stands in (MODEL.md's table of roles).

In doubt a mention is a mention: background sentences, negated findings and permissions give nothing stronger.
"""

import re
from collections.abc import Iterator, Sequence

from kg.extract.context import SentenceKind, is_negated, preamble_end, sentence_kind, speaks_of_reaction
from kg.extract.criteria import Item
from kg.extract.sentences import sentences
from kg.models import Concept, ConceptType, FieldKind, Mention, Polarity, Role, Statement, TextField, Trial

DRUGS = frozenset({ConceptType.DRUG, ConceptType.DRUG_CLASS, ConceptType.DRUG_COMBINATION})
_CONTROL_ARMS = frozenset({"ACTIVE_COMPARATOR", "PLACEBO_COMPARATOR", "SHAM_COMPARATOR", "NO_INTERVENTION"})
_TITLES = frozenset({FieldKind.BRIEF_TITLE, FieldKind.OFFICIAL_TITLE})
_NARRATIVE = frozenset({FieldKind.BRIEF_SUMMARY, FieldKind.DETAILED_DESCRIPTION, FieldKind.STUDY_POPULATION})
_ARM_TEXTS = frozenset({FieldKind.ARM_LABEL, FieldKind.ARM_DESCRIPTION})
_OUTCOMES = frozenset({FieldKind.OUTCOME_MEASURE, FieldKind.OUTCOME_DESCRIPTION})
_ELIGIBILITY = frozenset({FieldKind.ELIGIBILITY, FieldKind.INCLUSION, FieldKind.EXCLUSION})

# A permission or a hypothesis asks for nothing.
_PERMITTED = re.compile(
    r"\b(?:regardless|irrespective|independent(?:ly)?) of\b|\b(?:is|are|be|were) (?:allowed|permitted|acceptable|eligible|optional|not required|encouraged|recommended|considered)\b|"
    r"\b(?:may|might|can|could) (?:have|be|receive|continue|include)\b|\bnot (?:required|mandatory|necessary)\b|\bunknown\b|\bat the discretion\b|\ballowed\b|\bpermitted\b", re.IGNORECASE
)
_EARLIER = re.compile(
    r"\b(?:prior|previous(?:ly)?|earlier|past|pre-?treated|received?|receiving|has had|have had|treated with|treatment with|exposed to|exposure to|"
    r"progress\w+ (?:on|after|during|following|to)|after|following|failed|failure (?:of|on)|refractory to|resistan\w+ to|relapsed? (?:on|after)|lines? of|"
    r"current(?:ly)?|concurrent|concomitant|ongoing|on a stable|use of|using|history of|undergo\w+|underwent|administration of|taking|therapy with|within \d+)\b", re.IGNORECASE
)
_PLANNED = re.compile(
    r"\b(?:candidates? (?:for|to)|planned|scheduled|plan to|indication (?:of|for)|eligible (?:for|to receive)|suitable for|appropriate for|intend\w* to|willing to|agree\w* to|about to|"
    r"will (?:be )?(?:receiv\w+|treated|start|undergo)|to be treated|able to (?:receive|undergo))\b", re.IGNORECASE
)
_EXCEPTION = re.compile(r"\b(?:except(?:ing|ion)?(?: for| of| if)?|unless|other than|with the exception of|apart from|excluding|but not)\b", re.IGNORECASE)
_STRATIFY = re.compile(r"\bstratif(?:y|ied|ication|ying|ies)\b|\brandomi[sz]ed (?:according to|by)\b|\bsubgroups? (?:by|according to|based on)\b", re.IGNORECASE)
_MEASURE = re.compile(
    r"\b(?:measur\w+|monitor\w+|detect\w+|quantif\w+|assess\w*|evaluat\w+|determin\w+|analy[sz]\w+|levels?|chang\w+|concentrations?|expression|status|correlat\w+|predict\w+|"
    r"guid\w+|based on|prognos\w+|dynamics?|clearance|profiling|testing|discordance|concordance|unconformity|value of|role of)\b", re.IGNORECASE
)
_PEOPLE_NEAR = re.compile(
    r"^[\s,()\-]*(?:\w+[\s\-]+){0,4}?(?:patients?|subjects?|participants?|women|men|breast|cancers?|tumou?rs?|carcinomas?|disease|neoplasms?|lymphomas?|leuk\w+|myeloma|melanoma|NSCLC|"
    r"adenocarcinomas?|population|m?[A-Z]{0,3}BC|malignanc\w+|gliomas?|sarcomas?|solid|metasta\w+|advanced|early|individuals?)\b", re.IGNORECASE
)
_PEOPLE_BEFORE = re.compile(
    r"\b(?:patients?|subjects?|participants?|women|men|individuals?|those|cancers?|tumou?rs?|disease|carcinomas?)\b(?:[\s,]+\w+){0,8}?[\s,]+(?:with|whose|who (?:are|have|has)|having|achieved?|that (?:is|are)|expressing|harbou?ring|is|are|of)\b", re.IGNORECASE
)
_GIVEN = re.compile(
    r"\b(?:receiv\w+|treated|treatment|start\w*|administ\w+|given|scheduled|therapy|under|plus|combin\w+|efficacy|effect\w*|safety|response)\b", re.IGNORECASE
)
_ADDED = re.compile(r"(?:\+|\bplus|\bin combination with|\bcombined with|\band)\s*$", re.IGNORECASE)
_FUTURE = re.compile(r"\b(?:previously|earlier|past|former)\b", re.IGNORECASE)

_CONFIDENCE = {
    "eligibility-inclusion": 0.95, "eligibility-exclusion": 0.95, "eligibility-negated": 0.9, "condition-name": 0.95, "title": 0.9, "intervention-arm": 0.95,
    "arm-text": 0.8, "population-sentence": 0.8, "objective-sentence": 0.75, "design-sentence": 0.75, "stratification": 0.85, "outcome": 0.9, "procedure-use": 0.8,
    "mention": 0.9,
}  # fmt: skip


class RoleFinder:
    """Gives each mention its role.

    Args:
        therapeutic: IRIs of the procedures that treat (surgery, radiotherapy, …); all others measure something.
    """

    def __init__(self, therapeutic: frozenset[str]) -> None:
        self._therapeutic = therapeutic

    def statements(
        self, trial: Trial, mentions: Sequence[Sequence[Mention]], criteria: Sequence[Sequence[Item]]
    ) -> Iterator[Statement]:
        """Yield a statement a mention; ``mentions`` and ``criteria`` go with ``trial.texts`` one to one."""
        arms = _arm_roles(trial)
        linked = _named_interventions(trial, mentions)
        for field, found, items in zip(trial.texts, mentions, criteria, strict=True):
            if not found:
                continue
            if field.kind in _ELIGIBILITY:
                yield from self._eligibility(field, found, items)
            elif field.kind in _NARRATIVE:
                yield from self._narrative(field, found, linked, trial)
            else:
                for mention in found:
                    yield from self._short_text(field, mention, arms, linked, trial)

    # --- eligibility

    def _eligibility(self, field: TextField, mentions: Sequence[Mention], items: Sequence[Item]) -> Iterator[Statement]:
        place = 0
        for item in items:
            while place < len(mentions) and mentions[place].span.start < item.start:
                yield _weak(mentions[place])
                place += 1
            inside = []
            while place < len(mentions) and mentions[place].span.start < item.end:
                inside.append(mentions[place])
                place += 1
            for mention in inside:
                yield self._criterion(field.text, mention, item, inside)
        for mention in mentions[place:]:
            yield _weak(mention)

    def _criterion(self, text: str, mention: Mention, item: Item, inside: Sequence[Mention]) -> Statement:
        kind = mention.concept.concept_type
        if kind is ConceptType.MARKER:
            return self._marker_criterion(text, mention, item, inside)
        treats = kind in DRUGS or mention.concept.iri in self._therapeutic
        if treats:
            return self._treatment_criterion(text, mention, item)
        measures = kind is ConceptType.PROCEDURE and item.polarity is Polarity.INCLUSION
        if measures and re.search(r"\b(?:by|on|using|with|via|confirmed|measur\w+|assess\w+|evaluat\w+)\b[^.;\n]{0,60}$", text[item.start : mention.span.start]):
            return _strong(Role.ASSESSMENT, mention, "procedure-use")
        return _weak(mention)

    def _marker_criterion(self, text: str, mention: Mention, item: Item, inside: Sequence[Mention]) -> Statement:
        start, end = _clause(text, mention, item)
        clause = text[start:end]
        if mention.state is None or _PERMITTED.search(clause) or _has_opposite(mention, inside):
            return _weak(mention)
        negated = is_negated(text, mention.span.start, mention.span.end, start, end)
        excepted = _EXCEPTION.search(text, item.start, mention.span.start) is not None
        if item.polarity is Polarity.INCLUSION:
            role = Role.EXCLUDES_MARKER_STATE if negated else Role.REQUIRES_MARKER_STATE
            return _strong(role, mention, "eligibility-negated" if negated else "eligibility-inclusion", state=True)
        if negated or excepted:
            return _weak(mention)
        return _strong(Role.EXCLUDES_MARKER_STATE, mention, "eligibility-exclusion", state=True)

    def _treatment_criterion(self, text: str, mention: Mention, item: Item) -> Statement:
        start, end = _clause(text, mention, item)
        clause, before = text[start:end], text[start : mention.span.start]
        if _PERMITTED.search(clause) or speaks_of_reaction(clause) or _EXCEPTION.search(before):
            return _weak(mention)
        negated = is_negated(text, mention.span.start, mention.span.end, start, end)
        if item.polarity is Polarity.EXCLUSION:
            if negated or not (_EARLIER.search(clause) or mention.concept.concept_type in DRUGS and not _PLANNED.search(clause)):
                return _weak(mention)
            return _strong(Role.EXCLUDES_TREATMENT, mention, "eligibility-exclusion")
        if negated:
            earlier = _EARLIER.search(before) or re.match(r"[\s\-]*na[iï]ve", text[mention.span.end : end])
            return _strong(Role.EXCLUDES_TREATMENT, mention, "eligibility-negated") if earlier else _weak(mention)
        if _PLANNED.search(before):
            return _weak(mention)
        if re.search(r"\b(?:at least|minimum of|\d+)\s+\w+\s+(?:weeks?|days?|months?)|\b(?:weeks?|days?|months?|washout)\b[^.;]{0,40}\b(?:since|after|from|of|before|prior to)\b", clause, re.IGNORECASE):
            return _weak(mention)
        if _EARLIER.search(before):
            return _strong(Role.REQUIRES_TREATMENT, mention, "eligibility-inclusion")
        return _weak(mention)

    # --- titles, names, arms, outcomes

    def _short_text(
        self, field: TextField, mention: Mention, arms: dict[int, Role], linked: frozenset[str], trial: Trial
    ) -> Iterator[Statement]:
        concept, kind = mention.concept, mention.concept.concept_type
        text = field.text
        if kind is ConceptType.ENDPOINT:
            return
        negated = is_negated(text, mention.span.start, mention.span.end, 0, len(text))
        if negated:
            yield _weak(mention)
        elif field.kind is FieldKind.INTERVENTION_NAME and (kind in DRUGS or kind is ConceptType.PROCEDURE):
            yield _strong(arms.get(field.index, Role.INVESTIGATES), mention, "intervention-arm")
        elif field.kind in _ARM_TEXTS and kind in DRUGS and concept.iri in linked:
            return
        elif field.kind is FieldKind.CONDITION and kind is ConceptType.MARKER and mention.state:
            yield _strong(Role.REQUIRES_MARKER_STATE, mention, "condition-name", state=True)
        elif field.kind in _TITLES:
            yield self._title(field, mention, linked, trial)
        elif field.kind in _OUTCOMES:
            yield _outcome(mention)
        elif not (field.kind is FieldKind.CONDITION and kind is ConceptType.DISEASE):
            yield _weak(mention)

    def _title(self, field: TextField, mention: Mention, linked: frozenset[str], trial: Trial) -> Statement:
        kind, text = mention.concept.concept_type, field.text
        if kind is ConceptType.MARKER:
            before, after = text[: mention.span.start], text[mention.span.end :]
            if mention.state and (_PEOPLE_NEAR.match(after) or _PEOPLE_BEFORE.search(before)):
                return _strong(Role.REQUIRES_MARKER_STATE, mention, "title", state=True)
            if _MEASURE.search(before[-60:]) or _MEASURE.search(after[:30]):
                return _strong(Role.MEASURES_MARKER, mention, "title")
            return _weak(mention)
        if kind in DRUGS and not trial.interventions:
            return _strong(Role.INVESTIGATES, mention, "title")
        if kind in DRUGS and mention.concept.iri not in linked and kind is ConceptType.DRUG:
            return _strong(Role.BACKGROUND, mention, "title")
        if kind is ConceptType.PROCEDURE and mention.concept.iri not in linked and mention.concept.iri not in self._therapeutic:
            return _strong(Role.ASSESSMENT, mention, "title")
        return _weak(mention)

    # --- summaries and descriptions

    def _narrative(
        self, field: TextField, mentions: Sequence[Mention], linked: frozenset[str], trial: Trial
    ) -> Iterator[Statement]:
        place = 0
        for start, end in sentences(field.text):
            inside: list[Mention] = []
            while place < len(mentions) and mentions[place].span.start < end:
                inside.append(mentions[place])
                place += 1
            if inside:
                kind, own = sentence_kind(field.text, start, end), preamble_end(field.text, start, end)
                for mention in inside:
                    if mention.concept.concept_type is not ConceptType.ENDPOINT:
                        meant = kind if mention.span.start >= own else SentenceKind.BACKGROUND
                        yield self._in_sentence(field.text, start, end, meant, mention, linked, trial)

    def _in_sentence(
        self, text: str, start: int, end: int, kind: SentenceKind, mention: Mention, linked: frozenset[str], trial: Trial
    ) -> Statement:
        if kind is SentenceKind.BACKGROUND or is_negated(text, mention.span.start, mention.span.end, start, end):
            return _weak(mention)
        rule = {SentenceKind.POPULATION: "population-sentence", SentenceKind.OBJECTIVE: "objective-sentence"}.get(kind, "design-sentence")
        concept_type = mention.concept.concept_type
        if concept_type is ConceptType.MARKER:
            return _marker_in_sentence(text[start:end], text, start, end, mention, kind, rule)
        if mention.concept.iri in linked:
            return _weak(mention)
        if concept_type in DRUGS:
            return self._drug_in_sentence(text[start:end], mention, kind, rule, trial)
        if concept_type is ConceptType.PROCEDURE and mention.concept.iri not in self._therapeutic and kind is not SentenceKind.POPULATION:
            return _strong(Role.ASSESSMENT, mention, rule)
        return _weak(mention)

    def _drug_in_sentence(
        self, sentence: str, mention: Mention, kind: SentenceKind, rule: str, trial: Trial
    ) -> Statement:
        if kind is SentenceKind.POPULATION or not _GIVEN.search(sentence):
            return _weak(mention)
        before = mention.span.text.text[: mention.span.start]
        if mention.concept.concept_type is ConceptType.DRUG_CLASS and not _ADDED.search(before[-25:]):
            return _weak(mention)
        tested = not trial.interventions or trial.study_type == "OBSERVATIONAL"   # the exposure of an observational study
        return _strong(Role.INVESTIGATES if tested else Role.BACKGROUND, mention, rule)


def _marker_in_sentence(
    sentence: str, text: str, start: int, end: int, mention: Mention, kind: SentenceKind, rule: str
) -> Statement:
    if _STRATIFY.search(sentence):
        return _strong(Role.STRATIFIES_BY, mention, "stratification")
    before, after = text[start : mention.span.start], text[mention.span.end : end]
    if mention.state and not _FUTURE.search(before[-40:]) and (_PEOPLE_NEAR.match(after) or _PEOPLE_BEFORE.search(before)):
        if kind is not SentenceKind.DESIGN or _PEOPLE_BEFORE.search(before):
            return _strong(Role.REQUIRES_MARKER_STATE, mention, rule, state=True)
        return _weak(mention)
    if kind is not SentenceKind.POPULATION and (_MEASURE.search(before[-80:]) or _MEASURE.match(after.lstrip()[:30])):
        return _strong(Role.MEASURES_MARKER, mention, rule)
    return _weak(mention)


def _outcome(mention: Mention) -> Statement:
    kind = mention.concept.concept_type
    if kind is ConceptType.MARKER:
        return _strong(Role.MEASURES_MARKER, mention, "outcome")
    return _strong(Role.ASSESSMENT, mention, "outcome") if kind is ConceptType.PROCEDURE else _weak(mention)


def _strong(role: Role, mention: Mention, rule: str, *, state: bool = False) -> Statement:
    return Statement(
        role=role, concept=mention.concept, span=mention.span, rule=rule,
        confidence=round(_CONFIDENCE[rule] * mention.confidence, 3), state=mention.state if state else None,
    )  # fmt: skip


def _weak(mention: Mention) -> Statement:
    return _strong(Role.MENTIONS, mention, "mention")


def _clause(text: str, mention: Mention, item: Item) -> tuple[int, int]:
    """Return the sentence or nested item of the criterion in which the mention stands."""
    for start, end in sentences(text, item.start, item.end):
        if start <= mention.span.start < end:
            return start, end
    return item.start, item.end


_OPPOSITES = ({"positive", "negative"}, {"mutated", "wild-type"}, {"detected", "not-detected"}, {"high", "low"}, {"amplified", "not-amplified"})


def _has_opposite(mention: Mention, inside: Sequence[Mention]) -> bool:
    """Tell whether the criterion names both sides of the marker ("HER2-positive or -negative"): it then asks for neither."""
    pairs = [pair for pair in _OPPOSITES if mention.state in pair]
    return any(
        other.concept is mention.concept and other.state != mention.state and other.state in pair
        for other in inside
        for pair in pairs
    )


# --- interventions and their arms


def _arm_roles(trial: Trial) -> dict[int, Role]:
    """Return the role of each intervention, by its place: from the kinds of the arms that have it."""
    experimental = [arm for arm in trial.arms if arm.arm_type == "EXPERIMENTAL"]
    control = [arm for arm in trial.arms if arm.arm_type in _CONTROL_ARMS]
    if not control or not experimental:
        return {}
    roles: dict[int, Role] = {}
    for place, intervention in enumerate(trial.interventions):
        def has(arm: object, name: str = intervention.name, labels: tuple[str, ...] = intervention.arm_labels) -> bool:
            return name in arm.interventions or arm.label in labels  # type: ignore[attr-defined]

        tested, compared = [has(arm) for arm in experimental], [has(arm) for arm in control]
        if all(tested) and all(compared):
            roles[place] = Role.BACKGROUND
        elif any(compared) and not any(tested):
            roles[place] = Role.COMPARATOR
        else:
            roles[place] = Role.INVESTIGATES
    if Role.INVESTIGATES not in roles.values():  # the same interventions in another order or dose: they are the test
        return {place: Role.INVESTIGATES if role is Role.BACKGROUND else role for place, role in roles.items()}
    return roles


def _named_interventions(trial: Trial, mentions: Sequence[Sequence[Mention]]) -> frozenset[str]:
    """Return the IRIs of all concepts that intervention names contain: their roles are settled by the arms."""
    return frozenset(
        mention.concept.iri
        for field, found in zip(trial.texts, mentions, strict=True)
        if field.kind is FieldKind.INTERVENTION_NAME
        for mention in found
    )


def therapeutic_procedures(concepts: dict[str, Concept], roots: frozenset[str]) -> frozenset[str]:
    """Return the IRIs of the procedures under one of ``roots`` (labels of groups that treat)."""
    def treats(iri: str, seen: frozenset[str]) -> bool:
        concept = concepts.get(iri)
        if concept is None or iri in seen:
            return False
        return concept.pref_label in roots or any(treats(parent, seen | {iri}) for parent in concept.broader_iris)

    return frozenset(
        iri for iri, concept in concepts.items() if concept.concept_type is ConceptType.PROCEDURE and treats(iri, frozenset())
    )
