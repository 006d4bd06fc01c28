"""How the reports of a term stand: what the ledger knows, judged by the regime's rules."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from kybaocao.adapters.ledger import Owed, Submission
from kybaocao.rules.agency import Agency
from kybaocao.rules.duty import Duty
from kybaocao.rules.obligation import Obligation, Standing, State, Verdict, standing
from kybaocao.rules.period import Period
from kybaocao.rules.regime import Regime
from kybaocao.runtime import Office


@dataclass(frozen=True)
class Standpoint:
    """One obligation as it stands, with its versions."""

    owed: Owed
    regime: Regime
    duty: Duty
    agency: Agency
    versions: Sequence[Submission]
    standing: Standing

    @property
    def period(self) -> Period:
        return Period.parse(self.owed.period)

    @property
    def accepted(self) -> Submission | None:
        """The latest accepted version: the one that counts."""
        accepted = [v for v in self.versions if v.verdict is Verdict.ACCEPTED]
        return accepted[-1] if accepted else None


def standings(office: Office, now: datetime, **of: str) -> list[Standpoint]:
    """Return how the ledger's obligations stand at `now`; `of` narrows by regime, duty, period.

    Obligations of regimes or duties that are no longer declared are left out.
    """
    owed = office.ledger.owed(**of)
    versions = office.ledger.versions(owed)
    found = []
    for each in owed:
        regime = office.config.regimes.get(each.regime)
        duty = next((d for d in regime.duties if d.id == each.duty), None) if regime else None
        if regime is None or duty is None or each.agency not in regime.agencies:
            continue
        mine = versions[each.id]
        received = [v.received for v in mine]
        found.append(
            Standpoint(
                each,
                regime,
                duty,
                regime.agencies[each.agency],
                mine,
                standing(each.opens, each.due, received, regime.corrected, now),
            )
        )
    return found


def unopened(regime: Regime, duty: Duty, of: Obligation, now: datetime) -> Standpoint:
    """Return how an obligation that is not in the ledger yet would stand if it were opened."""
    term = of.term
    owed = Owed(
        0, regime.id, duty.id, term.period.id, of.agency, term.opens, term.due, opened_at=now
    )
    stands = standing(term.opens, term.due, [], regime.corrected, now)
    return Standpoint(owed, regime, duty, regime.agencies[of.agency], [], stands)


def counts(found: Sequence[Standpoint]) -> dict[str, int]:
    """Return how many reports are owed, accepted, in time, late and missing."""
    states = [s.standing.state for s in found]
    return {
        "total": len(states),
        "accepted": sum(s.standing.is_settled for s in found),
        "on_time": states.count(State.ACCEPTED),
        "late": states.count(State.ACCEPTED_LATE),
        "missing": sum(not s.standing.is_settled for s in found),
    }
