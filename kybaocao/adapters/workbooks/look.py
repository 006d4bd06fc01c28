"""The look that every workbook of ours shares: fonts, colours, margins, heights."""

import math
from collections.abc import Callable
from typing import Any, Generic, TypeVar

from kybaocao.rules.cells.text import clean, shortened
from kybaocao.rules.form.form import InputKind

T = TypeVar("T")

LONGEST_TEXT = 32_767
"""The most characters that a cell or a comment may hold, counted as UTF-16 units."""


Look = dict[str, Any]


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


NARROWNESS = 0.86
"""The part of that unit which an average letter takes."""


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


def number_format(kind: InputKind) -> str:
    """Return the spreadsheet number format of an input or figure of that kind."""
    if kind is InputKind.INTEGER:
        return "#,##0"
    if kind in (InputKind.DECIMAL, InputKind.PERCENT):
        return "#,##0.00"
    return "dd/mm/yyyy" if kind is InputKind.DATE else "@"


def lines(text: str, width: float) -> int:
    """Return how many lines `text` takes when wrapped in a column `width` characters wide."""
    return sum(max(1, math.ceil(len(part) * NARROWNESS / (width - 2))) for part in text.split("\n"))


def height(text: str, width: float, line: float = 16.5) -> float:
    """Return the points that `text` needs in merged cells `width` characters wide.

    Spreadsheet programs fit the height of plain rows by themselves, but not of merged cells.
    """
    return lines(text, width) * line + 3


def cell_text(text: str) -> str:
    """Return text that a cell can hold: no control or invisible characters, not too long."""
    fit = clean(text)
    if len(fit.encode("utf-16-le")) <= 2 * LONGEST_TEXT:
        return fit
    # At worst each character takes two units.
    return shortened(fit, LONGEST_TEXT if fit.isascii() else LONGEST_TEXT // 2)
