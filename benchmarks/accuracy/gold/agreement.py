"""Compares two passes of annotators: agreement as F1, and each statement that only one of them made.

    python -m benchmarks.accuracy.gold.agreement breast-pass1.tsv breast-pass2.tsv

Compared are the trials that stand in one of the tables: a pass that found nothing in a trial has no row for it. As long
as a pass is unfinished, the trials that only the other has are therefore named.
"""

import argparse
from collections.abc import Callable, Collection, Iterator, Mapping
from pathlib import Path

from benchmarks.accuracy.gold.annotation import Annotation, read
from benchmarks.accuracy.score import compared, total
from kg.models import ConceptType, Role

_POLARITY = {Role.REQUIRES_MARKER_STATE: "inclusion", Role.EXCLUDES_MARKER_STATE: "exclusion"}
_DRUGS = frozenset({ConceptType.DRUG, ConceptType.DRUG_CLASS, ConceptType.DRUG_COMBINATION})

Answers = Callable[[Collection[Annotation]], set[str]]


def triples(annotations: Collection[Annotation]) -> set[str]:
    """Return the states that a population must, or must not, have: marker, state, polarity."""
    return {f"{it.concept} {it.state} {_POLARITY[it.role]}" for it in annotations if it.role in _POLARITY}


def with_role(classes: Collection[ConceptType]) -> Answers:
    """Return what gives the concepts of ``classes`` with their roles, mere mentions left out."""

    def answers(annotations: Collection[Annotation]) -> set[str]:
        return {
            f"{it.concept} {it.role.value}"
            for it in annotations
            if it.concept_class in classes and it.role is not Role.MENTIONS
        }

    return answers


MEASURES: Mapping[str, Answers] = {
    "marker, state, polarity": triples,
    "marker with role": with_role({ConceptType.MARKER}),
    "drug with role": with_role(_DRUGS),
    "procedure with role": with_role({ConceptType.PROCEDURE}),
}


def differences(first: Collection[Annotation], second: Collection[Annotation]) -> Iterator[str]:
    """Yield the statements that only one pass has, with the place, by trial."""
    either = {it.statement for it in first} ^ {it.statement for it in second}
    for annotation in sorted([*first, *second]):
        if annotation.statement in either:
            span = f"{annotation.locator} {annotation.start}:{annotation.end}"
            state = f" {annotation.state}" if annotation.state else ""
            said = f"{annotation.role.value} {annotation.label}{state}"
            yield f"{annotation.nct_id}  {annotation.annotator}: {said}  ({span})  {annotation.note}".rstrip()


def main() -> None:
    """Print the agreement of two tables and where they differ."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("tables", type=Path, nargs=2)
    first, second = (read(path) for path in parser.parse_args().tables)
    in_first, in_second = ({it.nct_id for it in table} for table in (first, second))
    either = sorted(in_first | in_second)
    print(f"{len(either)} trials; in one table only: {', '.join(sorted(in_first ^ in_second)) or 'none'}")
    for name, answers in MEASURES.items():
        counts = total(
            compared(
                number,
                answers([it for it in first if it.nct_id == number]),
                answers([it for it in second if it.nct_id == number]),
            )
            for number in either
        )
        print(f"  {name:26}{counts.f1:.3f}  ({counts.true_positives} agreed)")
    print(*differences(first, second), sep="\n")


if __name__ == "__main__":
    main()
