import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.identifiers import DEFAULT_BASE, PREFIXES, VOCABULARY, Minter, NctId, content_hash, is_iri, slug


def test_an_nct_number_knows_its_iri() -> None:
    nct_id = NctId("NCT01234567")
    assert nct_id == "NCT01234567"
    assert nct_id.iri == "https://identifiers.org/clinicaltrials:NCT01234567"


@pytest.mark.parametrize(
    "text", ["", "NCT", "NCT1234567", "NCT012345678", "nct01234567", " NCT01234567", "NCT01234567\n", "NCTO1234567"]
)
def test_other_texts_are_no_nct_numbers(text: str) -> None:
    with pytest.raises(ValueError, match="NCT and eight digits"):
        NctId(text)


@pytest.mark.parametrize(
    ("text", "valid"),
    [
        ("https://example.org/a?b=c#d", True),
        ("urn:uuid:0", True),
        ("http://example.org/é", True),
        ("", False),
        ("example.org", False),
        ("/relative", False),
        ("http:", False),
        ("http://example.org/a b", False),
        ("http://example.org/<a>", False),
        ('http://example.org/"', False),
        ("http://example.org/{id}", False),
        ("http://example.org/a|b", False),
        ("http://example.org/a\\b", False),
        ("http://example.org/a`b", False),
        ("http://example.org/a^b", False),
        ("http://example.org/\n", False),
    ],
)
def test_an_iri_is_absolute_and_needs_no_escapes(text: str, valid: bool) -> None:
    assert is_iri(text) is valid


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Institut Paoli-Calmettes", "institut-paoli-calmettes"),
        ("  Roche, Inc. ", "roche-inc"),
        ("Hôpital Saint-Éloi", "hopital-saint-eloi"),
        ("Pfizer (USA) 2", "pfizer-usa-2"),
    ],
)
def test_slugs_read_like_the_name(name: str, expected: str) -> None:
    assert slug(name) == expected


@pytest.mark.parametrize(
    ("left", "right"),
    [("北京医院", "上海医院"), ("α-1", "β-1"), ("!!!", "???"), ("a" * 100 + "x", "a" * 100 + "y")],
)
def test_slugs_of_names_that_lose_letters_stay_apart(left: str, right: str) -> None:
    assert slug(left) != slug(right)


@given(st.text())
def test_any_slug_is_safe_in_an_iri(text: str) -> None:
    found = slug(text)
    assert 0 < len(found) <= 80 + 1 + 16
    assert set(found) <= set("abcdefghijklmnopqrstuvwxyz0123456789-")
    assert found.strip("-") == found


@given(st.text(min_size=1), st.text())
def test_any_code_gives_a_valid_iri(notation: str, name: str) -> None:
    minter = Minter()
    if notation.isprintable():
        assert is_iri(minter.code("phase", notation))
    assert is_iri(minter.organization(name))
    assert is_iri(minter.reported("country", name))
    assert is_iri(minter.part("arm", "NCT00000000", notation, name))


def test_a_hash_depends_on_the_borders_of_its_parts() -> None:
    assert content_hash("ab", "c") != content_hash("a", "bc") != content_hash("abc")
    assert content_hash("ab", "c") == content_hash("ab", "c")
    assert re.fullmatch(r"[0-9a-f]{16}", content_hash("ab", "c"))


def test_minted_iris() -> None:
    minter = Minter()
    assert minter.graph("concepts") == "https://w3id.org/trialkg/graph/concepts"
    assert minter.state("her2", "low") == "https://w3id.org/trialkg/state/her2-low"
    assert minter.country("FR") == "https://w3id.org/trialkg/country/FR"
    assert minter.code("phase", "PHASE 1/2") == "https://w3id.org/trialkg/code/phase/PHASE%201%2F2"
    assert minter.organization("Centre X", "Lyon", "France").endswith("organization/centre-x-lyon-france")
    assert minter.rule("title") == "https://w3id.org/trialkg/rule/title"
    assert minter.document("0" * 64).endswith("/document/" + "0" * 64)


def test_an_own_base_moves_resources_but_not_the_vocabulary() -> None:
    minter = Minter("https://kg.example.org/data#")
    assert minter.graph("about") == "https://kg.example.org/data#graph/about"
    assert minter.localise(DEFAULT_BASE + "concept/hr") == "https://kg.example.org/data#concept/hr"
    assert minter.localise(VOCABULARY + "Trial") == VOCABULARY + "Trial"
    assert minter.localise(PREFIXES["mesh"] + "D001943") == PREFIXES["mesh"] + "D001943"


@pytest.mark.parametrize("base", ["", "example.org/", "https://example.org", "https://example.org/a b/"])
def test_a_base_must_be_an_iri_that_ends_its_segment(base: str) -> None:
    with pytest.raises(ValueError, match="must be absolute"):
        Minter(base)


def test_prefixes_are_sorted_iris_without_clashes() -> None:
    assert list(PREFIXES) == sorted(PREFIXES)
    assert all(is_iri(iri) for iri in PREFIXES.values())
    assert len(set(PREFIXES.values())) == len(PREFIXES)
