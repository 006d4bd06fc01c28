"""What workbooks of Excel 97 keep in their own ways ([MS-XLS]): columns, rows, formats."""

import struct
from datetime import date
from pathlib import Path

import pytest
import xlrd

from kybaocao.adapters.workbooks.reading import read, xls_records
from kybaocao.rules.cells.grid import Grid, Oddity, Oddness
from kybaocao.rules.errors import UnreadableFileError
from tests.corpus.containers import compound
from tests.sample_form import filled, saved
from tests.workbook_cases import through_libreoffice

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


def stream(*sheet: Record, formats: tuple[int, ...] = (0,), more: tuple[Record, ...] = ()) -> bytes:
    font = (0x0031, struct.pack("<HHHHHBBBBBB", 220, 0, 8, 400, 0, 0, 0, 0, 0, 5, 0) + b"Arial")
    fonts = [font] * 4
    styles = [
        (0x00E0, struct.pack("<HHHBBBBIIH", 0, f, 1, 0x20, 0, 0, 0, 0, 0, 0)) for f in formats
    ]
    end: Record = (0x000A, b"")

    def book(at: int) -> bytes:
        name = struct.pack("<IHBB", at, 0, 5, 0) + b"Trang"
        return records(start(5), *fonts, *styles, (0x0085, name), *more, end)

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


def solved(row_of: int, column_of: int, value: float) -> Record:
    head = struct.pack("<HHHdHI", row_of, column_of, 0, value, 0, 0)
    return 0x0006, head + struct.pack("<H", 0)


def test_cells_that_a_formula_fills_are_told() -> None:
    grid = with_records(row(0), solved(0, 0, 7), number(0, 1, 5))
    assert (dict(grid.cells), grid.computed) == ({(1, 1): 7, (1, 2): 5}, {(1, 1)})


def test_a_formula_of_a_sheet_that_was_not_calculated_is_asked_about() -> None:
    grid = with_records((0x005E, b"\0\0"), row(0), solved(0, 0, 7), number(0, 1, 5))
    assert dict(grid.odd) == {(1, 1): Oddity(Oddness.NOT_RECALCULATED, "")}


@pytest.mark.parametrize("kind", [0x0002, 0x0003, 0x0333])
def test_a_record_among_cells_that_nobody_knows_is_refused(kind: int) -> None:
    strange: Record = (kind, struct.pack("<HHHHd", 0, 1, 0, 0, 9.0))
    with pytest.raises(UnreadableFileError, match="theo cách lạ"):
        with_records(row(0), number(0, 0, 5), strange, number(0, 2, 6))


def test_what_stands_behind_the_cells_is_not_looked_at() -> None:
    assert dict(with_records(row(0), number(0, 0, 5), (0x0333, b"\0" * 8)).cells) == {(1, 1): 5}


def rough(*sheet: Record) -> Grid:
    """Return what is read of a sheet whose workbook xlrd gives up for a name's formula."""
    name = struct.pack("<HBBHHHBBBB", 0, 0, 1, 3, 0, 0, 0, 0, 0, 0) + b"\0a" + b"\x2d\0\0"
    with pytest.raises(xlrd.formula.FormulaError):
        xlrd.open_workbook(file_contents=compound(Workbook=stream(*sheet, more=((0x0018, name),))))
    return read(compound(Workbook=stream(*sheet, more=((0x0018, name),)))).grids[0]


def test_where_the_library_fails_the_records_are_read() -> None:
    packed = struct.pack("<HHHIHIH", 1, 0, 0, 7 << 2 | 2, 0, 1234 << 2 | 3, 1)
    error = struct.pack("<HHHBB", 2, 0, 0, 0x17, 1)
    text = struct.pack("<HHHHB", 2, 1, 0, 2, 1) + "ữa".encode("utf-16-le")
    said = struct.pack("<HHHBBBBBBHHI", 2, 2, 0, 0, 0, 0, 0, 0, 0, 0xFFFF, 0, 0) + b"\0\0"
    merged = struct.pack("<5H", 1, 3, 4, 0, 1)
    grid = rough(
        *(row(n) for n in range(3)), number(0, 0, 2.5), (0x00BD, packed), (0x0205, error),
        (0x0204, text), (0x0006, said), (0x0207, b"\x02\0\0ok"), solved(2, 3, 8), (0x00E5, merged),
    )  # fmt: skip
    assert dict(grid.cells) == {
        (1, 1): 2.5, (2, 1): 7, (2, 2): 12.34, (3, 1): "#REF!", (3, 2): "ữa", (3, 3): "ok",
        (3, 4): 8,
    }  # fmt: skip
    assert grid.merged == ((4, 1, 5, 2),)


def test_libreoffice_and_the_library_agree_with_the_records(tmp_path: Path) -> None:
    data = through_libreoffice(saved(filled()), tmp_path, "xls")
    by_records = [draft.grid() for draft in xls_records.drafts(xls_records.records(data))]
    assert [(g.name, g.cells, g.merged) for g in by_records] == [
        (g.name, g.cells, g.merged) for g in read(data).grids
    ]
