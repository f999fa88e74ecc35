import msgspec
import pytest
from conftest import make_field

from kg.models import (
    Condition,
    ConditionType,
    Document,
    Group,
    Intervention,
    Operator,
    SourceFormat,
    Span,
    TextField,
)


def age(comparator: str, value: str) -> Condition:
    span = Span(text=make_field("adults"), start=0, end=6)
    return Condition(condition_type=ConditionType.AGE, span=span, comparator=comparator, value=value, unit="years")


def test_records_cannot_be_changed() -> None:
    intervention = Intervention(name="ribociclib")
    with pytest.raises(AttributeError):
        intervention.name = "palbociclib"  # type: ignore[misc]


def test_records_compare_by_value() -> None:
    assert Intervention(name="ribociclib") == Intervention(name="ribociclib", other_names=())
    assert Intervention(name="ribociclib") != Intervention(name="palbociclib")


def test_a_document_needs_a_sha_256() -> None:
    with pytest.raises(ValueError, match="not a SHA-256"):
        Document(sha256="abc", format=SourceFormat.CTGOV_XML, file="a.xml", position="")


@pytest.mark.parametrize("text", ["", " \n\t"])
def test_an_empty_text_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="empty text at"):
        make_field(text)


@pytest.mark.parametrize(("start", "end"), [(-1, 2), (2, 2), (3, 2), (0, 7), (7, 8)])
def test_a_span_lies_in_its_text(start: int, end: int) -> None:
    with pytest.raises(ValueError, match="does not fit"):
        Span(text=make_field("HER2-α"), start=start, end=end)


@pytest.mark.parametrize(("start", "end", "quote"), [(0, 4, "HER2"), (5, 6, "α"), (0, 6, "HER2-α")])
def test_a_span_counts_code_points(start: int, end: int, quote: str) -> None:
    assert Span(text=make_field("HER2-α"), start=start, end=end).quote == quote


def test_an_astral_character_is_one_code_point() -> None:
    assert Span(text=make_field("🧬HER2"), start=1, end=5).quote == "HER2"


def test_a_group_says_something() -> None:
    leaf = age("ge", "18")
    assert Group(operator=Operator.NOT, operands=(leaf,)).operands == (leaf,)
    with pytest.raises(ValueError, match="AllOf with 0 operands"):
        Group(operator=Operator.ALL_OF, operands=())
    with pytest.raises(ValueError, match="Not with 2 operands"):
        Group(operator=Operator.NOT, operands=(leaf, age("le", "70")))


def test_records_survive_json() -> None:
    field = make_field("HER2-positive", index=3)
    assert msgspec.json.decode(msgspec.json.encode(field), type=TextField) == field
