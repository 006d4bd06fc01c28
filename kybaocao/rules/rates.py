"""How complete and how punctual reports were, of a term, of an agency, or of all."""

from collections.abc import Iterable
from dataclasses import dataclass

from kybaocao.rules.cycle.obligation import State


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
