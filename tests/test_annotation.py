"""`kg annotate`: the form of its answers, its options, and what it does with lines that are wrong."""

import json
from pathlib import Path

import pytest
import vocabularies as own
from click.testing import CliRunner, Result
from vocabularies import written

import kg
from kg.annotation import Annotator
from kg.cli import main
from kg.errors import UsageError
from kg.vocabulary import VocabularyFolder

TEXT = "No exemplary small-cell carcinoma; HER2-low disease, given trastuzumab."


def annotate(lines: str, *words: str, data: Path) -> Result:
    return CliRunner().invoke(main, ["annotate", "--data-dir", str(data), *words], input=lines)


@pytest.fixture
def data(tmp_path: Path) -> Path:
    folder = tmp_path / "data"
    VocabularyFolder(folder).add(written(tmp_path, mesh=own.MESH_XML))
    return folder


def test_a_line_is_answered_with_its_mentions(data: Path) -> None:
    result = annotate(json.dumps({"id": "a", "text": TEXT}) + "\n\n" + '{"id": 2, "text": ""}\n', data=data)
    assert result.exit_code == 0
    first, second = map(json.loads, result.stdout.splitlines())
    assert second == {"id": 2, "mentions": []}
    assert first["id"] == "a"
    assert first["mentions"][0] == {
        "start": 3, "end": 33, "text": "exemplary small-cell carcinoma", "type": "Disease", "concept": "http://id.nlm.nih.gov/mesh/D900001",
        "label": "Carcinoma, Exemplary Small-Cell", "state": None, "negated": True, "score": 0.95, "rule": "dictionary",
    }  # fmt: skip
    assert [(it["text"], it["state"], it["negated"]) for it in first["mentions"][1:]] == [
        ("HER2-low", "low", False), ("trastuzumab", None, False),
    ]  # fmt: skip
    assert all(TEXT[it["start"] : it["end"]] == it["text"] for it in first["mentions"])


def test_an_item_of_a_list_is_denied_by_what_the_list_is_under(data: Path) -> None:
    text = "None of the following:\n- asthma\n- exemplary small-cell carcinoma"
    result = annotate(json.dumps({"id": 1, "text": text}), data=data)
    carcinoma = json.loads(result.stdout)["mentions"][-1]
    assert (carcinoma["text"], carcinoma["negated"]) == ("exemplary small-cell carcinoma", True)


def test_types_and_the_bundled_concepts_alone(data: Path) -> None:
    line = json.dumps({"id": 1, "text": TEXT})
    for words, expected in (
        (("--types", "Drug, Disease"), ["exemplary small-cell carcinoma", "trastuzumab"]),
        (("--no-vocab",), ["carcinoma", "HER2-low", "trastuzumab"]),
    ):
        found = json.loads(annotate(line, *words, data=data).stdout)["mentions"]
        assert [it["text"] for it in found] == expected
    wrong = annotate(line, "--types", "Gadget", data=data)
    assert (wrong.exit_code, wrong.stdout) == (2, "")
    assert "Gadget" in wrong.stderr


def test_faulty_lines_are_named_and_the_others_answered(data: Path) -> None:
    result = annotate('{"id": 1, "text": "x"}\nnonsense\n{"id": 3}\n{"id": 4, "text": "y"}\n', data=data)
    assert result.exit_code == 2
    assert [json.loads(line)["id"] for line in result.stdout.splitlines()] == [1, 4]
    assert [line.split(":")[2].strip() for line in result.stderr.splitlines()] == ["line 2", "line 3"]


def test_the_function_of_the_same_name(data: Path) -> None:
    document = kg.Document(id="a", text=TEXT)
    (found,) = kg.annotate([document], types=["Disease"], data_dir=data)
    assert [(it.text, it.concept) for it in found.mentions] == [
        ("exemplary small-cell carcinoma", "http://id.nlm.nih.gov/mesh/D900001")
    ]
    (alone,) = kg.annotate([document], use_vocabularies=False, data_dir=data)
    assert [it.text for it in alone.mentions] == ["carcinoma", "HER2-low", "trastuzumab"]
    with pytest.raises(UsageError, match="Gadget"):
        kg.annotate([document], types=["Gadget"], data_dir=data)


@pytest.mark.parametrize("text", ["ALK-rearrangement negative tumours", "ALK-rearrangement- or RET fusion-negative"])
def test_a_denial_behind_a_state_counts(text: str) -> None:
    mention = Annotator().mentions(text)[0]
    assert (mention.label, mention.state, mention.negated) == ("ALK", "fusion", True)
