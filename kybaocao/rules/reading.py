"""Where a form's sheets, columns and rows stand in a file, wherever people moved them."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache

from kybaocao.rules import numbers, text
from kybaocao.rules.form import (
    CODE_HEADER,
    IDENTITY_SHEET,
    EntrySheet,
    Form,
    Identity,
    IndicatorSheet,
    TableSheet,
)
from kybaocao.rules.grid import Book, Grid, Value, address
from kybaocao.rules.layout import ENTRY_HEADERS

FINDINGS_SHEET = "Lỗi cần sửa"
ANSWER_HEADER = ENTRY_HEADERS[-1]

AnySheet = EntrySheet | IndicatorSheet | TableSheet
_LONGEST_SHOWN = 120
_LONGEST_KEY = 300
_CODE_LIKE = re.compile(r"[A-ZĐ0-9]*[A-ZĐ][A-ZĐ0-9]*[.-][A-ZĐ0-9.-]*[0-9]")


def as_text(value: Value) -> str:
    """Return a cell's value as text, in full: numbers without grouping, dates as dd/mm/yyyy."""
    if isinstance(value, str):
        return text.clean(value)
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, int | float):
        return numbers.shown(value).replace(".", "")
    if isinstance(value, datetime):
        has_time = (value.hour, value.minute, value.second) != (0, 0, 0)
        return value.strftime("%d/%m/%Y %H:%M:%S" if has_time else "%d/%m/%Y")
    if isinstance(value, date):
        return value.strftime("%d/%m/%Y")
    return str(value)


def as_shown(value: Value) -> str:
    """Return a cell's value for a finding: like `as_text`, numbers grouped, long text cut."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        whole = numbers.shown(value)
    else:
        whole = " ".join(as_text(value).split())
    return whole if len(whole) <= _LONGEST_SHOWN else whole[:_LONGEST_SHOWN].rstrip() + "…"


def key(value: Value) -> str:
    """Return the comparing key of a code or header; marks of required fields do not count."""
    return _key(as_text(value)[:_LONGEST_KEY])


@lru_cache(maxsize=4096)  # every file of a form repeats the same codes and headers
def _key(shown: str) -> str:
    return text.fold(shown).rstrip("*() ")


@dataclass(frozen=True)
class Header:
    """A header row: its number, and every column whose header has a key, by that key."""

    row: int
    columns: Mapping[str, Sequence[int]]

    def column(self, name: str) -> int | None:
        """Return the (leftmost) column under the header `name`, or None."""
        found = self.columns.get(key(name))
        return found[0] if found else None


@dataclass(frozen=True)
class Located:
    """A sheet of the form in the file: its grid with cells by row, its header, and its rows.

    `position` counts the file's sheets from 0; `rows` gives the row numbers under each code
    that stands in the code column, by key. For a table `rows` is empty.
    """

    sheet: AnySheet
    grid: Grid
    position: int
    by_row: Mapping[int, Mapping[int, Value]]
    header: Header | None
    rows: Mapping[str, Sequence[int]]

    def value(self, row: int, column: int) -> Value | None:
        return self.grid.cells.get((row, column))

    def below_header(self) -> Iterable[int]:
        """Yield the numbers of the non-empty rows below the header, in order."""
        first = self.header.row if self.header else 0
        return (row for row in self.by_row if row > first)


def headers_of(sheet: AnySheet, shown_columns: Sequence[str]) -> list[str]:
    """Return the headers that a sheet needs; `shown_columns` are the form's for the period."""
    if isinstance(sheet, TableSheet):
        return [column.name for column in sheet.columns]
    if isinstance(sheet, EntrySheet):
        return [CODE_HEADER, ANSWER_HEADER]
    return [CODE_HEADER, *shown_columns]


