"""Who owes a report, when it is due, and how it stands."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from kybaocao.rules.calendar.frequency import Frequency
from kybaocao.rules.calendar.official_days import VIETNAM, start_of
from kybaocao.rules.calendar.period import Period, Window, WindowRule, days_in
from kybaocao.rules.calendar.workdays import Shift, WorkCalendar
from kybaocao.rules.cycle.obligation import (
    Due,
    as_opened,
    is_replaced,
    last_day_of,
    obligations,
    term,
    terms,
)
from kybaocao.rules.cycle.standing import STATE_NAMES, Received, Standing, State, Verdict, standing
from kybaocao.rules.regime.duty import Deadline
from kybaocao.rules.regime.regime import Correction
from tests.rules.regime_cast import agency, calendars, duty, regime

WEEKDAYS = WorkCalendar({}, {})
RECURRING = [frequency for frequency in Frequency if frequency.recurs]
FIRST, LAST = date(2000, 1, 1), date(2030, 12, 31)
OPENS = date(2016, 8, 23)
DUE = Due(date(2016, 9, 14), date(2016, 9, 14))
ONCE = {"year": 2017, "first": "2012-01-01", "last": "2016-12-31"}
LAST_MOMENT = datetime(2016, 9, 14, 23, 59, 59, 999_999, tzinfo=VIETNAM)
MIDNIGHT = datetime(2016, 9, 15, tzinfo=VIETNAM)
ACCEPTED, RETURNED, UNREADABLE = Verdict.ACCEPTED, Verdict.RETURNED, Verdict.UNREADABLE


def resting(shift: Shift) -> dict[str, str]:
    return {"rule": shift.value, "source": "Giả định"}


# Deadlines


@pytest.mark.parametrize(
    ("deadline", "period", "day"),
    [
        ({"before": 15}, "2016-Q3", "2016-09-14"),
        ({"by": 15}, "2016-Q3", "2016-09-15"),
        ({"before": 31}, "2016-Q3", "2016-09-30"),
        ({"before": 31}, "2017-Q1", "2017-03-30"),
        ({"by": 31}, "2016-H1", "2016-06-30"),
        ({"by": "end-of-month"}, "2016", "2016-12-31"),
        ({"by": 20}, "2016-9M", "2016-09-20"),
        ({"by": 1}, "2016-Q3", "2016-09-01"),
        ({"before": 2}, "2016-Q3", "2016-09-01"),
        # Months that stand elsewhere.
        ({"by": 5, "months_later": 1}, "2016-Q4", "2017-01-05"),
        ({"by": "end-of-month", "months_later": 2}, "2015", "2016-02-29"),
        ({"by": 20, "month": 7, "year": "previous"}, "2016", "2015-07-20"),
        ({"before": 20, "month": 6}, "2016", "2016-06-19"),
        ({"by": "end-of-month", "month": 2, "year": "next"}, "2015", "2016-02-29"),
        # A quarter that the document names.
        ({"by": "end-of-quarter", "quarter": 1}, "2013", "2013-03-31"),
        ({"by": "end-of-quarter", "quarter": 4}, "2014", "2014-12-31"),
        # Working days after the data window, which ends on Wednesday 14/9 and Friday 30/9.
        ({"after_cutoff": 1}, "2016-Q3", "2016-09-15"),
        ({"after_cutoff": 3}, "2016-Q3", "2016-09-19"),
    ],
)
def test_the_last_day_by_the_words_alone(
    deadline: dict[str, object], period: str, day: str
) -> None:
    of = Period.parse(period)
    window = of.window(WindowRule.MID_MONTH)
    found = last_day_of(Deadline.model_validate(deadline), of, window, WEEKDAYS)
    assert found == date.fromisoformat(day)


@given(st.integers(2, 31), st.integers(2000, 2100), st.integers(1, 12))
def test_before_a_day_ends_a_day_earlier_than_by_it(day: int, year: int, month: int) -> None:
    assume(day <= days_in(2000, month))  # a day that the month never has is refused
    of = Period(year, Frequency.YEAR, 1)
    window = of.window(WindowRule.CALENDAR)

    def last(rule: dict[str, object]) -> date:
        deadline = Deadline.model_validate({**rule, "month": month})
        return last_day_of(deadline, of, window, WEEKDAYS)

    if day <= days_in(year, month):
        assert last({"by": day}) - last({"before": day}) == timedelta(days=1)
    else:
        assert last({"before": day}) == last({"by": day}) == last({"by": "end-of-month"})


@pytest.mark.parametrize(
    ("deadline", "said"),
    [
        ({}, "exactly one"),
        ({"before": 15, "by": 15}, "exactly one"),
        ({"by": "end-of-quarter"}, "go together"),
        ({"by": 15, "quarter": 4}, "go together"),
        ({"by": 15, "month": 2, "months_later": 1}, "takes one of"),
        ({"by": 15, "year": "next"}, "needs a `month`"),
        ({"after_cutoff": 2, "month": 3}, "without a month"),
        ({"requested": True, "months_later": 1}, "without a month"),
    ],
)
def test_a_deadline_that_says_two_things_is_refused(deadline: dict[str, object], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        Deadline.model_validate(deadline)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"every": "once"}, "go together"),
        ({"window": None}, "`window` is for a report that recurs"),
        ({"every": "request"}, "`window` is for a report that recurs"),
        ({"every": "request", "window": None}, "takes `deadline: {requested: true}` alone"),
        ({"deadline": {"requested": True}}, "is for `every: request`"),
        ({"opens": None}, "`opens` is missing"),
        ({"every": "year", "which": [2]}, "`which` names no year"),
        (
            {"every": "once", "window": None, "once": ONCE, "deadline": {"by": 1}},
            "needs a `month` or a `quarter`",
        ),
    ],
)
def test_a_duty_that_does_not_fit_its_frequency_is_refused(
    changes: dict[str, object], said: str
) -> None:
    with pytest.raises(ValueError, match=said):
        duty(**changes)


def test_a_report_is_in_time_until_the_midnight_that_ends_the_last_day() -> None:
    assert DUE.at == MIDNIGHT == start_of(date(2016, 9, 15))


@settings(max_examples=40)
@given(calendars(), st.sampled_from(Shift), st.sampled_from(RECURRING), st.integers(1, 30))
def test_a_term_opens_before_it_is_due_and_shifts_as_the_regime_says(
    calendar: WorkCalendar, shift: Shift, every: Frequency, opens: int
) -> None:
    of = regime(days_off=resting(shift))
    for found in terms(of, duty(every=every, opens=opens), FIRST, LAST, calendar):
        assert of.in_force.since <= found.opens <= found.due.last_day
        assert found.due.last_day == calendar.shifted(found.due.stated, shift)
        assert found.due.stated.day == 14
        if found.opens > of.in_force.since:
            # Working days counted back from the deadline itself, be it a day off or none.
            before = (found.due.last_day - timedelta(days=n) for n in range(1, 60))
            assert [day for day in before if calendar.is_working(day)][opens - 1] == found.opens


def test_nothing_is_due_outside_the_regimes_dates_or_those_asked_for() -> None:
    found = list(terms(regime(), duty(), FIRST, LAST, WEEKDAYS))
    assert [t.period.id for t in (found[0], found[-1])] == ["2016-Q1", "2020-Q4"]
    assert len(found) == 20
    asked = terms(regime(), duty(), date(2016, 6, 14), date(2016, 9, 13), WEEKDAYS)
    assert [t.period.id for t in asked] == ["2016-Q2"]


def test_a_duty_may_be_in_force_for_less_than_its_regime() -> None:
    mine = duty(in_force={"since": "2016-06-15", "until": "2016-12-14"})
    found = terms(regime(mine), mine, date(2016, 1, 4), date(2017, 12, 31), WEEKDAYS)
    assert [each.period.id for each in found] == ["2016-Q3", "2016-Q4"]


def test_a_report_owed_once_is_due_once() -> None:
    once = duty(every="once", once=ONCE, window=None, deadline={"before": 20, "month": 6})
    (found,) = terms(regime(once), once, FIRST, LAST, WEEKDAYS)
    assert (found.period.id, found.due.last_day) == ("2017-once", date(2017, 6, 19))
    assert found.window == Window(date(2012, 1, 1), date(2016, 12, 31))


def test_a_report_that_is_only_asked_for_has_no_terms_of_its_own() -> None:
    asked = duty(every="request", window=None, deadline={"requested": True}, opens=None)
    assert list(terms(regime(asked), asked, FIRST, LAST, WEEKDAYS)) == []
    with pytest.raises(ValueError, match="opened by a request"):
        term(regime(asked), asked, Period.parse("2016-R1"), WEEKDAYS)


def test_a_duty_may_keep_only_some_periods_of_the_year() -> None:
    some = duty(which=[1, 3])
    found = [t.period.id for t in terms(regime(some), some, FIRST, LAST, WEEKDAYS)]
    assert found[:3] == ["2016-Q1", "2016-Q3", "2017-Q1"]


def test_each_tier_has_its_own_deadline_and_all_open_together() -> None:
    tiered = duty(tiers=[{"levels": ["xa"], "deadline": {"by": 5}}])
    made = term(regime(tiered), tiered, Period.parse("2016-Q3"), WEEKDAYS)
    assert made.due.last_day == made.due_for("huyen").last_day == date(2016, 9, 14)
    assert made.due_for("xa").last_day == date(2016, 9, 5)
    assert made.opens == WEEKDAYS.add(date(2016, 9, 5), -15)
    assert made.for_level("xa").due.last_day == date(2016, 9, 5)


def test_a_term_keeps_the_days_under_which_it_was_opened() -> None:
    tiers = [{"levels": ["xa"], "deadline": {"by": 5}}]
    first, later = duty(tiers=tiers), duty(tiers=tiers, deadline={"by": 20}, opens=10)
    third = Period.parse("2016-Q3")
    was, now = (term(regime(of), of, third, WEEKDAYS) for of in (first, later))
    books = [(level, was.opens, was.due_for(level)) for level in ("huyen", "xa")]
    assert as_opened(was, books) == was
    assert as_opened(now, []) == now
    kept = as_opened(now, books)
    assert (kept.opens, kept.due) == (was.opens, was.due)
    assert {level: kept.due_for(level) for level in ("huyen", "xa")} == {
        level: was.due_for(level) for level in ("huyen", "xa")
    }
    # Those whom nobody asked yet have the day that is reckoned.
    assert as_opened(now, books[1:]).due_for("huyen") == now.due_for("huyen")


def test_a_report_with_a_day_of_its_own_is_due_on_it_in_whatever_tier() -> None:
    tiered = duty(tiers=[{"levels": ["xa"], "deadline": {"by": 5}}])
    made = term(regime(tiered), tiered, Period.parse("2016-Q3"), WEEKDAYS)
    own = Due(date(2016, 9, 5), date(2016, 9, 30))
    assert {made.due_on(own).due_for(level) for level in ("huyen", "xa", "so")} == {own}


def test_a_term_closes_with_its_last_tier() -> None:
    tiered = duty(tiers=[{"levels": ["xa"], "deadline": {"by": 20}}])
    made = term(regime(tiered), tiered, Period.parse("2016-Q3"), WEEKDAYS)
    assert made.due.last_day == date(2016, 9, 20)
    assert made.due_for("huyen").last_day == date(2016, 9, 14)


@settings(max_examples=40)
@given(calendars(), st.sampled_from(Shift), st.integers(1, 5))
def test_a_deadline_after_the_cutoff_is_never_inside_the_data(
    calendar: WorkCalendar, shift: Shift, days: int
) -> None:
    of = regime(days_off=resting(shift), days_after_cutoff=1)
    counted = duty(deadline={"after_cutoff": days})
    for found in terms(of, counted, FIRST, LAST, calendar):
        assert found.due.last_day not in found.window
        assert calendar.between(found.window.last, found.due.last_day) == days


def test_a_deadline_shifted_out_of_the_year_is_still_found() -> None:
    yearly = duty(every="year", deadline={"by": "end-of-month"})
    of = regime(yearly, days_off=resting(Shift.NEXT))
    found = terms(of, of.duties[0], date(2017, 1, 1), date(2017, 1, 31), WEEKDAYS)
    assert [(t.period.id, t.due.last_day) for t in found] == [("2016", date(2017, 1, 2))]


def test_a_report_of_the_same_last_month_replaces_another() -> None:
    quarterly = duty()
    yearly = duty(id="bao-cao-nam", every="year", replaces="bao-cao-quy")
    of = regime(quarterly, yearly)
    found = [t.period.id for t in terms(of, quarterly, FIRST, date(2017, 12, 31), WEEKDAYS)]
    assert found == [
        *("2016-Q1", "2016-Q2", "2016-Q3"),
        *("2017-Q1", "2017-Q2", "2017-Q3"),
    ]
    years = [t.period.id for t in terms(of, yearly, FIRST, date(2017, 12, 31), WEEKDAYS)]
    assert years == ["2016", "2017"]
    assert not is_replaced(regime(quarterly), quarterly, Period.parse("2016-Q4"))


def test_a_half_years_report_replaces_two_quarters() -> None:
    half = duty(id="bao-cao-6-thang", every="half-year", replaces="bao-cao-quy")
    of = regime(duty(), half)
    found = [t.period.id for t in terms(of, of.duties[0], FIRST, date(2016, 12, 31), WEEKDAYS)]
    assert found == ["2016-Q1", "2016-Q3"]


# Who owes


def test_the_duty_names_who_owes_by_level_agency_and_exception() -> None:
    of = regime(
        agencies=(
            agency("huyen-a"),
            agency("huyen-b"),
            agency("so-y-te", "so"),
            agency("so-noi-vu", "so"),
        )
    )
    asked = duty(
        reporters={"levels": ["huyen"], "agencies": ["so-y-te"], "without": ["huyen-b"]},
    )
    made = term(of, asked, Period.parse("2016-Q3"), WEEKDAYS)
    owed = obligations(of, asked, made)
    assert [o.agency for o in owed] == ["huyen-a", "so-y-te"]
    assert owed[0].key == "mau/bao-cao-quy/2016-Q3/huyen-a"


def test_an_agency_owes_what_falls_due_while_it_exists() -> None:
    of = regime(
        agencies=(
            agency("huyen-cu", until=date(2016, 9, 13)),
            agency("huyen-den-het", until=date(2016, 9, 14)),
            agency("huyen-moi", since=date(2016, 9, 14)),
            agency("huyen-sau", since=date(2016, 9, 15)),
        )
    )
    made = term(of, duty(), Period.parse("2016-Q3"), WEEKDAYS)
    assert [o.agency for o in obligations(of, duty(), made)] == ["huyen-den-het", "huyen-moi"]


# How it stands


def at(day: int, hour: int = 9) -> datetime:
    return datetime(2016, 9, day, hour, tzinfo=VIETNAM)


def versions(*received: tuple[Verdict, datetime]) -> list[Received]:
    return [Received(n, when, verdict) for n, (verdict, when) in enumerate(received, 1)]


@pytest.mark.parametrize(
    ("now", "came", "expected"),
    [
        (datetime(2016, 8, 22, 23, tzinfo=VIETNAM), [], (State.NOT_OPEN, None, -23)),
        (datetime(2016, 8, 23, 0, tzinfo=VIETNAM), [], (State.WAITING, None, -22)),
        (LAST_MOMENT, [], (State.WAITING, None, 0)),
        (MIDNIGHT, [], (State.OVERDUE, None, 1)),
        (at(12), [(RETURNED, at(10))], (State.RETURNED, None, -2)),
        (at(16), [(RETURNED, at(10))], (State.RETURNED_OVERDUE, None, 2)),
        (at(12), [(UNREADABLE, at(10))], (State.WAITING, None, -2)),
        (at(16), [(UNREADABLE, at(10))], (State.OVERDUE, None, 2)),
        (at(20), [(ACCEPTED, at(10))], (State.ACCEPTED, at(10), -4)),
        (at(20), [(ACCEPTED, LAST_MOMENT)], (State.ACCEPTED, LAST_MOMENT, 0)),
        (at(20), [(ACCEPTED, MIDNIGHT)], (State.ACCEPTED_LATE, MIDNIGHT, 1)),
        # A later file, good or bad, does not make an accepted report late.
        (at(20), [(ACCEPTED, at(10)), (RETURNED, at(18))], (State.ACCEPTED, at(10), -4)),
        (at(20), [(ACCEPTED, at(10)), (ACCEPTED, at(18))], (State.ACCEPTED, at(10), -4)),
    ],
)
@pytest.mark.parametrize("rule", Correction)
def test_how_a_report_stands(
    now: datetime,
    came: list[tuple[Verdict, datetime]],
    expected: tuple[State, datetime | None, int],
    rule: Correction,
) -> None:
    assert standing(OPENS, DUE, versions(*came), rule, now) == Standing(*expected)


@pytest.mark.parametrize(
    ("came", "first", "accepted"),
    [
        # In time, returned, and corrected after the deadline.
        (
            [(RETURNED, at(10)), (ACCEPTED, at(16))],
            (State.ACCEPTED, at(10), -4),
            (State.ACCEPTED_LATE, at(16), 2),
        ),
        # Returned twice, once in time.
        (
            [(RETURNED, at(13)), (RETURNED, at(15)), (ACCEPTED, at(16))],
            (State.ACCEPTED, at(13), -1),
            (State.ACCEPTED_LATE, at(16), 2),
        ),
        # The first version was late already.
        (
            [(RETURNED, at(15)), (ACCEPTED, at(16))],
            (State.ACCEPTED_LATE, at(16), 2),
            (State.ACCEPTED_LATE, at(16), 2),
        ),
        # What nobody could read is no first version.
        (
            [(UNREADABLE, at(10)), (ACCEPTED, at(16))],
            (State.ACCEPTED_LATE, at(16), 2),
            (State.ACCEPTED_LATE, at(16), 2),
        ),
        # Corrected in time.
        (
            [(RETURNED, at(9)), (ACCEPTED, at(12))],
            (State.ACCEPTED, at(9), -5),
            (State.ACCEPTED, at(12), -2),
        ),
    ],
)
def test_the_regime_says_whether_a_corrected_report_was_in_time(
    came: list[tuple[Verdict, datetime]],
    first: tuple[State, datetime, int],
    accepted: tuple[State, datetime, int],
) -> None:
    found = {rule: standing(OPENS, DUE, versions(*came), rule, at(20)) for rule in Correction}
    assert found[Correction.FIRST] == Standing(*first)
    assert found[Correction.ACCEPTED] == Standing(*accepted)


def test_times_of_another_zone_count_by_vietnams_day() -> None:
    utc = MIDNIGHT.astimezone(UTC)
    found = standing(OPENS, DUE, versions((ACCEPTED, utc)), Correction.FIRST, utc)
    assert (found.state, found.days) == (State.ACCEPTED_LATE, 1)


def test_a_waived_report_is_awaited_no_more_and_counts_if_it_comes() -> None:
    assert standing(OPENS, DUE, [], Correction.FIRST, at(20), waived=True).state is State.WAIVED
    came = versions((ACCEPTED, at(10)))
    found = standing(OPENS, DUE, came, Correction.FIRST, at(20), waived=True)
    assert found.state is State.ACCEPTED


def test_what_is_accepted_or_waived_is_settled_and_every_state_has_a_name() -> None:
    received = {State.ACCEPTED, State.ACCEPTED_LATE}
    assert {s for s in State if Standing(s).is_received} == received
    assert {s for s in State if Standing(s).is_settled} == received | {State.WAIVED}
    assert set(STATE_NAMES) == set(State)
    assert len({Standing(s).name for s in State}) == len(State)
