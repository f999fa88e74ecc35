"""Give the markers of a text their states, each from the words beside it or from its neighbour in a list."""

import re
from collections.abc import Iterator
from typing import Final, NamedTuple

from kg.extract.context import flat
from kg.extract.cutoffs import by_allred, by_association, by_level, by_score, by_share
from kg.extract.searching import Guarded
from kg.extract.states import (
    Found,
    counts_metaphases,
    is_alteration,
    is_hyphen,
    names_both_sides,
    possible_state,
    state_after,
    state_before,
)
from kg.extract.thresholds import SCALES, SCORES_OF_MARKERS, threshold, threshold_before
from kg.models import Concept

_CONNECTOR = re.compile(
    r"\s{0,4}[\-‐‑–]?\s{0,4}(?:status\s)?(?:(?:/|,|\+|&|and\s?/\s?or|and|or)\s{0,4}|\s{1,4}){1,4}(?:the\s|"
    r"both\s)?\s{0,4}",
    re.IGNORECASE,
)
_HANGING_HYPHEN = re.compile(r"[\-‐‑–]\s?(?:,|/|and\b|or\b)")
_WORD_STATE = re.compile(r"[\s\-‐‑–]{0,3}[A-Za-z]")
# French for hormone receptors, but the rhesus factor has states too: only in a list with another marker.
_ONLY_IN_LISTS = frozenset({"RH"})
# A share of cells proves that "ER" is the receptor; "PR ≥ 30 %" is a response rate.
_SHARE_OF_CELLS = re.compile(
    r"(?:\s?(?:/|and/or|and|or)\s?Pg?R)?\s?\(?\s?(?:expression\s)?(?:\\?[<>]\s?=?|[≥≤=]|less than|at least|more than|"
    r"of)\s?\d{1,3}(?:\.\d+)?\s?%",
    re.IGNORECASE,
)
_PROVED_BY_SHARE = frozenset({"er"})
_PROVED_BY_VALUE = frozenset({"oncotype-dx"})  # "RS 11-25"
# "ER positive or negative" has no state, but it is the receptor.
_SIDE = re.compile(r"[\s\-]?(?:positiv|negativ|[+\-]/[+\-]|[+\-]\s?or\s?[+\-])", re.IGNORECASE)
# A test for an alteration does not say that it is there.
_NOT_FOUND_YET = re.compile(
    r"[\s\-]{0,3}(?:gene\s|mutations?\s){0,2}(?:tests?|testing|analys[ie]s|status|assays?|detection|results?|"
    r"screening|profil|sequencing|panel|genotyp|unknown|rates?|frequency)\b",
    re.IGNORECASE,
)
_TESTED_FOR = Guarded(
    r"\b(?:test(?:ed|ing|s)?|screen(?:ed|ing)?|analy[sz](?:ed|is)|evaluat(?:ed|ion)|assess(?:ed|ment)|negative|"
    r"status) (?:for|of)\s+(?:the\s+|an?\s+)?$",
    re.IGNORECASE,
)
# Nouns of alterations that go on behind one: "mutation, amplification or overexpression".
_STATE_OF: Final = {
    "mut": "mutated", "fus": "fusion", "amp": "amplified", "del": "deleted", "exp": "overexpressed", "loss": "loss",
}  # fmt: skip
_ALTERATION = re.compile(
    r"\b(?:(?P<mut>mutat(?:ions?|ed))|(?P<fus>fusions?|(?:re-?arrange|translocat)(?:ments?|ions?|d|ed))|"
    r"(?P<amp>amplifi(?:cations?|ed))|(?P<del>delet(?:ions?|ed))|(?P<exp>over-?express(?:ion|ed|ing))|(?P<loss>loss))\b",
    re.IGNORECASE,
)
_NOUN = rf"(?:(?:gene|protein|activating)\s)?(?:{re.sub(r'[?]P<[a-z]+>', '?:', _ALTERATION.pattern)})"
_MORE_ALTERATIONS = re.compile(rf"(?:\s?,\s?{_NOUN}){{0,4}}(?:\s?/\s?|,?\s(?:and/or|or|and)\s){_NOUN}", re.IGNORECASE)
_OF_ANOTHER = re.compile(
    r"[\s\-]?(?:(?:of|in|to|from)\b(?! exon)|tests?\b|testing|analys|assay|screen|status|[A-Z][A-Z\d]{2})"
)
_ALTERATIONS: Final = frozenset(_STATE_OF.values())
_SAID_BY_WORDS: Final = frozenset({"state-word", "state-name"})
_STATE_LENGTH = 60  # code points behind a name in which its state is looked for
_LIST_GAP = 20
_WRAPPED_GAP = 50  # the same where a line is wrapped and indented
_MARKERS_BACK = 3
_SCORE_REACH = 60
_BETWEEN_SCORES = re.compile(r"[;\n]|\.\s")
_NEW_ITEM = re.compile(r"\n\s*(?:\n|[-*•·]\s)")


