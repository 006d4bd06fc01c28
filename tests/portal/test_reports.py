"""An agency's reports and each report's page: what is due and was sent, and who may look."""

import hashlib
import io
import re
from collections.abc import Callable
from datetime import date, datetime

import pytest
from openpyxl import load_workbook

from kybaocao.demo.officer import forgotten, wrong_sum
from kybaocao.rules.calendar.period import Period
from kybaocao.rules.regime.contact import Contact, Role
from kybaocao.rules.regime.ruling import Paper
from kybaocao.runtime import Office
from kybaocao.steps.cycle.cycle import advance
from kybaocao.steps.decide import grants
from kybaocao.steps.decide.grants import Word
from kybaocao.steps.decide.triage import give_back
from kybaocao.steps.intake.case import Incoming
from kybaocao.steps.intake.papers import attach
from kybaocao.steps.intake.receive import Receipt, receive
from kybaocao.steps.post.send import send_letters
from tests.portal.conftest import TODAY, Clock, SignIn, Visit
from tests.steps.conftest import FORWARDED, QUARTERLY, REGIME, Spoil, at, workbook

OFFICER = "vanthu@so-tu-phap.quang-nam.example"
LEADER = "lanhdao@so-noi-vu.quang-nam.example"
DECEMBER = at("2016-12-20", "09:00")


def words(page: str) -> str:
    """Return a page's text on one line, without its tags."""
    return " ".join(re.sub(r"<[^>]+>", " ", page).split())


def obligation(office: Office, agency: str = "so-tu-phap", duty: str = QUARTERLY) -> int:
    (owed,) = office.ledger.owed(agency=agency, duty=duty)
    return owed.id


@pytest.fixture
def send(opened: Office, clock: Clock) -> Callable[..., Receipt]:
    """Take in an agency's workbook, as the portal does."""

    def sent(
        agency: str = "so-tu-phap",
        spoil: Spoil | None = None,
        name: str = "bao cao.xlsx",
        reason: str = "",
        is_saved_anew: bool = False,
        **of: str,
    ) -> Receipt:
        data = workbook(opened, agency, spoil=spoil, **of)
        data = saved_anew(data) if is_saved_anew else data
        return receive(
            opened,
            Incoming(data, name, "portal", clock(), reason, sender=agency, actor=OFFICER),
            clock(),
        )

    return sent


Send = Callable[..., Receipt]


def routes(office: Office, send: Send) -> list[str]:
    """Return every address about one agency's report that leads to something."""
    returned = send(spoil=wrong_sum).submission.id
    accepted = send().submission.id
    (owed,) = office.ledger.owed(agency="so-tu-phap", duty=QUARTERLY)
    attach(office, b"%PDF-1.7", "bao cao ky.pdf", owed, Paper.SIGNED, TODAY, actor=OFFICER)
    (document,) = office.ledger.rulings.documents(obligation_id=owed.id)
    return [
        f"/bao-cao/{owed.id}",
        f"/bao-cao/{owed.id}/bieu-mau",
        f"/ban-nop/{returned}/tep",
        f"/ban-nop/{returned}/danh-dau",
        f"/ban-nop/{accepted}/tep",
        f"/ban-nop/{accepted}/bien-nhan",
        f"/tai-lieu/{document.id}",
    ]


def saved_anew(data: bytes) -> bytes:
    """Return a workbook saved anew by another program: the same cells in other bytes."""
    book = load_workbook(io.BytesIO(data))
    book.properties.title = "lần sau"
    saved = io.BytesIO()
    book.save(saved)
    return saved.getvalue()


# The list


def test_what_is_due_stands_first_with_its_day_its_clause_and_what_was_assumed(
    opened: Office, sign_in: SignIn
) -> None:
    page = sign_in("so-tu-phap").get("/bao-cao")
    said = words(page.text)
    assert "Báo cáo cải cách hành chính quý III năm 2016" in said
    assert "hết thứ Tư, ngày 14/9/2016 (còn 7 ngày làm việc)" in said
    assert "Quyết định số 1908/QĐ-UBND ngày 02/6/2016" in said
    assert "Điều 1, V.1.d: “trước ngày 15 của tháng cuối quý”" in said
    assert "Thời điểm cuối cùng là 24 giờ ngày 14." in said
    assert "Chưa gửi bản nào." in said
    assert 'class="state waiting"' in page.text


