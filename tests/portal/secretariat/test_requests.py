"""A report asked for out of turn: recorded, opened at once, and told by letter."""

import html
import io
import re

import pytest
from fastapi.testclient import TestClient
from httpx import Response
from openpyxl import load_workbook

from kybaocao.runtime import Office
from kybaocao.steps.standings import standings
from tests.portal.conftest import TODAY, SignIn, csrf
from tests.steps.conftest import REGIME
from tests.steps.decide.test_decide import home

__all__ = ["home"]

FILLED: dict[str, str | list[str]] = {
    "duty": "dot-xuat",
    "title": "Số liệu một cửa phục vụ giao ban",
    "form": "",
    "first": "2016-01-01",
    "last": "2016-08-31",
    "last_day": "2016-09-09",
    "reason": "Công văn giao ban",
    "granted_by": "Giám đốc Sở Nội vụ",
    "level": ["so", "huyen"],
    "agency": [],
}


@pytest.fixture
def secretary(sign_in: SignIn) -> TestClient:
    return sign_in("so-noi-vu")


Typed = str | list[str]


def post(browser: TestClient, path: str = "", **changes: Typed) -> Response:
    word = csrf(browser.get("/yeu-cau").text)
    return browser.post(f"/yeu-cau{path}", data={"_csrf": word, **FILLED, **changes})


def ask(browser: TestClient, **changes: Typed) -> str:
    """Type a request, look at it, and send what the page that shows it holds."""
    page = post(browser, **changes).text
    if "Chưa thực hiện" in page:
        return page
    form = page.split('action="/yeu-cau/gui"')[1].split("</form>")[0]
    hidden = re.findall(r'name="([^"]+)" value="([^"]*)"', form)
    return browser.post("/yeu-cau/gui", data={n: html.unescape(v) for n, v in hidden}).text


def test_everyone_of_the_chosen_levels_is_asked_and_told(
    office: Office, secretary: TestClient
) -> None:
    page = ask(secretary)
    assert "Đã gửi yêu cầu" in page
    assert "Số liệu một cửa phục vụ giao ban" in page
    assert "0/4" in page
    owed = office.ledger.owed(duty="dot-xuat")
    assert {o.agency for o in owed} == {"so-noi-vu", "so-tu-phap", "so-tai-chinh", "ubnd-tam-ky"}
    letters = office.ledger.post.letters(duty="dot-xuat", kind="opening")
    assert {letter.agency for letter in letters} == {o.agency for o in owed}
    (request,) = office.ledger.decisions.requests(regime=REGIME)
    assert request.actor == "vanthu@so-noi-vu.quang-nam.example"


def test_chosen_agencies_alone_are_asked(office: Office, secretary: TestClient) -> None:
    ask(secretary, level=[], agency=["so-tai-chinh"])
    assert [o.agency for o in office.ledger.owed(duty="dot-xuat")] == ["so-tai-chinh"]


def test_a_page_says_to_whom_it_goes_before_anything_is_sent(
    office: Office, secretary: TestClient
) -> None:
    office.ledger.replace_contacts(REGIME, [], TODAY, "operator", ["so-tai-chinh"])
    page = post(secretary, level=[], agency=["so-tu-phap", "so-tai-chinh"]).text
    assert "Gửi yêu cầu đến 2 đơn vị" in page
    assert "vanthu@so-tu-phap.quang-nam.example" in page
    assert "1 đơn vị chưa có địa chỉ nhận thư" in page
    assert office.ledger.decisions.requests(regime=REGIME) == []
    assert office.ledger.post.letters() == []


def test_the_form_is_looked_at_before_it_goes(office: Office, secretary: TestClient) -> None:
    answer = post(secretary, "/bieu-mau")
    book = load_workbook(io.BytesIO(answer.content))
    assert "1. Hồ sơ" in book.sheetnames
    said = [str(cell.value) for row in book["1. Hồ sơ"].iter_rows(max_row=5) for cell in row]
    assert any("giao ban" in words.casefold() for words in said)
    assert office.ledger.decisions.requests(regime=REGIME) == []


def test_what_was_looked_at_is_mended_with_everything_kept(secretary: TestClient) -> None:
    page = post(secretary, again="1", level=["so"], agency=["ubnd-tam-ky"]).text
    assert FILLED["title"] in page
    for code in ("so-tu-phap", "ubnd-tam-ky"):
        assert f'value="{code}" checked' in page


def test_a_request_is_taken_back_and_those_who_were_asked_owe_nothing(
    office: Office, secretary: TestClient
) -> None:
    ask(secretary)
    (request,) = office.ledger.decisions.requests(regime=REGIME)
    path = f"/dot-xuat/{request.period.id}/thu-hoi"
    assert "Đã thu hồi yêu cầu" in post(secretary, path, reason="Đã có số liệu").text
    found = standings(office, TODAY, regime=REGIME, duty="dot-xuat")
    assert {one.standing.state.value for one in found} == {"waived"}
    assert 'action="/yeu-cau/dot-xuat' not in secretary.get("/yeu-cau").text
    assert post(secretary, "/dot-xuat/2016-R9/thu-hoi").status_code == 422
    assert post(secretary, "/dot-xuat/x/thu-hoi").status_code == 404


def test_only_forms_of_this_regime_are_offered(office: Office, secretary: TestClient) -> None:
    page = secretary.get("/yeu-cau").text
    offered = re.findall(r'<option value="([^"]*)"', page.split('name="form"')[1])
    assert set(offered) == {"", *(duty.form for duty in office.regime(REGIME).duties)}


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
        ({"level": [], "agency": ["khong-co"]}, "Không có đơn vị"),
        ({"level": []}, "Chưa chọn đơn vị nào"),
        ({"form": "of-another-regime"}, "Chọn một biểu mẫu"),
    ],
)
def test_what_does_not_fit_is_said_and_what_was_typed_is_kept(
    office: Office, secretary: TestClient, changes: dict[str, Typed], said: str
) -> None:
    page = ask(secretary, **changes)
    assert "Chưa thực hiện" in page
    assert said in page
    assert "Giám đốc Sở Nội vụ" in page
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
