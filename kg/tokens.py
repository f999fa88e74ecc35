"""Cut text into tokens and bring each to a form in which spelling variants meet.

``HER-2``, ``HER 2`` and ``HER2`` give the same tokens, as do ``tumours`` and ``tumor``, ``PD‑L1`` and ``PD-L1``,
``IFN-α`` and ``IFN alpha``, ``type II`` and ``type 2``, ``Crohn's`` and ``Crohn``. Punctuation gives none, so a term
may run across a hyphen but the caller decides which gaps are allowed between two tokens.
"""

import re
from itertools import accumulate
from typing import Final, NamedTuple
from unicodedata import combining, normalize

_WORD = r"[^\W\d_]+(?:['’]s(?![^\W_]))?|\d+"  # "Crohn's" is one word
_TOKEN = re.compile(_WORD)
_CODE_BEHIND = re.compile(r"-\d{2,}")
_PIECES = re.compile(f"({_WORD})")
_ASCII_PIECES = re.compile(r"([A-Za-z]+(?:'s(?![A-Za-z0-9]))?|[0-9]+)")  # the same of ASCII, in less time
# Letters whose lower-casing would change the length of the text; Greek letters are spelled out.
_GREEK: Final = {
    "α": "alpha", "β": "beta", "γ": "gamma", "δ": "delta", "ε": "epsilon", "κ": "kappa", "λ": "lambda",
    "μ": "mu", "µ": "mu", "π": "pi", "σ": "sigma", "τ": "tau", "ω": "omega", "ß": "ss",
}  # fmt: skip
# Signs and spaces only, no letters and digits, and what belongs into no token but the apostrophe.
_PLAIN_SIGNS: Final = (
    ("®", "*"), ("™", "*"), ("≥", ">"), ("≤", "<"), ("’", "'"), ("‘", '"'), ("“", '"'), ("”", '"'), ("–", "-"),
    ("—", "-"), ("‑", "-"), ("±", "+"), ("°", "*"), ("•", "*"), ("·", "*"), ("→", ">"), ("×", "*"), ("\xa0", " "),
)  # fmt: skip
# Letters that a word has to have, the expression, and what is put in the place of its match.
_SPELLING = (
    ("aem", re.compile(r"aem"), "em"),  # anaemia, leukaemia, haematology
    ("oe", re.compile(r"oe(?=[dms]|as?$)"), "e"),  # oestrogen, oesophagus, oedema, diarrhoea, dyspnoea
    ("coel", re.compile(r"^coel"), "cel"),
    ("leuco", re.compile(r"leuco"), "leuko"),
    ("sulph", re.compile(r"sulph"), "sulf"),
    ("ae", re.compile(r"ae(?=[tds])"), "e"),  # paediatric, anaesthesia
    ("our", re.compile(r"our(?=$|al$)"), "or"),  # tumour, tumoural
    ("is", re.compile(r"is(?=e$|ed$|ing$|ation$|ations$)"), "iz"),  # randomised
    ("yse", re.compile(r"yse(?=d?$)"), "yze"),
    ("logue", re.compile(r"logue(?=s?$)"), "log"),
    ("re", re.compile(r"(?<=[bct])re$"), "er"),  # centre, fibre, metre, but severe
)
# "Type II" is "type 2". V and X alone are letters more often than numbers (factor V, fragile X).
_ROMAN: Final = {
    "I": "1", "II": "2", "III": "3", "IV": "4", "VI": "6", "VII": "7", "VIII": "8", "IX": "9", "XI": "11", "XII": "12",
    "XIII": "13", "ii": "2", "iii": "3", "vii": "7", "viii": "8", "xiii": "13",
}  # fmt: skip
_NO_PLURAL = ("ss", "us", "is", "os")
_SINGULAR_IN_AS = re.compile(r"(?<!om|um)as$")  # pancreas, but lymphomas, sarcomas, traumas
_SHORTEST_PLURAL = 4
_SHORTEST_VARIANT = 5  # "hour" is no British spelling


def _normal(word: str) -> str:
    if word in _ROMAN:
        return _ROMAN[word]
    word = _without_marks(word.lower().removesuffix("'s").removesuffix("’s"))
    if word in _GREEK:
        return _GREEK[word]
    if len(word) >= _SHORTEST_PLURAL:
        if word.endswith("ies") and len(word) > _SHORTEST_PLURAL:
            word = word[:-3] + "y"
        elif word.endswith("s") and not word.endswith(_NO_PLURAL) and not _SINGULAR_IN_AS.search(word):
            word = word[:-1]
    return _american(word) if len(word) >= _SHORTEST_VARIANT else word


def _american(word: str) -> str:
    for letters, pattern, replacement in _SPELLING:
        if letters in word:
            word = pattern.sub(replacement, word)
    return word


def _without_marks(word: str) -> str:
    """Return a word without accents (Sjögren, Ménière); letters of which nothing is left stay."""
    if word.isascii():
        return word
    plain = "".join(char for char in normalize("NFKD", word) if not combining(char))
    return plain or word


class _NormalForms(dict[str, str]):
    """Words to their normal forms, worked out once each."""

    def __missing__(self, word: str) -> str:
        normal = _normal(word)
        if len(self) < 500_000:  # a bound, so that hostile text cannot fill the memory
            self[word] = normal
        return normal


NORMAL_FORMS: Final = _NormalForms()


class Tokens(NamedTuple):
    """The tokens of a text in parallel lists: as they are written, start and end offsets in code points."""

    words: list[str]
    starts: list[int]
    ends: list[int]

    @property
    def forms(self) -> list[str]:
        """Their normal forms."""
        return list(map(NORMAL_FORMS.__getitem__, self.words))

    def form(self, place: int) -> str:
        """Return the normal form of one."""
        return NORMAL_FORMS[self.words[place]]

    def key(self, first: int, last: int) -> str:
        """Return the key of those from ``first`` to before ``last``, as `key` does of a label."""
        if last - first == 1:
            return NORMAL_FORMS[self.words[first]]
        return " ".join([NORMAL_FORMS[word] for word in self.words[first:last]])


def tokenise(text: str) -> Tokens:
    """Cut ``text`` into runs of letters and runs of digits."""
    # Splitting and adding up lengths does in C what a loop over matches would do here.
    plain = with_plain_signs(text)
    pieces = (_ASCII_PIECES if plain.isascii() else _PIECES).split(plain)
    borders = list(accumulate(map(len, pieces)))
    return Tokens(pieces[1::2], borders[:-1:2], borders[1::2])


def with_plain_signs(text: str) -> str:
    """Return a text with ASCII signs for the frequent others, one for one: most texts then are of ASCII alone.

    >>> with_plain_signs("the patient’s age ≥ 18")
    "the patient's age > 18"
    """
    if not text.isascii():
        for sign, plain in _PLAIN_SIGNS:
            text = text.replace(sign, plain)
    return text


def key(label: str) -> str:
    """Return the key under which a label is indexed: its tokens' normal forms, with single spaces between.

    >>> key("HER-2") == key("HER2"), key("tumours") == key("tumor")
    (True, True)
    """
    normal = NORMAL_FORMS
    return " ".join([normal[word] for word in _TOKEN.findall(label)])


def begins_code(text: str, start: int, end: int) -> bool:
    """Tell whether capitals begin a product's code: "CT-101" is no tomography."""
    return text[start:end].isupper() and _CODE_BEHIND.match(text, end) is not None
