"""What people decided: exceptions, asked for or granted, and reports that were asked for."""

from collections.abc import Sequence
from dataclasses import asdict, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Row, func, insert, select, update

from kybaocao.adapters.ledger.database import DECIDING, Database, alone
from kybaocao.adapters.ledger.events import log
from kybaocao.adapters.ledger.post import insert_missing, queue
from kybaocao.adapters.ledger.records import Event, LetterDraft
from kybaocao.adapters.ledger.schema import extension_requests, requests, waivers
from kybaocao.rules.calendar.period import Window
from kybaocao.rules.cycle.request import Request
from kybaocao.rules.cycle.waiver import Exemption, ExtensionRequest, Waiver, WishAnswer


class Decisions:
    """The secretariat's side of the ledger."""

    def __init__(self, database: Database, domain: str) -> None:
        self._database = database
        self._domain = domain

    def grant(self, waiver: Waiver) -> Waiver:
        """Record an exception (its `id` is ignored) and return what is recorded.

        That is the latest one if it says the same.
        """
        about = ("regime", "duty", "period", "agency")
        values = {**asdict(waiver), "kind": waiver.kind.value}
        values.pop("id")
        with self._database.writing() as connection:
            alone(connection, DECIDING)
            query = select(waivers).where(*(waivers.c[n] == values[n] for n in about))
            row = connection.execute(query.order_by(waivers.c.id.desc()).limit(1)).one_or_none()
            if row is not None and _same(known := _waiver(row), waiver):
                return known
            made = connection.execute(insert(waivers).values(values).returning(waivers.c.id))
            granted = replace(waiver, id=made.scalar_one())
            subject = "/".join(values[n] or "*" for n in about)
            detail = {
                "until": waiver.until.isoformat() if waiver.until else None,
                "reason": waiver.reason,
                "granted_by": waiver.granted_by,
            }
            log(connection, Event(waiver.at, waiver.actor, waiver.kind.value, subject, detail))
        return granted

    def waivers(self, **equal: str) -> list[Waiver]:
        """Return the exceptions whose columns equal the values given, oldest first."""
        query = select(waivers).where(*(waivers.c[n] == v for n, v in equal.items()))
        with self._database.reading() as connection:
            return [_waiver(row) for row in connection.execute(query.order_by(waivers.c.id))]

    def ask(self, request: Request) -> tuple[Request, bool]:
        """Record a request, numbered without gaps; return it, and whether it is new.

        The same request given again, be it on another day, is the one that is there.
        """
        with self._database.writing() as connection:
            alone(connection, DECIDING)
            of_duty = (requests.c.regime == request.regime, requests.c.duty == request.duty)
            for row in connection.execute(select(requests).where(*of_duty)):
                known = _request(row)
                again = replace(request, year=known.year, number=known.number, opens=known.opens)
                if _same(known, again):
                    return known, False
            of_year = (*of_duty, requests.c.year == request.year)
            last = connection.scalar(select(func.max(requests.c.number)).where(*of_year))
            numbered = replace(request, number=1 + (last or 0))
            connection.execute(insert(requests).values(_request_row(numbered)))
            subject = f"{request.regime}/{request.duty}/{numbered.period.id}"
            detail = {"agencies": list(request.agencies), "reason": request.reason}
            log(connection, Event(request.at, request.actor, "request", subject, detail))
        return numbered, True

    def requests(self, **equal: str | int) -> list[Request]:
        """Return the requests whose columns equal the values given, oldest first."""
        query = select(requests).where(*(requests.c[n] == v for n, v in equal.items()))
        with self._database.reading() as connection:
            return [_request(row) for row in connection.execute(query.order_by(requests.c.id))]

    def wish(
        self, asked: ExtensionRequest, drafts: Sequence[LetterDraft] = ()
    ) -> tuple[ExtensionRequest, bool]:
        """Record a wish for more time (its `id` is ignored) with its letters.

        Returns what is recorded, and whether it is new: the same wish is there once, whatever
        became of it. Each draft gets the wish's number.
        """
        about = ("obligation_id", "until", "reason")
        values = {n: getattr(asked, n) for n in (*about, "actor", "at")}
        with self._database.writing() as connection:
            new = insert_missing(connection, extension_requests, [values])
            if new:
                numbered = [replace(draft, wish_id=new[0]) for draft in drafts]
                queue(connection, numbered, asked.at, self._domain)
                subject = f"obligation/{asked.obligation_id}"
                detail = {"until": asked.until.isoformat(), "reason": asked.reason}
                log(connection, Event(asked.at, asked.actor, "wish", subject, detail))
            query = select(extension_requests).where(
                *(extension_requests.c[n] == values[n] for n in about)
            )
            return _wish(connection.execute(query).one()), bool(new)

    def wishes(self, **equal: Any) -> list[ExtensionRequest]:
        """Return the wishes for more time whose columns equal the values given, oldest first.

        Open ones have the `answer` "".
        """
        table = extension_requests
        query = select(table).where(*(table.c[n] == v for n, v in equal.items()))
        with self._database.reading() as connection:
            return [_wish(row) for row in connection.execute(query.order_by(table.c.id))]

    def answer_wish(
        self,
        wish_id: int,
        answer: WishAnswer,
        reason: str,
        actor: str,
        at: datetime,
        drafts: Sequence[LetterDraft] = (),
    ) -> bool:
        """Record the answer to a wish with its letters; return False if it has one already."""
        table = extension_requests
        change = update(table).where(table.c.id == wish_id, table.c.answer == "")
        change = change.values(
            answer=answer.value, answer_reason=reason, answered_by=actor, answered_at=at
        )
        with self._database.writing() as connection:
            row = connection.execute(change.returning(table.c.obligation_id)).one_or_none()
            if row is None:
                return False
            queue(connection, drafts, at, self._domain)
            detail = {"wish": wish_id, "answer": answer.value, "reason": reason}
            subject = f"obligation/{row.obligation_id}"
            log(connection, Event(at, actor, "answer-wish", subject, detail))
        return True


def _same(known: Waiver | Request, given: Waiver | Request) -> bool:
    """Return whether both say the same, whoever recorded them when."""
    return replace(given, actor=known.actor, at=known.at) == known


def _waiver(row: Row[Any]) -> Waiver:
    values = {name: row._mapping[name] for name in Waiver.__dataclass_fields__}
    return Waiver(**{**values, "kind": Exemption(row.kind)})


def _wish(row: Row[Any]) -> ExtensionRequest:
    values = {name: row._mapping[name] for name in ExtensionRequest.__dataclass_fields__}
    return ExtensionRequest(**{**values, "answer": WishAnswer(row.answer) if row.answer else None})


def _request(row: Row[Any]) -> Request:
    values = {n: row._mapping[n] for n in Request.__dataclass_fields__ if n != "window"}
    window = Window(row.first, row.last)
    return Request(**{**values, "agencies": tuple(row.agencies), "window": window})


def _request_row(request: Request) -> dict[str, Any]:
    values = {n: getattr(request, n) for n in Request.__dataclass_fields__ if n != "window"}
    values["agencies"] = list(request.agencies)
    return {**values, "first": request.window.first, "last": request.window.last}
