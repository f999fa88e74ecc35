"""The OWL ontology: the vocabulary, its axioms, the defined classes and what follows for them, as triples.

OWL writes class expressions and lists as blank nodes. A graph of ours has none, so each gets an IRI made from its
content (skolemisation, RDF 1.1 Concepts, section 3.5): equal expressions are one node, and every build has the same.
"""

from collections import defaultdict
from pathlib import Path
from typing import Final

import pyoxigraph as ox

from kg import resources
from kg.errors import TerminologyError
from kg.identifiers import Minter, content_hash
from kg.nquads import Triple, resource

EXPRESSION: Final = "expression/"  # what a blank node's IRI has after the site's base
_Described = dict[ox.BlankNode, list[tuple[str, ox.NamedNode | ox.BlankNode | ox.Literal]]]


def owl_triples(minter: Minter | None = None, folder: Path | None = None) -> list[Triple]:
    """Read the ontology, sorted; terms have the same IRIs for every site, the concepts that they name the site's.

    Raises:
        TerminologyError: A file does not parse, or its blank nodes form a circle.
    """
    root = folder or resources.folder("ontologies")
    minter = minter or Minter()
    return sorted({triple for name in resources.OWL_FILES for triple in _read(root / name, minter)})


def _read(path: Path, minter: Minter) -> set[Triple]:
    try:
        quads = list(ox.parse(path=str(path), format=ox.RdfFormat.TURTLE))
    except (SyntaxError, OSError) as err:
        raise TerminologyError(f"{path.name}: {err}") from err
    described: _Described = defaultdict(list)
    for quad in quads:
        if isinstance(quad.subject, ox.BlankNode) and not isinstance(quad.object, ox.Triple):
            described[quad.subject].append((str(quad.predicate), quad.object))
    names: dict[ox.BlankNode, str] = {}
    for node in described:
        _name(node, described, names, minter, path)

    def term(value: object) -> str:
        if isinstance(value, ox.BlankNode):
            return names[value]
        return resource(minter.localise(value.value)) if isinstance(value, ox.NamedNode) else str(value)

    return {(term(quad.subject), str(quad.predicate), term(quad.object)) for quad in quads}


def _name(node: ox.BlankNode, described: _Described, names: dict[ox.BlankNode, str], minter: Minter, path: Path) -> str:
    """Return the IRI of a blank node, from its content and that of the blank nodes below it."""
    if node in names:
        if not names[node]:
            raise TerminologyError(f"{path.name}: blank nodes form a circle")
        return names[node]
    names[node] = ""  # being named
    content = [
        f"{predicate} {_name(value, described, names, minter, path) if isinstance(value, ox.BlankNode) else value}"
        for predicate, value in described[node]
    ]
    names[node] = resource(f"{minter.base}{EXPRESSION}{content_hash(*sorted(content))}")
    return names[node]
