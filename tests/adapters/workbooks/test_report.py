"""The consolidated workbook: its figures are live and right, and nothing in it is a trap."""

import io
import math
import subprocess
import zipfile
from pathlib import Path

import pytest
from openpyxl.cell import Cell
from openpyxl.workbook import Workbook
from openpyxl.worksheet.cell_range import CellRange
from openpyxl.worksheet.worksheet import Worksheet

from kybaocao.adapters.workbooks.report import report
from kybaocao.rules.cycle.standing import Standing, State
from kybaocao.rules.form.form import Form
from kybaocao.rules.regime.regime import Assumption
from kybaocao.rules.report.consolidation import Consolidation, consolidate
from tests.support import PATIENCE, need_program
from tests.workbook_cases import (
    AGENCIES,
    AS_OF,
    DUTY,
    FORM,
    GOOD,
    QUARTER,
    REGIME,
    TERM,
    Values,
    consolidated,
    libreoffice_profile,
    opened,
    report_of,
    through_libreoffice,
)

# openpyxl knows no data bars of newer spreadsheets, and says so.
pytestmark = pytest.mark.filterwarnings("ignore:.*extension is not supported:UserWarning")

DONE, CUMULATIVE, PLANNED = "Thực hiện trong kỳ", "Lũy kế từ đầu năm", "Kế hoạch năm"
COLUMNS = {"planned": PLANNED, "done": DONE, "cumulative": CUMULATIVE}


def made(found: Consolidation) -> bytes:
    return report(found, FORM, REGIME, DUTY, TERM, AS_OF)


@pytest.fixture(scope="module")
def found() -> Consolidation:
    return consolidated(GOOD)


@pytest.fixture(scope="module")
def data(found: Consolidation) -> bytes:
    return made(found)


@pytest.fixture(scope="module")
def book(data: bytes) -> Workbook:
    return opened(data)


@pytest.fixture(scope="module")
def live(data: bytes) -> Workbook:
    return opened(data, values=False)


@pytest.fixture(scope="module")
def recalculated(data: bytes, tmp_path_factory: pytest.TempPathFactory) -> Workbook:
    return opened(through_libreoffice(data, tmp_path_factory.mktemp("office")))


def texts(ws: Worksheet) -> list[str]:
    return [c.value for row in ws.iter_rows() for c in row if isinstance(c.value, str)]


def summed(book: Workbook, code: str, header: str) -> Cell:
    """Return the cell of the summary in the row of a code, under a header."""
    ws = book["Tổng hợp"]
    head = next(r for r in ws.iter_rows() if r[0].value == "Mã")
    column = next(c.column for c in head if c.value == header)
    row = next(r[0].row for r in ws.iter_rows() if r[0].value == code)
    return ws.cell(row, column)


def rows_of(ws: Worksheet, first: str) -> list[tuple[object, ...]]:
    """Return the rows below the header row that begins with `first`."""
    rows = [tuple(c.value for c in row) for row in ws.iter_rows()]
    start = next(n for n, row in enumerate(rows) if row[0] == first)
    return rows[start + 1 :]


def test_the_sheets_stand_in_the_order_of_reading(book: Workbook) -> None:
    assert book.sheetnames == [
        "Tổng hợp",
        "Biểu đồ",
        "3. TTHC",
        "Tài chính 'công' & thu",
        "Tình hình nộp",
        "Nội dung báo cáo",
        "Trang bìa",
        "Nhiệm vụ",
        "Nguồn số liệu",
        "Số liệu gốc",
    ]


def test_every_figure_of_the_summary_is_a_live_formula_with_its_value(
    found: Consolidation, book: Workbook, live: Workbook
) -> None:
    for row in found.summary.itertuples(index=False):
        header = COLUMNS[row.column]
        formula = summed(live, row.code, header).value
        value = summed(book, row.code, header).value
        if row.aggregate == "none":
            assert formula is None
        else:
            assert str(formula).startswith("='")
            assert value == pytest.approx(row.value) or (math.isnan(row.value) and value is None)


def test_libreoffice_recalculates_every_figure_to_the_same(
    book: Workbook, live: Workbook, recalculated: Workbook
) -> None:
    compared = 0
    for sheet in live:
        for row in sheet.iter_rows():
            for cell in row:
                if cell.data_type == "f":
                    cached = book[sheet.title][cell.coordinate].value
                    anew = recalculated[sheet.title][cell.coordinate].value
                    if isinstance(cached, str) or cached is None:
                        assert not cached and anew in (None, ""), (sheet.title, cell)
                    else:
                        assert anew == pytest.approx(cached, rel=1e-12), (sheet.title, cell)
                    compared += 1
    assert compared > 50


