"""The annotator's tool: shows trials, and resolves working files to the table that is committed.

    python -m benchmarks.accuracy.gold.annotate show 1 5
    python -m benchmarks.accuracy.gold.annotate resolve WORKING-FILE… --annotator NAME -o TABLE

The first prints the first to the fifth trial of the set, each text with its number. The second reads lines as described
in `GUIDELINES.md`; what does not resolve is reported on standard error with its line, and exit status is then 1.
Working files quote the trials: keep them outside of the repository.
"""

import argparse
import re
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from benchmarks.accuracy.gold.annotation import Annotation, write
from benchmarks.accuracy.gold.records import SETS, sha256
from kg.grounding import Candidate, Grounder
from kg.models import Concept, ConceptType, Role, TextField, Trial
from kg.terminology import Terminology, load_terminology

_SHORT_ROLES = {
    "inv": Role.INVESTIGATES, "com": Role.COMPARATOR, "bac": Role.BACKGROUND, "ass": Role.ASSESSMENT,
    "reqT": Role.REQUIRES_TREATMENT, "exT": Role.EXCLUDES_TREATMENT, "reqM": Role.REQUIRES_MARKER_STATE,
    "exM": Role.EXCLUDES_MARKER_STATE, "str": Role.STRATIFIES_BY, "mea": Role.MEASURES_MARKER, "men": Role.MENTIONS,
}  # fmt: skip
_TREATMENT = frozenset({ConceptType.DRUG, ConceptType.DRUG_CLASS, ConceptType.DRUG_COMBINATION, ConceptType.PROCEDURE})
_MARKER_ROLES = frozenset(
    {Role.REQUIRES_MARKER_STATE, Role.EXCLUDES_MARKER_STATE, Role.STRATIFIES_BY, Role.MEASURES_MARKER}
)
_ANNOTATED = frozenset({*_TREATMENT, ConceptType.MARKER})
_COLUMNS = 7
_WHOLE_NAME = 0.5  # the least score of a label that the whole name met; what only contains a label scores less


class UnresolvedError(Exception):
    """A line that cannot be used; the message says why."""


class Named(NamedTuple):
    """What a concept column says."""

    iri: str
    label: str
    concept_class: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Resolver:
    """Turns the lines of working files into annotations."""

    trials: dict[str, Trial]
    grounder: Grounder
    terminology: Terminology
    annotator: str

    def resolve(self, lines: Iterable[str]) -> Iterator[Annotation | str]:
        """Yield an annotation a line, or what is wrong with it; a line with an NCT number alone changes the trial."""
        nct_id = ""
        for number, line in enumerate(lines, start=1):
            stripped = line.strip()
            if re.fullmatch(r"NCT\d{8}", stripped):
                nct_id = stripped
            elif stripped and not stripped.startswith("#"):
                try:
                    yield self._annotation(nct_id, [part.strip() for part in stripped.split("|")])
                except UnresolvedError as err:
                    yield f"line {number}, {nct_id}: {err}: {stripped}"

    def _annotation(self, nct_id: str, columns: list[str]) -> Annotation:
        if nct_id not in self.trials:
            raise UnresolvedError("the trial is not in the set or the records")
        if len(columns) not in {_COLUMNS - 1, _COLUMNS}:
            raise UnresolvedError(f"{len(columns)} columns")
        place, words, occurrence, name, state, role_name, note = (*columns, "")[:_COLUMNS]
        role = _role(role_name)
        field = _field(self.trials[nct_id], place)
        start, end = _span(field, words, int(occurrence or 1))
        named = self._concept(name or words, role)
        self._check(named, state, role)
        return Annotation(
            nct_id=nct_id, role=role, concept_class=named.concept_class, label=named.label, state=state,
            concept_iri=named.iri, locator=field.locator, start=start, end=end, text_sha256=sha256(field.source_text),
            annotator=self.annotator, note=note,
        )  # fmt: skip

    def _concept(self, name: str, role: Role) -> Named:
        if name.startswith("?"):
            return _lacking(name[1:])
        wanted, colon, rest = name.partition(":")
        if colon and wanted in _ANNOTATED:
            found = [it for it in self.grounder.ground(rest.strip(), wanted) if it.score >= _WHOLE_NAME]
        else:
            allowed = _classes(role)
            found = [it for it in self.grounder.ground(name) if it.score >= _WHOLE_NAME and it.concept_type in allowed]
        best = [it for it in found if it.score == found[0].score]
        if len(best) != 1:
            raise UnresolvedError(f"{len(best)} concepts {[it.label for it in best]} for {name!r}")
        return _named(best[0])

    def _check(self, named: Named, state: str, role: Role) -> None:
        """Refuse a role or a state that the class of the concept, or the marker, cannot have."""
        if named.concept_class not in _classes(role):
            raise UnresolvedError(f"{role.value} of a {named.concept_class}")
        if not state and role in {Role.REQUIRES_MARKER_STATE, Role.EXCLUDES_MARKER_STATE}:
            raise UnresolvedError(f"{role.value} without a state")
        if state and state not in self.terminology.state_labels:
            raise UnresolvedError(f"there is no state {state!r}")
        marker: Concept | None = self.terminology.concepts.get(named.iri)
        if state and marker and state not in marker.possible_states:
            raise UnresolvedError(f"{named.label} has no state {state!r}")


