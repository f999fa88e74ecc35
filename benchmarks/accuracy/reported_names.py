"""The conditions and interventions that a registry's records report, against the registry's own MeSH headings.

The linker sees the reported names alone: conditions, and the names and other names of interventions; the headings
(``conditionBrowseModule.meshes``, ``interventionBrowseModule.meshes``) are hidden from it. Trials to which the registry
gives no heading of a kind ask nothing, since most of these were never looked at.

The registry's headings are made by machine from names, keywords and titles, and list what stands above a heading beside
it (headache beside cluster headache). So there are two outcomes: the same identifier; and the same, or one above or
below it in MeSH's trees, which is what a query for a heading finds. A disease or a class of drugs of our own stands for
the headings next above it. Of interventions the substances are compared: the registry gives procedures and devices
headings only now and then, and placebos none. A drug that MeSH does not have is neither right nor wrong.

What is not found has three causes: MeSH has come to know it since the lexicon's tables were made; the registry lists
beside a heading others of its kind (all esters of a steroid, citric acid beside a citrate); the rest was not read.
"""

import gzip
import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path
from typing import Any

from benchmarks.accuracy.full_lexicon import MESH, compiled
from benchmarks.accuracy.score import Counts, Error, Outcome, Task, compared
from kg.identifiers import MESH as MESH_IRI
from kg.linking.readings import ALL, Component
from kg.linking.reported import Taken
from kg.models import Concept, ConceptType
from kg.read.ctgov_json import mesh_ui
from kg.terminology import load_terminology
from kg.vocabulary.compiled import CompiledLexicon
from kg.vocabulary.linking import ConceptLinker

_SUBSTANCES = frozenset({ConceptType.DRUG, ConceptType.DRUG_CLASS, ConceptType.DRUG_COMBINATION, ConceptType.MARKER})
_STANDING_BELOW = frozenset({ConceptType.DISEASE, ConceptType.DRUG_CLASS})
_PLACEBOS = f"{MESH_IRI}D010919"
_TARGETS = {"precision": 0.85, "recall": 0.88}

_switched_on = set(ALL)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Trial:
    """Reported names, each with its other names, and the headings of the registry."""

    nct_id: str
    names: tuple[tuple[str, ...], ...]
    headings: frozenset[str]


class _Mesh:
    """MeSH: which headings a concept stands for, and which heading is above which."""

    def __init__(self, linker: ConceptLinker, vocabulary: CompiledLexicon) -> None:
        self._linker = linker
        self._vocabulary = vocabulary
        self.above = cache(self._above)

    def headings(self, concept: Concept) -> frozenset[str]:
        """Return the headings that a concept stands for; of a disease or class of our own, those next above it."""
        own = frozenset(iri for iri in (concept.iri, *concept.exact_match_iris) if iri.startswith(MESH_IRI))
        if own or concept.concept_type not in _STANDING_BELOW:
            return own
        return frozenset(it for iri in concept.broader_iris for it in self.headings(self._linker.concept(iri)))

    def related(self, one: str, other: str) -> bool:
        """Tell whether two headings are the same or one stands above the other."""
        return one == other or one in self.above(other) or other in self.above(one)

    def knows(self, heading: str) -> bool:
        """Tell whether the lexicon has a heading, as itself or as a bundled concept's match."""
        try:
            return bool(self._linker.concept(heading))
        except KeyError:
            return False

    def _above(self, heading: str) -> frozenset[str]:
        concept = self._vocabulary.find(heading)
        parents = concept.broader_iris if concept else ()
        return frozenset(it for parent in parents for it in (parent, *self.above(parent)))


def _run(data: Path) -> list[Outcome]:
    vocabulary = compiled(data / "terminology", MESH)
    linker = ConceptLinker(load_terminology(), vocabulary, frozenset(_switched_on))
    mesh = _Mesh(linker, vocabulary)
    records = list(_records(data / "trials"))

    def concepts(taken: Iterable[Taken]) -> Iterator[Concept]:
        return (linker.concept(part.meant.label.concept_iri) for it in taken for part in it.parts)

    def conditions(trial: _Trial) -> set[str]:
        found = concepts(linker.reported.condition(name) for names in trial.names for name in names)
        return {heading for concept in found for heading in mesh.headings(concept)}

    def interventions(trial: _Trial) -> set[str]:
        found = concepts(linker.reported.intervention(name) for names in trial.names for name in names)
        headings = {it for concept in found if concept.concept_type in _SUBSTANCES for it in mesh.headings(concept)}
        return headings - {_PLACEBOS}

    substances = [_only_substances(trial, linker) for trial in map(_interventions, records)]
    return [
        *_outcomes("reported conditions", map(_conditions, records), conditions, mesh),
        *_outcomes("reported interventions", substances, interventions, mesh),
    ]