def test_libreoffice_would_show_a_wrong_cached_value(data: bytes, tmp_path: Path) -> None:
    """The comparison above can fail: LibreOffice trusts no cached value here."""
    spoilt = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(spoilt, "w") as new:
        for name in old.namelist():
            part = old.read(name)
            if name == "xl/worksheets/sheet1.xml":
                assert part.count(b"<v>300</v>") == 1
                part = part.replace(b"<v>300</v>", b"<v>999</v>")
            new.writestr(name, part)
    assert summed(opened(spoilt.getvalue()), "TT-01", DONE).value == 999
    anew = opened(through_libreoffice(spoilt.getvalue(), tmp_path))
    assert summed(anew, "TT-01", DONE).value == 300


def test_a_ratio_follows_the_sums_when_a_figure_is_put_right(
    live: Workbook, data: bytes, tmp_path: Path
) -> None:
    changed = opened(data, values=False)
    ws = changed["3. TTHC"]
    row = next(r[0].row for r in ws.iter_rows() if r[1].value == "UBND thành phố Tam Kỳ")
    assert ws.cell(row, 4).value == 290
    ws.cell(row, 4).value = 590
    buffer = io.BytesIO()
    changed.save(buffer)
    anew = opened(through_libreoffice(buffer.getvalue(), tmp_path))
    assert summed(anew, "TT-01", DONE).value == 600
    assert summed(anew, "TT-04", DONE).value == pytest.approx(100 * 279 / 600)


def test_the_matrix_has_agencies_down_by_level_and_indicators_across(book: Workbook) -> None:
    ws = book["3. TTHC"]
    named = [r[1].value for r in ws.iter_rows(min_row=7)]
    assert named == [
        "Toàn tỉnh",
        "Sở, ban, ngành",
        "Sở Tư pháp",
        "Sở Y tế",
        "UBND huyện, thị xã, thành phố",
        "UBND thành phố Tam Kỳ",
        "UBND huyện Tây Giang",
    ]
    assert ws["D5"].value == "TT-01. Tổng số hồ sơ đã giải quyết (hồ sơ)"
    assert [ws["D6"].value, ws["E6"].value] == [DONE, CUMULATIVE]
    assert [c.value for c in ws["D"][6:]] == [300, 10, 10, None, 290, 290, 0]


def test_not_applicable_is_a_dash_and_never_a_number(book: Workbook) -> None:
    ws = book["Tài chính 'công' & thu"]
    row = next(r for r in ws.iter_rows() if r[1].value == "Sở Tư pháp")
    assert [c.value for c in row[3:6]] == [1250.5, 0, "–"]


def test_it_says_that_it_is_partial_and_who_is_missing(book: Workbook) -> None:
    said = texts(book["Tổng hợp"])
    assert "BÁO CÁO CHƯA ĐẦY ĐỦ (3/4 đơn vị), tính đến 07:00 ngày 15/9/2016" in said
    assert "Chưa có báo cáo được chấp nhận của: Sở Y tế." in said
    for name in ("3. TTHC", "Tình hình nộp", "Nguồn số liệu"):
        assert any("CHƯA ĐẦY ĐỦ" in text for text in texts(book[name]))


def test_once_complete_it_says_so() -> None:
    full = opened(made(consolidated({**GOOD, "so-y-te": {("TT-01", "done"): 1}})))
    assert not any("CHƯA ĐẦY ĐỦ" in text for ws in full for text in texts(ws))
    assert "Đã tổng hợp đủ (4/4 đơn vị), tính đến 07:00 ngày 15/9/2016" in texts(full["Tổng hợp"])


def test_the_heading_names_province_period_decision_and_clause(book: Workbook) -> None:
    said = texts(book["Tổng hợp"])
    assert "UBND TỈNH QUẢNG NAM" in said
    assert "Quý III năm 2016 (số liệu từ ngày 15/6/2016 đến ngày 14/9/2016)" in said
    basis = "Quyết định số 1908/QĐ-UBND ngày 02/6/2016 của Ủy ban nhân dân tỉnh Quảng Nam"
    assert f"Căn cứ: {basis}, Điều 1, V.1.d" in said


def test_what_a_sender_wrote_is_never_a_formula_nor_a_link(live: Workbook) -> None:
    note = GOOD["so-tu-phap"]["TT-01", "note"]
    for name in ("Nội dung báo cáo", "Số liệu gốc"):
        cells = [c for row in live[name].iter_rows() for c in row if c.value == note]
        assert [c.data_type for c in cells] == ["s"]
        assert all(c.hyperlink is None for c in cells)
    assert b"vi-du.example" not in b"".join(relations(live))


