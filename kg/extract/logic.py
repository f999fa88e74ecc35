"""The logic of one criterion: leaves in the order of the text, joined by the words between them.

`kg.extract.joining` says how they are joined. A criterion whose leaves cannot be joined with any certainty gets no
tree.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import NamedTuple, Self

from msgspec import structs

from kg.extract.conditional import (
    EXCEPTION,
    SAYS_AGAIN,
    is_analyte,
    is_before_something,
    is_no_treatment,
    is_of_a_part,
    is_one_kind,
    is_refused,
)
from kg.extract.context import (
    Context,
    ContextKind,
    context,
    is_denied_before,
    is_other,
    permits,
    speaks_of_reaction,
    words_before,
    words_behind,
)
from kg.extract.joining import is_marker, is_negation, join, merged, negated
from kg.extract.searching import Guarded, Searching
from kg.extract.statements import NARROWER
from kg.extract.states import Denial, denial_behind, is_ruled_out_behind
from kg.extract.thresholds import Threshold, limits_of
from kg.extract.treatment_limits import treatment_limits
from kg.extract.values import Leaf, value_leaves
from kg.models import (
    Concept,
    ConceptType,
    Condition,
    ConditionType,
    Group,
    Mention,
    Operator,
    Polarity,
    Span,
    TextField,
)

_TREATMENTS = frozenset({ConceptType.DRUG, ConceptType.DRUG_CLASS, ConceptType.DRUG_COMBINATION, ConceptType.PROCEDURE})
_OF_TREATMENTS = frozenset({ConditionType.TREATMENT, ConditionType.TREATMENT_ELIGIBILITY})
# Who may be given a treatment has not had it yet: "candidates for letrozole", "eligible to receive cisplatin".
_CANDIDATE = Guarded(
    r"\b(?:candidates?|(?:in)?eligible|(?:un)?suitable|(?:un)?fit|amenable|appropriate|indicated) (?:for|to (?:receive|"
    r"undergo|start))(?: (?:(?:treatment|therapy) with|(?!(?:prior|previous|earlier|study|trial|enrol\w*|inclusion|"
    r"participation|screening|if|after|following|who|with|have|had|has|received)\b)[\w\-]+)){0,3}\s+$",
    re.IGNORECASE,
)
_ISH_STATE = r"non[-\s]?amplified|not amplified|negative|amplified|positive"
_IHC = Guarded(
    r"\b(?:IHC|immunohistochemistry)\b[^\n.;]{0,40}?(?P<scores>[0-3]\s?\+?(?:\s?(?:,\s?or|,|/|or|and|"
    r"-)\s?(?:IHC\s?)?[0-3]\s?\+){0,4})"
    rf"(?:\s?(?:(?:\(|with|and|plus|/|,)\s?){{0,3}}(?P<state>{_ISH_STATE})?\s?"
    r"(?P<ish>(?:F|C|S|D|dual[\s-])?ISH(?:\s?/\s?(?:F|C|S)ISH?){0,3}|in[\s-]situ hybridi[sz]ation)"
    rf"(?:[-\s]?(?P<after>{_ISH_STATE})|(?P<sign>[-−–+]))?)?",
    re.IGNORECASE,
)
# Before a score: "IHC ≤ 1+", "IHC at least 2+".
_BOUND = re.compile(
    r"(?:(?P<le>≤|<=|=<|no more than|at most|up to)|(?P<ge>≥|>=|=>|at least|no less than)|(?P<lt><|less than|below)|"
    r"(?P<gt>>|more than|greater than|above))(?: score)?(?: of)?\s*$",
    re.IGNORECASE,
)
# In brackets behind a value: where another value holds ("≤ 5 x ULN with liver metastases").
_OTHER_CASE = re.compile(r"\(\s*(?:[<>≤≥=]|or\b|up to|if\b|in\b|unless|except|\d)[^()]{0,120}\)", re.IGNORECASE)
# The same without brackets: "< 2.5 x ULN, or < 5 x ULN with liver metastases".
_OTHER_LIMIT = re.compile(
    r"\b(?:or|and|but)\s(?:[A-Za-z/]+\s){0,3}?(?:[<>≤≥=]{1,2}|up to|less than|no more than|at most)\s?\d[^;()\n]{0,40}?"
    r"\b(?:with|if|in|for|when)\b[^.,;\n]{0,120}",
    re.IGNORECASE,
)
# "At least two of the following" is neither all of them nor any.
_SOME_OF = Guarded(
    r"\b(?:two|three|four|five|[2-9])\s(?:\(\d\)\s)?(?:or more\s)?(?:out\s)?of\s(?:the|these)\b|"
    r"\b(?:no|not) more than one of (?:the|these)\b|\bat most one of (?:the|these)\b",
    re.IGNORECASE,
)
# "Concurrent migraine therapy", "a depression scale": something else that is for the disease.
_OF_DISEASE = re.compile(
    r"(?:\s?\([^()]{1,12}\)|\))?(?:\s(?:or|and)\s(?!prior\b|previous\b|receiving\b|taking\b|other\b|any\b|current\b|use\b)"
    r"(?:[\w\-]+\s){0,2}[\w\-]+(?=\s(?:treatments|therapies|medications|drugs)\b))?"
    r"[\s\-]+(?:therap(?:y|ies)|treatments?|medications?|medicines?|drugs?|chemotherapy|prophyla\w+|trials?|stud(?:y|ies)|"
    r"questionnaires?|scales?|scores?|index|indices|surveys?|clinics?|cent(?:er|re)s?|institutes?|society|network|"
    r"foundation|registr(?:y|ies)|hospitals?|consortium|association|vaccin\w+|screening|specialists?|research|"
    r"assessments?|inventor(?:y|ies))\b(?![\s\-]+(?:refractory|resistant|naive|na[iï]ve))",
    re.IGNORECASE,
)
_CONDITIONAL = re.compile(r"\W{0,3}(?:if|when|in (?:the )?(?:case|event) of)\b", re.IGNORECASE)
# Before a disease that is named for some patients, for a case, for a risk, or for a limit: nobody has to have it.
_ASIDE_BEFORE = Searching(
    # "Response Evaluation Criteria in Solid Tumors"
    r"\bcriteria (?:in|for) $|"
    r"(?:no more than|not more than|up to|at most|fewer than|less than|[≤<]=?)\s*\w+\s+(?:\w+ ){0,2}$|"
    # "bilirubin ≤ 3 x ULN in patients with Gilbert syndrome"
    r"\b(?:in|for) (?:the )?(?:patients|subjects|participants|those|individuals) (?:with|who have) (?:[\w\-]+ ){0,3}$|"
    # "if liver metastases are present"
    r"\b(?:if|when|in (?:the )?(?:case|event|presence) of)\s+(?:[\w\-]+ ){0,3}$|"
    # "at risk for HIV infection"
    r"\b(?:(?:someone|partners?|persons?|people|contacts?)\s(?:who\s(?:has|have|is|are)|with)|"
    r"risk|risks|prophylaxis|screening|screened|vaccin\w+|prevention|prevent)\s(?:for|of|against)?\s?"
    r"(?:[\w\-]+ ){0,3}$"
)
_LIST_RULED_OUT = Guarded(  # "malabsorption and gastric infection ruled out": not either of them, it seems
    r"\s?(?:,|\band\b|\bor\b)\s(?:(?!and\b|or\b)[\w\-]+\s){1,4}(?:(?:is|are|was|were|be|been|has|have|must)\s){0,2}"
    r"(?:ruled out|excluded|absent|not (?:present|detected|found))\b",
    re.IGNORECASE,
)
_ALLOWED_BEHIND = Guarded(
    r"(?:\s*\([^()]*\))?[^.;,()]{0,40}?\s(?:(?:is|are|will be)\s)?(?:also\s)?(?:allowed|permitted|acceptable)\b",
    re.IGNORECASE,
)
# Rules by which one word gives several markers their states: each then stands where its name does.
_SHARED = frozenset({"state-coordination", "gene-alteration"})
_OF_SUBTYPES = frozenset({"triple-negative"})
_LONGEST_CRITERION = 6000  # code points; what goes on for longer is a list of lists
_SENTENCE_END = re.compile(r"[.;]\s")
_UNLESS = Guarded(r"[\s,;(]{0,3}\b(?:unless|except (?:if|when|where))\b", re.IGNORECASE)


class Assays(NamedTuple):
    """The procedures that scores are measured by; None where the terminology lacks them."""

    ihc: Concept | None
    ish: Concept | None
    measuring: frozenset[str] = frozenset()  # IRIs of the procedures that measure: none of them is a treatment


def logic(
    field: TextField, start: int, end: int, mentions: Sequence[Mention], assays: Assays, polarity: Polarity
) -> Condition | Group | None:
    """Return the tree of the criterion at ``start:end``, or None where nothing in it is a condition we know.

    "A unless B" is met by either, where it is asked for; where it rules out, it rules out who has A and not B. What
    cannot be read on one side of it leaves all unread: the other side alone would say something else.
    """
    if end - start > _LONGEST_CRITERION or _CONDITIONAL.match(field.text, start, end):
        return None
    unless = _UNLESS.search(field.text, start, end)
    if unless is None:
        return _tree(field, start, end, mentions, assays, polarity)
    if _SENTENCE_END.search(field.text, start, end) or permits(field.text[start : unless.start()]):
        return None
    before = [it for it in mentions if it.span.end <= unless.start()]
    behind = [it for it in mentions if it.span.start >= unless.end()]
    rule = _tree(field, start, unless.start(), before, assays, polarity)
    exception = _tree(field, unless.end(), end, behind, assays, Polarity.INCLUSION)
    if rule is None or exception is None or _is_of_several(rule):
        return None
    if polarity is Polarity.INCLUSION:
        return Group(operator=Operator.ANY_OF, operands=(rule, exception))
    return Group(operator=Operator.ALL_OF, operands=(rule, negated(exception)))


def _is_of_several(node: Condition | Group) -> bool:
    """Tell whether several things are asked for together: an exception may be one from the last of them alone."""
    if isinstance(node, Condition) or node.operator is not Operator.ALL_OF:
        return False
    return not all(map(is_negation, node.operands))


def _tree(
    field: TextField, start: int, end: int, mentions: Sequence[Mention], assays: Assays, polarity: Polarity
) -> Condition | Group | None:
    """Return the tree of a stretch of a criterion, or None where nothing in it is a condition we know."""
    leaves = [*_concept_leaves(field, start, end, mentions, assays, polarity), *value_leaves(field, start, end)]
    leaves.sort(key=lambda leaf: (leaf.start, -leaf.end))
    leaves = _without_other_cases(field.text, leaves)
    if all(_is_exception(field.text, leaf, start, end) for leaf in leaves):
        return None  # what it is an exception of is not known: by itself it would say the opposite
    if len(leaves) > 1 and _SOME_OF.search(field.text, start, leaves[0].start):
        return None
    apart: list[Leaf] = []
    for leaf in leaves:
        if not apart or leaf.start >= apart[-1].end:
            apart.append(leaf)
        elif is_marker(leaf.node) and not is_marker(apart[-1].node):  # the marker in a disease's name
            both = Group(operator=Operator.ALL_OF, operands=(leaf.node, apart[-1].node))
            apart[-1] = Leaf(apart[-1].start, max(leaf.end, apart[-1].end), both)
    return join(field.text, start, end, apart, polarity)


def _is_exception(text: str, leaf: Leaf, start: int, end: int) -> bool:
    return is_negation(leaf.node) and context(text, leaf.start, leaf.end, (start, end)).has(ContextKind.EXCEPTION)


def _without_other_cases(text: str, leaves: list[Leaf]) -> list[Leaf]:
    """Leave out what stands in brackets behind a value and says when another value holds."""
    kept: list[Leaf] = []
    until = 0
    for leaf in leaves:
        if leaf.start < until:
            continue
        kept.append(leaf)
        node = leaf.node.operands[0] if isinstance(leaf.node, Group) else leaf.node
        if isinstance(node, Condition) and node.value is not None and node.concept is None:
            other = _OTHER_CASE.match(text, leaf.end + 1 if text[leaf.end : leaf.end + 1] == " " else leaf.end)
            if other is None:
                other = _OTHER_LIMIT.search(text, leaf.start, leaf.end + 160)
                other = other if other and other.start() <= leaf.end + len(", ") else None
            until = other.end() if other else 0
    return kept


class _Criterion(NamedTuple):
    """A stretch of a criterion at ``start:end``, what is named in it, and what it does as a whole."""

    text: str
    start: int
    end: int
    mentions: Sequence[Mention]
    polarity: Polarity
    assays: Assays
    reaction: bool  # it speaks of tolerance or pharmacology
    permits: bool


def _concept_leaves(
    field: TextField, start: int, end: int, mentions: Sequence[Mention], assays: Assays, polarity: Polarity
) -> Iterator[Leaf]:
    if not mentions:
        return
    words = field.text[start:end]
    criterion = _Criterion(
        field.text, start, end, mentions, polarity, assays, speaks_of_reaction(words), permits(words)
    )
    yield from _subtypes(field.text, start, end, mentions)
    markers = [it.name_start for it in mentions if it.concept.concept_type is ConceptType.MARKER]
    for mention in mentions:
        if mention.rule in _OF_SUBTYPES or mention.concept.iri in assays.measuring:
            continue
        limits = limits_of(mention, start, min((it for it in markers if it >= mention.span.end), default=end))
        leaf = _concept_leaf(mention, limits, criterion)
        if leaf is None:
            continue
        if mention.rule not in NARROWER or not (polarity is Polarity.EXCLUSION or is_negation(leaf.node)):
            yield leaf


def _concept_leaf(mention: Mention, limits: Sequence[Threshold], criterion: _Criterion) -> Leaf | None:
    """Return what a criterion asks for or denies of what is named; None where that is nothing, or not sure."""
    text, start, end = criterion.text, criterion.start, criterion.end
    before = words_before(text, mention.span.start, start)
    node = _leaf_node(mention, limits, before)
    if node is None or (criterion.reaction and node.condition_type in _OF_TREATMENTS):
        return None
    limited = mention.span is not node.span  # the threshold belongs to the condition, not to what is named
    around = _Around.of(
        words_before(text, node.span.start, start) if limited else before, words_behind(text, node.span.end, end)
    )
    if _is_told_otherwise(node, around, criterion.polarity):
        return None
    said = _said(text, criterion.mentions, node.span, start, end)
    if _is_open(node, said, around, criterion):
        return None
    if limited:
        said = context(text, mention.span.start, mention.span.end, (start, end))
    said = _said_itself(said, before, criterion.polarity)
    return _her2_leaf(mention, said, end, criterion.assays) or _leaf(mention, node, limits, said, start, end)


class _Around(NamedTuple):
    """What stands before and behind a condition in its criterion, and of that what is in its sentence."""

    before: str
    behind: str
    near_before: str
    near_behind: str

    @classmethod
    def of(cls, before: str, behind: str) -> Self:
        """Cut off what belongs to other sentences."""
        return cls(before, behind, _SENTENCE_END.split(before)[-1], _SENTENCE_END.split(behind, maxsplit=1)[0])


def _is_told_otherwise(node: Condition, around: _Around, polarity: Polarity) -> bool:
    """Tell whether a treatment was refused, or only one kind is meant; or a marker is "excluded" in an exclusion."""
    before, behind = around.before, around.behind
    if node.condition_type in _OF_TREATMENTS:
        if is_analyte(node.span.quote):
            return True
        if node.concept is not None and is_one_kind(node.concept.iri, before, behind):
            return True
        if polarity is Polarity.EXCLUSION and is_before_something(before):
            return True
        return is_refused(before, behind) or is_no_treatment(before, behind) or is_of_a_part(behind)
    if node.condition_type is ConditionType.DISEASE and _OF_DISEASE.match(behind):
        return True
    is_marker = node.condition_type is ConditionType.MARKER
    return is_marker and polarity is Polarity.EXCLUSION and is_ruled_out_behind(behind)


def _leaf(
    mention: Mention, node: Condition, limits: Sequence[Threshold], said: Context, start: int, end: int
) -> Leaf | None:
    whole = _denied_or_not(mention, node, limits, said, start, end)
    if whole is None:
        return None
    shared = mention.rule in _SHARED
    first, last = (mention.name_start, mention.name_end) if shared else (node.span.start, node.span.end)
    return Leaf(first, last, whole, is_negation(whole) and said.has(ContextKind.EXCEPTION))


def _her2_leaf(mention: Mention, said: Context, end: int, assays: Assays) -> Leaf | None:
    """Return HER2's state where scores define it."""
    if mention.concept.notation != "her2":
        return None
    field, span = mention.span.text, mention.span
    shared = mention.rule in _SHARED
    first, last = (mention.name_start, mention.name_end) if shared else (span.start, span.end)
    score = _IHC.search(field.text, span.start, min(end, last + 80))
    if score is None:
        return None
    by_score = _her2_by_assay(field, mention, score, assays)
    return Leaf(first, score.end(), negated(by_score) if said.denied else by_score)


