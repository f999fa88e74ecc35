"""The vocabularies that a user has added, in their data directory: what is in use, replaced whole or not at all.

::

    DATA/vocabulary/in-use.json           the sources and the compiled file, each with its SHA-256
    DATA/vocabulary/lexicon-HASH.sqlite   the compiled lexicon
    DATA/vocabulary/source-HASH.records   what was read from a source, compressed, to compile from

``in-use.json`` is the only file that is replaced; the others are named by their content and never change. A process
that is killed leaves files that nothing names, which the next change removes.
"""

import os
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from hashlib import file_digest
from pathlib import Path
from typing import Final, Self

import msgspec
import zstandard

from kg import resources
from kg.errors import SourceError, TerminologyError, UsageError
from kg.identifiers import content_hash
from kg.models import ConceptType, Record, UsedVocabulary
from kg.vocabulary.compiled import LAYOUT, CompiledLexicon, write_compiled
from kg.vocabulary.join import join
from kg.vocabulary.mesh_rdf import read_mesh_rdf
from kg.vocabulary.mesh_xml import read_mesh_xml
from kg.vocabulary.obo import read_obo
from kg.vocabulary.opening import Opened, head, opened
from kg.vocabulary.records import BrandName, Mapping, SourceFormat, VocabularyRecord
from kg.vocabulary.skos import read_skos
from kg.vocabulary.sniff import sniff
from kg.vocabulary.tables import read_brands, read_hgnc, read_mesh_table, read_sssom

_IN_USE: Final = "in-use.json"
_LOCK: Final = "lock"
_PATIENCE_SECONDS: Final = 600  # for another process that is adding
READERS: Final[dict[SourceFormat, Callable[[Opened], Iterable[VocabularyRecord]]]] = {
    SourceFormat.MESH_XML: read_mesh_xml,
    SourceFormat.MESH_RDF: read_mesh_rdf,
    SourceFormat.MESH_TABLE: read_mesh_table,
    SourceFormat.HGNC: read_hgnc,
    SourceFormat.OBO: read_obo,
    SourceFormat.SKOS: read_skos,
    SourceFormat.SSSOM: read_sssom,
    SourceFormat.BRANDS: read_brands,
}


class AddedSource(Record, frozen=True, kw_only=True):
    """A vocabulary in use."""

    name: str  # the file's name; by it the source is replaced and removed
    source_format: SourceFormat
    sha256: str  # of the file as it was given
    concepts: int
    labels: int
    mappings: int
    negative_mappings: int
    dated: str | None
    records_sha256: str  # of what was read from it


class InUse(Record, frozen=True, kw_only=True):
    """What `in-use.json` says."""

    layout: int = LAYOUT
    sources: tuple[AddedSource, ...] = ()
    lexicon_sha256: str | None = None  # None where nothing is added
    concepts: int = 0
    names: int = 0
    refused_joins: int = 0
    unclassed: int = 0
    unmatched: int = 0


class Vocabularies(Record, frozen=True, kw_only=True):
    """What a build takes from the user's data directory, as it was when the build began."""

    lexicon: Path
    sources: tuple[AddedSource, ...]

    @property
    def fingerprint(self) -> str:
        """A hash of what was read from the sources: as long as it is the same, a name means the same."""
        return content_hash(*(f"{it.name} {it.records_sha256}" for it in self.sources))

    @property
    def used(self) -> tuple[UsedVocabulary, ...]:
        """The sources as reports name them, in the order of their names."""
        return tuple(
            UsedVocabulary(name=it.name, format=it.source_format.value, sha256=it.sha256, version=it.dated)
            for it in self.sources
        )


