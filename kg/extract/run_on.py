"""Cut run-on eligibility text: records of the National Cancer Institute's PDQ whose list marks are lost.

These write labels before their items ("Hepatic: …"), and items one behind the other without a full stop ("… metastases
No prior chemotherapy Platelet count …"). An item begins at a label and at a word that only an item begins with.
"""

import re
from collections.abc import Iterator
from functools import lru_cache

# The headings of that layout; a text without them is cut at its full stops and line ends alone.
_LAYOUT = re.compile(r"\b(?:DISEASE|PATIENT) CHARACTERISTICS\s?:")
_HEADING = r"[A-Z]{3,}[A-Z/, ]{3,40}:(?=\s)"
_LABEL = r"[A-Z][a-z]+(?:[\s/]\s{0,20}[a-z]+){0,3}:(?=\s)"
_FIRST_WORDS = (
    r"(?:No|Not|Must|Prior|Concurrent|(?:At|More|Less|Greater)\s+(?:than|least)|Recovered|Fertile|Negative|Adequate|"
    r"Able|Completed|Histologically|Cytologically|Pathologically|Measurable|Evaluable|Bidimensionally|Unidimensionally|"
    r"Eligible|Ineligible|Patients|Women|Platelet|Hemoglobin|Bilirubin|Creatinine|Granulocyte|Absolute|Neutrophils?|WBC|"
    r"SGOT|AST|ALT|LVEF|Hepatitis|HIV|HBsAg|Estrogen|Progesterone|Documented|Normal|Willing|Currently|Previously|"
    r"Any\s+prior|Clinically|Surgically|Elevat(?:ed|ion)|Recurren(?:t|ce)|Positive|Effective|Fasting|See)\b"
)
# Behind one of these a capital begins no item: "Greater than 2 years since Prior …", "active Hepatitis B".
_GOES_ON = re.compile(
    r"(?:[,(/\-–]|\b(?:of|the|and|or|by|than|to|for|in|on|as|at|with|from|an?|if|is|are|be|no|not|known|active|prior|"
    r"other|any|either|that|serum|total|least|following|since|chronic|until|without|only|documented|type|unless|through|"
    r"except|during|after|before|both))\s*$",
    re.IGNORECASE,
)
_START = re.compile(rf"(?<!\S)(?:(?P<heading>{_HEADING})|(?P<label>{_LABEL})|{_FIRST_WORDS})")
_EMPTY = re.compile(r"[^:]*:\s+(?:Not\s+specified|See\s+[^.;]{0,40}characteristics)\s*", re.IGNORECASE)
_LONGEST_WORD = 14


def run_on_items(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield the items that run on one behind the other in ``text[start:end]``, or the whole of it.

    Headings, and labels of what is not specified or said elsewhere, are left out.
    """
    if not _runs_on(text):
        yield start, end
        return
    place = start
    for match in _START.finditer(text, start, end):
        if not _begins_item(text, start, match):
            continue
        yield from _filled(text, place, match.start())
        place = match.end() if match["heading"] else match.start()
    yield from _filled(text, place, end)


@lru_cache(maxsize=4)
def _runs_on(text: str) -> bool:
    return _LAYOUT.search(text) is not None


def _begins_item(text: str, start: int, match: re.Match[str]) -> bool:
    before = text[max(start, match.start() - _LONGEST_WORD) : match.start()].rstrip()
    if match["heading"] or match["label"]:
        return not before.endswith(",")
    return not before.endswith(":") and _GOES_ON.search(before) is None


def _filled(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    if text[start:end].strip() and _EMPTY.fullmatch(text, start, end) is None:
        yield start, end
