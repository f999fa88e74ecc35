"""The linker of given names: each reading, each level of likeness, what it must not do."""

import pytest

from kg.linking.classes import classes_named
from kg.linking.context import Context
from kg.linking.dosage import values
from kg.linking.index import Label, MemoryIndex, make_tables
from kg.linking.linker import Linker, Ranked
from kg.linking.readings import ALL, Component
from kg.linking.reported import ReportedNames, Taken
from kg.short_forms import glossary, words_spelling

_NAMES = {
    "Disease": (
        "Breast Neoplasms|Breast Cancer|Cancer of the Breast",
        "Neoplasm Metastasis|Metastasis",
        "Kidney Diseases|Renal Disease",
        "Chemical and Drug Induced Liver Injury|Liver Injury, Drug-Induced",
        "Dyskinesias|Dyskinesia",
        "Dyskinesia, Drug-Induced",
        "Psychotic Disorders|Psychosis",
        "Bipolar Disorder",
        "Diabetes Mellitus",
        "Diabetes Mellitus, Type 2",
        "Diabetes Complications",
        "Anemia",
        "Thromboembolism",
        "Liver Failure, Acute|Acute Liver Failure",
        "Myotonic Dystrophy",
        "Huntington Disease",
        "HIV Infections",
        "Ovarian Neoplasms|Ovarian Cancer",
        "Lymphoma, Non-Hodgkin|Non-Hodgkin Lymphoma",
        "Hodgkin Disease|Hodgkin Lymphoma",
    ),
    "Drug": (
        "Calcium Chloride",
        "Chloride",
        "Sodium",
        "Valproic Acid",
        "Ethanol",
        "Propranolol",
        "Letrozole",
        "Ribociclib",
        "Carboplatin",
        "Trimethoprim",
        "Sulfamethoxazole",
        "Lopinavir",
        "Placebos|Placebo",
        "Corticotropin|ACTH",
        "Captopril",
    ),
    "DrugClass": ("Statins", "Calcium Channel Blockers"),
    "DrugCombination": ("Trimethoprim, Sulfamethoxazole Drug Combination|Cotrimoxazole",),
    "Marker": ("HER2", "Captopril Receptor"),
}
_BROADER = {
    "Diabetes Mellitus, Type 2": ["Diabetes Mellitus"],
    "Diabetes Complications": ["Diabetes Mellitus"],
}


def index() -> MemoryIndex:
    labels = [
        Label(names.split("|")[0], kind, name, "altLabel" if place else "prefLabel")
        for kind, concepts in _NAMES.items()
        for names in concepts
        for place, name in enumerate(names.split("|"))
    ]
    return MemoryIndex(make_tables(labels), _BROADER)


@pytest.fixture(scope="module")
def linker() -> Linker:
    return Linker([index()])


@pytest.fixture(scope="module")
def names(linker: Linker) -> ReportedNames:
    return ReportedNames(linker)


def best(found: tuple[Ranked, ...]) -> tuple[str, str] | None:
    return (found[0].label.concept_iri, found[0].rule) if found else None


@pytest.mark.parametrize(
    ("name", "class_name", "concept", "rule"),
    [
        ("Breast Cancer", "Disease", "Breast Neoplasms", ""),
        ("breast cancers", "condition", "Breast Neoplasms", "spelling variant"),
        ("cancer, breast", "disease", "Breast Neoplasms", "other order of words"),
        ("breast carcinoma", "Disease", "Breast Neoplasms", "related head"),
        ("anaemia", "Disease", "Anemia", "spelling variant"),
        ("psychotic", "Disease", "Psychotic Disorders", "other word forms"),
        ("bipolar", "Disease", "Bipolar Disorder", "its head left out"),
        ("renal toxicity", "Disease", "Kidney Diseases", '"toxicity" read as "disease"'),
        ("nephrotoxicity", "Disease", "Kidney Diseases", '"toxicity" read as "disease", spelling variant'),
        (
            "hepatotoxicity",
            "Disease",
            "Chemical and Drug Induced Liver Injury",
            '"toxicity" read as "drug induced injury", other order of words',
        ),
        ("severe anemia", "Disease", "Anemia", 'without "severe"'),
        ("levodopa-induced dyskinesia", "Disease", "Dyskinesia, Drug-Induced", None),
        ("thrombo-embolism", "Disease", "Thromboembolism", "spaces or hyphens"),
        ("dyskynesia", "Disease", "Dyskinesias", 'spelling error for "dyskinesia"'),
        ("HIV", "Disease", "HIV Infections", "infection with it, spelling variant"),
        ("breast and/or ovarian cancer", "Disease", "Breast Neoplasms", None),
        ("CaCl2", "Chemical", "Calcium Chloride", "formula of calcium chloride"),
        ("Na+", "Chemical", "Sodium", "formula of sodium"),
        ("valproate", "Chemical", "Valproic Acid", "acid of this salt"),
        ("alcohol", "Chemical", "Ethanol", "everyday word for ethanol"),
        ("(S)-propranolol", "compound", "Propranolol", 'without "(S)-"'),
        ("propranolol hydrochloride", "Drug", "Propranolol", 'without "hydrochloride"'),
        ("statin", "chemical", "Statins", "spelling variant"),
    ],
)
def test_readings(linker: Linker, name: str, class_name: str, concept: str, rule: str | None) -> None:
    found = linker.rank(name, class_name)
    assert found[0].label.concept_iri == concept
    assert 0.6 < found[0].score <= 1
    if rule is not None:
        assert found[0].rule == rule


