"""Every check finds its fault, at the cell, and nothing else; a good report has none."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime

import pytest
from openpyxl import Workbook

from kybaocao.rules.calendar.frequency import Frequency
from kybaocao.rules.calendar.period import Period
from kybaocao.rules.cells.grid import Book, Oddity, Oddness, Value
from kybaocao.rules.check.checks import Judgement, identity_of, judge
from kybaocao.rules.cycle.standing import Verdict
from kybaocao.rules.finding import Finding, Severity
from kybaocao.rules.form.form import Figure, Form, Identity
from kybaocao.rules.form.targets import Target
from kybaocao.rules.recognition.reading import FINDINGS_SHEET
from tests.sample_form import FORM, filled, plain_book

IDENTITY = Identity("mau", 2, "quang-nam", "bao-cao-quy", "so-tu-phap", "2016-Q3")
TTHC = "3. TTHC"

Spoil = Callable[[Workbook], None]


def judged(
    spoil: Spoil = lambda book: None, form: Form = FORM, first_of_year: bool = False
) -> Judgement:
    return judge(form, Frequency.QUARTER, first_of_year, plain_book(filled(spoil)))


def put(cell: str, value: Value | None, sheet: str = TTHC) -> Spoil:
    def spoil(book: Workbook) -> None:
        book[sheet][cell] = value

    return spoil


def only(judgement: Judgement) -> Finding:
    assert len(judgement.findings) == 1, judgement.findings
    return judgement.findings[0]


def figure(judgement: Judgement, row: str, column: str) -> Figure | None:
    found = [f for f in judgement.figures if (f.row, f.column) == (row, column)]
    assert len(found) <= 1
    return found[0] if found else None


def test_a_good_report_is_accepted_with_all_its_figures() -> None:
    judgement = judged()
    assert judgement.findings == ()
    assert judgement.verdict is Verdict.ACCEPTED
    assert figure(judgement, "TTHC-04", "done") == Figure("tthc", "TTHC-04", "done", 120, "E5")
    assert figure(judgement, "B-02", "") == Figure("bia", "B-02", "", "2016-09-12", "C4")
    assert figure(judgement, "B-03", "") == Figure("bia", "B-03", "", "Có phát sinh", "C5")
    assert figure(judgement, "2", "due") == Figure("nv", "2", "due", "2016-09-30", "C4")
    assert figure(judgement, "3", "task") is None


def test_percentages_are_computed_and_not_read() -> None:
    judgement = judged(put("E10", "tự tính"))
    assert judgement.findings == ()
    assert figure(judgement, "TTHC-09", "done") == Figure("tthc", "TTHC-09", "done", 50.0, "E10")
    assert figure(judgement, "TTHC-09", "total") == Figure("tthc", "TTHC-09", "total", 25.0, "F10")


def test_a_percentage_of_nothing_is_no_figure() -> None:
    def nothing(book: Workbook) -> None:
        for row in range(5, 10):
            book[TTHC].cell(row, 5).value = 0

    judgement = judged(nothing)
    assert judgement.findings == ()
    assert figure(judgement, "TTHC-09", "done") is None


@pytest.mark.parametrize(
    ("cell", "typed", "row", "column", "value"),
    [
        ("E12", "1.234,5", "TTHC-11", "done", 1234.5),
        ("F12", "1 234 567", "TTHC-11", "total", 1234567),
        ("E11", "98,33%", "TTHC-10", "done", 98.33),
        ("E11", "0,5%", "TTHC-10", "done", 0.5),
        ("E11", 0, "TTHC-10", "done", 0),
        ("F12", "Không áp dụng", "TTHC-11", "total", None),
        ("E12", "không phát sinh", "TTHC-11", "done", 0),
        ("F5", "300 hồ sơ", "TTHC-04", "total", 300),
        ("F5", "300", "TTHC-04", "total", 300),
        ("F5", 300.0, "TTHC-04", "total", 300),
        ("G5", "  số  liệu tạm ", "TTHC-04", "note", "số  liệu tạm"),
        ("G5", 12.5, "TTHC-04", "note", "12,5"),
    ],
)
def test_what_is_plainly_understood_is_no_finding(
    cell: str, typed: Value, row: str, column: str, value: float | str | None
) -> None:
    judgement = judged(put(cell, typed))
    assert judgement.findings == ()
    found = figure(judgement, row, column)
    assert found is not None
    assert (found.value, found.cell) == (value, cell)


def test_thousands_in_a_count() -> None:
    def thousands(book: Workbook) -> None:
        book[TTHC]["F5"], book[TTHC]["F6"] = "1.300", "1,200"

    judgement = judged(thousands)
    assert judgement.findings == ()
    assert [figure(judgement, c, "total").value for c in ("TTHC-04", "TTHC-05")] == [1300, 1200]  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("cell", "typed", "code", "shown"),
    [
        ("E8", None, "required-blank", "(để trống)"),
        ("E8", "12 bộ", "not-a-number", "12 bộ"),
        ("E8", "khoảng 12", "not-a-number", "khoảng 12"),
        ("E8", "12 nghìn", "wrong-unit", "12 nghìn"),
        ("E8", "x", "not-a-number", "x"),
        ("E8", "-", "not-a-number", "-"),
        ("E8", True, "not-a-number", "TRUE"),
        ("E8", datetime(2016, 5, 12), "not-a-number", "12/05/2016"),
        ("E8", "#REF!", "not-a-number", "#REF!"),
        ("E8", "1e3", "not-a-number", "1e3"),
        ("E8", 1e300, "not-a-number", None),
        ("E8", float("nan"), "not-a-number", None),
        ("E8", "=E6+E7", "formula-without-value", "=E6+E7"),
        ("E8", "5,5", "not-integer", "5,5"),
        ("E8", 5.5, "not-integer", "5,5"),
        ("E8", "98,33%", "unexpected-percent", "98,33%"),
        ("E8", -5, "out-of-range", "-5"),
        ("E11", "102,5", "out-of-range", "102,5"),
        ("E11", 0.9833, "ambiguous-number", "0,9833"),
        ("E12", "1.234", "ambiguous-number", "1.234"),
        ("E12", "1,234", "ambiguous-number", "1,234"),
        ("F12", "12,000", "ambiguous-number", "12,000"),
    ],
)
def test_a_figure_that_is_asked_about(
    cell: str, typed: Value | None, code: str, shown: str | None
) -> None:
    judgement = judged(put(cell, typed))
    finding = only(judgement)
    assert (finding.code, finding.sheet, finding.cell) == (code, TTHC, cell)
    assert finding.is_blocking
    assert shown is None or finding.value == shown
    assert finding.expected
    assert finding.action
    assert judgement.verdict is Verdict.RETURNED


@pytest.mark.parametrize(
    ("typed", "advice"),
    [("1.234", "Ghi 1234 nếu là 1.234; ghi 1,2340 nếu là 1,234."), ("12,000", "ghi 12 nếu là 12.")],
)
def test_following_the_advice_settles_the_question(typed: str, advice: str) -> None:
    assert advice in only(judged(put("F12", typed))).action
    for answer in ("1234", "1,2340", "12000", "12"):
        assert "ambiguous-number" not in {f.code for f in judged(put("F12", answer)).findings}


@pytest.mark.parametrize(
    ("sheet", "cell", "typed", "code"),
    [
        ("Trang bìa", "C3", None, "required-blank"),
        ("Trang bìa", "C4", "12/9/16", "not-a-date"),
        ("Trang bìa", "C4", "31/02/2016", "not-a-date"),
        ("Trang bìa", "C4", 42625, "not-a-date"),
        ("Trang bìa", "C5", "Chưa rõ", "not-a-choice"),
        ("Nhiệm vụ", "B2", None, "required-blank"),
        ("Nhiệm vụ", "C2", "cuối năm", "not-a-date"),
        ("Nhiệm vụ", "D4", "Xong", "not-a-choice"),
    ],
)
def test_an_input_that_is_asked_about(
    sheet: str, cell: str, typed: Value | None, code: str
) -> None:
    finding = only(judged(put(cell, typed, sheet)))
    assert (finding.code, finding.sheet, finding.cell) == (code, sheet, cell)


@pytest.mark.parametrize(
    "typed", ["12/9/2016", "12-09-2016", "12.9.2016", "2016-09-12", "ngày 12 tháng 9 năm 2016"]
)
def test_days_as_people_write_them(typed: str) -> None:
    found = figure(judged(put("C4", typed, "Trang bìa")), "B-02", "")
    assert found is not None
    assert found.value == "2016-09-12"


def test_a_total_that_its_parts_do_not_make() -> None:
    finding = only(judged(put("E7", 13)))
    assert (finding.code, finding.cell) == ("sum-mismatch", "E5")
    assert finding.value == "120; cộng các phần được 118"
    assert finding.expected == ("TTHC-04 “Đã giải quyết” bằng tổng của TTHC-05, TTHC-06 và TTHC-07")


def test_sums_of_decimals_are_not_held_to_their_last_bits() -> None:
    rows = [row.model_copy(update={"kind": "decimal"}) for _, row in FORM.indicators()]
    sheet = FORM.indicator_sheets[0].model_copy(update={"rows": tuple(rows)})
    form = FORM.model_copy(update={"sheets": (sheet,)})

    def tenths(book: Workbook) -> None:
        for row, value in zip(range(5, 10), (0.7, 0.1, 0.2, 0.4, 0.3), strict=True):
            book[TTHC].cell(row, 5).value = value

    assert 0.1 + 0.2 + 0.4 != 0.7
    assert not [f for f in judged(tenths, form).findings if f.code == "sum-mismatch"]


def test_a_sum_with_a_part_that_is_not_applicable_is_not_judged() -> None:
    assert judged(put("E8", "Không áp dụng")).findings == ()


def test_a_part_above_its_whole() -> None:
    finding = only(judged(put("F9", 301)))
    assert (finding.code, finding.cell, finding.value) == ("part-above-whole", "F9", "301")
    assert finding.expected == "TTHC-08 không lớn hơn TTHC-04 “Đã giải quyết” (300)"


def test_a_cumulative_figure_below_the_period() -> None:
    finding = only(judged(put("F9", 59)))
    assert (finding.code, finding.cell, finding.value) == ("cumulative-below-period", "F9", "59")
    assert "(60)" in finding.expected


def test_a_cumulative_percentage_may_fall() -> None:
    assert judged(put("F11", 50)).findings == ()


def test_in_the_first_period_of_the_year_both_are_equal() -> None:
    codes = {f.code for f in judged(first_of_year=True).findings}
    assert codes == {"cumulative-first-period"}

    def equal(book: Workbook) -> None:
        for row in (*range(5, 10), 11, 12):
            book[TTHC].cell(row, 6).value = book[TTHC].cell(row, 5).value

    assert judged(equal, first_of_year=True).findings == ()


def test_a_year_asks_for_no_cumulative_figures() -> None:
    def drop_column(book: Workbook) -> None:
        book[TTHC].delete_cols(6)

    assert only(judged(drop_column)).code == "missing-column"
    book = plain_book(filled(drop_column))
    assert judge(FORM, Frequency.YEAR, False, book).findings == ()


def test_a_rule_may_only_warn() -> None:
    rules = FORM.rules.model_copy(
        update={"within": tuple(r.model_copy(update={"severity": Severity.WARNING})
                                for r in FORM.rules.within)}
    )  # fmt: skip
    judgement = judged(put("F9", 301), FORM.model_copy(update={"rules": rules}))
    assert only(judgement).severity is Severity.WARNING
    assert judgement.verdict is Verdict.ACCEPTED


def test_a_sheet_without_any_figure_is_asked_about_once() -> None:
    def blank(book: Workbook) -> None:
        for row in range(5, 13):
            book[TTHC].cell(row, 5).value = book[TTHC].cell(row, 6).value = None

    finding = only(judged(blank))
    assert (finding.code, finding.cell) == ("required-blank", "E5")
    assert finding.expected == "trang tính có số liệu ở 14 ô bắt buộc; hiện chưa điền ô nào"


@pytest.mark.parametrize("said", ["Không phát sinh", "không có", "KPS"])
def test_a_table_that_says_nothing_happened_has_no_rows(said: str) -> None:
    def nothing(book: Workbook) -> None:
        book["Nhiệm vụ"].delete_rows(2, 5)
        book["Nhiệm vụ"]["C2"] = said

    judgement = judged(nothing)
    assert judgement.findings == ()
    assert not [f for f in judgement.figures if f.sheet == "nv"]


# Zero, blank and not applicable are three answers.


def of_the_period(value: Value | None) -> Spoil:
    def spoil(book: Workbook) -> None:
        for row in (*range(5, 10), 11, 12):
            book[TTHC].cell(row, 5).value = value

    return spoil


@pytest.mark.parametrize("said", [0, "0", "Không phát sinh"])
def test_a_nil_return_is_a_report(said: Value) -> None:
    judgement = judged(of_the_period(said))
    assert judgement.findings == ()
    assert judgement.is_nil


def test_a_blank_report_is_asked_about_and_is_no_nil_return() -> None:
    judgement = judged(of_the_period(None))
    assert {f.code for f in judgement.findings} == {"required-blank"}
    assert not judgement.is_nil


def test_a_report_to_which_nothing_applies_is_no_nil_return() -> None:
    judgement = judged(of_the_period("Không áp dụng"))
    assert judgement.findings == ()
    assert not judgement.is_nil


def test_a_report_with_a_single_figure_is_no_nil_return() -> None:
    def one(book: Workbook) -> None:
        of_the_period(0)(book)
        book[TTHC]["E12"] = 0.5

    assert not judged(one).is_nil
    assert not judged().is_nil


# What the reader tells of cells.


def told(cell: str, kind: Oddness, detail: str) -> Judgement:
    book = plain_book(filled())
    row, column = int(cell[1:]), ord(cell[0]) - 64
    odd = {(row, column): Oddity(kind, detail)}
    grids = tuple(replace(g, odd=odd) if g.name == TTHC else g for g in book.grids)
    return judge(FORM, Frequency.QUARTER, False, replace(book, grids=grids))


@pytest.mark.parametrize(
    ("kind", "code", "detail"),
    [
        (Oddness.STALE_FORMULA, "stale-formula", "121"),
        (Oddness.INEXACT, "inexact-number", "12345678901234567890"),
    ],
)
def test_what_cannot_be_taken_as_it_stands_is_asked(kind: Oddness, code: str, detail: str) -> None:
    judgement = told("E5", kind, detail)
    finding = only(judgement)
    assert (finding.code, finding.cell, finding.value) == (code, "E5", "120")
    assert finding.is_blocking
    assert detail in finding.expected
    assert figure(judgement, "TTHC-04", "done") is None


def test_text_in_an_old_font_is_taken_and_shown() -> None:
    judgement = told("E5", Oddness.LEGACY_TEXT, ".VnTime")
    finding = only(judgement)
    assert (finding.code, finding.is_blocking) == ("legacy-text", False)
    assert ".VnTime" in finding.expected
    assert figure(judgement, "TTHC-04", "done") is not None


@pytest.mark.parametrize("cell", ["B5", "A5", "E10"])
def test_labels_and_computed_cells_are_not_asked_about(cell: str) -> None:
    assert told(cell, Oddness.STALE_FORMULA, "1").findings == ()


# Rules that only warn until a day.


def lasting(until: date) -> Form:
    """Return the form whose sums, and whose row TTHC-07, are warnings until a day."""
    rules = FORM.rules.model_copy(
        update={"sums": (FORM.rules.sums[0].model_copy(update={"warning_until": until}),)}
    )
    sheets = list(FORM.sheets)
    rows = [
        row.model_copy(update={"warning_until": until if row.code == "TTHC-07" else None})
        for _, row in FORM.indicators()
    ]
    sheets[1] = FORM.indicator_sheets[0].model_copy(update={"rows": tuple(rows)})
    return FORM.model_copy(update={"rules": rules, "sheets": tuple(sheets)})


@pytest.mark.parametrize("cell", ["E5", "E8"])
@pytest.mark.parametrize(
    ("day", "is_blocking"),
    [
        (date(2026, 12, 30), False),
        (date(2026, 12, 31), True),
        (date(2027, 1, 1), True),
        (None, True),
    ],
)
def test_a_rule_warns_before_its_day(cell: str, day: date | None, is_blocking: bool) -> None:
    book = plain_book(filled(put(cell, 121 if cell == "E5" else None)))
    form = lasting(date(2026, 12, 31))
    finding = only(judge(form, Frequency.QUARTER, False, book, day))
    assert finding.is_blocking is is_blocking
    then = "Từ ngày 31/12/2026, báo cáo còn lỗi này sẽ bị trả lại."
    assert finding.action.endswith(then) is not is_blocking


# Targets


def aimed(**target: object) -> Form:
    rows = [
        row.model_copy(update={"target": (Target.model_validate(target),)})
        if row.code == "TTHC-09"
        else row
        for _, row in FORM.indicators()
    ]
    sheets = list(FORM.sheets)
    sheets[1] = FORM.indicator_sheets[0].model_copy(update={"rows": tuple(rows)})
    return FORM.model_copy(update={"sheets": tuple(sheets)})


def test_a_missed_target_is_said_and_the_report_accepted() -> None:
    form, period = aimed(above=25, year=2016, clause="mục II.8"), Period.parse("2016-Q3")
    book = plain_book(filled())
    judgement = judge(form, Frequency.QUARTER, False, book, period=period)
    finding = only(judgement)
    assert (finding.code, finding.cell, finding.value) == ("target-missed", "F10", "25%")
    assert finding.expected == "mục tiêu > 25% (2016), theo mục II.8"
    assert judgement.verdict is Verdict.ACCEPTED
    for other in (aimed(above=25, year=2017), aimed(at_least=25, year=2016), FORM):
        assert judge(other, Frequency.QUARTER, False, book, period=period).findings == ()
    assert judge(form, Frequency.QUARTER, False, book).findings == ()


def test_a_figure_in_doubt_is_not_held_against_its_target() -> None:
    book = plain_book(filled(put("F9", 76)))
    spoilt = plain_book(filled(put("F9", 301)))
    form, period = aimed(at_least=101), Period.parse("2016-Q3")
    for held, codes in ((book, ["target-missed"]), (spoilt, ["part-above-whole"])):
        found = judge(form, Frequency.QUARTER, False, held, period=period).findings
        assert [f.code for f in found] == codes


# What people do to a workbook.


def moved(book: Workbook) -> None:
    sheet = book[TTHC]
    sheet.insert_rows(7, 3)
    sheet.insert_cols(1, 2)
    sheet.insert_rows(1, 5)
    sheet.title = "tthc (sửa)"
    book.move_sheet(sheet, 3)


def shuffled(book: Workbook) -> None:
    sheet = book[TTHC]
    rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=5)]
    for number, row in enumerate(reversed(rows), start=5):
        for column, value in enumerate(row, start=1):
            sheet.cell(number, column).value = value


def renamed(book: Workbook) -> None:
    book["Trang bìa"].title = "TRANG  BÌA"
    book["Nhiệm vụ"].title = "Sheet3"
    book[TTHC]["E4"] = "THỰC HIỆN\ntrong kỳ (*)"
    book[TTHC]["A5"] = " tthc–04\u200b"


@pytest.mark.parametrize("change", [moved, shuffled, renamed])
def test_moving_and_renaming_changes_no_figure(change: Spoil) -> None:
    def values(judgement: Judgement) -> set[tuple[object, ...]]:
        return {(f.sheet, f.row, f.column, f.value) for f in judgement.figures}

    judgement = judged(change)
    assert judgement.findings == ()
    assert values(judgement) == values(judged())


def test_a_moved_figure_tells_its_cell() -> None:
    found = figure(judged(moved), "TTHC-06", "done")
    assert found is not None
    assert found.cell == "G15"


def test_the_sheets_are_told_as_they_stand_in_the_file() -> None:
    assert list(judged(moved).sheets.items()) == [
        ("bia", "Trang bìa"), ("nv", "Nhiệm vụ"), ("tthc", "tthc (sửa)"),
    ]  # fmt: skip


def test_a_missing_sheet() -> None:
    def drop(book: Workbook) -> None:
        del book[TTHC]

    finding = only(judged(drop))
    assert (finding.code, finding.sheet, finding.cell) == ("missing-sheet", "", "")
    assert "“3. TTHC”" in finding.expected


def test_a_doubled_column() -> None:
    finding = only(judged(put("H4", "Thực hiện trong kỳ")))
    assert (finding.code, finding.cell) == ("duplicate-column", "H4")


def test_a_missing_row() -> None:
    def drop(book: Workbook) -> None:
        book[TTHC].delete_rows(12)

    finding = only(judged(drop))
    assert (finding.code, finding.cell) == ("missing-row", "")
    assert "TTHC-11 (Kinh phí)" in finding.expected


def test_a_code_that_stands_twice_is_asked() -> None:
    finding = only(judged(put("A14", "TTHC-05")))
    assert (finding.code, finding.cell) == ("duplicate-row", "A14")
    assert "dòng 6" in finding.expected


def test_a_code_that_the_form_lacks_is_only_a_warning() -> None:
    judgement = judged(put("A14", "TTHC-99"))
    finding = only(judgement)
    assert (finding.code, finding.cell, finding.is_blocking) == ("unknown-row", "A14", False)
    assert judgement.verdict is Verdict.ACCEPTED


def test_remarks_below_the_table_are_no_codes() -> None:
    assert judged(put("A14", "Ghi chú: số liệu tạm tính")).findings == ()


def test_the_list_of_an_earlier_return_is_passed_over() -> None:
    def list_of_findings(book: Workbook) -> None:
        sheet = book.create_sheet(FINDINGS_SHEET, 0)
        sheet.append(["STT", "Mã", "Thực hiện trong kỳ", "TTHC-04", "TTHC-05"])

    assert judged(list_of_findings).findings == ()


def test_findings_follow_the_cells_of_the_file() -> None:
    def many(book: Workbook) -> None:
        book[TTHC]["F12"] = book[TTHC]["E12"] = "x"
        book[TTHC]["E5"] = 121
        book["Trang bìa"]["C4"] = None
        book["Nhiệm vụ"]["D2"] = "?"

    places = [(f.sheet, f.cell) for f in judged(many).findings]
    assert places == [
        ("Trang bìa", "C4"), (TTHC, "E5"), (TTHC, "E12"), (TTHC, "F12"), ("Nhiệm vụ", "D2"),
    ]  # fmt: skip


def test_an_empty_file_misses_every_sheet() -> None:
    judgement = judge(FORM, Frequency.QUARTER, False, Book(()))
    assert [f.code for f in judgement.findings] == ["missing-sheet"] * 3
    assert judgement.figures == ()


# What a file says of itself.


def test_the_identity_is_read() -> None:
    assert identity_of(plain_book(filled())) == IDENTITY


@pytest.mark.parametrize(
    "said", [{}, {"form": "mau"}, {"form": "mau", "version": "hai", "regime": "r", "duty": "d"}]
)
def test_a_broken_identity_is_none(said: dict[str, str]) -> None:
    assert identity_of(Book((), said)) is None


# Days.


@pytest.mark.parametrize("said", ["6 / 9 / 2016", "06/ 9/2016", "6 tháng 9 năm 2016"])
def test_a_day_may_be_typed_with_blanks(said: str) -> None:
    found = figure(judged(put("C4", said, "Trang bìa")), "B-02", "")
    assert found is not None
    assert found.value == "2016-09-06"


@pytest.mark.parametrize(
    ("said", "severity"),
    [
        (date(2016, 9, 13), None),
        (date(2016, 9, 14), Severity.WARNING),
        (date(2017, 9, 14), Severity.WARNING),
        (date(2017, 9, 15), Severity.BLOCKING),
        (date(2061, 9, 6), Severity.BLOCKING),
    ],
)
def test_a_day_that_had_not_come_at_reception_is_asked_about(
    said: date, severity: Severity | None
) -> None:
    book = plain_book(filled(put("C4", said, "Trang bìa")))
    found = judge(FORM, Frequency.QUARTER, False, book, date(2016, 9, 13)).findings
    assert [(f.code, f.cell, f.severity) for f in found] == (
        [("day-to-come", "C4", severity)] if severity else []
    )


@pytest.mark.parametrize(
    ("said", "is_asked"), [(date(2017, 9, 1), False), (date(2061, 9, 6), True)]
)
def test_a_day_long_after_the_period_is_asked_about_whenever_it_comes(
    said: date, is_asked: bool
) -> None:
    book = plain_book(filled(put("C4", said, "Trang bìa")))
    found = judge(FORM, Frequency.QUARTER, False, book, period=Period.parse("2016-Q3")).findings
    assert [f.code for f in found] == (["day-to-come"] if is_asked else [])
