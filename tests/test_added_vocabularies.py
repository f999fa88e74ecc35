"""Vocabularies in use: joined with each other and the bundled concepts, replaced whole, the same bytes each time."""

import json
import os
from pathlib import Path

import pytest
import vocabularies as own
from click.testing import CliRunner, Result
from vocabularies import written

from kg.cli import main
from kg.errors import SourceError, TerminologyError, UsageError
from kg.lexicon import Lexicon
from kg.models import ConceptType
from kg.terminology import Terminology
from kg.vocabulary import VocabularyFolder
from kg.vocabulary import compiled as compiled_module
from kg.vocabulary import folder as folder_module
from kg.vocabulary.lexicon import make_lexicon

MESH = "http://id.nlm.nih.gov/mesh/"
NCIT = "http://purl.obolibrary.org/obo/NCIT_"


def added(tmp_path: Path, **contents: str) -> VocabularyFolder:
    folder = VocabularyFolder(tmp_path / "data")
    folder.add(written(tmp_path, **contents))
    return folder


def lexicon_of(folder: VocabularyFolder, terminology: Terminology) -> Lexicon:
    return make_lexicon(terminology, folder.open())


def iris(lexicon: Lexicon, name: str) -> list[str]:
    return list(dict.fromkeys(entry.concept.iri for entry in lexicon.look_up(name)))


def kg(*words: str, data: Path) -> Result:
    return CliRunner().invoke(main, list(words), env={"KG_DATA_DIR": str(data)})


def test_names_of_all_sources_are_found(tmp_path: Path, terminology: Terminology) -> None:
    folder = added(tmp_path, mesh=own.MESH_XML, supplement=own.SUPPLEMENT_XML, genes=own.HGNC_OLD)
    lexicon = lexicon_of(folder, terminology)
    expected = {
        "oat tumors": (f"{MESH}D900001", ConceptType.DISEASE),
        "Exemplary small cell carcinoma": (f"{MESH}D900001", ConceptType.DISEASE),  # inverted in the source
        "EXM7 & salt": (f"{MESH}D900002", ConceptType.DRUG),
        "exemplamycins": (f"{MESH}D900003", ConceptType.DRUG_CLASS),
        "ZZA-201": (f"{MESH}C900001", ConceptType.DRUG),
        "exemplary kinase 9": (f"{MESH}C900002", ConceptType.MARKER),  # mapped to a family of proteins
        "XMPL1": ("http://identifiers.org/hgnc/90001", ConceptType.MARKER),
        "exemplary gene 1": ("http://identifiers.org/hgnc/90001", ConceptType.MARKER),
    }
    for name, (iri, concept_type) in expected.items():
        meanings = {it.label: (it.concept.iri, it.concept.concept_type) for it in lexicon.look_up(name)}
        assert (iri, concept_type) in meanings.values(), name
    assert iris(lexicon, "Exemplaria") == []  # a place
    assert iris(lexicon, "trastuzumab deruxtecan") == [f"{NCIT}C128799"]  # bundled


def test_names_stand_in_text(tmp_path: Path, terminology: Terminology) -> None:
    lexicon = lexicon_of(added(tmp_path, mesh=own.MESH_XML, genes=own.HGNC_OLD), terminology)
    text = "Patients with exemplary small-cell carcinoma and XMPL1 mutation, on trastuzumab."
    assert [text[it.start : it.end] for it in lexicon.find(text)] == [
        "exemplary small-cell carcinoma", "XMPL1", "trastuzumab",
    ]  # fmt: skip
    only = lexicon.only(ConceptType.MARKER)
    assert [text[it.start : it.end] for it in only.find(text)] == ["XMPL1"]


def test_a_dangerous_name_is_ambiguous(tmp_path: Path, terminology: Terminology) -> None:
    lexicon = lexicon_of(added(tmp_path, genes=own.HGNC_OLD), terminology)
    gene = {entry.label: entry.kind for name in ("XMPL1", "XG1", "CAT", "p99exm") for entry in lexicon.look_up(name)
            if entry.concept.pref_label == "XMPL1"}  # fmt: skip
    del gene["Xmpl1"], gene["Xg1"]  # as mice's genes are written
    assert gene == {"XMPL1": "prefLabel", "XG1": "ambiguousLabel", "CAT": "ambiguousLabel", "p99exm": "altLabel"}


