"""Deadlines that were opened and would be other days by what is declared now."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from kybaocao.rules.calendar.official_days import VIETNAM, official_day
from kybaocao.rules.calendar.period import Period
from kybaocao.rules.cycle.obligation import term
from kybaocao.rules.regime.duty import Duty
from kybaocao.rules.regime.names import report_title
from kybaocao.rules.regime.regime import Regime
from kybaocao.runtime import Office
from kybaocao.steps.standings import Standpoint, standings


@dataclass(frozen=True)
class Move:
    """Reports still owed that are due on `opened`, and by config and calendar of today on `now`.

    What was opened holds. Time that was given is not taken away, so only a later day can be
    given instead, by a person.
    """

    duty: Duty
    period: Period
    opened: date
    now: date
    reports: tuple[Standpoint, ...]

    @property
    def is_later(self) -> bool:
        return self.now > self.opened

    @property
    def words(self) -> str:
        """What moved, what holds and what can be done, in Vietnamese."""
        key = f"{self.reports[0].regime.id}/{self.duty.id}"
        title = report_title(self.duty.name, self.period.label)
        told = (
            f"Hạn đã mở khác hạn tính theo cấu hình hiện nay: {title}, {len(self.reports)} đơn vị: "
            f"đã mở hết ngày {official_day(self.opened)}, nay tính ra hết ngày "
            f"{official_day(self.now)}. Hạn đã mở vẫn giữ"
        )
        if self.is_later:
            return f"{told}; để lùi hạn và báo cho các đơn vị: reschedule {key} {self.period.id}."
        return f"{told}, vì thời gian đã thông báo thì không rút ngắn."


def moves(office: Office, regime: Regime, now: datetime) -> Iterator[Move]:
    """Yield what a change of config or calendar would move of a regime's terms still running."""
    today = now.astimezone(VIETNAM).date()
    declared = {duty.id: duty for duty in regime.duties}
    for running in office.ledger.views.terms(regime.id):
        duty, period = declared.get(running.duty), Period.parse(running.period)
        if duty is None or running.last_day < today or period.frequency is not duty.every:
            continue
        if not (duty.every.recurs or duty.once):
            continue
        reckoned = term(regime, duty, period, office.config.calendar)
        of = {"regime": regime.id, "duty": duty.id, "period": period.id}
        by_days: dict[tuple[date, date], list[Standpoint]] = defaultdict(list)
        for stands in standings(office, now, **of):
            opened, by_rule = stands.owed.due.last_day, reckoned.due_for(stands.agency.level)
            # Whoever was granted a day of their own has that one.
            if not stands.standing.is_settled and stands.granted is None:
                by_days[opened, by_rule.last_day].append(stands)
        for (opened, by_now), reports in sorted(by_days.items()):
            if opened != by_now:
                yield Move(duty, period, opened, by_now, tuple(reports))