class Draft(NamedTuple):
    """A name in a text before its state and meaning are settled."""

    start: int
    end: int
    concept: Concept
    rule: str
    certain: bool
    state: str | None = None
    state_start: int = -1
    state_end: int = -1


def with_states(text: str, markers: list[Draft]) -> list[Draft]:
    """Return the markers of a text, in order, with their states; a name and its short form are read as one."""
    joined, parts = _with_brackets(text, markers)
    settled: list[Draft] = []
    for place, draft in enumerate(joined):
        before = max(joined[place - 1].end, settled[-1].state_end) if place else 0
        after = joined[place + 1].start if place + 1 < len(joined) else len(text)
        settled.append(
            _named_state(text, draft) if draft.state is not None else _with_state(text, draft, before, after)
        )
    return _with_more_alterations(text, _parted(_proved(text, _share_states(text, settled)), parts))


def _with_more_alterations(text: str, drafts: list[Draft]) -> list[Draft]:
    """Add the other alterations of a marker that share its name: "FGFR2 amplification or fusion" says two states.

    The name of each is the word of its alteration: that is where it stands in the logic of a criterion.
    """
    found: list[Draft] = []
    for place, draft in enumerate(drafts):
        found.append(draft)
        if draft.rule not in _SAID_BY_WORDS or draft.state not in _ALTERATIONS or draft.state_end <= draft.end:
            continue
        following = drafts[place + 1].start if place + 1 < len(drafts) else len(text)
        listed = _MORE_ALTERATIONS.match(text, draft.state_end, max(draft.state_end, following))
        if listed is None or _OF_ANOTHER.match(text, listed.end()):
            continue
        states = {draft.state}
        for noun in _ALTERATION.finditer(text, listed.start(), listed.end()):
            state = possible_state(draft.concept, _STATE_OF[noun.lastgroup or ""])
            if state is not None and state not in states:
                states.add(state)
                found.append(
                    draft._replace(
                        start=noun.start(), end=noun.end(), rule="state-coordination", state=state,
                        state_start=min(draft.start, draft.state_start), state_end=noun.end(),
                    )
                )  # fmt: skip
    return found


def _with_brackets(text: str, markers: list[Draft]) -> tuple[list[Draft], dict[int, tuple[Draft, Draft]]]:
    """Join "estrogen receptor (ER)", whose state stands behind the bracket; return the parts as well."""
    joined: list[Draft] = []
    parts: dict[int, tuple[Draft, Draft]] = {}
    for draft in markers:
        last = joined[-1] if joined else None
        if (
            last is None
            or last.concept is not draft.concept
            or text[last.end : draft.start] not in {" (", "("}
            or text[draft.end : draft.end + 1] != ")"
        ):
            joined.append(draft)
        elif last.state is not None:  # "homologous recombination deficient (HRD)"
            if draft.state in {None, last.state}:
                joined[-1] = last._replace(end=draft.end + 1, state_end=draft.end + 1)
            else:
                joined.append(draft)
        else:
            parts[last.start] = last, draft
            rule = last.rule if last.certain else draft.rule
            joined[-1] = last._replace(end=draft.end + 1, rule=rule, certain=last.certain or draft.certain)
    return joined, parts


