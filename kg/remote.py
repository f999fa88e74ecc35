"""A store on another server, by the SPARQL 1.1 Protocol and the Graph Store HTTP Protocol.

https://www.w3.org/TR/sparql11-protocol/, https://www.w3.org/TR/sparql11-http-rdf-update/
"""

from collections.abc import Iterable, Mapping
from typing import Final, Literal
from urllib.parse import urlencode

import pyoxigraph as ox

from kg.client import Client
from kg.errors import RemoteError
from kg.identifiers import PREFIXES
from kg.store import Answer, Solutions, Term, bind_in_text, check_query

_RESULTS: Final = "application/sparql-results+xml"  # Virtuoso's JSON is not the standard's ("typed-literal")
_FORM: Final = "application/x-www-form-urlencoded"
_NTRIPLES: Final = "application/n-triples"
_TRIPLES_A_REQUEST: Final = 2_000  # some stores refuse long updates
GraphParameter = Literal["graph", "graph-uri"]


class RemoteStore:
    """Answers queries from a SPARQL endpoint; the same interface as `kg.store.GraphStore` for asking.

    Args:
        endpoint: Where queries go. Its default graph should be the union of all named graphs.
        client: Sends the requests.
    """

    def __init__(self, endpoint: str, client: Client) -> None:
        self._endpoint = endpoint
        self._client = client

    def query(self, sparql: str, substitutions: Mapping[str, Term] | None = None) -> Answer:
        """Answer a query: `Solutions` for SELECT, a bool for ASK, triples for CONSTRUCT and DESCRIBE.

        Args:
            sparql: A query of SPARQL 1.1; the prefixes of `kg.identifiers.PREFIXES` need no declaration.
            substitutions: Values of variables, bound by a VALUES clause in the query's outermost group.

        Raises:
            QueryError: The query is refused here.
            RemoteError: The server cannot be reached, refuses the query, or answers nonsense.
        """
        words = check_query(sparql)
        prologue = "".join(f"PREFIX {name}: <{iri}>\n" for name, iri in PREFIXES.items() if f"{name}:" in sparql)
        text = prologue + bind_in_text(sparql, dict(substitutions or {}))
        wants_graph = bool({"CONSTRUCT", "DESCRIBE"} & words) and not {"SELECT", "ASK"} & words
        response = self._client.send(
            "POST",
            self._endpoint,
            content=urlencode({"query": text}).encode(),  # Virtuoso 7.2 never answers a query sent as it is
            headers={"Content-Type": _FORM, "Accept": _NTRIPLES if wants_graph else _RESULTS},
        )
        try:
            if wants_graph:
                parsed = ox.parse(response.content, format=ox.RdfFormat.N_TRIPLES)
                return list(dict.fromkeys(quad.triple for quad in parsed))
            return _answer(response.content)
        except (SyntaxError, ValueError) as err:
            raise RemoteError(self._endpoint, f"the answer is not of the form that was asked for: {err}") from err

    def select(self, sparql: str, substitutions: Mapping[str, Term] | None = None) -> Solutions:
        """Answer a SELECT query; see `query`.

        Raises:
            RemoteError: As there, or it was none.
        """
        found = self.query(sparql, substitutions)
        if not isinstance(found, Solutions):
            raise RemoteError(self._endpoint, "a table was asked for, and something else came")
        return found

    def mentions(self, iri: str) -> bool:
        """Tell whether anything is said of or with this IRI."""
        node = ox.NamedNode(iri)
        said = f"{{ {node} ?p ?o }} UNION {{ ?s ?p {node} }} UNION {{ ?s {node} ?o }}"
        return bool(self.select(f"SELECT * {{ {said} }} LIMIT 1").rows)  # Virtuoso 7.2 answers ASK with a table

    def graphs_of(self, iri: str, class_iri: str) -> list[str]:
        """Return the named graphs that say that ``iri`` is of this class, sorted."""
        pattern = f"{ox.NamedNode(iri)} a {ox.NamedNode(class_iri)}"
        rows = self.select(f"SELECT DISTINCT ?graph {{ GRAPH ?graph {{ {pattern} }} }}").rows
        return sorted(row[0].value for row in rows if isinstance(row[0], ox.NamedNode))

    def counts(self, graphs: Iterable[str]) -> dict[str, int]:
        """Return the number of triples in each of these named graphs; those that are not there are left out."""
        parts = " UNION ".join(
            f"{{ SELECT ({node} AS ?graph) (COUNT(*) AS ?count) {{ GRAPH {node} {{ ?s ?p ?o }} }} }}"
            for node in map(ox.NamedNode, graphs)
        )
        if not parts:
            return {}
        rows = self.select(f"SELECT ?graph ?count {{ {parts} }}").rows
        counted = {
            graph.value: int(count.value)
            for graph, count in rows
            if isinstance(graph, ox.NamedNode) and isinstance(count, ox.Literal)
        }
        return {graph: count for graph, count in counted.items() if count}


def _answer(content: bytes) -> Answer:
    found = ox.parse_query_results(content, format=ox.QueryResultsFormat.XML)
    if isinstance(found, ox.QueryBoolean):
        return bool(found)
    columns = tuple(variable.value for variable in found.variables)
    return Solutions(columns, [tuple(solution) for solution in found])


class GraphStoreProtocol:
    """Writes named graphs by PUT and DELETE of the Graph Store HTTP Protocol, one request a graph.

    Args:
        url: The graph store's address.
        client: Sends the requests.
        parameter: How the store calls the graph's name; the standard says ``graph``.
    """

    def __init__(self, url: str, client: Client, parameter: GraphParameter = "graph") -> None:
        self._url = url
        self._client = client
        self._parameter = parameter

    def put(self, graph: str, ntriples: bytes) -> None:
        """Make the graph hold these triples and no others (section 5.3).

        Raises:
            RemoteError: The store refuses.
        """
        self._client.send(
            "PUT",
            self._url,
            params={self._parameter: graph},
            content=ntriples,
            headers={"Content-Type": _NTRIPLES},
        )

    def delete(self, graph: str) -> None:
        """Remove the graph (section 5.4); one that is not there is no fault.

        Raises:
            RemoteError: The store refuses.
        """
        self._client.send("DELETE", self._url, params={self._parameter: graph}, accept=frozenset({404}))


class UpdateProtocol:
    """Writes named graphs by SPARQL 1.1 Update; a large graph takes several requests.

    Args:
        url: The address for updates.
        client: Sends the requests.
    """

    def __init__(self, url: str, client: Client) -> None:
        self._url = url
        self._client = client

    def put(self, graph: str, ntriples: bytes) -> None:
        """Make the graph hold these triples and no others.

        Raises:
            RemoteError: The store refuses.
        """
        node, lines = ox.NamedNode(graph), ntriples.decode().splitlines()
        first = f"DROP SILENT GRAPH {node};\n"
        for place in range(0, max(len(lines), 1), _TRIPLES_A_REQUEST):
            triples = "\n".join(lines[place : place + _TRIPLES_A_REQUEST])
            self._update(f"{first}INSERT DATA {{ GRAPH {node} {{\n{triples}\n}} }}")
            first = ""

    def delete(self, graph: str) -> None:
        """Remove the graph; one that is not there is no fault.

        Raises:
            RemoteError: The store refuses.
        """
        self._update(f"DROP SILENT GRAPH {ox.NamedNode(graph)}")

    def _update(self, text: str) -> None:
        self._client.send(
            "POST", self._url, content=text.encode(), headers={"Content-Type": "application/sparql-update"}
        )
