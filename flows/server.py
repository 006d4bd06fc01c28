"""`python -m flows.server OPTIONS` is `prefect server start OPTIONS` on SQLite, made to hold.

Prefect begins its transactions DEFERRED. Of two that have read and now write, SQLite refuses one
at once, "database is locked", however long it was told to wait; begun IMMEDIATE, they queue.
"""

import json
import os
import sqlite3
import sys
from contextlib import closing
from pathlib import Path
from typing import Any

from prefect.cli import app
from prefect.settings import get_current_settings
from sqlalchemy import Engine, event, make_url

from flows import AT_START
from kybaocao.adapters.private import UMASK

# Prefect's own, on every run that a schedule brought.
BY_SCHEDULE = "auto-scheduled"

# Prefect's times are in UTC, as SQLite's are.
MISSED = """
DELETE FROM flow_run
WHERE state_type = 'SCHEDULED' AND run_count = 0 AND next_scheduled_start_time < datetime('now')
AND EXISTS (SELECT 1 FROM json_each(tags) WHERE value IN (SELECT value FROM json_each(:tags)))
"""


def queue(
    connection: Any, cursor: Any, statement: str, parameters: Any, context: Any, many: bool
) -> tuple[str, Any]:
    """Return the statement to execute: BEGIN IMMEDIATE in place of BEGIN DEFERRED."""
    return ("BEGIN IMMEDIATE" if statement == "BEGIN DEFERRED" else statement), parameters


def forget_missed(database: Path) -> None:
    """Delete the runs whose time came while nothing was running.

    One run of each duty at the start does all that they would do. Runs asked for by hand stay.
    """
    if not database.exists():
        return
    with closing(sqlite3.connect(database)) as connection, connection:
        connection.execute("PRAGMA foreign_keys = ON")  # their states go with them
        # A first start that was cut short leaves a database without tables.
        if connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'flow_run'").fetchone():
            connection.execute(MISSED, {"tags": json.dumps([AT_START, BY_SCHEDULE])})


def main() -> None:
    """Forget what was missed, then serve until SIGTERM."""
    os.umask(UMASK)
    url = get_current_settings().server.database.connection_url
    assert url is not None  # noqa: S101 (who starts this names it)
    forget_missed(Path(str(make_url(url.get_secret_value()).database)))
    event.listen(Engine, "before_cursor_execute", queue, retval=True)
    sys.argv[1:1] = ["server", "start"]
    app()


if __name__ == "__main__":
    main()
