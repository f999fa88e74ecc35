"""Hashes of what a build is made with: as long as they are the same, a record gives the same quads."""

from collections.abc import Iterable, Mapping
from hashlib import blake2b
from pathlib import Path
from typing import Final, NamedTuple

from kg import resources

_DIGEST_BYTES: Final = 16
# Of the folder ``ontologies``: what is compared concept by concept, or bears on shared graphs alone.
_CONCEPTS: Final = ("concepts", "mappings")
_PACKAGE: Final = Path(__file__).parent


class Fingerprints(NamedTuple):
    """Hashes of what a build is made with, as `build.json` keeps them."""

    rules: str
    concepts: str
    vocabularies: str = ""  # empty where none of the user's are used

    @classmethod
    def now(cls, vocabularies: str = "") -> "Fingerprints":
        """Return those of this software and its files, and of the vocabularies that the user has added."""
        return cls(_rules(), _concepts(), vocabularies)

    def same_rules(self, settings: Mapping[str, object]) -> bool:
        """Tell whether a build was made by the same code and rules, with the same vocabularies."""
        return (settings.get("rules"), settings.get("vocabularies", "")) == (self.rules, self.vocabularies)

    def same_as(self, settings: Mapping[str, object]) -> bool:
        """Tell whether a build was made with all the same."""
        return self.same_rules(settings) and settings.get("concepts") == self.concepts


def _rules() -> str:
    """Return a hash of code, shapes, axioms, codes and word lists: another one, and every trial is made anew."""
    ontologies = resources.folder("ontologies")
    files = [
        *(path for path in _PACKAGE.rglob("*") if path.suffix in {".py", ".txt"}),
        *resources.folder("shapes").rglob("*.ttl"),
        *(path for path in ontologies.rglob("*") if path.relative_to(ontologies).parts[0] not in _CONCEPTS),
    ]
    return _fingerprint(path for path in files if path.suffix != ".md" and path.is_file())


def _concepts() -> str:
    """Return a hash of the concept files and of the mappings."""
    folder = resources.folder("ontologies")
    return _fingerprint(path for name in _CONCEPTS for path in (folder / name).rglob("*") if path.is_file())


def _fingerprint(paths: Iterable[Path]) -> str:
    """Return a hash of names and contents, whatever the folder that they lie in."""
    digest = blake2b(digest_size=_DIGEST_BYTES)
    for path in sorted(set(paths), key=lambda it: (it.name, it.as_posix())):
        digest.update(b"\0" + path.name.encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()
