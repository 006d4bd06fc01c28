"""What README and project files promise is there, and what is there is promised."""

import ast
import re
import sys
import tomllib
from collections.abc import Iterator
from importlib.metadata import packages_distributions

import pytest
from cyclopts import App

from kybaocao.cli import app
from kybaocao.settings import SETTINGS_FILE, Settings
from tests.support import ROOT

README = (ROOT / "README.md").read_text(encoding="utf-8")
MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")
_DECLARED = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
PROJECT, TOOLS = _DECLARED["project"], _DECLARED["tool"]
# Imported by others: Starlette reads uploads with it.
USED_BY_OTHERS = {"python-multipart"}
# Parts of dependencies that are distributions of their own.
PARTS = {"pydantic-core", "httpx", "starlette"}


def table() -> dict[str, str]:
    """Return the README's commands: the first word of each, and all words of its cell."""
    cells = re.findall(r"(?m)^\| `([a-z]+)([^`]*)` \|", README)
    return {command: command + words for command, words in cells}


def words_of(command: App) -> Iterator[str]:
    """Yield the options and the names of the plain words that a command takes."""
    for argument in command.assemble_argument_collection():
        yield next((n for n in argument.names if n.startswith("--")), argument.name)


COMMANDS = sorted(name for name in app if not name.startswith("-"))


# The house


def test_the_house_names_every_room() -> None:
    house = README.split("## The house")[1]
    folders = [f for f in (ROOT / "kybaocao").glob("*/") if f.name != "__pycache__"]
    rooms = [
        room
        for floor in folders
        if floor.name in ("rules", "adapters", "steps")
        for room in floor.glob("*/")
        if room.name != "__pycache__"
    ]
    for named in (*(f"{f.name}/" for f in folders), *(room.name for room in rooms)):
        assert f"`{named}`" in house, f"the README says nothing of {named}"


def test_the_floors_are_those_that_are_held() -> None:
    contracts = TOOLS["importlinter"]["contracts"]
    (floors,) = (c["name"] for c in contracts if c["name"].startswith("Floors: "))
    assert f"`{floors.removeprefix('Floors: ')}`" in " ".join(README.split())


# Commands


def test_the_table_names_every_command_and_no_other() -> None:
    assert sorted(table()) == COMMANDS


@pytest.mark.parametrize("command", COMMANDS)
def test_the_table_names_every_word_that_a_command_takes(command: str) -> None:
    written = table()[command]
    taken = set(words_of(app[command]))
    assert {w for w in taken if w.startswith("--")} == set(re.findall(r"--[a-z-]+", written))
    for word in taken:
        if not word.startswith("--"):
            assert word.rstrip("S") in written.upper()


@pytest.mark.parametrize("command", COMMANDS)
def test_the_table_brackets_what_may_be_left_out(command: str) -> None:
    for argument in app[command].assemble_argument_collection():
        option = next((n for n in argument.names if n.startswith("--")), None)
        if option is not None:
            assert (f"[{option}" in table()[command]) != argument.required


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_and_each_of_its_words_is_explained(command: str) -> None:
    function = app[command].default_command
    assert function is not None
    explained = str(function.__doc__)
    for argument in app[command].assemble_argument_collection():
        assert re.search(rf"(?m)^ +{argument.field_info.name}\n +\S", explained)


# Settings


def test_the_readme_points_to_the_settings() -> None:
    assert str(SETTINGS_FILE) in README
    assert "config/kybaocao.example.toml" in README
    assert (ROOT / "config/kybaocao.example.toml").is_file()


def test_every_setting_that_the_readme_names_exists() -> None:
    for name in re.findall(r"KYBAOCAO_([A-Z_]+)", README):
        assert name.lower().split("__")[0] in {*Settings.model_fields}


# make, and CI


def targets() -> set[str]:
    return set(re.findall(r"(?m)^([a-z]+): \$", MAKEFILE))


def test_every_target_that_the_readme_names_exists_and_the_other_way_round() -> None:
    named = set(re.findall(r"\bmake ([a-z]+)", README))
    expected = {
        *("demo", "test", "lint", "types", "bench", "soak", "pictures", "up"),
        "constraints",
    }
    assert named == targets() == expected


def test_every_target_sets_up_its_environment_and_is_no_file() -> None:
    for target in targets():
        ready = "READY" if target in ("demo", "up") else "READY_DEV"
        assert re.search(rf"(?m)^{target}: \$\({ready}\)$", MAKEFILE)
        assert re.search(rf"(?m)^\.PHONY:.*\b{target}\b", MAKEFILE)


