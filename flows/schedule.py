"""Schedules that name their instants one by one, since deadlines follow no simple rhythm."""

from collections.abc import Callable, Iterable
from datetime import date, datetime

from prefect.schedules import RRule, Schedule

from kybaocao.rules.calendar.official_days import VIETNAM
from kybaocao.rules.calendar.workdays import WorkCalendar
from kybaocao.rules.cycle.obligation import Term, terms
from kybaocao.rules.cycle.reminder import run_days
from kybaocao.rules.regime.duty import Duty
from kybaocao.rules.regime.regime import Regime
from kybaocao.serving.supervisor import RUNS_AHEAD

AsOpened = Callable[[Regime, Term], Term]


def days_ahead(
    regime: Regime,
    duty: Duty,
    go_live: date,
    today: date,
    last: date,
    calendar: WorkCalendar,
    as_opened: AsOpened = lambda _, term: term,
) -> list[date]:
    """Return the days from `today` on which the duty's run has something to do, in order.

    They come from the terms due from `go_live` to `last`; what such a term asks for before
    its regime is live is done on the day of going live. Agencies that begin while a term is
    open are asked on their first day. `as_opened` is the office's: what is on the books keeps
    its days.
    """
    days: set[date] = set()
    for term in (as_opened(regime, t) for t in terms(regime, duty, go_live, last, calendar)):
        begins = {
            agency.since
            for agency in regime.agencies.values()
            if agency.since is not None
            and duty.reporters.include(agency)
            and term.opens < agency.since <= term.due.last_day
        }
        days |= {max(day, go_live) for day in (*run_days(duty, term, calendar), *begins)}
    return sorted(day for day in days if day >= today)


def at(instants: Iterable[datetime]) -> list[Schedule]:
    """Return the schedules that run at exactly these instants, aware, each once, in order.

    Prefect holds so many runs ahead for one schedule: with no more in each it holds them all.
    """
    stamps = sorted({f"{i.astimezone(VIETNAM):%Y%m%dT%H%M%S}" for i in instants})
    return [
        RRule("RDATE:" + ",".join(stamps[start : start + RUNS_AHEAD]), timezone=VIETNAM.key)
        for start in range(0, len(stamps), RUNS_AHEAD)
    ]
