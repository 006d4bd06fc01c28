"""How each agency's report stands, with counts and a chart of them."""

from xlsxwriter.utility import xl_rowcol_to_cell
from xlsxwriter.worksheet import Worksheet

from kybaocao.adapters.workbooks import look
from kybaocao.adapters.workbooks.report.listings import AGENCY_CODE, Heading, listing
from kybaocao.adapters.workbooks.report.report_book import STATUS, ReportBook, local, put_across
from kybaocao.rules.calendar.official_days import deadline_words
from kybaocao.rules.cells.phrases import said
from kybaocao.rules.cycle.standing import STATE_NAMES, State
from kybaocao.rules.form.headers import NUMBER_HEADER

COLUMNS = (
    Heading(NUMBER_HEADER, 6, "center"),
    Heading("Đơn vị", 44),
    Heading(AGENCY_CODE, 18),
    Heading("Tình trạng", 27),
    Heading("Thời điểm nhận", 18, "center", "dd/mm/yyyy hh:mm"),
    Heading("Số ngày sớm (−), muộn (+)", 14, "center", "+0;-0;0"),
    Heading("Phiên bản", 11, "center", "0"),
    Heading("Ghi chú", 26),
)
BESIDE = len(COLUMNS) + 1
"""The column (0-based) of the counts beside the list."""
FONT = {"name": "Times New Roman", "size": 11}


def write(book: ReportBook) -> None:
    """Write the list of agencies, and beside it how many were in time, late or missing."""
    ws = book.file.add_worksheet(STATUS)
    reports = {row["agency"]: row for row in book.found.status.to_dict("records")}
    rows: list[list[object] | str] = []
    for number, agency in enumerate(book.agency.values(), 1):
        one = reports[agency.code]
        has_days = one["counted_at"] is not None or (one["days"] or 0) > 0
        days = one["days"] if has_days else None
        moment = local(one["counted_at"])
        standing = [one["state_name"], moment, days, one["version"], one["remark"] or None]
        rows.append([number, agency.name, agency.code, *standing])
    deadline = f"Hạn nộp: {deadline_words(book.term.due.last_day)} ({said(book.duty.stated)})"
    header = listing(book, ws, STATUS, COLUMNS, rows, [deadline])
    last = header + max(1, len(rows))
    late = book.format({"font_color": look.RED, "bold": True})
    over = {"type": "cell", "criteria": ">", "value": 0, "format": late}
    ws.conditional_format(header + 1, 5, last, 5, over)
    _counts(book, ws, header + 1, (header + 1, last))
    end = _assumptions(book, ws, last + 2)
    ws.print_area(0, 0, max(end, header + 25), BESIDE + 1)


def _assumptions(book: ReportBook, ws: Worksheet, row: int) -> int:
    """Write how the document is read where it is silent; return the last row (0-based)."""
    said = [a.text for a in book.regime.assumptions_of(book.duty)]
    if not said:
        return row - 2
    title = "Chỗ văn bản không quy định rõ, áp dụng cách hiểu sau:"
    ws.write_string(row, 0, title, book.format(look.BASE, bold=True))
    width = sum(column.width for column in COLUMNS)
    words = book.format(look.BASE, text_wrap=True, valign="top")
    for at, text in enumerate(said, row + 1):
        put_across(ws, at, 0, len(COLUMNS) - 1, f"– {text}", words)
        ws.set_row(at, look.height(text, width * 0.95))
    return row + len(said)


def _counts(book: ReportBook, ws: Worksheet, top: int, listed: tuple[int, int]) -> None:
    """Write the counts, live over the rows `listed`, and the chart, from row `top` (0-based) on."""
    ws.set_column(BESIDE - 1, BESIDE - 1, 3, book.plain)
    ws.set_column(BESIDE, BESIDE, 36, book.plain)
    ws.set_column(BESIDE + 1, BESIDE + 1, 14, book.plain)
    found = book.found.status["state"].value_counts()
    on_time, late = (int(found.get(str(s), 0)) for s in (State.ACCEPTED, State.ACCEPTED_LATE))
    states = f"$D${listed[0] + 1}:$D${listed[1] + 1}"
    names = (STATE_NAMES[State.ACCEPTED], STATE_NAMES[State.ACCEPTED_LATE])
    in_time, after, waived = (xl_rowcol_to_cell(top + n, BESIDE + 1) for n in (1, 2, 4))
    free = STATE_NAMES[State.WAIVED]
    lines = (
        (names[0], f'=COUNTIF({states},"{names[0]}")', on_time),
        (names[1], f'=COUNTIF({states},"{names[1]}")', late),
        (
            "Chưa có báo cáo được chấp nhận",
            f"=COUNTA({states})-{in_time}-{after}-{waived}",
            book.found.expected - on_time - late,
        ),
        (free, f'=COUNTIF({states},"{free}")', int(found.get(str(State.WAIVED), 0))),
    )
    ws.write_string(top, BESIDE, "Tình trạng", book.format(look.HEAD))
    ws.write_string(top, BESIDE + 1, "Số đơn vị", book.format(look.HEAD))
    for row, (name, formula, value) in enumerate(lines, top + 1):
        ws.write_string(row, BESIDE, name, book.format(look.CELL, indent=1))
        ws.write_formula(row, BESIDE + 1, formula, book.whole, value)
    chart = book.file.add_chart({"type": "doughnut"})
    colours = (look.BARS, look.LATE, look.MISSING)
    bold = {**FONT, "bold": True, "color": "#FFFFFF"}
    chart.add_series(
        {
            "categories": [STATUS, top + 1, BESIDE, top + 3, BESIDE],
            "values": [STATUS, top + 1, BESIDE + 1, top + 3, BESIDE + 1],
            "points": [{"fill": {"color": colour}} for colour in colours],
            "data_labels": {"value": True, "num_format": "0;;", "font": bold},
        }
    )
    chart.set_title({"name": "Tình hình nộp báo cáo", "name_font": {**FONT, "size": 12}})
    chart.set_legend({"position": "bottom", "font": FONT})
    chart.set_size({"width": 350, "height": 330})
    ws.insert_chart(top + 6, BESIDE, chart)