def _said(text: str, mentions: Sequence[Mention], span: Span, start: int, end: int) -> Context:
    """Return what is said of a name; the "negative" of "ALK-rearrangement negative NSCLC" is said of the marker."""
    said = context(text, span.start, span.end, (start, end))
    if not said.has(ContextKind.NEGATIVE):
        return said
    markers = [it.span for it in mentions if it.concept.concept_type is ConceptType.MARKER]
    return Context(
        tuple(
            it
            for it in said.triggers
            if it.kind is not ContextKind.NEGATIVE
            or not any(
                marker.end <= span.start and marker.start < it.start and not text[marker.end : it.start].strip(" -‐‑–")
                for marker in markers
            )
        )
    )


def _said_itself(said: Context, before: str, polarity: Polarity) -> Context:
    """Leave out what only says once more that an exclusion is one: "… is not allowed", "must not have …"."""
    if polarity is Polarity.INCLUSION:
        return said
    said = Context(tuple(it for it in said.triggers if it.kind is not ContextKind.RULED_OUT))
    if SAYS_AGAIN.search(before):
        said = Context(tuple(it for it in said.triggers if it.kind is not ContextKind.NEGATED))
    return said


def _denied_or_not(
    mention: Mention, node: Condition, limits: Sequence[Threshold], said: Context, start: int, end: int
) -> Condition | Group | None:
    """Return a mention's condition, or its denial; None where it cannot be told what is denied."""
    if node.condition_type is ConditionType.TREATMENT:
        return _limited(node, start, end, denied=said.denied)
    if node.condition_type is ConditionType.TREATMENT_ELIGIBILITY:
        return negated(node) if said.denied else node
    if node.condition_type is ConditionType.DISEASE:
        return negated(node) if said.absent else node
    span = mention.span
    behind = denial_behind(node.state, words_behind(span.text.text, span.end, end))
    if behind is Denial.OF_LIST or (behind is Denial.OF_IT and is_denied_before(said, span.start)):
        return None
    whole = _within(node, limits)
    return negated(whole) if said.denied or behind is Denial.OF_IT else whole


