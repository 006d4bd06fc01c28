"""The blank workbook: what the officer sees, what is locked, and that it comes back readable."""

import io
from pathlib import Path

import pytest
from openpyxl.cell import Cell
from openpyxl.workbook import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from kybaocao.adapters.workbooks.blank import blank
from kybaocao.adapters.workbooks.reading import read
from kybaocao.rules.calendar.frequency import Frequency
from kybaocao.rules.check.checks import judge
from kybaocao.rules.cycle.standing import Verdict
from kybaocao.rules.finding import Severity
from kybaocao.rules.form.form import IDENTITY_KEYS, IDENTITY_SHEET
from kybaocao.rules.regime.agency import Agency
from tests.workbook_cases import (
    AGENCIES,
    DUTY,
    FORM,
    REGIME,
    all_through_libreoffice,
    opened,
    term_of,
    through_libreoffice,
)

DEPARTMENT, DISTRICT = AGENCIES[0], AGENCIES[1]


def made(agency: Agency = DISTRICT, period: str = "2016-Q3") -> bytes:
    return blank(FORM.for_agency(agency), agency, REGIME, DUTY, term_of(period))


@pytest.fixture(scope="module")
def book() -> Workbook:
    return opened(made(), values=False)


def cell(ws: Worksheet, code: str, header: str) -> Cell:
    """Return the cell in the row of a code, under a header."""
    head = next(r for r in ws.iter_rows() if r[0].value in ("Mã", "STT"))
    column = next(c.column for c in head if c.value == header)
    row = next(r[0].row for r in ws.iter_rows() if str(r[0].value) == code)
    return ws.cell(row, column)


def filled(book: Workbook, **instead: object) -> bytes:
    """Fill the district's workbook so that it keeps every rule; `instead` changes cells."""
    done, cumulative = "Thực hiện trong kỳ", "Lũy kế từ đầu năm"
    answers: dict[tuple[str, str, str], object] = {
        ("Trang bìa", "BIA-01", "Trả lời"): "Trần Thị B",
        ("Trang bìa", "BIA-03", "Trả lời"): "0905123456",
        ("Trang bìa", "BIA-04", "Trả lời"): "Có phát sinh",
        ("3. TTHC", "TT-01", done): 100,
        ("3. TTHC", "TT-02", done): 98,
        ("3. TTHC", "TT-03", done): 2,
        ("3. TTHC", "TT-01", cumulative): 300,
        ("3. TTHC", "TT-02", cumulative): 290,
        ("3. TTHC", "TT-03", cumulative): 10,
        ("3. TTHC", "TT-05", done): 3,
        ("3. TTHC", "TT-06", done): "98,5",
        ("Tài chính 'công' & thu", "TC-01", done): 0,
        ("Tài chính 'công' & thu", "TC-01", cumulative): 0,
        ("Tài chính 'công' & thu", "TC-02", done): "Không áp dụng",
        ("Tài chính 'công' & thu", "TC-02", cumulative): "Không áp dụng",
        ("Nhiệm vụ", "1", "Nhiệm vụ"): "Xây dựng quy chế phối hợp",
        ("Nhiệm vụ", "1", "Tình trạng"): "Đã hoàn thành",
        ("Đánh giá", "ND-01", "Trả lời"): "- Rút ngắn thời gian\n- Niêm yết công khai",
    }
    for (sheet, code, header), value in answers.items():
        cell(book[sheet], code, header).value = instead.get(code, value)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def test_it_has_the_forms_sheets_and_a_hidden_identity(book: Workbook) -> None:
    assert book.sheetnames == [*(s.name for s in FORM.sheets), IDENTITY_SHEET]
    hidden = book[IDENTITY_SHEET]
    assert hidden.sheet_state == "veryHidden"
    identity = {row[0].value: row[1].value for row in hidden.iter_rows(max_row=6)}
    assert identity == {
        "form": "cchc-thu",
        "version": "3",
        "regime": "thu",
        "duty": "quy",
        "agency": "ubnd-tam-ky",
        "period": "2016-Q3",
    }


def test_defined_names_point_at_the_identity(book: Workbook) -> None:
    for row, key in enumerate(IDENTITY_KEYS, 1):
        name = book.defined_names[f"KBC_{key}"]
        assert list(name.destinations) == [(IDENTITY_SHEET, f"$B${row}")]


def test_every_sheet_says_who_reports_what_to_whom_by_when(book: Workbook) -> None:
    for sheet in FORM.sheets:
        top = [c.value for row in book[sheet.name].iter_rows(max_row=4) for c in row if c.value]
        assert "UBND TỈNH QUẢNG NAM" in top
        assert DISTRICT.name.upper() in top
        assert "Hạn nộp: trước 24 giờ ngày 14/9/2016" in top
        window = "III năm 2016 (số liệu từ ngày 15/6/2016 đến ngày 14/9/2016)"
        assert any(str(line).endswith(window) for line in top)
        assert any(sheet.title.upper() in text for text in top)


