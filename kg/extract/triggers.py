"""The words that change what a mention means: a table, one row a trigger, each with an example.

The kinds and their scopes are those of NegEx (Chapman et al., J Biomed Inform 2001) and ConText (Harkema et al., J
Biomed Inform 2009), with what eligibility criteria add: verdicts ("is not eligible"), permissions and exceptions. The
phrases were collected from those papers and from criteria, then each was read in its sentences.

A phrase is words with single spaces, in lower case; ``a|b`` in a word are alternatives, ``?`` behind a word makes it
optional. A row's example has the mention in square brackets; a test reads every row's.
"""

from collections.abc import Iterator
from enum import Enum, StrEnum
from itertools import product
from typing import Final, NamedTuple


class ContextKind(StrEnum):
    """What the words around a mention make of it."""

    NEGATED = "negated"  # "no …", "… has not been given"
    PREVENTED = "prevented"  # "unable to …", "refuses …": it will not happen, but nobody forbids it
    TESTED_NEGATIVE = "tested negative"  # "negative for …"
    NEGATIVE = "negative"  # "negative … test", "… negative"
    RULED_OUT = "ruled out"  # "patients with … are not eligible"
    EXCEPTION = "exception"  # "except …", "other than …"
    PERMITTED = "permitted"  # "… is allowed", "regardless of …": nothing is asked
    POSSIBLE = "possible"  # "suspected …"
    HISTORICAL = "historical"  # "history of …", "prior …"
    FAMILY = "family"  # "family history of …": somebody else's
    HYPOTHETICAL = "hypothetical"  # "if …", "risk of …"


class Side(Enum):
    """Where a trigger's scope lies."""

    BEFORE = "the trigger stands before what it changes"
    AFTER = "the trigger stands behind what it changes"
    NOWHERE = "looks like a trigger and is none"
    INSIDE = "the mention itself says it"
    END = "ends the scope of a trigger before it"
    EXAMPLE = "ends an exception: what follows is an example of all the others"
    DOUBT = "a trigger before it may reach what follows, or not"
    DOUBTS_NEGATION = "a negation before it may reach what follows, or not; another trigger does"


class Reach(Enum):
    """How far a scope goes, or what an end ends."""

    BESIDE = "the mention right beside it, but for a noun or two"
    PHRASE = "to the next comma"
    LIST = "on through a list"


class Row(NamedTuple):
    """A trigger. ``kind`` is None for ends and for what is no trigger."""

    kind: ContextKind | None
    side: Side
    reach: Reach
    phrase: str
    example: str


_N, _PRE, _OUT, _EX = ContextKind.NEGATED, ContextKind.PREVENTED, ContextKind.RULED_OUT, ContextKind.EXCEPTION
_MAY, _POS, _HIS = ContextKind.PERMITTED, ContextKind.POSSIBLE, ContextKind.HISTORICAL
_FAM, _HYP = ContextKind.FAMILY, ContextKind.HYPOTHETICAL
_B, _A, _X, _E = Side.BEFORE, Side.AFTER, Side.NOWHERE, Side.END
_D, _DN = Side.DOUBT, Side.DOUBTS_NEGATION
_ONE, _PHR, _ALL = Reach.BESIDE, Reach.PHRASE, Reach.LIST

