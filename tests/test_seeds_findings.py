"""What an expert reads in the five pages, and nothing stronger than that: drugs, markers, procedures and their roles.

The pages are not part of the project; without them these tests are skipped. The names are facts.
"""

from pathlib import Path

import pytest

import kg
from kg.api import Graph

SEEDS = Path(__file__).parents[2] / "shared" / "seeds"
pytestmark = pytest.mark.skipif(not SEEDS.is_dir(), reason="the pages are not here")

# Trial to all that is stronger than a mention; a marker state is "marker state".
EXPECTED = {
    "NCT03873428": {
        ("requiresMarkerState", "hormone receptor positive"),
        ("requiresMarkerState", "ER positive"),
        ("measuresMarker", "ER"),
        ("investigates", "FES PET"),
        ("assessment", "FDG PET"),
    },
    "NCT05529862": {
        ("requiresMarkerState", "hormone receptor positive"),
        ("requiresMarkerState", "HER2 negative"),
        ("investigates", "ribociclib"),
        ("investigates", "endocrine therapy"),
        ("assessment", "molecular profiling"),
        ("assessment", "blood draw"),
    },
    "NCT06492447": {
        ("requiresMarkerState", "HER2 low"),
        ("measuresMarker", "serum HER2"),
        ("investigates", "HER2-directed antibody–drug conjugate"),
        ("investigates", "trastuzumab deruxtecan"),
    },
    "NCT07130344": {
        ("requiresMarkerState", "HER2 low"),
        ("background", "trastuzumab deruxtecan"),
        ("investigates", "FDG PET-CT"),
        ("comparator", "thoraco-abdomino-pelvic CT"),
        ("comparator", "bone scintigraphy"),
        ("assessment", "pregnancy test"),
    },
    "NCT07132502": {
        ("requiresMarkerState", "HER2 positive"),
        ("requiresMarkerState", "ctDNA-MRD negative"),
        ("requiresMarkerState", "CA 15-3 negative"),
        ("measuresMarker", "ctDNA-MRD"),
    },
}
MENTIONED = {
    "NCT03873428": {"chemotherapy", "endocrine therapy", "targeted therapy"},
    "NCT05529862": {"CDK4/6"},
    "NCT07130344": {"trastuzumab", "pertuzumab", "lapatinib"},
}
CONDITIONS = {
    "NCT03873428": {"recurrence"},
    "NCT06492447": {"HER2-low breast cancer"},
    "NCT07130344": {"metastatic breast cancer", "HER2-low breast cancer"},
    "NCT07132502": {"HER2-positive breast cancer"},
}
ROLES = """
SELECT ?number ?role ?label WHERE {
  GRAPH ?graph {
    ?trial dcterms:identifier ?number ; ?role ?thing .
    ?node rdf:subject ?trial ; rdf:predicate ?role ; rdf:object ?thing
  }
  ?thing skos:prefLabel ?label
}"""


@pytest.fixture(scope="module")
def graph(tmp_path_factory: pytest.TempPathFactory) -> Graph:
    return kg.build([SEEDS], tmp_path_factory.mktemp("seeds") / "out", workers=1)


@pytest.fixture(scope="module")
def roles(graph: Graph) -> set[tuple[str, str, str]]:
    rows = graph.query(ROLES)
    return {(str(number), str(role).rsplit("#", 1)[-1], str(label)) for number, role, label in rows}


STRONG = {role for statements in EXPECTED.values() for role, _ in statements} | {
    "requiresTreatment", "excludesTreatment", "excludesMarkerState", "stratifiesBy",
}  # fmt: skip


@pytest.mark.parametrize("number", EXPECTED)
def test_roles_are_what_an_expert_reads(roles: set[tuple[str, str, str]], number: str) -> None:
    assert {(role, label) for trial, role, label in roles if trial == number and role in STRONG} == EXPECTED[number]


@pytest.mark.parametrize("number", MENTIONED)
def test_background_gives_mentions(roles: set[tuple[str, str, str]], number: str) -> None:
    assert {label for trial, role, label in roles if trial == number and role == "mentions"} >= MENTIONED[number]


@pytest.mark.parametrize("number", CONDITIONS)
def test_conditions_are_linked(roles: set[tuple[str, str, str]], number: str) -> None:
    assert {label for trial, role, label in roles if trial == number and role == "condition"} == CONDITIONS[number]


def test_her2_low_is_defined_by_its_scores(graph: Graph) -> None:
    """IHC 1+, or 2+ with ISH not amplified: an AnyOf of a leaf and an AllOf."""
    answer = graph.query(
        """ASK { GRAPH ?g {
          ?any a kg:AnyOf ; kg:operand ?one, ?all . ?one kg:value "1+" .
          ?all a kg:AllOf ; kg:operand ?two, ?ish . ?two kg:value "2+" . ?ish kg:markerState ?state } }"""
    )
    assert list(answer) == [(True,)]


def test_every_quote_stands_where_it_should(graph: Graph) -> None:
    checked = graph.verify()
    assert checked.failures == ()
    assert checked.trials == 5
