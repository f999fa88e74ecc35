"""The RDF terms that we write, as closed namespaces: a typing slip raises instead of minting a term."""

from typing import TYPE_CHECKING, Final

from kg.identifiers import PREFIXES, VOCABULARY


class Namespace:
    """A closed set of terms as attributes, each its IRI in N-Triples form: ``KG.Trial == "<…vocab#Trial>"``."""

    def __init__(self, base: str, names: str) -> None:
        self.base = base
        self.names = tuple(names.split())
        self._terms = {name: f"<{base}{name}>" for name in self.names}
        for name, term in self._terms.items():
            setattr(self, name.replace("-", "_"), term)

    if TYPE_CHECKING:  # a class that has this at run time finds all its attributes four times slower

        def __getattr__(self, name: str) -> str: ...

    def __getitem__(self, name: str) -> str:
        """Return the term with this name; raises KeyError for one that is not listed."""
        try:
            return self._terms[name]
        except KeyError as err:
            raise KeyError(f"{self.base} has no term {name!r} in kg.terms") from err

    def iri(self, name: str) -> str:
        """Return the term's IRI without angle brackets."""
        return self[name][1:-1]


KG: Final = Namespace(
    VOCABULARY,
    # classes
    "Trial Arm Intervention Outcome Site Criterion Document Assertion Official Person Reference Rule "
    "Drug DrugClass DrugCombination Marker MarkerState Procedure Disease Endpoint Organization Country Gene Code "
    "AllOf AnyOf Not MarkerCondition TreatmentCondition DiseaseCondition AgeCondition PerformanceStatusCondition "
    "LabCondition LifeExpectancyCondition TreatmentEligibilityCondition "
    # a trial's own values
    "secondaryIdentifier orgStudyIdentifier nctAlias briefTitle officialTitle acronym briefSummary detailedDescription "
    "studyType phase overallStatus whyStopped allocation interventionModel observationalModel timePerspective masking "
    "whoMasked primaryPurpose samplingMethod sex enrollment enrollmentType startDate primaryCompletionDate "
    "completionDate firstPostDate lastUpdateDate statusVerifiedDate minimumAge maximumAge acceptsHealthyVolunteers "
    "condition reportedCondition keyword conditionMesh conditionMeshAncestor interventionMesh "
    "interventionMeshAncestor registryMeshLabel leadSponsor collaborator sponsorClass site facility city region "
    "postalCode country siteStatus arm armType intervention interventionType agent otherName dose route schedule "
    "doseForm outcome outcomeType "
    "measure timeFrame endpoint official officialRole affiliation reference pmid referenceType reportedUrl "
    "criterion polarity inclusion exclusion text order logic operand "
    # roles
    "investigates comparator background assessment requiresTreatment excludesTreatment requiresMarkerState "
    "excludesMarkerState stratifiesBy measuresMarker mentions "
    # conditions
    "marker state markerState assay analyte value unit treatment within disease "
    # evidence
    "rule confidence source field start end quote format versionDate sha256 document "
    # concepts
    "hasTarget hasPart gene possibleState contradicts meshTreeNumber ambiguousLabel alpha3 "
    # what a remote store holds
    "PublishedBlock contentHash "
    # what is counted of a dataset
    "criteriaUnderstood criteriaInAll conditionsInAll",
)
RDF: Final = Namespace(
    PREFIXES["rdf"],
    "type subject predicate object value first rest nil langString",
)
RDFS: Final = Namespace(
    PREFIXES["rdfs"],
    "label comment seeAlso subClassOf subPropertyOf",
)
OWL: Final = Namespace(
    PREFIXES["owl"],
    "Axiom Class NamedIndividual TransitiveProperty equivalentClass intersectionOf unionOf onProperty hasValue "
    "someValuesFrom minQualifiedCardinality onClass propertyChainAxiom annotatedSource annotatedProperty "
    "annotatedTarget Ontology versionInfo",
)
SKOS: Final = Namespace(
    PREFIXES["skos"],
    "Concept ConceptScheme prefLabel altLabel hiddenLabel notation inScheme broader broaderTransitive "
    "exactMatch closeMatch broadMatch narrowMatch relatedMatch definition",
)
DCTERMS: Final = Namespace(
    PREFIXES["dcterms"],
    "identifier source bibliographicCitation references title description license rights publisher isVersionOf "
    "modified",
)
SCHEMA: Final = Namespace(
    PREFIXES["schema"],
    "MedicalTrial url name description keywords",
)
MESHV: Final = Namespace(
    PREFIXES["meshv"],
    "broaderDescriptor",
)
SSSOM: Final = Namespace(
    PREFIXES["sssom"],
    "mapping_justification confidence mapping_provider predicate_modifier NegatedPredicate MappingSet mappings",
)
GEO: Final = Namespace(
    PREFIXES["geo"],
    "lat long",
)
BIOLINK: Final = Namespace(
    PREFIXES["biolink"],
    "ClinicalTrial",
)
VOID: Final = Namespace(
    PREFIXES["void"],
    "subset triples Dataset Linkset uriSpace entities distinctSubjects distinctObjects classes properties class "
    "classPartition property propertyPartition linkPredicate subjectsTarget objectsTarget",
)
DCAT: Final = Namespace(
    PREFIXES["dcat"],
    "Dataset Distribution distribution mediaType landingPage",
)
PROV: Final = Namespace(
    PREFIXES["prov"],
    "Activity SoftwareAgent wasGeneratedBy wasAssociatedWith",
)
SH: Final = Namespace(
    PREFIXES["sh"],
    "PrefixDeclaration SPARQLExecutable SPARQLSelectExecutable declare prefix namespace prefixes select",
)
XSD: Final = Namespace(
    PREFIXES["xsd"],
    "string integer decimal double boolean date gYearMonth gYear duration anyURI",
)