def _within(node: Condition, limits: Sequence[Threshold]) -> Condition | Group:
    """Return a marker's condition with the limits of its value: one of several, each of whose bounds hold."""
    choices = [
        merged(
            [structs.replace(node, comparator=code, value=value, unit=limit.unit) for code, value in limit.bounds],
            Operator.ALL_OF,
        )
        for limit in limits
    ]
    return merged(choices or [node], Operator.ANY_OF)


def _subtypes(text: str, start: int, end: int, mentions: Sequence[Mention]) -> Iterator[Leaf]:
    """Yield the states that a subtype's name says at once: "triple-negative"."""
    named = (mention for mention in mentions if mention.rule in _OF_SUBTYPES)
    for (first, last), found in groupby(named, key=lambda mention: (mention.span.start, mention.span.end)):
        leaves = [_leaf_node(mention, (), "") for mention in found]
        both = merged([leaf for leaf in leaves if leaf is not None], Operator.ALL_OF)
        yield Leaf(first, last, negated(both) if context(text, first, last, (start, end)).denied else both)


def _limited(node: Condition, start: int, end: int, *, denied: bool) -> Condition | Group | None:
    """Return a treatment's condition with the lines and the time it speaks of; None where they are not understood."""
    limits = treatment_limits(node.span.text.text, node.span.start, node.span.end, start, end)
    if limits is None or (denied and (limits.long_ago or any(code == "le" for code, _ in limits.lines))):
        return None  # "no more than 2": the "no" is a part of the comparator
    timed = structs.replace(node, within=limits.within)
    bounds: list[Condition | Group] = [
        structs.replace(timed, comparator=code, value=value, unit="lines") for code, value in limits.lines
    ]
    whole = merged(bounds or [timed], Operator.ALL_OF)
    return negated(whole) if denied or limits.long_ago else whole


