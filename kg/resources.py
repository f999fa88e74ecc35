"""Where things lie: the bundled ontologies, shapes and queries, and what a user has added."""

import os
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from hashlib import blake2b
from importlib.util import cache_from_source
from pathlib import Path
from typing import Final

# The OWL ontology's parts in ``ontologies/``; all other Turtle files there are concepts and codes.
OWL_FILES: Final = ("vocabulary.ttl", "axioms.ttl", "defined-classes.ttl", "inferred-hierarchy.ttl")

_NAME = "trialkg"
_PACKAGE = Path(__file__).resolve().parent


def folder(name: str) -> Path:
    """Return the folder ``ontologies``, ``shapes`` or ``queries``.

    The wheel carries them inside the package (``kg/data``); a checkout has them at its top.
    """
    packed = _PACKAGE / "data" / name
    return packed if packed.is_dir() else _PACKAGE.parent / name


def cache_file(name: str, made_from: Sequence[Path], *settings: str) -> Path:
    """Return where something made from files is kept: beside Python's compiled modules, named by the files' content."""
    digest = blake2b("\n".join(settings).encode(), digest_size=10)
    for path in made_from:
        digest.update(b"\0" + path.name.encode() + b"\0" + path.read_bytes())
    return Path(cache_from_source(__file__)).with_name(f"{name}-{digest.hexdigest()}.cache")


def keep(cache: Path, content: bytes) -> None:
    """Write a cache in one step; where the folder cannot be written, there is none."""
    staging = cache.with_name(f"{cache.name}.{os.getpid()}")
    with suppress(OSError):
        cache.parent.mkdir(exist_ok=True)
        staging.write_bytes(content)
        staging.replace(cache)


def _home(environment: Mapping[str, str]) -> Path:
    """Return a user's folder; the root for one who has none, as in a container with a number for a user."""
    if environment.get("HOME"):
        return Path(environment["HOME"])
    try:
        return Path.home()
    except RuntimeError:
        return Path("/")


def cache_folder(environment: Mapping[str, str], system: str = sys.platform) -> Path:
    """Return where what can be made again is kept for a user, by the customs of the platform.

    Args:
        environment: XDG's or the platform's variable.
        system: As in ``sys.platform``.
    """
    home = _home(environment)
    if environment.get("XDG_CACHE_HOME"):
        return Path(environment["XDG_CACHE_HOME"]) / _NAME
    if system == "win32":
        return Path(environment.get("LOCALAPPDATA") or home / "AppData" / "Local") / _NAME / "Cache"
    return home / ("Library/Caches" if system == "darwin" else ".cache") / _NAME


def data_folder(environment: Mapping[str, str], system: str = sys.platform) -> Path:
    """Return where a user's added vocabularies lie, by the customs of the platform.

    Args:
        environment: ``KG_DATA_DIR`` overrules all else; then XDG's or the platform's variable.
        system: As in ``sys.platform``.
    """
    if environment.get("KG_DATA_DIR"):
        return Path(environment["KG_DATA_DIR"])
    home = _home(environment)
    if environment.get("XDG_DATA_HOME"):
        return Path(environment["XDG_DATA_HOME"]) / _NAME
    if system == "win32":
        return Path(environment.get("LOCALAPPDATA") or home / "AppData" / "Local") / _NAME
    return home / ("Library/Application Support" if system == "darwin" else ".local/share") / _NAME
