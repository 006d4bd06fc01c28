"""Indicator sheets: figures asked for, percentages computed, arithmetic watched."""

from xlsxwriter.utility import xl_rowcol_to_cell
from xlsxwriter.worksheet import Worksheet

from kybaocao.adapters.workbooks import look
from kybaocao.adapters.workbooks.blank.desk import Desk
from kybaocao.rules.form.form import Column, Indicator, IndicatorSheet, Kind
from kybaocao.rules.form.formulas import Place, acceptable, percentage, share_words, unkept
from kybaocao.rules.form.headers import INDICATOR_HEADERS, NOT_APPLICABLE


def locate(desk: Desk, sheet: IndicatorSheet, header: int) -> None:
    """Note where each figure of the sheet stands."""
    for row, indicator in enumerate(sheet.rows, header + 1):
        for column, declared in enumerate(desk.columns, len(INDICATOR_HEADERS)):
            if declared.id in indicator.columns:
                place = Place(sheet.name, row + 1, column + 1)
                desk.places[indicator.code, declared.id] = place


def write(desk: Desk, sheet: IndicatorSheet, ws: Worksheet, header: int) -> None:
    """Write the sheet below its title block, from its header (0-based row) on."""
    names = [*INDICATOR_HEADERS, *(c.name for c in desk.columns)]
    desk.header(ws, header, names, desk.widths(sheet))
    for row, indicator in enumerate(sheet.rows, header + 1):
        ws.write_string(row, 0, indicator.code, desk.format(look.CELL, align="center"))
        ws.write_string(row, 1, indicator.name, desk.format(look.CELL, indent=1))
        ws.set_row(row, max(26, look.height(indicator.name, 42)))
        ws.write_string(row, 2, indicator.unit, desk.format(look.CELL, align="center"))
        asked = []
        for column, declared in enumerate(desk.columns, len(INDICATOR_HEADERS)):
            if _cell(desk, ws, row, column, indicator, declared):
                asked.append(column)
        if asked:
            _help(desk, ws, row, asked, indicator)
    last_row, last_column = header + len(sheet.rows), len(names) - 1
    desk.protect(ws)
    ws.freeze_panes(header + 1, 2)
    desk.page(ws, header, last_row, last_column, wide=True)


def _cell(
    desk: Desk, ws: Worksheet, row: int, column: int, indicator: Indicator, declared: Column
) -> bool:
    """Write one cell of an indicator's row; return whether it asks for a figure."""
    if declared.text:
        note = desk.format(look.CELL, bg_color=look.INPUT, locked=False, num_format="@")
        ws.write_blank(row, column, None, note)
        return False
    if declared.id not in indicator.columns:
        ws.write_blank(row, column, None, desk.format(look.CELL, bg_color=look.ASKED_NOT))
        return False
    pattern = look.number_format(indicator.kind)
    figures = {"num_format": pattern, "align": "right", "indent": 1}
    if indicator.compute is None:
        asked = desk.format(look.CELL, bg_color=look.INPUT, locked=False, **figures)
        desk.input(ws, row, column, (indicator.code, declared.id), asked)
        return True
    computed = desk.format(look.CELL, bg_color=look.COMPUTED, italic=True, **figures)
    formula = percentage(indicator.compute, declared.id, desk.places, ws.name)
    ws.write_formula(row, column, formula, computed, "")
    message = f"Ô tự tính, không phải nhập: {share_words(indicator.compute)}."
    title = f"{indicator.code} {indicator.name}"
    desk.validate(ws, (row, column, row, column), {"validate": "any"}, title, message)
    return False


def _help(desk: Desk, ws: Worksheet, row: int, columns: list[int], indicator: Indicator) -> None:
    """Say beside the figures of a row what they are, and ask about what they cannot be."""
    cell = xl_rowcol_to_cell(row, columns[0])
    facts = [f"Đơn vị tính: {indicator.unit}."]
    if indicator.target_words:
        facts.append(f"Mục tiêu: {indicator.target_words}.")
    if indicator.kind is Kind.PERCENT:
        facts.append("Ghi 98,33 cho 98,33%, không gõ dấu %.")
    facts.append(f"Không phát sinh ghi 0; không thuộc nhiệm vụ ghi “{NOT_APPLICABLE}”.")
    facts.append(f"Căn cứ: {indicator.source}.")
    test, wanted = acceptable(cell, indicator.kind, indicator.minimum, indicator.maximum)
    desk.validate(
        ws,
        (row, columns[0], row, columns[-1]),
        {
            "validate": "custom",
            "value": test,
            "error_message": f"Cần {wanted}.",
        },
        f"{indicator.code} {indicator.name}",
        " ".join(facts),
    )


def watch(desk: Desk) -> None:
    """Turn cells amber whose filled figures do not yet keep the form's rules."""
    amber = desk.format({"bg_color": look.AMBER, "bold": True})
    first_period = desk.term.period.is_first_of_year
    for places, condition in unkept(desk.form, desk.places, first_period, desk.refer):
        for place in places:
            if place.sheet == places[0].sheet:
                options = {"type": "formula", "criteria": f"={condition}", "format": amber}
                sheet = desk.book.get_worksheet_by_name(place.sheet)
                sheet.conditional_format(place.cell, options)
