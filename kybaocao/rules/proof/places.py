"""Where a form's inputs stand in a file, found a second way: headers and codes as they are."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from kybaocao.rules.form.form import (
    IDENTITY_KEYS,
    Column,
    EntrySheet,
    Form,
    IndicatorSheet,
    InputKind,
    TableSheet,
)
from kybaocao.rules.proof.values import Raw, is_blank, plain

At = tuple[int, int]
CODE, LABEL, ANSWER = "ma", ("chi tieu", "noi dung"), "tra loi"
_ZERO_ROW = {"khong phat sinh", "ko phat sinh", "chua phat sinh", "kps", "khong", "khong co"}


@dataclass(frozen=True)
class Area:
    """First row and column, last row and column; 1-based, both ends included."""

    first: At
    last: At


@dataclass(frozen=True)
class Page:
    """One sheet of a file, read a second way: its non-empty cells by 1-based row and column."""

    name: str
    cells: Mapping[At, Raw]
    merged: Sequence[Area] = ()

    def value(self, at: At) -> Raw | None:
        """Return what shows in a cell: nothing under a merged area."""
        found = self.cells.get(at)
        return None if is_blank(found) or at in self._covered else found

    @cached_property
    def keys(self) -> frozenset[str]:
        """The keys of all texts on the page."""
        return frozenset(_key(v) for v in self.cells.values() if isinstance(v, str))

    @cached_property
    def _covered(self) -> set[At]:
        return {
            at
            for at in self.cells
            for a in self.merged
            if a.first != at
            and a.first[0] <= at[0] <= a.last[0]
            and a.first[1] <= at[1] <= a.last[1]
        }


@dataclass(frozen=True)
class AskedInput:
    """An input of the form: its sheet, row and column, and what it holds."""

    sheet: str
    row: str
    column: str
    kind: InputKind
    unit: str = ""
    choices: tuple[str, ...] = ()
    printed: bool = False
    """Whether the form is issued with it filled in, as with a task's title."""


@dataclass
class FoundInputs:
    """Inputs by page name and cell; and the rows of the form that could not be found."""

    inputs: dict[tuple[str, At], tuple[AskedInput, Raw]] = field(default_factory=dict)
    pages: dict[str, Page] = field(default_factory=dict)
    unfound: set[tuple[str, str]] = field(default_factory=set)


def find(form: Form, columns: Sequence[Column], pages: Sequence[Page]) -> FoundInputs:
    """Return every answered input of a form (as it applies to its sender) in a file."""
    found = FoundInputs()
    free = [page for page in pages if page.cells.get((1, 1)) not in IDENTITY_KEYS]
    for sheet in form.sheets:
        page = _page(sheet, columns, free)
        if page is None:
            found.unfound.add((sheet.id, ""))
            continue
        found.pages[sheet.id] = page
        header = _header(page, _names(sheet, columns))
        if header is None:
            found.unfound.add((sheet.id, ""))
        elif isinstance(sheet, TableSheet):
            _table(found, page, sheet, *header)
        else:
            _rows(found, page, sheet, columns, *header)
    return found


def _names(sheet: EntrySheet | IndicatorSheet | TableSheet, columns: Sequence[Column]) -> list[str]:
    if isinstance(sheet, TableSheet):
        return [_key(c.name) for c in sheet.columns]
    return (
        [CODE, ANSWER]
        if isinstance(sheet, EntrySheet)
        else [CODE, *(_key(c.name) for c in columns)]
    )


def _key(text: object) -> str:
    return plain(str(text)).rstrip("*() ")


