"""What the words around a mention do to it: negation, exceptions, permissions, the past, the family, hypotheses.

This works in the sense of NegEx (Chapman et al., J Biomed Inform 2001) and ConText (Harkema et al., J Biomed Inform
2009): a trigger of `kg.extract.triggers` reaches over a few words, on through a list, and no farther than what ends its
scope. The list that a criterion stands in (inclusion or exclusion) is no part of it.
"""

import re
from bisect import bisect_right
from collections import Counter
from functools import lru_cache
from itertools import accumulate, compress
from typing import Final, NamedTuple

from kg.extract.searching import Guarded, Searching
from kg.extract.sentences import sentences
from kg.extract.triggers import ROWS, ContextKind, Reach, Row, Side, phrases
from kg.tokens import with_plain_signs

__all__ = [
    "BRACKETS",
    "LONGEST_CLAUSE",
    "Beside",
    "Context",
    "ContextKind",
    "Trigger",
    "also_denied",
    "beside",
    "context",
    "denies_list",
    "flat",
    "is_denied",
    "is_denied_before",
    "is_denied_itself",
    "is_other",
    "is_ruled_out",
    "permits",
    "speaks_of_reaction",
    "words_before",
    "words_behind",
]

_REACH = 90  # code points that a trigger reaches; about ten words
_LONGEST_LIST = 600  # and along a list
_LONGEST_LIST_ITEM = 45
_PHRASE_REACH = 45
_LONGEST_BEFORE, _LONGEST_AFTER = 700, 400
_BEHIND_REACH = 300  # code points over which a verdict at the end of a clause reaches back
# What goes on for longer is no sentence: nothing is read from it but names.
LONGEST_CLAUSE = 4000

_PIECES = re.compile(r"([^\W\d_]+(?:'[^\W\d_]+)?|\d+|[^\w\s])")
_ASCII_PIECES = re.compile(r"([A-Za-z]+(?:'[A-Za-z]+)?|[0-9]+|[^\w\s])")  # the same of ASCII, in less time
_LETTERS = re.compile(r"[a-zï]+")  # all that words which tell of a trigger are made of
# What is found is asked for first, then what stands before it: that is faster than the other way round.
_HARD_PUNCTUATION = re.compile(r"[;•.](?<!\be[.]g[.])(?<!\bi[.]e[.])(?<!\bexcl[.])(?<!\bincl[.])(?<!\bvs[.])\s")
_COLON = re.compile(r":(?<!eligible:)(?<!excluded:)(?<!excluding:)(?<!following:)(?<!except:)\s")
_SEPARATOR = re.compile(r",|/|\bor\b|\band\b", re.IGNORECASE)
_CONJUNCTION = re.compile(r"/|\bor\b|\band\b|\bnor\b", re.IGNORECASE)
_EXAMPLES = re.compile(r"\b(?:including|such as|like|e[.]?g)\b", re.IGNORECASE)
# In capitals it parts criteria: "No prior chemotherapy OR Adjuvant chemotherapy only".
_NEXT_ONE = re.compile(r"\b(?:OR|AND|AND/OR)\s+(?:[A-Z][a-z]|$)")
_OR_ELSE = re.compile(r"\s*,?\s*or\b", re.IGNORECASE)  # right behind a negation: "no or mild ataxia"
# Behind a mention, what makes it the subject of a clause or a threshold of its own, or a mere part of what is denied.
_OF_ITS_OWN = re.compile(r"\s*(?:(?:is|are|was|were|must|has|have|should)\b|(?:of\s*)?[<>≤≥=])", re.IGNORECASE)
_HEAD = re.compile(
    r"[\s-](?:candidates?|changes?|episodes?|exams?|examinations?|findings?|signs?|status|medications?|treatments?)\b",
    re.IGNORECASE,
)
# A mention that only says more of the noun behind it: what is excepted by "except treated melanoma" is the melanoma.
_MODIFIER = re.compile(r"(?:[a-z]{3,}ed|[a-z]{4,}ally|stage)", re.IGNORECASE)
_ITS_NOUN = re.compile(
    r"\s+(?!(?:with|by|for|in|on|at|to|and|or|nor|within|prior|before|during|after|as|from|since|until|unless|if|but|against|"
    r"without|under|via|per|upon|through|into|between|either|both|again|previously|recently|earlier|is|are|was|were|has|have|had|of|than|only|while|when|more|less)\b)[A-Za-z]"
)
BRACKETS = re.compile(r"\([^()]*\)|\[[^\[\]]*\]")
_WORD = re.compile(r"\w")
_ITEM = re.compile(r"(?:\\?[-–*•·▪○]|\(?(?:\d{1,2}|[a-z])\\?[.)])\s")
_DASHES = re.compile(r"[\s\-‐‑–]*")
# What may stand between a mention and a trigger right behind it: "HER2-targeted therapy is not …".
# Between the head of a phrase and its verb: "chemotherapy [for locally advanced disease] has not been given".
_ITS_PHRASE = re.compile(
    r"(?:\s(?:therapy|treatment|regimens?))?\s(?:for|of|to|with|in|at|against)\s"
    r"(?:(?!\b(?:is|are|was|were|has|have|had|be|who|whose|which|that|must|may|if|unless|but)\b)[^.;:()\n]){1,90}",
    re.IGNORECASE,
)
_NOUNS = re.compile(
    r"[\s\-‐‑–]*(?:(?:therapy|therapies|treatment|treatments|agents?|drugs?|inhibitors?|status|disease|tumou?rs?|cancers?|"
    r"patients?|subjects?|participants?|women|infection|test|tests|serology|antibody|antigen|virus|or|and)\b|[\s(),\-/]){0,8}",
    re.IGNORECASE,
)
_OTHER = Guarded(r"\b(?:other|another|any other|second|additional|different)\s+(?:\w+\s+){0,2}$", re.IGNORECASE)
_REACTION = Searching(
    r"\b(?:allerg\w+|hypersensitiv\w+|intoleran\w+|contra-?\s?indicat\w+|anaphyla\w+|reactions?|sensitivity|"
    r"toxicit\w+|equivalents?|similar (?:chemical|structure)|"
    r"components?|excipients?|ingredients?|inducers?|inhibitors? of|metaboli[sz]\w+|substrates?)\b"
)  # fmt: skip

