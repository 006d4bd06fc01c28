"""What consolidations were held against: accepted reports as they arrived, and what came of it."""

from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Row, delete, insert, select, update

from kybaocao.adapters.ledger.arrivals import versions
from kybaocao.adapters.ledger.database import CONSOLIDATING, Database, alone
from kybaocao.adapters.ledger.events import log
from kybaocao.adapters.ledger.records import Event, Proved
from kybaocao.adapters.ledger.schema import obligations, proofs, submissions
from kybaocao.rules.cycle.bearing import counted
from kybaocao.rules.form.form import Figure


@dataclass(frozen=True)
class AcceptedFile:
    """The accepted version of an agency's report: its file, its form, and its figures."""

    agency: str
    submission: int
    sha256: str
    file_name: str
    form: str
    form_version: int
    figures: tuple[Figure, ...]


class Proofs:
    """The proofs of consolidations; of those of one term for one recipient the newest counts."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def accepted(self, regime: str, duty: str, period: str) -> list[AcceptedFile]:
        """Return the accepted version that counts of each report of a term, whoever owes it."""
        owed = select(obligations.c.id, obligations.c.agency).where(
            obligations.c.regime == regime,
            obligations.c.duty == duty,
            obligations.c.period == period,
        )
        with self._database.reading() as connection:
            agencies = {row.id: row.agency for row in connection.execute(owed)}
            arrived = versions(connection, agencies)
            counting = {
                one.id: agencies[key] for key, found in arrived.items() if (one := counted(found))
            }
            files = select(submissions).where(submissions.c.id.in_(counting))
            return [_accepted(counting[row.id], row) for row in connection.execute(files)]

    def record(self, proved: Proved) -> Proved:
        """Keep how a proof came out, in the place of an earlier one of the same consolidation.

        Returns it with what a person said of the same differences before.
        """
        of = tuple(
            proofs.c[n] == getattr(proved, n) for n in ("regime", "duty", "period", "inputs")
        )
        with self._database.writing() as connection:
            alone(connection, CONSOLIDATING)
            found = [_proved(row) for row in connection.execute(select(proofs).where(*of))]
            same = next((one for one in found if one.differences == proved.differences), None)
            if same is not None:
                proved = replace(proved, reason=same.reason, actor=same.actor)
            connection.execute(delete(proofs).where(*of))
            connection.execute(insert(proofs).values(asdict(proved)))
            if proved.differences and same is None:
                subject = f"{proved.regime}/{proved.duty}/{proved.period}"
                detail = {"recipient": proved.recipient, "differences": len(proved.differences)}
                log(connection, Event(proved.at, "kybaocao", "not-proved", subject, detail))
        return proved

    def newest(self, regime: str, duty: str, period: str, recipient: str) -> Proved | None:
        """Return the newest proof of a term's consolidation for a recipient, or None."""
        return next(
            iter(self._found(regime=regime, duty=duty, period=period, recipient=recipient)), None
        )

    def stopped(self, **equal: str) -> list[Proved]:
        """Return the newest proofs that stop a delivery, of those whose columns equal these."""
        newest: dict[tuple[str, ...], Proved] = {}
        for one in self._found(**equal):
            newest.setdefault((one.regime, one.duty, one.period, one.recipient), one)
        return [one for one in newest.values() if one.stops]

    def forget_stopped(self, regime: str, duty: str, period: str, recipient: str) -> None:
        """Drop proofs with differences of what was never delivered, and need not be any more."""
        of = {"regime": regime, "duty": duty, "period": period, "recipient": recipient}
        with self._database.writing() as connection:
            for row in connection.execute(select(proofs).filter_by(**of)).all():
                if _proved(row).stops:
                    connection.execute(delete(proofs).where(proofs.c.id == row.id))

    def release(self, proved: Proved, reason: str, actor: str, at: datetime) -> None:
        """Record that a person has a consolidation delivered for all its differences."""
        of = tuple(
            proofs.c[n] == getattr(proved, n) for n in ("regime", "duty", "period", "inputs")
        )
        with self._database.writing() as connection:
            alone(connection, CONSOLIDATING)
            connection.execute(update(proofs).where(*of).values(reason=reason, actor=actor))
            subject = f"{proved.regime}/{proved.duty}/{proved.period}"
            detail = {"recipient": proved.recipient, "reason": reason}
            log(connection, Event(at, actor, "deliver-unproved", subject, detail))

    def _found(self, **equal: str) -> list[Proved]:
        query = select(proofs).where(*(proofs.c[n] == v for n, v in equal.items()))
        with self._database.reading() as connection:
            return [_proved(row) for row in connection.execute(query.order_by(proofs.c.id.desc()))]


def _accepted(agency: str, row: Row[Any]) -> AcceptedFile:
    figures = tuple(Figure(**figure) for figure in row.figures)
    return AcceptedFile(
        agency,
        row.id,
        row.sha256,
        row.file_name,
        row.form or "",
        row.form_version or 0,
        figures,
    )


def _proved(row: Row[Any]) -> Proved:
    values = {name: row._mapping[name] for name in Proved.__dataclass_fields__}
    lists = {name: tuple(values[name]) for name in ("unproved", "differences")}
    return Proved(**{**values, **lists})
