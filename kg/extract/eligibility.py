"""Roles in eligibility criteria: what is required or ruled out, and what only looks like it.

In doubt a mention is a mention: permissions, conditions on a subgroup, limits and reactions ask for nothing.
"""

import re
from collections.abc import Iterator, Sequence

from kg.extract.arms import is_control
from kg.extract.conditional import (
    ASKS_FOR_IT,
    EXCEPTION,
    EXCEPTION_BEHIND,
    IF,
    SAYS_AGAIN,
    SUBJECT_MUST,
    is_analyte,
    is_before_something,
    is_no_treatment,
    is_of_a_part,
    is_one_kind,
    is_refused,
)
from kg.extract.context import (
    BRACKETS,
    LONGEST_CLAUSE,
    Beside,
    ContextKind,
    also_denied,
    beside,
    denies_list,
    flat,
    is_denied,
    is_denied_itself,
    is_ruled_out,
    permits,
    speaks_of_reaction,
)
from kg.extract.criteria import Item
from kg.extract.marker_criteria import marker_statement
from kg.extract.searching import Guarded
from kg.extract.sentences import sentences
from kg.extract.statements import DRUGS, SILENT, strong, weak
from kg.models import ConceptType, Mention, Polarity, Role, Statement, TextField

_SUBGROUP_MUST = Guarded(
    r"\b(?:[\w\-/+]+ ){0,4}[\w\-/+]*(?:positive|negative|[+\-]) (?:[\w\-]+ ){0,3}(?:patients|tumou?rs|disease|"
    r"subjects|cancers?|participants) (?:must|should)\b",
    re.IGNORECASE,
)
# "Patients taking hormones, such as letrozole, must be on a stable dose": nobody has to take any.
_THOSE_TAKING = re.compile(
    r"^\W*(?:all\s+)?(?:patients|subjects|participants|those|women|men|individuals|volunteers)\s+(?:who\s+(?:are\s+)?)?"
    r"(?:taking|receiving|on|using|take|receive|use)\b",
    re.IGNORECASE,
)
_THEY_MUST = re.compile(r"^[^.;]{0,80}?\b(?:must|should|have to|need to)\b", re.IGNORECASE)
# "Enrolment in an antiviral research study" documents something; the treatment is not what is asked for.
_OF_A_TRIAL = re.compile(
    r"(?:\s+(?:therapy|or|and|other|research)\b){0,4}\s+(?:protocols?|trials?|stud(?:y|ies))\b", re.IGNORECASE
)
# Another case in which what is denied is allowed after all.
_OR_ELSE = Guarded(
    r"\bor\s+(?:(?:who|they|patients|subjects|that)\s+)?(?:has|have|had|was|were|is|are|if|must)\b"
    r"(?!\s+(?:not|never|no)\b)",
    re.IGNORECASE,
)
# "Use of aspirin less than 3 days per month": a limit.
_SELDOM = re.compile(
    r"[^.;]{0,40}\b(?:(?:less|fewer|not more|no more) than|at most|up to|[<≤])\s?\w+\s(?:\w+\s)?(?:per|a|each|every)\b",
    re.IGNORECASE,
)
# "No earlier cancer for which chemotherapy was received": it is not that chemotherapy is asked for.
_OF_WHAT_IS_DENIED = Guarded(
    r"\b(?:no|without|never)\b[^.;]{0,80}\b(?:for which|that|which|who|requir\w+|treated (?:with|by))\b[^.;]{0,50}$",
    re.IGNORECASE,
)
_ELSE_REACH = 90
_EARLIER = Guarded(
    r"\b(?:prior(?! to)|previous(?:ly)?|earlier|past|pre-?treated|received?|receiving|has had|have had|treated with|"
    r"treatment with|exposed to|exposure to|"
    r"progress\w+ (?:on|after|during|following|to)|after|following|failed|failure (?:of|on)|refractory to|"
    r"resistan\w+ to|relapsed? (?:on|after)|lines? of|"
    r"current(?:ly)?|concurrent|concomitant|ongoing|on a stable|use of|using|history of|undergone|underwent|"
    r"administration of|taking|therapy with|within \d+|complet(?:ed|ion of)|"
    r"(?:removal|removed|resected|excised|eradicated|eradication of [^.;]{0,20}|treated) by)\b",
    re.IGNORECASE,
)
_NAIVE_BEHIND = re.compile(r"[\s\-]*na[iï]ve", re.IGNORECASE)
_WITHIN_BEHIND = Guarded(r"(?:(?!\bplanned\b)[\w\s,/\-]){0,40}\bwithin\s+(?:the\s+)?(?:\w+\s+)?\d", re.IGNORECASE)
# A criterion that says "No chemotherapy" and no more
_BARE_NO = Guarded(
    r"(?:^|[:.;]\s)\s*No\s+(?:(?:other|preoperative|adjuvant|neoadjuvant|systemic|oral|routine)\s+){0,2}$"
)
_PLANNED = Guarded(
    r"\b(?:candidates?\b|decided to|benefits? of|planned|scheduled|plan to|indications? (?:of|for)|"
    r"eligib(?:le|ility) (?:for|to receive)|appropriate\b[^.;]{0,40}\bto receive|"
    r"suitable for|appropriate for|switch\w* to|intend\w* to|willing\w* to|agree\w* to|about to|"
    r"will (?:be )?(?:receiv\w+|treated|start|undergo)|to be treated|able to (?:receive|undergo|tolerate)|fit for|"
    r"amenable to|need\w* (?:for|of)|require\w*|to (?:receive|undergo|be treated))\b",
    re.IGNORECASE,
)
# Planned for its own sake, and so asked for: "scheduled for elective surgery".
_SCHEDULED = re.compile(
    r"\b(?:scheduled (?:to|for)|plan(?:ned|ning) to (?:undergo|start)|(?:willing|agree\w*) to undergo|"
    r"(?<!for )(?<!of )undergoing|about to (?:start|undergo))\s+(?:(?!with\b|for\b)[\w\-]+\s+){0,5}$",
    re.IGNORECASE,
)
_DONE_BEHIND = re.compile(
    r"\s(?:(?:was|were|has been|have been|must be|must have been)\s)(?:\w+ly\s)?(?:performed|completed|done|given)\b|"
    r"\s(?:(?:was|were)\s)?carried out\b",
    re.IGNORECASE,
)
# A limit of a dose forbids no drug, and a kind of therapy not the therapy: "no prior high-dose chemotherapy".
_DOSE_BEHIND = re.compile(
    r"\s(?:of\s)?(?:(?:total|cumulative|lifetime)\s)?(?:doses?\s)(?:exceed\w*|greater|more|over|above|of|>|≥)",
    re.IGNORECASE,
)
_KIND_BEFORE = re.compile(r"\b(?:high[\s-]dose|dose[\s-]intensive|myeloablative)\s+$", re.IGNORECASE)
_NON = re.compile(r"\bnon[\s\-]*$", re.IGNORECASE)  # "six months of non-operative treatment"
# What is said behind it of the whole, "… with or without steroids are allowed", is no part of it.
_OR_WITHOUT = re.compile(
    r"\bwith or without\b(?:(?!\b(?:is|are|was|were|be)\s+(?:also\s+)?(?:allowed|permitted|acceptable|eligible)\b).)*",
    re.IGNORECASE,
)
_SUITED = Guarded(
    r"\b(?:eligible|able|candidates?|suitable|fit|amenable|decision|chosen|choice) (?:to|for|of|has been made|"
    r"treatment)\s+(?:[\w\-]+\s+){0,6}$",
    re.IGNORECASE,
)
_DESPITE = Guarded(
    r"\b(?:despite|preclud\w+|interfer\w+ with|controlled (?:with|by|on)|mm\s?Hg on|limits? for|cumulative (?:dose|"
    r"doses)|"
    r"exceed\w*)\b\s*(?:[^,;.]{0,60}\s)?$",
    re.IGNORECASE,
)
_UNSUITABLE_BEHIND = re.compile(
    r"^[^.;]{0,30}\b(?:is|are|was|were) (?:not|no longer|un)\s?(?:\w+ly )?(?:indicated|appropriate|recommended|"
    r"planned|an option|feasible|possible|suitable|available|considered|a candidate)",
    re.IGNORECASE,
)
_WASHOUT = Guarded(
    r"\bwash-?\s?out\b|\byears?\b[^.;]{0,40}\bsince\b|\bpreclud\w+|\bany number\b|\b(?:at least|minimum of|more than|"
    r"\d+)\s+\w+\s+(?:weeks?|days?|months?|years?)|\b(?:weeks?|"
    r"days?|months?|"
    r"washout|elapsed)\b[^.;]{0,40}\b(?:since|after|from|of|for|before|prior to)\b",
    re.IGNORECASE,
)
_TIME_FOR = Guarded(
    r"\b(?:weeks?|days?|months?|half-lives|hours?)\s+(?:for|from|after|since)\s+[^()]{0,60}$", re.IGNORECASE
)
_COUNT = Guarded(
    r"(?:no more than|not more than|up to|at most|maximum(?: of)?|fewer than|less than|≤|<=?|\b0\s?(?:-|–|to|or)\s?\d|"
    r"\bnot exceed\w*)\s*(?:\w+\s+){0,6}$",
    re.IGNORECASE,
)
_MORE_THAN = Guarded(
    r"(?:more than|greater than|>|≥\s?[2-9]|>=\s?[2-9]|\b(?:[2-9]|two|three|four) or more|at least (?:[2-9]|two|"
    r"three)|exceed\w*)\s*(?:(?!prior\b.{0,80}\bprior\b)[\w\-]+\s+){0,6}$",
    re.IGNORECASE,
)
_TIMES = Guarded(r"\b(?:prior|previous|lines?|regimens?|courses?|cycles?|types?|kinds?)\b", re.IGNORECASE)
_BEFORE_TREATMENT = Guarded(
    r"\b(?:prior to|before|until|upon|(?:first|last|initial|next|each|every) (?:dose|infusion|administration|"
    r"injection|day|cycle|treatment)s?(?: of| with)?|start(?:ing)? of|"
    r"initiat\w+(?: of)?|during|(?:while|whilst) (?:on|taking|receiving))\s+(?:(?:the|study|any|adjuvant|"
    r"neoadjuvant|systemic|first|last|dose|of|start|starting|initiation|"
    r"initiating|infusion|administration|receiving|treatment|with)\s+){0,6}(?:[\w\-]+\s*[/+]\s*)?$",
    re.IGNORECASE,
)
_NO_OUTCOME = Guarded(
    r"\b(?:no|without|never)\b[^,;.]{0,60}\b(?:while|whilst|during|after|following|because of)\b[^,;]{0,40}$|"
    r"\b(?:no|not|without|never|none)\b[^,;.]{0,30}\b(?:progress\w*|relaps\w+|recur\w+|respon\w+|benefit\w*|toler\w+|"
    r"toxicit\w+|complication\w*|discontinu\w+)\b[^,;]{0,60}$",
    re.IGNORECASE,
)
_CONTRACEPTION = Guarded(
    r"\b(?:contracepti\w+|birth control|IUD|intrauterine|condoms?|diaphragm|spermicid\w+)\b", re.IGNORECASE
)
_LONGEST_LEAD = 200
_LABEL_REACH = 2000
_ALLOWING = Guarded(r"(?<!not )(?<!not be )\b(?:allowed|permitted|acceptable|recommended)\b", re.IGNORECASE)
_LIST_ITEM = re.compile(r"(?P<indent>[ \t]*)\\?(?:[-–—*•·▪○●◦]|\(?\d{1,2}\\?[.)]|\(?[a-zA-Z]\\?[.)])[ \t]")
_LIMIT_FOR_SOME = Guarded(
    r"(?:^|\d[^.;]{0,25}?)\b(?:in|for|of)\s+(?:the\s+)?(?:patients|subjects|participants|those|men|women)\s+"
    r"(?:with|who|having)\b[^.;]{0,100}$",
    re.IGNORECASE,
)
# A test's result is asked for.
_RESULT = Guarded(
    r"\b(?:negative|positive|normal|abnormal|baseline|adequate)\s+(?:(?:serum|urine|blood|or|and)\s+){0,4}$|"
    r"\b(?:scores?|results?) (?:on|of)\s+(?:the\s+|an?\s+)?$",
    re.IGNORECASE,
)
_RESULT_BEHIND = re.compile(
    r"\s*(?:\([^()]*\)\s*)?(?:(?:is|are|was|(?:must|should) be|of)\s+)?(?:negative|normal|required|score|performed|"
    r"results?|at least|less than)\b|\s*(?:\([^()]*\)\s*)?[<>≤≥]",
    re.IGNORECASE,
)
_MEASURED_BY = Guarded(
    r"\b(?:by|using|via|confirmed (?:by|on|with)|measured|measurements?|assess\w*|evaluat\w+|seen on|visible on|"
    r"detected (?:by|on|with)|evident on|documented on)\b[^.;\n]{0,60}$|"
    r"(?:\b(?:disease|metasta\w+|lesions?|recurrences?|relapse|tumou?r|normal|spots|diameter)|%)[^.;,\n]{0,12}\bon\s"
    r"[^.;\n]{0,70}$|"
    r"\b(?:must|will|should|to) (?:(?:undergo|complete)\b[^.;\n]{0,80}|have (?:had )?(?:an?|the|pre-?\w*)\s"
    r"(?:(?!for\b|to\b)[\w\-]+[\s,/]+){0,8})$|\brequired\s?\([^.;\n()]{0,60}$",
    re.IGNORECASE,
)
_NOTHING_ASKED = (ContextKind.PREVENTED, ContextKind.EXCEPTION, ContextKind.PERMITTED)
_GIVEN = DRUGS | {ConceptType.PROCEDURE}
# A count is a value of the blood; that it is taken goes without saying.
_COUNT_OF_BLOOD = re.compile(r"\bcounts?$", re.IGNORECASE)