def test_each_day_says_how_much_time_is_left(opened: Office, sign_in: SignIn, clock: Clock) -> None:
    for day, told in (
        ("2016-09-14", "hạn cuối là hôm nay"),
        ("2016-09-15", "quá hạn 1 ngày làm việc"),
        ("2016-09-20", "quá hạn 4 ngày làm việc"),
    ):
        clock.now = at(day, "09:00")
        assert told in words(sign_in("so-tu-phap").get("/bao-cao").text)


def test_a_settled_report_says_what_was_sent_when_and_by_whom(
    opened: Office, sign_in: SignIn, send: Send
) -> None:
    send(spoil=wrong_sum)
    send()
    page = sign_in("so-tu-phap").get("/bao-cao").text
    said = words(page)
    assert "Còn phải gửi (0)" in said
    assert "Đã xong (1)" in said
    assert f"lần 2, nhận lúc 09:00 ngày 05/9/2016, từ {OFFICER}" in said
    assert 'class="state accepted"' in page
    assert "ngày làm việc)" not in said


def test_what_will_open_is_told_with_its_days(
    opened: Office, sign_in: SignIn, clock: Clock
) -> None:
    clock.now = at("2016-10-20")
    said = words(sign_in("so-tu-phap").get("/bao-cao").text)
    coming = said.partition("Sắp mở kỳ")[2]
    assert "quý IV năm 2016: mở kỳ thứ Tư, ngày 23/11/2016; hạn nộp hết thứ Tư" in coming
    assert "Báo cáo rà soát văn bản" in coming
    assert "quý I năm 2017" not in coming


def test_what_is_older_than_a_year_stands_behind(
    opened: Office, sign_in: SignIn, clock: Clock
) -> None:
    clock.now = at("2017-09-14")
    page = words(sign_in("so-tu-phap").get("/bao-cao").text)
    assert "Còn phải gửi (1)" in page
    clock.now = at("2017-09-15")
    page = words(sign_in("so-tu-phap").get("/bao-cao").text)
    assert "Còn phải gửi (0)" in page
    assert "hơn một năm (1, trong đó 1 chưa gửi)" in page


def test_an_agency_sees_its_own_reports_alone(opened: Office, sign_in: SignIn, send: Send) -> None:
    send()
    page = sign_in("so-tai-chinh").get("/bao-cao").text
    assert re.findall(r'href="/bao-cao/(\d+)"', page) == [str(obligation(opened, "so-tai-chinh"))]
    assert "gửi đến" not in page


def test_who_collects_sees_theirs_below_with_who_is_missing(
    opened: Office, sign_in: SignIn, clock: Clock
) -> None:
    clock.now = DECEMBER
    advance(opened, REGIME, FORWARDED, clock())
    page = sign_in("ubnd-tinh").get("/bao-cao").text
    below = words(page).partition("Báo cáo các đơn vị gửi đến")[2]
    assert "Báo cáo rà soát văn bản – Năm 2016 : đã nhận 0/1, còn thiếu 1" in below
    assert re.findall(r'href="/bao-cao/(\d+)"', page) == [str(obligation(opened, duty=FORWARDED))]


def test_who_sees_all_is_led_to_the_board(opened: Office, sign_in: SignIn) -> None:
    page = sign_in("so-noi-vu").get("/bao-cao").text
    assert "Báo cáo của mọi đơn vị" in page
    assert not re.findall(r'href="/bao-cao/\d+"', page)


# A report's page


def test_a_page_tells_the_report_and_its_deadline(opened: Office, sign_in: SignIn) -> None:
    said = words(sign_in("so-tu-phap").get(f"/bao-cao/{obligation(opened)}").text)
    assert "số liệu từ ngày 15/6/2016 đến ngày 14/9/2016" in said
    assert "hết thứ Tư, ngày 14/9/2016 (còn 7 ngày làm việc)" in said
    assert "Thời điểm cuối cùng là 24 giờ ngày 14." in said
    assert "Nơi nhận Sở Nội vụ" in said


def test_more_time_moves_the_day_and_says_why(opened: Office, sign_in: SignIn) -> None:
    regime, duty = opened.duty(REGIME, QUARTERLY)
    word = Word("mưa lũ", "Giám đốc Sở Nội vụ")
    period, until = Period.parse("2016-Q3"), date(2016, 9, 20)
    grants.extend(opened, regime, duty, period, "so-tu-phap", until, word, TODAY)
    browser = sign_in("so-tu-phap")
    said = words(browser.get(f"/bao-cao/{obligation(opened)}").text)
    assert "hết thứ Ba, ngày 20/9/2016" in said
    assert "gia hạn đến hết ngày 20/9/2016: mưa lũ (Giám đốc Sở Nội vụ)" in said
    blank = browser.get(f"/bao-cao/{obligation(opened)}/bieu-mau").content
    assert "20/9/2016" in text_in(blank)


