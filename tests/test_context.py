import pytest

from kg.extract.context import Context, ContextKind, context
from kg.extract.discourse import SentenceKind, sentence_kind
from kg.extract.triggers import ROWS, Row, Side, phrases

DOUBTS = (Side.DOUBT, Side.DOUBTS_NEGATION)


def marked(example: str) -> tuple[str, Context]:
    """Return an example without its brackets, and the context of what stood in them."""
    start, end = example.index("["), example.index("]") - 1
    text = example.replace("[", "").replace("]", "")
    return text, context(text, start, end)


@pytest.mark.parametrize("row", [row for row in ROWS if row.kind], ids=lambda row: f"{row.kind}: {row.phrase}")
def test_a_trigger_says_what_its_row_says(row: Row) -> None:
    text, found = marked(row.example)
    assert row.kind is not None
    assert found.has(row.kind)
    said = {text[it.start : it.end].lower() for it in found.triggers if it.kind is row.kind}
    assert said & {" ".join(words) for words in phrases(row.phrase)}


@pytest.mark.parametrize("row", [row for row in ROWS if not row.kind], ids=lambda row: f"{row.side.name}: {row.phrase}")
def test_what_is_no_trigger_or_ends_one_negates_nothing(row: Row) -> None:
    _, found = marked(row.example)
    assert not found.negated
    assert found.doubtful is (row.side in DOUBTS)


@pytest.mark.parametrize("row", [row for row in ROWS if row.side in DOUBTS], ids=lambda row: row.phrase)
def test_what_makes_a_negation_doubtful_stands_behind_one(row: Row) -> None:
    text, found = marked(row.example)
    assert [text[it.start : it.end] for it in found.triggers if not it.certain] in (["no"], ["not"])


@pytest.mark.parametrize(
    ("example", "kinds"),
    [
        ("no fever, cough or [sepsis]", {ContextKind.NEGATED}),
        ("no prior surgery (except for [biopsy]) or radiotherapy", {ContextKind.EXCEPTION}),
        ("no prior surgery (except for biopsy) or [radiotherapy]", {ContextKind.NEGATED, ContextKind.HISTORICAL}),
        ("any cancer (except skin cancer), [sepsis]", set()),
        ("no cancer except [melanoma]", {ContextKind.EXCEPTION}),
        ("any cancer except [treated] melanoma", set()),
        ("any cancer except treated [melanoma]", {ContextKind.EXCEPTION}),
        ("has not been [treated] with insulin", {ContextKind.NEGATED}),
        ("lesions not [surgically] removable", set()),
        ("surgery except minor procedures on the skin ([biopsy], laser)", {ContextKind.EXCEPTION}),
        ("no surgery on the skin ([biopsy], laser)", set()),
        ("opioids (excl. [codeine])", {ContextKind.EXCEPTION}),
        ("eye diseases such as (but not only) [glaucoma]", set()),
        ("anaemia not due to iron deficiency, for example [thalassaemia]", set()),
        ("unable to lie still ([back pain])", set()),
        ("unable to undergo electroencephalography ([EEG])", {ContextKind.PREVENTED}),
        ("no need for [oxygen]", {ContextKind.NEGATED}),
        ("no [asthma] medication", set()),
        ("(no fever) [sepsis]", set()),
        ("no infection (such as [hepatitis])", {ContextKind.NEGATED}),
        ("liver disease other than hepatitis (e.g., [cirrhosis])", set()),
        ("no fever; [sepsis]", set()),
        ("No fever. [Sepsis]", set()),
        ("no fever\n- [sepsis]", set()),
        ("patients without [asthma] are excluded", {ContextKind.NEGATED, ContextKind.RULED_OUT}),
        ("those with [asthma] or COPD are not eligible", {ContextKind.RULED_OUT}),
        ("[asthma] must be treated, and COPD is not allowed", set()),
        ("steroids are not allowed in [asthma]", set()),
        ("has not been given [docetaxel]", {ContextKind.NEGATED}),
        ("[docetaxel] has not been given", {ContextKind.NEGATED}),
        ("no family history of [melanoma]", {ContextKind.NEGATED, ContextKind.FAMILY}),
        ("suspected or known history of [stroke]", {ContextKind.POSSIBLE, ContextKind.HISTORICAL}),
        ("regardless of prior [surgery]", {ContextKind.PERMITTED, ContextKind.HISTORICAL}),
        ("[melanoma] is present", set()),
        ("no treatment with [docetaxel]", {ContextKind.NEGATED}),
        ("no [evidence of relapse]", {ContextKind.NEGATED}),
        ("does not require oxygen or [steroids]", {ContextKind.NEGATED}),
        ("not expected to need [steroids]", {ContextKind.NEGATED}),
        ("no documented history of [stroke]", {ContextKind.NEGATED, ContextKind.HISTORICAL}),
        ("not engaging in [exercise]", {ContextKind.NEGATED}),
        ("cannot tolerate oxygen, masks or [MRI]", {ContextKind.PREVENTED}),
        ("fever, unless [sepsis] has been treated", {ContextKind.EXCEPTION}),
        ("absence of fever, cough, [sepsis]", {ContextKind.NEGATED}),
        ("no skin disease (e.g. [eczema])", {ContextKind.NEGATED}),
        ("aspirin, NO donors, [metformin]", set()),
        ("no EGFR, KRAS or [HER2] mutation", {ContextKind.NEGATED}),
        ("no drivers including EGFR, KRAS, [HER2]", {ContextKind.NEGATED}),
    ],
)
def test_scopes(example: str, kinds: set[ContextKind]) -> None:
    _, found = marked(example)
    assert {trigger.kind for trigger in found.triggers if trigger.certain} == kinds


