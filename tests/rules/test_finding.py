"""Findings come as the sender walks through the file."""

from hypothesis import given
from hypothesis import strategies as st

from kybaocao.rules.finding import Finding, Severity, in_order

SHEETS = ["Trang bìa", "3. TTHC"]
ORDER = [("", ""), ("Trang bìa", "C4"), ("3. TTHC", ""), ("3. TTHC", "E9"), ("3. TTHC", "Z10"),
         ("3. TTHC", "AA10"), ("3. TTHC", "E11"), ("Trang lạ", "A1")]  # fmt: skip


def finding(sheet: str, cell: str) -> Finding:
    return Finding("x", Severity.WARNING, sheet, cell, "", "", "")


@given(st.permutations(ORDER))
def test_by_sheet_row_and_column(places: list[tuple[str, str]]) -> None:
    found = in_order([finding(*place) for place in places], SHEETS)
    assert [(f.sheet, f.cell) for f in found] == ORDER
