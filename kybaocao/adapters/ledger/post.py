"""Letters in the ledger: queued once by key, claimed by compare-and-set, then settled."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import fields
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Table, and_, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite

from kybaocao.adapters.ledger.database import CHANGING_LETTERS, Database, alone
from kybaocao.adapters.ledger.records import Letter, LetterDraft, LetterStatus, Parcel
from kybaocao.adapters.ledger.schema import letters
from kybaocao.rules.cycle.mail_cause import MailCause
from kybaocao.rules.cycle.reminder import Kind, message_id
from kybaocao.rules.regime.contact import Role

# A letter of these kinds answers one upload or hands over one workbook: it travels alone.
ALONE = (
    Kind.RECEIPT,
    Kind.RETURNED,
    Kind.UNREADABLE,
    Kind.DELIVERY,
    Kind.QUESTION,
    Kind.DIGEST,
)


CARRIED = sorted({f.name for f in fields(LetterDraft)} - {"kind", "role"})


def insert_missing(
    connection: Connection, table: Table, rows: Sequence[dict[str, Any]]
) -> list[int]:
    """Insert the rows whose unique keys are new; return the ids they were given."""
    if not rows:
        return []
    dialect = postgresql if connection.dialect.name == "postgresql" else sqlite
    statement = dialect.insert(table).on_conflict_do_nothing().returning(table.c.id)
    return list(connection.scalars(statement, rows))


def queue(connection: Connection, drafts: Iterable[LetterDraft], at: datetime, domain: str) -> int:
    """Record letters to be sent, each with its Message-ID; return how many were new."""
    rows = [
        {
            "key": draft.key,
            "kind": draft.kind.value,
            **{name: getattr(draft, name) for name in CARRIED},
            "role": draft.role.value,
            "message_id": message_id(draft.key, domain),
            "status": LetterStatus.QUEUED.value,
            "queued_at": at,
            "not_before": at,
            "attempts": 0,
        }
        for draft in drafts
    ]
    return len(insert_missing(connection, letters, rows))


class PostOffice:
    """The sender's side of the letters."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def claim(
        self,
        now: datetime,
        hold: timedelta,
        limit: int = 20,
        ready: Callable[[Letter], bool] = lambda _: True,
    ) -> list[Parcel]:
        """Return up to `limit` parcels to send; no other sender gets them until `now + hold`.

        Letters that are not `ready` stay where they are.

        A claim that ran out belongs to a sender that died. Its parcel is kept together, with
        the same Message-ID, since the server may have taken it already (RFC 1047). The
        letters are given as they were before the claim.
        """
        free = or_(
            letters.c.status == LetterStatus.QUEUED.value,
            and_(letters.c.status == LetterStatus.CLAIMED.value, letters.c.claimed_until <= now),
        )
        with self._database.writing() as connection:
            # Two senders at once would part the letters of one parcel between them.
            alone(connection, CHANGING_LETTERS)
            query = select(letters).where(free, letters.c.not_before <= now)
            rows = connection.execute(query.order_by(letters.c.id)).all()
            parcels = _parcels([row for row in rows if ready(_letter(row))])[:limit]
            for parcel in parcels:
                ids = [letter.id for letter in parcel.letters]
                connection.execute(
                    update(letters)
                    .where(letters.c.id.in_(ids))
                    .values(
                        status=LetterStatus.CLAIMED.value,
                        claimed_until=now + hold,
                        parcel=parcel.message_id,
                        attempts=letters.c.attempts + 1,
                    )
                )
        return parcels

    def sent(self, parcel: Parcel, at: datetime) -> None:
        """Record that the mail server took the parcel, even if its claim has run out."""
        self._settle(
            parcel.letters,
            letters.c.status != LetterStatus.SENT.value,
            status=LetterStatus.SENT.value,
            sent_at=at,
            cause="",
            error=None,
        )

    def failed(self, parcel: Parcel, error: str, cause: str = "") -> None:
        """Record that the parcel is not tried any more unless a person orders it."""
        status = LetterStatus.FAILED.value
        self._settle(parcel.letters, _held(parcel), status=status, error=error, cause=cause)

    def postponed(
        self, parcel: Parcel, until: datetime, error: str, cause: str = "", refused: bool = False
    ) -> None:
        """Give the parcel back to the queue, to be tried again from `until` on.

        `refused` counts that the server was there and said no to this very letter.
        """
        self._settle(
            parcel.letters,
            _held(parcel),
            status=LetterStatus.QUEUED.value,
            not_before=until,
            error=error,
            cause=cause,
            refusals=letters.c.refusals + int(refused),
        )

    def resend(self, asked: Sequence[int], at: datetime, to: dict[int, str]) -> list[int]:
        """Put letters that were given up, or wait for another try, at the head of the queue.

        `to` gives new addresses by id to those that were given up, which were taken by nobody.
        Returns the ids for which it was done: none that has gone out, or is on its way.
        """
        again = {"not_before": at, "refusals": 0, "error": None, "cause": MailCause.ORDERED.value}
        failed = letters.c.status == LetterStatus.FAILED.value
        waits = letters.c.status == LetterStatus.QUEUED.value
        done: list[int] = []
        with self._database.writing() as connection:
            alone(connection, CHANGING_LETTERS)
            for number in asked:
                here = letters.c.id == number
                new = {"address": to[number]} if number in to else {}
                fresh = {**again, **new, "status": LetterStatus.QUEUED.value, "parcel": None}
                for only, values in ((failed, fresh), (waits, again)):
                    changed = connection.execute(update(letters).where(here, only).values(**values))
                    if changed.rowcount:
                        done.append(number)
                        break
        return done

    def moot(self, unneeded: Sequence[Letter], reason: str) -> None:
        """Record that letters need not go out any more, and why; a sent letter stays sent."""
        unsent = letters.c.status.in_((LetterStatus.QUEUED.value, LetterStatus.CLAIMED.value))
        self._settle(unneeded, unsent, status=LetterStatus.MOOT.value, error=reason)

    def _settle(self, settled: Sequence[Letter], only: ColumnElement[bool], **values: Any) -> None:
        ids = [letter.id for letter in settled]
        with self._database.writing() as connection:
            alone(connection, CHANGING_LETTERS)
            connection.execute(
                update(letters)
                .where(letters.c.id.in_(ids), only)
                .values(claimed_until=None, **values)
            )

    def letters(self, **equal: Any) -> list[Letter]:
        """Return the letters whose columns equal the values given, oldest first."""
        query = select(letters).where(*(letters.c[name] == v for name, v in equal.items()))
        with self._database.reading() as connection:
            return [_letter(row) for row in connection.execute(query.order_by(letters.c.id))]


def _held(parcel: Parcel) -> ColumnElement[bool]:
    """Return whether a letter is still under the claim that gave out this parcel.

    A sender that outlived its claim must not undo what the next one did.
    """
    return and_(
        letters.c.status == LetterStatus.CLAIMED.value,
        letters.c.attempts == parcel.letters[0].attempts + 1,
    )


def _parcels(rows: Sequence[Row[Any]]) -> list[Parcel]:
    groups: dict[tuple[str, ...], list[Row[Any]]] = defaultdict(list)
    for row in rows:
        if row.parcel:
            groups[row.parcel,].append(row)
        elif row.kind in ALONE:
            groups[row.message_id,].append(row)
        else:
            groups[row.address, row.kind, row.regime, row.recipient, row.role].append(row)
    return [
        Parcel(
            group[0].parcel or group[0].message_id,
            Kind(group[0].kind),
            group[0].address,
            tuple(map(_letter, group)),
        )
        for group in groups.values()
    ]


def _letter(row: Row[Any]) -> Letter:
    values = {name: row._mapping[name] for name in Letter.__dataclass_fields__}
    values |= {
        "kind": Kind(row.kind),
        "role": Role(row.role),
        "status": LetterStatus(row.status),
    }
    return Letter(**values)
