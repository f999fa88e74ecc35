"""Where things lie on each platform."""

from pathlib import Path

import pytest

from kg import resources


@pytest.mark.parametrize(
    ("environment", "system", "expected"),
    [
        ({"HOME": "/home/a"}, "linux", "/home/a/.local/share/trialkg"),
        ({"HOME": "/home/a", "XDG_DATA_HOME": "/x"}, "linux", "/x/trialkg"),
        ({"HOME": "/Users/a"}, "darwin", "/Users/a/Library/Application Support/trialkg"),
        ({"HOME": "/u", "LOCALAPPDATA": "/u/Local"}, "win32", "/u/Local/trialkg"),
        ({"HOME": "/home/a", "XDG_DATA_HOME": "/x", "KG_DATA_DIR": "/own"}, "linux", "/own"),
    ],
)
def test_the_data_folder(environment: dict[str, str], system: str, expected: str) -> None:
    assert resources.data_folder(environment, system) == Path(expected)


@pytest.mark.parametrize(
    ("environment", "system", "expected"),
    [
        ({"HOME": "/home/a"}, "linux", "/home/a/.cache/trialkg"),
        ({"HOME": "/home/a", "XDG_CACHE_HOME": "/x"}, "linux", "/x/trialkg"),
        ({"HOME": "/Users/a"}, "darwin", "/Users/a/Library/Caches/trialkg"),
        ({"HOME": "/u", "LOCALAPPDATA": "/u/Local"}, "win32", "/u/Local/trialkg/Cache"),
    ],
)
def test_the_cache_folder(environment: dict[str, str], system: str, expected: str) -> None:
    assert resources.cache_folder(environment, system) == Path(expected)


def test_what_is_kept_can_be_lost(tmp_path: Path) -> None:
    resources.keep(tmp_path / "new" / "a.cache", b"x")
    assert [path.name for path in (tmp_path / "new").iterdir()] == ["a.cache"]
    (tmp_path / "file").write_bytes(b"")
    resources.keep(tmp_path / "file" / "a.cache", b"x")  # no folder can be made there: nothing happens
    assert (tmp_path / "file").read_bytes() == b""


def test_who_has_no_home_has_the_root_for_one(monkeypatch: pytest.MonkeyPatch) -> None:
    def nobody(_: type[Path]) -> Path:
        raise RuntimeError("Could not determine home directory.")

    monkeypatch.setattr(Path, "home", classmethod(nobody))
    assert resources.data_folder({}, "linux") == Path("/.local/share/trialkg")
    assert resources.cache_folder({"XDG_CACHE_HOME": "/x"}, "linux") == Path("/x/trialkg")
