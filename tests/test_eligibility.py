"""What an eligibility text asks for and rules out: polarity, exceptions, and how criteria hold together."""

import json

import pytest
from conftest import eligibility
from hypothesis import given
from hypothesis import strategies as st

import kg
from kg.eligibility import AllOf, AnyOf, CriteriaReader, MarkerLeaf, criteria_lines
from kg.errors import ReadError

Dnf = tuple[tuple[str, ...], ...]


@pytest.fixture(scope="module")
def reader() -> CriteriaReader:
    return CriteriaReader()


def read(
    reader: CriteriaReader, *, inclusion: tuple[str, ...] = (), exclusion: tuple[str, ...] = ()
) -> tuple[Dnf, Dnf]:
    found = reader.read(eligibility(inclusion=inclusion, exclusion=exclusion))
    return found.inclusion.dnf, found.exclusion.dnf


@pytest.mark.parametrize(
    ("inclusion", "expected"),
    [
        (("EGFR L858R or T790M",), (("EGFR L858R",), ("EGFR T790M",))),
        (("HR+/HER2- breast cancer",), (("HR positive", "HER2 negative"),)),
        (
            ("ER+ and/or PgR+, HER2-negative tumour",),
            (("ER positive", "HER2 negative"), ("PgR positive", "HER2 negative")),
        ),
        (("ER positive", "HER2 negative"), (("ER positive", "HER2 negative"),)),
        (("ER+/HER2- or ER-/HER2+",), (("ER positive", "HER2 negative"), ("ER negative", "HER2 positive"))),
        (("KRAS mutation and wild-type BRAF",), (("KRAS mutation",), ("BRAF wild-type",))),
        (
            ("BRAF V600E in the tumour, and confirmation of MSS or pMMR",),
            (("BRAF V600E", "MSS"), ("BRAF V600E", "pMMR")),
        ),
        # permissions and cohorts are alternatives
        (
            ("CD19 expression", "Patients with Ph+ disease are eligible"),
            (("CD19 expression",), ("Philadelphia chromosome positive",)),
        ),
        (("Cohort A: ALK fusion", "Cohort B: RET fusion"), (("ALK fusion",), ("RET fusion",))),
        (
            ("CD19 expression", "Ph+ leukaemia must have failed two inhibitors"),
            (("CD19 expression",), ("Philadelphia chromosome positive",)),
        ),
        (("TP53 mutation", "or unmutated IGHV"), (("TP53 mutation",), ("IGHV unmutated",))),
        (("RAS wild-type, MSS",), (("RAS wild-type", "MSS"),)),
        (("HER2-negative, with a germline BRCA2 mutation",), (("HER2 negative", "BRCA2 mutation (germline)"),)),
        (("Positive or negative for HLA-A2", "CD30 positive"), (("CD30 positive",),)),
        (("Minimal or no expression of ER",), (("ER negative",),)),
        (("No FGFR3 mutation required", "CD30 positive"), (("CD30 positive",),)),
        (("PIK3CA-mutated, HR-positive tumour",), (("PIK3CA mutation", "HR positive"),)),
        (("PD-L1 expression is not required", "CD30 positive"), (("CD30 positive",),)),
        (("With or without PD-L1 expression", "EGFR/ALK wild type"), (("EGFR wild-type", "ALK wild-type"),)),
        # the same said twice is no choice, different things of one marker are
        (
            ("HR-positive, HER2-negative tumour", "PIK3CA mutation", "HER2-negative by local testing"),
            (("HR positive", "HER2 negative", "PIK3CA mutation"),),
        ),
        (("HER2 mutation", "HER2 amplification"), (("HER2 mutation",), ("HER2 amplification",))),
        # a criterion with more says what a shorter one says
        (("HER2 positive", "ER positive and HER2 positive"), (("ER positive", "HER2 positive"),)),
        # what is said more exactly
        (("Alteration of MET, e.g. MET amplification",), (("MET amplification",),)),
        (("estrogen receptor positive (ER+)",), (("estrogen receptor positive",),)),
        (("HRR gene mutation", "HRR genes: ATM, BRIP1"), (("ATM mutation",), ("BRIP1 mutation",))),
    ],
)
def test_criteria_hold_together(reader: CriteriaReader, inclusion: tuple[str, ...], expected: Dnf) -> None:
    assert read(reader, inclusion=inclusion) == (expected, ())