def locate(form: Form, shown_columns: Sequence[str], book: Book) -> dict[str, Located]:
    """Return where each sheet of the form stands, by sheet id; what is missing is left out.

    A sheet is known by its name, else by the codes or headers that it holds.
    """
    ours = {key(IDENTITY_SHEET), key(FINDINGS_SHEET)}
    free = {n: _by_row(g) for n, g in enumerate(book.grids) if key(g.name) not in ours}
    chosen: dict[str, int] = {}
    for sheet in form.sheets:
        for position in free.keys() - chosen.values():
            if key(book.grids[position].name) == key(sheet.name):
                chosen[sheet.id] = position
                break
    found: dict[str, Located] = {}
    for sheet in form.sheets:
        headers = headers_of(sheet, shown_columns)
        if sheet.id not in chosen:
            rest = sorted(free.keys() - chosen.values())
            renamed = next((n for n in rest if _resembles(sheet, headers, free[n])), None)
            if renamed is None:
                continue
            chosen[sheet.id] = renamed
        position = chosen[sheet.id]
        found[sheet.id] = _located(sheet, headers, book.grids[position], position, free[position])
    return found


def _by_row(grid: Grid) -> dict[int, dict[int, Value]]:
    rows: dict[int, dict[int, Value]] = {}
    for (row, column), value in sorted(grid.cells.items(), key=lambda item: item[0]):
        rows.setdefault(row, {})[column] = value
    return rows


def _located(
    sheet: AnySheet,
    headers: Sequence[str],
    grid: Grid,
    position: int,
    by_row: Mapping[int, Mapping[int, Value]],
) -> Located:
    header = _header(headers, by_row)
    rows: dict[str, list[int]] = {}
    column = header.column(CODE_HEADER) if header else None
    if header and column and not isinstance(sheet, TableSheet):
        for row, cells in by_row.items():
            if row > header.row and column in cells:
                rows.setdefault(key(cells[column]), []).append(row)
    return Located(sheet, grid, position, by_row, header, rows)


def _header(headers: Sequence[str], by_row: Mapping[int, Mapping[int, Value]]) -> Header | None:
    """Return the row that holds most of `headers`, the first of equals; None if under two.

    A sheet of a single column is known by one.
    """
    wanted = {key(name) for name in headers}
    best: Header | None = None
    most = min(2, len(wanted)) - 1
    for row, cells in by_row.items():
        columns: dict[str, list[int]] = {}
        for column, value in cells.items():
            if isinstance(value, str):
                columns.setdefault(key(value), []).append(column)
        if len(wanted & columns.keys()) > most:
            most = len(wanted & columns.keys())
            best = Header(row, columns)
    return best


def _resembles(
    sheet: AnySheet, headers: Sequence[str], by_row: Mapping[int, Mapping[int, Value]]
) -> bool:
    """Return if a sheet of another name holds at least half of this one's codes or headers."""
    if isinstance(sheet, TableSheet):
        wanted = {key(name) for name in headers}
    else:
        wanted = {key(row.code) for row in sheet.rows}
    held = {key(v) for cells in by_row.values() for v in cells.values() if isinstance(v, str)}
    return 2 * len(wanted & held) >= len(wanted)


def is_code_like(value: Value) -> bool:
    """Return if a cell looks like an indicator's code (`TTHC-05`)."""
    return isinstance(value, str) and bool(_CODE_LIKE.fullmatch(text.plain(value)))


def identity_of(book: Book) -> Identity | None:
    """Return what the file says of itself, or None if it says nothing or not enough."""
    said = {name: text.clean(value) for name, value in book.identity.items()}
    version = said.get("version", "")
    if not re.fullmatch(r"[0-9]{1,6}", version):
        return None
    parts = [said.get(name, "") for name in ("form", "regime", "duty", "agency", "period")]
    if not all(parts):
        return None
    form, regime, duty, agency, period = parts
    return Identity(form, int(version), regime, duty, agency, period)


def cell(row: int, column: int | None) -> str:
    """Return an address, or an empty text if the column is unknown."""
    return address(row, column) if column else ""
