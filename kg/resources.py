"""Where things lie: the bundled ontologies, shapes and queries, and what a user has added."""

import sys
from collections.abc import Mapping
from pathlib import Path

_NAME = "trialkg"
_PACKAGE = Path(__file__).resolve().parent


def folder(name: str) -> Path:
    """Return the folder ``ontologies``, ``shapes`` or ``queries``.

    The wheel carries them inside the package (``kg/data``); a checkout has them at its top.
    """
    packed = _PACKAGE / "data" / name
    return packed if packed.is_dir() else _PACKAGE.parent / name


def data_folder(environment: Mapping[str, str], system: str = sys.platform) -> Path:
    """Return where a user's added vocabularies lie, by the customs of the platform.

    Args:
        environment: ``KG_DATA_DIR`` overrules all else; then XDG's or the platform's variable.
        system: As in ``sys.platform``.
    """
    if environment.get("KG_DATA_DIR"):
        return Path(environment["KG_DATA_DIR"])
    home = Path(environment.get("HOME") or Path.home())
    if environment.get("XDG_DATA_HOME"):
        return Path(environment["XDG_DATA_HOME"]) / _NAME
    if system == "win32":
        return Path(environment.get("LOCALAPPDATA") or home / "AppData" / "Local") / _NAME
    return home / ("Library/Application Support" if system == "darwin" else ".local/share") / _NAME
