"""trialkg: a validated, queryable knowledge graph from clinical trial records.

>>> import kg
>>> graph = kg.build(["records.jsonl.gz"], "out")                                   # doctest: +SKIP
>>> graph.query("trials-by-marker-state", state="HER2-low").dataframe()             # doctest: +SKIP
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from kg.api import Graph, build, certify, validate
    from kg.api import open_graph as open  # noqa: A004 - reads as kg.open, beside kg.build
    from kg.grounding import Candidate, Grounder

__version__ = "0.1.0"
__all__ = ["Candidate", "Graph", "Grounder", "build", "certify", "open", "validate"]

# Where the public names live; they are imported when they are first used, so that `import kg` is instant.
_HOMES = {
    "Candidate": ("kg.grounding", "Candidate"),
    "Graph": ("kg.api", "Graph"),
    "Grounder": ("kg.grounding", "Grounder"),
    "build": ("kg.api", "build"),
    "certify": ("kg.api", "certify"),
    "open": ("kg.api", "open_graph"),
    "validate": ("kg.api", "validate"),
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'kg' has no attribute {name!r}")
    module, attribute = _HOMES[name]
    return getattr(import_module(module), attribute)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
