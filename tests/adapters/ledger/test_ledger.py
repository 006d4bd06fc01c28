"""What the ledger takes in comes out again, once, whole, and in order; on both databases."""

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, IntegrityError, StatementError

from kybaocao.adapters.ledger import Arrival, Event, Ledger, LedgerError, Made, Submission
from kybaocao.adapters.ledger.schema import metadata
from kybaocao.rules.cycle.reminder import Kind
from kybaocao.rules.cycle.standing import Verdict
from kybaocao.rules.regime.contact import Contact, Role
from kybaocao.rules.regime.ruling import Ruled, Ruling
from tests.adapters.ledger.ledger_cast import (
    FIGURES,
    FINDINGS,
    NOW,
    TERM,
    arrival,
    draft,
    opened,
    owe,
    receipt,
)
from tests.support import PATIENCE, ROOT

HOME = ROOT


def rows(ledger: Ledger) -> dict[str, int]:
    """Return how many rows each table holds."""
    with ledger.database.reading() as connection:
        return {
            name: connection.execute(text(f"SELECT count(*) FROM {name}")).scalar_one()  # noqa: S608
            for name in metadata.tables
        }


# Obligations


def test_an_obligation_comes_back_as_it_went_in(ledger: Ledger) -> None:
    ledger.open(owe("so-y-te"), (), NOW)
    (owed,) = ledger.owed()
    assert owed.key == "quang-nam/bao-cao-quy/2016-Q3/so-y-te"
    assert (owed.opens, owed.due, owed.opened_at) == (TERM.opens, TERM.due, NOW)


def test_opening_twice_changes_nothing(ledger: Ledger) -> None:
    drafts = [draft(Kind.OPENING, day="2016-08-23")]
    assert ledger.open(owe("so-y-te", "so-noi-vu"), drafts, NOW) == 2
    before, owed = rows(ledger), ledger.owed()
    assert ledger.open(owe("so-y-te", "so-noi-vu"), drafts, NOW + timedelta(days=1)) == 0
    assert rows(ledger) == before
    assert ledger.owed() == owed
    assert before == dict.fromkeys(before, 0) | {"obligations": 2, "letters": 1, "events": 1}


def test_an_agency_that_is_added_later_is_opened_alone(ledger: Ledger) -> None:
    ledger.open(owe("so-y-te"), (), NOW)
    assert ledger.open(owe("so-noi-vu", "so-y-te"), (), NOW) == 1
    assert [o.agency for o in ledger.owed()] == ["so-y-te", "so-noi-vu"]


def test_obligations_are_found_by_their_columns(ledger: Ledger) -> None:
    ledger.open(owe("so-y-te", "so-noi-vu"), (), NOW)
    assert [o.agency for o in ledger.owed(agency="so-noi-vu", period="2016-Q3")] == ["so-noi-vu"]
    assert ledger.find_owed("quang-nam", "bao-cao-quy", "2016-Q4", "so-y-te") is None


def test_twenty_that_open_at_once_open_once(ledger: Ledger) -> None:
    agencies = [f"so-{n}" for n in range(20)]
    with ThreadPoolExecutor(20) as pool:
        new = list(pool.map(lambda _: ledger.open(owe(*agencies), [draft()], NOW), range(20)))
    assert sorted(new) == [0] * 19 + [20]
    assert rows(ledger)["letters"] == 1


# Submissions


def test_versions_are_numbered_per_obligation(ledger: Ledger) -> None:
    first, second = opened(ledger), opened(ledger, "so-noi-vu")
    for number in (1, 2):
        ledger.record(arrival(first.id, number, Verdict.RETURNED), NOW)
    ledger.record(arrival(second.id, 1), NOW)
    found = ledger.versions([first, second])
    assert [s.version for s in found[first.id]] == [1, 2]
    assert [s.version for s in found[second.id]] == [1]
    assert ledger.versions([]) == {}


def test_a_submission_comes_back_with_its_times_findings_and_figures(ledger: Ledger) -> None:
    came = replace(
        arrival(opened(ledger).id, verdict=Verdict.RETURNED),
        received_at=datetime(2016, 9, 14, 16, 59, 59, 1, tzinfo=ZoneInfo("UTC")),
        form="cchc-quy",
        form_version=1,
        findings=FINDINGS,
        figures=FIGURES,
    )
    recorded = ledger.record(came, NOW)
    assert recorded is not None
    assert recorded == ledger.submission(recorded.id)
    assert (recorded.received_at, recorded.recorded_at) == (came.received_at, NOW)
    assert recorded.received_at.utcoffset() == timedelta(hours=7)
    assert recorded.verdict is Verdict.RETURNED
    assert ledger.findings(recorded.id) == list(FINDINGS)
    assert ledger.figures([recorded.id]) == {recorded.id: FIGURES}
    values = [figure.value for figure in ledger.figures([recorded.id])[recorded.id]]
    assert [type(value) for value in values] == [int, float, type(None), str]


