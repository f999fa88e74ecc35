"""The ontology as HermiT, a complete reasoner for OWL 2 DL, sees it: consistent or not, and which class is below which.

This is for the ontology and a handful of individuals; whole graphs have the rules of `kg.reason.infer`. owlready2
carries HermiT, which needs Java. Neither is needed to build or to ask a graph.
"""

import importlib
import shutil
from collections.abc import Iterable, Iterator
from contextlib import redirect_stderr, redirect_stdout
from io import StringIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import msgspec
import pyoxigraph as ox

from kg import resources
from kg.errors import ReasonerError, SourceError
from kg.identifiers import PREFIXES, VOCABULARY
from kg.models import Record
from kg.nquads import Triple
from kg.rdf_file import read_ntriples
from kg.reason.facts import Facts
from kg.reason.ontology import Ontology, load_ontology, values_in
from kg.terminology import load_terminology
from kg.terms import KG, OWL, RDF, SKOS

_HEAD = """# What HermiT concludes beyond what is stated: each class with the nearest ones that it is a kind of.
#
# Written by `kg classify -o ontologies/inferred-hierarchy.ttl`; a test compares the two where Java is installed. It
# rests on vocabulary.ttl, axioms.ttl, defined-classes.ttl and the concepts that definitions name, with those broader.

"""


class Classified(Record, frozen=True, kw_only=True):
    """What HermiT found. IRIs are without angle brackets.

    Attributes:
        consistent: Whether all of it can be true; if not, the rest is empty.
        unsatisfiable: Classes that nothing can be in.
        subclasses: Class and direct superclass, both of the vocabulary, that no axiom states; sorted.
        types: Individuals to all classes of the vocabulary that they are in, sorted.
        values: Triples of object properties of the vocabulary, said and concluded, between individuals; sorted.
    """

    consistent: bool
    unsatisfiable: tuple[str, ...] = ()
    subclasses: tuple[tuple[str, str], ...] = ()
    types: dict[str, tuple[str, ...]] = msgspec.field(default_factory=dict)
    values: tuple[Triple, ...] = ()


def classify(files: Iterable[Path] = (), triples: Iterable[Triple] = ()) -> Classified:
    """Classify the bundled ontology, with RDF of one's own beside it, and check that it is consistent.

    Args:
        files: Turtle, N-Triples or other RDF with individuals or axioms.
        triples: More of the same.

    Raises:
        ReasonerError: owlready2 or Java is not installed, or HermiT does not take an axiom.
        SourceError: A file cannot be read, is no RDF or is empty.
    """
    owlready2 = _owlready2()
    with TemporaryDirectory() as folder:
        path = Path(folder, "ontology.nt")
        path.write_bytes(_ontology_and(files, triples))
        world = owlready2.World()
        ontology = world.get_ontology(path.as_uri()).load()
        stated = {(one.iri, other.iri) for one in ontology.classes() for other in one.is_a if hasattr(other, "iri")}
        try:
            with redirect_stdout(StringIO()), redirect_stderr(StringIO()), ontology:
                owlready2.sync_reasoner_hermit(world, infer_property_values=True, debug=0)
        except owlready2.OwlReadyInconsistentOntologyError:
            return Classified(consistent=False)
        except owlready2.OwlReadyJavaError as err:
            raise ReasonerError(f"HermiT stopped: {_reason(str(err))}") from err
        return _classified(owlready2, world, stated)


def hierarchy_turtle(found: Classified) -> str:
    """Return the concluded subclasses as Turtle, the text of ``ontologies/inferred-hierarchy.ttl``."""
    text = _HEAD + f"@prefix kg: <{VOCABULARY}> .\n@prefix rdfs: <{PREFIXES['rdfs']}> .\n\n"
    above: dict[str, list[str]] = {}
    for term, other in found.subclasses:
        above.setdefault(term, []).append(_short(other))
    return text + "".join(
        f"{_short(term)} rdfs:subClassOf {', '.join(sorted(others))} .\n" for term, others in sorted(above.items())
    )


def _short(iri: str) -> str:
    return f"kg:{iri.removeprefix(VOCABULARY)}"


