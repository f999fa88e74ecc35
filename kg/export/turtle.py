"""Turtle and TriG for people: one block a subject, sorted, the same bytes for the same graph.

pyoxigraph's own writer keeps the order that it is given and breaks blocks where graphs meet; hence this one. The
grammar is https://www.w3.org/TR/turtle/#sec-grammar; names are abbreviated only where no character needs an escape.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from itertools import groupby

from kg.export.sources import Graph, subjects
from kg.nquads import Triple
from kg.terms import DCTERMS, KG, RDF, RDFS, SKOS, XSD

# What a reader wants to see first, then our own terms in the order of the vocabulary, then the rest by IRI.
_FIRST = (RDF.type, DCTERMS.identifier, RDFS.label, SKOS.prefLabel, SKOS.altLabel, SKOS.notation)
_ORDER = {term: place for place, term in enumerate((*_FIRST, *(KG[name] for name in KG.names)))}
_LOCAL = r"[A-Za-z0-9_](?:[A-Za-z0-9_.-]*[A-Za-z0-9_-])?"
_BARE = {
    f"^^{XSD.integer}": re.compile(r"[+-]?[0-9]+"),
    f"^^{XSD.decimal}": re.compile(r"[+-]?[0-9]*\.[0-9]+"),
    f"^^{XSD.boolean}": re.compile(r"true|false"),
}


class TurtleTerms:
    """Writes terms, given in their N-Triples form, as Turtle does."""

    def __init__(self, prefixes: Mapping[str, str]) -> None:
        self.prefixes = dict(sorted(prefixes.items()))
        self._by_namespace = {namespace: prefix for prefix, namespace in self.prefixes.items()}
        namespaces = sorted(map(re.escape, self._by_namespace), key=lambda it: (-len(it), it))
        self._pattern = re.compile(f"<({'|'.join(namespaces)})({_LOCAL})>")
        self.iri = lru_cache(maxsize=100_000)(self._iri)

    def header(self) -> str:
        """Return the prefix declarations and an empty line."""
        return "".join(f"@prefix {prefix}: <{namespace}> .\n" for prefix, namespace in self.prefixes.items()) + "\n"

    def _iri(self, term: str) -> str:
        match = self._pattern.fullmatch(term)
        return f"{self._by_namespace[match[1]]}:{match[2]}" if match else term

    def term(self, term: str) -> str:
        """Return any term."""
        if not term.startswith('"'):
            return self.iri(term)
        text, quote, suffix = term.rpartition('"')
        bare = _BARE.get(suffix)
        if bare and bare.fullmatch(text, 1):
            return text[1:]
        return f"{text}{quote}^^{self.iri(suffix[2:])}" if suffix.startswith("^^") else term


def turtle(lines: Iterable[bytes], terms: TurtleTerms) -> Iterator[str]:
    """Yield a Turtle document for sorted lines of N-Triples."""
    yield terms.header()
    for subject, triples in subjects(lines):
        yield _block(subject, triples, terms, "") + "\n"


def trig(graphs: Iterable[Graph], terms: TurtleTerms) -> Iterator[str]:
    """Yield a TriG document: a block a graph, in the order that they come in."""
    yield terms.header()
    for graph in graphs:
        indent = "" if graph.iri is None else "    "
        if graph.iri is not None:
            yield f"{terms.iri(f'<{graph.iri}>')} {{\n"
        for subject, triples in subjects(graph.lines):
            yield _block(subject, triples, terms, indent)
        yield "\n" if graph.iri is None else "}\n\n"


def _block(subject: str, triples: list[Triple], terms: TurtleTerms, indent: str) -> str:
    """Write what is said of a subject; each value has a line of its own, so that texts can be compared line by line."""
    by_predicate = [
        (predicate, [terms.term(value) for _, _, value in same])
        for predicate, same in groupby(triples, key=lambda triple: triple[1])
    ]
    by_predicate.sort(key=lambda pair: (_ORDER.get(pair[0], len(_ORDER)), pair[0]))
    parts = []
    for predicate, values in by_predicate:
        if predicate == RDF.type:
            parts.append(f"a {', '.join(values)}")
        else:
            parts.append(f"{terms.iri(predicate)} " + f",\n{indent}        ".join(values))
    return f"{indent}{terms.iri(subject)} " + f" ;\n{indent}    ".join(parts) + " .\n"
