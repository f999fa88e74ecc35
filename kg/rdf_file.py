"""RDF files in any syntax, plain or gzipped: what syntax they are in, and why a parser must not see some of them."""

import gzip
import io
import re
import zlib
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pyoxigraph as ox

from kg.errors import SourceError

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer as Buffer

_SUFFIXES: Final = {
    ".ttl": ox.RdfFormat.TURTLE,
    ".nt": ox.RdfFormat.N_TRIPLES,
    ".nq": ox.RdfFormat.N_QUADS,
    ".trig": ox.RdfFormat.TRIG,
    ".rdf": ox.RdfFormat.RDF_XML,
    ".owl": ox.RdfFormat.RDF_XML,
    ".xml": ox.RdfFormat.RDF_XML,
    ".jsonld": ox.RdfFormat.JSON_LD,
    ".json": ox.RdfFormat.JSON_LD,
}
_READ_WHOLE: Final = frozenset([ox.RdfFormat.RDF_XML, ox.RdfFormat.JSON_LD])  # what a danger may hide anywhere in
_XML = re.compile(rb"\s*<(?:\?xml|!|[A-Za-z]+:RDF)")
_JSON = re.compile(rb'\s*(?:\{\s*["}]|\[\s*[{\]])')
_QUAD = re.compile(
    rb"""\s*(?:\#[^\n]*\n\s*)*                # comments
    (?:<[^>]*>|_:\S+)\s+<[^>]*>\s+         # subject, predicate
    (?:<[^>]*>|_:\S+|"[^\n]*)\s+           # object
    <[^>]*>\s*\.\s*(?:\n|$)                # graph""",
    re.VERBOSE,
)
_STRING = re.compile(rb'"(?:[^"\\]|\\.)*"')
_DEEPEST_JSON = 500  # the JSON-LD parser recurses: nested 5,000 deep it ends the process
_GZIP_MAGIC = b"\x1f\x8b"
# N-Quads of ours shrink to a thirtieth; gzip itself ends at 1:1032.
_LARGEST_EXPANSION = 250
_FREE_EXPANSION = 100 << 20  # bytes that any gzip file may give


class RdfFile:
    """An RDF file that can be opened again and again.

    Attributes:
        rdf_format: Its syntax, by the suffix (before ``.gz``) or else by the first bytes.
        base_iri: What relative IRIs are resolved against.
    """

    def __init__(self, path: Path) -> None:
        """Look at the file's beginning and, where a danger may hide anywhere in its syntax, at all of it.

        Raises:
            SourceError: The file cannot be read, or would endanger the process.
        """
        self.path = path
        self.base_iri = path.resolve().as_uri()
        with self.open() as stream:
            head = stream.read(1 << 16)
            name = path.with_suffix("") if path.suffix.lower() == ".gz" else path
            self.rdf_format = _SUFFIXES.get(name.suffix.lower()) or _format_of(head)
            if self.rdf_format in _READ_WHOLE and (reason := _danger(head + stream.read(), self.rdf_format)):
                raise SourceError(str(path), reason)

    def open(self) -> io.BufferedReader:
        """Open the file for reading, unpacked.

        Raises:
            SourceError: It cannot be read; also while reading.
        """
        return io.BufferedReader(_Unpacked(self.path), 1 << 20)


