"""What workbooks of Excel 97 keep in their own ways ([MS-XLS]): columns, rows, formats."""

import struct
from datetime import date

import pytest

from kybaocao.adapters.workbooks.reading import read
from kybaocao.rules.cells.grid import Grid
from tests.corpus.containers import compound

Record = tuple[int, bytes]
EUROPEAN_DAY, JAPANESE_DAY = 14, 57


def records(*given: Record) -> bytes:
    return b"".join(struct.pack("<HH", kind, len(body)) + body for kind, body in given)


def start(kind: int) -> Record:
    return 0x0809, struct.pack("<HHHHII", 0x0600, kind, 0x0DBB, 0x07CC, 0, 6)


def column(first: int, last: int, width: int = 2304, flags: int = 0) -> Record:
    return 0x007D, struct.pack("<HHHHHH", first, last, width, 0, flags, 0)


def row(number: int, height: int = 300, flags: int = 0) -> Record:
    return 0x0208, struct.pack("<HHHHHHI", number, 0, 9, height, 0, 0, 0x0100 | flags)


def number(row_of: int, column_of: int, value: float, style: int = 0) -> Record:
    return 0x0203, struct.pack("<HHHd", row_of, column_of, style, value)


def with_records(*sheet: Record, formats: tuple[int, ...] = (0,)) -> Grid:
    """Return what is read of a sheet of these records, in styles of these formats."""
    return read(compound(Workbook=stream(*sheet, formats=formats))).grids[0]


def stream(*sheet: Record, formats: tuple[int, ...] = (0,)) -> bytes:
    font = (0x0031, struct.pack("<HHHHHBBBBBB", 220, 0, 8, 400, 0, 0, 0, 0, 0, 5, 0) + b"Arial")
    fonts = [font] * 4
    styles = [
        (0x00E0, struct.pack("<HHHBBBBIIH", 0, f, 1, 0x20, 0, 0, 0, 0, 0, 0)) for f in formats
    ]
    end: Record = (0x000A, b"")

    def book(at: int) -> bytes:
        name = struct.pack("<IHBB", at, 0, 5, 0) + b"Trang"
        return records(start(5), *fonts, *styles, (0x0085, name), end)

    return book(len(book(0))) + records(start(0x10), *sheet, end)


def test_values_stand_at_their_cells() -> None:
    assert dict(with_records(row(0), number(0, 1, 5)).cells) == {(1, 2): 5}


def test_columns_and_rows_that_do_not_show() -> None:
    cells = [number(r, c, 1) for r in range(3) for c in range(5)]
    rows = [row(0), row(1, flags=0x20), row(2, height=0)]
    columns = [column(0, 0), column(1, 2, flags=1), column(3, 3, width=0)]
    grid = with_records(*columns, *rows, *cells)
    assert grid.hidden_columns == {2, 3, 4}
    assert grid.hidden_rows == {2, 3}


@pytest.mark.parametrize("style", [EUROPEAN_DAY, JAPANESE_DAY])
def test_days_are_known_by_the_number_of_their_format(style: int) -> None:
    grid = with_records(row(0), number(0, 0, 42627, 1), formats=(0, style))
    assert dict(grid.cells) == {(1, 1): date(2016, 9, 14)}


def test_streams_that_overlap_outside_of_the_workbook_are_no_matter() -> None:
    """So some programs write the streams that hold short ones."""
    data = bytearray(compound(Workbook=stream(row(0), number(0, 0, 5))))
    root = 512 * (1 + struct.unpack_from("<I", data, 48)[0])
    struct.pack_into("<II", data, root + 116, 0, 512)
    assert dict(read(bytes(data)).grids[0].cells) == {(1, 1): 5}
