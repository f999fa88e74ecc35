"""Negation: is a given entity of an eligibility criterion negated?

Two corpora are scored, each alone and both together. Asked is every annotated condition, drug, procedure, measurement
and observation (Leaf Clinical Trials has no measurements of their own: they are observations). Only an entity's offsets
are given, not its kind, nor which list it stands in: an exclusion criterion is not a negation.

What counts as a negation is for each corpus what its annotators marked as one:

- **Chia** (Kury et al., Sci Data 2020) links an entity by ``Has_negation`` to a ``Negation``; members of an ``OR``
  group share what one of them is linked to ("no A, B or C" is linked once). Exceptions ("except", "other than",
  "unless") are negations, and so is an exclusion that is lifted ("… is not excluded", "… is allowed"). What patients
  cannot or will not do ("unable to", "refuses") is as a rule no negation, but what a disease prevents or precludes is.
- **Leaf Clinical Trials** (Dobbins et al., Sci Data 2022) has ``Negation`` events that negate one event or several;
  events joined by ``Or`` or ``And``, and another name of the same (``Abbrev-Of``, ``Equivalent-To``), share it. All
  that prevents is negation, and so are verdicts ("… will be excluded", "… is prohibited"). Exceptions are events of
  their own and no negations. What is negated but no entity (a modifier, a need, a language) does not count.

In both, an example of what is negated is negated (``Subsumes``, ``Example-Of``): who has no autoimmune disease, such as
lupus, has no lupus. What else belongs to a negated entity is not: in "no surgery for cancer" the cancer is not denied.
The last outcome scores `Context.negated` alone, without regard to what each corpus leaves out.

True and false positives are of "negated"; accuracy counts all entities.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Final

from benchmarks.accuracy.brat import Annotated, Entity, read_archive
from benchmarks.accuracy.score import Counts, Error, Outcome, Task
from kg.extract.context import Context, ContextKind, context

_KINDS: Final = frozenset({"Condition", "Drug", "Procedure", "Measurement", "Observation"})
_SHARING: Final = frozenset({"Or", "And", "Abbrev-Of", "Equivalent-To"})
# What each corpus annotates as negation; see above.
_IN_CHIA: Final = frozenset({ContextKind.NEGATED, ContextKind.EXCEPTION})
_IN_LEAF: Final = frozenset({ContextKind.NEGATED, ContextKind.PREVENTED, ContextKind.RULED_OUT})
_ALSO_IN_CHIA = re.compile(r"permitted: .*\b(?:exclu|allow)|prevented: (?:prevent|preclud|prohibit)", re.IGNORECASE)
_TARGETS: Final = {"accuracy": 0.98, "f1": 0.80}
_NEAR = 25  # code points between a trigger and an entity that it surely reaches
_DETAIL = 140


def run(data: Path) -> list[Outcome]:
    """Score each corpus, and both together."""
    folder = data / "benchmarks"
    chia = [_score(it, _chia(it), _negated_as_in_chia) for it in _read(folder, "chia-*.zip")]
    leaf = [_score(it, _leaf(it), _negated_as_in_leaf) for it in _read(folder, "leaf-clinical-trials-*.zip")]
    alone = [_score(it, _chia(it), _negated_alone) for it in _read(folder, "chia-*.zip")]
    alone += [_score(it, _leaf(it), _negated_alone) for it in _read(folder, "leaf-clinical-trials-*.zip")]
    return [
        _outcome("negation, Chia", chia, _TARGETS),
        _outcome("negation, Leaf Clinical Trials", leaf, _TARGETS),
        _outcome("negation, both", [*chia, *leaf], _TARGETS),
        _outcome("negation, both, by Context.negated alone", alone, {}),
    ]


def _read(folder: Path, pattern: str) -> Iterator[Annotated]:
    for path in sorted(folder.glob(pattern)):
        yield from read_archive(path)


def _outcome(name: str, scored: Iterable[tuple[Counts, list[Error]]], targets: Mapping[str, float]) -> Outcome:
    found = list(scored)
    return Outcome(
        name=name,
        documents=tuple(counts for counts, _ in found),
        errors=tuple(error for _, errors in found for error in errors),
        targets=targets,
    )


# --- what is annotated


def _chia(document: Annotated) -> dict[str, bool]:
    """Return which entities are negated in Chia's annotation, by name."""
    relations = document.relations.values()
    negated = {dict(it.arguments)["Arg1"] for it in relations if it.type == "Has_negation"}
    groups = [{name for _, name in group.arguments} for group in document.groups if group.type == "OR"]
    examples = [(it.arguments[0][1], it.arguments[1][1]) for it in relations if it.type == "Subsumes"]
    negated = _shared(negated, groups, examples)
    return {name: name in negated for name, entity in document.entities.items() if entity.entity_type in _KINDS}


