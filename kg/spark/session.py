"""A Spark session: started, or the reason why not, within a minute or so and in one sentence."""

import os
import shutil
import socket
import sys
import time
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from py4j.protocol import Py4JError, Py4JJavaError
from pyspark.conf import SparkConf
from pyspark.errors import PySparkException, PySparkRuntimeError
from pyspark.sql import SparkSession

from kg.errors import ClusterError, UsageError
from kg.spark.hadoop import reason_of

_SECONDS_TO_CONNECT: Final = 10
_SECONDS_TO_GET_EXECUTORS: Final = 60
_SECONDS_BETWEEN: Final = 0.2
_STANDALONE: Final = "spark://"
_DEFAULT_PORT: Final = 7077
_CONNECT: Final = "sc://"
# What the engine relies on; a user's settings go before.
_DEFAULTS: Final = {
    "spark.app.name": "trialkg",
    "spark.log.level": "ERROR",
    "spark.ui.showConsoleProgress": "false",
}
_NEEDED: Final = {
    # The files of a part are written side by side as their lines come, without a sort.
    "spark.sql.maxConcurrentOutputFileWriters": "16",
    # Files are listed before; to list them again in a job of its own would only take time.
    "spark.sql.sources.parallelPartitionDiscovery.threshold": "1000000000",
    # What cannot be read stops the build; it is never left out.
    "spark.sql.files.ignoreCorruptFiles": "false",
    "spark.sql.files.ignoreMissingFiles": "false",
}


@contextmanager
def session(master: str | None, settings: Mapping[str, str]) -> Iterator[SparkSession]:
    """Start Spark and stop it at the end.

    Args:
        master: The master's URL; None for that of Spark's own configuration or, if there is none, ``local[*]``.
        settings: Of Spark.

    Raises:
        ClusterError: There is no Java, the master does not answer, or no worker has resources to offer.
        UsageError: The URL is that of a Spark Connect server.
    """
    _check_java()
    conf = SparkConf().setAll([*_DEFAULTS.items(), *settings.items(), *_NEEDED.items()])
    if master or not conf.contains("spark.master"):
        conf.setMaster(master or "local[*]")
    url = str(conf.get("spark.master"))
    _check_master(url)
    # PySpark reads the executors' interpreter from the environment alone, unless spark-submit started it.
    os.environ["PYSPARK_PYTHON"] = str(
        conf.get("spark.pyspark.python") or os.environ.get("PYSPARK_PYTHON") or sys.executable
    )
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", FutureWarning)  # of versions of pandas, which is not used
            spark = SparkSession.builder.config(conf=conf).getOrCreate()
    except (Py4JError, PySparkException, PySparkRuntimeError) as err:
        reason = reason_of(err) if isinstance(err, Py4JJavaError) else str(err).strip().partition("\n")[0]
        raise ClusterError(f"Spark cannot be started with the master {url}: {reason}") from err
    try:
        _wait_for_executors(spark, url)
        yield spark
    finally:
        spark.stop()


def _check_java() -> None:
    home = os.environ.get("JAVA_HOME")
    if not (shutil.which("java") if not home else Path(home, "bin", "java").exists()):
        raise ClusterError(
            "Spark needs Java 17 or newer, and none was found: install one, and let JAVA_HOME name its folder."
        )


def _check_master(url: str) -> None:
    """See whether a standalone master listens; Spark itself would try for a minute, and then say little."""
    if url.startswith(_CONNECT):
        raise UsageError(f"{url}: the engine needs a master (spark://, yarn, k8s://, local[N]), not Spark Connect.")
    if not url.startswith(_STANDALONE):
        return
    problems = []
    for address in url.removeprefix(_STANDALONE).split(","):  # several, where one stands by
        host, _, port = address.partition(":")
        if port and not port.isdigit():
            raise UsageError(f"{url}: {port!r} is no port; a master's URL looks like spark://HOST:7077.")
        try:
            socket.create_connection((host, int(port or _DEFAULT_PORT)), _SECONDS_TO_CONNECT).close()
        except OSError as err:
            problems.append(f"{address} ({err.strerror or err})")
        else:
            return
    raise ClusterError(f"{url}: no Spark master answers at {', '.join(problems)}; is it running, and is that its URL?")


def _wait_for_executors(spark: SparkSession, url: str) -> None:
    if url.startswith("local"):
        return
    context: Any = spark.sparkContext._jsc.sc()
    deadline = time.monotonic() + _SECONDS_TO_GET_EXECUTORS
    while len(context.statusTracker().getExecutorInfos()) < 2:  # the driver is one
        if time.monotonic() > deadline:
            raise ClusterError(
                f"{url}: the master answers, but no executor came within {_SECONDS_TO_GET_EXECUTORS} seconds: are "
                "there workers with as much free memory and as many cores as asked for?"
            )
        time.sleep(_SECONDS_BETWEEN)