def _is_open(node: Condition, said: Context, around: _Around, criterion: _Criterion) -> bool:
    """Tell whether it is neither asked for nor denied ("other cancers", "no surgery for …"), or only allowed.

    What stands behind an "except" of its sentence, too far to tell what of it is excepted, is open as well.
    """
    if said.has(ContextKind.FAMILY):
        return True  # somebody else's
    if not said.denied and EXCEPTION.search(around.near_before):
        return True
    if node.condition_type is ConditionType.DISEASE:
        return said.doubtful or is_other(criterion.text, node.span.start, criterion.start) or _is_aside(around)
    if said.doubtful:
        return True
    return criterion.permits and permits(f"{around.near_before} | {around.near_behind}")


def _is_aside(around: _Around) -> bool:
    """Tell whether a disease is named for a part of the patients, for a risk of it, or as what is allowed."""
    if _ASIDE_BEFORE.found_in(around.near_before):
        return True
    return bool(_ALLOWED_BEHIND.match(around.behind) or _LIST_RULED_OUT.match(around.behind))


def _leaf_node(mention: Mention, limits: Sequence[Threshold], before: str) -> Condition | None:
    """Return the leaf of a mention behind some words; a marker without a state or a threshold tests nothing."""
    kind = mention.concept.concept_type
    if kind is ConceptType.MARKER:
        if mention.state is None and not limits:
            return None
        span = mention.span
        if limits:
            first = span.start if limits[0].start is None else min(span.start, limits[0].start)
            span = Span(text=span.text, start=first, end=max(span.end, limits[-1].end))
        return Condition(condition_type=ConditionType.MARKER, span=span, concept=mention.concept, state=mention.state)
    if kind in _TREATMENTS:
        candidate = _CANDIDATE.search(before) is not None
        treated = ConditionType.TREATMENT_ELIGIBILITY if candidate else ConditionType.TREATMENT
        return Condition(condition_type=treated, span=mention.span, concept=mention.concept)
    if kind is ConceptType.DISEASE:
        return Condition(condition_type=ConditionType.DISEASE, span=mention.span, concept=mention.concept)
    return None


