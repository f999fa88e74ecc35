"""Wordings that take back or limit what they name: conditions on some patients, exceptions, requests, relatives."""

import re

from kg.extract.searching import Guarded
from kg.identifiers import MESH

# A condition on some of the patients: "If …", "for HER2-positive disease", "ER-positive tumours must have …".
IF = Guarded(r"\b(?:if|when|whenever|where|in (?:the )?(?:case|event) of|for whom|in whom|unless)\b", re.IGNORECASE)
SUBJECT_MUST = Guarded(
    r"^(?:(?!\.\s)[^,;]){0,60}\b(?:must|should|have to|need to|will need|are required to)\b(?! not have been)"
    r"(?! be (?:\w+ly )?(?:confirm|document|determin|assess|histolog|verif|measur|prove|define|demonstrat|evaluat|"
    r"posit|negat|cent|local|perform|available|obtain|known))",
    re.IGNORECASE,
)
ASKS_FOR_IT = Guarded(r"\b(?:must (?:have|be|agree|use)|(?:is|are) required|should have)\b", re.IGNORECASE)
EXCEPTION_WORDS = (
    r"\b(?:except(?:ing|ion|ions)?(?: for| of| if)?|unless|other than|with the exception of|apart from|excluding|but "
    r"not)\b"
)
EXCEPTION = Guarded(EXCEPTION_WORDS, re.IGNORECASE)
EXCEPTION_BEHIND = Guarded(r"\b(?:unless|if\b|provided)\b|\bor (?:have|has) been\b", re.IGNORECASE)
# In a list of exclusions "must not have …" only says once more that it is one; "does not have …" is the opposite.
SAYS_AGAIN = Guarded(
    r"\b(?:(?:must|should|may|can|shall)\s?not|(?:is|are|was|were) not to)\s+"
    r"(?:have|be|show|harbou?r|express|carry|receive|take|undergo)\b",
    re.IGNORECASE,
)
# Somebody else has it; a sibling who gives marrow is no relative in this sense.
FAMILY = re.compile(
    r"\b(?:relatives?|family|families|mother|sister|father|brother|siblings?(?!\s+donors?)|parents?)\b", re.IGNORECASE
)
# Who refuses a treatment has not had it: "Refusal of chemotherapy", "surgery was declined".
_REFUSED_BEFORE = Guarded(
    r"\b(?:refus(?:als?|es?|ed|ing)|declin(?:es?|ed|ing)|reject(?:s|ed|ing|ion)?|unwilling(?:ness)?)"
    r"(?:\s+(?!(?:in|on|who|but|prior|previous|earlier|after|before|during|following|despite|since|within|history|received|"
    r"current|concomitant)\b)[\w/\-]+){0,8}\s+$",
    re.IGNORECASE,
)
_REFUSED_BEHIND = re.compile(
    r"(?:\s+(?:therapy|treatment))?\s+(?:(?:is|was|were|(?:has|have|had) been)\s+)?(?:refused|refusals?|declined)\b",
    re.IGNORECASE,
)


# "Pelvic surgery", "surgery on the spine": of so general a name, who had another kind is not ruled out. Words that say
# when, how much or that it was done make no kind of it.
_WHATEVER_KIND = re.compile(
    r"(?:^|[^\w\s\-]|(?<![\w\-])(?:a|an|the|any|all|no|not|never|other|and|or|and/or|of|for|after|before|with|without|by|"
    r"from|to|as|had|has|have|having|received?|receiving|under(?:go|went|gone|going)|perform\w*|requir\w+|"
    r"need\w*|plan\w*|schedul\w*|elective|emergency|urgent|await\w*|prior|previous|previously|earlier|past|recent|"
    r"recently|current|concurrent|concomitant|ongoing|future|major|minor|significant|extensive|invasive|general|"
    r"inpatient|additional|repeat\w*|history|such as|includ\w+|initial|primary|definitive|curative|palliative))\s*$",
    re.IGNORECASE,
)
_PLACE_BEHIND = re.compile(
    r"\s(?:on|of|to|at|in|involving|affecting|around)\s(?!(?:the\s|their\s|a\s)?(?:any|last|past|previous|prior|preceding|"
    r"\d|one|two|three|four|five|six|eight|twelve|time|least|less|order|general|addition|combination|future|hospital|"
    r"study|course|whatever|be)\b)",
    re.IGNORECASE,
)
_GENERAL = f"{MESH}D013514"  # surgery of any kind


def is_one_kind(concept_iri: str, before: str, after: str) -> bool:
    """Tell whether the words around the most general name of a treatment make it the name of one kind."""
    if concept_iri != _GENERAL:
        return False
    return _WHATEVER_KIND.search(before) is None or _PLACE_BEHIND.match(after) is not None


def is_refused(before: str, after: str) -> bool:
    """Tell whether the words around a treatment say that it was refused."""
    return _REFUSED_BEFORE.search(before) is not None or _REFUSED_BEHIND.match(after) is not None


