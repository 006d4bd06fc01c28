"""The committed day tables, year by year: against the notices, the law, the sky, a package."""

import unicodedata
from collections.abc import Iterator
from datetime import date, timedelta

import holidays
import pytest
from hypothesis import given
from hypothesis import strategies as st
from ruamel.yaml import YAML

from kybaocao.rules.calendar.day_table import NoticedDay, YearTable, calendar_of, table_faults
from kybaocao.rules.calendar.workdays import ONE_DAY, DayType, Shift
from tests.rules.calendar.lunar import lunar, months
from tests.support import ROOT

FOLDER = ROOT / "config/calendar"
TABLES = {
    path.stem: YearTable.model_validate(YAML(typ="safe").load(path.read_text(encoding="utf-8")))
    for path in sorted(FOLDER.glob("[0-9]*.yaml"))
}
YEARS = range(2012, 2028)
CALENDAR = calendar_of(TABLES.values(), {}, {})


def day(text: str, year: int) -> date:
    """Return a day written as officials do: `31/8` or `31/8/2026`."""
    parts = [int(part) for part in text.split("/")]
    return date(parts[2] if len(parts) > 2 else year, parts[1], parts[0])


def days_of(year: int) -> Iterator[date]:
    first = date(year, 1, 1)
    return (first + timedelta(days=n) for n in range((date(year + 1, 1, 1) - first).days))


def typed(year: int, *types: DayType) -> list[NoticedDay]:
    return [entry for entry in TABLES[str(year)].days if entry.kind in types]


def test_there_is_one_table_for_each_year_and_no_fault_in_any() -> None:
    assert [table.year for table in TABLES.values()] == list(YEARS)
    assert list(table_faults(TABLES)) == []


# Every swap: the weekday off, and the weekend day that was worked for it.
SWAPS = [
    ("27/1/2012", "4/2/2012"),
    ("31/12/2012", "5/1/2013"),
    ("15/2/2013", "23/2/2013"),
    ("29/4/2013", "4/5/2013"),
    ("28/1/2014", "25/1/2014"),
    ("29/1/2014", "8/2/2014"),
    ("2/5/2014", "26/4/2014"),
    ("1/9/2014", "6/9/2014"),
    ("2/1/2015", "27/12/2014"),
    ("16/2/2015", "14/2/2015"),
    ("29/4/2015", "25/4/2015"),
    ("31/12/2018", "5/1/2019"),
    ("29/4/2019", "4/5/2019"),
    ("29/4/2024", "4/5/2024"),
    ("2/5/2025", "26/4/2025"),
    ("2/1/2026", "10/1/2026"),
    ("31/8/2026", "22/8/2026"),
]


@pytest.mark.parametrize(("off", "worked"), SWAPS)
def test_a_swapped_day_is_off_and_its_saturday_is_worked(off: str, worked: str) -> None:
    assert not CALENDAR.is_working(day(off, 0))
    assert CALENDAR.day_type(day(off, 0)) is DayType.SWAPPED_OFF
    assert CALENDAR.is_working(day(worked, 0))
    assert CALENDAR.day_type(day(worked, 0)) is DayType.SWAPPED_WORKED


def test_there_is_no_other_swap() -> None:
    swapped = [e for y in YEARS for e in typed(y, DayType.SWAPPED_OFF)]
    worked = [e for y in YEARS for e in typed(y, DayType.SWAPPED_WORKED)]
    assert [(e.day, e.instead_of) for e in swapped] == [(day(a, 0), day(b, 0)) for a, b in SWAPS]
    assert sorted(e.day for e in worked) == sorted(day(b, 0) for _, b in SWAPS)