def eligibility(
    field: TextField, mentions: Sequence[Mention], items: Sequence[Item], measures: frozenset[str], own: frozenset[str]
) -> Iterator[Statement]:
    """Yield a statement a mention of an eligibility text.

    Args:
        field: The text.
        mentions: Its mentions, in order.
        items: Its criteria, in order.
        measures: IRIs of the procedures that measure something; the others treat.
        own: IRIs of the trial's own interventions.
    """
    allowing = _ALLOWING.may_match(field.text)
    telling = [mention for mention in mentions if mention.concept.concept_type not in SILENT]
    place = 0
    for item in items:
        outside, place = _until(item.start, telling, place)
        yield from map(weak, outside)
        inside, place = _until(item.end, telling, place)
        if item.doubtful:
            yield from map(weak, inside)
        elif any(_may_have_role(it, item.polarity, measures) for it in inside):
            lead = _label_above(field.text, item.start) if allowing else ""
            yield from _item(field.text, inside, item, measures, own, lead)
        else:
            yield from map(weak, inside)
    yield from map(weak, telling[place:])


def _until(end: int, mentions: Sequence[Mention], place: int) -> tuple[Sequence[Mention], int]:
    """Return the mentions from ``place`` on that start before ``end``, and the place behind them."""
    first = place
    while place < len(mentions) and mentions[place].span.start < end:
        place += 1
    return mentions[first:place], place


