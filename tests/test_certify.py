"""The promise to importers: what holds it, what breaks it, and files that are wrong, empty or hostile."""

import gzip
import json
import unicodedata
from collections.abc import Iterator
from pathlib import Path

import pyoxigraph as ox
import pytest
import rdflib
import small_graph
from click.testing import CliRunner

from kg import resources
from kg.api import Graph
from kg.certify import Certificate, Check, certify
from kg.certify.iri import is_iri
from kg.certify.literals import is_language_tag, is_lexical_form, is_portable
from kg.certify.namespaces import registered
from kg.certify.parsers import StatementSet, compare
from kg.cli import main
from kg.errors import SourceError
from kg.export import FORMATS, PROFILES, export
from kg.identifiers import PREFIXES
from kg.rdf_file import RdfFile
from kg.store import display_prefixes

XSD = PREFIXES["xsd"]
SUFFIXES = dict(zip(FORMATS, (".ttl", ".trig", ".nt", ".nq", ".jsonld", ".rdf"), strict=True))
# Ids of tests are made of these bytes, so they are the same in every process: no time stamp.
CUT = gzip.compress(b"<https://e.org/a> <https://e.org/b> 'x' .\n" * 999, mtime=0)[:40]
BOMB = gzip.compress(b"\n" * (4 << 20), 9, mtime=0)


def write(folder: Path, name: str, content: str | bytes) -> Path:
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def faults(certificate: Certificate) -> dict[Check, int]:
    return {fault.check: fault.count for fault in certificate.faults}


# --- our own exports


@pytest.mark.parametrize("profile", PROFILES)
@pytest.mark.parametrize("form", FORMATS)
def test_every_export_format_is_certified_without_a_warning(tmp_path: Path, form: str, profile: str) -> None:
    path = tmp_path / f"graph{SUFFIXES[form]}"
    export(small_graph.store(), form, path, profile=profile, prefixes=display_prefixes("https://w3id.org/trialkg/"))
    certificate = certify(path)
    assert certificate.faults == ()
    assert certificate.holds
    assert certificate.figures.classes[PREFIXES["kg"] + "Trial"] == 3
    assert set(certificate.parsers) == {"pyoxigraph", "rdflib"}


def test_formats_with_named_graphs_have_one_digest_and_those_without_another(tmp_path: Path) -> None:
    digests = {}
    for form in FORMATS:
        path = tmp_path / f"graph{SUFFIXES[form]}"
        export(small_graph.store(), form, path)
        digests[form] = certify(path).graph_digest
    assert digests["trig"] == digests["nquads"] == digests["jsonld"] is not None
    assert digests["turtle"] == digests["ntriples"] == digests["rdfxml"] is not None
    assert digests["trig"] != digests["turtle"]


def test_a_build_with_its_description_is_certified(examples_graph: Graph) -> None:
    certificate = certify(examples_graph.directory.quads)
    assert certificate.faults == ()
    assert certificate.figures.statements == examples_graph.report.quads
    assert certificate.figures.namespaces["void"] > 100


def test_a_gzipped_file_has_the_figures_of_the_plain_one(tmp_path: Path) -> None:
    plain = write(tmp_path, "g.nq", small_graph.quads())
    packed = write(tmp_path, "g.nq.gz", gzip.compress(small_graph.quads(), mtime=0))
    one, two = certify(plain), certify(packed)
    assert one.graph_digest == two.graph_digest
    assert one.figures == two.figures
    assert (one.format, one.sha256 == two.sha256) == (two.format, False)
    assert one.figures.statements == small_graph.quads().count(b"\n")


# --- what breaks the promise

