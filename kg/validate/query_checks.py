"""The SPARQL constraints of the bundled shapes, each as a check that says the same without a query engine.

A check stands under its query, word for word: a constraint whose query reads otherwise has no check here, and is left
to the engines.
"""

from collections.abc import Callable, Iterable
from typing import Final, NamedTuple

from kg.nquads import unescape
from kg.terms import DCTERMS, KG, RDF, SKOS
from kg.validate.data_graph import DataGraph
from kg.validate.value_checks import UnsureError, is_string, number_of, text_of

QueryCheck = Callable[[DataGraph, str, str], bool]  # of the focus node and the path, empty if there is none


class Along(NamedTuple):
    """The predicates along which a query looks from the focus node at others; see `kg.validate.reach`."""

    inverse: tuple[str, ...] = ()
    values: tuple[str, ...] = ()
    chains: tuple[str, ...] = ()


_BY_QUERY: Final[dict[str, QueryCheck]] = {}
_ALONG: Final[dict[str, Along]] = {}
_PARTS: Final = (KG.site, KG.arm, KG.intervention, KG.outcome, KG.criterion, KG.official, KG.reference)


def check_for(query: str) -> QueryCheck | None:
    """Return the check that does the same as a constraint's ``sh:select``; None if there is none."""
    return _BY_QUERY.get(" ".join(query.split()))


def looks_along(query: str) -> Along | None:
    """Return where a query, with single spaces, looks at other nodes than the focus node; None if that is not known."""
    return _ALONG.get(query)


def _says(query: str, along: Along | None = None) -> Callable[[QueryCheck], QueryCheck]:
    def register(check: QueryCheck) -> QueryCheck:
        text = " ".join(query.split())
        _BY_QUERY[text] = check
        if along is not None:
            _ALONG[text] = along
        return check

    return register


def _text(term: str) -> str:
    """Return what STR() gives."""
    text = text_of(term)
    if text is None:
        raise UnsureError(term)
    return text


def _fills_its_place(graph: DataGraph, node: str, predicate: str) -> bool:
    said = graph.nodes[node]
    starts, ends, texts = said.get(KG.start), said.get(KG.end), said.get(predicate)
    if not (starts and ends and texts):
        return True
    if len(starts) == len(ends) == len(texts) == 1:
        return number_of(ends[0]) - number_of(starts[0]) == len(_literal(texts[0]))
    lengths = {number_of(end) - number_of(start) for end in ends for start in starts}
    return lengths == {len(_literal(text)) for text in texts}


def _literal(term: str) -> str:
    """Return what STRLEN() and CONCAT() look at; of IRIs and typed literals these are errors."""
    if term[0] != '"' or (term[-1] == ">" and not is_string(term)):
        raise UnsureError(term)
    return unescape(term[1 : term.rindex('"')])


@_says(
    """SELECT $this ?value WHERE {
    ?value kg:source $this ; kg:quote ?quote ; kg:start ?start ; kg:end ?end .
    FILTER (STRLEN(?quote) != ?end - ?start) }""",
    Along(inverse=(KG.source,)),
)
def quotes_fill_their_places(graph: DataGraph, focus: str, _: str) -> bool:
    """Check the assertions that a document is the source of."""
    return all(_fills_its_place(graph, node, KG.quote) for node in graph.incoming[KG.source,].get(focus, ()))


@_says("""SELECT $this ?value WHERE {
    $this kg:text ?value ; kg:start ?start ; kg:end ?end .
    FILTER (STRLEN(?value) != ?end - ?start) }""")
def text_fills_its_place(graph: DataGraph, focus: str, _: str) -> bool:
    """Check a criterion."""
    return _fills_its_place(graph, focus, KG.text)


@_says(
    """SELECT $this ?value WHERE {
    ?value rdf:subject $this ; rdf:predicate ?predicate ; rdf:object ?object .
    FILTER NOT EXISTS { $this ?predicate ?object } }""",
    Along(inverse=(RDF.subject,)),
)
def asserted_is_stated(graph: DataGraph, focus: str, _: str) -> bool:
    """Check the assertions about a subject."""
    return all(
        value in graph.values(focus, predicate)
        for node in graph.incoming[RDF.subject,].get(focus, ())
        for predicate in graph.values(node, RDF.predicate)
        for value in graph.values(node, RDF.object)
    )


@_says(
    """SELECT $this ?value WHERE {
    $this $PATH ?value .
    FILTER NOT EXISTS { ?assertion rdf:object ?value ; rdf:subject $this ; rdf:predicate $PATH } }""",
    Along(inverse=(RDF.subject,)),
)
def stated_is_asserted(graph: DataGraph, focus: str, path: str) -> bool:
    """Check the statements of a subject and a predicate."""
    return all((focus, path, value) in graph.reified for value in graph.values(focus, path))


