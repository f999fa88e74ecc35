"""The yes or no of a build, in which values are tested apart, is that of the whole shapes: on whatever was broken."""

from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pyoxigraph as ox
import pytest
import shifty

from kg import resources
from kg.rdf_file import read_ntriples
from kg.validate import Validator
from kg.validate.value_tests import ValueTests

VALID = sorted((Path(__file__).parent / "shapes").glob("valid*.ttl"))
WRONG = ("_:b", "<urn:x>", '""', '"x\\n"', '"x"@de', '""@en', '"7"^^<http://www.w3.org/2001/XMLSchema#integer>')
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
def bundled_shapes() -> bytes:
    return b"".join(read_ntriples(path) for path in sorted(resources.folder("shapes").glob("*.ttl")))


@cache
def whole_shapes() -> shifty.PreparedValidator:
    return shifty.PreparedValidator(bundled_shapes())


def value_tests(turtle: str) -> ValueTests:
    quads = ox.parse(PREFIXES + turtle, format=ox.RdfFormat.TURTLE)
    shapes = ox.serialize((quad.triple for quad in quads), format=ox.RdfFormat.N_TRIPLES)
    return ValueTests(shapes or b"")


def broken(path: Path) -> Iterator[str]:
    """Yield the example with another value at one place, for each of its predicates; and with that in its IRIs."""
    lines = sorted(read_ntriples(path).decode().splitlines())
    by_predicate = {line.split(" ", 2)[1]: place for place, line in enumerate(lines)}
    for place in by_predicate.values():
        subject, predicate, value = lines[place].removesuffix(" .").split(" ", 2)
        others = [*WRONG, value.replace('"', '"\\n', 1), value.removesuffix(">") + "\\u000A>", value.replace("/", "_")]
        for other in others:
            changed = [*lines[:place], f"{subject} {predicate} {other} .", *lines[place + 1 :]]
            yield "".join(f"{line}\n" for line in changed)


@pytest.mark.parametrize("path", VALID, ids=lambda path: path.stem)
def test_a_changed_value_is_judged_as_by_the_whole_shapes(path: Path) -> None:
    outcomes = set()
    for data in broken(path):
        try:
            expected = whole_shapes().validate_algebra(
                data.encode(), graph_mode="data", infer=False, minimum_severity="violation", on_unsupported="error"
            )
        except ValueError:  # no RDF at all
            continue
        assert validator().conforms(data) == expected.conforms, data
        outcomes.add(expected.conforms)
    assert outcomes == {True, False}


def test_patterns_and_weak_shapes_are_not_left_to_the_engine() -> None:
    shapes = bundled_shapes()
    rest = ValueTests(shapes).rest
    assert b'"/assertion/NCT"' in shapes
    assert b'"/assertion/NCT"' not in rest
    assert b"trial-mention-has-role> <http://www.w3.org/ns/shacl#disjoint>" in rest  # its constraints lead nowhere
    assert b"#property> <https://w3id.org/trialkg/shapes#trial-mention-has-role>" in shapes
    assert b"#property> <https://w3id.org/trialkg/shapes#trial-mention-has-role>" not in rest


@pytest.mark.parametrize(
    ("constraint", "good", "bad"),
    [
        ('sh:pattern "^NCT[0-9]{8}$"', '"NCT00000001"', '"NCT00000001\\n"'),
        ('sh:pattern "/arm/NCT"', "<https://example.org/arm/NCT1>", "<https://example.org/site/NCT1>"),
        ("sh:nodeKind sh:IRI", "<urn:x>", '"urn:x"'),
        ("sh:nodeKind sh:IRIOrLiteral", '"x"', "_:x"),
        ("sh:datatype xsd:string", '"x"', '"x"@en'),
        ("sh:datatype rdf:langString", '"x"@en', '"x"'),
        ('sh:languageIn ( "en" )', '"x"@en-GB', '"x"@enm'),
        ("sh:minLength 1", '"\\""', '""'),
        ("sh:maxLength 1", '"\\u00b5"', '"ab"'),
        ('sh:not [ sh:pattern "@" ]', '"a"', '"a@b"'),
        ('sh:or ( [ sh:pattern "^a" ] [ sh:datatype rdf:langString ] )', '"b"@en', '"b"'),
        ("sh:node [ sh:nodeKind sh:Literal ]", '"x"', "<urn:x>"),
    ],
)
def test_a_constraint_is_taken_over(constraint: str, good: str, bad: str) -> None:
    taken = value_tests(f"ex:shape a sh:NodeShape ; sh:targetObjectsOf ex:p ; {constraint} .")
    assert b"<urn:ex#shape> <http://www.w3.org/ns/shacl#" + constraint[3:].split()[0].encode() not in taken.rest
    assert taken.pass_for(f"<urn:s> <urn:ex#p> {good} .\n")
    assert not taken.pass_for(f"<urn:s> <urn:ex#p> {bad} .\n")


