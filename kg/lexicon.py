"""An index of labels over concepts: what a name may mean, and where names stand in a text. Plain Python."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from itertools import compress
from typing import NamedTuple, Protocol

from kg.identifiers import HGNC, MESH, OBO
from kg.models import Concept, ConceptType
from kg.tokens import NORMAL_FORMS, Tokens, key, tokenise

# Second word (empty for names of one word) to how many words the names have, longest first.
Lengths = Mapping[str, tuple[int, ...]]

# A label this short, all in capitals, is an abbreviation: "CAT" is not "cat".
_TWO_LETTERS = 2
_SHORT_LABEL = 5
# What may stand between two tokens of one name: white space, hyphens and slashes. Any other punctuation must be in the
# label as well, and a blank line, list item or long gap ends a name.
_GAP = re.compile(r"[\s\-‐‑‒–—/.,'’()\[\]®™+:;*\\]{1,16}")
_PUNCTUATION = frozenset(".,:;()[]")
_REMEMBERED = 500_000  # keys and words kept in memory: a bound, so that hostile text cannot fill it
# Behind a hyphen these belong to the word before it: "nitrate-induced hypotension" is no induced hypotension.
_SECOND_PARTS = frozenset({"induced", "associated", "related", "dependent", "resistant", "mediated", "based"})
_UNKNOWN_ELSEWHERE = 100  # a rank behind all of a vocabulary's
_LIST_ITEM = re.compile(r"\n\s*(?:\n|[-*•]\s)")
_MINUS = re.compile(r"\w[-–−](?!\w)")


class Entry(NamedTuple):
    """One label of one concept; ``state`` is set where the label names a marker in a state ("dMMR")."""

    concept: Concept
    label: str
    kind: str  # prefLabel, altLabel, hiddenLabel or ambiguousLabel
    state: str | None = None
    rank: int = 0  # where several concepts have a name, the lower is meant; 0 are the bundled ones

    @property
    def ambiguous(self) -> bool:
        """Whether the context has to prove the meaning."""
        return self.kind == "ambiguousLabel"

    def fits(self, surface: str) -> bool:
        """Tell whether the label may be written like this: signs count, and short labels keep their capitals."""
        return surface == self.label or _strictness(self.label).allows(surface)


class _Strictness(NamedTuple):
    """What a spelling of a label must have."""

    plus: bool
    minus: bool
    capitals: bool  # an abbreviation: "CAT" is not "cat"
    small_first: bool  # "pCR" is not "PCR", "eGFR" not "EGFR"
    exact: bool  # two letters of both kinds: "Ph" is not "pH" or "PH"

    def allows(self, surface: str) -> bool:
        """Tell whether ``surface`` has it all."""
        if (self.plus and "+" not in surface) or (self.minus and not _MINUS.search(surface)):
            return False
        if self.exact:
            return False
        if self.capitals:
            return not any(map(str.islower, surface.removesuffix("s")))
        return not (self.small_first and surface[0].isupper() and any(map(str.isupper, surface[1:2])))


@cache
def _strictness(label: str) -> _Strictness:
    short = len(label) <= _SHORT_LABEL
    return _Strictness(
        plus="+" in label,
        minus=_MINUS.search(label) is not None,
        capitals=short and not any(map(str.islower, label)),
        small_first=short and label[:1].islower() and label[1:2].isupper(),
        exact=len(label) == _TWO_LETTERS and label.isalpha() and label not in {label.upper(), label.lower()},
    )


class Match(NamedTuple):
    """A stretch of tokens that spells labels; ``start`` and ``end`` are offsets in the text."""

    start: int
    end: int
    first: int  # index of the first token
    last: int  # index behind the last token
    entries: tuple[Entry, ...]
    coordinated: bool = False  # the words are a part of the name, which shares others with its neighbour


class Names(Protocol):
    """Names beside those in memory, read when they are asked for (`kg.vocabulary.lexicon`)."""

    def entries(self, label_key: str) -> tuple[Entry, ...]:
        """Return the entries with this key; none if there are none."""

    def lengths(self, first: str) -> Lengths | None:
        """Return the lengths of the names that start with a word; None if there are none."""


class _NoNames:
    """Nothing beside what is in memory."""

    def entries(self, _: str) -> tuple[Entry, ...]:
        return ()

    def lengths(self, _: str) -> Lengths | None:
        return None


class _Named(NamedTuple):
    """What a key names; ``free`` where each label may be written in any way."""

    entries: tuple[Entry, ...]
    free: bool


_NOTHING = _Named((), free=True)
_ANY_SPELLING = _Strictness(plus=False, minus=False, capitals=False, small_first=False, exact=False)


class _Entries(dict[str, _Named]):
    """Entries by key; those that are not in memory are fetched once."""

    def __init__(self, known: dict[str, tuple[Entry, ...]], more: Names) -> None:
        super().__init__()
        self.known = known
        self._more = more

    def __missing__(self, label_key: str) -> _Named:
        own, added = self.known.get(label_key, ()), self._more.entries(label_key)
        entries = _combined(own, added) if own and added else own or added
        free = all(_strictness(entry.label) == _ANY_SPELLING for entry in entries)
        named = _Named(entries, free) if entries else _NOTHING
        if len(self) < _REMEMBERED:
            self[label_key] = named
        return named


class _Firsts(dict[str, Lengths]):
    """Lengths by first word, empty for a word that starts no name; fetched once like entries."""

    def __init__(self, known: Mapping[str, Mapping[str, set[int]]], more: Names) -> None:
        super().__init__()
        self._known = known
        self._more = more

    def __missing__(self, first: str) -> Lengths:
        own, added = self._known.get(first), self._more.lengths(first)
        lengths = _NO_LENGTHS if own is None and added is None else _joined(own or {}, added or {})
        if len(self) < _REMEMBERED:
            self[first] = lengths
        return lengths


_NO_LENGTHS: Lengths = {}


def _joined(own: Mapping[str, Iterable[int]], added: Lengths) -> Lengths:
    return {
        second: tuple(sorted({*own.get(second, ()), *added.get(second, ())}, reverse=True)) for second in {*own, *added}
    }


class _Start(NamedTuple):
    """What names may start with a word as it is written."""

    lengths: Lengths  # of the longer ones, by their second word
    alone: tuple[Entry, ...]  # those that are this word, and may be written like this
    form: str  # the word's


class _Starts(dict[str, _Start | None]):
    """What may start with a word as it is written, worked out once a word: one look-up a word is what `find` costs."""

    def __init__(self, firsts: _Firsts, entries: _Entries) -> None:
        super().__init__()
        self._firsts = firsts
        self._entries = entries

    def __missing__(self, word: str) -> _Start | None:
        form = NORMAL_FORMS[word]
        lengths = self._firsts[form]
        alone: tuple[Entry, ...] = ()
        if "" in lengths:
            alone = tuple([it for it in self._entries[form].entries if it.fits(word)])
            lengths = {second: found for second, found in lengths.items() if second}
        start = _Start(lengths, alone, form) if lengths or alone else None
        if len(self) < _REMEMBERED:
            self[word] = start
        return start


def _combined(own: tuple[Entry, ...], added: tuple[Entry, ...]) -> tuple[Entry, ...]:
    """Return bundled entries and those of a vocabulary.

    Where the bundled ones call a name ambiguous, it is. A bundled concept that no authority knows gives way to a
    vocabulary's concept of the same class and name: MeSH's identifier is the canonical one where MeSH has it. A marker
    stays, for its states.
    """
    known = {entry.concept.iri for entry in own}
    others = [entry for entry in added if entry.concept.iri not in known]
    if any(entry.ambiguous for entry in own):
        others = [entry._replace(kind="ambiguousLabel") for entry in others]
    classes = {entry.concept.concept_type for entry in others if not entry.ambiguous} - {ConceptType.MARKER}
    kept = (
        it._replace(rank=_UNKNOWN_ELSEWHERE) if it.concept.concept_type in classes and _is_own(it.concept) else it
        for it in own
    )
    return (*kept, *others)


def _is_own(concept: Concept) -> bool:
    """Tell whether no authority's identifier is known for a concept."""
    return not concept.exact_match_iris and not concept.iri.startswith((MESH, OBO, HGNC))