def test_only_what_is_asked_can_be_filled(book: Workbook) -> None:
    ws = book["3. TTHC"]
    assert ws.protection.sheet and ws.protection.password is None
    assert not cell(ws, "TT-01", "Thực hiện trong kỳ").protection.locked
    assert not cell(ws, "TT-01", "Ghi chú").protection.locked
    for code, header in [
        ("TT-01", "Kế hoạch năm"),
        ("TT-04", "Thực hiện trong kỳ"),
        ("TT-05", "Lũy kế từ đầu năm"),
        ("TT-01", "Chỉ tiêu"),
    ]:
        assert cell(ws, code, header).protection.locked


def test_an_agency_sees_only_its_own_rows() -> None:
    ours = opened(made(DEPARTMENT))["Tài chính 'công' & thu"]
    assert [r[0].value for r in ours.iter_rows()].count("TC-02") == 0


def test_a_year_has_no_cumulative_column() -> None:
    yearly = DUTY.model_copy(update={"every": Frequency.YEAR})
    form = FORM.for_agency(DISTRICT)
    ws = opened(blank(form, DISTRICT, REGIME, yearly, term_of("2016")))["3. TTHC"]
    headers = [c.value for row in ws.iter_rows() for c in row]
    assert "Lũy kế từ đầu năm" not in headers and "Ghi chú" in headers


def test_choices_drop_down_even_with_commas_in_them(book: Workbook) -> None:
    ws = book["Trang bìa"]
    asked = cell(ws, "BIA-04", "Trả lời").coordinate
    rule = next(v for v in ws.data_validations.dataValidation if asked in v.sqref)
    [(sheet, cells)] = book.defined_names[rule.formula1].destinations
    listed = [c.value for (c,) in book[sheet][cells.replace("$", "")]]
    assert listed == ["Có phát sinh", "Không phát sinh, báo cáo bằng 0"]
    assert rule.errorStyle == "warning"


def test_help_tells_unit_and_source(book: Workbook) -> None:
    ws = book["3. TTHC"]
    asked = cell(ws, "TT-03", "Thực hiện trong kỳ").coordinate
    rule = next(v for v in ws.data_validations.dataValidation if asked in v.sqref)
    assert "Đơn vị tính: hồ sơ." in rule.prompt and "1908/QĐ-UBND" in rule.prompt


def test_help_for_percentages_says_how_to_type_them_and_how_they_are_computed(
    book: Workbook,
) -> None:
    ws = book["3. TTHC"]
    rules = {str(v.sqref): v for v in ws.data_validations.dataValidation}
    typed = rules[cell(ws, "TT-06", "Thực hiện trong kỳ").coordinate]
    assert "Ghi 98,33 cho 98,33%, không gõ dấu %." in typed.prompt
    assert "từ 0 đến 100" in typed.error
    computed = rules[cell(ws, "TT-04", "Lũy kế từ đầu năm").coordinate]
    assert computed.prompt == "Ô tự tính, không phải nhập: 100 × TT-02 : TT-01."


def test_the_first_sheet_shows_the_forms_note() -> None:
    form = FORM.model_copy(update={"note": "Biểu mẫu theo Quyết định 1908/QĐ-UBND."})
    shown = opened(blank(form.for_agency(DISTRICT), DISTRICT, REGIME, DUTY, term_of("2016-Q3")))
    pages = [[c.value for row in ws.iter_rows() for c in row] for ws in shown]
    assert [any("Biểu mẫu theo" in str(v) for v in page) for page in pages].index(True) == 0
    assert sum("Biểu mẫu theo" in str(v) for page in pages for v in page) == 1


def test_answers_in_words_are_text_cells_so_that_a_dash_or_a_zero_stays(book: Workbook) -> None:
    assert cell(book["Trang bìa"], "BIA-03", "Trả lời").number_format == "@"
    assert cell(book["Đánh giá"], "ND-01", "Trả lời").number_format == "@"


def test_the_same_arguments_give_the_same_bytes() -> None:
    assert made() == made()


