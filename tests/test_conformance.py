"""The compiled shapes say that a graph conforms only if an engine says so, whatever was broken."""

from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pyoxigraph as ox
import pytest
import shifty

from kg import resources
from kg.nquads import Triple
from kg.rdf_file import read_ntriples
from kg.validate import Validator
from kg.validate.conformance import SurelyConforms

EXAMPLES = Path(__file__).parent / "shapes"
VALID = [EXAMPLES / "valid.ttl", EXAMPLES / "valid-minimal.ttl"]
WRONG = ("_:b", "<urn:x>", '""', '"x\\n"', '"x"@de', '""@en', '"7"^^<http://www.w3.org/2001/XMLSchema#integer>')
TYPE = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>"
SUBCLASS = "<http://www.w3.org/2000/01/rdf-schema#subClassOf>"
PREFIXES = """
@prefix ex: <urn:ex#> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""


@cache
def validator() -> Validator:
    return Validator()


@cache
def bundled() -> SurelyConforms:
    return SurelyConforms(b"".join(read_ntriples(path) for path in sorted(resources.folder("shapes").glob("*.ttl"))))


def ntriples(turtle: str) -> bytes:
    quads = ox.parse(PREFIXES + turtle, format=ox.RdfFormat.TURTLE)
    return ox.serialize((quad.triple for quad in quads), format=ox.RdfFormat.N_TRIPLES) or b""


def triples(data: bytes) -> list[Triple]:
    rows = (line.removesuffix(" .").split(" ", 2) for line in sorted(set(data.decode().rstrip("\n").split("\n"))))
    return [(subject, predicate, value) for subject, predicate, value in rows]


def verdicts(shapes: str, data: str) -> tuple[bool, bool]:
    """Return what the compiled shapes say of Turtle, and what the engine says."""
    engine = shifty.PreparedValidator(ntriples(shapes))
    found = engine.validate_algebra(
        ntriples(data), graph_mode="data", infer=False, minimum_severity="violation", on_unsupported="error"
    )
    return SurelyConforms(ntriples(shapes))(triples(ntriples(data))), found.conforms


def test_all_bundled_shapes_are_covered() -> None:
    assert bundled().not_covered == []


@pytest.mark.parametrize("path", VALID, ids=lambda path: path.stem)
def test_of_valid_examples_it_is_sure(path: Path) -> None:
    assert bundled()(triples(read_ntriples(path)))


def broken(path: Path) -> Iterator[list[Triple]]:
    """Yield the example with another value at one place, for each of its predicates; and with that in its IRIs."""
    rows = triples(read_ntriples(path))
    by_predicate = {predicate: place for place, (_, predicate, _) in enumerate(rows)}
    for place in by_predicate.values():
        subject, predicate, value = rows[place]
        others = [*WRONG, value.replace('"', '"\\n', 1), value.removesuffix(">") + "\\u000A>", value.replace("/", "_")]
        for other in others:
            yield [*rows[:place], (subject, predicate, other), *rows[place + 1 :]]
        yield rows[:place] + rows[place + 1 :]


@pytest.mark.parametrize("path", VALID, ids=lambda path: path.stem)
def test_it_is_never_sure_of_what_the_engine_rejects(path: Path) -> None:
    sure = [rows for rows in broken(path) if bundled()(rows)]
    assert 0 < len(sure) < len(list(broken(path))) / 2
    for rows in sure:
        try:
            assert validator().conforms("".join(f"{s} {p} {o} .\n" for s, p, o in rows)), rows
        except ValueError:  # no RDF at all
            continue


@pytest.mark.parametrize(
    ("constraint", "good", "bad"),
    [
        ('sh:pattern "^NCT[0-9]{8}$"', '"NCT00000001"', '"NCT00000001\\n"'),
        ('sh:pattern "/arm/NCT"', "<https://example.org/arm/NCT1>", "<https://example.org/site/NCT1>"),
        ("sh:nodeKind sh:IRI", "<urn:x>", '"urn:x"'),
        ("sh:nodeKind sh:Literal", '"x"', "_:x"),
        ("sh:datatype xsd:string", '"x"', '"x"@en'),
        ("sh:datatype xsd:integer", "7", "7.0"),
        ("sh:datatype xsd:date", '"2024-02-29"^^xsd:date', '"2023-02-29"^^xsd:date'),
        ("sh:datatype xsd:gYearMonth", '"2024-02"^^xsd:gYearMonth', '"2024"^^xsd:gYear'),
        ("sh:datatype xsd:duration", '"P1Y6M"^^xsd:duration', '"P1H"^^xsd:duration'),
        ("sh:datatype xsd:boolean", "true", '"yes"^^xsd:boolean'),
        ("sh:datatype rdf:langString", '"x"@en', '"x"'),
        ("sh:minInclusive 0", "0", "-1"),
        ("sh:maxInclusive 1.0", "1", "1.01"),
        ('sh:languageIn ( "en" )', '"x"@en-GB', '"x"@enm'),
        ("sh:minLength 1", '"\\""', '""'),
        ("sh:minLength 2", '"\\"\\""', '"\\""'),
        ("sh:maxLength 1", '"\\u00b5"', '"ab"'),
        ("sh:in ( ex:a ex:b )", "ex:b", "ex:c"),
        ('sh:not [ sh:pattern "@" ]', '"a"', '"a@b"'),
        ('sh:or ( [ sh:pattern "^a" ] [ sh:datatype rdf:langString ] )', '"b"@en', '"b"'),
        ("sh:node [ sh:nodeKind sh:Literal ]", '"x"', "<urn:x>"),
        ("sh:class ex:C", "ex:c . ex:c a ex:C", "ex:c . ex:c a ex:D"),
        ("sh:property [ sh:path ex:q ; sh:minCount 1 ]", "ex:c . ex:c ex:q 1", "ex:c . ex:c ex:r 1"),
        ("sh:property [ sh:path ex:q ; sh:hasValue ex:d ]", "ex:c . ex:c ex:q ex:d", "ex:c . ex:c ex:q ex:e"),
        (
            "sh:property [ sh:path ex:q ; sh:lessThan ex:r ]",
            "ex:c . ex:c ex:q 9 ; ex:r 10",
            "ex:c . ex:c ex:q 1 ; ex:r 1",
        ),
        (
            "sh:property [ sh:path ex:q ; sh:disjoint ex:r ]",
            "ex:c . ex:c ex:q 9 ; ex:r 1",
            "ex:c . ex:c ex:q 1 ; ex:r 1",
        ),
        (
            "sh:property [ sh:path [ sh:inversePath [ sh:alternativePath ( ex:p ex:q ) ] ] ; sh:maxCount 1 ]",
            "ex:c . ex:s ex:q ex:c",
            "ex:c . ex:other ex:q ex:c",
        ),
    ],
)  # fmt: skip
@pytest.mark.parametrize(
    "target", ["sh:targetClass ex:S ; sh:property [ sh:path ex:p ; {} ]", "sh:targetObjectsOf ex:p ; {}"]
)
def test_a_constraint_is_covered(target: str, constraint: str, good: str, bad: str) -> None:
    shape = f"ex:shape a sh:NodeShape ; {target.format(constraint)} ."
    assert verdicts(shape, f"ex:s a ex:S ; ex:p {good} .") == (True, True)
    assert verdicts(shape, f"ex:s a ex:S ; ex:p {bad} .") == (False, False)


@pytest.mark.parametrize(
    "constraint",
    [
        'sh:pattern "\\\\d"',  # XPath and Python differ in what a digit is
        'sh:pattern "a.b"',
        'sh:pattern "A" ; sh:flags "i"',
        "sh:datatype xsd:hexBinary",
        "sh:in ( 1 )",
        'sh:languageIn ( "*" )',
        "sh:xone ( [ sh:class ex:C ] )",
        "sh:nodeKind sh:Anything",
        "sh:node ex:shape",
        "sh:property [ sh:path ( ex:p ex:q ) ; sh:minCount 1 ]",
        "sh:property [ sh:path [ sh:inversePath ( ex:p ex:q ) ] ; sh:minCount 1 ]",
        "sh:property [ sh:path ex:q ; sh:hasValue 1 ]",
        "sh:property [ sh:path [ sh:inversePath ex:q ] ; sh:disjoint ex:r ]",
        'sh:sparql [ sh:select "SELECT $this { $this ?p ?o }" ]',
        "sh:deactivated true",
    ],
)
def test_a_shape_that_is_not_covered_leaves_its_targets_to_the_engine(constraint: str) -> None:
    shape = f"ex:shape a sh:NodeShape ; sh:targetObjectsOf ex:p ; {constraint} ."
    compiled = SurelyConforms(ntriples(shape))
    assert compiled.not_covered == ["<urn:ex#shape>"]
    assert not compiled([("<urn:s>", "<urn:ex#p>", '"x"')])
    assert compiled([("<urn:s>", "<urn:ex#other>", '"x"')])


@pytest.mark.parametrize(
    "more", ["sh:targetNode ex:n .", "sh:target ex:n .", "a <http://www.w3.org/2002/07/owl#Class> ."]
)
def test_with_other_kinds_of_targets_it_is_never_sure(more: str) -> None:
    assert not SurelyConforms(ntriples(f"ex:a a sh:NodeShape ; sh:targetClass ex:A ; {more}"))([])


def test_numbers_of_unusual_types_are_left_to_the_engine() -> None:
    shape = "ex:a a sh:NodeShape ; sh:targetObjectsOf ex:p ; sh:minInclusive 0 ."
    assert verdicts(shape, "ex:s ex:p 1.0e0 .") == (False, True)


def test_a_warning_changes_nothing_but_a_violation_under_a_warning_does() -> None:
    weak = (
        "ex:a a sh:NodeShape ; sh:targetClass ex:A ; sh:severity sh:Warning ; sh:nodeKind sh:Literal ; sh:property {} ."
    )
    strict, lax = "[ sh:path ex:p ; sh:minCount 1 ]", "[ sh:path ex:p ; sh:minCount 1 ; sh:severity sh:Info ]"
    assert verdicts(weak.format(lax), "ex:x a ex:A .") == (True, True)
    assert verdicts(weak.format(strict), "ex:x a ex:A .") == (False, False)


def test_instances_of_subclasses_are_left_to_the_engine() -> None:
    arm = "<https://w3id.org/trialkg/vocab#Arm>"
    rows = [("_:x", TYPE, "<urn:sub>")]
    assert bundled()(rows)
    assert not bundled()([*rows, ("<urn:sub>", SUBCLASS, arm)])


def test_all_classes_of_a_node_count_wherever_its_types_stand() -> None:
    shapes = "ex:a a sh:NodeShape ; sh:targetClass ex:A ; sh:property [ sh:path ex:p ; sh:maxCount 1 ] ."
    compiled = SurelyConforms(ntriples(shapes))
    rows = [("<urn:s>", "<urn:ex#p>", '"1"'), ("<urn:s>", TYPE, "<urn:ex#B>"), ("<urn:s>", TYPE, "<urn:ex#A>")]
    assert compiled(rows)
    assert not compiled([("<urn:s>", "<urn:ex#p>", '"2"'), *rows])


@pytest.mark.parametrize(
    "constraint",
    [
        "sh:class ex:C",
        'sh:or ( [ sh:class ex:C ] [ sh:pattern "/c" ] )',
        "sh:not [ sh:not [ sh:class ex:C ] ]",
        "sh:node [ sh:nodeKind sh:IRI ; sh:property [ sh:path rdf:type ; sh:minCount 1 ] ]",
    ],
)
def test_what_a_graph_says_of_a_term_counts_in_that_graph_alone(constraint: str) -> None:
    shape = f"ex:a a sh:NodeShape ; sh:targetClass ex:A ; sh:property [ sh:path ex:p ; {constraint} ] ."
    compiled = SurelyConforms(ntriples(shape))
    rows = [("<urn:s>", TYPE, "<urn:ex#A>"), ("<urn:s>", "<urn:ex#p>", "<urn:o>")]
    for _ in range(2):
        assert compiled([*rows, ("<urn:o>", TYPE, "<urn:ex#C>")])
        assert not compiled(rows)


def test_a_term_that_passed_once_is_still_wrong_where_more_is_asked_of_it() -> None:
    shapes = """ex:a a sh:NodeShape ; sh:targetClass ex:A ; sh:property [ sh:path ex:p ; sh:minLength 2 ] .
        ex:b a sh:NodeShape ; sh:targetClass ex:B ; sh:property [ sh:path ex:p ; sh:minLength 2 ; sh:maxLength 3 ] ."""
    compiled = SurelyConforms(ntriples(shapes))
    rows = [("<urn:s>", TYPE, "<urn:ex#A>"), ("<urn:s>", "<urn:ex#p>", '"four"')]
    assert compiled(rows)
    assert not compiled([("<urn:s>", TYPE, "<urn:ex#B>"), *rows])
    assert not compiled([("<urn:s>", TYPE, "<urn:ex#B>"), rows[1]])