def test_the_blank_workbook_is_the_agency_s_own(opened: Office, sign_in: SignIn) -> None:
    answer = sign_in("so-tu-phap").get(f"/bao-cao/{obligation(opened)}/bieu-mau")
    assert "bao-cao-quy_2016-Q3_so-tu-phap.xlsx" in answer.headers["content-disposition"]
    assert answer.headers["content-disposition"].startswith("attachment;")
    text = text_in(answer.content)
    assert "SỞ TƯ PHÁP" in text
    assert "14/9/2016" in text


def text_in(data: bytes) -> str:
    book = load_workbook(io.BytesIO(data))
    return " ".join(
        str(value)
        for page in book.worksheets
        for row in page.iter_rows(values_only=True)
        for value in row
        if value is not None
    )


def test_the_history_names_every_version_and_why(
    opened: Office, sign_in: SignIn, send: Send
) -> None:
    first = send(spoil=wrong_sum, name="lan 1.xlsx").submission
    second = send(name="lan 2.xlsx").submission
    third = send(name="lan 3.xlsx", is_saved_anew=True, reason="cộng nhầm một xã").submission
    page = sign_in("so-tu-phap").get(f"/bao-cao/{obligation(opened)}").text
    history = words(page).partition("Các lần gửi")[2]
    for version in (first, second, third):
        assert version.file_name in history
        assert version.sha256[:12] in history
    assert OFFICER in history
    assert "Lý do gửi thay: cộng nhầm một xã" in history
    assert history.count("Đã trả lại") == 1
    assert history.count("là bản được tính") == 1
    assert history.count("có bản sau thay thế") == 1
    assert f'href="/ban-nop/{first.id}/danh-dau"' in page
    assert f'href="/ban-nop/{third.id}/bien-nhan"' in page


def test_a_version_comes_back_byte_for_byte(opened: Office, sign_in: SignIn, send: Send) -> None:
    submission = send(name="báo cáo “quý”.xlsx").submission
    answer = sign_in("so-tu-phap").get(f"/ban-nop/{submission.id}/tep")
    assert hashlib.sha256(answer.content).hexdigest() == submission.sha256
    disposition = answer.headers["content-disposition"]
    assert disposition.startswith("attachment;")
    assert "b%C3%A1o%20c%C3%A1o" in disposition
    assert answer.headers["x-content-type-options"] == "nosniff"


def test_faults_stand_by_sheet_with_what_to_do(opened: Office, sign_in: SignIn, send: Send) -> None:
    receipt = send(spoil=wrong_sum)
    said = words(sign_in("so-tu-phap").get(f"/bao-cao/{obligation(opened)}").text)
    (finding,) = receipt.judged.findings
    faults = said.partition("Phải sửa")[2]
    assert f"Trang tính “{finding.sheet}” (1)" in faults
    for part in (finding.cell, finding.value, finding.expected, finding.action):
        assert part in faults


def test_the_marked_workbook_is_what_the_letter_brought(
    opened: Office, sign_in: SignIn, send: Send
) -> None:
    receipt = send(spoil=wrong_sum)
    answer = sign_in("so-tu-phap").get(f"/ban-nop/{receipt.submission.id}/danh-dau")
    (letter,) = opened.ledger.post.letters(kind="returned")
    assert hashlib.sha256(answer.content).hexdigest() == letter.attachment_sha256
    (finding,) = receipt.judged.findings
    book = load_workbook(io.BytesIO(answer.content))
    assert book[finding.sheet][finding.cell].comment is not None


def test_the_marked_workbook_is_made_where_no_letter_could_go(
    opened: Office, sign_in: SignIn, send: Send, clock: Clock
) -> None:
    heads = [Contact(agency="so-tu-phap", role=Role.HEAD, address="lanhdao@so-tu-phap.example")]
    opened.ledger.replace_contacts(REGIME, heads, clock(), "operator")
    returned = send(spoil=wrong_sum)
    assert opened.ledger.post.letters(kind="returned") == []
    browser = sign_in("so-tu-phap")
    (finding,) = returned.judged.findings
    data = browser.get(f"/ban-nop/{returned.submission.id}/danh-dau").content
    assert load_workbook(io.BytesIO(data))[finding.sheet][finding.cell].comment is not None
    accepted = send()
    (owed,) = opened.ledger.owed(agency="so-tu-phap")
    give_back(opened, owed, "Thiếu số liệu cấp xã", "operator", clock())
    data = browser.get(f"/ban-nop/{accepted.submission.id}/danh-dau").content
    assert "Thiếu số liệu cấp xã" in text_in(data)


