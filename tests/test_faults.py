"""What goes wrong while a build or an update runs leaves the old state or the new one, and the next run succeeds.

The runs are processes of their own. One is killed at its own doing: an audit hook counts what it does to files beside
the build directory, so that a moment is a place in the program and not a time on a clock. A full disk is simulated by
a bound on the size of files (RLIMIT_FSIZE), since a small file system needs privileges.
"""

import gzip
import random
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from test_update import loaded, quads, source, stored

import kg
from kg.errors import BuildError

TOP = Path(kg.__file__).parents[1]
BEFORE = {number: [0] for number in range(1, 46)}
AFTER = {**BEFORE, 7: [1], 50: [2], 51: [1]} | {number: [2] for number in range(12, 44)}
del AFTER[3]
# Arguments: command line of kg, the moment of the kill or the bound in bytes.
KILLED = """
import os, signal, sys
moment, seen = int(sys.argv.pop(1)), 0
def hook(event, values):
    global seen
    if any(isinstance(it, (str, os.PathLike)) and ("/.out." in os.fspath(it) or it == "renameat2") for it in values):
        seen += 1
        if seen == moment:
            os.kill(os.getpid(), signal.SIGKILL)
sys.addaudithook(hook)
from kg.cli import main
main()
"""
FULL = """
import resource, sys
bound = int(sys.argv.pop(1))
resource.setrlimit(resource.RLIMIT_FSIZE, (bound, bound))
from kg.cli import main
main()
"""
WITHOUT_WORKERS = """
import os, sys, kg.batch
kg.batch.Builder.build = lambda self, batch: os._exit(9)
from kg.cli import main
main()
"""


def run(script: str, *words: object) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "-c", script, *map(str, words)]
    return subprocess.run(command, cwd=TOP, capture_output=True, text=True, check=False)


class Directory:
    """A build of `BEFORE`, sources of `AFTER`, and a full build of these to compare with."""

    def __init__(self, top: Path) -> None:
        self.top = top
        self.out, self.sources = top / "out", source(top / "after.jsonl", AFTER)
        self.old = quads(kg.build([source(top / "before.jsonl", BEFORE)], self.out, workers=1).directory.path)
        self.new = quads(kg.build([self.sources], top / "full", workers=1).directory.path)
        self.begun = 0  # runs that were to be killed
        self.ended: Counter[str] = Counter()  # the same, by what they left

    def command(self, name: str) -> list[object]:
        return [name, self.sources, "-o" if name == "build" else "-g", self.out, "-q", "--workers", 2]

    def restore(self) -> None:
        kg.update([self.top / "before.jsonl"], self.out, workers=1)

    def assert_whole(self) -> str:
        """Return which of the two states is there."""
        found = quads(self.out)
        assert found in (self.old, self.new)
        assert stored(self.out) == loaded(self.out)
        return "the old state" if found == self.old else "the new state"

    def assert_next_run_succeeds(self) -> None:
        kg.update([self.sources], self.out, workers=1)
        assert quads(self.out) == self.new
        assert [path.name for path in self.top.iterdir() if path.name.startswith(".out")] == []


@pytest.fixture(scope="module")
def directory(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> Iterator[Directory]:
    found = Directory(tmp_path_factory.mktemp("faults"))
    yield found
    told = ", ".join(f"{count} {what}" for what, count in sorted(found.ended.items()))
    request.config.pluginmanager.getplugin("terminalreporter").write_line(
        f"\nruns to be killed: {told}; losses: {found.begun - found.ended.total()}"
    )


def kill(directory: Directory, command: str, moment: int) -> None:
    directory.restore()
    directory.begun += 1
    done = run(KILLED, moment, *directory.command(command))
    state = directory.assert_whole()
    directory.assert_next_run_succeeds()
    killed = done.returncode == -signal.SIGKILL  # else it was done before that moment
    directory.ended[f"{command}s {'killed' if killed else 'done before'}, {state} whole"] += 1


@pytest.mark.parametrize(("command", "moment"), [(name, at) for name in ("build", "update") for at in (3, 12, 18)])
def test_killed(directory: Directory, command: str, moment: int) -> None:
    kill(directory, command, moment)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(100))
def test_killed_at_any_moment(directory: Directory, seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311 - not for secrets
    kill(directory, chance.choice(["build", "update"]), chance.randint(1, 40))


@pytest.mark.parametrize("command", ["build", "update"])
@pytest.mark.parametrize("bound", [2_000, 60_000])
def test_a_disk_that_is_full(directory: Directory, command: str, bound: int) -> None:
    directory.restore()
    done = run(FULL, bound, *directory.command(command))
    assert done.returncode == 2, done.stderr
    assert done.stderr.startswith("kg: ")
    assert quads(directory.out) == directory.old
    directory.assert_next_run_succeeds()


def test_a_worker_that_dies_in_an_update(directory: Directory) -> None:
    directory.restore()
    done = run(WITHOUT_WORKERS, *directory.command("update"))
    assert done.returncode == 2
    assert "A worker process ended without a word, at the trials NCT00000007 to " in done.stderr
    assert quads(directory.out) == directory.old
    directory.assert_next_run_succeeds()


def test_sources_cut_in_the_middle_are_told(directory: Directory) -> None:
    directory.restore()
    packed = gzip.compress(directory.sources.read_bytes())
    (directory.top / "cut.jsonl.gz").write_bytes(packed[: len(packed) // 2])
    with pytest.raises(BuildError, match=r"cut\.jsonl\.gz.*Mend the sources"):  # what is missing may be behind the cut
        kg.update([directory.top / "cut.jsonl.gz"], directory.out, workers=1)
    assert quads(directory.out) == directory.old
    full = kg.build([directory.top / "cut.jsonl.gz"], directory.top / "cut", workers=1)
    assert full.report.records_rejected >= 1
    done = kg.update([directory.top / "cut.jsonl.gz"], directory.out, delta=True, workers=1)
    assert not any(it.kind == "withdrawn" for it in done.changes())
    assert done.report.records_rejected == full.report.records_rejected
    directory.assert_next_run_succeeds()


def test_an_unreadable_file_among_many_is_told(directory: Directory) -> None:
    directory.restore()
    folder = directory.top / "many"
    folder.mkdir()
    (folder / "gone.jsonl").symlink_to(folder / "nowhere")
    (folder / "there.jsonl").write_bytes(directory.sources.read_bytes())
    with pytest.raises(BuildError, match=r"gone\.jsonl.*not a regular file; it is not read.*Mend the sources"):
        kg.update([folder], directory.out, workers=1)
    done = kg.update([folder], directory.out, delta=True, workers=1)
    assert done.report.rejection_reasons == {"not a regular file; it is not read": 1}
    (folder / "gone.jsonl").unlink()
    kg.update([folder], directory.out, workers=1)
    assert quads(directory.out) == directory.new