@pytest.mark.parametrize(
    ("inclusion", "excluded"),
    [
        ("No known EGFR mutation or ALK fusion", (("EGFR mutation",), ("ALK fusion",))),
        ("Negative for EGFR, ALK, ROS1 aberrations", (("EGFR aberration",), ("ALK aberration",), ("ROS1 aberration",))),
        ("Absence of 1p/19q codeletion", (("1p/19q codeletion",),)),
        ("Patients with a KRAS mutation are not eligible", (("KRAS mutation",),)),
        ("Must not have a BRCA1 mutation", (("BRCA1 mutation",),)),
        ("EGFR mutation absent", (("EGFR mutation",),)),
        ("EGFR mutation or ALK fusion was not detected", (("EGFR mutation",), ("ALK fusion",))),
        ("ALK rearrangement has been excluded", (("ALK rearrangement",),)),
        ("EGFR mutation-negative", (("EGFR mutation",),)),
    ],
)
def test_what_an_inclusion_denies_is_ruled_out(reader: CriteriaReader, inclusion: str, excluded: Dnf) -> None:
    assert read(reader, inclusion=(inclusion,)) == ((), excluded)


@pytest.mark.parametrize(
    ("exclusion", "expected"),
    [
        ("HER2-positive or EGFR-mutated tumour", ((), (("HER2 positive",), ("EGFR mutation",)))),
        ("Lack of a FGFR2 fusion", ((("FGFR2 fusion",),), ())),
        ("Driver mutations, with the exception of KRAS G12C", ((), ())),
        ("Any mutation other than BRAF V600E", ((), ())),
        ("Patients with a RET fusion will be excluded", ((), (("RET fusion",),))),  # said twice, not denied
        ("Must not have a RET fusion", ((), (("RET fusion",),))),
        ("Tumour is not HER2-positive", ((("HER2 positive",),), ())),
        ("RET fusion not detected", ((("RET fusion",),), ())),
        ("RET fusion is excluded", ((), (("RET fusion",),))),
        ("Prior treatment targeting KRAS G12C", ((), ())),
        ("Known mutations in EGFR/BRAF V600E", ((), (("EGFR mutation",), ("BRAF V600E",)))),
        ("No tissue to assess HER2-positivity", ((), ())),
        ("Treatment with a KRAS G12C inhibitor", ((), ())),
        ("Positive HBsAg, CD4+ cell count below 200 in HIV infection", ((), ())),
    ],
)
def test_exclusion(reader: CriteriaReader, exclusion: str, expected: tuple[Dnf, Dnf]) -> None:
    assert read(reader, exclusion=(exclusion,)) == expected


@pytest.mark.parametrize(
    "inclusion",
    [
        "No standard therapy is available, PIK3CA mutation confirmed",
        "Not eligible for surgery; PIK3CA mutation",
        "Non-resectable tumour with a PIK3CA mutation",
        "No more than two lines of therapy for PIK3CA mutation",
    ],
)
def test_a_denial_of_something_else_denies_nothing(reader: CriteriaReader, inclusion: str) -> None:
    assert read(reader, inclusion=(inclusion,)) == ((("PIK3CA mutation",),), ())


@given(
    st.sampled_from(
        [
            "No",
            "No known",
            "Without",
            "Absence of",
            "Lack of",
            "Must not have",
            "Negative for",
            "Free of any",
            "No evidence of",
        ]
    ),
    st.lists(
        st.sampled_from(["EGFR", "ALK", "ROS1", "KRAS", "BRCA1/2", "ZNF750"]), min_size=1, max_size=4, unique=True
    ),
    st.sampled_from(
        ["mutation", "mutations", "fusions", "amplification", "alterations", "aberrations", "L858R", "G12C mutation"]
    ),
    st.sampled_from(
        ["{names} {noun}", "{noun} in {names}", "{noun} in any of these genes: {names}", "germline {names} {noun}"]
    ),
    st.sampled_from([" or ", " and ", "/"]),
)
def test_no_denial_is_lost(
    reader: CriteriaReader, denial: str, genes: list[str], noun: str, order: str, word: str
) -> None:
    names = ", ".join(genes[:-1]) + (word if len(genes) > 1 else "") + genes[-1]
    item = f"{denial} {order.format(names=names, noun=noun)}"
    included, excluded = read(reader, inclusion=(item,))
    assert included == ()
    assert excluded


