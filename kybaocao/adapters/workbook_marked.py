"""The sender's own workbook, with every finding shown at its cell and listed on a first sheet."""

import io
import warnings
from collections.abc import Sequence
from typing import Any

import openpyxl
from openpyxl.cell.cell import Cell, MergedCell
from openpyxl.comments import Comment
from openpyxl.formatting.formatting import ConditionalFormattingList
from openpyxl.formatting.rule import Rule
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.styles.differential import DifferentialStyle
from openpyxl.workbook import Workbook
from openpyxl.worksheet.hyperlink import Hyperlink
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from kybaocao.rules import layout as look
from kybaocao.rules import text
from kybaocao.rules.finding import Finding
from kybaocao.rules.formulas import quoted
from kybaocao.rules.grid import address
from kybaocao.rules.reading import FINDINGS_SHEET, key

AUTHOR = "Kỳ Báo Cáo"
MUST_MEND, SHOULD_LOOK = "LỖI PHẢI SỬA", "CẦN XEM LẠI"
THEIRS = "\n--- Ghi chú của đơn vị ---\n"
# Always true, and by it our marks are known when the file comes back.
MARK = '"kybaocao"="kybaocao"'
BLOCKING_FILL, WARNING_FILL = "FFF4B6B0", "FFFFE08A"
MOST_LISTED = 1000

_HEADERS = (
    ("STT", 6),
    ("Trang tính", 26),
    ("Ô", 8),
    ("Giá trị hiện có", 26),
    ("Yêu cầu", 40),
    ("Cách sửa", 40),
    ("Mức độ", 13),
)


def mark(original: bytes, findings: Sequence[Finding], heading: str) -> bytes:
    """Return an xlsx: the sender's file with `findings` marked, or only their list.

    The list alone comes back where the file is no xlsx. Marks are comments and conditional
    fills, so the cells' own formats stay; those of an earlier return are replaced. `heading`
    says which report this is.
    """
    book = _opened(original)
    is_theirs = book is not None
    if book is None:
        book = Workbook()
        book.remove(book.worksheets[0])
    for sheet in list(book.worksheets):
        if key(sheet.title) == key(FINDINGS_SHEET):
            book.remove(sheet)
        else:
            _unmark(sheet)
    by_sheet: dict[str, list[Finding]] = {}
    for finding in findings[:MOST_LISTED]:
        by_sheet.setdefault(finding.sheet, []).append(finding)
    for sheet in book.worksheets:
        _mark_sheet(sheet, by_sheet.get(sheet.title, ()))
    listing = book.create_sheet(FINDINGS_SHEET, 0)
    _list(listing, findings, heading, is_theirs)
    _open_at_first(book)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def _opened(data: bytes) -> Workbook | None:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # openpyxl warns of each extension that it drops
            book = openpyxl.load_workbook(io.BytesIO(data))
    except Exception:  # openpyxl raises whatever its parsers do
        return None
    return book if book.worksheets else None


# Marks at the cells.


def _unmark(sheet: Worksheet) -> None:
    """Take away the marks of an earlier return, and leave the sender's comments."""
    for cells in sheet.iter_rows():
        for cell in cells:
            note = cell.comment
            if note is not None and note.text.startswith((MUST_MEND, SHOULD_LOOK)):
                _, _, theirs = note.text.partition(THEIRS)
                cell.comment = Comment(theirs, note.author) if theirs else None
    kept = ConditionalFormattingList()
    for area in sheet.conditional_formatting:
        for rule in area.rules:
            if MARK not in rule.formula:
                rule.priority += 2  # room for ours above
                kept.add(str(area.sqref), rule)
    sheet.conditional_formatting = kept


def _mark_sheet(sheet: Worksheet, findings: Sequence[Finding]) -> None:
    at: dict[str, list[Finding]] = {}
    for finding in findings:
        if finding.cell:
            at.setdefault(_anchor(sheet, finding.cell), []).append(finding)
    blocking = [cell for cell, found in at.items() if any(f.is_blocking for f in found)]
    warning = [cell for cell in at if cell not in set(blocking)]
    for priority, (cells, color) in enumerate(
        ((blocking, BLOCKING_FILL), (warning, WARNING_FILL)), start=1
    ):
        if cells:
            fill = DifferentialStyle(fill=PatternFill(bgColor=color))
            rule = Rule(type="expression", formula=[MARK], dxf=fill, priority=priority)
            sheet.conditional_formatting.add(" ".join(cells), rule)
    for cell, found in at.items():
        _comment(sheet[cell], found)


def _anchor(sheet: Worksheet, cell: str) -> str:
    """Return the cell that holds a comment: the first one where cells are merged."""
    if isinstance(sheet[cell], MergedCell):
        for area in sheet.merged_cells.ranges:
            if cell in area:
                return address(area.min_row, area.min_col)
    return cell


def _comment(cell: Cell, findings: Sequence[Finding]) -> None:
    said = "\n\n".join(map(_words, findings))
    lines = look.lines(said, 46)
    if cell.comment is not None and cell.comment.text:
        said += THEIRS + cell.comment.text
    cell.comment = Comment(said, AUTHOR, height=24 + 18 * lines, width=340)


