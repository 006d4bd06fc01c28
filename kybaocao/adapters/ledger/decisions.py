"""What people decided: exceptions that were granted, and reports that were asked for."""

from dataclasses import asdict, replace
from typing import Any

from sqlalchemy import Row, func, insert, select

from kybaocao.adapters.ledger.database import DECIDING, Database, alone
from kybaocao.adapters.ledger.events import log
from kybaocao.adapters.ledger.records import Event
from kybaocao.adapters.ledger.schema import requests, waivers
from kybaocao.rules.period import Window
from kybaocao.rules.request import Request
from kybaocao.rules.waiver import Exemption, Waiver


class Decisions:
    """The secretariat's side of the ledger."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def grant(self, waiver: Waiver) -> Waiver:
        """Record an exception and return it, or the latest one if that says the same."""
        about = ("regime", "duty", "period", "agency")
        values = {**asdict(waiver), "kind": waiver.kind.value}
        with self._database.writing() as connection:
            alone(connection, DECIDING)
            query = select(waivers).where(*(waivers.c[n] == values[n] for n in about))
            row = connection.execute(query.order_by(waivers.c.id.desc()).limit(1)).one_or_none()
            if row is not None and _same(known := _waiver(row), waiver):
                return known
            connection.execute(insert(waivers).values(values))
            subject = "/".join(values[n] or "*" for n in about)
            detail = {
                "until": waiver.until.isoformat() if waiver.until else None,
                "reason": waiver.reason,
                "granted_by": waiver.granted_by,
            }
            log(connection, Event(waiver.at, waiver.actor, waiver.kind.value, subject, detail))
        return waiver

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


def _same(known: Waiver | Request, given: Waiver | Request) -> bool:
    """Return whether both say the same, whoever recorded them when."""
    return replace(given, actor=known.actor, at=known.at) == known


def _waiver(row: Row[Any]) -> Waiver:
    values = {name: row._mapping[name] for name in Waiver.__dataclass_fields__}
    return Waiver(**{**values, "kind": Exemption(row.kind)})


def _request(row: Row[Any]) -> Request:
    values = {n: row._mapping[n] for n in Request.__dataclass_fields__ if n != "window"}
    window = Window(row.first, row.last)
    return Request(**{**values, "agencies": tuple(row.agencies), "window": window})


def _request_row(request: Request) -> dict[str, Any]:
    values = {n: getattr(request, n) for n in Request.__dataclass_fields__ if n != "window"}
    values["agencies"] = list(request.agencies)
    return {**values, "first": request.window.first, "last": request.window.last}