_HEAD = "@prefix ex: <https://example.org/> . @prefix xsd: <http://www.w3.org/2001/XMLSchema#> .\n"
_HEAD += "@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .\n"
BROKEN = {
    "a blank node": ("ex:a ex:b [ ex:c 1 ] .", Check.BLANK_NODES),
    "an IRI without a host": ("ex:a rdfs:seeAlso <http:///x> .", Check.IRIS),
    "an IRI of nobody": ("ex:a ex:b <https://elsewhere.example.net/x> .", Check.PREFIXES),
    "an URN of nobody": ("ex:a ex:b <urn:uuid:f81d4fae-7dec-11d0-a765-00a0c91e6bf6> .", Check.PREFIXES),
    "a MeSH IRI made of a label": ("ex:a ex:b <http://id.nlm.nih.gov/mesh/Breast_Neoplasms> .", Check.IDENTIFIERS),
    "an NCT number too short": ("<https://identifiers.org/clinicaltrials:NCT123> ex:b 1 .", Check.IDENTIFIERS),
    "no such day": ('ex:a ex:b "2023-02-30"^^xsd:date .', Check.LITERALS),
    "a date that is none": ('ex:a ex:b "Spring 2024"^^xsd:date .', Check.LITERALS),
    "a boolean by name": ('ex:a ex:b "yes"^^xsd:boolean .', Check.LITERALS),
    "a number with a comma": ('ex:a ex:b "1,5"^^xsd:decimal .', Check.LITERALS),
    "a control character": ('ex:a ex:b "\\u0001" .', Check.CHARACTERS),
}


@pytest.mark.parametrize("name", BROKEN)
def test_what_breaks_the_promise_is_named(tmp_path: Path, name: str) -> None:
    body, check = BROKEN[name]
    certificate = certify(write(tmp_path, "x.ttl", _HEAD + body))
    assert {fault.check for fault in certificate.faults if fault.is_error} == {check}
    assert not certificate.holds
    assert f"FAILS  {check}" in certificate.to_text()


def test_what_only_warns_leaves_the_promise_whole(tmp_path: Path) -> None:
    decomposed = unicodedata.normalize("NFD", "é")
    body = f'ex:b ex:p "{decomposed}"@fr .\nex:a a <{PREFIXES["skos"]}Concept> .'
    certificate = certify(write(tmp_path, "x.ttl", _HEAD + body))
    assert set(faults(certificate)) == {Check.NORMALIZATION, Check.ORDER, Check.ABBREVIATION}
    assert certificate.holds
    assert "warns  order" in certificate.to_text()


def test_links_to_pages_stand_under_any_prefix_or_none(tmp_path: Path) -> None:
    trial = "<https://identifiers.org/clinicaltrials:NCT00000001>"
    link = f"{trial} <{PREFIXES['rdfs']}seeAlso> <https://page.example.net/a?b#c> .\n"
    assert certify(write(tmp_path, "x.nt", link)).faults == ()
    assert certify(write(tmp_path, "x.ttl", _HEAD + "ex:a rdfs:seeAlso <https://doi.org/not-a-doi> .")).faults == ()


def test_a_prefix_that_takes_in_the_whole_web_declares_nothing(tmp_path: Path) -> None:
    body = "@prefix all: <https://> .\n@prefix urn: <urn:> .\n<https://elsewhere.example.net/x> <urn:a:b> 1 ."
    assert faults(certify(write(tmp_path, "x.ttl", body)))[Check.PREFIXES] == 2


def test_a_prefix_may_be_vouched_for(tmp_path: Path) -> None:
    path = write(tmp_path, "x.nt", '<https://elsewhere.example.net/x> <https://elsewhere.example.net/p> "1" .\n')
    assert not certify(path).holds
    assert certify(path, {"else": "https://elsewhere.example.net/"}).holds


def test_a_triple_term_is_for_few_platforms(tmp_path: Path) -> None:
    path = write(tmp_path, "x.ttl", _HEAD + "ex:a ex:b <<( ex:c ex:d ex:e )>> .\nex:a ex:b 1 .")
    assert Check.TRIPLE_TERMS in faults(certify(path))


def test_a_file_that_only_one_parser_reads_is_not_certified(tmp_path: Path) -> None:
    # rdflib does not know the directive VERSION of Turtle 1.2.
    certificate = certify(write(tmp_path, "x.ttl", f'VERSION "1.2"\n{_HEAD}ex:a ex:b 1 .'))
    assert set(faults(certificate)) == {Check.PARSERS}
    assert "rdflib does not read it" in certificate.faults[0].examples[0]


