"""Statements about biomarkers, one sentence a rule: what is read, how it is written, and what only looks alike."""

import pytest

from kg.extract.biomarkers.grammar import Phrase, phrases
from kg.extract.biomarkers.names import MarkerNames
from kg.extract.biomarkers.tokens import tag
from kg.extract.biomarkers.wording import spelled
from kg.terminology import Terminology, load_gene_symbols


@pytest.fixture(scope="module")
def names(terminology: Terminology) -> MarkerNames:
    return MarkerNames(terminology.concepts, load_gene_symbols())


def read(text: str, names: MarkerNames) -> list[Phrase]:
    return phrases(text, tag(text, names))


def strings(text: str, names: MarkerNames) -> list[str]:
    return [spelled(biomarker) for phrase in read(text, names) for biomarker in phrase.biomarkers]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # signs and words
        ("HER2+ tumour", ["HER2 positive"]),
        ("Her-2/neu negative", ["HER2 negative"]),
        ("CD20 (+) lymphoma", ["CD20 positive"]),
        ("ER-positive and PgR- tumours", ["ER positive", "PgR negative"]),
        ("tumour positive for CD19", ["CD19 positive"]),
        ("negative HER2 status", ["HER2 negative"]),
        ("HER2 3+", ["HER2 positive"]),
        ("HER2-low disease", ["HER2 low"]),
        ("BCMA-expressing plasma cells", ["BCMA expression"]),
        ("tumours that overexpress HER2", ["HER2 overexpression"]),
        ("low ATM expression", ["ATM low expression"]),
        ("high MET expression", ["MET overexpression"]),
        ("CD30 positive expression", ["CD30 expression"]),
        ("PD-L1 TPS ≥ 1 %", ["PD-L1 expression"]),
        ("claudin 18.2 positive", ["claudin 18.2 positive"]),
        ("FRα-positive", ["FRα positive"]),
        # alterations
        ("KRAS mutant carcinoma", ["KRAS mutation"]),
        ("KRASm carcinoma", ["KRAS mutation"]),
        ("ALK-rearranged", ["ALK rearrangement"]),
        ("ROS1 translocations", ["ROS1 translocation"]),
        ("CCNE1 amplified", ["CCNE1 amplification"]),
        ("MTAP deletion", ["MTAP deletion"]),
        ("loss of MLH1 or MSH6", ["MLH1 loss", "MSH6 loss"]),
        ("wild-type KRAS", ["KRAS wild-type"]),
        ("TP53 wt", ["TP53 wt"]),
        ("nonsense or frameshift mutation of NF1", ["NF1 nonsense mutation", "NF1 frameshift mutation"]),
        ("NF1 nonsense or frameshift mutation", ["NF1 nonsense mutation", "NF1 frameshift mutation"]),
        ("activating NRAS mutations", ["NRAS activating mutation"]),
        ("an oncogenic RET fusion", ["RET fusion"]),
        ("BRCA2 mutation that is predicted to be deleterious", ["BRCA2 deleterious mutation"]),
        ("BRCA1 mutations (germline or somatic)", ["BRCA1 mutation (germline)", "BRCA1 mutation (somatic)"]),
        ("loss of MSH2 expression", ["MSH2 loss"]),
        ("unmethylated MGMT promoter", ["MGMT unmethylated"]),
        ("KRAS and BRAF V600E wild-type", ["KRAS wild-type", "BRAF wild-type"]),
        ("C797S or exon 20 insertion EGFR mutation", ["EGFR C797S", "EGFR exon 20 insertion"]),
        ("BRCA1 variants of uncertain significance", ["BRCA1 uncertain significance"]),
        ("PI3K or MAPK pathway activation", ["PI3K pathway activation", "MAPK pathway activation"]),
        # variants: the word mutation is dropped
        ("EGFR L858R mutation", ["EGFR L858R"]),
        ("KRAS p.G12C-mutated", ["KRAS p.G12C"]),
        ("KRASG12D", ["KRAS G12D"]),
        ("a G12V KRAS mutation", ["KRAS G12V"]),
        ("BRAF V600E/K", ["BRAF V600E", "BRAF V600K"]),
        ("BRAF non-V600 mutation", ["BRAF non-V600"]),
        ("BRAF Class I or II", ["BRAF class 1 mutation", "BRAF class 2 mutation"]),
        ("EGFR/HER2 exon 20 insertion mutation", ["EGFR exon 20 insertion", "HER2 exon 20 insertion"]),
        ("EGFR deletion in exon 19", ["EGFR exon 19 deletion"]),
        ("KIT exon 9 or 11 mutation", ["KIT exon 9 mutation", "KIT exon 11 mutation"]),
        ("MET exon 14 skipping", ["MET exon 14 skipping"]),
        ("FLT3-ITD", ["FLT3 ITD"]),
        ("IDH2 (R140 or R172) mutation", ["IDH2 R140", "IDH2 R172"]),
        ("EGFR mutation (L858R or exon 19 deletion)", ["EGFR L858R", "EGFR exon 19 deletion"]),
        (
            "EGFR mutation, including L858R and T790M",
            ["EGFR mutation", "EGFR L858R", "EGFR T790M"],
        ),
        # lists, families and gene sets
        ("BRCA1/2 mutation", ["BRCA1 mutation", "BRCA2 mutation"]),
        ("RAD51C/D defect", ["RAD51C defect", "RAD51D defect"]),
        ("BRCA1/BRCA2 mutation", ["BRCA1 mutation", "BRCA2 mutation"]),
        ("HER2 non-amplified", ["HER2 non-amplified"]),
        ("GNAQ/11 mutation", ["GNAQ mutation", "GNA11 mutation"]),
        ("NTRK1-3 fusion", ["NTRK1 fusion", "NTRK2 fusion", "NTRK3 fusion"]),
        ("mutations in one or more of the following genes: ATM, PALB2", ["ATM mutation", "PALB2 mutation"]),
        ("known mutations (EGFR, ALK)", ["EGFR mutation", "ALK mutation"]),
        ("RAS (K/N) mutation", ["KRAS mutation", "NRAS mutation"]),
        ("ATM, CHEK2, QRS7 or PALB2 mutation", ["ATM mutation", "CHEK2 mutation", "QRS7 mutation", "PALB2 mutation"]),
        ("germline or somatic BRCA1 mutation", ["BRCA1 mutation (germline)", "BRCA1 mutation (somatic)"]),
        # synonyms
        ("epidermal growth factor receptor (EGFR) mutation", ["EGFR mutation"]),
        ("PTPN11 (SHP2) mutation", ["PTPN11 mutation"]),
        (
            "estrogen and progesterone receptors negative",
            ["estrogen receptor negative", "progesterone receptor negative"],
        ),
        ("cluster of differentiation 20 (CD20) positive", ["CD20 positive"]),
        ("ER/PR+ HER2- tumour", ["ER positive", "PR positive", "HER2 negative"]),
        ("ER+PR+HER2-", ["ER positive", "PR positive", "HER2 negative"]),
        ("BCR::ABL1 positive", ["BCR::ABL1 positive"]),
        ("one of: ATM, BRCA2, or CDK12 mutations", ["ATM mutation", "BRCA2 mutation", "CDK12 mutation"]),
        ("EGFR mutation (del19 or 20ins)", ["EGFR exon 19 deletion", "EGFR exon 20 insertion"]),
        ("non-V600E BRAF mutation", ["BRAF non-V600E"]),
        # names that have their state in them
        ("MSI-H", ["MSI-H"]),
        ("MSI high", ["MSI-high"]),
        ("microsatellite instability-high (MSI-H)", ["microsatellite instability-high"]),
        ("microsatellite stable", ["MSS"]),
        ("deficient MMR", ["mismatch repair deficient"]),
        ("dMMR", ["dMMR"]),
        ("TMB-high", ["TMB-high"]),
        ("Ph+ leukaemia", ["Philadelphia chromosome positive"]),
        ("t(11;14) or del(17p)", ["t(11;14)", "del(17p)"]),
        ("HLA-A2 or A3 positive", ["HLA-A2 positive", "HLA-A3 positive"]),
        ("H3.3 K27M", ["H3.3 K27M"]),
    ],
)
def test_what_is_said_of_a_marker(text: str, expected: list[str], names: MarkerNames) -> None:
    assert strings(text, names) == expected


