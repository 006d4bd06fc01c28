"""What every sheet of the consolidated workbook shares: facts, formats, headings, page set-up."""

import math
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

from xlsxwriter.format import Format
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from kybaocao.adapters.workbooks import look
from kybaocao.rules.calendar.official_days import VIETNAM, local_time, window_words
from kybaocao.rules.cells.text import shortened
from kybaocao.rules.cycle.obligation import Term
from kybaocao.rules.form.form import Form, InputKind
from kybaocao.rules.regime.duty import Duty
from kybaocao.rules.regime.names import agency_name, unit_of
from kybaocao.rules.regime.regime import Regime
from kybaocao.rules.report.consolidation import Consolidation
from kybaocao.rules.report.report_plan import Plan

SUMMARY = "Tổng hợp"
CHARTS = "Biểu đồ"
STATUS = "Tình hình nộp"
TEXTS = "Nội dung báo cáo"
SOURCES = "Nguồn số liệu"
CELLS = "Số liệu gốc"
OWN_SHEETS = (SUMMARY, CHARTS, STATUS, TEXTS, SOURCES, CELLS)

TOTAL_ROW = 7
"""The row (1-based) of the province's figures on every matrix sheet."""

LONGEST_HEADER = 250
"""The most characters of a page's header or footer; Excel allows 255."""
TALLEST = 400
"""The most points that we give a row; spreadsheet programs allow 409."""


class ReportBook:
    """The workbook being written and the facts that its sheets show."""

    def __init__(
        self,
        file: Workbook,
        found: Consolidation,
        form: Form,
        regime: Regime,
        duty: Duty,
        term: Term,
        as_of: datetime,
        told: Sequence[str] = (),
    ) -> None:
        self.file = file
        self.found = found
        self.form = form
        self.regime = regime
        self.duty = duty
        self.term = term
        self.as_of = as_of
        self.told = tuple(told)
        self.unit = unit_of(regime, duty, [a.agency for a in found.agencies])
        self.format: look.Formats[Format] = look.Formats(file.add_format)
        self.names = {s.id: _unlike(s.name, OWN_SHEETS) for s in form.sheets}
        columns = [c for c in form.columns_for(term.period.frequency) if not c.text]
        levels = tuple(regime.levels.values())
        self.plan = Plan(found, form, columns, self.names, TOTAL_ROW, levels)
        self.agency = {a.code: a for group in self.plan.groups for a in group.agencies}
        self.missing = {a.code for a in found.missing}
        cells = found.cells
        self.declined = {
            (agency, code, column)
            for agency, code, column, value in zip(
                cells["agency"], cells["code"], cells["column"], cells["value"], strict=True
            )
            if value is None
        }
        self.plain = self.format(look.BASE)
        self.whole = self.format(look.CELL, align="center", num_format="0")

    @property
    def owner(self) -> str:
        """The name of the agency that hands the report on."""
        return agency_name(self.regime, self.duty.through or self.duty.recipient)

    @property
    def title(self) -> str:
        """What the workbook is: of a unit below the province it says of which."""
        whose = f" – {self.unit.name}" if self.unit.name else ""
        return f"Tổng hợp {self.form.title}{whose}"

    @property
    def properties(self) -> dict[str, object]:
        """The document's properties; its time of creation is `as_of`."""
        return {
            "title": f"{self.title} – {self.term.period.label}",
            "company": self.owner,
            "created": self.as_of.astimezone(VIETNAM).replace(tzinfo=None, microsecond=0),
        }

    @property
    def period(self) -> str:
        return f"{self.term.period.label} ({window_words(self.term.window, self.form.covers)})"

    @property
    def standing(self) -> str:
        """How complete the report is, and as of when."""
        share = f"{self.found.received}/{self.found.expected} đơn vị"
        state = "BÁO CÁO CHƯA ĐẦY ĐỦ" if self.found.is_partial else "Đã tổng hợp đủ"
        return f"{state} ({share}), tính đến {local_time(self.as_of)}"

    @property
    def standing_colour(self) -> str:
        return look.RED if self.found.is_partial else look.INK

    def figure(self, kind: InputKind, **more: Any) -> Format:
        """Return the format of a figure of that kind."""
        pattern = f"{look.number_format(kind)}_)"
        fit = {"text_wrap": False, "shrink": True}
        return self.format(look.CELL, align="right", num_format=pattern, **fit, **more)

    def heading(self, ws: Worksheet, title: str, notes: Iterable[str] = ()) -> int:
        """Write the heading of an inner sheet; return the next free row (0-based)."""
        ws.write_string(0, 0, title.upper(), self.format(look.BASE, bold=True, font_size=14))
        ws.write_string(1, 0, f"{self.unit.line} – {self.period}", self.plain)
        standing = self.format(look.BASE, bold=True, font_color=self.standing_colour)
        ws.write_string(2, 0, self.standing, standing)
        row = 3
        for note in notes:
            ws.write_string(row, 0, note, self.format(look.BASE, italic=True, font_size=11))
            row += 1
        return row

    def page(self, ws: Worksheet, title: str, note: str = "") -> None:
        """Set paper, margins and footer, which says `note` or else the title and period."""
        ws.set_landscape()
        ws.set_paper(look.A4)
        ws.set_margins(**look.MARGINS_LANDSCAPE)
        ws.hide_gridlines(2)
        left = _literal(note or f"{title} – {self.term.period.label}")
        ws.set_footer(
            f'&L&9&"Times New Roman,Italic"{left}&R&10&"Times New Roman,Regular"Trang &P/&N'
        )

    def page_header(self, ws: Worksheet, title: str) -> None:
        """Put on every printed page what stands above the table on the screen."""
        where = f"{self.unit.line} – {self.term.period.label}"
        below = f'\n&10&"Times New Roman,Regular"{_literal(where)}'
        below += f"\n&K{self.standing_colour[1:]}{_literal(self.standing)}"
        above = '&L&12&"Times New Roman,Bold"'
        room = LONGEST_HEADER - len(above) - len(below)
        ws.set_header(above + _literal(shortened(title.upper(), room)) + below)


