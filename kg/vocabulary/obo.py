"""OBO 1.2 and 1.4 (https://owlcollab.github.io/oboformat/doc/obo-syntax.html), a stanza at a time."""

import re
from collections.abc import Iterator
from typing import Final

from kg.errors import ReadError, SourceError
from kg.identifiers import OBO
from kg.models import ConceptType
from kg.vocabulary.names import NCIT, canonical_iri
from kg.vocabulary.opening import Opened
from kg.vocabulary.records import VocabularyConcept, unique

_TAG: Final = re.compile(r"([\w\-]+):\s*(.*)")
_SYNONYM: Final = re.compile(r'"((?:[^"\\]|\\.)*)"\s*(EXACT|BROAD|NARROW|RELATED)?')
_ESCAPE: Final = re.compile(r"\\(.)")
# Whose terms are of one class. NCIt says it term by term, with UMLS's semantic types (property P106).
_CLASSES: Final = {
    **dict.fromkeys((f"{OBO}DOID_", f"{OBO}MONDO_", f"{OBO}HP_"), ConceptType.DISEASE),
    f"{OBO}CHEBI_": ConceptType.DRUG,
    f"{OBO}PR_": ConceptType.MARKER,
}
_SEMANTIC_TYPES: Final = {
    **dict.fromkeys(
        ("Neoplastic Process", "Disease or Syndrome", "Sign or Symptom", "Mental or Behavioral Dysfunction",
         "Congenital Abnormality", "Injury or Poisoning", "Pathologic Function", "Anatomical Abnormality"),
        ConceptType.DISEASE,
    ),
    **dict.fromkeys(
        ("Pharmacologic Substance", "Antibiotic", "Organic Chemical", "Clinical Drug", "Immunologic Factor", "Hormone",
         "Vitamin"),
        ConceptType.DRUG,
    ),
    **dict.fromkeys(
        ("Gene or Genome", "Amino Acid, Peptide, or Protein", "Enzyme", "Receptor"), ConceptType.MARKER
    ),
    **dict.fromkeys(
        ("Therapeutic or Preventive Procedure", "Diagnostic Procedure", "Laboratory Procedure",
         "Molecular Biology Research Technique"),
        ConceptType.PROCEDURE,
    ),
}  # fmt: skip

_Stanza = dict[str, list[str]]


def read_obo(source: Opened) -> Iterator[VocabularyConcept]:
    """Yield the terms that are not obsolete.

    Raises:
        ReadError: A line is no tag and value, or a term has no identifier or name: the file was cut.
        SourceError: There are no terms in it.
    """
    count = 0
    for number, stanza in _stanzas(source):
        count += 1
        concept = _concept(source.name, number, stanza)
        if concept is not None:
            yield concept
    if not count:
        raise SourceError(source.name, "there are no [Term] stanzas in it; fetch it again")


def _stanzas(source: Opened) -> Iterator[tuple[int, _Stanza]]:
    """Yield the tags of each [Term], with the number of its first line."""
    stanza: _Stanza | None = None
    start = 0
    for number, line in source.lines():
        if line.startswith("["):
            if stanza is not None:
                yield start, stanza
            stanza, start = ({} if line.strip() == "[Term]" else None), number
        elif stanza is not None and line.strip() and not line.startswith("!"):
            tag = _TAG.match(line)
            if tag is None:
                raise ReadError(source.name, f"line {number}", "", "not a tag and its value; the file was cut")
            stanza.setdefault(tag.group(1), []).append(tag.group(2))
    if stanza is not None:
        yield start, stanza


def _concept(name: str, number: int, stanza: _Stanza) -> VocabularyConcept | None:
    if stanza.get("is_obsolete", [""])[0].startswith("true"):
        return None
    curie, label = _first(stanza, "id"), _first(stanza, "name")
    if not curie or not label:
        raise ReadError(name, f"line {number}", curie, "the term has no id or no name; the file was cut")
    iri = canonical_iri(curie)
    if iri is None:
        iri = OBO + curie.replace(":", "_", 1)
    pref_label = " ".join(_plain(label).split())
    exact, other = _synonyms(stanza)
    alt_labels = unique(exact, [pref_label])
    return VocabularyConcept(
        iri=iri,
        pref_label=pref_label,
        alt_labels=alt_labels,
        hidden_labels=unique(other, [pref_label, *alt_labels]),
        concept_type=_type(iri, stanza),
        broader_iris=_iris(_word(value) for value in stanza.get("is_a", ())),
        exact_match_iris=_iris(_matches(stanza)),
        xref_iris=_iris(_word(value) for value in stanza.get("xref", ())),
    )


def _first(stanza: _Stanza, tag: str) -> str:
    return stanza.get(tag, [""])[0].strip()


def _word(value: str) -> str:
    """Return the first word: what follows is a description, qualifiers or a comment."""
    return (value.split() or [""])[0]


def _plain(text: str) -> str:
    return _ESCAPE.sub(r"\1", re.sub(r"\s+!\s.*$", "", text))


def _synonyms(stanza: _Stanza) -> tuple[list[str], list[str]]:
    """Return the exact synonyms, and the related and narrower ones; broader ones name something else."""
    exact: list[str] = []
    other: list[str] = []
    for value in stanza.get("synonym", ()):
        found = _SYNONYM.match(value)
        if found and found.group(2) != "BROAD":
            (exact if found.group(2) == "EXACT" else other).append(_plain(found.group(1)))
    exact += [_plain(found.group(1)) for value in stanza.get("exact_synonym", ()) if (found := _SYNONYM.match(value))]
    return exact, other


def _matches(stanza: _Stanza) -> Iterator[str]:
    for value in stanza.get("property_value", ()):
        parts = value.split()
        if len(parts) > 1 and parts[0] in {"skos:exactMatch", "http://www.w3.org/2004/02/skos/core#exactMatch"}:
            yield parts[1].strip('"')
    yield from (_word(value) for value in stanza.get("equivalent_to", ()))


def _iris(names: Iterator[str]) -> tuple[str, ...]:
    return tuple(sorted({iri for name in names if (iri := canonical_iri(name)) is not None}))


def _type(iri: str, stanza: _Stanza) -> ConceptType | None:
    if iri.startswith(NCIT):
        said = (value.partition('"')[2].partition('"')[0] for value in stanza.get("property_value", ()))
        return next((_SEMANTIC_TYPES[name] for name in said if name in _SEMANTIC_TYPES), None)
    return next((kind for space, kind in _CLASSES.items() if iri.startswith(space)), None)