# The breaks as the notices give them, weekly days off included: first and last day.
BREAKS = [
    (2012, "21/1", "29/1"),
    (2013, "9/2", "17/2"),
    (2014, "28/1", "5/2"),
    (2015, "15/2", "23/2"),
    (2016, "6/2", "14/2"),
    (2017, "26/1", "1/2"),
    (2018, "14/2", "20/2"),
    (2019, "2/2", "10/2"),
    (2020, "23/1", "29/1"),
    (2021, "10/2", "16/2"),
    (2022, "29/1", "6/2"),
    (2023, "20/1", "26/1"),
    (2024, "8/2", "14/2"),
    (2025, "25/1", "2/2"),
    (2026, "14/2", "22/2"),
    (2027, "4/2", "10/2"),
    # Quốc khánh: one day, and since 2021 two.
    (2012, "1/9", "3/9"),
    (2013, "31/8", "2/9"),
    (2014, "30/8", "2/9"),
    (2015, "2/9", "2/9"),
    (2016, "2/9", "4/9"),
    (2017, "2/9", "4/9"),
    (2018, "1/9", "3/9"),
    (2019, "31/8", "2/9"),
    (2020, "2/9", "2/9"),
    (2021, "2/9", "5/9"),
    (2022, "1/9", "4/9"),
    (2023, "1/9", "4/9"),
    (2024, "31/8", "3/9"),
    (2025, "30/8", "2/9"),
    (2026, "29/8", "2/9"),
    (2027, "2/9", "5/9"),
    # 30/4 and 01/5, with Giỗ Tổ where it stands beside them.
    (2012, "28/4", "1/5"),
    (2013, "27/4", "1/5"),
    (2014, "30/4", "4/5"),
    (2015, "28/4", "3/5"),
    (2016, "30/4", "3/5"),
    (2017, "29/4", "2/5"),
    (2018, "28/4", "1/5"),
    (2019, "27/4", "1/5"),
    (2020, "30/4", "3/5"),
    (2021, "30/4", "3/5"),
    (2022, "30/4", "3/5"),
    (2023, "29/4", "3/5"),
    (2024, "27/4", "1/5"),
    (2025, "30/4", "4/5"),
    (2026, "30/4", "3/5"),
    (2027, "30/4", "3/5"),
    # Tết Dương lịch and Giỗ Tổ, where they do not stand alone.
    (2012, "31/12/2011", "2/1"),
    (2013, "29/12/2012", "1/1"),
    (2015, "1/1", "4/1"),
    (2017, "31/12/2016", "2/1"),
    (2019, "29/12/2018", "1/1"),
    (2022, "1/1", "3/1"),
    (2023, "31/12/2022", "2/1"),
    (2026, "1/1", "4/1"),
    (2012, "31/3", "2/4"),
    (2013, "19/4", "21/4"),
    (2016, "16/4", "18/4"),
    (2019, "13/4", "15/4"),
    (2022, "9/4", "11/4"),
    (2025, "5/4", "7/4"),
    (2026, "25/4", "27/4"),
    (2026, "24/11", "24/11"),
    (2027, "24/11", "24/11"),
]


@pytest.mark.parametrize(("year", "first", "last"), BREAKS)
def test_a_break_is_as_long_as_the_notice_says(year: int, first: str, last: str) -> None:
    start, end = day(first, year), day(last, year)
    assert CALENDAR.between(start - ONE_DAY, end) == 0
    assert CALENDAR.is_working(start - ONE_DAY)
    assert CALENDAR.is_working(end + ONE_DAY)


# Of each year, counted by hand: the days from Monday to Friday; how many of them are off
# (01/01, Tết, Giỗ Tổ, 30/4 and 01/5, Quốc khánh, the rest; with compensations and swaps);
# the weekend days worked.
COUNTS = [
    (2012, 261, 1 + 5 + 1 + 2 + 1 + 1, 1, 251),
    (2013, 261, 1 + 5 + 1 + 3 + 1, 3, 253),
    (2014, 261, 1 + 7 + 1 + 3 + 2, 5, 252),
    (2015, 261, 2 + 6 + 1 + 3 + 1, 2, 250),
    (2016, 261, 1 + 5 + 1 + 2 + 1, 0, 251),
    (2017, 260, 1 + 5 + 1 + 2 + 1, 0, 250),
    (2018, 261, 1 + 5 + 1 + 2 + 1 + 1, 0, 250),
    (2019, 261, 1 + 5 + 1 + 3 + 1, 2, 252),
    (2020, 262, 1 + 5 + 1 + 2 + 1, 0, 252),
    (2021, 261, 1 + 5 + 1 + 2 + 2, 0, 250),
    (2022, 260, 1 + 5 + 1 + 2 + 2, 0, 249),
    (2023, 260, 1 + 5 + 1 + 2 + 2, 0, 249),
    (2024, 262, 1 + 5 + 1 + 3 + 2, 1, 251),
    (2025, 261, 1 + 5 + 1 + 3 + 2, 1, 250),
    (2026, 261, 2 + 5 + 1 + 2 + 3 + 1, 2, 249),
    (2027, 261, 1 + 5 + 1 + 2 + 2 + 1, 0, 249),
]


@pytest.mark.parametrize(("year", "weekdays", "off", "worked", "working"), COUNTS)
def test_a_year_has_its_working_days(
    year: int, weekdays: int, off: int, worked: int, working: int
) -> None:
    assert weekdays - off + worked == working
    assert sum(map(CALENDAR.is_working, days_of(year))) == working
    assert CALENDAR.between(date(year - 1, 12, 31), date(year, 12, 31)) == working


