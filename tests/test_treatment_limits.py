import pytest

from kg.extract.treatment_limits import Limits, treatment_limits
from kg.models import Duration


def limits(text: str, name: str = "chemotherapy") -> Limits | None:
    start = text.index(name)
    return treatment_limits(text, start, start + len(name), 0, len(text))


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("Prior chemotherapy", ()),
        ("Underwent adjuvant chemotherapy", ()),
        ("At least one prior line of chemotherapy", (("ge", "1"),)),
        ("No more than 2 prior lines of chemotherapy", (("le", "2"),)),
        ("More than one chemotherapy regimen", (("gt", "1"),)),
        ("Two or more prior chemotherapy regimens", (("ge", "2"),)),
        ("≥ 1 but ≤ 3 prior lines of chemotherapy", (("ge", "1"), ("le", "3"))),
        ("0 to 2 previous lines of systemic chemotherapy", (("ge", "0"), ("le", "2"))),
    ],
)
def test_lines(text: str, lines: tuple[tuple[str, str], ...]) -> None:
    assert limits(text) == Limits(lines=lines)


@pytest.mark.parametrize(
    ("text", "value", "unit", "long_ago"),
    [
        ("Any chemotherapy within 4 weeks before randomization", 4, "weeks", False),
        ("Chemotherapy or radiotherapy within the last 6 months", 6, "months", False),
        ("Received chemotherapy in the past two years", 2, "years", False),
        ("Steroids, chemotherapy, or another drug within\n     4 weeks prior to entry", 4, "weeks", False),
        ("Less than 21 days since chemotherapy", 21, "days", False),
        ("At least 14 days since the last chemotherapy", 14, "days", True),
        ("≥ 4 weeks must have elapsed since chemotherapy", 4, "weeks", True),
        ("More than 3 weeks from prior chemotherapy", 3, "weeks", True),
    ],
)
def test_times(text: str, value: int, unit: str, *, long_ago: bool) -> None:
    found = limits(text.replace("Chemotherapy", "chemotherapy"))
    assert found == Limits(within=Duration(value=value, unit=unit), long_ago=long_ago)


@pytest.mark.parametrize(
    "text",
    [
        "At least 5 half-lives or 4 weeks since chemotherapy",
        "Chemotherapy within 4 weeks (6 weeks for nitrosoureas)",
        "Surgery within 4 weeks of chemotherapy",
        "No more than 3 months since chemotherapy",
        "At least 4 weeks since chemotherapy if the counts are low",
        "Chemotherapy: at least 4 weeks since the last",
        "Score less than 26, chemotherapy for 6 months",
        "At least 12 cycles of chemotherapy",
    ],
)
def test_what_is_not_understood_is_not_read(text: str) -> None:
    assert limits(text.replace("Chemotherapy", "chemotherapy")) is None
