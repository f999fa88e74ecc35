"""The tables of words in a compiled file, for the linker of given names (`kg.linking`).

``labels`` by number, ``bags`` (key of `kg.linking.index.keys` to labels' numbers), ``words`` (a word's group to its
weight and labels' numbers), ``forms`` (the words that labels have), and ``weights`` (of all labels, in one piece).
"""

import sqlite3
import sys
from array import array
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

import msgspec

from kg.linking.index import Label, make_tables
from kg.vocabulary.join import JoinedConcept

TABLES: Final = """
CREATE TABLE labels (number INTEGER PRIMARY KEY, body BLOB NOT NULL);
CREATE TABLE bags (key TEXT PRIMARY KEY, labels BLOB NOT NULL) WITHOUT ROWID;
CREATE TABLE words (word TEXT PRIMARY KEY, weight REAL NOT NULL, labels BLOB NOT NULL) WITHOUT ROWID;
CREATE TABLE forms (form TEXT PRIMARY KEY) WITHOUT ROWID;
CREATE TABLE weights (labels BLOB NOT NULL);
"""
WEIGHT_UNIT: Final = 1000  # labels' weights are written in thousandths


def write_word_tables(file: sqlite3.Connection, concepts: Iterable[JoinedConcept]) -> None:
    """Fill the tables in the transaction that is under way; the same concepts give the same bytes."""
    tables = make_tables(_labels(concepts))
    rows = ((number, msgspec.msgpack.encode(tuple(label))) for number, label in enumerate(tables.labels))
    file.executemany("INSERT INTO labels VALUES (?, ?)", rows)
    file.executemany(
        "INSERT INTO bags VALUES (?, ?)", ((bag, packed(found)) for bag, found in sorted(tables.keys.items()))
    )
    file.executemany(
        "INSERT INTO words VALUES (?, ?, ?)",
        ((word, tables.idf[word], packed(found)) for word, found in sorted(tables.postings.items())),
    )
    file.executemany("INSERT INTO forms VALUES (?)", ((form,) for form in sorted(tables.forms)))
    file.execute(
        "INSERT INTO weights VALUES (?)", (packed([round(weight * WEIGHT_UNIT) for weight in tables.label_weights]),)
    )


def _labels(concepts: Iterable[JoinedConcept]) -> Iterator[Label]:
    for concept in concepts:
        kind = concept.concept_type.value
        yield Label(concept.iri, kind, concept.pref_label, "prefLabel")
        for label in concept.alt_labels:
            yield Label(concept.iri, kind, label, "altLabel")
        for label in concept.hidden_labels:
            yield Label(concept.iri, kind, label, "hiddenLabel")


def packed(numbers: Sequence[int]) -> bytes:
    """Return numbers as 32 bits each, little-endian."""
    return _little_endian(array("I", numbers)).tobytes()


def unpacked(body: bytes) -> "array[int]":
    """Return the numbers that `packed` wrote."""
    found = array("I", body)
    return _little_endian(found)


def _little_endian(numbers: "array[int]") -> "array[int]":
    if sys.byteorder == "big":
        numbers.byteswap()
    return numbers
