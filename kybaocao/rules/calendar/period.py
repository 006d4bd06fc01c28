"""Reporting periods and the windows of days whose data they cover."""

import calendar
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from kybaocao.rules.calendar.frequency import Frequency
from kybaocao.rules.cells.phrases import capital


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

    The ids of the others are `2016-M03`, `2016-H1`, `2016-9M`, `2016`, `2016-once` (a report
    owed once, in the year in which it is due) and `2016-R1` (the year's first request).
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
        match = re.fullmatch(r"(\d{4})(?:-[A-Z]*([1-9]\d{0,2}|0[1-9])|-9M|-once)?", text.strip())
        if match is not None:
            year, index = int(match[1]), int(match[2] or 1)
            for frequency in Frequency:
                if text.strip() == f"{year}{frequency.id_of(index)}":
                    return cls(year, frequency, index)
        raise ValueError(
            f"'{text}' is no period: expected 2016-M03, 2016-Q3, 2016-H1, 2016-9M, 2016, "
            "2016-once or 2016-R1"
        )

    @property
    def id(self) -> str:
        return f"{self.year}{self.frequency.id_of(self.index)}"

    def __str__(self) -> str:
        return self.id

    @property
    def label(self) -> str:
        """The period as officials write it: `Quý III năm 2016`."""
        return capital(f"{self.frequency.name_of(self.index)} năm {self.year}".lstrip())

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


def days_in(year: int, month: int) -> int:
    """Return the number of days of a month."""
    return calendar.monthrange(year, month)[1]


def periods(frequency: Frequency, first_year: int, last_year: int) -> Iterator[Period]:
    """Yield every period of the years given, both included, in order."""
    for year in range(first_year, last_year + 1):
        for index in range(1, frequency.per_year + 1):
            yield Period(year, frequency, index)
