"""Which reports are owed, when each is due, and how each stands on a given day."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

from kybaocao.rules.duty import Correction, Deadline, Duty, Regime
from kybaocao.rules.period import Period, Window, days_in, periods
from kybaocao.rules.workdays import ONE_DAY, WorkCalendar

VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")


def start_of(day: date) -> datetime:
    """Return midnight at the start of `day` in Asia/Ho_Chi_Minh."""
    return datetime(day.year, day.month, day.day, tzinfo=VIETNAM)


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


@dataclass(frozen=True)
class Term:
    """One period of one duty: when it opens, what it covers, and when it is due."""

    regime: str
    duty: str
    period: Period
    window: Window
    opens: date
    due: Due

    @property
    def key(self) -> str:
        return f"{self.regime}/{self.duty}/{self.period.id}"


@dataclass(frozen=True)
class Obligation:
    """One report that one agency owes."""

    term: Term
    agency: str

    @property
    def key(self) -> str:
        return f"{self.term.key}/{self.agency}"


def last_day_of(deadline: Deadline, year: int, month: int) -> date:
    """Return the last day on which a report is in time, before any rule for days off."""
    if deadline.before is not None:
        return date(year, month, min(deadline.before - 1, days_in(year, month)))
    if isinstance(deadline.by, int):
        return date(year, month, min(deadline.by, days_in(year, month)))
    return date(year, month, days_in(year, month))


def term(regime: Regime, duty: Duty, period: Period, calendar: WorkCalendar) -> Term:
    """Return the opening day, data window and deadline of `duty` for `period`.

    Nothing opens before the regime is in force.
    """
    stated = last_day_of(duty.deadline, period.year, period.last_month)
    last_day = calendar.shifted(stated, regime.days_off)
    opens = calendar.add(calendar.on_or_before(last_day), -duty.opens)
    opens = max(opens, regime.in_force.since)
    window = period.window(duty.window)
    return Term(regime.id, duty.id, period, window, opens, Due(stated, last_day))


def is_replaced(regime: Regime, duty: Duty, period: Period) -> bool:
    """Return whether another duty's report of the same last month stands for this one."""
    return any(
        other.replaces == duty.id and period.last_month % other.every.months == 0
        for other in regime.duties
    )


def terms(
    regime: Regime, duty: Duty, first: date, last: date, calendar: WorkCalendar
) -> Iterator[Term]:
    """Yield the terms that are due from `first` to `last`, while the regime is in force."""
    for period in periods(duty.every, first.year - 1, last.year + 1):
        found = term(regime, duty, period, calendar)
        if not first <= found.due.last_day <= last or found.due.last_day not in regime.in_force:
            continue
        if not is_replaced(regime, duty, period):
            yield found


def obligations(regime: Regime, duty: Duty, of: Term) -> list[Obligation]:
    """Return who owes the report: the duty's reporters that exist on the day it is due."""
    return [
        Obligation(of, agency.code)
        for agency in regime.agencies.values()
        if duty.reporters.include(agency) and agency.exists_on(of.due.last_day)
    ]


class Verdict(StrEnum):
    """What became of a file that was sent."""

    ACCEPTED = "accepted"
    RETURNED = "returned"
    UNREADABLE = "unreadable"


@dataclass(frozen=True)
class Received:
    """One version that arrived: when it was received (never when it was processed)."""

    version: int
    received_at: datetime
    verdict: Verdict


class State(StrEnum):
    """How an obligation stands."""

    NOT_OPEN = "not-open"
    WAITING = "waiting"
    OVERDUE = "overdue"
    RETURNED = "returned"
    RETURNED_OVERDUE = "returned-overdue"
    ACCEPTED = "accepted"
    ACCEPTED_LATE = "accepted-late"


STATE_NAMES = {
    State.NOT_OPEN: "Chưa mở kỳ",
    State.WAITING: "Chưa gửi",
    State.OVERDUE: "Quá hạn, chưa gửi",
    State.RETURNED: "Đã trả lại, chờ gửi lại",
    State.RETURNED_OVERDUE: "Đã trả lại, quá hạn",
    State.ACCEPTED: "Đã nhận, đúng hạn",
    State.ACCEPTED_LATE: "Đã nhận, quá hạn",
}


@dataclass(frozen=True)
class Standing:
    """An obligation's state; `days` counts calendar days, positive if late, negative if early.

    `counted_at` is the time that decides whether the report was in time.
    """

    state: State
    counted_at: datetime | None = None
    days: int | None = None

    @property
    def is_settled(self) -> bool:
        return self.state in (State.ACCEPTED, State.ACCEPTED_LATE)

    @property
    def name(self) -> str:
        return STATE_NAMES[self.state]


def standing(
    opens: date, due: Due, versions: Sequence[Received], corrected: Correction, now: datetime
) -> Standing:
    """Return how an obligation stands at `now`, by the regime's rule for corrected reports."""
    accepted = [v for v in versions if v.verdict is Verdict.ACCEPTED]
    if accepted:
        counted = _counted_at(versions, accepted[0], corrected, due)
        days = (counted.astimezone(VIETNAM).date() - due.last_day).days
        state = State.ACCEPTED if counted < due.at else State.ACCEPTED_LATE
        return Standing(state, counted, days)
    today = now.astimezone(VIETNAM).date()
    late = now >= due.at
    if any(v.verdict is Verdict.RETURNED for v in versions):
        state = State.RETURNED_OVERDUE if late else State.RETURNED
    elif late:
        state = State.OVERDUE
    else:
        state = State.WAITING if today >= opens else State.NOT_OPEN
    return Standing(state, None, (today - due.last_day).days)


def _counted_at(
    versions: Iterable[Received], accepted: Received, corrected: Correction, due: Due
) -> datetime:
    """Return the arrival that counts: the accepted version's, or an earlier one in time."""
    if corrected is Correction.ACCEPTED:
        return accepted.received_at
    earlier = [
        v.received_at
        for v in versions
        if v.verdict is Verdict.RETURNED and v.version < accepted.version and v.received_at < due.at
    ]
    return min([accepted.received_at, *earlier])
