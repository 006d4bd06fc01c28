"""Sending through the portal: every file is answered on the page, kept, and in the ledger."""

import html
import io
import re
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest
from fastapi.testclient import TestClient
from openpyxl import load_workbook

from kybaocao.adapters.archive import Archive, ArchiveFullError
from kybaocao.adapters.ledger import Submission
from kybaocao.adapters.mail_catcher import MailCatcher
from kybaocao.demo.officer import wrong_sum
from kybaocao.portal import rates
from kybaocao.portal.desk import MOST_FILES
from kybaocao.rules.cycle.standing import Verdict
from kybaocao.rules.regime.ruling import Paper
from kybaocao.runtime import Office
from kybaocao.steps.cycle.cycle import advance
from kybaocao.steps.post.send import send_letters
from kybaocao.steps.standings import standing_of
from tests.papers import pdf, png, signed_pdf
from tests.portal.conftest import Clock, SignIn, csrf
from tests.steps.conftest import QUARTERLY, REGIME, at, workbook

OWN, OTHER = "so-tu-phap", "so-tai-chinh"
OWN_ADDRESS = "vanthu@so-tu-phap.quang-nam.example"
PDF = pdf()
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
Given = tuple[str, bytes]


def report_of(office: Office, agency: str = OWN, period: str = "2016-Q3") -> int:
    owed = office.ledger.find_owed(REGIME, QUARTERLY, period, agency)
    assert owed is not None
    return owed.id


def act(browser: TestClient, report: int, what: str, **fields: str) -> httpx.Response:
    """Post one of the forms of a report's page."""
    word = csrf(browser.get(f"/bao-cao/{report}").text)
    return browser.post(f"/bao-cao/{report}/{what}", data={"_csrf": word, **fields})


def send(browser: TestClient, report: int, *files: Given, **fields: str) -> httpx.Response:
    word = csrf(browser.get(f"/bao-cao/{report}").text)
    return browser.post(
        f"/bao-cao/{report}/nop",
        data={"_csrf": word, **fields},
        files=[("tep", (name, data, XLSX)) for name, data in files],
    )


def versions(office: Office, report: int) -> list[Submission]:
    owed = office.ledger.owed_of(report)
    assert owed is not None
    return office.ledger.versions([owed])[report]


def changed(data: bytes, value: str) -> bytes:
    """Return a workbook with another word in its text sheet."""
    book = load_workbook(io.BytesIO(data))
    sheet = book["2. Nội dung"]
    row = next(r for r in range(1, 20) if sheet.cell(r, 1).value == "ND-02")
    sheet.cell(row, 3).value = value
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


@pytest.fixture
def officer(opened: Office, sign_in: SignIn) -> TestClient:
    return sign_in(OWN)


def test_a_right_file_is_accepted_and_its_receipt_is_at_hand(
    opened: Office, officer: TestClient
) -> None:
    report, data = report_of(opened), workbook(opened, OWN)
    page = send(officer, report, ("báo cáo.xlsx", data))
    assert page.status_code == 200
    (version,) = versions(opened, report)
    assert "Đã chấp nhận" in page.text
    assert "đúng hạn" in page.text
    assert f"/ban-nop/{version.id}/bien-nhan" in page.text
    assert 'id="ket-qua-gui" tabindex="-1" role="status"' in page.text
    assert (version.verdict, version.channel) == (Verdict.ACCEPTED, "portal")
    assert (version.sender, version.file_name) == (OWN_ADDRESS, "báo cáo.xlsx")
    assert opened.archive.get(version.sha256) == data
    (letter,) = opened.ledger.post.letters(kind="receipt")
    assert letter.address == OWN_ADDRESS
    (event,) = opened.ledger.events(act="receive")
    assert event.actor == OWN_ADDRESS


