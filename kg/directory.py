"""The build directory: what lies where, and how a new one takes the place of the old, whole or not at all.

::

    DIR/build.json         base IRI, version of trialkg, counts
    DIR/graph.nq.gz        all quads: by graph, sorted within each
    DIR/store/             the same in Oxigraph
    DIR/texts.sqlite       the texts that quotes point into, and where each document lay
    DIR/sources.json       the files that were named
    DIR/report.json, report.html
    DIR/index.sqlite       what became of each trial, for updates
    DIR/rejected.jsonl     records that could not be used
    DIR/quarantine/        trials that broke a rule
    DIR/run.json           when the build ran

Two builds of the same records differ in ``run.json`` alone, and where the records lie elsewhere in what tells where.
"""

import ctypes
import errno
import fcntl
import json
import os
import shutil
import sqlite3
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from kg.errors import BuildError, ExportError

_BUILD = "build.json"
_AT_FDCWD = -100
_RENAME_EXCHANGE = 2


class BuildDirectory:
    """The paths of a build directory."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.store = path / "store"
        self.quads = path / "graph.nq.gz"
        self.texts = path / "texts.sqlite"
        self.report = path / "report.json"
        self.report_page = path / "report.html"
        self.rejected = path / "rejected.jsonl"
        self.quarantine = path / "quarantine"
        self.sources = path / "sources.json"
        self.index = path / "index.sqlite"
        self.run = path / "run.json"

    @property
    def settings(self) -> dict[str, object]:
        """What `build.json` says.

        Raises:
            BuildError: This is no finished build directory.
        """
        try:
            found = json.loads((self.path / _BUILD).read_text("utf-8"))
        except (OSError, ValueError) as err:
            raise BuildError(self._is_none()) from err
        return dict(found)

    def _is_none(self) -> str:
        around = next((it for it in self.path.absolute().parents if (it / _BUILD).is_file()), None)
        if around is not None:
            return f"{self.path} is not a build directory, but in one: name {around} instead."
        if self.path.is_file():
            return f"{self.path} is a file; name a build directory, a folder that `kg build SOURCE… -o DIR` made."
        return f"{self.path} is not a build directory; make one with `kg build SOURCE… -o {self.path}`."

    @property
    def stamp(self) -> tuple[int, int]:
        """What tells this build from one that takes its place; (0, 0) if there is none."""
        try:
            found = (self.path / _BUILD).stat()
        except OSError:
            return 0, 0
        return found.st_ino, found.st_mtime_ns

    def finish(self, settings: dict[str, object]) -> None:
        """Write `build.json`, the sign that everything else is there."""
        (self.path / _BUILD).write_text(json.dumps(settings, indent=2, sort_keys=True) + "\n", "utf-8")


@contextmanager
def replacing(path: Path, stamp: tuple[int, int] | None = None) -> Iterator[BuildDirectory]:
    """Make a build directory beside ``path`` and, when the block ends well, put it in its place in one step.

    Args:
        path: The folder, which need not exist.
        stamp: The stamp of the build that the new one is made from; it replaces no other.

    Raises:
        BuildError: ``path`` holds something else than a build directory, or cannot be written, a full disk included; or
            another run has replaced the build with this stamp.
    """
    path = path.absolute()
    if path.exists() and not (path.is_dir() and ((path / _BUILD).is_file() or not any(path.iterdir()))):
        raise BuildError(f"{path} exists and is no build directory; nothing was written. Name another with -o.")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        _clear_leftovers(path)
        staging = Path(tempfile.mkdtemp(prefix=f".{path.name}.{os.getpid()}.", dir=path.parent))
    except OSError as err:
        raise BuildError(f"{path}: {err.strerror}") from err
    try:
        yield BuildDirectory(staging)
        staging.chmod(0o755)
        with _alone_in(path.parent):
            if stamp is not None and BuildDirectory(path).stamp != stamp:
                raise BuildError(f"{path} was replaced by another run meanwhile; this one changed nothing.")
            if path.exists():
                _exchange(staging, path)
            else:
                staging.rename(path)
    except (OSError, sqlite3.Error) as err:  # the sources' own faults are told as such where they are read
        raise BuildError(f"{path} cannot be written ({err}); it is as it was.") from err
    finally:
        shutil.rmtree(staging, ignore_errors=True)


@contextmanager
def _alone_in(folder: Path) -> Iterator[None]:
    """Let one run at a time look at what is in a folder and replace it; the kernel lets go for one that is killed."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        with suppress(OSError):  # some file systems on a network know no locks
            fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def _clear_leftovers(path: Path) -> None:
    """Remove what killed builds left beside ``path``: their process, in the folder's name, is gone."""
    for left in path.parent.glob(f".{path.name}.*.*"):
        pid = left.name.removeprefix(f".{path.name}.").split(".")[0]
        if (
            pid.isdigit()
            and int(pid) != os.getpid()
            and not Path("/proc", pid).exists()
            and Path("/proc/self").exists()
        ):
            shutil.rmtree(left, ignore_errors=True)


def _exchange(new: Path, old: Path) -> None:
    """Swap two folders in one step (renameat2 of Linux); elsewhere in two, with the old one kept until the end."""
    libc = ctypes.CDLL(None, use_errno=True)
    if hasattr(libc, "renameat2"):
        done = libc.renameat2(_AT_FDCWD, os.fsencode(new), _AT_FDCWD, os.fsencode(old), _RENAME_EXCHANGE)
        if done == 0:
            return
        if ctypes.get_errno() not in {errno.EINVAL, errno.ENOSYS}:
            raise BuildError(f"{old} cannot be replaced: {os.strerror(ctypes.get_errno())}")
    aside = old.with_name(f"{old.name}.replaced")
    old.rename(aside)
    new.rename(old)
    aside.rename(new)


def not_written(path: Path, err: OSError) -> ExportError:
    """Say that a file cannot be written, and what to do."""
    folder = path.absolute().parent
    if isinstance(err, FileNotFoundError) and not folder.is_dir():
        return ExportError(f"{path}: there is no folder {folder}; make it, or name a file in another.")
    return ExportError(f"{path}: cannot be written: {err.strerror}")


def write_whole(path: Path, content: bytes | Iterable[bytes]) -> None:
    """Write a file in one step: it is never seen half written.

    Raises:
        ExportError: It cannot be written.
    """
    staging = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with staging.open("wb") as file:
            file.writelines([content] if isinstance(content, bytes) else content)
        staging.replace(path)
    except OSError as err:
        raise not_written(path, err) from err
    finally:
        staging.unlink(missing_ok=True)
