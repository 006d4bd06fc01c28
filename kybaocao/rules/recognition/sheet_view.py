"""One sheet of a file seen as a sheet of the form: its header row, its columns, its rows."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from kybaocao.rules.cells.cell_words import is_code_like, key
from kybaocao.rules.cells.grid import Area, Grid, Oddness, Value
from kybaocao.rules.form.form import EntrySheet, IndicatorSheet, TableSheet
from kybaocao.rules.form.headers import CODE_HEADER, ENTRY_HEADERS, INDICATOR_HEADERS

ANSWER_HEADER = ENTRY_HEADERS[-1]

AnySheet = EntrySheet | IndicatorSheet | TableSheet
Rows = Mapping[int, Mapping[int, Value]]
_MOST_MERGED = 500_000


@dataclass(frozen=True)
class Header:
    """A header row: its number, and every column whose header has a key, by that key.

    `rival` is another row that holds as many of the sheet's headers, in other columns.
    """

    row: int
    columns: Mapping[str, Sequence[int]]
    rival: int | None = None

    def column(self, name: str) -> int | None:
        """Return the (leftmost) column under the header `name`, or None."""
        found = self.columns.get(key(name))
        return found[0] if found else None

    def is_like(self, columns: Mapping[str, Sequence[int]], names: Iterable[str]) -> bool:
        """Return if the headers under these keys stand in the same columns as here."""
        return all(columns.get(name) == self.columns.get(name) for name in names)


@dataclass(frozen=True)
class Located:
    """A sheet of the form in the file: its grid with cells by row, its header, and its rows.

    `position` counts the file's sheets from 0; `rows` gives the row numbers under each code
    that stands in the code column, by key; `by_label` are those known by their label alone. For
    a table `rows` is empty. `merged` are the merged areas over the rows below the header, and
    `rivals` the file's other sheets that could as well be this one.
    """

    sheet: AnySheet
    grid: Grid
    position: int
    by_row: Rows
    header: Header | None
    rows: Mapping[str, Sequence[int]]
    by_label: frozenset[int] = frozenset()
    merged: Mapping[int, Sequence[Area]] = field(default_factory=dict)
    rivals: tuple[Grid, ...] = ()

    def value(self, row: int, column: int) -> Value | None:
        """Return what the sender sees in a cell: nothing where a merged area lies over it."""
        if self.merged and self.area_over(row, column):
            return None
        return self.grid.cells.get((row, column))

    def words_behind(self, row: int, column: int) -> str:
        """Return the words that a cell's number format shows behind its number."""
        oddity = self.grid.odd.get((row, column))
        return oddity.detail if oddity and oddity.kind is Oddness.WITH_WORDS else ""

    def area_over(self, row: int, column: int) -> Area | None:
        """Return the merged area that hides a cell; the first cell of an area is not hidden."""
        for area in self.merged.get(row, ()):
            if area[1] <= column <= area[3] and (row, column) != area[:2]:
                return area
        return None

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


def answers_in(where: Located, headers: Sequence[str]) -> dict[tuple[str, str], Value]:
    """Return what a sheet's inputs hold, by code (or row number) and header; blanks left out."""
    if where.header is None:
        return {}
    sheet, found = where.sheet, {}
    if isinstance(sheet, TableSheet):
        fixed = (*sheet.tasks.locked, *sheet.tasks.carried) if sheet.tasks else ()
        lines = [(str(count), row) for count, row in enumerate(where.below_header(), 1)]
        asked = [c.name for c in sheet.columns if c.id not in fixed]
    else:
        codes = [r.code for r in sheet.rows if getattr(r, "compute", None) is None]
        lines = [(code, row) for code in codes for row in where.rows.get(key(code), ())]
        asked = [name for name in headers if name != CODE_HEADER]
    columns = [(name, at) for name in asked if (at := where.header.column(name))]
    for line, row in lines:
        for name, column in columns:
            value = where.value(row, column)
            if value is not None:
                found[line, name] = value
    return found


