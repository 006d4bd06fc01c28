"""The sheet that lists the findings, with links to their cells."""

from collections.abc import Callable, Sequence

from kybaocao.adapters.workbooks import look
from kybaocao.adapters.workbooks.marked.splice import quoted
from kybaocao.adapters.workbooks.marked.styles import ListingStyle
from kybaocao.adapters.workbooks.marked.words import capital, escaped
from kybaocao.rules.cells.addresses import address, column_letters
from kybaocao.rules.finding import Finding
from kybaocao.rules.form.formulas import quoted as sheet_quoted
from kybaocao.rules.recognition.reading import FINDINGS_SHEET

BLOCKING_FILL, WARNING_FILL = "FFF4B6B0", "FFFFE08A"
MOST_LISTED = 1000
TALLEST = 409
COLUMNS = (
    ("STT", 6),
    ("Trang tính", 26),
    ("Ô", 8),
    ("Chỉ tiêu, cột", 32),
    ("Giá trị hiện có", 20),
    ("Yêu cầu", 34),
    ("Cách sửa", 36),
    ("Mức độ", 13),
)
TITLE = ListingStyle(size=14, bold=True, across="center", lined=False)
HEADING = ListingStyle(bold=True, across="center", lined=False)
COUNTS = ListingStyle(italic=True, across="center", lined=False)
HEAD = ListingStyle(bold=True, across="center", fill=look.HEADER.replace("#", "FF"))
MIDDLE, LEFT, REST = ListingStyle(across="center"), ListingStyle(), ListingStyle(lined=False)
LINK, LINK_LEFT = ListingStyle(link=True, across="center"), ListingStyle(link=True)
BLOCKING = ListingStyle(fill=BLOCKING_FILL, across="center")
WARNING = ListingStyle(fill=WARNING_FILL, across="center")
LOOKS = (
    TITLE, HEADING, COUNTS, HEAD, MIDDLE, LEFT, REST, LINK, LINK_LEFT, BLOCKING, WARNING,
)  # fmt: skip
HEADER = 5
"""The row of the table's header."""

Row = tuple[float, Sequence[tuple[str, ListingStyle]]]
"""A row's height in points, and its cells from the first column on."""


def listing(
    findings: Sequence[Finding],
    heading: str,
    sheets: Sequence[str],
    uri: str,
    style: Callable[[ListingStyle], int],
) -> bytes:
    """Return the sheet as XML in the namespace `uri`; findings on one of `sheets` have a link."""
    rows: dict[int, Row] = {}
    for number, row in enumerate(_titles(findings, heading, bool(sheets)), 1):
        rows[number] = row
    rows[HEADER] = (24, [(name, HEAD) for name, _ in COLUMNS])
    links = []
    for number, finding in enumerate(findings[:MOST_LISTED], 1):
        has_link = finding.sheet in sheets
        rows[HEADER + number] = _row(number, finding, has_link)
        if has_link:
            where = address(HEADER + number, 3 if finding.cell else 2)
            target = f"{sheet_quoted(finding.sheet)}!{finding.cell or 'A1'}"
            links.append(f'<hyperlink ref="{where}" location="{quoted(target)}"/>')
    if len(findings) > MOST_LISTED:
        rest = f"… và {len(findings) - MOST_LISTED} mục khác."
        rows[HEADER + MOST_LISTED + 1] = (20, [("", REST), (rest, REST)])
    cells = "".join(_written(number, row, style) for number, row in rows.items())
    last = column_letters(len(COLUMNS))
    merged = "".join(f'<mergeCell ref="A{row}:{last}{row}"/>' for row in (1, 2, 3))
    widths = "".join(
        f'<col min="{n}" max="{n}" width="{width}" customWidth="1"/>'
        for n, (_, width) in enumerate(COLUMNS, 1)
    )
    margins = " ".join(
        f'{side}="{inches}"'
        for side, inches in {**look.MARGINS_LANDSCAPE, "header": 0.3, "footer": 0.3}.items()
    )
    return (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
        f'<worksheet xmlns="{uri}"><sheetPr><tabColor rgb="{BLOCKING_FILL}"/>'
        '<pageSetUpPr fitToPage="1"/></sheetPr>'
        f'<dimension ref="A1:{last}{max(rows)}"/>'
        '<sheetViews><sheetView tabSelected="1" workbookViewId="0">'
        f'<pane ySplit="{HEADER}" topLeftCell="A{HEADER + 1}" activePane="bottomLeft" '
        'state="frozen"/><selection pane="bottomLeft" '
        f'activeCell="A{HEADER + 1}" sqref="A{HEADER + 1}"/></sheetView></sheetViews>'
        f'<sheetFormatPr defaultRowHeight="15.75"/><cols>{widths}</cols>'
        f"<sheetData>{cells}</sheetData>"
        f'<mergeCells count="3">{merged}</mergeCells>'
        + (f"<hyperlinks>{''.join(links)}</hyperlinks>" if links else "")
        + f'<printOptions horizontalCentered="1"/><pageMargins {margins}/>'
        f'<pageSetup paperSize="{look.A4}" orientation="landscape" fitToHeight="0"/>'
        "<headerFooter><oddFooter>&amp;RTrang &amp;P/&amp;N</oddFooter></headerFooter></worksheet>"
    ).encode()


