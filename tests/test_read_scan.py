"""Cutting sources into records: every format, told by content, with positions that lead back to the record."""

import gzip
import io
import json
import os
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

from kg.errors import SourceError
from kg.models import RawRecord, Rejection, SourceFormat
from kg.read import Limits, scan


def record(number: int) -> dict[str, object]:
    return {"protocolSection": {"identificationModule": {"nctId": f"NCT{number:08}", "briefTitle": 'A "{[" trial'}}}


def dumped(*numbers: int) -> list[bytes]:
    return [json.dumps(record(number)).encode() for number in numbers]


def xml(number: int) -> bytes:
    return f"<clinical_study><id_info><nct_id>NCT{number:08}</nct_id></id_info></clinical_study>".encode()


ONE, TWO = dumped(1, 2)
PRETTY = json.dumps(record(1), indent=2).encode()


def scanned(path: Path, limits: Limits | None = None) -> list[RawRecord | Rejection]:
    return list(scan([path], limits=limits))


def found(path: Path) -> list[tuple[str, str]]:
    """The numbers and positions of the records; there is no rejection."""
    results = scanned(path)
    assert all(isinstance(result, RawRecord) for result in results), results
    return [(result.nct_id or "", result.position) for result in results]


def rejections(path: Path, limits: Limits | None = None) -> list[Rejection]:
    return [result for result in scanned(path, limits) if isinstance(result, Rejection)]


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (ONE, [("NCT00000001", "")]),
        (b"\xef\xbb\xbf" + ONE + b"\n", [("NCT00000001", "")]),
        (PRETTY, [("NCT00000001", "")]),
        (ONE + b"\n" + TWO + b"\n", [("NCT00000001", "line 1"), ("NCT00000002", "line 2")]),
        (b"\n\n" + ONE + b"\r\n\r\n" + TWO, [("NCT00000001", "line 1"), ("NCT00000002", "line 3")]),
        (PRETTY + b"\n" + PRETTY, [("NCT00000001", "record 1"), ("NCT00000001", "record 2")]),
        (b"[" + ONE + b" ,\n " + TWO + b"]", [("NCT00000001", "record 1"), ("NCT00000002", "record 2")]),
        (b"[" + PRETTY + b"]", [("NCT00000001", "record 1")]),
        (b"[\n]", []),
        (
            b'{"totalCount": 2, "studies": [' + ONE + b"," + TWO + b'], "nextPageToken": "x"}',
            [("NCT00000001", "record 1"), ("NCT00000002", "record 2")],
        ),
        (
            b'{"studies": [' + ONE + b']}\n{"studies": [' + TWO + b"]}",
            [("NCT00000001", "record 1"), ("NCT00000002", "record 2")],
        ),
        (xml(1), [("NCT00000001", "")]),
        (b'<?xml version="1.0"?>\n<!-- made by hand -->\n' + xml(1) + b"\n", [("NCT00000001", "")]),
        (xml(1) + b"\n" + xml(2), [("NCT00000001", "record 1"), ("NCT00000002", "record 2")]),
        (
            b"<search_results>" + xml(1) + xml(2) + b"</search_results>",
            [("NCT00000001", "record 1"), ("NCT00000002", "record 2")],
        ),
    ],
)
def test_formats_are_told_by_content(tmp_path: Path, content: bytes, expected: list[tuple[str, str]]) -> None:
    plain, packed = tmp_path / "plain.dat", tmp_path / "packed.dat"
    plain.write_bytes(content)
    packed.write_bytes(gzip.compress(content))
    assert found(plain) == expected
    assert found(packed) == expected


def test_leading_blank_lines_do_not_shift_line_numbers(tmp_path: Path) -> None:
    path = tmp_path / "lines"
    path.write_bytes(ONE + b"\n\n\n" + TWO + b"\n")
    assert found(path) == [("NCT00000001", "line 1"), ("NCT00000002", "line 4")]


