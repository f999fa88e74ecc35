"""Identifiers: prefixes, patterns, and how our own IRIs are minted. Plain Python, no RDF.

An own IRI is minted from the source's identifier or from a hash of the content: never from a counter or
the clock, so that the same input gives the same graph on any machine.
"""

import re
import unicodedata
from functools import lru_cache
from hashlib import blake2b
from typing import Final, Self
from urllib.parse import quote

VOCABULARY: Final = "https://w3id.org/trialkg/vocab#"
DEFAULT_BASE: Final = "https://w3id.org/trialkg/"
MESH: Final = "http://id.nlm.nih.gov/mesh/"
OBO: Final = "http://purl.obolibrary.org/obo/"
HGNC: Final = "http://identifiers.org/hgnc/"
TRIAL: Final = "https://identifiers.org/clinicaltrials:"
REGISTRY_PAGE: Final = "https://clinicaltrials.gov/study/"
PUBMED: Final = "https://identifiers.org/pubmed:"

# The prefixes of everything we write, in the order in which Turtle lists them.
PREFIXES: Final[dict[str, str]] = {
    "biolink": "https://w3id.org/biolink/vocab/",
    "clinicaltrials": TRIAL,
    "dcat": "http://www.w3.org/ns/dcat#",
    "dcterms": "http://purl.org/dc/terms/",
    "geo": "http://www.w3.org/2003/01/geo/wgs84_pos#",
    "geonames": "https://sws.geonames.org/",
    "hgnc": HGNC,
    "kg": VOCABULARY,
    "mesh": MESH,
    "meshv": "http://id.nlm.nih.gov/mesh/vocab#",
    "oa": "http://www.w3.org/ns/oa#",
    "obo": OBO,
    "owl": "http://www.w3.org/2002/07/owl#",
    "prov": "http://www.w3.org/ns/prov#",
    "pubmed": PUBMED,
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "schema": "https://schema.org/",
    "semapv": "https://w3id.org/semapv/vocab/",
    "sh": "http://www.w3.org/ns/shacl#",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "sssom": "https://w3id.org/sssom/",
    "vann": "http://purl.org/vocab/vann/",
    "void": "http://rdfs.org/ns/void#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}

_NCT = re.compile(r"NCT[0-9]{8}")
# RFC 3987, section 2.2, without IP literals in brackets and private-use characters, which parsers treat differently.
_UCSCHAR = "\xa0-\ud7ff\uf900-\ufdcf\ufdf0-\uffef\U00010000-\U0001fffd\U00020000-\U0002fffd"
_PCHAR = rf"(?:[A-Za-z0-9\-._~!$&'()*+,;=:@{_UCSCHAR}]|%[0-9A-Fa-f]{{2}})"
_HOST = rf"(?:[A-Za-z0-9\-._~!$&'()*+,;={_UCSCHAR}]|%[0-9A-Fa-f]{{2}})"
_IRI = re.compile(
    rf"[A-Za-z][A-Za-z0-9+.\-]*:(?://(?:(?:{_HOST}|:)*@)?{_HOST}*(?::[0-9]*)?(?:/{_PCHAR}*)*|(?!//)(?:{_PCHAR}|/)+)"
    rf"(?:\?(?:{_PCHAR}|[/?])*)?(?:#(?:{_PCHAR}|[/?])*)?"
)
_SLUG_LENGTH = 80


class NctId(str):
    """A ClinicalTrials.gov number: ``NCT`` and eight digits. Raises ValueError for anything else."""

    __slots__ = ()

    def __new__(cls, value: str) -> Self:
        """Check the pattern; nothing is trimmed or repaired."""
        if not _NCT.fullmatch(value):
            raise ValueError(f"{value!r} is not an NCT number (NCT and eight digits)")
        return super().__new__(cls, value)

    @property
    def iri(self) -> str:
        """The trial's IRI in the form of identifiers.org."""
        return TRIAL + self


def is_iri(text: str) -> bool:
    """Tell whether ``text`` is an absolute IRI that every RDF syntax can carry unescaped."""
    return _IRI.fullmatch(text) is not None


def content_hash(*parts: str) -> str:
    """Return 16 hexadecimal digits of BLAKE2b over the parts; a part's borders count."""
    joined = "".join([f"{len(part)}:{part}" for part in parts])
    if joined.isascii():  # as most parts are: a character is a byte
        return blake2b(joined.encode(), digest_size=8).hexdigest()
    contents = [part.encode("utf-8", "surrogatepass") for part in parts]
    return blake2b(b"".join([b"%d:%b" % (len(it), it) for it in contents]), digest_size=8).hexdigest()


@lru_cache(1 << 13)  # names of organisations come again and again
def slug(text: str) -> str:
    """Return a readable path segment for ``text``: lower-case ASCII letters, digits and hyphens.

    Where letters had to be dropped (another script) or the text is long, a hash of the whole text keeps two
    names apart.

    >>> slug("Institut Paoli-Calmettes")
    'institut-paoli-calmettes'
    """
    kept = text.lower()
    if not text.isascii():
        plain = unicodedata.normalize("NFKD", text).casefold()
        kept = "".join(char for char in plain if not unicodedata.combining(char))
    result = re.sub(r"[^a-z0-9]+", "-", kept).strip("-")
    lossy = not kept.isascii() and any(ord(char) > 127 and char.isalnum() for char in kept)
    if lossy or not result or len(result) > _SLUG_LENGTH:
        result = f"{result[:_SLUG_LENGTH].rstrip('-')}-{content_hash(text)}".lstrip("-")
    return result


def slug_label(name: str) -> str:
    """Return a label that all names with one `slug` share: their words; where the slug has a hash, the name itself.

    >>> slug_label("NORTH  Atlantis"), slug_label("north-atlantis"), slug_label("Αθήνα")
    ('North Atlantis', 'North Atlantis', 'Αθήνα')
    """
    segment = slug(name)
    return name if segment.endswith(content_hash(name)) else segment.replace("-", " ").title()


class Minter:
    """Mints the IRIs of a site's own resources under its base IRI.

    Args:
        base: An absolute IRI that ends with ``/`` or ``#``.

    Raises:
        ValueError: ``base`` is not such an IRI.
    """

    def __init__(self, base: str = DEFAULT_BASE) -> None:
        """Check and keep the base."""
        if not is_iri(base) or base[-1] not in "/#":
            raise ValueError(f"base IRI {base!r} must be absolute and end with '/' or '#'")
        self.base = base

    def localise(self, iri: str) -> str:
        """Move an IRI of the bundled ontologies under this site's base; leave all others alone."""
        if iri.startswith(DEFAULT_BASE) and not iri.startswith(VOCABULARY[:-1]):
            return self.base + iri[len(DEFAULT_BASE) :]
        return iri

    def graph(self, name: str) -> str:
        """Return the named graph of a trial (its NCT number), ``concepts``, ``vocabulary`` or ``about``."""
        return f"{self.base}graph/{name}"

    def document(self, sha256: str) -> str:
        """Return the document's IRI, from the hash of its bytes."""
        return f"{self.base}document/{sha256}"

    def part(self, kind: str, nct_id: str, *content: str) -> str:
        """Return the IRI of a part of a trial (arm, site, criterion, …), from a hash of its content."""
        return f"{self.base}{kind}/{nct_id}/{content_hash(*content)}"

    def code(self, scheme: str, notation: str) -> str:
        """Return a registry code's IRI; an unknown code is kept, percent-encoded."""
        return f"{self.base}code/{scheme}/{quote(notation, safe='')}"

    def state(self, marker: str, state: str) -> str:
        """Return a marker state's IRI, from the marker's notation and the state's: ``her2-low``."""
        return f"{self.base}state/{marker}-{state}"

    def organization(self, *name: str) -> str:
        """Return an organisation's IRI, from its name and, for a site's facility, its place."""
        return f"{self.base}organization/{slug(' '.join(name))}"

    def country(self, alpha2: str) -> str:
        """Return a country's IRI, from its ISO 3166-1 code."""
        return f"{self.base}country/{alpha2}"

    def rule(self, name: str) -> str:
        """Return the IRI of an extraction rule."""
        return f"{self.base}rule/{name}"

    def reported(self, kind: str, name: str) -> str:
        """Return the IRI of a name that no concept was found for."""
        return f"{self.base}reported/{kind}/{slug(name)}"
