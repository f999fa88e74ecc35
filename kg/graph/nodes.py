"""The IRIs of a trial's parts, and the triples that codes, countries and organisations bring with them."""

from collections.abc import Iterator
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
        self.code = lru_cache(1 << 10)(lambda scheme, notation: resource(self.minter.code(scheme, notation)))

    def part(self, kind: str, trial: Trial, *content: str | None) -> str:
        """Return the node of a part of the trial, from a hash of its content."""
        return resource(self.minter.part(kind, trial.nct_id, *[part or "" for part in content]))

    def arm(self, trial: Trial, arm: Arm) -> str:
        """Return the node of an arm."""
        return self.part("arm", trial, arm.label, arm.arm_type, arm.description, *arm.interventions)

    def intervention(self, trial: Trial, intervention: Intervention) -> str:
        """Return the node of an intervention."""
        return self.part(
            "intervention", trial, intervention.intervention_type, intervention.name, intervention.description
        )

    def outcome(self, trial: Trial, outcome: Outcome) -> str:
        """Return the node of an outcome."""
        content = (outcome.outcome_type, outcome.measure, outcome.time_frame, outcome.description)
        return self.part("outcome", trial, *content)

    def country(self, name: str) -> str:
        """Return a country by its reported name; an unknown name is kept as it stands."""
        code = self._countries.get(name.casefold())
        return resource(self.minter.country(code) if code else self.minter.reported("country", name))

    def code_triples(self, subject: str, predicate: str, scheme: str, notation: str) -> Iterator[Triple]:
        """Yield that ``subject`` has a code; one outside the registry's list is described on the spot."""
        code = self.code(scheme, notation)
        yield subject, predicate, code
        if (scheme, notation) not in self._codes:
            yield code, RDF.type, SKOS.Concept
            yield code, SKOS.notation, string(notation)
            yield code, SKOS.prefLabel, english(notation)

    def country_triples(self, subject: str, name: str) -> Iterator[Triple]:
        """Yield that ``subject`` lies in a country; an unknown name is described on the spot.

        Another trial may spell the name otherwise, and of preferred labels there is one a language over all graphs
        (SKOS Reference, integrity condition S14): it comes from what the spellings share; the spelling is an
        alternative.
        """
        country = self.country(name)
        yield subject, KG.country, country
        if name.casefold() not in self._countries:
            yield country, RDF.type, SKOS.Concept
            yield country, RDF.type, KG.Country
            label = slug_label(name)
            yield country, SKOS.prefLabel, english(label)
            if name != label:
                yield country, SKOS.altLabel, english(name)

    def organization_triples(self, subject: str, predicate: str, label: str, *identity: str) -> Iterator[Triple]:
        """Yield that ``subject`` has to do with an organisation, and what the record calls it.

        As ``rdfs:label``: another trial may write the name otherwise, and of preferred labels there is one a language
        over all graphs (SKOS Reference, integrity condition S14).
        """
        node = resource(self.minter.organization(*identity))
        yield subject, predicate, node
        yield node, RDF.type, KG.Organization
        yield node, RDFS.label, english(label)
