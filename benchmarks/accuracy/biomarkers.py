"""Biomarkers of oncology trials against the annotations of oncotrialLLM's authors (Alkhoury et al.).

Six figures, inclusion and exclusion each:

- *strings*: the biomarkers as the authors write them, each once a trial; equal but for case and white space;
- *states*: the same as (marker, class of state), through one mapping (`marker_and_class`) that both sides go through;
- *DNF*: each inner conjunction is one item, its order ignored, compared with those of the other side. The authors
  score in the same way (``llm/utils/evaluation.py``: the inner lists as sets of lower-cased strings; true positives are
  the predicted sets that the gold has, false ones those that it lacks, misses the gold's that were not predicted). Two
  equal conjunctions of one trial count once here.

The authors' typing errors stay as they are, and so unmatched.
"""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from benchmarks.accuracy.score import Counts, Error, Outcome, Task, compared
from kg.eligibility import CriteriaReader, Wanted

_TARGETS: Final = {
    ("strings", "inclusion"): 0.80, ("strings", "exclusion"): 0.75,
    ("states", "inclusion"): 0.88, ("states", "exclusion"): 0.85,
    ("DNF", "inclusion"): 0.65, ("DNF", "exclusion"): 0.65,
}  # fmt: skip

# Wordings of a state, the first that fits counts; what is left of the string names the marker. An alteration of any
# kind that is not a fusion, a change of copy number or a loss is one class: "mutation", "defect", "L858R".
_CLASSES: Final = (
    ("wild-type", r"wild[\s-]?type|\bwt\b"),
    ("fusion", r"fusions?|rearrange\w*|translocat\w*"),
    ("amplified", r"amplif\w*|copy number gain"),
    ("deficient", r"\bd(?=mmr)|deficien\w*"),
    ("proficient", r"\bp(?=mmr)|proficien\w*"),
    ("stable", r"stable|\bmss\b"),
    ("lost", r"(?<!loss of )\bloss\b(?! of function)|co-?deletion"),
    ("altered", r"mutat(?:ed|ions?)\b|mutant|alterat\w*|aberrat\w*|defects?|variants?|insertions?|"
                r"(?<=exon \d\d )del\w*|uncertain sig\w*|"
                r"frameshift|nonsense|\b(?:p\.)?[a-z]\d{2,4}[a-z]?\b(?!$)|\b(?:p\.)?(?<=\s)[a-z]\d{2,4}[a-z*]?$|\bitd\b|\btkd\b"),
    ("lost", r"deletion"),
    ("negative", r"negativ\w*"),
    ("low", r"\blow\b"),
    ("high", r"\bhigh\b|(?<=ms[i])-h\b|(?<=tmb)-h\b"),
    ("positive", r"positiv\w*|(?:over)?-?express\w*"),
    ("active", r"activation|dys?regulation|deregulation"),
)  # fmt: skip
_CLASS_PATTERNS: Final = tuple((name, re.compile(pattern)) for name, pattern in _CLASSES)
_NO_NAME: Final = re.compile(
    r"\((?:germline|somatic)\)|\b(?:exon|class)\s\d+|\b(?:gene|protein|status|activating|deleterious|pathogenic|sensitizing|"
    r"inactivating|unclassified|somatic|germline|expression|positive|mutation|subtype|over)\b|"
    r"(?<=\s)(?:p\.)?[a-z]\d{2,4}[a-z*]?\b|\bdel\w*|[\s\-–:()]+"
)
# Names of one marker in the annotations, in lower case and without blanks and hyphens.
_MARKERS: Final = {
    "estrogenreceptor": "er", "progesteronereceptor": "pr", "pgr": "pr", "hormonereceptor": "hr",
    "mismatchrepair": "mmr", "microsatelliteinstability": "msi", "ms": "msi", "microsatellite": "msi",
    "tumormutationalburden": "tmb", "philadelphiachromosome": "ph", "her2/neu": "her2", "erbb2": "her2",
    "gbrca": "brca", "gbrca1": "brca1", "gbrca2": "brca2", "nbs1": "nbn",
}  # fmt: skip


def marker_and_class(biomarker: str) -> tuple[str, str]:
    """Return the marker that a string names, spelt in one way, and the class of its state.

    >>> marker_and_class("EGFR exon 19 deletion"), marker_and_class("estrogen-receptor positive")
    (('egfr', 'altered'), ('er', 'positive'))
    """
    text = " ".join(biomarker.lower().split())
    if text == "mss":
        return "msi", "stable"
    found = "named"
    for name, pattern in _CLASS_PATTERNS:
        if pattern.search(text):
            found, text = name, pattern.sub(" ", text)
            break
    marker = _NO_NAME.sub("", text)
    return _MARKERS.get(marker, marker), found


