"""The blank workbook of one agency for one period, made from the form."""

import io
from collections.abc import Sequence
from dataclasses import asdict
from datetime import date, datetime, time

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.utility import xl_col_to_name, xl_rowcol_to_cell
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from kybaocao.rules import layout as look
from kybaocao.rules.duty import Agency, Duty, Regime
from kybaocao.rules.form import (
    IDENTITY_SHEET,
    Column,
    Entry,
    EntrySheet,
    Form,
    Identity,
    Indicator,
    IndicatorSheet,
    Kind,
    TableColumn,
    TableSheet,
)
from kybaocao.rules.formulas import Place, percentage, quoted, unkept
from kybaocao.rules.obligation import Term

FIRST_CHOICES = 3
EARLIEST = date(1990, 1, 1)


def blank(form: Form, agency: Agency, regime: Regime, duty: Duty, term: Term) -> bytes:
    """Return the xlsx that `agency` fills: `form` (already `for_agency`) for the term's period.

    One sheet per form sheet, title lines above one header row, inputs unlocked; the hidden
    identity sheet and the names `KBC_…` say what the file is. The same arguments give the
    same bytes.
    """
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, look.workbook_options())
    _Writer(book, form, agency, regime, duty, term).write()
    book.close()
    return buffer.getvalue()