def relations(book: Workbook) -> list[bytes]:
    buffer = io.BytesIO()
    book.save(buffer)
    with zipfile.ZipFile(buffer) as parts:
        return [parts.read(n) for n in parts.namelist() if n.endswith(".rels")]


def test_status_shows_days_early_and_late_as_numbers(book: Workbook) -> None:
    rows = {row[1]: row for row in rows_of(book["Tình hình nộp"], "STT")}
    assert rows["Sở Tư pháp"][3] == "Đã nhận, đúng hạn"
    assert rows["Sở Tư pháp"][5:7] == (-4, 1)
    assert rows["Sở Y tế"][3:7] == ("Quá hạn, chưa gửi", None, 1, None)
    counts = {row[9]: row[10] for row in rows.values() if isinstance(row[10], int)}
    assert counts == {
        "Đã nhận, đúng hạn": 3,
        "Đã nhận, quá hạn": 0,
        "Chưa có báo cáo được chấp nhận": 1,
        "Được miễn": 0,
    }


def test_texts_stand_under_their_question(book: Workbook) -> None:
    rows = [row[:3] for row in rows_of(book["Nội dung báo cáo"], "Đơn vị")]
    assert rows[:3] == [
        ("ND-01. Kết quả nổi bật", None, None),
        (
            "Sở Tư pháp",
            "so-tu-phap",
            "- Rút ngắn thời gian giải quyết 12 thủ tục\n- Niêm yết công khai",
        ),
        ("UBND thành phố Tam Kỳ", "ubnd-tam-ky", "Khai trương bộ phận một cửa hiện đại"),
    ]


def test_a_text_longer_than_a_cell_can_hold_is_cut_and_not_lost() -> None:
    reports: dict[str, Values] = {"so-y-te": {("ND-01", ""): "dài " * 20_000}}
    rows = rows_of(opened(made(consolidated(reports)))["Nội dung báo cáo"], "Đơn vị")
    assert rows[1][0] == "Sở Y tế"
    assert str(rows[1][2]).startswith("dài dài") and str(rows[1][2]).endswith("…")


def test_the_source_of_every_row_is_there_in_full(book: Workbook) -> None:
    rows = rows_of(book["Nguồn số liệu"], "STT")
    assert [row[1] for row in rows] == [
        "Sở Tư pháp",
        "UBND thành phố Tam Kỳ",
        "UBND huyện Tây Giang",
    ]
    assert rows[0][2:6] == ("so-tu-phap", "so-tu-phap.xlsx", "ab12" * 16, 1)
    assert f"{rows[0][6]}" == "2016-09-10 09:30:00"


def test_every_figure_leads_back_to_its_cell(book: Workbook) -> None:
    rows = rows_of(book["Số liệu gốc"], "Đơn vị")
    assert len(rows) == sum(map(len, GOOD.values()))
    assert rows[0] == ("Sở Tư pháp", "so-tu-phap", "3. TTHC", "TT-01", DONE, 10, "D8")


def test_a_day_among_the_figures_reads_as_a_day(book: Workbook) -> None:
    rows = rows_of(book["Số liệu gốc"], "Đơn vị")
    assert [row[5] for row in rows if row[3] == "BIA-02"] == ["10/09/2016"]


def page_header(ws: Worksheet) -> str:
    return str(ws.oddHeader.left.text) if ws.oddHeader else ""


def test_the_whole_book_can_be_printed(book: Workbook) -> None:
    """Each page of a matrix names its area and how complete it is; the long list stays out."""
    cells = book["Số liệu gốc"]
    table = next(row[0].row for row in cells.iter_rows() if row[0].value == "Đơn vị")
    printed = CellRange(str(cells.print_area).rpartition("!")[2].replace("$", ""))
    assert printed.max_row < table
    for name in ("3. TTHC", "Tài chính 'công' & thu"):
        ws = book[name]
        assert ws.page_setup.orientation == "portrait"
        header = page_header(ws)
        assert "CHƯA ĐẦY ĐỦ (3/4 đơn vị)" in header and "Quý III năm 2016" in header
    assert "CẢI CÁCH THỦ TỤC HÀNH CHÍNH" in page_header(book["3. TTHC"])


