"""Deadlines and reminder days, worked out by hand from the decisions' words.

Every day here was counted on a wall calendar, not by the code under test.
"""

from datetime import date, datetime, timedelta

import pytest

from kybaocao.adapters.regime_files import Config, load
from kybaocao.rules.calendar.official_days import VIETNAM
from kybaocao.rules.calendar.period import Period
from kybaocao.rules.cycle.obligation import Term, obligations, terms
from kybaocao.rules.cycle.reminder import Kind, rungs
from tests.support import ROOT

CONFIG = ROOT / "config"


@pytest.fixture(scope="module")
def config() -> Config:
    return load(CONFIG)


def term_of(config: Config, regime_id: str, duty_id: str, period: str) -> Term:
    regime = config.regimes[regime_id]
    found = terms(
        regime, regime.duty(duty_id), date(2000, 1, 1), date(2030, 12, 31), config.calendar
    )
    return next(t for t in found if t.period == Period.parse(period))


# Bắc Giang, 81/QĐ-UBND, Phần thứ ba, khoản 3, 4 and 6: "tháng 12 hàng năm". Assumed: a month
# without a day ends with its last day; calendar years; 20 working days for the form.
BAC_GIANG_YEARS = [
    # Monday 31/12/2012 was swapped for Saturday 05/01/2013: Friday 28/12 is the first before it.
    (
        *("2012", "2012-12-03", "2012-01-01", "2012-12-31", "2012-12-31"),
        *("Nghỉ hoán đổi với thứ Bảy 05/01/2013", "2013-01-01"),
    ),
    ("2013", "2013-12-03", "2013-01-01", "2013-12-31", "2013-12-31", "Tue", "2014-01-01"),
    # Saturday 27/12/2014 is worked for Friday 02/01/2015.
    ("2014", "2014-12-04", "2014-01-01", "2014-12-31", "2014-12-31", "Wed", "2015-01-01"),
    ("2015", "2015-12-03", "2015-01-01", "2015-12-31", "2015-12-31", "Thu", "2016-01-01"),
]

Row = tuple[str, str, str, str, str, str, str]


def row_of(term: Term, config: Config) -> Row:
    day = term.due.last_day
    return (
        term.period.id,
        term.opens.isoformat(),
        term.window.first.isoformat(),
        term.window.last.isoformat(),
        day.isoformat(),
        config.calendar.reason_off(day) or day.strftime("%a"),
        term.due.at.date().isoformat(),
    )


@pytest.mark.parametrize(
    ("regime_id", "duty_id", "expected"),
    [
        ("bac-giang", "so-tu-phap", BAC_GIANG_YEARS),
        ("bac-giang", "so-tai-chinh", BAC_GIANG_YEARS),
        ("bac-giang", "so-thong-tin-truyen-thong", BAC_GIANG_YEARS),
    ],
)
def test_every_term_while_the_decision_is_in_force(
    config: Config, regime_id: str, duty_id: str, expected: list[Row]
) -> None:
    regime = config.regimes[regime_id]
    found = terms(
        regime, regime.duty(duty_id), date(2000, 1, 1), date(2030, 12, 31), config.calendar
    )
    assert [row_of(term, config) for term in found] == expected


def test_a_report_is_in_time_until_midnight_ends_the_last_day(config: Config) -> None:
    due = term_of(config, "quang-nam", "bao-cao-quy", "2016-Q3").due
    assert due.at == datetime(2016, 9, 15, 0, 0, tzinfo=VIETNAM)
    assert due.at.utcoffset() == timedelta(hours=7)


def test_the_stated_day_stays_the_deadline_on_a_day_off(config: Config) -> None:
    due = term_of(config, "quang-nam", "bao-cao-quy", "2019-Q3").due
    assert due.stated == due.last_day == date(2019, 9, 14)


def test_quarter_iv_and_the_year_are_two_reports_of_one_day(config: Config) -> None:
    quarter = term_of(config, "quang-nam", "bao-cao-quy", "2016-Q4")
    year = term_of(config, "quang-nam", "bao-cao-nam", "2016")
    assert quarter.due == year.due
    assert quarter.key != year.key


def test_departments_boards_and_eighteen_districts_report_in_quang_nam(config: Config) -> None:
    regime = config.regimes["quang-nam"]
    term = term_of(config, "quang-nam", "bao-cao-quy", "2016-Q3")
    owed = [o.agency for o in obligations(regime, regime.duty("bao-cao-quy"), term)]
    assert len(owed) == len(set(owed)) == 41
    assert sum(code.startswith("ubnd-") for code in owed) == 18
    assert "so-noi-vu" in owed
    assert "ubnd-tinh" not in owed


