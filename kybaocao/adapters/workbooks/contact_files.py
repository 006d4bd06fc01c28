"""A list of contacts as a workbook or CSV, as officials keep it."""

import csv
import io
from collections.abc import Sequence

import xlsxwriter

from kybaocao.adapters.workbooks.look import CELL, HEAD

WIDTHS = (34, 48, 20, 40, 30)
# What a spreadsheet program would take for a formula (OWASP, CSV Injection).
LIVE = ("=", "+", "-", "@", "\t", "\r")
SEPARATORS = ",;\t"


def workbook(headers: Sequence[str], rows: Sequence[Sequence[str]]) -> bytes:
    """Return an xlsx file of one sheet; every cell is text."""
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream, {"in_memory": True, "strings_to_urls": False}) as book:
        sheet = book.add_worksheet("Danh bạ")
        head, cell = book.add_format(HEAD), book.add_format({**CELL, "num_format": "@"})
        for column, (header, width) in enumerate(zip(headers, WIDTHS, strict=True)):
            sheet.set_column(column, column, width)
            sheet.write_string(0, column, header, head)
        for number, row in enumerate(rows, 1):
            for column, text in enumerate(row):
                sheet.write_string(number, column, text, cell)
        sheet.freeze_panes(1, 0)
        sheet.autofilter(0, 0, max(1, len(rows)), len(headers) - 1)
    return stream.getvalue()


def text(headers: Sequence[str], rows: Sequence[Sequence[str]]) -> bytes:
    """Return CSV in UTF-8 with the mark by which Excel knows it; nothing in it is live."""
    stream = io.StringIO(newline="")
    writer = csv.writer(stream)
    writer.writerow(headers)
    writer.writerows([f"'{c}" if c.startswith(LIVE) else c for c in row] for row in rows)
    return stream.getvalue().encode("utf-8-sig")


def rows_of_text(data: bytes) -> list[tuple[int, list[str]]]:
    """Return a CSV file's rows, numbered by line. Raises ValueError if it is none."""
    try:
        decoded = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise ValueError("not UTF-8") from None
    if "\0" in decoded:
        raise ValueError("not text")
    first = decoded.partition("\n")[0]
    separator = max(SEPARATORS, key=first.count)
    reader = csv.reader(io.StringIO(decoded, newline=""), delimiter=separator, strict=True)
    try:
        return [(reader.line_num, [_said(c) for c in row]) for row in reader]
    except csv.Error as error:
        raise ValueError(str(error)) from None


def _said(cell: str) -> str:
    return cell[1:] if cell.startswith("'") and cell[1:].startswith(LIVE) else cell
