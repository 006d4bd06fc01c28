"""A sheet of charts: the first percentage of each reform area, by agency."""

from kybaocao.adapters.workbooks import look
from kybaocao.adapters.workbooks.report.report_book import CHARTS, ReportBook
from kybaocao.rules.form.form import Column, Indicator, IndicatorSheet
from kybaocao.rules.report.consolidation import figure_columns

WIDTH, HEIGHT = 1330, 385
"""Pixels of one chart."""
ROWS, COLUMNS = 19, 20
"""Rows and columns (69 pixels) that a chart takes, with the gap around it."""
TOP = 5
LEGEND = "Cột đậm: tổng số và từng khối; số trên cột: giá trị của đơn vị (%), đã làm tròn."
FONT = {"name": "Times New Roman", "size": 9, "bold": False}


def write(book: ReportBook) -> None:
    """Write the sheet, two charts to a page, if the form has a percentage at all."""
    ratios = [r for s in book.form.indicator_sheets if (r := _first_ratio(book, s))]
    if not ratios:
        return
    ws = book.file.add_worksheet(CHARTS)
    book.heading(ws, "Biểu đồ theo đơn vị", [LEGEND])
    ws.set_column(0, COLUMNS - 1, 8)
    for number, (sheet, indicator, column) in enumerate(ratios):
        chart = book.file.add_chart({"type": "column"})
        chart.add_series(_series(book, indicator, column))
        title = f"{sheet.title}: {indicator.name} ({indicator.unit}), {column.name.lower()}"
        chart.set_title({"name": title, "name_font": {**FONT, "size": 12, "bold": True}})
        chart.set_legend({"none": True})
        chart.set_x_axis({"num_font": {**FONT, "rotation": -60}})
        grid = {"visible": True, "line": {"color": "#E3E7EB"}}
        most = book.found.matrices[sheet.id][indicator.code, column.id].max()
        limit = {"max": 100} if not most > 100 else {}
        chart.set_y_axis({"min": 0, **limit, "num_font": FONT, "major_gridlines": grid})
        chart.set_size({"width": WIDTH, "height": HEIGHT})
        # Off the page break, which else cuts the frame.
        ws.insert_chart(TOP + number * ROWS, 0, chart, {"y_offset": 4})
    ws.set_h_pagebreaks([TOP + n * ROWS for n in range(2, len(ratios), 2)])
    ws.print_area(0, 0, TOP + len(ratios) * ROWS, COLUMNS - 1)
    ws.set_print_scale(72)
    book.page(ws, CHARTS)


def _first_ratio(
    book: ReportBook, sheet: IndicatorSheet
) -> tuple[IndicatorSheet, Indicator, Column] | None:
    for indicator in sheet.rows:
        if indicator.compute is not None and figure_columns(indicator, book.plan.columns):
            return sheet, indicator, book.plan.main_column(indicator)
    return None


def _series(book: ReportBook, indicator: Indicator, column: Column) -> dict[str, object]:
    """Return the bars of one indicator: the province, each group, and its agencies."""
    plan = book.plan
    place = plan.place(indicator.code, column.id, plan.total)
    first, last, position = plan.total - 1, plan.last - 1, place.column - 1
    totals = {0, *(group.row - plan.total for group in plan.groups)}
    return {
        "name": indicator.name,
        "categories": [place.sheet, first, 1, last, 1],
        "values": [place.sheet, first, position, last, position],
        "points": [
            {"fill": {"color": look.STRONG_BARS if n in totals else look.BARS}}
            for n in range(last - first + 1)
        ],
        "gap": 40,
        "data_labels": {"value": True, "num_format": "0;;", "font": {**FONT, "size": 8}},
    }
