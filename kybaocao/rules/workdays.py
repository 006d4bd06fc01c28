"""Working days of public offices, and the named rules for a deadline on a day off."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

ONE_DAY = timedelta(days=1)


class Shift(StrEnum):
    """What becomes of a deadline that falls on a day off; a regime chooses one."""

    NONE = "none"
    NEXT = "next-working-day"
    PREVIOUS = "previous-working-day"


@dataclass(frozen=True)
class WorkCalendar:
    """The working days of public offices: Monday to Friday, less `off`, plus `working`.

    `off` and `working` name the reason of each day; `working` wins (a swapped Saturday).
    """

    off: Mapping[date, str]
    working: Mapping[date, str]

    def is_working(self, day: date) -> bool:
        if day in self.working:
            return True
        return day.weekday() < 5 and day not in self.off

    def reason_off(self, day: date) -> str | None:
        """Return why `day` is off, in Vietnamese, or None if it is a working day."""
        if self.is_working(day):
            return None
        return self.off.get(day) or ("Thứ Bảy" if day.weekday() == 5 else "Chủ nhật")

    def on_or_before(self, day: date) -> date:
        """Return the last working day that is not after `day`."""
        while not self.is_working(day):
            day -= ONE_DAY
        return day

    def on_or_after(self, day: date) -> date:
        """Return the first working day that is not before `day`."""
        while not self.is_working(day):
            day += ONE_DAY
        return day

    def add(self, day: date, count: int) -> date:
        """Return the `count`-th working day after `day` (before it if negative, `day` if 0)."""
        step = ONE_DAY if count > 0 else -ONE_DAY
        for _ in range(abs(count)):
            day += step
            while not self.is_working(day):
                day += step
        return day

    def between(self, start: date, end: date) -> int:
        """Return the number of working days after `start` up to `end`; negative if reversed."""
        if end < start:
            return -self.between(end, start)
        days = (end - start).days
        return sum(self.is_working(start + timedelta(days=n)) for n in range(1, days + 1))

    def shifted(self, day: date, shift: Shift) -> date:
        """Return the day to which `shift` moves a deadline that falls on `day`."""
        if shift is Shift.NEXT:
            return self.on_or_after(day)
        if shift is Shift.PREVIOUS:
            return self.on_or_before(day)
        return day
