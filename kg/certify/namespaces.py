"""Which namespace an IRI stands in, and whether the rest of it is an identifier of that namespace."""

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import NamedTuple

from kg import resources

TABLE = "prefixes.tsv"
# A namespace that would take in all of the web, or all URNs, declares nothing.
_NAMES_SOMEBODY = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:(?://[^/?#]+[/?#].*|[^/]+:.*)", re.DOTALL)


class Namespace(NamedTuple):
    """A prefix and what it stands for. ``pattern`` is what all identifiers in it look like; empty: not known."""

    prefix: str
    iri: str
    pattern: str = ""


def registered() -> tuple[Namespace, ...]:
    """Return the bundled table: prefixes and patterns of the Bioregistry, and our own."""
    lines = (resources.folder("ontologies") / TABLE).read_text("utf-8").splitlines()[1:]
    return tuple(Namespace(*line.split("\t")[:3]) for line in lines)


class Namespaces:
    """The registered namespaces, and others that a file or its user declares."""

    def __init__(self, declared: Mapping[str, str]) -> None:
        self._by_iri = {it.iri: it for it in registered()}
        for prefix, iri in sorted(declared.items()):
            if _NAMES_SOMEBODY.fullmatch(iri):
                self._by_iri.setdefault(iri, Namespace(prefix, iri))
        longest_first = sorted(self._by_iri, key=lambda iri: (-len(iri), iri))
        self._pattern = re.compile("|".join(map(re.escape, longest_first)))
        self.find = lru_cache(maxsize=1 << 16)(self._find)

    def _find(self, iri: str) -> Namespace | None:
        """Return the longest namespace that ``iri`` begins with, or None."""
        match = self._pattern.match(iri)
        return None if match is None else self._by_iri[match.group()]


@lru_cache(maxsize=1 << 16)
def is_identifier(iri: str, namespace: Namespace) -> bool:
    """Tell whether what follows the namespace has the form that its registry gives; True where none is known."""
    local = iri[len(namespace.iri) :]
    return not namespace.pattern or re.fullmatch(namespace.pattern, local) is not None
