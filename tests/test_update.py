"""An update gives what a full build of the same records gives, at the cost of what changed."""

import gzip
import json
from collections.abc import Iterator, Sequence
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pyoxigraph as ox
import pytest
from click.testing import CliRunner
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

import kg
from kg import pipeline, updating
from kg.affected import changed_names, trials_with
from kg.batch import Builder, Built, Options
from kg.cli import main
from kg.describe import Census
from kg.errors import BuildError
from kg.fingerprints import Fingerprints
from kg.models import RawRecord
from kg.nquads import Triple
from kg.store import Loader
from kg.terms import RDF
from kg.texts import KeptText, TextStore, pack
from kg.tokens import key

BROKEN = -1


def record(number: int, version: int = 0) -> str:
    """Return a line with a small record, of which each version says something else; one version is broken."""
    text = f"Inclusion Criteria:\n\n* {('HER2-low', 'HER2-positive', 'KRAS G12C mutated')[version % 3]} disease\n"
    protocol: dict[str, Any] = {
        "identificationModule": {
            "nctId": f"NCT{number:08d}",
            "briefTitle": f"Ribociclib in breast cancer {number}",
            "organization": {"fullName": f"Hospital {version % 2}"},
        },
        "statusModule": {"lastUpdatePostDateStruct": {"date": f"2025-01-{version + 2:02d}"}},
        "designModule": {"enrollmentInfo": {"count": "many" if version == BROKEN else version}},
        "sponsorCollaboratorsModule": {"leadSponsor": {"name": f"Hospital {version % 2}"}},
        "conditionsModule": {"conditions": ["Breast Cancer", f"Rare Sorrow {version}"]},
        "eligibilityModule": {"eligibilityCriteria": text},
    }
    return json.dumps({"protocolSection": protocol}) + "\n"


def write(path: Path, *lines: str) -> Path:
    path.write_text("".join(lines), "utf-8")
    return path


def quads(path: Path) -> list[bytes]:
    """Return the lines of a build's quads."""
    with gzip.open(path / "graph.nq.gz") as file:
        return list(file)


def stored(path: Path) -> set[bytes]:
    found = ox.Store.read_only(str(path / "store")).dump(format=ox.RdfFormat.N_QUADS) or b""
    return set(found.splitlines())


def loaded(path: Path) -> set[bytes]:
    """Return a build's quads as a store writes them."""
    store = ox.Store()
    store.bulk_load(b"".join(quads(path)), format=ox.RdfFormat.N_QUADS)
    return set((store.dump(format=ox.RdfFormat.N_QUADS) or b"").splitlines())


@pytest.fixture(scope="module", autouse=True)
def one_builder() -> Iterator[None]:
    """Make the lexicon once for all builds of this module."""
    with pytest.MonkeyPatch.context() as patch:
        made: dict[object, Builder] = {}
        shared: dict[object, list[bytes]] = {}
        make, share = Builder, pipeline.shared_graphs

        def builder(options: Options, _: Path | None = None) -> Builder:
            return made.get(options) or made.setdefault(options, make(options))

        def shared_graphs(one: Builder, added: Sequence[str]) -> list[bytes]:
            return shared.get(one.options) or shared.setdefault(one.options, share(one, added))

        for module in (pipeline, updating):
            patch.setattr(module, "Builder", builder)
            patch.setattr(module, "shared_graphs", shared_graphs)
        yield


State = dict[int, list[int]]  # trial to the versions of its records
STATES = st.dictionaries(st.integers(1, 30), st.lists(st.integers(BROKEN, 3), min_size=1, max_size=3), max_size=12)


def of_state(path: Path, state: State, order: list[int]) -> Path:
    if not state:  # an empty file would be a rejected record, and a folder without files is none
        path.with_suffix("").mkdir()
        return path.with_suffix("")
    numbers = sorted(state, key=lambda number: (order[number % len(order)], number))
    return write(path, *(record(number, version) for number in numbers for version in state[number]))


@settings(max_examples=3, phases=[Phase.explicit, Phase.generate])  # an example is three builds
@given(STATES, STATES, st.lists(st.integers(0, 9), min_size=5, max_size=5), st.booleans())
def test_an_update_is_a_full_build(before: State, after: State, order: list[int], delta: bool) -> None:
    if delta:  # what was new or changed, beside what stays
        read, after = after, {**before, **after}
    else:
        after = {**{number: it for number, it in before.items() if number % 2}, **after}
        read = after
    with TemporaryDirectory() as folder:
        top = Path(folder)
        kg.build([of_state(top / "before.jsonl", before, [0])], top / "out", workers=1)
        old = stored(top / "out")
        done = kg.update([of_state(top / "delta.jsonl", read, order)], top / "out", delta=delta, workers=1)
        full = kg.build([of_state(top / "after.jsonl", after, order)], top / "full", workers=1)
        assert quads(top / "out") == quads(top / "full")
        assert stored(top / "out") == loaded(top / "full")
        assert done.report == done.graph.report
        assert done.report.records_read == full.report.records_read
        counted = ("records_built", "records_duplicate", "records_rejected", "trials", "counts", "unlinked")
        assert [getattr(done.report, it) for it in counted] == [getattr(full.report, it) for it in counted]
        store = ox.Store()
        store.bulk_load(b"\n".join(old), format=ox.RdfFormat.N_QUADS)
        store.update("".join(done.patch("sparql-update")))
        assert set((store.dump(format=ox.RdfFormat.N_QUADS) or b"").splitlines()) == stored(top / "out")


