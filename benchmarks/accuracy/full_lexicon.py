"""Vocabularies compiled from the shared tables, kept under the folder for temporary files."""

import tempfile
from collections.abc import Sequence
from functools import cache
from hashlib import blake2b
from pathlib import Path

from kg.vocabulary import VocabularyFolder
from kg.vocabulary.compiled import CompiledLexicon

MESH = ("mesh2024-descriptors.tsv.gz", "mesh-supplementary-labels.tsv.gz")
GENES = ("hgnc-2017.tsv.gz",)
_CODE = Path(__file__).parents[2] / "kg"


@cache
def compiled(terminology: Path, names: Sequence[str]) -> CompiledLexicon:
    """Return the compiled lexicon of some tables; it is made anew when these or the code that makes it change."""
    digest = blake2b(digest_size=8)
    folders = [*sorted((_CODE / "vocabulary").iterdir()), *sorted((_CODE / "linking").iterdir())]
    code = [*folders, _CODE / "tokens.py", _CODE / "models.py"]
    for path in [*(terminology / name for name in names), *(path for path in code if path.is_file())]:
        digest.update(path.name.encode() + path.read_bytes())
    folder = VocabularyFolder(Path(tempfile.gettempdir()) / "trialkg-benchmarks" / digest.hexdigest())
    found = folder.open()
    while found is None:
        folder.add([terminology / name for name in names])
        found = folder.open()
    return found
