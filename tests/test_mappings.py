"""The mapping files are SSSOM, say the same as the concept files, and what is ruled out is obeyed.

The check of the format is our own, after https://mapping-commons.github.io/sssom/Mapping/, so that it runs everywhere;
the package `sssom` needs some ninety others, so its tools are asked in an environment of their own (SSSOM_PYTHON).
"""

import csv
import gzip
import json
import os
import re
import subprocess
from collections import defaultdict
from pathlib import Path

import pytest

from kg import resources
from kg.errors import TerminologyError
from kg.identifiers import Minter, is_iri
from kg.mappings import Mapping, load_mapping_sets, mapping_triples
from kg.models import ConceptType
from kg.nquads import ntriples
from kg.owl import owl_triples
from kg.terminology import Terminology

FOLDER = resources.folder("ontologies") / "mappings"
FILES = sorted(FOLDER.glob("*.sssom.tsv"))
SHARED = Path(__file__).resolve().parents[2] / "shared/data/terminology"
COLUMNS = "subject_id subject_label predicate_id predicate_modifier object_id object_label mapping_justification"
COLUMNS += " confidence mapping_provider"
PREDICATES = {"exactMatch", "closeMatch", "broadMatch", "narrowMatch", "relatedMatch"}
SEMAPV = "https://w3id.org/semapv/vocab/"
JUSTIFICATIONS = {"ManualMappingCuration", "MappingChaining", "MappingInversion", "UnspecifiedMatching"}
MATCH = re.compile(r"<http://www\.w3\.org/2004/02/skos/core#(exactMatch|closeMatch)>")


@pytest.fixture(scope="module")
def mappings() -> tuple[Mapping, ...]:
    return tuple(row for it in load_mapping_sets() for row in it.mappings)


# --- the format


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_file_has_the_slots_that_sssom_asks_for(path: Path) -> None:
    lines = path.read_text("utf-8").splitlines()
    head = [line for line in lines if line.startswith("#")]
    for slot in ("curie_map", "mapping_set_id", "mapping_set_title", "mapping_set_version", "license", "creator_label"):
        assert sum(line.startswith(f"#{slot}:") for line in head) == 1, slot
    assert f"#mapping_set_id: https://w3id.org/trialkg/mappings/{path.name.partition('.')[0]}" in head
    prefixes = {line[3:].partition(":")[0] for line in head if line.startswith("#  ") and ": http" in line}
    table = lines[len(head) :]
    assert table[0].split("\t") == COLUMNS.split()
    assert table[1:] == sorted(set(table[1:])), "rows are sorted and there once"
    for row in csv.DictReader(table, delimiter="\t", quoting=csv.QUOTE_NONE):
        for column in ("subject_id", "predicate_id", "object_id", "mapping_justification"):
            prefix, _, name = row[column].partition(":")
            assert prefix in prefixes, row
            assert re.fullmatch(r"[\w./-]+", name), row
        assert row["subject_label"], row


def test_every_value_is_of_its_kind(mappings: tuple[Mapping, ...]) -> None:
    assert len(mappings) > 2_000
    for row in mappings:
        assert is_iri(row.subject_iri), row
        assert is_iri(row.object_iri), row
        assert is_iri(row.provider), row
        assert row.predicate in PREDICATES, row
        assert row.justification.removeprefix(SEMAPV) in JUSTIFICATIONS, row
        assert 0 < row.confidence < 1, row  # a whole number has no form that all stores give back
        assert row.subject_iri != row.object_iri, row


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("MESH:D1", "XYZ:D1"),
        ("\t0.9\t", "\thigh\t"),
        ("\tNot\t", "\tnot\t"),
        ("\tconfidence", "\tsure"),
        ("#license", "#licence"),
    ],
    ids=["prefix", "number", "modifier", "column", "license"],
)
def test_a_file_with_a_fault_is_refused(old: str, new: str, tmp_path: Path) -> None:
    head = "#curie_map:\n#  MESH: x:m/\n#  DOID: x:d/\n#  semapv: x:s/\n#mapping_set_id: x:set\n"
    head += "#mapping_set_title: A set\n#mapping_set_version: 1\n#license: x:license\n"
    row = "MESH:D1\tone\tskos:exactMatch\tNot\tDOID:1\t\tsemapv:ManualMappingCuration\t0.9\tx:us"
    text = "\t".join(COLUMNS.split()) + f"\n{row}\n"
    path = tmp_path / "faulty.sssom.tsv"
    path.write_text(head + text, "utf-8")
    assert load_mapping_sets(folder=tmp_path)[0].mappings[0].negated
    path.write_text((head + text).replace(old, new), "utf-8")
    with pytest.raises(TerminologyError, match=r"faulty\.sssom\.tsv"):
        load_mapping_sets(folder=tmp_path)