@pytest.mark.parametrize(
    "example",
    [
        "no fever, and [mental status] is stable",
        "no major [weight] changes",
        "no or mild [ataxia]",
        "none, or a mixture of fever and [sepsis]",
        "no fracture ([angulation] > 10 degrees)",
        "not a [surgery] candidate",
        "without contraception, [pregnancy]",
        "no fever or cough, [sepsis]",
        "disease that precludes surgery (e.g. [sepsis])",
        "has not responded to chemotherapy (cisplatin, [docetaxel])",
        "we exclude patients with surgery for [asthma]",
    ],
)
def test_what_may_be_denied_is_doubtful_and_not_taken_as_said(example: str) -> None:
    _, found = marked(example)
    assert (found.negated, found.doubtful, found.denied) == (False, True, True)


@pytest.mark.parametrize(
    ("example", "kind"),
    [
        ("may receive aspirin with [clopidogrel]", ContextKind.PERMITTED),
        ("we also excluded families including men with [asthma]", ContextKind.RULED_OUT),
    ],
)
def test_what_doubts_a_negation_leaves_other_triggers_alone(example: str, kind: ContextKind) -> None:
    _, found = marked(example)
    assert found.has(kind)


@pytest.mark.parametrize(
    ("example", "is_negated"),
    [
        ("None of the following:\n- asthma\n- [sepsis]", True),
        ("None of the following:\n\n1. asthma. Then [sepsis]", True),
        ("Criteria:\n- [sepsis]", False),
        ("None of the following:\n- asthma\nOver 18\n- [sepsis]", False),
        ("Any of the following:\n- none of these:\n  - asthma\n- [sepsis]", False),
    ],
)
def test_the_items_of_a_list_are_read_with_what_they_are_under(example: str, is_negated: bool) -> None:
    text, found = marked(example)
    assert found.negated is is_negated
    assert [text[it.start : it.end] for it in found.triggers] == (["None"] if is_negated else [])


def test_a_trigger_points_at_its_words() -> None:
    text = "First line.\nWithout any prior exposure to docetaxel"
    start = text.index("docetaxel")
    found = context(text, start, start + 9).triggers
    assert [(text[it.start : it.end], it.kind) for it in found] == [
        ("Without", ContextKind.NEGATED),
        ("prior", ContextKind.HISTORICAL),
    ]


