"""The page of letters: let go, seen before they leave, and sent again."""

import pytest

from kybaocao.adapters.mail_catcher import MailCatcher
from kybaocao.runtime import Office
from kybaocao.settings import GivenSettings
from kybaocao.steps.post.send import send_letters
from tests.portal.conftest import Clock, SignIn, csrf
from tests.steps.conftest import REGIME

SECRETARIAT = "so-noi-vu"


def test_a_letter_given_up_is_sent_again_from_the_page(
    opened: Office, catcher: MailCatcher, clock: Clock, sign_in: SignIn
) -> None:
    with opened.ledger.database.writing() as connection:
        connection.exec_driver_sql(
            "UPDATE letters SET status = 'failed', cause = 'address', error = '550 no' WHERE id < 3"
        )
    browser = sign_in(SECRETARIAT)
    page = browser.get("/thu").text
    assert "Không có địa chỉ nhận, hoặc địa chỉ không nhận thư: 2 thư" in page
    form = {"_csrf": csrf(page), "thu": "1"}
    assert "Đã đưa thư vào lượt gửi tới" in browser.post("/thu/gui-lai", data=form).text
    all_of = {"_csrf": csrf(page), "nguyen-nhan": "address"}
    assert browser.post("/thu/gui-lai", data=all_of).status_code == 200
    send_letters(opened, clock)
    assert len(catcher.letters) == len(opened.ledger.post.letters())
    again = browser.post("/thu/gui-lai", data=form)
    assert again.status_code == 409
    assert "Không gửi lại được" in again.text


def test_what_waits_is_seen_as_its_reader_will_see_it(opened: Office, sign_in: SignIn) -> None:
    browser = sign_in(SECRETARIAT)
    assert "/thu/mau/opening" in browser.get("/thu").text
    shown = browser.get("/thu/mau/opening")
    assert "Báo cáo cải cách hành chính quý" in shown.text
    assert "sandbox" in shown.headers["content-security-policy"]
    assert browser.get("/thu/mau/digest").status_code == 404


def test_an_agency_has_no_page_of_letters(opened: Office, sign_in: SignIn) -> None:
    assert sign_in("so-tu-phap").get("/thu").status_code in (303, 404)


class TestLive:
    """An office at work, where nobody has said go."""

    @pytest.fixture
    def settings(self, settings: GivenSettings) -> GivenSettings:
        return settings.model_copy(update={"rehearsal": False})

    def test_the_secretariat_lets_letters_go(self, opened: Office, sign_in: SignIn) -> None:
        browser = sign_in(SECRETARIAT)
        assert "chưa được phép gửi đi" in browser.get("/tong-hop").text
        page = browser.get("/thu").text
        assert "Đã xem, cho gửi thư" in page
        answer = browser.post("/thu/cho-gui", data={"_csrf": csrf(page)}).text
        assert "Đã cho gửi thư" in answer
        assert "Đã xem, cho gửi thư" not in answer
        (event,) = opened.ledger.events(act="go", subject=REGIME)
        assert event.actor == "vanthu@so-noi-vu.quang-nam.example"