def test_a_mapping_joins_and_mesh_gives_the_iri(tmp_path: Path, terminology: Terminology) -> None:
    ncit = 'format-version: 1.2\n\n[Term]\nid: NCIT:C990001\nname: zizumab\nproperty_value: NCIT:P106 "Antibiotic"\n'
    folder = added(tmp_path, supplement=own.SUPPLEMENT_XML, ncit=ncit, mappings=own.SSSOM)
    (entry,) = lexicon_of(folder, terminology).look_up("zizumab")
    assert entry.concept.iri == f"{MESH}C900001"
    assert entry.concept.exact_match_iris == (f"{NCIT}C990001",)
    assert entry.concept.pref_label == "ZZA 201"
    compiled = folder.open()
    assert compiled is not None
    assert compiled.find(f"{NCIT}C990001") == entry.concept


def test_salts_and_forms_stand_below_their_base(tmp_path: Path) -> None:
    head = "descriptor_ui\tlabel\ttree_numbers\tentry_terms\tpermuted_terms\n"
    trees = f"{head}D900010\tExemplone\tD04.900\t\t\nD900011\tExemplone Acetate\tD04.900.100\t\t\n"
    more = "scr_id\tlabel\nC900010\texemplone 17 beta-cypionate\nC900011\tliposomal exemplone\nC900012\tzinc acetate\n"
    compiled = added(tmp_path, trees=trees, more=more).open()
    assert compiled is not None
    broader = {number: compiled.find(MESH + number).broader_iris for number in ("C900010", "C900011", "C900012")}  # type: ignore[union-attr]
    assert broader == {"C900010": (f"{MESH}D900010",), "C900011": (f"{MESH}D900010",), "C900012": ()}


def test_brand_names_belong_to_the_drug_that_has_the_ingredient_as_its_name(tmp_path: Path) -> None:
    brands = (
        "drug_name\tactive_ingredient\nEXEMPLEX\tEXEMPLAMYCIN HYDROCHLORIDE\nDUOPLEX\tEXEMPLAMYCIN; ZINC\n"
        "EXEMPLEX 5%\tEXEMPLAMYCIN\nNOSUCHA\tUNHEARDOFINE\nTWICEA\tEXEMPLAMYCIN\nTWICEA\tUNHEARDOFINE\n"
        "EXEMPLAMYCINS\tEXEMPLAMYCIN\n"
    )
    folder = added(tmp_path, mesh=own.MESH_XML, brands=brands)
    compiled = folder.open()
    assert compiled is not None
    drug = compiled.find(f"{MESH}D900002")
    assert drug is not None
    assert drug.alt_labels == ("EXM-7 & salt", "Exemplex")
    assert folder.in_use().unmatched == 3  # an unknown ingredient, two of them, and the name of a class


def test_an_alias_that_is_looked_up_by_three_letters_is_ambiguous(tmp_path: Path, terminology: Terminology) -> None:
    genes = own.HGNC_OLD.replace("CAT", "XQDS")  # looked up as "xqd", so that "XQD" would mean it
    lexicon = lexicon_of(added(tmp_path, genes=genes), terminology)
    assert {it.label: it.ambiguous for it in lexicon.look_up("XQDS")} == {"XQDS": True}


def test_a_negative_mapping_overrules_what_another_file_says(tmp_path: Path, terminology: Terminology) -> None:
    without = lexicon_of(added(tmp_path, supplement=own.SUPPLEMENT_XML, house=own.SKOS), terminology)
    assert iris(without, "thingitis") == [f"{MESH}C900003"]
    (mappings,) = written(tmp_path, mappings=own.SSSOM)
    folder = VocabularyFolder(tmp_path / "data")
    assert folder.add([mappings]).refused_joins == 1
    (entry,) = lexicon_of(folder, terminology).look_up("thingitis")
    assert entry.concept.iri == "https://example.org/house/mild-thing"
    assert entry.concept.exact_match_iris == ()