@dataclass(frozen=True, slots=True, kw_only=True)
class _Side:
    """One list of a trial, as annotated or as found: conjunctions of strings."""

    conjunctions: frozenset[frozenset[str]]

    @property
    def strings(self) -> set[str]:
        return {string for conjunction in self.conjunctions for string in conjunction}

    @property
    def states(self) -> set[str]:
        return {" ".join(marker_and_class(string)) for string in self.strings}

    @property
    def dnf(self) -> set[str]:
        return {" + ".join(sorted(conjunction)) for conjunction in self.conjunctions}

    def answers(self, view: str) -> set[str]:
        return {"strings": self.strings, "states": self.states, "DNF": self.dnf}[view]


def _side(dnf: Iterable[Iterable[str]]) -> _Side:
    inner = (frozenset(" ".join(string.lower().split()) for string in conjunction) for conjunction in dnf)
    return _Side(conjunctions=frozenset(conjunction for conjunction in inner if conjunction))


def _trials(data: Path) -> Iterator[tuple[str, Mapping[str, object]]]:
    for path in sorted((data / "benchmarks").glob("trial-biomarkers-*.json")):
        yield from json.loads(path.read_text("utf-8")).items()


def run(data: Path) -> list[Outcome]:
    """Score the biomarkers of all annotated trials in ``data``."""
    reader = CriteriaReader(without=frozenset(_SWITCHED_OFF))
    sides: list[tuple[str, str, _Side, _Side]] = []
    for nct_id, trial in _trials(data):
        found = reader.read(str(trial["document"]))
        for polarity, wanted in (("inclusion", found.inclusion), ("exclusion", found.exclusion)):
            gold = trial[f"{polarity}_biomarker"]
            assert isinstance(gold, list)  # noqa: S101 - the format of the data
            sides.append((nct_id, polarity, _side(gold), _found(wanted)))
    return [_outcome(view, polarity, sides) for view, polarity in _TARGETS]


def _found(wanted: Wanted) -> _Side:
    return _side(wanted.dnf)


def _outcome(view: str, polarity: str, sides: list[tuple[str, str, _Side, _Side]]) -> Outcome:
    documents: list[Counts] = []
    errors: list[Error] = []
    for nct_id, of, gold, found in sides:
        if of == polarity:
            documents.append(compared(nct_id, gold.answers(view), found.answers(view)))
            errors += _errors(nct_id, view, gold, found)
    return Outcome(
        name=f"biomarkers, {view}, {polarity}",
        documents=tuple(documents),
        errors=tuple(errors),
        targets={"f1": _TARGETS[view, polarity]},
    )


def _errors(nct_id: str, view: str, gold: _Side, found: _Side) -> Iterator[Error]:
    """Name the cause of each difference: nothing there, the state, the wording, the logic."""
    expected, answers = gold.answers(view), found.answers(view)
    for answer in sorted(expected - answers):
        yield Error(document=nct_id, cause=f"missed: {_cause(answer, view, found)}", detail=answer)
    for answer in sorted(answers - expected):
        yield Error(document=nct_id, cause=f"spurious: {_cause(answer, view, gold)}", detail=answer)


def _cause(answer: str, view: str, other: _Side) -> str:
    if not other.conjunctions:
        return "the other side has none at all"
    if view == "DNF":
        return (
            "same biomarkers in another logic" if set(answer.split(" + ")) <= other.strings else "a biomarker differs"
        )
    if view == "strings":
        marker, found = marker_and_class(answer)
        if f"{marker} {found}" in other.states:
            return "same marker and state in another wording"
    else:
        marker = answer.rpartition(" ")[0]
    known = {state.rpartition(" ")[0] for state in other.states}
    return "same marker in another state" if marker in known else "marker"


@contextmanager
def _without(component: str) -> Iterator[None]:
    """Switch a component of the reader off for as long as the context lasts."""
    _SWITCHED_OFF.add(component)
    try:
        yield
    finally:
        _SWITCHED_OFF.remove(component)


_SWITCHED_OFF: Final[set[str]] = set()

TASK: Final = Task(
    name="biomarkers",
    run=run,
    ablations={
        "the full list of genes": lambda: _without("genes"),
        "the description as fallback": lambda: _without("description"),
        "the logic between criteria": lambda: _without("logic"),
    },
)
