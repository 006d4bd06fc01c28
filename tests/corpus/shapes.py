"""Files in which rows, columns, sheets or the identity stand otherwise, or figures disagree."""

from collections.abc import Callable

from openpyxl import Workbook
from openpyxl.workbook.defined_name import DefinedName

from tests.corpus.package import (
    FIGURES,
    IDENTITY,
    TABLE,
    WORDS,
    WORKBOOK,
    Change,
    Parts,
    blank,
    cell,
    changed,
    fill,
    number,
    pattern,
    text_of,
    typed,
    written,
)

Spoil = Callable[[Workbook], object]


def on_table(do: Callable[..., object]) -> Callable[[], bytes]:
    """Change the sheet of figures."""
    return lambda: written(lambda book: do(book.worksheets[0]))


def unmerged(sheet: object) -> None:
    """Dissolve the merged cells, since openpyxl leaves them where they are as rows move."""
    for area in list(sheet.merged_cells.ranges):  # type: ignore[attr-defined]
        sheet.unmerge_cells(str(area))  # type: ignore[attr-defined]


def rows_inserted(sheet: object) -> None:
    unmerged(sheet)
    sheet.insert_rows(1, 3)  # type: ignore[attr-defined]


def row_between(sheet: object) -> None:
    unmerged(sheet)
    sheet.insert_rows(13, 2)  # type: ignore[attr-defined]


def column_before(sheet: object) -> None:
    unmerged(sheet)
    sheet.insert_cols(1)  # type: ignore[attr-defined]


def swapped_rows(sheet: object) -> None:
    _swap(sheet, [(f"{c}12", f"{c}14") for c in "ABCDEFG"])


def swapped_columns(sheet: object) -> None:
    _swap(sheet, [(f"E{r}", f"F{r}") for r in range(11, 16)])


def _swap(sheet: object, pairs: list[tuple[str, str]]) -> None:
    for one, other in pairs:
        a, b = sheet[one], sheet[other]  # type: ignore[index]
        a.value, b.value = b.value, a.value


def setting(**cells: object) -> Callable[[object], None]:
    def do(sheet: object) -> None:
        for at, value in cells.items():
            sheet[at] = value  # type: ignore[index]

    return do


def merged(area: str) -> Callable[[], bytes]:
    return on_table(lambda sheet: sheet.merge_cells(area))


def merged_by_xml(area: str) -> Callable[[], bytes]:
    """Merge cells whose values stay underneath, as other programs leave them."""
    return lambda: changed(
        text_of(TABLE, "</mergeCells>", f'<mergeCell ref="{area}"/></mergeCells>')
    )


def doubled_sheet(book: Workbook) -> None:
    copy = book.copy_worksheet(book.worksheets[0])
    copy.title = "1. Hồ sơ (2)"
    book.move_sheet(copy, -2)


def doubled_and_changed(book: Workbook) -> None:
    doubled_sheet(book)
    book["1. Hồ sơ (2)"]["D12"] = 500


def renamed_sheet(book: Workbook) -> None:
    book.worksheets[0].title = "Sheet1"


def reordered_sheets(book: Workbook) -> None:
    book.move_sheet(book.worksheets[0], 1)


def hidden_sheet(book: Workbook) -> None:
    book.worksheets[0].sheet_state = "hidden"
    book.active = 1


def other_sheet(book: Workbook) -> None:
    book.create_sheet("Ghi chép")["A1"] = "việc cần làm"


def no_identity_sheet(book: Workbook) -> None:
    """Lose the hidden sheet and the names that point to it."""
    book.remove(book.worksheets[2])
    for name in list(book.defined_names):
        del book.defined_names[name]


def identity_in_names(book: Workbook) -> None:
    """Lose the hidden sheet, and keep the names as constants."""
    values = {f"KBC_{row[0].value}": row[1].value for row in book.worksheets[2].iter_rows()}
    no_identity_sheet(book)
    for name, value in values.items():
        book.defined_names[name] = DefinedName(name, attr_text=f'"{value}"')


