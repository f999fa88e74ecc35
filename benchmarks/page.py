"""Writes the page of results, docs/benchmarks.md, and its pictures from the figures that are kept.

python -m benchmarks.page [--results FOLDER] [--docs FOLDER]
"""

import argparse
import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, Final

import matplotlib as mpl

mpl.use("svg")
from matplotlib import pyplot as plt

from benchmarks.measuring import TOP, Figures
from benchmarks.scale import power

Steps = dict[str, dict[str, Figures]]  # size to step to figures

_COSTS: Final = {
    "build": "build",
    "build on one core": "build, one worker",
    "load": "load the store",
    "validate": "validate",
    "update, 1 % changed": "update, 1 % changed",
    "update, nothing changed": "update, nothing changed",
}
_LABEL: Final = 1.3  # how far apart names stand on the logarithmic axis
_HEAD: Final = """# Benchmarks

How the cost of everything that is done with a registry grows with its size, and what others need for the same work.
Written by `python -m benchmarks.page` from the figures in [benchmarks/results](../benchmarks/results). Measure anew, on
a quiet machine:

```sh
python -m benchmarks.scale --corpus PROGRAM --records 1000 10000 100000
python -m benchmarks.peers --corpus PROGRAM --morph PYTHON --virtuoso FOLDER
python -m benchmarks.page
```

Records are put together from real ones, each with its own number and text. Times are on the wall, memory is that of all
processes together (proportional set size). "Power of N" is the slope between the two largest sizes on double
logarithmic paper: 1.00 is straight growth, less is better than straight.
"""
_QUERIES: Final = """
## Queries

Each saved query, asked with the value that most trials have and so with the longest answer there is; to all rows in
Python. Cold is with the store newly opened and none of its files in the system's memory, best is of three more. A query
whose answer grows with the registry cannot stay under a second: some 30,000 rows a second come back, and whoever wants
fewer says `LIMIT` in a query of their own. Those that count over everything read everything.
"""