# A permission or a hypothesis asks for nothing.
_PERMITTED = Searching(
    r"\b(?:regardless|irrespective|independent(?:ly)?) of\b|(?<!not )(?<!not be )(?<!nor )\b(?:allowed|permitted|"
    r"permissible|authori[sz]ed|acceptable|tolerated|optional)\b|"
    r"\b(?:is|are|be|were|remain) (?:still )?(?:eligible|not required|encouraged|recommended|considered|not excluded|"
    r"not an exclusion)\b|"
    r"\b(?:may|might|can|could) (?:also )?(?:have|be|receive|continue|include|enter|participate)\b|\bnot (?:required|"
    r"mandatory|necessary|excluded|exclude)\b|\bunknown\b|"
    r"\b(?:at|to) the discretion\b|\bwith or without\b|\bwhether or not\b|\bnot (?:be )?(?:a reason|grounds)\b|"
    r"\bdo(?:es)? not (?:have to|need to|exclude|preclude)\b"
)
_TURNS_ROUND = Guarded(
    r"\b(?:but|however|allowed|permitted|unless|eligible|must|may|if|required|except|other than|"
    r"patients|subjects|participants|those|individuals|women|men)\b",
    re.IGNORECASE,
)
_NEGATIONS: Final = (ContextKind.NEGATED, ContextKind.PREVENTED, ContextKind.EXCEPTION)


class Trigger(NamedTuple):
    """Words that say something of a mention: ``text[start:end]``.

    ``certain`` is False where it may not reach the mention: a preposition stands between ("no surgery for cancer"), or
    the mention is only a part of what is denied ("no weight changes").
    """

    kind: ContextKind
    start: int
    end: int
    certain: bool = True


