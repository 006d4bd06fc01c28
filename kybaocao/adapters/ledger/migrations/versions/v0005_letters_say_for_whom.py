"""Letters say for whom they are and what calls for them, in columns instead of in their key."""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")
POINTS_TO = {"wish_id": "extension_requests", "waiver_id": "waivers", "ruling_id": "rulings"}
# The letters of a person's decision about a file carried these marks in their keys.
RULED = {"a": "accepted", "r": "returned", "s": "asked"}
TYPES: dict[str, Any] = {"day": sa.Date(), "asked_at": sa.DateTime(timezone=True)}

Found = dict[str, Any]


def upgrade() -> None:
    with op.batch_alter_table("letters") as batch:
        batch.add_column(sa.Column("day", sa.Date()))
        batch.add_column(
            sa.Column("recipient", sa.String(length=64), nullable=False, server_default="")
        )
        batch.add_column(
            sa.Column("role", sa.String(length=16), nullable=False, server_default="officer")
        )
        batch.add_column(sa.Column("asked_at", sa.DateTime(timezone=True)))
        for name, table in POINTS_TO.items():
            batch.add_column(sa.Column(name, sa.Integer()))
            batch.create_foreign_key(op.f(f"fk_letters_{name}"), table, [name], ["id"])
        batch.add_column(sa.Column("refusals", sa.Integer(), nullable=False, server_default="0"))
        batch.add_column(
            sa.Column("cause", sa.String(length=16), nullable=False, server_default="")
        )
    _read_keys(op.get_bind())
    _gone_live(op.get_bind())


def downgrade() -> None:
    with op.batch_alter_table("letters") as batch:
        for name in POINTS_TO:
            batch.drop_constraint(op.f(f"fk_letters_{name}"), type_="foreignkey")
        for name in ("day", "recipient", "role", "asked_at", *POINTS_TO, "refusals", "cause"):
            batch.drop_column(name)


def _read_keys(bind: sa.Connection) -> None:
    """Fill the columns from the keys, and write each key as its columns say it now.

    A key that is not understood stays: its letter is neither lost nor sent again.
    """
    for letter in bind.execute(sa.text("SELECT * FROM letters ORDER BY id")).mappings().all():
        recipient, role = _for_whom(bind, letter)
        values: Found = {"id": letter["id"], "recipient": recipient, "role": role}
        parts = letter["key"].split("/")
        found, occasion = _occasion(bind, letter, parts[5]) if len(parts) == 7 else ({}, "")
        if occasion:
            parts[5] = occasion
        values |= {"key": "/".join(parts), **found}
        given = ", ".join(f"{name} = :{name}" for name in values if name != "id")
        types = [sa.bindparam(n, type_=TYPES[n]) for n in TYPES if n in values]
        statement = sa.text(f"UPDATE letters SET {given} WHERE id = :id")  # noqa: S608
        bind.execute(statement.bindparams(*types), values)


def _for_whom(bind: sa.Connection, letter: Any) -> tuple[str, str]:
    """Return whose contact the address is: the agency's that the letter is about before others'."""
    query = sa.text(
        "SELECT agency, role FROM contacts WHERE regime = :regime AND address = :address"
        " ORDER BY CASE WHEN agency = :agency THEN 0 ELSE 1 END, id LIMIT 1"
    )
    of = {name: letter[name] for name in ("regime", "address", "agency")}
    row = bind.execute(query, of).one_or_none()
    return (row.agency, row.role) if row else (letter["agency"] or "", "officer")


def _occasion(bind: sa.Connection, letter: Any, day: str) -> tuple[Found, str]:
    """Return the columns that an old key's day stands for, and what stands there now."""
    readers: tuple[tuple[str, Callable[[], tuple[Found, str]]], ...] = (
        (r"\d{4}-\d\d-\d\d", lambda: ({"day": date.fromisoformat(day)}, day)),
        (r"v\d+-[0-9a-f]{8}", lambda: ({}, f"submission-{letter['submission_id']}")),
        (r"c\d+", lambda: ({}, f"consolidation-{letter['consolidation_id']}")),
        (r"w\d+", lambda: ({"wish_id": int(day[1:])}, f"wish-{day[1:]}")),
        (r"\d{8}T\d{4}", lambda: _asked(day)),
        (r"\d{4}-\d\d-\d\dT[\d:]{8}", lambda: _numbered("waiver", _waiver(bind, letter, day))),
        (r"[ars]\d+-.*", lambda: _numbered("ruling", _ruling(bind, letter, RULED[day[0]]))),
    )
    return next((read() for shape, read in readers if re.fullmatch(shape, day)), ({}, ""))


def _asked(day: str) -> tuple[Found, str]:
    at = datetime.strptime(day, "%Y%m%dT%H%M").replace(tzinfo=VIETNAM)
    return {"asked_at": at.astimezone(UTC)}, f"asked-{at:%Y-%m-%dT%H:%M}"


def _numbered(name: str, number: int | None) -> tuple[Found, str]:
    return ({f"{name}_id": number}, f"{name}-{number}") if number else ({}, "")


def _waiver(bind: sa.Connection, letter: Any, day: str) -> int | None:
    query = sa.text(
        "SELECT id, at FROM waivers WHERE regime = :regime AND duty = :duty AND agency = :agency"
        " ORDER BY id"
    ).columns(at=sa.DateTime(timezone=True))
    for row in bind.execute(query, {n: letter[n] for n in ("regime", "duty", "agency")}):
        at = row.at if row.at.tzinfo else row.at.replace(tzinfo=UTC)
        if f"{at.astimezone(VIETNAM):%Y-%m-%dT%H:%M:%S}" == day:
            return int(row.id)
    return None


def _ruling(bind: sa.Connection, letter: Any, kind: str) -> int | None:
    """Return the decision with which the letter was queued, at the same moment."""
    query = sa.text(
        "SELECT id FROM rulings WHERE submission_id = :submission_id AND kind = :kind"
        " AND at = (SELECT queued_at FROM letters WHERE id = :id) ORDER BY id LIMIT 1"
    )
    of = {"submission_id": letter["submission_id"], "kind": kind, "id": letter["id"]}
    return bind.execute(query, of).scalar_one_or_none()


def _gone_live(bind: sa.Connection) -> None:
    """Record that the regimes whose letters have left are live: nobody need say so again."""
    bind.execute(
        sa.text(
            "INSERT INTO events (at, actor, act, subject, detail)"
            " SELECT MIN(sent_at), 'kybaocao', 'go', regime, '{}' FROM letters"
            " WHERE status = 'sent' AND kind <> 'sign-in' GROUP BY regime"
        )
    )
