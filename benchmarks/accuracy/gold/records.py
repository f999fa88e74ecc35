"""The trials of the gold set, read from the shared records as kg reads them."""

import hashlib
from collections.abc import Collection, Iterator
from pathlib import Path

from kg.models import RawRecord, Trial
from kg.read import parse, scan

FOLDER = Path(__file__).parent
TRIALS = FOLDER / "trials.txt"
# In this order: what stands in both is read from the first.
_SOURCES = ("ctgov-v2.jsonl.gz", "ctgov-legacy-xml.zip")


def numbers() -> list[str]:
    """Return the NCT numbers of the set, in the order in which they were chosen."""
    return TRIALS.read_text(encoding="utf-8").split()


def raw_records(data: Path) -> Iterator[RawRecord]:
    """Yield the shared trial records, the better source first; a source that is not there gives none.

    Args:
        data: The folder of the shared data, which holds ``trials/``.
    """
    for name in _SOURCES:
        path = data / "trials" / name
        if path.exists():
            yield from (record for record in scan([path]) if isinstance(record, RawRecord))


def trials(data: Path, wanted: Collection[str]) -> dict[str, Trial]:
    """Return those of the ``wanted`` trials that the shared records hold, by NCT number."""
    found: dict[str, Trial] = {}
    for record in raw_records(data):
        if record.nct_id in wanted and record.nct_id not in found:
            found[record.nct_id] = parse(record)
    return found


def sha256(text: str) -> str:
    """Return the SHA-256 of a text in UTF-8: what tells that it is still the annotated one."""
    return hashlib.sha256(text.encode()).hexdigest()