class _Unpacked(io.RawIOBase):
    """A file's bytes, unpacked; faults, gzip data that grow like a bomb among them, are `SourceError`s."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._given = 0
        try:
            self._raw = path.open("rb")
            self._most = max(_FREE_EXPANSION, _LARGEST_EXPANSION * path.stat().st_size)
            packed = self._raw.read(2) == _GZIP_MAGIC
            self._raw.seek(0)
        except OSError as err:
            raise SourceError(str(path), _why_not(err)) from err
        self._unzipped = gzip.GzipFile(fileobj=self._raw) if packed else None

    def readable(self) -> bool:
        """Tell that one can read from this."""
        return True

    def readinto(self, buffer: "Buffer", /) -> int:
        """Fill the buffer, or a part of it; 0 is the end."""
        view = memoryview(buffer).cast("B")
        try:
            data = (self._unzipped or self._raw).read(len(view))
        except (OSError, EOFError, zlib.error) as err:
            raise SourceError(str(self._path), f"cannot be read: {err}; fetch it again") from err
        self._given += len(data)
        if self._unzipped and self._given > self._most:
            raise SourceError(
                str(self._path), f"grows to more than {_LARGEST_EXPANSION} times its size; if you trust it, unpack it"
            )
        view[: len(data)] = data
        return len(data)

    def close(self) -> None:
        """Close the file."""
        if not self.closed and hasattr(self, "_raw"):
            self._raw.close()
        super().close()


def _why_not(err: OSError) -> str:
    if isinstance(err, FileNotFoundError):
        return "there is no such file; check its name, and the folder that you are in"
    if isinstance(err, IsADirectoryError):
        return "is a folder; name an RDF file, or for a build directory `graph.nq.gz` in it"
    return f"cannot be read: {err.strerror}"


def read_ntriples(path: Path) -> bytes:
    """Return the triples of all graphs in the file, blank nodes renamed so that files can be joined.

    Raises:
        SourceError: The file cannot be read, does not parse, or would endanger the process.
    """
    return b"".join(read_ntriples_by(path, None))


def read_ntriples_by(path: Path, triples: int | None) -> Iterator[bytes]:
    """Yield the same this many triples at a time, so that memory does not grow with the file.

    That of the syntaxes in which a danger may hide anywhere, RDF/XML and JSON-LD, is read twice, the first time whole.

    Raises:
        SourceError: As in `read_ntriples`; of what comes late in a file, after what came before was yielded.
    """
    file = RdfFile(path)
    try:
        with file.open() as stream:
            quads = ox.parse(stream, format=file.rdf_format, base_iri=file.base_iri, rename_blank_nodes=True)
            found = (quad.triple for quad in quads)
            while data := ox.serialize(islice(found, triples), format=ox.RdfFormat.N_TRIPLES):
                yield data
    except (SyntaxError, ValueError) as err:
        raise not_valid(file, err) from err


def not_valid(file: RdfFile, err: Exception) -> SourceError:
    """Say that a parser refused the file, where, and what the reader of the message can do."""
    what = f"is not valid {file.rdf_format.name}: {err}"
    return SourceError(str(file.path), f"{what}; is it RDF, whole, and of the syntax that its name says?")


def _format_of(data: bytes) -> ox.RdfFormat:
    """Tell the syntax by the first bytes; Turtle and N-Triples are TriG as well."""
    if _XML.match(data):
        return ox.RdfFormat.RDF_XML
    if _JSON.match(data):
        return ox.RdfFormat.JSON_LD
    return ox.RdfFormat.N_QUADS if _QUAD.match(data) else ox.RdfFormat.TRIG


def _danger(data: bytes, rdf_format: ox.RdfFormat) -> str | None:
    """Return why the parser must not see this, or None."""
    # Without the zero bytes UTF-16 reads like ASCII.
    if rdf_format == ox.RdfFormat.RDF_XML and b"<!DOCTYPE" in data.replace(b"\0", b""):
        return "declares a document type, whose entities could grow without bound; remove the DOCTYPE"
    if rdf_format == ox.RdfFormat.JSON_LD and _depth(data) > _DEEPEST_JSON:
        return f"is nested more than {_DEEPEST_JSON} deep"
    return None


def _depth(data: bytes) -> int:
    depth = deepest = 0
    for char in re.findall(rb"[\[\]{}]", _STRING.sub(b"", data)):
        depth += 1 if char in b"[{" else -1
        deepest = max(deepest, depth)
    return deepest