def _parted(drafts: list[Draft], parts: dict[int, tuple[Draft, Draft]]) -> list[Draft]:
    """Take names and short forms apart again where no state holds them together."""
    if not parts:
        return drafts
    apart: list[Draft] = []
    for draft in drafts:
        if draft.state is None and draft.start in parts:
            apart += [part._replace(certain=draft.certain) for part in parts[draft.start]]
        else:
            apart.append(draft)
    return apart


def _named_state(text: str, draft: Draft) -> Draft:
    """Take the state off a name that has one ("ER positive" as a label) where the other side stands beside it."""
    limit = min(len(text), draft.end + _STATE_LENGTH)
    state = Found(draft.state or "", draft.start, draft.end)
    is_open = is_hyphen(text, draft.end - 1) or names_both_sides(text, state, limit)
    if is_open or counts_metaphases(text, draft.end):
        return draft._replace(state=None, rule="dictionary")
    return draft


def _with_state(text: str, draft: Draft, before: int, after: int) -> Draft:
    """Read the state from the words beside a marker, up to its neighbours."""
    limit = min(len(text), draft.end + _STATE_LENGTH)
    found, rule = _behind(text, draft, after, limit)
    if found is None and draft.concept.notation == "her2":
        found, rule = by_score(text, draft.end, limit), "her2-ihc-score"
    if found is None:
        found, rule = _by_number(text, draft, limit), "threshold"
    if found is None:
        found, rule = state_before(text, draft.start, before), "state-word"
        if found is not None and not draft.certain and not found.sure:
            found = None
    if found is None:
        found = by_association(text, draft.concept.notation or "", draft.start, draft.end)
    if found is None and draft.certain and _is_there(text, draft):
        found, rule = Found("mutated", draft.start, draft.end), "alteration-name"
    state = possible_state(draft.concept, found.state) if found else None
    if found is None or state is None:
        return _proved_by_share(text, draft)
    start, end = min(draft.start, found.start), max(draft.end, found.end)
    return draft._replace(rule=rule, certain=True, state=state, state_start=start, state_end=end)


def _by_number(text: str, draft: Draft, limit: int) -> Found | None:
    notation = draft.concept.notation or ""
    return (
        by_share(text, notation, draft.start, draft.end, limit)
        or by_allred(text, notation, draft.start, draft.end, limit)
        or by_level(text, notation, draft.end, limit)
    )


def _behind(text: str, draft: Draft, after: int, limit: int) -> tuple[Found | None, str]:
    """Return the state behind a marker, unless its words are the next marker's or only join the two."""
    found = state_after(text, draft.start, draft.end, limit)
    if found is None:
        return None, ""
    words = text[draft.end : found.end]
    if found.end > after + 3 and text[after : found.end].strip():
        return None, ""
    joins = not draft.certain or (after < len(text) and text[found.end : after].isspace())
    if joins and words.strip() == "+" and words[0].isspace():
        return None, ""  # "L861Q + S768I", "CR + PR + SD"
    return found, "state-word" if any(map(str.isalpha, words)) else "state-sign"


def _is_there(text: str, draft: Draft) -> bool:
    """Tell whether the bare name of an alteration says that it is there, not that it is tested for."""
    if not is_alteration(draft.concept) or _NOT_FOUND_YET.match(text, draft.end):
        return False
    return _TESTED_FOR.search(text[max(0, draft.start - 40) : draft.start]) is None


def _proved_by_share(text: str, draft: Draft) -> Draft:
    """Settle an ambiguous name without a state by the share of cells, or by two states, behind it."""
    if draft.certain:
        return draft
    if _SIDE.match(text, draft.end):
        return draft._replace(certain=True, rule="ambiguous-label")
    if draft.concept.notation in _PROVED_BY_SHARE and _SHARE_OF_CELLS.match(text, draft.end):
        return draft._replace(certain=True, rule="threshold")
    value = threshold_before(text, draft.start, draft.end) or threshold(
        text, draft.end, draft.end + _STATE_LENGTH, draft.concept.notation
    )
    if value is not None and (value.unit in SCALES or draft.concept.notation in _PROVED_BY_VALUE):
        return draft._replace(certain=True, rule="threshold")
    return draft


