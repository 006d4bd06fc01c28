"""What pages show of the ledger: counted, filtered and paged by the database."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Integer, Select, and_, case, cast, func, or_, select

from kybaocao.adapters.ledger.database import Database
from kybaocao.adapters.ledger.records import Event
from kybaocao.adapters.ledger.schema import events, letters, obligations, submissions
from kybaocao.rules.cycle.reminder import Kind


@dataclass(frozen=True)
class OnBooks:
    """A term of which the ledger holds reports, and its last deadline by rule."""

    duty: str
    period: str
    last_day: date


@dataclass(frozen=True)
class Logged:
    """A line of the event log; `about` is the key of the report that its subject belongs to.

    Where it belongs to none, `about` is the subject. `obligation_id` is None then, and
    `file_name` is empty unless the line speaks of a file.
    """

    event: Event
    about: str
    obligation_id: int | None
    file_name: str


@dataclass(frozen=True)
class Sought:
    """Which lines of the log are wanted: a regime's, of a span of time, of people, about things.

    `text` is a part of the subject, and of `agencies` (codes) any one counts as well.
    """

    regime: str
    since: datetime | None = None
    before: datetime | None = None
    actor: str = ""
    text: str = ""
    agencies: Collection[str] = ()


FILE, REPORT = "submission/", "obligation/"


class Views:
    """The reading side of the ledger for pages."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def terms(self, regime: str) -> list[OnBooks]:
        """Return the terms of a regime of which anything is owed, those due last first."""
        last_day = func.max(obligations.c.last_day).label("last_day")
        query = (
            select(obligations.c.duty, obligations.c.period, last_day)
            .where(obligations.c.regime == regime)
            .group_by(obligations.c.duty, obligations.c.period)
            .order_by(last_day.desc(), obligations.c.duty, obligations.c.period)
        )
        with self._database.reading() as connection:
            return [OnBooks(*row) for row in connection.execute(query)]

    def sent(self, regime: str, since: datetime, before: datetime) -> dict[Kind, int]:
        """Return how many letters of each kind went out from `since` on and before `before`."""
        query = (
            select(letters.c.kind, func.count())
            .where(letters.c.regime == regime)
            .where(letters.c.sent_at >= since, letters.c.sent_at < before)
            .group_by(letters.c.kind)
        )
        with self._database.reading() as connection:
            return {Kind(kind): number for kind, number in connection.execute(query)}

    def lines(self, sought: Sought, limit: int, offset: int = 0) -> list[Logged]:
        """Return lines of the log, newest first."""
        columns = (events, _ABOUT.label("about"), obligations.c.id.label("owed_id"), _FILE_NAME)
        query = _joined(select(*columns), sought).order_by(events.c.id.desc())
        with self._database.reading() as connection:
            return [
                Logged(
                    Event(row.at, row.actor, row.act, row.subject, row.detail),
                    row.about,
                    row.owed_id,
                    row.file_name,
                )
                for row in connection.execute(query.limit(limit).offset(offset))
            ]

    def count(self, sought: Sought) -> int:
        """Return how many lines of the log there are."""
        with self._database.reading() as connection:
            return connection.scalar(_joined(select(func.count(events.c.id)), sought)) or 0


def _number_after(word: str) -> ColumnElement[int | None]:
    # PostgreSQL would try to cast other subjects too, were it not for the CASE.
    number = cast(func.substr(events.c.subject, len(word) + 1), Integer)
    return case((events.c.subject.startswith(word), number))


_ABOUT: ColumnElement[str] = func.coalesce(
    obligations.c.regime
    + "/"
    + obligations.c.duty
    + "/"
    + obligations.c.period
    + "/"
    + obligations.c.agency,
    events.c.subject,
)
_FILE_NAME = func.coalesce(submissions.c.file_name, "").label("file_name")


def _joined(query: Select[Any], sought: Sought) -> Select[Any]:
    """Return a query over the log with each line's file and report beside it."""
    of_file = submissions.c.id == _number_after(FILE)
    owed = func.coalesce(submissions.c.obligation_id, _number_after(REPORT))
    joined = events.outerjoin(submissions, of_file).outerjoin(obligations, obligations.c.id == owed)
    return query.select_from(joined).where(*_wanted(sought))


def _wanted(sought: Sought) -> list[ColumnElement[bool]]:
    unplaced = and_(obligations.c.id.is_(None), submissions.c.regime == sought.regime)
    is_regime: ColumnElement[bool] = _ABOUT == sought.regime  # noqa: SIM300 (it is a column)
    wanted = [or_(unplaced, is_regime, _ABOUT.startswith(f"{sought.regime}/"))]
    if sought.since is not None:
        wanted.append(events.c.at >= sought.since)
    if sought.before is not None:
        wanted.append(events.c.at < sought.before)
    if sought.actor:
        wanted.append(events.c.actor.icontains(sought.actor, autoescape=True))
    if sought.text:
        said = [
            column.icontains(sought.text, autoescape=True)
            for column in (_ABOUT, events.c.subject, submissions.c.file_name)
        ]
        said += [(_ABOUT + "/").contains(f"/{code}/", autoescape=True) for code in sought.agencies]
        wanted.append(or_(*said))
    return wanted