def test_a_file_counts_as_received_when_the_request_was_complete(
    opened: Office, clock: Clock, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    report, data = report_of(opened), workbook(opened, OWN)
    clock.now = at("2016-09-14", "23:59")
    officer = sign_in(OWN)
    word = csrf(officer.get(f"/bao-cao/{report}").text)
    # It begins before the deadline, is complete with it, and waits for its turn.
    ticks = iter([clock.now, at("2016-09-15", "00:00"), at("2016-09-15", "00:05")])
    monkeypatch.setattr(Clock, "__call__", lambda _: next(ticks))
    page = officer.post(
        f"/bao-cao/{report}/nop", data={"_csrf": word}, files=[("tep", ("a.xlsx", data, XLSX))]
    )
    (version,) = versions(opened, report)
    assert version.received_at == at("2016-09-15", "00:00")
    assert "<b>quá hạn</b>" in page.text


def test_a_wrong_file_is_answered_with_every_cell_to_mend(
    opened: Office, officer: TestClient
) -> None:
    report = report_of(opened)
    page = send(officer, report, ("a.xlsx", workbook(opened, OWN, spoil=wrong_sum))).text
    (version,) = versions(opened, report)
    assert version.verdict is Verdict.RETURNED
    (finding, *_) = opened.ledger.findings(version.id)
    assert "Trang tính “1. Hồ sơ”" in page
    assert finding.cell
    assert re.search(rf'class="cell"[^>]*>{finding.cell}<', page)
    assert 'role="alert"' in page
    marked = officer.get(f"/ban-nop/{version.id}/danh-dau")
    assert f"/ban-nop/{version.id}/danh-dau" in page
    assert load_workbook(io.BytesIO(marked.content)).sheetnames[0] == "Lỗi cần sửa"


def warned_and_wrong(data: bytes) -> bytes:
    """Return a workbook with a hidden row at the top, and a word for a figure at the bottom."""
    book = load_workbook(io.BytesIO(data))
    sheet = book["1. Hồ sơ"]
    rows = [n for n in range(1, 40) if str(sheet.cell(n, 1).value or "").startswith("HS-")]
    sheet.row_dimensions[rows[0]].hidden = True
    sheet.cell(rows[1], 5).value = "chưa rõ"
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def test_a_finding_names_indicator_and_column_wherever_it_is_read_and_faults_come_first(
    opened: Office, officer: TestClient, catcher: MailCatcher, clock: Clock
) -> None:
    report, data = report_of(opened), warned_and_wrong(workbook(opened, OWN))
    page = html.unescape(send(officer, report, ("a.xlsx", data)).text)
    (version,) = versions(opened, report)
    first, *rest = opened.ledger.findings(version.id)
    assert first.is_blocking
    assert "hidden-rows" in {one.code for one in rest}
    assert re.fullmatch(r"HS-02 “[^”]+”, cột “[^”]+”", first.subject)
    assert first.subject in page
    assert first.subject in html.unescape(officer.get(f"/bao-cao/{report}").text)
    send_letters(opened, clock)
    (letter,) = [x for x in catcher.messages if "Trả lại để sửa" in str(x["Subject"])]
    text = letter.get_body(("plain",))
    assert text is not None
    assert first.subject in text.get_content()
    book = load_workbook(io.BytesIO(officer.get(f"/ban-nop/{version.id}/danh-dau").content))
    row = next(book["Lỗi cần sửa"].iter_rows(min_row=6, max_row=6, values_only=True))
    assert (row[2], row[3], row[7]) == (first.cell, first.subject, "Phải sửa")
    comment = book["1. Hồ sơ"][first.cell].comment
    assert comment is not None
    assert first.subject in comment.text


def test_the_same_file_again_is_a_repeat_and_changes_nothing(
    opened: Office, officer: TestClient
) -> None:
    report, data = report_of(opened), workbook(opened, OWN)
    send(officer, report, ("a.xlsx", data))
    page = send(officer, report, ("b.xlsx", data))
    assert "đã được chấp nhận trước đó" in page.text
    assert len(versions(opened, report)) == 1
    assert len(opened.ledger.post.letters(kind="receipt")) == 1


STILL_OWED = "Số liệu vẫn phải gửi bằng tệp biểu mẫu Excel"


def test_a_scan_leaves_the_figures_owed_until_a_report_is_accepted(
    opened: Office, officer: TestClient
) -> None:
    report = report_of(opened)
    send(officer, report, ("a.xlsx", workbook(opened, OWN, spoil=wrong_sum)))
    page = send(officer, report, ("quet.pdf", PDF)).text
    assert STILL_OWED in page.split('id="ket-qua-gui"')[1].split("</article>")[0]
    assert 'id="ket-qua-gui" tabindex="-1" role="alert"' in page
    assert STILL_OWED in officer.get(f"/bao-cao/{report}").text
    page = send(officer, report, ("b.xlsx", workbook(opened, OWN)), ("quet2.png", png())).text
    assert STILL_OWED not in page
    assert STILL_OWED not in officer.get(f"/bao-cao/{report}").text


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (signed_pdf(), "PDF có chữ ký số"),
        (PDF, "PDF không có chữ ký số"),
        (png(), "ảnh chụp hoặc ảnh quét"),
    ],
    ids=["signed", "unsigned", "picture"],
)
def test_a_paper_says_what_it_is_whatever_it_is_called(
    opened: Office, officer: TestClient, data: bytes, said: str
) -> None:
    report = report_of(opened)
    page = send(officer, report, ("da-ky.pdf", data), loai="signed").text
    assert f"Tệp là {said}." in page
    assert f"{said[0].upper()}{said[1:]}<" in officer.get(f"/bao-cao/{report}").text


