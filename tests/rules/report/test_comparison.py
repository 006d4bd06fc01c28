"""A report's figures beside those of the period before, and of a year ago."""

import pytest

from kybaocao.adapters.regime_files import load
from kybaocao.rules.calendar.frequency import Frequency
from kybaocao.rules.calendar.period import Period
from kybaocao.rules.report.comparison import compared, earlier
from tests.support import ROOT

CONFIG = load(ROOT / "config")


@pytest.mark.parametrize(
    ("regime", "duty", "period", "before", "year_ago"),
    [
        ("quang-nam", "bao-cao-quy", "2017-Q3", "bao-cao-quy/2017-Q2", "2016-Q3"),
        ("quang-nam", "bao-cao-quy", "2017-Q1", "bao-cao-quy/2016-Q4", "2016-Q1"),
        ("quang-nam", "bao-cao-nam", "2017", "bao-cao-nam/2016", None),
    ],
)
def test_the_period_before_and_the_same_a_year_ago(
    regime: str, duty: str, period: str, before: str, year_ago: str | None
) -> None:
    of = CONFIG.regimes[regime]
    first, second = earlier(of, of.duty(duty), Period.parse(period))
    assert first is not None
    assert f"{first.duty.id}/{first.period.id}" == before
    assert (second.period.id if second else None) == year_ago


def test_another_duty_s_report_may_stand_before() -> None:
    """Lâm Đồng: of the second quarter the half-year's report stands, and the third follows it."""
    regime = CONFIG.regimes["lam-dong"]
    quarterly = next(d for d in regime.duties if d.every is Frequency.QUARTER and d.follows)
    first, _ = earlier(regime, quarterly, Period.parse("2015-Q3"))
    assert first is not None
    assert first.period.frequency is not Frequency.QUARTER
    assert first.period.last_month == 6


def test_figures_stand_side_by_side_with_their_change() -> None:
    form = CONFIG.form("cchc-quy")
    sheet, row = next(iter(form.indicators()))
    place = (row.code, row.columns[0])
    found = compared(form, Frequency.QUARTER, {place: 12.5}, {place: 1000}, {})
    assert [s.title for s in found] == [sheet.title]
    (one,) = found[0].rows
    assert (one.now, one.before, one.change, one.year_ago) == ("12,5", "1.000", "−987,5", "–")
