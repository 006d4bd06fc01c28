"""The first sheet: every indicator over the province, by reform area."""

from collections.abc import Sequence

from xlsxwriter.utility import xl_range
from xlsxwriter.worksheet import Worksheet

from kybaocao.adapters.workbooks import look
from kybaocao.adapters.workbooks.report.report_book import SUMMARY, ReportBook, put_formula
from kybaocao.rules.form.form import Aggregation, Indicator
from kybaocao.rules.form.formulas import quoted
from kybaocao.rules.form.headers import INDICATOR_HEADERS
from kybaocao.rules.regime.names import MOTTO, NATION, document_words
from kybaocao.rules.report.consolidation import figure_columns
from kybaocao.rules.report.report_plan import Group

WAYS = {
    Aggregation.SUM: "Cộng các đơn vị",
    Aggregation.MAX: "Lớn nhất",
    Aggregation.SHARED: "Danh mục chung: lấy số lớn nhất",
    Aggregation.NONE: "Không cộng",
}
BY_LEVEL = "Theo từng cấp, không cộng các cấp với nhau"
NAME_WIDTH = 48
WAY_WIDTH = 17


def write(book: ReportBook) -> None:
    """Write the sheet, and make it the one that opens first."""
    ws = book.file.add_worksheet(SUMMARY)
    columns = book.plan.columns
    widths = [10, NAME_WIDTH, 13, *(14 for _ in columns), WAY_WIDTH, 12, 13]
    for number, width in enumerate(widths):
        ws.set_column(number, number, width, book.plain)
    last = len(widths) - 1
    header = row = _front(book, ws, last, sum(widths))
    names = [*INDICATOR_HEADERS, *(c.name for c in columns), "Cách tổng hợp"]
    names += ["Số đơn vị có số liệu", "Số đơn vị phải báo cáo"]
    for number, name in enumerate(names):
        ws.write_string(row, number, name, book.format(look.HEAD))
    ws.set_row(row, 52)
    facts = book.found.summary
    counts = {
        (code, column): (int(given), int(applies))
        for code, column, given, applies in zip(
            facts["code"], facts["column"], facts["given"], facts["applies"], strict=True
        )
    }
    band = book.format(look.CELL, bold=True, bg_color=look.GROUP, text_wrap=False, indent=1)
    for sheet in book.form.indicator_sheets:
        row += 1
        ws.merge_range(row, 0, row, last, "", band)
        link = f"internal:{quoted(book.names[sheet.id])}!A1"
        ws.write_url(row, 0, link, band, sheet.title, "Mở bảng theo đơn vị")
        ws.set_row(row, 24)
        for indicator in sheet.rows:
            row += 1
            _figures(book, ws, row, indicator)
            main = book.plan.main_column(indicator)
            given, applies = counts[indicator.code, main.id]
            _count(book, ws, row, last - 1, indicator, given)
            ws.write_number(row, last, applies, book.whole)
            if book.plan.adding.is_by_level(indicator):
                for group in book.plan.groups:
                    if book.plan.way(indicator, [group]) is not Aggregation.NONE:
                        row += 1
                        _level(book, ws, row, indicator, group)
    ws.freeze_panes(header + 1, 2)
    ws.repeat_rows(header)
    ws.ignore_errors({"formula_range": xl_range(header + 1, 0, row, last)})
    ws.print_area(0, 0, _signatures(book, ws, row + 2, last), last)
    ws.fit_to_pages(1, 0)
    ws.center_horizontally()
    book.page(ws, SUMMARY)
    ws.activate()


def _front(book: ReportBook, ws: Worksheet, last: int, width: float) -> int:
    """Write the front heading; return the row of the table's header (0-based)."""
    centre = book.format(look.BASE, align="center")
    bold = book.format(look.BASE, align="center", bold=True)
    motto = book.format(look.BASE, align="center", bold=True, underline=1)
    pairs = (
        (book.unit.line, centre, NATION, bold),
        (book.owner.upper(), bold, MOTTO, motto),
    )
    for row, (left, left_look, right, right_look) in enumerate(pairs):
        ws.merge_range(row, 0, row, 1, left, left_look)
        ws.merge_range(row, 3, row, last, right, right_look)
    basis = f"Căn cứ: {document_words(book.regime.document)}, {book.duty.clause}"
    italic = book.format(look.SUBTITLE)
    colour = book.standing_colour
    texts = [
        (book.title.upper(), book.format(look.TITLE, font_size=15)),
        (book.period, italic),
        (basis, italic),
        (book.standing, book.format(look.TITLE, font_size=13, font_color=colour)),
    ]
    if book.found.is_partial:
        missing = ", ".join(a.short for a in book.found.missing)
        words = f"Chưa có báo cáo được chấp nhận của: {missing}."
        texts.append((words, book.format(look.SUBTITLE, font_color=colour)))
    warned = book.format(look.SUBTITLE, font_color=look.RED)
    texts += [(note, warned) for note in book.found.notes]
    texts += [(told, italic) for told in book.told]
    row = len(pairs) + 1
    for text, text_look in texts:
        ws.merge_range(row, 0, row, last, text, text_look)
        ws.set_row(row, max(20, look.height(text, width)))
        row += 1
    return row + 1


