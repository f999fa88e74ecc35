"""A standalone Spark cluster for tests: a master and two workers on 127.0.0.1, gone at the end.

A worker can be killed with all that it started, as when its machine fails.
"""

import os
import re
import shutil
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

from benchmarks.servers import free_port

PATIENCE_SECONDS = 600
SETTINGS = {
    "spark.executor.memory": "512m",
    "spark.ui.enabled": "false",
    "spark.driver.bindAddress": "127.0.0.1",
    "spark.sql.files.maxPartitionBytes": "8m",  # so that files of a few megabytes are divided
}
TOP = Path(__file__).parents[1]


def missing() -> str:
    """Return why there can be no cluster here; nothing if there can."""
    if find_spec("pyspark") is None:
        return 'PySpark is missing: pip install "trialkg[spark]"'
    if shutil.which("java") is None and not os.environ.get("JAVA_HOME"):
        return "Java is missing"
    return ""


def environment() -> dict[str, str]:
    """Return the environment of Spark's processes: they stay on this machine and find this trialkg."""
    return {**os.environ, "SPARK_LOCAL_IP": "127.0.0.1", "SPARK_DAEMON_MEMORY": "256m", "PYTHONPATH": str(TOP)}


def wait_for(condition: Callable[[], object], what: str) -> None:
    """Wait until something is true.

    Raises:
        TimeoutError: It did not come true.
    """
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not condition():
        if time.monotonic() > deadline:
            raise TimeoutError(what)
        time.sleep(0.05)


@dataclass(frozen=True, slots=True)
class Worker:
    """A worker, its executors and their Pythons."""

    process: "subprocess.Popen[bytes]"
    folder: Path

    def has_executor(self) -> bool:
        """Tell whether it runs one."""
        return bool(_descendants(self.process.pid))

    def kill(self) -> None:
        """Kill all of it at once."""
        for pid in [self.process.pid, *_descendants(self.process.pid)]:
            with suppress(ProcessLookupError, FileNotFoundError):
                os.kill(pid, signal.SIGKILL)
        self.process.wait(PATIENCE_SECONDS)


@dataclass(frozen=True, slots=True)
class Cluster:
    """A running cluster."""

    master: str
    workers: list[Worker]

    @property
    def options(self) -> list[str]:
        """The options of ``kg build`` for this cluster."""
        return ["--engine", "spark", "--master", self.master, *(f"--conf={key}={SETTINGS[key]}" for key in SETTINGS)]


@contextmanager
def cluster(folder: Path) -> Iterator[Cluster]:
    """Run a master and two workers of one core each."""
    port, web_port = free_port(), free_port()
    url = f"spark://127.0.0.1:{port}"
    with ExitStack() as stack:
        master = ["master.Master", "--host", "127.0.0.1", "--port", f"{port}", "--webui-port", f"{web_port}"]
        stack.enter_context(_running(master, folder / "master"))
        workers = []
        for name in ("one", "two"):
            options = ["--host", "127.0.0.1", "--webui-port", "0", "--cores", "1", "--memory", "600m"]
            where = folder / name
            worker = ["worker.Worker", *options, "--work-dir", str(where / "work"), url]
            workers.append(Worker(stack.enter_context(_running(worker, where)), where))
        page = f"http://127.0.0.1:{web_port}/json/"
        wait_for(lambda: _alive(page) == len(workers), "the workers did not register")
        yield Cluster(url, workers)


def _alive(page: str) -> int:
    try:
        with urlopen(page, timeout=10) as answer:  # noqa: S310
            found = re.search(rb'"aliveworkers"\s*:\s*(\d+)', answer.read())
    except (URLError, ConnectionError, TimeoutError):
        return 0
    return int(found[1]) if found else 0


@contextmanager
def _running(arguments: list[str], folder: Path) -> Iterator["subprocess.Popen[bytes]"]:
    folder.mkdir(parents=True)
    (spec,) = find_spec("pyspark").submodule_search_locations  # type: ignore[union-attr, misc]
    name, *options = arguments
    command = [str(Path(spec, "bin", "spark-class")), f"org.apache.spark.deploy.{name}", *options]
    with (folder / "output").open("wb") as output:
        process = subprocess.Popen(command, env=environment(), cwd=folder, stdout=output, stderr=subprocess.STDOUT)
    try:
        yield process
    finally:
        process.terminate()
        process.wait(PATIENCE_SECONDS)


def _descendants(pid: int) -> list[int]:
    """Return a process's children and theirs (Linux alone)."""
    found: list[int] = []
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        with suppress(ProcessLookupError, FileNotFoundError):
            for child in map(int, task.read_text("ascii").split()):
                found += [child, *_descendants(child)]
    return found
