import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg import nquads
from kg.nquads import Triple
from kg.terms import XSD

any_text = st.text(alphabet=st.characters(exclude_categories=["Cs"]))
SUBJECT, PREDICATE = "<http://example.org/s>", "<http://example.org/p>"


def parsed(term: str) -> ox.Literal:
    """Return a term as a parser other than ours reads it."""
    (quad,) = ox.parse(nquads.ntriples([(SUBJECT, PREDICATE, term)]).encode(), format=ox.RdfFormat.N_TRIPLES)
    assert isinstance(quad.object, ox.Literal)
    return quad.object


@given(any_text)
def test_any_text_round_trips(text: str) -> None:
    plain, tagged = parsed(nquads.string(text)), parsed(nquads.english(text))
    assert (plain.value, plain.language, f"<{plain.datatype.value}>") == (text, None, XSD.string)
    assert (tagged.value, tagged.language) == (text, "en")


@given(any_text)
def test_a_line_stays_one_line(text: str) -> None:
    written = nquads.lines([(SUBJECT, PREDICATE, nquads.string(text))], "http://example.org/g")
    assert written.count("\n") == 1
    assert "\r" not in written


@given(st.integers())
def test_any_integer_round_trips(value: int) -> None:
    assert int(parsed(nquads.integer(value)).value) == value


@pytest.mark.parametrize(
    ("value", "text"),
    [(0, "0"), (-0.0, "0"), (1.0, "1"), (0.95, "0.95"), (-71.5, "-71.5"), (1e20, "100000000000000000000")],
)
def test_decimals_are_canonical(value: float, text: str) -> None:
    assert nquads.decimal(value) == f'"{text}"^^{XSD.decimal}'


@pytest.mark.parametrize(
    ("text", "datatype"), [("2024-02-29", XSD.date), ("2024-02", XSD.gYearMonth), ("2024", XSD.gYear)]
)
def test_a_date_is_as_precise_as_its_source(text: str, datatype: str) -> None:
    assert nquads.date(text) == f'"{text}"^^{datatype}'


@pytest.mark.parametrize("text", ["", "24", "2024-2", "2024-02-29T00:00"])
def test_what_is_no_date_is_refused(text: str) -> None:
    with pytest.raises(KeyError):
        nquads.date(text)


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        (18, "years", "P18Y"),
        (6, "months", "P6M"),
        (6, "weeks", "P42D"),
        (3, "days", "P3D"),
        (2, "hours", "PT2H"),
        (5, "minutes", "PT5M"),
    ],
)
def test_durations(value: int, unit: str, text: str) -> None:
    assert nquads.duration(value, unit) == f'"{text}"^^{XSD.duration}'


@pytest.mark.parametrize(("value", "text"), [(True, "true"), (False, "false")])
def test_booleans(value: bool, text: str) -> None:
    assert nquads.boolean(value) == f'"{text}"^^{XSD.boolean}'


def test_lines_are_sorted_and_distinct_whatever_the_order() -> None:
    triples: list[Triple] = [(SUBJECT, PREDICATE, nquads.integer(number)) for number in (3, 1, 2, 1)]
    written = nquads.lines(triples, "http://example.org/g")
    assert written == nquads.lines(reversed(triples), "http://example.org/g")
    assert [line.split('"')[1] for line in written.splitlines()] == ["1", "2", "3"]
    assert all(line.endswith("<http://example.org/g> .") for line in written.splitlines())
    assert len(list(ox.parse(written.encode(), format=ox.RdfFormat.N_QUADS))) == 3


@given(st.lists(st.tuples(*[st.sampled_from(["<x:a>", "<x:b>", "<x:c>"])] * 3), unique=True))
def test_an_index_holds_the_triples_that_it_was_made_of(rows: list[Triple]) -> None:
    nodes = nquads.by_subject(rows)
    assert sorted(nquads.triples_in(nodes)) == sorted(rows)
    for subject, predicate, value in rows:
        assert value in nodes[subject][predicate]
