"""Short forms that a document defines itself: "circulating tumour DNA (ctDNA)".

The pairing of short and long form follows Schwartz and Hearst, "A simple algorithm for identifying abbreviation
definitions in biomedical text", PSB 2003.
"""

import re
from collections.abc import Iterator
from typing import Final, NamedTuple

_BRACKETS: Final = re.compile(r"[(\[]([^()\[\]]{1,60})[)\]]")
_SHORT: Final = re.compile(r"[A-Za-z0-9][\w+/'’\-]{0,9}")
_BEHIND_SHORT: Final = re.compile(r"\s*[,;:=]|\s+\d|\s*$")  # "(DES, 8-10 mg)", "(DEN: 10 mg/kg)", "(PCPA 100 mg/kg)"
_WORD: Final = re.compile(r"[^\s(]+")
_INITIAL: Final = re.compile(r"[A-Za-z]+(?:['’]s)?")
# A word behind which a new phrase starts.
_PHRASE_END: Final = re.compile(
    r"[.,;:]$|^(?:of|with|by|and|or|for|to|in|the|a|an|from|than|on|as|using|either|plus)$", re.IGNORECASE
)
_WINDOW: Final = 160  # characters before a bracket in which its long form may start
_MOST_WORDS: Final = 8  # of a long form that shares no letters with its short form


def long_form_start(short: str, window: str) -> int | None:
    """Return where in ``window``, which ends with it, the long form of ``short`` starts."""
    first, *others = (char for char in short.lower() if char.isalnum())
    lowered = window.replace("\u0130", "i").lower()  # no other letter gets longer
    start = len(window)
    for letter in reversed(others):
        start = lowered.rfind(letter, 0, start)
        if start < 0:
            return None
    start = lowered.rfind(first, 0, start)
    while start > 0 and window[start - 1].isalnum():
        start = lowered.rfind(first, 0, start)
    return start if start >= 0 and len(window) - start > len(short) else None


def window_before(text: str, end: int, short: str) -> str:
    """Return the words before ``end`` that a long form of ``short`` may have: Schwartz and Hearst's bound."""
    most = min(len(short) + 5, len(short) * 2)
    before = text[max(0, end - _WINDOW) : end].rstrip()
    spaced = before.replace("(", " ")
    words = spaced.rsplit(None, most)
    if len(words) < most:
        return before
    begin = len(words[0]) if len(words) > most else 0
    return before[len(before) - len(spaced[begin:].lstrip()) :]


class Glossary(NamedTuple):
    """What a short form may stand for."""

    spelled: str | None  # the long form whose letters spell it
    appositions: tuple[str, ...]  # the words before its bracket, from many to few


def glossary(text: str) -> dict[str, Glossary]:
    """Return what each short form of a document may stand for.

    An apposition need not share its letters ("the myotonic dystrophy (DM)"): whether it is a name, a terminology has
    to say. It starts where a phrase starts: "phosphate (TOTP)" is the end of a longer name.

    >>> glossary("Patients with acute liver failure (ALF) were included.")["ALF"].spelled
    'acute liver failure'
    """
    found: dict[str, Glossary] = {}
    for short, start in _short_forms(text):
        if short not in found or found[short].spelled is None:
            known = found[short].appositions if short in found else ()
            appositions = dict.fromkeys((*known, *_appositions(text, start)))
            found[short] = Glossary(_spelled(short, text, start), tuple(appositions))
    return found


def _spelled(short: str, text: str, start: int) -> str | None:
    singular = short.removesuffix("s") or short
    for letters in dict.fromkeys((short, singular)):
        window = window_before(text, start, letters)
        begin = long_form_start(letters, window)
        if begin is not None:
            return window[begin:]
    return None


def _appositions(text: str, start: int) -> list[str]:
    """Return the words before a bracket, from many to few, that start where a phrase starts."""
    begin = max(0, start - _WINDOW)
    before = text[begin:start].rstrip()
    found = list(_WORD.finditer(before))
    if begin and found:
        del found[0]  # it may be cut
    return [
        before[it.start() :]
        for place, it in enumerate(found)
        if len(found) - place <= _MOST_WORDS and (_PHRASE_END.search(found[place - 1].group()) if place else not begin)
    ]


def _short_forms(text: str) -> Iterator[tuple[str, int]]:
    """Yield the short forms in brackets, with where the bracket opens."""
    for bracket in _BRACKETS.finditer(text):
        short = _SHORT.match(bracket.group(1))
        if short is None or not _BEHIND_SHORT.match(bracket.group(1), short.end()):
            continue
        for written in dict.fromkeys((short.group(), short.group().rpartition("-")[2])):  # "ATT-associated … (ATT-ALF)"
            if any(char.isupper() for char in written):
                yield written, bracket.start()


def words_spelling(short: str, text: str) -> Iterator[str]:
    """Yield the runs of words in ``text`` whose first letters are those of ``short``; capitals do not matter.

    >>> list(words_spelling("HD", "A gene for Huntington's disease: the HD gene"))
    ["Huntington's disease"]
    """
    found = list(_INITIAL.finditer(text))
    initials = "".join(it.group()[0] for it in found).lower()
    place = initials.find(short.lower())
    while place >= 0:
        yield text[found[place].start() : found[place + len(short) - 1].end()]
        place = initials.find(short.lower(), place + 1)