def test_lack_of_expression_is_a_negative_marker(reader: CriteriaReader) -> None:
    assert read(reader, inclusion=("characterised by absence of ER, PR and HER2 expression",)) == (
        (("ER negative", "PR negative", "HER2 negative"),),
        (),
    )


def test_a_list_of_genotypes_below_its_lead(reader: CriteriaReader) -> None:
    text = "Exclusion Criteria:\n1. Excluded genotypes:\n- KEAP1\n- RASQ61\n- BRAF Class 2\n2. Surgery within 2 weeks"
    assert reader.read(text).exclusion.dnf == (("KEAP1 mutation",), ("RAS Q61",), ("BRAF class 2 mutation",))


def test_alternatives_below_a_lead_hold_with_it(reader: CriteriaReader) -> None:
    lead = "Inclusion Criteria:\n1. Tumour that expresses CD70 and meets one of the following:"
    text = f"{lead}\n- BRAF wild-type\n- BRAF mutant\n2. Adult"
    assert reader.read(text).inclusion.dnf == (
        ("CD70 expression", "BRAF wild-type"),
        ("CD70 expression", "BRAF mutation"),
    )


def test_the_description_counts_only_where_the_criteria_are_silent(reader: CriteriaReader) -> None:
    description = "EGFR is often mutated. This trial treats patients with KRAS G12C-mutated lung cancer.\n"
    silent, telling = eligibility(inclusion=("Adult",)), eligibility(inclusion=("BRAF V600E",))
    assert reader.read(description + silent).inclusion.dnf == (("KRAS G12C",),)
    assert reader.read(description + telling).inclusion.dnf == (("BRAF V600E",),)


def test_the_tree_has_concepts_states_values_and_places(reader: CriteriaReader) -> None:
    text = "Inclusion Criteria:\n- PD-L1 expression ≥ 50 %\n- EGFR L858R"
    logic = reader.read(text).inclusion.logic
    assert isinstance(logic, AllOf)
    expressed, variant = logic.operands
    assert isinstance(expressed, MarkerLeaf)
    assert isinstance(variant, MarkerLeaf)
    assert (expressed.state, expressed.comparator, expressed.value, expressed.unit) == ("expressed", "ge", "50", "%")
    assert variant.marker == "https://w3id.org/trialkg/concept/egfr-l858r"
    assert (variant.state, variant.variant) == ("positive", "L858R")
    assert variant.rule == "biomarker-stated"
    assert text[variant.start : variant.end] == variant.text == "EGFR L858R"


def test_a_gene_beyond_the_terminology_has_its_hgnc_number(reader: CriteriaReader) -> None:
    logic = reader.read("Inclusion Criteria:\n- ZNF750 mutation or RAD54B deletion").inclusion.logic
    assert isinstance(logic, AnyOf)
    leaf = logic.operands[0]
    assert isinstance(leaf, MarkerLeaf)
    assert (leaf.marker, leaf.state) == ("http://identifiers.org/hgnc/25843", "mutated")


def test_combinations_do_not_explode(reader: CriteriaReader) -> None:
    genes = (
        "ATM, ATR, BARD1, BRIP1, CDK12, CHEK1",
        "FANCA, FANCC, FANCE, FANCF, FANCG, FANCL",
        "IDH1, IDH2, TET2, ASXL1, EZH2, RUNX1",
    )
    found = reader.read(eligibility(inclusion=tuple(f"mutations in {it}" for it in genes)))
    assert len(found.inclusion.dnf) == 18


def test_the_function_of_the_package() -> None:
    assert kg.criteria("Inclusion Criteria:\n- HER2-positive").inclusion.dnf == (("HER2 positive",),)


