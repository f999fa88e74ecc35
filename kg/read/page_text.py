"""Bytes of a web page -> its text: decoding that survives faults, and HTML to lines.

The text is what the offsets and quotes of a page's evidence count in: the same bytes always give the same text.
"""

import re
from collections.abc import Iterator
from typing import Final

from lxml import etree, html

_BOM_UTF16: Final = (b"\xff\xfe", b"\xfe\xff")
_BAD_BYTE = re.compile("[\udc80-\udcff]+")
_CUT_CHARACTER = re.compile("[\udcc2-\udcf4][\udc80-\udcbf]{0,2}\\Z")  # of a page cut within a character
# UTF-8 that was read as cp1252 and written as UTF-8 again: such a lead letter, then letters of continuation bytes.
_MOJIBAKE = re.compile("[ÃÂâÎÏ][\u0080-\u00bf\u0152-\u2122]+")
_LINE_ENDS = re.compile(r"\r\n?")
_ODD_SPACES = str.maketrans({"\u00a0": " ", "\u202f": " ", "\u2007": " ", "\x0b": " ", "\x0c": " ", "\x00": " "})

_HTML_START = re.compile(
    r"\s*(<\?xml[^>]*>\s*)?(<!--.*?-->\s*)?<(!doctype\s+html|html|head|body)\b", re.IGNORECASE | re.DOTALL
)
_HTML_TAG = re.compile(
    r"</?(?:div|p|span|table|tr|td|th|ul|ol|li|h[1-6]|br|dl|dt|dd|section|article)\b[^<>]*>", re.IGNORECASE
)
_FEW_TAGS: Final = 4

_DROPPED: Final = frozenset(
    {"head", "script", "style", "noscript", "template", "svg", "iframe", "nav", "footer", "select", "textarea"}
)
_PARAGRAPHS: Final = frozenset(
    {
        "address", "article", "aside", "blockquote", "body", "center", "dd", "details", "div", "dl", "dt", "fieldset",
        "figure", "figcaption", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "html", "li", "main", "ol", "p",
        "pre", "section", "summary", "table", "tbody", "tfoot", "thead", "ul"
    }
)  # fmt: skip
_LISTABLE: Final = frozenset({"span", "a", "button", "label", "strong", "em", "b", "i"})
_SPACES = re.compile(r"\s+")


def page_text(payload: bytes) -> str:
    r"""Return the text of a page in which all its offsets count: UTF-8 or cp1252, plain or HTML.

    Line ends become ``\n`` and the several kinds of blanks a space; nothing else of plain text moves.

    >>> page_text(b"Kisqali\xae\r\nIncluded: 18\xc2\xa0years")
    'Kisqali®\nIncluded: 18 years'
    """
    text = _decode(payload)
    text = _MOJIBAKE.sub(_repair, text)
    if is_html(text):
        text = _html_text(text)
    return _LINE_ENDS.sub("\n", text).translate(_ODD_SPACES)


def is_html(text: str) -> bool:
    """Tell whether ``text`` is HTML: it starts as a document does, or has several tags of a page's body."""
    if _HTML_START.match(text):
        return True
    return sum(1 for _ in zip(range(_FEW_TAGS), _HTML_TAG.finditer(text), strict=False)) == _FEW_TAGS


def _decode(payload: bytes) -> str:
    """Decode UTF-8; each byte that cannot be UTF-8 is read as cp1252, in which old pages are written."""
    if payload[:2] in _BOM_UTF16:
        return payload.decode("utf-16", errors="replace")
    text = payload.decode("utf-8-sig", errors="surrogateescape")
    if any(ord(char) > 127 and not "\udc80" <= char <= "\udcff" for char in text):
        text = _CUT_CHARACTER.sub("", text)
    return _BAD_BYTE.sub(lambda bad: bad[0].encode("utf-8", "surrogateescape").decode("cp1252", "replace"), text)


def _repair(match: re.Match[str]) -> str:
    """Undo a double encoding where the letters are the bytes of one or more UTF-8 characters; leave all else."""
    run = match[0]
    try:
        return b"".join(_byte(char) for char in run).decode("utf-8")
    except UnicodeError:
        return run


def _byte(char: str) -> bytes:
    return bytes([ord(char)]) if ord(char) < 256 else char.encode("cp1252")


def _html_text(source: str) -> str:
    """Return the visible text: a line for each paragraph, heading, list item and table row."""
    parser = html.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True)
    encoded = source.encode("utf-8", "replace")
    try:
        root = html.document_fromstring(encoded, parser=parser)
    except etree.ParserError:
        return ""
    pieces = list(_pieces(root))
    lines = "".join(pieces).split("\n")
    text = "\n".join(line.strip(" \t") for line in lines)
    return re.sub(r"\n{3,}", "\n\n", text).strip("\n")


def _pieces(root: html.HtmlElement) -> Iterator[str]:
    skipped: html.HtmlElement | None = None
    for event, element in etree.iterwalk(root, events=("start", "end")):
        if skipped is None and event == "start" and element.tag in _DROPPED:
            skipped = element
        if skipped is None:
            yield from _opening(element) if event == "start" else _closing(element)
        elif element is skipped and event == "end":
            skipped = None
        if event == "end" and skipped is None and element is not root:
            yield _flat(element.tail)


def _opening(element: html.HtmlElement) -> Iterator[str]:
    if element.tag in _PARAGRAPHS:
        yield "\n\n"
    elif element.tag == "tr":
        yield "\n"
    if element.tag == "li":
        yield _bullet(element)
    if element.tag == "pre":
        yield element.text or ""
    else:
        yield _flat(element.text)


def _closing(element: html.HtmlElement) -> Iterator[str]:
    if element.tag in _PARAGRAPHS:
        yield "\n\n"
    elif element.tag in ("br", "tr") or _is_listed(element):
        yield "\n"
    elif element.tag in ("td", "th"):
        yield "\t"


def _bullet(element: html.HtmlElement) -> str:
    parent = element.getparent()
    if parent is None or parent.tag != "ol":
        return "* "
    return f"{sum(1 for _ in element.itersiblings('li', preceding=True)) + 1}. "


def _is_listed(element: html.HtmlElement) -> bool:
    """Tell whether an inline element is one of several alike with only blanks between: a list shown as badges."""
    parent = element.getparent()
    if parent is None or element.tag not in _LISTABLE or len(parent) < 2:
        return False
    if (parent.text or "").strip() or any((child.tail or "").strip() for child in parent):
        return False
    return all((child.tag, child.get("class")) == (element.tag, element.get("class")) for child in parent)


def _flat(text: str | None) -> str:
    return _SPACES.sub(" ", text) if text else ""
