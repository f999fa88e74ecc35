"""Tables of analyses as pandas data frames and as text."""

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas


def frame(rows: list[dict[str, Any]], columns: list[str]) -> "pandas.DataFrame":
    """Return a data frame with these columns, also when there is no row."""
    module = importlib.import_module("pandas")  # half a second that most commands need not spend
    made: pandas.DataFrame = module.DataFrame(rows, columns=columns)
    return made


def frame_text(shown: "pandas.DataFrame") -> str:
    """Return a data frame as lines of text, or only its heads if it has no row."""
    return (shown.to_string(index=False) if len(shown) else "  ".join(map(str, shown))) + "\n"
