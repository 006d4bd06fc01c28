"""What every sheet of a blank workbook shares: title block, header, help, page set-up."""

from collections.abc import Mapping, Sequence
from datetime import date

from xlsxwriter.format import Format
from xlsxwriter.utility import xl_col_to_name
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from kybaocao.adapters.workbooks import look
from kybaocao.rules.calendar.official_days import deadline_words, window_words
from kybaocao.rules.cells.text import shortened
from kybaocao.rules.cycle.obligation import Term
from kybaocao.rules.form.form import (
    IDENTITY_SHEET,
    EntrySheet,
    Form,
    IndicatorSheet,
    TableSheet,
    TaskRows,
)
from kybaocao.rules.form.formulas import Place, quoted
from kybaocao.rules.form.headers import NOT_APPLICABLE
from kybaocao.rules.regime.agency import Agency
from kybaocao.rules.regime.duty import Duty
from kybaocao.rules.regime.names import agency_name, document_words, province_line, report_title
from kybaocao.rules.regime.regime import Regime
from kybaocao.rules.regime.task import OpenTask

FIRST_CHOICES = 3
"""The column (0-based) of the hidden sheet from which on the drop-downs' choices stand."""


CHOICES_NAME = "KBC_danh_sach_"
CELL_NAME = "KBC_so_lieu_"
"""Names of lists and cells that other sheets refer to, each with a number behind."""


# What is filled in already, by (row code, column id); an entry has the column "".
Inputs = Mapping[tuple[str, str], float | str | date]