ROWS: Final = (
    # --- negation, before
    Row(_N, _B, _ALL, "no", "no [diabetes]"),
    Row(_N, _B, _ALL, "not", "not [pregnant]"),
    Row(_N, _B, _ALL, "can't|don't|doesn't|hasn't|haven't|isn't|aren't|won't|didn't", "who don't have [asthma]"),
    Row(_N, _B, _ALL, "cannot have|be|receive|take", "cannot have [asthma]"),
    Row(_N, _B, _ALL, "can not have|be|receive|take", "can not have [asthma]"),
    Row(_N, _B, _ALL, "never", "never had [chemotherapy]"),
    Row(_N, _B, _ALL, "none", "none of whom has [sepsis]"),
    Row(_N, _B, _ALL, "neither|nor", "neither fever nor [sepsis]"),
    Row(_N, _B, _ALL, "without", "without [brain metastases]"),
    Row(_N, _B, _ALL, "with no", "with no [fever]"),
    Row(_N, _B, _ALL, "no patients|subjects|participants|women|men|individuals|one who|with",
        "no patients who had [sepsis]"),
    Row(_N, _B, _ALL, "not currently? in|on|from|for|at|by|during|after|following", "not currently on [insulin]"),
    Row(_N, _B, _PHR, "currently|be|been|is|are off", "currently off [insulin]"),
    Row(_N, _B, _ALL, "not suffer|suffering from", "does not suffer from [asthma]"),
    Row(_N, _B, _ALL, "not been|currently? engage|engaged|participate|participated|involved in",
        "not engaged in [exercise]"),
    Row(_N, _B, _ALL, "not be? suitable|fit|eligible|registered|indicated for|to", "not fit for [surgery]"),
    Row(_N, _B, _ALL, "not require|requires|requiring|need|needs|needing", "does not require [oxygen]"),
    Row(_N, _B, _ALL, "not be? expected|anticipated|likely to require|need", "not expected to need [oxygen]"),
    Row(_N, _B, _PHR, "not directly|primarily|solely|strictly? due|attributed|attributable|related to",
        "pain not due to [cancer]"),
    Row(_N, _B, _ALL, "no need for", "no need for [surgery]"),
    Row(_N, _B, _ALL, "but|and not", "bleeding, but not [bruises]"),
    Row(_N, _B, _ALL, "no evidence|sign|signs|symptoms|finding|findings of", "no evidence of [relapse]"),
    Row(_N, _B, _ALL, "free of|from", "free of [infection]"),
    Row(_N, _B, _ALL, "freedom from", "freedom from [pain]"),
    Row(_N, _B, _ALL, "absence|absent of?", "absence of [fever]"),
    Row(_N, _B, _ALL, "lack|lacks|lacking of?", "lack of [response]"),
    Row(_N, _B, _ALL, "non -? carrier|carriers of", "non carriers of a [mutation]"),
    Row(_N, _B, _ALL, "noncarrier|noncarriers of", "noncarriers of a [mutation]"),
    Row(_N, _B, _ALL, "devoid of", "devoid of [disease]"),
    Row(_N, _B, _ALL, "rule|rules|ruled|ruling out", "CT that rules out [haemorrhage]"),
    Row(_N, _B, _ALL, "denies|denied|denying", "denies [chest pain]"),
    Row(_N, _B, _ALL, "naive|naïve to|for", "naive to [interferon]"),
    Row(_N, _B, _PHR, "untreated with|by", "untreated with [insulin]"),
    Row(_N, _B, _ONE, "non", "non-[smokers]"),
    Row(_N, _B, _ONE, "un", "un-[medicated]"),
    Row(_N, _B, _PHR, "incompatible with", "findings incompatible with [psoriasis]"),
    Row(_N, Side.INSIDE, _ONE, "untreated|unmedicated|unvaccinated", "[untreated] stenosis"),
    # --- negation, behind
    Row(_N, _A, _ONE, "naive|naïve", "[chemotherapy]-naive"),
    Row(_N, _A, _ONE, "free|freedom", "[drug]-free"),
    Row(_N, _A, _ONE, "is|are|was|were|be? absent", "[fever] is absent"),
    Row(_N, _A, _ONE, "is|are|was|were|has|have? not been? given|present|known|detected|found",
        "[cancer] not detected"),
    Row(_N, _A, _ONE, "has|have|is|was not been", "[radiotherapy] has not been used"),
    Row(_N, _A, _ONE, "is|are|was|were not administered|received|used|undertaken|initiated|started|carried",
        "[docetaxel] was not administered"),
    Row(_N, _A, _ONE, "has|have|was|were|is|are never been?", "[docetaxel] was never given"),
    Row(_N, _A, _ONE, "must|should|may not have been", "[docetaxel] must not have been given"),
    Row(_N, _A, _ONE, "must|should? has|have been? ruled|excluded out?", "[haemorrhage] has been ruled out"),
    Row(_N, _A, _ONE, "is|are|was|were|must|should|be? be? ruled out", "[haemorrhage] was ruled out"),
    Row(_N, _A, _ONE, "impossible", "anatomy that makes [catheterisation] impossible"),
    Row(_N, _A, _ONE, "is|was|are|were? not possible|performed|done|available|indicated", "[biopsy] is not possible"),
    # --- what cannot or will not happen
    Row(_PRE, _B, _PHR, "unable|inability|unability|inhability|unwilling|unwillingness|reluctant|reluctance to?",
        "unable to undergo [MRI]"),
    Row(_PRE, _B, _ALL, "not able|willing to", "not able to undergo [MRI]"),
    Row(_PRE, _B, _ALL, "cannot", "cannot undergo [MRI]"),
    Row(_PRE, _B, _ALL, "can|could not", "could not undergo [MRI]"),
    Row(_PRE, _B, _PHR, "impossible to", "impossible to do [MRI]"),
    Row(_PRE, _B, _PHR, "cancellation|incompletion of", "cancellation of [surgery]"),
    Row(_PRE, _B, _PHR, "unfit|unsuitable|ineligible|unqualified for|to?", "ineligible for [surgery]"),
    Row(_PRE, _B, _PHR, "preclude|precludes|precluding|precluded", "disease that precludes [biopsy]"),
    Row(_PRE, _B, _PHR, "prevent|prevents|preventing|prohibit|prohibits|prohibiting", "deformity that prevents [MRI]"),
    Row(_PRE, _B, _PHR, "prevent|prevents|preventing them|patients|subjects from|to",
        "that prevents them from [walking]"),
    Row(_PRE, _B, _PHR, "refuse|refuses|refused|refusing|decline|declined to?", "refuses [transfusion]"),
    Row(_PRE, _B, _PHR, "stop|discontinue|abstain|refrain from?", "must stop [aspirin]"),
    # --- results of tests
    Row(ContextKind.TESTED_NEGATIVE, _B, _ALL, "negative for", "negative for [HIV]"),
    Row(ContextKind.NEGATIVE, _B, _ONE, "negative serum|urine|blood? for?", "negative urine [pregnancy test]"),
    Row(ContextKind.NEGATIVE, _A, _ONE, "is|are|was|were|be? negative", "[HIV] test is negative"),
    # --- verdicts
    Row(_OUT, _A, _ALL, "is|are|will|was|were|must|should|be? be? excluded|ineligible", "[diabetes] will be excluded"),
    Row(_OUT, _A, _ALL, "is|are|will|be? be? prohibited|forbidden|disallowed", "[steroids] are prohibited"),
    Row(_OUT, _A, _ALL,
        "must|should|may|can|will|is|are|shall? not be? "
        "allowed|permitted|eligible|included|acceptable|accepted|enrolled|recruited",
        "[steroids] must not be allowed"),
    Row(_OUT, _A, _ALL, "cannot be? enrolled|included|participate", "patients on [warfarin] cannot be enrolled"),
    Row(_OUT, _B, _ALL, "exclude|excludes|excluded patients|subjects|those|if? with|they? have?",
        "we exclude patients with [asthma]"),
    Row(_OUT, _B, _ONE, "exclusion of", "after exclusion of [pregnancy]"),
    # --- exceptions
    Row(_EX, _B, _ALL, "except|excepting for|of|in?", "cancer, except for [melanoma]"),
    Row(_EX, _B, _ALL, "exception|exceptions of|is|are", "with the exception of [melanoma]"),
    Row(_EX, _B, _ALL, "excluding|excl .?", "cancer, excluding [melanoma]"),
    Row(_EX, _B, _ALL, "not including|counting", "cancer, not counting [melanoma]"),
    Row(_EX, _B, _ALL, "other than", "cancer other than [melanoma]"),
    Row(_EX, _B, _ALL, "apart|aside from", "cancer apart from [melanoma]"),
    Row(_EX, _B, _PHR, "unless", "cancer, unless [melanoma]"),
    Row(_EX, _B, _ALL, "besides", "cancer besides [melanoma]"),
    Row(_EX, _B, _ALL, "rather than", "a biopsy rather than [cytology]"),
    Row(_EX, _B, _ALL, "instead of", "tablets instead of [insulin]"),
    # --- permissions
    Row(_MAY, _B, _ALL, "regardless|irrespective|independent|independently of", "regardless of [HER2 status]"),
    Row(_MAY, _B, _PHR, "with and|or|/ without", "with or without [fever]"),
    Row(_MAY, _B, _PHR, "whether or not", "whether or not on [aspirin]"),
    Row(_MAY, _B, _PHR, "may|might|can|could also? have|be|receive|continue", "may receive [aspirin]"),
    Row(_MAY, _A, _ALL, "is|are|be? allowed|allowable|permitted|permissible|acceptable|tolerated|optional",
        "[aspirin] is allowed"),
    Row(_MAY, _A, _ALL, "not be? considered? an? exclusion|exclusionary|excluded", "[asthma] is not an exclusion"),
    Row(_MAY, _A, _ALL, "not a? cause|reason for exclusion", "[asthma] is not a reason for exclusion"),
    Row(_MAY, _A, _ALL, "is|are|be? eligible", "those with [asthma] are eligible"),
    Row(_MAY, _A, _ALL, "not be? prohibited|forbidden|precluded", "[radiotherapy] is not prohibited"),
    Row(_MAY, _A, _ALL, "not required|mandatory|necessary|needed", "[biopsy] is not required"),
    # --- possibility
    Row(_POS, _B, _PHR, "suspected|suspicion of?", "suspected [sepsis]"),
    Row(_POS, _B, _PHR, "suspicious for", "suspicious for [cancer]"),
    Row(_POS, _B, _PHR, "possible|probable|presumed|questionable|equivocal", "possible [sepsis]"),
    Row(_POS, _B, _PHR, "cannot rule out", "cannot rule out [sepsis]"),
    Row(_POS, _A, _ONE, "is|are? suspected", "[sepsis] is suspected"),
    Row(_POS, _A, _ONE, "cannot|not be ruled|excluded out?", "[sepsis] cannot be ruled out"),
    Row(_POS, _A, _ONE, "is|are|was|were|has|have? not been? ruled out", "[sepsis] was not ruled out"),
    # --- the past
    Row(_HIS, _B, _ALL, "history of", "history of [stroke]"),
    Row(_HIS, _B, _ALL, "prior|previous|previously|past|earlier|former|formerly", "prior [chemotherapy]"),
    Row(_HIS, _A, _ONE, "in the past", "[stroke] in the past"),
    # --- the family
    Row(_FAM, _B, _ALL, "family history of", "family history of [melanoma]"),
    Row(_FAM, _B, _ALL,
        "relative|relatives|mother|father|sister|brother|sibling|siblings|parent|parents with|who|had|has?",
        "a sister with [melanoma]"),
    Row(_FAM, _A, _ONE, "in a|the? family|relative|relatives", "[melanoma] in the family"),
    # --- hypotheses
    Row(_HYP, _B, _ALL, "if|whenever", "if [sepsis] is found"),
    Row(_HYP, _B, _ALL, "in the? case|event of", "in case of [sepsis]"),
    Row(_HYP, _B, _PHR, "risk of|for", "at risk of [stroke]"),
    Row(_HYP, _B, _PHR, "risk|susceptibility|predisposition to|for", "predisposition to [stroke]"),
    # --- no triggers
    Row(None, _X, _ONE, "no more|less|later|earlier|fewer|greater|longer|limit", "no more than two [seizures]"),
    Row(None, _X, _ONE, "no change|changes|increase|improvement in|of?", "no change in [insulin dose]"),
    Row(None, _X, _ONE, "not only|specified|stated|applicable|yet|otherwise|necessarily|exceed|exceeding",
        "not only [asthma]"),
    Row(None, _X, _ONE, "but not only|limited|restricted to?", "such as, but not only, [rash]"),
    Row(None, _X, _ONE, "not more|less|greater|later|earlier|fewer|longer", "not more than two [seizures]"),
    Row(None, _X, _ONE, "not to exceed", "not to exceed two [doses]"),
    Row(None, _X, _ONE, "not be? a reason|grounds", "not a reason for [surgery]"),
    Row(None, _X, _ONE, "but? not limited|restricted|only to?", "such as, but not limited to, [rash]"),
    Row(None, _X, _ONE, "does|do not exclude|preclude", "does not exclude [asthma]"),
    Row(None, _X, _ONE, "not be? excluded if|unless they? have?", "will not be excluded if they have [asthma]"),
    Row(None, _X, _ONE, "do not resuscitate|intubate", "a \"do not resuscitate\" order or [sepsis]"),
    Row(None, _X, _ONE, "without regard|change|limitation", "without regard to [HER2 status]"),
    Row(None, _X, _ONE, "not without", "not without [fever]"),
    Row(None, _X, _ONE, "no evidence of no", "no evidence of no [spread]"),
    Row(None, _X, _ONE, "not free of", "not free of [disease]"),
    Row(None, _X, _ONE, "free of any|clinical|detectable|evident|identifiable|measurable? disease after|following|with",
        "free of disease after [surgery]"),
    Row(None, _X, _ONE, "not well|adequately|optimally|sufficiently|fully|completely? controlled|resolved|recovered",
        "not adequately controlled [diabetes]"),
    Row(None, _X, _ONE, "no donors|synthase", "aspirin, NO donors or [metformin]"),
    Row(None, _X, _ONE, "the following", "the following [drugs]"),
    Row(None, _X, _ONE, "comply|complying|compliance|agree with", "comply with [treatment]"),
    Row(None, _X, _ONE, "engage|engaged|engaging|participate|participated|participating in",
        "engaged in [exercise]"),
    Row(None, _X, _ONE,
        "treatment|treatments|treated|therapy|diagnosed|infected|infection|patients|subjects|participants|those with",
        "treatment with [docetaxel]"),
    # --- ends of scopes
    Row(None, _E, _ALL, "but|however|although|though|because|whereas|while|despite|then", "no fever but [sepsis]"),
    Row(None, _E, _ALL, "who|which|whose", "no patient who has [sepsis]"),
    Row(None, _E, _ALL, "if|unless|provided", "no drugs if [sepsis]"),
    Row(None, _E, _ALL, "as long as", "no drugs as long as [sepsis]"),
    Row(None, _E, _ALL, "is|are|was not? available|exists|exist", "no therapy is available for [sepsis]"),
    Row(None, _E, _ALL, "therapy|therapies|treatment|treatments|option|options available|exists|exist",
        "no therapy available for [sepsis]"),
    Row(None, _E, _ALL, "and has|have|must|is|are|be|can|may|will|should|with|able|willing|at|includes|include",
        "no fever and has [sepsis]"),
    Row(None, _E, _ALL, ",|and adequate|normal|measurable|stable", "no fever, adequate [renal function]"),
    Row(None, _DN, _ALL, ",|and negative|positive", "no fever, negative [blood culture]"),
    Row(None, Side.EXAMPLE, _ALL, "such as", "infection other than hepatitis, such as [sepsis]"),
    Row(None, Side.EXAMPLE, _ALL, "including|eg|e", "infection other than hepatitis, including [sepsis]"),
    # --- what may end them: another case, or what belongs to the noun that is denied
    Row(None, _D, _ALL, "or with|is|are|has|have|if", "no fever, or with [sepsis]"),
    Row(None, _D, _PHR, "for|on|in|from|at|by", "no surgery for [cancer]"),
    Row(None, _DN, _PHR, "with|against", "no lesion with [bleeding]"),
    Row(None, _D, _PHR, "prior to", "no surgery prior to [radiotherapy]"),
    Row(None, _D, _PHR, "before|during|after|following|since|until", "no fever during [chemotherapy]"),
    Row(None, _D, _PHR, "that|requiring|requires|require|affecting|affect",
        "no infection requiring [antibiotics]"),
    Row(None, _D, _PHR,
        "due|secondary|attributed|attributable|related|owing|amenable|responding|responsive|response to",
        "no pain due to [cancer]"),
    Row(None, _D, _PHR, "caused|explained|controlled|addressed|confirmed|associated by|on|with?",
        "no lesion associated with [cancer]"),
    Row(None, _D, _PHR, "documented by|on", "no lesion documented by [MRI]"),
    Row(None, _D, _ALL, "as? determined|assessed|detected|measured|seen by|on|with?", "no lesion seen on [MRI]"),
    Row(None, _D, _ALL, "in|for patients|subjects|participants|women|men|those with?",
        "not given in patients with [sepsis]"),
    Row(None, _D, _ALL, "finding|findings on|in|at", "no findings on [ECG]"),
    Row(None, _D, _ALL, "abnormality|abnormalities on|in|of|at", "no abnormality of [haemoglobin]"),
    Row(None, _DN, _ALL, "abnormal finding|findings of", "no abnormal findings of [liver function]"),
    Row(None, _DN, _PHR, "according|known|respond|responds|responded|resistant|return|contraindicated to",
        "not responded to [chemotherapy]"),
    Row(None, _DN, _PHR,
        "intention|intentions|intend|intends|intending|plan|plans|planning|want|wants|wish|wishes|attempting|possible "
        "to",
        "no plans to undergo [surgery]"),
    Row(None, _D, _PHR, "allergy|allergies|allergic|hypersensitivity|sensitivity|intolerance|reaction|reactions to",
        "no allergy to [latex]"),
    Row(None, _D, _PHR, "contraindication|contraindications to|for the? use? of?", "no contraindication to [MRI]"),
)  # fmt: skip


def phrases(phrase: str) -> Iterator[tuple[str, ...]]:
    """Yield the spellings of a row's phrase, as words.

    >>> sorted(phrases("is|are? absent"))
    [('absent',), ('are', 'absent'), ('is', 'absent')]
    """
    choices = [[*word.rstrip("?").split("|"), *([""] if word.endswith("?") else [])] for word in phrase.split()]
    for words in product(*choices):
        yield tuple(word for word in words if word)
