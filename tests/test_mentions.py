import pytest
from conftest import make_field
from hypothesis import given
from hypothesis import strategies as st

from kg.extract.mentions import MentionFinder
from kg.lexicon import Lexicon
from kg.models import FieldKind, Mention

Found = tuple[str, str, str | None]

# Pieces of which real texts are made, and some that no text should have.
PIECES = (
    "HER2",
    "HER-2/neu",
    "ER",
    "PR",
    "estrogen receptor",
    "(ER)",
    "EGFR",
    "PD‑L1",
    "ctDNA",
    "+",
    "-",
    "−",
    "/",
    " and ",
    " or ",
    ", ",
    "positive",
    " negative",
    "-low",
    " 3+",
    "IHC ",
    "no ",
    "not ",
    "loss of ",
    "breast cancer",
    "T-DXd",
    " ",
    "\n\n",
    "\n* ",
    ". ",
    "🧬",
    "é",
    "\x00",
    "\u2028",
    "(",
    ")",
)


@pytest.fixture(scope="session")
def finder(lexicon: Lexicon) -> MentionFinder:
    return MentionFinder(lexicon)


def short(mention: Mention) -> Found:
    return mention.span.quote, mention.concept.pref_label, mention.state


def find(finder: MentionFinder, text: str) -> list[Found]:
    (mentions,) = finder.find([make_field(text)])
    return [short(mention) for mention in mentions]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("T-DXd (Enhertu)", [("T-DXd", "trastuzumab deruxtecan", None), ("Enhertu", "trastuzumab deruxtecan", None)]),
        ("palbociclib/letrozole", [("palbociclib", "palbociclib", None), ("letrozole", "letrozole", None)]),
        ("the oestrogen receptors", [("oestrogen receptors", "ER", None)]),
        ("an EGFR-TKI", [("EGFR-TKI", "EGFR tyrosine kinase inhibitor", None)]),
        ("anti-HER2 therapy", [("anti-HER2 therapy", "anti-HER2 therapy", None)]),
        ("we met the cat", []),
        ("anti-androgens", []),
        ("disc disease at L5-S1", []),
    ],
)
def test_names(finder: MentionFinder, text: str, expected: list[Found]) -> None:
    assert find(finder, text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("HR+/HER2-", [("HR+", "hormone receptor", "positive"), ("HER2-", "HER2", "negative")]),
        ("HR+/HER2−", [("HR+", "hormone receptor", "positive"), ("HER2−", "HER2", "negative")]),
        ("HER2-low", [("HER2-low", "HER2", "low")]),
        ("HER2 low-expressing", [("HER2 low-expressing", "HER2", "low")]),
        ("HER2 ultralow", [("HER2 ultralow", "HER2", "ultralow")]),
        ("HER2 IHC 3+", [("HER2 IHC 3+", "HER2", "positive")]),
        ("HER2 1+", [("HER2 1+", "HER2", "low")]),
        ("HER2 0", [("HER2 0", "HER2", "negative")]),
        ("HER2 2+", [("HER2", "HER2", None)]),
        ("HER2 gene amplification", [("HER2 gene amplification", "HER2", "amplified")]),
        ("non-amplified HER2", [("non-amplified HER2", "HER2", "not-amplified")]),
        ("ER-positive", [("ER-positive", "ER", "positive")]),
        ("negative ctDNA-MRD", [("negative ctDNA-MRD", "ctDNA-MRD", "negative")]),
        ("elevated PSA", [("elevated PSA", "PSA", "elevated")]),
        ("loss of PTEN", [("loss of PTEN", "PTEN", "loss")]),
        ("wild-type KRAS", [("wild-type KRAS", "KRAS", "wild-type")]),
        ("dMMR or MSI-H", [("dMMR", "MMR", "deficient"), ("MSI-H", "MSI", "high")]),
        ("estrogen receptor (ER)-positive", [("estrogen receptor (ER)-positive", "ER", "positive")]),
        (
            "programmed death ligand 1 (PD-L1) negative",
            [("programmed death ligand 1 (PD-L1) negative", "PD-L1", "negative")],
        ),
        ("EGFR exon 19 deletion", [("EGFR exon 19 deletion", "EGFR exon 19 deletion", "positive")]),
        ("HER2-targeted therapy", [("HER2-targeted therapy", "anti-HER2 therapy", None)]),
        ("HER2-expressing", [("HER2-expressing", "HER2", "expressed")]),
        ("HER2 status", [("HER2", "HER2", None)]),
    ],
)
def test_a_marker_and_its_state(finder: MentionFinder, text: str, expected: list[Found]) -> None:
    assert find(finder, text) == expected


