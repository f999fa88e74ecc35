"""The dataset's description of itself: `Census` counts while it is written, `describe` makes the graph ``about``."""

from kg.describe.about import Example, describe
from kg.describe.census import Census

__all__ = ["Census", "Example", "describe"]
