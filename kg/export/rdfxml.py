"""RDF/XML (https://www.w3.org/TR/rdf-syntax-grammar/), for tools that read nothing else.

pyoxigraph's own writer lets carriage returns change and control characters through, which no XML parser accepts.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from xml.sax.saxutils import escape, quoteattr

from kg.errors import ExportError
from kg.export.sources import subjects
from kg.identifiers import PREFIXES
from kg.nquads import Triple

_NAME = re.compile(r"<(.+?)([A-Za-z_][A-Za-z0-9_.-]*)>")  # what XML can have as an element's name, at the end
_ESCAPED = re.compile(r'\\(?:u([0-9A-F]{4})|U([0-9A-F]{8})|([tbnrf"\'\\]))')
_CHARACTERS = {"t": "\t", "b": "\b", "n": "\n", "r": "\r", "f": "\f", '"': '"', "'": "'", "\\": "\\"}
_NOT_XML = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_UNPARSED = {"\r": "&#13;"}  # which parsers would turn into a line feed


def rdf_xml(lines: Iterable[bytes], prefixes: Mapping[str, str]) -> Iterator[str]:
    """Yield an RDF/XML document for sorted lines of N-Triples.

    Raises:
        ExportError: A predicate or a character cannot be written in XML.
    """
    known = {"rdf": PREFIXES["rdf"], **prefixes}
    declared = "".join(f"\n    xmlns:{prefix}={quoteattr(iri)}" for prefix, iri in sorted(known.items()))
    yield f'<?xml version="1.0" encoding="UTF-8"?>\n<rdf:RDF{declared}>\n'
    by_namespace = {iri: prefix for prefix, iri in known.items()}
    for subject, triples in subjects(lines):
        yield f"  <rdf:Description {_reference(subject, 'rdf:about')}>\n"
        for triple in triples:
            yield f"    {_element(triple, by_namespace)}\n"
        yield "  </rdf:Description>\n"
    yield "</rdf:RDF>\n"


def _reference(term: str, attribute: str) -> str:
    if term.startswith("_:"):
        return f"rdf:nodeID={quoteattr(term[2:])}"
    return f"{attribute}={quoteattr(term[1:-1])}"


def _element(triple: Triple, by_namespace: Mapping[str, str]) -> str:
    _, predicate, value = triple
    match = _NAME.fullmatch(predicate)
    if match is None:
        raise ExportError(f"RDF/XML cannot carry the predicate {predicate}; write Turtle or N-Triples instead.")
    namespace, local = match.groups()
    prefix = by_namespace.get(namespace)
    name = f"{prefix or 'ns'}:{local}"
    start = name if prefix else f"{name} xmlns:ns={quoteattr(namespace)}"
    if not value.startswith('"'):
        return f"<{start} {_reference(value, 'rdf:resource')}/>"
    text, _, suffix = value.rpartition('"')
    content = _unescape(text[1:])
    if bad := _NOT_XML.search(content):
        raise ExportError(
            f"RDF/XML cannot carry U+{ord(bad.group()):04X} in {predicate} of {triple[0]}; write Turtle instead."
        )
    kind = ""
    if suffix:
        kind = f' xml:lang="{suffix[1:]}"' if suffix.startswith("@") else f" rdf:datatype={quoteattr(suffix[3:-1])}"
    return f"<{start}{kind}>{escape(content, _UNPARSED)}</{name}>"


def _unescape(text: str) -> str:
    """Resolve the escapes of N-Triples (its grammar's UCHAR and ECHAR)."""
    return _ESCAPED.sub(lambda m: _CHARACTERS[m[3]] if m[3] else chr(int(m[1] or m[2], 16)), text)
