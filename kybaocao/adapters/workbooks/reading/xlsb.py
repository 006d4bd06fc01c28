"""Binary workbooks of Excel ([MS-XLSB]): the records that hold values, looks and errors."""

import struct
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from kybaocao.adapters.workbooks.reading import refusals
from kybaocao.adapters.workbooks.reading.container import Container
from kybaocao.adapters.workbooks.reading.draft import Draft, Run, within_bounds, within_limits
from kybaocao.adapters.workbooks.reading.looks import PLAIN, Look, code_of, look
from kybaocao.adapters.workbooks.reading.xls_records import unpacked
from kybaocao.adapters.workbooks.reading.xlsx import relations
from kybaocao.rules.cells.addresses import address

_ERRORS = {
    0x00: "#NULL!",
    0x07: "#DIV/0!",
    0x0F: "#VALUE!",
    0x17: "#REF!",
    0x1D: "#NAME?",
    0x24: "#NUM!",
    0x2A: "#N/A",
    0x2B: "#GETTING_DATA",
}
# Numbers of records, [MS-XLSB] 2.3.2.
_COLUMNS = 60
_ROW, _SHARED_STRING, _FONT, _FORMAT, _STYLE, _MERGED = 0, 19, 43, 44, 47, 176
_CALCULATION, _FLAGS_OF_CALCULATION, _COMPLETED = 157, 26, 0x10
_PROPERTIES, _SHEET, _STYLES, _STYLES_END = 153, 156, 617, 618
_RK, _ERROR, _BOOL, _REAL, _TEXT, _SHARED, _RICH = 2, 3, 4, 5, 6, 7, 62
_OF_FORMULA = {8: _TEXT, 9: _REAL, 10: _BOOL, 11: _ERROR}
_BLANK = 1
_CELLS = {_BLANK, _RK, _ERROR, _BOOL, _REAL, _TEXT, _SHARED, _RICH, *_OF_FORMULA}
# Short records lack the column: it is the next one.
_OF_SHORT = {12: _BLANK, 13: _RK, 14: _ERROR, 15: _BOOL, 16: _REAL, 17: _TEXT, 18: _SHARED}
_DATA, _DATA_END, _SHEET_END = 145, 146, 130
# Within a sheet's data: formulas of several cells, data tables, what a cell has beside its value,
# how a row's text sits, and what later versions add, in brackets.
_BESIDE_CELLS = {426, 427, 428, 49, 50, 1024, 35, 36, 37, 38}
_VALUE_BESIDE = 50
_LATER, _LATER_END = (35, 37), (36, 38)

Rich = tuple[str, list[tuple[int, int]]]
"""A text and its runs: where each starts, and its font's number."""


def read(parts: Container) -> tuple[list[Draft], Mapping[str, str], bool]:
    """Return the sheets, no defined names, and if the file does not say of its results that they
    are out of date; raises UnreadableFileError.

    Formulas come as their results alone, and so are not held against them.
    """
    try:
        return list(_drafts(parts)), {}, _is_recalculated(parts)
    except (struct.error, IndexError, UnicodeDecodeError):
        raise refusals.broken() from None


def _is_recalculated(parts: Container) -> bool:
    """Return if the workbook does not ask to be calculated when it is opened (2.4.653)."""
    for kind, body in _records(parts.need(_path(parts))):
        if kind == _CALCULATION:
            flags = int.from_bytes(body[24:26], "little")
            return len(body) < _FLAGS_OF_CALCULATION or (flags & 0x11 == _COMPLETED)
    return True


def _path(parts: Container) -> str:
    path = "xl/workbook.bin"
    if path not in parts:
        known = relations(parts, "").values()
        path = next((target for kind, target in known if kind == "officeDocument"), path)
    return path


def _drafts(parts: Container) -> Iterator[Draft]:
    path = _path(parts)
    related = relations(parts, path)
    by_kind = dict(related.values())
    fonts, looks = _styles(parts.read(by_kind.get("styles", "")))
    strings = [
        _rich(body)
        for kind, body in _records(parts.read(by_kind.get("sharedStrings", "")))
        if kind == _SHARED_STRING
    ]
    since_1904 = False
    drafts: list[Draft] = []
    for kind, body in _records(parts.need(path)):
        if kind == _PROPERTIES:
            since_1904 = bool(body[0] & 1)
        elif kind == _SHEET:
            state = struct.unpack_from("<I", body)[0]
            relation, end = _wide(body, 8)
            name, _ = _wide(body, end)
            what, target = related.get(relation, ("worksheet", ""))
            if what == "worksheet":
                draft = Draft(name, state != 0)
                sheet = _BinarySheet(draft, strings, fonts, looks, since_1904)
                for inner, held in _records(parts.need(target)):
                    sheet.take(inner, held)
                drafts.append(draft)
                within_limits(drafts)
                yield draft