def identity(**said: str) -> Callable[[], bytes]:
    """Change what the workbook says of itself."""

    def spoil(book: Workbook) -> None:
        for row in book.worksheets[2].iter_rows():
            if row[0].value in said:
                row[1].value = said[str(row[0].value)]

    return lambda: written(spoil)


def of(agency: str, period: str = "2016-Q3", **cells: object) -> Callable[[], bytes]:
    """Return a workbook issued to another agency or for another period, filled."""

    def spoil(book: Workbook) -> None:
        fill(book)
        setting(**cells)(book.worksheets[0])

    return lambda: written(spoil, blank(agency, period))


def copied_values(book: Workbook) -> None:
    """Copy what shows into a new workbook, as who starts from an empty one does."""
    shown = [[[c.value for c in row] for row in s.iter_rows()] for s in book.worksheets[:2]]
    names = [sheet.title for sheet in book.worksheets[:2]]
    for sheet in book.worksheets:
        book.remove(sheet)
    for name in list(book.defined_names):
        del book.defined_names[name]
    for name, rows in zip(names, shown, strict=True):
        sheet = book.create_sheet(name)
        for values in rows:
            sheet.append(values)


def copied_rows(book: Workbook) -> None:
    """Copy the rows of the tables alone, without the lines that say whose and when."""
    copied_values(book)
    for sheet, rows in zip(book.worksheets, (10, 4), strict=True):
        sheet.delete_rows(1, rows)


def budget(book: Workbook) -> None:
    """Have another workbook altogether."""
    copied_values(book)
    for sheet in book.worksheets:
        sheet.delete_rows(1, 100)
    book.worksheets[0].title = "Dự toán"
    book.worksheets[0].append(["STT", "Khoản chi", "Số tiền"])
    book.worksheets[0].append([1, "Văn phòng phẩm", 12000000])


def many_merged(parts: Parts) -> None:
    areas = "".join(f'<mergeCell ref="A{row}:G{row}"/>' for row in range(100, 10_100))
    text_of(TABLE, "</mergeCells>", f"{areas}</mergeCells>")(parts)


def all_figures(value: object) -> Callable[[], bytes]:
    """Answer every figure alike."""
    return on_table(setting(**dict.fromkeys(FIGURES, value)))


def long_sheet(parts: Parts) -> None:
    """Format fifty thousand rows that hold nothing."""
    rows = "".join(f'<row r="{r}"><c r="A{r}" s="1"/></row>' for r in range(100, 50_100))
    text_of(TABLE, "</sheetData>", f"{rows}</sheetData>")(parts)


def columns_hidden(first: int, last: int, how: str = 'hidden="1"') -> Change:
    hidden = f'<cols><col min="{first}" max="{last}" {how}/></cols>'
    return pattern(TABLE, "<cols>.*</cols>", hidden)


def without_addresses(parts: Parts) -> None:
    """Leave out the addresses of cells, where they follow from the order."""
    said = parts[TABLE].decode()
    head, rows, rest = (
        said[: said.index("<row ")],
        said[said.index("<row ") : said.index("</sheetData>")],
        said[said.index("</sheetData>") :],
    )
    body = ""
    for number_of, row in enumerate(rows.split("</row>")[:-1], 1):
        held = dict(_cells(row))
        line = "".join(held.get(f"{c}{number_of}", "<c/>") for c in "ABCDEFG")
        body += f"<row>{line}</row>"
    parts[TABLE] = (head + body + rest).encode()


def _cells(row: str) -> list[tuple[str, str]]:
    import re

    found = re.findall(r'(<c r="([A-Z]+\d+)"[^>]*?(?:/>|>.*?</c>))', row, re.DOTALL)
    return [(at, whole.replace(f' r="{at}"', "")) for whole, at in found]