def test_what_a_person_returned_says_why_and_has_no_receipt(
    opened: Office, sign_in: SignIn, send: Send, clock: Clock
) -> None:
    submission = send().submission
    (owed,) = opened.ledger.owed(agency="so-tu-phap")
    give_back(opened, owed, "Thiếu số liệu cấp xã", "operator", clock())
    browser = sign_in("so-tu-phap")
    assert "Lý do trả lại: Thiếu số liệu cấp xã" in browser.get(f"/bao-cao/{owed.id}").text
    assert browser.get(f"/ban-nop/{submission.id}/bien-nhan").status_code == 404
    data = browser.get(f"/ban-nop/{submission.id}/danh-dau").content
    assert "Thiếu số liệu cấp xã" in text_in(data)


def test_an_accepted_version_has_no_marked_workbook(
    opened: Office, sign_in: SignIn, send: Send
) -> None:
    browser = sign_in("so-tu-phap")
    accepted, returned = send().submission, send("so-tu-phap", forgotten).submission
    assert browser.get(f"/ban-nop/{accepted.id}/danh-dau").status_code == 404
    assert browser.get(f"/ban-nop/{returned.id}/bien-nhan").status_code == 404


@pytest.mark.parametrize(
    ("now", "told"),
    [(at("2016-09-14", "23:59"), "ĐÚNG HẠN"), (at("2016-09-15", "00:00"), "QUÁ HẠN")],
)
def test_a_receipt_says_what_was_received_and_whether_in_time(
    opened: Office, sign_in: SignIn, send: Send, clock: Clock, now: datetime, told: str
) -> None:
    clock.now = now
    submission = send().submission
    said = words(sign_in("so-tu-phap").get(f"/ban-nop/{submission.id}/bien-nhan").text)
    assert told in said
    assert "Đơn vị báo cáo Sở Tư pháp" in said
    assert "Báo cáo cải cách hành chính quý III năm 2016" in said
    assert "Lần gửi 1" in said
    assert submission.sha256 in said
    assert f"{now:%H:%M} ngày {now:%d}/9/2016" in said


def test_a_receipt_of_a_replaced_version_says_so(
    opened: Office, sign_in: SignIn, send: Send
) -> None:
    first = send().submission
    second = send(is_saved_anew=True, reason="bổ sung").submission
    browser = sign_in("so-tu-phap")
    assert "bản gửi sau thay thế" in browser.get(f"/ban-nop/{first.id}/bien-nhan").text
    latest = browser.get(f"/ban-nop/{second.id}/bien-nhan").text
    assert "bản gửi sau thay thế" not in latest


def test_papers_are_listed_and_handed_out(opened: Office, sign_in: SignIn, clock: Clock) -> None:
    (owed,) = opened.ledger.owed(agency="so-tu-phap")
    attach(
        opened,
        b"%PDF-1.7 ky",
        "bao cao ky.pdf",
        owed,
        Paper.SIGNED,
        clock(),
        number="12/BC-STP",
        signed_on=date(2016, 9, 2),
        signer="Giám đốc",
        actor=OFFICER,
    )
    browser = sign_in("so-tu-phap")
    page = browser.get(f"/bao-cao/{owed.id}").text
    said = words(page).partition("Tài liệu kèm theo")[2]
    assert "Văn bản báo cáo đã ký 12/BC-STP 02/9/2016 Giám đốc bao cao ky.pdf" in said
    found = re.search(r"/tai-lieu/\d+", page)
    assert found is not None
    answer = browser.get(found[0])
    assert answer.content == b"%PDF-1.7 ky"
    assert answer.headers["content-disposition"].startswith("attachment;")
    assert answer.headers["content-security-policy"] == "sandbox"


