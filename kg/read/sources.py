"""Sources (files, folders, archives, standard input) to raw records, one at a time."""

import os
import re
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import IO, Final, Literal, NamedTuple

import msgspec

from kg.errors import SourceError
from kg.identifiers import NctId
from kg.models import RawRecord, Rejection, SourceFormat
from kg.read.archives import Member, seekable, tar_members, zip_members
from kg.read.ctgov_xml import find_xml_nct_id
from kg.read.feed import Feed, OversizeError, ReadBytes
from kg.read.gunzip import GZIP_MAGIC, Gunzip
from kg.read.limits import Fault, Limits
from kg.read.pointer import split_validation_error
from kg.read.sniff import BOM, HEAD, Kind, NotARecordError, sniff
from kg.read.split_json import Piece, is_json_lines, line_piece, split_json
from kg.read.split_xml import split_xml
from kg.read.web_page import find_nct_id, looks_like_page

Source = Path | Literal["-"]
Scanned = Iterator[RawRecord | Rejection]

_OTHER_ENCODING: Final = re.compile(rb"""\s*<\?xml[^>]*encoding\s*=\s*["'](?!utf-8["'])""", re.IGNORECASE)
_NCT_POINTER: Final = "/protocolSection/identificationModule/nctId"


class _Identification(msgspec.Struct, rename="camel"):
    nct_id: str | None = None


class _Protocol(msgspec.Struct, rename="camel"):
    identification_module: _Identification | None = None


class _Probe(msgspec.Struct, rename="camel"):
    """The one value of a record that is needed before it is parsed."""

    protocol_section: _Protocol | None = None


_PROBE: Final = msgspec.json.Decoder(_Probe)


class _BadRecordError(Exception):
    """A record that cannot be used: the field and the reason."""

    def __init__(self, field: str, reason: str) -> None:
        super().__init__(reason)
        self.field = field
        self.reason = reason


class _Place(NamedTuple):
    """Where the bytes come from, and what may still be unpacked there."""

    file: str
    limits: Limits
    gzip_allowed: bool = True
    archive_allowed: bool = True

    def rejection(self, reason: str, position: str = "", field: str = "") -> Rejection:
        return Rejection(file=self.file, position=position, field=field, reason=reason)


def scan(sources: Sequence[Source], *, limits: Limits | None = None) -> Scanned:
    """Cut sources into records, lazily, in the order given; folders in the order of their names.

    What a source holds is told by its content: ClinicalTrials.gov API v2 JSON (a record, an array, a page of the API,
    JSON lines), legacy XML, the text or HTML of a registry page, gzip, zip and tar of these. ``"-"`` is standard input.

    Returns:
        An iterator over records and over the rejections of what is none.

    Raises:
        SourceError: A path does not exist or cannot be read. This is found out before anything is read.
    """
    for source in sources:
        _check(source)
    return _scan_all(sources, limits or Limits())


def scan_file(file: IO[bytes], name: str, *, limits: Limits | None = None) -> Scanned:
    """Cut a seekable file that is open already, of whatever kind; ``name`` is what records and rejections call it."""
    yield from _scan_stream(_guarded(file), _Place(name, limits or Limits()), file)


def holds_lines(read: ReadBytes, *, limits: Limits | None = None) -> bool:
    """Tell whether a stream is JSON lines, compressed with gzip or not, by how it begins."""
    limits = limits or Limits()
    feed = Feed(read)
    if feed.peek(len(GZIP_MAGIC)) == GZIP_MAGIC:
        feed = Feed(Gunzip(_taken_from(feed), limits))
    try:
        kind = sniff(feed.peek(HEAD))
    except NotARecordError:
        return False
    if feed.data.startswith(BOM):
        feed.at += len(BOM)
    return kind is Kind.JSON and is_json_lines(feed, limits)


def scan_line(line: bytes, number: int, name: str, *, limits: Limits | None = None) -> RawRecord | Rejection | None:
    """Return the record that a line of JSON lines is, or why it is none; None for an empty line.

    Args:
        line: With or without its end.
        number: From 1.
        name: What the record or the rejection calls the file.
        limits: What a record may cost.
    """
    limits = limits or Limits()
    piece = line_piece(line.removeprefix(BOM) if number == 1 else line, number, limits)
    return None if piece is None else _found(piece, Kind.JSON, _Place(name, limits))


