"""The records of old workbooks ([MS-XLS]), one by one: what a library passes over, and a second
way to read those of Excel 97 to 2003 where it fails.
"""

import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from xlrd.biffh import biff_rec_name_dict, error_text_from_code

from kybaocao.adapters.workbooks.reading import refusals
from kybaocao.adapters.workbooks.reading.draft import At, Draft, within_bounds, within_limits
from kybaocao.adapters.workbooks.reading.looks import PLAIN, Look, code_of, look
from kybaocao.rules.cells.addresses import address

_START, _END, _CONTINUED = 0x809, 0x0A, 0x3C
_LOCKED, _DATES, _SHEET, _STRINGS = 0x2F, 0x22, 0x85, 0xFC
_FONT, _FORMAT, _STYLE = 0x31, 0x41E, 0xE0
_ROW, _COLUMNS, _MERGED, _NOT_CALCULATED = 0x208, 0x7D, 0xE5, 0x5E
_FORMULA, _OF_STRING, _OLDER_FORMULAS = 0x06, 0x207, (0x206, 0x406)
_REAL, _RK, _RKS, _SHARED, _TEXT, _RICH, _TRUTH = 0x203, 0x27E, 0xBD, 0xFD, 0x204, 0xD6, 0x205
_CELLS = {_FORMULA, _REAL, _RK, _RKS, _SHARED, _TEXT, _RICH, _TRUTH, *_OLDER_FORMULAS}
# Blank, integer, number, label and truth of Excel 2, which later versions do not read.
_OF_EXCEL_2 = {1, 2, 3, 4, 5}
_EXCEL_97 = 0x600
_LAST_SECTORS = 0xFFFFFFF8

Record = tuple[int, bytes]


@dataclass
class BinarySheet:
    """The records of one worksheet; `name` is empty in versions before Excel 97."""

    name: str
    hidden: bool
    records: list[Record] = field(default_factory=list)

    @property
    def computed(self) -> set[At]:
        """The cells that a formula fills."""
        return {
            _at(body) for kind, body in self.records if kind == _FORMULA or kind in _OLDER_FORMULAS
        }

    @property
    def is_recalculated(self) -> bool:
        return all(kind != _NOT_CALCULATED for kind, _ in self.records)


@dataclass
class Records:
    """A workbook's records: those of the book as a whole, and those of its worksheets."""

    version: int
    book: list[Record]
    sheets: list[BinarySheet]


def records(data: bytes) -> Records:
    """Return the records of a workbook.

    Raises UnreadableFileError where a sheet holds one among its cells that nobody knows.
    """
    try:
        return _records(_stream(data))
    except (struct.error, IndexError, UnicodeDecodeError):
        raise refusals.broken() from None


