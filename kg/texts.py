"""The texts that quotes point into, kept beside the graph: one compressed row a trial, contact data removed."""

import shutil
import sqlite3
from collections.abc import Iterator
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


def pack(texts: list[KeptText]) -> bytes:
    """Return the texts of one trial compressed, the same bytes for the same texts."""
    return isal_zlib.compress(msgspec.json.encode(texts), _COMPRESSION)


def unpack(packed: bytes) -> list[KeptText]:
    """Return the texts that `pack` packed."""
    return msgspec.json.decode(isal_zlib.decompress(packed), type=list[KeptText])


class TextStore:
    """A file of kept texts, by trial."""

    def __init__(self, path: Path, *, create: bool = False) -> None:
        mode = "rwc" if create else "ro"
        self._connection = sqlite3.connect(f"{path.absolute().as_uri()}?mode={mode}", uri=True)
        if create:
            self._connection.execute("PRAGMA journal_mode = OFF")
            self._connection.execute("PRAGMA synchronous = OFF")  # the folder appears whole or not at all
            self._connection.execute("CREATE TABLE texts (trial TEXT PRIMARY KEY, packed BLOB NOT NULL) WITHOUT ROWID")

    @classmethod
    def copy(cls, old: Path, new: Path) -> Self:
        """Start from the texts of another build."""
        shutil.copyfile(old, new)
        copied = cls(new)
        copied._connection.close()
        copied._connection = sqlite3.connect(new)
        copied._connection.execute("PRAGMA journal_mode = OFF")
        copied._connection.execute("PRAGMA synchronous = OFF")
        return copied

    def remove(self, nct_id: str) -> None:
        """Forget the texts of a trial."""
        self._connection.execute("DELETE FROM texts WHERE trial = ?", (nct_id,))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def add(self, nct_id: str, packed: bytes) -> None:
        """Keep the packed texts of a trial."""
        self._connection.execute("INSERT INTO texts VALUES (?, ?)", (nct_id, packed))

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
