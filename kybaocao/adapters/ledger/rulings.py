"""What people ruled about files, and the papers that came beside reports."""

from collections.abc import Sequence
from dataclasses import asdict, replace
from typing import Any

from sqlalchemy import Row, select

from kybaocao.adapters.ledger.database import Database
from kybaocao.adapters.ledger.events import log
from kybaocao.adapters.ledger.post import insert_missing, queue
from kybaocao.adapters.ledger.records import Event, LetterDraft
from kybaocao.adapters.ledger.schema import documents, rulings
from kybaocao.rules.regime.ruling import Document, Paper, Ruled, Ruling


class Rulings:
    """A person's side of the files in the ledger."""

    def __init__(self, database: Database, domain: str) -> None:
        self._database = database
        self._domain = domain

    def rule(self, ruling: Ruling, drafts: Sequence[LetterDraft] = ()) -> bool:
        """Record a decision with its letters; return False if the same was decided before.

        Each draft gets the decision's number.
        """
        values = {**asdict(ruling), "kind": ruling.kind.value}
        with self._database.writing() as connection:
            new = insert_missing(connection, rulings, [values])
            if not new:
                return False
            numbered = [replace(draft, ruling_id=new[0]) for draft in drafts]
            queue(connection, numbered, ruling.at, self._domain)
            detail = {"target": ruling.target, "reason": ruling.reason}
            subject = f"submission/{ruling.submission_id}"
            log(connection, Event(ruling.at, ruling.actor, ruling.kind.value, subject, detail))
        return True

    def rulings(self, **equal: Any) -> list[Ruling]:
        """Return the decisions whose columns equal the values given, oldest first."""
        query = select(rulings).where(*(rulings.c[n] == v for n, v in equal.items()))
        with self._database.reading() as connection:
            return [_ruling(row) for row in connection.execute(query.order_by(rulings.c.id))]

    def attach(self, document: Document) -> bool:
        """Record a paper beside a report (its `id` is ignored); return False if it is there."""
        values = {**asdict(document), "kind": document.kind.value}
        values.pop("id")
        with self._database.writing() as connection:
            if not insert_missing(connection, documents, [values]):
                return False
            subject = f"obligation/{document.obligation_id}"
            detail = {"kind": document.kind.value, "sha256": document.sha256}
            log(connection, Event(document.at, document.actor, "attach", subject, detail))
        return True

    def documents(self, **equal: Any) -> list[Document]:
        """Return the papers whose columns equal the values given, oldest first."""
        query = select(documents).where(*(documents.c[n] == v for n, v in equal.items()))
        with self._database.reading() as connection:
            return [_document(row) for row in connection.execute(query.order_by(documents.c.id))]


def _ruling(row: Row[Any]) -> Ruling:
    values = {name: row._mapping[name] for name in Ruling.__dataclass_fields__}
    return Ruling(**{**values, "kind": Ruled(row.kind)})


def _document(row: Row[Any]) -> Document:
    values = {name: row._mapping[name] for name in Document.__dataclass_fields__}
    return Document(**{**values, "kind": Paper(row.kind)})
