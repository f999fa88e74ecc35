"""All trial records beside the project are read: none is lost, and each rejection is of something that is no record."""

from collections import Counter
from pathlib import Path

import pytest

from kg.models import RawRecord, Rejection
from kg.read import parse, scan

TRIALS = Path(__file__).parents[2] / "shared" / "data" / "trials"

pytestmark = pytest.mark.skipif(not TRIALS.is_dir(), reason="the shared data are not beside the project")


@pytest.mark.parametrize(
    ("name", "trials", "rejected", "unknown"),
    [
        ("ctgov-v2.jsonl.gz", 977, 0, 0),
        ("ctgov-v2-edge-cases.jsonl", 31, 0, 3),
        ("ctgov-legacy-xml.zip", 3363, 0, 0),
        ("ctgov-legacy-xml-edge-cases.zip", 70, 2, 0),  # the two are lists of search results
        ("other-registries.zip", 5, 25, 0),  # the five are records of the API
        ("breast-trial-texts.zip", 0, 485, 0),
    ],
)
def test_counts(name: str, trials: int, rejected: int, unknown: int) -> None:
    counts: Counter[str] = Counter()
    for result in scan([TRIALS / name]):
        if isinstance(result, Rejection):
            counts["rejected"] += 1
            continue
        trial = parse(result)
        counts["trials"] += 1
        counts["unknown"] += len(trial.unknown_codes)
        assert isinstance(result, RawRecord)
        assert trial.nct_id == result.nct_id
        assert len(trial.documents) == 1
    assert (counts["trials"], counts["rejected"], counts["unknown"]) == (trials, rejected, unknown)
