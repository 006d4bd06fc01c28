"""Periods follow each other, and their windows tile the years, under both window rules."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kybaocao.rules.period import Frequency, Period, Window, WindowRule, periods

PERIODS = st.builds(
    lambda year, frequency, index: Period(year, frequency, index % frequency.per_year + 1),
    st.integers(2000, 2100),
    st.sampled_from(Frequency),
    st.integers(0, 3),
)
RULES = st.sampled_from(WindowRule)
ONE_DAY = timedelta(days=1)


@pytest.mark.parametrize(
    ("text", "label", "months"),
    [
        ("2016-Q3", "Quý III năm 2016", (7, 9)),
        ("2016-Q4", "Quý IV năm 2016", (10, 12)),
        ("2016-H1", "6 tháng đầu năm 2016", (1, 6)),
        ("2016-H2", "6 tháng cuối năm 2016", (7, 12)),
        ("2016", "Năm 2016", (1, 12)),
    ],
)
def test_a_period_has_a_name_and_months(text: str, label: str, months: tuple[int, int]) -> None:
    period = Period.parse(text)
    assert (period.id, period.label) == (text, label)
    assert (period.first_month, period.last_month) == months


@pytest.mark.parametrize(
    "text", ["", "2016-Q5", "2016-Q0", "2016-H3", "2016Q3", "16-Q3", "2016-Y1", "2016-Q", "2016-q3"]
)
def test_what_is_no_period_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"period"):
        Period.parse(text)


@given(PERIODS)
def test_an_id_names_its_period(period: Period) -> None:
    assert Period.parse(period.id) == period
    assert str(period) == period.id


@given(PERIODS)
def test_next_and_previous_undo_each_other(period: Period) -> None:
    assert period.next().previous() == period
    assert period.previous().next() == period
    assert period < period.next()


@given(PERIODS, RULES)
def test_windows_tile_the_years_without_gap_or_overlap(period: Period, rule: WindowRule) -> None:
    assert period.next().window(rule).first == period.window(rule).last + ONE_DAY


@given(PERIODS, RULES)
def test_the_windows_of_a_year_are_the_window_of_the_year(period: Period, rule: WindowRule) -> None:
    of_year = list(periods(period.frequency, period.year, period.year))
    whole = Period(period.year, Frequency.YEAR, 1).window(rule)
    assert Window(of_year[0].window(rule).first, of_year[-1].window(rule).last) == whole
    assert sum((p.window(rule).last - p.window(rule).first).days + 1 for p in of_year) in (365, 366)


@given(PERIODS, RULES)
def test_cumulative_figures_cover_the_year_up_to_the_period(
    period: Period, rule: WindowRule
) -> None:
    so_far, own = period.year_to_date(rule), period.window(rule)
    assert so_far.last == own.last
    if period.is_first_of_year:
        assert so_far == own
    else:
        assert so_far.first == period.previous().year_to_date(rule).first


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


@pytest.mark.parametrize(("frequency", "count"), [("quarter", 12), ("half-year", 6), ("year", 3)])
def test_periods_of_some_years(frequency: str, count: int) -> None:
    found = list(periods(Frequency(frequency), 2015, 2017))
    assert len(found) == count
    assert found == sorted(found)
    assert [p.next() for p in found[:-1]] == found[1:]