def test_a_shortened_name_means_the_concept_above_the_others(linker: Linker) -> None:
    found = linker.rank("diabetes", "Disease")
    assert best(found) == ("Diabetes Mellitus", "all of its words among others")
    flat = Linker([index()], ALL - {Component.HIERARCHY})
    assert flat.rank("diabetes", "Disease")[0].score < found[0].score


@pytest.mark.parametrize(
    ("name", "class_name"),
    [("xyzzy", None), ("acth", "Drug"), ("hodgkins widget", "Drug"), ("Lopinavir/ritonavir", "chemical")],
)
def test_no_answer_is_possible(linker: Linker, name: str, class_name: str | None) -> None:
    assert [it for it in linker.rank(name, class_name) if it.score >= 0.7] == []


def test_a_text_is_no_name(linker: Linker, names: ReportedNames) -> None:
    text = "Breast Cancer " * 100
    assert linker.rank(text, "Disease", Context(text)) == ()
    assert linker.rank("x" * 10_000) == ()
    assert {it.meant.label.concept_iri for it in names.condition(text).parts} == {"Breast Neoplasms"}


def test_a_combination_is_never_one_of_its_parts(linker: Linker) -> None:
    assert linker.rank("lopinavir/letrozole", "Drug") == ()
    assert linker.rank("trimethoprim and sulfamethoxazole", "Drug") == ()


def test_a_negation_is_never_dropped(linker: Linker) -> None:
    assert linker.rank("non-Hodgkin lymphoma", "Disease")[0].label.concept_iri == "Lymphoma, Non-Hodgkin"
    assert all("without" not in it.rule for it in linker.rank("no anemia", "Disease"))
    assert linker.rank("anti-breast-cancer", "Disease") == ()


def test_an_abbreviation_keeps_its_capitals(linker: Linker) -> None:
    assert linker.rank("ACTH", "Drug")[0].score > 0.9
    assert linker.rank("acth", "Drug")[0].score < 0.7


def test_only_the_class_that_is_asked_for(linker: Linker) -> None:
    assert linker.rank("captopril receptor", "Disease") == ()
    assert linker.rank("captopril receptor", "gene")[0].label.concept_type == "Marker"
    assert {it.label.concept_type for it in linker.rank("captopril")} == {"Drug"}


def test_a_score_orders_the_levels(linker: Linker) -> None:
    forms = ("Breast Cancer", "breast cancer", "breast cancers", "cancer breast", "breast carcinoma")
    scores = [linker.rank(form, "Disease")[0].score for form in forms]
    assert scores == sorted(scores, reverse=True)
    assert len(set(scores)) == len(scores)


@pytest.mark.parametrize(
    ("text", "name", "concept", "rule"),
    [
        ("Acute liver failure (ALF) was seen.", "ALF", "Liver Failure, Acute", "Acute liver failure"),
        ("The myotonic dystrophy (DM) gene.", "DM", "Myotonic Dystrophy", "The myotonic dystrophy"),
        ("The HD gene and Huntington's disease.", "HD", "Huntington Disease", "Huntington's disease"),
        ("Dyskinesia (DYS) and more", "DYS", "Dyskinesias", "Dyskinesia"),
    ],
)
def test_short_forms_of_the_document(linker: Linker, text: str, name: str, concept: str, rule: str) -> None:
    assert linker.rank(name, "Disease") == ()
    found = linker.rank(name, "Disease", Context(text))
    assert found[0].label.concept_iri == concept
    assert found[0].rule.startswith(f'short form of "{rule}"')


def test_what_the_document_says_to_be_caused(linker: Linker) -> None:
    assert linker.rank("dyskinesia", "Disease", Context("Dyskinesia in the old."))[0].label.concept_iri == "Dyskinesias"
    found = linker.rank("dyskinesia", "Disease", Context("We saw levodopa-induced dyskinesia."))
    assert [it.label.concept_iri for it in found[:2]] == ["Dyskinesia, Drug-Induced", "Dyskinesias"]


def test_a_document_defines_its_short_forms() -> None:
    found = glossary("An inhibitor (captopril 5 mg); the ureteral phosphate (TOTP); diethylstilbestrol (DES, 8 mg)")
    assert found["DES"].spelled == "diethylstilbestrol"
    assert found["TOTP"].spelled is None
    assert "phosphate" not in found["TOTP"].appositions
    assert "captopril" not in found
    assert list(words_spelling("AT", "ataxia telangiectasia; at the")) == ["ataxia telangiectasia", "at the"]


