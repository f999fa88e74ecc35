"""MeSH in NLM's XML, descriptors and supplementary records, a record at a time.

Elements: https://www.nlm.nih.gov/mesh/xml_data_elements.html. NLM's files name a DTD, which is not fetched; entities of
a file's own are refused.
"""

import re
from collections.abc import Iterator
from typing import Any, Final

from lxml import etree

from kg.errors import ReadError, SourceError
from kg.identifiers import MESH
from kg.models import ConceptType
from kg.vocabulary.opening import Opened
from kg.vocabulary.records import VocabularyConcept, unique

_RECORDS: Final = ("DescriptorRecord", "SupplementalRecord")
_UI: Final = re.compile(r"[DC]\d+")
# SCRClass: 1 chemicals, 2 protocols of chemotherapy, 3 diseases; 4 organisms, 5 populations, 6 anatomy.
_SCR_TYPES: Final = {"1": ConceptType.DRUG, "2": ConceptType.DRUG_COMBINATION, "3": ConceptType.DISEASE}


def read_mesh_xml(source: Opened) -> Iterator[VocabularyConcept]:
    """Yield the concepts of a file.

    Raises:
        SourceError: The XML declares entities, or has no records.
        ReadError: The XML is cut or broken, or a record has no identifier or name.
    """
    number = 0
    try:
        for _, element in etree.iterparse(
            source.file, tag=_RECORDS, load_dtd=False, no_network=True, resolve_entities=False, huge_tree=False
        ):
            if number == 0:
                _refuse_entities(source.name, element)
            number += 1
            concept = _concept(source.name, number, element)
            if concept is not None:
                yield concept
            element.clear()
            while element.getprevious() is not None:  # what has been read, so that memory does not grow
                del element.getparent()[0]
    except etree.XMLSyntaxError as err:
        raise ReadError(source.name, f"after record {number}", "", f"{err.msg}; the file is cut or broken") from err
    if not number:
        raise SourceError(source.name, "there are no records in it; fetch it again")


def _refuse_entities(name: str, element: etree._Element) -> None:
    declared: Any = element.getroottree().docinfo.internalDTD
    if declared is not None and declared.entities():
        raise SourceError(name, "the XML declares entities; none are read, because of the attacks these allow")


def _concept(name: str, number: int, record: etree._Element) -> VocabularyConcept | None:
    kind = record.tag.removesuffix("Record")
    ui = (record.findtext(f"{kind}UI") or record.findtext("SupplementalRecordUI") or "").strip()
    label = record.findtext(f"{kind}Name/String") or record.findtext("SupplementalRecordName/String")
    if not _UI.fullmatch(ui) or not (label or "").strip():
        raise ReadError(name, f"record {number}", ui, "the record has no identifier (D… or C…) or no name")
    pref_label = " ".join((label or "").split())
    supplementary = record.tag == "SupplementalRecord"
    concept_type = _SCR_TYPES.get(record.get("SCRClass", "1")) if supplementary else None
    if supplementary and concept_type is None:
        return None
    alt_labels = unique(_terms(record, permuted=False), [pref_label])
    return VocabularyConcept(
        iri=MESH + ui,
        pref_label=pref_label,
        alt_labels=alt_labels,
        hidden_labels=unique(_terms(record, permuted=True), [pref_label, *alt_labels]),
        concept_type=concept_type,
        tree_numbers=tuple(sorted(_texts(record, "TreeNumberList/TreeNumber"))),
        classed_by_iris=tuple(sorted(_referred(record, "HeadingMappedToList/HeadingMappedTo/DescriptorReferredTo"))),
        acts_as_drug=record.find("PharmacologicalActionList/PharmacologicalAction") is not None,
    )


def _terms(record: etree._Element, *, permuted: bool) -> Iterator[str | None]:
    """Yield a record's terms; those of its narrower and related concepts are entry terms as well."""
    for term in record.iterfind("ConceptList/Concept/TermList/Term"):
        if (term.get("IsPermutedTermYN") == "Y") is permuted:
            yield term.findtext("String")


def _texts(record: etree._Element, path: str) -> Iterator[str]:
    for element in record.iterfind(path):
        if element.text and element.text.strip():
            yield element.text.strip()


def _referred(record: etree._Element, path: str) -> Iterator[str]:
    for ui in _texts(record, f"{path}/DescriptorUI"):
        yield MESH + ui.removeprefix("*")
