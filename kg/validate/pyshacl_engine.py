"""pySHACL: the reference that the fast engine is compared with."""

from collections.abc import Callable

import pyshacl
from rdflib import Graph

from kg.validate.report import Report, Result
from kg.validate.report_graph import read_results


class Engine:
    """Shapes, parsed once.

    Args:
        shapes: All shapes in N-Triples.
    """

    def __init__(self, shapes: bytes) -> None:
        self._shapes = Graph().parse(data=shapes, format="nt")

    def conforms(self, data: bytes) -> bool:
        """Tell whether N-Triples break no rule of severity ``Violation``."""
        return Report.of(self.results(data)).conforms

    def results(self, data: bytes, owns: Callable[[str], bool] | None = None) -> list[Result]:
        """Check N-Triples, and of these, where ``owns`` is given, the nodes that it is true of.

        Raises:
            ValueError: The shapes are no valid shapes.
        """
        graph = Graph().parse(data=data, format="nt")
        _, report, text = pyshacl.validate(graph, shacl_graph=self._shapes, inference="none", advanced=False)
        if not isinstance(report, Graph):
            raise ValueError(text)
        found = read_results(report, self._shapes)
        return [it for it in found if owns is None or owns(it.focus_node)]
