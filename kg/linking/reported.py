"""The names that registries' records report: conditions and interventions, taken apart and linked.

A name may be one concept ("Breast Cancer"), several ("Carboplatin AUC 5 + paclitaxel"), or a concept among words that
say more ("Breast Cancer Metastatic"). Each link has the span of the name that it rests on.
"""

import re
from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from kg.identifiers import MESH
from kg.linking.chemistry import is_anion
from kg.linking.dosage import Stated, values
from kg.linking.linker import Linker, Ranked
from kg.linking.word_lists import listed
from kg.linking.words import words
from kg.models import ConceptType
from kg.tokens import begins_code

_WHOLE_SURE: Final = 0.74  # a name that means one concept
_SAME_NAME: Final = 0.93  # the words are a label of the concept
_PART_SURE: Final = 0.96  # among other words the order counts: "Metastatic Breast Cancer HER2 Low" is not HER2-positive
_SHORTEST_PART: Final = 3  # characters of a name among other words
_SHORTEST_PROTEIN: Final = 5  # characters of a protein's name that is an intervention's
_MOST_WORDS: Final = 8  # of a part that is a name itself
_CACHED: Final = 500_000
_EDGE: Final = " \t\n,;:.-–®™"
# Between the members of a name; what stands between two of them is one statement, also of a placebo for something.
_MEMBERS: Final = re.compile(
    r"\s*(?:[+&;/|，、]|,(?!\d)|\b(?:plus|and|or|with|versus|vs\.?|followed by|then)\b)\s*", re.IGNORECASE
)
_PHRASES: Final = re.compile(
    r"""\s*(?:[:–]|\b(?:combined|combination|associated|due\ to|secondary\ to
    |in|of|after|before|during|for|to|as|on|by|from)\b
    |[-\ ](?:eluting|coated|loaded|releasing|impregnated|containing|medicated)\b)\s*""",
    re.IGNORECASE | re.VERBOSE,
)
_DENIED: Final = re.compile(
    r"\b(?:without|no|not|absence of|free of|except|excluding|other than|rule out)\b", re.IGNORECASE
)
_IN_BRACKETS: Final = re.compile(r"[(\[]([^()\[\]]*)[)\]]")
_WORD: Final = re.compile(r"[^\s,;:()\[\]®™]+")
_TYPE_PREFIX: Final = re.compile(
    r"\s*(?:drug|biological|device|procedure|behavioral|dietary supplement|radiation|genetic|combination product|"
    r"diagnostic test|other)\s*:\s*",
    re.IGNORECASE,
)
# A drug in its vehicle is none; the vehicle alone is.
_IMITATION: Final = re.compile(
    r"\b(?:placebos?|sham|dummy|(?<!\bin )(?<!\bin a )vehicle|imitation|simulated)\b", re.IGNORECASE
)
# A procedure that is named by what is given: "oxygen therapy".
_GIVES: Final = re.compile(
    r"(?P<given>.+?)[-\s]+(?:(?:replacement|inhalation|infusion|supplement(?:al|ation)?|high[- ]flow)[-\s]+)*"
    r"(?:therapy|treatment|infusions?|injections?|supplement(?:s|ation)?|inhalation|irrigation)",
    re.IGNORECASE,
)
_JOINED: Final = re.compile(r"[-‐‑–]")
_SHORTEST_JOINED: Final = 5  # characters of a drug that a hyphen joins to another
# Headings that stand over whole trees: to find only them says nothing.
_TOO_GENERAL: Final = frozenset(
    MESH + ui
    for ui in listed(
        """
        D004194 D013577 D002908 D004364 D013812 D012008 D000098966 D004338 D010455 D006023 D011506 D000143 D008081
        D004655 D005223 D020959 D019999 D000438
        """
    )
)
_COMBINATION: Final = "drug combination"  # how MeSH names them: "Trimethoprim, Sulfamethoxazole Drug Combination"


