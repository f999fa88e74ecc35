"""Scores what trialkg finds against annotated data.

    python -m benchmarks.accuracy [TASK…] [--data FOLDER] [--errors N] [--ablation]

FOLDER holds ``benchmarks/``, ``terminology/`` and ``trials/`` as described in `benchmarks/README.md`; nothing of it is
part of the project. Without a TASK all are run.
"""

import argparse
import platform
import sys
from collections.abc import Sequence
from pathlib import Path

import kg
from benchmarks.accuracy import biomarkers, breast_gold, negation, values
from benchmarks.accuracy.find_and_link import FIND_AND_LINK, FIND_GENES
from benchmarks.accuracy.given_names import GIVEN_NAMES
from benchmarks.accuracy.reported_names import REPORTED_NAMES
from benchmarks.accuracy.score import Outcome, Task

TASKS: Sequence[Task] = (
    breast_gold.TASK,
    FIND_AND_LINK,
    FIND_GENES,
    negation.TASK,
    values.TASK,
    biomarkers.TASK,
    GIVEN_NAMES,
    REPORTED_NAMES,
)


def show(outcome: Outcome, errors: int) -> None:
    """Print an outcome's measures with their intervals and targets, and the causes of its errors."""
    all_of_it = outcome.total
    print(f"\n{outcome.name}: {len(outcome.documents)} documents")
    for measure in ("precision", "recall", "f1", "accuracy"):
        if measure in outcome.targets or measure in {"precision", "recall", "f1"}:
            low, high = outcome.interval(measure)
            target = f"   target {outcome.targets[measure]:.2f}" if measure in outcome.targets else ""
            print(f"  {measure:10}{getattr(all_of_it, measure):.3f}  [{low:.3f}, {high:.3f}]{target}")
    for cause, count in outcome.causes():
        print(f"  {count:6} {cause}")
        for error in [it for it in outcome.errors if it.cause == cause][:errors]:
            print(f"           {error.document}: {error.detail}")


def ablate(task: Task, data: Path) -> None:
    """Print what each component adds: the F1 with everything, and without each component."""
    whole = {outcome.name: outcome.total.f1 for outcome in task.run(data)}
    for component, switched_off in task.ablations.items():
        with switched_off():
            for outcome in task.run(data):
                without = outcome.total.f1
                change = whole[outcome.name] - without
                print(f"  {outcome.name:44} without {component:28} {without:.3f}  ({change:+.3f} from it)")


def main() -> None:
    """Run the tasks that were named, or all."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("tasks", nargs="*", metavar="TASK", help=", ".join(task.name for task in TASKS))
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--errors", type=int, default=0, metavar="N", help="examples of each cause of errors")
    parser.add_argument("--ablation", action="store_true", help="also without each component")
    args = parser.parse_args()
    unknown = set(args.tasks) - {task.name for task in TASKS}
    if unknown:
        parser.error(f"no such task: {', '.join(sorted(unknown))}")
    print(f"trialkg {kg.__version__}, Python {sys.version.split()[0]}, {platform.platform()}")
    for task in TASKS:
        if not args.tasks or task.name in args.tasks:
            for outcome in task.run(args.data):
                show(outcome, args.errors)
            if args.ablation:
                ablate(task, args.data)


if __name__ == "__main__":
    main()
