"""Progress bars on a terminal."""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from kg.pipeline import Progress as Show

_SECONDS_BETWEEN = 0.2


@contextmanager
def progress_bars(quiet: bool) -> Iterator["Show | None"]:
    """Show a bar a stage on a terminal; a line a stage elsewhere would only be in the way of logs."""
    if quiet or not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    with Progress(
        TextColumn("{task.description:8}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        console=Console(stderr=True),
        auto_refresh=False,  # by a thread, beside which a build could not fork its workers
    ) as bars:
        tasks: dict[str, Any] = {}
        shown = 0.0

        def show(stage: str, done: int, total: int | None) -> None:
            nonlocal shown
            if stage not in tasks:
                tasks[stage] = bars.add_task(stage, total=total)
            bars.update(tasks[stage], completed=done, total=total)
            if done == total or time.monotonic() - shown > _SECONDS_BETWEEN:
                bars.refresh()
                shown = time.monotonic()

        yield show
