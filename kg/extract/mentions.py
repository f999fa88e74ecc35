"""Find the concepts that a trial's texts name, with the states of its markers.

Overlaps: the longest name wins, then the leftmost (`kg.lexicon`); of the meanings of one name see `_chosen`. An
ambiguous label counts only where the document defines it, where a marker state stands beside it, or where it is listed
together with a marker that is certain; a vocabulary's only where the document defines it.
"""

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from operator import attrgetter

from kg.extract.abbreviations import definitions
from kg.extract.coordination import with_coordinated
from kg.extract.drafts import Draft, with_states
from kg.extract.false_friends import is_doubtful, is_false_friend, is_imitation
from kg.extract.subtypes import Subtypes
from kg.lexicon import Entry, Lexicon, Match
from kg.models import Concept, ConceptType, Mention, Span, TextField
from kg.tokens import tokenise

# Kinds of names that have markers in them.
_COMPOUND = frozenset({ConceptType.DISEASE, ConceptType.PROCEDURE})
_REMEMBERED = 10_000  # disease names whose inner markers are kept in memory

# Conditions, keywords, interventions' names and outcomes are often those of another trial: a quarter of 977 trials'.
_SHORT_TEXT, _SHORT_TEXTS = 120, 4096
_OPPOSITES = ("non", "anti")  # "non-communicable diseases (NCD)"
_ARTICLE = 4  # code points before a name in a long form: "the "
_UNMISTAKABLE = 4  # letters of a short form that keeps its own meaning where the long form is unknown

# How certain a kind of find is: counted on development texts, rounded.
_CONFIDENCE = {
    "dictionary": 0.95, "abbreviation": 0.95, "state-word": 0.95, "state-sign": 0.95, "state-name": 0.95,
    "coordination": 0.9, "state-coordination": 0.9, "alteration-name": 0.9, "threshold": 0.85, "her2-ihc-score": 0.9,
    "ambiguous-label": 0.8, "triple-negative": 0.95,
}  # fmt: skip


class MentionFinder:
    """Finds mentions; one finder serves all trials."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._lexicon = lexicon
        self._markers = lexicon.only(ConceptType.MARKER)
        self._subtypes = Subtypes(lexicon)
        self._inside: dict[str, tuple[Match, ...]] = {}
        self._short_matches = lru_cache(_SHORT_TEXTS)(self._matches)

    def find(self, texts: Sequence[TextField]) -> list[list[Mention]]:
        """Return the mentions of each text, in order; abbreviations defined in one text count in all."""
        matches = [
            (self._short_matches if len(field.text) < _SHORT_TEXT else self._matches)(field.text) for field in texts
        ]
        local = self._local_abbreviations(texts, matches)
        pattern = _short_forms(local)
        return [self._of_text(field, found, local, pattern) for field, found in zip(texts, matches, strict=True)]

    def _matches(self, text: str) -> Sequence[Match]:
        tokens = tokenise(text)
        return with_coordinated(text, tokens, list(self._lexicon.find(text, tokens)), self._lexicon)

    def _local_abbreviations(
        self, texts: Sequence[TextField], matches: Sequence[Sequence[Match]]
    ) -> dict[str, Concept | None]:
        """Return what the document's own short forms mean; None for one that means nothing we know."""
        local: dict[str, Concept | None] = {}
        for field, found in zip(texts, matches, strict=True):
            if "(" not in field.text:
                continue
            for short, start, end in definitions(field.text):
                if local.get(short) is None:
                    first = max(0, bisect_left(found, start, key=_start) - 1)
                    near = found[first : bisect_left(found, end, key=_start)]
                    concept = _defined(field.text, near, start, end)
                    if concept is not None or not self._keeps_meaning(short, near, start, end):
                        local[short] = concept
        return local

    def _keeps_meaning(self, short: str, near: Sequence[Match], start: int, end: int) -> bool:
        """Tell whether a short form means what our dictionary says although its long form is not there as such."""
        own = self._lexicon.look_up(short)
        iris = {entry.concept.iri for entry in own}
        inside = [entry for match in near if match.start >= start for entry in match.entries]
        if any(entry.concept.iri in iris for entry in inside):
            return True
        certain = {entry.concept.concept_type for entry in own if not entry.ambiguous}
        around = [entry for match in near if match.end == end for entry in match.entries]
        if around:
            return any(entry.concept.concept_type in certain for entry in around)
        return bool(certain) and len(short) >= _UNMISTAKABLE

    def _of_text(
        self,
        field: TextField,
        matches: Iterable[Match],
        local: dict[str, Concept | None],
        pattern: re.Pattern[str] | None,
    ) -> list[Mention]:
        drafts: list[Draft] = []
        for match in matches:
            draft = _draft(field.text, match, local)
            if draft is not None:
                drafts.append(draft)
                if draft.concept.concept_type in _COMPOUND and draft.rule == "dictionary":
                    drafts += self._markers_inside(field.text, draft, local)
        if pattern is not None and any(short in field.text for short in local):
            drafts = list(_with_short_forms(field.text, drafts, local, pattern))
        markers = [draft for draft in drafts if draft.concept.concept_type is ConceptType.MARKER]
        if markers:
            markers = with_states(field.text, markers)
        markers += self._subtypes.find(field.text)
        if markers:
            others = _without_read_tests(drafts, markers)
            drafts = sorted(others + markers, key=lambda draft: (draft.start, -draft.end))
        return [_mention(field, draft) for draft in drafts if draft.certain]

    def _markers_inside(self, text: str, draft: Draft, local: dict[str, Concept | None]) -> list[Draft]:
        """Return the markers in another name: "HER2-low breast cancer" and "HER2 IHC" say something of HER2 as well."""
        surface = text[draft.start : draft.end]
        found = self._inside.get(surface)
        if found is None:
            # Of a vocabulary's genes some are named like the diseases they cause.
            found = tuple(it for it in self._markers.find(surface) if not any(entry.rank for entry in it.entries))
            if len(self._inside) < _REMEMBERED:
                self._inside[surface] = found
        if not found:
            return []
        moved = [match._replace(start=match.start + draft.start, end=match.end + draft.start) for match in found]
        return [inner for match in moved if (inner := _draft(text, match, local)) is not None]


