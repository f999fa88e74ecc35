"""Several sources of one trial become one: who wins, what moves together, what is told of the rest."""

from hashlib import sha256

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.identifiers import NctId
from kg.merge import merge_trials
from kg.models import (
    Arm,
    Document,
    FieldKind,
    FreeTextFact,
    Intervention,
    MeshTerm,
    Official,
    Reference,
    Site,
    SourceFormat,
    Span,
    Sponsor,
    TextField,
    Trial,
)

NUMBER = NctId("NCT99990001")
JSON, XML, PAGE = SourceFormat


def trial(source: SourceFormat, version: str | None = None, **fields: object) -> Trial:
    name = f"{source.value} {version}"
    digest = sha256(name.encode()).hexdigest()
    document = Document(sha256=digest, format=source, file=name, position="", version_date=version)
    return msgspec.structs.replace(Trial(nct_id=NUMBER, documents=(document,)), **fields)


def text(owner: Trial, kind: FieldKind, words: str, index: int = 0) -> TextField:
    return TextField(
        document=owner.documents[0].sha256, locator=f"{kind.value}[{index}]", kind=kind, text=words, index=index
    )


def test_one_record_stays_as_it_is() -> None:
    only = trial(PAGE, enrollment=3)
    assert merge_trials([only]) == (only, ())


def test_records_of_two_trials_are_refused() -> None:
    other = msgspec.structs.replace(trial(XML), nct_id=NctId("NCT99990002"))
    with pytest.raises(ValueError, match="one trial"):
        merge_trials([trial(JSON), other])
    with pytest.raises(ValueError, match="one trial"):
        merge_trials([])


def test_the_more_structured_source_wins_though_it_is_older() -> None:
    merged, disagreements = merge_trials(
        [trial(PAGE, "2025-01-01", sex="MALE"), trial(XML, "2023-01-01", sex="ALL"), trial(JSON, "2020-01-01")]
    )
    assert merged.sex == "ALL"
    assert [document.format for document in merged.documents] == [JSON, XML, PAGE]
    assert [(one.field, one.kept, one.set_aside) for one in disagreements] == [("sex", "ALL", "MALE")]
    assert disagreements[0].kept_document == merged.documents[1].sha256
    assert disagreements[0].set_aside_document == merged.documents[2].sha256


def test_of_one_format_the_newer_version_wins_and_an_undated_one_is_the_oldest() -> None:
    sources = [
        trial(JSON, None, sex="MALE"),
        trial(JSON, "2024-02", sex="ALL"),
        trial(JSON, "2024-01-31", sex="FEMALE"),
    ]
    merged, _ = merge_trials(sources)
    assert merged.sex == "ALL"
    assert [document.version_date for document in merged.documents] == ["2024-02", "2024-01-31", None]


def test_zero_and_false_are_values() -> None:
    merged, disagreements = merge_trials(
        [
            trial(JSON, enrollment=0, accepts_healthy_volunteers=False),
            trial(XML, enrollment=5, accepts_healthy_volunteers=True),
        ]
    )
    assert merged.enrollment == 0
    assert merged.accepts_healthy_volunteers is False
    assert {one.field for one in disagreements} == {"enrollment", "accepts_healthy_volunteers"}


def test_a_number_moves_with_its_type() -> None:
    merged, disagreements = merge_trials(
        [trial(JSON, enrollment=10), trial(XML, enrollment=20, enrollment_type="ACTUAL")]
    )
    assert (merged.enrollment, merged.enrollment_type) == (10, None)
    assert [(one.field, one.kept, one.set_aside) for one in disagreements] == [
        ("enrollment", "10", "20"),
        ("enrollment_type", "not stated", "ACTUAL"),
    ]


def test_arms_move_with_their_interventions_and_texts() -> None:
    page = trial(
        PAGE,
        arms=(Arm(label="A"),),
        interventions=(Intervention(name="X"), Intervention(name="Y")),
        outcomes=(),
    )
    page_texts = (
        text(page, FieldKind.INTERVENTION_NAME, "X"),
        text(page, FieldKind.INTERVENTION_NAME, "Y", 1),
        text(page, FieldKind.INCLUSION, "Adults"),
    )
    page = msgspec.structs.replace(page, texts=page_texts)
    record = trial(JSON, arms=(Arm(label="B"),), interventions=(Intervention(name="Z"),))
    record = msgspec.structs.replace(record, texts=(text(record, FieldKind.INTERVENTION_NAME, "Z"),))
    merged, disagreements = merge_trials([page, record])
    assert merged.interventions == (Intervention(name="Z"),)
    assert [field.text for field in merged.texts] == ["Z", "Adults"]
    assert {one.field for one in disagreements} == {"arms", "interventions"}


def test_criteria_come_from_one_source_only() -> None:
    record, page = trial(JSON), trial(PAGE)
    record = msgspec.structs.replace(record, texts=(text(record, FieldKind.ELIGIBILITY, "* Adults\n* HER2 \\> 1"),))
    page = msgspec.structs.replace(
        page, texts=(text(page, FieldKind.INCLUSION, "- Adults"), text(page, FieldKind.EXCLUSION, "- HER2 > 1"))
    )
    merged, disagreements = merge_trials([page, record])
    assert [field.kind for field in merged.texts] == [FieldKind.ELIGIBILITY]
    assert disagreements == ()


