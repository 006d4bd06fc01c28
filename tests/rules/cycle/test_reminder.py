"""The ladder of letters, and which of them a day calls for."""

from collections import Counter
from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from kybaocao.rules.calendar.period import Period
from kybaocao.rules.calendar.workdays import Shift, WorkCalendar
from kybaocao.rules.cycle.obligation import Term, term
from kybaocao.rules.cycle.reminder import Kind, Rung, called_for, message_id, run_days, rungs
from kybaocao.rules.regime.duty import Ladder
from tests.rules.regime_cast import calendars, duty, regime

WEEKDAYS = WorkCalendar({}, {})
LADDERS = st.builds(
    Ladder,
    opening=st.booleans(),
    before=st.lists(st.integers(1, 20), max_size=5).map(tuple),
    last_day=st.booleans(),
    overdue_first=st.integers(1, 5),
    overdue_every=st.integers(1, 5),
    overdue_until=st.integers(0, 20),
    escalate_after=st.none() | st.integers(1, 9),
)


@st.composite
def cases(draw: st.DrawFn) -> tuple[list[Rung], Term, WorkCalendar]:
    """Any ladder over any calendar for a quarter of 2016 under any rule for days off."""
    calendar = draw(calendars())
    of = regime(
        days_off={"rule": draw(st.sampled_from(Shift)), "source": "Giả định"},
        in_force={"since": draw(st.sampled_from(["2015-01-01", "2016-06-04"]))},
    )
    period = Period.parse(f"2016-Q{draw(st.integers(2, 4))}")
    made = term(of, duty(opens=draw(st.integers(1, 30))), period, calendar)
    return rungs(draw(LADDERS), made.opens, made.due, calendar), made, calendar


@settings(max_examples=40)
@given(cases())
def test_letters_fall_on_working_days(case: tuple[list[Rung], Term, WorkCalendar]) -> None:
    ladder, of, calendar = case
    for rung in ladder:
        if rung.kind is Kind.OPENING:
            assert rung.day == of.opens
        else:
            assert calendar.is_working(rung.day)
            assert rung.day > of.opens


@settings(max_examples=40)
@given(cases())
def test_reminders_come_before_the_deadline_and_the_rest_after(
    case: tuple[list[Rung], Term, WorkCalendar],
) -> None:
    ladder, of, _ = case
    for rung in ladder:
        is_late = rung.kind in (Kind.OVERDUE, Kind.ESCALATION)
        assert (rung.day > of.due.last_day) == is_late
    assert ladder == sorted(set(ladder))
    assert Counter(r.kind for r in ladder)[Kind.ESCALATION] <= 1


@settings(max_examples=60)
@given(cases(), st.data())
def test_after_any_missed_days_one_letter_of_a_kind_a_day_and_none_twice(
    case: tuple[list[Rung], Term, WorkCalendar], data: st.DataObject
) -> None:
    ladder, of, _ = case
    sent: list[Rung] = []
    opened: date | None = None
    last = max([of.due.last_day, *(r.day for r in ladder)])
    span = (last - of.opens).days + 5
    days = data.draw(st.sets(st.integers(-3, span), max_size=30), label="days with a run")
    for n in sorted(days):
        today = of.opens + timedelta(days=n)
        called = called_for(ladder, of.due, today, sent, opened)
        kinds = [rung.kind for rung in called]
        assert len(kinds) == len(set(kinds))
        assert not set(called) & set(sent)
        assert all(rung.day <= today for rung in called)
        assert not (Kind.REMINDER in kinds and today > of.due.last_day)
        assert kinds == [Kind.OPENING] or Kind.OPENING not in kinds
        sent += called
        opened = today if Kind.OPENING in kinds else opened
        assert called_for(ladder, of.due, today, sent, opened) == []
    if days and max(days) >= span:
        # Whatever was missed, the opening, an overdue letter and the escalation have gone out,
        # but for what the opening took the place of.
        due = {r.kind for r in ladder if opened is None or r.day > opened or r.kind is Kind.OPENING}
        assert due - {Kind.REMINDER} <= {r.kind for r in sent}


@settings(max_examples=40)
@given(cases())
def test_a_run_on_every_day_sends_the_whole_ladder(
    case: tuple[list[Rung], Term, WorkCalendar],
) -> None:
    ladder, of, _ = case
    sent: list[Rung] = []
    for n in range(120):
        sent += called_for(ladder, of.due, of.opens + timedelta(days=n), sent)
    assert sorted(sent) == ladder


