"""Where the bundled ontologies, shapes and queries lie: in the wheel or in a checkout."""

from pathlib import Path
from typing import Final

# The OWL ontology's parts in ``ontologies/``; all other Turtle files there are concepts and codes.
OWL_FILES: Final = ("vocabulary.ttl", "axioms.ttl", "defined-classes.ttl", "inferred-hierarchy.ttl")

_PACKAGE = Path(__file__).resolve().parent


def folder(name: str) -> Path:
    """Return the folder ``ontologies``, ``shapes`` or ``queries``.

    The wheel carries them inside the package (``kg/data``); a checkout has them at its top.
    """
    packed = _PACKAGE / "data" / name
    return packed if packed.is_dir() else _PACKAGE.parent / name