def _page(
    sheet: EntrySheet | IndicatorSheet | TableSheet,
    columns: Sequence[Column],
    pages: Sequence[Page],
) -> Page | None:
    """Return the original's page that holds most of a sheet's codes or headers.

    Among such pages the name decides first.
    """
    if isinstance(sheet, TableSheet):
        wanted = set(_names(sheet, columns))
    else:
        wanted = {_key(row.code) for row in sheet.rows}
    scored = []
    for number, page in enumerate(pages):
        held = len(wanted & page.keys)
        if 2 * held >= len(wanted):
            scored.append((_key(page.name) == _key(sheet.name), held, -number))
    return pages[-max(scored)[2]] if scored else None


def _header(page: Page, names: Sequence[str]) -> tuple[int, dict[str, int]] | None:
    """Return the row that holds most of these headers, and its columns by header."""
    by_row: dict[int, dict[str, int]] = {}
    for (row, column), value in sorted(page.cells.items()):
        if isinstance(value, str):
            by_row.setdefault(row, {}).setdefault(_key(value), column)
    for area in page.merged:
        head = page.cells.get(area.first)
        for row in range(area.first[0] + 1, min(area.last[0], area.first[0] + 3) + 1):
            if isinstance(head, str) and row in by_row:
                by_row[row].setdefault(_key(head), area.first[1])
    best = max(by_row, key=lambda row: (len(set(names) & by_row[row].keys()), -row), default=0)
    held = len(set(names) & by_row.get(best, {}).keys())
    return (best, by_row[best]) if held >= min(2, len(set(names))) else None


def _rows(
    found: FoundInputs,
    page: Page,
    sheet: EntrySheet | IndicatorSheet,
    columns: Sequence[Column],
    header: int,
    at: Mapping[str, int],
) -> None:
    codes: dict[str, list[int]] = {}
    labels: dict[str, list[int]] = {}
    label = next((at[name] for name in LABEL if name in at), None)
    for (row, column), value in page.cells.items():
        if row > header and column == at.get(CODE):
            codes.setdefault(_key(value), []).append(row)
        if row > header and column == label:
            labels.setdefault(_key(value), []).append(row)
    for one in sheet.rows:
        rows = codes.get(_key(one.code)) or labels.get(_key(one.name)) or []
        if len(rows) != 1:
            found.unfound.add((sheet.id, one.code))
            continue
        for name, asked in _inputs(sheet, one.code, columns):
            if name not in at:
                found.unfound.add((sheet.id, one.code))
            elif (shown := page.value((rows[0], at[name]))) is not None:
                found.inputs[page.name, (rows[0], at[name])] = asked, shown


def _inputs(
    sheet: EntrySheet | IndicatorSheet, code: str, columns: Sequence[Column]
) -> Iterator[tuple[str, AskedInput]]:
    """Yield the header and the input of each column in which a row asks for something."""
    if isinstance(sheet, EntrySheet):
        entry = next(row for row in sheet.rows if row.code == code)
        yield ANSWER, AskedInput(sheet.id, code, "", entry.kind, "", entry.choices)
        return
    row = next(row for row in sheet.rows if row.code == code)
    for column in columns:
        if column.text:
            yield _key(column.name), AskedInput(sheet.id, code, column.id, InputKind.TEXT)
        elif column.id in row.columns and row.compute is None:
            yield _key(column.name), AskedInput(sheet.id, code, column.id, row.kind, row.unit)


def _table(
    found: FoundInputs, page: Page, sheet: TableSheet, header: int, at: Mapping[str, int]
) -> None:
    locked = sheet.tasks.locked if sheet.tasks else ()
    asked = [
        (at[_key(c.name)], AskedInput(sheet.id, "", c.id, c.kind, "", c.choices, c.id in locked))
        for c in sheet.columns
        if _key(c.name) in at
    ]
    for row in sorted({row for row, _ in page.cells if row > header}):
        held = [((row, n), one, v) for n, one in asked if (v := page.value((row, n))) is not None]
        only = held[0][2] if len(held) == 1 else None
        if isinstance(only, str) and plain(only).rstrip(". ") in _ZERO_ROW:
            continue
        for cell, one, value in held:
            found.inputs[page.name, cell] = one, value