class Context(NamedTuple):
    """What is said of a mention, and the triggers that say so, in the order of the text."""

    triggers: tuple[Trigger, ...] = ()

    def has(self, *kinds: ContextKind) -> bool:
        """Tell whether a trigger of one of these kinds reaches the mention for certain."""
        return bool(self.triggers) and any(it.certain and it.kind in kinds for it in self.triggers)

    @property
    def negated(self) -> bool:
        """Whether it is denied, prevented or excepted; `ContextKind.RULED_OUT` is another thing.

        "Patients with asthma are excluded" does not deny asthma: it says to which list the criterion belongs.
        """
        return self.has(*_NEGATIONS)

    @property
    def denied(self) -> bool:
        """Whether it is negated or ruled out, tested negative, or perhaps negated: it must not be taken as said."""
        if not self.triggers:
            return False
        return self.negated or self.doubtful or self.has(ContextKind.RULED_OUT, ContextKind.TESTED_NEGATIVE)

    @property
    def absent(self) -> bool:
        """Whether a finding is to be absent: denied, or negative ("negative pregnancy test", "HIV-negative")."""
        return self.denied or self.has(ContextKind.NEGATIVE)

    @property
    def doubtful(self) -> bool:
        """Whether a negation, or a verdict that rules it out, may reach it or not."""
        if not self.triggers or self.negated:
            return False
        return any(
            not it.certain and (it.kind in _NEGATIONS or it.kind is ContextKind.RULED_OUT) for it in self.triggers
        )


def context(text: str, start: int, end: int, clause: tuple[int, int] | None = None) -> Context:
    """Return what the words around ``text[start:end]`` say of it, within its clause or, without one, its sentence.

    A sentence that is an item of a list is read together with what the list is under: "None of the following:".

    >>> context("No chemotherapy; diabetes", 3, 15).triggers
    (Trigger(kind=<ContextKind.NEGATED: 'negated'>, start=0, end=2, certain=True),)
    """
    if clause is not None:
        return _within_clause(text, start, end, *clause)
    sentence = _sentence(text, start, end)
    said = _within_clause(text, start, end, *sentence)
    lead = _leads(text).get(sentence[0])
    if lead is None:
        return said
    from_lead = (it for it in _within_clause(text, lead[1] - 1, lead[1], *lead).triggers if it.kind in _NEGATIONS)
    return Context((*from_lead, *said.triggers))


def _within_clause(text: str, start: int, end: int, clause_start: int, clause_end: int) -> Context:
    words = text[clause_start:clause_end]
    hits = _hits(words)
    if not hits:
        return _NONE
    found = [
        Trigger(hit.row.kind, hit.start + clause_start, hit.end + clause_start, certain)
        for hit in hits
        if hit.row.kind is not None
        and (certain := _reaches(words, hits, hit, start - clause_start, end - clause_start)) is not None
    ]
    return Context(tuple(found)) if found else _NONE


_NONE: Final = Context()


class _Hit(NamedTuple):
    """A row whose phrase stands at ``start:end`` of a clause."""

    start: int
    end: int
    row: Row


def _index() -> tuple[dict[tuple[str, ...], list[Row]], dict[str, list[int]]]:
    """Return the rows by spelling, and the lengths in words of the spellings by their first words, longest first."""
    rows: dict[tuple[str, ...], list[Row]] = {}
    for row in ROWS:
        for words in phrases(row.phrase):
            rows.setdefault(words, []).append(row)
    lengths: dict[str, set[int]] = {}
    for words in rows:
        lengths.setdefault(words[0], set()).add(len(words))
    return rows, {word: sorted(found, reverse=True) for word, found in lengths.items()}


def _telling_words() -> frozenset[str]:
    """Return words one of which is in every trigger: those that are one alone, else the one in the fewest phrases.

    Of "don't" that is what stands before the apostrophe.
    """
    spelled = [(row, tuple(word.partition("'")[0] for word in it)) for row in ROWS for it in phrases(row.phrase)]
    common = Counter(word for _, words in spelled for word in words)
    triggers = [words for row, words in spelled if row.kind is not None]
    telling = {words[0] for words in triggers if len(words) == 1}
    for words in triggers:
        if telling.isdisjoint(words):
            telling.add(min(words, key=common.__getitem__))
    return frozenset(telling)


