"""What import-linter (see pyproject.toml) cannot say: one clock, pure rules, small rooms."""

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


@pytest.mark.parametrize(
    "path", [p for p in MODULES if name_of(p).startswith("kybaocao.rules")], ids=name_of
)
def test_rules_touch_nothing(path: Path) -> None:
    worldly = {
        "os",
        "pathlib",
        "io",
        "socket",
        "sqlite3",
        "smtplib",
        "subprocess",
        "logging",
    }
    for imported in imports(path):
        assert imported.split(".")[0] not in worldly, f"{name_of(path)} imports {imported}"


MOST_MODULES = 16


@pytest.mark.parametrize("folder", sorted({p.parent for p in MODULES}), ids=str)
def test_a_room_is_small_and_says_what_it_is_for(folder: Path) -> None:
    modules = [p for p in folder.glob("*.py") if p.name not in ("__init__.py", "__main__.py")]
    assert len(modules) <= MOST_MODULES, f"{folder} has {len(modules)} modules"
    assert ast.get_docstring(ast.parse((folder / "__init__.py").read_text(encoding="utf-8")))


def test_a_class_name_stands_for_one_thing() -> None:
    where: dict[str, list[str]] = {}
    for path in MODULES:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ClassDef):
                where.setdefault(node.name, []).append(name_of(path))
    assert {name: places for name, places in where.items() if len(places) > 1} == {}
