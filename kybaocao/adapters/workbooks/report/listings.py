"""Plain lists: collected texts, free rows, short answers, sources, and every figure's origin."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

import pandas as pd
from xlsxwriter.utility import xl_range
from xlsxwriter.worksheet import Worksheet

from kybaocao.adapters.workbooks import look
from kybaocao.adapters.workbooks.report.report_book import (
    CELLS,
    SOURCES,
    TALLEST,
    TEXTS,
    ReportBook,
    local,
    put,
    put_across,
)
from kybaocao.rules.cells.text import shortened
from kybaocao.rules.form.form import EntrySheet, IndicatorSheet, InputKind, TableSheet
from kybaocao.rules.form.headers import NOT_APPLICABLE, NUMBER_HEADER

AGENCY_CODE = "Mã đơn vị"
MOST_CELLS = 200_000
"""Figures beyond which their origins go into no sheet: the ledger and the archive hold them."""


NOT_PRINTED = "Dùng để tra cứu: số liệu nào lấy từ ô nào của tệp gốc. Không in cùng báo cáo."


@dataclass(frozen=True)
class Heading:
    """A column of a list; `width` is in characters."""

    name: str
    width: float
    align: str = "left"
    number_format: str = "General"


Rows = Sequence[list[object] | str]
"""Rows of a list; a text is a band across it."""


def listing(
    book: ReportBook,
    ws: Worksheet,
    title: str,
    columns: Sequence[Heading],
    rows: Rows,
    notes: Iterable[str] = (),
    printed: bool = True,
) -> int:
    """Write heading and table; return the row of the table's header (0-based).

    A list that is not `printed` is for looking things up: one line a row, and only the heading
    goes to paper.
    """
    header = book.heading(ws, title, notes) + 1
    looks, texts = [], []
    for number, column in enumerate(columns):
        ws.set_column(number, number, column.width, book.plain)
        ws.write_string(header, number, column.name, book.format(look.HEAD))
        pattern: dict[str, object] = {"align": column.align, "num_format": column.number_format}
        if column.align != "center":
            pattern["indent"] = 1
        looks.append(book.format(look.CELL, text_wrap=printed, **pattern))
        # So that a text like `=1+1` stays one when somebody edits the cell, too.
        texts.append(book.format(look.CELL, text_wrap=printed, quote_prefix=True, **pattern))
    ws.set_row(header, max(24.0, *(look.height(c.name, c.width * 0.85) for c in columns)))
    band = book.format(look.CELL, bold=True, bg_color=look.GROUP, indent=1)
    last = header
    for last, values in enumerate(rows, header + 1):
        if isinstance(values, str):
            put_across(ws, last, 0, len(columns) - 1, values, band)
            ws.set_row(last, 24)
            continue
        tall = 20.0
        for number, value in enumerate(values):
            put(ws, last, number, value, (texts if isinstance(value, str) else looks)[number])
            if printed and isinstance(value, str):
                tall = max(tall, look.height(value, columns[number].width * 0.98))
        ws.set_row(last, min(tall, TALLEST))
    ws.freeze_panes(header + 1, 0)
    if printed:
        ws.repeat_rows(header)
    ws.print_area(0, 0, last if printed else header - 2, len(columns) - 1)
    ws.ignore_errors({"number_stored_as_text": xl_range(header + 1, 0, last, len(columns) - 1)})
    ws.fit_to_pages(1, 0)
    book.page(ws, title)
    return header


def write(book: ReportBook) -> None:
    """Write what agencies said in words, and where each figure came from."""
    narrative = {
        s.id
        for s in book.form.sheets
        if isinstance(s, EntrySheet) and any(row.long for row in s.rows)
    }
    _texts(book, narrative)
    for sheet in book.form.sheets:
        if isinstance(sheet, TableSheet):
            _table(book, sheet)
        elif isinstance(sheet, EntrySheet) and sheet.id not in narrative:
            _short_answers(book, sheet)
    _sources(book)
    if len(book.found.cells) <= MOST_CELLS:
        _cells(book)


def _texts(book: ReportBook, sheets: set[str]) -> None:
    """Write long answers question by question, then the notes beside figures."""
    rows: list[list[object] | str] = []
    asked = None
    texts = book.found.texts
    notes = texts["sheet"].isin([s.id for s in book.form.indicator_sheets])
    kept = pd.concat([texts[texts["sheet"].isin(sheets)], texts[notes]])
    for agency, _, code, question, answer in kept.itertuples(index=False):
        if (code, question) != asked:
            asked = (code, question)
            rows.append(f"{code}. {question}")
        rows.append([book.agency[agency].name, agency, _said(answer)])
    columns = [Heading("Đơn vị", 34), Heading(AGENCY_CODE, 18), Heading("Nội dung", 100)]
    listing(book, book.file.add_worksheet(TEXTS), TEXTS, columns, rows)


def _table(book: ReportBook, sheet: TableSheet) -> None:
    """Write the free rows of all agencies under each other."""
    columns = [Heading("Đơn vị", 30), Heading(AGENCY_CODE, 18)]
    for column in sheet.columns:
        align = "right" if column.kind.is_number else "left"
        pattern = look.number_format(column.kind)
        columns.append(Heading(column.name, column.width, align, pattern))
    rows: list[list[object] | str] = []
    for record in book.found.tables[sheet.id].to_dict("records"):
        values = [_shown(column.kind, record[column.id]) for column in sheet.columns]
        rows.append([book.agency[record["agency"]].name, record["agency"], *values])
    ws = book.file.add_worksheet(book.names[sheet.id])
    listing(book, ws, sheet.title, columns, rows)


def _short_answers(book: ReportBook, sheet: EntrySheet) -> None:
    """Write a sheet of short answers: agencies down, questions across."""
    texts = book.found.texts
    own = texts[texts["sheet"] == sheet.id]
    keys = zip(own["agency"], own["code"], strict=True)
    answers = dict(zip(keys, own["answer"], strict=True))
    columns = [Heading("Đơn vị", 34), Heading(AGENCY_CODE, 18)]
    columns += [Heading(r.name, 20, "left", look.number_format(r.kind)) for r in sheet.rows]
    rows: list[list[object] | str] = []
    for code, agency in book.agency.items():
        values = [_shown(r.kind, answers.get((code, r.code), "")) for r in sheet.rows]
        rows.append([agency.name, code, *values])
    ws = book.file.add_worksheet(book.names[sheet.id])
    listing(book, ws, sheet.title, columns, rows)


def _sources(book: ReportBook) -> None:
    """Write the file behind each agency's row."""
    columns = [
        Heading(NUMBER_HEADER, 6, "center"),
        Heading("Đơn vị", 40),
        Heading(AGENCY_CODE, 18),
        Heading("Tệp", 46),
        Heading("Mã kiểm tra tệp gốc (SHA-256)", 70),
        Heading("Phiên bản", 11, "center", "0"),
        Heading("Nhận lúc", 18, "center", "dd/mm/yyyy hh:mm"),
        Heading("Số ô số liệu", 11, "center", "#,##0"),
        Heading("Dòng của mẫu cũ, không tổng hợp", 30),
    ]
    sources = {row["agency"]: row for row in book.found.sources.to_dict("records")}
    rows: list[list[object] | str] = []
    for code in (code for code in book.agency if code in sources):
        one = sources[code]
        file = [one["filename"], one["sha256"], one["version"], local(one["received_at"])]
        rows.append([len(rows) + 1, one["name"], code, *file, one["figures"], one["left_out"]])
    listing(book, book.file.add_worksheet(SOURCES), SOURCES, columns, rows)


