"""Make the documentation say what the program says.

Runs the commands of README.md on the examples and puts their output behind them; writes ``docs/commands.md`` from the
help of the commands, ``docs/queries.md`` from the headers of the saved queries, ``docs/cookbook.md`` from the
competency questions with their answers, and ``docs/terms.md`` from the ontology.

usage: python docs/refresh.py [--check]

With --check nothing is written, and exit status 1 says that something is outdated.
"""

import os
import re
import subprocess
import sys
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import click
import pyoxigraph as ox
from rdflib import OWL, RDF, RDFS, SKOS, Graph, Namespace, URIRef

from kg.cli import main
from kg.identifiers import PREFIXES, VOCABULARY
from kg.nquads import ntriples
from kg.owl import owl_triples
from kg.query import SavedQuery, saved_queries
from kg.reason import Ontology, load_ontology
from kg.reason.ontology import wording
from kg.terminology import load_terminology

TOP = Path(__file__).resolve().parent.parent
_CONSOLE = re.compile(r"(?<=^```console\n).*?(?=^```)", re.MULTILINE | re.DOTALL)
_LINE_WIDTH = 100
_COOKBOOK = """# Cookbook

Forty questions, by who asks them, each with the SPARQL that answers it, what has to be concluded for the answer, and
the answer of the bundled examples. Written by `python docs/refresh.py` from [queries/questions](../queries/questions);
a test asks all of them. Each runs as it stands on a graph of yours:

```sh
kg query questions/02-cdk4-6-inhibitors -g out
```

What is concluded is in a graph of its own, `…/graph/inferred`, which every query sees; `kg why TRIAL NAME -g out` tells
what a conclusion rests on. [The terms](terms.md) has the definition of each class.
"""
_SCHEMA = Namespace(PREFIXES["schema"])
_TERMS = """# The terms

Every class and property of `kg:` (`https://w3id.org/trialkg/vocab#`), written by `python docs/refresh.py` from
[vocabulary.ttl](../ontologies/vocabulary.ttl), [axioms.ttl](../ontologies/axioms.ttl),
[defined-classes.ttl](../ontologies/defined-classes.ttl) and, for what is above a defined class,
[inferred-hierarchy.ttl](../ontologies/inferred-hierarchy.ttl).
"""
_TERM_ROWS = (
    ("example", (SKOS.example,)),
    ("above it", (RDFS.subClassOf, RDFS.subPropertyOf)),
    ("comes near", (SKOS.closeMatch,)),
    ("is a case of", (SKOS.broadMatch,)),
    ("has to do with", (SKOS.relatedMatch,)),
    ("of", (RDFS.domain, _SCHEMA.domainIncludes)),
    ("value", (RDFS.range, _SCHEMA.rangeIncludes)),
)
_TERM_SECTIONS = (
    ("Defined classes", OWL.equivalentClass, None),
    ("Classes", RDF.type, OWL.Class),
    ("Properties with a resource as value", RDF.type, OWL.ObjectProperty),
    ("Properties with a literal as value", RDF.type, OWL.DatatypeProperty),
    ("Individuals", RDF.type, OWL.NamedIndividual),
)


def documents() -> Iterator[tuple[Path, str]]:
    """Yield each document that is made here, or in part, with what it should say."""
    readme = TOP / "README.md"
    yield readme, readme_with_output(readme.read_text("utf-8"))
    yield TOP / "docs/commands.md", commands_page()
    yield TOP / "docs/queries.md", queries_page()
    yield TOP / "docs/cookbook.md", cookbook_page()
    yield TOP / "docs/terms.md", terms_page()


