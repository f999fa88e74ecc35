"""Roles in summaries and descriptions, sentence by sentence; background sentences give mentions and no more."""

import re
from collections.abc import Iterator, Sequence

from kg.extract.arms import is_control
from kg.extract.conditional import FAMILY
from kg.extract.context import LONGEST_CLAUSE, Beside, ContextKind, beside, is_denied
from kg.extract.discourse import SentenceKind, population_sections, preamble_end, sentence_kind
from kg.extract.searching import Guarded
from kg.extract.sentences import sentences
from kg.extract.statements import DRUGS, SILENT, strong, weak
from kg.models import ConceptType, Mention, Role, Statement, TextField, Trial

_RULES = {
    SentenceKind.POPULATION: "population-sentence",
    SentenceKind.OBJECTIVE: "objective-sentence",
    SentenceKind.DESIGN: "design-sentence",
}
_STRATIFY = Guarded(
    r"\bstratif(?:y|ied|ication|ying|ies)\b|\brandomi[sz]ed (?:according to|by)\b|\bsubgroups? (?:by|according to|"
    r"based on)\b",
    re.IGNORECASE,
)
_MEASURE = Guarded(
    r"\b(?:measur\w+|monitor\w+|detect\w+|quantif\w+|assess\w*|evaluat\w+|determin\w+|analy[sz]\w+|levels?|chang\w+|"
    r"concentrations?|expression|status|correlat\w+|predict\w+|"
    r"guid\w+|based on|prognos\w+|dynamics?|clearance|profiling|testing|discordance|concordance|unconformity|value of|"
    r"role of)\b",
    re.IGNORECASE,
)
# "CD20 antibodies", "PD-1 inhibitors", "CD4-IgG": the marker only names a kind of drug, or is given as one.
_DRUG_BEHIND = re.compile(
    r"(?:\s?\([^()]{1,12}\)|\))?[\s\-]*(?:(?:RNA|peptide|protein)?[\s\-]*(?:puls|load|transduc|transfect)ed|select|deplet|"
    r"(?:gene[\s\-]+)?(?:therap|transfer|deliver)|inhibit|antagonis|agonis|block|target|direct|CAR\b|vaccin|ADC|"
    r"antibod(?!y (?:level|tit|test|status))|drugs?\b|medic|treatment|regimens?\b|Ig[AGM]?\b|immunoglobulin|"
    r"immunotoxin|peptide|infusion|dose\b)",
    re.IGNORECASE,
)
_DRUG_BEFORE = Guarded(
    r"\b(?:monoclonal antibod(?:y|ies)|MOAB|mAb|administ\w+(?: of)?|infus\w+(?: of)?|doses? of|transfer of|"
    r"treatment with)\s+(?:[\w\-]+\s+){0,2}$|\b(?:ad|adeno\w*|r[VF]|ALVAC|vaccinia|fowlpox|vector|plasmid)[\s\-/]$",
    re.IGNORECASE,
)
# Cells that are given are named by a marker: "reinfusion of autologous CD4+ T cells".
_GIVEN_CELLS_BEFORE = Guarded(
    r"\b(?:(?:re-?)?infus\w+|transplant\w*|grafts?|mobili[sz]ed|selected|expanded|purified|autologous|allogeneic|donor)\b"
    r"(?:\s+[\w\-]+){0,3}\s+$",
    re.IGNORECASE,
)
_CELLS = re.compile(r"\s?\+?[\s\-]*(?:(?!and\b|or\b)[\w\-]+\s){0,3}cells?\b", re.IGNORECASE)
# What is given, or what it is given against; and an immune response to a marker, which is what is measured then.
_GIVEN_OR_ATTACKED = re.compile(
    r"\b(?:safety|efficacy|effectiveness|toxicit(?:y|ies)|tolerability|side effects|maximum[\s-]tolerated dose|MTD|"
    r"pharmacokinetics)(?: and \w+)? of (?:(?!in\b|on\b|for\b|with\b|after\b)[\w\-/]+[\s/]){0,6}$|"
    r"\b(?:vaccinat\w+|immuni[sz]\w+|pulsed|loaded|transfected) with (?:[\w\-/]+[\s/]){0,4}$|\brecombinant (?:\w+ )?$|"
    r"\b(?:responses?|immunity|reactivity|T[\s-]cells?) (?:to|against|specific for) (?:the )?$",
    re.IGNORECASE,
)
_PEOPLE = (
    r"(?:patients?|subjects?|participants?|women|men|individuals?|those|breast|cancers?|tumou?rs?|carcinomas?|disease|"
    r"neoplasms?|lymphomas?|leuk\w+|myeloma|melanoma|NSCLC|"
    r"adenocarcinomas?|population|m?[A-Z]{0,3}BC|malignanc\w+|gliomas?|sarcomas?|solid|metasta\w+|advanced|early)"
)
PEOPLE_NEAR = Guarded(rf"^[\s,()\-/]*(?:[\w+]+[\s\-,/]+){{0,4}}?{_PEOPLE}\b", re.IGNORECASE)
PEOPLE_BEFORE = Guarded(
    r"\b(?:patients?|subjects?|participants?|women|men|individuals?|those|cancers?|tumou?rs?|disease|"
    r"carcinomas?|malignanc(?:y|ies)|neoplasms?)\b(?:[\s,]+[\w\-]+){0,8}?[\s,]+(?:with|whose|who (?:are|have|has)|"
    r"having|achieved?|that (?:is|are)|(?:(?:who|that|which) )?(?:over-?)?(?:express|carry|carries|harbou?r|demonstrat|"
    r"produc)(?:e|es|ing)?|is|are|of)\b",
    re.IGNORECASE,
)
_POPULATION_OF = Guarded(r"\b(?:in|of|with|for|among|from)\s+(?:[\w\-/,+()]+\s+){0,6}$", re.IGNORECASE)
# Part of the patients, or a result: no definition of the population.
_PART_OF_THEM = Guarded(
    r"\b(?:proportions?|percentages?|number|frequency|incidence|prevalence|presence|absence|"
    r"(?<!response )(?<!remission )(?<!survival )(?<!control )(?<!relapse )(?<!recurrence )rates?|"
    r"subset|subgroups?|cohorts?|discretion|whether|either|if|previously|earlier|former|"
    r"until|develop\w*|acquir\w+|depending|expected)\b", re.IGNORECASE
)  # fmt: skip
_PART_REACH = 90
_UNDER_TEST = Guarded(
    r"\b(?:effects?|efficacy|effectiveness|safety|role|pharmacokinetics?|PK|MTD|maximum[\s-]tolerated dose|"
    r"tolerability|activity|benefits?|impact|feasibility|toxicity|use|comparison) "
    r"(?:and \w+ )?of\s+(?:(?!in\b|on\b|for\b|with\b|during\b|after\b|to\b|by\b|versus\b)[\w\-/(),+]+\s+){0,5}$",
    re.IGNORECASE,
)
_BASIS = Guarded(
    r"\b(?:in addition to|on top of|standard|background|all (?:patients|participants|"
    r"subjects) (?:will )?(?:also )?receiv\w+|will also receive|according to SOC|as per SOC|standard of care|"
    r"routine)\b",
    re.IGNORECASE,
)
_EXPOSED = Guarded(
    r"\b(?:treated (?:with|by)|receiv\w+|treatment with|start\w*|therapy with|under|on|exposed to|initiat\w+)\b|"
    r"[+]\s*$",
    re.IGNORECASE,
)
_ADDED = Guarded(r"(?:\+|\bplus|\bin combination with|\bcombined with|\band)\s*$", re.IGNORECASE)
_TREATED_BEHIND = re.compile(r"^(?:\s*[+®]\s*\w*)*\s*(?:treatment|therapy|efficacy|treated|\+)", re.IGNORECASE)
_UNSURE = Guarded(r"\b(?:not|no|without|never|unless|prior|previous(?:ly)?|metaboli\w+|interact\w+)\b", re.IGNORECASE)
_ASKED_ABOUT = Guarded(
    r"\b(?:(?:influence|role|value|accuracy|performance|utility|usefulness|impact|contribution|feasibility|effect|"
    r"efficacy) (?:of|that)|evaluate|assess|study|test|investigate|validate)\s+(?:the\s+|a\s+|an\s+)?$",
    re.IGNORECASE,
)
_STUDY_ASSESSES = Guarded(
    r"\b(?:will|shall|baseline|evaluat\w+|assess\w*|using|by|with|measur\w+|perform\w*|follow\w*|detect\w*|role of|"
    r"value of|influence|study|compar\w+|undergo|undergoing|complet\w+|collect\w+|analy[sz]\w+|characteri[sz]\w+)\b",
    re.IGNORECASE,
)
_RECOVERS = re.compile(r"\s(?:have |has )?recover", re.IGNORECASE)  # "until blood counts recover"
_IS_DONE = re.compile(
    r"(?:\s?\([^()]*\))?\s(?:(?:is|are|will be)\s)(?:\w+ly\s)?(?:done|performed|obtained|collected|repeated|assessed|"
    r"measured|taken|drawn|conducted|completed|administered)\b",
    re.IGNORECASE,
)