def test_a_negative_mapping_holds_through_others(tmp_path: Path, terminology: Terminology) -> None:
    chain = own.SSSOM + ("house:mild-thing\tskos:exactMatch\t\tDOID:1\nDOID:1\tskos:exactMatch\t\tmesh:C900003\n")
    lexicon = lexicon_of(added(tmp_path, supplement=own.SUPPLEMENT_XML, house=own.SKOS, chain=chain), terminology)
    assert f"{MESH}C900003" not in iris(lexicon, "thingitis")


def test_a_cross_reference_joins_only_with_a_shared_label(tmp_path: Path, terminology: Terminology) -> None:
    lexicon = lexicon_of(added(tmp_path, mesh=own.MESH_XML, terms=own.OBO), terminology)
    assert iris(lexicon, "exemplary oat cancer") == [f"{MESH}D900001"]
    assert iris(lexicon, "elsewhere disease") == ["http://purl.obolibrary.org/obo/DOID_9900002"]


def test_what_is_bundled_stays_itself_and_gains_names(tmp_path: Path, terminology: Terminology) -> None:
    gene = own.HGNC_OLD.replace("90001", "3430").replace("XMPL1\texemplary", "ERBB2\texemplary")
    lexicon = lexicon_of(added(tmp_path, genes=gene), terminology)
    (entry,) = lexicon.look_up("p99exm")
    assert (entry.concept.iri, entry.concept.pref_label) == (f"{MESH}D018719", "HER2")
    assert {it.concept.iri for it in lexicon.look_up("ERBB2")} == {f"{MESH}D018719"}


def test_two_of_one_vocabulary_are_never_joined(tmp_path: Path, terminology: Terminology) -> None:
    both = "subject_id\tpredicate_id\tobject_id\n" + "".join(
        f"DOID:7\tskos:exactMatch\tmesh:{ui}\n" for ui in ("D900001", "C900003")
    )
    folder = added(tmp_path, mesh=own.MESH_XML, supplement=own.SUPPLEMENT_XML, both=both)
    lexicon = lexicon_of(folder, terminology)
    assert iris(lexicon, "oat tumour") != iris(lexicon, "Exemplar syndrome")
    assert folder.in_use().refused_joins == 1


def test_the_same_input_gives_the_same_bytes_in_any_order(tmp_path: Path) -> None:
    files = written(tmp_path, mesh=own.MESH_XML, supplement=own.SUPPLEMENT_XML, genes=own.HGNC_OLD, house=own.SKOS)
    one, other = VocabularyFolder(tmp_path / "one"), VocabularyFolder(tmp_path / "other")
    one.add(files)
    for file in reversed(files):
        other.add([file])
    assert one.in_use() == other.in_use()
    names = {path.name for path in one.path.iterdir()}
    assert names == {path.name for path in other.path.iterdir()}
    assert all((one.path / name).read_bytes() == (other.path / name).read_bytes() for name in names)


def test_a_source_is_replaced_by_name_and_removed(tmp_path: Path, terminology: Terminology) -> None:
    folder = added(tmp_path, genes=own.HGNC_OLD)
    folder.add(written(tmp_path, genes=own.HGNC_NEW.replace("XMPL1", "XMPL7")))
    lexicon = lexicon_of(folder, terminology)
    assert (iris(lexicon, "XMPL1"), iris(lexicon, "XMPL7")) == ([], ["http://identifiers.org/hgnc/90001"])
    folder.remove("genes")
    assert folder.open() is None
    assert sorted(path.name for path in folder.path.iterdir()) == ["in-use.json", "lock"]
    with pytest.raises(UsageError, match="no vocabulary is named genes"):
        folder.remove("genes")


