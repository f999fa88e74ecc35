"""Assertions as Web Annotations with PROV-O, for tools that know these and not our vocabulary.

An assertion keeps its IRI and becomes an ``oa:Annotation``; its parts get the IRIs ``#statement``, ``#target``,
``#position`` and ``#quote`` under it, so there is no blank node. Offsets count in the text of the document that
``kg:field`` of the target names. All other triples stay. https://www.w3.org/TR/annotation-vocab/, https://www.w3.org/TR/prov-o/
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping

from kg.export.sources import Graph, subjects
from kg.identifiers import PREFIXES
from kg.nquads import Triple, string
from kg.terms import KG, RDF, Namespace

# The texts of a trial, given its NCT number: by SHA-256 of the document and place in it.
KeptTexts = Callable[[str], Mapping[tuple[str, str], str]]

OA = Namespace(
    PREFIXES["oa"],
    "Annotation SpecificResource TextPositionSelector TextQuoteSelector hasBody hasTarget hasSource hasSelector "
    "start end exact prefix suffix motivatedBy identifying",
)
PROV = Namespace(PREFIXES["prov"], "Activity Entity wasDerivedFrom wasGeneratedBy")
_STATEMENT = f"<{PREFIXES['rdf']}Statement>"
_COUNT = f"<{PREFIXES['xsd']}nonNegativeInteger>"  # the range of oa:start and oa:end
_TRIAL = re.compile(r"/assertion/(NCT\d{8})/")
_DOCUMENT = re.compile(r"/document/([0-9a-f]{64})>")
_CONTEXT = 32  # code points before and after a quote


def annotated(graphs: Iterable[Graph], texts: KeptTexts | None) -> Iterator[Graph]:
    """Yield the graphs with each assertion rewritten.

    Args:
        graphs: What to rewrite.
        texts: Gives quotes their prefix and suffix; None leaves these out.
    """
    for graph in graphs:
        lines = set(graph.lines)
        for _, triples in subjects(graph.lines):
            if any(predicate == RDF.type and value == KG.Assertion for _, predicate, value in triples):
                lines.difference_update(map(_line, triples))
                lines.update(map(_line, _annotation(triples, texts)))
        yield Graph(graph.iri, sorted(lines))


def _line(triple: Triple) -> bytes:
    return " ".join((*triple, ".")).encode()


def _annotation(triples: list[Triple], texts: KeptTexts | None) -> Iterator[Triple]:
    node = triples[0][0]
    said = {predicate: value for _, predicate, value in triples}
    statement, target, position, quote = (
        f"{node[:-1]}#{part}>" for part in ("statement", "target", "position", "quote")
    )
    yield node, RDF.type, OA.Annotation
    yield node, OA.motivatedBy, OA.identifying
    yield node, OA.hasBody, statement
    yield node, OA.hasTarget, target
    yield statement, RDF.type, _STATEMENT
    for part in (RDF.subject, RDF.predicate, RDF.object):
        yield statement, part, said[part]
    if said[RDF.object].startswith("<"):
        yield node, OA.hasBody, said[RDF.object]
    yield node, KG.confidence, said[KG.confidence]
    yield node, PROV.wasDerivedFrom, said[KG.source]
    yield said[KG.source], RDF.type, PROV.Entity
    yield node, PROV.wasGeneratedBy, said[KG.rule]
    yield said[KG.rule], RDF.type, PROV.Activity
    yield target, RDF.type, OA.SpecificResource
    yield target, OA.hasSource, said[KG.source]
    yield target, KG.field, said[KG.field]
    yield target, OA.hasSelector, position
    yield target, OA.hasSelector, quote
    yield position, RDF.type, OA.TextPositionSelector
    yield position, OA.start, _count(said[KG.start])
    yield position, OA.end, _count(said[KG.end])
    yield quote, RDF.type, OA.TextQuoteSelector
    yield quote, OA.exact, said[KG.quote]
    text = _text(node, said, texts)
    if text is not None:
        start, end = _number(said[KG.start]), _number(said[KG.end])
        yield quote, OA.prefix, string(text[max(start - _CONTEXT, 0) : start])
        yield quote, OA.suffix, string(text[end : end + _CONTEXT])


def _text(node: str, said: Mapping[str, str], texts: KeptTexts | None) -> str | None:
    """Return the kept text that the assertion points into."""
    trial, document = _TRIAL.search(node), _DOCUMENT.search(said[KG.source])
    if texts is None or trial is None or document is None:
        return None
    wanted = (document[1], said[KG.field])
    return next(
        (text for (sha256, place), text in texts(trial[1]).items() if (sha256, string(place)) == wanted),
        None,
    )


def _number(literal: str) -> int:
    return int(literal.split('"')[1])


def _count(literal: str) -> str:
    return f'"{_number(literal)}"^^{_COUNT}'