def source(path: Path, state: State) -> Path:
    return of_state(path, state, [0])


def watch_builds(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return a list that grows by every trial that is built from now on."""
    built: list[str] = []
    build = Builder.build

    def watched(self: Builder, batch: Sequence[tuple[str, Sequence[RawRecord]]]) -> Built:
        built.extend(nct_id for nct_id, _ in batch)
        return build(self, batch)

    monkeypatch.setattr(Builder, "build", watched)
    return built


def test_words_say_what_an_update_changed(tmp_path: Path) -> None:
    graph = kg.build([source(tmp_path / "a.jsonl", {1: [0], 2: [1], 3: [2]})], tmp_path / "out", workers=1)
    done = graph.update([source(tmp_path / "b.jsonl", {1: [0], 2: [2], 4: [1]})], workers=1)
    told = {it.nct_id: it.kind for it in done.changes()}
    assert told == {"NCT00000002": "changed", "NCT00000003": "withdrawn", "NCT00000004": "new"}
    assert "enrollment: 1 → 2" in "".join(map(str, done.changes()))
    assert done.graph.verify().holds


def test_only_what_changed_is_built(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    kg.build([source(tmp_path / "a.jsonl", {number: [0] for number in range(1, 41)})], tmp_path / "out", workers=1)
    built = watch_builds(monkeypatch)
    state = {number: [0] for number in range(1, 41)} | {7: [1], 33: [0, 2]}
    kg.update([source(tmp_path / "b.jsonl", state)], tmp_path / "out", workers=1)
    assert built == ["NCT00000007", "NCT00000033"]


def test_documents_follow_their_records(tmp_path: Path) -> None:
    kg.build([source(tmp_path / "a.jsonl", {1: [0], 2: [0]})], tmp_path / "out", workers=1)
    kg.update([source(tmp_path / "b.jsonl", {2: [0], 3: [0]})], tmp_path / "out", workers=1)
    with TextStore(tmp_path / "out" / "texts.sqlite") as texts:
        (there,) = (texts.document(sha256(record(number).strip().encode()).hexdigest()) for number in (2,))
        assert there is not None
        assert (Path(there.file).name, there.position) == ("b.jsonl", "line 1")
        assert texts.document(sha256(record(1).strip().encode()).hexdigest()) is None


@pytest.mark.parametrize(("label", "anew"), [("rare sorrow 1", ["NCT00000002"]), ("rare joy", [])])
def test_another_name_bears_on_the_trials_that_have_its_words(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, label: str, anew: list[str]
) -> None:
    first = source(tmp_path / "a.jsonl", {1: [0], 2: [1], 3: [2]})
    graph = kg.build([first], tmp_path / "out", workers=1)
    more = (
        f'<x:sorrow> <http://www.w3.org/2004/02/skos/core#altLabel> "{label}"@en <{graph.minter.graph("concepts")}> .\n'
    )
    share = pipeline.shared_graphs

    def with_another_name(builder: Builder, added: Sequence[str]) -> list[bytes]:
        concepts, *others = share(builder, added)
        return [b"".join(sorted([*concepts.splitlines(keepends=True), more.encode()])), *others]

    built = watch_builds(monkeypatch)
    monkeypatch.setattr(updating, "shared_graphs", with_another_name)
    others = Fingerprints.now()._replace(concepts="others")
    monkeypatch.setattr(Fingerprints, "now", lambda *_: others)
    kg.update([first], tmp_path / "out", workers=1)
    assert built == anew
    assert more.encode() in quads(tmp_path / "out")
    assert stored(tmp_path / "out") == loaded(tmp_path / "out")


def test_other_rules_make_everything_anew_and_a_delta_is_not_enough(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = source(tmp_path / "a.jsonl", {1: [0], 2: [1]})
    kg.build([first], tmp_path / "out", workers=1)
    before = quads(tmp_path / "out")
    others = Fingerprints.now()._replace(rules="others")
    monkeypatch.setattr(Fingerprints, "now", lambda *_: others)
    with pytest.raises(BuildError, match=r"1 trials that are not in these sources.*NCT00000002"):
        kg.update([source(tmp_path / "b.jsonl", {1: [2]})], tmp_path / "out", delta=True, workers=1)
    assert quads(tmp_path / "out") == before
    done = kg.update([first], tmp_path / "out", workers=1)
    assert (done.report.trials, list(done.changes())) == (2, [])
    assert quads(tmp_path / "out") == before


def test_a_store_is_closed_before_its_folder_is_renamed(tmp_path: Path) -> None:
    with Loader(tmp_path / "first") as first:
        first.add(b"<x:s> <x:p> <x:o> <x:g> .\n")
    with Loader(tmp_path / "second", tmp_path / "first") as second:
        second.remove(b"<x:s> <x:p> <x:o> <x:g> .\n")
        second.add(b"<x:s> <x:p> <x:other> <x:g> .\n")
    assert first is not second  # both are alive, and hold no lock
    assert [str(quad.object) for quad in ox.Store(str(tmp_path / "second"))] == ["<x:other>"]
    assert [str(quad.object) for quad in ox.Store(str(tmp_path / "first"))] == ["<x:o>"]


def test_an_update_of_nothing_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BuildError, match="is not a build directory"):
        kg.update([source(tmp_path / "a.jsonl", {1: [0]})], tmp_path / "out")


@pytest.mark.parametrize("content", [b"not a record at all\n", gzip.compress(record(1).encode() * 200)[:-12]])
def test_trials_are_not_withdrawn_for_what_cannot_be_read(tmp_path: Path, content: bytes) -> None:
    kg.build([source(tmp_path / "a.jsonl", {1: [0], 2: [0]})], tmp_path / "out", workers=1)
    before = quads(tmp_path / "out")
    damaged = tmp_path / "b.jsonl"
    damaged.write_bytes(content)
    with pytest.raises(
        BuildError, match=r"trials of .* could not be read \(.*b\.jsonl.*Mend the sources, or update with"
    ):
        kg.update([damaged], tmp_path / "out", workers=1)
    assert quads(tmp_path / "out") == before
    assert kg.update([damaged], tmp_path / "out", delta=True, workers=1).graph.report.trials == 2


def test_the_command_prints_words_and_writes_a_patch(tmp_path: Path) -> None:
    kg.build([source(tmp_path / "a.jsonl", {1: [0], 2: [0]})], tmp_path / "out", workers=1)
    changed, patch = source(tmp_path / "b.jsonl", {1: [1]}), tmp_path / "day.rdfp"
    called = [str(changed), "-g", str(tmp_path / "out"), "--delta", "--patch", str(patch), "--workers", "1"]
    run = CliRunner().invoke(main, ["update", *called])
    assert run.exit_code == 0
    assert run.stdout.startswith("NCT00000001 changed: Ribociclib in breast cancer 1")
    assert "2 records read = 2 built + 0 duplicate + 0 rejected + 0 quarantined" in run.stderr
    assert patch.read_text("utf-8").startswith("TX .\n")
    wrong = CliRunner().invoke(main, ["update", *called[:-4], "--patch", str(tmp_path / "day.txt")])
    assert wrong.exit_code == 2
    assert "say which with -f" in wrong.stderr


def test_what_rests_on_a_changed_concept_changes_too() -> None:
    skos = "http://www.w3.org/2004/02/skos/core#"
    lines = [
        f'<x:class> <{skos}prefLabel> "CDK4/6 inhibitor"@en .'.encode(),
        f'<x:drug> <{skos}prefLabel> "ribociclib"@en .'.encode(),
        f"<x:drug> <{skos}broader> <x:class> .".encode(),
        f'<x:other> <{skos}prefLabel> "aspirin"@en .'.encode(),
    ]
    assert changed_names(lines, lines) == set()
    names = changed_names(lines, [f'<x:class> <{skos}prefLabel> "cyclin inhibitor"@en .'.encode(), *lines[1:]])
    assert names == {key("CDK4/6 inhibitor"), key("cyclin inhibitor"), "ribociclib"}


def test_words_of_a_name_may_stand_apart(tmp_path: Path) -> None:
    with TextStore(tmp_path / "texts.sqlite", create=True) as texts:
        for number, text in enumerate(["breast and lung tumours", "lung", "a tumour of the breast"]):
            texts.add(f"NCT0000000{number}", pack([KeptText("a" * 64, "/title", text)]))
    with TextStore(tmp_path / "texts.sqlite") as texts:
        assert trials_with([key("Breast tumor")], texts) == {"NCT00000000", "NCT00000002"}


TRIPLES = st.lists(
    st.tuples(st.sampled_from(["<x:a>", "<x:b>", "<x:/NCT1>"]), st.sampled_from(["<x:p>", RDF.type]), st.just("<x:T>")),
    unique=True,
)


@given(TRIPLES, TRIPLES)
def test_what_is_subtracted_from_a_census_was_never_there(one: list[Triple], other: list[Triple]) -> None:
    census = Census.of(one)
    census.add(Census.of(other))
    census.subtract(Census.of(other))
    alone = Census.of(one)
    assert (census.classes, census.distinct_subjects, census.properties) == (
        alone.classes, alone.distinct_subjects, alone.properties,
    )  # fmt: skip


def test_an_empty_graph_is_filled(tmp_path: Path) -> None:
    kg.build([source(tmp_path / "a.jsonl", {})], tmp_path / "out", workers=1)
    done = kg.update([source(tmp_path / "b.jsonl", {1: [0], 2: [1]})], tmp_path / "out", delta=True, workers=1)
    assert [it.kind for it in done.changes()] == ["new", "new"]
    assert stored(tmp_path / "out") == loaded(tmp_path / "out")
