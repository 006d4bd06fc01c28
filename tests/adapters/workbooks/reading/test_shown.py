"""In every kind of file, what shows otherwise than it is stored is told as LibreOffice shows it."""

import csv
import io
import subprocess
from decimal import ROUND_HALF_UP, Decimal

import pytest
from openpyxl import Workbook

from kybaocao.adapters.workbooks.reading import read
from kybaocao.rules.cells.grid import Grid, Oddness
from tests.adapters.workbooks.reading import binary_workbook as binary
from tests.sample_form import saved
from tests.support import PATIENCE, need_program
from tests.workbook_cases import libreoffice_profile

SHOWN: tuple[tuple[str, float], ...] = (
    ("#,##0,", 400_000), ("#,##0,", 0), ("#,##0.0,,", 668_980_000), ("0.00", 12.3456),
    ('"Không có"', 4), ('0"0"', 40), ("[<1]0;d/m/yyyy", 42625), ("[<1]0;d/m/yyyy", 0.5),
    ("0;0", -5), ("0;-0", -5), ("0.00%", 0.9833), ("dd/mm/yyyy", 42625), ("#,##0.00", 1234.5),
    ('#,##0" hồ sơ"', 400), ("00000", 400), ("#,###", 0), ("#", 0.4), ("0.0#", 2), ("General", 7),
    ('[>=1000000]#,##0,," tr";0', 5_000_000), ('[>=1000000]#,##0,," tr";0', 5),
    ("000\\-000", 55123),
    ('0;-0;"Không áp dụng"', 0), ("+0", 5), ("#,##0 ;(#,##0)", -3), ("0.000,", 1234567),
    ("[=0]\"không\";[>100]0,;0", 0), ("[=0]\"không\";[>100]0,;0", 4200), ("#\\.##0", 1234),
    ("#\\.##0", 5), (";;;", 4), ("0;0;;@", 0), ('"-"', 4), ("0\\.00", 1234),
)  # fmt: skip

ALIKE = {('[=0]"không";[>100]0,;0', 0), ("#\\.##0", 1234)}
"""A word for zero, and thousands that are set apart, are what is stored."""

AS_SHOWN = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true"


def sheet() -> Workbook:
    book = Workbook()
    for row, (code, value) in enumerate(SHOWN, 1):
        cell = book.worksheets[0].cell(row, 1, value)
        cell.number_format = code
    return book


@pytest.fixture(scope="module")
def saved_as(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """The sheet as LibreOffice saves it, by format."""
    folder = tmp_path_factory.mktemp("shown")
    source = folder / "nguồn.xlsx"
    source.write_bytes(saved(sheet()))
    found = {"as written": source.read_bytes()}
    for kind in ("ods", "xls", "xlsx", AS_SHOWN):
        command = [need_program("soffice"), libreoffice_profile(), "--headless"]
        command += ["--convert-to", kind, "--outdir", str(folder / "out"), str(source)]
        subprocess.run(command, check=True, capture_output=True, timeout=PATIENCE)
        kind = kind.partition(":")[0]
        found[kind] = (folder / "out" / f"nguồn.{kind}").read_bytes()
    return found


def seen_by_libreoffice(data: bytes) -> list[str]:
    """Return what shows, with the marks of Vietnamese numbers."""
    lines = csv.reader(io.StringIO(data.decode("utf-8", "replace")))
    return [line[0].strip() if line else "" for line in lines]


def otherwise(grid: Grid) -> dict[int, str]:
    return {
        row: odd.detail for (row, _), odd in grid.odd.items() if odd.kind is Oddness.SHOWN_OTHERWISE
    }


@pytest.mark.parametrize("kind", ["as written", "ods", "xls", "xlsx"])
def test_what_shows_otherwise_is_told_in_every_format(
    kind: str, saved_as: dict[str, bytes]
) -> None:
    grid = read(saved_as[kind]).grids[0]
    seen = seen_by_libreoffice(saved_as["csv"])
    told = otherwise(grid)
    as_it_is = {
        row
        for row, (code, value) in enumerate(SHOWN, 1)
        if row not in days_and_shares()
        and ((code, value) in ALIKE or seen_digits(seen[row - 1]) == rounded(seen[row - 1], value))
    }
    assert sorted(told) == sorted(set(range(1, len(SHOWN) + 1)) - as_it_is - days_and_shares())
    for row, detail in told.items():
        assert bare(detail) == bare(seen[row - 1]), SHOWN[row - 1]


def days_and_shares() -> set[int]:
    return {n for n, (code, v) in enumerate(SHOWN, 1) if "%" in code or ("y" in code and v > 1)}


def bare(said: str) -> str:
    """Return what shows without the marks of a language."""
    return said.replace("(không hiện gì)", "").replace(",", "").replace(".", "").strip()


def seen_digits(said: str) -> float | None:
    try:
        number = said.replace(",", "").replace(" hồ sơ", "").replace("(", "-").strip("() ")
        return float(number)
    except ValueError:
        return None


def rounded(said: str, value: float) -> float:
    """Return the value, rounded to the decimals that show."""
    _, _, decimals = said.replace(" hồ sơ", "").partition(".")
    return float(Decimal(str(value)).quantize(Decimal(1).scaleb(-len(decimals)), ROUND_HALF_UP))


def test_a_binary_workbook_is_read_as_it_shows() -> None:
    cells = binary.row(0) + binary.cell(5, 0, 1, b"\0\0\0\0\0j\x18A")
    data = binary.workbook(cells, styles=((0, 0), (165, 0)), formats={165: "#,##0,"})
    assert otherwise(read(data).grids[0]) == {1: "400"}
