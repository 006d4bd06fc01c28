"""What was sent when a session was over is kept, and goes through once its sender signs in."""

import re
from datetime import timedelta

from fastapi.testclient import TestClient

from kybaocao.adapters.mail_catcher import MailCatcher
from kybaocao.rules.cycle.standing import Verdict
from kybaocao.runtime import Office
from kybaocao.steps import access
from tests.portal.conftest import SITE, Clock, SignIn, Visit, csrf
from tests.portal.test_door import ADDRESS, link_in, report_of
from tests.steps.conftest import REGIME, workbook

AGENCY = "so-tu-phap"
WISH = {"den_ngay": "2016-09-20", "ly_do_gia_han": "Bão số 4"}
IDLE = timedelta(hours=13)


def again(browser: TestClient, said: str, catcher: MailCatcher) -> str:
    """Sign in as the page offers it; return the page to which that leads."""
    known = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]+)">', said))
    browser.post("/dang-nhap", data=known)
    return browser.post(link_in(catcher)).url.path


def send_on(browser: TestClient, path: str) -> str:
    answer = browser.post(path, data={"_csrf": csrf(browser.get(path).text)})
    assert answer.status_code == 200
    return answer.text


def test_a_typed_form_goes_through(
    opened: Office, sign_in: SignIn, clock: Clock, catcher: MailCatcher
) -> None:
    browser, report = sign_in(AGENCY), report_of(opened, AGENCY)
    form = {"_csrf": csrf(browser.get(report).text), **WISH}
    clock.now += IDLE
    over = browser.post(f"{report}/xin-gia-han", data=form)
    assert over.status_code == 401
    assert opened.ledger.decisions.wishes() == []
    path = again(browser, over.text, catcher)
    assert path.startswith("/gui-tiep/")
    send_on(browser, path)
    (wish,) = opened.ledger.decisions.wishes()
    assert wish.reason == "Bão số 4"
    assert browser.get(path).status_code == 404, "sent on once"


def test_a_file_counts_from_when_it_had_arrived(
    opened: Office, sign_in: SignIn, clock: Clock, catcher: MailCatcher
) -> None:
    browser, report = sign_in(AGENCY), report_of(opened, AGENCY)
    form = {"_csrf": csrf(browser.get(report).text)}
    clock.now += IDLE
    arrived = clock.now
    files = [("tep", ("bao-cao.xlsx", workbook(opened, AGENCY)))]
    over = browser.post(f"{report}/nop", data=form, files=files)
    clock.now += timedelta(minutes=10)
    assert "Đã chấp nhận" in send_on(browser, again(browser, over.text, catcher))
    (owed,) = opened.ledger.owed(agency=AGENCY)
    (version,) = opened.ledger.versions([owed])[owed.id]
    assert (version.verdict, version.received_at) == (Verdict.ACCEPTED, arrived)


def test_nobody_else_sends_it_on(
    opened: Office, sign_in: SignIn, clock: Clock, catcher: MailCatcher
) -> None:
    browser, report = sign_in(AGENCY), report_of(opened, AGENCY)
    form = {"_csrf": csrf(browser.get(report).text), **WISH}
    clock.now += IDLE
    path = again(browser, browser.post(f"{report}/xin-gia-han", data=form).text, catcher)
    for agency in ("so-tai-chinh", "so-noi-vu"):
        other = sign_in(agency)
        word = csrf(other.get("/bao-cao").text)
        assert other.get(path).status_code == 404
        assert other.post(path, data={"_csrf": word}).status_code == 404
    assert opened.ledger.decisions.wishes() == []


def test_of_strangers_and_of_those_who_signed_out_nothing_is_kept(
    opened: Office, sign_in: SignIn, visit: Visit
) -> None:
    browser, report = sign_in(AGENCY), report_of(opened, AGENCY)
    word = csrf(browser.get(report).text)
    cookies = dict(browser.cookies)
    browser.post("/dang-xuat", data={"_csrf": word})
    browser.cookies.update(cookies)
    for client in (visit(), browser):
        answer = client.post(f"{report}/xin-gia-han", data={"_csrf": word, **WISH})
        assert answer.status_code == 401
        assert "chưa được nhận" in answer.text
    assert not (opened.settings.data_folder / "kept").exists()


def test_what_nobody_sends_on_is_gone_after_twelve_hours_and_never_fills_the_disk(
    opened: Office, sign_in: SignIn, clock: Clock
) -> None:
    browser, report = sign_in(AGENCY), report_of(opened, AGENCY)
    form = {"_csrf": csrf(browser.get(report).text), **WISH}
    clock.now += IDLE
    for _ in range(5):
        assert browser.post(f"{report}/xin-gia-han", data=form).status_code == 401
    folder = opened.settings.data_folder / "kept"
    assert len(list(folder.iterdir())) == 6
    clock.now += timedelta(hours=12, minutes=1)
    link = access.issue_link(opened, REGIME, AGENCY, ADDRESS, "/", clock()).removeprefix(SITE)
    browser.post(link)
    assert browser.get("/gui-tiep/khong-co").status_code == 404
    assert list(folder.iterdir()) == []
