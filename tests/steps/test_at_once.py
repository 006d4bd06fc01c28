"""Who decides at the same time as others decides once, on SQLite and on PostgreSQL."""

import threading
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from typing import Any

import pytest
from pydantic import SecretStr

from kybaocao.adapters.ledger import Made, Owed
from kybaocao.rules.cycle.standing import Verdict
from kybaocao.rules.errors import RefusedError
from kybaocao.rules.regime.ruling import Paper
from kybaocao.runtime import Office
from kybaocao.settings import GivenSettings
from kybaocao.steps.cycle.cycle import advance
from kybaocao.steps.decide import triage
from kybaocao.steps.decide.grants import Word, extend
from kybaocao.steps.decide.wishes import decline, wish_for_time
from kybaocao.steps.intake.acceptance import accept
from kybaocao.steps.intake.case import Incoming
from kybaocao.steps.intake.receive import receive
from kybaocao.steps.standings import standing_of, standings
from tests.conftest import OpenOffice
from tests.steps.conftest import QUARTERLY, REGIME, at, workbook

AT_ONCE = 30
NOW, AFTER = at("2016-09-12"), at("2016-09-15")
MINE, THEIRS = "so-tu-phap", "so-tai-chinh"


@pytest.fixture
def settings(settings: GivenSettings, database_url: str) -> GivenSettings:
    return settings.model_copy(update={"database_url": SecretStr(database_url)})


@pytest.fixture
def office(settings: GivenSettings, open_office: OpenOffice) -> Iterator[Office]:
    with open_office(settings) as opened:
        advance(opened, REGIME, QUARTERLY, at("2016-08-23"))
        yield opened


def together(acts: list[Callable[[], Any]]) -> list[Any]:
    """Let all acts begin at the same moment; return what each gave, or how it was refused."""
    gate = threading.Barrier(len(acts))

    def begun(act: Callable[[], Any]) -> Any:
        gate.wait()
        try:
            return act()
        except RefusedError as error:
            return error

    with ThreadPoolExecutor(len(acts)) as threads:
        return list(threads.map(begun, acts))


def refused(found: list[Any]) -> int:
    return sum(isinstance(one, RefusedError) for one in found)


def owed(office: Office, agency: str = MINE) -> Owed:
    found = office.ledger.find_owed(REGIME, QUARTERLY, "2016-Q3", agency)
    assert found is not None
    return found


def send(office: Office, agency: str = MINE, reason: str = "") -> int:
    data = workbook(office, agency)
    return receive(office, Incoming(data, "bc.xlsx", "hand", NOW, reason), NOW).submission.id


def test_a_waiting_file_is_decided_about_once(office: Office) -> None:
    """It is not the report of two agencies, nor a report and rejected."""
    receive(office, Incoming(b"%PDF-1.7", "bc.pdf", "folder", NOW), NOW)
    data = workbook(office, MINE)
    incoming = Incoming(data, "la.xlsx", "folder", NOW, sender=THEIRS)
    number = receive(office, incoming, NOW).submission.id
    waiting = len(office.ledger.unknown())

    def act(n: int) -> Callable[[], Any]:
        by = f"người {n}"
        return (
            lambda: triage.assign(office, number, owed(office), "hỏi", by, NOW),
            lambda: triage.reject(office, number, f"lý do {n}", by, NOW),
            lambda: triage.attach_waiting(office, number, owed(office), Paper.OTHER, by, NOW),
        )[n % 3]

    assert refused(together([act(n) for n in range(AT_ONCE)])) == AT_ONCE - 1
    assert len(office.ledger.unknown()) == waiting - 1
    settled = [r for r in office.ledger.rulings.rulings(submission_id=number) if r.kind.settles]
    assert len(settled) == 1


def test_an_accepted_report_goes_back_once(office: Office) -> None:
    send(office)
    acts = [
        lambda n=n: triage.give_back(office, owed(office), f"lý do {n}", "a", NOW)
        for n in range(AT_ONCE)
    ]
    assert refused(together(acts)) == AT_ONCE - 1
    assert len(office.ledger.post.letters(kind="returned")) == 1


def test_a_returned_report_is_accepted_once_and_not_if_another_counts(office: Office) -> None:
    number = send(office)
    triage.give_back(office, owed(office), "xem lại", "a", NOW)
    stood = standing_of(office, owed(office), NOW)
    acts: list[Callable[[], Any]] = [
        lambda n=n: accept(office, stood, number, f"lý do {n}", "a", NOW)  # type: ignore[misc]
        for n in range(AT_ONCE)
    ]
    assert refused(together(acts)) == AT_ONCE - 1
    now = standing_of(office, owed(office), NOW)
    assert now.accepted is not None and now.accepted.id == number
    assert len(office.ledger.rulings.rulings(submission_id=number)) == 2


def test_a_wish_is_granted_or_declined_and_hears_one_answer(office: Office) -> None:
    (stands,) = standings(office, NOW, agency=MINE, duty=QUARTERLY)
    until, word = date(2016, 9, 20), Word("bão", "Giám đốc")
    wish, _ = wish_for_time(office, stands, until, "bão", "a@x.example", NOW)
    of = (stands.regime, stands.duty, stands.period, MINE, until, word, NOW)
    acts: list[Callable[[], Any]] = [
        (lambda: extend(office, *of))
        if n == 0
        else (lambda n=n: decline(office, wish.id, f"lý do {n}", "a", NOW))  # type: ignore[misc]
        for n in range(AT_ONCE)
    ]
    together(acts)
    kinds = Counter(x.kind for x in office.ledger.post.letters(agency=MINE))
    assert kinds["declined"] + kinds["granted"] <= 2 and kinds["declined"] <= 1


def test_ticks_at_once_deliver_once_and_never_the_older_after_the_newer(office: Office) -> None:
    """While reports come in, every tick's delivery holds all that the one before it held."""
    send(office)

    def tick() -> None:
        advance(office, REGIME, QUARTERLY, AFTER)

    def come() -> None:
        for agency in (THEIRS, "ubnd-tam-ky"):
            send(office, agency)

    together([*[tick] * 10, come])
    advance(office, REGIME, QUARTERLY, AFTER)
    found = office.ledger.post.letters(kind="delivery")
    made = [office.ledger.consolidation_of(x.consolidation_id or 0) for x in found]
    shares = [one.accepted for one in made if isinstance(one, Made)]
    assert shares == sorted(set(shares)) and shares[-1] == 3
    versions = office.ledger.versions([owed(office)])[owed(office).id]
    assert [v.verdict for v in versions] == [Verdict.ACCEPTED]
