"""Which trials of a build have to be made anew: their records compared, by hash, with what the sources hold now."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence, Set
from hashlib import sha256
from pathlib import Path
from typing import Literal

from kg.build_index import Known
from kg.errors import BuildError
from kg.models import Record, Rejection
from kg.pipeline import Progress, Scanned, Spool
from kg.read import Limits, scan

Sources = Sequence[Path | Literal["-"]]


class Plan(Record, frozen=True, kw_only=True):
    """What an update has to do; the spool holds all records of the trials that are made anew."""

    scanned: Scanned
    fresh: frozenset[str]  # trials in the spool
    withdrawn: frozenset[str]
    duplicates: dict[str, int]  # of the trials that stay, where all sources were read
    places: tuple[tuple[str, str, str], ...]  # of their documents: SHA-256, file and position

    @property
    def replaced(self) -> frozenset[str]:
        """The trials whose old quads go, and those that had none."""
        return self.fresh | self.withdrawn


class Inventory:
    """Compares sources with what a build knows.

    Args:
        known: The trials of the build.
        affected: Those that have to be made anew even if their records are the same.
        spool: Takes the records of the trials that have to be made anew.
    """

    def __init__(self, known: Mapping[str, Known], affected: Set[str], spool: Spool) -> None:
        self._known = known
        self._affected = affected
        self._spool = spool
        self._stable = {nct_id: it.digests for nct_id, it in known.items() if it.settled and nct_id not in affected}
        self._seen: defaultdict[str, Counter[bytes]] = defaultdict(Counter)
        self._places: dict[bytes, tuple[str, str]] = {}  # of each record where it came first

    def delta(self, sources: Sources, limits: Limits, progress: Progress) -> Plan:
        """Read sources that hold only what is new or changed.

        Raises:
            BuildError: Trials that are not there have to be made anew.
        """
        scanned = self._scan(sources, limits, progress, {})
        fresh = frozenset(self._seen)
        missing = self._affected - fresh
        if missing:
            raise BuildError(
                f"{len(missing):,} trials that are not in these sources have to be made anew, because rules or "
                f"concepts are others than at the last build ({min(missing)} is one): update from all sources, without "
                "--delta."
            )
        return Plan(scanned=scanned, fresh=fresh, withdrawn=frozenset(), duplicates={}, places=())

    def complete(self, sources: Sources, limits: Limits, progress: Progress) -> Plan:
        """Read sources that hold all there is.

        Raises:
            BuildError: They changed while they were read.
        """
        skipped = {} if "-" in sources else self._stable  # standard input cannot be read twice
        scanned = self._scan(sources, limits, progress, skipped)
        same = frozenset(nct_id for nct_id, digests in self._stable.items() if self._digests(nct_id) == digests)
        for nct_id in same:
            self._spool.forget(nct_id)
        self._fetch(sources, limits, {it: skipped[it] for it in self._seen.keys() & skipped.keys() if it not in same})
        fresh = frozenset(self._seen) - same
        return Plan(
            scanned=scanned,
            fresh=fresh,
            withdrawn=frozenset(self._known) - fresh - same,
            duplicates={nct_id: self._seen[nct_id].total() - len(self._seen[nct_id]) for nct_id in same},
            places=tuple(
                (digest.hex(), *self._places[digest]) for nct_id in sorted(same) for digest in self._seen[nct_id]
            ),
        )

    def _digests(self, nct_id: str) -> tuple[bytes, ...]:
        return tuple(sorted(self._seen.get(nct_id, ())))

    def _scan(
        self, sources: Sources, limits: Limits, progress: Progress, skipped: Mapping[str, tuple[bytes, ...]]
    ) -> Scanned:
        unplaced: list[Rejection] = []
        records = 0
        for records, found in enumerate(scan(sources, limits=limits), 1):
            if isinstance(found, Rejection):
                unplaced.append(found)
            else:
                digest = sha256(found.payload).digest()
                self._seen[found.nct_id][digest] += 1
                self._places.setdefault(digest, (found.file, found.position))
                if digest not in skipped.get(found.nct_id, ()):
                    self._spool.add(found, digest)
            if records % 100 == 0:
                progress("read", records, None)
        progress("read", records, records)
        return Scanned(records=records, unplaced=tuple(unplaced))

    def _fetch(self, sources: Sources, limits: Limits, skipped: Mapping[str, tuple[bytes, ...]]) -> None:
        """Spool the records that were left aside, of trials of which another record is new or gone."""
        wanted = {nct_id for nct_id, digests in skipped.items() if self._seen[nct_id].keys() & digests}
        if not wanted:
            return
        for found in scan(sources, limits=limits):
            if not isinstance(found, Rejection) and found.nct_id in wanted:
                digest = sha256(found.payload).digest()
                if digest in skipped[found.nct_id]:
                    self._spool.add(found, digest)
        if any(self._spool.digests(nct_id) != self._digests(nct_id) for nct_id in wanted):
            raise BuildError("The sources changed while they were read; nothing was changed. Try again.")
