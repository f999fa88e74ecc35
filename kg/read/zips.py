"""Zip archives read entry by entry: the standard library's reader keeps every entry of the directory in memory.

Follows PKWARE's APPNOTE 6.3.10: the end record (4.3.16), its 64 bit form (4.3.14, 4.3.15), directory entries (4.3.12),
local headers (4.3.7), and the 64 bit sizes in their extra fields (4.5.3). Stored and deflated members are read.
"""

import os
import stat
import struct
import zlib
from collections.abc import Iterator
from typing import IO, Final

from kg.models import Record
from kg.read.limits import MIB, Fault, Limits, Meter

STORED, DEFLATED = 0, 8

_END: Final = struct.Struct("<4s4H2LH")
_END_64_LOCATOR: Final = struct.Struct("<4sLQL")
_END_64: Final = struct.Struct("<4sQ2H2L4Q")
_ENTRY: Final = struct.Struct("<4s6H3L5H2L")
_LOCAL: Final = struct.Struct("<4s5H3L2H")
_EXTRA: Final = struct.Struct("<2H")
_LONG: Final = struct.Struct("<Q")
_LONGEST_COMMENT: Final = 0xFFFF
_IN_EXTRA: Final = 0xFFFFFFFF
_EXTRA_64: Final = 1
_ENCRYPTED, _UTF8 = 0x1, 0x800
_CHUNK: Final = MIB // 4
_DAMAGED: Final = "the archive member is damaged ({}); fetch the archive again"


class Entry(Record, frozen=True, kw_only=True):
    """A member as the archive's directory lists it."""

    name: str
    method: int
    encrypted: bool
    crc: int
    compressed_size: int
    header_offset: int
    mode: int  # of the file on the system where it was packed; 0 where that had no such thing

    @property
    def is_folder(self) -> bool:
        """Tell whether this is a folder and not a file."""
        return self.name.endswith("/") or stat.S_ISDIR(self.mode)


def entries(file: IO[bytes]) -> Iterator[Entry]:
    """Yield the entries of an archive's directory.

    Raises:
        Fault: The directory is missing or damaged.
    """
    offset, size, shift = _directory(file)
    end = offset + size
    while offset < end:
        fields = _unpack(_ENTRY, file, offset, b"PK\x01\x02")
        _, made_by, _, flags, method, _, _, crc, packed, unpacked, *lengths, _, _, attributes, start = fields
        name_length, extra_length, comment_length = lengths
        name = file.read(name_length)
        packed, start = _long_sizes(file.read(extra_length), packed, unpacked, start)
        yield Entry(
            name=name.decode("utf-8" if flags & _UTF8 else "cp437", "replace").split("\0")[0],
            method=method,
            encrypted=bool(flags & _ENCRYPTED),
            crc=crc,
            compressed_size=packed,
            header_offset=start + shift,
            mode=attributes >> 16 if made_by >> 8 else 0,
        )
        offset += _ENTRY.size + name_length + extra_length + comment_length


def _directory(file: IO[bytes]) -> tuple[int, int, int]:
    """Return where the directory starts, its length, and by how much all offsets are to be moved."""
    length = file.seek(0, os.SEEK_END)
    tail_start = max(0, length - _END.size - _LONGEST_COMMENT)
    file.seek(tail_start)
    tail = file.read()
    place = tail.rfind(b"PK\x05\x06")
    if place < 0 or len(tail) - place < _END.size:
        raise Fault("the zip archive is damaged or cut (no directory at its end); fetch it again")
    *_, size, offset, _ = _END.unpack_from(tail, place)
    end = tail_start + place
    locator = end - _END_64_LOCATOR.size
    if locator >= 0 and _has(file, locator, b"PK\x06\x07"):
        file.seek(locator)
        end = _END_64_LOCATOR.unpack(file.read(_END_64_LOCATOR.size))[2]
        *_, size, offset = _unpack(_END_64, file, end, b"PK\x06\x06")
    shift = end - size - offset
    if shift < 0:
        raise Fault("the zip archive is damaged (its directory is larger than the file); fetch it again")
    return offset + shift, size, shift


def _has(file: IO[bytes], offset: int, magic: bytes) -> bool:
    file.seek(offset)
    return file.read(len(magic)) == magic


def _unpack(layout: struct.Struct, file: IO[bytes], offset: int, magic: bytes) -> tuple[int, ...]:
    file.seek(offset)
    content = file.read(layout.size)
    if len(content) < layout.size or not content.startswith(magic):
        raise Fault("the zip archive is damaged (a header is not where it should be); fetch it again")
    return layout.unpack(content)


def _long_sizes(extra: bytes, packed: int, unpacked: int, start: int) -> tuple[int, int]:
    """Return the compressed size and the header's place, from the 64 bit extra field where they do not fit 32 bits."""
    values: list[int] = []
    place = 0
    while place + _EXTRA.size <= len(extra):
        kind, length = _EXTRA.unpack_from(extra, place)
        place += _EXTRA.size
        if kind == _EXTRA_64:
            field = extra[place : place + length]
            values = [value for (value,) in _LONG.iter_unpack(field[: len(field) // 8 * 8])]
        place += length
    if unpacked == _IN_EXTRA:
        values = values[1:]
    if packed == _IN_EXTRA and values:
        packed = values.pop(0)
    if start == _IN_EXTRA and values:
        start = values.pop(0)
    return packed, start


class EntryReader:
    """Reads one member as a stream, and checks its sum at the end."""

    def __init__(self, file: IO[bytes], entry: Entry, meter: Meter) -> None:
        """Find the member's data.

        Raises:
            Fault: They are not where the directory says.
        """
        local = _unpack(_LOCAL, file, entry.header_offset, b"PK\x03\x04")
        self._file = file
        self._meter = meter
        self._place = entry.header_offset + _LOCAL.size + local[-2] + local[-1]
        self._left = entry.compressed_size
        self._expected = entry.crc
        self._crc = 0
        self._pending = b""
        self._inflater = zlib.decompressobj(-zlib.MAX_WBITS) if entry.method == DEFLATED else None

    def __call__(self, size: int) -> bytes:
        """Return at most ``size`` bytes, none at the end.

        Raises:
            Fault: The member is cut, damaged or a bomb.
        """
        out = self._stored(size) if self._inflater is None else self._inflated(self._inflater, size)
        if not out and self._crc != self._expected:
            raise Fault(_DAMAGED.format("its checksum is wrong"), untrusted=True)
        self._crc = zlib.crc32(out, self._crc)
        self._meter.give(len(out))
        return out

    def _stored(self, size: int) -> bytes:
        self._file.seek(self._place)
        data = self._file.read(min(size, self._left))
        self._place += len(data)
        self._left -= len(data)
        if not data and self._left:
            raise Fault("the archive ends within this member; fetch it again")
        return data

    def _inflated(self, inflater: "zlib._Decompress", size: int) -> bytes:
        while not inflater.eof:
            try:
                out = inflater.decompress(self._pending, size)
            except zlib.error as err:
                raise Fault(_DAMAGED.format(err), untrusted=True) from err
            self._pending = inflater.unconsumed_tail
            if out:
                return out
            if not self._pending and not inflater.eof:
                self._pending = self._stored(_CHUNK)
                if not self._pending:
                    raise Fault("the archive member is cut; fetch the archive again")
        return b""


def zip_meter(file: IO[bytes], limits: Limits) -> Meter:
    """Return a meter over all members: what comes out is weighed against the size of the archive."""
    meter = Meter(limits)
    meter.taken_in = file.seek(0, os.SEEK_END)
    return meter
