"""Which nodes of a graph the shapes look at at all: a graph of which they know nothing conforms too (SHACL, 3.4).

A report without results is worth as much as what was checked for it. Sections are those of https://www.w3.org/TR/shacl/.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from io import BytesIO
from typing import Final

from kg.identifiers import PREFIXES
from kg.nquads import Triple
from kg.terms import RDF
from kg.validate.report import Coverage, shorten
from kg.validate.shapes_graph import TARGETS, ShapesGraph

_SUBCLASS: Final = f"<{PREFIXES['rdfs']}subClassOf>"


def coverage_of(shapes: bytes, data: bytes) -> Coverage:
    """Count the focus nodes (section 2.1.3) of shapes in data, both in N-Triples with a space between terms."""
    graph = ShapesGraph(shapes)
    of_class, of_subjects, of_objects = (
        {str(value) for shape in graph.targeted() for value in graph.of(shape, name)} for name in TARGETS
    )
    above = _superclasses(data)
    subjects: set[str] = set()
    checked: set[str] = set()
    typed: dict[str, set[str]] = {}
    for subject, predicate, value in _triples(data):
        subjects.add(subject)
        if predicate == RDF.type and (kinds := above.get(value, {value}) & of_class):
            typed.setdefault(subject, set()).update(kinds)
        if predicate in of_subjects:
            checked.add(subject)
        if predicate in of_objects:
            checked.add(value)
    counts = Counter(kind for kinds in typed.values() for kind in kinds)
    return Coverage(
        subjects=len(subjects),
        checked=len(checked.union(typed)),
        classes={shorten(kind): number for kind, number in sorted(counts.items())},
    )


def _triples(data: bytes) -> Iterator[Triple]:
    for line in BytesIO(data):
        subject, predicate, rest = line.decode().split(" ", 2)
        yield subject, predicate, rest.removesuffix(" .\n")


def _superclasses(data: bytes) -> Mapping[str, set[str]]:
    """Return the classes that the data puts below others, each with all above it and itself."""
    direct: dict[str, set[str]] = {}
    for subject, predicate, value in _triples(data) if _SUBCLASS.encode() in data else ():
        if predicate == _SUBCLASS:
            direct.setdefault(subject, set()).add(value)
    return {name: _all_above(name, direct) for name in direct}


def _all_above(name: str, direct: Mapping[str, set[str]]) -> set[str]:
    found: set[str] = set()
    waiting = [name]
    while waiting:
        if (one := waiting.pop()) not in found:
            found.add(one)
            waiting += direct.get(one, ())
    return found
