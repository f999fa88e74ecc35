"""What the `sssom` tools say of mapping files (.tsv, or .ttl): a JSON object a file, with the rows read and the faults.

Run with a Python that has the package, in an environment of its own::

    python -m venv DIR && DIR/bin/pip install sssom
    SSSOM_PYTHON=DIR/bin/python python -m pytest tests/test_mappings.py
"""

import json
import sys

from sssom.constants import DEFAULT_VALIDATION_TYPES
from sssom.parsers import parse_sssom_rdf, parse_sssom_table
from sssom.validators import validate

for path in sys.argv[1:]:
    # The parsers leave out a row that they cannot read and say so on stderr only: whoever asks has to count.
    found = parse_sssom_table(path) if path.endswith(".tsv") else parse_sssom_rdf(path)
    reports = validate(found, validation_types=list(DEFAULT_VALIDATION_TYPES), fail_on_error=False)
    faults = [result.message for report in reports.values() for result in report.results]
    negated = int((found.df["predicate_modifier"] == "Not").sum()) if "predicate_modifier" in found.df else 0
    print(json.dumps({"rows": len(found.df), "negated": negated, "faults": faults}))  # noqa: T201