def test_a_page_of_a_matrix_holds_every_agency(data: bytes, tmp_path: Path) -> None:
    need_program("soffice", "pdftotext")
    file = tmp_path / "tong-hop.xlsx"
    file.write_bytes(data)
    convert = ["soffice", libreoffice_profile(), "--headless", "--convert-to", "pdf"]
    subprocess.run(
        [*convert, "--outdir", str(tmp_path), str(file)],
        check=True,
        capture_output=True,
        timeout=PATIENCE,
    )
    text = subprocess.run(
        ["pdftotext", "-layout", str(file.with_suffix(".pdf")), "-"],
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    pages = [page for page in text.split("\f") if "CẢI CÁCH THỦ TỤC HÀNH CHÍNH" in page]
    assert pages
    for page in pages:
        assert all(name in page for name in ("Toàn tỉnh", "Sở Y tế", "UBND huyện Tây Giang"))


def test_maker_and_head_find_where_to_sign(book: Workbook) -> None:
    ws = book["Tổng hợp"]
    said = texts(ws)
    assert "NGƯỜI LẬP BIỂU" in said and "THỦ TRƯỞNG ĐƠN VỊ" in said
    row = next(r[0].row for r in ws.iter_rows() if r[0].value == "NGƯỜI LẬP BIỂU")
    assert CellRange(str(ws.print_area).rpartition("!")[2].replace("$", "")).max_row > row + 3


def test_the_status_tells_how_the_decision_is_read(found: Consolidation) -> None:
    assumption = Assumption(id="hieu", text="“Trước ngày 15” là đến hết ngày 14.")
    regime = REGIME.model_copy(update={"assumptions": (assumption,)})
    duty = DUTY.model_copy(update={"assumptions": ("hieu",)})
    shown = opened(report(found, FORM, regime, duty, TERM, AS_OF))["Tình hình nộp"]
    assert f"– {assumption.text}" in texts(shown)
    rows = {row[1]: row for row in rows_of(shown, "STT")}
    assert rows["Sở Y tế"][5] == 1


def test_nothing_received_still_makes_a_workbook(tmp_path: Path) -> None:
    empty = made(consolidated({}))
    shown = opened(through_libreoffice(empty, tmp_path))
    assert "BÁO CÁO CHƯA ĐẦY ĐỦ (0/4 đơn vị), tính đến 07:00 ngày 15/9/2016" in texts(
        shown["Tổng hợp"]
    )
    assert summed(shown, "TT-01", DONE).value in (None, "")


def test_the_same_arguments_give_the_same_bytes(found: Consolidation, data: bytes) -> None:
    assert made(found) == data


LEVELS = {"so": "sum", "huyen": "shared"}


def test_a_shared_list_stands_by_level_and_a_waived_agency_counts_alike_everywhere(
    tmp_path: Path,
) -> None:
    """Formulas and cached values agree, and who need not report is nowhere among those who do."""
    tree = FORM.model_dump()
    for row in tree["sheets"][1]["rows"][:2]:
        row["aggregate"] = LEVELS
    form = Form.model_validate(tree)
    figures: dict[str, Values] = {
        "so-tu-phap": {("TT-01", "done"): 100, ("TT-02", "done"): 80},
        "ubnd-tam-ky": {("TT-01", "done"): 240, ("TT-02", "done"): 120},
        "ubnd-tay-giang": {("TT-01", "done"): 238, ("TT-02", "done"): None},
    }
    standings = {a.code: Standing(State.ACCEPTED) for a in AGENCIES}
    standings["so-y-te"] = Standing(State.WAIVED)
    reports = {code: report_of(code, values) for code, values in figures.items()}
    found = consolidate(form, AGENCIES, standings, reports, QUARTER)
    data = report(found, form, REGIME, DUTY, TERM, AS_OF)
    for book in (opened(data), opened(through_libreoffice(data, tmp_path))):
        assert summed(book, "TT-01", DONE).value is None
        assert summed(book, "TT-01", "Số đơn vị phải báo cáo").value == 3
        ws = book["Tổng hợp"]
        first = summed(book, "TT-01", DONE)
        assert [ws.cell(first.row + n, 2).value for n in (1, 2)] == [
            "Sở, ban, ngành",
            "UBND huyện, thị xã, thành phố",
        ]
        assert [ws.cell(first.row + n, first.column).value for n in (1, 2)] == [100, 240]
        ratio = summed(book, "TT-04", DONE)
        assert [ws.cell(ratio.row + n, ratio.column).value for n in (1, 2)] == [80, 50]
        rows = rows_of(book["Tình hình nộp"], "STT")
        counts = {row[9]: row[10] for row in rows if isinstance(row[10], int)}
        assert counts["Được miễn"] == 1
        assert counts["Chưa có báo cáo được chấp nhận"] == 0
        matrix = {row[2].value: row for row in book["3. TTHC"].iter_rows(min_row=7)}
        assert set(matrix) == {None, *(a.code for a in AGENCIES)}