def _owlready2() -> Any:
    try:
        module = importlib.import_module("owlready2")
    except ImportError as err:
        raise ReasonerError('HermiT comes with owlready2, which is not installed: pip install "trialkg[owl]".') from err
    if shutil.which(module.JAVA_EXE) is None:
        raise ReasonerError(
            "HermiT needs Java, and there is no `java` on the PATH: install a JRE of version 11 or newer."
        )
    return module


def _reason(log: str) -> str:
    """Return the line of a Java log that says what is wrong."""
    lines = [line.strip() for line in log.splitlines() if line.strip()]
    return next(
        (line for line in lines if "Exception" in line or "Error:" in line), lines[-1] if lines else "no reason"
    )


def _ontology_and(files: Iterable[Path], triples: Iterable[Triple]) -> bytes:
    """Return the ontology, the concepts it names and what else is given as N-Triples, with OWL's blank nodes."""
    folder = resources.folder("ontologies")
    owl_files = [folder / name for name in resources.OWL_FILES if name != "inferred-hierarchy.ttl"]
    more = [*(triple for path in files for triple in _parse(path)), *concept_context(load_ontology()), *triples]
    # owlready2 takes for individuals what is declared as such.
    typed = {subject for subject, term, value in more if term == RDF.type and not value.startswith(f"<{OWL.base}")}
    more += [(subject, RDF.type, OWL.NamedIndividual) for subject in sorted(typed)]
    said = [*(triple for path in owl_files for triple in _parse(path)), *more]
    return "".join(f"{subject} {term} {value} .\n" for subject, term, value in said).encode()


def _parse(path: Path) -> Iterator[Triple]:
    data = read_ntriples(path)
    if not data:
        raise SourceError(str(path), "holds no statement to classify; name the file that was meant")
    for quad in ox.parse(data, format=ox.RdfFormat.N_TRIPLES):
        yield str(quad.subject), str(quad.predicate), str(quad.object)


def concept_context(ontology: Ontology, seeds: Iterable[str] = ()) -> list[Triple]:
    """Return what is said of the concepts that definitions or ``seeds`` name and of all that these lead to.

    That is their class, what is broader, their parts and targets, and the marker of a state: all that axioms use.
    """
    terminology = load_terminology()
    facts = Facts([*terminology.triples, *terminology.state_triples()])
    named = {value for one in ontology.definitions.values() for value in values_in(one)}
    waiting = sorted({*named, *seeds})
    found: list[Triple] = []
    for node in waiting:  # grows while it is walked
        found += ((node, RDF.type, term) for term in facts.objects(node, RDF.type))
        for term in (SKOS.broader, KG.hasPart, KG.hasTarget, KG.marker):
            for value in facts.objects(node, term):
                found.append((node, term, value))
                if value not in waiting:
                    waiting.append(value)
    return found


def _classified(owlready2: Any, world: Any, stated: set[tuple[str, str]]) -> Classified:
    ours = [term for term in world.classes() if term.iri.startswith(VOCABULARY)]
    bottom = {term.iri for term in world.inconsistent_classes() if hasattr(term, "iri")}
    below = {
        (term.iri, other.iri)
        for term in ours
        for other in term.is_a
        if getattr(other, "iri", "").startswith(VOCABULARY)
    }
    types = {
        one.iri: tuple(sorted({getattr(term, "iri", "") for term in one.INDIRECT_is_a} & {term.iri for term in ours}))
        for one in world.individuals()
    }
    terms = [term for term in world.object_properties() if term.iri.startswith(VOCABULARY)]
    return Classified(
        consistent=True,
        unsatisfiable=tuple(sorted(bottom - {owlready2.Nothing.iri})),
        subclasses=tuple(sorted(below - stated)),
        types=types,
        values=tuple(sorted(_values(terms))),
    )


def _values(terms: Iterable[Any]) -> set[Triple]:
    """Return the pairs of each property and of those below it, which owlready2 keeps apart."""
    pairs = ((term.iri, pair) for term in terms for below in term.descendants() for pair in below.get_relations())
    return {(one.iri, iri, other.iri) for iri, (one, other) in pairs}
