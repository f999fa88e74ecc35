"""The mappings of concepts and terms to other vocabularies: rows of SSSOM that say why, as records and as triples.

The files are ``ontologies/mappings/*.sssom.tsv`` (https://mapping-commons.github.io/sssom/spec-formats-tsv/): a YAML
header in comments, then a table. The triples are SSSOM's RDF, which the ``sssom`` tools read back.
"""

import csv
from collections.abc import Iterable, Iterator
from pathlib import Path

from kg import resources
from kg.errors import TerminologyError
from kg.identifiers import Minter, content_hash
from kg.models import Record
from kg.nquads import Triple, double, resource, string
from kg.terms import DCTERMS, OWL, RDF, SKOS, SSSOM


class Mapping(Record, frozen=True, kw_only=True):
    """One row: that a concept or term of ours is, or is not, the same as something elsewhere.

    Attributes:
        predicate: ``exactMatch``, ``closeMatch``, ``broadMatch`` or another mapping property of SKOS.
        negated: Whether the row says that the mapping does not hold.
        justification: An IRI of SEMAPV: how the mapping came about.
        confidence: From 0 to 1.
        provider: Whose mapping it is.
        mapping_set: The IRI of the file's set.
    """

    subject_iri: str
    predicate: str
    negated: bool
    object_iri: str
    justification: str
    confidence: float
    provider: str
    mapping_set: str


class MappingSet(Record, frozen=True, kw_only=True):
    """One file: what its header says of it, and its rows in their order."""

    iri: str
    title: str
    version: str
    license_iri: str
    mappings: tuple[Mapping, ...]


def load_mapping_sets(minter: Minter | None = None, folder: Path | None = None) -> tuple[MappingSet, ...]:
    """Read all mapping files, in the order of their names; IRIs of ours are moved under the site's base.

    Raises:
        TerminologyError: A prefix is not declared, a slot or a column is missing, or a value is not what it should be.
    """
    minter = minter or Minter()
    root = folder or resources.folder("ontologies") / "mappings"
    return tuple(_read(path, minter) for path in sorted(root.glob("*.sssom.tsv")))


def mapping_triples(sets: Iterable[MappingSet], minter: Minter) -> Iterator[Triple]:
    """Describe each mapping as an annotated axiom, as SSSOM's RDF has it, with an IRI of its content.

    The mapping itself is not stated here: what holds is said of the concepts, and what is negated must not be.
    """
    for it in sets:
        mapping_set = resource(it.iri)
        yield mapping_set, RDF.type, SSSOM.MappingSet
        yield mapping_set, DCTERMS.title, string(it.title)
        yield mapping_set, DCTERMS.license, resource(it.license_iri)
        yield mapping_set, OWL.versionInfo, string(it.version)
        for row in it.mappings:
            key = (row.subject_iri, row.predicate, str(row.negated), row.object_iri, row.mapping_set)
            node = resource(f"{minter.base}mapping/{content_hash(*key)}")
            yield mapping_set, SSSOM.mappings, node
            yield from _axiom(node, row)


def _axiom(node: str, row: Mapping) -> Iterator[Triple]:
    yield node, RDF.type, OWL.Axiom
    yield node, OWL.annotatedSource, resource(row.subject_iri)
    yield node, OWL.annotatedProperty, SKOS[row.predicate]
    yield node, OWL.annotatedTarget, resource(row.object_iri)
    yield node, SSSOM.mapping_justification, resource(row.justification)
    yield node, SSSOM.confidence, double(row.confidence)
    yield node, SSSOM.mapping_provider, resource(row.provider)
    if row.negated:
        yield node, SSSOM.predicate_modifier, SSSOM.NegatedPredicate


def _read(path: Path, minter: Minter) -> MappingSet:
    lines = path.read_text("utf-8").splitlines()
    head = [line[1:] for line in lines if line.startswith("#")]
    prefixes = dict(line.strip().split(": ", 1) for line in head if line.startswith("  ") and ": " in line)
    slots = dict(line.split(": ", 1) for line in head if not line.startswith(" ") and ": " in line)
    try:
        return MappingSet(
            iri=slots["mapping_set_id"],
            title=slots["mapping_set_title"],
            version=slots["mapping_set_version"],
            license_iri=slots["license"],
            mappings=tuple(_rows(path, lines[len(head) :], prefixes, slots["mapping_set_id"], minter)),
        )
    except KeyError as err:
        raise TerminologyError(f"{path.name}: its header has no {err}") from err


def _rows(
    path: Path, table: list[str], prefixes: dict[str, str], mapping_set: str, minter: Minter
) -> Iterator[Mapping]:
    def iri(curie: str) -> str:
        prefix, _, name = curie.partition(":")
        return minter.localise(prefixes[prefix] + name)

    for row in csv.DictReader(table, delimiter="\t", quoting=csv.QUOTE_NONE):
        try:
            yield Mapping(
                subject_iri=iri(row["subject_id"]),
                predicate=row["predicate_id"].removeprefix("skos:"),
                negated={"": False, "Not": True}[row["predicate_modifier"]],
                object_iri=iri(row["object_id"]),
                justification=iri(row["mapping_justification"]),
                confidence=float(row["confidence"]),
                provider=row["mapping_provider"],
                mapping_set=mapping_set,
            )
        except (KeyError, ValueError) as err:
            raise TerminologyError(f"{path.name}: {err} in the row of {row.get('subject_id')}") from err