def test_faults_are_counted_and_a_few_are_shown(tmp_path: Path) -> None:
    body = "".join(f'ex:a{number:02d} ex:b "no"^^xsd:integer .\n' for number in range(30))
    (fault,) = certify(write(tmp_path, "x.ttl", _HEAD + body)).faults
    assert fault.count == 30
    assert len(fault.examples) == 5


# --- comparing graphs


def statements(turtle: str) -> StatementSet:
    found = StatementSet()
    for quad in ox.parse(turtle, format=ox.RdfFormat.TURTLE):
        found.add((str(quad.subject), str(quad.predicate), str(quad.object), ""))
    return found


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        (":a :b 1, 2 .", ":a :b 2, 1, 1 .", True),
        (":a :b 1 .", ":a :b 1, 2 .", False),
        (":a :b 1, 3 .", ":a :b 1, 2 .", False),
        (":a :b [ :c 1 ], [ :c 2 ] .", ":a :b [ :c 2 ], [ :c 1 ] .", True),
        (":a :b [ :c 1 ], [ :c 2 ] .", ":a :b [ :c 1, 2 ], [ :c 2 ] .", False),
        ("_:x :p _:y . _:y :p _:z . _:z :q 1 .", "_:n :q 1 . _:m :p _:n . _:l :p _:m .", True),
        ("_:x :p _:y . _:y :p _:x .", "_:n :p _:m . _:m :p _:n .", None),
        ("_:x :p _:x .", "_:x :p _:y .", False),
    ],
)
def test_graphs_are_compared_up_to_the_names_of_blank_nodes(one: str, other: str, same: bool | None) -> None:
    prefix = "@prefix : <https://example.org/> . "
    assert compare(statements(prefix + one), statements(prefix + other)).same is same
    assert compare(statements(prefix + other), statements(prefix + one)).same is same


# --- grammars


IRIS = """
http://id.nlm.nih.gov/mesh/D001943 https://example.org/乳腺癌?q=β#é urn:isbn:0451450523 mailto:a@example.org
http://[2001:db8::7]/c=GB http://[::ffff:192.0.2.1]/ http://[v1.a:b]/ file:///a/b tag:example.org,2024:x
http://user:pw@example.org:8080/a;b=c/d,e?f=g&h=(i) https://example.org news:comp.lang http://example.org/?\ue000
"""
NO_IRIS = """
example /a //example.org/ 1a:b http:// http:///a https:a http://example.org/<a> http://example.org/" http://example.org/{a}
http://example.org/a|b http://e.org/^ http://example.org/` http://example.org/\\ http://example.org/%4
http://example.org/%zz http://e.org/a#b#c http://[2001:db8::7/ http://[1::2::3]/ http://[1:2:3:4:5:6:7:8:9]/
http://e.org/\ue000 http://e.org/\ufdd0 http://example.org:port/ http://e.org/[a] http://e.org/\ud800
"""


def test_iris_of_rfc_3987() -> None:
    assert [text for text in IRIS.split() if not is_iri(text)] == []
    assert [text for text in (*NO_IRIS.split(), "", "http://e.org/a b", "http://e.org/\n") if is_iri(text)] == []