def test_a_clause_bounds_what_is_looked_at() -> None:
    text = "no fever and sepsis"
    assert context(text, 13, 19).negated
    assert not context(text, 13, 19, (9, 19)).negated


def negated(text: str, name: str = "HER2") -> bool:
    start = text.index(name)
    return context(text, start, start + len(name), (0, len(text))).denied


@pytest.mark.parametrize(
    "text",
    [
        "No HER2 overexpression",
        "no prior or current HER2",
        "without HER2",
        "absence of HER2",
        "lack of HER2",
        "not HER2",
        "must not have HER2",
        "free of HER2",
        "negative for, or other than, HER2",
        "with the exception of HER2",
        "never HER2",
        "neither EGFR nor HER2",
        "HER2 is not allowed",
        "HER2 tumours are excluded",
        "HER2 disease is not eligible",
        "HER2-naive",
        "HER2 therapy is prohibited",
        "No drivers including EGFR mutations, KRAS mutations, ALK or ROS1 rearrangements, MET mutations, HER2",
        "must not have an EGFR mutation, an ALK gene fusion, a ROS1 gene rearrangement, a RET fusion, or HER2",
    ],
)
def test_denied(text: str) -> None:
    assert negated(text)


@pytest.mark.parametrize(
    "text",
    [
        "HER2",
        "not only HER2",
        "no more than two HER2 tests",
        "HER2 is not required",
        "no EGFR but HER2",
        "No EGFR; HER2",
        "no pain. HER2",
        "no EGFR, although HER2",
        "patients who cannot walk and have HER2",
        "without regard to HER2",
        "not limited to HER2",
        "whether or not it is HER2",
        "abnormal HER2",
        "notable HER2",
        "nothing known of HER2",
    ],
)
def test_not_denied(text: str) -> None:
    assert not negated(text)


def test_a_sentence_before_denies_nothing() -> None:
    text = "No EGFR HER2"
    assert context(text, 8, 12, (0, 12)).denied
    assert not context(text, 8, 12, (8, 12)).denied


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("This study will enrol patients with early disease.", SentenceKind.POPULATION),
        ("Eligible patients must have measurable disease.", SentenceKind.POPULATION),
        ("Women with node-positive disease will be recruited.", SentenceKind.POPULATION),
        ("The primary objective is to compare survival.", SentenceKind.OBJECTIVE),
        ("This trial aims to find the best dose.", SentenceKind.OBJECTIVE),
        ("To evaluate safety.", SentenceKind.OBJECTIVE),
        ("The study compares two doses.", SentenceKind.OBJECTIVE),
        ("Participants will receive tablets daily.", SentenceKind.DESIGN),
        ("They are randomised to one of two arms.", SentenceKind.DESIGN),
        ("Blood samples will be taken.", SentenceKind.DESIGN),
        ("Breast cancer is common.", SentenceKind.BACKGROUND),
        ("About 20% of patients will have a relapse.", SentenceKind.BACKGROUND),
        ("Patients with early disease will often relapse.", SentenceKind.BACKGROUND),
        ("Previous studies have shown a benefit in women who will relapse.", SentenceKind.BACKGROUND),
        ("Doe et al. compared two doses in patients who will progress.", SentenceKind.BACKGROUND),
        ("The drug was approved in 2020 for women.", SentenceKind.BACKGROUND),
        ("To date, patients will receive the standard.", SentenceKind.BACKGROUND),
    ],
)
def test_what_a_sentence_does(text: str, kind: SentenceKind) -> None:
    assert sentence_kind(text, 0, len(text)) is kind


def test_only_the_sentence_itself_counts() -> None:
    text = "Doe et al. reported it. To evaluate safety."
    assert sentence_kind(text, 24, len(text)) is SentenceKind.OBJECTIVE
