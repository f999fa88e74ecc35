"""Compares two passes of annotators: agreement as F1, and each statement that only one of them made.

    python -m benchmarks.accuracy.gold.agreement breast-pass1.tsv breast-pass2.tsv

Compared are the trials that stand in one of the tables: a pass that found nothing in a trial has no row for it. As long
as a pass is unfinished, the trials that only the other has are therefore named.
"""

import argparse
from collections.abc import Collection, Iterator
from pathlib import Path

from benchmarks.accuracy.gold.annotation import Annotation, by_trial, read
from benchmarks.accuracy.gold.measures import MEASURES
from benchmarks.accuracy.score import compared, total


def differences(first: Collection[Annotation], second: Collection[Annotation]) -> Iterator[str]:
    """Yield the statements that only one pass has, with the place, by trial."""
    one_sided = {it.statement for it in first} ^ {it.statement for it in second}
    for annotation in sorted([*first, *second]):
        if annotation.statement in one_sided:
            place = f"{annotation.locator} {annotation.start}:{annotation.end}"
            line = f"{annotation.nct_id}  {annotation.annotator}: {annotation.said}  ({place})  {annotation.note}"
            yield line.rstrip()


def main() -> None:
    """Print the agreement of two tables and where they differ."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("tables", type=Path, nargs=2)
    first, second = (read(path) for path in parser.parse_args().tables)
    trials, others = by_trial(first), by_trial(second)
    numbers = sorted(trials.keys() | others.keys())
    one_sided = sorted(trials.keys() ^ others.keys())
    print(f"{len(numbers)} trials; in one table only: {', '.join(one_sided) or 'none'}")
    for name, answers in MEASURES.items():
        counts = total(
            compared(number, set(answers(trials.get(number, ()))), set(answers(others.get(number, ()))))
            for number in numbers
        )
        print(f"  {name:26}{counts.f1:.3f}  ({counts.true_positives} agreed)")
    print(*differences(first, second), sep="\n")


if __name__ == "__main__":
    main()
