"""The gold sets: tables that hold together, a resolver that refuses what is wrong, measures, and the task."""

from pathlib import Path

import pytest

from benchmarks.accuracy import breast_gold
from benchmarks.accuracy.gold.agreement import differences
from benchmarks.accuracy.gold.annotate import Resolver
from benchmarks.accuracy.gold.annotation import Annotation, read, write
from benchmarks.accuracy.gold.measures import MEASURES
from benchmarks.accuracy.gold.records import FOLDER, SETS, GoldSet, sha256
from kg.grounding import Grounder
from kg.identifiers import NctId
from kg.models import Document, FieldKind, Role, SourceFormat, TextField, Trial
from kg.terminology import load_terminology

SHARED = Path(__file__).parents[2] / "shared" / "data"
HER2 = "http://id.nlm.nih.gov/mesh/D018719"
TEXT = "No prior  chemotherapy.\nThe tumour is HER2-positive. HER2-positive by FISH."


def made_up(*, role: Role = Role.REQUIRES_MARKER_STATE, state: str = "positive", annotator: str = "one") -> Annotation:
    return Annotation(
        nct_id="NCT09999901", role=role, concept_class="Marker", label="HER2", state=state, concept_iri=HER2,
        locator="Eligibility", start=38, end=51, text_sha256=sha256(TEXT), annotator=annotator, note="",
    )  # fmt: skip


@pytest.fixture(scope="module")
def resolver() -> Resolver:
    document = Document(sha256="0" * 64, format=SourceFormat.WEB_PAGE, file="page", position="")
    field = TextField(document=document.sha256, locator="Eligibility", kind=FieldKind.ELIGIBILITY, text=TEXT)
    trial = Trial(nct_id=NctId("NCT09999901"), documents=(document,), texts=(field,))
    return Resolver(
        trials={"NCT09999901": trial}, grounder=Grounder(), terminology=load_terminology(), annotator="one"
    )  # fmt: skip


def test_a_line_becomes_a_place_and_a_concept(resolver: Resolver) -> None:
    assert list(resolver.resolve(["NCT09999901", "0 | HER2-positive | | HER2 | positive | reqM"])) == [made_up()]


def test_words_match_over_any_white_space_and_by_occurrence(resolver: Resolver) -> None:
    lines = ["NCT09999901", "0 | prior chemotherapy | | chemotherapy | | exT", "0 | HER2 | 2 | | | men | again"]
    first, second = resolver.resolve(lines)
    assert isinstance(first, Annotation)
    assert isinstance(second, Annotation)
    assert (first.role, first.start, first.end) == (Role.EXCLUDES_TREATMENT, 3, 22)
    assert (second.role, second.start, second.note) == (Role.MENTIONS, 53, "again")


def test_a_concept_that_the_terminology_lacks_has_a_class_and_a_name(resolver: Resolver) -> None:
    (found,) = resolver.resolve(["NCT09999901", "0 | FISH | | ?Drug=fishium=http://id.nlm.nih.gov/mesh/D1 | | inv"])
    assert isinstance(found, Annotation)
    assert (found.concept_class, found.label, found.concept_iri) == ("Drug", "fishium", "http://id.nlm.nih.gov/mesh/D1")


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        ("0 | HER3 | | HER2 | positive | reqM", "0 occurrences"),
        ("1 | HER2 | | HER2 | positive | reqM", "0 texts"),
        ("0 | HER2 | | HER2 | positive", "5 columns"),
        ("0 | HER2 | | HER2 | positive | needs", "no role 'needs'"),
        ("0 | HER2 | | HER2 | | reqM", "without a state"),
        ("0 | HER2 | | HER2 | methylated | reqM", "HER2 has no state"),
        ("0 | HER2 | | HER2 | green | reqM", "no state 'green'"),
        ("0 | HER2 | | chemotherapy | | mea", "0 concepts"),
        ("0 | HER2 | | ?Marker=other | | inv", "investigates of a Marker"),
        ("0 | HER2 | | ?Thing=other | | men", "not ?Class=name"),
    ],
)
def test_what_does_not_resolve_is_said(resolver: Resolver, line: str, fault: str) -> None:
    (found,) = resolver.resolve(["NCT09999901", line])
    assert isinstance(found, str)
    assert fault in found
    assert line in found


def test_an_annotation_without_a_span_is_refused() -> None:
    with pytest.raises(ValueError, match="no span"):
        Annotation.of_row({**as_row(made_up()), "end": "38"})


def as_row(annotation: Annotation) -> dict[str, str]:
    return {name: str(getattr(annotation, name)) for name in Annotation.__slots__}


def test_states_of_one_class_agree_and_polarity_counts() -> None:
    triples = MEASURES["marker, state, polarity"]
    positive, overexpressed = triples([made_up()]), triples([made_up(state="overexpressed")])
    assert positive.keys() == overexpressed.keys() == {f"{HER2} positive inclusion"}
    assert triples([made_up(role=Role.EXCLUDES_MARKER_STATE)]).keys() == {f"{HER2} positive exclusion"}
    assert triples([made_up(role=Role.MENTIONS), made_up(role=Role.STRATIFIES_BY)]) == {}


def test_mentions_are_no_role() -> None:
    with_role = MEASURES["marker with role"]
    assert with_role([made_up(role=Role.MENTIONS), made_up()]).keys() == {f"{HER2} requiresMarkerState"}
    assert MEASURES["drug with role"]([made_up()]) == {}


def test_differences_name_the_annotator_and_the_place() -> None:
    only = made_up(state="amplified", annotator="two")
    assert list(differences([made_up()], [made_up(annotator="two"), only])) == [
        "NCT09999901  two: requiresMarkerState HER2 amplified  (Eligibility 38:51)"
    ]


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.tsv")), ids=lambda it: it.stem)
def test_tables_are_canonical_and_about_the_trials_of_the_set(path: Path, tmp_path: Path) -> None:
    annotations = read(path)
    write(tmp_path / "again.tsv", annotations)
    assert (tmp_path / "again.tsv").read_bytes() == path.read_bytes()
    assert {it.nct_id for it in annotations} <= set(SETS[path.stem.split("-")[0]].numbers())
    assert len({it.statement for it in annotations}) == len(annotations)


@pytest.mark.parametrize("gold_set", SETS.values(), ids=lambda it: it.name)
def test_what_both_passes_say_is_in_the_table_that_is_scored(gold_set: GoldSet) -> None:
    first, second = ({it.statement for it in read(FOLDER / f"{gold_set.name}-pass{number}.tsv")} for number in (1, 2))
    assert first != second
    assert first & second <= {it.statement for it in read(gold_set.table)}


@pytest.mark.parametrize("gold_set", SETS.values(), ids=lambda it: it.name)
def test_tables_name_known_states(gold_set: GoldSet) -> None:
    states = {it.state for it in read(gold_set.table)}
    assert states - {""} <= load_terminology().state_labels.keys()


def test_the_task_has_no_outcome_without_records(tmp_path: Path) -> None:
    assert breast_gold.run(tmp_path) == []


@pytest.mark.skipif(not SHARED.exists(), reason="needs the shared records")
@pytest.mark.parametrize("gold_set", SETS.values(), ids=lambda it: it.name)
def test_the_annotated_texts_are_the_shared_ones(gold_set: GoldSet) -> None:
    trials = gold_set.trials(SHARED)
    hashes = {
        (number, field.locator): sha256(field.source_text) for number, trial in trials.items() for field in trial.texts
    }
    assert trials.keys() == set(gold_set.numbers())
    assert all(hashes[it.nct_id, it.locator] == it.text_sha256 for it in read(gold_set.table))