class _Writer:
    def __init__(
        self, book: Workbook, form: Form, agency: Agency, regime: Regime, duty: Duty, term: Term
    ) -> None:
        self.book = book
        self.form = form
        self.agency = agency
        self.regime = regime
        self.duty = duty
        self.term = term
        self.columns = form.columns_for(term.period.frequency)
        self.places: dict[tuple[str, str], Place] = {}
        self.choices: list[tuple[str, ...]] = []
        self.format: look.Formats[Format] = look.Formats(book.add_format)

    def write(self) -> None:
        opened = datetime.combine(self.term.opens, time())
        self.book.set_properties(
            {
                "title": f"{self.form.title} – {self.term.period.label}",
                "subject": self.agency.name,
                "company": look.agency_name(self.regime, self.duty.recipient),
                "created": opened,
            }
        )
        sheets = [(s, self.book.add_worksheet(s.name)) for s in self.form.sheets]
        tops = {s.id: self._title(s, ws) for s, ws in sheets}
        for sheet, _ in sheets:
            if isinstance(sheet, IndicatorSheet):
                self._locate(sheet, tops[sheet.id])
        for sheet, worksheet in sheets:
            top = tops[sheet.id]
            if isinstance(sheet, IndicatorSheet):
                self._indicators(sheet, worksheet, top)
            elif isinstance(sheet, EntrySheet):
                self._entries(sheet, worksheet, top)
            else:
                self._table(sheet, worksheet, top)
        self._arithmetic()
        self._identity()
        sheets[0][1].activate()

    # The title block: who reports what to whom, about which days, by when.

    def _title(self, sheet: EntrySheet | IndicatorSheet | TableSheet, ws: Worksheet) -> int:
        """Write the lines above the header and return the header's row (0-based)."""
        widths = self._widths(sheet)
        for column, width in enumerate(widths):
            ws.set_column(column, column, width, self.format(look.BASE))
        last, middle = len(widths) - 1, _middle(widths)
        left, right = sum(widths[:middle]), sum(widths[middle:])
        recipient = look.agency_name(self.regime, self.duty.recipient)
        bold = self.format(look.BASE, bold=True, align="center", text_wrap=True, valign="top")
        plain = self.format(look.BASE, align="center", text_wrap=True, valign="top")
        pairs = (
            (look.province_line(self.regime), plain, f"Đơn vị nhận báo cáo: {recipient}", plain),
            (
                self.agency.name.upper(),
                bold,
                f"Hạn nộp: {look.deadline_words(self.term)}",
                bold,
            ),
        )
        for row, (one, one_look, two, two_look) in enumerate(pairs):
            _merge(ws, row, 0, middle - 1, one, one_look)
            _merge(ws, row, middle, last, two, two_look)
            ws.set_row(row, max(look.height(one, left * 0.65), look.height(two, right * 0.8)))
        whole = left + right
        first = sheet is self.form.sheets[0]
        title = f"{self.form.title}\n{sheet.title}" if first else sheet.title
        period = f"{self.term.period.label} ({look.window_words(self.term.window)})"
        basis = f"Căn cứ: {self.duty.clause}, {look.document_words(self.regime.document)}"
        centred = self.format(look.SUBTITLE, valign="top")
        texts = [
            (title.upper(), self.format(look.TITLE, valign="vcenter"), 19.5, 0.75),
            (period, centred, 16.5, 1.0),
        ]
        if first:
            texts.append((basis, centred, 16.5, 0.9))
            guide = self.format(
                look.BASE, text_wrap=True, valign="vcenter", indent=1, bg_color=look.GROUP
            )
            texts += [(line, guide, 16.5, 1.3) for line in self._guide()]
        if sheet.note:
            texts.append((sheet.note, self.format(look.SUBTITLE, valign="top"), 16.5, 1.0))
        row = len(pairs)
        for text, text_look, line, share in texts:
            _merge(ws, row, 0, last, text, text_look)
            ws.set_row(row, look.height(text, whole * share, line) + (8 if line > 17 else 0))
            row += 1
        return row

    def _guide(self) -> list[str]:
        recipient = look.agency_name(self.regime, self.duty.recipient)
        lines = [
            "Chỉ nhập vào ô nền xanh nhạt; ô xám không phải nhập; tỷ lệ phần trăm tự tính.",
            "Không phát sinh: ghi 0. Không thuộc nhiệm vụ của đơn vị: ghi "
            f"“{look.NOT_APPLICABLE}”. Không để trống.",
            "Chọn một ô để xem hướng dẫn; ô chuyển màu cam là các số chưa khớp nhau.",
            "Không đổi tên trang tính, không thêm, xóa hoặc chuyển cột.",
            f"Lưu tệp .xlsx và gửi {recipient} {look.deadline_words(self.term)}, "
            "kể cả khi không phát sinh số liệu.",
        ]
        return [f"{number}. {line}" for number, line in enumerate(lines, 1)]

    def _widths(self, sheet: EntrySheet | IndicatorSheet | TableSheet) -> list[float]:
        if isinstance(sheet, IndicatorSheet):
            return [9, 44, 12, *(28 if c.text else 13 for c in self.columns)]
        if isinstance(sheet, EntrySheet):
            return [8, 30, 46]
        return [5, *(float(c.width) for c in sheet.columns)]

    def _page(
        self, ws: Worksheet, header: int, last_row: int, last_column: int, wide: bool
    ) -> None:
        if wide:
            ws.set_landscape()
        ws.set_paper(look.A4)
        ws.set_margins(**(look.MARGINS_LANDSCAPE if wide else look.MARGINS_PORTRAIT))
        ws.fit_to_pages(1, 0)
        ws.center_horizontally()
        ws.repeat_rows(header)
        ws.print_area(0, 0, last_row, last_column)
        name = f"{self.agency.short} – {self.term.period.label}".replace("&", "&&")
        ws.set_footer(f'&L&"Times New Roman,Italic"&10{name}&R&"Times New Roman"&10Trang &P/&N')
        ws.hide_gridlines(2)

    # Indicators down, the form's columns across.

    def _locate(self, sheet: IndicatorSheet, header: int) -> None:
        for row, indicator in enumerate(sheet.rows, header + 1):
            for column, declared in enumerate(self.columns, len(look.INDICATOR_HEADERS)):
                if declared.id in indicator.columns:
                    place = Place(sheet.name, row + 1, column + 1)
                    self.places[indicator.code, declared.id] = place

    def _indicators(self, sheet: IndicatorSheet, ws: Worksheet, header: int) -> None:
        names = [*look.INDICATOR_HEADERS, *(c.name for c in self.columns)]
        self._header(ws, header, names, self._widths(sheet))
        for row, indicator in enumerate(sheet.rows, header + 1):
            ws.write_string(row, 0, indicator.code, self.format(look.CELL, align="center"))
            ws.write_string(row, 1, indicator.name, self.format(look.CELL, indent=1))
            ws.set_row(row, max(26, look.height(indicator.name, 42)))
            ws.write_string(row, 2, indicator.unit, self.format(look.CELL, align="center"))
            asked = []
            for column, declared in enumerate(self.columns, len(look.INDICATOR_HEADERS)):
                if self._cell(ws, row, column, indicator, declared):
                    asked.append(column)
            if asked:
                self._help(ws, row, asked, indicator)
        last_row, last_column = header + len(sheet.rows), len(names) - 1
        self._protect(ws)
        ws.freeze_panes(header + 1, 2)
        self._page(ws, header, last_row, last_column, wide=True)

    def _cell(
        self, ws: Worksheet, row: int, column: int, indicator: Indicator, declared: Column
    ) -> bool:
        """Write one cell of an indicator's row; return whether it asks for a figure."""
        if declared.text:
            note = self.format(look.CELL, bg_color=look.INPUT, locked=False, num_format="@")
            ws.write_blank(row, column, None, note)
            return False
        if declared.id not in indicator.columns:
            ws.write_blank(row, column, None, self.format(look.CELL, bg_color=look.ASKED_NOT))
            return False
        figures = {"num_format": look.number_format(indicator.kind), "align": "right"}
        if indicator.compute is None:
            asked = self.format(look.CELL, bg_color=look.INPUT, locked=False, **figures)
            ws.write_blank(row, column, None, asked)
            return True
        computed = self.format(look.CELL, bg_color=look.COMPUTED, italic=True, **figures)
        formula = percentage(indicator.compute, declared.id, self.places, ws.name)
        ws.write_formula(row, column, formula, computed, "")
        return False

    def _help(self, ws: Worksheet, row: int, columns: list[int], indicator: Indicator) -> None:
        cell = xl_rowcol_to_cell(row, columns[0])
        facts = [f"Đơn vị tính: {indicator.unit}."]
        if indicator.target:
            facts.append(f"Mục tiêu: {indicator.target}.")
        facts.append(f"Nguồn: {indicator.source}.")
        facts.append(f"Không phát sinh ghi 0; không thuộc nhiệm vụ ghi “{look.NOT_APPLICABLE}”.")
        wanted, test = _wanted(indicator.kind, indicator.minimum, indicator.maximum)
        self._validate(
            ws,
            (row, columns[0], row, columns[-1]),
            {
                "validate": "custom",
                "value": _number_or_not_applicable(cell, test),
                "error_message": f"Cần {wanted}, hoặc “{look.NOT_APPLICABLE}”.",
            },
            f"{indicator.code} {indicator.name}",
            " ".join(facts),
        )

    def _arithmetic(self) -> None:
        """Turn cells amber whose filled figures do not yet keep the form's rules."""
        amber = self.format({"bg_color": look.AMBER, "bold": True})
        for places, condition in unkept(self.form, self.places, self.term.period.is_first_of_year):
            for place in places:
                if place.sheet == places[0].sheet:
                    options = {"type": "formula", "criteria": f"={condition}", "format": amber}
                    sheet = self.book.get_worksheet_by_name(place.sheet)
                    sheet.conditional_format(place.cell, options)

    # Labelled inputs, and tables of free rows.

    def _entries(self, sheet: EntrySheet, ws: Worksheet, header: int) -> None:
        self._header(ws, header, look.ENTRY_HEADERS, self._widths(sheet))
        for row, entry in enumerate(sheet.rows, header + 1):
            ws.write_string(row, 0, entry.code, self.format(look.CELL, align="center"))
            ws.write_string(
                row, 1, entry.name, self.format(look.CELL, bold=entry.required, indent=1)
            )
            ws.write_blank(row, 2, None, self._input(entry.kind, top=entry.long))
            self._entry_help(ws, row, row, 2, entry)
            tall = 130 if entry.long else 26
            ws.set_row(row, max(tall, look.height(entry.name, 28)))
        self._protect(ws)
        if sheet is not self.form.sheets[0]:
            ws.freeze_panes(header + 1, 0)
        self._page(ws, header, header + len(sheet.rows), 2, wide=False)
        ws.set_selection(header + 1, 2, header + 1, 2)

    def _table(self, sheet: TableSheet, ws: Worksheet, header: int) -> None:
        names = [look.NUMBER_HEADER, *(c.name for c in sheet.columns)]
        self._header(ws, header, names, self._widths(sheet))
        for row in range(header + 1, header + 1 + sheet.blank_rows):
            ws.write_number(row, 0, row - header, self.format(look.CELL, align="center"))
            ws.set_row(row, 26)
            for column, declared in enumerate(sheet.columns, 1):
                ws.write_blank(row, column, None, self._input(declared.kind))
        last = header + sheet.blank_rows
        for column, declared in enumerate(sheet.columns, 1):
            self._entry_help(ws, header + 1, last, column, declared)
        self._protect(ws, insert_rows=True)
        ws.freeze_panes(header + 1, 0)
        self._page(ws, header, last, len(sheet.columns), wide=True)
        ws.set_selection(header + 1, 1, header + 1, 1)

    def _input(self, kind: Kind, top: bool = False) -> Format:
        align = {"align": "right"} if kind.is_number else {"align": "left", "indent": 1}
        return self.format(
            look.CELL,
            bg_color=look.INPUT,
            locked=False,
            num_format=look.number_format(kind),
            valign="top" if top else "vcenter",
            **align,
        )

    def _entry_help(
        self, ws: Worksheet, first: int, last: int, column: int, asked: Entry | TableColumn
    ) -> None:
        cell = xl_rowcol_to_cell(first, column)
        rule: dict[str, object] = {"validate": "any"}
        if asked.choices:
            rule = {"validate": "list", "source": self._list(asked.choices)}
            rule["error_message"] = "Chọn một trong các giá trị của danh sách."
        elif asked.kind is Kind.DATE:
            rule = {"validate": "date", "criteria": ">=", "value": EARLIEST}
            rule["error_message"] = "Cần một ngày, ví dụ 14/09/2016."
        elif asked.kind.is_number:
            wanted, test = _wanted(asked.kind, 0, None)
            rule = {"validate": "custom", "value": _number_or_not_applicable(cell, test)}
            rule["error_message"] = f"Cần {wanted}."
        needed = "Bắt buộc trả lời. " if asked.required else ""
        message = f"{needed}{asked.hint}".strip()
        if message or rule["validate"] != "any":
            self._validate(ws, (first, column, last, column), rule, asked.name, message)

    def _validate(
        self,
        ws: Worksheet,
        cells: tuple[int, int, int, int],
        rule: dict[str, object],
        title: str,
        message: str,
    ) -> None:
        """Attach input help; a doubtful answer is asked about and never forbidden."""
        options = {
            **rule,
            "ignore_blank": True,
            "input_title": look.shortened(title, 32),
            "input_message": look.shortened(message, 255),
            "error_title": "Xin xem lại số liệu",
            "error_type": "warning",
        }
        ws.data_validation(*cells, options)

    def _list(self, choices: tuple[str, ...]) -> str:
        """Return a reference to these choices, kept beside the identity."""
        if choices not in self.choices:
            self.choices.append(choices)
        letters = xl_col_to_name(FIRST_CHOICES + self.choices.index(choices))
        return f"={quoted(IDENTITY_SHEET)}!${letters}$1:${letters}${len(choices)}"

    def _header(
        self, ws: Worksheet, row: int, names: Sequence[str], widths: Sequence[float]
    ) -> None:
        for column, name in enumerate(names):
            ws.write_string(row, column, name, self.format(look.HEAD))
        pairs = zip(names, widths, strict=True)
        ws.set_row(row, max(24, *(look.height(n, w * 0.85) for n, w in pairs)))

    def _protect(self, ws: Worksheet, **more: bool) -> None:
        ws.protect("", {"format_columns": True, "format_rows": True, **more})

    def _identity(self) -> None:
        ws = self.book.add_worksheet(IDENTITY_SHEET)
        term = self.term
        identity = Identity(
            self.form.id,
            self.form.version,
            term.regime,
            term.duty,
            self.agency.code,
            term.period.id,
        )
        for row, (key, value) in enumerate(asdict(identity).items()):
            ws.write_string(row, 0, key)
            ws.write_string(row, 1, str(value))
            place = Place(IDENTITY_SHEET, row + 1, 2).seen_from("")
            self.book.define_name(f"KBC_{key}", f"={place}")
        for column, choices in enumerate(self.choices, FIRST_CHOICES):
            ws.write_column(0, column, choices)
        ws.protect()
        ws.very_hidden()


