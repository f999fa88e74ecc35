"""Forms in which texts write marker states, each read in the three ways that there are: tree, biomarkers, mentions."""

import pytest
from conftest import eligibility, make_trial
from test_logic import tree

from kg.annotation import Annotator
from kg.eligibility import CriteriaReader
from kg.extract import Extractor
from kg.models import FieldKind, Polarity
from kg.terminology import Terminology


@pytest.fixture(scope="module")
def reader() -> CriteriaReader:
    return CriteriaReader()


@pytest.fixture(scope="module")
def annotator(terminology: Terminology) -> Annotator:
    return Annotator(terminology)


def asked(reader: CriteriaReader, item: str) -> tuple[str, str]:
    """Return what one inclusion criterion asks for and what it rules out, as a line each."""
    found = reader.read(eligibility(inclusion=[item]))
    return tuple(" | ".join(" & ".join(it) for it in side.dnf) for side in (found.inclusion, found.exclusion))  # type: ignore[return-value]


@pytest.mark.parametrize(
    ("item", "expected", "inclusion", "exclusion"),
    [
        # variants
        ("IDH1 R132H mutation", "IDH1 R132H mutated", "IDH1 R132H", ""),
        ("IDH2-R172K", "IDH2 R172K mutated", "IDH2 R172K", ""),
        ("BRAF V600 mutation", "BRAF V600 mutated", "BRAF V600", ""),
        ("BRAF V600E or V600K", "AnyOf(BRAF V600E mutated, BRAF V600K mutated)", "BRAF V600E | BRAF V600K", ""),
        ("BRAF V600E/K", "AnyOf(BRAF V600E mutated, BRAF V600K mutated)", "BRAF V600E | BRAF V600K", ""),
        ("KRAS G12 or G13 mutation", "AnyOf(KRAS G12 mutated, KRAS G13 mutated)", "KRAS G12 | KRAS G13", ""),
        (
            "No BRAF V600E/K mutation",
            "AllOf(Not(BRAF V600E mutated), Not(BRAF V600K mutated))",
            "",
            "BRAF V600E | BRAF V600K",
        ),
        ("KRAS G12F mutation", "KRAS mutated", "KRAS G12F", ""),
        ("No KRAS G12F mutation", None, "", "KRAS G12F"),
        # losses, and receptors that are hardly there
        ("PTEN-null", "PTEN loss", "PTEN null", ""),
        ("ER-poor", "ER negative", "ER negative", ""),
        ("ER-positive with poor prognosis", "ER positive", "ER positive", ""),
        # carriers
        ("BRCA1 carrier", "BRCA1 mutated", "BRCA1 mutation", ""),
        ("Carrier of a BRCA2 mutation", "BRCA2 mutated", "BRCA2 mutation", ""),
        ("BRCA non-carriers", "BRCA wild-type", "", "BRCA mutation"),
        ("Non-carrier of BRCA1/2", "BRCA wild-type", "", "BRCA1 mutation | BRCA2 mutation"),
        ("BRCA2 mutation non-carriers", "BRCA2 wild-type", "", "BRCA2 mutation"),
        (
            "Non-carriers of a BRCA1 or BRCA2 mutation",
            "AllOf(Not(BRCA1 mutated), Not(BRCA2 mutated))",
            "",
            "BRCA1 mutation | BRCA2 mutation",
        ),
        ("BRCA1/2 mutation carriers/non-carriers", None, "", ""),
        ("Carriers and non-carriers of BRCA1/2 mutations", None, "", ""),
        # several alterations of one marker
        (
            "FGFR2 amplification or fusion",
            "AnyOf(FGFR2 amplified, FGFR2 fusion)",
            "FGFR2 amplification | FGFR2 fusion",
            "",
        ),
        (
            "No FGFR2 amplification or fusion",
            "AllOf(Not(FGFR2 amplified), Not(FGFR2 fusion))",
            "",
            "FGFR2 amplification | FGFR2 fusion",
        ),
        (
            "FGFR2 amplification or fusion not detected",
            "AllOf(Not(FGFR2 amplified), Not(FGFR2 fusion))",
            "",
            "FGFR2 amplification | FGFR2 fusion",
        ),
        (
            "HER2 amplification or mutation of EGFR",
            "AnyOf(HER2 amplified, EGFR mutated)",
            "HER2 amplification | EGFR mutation",
            "",
        ),
        # denials of a whole list, and of its last member
        (
            "EGFR mutation or ALK fusion not detected",
            "AllOf(Not(EGFR mutated), ALK negative)",
            "",
            "EGFR mutation | ALK fusion",
        ),
        (
            "EGFR mutation, ALK fusion or ROS1 fusion not detected",
            "AllOf(Not(EGFR mutated), Not(ALK fusion), ROS1 negative)",
            "",
            "EGFR mutation | ALK fusion | ROS1 fusion",
        ),
        (
            "KRAS or NRAS mutation not detected",
            "AllOf(KRAS wild-type, NRAS wild-type)",
            "",
            "KRAS mutation | NRAS mutation",
        ),
        (
            "EGFR mutation positive, ALK fusion not detected",
            "AllOf(EGFR mutated, ALK negative)",
            "EGFR mutation",
            "ALK fusion",
        ),
        (
            "Either germline BRCA mutation or HRD but not BRCA2",
            "AllOf(AnyOf(germline BRCA mutated, HRD positive), Not(BRCA2 mutated))",
            "BRCA mutation (germline) | HRD",
            "BRCA2 mutation (germline)",
        ),
        (
            "BRCA1 mutation but not BRCA2",
            "AllOf(BRCA1 mutated, Not(BRCA2 mutated))",
            "BRCA1 mutation",
            "BRCA2 mutation",
        ),
        # signatures and translocations
        ("Homologous recombination deficient (HRD)", "HRD positive", "HRD", ""),
        ("Ph- ALL", "Philadelphia chromosome negative", "Philadelphia chromosome negative", ""),
        ("MGMT promoter is unmethylated", "MGMT unmethylated", "MGMT promoter unmethylated", ""),
    ],
)
def test_a_form_is_read_alike_as_tree_and_as_biomarkers(
    extractor: Extractor, reader: CriteriaReader, item: str, expected: str | None, inclusion: str, exclusion: str
) -> None:
    assert (tree(extractor, item), *asked(reader, item)) == (expected, inclusion, exclusion)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Ph+ ALL", [("Philadelphia chromosome", "positive", "Ph+", False)]),
        ("urine pH positive", []),
        ("PH positive", []),
        ("more than 35 % Ph+ metaphases", []),
        (
            "35 % Philadelphia chromosome positive (Ph+) metaphases",
            [("Philadelphia chromosome", None, "Philadelphia chromosome", False)],
        ),
        (
            "homologous recombination deficient tumours",
            [("HRD", "positive", "homologous recombination deficient", False)],
        ),
        ("MGMT promoter methylation", [("MGMT", "methylated", "MGMT promoter methylation", False)]),
        (
            "FGFR2 amplification or fusion",
            [
                ("FGFR2", "amplified", "FGFR2 amplification", False),
                ("FGFR2", "fusion", "FGFR2 amplification or fusion", False),
            ],
        ),
        (
            "EGFR mutation or ALK fusion not detected",
            [("EGFR", "mutated", "EGFR mutation", True), ("ALK", "negative", "ALK fusion not detected", False)],
        ),
        ("BRCA1 mutation non-carriers", [("BRCA1", "wild-type", "BRCA1 mutation non-carriers", False)]),
        ("CYP2D6 poor metabolizers", [("CYP2D6", None, "CYP2D6", False)]),
    ],
)
def test_mentions_have_their_states(
    annotator: Annotator, text: str, expected: list[tuple[str, str | None, str, bool]]
) -> None:
    found = [it for it in annotator.mentions(text) if it.type == "Marker"]
    assert [(it.label, it.state, it.text, it.negated) for it in found] == expected


def test_a_variant_that_is_ruled_out_says_nothing_of_other_variants(extractor: Extractor) -> None:
    trial = make_trial((FieldKind.ELIGIBILITY, eligibility(exclusion=["KRAS G12F mutation"])))
    found = extractor.find(trial)
    assert [(it.role.value, it.concept.pref_label, it.state) for it in found.statements] == [("mentions", "KRAS", None)]
    assert [(it.polarity, it.logic) for it in found.criteria] == [(Polarity.EXCLUSION, None)]


def test_who_has_neither_is_excluded_not_who_lacks_one(extractor: Extractor) -> None:
    trial = make_trial((FieldKind.ELIGIBILITY, eligibility(exclusion=["EGFR mutation or ALK fusion not detected"])))
    assert {it.role.value for it in extractor.find(trial).statements} == {"mentions"}


def test_a_germline_mutation_ruled_out_is_not_any_mutation(extractor: Extractor) -> None:
    trial = make_trial((FieldKind.ELIGIBILITY, eligibility(exclusion=["Germline BRCA mutation"])))
    assert [(it.concept.pref_label, it.state) for it in extractor.find(trial).statements] == [
        ("germline BRCA", "mutated")
    ]
