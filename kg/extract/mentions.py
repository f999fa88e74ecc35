"""Find the concepts that a trial's texts name, with the states of its markers.

Overlaps: the longest name wins, then the leftmost (`kg.lexicon`). An ambiguous label counts only where the document defines it,
where a marker state stands beside it, or where it is listed together with a marker that is certain.
"""

import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from kg.extract.abbreviations import definitions
from kg.extract.states import Found, possible_state, state_after, state_before
from kg.lexicon import Entry, Lexicon, Match
from kg.models import Concept, ConceptType, Mention, Span, TextField

_CONNECTOR = re.compile(r"\s*[\-‐‑–]?\s*(?:status\s*)?(?:/|,|\+|&|and\s*/\s*or|and|or|\s)+\s*(?:the\s+|both\s+)?\s*", re.IGNORECASE)
_HANGING_HYPHEN = re.compile(r"[\-‐‑–]\s*(?:,|/|and\b|or\b)")
_WORD_STATE = re.compile(r"[\s\-‐‑–]*[A-Za-z]")
_HER2_SCORE = re.compile(
    r"[\s\-,:(]*(?:(?:IHC|immunohistochemistry|score(?: of)?|by)[\s:=()]*){0,3}(?P<score>[0-3]\+?)(?!\d|\s*(?:to|-|–|%|mg|months|\.\d))"
    r"(?=$|[\s,;.)/])", re.IGNORECASE
)
# ASCO/CAP guideline 2018 with the HER2-low wording of its 2023 affirmation; 2+ alone says nothing.
_HER2_BY_SCORE = {"3+": "positive", "1+": "low", "0": "negative"}

# French for hormone receptors, but the rhesus factor has states too: only in a list with another marker.
_ONLY_IN_LISTS = frozenset({"RH"})
_REMEMBERED = 10_000  # disease names whose inner markers are kept in memory

# How certain a kind of find is: counted on development texts, rounded.
_CONFIDENCE = {
    "dictionary": 0.95, "abbreviation": 0.95, "state-word": 0.95, "state-sign": 0.95, "state-name": 0.95,
    "state-coordination": 0.9, "her2-ihc-score": 0.9, "ambiguous-label": 0.8,
}  # fmt: skip


class _Draft(NamedTuple):
    """A name in a text before its state and meaning are settled."""

    start: int
    end: int
    concept: Concept
    rule: str
    certain: bool
    state: str | None = None
    state_start: int = -1
    state_end: int = -1


class MentionFinder:
    """Finds mentions; one finder serves all trials."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._lexicon = lexicon
        self._markers = lexicon.only(ConceptType.MARKER)
        self._inside: dict[str, tuple[Match, ...]] = {}

    def find(self, texts: Sequence[TextField]) -> list[list[Mention]]:
        """Return the mentions of each text, in order; abbreviations defined in one text count in all."""
        matches = [list(self._lexicon.find(field.text)) for field in texts]
        local = self._local_abbreviations(texts, matches)
        pattern = _short_forms(local)
        return [
            self._of_text(field, found, local, pattern) for field, found in zip(texts, matches, strict=True)
        ]

    def _local_abbreviations(
        self, texts: Sequence[TextField], matches: Sequence[list[Match]]
    ) -> dict[str, Concept | None]:
        """Return what the document's own short forms mean; None for one that means nothing we know."""
        local: dict[str, Concept | None] = {}
        for field, found in zip(texts, matches, strict=True):
            if "(" not in field.text:
                continue
            for short, start, end in definitions(field.text):
                concept = _defined(found, start, end)
                own = {entry.concept.iri for entry in self._lexicon.look_up(short)}
                inside = {entry.concept.iri for match in found for entry in match.entries if start <= match.start < end}
                if concept is not None or not own & inside:
                    if local.get(short) is None:
                        local[short] = concept
        return local

    def _of_text(
        self, field: TextField, matches: Iterable[Match], local: dict[str, Concept | None], pattern: re.Pattern[str] | None
    ) -> list[Mention]:
        drafts: list[_Draft] = []
        for match in matches:
            draft = _draft(field.text, match, local)
            if draft is not None:
                drafts.append(draft)
                drafts += self._markers_inside(field.text, draft, local)
        if pattern is not None:
            drafts = _with_short_forms(field.text, drafts, local, pattern)
        markers = [draft for draft in drafts if draft.concept.concept_type is ConceptType.MARKER]
        if markers:
            others = [draft for draft in drafts if draft.concept.concept_type is not ConceptType.MARKER]
            drafts = sorted(others + _with_states(field.text, markers), key=lambda draft: (draft.start, -draft.end))
        return [_mention(field, draft) for draft in drafts if draft.certain]

    def _markers_inside(self, text: str, draft: _Draft, local: dict[str, Concept | None]) -> list[_Draft]:
        """Return the markers in a disease's name: "HER2-low breast cancer" says something of HER2 as well."""
        if draft.concept.concept_type is not ConceptType.DISEASE or draft.rule != "dictionary":
            return []
        surface = text[draft.start : draft.end]
        found = self._inside.get(surface)
        if found is None:
            found = tuple(self._markers.find(surface))
            if len(self._inside) < _REMEMBERED:
                self._inside[surface] = found
        moved = [match._replace(start=match.start + draft.start, end=match.end + draft.start) for match in found]
        return [inner for match in moved if (inner := _draft(text, match, local)) is not None]


