"""A Virtuoso of our own, over an empty database, with its bulk loader; the tests use it too."""

import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final, NamedTuple

from benchmarks.measuring import memory_of_all

_PATIENCE_SECONDS: Final = 120
_BUFFERS: Final = 170_000  # of 8 kB: 1.4 GB, as the manual advises for 2 GB of memory
_INI: Final = """
[Database]
DatabaseFile = {folder}/virtuoso.db
ErrorLogFile = {folder}/virtuoso.log
LockFile = {folder}/virtuoso.lck
TransactionFile = {folder}/virtuoso.trx
xa_persistent_file = {folder}/virtuoso.pxa
[TempDatabase]
DatabaseFile = {folder}/temp.db
TransactionFile = {folder}/temp.trx
[Parameters]
ServerPort = 127.0.0.1:{sql_port}
NumberOfBuffers = {buffers}
MaxDirtyBuffers = {dirty}
DirsAllowed = {folder}
[HTTPServer]
ServerPort = 127.0.0.1:{http_port}
ServerThreads = 4
[SPARQL]
ResultSetMaxRows = 100000000
"""


class Virtuoso(NamedTuple):
    """A running server."""

    home: Path
    folder: Path
    process: "subprocess.Popen[bytes]"
    sql_port: int
    query_url: str

    def load(self, quads: Path) -> None:
        """Load a file of N-Quads with the server's bulk loader, and write a checkpoint.

        Raises:
            SystemExit: The loader tells of an error.
        """
        place = self.folder / "load"
        place.mkdir()
        shutil.copyfile(quads, place / "graph.nq.gz")
        self.sql(f"ld_dir('{place}', '*.nq.gz', 'urn:default')")
        self.sql("rdf_loader_run()")
        self.sql("checkpoint")
        errors = self.sql("select ll_error from DB.DBA.load_list where ll_error is not null")
        if "0 Rows" not in errors:
            raise SystemExit(f"Virtuoso could not load the quads:\n{errors}")

    def sql(self, statement: str) -> str:
        """Send a statement and return what the server's own client prints."""
        login = [f"127.0.0.1:{self.sql_port}", "dba", "dba"]  # of a database that is thrown away
        command = [str(self.home / "usr/bin/isql-vt"), *login, f"exec={statement};"]
        done = subprocess.run(command, env=_environment(self.home), capture_output=True, text=True, check=False)
        if done.returncode or "*** Error" in done.stdout + done.stderr:
            raise SystemExit(f"{statement}: {done.stdout}{done.stderr}")
        return done.stdout

    def memory(self) -> int:
        """Return the bytes of memory that the server has now."""
        return memory_of_all(self.process.pid)


@contextmanager
def virtuoso(home: Path, work: Path | None = None, buffers: int = _BUFFERS) -> Iterator[Virtuoso]:
    """Run Virtuoso from a folder that ``tests/integration/fetch_virtuoso.sh`` made, with its files under ``work``."""
    with tempfile.TemporaryDirectory(dir=work) as name:
        folder = Path(name)
        sql_port, http_port = free_port(), free_port()
        ini = folder / "virtuoso.ini"
        settings = {"sql_port": sql_port, "http_port": http_port, "buffers": buffers, "dirty": buffers * 3 // 4}
        ini.write_text(_INI.format(folder=folder, **settings), "utf-8")
        command = [str(home / "usr/bin/virtuoso-t"), "-f", "-c", str(ini)]
        with (folder / "output").open("wb") as output:
            process = subprocess.Popen(command, env=_environment(home), cwd=folder, stdout=output, stderr=output)
        try:
            _wait(http_port, process, folder / "output")
            yield Virtuoso(home, folder, process, sql_port, f"http://127.0.0.1:{http_port}/sparql")
        finally:
            process.terminate()
            process.wait(_PATIENCE_SECONDS)


def _environment(home: Path) -> dict[str, str]:
    libraries = ":".join(str(home / place) for place in ("usr/lib/x86_64-linux-gnu", "lib/x86_64-linux-gnu"))
    return {**os.environ, "LD_LIBRARY_PATH": libraries}


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait(port: int, process: "subprocess.Popen[bytes]", output: Path) -> None:
    deadline = time.monotonic() + _PATIENCE_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.2)
    raise SystemExit(f"Virtuoso does not start:\n{output.read_text('utf-8', 'replace')[-2000:]}")
