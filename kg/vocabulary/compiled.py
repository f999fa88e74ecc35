"""The compiled lexicon: a SQLite file that is read a name at a time, so that it opens at once whatever its size.

Tables: ``names`` (key of `kg.tokens.key` to entries), ``firsts`` (first word to second words and lengths of the names
that start with it), ``concepts`` by number, ``iris`` (every IRI of a concept to its number), ``about``, and those of
`kg.vocabulary.word_tables`.
"""

import sqlite3
from collections.abc import Iterable, Iterator
from itertools import groupby
from pathlib import Path
from typing import Any, Final, NoReturn

import msgspec

from kg.errors import TerminologyError
from kg.identifiers import content_hash
from kg.lexicon import Lengths
from kg.models import Concept, ConceptType, Record
from kg.tokens import key
from kg.vocabulary.danger import is_dangerous
from kg.vocabulary.join import Joined, JoinedConcept
from kg.vocabulary.mesh_tree import measures
from kg.vocabulary.names import preference
from kg.vocabulary.spelling import variants
from kg.vocabulary.word_tables import TABLES, write_word_tables

LAYOUT: Final = 3  # of the tables; another one is compiled anew
_TABLES: Final = """
CREATE TABLE about (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE concepts (number INTEGER PRIMARY KEY, body BLOB NOT NULL);
CREATE TABLE iris (iri TEXT PRIMARY KEY, number INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE names (key TEXT PRIMARY KEY, entries BLOB NOT NULL) WITHOUT ROWID;
CREATE TABLE firsts (word TEXT PRIMARY KEY, lengths BLOB NOT NULL) WITHOUT ROWID;
"""
# What `kg.tokens.key` makes of these tells whether a file's keys are still those that texts are looked up with.
_SPELLINGS: Final = (
    "HER-2/neu", "Type II diabetes", "Crohn's tumours", "Sjögren", "IFN-γ", "leukaemia", "oesophageal biopsies",
    "randomised paediatric centre", "p53", "analogues", "tumoural", "stage IIIB",
)  # fmt: skip


class StoredEntry(Record, frozen=True, kw_only=True, array_like=True):
    """A label of a concept, as it lies in the file. ``rank``: lower is chosen where several concepts have a name."""

    concept: int
    label: str
    kind: str
    rank: int


_SIGNS: Final = frozenset("+-.,:;()[]")  # what `kg.lexicon` asks for
_entries_decoder: Final = msgspec.msgpack.Decoder(tuple[StoredEntry, ...])
_lengths_decoder: Final = msgspec.msgpack.Decoder(dict[str, tuple[int, ...]])
_concept_decoder: Final = msgspec.msgpack.Decoder(Concept)

# A preferred label says more than another one; of two equal kinds the vocabulary that comes first is taken.
_KIND_RANKS: Final = {"prefLabel": 2, "altLabel": 6, "ambiguousLabel": 6, "hiddenLabel": 10}


class CompiledLexicon:
    """The names and concepts of a compiled file, read when they are asked for; safe in threads and after a fork.

    Raises:
        TerminologyError: The file is missing, damaged or of another version.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            self._file = sqlite3.connect(f"{path.as_uri()}?mode=ro&immutable=1", uri=True, check_same_thread=False)
            about = dict(self._file.execute("SELECT name, value FROM about WHERE name IN ('layout', 'spelling')"))
        except sqlite3.Error as err:
            raise self._damaged(err) from err
        if about != _made_by():
            raise TerminologyError(f"{path} was compiled by another version; run `kg vocab add` with any file again.")

    def _damaged(self, err: sqlite3.Error) -> TerminologyError:
        return TerminologyError(
            f"{self.path} is damaged ({err}); run `kg vocab add` with any file to compile it again."
        )

    def row(self, query: str, value: str | int) -> tuple[Any, ...] | None:
        """Return the first row that a query with one value finds; None if there is none."""
        try:
            found: tuple[Any, ...] | None = self._file.execute(query, (value,)).fetchone()
        except sqlite3.Error as err:
            raise self._damaged(err) from err
        return found

    def missing(self, what: str) -> NoReturn:
        """Say that the file lacks what it refers to.

        Raises:
            TerminologyError: Always.
        """
        raise self._damaged(sqlite3.DatabaseError(f"no {what}"))

    def _blob(self, query: str, value: str | int) -> bytes | None:
        found = self.row(query, value)
        return found[0] if found else None

    def entries(self, label_key: str) -> tuple[StoredEntry, ...]:
        """Return the labels with this key; none if there are none."""
        blob = self._blob("SELECT entries FROM names WHERE key = ?", label_key)
        return _entries_decoder.decode(blob) if blob else ()

    def lengths(self, first: str) -> Lengths | None:
        """Return, for names that start with a word, second words ("" for none) and numbers of words, longest first."""
        blob = self._blob("SELECT lengths FROM firsts WHERE word = ?", first)
        return _lengths_decoder.decode(blob) if blob else None

    def concept(self, number: int) -> Concept:
        """Return a concept by its number in the file.

        Raises:
            TerminologyError: There is none: the file is damaged.
        """
        blob = self._blob("SELECT body FROM concepts WHERE number = ?", number)
        if blob is None:
            self.missing(f"concept {number}")
        return _concept_decoder.decode(blob)

    def find(self, iri: str) -> Concept | None:
        """Return the concept that an IRI stands for, canonical or exact match."""
        found = self.row("SELECT number FROM iris WHERE iri = ?", iri)
        return self.concept(found[0]) if found else None

    def negatives(self) -> frozenset[tuple[str, str]]:
        """Return the pairs of IRIs, each sorted, that a mapping says are not one concept."""
        blob = self._blob("SELECT value FROM about WHERE name = ?", "negatives")
        return frozenset(msgspec.json.decode(blob, type=list[tuple[str, str]])) if blob else frozenset()

    def measuring(self) -> frozenset[str]:
        """Return the IRIs of the procedures that measure something, as MeSH's trees say; all others treat."""
        blob = self._blob("SELECT value FROM about WHERE name = ?", "measuring")
        return frozenset(msgspec.json.decode(blob, type=list[str])) if blob else frozenset()

    def close(self) -> None:
        """Close the file."""
        self._file.close()


