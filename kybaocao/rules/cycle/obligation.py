"""Which reports are owed, when each is due, and how each stands on a given day."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from kybaocao.rules.calendar.frequency import Frequency
from kybaocao.rules.calendar.official_days import start_of
from kybaocao.rules.calendar.period import Period, Window, days_in, periods
from kybaocao.rules.calendar.workdays import ONE_DAY, WorkCalendar
from kybaocao.rules.regime.duty import Deadline, Duty
from kybaocao.rules.regime.level import LevelId
from kybaocao.rules.regime.regime import Regime


@dataclass(frozen=True)
class Due:
    """A report's deadline: in time is whatever was received before `at`.

    `stated` is the last day by the document's words alone, `last_day` after the regime's
    rule for days off; `at` is the midnight that ends `last_day`.
    """

    stated: date
    last_day: date

    @property
    def at(self) -> datetime:
        return start_of(self.last_day + ONE_DAY)


def mending(due: Due, given_back: date, days: int, calendar: WorkCalendar) -> Due:
    """Return by when a report that was given back is asked for: within so many working days.

    Not before its own deadline.
    """
    last_day = calendar.add(given_back, days)
    return due if due.last_day >= last_day else Due(last_day, last_day)


@dataclass(frozen=True)
class Term:
    """One period of one duty: when it opens, what it covers, and when it is due.

    `due` is the latest deadline, on which the term closes; `tiers` holds those of the levels
    that have one of their own, and `rest` that of all others beside them.
    """

    regime: str
    duty: str
    period: Period
    window: Window
    opens: date
    due: Due
    tiers: Mapping[LevelId, Due] = field(default_factory=dict)
    rest: Due | None = None

    @property
    def key(self) -> str:
        return f"{self.regime}/{self.duty}/{self.period.id}"

    @property
    def dues(self) -> set[Due]:
        """Every deadline of the term."""
        return {self.due, self.rest or self.due, *self.tiers.values()}

    def due_for(self, level: LevelId) -> Due:
        """Return the deadline of the reporters of a level."""
        return self.tiers.get(level, self.rest or self.due)

    def for_level(self, level: LevelId) -> "Term":
        """Return this term as the reporters of a level see it."""
        return self.due_on(self.due_for(level))

    def due_on(self, due: Due) -> "Term":
        """Return this term with one deadline for everybody."""
        return replace(self, due=due, tiers={}, rest=None)


def as_opened(of: Term, opened: Iterable[tuple[LevelId, date, Due]]) -> Term:
    """Return a term as it was opened, whatever is reckoned now.

    `opened` are level, opening day and deadline of every report on the books. A level keeps its
    latest deadline; of what nobody was asked yet, that holds which is reckoned.
    """
    tiers: dict[LevelId, Due] = {}
    opens = [of.opens]
    for level, day, due in opened:
        tiers[level] = max(tiers.get(level, due), due, key=lambda one: one.last_day)
        opens.append(day)
    if all(of.due_for(level) == due for level, due in tiers.items()):
        return replace(of, opens=min(opens))
    if not of.tiers and len(set(tiers.values())) == 1:
        return replace(of.due_on(next(iter(tiers.values()))), opens=min(opens))
    merged = {**of.tiers, **tiers}
    closing = max(merged.values(), key=lambda one: one.last_day)
    return replace(of, opens=min(opens), due=closing, tiers=merged, rest=of.rest or closing)


@dataclass(frozen=True)
class Obligation:
    """One report that one agency owes."""

    term: Term
    agency: str
    due: Due

    @property
    def key(self) -> str:
        return f"{self.term.key}/{self.agency}"


def last_day_of(deadline: Deadline, period: Period, window: Window, calendar: WorkCalendar) -> date:
    """Return the last day on which a report is in time, before any rule for days off.

    Raises ValueError for a deadline that only a request can name.
    """
    if deadline.requested:
        raise ValueError("the day is named by each request")
    if deadline.after_cutoff is not None:
        return calendar.add(window.last, deadline.after_cutoff)
    year, month = _month_of(deadline, period)
    last = days_in(year, month)
    if deadline.before is not None:
        return date(year, month, min(deadline.before - 1, last))
    return date(year, month, min(deadline.by, last) if isinstance(deadline.by, int) else last)


def _month_of(deadline: Deadline, period: Period) -> tuple[int, int]:
    """Return the year and month in which a deadline's days are counted."""
    month = deadline.month or 3 * (deadline.quarter or 0)
    if month:
        return period.year + {"previous": -1, "same": 0, "next": 1}[deadline.year], month
    later = period.last_month + deadline.months_later
    return period.year + (later - 1) // 12, (later - 1) % 12 + 1