def _words(finding: Finding) -> str:
    level = MUST_MEND if finding.is_blocking else SHOULD_LOOK
    value = f"Hiện có: {finding.value}\n" if finding.value else ""
    return text.clean(
        f"{level}\n{value}Yêu cầu: {_sentence(finding.expected)}\nCách sửa: {finding.action}"
    )


def _sentence(words: str) -> str:
    return words[:1].upper() + words[1:]


# The list of findings.


def _list(sheet: Worksheet, findings: Sequence[Finding], heading: str, has_cells: bool) -> None:
    must = sum(finding.is_blocking for finding in findings)
    counts = f"{must} lỗi phải sửa" if must else "Không có lỗi phải sửa"
    if must < len(findings):
        counts += f", {len(findings) - must} cảnh báo"
    how = (
        "Bấm vào ô ở cột “Ô” để tới chỗ cần sửa; sửa ngay trong tệp này, lưu lại và gửi lại."
        if has_cells
        else "Sửa trong tệp mà đơn vị đã gửi, lưu lại dạng .xlsx và gửi lại."
    )
    titles: tuple[tuple[str, dict[str, Any]], ...] = (
        (FINDINGS_SHEET.upper(), {"bold": True, "size": 14}),
        (heading, {"bold": True, "size": 12}),
        (f"{counts}. {how}", {"italic": True, "size": 12}),
    )
    for row, (line, font) in enumerate(titles, start=1):
        _write(sheet, row, 1, line, Font(name="Times New Roman", **font), "center", lined=False)
        sheet.merge_cells(start_row=row, end_row=row, start_column=1, end_column=len(_HEADERS))
        sheet.row_dimensions[row].height = look.height(line, 130, 18)
    header = len(titles) + 2
    fill = PatternFill("solid", fgColor=look.HEADER.replace("#", "FF"))
    for column, (name, width) in enumerate(_HEADERS, start=1):
        _write(sheet, header, column, name, _font(bold=True), "center").fill = fill
        sheet.column_dimensions[_letter(column)].width = width
    for number, finding in enumerate(findings[:MOST_LISTED], start=1):
        _row(sheet, header + number, number, finding, has_cells)
    last = header + min(len(findings), MOST_LISTED)
    if len(findings) > MOST_LISTED:
        rest = f"… và {len(findings) - MOST_LISTED} mục khác."
        _write(sheet, last + 1, 2, rest, _font(), "left", lined=False)
    _page(sheet, header)


def _row(sheet: Worksheet, row: int, number: int, finding: Finding, has_cells: bool) -> None:
    level = "Phải sửa" if finding.is_blocking else "Cảnh báo"
    values = (
        str(number),
        finding.sheet or "Cả tệp",
        finding.cell,
        finding.value,
        _sentence(finding.expected),
        finding.action,
        level,
    )
    for column, value in enumerate(values, start=1):
        middle = column in (1, 3, 7)
        _write(sheet, row, column, value, _font(), "center" if middle else "left")
    heights = [
        look.height(v, 0.85 * width) for v, (_, width) in zip(values, _HEADERS, strict=True) if v
    ]
    sheet.row_dimensions[row].height = max(heights) + 3
    color = BLOCKING_FILL if finding.is_blocking else WARNING_FILL
    sheet.cell(row, len(values)).fill = PatternFill("solid", fgColor=color)
    if has_cells and finding.sheet:
        place = sheet.cell(row, 3 if finding.cell else 2)
        location = f"{quoted(finding.sheet)}!{finding.cell or 'A1'}"
        place.hyperlink = Hyperlink(ref=place.coordinate, location=location)
        place.font = _font(color="FF0B57D0", underline="single")


def _write(
    sheet: Worksheet, row: int, column: int, value: str, font: Font, across: str, lined: bool = True
) -> Cell:
    """Write text as text: what a sender typed is never taken for a formula."""
    cell = sheet.cell(row, column)
    assert isinstance(cell, Cell)  # noqa: S101 - nothing is merged yet
    cell.value = text.clean(value)
    cell.data_type = "s"
    cell.quotePrefix = True
    cell.font = font
    indent = 1 if lined and across == "left" else 0
    cell.alignment = Alignment(horizontal=across, vertical="center", wrap_text=True, indent=indent)
    if lined:
        side = Side("thin", color=look.LINE.replace("#", "FF"))
        cell.border = Border(left=side, right=side, top=side, bottom=side)
    return cell


def _font(**more: Any) -> Font:
    return Font(name="Times New Roman", size=12, **more)


def _letter(column: int) -> str:
    return address(1, column)[:-1]


def _page(sheet: Worksheet, header: int) -> None:
    sheet.freeze_panes = f"A{header + 1}"
    sheet.print_title_rows = f"{header}:{header}"
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = look.A4
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.sheet_properties.tabColor = BLOCKING_FILL
    sheet.print_options.horizontalCentered = True
    footer: Any = sheet.oddFooter  # its stubs allow None
    footer.right.text = "Trang &P/&N"
    margins = look.MARGINS_LANDSCAPE
    for side, inches in margins.items():
        setattr(sheet.page_margins, side, inches)


def _open_at_first(book: Workbook) -> None:
    """Open the file at the list, alone selected: edits in grouped sheets would go to all."""
    book.active = 0
    for view in book.views:
        view.firstSheet = 0
    for sheet in book.worksheets:
        sheet.sheet_view.tabSelected = sheet is book.worksheets[0]
    book.calculation.fullCalcOnLoad = True
