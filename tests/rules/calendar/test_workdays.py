"""Counting working days, and where the named rules move a deadline on a day off."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kybaocao.rules.calendar.workdays import DayType, Shift, WorkCalendar
from tests.rules.regime_cast import DAYS, calendars

COUNTS = st.integers(0, 40)
# Friday 02/9/2016 is off, and Saturday 10/9/2016 is worked.
SEPTEMBER = WorkCalendar({date(2016, 9, 2): "Quốc khánh"}, {date(2016, 9, 10): "Làm bù"})


@pytest.mark.parametrize(
    ("day", "reason"),
    [
        (1, None),
        (2, "Quốc khánh"),
        (3, "Thứ Bảy"),
        (4, "Chủ nhật"),
        (9, None),
        (10, None),
        (11, "Chủ nhật"),
    ],
)
def test_why_a_day_is_off(day: int, reason: str | None) -> None:
    assert SEPTEMBER.reason_off(date(2016, 9, day)) == reason
    assert SEPTEMBER.is_working(date(2016, 9, day)) == (reason is None)


def test_a_day_made_working_wins_over_a_day_off() -> None:
    day = date(2016, 9, 2)
    assert WorkCalendar({day: "nghỉ"}, {day: "làm bù"}).is_working(day)


@pytest.mark.parametrize(
    ("day", "kind", "words"),
    [
        (1, DayType.ORDINARY, "ngày thường"),
        (2, DayType.HOLIDAY, "ngày lễ, tết"),
        (3, DayType.WEEKEND, "nghỉ hằng tuần"),
        (10, DayType.SWAPPED_WORKED, "làm bù"),
    ],
)
def test_what_a_day_is_without_being_told(day: int, kind: DayType, words: str) -> None:
    found = SEPTEMBER.day_type(date(2016, 9, day))
    assert found is kind
    assert found.words == words


def test_what_a_day_is_when_told() -> None:
    monday, saturday = date(2016, 9, 5), date(2016, 9, 10)
    types = {monday: DayType.SWAPPED_OFF, saturday: DayType.SWAPPED_WORKED}
    told = WorkCalendar({monday: "hoán đổi"}, {saturday: "làm bù"}, types)
    assert told.day_type(monday) is DayType.SWAPPED_OFF
    assert told.day_type(saturday) is DayType.SWAPPED_WORKED


def test_a_year_may_still_change_unless_it_is_settled() -> None:
    calendar = WorkCalendar({}, {}, years={2016: "", 2017: "chưa có thông báo"})
    assert [calendar.provisional(year) is not None for year in (2016, 2017, 2018)] == [
        False,
        True,
        True,
    ]
    assert calendar.provisional(2016) is None
    assert calendar.provisional(2017) == "chưa có thông báo"
    assert (calendar.provisional(2018) or "").startswith("Chưa có bảng ngày nghỉ")


def test_working_days_are_counted_over_days_off() -> None:
    assert SEPTEMBER.add(date(2016, 9, 1), 1) == date(2016, 9, 5)
    assert SEPTEMBER.add(date(2016, 9, 5), -1) == date(2016, 9, 1)
    assert SEPTEMBER.add(date(2016, 9, 9), 1) == date(2016, 9, 10)
    assert SEPTEMBER.between(date(2016, 9, 1), date(2016, 9, 12)) == 7
    assert SEPTEMBER.between(date(2016, 9, 12), date(2016, 9, 1)) == -7


@given(calendars(), DAYS, COUNTS)
def test_counting_what_was_added_gives_the_count(
    calendar: WorkCalendar, day: date, count: int
) -> None:
    assert calendar.between(day, calendar.add(day, count)) == count


@given(calendars(), DAYS, COUNTS)
def test_adding_what_was_counted_gives_the_working_day(
    calendar: WorkCalendar, day: date, days: int
) -> None:
    end = calendar.on_or_after(day + timedelta(days=days))
    assert calendar.add(day, calendar.between(day, end)) in (day, end)
    if calendar.between(day, end):
        assert calendar.add(day, calendar.between(day, end)) == end


@given(calendars(), DAYS, COUNTS)
def test_working_days_forth_and_back_return_to_a_working_day(
    calendar: WorkCalendar, day: date, count: int
) -> None:
    start = calendar.on_or_after(day)
    assert calendar.add(calendar.add(start, count), -count) == start
    assert calendar.between(start, calendar.add(start, -count)) == -count


@given(calendars(), DAYS, st.integers(-40, 40).filter(bool))
def test_a_counted_day_is_a_working_day(calendar: WorkCalendar, day: date, count: int) -> None:
    found = calendar.add(day, count)
    assert calendar.is_working(found)
    assert (found > day) == (count > 0)


@given(calendars(), DAYS)
def test_a_shift_never_moves_against_its_direction(calendar: WorkCalendar, day: date) -> None:
    moved = {shift: calendar.shifted(day, shift) for shift in Shift}
    assert moved[Shift.NONE] == day
    assert moved[Shift.PREVIOUS] <= day <= moved[Shift.NEXT]
    for shift in (Shift.PREVIOUS, Shift.NEXT):
        assert calendar.is_working(moved[shift])
        assert calendar.shifted(moved[shift], shift) == moved[shift]
        if calendar.is_working(day):
            assert moved[shift] == day
    before, after = moved[Shift.PREVIOUS], moved[Shift.NEXT]
    assert calendar.between(before, after) == (0 if calendar.is_working(day) else 1)