def _check(source: Source) -> None:
    if isinstance(source, Path):
        if not source.exists():
            raise SourceError(str(source), "there is no such file or folder")
        if not os.access(source, os.R_OK):
            raise SourceError(str(source), "it cannot be read: permission denied")


def _scan_all(sources: Sequence[Source], limits: Limits) -> Scanned:
    for source in sources:
        if source == "-":
            yield from _scan_stream(_guarded(sys.stdin.buffer), _Place("-", limits))
        elif source.is_dir():
            yield from _scan_folder(source, limits)
        else:
            yield from _scan_file(source, limits)


def _scan_folder(folder: Path, limits: Limits) -> Scanned:
    """Scan a folder's files and those of its subfolders; a link to a folder is not followed."""
    unreadable: list[OSError] = []
    for root, folders, files in os.walk(folder, onerror=unreadable.append):
        folders.sort()
        while unreadable:
            yield _unreadable_folder(unreadable.pop())
        for name in sorted(files):
            path = Path(root, name)
            if not path.is_file():
                yield _Place(_label(path), limits).rejection("not a regular file; it is not read")
                continue
            try:
                yield from _scan_file(path, limits)
            except SourceError as err:
                yield _Place(_label(path), limits).rejection(err.reason)
    while unreadable:
        yield _unreadable_folder(unreadable.pop())


def _unreadable_folder(err: OSError) -> Rejection:
    return Rejection(file=str(err.filename), position="", field="", reason=f"the folder cannot be read: {err.strerror}")


def _label(path: Path) -> str:
    """Return the path as text that can be written: a name that is not UTF-8 loses the bytes that are not."""
    return os.fsencode(path).decode("utf-8", "replace")


def _scan_file(path: Path, limits: Limits) -> Scanned:
    try:
        file = path.open("rb")
    except OSError as err:
        raise SourceError(str(path), f"it cannot be opened: {err.strerror}") from err
    with file:
        yield from _scan_stream(_guarded(file), _Place(_label(path), limits), file if file.seekable() else None)


def _guarded(file: IO[bytes]) -> ReadBytes:
    """Return the file's ``read`` with its errors as faults of this source."""

    def read(size: int) -> bytes:
        try:
            return file.read(size)
        except OSError as err:
            raise Fault(f"reading stopped: {err.strerror}") from err

    return read


def _scan_stream(read: ReadBytes, place: _Place, file: IO[bytes] | None = None) -> Scanned:
    """Scan bytes of any kind; ``file`` is the seekable file that they are, if they are one."""
    feed = Feed(read)
    head = feed.peek(HEAD)
    try:
        kind = sniff(head)
    except NotARecordError as err:
        yield place.rejection(f"not a trial record: {err}")
        return
    if head.startswith(BOM):
        feed.at += len(BOM)
    if kind is Kind.EMPTY:
        yield place.rejection(feed.fault or "not a trial record: the file is empty")
    elif kind is Kind.GZIP:
        yield from _scan_gzip(feed, place)
    elif kind in (Kind.ZIP, Kind.TAR):
        yield from _scan_archive(feed, kind, place, file)
    elif kind in (Kind.JSON, Kind.XML):
        yield from _scan_pieces(feed, kind, place)
    else:
        yield from _scan_page(feed, kind, place)


def _scan_gzip(feed: Feed, place: _Place) -> Scanned:
    if not place.gzip_allowed:
        yield place.rejection("gzip within gzip is not read; unpack it once")
        return

    yield from _scan_stream(Gunzip(_taken_from(feed), place.limits), place._replace(gzip_allowed=False))


def _taken_from(feed: Feed) -> ReadBytes:
    """Return the rest of a feed as a stream."""

    def read(size: int) -> bytes:
        data = feed.peek(size)
        feed.at += len(data)
        if not data and feed.fault:
            raise Fault(feed.fault, untrusted=feed.untrusted)
        return data

    return read


def _scan_archive(feed: Feed, kind: Kind, place: _Place, file: IO[bytes] | None) -> Scanned:
    if not place.archive_allowed:
        yield place.rejection("an archive within an archive is not read; unpack it first")
        return
    try:
        if kind is Kind.TAR:
            yield from _scan_members(tar_members(feed, place.limits), place)
        else:
            with file or seekable(feed, place.limits) as seekable_file:
                yield from _scan_members(zip_members(seekable_file, place.limits), place)
    except Fault as fault:
        yield place.rejection(str(fault))


