"""Peers on the same records, the same triples and the same queries, side by side.

    python -m benchmarks.peers --corpus PROGRAM [--records 1000] [--morph PYTHON] [--virtuoso FOLDER] [--out FILE]

PROGRAM makes the records (see `benchmarks.scale`). PYTHON is that of an environment with Morph-KGC (``python -m venv
benchmarks/.venvs/morph && benchmarks/.venvs/morph/bin/pip install morph-kgc``); FOLDER is made by ``sh
tests/integration/fetch_virtuoso.sh FOLDER``. What is not there is left out and said. Each step is kept as soon as it is
done.
"""

import argparse
import gzip
import json
import os
import re
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from functools import partial
from itertools import groupby, islice
from pathlib import Path
from typing import Any, Final, NamedTuple

import pyoxigraph as ox
import rdflib
from rdflib.util import from_n3

from benchmarks import asking, fields
from benchmarks.measuring import TOP, Figures, Ran, Results, memory_of, of_process, run, run_kg, say
from benchmarks.servers import Virtuoso, virtuoso
from kg.api import Graph
from kg.client import Client
from kg.directory import BuildDirectory
from kg.identifiers import PREFIXES
from kg.members import triples_of
from kg.nquads import Triple
from kg.remote import RemoteStore
from kg.store import Answer, GraphStore, Solutions, Term
from kg.validate import Validator

_VALIDATED: Final = {"trialkg": 500, "pyshifty": 500, "pySHACL": 20}  # trials; pySHACL takes seconds each
_VALUES: Final = re.compile(
    r"VALUES \((?P<names>[^)]*)\) \{ \((?P<terms>.*?)\) \} "
)  # as kg.store.bind_in_text writes it
_TERM: Final = re.compile(r'<[^>]*>|"(?:[^"\\]|\\.)*"(?:@[\w-]+|\^\^<[^>]*>)?')
_PEERS: Final = ("trialkg", "rdflib", "Morph-KGC")


class Options(NamedTuple):
    """Where things are, and how long a query may take."""

    corpus: Path
    records: int
    work: Path
    morph: Path | None
    virtuoso: Path | None
    query_seconds: float


