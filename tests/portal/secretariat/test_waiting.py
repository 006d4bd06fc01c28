"""The queue: a file that no rule could place is placed, kept, asked about or rejected."""

import pytest
from fastapi.testclient import TestClient

from kybaocao.adapters.ledger import Submission
from kybaocao.adapters.mail_catcher import MailCatcher
from kybaocao.rules.cycle.standing import Verdict
from kybaocao.runtime import Office
from kybaocao.steps.intake.case import Incoming
from kybaocao.steps.intake.receive import receive
from kybaocao.steps.post.send import send_letters
from tests.portal.conftest import Clock, SignIn, csrf
from tests.steps.conftest import QUARTERLY, REGIME, workbook
from tests.steps.decide.test_triage import anonymous

TERM, AGENCY = f"{QUARTERLY}/2016-Q3", "so-tu-phap"
PDF = b"%PDF-1.7 ..."


@pytest.fixture
def secretary(sign_in: SignIn) -> TestClient:
    return sign_in("so-noi-vu")


def came(office: Office, clock: Clock, data: bytes, name: str = "bc.xlsx") -> Submission:
    return receive(office, Incoming(data, name, "folder", clock()), clock()).submission


def decide(browser: TestClient, number: int, act: str, **typed: str) -> str:
    word = csrf(browser.get("/cho-xu-ly").text)
    return browser.post(f"/cho-xu-ly/{number}/{act}", data={"_csrf": word, **typed}).text


def test_an_empty_queue_says_so(secretary: TestClient) -> None:
    assert "Không có việc gì đang chờ" in secretary.get("/cho-xu-ly").text


def test_a_file_shows_with_its_reason_and_can_be_looked_at(
    opened: Office, clock: Clock, secretary: TestClient
) -> None:
    waits = came(opened, clock, PDF, "=cmd|'/c calc'!A1.pdf")
    page = secretary.get("/cho-xu-ly").text
    assert f"Tệp số {waits.id}" in page
    answer = secretary.get(f"/cho-xu-ly/{waits.id}/tep")
    assert answer.content == PDF
    assert answer.headers["content-disposition"].startswith("attachment;")
    assert answer.headers["content-security-policy"] == "sandbox"


def test_a_file_is_placed_and_judged(opened: Office, clock: Clock, secretary: TestClient) -> None:
    waits = came(opened, clock, anonymous(workbook(opened, AGENCY)))
    assert waits.verdict is Verdict.UNREADABLE
    page = decide(secretary, waits.id, "giao", term=TERM, agency=AGENCY, reason="Đã hỏi")
    assert "Đã giao tệp" in page
    (owed,) = opened.ledger.owed(agency=AGENCY)
    (version,) = opened.ledger.versions([owed])[owed.id]
    assert version.verdict is Verdict.ACCEPTED
    (ruling,) = opened.ledger.rulings.rulings(submission_id=waits.id)
    assert (ruling.actor, ruling.reason) == ("vanthu@so-noi-vu.quang-nam.example", "Đã hỏi")


def test_a_paper_is_kept_beside_a_report(
    opened: Office, clock: Clock, secretary: TestClient
) -> None:
    waits = came(opened, clock, PDF, "bao-cao-da-ky.pdf")
    page = decide(secretary, waits.id, "kem", term=TERM, agency=AGENCY, kind="signed")
    assert "tài liệu kèm theo" in page
    (document,) = opened.ledger.rulings.documents()
    assert document.file_name == "bao-cao-da-ky.pdf"
    assert opened.ledger.unknown() == []


def test_an_agency_is_asked_by_letter_and_the_file_goes_on_waiting(
    opened: Office, clock: Clock, secretary: TestClient, catcher: MailCatcher
) -> None:
    waits = came(opened, clock, PDF)
    send_letters(opened, clock)
    page = decide(secretary, waits.id, "hoi", agency=AGENCY, reason="Tệp này của ai?")
    assert "Tệp này của ai?" in page
    send_letters(opened, clock)
    assert catcher.messages[-1]["To"] == "vanthu@so-tu-phap.quang-nam.example"


def test_a_file_is_rejected_with_a_reason(
    opened: Office, clock: Clock, secretary: TestClient
) -> None:
    waits = came(opened, clock, PDF)
    assert "lý do" in decide(secretary, waits.id, "loai", reason=" ").lower()
    assert [s.id for s in opened.ledger.unknown()] == [waits.id]
    assert "Đã loại tệp" in decide(secretary, waits.id, "loai", reason="Thư rác")
    assert opened.ledger.unknown() == []


@pytest.mark.parametrize(
    ("act", "typed"),
    [
        ("giao", {"term": "khong-co/2016-Q3", "agency": AGENCY}),
        ("giao", {"term": TERM, "agency": "so-noi-vu"}),
        ("giao", {"term": "", "agency": ""}),
        ("giao", {"term": TERM, "agency": AGENCY}),
        ("kem", {"term": TERM, "agency": "x", "kind": "signed"}),
        ("kem", {"term": TERM, "agency": AGENCY, "kind": "x"}),
        ("hoi", {"agency": "x", "reason": "?"}),
        ("hoi", {"agency": AGENCY, "reason": ""}),
    ],
)
def test_what_does_not_fit_is_said_in_vietnamese_and_changes_nothing(
    opened: Office, clock: Clock, secretary: TestClient, act: str, typed: dict[str, str]
) -> None:
    waits = came(opened, clock, PDF)
    page = decide(secretary, waits.id, act, **typed)
    assert "Chưa thực hiện" in page
    assert "Error" not in page
    assert [s.id for s in opened.ledger.unknown()] == [waits.id]


def test_what_was_settled_cannot_be_settled_again(
    opened: Office, clock: Clock, secretary: TestClient
) -> None:
    waits = came(opened, clock, PDF)
    came(opened, clock, b"%PDF-1.4 ...")
    decide(secretary, waits.id, "loai", reason="Thư rác")
    page = decide(secretary, waits.id, "kem", term=TERM, agency=AGENCY, kind="signed")
    assert "Chưa thực hiện" in page
    assert secretary.get(f"/cho-xu-ly/{waits.id}/tep").status_code == 404


def test_only_the_secretariat_decides(opened: Office, clock: Clock, sign_in: SignIn) -> None:
    waits = came(opened, clock, PDF)
    leader = sign_in("so-noi-vu", "lanhdao@so-noi-vu.quang-nam.example")
    agency = sign_in(AGENCY)
    assert leader.get("/cho-xu-ly").status_code == 200
    assert agency.get("/cho-xu-ly").status_code == 404
    assert agency.get(f"/cho-xu-ly/{waits.id}/tep").status_code == 404
    for browser, page in ((leader, "/cho-xu-ly"), (agency, "/bao-cao")):
        word = csrf(browser.get(page).text)
        for act in ("giao", "kem", "hoi", "loai"):
            form = {"_csrf": word, "term": TERM, "agency": AGENCY, "reason": "x", "kind": "signed"}
            assert browser.post(f"/cho-xu-ly/{waits.id}/{act}", data=form).status_code == 404
    assert [s.id for s in opened.ledger.unknown()] == [waits.id]
    assert REGIME in opened.active