def test_lines_are_answered_one_for_one() -> None:
    lines = ['{"id": "a", "text": "Exclusion Criteria:\\n- ALK fusion"}', "", '{"text": "Adults"}']
    first, second = map(json.loads, criteria_lines(lines))
    assert first["id"] == "a"
    assert first["exclusion"]["dnf"] == [["ALK fusion"]]
    assert first["exclusion"]["logic"]["type"] == "MarkerCondition"
    assert second == {
        "id": None,
        "inclusion": {"dnf": [], "logic": None},
        "exclusion": {"dnf": [], "logic": None},
    }


@pytest.mark.parametrize("line", ["{", "[]", '{"id": 1}', '{"text": 3}'])
def test_a_line_that_is_no_question_is_named(line: str) -> None:
    with pytest.raises(ReadError, match="line 1"):
        list(criteria_lines([line]))


@given(
    st.lists(
        st.sampled_from(
            [
                "Inclusion Criteria:",
                "\n",
                "- ",
                "1. ",
                "HER2",
                "+",
                "EGFR",
                " ",
                "mutation",
                "(",
                ")",
                "or",
                "no ",
                "exon 19",
                "L858R",
                ":",
                ",",
                "/",
                "；",
                "MSI-H",
                "é",
                "t(9;",
                "gBRCA1/2",
                "-",
            ]
        ),
        max_size=40,
    )
)
def test_any_text_is_read_and_its_places_are_right(reader: CriteriaReader, pieces: list[str]) -> None:
    text = "".join(pieces)
    found = reader.read(text)
    for wanted in (found.inclusion, found.exclusion):
        for leaf in leaves(wanted.logic):
            assert text[leaf.start : leaf.end] == leaf.text != ""


def leaves(node: AllOf | AnyOf | MarkerLeaf | None) -> list[MarkerLeaf]:
    if node is None:
        return []
    return [node] if isinstance(node, MarkerLeaf) else [leaf for it in node.operands for leaf in leaves(it)]


@pytest.mark.parametrize(
    ("inclusion", "expected"),
    [
        ("Cancer for which no standard therapy exists, with an EGFR mutation", (("EGFR mutation",),)),
        ("Where earlier samples are not available, a positive HER2 test", (("HER2 positive",),)),
        ("No lesion with an EGFR mutation", ()),  # in doubt
    ],
)
def test_a_denial_of_something_else_denies_no_biomarker(reader: CriteriaReader, inclusion: str, expected: Dnf) -> None:
    assert read(reader, inclusion=(inclusion,)) == (expected, ())


def test_no_known_among_exclusions_only_says_once_more_that_it_is_one(reader: CriteriaReader) -> None:
    assert read(reader, exclusion=("No known EGFR mutation",)) == ((), (("EGFR mutation",),))


def test_all_of_a_list_hold_together(reader: CriteriaReader) -> None:
    item = "{} of the following:\n    - ER positive\n    - HER2 negative\n    - PIK3CA mutation"
    together = (("ER positive", "HER2 negative", "PIK3CA mutation"),)
    assert read(reader, inclusion=(item.format("All"),))[0] == together
    assert read(reader, inclusion=(item.format("One"),))[0] == (
        ("ER positive",), ("HER2 negative",), ("PIK3CA mutation",),
    )  # fmt: skip


def test_what_relatives_have_and_who_is_eligible_all_the_same_is_not_asked_for(reader: CriteriaReader) -> None:
    assert read(reader, inclusion=("Family history of a BRCA2 mutation",)) == ((), ())
    assert read(reader, exclusion=("HER2 positive (patients with HER2-low disease remain eligible)",)) == (
        (), (("HER2 positive",),),
    )  # fmt: skip


@pytest.mark.parametrize(
    "item",
    [
        "EGFR mutation- and ALK fusion-negative",
        "EGFR-mutation/ALK-fusion-negative",
        "EGFR mutation or ALK fusion negative",
    ],
)
def test_a_denial_at_the_end_of_a_list_reaches_all_of_it(reader: CriteriaReader, item: str) -> None:
    required, excluded = read(reader, inclusion=(item,))
    assert required == ()
    assert ("EGFR mutation",) in excluded