def narrative(
    field: TextField, mentions: Sequence[Mention], trial: Trial, own: frozenset[str], measures: frozenset[str]
) -> Iterator[Statement]:
    """Yield a statement a mention of a summary or description.

    Args:
        field: The text.
        mentions: Its mentions, in order.
        trial: The trial whose text it is.
        own: IRIs of the concepts that its interventions name: their roles come from the arms.
        measures: IRIs of the procedures that measure something.
    """
    text = field.text
    telling = [mention for mention in mentions if mention.concept.concept_type not in SILENT]
    open_to = [_may_have_role(mention, trial, own, measures) for mention in telling]
    if not any(open_to):
        yield from map(weak, telling)
        return
    place = 0
    sections = population_sections(text)
    for start, end in sentences(text):
        first = place
        while place < len(telling) and telling[place].span.start < end:
            place += 1
        kind, begin = SentenceKind.BACKGROUND, end
        if any(open_to[first:place]) and end - start <= LONGEST_CLAUSE:
            kind, begin = _what_it_does(text, start, end, sections)
        for mention, is_open in zip(telling[first:place], open_to[first:place], strict=True):
            if is_open and begin <= mention.span.start:
                words = beside(text, mention.span.start, mention.span.end, start, end)
                yield _in_sentence(mention, words, kind, trial, measures)
            else:
                yield weak(mention)


