"""What a leader asks: are the reports complete, are they in time, and is it getting better."""

from dataclasses import dataclass
from datetime import datetime

from kybaocao.rules.calendar.period import Period
from kybaocao.rules.cycle.standing import Rate, State, rate_of
from kybaocao.rules.regime.agency import Agency
from kybaocao.rules.regime.duty import Duty
from kybaocao.rules.regime.regime import Regime
from kybaocao.runtime import Office
from kybaocao.steps.standings import standings

LATEST = 8


@dataclass(frozen=True)
class TermResult:
    """A term and the rate of all its reports."""

    period: Period
    rate: Rate


@dataclass(frozen=True)
class AgencyResult:
    """An agency, how its report of each term stood (None where it owed none), and its rate."""

    agency: Agency
    states: tuple[State | None, ...]
    rate: Rate


@dataclass(frozen=True)
class Results:
    """Of `duty` (None if nothing is over yet): its latest terms, oldest first, and the agencies.

    The agencies with the lowest rates come first. `duties` are those that can be chosen.
    """

    duty: Duty | None
    duties: tuple[Duty, ...]
    terms: tuple[TermResult, ...] = ()
    agencies: tuple[AgencyResult, ...] = ()

    @property
    def rate(self) -> Rate:
        """The rate of all reports shown."""
        rates = [term.rate for term in self.terms]
        return Rate(
            sum(r.owed for r in rates), sum(r.on_time for r in rates), sum(r.late for r in rates)
        )


def results(office: Office, regime: Regime, duty_id: str, now: datetime) -> Results:
    """Return how a duty's latest reports came, of the terms whose deadlines are over.

    Of a duty that is not given or of which nothing is over, it is the first that has results.
    """
    over = [term for term in office.ledger.views.terms(regime.id) if term.last_day < now.date()]
    known = {term.duty for term in over}
    duties = tuple(duty for duty in regime.duties if duty.id in known)
    duty = next((d for d in duties if d.id == duty_id), duties[0] if duties else None)
    if duty is None:
        return Results(None, ())
    mine = sorted((t for t in over if t.duty == duty.id), key=lambda t: t.last_day)[-LATEST:]
    of = {"regime": regime.id, "duty": duty.id}
    stood = [
        {s.agency.code: s.standing.state for s in standings(office, now, **of, period=t.period)}
        for t in mine
    ]
    codes = {code for states in stood for code in states}
    agencies = []
    for agency in regime.agencies.values():
        if agency.code in codes:
            states = tuple(one.get(agency.code) for one in stood)
            agencies.append(AgencyResult(agency, states, rate_of(s for s in states if s)))
    agencies.sort(key=lambda a: (_low(a.rate.punctuality), _low(a.rate.completeness)))
    return Results(
        duty,
        duties,
        tuple(
            TermResult(Period.parse(t.period), rate_of(states.values()))
            for t, states in zip(mine, stood, strict=True)
        ),
        tuple(agencies),
    )


def _low(share: float | None) -> float:
    """Return what sorts those who owed nothing behind the others."""
    return 2.0 if share is None else share