# --- what they say


def test_rows_and_the_matches_of_concepts_agree(mappings: tuple[Mapping, ...], terminology: Terminology) -> None:
    said = {
        (subject[1:-1], match[1], value[1:-1])
        for subject, predicate, value in terminology.triples
        if (match := MATCH.fullmatch(predicate))
    }
    rows = {
        (row.subject_iri, row.predicate, row.object_iri)
        for row in mappings
        if not row.negated and not row.mapping_set.endswith("/vocabulary")
    }
    assert rows == said


def test_rows_and_the_matches_of_terms_agree(mappings: tuple[Mapping, ...]) -> None:
    said = {
        (it[1:-1], match[1], value[1:-1])
        for it, predicate, value in owl_triples()
        if (match := re.fullmatch(r"<.*core#(\w+Match)>", predicate))
    }
    above = {(it[1:-1], "broadMatch", value[1:-1]) for it, predicate, value in owl_triples() if predicate[-3:] == "Of>"}
    rows = {
        (row.subject_iri, row.predicate, row.object_iri) for row in mappings if row.mapping_set.endswith("/vocabulary")
    }
    assert said <= rows
    assert rows - said <= above


def test_what_is_ruled_out_is_nowhere_an_exact_match(mappings: tuple[Mapping, ...], terminology: Terminology) -> None:
    negative = {(row.subject_iri, row.object_iri) for row in mappings if row.negated}
    assert len(negative) > 50
    exact = {(concept.iri, match) for concept in terminology.concepts.values() for match in concept.exact_match_iris}
    assert {pair for pair in exact if pair in negative or pair[::-1] in negative} == set()


def test_a_combination_is_never_mapped_to_a_part(mappings: tuple[Mapping, ...], terminology: Terminology) -> None:
    same: dict[str, set[str]] = defaultdict(set)
    for row in mappings:
        if row.predicate in {"exactMatch", "closeMatch"} and not row.negated:
            same[row.subject_iri].add(row.object_iri)
    combinations = [it for it in terminology.concepts.values() if it.concept_type is ConceptType.DRUG_COMBINATION]
    assert len(combinations) > 100
    for combination in combinations:
        for part in combination.part_iris:
            assert same[combination.iri] & {part, *same[part]} == set(), combination.pref_label
            assert combination.iri not in same[part], combination.pref_label


def test_no_two_concepts_are_the_same_as_one_thing(terminology: Terminology) -> None:
    owners: dict[str, list[str]] = defaultdict(list)
    for concept in terminology.concepts.values():
        for match in concept.exact_match_iris:
            owners[match].append(concept.pref_label)
    assert {match: names for match, names in owners.items() if len(names) > 1} == {}


def test_the_triples_are_annotated_axioms_under_the_sites_base(mappings: tuple[Mapping, ...]) -> None:
    minter = Minter("https://example.org/kg/")
    triples = list(mapping_triples(load_mapping_sets(minter), minter))
    nodes = {value for _, predicate, value in triples if predicate == "<https://w3id.org/sssom/mappings>"}
    assert len(nodes) == len(mappings)
    assert all(node.startswith("<https://example.org/kg/mapping/") for node in nodes)
    modified = [
        subject for subject, predicate, _ in triples if predicate == "<https://w3id.org/sssom/predicate_modifier>"
    ]
    assert len(modified) == sum(row.negated for row in mappings)


