"""Times what is concluded at the end of a build, on a graph that is built already.

    python benchmarks/reasoning.py DIR

DIR is a build directory. The conclusions are made anew from its quads and thrown away. Times are
those of the processor, so that other work on the machine does not count.
"""

import gzip
import io
import sys
import time
from pathlib import Path

from kg.api import Graph
from kg.reason import Facts, load_ontology, write_inferred


def main() -> None:
    """Print rates and counts."""
    graph = Graph(sys.argv[1])
    with gzip.open(graph.directory.quads) as file:
        quads = sum(1 for _ in file)
    start = time.process_time()
    ontology = load_ontology(graph.minter)
    concepts = Facts([*graph.terminology.triples, *graph.terminology.state_triples()])
    ready = time.process_time()
    out = io.BytesIO()
    count = write_inferred(Path(graph.directory.quads), out, ontology, concepts, graph.minter.graph("inferred"))
    seconds = time.process_time() - ready
    trials = graph.report.trials
    print(f"{trials:,} trials, {quads:,} quads read, {count:,} conclusions written")
    print(f"axioms and concepts  {ready - start:8.2f} s")
    print(f"conclusions          {seconds:8.2f} s  {quads / seconds:,.0f} quads/s  {trials / seconds:,.0f} trials/s")


if __name__ == "__main__":
    main()
