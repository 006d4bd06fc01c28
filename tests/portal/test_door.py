"""Signing in: a link that a letter carries, a button, and a session bound to one agency."""

import re
from datetime import timedelta

import pytest

from kybaocao.adapters.mail_catcher import MailCatcher
from kybaocao.runtime import Office
from kybaocao.steps import access
from kybaocao.steps.post.send import send_letters
from tests.portal.conftest import SITE, Clock, SignIn, Visit, csrf
from tests.steps.conftest import REGIME

ADDRESS = "vanthu@so-tu-phap.quang-nam.example"


def link_in(catcher: MailCatcher) -> str:
    """Return the path of the link in the last letter."""
    text = catcher.messages[-1].get_body(("plain",))
    assert text is not None
    found = re.search(rf"{SITE}(/vao/\S+)", text.get_content())
    assert found is not None, text.get_content()
    return found[1]


def ask(visit: Visit, address: str = ADDRESS) -> str:
    return visit().post("/dang-nhap", data={"address": address}).text


def test_whoever_is_not_signed_in_is_asked_to(visit: Visit) -> None:
    answer = visit().get("/bao-cao")
    assert answer.url.path == "/dang-nhap"


def test_a_link_comes_by_mail_and_a_button_signs_in(visit: Visit, catcher: MailCatcher) -> None:
    ask(visit)
    path = link_in(catcher)
    browser = visit()
    shown = browser.get(path)
    assert "Sở Tư pháp" in shown.text
    assert browser.get("/bao-cao").url.path == "/dang-nhap"
    assert browser.post(path).url.path == "/bao-cao"


def test_looking_at_a_link_uses_nothing_up(visit: Visit, catcher: MailCatcher) -> None:
    ask(visit)
    path = link_in(catcher)
    for _ in range(3):
        assert visit().get(path).status_code == 200
    assert visit().post(path).url.path == "/bao-cao"


def test_a_link_that_was_asked_for_works_once(visit: Visit, catcher: MailCatcher) -> None:
    ask(visit)
    path = link_in(catcher)
    assert visit().post(path).status_code == 200
    assert visit().post(path).status_code == 410
    assert "hết hạn" in visit().get(path).text


def test_a_link_that_was_asked_for_ends_after_half_an_hour(
    visit: Visit, catcher: MailCatcher, clock: Clock
) -> None:
    ask(visit)
    clock.now += timedelta(minutes=30)
    assert visit().post(link_in(catcher)).status_code == 410


def test_no_answer_tells_which_addresses_exist(visit: Visit, catcher: MailCatcher) -> None:
    known, unknown = ask(visit), ask(visit, "ai-do@nha.example")
    assert known.replace(ADDRESS, "X") == unknown.replace("ai-do@nha.example", "X")
    assert [m["To"] for m in catcher.messages] == [ADDRESS]


def test_an_address_is_known_whatever_its_case(visit: Visit, catcher: MailCatcher) -> None:
    ask(visit, ADDRESS.upper())
    assert [m["To"] for m in catcher.messages] == [ADDRESS]


def test_one_address_gets_five_letters_an_hour_and_hears_no_difference(
    visit: Visit, catcher: MailCatcher, clock: Clock
) -> None:
    answers = set()
    for _ in range(7):
        answers.add(ask(visit))
        clock.now += timedelta(minutes=1)
    assert len(answers) == 1
    assert len(catcher.messages) == 5


def test_one_network_address_asks_a_hundred_and_twenty_times_an_hour(visit: Visit) -> None:
    codes = [
        visit().post("/dang-nhap", data={"address": f"a{n}@b.example"}).status_code
        for n in range(121)
    ]
    assert codes == [200] * 120 + [429]


def test_the_ledger_keeps_no_secret(office: Office, visit: Visit, catcher: MailCatcher) -> None:
    ask(visit)
    path = link_in(catcher)
    browser = visit()
    browser.post(path)
    secrets = [path.rpartition("/")[2], *(c.value or "" for c in browser.cookies.jar)]
    assert all(len(secret) >= 43 for secret in secrets)
    office.ledger.database.engine.dispose()
    kept = b"".join(
        f.read_bytes() for f in office.settings.data_folder.glob("*.db*") if f.is_file()
    )
    assert ADDRESS.encode() in kept
    for secret in secrets:
        assert secret.encode() not in kept


