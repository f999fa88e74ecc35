"""Each shape passes what is sound and finds what it is there to find, and both engines say the same of it."""

import re
from pathlib import Path

import pytest
from conftest import make_trial

from kg.extract import Extractor
from kg.graph import TrialGraph
from kg.identifiers import PREFIXES
from kg.link import links
from kg.models import FieldKind, Findings, Trial
from kg.nquads import ntriples
from kg.terminology import Terminology
from kg.validate import Report, Validator

SHAPES = Path(__file__).parent / "shapes"
VALID = sorted(SHAPES.rglob("valid-*.ttl"))
INVALID = sorted(SHAPES.rglob("invalid-*.ttl"))
EXPECTS = re.compile(r"# expects: (?P<component>\S+) on (?P<path>.+) \((?P<severity>\w+)\)")
ENGINES = ("shifty", "pyshacl")


@pytest.fixture(scope="module")
def validators() -> dict[str, Validator]:
    return {"shifty": Validator(engine="shifty"), "pyshacl": Validator(engine="pyshacl")}


def iri(curie: str) -> str:
    prefix, _, name = curie.partition(":")
    return PREFIXES[prefix] + name


def named(path: Path) -> str:
    return f"{path.parent.name}/{path.stem}"


@pytest.mark.parametrize("path", VALID, ids=named)
@pytest.mark.parametrize("engine", ENGINES)
def test_what_is_sound_passes(validators: dict[str, Validator], engine: str, path: Path) -> None:
    assert validators[engine].validate_file(path).results == ()


@pytest.mark.parametrize("path", INVALID, ids=named)
def test_what_is_broken_is_found_and_nothing_else(validators: dict[str, Validator], path: Path) -> None:
    expected = EXPECTS.match(path.read_text("utf-8"))
    assert expected is not None, f"{path} does not say what it expects"
    results = validators["shifty"].validate_file(path).results
    ((_, _),) = {(result.component, result.path) for result in results}
    result = results[0]
    assert iri(expected["component"]) in result.component
    assert result.severity == expected["severity"]
    if expected["path"] != "node":
        curie = expected["path"].removeprefix("[ sh:inversePath ").removesuffix(" ]")
        assert iri(curie) in (result.path or "")
    assert result.message


@pytest.mark.parametrize("path", INVALID, ids=named)
def test_both_engines_give_the_same_results(validators: dict[str, Validator], path: Path) -> None:
    assert validators["pyshacl"].validate_file(path) == validators["shifty"].validate_file(path)


@pytest.mark.parametrize("path", INVALID, ids=named)
def test_the_quick_answer_agrees_with_the_report(validators: dict[str, Validator], path: Path) -> None:
    content = path.read_text("utf-8")
    quick = validators["shifty"].conforms(as_ntriples(content))
    assert quick == validators["shifty"].validate_file(path).conforms == ("(Violation)" not in content.splitlines()[0])


def as_ntriples(turtle: str) -> str:
    from rdflib import Graph

    return str(Graph().parse(data=turtle, format="turtle").serialize(format="nt"))


# --- what the pipeline makes


@pytest.fixture(scope="module")
def trial() -> Trial:
    return make_trial(
        (FieldKind.BRIEF_TITLE, "Ribociclib in HR+/HER2- breast cancer"),
        (FieldKind.CONDITION, "Breast Cancer"),
        (
            FieldKind.ELIGIBILITY,
            "Inclusion Criteria:\n\n* HER2-low (IHC 1+ or 2+ with non-amplified ISH)\n* ECOG 0-1\n\n"
            "Exclusion Criteria:\n\n* Prior T-DXd\n* Known EGFR mutation",
        ),
        conditions=("Breast Cancer",),
        study_type="INTERVENTIONAL",
        overall_status="RECRUITING",
        brief_title="Ribociclib in HR+/HER2- breast cancer",
    )


@pytest.fixture(scope="module")
def graph(trial: Trial, extractor: Extractor, terminology: Terminology) -> str:
    found = extractor.find(trial)
    findings = Findings(statements=found.statements, links=tuple(links(trial, found.mentions)), criteria=found.criteria)
    return ntriples(TrialGraph(terminology).triples(trial, findings))


@pytest.mark.parametrize("engine", ENGINES)
def test_a_built_trial_conforms(validators: dict[str, Validator], engine: str, graph: str) -> None:
    assert validators[engine].validate_ntriples(graph) == Report()


DEFECTS = {
    "a dropped number": (r"^.*/dc/terms/identifier> .*\n", ""),
    "a doubled status": (r"(?m)^(.*vocab#overallStatus> <.*/)RECRUITING> \.$", r"\g<0>\n\1COMPLETED> ."),
    "a quote that is too long": (r'(vocab#quote> "[^"]*)"', r'\1 and more"'),
    "a confidence above one": (r'vocab#confidence> "[^"]*"', 'vocab#confidence> "1.5"'),
    "a number for a date": (r"(?m)\Z", '<{trial}> <{kg}startDate> "2025"^^<{xsd}integer> .\n'),
    "a polarity of its own": (r"vocab#inclusion>", "vocab#neither>"),
    "a lost assertion": (r"(?m)^<[^>]*/assertion/.*\n", ""),
    "a state role for a marker": (
        r"requiresMarkerState> <[^>]*>",
        "requiresMarkerState> <http://id.nlm.nih.gov/mesh/D018719>",
    ),
    "a group without operands": (r"(?m)^.*vocab#operand>.*\n", ""),
    "a criterion of nobody": (r"(?m)^.*vocab#criterion>.*\n", ""),
}


@pytest.mark.parametrize("defect", DEFECTS)
def test_a_planted_defect_is_found(validators: dict[str, Validator], graph: str, trial: Trial, defect: str) -> None:
    pattern, replacement = DEFECTS[defect]
    names = {"{trial}": trial.nct_id.iri, "{kg}": "https://w3id.org/trialkg/vocab#", "{xsd}": PREFIXES["xsd"]}
    for name, value in names.items():
        replacement = replacement.replace(name, value)
    broken = re.sub(pattern, replacement, graph, flags=re.MULTILINE)
    assert broken != graph
    assert not validators["shifty"].conforms(broken)
    assert validators["pyshacl"].validate_ntriples(broken) == validators["shifty"].validate_ntriples(broken)
