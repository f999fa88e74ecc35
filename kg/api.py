"""The library's front door: build a graph, open one, ask it. The command line is a thin layer over this."""

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import pyoxigraph as ox

from kg import analyse, export, query, validate, verify
from kg.batch import Options, make_lexicon
from kg.directory import BuildDirectory
from kg.identifiers import DEFAULT_BASE, Minter
from kg.lexicon import Entry
from kg.pipeline import BATCH, Progress
from kg.pipeline import build as build_directory
from kg.read import Limits
from kg.report import BuildReport
from kg.store import GraphStore
from kg.terminology import Terminology, load_terminology
from kg.texts import TextStore

if TYPE_CHECKING:
    import networkx
    import rdflib