def _ends_iri(graph: DataGraph, focus: str, predicate: str, before: str = "") -> bool:
    iri = _text(focus)
    return all(iri.endswith(before + _text(value)) for value in graph.values(focus, predicate))


@_says("""SELECT $this ?value WHERE {
    $this dcterms:identifier ?value .
    FILTER (!STRENDS(STR($this), STR(?value))) }""")
def identifier_is_in_iri(graph: DataGraph, focus: str, _: str) -> bool:
    """Check a trial."""
    return _ends_iri(graph, focus, DCTERMS.identifier)


@_says("""SELECT $this ?value WHERE {
    $this kg:sha256 ?value .
    FILTER (!STRENDS(STR($this), STR(?value))) }""")
def sha256_is_in_iri(graph: DataGraph, focus: str, _: str) -> bool:
    """Check a document."""
    return _ends_iri(graph, focus, KG.sha256)


@_says("""SELECT $this ?value WHERE {
    $this skos:notation ?value .
    FILTER (!STRENDS(STR($this), CONCAT("/state/", STR(?value)))) }""")
def notation_is_in_iri(graph: DataGraph, focus: str, _: str) -> bool:
    """Check a marker state."""
    return _ends_iri(graph, focus, SKOS.notation, "/state/")


@_says("""SELECT $this ?value WHERE {
    $this kg:pmid ?pmid ; dcterms:references ?value .
    FILTER (!STRENDS(STR(?value), CONCAT(":", STR(?pmid)))) }""")
def pmid_is_in_iri(graph: DataGraph, focus: str, _: str) -> bool:
    """Check a reference."""
    endings = [f":{_text(pmid)}" for pmid in graph.values(focus, KG.pmid)]
    iris = [_text(value) for value in graph.values(focus, DCTERMS.references)]
    return all(iri.endswith(ending) for iri in iris for ending in endings)


@_says("""SELECT $this ?path ?value WHERE {
    { $this kg:site ?value . BIND (kg:site AS ?path) }
    UNION { $this kg:arm ?value . BIND (kg:arm AS ?path) }
    UNION { $this kg:intervention ?value . BIND (kg:intervention AS ?path) }
    UNION { $this kg:outcome ?value . BIND (kg:outcome AS ?path) }
    UNION { $this kg:criterion ?value . BIND (kg:criterion AS ?path) }
    UNION { $this kg:official ?value . BIND (kg:official AS ?path) }
    UNION { $this kg:reference ?value . BIND (kg:reference AS ?path) }
    FILTER (!CONTAINS(STR(?value), CONCAT("/", STRAFTER(STR($this), "clinicaltrials:"), "/"))) }""")
def parts_are_of_the_trial(graph: DataGraph, focus: str, _: str) -> bool:
    """Check a trial's parts."""
    number = f"/{_text(focus).partition('clinicaltrials:')[2]}/"
    return all(number in _text(value) for predicate in _PARTS for value in graph.values(focus, predicate))


@_says(
    """SELECT $this ?value WHERE {
    $this skos:notation ?value ; kg:marker/skos:notation ?marker ; kg:state/skos:notation ?state .
    FILTER (?value != CONCAT(?marker, "-", ?state)) }""",
    Along(values=(SKOS.notation,)),
)
def state_is_of_its_marker(graph: DataGraph, focus: str, _: str) -> bool:
    """Check a marker state."""
    markers = _notations_of(graph, graph.values(focus, KG.marker))
    states = _notations_of(graph, graph.values(focus, KG.state))
    joined = {f"{marker}-{state}" for marker in markers for state in states}
    return not joined or joined == _notations_of(graph, [focus])


def _notations_of(graph: DataGraph, nodes: Iterable[str]) -> set[str]:
    found = [term for node in nodes for term in graph.values(node, SKOS.notation)]
    if not all(map(is_string, found)):
        raise UnsureError(str(found))
    return set(map(_text, found))


@_says(
    """SELECT $this ?value WHERE {
    $this skos:broader ?value .
    ?value skos:broader* $this . }""",
    Along(chains=(SKOS.broader,)),
)
def is_in_no_cycle(graph: DataGraph, focus: str, _: str) -> bool:
    """Check a concept that has a broader one."""
    seen, todo = set[str](), [focus]
    while todo:
        for broader in graph.values(todo.pop(), SKOS.broader):
            if broader == focus:
                return False
            if broader not in seen:
                seen.add(broader)
                todo.append(broader)
    return True