def _her2_by_assay(field: TextField, mention: Mention, match: re.Match[str], assays: Assays) -> Condition | Group:
    """Return HER2's state as scores define it: "IHC 1+, or 2+ with non-amplified ISH"."""

    def leaf(
        start: int, end: int, *, assay: Concept | None = None, state: str | None = None, value: str | None = None
    ) -> Condition:
        return Condition(
            condition_type=ConditionType.MARKER,
            span=Span(text=field, start=start, end=end),
            concept=mention.concept,
            assay=assay,
            state=state,
            comparator=code if value else None,
            value=value,
        )

    bound = _BOUND.search(match.string, match.start(), match.start("scores"))
    code = next(name for name, it in bound.groupdict().items() if it) if bound else "eq"
    scores: list[Condition | Group] = []
    found = list(re.finditer(r"[0-3]\s*\+?", match["scores"]))
    for score in found:
        at = match.start("scores") + score.start()
        end = match.start("scores") + score.end()
        scores.append(leaf(at, end, assay=assays.ihc, value=score.group().replace(" ", "")))
    if match["ish"] and (said := match["state"] or match["after"] or match["sign"]):
        amplified = said.lower() in {"amplified", "positive", "+"}
        ish = leaf(
            match.start("ish"), match.end(), assay=assays.ish, state="amplified" if amplified else "not-amplified"
        )
        scores[-1] = Group(operator=Operator.ALL_OF, operands=(scores[-1], ish))
    by_score = scores[0] if len(scores) == 1 else Group(operator=Operator.ANY_OF, operands=tuple(scores))
    if mention.state is None or mention.rule == "her2-ihc-score":
        return by_score
    named = leaf(mention.span.start, mention.span.end, state=mention.state)
    return Group(operator=Operator.ALL_OF, operands=(named, by_score))