def rows_of(grid: Grid) -> dict[int, dict[int, Value]]:
    """Return a sheet's non-empty cells by row and column, in order."""
    rows: dict[int, dict[int, Value]] = {}
    for (row, column), value in sorted(grid.cells.items(), key=lambda item: item[0]):
        rows.setdefault(row, {})[column] = value
    return rows


def seen_as(
    sheet: AnySheet,
    headers: Sequence[str],
    grid: Grid,
    position: int,
    by_row: Rows,
) -> Located:
    """Return a sheet of the file as `sheet`; `by_row` are its cells, from `rows_of`."""
    header = _header(headers, _with_tall_cells(grid, by_row))
    rows: dict[str, list[int]] = {}
    labelled: dict[str, int] = {}
    column = header.column(CODE_HEADER) if header else None
    if header and column and not isinstance(sheet, TableSheet):
        for row, cells in by_row.items():
            if row > header.row and column in cells:
                rows.setdefault(key(cells[column]), []).append(row)
        labelled = _by_label(sheet, header, column, by_row, rows)
        for code, row in labelled.items():
            rows[code] = [row]
    merged = _merged_below(grid, header, by_row) if grid.merged else {}
    known = frozenset(labelled.values())
    return Located(sheet, grid, position, by_row, header, rows, known, merged)


def _by_label(
    sheet: EntrySheet | IndicatorSheet,
    header: Header,
    code_column: int,
    by_row: Rows,
    rows: Mapping[str, Sequence[int]],
) -> dict[str, int]:
    """Return the rows whose code is gone but whose label is that of one row only, by code."""
    lost = [row for row in sheet.rows if key(row.code) not in rows]
    indicators = isinstance(sheet, IndicatorSheet)
    column = header.column((INDICATOR_HEADERS if indicators else ENTRY_HEADERS)[1])
    if not lost or column is None:
        return {}
    names = [key(row.name) for row in sheet.rows]
    wanted = {key(row.name): key(row.code) for row in lost if names.count(key(row.name)) == 1}
    found: dict[str, list[int]] = {}
    for row, cells in by_row.items():
        if row <= header.row or column not in cells or is_code_like(cells.get(code_column, "")):
            continue
        if code := wanted.get(key(cells[column])):
            found.setdefault(code, []).append(row)
    return {code: at[0] for code, at in found.items() if len(at) == 1}


def _merged_below(grid: Grid, header: Header | None, by_row: Rows) -> dict[int, list[Area]]:
    first = header.row if header else 0
    rows = [row for row in by_row if row > first]
    found: dict[int, list[Area]] = {}
    count = 0
    for area in grid.merged:
        for row in rows[bisect_left(rows, area[0]) : bisect_right(rows, area[2])]:
            found.setdefault(row, []).append(area)
            count += 1
        if count > _MOST_MERGED:  # areas that no spreadsheet program would save overlap like this
            break
    return found


def _with_tall_cells(grid: Grid, by_row: Rows) -> Rows:
    """Return the rows with what is merged downwards in each row, as a tall header shows it."""
    tall = [a for a in grid.merged if a[0] < a[2] <= a[0] + 3 and a[:2] in grid.cells]
    if not tall:
        return by_row
    rows = {row: dict(cells) for row, cells in by_row.items()}
    for first, column, last, _ in tall:
        for row in range(first + 1, last + 1):
            if row in rows:
                rows[row].setdefault(column, grid.cells[first, column])
    return rows


def _header(headers: Sequence[str], by_row: Rows) -> Header | None:
    """Return the row that holds most of `headers`, the first of equals; None if under two.

    A sheet of a single column is known by one.
    """
    wanted = {key(name) for name in headers}
    best: Header | None = None
    most = min(2, len(wanted)) - 1
    for row, cells in by_row.items():
        held = len(wanted.intersection([key(v) for v in cells.values() if isinstance(v, str)]))
        if held < most or not held:
            continue
        columns: dict[str, list[int]] = {}
        for column, value in cells.items():
            if isinstance(value, str):
                columns.setdefault(key(value), []).append(column)
        if held > most:
            most = held
            best = Header(row, columns)
        elif best and most > 1 and not best.is_like(columns, wanted):
            best = replace(best, rival=best.rival or row)
    return best