def _cells(book: ReportBook) -> None:
    """Write every figure with its cell of origin."""
    titles = {s.id: s.name for s in book.form.sheets}
    names = {c.id: c.name for c in book.form.columns}
    for sheet in book.form.sheets:
        if isinstance(sheet, TableSheet):
            names |= {c.id: c.name for c in sheet.columns}
    columns = [
        Heading("Đơn vị", 40),
        Heading(AGENCY_CODE, 18),
        Heading("Trang tính", 26),
        Heading("Mã, dòng", 12, "center"),
        Heading("Cột", 24),
        Heading("Giá trị", 40),
        Heading("Ô trong tệp gốc", 22, "center"),
    ]
    days = {(s.id, name) for s in book.form.sheets for name in _days(s)}
    rows: list[list[object] | str] = []
    for agency, sheet_id, code, column, value, cell in book.found.cells.itertuples(index=False):
        said = shortened(value, 120) if isinstance(value, str) else _said(value)
        if value and (sheet_id, column or code) in days:
            said = f"{date.fromisoformat(str(value)):%d/%m/%Y}"
        place = [titles[sheet_id], code, names.get(column, column)]
        rows.append([book.agency[agency].name, agency, *place, said, cell])
    ws = book.file.add_worksheet(CELLS)
    header = listing(book, ws, CELLS, columns, rows, [NOT_PRINTED], printed=False)
    ws.autofilter(header, 0, header + len(rows), len(columns) - 1)


def _days(sheet: EntrySheet | IndicatorSheet | TableSheet) -> list[str]:
    """Return the rows (or a table's columns) of a sheet that ask for a day."""
    if isinstance(sheet, EntrySheet):
        return [row.code for row in sheet.rows if row.kind is InputKind.DATE]
    if isinstance(sheet, TableSheet):
        return [column.id for column in sheet.columns if column.kind is InputKind.DATE]
    return []


def _said(value: object) -> object:
    return NOT_APPLICABLE if value is None else value


def _shown(kind: InputKind, value: object) -> object:
    """Return an answer as it is written: an ISO day as a date."""
    if kind is InputKind.DATE and isinstance(value, str) and value:
        return date.fromisoformat(value)
    return _said(value)
