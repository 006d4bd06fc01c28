"""A returned file shows every fault at its cell and on a first sheet, and comes back clean."""

import io
import subprocess
from pathlib import Path

import openpyxl
import pytest
from openpyxl import Workbook
from openpyxl.comments import Comment
from openpyxl.formatting.rule import FormulaRule
from openpyxl.styles import PatternFill

from kybaocao.adapters.workbooks import reading
from kybaocao.adapters.workbooks.marked import MARK, MOST_LISTED, mark
from kybaocao.rules.calendar.frequency import Frequency
from kybaocao.rules.check.checks import Judgement, judge
from kybaocao.rules.cycle.standing import Verdict
from kybaocao.rules.finding import Finding, Severity
from kybaocao.rules.recognition.reading import FINDINGS_SHEET
from tests.sample_form import FORM, filled, saved
from tests.support import PATIENCE, need_program
from tests.workbook_cases import libreoffice_profile

TTHC = "3. TTHC"
HEADING = "Báo cáo quý – Quý III năm 2016 – Sở Tư pháp"


def judged(data: bytes) -> Judgement:
    return judge(FORM, Frequency.QUARTER, False, reading.read(data))


def faulty(book: Workbook) -> None:
    sheet = book[TTHC]
    sheet["E7"] = 13
    sheet["E12"] = "x"
    sheet["A14"] = "TTHC-99"
    book["Trang bìa"]["C5"] = "=2+3"
    book["Trang bìa"]["C5"].data_type = "s"


def returned(data: bytes) -> bytes:
    return mark(data, judged(data).findings, HEADING)


def opened(data: bytes) -> Workbook:
    return openpyxl.load_workbook(io.BytesIO(data))


def listed(data: bytes) -> list[tuple[object, ...]]:
    rows = opened(data)[FINDINGS_SHEET].iter_rows(min_row=6, values_only=True)
    return [(*row[1:3], row[4], *row[7:]) for row in rows]


def marked_cells(book: Workbook, sheet: str) -> dict[str, int]:
    """Return how often each range is filled by a mark of ours."""
    found: dict[str, int] = {}
    for area in book[sheet].conditional_formatting:
        for rule in area.rules:
            if MARK in rule.formula:
                found[str(area.sqref)] = found.get(str(area.sqref), 0) + 1
    return found


@pytest.fixture(scope="module")
def original() -> bytes:
    return saved(filled(faulty))


def test_every_finding_is_listed_with_a_link(original: bytes) -> None:
    data = returned(original)
    assert listed(data) == [
        ("Trang bìa", "C5", "=2+3", "Phải sửa"),
        (TTHC, "E5", "120; cộng các phần được 118", "Phải sửa"),
        (TTHC, "E12", "x", "Phải sửa"),
        (TTHC, "A14", "TTHC-99", "Cảnh báo"),
    ]
    sheet = opened(data)[FINDINGS_SHEET]
    assert sheet["A1"].value == "LỖI CẦN SỬA"
    assert sheet["A2"].value == HEADING
    assert sheet["C7"].hyperlink.location == "'3. TTHC'!E5"


def test_it_opens_at_the_list_alone(original: bytes) -> None:
    book = opened(returned(original))
    assert book.sheetnames[0] == FINDINGS_SHEET
    assert book.active is book[FINDINGS_SHEET]
    assert [s.title for s in book.worksheets if s.sheet_view.tabSelected] == [FINDINGS_SHEET]
    page = book[FINDINGS_SHEET].page_setup
    assert (page.orientation, page.paperSize, page.fitToHeight) == ("landscape", 9, 0)


def test_faulty_cells_are_filled_and_explained(original: bytes) -> None:
    book = opened(returned(original))
    assert marked_cells(book, TTHC) == {"E5 E12": 1, "A14": 1}
    note = book[TTHC]["E12"].comment.text
    assert note.startswith("LỖI PHẢI SỬA\nHiện có: x\nYêu cầu: Một số, ví dụ 1250,5\nCách sửa: ")
    assert book[TTHC]["A14"].comment.text.startswith("CẦN XEM LẠI")


def test_values_and_formats_stay_as_the_sender_left_them(original: bytes) -> None:
    def looks(book: Workbook) -> list[tuple[object, ...]]:
        return [
            (cell.coordinate, cell.value, cell.number_format, cell.fill.fgColor.rgb)
            for sheet in book.worksheets
            if sheet.title != FINDINGS_SHEET
            for row in sheet.iter_rows()
            for cell in row
        ]

    book = opened(original)
    book[TTHC]["E12"].fill = PatternFill("solid", fgColor="FFEAF3FB")
    book[TTHC]["E12"].number_format = "#,##0.00"
    after = opened(returned(saved(book)))
    assert looks(after) == looks(book)
    assert after["_kybaocao"].sheet_state == "veryHidden"


def test_corrected_and_sent_again_it_is_accepted(original: bytes) -> None:
    book = opened(returned(original))
    book[TTHC]["E7"] = 15
    book[TTHC]["E12"] = "1.234,5"
    book[TTHC]["A14"] = None
    book["Trang bìa"]["C5"] = "Có phát sinh"
    again = judged(saved(book))
    assert again.findings == ()
    assert again.verdict is Verdict.ACCEPTED
    assert (
        again.figures == judged(saved(filled(lambda b: b[TTHC].__setitem__("E12", 1234.5)))).figures
    )


