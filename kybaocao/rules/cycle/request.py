"""Reports that the secretariat asks for, beside those that the calendar brings."""

from dataclasses import dataclass
from datetime import date, datetime

from kybaocao.rules.calendar.frequency import Frequency
from kybaocao.rules.calendar.period import Period, Window
from kybaocao.rules.cycle.obligation import Due, Term
from kybaocao.rules.regime.duty import Duty, Reporters


@dataclass(frozen=True)
class Request:
    """One request: what is asked of whom, on which form, by when, and who asked why.

    `last_day` is the last day on which a report is in time; no rule for days off moves it,
    since a person chose it. `number` counts the duty's requests of a year.
    """

    regime: str
    duty: str
    year: int
    number: int
    title: str
    form: str
    agencies: tuple[str, ...]
    window: Window
    opens: date
    last_day: date
    reason: str
    granted_by: str
    actor: str
    at: datetime

    @property
    def period(self) -> Period:
        return Period(self.year, Frequency.REQUEST, self.number)

    @property
    def note(self) -> str:
        """Why and by whom it is asked for, in Vietnamese."""
        return f"theo yêu cầu: {self.reason} ({self.granted_by})"

    @property
    def term(self) -> Term:
        due = Due(self.last_day, self.last_day)
        return Term(self.regime, self.duty, self.period, self.window, self.opens, due)

    def asked_of(self, duty: Duty) -> Duty:
        """Return `duty` as this request asks for it."""
        return duty.model_copy(
            update={
                "name": self.title,
                "form": self.form,
                "reporters": Reporters(agencies=self.agencies),
            }
        )
