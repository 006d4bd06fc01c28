"""Any spreadsheet becomes plain values where the sender sees them; anything else, a reason."""

import io
import re
import subprocess
import sys
import zipfile
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path

import pytest
from openpyxl import Workbook
from openpyxl.workbook.defined_name import DefinedName

from kybaocao.adapters.workbooks import reading
from kybaocao.adapters.workbooks.reading import draft, read
from kybaocao.rules.calendar.frequency import Frequency
from kybaocao.rules.cells.grid import Value
from kybaocao.rules.check.checks import identity_of, judge
from kybaocao.rules.errors import UnreadableFileError
from kybaocao.rules.form.form import IDENTITY_SHEET
from tests.sample_form import FORM, IDENTITY, filled, saved
from tests.support import PATIENCE, need_program
from tests.workbook_cases import libreoffice_profile


def cells(book: Workbook) -> dict[tuple[int, int], Value]:
    return dict(read(saved(book)).grids[0].cells)


def one_sheet(**values: object) -> Workbook:
    book = Workbook()
    for cell, value in values.items():
        book.worksheets[0][cell] = value
    return book


def repacked(data: bytes, change: Callable[[str, bytes], bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(buffer, "w") as new:
        for name in old.namelist():
            new.writestr(name, change(name, old.read(name)), zipfile.ZIP_DEFLATED)
    return buffer.getvalue()


def with_results(data: bytes, results: dict[str, str]) -> bytes:
    """Return a workbook whose formulas have results, as a spreadsheet program saves them."""

    def fill(name: str, part: bytes) -> bytes:
        for cell, value in results.items():
            part = re.sub(
                rf'(<c r="{cell}"[^>]*><f>[^<]*</f>)<v ?/?>(</v>)?'.encode(),
                rf"\g<1><v>{value}</v>".encode(),
                part,
            )
        return part

    return repacked(data, fill)


def test_values_stand_at_the_addresses_that_the_sender_sees() -> None:
    book = one_sheet(C4="chữ", D5=1, E7=2.5, B9=date(2016, 9, 12), F12=True)
    assert cells(book) == {
        (4, 3): "chữ", (5, 4): 1, (7, 5): 2.5, (9, 2): date(2016, 9, 12), (12, 6): True,
    }  # fmt: skip


def test_an_empty_sheet_has_no_cells() -> None:
    assert cells(Workbook()) == {}


def test_what_cannot_be_seen_is_no_data() -> None:
    book = one_sheet(A1=" ", A2="\u00a0", A3="\u200b", A4="\ufeff \n", A5="a\u200b")
    assert list(cells(book)) == [(5, 1)]


def test_leading_zeros_of_text_stay() -> None:
    assert cells(one_sheet(A1="0905123456")) == {(1, 1): "0905123456"}


def test_a_merged_cell_stands_at_its_first() -> None:
    book = one_sheet(B2="gộp")
    book.worksheets[0].merge_cells("B2:D4")
    assert cells(book) == {(2, 2): "gộp"}


@pytest.mark.parametrize(
    ("value", "style", "seen"),
    [
        (0.9833, "0.00%", "98,33%"),
        (1, "0%", "100%"),
        (0.98333, "0.0%", "98,3330%"),
        (12.5, "0%", "1250%"),
        (98.33, '0.00"%"', "98,33%"),
        (98.33, r"0.00\%", "98,33%"),
        (0.9833, "General", 0.9833),
    ],
)
def test_percentages_are_what_their_format_shows(value: float, style: str, seen: Value) -> None:
    book = one_sheet(B2=value)
    book.worksheets[0]["B2"].number_format = style
    assert cells(book) == {(2, 2): seen}


def test_formulas_give_their_results_or_themselves() -> None:
    book = one_sheet(A1="=1+1", A2='=IF(1<2,"","x")', A3="=A1/0")
    data = with_results(saved(book), {"A1": "2"})
    assert dict(read(data).grids[0].cells) == {
        (1, 1): 2,
        (2, 1): '=IF(1<2,"","x")',
        (3, 1): "=A1/0",
    }


def test_an_error_is_not_taken_for_an_empty_cell() -> None:
    book = one_sheet(B2="#DIV/0!")
    book.worksheets[0]["B2"].data_type = "e"
    assert cells(book) == {(2, 2): "#DIV/0!"}


def test_hidden_sheets_are_read_and_told_apart() -> None:
    book = one_sheet(A1=1)
    book.create_sheet("ẩn").sheet_state = "hidden"
    book.create_sheet("rất ẩn").sheet_state = "veryHidden"
    grids = read(saved(book)).grids
    assert [(g.name, g.hidden) for g in grids] == [
        ("Sheet", False), ("ẩn", True), ("rất ẩn", True),
    ]  # fmt: skip


def test_a_chart_sheet_is_passed_over() -> None:
    book = one_sheet(A1=1)
    book.create_chartsheet("biểu đồ")
    assert [g.name for g in read(saved(book)).grids] == ["Sheet"]


def test_the_identity_comes_from_the_hidden_sheet() -> None:
    assert tuple(read(saved(filled())).identity.values()) == IDENTITY


def test_a_version_kept_as_a_number_is_the_same_version() -> None:
    book = filled()
    book[IDENTITY_SHEET]["B2"] = 2
    identity = identity_of(read(saved(book)))
    assert identity is not None
    assert identity.version == 2


@pytest.mark.parametrize("is_constant", [True, False])
def test_without_the_hidden_sheet_the_defined_names_say_it(is_constant: bool) -> None:
    book = filled()
    sheet = book[IDENTITY_SHEET]
    sheet.title = "Trang tính 4"
    for row in range(1, 7):
        key, value = sheet.cell(row, 1).value, sheet.cell(row, 2).value
        target = f'"{value}"' if is_constant else f"'Trang tính 4'!$B${row}"
        book.defined_names[f"KBC_{key}"] = DefinedName(f"KBC_{key}", attr_text=target)
    if is_constant:
        book.remove(sheet)
    assert tuple(read(saved(book)).identity.values()) == IDENTITY


def test_a_file_of_another_kind_has_no_identity() -> None:
    assert identity_of(read(saved(one_sheet(A1=1)))) is None


@pytest.mark.parametrize("kind", ["xls", "ods", "xlsx"])
def test_other_programs_and_formats_give_the_same_figures(kind: str, tmp_path: Path) -> None:
    source = tmp_path / "báo cáo.xlsx"
    source.write_bytes(saved(filled()))
    out = tmp_path / "out"
    subprocess.run(
        [need_program("soffice"), libreoffice_profile(),
         "--headless", "--convert-to", kind, "--outdir", str(out), str(source)],
        check=True, capture_output=True, timeout=PATIENCE,
    )  # fmt: skip
    book = read((out / f"báo cáo.{kind}").read_bytes())
    ours = judge(FORM, Frequency.QUARTER, False, read(source.read_bytes()))
    assert judge(FORM, Frequency.QUARTER, False, book) == ours
    assert identity_of(book) is not None


def test_a_flipped_byte_anywhere_is_read_or_refused() -> None:
    data = saved(filled())
    for at in range(0, len(data), 97):
        try:
            read(data[:at] + bytes([data[at] ^ 0x55]) + data[at + 1 :])
        except UnreadableFileError as error:
            assert str(error)


def test_a_document_type_is_refused() -> None:
    def declare(name: str, part: bytes) -> bytes:
        if name != "xl/workbook.xml":
            return part
        return b'<!DOCTYPE w [<!ENTITY a "aaaa">]>' + part.split(b"?>", 1)[-1]

    with pytest.raises(UnreadableFileError):
        read(repacked(saved(filled()), declare))


def test_a_cell_in_the_farthest_corner_does_not_swell() -> None:
    assert cells(one_sheet(A1=1, XFD1048576=2)) == {(1, 1): 1, (1048576, 16384): 2}


def test_a_cell_far_below_is_only_far_below() -> None:
    assert cells(one_sheet(A1=1, B1048576=2)) == {(1, 1): 1, (1048576, 2): 2}


def test_a_long_sheet_of_formatted_empty_cells_is_small() -> None:
    rows = "".join(f'<row r="{r}"><c r="A{r}" s="0"/></row>' for r in range(10, 50_000))

    def lengthen(name: str, part: bytes) -> bytes:
        if name != "xl/worksheets/sheet1.xml":
            return part
        return part.replace(b"</sheetData>", rows.encode() + b"</sheetData>")

    assert dict(read(repacked(saved(one_sheet(A1=1)), lengthen)).grids[0].cells) == {(1, 1): 1}


def test_too_many_cells_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(draft, "MAX_CELLS", 3)
    with pytest.raises(UnreadableFileError, match="quá lớn"):
        read(saved(one_sheet(A1=1, A2=2, A3=3, A4=4)))


def test_reading_needs_neither_prefect_nor_pandas() -> None:
    code = (
        "import sys, kybaocao.adapters.workbooks.reading, kybaocao.adapters.reader_pool;"
        "print({'prefect', 'pandas', 'openpyxl'} & sys.modules.keys())"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=PATIENCE,
        cwd=Path(reading.__file__).parents[3],
    )  # fmt: skip
    assert done.stdout.strip() == "set()"


def test_dates_with_times_keep_them() -> None:
    assert cells(one_sheet(A1=datetime(2016, 9, 12, 7, 30))) == {
        (1, 1): datetime(2016, 9, 12, 7, 30)
    }
