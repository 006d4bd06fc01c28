"""Who may come in: sign-in links and sessions, each kept as the sha256 of its secret."""

import hashlib
from datetime import datetime
from secrets import token_hex
from typing import Any

from sqlalchemy import Row, Table, insert, or_, select, update

from kybaocao.adapters.ledger.database import Database
from kybaocao.adapters.ledger.events import log
from kybaocao.adapters.ledger.records import Event, Link, Session
from kybaocao.adapters.ledger.schema import sessions, sign_in_links


class Access:
    """The door's side of the ledger; a secret itself is never kept."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def issue(self, secret: str, link: Link, at: datetime) -> None:
        """Record a sign-in link."""
        values = {name: getattr(link, name) for name in Link.__dataclass_fields__}
        with self._database.writing() as connection:
            connection.execute(
                insert(sign_in_links).values(hash=_hash(secret), issued_at=at, **values)
            )

    def link(self, secret: str, at: datetime) -> Link | None:
        """Return the link of that secret if it can be used at `at`; looking consumes nothing."""
        query = select(sign_in_links).where(
            sign_in_links.c.hash == _hash(secret),
            sign_in_links.c.expires_at > at,
            or_(~sign_in_links.c.once, sign_in_links.c.used_at.is_(None)),
        )
        with self._database.reading() as connection:
            row = connection.execute(query).one_or_none()
        return None if row is None else Link(**_values(row, Link))

    def sign_in(
        self, link_secret: str, session_secret: str, at: datetime, until: datetime, former: str
    ) -> Link | None:
        """Use a link and open a session; None if the link cannot be used (any more).

        A letter's link opens its page, one that was asked for everything. The `former` session
        of the same browser ends; the same person's pages and forms go on in the new one.
        """
        usable = (
            sign_in_links.c.hash == _hash(link_secret),
            sign_in_links.c.expires_at > at,
            or_(~sign_in_links.c.once, sign_in_links.c.used_at.is_(None)),
        )
        with self._database.writing() as connection:
            used = update(sign_in_links).where(*usable).values(used_at=at)
            row = connection.execute(used.returning(sign_in_links)).one_or_none()
            if row is None:
                return None
            link = Link(**_values(row, Link))
            opened = {
                "hash": _hash(session_secret),
                "regime": link.regime,
                "agency": link.agency,
                "address": link.address,
                "paths": None if link.once else [link.path],
                "word": token_hex(32),
                "opened_at": at,
                "seen_at": at,
                "expires_at": until,
            }
            ended = (
                update(sessions)
                .where(
                    sessions.c.hash == _hash(former),
                    sessions.c.ended_at.is_(None),
                    sessions.c.expires_at > at,
                )
                .values(ended_at=at)
            )
            before = connection.execute(ended.returning(sessions)).one_or_none()
            if before is not None and _who(before) == _who(link):
                opened["word"] = before.word
                if before.paths is None or link.once:
                    opened["paths"] = None
                else:
                    opened["paths"] = sorted({*before.paths, link.path})
            connection.execute(insert(sessions).values(opened))
            log(connection, Event(at, link.address, "sign-in", f"{link.regime}/{link.agency}"))
        return link

    def former(self, secret: str) -> Session | None:
        """Return the session of that secret, over or not, unless somebody ended it."""
        query = select(sessions).where(
            sessions.c.hash == _hash(secret), sessions.c.ended_at.is_(None)
        )
        with self._database.reading() as connection:
            row = connection.execute(query).one_or_none()
        return None if row is None else Session(**_values(row, Session))

    def revoke(self, regime: str, agency: str, address: str, at: datetime) -> None:
        """End all sessions of a contact, and all links that letters brought."""
        with self._database.writing() as connection:
            for table, values in (
                (sessions, {"ended_at": at}),
                (sign_in_links, {"expires_at": at}),
            ):
                whose = (
                    table.c.regime == regime,
                    table.c.agency == agency,
                    table.c.address == address,
                    table.c.expires_at > at,
                )
                connection.execute(update(table).where(*whose).values(**values))
            log(connection, Event(at, address, "sign-out-everywhere", f"{regime}/{agency}"))

    def session(self, secret: str, at: datetime) -> Session | None:
        """Return the open session of that secret."""
        query = select(sessions).where(
            sessions.c.hash == _hash(secret),
            sessions.c.ended_at.is_(None),
            sessions.c.expires_at > at,
        )
        with self._database.reading() as connection:
            row = connection.execute(query).one_or_none()
        return None if row is None else Session(**_values(row, Session))

    def seen(self, secret: str, at: datetime) -> None:
        """Record that a session was used."""
        self._change(sessions, secret, seen_at=at)

    def end(self, secret: str, at: datetime) -> None:
        """End a session."""
        self._change(sessions, secret, ended_at=at)

    def _change(self, table: Table, secret: str, **values: Any) -> None:
        with self._database.writing() as connection:
            connection.execute(update(table).where(table.c.hash == _hash(secret)).values(**values))


def _who(of: Row[Any] | Link) -> tuple[str, str, str]:
    return of.regime, of.agency, of.address


def _hash(secret: str) -> str:
    # A secret of 256 random bits needs no salt and no slow hash.
    return hashlib.sha256(secret.encode()).hexdigest()


def _values(row: Row[Any], of: type[Link] | type[Session]) -> dict[str, Any]:
    return {name: row._mapping[name] for name in of.__dataclass_fields__}
