from dataclasses import dataclass

import pytest
from conftest import make_trial

from kg.extract import Extractor
from kg.link import NameLinks, unlinked
from kg.models import ConceptLink, ConceptType, FieldKind, Intervention, Outcome, Trial
from kg.terminology import Terminology
from kg.vocabulary.linking import ConceptLinker


@dataclass(frozen=True)
class Linked:
    """The links of a trial, and what is left."""

    found: tuple[ConceptLink, ...]
    left: list[tuple[FieldKind, str]]


@pytest.fixture(scope="module")
def names(terminology: Terminology) -> NameLinks:
    linker = ConceptLinker(terminology)
    return NameLinks(linker.reported, linker.concept)


def link(names: NameLinks, extractor: Extractor, trial: Trial) -> Linked:
    found = tuple(names.links(trial, extractor.find(trial).mentions))
    return Linked(found, list(unlinked(trial, found)))


@pytest.mark.parametrize(
    ("name", "label", "quote", "rule"),
    [
        ("Breast Cancer", "breast cancer", "Breast Cancer", "whole-name"),
        (" Breast Cancer ", "breast cancer", "Breast Cancer", "whole-name"),
        ("Fatigue after Breast Cancer", "breast cancer", "Breast Cancer", "part-of-name"),
    ],
)
def test_a_condition(names: NameLinks, extractor: Extractor, name: str, label: str, quote: str, rule: str) -> None:
    linked = link(names, extractor, make_trial((FieldKind.CONDITION, name), conditions=(name,)))
    assert (label, quote, rule) in [(it.concept.pref_label, it.span.quote, it.rule) for it in linked.found]
    assert {(it.owner, it.index) for it in linked.found} == {(FieldKind.CONDITION, 0)}
    assert linked.left == []


def test_an_intervention_may_have_several_agents(names: NameLinks, extractor: Extractor) -> None:
    name = "Ribociclib 600 mg + letrozole"
    linked = link(
        names, extractor, make_trial((FieldKind.INTERVENTION_NAME, name), interventions=(Intervention(name=name),))
    )
    assert [(it.concept.pref_label, it.span.quote) for it in linked.found] == [
        ("ribociclib", "Ribociclib"),
        ("letrozole", "letrozole"),
    ]
    assert {it.rule for it in linked.found} == {"part-of-name"}


def test_the_code_of_a_product_is_no_procedure(names: NameLinks, extractor: Extractor) -> None:
    for name in ("CT-101 capsule", "CT-101-A-02"):
        trial = make_trial((FieldKind.INTERVENTION_NAME, name), interventions=(Intervention(name=name),))
        assert link(names, extractor, trial).found == ()
    trial = make_trial((FieldKind.INTERVENTION_NAME, "CT scan"), interventions=(Intervention(name="CT scan"),))
    assert [it.span.quote for it in link(names, extractor, trial).found] == ["CT scan"]


@pytest.mark.parametrize(
    ("name", "other_name", "expected"),
    [("LEE011", "Kisqali", ["LEE011"]), ("ABC-123", "Kisqali", ["Kisqali"]), ("ABC-123", "DEF-456", [])],
)
def test_another_name_counts_where_the_own_says_nothing(
    names: NameLinks, extractor: Extractor, name: str, other_name: str, expected: list[str]
) -> None:
    trial = make_trial(
        (FieldKind.INTERVENTION_NAME, name),
        (FieldKind.INTERVENTION_OTHER_NAME, other_name),
        interventions=(Intervention(name=name, other_names=(other_name,)),),
    )
    linked = link(names, extractor, trial)
    assert [it.span.quote for it in linked.found] == expected
    assert {it.owner for it in linked.found} <= {FieldKind.INTERVENTION_NAME}
    assert linked.left == ([] if expected else [(FieldKind.INTERVENTION_NAME, name)])


def test_an_outcome_is_linked_to_its_endpoint(names: NameLinks, extractor: Extractor) -> None:
    measure = "Progression-free survival"
    trial = make_trial(
        (FieldKind.OUTCOME_MEASURE, measure), outcomes=(Outcome(outcome_type="PRIMARY", measure=measure),)
    )
    (found,) = link(names, extractor, trial).found
    assert found.concept.iri == "http://id.nlm.nih.gov/mesh/D000077982"
    assert (found.owner, found.rule) == (FieldKind.OUTCOME_MEASURE, "whole-name")


