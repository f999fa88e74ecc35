"""Ask a graph: saved queries by name or any SPARQL, with values bound to their parameters."""

from collections.abc import Mapping

from kg.errors import QueryError
from kg.query.names import Names
from kg.query.order import ordered, split_order
from kg.query.rows import FORMATS, Form, Rows, Value, answer_rows
from kg.query.saved import KINDS, Column, Parameter, SavedQuery, has_header, parse_query, saved_queries
from kg.store import Queryable, Solutions, Term, bind_in_text, display_prefixes
from kg.terminology import Terminology

__all__ = [
    "FORMATS",
    "KINDS",
    "Column",
    "Form",
    "Names",
    "Parameter",
    "Rows",
    "SavedQuery",
    "Value",
    "run",
    "saved_queries",
]


def run(store: Queryable, terminology: Terminology, query: str, parameters: Mapping[str, str] | None = None) -> Rows:
    """Answer a saved query, or a query given as text.

    Args:
        store: The graph, here or on another server.
        terminology: Knows the names that parameters may be given as.
        query: The name of a saved query, or SPARQL; a text with the header of a saved query is treated as one.
        parameters: Values by parameter. They are bound to variables, as terms. In SPARQL without a header an IRI, a
            CURIE or an integer is taken as such, all else as a text.

    Raises:
        QueryError: There is no such query or parameter, a value is missing, unknown or ambiguous, or the query is
            refused or fails.
    """
    names = Names(store, terminology)
    prefixes = display_prefixes(terminology.minter.base)
    given = dict(parameters or {})
    saved = _find(query)
    if saved is None:
        return answer_rows(store.query(query, {name: names.guess(value) for name, value in given.items()}), prefixes)
    # Values in the text, and not beside it: an engine that knows them when it plans begins with them.
    text, keys = split_order(saved)
    answer = store.query(bind_in_text(text, _bind(saved, given, names)))
    rows = answer_rows(ordered(answer, keys) if isinstance(answer, Solutions) else answer, prefixes)
    return _declared(saved, rows) if rows.form is Form.SELECT else rows


def _find(query: str) -> SavedQuery | None:
    """Return the saved query that is meant; None for SPARQL without a header."""
    if has_header(query):
        return parse_query("the query", query)
    if not query or any(char.isspace() or char in "{<" for char in query):
        return None
    saved = saved_queries()
    found = saved.get(query) or saved.get(f"checks/{query}")
    if found is None:
        near = [name for name in saved if query in name] or sorted(saved)
        raise QueryError(f"There is no saved query {query!r}; there are {', '.join(near)}.")
    return found


def _bind(saved: SavedQuery, given: Mapping[str, str], names: Names) -> dict[str, Term]:
    known = [parameter.name for parameter in saved.parameters]
    unknown = [name for name in given if name not in known]
    if unknown:
        takes = f"it takes {', '.join(known)}" if known else "it takes none"
        raise QueryError(f"{saved.name} has no parameter {unknown[0]!r}; {takes}.")
    values = {}
    for parameter in saved.parameters:
        value = given.get(parameter.name, parameter.default)
        if value is not None:
            values[parameter.name] = names.resolve(parameter.kind, value)
        elif not parameter.optional:
            raise QueryError(
                f"{saved.name} needs the parameter {parameter.name}: {parameter.meaning}. Example: {saved.example}"
            )
    return values


def _declared(saved: SavedQuery, rows: Rows) -> Rows:
    """Keep the columns that the query declares, in that order."""
    undeclared = {parameter.name for parameter in saved.parameters}
    columns = tuple(column.name for column in saved.columns)
    if set(rows.columns) - undeclared != set(columns) - undeclared or not set(columns) <= set(rows.columns):
        raise QueryError(f"{saved.name} declares the columns {', '.join(columns)} but gives {', '.join(rows.columns)}.")
    places = [rows.columns.index(name) for name in columns]
    kept = tuple(tuple(row[place] for place in places) for row in rows.rows)
    return Rows(columns=columns, rows=kept, form=rows.form, prefixes=rows.prefixes)