class Lexicon:
    """Labels by key, ready for look-up and for finding names in text.

    Args:
        labels: Entries in any order; the index does not depend on it.
        more: Names beside them, read when they are asked for.
    """

    def __init__(self, labels: Iterable[Entry], more: Names | None = None) -> None:
        # By what tells entries apart: hashing whole concepts would take longer than all the rest.
        index: dict[str, dict[tuple[str, str, str, str], Entry]] = {}
        for entry in labels:
            label_key = key(entry.label)
            if len(label_key) > 1 and not label_key.replace(" ", "").isdigit():
                told_apart = (entry.concept.iri, entry.label, entry.kind, entry.state or "")
                index.setdefault(label_key, {})[told_apart] = entry
        known = {
            label_key: tuple(entries.values() if len(entries) == 1 else [entries[it] for it in sorted(entries)])
            for label_key, entries in index.items()
        }
        lengths: dict[str, dict[str, set[int]]] = defaultdict(lambda: defaultdict(set))
        for label_key in known:
            words = label_key.split(" ")
            lengths[words[0]][words[1] if len(words) > 1 else ""].add(len(words))
        self._more = more or _NoNames()
        self._by_key = _Entries(known, self._more)
        firsts = _Firsts({first: dict(seconds) for first, seconds in lengths.items()}, self._more)
        self._starts = _Starts(firsts, self._by_key)

    def only(self, concept_type: ConceptType) -> "Lexicon":
        """Return a lexicon of the labels of one class of concepts."""
        entries = (entry for found in self._by_key.known.values() for entry in found)
        more = _OfOneClass(self._more, concept_type)
        return Lexicon((entry for entry in entries if entry.concept.concept_type is concept_type), more)

    def __len__(self) -> int:
        """Return the number of keys in memory."""
        return len(self._by_key.known)

    def look_up(self, name: str) -> tuple[Entry, ...]:
        """Return the entries that ``name`` spells, ambiguous ones included; none if it is unknown."""
        entries = self._by_key[key(name)].entries
        return tuple(entry for entry in entries if entry.fits(name)) or entries

    def entries(self, label_key: str) -> tuple[Entry, ...]:
        """Return the entries with a key (`kg.tokens.key`); none if there are none."""
        return self._by_key[label_key].entries

    def find(self, text: str, tokens: Tokens | None = None) -> Iterator[Match]:
        """Yield the names in ``text`` from left to right: the longest at each place, none overlapping.

        An entry whose spelling does not fit (capitals of an abbreviation) is left out of its match.
        """
        words, starts, ends = tokens or tokenise(text)
        begun = list(map(self._starts.__getitem__, words))
        last = len(words) - 1
        behind = 0
        for place, (longer, alone, form) in zip(compress(range(len(words)), begun), filter(None, begun), strict=True):
            lengths = longer.get(NORMAL_FORMS[words[place + 1]]) if place < last else None
            if (lengths is None and not alone) or place < behind:
                continue
            start = starts[place]
            before = text[start - 1 : start]
            if before.isalnum() or (before == "-" and form in _SECOND_PARTS):
                continue
            match = self._longest(text, words, starts, ends, place, lengths) if lengths else None
            if match is None and alone and not text[ends[place] : ends[place] + 1].isalnum():
                match = Match(start, _end_of_name(text, start, ends[place], alone), place, place + 1, alone)
            if match is not None:
                yield match
                behind = match.last

    def _longest(
        self, text: str, words: list[str], starts: list[int], ends: list[int], first: int, lengths: tuple[int, ...]
    ) -> Match | None:
        """Return the longest name of some numbers of words, two at least, that starts at a place."""
        start = starts[first]
        for length in lengths:
            last = first + length
            named = self._by_key[" ".join([NORMAL_FORMS[it] for it in words[first:last]])]
            if named is _NOTHING or last > len(ends):
                continue
            end = ends[last - 1]
            if end < len(text) and text[end].isalnum():
                continue
            entries, surface = named.entries, text[start:end]
            if not named.free:
                entries = tuple([entry for entry in entries if entry.fits(surface)])
            if entries and surface != " ".join(words[first:last]):
                entries = _spanning(entries, _punctuation(text, starts, ends, first, last))
            if entries:
                return Match(start, _end_of_name(text, start, end, entries), first, last, entries)
        return None


