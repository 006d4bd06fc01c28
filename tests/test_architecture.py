"""Imports run one way, rules <- adapters <- steps <- {flows, cli, demo}; one clock, runtime's."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support import ROOT

MODULES = sorted([*ROOT.glob("kybaocao/**/*.py"), *ROOT.glob("flows/**/*.py")])


def name_of(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


def imports(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: a relative import"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def room(module: str) -> str:
    """Return the room of a module: `rules`, `adapters.<name>`, `steps`, `runtime`, …"""
    parts = module.split(".")
    if parts[0] != "kybaocao" or len(parts) == 1:
        return parts[0]
    return ".".join(parts[1:3]) if parts[1] == "adapters" and len(parts) > 2 else parts[1]


def allowed(here: str, there: str) -> bool:
    if there == "flows":
        return here == "flows"
    if there == "prefect":
        return here == "flows"
    if there in ("cli", "commands", "screen", "words"):
        return here in ("cli", "commands", "screen", "words")
    if here == "rules":
        return there in ("rules", "kybaocao")
    if here.startswith("adapters"):
        return there in ("rules", "kybaocao", here)
    if here in ("runtime", "service"):
        return there in ("rules", "runtime", "kybaocao") or there.startswith("adapters")
    if here == "steps":
        return there in ("rules", "runtime", "steps", "kybaocao") or there.startswith("adapters")
    return True


OURS = ("kybaocao", "flows", "prefect")


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_imports_run_one_way(path: Path) -> None:
    here = room(name_of(path))
    for imported in imports(path):
        if imported.split(".")[0] in OURS:
            there = room(imported)
            assert allowed(here, there), f"{name_of(path)} must not import {imported}"


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_only_runtime_asks_the_clock(path: Path) -> None:
    if name_of(path) == "kybaocao.runtime":
        return
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            called = ast.unparse(node.func)
            assert called not in ("datetime.now", "date.today", "datetime.today", "time.time"), (
                f"{name_of(path)}:{node.lineno} asks the clock"
            )


@pytest.mark.parametrize("path", [p for p in MODULES if room(name_of(p)) == "rules"], ids=name_of)
def test_rules_touch_nothing(path: Path) -> None:
    worldly = {
        "os",
        "pathlib",
        "io",
        "socket",
        "sqlite3",
        "sqlalchemy",
        "openpyxl",
        "xlsxwriter",
        "python_calamine",
        "yagmail",
        "smtplib",
        "subprocess",
        "logging",
    }
    for imported in imports(path):
        assert imported.split(".")[0] not in worldly, f"{name_of(path)} imports {imported}"