def test_marks_are_replaced_and_not_stacked(original: bytes) -> None:
    book = opened(returned(original))
    book[TTHC]["E7"] = 15
    twice = returned(saved(book))
    book = opened(twice)
    assert book.sheetnames.count(FINDINGS_SHEET) == 1
    assert FINDINGS_SHEET + "1" not in book.sheetnames
    assert [row[:2] for row in listed(twice)] == [
        ("Trang bìa", "C5"), (TTHC, "E12"), (TTHC, "A14"),
    ]  # fmt: skip
    assert marked_cells(book, TTHC) == {"E12": 1, "A14": 1}
    assert book[TTHC]["E5"].comment is None
    assert book[TTHC]["E12"].comment.text.count("LỖI PHẢI SỬA") == 1


def test_the_senders_own_marks_stay(original: bytes) -> None:
    book = opened(original)
    book[TTHC]["E12"].comment = Comment("Chờ Sở Tài chính", "Cán bộ")
    book[TTHC]["E6"].comment = Comment("Đã rà soát", "Cán bộ")
    amber = FormulaRule(formula=["E5>1"], fill=PatternFill(bgColor="FFFFC266"))
    book[TTHC].conditional_formatting.add("E5", amber)
    once = returned(saved(book))
    note = opened(once)[TTHC]["E12"].comment.text
    assert note.startswith("LỖI PHẢI SỬA")
    assert note.endswith("Chờ Sở Tài chính")
    cleared = opened(mark(once, (), HEADING))[TTHC]
    assert cleared["E12"].comment.text == "Chờ Sở Tài chính"
    assert cleared["E6"].comment.text == "Đã rà soát"
    assert [r.formula for a in cleared.conditional_formatting for r in a.rules] == [["E5>1"]]


def test_two_findings_of_one_cell_share_its_comment(original: bytes) -> None:
    two = [
        Finding(code, Severity.BLOCKING, TTHC, "E5", "1", f"yêu cầu {code}", "Sửa.")
        for code in ("mot", "hai")
    ]
    note = opened(mark(original, two, HEADING))[TTHC]["E5"].comment.text
    assert "Yêu cầu mot" in note
    assert "Yêu cầu hai" in note


def test_a_finding_inside_merged_cells_is_shown_at_the_first(original: bytes) -> None:
    book = opened(original)
    book[TTHC].merge_cells("B20:D22")
    finding = Finding("x", Severity.BLOCKING, TTHC, "C21", "", "e", "a")
    assert opened(mark(saved(book), [finding], HEADING))[TTHC]["B20"].comment is not None


@pytest.mark.parametrize("typed", ["=HYPERLINK(1)", "+1+1", "-1+1", "@SUM(A1)", "=cmd|' /C x'!A1"])
def test_text_from_the_sender_is_never_a_live_formula(original: bytes, typed: str) -> None:
    finding = Finding("x", Severity.BLOCKING, "", "", typed, typed, typed)
    sheet = opened(mark(original, [finding], typed))[FINDINGS_SHEET]
    for cell in ("A2", "E6", "G6"):
        assert (sheet[cell].value, sheet[cell].data_type) == (typed, "s")
    assert sheet["E6"].quotePrefix


@pytest.mark.parametrize("data", [b"", b"not a workbook", b"PK\x03\x04 broken"])
def test_where_the_file_is_no_xlsx_the_list_comes_alone(data: bytes) -> None:
    finding = Finding("x", Severity.BLOCKING, TTHC, "E5", "\x00\x07 1", "e", "a")
    marked = mark(data, [finding], HEADING)
    assert opened(marked).sheetnames == [FINDINGS_SHEET]
    assert listed(marked) == [(TTHC, "E5", "1", "Phải sửa")]
    assert opened(marked)[FINDINGS_SHEET]["C6"].hyperlink is None


def test_a_flood_of_findings_is_cut(original: bytes) -> None:
    many = [
        Finding("x", Severity.WARNING, TTHC, f"E{row}", "", "e", "a")
        for row in range(1, MOST_LISTED + 8)
    ]
    sheet = opened(mark(original, many, HEADING))[FINDINGS_SHEET]
    assert sheet.cell(sheet.max_row, 2).value == "… và 7 mục khác."
    assert sheet["A3"].value.startswith("Không có lỗi phải sửa, 1007 cảnh báo")


def test_libreoffice_keeps_marks_and_forgets_them_on_the_next_return(
    original: bytes, tmp_path: Path
) -> None:
    source = tmp_path / "tra-lai.xlsx"
    source.write_bytes(returned(original))
    subprocess.run(
        [need_program("soffice"), libreoffice_profile(),
         "--headless", "--convert-to", "xlsx", "--outdir", str(tmp_path / "out"), str(source)],
        check=True, capture_output=True, timeout=PATIENCE,
    )  # fmt: skip
    saved_again = (tmp_path / "out" / source.name).read_bytes()
    assert judged(saved_again).findings == judged(original).findings
    assert opened(saved_again)[TTHC]["E12"].comment.text.startswith("LỖI PHẢI SỬA")
    cleared = opened(mark(saved_again, (), HEADING))
    assert marked_cells(cleared, TTHC) == {}
    assert cleared[TTHC]["E12"].comment is None
