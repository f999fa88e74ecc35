"""Link the names that a record reports (conditions, interventions, outcomes) to concepts.

A name is taken apart and linked as a whole, member by member or by the names in it (`kg.linking.reported`); what the
dictionary finds in it besides is added. The reported name is always kept beside the concept; a name in which nothing is
found stays a name and is counted.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence

from kg.linking.reported import Part, ReportedNames, Taken
from kg.linking.word_lists import listed
from kg.linking.words import words
from kg.models import Concept, ConceptLink, ConceptType, FieldKind, Mention, Span, StatedValue, TextField, Trial

_AGENTS = frozenset({ConceptType.DRUG, ConceptType.DRUG_CLASS, ConceptType.DRUG_COMBINATION, ConceptType.PROCEDURE})
# A protein that is the whole of an intervention's name, or of a member of it, is given: "interleukin-2".
_OF_PARTS = _AGENTS | {ConceptType.MARKER}
_WANTED = {
    FieldKind.CONDITION: frozenset({ConceptType.DISEASE}),
    FieldKind.INTERVENTION_NAME: _AGENTS,
    FieldKind.INTERVENTION_OTHER_NAME: _AGENTS,
    FieldKind.OUTCOME_MEASURE: frozenset({ConceptType.ENDPOINT}),
}
_WHOLE, _PART, _BROADER = 0.98, 0.9, 0.6
# Of these there are kinds, which the words before the name tell: "pelvic surgery", "4th-generation EGFR TKI".
_HAVE_KINDS = frozenset({ConceptType.DRUG_CLASS, ConceptType.PROCEDURE})
_BORDER = re.compile(
    r"[,;:+/&()\[\]|]|\b(?:and|or|with|without|plus|versus|vs|of|for|in|on|by|the|an?|after|before|during|then|no|any|"
    r"other|to|from|as|using|combined|followed)\b",
    re.IGNORECASE,
)
_SAYING_NOTHING = listed(
    """
    additional adjuvant approved available concurrent continued conventional current daily existing experimental
    first further group initial investigational line maintenance neoadjuvant new novel only oral physician planned
    previous prior regular repeat repeated routine second single standard study subsequent supportive systemic
    topical usual weekly
    """
)
_SHORTEST_KIND = 3  # characters of a word that names a kind; shorter ones are units and routes
_SAME_NAME = 0.93  # a score from which on the words are a label of the concept


class NameLinks:
    """Links the reported names of trials.

    Args:
        names: Takes names apart.
        concept: Gives the concept of an IRI that was found.
    """

    def __init__(self, names: ReportedNames, concept: Callable[[str], Concept]) -> None:
        self._names = names
        self._concept = concept

    def links(self, trial: Trial, mentions: Sequence[Sequence[Mention]]) -> Iterator[ConceptLink]:
        """Yield the links of the trial's reported names; ``mentions`` go with ``trial.texts`` one to one.

        Another name of an intervention counts only where its own name yields nothing.
        """
        named: set[int] = set()
        for field, found in zip(trial.texts, mentions, strict=True):
            if field.kind not in _WANTED or (field.kind is FieldKind.INTERVENTION_OTHER_NAME and field.index in named):
                continue
            for link in self._of_field(field, found):
                if field.kind is FieldKind.INTERVENTION_NAME:
                    named.add(field.index)
                yield link

    def stated_values(self, trial: Trial) -> Iterator[StatedValue]:
        """Yield the doses, routes, schedules and forms in the names of the trial's interventions."""
        for field in trial.texts:
            if field.kind is FieldKind.INTERVENTION_NAME:
                for stated in self._names.intervention(field.text).values:
                    span = Span(text=field, start=stated.start, end=stated.end)
                    yield StatedValue(kind=stated.kind, index=field.index, span=span)

    def _of_field(self, field: TextField, mentions: Sequence[Mention]) -> Iterator[ConceptLink]:
        taken, wanted = self._taken(field), _WANTED[field.kind]
        named = [it for it in mentions if it.concept.concept_type in wanted and not _overlaps(it.span, taken.unlinked)]
        parts = [part for part in taken.parts if not any(_is_more(mention.span, part) for mention in named)]
        covered = [(part.start, part.end) for part in parts]
        linked: set[str] = set()
        linkable = _OF_PARTS if wanted is _AGENTS else wanted
        for part in parts:
            concept = self._concept(part.meant.label.concept_iri)
            if concept.concept_type in linkable and concept.iri not in linked:
                linked.add(concept.iri)
                yield _of_part(field, part, concept, covered)
        for mention in named:
            if not _overlaps(mention.span, covered):
                yield _inside(field, mention.span, mention.concept, [(it.span.start, it.span.end) for it in named])

    def _taken(self, field: TextField) -> Taken:
        if field.kind is FieldKind.OUTCOME_MEASURE:
            return Taken((), (), ())
        is_condition = field.kind is FieldKind.CONDITION
        return self._names.condition(field.text) if is_condition else self._names.intervention(field.text)