_ROWS_OF, _LENGTHS = _index()
_TELLING: Final = _telling_words()


@lru_cache(maxsize=4096)
def _hits(clause: str) -> tuple[_Hit, ...]:
    """Return the triggers and ends in a clause, by place; one inside a longer one counts only where both can hold.

    Most clauses have no trigger: then there is nothing to end either.
    """
    if _TELLING.isdisjoint(_LETTERS.findall(clause.lower())):
        return ()
    # Splitting and adding up lengths does in C what a loop over matches would do here.
    clause = with_plain_signs(clause)
    pieces = (_ASCII_PIECES if clause.isascii() else _PIECES).split(clause)
    borders = list(accumulate(map(len, pieces)))
    words = "\n".join(pieces[1::2]).lower().split("\n")
    found: list[_Hit] = []
    for place in compress(range(len(words)), map(_LENGTHS.__contains__, words)):
        sides: list[Side] = []  # few, and the hash of a member of an enumeration takes longer
        for length in _LENGTHS[words[place]]:
            last = place + length - 1
            for row in _ROWS_OF.get(tuple(words[place : last + 1]), ()) if last < len(words) else ():
                if row.side not in sides:
                    sides.append(row.side)
                    found.append(_Hit(borders[2 * place], borders[2 * last + 1], row))
    if all(hit.row.kind is None for hit in found):
        return ()
    return tuple(found if len(found) == 1 else [hit for hit in found if not any(_covers(it, hit) for it in found)])


def _covers(longer: _Hit, hit: _Hit) -> bool:
    """Tell whether a hit is only a part of another: "not" in "not only". "Has not been given" can look both ways."""
    if hit is longer or longer.start > hit.start or hit.end > longer.end:
        return False
    longer_by = (longer.end - longer.start) - (hit.end - hit.start)
    return longer_by > 0 and not (longer.row.side is Side.AFTER and longer.row.kind is ContextKind.NEGATED)


def _reaches(clause: str, hits: tuple[_Hit, ...], hit: _Hit, start: int, end: int) -> bool | None:
    """Tell whether a trigger reaches the mention at ``start:end``: for certain, perhaps (False), or not (None)."""
    if hit.row.side is Side.INSIDE:
        return True if start <= hit.start and hit.end <= end else None
    if hit.row.side is Side.BEFORE and hit.start < start < hit.end < end:
        return True  # the mention holds some of the trigger's words: "no [evidence of relapse]"
    if hit.row.side is Side.BEFORE and hit.end <= start:
        return _reaches_on(clause, hits, hit, start, end)
    if hit.row.side is Side.AFTER and hit.start >= end:
        return _reaches_back(clause, hits, hit, end) or None
    return None


def _reaches_on(clause: str, hits: tuple[_Hit, ...], hit: _Hit, start: int, end: int) -> bool | None:
    between = clause[hit.end : start]
    if hit.row.reach is Reach.BESIDE:
        return True if _DASHES.fullmatch(between) else None
    brackets = [match.span() for match in BRACKETS.finditer(clause, hit.end, start)]
    inside = [it for it in hits if hit.end <= it.start and it.end <= start and not _within(it, brackets)]
    if any(_ends(it, hit) for it in inside):
        return None
    plain = BRACKETS.sub("", between)
    if ")" in plain or _HARD_PUNCTUATION.search(plain) or _is_out_of_reach(plain, hit.row.reach):
        return None
    if not _is_near(plain) or _COLON.search(plain) or (_NEXT_ONE.search(plain) and not clause.isupper()):
        return False
    if any(_still_doubts(it, hit, clause[it.end : start]) for it in inside):
        return False
    if _MODIFIER.fullmatch(clause, start, end) and hit.row.kind in _NEGATIONS and _ITS_NOUN.match(clause, end):
        return False
    return hit.row.kind not in _NEGATIONS or not _may_be_left_out(hit, plain, clause[start:end], clause[end:])


