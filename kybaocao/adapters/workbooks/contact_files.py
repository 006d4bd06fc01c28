"""A list of contacts as a workbook or CSV, as officials keep it."""

import codecs
import csv
import io
import re
from collections.abc import Sequence

from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from kybaocao.adapters.workbooks import look
from kybaocao.rules.cells.text import clean

WIDEST = 60
Said = str | int | float
# What a spreadsheet program would take for a formula (OWASP, CSV Injection).
LIVE = ("=", "+", "-", "@", "\t", "\r")
SEPARATORS = ",;\t"
# So many lines tell by what the cells are parted.
_FIRST_LINES = 20
_UTF_16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
# The upper halves of the letters with which Vietnamese is written in UTF-16.
_HALVES = {0x00, 0x01, 0x03, 0x1E, 0x20}
_CONTROLS = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")


class OtherEncodingError(ValueError):
    """Text in letters that cannot be told for certain; its words are Vietnamese."""

    def __init__(self, encoding: str) -> None:
        super().__init__(
            f"Tệp CSV dùng bảng mã {encoding} nên không đọc chắc chắn được chữ Việt; trong Excel, "
            "hãy chọn Lưu thành (Save As) dạng “CSV UTF-8” rồi nhập lại."
        )


def workbook(
    headers: Sequence[str], rows: Sequence[Sequence[Said]], title: str = "Danh bạ"
) -> bytes:
    """Return an xlsx file of one sheet; every text is text, whatever it begins with."""
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = title
    for number, row in enumerate([headers, *rows], 1):
        for column, said in enumerate(row, 1):
            _write(sheet, number, column, said)
    for column, texts in enumerate(zip(headers, *rows, strict=True), 1):
        width = min(WIDEST, max(len(str(said)) for said in texts) + 4)
        sheet.column_dimensions[get_column_letter(column)].width = width
    sheet.freeze_panes = "A2"
    sheet.auto_filter.ref = f"A1:{get_column_letter(len(headers))}{max(2, len(rows) + 1)}"
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def _write(sheet: Worksheet, row: int, column: int, said: Said) -> None:
    cell = sheet.cell(row, column)
    if isinstance(said, str):
        cell.value, cell.data_type = clean(said), "s"  # a text that begins with = as well
        cell.number_format = "@"
    else:
        cell.value = said
    cell.font = _HEAD if row == 1 else _TEXT
    cell.border = _BOX
    cell.alignment = Alignment(
        horizontal="center" if row == 1 else None, vertical="center", wrap_text=True
    )
    if row == 1:
        cell.fill = _FILL


def _colour(of: str) -> str:
    return of.removeprefix("#")


_LINE = Side(style="thin", color=_colour(look.LINE))
_BOX = Border(left=_LINE, right=_LINE, top=_LINE, bottom=_LINE)
_TEXT = Font(name="Times New Roman", size=12, color=_colour(look.INK))
_HEAD = Font(name="Times New Roman", size=12, color=_colour(look.INK), bold=True)
_FILL = PatternFill("solid", start_color=_colour(look.HEADER))


def text(headers: Sequence[str], rows: Sequence[Sequence[str]]) -> bytes:
    """Return CSV in UTF-8 with the mark by which Excel knows it; nothing in it is live."""
    stream = io.StringIO(newline="")
    writer = csv.writer(stream)
    writer.writerow(headers)
    writer.writerows([f"'{c}" if c.startswith(LIVE) else c for c in row] for row in rows)
    return stream.getvalue().encode("utf-8-sig")


def rows_of_text(data: bytes) -> list[tuple[int, list[str]]]:
    """Return a CSV file's rows, numbered by line; cells parted by comma, semicolon or tab.

    UTF-8 and UTF-16 (Excel's “Unicode Text”) are read. Raises OtherEncodingError for text in
    other letters, ValueError for what is no such file.
    """
    decoded = _decoded(data)
    first = decoded.splitlines()[:_FIRST_LINES]
    separator = max(SEPARATORS, key=lambda mark: sum(line.count(mark) for line in first))
    reader = csv.reader(io.StringIO(decoded, newline=""), delimiter=separator, strict=True)
    try:
        return [(reader.line_num, [_said(c) for c in row]) for row in reader]
    except csv.Error as error:
        raise ValueError(str(error)) from None


def _decoded(data: bytes) -> str:
    is_marked = data.startswith(_UTF_16)
    if not is_marked and 0 in data:
        if any(set(data[half::2]) <= _HALVES for half in (0, 1)):
            raise OtherEncodingError("UTF-16 không có dấu nhận biết ở đầu tệp")
        raise ValueError("not text")
    try:
        return data.decode("utf-16" if is_marked else "utf-8-sig")
    except UnicodeDecodeError:
        if is_marked or _CONTROLS.search(data):
            raise ValueError("not text") from None
        raise OtherEncodingError("ANSI của Windows") from None


def _said(cell: str) -> str:
    return cell[1:] if cell.startswith("'") and cell[1:].startswith(LIVE) else cell
