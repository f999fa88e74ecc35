"""The graphs that trials share, all but ``about``: the same for every build, so they are kept in the user's cache.

To make them takes a second, and to load them into a store another. What is kept is named by all that it is made with;
a cache that cannot be written, or is damaged, costs time and nothing else.
"""

import fcntl
import os
import shutil
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final, NamedTuple, Self

import msgspec
import pyoxigraph as ox
from isal import isal_zlib

from kg import resources
from kg.build_index import CensusRecord
from kg.describe import Census
from kg.errors import KgError
from kg.fingerprints import Fingerprints
from kg.identifiers import content_hash
from kg.members import compress, triples_of, unpack
from kg.models import Record
from kg.store import GraphStore, Loader

_WORKPLACE: Final = ".making-"
_STORES_KEPT: Final = 3  # some 35 MB each: one a base IRI that is in use, and those of the version before


class KeptGraphs(Record, frozen=True, kw_only=True):
    """The graphs of `kg.members.SHARED` but the first.

    Attributes:
        members: Each as members of the file of quads.
        packed_census: What they count, packed.
        store: A finished store with them and nothing else, if there is one.
    """

    members: tuple[bytes, ...]
    packed_census: bytes
    store: Path | None = None

    @classmethod
    def load(cls, base_iri: str, made_with: Fingerprints, make: Callable[[], Sequence[bytes]]) -> Self:
        """Return what is kept for a base IRI; without it, make the graphs as N-Quads, and keep them if that can be."""
        key = content_hash(base_iri, made_with.rules, made_with.concepts, ox.__version__)
        folder = resources.cache_folder(os.environ) / f"shared-{key}"
        _clear_leftovers(folder.parent)
        with suppress(OSError, msgspec.DecodeError):
            checksum, packed = msgspec.msgpack.decode((folder / "graphs").read_bytes(), type=tuple[int, bytes])
            if checksum == isal_zlib.crc32(packed):
                kept = msgspec.msgpack.decode(packed, type=_Kept)
                if kept.checksums == _checksums(folder / "store"):
                    return cls(members=kept.members, packed_census=kept.packed_census, store=folder / "store")
        graphs = make()
        made = cls.of(graphs)
        with suppress(OSError, KgError):
            made._keep(folder, graphs)
        return made

    @classmethod
    def of(cls, graphs: Sequence[bytes]) -> Self:
        """Return graphs that are given as N-Quads."""
        census = msgspec.msgpack.encode(CensusRecord.of(census_of(graphs)))
        return cls(members=tuple(map(compress, graphs)), packed_census=census)

    def _keep(self, folder: Path, graphs: Iterable[bytes]) -> None:
        folder.parent.mkdir(parents=True, exist_ok=True)
        with _workplace(folder.parent) as place:
            staging = place / folder.name
            staging.mkdir()
            store = GraphStore.create(staging / "store")
            store.bulk_load(b"".join(graphs))
            store.flush()
            del store
            kept = _Kept(self.members, self.packed_census, _checksums(staging / "store"))
            packed = msgspec.msgpack.encode(kept)
            (staging / "graphs").write_bytes(msgspec.msgpack.encode((isal_zlib.crc32(packed), packed)))
            shutil.rmtree(folder, ignore_errors=True)  # damaged, or kept by another build just now
            staging.rename(folder)
        for old in sorted(folder.parent.glob("shared-*"), key=lambda it: it.stat().st_mtime)[:-_STORES_KEPT]:
            shutil.rmtree(old, ignore_errors=True)

    @property
    def census(self) -> Census:
        """A census of them."""
        return msgspec.msgpack.decode(self.packed_census, type=CensusRecord).census()

    def loader(self, path: Path) -> Loader:
        """Return a loader of a new store that has these graphs already."""
        if self.store is not None:
            try:
                return Loader(path, self.store)
            except KgError:
                shutil.rmtree(path, ignore_errors=True)
        loader = Loader(path)
        for member in self.members:
            loader.add(unpack(member))
        return loader


@contextmanager
def _workplace(cache: Path) -> Iterator[Path]:
    """Make a folder in the cache that is gone afterwards; a lock on it says that it is in use."""
    with tempfile.TemporaryDirectory(prefix=_WORKPLACE, dir=cache) as name, _locked(Path(name)):
        yield Path(name)


def _clear_leftovers(cache: Path) -> None:
    """Remove what killed builds left: the kernel lets go of a build's lock when it ends, however it ends."""
    for left in cache.glob(f"{_WORKPLACE}*"):
        with suppress(OSError), _locked(left):
            shutil.rmtree(left, ignore_errors=True)


@contextmanager
def _locked(folder: Path) -> Iterator[None]:
    """Lock a folder; raises OSError where another process has it locked or, as between two steps of it, removed."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    finally:
        os.close(handle)


class _Kept(NamedTuple):
    """What is written down: checksums of the store's files, for a damaged one is seen by no reader but too late."""

    members: tuple[bytes, ...]
    packed_census: bytes
    checksums: dict[str, int]


def _checksums(store: Path) -> dict[str, int]:
    """Return the checksum of each file that a store is made of, by name; its log and its lock are none of it."""
    files = (file for pattern in ("*.sst", "MANIFEST-*", "CURRENT") for file in store.glob(pattern))
    return {file.name: isal_zlib.crc32(file.read_bytes()) for file in files}


def census_of(graphs: Iterable[bytes]) -> Census:
    """Count graphs that trials share, given as N-Quads."""
    census = Census()
    for graph in graphs:
        census.add(Census.of(triples_of(graph.splitlines(keepends=True))))
    return census
