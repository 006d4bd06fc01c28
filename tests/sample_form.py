"""A small form with a sheet of every kind, and workbooks filled with it, right or wrong."""

import io
from collections.abc import Callable
from datetime import date

from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from kybaocao.rules.cells.grid import Book, Grid, Value
from kybaocao.rules.form.form import IDENTITY_KEYS, IDENTITY_SHEET, Form
from kybaocao.rules.form.headers import CODE_HEADER

SOURCE = {"source": "Biểu 06/VPCP/KSTT"}
BOTH = ["done", "total"]

FORM = Form.model_validate(
    {
        "id": "mau",
        "version": 2,
        "title": "Báo cáo mẫu",
        "columns": [
            {"id": "planned", "name": "Kế hoạch năm"},
            {"id": "done", "name": "Thực hiện trong kỳ", "required": True},
            {"id": "total", "name": "Lũy kế từ đầu năm", "required": True, "periods": ["quarter"]},
            {"id": "note", "name": "Ghi chú", "text": True},
        ],
        "sheets": [
            {
                "kind": "entries",
                "id": "bia",
                "name": "Trang bìa",
                "title": "Thông tin chung",
                "rows": [
                    {"code": "B-01", "name": "Người lập", "required": True},
                    {"code": "B-02", "name": "Ngày ký", "kind": "date", "required": True},
                    {
                        "code": "B-03",
                        "name": "Tình hình",
                        "kind": "choice",
                        "choices": ["Có phát sinh", "Không phát sinh"],
                    },
                ],
            },
            {
                "kind": "indicators",
                "id": "tthc",
                "name": "3. TTHC",
                "title": "Thủ tục hành chính",
                "rows": [
                    {"code": code, "name": name, "unit": "hồ sơ", "columns": BOTH, **more, **SOURCE}
                    for code, name, more in (
                        ("TTHC-04", "Đã giải quyết", {}),
                        ("TTHC-05", "Trước hạn", {}),
                        ("TTHC-06", "Đúng hạn", {}),
                        ("TTHC-07", "Quá hạn", {}),
                        ("TTHC-08", "Trực tuyến", {}),
                        (
                            "TTHC-09",
                            "Tỷ lệ trực tuyến",
                            {
                                "kind": "percent",
                                "aggregate": "ratio",
                                "compute": {"part": ["TTHC-08"], "whole": ["TTHC-04"]},
                            },
                        ),
                        ("TTHC-10", "Hài lòng", {"kind": "percent", "aggregate": "none"}),
                        ("TTHC-11", "Kinh phí", {"kind": "decimal"}),
                    )
                ],
            },
            {
                "kind": "table",
                "id": "nv",
                "name": "Nhiệm vụ",
                "title": "Nhiệm vụ được giao",
                "columns": [
                    {"id": "task", "name": "Tên nhiệm vụ", "required": True},
                    {"id": "due", "name": "Thời hạn", "kind": "date"},
                    {
                        "id": "state",
                        "name": "Tình trạng",
                        "kind": "choice",
                        "choices": ["Hoàn thành", "Đang thực hiện"],
                    },
                ],
            },
        ],
        "rules": {
            "sums": [{"total": "TTHC-04", "parts": ["TTHC-05", "TTHC-06", "TTHC-07"]}],
            "within": [{"part": "TTHC-08", "whole": "TTHC-04"}],
            "cumulative": {"period": "done", "cumulative": "total"},
        },
    }
)

IDENTITY = ("mau", "2", "quang-nam", "bao-cao-quy", "so-tu-phap", "2016-Q3")

FIGURES: dict[str, tuple[Value, Value]] = {
    "TTHC-04": (120, 300),
    "TTHC-05": (100, 200),
    "TTHC-06": (15, 90),
    "TTHC-07": (5, 10),
    "TTHC-08": (60, 75),
    "TTHC-10": (98.33, 97.5),
    "TTHC-11": (12.5, 1234.5),
}

Spoil = Callable[[Workbook], None]


def filled(spoil: Spoil = lambda book: None) -> Workbook:
    """Return a workbook filled without fault, then spoilt.

    On sheet `3. TTHC` the header stands in row 4, so TTHC-04 in row 5, its figures in E and F.
    """
    book = Workbook()
    book.remove(book.worksheets[0])
    _cover(book.create_sheet("Trang bìa"))
    _indicators(book.create_sheet("3. TTHC"))
    _tasks(book.create_sheet("Nhiệm vụ"))
    hidden = book.create_sheet(IDENTITY_SHEET)
    hidden.sheet_state = "veryHidden"
    for said in zip(IDENTITY_KEYS, IDENTITY, strict=True):
        hidden.append(said)
    spoil(book)
    return book


def _cover(sheet: Worksheet) -> None:
    sheet.append(["Sở Tư pháp"])
    sheet.append([CODE_HEADER, "Nội dung", "Trả lời"])
    sheet.append(["B-01", "Người lập", "Cán bộ tổng hợp"])
    sheet.append(["B-02", "Ngày ký", date(2016, 9, 12)])
    sheet.append(["B-03", "Tình hình", "có phát sinh"])


def _indicators(sheet: Worksheet) -> None:
    sheet.append(["Sở Tư pháp"])
    sheet.append(["Quý III năm 2016"])
    sheet.append([])
    names = [column.name for column in FORM.columns]
    sheet.append([CODE_HEADER, "Chỉ tiêu", "Đơn vị tính", *names])
    for _, row in FORM.indicators():
        sheet.append([row.code, row.name, row.unit, None, *FIGURES.get(row.code, ())])


def _tasks(sheet: Worksheet) -> None:
    sheet.append(["STT", "Tên nhiệm vụ", "Thời hạn", "Tình trạng"])
    sheet.append([1, "Rà soát thủ tục", date(2016, 9, 30), "Đang thực hiện"])
    sheet.append([2])
    sheet.append([3, "Công khai thủ tục", "30/09/2016", "Hoàn thành"])


def saved(book: Workbook) -> bytes:
    """Return a workbook's bytes."""
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def plain_book(book: Workbook) -> Book:
    """Return the values of a workbook without a file in between."""
    grids = []
    for sheet in book.worksheets:
        cells: dict[tuple[int, int], Value] = {
            (cell.row, cell.column): cell.value
            for row in sheet.iter_rows()
            for cell in row
            if cell.value is not None
        }
        grids.append(Grid(sheet.title, cells, sheet.sheet_state != "visible"))
    return Book(tuple(grids), dict(zip(IDENTITY_KEYS, IDENTITY, strict=True)))
