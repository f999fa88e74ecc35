"""MeSH in NLM's RDF, as N-Triples (https://hhs.github.io/meshrdf/), a line at a time.

A descriptor's labels hang on its concepts' terms, each a subject of its own, in no promised order: what is needed is
gathered first, then put together.
"""

import re
from collections import defaultdict
from collections.abc import Iterator
from typing import Final

import pyoxigraph as ox

from kg.errors import ReadError, SourceError
from kg.identifiers import MESH
from kg.models import ConceptType
from kg.vocabulary.opening import Opened
from kg.vocabulary.records import VocabularyConcept, unique

_TRIPLE: Final = re.compile(r"<([^<>\s]+)>\s+<([^<>\s]+)>\s+(.+?)\s*\.\s*(?:#.*)?")
_LITERAL: Final = re.compile(r'"([^"\\]*)"(?:@[A-Za-z\-]+|\^\^<[^<>]*>)?')
_VOCABULARY: Final = f"{MESH}vocab#"
_NAMES: Final = frozenset({
    "preferredConcept", "concept", "preferredTerm", "term", "prefLabel", "altLabel", "treeNumber",
    "preferredMappedTo", "mappedTo", "pharmacologicalAction", "active",
})  # fmt: skip
_WANTED: Final = {
    **{_VOCABULARY + name: name for name in _NAMES},
    "http://www.w3.org/2000/01/rdf-schema#label": "label",
    "http://www.w3.org/1999/02/22-rdf-syntax-ns#type": "type",
}
_TYPES: Final = {
    "SCR_Chemical": ConceptType.DRUG,
    "SCR_Protocol": ConceptType.DRUG_COMBINATION,
    "SCR_Disease": ConceptType.DISEASE,
}
_DESCRIPTORS: Final = frozenset({"TopicalDescriptor", "CheckTag", "PublicationType", "GeographicalDescriptor"})

_Values = dict[str, list[str]]


def read_mesh_rdf(source: Opened) -> Iterator[VocabularyConcept]:
    """Yield the descriptors and supplementary records of a file, by IRI.

    Raises:
        ReadError: A line is no triple: the file is cut or something else.
        SourceError: It describes no descriptor and no supplementary record.
    """
    found: dict[str, _Values] = defaultdict(lambda: defaultdict(list))
    for number, line in source.lines():
        if not line or line.startswith("#"):
            continue
        triple = _TRIPLE.fullmatch(line)
        if triple is None:
            raise ReadError(source.name, f"line {number}", "", "not an N-Triples line; the file is cut or broken")
        subject, predicate, value = triple.groups()
        name = _WANTED.get(predicate)
        if name is not None and subject.startswith(MESH):
            found[subject][name].append(_value(source.name, number, line, value))
    count = 0
    for iri in sorted(found):
        concept = _concept(iri, found)
        if concept is not None:
            count += 1
            yield concept
    if not count:
        raise SourceError(source.name, "it describes no MeSH descriptor or supplementary record; fetch mesh.nt")


def _value(name: str, number: int, line: str, value: str) -> str:
    """Return an IRI or the lexical value of a literal."""
    if value.startswith("<"):
        return value[1:-1]
    plain = _LITERAL.fullmatch(value)
    if plain is not None:
        return plain.group(1)
    try:
        quad = next(iter(ox.parse(input=line, format=ox.RdfFormat.N_TRIPLES)))
    except (SyntaxError, StopIteration) as err:
        raise ReadError(name, f"line {number}", "", f"not an N-Triples line: {err}") from err
    return quad.object.value if isinstance(quad.object, ox.Literal) else ""


def _concept(iri: str, found: dict[str, _Values]) -> VocabularyConcept | None:
    values = found[iri]
    kinds = {name.removeprefix(_VOCABULARY) for name in values.get("type", ())}
    concept_type = next((_TYPES[name] for name in sorted(kinds) if name in _TYPES), None)
    if (concept_type is None and not kinds & _DESCRIPTORS) or "label" not in values:
        return None
    pref_label = " ".join(values["label"][0].split())
    terms = [found[term] for term in dict.fromkeys(_term_iris(values, found)) if term in found]
    alt_labels = unique((label for term in terms for label in term.get("prefLabel", ())), [pref_label])
    return VocabularyConcept(
        iri=iri,
        pref_label=pref_label,
        alt_labels=alt_labels,
        hidden_labels=unique(
            (label for term in terms for label in term.get("altLabel", ())), [pref_label, *alt_labels]
        ),
        concept_type=concept_type,
        tree_numbers=tuple(sorted(number.removeprefix(MESH) for number in values.get("treeNumber", ()))),
        classed_by_iris=tuple(sorted({*values.get("preferredMappedTo", ()), *values.get("mappedTo", ())})),
        acts_as_drug="pharmacologicalAction" in values,
    )


def _term_iris(values: _Values, found: dict[str, _Values]) -> Iterator[str]:
    """Yield the terms of a record: its own, then those of its concepts."""
    yield from (*values.get("preferredTerm", ()), *values.get("term", ()))
    for concept in (*values.get("preferredConcept", ()), *values.get("concept", ())):
        held = found.get(concept, {})
        yield from (*held.get("preferredTerm", ()), *held.get("term", ()))
