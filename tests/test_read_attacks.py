"""Hostile and broken input: it is rejected with the limit's name, and nothing is ever written or followed."""

import gzip
import io
import json
import stat
import tarfile
import zipfile
from pathlib import Path

import pytest

from kg.errors import ReadError
from kg.identifiers import NctId
from kg.models import RawRecord, Rejection, SourceFormat
from kg.read import Limits, parse, scan

ONE = b'{"protocolSection": {"identificationModule": {"nctId": "NCT00000001"}}}'
STUDY = b"<clinical_study><id_info><nct_id>NCT00000001</nct_id></id_info>%s</clinical_study>"
LAUGHS = b'<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]>'
OUTSIDE = b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/hostname">]>'


def scanned(path: Path, limits: Limits | None = None) -> list[RawRecord | Rejection]:
    return list(scan([path], limits=limits))


def only_rejection(path: Path, limits: Limits | None = None) -> Rejection:
    (only,) = scanned(path, limits)
    assert isinstance(only, Rejection)
    return only


@pytest.mark.parametrize("declaration", [LAUGHS, OUTSIDE, b"<!doctype clinical_study>"])
def test_xml_with_a_document_type_is_refused_by_scan(tmp_path: Path, declaration: bytes) -> None:
    path = tmp_path / "a.xml"
    path.write_bytes(b'<?xml version="1.0"?>' + declaration + STUDY % b"<brief_title>&b;</brief_title>")
    assert "document type declaration" in only_rejection(path).reason


@pytest.mark.parametrize("declaration", [LAUGHS, OUTSIDE])
def test_xml_with_a_document_type_is_refused_by_parse_as_well(declaration: bytes) -> None:
    raw = RawRecord(
        nct_id=NctId("NCT00000001"),
        format=SourceFormat.CTGOV_XML,
        payload=declaration + STUDY % b"<brief_title>&a;</brief_title>",
        file="a.xml",
        position="",
    )
    with pytest.raises(ReadError, match="document type"):
        parse(raw)


NAMES = ["../evil.json", "/etc/evil.json", "a/../../evil.json", "C:\\evil.json", "..\\evil.json", "\\\\host\\evil.json"]


@pytest.mark.parametrize("name", NAMES)
def test_members_that_point_outside_are_refused(tmp_path: Path, name: str) -> None:
    zipped, tarred = tmp_path / "a.zip", tmp_path / "a.tar"
    with zipfile.ZipFile(zipped, "w") as archive:
        archive.writestr(zipfile.ZipInfo(name), ONE)
        archive.writestr("good.json", ONE)
    with tarfile.open(tarred, "w") as tar:
        for member in (name, "good.json"):
            info = tarfile.TarInfo(member)
            info.size = len(ONE)
            tar.addfile(info, io.BytesIO(ONE))
    for path in (zipped, tarred):
        bad, good = scanned(path)
        assert isinstance(bad, Rejection)
        assert "outside the archive" in bad.reason
        assert good.nct_id == "NCT00000001"
    assert sorted(entry.name for entry in tmp_path.iterdir()) == ["a.tar", "a.zip"]


def test_links_and_devices_in_archives_are_refused(tmp_path: Path) -> None:
    zipped, tarred = tmp_path / "a.zip", tmp_path / "a.tar"
    with zipfile.ZipFile(zipped, "w") as archive:
        info = zipfile.ZipInfo("link.json")
        info.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(info, "/etc/passwd")
    with tarfile.open(tarred, "w") as tar:
        for name, kind in (("link", tarfile.SYMTYPE), ("hard", tarfile.LNKTYPE), ("device", tarfile.CHRTYPE)):
            member = tarfile.TarInfo(name)
            member.type, member.linkname = kind, "/etc/passwd"
            tar.addfile(member)
    results = scanned(zipped) + scanned(tarred)
    assert len(results) == 4
    assert all(isinstance(result, Rejection) and "never followed" in result.reason for result in results)


def test_zip_bomb_stops_at_the_ratio(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("bomb.json", b"[" + b" " * 30_000_000)
    limits = Limits(max_record_bytes=1 << 20)
    assert "limit max_ratio" in only_rejection(path, limits).reason


def test_gzip_bomb_stops_at_the_ratio_and_at_the_size(tmp_path: Path) -> None:
    path = tmp_path / "a.gz"
    path.write_bytes(gzip.compress(ONE + b"\n" + b" " * 30_000_000))
    first, second = scanned(path, Limits(max_record_bytes=1 << 20))
    assert first.nct_id == "NCT00000001"
    assert isinstance(second, Rejection)
    assert "limit max_ratio" in second.reason
    _, second = scanned(path, Limits(max_uncompressed_bytes=1 << 20))
    assert isinstance(second, Rejection)
    assert "limit max_uncompressed_bytes" in second.reason


def test_gzip_in_gzip_and_archives_in_archives_are_refused(tmp_path: Path) -> None:
    twice, nested = tmp_path / "a.gz", tmp_path / "a.zip"
    twice.write_bytes(gzip.compress(gzip.compress(ONE)))
    assert "gzip within gzip" in only_rejection(twice).reason
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, "w") as archive:
        archive.writestr("one.json", ONE)
    with zipfile.ZipFile(nested, "w") as archive:
        archive.writestr("inner.zip", inner.getvalue())
    assert "archive within an archive" in only_rejection(nested).reason


