"""The migrations make exactly the schema that the code declares, on both databases."""

import subprocess
import sys
from collections.abc import Iterator

import pytest
from alembic import command, op
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from sqlalchemy import inspect, text
from sqlalchemy.exc import IntegrityError

from kybaocao.adapters.ledger import Ledger
from kybaocao.adapters.ledger.database import MIGRATIONS
from kybaocao.adapters.ledger.schema import metadata
from tests.support import PATIENCE, ROOT

HOME = ROOT
TABLES = sorted([*metadata.tables, "alembic_version"])


@pytest.fixture
def empty(bare_url: str) -> Iterator[Ledger]:
    """A ledger without a schema."""
    ledger = Ledger(bare_url)
    yield ledger
    ledger.close()


def tables(ledger: Ledger) -> list[str]:
    with ledger.database.reading() as connection:
        return sorted(inspect(connection).get_table_names())


def difference(ledger: Ledger) -> list[object]:
    with ledger.database.reading() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        return list(compare_metadata(context, metadata))


def run(ledger: Ledger, act: str, revision: str) -> None:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.set_main_option("path_separator", "os")
    with ledger.database.writing() as connection:
        config.attributes["connection"] = connection
        getattr(command, act)(config, revision)


def test_the_migrations_make_the_declared_schema(empty: Ledger) -> None:
    assert tables(empty) == []
    assert difference(empty) != []
    empty.migrate()
    assert tables(empty) == TABLES
    assert difference(empty) == []


def test_migrating_twice_does_nothing(ledger: Ledger) -> None:
    ledger.migrate()
    assert tables(ledger) == TABLES
    assert difference(ledger) == []


def test_every_migration_can_be_undone(ledger: Ledger) -> None:
    run(ledger, "downgrade", "base")
    assert tables(ledger) == ["alembic_version"]
    ledger.migrate()
    assert tables(ledger) == TABLES
    assert difference(ledger) == []


def test_two_processes_that_migrate_at_once_make_one_schema(empty: Ledger, bare_url: str) -> None:
    code = """
import sys
from kybaocao.adapters.ledger import Ledger
ledger = Ledger(sys.argv[1])
sys.stdin.readline()
ledger.migrate()
assert ledger.owed() == []
"""
    racers = [
        subprocess.Popen(
            [sys.executable, "-c", code, bare_url],
            stdin=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            cwd=HOME,
        )
        for _ in range(2)
    ]
    for racer in racers:
        assert racer.stdin is not None
        racer.stdin.write("\n")
        racer.stdin.flush()
    errors = [racer.communicate(timeout=PATIENCE)[1] for racer in racers]
    assert [racer.returncode for racer in racers] == [0, 0], errors
    assert tables(empty) == TABLES
    assert difference(empty) == []


def test_a_migration_that_breaks_off_leaves_nothing(
    empty: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise RuntimeError("the machine stopped")

    # The triggers, which come after all tables.
    monkeypatch.setattr(op, "execute", refuse)
    with pytest.raises(RuntimeError, match="stopped"):
        empty.migrate()
    assert tables(empty) == []
    monkeypatch.undo()
    empty.migrate()
    assert tables(empty) == TABLES


def test_a_ledger_with_rows_can_be_brought_forward_and_back(empty: Ledger) -> None:
    """Letters point to consolidations, which the second migration changes."""
    run(empty, "upgrade", "0001")
    with empty.database.writing() as connection:
        connection.execute(
            text(
                "INSERT INTO consolidations (id, regime, duty, period, as_of, inputs, accepted,"
                " owed, sha256, file_name) VALUES (1, 'quang-nam', 'bao-cao-quy', '2016-Q3',"
                " '2016-09-15 00:00:00', 'a', 40, 41, 'b', 't.xlsx')"
            )
        )
        connection.execute(
            text(
                "INSERT INTO letters (id, key, kind, address, regime, consolidation_id,"
                " message_id, status, queued_at, not_before, attempts) VALUES (1, 'k', 'delivery',"
                " 'a@x.example', 'quang-nam', 1, 'm', 'queued', '2016-09-15 00:00:00',"
                " '2016-09-15 00:00:00', 0)"
            )
        )
    empty.migrate()
    made = empty.consolidation_of(1)
    assert made is not None
    assert (made.recipient, made.file_name) == ("", "t.xlsx")
    run(empty, "downgrade", "0001")
    empty.migrate()
    assert [letter.consolidation_id for letter in empty.post.letters()] == [1]


def test_versions_and_what_points_to_them_outlive_the_end_of_a_constraint(empty: Ledger) -> None:
    """SQLite makes the table anew for it, which findings, letters and rulings point to."""
    run(empty, "upgrade", "0008")
    moment = {"at": "2016-09-14 00:00:00"}
    with empty.database.writing() as connection:
        for statement in (
            "INSERT INTO obligations (id, regime, duty, period, agency, opens, stated, last_day,"
            " opened_at) VALUES (1, 'quang-nam', 'bao-cao-quy', '2016-Q3', 'so-y-te',"
            " '2016-08-23', '2016-09-14', '2016-09-14', :at)",
            "INSERT INTO submissions (id, obligation_id, version, sha256, file_name, channel,"
            " received_at, recorded_at, verdict, figures, reason, sender) VALUES (7, 1, 1, 'a',"
            " 'bc.xlsx', 'folder', :at, :at, 'accepted', '[]', 'sửa', 'a@x.example')",
            "INSERT INTO findings (submission_id, number, code, severity, sheet, cell, value,"
            " expected, action) VALUES (7, 1, 'late', 'warning', '', '', '', '', '')",
            "INSERT INTO letters (id, key, kind, address, regime, submission_id, message_id,"
            " status, queued_at, not_before, attempts) VALUES (1, 'k', 'receipt', 'a@x.example',"
            " 'quang-nam', 7, 'm', 'queued', :at, :at, 0)",
            "INSERT INTO rulings (submission_id, kind, target, reason, actor, at)"
            " VALUES (7, 'returned', 't', 'r', 'operator', :at)",
        ):
            connection.execute(text(statement), moment if ":at" in statement else {})
    empty.migrate()
    kept = empty.submission(7)
    assert (kept.file_name, kept.reason, kept.sender) == ("bc.xlsx", "sửa", "a@x.example")
    assert kept.given_back
    assert [f.code for f in empty.findings(7)] == ["late"]
    with pytest.raises(IntegrityError), empty.database.writing() as connection:
        connection.execute(text("DELETE FROM submissions"))
    assert difference(empty) == []
    run(empty, "downgrade", "0008")
    empty.migrate()
    assert empty.submission(7) == kept