def _outcomes(
    name: str, trials: Iterable[_Trial], find: Callable[[_Trial], set[str]], mesh: _Mesh
) -> Iterator[Outcome]:
    asked = [(trial, find(trial)) for trial in trials if trial.headings]
    yield Outcome(
        name=f"{name}, same identifier",
        documents=tuple(compared(trial.nct_id, set(trial.headings), found) for trial, found in asked),
        targets={},
    )
    yield Outcome(
        name=f"{name}, same or above or below",
        documents=tuple(_compared(trial, found, mesh) for trial, found in asked),
        errors=tuple(error for trial, found in asked for error in _errors(trial, found, mesh)),
        targets=_TARGETS,
    )


def _compared(trial: _Trial, found: set[str], mesh: _Mesh) -> Counts:
    """Count a heading as found if anything related was; true positives are those of what is expected."""
    right = [it for it in found if any(mesh.related(it, heading) for heading in trial.headings)]
    met = [it for it in trial.headings if any(mesh.related(it, other) for other in found)]
    return Counts(
        document=trial.nct_id,
        true_positives=len(met),
        false_positives=len(found) - len(right),
        false_negatives=len(trial.headings) - len(met),
    )


def _errors(trial: _Trial, found: set[str], mesh: _Mesh) -> Iterator[Error]:
    names = "; ".join(" | ".join(name) for name in trial.names)
    for iri in sorted(found):
        if not any(mesh.related(iri, heading) for heading in trial.headings):
            yield Error(document=trial.nct_id, cause="not among the registry's", detail=f"{iri} from {names}")
    for heading in sorted(trial.headings):
        if not any(mesh.related(heading, iri) for iri in found):
            yield Error(
                document=trial.nct_id, cause=_why_missing(heading, found, mesh), detail=f"{heading} from {names}"
            )


def _why_missing(heading: str, found: set[str], mesh: _Mesh) -> str:
    if not mesh.knows(heading):
        return "not found: newer than the lexicon"
    beside = any(mesh.above(heading) & ({it} | mesh.above(it)) for it in found)
    return "not found, but another of its kind" if beside else "not found"


def _records(folder: Path) -> Iterator[dict[str, Any]]:
    for path in sorted(folder.glob("ctgov-v2*.jsonl.gz")):
        with gzip.open(path, "rt", encoding="utf-8") as file:
            yield from map(json.loads, file)


def _conditions(record: dict[str, Any]) -> _Trial:
    names = record["protocolSection"].get("conditionsModule", {}).get("conditions", [])
    return _trial(record, "conditionBrowseModule", [(name,) for name in names])


def _interventions(record: dict[str, Any]) -> _Trial:
    found = record["protocolSection"].get("armsInterventionsModule", {}).get("interventions", [])
    return _trial(record, "interventionBrowseModule", [(it["name"], *it.get("otherNames", [])) for it in found])


def _trial(record: dict[str, Any], module: str, names: Sequence[tuple[str, ...]]) -> _Trial:
    given = record.get("derivedSection", {}).get(module, {}).get("meshes", [])
    return _Trial(
        nct_id=record["protocolSection"]["identificationModule"]["nctId"],
        names=tuple(names),
        headings=frozenset(MESH_IRI + mesh_ui(it["id"]) for it in given),
    )


def _only_substances(trial: _Trial, linker: ConceptLinker) -> _Trial:
    """Leave out the headings of other kinds; one that the lexicon lacks is kept, as what was not found."""
    kept = set()
    for heading in trial.headings:
        try:
            if linker.concept(heading).concept_type in _SUBSTANCES:
                kept.add(heading)
        except KeyError:
            kept.add(heading)
    return _Trial(nct_id=trial.nct_id, names=trial.names, headings=frozenset(kept))


@contextmanager
def _without(component: Component) -> Iterator[None]:
    _switched_on.discard(component)
    try:
        yield
    finally:
        _switched_on.add(component)


_ABLATIONS: dict[str, Callable[[], AbstractContextManager[None]]] = {
    component.value: partial(_without, component) for component in Component
}
REPORTED_NAMES = Task(name="reported-names", run=_run, ablations=_ABLATIONS)
