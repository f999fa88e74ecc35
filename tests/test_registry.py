"""Records from the registry's API, against a stand-in that speaks its pages, tokens, limits and errors."""

import gzip
import json
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner
from registry_stand_in import StandIn, registry

import kg
from kg.cli import main
from kg.client import Client
from kg.errors import RemoteError, UsageError
from kg.registry import Selection, fetch_studies

STUDIES: list[dict[str, object]] = [
    {"protocolSection": {"identificationModule": {"nctId": f"NCT{number:08d}", "briefTitle": f"Trial\n{number}"}}}
    for number in range(450)
]


@pytest.fixture
def stand_in() -> Iterator[StandIn]:
    """The stand-in with 450 studies: three pages."""
    with registry(STUDIES) as server:
        yield server


def numbers(lines: bytes) -> list[str]:
    """Return the NCT numbers of JSON lines."""
    return [json.loads(line)["protocolSection"]["identificationModule"]["nctId"] for line in lines.splitlines()]


def test_all_pages_become_one_line_a_study(stand_in: StandIn, tmp_path: Path) -> None:
    fetched = kg.fetch(tmp_path / "all.jsonl", api=stand_in.api)
    assert (fetched.records, fetched.promised, fetched.pages, fetched.complete) == (450, 450, 3, True)
    assert fetched.data_timestamp == "2026-11-24T09:00:00"
    assert not fetched.moved_on
    content = (tmp_path / "all.jsonl").read_bytes()
    assert [json.loads(line) for line in content.splitlines()] == STUDIES
    assert sorted(path.name for path in tmp_path.iterdir()) == ["all.jsonl"]


def test_compressed_if_the_name_says_so(stand_in: StandIn, tmp_path: Path) -> None:
    kg.fetch(tmp_path / "all.jsonl.gz", api=stand_in.api)
    assert numbers(gzip.decompress((tmp_path / "all.jsonl.gz").read_bytes())) == [f"NCT{it:08d}" for it in range(450)]


def test_a_selection_becomes_the_parameters_of_the_api(stand_in: StandIn, tmp_path: Path) -> None:
    kg.fetch(
        tmp_path / "some.jsonl",
        condition="breast cancer",
        intervention="T-DXd OR Enhertu",
        term="HER2-low",
        since="2026-11-01",
        api=stand_in.api,
    )
    first, second = stand_in.asked[:2]
    selected = {
        "query.cond": "breast cancer",
        "query.intr": "T-DXd OR Enhertu",
        "query.term": "HER2-low",
        "filter.advanced": "AREA[LastUpdatePostDate]RANGE[2026-11-01,MAX]",
        "format": "json",
        "pageSize": "200",
    }
    assert first == selected | {"countTotal": "true"}
    assert second == selected | {"pageToken": "t200"}


def test_a_day_that_is_none_is_refused() -> None:
    with pytest.raises(UsageError, match="'last week' is no day of the form YYYY-MM-DD"):
        Selection(since="last week")


def test_retry_after_is_obeyed(stand_in: StandIn, tmp_path: Path) -> None:
    stand_in.failures = [
        (429, {"Retry-After": "7"}),
        (503, {}),
        (429, {"Retry-After": "Wed, 21 Oct 2015 07:28:00 GMT"}),
    ]
    waits: list[float] = []
    with Client(sleep=waits.append) as client:
        fetched = fetch_studies(tmp_path / "all.jsonl", Selection(), client, api=stand_in.api)
    assert fetched.records == 450
    asked, own, past = waits
    assert asked == 7
    assert 1 <= own <= 2
    assert past > 0  # a date that is past asks for nothing, so the wait is our own


def test_a_server_that_stays_busy_is_given_up_and_the_next_fetch_goes_on(stand_in: StandIn, tmp_path: Path) -> None:
    out = tmp_path / "all.jsonl"

    def stop_after_two(_: str, done: int, __: int | None) -> None:
        if done == 400:
            stand_in.failures = [(503, {})] * 8

    with Client(sleep=lambda _: None) as client:
        with pytest.raises(RemoteError, match="503 Service Unavailable: too busy"):
            fetch_studies(out, Selection(), client, api=stand_in.api, progress=stop_after_two)
        assert not out.exists()
        stand_in.asked.clear()
        fetched = fetch_studies(out, Selection(), client, api=stand_in.api)
    assert [query.get("pageToken") for query in stand_in.asked] == ["t400"]
    assert (fetched.records, fetched.promised, fetched.pages) == (450, 450, 3)
    assert numbers(out.read_bytes()) == [f"NCT{it:08d}" for it in range(450)]


