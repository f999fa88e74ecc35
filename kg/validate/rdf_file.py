"""A file in any RDF syntax to N-Triples; named graphs are merged."""

import re
from pathlib import Path
from typing import Final

import pyoxigraph as ox

from kg.errors import SourceError

_SUFFIXES: Final = {
    ".ttl": ox.RdfFormat.TURTLE,
    ".nt": ox.RdfFormat.N_TRIPLES,
    ".nq": ox.RdfFormat.N_QUADS,
    ".trig": ox.RdfFormat.TRIG,
    ".rdf": ox.RdfFormat.RDF_XML,
    ".owl": ox.RdfFormat.RDF_XML,
    ".xml": ox.RdfFormat.RDF_XML,
    ".jsonld": ox.RdfFormat.JSON_LD,
    ".json": ox.RdfFormat.JSON_LD,
}
_XML = re.compile(rb"\s*<(?:\?xml|!|[A-Za-z]+:RDF)")
_JSON = re.compile(rb'\s*(?:\{\s*["}]|\[\s*[{\]])')
_QUAD = re.compile(
    rb"""\s*(?:\#[^\n]*\n\s*)*                # comments
    (?:<[^>]*>|_:\S+)\s+<[^>]*>\s+         # subject, predicate
    (?:<[^>]*>|_:\S+|"[^\n]*)\s+           # object
    <[^>]*>\s*\.\s*(?:\n|$)                # graph""",
    re.VERBOSE,
)
_STRING = re.compile(rb'"(?:[^"\\]|\\.)*"')
_DEEPEST_JSON = 500  # the JSON-LD parser recurses: nested 5,000 deep it ends the process


def read_ntriples(path: Path) -> bytes:
    """Return the triples of all graphs in the file, blank nodes renamed so that files can be joined.

    Raises:
        SourceError: The file cannot be read, does not parse, or would endanger the process.
    """
    try:
        data = path.read_bytes()
    except OSError as err:
        raise SourceError(str(path), f"cannot be read: {err.strerror}") from err
    rdf_format = _SUFFIXES.get(path.suffix.lower()) or _format_of(data)
    if reason := _danger(data, rdf_format):
        raise SourceError(str(path), reason)
    try:
        quads = ox.parse(data, format=rdf_format, base_iri=path.resolve().as_uri(), rename_blank_nodes=True)
        return ox.serialize((quad.triple for quad in quads), format=ox.RdfFormat.N_TRIPLES) or b""
    except (SyntaxError, ValueError) as err:
        raise SourceError(str(path), f"is not valid {rdf_format.name}: {err}") from err


def _format_of(data: bytes) -> ox.RdfFormat:
    """Tell the syntax by the first bytes; Turtle and N-Triples are TriG as well."""
    if _XML.match(data):
        return ox.RdfFormat.RDF_XML
    if _JSON.match(data):
        return ox.RdfFormat.JSON_LD
    return ox.RdfFormat.N_QUADS if _QUAD.match(data) else ox.RdfFormat.TRIG


def _danger(data: bytes, rdf_format: ox.RdfFormat) -> str | None:
    """Return why the parser must not see this, or None."""
    # Without the zero bytes UTF-16 reads like ASCII.
    if rdf_format == ox.RdfFormat.RDF_XML and b"<!DOCTYPE" in data.replace(b"\0", b""):
        return "declares a document type, whose entities could grow without bound; remove the DOCTYPE"
    if rdf_format == ox.RdfFormat.JSON_LD and _depth(data) > _DEEPEST_JSON:
        return f"is nested more than {_DEEPEST_JSON} deep"
    return None


def _depth(data: bytes) -> int:
    depth = deepest = 0
    for char in re.findall(rb"[\[\]{}]", _STRING.sub(b"", data)):
        depth += 1 if char in b"[{" else -1
        deepest = max(deepest, depth)
    return deepest