class Peers:
    """The comparisons with one number of records."""

    def __init__(self, options: Options, results: Results) -> None:
        self._options, self._results = options, results
        self._group = str(options.records)
        self._folder = options.work / f"peers-{options.records}"
        self._built = self._folder / "built"

    def compare(self) -> None:
        """Do what has not been done yet."""
        for name in _PEERS:
            self._step(f"fields, {name}", partial(self.fields, name))
        for name in _VALIDATED:
            self._step(f"validate, {name}", partial(self.validate, name))
        self._step("load and ask, trialkg", self.ask_trialkg)
        self._step("load and ask, rdflib", self.ask_rdflib)
        self._step("load and ask, Virtuoso", self.ask_virtuoso)

    def _step(self, name: str, work: Any) -> None:
        missing = {
            "fields, Morph-KGC": not self._options.morph and "no --morph",
            "load and ask, Virtuoso": not self._options.virtuoso and "no --virtuoso",
        }.get(name)
        if missing and self._results.get(self._group, name) is None:
            say(f"{self._group:>9}  {name:22} left out: {missing}")
        else:
            self._results.step(self._group, name, work)

    # --- what is there already

    def _source(self) -> Path:
        path = self._folder / "records.jsonl"
        if not path.exists():
            self._folder.mkdir(parents=True, exist_ok=True)
            made = self._folder / "new.jsonl"
            run([sys.executable, self._options.corpus, "--records", self._options.records, "--out", made])
            made.replace(path)
        return path

    def _array(self) -> Path:
        path = self._folder / "records.json"
        if not path.exists():
            lines = self._source().read_text("utf-8").splitlines()
            path.write_text(f"[{','.join(lines)}]", "utf-8")
        return path

    def _graph(self) -> Path:
        if not self._built.exists():
            run_kg("build", self._source(), "-o", self._built, "-q")
        return self._built

    # --- fields of records

    def fields(self, name: str) -> Figures:
        """Write the triples of `benchmarks.fields` with one program, in one process, from start to finished file."""
        out = self._folder / f"{name}.nt"
        if name == "Morph-KGC":
            ran = self._morph(out)
        else:
            ran = run([sys.executable, "-m", "benchmarks.fields", name, self._array(), out])
        lines = {line for line in out.read_text("utf-8").splitlines() if line}
        (self._folder / "expected.nt").exists() or shutil.copyfile(out, self._folder / "expected.nt")
        expected = {line for line in (self._folder / "expected.nt").read_text("utf-8").splitlines() if line}
        return {
            **of_process(ran),
            "triples": len(lines),
            "triples_a_second": round(len(lines) / ran.wall_seconds),
            "different_triples": len(lines ^ expected),
        }

    def _morph(self, out: Path) -> Ran:
        flat, rules, settings = (self._folder / name for name in ("flat.json", "mapping.ttl", "morph.ini"))
        fields.flat(self._array(), flat)
        rules.write_text(fields.mapping(flat), "utf-8")
        what = f"output_file={out}\nlogging_level=WARNING\nnumber_of_processes=1"
        settings.write_text(f"[CONFIGURATION]\n{what}\n[Records]\nmappings={rules}\n", "utf-8")
        out.unlink(missing_ok=True)
        return run([self._options.morph, "-m", "morph_kgc", settings])

    # --- validation

    def validate(self, name: str) -> Figures:
        """Tell of each trial whether it conforms, with one engine on one core; shapes are read beforehand."""
        validator = Validator(engine="pyshacl" if name == "pySHACL" else "shifty")
        trials = list(islice(_trials(BuildDirectory(self._graph()).quads), _VALIDATED[name]))
        start = time.process_time()
        if name == "trialkg":
            conforming = sum(map(validator.conforms_triples, trials))
        else:
            conforming = sum(validator.conforms("".join(f"{s} {p} {o} .\n" for s, p, o in it)) for it in trials)
        seconds = time.process_time() - start
        triples = sum(map(len, trials))
        return {
            "trials": len(trials),
            "conforming": conforming,
            "processor_seconds": round(seconds, 2),
            "triples_a_second": round(triples / seconds),
        }

    # --- stores

    def ask_trialkg(self) -> Figures:
        """Load the quads into a store on disk with trialkg's loader, and ask the store of the build."""
        graph = self._graph()
        out = self._folder / "loaded"
        shutil.rmtree(out, ignore_errors=True)
        code = "import sys; from pathlib import Path; from benchmarks.scale import load; load(*map(Path, sys.argv[1:]))"
        ran = run([sys.executable, "-c", code, BuildDirectory(graph).quads, out])
        opened = partial(GraphStore.open_read_only, graph / "store")
        return {**of_process(ran), **self._quads_a_second(ran.wall_seconds), **self._asked(opened)}

    def ask_rdflib(self) -> Figures:
        """Load the quads into rdflib's store in memory, and ask it."""
        quads = gzip.decompress(BuildDirectory(self._graph()).quads.read_bytes())
        questions = asking.asked(self._built)  # in processes that need none of what follows
        before, start = memory_of(os.getpid()), time.perf_counter()
        dataset = rdflib.Dataset(default_union=True)
        dataset.parse(data=quads.decode(), format="nquads")
        seconds, peak = time.perf_counter() - start, memory_of(os.getpid()) - before
        figures = self._asked(lambda: RdflibStore(dataset), questions)
        loaded = {"wall_seconds": round(seconds, 2), "peak_mb": round(peak / 1e6)}
        return {**loaded, **self._quads_a_second(seconds), **figures}

    def ask_virtuoso(self) -> Figures:
        """Load the quads with Virtuoso's own loader, and ask it over HTTP."""
        assert self._options.virtuoso is not None  # noqa: S101 - see `_step`
        quads = BuildDirectory(self._graph()).quads
        with virtuoso(self._options.virtuoso, self._folder) as server:
            start = time.perf_counter()
            server.load(quads)
            seconds = time.perf_counter() - start
            figures = self._asked(partial(_remote, server))
            return {
                "wall_seconds": round(seconds, 2),
                "peak_mb": round(server.memory() / 1e6),
                **self._quads_a_second(seconds),
                **figures,
            }

    def _quads_a_second(self, seconds: float) -> Figures:
        return {"quads_a_second": round(Graph(self._built).report.quads / seconds)}

    def _asked(self, opened: Any, questions: list[asking.Asked] | None = None) -> Figures:
        minter = Graph(self._built).minter
        limit = self._options.query_seconds
        return asking.totals(asking.ask(questions or asking.asked(self._built), opened, minter, limit))


def _remote(server: Virtuoso) -> RemoteStore:
    return RemoteStore(server.query_url, Client(None))


