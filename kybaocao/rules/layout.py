"""The look and the wording that every workbook of ours shares: headers, fonts, colours, dates."""

import math
from collections.abc import Callable
from datetime import date, datetime
from typing import Any, Generic, TypeVar

from kybaocao.rules.calendar.period import Window
from kybaocao.rules.cells.text import clean
from kybaocao.rules.cycle.obligation import VIETNAM, Term
from kybaocao.rules.form.form import CODE_HEADER, Kind
from kybaocao.rules.regime.agency import Agency, Level
from kybaocao.rules.regime.regime import Document, Regime

Look = dict[str, Any]
T = TypeVar("T")

INDICATOR_HEADERS = (CODE_HEADER, "Chỉ tiêu", "Đơn vị tính")
ENTRY_HEADERS = (CODE_HEADER, "Nội dung", "Trả lời")
NUMBER_HEADER = "STT"
NOT_APPLICABLE = "Không áp dụng"

NATION = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"
MOTTO = "Độc lập - Tự do - Hạnh phúc"

INK = "#1F2A37"
INPUT = "#EAF3FB"
ASKED_NOT = "#D9D9D9"
COMPUTED = "#F3F3F3"
AMBER = "#FFC266"
HEADER = "#D6E4F0"
GROUP = "#EEF3F8"
RED = "#B42318"
LINE = "#9AA5B1"
BARS = "#2F6DA3"
STRONG_BARS = "#0B3C66"
LATE = "#E08A1E"
MISSING = "#A8A8A8"

BASE: Look = {"font_name": "Times New Roman", "font_size": 12, "font_color": INK}
CELL: Look = {**BASE, "border": 1, "border_color": LINE, "valign": "vcenter", "text_wrap": True}
HEAD: Look = {**CELL, "bold": True, "align": "center", "bg_color": HEADER}
TITLE: Look = {**BASE, "bold": True, "font_size": 14, "align": "center", "text_wrap": True}
SUBTITLE: Look = {**BASE, "italic": True, "align": "center", "text_wrap": True}

MARGINS_PORTRAIT = {"left": 0.98, "right": 0.6, "top": 0.7, "bottom": 0.75}
MARGINS_LANDSCAPE = {"left": 0.6, "right": 0.5, "top": 0.8, "bottom": 0.7}
A4 = 9
LONGEST_TEXT = 32_767
"""The most characters that a cell or a comment may hold, counted as UTF-16 units."""

NARROWNESS = 0.86
"""The part of that unit which an average letter takes."""

LEVEL_NAMES = {
    Level.PROVINCE: "Cấp tỉnh",
    Level.DEPARTMENT: "Sở, ban, ngành",
    Level.DISTRICT: "UBND huyện, thị xã, thành phố",
    Level.OFFICE: "Phòng, ban cấp huyện",
    Level.COMMUNE: "UBND xã, phường, thị trấn",
}

DOCUMENT_KINDS = {
    "QĐ": "Quyết định",
    "KH": "Kế hoạch",
    "NĐ": "Nghị định",
    "NQ": "Nghị quyết",
    "CT": "Chỉ thị",
}


class Formats(Generic[T]):
    """The formats of one workbook, each made once by `make`."""

    def __init__(self, make: Callable[[Look], T]) -> None:
        self._make = make
        self._made: dict[tuple[tuple[str, Any], ...], T] = {}

    def __call__(self, base: Look, **more: Any) -> T:
        """Return the format that looks like `base` with `more`."""
        look = {**base, **more}
        key = tuple(sorted(look.items()))
        if key not in self._made:
            self._made[key] = self._make(look)
        return self._made[key]


def workbook_options() -> Look:
    """Return the options that XlsxWriter gets for every workbook; it changes them.

    The default font makes the unit of column widths, one digit; rows and columns have the
    pixels of this font. No font scheme, since that of the theme would put Calibri in its place.
    """
    return {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "default_format_properties": {
            "font_name": "Times New Roman",
            "font_size": 12,
            "font_scheme": "none",
        },
        "default_row_height": 21,
        "default_column_width": 72,
    }


