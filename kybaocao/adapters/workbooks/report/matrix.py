"""One sheet for each reform area: agencies down, indicators across, totals on top."""

import math
from collections.abc import Sequence

from xlsxwriter.worksheet import Worksheet

from kybaocao.adapters.workbooks import look
from kybaocao.adapters.workbooks.report.listings import AGENCY_CODE
from kybaocao.adapters.workbooks.report.report_book import (
    TALLEST,
    ReportBook,
    put_across,
    put_formula,
)
from kybaocao.rules.form.form import IndicatorSheet
from kybaocao.rules.form.headers import NOT_APPLICABLE, NUMBER_HEADER
from kybaocao.rules.regime.agency import Agency
from kybaocao.rules.report.adding import applies
from kybaocao.rules.report.consolidation import figure_columns
from kybaocao.rules.report.report_plan import FIRST_FIGURE, Group

DECLINED = "–"
LEGEND = (
    f"{DECLINED}: “{NOT_APPLICABLE}”; ô trống: chưa có số liệu; ô xám: đơn vị không phải "
    "báo cáo chỉ tiêu này; tên màu đỏ: chưa có báo cáo được chấp nhận."
)
FIRST = FIRST_FIGURE - 1
"""The first column of figures, 0-based."""
NAME_WIDTH = 28
CODE_WIDTH = 13
TOTAL_HEIGHT = 21
MARGINS = {"left": 0.6, "right": 0.5, "top": 1.0, "bottom": 0.75}
PAGE_WIDTH, PAGE_HEIGHT = 595 - 72 * 1.1, 842 - 72 * 1.75
"""Points between these margins on upright A4."""
SMALLEST_SCALE, LARGEST_SCALE = 60, 85
"""Per cent; below the smallest, the agencies go on to a second page."""
BARS = {
    "type": "data_bar",
    "bar_solid": True,
    "bar_color": "#BFD7EA",
    "min_type": "num",
    "min_value": 0,
    "max_type": "num",
    "max_value": 100,
}


def write(book: ReportBook, sheet: IndicatorSheet) -> None:
    """Write the matrix of one reform area."""
    ws = book.file.add_worksheet(book.names[sheet.id])
    plan = book.plan
    tall, widths = _header(book, ws, sheet)
    _totals(book, ws, sheet, plan.total, book.unit.whole, plan.groups, look.HEADER)
    number = 0
    for group in plan.groups:
        _totals(book, ws, sheet, group.row, group.name, [group], look.GROUP)
        for row, agency in enumerate(group.agencies, group.first):
            number += 1
            tall += _agency(book, ws, sheet, row - 1, number, agency)
    tall += TOTAL_HEIGHT * (1 + len(plan.groups))
    across = plan.across(sheet)
    for position, (indicator, _) in enumerate(across, FIRST):
        if indicator.compute is not None:
            ws.conditional_format(plan.total - 1, position, plan.last - 1, position, BARS)
    ws.freeze_panes(plan.total, FIRST)
    ws.repeat_rows(plan.total - 3, plan.total - 1)
    ws.repeat_columns(0, FIRST - 1)
    ws.print_area(plan.total - 3, 0, plan.last - 1, FIRST - 1 + len(across))
    ws.ignore_errors({"formula_range": f"A{plan.total}:XFD{plan.last}"})
    book.page(ws, sheet.title, LEGEND)
    book.page_header(ws, sheet.title)
    _upright(ws, tall, widths)


def _upright(ws: Worksheet, tall: float, widths: Sequence[list[float]]) -> None:
    """Print every agency on each page if that stays legible, and break between indicators."""
    scale = max(SMALLEST_SCALE, min(LARGEST_SCALE, int(100 * PAGE_HEIGHT / tall)))
    ws.set_portrait()
    ws.set_margins(**MARGINS)
    ws.set_print_scale(scale)
    names = _points(5) + _points(NAME_WIDTH) + _points(CODE_WIDTH)
    room = 100 * PAGE_WIDTH / scale - names
    position, used, breaks = FIRST, 0.0, []
    for columns in widths:
        wide = sum(map(_points, columns))
        if used and used + wide > room:
            breaks.append(position)
            used = 0
        used += wide
        position += len(columns)
    ws.set_v_pagebreaks(breaks)


def _points(width: float) -> float:
    """Return how wide a column of so many digits is: a digit takes 8 pixels, the edges 5."""
    return 0.75 * (8 * width + 5)


