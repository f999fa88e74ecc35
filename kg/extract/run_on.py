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
# Two words with capitals are one label ("Endocrine Therapy:"): cut between them, the first would be a criterion.
_LABEL = (
    r"(?:[A-Z][a-z]+(?:\s(?:Therapy|Status|Function|Expectancy))?(?:[\s/]\s{0,20}[a-z]+){0,3}|(?:Arm|Cohort|Group|Part|Phase|Strat(?:um|a))\s+[\dIV]+[AB]?"
    r"(?:\s+\([^()]{1,40}\))?):(?=\s)"
)
# A marker that is asked for by name and state alone: "HLA-A2 positive".
_MARKER = (
    r"(?:HLA[\s\-]?A|HER-?2|CD\d|CEA|AFP|CA[\s\-]?\d|PSA|Ph(?:iladelphia)?(?=\s+chromosome))[\w\-/.]*"
    r"(?=\s+(?:chromosome\s+|levels?\s+)?(?:positiv|negativ|overexpress|express|amplif|elevat|increas|normal|at\s+least|"
    r"greater|less|no\s+(?:greater|more)))\w*"
)
_FIRST_WORDS = (
    rf"(?:{_MARKER}|No|Not|Must|Prior|Concurrent|(?:At|More|Less|Greater)\s+(?:than|least)|Recovered|Fertile|Negative|"
    r"Adequate|Able|Completed|Histologically|Cytologically|Pathologically|Immunohistochemical|Measurable|Evaluable|"
    r"Bidimensionally|Unidimensionally|Eligible|Ineligible|Patients|Women|Platelets?|Hemoglobin|Hematocrit|Alkaline|"
    r"Bilirubin|Creatinine|Calcium|Granulocyte|Absolute|Neutrophils?|WBC|SGOT|AST|ALT|LVEF|Ejection|Hepatitis|HIV|HBsAg|"
    r"Estrogen|Progesterone|Documented|Normal|Willing|Currently|Previously|Any\s+prior|Clinically|Surgically|Elevat(?:ed|ion)|"
    r"Rising|Overexpress\w*|Express\w*|Recurren(?:t|ce)|Relapsed?|Refractory|Progressi(?:ve|on)|Newly|Stages?|Brain|Bone|"
    r"Metastatic|Locally|Tumors?|Lesions?|Evidence|Failed|History|Minimum|Symptomatic|Low[\s-]dose|Unknown|If|One\s+(?:or|of)|"
    r"Positive|Effective|Fasting|Performance|Life|See|Disease(?!\s+[Cc]haracteristics))\b"
)
# Behind one of these a capital begins no item: "Greater than 2 years since Prior …", "active Hepatitis B".
_GOES_ON = re.compile(
    r"(?:[,(/\-–]|\b(?:of|the|and|or|by|than|to|for|in|on|as|at|with|from|an?|if|is|are|be|no|not|known|active|prior|"
    r"other|any|either|that|serum|total|least|following|since|chronic|until|without|only|documented|type|unless|through|"
    r"except|during|after|before|both|all|this|proven|confirmed|diagnosed|clinical|pathologic|surgical|advanced|"
    r"early|resected|untreated|OR|AND|elevated|rising|undetectable|preoperative|including|have|had|has|involving|"
    r"her|his|their|no\s+New|Karnofsky|Zubrod))\s*$",
    re.IGNORECASE,
)
_START = re.compile(rf"(?<!\S)(?:(?P<heading>{_HEADING})|(?P<label>{_LABEL})|{_FIRST_WORDS})")
_EMPTY = re.compile(r"[^:]*:\s+(?:Not\s+specified|See\s+[^.;]{0,40}characteristics)\s*\.?\s*", re.IGNORECASE)
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
        if not _begins_item(text, start, match) or _is_in_brackets(text, place, match.start()):
            continue
        yield from _filled(text, place, match.start())
        place = match.end() if match["heading"] else match.start()
    yield from _filled(text, place, end)


@lru_cache(maxsize=4)
def _runs_on(text: str) -> bool:
    return "CHARACTERISTICS" in text and _LAYOUT.search(text) is not None


def _begins_item(text: str, start: int, match: re.Match[str]) -> bool:
    before = text[max(start, match.start() - _LONGEST_WORD) : match.start()].rstrip()
    if match["heading"] or match["label"]:
        return not before.endswith(",")
    return not before.endswith(":") and _GOES_ON.search(before) is None


def _is_in_brackets(text: str, start: int, end: int) -> bool:
    """Tell whether a bracket that opens behind ``start`` is still open at ``end``."""
    return text.count("(", start, end) > text.count(")", start, end)


def _filled(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    if text[start:end].strip() and _EMPTY.fullmatch(text, start, end) is None:
        yield start, end
