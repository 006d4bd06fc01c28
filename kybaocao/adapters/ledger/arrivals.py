"""Files as they arrive: versions of reports and files that wait, within a transaction."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, func, insert, or_, select

from kybaocao.adapters.ledger.database import RECORDING_UNKNOWN, alone
from kybaocao.adapters.ledger.records import Arrival, Submission
from kybaocao.adapters.ledger.schema import arrivals, findings, obligations, rulings, submissions
from kybaocao.rules.cycle.standing import Verdict
from kybaocao.rules.regime.ruling import Ruled

# Whether what was decided about a file or a version is still right beside what is there.
Holds = Callable[[Sequence[Submission]], bool]


def always(_: Sequence[Submission]) -> bool:
    return True


def hold(connection: Connection, obligation_id: int | None) -> None:
    """Wait until nobody else decides about a report (or about files of none), and hold it."""
    if obligation_id is None:
        alone(connection, RECORDING_UNKNOWN)
    elif connection.dialect.name == "postgresql":
        held = obligations.c.id == obligation_id
        connection.execute(select(obligations.c.id).where(held).with_for_update())


def there(connection: Connection, arrival: Arrival) -> list[Submission]:
    """Hold a report and return its versions, or its regime's waiting files of the same bytes."""
    obligation_id = arrival.obligation_id
    hold(connection, obligation_id)
    if obligation_id is None:
        return waiting(connection, *same(arrival.sha256, arrival.regime))
    return versions(connection, [obligation_id])[obligation_id]


def versions(connection: Connection, obligation_ids: Iterable[int]) -> dict[int, list[Submission]]:
    """Return reports' versions, oldest first, by obligation id."""
    found: dict[int, list[Submission]] = {one: [] for one in obligation_ids}
    query = select(*columns()).where(submissions.c.obligation_id.in_(found))
    for row in connection.execute(query.order_by(submissions.c.version)):
        found[row.obligation_id].append(submission(row))
    return found


def same(sha256: str, regime: str) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    """Return what is true of a regime's files with these bytes."""
    return submissions.c.sha256 == sha256, submissions.c.regime == regime


def waiting(connection: Connection, *only: ColumnElement[bool]) -> list[Submission]:
    """Return the files that belong to no report and wait for a person, oldest first."""
    later = submissions.alias()
    known = select(later.c.id).where(
        later.c.obligation_id.is_not(None),
        later.c.sha256 == submissions.c.sha256,
        or_(submissions.c.regime == "", later.c.regime == submissions.c.regime),
        later.c.id > submissions.c.id,
    )
    settling = [kind.value for kind in Ruled if kind.settles]
    settled = select(rulings.c.submission_id).where(rulings.c.kind.in_(settling))
    query = select(*columns()).where(
        submissions.c.obligation_id.is_(None),
        ~known.exists(),
        submissions.c.id.not_in(settled),
        *only,
    )
    return [submission(row) for row in connection.execute(query.order_by(submissions.c.id))]


def waits(connection: Connection, submission_id: int) -> bool:
    """Hold the files that belong to no report; return whether this one waits for a person."""
    hold(connection, None)
    return bool(waiting(connection, submissions.c.id == submission_id))


def came(connection: Connection, key: str) -> tuple[Submission, bool] | None:
    """Return what became of what came under a key, and whether it was a repeat; else None."""
    query = select(*columns(), arrivals.c.is_repeat).join(
        arrivals, arrivals.c.submission_id == submissions.c.id
    )
    row = connection.execute(query.where(arrivals.c.key == key)).one_or_none()
    return None if row is None else (submission(row), row.is_repeat)


def remember(connection: Connection, key: str, submission_id: int, is_repeat: bool) -> None:
    """Record what became of what came under a key, if it has one."""
    if key:
        values = {"key": key, "submission_id": submission_id, "is_repeat": is_repeat}
        connection.execute(insert(arrivals).values(values))


def insert_submission(connection: Connection, arrival: Arrival, at: datetime) -> Submission:
    """Record a file as the next version of its report, with its findings; return it."""
    # Equal to NULL is IS NULL here: the files of no report are numbered too.
    last = func.max(submissions.c.version)
    mine = submissions.c.obligation_id == arrival.obligation_id
    values = {
        "obligation_id": arrival.obligation_id,
        "version": 1 + (connection.scalar(select(last).where(mine)) or 0),
        "sha256": arrival.sha256,
        "file_name": arrival.file_name,
        "channel": arrival.channel,
        "received_at": arrival.received_at,
        "recorded_at": at,
        "verdict": arrival.verdict.value,
        "form": arrival.form,
        "form_version": arrival.form_version,
        "figures": [asdict(figure) for figure in arrival.figures],
        "reason": arrival.reason,
        "sender": arrival.sender,
        "regime": arrival.regime,
    }
    insertion = insert(submissions).values(values).returning(submissions.c.id)
    submission_id: int = connection.execute(insertion).scalar_one()
    if arrival.findings:
        rows = [
            {"submission_id": submission_id, "number": n, **asdict(finding)}
            for n, finding in enumerate(arrival.findings, 1)
        ]
        connection.execute(insert(findings), rows)
    remember(connection, arrival.key, submission_id, is_repeat=False)
    query = select(*columns()).where(submissions.c.id == submission_id)
    return submission(connection.execute(query).one())


def columns() -> list[Any]:
    """Return what is read of a submission; `submission` makes one of it."""

    # The latest word of a person stands above the checks.
    def last(column: ColumnElement[Any]) -> ColumnElement[Any]:
        return (
            select(column)
            .where(rulings.c.submission_id == submissions.c.id)
            .where(rulings.c.kind.in_((Ruled.RETURNED.value, Ruled.ACCEPTED.value)))
            .order_by(rulings.c.id.desc())
            .limit(1)
            .scalar_subquery()
        )

    ruled = last(rulings.c.kind).label("ruled"), last(rulings.c.at).label("ruled_at")
    return [*ruled, *(submissions.c[name] for name in _READ)]


_READ = [name for name in Submission.__dataclass_fields__ if name != "given_back_at"]


def submission(row: Row[Any]) -> Submission:
    """Return the submission of a row of `columns`."""
    values = {name: row._mapping[name] for name in _READ}
    verdict = Verdict(row.ruled or row.verdict)
    given_back_at = row.ruled_at if row.ruled == Ruled.RETURNED.value else None
    return Submission(**{**values, "verdict": verdict, "given_back_at": given_back_at})