# --- lists


def _share_states(text: str, drafts: list[Draft]) -> list[Draft]:
    """Hand the state of one marker of a list to the others: "ER and/or PR positive", "negative for ER and PR"."""
    drafts = list(drafts)
    for place in range(1, len(drafts)):
        left, right = drafts[place - 1], drafts[place]
        leading = left.state is not None and left.state_start < left.start and left.state_end <= left.end
        if leading and right.state is None and (_listed(text, left, right) or _goes_on_in_brackets(text, left, right)):
            drafts[place] = _inherit(right, left, left.state_start, right.end)
    for place in range(len(drafts) - 2, -1, -1):
        left, right = drafts[place], drafts[place + 1]
        if right.state is None or right.state_end <= right.end or not _listed(text, left, right):
            continue
        hanging = _HANGING_HYPHEN.match(text, left.end) and _WORD_STATE.match(text, right.end)
        if left.state is None or (left.rule == "state-sign" and hanging):
            drafts[place] = _inherit(left, right, left.start, right.state_end)
    return drafts


def _proved(text: str, drafts: list[Draft]) -> list[Draft]:
    """Settle ambiguous names: a list with a certain marker proves them, from neighbour to neighbour."""
    drafts = [
        draft._replace(certain=False) if text[draft.start : draft.end] in _ONLY_IN_LISTS else draft for draft in drafts
    ]
    count = len(drafts)
    for places in (range(count), range(count - 1, -1, -1)):
        for place in places:
            draft = drafts[place]
            if draft.certain:
                continue
            proved = any(other.certain for other in _neighbours(text, drafts, place))
            if proved or _is_score_of(text, draft, drafts[max(0, place - _MARKERS_BACK) : place]):
                rule = draft.rule if draft.state is not None else "ambiguous-label"
                drafts[place] = draft._replace(certain=True, rule=rule)
    return drafts


def _is_score_of(text: str, draft: Draft, before: list[Draft]) -> bool:
    """Tell whether a score's short name stands behind its marker's: "PD-L1 expression (CPS ≥ 1 or TPS ≥ 1 %)"."""
    if draft.concept.notation not in SCORES_OF_MARKERS:
        return False
    scored = draft.concept.broader_iris
    return any(
        it.certain
        and (it.concept.iri in scored or it.concept.broader_iris == scored)
        and draft.start - it.end < _SCORE_REACH
        and _BETWEEN_SCORES.search(text, it.end, draft.start) is None
        for it in before
    )


def _neighbours(text: str, drafts: list[Draft], place: int) -> Iterator[Draft]:
    if place and _listed(text, drafts[place - 1], drafts[place]):
        yield drafts[place - 1]
    if place + 1 < len(drafts) and _listed(text, drafts[place], drafts[place + 1]):
        yield drafts[place + 1]


def _listed(text: str, left: Draft, right: Draft) -> bool:
    """Tell whether only a list's commas and conjunctions stand between two markers, or behind the left one's state."""
    if right.start - left.end >= _WRAPPED_GAP:
        return False
    gap = text[left.end : right.start]
    words = flat(gap) if gap else gap
    return len(words) < _LIST_GAP and _NEW_ITEM.search(gap) is None and _CONNECTOR.fullmatch(words) is not None


def _goes_on_in_brackets(text: str, left: Draft, right: Draft) -> bool:
    """Tell whether a list goes on into a bracket, or behind it: "rising CA 15-3 (CA 27.29) or CEA"."""
    gap = text[left.end : right.start]
    if gap in {" (", "("}:
        return text[right.end : right.end + 1] == ")"
    return gap.startswith(")") and len(gap) < _LIST_GAP and _CONNECTOR.fullmatch(gap[1:]) is not None


def _inherit(draft: Draft, giver: Draft, start: int, end: int) -> Draft:
    state = possible_state(draft.concept, giver.state or "", shared=True)
    if state is None:
        return draft
    return draft._replace(rule="state-coordination", certain=True, state=state, state_start=start, state_end=end)
