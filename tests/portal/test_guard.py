"""What holds for every request: the size of its body, where it comes from, its answer's headers."""

import asyncio
import errno
import re
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta

import pytest
from fastapi.testclient import TestClient
from starlette.types import Message

from kybaocao.adapters import archive
from kybaocao.adapters.ledger.access import Access
from kybaocao.portal.app import portal
from kybaocao.portal.guard import WITHOUT_FILES
from kybaocao.runtime import Office
from kybaocao.steps import access
from tests.portal.conftest import SITE, Clock, SignIn, Visit, csrf
from tests.portal.test_reach import ROUTES
from tests.portal.test_sending import OWN, OWN_ADDRESS, PDF, act, report_of, send, versions
from tests.steps.conftest import REGIME, workbook

MIB = 1024 * 1024
CHUNK = bytes(64 * 1024)
AT_THE_DOOR = ("/dang-nhap", "/vao/{secret}")


def poured(browser: TestClient, path: str, first: bytes, kind: str) -> tuple[int, int]:
    """Pour a body that never ends and names no length; return the answer's code and bytes taken."""
    taken = 0
    said: list[Message] = []

    async def receive() -> Message:
        nonlocal taken
        chunk = CHUNK if taken else first
        taken += len(chunk)
        assert taken < 200 * MIB, "nobody stops it"
        return {"type": "http.request", "body": chunk, "more_body": True}

    async def answered(message: Message) -> None:
        said.append(message)

    cookies = "; ".join(f"{c.name}={c.value}" for c in browser.cookies.jar)
    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": "POST",
        "scheme": "https",
        "path": path,
        "raw_path": path.encode(),
        "query_string": b"",
        "headers": [
            (b"host", SITE.removeprefix("https://").encode()),
            (b"content-type", kind.encode()),
            (b"cookie", cookies.encode()),
            (b"transfer-encoding", b"chunked"),
        ],
        "client": ("192.0.2.1", 1),
        "server": ("127.0.0.1", 443),
        "root_path": "",
    }
    asyncio.run(browser.app(scope, receive, answered))  # type: ignore[arg-type]
    return said[0]["status"], taken


def test_a_body_without_a_length_is_stopped_while_it_streams(
    opened: Office, sign_in: SignIn
) -> None:
    browser, report = sign_in(OWN), report_of(opened)
    word = csrf(browser.get(f"/bao-cao/{report}").text)
    first = (
        f'--x\r\nContent-Disposition: form-data; name="_csrf"\r\n\r\n{word}\r\n'
        '--x\r\nContent-Disposition: form-data; name="tep"; filename="a.xlsx"\r\n\r\n'
    ).encode()
    kind = "multipart/form-data; boundary=x"
    before = {p for p in opened.settings.data_folder.rglob("*") if p.is_file()}
    code, taken = poured(browser, f"/bao-cao/{report}/nop", first, kind)
    assert code == 413
    assert taken <= (opened.settings.largest_file_mib + 1) * MIB + len(CHUNK)
    assert versions(opened, report) == []
    assert opened.ledger.unknown() == []
    assert {p for p in opened.settings.data_folder.rglob("*") if p.is_file()} == before


@pytest.mark.parametrize(
    ("kind", "first"),
    [
        ("application/x-www-form-urlencoded", b"address=a"),
        ("multipart/form-data; boundary=x", b'--x\r\nContent-Disposition: form-data; name="f"; '),
        (
            "multipart/form-data; boundary=x",
            b'--x\r\nContent-Disposition: form-data; name="f"; filename="f"\r\n\r\n',
        ),
    ],
    ids=["field", "header", "file"],
)
def test_who_is_not_signed_in_may_say_little(visit: Visit, kind: str, first: bytes) -> None:
    code, taken = poured(visit(), "/dang-nhap", first, kind)
    assert code in (400, 413)
    assert taken <= WITHOUT_FILES + len(CHUNK)


def test_who_is_not_signed_in_sends_no_file_at_all(opened: Office, visit: Visit) -> None:
    path = f"/bao-cao/{report_of(opened)}/nop"
    code, taken = poured(visit(), path, b"--x\r\n", "multipart/form-data; boundary=x")
    assert (code, taken) == (401, 0)


