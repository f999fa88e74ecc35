"""trialkg: a validated, queryable knowledge graph from clinical trial records.

>>> import kg
>>> graph = kg.build(["records.jsonl.gz"], "out")                                   # doctest: +SKIP
>>> graph.query("trials-by-marker-state", state="HER2-low").dataframe()             # doctest: +SKIP
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from kg.annotation import Document, annotate
    from kg.api import (
        Endpoint,
        Graph,
        add_vocabularies,
        build,
        certify,
        criteria,
        fetch,
        remove_vocabulary,
        update,
        validate,
        vocabularies,
    )
    from kg.api import open_graph as open  # noqa: A004 - reads as kg.open, beside kg.build
    from kg.eligibility import Criteria, CriteriaReader
    from kg.grounding import Candidate, Grounder

__version__ = "0.1.0"
__all__ = [
    "Candidate",
    "Criteria",
    "CriteriaReader",
    "Document",
    "Endpoint",
    "Graph",
    "Grounder",
    "add_vocabularies",
    "annotate",
    "build",
    "certify",
    "criteria",
    "fetch",
    "open",
    "remove_vocabulary",
    "update",
    "validate",
    "vocabularies",
]

# Where the public names live; they are imported when they are first used, so that `import kg` is instant.
_HOMES = {
    "Candidate": ("kg.grounding", "Candidate"),
    "Criteria": ("kg.eligibility", "Criteria"),
    "CriteriaReader": ("kg.eligibility", "CriteriaReader"),
    "Document": ("kg.annotation", "Document"),
    "Endpoint": ("kg.api", "Endpoint"),
    "Graph": ("kg.api", "Graph"),
    "Grounder": ("kg.grounding", "Grounder"),
    "add_vocabularies": ("kg.api", "add_vocabularies"),
    "annotate": ("kg.annotation", "annotate"),
    "build": ("kg.api", "build"),
    "certify": ("kg.api", "certify"),
    "criteria": ("kg.api", "criteria"),
    "fetch": ("kg.api", "fetch"),
    "open": ("kg.api", "open_graph"),
    "remove_vocabulary": ("kg.api", "remove_vocabulary"),
    "update": ("kg.api", "update"),
    "validate": ("kg.api", "validate"),
    "vocabularies": ("kg.api", "vocabularies"),
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'kg' has no attribute {name!r}")
    module, attribute = _HOMES[name]
    return getattr(import_module(module), attribute)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