def _label_above(text: str, start: int) -> str:
    """Return the label of the list that a bulleted item stands in, if it allows what is listed: "Allowed:".

    It is the nearest line above that is no item of the list and no continuation of one.
    """
    line = text.rfind("\n", 0, start) + 1
    bullet = _LIST_ITEM.match(text, line)
    if bullet is None:
        return ""
    for above in reversed(text[max(0, line - _LABEL_REACH) : line].split("\n")):
        if not above.strip() or _LIST_ITEM.match(above) or len(above) - len(above.lstrip()) > len(bullet["indent"]):
            continue
        label = above.strip()
        return label[:-1] if label.endswith(":") and _ALLOWING.search(label) else ""
    return ""


def _item(
    text: str,
    mentions: Sequence[Mention],
    item: Item,
    measures: frozenset[str],
    own: frozenset[str],
    lead: str,
) -> Iterator[Statement]:
    place = 0
    for start, end in sentences(text, item.start, item.end):
        inside, place = _until(end, mentions, place)
        if end - start > LONGEST_CLAUSE:
            yield from map(weak, inside)
            continue
        clause = flat(text[start:end]) if inside else ""
        for mention in inside:
            if _may_have_role(mention, item.polarity, measures):
                words = beside(text, mention.span.start, mention.span.end, start, end)
                yield _criterion(mention, _under(lead, words, clause), item, measures, own)
            else:
                yield weak(mention)
        if text[end - 1] == ":":
            lead = " ".join(text[max(start, end - _LONGEST_LEAD) : end - 1].split())
    yield from map(weak, mentions[place:])


