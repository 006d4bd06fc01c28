"""What people did to a file's shape is told at the cell, and a clean file hears nothing."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from openpyxl import Workbook

from kybaocao.rules.calendar.frequency import Frequency
from kybaocao.rules.cells.grid import Book
from kybaocao.rules.check.checks import judge
from kybaocao.rules.finding import Finding
from kybaocao.rules.form.form import Form
from kybaocao.rules.form.newer_form import news
from kybaocao.rules.recognition.reading import FINDINGS_SHEET, locate
from kybaocao.rules.recognition.sheet_shape import with_shape
from tests.sample_form import FORM, filled, plain_book

TTHC = "3. TTHC"
QUARTER = Frequency.QUARTER
COLUMNS = FORM.columns_for(QUARTER)

Spoil = Callable[[Workbook], None]


def told(spoil: Spoil = lambda book: None, **of_tthc: Any) -> list[Finding]:
    """Return the findings on a spoiled file; `of_tthc` changes the grid of sheet 3. TTHC."""
    book = plain_book(filled(spoil))
    grids = [replace(g, **of_tthc) if g.name == TTHC else g for g in book.grids]
    book = Book(tuple(grids), book.identity)
    located = locate(FORM, [column.name for column in COLUMNS], book)
    found = judge(FORM, QUARTER, False, book).findings
    return list(with_shape(found, COLUMNS, book, located))


def put(**cells: Any) -> Spoil:
    def spoil(book: Workbook) -> None:
        for at, value in cells.items():
            book[TTHC][at] = value

    return spoil


def only(found: list[Finding]) -> tuple[str, str, str, bool]:
    assert len(found) == 1, found
    return found[0].code, found[0].sheet, found[0].cell, found[0].is_blocking


def test_a_clean_file_hears_nothing() -> None:
    assert told() == []


def test_hidden_rows_with_figures_count_and_are_told() -> None:
    found = told(hidden_rows=frozenset({2, 6, 7, 8, 11, 40}))
    assert only(found) == ("hidden-rows", TTHC, "A6", False)
    assert found[0].value == "đang ẩn: dòng 6–8, 11"


def test_hidden_columns_with_figures_count_and_are_told() -> None:
    found = told(hidden_columns=frozenset({1, 5, 6, 40}))
    assert only(found) == ("hidden-columns", TTHC, "E4", False)
    assert found[0].value == "đang ẩn: cột E, F"


def test_hidden_columns_without_figures_are_no_matter() -> None:
    assert told(hidden_columns=frozenset({1, 2, 3, 40})) == []
    assert told(hidden_columns=frozenset({4})) == []


def test_a_hidden_sheet_with_figures_counts_and_is_told() -> None:
    assert only(told(hidden=True)) == ("hidden-sheet", TTHC, "", False)


def test_merged_inputs_are_asked_at_the_cells_that_lost_theirs() -> None:
    found = told(put(F12=None), merged=((12, 5, 12, 6),))
    assert only(found) == ("merged-input", TTHC, "F12", True)
    assert found[0].value == "ô bị gộp trong E12:F12; “12,5” được tính cho ô E12"


def test_a_value_under_a_merged_area_is_no_figure() -> None:
    assert only(told(merged=((12, 5, 12, 6),))) == ("merged-input", TTHC, "F12", True)


def test_remarks_merged_over_rows_are_no_matter() -> None:
    assert told(put(G5="Số liệu tạm"), merged=((5, 7, 8, 7),)) == []


def test_notes_beside_and_below_the_table_are_named() -> None:
    found = told(put(I5="Theo báo cáo tháng 8", B15="Người lập biểu"))
    assert only(found) == ("outside-table", TTHC, "I5", False)
    assert "ô I5, B15" in found[0].action


def test_figures_in_a_row_without_code_or_name_are_named() -> None:
    assert only(told(put(E14=7))) == ("outside-table", TTHC, "E14", False)


def test_a_figure_where_none_is_asked_is_named() -> None:
    assert only(told(put(D6=7))) == ("unasked-figure", TTHC, "D6", False)


def test_a_row_known_by_its_label_is_told() -> None:
    found = told(put(A6=None))
    assert only(found) == ("code-lost", TTHC, "A6", False)


def test_two_sheets_that_differ_are_asked() -> None:
    def spoil(book: Workbook) -> None:
        book.copy_worksheet(book[TTHC])["E12"] = 99

    found = told(spoil)
    assert only(found) == ("duplicate-sheet", f"{TTHC} Copy", "", True)
    assert TTHC in found[0].value


def test_two_header_rows_are_asked() -> None:
    def spoil(book: Workbook) -> None:
        sheet = book[TTHC]
        for column in range(1, 8):
            sheet.cell(14, column).value = sheet.cell(4, column).value
        sheet["E14"], sheet["F14"] = sheet["F14"].value, sheet["E14"].value

    assert ("duplicate-header", "A14") in [(f.code, f.cell) for f in told(spoil)]


def test_sheets_that_are_not_read_are_named_but_for_our_own() -> None:
    def spoil(book: Workbook) -> None:
        book.create_sheet("Phụ lục")["A1"] = "Danh sách"
        book.create_sheet(FINDINGS_SHEET, 0)["A1"] = "STT"
        book.create_sheet("Sheet5")

    assert only(told(spoil)) == ("unread-sheet", "Phụ lục", "", False)


def test_a_note_in_the_numbers_column_of_a_table_is_named() -> None:
    def spoil(book: Workbook) -> None:
        book["Nhiệm vụ"]["A6"] = "Ghi chú: số liệu tạm tính"

    assert only(told(spoil)) == ("outside-table", "Nhiệm vụ", "A6", False)


def test_all_is_told_in_the_order_of_the_file() -> None:
    found = told(put(A14="Ghi chú", E5=121, E12=None), hidden_rows=frozenset({6}))
    assert [(f.code, f.cell) for f in found] == [
        ("sum-mismatch", "E5"),
        ("hidden-rows", "A6"),
        ("required-blank", "E12"),
        ("outside-table", "A14"),
    ]


# A file on an earlier version.


def older(**row: Any) -> Form:
    """Return the form as it was: without TTHC-08, B-01 and the column of tasks, and with `row`."""
    bia, tthc, nv = FORM.sheets
    assert bia.kind == "entries"
    assert tthc.kind == "indicators"
    assert nv.kind == "table"
    rows = [r.model_copy(update=row if r.code == "TTHC-11" else {}) for r in tthc.rows]
    kept = tuple(r for r in rows if r.code not in ("TTHC-08", "TTHC-09"))
    columns = tuple(c for c in nv.columns if c.id != "task")
    sheets = (
        bia.model_copy(update={"rows": bia.rows[1:]}),
        tthc.model_copy(update={"rows": kept}),
        nv.model_copy(update={"columns": columns}),
    )
    return FORM.model_copy(update={"version": 1, "sheets": sheets})


def test_what_is_new_in_a_form_is_named_row_by_row() -> None:
    found = list(news(older(), FORM, QUARTER, {"tthc": "TTHC (sửa)"}))
    assert [(f.code, f.sheet, f.is_blocking) for f in found] == [
        ("new-in-form", "", False),
        ("new-in-form", "TTHC (sửa)", False),
        ("new-in-form", "", False),
    ]
    words = [f.expected for f in found]
    assert "B-01 (Người lập)" in words[0]
    assert "TTHC-08 (Trực tuyến)" in words[1]
    assert "“Tên nhiệm vụ”" in words[2]


def test_a_unit_that_changed_is_asked_since_figures_would_not_add_up() -> None:
    (found,) = (f for f in news(older(unit="đồng"), FORM, QUARTER, {}) if f.is_blocking)
    assert found.code == "unit-changed"
    assert "TTHC-11" in found.value


def test_nothing_is_new_in_the_same_form() -> None:
    assert list(news(FORM, FORM, QUARTER, {})) == []
