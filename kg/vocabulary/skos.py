"""SKOS in Turtle, N-Triples or RDF/XML (https://www.w3.org/TR/skos-reference/)."""

import re
from collections import defaultdict
from collections.abc import Iterator
from typing import Final

import pyoxigraph as ox

from kg.errors import ReadError, SourceError
from kg.models import ConceptType
from kg.terms import KG, RDF, SKOS
from kg.vocabulary.names import canonical_iri
from kg.vocabulary.opening import Opened
from kg.vocabulary.records import VocabularyConcept, unique

_LABELS: Final = tuple(SKOS.iri(name) for name in ("prefLabel", "altLabel", "hiddenLabel"))
_LINKS: Final = (SKOS.iri("broader"), SKOS.iri("exactMatch"), KG.iri("gene"), RDF.iri("type"))
_CLASSES: Final = {KG.iri(kind.value): kind for kind in ConceptType}
_LOOK: Final = 512
_DECLARATION: Final = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)

_Values = dict[str, list[str]]


def read_skos(source: Opened) -> Iterator[VocabularyConcept]:
    """Yield the concepts with their English labels, by IRI.

    Raises:
        ReadError: The file is no RDF, or is cut.
        SourceError: It has a document type declaration, or no concept with an English label.
    """
    xml = source.file.peek(_LOOK).lstrip(b"\xef\xbb\xbf \t\r\n").startswith((b"<?xml", b"<rdf:RDF", b"<RDF", b"<!"))
    content = source.file.read() if xml else source.file
    if isinstance(content, bytes) and _DECLARATION.search(content):
        raise SourceError(source.name, "the XML has a document type declaration; none is read, for safety")
    found: dict[str, _Values] = defaultdict(lambda: defaultdict(list))
    form = ox.RdfFormat.RDF_XML if xml else ox.RdfFormat.TURTLE
    try:
        for quad in ox.parse(input=content, format=form):
            _keep(quad, found)
    except (SyntaxError, ValueError) as err:
        raise ReadError(source.name, "", "", f"no RDF, or cut: {err}") from err
    concepts = [concept for iri in sorted(found) if (concept := _concept(iri, found[iri])) is not None]
    if not concepts:
        raise SourceError(source.name, "there is no concept with a skos:prefLabel in English in it")
    yield from concepts


def _keep(quad: ox.Quad, found: dict[str, _Values]) -> None:
    predicate = quad.predicate.value
    if not isinstance(quad.subject, ox.NamedNode):
        return
    values = found[quad.subject.value]
    if isinstance(quad.object, ox.Literal):
        language = quad.object.language
        if predicate in _LABELS and (language or "en").partition("-")[0] == "en":
            values[predicate].append(quad.object.value)
    elif predicate in _LINKS and isinstance(quad.object, ox.NamedNode):
        values[predicate].append(quad.object.value)


def _concept(iri: str, values: _Values) -> VocabularyConcept | None:
    preferred, alternative, hidden = (sorted(values.get(name, ())) for name in _LABELS)
    if not preferred:
        return None
    pref_label = " ".join(preferred[0].split())
    alt_labels = unique((*preferred, *alternative), [pref_label])
    kinds = sorted(_CLASSES[name] for name in values.get(RDF.iri("type"), ()) if name in _CLASSES)
    return VocabularyConcept(
        iri=canonical_iri(iri) or iri,
        pref_label=pref_label,
        alt_labels=alt_labels,
        hidden_labels=unique(hidden, [pref_label, *alt_labels]),
        concept_type=kinds[0] if kinds else None,
        broader_iris=_iris(values.get(SKOS.iri("broader"), ())),
        exact_match_iris=_iris(values.get(SKOS.iri("exactMatch"), ())),
        gene_iri=next(iter(_iris(values.get(KG.iri("gene"), ()))), None),
    )


def _iris(names: "list[str] | tuple[()]") -> tuple[str, ...]:
    return tuple(sorted({canonical_iri(name) or name for name in names}))