@pytest.mark.parametrize(
    ("text", "states"),
    [
        ("ER and/or PR positive", [("ER", "positive"), ("PR", "positive")]),
        ("EGFR- and ALK-negative", [("EGFR", "negative"), ("ALK", "negative")]),
        ("RAS/BRAF wild type", [("RAS", "wild-type"), ("BRAF", "wild-type")]),
        ("ER+, PR- and HER2+", [("ER", "positive"), ("PR", "negative"), ("HER2", "positive")]),
        ("ER-positive and HER2", [("ER", "positive"), ("HER2", None)]),
        ("HER2-positive, EGFR status", [("HER2", "positive"), ("EGFR", None)]),
        ("BRCA1 or BRCA2 mutation", [("BRCA1", "mutated"), ("BRCA2", "mutated")]),
        ("Negative for ER, PR, and HER2", [("ER", "negative"), ("PR", "negative"), ("HER2", "negative")]),
        ("positive ER and PR", [("ER", "positive"), ("PR", "positive")]),
        ("ER, PR and HER2 status", [("ER", None), ("PR", None), ("HER2", None)]),
        ("PD-L1, ALK fusion", [("PD-L1", None), ("ALK", "fusion")]),
    ],
)
def test_markers_in_a_list(finder: MentionFinder, text: str, states: list[tuple[str, str | None]]) -> None:
    assert [(label, state) for _, label, state in find(finder, text)] == states


def test_a_shared_state_stays_within_its_name_and_words(finder: MentionFinder) -> None:
    text = "HER2 and/or EGFR positive"
    (mentions,) = finder.find([make_field(text)])
    assert [(text[it.name_start : it.name_end], it.span.quote, it.rule) for it in mentions] == [
        ("HER2", text, "state-coordination"),
        ("EGFR", "EGFR positive", "state-word"),
    ]


def test_the_marker_in_a_diseases_name(finder: MentionFinder) -> None:
    assert find(finder, "HER2-positive breast cancer") == [
        ("HER2-positive breast cancer", "HER2-positive breast cancer", None),
        ("HER2-positive", "HER2", "positive"),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "seen in the ER",
        "a PR of 30 %",
        "HR 0.75 (95% CI 0.5-0.9)",
        "we met MET",
        "cytotoxic T cells and other cytotoxic markers",
    ],
)
def test_an_ambiguous_label_proves_nothing_alone(finder: MentionFinder, text: str) -> None:
    assert find(finder, text) == []


@pytest.mark.parametrize(
    ("texts", "meanings"),
    [
        (("complete (CR) or partial response (PR)", "PR was seen"), [{"partial response"}, {"partial response"}]),
        (("circulating tumour DNA (ctDNA)", "ctDNA"), [{"ctDNA"}, {"ctDNA"}]),
        (("the emergency room (ER)", "the ER, HER2 and PR"), [set(), {"HER2", "PR"}]),
        (("estrogen receptor (ER)", "the ER"), [{"ER"}, {"ER"}]),
    ],
)
def test_a_document_defines_its_abbreviations(
    finder: MentionFinder, texts: tuple[str, ...], meanings: list[set[str]]
) -> None:
    found = finder.find([make_field(text) for text in texts])
    assert [{mention.concept.pref_label for mention in mentions} for mentions in found] == meanings


def test_rules_and_confidence_tell_how_a_mention_was_found(finder: MentionFinder) -> None:
    (mentions,) = finder.find([make_field("Enhertu in HER2-low, HR+, HER2 IHC 1+ and dMMR disease")])
    assert [(it.rule, it.state) for it in mentions] == [
        ("dictionary", None),
        ("state-word", "low"),
        ("state-sign", "positive"),
        ("her2-ihc-score", "low"),
        ("state-name", "deficient"),
    ]
    assert all(0 < mention.confidence <= 1 for mention in mentions)


def test_no_text_gives_no_mention(finder: MentionFinder) -> None:
    assert finder.find([]) == []


@given(st.lists(st.sampled_from(PIECES) | st.text(max_size=8), max_size=25).map("".join).filter(str.strip))
def test_offsets_slice_back_to_the_surface(finder: MentionFinder, text: str) -> None:
    field = make_field(text, FieldKind.BRIEF_SUMMARY)
    (mentions,) = finder.find([field])
    place = 0
    for mention in mentions:
        span = mention.span
        assert span.text is field
        assert place <= span.start <= mention.name_start < mention.name_end <= span.end <= len(text)
        assert span.quote == text[span.start : span.end] != ""
        assert mention.state is None or mention.state in mention.concept.possible_states
        place = 0 if mention.state else span.start


def test_a_name_ends_with_the_bracket_that_it_opened(finder: MentionFinder) -> None:
    text = "myeloma with del(17p), (t(4;14))"
    mentions = finder.find([make_field(text)])[0]
    assert [it.span.quote for it in mentions if it.state] == ["del(17p)", "t(4;14)"]
