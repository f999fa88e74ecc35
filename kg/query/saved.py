"""The saved queries: SPARQL in ``queries/*.rq``, each with a header that says what it asks, takes and gives.

The header is made of comments, one ``# field: value`` each; a comment indented by three spaces goes on with the field
above::

    # title: Trials by drug
    # question: Which trials …?
    # parameter: drug (kind: drug) — meaning; optional            (or: default 1)
    # column: trial — the trial
    # example: kg query trials-by-drug -p drug=ribociclib

A competency question, in ``queries/questions/``, says as well who asks (``for``) and what has to be concluded for the
answer (``reasoning``).

A query projects its parameters and declares the columns that its answer keeps. Values come in a VALUES clause at the
start of its outermost group, so that an engine begins with them; a subquery would not see them, and would go through
the whole graph. A filter on one property comes before what is only looked up, which is OPTIONAL for that reason alone.
Roles of something already found are a ``FILTER(?role IN (…))``: Oxigraph joins VALUES with all statements of these
roles. What is counted of all trials stands in the graph ``about`` (`kg.describe.counts`). Where a parameter is
optional, test it with ``COALESCE(?value = ?parameter, true)``: Oxigraph 0.5 decides ``BOUND`` before values are bound.
"""

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from kg import resources
from kg.errors import QueryError

KINDS = frozenset(
    [
        *("drug", "drug-class", "treatment", "marker", "marker-state", "procedure", "disease", "endpoint", "concept"),
        *("organization", "country", "trial", "role", "text", "integer", "date", "iri"),
    ]
)
_FIELDS = ("title", "question", "for", "reasoning", "parameter", "column", "example")
_FIELD = re.compile(rf"# ({'|'.join(_FIELDS)}): (\S.*)")
_PARAMETER = re.compile(
    r"(?P<name>\w+) \(kind: (?P<kind>[a-z:-]+)\) — (?P<meaning>.+?)"
    r"(?:; (?P<optional>optional)|; default (?P<default>\S+))?"
)
_COLUMN = re.compile(r"(?P<name>\w+) — (?P<meaning>.+)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameter:
    """What a saved query takes.

    Attributes:
        kind: How a value is read: one of `KINDS`, or ``code:`` and a code list of the registry.
        default: The value when none is given.
        optional: Whether the variable may stay unbound.
    """

    name: str
    kind: str
    meaning: str
    default: str | None = None
    optional: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A column of a saved query's answer."""

    name: str
    meaning: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SavedQuery:
    """A query with its documentation; ``name`` is its file's, after ``checks/`` or ``questions/`` if it is in there."""

    name: str
    title: str
    question: str
    parameters: tuple[Parameter, ...]
    columns: tuple[Column, ...]
    example: str
    text: str
    audience: str | None = None
    reasoning: str | None = None

    @property
    def is_question(self) -> bool:
        """Whether this is a competency question: asked of the examples, with the reasoning that it needs."""
        return self.name.startswith("questions/")

    @property
    def is_check(self) -> bool:
        """Whether a row of the answer is a fault of the graph."""
        return self.name.endswith("-violation")


def saved_queries(folder: Path | None = None) -> dict[str, SavedQuery]:
    """Return the bundled queries, or those of a folder, by name in alphabetical order.

    Raises:
        QueryError: A header is malformed.
    """
    return dict(_bundled()) if folder is None else _queries_of(folder)


@cache
def _bundled() -> dict[str, SavedQuery]:
    """Read the bundled queries once: that takes longer than most answers."""
    return _queries_of(resources.folder("queries"))


def _queries_of(root: Path) -> dict[str, SavedQuery]:
    files = {path.relative_to(root).with_suffix("").as_posix(): path for path in root.rglob("*.rq")}
    return {name: parse_query(name, files[name].read_text("utf-8")) for name in sorted(files)}


def has_header(text: str) -> bool:
    """Tell whether a query documents itself."""
    return text.startswith("# title: ")


def parse_query(name: str, text: str) -> SavedQuery:
    """Read a query's header.

    Raises:
        QueryError: A line of it is malformed, or title, question, example or all columns are missing.
    """
    fields: dict[str, list[str]] = {field: [] for field in _FIELDS}
    for line in _header(name, text):
        match = _FIELD.fullmatch(line)
        if match is None:
            raise QueryError(f"{name}: malformed header line {line!r}")
        fields[match[1]].append(match[2])
    if any(len(fields[field]) != 1 for field in ("title", "question", "example")) or not fields["column"]:
        raise QueryError(f"{name}: the header needs one title, question and example, and the columns")
    columns = [_match(_COLUMN, name, line) for line in fields["column"]]
    return SavedQuery(
        name=name,
        title=fields["title"][0],
        question=fields["question"][0],
        parameters=tuple(_parameter(name, line) for line in fields["parameter"]),
        columns=tuple(Column(name=column["name"], meaning=column["meaning"]) for column in columns),
        example=fields["example"][0],
        text=text,
        audience=next(iter(fields["for"]), None),
        reasoning=next(iter(fields["reasoning"]), None),
    )


def _header(name: str, text: str) -> list[str]:
    """Return the comment lines at the top, each with the lines that continue it."""
    lines: list[str] = []
    for line in text.split("\n"):
        if not line.startswith("#"):
            break
        if line.startswith("#   "):
            if not lines:
                raise QueryError(f"{name}: the header begins with a continuation")
            lines[-1] += " " + line[1:].strip()
        else:
            lines.append(line)
    return lines


def _parameter(name: str, line: str) -> Parameter:
    match = _match(_PARAMETER, name, line)
    kind = match["kind"]
    if kind not in KINDS and not kind.startswith("code:"):
        raise QueryError(f"{name}: parameter {match['name']} has the unknown kind {kind!r}")
    return Parameter(
        name=match["name"],
        kind=kind,
        meaning=match["meaning"],
        default=match["default"],
        optional=match["optional"] is not None,
    )


def _match(pattern: re.Pattern[str], name: str, line: str) -> re.Match[str]:
    match = pattern.fullmatch(line)
    if match is None:
        raise QueryError(f"{name}: malformed header value {line!r}")
    return match
