"""What a leader asks: are the reports complete, are they in time, and is it getting better."""

from dataclasses import dataclass
from datetime import datetime

from kybaocao.rules.calendar.official_days import VIETNAM
from kybaocao.rules.calendar.period import Period
from kybaocao.rules.cycle.standing import Rate, Standing, State, days_words, rate_of
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
    """An agency, how its report of each term stands (None where it owed none), and its rate."""

    agency: Agency
    stood: tuple[Standing | None, ...]
    rate: Rate

    @property
    def late_days(self) -> int:
        """The calendar days by which its reports came late, or are late by now."""
        return sum(
            one.days
            for one in self.stood
            if one is not None and one.state is not State.WAIVED and one.days and one.days > 0
        )


@dataclass(frozen=True)
class Results:
    """Of `duty` (None if nothing is over yet): its latest terms, oldest first, and the agencies.

    The agencies with the lowest rates come first. `duties` and `years` are those that can be
    chosen; `year` is the one that was.
    """

    duty: Duty | None
    duties: tuple[Duty, ...]
    years: tuple[int, ...] = ()
    year: int | None = None
    terms: tuple[TermResult, ...] = ()
    agencies: tuple[AgencyResult, ...] = ()

    @property
    def rate(self) -> Rate:
        """The rate of all reports shown."""
        rates = [term.rate for term in self.terms]
        return Rate(
            sum(r.owed for r in rates), sum(r.on_time for r in rates), sum(r.late for r in rates)
        )


def results(
    office: Office, regime: Regime, duty_id: str, now: datetime, year: int | None = None
) -> Results:
    """Return how a duty's latest reports came, or those of a year, of the terms that are over.

    Of a duty that is not given or of which nothing is over, it is the first that has results; a
    year without any is none.
    """
    today = now.astimezone(VIETNAM).date()
    over = [term for term in office.ledger.views.terms(regime.id) if term.last_day < today]
    known = {term.duty for term in over}
    duties = tuple(duty for duty in regime.duties if duty.id in known)
    duty = next((d for d in duties if d.id == duty_id), duties[0] if duties else None)
    if duty is None:
        return Results(None, ())
    mine = sorted((t for t in over if t.duty == duty.id), key=lambda t: t.last_day)
    years = sorted({Period.parse(t.period).year for t in mine}, reverse=True)
    year = year if year in years else None
    mine = [t for t in mine if Period.parse(t.period).year == year] if year else mine[-LATEST:]
    of = {"regime": regime.id, "duty": duty.id}
    stood = [
        {s.agency.code: s.standing for s in standings(office, now, **of, period=t.period)}
        for t in mine
    ]
    codes = {code for of_term in stood for code in of_term}
    agencies = []
    for agency in regime.agencies.values():
        if agency.code in codes:
            its = tuple(one.get(agency.code) for one in stood)
            agencies.append(AgencyResult(agency, its, rate_of(s.state for s in its if s)))
    agencies.sort(key=lambda a: (_low(a.rate.punctuality), _low(a.rate.completeness), -a.late_days))
    return Results(
        duty,
        duties,
        tuple(years),
        year,
        tuple(
            TermResult(Period.parse(t.period), rate_of(s.state for s in of_term.values()))
            for t, of_term in zip(mine, stood, strict=True)
        ),
        tuple(agencies),
    )


def _low(share: float | None) -> float:
    """Return what sorts those who owed nothing behind the others."""
    return 2.0 if share is None else share


def table_of(found: Results) -> tuple[list[str], list[list[str | int | float]]]:
    """Return the agencies' results as headers and rows, shares as percentages."""
    headers = ["Mã đơn vị", "Đơn vị", "Phải nộp", "Đã nhận", "Đúng hạn", "Quá hạn"]
    headers += ["Tỷ lệ đúng hạn (%)", "Số ngày muộn", *(t.period.label for t in found.terms)]
    rows: list[list[str | int | float]] = []
    for one in found.agencies:
        rate, share = one.rate, one.rate.punctuality
        punctual = "" if share is None else round(100 * share, 1)
        counted = (rate.owed, rate.accepted, rate.on_time, rate.late, punctual, one.late_days)
        named = (one.agency.code, one.agency.name)
        rows.append([*named, *counted, *map(standing_words, one.stood)])
    return headers, rows


def standing_words(standing: Standing | None) -> str:
    """Return how a report stands: `Đã nhận, quá hạn: muộn 2 ngày`; empty where none was owed."""
    if standing is None:
        return ""
    days = days_words(standing)
    return f"{standing.name}: {days}" if days else standing.name
