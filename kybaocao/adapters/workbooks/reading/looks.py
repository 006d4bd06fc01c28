"""What number formats and fonts make of a cell's value."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from kybaocao.rules.cells import legacy_text, number_formats, numbers
from kybaocao.rules.cells.grid import Value
from kybaocao.rules.cells.number_formats import Shows


@dataclass(frozen=True)
class Look:
    """How a cell looks: its number format (empty where values show as they are stored), and the
    name of its font if it is an old one.
    """

    code: str = ""
    font: str = ""


PLAIN = Look()
# What these dates look like is the sender's own setting.
_DAY = "d/m/yyyy"
_BUILT_IN = {
    **{
        str(n): _DAY
        for first, last in ((14, 17), (27, 36), (50, 58))
        for n in range(first, last + 1)
    },
    **{"9": "0%", "10": "0.00%", "11": "0.00E+00", "12": "# ?/?", "13": "# ??/??"},
    **{"18": "h:mm AM/PM", "19": "h:mm:ss AM/PM", "20": "h:mm", "21": "h:mm:ss"},
    **{"22": f"{_DAY} h:mm", "45": "mm:ss", "46": "[h]:mm:ss", "47": "mm:ss.0"},
    **{"37": "#,##0 ;(#,##0)", "38": "#,##0 ;[Red](#,##0)"},
    **{"39": "#,##0.00;(#,##0.00)", "40": "#,##0.00;[Red](#,##0.00)"},
    **dict.fromkeys(("41", "42"), '_(* #,##0_);_(* (#,##0);_(* "-"_);_(@_)'),
    **dict.fromkeys(("43", "44"), '_(* #,##0.00_);_(* (#,##0.00);_(* "-"??_);_(@_)'),
}
"""The number formats that files name by number alone (ECMA-376 part 1, 18.8.30), but for those
that show numbers as they are stored."""


def code_of(number: str, formats: Mapping[str, str]) -> str:
    """Return the code of the number format of id `number`; `formats` are the file's own codes."""
    return formats[number] if number in formats else _BUILT_IN.get(number, "")


def look(code: str, font: str) -> Look:
    """Return the look of a style of that number format and font."""
    font = font if legacy_text.is_legacy(font) else ""
    return Look("" if number_formats.is_plain(code) else code, font)


def percentage(value: float) -> str:
    """Return a number whose format shows percent as the sender sees it: 0.9833 is `98,33%`."""
    return points(float(f"{100 * value:.12g}"))


def points(value: float) -> str:
    """Return percentage points with their sign: 98.33 is `98,33%`."""
    said = numbers.shown(value).replace(".", "")
    # Three decimals could be taken for thousands; a fourth cannot.
    return f"{said}{'0' if re.search(',[0-9]{3}$', said) else ''}%"


_LAST_DAY = 2_958_465
_SECONDS = 86_400


def moment(serial: float, shown: Shows, since_1904: bool) -> Value:
    """Return the date, time or duration of a serial number of days; itself if there is none.

    Days count from 1900, whose 29 February spreadsheets believe in, or from 1904.
    """
    if shown is Shows.DURATION and abs(serial) <= _LAST_DAY:
        return timedelta(seconds=round(serial * _SECONDS))
    if not 0 <= serial <= _LAST_DAY:
        return serial
    days, seconds = divmod(round(serial * _SECONDS), _SECONDS)
    if not days and not since_1904:
        return time(seconds // 3600, seconds // 60 % 60, seconds % 60)
    if since_1904:
        first = date(1904, 1, 1)
    elif days == 60:
        return serial
    else:
        first = date(1899, 12, 31) if days < 60 else date(1899, 12, 30)
    try:
        day = first + timedelta(days)
    except OverflowError:
        return serial
    if not seconds:
        return day
    return datetime(day.year, day.month, day.day) + timedelta(seconds=seconds)