def readme_with_output(text: str) -> str:
    """Return the text with the real output behind each ``$`` line of its console blocks, run in order in one folder."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "examples").symlink_to(TOP / "examples")
        (folder / "bin").mkdir()
        (folder / "bin/kg").write_text(f'#!/bin/sh\nexec "{sys.executable}" -m kg "$@"\n', "utf-8")
        (folder / "bin/kg").chmod(0o755)
        return _CONSOLE.sub(lambda match: _session(match.group(), folder), text)


def _session(block: str, folder: Path) -> str:
    commands = [line for line in block.splitlines() if line.startswith("$ ")]
    return "\n".join(f"{command}\n{_output(command[2:], folder)}" for command in commands)


def _output(command: str, folder: Path) -> str:
    own = {"PYTHONPATH": str(TOP), "KG_DATA_DIR": str(folder / "data")}  # without what the writer has added
    environment = {**os.environ, "PATH": f"{folder / 'bin'}:{os.environ['PATH']}", **own}
    shell = ["bash", "-o", "pipefail", "-c", f"({command}) 2>&1"]
    done = subprocess.run(shell, cwd=folder, env=environment, capture_output=True, check=False)
    output = "".join(f"{line.rstrip()}\n" for line in done.stdout.decode().splitlines())
    if done.returncode:
        raise RuntimeError(f"README.md: `{command}` fails with {done.returncode}:\n{output}")
    return output


def commands_page() -> str:
    """Return the page of the commands, from their own help."""
    parts = ["# The commands", "", "What `--help` says, written by `python docs/refresh.py`."]
    for name, command in _commands(main, "kg"):
        context = click.Context(
            command,
            info_name=name,
            **{**main.context_settings, "max_content_width": _LINE_WIDTH, "terminal_width": _LINE_WIDTH},
        )
        parts += ["", f"## {name}", "", "```text", command.get_help(context), "```"]
    return "\n".join(parts) + "\n"


def _commands(command: click.Command, name: str) -> Iterator[tuple[str, click.Command]]:
    yield name, command
    if isinstance(command, click.Group):
        for child in sorted(command.commands):
            yield from _commands(command.commands[child], f"{name} {child}")


def queries_page() -> str:
    """Return the page of the saved queries, from their headers."""
    questions = [query for query in saved_queries().values() if not (query.is_check or query.is_question)]
    checks = [query for query in saved_queries().values() if query.is_check]
    parts = [
        "# The saved queries",
        "",
        "Written by `python docs/refresh.py` from the headers of [queries](../queries). Values are given as",
        "`-p NAME=VALUE`; a name, a label or a brand name does for an identifier.",
    ]
    for query in questions:
        parts += ["", f"## {query.name}", "", query.question, "", *_parameters(query), *_columns(query)]
        parts += ["", "```sh", f"{query.example} -g out", "```"]
    parts += [
        "",
        "## Checks",
        "",
        "These ask for what must not be; each answers with no row.",
        "",
        "| name | question |",
        "|---|---|",
    ]
    parts += [f"| {query.name} | {query.question} |" for query in checks]
    return "\n".join(parts) + "\n"


def _parameters(query: SavedQuery) -> list[str]:
    if not query.parameters:
        return []
    rows = [f"| `{it.name}` | {it.kind} | {it.meaning} |" for it in query.parameters]
    return ["| parameter | kind | |", "|---|---|---|", *rows, ""]


def _columns(query: SavedQuery) -> list[str]:
    return ["| column | |", "|---|---|", *(f"| `{it.name}` | {it.meaning} |" for it in query.columns)]


# --- the competency questions


def cookbook_page() -> str:
    """Return the page."""
    by_audience: dict[str, list[SavedQuery]] = defaultdict(list)
    for query in saved_queries().values():
        if query.is_question:
            by_audience[query.audience or ""].append(query)
    parts = [_COOKBOOK]
    for audience, queries in by_audience.items():
        parts.append(f"## For {audience}\n")
        parts += [_section(query) for query in queries]
    return "\n".join(parts)


def _section(query: SavedQuery) -> str:
    name = Path(query.name).name
    sparql = query.text.partition("\n\n")[2].strip()
    answer = (TOP / f"tests/questions/{name}.tsv").read_text("utf-8")
    return f"""### {name[:2]}. {query.question}

*Concluded:* {query.reasoning}

```sparql
{sparql}
```