@pytest.mark.parametrize(
    "text",
    [
        "anti-EGFR antibody",
        "HER2-targeted therapy",
        "PD-1/PD-L1 inhibitors",
        "CD4+ T-cell count above 350",
        "positive lymph nodes",
        "HBsAg positive",
        "serum ALT increased",
        "T315I mutation",  # no gene
        "ALK positive or negative",
        "MET all criteria",
        "HR pathway",
        "re-expression of SSTR2",
        "strong CYP3A4 inducer",
        "ER+/- disease",
        "pleural effusion",
    ],
)
def test_what_only_looks_like_it(text: str, names: MarkerNames) -> None:
    assert strings(text, names) == []


@pytest.mark.parametrize(
    ("text", "all_of"),
    [
        ("ER, PR and HER2 negative", True),
        ("KRAS, NRAS and BRAF wild-type", True),
        ("ER and/or PR positive", False),
        ("ALK or ROS1 positive", False),
        ("KRAS and NRAS mutations", False),  # what is found in either
    ],
)
def test_a_state_that_all_names_have(text: str, all_of: bool, names: MarkerNames) -> None:
    assert [phrase.all_of for phrase in read(text, names)] == [all_of]


def test_offsets_cover_the_statement_with_its_synonyms(names: MarkerNames) -> None:
    text = "with an estrogen receptor (ER)-positive tumour"
    (phrase,) = read(text, names)
    assert text[phrase.start : phrase.end] == "estrogen receptor (ER)-positive"


@pytest.mark.parametrize(
    "text",
    ["EGFR, " * 2000, ", " * 5000, "mutation in the " * 1000, "(" * 5000, "HER2+/" * 2000, "t(9;" * 2000],
)
def test_no_text_is_slow(text: str, names: MarkerNames) -> None:
    read(text, names)


def test_every_gene_of_the_list_has_one_number() -> None:
    symbols = load_gene_symbols()
    assert symbols["EGFR"] == "3236"
    assert symbols["KRAS"] == "6407"
    assert all(number.isdigit() for number in symbols.values())
    assert list(symbols) == sorted(symbols)