def main() -> None:
    """Write the page."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--results", type=Path, default=TOP / "benchmarks/results")
    parser.add_argument("--docs", type=Path, default=TOP / "docs")
    args = parser.parse_args()
    scale, peers = (_read(args.results / name) for name in ("scale.json", "peers.json"))
    images: Path = args.docs / "images"
    images.mkdir(parents=True, exist_ok=True)
    parts = [_HEAD]
    if scale:
        draw_growth(scale["steps"], images / "benchmarks-growth.svg")
        draw_queries(scale["steps"], images / "benchmarks-queries.svg")
        parts += [provenance(scale), *growth(scale["steps"]), _QUERIES, *queries(scale["steps"])]
    if peers:
        parts += ["\n## Peers\n", provenance(peers), *side_by_side(peers["steps"])]
    if not scale and not peers:
        parts.append("Not measured yet with this version.")
    (args.docs / "benchmarks.md").write_text("\n".join(parts).rstrip() + "\n", "utf-8")


def _read(path: Path) -> dict[str, Any] | None:
    return json.loads(path.read_text("utf-8")) if path.exists() else None


def provenance(content: dict[str, Any]) -> str:
    """Return the machine, the dates and how busy it was."""
    steps = [it for found in content["steps"].values() for it in found.values()]
    dates = sorted(it["date"][:10] for it in steps)
    days = dates[0] if dates[0] == dates[-1] else f"{dates[0]} to {dates[-1]}"
    machine = content["machine"]
    busiest = max(it["load_before"] for it in steps)
    note = f" **Others used the machine meanwhile (load {busiest}): times are too long.**" if busiest > 3 else ""
    return (
        f"{machine['processor']}, {machine['cores']} cores, {machine['memory_gb']} GB, {machine['system']}, Python "
        f"{machine['python']}; {days}; trialkg {', '.join(sorted({it['version'] for it in steps}))}.{note}\n"
    )


def rows(head: Sequence[object], body: Iterable[Sequence[object]]) -> str:
    """Return a table in Markdown."""
    lines = [head, ["---"] + ["--:"] * (len(head) - 1), *body]
    return "\n".join(f"| {' | '.join(map(str, line))} |" for line in lines) + "\n"


# --- growth


def _sizes(steps: Steps) -> list[int]:
    return sorted(map(int, steps))


def _series(steps: Steps, step: str, name: str) -> list[tuple[int, float]]:
    found = [(size, steps[str(size)].get(step, {}).get(name)) for size in _sizes(steps)]
    return [(size, value) for size, value in found if value]


def growth(steps: Steps) -> list[str]:
    """Return the tables of seconds, memory and size by number of records."""
    sizes = _sizes(steps)
    head = ["", *(f"{size:,} records" for size in sizes), "power of N"]

    def lines(name: str, form: str, factor: float = 1.0) -> list[list[str]]:
        found = []
        for step, title in _COSTS.items():
            series = _series(steps, step, name)
            values = dict(series)
            cells = [format(values[size] * factor, form) if size in values else "" for size in sizes]
            found.append([title, *cells, power(series)])
        return found

    built = {size: steps[str(size)]["build"] for size in sizes if "build" in steps[str(size)]}
    of_build = (
        ("records a second", "records_a_second", ",.0f"),
        ("quads", "quads", ","),
        ("bytes a quad in the store", "store_bytes_a_quad", ",.0f"),
        ("bytes of compressed N-Quads", "nquads_bytes", ","),
        ("bytes of the build directory", "directory_bytes", ","),
    )
    sizes_of_build = [
        [title, *(format(built[size][name], form) if size in built else "" for size in sizes)]
        for title, name, form in of_build
    ]
    return [
        "![growth](images/benchmarks-growth.svg)\n",
        "Seconds on the wall:\n",
        rows(head, lines("wall_seconds", ",.1f")),
        "Seconds of processors, all processes together:\n",
        rows(head, lines("processor_seconds", ",.1f")),
        "Most memory, all processes together, in MB:\n",
        rows(head, lines("peak_mb", ",.0f")),
        "The build:\n",
        rows(head[:-1], sizes_of_build),
        _update_share(steps),
    ]


def _update_share(steps: Steps) -> str:
    shares = []
    for size in _sizes(steps):
        build, update = (steps[str(size)].get(step) for step in ("build", "update, 1 % changed"))
        if build and update:
            share = update["processor_seconds"] / build["processor_seconds"]
            shares.append(f"{share:.1%} of a build of {size:,} records ({update['changed_trials']:,} trials changed)")
    equal = [(size, found) for size in _sizes(steps) if (found := steps[str(size)].get("update is a full build"))]
    told = [
        f"{size:,} records: {it['different_lines']} lines of N-Quads differ, "
        f"the stores are {'the same' if it['same_store'] else 'NOT the same'}"
        for size, it in equal
    ]
    return f"An update with 1 % changed costs {'; '.join(shares)}. Against a full build: {'; '.join(told)}.\n"


def draw_growth(steps: Steps, out: Path) -> None:
    """Draw seconds and memory against the number of records."""
    with plt.rc_context({"svg.hashsalt": "trialkg", "font.size": 9}):
        figure, axes = plt.subplots(1, 2, figsize=(10, 4), layout="constrained")
        for axis, name, title in zip(axes, ("wall_seconds", "peak_mb"), ("seconds", "MB, all processes"), strict=True):
            for step, label in _COSTS.items():
                series = _series(steps, step, name)
                if series:
                    axis.plot(*zip(*series, strict=True), marker="o", markersize=4, label=label)
            axis.set_xscale("log")
            axis.set_yscale("log")
            axis.set_xlabel("records")
            axis.set_ylabel(title)
            axis.grid(alpha=0.3, which="both")
        _straight_line(axes[0], steps)
        axes[0].legend(fontsize=8)
        figure.savefig(out, metadata={"Date": None})
        plt.close(figure)


def _straight_line(axis: Any, steps: Steps) -> None:
    """Draw how a build would grow if it grew straight from its smallest size."""
    series = _series(steps, "build", "wall_seconds")
    if len(series) > 1:
        (first, seconds), (last, _) = series[0], series[-1]
        axis.plot([first, last], [seconds, seconds * last / first], "--", color="grey", label="straight")


# --- queries


def queries(steps: Steps) -> list[str]:
    """Return a table of seconds by query and size, the slowest first."""
    sizes = [size for size in _sizes(steps) if "queries" in steps[str(size)]]
    if not sizes:
        return []
    answers = {size: steps[str(size)]["queries"]["answers"] for size in sizes}
    largest = answers[sizes[-1]]
    names = sorted(largest, key=lambda name: -largest[name].get("best_seconds", 1e9))
    head = ["query", *(f"{size:,}: cold, best, rows" for size in sizes)]
    body = [[f"`{name}`", *(_cell(answers[size].get(name)) for size in sizes)] for name in names]
    looked = [steps[str(size)].get("look-ups") for size in sizes]
    told = [
        f"{size:,} trials: median {it['slowest_median_ms']:.1f} ms, 99 of 100 within {it['slowest_p99_ms']:.1f} ms"
        for size, it in zip(sizes, looked, strict=True)
        if it
    ]
    return [
        f"Looking a trial up, by the slowest of these queries: {'; '.join(told)}.\n",
        "![queries](images/benchmarks-queries.svg)\n",
        rows(head, body),
    ]


def _cell(answer: Figures | None) -> str:
    if answer is None:
        return ""
    if "over_seconds" in answer:
        return f"over {answer['over_seconds']:.0f} s"
    return f"{answer['cold_seconds']:.3f}, {answer['best_seconds']:.3f}, {answer['rows']:,}"


def draw_queries(steps: Steps, out: Path) -> None:
    """Draw each query's time against the number of records; one that was given up is drawn at the limit."""
    sizes = [size for size in _sizes(steps) if "queries" in steps[str(size)]]
    slow: list[tuple[float, int, str]] = []
    with plt.rc_context({"svg.hashsalt": "trialkg", "font.size": 9}):
        figure, axis = plt.subplots(figsize=(8, 4), layout="constrained")
        for name in steps[str(sizes[-1])]["queries"]["answers"] if sizes else ():
            answers = [(size, steps[str(size)]["queries"]["answers"].get(name, {})) for size in sizes]
            found = [(size, it.get("best_seconds") or it.get("over_seconds")) for size, it in answers]
            series = [(size, seconds) for size, seconds in found if seconds]
            if series:
                is_slow = series[-1][1] > 1
                axis.plot(*zip(*series, strict=True), color="firebrick" if is_slow else "steelblue", alpha=0.6, lw=1)
                if is_slow:
                    slow.append((series[-1][1], series[-1][0], name.removeprefix("questions/")))
        height = 0.0
        for seconds, size, name in sorted(slow):
            height = max(seconds, height * _LABEL)
            axis.annotate(f" {name}", (size, height), fontsize=6, va="center")
        axis.axhline(1, color="grey", ls="--")
        axis.set_xscale("log")
        axis.set_yscale("log")
        if slow:
            axis.set_xlim(right=sizes[-1] * 12)  # room for their names
            axis.set_ylim(top=height * _LABEL)
        axis.set_xlabel("trials")
        axis.set_ylabel("seconds, at best")
        figure.savefig(out, metadata={"Date": None})
        plt.close(figure)