def _stream(data: bytes) -> bytes:
    """Return the stream of the workbook in its container ([MS-CFB])."""
    if len(data) < 512:
        raise IndexError
    size = 1 << min(data[30], 20)
    sectors = (len(data) - 1) // size

    def sector(number: int) -> bytes:
        return data[(number + 1) * size : (number + 2) * size]

    table_sectors = [*struct.unpack_from("<109I", data, 76)]
    following, count = struct.unpack_from("<II", data, 68)
    while following < _LAST_SECTORS and count and len(table_sectors) <= sectors + 109:
        *more, following = struct.unpack(f"<{size // 4}I", sector(following))
        table_sectors += more
        count -= 1
    table: list[int] = []
    for number in table_sectors:
        if number <= sectors:
            part = sector(number)
            table += struct.unpack(f"<{len(part) // 4}I", part[: len(part) // 4 * 4])

    def chain(start: int, links: Sequence[int]) -> Iterator[int]:
        left = sectors * (size // 64) + 1
        while start < len(links) and left:
            yield start
            start, left = links[start], left - 1

    folder = b"".join(map(sector, chain(struct.unpack_from("<I", data, 48)[0], table)))
    entries = [folder[at : at + 128] for at in range(0, len(folder) - 127, 128)]
    for name in ("workbook", "book"):
        for entry in entries:
            long = struct.unpack_from("<H", entry, 64)[0]
            said = entry[: max(0, min(long, 64) - 2)].decode("utf-16-le").casefold()
            if said != name or entry[66] != 2:
                continue
            start, length = struct.unpack_from("<II", entry, 116)
            if length >= struct.unpack_from("<I", data, 56)[0]:
                return b"".join(map(sector, chain(start, table)))[:length]
            small = b"".join(map(sector, chain(struct.unpack_from("<I", data, 60)[0], table)))
            links = struct.unpack(f"<{len(small) // 4}I", small)
            root = struct.unpack_from("<I", entries[0], 116)[0]
            holder = b"".join(map(sector, chain(root, table)))
            pieces = (holder[n * 64 : n * 64 + 64] for n in chain(start, links))
            return b"".join(pieces)[:length]
    raise IndexError


def _each(stream: bytes, at: int) -> Iterator[Record]:
    """Yield the records from one that starts something to that which ends it."""
    depth = 0
    while True:
        kind, size = struct.unpack_from("<HH", stream, at)
        body = stream[at + 4 : at + 4 + size]
        depth += kind == _START
        # Charts stand inside of sheets.
        if depth == 1:
            yield kind, body
        depth -= kind == _END
        if not depth:
            return
        at += 4 + size


def _records(stream: bytes) -> Records:
    book = list(_each(stream, 0))
    version = struct.unpack_from("<H", book[0][1])[0]
    if any(kind == _LOCKED for kind, _ in book):
        raise refusals.locked()
    sheets = []
    for kind, body in book:
        if kind == _SHEET and not body[5]:
            name = _short(body, 6) if version == _EXCEL_97 else ""
            sheet = BinarySheet(name, body[4] & 3 != 0)
            sheet.records = list(_each(stream, struct.unpack_from("<I", body)[0]))
            _refuse_unknown(sheet)
            sheets.append(sheet)
    return Records(version, book, sheets)


def _refuse_unknown(sheet: BinarySheet) -> None:
    """Raise UnreadableFileError if something stands among the cells that may be one."""
    kinds = [kind for kind, _ in sheet.records]
    cells = [n for n, kind in enumerate(kinds) if kind in _CELLS or kind == _ROW]
    if not cells:
        return
    among = set(kinds[cells[0] : cells[-1] + 1])
    if among & _OF_EXCEL_2 or any(k not in biff_rec_name_dict and k < 0x800 for k in among):
        raise refusals.strange(sheet.name)


def _at(body: bytes) -> At:
    row, column = struct.unpack_from("<HH", body)
    return row + 1, column + 1


def _short(body: bytes, at: int) -> str:
    return _letters(body, at + 1, body[at])[0]


def _long(body: bytes, at: int) -> str:
    return _letters(body, at + 2, struct.unpack_from("<H", body, at)[0])[0]


def _letters(body: bytes, at: int, count: int) -> tuple[str, int]:
    """Return a text from its flags on (2.5.293), and where it ends."""
    is_wide = body[at] & 1
    end = at + 1 + count * (2 if is_wide else 1)
    if end > len(body):
        raise IndexError
    return body[at + 1 : end].decode("utf-16-le" if is_wide else "latin-1", "replace"), end


def drafts(of: Records) -> list[Draft]:
    """Return the sheets of a workbook of Excel 97 to 2003; raises UnreadableFileError."""
    if of.version != _EXCEL_97:
        raise refusals.broken()
    try:
        return list(_drafts(of))
    except (struct.error, IndexError, UnicodeDecodeError):
        raise refusals.broken() from None


def _drafts(of: Records) -> Iterator[Draft]:
    formats = {
        str(struct.unpack_from("<H", body)[0]): _long(body, 2)
        for kind, body in of.book
        if kind == _FORMAT
    }
    fonts = [_short(body, 14) for kind, body in of.book if kind == _FONT]
    # There is no font of the number 4.
    fonts[4:4] = [""]
    looks = []
    for kind, body in of.book:
        if kind == _STYLE:
            font, number = struct.unpack_from("<HH", body)
            name = fonts[font] if font < len(fonts) else ""
            looks.append(look(code_of(str(number), formats), name))
    since_1904 = any(kind == _DATES and body[:1] == b"\1" for kind, body in of.book)
    strings = _shared(of.book)
    made: list[Draft] = []
    for sheet in of.sheets:
        draft = _Filling(Draft(sheet.name, sheet.hidden), looks, strings, since_1904)
        for kind, body in sheet.records:
            draft.take(kind, body)
        made.append(draft.draft)
        within_limits(made)
        yield draft.draft


@dataclass
class _Filling:
    """A sheet as its records come."""

    draft: Draft
    looks: Sequence[Look]
    strings: Sequence[str]
    since_1904: bool
    waits: tuple[At, Look] | None = None

    def take(self, kind: int, body: bytes) -> None:
        if kind == _COLUMNS:
            first, last, width, _, flags = struct.unpack_from("<5H", body)
            if flags & 1 or not width:
                self.draft.hidden_columns.append((first + 1, last + 1))
        elif kind == _MERGED:
            for n in range(struct.unpack_from("<H", body)[0]):
                top, bottom, left, right = struct.unpack_from("<4H", body, 2 + 8 * n)
                self.draft.merge(top + 1, left + 1, bottom + 1, right + 1)
        elif kind == _ROW:
            number, _, _, height, _, _, flags = struct.unpack_from("<7H", body)
            if flags & 0x20 or not height & 0x7FFF:
                self.draft.hidden_rows.add(number + 1)
        elif kind == _OF_STRING and self.waits:
            self.draft.text(self.waits[0], _long(body, 0), self.waits[1])
        elif kind == _RKS:
            (row, column), last = _at(body), struct.unpack_from("<H", body, len(body) - 2)[0] + 1
            for n in range(last - column + 1):
                style, packed = struct.unpack_from("<HI", body, 4 + 6 * n)
                self._number((row, column + n), unpacked(packed), self._look(style))
        elif kind in _CELLS:
            self._cell(kind, body)

    def _look(self, style: int) -> Look:
        return self.looks[style] if style < len(self.looks) else PLAIN

    def _number(self, at: At, value: float, seen: Look) -> None:
        within_bounds(*at)
        if at in self.draft.cells:
            raise refusals.twice(self.draft.name, address(*at))
        self.draft.number(at, repr(value), seen, self.since_1904)

    def _cell(self, kind: int, body: bytes) -> None:
        draft, at = self.draft, _at(body)
        seen = self._look(struct.unpack_from("<H", body, 4)[0])
        if at in draft.cells:
            raise refusals.twice(draft.name, address(*at))
        if kind == _REAL:
            self._number(at, struct.unpack_from("<d", body, 6)[0], seen)
        elif kind == _RK:
            self._number(at, unpacked(struct.unpack_from("<I", body, 6)[0]), seen)
        elif kind == _SHARED:
            draft.text(at, self.strings[struct.unpack_from("<I", body, 6)[0]], seen)
        elif kind in (_TEXT, _RICH):
            draft.text(at, _long(body, 6), seen)
        elif kind == _TRUTH:
            self._truth(at, body[6], body[7])
        elif body[12:14] != b"\xff\xff":
            self._number(at, struct.unpack_from("<d", body, 6)[0], seen)
        elif body[6] in (1, 2):
            self._truth(at, body[8], body[6] - 1)
        elif not body[6]:
            self.waits = (at, seen)

    def _truth(self, at: At, value: int, is_error: int) -> None:
        if is_error:
            self.draft.error(at, error_text_from_code.get(value, "#?"))
        else:
            self.draft.cells[at] = bool(value)


def _shared(book: Sequence[Record]) -> list[str]:
    """Return the strings that cells share (2.4.265); a text may go on in the next record."""
    kinds = [kind for kind, _ in book]
    if _STRINGS not in kinds:
        return []
    first = kinds.index(_STRINGS)
    pieces = [book[first][1]]
    for kind, body in book[first + 1 :]:
        if kind != _CONTINUED:
            break
        pieces.append(body)
    reader = _Pieces(pieces)
    reader.take(4)
    (count,) = struct.unpack("<I", reader.take(4))
    found: list[str] = []
    while len(found) < count and not reader.is_at_end:
        found.append(reader.text())
    return found


class _Pieces:
    """Bytes that go on from one record to the next."""

    def __init__(self, pieces: Sequence[bytes]) -> None:
        self._pieces = pieces
        self._piece = self._at = 0

    @property
    def is_at_end(self) -> bool:
        self._turn()
        return self._piece >= len(self._pieces)

    def _turn(self) -> None:
        while self._piece < len(self._pieces) and self._at >= len(self._pieces[self._piece]):
            self._piece, self._at = self._piece + 1, 0

    def take(self, count: int) -> bytes:
        found = b""
        while len(found) < count:
            self._turn()
            part = self._pieces[self._piece][self._at : self._at + count - len(found)]
            self._at += len(part)
            found += part
        return found

    def text(self) -> str:
        count, flags = struct.unpack("<HB", self.take(3))
        (runs,) = struct.unpack("<H", self.take(2)) if flags & 8 else (0,)
        (extra,) = struct.unpack("<I", self.take(4)) if flags & 4 else (0,)
        said = ""
        while len(said) < count:
            here = len(self._pieces[self._piece]) - self._at
            if not here:
                # Where letters go on, it is said anew how wide they are.
                self._turn()
                flags = self.take(1)[0]
                here = len(self._pieces[self._piece]) - self._at
            width = 2 if flags & 1 else 1
            many = min(count - len(said), here // width)
            if not many:
                raise IndexError
            part = self.take(many * width)
            said += "".join(map(chr, struct.unpack(f"<{many}{'H' if width == 2 else 'B'}", part)))
        self.take(4 * runs + extra)
        return said.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def unpacked(packed: int) -> float:
    """Return a number packed into 30 bits (2.5.217; [MS-XLSB] 2.5.122)."""
    if packed & 2:
        value: float = (packed >> 2) - (1 << 30 if packed & 0x80000000 else 0)
    else:
        value = struct.unpack("<d", struct.pack("<Q", (packed & 0xFFFFFFFC) << 32))[0]
    return value / 100 if packed & 1 else value
