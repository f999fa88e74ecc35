"""How fast texts are annotated, on one core, with all of MeSH and HGNC, and how soon the first answer comes.

    python -m benchmarks.annotate [--data FOLDER] [--trials N]

FOLDER is the one of `benchmarks/accuracy`. The texts are titles, summaries, descriptions, criteria, arms and outcomes
of its ClinicalTrials.gov records. Beside the rate stands that of decoding the same records' JSON, which tells how fast
the machine is: compare the ratio of the two between machines.
"""

import argparse
import gc
import gzip
import json
import platform
import resource
import subprocess
import sys
import time
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import kg
from benchmarks.accuracy.full_lexicon import GENES, MESH, compiled
from kg.annotation import Annotator
from kg.models import RawRecord, SourceFormat
from kg.read import parse

_DECODINGS = 5


def main() -> None:
    """Print the rates."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--trials", type=int, default=None, metavar="N", help="only the first N records")
    args = parser.parse_args()
    print(f"trialkg {kg.__version__}, Python {sys.version.split()[0]}, {platform.platform()}")
    vocabulary = compiled(args.data / "terminology", (*MESH, *GENES))
    print(f"lexicon: {vocabulary.path.stat().st_size / 1e6:.0f} MB on disk")
    print(f"process start to first answer: {_first_answer(vocabulary.path.parents[1]):.2f} s")
    records = list(islice(_records(args.data / "trials"), args.trials))
    texts = ["\n\n".join(field.text for field in parse(record).texts) for record in records]
    megabytes = sum(len(text.encode()) for text in texts) / 1e6
    annotator = Annotator(vocabulary=vocabulary)
    gc.set_threshold(100_000)  # as `kg annotate` does
    for label in ("cold", "warm"):
        start = time.process_time()
        mentions = sum(len(annotator.mentions(text)) for text in texts)
        seconds = time.process_time() - start
        print(f"annotate, {label}: {len(texts)} records, {mentions:,} mentions, {megabytes / seconds:.2f} MB/s")
    start = time.process_time()
    for _ in range(_DECODINGS):
        for record in records:
            json.loads(record.payload)
    decoded = _DECODINGS * sum(len(record.payload) for record in records) / 1e6
    print(f"reference, json.loads of the records: {decoded / (time.process_time() - start):.0f} MB/s")
    print(f"memory at most: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")


def _first_answer(data_dir: Path) -> float:
    line = json.dumps({"id": 1, "text": "HER2-positive breast cancer"})
    words = [sys.executable, "-m", "kg", "annotate", "--data-dir", str(data_dir)]
    times = []
    for _ in range(3):
        start = time.perf_counter()
        subprocess.run(words, input=line, text=True, capture_output=True, check=True)
        times.append(time.perf_counter() - start)
    return min(times)


def _records(folder: Path) -> Iterator[RawRecord]:
    for path in sorted(folder.glob("ctgov-v2*.jsonl.gz")):
        with gzip.open(path, "rb") as file:
            for number, line in enumerate(file, start=1):
                nct_id = json.loads(line)["protocolSection"]["identificationModule"]["nctId"]
                yield RawRecord(
                    nct_id=nct_id, payload=line, format=SourceFormat.CTGOV_JSON, file=path.name, position=str(number)
                )


if __name__ == "__main__":
    main()