def test_junk_behind_the_first_bytes_of_a_pdf_is_no_signed_report(
    opened: Office, officer: TestClient
) -> None:
    report = report_of(opened)
    page = send(officer, report, ("da-ky.pdf", b"%PDF-1.7\n" + b"rac" * 99), loai="signed").text
    assert "Tệp không mở được nên không tính là đã gửi" in page
    assert "Không mở được</b>, không tính là đã gửi" in page


@pytest.mark.parametrize("agency", [OWN, "so-noi-vu"])
def test_sender_and_secretariat_take_a_paper_away_and_the_log_keeps_it(
    opened: Office, officer: TestClient, sign_in: SignIn, agency: str
) -> None:
    report = report_of(opened)
    send(officer, report, ("nham.pdf", PDF))
    (paper,) = opened.ledger.rulings.documents(obligation_id=report)
    browser = sign_in(agency)
    word = csrf(browser.get(f"/bao-cao/{report}").text)
    fields = {"_csrf": word, "ly_do": "Gửi nhầm"}
    page = browser.post(f"/tai-lieu/{paper.id}/bo", data=fields).text
    assert "Đã bỏ tài liệu khỏi báo cáo" in page
    assert opened.ledger.rulings.documents(obligation_id=report) == []
    (event,) = opened.ledger.events(act="take-away")
    assert event.detail["file"] == "nham.pdf"
    assert event.detail["reason"] == "Gửi nhầm"
    assert opened.archive.get(event.detail["sha256"]) == PDF
    assert "Bỏ văn bản kèm theo" in sign_in("so-noi-vu").get("/nhat-ky").text
    assert browser.post(f"/tai-lieu/{paper.id}/bo", data=fields).status_code == 404
    # What was taken away by mistake may come again.
    send(officer, report, ("nham.pdf", PDF))
    assert len(opened.ledger.rulings.documents(obligation_id=report)) == 1


def test_nobody_else_takes_a_paper_away(
    opened: Office, officer: TestClient, sign_in: SignIn
) -> None:
    send(officer, report_of(opened), ("bc.pdf", PDF))
    (paper,) = opened.ledger.rulings.documents(obligation_id=report_of(opened))
    for agency, address in ((OTHER, ""), ("so-noi-vu", "lanhdao@so-noi-vu.quang-nam.example")):
        browser = sign_in(agency, address)
        word = csrf(browser.get("/bao-cao").text)
        assert browser.post(f"/tai-lieu/{paper.id}/bo", data={"_csrf": word}).status_code == 404
    assert len(opened.ledger.rulings.documents(obligation_id=paper.obligation_id)) == 1


