"""A vocabulary's file as a stream of bytes, unpacked where it is gzip, with what can be wrong said in words."""

import gzip
import io
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from kg.errors import ReadError, SourceError

HEAD_BYTES: Final = 1 << 16
_GZIP_MAGIC: Final = b"\x1f\x8b"
_LONGEST_LINE: Final = 1 << 24  # 16 MiB: a longer line is no table, triple or OBO tag


class Opened:
    """An open file, read once from start to end.

    Attributes:
        name: The path as the user gave it, for messages.
        file: The unpacked bytes.
        unended: Whether the line that `lines` gave last has no line end: the file's last, and perhaps cut.
    """

    def __init__(self, name: str, file: io.BufferedReader) -> None:
        self.name = name
        self.file = file
        self.unended = False

    def lines(self) -> Iterator[tuple[int, str]]:
        """Yield the lines with their numbers from 1, without line ends.

        Raises:
            ReadError: A line is not UTF-8, or longer than any record of these formats.
        """
        number = 0
        while line := self.file.readline(_LONGEST_LINE):
            number += 1
            self.unended = not line.endswith(b"\n")
            if len(line) == _LONGEST_LINE:
                raise ReadError(self.name, f"line {number}", "", "the line is longer than 16 MiB; this is another file")
            try:
                yield number, line.decode("utf-8").rstrip("\r\n")
            except UnicodeDecodeError as err:
                reason = f"not UTF-8 ({err.reason}); save the file as UTF-8"
                raise ReadError(self.name, f"line {number}", "", reason) from err


@contextmanager
def opened(path: Path) -> Iterator[Opened]:
    """Open a file, unpacking gzip by its magic number.

    Raises:
        SourceError: It cannot be opened, or its gzip data are damaged or cut.
    """
    name = str(path)
    try:
        raw = path.open("rb")
    except OSError as err:
        raise SourceError(name, f"{err.strerror or err}; is the path right?") from err
    try:
        packed = raw.read(2) == _GZIP_MAGIC
        raw.seek(0)
        unpacked = gzip.GzipFile(fileobj=raw) if packed else raw
        yield Opened(name, io.BufferedReader(unpacked, HEAD_BYTES))
    except EOFError as err:
        raise SourceError(name, "the gzip data end too early: the file was cut; fetch it again") from err
    except (gzip.BadGzipFile, zlib.error) as err:
        raise SourceError(name, f"the gzip data are damaged ({err}); fetch the file again") from err
    finally:
        raw.close()


def head(path: Path) -> bytes:
    """Return the first unpacked bytes of a file, from which its format is told.

    Raises:
        SourceError: The file cannot be read, or is empty.
    """
    with opened(path) as source:
        start = source.file.read(HEAD_BYTES)
    if not start.strip():
        raise SourceError(str(path), "the file is empty; fetch it again")
    return start