def _leaf(document: Annotated) -> dict[str, bool]:
    """Return which entities are negated in the Leaf corpus, by the names of their text-bound annotations."""
    relations = document.relations.values()
    negated = {
        target
        for event in document.events.values()
        if event.type == "Negation"
        for role, target in event.arguments
        if role.startswith("Negates")
    }
    pairs = [{name for _, name in it.arguments} for it in relations if it.type in _SHARING]
    examples = [(it.arguments[1][1], it.arguments[0][1]) for it in relations if it.type == "Example-Of"]
    negated = _shared(negated, pairs, examples)
    return {
        dict(event.arguments)[""]: name in negated for name, event in document.events.items() if event.type in _KINDS
    }


def _shared(negated: set[str], groups: list[set[str]], examples: list[tuple[str, str]]) -> set[str]:
    """Return the names, all that stand in a group with one of them, and the examples of these with their groups.

    ``examples`` are pairs of a class and its example: who has no autoimmune disease has no lupus.
    """
    shared = _grouped(negated, groups)
    return shared | _grouped({example for whole, example in examples if whole in shared}, groups)


def _grouped(names: set[str], groups: list[set[str]]) -> set[str]:
    while more := {name for group in groups if group & names for name in group - names}:
        names = names | more
    return names


# --- what is found


def _negated_as_in_chia(said: Context, text: str) -> bool:
    return any(
        it.certain and (it.kind in _IN_CHIA or _ALSO_IN_CHIA.match(f"{it.kind}: {text[it.start : it.end]}"))
        for it in said.triggers
    )


def _negated_alone(said: Context, _: str) -> bool:
    return said.negated


def _negated_as_in_leaf(said: Context, _: str) -> bool:
    return said.has(*_IN_LEAF)


def _score(
    document: Annotated, expected: dict[str, bool], is_found: Callable[[Context, str], bool]
) -> tuple[Counts, list[Error]]:
    right = {True: 0, False: 0}
    wrong = {True: 0, False: 0}
    errors: list[Error] = []
    for name, is_negated in expected.items():
        entity = document.entities[name]
        said = context(document.text, entity.spans[0][0], entity.spans[-1][1])
        found = is_found(said, document.text)
        if found == is_negated:
            right[found] += 1
            continue
        wrong[found] += 1
        cause = _overdone(document, entity, said) if found else _missed(said)
        errors.append(Error(document=document.name, cause=cause, detail=_detail(document, entity, said)))
    counts = Counts(
        document=document.name,
        true_positives=right[True],
        true_negatives=right[False],
        false_positives=wrong[True],
        false_negatives=wrong[False],
    )
    return counts, errors


def _overdone(document: Annotated, entity: Entity, said: Context) -> str:
    start, end = entity.spans[0][0], entity.spans[-1][1]
    near = any(-_NEAR <= it.start - end <= _NEAR or 0 <= start - it.end <= _NEAR for it in said.triggers)
    annotated = any(
        it.start < piece[1] and piece[0] < it.end
        for it in said.triggers
        for other in document.entities.values()
        if other.entity_type == "Negation"
        for piece in other.spans
    )
    if annotated:
        return "found: the words are annotated, but negate something else"
    return "found: right beside the words, which are not annotated" if near else "found: the words are not annotated"


def _missed(said: Context) -> str:
    if said.has(ContextKind.PERMITTED):
        return "missed: annotated, but a permission"
    return "missed: the words may reach it or not" if said.doubtful else "missed: no words found that reach it"


def _detail(document: Annotated, entity: Entity, said: Context) -> str:
    start, end = entity.spans[0][0], entity.spans[-1][1]
    around = document.text[max(0, start - _DETAIL) : start] + f"[{document.text[start:end]}]"
    around += document.text[end : end + _DETAIL // 2]
    words = ", ".join(document.text[it.start : it.end] for it in said.triggers)
    return f"{' '.join(around.split())} ({words})"


TASK = Task(name="negation", run=run, ablations={})
