"""Nothing in a workbook's XML is lost silently: it is a value, or there is something to tell."""

import io
import re
import zipfile
from datetime import date, datetime, time, timedelta

import pytest
import python_calamine as calamine
from openpyxl import Workbook
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from kybaocao.adapters.workbooks.reading import read
from kybaocao.rules.cells import text
from kybaocao.rules.cells.grid import Book, Grid, Oddity, Oddness, Value
from kybaocao.rules.errors import UnreadableFileError
from tests.sample_form import filled, saved

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
STRICT = "http://purl.oclc.org/ooxml"
HEAD = f'<worksheet xmlns="{MAIN}">'
SHEET = "xl/worksheets/sheet1.xml"


def parts_of(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as file:
        return {name: file.read(name) for name in file.namelist()}


def zipped(parts: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as file:
        for name, part in parts.items():
            file.writestr(name, part)
    return buffer.getvalue()


def with_sheet(xml: str, encoding: str = "utf-8", **others: str) -> Book:
    """Return what is read of a workbook whose only sheet is `xml`."""
    parts = parts_of(saved(Workbook())) | {SHEET: xml.encode(encoding)}
    parts |= {name.replace("__", "/") + ".xml": part.encode() for name, part in others.items()}
    return read(zipped(parts))


def with_cells(cells: str, after: str = "") -> Grid:
    """Return what is read of a sheet with these cells in one row."""
    row = f'<row r="1">{cells}</row>'
    return with_sheet(f"{HEAD}<sheetData>{row}</sheetData>{after}</worksheet>").grids[0]


# Values that other readers drop or change.


@pytest.mark.parametrize(
    "error", ["#REF!", "#N/A", "#DIV/0!", "#SPILL!", "#CALC!", "#BLOCKED!", "#GETTING_DATA"]
)
def test_errors_are_seen(error: str) -> None:
    grid = with_cells(
        f'<c r="A1" t="e"><v>{error}</v></c><c r="B1"><f>B9</f><v>2</v></c>'
        f'<c r="C1" t="e"><f>A1</f><v>{error}</v></c>'
    )
    assert (grid.cells[1, 1], grid.cells[1, 3]) == (error, error)


def test_large_whole_numbers_are_told() -> None:
    grid = with_cells(
        '<c r="A1"><v>9007199254740993</v></c><c r="B1"><v>9007199254740992</v></c>'
        '<c r="C1"><v>-12345678901234567890</v></c>'
    )
    assert dict(grid.odd) == {
        (1, 1): Oddity(Oddness.INEXACT, "9007199254740993"),
        (1, 3): Oddity(Oddness.INEXACT, "-12345678901234567890"),
    }
    assert grid.cells[1, 1] == 9007199254740993


@pytest.mark.parametrize(
    "literal",
    [
        "1e400",
        "-1e400",
        "INF",
        "NaN",
        "1,5",
        "abc",
        "0x10",
        "4_0",
        "4²",
        "٤٠٠",
        "４００",
        "\u00a04",
    ],
)
def test_what_is_no_finite_number_stays_as_written(literal: str) -> None:
    assert with_cells(f'<c r="A1"><v>{literal}</v></c>').cells[1, 1] == literal


@pytest.mark.parametrize(
    ("literal", "value"), [("1E+2", 100), ("-5", -5), ("0.1", 0.1), ("1e-320", 1e-320), ("007", 7)]
)
def test_numbers_are_what_is_written(literal: str, value: float) -> None:
    assert with_cells(f'<c r="A1"><v>{literal}</v></c>').cells[1, 1] == value


def test_a_formula_whose_result_is_no_text_is_empty() -> None:
    assert not with_cells('<c r="A1" t="str"><f>""</f><v></v></c>').cells


@pytest.mark.parametrize(("said", "value"), [("1", True), ("true", True), ("0", False)])
def test_truth_is_written_in_two_ways(said: str, value: bool) -> None:
    assert with_cells(f'<c r="A1" t="b"><v>{said}</v></c>').cells[1, 1] is value


def test_a_cells_attributes_may_come_in_any_order() -> None:
    book = Workbook()
    book.worksheets[0]["A1"] = 0.5
    book.worksheets[0]["A1"].number_format = "0%"
    parts = parts_of(saved(book))
    assert b'<c r="A1" s="1" t="n">' in parts[SHEET]
    for attributes in (b'r="A1" t="n" s="1"', b's="1" t="n" r="A1"', b'r="A1" cm="1" s="1"'):
        said = parts[SHEET].replace(b'r="A1" s="1" t="n"', attributes)
        assert dict(read(zipped(parts | {SHEET: said})).grids[0].cells) == {(1, 1): "50%"}
    assert with_cells('<c r="A1" cm="1" t="str"><v>5</v></c>').cells[1, 1] == "5"


def test_a_text_counts_where_the_type_of_its_cell_is_forgotten() -> None:
    grid = with_cells(
        '<c r="A1"><is><t>12 hồ sơ</t></is></c><c r="B1" t="inlineStr"><v>12 hồ sơ</v></c>'
    )
    assert dict(grid.cells) == {(1, 1): "12 hồ sơ", (1, 2): "12 hồ sơ"}


def test_ticks_of_symbol_fonts_are_seen() -> None:
    grid = with_cells('<c r="A1" t="inlineStr"><is><t>\uf0fc</t></is></c>')
    assert dict(grid.cells) == {(1, 1): "\uf0fc"}


TWICE = '<c r="B1"><v>5</v></c><c r="A1"><v>1</v></c><c r="B1"{}><v>{}</v></c>'


@pytest.mark.parametrize("space", ["", "<!-- -->"])  # by the pattern, and by the parser
@pytest.mark.parametrize(("kind", "value"), [("", "6"), (' t="str"', "5")])
def test_a_cell_with_two_contents_is_named(kind: str, value: str, space: str) -> None:
    with pytest.raises(UnreadableFileError, match=r"hai giá trị khác nhau cho ô B1 .*“Sheet”"):
        with_cells(space + TWICE.format(kind, value))


@pytest.mark.parametrize("space", ["", "<!-- -->"])
def test_a_cell_that_says_the_same_twice_is_no_matter(space: str) -> None:
    cells = TWICE.format(' s="0" t="n"', "5") + '<c r="A1"/><c r="B1"></c>'
    assert dict(with_cells(space + cells).cells) == {(1, 1): 1, (1, 2): 5}


@pytest.mark.parametrize(
    "cell",
    ['<c r="A1"><v>1</v><v>2</v></c>', '<c r="1A"><v>1</v></c>', '<c r="$A$1"><v>1</v></c>'],
)
def test_a_cell_that_does_not_say_where_or_what_is_broken(cell: str) -> None:
    with pytest.raises(UnreadableFileError, match="hỏng"):
        with_cells(cell)


def test_values_of_extensions_are_no_cells() -> None:
    beyond = '<extLst><ext xmlns:xm="urn:la"><xm:f>A1</xm:f><xm:f>A2</xm:f></ext></extLst>'
    for space in ("", "<!-- -->"):
        assert dict(with_cells('<c r="A1"><v>1</v></c>', space + beyond).cells) == {(1, 1): 1}


def test_values_under_a_merged_area_are_kept() -> None:
    grid = with_cells(
        '<c r="A1"><v>1</v></c><c r="B1"><v>2</v></c>',
        '<mergeCells count="1"><mergeCell ref="A1:C2"/></mergeCells>',
    )
    assert dict(grid.cells) == {(1, 1): 1, (1, 2): 2}
    assert grid.merged == ((1, 1, 2, 3),)


@pytest.mark.parametrize("space", ["", "<!-- -->"])
def test_hidden_rows_are_told(space: str) -> None:
    rows = "".join(
        f'<row r="{n}" {said}><c r="A{n}"><v>{n}</v></c></row>'
        for n, said in enumerate(['spans="1:1"', 'hidden="1"', 'ht="0" customHeight="1"', ""], 1)
    )
    cols = '<cols><col min="1" max="1" hidden="1"/></cols>'
    xml = f"{HEAD}{cols}<sheetData>{space}{rows}</sheetData></worksheet>"
    assert with_sheet(xml).grids[0].hidden_rows == {2, 3}


HIDDEN = (
    '<cols><col min="2" max="3" width="0" customWidth="1"/><col min="4" max="4" width="9"/>'
    '<col min="5" max="16384" width="9" hidden="1"/></cols>'
)


@pytest.mark.parametrize("cols", [HIDDEN, HIDDEN.replace('"', "'"), f"<!-- -->{HIDDEN}"])
def test_hidden_columns_are_told_as_far_as_they_are_used(cols: str) -> None:
    row = "".join(f'<c r="{letter}1"><v>1</v></c>' for letter in "ABDEG")
    xml = f'{HEAD}{cols}<sheetData><row r="1">{row}</row></sheetData></worksheet>'
    assert with_sheet(xml).grids[0].hidden_columns == {2, 5, 7}


def test_columns_that_do_not_say_which_they_are_are_broken() -> None:
    with pytest.raises(UnreadableFileError, match="hỏng"):
        with_sheet(f'{HEAD}<cols><col max="3" hidden="1"/></cols><sheetData/></worksheet>')


def test_an_area_merged_the_wrong_way_round_is_the_same_area() -> None:
    merged = '<mergeCells count="1"><mergeCell ref="{}"/></mergeCells>'
    for area in ("A1:C2", "C2:A1", "C1:A2", "A2:C1"):
        assert with_cells("", merged.format(area)).merged == ((1, 1, 2, 3),)


def test_an_area_with_more_to_say_is_merged_too() -> None:
    merged = '<mergeCells><mergeCell uid="la" ref="A1:C2"/></mergeCells>'
    assert with_cells("", merged).merged == ((1, 1, 2, 3),)


def test_more_merged_areas_than_a_report_can_have_are_refused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("kybaocao.adapters.workbooks.reading.draft.MAX_MERGED", 1)
    one = '<mergeCell ref="A1:B1"/>'
    assert with_cells("", f"<mergeCells>{one}</mergeCells>").merged == ((1, 1, 1, 2),)
    with pytest.raises(UnreadableFileError, match="quá lớn"):
        with_cells("", f"<mergeCells>{one}{one}</mergeCells>")


def test_sheets_of_the_same_name_stay_two() -> None:
    book = Workbook()
    book.worksheets[0]["A1"] = 1
    book.create_sheet("Other")["A1"] = 2
    parts = parts_of(saved(book))
    parts["xl/workbook.xml"] = parts["xl/workbook.xml"].replace(b'"Other"', b'"Sheet"')
    grids = read(zipped(parts)).grids
    assert [(grid.name, grid.cells[1, 1]) for grid in grids] == [("Sheet", 1), ("Sheet", 2)]


def test_a_false_dimension_is_not_believed() -> None:
    xml = f'{HEAD}<dimension ref="A1:A1"/><sheetData><row r="7"><c r="D7"><v>4</v></c></row>'
    assert dict(with_sheet(xml + "</sheetData></worksheet>").grids[0].cells) == {(7, 4): 4}


# Dates.


def test_dates_times_and_durations() -> None:
    book = Workbook()
    sheet = book.worksheets[0]
    values: list[Value] = [
        date(2016, 9, 14), datetime(2016, 9, 14, 7, 30, 15), time(7, 30), timedelta(hours=30),
        date(1900, 1, 1), date(1900, 3, 1),
    ]  # fmt: skip
    for row, value in enumerate(values, 1):
        sheet.cell(row, 1, value)
    assert list(read(saved(book)).grids[0].cells.values()) == values


@pytest.mark.parametrize("value", [date(2016, 9, 14), date(1904, 1, 2)])
def test_dates_that_count_from_1904(value: date) -> None:
    book = Workbook()
    book.epoch = CALENDAR_MAC_1904
    book.worksheets[0]["A1"] = value
    assert dict(read(saved(book)).grids[0].cells) == {(1, 1): value}


def shown_as_date(serial: float, since_1904: bool = False) -> Value:
    book = Workbook()
    if since_1904:
        book.epoch = CALENDAR_MAC_1904
    book.worksheets[0]["A1"] = serial
    book.worksheets[0]["A1"].number_format = "dd/mm/yyyy hh:mm"
    return read(saved(book)).grids[0].cells[1, 1]


def test_a_day_that_never_was_stays_a_number() -> None:
    """Spreadsheets believe in 29 February 1900."""
    assert shown_as_date(59) == date(1900, 2, 28)
    assert shown_as_date(60) == 60
    assert shown_as_date(61) == date(1900, 3, 1)


def test_the_first_day_is_a_time_where_days_count_from_1900() -> None:
    assert shown_as_date(0.5) == time(12)
    assert shown_as_date(0.5, since_1904=True) == datetime(1904, 1, 1, 12)
    assert shown_as_date(-1) == -1


def test_the_extension_that_excel_writes_does_not_move_dates() -> None:
    book = Workbook()
    book.epoch = CALENDAR_MAC_1904
    book.worksheets[0]["A1"] = date(2016, 9, 14)
    parts = parts_of(saved(book))
    said = (
        b'<extLst><ext xmlns:x15="urn:la"><x15:workbookPr chartTrackingRefBase="1"/></ext></extLst>'
    )
    parts["xl/workbook.xml"] = parts["xl/workbook.xml"].replace(
        b"</workbook>", said + b"</workbook>"
    )
    assert dict(read(zipped(parts)).grids[0].cells) == {(1, 1): date(2016, 9, 14)}


@pytest.mark.parametrize(
    ("code", "is_date"),
    [
        ("dd/mm/yyyy", True), ('"Ngày" dd', True), ("[$-42A]dd mmmm yyyy;@", True),
        ("#,##0", False), ("#,##0 s", False), ('0 "hồ sơ"', False), (r"0\ \h", False),
        ("[Red]0.00", False),
        ('#,##0\\ "₫"', False), ("General", False), ("@", False),
        ("_(* #,##0_);_(* (#,##0)", False),
    ],
)  # fmt: skip
def test_formats_of_dates_are_told_from_others(code: str, is_date: bool) -> None:
    book = Workbook()
    book.worksheets[0]["A1"] = 42627
    book.worksheets[0]["A1"].number_format = code
    value = read(saved(book)).grids[0].cells[1, 1]
    assert value == (date(2016, 9, 14) if is_date else 42627)


# Ways of writing the same XML.


CELLS = {(1, 1): "a & b\nc", (1, 2): 5, (2, 1): "=SUM(A1:B1)", (2, 2): "dòng"}


def usual() -> str:
    return (
        f'{HEAD}<sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>a &amp; b\nc</t></is></c>'
        '<c r="B1"><v>5</v></c></row><row r="2" hidden="1"><c r="A2"><f>SUM(A1:B1)</f></c>'
        '<c r="B2" t="str"><v>d&#242;ng</v></c></row></sheetData>'
        '<mergeCells><mergeCell ref="A4:B5"/></mergeCells></worksheet>'
    )


def with_prefix(xml: str) -> str:
    return re.sub(r"<(/?)(\w)", r"<\1x:\2", xml).replace("xmlns=", "xmlns:x=")


@pytest.mark.parametrize(
    "xml",
    [
        usual(),
        with_prefix(usual()),
        usual().replace('"', "'"),
        re.sub(r' r="[A-Z]?[0-9]"', "", usual()),
        usual().replace('<c r="B1">', '<c s="0" r="B1">'),
        usual().replace("<v>5", '<v xml:space="preserve">5'),
        usual().replace("a &amp; b\nc", "<![CDATA[a & b\nc]]>"),
        usual().replace("<sheetData>", "<!-- <c r='Z1'><v>1</v></c> --><sheetData>"),
        usual().replace("a &amp; b\nc", "a _x0026_ b_x000A_c"),
        usual()
        .replace("<is><t>", "<is><r><t>")
        .replace(" b\nc</t>", "</t></r><r><t> b\nc</t></r>"),
        usual().replace("</t></is>", "</t><rPh><t>phiên âm</t></rPh></is>"),
        usual().replace("><", ">\r\n  <"),
    ],
)
def test_the_same_xml_written_otherwise_is_the_same(xml: str) -> None:
    grid = with_sheet(xml).grids[0]
    assert dict(grid.cells) == CELLS
    assert grid.merged == ((4, 1, 5, 2),)
    assert grid.hidden_rows == {2}


@pytest.mark.parametrize("encoding", ["utf-16", "iso-8859-1"])
def test_parts_in_other_encodings_are_read(encoding: str) -> None:
    xml = f'<?xml version="1.0" encoding="{encoding}"?>' + usual()
    assert dict(with_sheet(xml, encoding).grids[0].cells) == CELLS


@pytest.mark.parametrize(
    "end", ["", "</sheetData>", '<c r="B1"><v>2</v></row></sheetData></worksheet>']
)
def test_a_sheet_that_is_no_xml_is_broken(end: str) -> None:
    with pytest.raises(UnreadableFileError, match="hỏng"):
        with_sheet(f'{HEAD}<sheetData><row r="1"><c r="A1"><v>1</v></c>{end}')


def with_shared_string(number: str) -> Grid:
    """Return what is read of a sheet whose only cell points to a string of the table."""
    parts = parts_of(saved(Workbook()))
    kinds = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    link = f'<Relationship Id="s" Type="{kinds}/sharedStrings" Target="strings.xml"/>'
    links = "xl/_rels/workbook.xml.rels"
    end = b"</Relationships>"
    cell = f'<row r="1"><c r="A1" t="s"><v>{number}</v></c></row>'
    parts |= {
        SHEET: f"{HEAD}<sheetData>{cell}</sheetData></worksheet>".encode(),
        "xl/strings.xml": f'<sst xmlns="{MAIN}"><si><t>một</t></si></sst>'.encode(),
        links: parts[links].replace(end, link.encode() + end),
    }
    return read(zipped(parts)).grids[0]


def test_a_string_comes_from_the_table_or_the_file_is_broken() -> None:
    assert dict(with_shared_string("0").cells) == {(1, 1): "một"}
    for number in ("1", "-1", "x"):
        with pytest.raises(UnreadableFileError, match="hỏng"):
            with_shared_string(number)


def test_a_module_among_the_sheets_is_passed_over() -> None:
    parts = parts_of(saved(filled()))
    module = b'<sheet name="Module1" sheetId="99" xmlns:r="urn:la" r:id=""/></sheets>'
    parts["xl/workbook.xml"] = parts["xl/workbook.xml"].replace(b"</sheets>", module)
    assert read(zipped(parts)) == read(saved(filled()))


def test_strict_workbooks_are_read() -> None:
    book = Workbook()
    book.worksheets[0]["A1"] = "chữ"
    book.worksheets[0]["A2"] = 0.5
    book.worksheets[0]["A2"].number_format = "0%"
    parts = parts_of(saved(book))
    for name, part in parts.items():
        if name.endswith((".xml", ".rels")):
            part = part.replace(MAIN.encode(), f"{STRICT}/spreadsheetml/main".encode())
            old = b"http://schemas.openxmlformats.org/officeDocument/2006/relationships"
            parts[name] = part.replace(old, f"{STRICT}/officeDocument/relationships".encode())
    date_cell = b'<row r="3"><c r="A3" t="d"><v>2016-09-14</v></c></row></sheetData>'
    parts[SHEET] = parts[SHEET].replace(b"</sheetData>", date_cell)
    assert dict(read(zipped(parts)).grids[0].cells) == {
        (1, 1): "chữ",
        (2, 1): "50%",
        (3, 1): date(2016, 9, 14),
    }


def test_a_workbook_part_of_another_name_is_found() -> None:
    parts = parts_of(saved(filled()))
    moved = {
        "xl/workbook.xml": "book.xml",
        "xl/_rels/workbook.xml.rels": "_rels/book.xml.rels",
    }
    there = {moved.get(name, name): part for name, part in parts.items()}
    there["_rels/book.xml.rels"] = re.sub(
        rb'Target="/?(?:xl/)?', b'Target="xl/', there["_rels/book.xml.rels"]
    )
    there["_rels/.rels"] = there["_rels/.rels"].replace(b"xl/workbook.xml", b"book.xml")
    assert read(zipped(there)) == read(saved(filled()))


# Another reader sees the same.


def test_another_reader_sees_the_same() -> None:
    data = saved(filled())
    for grid in read(data).grids:
        with calamine.load_workbook(io.BytesIO(data)) as workbook:
            sheet = workbook.get_sheet_by_name(grid.name)
            rows = sheet.to_python(skip_empty_area=False)
        assert dict(grid.cells) == {
            (row, column): value
            for row, values in enumerate(rows, 1)
            for column, value in enumerate(values, 1)
            if not (isinstance(value, str) and not text.clean(value))
        }
