"""The page of a validation: grouped by cause, with the words of the source, and everything escaped."""

from pathlib import Path

import pytest
from click.testing import CliRunner
from lxml import html

from kg.cli import main
from kg.validate import Result, Severity, Validator
from kg.validate.report_page import causes

VALID = Path(__file__).parent / "shapes" / "valid.ttl"


@pytest.fixture
def faulty(tmp_path: Path) -> Path:
    """The valid example with faults at an assertion, in logic, in a statement and in a value that holds markup."""
    text = VALID.read_text("utf-8")
    changes = (
        ("kg:start 20 ; kg:end 30", "kg:start 20 ; kg:end 31"),  # of the first assertion of kg:investigates
        ("kg:disease mesh:D011658", 'kg:unit "mg"'),
        ("kg:comparator <concept/placebo>", "kg:investigates <concept/surgery> ; kg:comparator <concept/placebo>"),
        ('kg:nctAlias "NCT00000009"', 'kg:nctAlias "<script>alert(1)</script>"'),
        ("kg:operand <logic/NCT00000001/05>", "kg:operand <logic/NCT00000001/05>, <logic/NCT00000001/03>"),
    )  # fmt: skip
    for old, new in changes:
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    path = tmp_path / "faulty.ttl"
    path.write_text(text, "utf-8")
    return path


def test_the_page_groups_by_cause_and_shows_the_words(faulty: Path) -> None:
    answer = CliRunner().invoke(main, ["validate", str(faulty), "-f", "html"])
    assert answer.exit_code == 1
    page = html.fromstring(answer.stdout)
    rows = {}
    for section in page.findall(".//section"):
        cells = (" ".join(map(str, cell.itertext())) for cell in section.findall(".//td"))
        rows[str(section.findtext(".//p/code"))] = [" ".join(text.split()) for text in cells]
    assert rows["shape:assertion-quote-fills-its-place"][3] == "ribociclib"
    criterion = "HER2-low disease, adult, no fibrosis, after surgery; platelets 100 G/L; expected to live 12 weeks"
    assert rows["shape:disease-condition-disease"][3] == f"fibrosis {criterion}"
    assert rows["shape:not-operand"][3].endswith(criterion)
    assert rows["shape:backed-investigates"][0] == "clinicaltrials:NCT00000001"
    assert rows["shape:trial-nct-alias"][2] == '"<script>alert(1)</script>"'
    assert "<script" not in answer.stdout
    assert "Does not conform" in answer.stdout


def test_a_page_without_results_says_so() -> None:
    answer = CliRunner().invoke(main, ["validate", str(VALID), "-f", "html"])
    assert answer.exit_code == 0
    assert "Conforms" in answer.stdout
    assert html.fromstring(answer.stdout).findall(".//section") == []


def test_causes_come_worst_first_then_most_frequent(faulty: Path) -> None:
    def result(node: str, severity: Severity, message: str) -> Result:
        return Result(
            focus_node=node, path=None, value=None, message=message, severity=severity, component="<c:c>", shape=None
        )

    found = causes(
        [
            result("<n:1>", Severity.INFO, "seldom"),
            result("<n:2>", Severity.WARNING, "often"),
            result("<n:3>", Severity.VIOLATION, "rare"),
            result("<n:4>", Severity.VIOLATION, "frequent"),
            result("<n:5>", Severity.VIOLATION, "frequent"),
        ]
    )
    assert [(it.message, len(it.results)) for it in found] == [
        ("frequent", 2),
        ("rare", 1),
        ("often", 1),
        ("seldom", 1),
    ]
    assert sum(len(it.results) for it in causes(Validator().validate_file(faulty).results)) >= 5