def _scan_members(members: Iterator[Member], place: _Place) -> Scanned:
    for member in members:
        inner = _Place(f"{place.file}!{member.name}", place.limits, archive_allowed=False)
        if member.read is None:
            yield inner.rejection(member.problem)
        else:
            yield from _scan_stream(member.read, inner)


def _scan_pieces(feed: Feed, kind: Kind, place: _Place) -> Scanned:
    """Scan what holds records with borders between them."""
    split = _READERS[kind][0]
    for piece in split(feed, place.limits):
        yield _found(piece, kind, place)


def _found(piece: Piece, kind: Kind, place: _Place) -> RawRecord | Rejection:
    """Return the record that a piece is, or why it is none."""
    if piece.problem:
        return place.rejection(piece.problem, piece.position)
    _, identify, source_format = _READERS[kind]
    try:
        nct_id = identify(piece.payload)
    except _BadRecordError as err:
        return place.rejection(err.reason, piece.position, err.field)
    return RawRecord(
        nct_id=nct_id, format=source_format, payload=piece.payload, file=place.file, position=piece.position
    )


def _scan_page(feed: Feed, kind: Kind, place: _Place) -> Scanned:
    """Scan a registry page: text or HTML, one record to a file."""
    if kind is Kind.TEXT and not looks_like_page(feed.peek(HEAD).decode("utf-8", "replace")):
        yield place.rejection("not a trial record: text without the sections of a registry page")
        return
    try:
        payload = feed.rest(place.limits.max_record_bytes)
    except OversizeError:
        limit = place.limits.max_record_bytes
        yield place.rejection(f"the page is longer than {limit:,} bytes (limit max_record_bytes)")
        return
    if feed.fault:
        yield place.rejection(feed.fault)
        return
    text = payload.decode("utf-8", "replace")
    number = find_nct_id(text) if looks_like_page(text) else None
    if number is None:
        yield place.rejection("not a trial record: a page without the sections or the NCT number of a trial")
        return
    yield RawRecord(nct_id=NctId(number), format=SourceFormat.WEB_PAGE, payload=payload, file=place.file, position="")


def _identify_json(payload: bytes) -> NctId:
    _check_utf8(payload)
    try:
        probe = _PROBE.decode(payload)
    except msgspec.ValidationError as err:
        field, reason = split_validation_error(err)
        raise _BadRecordError(field, f"not a trial record: {reason}") from err
    except msgspec.DecodeError as err:
        raise _BadRecordError("", f"not valid JSON: {err}") from err
    except RecursionError as err:
        raise _BadRecordError("", "nested too deeply (limit max_depth)") from err
    protocol = probe.protocol_section
    if protocol is None or protocol.identification_module is None:
        reason = "not a trial record: a JSON object without protocolSection.identificationModule (API v2 layout)"
        raise _BadRecordError("", reason)
    return _nct_id(protocol.identification_module.nct_id, _NCT_POINTER)


def _identify_xml(payload: bytes) -> NctId:
    if not _OTHER_ENCODING.match(payload):
        _check_utf8(payload)
    return _nct_id(find_xml_nct_id(payload), "/clinical_study/id_info/nct_id")


def _nct_id(number: str | None, field: str) -> NctId:
    if number is None:
        raise _BadRecordError(field, "the record has no NCT number")
    try:
        return NctId(number.strip())
    except ValueError as err:
        raise _BadRecordError(field, str(err)) from err


def _check_utf8(payload: bytes) -> None:
    try:
        payload.decode()
    except UnicodeDecodeError as err:
        raise _BadRecordError("", f"not valid UTF-8 at byte {err.start} of the record; convert it to UTF-8") from err


_Reader = tuple[Callable[[Feed, Limits], Iterator[Piece]], Callable[[bytes], NctId], SourceFormat]

_READERS: Final[dict[Kind, _Reader]] = {
    Kind.JSON: (split_json, _identify_json, SourceFormat.CTGOV_JSON),
    Kind.XML: (split_xml, _identify_xml, SourceFormat.CTGOV_XML),
}