def _what_it_does(text: str, start: int, end: int, sections: Sequence[tuple[int, int]]) -> tuple[SentenceKind, int]:
    """Return what a sentence does, and where it begins to speak of this trial: at its end if it never does."""
    population = any(begin <= start < stop for begin, stop in sections)
    kind = sentence_kind(text, start, end, population=population)
    return kind, end if kind is SentenceKind.BACKGROUND else preamble_end(text, start, end)


def _may_have_role(mention: Mention, trial: Trial, own: frozenset[str], measures: frozenset[str]) -> bool:
    """Tell whether a sentence can say of a concept what another place does not say better."""
    kind, concept_iri = mention.concept.concept_type, mention.concept.iri
    if kind is ConceptType.MARKER:
        return True
    if concept_iri in own or is_control(mention):
        return False
    return kind in DRUGS or concept_iri in measures or not trial.interventions


def _in_sentence(
    mention: Mention, words: Beside, kind: SentenceKind, trial: Trial, measures: frozenset[str]
) -> Statement:
    concept_type, rule = mention.concept.concept_type, _RULES[kind]
    if is_denied(words) or _is_permitted(mention, words, kind):
        return weak(mention)
    if concept_type is ConceptType.MARKER:
        return _marker(mention, words, kind, rule)
    if concept_type in DRUGS:
        return _drug(mention, words, kind, rule, trial)
    if kind is SentenceKind.OBJECTIVE and not trial.interventions and _ASKED_ABOUT.search(words.before):
        return strong(Role.INVESTIGATES, mention, rule)
    if mention.concept.iri in measures and kind is not SentenceKind.POPULATION and _is_used(mention, words):
        return strong(Role.ASSESSMENT, mention, rule)
    return weak(mention)


