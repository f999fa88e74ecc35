"""The library's door to builds on a cluster, beside `kg.api`."""

from collections.abc import Mapping, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Unpack

from kg.api import Graph, Source
from kg.batch import Content, Options
from kg.errors import UsageError
from kg.partitioned import collect as collect_parts
from kg.pipeline import Progress
from kg.read import Limits
from kg.report import BuildReport
from kg.vocabulary import VocabularyFolder


def build_on_spark(
    sources: Sequence[str],
    out: str,
    *,
    master: str | None = None,
    settings: Mapping[str, str] | None = None,
    data_dir: Source | None = None,
    limits: Limits | None = None,
    trials_a_part: int = 500,
    progress: Progress | None = None,
    **content: Unpack[Content],
) -> BuildReport:
    """Build a graph on a cluster, in parts; `collect` makes a build directory of these. See docs/spark.md.

    Args:
        sources: Files and folders, as Hadoop addresses them.
        out: A folder on any file system of Hadoop; it is replaced whole or left as it was.
        master: Of Spark; by default that of Spark's configuration or else ``local[*]``.
        settings: Of Spark.
        data_dir: Where added vocabularies lie, which are sent along; by default the platform's data directory.
        limits: What a source may cost.
        trials_a_part: What a task builds, a multiple of 10.
        progress: Called with stage, done and total.
        content: What changes the content of the graph, as in `build`.

    Raises:
        UsageError: PySpark is not installed.
        SourceError: A source does not exist or cannot be read.
        BuildError: ``out`` cannot be written or holds something else, or the sources changed meanwhile.
        ClusterError: Spark cannot be started, or gives up.
    """
    if find_spec("pyspark") is None:
        raise UsageError('The engine spark needs PySpark: pip install "trialkg[spark]"')
    from kg.spark.engine import build_on_spark as run  # noqa: PLC0415 - PySpark is an extra, and takes its time to import

    options = Options.of(**content)
    return run(
        sources,
        out,
        options,
        vocabularies=VocabularyFolder.of_user(data_dir).vocabularies() if options.use_vocabularies else None,
        master=master,
        settings=settings,
        limits=limits,
        trials_a_part=trials_a_part,
        progress=progress,
    )


def collect(parts: Source, out: Source, *, data_dir: Source | None = None, progress: Progress | None = None) -> Graph:
    """Make a build directory of a graph in parts and open it.

    Args:
        parts: What `build_on_spark` wrote, as a folder of this machine.
        out: The build directory; it is replaced whole or left as it was.
        data_dir: Where added vocabularies lie, if the build used them; by default the platform's data directory.
        progress: Called with stage, done and total.

    Raises:
        BuildError: ``parts`` is unfinished or made by another version, or ``out`` cannot be written.
    """
    collect_parts(Path(parts), Path(out), data_dir=data_dir, progress=progress)
    return Graph(out)