def _made_by() -> dict[str, str]:
    return {"layout": str(LAYOUT), "spelling": content_hash(*map(key, _SPELLINGS))}


def write_compiled(path: Path, joined: Joined) -> int:
    """Write a file and return its number of names (keys); the same concepts give the same bytes.

    Raises:
        OSError: It cannot be written.
    """
    path.unlink(missing_ok=True)
    file = sqlite3.connect(path, isolation_level=None)
    try:
        file.executescript(
            f"PRAGMA page_size = 8192; PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; {_TABLES}{TABLES}"
        )
        file.execute("BEGIN")
        about = {
            **_made_by(),
            "negatives": msgspec.json.encode(joined.negatives).decode(),
            "measuring": msgspec.json.encode([it.iri for it in joined.concepts if _measures(it)]).decode(),
        }
        file.executemany("INSERT INTO about VALUES (?, ?)", sorted(about.items()))
        file.executemany("INSERT INTO concepts VALUES (?, ?)", _concept_rows(joined.concepts))
        file.executemany("INSERT INTO iris VALUES (?, ?)", _iri_rows(joined.concepts))
        keyed = sorted(_keyed(joined.concepts), key=lambda row: (row[0], row[1].rank, row[1].concept, row[1].label))
        names = _name_rows(keyed)
        file.executemany("INSERT INTO names VALUES (?, ?)", names)
        file.executemany("INSERT INTO firsts VALUES (?, ?)", _first_rows(label_key for label_key, _ in names))
        write_word_tables(file, joined.concepts)
        file.execute("COMMIT")
    except sqlite3.Error as err:
        raise OSError(str(err)) from err
    finally:
        file.close()
    return len(names)


def _concept_rows(concepts: Iterable[JoinedConcept]) -> Iterator[tuple[int, bytes]]:
    for number, joined in enumerate(concepts):
        concept = Concept(
            iri=joined.iri,
            concept_type=joined.concept_type,
            pref_label=joined.pref_label,
            alt_labels=tuple(sorted(joined.alt_labels)),
            broader_iris=joined.broader_iris,
            gene_iri=joined.gene_iri,
            exact_match_iris=tuple(sorted(joined.iris[1:])),
            mesh_tree_numbers=joined.tree_numbers,
        )
        yield number, msgspec.msgpack.encode(concept)


def _measures(concept: JoinedConcept) -> bool:
    return concept.concept_type is ConceptType.PROCEDURE and measures(concept.tree_numbers)


def _iri_rows(concepts: Iterable[JoinedConcept]) -> list[tuple[str, int]]:
    return sorted((iri, number) for number, joined in enumerate(concepts) for iri in joined.iris)


def _keyed(concepts: Iterable[JoinedConcept]) -> Iterator[tuple[str, StoredEntry]]:
    """Yield each label of each concept once under its key, the strongest kind of it."""
    for number, joined in enumerate(concepts):
        groups = (
            ("prefLabel", (joined.pref_label,)),
            ("altLabel", joined.alt_labels),
            ("hiddenLabel", joined.hidden_labels),
        )
        spellings = {label: tuple(variants(label, joined)) for label in (joined.pref_label, *joined.alt_labels)}
        seen: set[tuple[str, str]] = set()
        for kind, labels in groups:
            for label in labels:
                dangerous = is_dangerous(label, kind, joined)
                for spelling in (label, *spellings.get(label, ())):
                    label_key = key(spelling)
                    if (label_key, spelling) not in seen and any(map(str.isalpha, label_key)):
                        seen.add((label_key, spelling))
                        stored_kind = kind if spelling is label else "hiddenLabel"
                        yield label_key, _stored(number, joined, spelling, stored_kind, dangerous=dangerous)


def _stored(number: int, joined: JoinedConcept, label: str, kind: str, *, dangerous: bool) -> StoredEntry:
    rank = _KIND_RANKS[kind] + preference(joined.iri)[0]
    return StoredEntry(concept=number, label=label, kind="ambiguousLabel" if dangerous else kind, rank=rank)


def _name_rows(keyed: Iterable[tuple[str, StoredEntry]]) -> list[tuple[str, bytes]]:
    """Return the entries of each key; of one concept's labels that a text must spell alike, the best only."""
    rows = []
    for label_key, found in groupby(keyed, key=lambda row: row[0]):
        best: dict[tuple[int, bool, frozenset[str]], StoredEntry] = {}
        for _, entry in found:
            best.setdefault((entry.concept, entry.label.isupper(), _SIGNS.intersection(entry.label)), entry)
        rows.append((label_key, msgspec.msgpack.encode(tuple(best.values()))))
    return rows


def _first_rows(keys: Iterable[str]) -> Iterator[tuple[str, bytes]]:
    """Yield, for each first word, the second words and numbers of words; keys come sorted as text."""
    firsts: dict[str, dict[str, set[int]]] = {}
    for label_key in keys:
        words = label_key.split(" ")
        seconds = firsts.setdefault(words[0], {})
        seconds.setdefault(words[1] if len(words) > 1 else "", set()).add(len(words))
    for first in sorted(firsts):
        lengths = {second: tuple(sorted(found, reverse=True)) for second, found in sorted(firsts[first].items())}
        yield first, msgspec.msgpack.encode(lengths)
