"""The documentation says what the program says."""

import runpy
from pathlib import Path

TOP = Path(__file__).resolve().parent.parent


def test_documentation_is_what_the_program_says() -> None:
    """If this fails, run ``python docs/refresh.py`` and read the difference."""
    refresh = runpy.run_path(str(TOP / "docs/refresh.py"))["refresh"]
    assert refresh(check=True) == []