_HEADING = re.compile(r"\s*:")
_RUN_ON_HEADING = re.compile(r"\s*:\s+[A-Z]")
_HEADING_BEFORE = re.compile(r"(?:^|[.:]\s*|\*\s*|specified\s+|characteristics\s+)$", re.IGNORECASE)
_CAUSED_BY = Guarded(
    r"\b(?:adverse events?|toxicit\w+|effects?|AEs?)\b[^.;]{0,30}\b(?:from|of|to|with)\b[^.;]{0,60}$|"
    r"\b(?:due to|secondary to|caused by|induced by|associated with|related to|attribut\w+ to|because of|side "
    r"effects? of|(?:adverse (?:events?|effects?)|effects?|complications?|sequelae|recover\w*) (?:from|form|of|"
    r"after))\s+(?:[\w\-]+,?\s+){0,5}$",
    re.IGNORECASE,
)
_NO_TREATMENT = re.compile(
    r"(?:(?:,?\s+(?:or|and)\s+|\s?/\s?)\w+(?:\s+drug)?)?[\s\-]*(?:use disorder|abus|misuse|dependen|overdos|addict|"
    r"deficien|(?:blood |serum |plasma )?levels?\b|poison|"
    r"withdrawal|induced|related|associated|concentration|margins?\b|resistance test|status\b|sensitive|responsive)|"
    r"\s*(?:\([^()]*\)\s*)?(?:clearance\b|\\?[<>≤≥=])",
    re.IGNORECASE,
)
# What is measured in blood and urine, and hardly ever given.
_ANALYTE = re.compile(
    r"creatinine|bilirubin|(?:blood[ -]+)?urea(?: nitrogen)?|nitrogen|uric acid|cotinine", re.IGNORECASE
)
_NO_TREATMENT_BEFORE = Guarded(
    r"\b(?:abuse|misuse|overdose|addiction|dependen\w+|deficiency|levels?) (?:of|on|to)\s+(?:[\w,]+\s+){0,4}$|"
    r"\b(?:(?:over|under)?-?production|secretion|synthesis) of\s+(?:[\w,(.]+\s+){0,5}\(?$|"
    r"\b(?:blockade|inhibition|suppression|deprivation|withdrawal|ablation|depletion) of\s+(?:\w+\s+){0,5}$|"
    r"\b(?:elevated|low|serum|plasma|high|(?:blood|urin\w+|(?:serum|plasma) total))\s+$",
    re.IGNORECASE,
)
# "Radiotherapy is one regimen", "tamoxifen is not considered": a way of counting.
_COUNTED = re.compile(
    r"(?:\s*\([^()]*\))?[^,.;(]{0,30}?\s(?:(?:is|are|will be|was|were)\s+(?:not\s+)?(?:considered|"
    r"counted|regarded|defined|\d|one)|(?:counts?|does not count|do not count) as)\b",
    re.IGNORECASE,
)
# Its place, and what it cannot do: "outside of any radiation port", "incurable by surgery".
_ITS_PLACE = re.compile(
    r"\s+(?:therapy |treatment )?(?:fields?|ports?|portals?|beds?|sites?|scars?|volumes?|specialists?|physicians?|"
    r"teams?|services?|units?|nurses?|clinics?|cent(?:er|re)s?)\b",
    re.IGNORECASE,
)
_INCURABLE_BY = Guarded(r"\b(?:in|un|not |non-?)curable (?:by|with)\s+(?:[\w,]+\s+){0,4}$", re.IGNORECASE)
# A part of the body that was treated: "no prior radiotherapy to more than 25% of the marrow".
_PORTION_BEHIND = re.compile(
    r"\s+(?:to|of|involving|covering|encompassing)\s+(?:(?:more|greater|less) than|at least|over|>=?|≥|\d)"
    r"[^.;]{0,25}?(?:%|percent|half|third)",
    re.IGNORECASE,
)
# What is ruled out comes after the treatment: "urine leak after prostatectomy", "progression after trastuzumab".
_AFTER_IT = Guarded(r"\b(?:after|following|since)\s+(?:[\w\-]+\s+){0,3}$", re.IGNORECASE)


def is_no_treatment(before: str, after: str) -> bool:
    """Tell whether a treatment's name stands for something else: a heading, a cause, an abuse, a level, a place."""
    heading = (_HEADING.match(after) and _HEADING_BEFORE.search(before)) or _RUN_ON_HEADING.match(after)
    return bool(
        heading
        or _COUNTED.match(after)
        or _ITS_PLACE.match(after)
        or _INCURABLE_BY.search(before)
        or _NO_TREATMENT.match(after)
        or _CAUSED_BY.search(before)
        or _NO_TREATMENT_BEFORE.search(before)
    )


def is_analyte(name: str) -> bool:
    """Tell whether a name is of what is measured in blood and urine, and hardly ever given."""
    return _ANALYTE.fullmatch(name) is not None


def is_of_a_part(after: str) -> bool:
    """Tell whether only a treatment of a part of the body is meant, by its size."""
    return _PORTION_BEHIND.match(after) is not None


def is_before_something(before: str) -> bool:
    """Tell whether a treatment is named for what came after it."""
    return _AFTER_IT.search(before) is not None
