"""Reads a file with two parsers and looks at every term; memory grows by no more than 16 bytes a statement."""

import unicodedata
from collections import Counter
from collections.abc import Mapping
from hashlib import file_digest, sha256
from pathlib import Path
from typing import Final

import pyoxigraph as ox
import rdflib

from kg.certify.certificate import Certificate, Check, FaultLog, Figures
from kg.certify.iri import is_iri
from kg.certify.literals import is_language_tag, is_lexical_form, is_portable
from kg.certify.namespaces import Namespace, Namespaces, is_identifier
from kg.certify.parsers import OxigraphReader, StatementSet, compare, ox_term, read_with_rdflib
from kg.errors import SourceError
from kg.identifiers import PREFIXES
from kg.rdf_file import RdfFile
from kg.terms import RDF

# What these point to are pages of the web: they are addresses, not identifiers, and stand under any prefix or none.
_LINKS: Final = frozenset(
    PREFIXES[prefix] + name
    for prefix, names in {
        "rdfs": "seeAlso isDefinedBy",
        "schema": "url",
        "dcterms": "source license rights conformsTo",
        "dcat": "landingPage accessURL downloadURL endpointURL",
        "sssom": "mapping_provider",
    }.items()
    for name in names.split()
) | {"http://xmlns.com/foaf/0.1/homepage", "http://xmlns.com/foaf/0.1/page"}
_WITH_PREFIXES: Final = frozenset([ox.RdfFormat.TURTLE, ox.RdfFormat.TRIG])
_SHOWN_LENGTH: Final = 160


def certify(path: Path, prefixes: Mapping[str, str] | None = None) -> Certificate:
    """Examine a file of RDF, in any syntax, plain or gzipped.

    Args:
        path: The file.
        prefixes: Namespaces that the user vouches for, beside those of the file and the registered ones.

    Raises:
        SourceError: The file cannot be read, is not valid RDF, holds nothing, or would endanger the process.
    """
    file = RdfFile(path)
    reader = OxigraphReader(file)
    if file.rdf_format in _WITH_PREFIXES:  # they may be declared anywhere, and have to be known before
        for _ in reader:
            pass
    examination = _Examination(Namespaces({**reader.prefixes, **(prefixes or {})}))
    for quad in reader:
        examination.look_at(quad)
    if not examination.order.quads:
        raise SourceError(str(path), "holds no statement, so there is nothing to certify; name the file that was meant")
    log = examination.log
    examination.order.report(log)
    if file.rdf_format in _WITH_PREFIXES:
        _note_undeclared(examination, set(reader.prefixes.values()))
    _compare_with_rdflib(file, examination)
    with path.open("rb") as stream:
        digest = file_digest(stream, "sha256").hexdigest()
    return Certificate(
        file=path.name,
        format=file.rdf_format.name,
        bytes=path.stat().st_size,
        sha256=digest,
        graph_digest=examination.graph_digest(),
        parsers={"pyoxigraph": ox.__version__, "rdflib": rdflib.__version__},
        checked=tuple(it for it in Check if it is not Check.ABBREVIATION or file.rdf_format in _WITH_PREFIXES),
        faults=log.faults(),
        figures=examination.figures(),
    )


def _note_undeclared(examination: "_Examination", declared: set[str]) -> None:
    for namespace, count in sorted(examination.namespaces.items()):
        iri = namespace.iri
        if not any(iri.startswith(one) for one in declared):
            examination.log.add(Check.ABBREVIATION, f"{namespace.prefix}: <{iri}> is used {count:,} times")


def _compare_with_rdflib(file: RdfFile, examination: "_Examination") -> None:
    try:
        other = read_with_rdflib(file)
    except SourceError as err:
        examination.log.add(Check.PARSERS, _shortened(err.reason))
        return
    found = compare(examination.statements, other)
    if not found.same:
        examination.log.add(Check.PARSERS, found.reason)


class _Order:
    """Whether statements come sorted by graph and subject, compared as in sorted N-Quads."""

    def __init__(self) -> None:
        self.quads = self.subjects = 0
        self._graphs: set[str] = set()
        self._last = ("", "")
        self._first_fault: str | None = None
        self._faults = 0

    def see(self, graph: str, subject: str) -> None:
        self.quads += 1
        here = (graph, subject)
        if here == self._last:
            return
        self.subjects += 1
        self._graphs.add(graph)
        if here < self._last:
            self._faults += 1
            self._first_fault = self._first_fault or f"{subject} comes after {self._last[1]}"
        self._last = here

    @property
    def graphs(self) -> int:
        return len(self._graphs)

    def report(self, log: FaultLog) -> None:
        for _ in range(self._faults):
            log.add(Check.ORDER, self._first_fault or "")


