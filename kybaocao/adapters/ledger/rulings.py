"""What people ruled about files, and the papers that came beside reports."""

from collections.abc import Sequence
from dataclasses import asdict, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, delete, select

from kybaocao.adapters.ledger.arrivals import Holds, hold, versions, waits
from kybaocao.adapters.ledger.database import Database
from kybaocao.adapters.ledger.events import log
from kybaocao.adapters.ledger.post import insert_missing, queue
from kybaocao.adapters.ledger.records import Event, LetterDraft
from kybaocao.adapters.ledger.schema import documents, rulings
from kybaocao.rules.regime.ruling import Document, Paper, PaperLook, Ruled, Ruling


class Rulings:
    """A person's side of the files in the ledger."""

    def __init__(self, database: Database, domain: str) -> None:
        self._database = database
        self._domain = domain

    def rule(self, ruling: Ruling, drafts: Sequence[LetterDraft] = ()) -> bool:
        """Record a decision about a file that waits, with its letters.

        Each draft gets the decision's number. Returns False, and records nothing, if the same
        was decided before, or the file waits no longer.
        """
        with self._database.writing() as connection:
            if not waits(connection, ruling.submission_id):
                return False
            number = rule(connection, ruling)
            if number is None:
                return False
            numbered = [replace(draft, ruling_id=number) for draft in drafts]
            queue(connection, numbered, ruling.at, self._domain)
        return True

    def rule_on(
        self,
        obligation_id: int,
        decided: Sequence[Ruling],
        drafts: Sequence[LetterDraft],
        at: datetime,
        holds: Holds,
    ) -> bool:
        """Record decisions about a report's versions with their letters, all at once.

        Each draft gets the last decision's number. Returns False, and records nothing, where
        `holds` is not true of the versions that are there within the transaction: somebody was
        quicker.
        """
        with self._database.writing() as connection:
            hold(connection, obligation_id)
            if not holds(versions(connection, [obligation_id])[obligation_id]):
                return False
            numbers = [rule(connection, ruling) for ruling in decided]
            numbered = [replace(draft, ruling_id=numbers[-1]) for draft in drafts]
            queue(connection, numbered, at, self._domain)
        return True

    def rulings(self, **equal: Any) -> list[Ruling]:
        """Return the decisions whose columns equal the values given, oldest first."""
        query = select(rulings).where(*(rulings.c[n] == v for n, v in equal.items()))
        with self._database.reading() as connection:
            return [_ruling(row) for row in connection.execute(query.order_by(rulings.c.id))]

    def attach(self, document: Document, ruling: Ruling | None = None) -> bool:
        """Record a paper beside a report (its `id` is ignored); return False if it is there.

        With the `ruling` by which a waiting file became it, False if the file waits no longer.
        """
        values = {**asdict(document), "kind": document.kind.value, "look": document.look.value}
        values.pop("id")
        with self._database.writing() as connection:
            if ruling is not None:
                if not waits(connection, ruling.submission_id):
                    return False
                rule(connection, ruling)
            if not insert_missing(connection, documents, [values]):
                return ruling is not None
            subject = f"obligation/{document.obligation_id}"
            detail = {"kind": document.kind.value, "sha256": document.sha256}
            log(connection, Event(document.at, document.actor, "attach", subject, detail))
        return True

    def take_away(self, document: Document, reason: str, at: datetime, actor: str) -> bool:
        """Take a paper away from its report; the log keeps what it was, the archive its bytes.

        Returns False where somebody did so before.
        """
        with self._database.writing() as connection:
            gone = delete(documents).where(documents.c.id == document.id)
            if not connection.execute(gone).rowcount:
                return False
            detail = {
                "kind": document.kind.value,
                "file": document.file_name,
                "sha256": document.sha256,
                "reason": reason,
            }
            subject = f"obligation/{document.obligation_id}"
            log(connection, Event(at, actor, "take-away", subject, detail))
        return True

    def documents(self, **equal: Any) -> list[Document]:
        """Return the papers whose columns equal the values given, oldest first."""
        query = select(documents).where(*(documents.c[n] == v for n, v in equal.items()))
        with self._database.reading() as connection:
            return [_document(row) for row in connection.execute(query.order_by(documents.c.id))]


def rule(connection: Connection, ruling: Ruling) -> int | None:
    """Record a decision within a transaction; return its number, None if it was there before."""
    values = {**asdict(ruling), "kind": ruling.kind.value}
    new = insert_missing(connection, rulings, [values])
    if not new:
        return None
    detail = {"target": ruling.target, "reason": ruling.reason}
    subject = f"submission/{ruling.submission_id}"
    log(connection, Event(ruling.at, ruling.actor, ruling.kind.value, subject, detail))
    return new[0]


def _ruling(row: Row[Any]) -> Ruling:
    values = {name: row._mapping[name] for name in Ruling.__dataclass_fields__}
    return Ruling(**{**values, "kind": Ruled(row.kind)})


def _document(row: Row[Any]) -> Document:
    values = {name: row._mapping[name] for name in Document.__dataclass_fields__}
    return Document(**{**values, "kind": Paper(row.kind), "look": PaperLook(row.look)})