def number_format(kind: Kind) -> str:
    """Return the spreadsheet number format of an input or figure of that kind."""
    if kind is Kind.INTEGER:
        return "#,##0"
    if kind in (Kind.DECIMAL, Kind.PERCENT):
        return "#,##0.00"
    return "dd/mm/yyyy" if kind is Kind.DATE else "@"


def official_day(day: date) -> str:
    """Return a day as officials write it (Nghị định 30/2020/NĐ-CP): `14/9/2016`, `05/02/2017`."""
    return f"{day.day:02d}/{day.month:0{2 if day.month <= 2 else 1}d}/{day.year}"


def local_time(moment: datetime) -> str:
    """Return an aware time in Vietnam: `07:00 ngày 15/9/2016`."""
    local = moment.astimezone(VIETNAM)
    return f"{local:%H:%M} ngày {official_day(local)}"


def span_words(window: Window) -> str:
    """Return the days of a window: `từ ngày 15/6/2016 đến ngày 14/9/2016`."""
    return f"từ ngày {official_day(window.first)} đến ngày {official_day(window.last)}"


def window_words(window: Window, covers: str = "số liệu") -> str:
    """Return the days covered: `số liệu từ ngày 15/6/2016 đến ngày 14/9/2016`."""
    return f"{covers} {span_words(window)}"


def deadline_words(term: Term) -> str:
    """Return the last moment in time: `trước 24 giờ ngày 14/9/2016`."""
    return f"trước 24 giờ ngày {official_day(term.due.last_day)}"


def report_title(name: str, period: str) -> str:
    """Return the report's name and period: `Báo cáo cải cách hành chính quý III năm 2016`.

    A name that ends as the period begins (`… quý`, `Quý III …`) says the words once.
    """
    names, periods = name.split(), period.split()
    for shared in range(min(len(names) - 1, len(periods)), 0, -1):
        if names[-shared:] == [word.casefold() for word in periods[:shared]]:
            return " ".join((*names, *periods[shared:]))
    return " – ".join(filter(None, (name, period)))


def province_line(regime: Regime) -> str:
    """Return the head line of the province's documents: `UBND TỈNH QUẢNG NAM`."""
    name = regime.province.strip().upper()
    return f"UBND {name}" if name.startswith(("TỈNH", "THÀNH PHỐ")) else f"UBND TỈNH {name}"


def document_words(document: Document) -> str:
    """Return `Quyết định số 1908/QĐ-UBND ngày 02/6/2016 của Ủy ban nhân dân tỉnh Quảng Nam`."""
    mark = document.number.rpartition("/")[2].partition("-")[0]
    kind = DOCUMENT_KINDS.get(mark, "Văn bản")
    day = f" ngày {official_day(document.date)}" if document.date else ""
    return f"{kind} số {document.number}{day} của {document.issuer}"


def agency_name(regime: Regime, code: str) -> str:
    """Return the full name of one of the regime's agencies, or its code if it has none."""
    agency: Agency | None = regime.agencies.get(code)
    return agency.name if agency else code


def lines(text: str, width: float) -> int:
    """Return how many lines `text` takes when wrapped in a column `width` characters wide."""
    return sum(max(1, math.ceil(len(part) * NARROWNESS / (width - 2))) for part in text.split("\n"))


def height(text: str, width: float, line: float = 16.5) -> float:
    """Return the points that `text` needs in merged cells `width` characters wide.

    Spreadsheet programs fit the height of plain rows by themselves, but not of merged cells.
    """
    return lines(text, width) * line + 3


def shortened(text: str, limit: int) -> str:
    """Return `text` in at most `limit` characters, cut at a word with an ellipsis."""
    if len(text) <= limit:
        return text
    return text[: limit - 1].rsplit(" ", 1)[0] + "…"


def cell_text(text: str) -> str:
    """Return text that a cell can hold: no control or invisible characters, not too long."""
    fit = clean(text)
    if len(fit.encode("utf-16-le")) <= 2 * LONGEST_TEXT:
        return fit
    # At worst each character takes two units.
    return shortened(fit, LONGEST_TEXT if fit.isascii() else LONGEST_TEXT // 2)
