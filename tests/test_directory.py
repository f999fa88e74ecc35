import fcntl
import os
from pathlib import Path

import pytest

from kg import directory as directory_module
from kg.directory import BuildDirectory, _exchange, replacing
from kg.errors import BuildError


def build(path: Path, text: str) -> None:
    with replacing(path) as directory:
        directory.report.write_text(text, "utf-8")
        directory.finish({"text": text})


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_a_new_build_appears_whole(tmp_path: Path) -> None:
    with replacing(tmp_path / "deep" / "out") as directory:
        directory.report.write_text("{}", "utf-8")
        assert not (tmp_path / "deep" / "out").exists()
        directory.finish({"trials": 1})
    assert names(tmp_path / "deep") == ["out"]
    assert names(tmp_path / "deep" / "out") == ["build.json", "report.json"]
    assert BuildDirectory(tmp_path / "deep" / "out").settings == {"trials": 1}


def test_a_build_replaces_the_one_before(tmp_path: Path) -> None:
    build(tmp_path / "out", "first")
    (tmp_path / "out" / "old.txt").touch()
    build(tmp_path / "out", "second")
    assert names(tmp_path) == ["out"]
    assert names(tmp_path / "out") == ["build.json", "report.json"]
    assert BuildDirectory(tmp_path / "out").settings == {"text": "second"}


def test_a_build_that_fails_leaves_no_trace(tmp_path: Path) -> None:
    build(tmp_path / "out", "first")
    with pytest.raises(UnicodeEncodeError):
        build(tmp_path / "out", "half \ud800")
    assert names(tmp_path) == ["out"]
    assert (tmp_path / "out" / "report.json").read_text("utf-8") == "first"


def test_what_is_made_from_a_build_replaces_no_other(tmp_path: Path) -> None:
    build(tmp_path / "out", "first")
    stamp = BuildDirectory(tmp_path / "out").stamp

    def too_late() -> None:
        with replacing(tmp_path / "out", stamp) as directory:
            directory.finish({"text": "from the first"})
            build(tmp_path / "out", "second")

    with pytest.raises(BuildError, match="was replaced by another run meanwhile; this one changed nothing"):
        too_late()
    assert BuildDirectory(tmp_path / "out").settings == {"text": "second"}
    assert names(tmp_path) == ["out"]


def test_two_runs_that_end_together_replace_one_after_the_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    build(tmp_path / "out", "first")
    stamp = BuildDirectory(tmp_path / "out").stamp
    locked = []

    def exchange(new: Path, old: Path) -> None:
        with pytest.raises(BlockingIOError):  # another run waits here, before it looks whether it may
            fcntl.flock(os.open(tmp_path, os.O_RDONLY), fcntl.LOCK_EX | fcntl.LOCK_NB)
        locked.append(BuildDirectory(new).settings["text"])
        _exchange(new, old)

    monkeypatch.setattr(directory_module, "_exchange", exchange)
    with replacing(tmp_path / "out", stamp) as directory:
        directory.finish({"text": "second"})
    assert locked == ["second"]
    assert BuildDirectory(tmp_path / "out").settings == {"text": "second"}


def test_an_empty_folder_may_be_filled(tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    build(tmp_path / "out", "first")
    assert names(tmp_path / "out") == ["build.json", "report.json"]


def test_a_build_folder_can_be_read_by_others(tmp_path: Path) -> None:
    build(tmp_path / "out", "first")
    assert (tmp_path / "out").stat().st_mode & 0o777 == 0o755


@pytest.mark.parametrize("kind", ["file", "folder"])
def test_what_is_no_build_is_left_alone(tmp_path: Path, kind: str) -> None:
    out = tmp_path / "out"
    mine = out / "thesis.txt" if kind == "folder" else out
    mine.parent.mkdir(exist_ok=True)
    mine.write_text("mine", "utf-8")
    with pytest.raises(BuildError, match="is no build directory"):
        build(out, "first")
    assert mine.read_text("utf-8") == "mine"
    assert names(tmp_path) == ["out"]


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_place_that_cannot_be_written(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    with pytest.raises(BuildError, match="Permission denied"):
        build(tmp_path / "out", "first")


def test_a_place_under_a_file_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(BuildError, match="file/out"):
        build(tmp_path / "file" / "out", "first")


@pytest.mark.parametrize("content", [None, "", "{"])
def test_no_finished_build(tmp_path: Path, content: str | None) -> None:
    if content is not None:
        (tmp_path / "build.json").write_text(content, "utf-8")
    with pytest.raises(BuildError, match="make one with `kg build"):
        BuildDirectory(tmp_path).settings  # noqa: B018
