"""The house keeps its own rules: everything is listed, documented, tested and free of what belongs to one machine."""

import ast
import importlib
import pkgutil
import re
import shlex
import subprocess
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
import pytest

import kg
from kg.cli import main
from kg.terminology import Terminology

TOP = Path(__file__).resolve().parent.parent
PROJECT: dict[str, Any] = tomllib.loads((TOP / "pyproject.toml").read_text("utf-8"))
OF_EXTRAS = {"kg.spark.engine", "kg.spark.hadoop", "kg.spark.session"}  # they need what an extra installs
MODULES = ["kg", *(module.name for module in pkgutil.walk_packages([str(TOP / "kg")], "kg."))]


def _committed_files() -> list[Path]:
    """Return what is, or may be, committed; without git, everything that is not hidden or made by tools."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=TOP,
        capture_output=True,
        check=False,
    )
    if listed.returncode == 0:
        found = [TOP / name for name in listed.stdout.decode().split("\0") if name]
    else:
        found = [path for path in TOP.rglob("*") if not any(part.startswith((".", "__")) for part in path.parts)]
    return sorted(path for path in found if path.is_file() and path.suffix not in {".png", ".gz", ".zip"})


# --- names


@pytest.mark.parametrize("name", MODULES)
def test_exports_exist_and_say_what_they_are(name: str) -> None:
    if name in OF_EXTRAS:
        pytest.importorskip("pyspark")
    module = importlib.import_module(name) if name != "kg.__main__" else kg
    assert module.__doc__
    for exported in getattr(module, "__all__", ()):
        assert hasattr(module, exported), f"{name}.{exported}"
    assert len(set(getattr(module, "__all__", ()))) == len(getattr(module, "__all__", ()))


def test_every_public_name_is_exported_and_documented() -> None:
    assert list(kg.__all__) == sorted(kg.__all__)
    assert set(kg.__all__) <= set(dir(kg))
    for name in kg.__all__:
        assert getattr(kg, name).__doc__, name


def test_the_import_contract_places_every_module() -> None:
    layers, *_ = PROJECT["tool"]["importlinter"]["contracts"]
    placed = {name.strip() for layer in layers["layers"] for name in layer.split("|")}
    there = {name.split(".")[1] for name in MODULES if "." in name}
    assert layers["exhaustive"] is True
    assert there == placed | {"__main__"}


def test_no_module_grows_beyond_what_one_can_read() -> None:
    too_long = [path.name for path in (TOP / "kg").rglob("*.py") if path.read_text("utf-8").count("\n") > 600]
    assert too_long == []


# --- what is bundled


def test_every_shape_file_has_examples() -> None:
    # prefixes.ttl declares the namespaces of the others' SPARQL.
    shapes = {path.stem for path in (TOP / "shapes").glob("*.ttl")} - {"prefixes"}
    assert {path.stem for path in (TOP / "tests/shapes").glob("*.ru")} == shapes


def test_every_question_has_an_expected_table() -> None:
    questions = {path.stem for path in (TOP / "queries").glob("*.rq")}
    assert {path.stem for path in (TOP / "tests/queries").glob("*.tsv")} == questions


def test_every_check_is_named_as_one() -> None:
    checks = list((TOP / "queries/checks").iterdir())
    assert checks
    assert all(path.name.endswith("-violation.rq") for path in checks)


def test_every_rule_in_the_code_is_described_and_every_described_rule_is_in_the_code(terminology: Terminology) -> None:
    used = {rule for path in (TOP / "kg").rglob("*.py") for rule in _rules(ast.parse(path.read_text("utf-8")))}
    prefix = f"<{terminology.minter.rule('')}"
    described = {subject[len(prefix) : -1] for subject, *_ in terminology.triples if subject.startswith(prefix)}
    assert used - described == set()
    strings = {
        node.value
        for path in (TOP / "kg").rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    assert described - strings == set()


def _rules(tree: ast.AST) -> Iterator[str]:
    """Yield the names of rules: keys of tables of confidence, and what is given as `rule`."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign | ast.AnnAssign) and isinstance(node.value, ast.Dict):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            if any(isinstance(target, ast.Name) and target.id == "_CONFIDENCE" for target in targets):
                yield from (key.value for key in node.value.keys if isinstance(key, ast.Constant))  # type: ignore[misc]
        elif isinstance(node, ast.Call):
            given = [keyword.value for keyword in node.keywords if keyword.arg == "rule"]
            if isinstance(node.func, ast.Attribute) and node.func.attr == "fact":
                given += node.args[3:4]
            yield from (leaf.value for value in given for leaf in _results(value))


def _results(value: ast.expr) -> Iterator[Any]:
    """Yield the constants that an expression may give."""
    if isinstance(value, ast.Constant):
        yield value
    elif isinstance(value, ast.IfExp):
        yield from _results(value.body)
        yield from _results(value.orelse)


# --- the command line


def _commands(command: click.Command, path: tuple[str, ...] = ("kg",)) -> Iterator[tuple[str, click.Command]]:
    yield " ".join(path), command
    if isinstance(command, click.Group):
        for name, child in command.commands.items():
            yield from _commands(child, (*path, name))


COMMANDS = dict(_commands(main))


def _resolve(line: str) -> tuple[str, list[str]]:
    """Return the name of the command that a line calls, and its arguments."""
    name, arguments = "kg", shlex.split(line)[1:]
    while isinstance(COMMANDS[name], click.Group) and arguments and not arguments[0].startswith("-"):
        name = f"{name} {arguments.pop(0)}"
        assert name in COMMANDS, f"{line}: there is no {name!r}"
    return name, arguments


