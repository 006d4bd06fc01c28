"""Workbooks of OpenDocument (ODF 1.3), read as LibreOffice and Excel write them."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from itertools import count

from kybaocao.adapters.workbooks.reading import refusals
from kybaocao.adapters.workbooks.reading.container import Container
from kybaocao.adapters.workbooks.reading.draft import (
    LAST_COLUMN,
    LAST_ROW,
    MAX_CELLS,
    At,
    Draft,
    Run,
    within_limits,
)
from kybaocao.adapters.workbooks.reading.looks import Look, look
from kybaocao.adapters.workbooks.reading.ods_formats import DataStyles
from kybaocao.adapters.workbooks.reading.xml_parts import Attributes, parse
from kybaocao.rules.cells import legacy_text
from kybaocao.rules.cells.addresses import address
from kybaocao.rules.cells.grid import Value

# Inside of these, text and tables are no cells.
_PASSED_OVER = frozenset(
    ("annotation", "shapes", "frame", "custom-shape", "tracked-changes", "dde-links", "g")
)
_ERROR = re.compile(r"#[A-Z0-9/!?_]+[!?A0]?|Err:[0-9]+")
_SHEET_NAME = r"(?:\$?('(?:[^']|'')+'|[^.\[\]'$:]+))?"
_CELL_NAME = r"\.(\$?[A-Z]{1,3}\$?[0-9]{1,7})"
_PLACE = re.compile(rf"{_SHEET_NAME}{_CELL_NAME}(?::{_SHEET_NAME}{_CELL_NAME})?")
_BRACKETED = re.compile(rf"\[({_PLACE.pattern})\]")
_DURATION = re.compile(r"(-?)PT?(?:([0-9]+)H)?(?:([0-9]+)M)?(?:([0-9.]+)S)?")


def read(parts: Container) -> tuple[list[Draft], Mapping[str, str]]:
    """Return the sheets and the defined names; raises UnreadableFileError."""
    reader = _Reader()
    for path in ("styles.xml", "content.xml"):
        xml = parts.need(path) if path == "content.xml" else parts.read(path)
        if xml:
            parse(xml, reader.start, reader.end, reader.characters)
    return reader.drafts, reader.names


@dataclass
class _Style:
    parent: str = ""
    font: str = ""
    data: str = ""
    hides: bool = False


@dataclass
class _Cell:
    """A cell as it is read: its attributes and the pieces of its text, by style."""

    said: Attributes = field(default_factory=dict)
    pieces: list[Run] = field(default_factory=list)
    paragraphs: int = 0


class _Reader:
    def __init__(self) -> None:
        self.drafts: list[Draft] = []
        self.names: dict[str, str] = {}
        self._styles: dict[str, _Style] = {}
        self._families: dict[str, str] = {}
        self._style = _Style()
        self._data_styles = DataStyles()
        self._passed_over = 0
        self._draft: Draft | None = None
        self._column_styles: list[tuple[int, str]] = []
        self._row = self._column = 0
        self._row_said: Attributes = {}
        self._filled: list[tuple[int, int, _Cell]] = []
        self._cell: _Cell | None = None
        self._spans: list[str] = []
        self._looks: dict[str, Look] = {}
        self._left = MAX_CELLS

    def start(self, tag: str, said: Attributes) -> None:
        if self._passed_over or tag in _PASSED_OVER:
            self._passed_over += 1
        elif self._cell is not None:
            self._start_text(self._cell, tag, said)
        elif tag in ("table-cell", "covered-table-cell"):
            self._cell = _Cell(said)
        elif tag == "table-row":
            self._row_said = said
            self._column = 0
            self._filled.clear()
        elif tag == "table-column" and self._draft:
            first = self._column + 1
            self._column += _repeated(said, "columns")
            if said.get("visibility", "visible") != "visible":
                self._draft.hidden_columns.append((first, self._column))
            self._column_styles.append((self._column, said.get("default-cell-style-name", "")))
        elif tag == "table" and self._draft is None:
            style = self._styles.get(said.get("style-name", ""), _Style())
            self._draft = Draft(said.get("name", ""), style.hides)
            self._row = self._column = 0
            self._column_styles.clear()
        elif tag == "named-range":
            if place := _PLACE.fullmatch(said.get("cell-range-address", "")):
                self.names[said.get("name", "")] = _written(place)
        elif tag == "named-expression":
            self.names[said.get("name", "")] = said.get("expression", "").removeprefix("of:=")
        else:
            self._start_style(tag, said)

    def _start_style(self, tag: str, said: Attributes) -> None:
        if self._data_styles.start(tag, said):
            return
        if tag == "font-face":
            self._families[said.get("name", "")] = said.get("font-family", "").strip("'")
        elif tag in ("style", "default-style"):
            data = said.get("data-style-name", "")
            self._style = _Style(said.get("parent-style-name", ""), data=data)
            self._styles[said.get("name", "")] = self._style
        elif tag == "text-properties":
            name = said.get("font-name", "")
            self._style.font = self._families.get(name, name) or said.get("font-family", "")
        elif tag == "table-properties":
            self._style.hides = said.get("display") == "false"

    def _start_text(self, cell: _Cell, tag: str, said: Attributes) -> None:
        if tag == "p":
            cell.paragraphs += 1
            if cell.paragraphs > 1:
                cell.pieces.append(("", "\n"))
        elif tag == "span":
            self._spans.append(said.get("style-name", ""))
        elif tag == "s":
            spaces = said.get("c", "1")
            self.characters(" " * min(int(spaces) if spaces.isdigit() else 1, 1000))
        elif tag in ("tab", "line-break"):
            self.characters("\t" if tag == "tab" else "\n")

    def characters(self, piece: str) -> None:
        cell = self._cell
        if cell and cell.paragraphs and not self._passed_over:
            cell.pieces.append((self._font(self._spans[-1]) if self._spans else "", piece))
        elif cell is None:
            self._data_styles.characters(piece)

    def end(self, tag: str) -> None:
        if self._passed_over:
            self._passed_over -= 1
        elif tag == "span" and self._spans:
            self._spans.pop()
        elif tag in ("table-cell", "covered-table-cell") and self._cell is not None:
            self._end_cell(self._cell)
            self._cell = None
        elif tag == "table-row":
            self._end_row()
        elif tag == "table" and self._draft is not None:
            self.drafts.append(self._draft)
            within_limits(self.drafts)
            self._draft = None
        elif self._cell is None:
            self._data_styles.end(tag)

    def _end_cell(self, cell: _Cell) -> None:
        times = _repeated(cell.said, "columns")
        rows, columns = _spanned(cell.said, "rows"), _spanned(cell.said, "columns")
        row, column = self._row + 1, self._column + 1
        if self._draft and (rows > 1 or columns > 1):
            self._draft.merge(row, column, row + rows - 1, column + columns - 1)
        if cell.pieces or cell.said.keys() & {"value-type", "formula"}:
            self._filled.append((column, times, cell))
        self._column += times

    def _end_row(self) -> None:
        times = _repeated(self._row_said, "rows")
        draft = self._draft
        if draft is None:
            return
        if self._row_said.get("visibility", "visible") != "visible":
            # Below the last row that is used, it says nothing that so many rows are hidden.
            last = self._row + (times if self._filled else min(times, 10_000))
            draft.hidden_rows.update(range(self._row + 1, last + 1))
        for column, repeated, cell in self._filled:
            self._left -= times * repeated
            if self._left < 0:
                raise refusals.too_large()
            if self._row + times > LAST_ROW or column + repeated - 1 > LAST_COLUMN:
                raise refusals.outside()
            for row in range(self._row + 1, self._row + times + 1):
                for at in zip([row] * repeated, count(column), strict=False):
                    self._put(draft, at, cell)
        self._row += times

    def _put(self, draft: Draft, at: At, cell: _Cell) -> None:
        said, pieces = cell.said, cell.pieces
        text = "".join(piece for _, piece in pieces)
        formula = _formula(said.get("formula", ""))
        if formula:
            draft.computed.add(at)
            draft.formulas[at] = (formula, *at)
        kind = said.get("value-type", "")
        if kind == "error" or (formula and _ERROR.fullmatch(text)):
            draft.error(at, text or "#?")
        elif kind in ("float", "currency", "percentage"):
            seen = self._look(at[1], said)
            if kind == "percentage" and not seen.code:
                seen = Look("0%")
            draft.number(at, said.get("value", text), seen, False)
        elif kind == "date":
            draft.day(at, _date(said.get("date-value", text)), self._look(at[1], said))
        elif kind == "time":
            draft.cells[at] = _time(said.get("time-value", text))
        elif kind == "boolean":
            draft.cells[at] = said.get("boolean-value") == "true"
        elif formula and not kind:
            draft.unsolved(at, formula)
        elif kind not in ("", "string", "void"):
            raise refusals.strange(draft.name, address(*at))
        else:
            seen = self._look(at[1], said)
            draft.text(at, text or said.get("string-value", ""), seen, pieces)

    def _look(self, column: int, said: Attributes) -> Look:
        style = said.get("style-name") or self._row_said.get("default-cell-style-name")
        if not style:
            style = next((s for last, s in self._column_styles if column <= last), "")
        style = style or "Default"
        if style not in self._looks:
            font = self._font(style) or self._font("Default")
            self._looks[style] = look(self._code(style), font)
        return self._looks[style]

    def _code(self, name: str) -> str:
        """Return the number format of a style, its own or inherited."""
        for _ in range(20):
            style = self._styles.get(name, _Style())
            if style.data or not style.parent:
                return self._data_styles.code(style.data)
            name = style.parent
        return ""

    def _font(self, name: str) -> str:
        """Return the font of a style, its own or inherited, if it is an old one."""
        for _ in range(20):
            style = self._styles.get(name)
            if style is None:
                return ""
            if style.font:
                return style.font if legacy_text.is_legacy(style.font) else ""
            name = style.parent
        return ""


def _repeated(said: Attributes, what: str) -> int:
    times = said.get(f"number-{what}-repeated", "1")
    return max(1, int(times)) if times.isdigit() and len(times) < 9 else 1


def _spanned(said: Attributes, what: str) -> int:
    times = said.get(f"number-{what}-spanned", "1")
    return max(1, int(times)) if times.isdigit() and len(times) < 9 else 1


def _written(place: re.Match[str]) -> str:
    """Return a reference as other spreadsheets write it: `[$'A b'.C1:.D2]` is `'A b'!C1:D2`."""
    sheet, first, _, last = place.groups()[-4:]
    return (f"{sheet}!" if sheet else "") + first + (f":{last}" if last else "")


def _formula(written: str) -> str:
    said = re.sub(r"^[a-z]+:=|^=", "", written)
    # Every second piece stands within quotation marks, and is kept.
    pieces = said.split('"')
    pieces[::2] = [_BRACKETED.sub(_written, piece).replace(";", ",") for piece in pieces[::2]]
    return '"'.join(pieces)


def _date(written: str) -> Value:
    try:
        found = datetime.fromisoformat(written[:26])
    except ValueError:
        return written
    return found.date() if found.time() == time() else found.replace(tzinfo=None)


def _time(written: str) -> Value:
    match = _DURATION.fullmatch(written)
    if match is None:
        return written
    hours, minutes, seconds = (float(part or 0) for part in match.groups()[1:])
    found = timedelta(hours=hours, minutes=minutes, seconds=round(seconds))
    if not match[1] and found < timedelta(days=1):
        return (datetime(1900, 1, 1) + found).time()
    return -found if match[1] else found
