"""The grammar of IRIs, transcribed rule by rule: RFC 3987, section 2.2, and what it takes over from RFC 3986.

Left out is what RDF has no use for: relative references (RDF 1.1 Concepts, section 3.2), and an IRI with nothing behind
its scheme (``http:``).
"""

import re
from functools import lru_cache
from typing import Final

# ucschar, iprivate (RFC 3987); unreserved, sub-delims, pct-encoded (RFC 3986).
_UCSCHAR = (
    "\u00a0-\ud7ff\uf900-\ufdcf\ufdf0-\uffef"
    "\U00010000-\U0001fffd\U00020000-\U0002fffd\U00030000-\U0003fffd\U00040000-\U0004fffd\U00050000-\U0005fffd"
    "\U00060000-\U0006fffd\U00070000-\U0007fffd\U00080000-\U0008fffd\U00090000-\U0009fffd\U000a0000-\U000afffd"
    "\U000b0000-\U000bfffd\U000c0000-\U000cfffd\U000d0000-\U000dfffd\U000e1000-\U000efffd"
)
_IPRIVATE = "\ue000-\uf8ff\U000f0000-\U000ffffd\U00100000-\U0010fffd"
_IUNRESERVED = rf"A-Za-z0-9\-._~{_UCSCHAR}"
_SUB_DELIMS = "!$&'()*+,;="
_PCT_ENCODED = "%[0-9A-Fa-f]{2}"
_IPCHAR = rf"(?:[{_IUNRESERVED}{_SUB_DELIMS}:@]|{_PCT_ENCODED})"
_DEC_OCTET = "(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])"
_IPV4 = rf"{_DEC_OCTET}(?:\.{_DEC_OCTET}){{3}}"
_H16 = "[0-9A-Fa-f]{1,4}"
_LS32 = rf"(?:{_H16}:{_H16}|{_IPV4})"
_IPV6 = "|".join(
    (
        rf"(?:{_H16}:){{6}}{_LS32}",
        rf"::(?:{_H16}:){{5}}{_LS32}",
        rf"(?:{_H16})?::(?:{_H16}:){{4}}{_LS32}",
        rf"(?:(?:{_H16}:){{0,1}}{_H16})?::(?:{_H16}:){{3}}{_LS32}",
        rf"(?:(?:{_H16}:){{0,2}}{_H16})?::(?:{_H16}:){{2}}{_LS32}",
        rf"(?:(?:{_H16}:){{0,3}}{_H16})?::{_H16}:{_LS32}",
        rf"(?:(?:{_H16}:){{0,4}}{_H16})?::{_LS32}",
        rf"(?:(?:{_H16}:){{0,5}}{_H16})?::{_H16}",
        rf"(?:(?:{_H16}:){{0,6}}{_H16})?::",
    )
)
_IP_LITERAL = rf"\[(?:{_IPV6}|[vV][0-9A-Fa-f]+\.[A-Za-z0-9\-._~{_SUB_DELIMS}:]+)\]"
_IREG_NAME = rf"(?:[{_IUNRESERVED}{_SUB_DELIMS}]|{_PCT_ENCODED})*"  # an IPv4 address is one as well
_IUSERINFO = rf"(?:[{_IUNRESERVED}{_SUB_DELIMS}:]|{_PCT_ENCODED})*"
_IAUTHORITY = rf"(?:{_IUSERINFO}@)?(?:{_IP_LITERAL}|{_IREG_NAME})(?::[0-9]*)?"
_SCHEME = r"[A-Za-z][A-Za-z0-9+\-.]*"
_IHIER_PART = rf"(?://{_IAUTHORITY}(?:/{_IPCHAR}*)*|/(?:{_IPCHAR}+(?:/{_IPCHAR}*)*)?|{_IPCHAR}+(?:/{_IPCHAR}*)*)"
_IQUERY = rf"(?:[{_IUNRESERVED}{_SUB_DELIMS}:@/?{_IPRIVATE}]|{_PCT_ENCODED})*"
_IFRAGMENT = rf"(?:[{_IUNRESERVED}{_SUB_DELIMS}:@/?]|{_PCT_ENCODED})*"
_IRI: Final = re.compile(rf"{_SCHEME}:{_IHIER_PART}(?:\?{_IQUERY})?(?:#{_IFRAGMENT})?")

_NEEDS_HOST: Final = re.compile("(?:https?|ftp):", re.IGNORECASE)
_HOST: Final = re.compile(r"(?:https?|ftp)://(?:[^/?#@]*@)?[^/?#:@]", re.IGNORECASE)


@lru_cache(maxsize=1 << 16)
def is_iri(text: str) -> bool:
    """Tell whether ``text`` is an absolute IRI; one of http, https or ftp has a host (RFC 9110, section 4.2.1).

    >>> [is_iri(text) for text in ("https://example.org/β?q=1#x", "urn:isbn:0451450523", "https://example.org/a b")]
    [True, True, False]
    """
    if _NEEDS_HOST.match(text) and not _HOST.match(text):
        return False
    return _IRI.fullmatch(text) is not None