def test_a_time_without_a_zone_is_refused(ledger: Ledger) -> None:
    with pytest.raises(StatementError, match="zone"):
        ledger.open(owe("so-y-te"), (), NOW.replace(tzinfo=None))
    assert ledger.owed() == []


def test_what_was_decided_is_asked_again_where_it_is_recorded(ledger: Ledger) -> None:
    owed = opened(ledger)
    first = ledger.record(arrival(owed.id), NOW, [receipt()])
    before = rows(ledger)
    seen: list[list[Submission]] = []

    def holds(versions: Sequence[Submission]) -> bool:
        seen.append(list(versions))
        return False

    assert ledger.record(arrival(owed.id), NOW, [receipt()], holds=holds) is None
    assert first is not None
    assert not ledger.record_repeat(first, arrival(owed.id), NOW, holds=holds)
    assert seen == [[first], [first]]
    assert rows(ledger) == before


def test_the_same_bytes_may_come_again_as_a_new_version(ledger: Ledger) -> None:
    owed = opened(ledger)
    found = [ledger.record(arrival(owed.id, number), NOW, [receipt()]) for number in (1, 2, 1)]
    assert [s.version for s in found if s] == [1, 2, 3]
    assert rows(ledger)["letters"] == 3


@pytest.mark.parametrize("is_repeat", [False, True])
def test_an_act_is_known_by_its_key_and_recorded_once(ledger: Ledger, is_repeat: bool) -> None:
    owed = opened(ledger)
    keyed = replace(arrival(owed.id), key="folder/1473645600000000000-7/ab")
    made = ledger.record(replace(keyed, key="" if is_repeat else keyed.key), NOW)
    assert made is not None
    if is_repeat:
        assert ledger.record_repeat(made, keyed, NOW)
    before = rows(ledger)
    assert ledger.record(keyed, NOW, [receipt()]) is None
    assert not ledger.record_repeat(made, keyed, NOW, [receipt()])
    assert rows(ledger) == before
    assert ledger.came(keyed.key) == (made, is_repeat)
    assert ledger.came("") is None


def test_a_repeat_is_in_the_log_with_what_was_said(ledger: Ledger) -> None:
    owed = opened(ledger)
    made = ledger.record(arrival(owed.id), NOW)
    assert made is not None
    again = replace(arrival(owed.id), reason="gửi lại cho chắc")
    letter = replace(receipt(), submission_id=made.id, asked_at=NOW)
    assert ledger.record_repeat(made, again, NOW, [letter], "a@x.example")
    assert [one.submission_id for one in ledger.post.letters()] == [made.id]
    (event,) = ledger.events(act="receive-again")
    assert (event.actor, event.subject) == ("a@x.example", f"submission/{made.id}")
    assert event.detail["reason"] == "gửi lại cho chắc"
    assert rows(ledger)["submissions"] == 1


def test_the_same_bytes_may_answer_two_obligations(ledger: Ledger) -> None:
    first, second = opened(ledger), opened(ledger, "so-noi-vu")
    assert ledger.record(arrival(first.id), NOW) is not None
    assert ledger.record(arrival(second.id), NOW) is not None


def test_files_of_unknown_origin_wait_until_they_are_settled(ledger: Ledger) -> None:
    unknown = arrival(None, verdict=Verdict.UNREADABLE)
    first = ledger.record(unknown, NOW)
    second = ledger.record(arrival(None, 2, Verdict.UNREADABLE), NOW)
    assert first is not None
    assert ledger.unknown() == [first, second]
    assert ledger.waiting(unknown.sha256, "") == [first]
    ledger.rulings.rule(Ruling(first.id, Ruled.REJECTED, "", "không phải báo cáo", "operator", NOW))
    assert ledger.waiting(unknown.sha256, "") == []
    again = ledger.record(unknown, NOW)
    assert ledger.waiting(unknown.sha256, "") == [again]


