"""Eligibility text to biomarkers: what is asked for and what is ruled out, as alternatives and as a tree."""

import json
from collections.abc import Iterable, Iterator, Sequence

import msgspec
from msgspec import structs

from kg.errors import ReadError
from kg.extract.biomarkers.alternatives import Conjunction, Stated
from kg.extract.biomarkers.grammar import Biomarker
from kg.extract.biomarkers.names import MarkerNames
from kg.extract.biomarkers.requirements import RequirementFinder, Requirements
from kg.extract.biomarkers.states import state_of
from kg.extract.biomarkers.wording import spelled
from kg.extract.thresholds import Threshold, thresholds
from kg.models import Polarity, Record
from kg.terminology import Terminology, load_gene_symbols, load_terminology


class MarkerLeaf(Record, frozen=True, kw_only=True, tag="MarkerCondition", omit_defaults=True):
    """A marker in a state, and where the text says it: ``text[start:end]``, by code points from 0.

    ``marker`` is the IRI of the concept or gene; None where the name is a family or symbol that neither knows.
    """

    label: str  # as in the list of alternatives
    start: int
    end: int
    text: str
    rule: str  # a name of `ontologies/rules.ttl`
    marker: str | None = None
    state: str | None = None  # notation of the marker's state
    variant: str | None = None
    origin: str | None = None  # germline or somatic
    comparator: str | None = None  # lt le eq ge gt
    value: str | None = None
    unit: str | None = None


class AllOf(Record, frozen=True, kw_only=True, tag="AllOf"):
    """What holds together."""

    operands: tuple["AllOf | AnyOf | MarkerLeaf", ...]


class AnyOf(Record, frozen=True, kw_only=True, tag="AnyOf"):
    """Alternatives."""

    operands: tuple["AllOf | AnyOf | MarkerLeaf", ...]


Node = AllOf | AnyOf | MarkerLeaf


class Wanted(Record, frozen=True, kw_only=True):
    """One side of the criteria. An empty ``dnf`` means that no biomarker is named; ``logic`` then is None."""

    dnf: tuple[tuple[str, ...], ...]  # alternatives, each of biomarkers that hold together
    logic: Node | None = None


class Criteria(Record, frozen=True, kw_only=True):
    """The biomarkers that a text asks for, and those that it rules out."""

    inclusion: Wanted
    exclusion: Wanted


class CriteriaReader:
    """Reads eligibility texts; one reader serves all.

    >>> found = CriteriaReader().read("Inclusion Criteria: - EGFR L858R or T790M. Exclusion Criteria: - HER2-positive")
    >>> found.inclusion.dnf, found.exclusion.dnf
    ((('EGFR L858R',), ('EGFR T790M',)), (('HER2 positive',),))

    Args:
        terminology: Where markers come from; the bundled one by default.
        without: Components that are left out, to see what they add: ``genes`` (symbols beyond the terminology),
            ``description`` (the text before the criteria), ``logic`` (criteria that hold together).
    """

    def __init__(self, terminology: Terminology | None = None, *, without: frozenset[str] = frozenset()) -> None:
        concepts = (terminology or load_terminology()).concepts
        self._names = MarkerNames(concepts, {} if "genes" in without else load_gene_symbols())
        self._finder = RequirementFinder(
            self._names, description="description" not in without, joins="logic" not in without
        )

    def read(self, text: str) -> Criteria:
        """Return the biomarkers of an eligibility text, or of a document that has one."""
        found = self._finder.find(text)
        return Criteria(
            inclusion=self._wanted(text, found, Polarity.INCLUSION),
            exclusion=self._wanted(text, found, Polarity.EXCLUSION),
        )

    def _wanted(self, text: str, found: Requirements, polarity: Polarity) -> Wanted:
        conjunctions = found.inclusion if polarity is Polarity.INCLUSION else found.exclusion
        places: dict[Biomarker, Stated] = {}
        for stated in found.stated:
            for biomarker in stated.phrase.biomarkers if stated.polarity is polarity else ():
                places.setdefault(biomarker, stated)
        parts = [self._conjunction(text, conjunction, places) for conjunction in conjunctions]
        logic = None if not parts else parts[0] if len(parts) == 1 else AnyOf(operands=tuple(parts))
        return Wanted(dnf=_strings(conjunctions), logic=logic)

    def _conjunction(self, text: str, conjunction: Conjunction, places: dict[Biomarker, Stated]) -> Node:
        leaves = tuple(self._leaf(text, biomarker, places[biomarker]) for biomarker in conjunction)
        return leaves[0] if len(leaves) == 1 else AllOf(operands=leaves)

    def _leaf(self, text: str, biomarker: Biomarker, stated: Stated) -> Node:
        """Return a biomarker's leaf; with limits of its value, one of them a leaf each."""
        start, end = stated.phrase.start, stated.phrase.end
        marker, state = state_of(biomarker, self._names)
        leaf = MarkerLeaf(
            label=spelled(biomarker),
            start=start,
            end=end,
            text=text[start:end],
            rule=stated.rule,
            marker=marker,
            state=state,
            variant=biomarker.variant or None,
            origin=biomarker.origin or None,
        )
        choices = tuple(self._within(leaf, limit) for limit in self._limits(text, biomarker, stated))
        return leaf if not choices else choices[0] if len(choices) == 1 else AnyOf(operands=choices)

    def _limits(self, text: str, biomarker: Biomarker, stated: Stated) -> tuple[Threshold, ...]:
        """Return the limits behind a phrase, or inside one that says by them that its marker is expressed."""
        start, end = stated.phrase.start, stated.phrase.end
        if (behind := thresholds(text, end, len(text))) or biomarker.noun != "expression":
            return behind
        named = next(iter(self._names.find(text[start:end])), None)
        return thresholds(text, start + named.end, len(text)) if named else ()

    def _within(self, leaf: MarkerLeaf, limit: Threshold) -> Node:
        score = self._names.by_notation(limit.score) if limit.score else None
        leaf = leaf if score is None else structs.replace(leaf, marker=score.iri)
        bounds = tuple(
            structs.replace(leaf, comparator=code, value=value, unit=limit.unit) for code, value in limit.bounds
        )
        return bounds[0] if len(bounds) == 1 else AllOf(operands=bounds)


def _strings(conjunctions: Sequence[Conjunction]) -> tuple[tuple[str, ...], ...]:
    """Spell alternatives, each once."""
    return tuple(dict.fromkeys(tuple(dict.fromkeys(map(spelled, conjunction))) for conjunction in conjunctions))


def criteria_lines(
    lines: Iterable[str], reader: CriteriaReader | None = None, *, source: str = "standard input"
) -> Iterator[str]:
    """Answer JSON lines ``{"id", "text"}`` with ``{"id", "inclusion", "exclusion"}``, one for one.

    Args:
        lines: What is read.
        reader: One that is there already.
        source: Where the lines are from, to be named in errors.

    Raises:
        ReadError: A line is no such object.
    """
    reader = reader or CriteriaReader()
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            asked = json.loads(line)
            identifier, text = asked.get("id"), asked["text"]
            if not isinstance(text, str):
                raise TypeError(f'"text" is {type(text).__name__}')
        except (ValueError, KeyError, TypeError, AttributeError) as err:
            why = "there is no text" if isinstance(err, KeyError) else str(err)
            raise ReadError(source, f"line {number}", "", f'not an object with "id" and "text": {why}') from err
        answer = {"id": identifier, **msgspec.to_builtins(reader.read(text))}
        yield json.dumps(answer, ensure_ascii=False)
