"""Reporting periods and the windows of days whose data they cover."""

import calendar
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

ROMAN = {1: "I", 2: "II", 3: "III", 4: "IV"}
MOST_REQUESTS = 999


class Frequency(StrEnum):
    """How often a duty recurs; each value is the word used in config."""

    QUARTER = "quarter"
    HALF_YEAR = "half-year"
    NINE_MONTHS = "nine-months"
    YEAR = "year"
    ONCE = "once"
    REQUEST = "request"

    @property
    def recurs(self) -> bool:
        """Whether the calendar alone brings the report back."""
        return self not in (Frequency.ONCE, Frequency.REQUEST)

    @property
    def months(self) -> int:
        """Months in one period; a report that does not recur belongs to its year."""
        return {"quarter": 3, "half-year": 6, "nine-months": 9}.get(self.value, 12)

    @property
    def per_year(self) -> int:
        """The most periods in one year."""
        if self is Frequency.REQUEST:
            return MOST_REQUESTS
        return {"quarter": 4, "half-year": 2}.get(self.value, 1)


class WindowRule(StrEnum):
    """Which days a period's data cover.

    MID_MONTH runs from the 15th of the month before the period to the 14th of its last
    month (Nghị định 09/2019/NĐ-CP, điều 12).
    """

    CALENDAR = "calendar"
    MID_MONTH = "mid-month"


@dataclass(frozen=True)
class Window:
    """A span of days, both ends included."""

    first: date
    last: date

    def __contains__(self, day: date) -> bool:
        return self.first <= day <= self.last


@dataclass(frozen=True, order=True)
class Period:
    """One reporting period, such as quarter 3 of 2016; its id is `2016-Q3`.

    The ids of the others are `2016-H1`, `2016-9M`, `2016`, `2016-once` (a report owed once,
    in the year in which it is due) and `2016-R1` (the year's first request for a report).
    """

    year: int
    frequency: Frequency
    index: int

    def __post_init__(self) -> None:
        if not 1 <= self.index <= self.frequency.per_year:
            raise ValueError(f"{self.frequency} has no period {self.index}")

    @classmethod
    def parse(cls, text: str) -> "Period":
        """Return the period whose id is `text`. Raises ValueError if it is none."""
        match = re.fullmatch(r"(\d{4})(?:-(Q|H|R)([1-9]\d{0,2})|-(9M|once))?", text.strip())
        if match is None:
            raise ValueError(
                f"'{text}' is no period: expected 2016-Q3, 2016-H1, 2016-9M, 2016, "
                "2016-once or 2016-R1"
            )
        year, kind, index, word = match.groups()
        return cls(int(year), _FREQUENCIES[kind or word], int(index or 1))

    @property
    def id(self) -> str:
        mark = {frequency: mark for mark, frequency in _FREQUENCIES.items()}[self.frequency]
        if mark is None:
            return str(self.year)
        return f"{self.year}-{mark}" + (str(self.index) if len(mark) == 1 else "")

    def __str__(self) -> str:
        return self.id

    @property
    def label(self) -> str:
        """The period as officials write it: `Quý III năm 2016`."""
        if self.frequency is Frequency.QUARTER:
            return f"Quý {ROMAN[self.index]} năm {self.year}"
        if self.frequency is Frequency.HALF_YEAR:
            return f"6 tháng {'đầu' if self.index == 1 else 'cuối'} năm {self.year}"
        if self.frequency is Frequency.NINE_MONTHS:
            return f"9 tháng năm {self.year}"
        if self.frequency is Frequency.REQUEST:
            return f"Lần {self.index} năm {self.year}"
        return f"Năm {self.year}"

    @property
    def first_month(self) -> int:
        return self.last_month - self.frequency.months + 1

    @property
    def last_month(self) -> int:
        return (self.index if self.frequency.recurs else 1) * self.frequency.months

    @property
    def month_end(self) -> date:
        """The last day of the period's last month."""
        return date(self.year, self.last_month, days_in(self.year, self.last_month))

    @property
    def is_first_of_year(self) -> bool:
        return self.index == 1

    def previous(self) -> "Period":
        if self.index > 1:
            return Period(self.year, self.frequency, self.index - 1)
        return Period(self.year - 1, self.frequency, self.frequency.per_year)

    def window(self, rule: WindowRule) -> Window:
        """Return the days whose data this period covers."""
        first = date(self.year, self.first_month, 1)
        if rule is WindowRule.CALENDAR:
            return Window(first, self.month_end)
        before = first - timedelta(days=1)
        return Window(before.replace(day=15), date(self.year, self.last_month, 14))


_FREQUENCIES: dict[str | None, Frequency] = {
    "Q": Frequency.QUARTER,
    "H": Frequency.HALF_YEAR,
    "9M": Frequency.NINE_MONTHS,
    None: Frequency.YEAR,
    "once": Frequency.ONCE,
    "R": Frequency.REQUEST,
}


def days_in(year: int, month: int) -> int:
    """Return the number of days of a month."""
    return calendar.monthrange(year, month)[1]


def periods(frequency: Frequency, first_year: int, last_year: int) -> Iterator[Period]:
    """Yield every period of the years given, both included, in order."""
    for year in range(first_year, last_year + 1):
        for index in range(1, frequency.per_year + 1):
            yield Period(year, frequency, index)
