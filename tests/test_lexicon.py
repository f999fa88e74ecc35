from collections.abc import Sequence

import pytest
from conftest import make_concept
from hypothesis import given
from hypothesis import strategies as st

from kg.lexicon import Entry, Lexicon, entries_of
from kg.models import Concept, ConceptType
from kg.terminology import Terminology

HER2 = make_concept("HER2", ConceptType.MARKER, alt_labels=("ERBB2", "HER-2/neu"), ambiguous_labels=("NEU",))
T_DXD = make_concept("trastuzumab deruxtecan", ConceptType.DRUG, alt_labels=("T-DXd", "Enhertu"))
TRASTUZUMAB = make_concept("trastuzumab", ConceptType.DRUG)
PH = make_concept("Ph+ leukemia", ConceptType.DISEASE, alt_labels=("Ph+",))
CAT = make_concept("chloramphenicol", ConceptType.DRUG, alt_labels=("CAT",))
CAPECITABINE = make_concept("capecitabine", ConceptType.DRUG, alt_labels=("CAP",))
CAPIVASERTIB = make_concept("capivasertib", ConceptType.DRUG, alt_labels=("CAP",))
MINUS = make_concept("marker-negative disease", ConceptType.DISEASE, alt_labels=("HR-",))
SMALL = (HER2, T_DXD, TRASTUZUMAB, PH, CAT, MINUS, CAPIVASERTIB, CAPECITABINE)


def make_lexicon(concepts: Sequence[Concept] = SMALL) -> Lexicon:
    return Lexicon(entry for concept in concepts for entry in entries_of(concept))


def found(lexicon: Lexicon, text: str) -> list[tuple[str, str]]:
    return [(text[match.start : match.end], match.entries[0].concept.pref_label) for match in lexicon.find(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("trastuzumab deruxtecan", [("trastuzumab deruxtecan", "trastuzumab deruxtecan")]),
        ("trastuzumab, deruxtecan", [("trastuzumab", "trastuzumab")]),
        ("Trastuzumab  Deruxtecan", [("Trastuzumab  Deruxtecan", "trastuzumab deruxtecan")]),
        ("T DXd or T-DXd", [("T DXd", "trastuzumab deruxtecan"), ("T-DXd", "trastuzumab deruxtecan")]),
        ("(ERBB2)", [("ERBB2", "HER2")]),
        ("HER-2/neu and HER2", [("HER-2/neu", "HER2"), ("HER2", "HER2")]),
        ("trastuzumab\ntrastuzumab", [("trastuzumab", "trastuzumab")] * 2),
        ("pretrastuzumab, trastuzumab1, HER22", []),
        ("a CAT and a cat", [("CAT", "chloramphenicol")]),
        ("two CATs", [("CATs", "chloramphenicol")]),
        ("trastuzumab\n\n* deruxtecan", [("trastuzumab", "trastuzumab")]),
        ("nothing here", []),
        ("", []),
    ],
)
def test_the_longest_name_wins(text: str, expected: list[tuple[str, str]]) -> None:
    assert found(make_lexicon(), text) == expected


def test_a_name_does_not_start_with_the_second_part_of_a_word() -> None:
    induced = make_concept("induced hypotension", ConceptType.PROCEDURE)
    hypotension = make_concept("hypotension", ConceptType.DISEASE)
    lexicon = make_lexicon((induced, hypotension))
    assert found(lexicon, "nitrate-induced hypotension") == [("hypotension", "hypotension")]
    assert found(lexicon, "an induced hypotension") == [("induced hypotension", "induced hypotension")]


def test_signs_in_a_label_must_stand_in_the_text() -> None:
    lexicon = make_lexicon()
    assert [entry.concept for entry in lexicon.look_up("HR-")] == [MINUS]
    assert [match.entries for match in lexicon.find("HR status")] == []
    assert [match.entries[0].concept for match in lexicon.find("Ph+ leukaemia")] == [PH]


def test_a_look_up_gives_the_ambiguous_meaning_as_such() -> None:
    (entry,) = make_lexicon().look_up("NEU")
    assert (entry.concept, entry.ambiguous, entry.kind) == (HER2, True, "ambiguousLabel")
    assert make_lexicon().look_up("unheard of") == ()


def test_a_label_that_is_also_ambiguous_is_only_that() -> None:
    er = make_concept("ER", ConceptType.MARKER, alt_labels=("ESR1",), ambiguous_labels=("ER",))
    assert [(entry.label, entry.kind) for entry in entries_of(er)] == [("ER", "ambiguousLabel"), ("ESR1", "altLabel")]


def test_two_meanings_of_one_label_come_together() -> None:
    (match,) = make_lexicon().find("with CAP")
    assert [entry.concept for entry in match.entries] == [CAPECITABINE, CAPIVASERTIB]


def test_a_lexicon_of_one_class() -> None:
    markers = make_lexicon().only(ConceptType.MARKER)
    assert found(markers, "HER2 and trastuzumab") == [("HER2", "HER2")]


@given(st.permutations([entry for concept in SMALL for entry in entries_of(concept)]))
def test_the_order_of_the_labels_does_not_matter(entries: list[Entry]) -> None:
    lexicon, text = Lexicon(entries), "HER2, Enhertu, CAT, CAP, Ph+ and trastuzumab"
    assert list(lexicon.find(text)) == list(make_lexicon().find(text))
    assert len(lexicon) == len(make_lexicon())


@given(
    st.lists(st.sampled_from(["HER-2", "NEU", "trastuzumab", "deruxtecan", "Ph+", "CAT", ",", "\n\n", " ", "x", "𝛼"]))
)
def test_matches_are_whole_words_in_order_and_apart(pieces: list[str]) -> None:
    text, place = "".join(pieces), 0
    for match in make_lexicon().find(text):
        assert place <= match.start < match.end <= len(text)
        assert not text[match.start - 1 : match.start].isalnum()
        assert not text[match.end : match.end + 1].isalnum()
        assert match.entries
        place = match.end


def test_an_unrelated_concept_leaves_the_others_alone() -> None:
    text = "Enhertu for HER2"
    more = (*SMALL, make_concept("widgetinib", ConceptType.DRUG, alt_labels=("WDG-1",)))
    assert found(make_lexicon(more), text) == found(make_lexicon(), text)


@pytest.mark.parametrize(
    ("name", "label"),
    [
        ("ribociclib", "ribociclib"),
        ("Kisqali", "ribociclib"),
        ("LEE-011", "ribociclib"),
        ("DS 8201a", "trastuzumab deruxtecan"),
        ("Enhertu®", "trastuzumab deruxtecan"),
        ("HER-2", "HER2"),
        ("c-erbB-2", "HER2"),
        ("oestrogen receptor", "ER"),
        ("PD‑L1", "PD-L1"),
        ("CDK 4/6 inhibitors", "CDK4/6 inhibitor"),
    ],
)
def test_names_in_the_bundled_terminology(lexicon: Lexicon, name: str, label: str) -> None:
    assert {entry.concept.pref_label for entry in lexicon.look_up(name)} == {label}


def test_every_preferred_label_finds_its_concept(lexicon: Lexicon, terminology: Terminology) -> None:
    lost = [
        concept.pref_label
        for concept in terminology.concepts.values()
        if concept not in {entry.concept for entry in lexicon.look_up(concept.pref_label)}
    ]
    assert lost == []