class _Examination:
    """Looks at statements one after another, and counts."""

    def __init__(self, namespaces: Namespaces) -> None:
        self._find_namespace = namespaces.find
        self.log = FaultLog()
        self.statements = StatementSet()
        self.order = _Order()
        self.namespaces: Counter[Namespace] = Counter()
        self._predicates: Counter[str] = Counter()
        self._classes: Counter[str] = Counter()
        self._datatypes: Counter[str] = Counter()
        self._languages: Counter[str] = Counter()

    def look_at(self, quad: ox.Quad) -> None:
        """Check each term of a statement, once for each place that it stands in."""
        subject, predicate, value, graph = (ox_term(term) for term in quad)
        self.order.see(graph, subject)
        if isinstance(quad.object, ox.Triple):
            self.log.add(Check.TRIPLE_TERMS, _shortened(value))
            return
        self.statements.add((subject, predicate, value, graph))
        self._look_at_node(quad.subject, subject)
        self._look_at_iri(predicate[1:-1])
        self._predicates[predicate[1:-1]] += 1
        if isinstance(quad.object, ox.Literal):
            self._look_at_literal(quad.object, subject, predicate)
        else:
            self._look_at_node(quad.object, value, is_link=predicate[1:-1] in _LINKS)
            if predicate == RDF.type:
                self._classes[value.strip("<>")] += 1
        if graph:
            self._look_at_node(quad.graph_name, graph)

    def _look_at_node(self, node: object, term: str, *, is_link: bool = False) -> None:
        if isinstance(node, ox.BlankNode):
            self.log.add(Check.BLANK_NODES, term)
        else:
            self._look_at_iri(term[1:-1], is_link=is_link)

    def _look_at_iri(self, iri: str, *, is_link: bool = False) -> None:
        if not is_iri(iri):
            self.log.add(Check.IRIS, _shortened(f"<{iri}>"))
        if is_link:
            return
        namespace = self._find_namespace(iri)
        if namespace is None:
            self.log.add(Check.PREFIXES, _shortened(f"<{iri}>"))
            return
        self.namespaces[namespace] += 1
        if not is_identifier(iri, namespace):
            self.log.add(Check.IDENTIFIERS, f"<{_shortened(iri)}> is not {namespace.prefix}'s {namespace.pattern}")

    def _look_at_literal(self, literal: ox.Literal, subject: str, predicate: str) -> None:
        text, tag, datatype = literal.value, literal.language, literal.datatype.value
        self._datatypes[datatype] += 1
        where = f"{subject} {predicate} {_shortened(ox_term(literal))}"
        if tag:
            self._languages[tag] += 1
            if not is_language_tag(tag):
                self.log.add(Check.LANGUAGE_TAGS, where)
        elif not is_lexical_form(text, datatype):
            self.log.add(Check.LITERALS, where)
        if not text.isascii() or not text.isprintable():
            if not is_portable(text):
                self.log.add(Check.CHARACTERS, where)
            if not unicodedata.is_normalized("NFC", text):
                self.log.add(Check.NORMALIZATION, where)

    def graph_digest(self) -> str | None:
        """Return the SHA-256 of the sorted digests of all statements; None if a statement has a blank node."""
        return None if self.statements.has_blanks else sha256(self.statements.sorted_digests().tobytes()).hexdigest()

    def figures(self) -> Figures:
        """Return the counts, each list by name."""
        namespaces = {it.prefix: count for it, count in sorted(self.namespaces.items())}
        return Figures(
            statements=len(self.statements),
            graphs=self.order.graphs,
            subjects=self.order.subjects,
            predicates=dict(sorted(self._predicates.items())),
            classes=dict(sorted(self._classes.items())),
            datatypes=dict(sorted(self._datatypes.items())),
            languages=dict(sorted(self._languages.items())),
            namespaces=namespaces,
        )


def _shortened(text: str) -> str:
    return text if len(text) <= _SHOWN_LENGTH else f"{text[:_SHOWN_LENGTH]}…"