def without_type(name: str) -> str:
    """Return an intervention's name without the registry's type before it.

    >>> without_type("Device: CPAP"), without_type("CPAP: 8 hours")
    ('CPAP', 'CPAP: 8 hours')
    """
    prefix = _TYPE_PREFIX.match(name)
    return name[prefix.end() :] if prefix and prefix.end() < len(name) else name


class Part(NamedTuple):
    """A stretch of a reported name that means a concept; offsets in code points, half-open."""

    start: int
    end: int
    meant: Ranked


class Taken(NamedTuple):
    """A reported name taken apart.

    ``values`` are an intervention's dose, route, schedule and form. ``unlinked`` are stretches in which nothing may be
    linked by other means: what a placebo imitates, what is said to be absent.
    """

    parts: tuple[Part, ...]
    values: tuple[Stated, ...]
    unlinked: tuple[tuple[int, int], ...]


class ReportedNames:
    """Takes reported names apart and links them; each name once.

    Args:
        linker: Ranks concepts for the parts.
    """

    def __init__(self, linker: Linker) -> None:
        self._linker = linker
        self._cache: dict[tuple[str, str], Taken] = {}

    def condition(self, name: str) -> Taken:
        """Return the diseases that a condition's name means."""
        return self._cached(name, "condition")

    def intervention(self, name: str) -> Taken:
        """Return the drugs and procedures that an intervention's name means, and its values."""
        return self._cached(name, "intervention")

    def _cached(self, name: str, class_name: str) -> Taken:
        known = self._cache.get((name, class_name))
        if known is None:
            known = self._taken(name, class_name)
            if len(self._cache) < _CACHED:
                self._cache[name, class_name] = known
        return known

    def _taken(self, name: str, class_name: str) -> Taken:
        whole = self._named(name.strip(_EDGE), class_name)
        if whole is not None and whole.label.concept_type != ConceptType.DRUG_COMBINATION.value:
            start, end = _stripped(name, 0, len(name))
            return Taken((Part(start, end, whole), *self._given(name, start, end, whole)), (), ())
        prefix = _TYPE_PREFIX.match(name)
        stated = values(name) if class_name == "intervention" else ()
        outside = self._outside_brackets(name, prefix.end() if prefix else 0, class_name) if stated else None
        if outside is not None:  # "intravenous immunoglobulin (IVIg)": a name of its own, and no route in it
            stated = tuple(it for it in stated if it.start >= outside.end or it.end <= outside.start)
        gaps = [(0, prefix.end())] if prefix else []
        gaps += [(it.start, it.end) for it in stated]
        parts: dict[str, Part] = {}
        if outside is not None:
            parts[outside.meant.label.concept_iri] = outside
            gaps.append((outside.start, outside.end))
        for part in self._between(name, gaps, class_name):
            parts.setdefault(part.meant.label.concept_iri, part)
        if class_name == "intervention":
            for part in self._combination(list(parts.values())):
                parts.setdefault(part.meant.label.concept_iri, part)
        return Taken(
            parts=tuple(sorted(parts.values(), key=lambda it: (it.start, -it.end))),
            values=stated,
            unlinked=tuple(_unlinked(name)),
        )

    def _between(self, name: str, gaps: list[tuple[int, int]], class_name: str) -> Iterator[Part]:
        """Yield what the stretches between gaps mean; the capitals of a product's code mean no procedure."""
        for start, end in _stretches(name, gaps):
            for part in self._parts(name, start, end, class_name):
                is_procedure = part.meant.label.concept_type == ConceptType.PROCEDURE.value
                if not (is_procedure and begins_code(name, part.start, part.end)):
                    yield part

    def _outside_brackets(self, name: str, start: int, class_name: str) -> Part | None:
        """Return what stands before the brackets at the end of a name, if it is a name as it stands."""
        bracket = _IN_BRACKETS.search(name, start)
        if bracket is None or name[bracket.end() :].strip(_EDGE):
            return None
        first, last = _stripped(name, start, bracket.start())
        meant = self._named(name[first:last], class_name) if last > first else None
        return Part(first, last, meant) if meant is not None and meant.score >= _PART_SURE else None

    def _parts(self, name: str, start: int, end: int, class_name: str) -> Iterator[Part]:
        """Yield what a stretch means: as a whole, else member by member, else phrase by phrase."""
        members = list(_pieces(_MEMBERS, name, start, end))
        if not members:
            return
        start, end = members[0][0], members[-1][1]
        whole = None if _DENIED.search(name, start, end) else self._sure(name[start:end], class_name)
        if len(members) > 1 and class_name == "intervention" and whole is not None and whole.score < _SAME_NAME:
            whole = None  # "local infiltration with a local anesthetic" is no local anesthesia alone
        if whole is not None:
            yield Part(start, end, whole)
            yield from self._given(name, start, end, whole)
        if len(members) > 1 and (whole is None or whole.label.concept_type == ConceptType.DRUG_COMBINATION.value):
            for first, last in members:
                yield from self._parts(name, first, last, class_name)
                if _DENIED.search(name, first, last):
                    return  # "without A or B": what follows is denied too
        elif whole is None:
            yield from self._phrases(name, start, end, class_name)

    def _phrases(self, name: str, start: int, end: int, class_name: str) -> Iterator[Part]:
        """Yield what the phrases of a member mean; nothing behind a negation, nothing that a placebo imitates."""
        denied, imitated = _DENIED.search(name, start, end), _IMITATION.search(name, start, end)
        for first, last in _pieces(_PHRASES, name, start, denied.start() if denied else end):
            for part in self._phrase(name, first, last, class_name):
                if imitated is None or _IMITATION.search(part.meant.label.text):
                    yield part

    def _phrase(self, name: str, start: int, end: int, class_name: str) -> Iterator[Part]:
        whole = self._sure(name[start:end], class_name)
        if whole is not None:
            yield Part(start, end, whole)
        else:
            yield from self._names_inside(name, start, end, class_name)

    def _names_inside(self, name: str, start: int, end: int, class_name: str) -> Iterator[Part]:
        """Yield the longest stretches of words that are names themselves, from left to right."""
        found = list(_WORD.finditer(name, start, end))
        first = 0
        while first < len(found):
            if first and found[first - 1].group().lower() == "non":  # "non cancer pain" is no cancer pain
                first += 1
                continue
            for last in range(min(len(found), first + _MOST_WORDS), first, -1):
                begin, stop = found[first].start(), found[last - 1].end()
                meant = self._named(name[begin:stop], class_name)
                if meant is not None and meant.score >= _PART_SURE:
                    # A protein is what something is done to, as in "plasminogen activator", as often as what is given;
                    # "carbonate" behind the name of a drug that nobody knows is no drug.
                    anion = first > 0 and last == first + 1 and is_anion(name[begin:stop])
                    if meant.label.concept_type != ConceptType.MARKER.value and not anion:
                        yield Part(begin, stop, meant)
                    first = last - 1
                    break
            else:
                if class_name == "intervention":
                    yield from self._joined(name, found[first].start(), found[first].end())
            first += 1

    def _joined(self, name: str, start: int, end: int) -> Iterator[Part]:
        """Yield the drugs that hyphens join, if the whole word consists of such: "bupivacaine-epinephrine"."""
        borders = [start, *(it.end() for it in _JOINED.finditer(name, start, end)), end + 1]
        parts: list[Part] = []
        first = 0
        while first < len(borders) - 1:
            for last in range(len(borders) - 1, first, -1):
                begin, stop = borders[first], borders[last] - 1
                meant = self._named(name[begin:stop], "Drug") if stop - begin >= _SHORTEST_JOINED else None
                if meant is not None and meant.score >= _PART_SURE:
                    parts.append(Part(begin, stop, meant))
                    first = last
                    break
            else:
                return
        if len(parts) > 1:
            yield from parts

    def _given(self, name: str, start: int, end: int, whole: Ranked) -> Iterator[Part]:
        """Yield the drug that a procedure is named by."""
        found = _GIVES.fullmatch(name, start, end) if whole.label.concept_type == ConceptType.PROCEDURE.value else None
        meant = self._named(found["given"], "Drug") if found else None
        if found is not None and meant is not None and meant.score >= _PART_SURE:
            yield Part(start, found.end("given"), meant)

    def _named(self, text: str, class_name: str) -> Ranked | None:
        found = self._linker.named(text, class_name) if len(text) >= _SHORTEST_PART else ()
        if not found and class_name == "intervention" and len(text) >= _SHORTEST_PROTEIN and not text.isupper():
            # Cytokines, enzymes and immunoglobulins are given as well as measured; genes are not.
            found = tuple(it for it in self._linker.named(text, "Marker") if it.label.concept_iri.startswith(MESH))
        return found[0] if found and _says_something(text, found[0]) else None

    def _sure(self, text: str, class_name: str) -> Ranked | None:
        found = self._linker.read(text, class_name) if text else ()
        if not found and class_name == "intervention":
            named = self._named(text, class_name)
            found = () if named is None else (named,)
        if not found or found[0].score < _WHOLE_SURE or not _says_something(text, found[0]):
            return None
        return found[0] if bool(_IMITATION.search(text)) == bool(_IMITATION.search(found[0].label.text)) else None

    def _combination(self, parts: Sequence[Part]) -> Iterator[Part]:
        """Yield the combination that all the drugs of an intervention make, where it has a concept of its own."""
        drugs = [part for part in parts if part.meant.label.concept_type == ConceptType.DRUG.value]
        if len(drugs) > 1:
            labels = " ".join(part.meant.label.text for part in drugs)
            for text in (f"{labels} {_COMBINATION}", labels):
                meant = self._linker.named(text, "Drug combination") or self._linker.named(text, "Drug")
                if meant:
                    yield Part(min(it.start for it in drugs), max(it.end for it in drugs), meant[0])
                    return