# --- peers


def side_by_side(steps: Steps) -> list[str]:
    """Return the tables of peers."""
    parts = []
    for size, found in steps.items():
        fields = {name.partition(", ")[2]: it for name, it in found.items() if name.startswith("fields")}
        valid = {name.partition(", ")[2]: it for name, it in found.items() if name.startswith("validate")}
        asked = {name.partition(", ")[2]: it for name, it in found.items() if name.startswith("load and ask")}
        ours = asked.get("trialkg", {}).get("answers", {})
        parts += [
            f"The same {int(size):,} records. Fields that a mapping can copy, to the same triples in a file, start of "
            "the program included; Morph-KGC's records were made flat for it beforehand:\n",
            rows(
                ["", "seconds", "of processors", "MB", "triples", "different"],
                [
                    [
                        name,
                        it["wall_seconds"],
                        it["processor_seconds"],
                        it["peak_mb"],
                        it["triples"],
                        it["different_triples"],
                    ]
                    for name, it in fields.items()
                ],
            ),
            "Validation of trials against the same shapes, one core, ready to start; trialkg asks pyshifty only where "
            "its own quick test is not sure:\n",
            rows(
                ["", "trials", "conforming", "triples a second"],
                [[name, it["trials"], it["conforming"], f"{it['triples_a_second']:,}"] for name, it in valid.items()],
            ),
            "The same N-Quads loaded, and the saved queries asked: trialkg's store on disk, rdflib's in memory, "
            "Virtuoso over HTTP. An answer is the same if its rows are, in any order:\n",
            rows(
                ["", "load, seconds", "quads a second", "MB", "queries given up", "over 1 s", "same answers"],
                [_store(name, it, ours) for name, it in asked.items()],
            ),
            rows(
                ["seconds at best", *asked],
                [
                    [f"`{query}`", *(_best(it["answers"].get(query, {}), ours[query]) for it in asked.values())]
                    for query in sorted(ours)
                ],
            ),
        ]
    return parts


def _store(name: str, figures: Figures, ours: dict[str, Figures]) -> list[object]:
    answers = figures["answers"]
    same = sum(it.get("digest") == ours.get(query, {}).get("digest") for query, it in answers.items())
    return [
        name,
        figures["wall_seconds"],
        f"{figures['quads_a_second']:,}",
        f"{figures['peak_mb']:,}",
        figures["given_up"],
        figures["over_1_second"],
        f"{same} of {len(answers)}",
    ]


def _best(answer: Figures, ours: Figures) -> str:
    if "best_seconds" not in answer:
        return f"over {answer['over_seconds']:.0f}" if "over_seconds" in answer else answer.get("error", "")
    return f"{answer['best_seconds']:.3f}" + ("" if answer["digest"] == ours.get("digest") else " (differs)")


if __name__ == "__main__":
    main()