def _is_used(mention: Mention, words: Beside) -> bool:
    """Tell whether the study measures with a procedure; "quality of life is assessed" says so itself."""
    if _RECOVERS.match(words.after):
        return False
    text, span = mention.span.text.text, mention.span
    before = words.before + text[span.start : span.end]
    return _STUDY_ASSESSES.search(before) is not None or _IS_DONE.match(words.after) is not None


def _is_permitted(mention: Mention, words: Beside, kind: SentenceKind) -> bool:
    """Tell whether a sentence only allows something; one that says who takes part names those who "are eligible"."""
    text = mention.span.text.text
    permissions = [it for it in words.said.triggers if it.certain and it.kind is ContextKind.PERMITTED]
    if kind is SentenceKind.POPULATION:
        return any("eligible" not in text[it.start : it.end].lower() for it in permissions)
    return bool(permissions)


def _marker(mention: Mention, words: Beside, kind: SentenceKind, rule: str) -> Statement:
    before, after = words.before, words.after
    if names_a_drug(before, after):
        return weak(mention)
    if _STRATIFY.search(before) or _STRATIFY.search(after):
        return strong(Role.STRATIFIES_BY, mention, "stratification")
    before_name = before_the_name(mention, before)
    if mention.state and defines_population(before_name, after):
        sure = kind is not SentenceKind.DESIGN or PEOPLE_BEFORE.search(before_name)
        return strong(Role.REQUIRES_MARKER_STATE, mention, rule, state=True) if sure else weak(mention)
    if mention.state and PEOPLE_NEAR.match(after):
        return weak(mention)
    if kind is not SentenceKind.POPULATION and (_MEASURE.search(before[-80:]) or _MEASURE.match(after.lstrip()[:30])):
        return strong(Role.MEASURES_MARKER, mention, rule)
    return weak(mention)


def before_the_name(mention: Mention, before: str) -> str:
    """Return the words before a marker's name, with those of its state that stand there: "tumours expressing …"."""
    return before + mention.span.text.text[mention.span.start : mention.name_start]


def defines_population(before: str, after: str) -> bool:
    """Tell whether a marker state tells whom the trial is about: "in patients with …", "… breast cancer patients"."""
    if _PART_OF_THEM.search(before[-_PART_REACH:]) or FAMILY.search(before):
        return False
    if PEOPLE_BEFORE.search(before):
        return True
    return PEOPLE_NEAR.match(after) is not None and (
        not before.strip() or _POPULATION_OF.search(before) is not None or len(before) < _PART_REACH
    )


def _drug(mention: Mention, words: Beside, kind: SentenceKind, rule: str, trial: Trial) -> Statement:
    before, after = words.before, words.after
    if kind is SentenceKind.POPULATION or _UNSURE.search(before[-_PART_REACH:]) or _UNSURE.search(after[:40]):
        return weak(mention)
    if kind is SentenceKind.DESIGN and trial.interventions and trial.study_type != "OBSERVATIONAL":
        basis = _BASIS.search(before) or _BASIS.search(after[:60])
        return strong(Role.BACKGROUND, mention, rule) if basis else weak(mention)
    is_class = mention.concept.concept_type is ConceptType.DRUG_CLASS
    if is_class and not _ADDED.search(before[-25:]):
        return weak(mention)
    if _UNDER_TEST.search(before):
        return strong(Role.INVESTIGATES, mention, rule)
    exposure = not trial.interventions or trial.study_type == "OBSERVATIONAL"
    if exposure and (
        _EXPOSED.search(before) or _TREATED_BEHIND.match(after) or (is_class and _ADDED.search(before[-25:]))
    ):
        return strong(Role.INVESTIGATES, mention, rule)
    return weak(mention)


def names_a_drug(before: str, after: str) -> bool:
    """Tell whether a marker's name is a part of a drug's, or what is given, or what an immune response attacks."""
    near = before[-_PART_REACH:]
    if _CELLS.match(after) and _GIVEN_CELLS_BEFORE.search(near):
        return True
    return bool(_DRUG_BEHIND.match(after) or _DRUG_BEFORE.search(near) or _GIVEN_OR_ATTACKED.search(near))


def measures_it(before: str, after: str) -> bool:
    """Tell whether the words beside a marker's name say that it is measured."""
    return bool(_MEASURE.search(before[-60:]) or _MEASURE.search(after[:30]))