def test_one_faulty_file_changes_nothing(tmp_path: Path) -> None:
    folder = added(tmp_path, genes=own.HGNC_OLD)
    before = {path: path.read_bytes() for path in folder.path.iterdir()}
    with pytest.raises(SourceError, match="empty"):
        folder.add(written(tmp_path, mesh=own.MESH_XML, nothing=""))
    assert {path: path.read_bytes() for path in folder.path.iterdir()} == before


def test_a_process_killed_at_the_last_step_leaves_the_old_state(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, terminology: Terminology
) -> None:
    folder = added(tmp_path, genes=own.HGNC_OLD)
    before = folder.in_use()

    def killed(_: Path) -> None:
        os._exit(9)

    child = os.fork()
    if child == 0:
        monkeypatch.setattr(folder_module, "_synchronise", killed)
        folder.add(written(tmp_path, mesh=own.MESH_XML))
        os._exit(0)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 9
    assert folder.in_use() == before
    folder.check()
    assert iris(lexicon_of(folder, terminology), "XMPL1")
    folder.add(written(tmp_path, house=own.SKOS))  # and what the killed one left is cleared
    assert not [path for path in folder.path.iterdir() if str(child) in path.name]


def test_damage_is_named(tmp_path: Path) -> None:
    folder = added(tmp_path, genes=own.HGNC_OLD)
    (lexicon,) = folder.path.glob("lexicon-*")
    lexicon.write_bytes(lexicon.read_bytes()[:-1] + b"x")
    with pytest.raises(TerminologyError, match="damaged"):
        folder.check()
    lexicon.write_bytes(b"SQLite? no")
    with pytest.raises(TerminologyError, match="damaged"):
        folder.open()
    (folder.path / "in-use.json").write_text("{", "utf-8")
    with pytest.raises(TerminologyError, match="damaged"):
        folder.in_use()


def test_a_lexicon_whose_keys_are_spelled_otherwise_is_not_used(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = added(tmp_path, genes=own.HGNC_OLD)
    with monkeypatch.context() as changed:
        changed.setattr(compiled_module, "key", str.upper)
        with pytest.raises(TerminologyError, match="another version"):
            folder.open()
    assert folder.open() is not None


def test_a_file_without_classes_wants_one(tmp_path: Path, terminology: Terminology) -> None:
    files = written(tmp_path, house=own.SKOS.replace(", kg:Disease", ""))
    folder = VocabularyFolder(tmp_path / "data")
    with pytest.raises(SourceError, match="--type"):
        folder.add(files)
    folder.add(files, ConceptType.PROCEDURE)
    (entry,) = lexicon_of(folder, terminology).look_up("mild thing")
    assert entry.concept.concept_type is ConceptType.PROCEDURE


def test_the_commands(tmp_path: Path) -> None:
    data = tmp_path / "data"
    mesh, genes = written(tmp_path, mesh=own.MESH_XML, genes=own.HGNC_OLD)
    assert kg("vocab", "add", str(mesh), str(genes), data=data).exit_code == 0
    listed = kg("vocab", "list", data=data)
    rows = [line.split("\t") for line in listed.stdout.splitlines()]
    assert rows[0] == ["name", "format", "concepts", "labels", "mappings", "negative", "date", "sha256"]
    assert [row[:7] for row in rows[1:]] == [
        ["genes", "HGNC table", "1", "5", "0", "0", ""],
        ["mesh", "MeSH XML", "5", "8", "0", "0", "2026-01-01"],
    ]
    assert "1 of no class known here" in listed.stderr
    assert kg("vocab", "remove", "mesh", data=data).stdout.count("\n") == 2
    elsewhere = kg("vocab", "list", "--data-dir", str(tmp_path / "other"), data=data)
    assert elsewhere.stdout.count("\n") == 1
    broken = kg("vocab", "add", str(tmp_path / "nowhere"), data=data)
    assert (broken.exit_code, broken.stdout) == (2, "")
    assert "nowhere: No such file" in broken.stderr
    assert json.loads((data / "vocabulary" / "in-use.json").read_text("utf-8"))["concepts"] == 1