def test_archive_with_too_many_members(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for number in range(5):
            archive.writestr(f"{number}.json", ONE)
    results = scanned(path, Limits(max_archive_members=3))
    assert [type(result) for result in results] == [RawRecord] * 3 + [Rejection]
    assert isinstance(results[-1], Rejection)
    assert "limit max_archive_members" in results[-1].reason


def test_encrypted_member_is_rejected(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("one.json", ONE)
    content = bytearray(path.read_bytes())
    content[6] |= 1
    content[content.index(b"PK\x01\x02") + 8] |= 1
    path.write_bytes(bytes(content))
    assert "encrypted" in only_rejection(path).reason


def test_damaged_archives_are_rejected(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("one.json", ONE)
    content = path.read_bytes()
    path.write_bytes(content[:-30])
    assert "the zip archive is damaged" in only_rejection(path).reason
    path.write_bytes(content.replace(b"NCT00000001", b"NCT00000002", 1))
    assert "damaged" in only_rejection(path).reason
    tarred = tmp_path / "a.tar"
    with tarfile.open(tarred, "w") as tar:
        info = tarfile.TarInfo("one.json")
        info.size = len(ONE)
        tar.addfile(info, io.BytesIO(ONE))
    tarred.write_bytes(tarred.read_bytes()[:540])
    assert all(isinstance(result, Rejection) and "cut" in result.reason for result in scanned(tarred))


def test_tar_header_of_a_huge_size_is_not_read_into_memory(tmp_path: Path) -> None:
    path = tmp_path / "a.tar"
    info = tarfile.TarInfo("long")
    info.type, info.size = tarfile.GNUTYPE_LONGNAME, 1 << 33
    path.write_bytes(info.tobuf(tarfile.GNU_FORMAT) + b"\0" * 1024)
    assert "extended header" in only_rejection(path).reason


@pytest.mark.parametrize("layout", [b"%s", b"[%s]", b'{"studies": [%s]}', b"%s\n" + ONE])
def test_record_nested_too_deeply(tmp_path: Path, layout: bytes) -> None:
    path = tmp_path / "a.json"
    for depth in (120, 5_000, 200_000):
        deep = ONE[:-1] + b', "x": ' + b'{"a":[' * (depth // 2) + b"]}" * (depth // 2) + b"}"
        path.write_bytes(layout % deep)
        first = scanned(path)[0]
        assert isinstance(first, Rejection)
        assert "limit max_depth" in first.reason


def test_brackets_in_strings_do_not_count_as_depth(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    odd = ONE[:-1] + b', "x": "' + b"{[" * 500 + b'"}'
    path.write_bytes(odd + b"\n" + odd)
    assert [result.nct_id for result in scanned(path)] == ["NCT00000001"] * 2


@pytest.mark.parametrize(
    "layout", [b"%s", b"%s\n" + ONE, b"[%s," + ONE + b"]", b'{"studies": [%s, ' + ONE + b"]}"], ids=range(4)
)
def test_record_longer_than_the_limit(tmp_path: Path, layout: bytes) -> None:
    path = tmp_path / "a.json"
    filler = json.dumps(["word"] * 200_000).encode()
    path.write_bytes(layout % (ONE[:-1] + b', "x": ' + filler + b"}"))
    first, *others = scanned(path, Limits(max_record_bytes=1 << 17))
    assert isinstance(first, Rejection)
    assert "limit max_record_bytes" in first.reason
    assert [other.nct_id for other in others] == ["NCT00000001"] * layout.count(ONE)


def test_one_endless_string_is_given_up(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    path.write_bytes(b'[{"x": "' + b"y" * 3_000_000 + b'"},' + ONE + b"]")
    assert "limit max_record_bytes" in only_rejection(path, Limits(max_record_bytes=1 << 17)).reason


def test_long_xml_and_page(tmp_path: Path) -> None:
    path = tmp_path / "a"
    limits = Limits(max_record_bytes=1 << 17)
    path.write_bytes(STUDY % (b"<x>" + b"y" * 3_000_000 + b"</x>") + STUDY % b"")
    first, second = scanned(path, limits)
    assert isinstance(first, Rejection)
    assert "limit max_record_bytes" in first.reason
    assert second.nct_id == "NCT00000001"
    path.write_bytes(b"<html><body>" + b"y" * 3_000_000)
    assert "limit max_record_bytes" in only_rejection(path, limits).reason
