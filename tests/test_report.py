"""The report adds up, in the terminal and on the page, and the page stands alone."""

import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from kg.models import Role
from kg.report import _ROLE_MEANINGS, BuildReport, share, summary_lines, write_page

EMPTY: dict[str, Any] = {
    "records_read": 0,
    "records_built": 0,
    "records_duplicate": 0,
    "records_rejected": 0,
    "records_quarantined": 0,
    "trials": 0,
    "quads": 1234,
    "counts": {},
    "unlinked": {},
    "rejection_reasons": {},
    "quarantined": {},
    "disagreements": (),
    "unknown_codes": (),
}
FULL: dict[str, Any] = {
    "records_read": 1012,
    "records_built": 1000,
    "records_duplicate": 2,
    "records_rejected": 7,
    "records_quarantined": 3,
    "trials": 990,
    "quads": 1_234_567,
    "counts": {
        "linked condition": 3,
        "unlinked condition": 1,
        "linked outcome measure": 0,
        "unlinked outcome measure": 2,
        "criteria": 8,
        "criteria understood": 6,
        "statement requiresMarkerState": 4,
        "statement mentions": 40,
        "texts": 77,
        "mentions": 88,
    },
    "unlinked": {"condition": {"Tennis <Elbow>": 1}, "outcome measure": {"Joy": 2}},
    "rejection_reasons": {"/a/b: Expected `int`, got `str`": 5, "<script>alert(1)</script>": 2},
    "quarantined": {
        "NCT00000001": ("A trial needs a title.", "An age is negative."),
        "NCT00000002": ("A trial needs a title.",),
    },
    "disagreements": tuple(
        {
            "nct_id": "NCT00000003",
            "field": "enrollment",
            "kept": str(place),
            "kept_document": "a" * 64,
            "set_aside": "no & none",
            "set_aside_document": "b" * 64,
        }
        for place in range(60)
    ),
    "unknown_codes": (
        ("NCT00000003", "phase", "PHASE9"),
        ("NCT00000004", "phase", "PHASE9"),
        ("NCT00000005", "sex", "X"),
    ),
}


class _Page(HTMLParser):
    """The text of a page, its tags and whatever it would fetch."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[str] = []
        self.fetched: list[str] = []
        self.text = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        if tag not in {"meta", "br"}:
            self.open.append(tag)
        self.fetched += [value or "" for name, value in attrs if name in {"src", "href", "srcset", "data"}]

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag
        self.text += " " if tag in {"td", "th", "p", "h1", "h2", "h3"} else ""

    def handle_data(self, data: str) -> None:
        if self.open[-1:] != ["style"]:
            self.text += data


def _page(report: BuildReport, folder: Path) -> _Page:
    write_page(report, folder / "report.html")
    html = (folder / "report.html").read_text("utf-8")
    assert "url(" not in html
    assert "@import" not in html
    return _Page(html)


def _words(text: str) -> str:
    return " ".join(text.split())


def test_refuses_a_report_that_lost_a_record() -> None:
    with pytest.raises(ValueError, match="1013 records read, but 1012 accounted for"):
        BuildReport(**{**FULL, "records_read": 1013})


def test_page_is_whole_and_fetches_nothing(tmp_path: Path) -> None:
    for values in (EMPTY, FULL):
        page = _page(BuildReport(**values), tmp_path)
        assert page.open == []
        assert [target for target in page.fetched if not target.startswith("#")] == []
        assert not {"script", "img", "link", "iframe"} & set(page.tags)


def test_page_shows_the_equation_and_each_section(tmp_path: Path) -> None:
    text = _words(_page(BuildReport(**FULL), tmp_path).text)
    assert "1,012read = 1,000built + 2duplicate + 7rejected + 3quarantined" in re.sub(r"\s*([=+])\s*", r" \1 ", text)
    assert "conditions 4 3 1 75.0 %" in text
    assert "outcomes 2 0 2 0 %" in text
    assert "6 of 8 criteria (75.0 %)" in text
    assert "marker state that defines the population kg:requiresMarkerState 4" in text
    assert "all 44" in text
    assert "A trial needs a title. 2 NCT00000001" in text
    assert "/a/b: Expected `int`, got `str` 5" in text
    assert "phase PHASE9 2 NCT00000003" in text
    assert "enrollment 60" in text
    assert "50 of 60 are shown; report.json has all." in text


def test_page_escapes_what_sources_say(tmp_path: Path) -> None:
    text = _page(BuildReport(**FULL), tmp_path).text
    for words in ("<script>alert(1)</script>", "Tennis <Elbow>", "no & none"):
        assert words in text


def test_page_of_an_empty_build_leaves_out_what_did_not_happen(tmp_path: Path) -> None:
    text = _page(BuildReport(**EMPTY), tmp_path).text
    assert "Every trial conforms" in text
    for heading in ("Quarantined trials", "Rejected records", "Codes that are", "disagree"):
        assert heading not in text


def test_page_is_the_same_bytes_each_time(tmp_path: Path) -> None:
    pages = [tmp_path / "one.html", tmp_path / "two.html"]
    for path in pages:
        write_page(BuildReport(**FULL), path)
    assert pages[0].read_bytes() == pages[1].read_bytes()


def test_summary_adds_up_and_names_what_went_wrong() -> None:
    assert summary_lines(BuildReport(**FULL)).splitlines() == [
        "1,012 records read = 1,000 built + 2 duplicate + 7 rejected + 3 quarantined",
        "990 trials, 1,234,567 quads",
        "vocabularies  bundled",
        "conditions    3 of 4 linked to a concept (75.0 %)",
        "outcomes      0 of 2 linked to a concept (0 %)",
        "criteria      6 of 8 understood (75.0 %)",
        "statements    44, each with the words it came from",
        "rejected      5 × /a/b: Expected `int`, got `str`",
        "rejected      2 × <script>alert(1)</script>",
        "quarantined   2 trials (NCT00000001, …): A trial needs a title.",
        "quarantined   NCT00000001: An age is negative.",
        "unknown code  PHASE9 (phase) in 2 trials (NCT00000003, …)",
        "unknown code  X (sex) in NCT00000005",
        "disagreements 60 between sources of one trial",
    ]


def test_summary_of_an_empty_build_is_short() -> None:
    assert summary_lines(BuildReport(**EMPTY)).splitlines() == [
        "0 records read = 0 built + 0 duplicate + 0 rejected + 0 quarantined",
        "0 trials, 1,234 quads",
        "vocabularies  bundled",
    ]


def test_summary_cuts_long_lists_and_says_so() -> None:
    reasons = {f"reason {place}": 1 for place in range(7)}
    lines = summary_lines(BuildReport(**{**FULL, "rejection_reasons": reasons})).splitlines()
    assert sum(line.startswith("rejected") for line in lines) == 5
    assert "              … and 2 more" in lines


def test_every_role_has_a_meaning() -> None:
    assert set(_ROLE_MEANINGS) == set(Role)


@pytest.mark.parametrize(
    ("part", "whole", "expected"), [(1, 100_000, "0.1 %"), (99_999, 100_000, "99.9 %"), (1, 3, "33.3 %"), (0, 0, "–")]
)
def test_share_never_rounds_to_all_or_nothing(part: int, whole: int, expected: str) -> None:
    assert share(part, whole) == expected


@pytest.mark.parametrize(("change", "conforms"), [({}, True), ({"records_read": 2, "records_rejected": 2}, False)])
def test_what_was_read_without_a_single_trial_is_no_success(change: dict[str, int], conforms: bool) -> None:
    assert BuildReport(**{**EMPTY, **change}).conforms is conforms
