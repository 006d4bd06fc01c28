"""A copy of the ledger beside it, in which to try what must leave no trace."""

import sqlite3
from contextlib import closing
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError

from kybaocao.adapters.ledger.database import Database, LedgerError
from kybaocao.adapters.ledger.schema import metadata


def copy_ledger(url: str, to: Path) -> None:
    """Copy the ledger at `url` into a new SQLite file; one that does not exist yet leaves none.

    Nothing is written where it lies. Raises LedgerError if it cannot be read as it is.
    """
    asked = make_url(url)
    try:
        if asked.get_backend_name() == "sqlite":
            _copy_file(Path(asked.database or ""), to)
        else:
            _copy_rows(Database(url), Database(f"sqlite:///{to}"))
    except (DBAPIError, sqlite3.Error) as error:
        name = asked.render_as_string(hide_password=True)
        reason = " ".join(str(error).split())
        raise LedgerError(f"the ledger {name} cannot be copied: {reason}") from error


def _copy_file(ledger: Path, to: Path) -> None:
    if not ledger.exists():
        return
    # Without a log nobody is at work, and SQLite may leave no file of its own beside it.
    mode = "mode=ro" if ledger.with_name(f"{ledger.name}-wal").exists() else "immutable=1"
    with (
        closing(sqlite3.connect(f"{ledger.absolute().as_uri()}?{mode}", uri=True)) as source,
        closing(sqlite3.connect(to)) as copied,
    ):
        source.backup(copied)


def _copy_rows(source: Database, copied: Database) -> None:
    with closing(source), closing(copied):
        copied.migrate()
        with source.reading() as reading, copied.writing() as writing:
            for table in metadata.sorted_tables:
                if rows := [dict(row) for row in reading.execute(select(table)).mappings()]:
                    writing.execute(table.insert(), rows)