def test_mails_are_shown_to_the_agency_and_to_who_sees_all_but_to_no_collector(
    opened: Office, sign_in: SignIn, clock: Clock
) -> None:
    clock.now = DECEMBER
    advance(opened, REGIME, FORWARDED, clock())
    send_letters(opened, clock)
    path = f"/bao-cao/{obligation(opened, duty=FORWARDED)}"
    for agency, address in (("so-tu-phap", ""), ("so-noi-vu", ""), ("so-noi-vu", LEADER)):
        said = words(sign_in(agency, address).get(path).text)
        assert f"Thư mở kỳ {OFFICER} đã gửi, 09:00 ngày 20/12/2016" in said
    said = words(sign_in("ubnd-tinh").get(path).text)
    assert "Báo cáo rà soát văn bản" in said
    assert OFFICER not in said


def test_what_a_sender_wrote_is_never_markup(opened: Office, sign_in: SignIn, clock: Clock) -> None:
    name = "<img src=x onerror=alert(1)>\u202excod.xlsx"
    data = workbook(opened, "so-tu-phap")
    submission = receive(opened, Incoming(data, name, "portal", TODAY), TODAY).submission
    browser = sign_in("so-tu-phap")
    for path in (f"/bao-cao/{obligation(opened)}", f"/ban-nop/{submission.id}/bien-nhan"):
        page = browser.get(path).text
        assert "<img src=x" not in page
        assert "&lt;img src=x" in page
        assert "\u202e" not in page


# Who may look


def test_nobody_looks_without_signing_in(opened: Office, send: Send, visit: Visit) -> None:
    for path in routes(opened, send):
        assert visit().get(path).url.path == "/dang-nhap"


def test_to_another_agency_nothing_is_there(opened: Office, send: Send, sign_in: SignIn) -> None:
    browser = sign_in("so-tai-chinh")
    for path in routes(opened, send):
        answer = browser.get(path)
        assert answer.status_code == 404
        assert "Sở Tư pháp" not in answer.text
        missing = browser.get(re.sub(r"\d+", "999999", path))
        assert (missing.status_code, missing.text) == (404, answer.text)


def test_one_s_own_people_and_those_who_see_all_may_look_at_everything(
    opened: Office, send: Send, sign_in: SignIn
) -> None:
    paths = routes(opened, send)
    head = "lanhdao@so-tu-phap.quang-nam.example"
    for agency, address in (
        ("so-tu-phap", ""),
        ("so-tu-phap", head),
        ("so-noi-vu", ""),
        ("so-noi-vu", LEADER),
    ):
        browser = sign_in(agency, address)
        assert [browser.get(path).status_code for path in paths] == [200] * len(paths)


def test_a_collector_may_look_at_what_it_collects_and_at_nothing_else(
    opened: Office, send: Send, sign_in: SignIn, clock: Clock
) -> None:
    quarterly = routes(opened, send)
    clock.now = DECEMBER
    advance(opened, REGIME, FORWARDED, clock())
    accepted = send(duty=FORWARDED, period="2016").submission
    browser = sign_in("ubnd-tinh")
    assert {browser.get(path).status_code for path in quarterly} == {404}
    for path in (
        f"/bao-cao/{obligation(opened, duty=FORWARDED)}",
        f"/bao-cao/{obligation(opened, duty=FORWARDED)}/bieu-mau",
        f"/ban-nop/{accepted.id}/tep",
        f"/ban-nop/{accepted.id}/bien-nhan",
    ):
        assert browser.get(path).status_code == 200


@pytest.mark.parametrize("number", ["0", "-1", str(2**31), str(2**63), "9" * 40, "-" + "9" * 40])
@pytest.mark.parametrize(
    "path",
    [
        "/bao-cao/{}",
        "/bao-cao/{}/bieu-mau",
        "/ban-nop/{}/tep",
        "/ban-nop/{}/danh-dau",
        "/ban-nop/{}/bien-nhan",
        "/tai-lieu/{}",
    ],
)
def test_a_number_that_nothing_has_leads_nowhere(
    opened: Office, sign_in: SignIn, path: str, number: str
) -> None:
    for agency in ("so-tu-phap", "so-noi-vu"):
        assert sign_in(agency).get(path.format(number)).status_code == 404


def test_a_file_that_nobody_could_place_is_no_version(
    opened: Office, sign_in: SignIn, clock: Clock
) -> None:
    waits = receive(opened, Incoming(b"%PDF-1.7", "a.pdf", "portal", clock()), clock()).submission
    for agency in ("so-tu-phap", "so-noi-vu"):
        for what in ("tep", "danh-dau", "bien-nhan"):
            assert sign_in(agency).get(f"/ban-nop/{waits.id}/{what}").status_code == 404
