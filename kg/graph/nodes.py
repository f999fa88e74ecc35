"""The IRIs of a trial's parts, and the triples that codes, countries and organisations bring with them."""

from functools import lru_cache

from kg.identifiers import slug_label
from kg.models import Arm, Intervention, Outcome, Trial
from kg.nquads import Triple, english, resource, string
from kg.terminology import Terminology
from kg.terms import KG, RDF, RDFS, SKOS

# Trial attribute, property, code scheme.
CODES: tuple[tuple[str, str, str], ...] = (
    ("study_type", KG.studyType, "study-type"),
    ("phases", KG.phase, "phase"),
    ("overall_status", KG.overallStatus, "overall-status"),
    ("allocation", KG.allocation, "allocation"),
    ("intervention_model", KG.interventionModel, "intervention-model"),
    ("observational_model", KG.observationalModel, "observational-model"),
    ("time_perspective", KG.timePerspective, "time-perspective"),
    ("masking", KG.masking, "masking"),
    ("who_masked", KG.whoMasked, "who-masked"),
    ("primary_purpose", KG.primaryPurpose, "primary-purpose"),
    ("sampling_method", KG.samplingMethod, "sampling-method"),
    ("sex", KG.sex, "sex"),
    ("enrollment_type", KG.enrollmentType, "enrollment-type"),
)


class Nodes:
    """Mints a trial's parts from their content; ``terminology`` resolves codes and countries."""

    def __init__(self, terminology: Terminology) -> None:
        self.minter = terminology.minter
        self._codes = terminology.codes
        self._countries = terminology.countries
        # Codes and countries come again and again; what is said of one is the same wherever it comes.
        self._described_code = lru_cache(1 << 10)(self._describe_code)
        self._described_country = lru_cache(1 << 10)(self._describe_country)
        # Findings are about nodes of the record.
        self._intervention = lru_cache(1 << 8)(self._mint_intervention)
        self._outcome = lru_cache(1 << 8)(self._mint_outcome)

    def part(self, kind: str, nct_id: str, *content: str) -> str:
        """Return the node of a part of a trial, from a hash of its content."""
        return f"<{self.minter.part(kind, nct_id, *content)}>"

    def arm(self, trial: Trial, arm: Arm) -> str:
        """Return the node of an arm."""
        return self.part("arm", trial.nct_id, arm.label, arm.arm_type or "", arm.description or "", *arm.interventions)

    def intervention(self, trial: Trial, intervention: Intervention) -> str:
        """Return the node of an intervention."""
        return self._intervention(trial.nct_id, intervention)

    def _mint_intervention(self, nct_id: str, intervention: Intervention) -> str:
        content = (intervention.intervention_type or "", intervention.name, intervention.description or "")
        return self.part("intervention", nct_id, *content)

    def outcome(self, trial: Trial, outcome: Outcome) -> str:
        """Return the node of an outcome."""
        return self._outcome(trial.nct_id, outcome)

    def _mint_outcome(self, nct_id: str, outcome: Outcome) -> str:
        content = (outcome.outcome_type, outcome.measure, outcome.time_frame or "", outcome.description or "")
        return self.part("outcome", nct_id, *content)

    def code(self, scheme: str, notation: str) -> str:
        """Return a registry code."""
        return self._described_code(scheme, notation)[0]

    def code_triples(self, subject: str, predicate: str, scheme: str, notation: str) -> list[Triple]:
        """Return that ``subject`` has a code; one outside the registry's list is described on the spot."""
        code, description = self._described_code(scheme, notation)
        return [(subject, predicate, code), *description]

    def _describe_code(self, scheme: str, notation: str) -> tuple[str, tuple[Triple, ...]]:
        code = resource(self.minter.code(scheme, notation))
        if (scheme, notation) in self._codes:
            return code, ()
        return code, (
            (code, RDF.type, SKOS.Concept),
            (code, SKOS.notation, string(notation)),
            (code, SKOS.prefLabel, english(notation)),
        )

    def country(self, name: str) -> str:
        """Return a country by its reported name; an unknown name is kept as it stands."""
        return self._described_country(name)[0]

    def country_triples(self, subject: str, name: str) -> list[Triple]:
        """Return that ``subject`` lies in a country; an unknown name is described on the spot.

        Another trial may spell the name otherwise, and of preferred labels there is one a language over all graphs
        (SKOS Reference, integrity condition S14): it comes from what the spellings share; the spelling is an
        alternative.
        """
        country, description = self._described_country(name)
        return [(subject, KG.country, country), *description]

    def _describe_country(self, name: str) -> tuple[str, tuple[Triple, ...]]:
        code = self._countries.get(name.casefold())
        if code:
            return resource(self.minter.country(code)), ()
        country, label = resource(self.minter.reported("country", name)), slug_label(name)
        return country, (
            (country, RDF.type, SKOS.Concept),
            (country, RDF.type, KG.Country),
            (country, SKOS.prefLabel, english(label)),
            *([(country, SKOS.altLabel, english(name))] if name != label else []),
        )

    def organization_triples(self, subject: str, predicate: str, label: str, *identity: str) -> list[Triple]:
        """Return that ``subject`` has to do with an organisation, and what the record calls it.

        As ``rdfs:label``: another trial may write the name otherwise, and of preferred labels there is one a language
        over all graphs (SKOS Reference, integrity condition S14).
        """
        node = resource(self.minter.organization(*identity))
        return [(subject, predicate, node), (node, RDF.type, KG.Organization), (node, RDFS.label, english(label))]
