"""Shapes, compiled for one question: does a trial's graph surely conform?

Nearly all graphs do, and to see that takes a tenth of what an engine needs to read a graph and to explain what it
finds. A graph passes if it breaks no rule of severity ``Violation`` for certain; whatever fails, or is not certain, is
for an engine to judge. So the compiled shapes never reject anything, and a shape that they do not cover costs time and
nothing else. Sections are those of https://www.w3.org/TR/shacl/.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Final, NamedTuple

import pyoxigraph as ox

from kg.identifiers import PREFIXES
from kg.nquads import Triple
from kg.terms import RDF
from kg.validate.data_graph import DataGraph, Properties
from kg.validate.query_checks import check_for
from kg.validate.shapes_graph import TARGETS, TYPE, Node, ShapesGraph
from kg.validate.value_checks import ON_VALUES, Check, NotCoveredError, UnsureError, number_of

_SUBCLASS: Final = f"<{PREFIXES['rdfs']}subClassOf>"
_SILENT: Final = frozenset(["message", "name", "description", "order", "group", "severity", "path", TYPE, *TARGETS])
_UNBOUNDED: Final = 1 << 30
_LAYOUTS_KEPT: Final = 1 << 9  # a set of classes
_VALUES_KEPT: Final = 1 << 10  # a predicate of a set of classes
_SHORT: Final = 100  # characters; codes, numbers and rules come again and again, texts do not
_Values = Callable[[DataGraph, str], Sequence[str]]


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
        if not (on_values or on_focus):
            return lambda graph, focus: least <= len(values_of(graph, focus)) <= most

        def check(graph: DataGraph, focus: str) -> bool:
            values = values_of(graph, focus)
            return (
                least <= len(values) <= most
                and all(check(graph, value) for check in on_values for value in values)
                and all(check(graph, focus) for check in on_focus)
            )

        return check


class _Shape(NamedTuple):
    """A shape with targets: what a focus node must be, and what its properties must be."""

    checks: tuple[Check, ...]
    properties: tuple[_Property, ...]


class _Step(NamedTuple):
    """What to look at where nodes of some classes have a predicate."""

    predicate: str
    most: int
    on_values: tuple[Check, ...]
    on_subject: tuple[Check, ...]
    known: set[str] | None  # values seen that are right whatever graph they stand in; None where that is not so
    targets: tuple[int, ...]  # the shapes whose targets the values are


class _Layout(NamedTuple):
    """What to look at on nodes of the same classes and predicates: steps that have nothing to look at are left out."""

    steps: tuple[_Step, ...]
    on_subject: tuple[Check, ...]


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
        self._of_subjects: dict[str, list[_Shape]] = defaultdict(list)  # by predicate
        self._of_objects: dict[str, list[int]] = defaultdict(list)
        self._object_shapes: list[tuple[Check, ...]] = []
        self._plans: dict[tuple[str, ...], _Plan] = {}
        self.not_covered: list[str] = []
        for shape in graph.targeted():
            self._add(graph, shape)

    def _add(self, graph: ShapesGraph, shape: Node) -> None:
        try:
            compiled = self._compiler.root(shape)
        except NotCoveredError:
            self.not_covered.append(str(shape))
            compiled = _Shape((_unsure,), ())
        if not compiled.checks and not compiled.properties:
            return
        of_class, of_subjects, of_objects = ([str(it) for it in graph.of(shape, name)] for name in TARGETS)
        for name in of_class:
            self._of_instances[name].append(compiled)
        for name in of_subjects:
            self._of_subjects[name].append(compiled)
        for name in of_objects:
            self._of_objects[name].append(len(self._object_shapes))
        self._object_shapes.append(_checks(compiled))

    def __call__(self, triples: Iterable[Triple]) -> bool:
        """Tell whether a graph, of distinct triples with each subject's together, surely conforms."""
        if self._hopeless:
            return False
        graph = DataGraph(triples)
        try:
            return self._check(graph)
        except UnsureError:
            return False

    def _check(self, graph: DataGraph) -> bool:
        targets: list[set[str]] = [set() for _ in self._object_shapes]
        for subject, node in graph.nodes.items():
            kinds = tuple(node.get(RDF.type, ()))
            plan = self._plans.get(kinds) or self._plans.setdefault(kinds, _Plan(kinds, self))
            layout = plan.layout(node)
            if layout is None or not _conforms_as_planned(graph, subject, node, layout, targets):
                return False
        return all(
            check(graph, target)
            for checks, found in zip(self._object_shapes, targets, strict=True)
            for check in checks
            for target in found
        )

    def of_instances(self, kinds: tuple[str, ...]) -> list[_Shape]:
        """Return the shapes of nodes of these classes."""
        return [shape for kind in kinds for shape in self._of_instances.get(kind, ())]

    def of_subjects(self, predicate: str) -> list[Check]:
        """Return the checks of whatever has a predicate."""
        if predicate == _SUBCLASS:  # instances of subclasses are instances, of which nothing is known here
            return [_unsure]
        return [check for shape in self._of_subjects.get(predicate, ()) for check in _checks(shape)]

    def are_of_terms(self, checks: Iterable[Check]) -> bool:
        """Tell whether all of these look at nothing but the term that they are given."""
        return self._compiler.of_terms.issuperset(checks)

    def of_objects(self, predicate: str) -> tuple[int, ...]:
        """Return the shapes whose targets the values of a predicate are."""
        return tuple(self._of_objects.get(predicate, ()))


