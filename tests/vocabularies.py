"""Small vocabularies of our own, in the formats that are read."""

from pathlib import Path

MESH_XML = """<?xml version="1.0"?>
<!DOCTYPE DescriptorRecordSet SYSTEM "https://www.nlm.nih.gov/databases/dtd/nlmdescriptorrecordset_20260101.dtd">
<DescriptorRecordSet LanguageCode = "eng">
<DescriptorRecord DescriptorClass = "1">
  <DescriptorUI>D900001</DescriptorUI>
  <DescriptorName><String>Carcinoma, Exemplary Small-Cell</String></DescriptorName>
  <TreeNumberList><TreeNumber>C04.900</TreeNumber><TreeNumber>C08.900</TreeNumber></TreeNumberList>
  <ConceptList><Concept PreferredConceptYN="Y"><TermList>
    <Term ConceptPreferredTermYN="Y" IsPermutedTermYN="N" RecordPreferredTermYN="Y">
      <String>Carcinoma, Exemplary Small-Cell</String></Term>
    <Term ConceptPreferredTermYN="N" IsPermutedTermYN="N" RecordPreferredTermYN="N"><String>Oat Tumour</String></Term>
    <Term ConceptPreferredTermYN="N" IsPermutedTermYN="Y" RecordPreferredTermYN="N"><String>Tumour, Oat</String></Term>
  </TermList></Concept></ConceptList>
</DescriptorRecord>
<DescriptorRecord DescriptorClass = "1">
  <DescriptorUI>D900002</DescriptorUI>
  <DescriptorName><String>Exemplamycin</String></DescriptorName>
  <TreeNumberList><TreeNumber>D03.900.100</TreeNumber></TreeNumberList>
  <ConceptList><Concept PreferredConceptYN="Y"><TermList>
    <Term IsPermutedTermYN="N"><String>Exemplamycin</String></Term>
    <Term IsPermutedTermYN="N"><String>EXM-7 &amp; salt</String></Term>
  </TermList></Concept></ConceptList>
</DescriptorRecord>
<DescriptorRecord DescriptorClass = "1">
  <DescriptorUI>D900003</DescriptorUI>
  <DescriptorName><String>Exemplamycins</String></DescriptorName>
  <TreeNumberList><TreeNumber>D03.900</TreeNumber></TreeNumberList>
</DescriptorRecord>
<DescriptorRecord DescriptorClass = "1">
  <DescriptorUI>D900004</DescriptorUI>
  <DescriptorName><String>Exemplary Protein Kinases</String></DescriptorName>
  <TreeNumberList><TreeNumber>D08.811.900</TreeNumber><TreeNumber>D12.776.900</TreeNumber></TreeNumberList>
</DescriptorRecord>
<DescriptorRecord DescriptorClass = "4">
  <DescriptorUI>D900005</DescriptorUI>
  <DescriptorName><String>Exemplaria</String></DescriptorName>
  <TreeNumberList><TreeNumber>Z01.900</TreeNumber></TreeNumberList>
</DescriptorRecord>
</DescriptorRecordSet>
"""

SUPPLEMENT_XML = """<?xml version="1.0"?>
<SupplementalRecordSet LanguageCode = "eng">
<SupplementalRecord SCRClass = "1">
  <SupplementalRecordUI>C900001</SupplementalRecordUI>
  <SupplementalRecordName><String>ZZA 201</String></SupplementalRecordName>
  <HeadingMappedToList><HeadingMappedTo><DescriptorReferredTo><DescriptorUI>*D900002</DescriptorUI>
  </DescriptorReferredTo></HeadingMappedTo></HeadingMappedToList>
</SupplementalRecord>
<SupplementalRecord SCRClass = "1">
  <SupplementalRecordUI>C900002</SupplementalRecordUI>
  <SupplementalRecordName><String>exemplary kinase 9</String></SupplementalRecordName>
  <HeadingMappedToList><HeadingMappedTo><DescriptorReferredTo><DescriptorUI>*D900004</DescriptorUI>
  </DescriptorReferredTo></HeadingMappedTo></HeadingMappedToList>
</SupplementalRecord>
<SupplementalRecord SCRClass = "3">
  <SupplementalRecordUI>C900003</SupplementalRecordUI>
  <SupplementalRecordName><String>Exemplar syndrome</String></SupplementalRecordName>
</SupplementalRecord>
<SupplementalRecord SCRClass = "4">
  <SupplementalRecordUI>C900004</SupplementalRecordUI>
  <SupplementalRecordName><String>Exemplarovirus</String></SupplementalRecordName>
</SupplementalRecord>
</SupplementalRecordSet>
"""

