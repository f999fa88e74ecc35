"""The mappings of concepts and terms to other vocabularies: rows of SSSOM that say why, as records and as triples.

The files are ``ontologies/mappings/*.sssom.tsv`` (https://mapping-commons.github.io/sssom/spec-formats-tsv/): a YAML
header in comments, of which only ``curie_map`` and ``mapping_set_id`` matter here, then a table.
"""

import csv
from collections.abc import Iterator, Sequence
from pathlib import Path

from kg import resources
from kg.errors import TerminologyError
from kg.identifiers import Minter, content_hash
from kg.models import Record
from kg.nquads import Triple, decimal, resource, string
from kg.terms import OWL, RDF, SKOS, SSSOM


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


def load_mappings(minter: Minter | None = None, folder: Path | None = None) -> tuple[Mapping, ...]:
    """Read all mapping files, in the order of their names and lines; IRIs of ours are moved under the site's base.

    Raises:
        TerminologyError: A prefix is not declared, a column is missing, or a value is not what it should be.
    """
    minter = minter or Minter()
    root = folder or resources.folder("ontologies") / "mappings"
    return tuple(row for path in sorted(root.glob("*.sssom.tsv")) for row in _read(path, minter))


def mapping_triples(mappings: Sequence[Mapping], minter: Minter) -> Iterator[Triple]:
    """Describe each mapping as an annotated axiom, as SSSOM's translation to OWL has it, with an IRI of its content.

    The mapping itself is not stated here: what holds is said of the concepts, and what is negated must not be.
    """
    for row in mappings:
        key = (row.subject_iri, row.predicate, str(row.negated), row.object_iri, row.mapping_set)
        node = resource(f"{minter.base}mapping/{content_hash(*key)}")
        yield node, RDF.type, OWL.Axiom
        yield node, OWL.annotatedSource, resource(row.subject_iri)
        yield node, OWL.annotatedProperty, SKOS[row.predicate]
        yield node, OWL.annotatedTarget, resource(row.object_iri)
        yield node, SSSOM.mapping_justification, resource(row.justification)
        yield node, SSSOM.confidence, decimal(row.confidence)
        yield node, SSSOM.mapping_provider, resource(row.provider)
        if row.negated:
            yield node, SSSOM.predicate_modifier, string("Not")


def _read(path: Path, minter: Minter) -> Iterator[Mapping]:
    lines = path.read_text("utf-8").splitlines()
    head = [line[1:] for line in lines if line.startswith("#")]
    prefixes = dict(line.strip().split(": ", 1) for line in head if line.startswith("  ") and ": " in line)
    mapping_set = next((line.split(": ", 1)[1] for line in head if line.startswith("mapping_set_id: ")), "")

    def iri(curie: str) -> str:
        prefix, _, name = curie.partition(":")
        return minter.localise(prefixes[prefix] + name)

    for row in csv.DictReader(lines[len(head) :], delimiter="\t", quoting=csv.QUOTE_NONE):
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