def _header(
    book: ReportBook, ws: Worksheet, sheet: IndicatorSheet
) -> tuple[float, Sequence[list[float]]]:
    """Write heading and grouped header, an indicator above its columns.

    Return the points that the header is tall, and the widths of each indicator's columns.
    """
    ws.set_column(0, 0, 5, book.plain)
    ws.set_column(1, 1, NAME_WIDTH, book.plain)
    ws.set_column(2, 2, CODE_WIDTH, book.plain)
    book.heading(ws, sheet.title, [LEGEND])
    top = book.plan.total - 3
    head = book.format(look.HEAD, font_size=11)
    small = book.format(look.HEAD, font_size=10, bold=False)
    for position, name in enumerate((NUMBER_HEADER, "Đơn vị", AGENCY_CODE)):
        ws.merge_range(top, position, top + 1, position, name, head)
    position, tall = FIRST, 34.0
    widths = []
    for indicator in sheet.rows:
        columns = figure_columns(indicator, book.plan.columns)
        if not columns:
            continue
        width = {1: 17.0, 2: 13.0}.get(len(columns), 11.5)
        widths.append([width] * len(columns))
        text = f"{indicator.code}. {indicator.name} ({indicator.unit})"
        tall = max(tall, look.height(text, width * len(columns) * 0.95, 15))
        last = position + len(columns) - 1
        put_across(ws, top, position, last, text, head)
        ws.set_column(position, last, width, book.plain)
        for offset, column in enumerate(columns):
            ws.write_string(top + 1, position + offset, column.name, small)
        position = last + 1
    tall = min(tall, TALLEST)
    ws.set_row(top, tall)
    ws.set_row(top + 1, 30)
    return tall + 30, widths


def _totals(
    book: ReportBook,
    ws: Worksheet,
    sheet: IndicatorSheet,
    row: int,
    name: str,
    of: Sequence[Group],
    fill: str,
) -> None:
    """Write the row (1-based) that adds up the agencies of some groups."""
    ws.set_row(row - 1, TOTAL_HEIGHT)
    band = book.format(look.CELL, bold=True, bg_color=fill, text_wrap=False)
    ws.write_blank(row - 1, 0, None, band)
    ws.write_string(row - 1, 1, name, band)
    ws.write_blank(row - 1, 2, None, band)
    for position, (indicator, column) in enumerate(book.plan.across(sheet), FIRST):
        result = book.plan.sum_of(indicator, column, row, of)
        figure = book.figure(indicator.kind, bold=True, bg_color=fill)
        if result is None:
            ws.write_blank(row - 1, position, None, figure)
        else:
            put_formula(ws, row - 1, position, result[0], figure, result[1])


def _agency(
    book: ReportBook, ws: Worksheet, sheet: IndicatorSheet, row: int, number: int, agency: Agency
) -> float:
    """Write one agency's row (0-based), percentages live; return how many points tall."""
    missing = agency.code in book.missing
    colour = look.RED if missing else look.INK
    tall = max(18.0, look.height(agency.short, NAME_WIDTH - 1))
    ws.set_row(row, tall)
    ws.write_number(row, 0, number, book.whole)
    name = book.format(look.CELL, italic=missing, font_color=colour)
    ws.write_string(row, 1, agency.short, name)
    fit = {"text_wrap": False, "shrink": True, "font_size": 9}
    ws.write_string(row, 2, agency.code, book.format(look.CELL, **fit))
    values = book.found.matrices[sheet.id].loc[[agency.code]].to_numpy()[0]
    for position, (indicator, column) in enumerate(book.plan.across(sheet), FIRST):
        value = float(values[position - FIRST])
        figure = book.figure(indicator.kind)
        if not applies(sheet, indicator, agency) and math.isnan(value):
            grey = book.format(look.CELL, bg_color=look.ASKED_NOT)
            ws.write_blank(row, position, None, grey)
        elif indicator.compute is not None:
            formula = book.plan.percentage(indicator, column, row + 1)
            put_formula(ws, row, position, formula, figure, value)
        elif not math.isnan(value):
            ws.write_number(row, position, value, figure)
        elif (agency.code, indicator.code, column.id) in book.declined:
            dash = book.format(look.CELL, align="center")
            ws.write_string(row, position, DECLINED, dash)
        else:
            ws.write_blank(row, position, None, figure)
    return tall
