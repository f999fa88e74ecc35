"""Members of zip and tar archives as streams. Nothing is ever unpacked to disk, and no member's name is trusted."""

import io
import re
import stat
import tarfile
import tempfile
from collections.abc import Iterator
from typing import IO, Final, Self

from kg.models import Record
from kg.read.feed import Feed, ReadBytes
from kg.read.limits import MIB, Fault, Limits, Meter
from kg.read.zips import DEFLATED, STORED, Entry, EntryReader, entries, zip_meter

_DRIVE: Final = re.compile(r"[A-Za-z]:")
_LARGEST_TAR_HEADER: Final = MIB
_LONG_HEADERS: Final = frozenset(
    {tarfile.XHDTYPE, tarfile.XGLTYPE, tarfile.SOLARIS_XHDTYPE, tarfile.GNUTYPE_LONGNAME, tarfile.GNUTYPE_LONGLINK}
)


class Member(Record, frozen=True, kw_only=True):
    """A file in an archive: its bytes, or why they are not read. A member is read before the next one is asked for."""

    name: str
    read: ReadBytes | None = None
    problem: str = ""


def zip_members(file: IO[bytes], limits: Limits) -> Iterator[Member]:
    """Yield the files of a zip archive, in the order of its directory.

    Raises:
        Fault: The archive as a whole cannot be read.
    """
    meter = zip_meter(file, limits)
    for number, entry in enumerate(entries(file), start=1):
        _check_count(number, limits)
        if not entry.is_folder:
            yield _zip_member(file, entry, meter)


def _zip_member(file: IO[bytes], entry: Entry, meter: Meter) -> Member:
    problem = _bad_name(entry.name) or _bad_entry(entry)
    if problem:
        return Member(name=entry.name, problem=problem)
    try:
        return Member(name=entry.name, read=EntryReader(file, entry, meter))
    except Fault as fault:
        return Member(name=entry.name, problem=str(fault))


class _CarefulTarInfo(tarfile.TarInfo):
    """A tar header whose extensions (long names, attributes) are of a sane size: they are read into memory."""

    @classmethod
    def frombuf(cls, buf: bytes | bytearray, encoding: str, errors: str) -> Self:
        """Read a header block.

        Raises:
            Fault: It announces a huge extension.
        """
        info = super().frombuf(buf, encoding, errors)
        if info.type in _LONG_HEADERS and info.size > _LARGEST_TAR_HEADER:
            raise Fault(f"the tar archive has an extended header of {info.size:,} bytes; no sound archive has that")
        return info


class _FeedFile(io.BufferedIOBase):
    """A feed as the file object that tarfile reads from, block by block."""

    def __init__(self, feed: Feed) -> None:
        self._feed = feed

    def read(self, size: int | None = -1) -> bytes:
        """Return the next ``size`` bytes, fewer at the end.

        Raises:
            Fault: The feed ended before its time.
        """
        feed = self._feed
        length = len(feed.peek(size or 0))
        if feed.fault and not length:
            raise Fault(feed.fault, untrusted=feed.untrusted)
        return feed.take(feed.at + length)


def tar_members(feed: Feed, limits: Limits) -> Iterator[Member]:
    """Yield the files of a tar archive, read as a stream.

    Raises:
        Fault: The archive cannot be read, or not further.
    """
    number = 0
    try:
        with tarfile.open(
            fileobj=_FeedFile(feed), mode="r|", tarinfo=_CarefulTarInfo, encoding="utf-8", errors="replace"
        ) as archive:
            while (info := archive.next()) is not None:
                number += 1
                _check_count(number, limits)
                if not info.isdir():
                    yield _tar_member(archive, info)
                vars(archive)["members"].clear()  # or it keeps every header it saw
    except (tarfile.TarError, EOFError) as err:
        raise Fault(f"the tar archive is cut or damaged ({err}); fetch it again") from err


def _tar_member(archive: tarfile.TarFile, info: tarfile.TarInfo) -> Member:
    problem = _bad_name(info.name)
    if not problem and not info.isreg():
        problem = "the archive member is a link or a device, which is never followed"
    if not problem and info.issparse():
        problem = "the archive member is a sparse file, which no trial record is"
    opened = None if problem else archive.extractfile(info)
    if opened is None:
        return Member(name=info.name, problem=problem)
    content = opened

    def read(size: int) -> bytes:
        try:
            return content.read(size)
        except (tarfile.TarError, EOFError) as err:
            raise Fault(f"the archive member is cut ({err}); fetch the archive again") from err

    return Member(name=info.name, read=read)


def seekable(feed: Feed, limits: Limits) -> IO[bytes]:
    """Return a feed's bytes as a file that zip's directory can be looked up in: an unnamed temporary copy.

    Raises:
        Fault: The copy would be too large, or the feed broke.
    """
    copy = tempfile.SpooledTemporaryFile(max_size=limits.max_record_bytes)  # noqa: SIM115 - the caller closes it
    size = 0
    while feed.at < len(feed.data) or feed.more():
        size += copy.write(feed.take(len(feed.data)))
        if size > limits.max_uncompressed_bytes:
            raise Fault(f"longer than {limits.max_uncompressed_bytes:,} bytes (limit max_uncompressed_bytes)")
    if feed.fault:
        raise Fault(feed.fault)
    copy.seek(0)
    return copy


def _check_count(number: int, limits: Limits) -> None:
    if number > limits.max_archive_members:
        raise Fault(f"the archive has more than {limits.max_archive_members:,} members (limit max_archive_members)")


def _bad_name(name: str) -> str:
    """Say what is wrong with a member's name: it points out of the archive."""
    parts = name.replace("\\", "/").split("/")
    if ".." in parts or parts[0] == "" or _DRIVE.match(name):
        return "the archive member's name points outside the archive; such a member is not read"
    return ""


def _bad_entry(entry: Entry) -> str:
    kind = stat.S_IFMT(entry.mode)
    if kind and kind != stat.S_IFREG:
        return "the archive member is a link or a device, which is never followed"
    if entry.encrypted:
        return "the archive member is encrypted; decrypt the archive first"
    if entry.method not in (STORED, DEFLATED):
        return f"the archive member is compressed with method {entry.method}, which is not supported; use deflate"
    return ""
