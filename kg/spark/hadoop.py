"""Files on whatever file system Hadoop knows, as the driver sees them: listed, read, written, renamed."""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, NamedTuple

from py4j.protocol import Py4JJavaError
from pyspark.sql import SparkSession

from kg.errors import BuildError, SourceError
from kg.partitioned import SUCCESS


class HadoopFile(NamedTuple):
    """A file: its address with and without percent signs for what is no character of a URI, and its bytes."""

    path: str
    uri: str
    length: int


class HadoopFiles:
    """The file systems that a Spark session reaches."""

    def __init__(self, session: SparkSession) -> None:
        self._jvm: Any = session._jvm
        self._conf: Any = session._jsc.hadoopConfiguration()

    def _at(self, address: str) -> tuple[Any, Any]:
        """Return the file system and the path of an address.

        Raises:
            SourceError: Spark has no such file system, or cannot reach it.
        """
        try:
            path = self._jvm.org.apache.hadoop.fs.Path(address)
            system = path.getFileSystem(self._conf)
            return system, system.makeQualified(path)
        except Py4JJavaError as err:
            raise SourceError(address, f"{reason_of(err)}; see docs/spark.md for what Spark needs to reach it") from err

    def source(self, address: str) -> list[tuple[str, HadoopFile]]:
        """Return the files of a source, a file or a folder, in the order of a local build, with what they are called.

        Raises:
            SourceError: There is no such file or folder, or it cannot be read.
        """
        system, path = self._at(address)
        try:
            if not system.exists(path):
                raise SourceError(address, "there is no such file or folder")
            if system.getFileStatus(path).isFile():
                return [(address, _file(system.getFileStatus(path)))]
            start = f"{path.toString().rstrip('/')}/"
            found = [_file(status) for status in self._below(system, path)]
        except Py4JJavaError as err:
            raise SourceError(address, f"it cannot be read: {reason_of(err)}") from err
        inner = {one.path.removeprefix(start): one for one in found}
        return [(f"{address.rstrip('/')}/{name}", inner[name]) for name in sorted(inner, key=_walked)]

    def place(self, address: str) -> str:
        """Return where a source is, for `kg verify`: its whole address, and a path if it is on this machine."""
        return str(self._at(address)[1].toString()).removeprefix("file:")

    def _below(self, system: Any, path: Any) -> Iterator[Any]:
        files = system.listFiles(path, True)
        while files.hasNext():
            yield files.next()

    def reader(self, path: str) -> Any:
        """Return an open stream of Java; its ``readNBytes`` reads."""
        system, where = self._at(path)
        return system.open(where)

    def read(self, path: str) -> bytes:
        """Return the content of a file."""
        stream = self.reader(path)
        try:
            return bytes(stream.readAllBytes())
        finally:
            stream.close()

    def names(self, folder: str) -> list[str]:
        """Return the names in a folder that Hadoop's readers see, sorted; none if there is no such folder."""
        system, path = self._at(folder)
        if not system.exists(path):
            return []
        names = (str(status.getPath().getName()) for status in system.listStatus(path))
        return sorted(name for name in names if not name.startswith((".", "_")))

    def rename(self, old: str, new: str) -> None:
        """Rename a file or folder to what does not exist yet.

        Raises:
            BuildError: It cannot be.
        """
        system, path = self._at(old)
        _, target = self._at(new)
        system.mkdirs(target.getParent())
        if not system.rename(path, target):
            raise BuildError(f"{old} cannot be renamed to {new}.")

    def delete(self, path: str) -> None:
        """Delete a file or folder with what is in it, if it is there."""
        system, where = self._at(path)
        system.delete(where, True)

    def upload(self, folder: Path, path: str) -> None:
        """Copy what is in a local folder into a folder."""
        system, where = self._at(path)
        system.mkdirs(where)
        local = self._jvm.org.apache.hadoop.fs.Path
        for file in sorted(folder.iterdir()):
            system.copyFromLocalFile(False, True, local(file.absolute().as_uri()), where)

    def mark(self, path: str) -> None:
        """Write an empty file."""
        system, where = self._at(path)
        system.create(where, True).close()

    @contextmanager
    def replacing(self, out: str) -> Iterator[str]:
        """Make a folder beside ``out`` and, when the block ends well, put it in its place; ``_SUCCESS`` comes last.

        Raises:
            BuildError: ``out`` holds something else than a graph in parts, or cannot be written.
        """
        system, path = self._at(out)
        out = path.toString()
        if path.getParent() is None:
            raise BuildError(f"{out} is the root of a file system; name a folder in it with -o.")
        staging, aside = (f"{path.getParent()}/.{path.getName()}.{uuid.uuid4().hex[:12]}{end}" for end in ("", ".old"))
        try:
            there = bool(system.exists(path))
            if there and not self._is_ours(system, path):
                raise BuildError(f"{out} exists and is no graph in parts; nothing was written. Name another with -o.")
            try:
                if not system.mkdirs(self._jvm.org.apache.hadoop.fs.Path(staging)):
                    raise BuildError(f"{out} cannot be written: {path.getParent()} takes no folders.")
                yield staging
                if there:
                    self.rename(out, aside)
                self.rename(staging, out)
                self.mark(f"{out}/{SUCCESS}")
                self.delete(aside)
            finally:
                with suppress(Py4JJavaError):
                    self.delete(staging)
        except Py4JJavaError as err:
            raise BuildError(f"{out} cannot be written: {reason_of(err)}") from err

    def _is_ours(self, system: Any, path: Any) -> bool:
        child = self._jvm.org.apache.hadoop.fs.Path
        if not system.getFileStatus(path).isDirectory():
            return False
        return bool(system.exists(child(path, "scanned.json")) or not system.listStatus(path))


def _file(status: Any) -> HadoopFile:
    path = status.getPath()
    uri = path.toUri()  # whose own text has two slashes more if its maker wrote them
    address = f"{uri.getScheme()}:{f'//{uri.getAuthority()}' if uri.getAuthority() else ''}{uri.getRawPath()}"
    return HadoopFile(path.toString(), address, int(status.getLen()))


def _walked(name: str) -> tuple[tuple[int, str], ...]:
    """Return by what names below a folder are sorted: files first, then each subfolder with what is in it."""
    *folders, file = name.split("/")
    return (*((1, folder) for folder in folders), (0, file))


def reason_of(error: Py4JJavaError) -> str:
    """Return what went wrong in Java, in one line: the innermost cause."""
    cause = error.java_exception
    while cause is not None and cause.getCause() is not None:
        cause = cause.getCause()
    return str(cause.toString()).partition("\n")[0] if cause is not None else str(error)
