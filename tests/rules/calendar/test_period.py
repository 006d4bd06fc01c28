"""Periods follow each other, and their windows tile the years, under both window rules."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kybaocao.rules.calendar.frequency import Frequency
from kybaocao.rules.calendar.period import Period, Window, WindowRule, periods


def periods_of(*frequencies: Frequency) -> st.SearchStrategy[Period]:
    return st.builds(
        lambda year, frequency, index: Period(year, frequency, index % frequency.per_year + 1),
        st.integers(2000, 2100),
        st.sampled_from(frequencies),
        st.integers(0, 11),
    )


PERIODS = periods_of(*Frequency)
TILING = periods_of(Frequency.MONTH, Frequency.QUARTER, Frequency.HALF_YEAR, Frequency.YEAR)
RULES = st.sampled_from(WindowRule)
ONE_DAY = timedelta(days=1)


@pytest.mark.parametrize(
    ("text", "label", "months"),
    [
        ("2026-M03", "Tháng 3 năm 2026", (3, 3)),
        ("2026-M02", "Tháng 02 năm 2026", (2, 2)),
        ("2026-M12", "Tháng 12 năm 2026", (12, 12)),
        ("2016-Q3", "Quý III năm 2016", (7, 9)),
        ("2016-Q4", "Quý IV năm 2016", (10, 12)),
        ("2016-H1", "6 tháng đầu năm 2016", (1, 6)),
        ("2016-H2", "6 tháng cuối năm 2016", (7, 12)),
        ("2016-9M", "9 tháng năm 2016", (1, 9)),
        ("2016", "Năm 2016", (1, 12)),
        ("2016-once", "Năm 2016", (1, 12)),
        ("2016-R12", "Lần 12 năm 2016", (1, 12)),
    ],
)
def test_a_period_has_a_name_and_months(text: str, label: str, months: tuple[int, int]) -> None:
    period = Period.parse(text)
    assert (period.id, period.label) == (text, label)
    assert (period.first_month, period.last_month) == months


@pytest.mark.parametrize(
    "text",
    [
        *("", "2016-Q5", "2016-Q0", "2016-H3", "2016Q3", "16-Q3", "2016-Y1", "2016-Q", "2016-q3"),
        *("2016-9M1", "2016-R", "2016-R0", "2016-R1000", "2016-8M", "2016-Once"),
        *("2016-M3", "2016-M00", "2016-M13", "2016-M", "2016-Q03"),
    ],
)
def test_what_is_no_period_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"period"):
        Period.parse(text)


@given(PERIODS)
def test_an_id_names_its_period(period: Period) -> None:
    assert Period.parse(period.id) == period
    assert str(period) == period.id


@given(TILING, RULES)
def test_windows_tile_the_years_without_gap_or_overlap(period: Period, rule: WindowRule) -> None:
    before = period.previous()
    assert before < period
    assert before.window(rule).last + ONE_DAY == period.window(rule).first


@given(TILING, RULES)
def test_the_windows_of_a_year_are_the_window_of_the_year(period: Period, rule: WindowRule) -> None:
    of_year = list(periods(period.frequency, period.year, period.year))
    whole = Period(period.year, Frequency.YEAR, 1).window(rule)
    assert Window(of_year[0].window(rule).first, of_year[-1].window(rule).last) == whole
    assert sum((p.window(rule).last - p.window(rule).first).days + 1 for p in of_year) in (365, 366)


@given(st.integers(2000, 2100), RULES)
def test_nine_months_are_the_first_three_quarters(year: int, rule: WindowRule) -> None:
    quarters = [Period(year, Frequency.QUARTER, n).window(rule) for n in (1, 2, 3)]
    nine = Period(year, Frequency.NINE_MONTHS, 1).window(rule)
    assert nine == Window(quarters[0].first, quarters[2].last)


def test_mid_month_windows_run_from_the_15th_to_the_14th() -> None:
    quarter = Period.parse("2016-Q1")
    assert quarter.window(WindowRule.MID_MONTH) == Window(date(2015, 12, 15), date(2016, 3, 14))
    assert quarter.window(WindowRule.CALENDAR) == Window(date(2016, 1, 1), date(2016, 3, 31))


def test_a_window_holds_both_its_ends() -> None:
    window = Period.parse("2016-Q3").window(WindowRule.MID_MONTH)
    assert window.first in window
    assert window.last in window
    assert window.first - ONE_DAY not in window
    assert window.last + ONE_DAY not in window


@pytest.mark.parametrize(
    ("frequency", "count"),
    [("month", 36), ("quarter", 12), ("half-year", 6), ("nine-months", 3), ("year", 3)],
)
def test_periods_of_some_years(frequency: str, count: int) -> None:
    found = list(periods(Frequency(frequency), 2015, 2017))
    assert len(found) == count
    assert found == sorted(found)
    assert found[:-1] == [p.previous() for p in found[1:]]
