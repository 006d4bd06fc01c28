"""Working days of public offices, and the named rules for a deadline on a day off."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum

ONE_DAY = timedelta(days=1)
SATURDAY = 5
UNTOLD = "Chưa có bảng ngày nghỉ của năm này; ngày nghỉ tính theo luật, chưa đối chiếu thông báo."


class Shift(StrEnum):
    """What becomes of a deadline that falls on a day off; a regime chooses one."""

    NONE = "none"
    NEXT = "next-working-day"
    PREVIOUS = "previous-working-day"


class DayType(StrEnum):
    """What a day is to a public office (Bộ luật Lao động 2019, điều 111 and 112)."""

    ORDINARY = "ordinary"
    WEEKEND = "weekend"
    HOLIDAY = "holiday"
    COMPENSATORY = "compensatory"
    SWAPPED_OFF = "swapped-off"
    SWAPPED_WORKED = "swapped-worked"

    @property
    def words(self) -> str:
        """The name of this type in Vietnamese."""
        return _WORDS[self]


_WORDS = {
    DayType.ORDINARY: "ngày thường",
    DayType.WEEKEND: "nghỉ hằng tuần",
    DayType.HOLIDAY: "ngày lễ, tết",
    DayType.COMPENSATORY: "nghỉ bù",
    DayType.SWAPPED_OFF: "nghỉ hoán đổi",
    DayType.SWAPPED_WORKED: "làm bù",
}


@dataclass(frozen=True)
class WorkCalendar:
    """The working days of public offices: Monday to Friday, less `off`, plus `working`.

    `off` and `working` name the reason of each day; `working` wins (a swapped Saturday).
    `types` tells kinds of days off apart; a day off that it leaves out is a holiday. `years`
    holds the years whose days are known, each with why it may still change ("" if settled).
    """

    off: Mapping[date, str]
    working: Mapping[date, str]
    types: Mapping[date, DayType] = field(default_factory=dict)
    years: Mapping[int, str] = field(default_factory=dict)

    def is_working(self, day: date) -> bool:
        if day in self.working:
            return True
        return day.weekday() < SATURDAY and day not in self.off

    def reason_off(self, day: date) -> str | None:
        """Return why `day` is off, in Vietnamese, or None if it is a working day."""
        if self.is_working(day):
            return None
        return self.off.get(day) or ("Thứ Bảy" if day.weekday() == SATURDAY else "Chủ nhật")

    def day_type(self, day: date) -> DayType:
        """Return what `day` is; a holiday stays one on a Saturday or Sunday."""
        if day in self.working:
            return self.types.get(day, DayType.SWAPPED_WORKED)
        if day in self.off:
            return self.types.get(day, DayType.HOLIDAY)
        return DayType.ORDINARY if day.weekday() < SATURDAY else DayType.WEEKEND

    def provisional(self, year: int) -> str | None:
        """Return why the days of `year` may still change, in Vietnamese; None if settled."""
        return self.years.get(year, UNTOLD) or None

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
