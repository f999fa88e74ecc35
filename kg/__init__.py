"""trialkg: a validated, queryable knowledge graph from clinical trial records."""

__version__ = "0.1.0"