def _under(lead: str, words: Beside, clause: str) -> Beside:
    """Read a nested item together with the words that its list is under: "None of the following:"."""
    if not lead:
        return words._replace(clause=clause)
    said = also_denied(words.said) if denies_list(lead) else words.said
    return Beside(f"{lead} {words.before}", words.after, f"{lead} {clause}", said)


def _may_have_role(mention: Mention, polarity: Polarity, measures: frozenset[str]) -> bool:
    """Tell whether a criterion of this polarity can say more of a concept than that it mentions it."""
    kind = mention.concept.concept_type
    if kind is ConceptType.MARKER:
        return mention.state is not None
    if kind is ConceptType.PROCEDURE and mention.concept.iri in measures:
        return polarity is Polarity.INCLUSION
    return kind in _GIVEN and not is_control(mention) and not is_analyte(mention.span.quote)


def _criterion(mention: Mention, words: Beside, item: Item, measures: frozenset[str], own: frozenset[str]) -> Statement:
    kind = mention.concept.concept_type
    if kind is ConceptType.MARKER:
        return marker_statement(mention, words, item)
    if kind is ConceptType.PROCEDURE and mention.concept.iri in measures:
        return _test_of_entry(mention, words)
    return _treatment(mention, words, item, own)


def _test_of_entry(mention: Mention, words: Beside) -> Statement:
    """Return that a test is used where an inclusion asks for its result: "negative pregnancy test"."""
    used = _MEASURED_BY.search(words.before) or _RESULT.search(words.before)
    text, span = mention.span.text.text, mention.span
    counted = _COUNT_OF_BLOOD.search(text[span.start : span.end]) is not None
    asked = used or (not counted and _RESULT_BEHIND.match(words.after))
    if not asked or (is_denied(words) and not used) or permits(words.clause) or EXCEPTION.search(words.before):
        return weak(mention)
    return strong(Role.ASSESSMENT, mention, "procedure-use")


