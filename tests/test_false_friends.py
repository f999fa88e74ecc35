"""Words that are spelled like names and are none, each with a sentence; and the names themselves, which still count."""

import pytest
from vocabularies import written

from kg.annotation import Annotator
from kg.extract.false_friends import is_doubtful
from kg.lexicon import Entry
from kg.models import Concept, ConceptType
from kg.terminology import Terminology
from kg.vocabulary import VocabularyFolder

# Symbols and aliases as HGNC has them.
GENES = (
    ("WAS", ""), ("SET", ""), ("REST", ""), ("CAT", ""), ("MET", ""), ("STAR", ""), ("IMPACT", ""), ("T", ""),
    ("AR", ""),
    ("ALK", ""), ("MAX", ""), ("CIC", "capicua"), ("GEMIN", "GAP, NOT"), ("XPAR", "ICU, PI"), ("ZAP70", "SRK"),
    ("KIT", ""), ("ACE", ""), ("MICE1", "BED, AGE, CELL"), ("AKT1", "PKB"), ("CLOCK", ""), ("LARGE1", "LARGE"),
)  # fmt: skip


@pytest.fixture(scope="module")
def annotator(terminology: Terminology, tmp_path_factory: pytest.TempPathFactory) -> Annotator:
    folder = tmp_path_factory.mktemp("genes")
    rows = "".join(f"HGNC:{95_000 + n}\t{it}\t\tApproved\t{more}\t\n" for n, (it, more) in enumerate(GENES))
    head = "HGNC ID\tApproved Symbol\tApproved Name\tStatus\tSynonyms\tEntrez Gene ID\n"
    VocabularyFolder(folder).add(written(folder, genes=head + rows))
    return Annotator(terminology, VocabularyFolder(folder).open())


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("Patients seen in the ER within a day", "ER"),
        ("An ER visit or hospital stay", "ER"),
        ("The primary endpoint was met in both arms", "met"),
        ("Criteria are MET at week 12", "MET"),
        ("at least 3 MET hours of exercise", "MET"),
        ("a PR or CR by RECIST", "PR"),
        ("a PR or CR by RECIST", "CR"),
        ("Best response of CR, PR or SD", "PR"),
        ("on an AR basis", "AR"),
        ("ALK phos below 2.5 x ULN", "ALK"),
        ("Alk Phos and ALT", "Alk"),
        ("a CAT scan of the chest", "CAT"),
        ("allergic to cat hair", "cat"),
        ("he was treated, and was well", "was"),
        ("WAS AND SET AND REST ARE WORDS", "SET"),
        ("a set of questions at rest", "set"),
        ("a set of questions at rest", "rest"),
        ("the IMPACT study", "IMPACT"),
        ("impact on daily life", "impact"),
        ("T cells and T scores", "T"),
        ("STAR-labelled rows", "STAR"),
        ("MAX dose of 20 mg", "MAX"),
        ("a first aid kit", "kit"),
        ("admitted to the ICU", "ICU"),
        ("The PI decides", "PI"),
        ("AGE over 18", "AGE"),
        ("large trials around the clock", "large"),
        ("large trials around the clock", "clock"),
        ("an IMAGING GAP AND NOT ACE INHIBITORS", "GAP"),
        ("the AKT1 gene in mice", "mice"),
    ],
)
def test_no_name(annotator: Annotator, text: str, word: str) -> None:
    start = text.index(word)
    found = [it for it in annotator.mentions(text) if it.start < start + len(word) and start < it.end]
    assert [(it.text, it.label) for it in found if it.type == "Marker"] == []


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("MET amplification", "MET"),
        ("ER-positive disease", "ER"),
        ("ALK rearrangement", "ALK"),
        ("KIT mutation", "KIT"),
        ("ZAP70 expression", "ZAP70"),
        ("Akt1 and AKT1", "Akt1"),
        ("the transcription factor capicua", "capicua"),
    ],
)
def test_names(annotator: Annotator, text: str, words: str) -> None:
    assert [it for it in annotator.mentions(text) if it.type == "Marker" and words in it.text]


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("the analgesic effect lasted", "analgesic"),
        ("adrenergic receptors of the heart", "adrenergic"),
        ("antihypertensive activity in rats", "antihypertensive"),
        ("antihypertensive placebo", "antihypertensive"),
    ],
)
def test_what_something_does_is_not_given(annotator: Annotator, text: str, word: str) -> None:
    assert word not in {it.text for it in annotator.mentions(text)}


def test_what_is_given_is(annotator: Annotator) -> None:
    found = {
        it.text for it in annotator.mentions("an analgesic, and antihypertensive drugs or antihypertensive therapy")
    }
    assert any(it.startswith("analgesic") for it in found)
    assert any(it.startswith("antihypertensive") for it in found)


def test_a_sham_is_not_the_thing_by_its_short_form_either(annotator: Annotator) -> None:
    found = annotator.mentions("electroacupuncture (ELAC), then sham ELAC, then ELAC")
    assert [it.text for it in found if it.text == "ELAC"] == ["ELAC", "ELAC"]


def test_therapy_at_a_distance_is_no_radiotherapy(annotator: Annotator) -> None:
    assert [it for it in annotator.mentions("teletherapy sessions on the telephone") if it.text == "teletherapy"] == []


def test_a_code_is_no_procedure(annotator: Annotator) -> None:
    assert [it.text for it in annotator.mentions("CT-101 or placebo, and a CT scan") if it.type == "Procedure"] == [
        "CT scan"
    ]


@pytest.mark.parametrize(
    ("surface", "label", "doubtful"),
    [
        ("particles", "PARTICL", True),
        ("CPPS", "CPP", True),  # not the plural, which is "CPPs"
        ("CPPs", "CPP", False),
        ("CPP", "CPP", False),
    ],
)
def test_a_symbol_is_not_every_word_like_it(surface: str, label: str, doubtful: bool) -> None:
    concept = Concept(
        iri="http://identifiers.org/hgnc/90001",
        concept_type=ConceptType.MARKER,
        pref_label=label,
        gene_iri="http://identifiers.org/hgnc/90001",
    )
    text = f"the gene {surface}"
    assert is_doubtful(Entry(concept, label, "prefLabel", None, 2), text, 9, len(text)) is doubtful