class VocabularyFolder:
    """The vocabularies in a data directory; it need not exist until something is added.

    Args:
        data_folder: The user's data directory.
    """

    def __init__(self, data_folder: Path) -> None:
        self.path = data_folder / "vocabulary"

    @classmethod
    def of_user(cls, data_folder: Path | str | None = None) -> Self:
        """Return the vocabularies of a data directory, by default of the platform's."""
        return cls(resources.data_folder(os.environ) if data_folder is None else Path(data_folder))

    def in_use(self) -> InUse:
        """Return what is in use.

        Raises:
            TerminologyError: `in-use.json` is damaged.
        """
        try:
            return msgspec.json.decode((self.path / _IN_USE).read_bytes(), type=InUse)
        except FileNotFoundError:
            return InUse()
        except (OSError, msgspec.DecodeError) as err:
            raise self._damaged(self.path / _IN_USE, err) from err

    def open(self) -> CompiledLexicon | None:
        """Open the compiled lexicon; None where nothing was added.

        Raises:
            TerminologyError: It is missing, damaged or of another version.
        """
        digest = self.in_use().lexicon_sha256
        return None if digest is None else CompiledLexicon(self._lexicon(digest).absolute())

    def vocabularies(self) -> Vocabularies | None:
        """Return what is in use, for builds; None where nothing was added.

        Raises:
            TerminologyError: `in-use.json` is damaged.
        """
        found = self.in_use()
        if found.lexicon_sha256 is None:
            return None
        return Vocabularies(lexicon=self._lexicon(found.lexicon_sha256).absolute(), sources=found.sources)

    def check(self) -> None:
        """Compare the compiled file with its checksum.

        Raises:
            TerminologyError: It is damaged.
        """
        digest = self.in_use().lexicon_sha256
        if digest is not None and _sha256(self._lexicon(digest)) != digest:
            raise self._damaged(self._lexicon(digest), "its checksum is another one")

    def add(self, files: Sequence[Path], concept_type: ConceptType | None = None) -> InUse:
        """Read files and compile all that is added anew; a source of the same name is replaced.

        Args:
            files: Vocabularies, in any of the formats that are read.
            concept_type: The class of concepts whose source does not say it.

        Raises:
            SourceError: A file cannot be read or used; nothing was changed.
            TerminologyError: The data directory cannot be written.
        """
        names = [file.name for file in files]
        twice = next((name for name in names if names.count(name) > 1), None)
        if twice is not None:
            raise UsageError(f"two files are named {twice}; a vocabulary is known by its file's name, so rename one")
        with self._writing():
            added = [self._read(file, concept_type) for file in files]
            kept = [source for source in self.in_use().sources if source.name not in names]
            return self._compile(sorted((*kept, *added), key=lambda source: source.name))

    def remove(self, name: str) -> InUse:
        """Take a vocabulary out and compile the rest anew.

        Raises:
            UsageError: There is none of this name.
        """
        with self._writing():
            sources = self.in_use().sources
            rest = [source for source in sources if source.name != name]
            if len(rest) == len(sources):
                known = ", ".join(source.name for source in sources) or "none"
                raise UsageError(f"no vocabulary is named {name}; there are: {known}")
            return self._compile(rest)

    # --- writing

    @contextmanager
    def _writing(self) -> Iterator[None]:
        """Let one process write at a time, and clear what nothing names when it is done."""
        try:
            self.path.mkdir(parents=True, exist_ok=True)
            # SQLite's lock works on every platform, and ends with the process that holds it.
            with closing(sqlite3.connect(self.path / _LOCK, timeout=_PATIENCE_SECONDS, isolation_level=None)) as lock:
                lock.execute("BEGIN EXCLUSIVE")
                try:
                    yield
                finally:
                    self._clear()
        except (OSError, sqlite3.OperationalError) as err:
            raise TerminologyError(f"{self.path} cannot be written: {err}; see --data-dir.") from err

    def _clear(self) -> None:
        found = self.in_use()
        kept = {_IN_USE, _LOCK, self._lexicon(found.lexicon_sha256 or "").name}
        kept |= {self._records(source.records_sha256).name for source in found.sources}
        for path in self.path.iterdir():
            if path.name not in kept:
                path.unlink(missing_ok=True)

    def _read(self, file: Path, concept_type: ConceptType | None) -> AddedSource:
        """Read a source into its file of records."""
        header = sniff(str(file), head(file))
        staging = self.path / f"reading-{os.getpid()}"
        tally = _Tally(file, concept_type)
        with (
            opened(file) as source,
            staging.open("wb") as raw,
            zstandard.ZstdCompressor(level=3).stream_writer(raw, closefd=False) as out,
        ):
            for record in READERS[header.source_format](source):
                body = msgspec.msgpack.encode(tally.counted(record))
                out.write(len(body).to_bytes(4, "big") + body)
        tally.check()
        digest = _sha256(staging)
        staging.replace(self._records(digest))
        return AddedSource(
            name=file.name,
            source_format=header.source_format,
            sha256=_sha256(file),
            concepts=tally.concepts,
            labels=tally.labels,
            mappings=tally.mappings,
            negative_mappings=tally.negatives,
            dated=header.dated,
            records_sha256=digest,
        )

    def _compile(self, sources: Sequence[AddedSource]) -> InUse:
        found = InUse()
        if sources:
            joined = join(record for source in sources for record in self._stored(source))
            staging = self.path / f"compiling-{os.getpid()}"
            names = write_compiled(staging, joined)
            digest = _sha256(staging)
            _synchronise(staging)
            staging.replace(self._lexicon(digest))
            found = InUse(
                sources=tuple(sources),
                lexicon_sha256=digest,
                concepts=len(joined.concepts),
                names=names,
                refused_joins=joined.refused,
                unclassed=joined.unclassed,
                unmatched=joined.unmatched,
            )
        staging = self.path / f"switching-{os.getpid()}"
        staging.write_bytes(msgspec.json.format(msgspec.json.encode(found), indent=2) + b"\n")
        _synchronise(staging)
        staging.replace(self.path / _IN_USE)
        return found

    def _stored(self, source: AddedSource) -> Iterator[VocabularyRecord]:
        path = self._records(source.records_sha256)
        try:
            with path.open("rb") as raw, zstandard.ZstdDecompressor().stream_reader(raw) as unpacked:
                while length := unpacked.read(4):
                    yield msgspec.msgpack.decode(unpacked.read(int.from_bytes(length, "big")), type=VocabularyRecord)
        except (OSError, zstandard.ZstdError, msgspec.DecodeError) as err:
            raise self._damaged(path, err) from err

    def _records(self, digest: str) -> Path:
        return self.path / f"source-{digest[:16]}.records"

    def _lexicon(self, digest: str) -> Path:
        return self.path / f"lexicon-{digest[:16]}.sqlite"

    def _damaged(self, path: Path, reason: object) -> TerminologyError:
        return TerminologyError(f"{path} is damaged ({reason}); remove {self.path} and add the vocabularies again.")


