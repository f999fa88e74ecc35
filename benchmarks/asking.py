"""Saved queries put to a store and timed, cold and at their best; each in a process of its own that ends at a limit."""

import hashlib
import io
import multiprocessing
import os
import random
import shlex
import statistics
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final, NamedTuple, TypeVar

import pyoxigraph as ox

from benchmarks.measuring import Figures, say
from kg.identifiers import TRIAL, Minter
from kg.query import Rows, SavedQuery, run, saved_queries
from kg.query.rows import python_value
from kg.store import GraphStore, Queryable
from kg.terminology import Terminology, load_terminology

_BEST_OF: Final = 3
_LOOK_UPS: Final = 200  # trials looked up
# Kind of a parameter to a pattern of trials ?t and values ?x.
_FREQUENT: Final = {
    "drug": "?t kg:investigates ?x . ?x a kg:Drug",
    "drug-class": "?t kg:investigates ?drug . ?drug skos:broader ?x . ?x a kg:DrugClass",
    "treatment": "?t kg:excludesTreatment ?x",
    "marker": "?t kg:requiresMarkerState ?state . ?state kg:marker ?x",
    "marker-state": "?t kg:requiresMarkerState ?x",
    "procedure": "?t kg:assessment ?x",
    "disease": "?t kg:condition ?x",
    "endpoint": "?t kg:outcome ?outcome . ?outcome kg:endpoint ?x",
    "country": "?t kg:country ?x",
    "organization": "?t kg:leadSponsor ?x",
}
_T = TypeVar("_T")


class Asked(NamedTuple):
    """A saved query with the values that it is asked with."""

    name: str
    parameters: dict[str, str]


def asked(directory: Path, *, checks: bool = False) -> list[Asked]:
    """Return the saved queries with the values of their examples, or, for what only a graph knows, with values from it.

    Args:
        directory: A build directory.
        checks: Whether to return the queries that must give no row, and no others.
    """
    chosen = [it for it in saved_queries().values() if it.is_check == checks]
    known = _in_process(lambda: _values(directory))
    return [Asked(it.name, {**_of_example(it), **_of_graph(it, known)}) for it in chosen]


def _of_example(saved: SavedQuery) -> dict[str, str]:
    words = shlex.split(saved.example)
    pairs = [words[place + 1].partition("=") for place, word in enumerate(words) if word == "-p"]
    return {name: value for name, _, value in pairs}


def _of_graph(saved: SavedQuery, known: Mapping[str, str]) -> dict[str, str]:
    kinds = {parameter.name: parameter.kind for parameter in saved.parameters if not parameter.optional}
    found = {name: known[kind] for name, kind in kinds.items() if kind in known}
    return found | ({"concept": known["concept of the trial"]} if "concept" in kinds and "trial" in found else {})


def _values(directory: Path) -> dict[str, str]:
    """Return a value a kind: for concepts the one that most trials have, so that answers are as long as they get."""
    store = GraphStore.open_read_only(directory / "store")
    found = {}
    for kind, pattern in _FREQUENT.items():
        counting = f"SELECT ?x {{ {pattern} }} GROUP BY ?x ORDER BY DESC(COUNT(DISTINCT ?t)) ?x LIMIT 1"
        for (term,) in store.select(counting).rows:
            found[kind] = str(term)[1:-1]
    one = "SELECT ?t ?x { ?t kg:requiresMarkerState ?x ; a kg:Trial } LIMIT 1"
    for trial, concept in store.select(one).rows:
        found |= {"trial": str(trial)[1:-1], "concept of the trial": str(concept)[1:-1]}
    return found


class Answer(NamedTuple):
    """What a query cost: seconds to all rows in Python, names in parameters resolved. The hash is that of the rows."""

    cold_seconds: float
    best_seconds: float
    processor_seconds: float  # of this process, at best: what a busy machine does not blur
    rows: int
    digest: str


def ask(
    questions: Sequence[Asked],
    opened: Callable[[], Queryable],
    minter: Minter,
    limit_seconds: float,
    place: Path | None = None,
) -> dict[str, Figures]:
    """Ask one after another, each of a store newly opened, and return the figures by query.

    Args:
        questions: What to ask.
        opened: Opens the store; opening is not timed.
        minter: Knows the graph's base IRI.
        limit_seconds: After which a query is given up; its figures then are ``over_seconds`` alone.
        place: The store's folder, which the system is asked to forget before each query, so that cold is cold.
    """
    terminology = load_terminology(minter)
    found: dict[str, Figures] = {}
    for question in questions:
        if place is not None:
            forget(place)
        figures = _within(lambda: _figures(question, opened, terminology), limit_seconds)  # noqa: B023 - ends here
        found[question.name] = {"over_seconds": limit_seconds} if figures is None else figures
        _tell(question.name, found[question.name])
    return found


def _tell(name: str, figures: Figures) -> None:
    """Print what is slow or went wrong."""
    seconds = figures.get("best_seconds")
    if seconds is None or seconds > 1:
        say(f"{'':11}{name}: {figures.get('error', 'given up') if seconds is None else f'{seconds:.2f} s'}")


def _figures(question: Asked, opened: Callable[[], Queryable], terminology: Terminology) -> Figures:
    """Return an answer's figures, or what the store says against the query."""
    try:
        return dict(_answer(question, opened(), terminology)._asdict())
    except Exception as err:  # noqa: BLE001 - a peer may fail as it likes; that is a result
        return {"error": f"{type(err).__name__}: {err}"[:300]}