@pytest.mark.parametrize(
    "constraint",
    [
        'sh:pattern "\\\\d"',  # XPath and Python differ in what a digit is
        'sh:pattern "a.b"',
        'sh:pattern "A" ; sh:flags "i"',
        "sh:datatype xsd:integer",
        "sh:class ex:C",
        "sh:or ( [ sh:pattern 'a' ] [ sh:class ex:C ] )",
        "sh:not [ sh:path ex:q ; sh:minCount 1 ]",
    ],
)
def test_what_is_not_sure_to_mean_the_same_stays(constraint: str) -> None:
    left = value_tests(f"ex:shape a sh:NodeShape ; sh:targetObjectsOf ex:p ; {constraint} .")
    assert b"<urn:ex#shape> <http://www.w3.org/ns/shacl#" + constraint[3:].split()[0].encode() in left.rest
    assert left.pass_for('<urn:s> <urn:ex#p> "A1" .\n')


def test_a_shape_that_another_builds_on_stays_whole() -> None:
    left = value_tests(
        "ex:a a sh:NodeShape ; sh:targetClass ex:A ; sh:or ( ex:b [ sh:class ex:C ] ) ."
        'ex:b a sh:NodeShape ; sh:targetClass ex:B ; sh:pattern "x" .'
    )
    assert b'"x"' in left.rest


@pytest.mark.parametrize(
    "more",
    ["ex:a sh:targetNode ex:n .", "ex:a sh:deactivated true .", "ex:a a <http://www.w3.org/2002/07/owl#Class> ."],
)
def test_a_shape_with_other_targets_stays_whole(more: str) -> None:
    left = value_tests(f'ex:a a sh:NodeShape ; sh:targetClass ex:A ; sh:pattern "x" . {more}')
    assert b'"x"' in left.rest


def test_a_violation_under_a_warning_stays() -> None:
    left = value_tests(
        "ex:a a sh:NodeShape ; sh:targetClass ex:A ; sh:severity sh:Warning ;"
        " sh:property [ sh:path ex:p ; sh:minCount 1 ] , [ sh:path ex:q ; sh:minCount 1 ; sh:severity sh:Info ] ."
    )
    assert b"targetClass" in left.rest
    assert left.rest.count(b"shacl#property>") == 1


def test_instances_of_a_subclass_are_checked() -> None:
    arm = "<https://w3id.org/trialkg/vocab#Arm>"
    wrong = "_:x <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <urn:sub> .\n"
    assert validator().conforms(wrong)
    assert not validator().conforms(f"{wrong}<urn:sub> <http://www.w3.org/2000/01/rdf-schema#subClassOf> {arm} .\n")


def test_a_shape_that_builds_on_itself_stays() -> None:
    left = value_tests(
        "ex:a a sh:NodeShape ; sh:targetObjectsOf ex:p ; sh:node ex:b . ex:b a sh:NodeShape ; sh:not ex:c ."
        "ex:c a sh:NodeShape ; sh:node ex:b ."
    )
    assert b"<urn:ex#a> <http://www.w3.org/ns/shacl#node> <urn:ex#b>" in left.rest


def test_values_of_a_class_are_tested_wherever_its_type_stands() -> None:
    taken = value_tests('ex:a a sh:NodeShape ; sh:targetClass ex:A ; sh:property [ sh:path ex:p ; sh:pattern "x" ] .')
    value = '<urn:s> <urn:ex#p> "y" .\n'
    kind = "<urn:s> <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <urn:ex#{}> .\n"
    assert not taken.pass_for(value + kind.format("A"))
    assert taken.pass_for(value + kind.format("B"))
