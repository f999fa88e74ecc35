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


def read_results(report: Graph) -> Iterator[Result]:
    """Yield the top-level results of a sh:ValidationReport; a severity that SHACL does not name is a violation."""
    for node in report.objects(None, SH.result):
        focus, path, value = (report.value(node, name) for name in (SH.focusNode, SH.resultPath, SH.value))
        # A SPARQL constraint's own IRI says more than that of the shape around it.
        shapes = (report.value(node, SH.sourceConstraint), report.value(node, SH.sourceShape))
        yield Result(
            focus_node=_term(focus),
            path=None if path is None else _path(report, path),
            value=None if value is None else _term(value),
            message=" ".join(sorted(str(message) for message in report.objects(node, SH.resultMessage))),
            severity=_SEVERITIES.get(report.value(node, SH.resultSeverity), Severity.VIOLATION),
            component=_term(report.value(node, SH.sourceConstraintComponent)),
            shape=next((_term(shape) for shape in shapes if isinstance(shape, URIRef)), None),
        )


def _term(node: Node | None) -> str:
    if isinstance(node, URIRef):
        return resource(node)
    if isinstance(node, Literal):
        tail = f"@{node.language}" if node.language else f"^^{resource(node.datatype)}" if node.datatype else ""
        return string(node) + tail
    return f"_:{node}"


def _path(report: Graph, path: Node) -> str:
    """Return a SHACL property path (section 2.3.1) in Turtle's syntax."""
    if not isinstance(path, BNode):
        return _term(path)
    if (path, RDF.first, None) in report:
        return "( " + " ".join(_path(report, step) for step in Collection(report, path)) + " )"
    operator, operand = next(iter(sorted(report.predicate_objects(path))))
    return f"[ {_term(operator)} {_path(report, operand)} ]"
