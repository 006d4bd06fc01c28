"""The engine under the ledger, its transactions, and its schema's state."""

import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config as AlembicConfig
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util.exc import CommandError
from sqlalchemy import Connection, Engine, create_engine, event, func, select
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from kybaocao.rules.errors import KyBaoCaoError

MIGRATIONS = Path(__file__).parent / "migrations"

SQLITE_WAIT = 60.0
# A server's threads (AnyIO grants 40) have one connection each, and on SQLite, where one costs
# nothing, room for another: who waits for the database waits for it and for no connection.
KEPT_CONNECTIONS, MOST_CONNECTIONS = 5, {"sqlite": 80, "postgresql": 40}

# PostgreSQL's locks of what only one may do at a time; SQLite has one writer anyway.
MIGRATING = 0x6B7962616F630001
RECORDING_UNKNOWN = 0x6B7962616F630002
CHANGING_LETTERS = 0x6B7962616F630003
DECIDING = 0x6B7962616F630004
CONSOLIDATING = 0x6B7962616F630005


class LedgerError(KyBaoCaoError):
    """The ledger cannot be opened; the text says why, for the operator."""


class LedgerAwayError(LedgerError):
    """The ledger took and gave nothing, and what was asked of it did not happen.

    It was locked for too long or cannot be reached; or, if `is_full`, its disk has no room.
    """

    def __init__(self, reason: str, is_full: bool = False) -> None:
        super().__init__(f"the ledger cannot be used: {reason}")
        self.is_full = is_full


@contextmanager
def _answering() -> Iterator[None]:
    """Tell a ledger that is away from one that was asked for something impossible."""
    try:
        yield
    except PoolTimeoutError as error:
        raise LedgerAwayError("all its connections are in use") from error
    except (OperationalError, InterfaceError) as error:
        reason = " ".join(str(error.orig).split())
        raise LedgerAwayError(reason, is_full=_is_full(error.orig)) from error


def _is_full(error: BaseException | None) -> bool:
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    # PostgreSQL: 53100 disk_full. SQLite calls a journal that finds no room an I/O error.
    full = (sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR)
    return code in full or getattr(error, "sqlstate", None) == "53100"


class Database:
    """One SQLite file or PostgreSQL database; `url` is SQLAlchemy's."""

    def __init__(self, url: str) -> None:
        self.engine = _engine(url)

    @property
    def files(self) -> list[Path]:
        """The files in which it lies, some of which may not be there; none on a server."""
        url = self.engine.url
        if url.get_backend_name() != "sqlite" or not url.database:
            return []
        return [Path(f"{url.database}{end}") for end in ("", "-wal", "-shm")]

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Give a connection that sees one state of the ledger."""
        with _answering(), self.engine.connect() as connection, connection.begin():
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """Give a connection whose changes all happen, on disk, or none."""
        with _answering(), self.engine.connect() as plain:
            connection = plain.execution_options(writes=True)
            with connection.begin():
                yield connection

    def migrate(self) -> None:
        """Bring the schema to the newest version; nothing happens if it is there.

        Raises LedgerError if the database cannot be used.
        """
        try:
            self._migrate()
        except (DBAPIError, CommandError, LedgerAwayError) as error:
            name = self.engine.url.render_as_string(hide_password=True)
            # Alembic's is a schema that this version does not know.
            cause = error.__cause__ if isinstance(error, LedgerAwayError) else error
            said = cause.orig if isinstance(cause, DBAPIError) else error
            reason = " ".join(str(said).split())
            raise LedgerError(f"the ledger {name} cannot be opened: {reason}") from error

    def _migrate(self) -> None:
        config = AlembicConfig()
        config.set_main_option("script_location", str(MIGRATIONS))
        config.set_main_option("path_separator", "os")
        head = ScriptDirectory.from_config(config).get_current_head()
        with self.reading() as connection:
            if MigrationContext.configure(connection).get_current_revision() == head:
                return
        with self.writing() as connection:
            alone(connection, MIGRATING)
            config.attributes["connection"] = connection
            command.upgrade(config, "head")

    def close(self) -> None:
        self.engine.dispose()


def alone(connection: Connection, lock: int) -> None:
    """Wait until no other transaction holds `lock`, and hold it until this one ends."""
    if connection.dialect.name == "postgresql":
        connection.execute(select(func.pg_advisory_xact_lock(lock)))


def _write_ahead(cursor: sqlite3.Cursor) -> None:
    """Turn to write-ahead logging; who comes second waits, which SQLite itself does not here."""
    until = time.monotonic() + SQLITE_WAIT
    while True:
        try:
            cursor.execute("PRAGMA journal_mode=WAL")
        except sqlite3.OperationalError as error:
            # A full disk stays full.
            is_busy = error.sqlite_errorcode & 0xFF == sqlite3.SQLITE_BUSY
            if not is_busy or time.monotonic() > until:
                raise
            time.sleep(0.02)
        else:
            return


def _engine(url: str) -> Engine:
    backend = make_url(url).get_backend_name()
    pool: dict[str, Any] = {
        "pool_size": KEPT_CONNECTIONS,
        "max_overflow": MOST_CONNECTIONS[backend] - KEPT_CONNECTIONS,
        "pool_timeout": SQLITE_WAIT,
    }
    if backend != "sqlite":
        return create_engine(url, pool_pre_ping=True, isolation_level="READ COMMITTED", **pool)
    engine = create_engine(url, connect_args={"timeout": SQLITE_WAIT}, **pool)

    @event.listens_for(engine, "connect")
    def configure(connection: Any, _record: Any) -> None:
        # Python's sqlite3 would begin transactions by itself, and too late.
        connection.isolation_level = None
        cursor = connection.cursor()
        _write_ahead(cursor)
        for pragma in ("synchronous=FULL", "foreign_keys=ON"):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        # A writer takes its lock at once: two readers that both turn writers would deadlock.
        writes = connection.get_execution_options().get("writes", False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return engine
