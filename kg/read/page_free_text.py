"""What only a page's sentences say: enrolment, partners, country, acronym, design, arms, condition.

Right before rich: a rule reads a sentence only where it speaks of this trial (in the future, or as "this study"),
and keeps silent where two sentences would give two values. A field that the page states in its own place is never
read from a sentence.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from typing import Final, NamedTuple

from kg.models import FieldKind, FreeTextFact, Span, TextField, Trial
from kg.read.page_countries import COUNTRIES

_PROSE: Final = frozenset({FieldKind.BRIEF_SUMMARY, FieldKind.DETAILED_DESCRIPTION})
_TITLES: Final = frozenset({FieldKind.BRIEF_TITLE, FieldKind.OFFICIAL_TITLE})
_SENTENCE_END = re.compile(r"(?<=[.;!?])\s+(?=[A-Z0-9•*-])|\n+")


class _Sentence(NamedTuple):
    """A sentence and where it stands."""

    field: TextField
    start: int
    text: str

    def fact(self, name: str, value: str, match: re.Match[str], rule: str, group: str | int = 0) -> FreeTextFact:
        """Return the fact that a group of a match in this sentence states."""
        span = Span(text=self.field, start=self.start + match.start(group), end=self.start + match.end(group))
        return FreeTextFact(field=name, value=value, span=span, rule=rule)


def free_text_facts(trial: Trial) -> tuple[FreeTextFact, ...]:
    """Return what the prose and titles of a trial say of fields that it has no value for, in the fields' order.

    ``field`` is ``enrollment``, ``acronym``, ``collaborator``, ``country``, ``study_type``, ``time_perspective``,
    ``observational_model``, ``intervention_model``, ``allocation``, ``arm`` or ``condition``.
    """
    prose = [sentence for field in trial.texts if field.kind in _PROSE for sentence in _sentences(field)]
    titles = [_Sentence(field, 0, field.text) for field in trial.texts if field.kind in _TITLES]
    found: list[FreeTextFact] = []
    if trial.enrollment is None:
        found += _agreed(_enrollment(prose))
    if trial.acronym is None:
        found += _agreed(_acronym(prose), key=lambda value: value.replace("-", "").casefold())
    if not trial.collaborators and trial.lead_sponsor is not None:
        found += _collaborator(prose, trial.lead_sponsor.name)
    if not trial.countries:
        found += _agreed(_country(prose))
    found += _design(trial, prose, titles)
    if not trial.arms:
        found += _arms(prose)
    if not trial.conditions:
        found += _conditions(trial, prose, titles)
    return tuple(found)


def _sentences(field: TextField) -> Iterator[_Sentence]:
    start = 0
    for end in [*_SENTENCE_END.finditer(field.text), None]:
        stop = end.start() if end else len(field.text)
        if field.text[start:stop].strip():
            yield _Sentence(field, start, field.text[start:stop])
        start = end.end() if end else stop


def _agreed(facts: Iterator[FreeTextFact], key: Callable[[str], str] = str) -> list[FreeTextFact]:
    """Return the first fact, or none where the sentences differ."""
    found = list(facts)
    return found[:1] if len({key(fact.value) for fact in found}) == 1 else []


# --- enrolment ----------------------------------------------------------------------------------------------------

_PEOPLE = r"(?:patients|participants|subjects|women|men|individuals|volunteers|adults|children|persons|people)"
_COUNT = r"(?P<count>\d{1,3}(?:[, ]\d{3})+|\d{1,6})"
_WORDS = r"(?:[A-Za-z0-9+/-]+ ){0,4}?"
_JOIN = r"(?:enrolled|included|recruited|randomi[sz]ed|accrued)"
_ENROLLED: Final = (
    re.compile(
        rf"(?<![\w.,/-]){_COUNT} {_WORDS}{_PEOPLE}(?: [^.;,\d]{{0,80}}?)?"
        rf" (?:will|are (?:planned|expected)? ?to) be {_JOIN}\b"
    ),
    re.compile(
        rf"\b(?:will|plans? to|aims? to|intends? to) (?:enrol|enroll|include|recruit|accrue|randomi[sz]e) "
        rf"(?:a total of |approximately |about |around )?{_COUNT} {_WORDS}{_PEOPLE}\b"
    ),
    re.compile(rf"\b(?:total|sample size) of {_COUNT} {_WORDS}{_PEOPLE} (?:will|is|are) (?:to )?be {_JOIN}\b"),
)
# A part of the trial's people, or another's.
_PARTIAL = re.compile(
    r"\b(?:each|per|arms?|cohorts?|part|stage|phase (?:1|2|I|II)|first|another|additional|subgroups?"
    r"|sub-study|substudy|of whom|at least|up to \d+ patients|respectively|groups?)\b",
    re.IGNORECASE,
)


def _enrollment(prose: Sequence[_Sentence]) -> Iterator[FreeTextFact]:
    for sentence in prose:
        if _PARTIAL.search(sentence.text):
            continue
        for pattern in _ENROLLED:
            match = pattern.search(sentence.text)
            if match:
                yield sentence.fact("enrollment", re.sub(r"\D", "", match["count"]), match, "enrollment-sentence")
                break


# --- acronym ------------------------------------------------------------------------------------------------------

_NAMED_STUDY = re.compile(
    r"\b[Tt]he (?P<name>[A-Z][\w-]*[A-Z0-9][\w-]*) (?:study|trial) (?:aims?|will|seeks?|intends?|plans?|is designed)\b"
)


def _acronym(prose: Sequence[_Sentence]) -> Iterator[FreeTextFact]:
    for sentence in prose:
        match = _NAMED_STUDY.search(sentence.text)
        if match:
            yield sentence.fact("acronym", match["name"], match, "acronym-of-study", "name")


# --- partners and countries ---------------------------------------------------------------------------------------

_COLLABORATION = re.compile(
    r"\b(?:study|trial|project|collaboration|partnership) (?:is )?(?:conducted )?(?:a collaboration )?between "
    r"(?P<one>[^.;()]{3,120}?)(?: \([^()]*\))? and (?P<two>[^.;()]{3,120}?)(?: \([^()]*\))?(?=[.;]|$)"
)
_ORGANISATION_NOISE = re.compile(
    r"(?:the |a )?(?:(?:pharmaceutical|biotech(?:nology)?|medical device|industrial) )?"
    r"(?:(?:group|company|laboratory|laboratories|firm|partner|sponsor|manufacturer) )?(?=[A-Z])"
)
_COMMON_NAME_WORDS: Final = frozenset(
    {
        "ag", "and", "cancer", "center", "centre", "company", "de", "des", "du", "et", "for", "gmbh", "group",
        "hospital", "inc", "institut", "institute", "la", "le", "ltd", "medical", "national", "of", "research", "sa",
        "the", "universite", "university"
    }
)  # fmt: skip


def _collaborator(prose: Sequence[_Sentence], lead: str) -> list[FreeTextFact]:
    """Read the partner of "between X and Y" where exactly one of the two is the lead sponsor."""
    for sentence in prose:
        match = _COLLABORATION.search(sentence.text)
        if not match or ("collaborat" not in sentence.text and "partner" not in sentence.text):
            continue
        others = [group for group in ("one", "two") if not _same_organisation(match[group], lead)]
        if len(others) != 1:
            continue
        noise = _ORGANISATION_NOISE.match(match[others[0]])
        name = match[others[0]][noise.end() if noise else 0 :].strip(" ,")
        if name[:1].isupper():
            found = re.compile(re.escape(name)).search(sentence.text, match.start(others[0]))
            return [sentence.fact("collaborator", name, found, "collaborative-study")] if found else []
    return []


def _same_organisation(one: str, two: str) -> bool:
    """Tell whether two names share a word that is particular to one organisation."""
    return bool(_particular_words(one) & _particular_words(two))


def _particular_words(name: str) -> set[str]:
    return set(re.findall(r"\w{3,}", name.casefold())) - _COMMON_NAME_WORDS


# Names that prose gives to more than the country are not taken from it.
_COUNTRIES: Final = "|".join(
    re.escape(name) for name in sorted(COUNTRIES, key=len, reverse=True) if name not in ("Georgia", "Jersey")
)
_PLACE = re.compile(
    r"\b(?:will (?:take place|be (?:conducted|performed|carried out|run))|takes place|is (?:being )?conducted)\b"
    r"[^.;]{0,60}?\b(?:institutions?|hospitals?|cent(?:er|re)s?|sites?|clinics?|departments?)\b"
    rf"(?: throughout| across)? in (?:the )?(?P<country>{_COUNTRIES})\b(?! and\b|,| or\b)"
)


def _country(prose: Sequence[_Sentence]) -> Iterator[FreeTextFact]:
    for sentence in prose:
        whole = re.sub(r", and (?=\d[\d,]* )", "; and ", sentence.text)  # a new clause: "in France, and 241 patients …"
        match = _PLACE.search(whole)
        if match:
            yield sentence.fact("country", match["country"], match, "place-of-sites", "country")


# --- design -------------------------------------------------------------------------------------------------------

_THIS_STUDY = re.compile(
    r"\b(?:[Tt]his|[Tt]he (?:present|current)|[Oo]ur) (?:\w[\w/-]*,? ){0,8}?(?:study|trial|project)\b"
)
_DESIGN: Final = (
    ("study_type", "OBSERVATIONAL", re.compile(r"\b(?:observational|non-?interventional)\b", re.IGNORECASE)),
    ("time_perspective", "PROSPECTIVE", re.compile(r"\bprospective\b", re.IGNORECASE)),
    ("time_perspective", "RETROSPECTIVE", re.compile(r"\bretrospective\b", re.IGNORECASE)),
    ("time_perspective", "CROSS_SECTIONAL", re.compile(r"\bcross-sectional\b", re.IGNORECASE)),
    ("observational_model", "COHORT", re.compile(r"\bcohort study\b", re.IGNORECASE)),
    ("observational_model", "CASE_CONTROL", re.compile(r"\bcase-control\b", re.IGNORECASE)),
    ("intervention_model", "SINGLE_GROUP", re.compile(r"\bsingle-arm\b", re.IGNORECASE)),
    ("allocation", "NON_RANDOMIZED", re.compile(r"\bnon-?randomi[sz]ed\b", re.IGNORECASE)),
    (
        "allocation",
        "RANDOMIZED",
        re.compile(r"(?<!-)(?<!non)\brandomi[sz]ed\b(?=[^.]*\b(?:trial|study|design)\b)", re.IGNORECASE),
    ),
)
_OBSERVATIONAL_ONLY: Final = frozenset({"time_perspective", "observational_model"})
_INTERVENTIONAL_ONLY: Final = frozenset({"intervention_model", "allocation"})


def _design(trial: Trial, prose: Sequence[_Sentence], titles: Sequence[_Sentence]) -> list[FreeTextFact]:
    """Read the design from "This study …" and from the title: what fits the type of study, if there is one answer."""
    own = [*(sentence for sentence in prose if _THIS_STUDY.search(sentence.text)), *titles]
    found: dict[str, list[FreeTextFact]] = {}
    for sentence in own:
        for name, value, pattern in _DESIGN:
            match = pattern.search(sentence.text)
            if match and getattr(trial, name) is None:
                found.setdefault(name, []).append(sentence.fact(name, value, match, "design-sentence"))
    agreed = [fact for facts in found.values() for fact in _agreed(iter(facts))]
    study_type = trial.study_type or next((fact.value for fact in agreed if fact.field == "study_type"), None)
    by_type = {"OBSERVATIONAL": _OBSERVATIONAL_ONLY, "INTERVENTIONAL": _INTERVENTIONAL_ONLY}
    fitting = by_type.get(study_type or "", frozenset())
    return [fact for fact in agreed if fact.field in fitting or fact.field == "study_type"]


# --- arms ---------------------------------------------------------------------------------------------------------

_DIVISION = re.compile(
    r"\b(?:divid|assign|allocat|randomi[sz]|split|stratif)\w*\b[^.;]{0,60}?\b(?:into|to|between)"
    r" (?:either )?(?:an?|the) (?P<one>[^.;,]{2,80}? (?:group|arm|cohort))"
    r" (?:and|or|versus) (?:an?|the) (?P<two>[^.;,]{2,80}? (?:group|arm|cohort))\b",
)


def _arms(prose: Sequence[_Sentence]) -> list[FreeTextFact]:
    """Read the two groups that the people of this trial are divided into."""
    for sentence in prose:
        match = _DIVISION.search(sentence.text)
        if match and not re.search(r"\b(?:were|was|had been) (?:\w+ )?(?:divid|assign|alloc|random)", sentence.text):
            return [
                sentence.fact("arm", match[group], match, "division-into-groups", group) for group in ("one", "two")
            ]
    return []


# --- condition ----------------------------------------------------------------------------------------------------

_DISEASE = (
    r"(?:cancers?|carcinomas?|neoplasms?|tumou?rs?|leuk[ae]+mias?|lymphomas?|melanomas?|sarcomas?|myelomas?|gliomas?"
    r"|glioblastomas?|mesotheliomas?|adenocarcinomas?|malignanc(?:y|ies)|metastas[ei]s|diseases?|disorders?|syndromes?"
    r"|diabetes|asthma|failure|infections?)"
)
_IN_TITLE = re.compile(
    r"\bin (?:(?:the )?(?:treatment of )|(?:[\w-]+ ){0,2}?(?:patients|women|subjects|participants|men|adults)"
    r" (?:with|having) )?(?:the )?"
    rf"(?P<condition>(?:(?!\bin\b)[^:,;()]){{0,100}}?\b{_DISEASE})(?=\s*(?:$|[:,;(.]))",
    re.IGNORECASE,
)
_POPULATION = re.compile(
    rf"\b(?:{_PEOPLE}) (?:with|suffering from|who have) (?P<condition>[^.;,:()]{{2,100}}?)"
    r"(?=[.;,:(]|\s+(?:scheduled|candidates?|who|treated|receiving|undergoing|after|that|and (?:to|who|are)"
    r"|will|are|at|in|from|starting|eligible|for whom|whose|before|during)\b|$)"
)
_OWN_STUDY = re.compile(
    r"\b(?:[Tt]his (?:[\w-]+ ){0,4}?(?:study|trial)"
    r"|[Tt]he (?:[A-Z][\w-]* )?(?:study|trial) (?:aims?|will|seeks?|intends?|plans?))\b"
)


def _conditions(trial: Trial, prose: Sequence[_Sentence], titles: Sequence[_Sentence]) -> list[FreeTextFact]:
    """Read the condition from "… in X" in a title, else from "patients with X" where a sentence tells of this study."""
    for sentence in titles:
        match = _IN_TITLE.search(sentence.text)
        if match:
            return [sentence.fact("condition", match["condition"], match, "condition-in-title", "condition")]
    abbreviations = _disease_abbreviations(trial)
    for sentence in prose:
        match = _POPULATION.search(sentence.text) if _OWN_STUDY.search(sentence.text) else None
        if match:
            last = match["condition"].split()[-1]
            if last in abbreviations or re.fullmatch(_DISEASE, last, re.IGNORECASE):
                return [sentence.fact("condition", match["condition"], match, "condition-of-population", "condition")]
    return []


def _disease_abbreviations(trial: Trial) -> frozenset[str]:
    """Return the abbreviations that the texts put in brackets after a disease's name."""
    pattern = re.compile(rf"\b{_DISEASE} \((?P<short>[A-Za-z]*[A-Z][\w-]*)\)", re.IGNORECASE)
    return frozenset(match["short"] for field in trial.texts for match in pattern.finditer(field.text))
