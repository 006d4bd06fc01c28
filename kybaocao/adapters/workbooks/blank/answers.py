"""Sheets of labelled inputs: the cover, and sheets for text."""

from datetime import date

from xlsxwriter.format import Format
from xlsxwriter.utility import xl_range, xl_rowcol_to_cell
from xlsxwriter.worksheet import Worksheet

from kybaocao.adapters.workbooks import look
from kybaocao.adapters.workbooks.blank.blank_book import BlankBook
from kybaocao.rules.form.form import Entry, EntrySheet, InputKind, TableColumn
from kybaocao.rules.form.formulas import acceptable
from kybaocao.rules.form.headers import ENTRY_HEADERS

EARLIEST = date(1990, 1, 1)


def write_entries(book: BlankBook, sheet: EntrySheet, ws: Worksheet, header: int) -> None:
    """Write a cover or a sheet for text, from its header (0-based row) on."""
    book.header(ws, header, ENTRY_HEADERS, book.widths(sheet))
    for row, entry in enumerate(sheet.rows, header + 1):
        ws.write_string(row, 0, entry.code, book.format(look.CELL, align="center"))
        ws.write_string(row, 1, entry.name, book.format(look.CELL, bold=entry.required, indent=1))
        input_format = input_look(book, entry.kind, top=entry.long)
        book.input(ws, row, 2, (entry.code, ""), input_format)
        entry_help(book, ws, row, row, 2, entry)
        tall = 130 if entry.long else 26
        ws.set_row(row, max(tall, look.height(entry.name, 28)))
    book.protect(ws)
    if sheet is not book.form.sheets[0]:
        ws.freeze_panes(header + 1, 0)
    book.page(ws, header, header + len(sheet.rows), 2, wide=False)
    ws.set_selection(header + 1, 2, header + 1, 2)
    ws.ignore_errors(
        {"number_stored_as_text": xl_range(header + 1, 2, header + len(sheet.rows), 2)}
    )


def input_look(book: BlankBook, kind: InputKind, top: bool = False) -> Format:
    """Return the look of a cell that asks for an input of that kind."""
    return book.format(
        look.CELL,
        bg_color=look.INPUT,
        locked=False,
        num_format=look.number_format(kind),
        valign="top" if top else "vcenter",
        align="right" if kind.is_number else "left",
        indent=1,
    )


def entry_help(
    book: BlankBook, ws: Worksheet, first: int, last: int, column: int, asked: Entry | TableColumn
) -> None:
    """Attach drop-down and help to the cells of one column, from `first` to `last` (0-based)."""
    cell = xl_rowcol_to_cell(first, column)
    rule: dict[str, object] = {"validate": "any"}
    if asked.choices:
        rule = {"validate": "list", "source": book.list_of(asked.choices)}
        rule["error_message"] = "Chọn một trong các giá trị của danh sách."
    elif asked.kind is InputKind.DATE:
        rule = {"validate": "date", "criteria": ">=", "value": EARLIEST}
        rule["error_message"] = "Cần một ngày, ví dụ 14/09/2016."
    elif asked.kind.is_number:
        test, wanted = acceptable(cell, asked.kind, None, None)
        rule = {"validate": "custom", "value": test}
        rule["error_message"] = f"Cần {wanted}."
    needed = "Bắt buộc trả lời. " if asked.required else ""
    message = f"{needed}{asked.hint}".strip()
    if message or rule["validate"] != "any":
        book.validate(ws, (first, column, last, column), rule, asked.name, message)
