"""A build brought up to date: only what is new, changed or withdrawn is read, mined and validated.

A new build directory is made beside the old one, of hard links and copies of what stayed, and takes its place in one
step; the result has the quads of a full build of the same records. See docs/updates.md.
"""

import json
import tempfile
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from kg.affected import changed_names, trials_with
from kg.batch import Builder, Options
from kg.build_index import BuildIndex
from kg.directory import BuildDirectory, replacing
from kg.errors import BuildError
from kg.fingerprints import Fingerprints
from kg.inventory import Inventory, Plan, Sources
from kg.members import read_at, unpack
from kg.pipeline import Progress, Spool, build_all, finish, not_collecting, shared_graphs
from kg.read import Limits
from kg.report import BuildReport
from kg.rewriting import ChangeLog, Rewriting
from kg.texts import TextStore
from kg.vocabulary import Vocabularies, VocabularyFolder


@dataclass(frozen=True, slots=True, kw_only=True)
class Updated:
    """What an update did: the report counts the whole graph, the changes are those of this update."""

    report: BuildReport
    changes: ChangeLog


def update(
    sources: Sources,
    path: Path,
    *,
    delta: bool = False,
    data_dir: Path | str | None = None,
    workers: int | None = None,
    limits: Limits | None = None,
    progress: Progress | None = None,
) -> Updated:
    """Bring the build directory ``path`` up to date; it is replaced whole or left as it was.

    Args:
        sources: Files, folders, archives, or "-" for standard input: all records there are, or those of a delta.
        path: The build directory.
        delta: The sources hold only what is new or changed: a trial's records there replace all of its old ones, and
            trials that are not there stay.
        data_dir: Where added vocabularies lie, if the build uses them; by default the platform's data directory.
        workers: Processes; by default one a core.
        limits: What a source may cost.
        progress: Called with the stage's name, what is done and, if known, of how many.

    Raises:
        SourceError: A source that was named does not exist.
        BuildError: ``path`` is no build directory, was replaced meanwhile, or a delta is not enough to update it; it
            was made with added vocabularies, and none is added now; or trials would go that may lie in what cannot be
            read.
        TerminologyError: What the user has added is damaged.
    """
    return _Update(BuildDirectory(path), data_dir).run(sources, delta, workers, limits or Limits(), progress or _silent)


def _silent(*_: object) -> None:
    """Show no progress."""


class _Update:
    """One update of one build directory."""

    def __init__(self, old: BuildDirectory, data_dir: Path | str | None) -> None:
        self._old = old
        self._stamp = old.stamp
        self._settings = old.settings
        known = {name: self._settings[name] for name in Options.__struct_fields__ if name in self._settings}
        self._options = msgspec.convert(known, Options)
        self._vocabularies = self._in_use(data_dir)
        self._made_with = Fingerprints.now(self._vocabularies.fingerprint if self._vocabularies else "")

    def run(self, sources: Sources, delta: bool, workers: int | None, limits: Limits, progress: Progress) -> Updated:
        started = datetime.now(UTC)
        with not_collecting():
            builder = Builder(self._options, self._vocabularies.lexicon if self._vocabularies else None)
        changes = ChangeLog()
        with ExitStack() as stack:
            before = stack.enter_context(BuildIndex(self._old.index))
            new = stack.enter_context(replacing(self._old.path, self._stamp))
            spool = Spool(stack.enter_context(tempfile.TemporaryFile(dir=new.path)))
            added = before.added()
            affected = self._affected(before, builder, added)
            inventory = Inventory(before.known(), affected, spool)
            plan = (inventory.delta if delta else inventory.complete)(sources, limits, progress)
            self._refuse_losses(plan, before)
            built = build_all(spool, builder, workers)  # before the store starts threads, beside which nothing forks
            used = self._vocabularies.used if self._vocabularies else ()
            with Rewriting(self._old, before, new, plan, changes, used) as rewriting:
                rewriting.trials(built, spool, progress)
                same = self._made_with.same_as(self._settings) and rewriting.added() == added
                shared = None if same else shared_graphs(builder, rewriting.added())
                report = rewriting.finish(shared, self._read(before, plan, delta), delta=delta)
            finish(new, self._options, self._made_with, report, self._places(sources, delta), started)
        return Updated(report=report, changes=changes)

    def _in_use(self, data_dir: Path | str | None) -> Vocabularies | None:
        """Return what is added now, if the build uses such; to lose all that it gave is not what an update is for."""
        found = VocabularyFolder.of_user(data_dir).vocabularies() if self._options.use_vocabularies else None
        if found is None and self._settings.get("vocabularies"):
            raise BuildError(
                f"{self._old.path} was made with added vocabularies, and none is added here: name their folder with "
                "--data-dir, add them again, or build anew."
            )
        return found

    def _refuse_losses(self, plan: Plan, before: BuildIndex) -> None:
        """Refuse to withdraw trials that may lie in what could not be read: a file that is cut, or no file of records.

        Raises:
            BuildError: More than before could not be read, and trials would go.
        """
        lost = plan.scanned.unplaced
        if plan.withdrawn and len(lost) > len(before.unplaced):
            where = " ".join(filter(None, (lost[0].file, lost[0].position)))
            raise BuildError(
                f"{len(plan.withdrawn):,} trials of {self._old.path} are not in these sources, of which {len(lost):,} "
                f"parts could not be read ({where}: {lost[0].reason}); nothing was changed. Mend the sources, or "
                "update with --delta, which withdraws nothing."
            )

    def _affected(self, index: BuildIndex, builder: Builder, added: Sequence[str]) -> frozenset[str]:
        """Return the trials whose quads may be others although their records are the same."""
        if self._made_with.same_as(self._settings):
            return frozenset()
        if not self._made_with.same_rules(self._settings):
            return frozenset(index.known())
        with self._old.quads.open("rb") as quads:
            before = unpack(read_at(quads, *index.places()["concepts"]))
        now = shared_graphs(builder, added)[0]
        with TextStore(self._old.texts) as texts:
            return frozenset(trials_with(changed_names(before.splitlines(), now.splitlines()), texts))

    def _read(self, before: BuildIndex, plan: Plan, delta: bool) -> int:
        """Return how many records the whole state has."""
        if not delta:
            return plan.scanned.records
        known = before.records()
        again = len(set(before.unplaced) & set(plan.scanned.unplaced))
        kept = sum(count for nct_id, count in known.items() if nct_id not in plan.replaced)
        return kept + len(before.unplaced) + plan.scanned.records - again

    def _places(self, sources: Sources, delta: bool) -> list[str]:
        """Return where records were read, for `kg verify`."""
        before = json.loads(self._old.sources.read_text("utf-8")) if delta else []
        return list(dict.fromkeys([*before, *(str(it.absolute()) for it in sources if isinstance(it, Path))]))
