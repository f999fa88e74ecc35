"""The trials of a gold set, read from the shared records as kg reads them."""

import hashlib
import zipfile
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from pathlib import Path

import msgspec

from kg.identifiers import NctId
from kg.models import Document, FieldKind, RawRecord, SourceFormat, TextField, Trial
from kg.read import parse, scan

FOLDER = Path(__file__).parent
# In this order: what stands in both is read from the first.
_RECORDS = ("ctgov-v2.jsonl.gz", "ctgov-legacy-xml.zip")
_TEXTS = "breast-trial-texts.zip"


class _Texts(msgspec.Struct):
    """A trial as lists of lines (NLI4CT); only the criteria are whole there."""

    number: str = msgspec.field(name="Clinical Trial ID")
    eligibility: list[str] = msgspec.field(name="Eligibility")


def records(data: Path, wanted: Collection[str]) -> Iterator[Trial]:
    """Yield the ``wanted`` trials of the shared records, whole; a source that is not there gives none."""
    for raw in raw_records(data):
        if raw.nct_id in wanted:
            yield parse(raw)


def raw_records(data: Path) -> Iterator[RawRecord]:
    """Yield the shared trial records, the better source first."""
    for name in _RECORDS:
        path = data / "trials" / name
        if path.exists():
            yield from (record for record in scan([path]) if isinstance(record, RawRecord))


def eligibility_texts(data: Path, wanted: Collection[str]) -> Iterator[Trial]:
    """Yield the ``wanted`` trials of the shared texts: their eligibility criteria and nothing else."""
    for number in sorted(text_numbers(data) & set(wanted)):
        with zipfile.ZipFile(data / "trials" / _TEXTS) as archive:
            payload = archive.read(f"{number}.json")
        document = Document(
            sha256=hashlib.sha256(payload).hexdigest(), format=SourceFormat.WEB_PAGE, file=_TEXTS, position=number
        )
        text = "\n".join(msgspec.json.decode(payload, type=_Texts).eligibility)
        field = TextField(document=document.sha256, locator="Eligibility", kind=FieldKind.ELIGIBILITY, text=text)
        yield Trial(nct_id=NctId(number), documents=(document,), texts=(field,))


def text_numbers(data: Path) -> set[str]:
    """Return the numbers of the trials whose texts are shared."""
    path = data / "trials" / _TEXTS
    if not path.exists():
        return set()
    with zipfile.ZipFile(path) as archive:
        return {name.removesuffix(".json") for name in archive.namelist() if name.endswith(".json")}


@dataclass(frozen=True, slots=True, kw_only=True)
class GoldSet:
    """Some trials with annotations: ``NAME-trials.txt``, ``NAME-pass1.tsv`` and, once adjudicated, ``NAME.tsv``."""

    name: str
    title: str
    read: Callable[[Path, Collection[str]], Iterator[Trial]]

    def numbers(self) -> list[str]:
        """Return the NCT numbers of the set, in the order in which they were chosen."""
        return (FOLDER / f"{self.name}-trials.txt").read_text(encoding="utf-8").split()

    def trials(self, data: Path) -> dict[str, Trial]:
        """Return those trials of the set that the shared data hold, by NCT number."""
        found: dict[str, Trial] = {}
        for trial in self.read(data, set(self.numbers())):
            found.setdefault(str(trial.nct_id), trial)
        return found

    @property
    def table(self) -> Path:
        """The adjudicated annotations, or the first pass as long as there are none."""
        adjudicated = FOLDER / f"{self.name}.tsv"
        return adjudicated if adjudicated.exists() else FOLDER / f"{self.name}-pass1.tsv"


BREAST = GoldSet(name="breast", title="breast cancer trials", read=records)
ELIGIBILITY = GoldSet(name="eligibility", title="breast cancer eligibility texts", read=eligibility_texts)
SETS = {gold_set.name: gold_set for gold_set in (BREAST, ELIGIBILITY)}


def sha256(text: str) -> str:
    """Return the SHA-256 of a text in UTF-8: what tells that it is still the annotated one."""
    return hashlib.sha256(text.encode()).hexdigest()
