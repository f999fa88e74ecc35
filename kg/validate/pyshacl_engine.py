"""pySHACL: the reference that the fast engine is compared with."""

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

    def results(self, data: bytes) -> list[Result]:
        """Check N-Triples.

        Raises:
            ValueError: The shapes are no valid shapes.
        """
        graph = Graph().parse(data=data, format="nt")
        _, report, text = pyshacl.validate(graph, shacl_graph=self._shapes, inference="none", advanced=False)
        if not isinstance(report, Graph):
            raise ValueError(text)
        return list(read_results(report, self._shapes))
