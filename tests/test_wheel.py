"""The wheel, installed in an environment of its own, carries what the project needs and works from anywhere."""

import json
import os
import site
import subprocess
import sys
import venv
import zipfile
from collections.abc import Sequence
from pathlib import Path

import pytest

import kg

TOP = Path(__file__).resolve().parent.parent


def _run(command: Sequence[str | Path], cwd: Path) -> str:
    environment = {name: value for name, value in os.environ.items() if name not in {"PYTHONPATH", "PYTHONHOME"}}
    done = subprocess.run(command, cwd=cwd, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    _run([sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", folder, TOP], folder)
    (found,) = folder.glob("*.whl")
    return found


@pytest.fixture(scope="module")
def commands(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The commands of an environment that has the wheel, and its dependencies from the environment that tests."""
    home = tmp_path_factory.mktemp("environment")
    venv.create(home, with_pip=False, symlinks=True)
    python = home / "bin/python"
    (packages,) = home.glob("lib/python*/site-packages")
    (packages / "dependencies.pth").write_text("\n".join(site.getsitepackages()) + "\n", "utf-8")
    _run([sys.executable, "-m", "pip", "--python", python, "install", "-q", "--no-deps", "--no-index", wheel], home)
    return python.parent


def _names(*folders: str) -> set[str]:
    return {
        path.relative_to(TOP).as_posix()
        for folder in folders
        for path in (TOP / folder).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }


def test_wheel_carries_the_package_and_its_data(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = {name for name in archive.namelist() if ".dist-info/" not in name}
        metadata = {name.split("/", 1)[1] for name in archive.namelist() if ".dist-info/" in name}
    data = {f"kg/data/{name}" for name in _names("ontologies", "shapes", "queries")}
    assert len(data) > 60
    assert names == _names("kg") | data
    assert {"kg/py.typed", "kg/templates/report.html.jinja"} <= names
    assert {"METADATA", "entry_points.txt", "licenses/LICENSE"} <= metadata


def test_installed_wheel_builds_and_answers(commands: Path, tmp_path: Path) -> None:
    assert _run([commands / "kg", "--version"], tmp_path) == f"kg, version {kg.__version__}\n"
    home = _run(
        [commands / "python", "-c", "import kg, kg.resources as r; print(kg.__file__, r.folder('shapes'))"], tmp_path
    )
    assert all(Path(path).is_relative_to(commands.parent) for path in home.split())
    _run([commands / "kg", "build", TOP / "examples/trials", "-o", "out", "--quiet"], tmp_path)
    report = json.loads((tmp_path / "out/report.json").read_text("utf-8"))
    assert report["records_read"] == report["records_built"] == report["trials"] == 5
    question = ["query", "drugs-tested-in-marker-state", "-g", "out", "-p", "state=her2-low", "-f", "csv"]
    assert "trastuzumab deruxtecan" in _run([commands / "kg", *question], tmp_path)
    assert "conforms" in _run([commands / "kg", "validate", "-g", "out"], tmp_path)


def test_module_is_the_command(commands: Path, tmp_path: Path) -> None:
    assert _run([commands / "python", "-m", "kg", "--help"], tmp_path).startswith("Usage: ")