def _treatment(mention: Mention, words: Beside, item: Item, own: frozenset[str]) -> Statement:
    """Return what a criterion says of a treatment: first whether it says anything, and then whether it means it."""
    said = words.said
    denied, out = is_denied_itself(words), is_ruled_out(words)
    if (denied and out) or said.doubtful or said.has(*_NOTHING_ASKED):
        return weak(mention)  # "patients without … are excluded"; "no surgery for …"; "refuses …"; "may receive …"
    if item.polarity is Polarity.EXCLUSION:
        role, rule = Role.EXCLUDES_TREATMENT, "eligibility-exclusion"
        is_said = not (denied and not SAYS_AGAIN.search(words.before)) and _is_excluded(mention, words)
    elif denied or out:
        role, rule = Role.EXCLUDES_TREATMENT, "eligibility-negated"
        is_said = _is_never(mention, words, own)
    else:
        role, rule = Role.REQUIRES_TREATMENT, "eligibility-inclusion"
        is_said = _is_required(mention, words, own)
    return strong(role, mention, rule) if is_said and not _asks_nothing(mention, words, own) else weak(mention)


def _is_required(mention: Mention, words: Beside, own: frozenset[str]) -> bool:
    """Tell whether an inclusion asks that a treatment was given, or is planned for its own sake."""
    scheduled = _is_scheduled(mention, words, own)
    if not scheduled and (
        not (_EARLIER.search(words.before) or _DONE_BEHIND.match(words.after)) or _PLANNED.search(words.before)
    ):
        return False
    return not _COUNT.search(words.before) and not _WASHOUT.search(words.clause) and _is_asked(words)


