"""Every format is told by its content and read into concepts; broken files say what is wrong and where."""

import gzip
from pathlib import Path

import pytest
import vocabularies as own
from vocabularies import written

from kg.errors import SourceError
from kg.models import ConceptType
from kg.vocabulary.folder import READERS
from kg.vocabulary.opening import head, opened
from kg.vocabulary.records import Mapping, SourceFormat, VocabularyConcept, VocabularyRecord
from kg.vocabulary.sniff import sniff

MESH = "http://id.nlm.nih.gov/mesh/"
SHARED = Path(__file__).parents[2] / "shared" / "data" / "terminology"


def read(path: Path) -> tuple[SourceFormat, str | None, list[VocabularyRecord]]:
    header = sniff(str(path), head(path))
    with opened(path) as source:
        return header.source_format, header.dated, list(READERS[header.source_format](source))


def concepts(path: Path) -> dict[str, VocabularyConcept]:
    return {record.iri.rpartition("/")[2]: record for record in read(path)[2] if isinstance(record, VocabularyConcept)}


@pytest.mark.parametrize(
    ("content", "source_format", "dated"),
    [
        (own.MESH_XML, SourceFormat.MESH_XML, "2026-01-01"),
        (own.SUPPLEMENT_XML, SourceFormat.MESH_XML, None),
        (own.MESH_RDF, SourceFormat.MESH_RDF, None),
        (own.HGNC_OLD, SourceFormat.HGNC, None),
        (own.HGNC_NEW, SourceFormat.HGNC, None),
        (own.OBO, SourceFormat.OBO, "2026-05-01"),
        (own.SKOS, SourceFormat.SKOS, None),
        (own.SSSOM, SourceFormat.SSSOM, "2026-03"),
    ],
)
@pytest.mark.parametrize("packed", [False, True])
def test_the_format_is_told_by_the_content(
    tmp_path: Path, content: str, source_format: SourceFormat, dated: str | None, packed: bool
) -> None:
    path = tmp_path / "unnamed.bin"
    path.write_bytes(gzip.compress(content.encode()) if packed else content.encode())
    assert read(path)[:2] == (source_format, dated)


def test_mesh_descriptors_in_xml(tmp_path: Path) -> None:
    (path,) = written(tmp_path, mesh=own.MESH_XML)
    found = concepts(path)
    carcinoma = found["D900001"]
    assert carcinoma.pref_label == "Carcinoma, Exemplary Small-Cell"
    assert (carcinoma.alt_labels, carcinoma.hidden_labels) == (("Oat Tumour",), ("Tumour, Oat",))
    assert carcinoma.tree_numbers == ("C04.900", "C08.900")
    assert found["D900002"].alt_labels == ("EXM-7 & salt",)
    assert len(found) == 5


def test_mesh_supplementary_records_in_xml(tmp_path: Path) -> None:
    (path,) = written(tmp_path, mesh=own.SUPPLEMENT_XML)
    found = concepts(path)
    assert sorted(found) == ["C900001", "C900002", "C900003"]  # organisms are left out
    assert found["C900001"].classed_by_iris == (f"{MESH}D900002",)
    assert found["C900003"].concept_type is ConceptType.DISEASE


def test_mesh_in_rdf_says_the_same(tmp_path: Path) -> None:
    rdf, xml = written(tmp_path, rdf=own.MESH_RDF, xml=own.MESH_XML)
    assert concepts(rdf)["D900001"] == concepts(xml)["D900001"]
    assert concepts(rdf)["C900001"].pref_label == 'café-201 "A"'


@pytest.mark.parametrize("content", [own.HGNC_OLD, own.HGNC_NEW])
def test_genes_in_both_layouts_of_hgnc(tmp_path: Path, content: str) -> None:
    (path,) = written(tmp_path, genes=content)
    ((iri, gene),) = concepts(path).items()
    assert (iri, gene.pref_label, gene.gene_iri) == ("90001", "XMPL1", "http://identifiers.org/hgnc/90001")
    assert gene.alt_labels == ("exemplary gene 1 (head to head)", "XG1", "p99exm", "CAT")
    assert gene.hidden_labels == (("XMPLA",) if content is own.HGNC_NEW else ())
    assert gene.exact_match_iris == ("https://identifiers.org/ncbigene:990001",)


def test_obo(tmp_path: Path) -> None:
    (path,) = written(tmp_path, terms=own.OBO)
    found = concepts(path)
    assert sorted(found) == ["DOID_9900001", "DOID_9900002"]
    assert found["DOID_9900001"].alt_labels == ("exemplary oat cancer",)
    assert found["DOID_9900001"].hidden_labels == ()
    assert found["DOID_9900001"].xref_iris == (f"{MESH}D900001",)
    assert found["DOID_9900001"].concept_type is ConceptType.DISEASE


