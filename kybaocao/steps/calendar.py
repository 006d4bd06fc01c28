"""The calendar that follows from a regime: every term with its clause and assumptions."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from kybaocao.adapters.regime_files import Config
from kybaocao.rules.obligation import obligations, terms
from kybaocao.rules.regime import Regime


@dataclass(frozen=True)
class Entry:
    """One report of the calendar. `due` is the midnight before which it is in time."""

    duty: str
    duty_name: str
    period: str
    period_label: str
    window_first: date
    window_last: date
    opens: date
    last_day: date
    due: datetime
    day_off: str
    agencies: int
    recipient: str
    clause: str
    stated: str
    assumptions: tuple[str, ...]

    def as_json(self) -> dict[str, object]:
        """Return the entry with dates and times in ISO 8601."""
        return {
            name: value.isoformat() if isinstance(value, date) else value
            for name, value in self.__dict__.items()
        }


def entries(config: Config, regime: Regime, first: date, last: date) -> Iterator[Entry]:
    """Yield what is due from `first` to `last`, duty by duty, while the regime is in force."""
    document = f"{regime.document.number}, "
    for duty in regime.duties:
        for term in terms(regime, duty, first, last, config.calendar):
            yield Entry(
                duty=f"{regime.id}/{duty.id}",
                duty_name=duty.name,
                period=term.period.id,
                period_label=term.period.label,
                window_first=term.window.first,
                window_last=term.window.last,
                opens=term.opens,
                last_day=term.due.last_day,
                due=term.due.at,
                day_off=config.calendar.reason_off(term.due.last_day) or "",
                agencies=len(obligations(regime, duty, term)),
                recipient=regime.agencies[duty.recipient].name,
                clause=document + duty.clause,
                stated=duty.stated,
                assumptions=tuple(a.text for a in regime.assumptions_of(duty)),
            )
