"""Indicator sheets: figures asked for, percentages computed, arithmetic watched."""

from xlsxwriter.utility import xl_rowcol_to_cell
from xlsxwriter.worksheet import Worksheet

from kybaocao.adapters.workbooks import look
from kybaocao.adapters.workbooks.blank.blank_book import BlankBook
from kybaocao.rules.form.form import Column, Indicator, IndicatorSheet, InputKind
from kybaocao.rules.form.formulas import Place, acceptable, percentage, share_words, unkept
from kybaocao.rules.form.headers import INDICATOR_HEADERS, NOT_APPLICABLE


def locate(book: BlankBook, sheet: IndicatorSheet, header: int) -> None:
    """Note where each figure of the sheet stands."""
    for row, indicator in enumerate(sheet.rows, header + 1):
        for column, declared in enumerate(book.columns, len(INDICATOR_HEADERS)):
            if declared.id in indicator.columns:
                place = Place(sheet.name, row + 1, column + 1)
                book.places[indicator.code, declared.id] = place


def write(book: BlankBook, sheet: IndicatorSheet, ws: Worksheet, header: int) -> None:
    """Write the sheet below its title block, from its header (0-based row) on."""
    names = [*INDICATOR_HEADERS, *(c.name for c in book.columns)]
    book.header(ws, header, names, book.widths(sheet))
    for row, indicator in enumerate(sheet.rows, header + 1):
        ws.write_string(row, 0, indicator.code, book.format(look.CELL, align="center"))
        ws.write_string(row, 1, indicator.name, book.format(look.CELL, indent=1))
        ws.set_row(row, max(26, look.height(indicator.name, 42)))
        ws.write_string(row, 2, indicator.unit, book.format(look.CELL, align="center"))
        asked = []
        for column, declared in enumerate(book.columns, len(INDICATOR_HEADERS)):
            if _cell(book, ws, row, column, indicator, declared):
                asked.append(column)
        if asked:
            _help(book, ws, row, asked, indicator)
    last_row, last_column = header + len(sheet.rows), len(names) - 1
    book.protect(ws)
    ws.freeze_panes(header + 1, 2)
    book.page(ws, header, last_row, last_column, wide=True)


def _cell(
    book: BlankBook, ws: Worksheet, row: int, column: int, indicator: Indicator, declared: Column
) -> bool:
    """Write one cell of an indicator's row; return whether it asks for a figure."""
    if declared.text:
        note = book.format(look.CELL, bg_color=look.INPUT, locked=False, num_format="@")
        ws.write_blank(row, column, None, note)
        return False
    if declared.id not in indicator.columns:
        ws.write_blank(row, column, None, book.format(look.CELL, bg_color=look.ASKED_NOT))
        return False
    pattern = look.number_format(indicator.kind)
    figures = {"num_format": pattern, "align": "right", "indent": 1}
    if indicator.compute is None:
        asked = book.format(look.CELL, bg_color=look.INPUT, locked=False, **figures)
        book.input(ws, row, column, (indicator.code, declared.id), asked)
        return True
    computed = book.format(look.CELL, bg_color=look.COMPUTED, italic=True, **figures)
    formula = percentage(indicator.compute, declared.id, book.places, ws.name)
    ws.write_formula(row, column, formula, computed, "")
    message = f"Ô tự tính, không phải nhập: {share_words(indicator.compute)}."
    title = f"{indicator.code} {indicator.name}"
    book.validate(ws, (row, column, row, column), {"validate": "any"}, title, message)
    return False


def _help(
    book: BlankBook, ws: Worksheet, row: int, columns: list[int], indicator: Indicator
) -> None:
    """Say beside the figures of a row what they are, and ask about what they cannot be."""
    cell = xl_rowcol_to_cell(row, columns[0])
    facts = [f"Đơn vị tính: {indicator.unit}."]
    if indicator.target_words:
        facts.append(f"Mục tiêu: {indicator.target_words}.")
    if indicator.kind is InputKind.PERCENT:
        facts.append("Ghi 98,33 cho 98,33%, không gõ dấu %.")
    facts.append(f"Không phát sinh ghi 0; không thuộc nhiệm vụ ghi “{NOT_APPLICABLE}”.")
    facts.append(f"Căn cứ: {indicator.source}.")
    test, wanted = acceptable(cell, indicator.kind, indicator.minimum, indicator.maximum)
    book.validate(
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


def watch(book: BlankBook) -> None:
    """Turn cells amber whose filled figures do not yet keep the form's rules."""
    amber = book.format({"bg_color": look.AMBER, "bold": True})
    first_period = book.term.period.is_first_of_year
    for places, condition in unkept(book.form, book.places, first_period, book.refer):
        for place in places:
            if place.sheet == places[0].sheet:
                options = {"type": "formula", "criteria": f"={condition}", "format": amber}
                sheet = book.file.get_worksheet_by_name(place.sheet)
                sheet.conditional_format(place.cell, options)
