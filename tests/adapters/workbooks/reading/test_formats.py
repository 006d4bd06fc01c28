"""Every format tells the same of the same workbook: values, errors, looks, old letters."""

import io
import struct
import subprocess
import zipfile
from datetime import date
from pathlib import Path

import pytest
from openpyxl import Workbook
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.styles import Font

from kybaocao.adapters.workbooks.reading import read
from kybaocao.rules.cells.grid import Grid, Oddity, Oddness
from kybaocao.rules.errors import UnreadableFileError
from tests.adapters.workbooks.reading import binary_workbook as binary
from tests.sample_form import filled, saved
from tests.support import PATIENCE, need_program
from tests.workbook_cases import libreoffice_profile

TCVN3 = Oddity(Oddness.LEGACY_TEXT, ".VnTime")
VNI = Oddity(Oddness.LEGACY_TEXT, "VNI-Times")


def habits() -> Workbook:
    """Return a workbook with one of each thing that formats keep in their own ways."""
    book = Workbook()
    sheet = book.worksheets[0]
    sheet["A1"] = "đầu"
    sheet["A2"] = 12
    sheet["A3"] = 0.9833
    sheet["A3"].number_format = "0.00%"
    sheet["A4"] = date(2016, 9, 14)
    sheet["A5"] = "=1/0"
    sheet["A6"] = "=NA()"
    sheet["A7"] = "=A2*2+SUM(A2:A2)"
    sheet["A8"] = True
    sheet["B1"] = "Së Néi vô"
    sheet["B1"].font = Font(name=".VnTime")
    sheet["B2"] = "Sôû Noäi vuï"
    sheet["B2"].font = Font(name="VNI-Times")
    sheet["B3"] = "uû ban"
    sheet["B3"].font = Font(name=".VnTimeH")
    sheet["B4"] = CellRichText("Đã rõ: ", TextBlock(InlineFont(rFont=".VnTime"), "Néi vô"))
    sheet["B5"] = "Sở Nội vụ"
    sheet["B5"].font = Font(name=".VnTime")
    sheet["C1"] = "gộp"
    sheet.merge_cells("C1:D3")
    sheet["F1"] = "cột ẩn"
    sheet.column_dimensions["F"].hidden = True
    sheet["A10"] = "ẩn"
    sheet.row_dimensions[10].hidden = True
    book.create_sheet("Ẩn").sheet_state = "hidden"
    return book


def expect_habits(grid: Grid) -> None:
    assert dict(grid.cells) == {
        (1, 1): "đầu",
        (2, 1): 12,
        (3, 1): "98,33%",
        (4, 1): date(2016, 9, 14),
        (5, 1): "#DIV/0!",
        (6, 1): "#N/A",
        (7, 1): 36,
        (8, 1): True,
        (1, 2): "Sở Nội vụ",
        (2, 2): "Sở Nội vụ",
        (3, 2): "UỶ BAN",
        (4, 2): "Đã rõ: Nội vụ",
        (5, 2): "Sở Nội vụ",
        (1, 3): "gộp",
        (1, 6): "cột ẩn",
        (10, 1): "ẩn",
    }
    assert dict(grid.odd) == {
        (1, 2): TCVN3,
        (2, 2): VNI,
        (3, 2): Oddity(Oddness.LEGACY_TEXT, ".VnTimeH"),
        (4, 2): TCVN3,
    }
    assert grid.merged == ((1, 3, 3, 4),)
    assert grid.hidden_columns == {6}
    assert 10 in grid.hidden_rows
    assert not grid.hidden_rows & {1, 2, 9}


def converted(data: bytes, kind: str, folder: Path) -> bytes:
    """Return a workbook as LibreOffice saves it, in a format named by extension and filter."""
    source = folder / "nguồn.xlsx"
    source.write_bytes(data)
    subprocess.run(
        [need_program("soffice"), libreoffice_profile(), "--headless",
         "--convert-to", kind, "--outdir", str(folder / "out"), str(source)],
        check=True, capture_output=True, timeout=PATIENCE,
    )  # fmt: skip
    return (folder / "out" / "nguồn").with_suffix(f".{kind.partition(':')[0]}").read_bytes()