def _is_scheduled(mention: Mention, words: Beside, own: frozenset[str]) -> bool:
    return mention.concept.iri not in own and _SCHEDULED.search(words.before) is not None


def _is_narrower(mention: Mention, words: Beside) -> bool:
    """Tell whether only a dose, or one kind of a class of treatments, is denied."""
    if is_one_kind(mention.concept.iri, words.before, words.after):
        return True
    kind = mention.concept.concept_type is ConceptType.DRUG_CLASS and _KIND_BEFORE.search(words.before)
    part = _DOSE_BEHIND.match(words.after) or is_of_a_part(words.after)
    return bool(kind or part or _NON.search(words.before))


def _allows(words: Beside) -> bool:
    """Tell whether a clause allows what it names; a bracket behind another name, or "with or without", is of others."""
    own_bracket = BRACKETS.match(words.after.lstrip())
    behind = BRACKETS.sub(" ", _OR_WITHOUT.sub(" ", words.after))
    return permits(f"{BRACKETS.sub(' ', words.before)} | {own_bracket.group() if own_bracket else ''} {behind}")


def _is_never(mention: Mention, words: Beside, own: frozenset[str]) -> bool:
    """Tell whether a denied treatment was never given: not "has not been given or has been for more than a year"."""
    earlier = (
        _EARLIER.search(words.before)
        or _NAIVE_BEHIND.match(words.after)
        or _WITHIN_BEHIND.match(words.after)
        or _BARE_NO.search(words.before)
    )
    if earlier is None or _OR_ELSE.search(words.after[:_ELSE_REACH]):
        return False
    planned = _PLANNED.search(words.before) and not _is_scheduled(mention, words, own)
    return not planned and not _is_narrower(mention, words)


def _is_asked(words: Beside) -> bool:
    """Tell whether nothing takes a requirement back: an exception or condition behind it, a "no" far before it."""
    behind = words.after[:60]
    return not (
        EXCEPTION.search(behind)
        or EXCEPTION_BEHIND.search(behind)
        or _OF_A_TRIAL.match(behind)
        or _SELDOM.match(behind)
        or denies_list(words.before)
        or _OF_WHAT_IS_DENIED.search(words.before)
    )


def _is_excluded(mention: Mention, words: Beside) -> bool:
    """Tell whether an exclusion rules out that a treatment was given."""
    clause = words.clause
    if ASKS_FOR_IT.search(clause) or EXCEPTION_BEHIND.search(words.after):
        return False
    if is_one_kind(mention.concept.iri, words.before, words.after) or is_of_a_part(words.after):
        return False
    if is_before_something(words.before):
        return False
    if _MORE_THAN.search(words.before) and _TIMES.search(clause):
        return False  # more than two lines are ruled out, one is not
    is_drug = mention.concept.concept_type in DRUGS
    return (is_drug and not _PLANNED.search(clause)) or _EARLIER.search(clause) is not None


def _asks_nothing(mention: Mention, words: Beside, own: frozenset[str]) -> bool:
    """Tell whether the words beside a treatment make of what is said of it a permission, a condition, a cause."""
    before, after, clause = words.before, words.after, words.clause
    return bool(
        _allows(words)
        or speaks_of_reaction(clause)
        or EXCEPTION.search(before)
        or IF.search(before)
        or _LIMIT_FOR_SOME.search(before)
        or is_no_treatment(before, after)
        or is_refused(before, after)
        or (_CONTRACEPTION.search(clause) and mention.concept.concept_type in DRUGS)
        or SUBJECT_MUST.match(after)
        or (_THOSE_TAKING.match(before) and _THEY_MUST.match(after))
        or _SUBGROUP_MUST.search(before)
        or _UNSUITABLE_BEHIND.match(after)
        or _SUITED.search(before)
        or _DESPITE.search(before)
        or _TIME_FOR.search(before)
        or _BEFORE_TREATMENT.search(before)
        or _NO_OUTCOME.search(before)
        or (mention.concept.iri in own and re.search(r"\bprior to\b|\bbefore\b", before))
    )