def _defined(matches: Iterable[Match], start: int, end: int) -> Concept | None:
    """Return the concept whose name is the whole long form, or ends it."""
    for match in matches:
        if match.end == end and match.start >= start:
            entries = [entry for entry in match.entries if not entry.ambiguous]
            return entries[0].concept if entries and match.start <= start + 4 else None
    return None


def _short_forms(local: dict[str, Concept | None]) -> re.Pattern[str] | None:
    known = sorted((short for short, concept in local.items() if concept is not None), key=len, reverse=True)
    if not known:
        return None
    return re.compile(rf"(?<![A-Za-z0-9])(?:{'|'.join(map(re.escape, known))})(?![A-Za-z0-9])")


def _draft(text: str, match: Match, local: dict[str, Concept | None]) -> _Draft | None:
    """Choose what a match means: the document's own definition, else the one entry that fits."""
    surface = text[match.start : match.end]
    if surface in local:
        concept = local[surface]
        if concept is None:
            return None
        return _Draft(match.start, match.end, concept, "abbreviation", True)
    entries = _preferred(match.entries)
    if len({(entry.concept.iri, entry.state) for entry in entries}) != 1:
        return None
    entry = entries[0]
    if entry.state is not None:
        return _Draft(match.start, match.end, entry.concept, "state-name", True, entry.state, match.start, match.end)
    return _Draft(match.start, match.end, entry.concept, "dictionary", not entry.ambiguous)


def _preferred(entries: tuple[Entry, ...]) -> list[Entry]:
    certain = [entry for entry in entries if not entry.ambiguous]
    return certain or list(entries)


def _with_short_forms(
    text: str, drafts: list[_Draft], local: dict[str, Concept | None], pattern: re.Pattern[str]
) -> list[_Draft]:
    taken = [(draft.start, draft.end) for draft in drafts]
    found = list(drafts)
    for match in pattern.finditer(text):
        concept = local[match.group()]
        if concept is not None and not any(start < match.end() and match.start() < end for start, end in taken):
            found.append(_Draft(match.start(), match.end(), concept, "abbreviation", True))
    return sorted(found, key=lambda draft: draft.start)


# --- states


def _with_states(text: str, markers: list[_Draft]) -> list[_Draft]:
    settled: list[_Draft] = []
    for place, draft in enumerate(markers):
        if draft.state is not None:
            settled.append(draft)
            continue
        before = markers[place - 1].end if place else 0
        after = markers[place + 1].start if place + 1 < len(markers) else len(text)
        settled.append(_with_state(text, draft, before, after))
    return _share_states(text, settled)


