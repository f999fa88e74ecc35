"""Identifiers as vocabularies write them (``MESH:D009369``, ``NCI:C9335``, an IRI) to the IRIs that the graph uses."""

import re
from collections.abc import Mapping
from typing import Final

from kg.identifiers import HGNC, MESH, OBO, is_iri

NCIT: Final = f"{OBO}NCIT_"
NCBI_GENE: Final = "https://identifiers.org/ncbigene:"

# Prefixes in lower case, with the spellings that OBO and SSSOM files use for them.
_SPACES: Final = {
    "mesh": MESH, "msh": MESH, "mesh_id": MESH,
    "ncit": NCIT, "nci": NCIT, "ncithesaurus": NCIT, "nci_thesaurus": NCIT,
    "hgnc": HGNC,
    "chebi": f"{OBO}CHEBI_", "doid": f"{OBO}DOID_", "mondo": f"{OBO}MONDO_", "hp": f"{OBO}HP_", "go": f"{OBO}GO_",
    "uberon": f"{OBO}UBERON_", "cl": f"{OBO}CL_", "pr": f"{OBO}PR_", "so": f"{OBO}SO_", "obi": f"{OBO}OBI_",
    "ncbigene": NCBI_GENE, "entrez": NCBI_GENE, "geneid": NCBI_GENE, "ncbi_gene": NCBI_GENE,
    "efo": "http://www.ebi.ac.uk/efo/EFO_",
    "ordo": "http://www.orpha.net/ORDO/Orphanet_", "orphanet": "http://www.orpha.net/ORDO/Orphanet_",
    "skos": "http://www.w3.org/2004/02/skos/core#", "owl": "http://www.w3.org/2002/07/owl#",
}  # fmt: skip
# Other forms in which IRIs of these vocabularies are met, and what they are here.
_IRIS: Final = tuple(
    (re.compile(pattern), space)
    for pattern, space in (
        (r"https?://(?:id\.nlm\.nih\.gov|identifiers\.org|bioregistry\.io)/mesh[/:]([A-Z]\d+)", MESH),
        (r"https?://meshb\.nlm\.nih\.gov/record/ui\?ui=([A-Z]\d+)", MESH),
        (r"https?://identifiers\.org/hgnc[/:](?:HGNC:)?(\d+)", HGNC),
        (r"https?://www\.genenames\.org/.*?/(?:HGNC:)?(\d+)", HGNC),
        (r"https?://identifiers\.org/ncbigene[/:](\d+)", NCBI_GENE),
        (r"https?://www\.ncbi\.nlm\.nih\.gov/gene/(\d+)", NCBI_GENE),
        (r"https?://(?:ncicb\.nci\.nih\.gov/xml/owl/EVS/Thesaurus\.owl#|identifiers\.org/ncit[/:])(C\d+)", NCIT),
    )
)
_CURIE: Final = re.compile(r"([A-Za-z][\w.\-]*):(\S+)")


def canonical_iri(name: str, prefixes: Mapping[str, str] | None = None) -> str | None:
    """Return the IRI that a CURIE or IRI stands for; None if its prefix is unknown or it is neither.

    Known prefixes have one meaning here whatever the file says, since files write MeSH in five ways.

    >>> canonical_iri("MESH:D009369"), canonical_iri("http://identifiers.org/mesh/D009369")
    ('http://id.nlm.nih.gov/mesh/D009369', 'http://id.nlm.nih.gov/mesh/D009369')
    """
    for pattern, space in _IRIS:
        found = pattern.fullmatch(name)
        if found:
            return space + found.group(1)
    curie = _CURIE.fullmatch(name)
    if curie is None:
        return None
    prefix, local = curie.groups()
    namespace = _SPACES.get(prefix.lower()) or (prefixes or {}).get(prefix)
    if namespace is not None:
        iri = namespace + local.removeprefix(f"{prefix}:")
        return iri if is_iri(iri) else None
    return name if local.startswith("//") and is_iri(name) else None


def authority(iri: str) -> str:
    """Return the vocabulary that an IRI belongs to: all of it but its last part.

    >>> authority("http://purl.obolibrary.org/obo/NCIT_C9335")
    'http://purl.obolibrary.org/obo/NCIT_'
    """
    return re.sub(r"[^/#_:]*$", "", iri)


def preference(iri: str) -> tuple[int, str]:
    """Return a sort key: MeSH, else NCIt, else HGNC, else any other, is the canonical IRI of a concept."""
    for place, space in enumerate((MESH, NCIT, HGNC)):
        if iri.startswith(space):
            return place, iri
    return 3, iri