def term(regime: Regime, duty: Duty, period: Period, calendar: WorkCalendar) -> Term:
    """Return the opening day, data window and deadlines of `duty` for `period`.

    Nothing opens before the regime is in force. Raises ValueError for a period that only a
    request opens.
    """
    window = _window(duty, period)
    levels = {level for tier in duty.tiers for level in tier.levels}
    tiers = {n: _due(regime, duty.deadline_for(n), period, window, calendar) for n in levels}
    main = _due(regime, duty.deadline, period, window, calendar)
    dues = [main, *tiers.values()]
    first = min(due.last_day for due in dues)
    opens = calendar.add(first, -(duty.opens or 0))
    opens = max(opens, regime.in_force.since)
    closing = max(dues, key=lambda due: due.last_day)
    rest = main if tiers else None
    return Term(regime.id, duty.id, period, window, opens, closing, tiers, rest)


def _window(duty: Duty, period: Period) -> Window:
    if duty.once is not None:
        return Window(duty.once.first, duty.once.last)
    if duty.window is None or not period.frequency.recurs:
        raise ValueError(f"{period.id} of {duty.id} is opened by a request")
    return period.window(duty.window)


def _due(
    regime: Regime, deadline: Deadline, period: Period, window: Window, calendar: WorkCalendar
) -> Due:
    stated = last_day_of(deadline, period, window, calendar)
    return Due(stated, calendar.shifted(stated, regime.days_off.rule))


def owed_periods(duty: Duty, first_year: int, last_year: int) -> Iterator[Period]:
    """Yield the periods for which the calendar alone makes a duty's report owed, in order."""
    if duty.once is not None:
        if first_year <= duty.once.year <= last_year:
            yield Period(duty.once.year, Frequency.ONCE, 1)
    elif duty.every.recurs:
        for period in periods(duty.every, first_year, last_year):
            if not duty.which or period.index in duty.which:
                yield period


def is_replaced(regime: Regime, duty: Duty, period: Period) -> bool:
    """Return whether another duty's report of the same last month stands for this one."""
    return any(
        other.replaces == duty.id
        and any(
            found.last_month == period.last_month
            for found in owed_periods(other, period.year, period.year)
        )
        for other in regime.duties
    )


def terms(
    regime: Regime, duty: Duty, first: date, last: date, calendar: WorkCalendar
) -> Iterator[Term]:
    """Yield the terms that close from `first` to `last`, while the regime is in force.

    What only requests open is not among them.
    """
    for period in owed_periods(duty, first.year - 1, last.year + 1):
        found = term(regime, duty, period, calendar)
        last_day = found.due.last_day
        if not first <= last_day <= last or last_day not in regime.in_force:
            continue
        if duty.in_force is not None and last_day not in duty.in_force:
            continue
        if not is_replaced(regime, duty, period):
            yield found


def obligations(regime: Regime, duty: Duty, of: Term) -> list[Obligation]:
    """Return who owes the report: the duty's reporters that exist on the day it is due."""
    return [
        Obligation(of, agency.code, due)
        for agency in regime.agencies.values()
        if duty.reporters.include(agency)
        and agency.exists_on((due := of.due_for(agency.level)).last_day)
    ]
