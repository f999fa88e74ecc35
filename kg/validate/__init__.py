"""Stage 5: RDF and the shapes of ``shapes/`` to a `Report` (SHACL, https://www.w3.org/TR/shacl/).

Two engines give the same results: pyshifty, which is fast enough for every build, and pySHACL, the reference.
"""

from kg.validate.report import Coverage, Report, Result, Severity
from kg.validate.report_page import report_page
from kg.validate.validator import EngineName, Validator

__all__ = ["Coverage", "EngineName", "Report", "Result", "Severity", "Validator", "report_page"]
