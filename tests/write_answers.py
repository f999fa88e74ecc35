"""Write the expected answers of the competency questions anew; read the difference before you commit it.

usage: python tests/write_answers.py
"""

from pathlib import Path
from tempfile import TemporaryDirectory

import kg
from kg.query import saved_queries

TOP = Path(__file__).resolve().parent.parent


def main() -> None:
    """Ask all questions of the bundled examples."""
    folder = TOP / "tests/questions"
    folder.mkdir(exist_ok=True)
    for old in folder.glob("*.tsv"):
        old.unlink()
    with TemporaryDirectory() as built:
        graph = kg.build([TOP / "examples/trials"], Path(built, "graph"), workers=1)
        for name in (it.name for it in saved_queries().values() if it.is_question):
            (folder / f"{Path(name).name}.tsv").write_text(graph.query(name).to("tsv"), "utf-8")


if __name__ == "__main__":
    main()