def _with_state(text: str, draft: _Draft, before: int, after: int) -> _Draft:
    """Read the state from the words beside a marker, up to its neighbours."""
    limit = min(len(text), draft.end + 60)
    found = state_after(text, draft.end, limit)
    rule = "state-sign" if found and not any(char.isalpha() for char in text[draft.end : found.end]) else "state-word"
    if found and found.end > after + 3 and not _overlaps_nothing(text, found, after):
        found = None
    if found is None and draft.concept.notation == "her2" and (score := _HER2_SCORE.match(text, draft.end, limit)):
        state = _HER2_BY_SCORE.get(score["score"])
        found, rule = (Found(state, draft.end, score.end()), "her2-ihc-score") if state else (None, rule)
    if found is None and (found := state_before(text, draft.start, before)):
        rule = "state-word"
        if not draft.certain:
            found = None
    state = possible_state(draft.concept, found.state) if found else None
    if found is None or state is None:
        return draft
    return draft._replace(
        rule=rule, certain=True, state=state, state_start=min(draft.start, found.start), state_end=max(draft.end, found.end)
    )


def _overlaps_nothing(text: str, found: Found, after: int) -> bool:
    """Tell whether the state's own words lie before the next name (its bridge may run into "by IHC")."""
    return not text[after : found.end].strip()


def _share_states(text: str, drafts: list[_Draft]) -> list[_Draft]:
    """Hand the state of one marker of a list to its neighbours: "ER and/or PR positive", "negative for ER, PR and HER2"."""
    drafts = list(drafts)
    for place in range(len(drafts) - 2, -1, -1):
        left, right = drafts[place], drafts[place + 1]
        if right.state is None or not _listed(text, left, right) or right.state_end <= right.end:
            continue
        hanging = _HANGING_HYPHEN.match(text, left.end) and _WORD_STATE.match(text, right.end)
        if left.state is None or (left.rule == "state-sign" and hanging):
            drafts[place] = _inherit(left, right, left.start, right.state_end)
    for place in range(1, len(drafts)):
        left, right = drafts[place - 1], drafts[place]
        leading = left.state is not None and left.state_start < left.start and left.state_end <= left.end
        if leading and right.state is None and _listed(text, left, right):
            inherited = _inherit(right, left, left.state_start, right.end)
            drafts[place] = inherited
    for place, draft in enumerate(drafts):
        if text[draft.start : draft.end] in _ONLY_IN_LISTS and not any(_certain_neighbour(text, drafts, place)):
            drafts[place] = draft._replace(certain=False)
        elif not draft.certain and any(_certain_neighbour(text, drafts, place)):
            drafts[place] = draft._replace(certain=True, rule="ambiguous-label")
    return drafts


def _certain_neighbour(text: str, drafts: list[_Draft], place: int) -> Iterable[bool]:
    for left, right in ((place - 1, place), (place, place + 1)):
        if left >= 0 and right < len(drafts) and _listed(text, drafts[left], drafts[right]):
            other = drafts[right if left == place else left]
            yield other.certain and other.concept.concept_type is ConceptType.MARKER


def _listed(text: str, left: _Draft, right: _Draft) -> bool:
    both = left.concept.concept_type is ConceptType.MARKER and right.concept.concept_type is ConceptType.MARKER
    gap = text[left.end : right.start]
    return both and len(gap) < 20 and "\n\n" not in gap and _CONNECTOR.fullmatch(gap) is not None


def _inherit(draft: _Draft, giver: _Draft, start: int, end: int) -> _Draft:
    state = possible_state(draft.concept, giver.state or "")
    if state is None:
        return draft
    return draft._replace(rule="state-coordination", certain=True, state=state, state_start=start, state_end=end)


def _mention(field: TextField, draft: _Draft) -> Mention:
    start, end = draft.start, draft.end
    if draft.state is not None:
        start, end = min(start, draft.state_start), max(end, draft.state_end)
    return Mention(
        span=Span(text=field, start=start, end=end),
        concept=draft.concept,
        name_start=draft.start,
        name_end=draft.end,
        rule=draft.rule,
        confidence=_CONFIDENCE[draft.rule],
        state=draft.state,
    )