{_table(answer)}
"""


def _table(tsv: str) -> str:
    head, *rows = [line.split("\t") for line in tsv.splitlines()]
    lines = [
        [name.removeprefix("?") for name in head],
        ["---"] * len(head),
        *([_cell(it) for it in row] for row in rows),
    ]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _cell(term: str) -> str:
    """Return a term of SPARQL's TSV for people: a short IRI, or the text alone."""
    if term.startswith("<"):
        return f"`{short(term[1:-1])}`"
    if not term.startswith('"'):
        return term
    (triple,) = ox.parse(f"<x:s> <x:p> {term} .".encode(), format=ox.RdfFormat.N_TRIPLES)
    text = triple.object.value if isinstance(triple.object, ox.Literal) else term
    return text.replace("\n", " ").replace("|", "\\|")


# --- the ontology


def terms_page() -> str:
    """Return the page."""
    graph = Graph().parse(data=ntriples(owl_triples()), format="nt")
    names = _Names(load_ontology())
    own = sorted({term for term in graph.subjects(RDF.type, None) if str(term).startswith(VOCABULARY)}, key=str)
    kinds = {title: set(graph.subjects(predicate, value)) for title, predicate, value in _TERM_SECTIONS}
    parts = [_TERMS]
    done: set[object] = set()
    for title, members in kinds.items():
        found = [term for term in own if term in members and term not in done]
        done.update(found)
        parts.append(f"## {title}\n")
        parts += ["\n".join(_entry(graph, URIRef(str(term)), names)) + "\n" for term in found]
    return "\n".join(parts)


class _Names:
    """Names of what definitions mention: terms as they are written, concepts and codes by their labels."""

    def __init__(self, ontology: Ontology) -> None:
        self.definitions = ontology.definitions
        terminology = load_terminology()
        pairs = [(iri, label) for iri, predicate, label in terminology.triples if predicate.endswith("prefLabel>")]
        pairs += [(f"<{it.iri}>", f'"{it.pref_label}"@en') for it, _, _ in terminology.state_concepts()]
        self._labels = {iri: label.rpartition('"')[0][1:] for iri, label in pairs}

    def of(self, term: str) -> str:
        return f"“{self._labels[term]}”" if term in self._labels else f"`{short(term[1:-1])}`"


def short(iri: str) -> str:
    """Return an IRI with its prefix, if it has one."""
    for prefix, base in sorted(PREFIXES.items(), key=lambda item: -len(item[1])):
        if iri.startswith(base):
            return f"{prefix}:{iri[len(base) :]}"
    return iri


def _entry(graph: Graph, term: URIRef, names: _Names) -> Iterator[str]:
    yield f"### {short(str(term))}"
    yield ""
    yield f"**{graph.value(term, RDFS.label)}.** {graph.value(term, SKOS.definition)}"
    yield ""
    definition = names.definitions.get(f"<{term}>")
    if definition is not None:
        yield f"- *defined as:* {wording(definition, names.of)}"
    for label, predicates in _TERM_ROWS:
        values = sorted({_value(value) for predicate in predicates for value in graph.objects(term, predicate)})
        if values:
            yield f"- *{label}:* {', '.join(values)}"


def _value(value: object) -> str:
    return f"`{short(str(value))}`" if isinstance(value, URIRef) else str(value)


# --- files


def refresh(*, check: bool) -> list[str]:
    """Write what is outdated, or with ``check`` only find it, and return its names."""
    outdated = []
    for path, text in documents():
        if not path.exists() or path.read_text("utf-8") != text:
            outdated.append(path.relative_to(TOP).as_posix())
            if not check:
                path.write_text(text, "utf-8")
    return outdated


if __name__ == "__main__":
    check_only = "--check" in sys.argv[1:]
    found = refresh(check=check_only)
    for document in found:
        sys.stdout.write(f"{document} {'is outdated: run python docs/refresh.py' if check_only else 'written'}\n")
    sys.exit(bool(found) and check_only)
