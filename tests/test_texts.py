import sqlite3
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.texts import KeptDocument, KeptText, TextStore, pack, unpack

TITLE = KeptText("a" * 64, "/title", "HER2-positive 🧬")
SUMMARY = KeptText("a" * 64, "/summary", "")

any_text = st.text(alphabet=st.characters(exclude_categories=["Cs"]))


@given(st.lists(st.builds(KeptText, any_text, any_text, any_text)))
def test_packed_texts_come_back(texts: list[KeptText]) -> None:
    assert unpack(pack(texts)) == texts
    assert pack(texts) == pack(list(texts))


def test_texts_by_trial(tmp_path: Path) -> None:
    path = tmp_path / "texts %41#?.sqlite"
    with TextStore(path, create=True) as store:
        store.add("NCT00000002", pack([SUMMARY]))
        store.add("NCT00000001", pack([TITLE, SUMMARY]))
    assert path.exists()
    with TextStore(path) as store:
        assert store.of("NCT00000001") == [TITLE, SUMMARY]
        assert store.of("NCT00000009") == []
        assert list(store) == [("NCT00000001", [TITLE, SUMMARY]), ("NCT00000002", [SUMMARY])]


def test_a_trial_has_one_row(tmp_path: Path) -> None:
    with TextStore(tmp_path / "texts.sqlite", create=True) as store:
        store.add("NCT00000001", pack([TITLE]))
        with pytest.raises(sqlite3.IntegrityError):
            store.add("NCT00000001", pack([SUMMARY]))


def test_documents_by_their_sha256(tmp_path: Path) -> None:
    path = tmp_path / "texts.sqlite"
    first = KeptDocument("NCT00000001", "a" * 64, "ctgov-v2-json", "all.zip!1.json", "line 3", "2025-06")
    second = KeptDocument("NCT00000001", "b" * 64, "ctgov-xml", "1.xml", "", None)
    with TextStore(path, create=True) as store:
        store.add_documents([first, second])
    with TextStore(path) as store:
        assert [store.document(digit * 64) for digit in "bac"] == [second, first, None]


def test_a_store_that_is_not_there_is_not_made(tmp_path: Path) -> None:
    with pytest.raises(sqlite3.OperationalError):
        TextStore(tmp_path / "texts.sqlite")
    assert list(tmp_path.iterdir()) == []