def _says_something(text: str, meant: Ranked) -> bool:
    """Tell whether a match rests on more than words that many names have, and means more than a whole tree."""
    if meant.label.concept_iri in _TOO_GENERAL:
        return False
    return any(not (it.is_qualifier or it.form.isdigit()) for it in words(text))


def _unlinked(name: str) -> Iterator[tuple[int, int]]:
    """Yield the members of a name that only imitate something, and all that follows a negation."""
    for start, end in _pieces(_MEMBERS, name, 0, len(name)):
        denied = _DENIED.search(name, start, end)
        if denied is not None:
            yield denied.start(), len(name)
            return
        if _IMITATION.search(name, start, end):
            yield start, end


def _pieces(border: re.Pattern[str], name: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield the stretches between borders that have any text."""
    for found in border.finditer(name, start, end):
        if name[start : found.start()].strip():
            yield _stripped(name, start, found.start())
        start = found.end()
    if name[start:end].strip():
        yield _stripped(name, start, end)


def _stripped(name: str, start: int, end: int) -> tuple[int, int]:
    text = name[start:end]
    inner = text.strip(_EDGE)
    first = start + len(text) - len(text.lstrip(_EDGE))
    return first, first + len(inner)


def _stretches(name: str, gaps: list[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Yield the stretches of a name between brackets and gaps, then those in brackets."""
    inside = [(it.start(1), it.end(1)) for it in _IN_BRACKETS.finditer(name)]
    bracketed = [(it.start(), it.end()) for it in _IN_BRACKETS.finditer(name)]
    yield from _between(0, len(name), [*gaps, *bracketed])
    for start, end in inside:
        yield from _between(start, end, gaps)


def _between(start: int, end: int, gaps: list[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    place = start
    for first, last in sorted(gaps):
        if first >= end or last <= start:
            continue
        if place < first:
            yield place, first
        place = max(place, last)
    if place < end:
        yield place, end