def _shared_pairs(name: str) -> set[tuple[str, str]]:
    with gzip.open(SHARED / name, "rt", encoding="utf-8") as file:
        rows = csv.DictReader((line for line in file if not line.startswith("#")), delimiter="\t")
        return {(row["subject_id"].upper(), row["object_id"].upper()) for row in rows}


def _curie(iri: str) -> str:
    end = iri.rpartition("/")[2]
    return f"MESH:{end}" if "/mesh/" in iri else end.replace("_", ":")


@pytest.mark.skipif(not SHARED.is_dir(), reason="the tables of other vocabularies are not here")
def test_what_mondo_is_said_to_say_it_says(mappings: tuple[Mapping, ...]) -> None:
    pairs = _shared_pairs("mondo-exactmatch-mesh.sssom.tsv.gz")
    inverted = [row for row in mappings if row.justification.endswith("MappingInversion")]
    to_mesh = [row for row in inverted if "/mesh/" in row.subject_iri]
    assert len(to_mesh) > 400
    assert [row for row in to_mesh if (_curie(row.object_iri), _curie(row.subject_iri)) not in pairs] == []


@pytest.mark.skipif(not SHARED.is_dir(), reason="the tables of other vocabularies are not here")
def test_no_exact_match_is_one_that_biomappings_rules_out(terminology: Terminology) -> None:
    negative = _shared_pairs("biomappings-negative.sssom.tsv.gz")
    exact = {(_curie(it.iri), _curie(match)) for it in terminology.concepts.values() for match in it.exact_match_iris}
    assert {pair for pair in exact if pair in negative or pair[::-1] in negative} == set()


# --- the tools of SSSOM


def _judged(*paths: Path) -> list[dict[str, object]]:
    """Return what the `sssom` tools say of each file, by the Python that SSSOM_PYTHON names."""
    python = os.environ.get("SSSOM_PYTHON", "")
    if not python:
        pytest.skip("SSSOM_PYTHON names no Python with the package sssom: tests/integration/validate_sssom.py")
    script = Path(__file__).parent / "integration/validate_sssom.py"
    done = subprocess.run([python, script, *paths], check=True, capture_output=True, text=True, env={})
    return [json.loads(line) for line in done.stdout.splitlines()]


def test_the_tools_of_sssom_find_no_fault_in_a_file() -> None:
    sets = load_mapping_sets()
    for it, found in zip(sets, _judged(*FILES), strict=True):
        negated = sum(row.negated for row in it.mappings)
        assert found == {"rows": len(it.mappings), "negated": negated, "faults": []}, it.iri


def test_the_tools_of_sssom_read_our_triples(tmp_path: Path) -> None:
    minter = Minter()
    sets = load_mapping_sets(minter)
    for number, it in enumerate(sets):
        (tmp_path / f"{number}.ttl").write_text(ntriples(mapping_triples([it], minter)), "utf-8")
    for it, found in zip(sets, _judged(*sorted(tmp_path.iterdir())), strict=True):
        assert (found["rows"], found["negated"]) == (len(it.mappings), sum(row.negated for row in it.mappings)), it.iri


@pytest.mark.parametrize(
    ("old", "new"),
    [("semapv:ManualMappingCuration", "by hand"), ("\t0.8\t", "\t1.8\t"), ("#  schema: https://schema.org/\n", "")],
    ids=["justification", "confidence", "prefix"],
)
def test_the_tools_of_sssom_find_a_planted_fault(old: str, new: str, tmp_path: Path) -> None:
    text = (FOLDER / "vocabulary.sssom.tsv").read_text("utf-8")
    path = tmp_path / "planted.sssom.tsv"
    path.write_text(text.replace(old, new), "utf-8")
    (found,) = _judged(path)
    rows = sum(not line.startswith("#") for line in text.splitlines()) - 1
    assert found["faults"] or found["rows"] != rows