def test_payload_is_the_record_to_the_byte(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_bytes(b"[ " + ONE + b" , " + PRETTY + b" ]")
    assert [result.payload for result in scanned(path) if isinstance(result, RawRecord)] == [ONE, PRETTY]


def test_a_lone_xml_file_is_kept_whole_and_a_wrapped_record_is_cut_out(tmp_path: Path) -> None:
    path = tmp_path / "a"
    whole = b'<?xml version="1.0" encoding="UTF-8"?>\n' + xml(1) + b"\n"
    path.write_bytes(whole)
    (only,) = scanned(path)
    assert isinstance(only, RawRecord)
    assert only.payload == whole.rstrip()
    assert only.format is SourceFormat.CTGOV_XML
    path.write_bytes(b"<search_results>\n" + xml(1) + b"</search_results>")
    (cut,) = scanned(path)
    assert isinstance(cut, RawRecord)
    assert cut.payload == xml(1)


def test_small_reads_find_the_same_records(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Borders between chunks fall anywhere: in strings, in escapes, in tags."""
    monkeypatch.setattr("kg.read.feed._CHUNK", 7)
    monkeypatch.setattr("kg.read.feed._LARGEST_CHUNK", 7)
    path = tmp_path / "a"
    odd = b'{"x": "\\\\\\"]}", "protocolSection": {"identificationModule": {"nctId": "NCT00000003"}}}'
    for content in (b"[" + odd + b"," + ONE + b"]", odd + b"\n" + ONE, xml(3) + xml(1)):
        path.write_bytes(content)
        assert [number for number, _ in found(path)] == ["NCT00000003", "NCT00000001"]


def test_folder_is_read_in_order_of_names(tmp_path: Path) -> None:
    (tmp_path / "b").mkdir()
    (tmp_path / "b" / "x.json").write_bytes(TWO)
    (tmp_path / "z.json").write_bytes(ONE)
    (tmp_path / "a.xml").write_bytes(xml(3))
    assert [number for number, _ in found(tmp_path)] == ["NCT00000003", "NCT00000001", "NCT00000002"]


def test_zip_and_tar_members(tmp_path: Path) -> None:
    members = {"one.json": ONE, "sub/two.json.gz": gzip.compress(TWO), "three.xml": xml(3)}
    zipped, tarred = tmp_path / "a.zip", tmp_path / "a.tar.gz"
    with zipfile.ZipFile(zipped, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.mkdir("sub")
        for name, content in members.items():
            archive.writestr(name, content)
    with tarfile.open(tarred, "w:gz") as tar:
        for name, content in members.items():
            info = tarfile.TarInfo(name)
            info.size = len(content)
            tar.addfile(info, io.BytesIO(content))
    for path in (zipped, tarred):
        assert [number for number, _ in found(path)] == ["NCT00000001", "NCT00000002", "NCT00000003"]
        assert [result.file for result in scanned(path)] == [f"{path}!{name}" for name in members]


def test_stdin_may_hold_anything_even_a_zip(monkeypatch: pytest.MonkeyPatch) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("one.json", ONE)
    for content in (ONE, gzip.compress(ONE), packed.getvalue()):
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(content)))
        (only,) = scan(["-"])
        assert isinstance(only, RawRecord)
        assert only.file.startswith("-")
        assert only.nct_id == "NCT00000001"


def test_missing_source_is_an_error_before_anything_is_read(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_bytes(ONE)
    with pytest.raises(SourceError, match="there is no such file") as caught:
        scan([tmp_path / "a.json", tmp_path / "missing"])
    assert caught.value.file == str(tmp_path / "missing")


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "empty"),
        (b" \n ", "empty"),
        (b"name,age\nx,1\n", "text without the sections"),
        (b"# Read me\n\nThese are trials.", "text without the sections"),
        (b"\x89PNG\r\n\x1a\n", "PNG"),
        (b"\x00\x01\x02", "binary"),
        ("{}".encode("utf-16"), "UTF-16"),
        (b"<rss><channel/></rss>", "page without"),
        (b'<?xml version="1.0"?><rss/>', "without a <clinical_study>"),
        (b'{"name": "x"}', "without protocolSection"),
        (b"[1, 2]", "not a trial record"),
        (b'{"studies": 3}', "without protocolSection"),
    ],
)
def test_other_files_are_rejected_with_a_reason(tmp_path: Path, content: bytes, reason: str) -> None:
    path = tmp_path / "a.json"
    path.write_bytes(content)
    rejected = rejections(path)
    assert rejected
    assert all("not a trial record" in rejection.reason and reason in rejection.reason for rejection in rejected)
    assert {rejection.file for rejection in rejected} == {str(path)}


@pytest.mark.parametrize(
    ("module", "field", "reason"),
    [
        ({"nctId": "NCT123"}, "/protocolSection/identificationModule/nctId", "not an NCT number"),
        ({"nctId": 5}, "/protocolSection/identificationModule/nctId", "got `int`"),
        ({}, "/protocolSection/identificationModule/nctId", "no NCT number"),
    ],
)
def test_a_record_without_a_number_is_rejected_by_field(
    tmp_path: Path, module: dict[str, object], field: str, reason: str
) -> None:
    path = tmp_path / "a.jsonl"
    bad = json.dumps({"protocolSection": {"identificationModule": module}}).encode()
    path.write_bytes(ONE + b"\n" + bad + b"\n" + TWO)
    first, second, third = scanned(path)
    assert isinstance(second, Rejection)
    assert (second.position, second.field) == ("line 2", field)
    assert reason in second.reason
    assert [first.nct_id, third.nct_id] == ["NCT00000001", "NCT00000002"]


@pytest.mark.parametrize(
    ("bad", "reason"),
    [
        (b'{"protocolSection": NaN}', "not valid JSON"),
        (b'{"protocolSection": {"identif', "not valid JSON"),
        (b"{nonsense}", "not valid JSON"),
        (ONE.replace(b"trial", b"tr\xffal"), f"not valid UTF-8 at byte {ONE.index(b'trial') + 2} of"),
    ],
)
@pytest.mark.parametrize("place", [0, 1])
def test_a_broken_line_does_not_hide_the_next(tmp_path: Path, bad: bytes, reason: str, place: int) -> None:
    path = tmp_path / "a.jsonl"
    lines = [ONE, TWO]
    lines.insert(place, bad)
    path.write_bytes(b"\n".join(lines))
    results = scanned(path)
    rejection = results.pop(place)
    assert isinstance(rejection, Rejection)
    assert rejection.position == f"line {place + 1}"
    assert reason in rejection.reason
    assert [result.nct_id for result in results] == ["NCT00000001", "NCT00000002"]


def test_a_broken_element_does_not_hide_the_next(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    path.write_bytes(b"[" + ONE + b', {"protocolSection": NaN}, "text", ' + TWO + b"]")
    first, second, third, fourth = scanned(path)
    assert [first.nct_id, fourth.nct_id] == ["NCT00000001", "NCT00000002"]
    assert [second.position, third.position] == ["record 2", "record 3"]


@pytest.mark.parametrize(
    "content", [b"[" + ONE + b"," + TWO[:30], b"[" + ONE, ONE + b"\n" + TWO[:30], xml(1) + xml(2)[:40]]
)
def test_what_stands_before_a_cut_is_kept(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "a"
    path.write_bytes(content)
    first, second = scanned(path)
    assert first.nct_id == "NCT00000001"
    assert isinstance(second, Rejection)
    assert second.position in {"record 2", "line 2"}


def test_gzip_cut_in_the_middle_keeps_what_came_before(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl.gz"
    noise = os.urandom(60_000).hex().encode()
    line = ONE.replace(b"A ", noise)
    packed = gzip.compress(b"\n".join([ONE, line, TWO, line, TWO]))
    path.write_bytes(packed[: len(packed) // 2 + 1000])
    *kept, last = scanned(path)
    assert [(result.nct_id, result.position) for result in kept][:3] == [
        ("NCT00000001", "line 1"),
        ("NCT00000001", "line 2"),
        ("NCT00000002", "line 3"),
    ]
    assert isinstance(last, Rejection)
    assert "gzip data end too early" in last.reason
    assert last.position == "line 4"


def test_damaged_gzip_and_trailing_bytes(tmp_path: Path) -> None:
    path = tmp_path / "a.gz"
    path.write_bytes(gzip.compress(ONE) + gzip.compress(b"\n" + TWO) + b"\0\0")
    assert [number for number, _ in found(path)] == ["NCT00000001", "NCT00000002"]
    path.write_bytes(gzip.compress(ONE) + b"rubbish")
    assert [type(result) for result in scanned(path)] == [RawRecord, Rejection]
    packed = bytearray(gzip.compress(ONE))
    packed[-6] ^= 0xFF
    path.write_bytes(bytes(packed))
    assert "damaged" in rejections(path)[0].reason


def test_unreadable_things_in_a_folder_are_counted(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "broken").symlink_to(tmp_path / "nowhere")
    assert [rejection.reason for rejection in scanned(tmp_path) if isinstance(rejection, Rejection)] == [
        "not a regular file; it is not read"
    ] * 2


def test_memory_does_not_grow_with_an_array(tmp_path: Path) -> None:
    """An array of 40 MB in one line is read with buffers of a few MB."""
    tracemalloc = pytest.importorskip("tracemalloc")
    path = tmp_path / "a.json"
    filler = json.dumps(record(1) | {"resultsSection": "x" * 40_000}).encode()
    path.write_bytes(b"[" + b",".join([filler] * 1000) + b"]")
    tracemalloc.start()
    assert sum(1 for _ in scan([path])) == 1000
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 8_000_000