def _wanted(kind: Kind, minimum: float | None, maximum: float | None) -> tuple[str, str]:
    """Return what a figure should be, in words and as a formula over the cell `{0}`."""
    words = ["một số nguyên" if kind is Kind.INTEGER else "một số"]
    tests = ["{0}=INT({0})"] if kind is Kind.INTEGER else ["TRUE"]
    if minimum is not None:
        words.append(f"từ {minimum:g}")
        tests.append(f"{{0}}>={minimum:g}")
    if maximum is not None:
        words.append(f"đến {maximum:g}")
        tests.append(f"{{0}}<={maximum:g}")
    return " ".join(words), f"AND({','.join(tests)})"


def _number_or_not_applicable(cell: str, test: str) -> str:
    return f'=IF(ISNUMBER({cell}),{test.format(cell)},{cell}="{look.NOT_APPLICABLE}")'


def _middle(widths: Sequence[float]) -> int:
    """Return how many columns make up the left half of the page."""
    total, taken = sum(widths), 0.0
    for count, width in enumerate(widths, 1):
        taken += width
        if taken >= 0.45 * total:
            return min(count, len(widths) - 1)
    return len(widths) - 1


def _merge(ws: Worksheet, row: int, first: int, last: int, text: str, form: Format) -> None:
    if first == last:
        ws.write_string(row, first, text, form)
    else:
        ws.merge_range(row, first, row, last, "", form)
        ws.write_string(row, first, text, form)
