"""The registry's code lists: the API's codes and the spellings that older XML and web pages have for them.

The same lists, for people and for SPARQL, are in ``ontologies/codes.ttl``; a test keeps the two alike.
"""

import re
from functools import lru_cache
from typing import Final

SPELLINGS: Final[dict[str, dict[str, tuple[str, ...]]]] = {
    "study-type": {
        "EXPANDED_ACCESS": ("Expanded access", "Compassionate Use", "Expanded Access Study"),
        "INTERVENTIONAL": (
            "Interventional",
            "Interventional Study",
            "Interventional Trial",
            "Interventional clinical trial",
            "Interventional study (clinical trial)",
        ),
        "OBSERVATIONAL": ("Observational", "Observational Study", "Observational [Patient Registry]"),
    },
    "phase": {
        "EARLY_PHASE1": ("Early Phase 1", "Early Phase 1 (Formerly listed as Phase 0)", "Early Phase I", "Phase 0"),
        "NA": ("Not applicable", "N/A", "Phase N/A", "Phase Not Applicable", "Without phase"),
        "PHASE1": ("Phase 1", "Human pharmacology (Phase I)", "Phase I"),
        "PHASE2": ("Phase 2", "Phase II", "Therapeutic exploratory (Phase II)"),
        "PHASE3": ("Phase 3", "Phase III", "Therapeutic confirmatory (Phase III)"),
        "PHASE4": ("Phase 4", "Phase IV", "Post-marketing study (Phase IV)", "Therapeutic use (Phase IV)"),
    },
    "overall-status": {
        "ACTIVE_NOT_RECRUITING": ("Active, not recruiting", "Active but not recruiting", "No longer recruiting"),
        "APPROVED_FOR_MARKETING": ("Approved for marketing",),
        "AVAILABLE": ("Available", "Available for expanded access"),
        "COMPLETED": ("Completed", "Study completed"),
        "ENROLLING_BY_INVITATION": ("Enrolling by invitation", "Enrolling by invitation only"),
        "NOT_YET_RECRUITING": ("Not yet recruiting", "Not yet open for participant recruitment"),
        "NO_LONGER_AVAILABLE": ("No longer available", "No longer available for expanded access"),
        "RECRUITING": ("Recruiting", "Currently recruiting", "Open to recruitment"),
        "SUSPENDED": ("Suspended", "Temporarily halted"),
        "TEMPORARILY_NOT_AVAILABLE": ("Temporarily not available", "Temporarily not available for expanded access"),
        "TERMINATED": ("Terminated", "Prematurely ended", "Terminated early"),
        "UNKNOWN": ("Unknown status", "Unknown"),
        "WITHDRAWN": ("Withdrawn", "Withdrawn (no participants enrolled)", "Withdrawn prior to enrollment"),
        "WITHHELD": ("Withheld",),
    },
    "allocation": {
        "NA": ("Not applicable", "N/A", "N/A: single arm study", "Not applicable (single arm)"),
        "NON_RANDOMIZED": (
            "Non-randomized",
            "Non-Randomised",
            "Non-randomised trial",
            "Non-randomized trial",
            "Not randomized",
        ),
        "RANDOMIZED": ("Randomized", "Randomised", "Randomised controlled trial", "Randomized controlled trial"),
    },
    "intervention-model": {
        "CROSSOVER": ("Crossover", "Crossover Assignment"),
        "FACTORIAL": ("Factorial", "Factorial Assignment"),
        "PARALLEL": ("Parallel", "Parallel Assignment", "Parallel group"),
        "SEQUENTIAL": ("Sequential", "Sequential Assignment"),
        "SINGLE_GROUP": ("Single group", "Single Group Assignment", "Single arm"),
    },
    "observational-model": {
        "CASE_CONTROL": ("Case-control", "Case-control study"),
        "CASE_CROSSOVER": ("Case-crossover", "Case-crossover study"),
        "CASE_ONLY": ("Case-only", "Case-only study"),
        "COHORT": ("Cohort", "Cohort study"),
        "DEFINED_POPULATION": ("Defined population", "Defined population study"),
        "ECOLOGIC_OR_COMMUNITY": (
            "Ecologic or community",
            "Ecologic or Community Studies",
            "Ecologic or community study",
        ),
        "FAMILY_BASED": ("Family-based", "Family-based study"),
        "NATURAL_HISTORY": ("Natural history", "Natural history study"),
        "OTHER": ("Other",),
    },
    "time-perspective": {
        "CROSS_SECTIONAL": ("Cross-sectional", "Cross-sectional study"),
        "OTHER": ("Other", "Retrospective/Prospective"),
        "PROSPECTIVE": ("Prospective", "Longitudinal prospective", "Prospective study"),
        "RETROSPECTIVE": ("Retrospective", "Retrospective study"),
    },
    "masking": {
        "DOUBLE": ("Double", "Double blind", "Double masked", "Double-blinded"),
        "NONE": (
            "None (open label)",
            "No masking",
            "None",
            "Not blinded",
            "Open",
            "Open Label",
            "Unblinded",
            "Unmasked",
        ),
        "QUADRUPLE": ("Quadruple", "Quadruple blind", "Quadruple masked", "Quadruple-blinded"),
        "SINGLE": ("Single", "Single blind", "Single masked", "Single-blinded"),
        "TRIPLE": ("Triple", "Triple blind", "Triple masked", "Triple-blinded"),
    },
    "who-masked": {
        "CARE_PROVIDER": ("Care provider", "Caregiver"),
        "INVESTIGATOR": ("Investigator",),
        "OUTCOMES_ASSESSOR": ("Outcomes assessor", "Outcome assessor"),
        "PARTICIPANT": ("Participant", "Subject"),
    },
    "primary-purpose": {
        "BASIC_SCIENCE": ("Basic science",),
        "DEVICE_FEASIBILITY": ("Device feasibility",),
        "DIAGNOSTIC": ("Diagnostic", "Diagnosis"),
        "ECT": ("Educational/Counseling/Training", "Educational, counselling or training"),
        "HEALTH_SERVICES_RESEARCH": ("Health services research",),
        "OTHER": ("Other",),
        "PREVENTION": ("Prevention",),
        "SCREENING": ("Screening",),
        "SUPPORTIVE_CARE": ("Supportive care",),
        "TREATMENT": ("Treatment",),
    },
    "sex": {
        "ALL": ("All", "All sexes", "Both", "Both sexes", "Male and female"),
        "FEMALE": ("Female", "Females", "Women"),
        "MALE": ("Male", "Males", "Men"),
    },
    "arm-type": {
        "ACTIVE_COMPARATOR": ("Active comparator",),
        "EXPERIMENTAL": ("Experimental", "Experimental arm"),
        "NO_INTERVENTION": ("No intervention",),
        "OTHER": ("Other",),
        "PLACEBO_COMPARATOR": ("Placebo comparator",),
        "SHAM_COMPARATOR": ("Sham comparator",),
    },
    "intervention-type": {
        "BEHAVIORAL": ("Behavioral", "Behavioural"),
        "BIOLOGICAL": ("Biological", "Biological/Vaccine"),
        "COMBINATION_PRODUCT": ("Combination product",),
        "DEVICE": ("Device",),
        "DIAGNOSTIC_TEST": ("Diagnostic test",),
        "DIETARY_SUPPLEMENT": ("Dietary supplement",),
        "DRUG": ("Drug",),
        "GENETIC": ("Genetic", "Gene transfer"),
        "OTHER": ("Other",),
        "PROCEDURE": ("Procedure", "Procedure/Surgery"),
        "RADIATION": ("Radiation",),
    },
    "outcome-type": {
        "OTHER": ("Other", "Other Pre-specified", "Other outcome", "Other outcome measure", "Tertiary"),
        "POST_HOC": ("Post-hoc", "Post-hoc outcome"),
        "PRIMARY": ("Primary", "Primary outcome", "Primary outcome measure"),
        "SECONDARY": ("Secondary", "Secondary outcome", "Secondary outcome measure"),
    },
    "enrollment-type": {
        "ACTUAL": ("Actual",),
        "ESTIMATED": ("Estimated", "Anticipated", "Estimate", "Expected"),
    },
    "sampling-method": {
        "NON_PROBABILITY_SAMPLE": ("Non-probability sample",),
        "PROBABILITY_SAMPLE": ("Probability sample",),
    },
    "sponsor-class": {
        "AMBIG": ("Ambiguous", "Ambig"),
        "FED": ("U.S. federal government", "Fed", "Other U.S. Federal agency", "U.S. Fed", "U.S. federal agency"),
        "INDIV": ("Individual", "Indiv"),
        "INDUSTRY": ("Industry",),
        "NETWORK": ("Network",),
        "NIH": ("NIH", "National Institutes of Health", "U.S. National Institutes of Health"),
        "OTHER": ("Other",),
        "OTHER_GOV": ("Other government", "Non-U.S. government", "Other Gov"),
        "UNKNOWN": ("Unknown",),
    },
    "official-role": {
        "CONTACT": ("Contact", "Contact person"),
        "PRINCIPAL_INVESTIGATOR": ("Principal investigator",),
        "STUDY_CHAIR": ("Study chair", "Study chairman"),
        "STUDY_DIRECTOR": ("Study director",),
        "SUB_INVESTIGATOR": ("Sub-investigator",),
    },
    "reference-type": {
        "BACKGROUND": ("Background",),
        "DERIVED": ("Derived", "Automatically derived"),
        "RESULT": ("Result", "Results", "Results reference"),
    },
}

