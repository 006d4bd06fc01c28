"""How a report stands on a day, in words and signs, and how complete and punctual many are."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from kybaocao.rules.calendar.official_days import VIETNAM
from kybaocao.rules.cycle.obligation import Due
from kybaocao.rules.regime.regime import Correction


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
    WAIVED = "waived"


STATE_NAMES = {
    State.NOT_OPEN: "Chưa mở kỳ",
    State.WAITING: "Chưa gửi",
    State.OVERDUE: "Quá hạn, chưa gửi",
    State.RETURNED: "Đã trả lại, chờ gửi lại",
    State.RETURNED_OVERDUE: "Đã trả lại, quá hạn",
    State.ACCEPTED: "Đã nhận, đúng hạn",
    State.ACCEPTED_LATE: "Đã nhận, quá hạn",
    State.WAIVED: "Được miễn",
}


@dataclass(frozen=True)
class Standing:
    """An obligation's state; `days` counts calendar days, positive if late, negative if early.

    `counted_at` is the time that decides whether the report was in time. `why` says in words
    why the rule itself, and no person, awaits nothing.
    """

    state: State
    counted_at: datetime | None = None
    days: int | None = None
    why: str = ""

    @property
    def is_received(self) -> bool:
        return self.state in (State.ACCEPTED, State.ACCEPTED_LATE)

    @property
    def is_settled(self) -> bool:
        """Whether nothing more is awaited."""
        return self.is_received or self.state is State.WAIVED

    @property
    def name(self) -> str:
        return STATE_NAMES[self.state]


def standing(
    opens: date,
    due: Due,
    versions: Sequence[Received],
    corrected: Correction,
    now: datetime,
    waived: bool = False,
    absence: str = "",
    mending: Due | None = None,
) -> Standing:
    """Return how an obligation stands at `now`, by the regime's rule for corrected reports.

    `absence` says that the agency does not exist on the report's day, so that nothing is
    awaited of it. A report that came although it was waived counts as any other. One that a
    person gave back is not late before the end of its time for `mending`.
    """
    accepted = [v for v in versions if v.verdict is Verdict.ACCEPTED]
    if accepted:
        counted = _counted_at(versions, accepted[0], corrected, due)
        days = (counted.astimezone(VIETNAM).date() - due.last_day).days
        state = State.ACCEPTED if counted < due.at else State.ACCEPTED_LATE
        return Standing(state, counted, days)
    if waived or absence:
        return Standing(State.WAIVED, why=absence)
    today, awaited = now.astimezone(VIETNAM).date(), mending or due
    late = now >= awaited.at
    if any(v.verdict is Verdict.RETURNED for v in versions):
        state = State.RETURNED_OVERDUE if late else State.RETURNED
    elif late:
        state = State.OVERDUE
    else:
        state = State.WAITING if today >= opens else State.NOT_OPEN
    return Standing(state, None, (today - awaited.last_day).days)


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


# Signs that the fonts of old office machines have; the word beside each says the same.
MARKS = {
    State.NOT_OPEN: ("·", "Chưa mở"),
    State.WAITING: ("○", "Chưa gửi"),
    State.OVERDUE: ("!", "Quá hạn"),
    State.RETURNED: ("↺", "Trả lại"),
    State.RETURNED_OVERDUE: ("↺!", "Trả lại, quá hạn"),
    State.ACCEPTED: ("✓", "Đã nhận"),
    State.ACCEPTED_LATE: ("✓!", "Nhận quá hạn"),
    State.WAIVED: ("–", "Được miễn"),
}


def days_words(standing: Standing) -> str:
    """Return how long is left or how late it is: `còn 9 ngày`, `muộn 2 ngày`; else empty.

    Days are calendar days.
    """
    days = standing.days
    if days is None or standing.state is State.WAIVED:
        return ""
    if standing.is_received:
        return f"muộn {days} ngày" if days > 0 else ""
    if days > 0:
        return f"muộn {days} ngày"
    return f"còn {-days} ngày" if days < 0 else "hết hạn hôm nay"


@dataclass(frozen=True)
class Rate:
    """Of `owed` reports, waived ones left out, how many were accepted in time, and late."""

    owed: int
    on_time: int
    late: int

    @property
    def accepted(self) -> int:
        return self.on_time + self.late

    @property
    def completeness(self) -> float | None:
        """The share of reports that came, from 0 to 1; None where none was owed."""
        return self.accepted / self.owed if self.owed else None

    @property
    def punctuality(self) -> float | None:
        """The share of reports that came in time, from 0 to 1; None where none was owed."""
        return self.on_time / self.owed if self.owed else None


def rate_of(states: Iterable[State]) -> Rate:
    """Return the rate of reports whose deadlines are over."""
    found = [state for state in states if state is not State.WAIVED]
    return Rate(len(found), found.count(State.ACCEPTED), found.count(State.ACCEPTED_LATE))
