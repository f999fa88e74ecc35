"""The graph ``about``: what the dataset holds (VoID), where it is from (DCAT, PROV), how to ask it (SHACL).

The three levels of the W3C's HCLS profile (https://www.w3.org/TR/hcls-dataset/): the dataset whatever its version, this
version, and this version as N-Quads. No clock: the date is that of the newest record, for the registry's terms ask to
show it.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

from kg.describe.census import TARGETS, Census
from kg.describe.counts import count_triples
from kg.identifiers import PREFIXES, Minter, content_hash
from kg.models import Record, UsedVocabulary
from kg.nquads import Triple, date, english, integer, resource, string
from kg.terms import DCAT, DCTERMS, KG, OWL, PROV, RDF, RDFS, SCHEMA, SH, VOID, XSD

_LICENSE: Final = "https://www.apache.org/licenses/LICENSE-2.0"
_REGISTRY_TERMS: Final = (
    "Records: ClinicalTrials.gov, National Library of Medicine, which has not endorsed how they were processed. "
    "Names and relations of concepts: written by the trialkg authors, with identifiers of the sources that are listed."
)
# Name in TARGETS or of a source of records: title, page, licence. As in ontologies/README.md.
_SOURCES: Final[dict[str, tuple[str, str, str]]] = {
    "clinicaltrials": (
        "ClinicalTrials.gov",
        "https://clinicaltrials.gov/",
        "https://clinicaltrials.gov/about-site/terms-conditions",
    ),
    "mesh": (
        "Medical Subject Headings",
        "https://www.nlm.nih.gov/mesh/",
        "https://www.nlm.nih.gov/databases/download/terms_and_conditions_mesh.html",
    ),
    "ncit": ("NCI Thesaurus", "https://ncithesaurus.nci.nih.gov/", "https://creativecommons.org/licenses/by/4.0/"),
    "chebi": ("ChEBI", "https://www.ebi.ac.uk/chebi/", "https://creativecommons.org/licenses/by/4.0/"),
    "mondo": ("Mondo Disease Ontology", "https://mondo.monarchinitiative.org/", "https://creativecommons.org/licenses/by/4.0/"),
    "doid": ("Disease Ontology", "https://disease-ontology.org/", "https://creativecommons.org/publicdomain/zero/1.0/"),
    "hgnc": ("HGNC", "https://www.genenames.org/", "https://creativecommons.org/publicdomain/zero/1.0/"),
    "geonames": ("GeoNames", "https://www.geonames.org/", "https://creativecommons.org/licenses/by/4.0/"),
    "pubmed": ("PubMed", "https://pubmed.ncbi.nlm.nih.gov/", "https://www.nlm.nih.gov/databases/download/terms_and_conditions.html"),
}  # fmt: skip


class Example(Record, frozen=True, kw_only=True):
    """A query that shows how to ask the dataset; ``name`` is made of words with hyphens between."""

    name: str
    title: str
    question: str
    text: str


def describe(
    census: Census,
    minter: Minter,
    prefixes: Mapping[str, str],
    examples: Sequence[Example],
    version: str,
    vocabularies: Sequence[UsedVocabulary] = (),
) -> list[Triple]:
    """Return the graph ``about``.

    Args:
        census: Counts of all other graphs.
        minter: Whose graph it is.
        prefixes: What queries and Turtle files abbreviate with.
        examples: The saved queries.
        version: Of this software.
        vocabularies: Those that the user added, and whose concepts were looked for.
    """
    about = _About(minter)
    return [
        *about.levels(census, version),
        *about.sources(census),
        *about.vocabularies(vocabularies),
        *about.partitions(census),
        *count_triples(census.combinations, about.quads, f"{minter.graph('about')}#"),
        *about.prefixes(prefixes),
        *about.examples(examples),
    ]


class _About:
    """Names the nodes of the description: ``{base}graph/about#dataset`` and so on."""

    def __init__(self, minter: Minter) -> None:
        self._start = f"{minter.graph('about')}#"
        self._minter = minter
        self.dataset, self.version, self.quads = (self._node(name) for name in ("dataset", "version", "nquads"))

    def _node(self, *name: str) -> str:
        return resource(self._start + "-".join(name))

    def _name(self, term: str) -> str:
        """Return a term's prefixed name with a hyphen for the colon; a hash for a term without a prefix."""
        iri = term[1:-1]
        for prefix, start in PREFIXES.items():
            local = iri[len(start) :]
            if iri.startswith(start) and local.isidentifier():
                return f"{prefix}-{local}"
        return content_hash(iri)

    # --- levels (HCLS, section 5)

    def levels(self, census: Census, version: str) -> Iterator[Triple]:
        """Yield the dataset, its version, that version as N-Quads, and the run that made it."""
        software, run = self._node("software"), self._node("build")
        for node, title in ((self.dataset, "trialkg"), (self.version, "trialkg, this build")):
            yield node, RDF.type, DCAT.Dataset
            yield node, DCTERMS.title, english(title)
            yield (
                node,
                DCTERMS.description,
                english("Clinical trials as a knowledge graph, each statement with its evidence."),
            )
            yield node, DCTERMS.license, resource(_LICENSE)
            yield node, DCTERMS.rights, english(_REGISTRY_TERMS)
            yield node, DCTERMS.publisher, resource(self._minter.base)
        yield self.version, DCTERMS.isVersionOf, self.dataset
        yield self.version, OWL.versionInfo, string(census.newest or "no dated record")
        if census.newest:
            yield self.version, DCTERMS.modified, date(census.newest)
            yield self.quads, DCTERMS.modified, date(census.newest)
        yield self.version, DCAT.distribution, self.quads
        yield self.version, PROV.wasGeneratedBy, run
        yield run, RDF.type, PROV.Activity
        yield run, RDFS.label, english("the build; when it ran is in run.json beside the data")
        yield run, PROV.wasAssociatedWith, software
        yield software, RDF.type, PROV.SoftwareAgent
        yield software, RDFS.label, english("trialkg")
        yield software, OWL.versionInfo, string(version)
        yield from self._quads(census)

    def _quads(self, census: Census) -> Iterator[Triple]:
        node = self.quads
        yield node, RDF.type, VOID.Dataset
        yield node, RDF.type, DCAT.Distribution
        yield node, DCTERMS.title, english("trialkg, this build, as N-Quads")
        yield node, DCTERMS.description, english("All graphs but the one that says this.")
        yield node, DCTERMS.license, resource(_LICENSE)
        yield node, DCAT.mediaType, string("application/n-quads")
        yield node, VOID.uriSpace, string(self._minter.base)
        yield node, VOID.triples, integer(census.statements)
        yield node, VOID.distinctSubjects, integer(census.distinct_subjects)
        yield node, VOID.classes, integer(len(census.classes))
        yield node, VOID.properties, integer(len(census.properties))
        yield node, VOID.entities, integer(census.classes.get(f"<{PREFIXES['kg']}Trial>", 0))
        for name in ("concepts", "vocabulary"):
            yield node, VOID.subset, resource(self._minter.graph(name))

    # --- sources and links to them

    def sources(self, census: Census) -> Iterator[Triple]:
        """Yield the datasets that this one takes from or points to, and the linksets (VoID, section 5)."""
        for name, (title, page, license_iri) in _SOURCES.items():
            node = self._node("source", name)
            yield self.version, DCTERMS.source, node
            yield node, RDF.type, DCAT.Dataset
            yield node, DCTERMS.title, english(title)
            yield node, DCAT.landingPage, resource(page)
            yield node, DCTERMS.license, resource(license_iri)
            if name in TARGETS:
                yield node, VOID.uriSpace, string(TARGETS[name][1:])
        for (predicate, name), count in sorted(census.links.items()):
            node = self._node("links", self._name(predicate), name)
            yield self.quads, VOID.subset, node
            yield node, RDF.type, VOID.Linkset
            yield node, VOID.linkPredicate, predicate
            yield node, VOID.subjectsTarget, self.quads
            yield node, VOID.objectsTarget, self._node("source", name)
            yield node, VOID.triples, integer(count)

    def vocabularies(self, vocabularies: Iterable[UsedVocabulary]) -> Iterator[Triple]:
        """Yield the files of added vocabularies, each with its version and checksum."""
        for it in vocabularies:
            node = self._node("added", content_hash(it.name, it.sha256))
            yield self.version, DCTERMS.source, node
            yield node, RDF.type, DCAT.Dataset
            yield node, DCTERMS.title, english(it.name)
            yield node, KG.sha256, string(it.sha256)
            yield node, KG.format, string(it.format)
            if it.version:
                yield node, OWL.versionInfo, string(it.version)

    # --- partitions (VoID, section 4.5)

    def partitions(self, census: Census) -> Iterator[Triple]:
        """Yield how many entities each class and how many statements each property has."""
        for name, count in census.classes.items():
            node = self._node("class", self._name(name))
            yield self.quads, VOID.classPartition, node
            yield node, VOID["class"], name
            yield node, VOID.entities, integer(count)
        for name, count in sorted(census.properties.items()):
            node = self._node("property", self._name(name))
            yield self.quads, VOID.propertyPartition, node
            yield node, VOID.property, name
            yield node, VOID.triples, integer(count)

    # --- how to ask (SHACL, section 5.2.1; SHACL Advanced Features, section 5)

    def prefixes(self, prefixes: Mapping[str, str]) -> Iterator[Triple]:
        """Yield the prefixes as ``sh:declare``."""
        owner = self._node("prefixes")
        yield owner, RDF.type, OWL.Ontology
        for prefix, namespace in sorted(prefixes.items()):
            node = self._node("prefix", prefix)
            yield owner, SH.declare, node
            yield node, RDF.type, SH.PrefixDeclaration
            yield node, SH.prefix, string(prefix)
            yield node, SH.namespace, f"{string(namespace)}^^{XSD.anyURI}"

    def examples(self, examples: Iterable[Example]) -> Iterator[Triple]:
        """Yield the queries in the form in which editors look for examples."""
        for example in examples:
            node = self._node("query", example.name)
            yield node, RDF.type, SH.SPARQLExecutable
            yield node, RDF.type, SH.SPARQLSelectExecutable
            yield node, SH.prefixes, self._node("prefixes")
            yield node, RDFS.label, english(example.title)
            yield node, RDFS.comment, english(example.question)
            yield node, SH.select, string(example.text)
            for word in example.name.split("-"):
                if len(word) > 2:
                    yield node, SCHEMA.keywords, string(word)
