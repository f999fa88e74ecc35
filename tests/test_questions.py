"""The questions that people ask, each with its SPARQL and the answer that the bundled examples give."""

import re
from collections import Counter
from pathlib import Path

import pytest

from kg.api import Graph
from kg.query import saved_queries

EXPECTED = Path(__file__).parent / "questions"
QUESTIONS = {name: query for name, query in saved_queries().items() if query.is_question}
AUDIENCES = {"informaticians", "linked-data teams", "translational researchers"}


def test_there_are_forty_for_all_three_kinds_of_users() -> None:
    assert len(QUESTIONS) >= 40
    assert sorted(path.stem for path in EXPECTED.glob("*.tsv")) == [Path(name).name for name in QUESTIONS]
    counts = Counter(query.audience for query in QUESTIONS.values())
    assert set(counts) == AUDIENCES
    assert min(counts.values()) >= 7


@pytest.mark.parametrize("name", QUESTIONS)
def test_the_examples_give_the_expected_answer(name: str, examples: Graph) -> None:
    expected = (EXPECTED / f"{Path(name).name}.tsv").read_text("utf-8")
    assert expected.count("\n") > 1, "an empty answer shows nothing"
    assert examples.query(name).to("tsv") == expected


@pytest.mark.parametrize("name", QUESTIONS)
def test_the_header_tells_what_is_asked_by_whom_and_what_is_concluded(name: str) -> None:
    query = QUESTIONS[name]
    assert query.question.endswith("?")
    assert query.audience in AUDIENCES
    assert query.reasoning
    assert query.reasoning.endswith(".")
    assert query.example == f"kg query {name}"
    assert "ORDER BY" in query.text
    assert not re.search(r"w3id\.org/trialkg/(?!vocab#)", query.text), "a site has a base IRI of its own"


def test_a_class_is_asked_and_its_drug_is_found(examples: Graph) -> None:
    for question, drug in (("02-cdk4-6-inhibitors", "ribociclib"), ("03-her2-directed-conjugates", "deruxtecan")):
        name = f"questions/{question}"
        assert drug not in QUESTIONS[name].text.partition("\n\n")[2]
        assert drug in examples.query(name).to("tsv")
