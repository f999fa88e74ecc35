"""The files of a build written again with other trials in it: members without any of them are copied as they are."""

import shutil
import tempfile
import weakref
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack
from itertools import chain, islice
from typing import IO, Final, Self

import msgspec

from kg.batch import Built, member_of
from kg.build_index import BuildIndex, Member
from kg.changes import Change
from kg.describe import Census
from kg.directory import BuildDirectory
from kg.identifiers import Minter
from kg.inventory import Plan
from kg.kept_graphs import census_of
from kg.members import MemberWriter, TrialLines, compress, read_at, split_trials, triples_of, unpack
from kg.models import UsedVocabulary
from kg.named_graphs import NamedGraph
from kg.pipeline import BATCH, Progress, Spool, about_graph, summed_report, write_quarantine
from kg.report import BuildReport
from kg.store import Loader
from kg.texts import TextStore

_CHUNK: Final = 2 * BATCH  # most trials of a member that is written again
_SHARED: Final = {
    "about": "about",
    "concepts": "concepts",
    "concluded-before": "inferred",
    "concluded-behind": "inferred",
    "mappings": "mappings",
    "vocabulary": "vocabulary",
}  # names of places to graphs


class ChangeLog:
    """The graphs that an update changed, on disk until nobody asks for them any more."""

    def __init__(self) -> None:
        self._file: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115 - closed with this object
        weakref.finalize(self, self._file.close)

    def add(self, change: Change) -> None:
        """Note a change, unless it is none."""
        if change.before != change.after:
            content = msgspec.msgpack.encode(change)
            self._file.write(len(content).to_bytes(8) + content)

    def __iter__(self) -> Iterator[Change]:
        self._file.seek(0)
        while size := self._file.read(8):
            yield msgspec.msgpack.decode(self._file.read(int.from_bytes(size)), type=Change)