@pytest.mark.parametrize("known", [True, False])
def test_thirty_at_once_get_versions_without_gaps(
    ledger: Ledger, database_url: str, known: bool
) -> None:
    obligation_id = opened(ledger).id if known else None

    def is_new(came: Arrival, there: Sequence[Submission]) -> bool:
        return came.sha256 not in {submission.sha256 for submission in there}

    def send(number: int) -> int:
        # Every file comes twice, and every sender has a ledger of its own.
        with closing(Ledger(database_url)) as own:
            came = arrival(obligation_id, number // 2)
            found = own.record(came, NOW, [receipt()], holds=lambda there: is_new(came, there))
        return found.version if found else 0

    with ThreadPoolExecutor(30) as pool:
        versions = list(pool.map(send, range(30)))
    assert sorted(versions) == [0] * 15 + list(range(1, 16))
    assert rows(ledger)["submissions"] == rows(ledger)["letters"] == 15


@pytest.mark.parametrize(
    "broken",
    [
        replace(receipt(), consolidation_id=999),
        replace(receipt(), kind="letter"),  # type: ignore[arg-type]
    ],
)
def test_a_file_is_recorded_with_all_that_belongs_to_it_or_not_at_all(
    ledger: Ledger, broken: object
) -> None:
    owed = opened(ledger)
    before = rows(ledger)
    came = replace(arrival(owed.id), findings=FINDINGS, figures=FIGURES)
    with pytest.raises((IntegrityError, AttributeError)):
        ledger.record(came, NOW, [receipt("lanhdao@so-y-te.example"), broken])  # type: ignore[list-item]
    assert rows(ledger) == before
    recorded = ledger.record(came, NOW, [receipt()])
    assert recorded is not None
    assert recorded.version == 1
    added = {"submissions": 1, "findings": 2, "letters": 1, "events": 1}
    assert rows(ledger) == {name: n + added.get(name, 0) for name, n in before.items()}


def test_a_file_for_an_obligation_that_does_not_exist_is_refused(ledger: Ledger) -> None:
    with pytest.raises(IntegrityError):
        ledger.record(arrival(999), NOW)
    assert not any(rows(ledger).values())


def test_each_letter_of_a_submission_names_it(ledger: Ledger) -> None:
    recorded = ledger.record(arrival(opened(ledger).id), NOW, [receipt(), receipt("b@x.example")])
    assert recorded is not None
    letters = ledger.post.letters()
    assert [letter.submission_id for letter in letters] == [recorded.id] * 2
    assert {letter.key.split("/")[5] for letter in letters} == {f"submission-{recorded.id}"}


WRITER = """
import itertools, sys
from kybaocao.adapters.ledger import Ledger
from tests.adapters.ledger.ledger_cast import NOW, arrival, receipt
ledger = Ledger(sys.argv[1])
for number in itertools.count(int(sys.argv[3])):
    letters = [receipt(), receipt("b@x.example")]
    found = ledger.record(arrival(int(sys.argv[2]), number), NOW, letters)
    print(found.id, flush=True)
"""


def test_a_killed_writer_leaves_whole_submissions(ledger: Ledger, database_url: str) -> None:
    owed = opened(ledger)
    told: list[str] = []
    for run, wanted in enumerate((1, 7)):
        command = [sys.executable, "-c", WRITER, database_url, str(owed.id), str(run * 10_000)]
        writer = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=HOME)
        assert writer.stdout is not None
        told += [writer.stdout.readline() for _ in range(wanted)]
        os.kill(writer.pid, signal.SIGKILL)
        told += writer.communicate(timeout=PATIENCE)[0].splitlines()
    with closing(Ledger(database_url)) as again:
        versions = again.versions([owed])[owed.id]
        assert [s.version for s in versions] == list(range(1, len(versions) + 1))
        assert {int(line) for line in told} <= {s.id for s in versions}
        for submission in versions:
            assert len(again.post.letters(submission_id=submission.id)) == 2
        assert len(again.events(act="receive")) == len(versions)
        assert again.record(arrival(owed.id, 99_999), NOW) is not None


# Consolidations, contacts, events


def test_the_same_inputs_are_consolidated_once(ledger: Ledger) -> None:
    made = Made(
        *(0, "quang-nam", "bao-cao-quy", "2016-Q3", "so-noi-vu", NOW),
        *("a" * 64, 40, 41, "b" * 64, "t.xlsx"),
    )
    first = ledger.record_consolidation(made, NOW, after=0)
    later = NOW + timedelta(days=1)
    again = ledger.record_consolidation(replace(made, sha256="c" * 64), later, after=0)
    assert again == first is not None
    assert first == replace(made, id=first.id)
    assert first.is_partial
    other = replace(made, inputs="d" * 64, accepted=41)
    newer = ledger.record_consolidation(other, NOW, after=first.id)
    assert ledger.consolidation("quang-nam", "bao-cao-quy", "2016-Q3", "so-noi-vu") == newer
    assert ledger.consolidation_of(first.id) == first
    assert ledger.consolidation("quang-nam", "bao-cao-quy", "2016-Q3", "so-y-te") is None
    assert len(ledger.events(act="consolidate")) == 2