def _still_doubts(doubt: _Hit, hit: _Hit, behind: str) -> bool:
    """Tell whether a hit leaves in doubt what another before it says of what stands ``behind`` the hit."""
    negates = hit.row.kind in _NEGATIONS
    if hit.row.kind is ContextKind.EXCEPTION and "(" in behind:
        return False
    if doubt.row.side is Side.DOUBT or (doubt.row.side is Side.DOUBTS_NEGATION and negates):
        return doubt.row.reach is Reach.LIST or "," not in BRACKETS.sub("", behind).partition("(")[0]
    return False


def _may_be_left_out(hit: _Hit, between: str, mention: str, after: str) -> bool:
    """Tell whether the words around a mention may keep a negation before it from it."""
    if _OR_ELSE.match(between) or _HEAD.match(after):
        return True
    if _OF_ITS_OWN.match(after) and ("(" in between or _SEPARATOR.search(between)):
        return True
    if hit.row.kind is ContextKind.PREVENTED:
        # "Disease that precludes surgery, such as …"; "cannot lie still (fracture)".
        brackets = "(" in between and not mention.isupper()
        return brackets or _EXAMPLES.search(between) is not None
    return hit.row.kind is ContextKind.NEGATED and _is_behind_list(between, after)


def _is_behind_list(between: str, after: str) -> bool:
    """Tell whether a mention may be no part of a list before it: two items take an "or", and examples take none."""
    _, comma, item = between.rpartition(",")
    if not comma or between.count(",") > 1 or "," in after or _EXAMPLES.search(between):
        return False
    return not _CONJUNCTION.search(item) and not _CONJUNCTION.search(after)


def _within(hit: _Hit, brackets: list[tuple[int, int]]) -> bool:
    return any(start <= hit.start < end for start, end in brackets)


def _ends(end: _Hit, hit: _Hit) -> bool:
    """Tell whether a hit ends the scope of another before it."""
    exception = hit.row.kind is ContextKind.EXCEPTION
    if end.row.kind is ContextKind.EXCEPTION:
        return not exception
    return end.row.side is Side.END or (exception and end.row.side is Side.EXAMPLE)


def _is_out_of_reach(between: str, reach: Reach) -> bool:
    if reach is Reach.PHRASE:
        return len(between) > _PHRASE_REACH or "," in between
    return len(between) > _LONGEST_LIST


def _is_near(between: str) -> bool:
    """Tell whether only a few words, or the short items of a list, stand between a trigger and a mention."""
    if len(between) <= _REACH:
        return True
    items = _SEPARATOR.split(between)
    return len(items) > 1 and len(items[0]) <= _REACH and all(len(item) <= _LONGEST_LIST_ITEM for item in items[1:])


def _reaches_back(clause: str, hits: tuple[_Hit, ...], hit: _Hit, end: int) -> bool:
    between = clause[end : hit.start]
    if _NOUNS.fullmatch(between) or (hit.row.kind is ContextKind.NEGATED and _ITS_PHRASE.fullmatch(between)):
        return True
    if hit.row.reach is Reach.BESIDE or len(between) > _BEHIND_REACH:
        return False
    plain = BRACKETS.sub("", between)
    if "(" in plain or _HARD_PUNCTUATION.search(plain) or _TURNS_ROUND.search(plain):
        return False
    return not any(
        it.row.kind in {ContextKind.RULED_OUT, ContextKind.PERMITTED} and end <= it.start and it.end <= hit.start
        for it in hits
    )


def _sentence(text: str, start: int, end: int) -> tuple[int, int]:
    """Return the offsets of the sentence that a mention starts in, stretched to the mention's end."""
    starts, ends = _sentences(text)
    place = bisect_right(starts, start) - 1
    if place < 0 or ends[place] < start:
        return start, end
    return starts[place], max(ends[place], end)


