"""What benchmarks share: processes with their time and memory, the machine, and results that are kept step by step."""

import json
import os
import platform
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

import kg

TOP = Path(__file__).resolve().parent.parent
Figures = dict[str, Any]  # names with their unit, such as wall_seconds, to JSON values

_SECONDS_BETWEEN_LOOKS = 0.1


class Ran(NamedTuple):
    """What a process and all that it started needed."""

    wall_seconds: float
    processor_seconds: float  # user and system time of all of them
    peak_bytes: int  # proportional set size of all of them at one time: what they share is counted once
    output: str


def run(
    command: Sequence[object], *, allowed: Sequence[int] = (0,), environment: Mapping[str, str] | None = None
) -> Ran:
    """Run a program to its end and measure it; what it says on standard error is shown only if it fails.

    Raises:
        SystemExit: It ended with another status than those allowed.
    """
    words = [str(word) for word in command]
    before, start, peak = os.times(), time.perf_counter(), 0
    with subprocess.Popen(
        words,
        cwd=TOP,
        env={**os.environ, **(environment or {})},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        output = error = None
        while output is None:
            peak = max(peak, memory_of_all(process.pid))
            with suppress(subprocess.TimeoutExpired):
                output, error = process.communicate(timeout=_SECONDS_BETWEEN_LOOKS)
    after = os.times()
    if process.returncode not in allowed or "Traceback (most recent" in (error or ""):  # a crash ends with 1, too
        raise SystemExit(f"{' '.join(words)}\nended with {process.returncode}:\n{(error or '')[-3000:]}")
    processors = sum(after[2:4]) - sum(before[2:4])  # of ended children and theirs
    return Ran(time.perf_counter() - start, processors, peak, output)


def run_kg(*words: object, allowed: Sequence[int] = (0, 1)) -> Ran:
    """Run the command ``kg`` of this checkout; data that does not conform is no failure of a benchmark."""
    return run([sys.executable, "-m", "kg", *words], allowed=allowed)


def memory_of_all(root: int) -> int:
    """Return the bytes of memory of a process and of all that it started."""
    parents: dict[int, int] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            parents[int(entry.name)] = parent_of(entry)
    family = {root}
    while more := {child for child, parent in parents.items() if parent in family} - family:
        family |= more
    return sum(map(memory_of, family))


def parent_of(process: Path) -> int:
    """Return the number of the process that started this one; 0 if it has ended."""
    try:
        return int((process / "stat").read_text().rpartition(")")[2].split()[1])
    except OSError:
        return 0


def memory_of(process: int) -> int:
    """Return the proportional set size in bytes; 0 if the process has ended."""
    try:
        lines = Path(f"/proc/{process}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0
    return sum(int(line.split()[1]) << 10 for line in lines if line.startswith("Pss:"))


def machine() -> Figures:
    """Return what results depend on."""
    processor = platform.machine()
    with suppress(OSError):
        lines = Path("/proc/cpuinfo").read_text("utf-8").splitlines()
        processor = next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), processor)
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    return {
        "system": f"{platform.system()} {platform.machine()}",
        "processor": processor,
        "cores": os.cpu_count(),
        "memory_gb": round(memory / 1e9, 1),
        "python": platform.python_version(),
    }


def version() -> str:
    """Return the version of trialkg, and of its source where it is a checkout."""
    command = ["git", "-C", str(TOP), "describe", "--always", "--dirty"]
    found = subprocess.run(command, capture_output=True, text=True, check=False).stdout.strip()
    return f"{kg.__version__} ({found})" if found else kg.__version__


class Results:
    """Figures in a JSON file, written whole after every step, so that a run that was stopped goes on.

    Args:
        path: The file; what is in it is kept.

    Raises:
        SystemExit: It is from another machine.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        here = machine()
        self.content: dict[str, Any] = {"machine": here, "steps": {}}
        if path.exists():
            self.content = json.loads(path.read_text("utf-8"))
            if self.content["machine"] != here:
                raise SystemExit(f"{path} has the figures of another machine; name another file with --out.")

    def get(self, group: str, step: str) -> Figures | None:
        """Return the figures of a step; None if it has not been done."""
        found: Figures | None = self.content["steps"].get(group, {}).get(step)
        return found

    def step(self, group: str, step: str, work: Callable[[], Figures]) -> Figures:
        """Return the figures of a step, which is done only if it has not been done before."""
        if (there := self.get(group, step)) is not None:
            say(f"{group:>9}  {step:22} done on {there['date']}")
            return there
        say(f"{group:>9}  {step:22} …")
        start, load = time.perf_counter(), os.getloadavg()[0]
        figures = work()
        figures |= {
            "date": f"{datetime.now(UTC):%Y-%m-%d %H:%M}",
            "version": version(),
            "load_before": round(load, 1),  # others on the machine make wall times worthless
            "step_seconds": round(time.perf_counter() - start, 1),
        }
        self.content["steps"].setdefault(group, {})[step] = figures
        self._write()
        say(f"{group:>9}  {step:22} {shown(figures)}")
        return figures

    def _write(self) -> None:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        staging = self._path.with_name(f".{self._path.name}.{os.getpid()}")
        staging.write_text(json.dumps(self.content, indent=1, ensure_ascii=False) + "\n", "utf-8")
        staging.replace(self._path)


def shown(figures: Figures) -> str:
    """Return the numbers of a step on a line."""
    return ", ".join(
        f"{name.replace('_', ' ')} {value:,.4g}" if isinstance(value, float) else f"{name.replace('_', ' ')} {value:,}"
        for name, value in figures.items()
        if isinstance(value, int | float)
        and not isinstance(value, bool)
        and name not in {"load_before", "step_seconds"}
    )


def of_process(ran: Ran) -> Figures:
    """Return what a process needed as figures."""
    return {
        "wall_seconds": round(ran.wall_seconds, 2),
        "processor_seconds": round(ran.processor_seconds, 2),
        "peak_mb": round(ran.peak_bytes / 1e6),
    }


def say(line: str) -> None:
    """Print a line of progress, with the time."""
    print(f"{datetime.now():%H:%M:%S}  {line}".rstrip(), file=sys.stderr, flush=True)
