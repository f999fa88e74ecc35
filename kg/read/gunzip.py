"""Gzip as a stream that gives what came before a cut, and stops at a bomb."""

import zlib
from typing import Final

from kg.read.feed import ReadBytes
from kg.read.limits import Fault, Limits, Meter

_CHUNK: Final = 1 << 16
_GZIP: Final = 16 + zlib.MAX_WBITS
GZIP_MAGIC: Final = b"\x1f\x8b"


class Gunzip:
    """Reads the bytes in a gzip stream (RFC 1952) of one or more members.

    The standard library's ``GzipFile`` throws away what it read just before an error; this one gives it.
    """

    def __init__(self, read: ReadBytes, limits: Limits) -> None:
        """Read compressed bytes from ``read``."""
        self._read = read
        self._meter = Meter(limits)
        self._inflater = zlib.decompressobj(_GZIP)
        self._pending = b""

    def __call__(self, size: int) -> bytes:
        """Return at most ``size`` bytes, none at the end.

        Raises:
            Fault: The data are cut, damaged or a bomb.
        """
        while True:
            out = self._inflate(size)
            if out:
                self._meter.give(len(out))
                return out
            if self._inflater.eof:
                if not self._next_member():
                    return b""
            elif not self._refill():
                raise Fault("the gzip data end too early: the file was cut; fetch it again")

    def _inflate(self, size: int) -> bytes:
        if self._inflater.eof:
            return b""
        try:
            out = self._inflater.decompress(self._pending, size)
        except zlib.error as err:
            raise Fault(f"the gzip data are damaged ({err}); fetch the file again", untrusted=True) from err
        self._pending = self._inflater.unconsumed_tail
        return out

    def _refill(self) -> bool:
        self._pending = self._read(_CHUNK)
        self._meter.taken_in += len(self._pending)
        return bool(self._pending)

    def _next_member(self) -> bool:
        """Start on the member behind the one that ended; zeros between members are padding."""
        self._pending = self._inflater.unused_data.lstrip(b"\0")
        while not self._pending:
            if not self._refill():
                return False
            self._pending = self._pending.lstrip(b"\0")
        if not GZIP_MAGIC.startswith(self._pending[:2]):
            raise Fault("there are bytes behind the gzip data that are not gzip; they are not read")
        self._inflater = zlib.decompressobj(_GZIP)
        return True
