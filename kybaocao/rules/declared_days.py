"""Faults of a regime's deadlines that only the calendar shows."""

from collections.abc import Iterator
from datetime import date

from kybaocao.rules.calendar.workdays import WorkCalendar
from kybaocao.rules.cycle.obligation import terms
from kybaocao.rules.declared.declared import Fault
from kybaocao.rules.regime.regime import Regime

LOOKED_AHEAD = 5
"""Years for which a regime without an end is tried."""


def cutoff_faults(regime: Regime, calendar: WorkCalendar) -> Iterator[Fault]:
    """Yield each duty that may fall due too soon after its data window (NĐ 09/2019, Điều 8).

    The first such period is named. Regimes that demand no days in between have no faults.
    """
    first = regime.in_force.since
    last = regime.in_force.until or date(first.year + LOOKED_AHEAD, 12, 31)
    for n, duty in enumerate(regime.duties):
        for term in terms(regime, duty, first, last, calendar):
            days = (term.due.last_day, *(due.last_day for due in term.tiers.values()))
            found = min(calendar.between(term.window.last, day) for day in days)
            if found < regime.days_after_cutoff:
                yield (
                    ("duties", n, "deadline"),
                    f"expected at least {regime.days_after_cutoff} working days after the data "
                    f"window, which ends on {term.window.last}; found {found} for {term.period}",
                )
                break