def test_what_the_targets_run_exists() -> None:
    for module in re.findall(r"python -m (\w+)", MAKEFILE.partition("$(READY):")[0]):
        assert (ROOT / module / "__main__.py").exists() or module in packages_distributions()


def test_the_readme_begins_with_the_two_commands() -> None:
    block = re.search(r"```sh\n(.+?)```", README, re.DOTALL)
    assert block is not None
    commands = [line.partition("#")[0].strip() for line in block[1].splitlines()]
    assert commands == ["make demo", "make test"]


def test_ci_runs_lint_types_and_the_readmes_test_command() -> None:
    script = ROOT / ".ci" / "run"
    assert script.stat().st_mode & 0o111
    lines = script.read_text(encoding="utf-8").splitlines()
    assert [line for line in lines if line.startswith("make ")] == [
        "make lint",
        "make types",
        "make test",
    ]
    assert "set -euo pipefail" in lines
    assert "export KYBAOCAO_TEST_REQUIRE=1" in lines


# Dependencies


def normal(name: str) -> str:
    """Return a distribution's name as PEP 503 compares it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def distribution(requirement: str) -> str:
    return normal(re.split(r"[\[<>=!~; ]", requirement)[0])


def required(*extras: str) -> set[str]:
    """Return what the project depends on, or these extras of it."""
    lists = [PROJECT["optional-dependencies"][e] for e in extras] or [PROJECT["dependencies"]]
    return {distribution(r) for one in lists for r in one}


def imported(*folders: str) -> list[set[str]]:
    """Return for each top-level package that these folders import what may bring it."""
    found: set[str] = set()
    for path in (p for folder in folders for p in (ROOT / folder).rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                found |= {alias.name.partition(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module:
                found.add(node.module.partition(".")[0])
    others = found - sys.stdlib_module_names - {"kybaocao", "flows", "tests", "benchmarks"}
    known = packages_distributions()
    return [{normal(name) for name in known[package]} for package in sorted(others)]


def test_what_is_imported_is_required() -> None:
    brought = required() | PARTS
    assert [names for names in imported("kybaocao", "flows") if not names & brought] == []


def test_what_is_required_is_imported() -> None:
    used = set().union(*imported("kybaocao", "flows"))
    assert required() - USED_BY_OTHERS - used == set()


def test_tests_and_benchmarks_import_nothing_that_a_developer_lacks() -> None:
    brought = required() | required("dev") | PARTS
    assert [names for names in imported("tests", "benchmarks") if not names & brought] == []


def pins(file: str) -> dict[str, str]:
    """Return each pinned name with its version; every one has the hashes of its files."""
    text = (ROOT / file).read_text(encoding="utf-8")
    text = re.sub(r"(?m)^#.*$", "", text).replace("\\\n", "")
    lines = [line for line in text.splitlines() if line]
    pin = r"([A-Za-z0-9._-]+)==([A-Za-z0-9.!+]+)(?: +--hash=sha256:[0-9a-f]{64})+"
    found = [re.fullmatch(pin, line) for line in lines]
    assert all(found), [line for line, pin in zip(lines, found, strict=True) if pin is None]
    return {normal(pin[1]): pin[2] for pin in found if pin}


def test_every_dependency_is_pinned() -> None:
    product, developing = pins("constraints.txt"), pins("constraints-dev.txt")
    assert required() | required("postgresql") | {"setuptools"} <= product.keys()
    assert required("dev") <= developing.keys()
    assert product.items() <= developing.items()
    assert "pytest" not in product


def test_no_project_file_names_an_index() -> None:
    files = [ROOT / name for name in ("pyproject.toml", "Makefile", ".ci/run", "README.md")]
    for file in [*files, *ROOT.glob("constraints*.txt")]:
        text = file.read_text(encoding="utf-8")
        assert not re.search(r"index-url|--find-links|https?://[^ ]*(pypi|simple)", text), file


def test_a_narrow_range_says_why() -> None:
    lines = (ROOT / "pyproject.toml").read_text(encoding="utf-8").splitlines()
    for number, line in enumerate(lines):
        capped = re.match(r' +"([a-z-]+)[^"]*<', line)
        if capped and capped[1] != "prefect":
            assert lines[number - 1].strip().startswith("#"), line