def _records(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Yield each record's number and body (2.1.4)."""
    at, end = 0, len(data)
    while at < end:
        kind = data[at]
        at += 1
        if kind & 0x80:
            kind = kind & 0x7F | (data[at] & 0x7F) << 7
            at += 1
        size = 0
        for shift in (0, 7, 14, 21):
            byte = data[at]
            at += 1
            size |= (byte & 0x7F) << shift
            if not byte & 0x80:
                break
        if at + size > end:
            raise refusals.broken()
        yield kind, data[at : at + size]
        at += size


def _wide(body: bytes, at: int) -> tuple[str, int]:
    """Return a string with its length before it, and where it ends; null is empty (2.5.169)."""
    count = struct.unpack_from("<I", body, at)[0]
    if count == 0xFFFFFFFF:
        return "", at + 4
    end = at + 4 + 2 * count
    if end > len(body):
        raise IndexError
    return body[at + 4 : end].decode("utf-16-le", "replace"), end


def _rich(body: bytes, at: int = 0) -> Rich:
    said, end = _wide(body, at + 1)
    runs: list[tuple[int, int]] = []
    if body[at] & 1:
        count = struct.unpack_from("<I", body, end)[0]
        if end + 4 + 4 * count > len(body):
            raise IndexError
        flat = struct.unpack_from(f"<{2 * count}H", body, end + 4)
        runs = list(zip(flat[::2], flat[1::2], strict=True))
    return said, runs


def _styles(data: bytes) -> tuple[list[str], list[Look]]:
    """Return the names of fonts, and the looks of cell styles."""
    formats: dict[str, str] = {}
    fonts: list[str] = []
    looks: list[Look] = []
    is_cells = False
    for kind, body in _records(data):
        if kind == _FORMAT:
            formats[str(struct.unpack_from("<H", body)[0])] = _wide(body, 2)[0]
        elif kind == _FONT:
            fonts.append(_wide(body, 21)[0])
        elif kind in (_STYLES, _STYLES_END):
            is_cells = kind == _STYLES
        elif kind == _STYLE and is_cells:
            _, number, font = struct.unpack_from("<HHH", body)
            name = fonts[font] if font < len(fonts) else ""
            looks.append(look(code_of(str(number), formats), name))
    return fonts, looks


@dataclass
class _BinarySheet:
    """A sheet as its records come: the draft that they fill, and where it is."""

    draft: Draft
    strings: list[Rich]
    fonts: list[str]
    looks: list[Look]
    since_1904: bool
    row: int = 0
    column: int = 0
    is_data: bool = False
    later: int = 0
    has_picture: bool = False

    def take(self, kind: int, body: bytes) -> None:
        """Take a record; raises UnreadableFileError for one among cells that is not known."""
        if kind in (_DATA, _DATA_END, _SHEET_END):
            self.is_data = kind == _DATA
        elif self.later and (kind in _CELLS or kind in _OF_SHORT):
            raise refusals.strange(self.draft.name)
        elif self.is_data and kind in _LATER:
            self.later += 1
        elif self.later:
            self.later -= kind in _LATER_END
        elif kind in _OF_SHORT:
            self._cell(_OF_SHORT[kind], struct.pack("<I", self.column) + body)
        elif kind in _CELLS:
            self._cell(kind, body)
        elif kind == _ROW:
            self._start_row(body)
        elif kind == _COLUMNS:
            first, last, width, _, flags = struct.unpack_from("<4IH", body)
            if flags & 1 or not width:
                self.draft.hidden_columns.append((first + 1, last + 1))
        elif kind == _MERGED:
            top, bottom, left, right = (n + 1 for n in struct.unpack_from("<4I", body))
            self.draft.merge(top, left, bottom, right)
        elif self.is_data and kind not in _BESIDE_CELLS:
            raise refusals.strange(self.draft.name)
        self.has_picture = kind == _VALUE_BESIDE

    def _start_row(self, body: bytes) -> None:
        self.row, self.column = struct.unpack_from("<I", body)[0] + 1, 0
        if body[11] & 0x10:
            self.draft.hidden_rows.add(self.row)

    def _cell(self, kind: int, body: bytes) -> None:
        column, style = struct.unpack_from("<II", body)
        self.column = column + 1
        if kind == _BLANK:
            return
        draft, at = self.draft, (self.row, column + 1)
        within_bounds(*at)
        if at in draft.cells:
            raise refusals.twice(draft.name, address(*at))
        style &= 0xFFFFFF
        seen = self.looks[style] if style < len(self.looks) else PLAIN
        what = _OF_FORMULA.get(kind, kind)
        if kind in _OF_FORMULA:
            draft.computed.add(at)
        if what == _ERROR:
            draft.error(at, _ERRORS.get(body[8], "#?"))
        elif what == _BOOL:
            draft.cells[at] = bool(body[8])
        elif what == _REAL:
            draft.number(at, repr(struct.unpack_from("<d", body, 8)[0]), seen, self.since_1904)
        elif what == _RK:
            packed = struct.unpack_from("<I", body, 8)[0]
            draft.number(at, repr(unpacked(packed)), seen, self.since_1904)
        else:
            _put_text(draft, at, _text(what, body, self.strings), seen, self.fonts)
        if self.has_picture:
            draft.picture(at)


def _text(what: int, body: bytes, strings: list[Rich]) -> Rich:
    if what == _SHARED:
        return strings[int.from_bytes(body[8:12], "little")]
    return _rich(body, 8) if what == _RICH else (_wide(body, 8)[0], [])


def _put_text(draft: Draft, at: tuple[int, int], rich: Rich, seen: Look, fonts: list[str]) -> None:
    said, runs = rich
    marks = [(0, ""), *((start, fonts[f] if f < len(fonts) else "") for start, f in runs)]
    ends = [start for start, _ in marks[1:]] + [len(said)]
    pieces: list[Run] = [(f, said[a:b]) for (a, f), b in zip(marks, ends, strict=True)]
    draft.text(at, said, seen, pieces if runs else ())