@pytest.mark.parametrize("year", YEARS)
def test_a_year_has_the_holidays_of_the_law(year: int) -> None:
    """Labour Codes of 1994 (art. 73), 2012 (art. 115), 2019 (art. 112); 28/2026/QH16, art. 2."""
    found = {e.day for e in typed(year, DayType.HOLIDAY)}
    national = {d for d in found if d.month in (8, 9)}
    assert {day(text, year) for text in ("1/1", "30/4", "1/5", "2/9")} <= found
    assert national <= {day(text, year) for text in ("1/9", "2/9", "3/9")}
    assert len(national) == (1 if year < 2021 else 2)
    assert (day("24/11", year) in found) == (year >= 2026)
    tet = [e for e in typed(year, DayType.HOLIDAY) if e.name.startswith("Tết Nguyên đán")]
    assert len(tet) == (4 if year < 2014 else 5)
    assert len(found) == 5 + len(national) + len(tet) - 1 + (year >= 2026)


@pytest.mark.parametrize("year", YEARS)
def test_a_holiday_on_a_weekly_day_off_is_made_up_for_on_the_next_working_day(year: int) -> None:
    """Bộ luật Lao động 2012, điều 115 khoản 3; 2019, điều 111 khoản 3."""
    lost = [e.day for e in typed(year, DayType.HOLIDAY) if e.day.weekday() >= 5]
    made_up = typed(year, DayType.COMPENSATORY)
    assert [e.instead_of for e in made_up] == lost
    for entry in made_up:
        assert entry.instead_of is not None
        assert CALENDAR.between(entry.instead_of, entry.day) == 0


@pytest.mark.parametrize("year", YEARS)
def test_lunar_holidays_stand_where_the_moon_puts_them(year: int) -> None:
    for entry in typed(year, DayType.HOLIDAY):
        if entry.name.startswith("Tết Nguyên đán"):
            assert entry.name == f"Tết Nguyên đán ({lunar(entry.day)})"
        elif entry.name.startswith("Giỗ Tổ"):
            assert entry.day == months(year)[3] + timedelta(days=9)


# What the package (0.108) has otherwise, with the reason; the notices stand in the tables.
UNKNOWN_TO_THE_PACKAGE = {
    "31/12/2012": "swapped with 05/01/2013; the package has no swap for that New Year",
    "5/1/2013": "worked for 31/12/2012",
    "23/2/2013": "worked for 15/02/2013, which the package takes for a fifth day of Tết made up",
    "25/1/2014": "worked for 28/01/2014; the package has no swap at Tết 2014",
    "28/1/2014": "swapped with 25/01/2014",
    "5/2/2014": "made up for Sunday 02/02; the package makes up for Saturday 01/02 on 29/01",
    "8/2/2014": "worked for 29/01/2014, which the package takes for a day made up",
    "2/1/2026": "swapped with 10/01/2026 as late as 25/12/2025; not in the package",
    "10/1/2026": "worked for 02/01/2026",
}


def test_the_package_agrees_but_for_what_is_explained() -> None:
    package = holidays.country_holidays("VN", years=range(2011, 2029), language="vi")
    worked = package.weekend_workdays
    differing = {
        d
        for year in YEARS
        for d in days_of(year)
        if CALENDAR.is_working(d) != (d in worked or (d.weekday() < 5 and d not in package))
    }
    assert sorted(differing) == sorted(day(text, 0) for text in UNKNOWN_TO_THE_PACKAGE)


def test_the_years_that_may_still_change_say_why() -> None:
    assert [year for year in YEARS if CALENDAR.provisional(year)] == [2027]
    assert "10065/VPCP-KGVX" in (CALENDAR.provisional(2027) or "")


@pytest.mark.parametrize("year", YEARS)
def test_every_year_cites_what_fixed_it(year: int) -> None:
    notices = TABLES[str(year)].notices
    assert any(notice.number or notice.date for notice in notices)
    for notice in notices:
        assert notice.date is None or notice.date.year in (year - 1, year)


def test_texts_are_composed_unicode() -> None:
    for path in FOLDER.glob("*.yaml"):
        text = path.read_text(encoding="utf-8")
        assert unicodedata.is_normalized("NFC", text)


DAYS = st.dates(date(2012, 3, 1), date(2027, 10, 31))


@given(DAYS, st.integers(1, 30))
def test_counting_and_adding_are_inverse_on_the_real_calendar(start: date, count: int) -> None:
    end = CALENDAR.add(start, count)
    assert CALENDAR.is_working(end)
    assert CALENDAR.between(start, end) == count
    assert CALENDAR.add(end, -count) == CALENDAR.on_or_before(start)


@given(DAYS)
def test_a_shift_keeps_its_direction_on_the_real_calendar(on: date) -> None:
    earlier, later = (CALENDAR.shifted(on, s) for s in (Shift.PREVIOUS, Shift.NEXT))
    assert earlier <= on <= later
    assert CALENDAR.is_working(earlier)
    assert CALENDAR.is_working(later)
    assert CALENDAR.shifted(on, Shift.NONE) == on
    # No break of these years is longer than Tết's nine days.
    assert (later - earlier).days <= 10