def _trials(quads: Path) -> Iterator[list[Triple]]:
    """Yield the triples of each trial."""
    with gzip.open(quads) as lines:
        for graph, found in groupby(lines, key=lambda line: line.rsplit(b" ", 2)[1]):
            if b"/NCT" in graph:
                yield triples_of(found)


class RdflibStore:
    """rdflib's engine over its own store, with the interface of `kg.store.Queryable`."""

    def __init__(self, dataset: rdflib.Dataset) -> None:
        self._dataset = dataset

    def query(self, sparql: str, substitutions: Mapping[str, Term] | None = None) -> Answer:
        """Answer a SELECT query, all that saved queries are.

        Values that stand at its start are given beside it, for that is the way in which rdflib begins with them.
        """
        assert not substitutions  # noqa: S101 - see `kg.query.run`
        values = {}
        if clause := _VALUES.search(sparql):
            sparql = sparql[: clause.start()] + sparql[clause.end() :]
            terms = _TERM.findall(clause["terms"])
            values = dict(zip(clause["names"].replace("?", "").split(), map(from_n3, terms), strict=True))
        found = self._dataset.query(sparql, initNs=PREFIXES, initBindings=values)
        columns = tuple(str(variable) for variable in found.vars or ())
        return Solutions(columns, [tuple(_term(value) for value in row) for row in found])  # type: ignore[union-attr]

    def select(self, sparql: str, substitutions: Mapping[str, Term] | None = None) -> Solutions:
        """Answer a SELECT query."""
        found = self.query(sparql, substitutions)
        assert isinstance(found, Solutions)  # noqa: S101 - see `query`
        return found

    def mentions(self, iri: str) -> bool:
        """Tell whether anything is said of or with this IRI."""
        node = rdflib.URIRef(iri)
        return any(next(iter(self._dataset.triples(it)), None) for it in ((node, None, None), (None, None, node)))

    def graphs_of(self, iri: str, class_iri: str) -> list[str]:
        """Return the named graphs that say that ``iri`` is of this class."""
        pattern = (rdflib.URIRef(iri), rdflib.RDF.type, rdflib.URIRef(class_iri), None)
        return sorted(str(quad[3]) for quad in self._dataset.quads(pattern))


def _term(value: Any) -> Term | None:
    if value is None:
        return None
    if isinstance(value, rdflib.Literal):
        if value.language:
            return ox.Literal(str(value), language=value.language)
        return (
            ox.Literal(str(value), datatype=ox.NamedNode(str(value.datatype)))
            if value.datatype
            else ox.Literal(str(value))
        )
    return ox.NamedNode(str(value))


def table(results: Results, group: str) -> str:
    """Return what was measured, and how many answers are the same as trialkg's."""
    steps = results.content["steps"].get(group, {})
    ours = steps.get("load and ask, trialkg", {}).get("answers", {})
    lines = []
    for name, figures in steps.items():
        numbers = {key: it for key, it in figures.items() if isinstance(it, int | float)}
        lines.append(f"{name:26} {json.dumps(numbers)}")
        if "answers" in figures:
            same = sum(it.get("digest") == ours[query].get("digest") for query, it in figures["answers"].items())
            lines.append(f"{'':26} {same} of {len(ours)} answers are those of trialkg")
    return "\n".join(lines)


def main() -> None:
    """Compare, and print what came out."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--records", type=int, default=1000)
    parser.add_argument("--corpus", type=Path, required=True, help="the program that makes records")
    parser.add_argument("--out", type=Path, default=TOP / "benchmarks/results/peers.json")
    parser.add_argument("--work", type=Path, default=Path(tempfile.gettempdir(), "trialkg-scale"))
    parser.add_argument("--morph", type=Path, help="Python of an environment with Morph-KGC")
    parser.add_argument("--virtuoso", type=Path, help="folder with Virtuoso")
    parser.add_argument("--query-seconds", type=float, default=30, help="a query that needs longer is given up")
    args = parser.parse_args()
    results = Results(args.out.absolute())
    options = Options(
        corpus=args.corpus.absolute(),
        records=args.records,
        work=args.work.absolute(),
        morph=args.morph and args.morph.absolute(),
        virtuoso=args.virtuoso and args.virtuoso.absolute(),
        query_seconds=args.query_seconds,
    )
    Peers(options, results).compare()
    print(table(results, str(args.records)))


if __name__ == "__main__":
    main()