MAKERS: dict[str, Callable[[], bytes]] = {
    "good.xlsx": lambda: changed(),
    "good-of-a-district.xlsx": of("ubnd-tam-ky", E16=5),
    "good-of-last-quarter.xlsx": of("so-tu-phap", "2016-Q2"),
    "good-of-first-quarter.xlsx": of("so-tu-phap", "2016-Q1", F12=120, F13=100, F14=20),
    "as-issued.xlsx": blank,
    # Rows and columns.
    "rows-inserted-above.xlsx": on_table(rows_inserted),
    "blank-rows-between.xlsx": on_table(row_between),
    "column-inserted.xlsx": on_table(column_before),
    "rows-swapped.xlsx": on_table(swapped_rows),
    "columns-swapped.xlsx": on_table(swapped_columns),
    "row-deleted.xlsx": on_table(setting(**dict.fromkeys([f"{c}14" for c in "ABCDEFG"], None))),
    "row-twice.xlsx": on_table(setting(A17="HS-02", B17="Đã giải quyết", E17=1, F17=1)),
    "row-of-another-form.xlsx": on_table(setting(A17="XX-99", B17="Dòng lạ", E17=5)),
    "rows-hidden.xlsx": lambda: changed(text_of(TABLE, '<row r="13" ', '<row r="13" hidden="1" ')),
    "column-hidden.xlsx": lambda: changed(columns_hidden(5, 6)),
    "column-of-no-width.xlsx": lambda: changed(columns_hidden(5, 5, 'width="0"')),
    "columns-hidden-right-of-the-table.xlsx": lambda: changed(columns_hidden(8, 16384)),
    "column-of-codes-hidden.xlsx": lambda: changed(columns_hidden(1, 1)),
    "header-with-star.xlsx": on_table(
        setting(E11="Thực hiện trong kỳ*", F11="Lũy kế từ đầu năm (*)")
    ),
    "header-renamed.xlsx": on_table(setting(E11="Kết quả")),
    "header-twice.xlsx": on_table(setting(H11="Thực hiện trong kỳ", H12=7)),
    "header-with-other-tone-place.xlsx": on_table(setting(F11="Luỹ kế từ đầu năm")),
    "header-in-nfd.xlsx": on_table(setting(E11="Thu\u031b\u0323c hie\u0302\u0323n trong ky\u0300")),
    "header-on-two-lines.xlsx": on_table(setting(E11="Thực hiện\ntrong kỳ")),
    "header-deleted.xlsx": on_table(setting(**dict.fromkeys([f"{c}11" for c in "ABCDEFG"], None))),
    "code-in-small-letters.xlsx": on_table(setting(A12="hs-01")),
    "code-with-long-dash.xlsx": on_table(setting(A12="HS–01")),
    "code-with-cyrillic-letters.xlsx": on_table(setting(A12="Н\u0405-01")),
    "code-with-blank-inside.xlsx": on_table(setting(A12="HS - 01")),
    "code-without-zero.xlsx": on_table(setting(A12="HS-1")),
    "codes-deleted.xlsx": on_table(setting(A12=None, A13=None, A14=None, A15=None)),
    # Merged cells.
    "label-merged.xlsx": merged("A20:C21"),
    "inputs-merged-losing-one.xlsx": merged("E13:E14"),
    "inputs-merged-hiding-one.xlsx": merged_by_xml("E13:E14"),
    "input-merged-with-its-note.xlsx": merged("F12:G12"),
    "ten-thousand-merged.xlsx": lambda: changed(many_merged),
    # Sheets.
    "sheet-renamed.xlsx": lambda: written(renamed_sheet),
    "sheets-reordered.xlsx": lambda: written(reordered_sheets),
    "sheet-twice.xlsx": lambda: written(doubled_sheet),
    "sheet-twice-and-different.xlsx": lambda: written(doubled_and_changed),
    "sheet-of-the-same-name.xlsx": lambda: changed(
        text_of(WORKBOOK, 'name="2. Nội dung"', 'name="1. Hồ sơ"')
    ),
    "sheet-hidden.xlsx": lambda: written(hidden_sheet),
    "sheet-deleted.xlsx": lambda: written(lambda book: book.remove(book.worksheets[1])),
    "sheet-of-their-own.xlsx": lambda: written(other_sheet),
    "notes-right-of-the-table.xlsx": on_table(setting(J12="xem lại", K13=77, J11="Ghi thêm")),
    "notes-below-the-table.xlsx": on_table(setting(A20="Ghi chú: số liệu đến 14/9", B21="HS")),
    # What the file says of its size.
    "dimension-too-small.xlsx": lambda: changed(
        text_of(TABLE, '<dimension ref="A1:G15"/>', '<dimension ref="A1"/>')
    ),
    "dimension-huge.xlsx": lambda: changed(
        text_of(TABLE, '<dimension ref="A1:G15"/>', '<dimension ref="A1:XFD1048576"/>')
    ),
    "dimension-missing.xlsx": lambda: changed(text_of(TABLE, '<dimension ref="A1:G15"/>', "")),
    "cell-in-the-last-corner.xlsx": lambda: changed(
        text_of(
            TABLE,
            "</sheetData>",
            '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>',
        )
    ),
    "fifty-thousand-empty-rows.xlsx": lambda: changed(long_sheet),
    "cells-without-addresses.xlsx": lambda: changed(without_addresses),
    # Identity.
    "identity-sheet-lost-names-kept.xlsx": lambda: written(identity_in_names),
    "identity-lost.xlsx": lambda: written(no_identity_sheet),
    "copied-into-a-new-workbook.xlsx": lambda: written(copied_values),
    "copied-without-headings.xlsx": lambda: written(copied_rows),
    "another-workbook.xlsx": lambda: written(budget),
    "identity-of-another-agency.xlsx": identity(agency="so-tai-chinh"),
    "identity-of-nobody.xlsx": identity(agency="so-khong-co"),
    "identity-of-a-district.xlsx": identity(agency="ubnd-tam-ky"),
    "identity-of-the-secretariat.xlsx": identity(agency="so-noi-vu"),
    "identity-of-another-period.xlsx": identity(period="2016-Q2"),
    "identity-of-no-period.xlsx": identity(period="quý ba"),
    "identity-of-a-year.xlsx": identity(period="2016"),
    "identity-of-another-regime.xlsx": identity(regime="bac-giang"),
    "identity-of-no-duty.xlsx": identity(duty="bao-cao-thang"),
    "identity-of-no-form.xlsx": identity(form="dai"),
    "identity-of-a-later-version.xlsx": identity(version="9"),
    "identity-without-version.xlsx": identity(version="mới"),
    "identity-version-as-number.xlsx": lambda: changed(cell("B2", "<v>1</v>", "", IDENTITY)),
    # Figures that disagree.
    "sum-wrong.xlsx": lambda: changed(number("E13", "99")),
    "part-above-whole.xlsx": lambda: changed(number("E13", "130")),
    "cumulative-below-period.xlsx": lambda: changed(
        number("F12", "100"), number("F13", "90"), number("F14", "10")
    ),
    "first-quarter-with-other-cumulative.xlsx": of("so-tu-phap", "2016-Q1"),
    "three-faults-at-once.xlsx": lambda: changed(
        typed("E12", "khoảng 120"), cell("F13", ""), cell("C6", "", "", WORDS)
    ),
    "nothing-happened-in-zeros.xlsx": all_figures(0),
    "nothing-happened-in-words.xlsx": all_figures("Không phát sinh"),
    "nothing-applies.xlsx": all_figures("Không áp dụng"),
    "no-figure-at-all.xlsx": all_figures(None),
    "old-version-of-the-form.xlsx": identity(version="0"),
    "broken-names.xlsx": lambda: changed(pattern(WORKBOOK, r"'_kybaocao'!\$B\$\d", "#REF!")),
}