def test_an_address_at_which_nothing_ever_answered_is_soon_given_up(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    waits: list[float] = []
    with Client(sleep=waits.append) as client, pytest.raises(RemoteError, match="is the address right"):
        fetch_studies(tmp_path / "all.jsonl", Selection(), client, api=f"http://127.0.0.1:{port}")
    assert len(waits) == 3
    assert sum(waits) <= 7


def test_what_was_written_behind_the_last_whole_page_is_cut_off(stand_in: StandIn, tmp_path: Path) -> None:
    out = tmp_path / "all.jsonl"
    note: dict[str, object] = {
        "asked": {},
        "data_timestamp": None,
        "token": "t200",
        "records": 200,
        "pages": 1,
        "promised": 450,
    }
    whole = b"".join(json.dumps(study).encode() + b"\n" for study in STUDIES[:200])
    (tmp_path / "all.jsonl.part").write_bytes(whole + b'{"protocolSection": {"ident')
    (tmp_path / "all.jsonl.part.json").write_text(json.dumps(note | {"bytes": len(whole)}), "utf-8")
    kg.fetch(out, api=stand_in.api)
    assert numbers(out.read_bytes()) == [f"NCT{it:08d}" for it in range(450)]


def test_another_question_starts_anew(stand_in: StandIn, tmp_path: Path) -> None:
    note = {"asked": {"query.cond": "asthma"}, "data_timestamp": None, "token": "t200", "bytes": 0, "records": 200}
    (tmp_path / "all.jsonl.part").write_bytes(b"")
    (tmp_path / "all.jsonl.part.json").write_text(json.dumps(note), "utf-8")
    assert kg.fetch(tmp_path / "all.jsonl", api=stand_in.api).records == 450


def test_an_expired_token_starts_anew(stand_in: StandIn, tmp_path: Path) -> None:
    note: dict[str, object] = {
        "asked": {},
        "data_timestamp": None,
        "token": "stale",
        "bytes": 0,
        "records": 200,
        "pages": 1,
    }
    (tmp_path / "all.jsonl.part").write_bytes(b"")
    (tmp_path / "all.jsonl.part.json").write_text(json.dumps(note), "utf-8")
    assert kg.fetch(tmp_path / "all.jsonl", api=stand_in.api).records == 450


def test_data_that_move_on_meanwhile_are_told(stand_in: StandIn, tmp_path: Path) -> None:
    stand_in.timestamps = ["2026-11-24T09:00:00", "2026-11-25T09:00:00"]
    assert kg.fetch(tmp_path / "all.jsonl", api=stand_in.api).moved_on


def test_an_answer_that_is_no_page_is_an_error(stand_in: StandIn, tmp_path: Path) -> None:
    stand_in.garbage = b"<html>maintenance</html>"
    with pytest.raises(RemoteError, match="page 1 is no page of studies"):
        kg.fetch(tmp_path / "all.jsonl", api=stand_in.api)


def test_nothing_selected_is_an_empty_file(tmp_path: Path) -> None:
    with registry([]) as server:
        fetched = kg.fetch(tmp_path / "none.jsonl", api=server.api)
    assert (fetched.records, (tmp_path / "none.jsonl").read_bytes()) == (0, b"")


def test_the_command_says_what_came(stand_in: StandIn, tmp_path: Path) -> None:
    done = CliRunner().invoke(main, ["fetch", "-o", str(tmp_path / "all.jsonl"), "--api", stand_in.api])
    assert done.exit_code == 0
    assert "450 studies in 3 pages" in done.output
    assert "the registry's data are of 2026-11-24T09:00:00" in done.output


def test_a_wrong_address_is_one_line(tmp_path: Path) -> None:
    done = CliRunner().invoke(main, ["fetch", "-o", str(tmp_path / "all.jsonl"), "--api", "nowhere"])
    assert done.exit_code == 2
    assert done.output.startswith("kg: nowhere/version: is no address to send requests to")
