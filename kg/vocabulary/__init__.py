"""Vocabularies that a user adds: MeSH, HGNC, OBO, SKOS and mappings, read and compiled into one lexicon on disk."""

from kg.vocabulary.folder import AddedSource, InUse, Vocabularies, VocabularyFolder
from kg.vocabulary.records import SourceFormat

__all__ = ["AddedSource", "InUse", "SourceFormat", "Vocabularies", "VocabularyFolder"]