_start = attrgetter("start")


def _defined(text: str, matches: Iterable[Match], start: int, end: int) -> Concept | None:
    """Return the concept whose name is the whole long form, or ends it."""
    for match in matches:
        if match.end == end and match.start >= start:
            entry = _chosen(match.entries, text[match.start : match.end])
            if entry is None or entry.ambiguous or match.start > start + _ARTICLE:
                return None
            return None if text[start : match.start].casefold().startswith(_OPPOSITES) else entry.concept
    return None


def _short_forms(local: dict[str, Concept | None]) -> re.Pattern[str] | None:
    known = sorted((short for short, concept in local.items() if concept is not None), key=len, reverse=True)
    if not known:
        return None
    return re.compile(rf"(?<![A-Za-z0-9])({'|'.join(map(re.escape, known))})s?(?![A-Za-z0-9])")


def _draft(text: str, match: Match, local: dict[str, Concept | None]) -> Draft | None:
    """Choose what a match means: the document's own definition, else the one entry that fits."""
    start, end = match.start, match.end
    surface = text[start:end]
    short = surface if surface in local else surface.removesuffix("s")
    if short in local:
        concept = local[short]
        if concept is None or is_imitation(text, start, end, concept):
            return None
        return Draft(start, end, concept, "abbreviation", True)
    entry = match.entries[0] if len(match.entries) == 1 else _chosen(match.entries, surface)
    if (
        entry is None
        or (entry.rank and is_doubtful(entry, text, start, end))
        or is_false_friend(text, start, end, entry.concept)
    ):
        return None
    if entry.state is not None:
        return Draft(start, end, entry.concept, "state-name", True, entry.state, start, end)
    return Draft(start, end, entry.concept, "coordination" if match.coordinated else "dictionary", not entry.ambiguous)


def _chosen(entries: tuple[Entry, ...], surface: str) -> Entry | None:
    """Return the one meaning of a name; None where there are two.

    Certain labels go before ambiguous ones, then bundled labels before a vocabulary's, then labels that are spelled as
    the text is ("glutamate" is not the class of "glutamates"), then lower ranks before higher.
    """
    if len(entries) == 1:
        return entries[0]
    left = [entry for entry in entries if not entry.ambiguous] or list(entries)
    left = [entry for entry in left if not entry.rank] or left
    if _meanings(left) > 1:
        left = [entry for entry in left if entry.label.casefold() == surface.casefold()] or left
        lowest = min(entry.rank for entry in left)
        left = [entry for entry in left if entry.rank == lowest]
    return left[0] if _meanings(left) == 1 else None


def _meanings(entries: Iterable[Entry]) -> int:
    return len({(entry.concept.iri, entry.state) for entry in entries})


def _with_short_forms(
    text: str, drafts: list[Draft], local: dict[str, Concept | None], pattern: re.Pattern[str]
) -> Iterator[Draft]:
    """Yield the drafts and, where none stands, the document's own short forms, in order."""
    place, count, taken = 0, len(drafts), 0
    for match in pattern.finditer(text):
        start, end = match.span()
        while place < count and drafts[place].start < end:
            taken = max(taken, drafts[place].end)
            yield drafts[place]
            place += 1
        concept = local[match.group(1)]
        if concept is not None and taken <= start and not is_imitation(text, start, end, concept):
            yield Draft(start, end, concept, "abbreviation", True)
    yield from drafts[place:]


def _without_read_tests(drafts: list[Draft], markers: list[Draft]) -> list[Draft]:
    """Return the other drafts, without tests whose result is read: "HER2 IHC 3+" is HER2's state, not an assay."""
    read = {draft.start: draft.state_end for draft in markers if draft.state is not None}
    return [
        draft
        for draft in drafts
        if draft.concept.concept_type is not ConceptType.MARKER
        and not (draft.concept.concept_type is ConceptType.PROCEDURE and read.get(draft.start, 0) > draft.end)
    ]


def _mention(field: TextField, draft: Draft) -> Mention:
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
