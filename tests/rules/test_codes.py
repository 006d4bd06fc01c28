"""The register of findings and the code agree, in both directions."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from kybaocao.rules.codes import Code
from kybaocao.rules.finding import DOUBTS, Finding, Severity
from tests.support import ROOT

MODULES = sorted((ROOT / "kybaocao").rglob("*.py"))
MADE_OF_A_ROW = "kybaocao/adapters/ledger/store.py"


def raised(path: Path) -> Iterator[str]:
    """Yield the codes that a module names, but for those that it only compares with."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    compared = {id(n) for c in ast.walk(tree) if isinstance(c, ast.Compare) for n in ast.walk(c)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and ast.unparse(node.value) == "Code":
            if id(node) in compared:
                continue
            yield node.attr


def test_every_code_comes_from_where_the_register_says() -> None:
    made: dict[str, set[str]] = {code.name: set() for code in Code}
    for path in MODULES:
        name = ".".join(path.relative_to(ROOT / "kybaocao").with_suffix("").parts)
        for code in raised(path):
            made[code].add(name)
    assert made == {code.name: set(code.made_in) for code in Code}


def test_findings_are_made_by_the_register_alone() -> None:
    for path in MODULES:
        where = path.relative_to(ROOT).as_posix()
        if where in ("kybaocao/rules/codes.py", MADE_OF_A_ROW):
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            assert not (isinstance(node, ast.Call) and ast.unparse(node.func) == "Finding"), (
                f"{where}:{node.lineno} makes a finding past the register"
            )


def test_a_code_says_what_it_means_in_words_of_its_own() -> None:
    assert all(code.meaning and code.severities for code in Code)
    assert len({code.meaning for code in Code}) == len(Code)


def test_a_finding_is_as_severe_as_its_code_usually_is() -> None:
    wanted = Finding("missing-row", Severity.BLOCKING, "1. Thể chế", "A4", "", "dòng", "Sửa.")
    assert Code.MISSING_ROW.finding("1. Thể chế", "A4", "", "dòng", "Sửa.") == wanted


def test_what_casts_doubt_is_known_to_the_register_as_a_warning() -> None:
    assert all(Severity.WARNING in Code(doubt).severities for doubt in DOUBTS)


def test_no_code_takes_a_severity_that_is_not_its_own() -> None:
    with pytest.raises(ValueError, match="never warning"):
        Code.MISSING_SHEET.finding("", "", "", "", "", Severity.WARNING)