def test_filled_by_hand_it_is_read_and_accepted(book: Workbook) -> None:
    sent = read(filled(opened(made(), values=False)))
    assert sent.identity["agency"] == "ubnd-tam-ky"
    judged = judge(FORM.for_agency(DISTRICT), Frequency.QUARTER, False, sent)
    assert [f for f in judged.findings if f.severity is Severity.BLOCKING] == []
    assert judged.verdict is Verdict.ACCEPTED
    figures = {(f.row, f.column): f.value for f in judged.figures}
    assert figures["TT-01", "cumulative"] == 300
    assert figures["TT-06", "done"] == 98.5
    assert figures["TC-02", "done"] is None
    assert figures["BIA-03", ""] == "0905123456"
    assert figures["1", "state"] == "Đã hoàn thành"


def test_left_blank_it_is_no_report() -> None:
    judged = judge(FORM.for_agency(DISTRICT), Frequency.QUARTER, False, read(made()))
    assert judged.verdict is Verdict.RETURNED
    assert {f.code for f in judged.findings} == {"required-blank"}
    assert judged.figures == ()


def test_libreoffice_computes_the_percentages(tmp_path: Path) -> None:
    shown = opened(through_libreoffice(filled(opened(made(), values=False)), tmp_path))
    assert cell(shown["3. TTHC"], "TT-04", "Thực hiện trong kỳ").value == 98
    cumulative = cell(shown["3. TTHC"], "TT-04", "Lũy kế từ đầu năm").value
    assert cumulative == pytest.approx(100 * 290 / 300, abs=1e-12)


def test_libreoffice_keeps_the_blank_form_as_it_is(tmp_path: Path) -> None:
    before, after = opened(made()), opened(through_libreoffice(made(), tmp_path))
    assert after.sheetnames == before.sheetnames
    for sheet in before:
        values = {c.coordinate: c.value for row in sheet.iter_rows() for c in row if c.value}
        kept = after[sheet.title]
        assert {at: kept[at].value for at in values} == values
        assert kept.protection.sheet


DONE, CUMULATIVE = "Thực hiện trong kỳ", "Lũy kế từ đầu năm"
SUM = {("TT-01", DONE): 10, ("TT-02", DONE): 9, ("TT-03", DONE): 1}


CASES: dict[str, tuple[dict[tuple[str, str], float], str, set[str]]] = {
    "holds": (SUM, "2016-Q3", set()),
    "sum": ({**SUM, ("TT-03", DONE): 2}, "2016-Q3", {"TT-01 E", "TT-02 E", "TT-03 E"}),
    "not-all-filled": ({("TT-01", DONE): 10, ("TT-02", DONE): 9}, "2016-Q3", set()),
    "part-above-whole": (
        {("TT-03", DONE): 3, ("TT-01", DONE): 2},
        "2016-Q3",
        {"TT-01 E", "TT-03 E"},
    ),
    "falls": (
        {("TT-01", DONE): 5, ("TT-01", CUMULATIVE): 4},
        "2016-Q3",
        {"TT-01 E", "TT-01 F"},
    ),
    "grows": ({("TT-01", DONE): 5, ("TT-01", CUMULATIVE): 6}, "2016-Q3", set()),
    "first-quarter": (
        {("TT-01", DONE): 5, ("TT-01", CUMULATIVE): 6},
        "2017-Q1",
        {"TT-01 E", "TT-01 F"},
    ),
}


def asking(figures: dict[tuple[str, str], float], period: str) -> tuple[bytes, list[str]]:
    """Return a filled workbook that asks, in column 30, whether each of the ranges is amber."""
    book = opened(made(period=period), values=False)
    ws = book["3. TTHC"]
    for place, value in figures.items():
        cell(ws, *place).value = value
    ranges = [(str(r.sqref), c.formula[0]) for r in ws.conditional_formatting for c in r.rules]
    for row, (_, formula) in enumerate(ranges, 1):
        ws.cell(row, 30).value = f"={formula}"
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue(), [at for at, _ in ranges]


@pytest.fixture(scope="module")
def amber(tmp_path_factory: pytest.TempPathFactory) -> dict[str, set[str]]:
    """The codes and columns of the cells that LibreOffice finds to be amber, case by case."""
    asked = {name: asking(figures, period) for name, (figures, period, _) in CASES.items()}
    books = {name: data for name, (data, _) in asked.items()}
    answers = all_through_libreoffice(books, tmp_path_factory.mktemp("amber"))
    found = {}
    for name, (_, ranges) in asked.items():
        shown = opened(answers[name])["3. TTHC"]
        held = {at for row, at in enumerate(ranges, 1) if shown.cell(row, 30).value is True}
        found[name] = {
            f"{shown.cell(shown[at].row, 1).value} {shown[at].column_letter}" for at in held
        }
    return found


@pytest.mark.parametrize("case", CASES)
def test_figures_that_do_not_fit_turn_amber_once_all_are_there(
    amber: dict[str, set[str]], case: str
) -> None:
    assert amber[case] == CASES[case][2]
