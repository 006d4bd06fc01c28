"""An officer at an agency: fills the workbook that came with a letter, rightly or not."""

import io
import multiprocessing
import signal
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from datetime import date
from typing import Any, Self

from openpyxl import load_workbook
from openpyxl.workbook import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from kybaocao.demo import phrases
from kybaocao.demo.figures import Agencys, Figures
from kybaocao.rules.calendar.period import Period
from kybaocao.rules.check.given_rows import OVERDUE_MARK
from kybaocao.rules.form.form import (
    EntrySheet,
    Form,
    Indicator,
    IndicatorSheet,
    InputKind,
    TableSheet,
    TaskRows,
)
from kybaocao.rules.form.headers import CODE_HEADER, NUMBER_HEADER
from kybaocao.rules.regime.agency import Agency

Mistake = Callable[[Form, Figures], None]


class Officers:
    """Officers who work beside the caller, in a process of their own, in the order of asking."""

    def __init__(self) -> None:
        context = multiprocessing.get_context("spawn")
        self._desk = ProcessPoolExecutor(1, context, _undisturbed)

    def __enter__(self) -> Self:
        """Begin to start the process; `fill` need not wait for it."""
        self._desk.submit(_undisturbed)
        return self

    def __exit__(self, *_: object) -> None:
        self._desk.shutdown(cancel_futures=True)

    def fill(
        self,
        blank: bytes,
        form: Form,
        agency: Agency,
        quarter: Period,
        seed: int,
        mistake: Mistake | None,
        signed: date,
    ) -> "Future[bytes]":
        """Return what `report` will return."""
        return self._desk.submit(report, blank, form, agency, quarter, seed, mistake, signed)


def _undisturbed() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the caller's to handle


def report(
    blank: bytes,
    form: Form,
    agency: Agency,
    quarter: Period,
    seed: int,
    mistake: Mistake | None,
    signed: date,
) -> bytes:
    """Return the workbook with the agency's figures of a quarter, and a mistake if one is made.

    `form` is that of the agency. The series begins with the quarter's year.
    """
    figures = Agencys(form, agency.code, seed).of(quarter, quarter.year)
    if mistake is not None:
        mistake(form, figures)
    return filled(blank, form, figures, signed, agency.name)


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
            _table(page, sheet, signed, agency)
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
    if isinstance(value, str) or (row.kind is InputKind.INTEGER and value < 1000):
        return value
    if row.kind is InputKind.INTEGER:
        return f"{value:,}".replace(",", ".") if value % 10 == 4 else value
    return f"{value}".replace(".", ",") if round(value * 100) % 10 == 4 else value


def _entries(page: Worksheet, sheet: EntrySheet, signed: date, agency: str) -> None:
    top = _header(page, CODE_HEADER)
    rows = {row.code: row for row in sheet.rows}
    for number, code in _codes(page, top):
        if code in rows:
            page.cell(number, 3).value = phrases.answer(rows[code], signed, agency)


def _table(page: Worksheet, sheet: TableSheet, signed: date, agency: str) -> None:
    """Say how each task that was given stands, and fill the first free row."""
    top = _header(page, NUMBER_HEADER)
    places = {column.id: number for number, column in enumerate(sheet.columns, 2)}
    rows = sheet.tasks
    for number in range(top + 1, page.max_row + 1):
        if not isinstance(page.cell(number, 1).value, int):
            continue
        task = page.cell(number, places[rows.id]).value if rows else None
        if rows is None or not task:
            for column, value in enumerate(phrases.own_row(sheet, signed), 2):
                page.cell(number, column).value = value or None
            return
        overdue = OVERDUE_MARK in str(page.cell(number, places[rows.deadline]).value)
        said = phrases.progress(str(task), overdue, signed, agency)
        for name, words in zip((rows.state, *_told(sheet, rows)), said, strict=False):
            page.cell(number, places[name]).value = words


def _told(sheet: TableSheet, rows: TaskRows) -> list[str]:
    """Return the columns that tell of a task in words, in order."""
    asked = (*rows.locked, rows.state)
    return [column.id for column in sheet.columns if column.id not in asked]


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
