"""What several test modules need: the real terminology, made once, and trials in two lines."""

import os
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from hypothesis import settings

import kg
from kg.api import Graph, build
from kg.extract import Extractor
from kg.identifiers import NctId, slug
from kg.lexicon import Lexicon
from kg.models import Concept, ConceptType, Document, FieldKind, SourceFormat, TextField, Trial
from kg.terminology import Terminology, load_gene_symbols, load_terminology
from kg.vocabulary.lexicon import make_lexicon

# The first example of a session pays for the terminology; nobody else's clock decides over a property.
settings.register_profile("kg", deadline=None, max_examples=60, derandomize=True)
settings.load_profile("kg")

SHA256 = "a" * 64
NCT_ID = NctId("NCT00000000")
DOCUMENT = Document(sha256=SHA256, format=SourceFormat.CTGOV_JSON, file="trial.json", position="line 1")


def make_field(text: str, kind: FieldKind = FieldKind.ELIGIBILITY, *, index: int = 0) -> TextField:
    """Return a text of the invented document."""
    return TextField.of_source(SHA256, f"/{kind.value}/{index}", kind, text, index)


def make_trial(*texts: tuple[FieldKind, str], **values: object) -> Trial:
    """Return a trial with these texts; texts of one kind are numbered in order."""
    seen: dict[FieldKind, int] = {}
    fields: list[TextField] = []
    for kind, text in texts:
        index = seen[kind] = seen.get(kind, -1) + 1
        fields.append(make_field(text, kind, index=index))
    return Trial(nct_id=NCT_ID, documents=(DOCUMENT,), texts=tuple(fields), **values)  # type: ignore[arg-type]


def make_concept(label: str, kind: ConceptType, **values: tuple[str, ...]) -> Concept:
    """Return an invented concept."""
    return Concept(iri=f"https://example.org/{slug(label)}", concept_type=kind, pref_label=label, **values)  # type: ignore[arg-type]


def eligibility(*, inclusion: Sequence[str] = (), exclusion: Sequence[str] = ()) -> str:
    """Return eligibility text in the registry's usual layout."""
    lists = (("Inclusion Criteria:", inclusion), ("Exclusion Criteria:", exclusion))
    return "\n\n".join("\n".join([head, "", *(f"* {item}" for item in items)]) for head, items in lists if items)


@pytest.fixture(scope="session", autouse=True)
def no_vocabularies(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Let no test use what the developer has added."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("KG_DATA_DIR", str(tmp_path_factory.mktemp("data")))
        yield


@pytest.fixture(scope="session", autouse=True)
def own_cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Let tests keep what they make among themselves; those that run beside each other share it."""
    base = tmp_path_factory.getbasetemp()
    beside_others = "PYTEST_XDIST_WORKER" in os.environ
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str((base.parent if beside_others else base) / "cache"))
        yield


@pytest.fixture(scope="session")
def examples(tmp_path_factory: pytest.TempPathFactory) -> Graph:
    """The bundled example trials, built."""
    return build(
        [Path(__file__).parent.parent / "examples/trials"], tmp_path_factory.mktemp("examples") / "graph", workers=1
    )


@pytest.fixture(scope="session")
def terminology() -> Terminology:
    """The bundled terminology."""
    return load_terminology()


@pytest.fixture(scope="session")
def examples_graph(tmp_path_factory: pytest.TempPathFactory) -> Graph:
    """The bundled examples, built."""
    return kg.build(
        [Path(__file__).parents[1] / "examples/trials"], tmp_path_factory.mktemp("built") / "out", workers=1
    )


@pytest.fixture(scope="session")
def lexicon(terminology: Terminology) -> Lexicon:
    """All labels of the bundled terminology."""
    return make_lexicon(terminology)


@pytest.fixture(scope="session")
def extractor(terminology: Terminology, lexicon: Lexicon) -> Extractor:
    """The extractor over the bundled terminology."""
    return Extractor(terminology.concepts, lexicon, load_gene_symbols())
