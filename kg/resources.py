"""Where the bundled ontologies, shapes and queries lie: in the wheel or in a checkout."""

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent


def folder(name: str) -> Path:
    """Return the folder ``ontologies``, ``shapes`` or ``queries``.

    The wheel carries them inside the package (``kg/data``); a checkout has them at its top.
    """
    packed = _PACKAGE / "data" / name
    return packed if packed.is_dir() else _PACKAGE.parent / name
