"""pyshifty: the engine of every build."""

from collections.abc import Callable
from functools import cached_property
from typing import Final, TypedDict

import shifty
from rdflib import Graph

from kg.validate.report import Result
from kg.validate.report_graph import read_results


class _Options(TypedDict):
    graph_mode: str
    infer: bool
    sort_results: bool
    on_unsupported: str


# "data": the shapes are no part of what is checked. Sorting is ours.
_OPTIONS: Final[_Options] = {"graph_mode": "data", "infer": False, "sort_results": False, "on_unsupported": "error"}


class Engine:
    """Shapes, parsed and planned once.

    Args:
        shapes: All shapes in N-Triples.

    Raises:
        ValueError: They are no valid shapes.
    """

    def __init__(self, shapes: bytes) -> None:
        self._shapes = shapes
        self._validator = shifty.PreparedValidator(shapes)

    def conforms(self, data: bytes) -> bool:
        """Tell whether N-Triples break no rule of severity ``Violation``."""
        return self._validator.validate_algebra(data, minimum_severity="violation", **_OPTIONS).conforms

    def results(self, data: bytes, owns: Callable[[str], bool] | None = None) -> list[Result]:
        """Check N-Triples, and of these, where ``owns`` is given, the nodes that it is true of.

        The fast check tells which shapes fail but not which of their constraints, so those shapes, and only they, are
        checked again for a full report.
        """
        failures = self._validator.validate_algebra(data, **_OPTIONS).violations
        if owns is not None:
            failures = [failure for failure in failures if owns(failure.focus_node)]
        if not failures:
            return []
        names = sorted({failure.shape_name or "" for failure in failures})
        _, report, _ = self._validator.validate(data, shape_names=names if all(names) else None, **_OPTIONS)
        found = read_results(report, self._graph)
        return [it for it in found if owns is None or owns(it.focus_node)]

    @cached_property
    def _graph(self) -> Graph:
        return Graph().parse(data=self._shapes, format="nt")  # slow, and no use to a build without faults
