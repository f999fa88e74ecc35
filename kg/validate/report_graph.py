"""A W3C validation report as an rdflib graph, which both engines give, to `Result`s."""

from collections.abc import Iterator
from typing import Final

from rdflib import RDF, SH, BNode, Graph, Literal, URIRef
from rdflib.collection import Collection
from rdflib.term import Node

from kg.nquads import resource, string
from kg.validate.report import Result, Severity

_SEVERITIES: Final[dict[Node | None, Severity]] = {
    SH.Violation: Severity.VIOLATION,
    SH.Warning: Severity.WARNING,
    SH.Info: Severity.INFO,
}


def read_results(report: Graph, shapes: Graph) -> Iterator[Result]:
    """Yield the top-level results of a sh:ValidationReport; a severity that SHACL does not name is a violation.

    pyshifty's reports point to complex paths without describing them, so a shape's path is read from ``shapes``.
    """
    for node in report.objects(None, SH.result):
        focus, path, value, shape = (
            report.value(node, name) for name in (SH.focusNode, SH.resultPath, SH.value, SH.sourceShape)
        )
        if isinstance(path, BNode):
            path = shapes.value(shape, SH.path)
        yield Result(
            focus_node=_term(focus),
            path=None if path is None else _path(shapes, path),
            value=None if value is None else _term(value),
            message=" ".join(sorted(str(message) for message in report.objects(node, SH.resultMessage))),
            severity=_SEVERITIES.get(report.value(node, SH.resultSeverity), Severity.VIOLATION),
            component=_term(report.value(node, SH.sourceConstraintComponent)),
            shape=_term(shape) if isinstance(shape, URIRef) else None,
        )


def _term(node: Node | None) -> str:
    if isinstance(node, URIRef):
        return resource(node)
    if isinstance(node, Literal):
        tail = f"@{node.language}" if node.language else f"^^{resource(node.datatype)}" if node.datatype else ""
        return string(node) + tail
    return f"_:{node}"


def _path(shapes: Graph, path: Node) -> str:
    """Return a SHACL property path (section 2.3.1) in Turtle's syntax."""
    if not isinstance(path, BNode):
        return _term(path)
    if (path, RDF.first, None) in shapes:
        return "( " + " ".join(_path(shapes, step) for step in Collection(shapes, path)) + " )"
    operator, operand = next(iter(sorted(shapes.predicate_objects(path))))
    return f"[ {_term(operator)} {_path(shapes, operand)} ]"
