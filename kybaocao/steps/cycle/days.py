"""The days ahead on which a duty's run has something to do, for schedules and rehearsals."""

from collections.abc import Callable
from datetime import date

from kybaocao.rules.calendar.workdays import WorkCalendar
from kybaocao.rules.cycle.obligation import Term, terms
from kybaocao.rules.cycle.reminder import run_days
from kybaocao.rules.regime.duty import Duty
from kybaocao.rules.regime.regime import Regime

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