@pytest.mark.parametrize(
    "kind", ["xls", "ods", "xlsx:Calc MS Excel 2007 XML", "xlsm:Calc MS Excel 2007 VBA XML"]
)
def test_what_libreoffice_saves_tells_all_in_every_format(kind: str, tmp_path: Path) -> None:
    book = read(converted(saved(habits()), kind, tmp_path))
    expect_habits(book.grids[0])
    assert [grid.hidden for grid in book.grids] == [False, True]


# Binary workbooks.


def test_a_binary_workbook_tells_all() -> None:
    sheet = b"".join(
        [
            binary.row(0),
            binary.cell(7, 0, 0, struct.pack("<I", 0)),
            binary.cell(7, 1, 1, struct.pack("<I", 1)),
            binary.cell(7, 2, 0, struct.pack("<I", 2)),
            binary.row(1, hidden=True),
            binary.cell(2, 0, 0, struct.pack("<I", 12 << 2 | 2)),
            binary.cell(2, 1, 0, struct.pack("<i", -1234 << 2 | 3)),
            binary.cell(5, 2, 2, struct.pack("<d", 0.9833)),
            binary.cell(5, 3, 3, struct.pack("<d", 42627)),
            binary.cell(2, 4, 0, struct.pack("<I", 0x40938801)),
            binary.row(4),
            binary.cell(3, 0, 0, b"\x2a"),
            binary.cell(11, 1, 0, b"\x17" + b"\0" * 10),
            binary.cell(4, 2, 0, b"\1"),
            binary.cell(9, 3, 0, struct.pack("<d", 36) + b"\0" * 10),
            binary.cell(8, 4, 0, binary.wide("chữ") + b"\0" * 10),
            binary.cell(5, 5, 0, struct.pack("<d", 2.0**60)),
        ]
    )
    merged = binary.record(146) + binary.record(177, struct.pack("<I", 1))
    merged += binary.record(176, struct.pack("<IIII", 7, 8, 0, 2)) + binary.record(178)
    hidden = (
        binary.columns(1, 1, hidden=True) + binary.columns(2, 2) + binary.columns(3, 9, width=0)
    )
    book = read(
        binary.workbook(
            hidden + sheet + merged,
            fonts=("Arial", ".VnTime"),
            styles=((0, 0), (0, 1), (10, 0), (14, 0)),
            strings=(
                binary.rich("đầu"),
                binary.rich("Së Néi vô"),
                binary.rich("Đã rõ: Néi vô", [(7, 1)]),
            ),
        )
    )
    grid = book.grids[0]
    assert grid.name == "Trang 1"
    assert dict(grid.cells) == {
        (1, 1): "đầu",
        (1, 2): "Sở Nội vụ",
        (1, 3): "Đã rõ: Nội vụ",
        (2, 1): 12,
        (2, 2): -12.34,
        (2, 3): "98,33%",
        (2, 4): date(2016, 9, 14),
        (2, 5): 12.5,
        (5, 1): "#N/A",
        (5, 2): "#REF!",
        (5, 3): True,
        (5, 4): 36,
        (5, 5): "chữ",
        (5, 6): 2.0**60,
    }
    assert {at: odd.kind for at, odd in grid.odd.items()} == {
        (1, 2): Oddness.LEGACY_TEXT,
        (1, 3): Oddness.LEGACY_TEXT,
        (5, 6): Oddness.INEXACT,
    }
    assert grid.merged == ((8, 1, 9, 3),)
    assert grid.hidden_rows == {2}
    assert grid.hidden_columns == {2, 4, 5, 6}


def test_a_cell_that_comes_twice_in_a_binary_workbook_is_named() -> None:
    one = binary.cell(2, 1, 0, struct.pack("<I", 12 << 2 | 2))
    with pytest.raises(UnreadableFileError, match=r"ô B1 .*“Trang 1”"):
        read(binary.workbook(binary.row(0) + one + one))