def test_only_names_are_linked_and_only_to_their_kind(names: NameLinks, extractor: Extractor) -> None:
    trial = make_trial(
        (FieldKind.CONDITION, "letrozole"),
        (FieldKind.BRIEF_TITLE, "Letrozole in breast cancer"),
        conditions=("letrozole",),
    )
    linked = link(names, extractor, trial)
    assert linked.found == ()
    assert linked.left == [(FieldKind.CONDITION, "letrozole")]


def test_every_name_is_linked_or_left(names: NameLinks, extractor: Extractor) -> None:
    conditions = ("Breast Cancer", "Widget disease", "Breast Cancer")
    trial = make_trial(*((FieldKind.CONDITION, name) for name in conditions), conditions=conditions)
    linked = link(names, extractor, trial)
    assert {it.index for it in linked.found} == {0, 2}
    assert linked.left == [(FieldKind.CONDITION, "Widget disease")]
    assert trial.conditions == conditions


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Placebo for ribociclib", ["placebo"]),
        ("Ribociclib placebo + letrozole", ["placebo", "letrozole"]),
        ("Drug: Letrozole 2.5 mg tablets", ["letrozole"]),
    ],
)
def test_what_a_placebo_imitates_is_no_agent(
    names: NameLinks, extractor: Extractor, name: str, expected: list[str]
) -> None:
    trial = make_trial((FieldKind.INTERVENTION_NAME, name), interventions=(Intervention(name=name),))
    assert [it.concept.pref_label for it in link(names, extractor, trial).found] == expected


@pytest.mark.parametrize(
    ("name", "label", "rule"),
    [
        ("Pelvic surgery", "surgical procedure", "broader-than-name"),
        ("4th-generation EGFR-TKI", "EGFR tyrosine kinase inhibitor", "broader-than-name"),
        ("Third-generation EGFR TKI", "third-generation EGFR tyrosine kinase inhibitor", "whole-name"),
        ("Standard surgery arm", "surgical procedure", "part-of-name"),
        ("Letrozole surgery", "surgical procedure", "part-of-name"),  # another name is no kind of surgery
        ("Follow-up after surgery", "surgical procedure", "part-of-name"),
    ],
)
def test_a_link_to_something_broader_says_so(
    names: NameLinks, extractor: Extractor, name: str, label: str, rule: str
) -> None:
    trial = make_trial((FieldKind.INTERVENTION_NAME, name), interventions=(Intervention(name=name),))
    rules = {it.concept.pref_label: it.rule for it in link(names, extractor, trial).found}
    assert rules[label] == rule


def test_a_protein_that_is_all_of_a_name_is_given(names: NameLinks, extractor: Extractor) -> None:
    for name, expected in (("Interleukin-6", ["IL-6"]), ("Interleukin-6 receptor antagonist X", [])):
        trial = make_trial(
            (FieldKind.INTERVENTION_NAME, name), interventions=(Intervention(name=name, intervention_type="DRUG"),)
        )
        links = list(names.links(trial, extractor.find(trial).mentions))
        found = [it.concept.pref_label for it in links if it.concept.concept_type is ConceptType.MARKER]
        assert found == expected, name


def test_a_variant_of_a_name_says_so(names: NameLinks, extractor: Extractor) -> None:
    trial = make_trial((FieldKind.CONDITION, "Severe breast cancer"), conditions=("Severe breast cancer",))
    (found,) = link(names, extractor, trial).found
    assert (found.concept.pref_label, found.rule) == ("breast cancer", "variant-of-name")
    assert 0.7 < found.confidence < 0.93


def test_the_words_of_two_names_are_no_third(names: NameLinks, extractor: Extractor) -> None:
    name = "Metastatic breast cancer HER-2 low-expressing breast cancer"
    linked = link(names, extractor, make_trial((FieldKind.CONDITION, name), conditions=(name,)))
    assert {it.concept.pref_label for it in linked.found} == {"metastatic breast cancer", "HER2-low breast cancer"}