class _Plan:
    """What to look at on nodes of the same classes, put together when first needed."""

    def __init__(self, kinds: tuple[str, ...], owner: SurelyConforms) -> None:
        self._owner = owner
        shapes = owner.of_instances(kinds)
        properties = [it for shape in shapes for it in shape.properties]
        self._simple = [it for it in properties if it.predicate]
        self._required = {it.predicate for it in self._simple if it.least == 1}
        self._on_subject = (
            *(check for shape in shapes for check in shape.checks),
            *(it.check for it in properties if not it.predicate or it.least > 1),
        )
        self._steps: dict[str, _Step] = {}
        self._layouts: dict[tuple[str, ...], _Layout | None] = {}

    def layout(self, node: Properties) -> _Layout | None:
        """Return what to look at on such a node; None if it lacks a predicate."""
        predicates = tuple(node)
        if predicates in self._layouts:
            return self._layouts[predicates]
        if len(self._layouts) == _LAYOUTS_KEPT:
            self._layouts.clear()
        layout = self._layouts[predicates] = self._lay_out(predicates) if self._required <= node.keys() else None
        return layout

    def _lay_out(self, predicates: tuple[str, ...]) -> _Layout:
        steps = [self._steps.get(it) or self._steps.setdefault(it, self._step(it)) for it in predicates]
        return _Layout(
            steps=tuple(step for step in steps if step.most < _UNBOUNDED or step.on_values or step.targets),
            on_subject=(*self._on_subject, *(check for step in steps for check in step.on_subject)),
        )

    def _step(self, predicate: str) -> _Step:
        own = [it for it in self._simple if it.predicate == predicate]
        on_values = tuple(dict.fromkeys(check for it in own for check in it.on_values))
        return _Step(
            predicate=predicate,
            most=min([it.most for it in own], default=_UNBOUNDED),
            on_values=on_values,
            known=set() if self._owner.are_of_terms(on_values) else None,
            on_subject=(*(check for it in own for check in it.on_focus), *self._owner.of_subjects(predicate)),
            targets=self._owner.of_objects(predicate),
        )


def _conforms_as_planned(
    graph: DataGraph, subject: str, node: Properties, layout: _Layout, targets: list[set[str]]
) -> bool:
    # Loops: generators take twice as long, and there are hundreds of values a trial.
    for check in layout.on_subject:
        if not check(graph, subject):
            return False
    for predicate, most, on_values, _, known, numbers in layout.steps:
        values = node[predicate]
        if len(values) > most:
            return False
        for value in values:
            if (known is None or value not in known) and not _is_right(graph, value, on_values, known):
                return False
        for number in numbers:
            targets[number].update(values)
    return True


def _is_right(graph: DataGraph, value: str, checks: tuple[Check, ...], known: set[str] | None) -> bool:
    for check in checks:
        if not check(graph, value):
            return False
    if known is not None and len(value) < _SHORT:
        if len(known) == _VALUES_KEPT:
            known.clear()
        known.add(value)
    return True


def _checks(shape: _Shape) -> tuple[Check, ...]:
    return (*shape.checks, *(it.check for it in shape.properties))


def _unsure(_: DataGraph, term: str) -> bool:
    raise UnsureError(term)


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
        if name in ON_VALUES:
            key = (name, str(value))
            check = self._made.get(key) or self._made.setdefault(key, ON_VALUES[name](self._graph, value))
            if name != "class":
                self.of_terms.add(check)
            return check
        if name == "not":
            inner = self._whole(value)
            return lambda graph, term: not inner(graph, term)
        if name == "or":
            members = [self._whole(member) for member in self._graph.list_of(value)]
            return lambda graph, term: any(check(graph, term) for check in members)
        if name == "node":
            return self._whole(value)
        if name == "sparql":
            return self._query(value, "")
        raise NotCoveredError(name)

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
        return lambda graph, term: all(check(graph, term) for check in checks)

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
        names = [str(step) for step in steps]
        if len(names) == 1:
            (name,) = names
            return lambda graph, focus: graph.incoming(name).get(focus, ())
        return lambda graph, focus: list({node for name in names for node in graph.incoming(name).get(focus, ())})

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
    return lambda graph, focus: all(
        number_of(value) < number_of(bound)
        for value in graph.values(focus, predicate)
        for bound in graph.values(focus, other)
    )


_ON_FOCUS: Final[dict[str, Callable[[str, str], Check]]] = {
    "hasValue": _has_value,
    "disjoint": _disjoint,
    "lessThan": _less_than,
}