@lru_cache(maxsize=4)
def _leads(text: str) -> dict[int, tuple[int, int]]:
    """Return what the items of lists are under, by where the items start: the sentence before them that ends in ":".

    An item's own list is left out: where it ends depends on the layout.
    """
    found: dict[int, tuple[int, int]] = {}
    lead: tuple[int, int] | None = None
    last_start = last_end = 0
    for start, end in zip(*_sentences(text), strict=True):
        is_item = _ITEM.match(text, start, end) is not None
        new_line = "\n" in text[last_end:start]
        if text[end - 1] == ":":
            lead = None if is_item else (start, end)
        elif lead and (is_item or (last_start in found and not new_line)):
            found[start] = lead
        elif new_line:
            lead = None
        last_start, last_end = start, end
    return found


@lru_cache(maxsize=4)
def _sentences(text: str) -> tuple[list[int], list[int]]:
    found = list(sentences(text))
    return [start for start, _ in found], [end for _, end in found]


# --- for those who read a clause by the words beside a mention


class Beside(NamedTuple):
    """The words of the clause before and behind a mention, with single spaces for line breaks, and what they say."""

    before: str
    after: str
    clause: str = ""  # the whole clause, where it was asked for
    said: Context = Context()


def beside(text: str, start: int, end: int, clause_start: int, clause_end: int) -> Beside:
    """Return what stands before and behind ``start:end`` in its clause, as far as it can matter."""
    said = _within_clause(text, start, end, clause_start, clause_end)
    return Beside(words_before(text, start, clause_start), words_behind(text, end, clause_end), "", said)


def words_before(text: str, start: int, clause_start: int) -> str:
    """Return the words of a clause before ``start``, as far as they can matter."""
    return flat(text[max(clause_start, start - _LONGEST_BEFORE) : start])


def words_behind(text: str, end: int, clause_end: int) -> str:
    """Return the words of a clause behind ``end``, as far as they can matter."""
    return flat(text[end : min(clause_end, end + _LONGEST_AFTER)])


def flat(words: str) -> str:
    """Return words with single spaces for line breaks and indentation."""
    if "\n" not in words and "  " not in words:
        return words
    lead, trail = " " if words[0].isspace() else "", " " if words[-1].isspace() else ""
    return lead + " ".join(words.split()) + trail


def is_denied(words: Beside) -> bool:
    """Tell whether the words beside a mention deny it or rule it out; in doubt they do."""
    return words.said.denied


def is_denied_itself(words: Beside) -> bool:
    """Tell whether the words beside a mention deny it: "no …", "has not been given"."""
    return words.said.negated or words.said.has(ContextKind.TESTED_NEGATIVE)


def is_denied_before(said: Context, start: int) -> bool:
    """Tell whether a denial stands before what begins at ``start``: "no EGFR mutation", not "EGFR was not found"."""
    return any(it.certain and it.kind in _NEGATIONS and it.start < start for it in said.triggers)


def is_ruled_out(words: Beside) -> bool:
    """Tell whether patients with what is mentioned are ruled out: "… are not eligible"."""
    return words.said.has(ContextKind.RULED_OUT)


def denies_list(lead: str) -> bool:
    """Tell whether a lead such as "None of the following:" denies all the items below it."""
    end = len(lead)
    said = context(f"{lead} …", end + 1, end + 2, (0, end + 2))
    return said.negated or said.doubtful


def also_denied(said: Context) -> Context:
    """Return the context of an item under a lead that denies its list: the lead's words are no part of the clause."""
    return Context((Trigger(ContextKind.NEGATED, 0, 0), *said.triggers))


def is_other(text: str, start: int, sentence_start: int) -> bool:
    """Tell whether another one of a kind is meant ("other malignancies"): not the thing itself."""
    return _OTHER.search(text[max(sentence_start, start - 40) : start]) is not None


@lru_cache(maxsize=2048)
def speaks_of_reaction(clause: str) -> bool:
    """Tell whether a clause speaks of tolerance or pharmacology ("allergy to …", "inhibitors of CYP3A4")."""
    return _REACTION.found_in(clause)


@lru_cache(maxsize=2048)
def permits(clause: str) -> bool:
    """Tell whether a clause allows or leaves open what it names ("is allowed", "regardless of"): nothing is asked."""
    return _PERMITTED.found_in(clause)
