"""What the readers of vocabularies give: one record a concept, one a mapping. Plain Python."""

from collections.abc import Iterable
from enum import StrEnum

from kg.models import ConceptType, Record


class SourceFormat(StrEnum):
    """The formats that are read; told by content, never by a file's name."""

    MESH_XML = "MeSH XML"
    MESH_RDF = "MeSH RDF"
    MESH_TABLE = "MeSH table"
    HGNC = "HGNC table"
    OBO = "OBO"
    SKOS = "SKOS"
    SSSOM = "SSSOM"
    BRANDS = "brand names"


class VocabularyConcept(Record, frozen=True, kw_only=True, tag=True, omit_defaults=True):
    """One concept as its vocabulary describes it. Labels are in the source's order, without repetitions."""

    iri: str
    pref_label: str
    alt_labels: tuple[str, ...] = ()
    hidden_labels: tuple[str, ...] = ()  # permuted terms, withdrawn symbols, narrower or related synonyms
    concept_type: ConceptType | None = None  # None where the source does not say it; see ``tree_numbers``
    tree_numbers: tuple[str, ...] = ()  # MeSH
    classed_by_iris: tuple[str, ...] = ()  # MeSH supplementary records: the descriptors they are mapped to
    acts_as_drug: bool = False  # MeSH: has a pharmacological action
    broader_iris: tuple[str, ...] = ()
    exact_match_iris: tuple[str, ...] = ()
    xref_iris: tuple[str, ...] = ()  # OBO: weaker than a match; counts only where a label is shared
    gene_iri: str | None = None


class Mapping(Record, frozen=True, kw_only=True, tag=True, omit_defaults=True):
    """Two IRIs that are one concept, or, where ``negative``, that are said not to be."""

    subject_iri: str
    object_iri: str
    negative: bool = False


class BrandName(Record, frozen=True, kw_only=True, tag=True):
    """A name under which a drug is sold, and the drug's own name, which another vocabulary has to know."""

    label: str
    ingredient: str


VocabularyRecord = VocabularyConcept | Mapping | BrandName


class Header(Record, frozen=True, kw_only=True):
    """What a source says of itself."""

    source_format: SourceFormat
    dated: str | None = None  # its date or version, as it names it


def unique(labels: Iterable[str | None], without: Iterable[str] = ()) -> tuple[str, ...]:
    """Return the labels that are not empty, once each, in their order, with white space made single.

    >>> unique(["a  b", "", "a b", "c"], without=["c"])
    ('a b',)
    """
    seen = dict.fromkeys(without)
    found = []
    for label in labels:
        clean = " ".join((label or "").split())
        if clean and clean not in seen:
            seen[clean] = None
            found.append(clean)
    return tuple(found)