def test_a_signed_report_goes_beside_the_workbook_by_what_its_bytes_are(
    opened: Office, officer: TestClient
) -> None:
    report, data = report_of(opened), workbook(opened, OWN)
    words = {"loai": "signed", "so_ky_hieu": "12/BC-STP", "ngay_ky": "2016-09-12"}
    # The names lie.
    page = send(officer, report, ("a.pdf", data), ("b.xlsx", PDF), nguoi_ky="Giám đốc", **words)
    assert "Kết quả gửi 2 tệp" in page.text
    (version,) = versions(opened, report)
    assert (version.file_name, version.verdict) == ("a.pdf", Verdict.ACCEPTED)
    (paper,) = opened.ledger.rulings.documents()
    assert (paper.obligation_id, paper.kind, paper.file_name) == (report, Paper.SIGNED, "b.xlsx")
    assert (paper.number, paper.signer, paper.actor) == ("12/BC-STP", "Giám đốc", OWN_ADDRESS)
    assert paper.signed_on == at("2016-09-12").date()
    assert opened.archive.get(paper.sha256) == PDF
    assert officer.get(f"/tai-lieu/{paper.id}").content == PDF


def test_a_paper_alone_is_no_report(opened: Office, officer: TestClient) -> None:
    report = report_of(opened)
    page = send(officer, report, ("bao-cao.pdf", PDF))
    assert "Số liệu vẫn phải gửi bằng tệp biểu mẫu Excel" in page.text
    assert versions(opened, report) == []
    again = send(officer, report, ("bao-cao-2.pdf", PDF))
    assert "đã lưu trước đó" in again.text
    assert len(opened.ledger.rulings.documents()) == 1


def test_a_day_of_signing_that_is_none_is_asked_about_before_anything_is_taken(
    opened: Office, officer: TestClient
) -> None:
    report = report_of(opened)
    page = send(officer, report, ("a.pdf", PDF), ngay_ky="hôm qua", so_ky_hieu="12/BC-STP")
    assert page.status_code == 422
    assert "Ngày ký phải ghi" in page.text
    assert 'value="12/BC-STP"' in page.text
    assert opened.ledger.rulings.documents() == []


@pytest.mark.parametrize("data", [b"", b"chao", b"PK\x03\x04abc", b"\0" * 500, b"Rar!\x1a\x07"])
def test_what_is_neither_waits_for_a_person_and_says_why(
    opened: Office, officer: TestClient, data: bytes
) -> None:
    page = send(officer, report_of(opened), ("a.xlsx", data))
    assert "Chưa ghi nhận được là báo cáo" in page.text
    (waiting,) = opened.ledger.unknown()
    assert waiting.sender == OWN_ADDRESS
    (finding,) = opened.ledger.findings(waiting.id)
    assert finding.value[:20] in page.text or finding.action[:20] in page.text


def test_a_file_of_another_report_of_the_agency_is_taken_there(
    opened: Office, officer: TestClient, sign_in: SignIn, clock: Clock
) -> None:
    clock.now = at("2016-12-12")
    advance(opened, REGIME, QUARTERLY, clock.now)
    officer = sign_in(OWN)
    third, fourth = report_of(opened), report_of(opened, period="2016-Q4")
    page = send(officer, third, ("a.xlsx", workbook(opened, OWN, "2016-Q4")))
    assert "được ghi vào báo cáo đó" in page.text
    assert f'href="/bao-cao/{fourth}"' in page.text
    assert versions(opened, third) == []
    assert len(versions(opened, fourth)) == 1


def test_another_agencys_file_is_not_taken_on_this_ones_word(
    opened: Office, officer: TestClient
) -> None:
    page = send(officer, report_of(opened), ("a.xlsx", workbook(opened, OTHER)))
    assert "Tệp của đơn vị khác" in page.text
    assert versions(opened, report_of(opened)) == []
    assert versions(opened, report_of(opened, OTHER)) == []
    (waiting,) = opened.ledger.unknown()
    (finding,) = opened.ledger.findings(waiting.id)
    assert finding.code == "wrong-sender"


