"""Findings come as the sender walks through the file; what must be mended comes first."""

from hypothesis import given
from hypothesis import strategies as st

from kybaocao.rules.finding import Finding, Severity, in_order, needs_first

SHEETS = ["Trang bìa", "3. TTHC"]
ORDER = [("", ""), ("Trang bìa", "C4"), ("3. TTHC", ""), ("3. TTHC", "E9"), ("3. TTHC", "Z10"),
         ("3. TTHC", "AA10"), ("3. TTHC", "E11"), ("Trang lạ", "A1")]  # fmt: skip


def finding(sheet: str, cell: str) -> Finding:
    return Finding("x", Severity.WARNING, sheet, cell, "", "", "")


@given(st.permutations(ORDER))
def test_by_sheet_row_and_column(places: list[tuple[str, str]]) -> None:
    found = in_order([finding(*place) for place in places], SHEETS)
    assert [(f.sheet, f.cell) for f in found] == ORDER


def test_what_must_be_mended_comes_before_what_casts_doubt_and_what_only_tells() -> None:
    def of(code: str, severity: Severity, cell: str) -> Finding:
        return Finding(code, severity, "3. TTHC", cell, "", "", "")

    told = of("hidden-rows", Severity.WARNING, "A3")
    doubt = of("large-jump", Severity.WARNING, "E4")
    first, second = (of("not-a-number", Severity.BLOCKING, cell) for cell in ("E9", "E11"))
    assert needs_first([told, doubt, first, second]) == [first, second, doubt, told]


def test_the_line_of_a_finding_names_the_cell_and_what_it_asks_for() -> None:
    found = Finding(
        "not-a-number",
        Severity.BLOCKING,
        "3. TTHC",
        "E9",
        "chưa rõ",
        "một số",
        "Ghi con số.",
        "TTHC-05 “Hồ sơ đã giải quyết”, cột “Trong kỳ”",
    )
    assert found.line == (
        "Trang tính “3. TTHC”, ô E9: TTHC-05 “Hồ sơ đã giải quyết”, cột “Trong kỳ”: "
        "đang là “chưa rõ”; yêu cầu: một số. Ghi con số."
    )
