"""What number formats and fonts make of a cell's value."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import Enum

from kybaocao.rules.cells import legacy_text, numbers
from kybaocao.rules.cells.grid import Value


class Shows(Enum):
    """What a number format shows."""

    NUMBER = "number"
    PERCENT = "percent"
    DATE = "date"
    DURATION = "duration"


@dataclass(frozen=True)
class Look:
    """How a cell looks: what its format shows, and the name of its font if it is an old one."""

    shows: Shows = Shows.NUMBER
    font: str = ""


PLAIN = Look()
_SHOWN: dict[str, Shows] = {
    **dict.fromkeys(["9", "10"], Shows.PERCENT),
    **{
        str(number): Shows.DATE
        for first, last in ((14, 22), (27, 36), (45, 47), (50, 58))
        for number in range(first, last + 1)
    },
    "46": Shows.DURATION,
}
_QUOTED = re.compile(r'"[^"]*"|\\.|_.|\*.|\[[^\]]*\]')
_ELAPSED = re.compile(r"\[(h+|m+|s+)\]", re.IGNORECASE)


def shows(number: str, formats: Mapping[str, str]) -> Shows:
    """Return what the number format of id `number` shows; `formats` are the file's own codes."""
    return format_shows(formats[number]) if number in formats else _SHOWN.get(number, Shows.NUMBER)


def format_shows(code: str) -> Shows:
    """Return what a number format's code shows (ECMA-376 part 1, 18.8.31)."""
    bare = _QUOTED.sub("", code)
    if "%" in bare:
        return Shows.PERCENT
    if _ELAPSED.search(code):
        return Shows.DURATION
    first = bare.split(";")[0].casefold()
    if first == "general" or "#" in first or not re.search("[dmyhs]", first):
        return Shows.NUMBER
    return Shows.DATE


def look(number: str, formats: Mapping[str, str], font: str) -> Look:
    """Return the look of a style of that number format and font."""
    return Look(shows(number, formats), font if legacy_text.is_legacy(font) else "")


def percentage(value: float) -> str:
    """Return a number whose format shows percent as the sender sees it: 0.9833 is `98,33%`."""
    points = numbers.shown(float(f"{100 * value:.12g}")).replace(".", "")
    # Three decimals could be taken for thousands; a fourth cannot.
    return f"{points}{'0' if re.search(',[0-9]{3}$', points) else ''}%"


_LAST_DAY = 2_958_465
_DAY = 86_400


def moment(serial: float, shown: Shows, since_1904: bool) -> Value:
    """Return the date, time or duration of a serial number of days; itself if there is none.

    Days count from 1900, whose 29 February spreadsheets believe in, or from 1904.
    """
    if shown is Shows.DURATION and abs(serial) <= _LAST_DAY:
        return timedelta(seconds=round(serial * _DAY))
    if not 0 <= serial <= _LAST_DAY:
        return serial
    days, seconds = divmod(round(serial * _DAY), _DAY)
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