@pytest.mark.parametrize("duty_id", ["so-tu-phap", "so-tai-chinh", "so-thong-tin-truyen-thong"])
def test_one_department_owes_each_december_review(config: Config, duty_id: str) -> None:
    regime = config.regimes["bac-giang"]
    term = term_of(config, "bac-giang", duty_id, "2013")
    owed = obligations(regime, regime.duty(duty_id), term)
    assert [o.agency for o in owed] == [duty_id]


# The ladder of config: at opening; 10, 5, 2 and 1 working days before and on the last working
# day; overdue after 2 working days and every 2 until 20; escalated after 3.
LADDER_2016_Q3 = [
    ("2016-08-23", Kind.OPENING),
    ("2016-08-30", Kind.REMINDER),  # 10: Friday 02/9 is off
    ("2016-09-07", Kind.REMINDER),  # 5
    ("2016-09-12", Kind.REMINDER),  # 2
    ("2016-09-13", Kind.REMINDER),  # 1
    ("2016-09-14", Kind.REMINDER),  # the last day, a Wednesday
    ("2016-09-16", Kind.OVERDUE),  # 2
    ("2016-09-19", Kind.ESCALATION),  # 3, the Monday after
    ("2016-09-20", Kind.OVERDUE),
    ("2016-09-22", Kind.OVERDUE),
    ("2016-09-26", Kind.OVERDUE),
    ("2016-09-28", Kind.OVERDUE),
    ("2016-09-30", Kind.OVERDUE),
    ("2016-10-04", Kind.OVERDUE),
    ("2016-10-06", Kind.OVERDUE),
    ("2016-10-10", Kind.OVERDUE),
    ("2016-10-12", Kind.OVERDUE),  # 20
]
# Due on a Saturday: the last reminder goes out on Friday, and lateness counts from Monday.
LADDER_2019_Q3 = [
    ("2019-08-23", Kind.OPENING),  # 15 before Saturday 14/9
    ("2019-08-29", Kind.REMINDER),  # 10: Monday 02/9 is off
    ("2019-09-06", Kind.REMINDER),  # 5
    ("2019-09-11", Kind.REMINDER),  # 2
    ("2019-09-12", Kind.REMINDER),  # 1
    ("2019-09-13", Kind.REMINDER),  # the last working day not after Saturday 14/9
    ("2019-09-17", Kind.OVERDUE),  # 2
    ("2019-09-18", Kind.ESCALATION),  # 3
    ("2019-09-19", Kind.OVERDUE),
    ("2019-09-23", Kind.OVERDUE),
    ("2019-09-25", Kind.OVERDUE),
    ("2019-09-27", Kind.OVERDUE),
    ("2019-10-01", Kind.OVERDUE),
    ("2019-10-03", Kind.OVERDUE),
    ("2019-10-07", Kind.OVERDUE),
    ("2019-10-09", Kind.OVERDUE),
    ("2019-10-11", Kind.OVERDUE),  # 20
]
# Opened late, on the day the decision was signed: the rung of 10 working days has passed.
LADDER_2016_Q2 = [
    ("2016-06-02", Kind.OPENING),
    ("2016-06-07", Kind.REMINDER),  # 5
    ("2016-06-10", Kind.REMINDER),  # 2
    ("2016-06-13", Kind.REMINDER),  # 1
    ("2016-06-14", Kind.REMINDER),
    ("2016-06-16", Kind.OVERDUE),  # 2
    ("2016-06-17", Kind.ESCALATION),  # 3
    ("2016-06-20", Kind.OVERDUE),
    ("2016-06-22", Kind.OVERDUE),
    ("2016-06-24", Kind.OVERDUE),
    ("2016-06-28", Kind.OVERDUE),
    ("2016-06-30", Kind.OVERDUE),
    ("2016-07-04", Kind.OVERDUE),
    ("2016-07-06", Kind.OVERDUE),
    ("2016-07-08", Kind.OVERDUE),
    ("2016-07-12", Kind.OVERDUE),  # 20
]


@pytest.mark.parametrize(
    ("period", "expected"),
    [("2016-Q2", LADDER_2016_Q2), ("2016-Q3", LADDER_2016_Q3), ("2019-Q3", LADDER_2019_Q3)],
)
def test_reminder_days(config: Config, period: str, expected: list[tuple[str, Kind]]) -> None:
    term = term_of(config, "quang-nam", "bao-cao-quy", period)
    duty = config.regimes["quang-nam"].duty("bao-cao-quy")
    found = [
        (r.day.isoformat(), r.kind)
        for r in rungs(duty.ladder, term.opens, term.due, config.calendar)
    ]
    assert found == expected


def test_a_swapped_saturday_is_worked(config: Config) -> None:
    # 29/4/2019 was swapped for Saturday 04/5/2019.
    assert not config.calendar.is_working(date(2019, 4, 29))
    assert config.calendar.is_working(date(2019, 5, 4))