def case_of(ladder: Ladder) -> tuple[list[Rung], Term]:
    of = term(regime(), duty(), Period.parse("2016-Q3"), WEEKDAYS)
    return rungs(ladder, of.opens, of.due, WEEKDAYS), of


def test_of_missed_reminders_the_latest_goes_out() -> None:
    ladder, of = case_of(Ladder())
    opening = Rung(of.opens, Kind.OPENING)
    assert called_for(ladder, of.due, date(2016, 9, 10), [opening]) == [
        Rung(date(2016, 9, 7), Kind.REMINDER)
    ]


def test_a_missed_opening_goes_out_even_after_the_deadline() -> None:
    ladder, of = case_of(Ladder())
    opening = Rung(of.opens, Kind.OPENING)
    for today in (date(2016, 9, 10), date(2016, 9, 25)):
        assert called_for(ladder, of.due, today, []) == [opening]


def test_after_an_opening_that_came_late_superiors_hear_no_sooner_than_after_a_deadline() -> None:
    """First asked on Monday 26/9, after all that was to be said of a deadline on 14/9."""
    of, opened = term(regime(), duty(), Period.parse("2016-Q3"), WEEKDAYS), date(2016, 9, 26)
    ladder = rungs(Ladder(), of.opens, of.due, WEEKDAYS, opened)
    sent, told = [Rung(of.opens, Kind.OPENING)], {}
    for n in range(5):
        today = opened + timedelta(days=n)
        told[today.day] = called_for(ladder, of.due, today, sent, opened)
        sent += told[today.day]
    assert {day: [rung.kind for rung in found] for day, found in told.items()} == {
        26: [],
        27: [],
        28: [Kind.OVERDUE],
        29: [Kind.ESCALATION],
        30: [Kind.OVERDUE],
    }


def test_a_late_opening_takes_the_place_of_the_reminders_it_overtook() -> None:
    ladder, of = case_of(Ladder())
    opening, opened = Rung(of.opens, Kind.OPENING), date(2016, 9, 8)
    for today in (opened, date(2016, 9, 9), date(2016, 9, 11)):
        assert called_for(ladder, of.due, today, [opening], opened) == []
    reminder = Rung(date(2016, 9, 12), Kind.REMINDER)
    assert called_for(ladder, of.due, date(2016, 9, 12), [opening], opened) == [reminder]


def test_a_ladder_without_an_opening_reminds_all_the_same() -> None:
    ladder, of = case_of(Ladder(opening=False, before=(5,), escalate_after=None))
    called = called_for(ladder, of.due, date(2016, 9, 8), [])
    assert called == [Rung(date(2016, 9, 7), Kind.REMINDER)]


def test_nothing_is_called_for_before_the_period_opens() -> None:
    ladder, of = case_of(Ladder())
    assert called_for(ladder, of.due, of.opens - timedelta(days=1), []) == []


@settings(max_examples=40)
@given(cases())
def test_a_run_has_something_to_do_from_the_opening_to_the_ladders_end(
    case: tuple[list[Rung], Term, WorkCalendar],
) -> None:
    _, of, calendar = case
    days = run_days(duty(), of, calendar)
    assert days == sorted(set(days))
    assert days[0] == of.opens
    assert of.due.last_day + timedelta(days=1) in days
    assert {r.day for r in rungs(duty().ladder, of.opens, of.due, calendar)} <= set(days)


def test_a_run_has_something_to_do_on_the_days_of_every_tier() -> None:
    tiered = duty(tiers=[{"levels": ["xa"], "deadline": {"by": 5}}])
    of = term(regime(tiered), tiered, Period.parse("2016-Q3"), WEEKDAYS)
    days = run_days(tiered, of, WEEKDAYS)
    for due in of.dues:
        assert {r.day for r in rungs(tiered.ladder, of.opens, due, WEEKDAYS)} <= set(days)
    assert date(2016, 9, 2) in days


def test_a_message_id_is_one_for_each_key() -> None:
    one = message_id("a/b/Sở Y tế", "x.example")
    assert one == message_id("a/b/Sở Y tế", "x.example")
    assert one != message_id("a/b/Sở Nội vụ", "x.example")
    assert one.startswith("<")
    assert one.endswith("@x.example>")
    assert one.isascii()
