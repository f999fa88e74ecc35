"""What a source holds, told by its first bytes and never by its name."""

import re
from enum import Enum, auto
from typing import Final

from kg.read.gunzip import GZIP_MAGIC
from kg.read.split_xml import RECORD_TAG

BOM: Final = b"\xef\xbb\xbf"
HEAD: Final = 1 << 16

_HTML: Final = re.compile(rb"<(?:!doctype\s+html|html|head|body)[\s>]", re.IGNORECASE)
_XML_DECLARATION: Final = re.compile(rb"<\?xml\s")
_TAR_MAGIC: Final = slice(257, 262)
_OTHER: Final = {
    b"\x89PNG": "a PNG picture",
    b"\xff\xd8\xff": "a JPEG picture",
    b"GIF8": "a GIF picture",
    b"%PDF": "a PDF document",
    b"SQLite format 3": "an SQLite database",
    b"BZh": "bzip2 data; unpack it first",
    b"\xfd7zXZ": "xz data; unpack it first",
    b"\x28\xb5\x2f\xfd": "Zstandard data; unpack it first",
    b"7z\xbc\xaf": "a 7z archive; unpack it first",
    b"\xff\xfe": "text in UTF-16; convert it to UTF-8",
    b"\xfe\xff": "text in UTF-16; convert it to UTF-8",
}


class Kind(Enum):
    """What the first bytes promise."""

    EMPTY = auto()
    GZIP = auto()
    ZIP = auto()
    TAR = auto()
    JSON = auto()
    XML = auto()
    HTML = auto()
    TEXT = auto()


class NotARecordError(Exception):
    """The bytes are of a kind that holds no trial records; the text names it."""


def sniff(head: bytes) -> Kind:
    """Tell what starts with ``head``.

    Raises:
        NotARecordError: It is known to hold no records.
    """
    for magic, kind in ((GZIP_MAGIC, Kind.GZIP), (b"PK\x03\x04", Kind.ZIP), (b"PK\x05\x06", Kind.ZIP)):
        if head.startswith(magic):
            return kind
    if head[_TAR_MAGIC] == b"ustar":
        return Kind.TAR
    for magic, name in _OTHER.items():
        if head.startswith(magic):
            raise NotARecordError(name)
    if b"\0" in head:
        raise NotARecordError("binary data")
    return _text_kind(head.removeprefix(BOM).lstrip())


def _text_kind(head: bytes) -> Kind:
    if not head:
        return Kind.EMPTY
    if head[:1] in b"{[":
        return Kind.JSON
    if head[:1] != b"<":
        return Kind.TEXT
    if RECORD_TAG.search(head):
        return Kind.XML
    if _XML_DECLARATION.match(head) and not _HTML.search(head):
        raise NotARecordError("XML without a <clinical_study> element")
    return Kind.HTML