def _signatures(book: ReportBook, ws: Worksheet, row: int, last: int) -> int:
    """Write where maker and head of the agency sign; return the last row (0-based)."""
    centre = book.format(look.BASE, align="center", bold=True)
    small = book.format(look.SUBTITLE)
    lines = (
        ("", small, "………, ngày …… tháng …… năm ………", small),
        ("NGƯỜI LẬP BIỂU", centre, "THỦ TRƯỞNG ĐƠN VỊ", centre),
        ("(Ký, ghi rõ họ tên, chức vụ)", small, "(Ký, ghi rõ họ tên, đóng dấu)", small),
    )
    for at, (left, left_look, right, right_look) in enumerate(lines, row):
        ws.merge_range(at, 0, at, 1, left, left_look)
        ws.merge_range(at, 3, at, last, right, right_look)
    return row + len(lines) + 4


def _figures(book: ReportBook, ws: Worksheet, row: int, indicator: Indicator) -> None:
    """Write an indicator's row, its figures live from the totals of its matrix."""
    centre = book.format(look.CELL, align="center")
    ws.write_string(row, 0, indicator.code, centre)
    ws.write_string(row, 1, indicator.name, book.format(look.CELL, indent=1))
    ws.write_string(row, 2, indicator.unit, centre)
    plan = book.plan
    words = _way_words(indicator, plan.way(indicator, plan.groups))
    if plan.adding.is_by_level(indicator):
        words = BY_LEVEL
    _across(book, ws, row, indicator, plan.total, plan.groups, words)
    tall = look.height(indicator.name, NAME_WIDTH - 2)
    ws.set_row(row, max(20, tall, look.height(words, WAY_WIDTH)))


def _level(book: ReportBook, ws: Worksheet, row: int, indicator: Indicator, group: Group) -> None:
    """Write what the agencies of one level make of an indicator that no two levels share."""
    ws.write_blank(row, 0, None, book.format(look.CELL))
    name = book.format(look.CELL, indent=3, italic=True)
    ws.write_string(row, 1, group.name, name)
    ws.write_blank(row, 2, None, book.format(look.CELL))
    words = _way_words(indicator, book.plan.way(indicator, [group]))
    _across(book, ws, row, indicator, group.row, [group], words)
    for number in (1, 2):
        last = len(INDICATOR_HEADERS) + len(book.plan.columns)
        ws.write_blank(row, last + number, None, book.format(look.CELL))
    ws.set_row(row, max(20, look.height(words, WAY_WIDTH)))


def _way_words(indicator: Indicator, way: Aggregation) -> str:
    if indicator.compute is not None and way is not Aggregation.NONE:
        return "Tính lại từ tổng"
    return WAYS[way]


def _across(
    book: ReportBook,
    ws: Worksheet,
    row: int,
    indicator: Indicator,
    total: int,
    of: Sequence[Group],
    words: str,
) -> None:
    """Write the figures of groups, live from their row `total` (1-based), and how they add up."""
    plan = book.plan
    shown = {c.id for c in figure_columns(indicator, plan.columns)}
    number = len(INDICATOR_HEADERS)
    for column in plan.columns:
        result = plan.sum_of(indicator, column, total, of) if column.id in shown else None
        if result is None:
            ws.write_blank(row, number, None, book.format(look.CELL, bg_color=look.ASKED_NOT))
        else:
            place = plan.place(indicator.code, column.id, total).seen_from(SUMMARY)
            figure = book.figure(indicator.kind, bold=True)
            put_formula(ws, row, number, f"={place}", figure, result[1])
        number += 1
    ws.write_string(row, number, words, book.format(look.CELL, align="center", font_size=11))


def _count(
    book: ReportBook, ws: Worksheet, row: int, number: int, indicator: Indicator, given: int
) -> None:
    """Write how many agencies gave a figure, as a live count over the matrix."""
    main = book.plan.main_column(indicator)
    sheet = book.plan.place(indicator.code, main.id, book.plan.total).sheet
    parts = book.plan.ranges(indicator.code, main, book.plan.groups)
    cells = ",".join(f"{quoted(sheet)}!{part}" for part in parts)
    ws.write_formula(row, number, f"=COUNT({cells or 0})", book.whole, given)