def test_a_letter_about_a_report_leads_to_its_page(
    opened: Office, visit: Visit, catcher: MailCatcher, clock: Clock
) -> None:
    send_letters(opened, clock)
    letter = next(m for m in catcher.messages if m["To"] == ADDRESS)
    text = letter.get_body(("plain",))
    assert text is not None
    found = re.search(rf"{SITE}(/vao/\S+)", text.get_content())
    assert found is not None
    (owed,) = opened.ledger.owed(agency="so-tu-phap")
    for _ in range(2):
        answer = visit().post(found[1], follow_redirects=False)
        assert answer.headers["location"] == f"/bao-cao/{owed.id}"


def test_the_session_cookie_is_for_this_host_and_no_script(
    office: Office, clock: Clock, visit: Visit
) -> None:
    link = access.issue_link(office, REGIME, "so-tu-phap", ADDRESS, "/", clock())
    answer = visit().post(link.removeprefix(SITE), follow_redirects=False)
    cookie = answer.headers["set-cookie"]
    assert cookie.startswith("__Host-phien=")
    for word in ("HttpOnly", "Secure", "SameSite=lax", "Path=/"):
        assert word in cookie
    assert "Domain" not in cookie


def test_signing_out_ends_the_session_itself(sign_in: SignIn, visit: Visit) -> None:
    browser = sign_in("so-tu-phap")
    page = browser.get("/bao-cao")
    kept = dict(browser.cookies)
    browser.post("/dang-xuat", data={"_csrf": csrf(page.text)})
    thief = visit()
    thief.cookies.update(kept)
    assert thief.get("/bao-cao").url.path == "/dang-nhap"


def test_signing_out_needs_the_word_of_the_session(sign_in: SignIn) -> None:
    browser, other = sign_in("so-tu-phap"), sign_in("so-tai-chinh")
    for word in ("", "x", csrf(other.get("/bao-cao").text)):
        assert browser.post("/dang-xuat", data={"_csrf": word}).status_code == 403
    assert browser.get("/bao-cao").url.path == "/bao-cao"


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "https://noi-khac.example"},
        {"Origin": "null"},
    ],
)
def test_a_form_on_another_site_is_refused(visit: Visit, headers: dict[str, str]) -> None:
    answer = visit().post("/dang-nhap", data={"address": ADDRESS}, headers=headers)
    assert answer.status_code == 403


IDLE = {"so-tu-phap": timedelta(hours=12), "so-noi-vu": timedelta(hours=2)}


@pytest.mark.parametrize("agency", IDLE)
def test_a_session_ends_when_nobody_uses_it(sign_in: SignIn, clock: Clock, agency: str) -> None:
    browser = sign_in(agency)
    clock.now += IDLE[agency] - timedelta(minutes=1)
    assert browser.get("/bao-cao").url.path == "/bao-cao"
    clock.now += IDLE[agency]
    assert browser.get("/bao-cao").url.path == "/dang-nhap"


def test_a_session_ends_after_a_day_however_much_it_is_used(sign_in: SignIn, clock: Clock) -> None:
    browser = sign_in("so-tu-phap")
    for _ in range(23):
        clock.now += timedelta(hours=1)
        assert browser.get("/bao-cao").url.path == "/bao-cao"
    clock.now += timedelta(hours=1)
    assert browser.get("/bao-cao").url.path == "/dang-nhap"


def test_who_is_taken_off_the_contacts_is_out_at_once(
    office: Office, sign_in: SignIn, clock: Clock
) -> None:
    browser = sign_in("so-tu-phap")
    others = [c for c in office.config.regimes[REGIME].contacts if c.agency == "so-tu-phap"]
    left = [c for c in others if c.address != ADDRESS]
    office.ledger.replace_contacts(REGIME, left, clock(), "operator")
    assert browser.get("/bao-cao").url.path == "/dang-nhap"


# What a letter's link opens


def letter_link(office: Office, clock: Clock, agency: str, path: str, address: str = "") -> str:
    contact = next(c for c in office.ledger.contacts(REGIME) if c.agency == agency)
    address = address or contact.address
    lasts = access.LETTER_LINK_LASTS
    link = access.issue_link(office, REGIME, agency, address, path, clock(), lasts, once=False)
    return link.removeprefix(SITE)


