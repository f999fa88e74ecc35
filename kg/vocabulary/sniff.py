"""Tell a vocabulary's format, and its date, by the first bytes of its content."""

import re
from typing import Final

from kg.errors import SourceError
from kg.vocabulary.records import Header, SourceFormat

_KNOWN: Final = (
    "known are NLM's MeSH XML (desc*.xml, supp*.xml) and RDF (N-Triples), HGNC's table, OBO, SKOS (Turtle, N-Triples, "
    "RDF/XML), SSSOM tables, and tables of brand names (drug_name, active_ingredient)"
)
_XML_ROOT: Final = re.compile(rb"<([A-Za-z][\w:.\-]*)[\s>/]")
_TRIPLE: Final = re.compile(rb"^\s*<[^<>\s]+>\s+<[^<>\s]+>\s", re.MULTILINE)
_MESH_SUBJECT: Final = re.compile(rb"^<http://id\.nlm\.nih\.gov/mesh/(?:\d{4}/)?[A-Z][^>]*> <", re.MULTILINE)
_MESH_DTD: Final = re.compile(rb"nlm\w+recordset_(\d{4})(\d\d)(\d\d)\.dtd")
_DATED: Final = {
    SourceFormat.OBO: re.compile(rb"^data-version:\s*(\S.*?)\s*$", re.MULTILINE),
    SourceFormat.SSSOM: re.compile(rb"^#\s*mapping_set_(?:version|date):\s*(\S.*?)\s*$", re.MULTILINE),
    SourceFormat.SKOS: re.compile(
        rb"(?:versionInfo|dcterms:modified|dct:modified|terms/modified>|dcterms:issued)>?\s+\"([^\"\n]+)\""
    ),
}
_COLUMNS: Final = (
    ({"hgnc_id", "symbol"}, SourceFormat.HGNC),
    ({"hgnc id", "approved symbol"}, SourceFormat.HGNC),
    ({"descriptor_ui", "label"}, SourceFormat.MESH_TABLE),
    ({"scr_id", "label"}, SourceFormat.MESH_TABLE),
    ({"subject_id", "predicate_id", "object_id"}, SourceFormat.SSSOM),
    ({"drug_name", "active_ingredient"}, SourceFormat.BRANDS),
)


def sniff(name: str, start: bytes) -> Header:
    """Return the format and date of a file.

    Args:
        name: The path as the user gave it.
        start: The first bytes, unpacked.

    Raises:
        SourceError: It is none of the known formats.
    """
    start = start.removeprefix(b"\xef\xbb\xbf").lstrip()
    source_format = _of_xml(name, start) if start.startswith(b"<") else None
    source_format = source_format or _of_triples(start) or _of_obo(start) or _of_table(start)
    if source_format is None:
        raise SourceError(name, f"the content is no vocabulary that is read here; {_KNOWN}")
    return Header(source_format=source_format, dated=_date(source_format, start))


def _of_xml(name: str, start: bytes) -> SourceFormat | None:
    if _TRIPLE.match(start):
        return None
    root = _XML_ROOT.search(
        re.sub(rb"<\?.*?\?>|<!--.*?-->|<!DOCTYPE[^>\[]*(?:\[.*?\])?[^>]*>", b"", start, flags=re.DOTALL)
    )
    tag = root.group(1).decode() if root else ""
    if tag in {"DescriptorRecordSet", "SupplementalRecordSet"}:
        return SourceFormat.MESH_XML
    if tag == "QualifierRecordSet":
        raise SourceError(name, "these are MeSH's qualifiers, which name nothing in a text; add desc*.xml or supp*.xml")
    if tag.endswith("RDF"):
        return SourceFormat.SKOS
    raise SourceError(name, f"XML with the root <{tag}> is no vocabulary that is read here; {_KNOWN}")


def _of_triples(start: bytes) -> SourceFormat | None:
    if _MESH_SUBJECT.search(start) and b"id.nlm.nih.gov/mesh/vocab#" in start:
        return SourceFormat.MESH_RDF
    turtle = re.match(rb"(?:#.*\n|\s)*(?:@prefix|@base|PREFIX|BASE)\b", start, re.IGNORECASE)
    return SourceFormat.SKOS if turtle or _TRIPLE.search(start) else None


def _of_obo(start: bytes) -> SourceFormat | None:
    is_obo = re.search(rb"^(?:format-version:|\[Term\]\s*$)", start, re.MULTILINE)
    return SourceFormat.OBO if is_obo else None


def _of_table(start: bytes) -> SourceFormat | None:
    first = next((line for line in start.splitlines() if line.strip() and not line.startswith(b"#")), b"")
    columns = {cell.strip().strip('"').casefold() for cell in first.decode("utf-8", "replace").split("\t")}
    return next((found for needed, found in _COLUMNS if needed <= columns), None)


def _date(source_format: SourceFormat, start: bytes) -> str | None:
    if source_format is SourceFormat.MESH_XML:
        found = _MESH_DTD.search(start)
        return b"-".join(found.groups()).decode() if found else None
    pattern = _DATED.get(source_format)
    found = pattern.search(start) if pattern else None
    return found.group(1).decode("utf-8", "replace") if found else None
