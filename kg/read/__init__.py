"""Stage 1: documents to records. `scan` cuts sources into raw records, `parse` turns one into a `Trial`.

The two are apart so that one process can cut while several parse.
"""

from kg.models import RawRecord, SourceFormat, Trial
from kg.read.ctgov_json import parse_json
from kg.read.ctgov_xml import parse_xml
from kg.read.limits import Limits
from kg.read.sources import Source, holds_lines, scan, scan_file, scan_line
from kg.read.web_page import parse_web_page

__all__ = ["Limits", "Source", "holds_lines", "parse", "scan", "scan_file", "scan_line"]

_PARSERS = {
    SourceFormat.CTGOV_JSON: parse_json,
    SourceFormat.CTGOV_XML: parse_xml,
    SourceFormat.WEB_PAGE: parse_web_page,
}


def parse(raw: RawRecord, *, with_contacts: bool = False) -> Trial:
    """Turn a raw record into a trial.

    Args:
        raw: What `scan` found.
        with_contacts: Keep the names, phone numbers and e-mail addresses of contact persons.

    Raises:
        ReadError: The record cannot be used; the error names the file, the position and the field.
    """
    return _PARSERS[raw.format](raw, with_contacts=with_contacts)