@pytest.mark.parametrize(
    ("fields", "others"),
    [
        ({"brief_title": "A  title\nof two lines"}, {"brief_title": "A title of two lines"}),
        ({"conditions": ("A", "B")}, {"conditions": ("B", "A")}),
        ({"lead_sponsor": Sponsor(name="A", sponsor_class="OTHER")}, {"lead_sponsor": Sponsor(name="A")}),
        (
            {"condition_meshes": (MeshTerm(label="A", ui="D1"), MeshTerm(label="B", ui="D2", ancestor=True))},
            {"condition_meshes": (MeshTerm(label="A"),)},
        ),
        ({"officials": (Official(role="X", name="Jo Muster"),)}, {"officials": (Official(role="X"),)}),
        ({"references": (Reference(pmid="1"),)}, {"references": ()}),
    ],
)
def test_what_is_no_disagreement(fields: dict[str, object], others: dict[str, object]) -> None:
    assert merge_trials([trial(JSON, None, **fields), trial(XML, None, **others)])[1] == ()


def test_a_disagreement_names_no_person_and_is_short() -> None:
    one = trial(JSON, officials=(Official(role="STUDY_CHAIR", name="Jo Muster", affiliation="A" * 500),))
    two = trial(XML, officials=(Official(role="STUDY_CHAIR", name="Al Muster", affiliation="B"),))
    (found,) = merge_trials([one, two])[1]
    assert "Muster" not in found.kept + found.set_aside
    assert found.set_aside == "STUDY_CHAIR, B"
    assert len(found.kept) == 200


def test_a_stated_value_wins_over_a_sentence_of_a_newer_page() -> None:
    told = trial(PAGE, "2025-01-01", enrollment=60, brief_summary="60 patients will be enrolled")
    summary = text(told, FieldKind.BRIEF_SUMMARY, "60 patients will be enrolled")
    fact = FreeTextFact(
        field="enrollment", value="60", span=Span(text=summary, start=0, end=11), rule="enrollment-sentence"
    )
    told = msgspec.structs.replace(told, texts=(summary,), free_text_facts=(fact,))
    merged, disagreements = merge_trials([told, trial(PAGE, "2024-01-01", enrollment=62)])
    assert merged.enrollment == 62
    assert merged.free_text_facts == ()
    assert [one.field for one in disagreements] == ["enrollment"]
    merged, _ = merge_trials([told, trial(JSON, brief_summary="Another")])
    assert merged.enrollment == 60
    assert merged.free_text_facts == (fact,)
    assert summary in merged.texts


def test_countries_of_sites_are_listed_and_the_lead_sponsor_is_no_collaborator() -> None:
    merged, _ = merge_trials(
        [
            trial(JSON, sites=(Site(country="France"),), lead_sponsor=Sponsor(name="A")),
            trial(PAGE, countries=("Peru",), collaborators=(Sponsor(name="A"), Sponsor(name="B"))),
        ]
    )
    assert merged.countries == ("Peru", "France")
    assert merged.collaborators == (Sponsor(name="B"),)


SOURCES = st.builds(
    trial,
    st.sampled_from(SourceFormat),
    st.sampled_from([None, "2020", "2021-05", "2021-05-03"]),
    sex=st.sampled_from([None, "ALL", "MALE"]),
    enrollment=st.sampled_from([None, 0, 7]),
    enrollment_type=st.sampled_from([None, "ACTUAL"]),
    conditions=st.lists(st.sampled_from("ABC"), max_size=2, unique=True).map(tuple),
    arms=st.lists(st.sampled_from("ABC").map(lambda label: Arm(label=label)), max_size=2).map(tuple),
    lead_sponsor=st.sampled_from([None, Sponsor(name="A"), Sponsor(name="A", sponsor_class="NIH")]),
    unknown_codes=st.sampled_from([(), (("sex", "?"),)]),
)


@given(
    st.lists(SOURCES, min_size=1, max_size=4).flatmap(
        lambda trials: st.tuples(st.just(trials), st.permutations(trials))
    )
)
def test_the_order_of_the_sources_does_not_matter(orders: tuple[list[Trial], list[Trial]]) -> None:
    one, two = orders
    assert merge_trials(one) == merge_trials(two)


@given(st.lists(SOURCES, min_size=1, max_size=4))
def test_every_source_stays_a_document_and_a_said_field_is_never_empty(trials: list[Trial]) -> None:
    merged, _ = merge_trials(trials)
    assert {document for one in trials for document in one.documents} == set(merged.documents)
    for name in ("sex", "enrollment", "conditions", "arms", "lead_sponsor"):
        said = [getattr(one, name) for one in trials if getattr(one, name) not in (None, ())]
        assert (getattr(merged, name) in said) if said else (getattr(merged, name) in (None, ()))
