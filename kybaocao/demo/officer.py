"""An officer at an agency: fills the workbook that came with a letter, rightly or not."""

import io
from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

from openpyxl import load_workbook
from openpyxl.workbook import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from kybaocao.demo.figures import Figures
from kybaocao.rules.form import (
    CODE_HEADER,
    Entry,
    EntrySheet,
    Form,
    Indicator,
    IndicatorSheet,
    Kind,
    TableSheet,
)
from kybaocao.rules.layout import NUMBER_HEADER

Mistake = Callable[[Form, Figures], None]


def filled(blank: bytes, form: Form, figures: Figures, signed: date, agency: str) -> bytes:
    """Return the workbook with these figures typed in, and its cover and texts filled."""
    book = load_workbook(io.BytesIO(blank))
    for sheet in form.sheets:
        page = book[sheet.name]
        if isinstance(sheet, IndicatorSheet):
            _figures(page, form, sheet, figures)
        elif isinstance(sheet, EntrySheet):
            _entries(page, sheet, signed, agency)
        else:
            _task(page, sheet)
    return _saved(book)


def _figures(page: Worksheet, form: Form, sheet: IndicatorSheet, figures: Figures) -> None:
    top = _header(page, CODE_HEADER)
    columns = {page.cell(top, c).value: c for c in range(1, page.max_column + 1)}
    places = {c.id: columns[c.name] for c in form.columns if c.name in columns}
    rows = {row.code: row for row in sheet.rows}
    for number, code in _codes(page, top):
        if (row := rows.get(code)) is None or row.compute is not None:
            continue
        for column in row.columns:
            if column in places and (code, column) in figures:
                page.cell(number, places[column]).value = _typed(row, figures[code, column])


def _typed(row: Indicator, value: Any) -> Any:
    """Return a figure as it gets typed: now and then as text, in the Vietnamese way."""
    if isinstance(value, str) or (row.kind is Kind.INTEGER and value < 1000):
        return value
    if row.kind is Kind.INTEGER:
        return f"{value:,}".replace(",", ".") if value % 10 == 4 else value
    return f"{value}".replace(".", ",") if round(value * 100) % 10 == 4 else value


def _entries(page: Worksheet, sheet: EntrySheet, signed: date, agency: str) -> None:
    top = _header(page, CODE_HEADER)
    rows = {row.code: row for row in sheet.rows}
    for number, code in _codes(page, top):
        if code in rows:
            page.cell(number, 3).value = _answer(rows[code], signed, agency)


def _answer(entry: Entry, signed: date, agency: str) -> Any:
    if entry.kind is Kind.DATE:
        return signed
    if entry.kind is Kind.CHOICE:
        return entry.choices[0]
    if entry.kind.is_number:
        return 1
    if entry.long:
        return f"{agency} đã triển khai theo kế hoạch; nội dung: {entry.name.lower()}."
    return f"{agency}: {entry.name}" if entry.required else None


def _task(page: Worksheet, sheet: TableSheet) -> None:
    """Fill the first row of a table, so that its collection can be seen."""
    top = _header(page, NUMBER_HEADER)
    for number, column in enumerate(sheet.columns, 2):
        value: Any = column.choices[0] if column.choices else column.hint or column.name
        page.cell(top + 1, number).value = value


def _header(page: Worksheet, word: str) -> int:
    return next(r for r in range(1, page.max_row + 1) if page.cell(r, 1).value == word)


def _codes(page: Worksheet, top: int) -> Iterator[tuple[int, str]]:
    for number in range(top + 1, page.max_row + 1):
        if isinstance(code := page.cell(number, 1).value, str):
            yield number, code


def _saved(book: Workbook) -> bytes:
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def wrong_sum(form: Form, figures: Figures) -> None:
    """Report parts that add up to more than their total."""
    rule = form.rules.sums[-1]
    figures[rule.parts[0], "done"] += 7


def forgotten(form: Form, figures: Figures) -> None:
    """Leave the first required figure blank."""
    del figures[next(key for key in figures if key[1] == "done")]


def in_words(form: Form, figures: Figures) -> None:
    """Type words where a number belongs."""
    key = [key for key in figures if key[1] == "done"][2]
    figures[key] = "khoảng 20"  # type: ignore[assignment]


def falling(form: Form, figures: Figures) -> None:
    """Report less since the start of the year than in the period alone."""
    code = next(code for code, column in figures if column == "cumulative")
    figures[code, "done"] = figures[code, "cumulative"] + 5


def part_above_whole(form: Form, figures: Figures) -> None:
    """Report a part that is larger than its whole."""
    rule = next(r for r in form.rules.within if (r.part, "done") in figures)
    figures[rule.part, "done"] = figures[rule.whole, "done"] + 3


MISTAKES: tuple[Mistake, ...] = (wrong_sum, forgotten, in_words, falling, part_above_whole)
