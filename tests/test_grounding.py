"""`kg ground`: candidates over bundled and added concepts, with types, contexts and reasons."""

import json
from pathlib import Path

import pytest
import vocabularies as own
from vocabularies import written

from kg.errors import ReadError
from kg.grounding import Grounder, ground_lines
from kg.linking.index import MemoryIndex, make_tables
from kg.linking.linker import Linker
from kg.terminology import Terminology
from kg.vocabulary import VocabularyFolder
from kg.vocabulary.compiled import CompiledLexicon
from kg.vocabulary.word_index import CompiledIndex

MESH = "http://id.nlm.nih.gov/mesh/"


@pytest.fixture(scope="module")
def vocabulary(tmp_path_factory: pytest.TempPathFactory) -> CompiledLexicon:
    path = tmp_path_factory.mktemp("vocabulary")
    folder = VocabularyFolder(path / "data")
    folder.add(written(path, mesh=own.MESH_XML, supplement=own.SUPPLEMENT_XML))
    found = folder.open()
    assert found is not None
    return found


@pytest.fixture(scope="module")
def grounder(terminology: Terminology, vocabulary: CompiledLexicon) -> Grounder:
    return Grounder(terminology, vocabulary)


@pytest.mark.parametrize(
    ("name", "concept_type", "concept", "match"),
    [
        ("HER-2", None, f"{MESH}D018719", 'altLabel "Her-2"'),
        ("breast cancers", "condition", f"{MESH}D001943", 'prefLabel "breast cancer": spelling variant'),
        ("Exemplary small-cell carcinoma", "Disease", f"{MESH}D900001", None),
        ("severe oat tumour", "DISEASE", f"{MESH}D900001", 'altLabel "Oat Tumour": without "severe", spelling variant'),
        (
            "exemplamycin hydrochloride",
            "compound",
            f"{MESH}D900002",
            'prefLabel "Exemplamycin": without "hydrochloride"',
        ),
        ("dMMR", None, "https://w3id.org/trialkg/state/mmr-deficient", 'altLabel "dMMR"'),
    ],
)
def test_candidates_say_why(
    grounder: Grounder, name: str, concept_type: str | None, concept: str, match: str | None
) -> None:
    best = grounder.ground(name, concept_type)[0]
    assert best.concept == concept
    assert 0.7 < best.score <= 1
    if match is not None:
        assert best.match == match


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Lung Cancer, Nonsmall Cell", "non-small cell lung cancer"),
        ("Lymphoma, Nonhodgkin", "non-Hodgkin lymphoma"),
        ("Nonsquamous Nonsmall Cell Lung Cancer", "non-squamous non-small cell lung cancer"),
        ("Device: CPAP", "continuous positive airway pressure"),
        ("Procedure: MRI", "MRI"),
    ],
)
def test_names_of_records_are_read_without_their_type_and_with_every_non(
    terminology: Terminology, name: str, expected: str
) -> None:
    assert Grounder(terminology).ground(name)[0].label == expected


def test_a_non_that_is_said_twice_is_not_said_once(terminology: Terminology) -> None:
    found = Grounder(terminology).ground("Lung Cancer, Non-squamous, Non-small Cell")
    assert "squamous non-small cell lung cancer" not in {it.label for it in found}


def test_a_document_says_what_its_short_forms_mean(grounder: Grounder) -> None:
    context = "Exemplary small-cell carcinoma (XSC) is rare."
    assert f"{MESH}D900001" not in [it.concept for it in grounder.ground("XSC", "disease")]
    found = grounder.ground("XSC", "disease", context)[0]
    assert found.concept == f"{MESH}D900001"
    assert 'short form of "Exemplary small-cell carcinoma"' in found.match


def test_lines_are_answered_one_for_one(grounder: Grounder) -> None:
    lines = [
        '{"id": 1, "text": "Exemplamycin", "type": "Chemical"}',
        "",
        '{"id": "b", "text": "xyzzy"}',
        '{"text": " "}',
    ]
    found = [json.loads(line) for line in ground_lines(lines, grounder)]
    assert [it["id"] for it in found] == [1, "b", None]
    assert found[0]["candidates"][0] == {
        "concept": f"{MESH}D900002",
        "label": "Exemplamycin",
        "score": 1.0,
        "match": 'prefLabel "Exemplamycin"',
    }
    assert [it["candidates"] for it in found[1:]] == [[], []]
    with pytest.raises(ReadError, match="line 1"):
        list(ground_lines(['{"id": 1}'], grounder))


def test_a_compiled_index_answers_as_one_in_memory(vocabulary: CompiledLexicon) -> None:
    compiled = CompiledIndex(vocabulary)
    labels = [compiled.label(number) for number in range(_count(compiled))]
    broader = {label.concept_iri: compiled.broader_iris(label.concept_iri) for label in labels}
    memory = MemoryIndex(make_tables(labels), broader)
    names = [label.text for label in labels]
    names += ["oat tumor", "exemplamycin sulfate", "small cell exemplary cancer", "exemplary", "Exemplomycin", "xyzzy"]
    one, other = Linker([compiled]), Linker([memory])
    for name in names:
        expected = [(it.label, it.rule) for it in other.rank(name)]
        assert [(it.label, it.rule) for it in one.rank(name)] == expected, name
    assert any(one.rank(name) for name in names)


def _count(compiled: CompiledIndex) -> int:
    row = compiled.compiled.row("SELECT count(*) FROM labels WHERE ?", 1)
    assert row is not None
    return int(row[0])


def test_descriptors_have_the_broader_ones_that_their_tree_numbers_name(vocabulary: CompiledLexicon) -> None:
    drug = vocabulary.find(f"{MESH}D900002")
    assert drug is not None
    assert drug.broader_iris == (f"{MESH}D900003",)


def test_without_added_vocabularies(tmp_path: Path) -> None:
    found = Grounder.of_user(data_dir=tmp_path)
    assert found.ground("Exemplamycin", "Drug") == []
    assert found.ground("letrozole", "Drug")[0].concept == f"{MESH}D000077289"
