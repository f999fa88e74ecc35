"""Chooses the trials of the gold sets, by rules that do not look at what they will find.

    python -m benchmarks.accuracy.gold.select_trials breast ../shared/data

prints the numbers that stand in `breast-trials.txt`.
"""

import re
import sys
from collections.abc import Iterator
from pathlib import Path

from benchmarks.accuracy.gold.records import BREAST, ELIGIBILITY, raw_records, sha256, text_numbers
from kg.errors import ReadError
from kg.models import SourceFormat, Trial
from kg.read import parse

_SIZES = {BREAST.name: 80, ELIGIBILITY.name: 120}
# The five trials that the project began with: they are in its tests, so nothing is learnt from them here.
_KNOWN = frozenset({"NCT03873428", "NCT05529862", "NCT06492447", "NCT07130344", "NCT07132502"})
_BREAST = re.compile(r"\b(?:breast|mammary)\b", re.IGNORECASE)
_CANCER = re.compile(r"cancer|neoplas|carcinoma|tumou?r|malignan|\bDCIS\b", re.IGNORECASE)


def about_breast_cancer(trial: Trial) -> bool:
    """Tell whether a title, or the first condition, names breast cancer.

    Later conditions are left out: trials that list many are about none of them.
    """
    names = (trial.brief_title, trial.official_title, *trial.conditions[:1])
    return any(_BREAST.search(name) and _CANCER.search(name) for name in names if name)


def candidates(data: Path) -> Iterator[Trial]:
    """Yield the breast cancer trials of the shared records."""
    for record in raw_records(data):
        try:
            trial = parse(record)
        except ReadError:
            continue  # nothing can be annotated in what kg cannot read
        if trial.nct_id not in _KNOWN and about_breast_cancer(trial):
            yield trial


def choose_breast(data: Path) -> list[str]:
    """Return the numbers of trials: those of API records first, then of XML; in each, by the SHA-256 of the number."""
    order: dict[str, tuple[bool, str]] = {}
    for trial in candidates(data):
        number = str(trial.nct_id)
        order.setdefault(number, (trial.documents[0].format is not SourceFormat.CTGOV_JSON, sha256(number)))
    return sorted(order, key=order.__getitem__)


def choose_eligibility(data: Path) -> list[str]:
    """Return the numbers of other breast cancer trials whose criteria are there as text, by their SHA-256."""
    return sorted(text_numbers(data) - _KNOWN - set(BREAST.numbers()), key=sha256)


_RULES = {BREAST.name: choose_breast, ELIGIBILITY.name: choose_eligibility}


if __name__ == "__main__":
    name, folder = sys.argv[1:]
    print(*_RULES[name](Path(folder))[: _SIZES[name]], sep="\n")
