"""Which nodes of a graph the shapes look at at all: a graph of which they know nothing conforms too (SHACL, 3.4).

A report without results is worth as much as what was checked for it. Sections are those of https://www.w3.org/TR/shacl/.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from io import BytesIO

from kg.nquads import Triple
from kg.terms import RDF
from kg.validate.reach import SUBCLASS
from kg.validate.report import Coverage, shorten
from kg.validate.shapes_graph import TARGETS, ShapesGraph


def coverage_of(shapes: ShapesGraph, data: bytes) -> Coverage:
    """Count the focus nodes (section 2.1.3) of shapes in N-Triples with a space between terms."""
    counted = Covered(shapes)
    counted.add([line.decode() for line in BytesIO(data)])
    return counted.coverage


class Covered:
    """Counts focus nodes, a piece of a graph after the other; each node belongs to one piece.

    Args:
        shapes: What the nodes are in the focus of.
    """

    def __init__(self, shapes: ShapesGraph) -> None:
        self._of_class, self._of_subjects, self._of_objects = (
            {str(value) for shape in shapes.targeted() for value in shapes.of(shape, name)} for name in TARGETS
        )
        self._subjects = self._checked = 0
        self._counts: Counter[str] = Counter()
        self._literals: set[str] = set()  # which belong to no piece

    def add(
        self, lines: Iterable[str], beside: Iterable[str] = (), owns: Callable[[str], bool] = lambda _: True
    ) -> None:
        """Count the nodes of a piece.

        Args:
            lines: The triples of its nodes.
            beside: Triples of others, which may put a class below another or make a node a target.
            owns: Tells whether a node belongs to the piece.
        """
        own, others = list(_triples(lines)), list(_triples(beside))
        above = _superclasses([*own, *others])
        checked: set[str] = set()
        typed: dict[str, set[str]] = {}
        for subject, predicate, value in own:
            if predicate == RDF.type and (kinds := above.get(value, {value}) & self._of_class):
                typed.setdefault(subject, set()).update(kinds)
            if predicate in self._of_subjects:
                checked.add(subject)
        pointed_to = {value for _, predicate, value in (*own, *others) if predicate in self._of_objects}
        self._literals.update(value for value in pointed_to if value[0] == '"')
        checked.update(value for value in pointed_to if value[0] != '"' and owns(value))
        self._subjects += len({subject for subject, _, _ in own})
        self._checked += len(checked.union(typed))
        self._counts.update(kind for kinds in typed.values() for kind in kinds)

    @property
    def coverage(self) -> Coverage:
        """What was counted."""
        return Coverage(
            subjects=self._subjects,
            checked=self._checked + len(self._literals),
            classes={shorten(kind): number for kind, number in sorted(self._counts.items())},
        )


def _triples(lines: Iterable[str]) -> Iterator[Triple]:
    for line in lines:
        subject, predicate, rest = line.split(" ", 2)
        yield subject, predicate, rest.removesuffix("\n").removesuffix(" .")


def _superclasses(triples: Iterable[Triple]) -> Mapping[str, set[str]]:
    """Return the classes that triples put below others, each with all above it and itself."""
    direct: dict[str, set[str]] = {}
    for subject, predicate, value in triples:
        if predicate == SUBCLASS:
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