def unlinked(trial: Trial, found: Sequence[ConceptLink]) -> Iterator[tuple[FieldKind, str]]:
    """Yield the reported names without a link, with what they are names of."""
    linked = {(link.owner, link.index) for link in found}
    names = (
        (FieldKind.CONDITION, trial.conditions),
        (FieldKind.INTERVENTION_NAME, tuple(intervention.name for intervention in trial.interventions)),
        (FieldKind.OUTCOME_MEASURE, tuple(outcome.measure for outcome in trial.outcomes)),
    )
    for kind, values in names:
        for index, name in enumerate(values):
            if (kind, index) not in linked:
                yield kind, name


def _overlaps(span: Span, stretches: Iterable[tuple[int, int]]) -> bool:
    return any(start < span.end and span.start < end for start, end in stretches)


def _is_more(span: Span, part: Part) -> bool:
    """Tell whether a mention has a part's words and more, for example those of a marker's state."""
    return span.start <= part.start and part.end <= span.end and span.end - span.start > part.end - part.start


def _of_part(field: TextField, part: Part, concept: Concept, covered: Sequence[tuple[int, int]]) -> ConceptLink:
    span = Span(text=field, start=part.start, end=part.end)
    if part.meant.score >= _SAME_NAME:
        return _inside(field, span, concept, covered)
    return _link(field, span, concept, min(_PART, part.meant.score), "variant-of-name")


def _inside(field: TextField, span: Span, concept: Concept, covered: Sequence[tuple[int, int]]) -> ConceptLink:
    """Return the link of a name among other words: where these name a kind of the concept, it is a broader one."""
    if concept.concept_type in _HAVE_KINDS and _names_a_kind(field.text, span.start, covered):
        return _link(field, span, concept, _BROADER, "broader-than-name")
    return _link(field, span, concept, _PART)


def _names_a_kind(text: str, start: int, covered: Sequence[tuple[int, int]]) -> bool:
    """Tell whether the words right before ``start``, back to a border or another name, say which kind is meant."""
    borders = [it.end() for it in _BORDER.finditer(text, 0, start)]
    begin = max([0, *borders, *(end for _, end in covered if end <= start)])
    return any(
        not (it.is_qualifier or it.form in _SAYING_NOTHING or it.form.isdigit() or len(it.form) < _SHORTEST_KIND)
        for it in words(text[begin:start])
    )


def _link(field: TextField, span: Span, concept: Concept, confidence: float, rule: str = "") -> ConceptLink:
    """Return a link; a name that is a label as a whole needs no other rule."""
    whole = not rule and span.quote.strip() == field.text.strip()
    owner = FieldKind.INTERVENTION_NAME if field.kind is FieldKind.INTERVENTION_OTHER_NAME else field.kind
    return ConceptLink(
        owner=owner,
        index=field.index,
        concept=concept,
        span=span,
        rule=rule or ("whole-name" if whole else "part-of-name"),
        confidence=_WHOLE if whole else confidence,
    )
