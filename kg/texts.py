"""What is kept beside the graph: the texts that quotes point into, and where each document lay when it was read.

Texts are one compressed row a trial, contact data removed. Files and positions are here and not in the graph, for they
say nothing of a trial: the same records give the same quads wherever they lie.
"""

import shutil
import sqlite3
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple, Self

import msgspec
from isal import isal_zlib

_COMPRESSION = 3  # of 0 to 3: 2 % larger than what zlib makes of it at 6, in a third of the time


class KeptText(NamedTuple):
    """A text of a document; ``locator`` is its JSON Pointer, XPath or section name."""

    document: str
    locator: str
    text: str


class KeptDocument(NamedTuple):
    """A document of a trial, and the place that it was read from."""

    nct_id: str
    sha256: str
    format: str
    file: str  # as it was named, with the archive's member after an exclamation mark
    position: str  # in the file: line 12, record 3; empty where the file is the document
    version_date: str | None  # as precise as the source


def pack(texts: list[KeptText]) -> bytes:
    """Return the texts of one trial compressed, the same bytes for the same texts."""
    return isal_zlib.compress(msgspec.json.encode(texts), _COMPRESSION)


def unpack(packed: bytes) -> list[KeptText]:
    """Return the texts that `pack` packed."""
    return msgspec.json.decode(isal_zlib.decompress(packed), type=list[KeptText])


class TextStore:
    """A file of kept texts, by trial."""

    def __init__(self, path: Path, *, create: bool = False) -> None:
        self._connection = _connect(path, "rwc" if create else "ro")
        if create:
            self._connection.execute("CREATE TABLE texts (trial TEXT PRIMARY KEY, packed BLOB NOT NULL) WITHOUT ROWID")
            self._connection.execute(
                "CREATE TABLE documents (trial TEXT, sha256 TEXT PRIMARY KEY, format TEXT, file TEXT, position TEXT, "
                "version_date TEXT) WITHOUT ROWID"
            )
            self._connection.execute("CREATE INDEX documents_of_trial ON documents (trial)")

    @classmethod
    def copy(cls, old: Path, new: Path) -> Self:
        """Start from what another build keeps."""
        shutil.copyfile(old, new)
        copied = cls.__new__(cls)
        copied._connection = _connect(new, "rw")
        return copied

    def remove(self, nct_id: str) -> None:
        """Forget the texts and documents of a trial."""
        self._connection.execute("DELETE FROM texts WHERE trial = ?", (nct_id,))
        self._connection.execute("DELETE FROM documents WHERE trial = ?", (nct_id,))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def add(self, nct_id: str, packed: bytes) -> None:
        """Keep the packed texts of a trial."""
        self._connection.execute("INSERT INTO texts VALUES (?, ?)", (nct_id, packed))

    def add_documents(self, documents: Iterable[KeptDocument]) -> None:
        """Keep where documents lie."""
        self._connection.executemany("INSERT INTO documents VALUES (?, ?, ?, ?, ?, ?)", documents)

    def move_documents(self, places: Iterable[tuple[str, str, str]]) -> None:
        """Note where documents lie now: SHA-256, file and position of each."""
        self._connection.executemany(
            "UPDATE documents SET file = ?2, position = ?3 WHERE sha256 = ?1 AND (file, position) <> (?2, ?3)", places
        )

    def document(self, sha256: str) -> KeptDocument | None:
        """Return the document with this SHA-256; None if it is unknown."""
        row = self._connection.execute("SELECT * FROM documents WHERE sha256 = ?", (sha256,)).fetchone()
        return KeptDocument(*row) if row else None

    def of(self, nct_id: str) -> list[KeptText]:
        """Return the texts of a trial; none if it is unknown."""
        row = self._connection.execute("SELECT packed FROM texts WHERE trial = ?", (nct_id,)).fetchone()
        return unpack(row[0]) if row else []

    def by_place(self, nct_id: str) -> dict[tuple[str, str], str]:
        """Return the texts of a trial by document and locator."""
        return {(text.document, text.locator): text.text for text in self.of(nct_id)}

    def __iter__(self) -> Iterator[tuple[str, list[KeptText]]]:
        for nct_id, packed in self._connection.execute("SELECT trial, packed FROM texts ORDER BY trial"):
            yield nct_id, unpack(packed)

    def close(self) -> None:
        """Write what is open and close the file."""
        self._connection.commit()
        self._connection.close()


def _connect(path: Path, mode: str) -> sqlite3.Connection:
    connection = sqlite3.connect(f"{path.absolute().as_uri()}?mode={mode}", uri=True)
    if mode != "ro":
        connection.execute("PRAGMA journal_mode = OFF")
        connection.execute("PRAGMA synchronous = OFF")  # the folder appears whole or not at all
    return connection
