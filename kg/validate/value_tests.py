"""The constraints that a value breaks by itself, taken out of the shapes and checked here.

pyshifty compiles a ``sh:pattern`` anew for every value and copies each value for each constraint: in the graph of a
trial that is more than half of a validation. Whether a value has a node kind, a form or a language does not depend on
the graph, so it is checked once and remembered. Only what is sure to mean the same is taken; all else stays with the
engine, and so does every report. Sections are those of https://www.w3.org/TR/shacl/.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from typing import Final, NamedTuple

import pyoxigraph as ox

from kg.identifiers import PREFIXES
from kg.nquads import unescape
from kg.terms import RDF, XSD
from kg.validate.report import SHACL

Node = ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple
Test = Callable[[str], bool]  # of a term in its N-Triples form

_SEVERITY: Final = "severity"
_TARGETS: Final = ("targetClass", "targetSubjectsOf", "targetObjectsOf")
_OTHERWISE_TARGETED: Final = ("targetNode", "target", "targetWhere", "deactivated")  # or not at all
_CLASSES: Final = {ox.NamedNode(PREFIXES["rdfs"] + "Class"), ox.NamedNode(PREFIXES["owl"] + "Class")}
_SILENT: Final = frozenset(["message", "name", "description", "order", "group", _SEVERITY])  # change no outcome
_REMEMBERED: Final = 1 << 13  # IRIs a test; literals are long and seldom come twice

# What regular expressions of XPath and of Python spell alike, but for ``$``: in Python it matches before a last line
# feed as well.
_PORTABLE = re.compile(r"(?:[A-Za-z0-9/:@_~-]|\\\.|\[[A-Za-z0-9._%+-]+\]|[*+?()|^$]|\{[0-9]+(?:,[0-9]*)?\})*")


class ValueTests:
    """Tests of values by the place where these stand.

    Attributes:
        rest: The shapes, in N-Triples, without the constraints that are tested here and without those that break no
            rule of severity ``Violation``. A graph conforms if it conforms to these and passes the tests.
    """

    def __init__(self, shapes: bytes) -> None:
        graph = _Shapes(ox.parse(shapes, format=ox.RdfFormat.N_TRIPLES))
        graph.drop_weak()
        self._of_subjects: dict[str, list[Test]] = defaultdict(list)  # by predicate
        self._of_objects: dict[str, list[Test]] = defaultdict(list)
        self._of_instances: dict[str, list[Test]] = defaultdict(list)  # by class
        self._of_values: dict[tuple[str, str], list[Test]] = defaultdict(list)  # by class of the subject and predicate
        for shape in graph.roots():
            self._plan(graph, shape)
        self._plans: dict[tuple[str, ...], _Plan] = {}
        self.rest = graph.ntriples()

    def _plan(self, graph: "_Shapes", shape: Node) -> None:
        """Take over what can be tested of a shape that has targets, and of its property shapes."""
        path = graph.of(shape, "path")
        if not path:
            places = zip(_TARGETS, (self._of_instances, self._of_subjects, self._of_objects), strict=True)
            tests = graph.take(shape)
            for name, place in places:
                for target in graph.of(shape, name):
                    place[str(target)] += tests
        classes = [str(target) for target in graph.of(shape, "targetClass")]
        if any(graph.of(shape, name) for name in _TARGETS[1:]):
            return  # which nodes these are the graph decides: what their properties hold stays with the engine
        for checked in [shape] if path else graph.own_properties(shape):
            (step,) = graph.of(checked, "path")
            if isinstance(step, ox.NamedNode):
                tests = graph.take(checked)
                for name in classes:
                    self._of_values[name, str(step)] += tests

    def pass_for(self, ntriples: str) -> bool:
        """Tell whether all values pass.

        Args:
            ntriples: As `kg.nquads` and pyoxigraph write them: single spaces, no comment.
        """
        rows = [line.split(" ", 2) for line in ntriples.split(" .\n")[:-1]]
        classes: dict[str, tuple[str, ...]] = {}
        for subject, predicate, value in rows:
            if predicate == RDF.type:
                classes[subject] = (*classes.get(subject, ()), value)
        return all(self._results(rows, classes))

    def _results(self, rows: Iterable[list[str]], classes: dict[str, tuple[str, ...]]) -> Iterator[bool]:
        seen, plan = "", _Plan(self, ())
        for subject, predicate, value in rows:
            if subject != seen:  # a subject's lines come together, which saves looking up its plan
                seen = subject
                kinds = classes.get(subject, ())
                plan = self._plans.get(kinds) or self._plans.setdefault(kinds, _Plan(self, kinds))
                yield from (test(subject) for test in plan.of_subject)
            for test in plan[predicate]:
                yield test(value)
            if predicate in self._of_subjects:
                yield from (test(subject) for test in self._of_subjects[predicate])

    def of_subject(self, classes: tuple[str, ...]) -> tuple[Test, ...]:
        """Return the tests of a node with these classes."""
        return tuple(test for name in classes for test in self._of_instances.get(name, ()))

    def of_value(self, classes: tuple[str, ...], predicate: str) -> tuple[Test, ...]:
        """Return the tests of a value that such a node has."""
        of_class = (test for name in classes for test in self._of_values.get((name, predicate), ()))
        return (*self._of_objects.get(predicate, ()), *of_class)


class _Plan(dict[str, tuple[Test, ...]]):
    """The tests for nodes of the same classes, by predicate, put together when first needed."""

    def __init__(self, tests: ValueTests, classes: tuple[str, ...]) -> None:
        super().__init__()
        self._tests = tests
        self._classes = classes
        self.of_subject = tests.of_subject(classes)

    def __missing__(self, predicate: str) -> tuple[Test, ...]:
        found = self[predicate] = self._tests.of_value(self._classes, predicate)
        return found


class _Shapes:
    """A graph of shapes that can be taken apart."""

    def __init__(self, quads: Iterable[ox.Quad]) -> None:
        self._triples: dict[Node, dict[str, list[Node]]] = defaultdict(dict)  # by subject and name of the predicate
        self._uses: dict[Node, set[tuple[Node, str]]] = defaultdict(set)
        self._entered: set[Node] = set()
        for quad in quads:
            name = quad.predicate.value.removeprefix(SHACL)
            self._triples[quad.subject].setdefault(name, []).append(quad.object)
            self._uses[quad.object].add((quad.subject, name))

    def of(self, shape: Node, name: str) -> list[Node]:
        """Return the values of a parameter: of SHACL by its local name, of others by IRI."""
        return self._triples[shape].get(name, []) if shape in self._triples else []

    def roots(self) -> list[Node]:
        """Return the shapes that have targets, of the three common kinds alone, and that no other shape builds on."""
        return [
            shape
            for shape, parameters in self._triples.items()
            if not parameters.keys().isdisjoint(_TARGETS)
            and parameters.keys().isdisjoint(_OTHERWISE_TARGETED)
            and not set(self.of(shape, RDF.iri("type"))) & _CLASSES
            and not self._uses.get(shape)
        ]

    def own_properties(self, shape: Node) -> list[Node]:
        """Return the property shapes of a shape that belong to shapes with targets alone."""
        roots = set(self.roots())
        return [
            owned
            for owned in self.of(shape, "property")
            if all(name == "property" and user == shape and user in roots for user, name in self._uses[owned])
            and self._triples[owned].keys().isdisjoint((*_TARGETS, *_OTHERWISE_TARGETED))
        ]

    def drop_weak(self) -> None:
        """Drop the shapes of other severity than ``Violation`` where these are not part of a condition."""
        for root in self.roots():
            if self._is_weak(root):
                for name in _TARGETS:
                    self._triples[root].pop(name, None)
            weak = {shape for shape in self.own_properties(root) if self._is_weak(shape)}
            if weak:
                self._triples[root]["property"] = [it for it in self.of(root, "property") if it not in weak]

    def _is_weak(self, shape: Node) -> bool:
        weak = any(severity != ox.NamedNode(f"{SHACL}Violation") for severity in self.of(shape, _SEVERITY))
        return weak and not self.of(shape, "property")  # which has a severity of its own

    def take(self, shape: Node) -> list[Test]:
        """Remove the constraints of a shape that a value breaks by itself, and return a test that does the same."""
        taken: list[_Check] = []
        for name in list(self._triples[shape]):
            checks = self._checks(shape, name)
            if checks:
                taken += checks
                del self._triples[shape][name]
        return [_test(taken)] if taken else []

    def _checks(self, shape: Node, name: str) -> list["_Check"]:
        """Return checks that do the same as all values of a parameter; none if there is no telling."""
        make = _MAKERS.get(name)
        made = [make(self, shape, value) for value in self.of(shape, name)] if make else []
        checks = [check for check in made if check is not None]
        return checks if len(checks) == len(made) else []

    def check_of(self, shape: Node) -> "_Check | None":
        """Return a check for a shape as a whole; None if it asks for more than the value."""
        if shape in self._entered:  # a shape that builds on itself
            return None
        self._entered.add(shape)
        by_name = {name: self._checks(shape, name) for name in self._triples.get(shape, ())}
        self._entered.remove(shape)
        if any(not checks and name not in _SILENT and name != RDF.iri("type") for name, checks in by_name.items()):
            return None
        return _all_of([check for checks in by_name.values() for check in checks])

    def list_of(self, head: Node) -> Iterator[Node]:
        """Yield the members of an RDF list."""
        while first := self.of(head, RDF.iri("first")):
            yield first[0]
            head = self.of(head, RDF.iri("rest"))[0]

    def ntriples(self) -> bytes:
        """Return what is left."""
        left = (
            f"{subject} <{name if ':' in name else SHACL + name}> {value} .\n"
            for subject, parameters in self._triples.items()
            for name, values in parameters.items()
            for value in values
        )
        return "".join(left).encode()


# --- tests of one constraint each


class _Value(NamedTuple):
    kind: str  # the first character of the term: < of an IRI, _ of a blank node, " of a literal
    text: str | None  # what SHACL's string constraints look at; a blank node has none (section 4.4)
    language: str = ""
    datatype: str = ""


_Check = Callable[[_Value], bool]


def _value(term: str) -> _Value:
    kind = term[0]
    if kind == "<":
        return _Value(kind, unescape(term[1:-1]))
    if kind != '"':
        return _Value(kind, None)
    end = term.rindex('"')
    text = unescape(term[1:end])
    if term[end + 1 : end + 2] == "@":
        return _Value(kind, text, term[end + 2 :].lower())
    return _Value(kind, text, "", term[end + 3 :] or XSD.string)


def _test(checks: list[_Check]) -> Test:
    """Return a test of a term that remembers the IRIs that it has seen."""

    @lru_cache(_REMEMBERED)
    def of_iri(term: str) -> bool:
        value = _value(term)
        return all(check(value) for check in checks)

    def test(term: str) -> bool:
        if term[0] == "<":
            return of_iri(term)
        value = _value(term)
        for check in checks:  # not all(…): there are hundreds of literals a trial  # noqa: SIM110
            if not check(value):
                return False
        return True

    return test


def _all_of(checks: list[_Check]) -> _Check:
    return lambda value: all(check(value) for check in checks)


def _node_kind(_: _Shapes, __: Node, kind: Node) -> _Check | None:
    """Section 4.1.3."""
    begins = {"IRI": "<", "BlankNode": "_", "Literal": '"', "IRIOrLiteral": '<"', "BlankNodeOrIRI": "_<"}
    allowed = begins.get(str(kind)[1:-1].removeprefix(SHACL))
    return None if allowed is None else lambda value: value.kind in allowed


def _datatype(_: _Shapes, __: Node, datatype: Node) -> _Check | None:
    """Section 4.1.2, for the two datatypes in which no string is ill-formed."""
    if str(datatype) == RDF.langString:
        return lambda value: value.language != ""
    if str(datatype) == XSD.string:
        return lambda value: value.datatype == XSD.string
    return None


def _min_length(_: _Shapes, __: Node, number: Node) -> _Check | None:
    """Section 4.4.1."""
    least = int(str(getattr(number, "value", "")))
    return lambda value: value.text is not None and len(value.text) >= least


def _max_length(_: _Shapes, __: Node, number: Node) -> _Check | None:
    """Section 4.4.2."""
    most = int(str(getattr(number, "value", "")))
    return lambda value: value.text is not None and len(value.text) <= most


def _pattern(shapes: _Shapes, shape: Node, pattern: Node) -> _Check | None:
    """Section 4.4.3."""
    if not isinstance(pattern, ox.Literal) or shapes.of(shape, "flags") or not _PORTABLE.fullmatch(pattern.value):
        return None
    search = re.compile(pattern.value.replace("$", r"\Z")).search
    return lambda value: value.text is not None and search(value.text) is not None


def _language_in(shapes: _Shapes, _: Node, head: Node) -> _Check | None:
    """Section 4.4.4, with the basic filtering of RFC 4647."""
    ranges = {item.value.lower() for item in shapes.list_of(head) if isinstance(item, ox.Literal)}
    beginnings = tuple(f"{it}-" for it in ranges)
    if "*" in ranges:
        return None
    return lambda value: value.language in ranges or value.language.startswith(beginnings)


def _not(shapes: _Shapes, _: Node, inner: Node) -> _Check | None:
    """Section 4.6.1."""
    check = shapes.check_of(inner)
    return None if check is None else lambda value: not check(value)


def _or(shapes: _Shapes, _: Node, head: Node) -> _Check | None:
    """Section 4.6.3."""
    members = [shapes.check_of(member) for member in shapes.list_of(head)]
    checks = [check for check in members if check is not None]
    return (lambda value: any(check(value) for check in checks)) if len(checks) == len(members) else None


def _node(shapes: _Shapes, _: Node, inner: Node) -> _Check | None:
    """Section 4.7.1."""
    return shapes.check_of(inner)


_MAKERS: Final[dict[str, Callable[[_Shapes, Node, Node], _Check | None]]] = {
    "nodeKind": _node_kind,
    "datatype": _datatype,
    "minLength": _min_length,
    "maxLength": _max_length,
    "pattern": _pattern,
    "languageIn": _language_in,
    "not": _not,
    "or": _or,
    "node": _node,
}
