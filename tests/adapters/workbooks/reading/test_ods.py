"""What OpenDocument keeps in its own ways: repeats, styles, notes, errors, times."""

import io
import zipfile
from datetime import date, datetime, time, timedelta

import pytest

from kybaocao.adapters.workbooks.reading import ods, read
from kybaocao.rules.cells.grid import Grid, Oddness, Value
from kybaocao.rules.errors import UnreadableFileError

NAMES = "".join(
    f' xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
    for name in ("office", "table", "text", "style", "fo")
)
OLD = '<style:text-properties style:font-name=".VnTime"/>'


def style(name: str, inside: str = OLD, parent: str = "") -> str:
    inherits = f' style:parent-style-name="{parent}"' if parent else ""
    return f'<style:style style:name="{name}"{inherits}>{inside}</style:style>'


def with_table(table: str, styles: str = "") -> Grid:
    """Return what is read of an OpenDocument whose only table holds this."""
    content = (
        f"<office:document-content{NAMES}>{styles}<office:body><office:spreadsheet>"
        f'<table:table table:name="Trang">{table}</table:table>'
        "</office:spreadsheet></office:body></office:document-content>"
    )
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as file:
        file.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        file.writestr("content.xml", content)
    return read(buffer.getvalue()).grids[0]


def row(*cells: str, said: str = "") -> str:
    return f"<table:table-row{said}>{''.join(cells)}</table:table-row>"


def text(said: str, more: str = "") -> str:
    kind = 'office:value-type="string"'
    return f"<table:table-cell {kind}{more}><text:p>{said}</text:p></table:table-cell>"


def number(value: str, more: str = "") -> str:
    return f'<table:table-cell office:value-type="float" office:value="{value}"{more}/>'


def test_repeated_cells_and_rows_all_stand_there() -> None:
    twice = ' table:number-columns-repeated="2"'
    grid = with_table(
        row("<table:table-cell/>", number("5", twice), said=twice.replace("col", "r"))
    )
    assert dict(grid.cells) == {(1, 2): 5, (1, 3): 5}
    rows = ' table:number-rows-repeated="2"'
    grid = with_table(row(said=rows) + row(number("5"), said=rows) + row(number("6")))
    assert dict(grid.cells) == {(3, 1): 5, (4, 1): 5, (5, 1): 6}


def test_what_repeats_without_end_is_refused_before_it_swells(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(ods, "MAX_CELLS", 9)
    cells = number("1", ' table:number-columns-repeated="3"')
    assert len(with_table(row(cells, said=' table:number-rows-repeated="3"')).cells) == 9
    with pytest.raises(UnreadableFileError, match="quá lớn"):
        with_table(row(cells, said=' table:number-rows-repeated="4"'))


@pytest.mark.parametrize(
    "said", [' table:number-rows-repeated="1048577"', ' table:number-rows-repeated="9999999"']
)
def test_a_cell_below_every_spreadsheet_is_refused(said: str) -> None:
    with pytest.raises(UnreadableFileError, match="giới hạn của Excel"):
        with_table(row("<table:table-cell/>", said=said) + row(number("1")))


@pytest.mark.parametrize("hides", ["collapse", "filter"])
def test_columns_and_rows_that_do_not_show(hides: str) -> None:
    column = '<table:table-column table:visibility="{}" table:number-columns-repeated="2"/>'
    columns = column.format("visible") + column.format(hides)
    cells = number("1", ' table:number-columns-repeated="5"')
    grid = with_table(columns + row(cells) + row(cells, said=f' table:visibility="{hides}"'))
    assert grid.hidden_columns == {3, 4}
    assert grid.hidden_rows == {2}


def test_notes_and_pictures_at_a_cell_are_none_of_its_text() -> None:
    inside = (
        "<office:annotation><text:p>ghi chú</text:p></office:annotation>"
        "<draw:frame xmlns:draw='urn:la'><text:p>hình</text:p></draw:frame>"
    )
    cell = text("120").replace("<text:p>", inside + "<text:p>")
    assert dict(with_table(row(cell)).cells) == {(1, 1): "120"}


@pytest.mark.parametrize(
    ("column", "of_row", "cell"),
    [
        (' table:default-cell-style-name="old"', "", ""),
        ("", ' table:default-cell-style-name="old"', ""),
        ("", "", ' table:style-name="old"'),
        ("", "", ' table:style-name="heir"'),
    ],
)
def test_the_font_may_be_that_of_the_column_the_row_the_cell_or_its_style(
    column: str, of_row: str, cell: str
) -> None:
    table = f"<table:table-column{column}/><table:table-column/>"
    table += row(text("Néi vô", cell), text("Néi vô"), said=of_row)
    grid = with_table(table, style("old") + style("heir", "", "old"))
    assert grid.cells[1, 1] == "Nội vụ"
    assert grid.odd[1, 1].kind is Oddness.LEGACY_TEXT
    assert (grid.cells[1, 2] == "Nội vụ") == bool(of_row)


@pytest.mark.parametrize("shown", ["#N/A", "#DIV/0!", "#REF!", "Err:502", "#NAME?"])
def test_errors_are_seen_whatever_value_stands_beside(shown: str) -> None:
    cell = number("0", ' table:formula="of:=NA()"')
    cell = cell.replace("/>", f"><text:p>{shown}</text:p></table:table-cell>")
    assert dict(with_table(row(cell)).cells) == {(1, 1): shown}


def test_text_that_only_looks_like_an_error_is_text() -> None:
    assert dict(with_table(row(text("#N/A"))).cells) == {(1, 1): "#N/A"}
    assert not with_table(row(text("#N/A"))).odd


@pytest.mark.parametrize(
    ("kind", "written", "value"),
    [
        ("date", "2016-09-14", date(2016, 9, 14)),
        ("date", "2016-09-14T07:30:00", datetime(2016, 9, 14, 7, 30)),
        ("date", "14/9", "14/9"),
        ("time", "PT07H30M00S", time(7, 30)),
        ("time", "PT30H00M00S", timedelta(hours=30)),
        ("time", "-PT02H00M00S", timedelta(hours=-2)),
        ("time", "bảy giờ", "bảy giờ"),
    ],
)
def test_dates_and_times(kind: str, written: str, value: Value) -> None:
    cell = f'<table:table-cell office:value-type="{kind}" office:{kind}-value="{written}"/>'
    assert dict(with_table(row(cell)).cells) == {(1, 1): value}