def test_a_form_without_files_is_small(opened: Office, sign_in: SignIn) -> None:
    kind = "application/x-www-form-urlencoded"
    code, taken = poured(sign_in(OWN), f"/bao-cao/{report_of(opened)}/nop", b"a=", kind)
    assert code in (400, 413)
    assert taken <= WITHOUT_FILES + len(CHUNK)


def test_a_full_disk_is_told_and_the_same_file_is_taken_afterwards(
    opened: Office, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser, report, data = sign_in(OWN), report_of(opened), workbook(opened, OWN)

    def full(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(archive, "write_through", full)
        for given in (data, PDF):
            page = send(browser, report, ("a.xlsx", given))
            assert page.status_code == 507
            assert "kho lưu trữ không ghi được" in page.text
    assert versions(opened, report) == []
    assert opened.ledger.unknown() == []
    assert opened.ledger.rulings.documents() == []
    assert opened.ledger.post.letters(kind="receipt") == []
    assert "Đã chấp nhận" in send(browser, report, ("a.xlsx", data)).text


def test_what_nobody_foresaw_is_answered_with_the_same_headers_and_no_detail(
    office: Office, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise ValueError("chi tiết bên trong")

    browser = TestClient(portal(office, clock), base_url=SITE, raise_server_exceptions=False)
    usual = browser.get("/vao/x")
    monkeypatch.setattr(Access, "link", broken)
    answer = browser.get("/vao/x")
    assert answer.status_code == 500
    assert "chi tiết" not in answer.text
    for name in ("content-security-policy", "x-frame-options", "cache-control", "referrer-policy"):
        assert answer.headers[name] == usual.headers[name]


@pytest.mark.parametrize(
    ("headers", "code"),
    [
        ({"Origin": "http://["}, 403),
        ({"Referer": "https://noi-khac.example/trang"}, 403),
        ({"Referer": f"https://noi-khac.example/{SITE}"}, 403),
        ({"Origin": SITE}, 410),
        ({"Referer": f"{SITE}/vao/x"}, 410),
        ({}, 410),
    ],
)
def test_a_form_says_where_it_comes_from(visit: Visit, headers: dict[str, str], code: int) -> None:
    assert visit().post("/vao/x", headers=headers).status_code == code


@pytest.mark.parametrize("charset", ["unicode_escape", '"raw_unicode_escape"', "undefined"])
def test_a_form_in_another_encoding_is_not_read(visit: Visit, charset: str) -> None:
    part = b'--x\r\nContent-Disposition: form-data; name="address"\r\n\r\n'
    answer = visit().post(
        "/dang-nhap",
        content=part + b"\\ud800\r\n--x--\r\n",
        headers={"Content-Type": f"multipart/form-data; boundary=x; charset={charset}"},
    )
    assert answer.status_code == 400


def test_of_clicks_at_once_one_uses_the_link(office: Office, clock: Clock, visit: Visit) -> None:
    link = access.issue_link(office, REGIME, OWN, OWN_ADDRESS, "/", clock()).removeprefix(SITE)
    browsers = [visit() for _ in range(8)]
    with ThreadPoolExecutor(8) as threads:
        answers = threads.map(lambda b: b.post(link, follow_redirects=False).status_code, browsers)
        codes = sorted(answers)
    assert codes == [303] + [410] * 7
    assert len(office.ledger.events(act="sign-in")) == 1


def test_signing_in_anew_ends_the_session_before(
    office: Office, clock: Clock, sign_in: SignIn, visit: Visit
) -> None:
    browser, thief = sign_in(OWN), visit()
    thief.cookies.update(dict(browser.cookies))
    assert thief.get("/bao-cao").url.path == "/bao-cao"
    clock.now += timedelta(minutes=1)
    link = access.issue_link(office, REGIME, OWN, OWN_ADDRESS, "/", clock())
    assert browser.post(link.removeprefix(SITE)).url.path == "/bao-cao"
    assert thief.get("/bao-cao").url.path == "/dang-nhap"


def test_a_mistyped_year_is_refused_before_any_deadline_meets_it(
    opened: Office, sign_in: SignIn
) -> None:
    browser, report = sign_in("so-noi-vu"), report_of(opened)
    word = csrf(browser.get(f"/bao-cao/{report}").text)
    for year in ("9999", "2106"):
        answer = browser.post(
            f"/bao-cao/{report}/quyet-dinh/gia-han",
            data={"_csrf": word, "den_ngay": f"{year}-12-31", "ly_do": "Bão"},
        )
        assert answer.status_code == 422
        assert "quá xa" in answer.text
    assert opened.ledger.decisions.waivers() == []
    assert browser.get("/tong-hop").status_code == 200


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31"])
def test_the_calendars_ends_are_no_days_of_the_log(
    opened: Office, sign_in: SignIn, day: str
) -> None:
    assert sign_in("so-noi-vu").get(f"/nhat-ky?ngay={day}").status_code == 422


def test_every_form_needs_the_word_of_its_session(opened: Office, sign_in: SignIn) -> None:
    """135 forged posts at least: without the word, with a wrong one, or from another site."""
    others = csrf(sign_in(OWN).get("/bao-cao").text)
    browser = sign_in("so-noi-vu")
    word, before = csrf(browser.get("/bao-cao").text), opened.ledger.events()
    forms = [r for r in ROUTES if "POST" in (r.methods or ()) and r.path not in AT_THE_DOOR]
    words = ({}, {"_csrf": ""}, {"_csrf": "0" * 64}, {"_csrf": others})
    sites = ({"Origin": "https://o.example"}, {"Origin": "null"}, {"Sec-Fetch-Site": "cross-site"})
    forged = [(data, {}) for data in words] + [({"_csrf": word}, site) for site in sites]
    assert len(forms) * len(forged) >= 135
    for route in forms:
        path = re.sub(r"\{\w+\}", "1", route.path)
        for data, headers in forged:
            assert browser.post(path, data=data, headers=headers).status_code == 403, path
    assert opened.ledger.events() == before


def test_two_who_answer_a_wish_at_once_are_not_both_told_that_they_did(
    opened: Office, sign_in: SignIn
) -> None:
    report, day = report_of(opened), date(2016, 9, 20)
    asked = act(sign_in(OWN), report, "xin-gia-han", den_ngay=f"{day}", ly_do_gia_han="Bão")
    assert asked.status_code == 200
    (wish,) = opened.ledger.decisions.wishes()
    browsers = [sign_in("so-noi-vu") for _ in range(4)]
    words = [csrf(browser.get(f"/bao-cao/{report}").text) for browser in browsers]

    def declined(n: int) -> int:
        form = {"_csrf": words[n], "xin": str(wish.id), "ly_do": f"Lý do {n}"}
        path = f"/bao-cao/{report}/quyet-dinh/tu-choi"
        return browsers[n].post(path, data=form, follow_redirects=False).status_code

    with ThreadPoolExecutor(4) as threads:
        codes = sorted(threads.map(declined, range(4)))
    assert codes == [303, 422, 422, 422]
    assert len(opened.ledger.post.letters(kind="declined")) == 1


def test_head_says_what_get_says_without_the_content(
    opened: Office, sign_in: SignIn, clock: Clock
) -> None:
    """RFC 9110, 9.3.2; and whoever only looks uses nothing up."""
    browser = sign_in("so-noi-vu")
    link = access.issue_link(opened, REGIME, OWN, OWN_ADDRESS, "/", clock())
    known = {"report_id": report_of(opened), "duty": "bao-cao-quy", "period": "2016-Q3"}
    pages = [r.path for r in ROUTES if "GET" in (r.methods or ())]
    paths = [re.sub(r"\{(\w+)\}", lambda p: str(known.get(p[1], 1)), page) for page in pages]
    for path in (*paths, link.removeprefix(SITE), "/tinh/portal.css", "/khong-co"):
        got = browser.get(path, follow_redirects=False)
        head = browser.head(path, follow_redirects=False)
        assert (head.status_code, head.content) == (got.status_code, b""), path
        assert dict(head.headers) == dict(got.headers), path
    assert opened.ledger.access.link(link.rpartition("/")[2], clock()) is not None