_MESH = "http://id.nlm.nih.gov/mesh/"
_RDFS_LABEL = "http://www.w3.org/2000/01/rdf-schema#label"
_TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
MESH_RDF = "".join(
    f"<{_MESH}{subject}> <{predicate if ':' in predicate else _MESH + 'vocab#' + predicate}> {value} .\n"
    for subject, predicate, value in (
        ("T900010", "prefLabel", '"Oat Tumour"@en'),
        ("T900010", "altLabel", '"Tumour, Oat"@en'),
        ("D900001", _TYPE, f"<{_MESH}vocab#TopicalDescriptor>"),
        ("D900001", _RDFS_LABEL, '"Carcinoma, Exemplary Small-Cell"@en'),
        ("D900001", "treeNumber", f"<{_MESH}C04.900>"),
        ("D900001", "treeNumber", f"<{_MESH}C08.900>"),
        ("D900001", "concept", f"<{_MESH}M900001>"),
        ("M900001", "term", f"<{_MESH}T900010>"),
        ("C900001", _TYPE, f"<{_MESH}vocab#SCR_Chemical>"),
        ("C900001", _RDFS_LABEL, '"caf\\u00E9-201 \\"A\\""@en'),
    )
)

HGNC_OLD = (
    "HGNC ID\tApproved Symbol\tApproved Name\tStatus\tSynonyms\tEntrez Gene ID(supplied by NCBI)\tUniProt ID\n"
    "HGNC:90001\tXMPL1\texemplary gene 1 (head to head)\tApproved\tXG1, p99exm, CAT\t990001\tP99999\n"
    "HGNC:90002\tXMPL2~withdrawn\tsymbol withdrawn, see XMPL1\tSymbol Withdrawn\t\t\t\n"
)
HGNC_NEW = (
    "hgnc_id\tsymbol\tname\tlocus_group\tstatus\talias_symbol\tprev_symbol\tentrez_id\n"
    'HGNC:90001\tXMPL1\texemplary gene 1 (head to head)\tprotein\tApproved\t"XG1|p99exm|CAT"\t"XMPLA"\t990001\n'
)

OBO = """format-version: 1.4
data-version: 2026-05-01

[Term]
id: DOID:9900001
name: oat tumor
synonym: "exemplary oat cancer" EXACT []
synonym: "lung thing" BROAD []
xref: MESH:D900001
is_a: DOID:162 ! cancer

[Term]
id: DOID:9900002
name: elsewhere disease
xref: MESH:D900001

[Term]
id: DOID:9900003
name: gone
is_obsolete: true

[Typedef]
id: part_of
name: part of
"""

SKOS = """@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix kg: <https://w3id.org/trialkg/vocab#> .
<https://example.org/house/mild-thing> a skos:Concept, kg:Disease ;
    skos:prefLabel "mild thing"@en, "milde Sache"@de ; skos:altLabel "thingitis"@en-GB ;
    skos:exactMatch <http://id.nlm.nih.gov/mesh/C900003> .
"""

SSSOM = """#curie_map:
#  mesh: https://meshb.nlm.nih.gov/record/ui?ui=
#  house: https://example.org/house/
#mapping_set_version: 2026-03
subject_id\tpredicate_id\tpredicate_modifier\tobject_id
NCIT:C990001\tskos:exactMatch\t\tmesh:C900001
house:mild-thing\tskos:exactMatch\tNot\tmesh:C900003
NCIT:C990002\tskos:broadMatch\t\tmesh:D900002
"""


def written(folder: Path, **contents: str) -> list[Path]:
    """Write contents to files of these names, without a telling suffix, and return their paths in order."""
    paths = []
    for name, content in contents.items():
        path = folder / name
        path.write_text(content, "utf-8")
        paths.append(path)
    return paths