FORMS = """
boolean: true false 0 1
    | yes TRUE True 2
integer: 0 -0 +007 -12
    | 1.0 1e3 -- 1_000 ٣
decimal: 0 1.50 -.5 +3.
    | 1e3 . INF 1,5
double: 1e3 -1.5E-7 INF -INF NaN 0 .5
    | inf infinity 1e 0x1
date: 2024-02-29 2023-12-31Z 2024-01-01+14:00 -0044-03-15 12024-01-01
    | 2023-02-29 2024-13-01 24-01-01 2024-1-1 2024-01-32
dateTime: 2024-01-01T00:00:00 2024-01-01T24:00:00Z 2024-01-01T23:59:59.999-05:00
    | 2024-01-01 2024-01-01T25:00:00 2024-01-01T24:00:01
dateTimeStamp: 2024-01-01T00:00:00Z
    | 2024-01-01T00:00:00
time: 23:59:59 24:00:00 00:00:00.5Z
    | 24:00:01 1:00:00
gYear: 2024 -0001 12024
    | 24 2024-01
gYearMonth: 2024-01 2024-12Z
    | 2024-13 2024 2024-1
gMonthDay: --02-29 --12-31
    | --02-30 --13-01 02-29
gDay: ---31
    | ---32
gMonth: --12
    | --13
duration: P18Y P1Y6M P42D PT0S -P1D P1DT12H PT1.5S
    | P P1 18Y PT P1YT P-1Y P1.5Y P1M1Y
dayTimeDuration: P3DT5H PT10M
    | P1Y P
yearMonthDuration: P1Y2M P9M
    | P1D P
nonNegativeInteger: 0 -0 12 99999999999999999999999999999999999999999999
    | -1 -99999999999999999999999999999999999999999999
positiveInteger: 1 +1
    | 0 -0 -1
negativeInteger: -1
    | 0 1
byte: -128 127
    | -129 128
unsignedInt: 0 4294967295
    | -1 4294967296
hexBinary: 0aFF
    | 0 0g
base64Binary: TWFu TQ== TWE=
    | T TQ= TWF
language: en en-GB
    | e- toolonglanguage
NCName: a _b1
    | 1a a:b
anyURI: https://example.org/
    | a https://
"""


def _forms() -> Iterator[tuple[str, str, str]]:
    """Yield a datatype's name, forms that it allows, and forms that it does not."""
    for block in FORMS.strip().replace("\n    ", " ").splitlines():
        name, _, forms = block.partition(": ")
        good, _, bad = forms.partition(" | ")
        yield name, good, bad


@pytest.mark.parametrize(("name", "good", "bad"), list(_forms()))
def test_lexical_forms_of_xsd(name: str, good: str, bad: str) -> None:
    assert [text for text in good.split() if not is_lexical_form(text, XSD + name)] == []
    assert [text for text in bad.split() if is_lexical_form(text, XSD + name)] == []
    if name not in {"hexBinary", "base64Binary"}:
        assert not is_lexical_form("", XSD + name)


@pytest.mark.parametrize(
    ("text", "datatype", "valid"),
    [
        ("any text\n", XSD + "string", True),
        ("a\tb", XSD + "normalizedString", False),
        ("a  b", XSD + "token", False),
        ("9" * 5_000, XSD + "int", False),
        ('{"a": [1]}', PREFIXES["rdf"] + "JSON", True),
        ("{", PREFIXES["rdf"] + "JSON", False),
        ("[" * 100_000, PREFIXES["rdf"] + "JSON", False),
        ("x", PREFIXES["rdf"] + "langString", False),
        ("a:b", XSD + "QName", False),
        ("anything", "https://example.org/own-datatype", True),
    ],
)
def test_other_lexical_forms(text: str, datatype: str, *, valid: bool) -> None:
    assert is_lexical_form(text, datatype) is valid


def test_language_tags_of_rfc_5646() -> None:
    good = "en en-GB zh-Hant-TW sl-rozaj-biske de-CH-1996 x-own en-a-bbb-x-a i-klingon art-lojban es-419 zh-cmn-Hans-CN"
    bad = "e en_GB en- -en 1en de-1996-1996 en-a-bb-a-cc abcdefghi en-x a-DE i-unknown"
    assert [tag for tag in good.split() if not is_language_tag(tag)] == []
    assert [tag for tag in bad.split() if is_language_tag(tag)] == []


def test_characters_that_xml_cannot_carry() -> None:
    assert is_portable("tab\tnewline\n𝒳 é")
    assert [text for text in ("\0", "\x0b", "\x1f", "\ufffe", "\ud800") if is_portable(text)] == []


# --- registered namespaces


def test_the_table_of_prefixes_is_sorted_and_has_all_that_we_write() -> None:
    table = registered()
    assert [it.prefix for it in table] == sorted({it.prefix for it in table})
    assert len({it.iri for it in table}) == len(table)
    assert set(PREFIXES.values()) - {it.iri for it in table} == {PREFIXES["kg"], PREFIXES["obo"]}
    header, *lines = (resources.folder("ontologies") / "prefixes.tsv").read_text("utf-8").splitlines()
    assert header == "prefix\tnamespace\tpattern\tbioregistry"
    assert all(line.count("\t") == 3 for line in lines)