def print_titles() -> str:
    """Return the rows that every printed page repeats, as a defined name holds them."""
    return f"{sheet_quoted(FINDINGS_SHEET)}!${HEADER}:${HEADER}"


def _titles(findings: Sequence[Finding], heading: str, has_cells: bool) -> list[Row]:
    must = sum(finding.is_blocking for finding in findings)
    counts = f"{must} lỗi phải sửa" if must else "Không có lỗi phải sửa"
    if must < len(findings):
        counts += f", {len(findings) - must} cảnh báo"
    how = (
        "Bấm vào ô ở cột “Ô” để tới chỗ cần sửa; sửa ngay trong tệp này, lưu lại và gửi lại."
        if has_cells
        else "Sửa trong tệp mà đơn vị đã gửi, lưu lại dạng .xlsx và gửi lại."
    )
    lines = (
        (FINDINGS_SHEET.upper(), TITLE),
        (heading, HEADING),
        (f"{counts}. {how}", COUNTS),
    )
    return [(look.height(line, 130, 18), [(line, how)]) for line, how in lines]


def _row(number: int, finding: Finding, has_link: bool) -> Row:
    values = (
        str(number),
        finding.sheet or "Cả tệp",
        finding.cell,
        finding.subject,
        finding.value,
        capital(finding.expected),
        finding.action,
        "Phải sửa" if finding.is_blocking else "Cảnh báo",
    )
    level = BLOCKING if finding.is_blocking else WARNING
    looks = [MIDDLE, LEFT, MIDDLE, LEFT, LEFT, LEFT, LEFT, level]
    if has_link and finding.cell:
        looks[2] = LINK
    elif has_link:
        looks[1] = LINK_LEFT
    heights = [
        look.height(v, 0.85 * width) for v, (_, width) in zip(values, COLUMNS, strict=True) if v
    ]
    return max(heights) + 3, list(zip(values, looks, strict=True))


def _written(number: int, row: Row, style: Callable[[ListingStyle], int]) -> str:
    """Return a row as XML; each cell is a text, whatever it begins with."""
    height, cells = row
    written = []
    for column, (value, how) in enumerate(cells, 1):
        ref, index = address(number, column), style(how)
        said = escaped(look.cell_text(value))
        written.append(
            f'<c r="{ref}" s="{index}" t="inlineStr"><is><t xml:space="preserve">'
            f"{quoted(said)}</t></is></c>"
            if said
            else f'<c r="{ref}" s="{index}"/>'
        )
    tall = f'ht="{min(height, TALLEST):g}" customHeight="1"'
    return f'<row r="{number}" {tall}>{"".join(written)}</row>'