def test_classes_by_the_words_of_others() -> None:
    assert classes_named("CHEMICAL") == classes_named("compounds") != {}
    assert classes_named("DrugClass") == {"DrugClass": 1.0}
    assert classes_named("no such word") == {}


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Ribociclib 600 mg orally once daily", ["dose 600 mg", "route orally", "schedule once daily"]),
        ("Carboplatin AUC 5", ["dose AUC 5"]),
        ("Letrozole 2.5 mg tablets", ["dose 2.5 mg", "doseForm tablets"]),
        ("Widgetmab 1.5-3 mg/kg i.v. every 3 weeks", ["dose 1.5-3 mg/kg", "route i.v.", "schedule every 3 weeks"]),
        ("CD19 CAR-T", []),
        ("HER2", []),
    ],
)
def test_values(name: str, expected: list[str]) -> None:
    assert [f"{it.kind.value} {name[it.start : it.end]}" for it in values(name)] == expected


def parts(name: str, taken: Taken) -> list[tuple[str, str]]:
    return [(name[it.start : it.end], it.meant.label.concept_iri) for it in taken.parts]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Breast Cancer Metastatic", [("Breast Cancer", "Breast Neoplasms")]),
        ("Anemia (Severe)", [("Anemia", "Anemia")]),
        ("Anemia; Breast Cancer", [("Anemia", "Anemia"), ("Breast Cancer", "Breast Neoplasms")]),
        ("Breast Cancer Without Metastasis", [("Breast Cancer", "Breast Neoplasms")]),
        ("Fatigue After Breast Cancer", [("Breast Cancer", "Breast Neoplasms")]),
        ("Breast Cancer Without Anemia or Metastasis", [("Breast Cancer", "Breast Neoplasms")]),
        ("Stage IV Non-Hodgkin Lymphoma", [("Non-Hodgkin Lymphoma", "Lymphoma, Non-Hodgkin")]),
        ("Widget of Non Breast Cancer", []),
        ("Widget", []),
    ],
)
def test_conditions_are_taken_apart(names: ReportedNames, name: str, expected: list[tuple[str, str]]) -> None:
    assert parts(name, names.condition(name)) == expected


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Drug: Letrozole 2.5 mg", ["Letrozole"]),
        ("Carboplatin AUC 5 + letrozole", ["Carboplatin", "Letrozole"]),
        ("Femara (letrozole)", ["Letrozole"]),
        ("Placebo", ["Placebos"]),
        ("Placebo for letrozole", ["Placebos"]),
        ("Letrozole placebo", ["Placebos"]),
        ("Placebo + letrozole", ["Placebos", "Letrozole"]),
        ("Calcium channel blockers", ["Calcium Channel Blockers"]),
        ("No letrozole", []),
        ("Letrozole-eluting stent", ["Letrozole"]),
        ("Letrozole-ribociclib tablets", ["Letrozole", "Ribociclib"]),
        ("Letrozole-based regimen", []),  # what is not all names is no list of them
        ("Letrozole in vehicle 2%", ["Letrozole"]),
        ("Vehicle for letrozole", []),
        ("Letrozole + calcium chloride", ["Letrozole", "Calcium Chloride"]),
        ("Letrozole, ribociclib、captopril", ["Letrozole", "Ribociclib", "Captopril"]),
        ("Unheardofine chloride", []),  # an unknown drug's salt
        ("Propranololo 10 mg", ["Propranolol"]),
    ],
)
def test_interventions_are_taken_apart(names: ReportedNames, name: str, expected: list[str]) -> None:
    assert [concept for _, concept in parts(name, names.intervention(name))] == expected


@pytest.mark.parametrize("name", ["Trimethoprim/sulfamethoxazole", "Sulfamethoxazole 800 mg + trimethoprim 160 mg"])
def test_a_combination_and_its_parts(names: ReportedNames, name: str) -> None:
    found = {concept for _, concept in parts(name, names.intervention(name))}
    assert found == {"Trimethoprim", "Sulfamethoxazole", "Trimethoprim, Sulfamethoxazole Drug Combination"}


def test_nothing_is_linked_in_what_is_imitated_or_denied(names: ReportedNames) -> None:
    imitated = "Placebo matching letrozole + ribociclib"
    assert [imitated[start:end] for start, end in names.intervention(imitated).unlinked] == [
        "Placebo matching letrozole"
    ]
    denied = "Breast cancer without metastasis"
    assert [denied[start:end] for start, end in names.condition(denied).unlinked] == ["without metastasis"]


def test_the_index_does_not_depend_on_the_order_of_labels() -> None:
    labels = [Label("a", "Drug", "one two", "prefLabel"), Label("b", "Drug", "two three", "prefLabel")]
    assert make_tables(labels) == make_tables(reversed(labels))
