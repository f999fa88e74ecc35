"""Bytes from anywhere, read ahead just as far as a record needs."""

import re
from collections.abc import Callable
from typing import Final

from kg.read.limits import MIB, Fault

ReadBytes = Callable[[int], bytes]

_CHUNK: Final = MIB
_LARGEST_CHUNK: Final = 16 * MIB
_NOT_SPACE: Final = re.compile(rb"[^ \t\r\n]")


class OversizeError(Exception):
    """A record is longer than allowed; the feed stands behind it."""


class Feed:
    """A stream of bytes with a window on what comes next: ``data[at:]``.

    A source that breaks (a cut gzip file, a disk error) ends early and leaves its reason in ``fault``: what came
    before the break is still good, unless it is ``untrusted``.
    """

    __slots__ = ("_ended", "_read", "at", "data", "fault", "untrusted")

    def __init__(self, read: ReadBytes) -> None:
        """Read from ``read``, which gives at most as many bytes as asked for, and none at the end."""
        self._read = read
        self._ended = False
        self.data = b""
        self.at = 0
        self.fault: str | None = None
        self.untrusted = False

    def more(self) -> bool:
        """Read on; tell whether anything came. What lies before ``at`` is dropped, so that ``at`` becomes 0."""
        if self._ended:
            return False
        kept = self.data[self.at :]
        try:
            chunk = self._read(min(max(_CHUNK, len(kept)), _LARGEST_CHUNK))
        except Fault as fault:
            self.fault, self.untrusted = str(fault), fault.untrusted
            chunk = b""
        self._ended = not chunk
        self.data = kept + chunk
        self.at = 0
        return not self._ended

    def peek(self, size: int) -> bytes:
        """Return the next ``size`` bytes, or fewer at the end, without moving."""
        while len(self.data) - self.at < size and self.more():
            pass
        return self.data[self.at : self.at + size]

    def next_byte(self) -> bytes:
        """Move over white space and return the byte behind it without moving on; empty at the end."""
        while True:
            found = _NOT_SPACE.search(self.data, self.at)
            if found:
                self.at = found.start()
                return found.group()
            self.at = len(self.data)
            if not self.more():
                return b""

    def find(self, pattern: re.Pattern[bytes], limit: int, overlap: int = 32) -> re.Match[bytes] | None:
        """Search the bytes ahead without moving; None when the feed ends first.

        Args:
            pattern: What to look for.
            limit: How far to look.
            overlap: As many bytes as a match can have.

        Raises:
            OversizeError: Nothing was found within the limit.
        """
        seen = 0
        while True:
            found = pattern.search(self.data, self.at + seen)
            if found:
                if found.end() - self.at > limit:
                    raise OversizeError
                return found
            ahead = len(self.data) - self.at
            if ahead > limit:
                raise OversizeError
            seen = max(seen, ahead - overlap)
            if not self.more():
                return None

    def skip_past(self, pattern: re.Pattern[bytes], overlap: int = 32) -> bool:
        """Move behind the next match, however far; False when the feed ends first."""
        while True:
            found = pattern.search(self.data, self.at)
            if found:
                self.at = found.end()
                return True
            self.at = max(self.at, len(self.data) - overlap)
            if not self.more():
                self.at = len(self.data)
                return False

    def take(self, end: int) -> bytes:
        """Return the bytes up to the index ``end`` of ``data`` and move behind them."""
        taken = self.data[self.at : end]
        self.at = end
        return taken

    def rest(self, limit: int) -> bytes:
        """Return all that is left.

        Raises:
            OversizeError: It is longer than ``limit``; the feed stands at its end.
        """
        while self.more():
            if len(self.data) > limit:
                self.skip_all()
                raise OversizeError
        return self.take(len(self.data))

    def skip_all(self) -> None:
        """Move to the end."""
        self.at = len(self.data)
        while self.more():
            self.at = len(self.data)
