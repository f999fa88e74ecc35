"""Graphs in parts, without a cluster: how tasks cut, gather and build, and what the command line says."""

import io
import json
from collections.abc import Iterable
from pathlib import Path

import pytest
from click.testing import CliRunner
from test_pipeline import record

from kg.cli import main
from kg.identifiers import NctId
from kg.models import RawRecord, Rejection, SourceFormat
from kg.partitioned import Key, gather
from kg.read import holds_lines
from kg.read.limits import Limits
from kg.spark.tasks import Found, Named, keyed, scan_lines, scan_whole, summary

LINES = [json.dumps(record(number)).encode() for number in (1, 2)]
FILES = {"file:/in/a.jsonl": Named(0, "in/a.jsonl"), "file:/in/b.jsonl": Named(1, "in/b.jsonl")}


def raw(number: int, payload: bytes = b"{}", file: str = "a") -> RawRecord:
    nct_id = NctId(f"NCT{number:08d}")
    return RawRecord(nct_id=nct_id, format=SourceFormat.CTGOV_JSON, payload=payload, file=file, position="")


def places(found: Iterable[Found]) -> list[tuple[int, str, str]]:
    return [(order[0], one.file, one.position) for order, one in found]


def test_lines_are_numbered_through_all_blocks_of_a_file() -> None:
    path = "file:/in/a.jsonl"
    rows = [(path, 0, LINES[0]), (path, 0, b""), (path, 800, b"{ not json"), (path, 800, LINES[1] + b"\r")]
    found = list(scan_lines(rows, FILES, {(path, 0): 0, (path, 800): 2}, Limits()))
    assert places(found) == [(0, "in/a.jsonl", f"line {number}") for number in (1, 3, 4)]
    assert [type(one) for _, one in found] == [RawRecord, Rejection, RawRecord]
    assert [one.payload for _, one in found if isinstance(one, RawRecord)] == LINES


def test_a_line_is_held_to_the_limits_and_may_begin_with_a_byte_order_mark() -> None:
    path = "file:/in/a.jsonl"
    rows = [(path, 0, b"\xef\xbb\xbf" + LINES[0]), (path, 0, b"[" * 200 + b"]" * 200), (path, 0, b" " * 5_000)]
    found = list(scan_lines(rows, FILES, {(path, 0): 0}, Limits(max_record_bytes=4_000)))
    assert [one.reason for _, one in found if isinstance(one, Rejection)] == [
        "nested deeper than 100 levels (limit max_depth)",
        "the record is longer than 4,000 bytes (limit max_record_bytes)",
    ]
    assert len(found) == 3


def test_a_summary_has_all_that_was_read() -> None:
    rows = [("file:/in/a.jsonl", b"\n".join([*LINES, b"{}", b""])), ("file:/in/b.jsonl", b"\x89PNG")]
    found = list(scan_whole(rows, FILES, Limits()))
    (told,) = summary(found)
    assert told.records == 4
    assert told.nct_ids == {"NCT00000001", "NCT00000002"}
    assert told.files == {0, 1}
    assert [(one.file, one.position) for _, one in told.unplaced] == [("in/a.jsonl", "line 3"), ("in/b.jsonl", "")]
    assert [key.nct_id for key, _ in keyed(found)] == ["NCT00000001", "NCT00000002"]


def test_equal_records_are_one_and_the_first_place_stays() -> None:
    pairs = [
        (Key("NCT00000001", b"a", (2, 1)), raw(1, file="late")),
        (Key("NCT00000002", b"a", (0, 2)), raw(2)),
        (Key("NCT00000001", b"b", (0, 3)), raw(1, b"[]")),
        (Key("NCT00000001", b"a", (0, 1)), raw(1, file="early")),
    ]
    first, second = gather(sorted(pairs, key=lambda pair: pair[0]))
    assert (first.nct_id, first.digests, first.duplicates) == ("NCT00000001", (b"a", b"b"), 1)
    assert [one.file for one in first.records] == ["early", "a"]
    assert (second.nct_id, second.duplicates) == ("NCT00000002", 0)


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"\n".join([*LINES, b""]), True),
        (b"\xef\xbb\xbf" + b"\n".join([*LINES, b""]), True),
        (json.dumps([record(1), record(2)]).encode(), False),
        (json.dumps(record(1), indent=1).encode(), False),
        (b"<clinical_study>\n</clinical_study>", False),
        (b"\x89PNG", False),
        (b"", False),
    ],
)
def test_json_lines_are_told_by_their_beginning(content: bytes, expected: bool) -> None:
    assert holds_lines(io.BytesIO(content).read) is expected


def test_only_a_finished_graph_in_parts_is_collected(tmp_path: Path) -> None:
    (tmp_path / "parts").mkdir()
    result = CliRunner().invoke(main, ["collect", str(tmp_path / "parts"), "-o", str(tmp_path / "out")])
    assert result.exit_code == 2
    assert "holds no finished graph in parts" in result.stderr
    assert not (tmp_path / "out").exists()


def test_options_of_one_engine_are_refused_with_the_other() -> None:
    for options, expected in (
        (["--master", "local[1]"], "go with --engine spark"),
        (["--engine", "spark", "--workers", "2"], "goes with --engine local"),
        (["--engine", "spark", "--conf", "nonsense"], "is not KEY=VALUE"),
    ):
        result = CliRunner().invoke(main, ["build", "records.jsonl", "-o", "out", *options])
        assert result.exit_code == 2
        assert expected in result.stderr


def test_an_install_without_pyspark_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kg.clusters.find_spec", lambda _: None)
    result = CliRunner().invoke(main, ["build", "records.jsonl", "-o", "out", "--engine", "spark"])
    assert result.exit_code == 2
    assert 'pip install "trialkg[spark]"' in result.stderr
