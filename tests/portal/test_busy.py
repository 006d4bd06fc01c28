"""The ledger is locked, or its disk is full: whoever sends is told plainly, and nothing is half."""

import os
import sqlite3
import threading
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager

import httpx
import pytest
from fastapi.testclient import TestClient
from sqlalchemy import event

from kybaocao.adapters.ledger import database
from kybaocao.runtime import Office
from kybaocao.settings import GivenSettings
from kybaocao.steps.cycle.cycle import advance
from tests.conftest import OpenOffice
from tests.portal.conftest import TODAY, SignIn, csrf
from tests.portal.test_sending import OWN, report_of, versions
from tests.steps.conftest import QUARTERLY, REGIME, workbook

LOCKED_FOR = float(os.environ.get("KYBAOCAO_TEST_LOCK_SECONDS", "2"))
SENDERS = 20
# AnyIO's, in which the pages work.
THREADS = 40


@contextmanager
def locked(office: Office, seconds: float) -> Iterator[None]:
    """Hold the ledger's only place for a writer, for so long."""
    free = threading.Event()
    with closing(sqlite3.connect(office.ledger.files[0], check_same_thread=False)) as other:
        other.isolation_level = None
        other.execute("BEGIN IMMEDIATE")
        timer = threading.Timer(seconds, lambda: (other.execute("COMMIT"), free.set()))
        timer.start()
        yield
        free.wait()
        timer.join()


@pytest.fixture
def impatient(
    settings: GivenSettings, open_office: OpenOffice, monkeypatch: pytest.MonkeyPatch
) -> Iterator[None]:
    """The ledger waits for a fifth of a second."""
    monkeypatch.setattr(database, "SQLITE_WAIT", 0.2)
    yield


@pytest.fixture
def office(
    request: pytest.FixtureRequest, settings: GivenSettings, open_office: OpenOffice
) -> Iterator[Office]:
    if "impatient" in request.fixturenames:
        request.getfixturevalue("impatient")
    with open_office(settings) as opened:
        advance(opened, REGIME, QUARTERLY, TODAY)
        yield opened


def sent(browser: TestClient, report: int, word: str, data: bytes) -> httpx.Response:
    files = {"tep": ("a.xlsx", data)}
    return browser.post(f"/bao-cao/{report}/nop", data={"_csrf": word}, files=files)


def test_the_pool_has_a_connection_for_every_thread(office: Office) -> None:
    with ThreadPoolExecutor(THREADS) as threads:
        together = threading.Barrier(THREADS, timeout=30)

        def hold() -> None:
            with office.ledger.database.reading():
                together.wait()

        for done in [threads.submit(hold) for _ in range(THREADS)]:
            done.result()


def test_many_who_send_while_the_ledger_is_locked_are_all_received(
    office: Office, sign_in: SignIn
) -> None:
    browser, report = sign_in(OWN), report_of(office)
    word, data = csrf(browser.get("/bao-cao").text), workbook(office, OWN)
    with locked(office, LOCKED_FOR), ThreadPoolExecutor(SENDERS) as threads:
        answers = list(threads.map(lambda _: sent(browser, report, word, data), range(SENDERS)))
    assert Counter(answer.status_code for answer in answers) == {200: SENDERS}
    assert len(versions(office, report)) == 1, "the same bytes, again and again, are repeats"


def test_who_waited_too_long_is_told_that_nothing_was_received(
    impatient: None, office: Office, sign_in: SignIn
) -> None:
    browser, report = sign_in(OWN), report_of(office)
    word, data = csrf(browser.get("/bao-cao").text), workbook(office, OWN)
    with locked(office, 3), ThreadPoolExecutor(SENDERS) as threads:
        answers = list(threads.map(lambda _: sent(browser, report, word, data), range(SENDERS)))
    assert {answer.status_code for answer in answers} <= {200, 503}
    refused = [answer for answer in answers if answer.status_code == 503]
    assert refused
    assert all("chưa được nhận" in answer.text for answer in refused)
    assert {answer.headers["retry-after"] for answer in refused} == {"60"}
    assert sent(browser, report, word, data).status_code == 200
    assert len(versions(office, report)) == 1


def test_a_full_disk_under_the_ledger_is_said_in_words(office: Office, sign_in: SignIn) -> None:
    browser, report = sign_in(OWN), report_of(office)
    word, data = csrf(browser.get("/bao-cao").text), workbook(office, OWN)
    with office.ledger.database.reading() as connection:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar()
    # As a full disk answers: every connection finds no page more.
    engine = office.ledger.database.engine
    event.listen(engine, "checkout", lambda raw, *_: _full(raw, pages))
    answers = [sent(browser, report, word, data + bytes(n)) for n in range(3)]
    refused = [answer for answer in answers if answer.status_code != 200]
    assert refused and {answer.status_code for answer in refused} == {507}
    assert all("hết chỗ lưu" in answer.text for answer in refused)


def _full(raw: sqlite3.Connection, pages: int) -> None:
    raw.execute(f"PRAGMA max_page_count = {pages}")