class BlankBook:
    """The workbook being written and the facts that its sheets show."""

    def __init__(
        self,
        file: Workbook,
        form: Form,
        agency: Agency,
        regime: Regime,
        duty: Duty,
        term: Term,
        tasks: Sequence[OpenTask] = (),
        inputs: Inputs | None = None,
    ) -> None:
        self.file = file
        self.form = form
        self.agency = agency
        self.regime = regime
        self.duty = duty
        self.term = term
        self.tasks = tasks
        self.inputs = inputs or {}
        self.columns = form.columns_for(term.period.frequency)
        self.places: dict[tuple[str, str], Place] = {}
        self.choices: list[tuple[str, ...]] = []
        self.named: list[Place] = []
        self.format: look.Formats[Format] = look.Formats(file.add_format)

    def title(self, sheet: EntrySheet | IndicatorSheet | TableSheet, ws: Worksheet) -> int:
        """Write the lines above the header and return the header's row (0-based)."""
        widths = self.widths(sheet)
        for column, width in enumerate(widths):
            ws.set_column(column, column, width, self.format(look.BASE))
        last, middle = len(widths) - 1, _middle(widths)
        left, right = sum(widths[:middle]), sum(widths[middle:])
        bold = self.format(look.BASE, bold=True, align="center", text_wrap=True, valign="top")
        plain = self.format(look.BASE, align="center", text_wrap=True, valign="top")
        pairs = (
            (self._superior(), plain, f"Đơn vị nhận báo cáo: {self._recipient()}", plain),
            (
                self.agency.name.upper(),
                bold,
                f"Hạn nộp: {deadline_words(self.term.due.last_day)}",
                bold,
            ),
        )
        for row, (one, one_look, two, two_look) in enumerate(pairs):
            put_across(ws, row, 0, middle - 1, one, one_look)
            put_across(ws, row, middle, last, two, two_look)
            ws.set_row(row, max(look.height(one, left * 0.65), look.height(two, right * 0.8)))
        whole = left + right
        first = sheet is self.form.sheets[0]
        title = f"{self.form.title}\n{sheet.title}" if first else sheet.title
        label = self.term.period.label
        name = report_title(self.duty.name, label) if first else label
        period = f"{name} ({window_words(self.term.window, self.form.covers)})"
        basis = f"Căn cứ: {document_words(self.regime.document)}, {self.duty.clause}"
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
            texts += [(line, guide, 16.5, 1.0) for line in self._guide()]
        if sheet.note:
            texts.append((sheet.note, self.format(look.SUBTITLE, valign="top"), 16.5, 1.0))
        row = len(pairs)
        for text, text_look, line, share in texts:
            put_across(ws, row, 0, last, text, text_look)
            ws.set_row(row, look.height(text, whole * share, line) + (8 if line > 17 else 0))
            row += 1
        return row

    def _superior(self) -> str:
        """Return the head line: the province, or the district of its communes and offices."""
        superior = self.regime.agencies.get(self.agency.parent or "")
        if superior is None or superior.level == next(iter(self.regime.levels), ""):
            return province_line(self.regime)
        return superior.name.upper()

    def _recipient(self) -> str:
        recipient = agency_name(self.regime, self.duty.recipient)
        if self.duty.through is None:
            return recipient
        return f"{recipient} (qua {agency_name(self.regime, self.duty.through)})"

    def _guide(self) -> list[str]:
        collector = agency_name(self.regime, self.duty.through or self.duty.recipient)
        lines = [
            "Chỉ nhập vào ô nền xanh nhạt; ô xám không phải nhập; tỷ lệ phần trăm tự tính. "
            "Bấm vào một ô để xem hướng dẫn.",
            "Không phát sinh: ghi 0. Không thuộc nhiệm vụ của đơn vị: ghi "
            f"“{NOT_APPLICABLE}”. {self._required()}",
            "Ô chuyển màu cam là các số chưa khớp nhau, cần xem lại.",
            "Không đổi tên trang tính; không thêm, xóa hoặc chuyển cột.",
            f"Lưu tệp dạng .xlsx và gửi {collector} {deadline_words(self.term.due.last_day)}, "
            "kể cả khi không phát sinh số liệu.",
        ]
        if self.form.note:
            lines.append(self.form.note)
        return [f"{number}. {line}" for number, line in enumerate(lines, 1)]

    def _required(self) -> str:
        names = [f"“{c.name}”" for c in self.columns if c.required]
        if not names:
            return "Không để trống."
        return f"Không để trống cột {' và cột '.join(names)}; câu hỏi in đậm phải trả lời."

    def input(
        self, ws: Worksheet, row: int, column: int, place: tuple[str, str], form: Format
    ) -> None:
        """Write the input of a place: blank, unless it is filled in already."""
        value = self.inputs.get(place)
        if value is None:
            ws.write_blank(row, column, None, form)
        elif isinstance(value, str):
            ws.write_string(row, column, value, form)
        elif isinstance(value, date):
            ws.write_datetime(row, column, value, form)
        else:
            ws.write_number(row, column, value, form)

    def task_rows(self, sheet: TableSheet) -> TaskRows | None:
        """Return how a table shows the open tasks, or None if it shows none."""
        return sheet.tasks_for(self.term.period.frequency) if self.tasks else None

    def widths(self, sheet: EntrySheet | IndicatorSheet | TableSheet) -> list[float]:
        """Return the widths of the columns, in digits of the default font."""
        if isinstance(sheet, IndicatorSheet):
            return [9, 44, 13, *(28 if c.text else 14 for c in self.columns)]
        if isinstance(sheet, EntrySheet):
            return [8, 30, 46]
        return [5, *(float(c.width) for c in sheet.columns)]

    def page(self, ws: Worksheet, header: int, last_row: int, last_column: int, wide: bool) -> None:
        """Set paper, margins, footer and print area (last row and column, 0-based)."""
        if wide:
            ws.set_landscape()
        ws.set_paper(look.A4)
        ws.set_margins(**(look.MARGINS_LANDSCAPE if wide else look.MARGINS_PORTRAIT))
        ws.fit_to_pages(1, 0)
        ws.center_horizontally()
        ws.repeat_rows(header)
        ws.print_area(0, 0, last_row, last_column)
        name = f"{self.agency.short} – {self.term.period.label}".replace("&", "&&")
        ws.set_footer(
            f'&L&10&"Times New Roman,Italic"{name}&R&10&"Times New Roman,Regular"Trang &P/&N'
        )
        ws.hide_gridlines(2)

    def header(
        self, ws: Worksheet, row: int, names: Sequence[str], widths: Sequence[float]
    ) -> None:
        """Write the header row (0-based), tall enough for its names."""
        for column, name in enumerate(names):
            ws.write_string(row, column, name, self.format(look.HEAD))
        pairs = zip(names, widths, strict=True)
        ws.set_row(row, max(24, *(look.height(n, w * 0.85) for n, w in pairs)))

    def protect(self, ws: Worksheet, **more: bool) -> None:
        """Lock what is not asked for, without a password."""
        ws.protect("", {"format_columns": True, "format_rows": True, **more})

    def validate(
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
            "input_title": shortened(title, 32),
            "input_message": shortened(message, 255),
            "error_title": "Xin xem lại số liệu",
            "error_type": "warning",
        }
        ws.data_validation(*cells, options)

    def list_of(self, choices: tuple[str, ...]) -> str:
        """Return the name of these choices, which are kept beside the identity."""
        if choices not in self.choices:
            self.choices.append(choices)
            letters = xl_col_to_name(FIRST_CHOICES + len(self.choices) - 1)
            cells = f"{quoted(IDENTITY_SHEET)}!${letters}$1:${letters}${len(choices)}"
            self.file.define_name(f"{CHOICES_NAME}{len(self.choices)}", f"={cells}")
        return f"={CHOICES_NAME}{self.choices.index(choices) + 1}"

    def refer(self, place: Place, sheet: str) -> str:
        """Return what a formula on `sheet` writes for a cell: its name if it stands elsewhere.

        Excel keeps references to other sheets out of conditional formats, but allows names.
        """
        if place.sheet == sheet:
            return place.seen_from(sheet)
        if place not in self.named:
            self.named.append(place)
            name = f"{CELL_NAME}{len(self.named)}"
            self.file.define_name(name, f"={place.seen_from(sheet)}")
        return f"{CELL_NAME}{self.named.index(place) + 1}"


def _middle(widths: Sequence[float]) -> int:
    """Return how many columns make up the left half of the page."""
    total, taken = sum(widths), 0.0
    for count, width in enumerate(widths, 1):
        taken += width
        if taken >= 0.45 * total:
            return min(count, len(widths) - 1)
    return len(widths) - 1


def put_across(ws: Worksheet, row: int, first: int, last: int, text: str, form: Format) -> None:
    if first == last:
        ws.write_string(row, first, text, form)
    else:
        ws.merge_range(row, first, row, last, "", form)
        ws.write_string(row, first, text, form)