def test_who_reads_everyones_reports_sends_nobody_elses(opened: Office, sign_in: SignIn) -> None:
    head = sign_in("so-noi-vu", "lanhdao@so-noi-vu.quang-nam.example")
    report = report_of(opened)
    assert head.get(f"/bao-cao/{report}").status_code == 200
    word = csrf(head.get("/bao-cao").text)
    assert head.post(f"/bao-cao/{report}/nop", data={"_csrf": word}).status_code == 404


def test_who_does_not_answer_for_a_report_cannot_send_it(
    opened: Office, officer: TestClient, sign_in: SignIn
) -> None:
    other, secretariat = sign_in(OTHER), sign_in("so-noi-vu")
    report = report_of(opened)
    for browser in (other, secretariat):
        word = csrf(browser.get("/bao-cao").text)
        for what in ("nop", "khong-phat-sinh", "xin-gia-han"):
            answer = browser.post(f"/bao-cao/{report}/{what}", data={"_csrf": word})
            assert answer.status_code == 404
    assert "Gửi báo cáo" not in secretariat.get(f"/bao-cao/{report}").text
    assert "Gửi báo cáo" in officer.get(f"/bao-cao/{report}").text


def test_an_accepted_version_is_replaced_for_a_reason_only(
    opened: Office, officer: TestClient
) -> None:
    report, first = report_of(opened), workbook(opened, OWN)
    assert "Lý do thay bản" not in officer.get(f"/bao-cao/{report}").text
    send(officer, report, ("a.xlsx", first))
    page = send(officer, report, ("b.xlsx", changed(first, "Một")))
    assert "bản thay thế có nêu lý do" in page.text
    page = send(officer, report, ("c.xlsx", changed(first, "Hai")), ly_do="Sửa số liệu\x00 quý")
    assert "Đã chấp nhận" in page.text
    *_, last = versions(opened, report)
    assert (last.verdict, last.reason) == (Verdict.ACCEPTED, "Sửa số liệu quý")


def test_no_choice_is_a_plain_fault(opened: Office, officer: TestClient) -> None:
    report = report_of(opened)
    for page in (
        act(officer, report, "nop"),
        # What a browser sends of a field in which nothing was chosen.
        raw(officer, report, [b'filename=""'], [b""]),
    ):
        assert page.status_code == 422
        assert "Chưa chọn tệp nào" in page.text
    assert opened.ledger.unknown() == []


def test_too_many_files_are_refused_with_a_plain_sentence(
    opened: Office, officer: TestClient
) -> None:
    files = [(f"{n}.pdf", PDF + bytes([n])) for n in range(MOST_FILES + 1)]
    page = send(officer, report_of(opened), *files)
    assert page.status_code == 409
    assert f"nhiều nhất {MOST_FILES} tệp" in page.text
    assert opened.ledger.rulings.documents() == []
    assert send(officer, report_of(opened), *files[1:]).status_code == 200