def _literal(text: str) -> str:
    """Return text as a page's header or footer writes it."""
    return text.replace("&", "&&")


def put(ws: Worksheet, row: int, column: int, value: object, form: Format) -> None:
    """Write a value as what it is; text stays text, whatever it holds."""
    if value is None:
        ws.write_blank(row, column, None, form)
    elif isinstance(value, datetime | date):
        ws.write_datetime(row, column, value, form)
    elif isinstance(value, int | float):
        ws.write_number(row, column, value, form)
    else:
        said = look.cell_text(str(value))
        # XlsxWriter takes a text between these tags for markup of its own making.
        if said.startswith("<r>") and said.endswith("</r>"):
            said = look.cell_text(said[:-1]) + " >"
        ws.write_string(row, column, said, form)


def put_formula(
    ws: Worksheet, row: int, column: int, formula: str, form: Format, value: float
) -> None:
    """Write a formula with its value, NaN standing for an empty text."""
    shown = int(value) if float(value).is_integer() else value
    ws.write_formula(row, column, formula, form, "" if math.isnan(value) else shown)


def put_across(ws: Worksheet, row: int, first: int, last: int, text: str, form: Format) -> None:
    """Write text over the columns from `first` to `last`."""
    if first < last:
        ws.merge_range(row, first, row, last, "", form)
    ws.write_string(row, first, text, form)


def local(moment: object) -> datetime | None:
    """Return an aware time as the wall clock of Vietnam, which is what spreadsheets hold."""
    if not isinstance(moment, datetime):
        return None
    return moment.astimezone(VIETNAM).replace(tzinfo=None)


def _unlike(name: str, taken: Iterable[str]) -> str:
    """Return `name`, changed if it is one of `taken` (spreadsheets ignore case)."""
    return f"{name[:27]} (2)" if name.casefold() in {t.casefold() for t in taken} else name