def test_a_binary_workbook_elsewhere_is_found() -> None:
    data = binary.workbook(binary.row(0) + binary.cell(5, 0, 0, struct.pack("<d", 5)))
    with zipfile.ZipFile(io.BytesIO(data)) as file:
        parts = {name: file.read(name) for name in file.namelist()}
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as file:
        for name, part in parts.items():
            file.writestr(name.replace("xl/", "la/"), part.replace(b"xl/", b"la/"))
    assert read(buffer.getvalue()) == read(data)


def test_another_program_reads_our_binary_workbook_the_same(tmp_path: Path) -> None:
    """The test's own writer is held against LibreOffice."""
    sheet = binary.row(2) + binary.cell(7, 1, 0, struct.pack("<I", 0))
    sheet += binary.cell(2, 2, 0, struct.pack("<I", 12 << 2 | 2))
    data = binary.workbook(sheet, strings=(binary.rich("đầu"),))
    (tmp_path / "nhị phân.xlsb").write_bytes(data)
    subprocess.run(
        [need_program("soffice"), libreoffice_profile(), "--headless",
         "--convert-to", "xlsx", "--outdir", str(tmp_path), str(tmp_path / "nhị phân.xlsb")],
        check=True, capture_output=True, timeout=PATIENCE,
    )  # fmt: skip
    expected = {(3, 2): "đầu", (3, 3): 12}
    assert dict(read(data).grids[0].cells) == expected
    assert dict(read((tmp_path / "nhị phân.xlsx").read_bytes()).grids[0].cells) == expected


def test_dates_of_a_binary_workbook_from_1904() -> None:
    sheet = binary.row(0) + binary.cell(5, 0, 1, struct.pack("<d", 42627 - 1462))
    data = binary.workbook(sheet, styles=((0, 0), (14, 0)), since_1904=True)
    assert dict(read(data).grids[0].cells) == {(1, 1): date(2016, 9, 14)}


def test_a_torn_binary_workbook_is_read_or_refused() -> None:
    sheet = binary.row(0) + binary.cell(7, 0, 0, struct.pack("<I", 0))
    whole = binary.workbook(sheet, strings=(binary.rich("đầu", [(1, 0)]),))
    with zipfile.ZipFile(io.BytesIO(whole)) as file:
        parts = {name: file.read(name) for name in file.namelist()}
    for name in ("xl/workbook.bin", "xl/worksheets/sheet1.bin", "xl/sharedStrings.bin"):
        for end in range(len(parts[name])):
            buffer = io.BytesIO()
            with zipfile.ZipFile(buffer, "w") as file:
                for other, part in parts.items():
                    file.writestr(other, part[:end] if other == name else part)
            try:
                read(buffer.getvalue())
            except UnreadableFileError as error:
                assert str(error)


# Old workbooks and passwords.


def test_a_torn_old_workbook_is_read_or_refused(tmp_path: Path) -> None:
    data = converted(saved(filled()), "xls", tmp_path)
    assert read(data).grids
    for at in range(0, len(data), 301):
        for torn in (data[:at], data[:at] + bytes([data[at] ^ 0x55]) + data[at + 1 :]):
            try:
                read(torn)
            except UnreadableFileError as error:
                assert str(error)


def test_the_password_of_old_excel_is_recognised(tmp_path: Path) -> None:
    """A FILEPASS record ([MS-XLS] 2.4.117) stands after the first record of the workbook."""
    data = converted(saved(Workbook()), "xls", tmp_path)
    begin = data.index(bytes.fromhex("0908100000060500"))
    after = begin + 4 + 16
    kind, size = struct.unpack_from("<HH", data, after)
    assert kind != 0x2F
    assert size >= 2
    with pytest.raises(UnreadableFileError, match="mật khẩu"):
        read(data[:after] + struct.pack("<HH", 0x2F, size) + data[after + 4 :])
