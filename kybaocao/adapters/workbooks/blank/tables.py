"""Tables: a row for each open task of the agency, then free rows."""

from collections.abc import Sequence

from xlsxwriter.utility import xl_range
from xlsxwriter.worksheet import Worksheet

from kybaocao.adapters.workbooks import look
from kybaocao.adapters.workbooks.blank.answers import entry_help, input_look
from kybaocao.adapters.workbooks.blank.blank_book import BlankBook, put_across
from kybaocao.rules.check.given_rows import OVERDUE_MARK, given
from kybaocao.rules.form.form import TableColumn, TableSheet, TaskRows
from kybaocao.rules.form.headers import NUMBER_HEADER
from kybaocao.rules.regime.task import OpenTask

TASKS_HEADING = "Nhiệm vụ được giao chủ trì, chưa báo cáo hoàn thành"
FREE_HEADING = "Nhiệm vụ khác theo kế hoạch của cơ quan, đơn vị (nếu có)"


def write(book: BlankBook, sheet: TableSheet, ws: Worksheet, header: int) -> None:
    """Write a table from its header (0-based row) on; rows can be inserted."""
    names = [NUMBER_HEADER, *(c.name for c in sheet.columns)]
    book.header(ws, header, names, book.widths(sheet))
    row, number = header + 1, 0
    rows = book.task_rows(sheet)
    if rows is not None:
        row = _heading(book, sheet, ws, row, TASKS_HEADING)
        for number, task in enumerate(book.tasks, 1):
            _task(book, sheet, ws, row, number, rows, task)
            row += 1
        row = _heading(book, sheet, ws, row, FREE_HEADING)
    free = row
    for row in range(free, free + sheet.blank_rows):
        _numbered(book, ws, row, number + 1 + row - free)
        ws.set_row(row, 26)
        for column, declared in enumerate(sheet.columns, 1):
            ws.write_blank(row, column, None, input_look(book, declared.kind))
    last = free + sheet.blank_rows - 1
    for column, declared in enumerate(sheet.columns, 1):
        entry_help(book, ws, header + 1, last, column, declared)
    book.protect(ws, insert_rows=True)
    ws.freeze_panes(header + 1, 0)
    book.page(ws, header, last, len(sheet.columns), wide=True)
    at = _first_input(sheet.columns, rows)
    top = header + (1 if rows is None else 2)
    ws.set_selection(top, at, top, at)
    ws.ignore_errors({"number_stored_as_text": xl_range(header + 1, 1, last, len(sheet.columns))})


def _first_input(columns: Sequence[TableColumn], rows: TaskRows | None) -> int:
    """Return the column in which filling begins: that of the state where tasks are given."""
    return 1 if rows is None else 1 + [column.id for column in columns].index(rows.state)


def _heading(book: BlankBook, sheet: TableSheet, ws: Worksheet, row: int, text: str) -> int:
    """Write a line that parts the tasks given from the free rows; return the row below."""
    heading = book.format(look.CELL, bold=True, bg_color=look.GROUP, indent=1)
    put_across(ws, row, 0, len(sheet.columns), text, heading)
    ws.set_row(row, 24)
    return row + 1


def _numbered(book: BlankBook, ws: Worksheet, row: int, number: int) -> None:
    ws.write_number(row, 0, number, book.format(look.CELL, align="center"))


def _task(
    book: BlankBook,
    sheet: TableSheet,
    ws: Worksheet,
    row: int,
    number: int,
    rows: TaskRows,
    task: OpenTask,
) -> None:
    """Write one task: what it is, locked, and what was said of it last, to be changed."""
    _numbered(book, ws, row, number)
    texts = given(rows, task).texts
    tall = 26.0
    for column, declared in enumerate(sheet.columns, 1):
        text = texts.get(declared.id, task.last.get(declared.id, ""))
        cell = book.format(look.CELL, bg_color=look.COMPUTED, num_format="@", indent=1)
        if declared.id not in texts:
            cell = input_look(book, declared.kind)
        elif declared.id == rows.deadline and task.overdue:
            text = f"{text}\n{OVERDUE_MARK}"
            late = {"bold": True, "font_color": look.RED, "num_format": "@", "indent": 1}
            cell = book.format(look.CELL, bg_color=look.COMPUTED, **late)
        if text:
            ws.write_string(row, column, text, cell)
        else:
            ws.write_blank(row, column, None, cell)
        tall = max(tall, look.height(text, declared.width - 2))  # the indent takes its part
    ws.set_row(row, tall)