def test_skos_gives_english_labels(tmp_path: Path) -> None:
    (path,) = written(tmp_path, house=own.SKOS)
    found = concepts(path)["mild-thing"]
    assert (found.pref_label, found.alt_labels) == ("mild thing", ("thingitis",))
    assert found.exact_match_iris == (f"{MESH}C900003",)


def test_sssom_gives_exact_matches_and_what_is_none(tmp_path: Path) -> None:
    (path,) = written(tmp_path, mappings=own.SSSOM)
    ncit = "http://purl.obolibrary.org/obo/NCIT_C990001"
    assert read(path)[2] == [
        Mapping(subject_iri=ncit, object_iri=f"{MESH}C900001"),
        Mapping(subject_iri="https://example.org/house/mild-thing", object_iri=f"{MESH}C900003", negative=True),
    ]


ENTITIES = own.MESH_XML.replace(
    '"https://www.nlm.nih.gov/databases/dtd/nlmdescriptorrecordset_20260101.dtd"',
    '"x.dtd" [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;">]',
).replace("Exemplamycin<", "&b;<")
FAULTS = [
    ("", "the file is empty"),
    ("hello, world", "no vocabulary that is read here"),
    ("<html><body/></html>", "root <html>"),
    ('<QualifierRecordSet LanguageCode="eng"></QualifierRecordSet>', "qualifiers"),
    (own.MESH_XML[: own.MESH_XML.index("D900002")], "after record 1"),
    (own.MESH_XML.replace("<DescriptorUI>D900002", "<DescriptorUI>"), "record 2"),
    ('<DescriptorRecordSet LanguageCode="eng"></DescriptorRecordSet>', "no records"),
    (ENTITIES, "declares entities"),
    (own.MESH_RDF[:-30], "line 10"),
    (own.MESH_RDF.splitlines(keepends=True)[0], "no MeSH descriptor"),
    (own.HGNC_OLD.replace("HGNC:90001", "ninety"), "line 2"),
    (own.HGNC_OLD.splitlines(keepends=True)[0], "no rows"),
    (own.HGNC_OLD[:200].rsplit("\t", 5)[0], "line 2"),
    (own.OBO.replace("name: oat tumor\n", ""), "line 4, DOID:9900001"),
    (own.OBO[: own.OBO.index("xref")] + "xr", "line 9"),
    ("format-version: 1.2\n", "no [Term]"),
    (own.SKOS[:-20], "no RDF, or cut"),
    (own.SKOS.replace("@en", "@fr"), "no concept"),
    (own.SSSOM + "NCIT:C1\tskos:exa", "line 9"),
]


@pytest.mark.parametrize(("content", "words"), FAULTS)
def test_faults_name_the_file_the_place_and_what_is_wrong(tmp_path: Path, content: str, words: str) -> None:
    (path,) = written(tmp_path, faulty=content)
    with pytest.raises(SourceError) as caught:
        read(path)
    assert str(caught.value).startswith(str(path))
    assert words in str(caught.value)


def test_rdf_with_a_document_type_is_refused(tmp_path: Path) -> None:
    (path,) = written(
        tmp_path,
        bomb='<?xml version="1.0"?>\n<!DOCTYPE rdf:RDF [<!ENTITY a "b">]>\n<rdf:RDF '
        'xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">&a;</rdf:RDF>',
    )
    with pytest.raises(SourceError, match="document type"):
        read(path)


def test_cut_gzip_and_other_encodings(tmp_path: Path) -> None:
    cut, latin = tmp_path / "cut", tmp_path / "latin"
    cut.write_bytes(gzip.compress(own.HGNC_OLD.encode() * 50)[:-40])
    latin.write_bytes(own.HGNC_OLD.replace("exemplary", "exempläry").encode("latin-1"))
    with pytest.raises(SourceError, match="cut"):
        read(cut)
    with pytest.raises(SourceError, match="line 2: not UTF-8"):
        read(latin)
    with pytest.raises(SourceError, match="No such file"):
        read(tmp_path / "nowhere")


@pytest.mark.skipif(not SHARED.is_dir(), reason="the shared data are not here")
@pytest.mark.parametrize(
    ("name", "count", "iri"),
    [
        ("nlm-desc-samples.xml.gz", 43, "D000001"),
        ("nlm-supp-samples.xml.gz", 19, "C025735"),
        ("nlm-samples.nt.gz", 62, "D000001"),
        ("do-cancer-slim.obo.gz", 729, "DOID_162"),
    ],
)
def test_files_of_their_makers(name: str, count: int, iri: str) -> None:
    found = concepts(SHARED / name)
    assert len(found) == count
    assert iri in found