_SEPARATORS: Final = re.compile(r"[\W_]+")
_NOT_APPLICABLE: Final = "n a"


def _key(spelling: str) -> str:
    """Return a spelling without what differs between sources: case, hyphens, underscores."""
    return _SEPARATORS.sub(" ", spelling).strip().casefold()


def _keys(codes: dict[str, tuple[str, ...]]) -> dict[str, str]:
    return {_key(spelling): code for code, spellings in codes.items() for spelling in (code, *spellings)}


_CODE_BY_KEY: Final = {scheme: _keys(codes) for scheme, codes in SPELLINGS.items()}
_INTERVENTION_TYPES: Final = _CODE_BY_KEY["intervention-type"]


@lru_cache(maxsize=4096)
def find_code(scheme: str, spelling: str) -> str | None:
    """Return the code that a spelling stands for, or None where the list has none.

    >>> find_code("allocation", "Non-Randomized"), find_code("phase", "PHASE2"), find_code("sex", "?")
    ('NON_RANDOMIZED', 'PHASE2', None)
    """
    return _CODE_BY_KEY[scheme].get(_key(spelling))


def without_type(name: str) -> str:
    """Return an intervention's name without the type that arm groups put in front of it.

    >>> without_type("Dietary Supplement: Zinc"), without_type("Zinc: high dose")
    ('Zinc', 'Zinc: high dose')
    """
    prefix, colon, rest = name.partition(": ")
    return rest if colon and _key(prefix) in _INTERVENTION_TYPES else name


class CodeReader:
    """Turns the spellings of one record into codes and remembers those that no list has."""

    def __init__(self) -> None:
        self.unknown: list[tuple[str, str]] = []

    def one(self, scheme: str, spelling: str | None) -> str | None:
        """Return the code, or the value as it stands where the list has no such code; None for nothing.

        "N/A" is nothing in the lists that have no code for it.
        """
        if spelling is None or not spelling.strip():
            return None
        code = find_code(scheme, spelling)
        if code is None and _key(spelling) != _NOT_APPLICABLE:
            code = spelling.strip()
            if (scheme, code) not in self.unknown:
                self.unknown.append((scheme, code))
        return code

    def many(self, scheme: str, spellings: list[str]) -> tuple[str, ...]:
        """Return the codes of a list, in its order."""
        return tuple(code for spelling in spellings if (code := self.one(scheme, spelling)) is not None)
