"""The same bytes: whatever the machine is set to, two builds of the same records are one."""

import gzip
import hashlib
import os
import subprocess
import sys
from pathlib import Path

import pytest

TOP = Path(__file__).parents[1]
EXAMPLES = TOP / "examples" / "trials"
_BUILD = """
import sys
import kg
from kg import pipeline
pipeline.BATCH = 2  # so that five trials are work for two
sources, out, workers = sys.argv[1].split(":"), sys.argv[2], int(sys.argv[3])
if __name__ == "__main__":
    kg.build(sources, out + "/graph", workers=workers).export("turtle", out + "/graph.ttl")
"""
# What differs from the plain build: environment, workers, and whether the sources are named backwards.
SETTINGS: dict[str, tuple[dict[str, str], int, bool]] = {
    "hash seed, time zone and locale": (
        {"PYTHONHASHSEED": "4711", "TZ": "Pacific/Kiritimati", "LC_ALL": "C", "LANG": "tr_TR.UTF-8", "PYTHONUTF8": "0"},
        1,
        False,
    ),
    "two workers and sources in another order": ({"PYTHONHASHSEED": "1", "TZ": "America/Los_Angeles"}, 2, True),
}


def build(folder: Path, environment: dict[str, str], workers: int, *, backwards: bool) -> tuple[str, str]:
    """Build the examples in a process of its own; return digests of the N-Quads and of the Turtle export."""
    out = folder / "out"
    out.mkdir(parents=True)
    script = folder / "build.py"
    script.write_text(_BUILD, "utf-8")
    sources = sorted(path.name for path in EXAMPLES.iterdir())
    names = ":".join(reversed(sources) if backwards else sources)
    command = [sys.executable, str(script), names, str(out), str(workers)]
    settings = {**os.environ, "PYTHONPATH": str(TOP), "PYTHONHASHSEED": "0", "TZ": "UTC", "LC_ALL": "C.UTF-8"}
    subprocess.run(command, cwd=EXAMPLES, env={**settings, **environment}, check=True, capture_output=True)
    with gzip.open(out / "graph" / "graph.nq.gz") as quads:
        return hashlib.sha256(quads.read()).hexdigest(), hashlib.sha256((out / "graph.ttl").read_bytes()).hexdigest()


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, str]:
    return build(tmp_path_factory.mktemp("plain"), {}, 1, backwards=False)


@pytest.mark.parametrize("name", SETTINGS)
def test_what_the_machine_is_set_to_changes_no_byte(name: str, plain: tuple[str, str], tmp_path: Path) -> None:
    environment, workers, backwards = SETTINGS[name]
    assert build(tmp_path, environment, workers, backwards=backwards) == plain