def _answer(question: Asked, store: Queryable, terminology: Terminology) -> Answer:
    seconds: list[float] = []
    processor: list[float] = []
    for _ in range(1 + _BEST_OF):
        start, spent = time.perf_counter(), time.process_time()
        rows = run(store, terminology, question.name, question.parameters)
        seconds.append(time.perf_counter() - start)
        processor.append(time.process_time() - spent)
        if len(seconds) > 1 and sum(seconds) > 60:
            break
    best, least = min(seconds[1:]), min(processor[1:])
    return Answer(round(seconds[0], 5), round(best, 5), round(least, 5), len(rows), digest(rows))


def digest(rows: Rows) -> str:
    """Return a hash of the rows in any order, which does not tell how a store writes its numbers."""
    lines = sorted("\t".join(_plain(python_value(term)) for term in row) for row in rows.rows)
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()[:16]


def _plain(value: object) -> str:
    try:
        return f"{float(str(value)):.6g}"
    except ValueError:
        return str(value)


def look_ups(directory: Path, minter: Minter) -> Figures:
    """Look up trials chosen by chance: all that is said of one, and each saved query that takes a trial alone."""
    terminology = load_terminology(minter)
    names = [it.name for it in saved_queries().values() if [p.kind for p in it.parameters] == ["trial"]]
    trials = _in_process(lambda: _some_trials(directory, minter))
    forget(directory / "store")
    return _in_process(lambda: dict(_timed_look_ups(directory, terminology, trials, names)))


def _some_trials(directory: Path, minter: Minter) -> list[str]:
    start = minter.graph("NCT")
    iris = [it for it in GraphStore.open_read_only(directory / "store").graph_iris() if it.startswith(start)]
    return [TRIAL + iri.rpartition("/")[2] for iri in random.Random(7).sample(iris, min(_LOOK_UPS, len(iris)))]


def _timed_look_ups(
    directory: Path, terminology: Terminology, trials: Sequence[str], names: Sequence[str]
) -> Iterator[tuple[str, Any]]:
    store = GraphStore.open_read_only(directory / "store")

    def all_said(iri: str) -> object:
        return store.select(f"SELECT ?p ?o {{ <{iri}> ?p ?o }}")

    def saved(name: str) -> Callable[[str], object]:
        return lambda iri: run(store, terminology, name, {"trial": iri})

    works: list[tuple[str, Callable[[str], object]]] = [("all that is said of a trial", all_said)]
    for name, work in (*works, *((name, saved(name)) for name in names)):
        for round_name in ("cold", "warm"):
            seconds = sorted(_seconds(lambda: work(iri)) for iri in trials)  # noqa: B023 - ends here
            yield (
                f"{name} {round_name}",
                {
                    "median_ms": round(statistics.median(seconds) * 1000, 3),
                    "p99_ms": round(seconds[int(len(seconds) * 0.99)] * 1000, 3),
                },
            )


def _seconds(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def forget(folder: Path) -> None:
    """Ask the system to drop what it holds in memory of the files of a folder."""
    for path in folder.rglob("*"):
        if path.is_file():
            handle = os.open(path, os.O_RDONLY)
            os.posix_fadvise(handle, 0, 0, os.POSIX_FADV_DONTNEED)
            os.close(handle)


def _in_process(work: Callable[[], _T]) -> _T:
    """Return what ``work`` gives in a process forked from this one; see `_within`."""
    found = _within(work, None)
    assert found is not None  # noqa: S101 - it has all the time it wants
    return found


def _within(work: Callable[[], _T], limit_seconds: float | None) -> _T | None:
    """Return what ``work`` gives in a process forked from this one; None if it is not done within the limit.

    A store's threads then are gone with the process, so that the next one may be forked.
    """
    here, there = multiprocessing.Pipe(duplex=False)

    def child() -> None:
        there.send(work())

    process = multiprocessing.get_context("fork").Process(target=child)
    process.start()
    there.close()
    try:
        found: _T | None = here.recv() if here.poll(limit_seconds) else None
    except EOFError:
        raise SystemExit("a query failed; its error is above") from None
    finally:
        process.kill()
        process.join()
    return found


def totals(answers: Mapping[str, Figures]) -> Figures:
    """Return the sums of the answers."""
    done = [it for it in answers.values() if "best_seconds" in it]
    return {
        "queries": len(answers),
        "given_up": len(answers) - len(done),
        "slowest_seconds": max((it["best_seconds"] for it in done), default=0.0),
        "over_1_second": sum(it.get("best_seconds", 2.0) > 1 for it in answers.values()),
        "over_1_second_cold": sum(it.get("cold_seconds", 2.0) > 1 for it in answers.values()),
        "answers": dict(answers),
    }


def store_digest(folder: Path) -> str:
    """Return a hash of all quads of a store; it keeps them in an order that their content alone decides."""
    return _in_process(lambda: _digest_of_dump(folder))


def _digest_of_dump(folder: Path) -> str:
    hashing = hashlib.sha256()

    class Hashing(io.RawIOBase):
        def write(self, data: Any) -> int:
            hashing.update(data)
            return len(data)

    ox.Store.read_only(str(folder)).dump(Hashing(), format=ox.RdfFormat.N_QUADS)  # type: ignore[arg-type]
    return hashing.hexdigest()