class _OfOneClass:
    """The names of one class of concepts."""

    def __init__(self, names: Names, concept_type: ConceptType) -> None:
        self._names = names
        self._concept_type = concept_type

    def entries(self, label_key: str) -> tuple[Entry, ...]:
        return tuple(it for it in self._names.entries(label_key) if it.concept.concept_type is self._concept_type)

    def lengths(self, first: str) -> Lengths | None:
        return self._names.lengths(first)


def _end_of_name(text: str, start: int, end: int, entries: tuple[Entry, ...]) -> int:
    """Return the end of a name: without a "'s" that is no part of it, with the bracket that it opened ("del(17p)")."""
    if text[end : end + 1] == ")" and text.rfind("(", start, end) > text.rfind(")", start, end):
        return end + 1
    if end - start < _SHORT_LABEL or text[end - 2] not in "'’":
        return end
    return end if any(entry.label[-2:-1] in {"'", "’"} for entry in entries) else end - 2


def _spanning(entries: tuple[Entry, ...], punctuation: frozenset[str] | None) -> tuple[Entry, ...]:
    """Return the entries whose labels have all the punctuation that the text has."""
    if punctuation is None:
        return ()
    return entries if not punctuation else tuple([it for it in entries if punctuation.issubset(it.label)])


def _punctuation(text: str, starts: list[int], ends: list[int], first: int, last: int) -> frozenset[str] | None:
    """Return the punctuation between the tokens; None if they cannot belong to one name."""
    found: frozenset[str] = frozenset()
    for place in range(first, last - 1):
        gap = text[ends[place] : starts[place + 1]]
        if gap in {"", " ", "-"}:
            continue
        numbered = "\n" in gap and text[starts[place + 1]].isdigit()
        if numbered or not _GAP.fullmatch(gap) or _LIST_ITEM.search(gap):
            return None
        found |= _PUNCTUATION.intersection(gap)
    return found


def entries_of(concept: Concept) -> Iterator[Entry]:
    """Yield an entry for each label of a concept; a label also listed as ambiguous is only that."""
    ambiguous = set(concept.ambiguous_labels)
    for label in concept.ambiguous_labels:
        yield Entry(concept, label, "ambiguousLabel")
    groups = (
        ("prefLabel", (concept.pref_label,)),
        ("altLabel", concept.alt_labels),
        ("hiddenLabel", concept.hidden_labels),
    )
    for kind, labels in groups:
        for label in labels:
            if label not in ambiguous:
                yield Entry(concept, label, kind)