def test_what_was_seen_before_a_delivery_is_not_delivered_after_it(ledger: Ledger) -> None:
    made = Made(
        *(0, "quang-nam", "bao-cao-quy", "2016-Q3", "so-noi-vu", NOW),
        *("a" * 64, 40, 41, "b" * 64, "t.xlsx"),
    )
    first = ledger.record_consolidation(made, NOW, after=0)
    assert ledger.record_consolidation(replace(made, inputs="d" * 64), NOW, after=0) is None
    of = ("quang-nam", "bao-cao-quy", "2016-Q3")
    assert ledger.newest_consolidations(*of) == {"so-noi-vu": first}


def test_contacts_are_seeded_once_and_later_changes_stay(ledger: Ledger) -> None:
    seeds = [
        Contact(agency="so-y-te", role=Role.OFFICER, address="a@x.example", name="Văn thư"),
        Contact(agency="so-y-te", role=Role.HEAD, address="b@x.example"),
    ]
    assert ledger.seed_contacts("quang-nam", seeds) == 2
    changed = [Contact(agency="so-y-te", role=Role.OFFICER, address="new@x.example")]
    more = [Contact(agency="so-noi-vu", role=Role.HEAD, address="c@x.example")]
    assert ledger.seed_contacts("quang-nam", changed + more) == 1
    found = [(c.agency, c.role, c.address, c.name) for c in ledger.contacts("quang-nam")]
    assert found == [
        ("so-y-te", Role.OFFICER, "a@x.example", "Văn thư"),
        ("so-y-te", Role.HEAD, "b@x.example", ""),
        ("so-noi-vu", Role.HEAD, "c@x.example", ""),
    ]
    assert ledger.contacts("bac-giang") == []


def test_events_come_back_in_order(ledger: Ledger) -> None:
    first = Event(NOW, "kybaocao", "open", "quang-nam/bao-cao-quy", {"tên": "Sở Y tế", "n": [1, 2]})
    second = Event(NOW - timedelta(days=1), "thư ký", "waive", "quang-nam/bao-cao-quy")
    ledger.log(first)
    ledger.log(second)
    assert ledger.events() == [first, second]
    assert ledger.events(act="waive") == [second]


CHANGES = {
    "sqlite": (
        "UPDATE events SET actor = 'another'",
        "DELETE FROM events",
        "INSERT OR REPLACE INTO events SELECT id, at, 'another', act, subject, detail FROM events",
    ),
    "postgresql": (
        "UPDATE events SET actor = 'another'",
        "DELETE FROM events",
        "TRUNCATE events",
    ),
}


def test_the_database_itself_keeps_the_event_log(ledger: Ledger) -> None:
    event = Event(NOW, "kybaocao", "open", "quang-nam")
    ledger.log(event)
    for change in CHANGES[ledger.database.engine.dialect.name]:
        with (
            pytest.raises(DBAPIError, match="append-only"),
            ledger.database.writing() as connection,
        ):
            connection.execute(text(change))
        assert ledger.events() == [event], change
    ledger.log(event)
    assert ledger.events() == [event, event]


# The database


def test_sqlite_waits_for_the_disk(tmp_path: Path) -> None:
    with closing(Ledger(f"sqlite:///{tmp_path / 'ledger.db'}")) as ledger:
        ledger.migrate()
        for connecting in (ledger.database.reading, ledger.database.writing):
            with connecting() as connection:
                asked = {
                    name: connection.exec_driver_sql(f"PRAGMA {name}").scalar_one()
                    for name in ("journal_mode", "synchronous", "foreign_keys")
                }
            assert asked == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1}


def test_a_reader_is_not_stopped_by_a_writer(ledger: Ledger) -> None:
    opened(ledger)
    with ledger.database.writing() as connection:
        connection.execute(text("UPDATE obligations SET agency = 'so-noi-vu'"))
        reader = threading.Thread(target=lambda: seen.extend(ledger.owed()))
        seen: list[object] = []
        reader.start()
        reader.join(PATIENCE)
    assert [owed.agency for owed in seen] == ["so-y-te"]  # type: ignore[attr-defined]


def test_a_day_stays_the_day_it_was(ledger: Ledger) -> None:
    owed = opened(ledger)
    assert type(owed.opens) is date
    assert owed.opened_at.date() == date(2016, 9, 14)


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("sqlite:////no/such/folder/ledger.db", "unable to open database file"),
        ("postgresql+psycopg://ledger:secret@127.0.0.1:1/ledger", "refused"),
    ],
)
def test_a_database_that_cannot_be_opened_is_one_sentence(url: str, why: str) -> None:
    with closing(Ledger(url)) as ledger, pytest.raises(LedgerError) as caught:
        ledger.migrate()
    assert why in str(caught.value)
    assert "\n" not in str(caught.value)
    assert "secret" not in str(caught.value)
