"""A ledger that the release before wrote opens, and none of its letters is lost or sent again."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import MetaData, insert, text

from kybaocao.adapters.ledger import Ledger, LetterDraft, LetterStatus
from kybaocao.adapters.ledger.database import Database
from kybaocao.rules.calendar.official_days import VIETNAM
from kybaocao.rules.cycle.reminder import Kind, Rung
from kybaocao.rules.regime.contact import Role
from tests.adapters.ledger.test_schema import run

DUMP = Path(__file__).parent / "ledger_0004.sql"
LATER = datetime(2017, 1, 3, 9, tzinfo=VIETNAM)
REPORT = ("quang-nam", "bao-cao-quy", "2016-Q3", "so-tai-chinh")
DESK = "vanthu@so-tai-chinh.quang-nam.example"


@pytest.fixture
def before(bare_url: str, tmp_path: Path) -> Iterator[Ledger]:
    """The ledger of the release before: letters of every kind, sent, claimed, failed, queued."""
    old = Database(f"sqlite:///{tmp_path / 'old.db'}")
    with closing(sqlite3.connect(tmp_path / "old.db")) as file:
        file.executescript(DUMP.read_text(encoding="utf-8"))
    ledger = Ledger(bare_url)
    run(ledger, "upgrade", "0004")
    tables = MetaData()
    with old.reading() as reading, ledger.database.writing() as writing:
        tables.reflect(writing)
        for table in tables.sorted_tables:
            columns = list(table.c)
            rows = reading.execute(table.select().with_only_columns(*columns)).mappings().all()
            if rows and table.name != "alembic_version":
                writing.execute(insert(table), [dict(row) for row in rows])
                if writing.dialect.name == "postgresql" and "id" in table.c:
                    writing.execute(
                        text(f"SELECT setval('{table.name}_id_seq', {max(r['id'] for r in rows)})")
                    )
    old.close()
    yield ledger
    ledger.close()


def raw(ledger: Ledger, columns: str) -> list[tuple[object, ...]]:
    with ledger.database.reading() as connection:
        rows = connection.execute(text(f"SELECT {columns} FROM letters ORDER BY id"))  # noqa: S608
        return [tuple(row) for row in rows]


def test_every_letter_is_there_as_it_was(before: Ledger) -> None:
    kept = "id, kind, address, message_id, parcel, status, attempts, attachment_sha256"
    known = raw(before, kept)
    assert {kind for _, kind, *_ in known} == {kind.value for kind in Kind}
    assert {status for *_, status, _, _ in known} == {"sent", "claimed", "failed", "queued"}
    before.migrate()
    assert raw(before, kept) == known


def test_what_calls_for_a_letter_stands_in_columns(before: Ledger) -> None:
    before.migrate()
    letters = before.post.letters()
    for letter in letters:
        values = {name: getattr(letter, name) for name in LetterDraft.__dataclass_fields__}
        assert letter.key == LetterDraft(**values).key
    by_kind = {letter.kind: letter for letter in letters}
    assert by_kind[Kind.OPENING].rung == Rung(date(2016, 12, 9), Kind.OPENING)
    assert by_kind[Kind.DIGEST].day == date(2016, 9, 9)
    assert by_kind[Kind.DECLINED].wish_id == 1
    assert by_kind[Kind.SIGN_IN].asked_at == datetime(2016, 9, 9, 8, tzinfo=VIETNAM)
    (granted,) = before.decisions.waivers()
    assert by_kind[Kind.GRANTED].waiver_id == granted.id
    kinds = {ruling.kind.value for ruling in before.rulings.rulings()}
    ruled = {letter.kind for letter in letters if letter.ruling_id}
    assert (kinds, ruled) == (
        {"accepted", "returned", "asked"},
        {Kind.RECEIPT, Kind.RETURNED, Kind.QUESTION},
    )


def test_a_letter_knows_for_whom_it_is(before: Ledger) -> None:
    before.migrate()
    told = before.post.letters(kind="escalation", agency="so-tai-chinh")
    assert {(x.recipient, x.role) for x in told} == {
        ("so-tai-chinh", Role.HEAD),
        ("so-noi-vu", Role.OFFICER),
    }


def test_what_was_queued_goes_out_once_and_what_was_sent_does_not(before: Ledger) -> None:
    unsent = {r[0] for r in raw(before, "message_id, status") if r[1] in ("queued", "claimed")}
    before.migrate()
    carried = [
        letter.message_id
        for parcel in before.post.claim(LATER, timedelta(minutes=30), limit=99)
        for letter in parcel.letters
    ]
    assert sorted(carried) == sorted(unsent)
    assert before.post.claim(LATER, timedelta(minutes=30)) == []


def test_what_is_planned_again_is_the_letter_that_is_there(before: Ledger) -> None:
    before.migrate()
    (waiver,) = before.decisions.waivers()
    again = [
        LetterDraft(Kind.OPENING, DESK, *REPORT, day=date(2016, 8, 23)),
        LetterDraft(Kind.OVERDUE, DESK, *REPORT, day=date(2016, 9, 26)),
        LetterDraft(Kind.GRANTED, DESK, *REPORT, waiver_id=waiver.id),
        LetterDraft(Kind.DECLINED, DESK, *REPORT, wish_id=1),
        LetterDraft(
            *(Kind.DELIVERY, "vanthu@so-noi-vu.quang-nam.example", *REPORT[:3], "so-noi-vu"),
            consolidation_id=2,
        ),
    ]
    assert before.queue(again, LATER) == 0


def test_a_regime_whose_letters_have_left_is_live(before: Ledger) -> None:
    before.migrate()
    assert [event.subject for event in before.events(act="go")] == ["quang-nam"]


def test_it_can_be_taken_back(before: Ledger) -> None:
    before.migrate()
    run(before, "downgrade", "0004")
    before.migrate()
    assert len(before.post.letters(status=LetterStatus.SENT.value)) == 18
