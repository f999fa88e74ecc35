"""The promise to those who import a file of RDF into whatever platform they have: ``certify``.

Two parsers, the grammars of IRIs, literals and language tags, registered prefixes: `kg.certify.certificate.Check` lists
what is checked.
"""

from kg.certify.certificate import Certificate, Check, Fault, Figures
from kg.certify.examination import certify

__all__ = ["Certificate", "Check", "Fault", "Figures", "certify"]
