"""Where a form's sheets, columns and rows stand in a file, wherever people moved them."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from kybaocao.rules.cells import text
from kybaocao.rules.cells.cell_words import as_shown, as_text, cell, is_code_like, key
from kybaocao.rules.cells.grid import Book, Grid
from kybaocao.rules.form.form import IDENTITY_KEYS, IDENTITY_SHEET, Form, Identity, TableSheet
from kybaocao.rules.recognition.sheet_view import (
    ANSWER_HEADER,
    AnySheet,
    Header,
    Located,
    Rows,
    answers_in,
    headers_of,
    rows_of,
    seen_as,
)

__all__ = [
    "ANSWER_HEADER",
    "FINDINGS_SHEET",
    "AnySheet",
    "Header",
    "Located",
    "as_shown",
    "as_text",
    "cell",
    "headers_of",
    "identities_of",
    "identity_of",
    "is_code_like",
    "is_ours",
    "key",
    "locate",
]

FINDINGS_SHEET = "Lỗi cần sửa"
_OURS = {key(IDENTITY_SHEET), key(FINDINGS_SHEET)}


def locate(form: Form, shown_columns: Sequence[str], book: Book) -> dict[str, Located]:
    """Return where each sheet of the form stands, by sheet id; what is missing is left out.

    A sheet is known by the codes or headers that it holds, and by its name. Of several that
    hold them the only one that is filled in counts; of several filled differently one is
    returned, and the others are its `rivals`.
    """
    free = {n: rows_of(g) for n, g in enumerate(book.grids) if not is_ours(g)}
    views = _Views(form, shown_columns, book, free)
    chosen: dict[str, int] = {}
    named: dict[str, int] = {}
    for sheet in form.sheets:
        for position in free.keys() - named.values():
            if key(book.grids[position].name) == key(sheet.name):
                named[sheet.id] = position
                if views.fits(sheet, position):
                    chosen[sheet.id] = position
                break
    rest = sorted(free.keys() - chosen.values())
    if rest:
        _choose(views, form, chosen, rest)
    for sheet in form.sheets:
        if sheet.id not in chosen:
            # Nothing fits: the sheet of that name shows what is wrong, or one without a header.
            left = [n for n in rest if n not in chosen.values()]
            by_name = [n for n in left if n == named.get(sheet.id)]
            found = by_name or [n for n in left if _resembles(sheet, views.headers(sheet), free[n])]
            if found:
                chosen[sheet.id] = found[0]
    return {s.id: views.of(s, chosen[s.id]) for s in form.sheets if s.id in chosen}


def is_ours(grid: Grid) -> bool:
    """Return if a sheet is one that this program adds beside those of the form."""
    return key(grid.name) in _OURS or _says_what(grid)


def _says_what(grid: Grid) -> bool:
    """Return if a sheet is an identity sheet, whatever its name became."""
    return grid.cells.get((1, 1)) in IDENTITY_KEYS


class _Views:
    """The sheets of a file seen as the sheets of a form; each pair is looked at once."""

    def __init__(
        self,
        form: Form,
        shown_columns: Sequence[str],
        book: Book,
        free: Mapping[int, Rows],
    ) -> None:
        self._shown, self._book, self._free = shown_columns, book, free
        self._titles = {sheet.id: key(sheet.title) for sheet in form.sheets}
        self._seen: dict[tuple[str, int], Located] = {}

    def headers(self, sheet: AnySheet) -> list[str]:
        return headers_of(sheet, self._shown)

    def of(self, sheet: AnySheet, position: int) -> Located:
        at = (sheet.id, position)
        if at not in self._seen:
            grid, rows = self._book.grids[position], self._free[position]
            self._seen[at] = seen_as(sheet, self.headers(sheet), grid, position, rows)
        return self._seen[at]

    def prefer(self, sheet: AnySheet, position: int, rivals: Sequence[Grid]) -> None:
        view = self.of(sheet, position)
        self._seen[sheet.id, position] = replace(view, rivals=tuple(rivals))

    def fits(self, sheet: AnySheet, position: int) -> bool:
        """Return if a sheet holds at least half of the form sheet's codes or headers."""
        where = self.of(sheet, position)
        if where.header is None:
            return False
        if isinstance(sheet, TableSheet):
            wanted = {key(column.name) for column in sheet.columns}
            return 2 * len(wanted & where.header.columns.keys()) >= len(wanted)
        return 2 * sum(key(row.code) in where.rows for row in sheet.rows) >= len(sheet.rows)

    def is_titled_otherwise(self, sheet: AnySheet, position: int) -> bool:
        """Return if a sheet bears the title of another sheet of the form, and not this one's."""
        where = self.of(sheet, position)
        top = where.header.row if where.header else 1
        lines = [
            key(value)
            for row, cells in where.by_row.items()
            if row < top
            for value in cells.values()
            if isinstance(value, str)
        ]
        bears = {i for i, title in self._titles.items() if any(x.endswith(title) for x in lines)}
        return bool(bears) and sheet.id not in bears


def _choose(views: _Views, form: Form, chosen: dict[str, int], rest: Sequence[int]) -> None:
    """Choose among the sheets of the file that are not known by name and content at once."""
    for sheet in form.sheets:
        first = [chosen[sheet.id]] if sheet.id in chosen else []
        taken = set(chosen.values())
        options = [n for n in rest if n not in taken and views.fits(sheet, n)]
        options = first + [n for n in options if not views.is_titled_otherwise(sheet, n)]
        held = {n: answers_in(views.of(sheet, n), views.headers(sheet)) for n in options}
        filled = [n for n in options if held[n]]
        if not options:
            continue
        best = (filled or options)[0]
        chosen[sheet.id] = best
        others = [n for n in filled if held[n] != held[best]]
        if others:
            views.prefer(sheet, best, [views.of(sheet, n).grid for n in others])


def _resembles(sheet: AnySheet, headers: Sequence[str], by_row: Rows) -> bool:
    """Return if a sheet of another name holds at least half of this one's codes or headers."""
    if isinstance(sheet, TableSheet):
        wanted = {key(name) for name in headers}
    else:
        wanted = {key(row.code) for row in sheet.rows}
    held = {key(v) for cells in by_row.values() for v in cells.values() if isinstance(v, str)}
    return 2 * len(wanted & held) >= len(wanted)


def identity_of(book: Book) -> Identity | None:
    """Return what the file says of itself, or None if it says nothing or not enough."""
    return _identity(book.identity)


def identities_of(book: Book) -> list[Identity]:
    """Return every identity that a file carries; two come of sheets copied between files."""
    found = dict.fromkeys([identity_of(book)])
    for grid in book.grids:
        if _says_what(grid):
            cells = ((grid.cells.get((row, 1)), grid.cells.get((row, 2))) for row in range(1, 21))
            said = {as_text(k): as_text(v) for k, v in cells if k is not None and v is not None}
            found[_identity(said)] = None
    return [identity for identity in found if identity is not None]


def _identity(held: Mapping[str, str]) -> Identity | None:
    said = {name: text.clean(value) for name, value in held.items()}
    version = said.get("version", "")
    if not re.fullmatch(r"[0-9]{1,6}", version):
        return None
    parts = [said.get(name, "") for name in ("form", "regime", "duty", "agency", "period")]
    if not all(parts):
        return None
    form, regime, duty, agency, period = parts
    return Identity(form, int(version), regime, duty, agency, period)
