"""Tables with a header line: HGNC's genes, MeSH as a table, SSSOM mappings (https://mapping-commons.github.io/sssom/)."""

import re
from collections.abc import Iterator
from typing import Final

from kg.errors import ReadError, SourceError
from kg.identifiers import HGNC, MESH
from kg.models import ConceptType
from kg.vocabulary.mesh_tree import supplementary_type
from kg.vocabulary.names import NCBI_GENE, canonical_iri
from kg.vocabulary.opening import Opened
from kg.vocabulary.records import BrandName, Mapping, VocabularyConcept, unique

_Row = dict[str, str]
_MATCHES: Final = frozenset({
    "http://www.w3.org/2004/02/skos/core#exactMatch",
    "http://www.w3.org/2002/07/owl#equivalentClass",
    "http://www.w3.org/2002/07/owl#sameAs",
})  # fmt: skip
_BRAND: Final = re.compile(r"[A-Za-z][A-Za-z'-]{3,}(?: [A-Za-z][A-Za-z'-]*)?")
_PREFIX_LINE: Final = re.compile(r"#\s+([A-Za-z][\w.\-]*):\s*(https?://\S+)")
# Columns of HGNC's complete set, and what its older downloads call them.
_OLD_COLUMNS: Final = {
    "hgnc id": "hgnc_id", "approved symbol": "symbol", "approved name": "name", "synonyms": "alias_symbol",
    "name synonyms": "alias_name", "previous symbols": "prev_symbol", "previous names": "prev_name",
    "entrez gene id(supplied by ncbi)": "entrez_id", "entrez gene id": "entrez_id", "ncbi gene id": "entrez_id",
    "alias symbols": "alias_symbol",
}  # fmt: skip


def read_hgnc(source: Opened) -> Iterator[VocabularyConcept]:
    """Yield the approved genes; withdrawn symbols are left out.

    Raises:
        ReadError: A row is cut, or has no HGNC number or symbol.
    """
    for number, row in _rows(source):
        hgnc_id, symbol = row.get("hgnc_id", "").removeprefix("HGNC:"), row.get("symbol", "")
        if not hgnc_id.isdigit() or not symbol:
            raise ReadError(source.name, f"line {number}", "", "the row has no HGNC number or no symbol")
        if "withdrawn" in row.get("status", "").casefold() or symbol.endswith("~withdrawn"):
            continue
        entrez = row.get("entrez_id", "")
        alt_labels = unique((row.get("name"), *_cells(row, "alias_symbol"), *_cells(row, "alias_name")), [symbol])
        yield VocabularyConcept(
            iri=HGNC + hgnc_id,
            pref_label=symbol,
            alt_labels=alt_labels,
            hidden_labels=unique((*_cells(row, "prev_symbol"), *_cells(row, "prev_name")), [symbol, *alt_labels]),
            concept_type=ConceptType.MARKER,
            exact_match_iris=(NCBI_GENE + entrez,) if entrez.isdigit() else (),
            gene_iri=HGNC + hgnc_id,
        )


def read_mesh_table(source: Opened) -> Iterator[VocabularyConcept]:
    """Yield MeSH descriptors, or supplementary records, from a table of identifiers, labels and entry terms."""
    for number, row in _rows(source):
        ui, label = row.get("descriptor_ui") or row.get("scr_id") or "", row.get("label", "")
        if not re.fullmatch(r"[DC]\d+", ui):
            raise ReadError(source.name, f"line {number}", "", f"{ui!r} is no MeSH identifier")
        if not label:
            continue
        alt_labels = unique(row.get("entry_terms", "").split("|"), [label])
        yield VocabularyConcept(
            iri=MESH + ui,
            pref_label=label,
            alt_labels=alt_labels,
            hidden_labels=unique(row.get("permuted_terms", "").split("|"), [label, *alt_labels]),
            concept_type=supplementary_type(label) if ui.startswith("C") else None,
            tree_numbers=tuple(sorted(filter(None, row.get("tree_numbers", "").split("|")))),
        )


def read_brands(source: Opened) -> Iterator[BrandName]:
    """Yield the names of products with one ingredient, as the FDA's lists have them; sizes and forms are no names."""
    for _, row in _rows(source):
        label, ingredient = row.get("drug_name", ""), row.get("active_ingredient", "")
        if (
            ingredient
            and ";" not in ingredient
            and _BRAND.fullmatch(label)
            and label.casefold() != ingredient.casefold()
        ):
            yield BrandName(label=label.title() if label.isupper() else label, ingredient=ingredient)


def read_sssom(source: Opened) -> Iterator[Mapping]:
    """Yield exact matches, and pairs that are said to be none; weaker mappings are left out.

    Raises:
        ReadError: A row is cut.
    """
    prefixes: dict[str, str] = {}
    for _, row in _rows(source, prefixes):
        predicate = canonical_iri(row.get("predicate_id", ""), prefixes)
        negative = row.get("predicate_modifier", "").casefold() == "not"
        subject_iri = canonical_iri(row.get("subject_id", ""), prefixes)
        object_iri = canonical_iri(row.get("object_id", ""), prefixes)
        if predicate in _MATCHES and subject_iri and object_iri and subject_iri != object_iri:
            yield Mapping(subject_iri=subject_iri, object_iri=object_iri, negative=negative)


def _rows(source: Opened, prefixes: dict[str, str] | None = None) -> Iterator[tuple[int, _Row]]:
    """Yield the rows by column, with line numbers; prefixes of the comment lines above them go into ``prefixes``."""
    columns: list[str] = []
    rows = 0
    for number, line in source.lines():
        if line.startswith("#") and not columns:
            found = _PREFIX_LINE.fullmatch(line.rstrip())
            if found and prefixes is not None:
                prefixes[found.group(1)] = found.group(2)
        elif not columns:
            names = [cell.strip().strip('"').casefold() for cell in line.removeprefix("\ufeff").split("\t")]
            columns = [_OLD_COLUMNS.get(name, name) for name in names]
        elif line.strip():
            cells = line.split("\t")
            if len(cells) < (len(columns) if source.unended else _needed(columns)):
                raise ReadError(source.name, f"line {number}", "", "the row has too few cells; the file was cut")
            rows += 1
            yield number, {name: _unquoted(cell) for name, cell in zip(columns, cells, strict=False)}
    if not rows:
        raise SourceError(source.name, "the table has no rows; fetch it again")


def _needed(columns: list[str]) -> int:
    """Return how many cells a row must have: those behind may be empty and left off."""
    names = (
        "hgnc_id",
        "symbol",
        "descriptor_ui",
        "scr_id",
        "label",
        "subject_id",
        "predicate_id",
        "object_id",
        "drug_name",
        "active_ingredient",
    )
    return 1 + max(columns.index(name) for name in names if name in columns)


def _unquoted(cell: str) -> str:
    cell = cell.strip()
    return cell[1:-1].replace('""', '"') if len(cell) > 1 and cell[0] == cell[-1] == '"' else cell


def _cells(row: _Row, column: str) -> list[str]:
    """Return the values of a cell: HGNC's newer files part them with bars, the older ones with commas."""
    cell = row.get(column, "")
    return re.split(r"\|" if "|" in cell or column.endswith("_name") else r"[|,]\s*", cell)