class Rewriting:
    """Writes the new build directory of an update.

    Args:
        old: The build as it is.
        before: Its index.
        new: The folder of the new one.
        plan: Which trials go, and which come.
        changes: Takes the graphs that differ.
        vocabularies: Those that the user added, and whose concepts are looked for.
    """

    def __init__(
        self,
        old: BuildDirectory,
        before: BuildIndex,
        new: BuildDirectory,
        plan: Plan,
        changes: ChangeLog,
        vocabularies: Sequence[UsedVocabulary] = (),
    ) -> None:
        self._old, self._before, self._new, self._plan, self._changes = old, before, new, plan, changes
        self._vocabularies = vocabularies
        self._minter = Minter(str(old.settings["base_iri"]))
        self._census = before.census("trials")
        self._inferred_before: list[bytes] = []
        self._inferred_after: list[bytes] = []

    def __enter__(self) -> Self:
        with ExitStack() as stack:
            self._index = stack.enter_context(BuildIndex.copy(self._old.index, self._new.index))
            self._texts = stack.enter_context(TextStore.copy(self._old.texts, self._new.texts))
            self._quads = stack.enter_context(self._old.quads.open("rb"))
            self._members = stack.enter_context(MemberWriter(self._new.quads))
            self._store = stack.enter_context(Loader(self._new.store, self._old.store))
            self._stack = stack.pop_all()
        return self

    def __exit__(self, *error: object) -> None:
        self._stack.__exit__(*error)  # type: ignore[arg-type]

    # --- trials

    def trials(self, built: Iterator[Built], spool: Spool, progress: Progress) -> None:
        """Replace the trials of the plan by what was built."""
        for nct_id in self._plan.replaced:
            self._index.remove(nct_id)
            self._texts.remove(nct_id)
        for nct_id, duplicates in self._plan.duplicates.items():
            self._index.count_duplicates(nct_id, duplicates)
        self._texts.move_documents(self._plan.places)
        self._keep_quarantine()
        fresh = _Waiting(self._fresh(built, spool, progress))
        firsts = self._before.firsts()
        members = [member for member in self._before.members() if member.number in firsts]
        for place, member in enumerate(members):
            until = firsts[members[place + 1].number] if place + 1 < len(members) else None
            self._member(member, fresh, until)
        if not members:
            self._write(self._merged(iter(()), fresh.until(None)))

    def _fresh(self, built: Iterator[Built], spool: Spool, progress: Progress) -> Iterator[TrialLines]:
        """Yield what was built, a trial at a time, and keep what is not written into the file of quads."""
        done_trials = 0
        for done in built:
            self._census.add(done.census)
            for nct_id, packed in done.texts:
                self._texts.add(nct_id, packed)
            self._texts.add_documents(done.documents)
            write_quarantine(self._new, done.quarantined)
            for outcome in done.outcomes:
                self._index.put(spool.entry(outcome, None))
            sizes = [(it.nct_id, it.quads, it.inferred) for it in done.outcomes if it.quads]
            yield from split_trials(done.quads, done.inferred, sizes)
            done_trials += len(done.outcomes)
            progress("build", done_trials, len(spool))

    def _member(self, member: Member, fresh: "_Waiting", until: str | None) -> None:
        """Write a member and what comes before the next: its bytes, if nothing in it changed."""
        sizes = self._before.of_member(member.number)
        quads, inferred = (
            read_at(self._quads, member.start, member.length),
            read_at(self._quads, member.inferred_start, member.inferred_length),
        )
        if fresh.is_before(until) or any(nct_id in self._plan.replaced for nct_id, _, _ in sizes):
            there = split_trials(quads, inferred, sizes)
            self._write(self._merged(there, fresh.until(until)))
        else:
            self._move(self._members.add(quads, inferred), (nct_id for nct_id, _, _ in sizes))

    def _merged(self, there: Iterator[TrialLines], fresh: Iterator[TrialLines]) -> Iterator[TrialLines]:
        """Yield the trials that stay and the new ones in order, and note what changed."""
        old, new = next(there, None), next(fresh, None)
        while old is not None or new is not None:
            if new is None or (old is not None and old.nct_id < new.nct_id):
                assert old is not None  # noqa: S101 - the loop's condition
                if old.nct_id in self._plan.replaced:
                    self._note(old, None)
                else:
                    yield old
                old = next(there, None)
            else:
                same = old is not None and old.nct_id == new.nct_id
                self._note(old if same else None, new)
                yield new
                old, new = (next(there, None) if same else old), next(fresh, None)

    def _write(self, trials: Iterator[TrialLines]) -> None:
        while chunk := list(islice(trials, _CHUNK)):
            quads = b"".join(chain.from_iterable(it.quads for it in chunk))
            inferred = b"".join(chain.from_iterable(it.inferred for it in chunk))
            number = self._members.add(member_of(quads), member_of(inferred))
            self._move(number, (it.nct_id for it in chunk))

    def _move(self, number: int, nct_ids: Iterable[str]) -> None:
        for nct_id in nct_ids:
            self._index.move(nct_id, number)

    def _keep_quarantine(self) -> None:
        if self._old.quarantine.is_dir():
            for path in sorted(self._old.quarantine.iterdir()):
                if path.name.split(".")[0] not in self._plan.replaced:
                    self._new.quarantine.mkdir(exist_ok=True)
                    shutil.copyfile(path, self._new.quarantine / path.name)

    # --- what changed

    def _note(self, before: TrialLines | None, after: TrialLines | None) -> None:
        nct_id = (before or after or TrialLines("", [], [])).nct_id
        if before is not None:
            self._census.subtract(Census.of(triples_of([*before.quads, *before.inferred])))
            self._inferred_before += before.inferred
        if after is not None:
            self._inferred_after += after.inferred
        self._change(nct_id, before.quads if before else [], after.quads if after else [])

    def _change(self, name: str, before: Sequence[bytes], after: Sequence[bytes]) -> None:
        """Note that a graph, or a part of one, has other lines now, and change the store."""
        iri = self._minter.graph(name)
        change = Change(iri=iri, before=_graph(iri, before), after=_graph(iri, after))
        self._changes.add(change)
        if change.after is None and name != "inferred":
            self._store.remove_graph(iri)
        else:
            self._store.remove(_quads(change.removed, iri))
        self._store.add(_quads(change.added, iri))

    # --- what trials share

    def added(self) -> list[str]:
        """Return the IRIs of all concepts of added vocabularies that trials now point to, sorted."""
        return self._index.added()

    def finish(self, shared: list[bytes] | None, records_read: int, *, delta: bool) -> BuildReport:
        """Write the shared graphs and the reports.

        Args:
            shared: The graphs but ``about``, if they may have changed.
            records_read: Records of the whole state.
            delta: Whether what was rejected before, without a trial, stays so.
        """
        places = self._before.places()
        members = {name: read_at(self._quads, *place) for name, place in places.items()}
        self._change("inferred", self._inferred_before, self._inferred_after)
        if shared is not None:
            self._index.keep_census("shared", census_of(shared))
            self._replace(members, dict(zip(list(_SHARED)[1:], shared, strict=True)))
        self._index.keep_census("trials", self._census)
        self._census.add(self._index.census("shared"))
        about = about_graph(self._census, self._minter, self._vocabularies)
        self._replace(members, {"about": about})
        self._index.keep_places(*self._members.finish(list(members.values())))
        unplaced = [*self._before.unplaced, *self._plan.scanned.unplaced] if delta else self._plan.scanned.unplaced
        self._index.keep("unplaced", list(dict.fromkeys(unplaced)) if delta else unplaced)
        quads = self._census.statements + about.count(b"\n")
        return summed_report(self._index, self._new, records_read, quads, self._vocabularies)

    def _replace(self, members: dict[str, bytes], texts: dict[str, bytes]) -> None:
        for name, text in texts.items():
            before = unpack(members[name]) if members[name] else b""
            self._change(_SHARED[name], before.splitlines(keepends=True), text.splitlines(keepends=True))
            members[name] = compress(text)


class _Waiting:
    """An iterator of trials, of which the next can be looked at."""

    def __init__(self, trials: Iterator[TrialLines]) -> None:
        self._trials = trials
        self._next = next(trials, None)

    def is_before(self, until: str | None) -> bool:
        """Tell whether the next trial comes before another; before None comes every one."""
        return self._next is not None and (until is None or self._next.nct_id < until)

    def until(self, until: str | None) -> Iterator[TrialLines]:
        """Yield the trials that come before another."""
        while self._next is not None and self.is_before(until):
            found, self._next = self._next, next(self._trials, None)
            yield found


def _graph(iri: str, quads: Sequence[bytes]) -> NamedGraph | None:
    """Return a graph from its lines of N-Quads; None if there are none."""
    tail = len(f" <{iri}> .\n".encode())
    return NamedGraph(iri=iri, lines=tuple(line[:-tail] for line in quads)) if quads else None


def _quads(triples: Iterable[bytes], iri: str) -> bytes:
    tail = f" <{iri}> .\n".encode()
    return b"".join(line + tail for line in triples)
