"""A report asked for out of turn: recorded, opened at once, and told by letter."""

import pytest
from fastapi.testclient import TestClient

from kybaocao.runtime import Office
from tests.portal.conftest import SignIn, csrf
from tests.steps.conftest import REGIME
from tests.steps.decide.test_decide import home

__all__ = ["home"]

FILLED = {
    "duty": "dot-xuat",
    "title": "Số liệu một cửa phục vụ giao ban",
    "form": "",
    "first": "2016-01-01",
    "last": "2016-08-31",
    "last_day": "2016-09-09",
    "reason": "Công văn giao ban",
    "granted_by": "Giám đốc Sở Nội vụ",
}


@pytest.fixture
def secretary(sign_in: SignIn) -> TestClient:
    return sign_in("so-noi-vu")


def ask(browser: TestClient, **changes: str | list[str]) -> str:
    word = csrf(browser.get("/yeu-cau").text)
    return browser.post("/yeu-cau", data={"_csrf": word, **FILLED, **changes}).text


def test_everyone_who_owes_the_duty_is_asked_and_told(
    office: Office, secretary: TestClient
) -> None:
    page = ask(secretary)
    assert "Đã gửi yêu cầu" in page
    assert "Số liệu một cửa phục vụ giao ban" in page
    assert "0/3" in page
    owed = office.ledger.owed(duty="dot-xuat")
    assert [o.agency for o in owed] == ["so-tu-phap", "so-tai-chinh", "ubnd-tam-ky"]
    letters = office.ledger.post.letters(duty="dot-xuat", kind="opening")
    assert len(letters) == 3
    (request,) = office.ledger.decisions.requests(regime=REGIME)
    assert request.actor == "vanthu@so-noi-vu.quang-nam.example"


def test_chosen_agencies_alone_are_asked(office: Office, secretary: TestClient) -> None:
    ask(secretary, agency=["so-tai-chinh"])
    assert [o.agency for o in office.ledger.owed(duty="dot-xuat")] == ["so-tai-chinh"]


def test_the_same_request_again_is_the_same(office: Office, secretary: TestClient) -> None:
    ask(secretary)
    ask(secretary)
    assert len(office.ledger.decisions.requests(regime=REGIME)) == 1


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"duty": "bao-cao-quy"}, "Chọn loại báo cáo"),
        ({"title": " "}, "Ghi nội dung yêu cầu"),
        ({"reason": ""}, "Ghi nội dung yêu cầu"),
        ({"form": "khong-co"}, "Chọn một biểu mẫu"),
        ({"last_day": ""}, "đủ ba ngày"),
        ({"last_day": "09/31/2016"}, "đủ ba ngày"),
        ({"last_day": "2016-09-01"}, "01/09/2016 đã qua"),
        ({"last": "2016-09-30"}, "không sau hạn nộp"),
        ({"last_day": "9999-12-31"}, "quá xa"),
        ({"first": "2016-09-02"}, "không sau ngày cuối"),
        ({"agency": ["khong-co"]}, "Không có đơn vị"),
    ],
)
def test_what_does_not_fit_is_said_and_what_was_typed_is_kept(
    office: Office, secretary: TestClient, changes: dict[str, str | list[str]], said: str
) -> None:
    page = ask(secretary, **changes)
    assert "Chưa gửi yêu cầu" in page
    assert said in page
    assert FILLED["granted_by"] in page
    assert office.ledger.decisions.requests(regime=REGIME) == []


def test_a_day_may_be_typed_as_people_write_it(office: Office, secretary: TestClient) -> None:
    ask(secretary, last_day="09/09/2016")
    (request,) = office.ledger.decisions.requests(regime=REGIME)
    assert request.last_day.isoformat() == "2016-09-09"


def test_only_the_secretariat_asks_and_a_leader_reads_what_was_asked(sign_in: SignIn) -> None:
    assert sign_in("so-tu-phap").get("/yeu-cau").status_code == 404
    leader = sign_in("so-noi-vu", "lanhdao@so-noi-vu.quang-nam.example")
    page = leader.get("/yeu-cau")
    assert page.status_code == 200
    assert 'action="/yeu-cau"' not in page.text
    assert leader.post("/yeu-cau", data={"_csrf": csrf(page.text)}).status_code == 404
