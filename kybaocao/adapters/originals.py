"""Originals read a second way, to prove figures: by python-calamine, openpyxl and LibreOffice."""

import io
import shutil
import subprocess
import tempfile
import warnings
import zipfile
from collections.abc import Callable
from datetime import date, time, timedelta
from decimal import Decimal
from pathlib import Path

import openpyxl
import python_calamine
from openpyxl.worksheet.worksheet import Worksheet

from kybaocao.rules.proof.places import Area, At, Page
from kybaocao.rules.proof.values import Raw, ShownShare

Read = Callable[[bytes], list[Page]]

CONVERTED_WITHIN = 600
"""In seconds; LibreOffice takes some to start."""
_OLD = b"\xd0\xcf\x11\xe0"


def by_calamine(data: bytes) -> list[Page]:
    """Return the sheets of an xlsx, xlsm or ods file. Percentages come as the fractions kept."""
    book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(data))
    pages = []
    for name in book.sheet_names:
        sheet = book.get_sheet_by_name(name)
        first_row, first_column = sheet.start or (0, 0)
        cells: dict[At, Raw] = {
            (row, column): value
            for row, held in enumerate(sheet.to_python(), first_row + 1)
            for column, value in enumerate(held, first_column + 1)
            if value != ""
        }
        areas = sheet.merged_cell_ranges or ()
        pages.append(Page(name, cells, tuple(_area(*area) for area in areas)))
    return pages


def by_openpyxl(data: bytes) -> list[Page]:
    """Return the sheets of an xlsx or xlsm file, what shows as a percentage as one."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        book = openpyxl.load_workbook(io.BytesIO(data), data_only=True)
    return [_page(sheet) for sheet in book.worksheets]


def needs_conversion(data: bytes) -> bool:
    """Return whether LibreOffice has to read a file first: the old and the binary formats."""
    if data.startswith(_OLD):
        return True
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return any(
                name.casefold().endswith(".bin") and "workbook" in name.casefold()
                for name in archive.namelist()
            )
    except (zipfile.BadZipFile, OSError):
        return True


def converted(data: bytes) -> bytes | None:
    """Return a file as LibreOffice makes an xlsx of it; None where it is not there, or fails."""
    program = shutil.which("soffice") or shutil.which("libreoffice")
    if program is None:
        return None
    with tempfile.TemporaryDirectory(prefix="kybaocao-") as folder:
        given, out = Path(folder, "original"), Path(folder, "out")
        given.write_bytes(data)
        command = [
            program,
            f"-env:UserInstallation={Path(folder, 'profile').as_uri()}",
            *("--headless", "--convert-to", "xlsx", "--outdir", str(out), str(given)),
        ]
        try:
            subprocess.run(command, check=True, capture_output=True, timeout=CONVERTED_WITHIN)  # noqa: S603
            return Path(out, "original.xlsx").read_bytes()
        except (subprocess.SubprocessError, OSError):
            return None


def _page(sheet: Worksheet) -> Page:
    cells: dict[At, Raw] = {
        (row, column): _raw(cell.value, str(cell.number_format))
        for row, held in enumerate(sheet.iter_rows(), sheet.min_row)
        for column, cell in enumerate(held, sheet.min_column)
        if cell.value is not None
    }
    areas = [
        _area((a.min_row - 1, a.min_col - 1), (a.max_row - 1, a.max_col - 1))
        for a in sheet.merged_cells.ranges
    ]
    return Page(sheet.title, cells, tuple(areas))


def _raw(value: object, number_format: str) -> Raw:
    if isinstance(value, int | float) and not isinstance(value, bool):
        return ShownShare(Decimal(repr(value)) * 100) if "%" in number_format else value
    return value if isinstance(value, str | bool | date | time | timedelta) else str(value)


def _area(first: At, last: At) -> Area:
    return Area((first[0] + 1, first[1] + 1), (last[0] + 1, last[1] + 1))