def report_of(office: Office, agency: str) -> str:
    (owed,) = office.ledger.owed(agency=agency)
    return f"/bao-cao/{owed.id}"


def test_a_letters_link_opens_its_report_and_nothing_else(
    opened: Office, visit: Visit, clock: Clock
) -> None:
    report, browser = report_of(opened, "so-tu-phap"), visit()
    assert browser.post(letter_link(opened, clock, "so-tu-phap", report)).url.path == report
    for page in ("/bao-cao", "/", "/tong-hop"):
        answer = browser.get(page)
        assert answer.url.path == "/dang-nhap"
        assert ADDRESS in answer.text, "nobody types an address that is known"
    assert browser.get(report).url.path == report


def test_links_of_several_letters_open_each_its_report_in_one_session(
    opened: Office, visit: Visit, clock: Clock
) -> None:
    browser = visit()
    pages = ["/bao-cao/1", report_of(opened, "so-tu-phap")]
    for page in pages:
        browser.post(letter_link(opened, clock, "so-tu-phap", page))
    (session,) = [access.entered(opened, c.value or "", clock()) for c in browser.cookies.jar]
    assert session is not None
    assert session.visitor.paths == frozenset(pages)


def test_a_letters_link_shows_and_decides_nothing_for_the_secretariat(
    opened: Office, visit: Visit, clock: Clock, catcher: MailCatcher
) -> None:
    report = report_of(opened, "so-tu-phap")
    path, browser = letter_link(opened, clock, "so-noi-vu", report), visit()
    assert browser.post(path).status_code == 410
    assert browser.get(report).url.path == "/dang-nhap"
    offered = browser.get(path)
    assert "một liên kết đăng nhập mới" in offered.text
    known = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]+)">', offered.text))
    browser.post("/dang-nhap", data=known)
    assert browser.post(link_in(catcher)).url.path == report, (
        "the page of the letter is returned to"
    )


def test_who_wanted_a_page_finds_it_after_signing_in(
    opened: Office, visit: Visit, catcher: MailCatcher
) -> None:
    report, browser = report_of(opened, "so-tu-phap"), visit()
    asked = browser.get(report)
    known = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]+)">', asked.text))
    browser.post("/dang-nhap", data={**known, "address": ADDRESS})
    assert browser.post(link_in(catcher)).url.path == report


@pytest.mark.parametrize(
    "elsewhere", ["//nha.example", "https://nha.example", "/\\nha", "javascript:x"]
)
def test_nobody_is_led_elsewhere_after_signing_in(
    visit: Visit, catcher: MailCatcher, elsewhere: str
) -> None:
    browser = visit()
    browser.post("/dang-nhap", data={"address": ADDRESS, "ve": elsewhere})
    assert browser.post(link_in(catcher)).url.path == "/bao-cao"


def test_signing_out_everywhere_takes_back_sessions_and_letters_links(
    opened: Office, visit: Visit, clock: Clock, sign_in: SignIn
) -> None:
    report = report_of(opened, "so-tu-phap")
    path, other, browser = (
        letter_link(opened, clock, "so-tu-phap", report),
        visit(),
        sign_in("so-tu-phap"),
    )
    other.post(path)
    word = csrf(browser.get("/bao-cao").text)
    browser.post("/dang-xuat/moi-noi", data={"_csrf": word})
    assert other.get(report).url.path == "/dang-nhap"
    assert visit().post(path).status_code == 410


def test_a_form_that_is_open_goes_through_after_the_same_person_signs_in_again(
    opened: Office, clock: Clock, sign_in: SignIn
) -> None:
    browser, report = sign_in("so-tu-phap"), report_of(opened, "so-tu-phap")
    form = {
        "_csrf": csrf(browser.get(report).text),
        "den_ngay": "2016-09-20",
        "ly_do_gia_han": "Bão",
    }
    for path in (
        letter_link(opened, clock, "so-tu-phap", report),
        access.issue_link(opened, REGIME, "so-tu-phap", ADDRESS, "/", clock()).removeprefix(SITE),
    ):
        assert browser.post(path).status_code == 200
        assert browser.post(f"{report}/xin-gia-han", data=form).status_code == 200
    assert len(opened.ledger.decisions.wishes()) == 1