def _classes(role: Role) -> frozenset[ConceptType]:
    if role in _MARKER_ROLES:
        return frozenset({ConceptType.MARKER})
    return _ANNOTATED if role is Role.MENTIONS else _TREATMENT


def _named(candidate: Candidate) -> Named:
    return Named(candidate.concept, candidate.label, candidate.concept_type)


def _lacking(description: str) -> Named:
    """Read ``Drug=name`` or ``Drug=name=IRI``: a concept that the terminology lacks."""
    concept_class, _, rest = description.partition("=")
    label, _, iri = rest.partition("=")
    if concept_class not in _ANNOTATED or not label:
        raise UnresolvedError("not ?Class=name or ?Class=name=IRI")
    return Named(iri.strip(), label.strip(), concept_class)


def _role(name: str) -> Role:
    try:
        return _SHORT_ROLES.get(name) or Role(name)
    except ValueError as err:
        raise UnresolvedError(f"there is no role {name!r}") from err


def _field(trial: Trial, place: str) -> TextField:
    if place.isdigit() and int(place) < len(trial.texts):
        return trial.texts[int(place)]
    found = [field for field in trial.texts if field.locator == place]
    if len(found) != 1:
        raise UnresolvedError(f"{len(found)} texts at {place!r}")
    return found[0]


def _span(field: TextField, words: str, occurrence: int) -> tuple[int, int]:
    """Find the words, whatever white space stands between them."""
    pattern = r"\s+".join(map(re.escape, words.split()))
    # Whole words, so that "ER" is not found in "laboratER": the first occurrence is then the one that is meant.
    found = list(re.finditer(rf"(?<!\w){pattern}(?!\w)" if words[:1].isalnum() else pattern, field.text))
    if not words or len(found) < occurrence:
        raise UnresolvedError(f"{len(found)} occurrences of the words")
    return found[occurrence - 1].span()


def show(trial: Trial) -> Iterator[str]:
    """Yield the lines that an annotator reads: each text with its number, then which arm has which intervention."""
    yield f"===== {trial.nct_id} {trial.study_type} {trial.primary_purpose} {trial.allocation}"
    for number, field in enumerate(trial.texts):
        text = re.sub(r"[ \t]+", " ", re.sub(r"\n\s*", "\n", field.text.strip()))
        yield f"[{number} {field.kind.value}] {text}"
    for arm in trial.arms:
        yield f"  arm {arm.label} ({arm.arm_type}): {', '.join(arm.interventions)}"
    for intervention in trial.interventions:
        yield f"  {intervention.intervention_type} {intervention.name}: {', '.join(intervention.arm_labels)}"


def _show(args: argparse.Namespace) -> int:
    found = SETS[args.set].trials(args.data)
    for number in SETS[args.set].numbers()[args.first - 1 : args.last]:
        print(*show(found[number]), sep="\n")
    return 0


def _resolve(args: argparse.Namespace) -> int:
    resolver = Resolver(
        trials=SETS[args.set].trials(args.data), grounder=Grounder(), terminology=load_terminology(),
        annotator=args.annotator,
    )  # fmt: skip
    resolved: dict[tuple[str, str, str, str], Annotation] = {}
    faults = 0
    for path in args.files:
        for result in resolver.resolve(path.read_text(encoding="utf-8").splitlines()):
            if isinstance(result, Annotation):
                if result.statement in resolved:
                    print(f"{path}: twice: {result.statement}", file=sys.stderr)
                resolved.setdefault(result.statement, result)
            else:
                faults += 1
                print(f"{path}, {result}", file=sys.stderr)
    write(args.output, resolved.values())
    print(f"{len(resolved)} statements, {faults} lines not resolved", file=sys.stderr)
    return 1 if faults else 0


def main() -> int:
    """Do what the arguments say; return the exit status."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--set", choices=sorted(SETS), default="breast")
    commands = parser.add_subparsers(required=True)
    showing = commands.add_parser("show")
    showing.add_argument("first", type=int)
    showing.add_argument("last", type=int)
    showing.set_defaults(do=_show)
    resolving = commands.add_parser("resolve")
    resolving.add_argument("files", type=Path, nargs="+")
    resolving.add_argument("--annotator", required=True)
    resolving.add_argument("-o", "--output", type=Path, required=True)
    resolving.set_defaults(do=_resolve)
    args = parser.parse_args()
    status: int = args.do(args)
    return status


if __name__ == "__main__":
    sys.exit(main())