def _parse(line: str) -> None:
    """Let click parse a line that starts with ``kg``, without running it; raises for what the command does not know."""
    name, arguments = _resolve(line)
    if "--help" not in arguments:
        COMMANDS[name].make_context(name, arguments, help_option_names=["-h", "--help"])  # click remembers these


def _has_options(line: str) -> None:
    """Check a line of which only a part may be given: the command exists, and each option is one of its own."""
    name, arguments = _resolve(line)
    known = {option for parameter in COMMANDS[name].params for option in parameter.opts} | {"-", "--help", "--version"}
    assert {argument for argument in arguments if argument.startswith("-")} <= known, line


@pytest.mark.parametrize("name", COMMANDS)
def test_command_is_documented_with_an_example_that_parses(name: str) -> None:
    command = COMMANDS[name]
    assert command.help
    for parameter in command.params:
        assert isinstance(parameter, click.Argument) or getattr(parameter, "help", None), f"{name} {parameter.name}"
    if not isinstance(command, click.Group):
        examples = re.findall(r"^\s*Example: (kg .+)$", command.help, re.MULTILINE)
        assert examples
        for example in examples:
            assert example.startswith(name)
            _parse(example)


@pytest.mark.parametrize(
    "document",
    ["README.md", "CONTRIBUTING.md", "examples/README.md", "docs/queries.md", "docs/graph.md", "docs/vocabularies.md"],
)
def test_commands_in_the_documentation_exist(document: str) -> None:
    text = (TOP / document).read_text("utf-8")
    blocks = "\n".join(re.findall(r"^```(?:sh|console)\n(.*?)^```", text, re.MULTILINE | re.DOTALL)).replace(
        "\\\n", " "
    )
    lines = re.findall(r"^(?:\$ )?((?:kg|sh) .+?)(?: [|>#&].*)?$", blocks.replace("\\\n", " "), re.MULTILINE)
    named = re.findall(r"`((?:kg|sh) [^`]+)`", text)
    assert lines + named
    for line in lines + named:
        if line.startswith("sh "):
            assert (TOP / line.split()[1]).is_file(), line
        elif line in named:
            _has_options(line)
        else:
            _parse(line)


DOCUMENTS = sorted(path.relative_to(TOP).as_posix() for glob in ("*.md", "docs/**/*.md") for path in TOP.glob(glob))


@pytest.mark.parametrize("document", DOCUMENTS)
def test_links_between_files_lead_somewhere(document: str) -> None:
    targets = re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", (TOP / document).read_text("utf-8"))
    assert [target for target in targets if not (TOP / document).parent.joinpath(target).exists()] == []


@pytest.mark.parametrize("script", PROJECT["project"]["scripts"].values())
def test_entry_points_are_callable(script: str) -> None:
    module, _, attribute = script.partition(":")
    assert callable(getattr(importlib.import_module(module), attribute))


# --- what must not be here


MACHINE_PATH = re.compile(r"(?<![\w.:/}\"'*-])/(?:work|root|home|opt|tmp|Users)/\w")
REGISTRY = re.compile(r"\b(?:pypi\.org|pythonhosted\.org|index-url\s*=|find-links\s*=)", re.IGNORECASE)
ADDRESS = re.compile(r"[\w.%+-]+@(?!(?:[\w-]+\.)*example\.org\b)[\w-]+(?:\.[\w-]+)*\.[A-Za-z]{2,}\b")


@pytest.mark.parametrize(
    ("pattern", "bad", "good"),
    [
        (MACHINE_PATH, "see /" + "tmp/x", "https://example.org/tmp/x"),
        (REGISTRY, "--index-url" + "=https", "the index url"),
        (ADDRESS, "jane@" + "hospital.org", "jane@mail.example.org"),
    ],
    ids=["machine path", "registry", "address"],
)
def test_nothing_committed_belongs_to_one_machine_or_person(pattern: re.Pattern[str], bad: str, good: str) -> None:
    assert pattern.search(bad)
    assert not pattern.search(good)
    found = []
    for path in _committed_files():
        for number, line in enumerate(path.read_text("utf-8", "replace").splitlines(), 1):
            found += [f"{path.relative_to(TOP)}:{number}: {match.group()}" for match in pattern.finditer(line)]
    assert found == []


@pytest.mark.parametrize("name", ["runtime.txt", "build.txt", "dev.txt"])
def test_lock_files_pin_every_package_exactly(name: str) -> None:
    lines = (TOP / "requirements" / name).read_text("utf-8").splitlines()
    pins = [line for line in lines if not line.startswith("#")]
    assert pins
    assert [line for line in pins if not re.fullmatch(r"[a-z0-9._-]+==[\w.]+( ; .+)?", line)] == []


def test_lock_files_hold_what_the_project_asks_for() -> None:
    groups = PROJECT["dependency-groups"]
    asked = {"runtime.txt": PROJECT["project"]["dependencies"], "build.txt": groups["build"], "dev.txt": groups["dev"]}
    for name, wanted in asked.items():
        locked = set(re.findall(r"^([a-z0-9._-]+)==", (TOP / "requirements" / name).read_text("utf-8"), re.MULTILINE))
        assert {re.split(r"[<>=!~;\[ ]", one)[0] for one in wanted} <= locked


def test_every_runtime_dependency_is_imported() -> None:
    imported = {
        name.split(".")[0].lower()
        for path in (TOP / "kg").rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        for name in _imported(node)
    }
    import_names = {"pyshifty": "shifty"}
    asked = {re.split(r"[<>=!~;\[ ]", one)[0] for one in PROJECT["project"]["dependencies"]}
    assert {name for name in asked if import_names.get(name, name) not in imported} == set()


def _imported(node: ast.AST) -> list[str]:
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    return [node.module or ""] if isinstance(node, ast.ImportFrom) else []