# --- wrong, empty and hostile files


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("empty.ttl", b"", "holds no statement"),
        ("comment.nq", b"# nothing here\n", "holds no statement"),
        ("prefixes.ttl", _HEAD.encode(), "holds no statement"),
        ("cut.ttl", b"<https://example.org/a> <https://example.org/b> ", "not valid Turtle"),
        ("iri.ttl", b"<https://example.org/a%zz> a <https://example.org/> .", "not valid Turtle"),
        ("tag.ttl", b'<https://example.org/a> a "x"@toolonglanguage .', "not valid Turtle"),
        ("page.ttl", b"<!doctype html><p>Not found", "not valid Turtle"),
        ("table.nt", b"a,b\n1,2\n", "not valid N-Triples"),
        ("binary.nt", bytes(range(256)), "not valid N-Triples"),
        ("latin1.nt", '<https://e.org/a> <https://e.org/b> "é" .\n'.encode("latin-1"), "not valid N-Triples"),
        ("cut.nt.gz", CUT, "cannot be read"),
        ("bomb.nt.gz", BOMB, "grows to more than 250 times its size"),
        ("dtd.rdf", b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "b">]><x/>', "DOCTYPE"),
        ("deep.jsonld", b"[" * 9_000 + b"]" * 9_000, "nested more than 500 deep"),
        ("remote.jsonld", b'{"@context": "http://127.0.0.1:9/c.jsonld", "a": "b"}', "not valid JSON-LD"),
        ("local.jsonld", b'{"@context": "file:///etc/hostname", "a": "b"}', "not valid JSON-LD"),
    ],
)  # fmt: skip
def test_a_wrong_empty_or_hostile_file_is_named_with_the_reason(
    tmp_path: Path, name: str, content: bytes, reason: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kg.rdf_file._FREE_EXPANSION", 1 << 20)
    path = write(tmp_path, name, content)
    with pytest.raises(SourceError, match=rf"{name}.*{reason}"):
        certify(path)


def test_deeply_nested_turtle_is_an_answer_and_not_the_end_of_the_process(tmp_path: Path) -> None:
    path = write(tmp_path, "deep.ttl", _HEAD + "ex:a ex:b " + "( " * 20_000 + ") " * 20_000 + ".")
    assert Check.PARSERS in faults(certify(path))


def test_a_folder_and_a_missing_file_are_named(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match=f"{tmp_path.name}: is a folder"):
        certify(tmp_path)
    with pytest.raises(SourceError, match=r"nowhere\.ttl: there is no such file"):
        certify(tmp_path / "nowhere.ttl")


def test_rdflib_is_left_as_it_was(tmp_path: Path) -> None:
    certify(write(tmp_path, "x.ttl", _HEAD + 'ex:a ex:b "01"^^xsd:integer .'))
    assert rdflib.NORMALIZE_LITERALS is True


def test_the_suffix_before_gz_tells_the_syntax(tmp_path: Path) -> None:
    assert RdfFile(write(tmp_path, "x.TTL.gz", gzip.compress(b""))).rdf_format == ox.RdfFormat.TURTLE


# --- the command


def test_the_command_says_it_in_text_and_json_with_exit_status(tmp_path: Path) -> None:
    good = write(tmp_path, "good.ttl", _HEAD + "ex:a ex:b 1 .")
    bad = write(tmp_path, "bad.ttl", _HEAD + "ex:a ex:b [] .")
    run = CliRunner().invoke
    text, report = run(main, ["certify", str(good)]), run(main, ["certify", str(bad), "-f", "json"])
    assert (text.exit_code, report.exit_code, run(main, ["certify", str(tmp_path / "no.ttl")]).exit_code) == (0, 1, 2)
    assert "certified, 0 warnings" in text.stdout
    content = json.loads(report.stdout)
    assert (content["holds"], content["faults"][0]["check"], content["graph_digest"]) == (False, "blank-nodes", None)
    assert run(main, ["certify", str(good), "--prefix", "nonsense"]).exit_code == 2
