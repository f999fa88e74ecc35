"""Shapes, compiled for one question: does a trial's graph surely conform?

Nearly all graphs do, and to see that takes a tenth of what an engine needs to read a graph and to explain what it
finds. A graph passes if it breaks no rule of severity ``Violation`` for certain; whatever fails, or is not certain, is
for an engine to judge. So the compiled shapes never reject anything, and a shape that they do not cover costs time and
nothing else. Sections are those of https://www.w3.org/TR/shacl/.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from typing import Final, NamedTuple

import pyoxigraph as ox

from kg.identifiers import PREFIXES
from kg.nquads import Nodes, Triple, by_subject
from kg.terms import RDF
from kg.validate.data_graph import DataGraph
from kg.validate.query_checks import check_for
from kg.validate.shapes_graph import TARGETS, TYPE, Node, ShapesGraph
from kg.validate.value_checks import ON_VALUES, Check, NotCoveredError, UnsureError, number_of

_SUBCLASS: Final = f"<{PREFIXES['rdfs']}subClassOf>"
_SILENT: Final = frozenset(["message", "name", "description", "order", "group", "severity", "path", TYPE, *TARGETS])
_UNBOUNDED: Final = 1 << 30
_LAYOUTS_KEPT: Final = 1 << 9  # a set of classes
_TERMS_KEPT: Final = 1 << 10  # a tuple of checks; codes, numbers and rules come again and again, texts do not
_Values = Callable[[DataGraph, str], Collection[str]]


class _Property(NamedTuple):
    """A property shape: how many values there may be, what each must be, and what they must be together."""

    predicate: str  # empty if the path is another
    values: _Values
    least: int
    most: int
    on_values: tuple[Check, ...]
    on_focus: tuple[Check, ...]

    @property
    def check(self) -> Check:
        """A check of a focus node."""
        values_of, least, most, on_values, on_focus = self[1:]
        checks = [*on_focus]
        if least > 0 or most < _UNBOUNDED:
            checks.append(lambda graph, focus: least <= len(values_of(graph, focus)) <= most)
        if on_values:
            checks.append(lambda graph, focus: _pass(graph, values_of(graph, focus), on_values))
        return _all_of(checks)


class _Shape(NamedTuple):
    """A shape with targets: what a focus node must be, and what its properties must be."""

    checks: tuple[Check, ...]
    properties: tuple[_Property, ...]

    @property
    def all_checks(self) -> tuple[Check, ...]:
        """The checks of a focus node of which nothing is known."""
        return (*self.checks, *(it.check for it in self.properties))


class _Asked(NamedTuple):
    """What is asked of some terms of a graph, each of which is asked once."""

    of_term: tuple[Check, ...]  # what looks at nothing but the term
    of_graph: tuple[Check, ...]
    known: set[str]  # terms that passed ``of_term``, in any graph

    def holds(self, graph: DataGraph, terms: AbstractSet[str]) -> bool:
        """Tell whether all terms pass."""
        if not _pass(graph, terms, self.of_graph):
            return False
        if self.of_term and (new := terms - self.known):
            if not _pass(graph, new, self.of_term):
                return False
            if len(self.known) >= _TERMS_KEPT:
                self.known.clear()
            self.known.update(new)
        return True


def _pass(graph: DataGraph, terms: Iterable[str], checks: tuple[Check, ...]) -> bool:
    # Loops: generators take twice as long, and there are hundreds of terms a trial.
    for check in checks:
        for term in terms:
            if not check(graph, term):
                return False
    return True


class _Step(NamedTuple):
    """What is asked where nodes of some classes have a predicate."""

    predicate: str
    most: int
    of_values: int  # the number of what is asked
    of_subject: tuple[Check, ...]


class _Layout(NamedTuple):
    """What is asked of nodes of the same classes and predicates; predicates of which nothing is asked are left out."""

    of_subject: int  # the number of what is asked
    steps: tuple[tuple[str, int, int], ...]  # predicate, most values, the number of what is asked of these


class SurelyConforms:
    """The compiled shapes.

    Args:
        shapes: All shapes in N-Triples.

    Attributes:
        not_covered: The shapes with targets that there are no checks for: a graph that has such a target is left to
            the engine.
    """

    def __init__(self, shapes: bytes) -> None:
        graph = ShapesGraph(shapes)
        self._compiler = _Compiler(graph)
        self._hopeless = graph.has_other_targets()
        self._of_instances: dict[str, list[_Shape]] = defaultdict(list)  # by class
        self._of_subjects: dict[str, list[Check]] = defaultdict(list)  # by predicate
        self._of_objects: dict[str, list[Check]] = defaultdict(list)
        # Instances of subclasses are instances, of which nothing is known here.
        self._of_subjects[_SUBCLASS].append(_unsure)
        self._asked: list[_Asked] = []
        self._numbers: dict[tuple[Check, ...], int] = {}  # in ``_asked``, of what checks ask together
        self._plans = _Plans(self)
        self.not_covered: list[str] = []
        for shape in graph.targeted():
            self._add(graph, shape)

    def _add(self, graph: ShapesGraph, shape: Node) -> None:
        try:
            compiled = self._compiler.root(shape)
        except NotCoveredError:
            self.not_covered.append(str(shape))
            compiled = _Shape((_unsure,), ())
        of_class, of_subjects, of_objects = ([str(it) for it in graph.of(shape, name)] for name in TARGETS)
        for name in of_class:
            self._of_instances[name].append(compiled)
        for name in of_subjects:
            self._of_subjects[name] += compiled.all_checks
        for name in of_objects:
            self._of_objects[name] += compiled.all_checks

    def __call__(self, triples: Iterable[Triple]) -> bool:
        """Tell whether a graph, of distinct triples, surely conforms."""
        return self.of_nodes(by_subject(triples))

    def of_nodes(self, nodes: Nodes) -> bool:
        """Tell the same of triples by subject and predicate."""
        try:
            return not self._hopeless and self._check(DataGraph(nodes))
        except UnsureError:
            return False

    def _check(self, graph: DataGraph) -> bool:
        """Walk over the graph to count values and gather terms by what is asked of them; then ask it."""
        gathered: dict[int, list[str]] = defaultdict(list)
        plans = self._plans
        for subject, node in graph.nodes.items():
            layout = plans[tuple(node.get(RDF.type, ()))][tuple(node)]
            if layout is None:
                return False
            number, steps = layout
            gathered[number].append(subject)
            for predicate, most, number in steps:
                values = node[predicate]
                if len(values) > most:
                    return False
                gathered[number] += values
        return all(self._asked[number].holds(graph, set(terms)) for number, terms in gathered.items())

    def of_instances(self, kinds: tuple[str, ...]) -> list[_Shape]:
        """Return the shapes of nodes of these classes."""
        return [shape for kind in kinds for shape in self._of_instances.get(kind, ())]

    def of_subjects(self, predicate: str) -> Sequence[Check]:
        """Return the checks of whatever has a predicate."""
        return self._of_subjects.get(predicate, ())

    def of_objects(self, predicate: str) -> Sequence[Check]:
        """Return the checks of the values of a predicate."""
        return self._of_objects.get(predicate, ())

    def number(self, checks: Iterable[Check]) -> int:
        """Return the number of what checks ask together."""
        distinct = tuple(dict.fromkeys(checks))
        number = self._numbers.setdefault(distinct, len(self._asked))
        if number == len(self._asked):
            of_terms = self._compiler.of_terms
            of_term = tuple(check for check in distinct if check in of_terms)
            self._asked.append(_Asked(of_term, tuple(check for check in distinct if check not in of_terms), set()))
        return number


class _Plans(dict[tuple[str, ...], "_Plan"]):
    """What to look at on nodes of the same classes."""

    def __init__(self, owner: SurelyConforms) -> None:
        self._owner = owner

    def __missing__(self, kinds: tuple[str, ...]) -> "_Plan":
        plan = self[kinds] = _Plan(kinds, self._owner)
        return plan


class _Plan(dict[tuple[str, ...], _Layout | None]):
    """What is asked of nodes of the same classes, by the predicates that they have; None if they lack one."""

    def __init__(self, kinds: tuple[str, ...], owner: SurelyConforms) -> None:
        self._owner = owner
        shapes = owner.of_instances(kinds)
        properties = [it for shape in shapes for it in shape.properties]
        self._simple = [it for it in properties if it.predicate]
        self._required = {it.predicate for it in self._simple if it.least == 1}
        self._of_subject = (
            *(check for shape in shapes for check in shape.checks),
            *(it.check for it in properties if not it.predicate or it.least > 1),
        )
        self._steps: dict[str, _Step] = {}

    def __missing__(self, predicates: tuple[str, ...]) -> _Layout | None:
        if len(self) == _LAYOUTS_KEPT:
            self.clear()
        layout = self[predicates] = self._layout(predicates) if self._required.issubset(predicates) else None
        return layout

    def _layout(self, predicates: tuple[str, ...]) -> _Layout:
        steps = [self._steps.get(it) or self._steps.setdefault(it, self._step(it)) for it in predicates]
        nothing = self._owner.number(())
        return _Layout(
            self._owner.number([*self._of_subject, *(check for step in steps for check in step.of_subject)]),
            tuple(step[:3] for step in steps if step.most < _UNBOUNDED or step.of_values != nothing),
        )

    def _step(self, predicate: str) -> _Step:
        own = [it for it in self._simple if it.predicate == predicate]
        return _Step(
            predicate=predicate,
            most=min([it.most for it in own], default=_UNBOUNDED),
            of_values=self._owner.number(
                [*(check for it in own for check in it.on_values), *self._owner.of_objects(predicate)]
            ),
            of_subject=(*(check for it in own for check in it.on_focus), *self._owner.of_subjects(predicate)),
        )


def _unsure(_: DataGraph, term: str) -> bool:
    raise UnsureError(term)


def _all_of(checks: Sequence[Check]) -> Check:
    return checks[0] if len(checks) == 1 else lambda graph, term: all(check(graph, term) for check in checks)


def _any_of(checks: Sequence[Check]) -> Check:
    return lambda graph, term: any(check(graph, term) for check in checks)


class _Compiler:
    """Makes checks of shapes; a shape that builds on itself is not covered (section 3.4.3 leaves its meaning open)."""

    def __init__(self, graph: ShapesGraph) -> None:
        self._graph = graph
        self._entered: set[Node] = set()
        self.of_terms: set[Check] = set()  # those that look at a term alone, not at the graph
        self._made: dict[tuple[str, str], Check] = {}  # many shapes ask for the same, and of the same values

    def root(self, shape: Node) -> _Shape:
        """Compile a shape that has targets, without what breaks no rule of severity ``Violation``."""
        if self._graph.of(shape, "path"):
            weak = self._graph.is_weak(shape) and not self._graph.of(shape, "property")
            return _Shape((), () if weak else (self._property(shape),))
        properties = [it for it in self._graph.of(shape, "property") if not self._is_harmless(it)]
        checks = () if self._graph.is_weak(shape) else tuple(self._on_node(shape))
        return _Shape(checks, tuple(self._property(it) for it in properties))

    def _is_harmless(self, shape: Node) -> bool:
        return self._graph.is_weak(shape) and not self._graph.of(shape, "property")  # which has a severity of its own

    def _on_node(self, shape: Node) -> Iterator[Check]:
        for name, values in self._graph.parameters(shape).items():
            if name not in _SILENT and name != "property":
                for value in values:
                    yield self._on_value(name, value)

    def _on_value(self, name: str, value: Node) -> Check:
        key = (name, str(value))
        check = self._made.get(key)
        if check is None:
            check = self._made[key] = self._new(name, value)
        return check

    def _new(self, name: str, value: Node) -> Check:
        if name in ON_VALUES:
            check = ON_VALUES[name](self._graph, value)
            return check if name == "class" else self._built(check)
        if name == "not":
            inner = self._whole(value)
            return self._built(lambda graph, term: not inner(graph, term), inner)
        if name == "or":
            members = [self._whole(member) for member in self._graph.list_of(value)]
            return self._built(_any_of(members), *members)
        if name == "node":
            return self._whole(value)
        if name == "sparql":
            return self._query(value, "")
        raise NotCoveredError(name)

    def _built(self, check: Check, *parts: Check) -> Check:
        """Note that a check looks at a term alone, if those that it is built of do."""
        if self.of_terms.issuperset(parts):
            self.of_terms.add(check)
        return check

    def _whole(self, shape: Node) -> Check:
        """Compile a shape that another builds on: here a result of any severity counts (section 4.6)."""
        if shape in self._entered:
            raise NotCoveredError(str(shape))
        self._entered.add(shape)
        try:
            if self._graph.of(shape, "path"):
                return self._property(shape).check
            properties = [self._property(it).check for it in self._graph.of(shape, "property")]
            checks = [*self._on_node(shape), *properties]
        finally:
            self._entered.remove(shape)
        return self._built(_all_of(checks), *checks)

    def _property(self, shape: Node) -> _Property:
        (path,) = self._graph.of(shape, "path")
        predicate = str(path) if isinstance(path, ox.NamedNode) else ""
        on_values: list[Check] = []
        on_focus: list[Check] = []
        bounds = {"minCount": 0, "maxCount": _UNBOUNDED}
        for name, values in self._graph.parameters(shape).items():
            for value in values:
                if name in bounds:
                    bounds[name] = int(number_of(str(value)))
                elif name == "property":
                    on_values.append(self._property(value).check)
                elif name in _ON_FOCUS or name == "sparql":
                    on_focus.append(self._on_focus(name, value, predicate))
                elif name not in _SILENT:
                    on_values.append(self._on_value(name, value))
        return _Property(
            predicate, self._values(path), bounds["minCount"], bounds["maxCount"], tuple(on_values), tuple(on_focus)
        )

    def _on_focus(self, name: str, value: Node, predicate: str) -> Check:
        if name == "sparql":
            return self._query(value, predicate)
        if not predicate:
            raise NotCoveredError(name)
        return _ON_FOCUS[name](predicate, str(value))

    def _values(self, path: Node) -> _Values:
        """Compile a path (section 2.3.1): a predicate, or the inverse of one or of alternatives."""
        if isinstance(path, ox.NamedNode):
            predicate = str(path)
            return lambda graph, focus: graph.values(focus, predicate)
        inverse = self._graph.of(path, "inversePath")
        if not inverse:
            raise NotCoveredError(str(path))
        heads = self._graph.of(inverse[0], "alternativePath")
        steps = list(self._graph.list_of(heads[0])) if heads else inverse
        if not all(isinstance(step, ox.NamedNode) for step in steps):
            raise NotCoveredError(str(path))
        predicates = tuple(str(step) for step in steps)
        return lambda graph, focus: graph.incoming[predicates].get(focus, ())

    def _query(self, constraint: Node, path: str) -> Check:
        """Compile a SPARQL constraint (section 5.2)."""
        queries = self._graph.of(constraint, "select")
        check = check_for(queries[0].value) if queries and isinstance(queries[0], ox.Literal) else None
        if check is None or self._graph.of(constraint, "deactivated"):
            raise NotCoveredError(str(constraint))
        return lambda graph, focus: check(graph, focus, path)


def _has_value(predicate: str, value: str) -> Check:
    """Section 4.8.2; a literal may be written in several ways."""
    if not value.startswith("<"):
        raise NotCoveredError(value)
    return lambda graph, focus: value in graph.values(focus, predicate)


def _disjoint(predicate: str, other: str) -> Check:
    """Section 4.5.2."""
    return lambda graph, focus: set(graph.values(focus, predicate)).isdisjoint(graph.values(focus, other))


def _less_than(predicate: str, other: str) -> Check:
    """Section 4.5.3."""

    def check(graph: DataGraph, focus: str) -> bool:
        bounds = graph.values(focus, other)
        for value in graph.values(focus, predicate):
            for bound in bounds:
                if not number_of(value) < number_of(bound):
                    return False
        return True

    return check


_ON_FOCUS: Final[dict[str, Callable[[str, str], Check]]] = {
    "hasValue": _has_value,
    "disjoint": _disjoint,
    "lessThan": _less_than,
}