def test_too_much_is_refused_before_it_is_taken(opened: Office, officer: TestClient) -> None:
    report, most = report_of(opened), opened.settings.largest_file_mib
    assert f"không quá {most} MB" in officer.get(f"/bao-cao/{report}").text
    page = send(officer, report, ("a.xlsx", bytes((most + 2) * 1024 * 1024)))
    assert page.status_code == 413
    assert "Tệp quá lớn" in page.text
    assert opened.ledger.unknown() == []


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        (b'filename="../../etc/b\xc3\xa1o c\xc3\xa1o.xlsx"', "báo cáo.xlsx"),
        (b'filename="C:\\\\may\\\\bc.xlsx"', "bc.xlsx"),
        (b'filename="bc\x00.xlsx"', "bc.xlsx"),
        ('filename="bc\u202excod.xlsx"'.encode(), "bcxcod.xlsx"),
        (b'filename="bc%0D%0ASet-Cookie: a=b.xlsx"', "bc%0D%0ASet-Cookie: a=b.xlsx"),
        (b'filename="' + b"a" * 250 + b'.xlsx"', "a" * 195 + ".xlsx"),
        (b'filename="' + "ế".encode() * 85 + b'"', "ế" * 85),
    ],
    ids=["path", "windows", "nul", "rtl", "crlf", "long", "255-bytes"],
)
@pytest.mark.parametrize("is_paper", [False, True], ids=["workbook", "paper"])
def test_a_files_name_is_text_and_no_more(
    opened: Office, officer: TestClient, name: bytes, kept: str, is_paper: bool
) -> None:
    report = report_of(opened)
    data = PDF if is_paper else workbook(opened, OWN)
    page = raw(officer, report, [name], [data])
    assert page.status_code == 200
    (found,) = opened.ledger.rulings.documents() if is_paper else versions(opened, report)
    assert found.file_name == kept
    path = f"/tai-lieu/{found.id}" if is_paper else f"/ban-nop/{found.id}/tep"
    answer = officer.get(path)
    assert answer.content == data
    assert answer.headers["content-disposition"].startswith("attachment;")
    assert "set-cookie" not in answer.headers
    root = opened.settings.data_folder
    assert not [p for p in root.rglob("*") if kept in p.name]


def test_a_line_break_in_a_files_name_breaks_nothing(opened: Office, officer: TestClient) -> None:
    page = raw(officer, report_of(opened), [b'filename="a\r\nSet-Cookie: a=b.xlsx"'], [PDF])
    assert page.status_code in (200, 400, 422)
    assert "set-cookie" not in page.headers


def raw(browser: TestClient, report: int, names: list[bytes], files: list[bytes]) -> httpx.Response:
    """Send files whose parts are written as given, which a browser would not do."""
    word = csrf(browser.get(f"/bao-cao/{report}").text)
    body = b'--x\r\nContent-Disposition: form-data; name="_csrf"\r\n\r\n' + word.encode() + b"\r\n"
    for name, data in zip(names, files, strict=True):
        body += b'--x\r\nContent-Disposition: form-data; name="tep"; ' + name
        body += b"\r\nContent-Type: application/octet-stream\r\n\r\n" + data + b"\r\n"
    return browser.post(
        f"/bao-cao/{report}/nop",
        content=body + b"--x--\r\n",
        headers={"Content-Type": "multipart/form-data; boundary=x"},
    )