class _Tally:
    """Counts what a source gives, and sees that it is of use."""

    def __init__(self, file: Path, concept_type: ConceptType | None) -> None:
        self._file = file
        self._concept_type = concept_type
        self._classed = False
        self.concepts = self.labels = self.mappings = self.negatives = 0

    def counted(self, record: VocabularyRecord) -> VocabularyRecord:
        """Count a record and give it the class that the user named, where it has none."""
        if isinstance(record, Mapping):
            self.mappings += 1
            self.negatives += record.negative
            return record
        if isinstance(record, BrandName):
            self.labels += 1
            return record
        self.concepts += 1
        self.labels += 1 + len(record.alt_labels) + len(record.hidden_labels)
        if record.concept_type is None and not record.tree_numbers and self._concept_type is not None:
            record = msgspec.structs.replace(record, concept_type=self._concept_type)
        self._classed = self._classed or record.concept_type is not None or bool(record.tree_numbers)
        return record

    def check(self) -> None:
        """Refuse a source that says of none of its concepts what they are."""
        if self.concepts and not self._classed:
            raise SourceError(
                str(self._file),
                "it does not say of what class its concepts are; name it, for example with --type Disease",
            )


def _sha256(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return file_digest(file, "sha256").hexdigest()
    except OSError as err:
        raise TerminologyError(f"{path}: {err.strerror or err}") from err


def _synchronise(path: Path) -> None:
    """Have the file on the disk before its name is used."""
    with path.open("rb") as file:
        os.fsync(file.fileno())
