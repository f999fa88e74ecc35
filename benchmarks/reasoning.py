"""Times what is concluded at the end of a build, on a graph that is built already.

    python benchmarks/reasoning.py DIR

DIR is a build directory. The conclusions are made anew from its quads and thrown away. Times are
those of the processor, so that other work on the machine does not count.
"""

import sys
import time

from kg.api import Graph
from kg.export.sources import parse
from kg.named_graphs import named_graphs
from kg.reason import Facts, TrialReasoner, load_ontology


def main() -> None:
    """Print rates and counts."""
    graph = Graph(sys.argv[1])
    start = time.process_time()
    ontology = load_ontology(graph.minter)
    concepts = Facts([*graph.terminology.triples, *graph.terminology.state_triples()])
    reasoner = TrialReasoner(ontology, concepts)
    ready = time.process_time() - start
    quads = count = 0
    seconds = 0.0
    for named in named_graphs(graph.directory.quads):
        if named.iri.startswith(graph.minter.graph("NCT")):
            triples = [parse(line) for line in named.lines]
            start = time.process_time()
            count += len(reasoner.infer(triples))
            seconds += time.process_time() - start
            quads += len(triples)
    trials = graph.report.trials
    print(f"{trials:,} trials, {quads:,} quads read, {count:,} conclusions written")
    print(f"axioms and concepts  {ready:8.2f} s")
    print(f"conclusions          {seconds:8.2f} s  {quads / seconds:,.0f} quads/s  {trials / seconds:,.0f} trials/s")


if __name__ == "__main__":
    main()