def test_with_the_archive_full_nothing_is_acknowledged(
    opened: Office, officer: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    report, data = report_of(opened), workbook(opened, OWN)

    def full(self: Archive, data: bytes) -> str:
        raise ArchiveFullError("Kho lưu trữ đã đầy")

    monkeypatch.setattr(Archive, "put", full)
    for given in (data, PDF):
        page = send(officer, report, ("a.xlsx", given))
        assert page.status_code == 507
        assert "Đã chấp nhận" not in page.text
    assert versions(opened, report) == []
    assert opened.ledger.rulings.documents() == []
    assert opened.ledger.post.letters(kind="receipt") == []


def test_thirty_at_once_are_numbered_without_gaps(opened: Office, sign_in: SignIn) -> None:
    report, first = report_of(opened), workbook(opened, OWN, spoil=wrong_sum)
    files = [changed(first, f"Lần {n}") for n in range(30)]
    browsers = [sign_in(OWN) for _ in range(30)]

    def one(n: int) -> str:
        return send(browsers[n], report, (f"{n}.xlsx", files[n])).text

    with ThreadPoolExecutor(30) as threads:
        pages = list(threads.map(one, range(30)))
    assert all("Trả lại" in page for page in pages)
    found = versions(opened, report)
    assert [v.version for v in found] == list(range(1, 31))
    assert {v.file_name for v in found} == {f"{n}.xlsx" for n in range(30)}
    assert len(opened.ledger.post.letters(kind="returned")) == 30


def test_a_session_acts_so_often_a_minute_and_no_more(
    opened: Office, officer: TestClient, sign_in: SignIn
) -> None:
    report, most = report_of(opened), rates.ACTS_OF_ONE.amount
    word = csrf(officer.get(f"/bao-cao/{report}").text)
    path = f"/bao-cao/{report}/nop"
    codes = {officer.post(path, data={"_csrf": word}).status_code for _ in range(most)}
    assert codes == {422}
    refused = officer.post(path, data={"_csrf": word})
    assert refused.status_code == 429
    assert act(sign_in(OTHER), report_of(opened, OTHER), "nop").status_code == 422


# A nil return


def test_a_nil_return_is_a_workbook_like_any_other(opened: Office, officer: TestClient) -> None:
    report = report_of(opened)
    page = act(officer, report, "khong-phat-sinh", xac_nhan="co")
    assert "Báo cáo không phát sinh" in page.text
    (version,) = versions(opened, report)
    assert (version.verdict, version.channel) == (Verdict.ACCEPTED, "portal")
    book = load_workbook(io.BytesIO(opened.archive.get(version.sha256)))
    texts = [c.value for row in book["2. Nội dung"].iter_rows() for c in row]
    assert "Không phát sinh trong kỳ báo cáo." in texts
    figures = opened.ledger.figures([version.id])[version.id]
    assert {f.value for f in figures if f.column in ("done", "cumulative")} <= {0, None}
    assert "Kỳ này không phát sinh" not in officer.get(f"/bao-cao/{report}").text
    assert act(officer, report, "khong-phat-sinh", xac_nhan="co").status_code == 422
    assert len(versions(opened, report)) == 1


def test_a_nil_return_needs_its_confirmation(opened: Office, officer: TestClient) -> None:
    report = report_of(opened)
    page = act(officer, report, "khong-phat-sinh")
    assert page.status_code == 422
    assert "Hãy đánh dấu ô xác nhận" in page.text
    assert versions(opened, report) == []


# A wish for more time


def test_a_wish_for_more_time_is_pending_and_the_secretariat_hears(
    opened: Office, officer: TestClient, clock: Clock
) -> None:
    report = report_of(opened)
    words = {"den_ngay": "2016-09-20", "ly_do_gia_han": "Mất điện do bão"}
    page = act(officer, report, "xin-gia-han", **words)
    assert "Đang chờ trả lời" in page.text
    assert "Đã gửi yêu cầu gia hạn" in page.text
    (wish,) = opened.ledger.decisions.wishes()
    assert (wish.obligation_id, wish.reason, wish.actor) == (
        report,
        words["ly_do_gia_han"],
        OWN_ADDRESS,
    )
    again = act(officer, report, "xin-gia-han", **words)
    assert "đã gửi trước đó" in again.text
    assert len(opened.ledger.decisions.wishes()) == 1
    (letter,) = opened.ledger.post.letters(kind="extension-asked")
    assert letter.address == "vanthu@so-noi-vu.quang-nam.example"
    assert len(opened.ledger.events(act="wish")) == 1
    owed = opened.ledger.owed_of(report)
    assert owed is not None
    assert standing_of(opened, owed, clock()).owed.due.last_day == at("2016-09-14").date()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ({"den_ngay": "2016-09-14", "ly_do_gia_han": "Bão"}, "phải sau hạn hiện nay"),
        ({"den_ngay": "2016-09-20", "ly_do_gia_han": "  "}, "Hãy ghi lý do xin gia hạn"),
        ({"den_ngay": "", "ly_do_gia_han": "Bão"}, "Hãy ghi ngày xin gia hạn"),
        ({"den_ngay": "mai", "ly_do_gia_han": "Bão"}, "Hãy ghi ngày xin gia hạn"),
        ({"den_ngay": "2026-09-20", "ly_do_gia_han": "Bão"}, "quá xa"),
    ],
)
def test_a_wish_that_says_too_little_is_asked_about(
    opened: Office, officer: TestClient, words: dict[str, str], said: str
) -> None:
    page = act(officer, report_of(opened), "xin-gia-han", **words)
    assert page.status_code == 422
    assert said in page.text
    if words["ly_do_gia_han"].strip():
        assert f"{words['ly_do_gia_han']}</textarea>" in page.text
    assert opened.ledger.decisions.wishes() == []
