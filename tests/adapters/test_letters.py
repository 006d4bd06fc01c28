"""What the letters say, from the templates that we ship."""

import datetime as dt
import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from kybaocao.adapters.letters import (
    JOINER,
    LetterError,
    LetterFacts,
    LetterItem,
    LetterLink,
    Letters,
    Progress,
    Rendered,
    SentFile,
    WishedTime,
    brief,
    sentence,
    theirs,
    weekday,
)
from kybaocao.rules.cycle.reminder import Kind
from kybaocao.rules.finding import Finding, Severity
from kybaocao.rules.regime.regime import HelpLine
from tests.support import ROOT

TEMPLATES = ROOT / "templates" / "letters"
FAULT = Finding(
    "sum", Severity.BLOCKING, "3. TTHC", "D7", "1.234", "tổng các phần là 1.300", "Sửa ô D7."
)
DOUBT = Finding("jump", Severity.WARNING, "8. Một cửa", "E12", "", "một số", "Điền 0 nếu không có.")
SENT = SentFile(
    version=2,
    received_at=dt.datetime(2016, 9, 12, 2, 15, tzinfo=dt.UTC),
    file_name="Báo cáo quý 3.xlsx",
    sha256="0f" * 32,
    findings=(FAULT,),
    warnings=(DOUBT,),
    reason="Tệp có mật khẩu.",
)
QUARTER = LetterItem(
    duty_name="Báo cáo CCHC quý",
    regime_name="Quảng Nam",
    document="Quyết định số 1908/QĐ-UBND",
    clause="Điều 1, mục V.1.d",
    stated="trước ngày 15 của tháng cuối quý",
    period_label="Quý III năm 2016",
    window="từ ngày 15/6/2016 đến ngày 14/9/2016",
    last_day=dt.date(2016, 9, 14),
    days_left=2,
    days_late=3,
    agency_name="Sở Tư pháp",
    recipient_name="Sở Nội vụ",
    state_name="Chưa gửi",
    assumptions=("“Trước ngày 15” là đến hết ngày 14.",),
    attachment="cchc-quy_2016-Q3_so-tu-phap.xlsx",
    sent=SENT,
    wish=WishedTime(until=dt.date(2016, 9, 20), reason="Máy chủ hỏng."),
)
YEAR = replace(
    QUARTER,
    duty_name="Báo cáo CCHC năm",
    period_label="Năm 2016",
    stated="báo cáo năm trước ngày 15 tháng 12",
    last_day=dt.date(2016, 12, 14),
    days_left=5,
    days_late=1,
    agency_name="UBND huyện Núi Thành",
)


def about(**changes: Any) -> LetterItem:
    """Return the quarter's report with other facts of the file that was sent."""
    return replace(QUARTER, sent=replace(SENT, **changes))


def of_no_report(**sent: Any) -> LetterItem:
    return LetterItem(sent=SentFile(received_at=SENT.received_at, **sent))


PROGRESS = Progress(total=30, on_time=26, late=1, missing=("Sở Y tế", "Sở Xây dựng", "BQL KCN"))


def write(kind: Kind, *items: LetterItem, **changes: Any) -> Rendered:
    facts = LetterFacts(
        address="dau-moi@stp.example",
        to_name="Sở Tư pháp",
        sender_name="Sở Nội vụ tỉnh Quảng Nam",
        today=dt.date(2016, 9, 12),
        items=items,
        how_to_send="Trả lời thư này và đính kèm tệp.",
    )
    return Letters(TEMPLATES).render(kind, replace(facts, **changes))


ALLOWED_TAGS = {
    "html",
    "head",
    "meta",
    "title",
    "body",
    "table",
    "tr",
    "td",
    "th",
    "p",
    "a",
    "b",
    "strong",
    "br",
    "ul",
    "ol",
    "li",
    "span",
}
ALLOWED_ATTRIBUTES = {
    "lang",
    "charset",
    "name",
    "content",
    "style",
    "role",
    "width",
    "align",
    "cellpadding",
    "cellspacing",
    "border",
    "href",
}


class Words(HTMLParser):
    """The text of a page, and its tags; fails on a tag that is left open or closed twice."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: set[str] = set()
        self.text = ""
        self._open: list[str] = []
        self.feed(page)
        assert self._open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes |= {name for name, _ in attrs}
        if tag not in ("meta", "br"):
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += " ".join(data.split()) + " "


@pytest.mark.parametrize("items", [(QUARTER,), (QUARTER, YEAR)], ids=["one", "two"])
@pytest.mark.parametrize("kind", sorted(set(Kind) - {Kind.QUESTION, Kind.DIGEST, Kind.SIGN_IN}))
def test_every_letter_reads_well_for_one_report_and_for_two(
    kind: Kind, items: tuple[LetterItem, ...]
) -> None:
    letter = write(kind, *items)
    assert letter.subject.startswith("[CCHC] ")
    assert "\n" not in letter.subject
    if len(items) > 1:
        assert "2 " in letter.subject
    page = Words(letter.html)
    # What every mail program shows: these tags, and styles that stand in them.
    assert set(page.tags) <= ALLOWED_TAGS
    assert page.attributes <= ALLOWED_ATTRIBUTES
    for words in (letter.text, page.text):
        assert "Kính gửi: " in words
        assert "Trân trọng," in words
        assert "Sở Nội vụ tỉnh Quảng Nam" in words
        assert (
            "Quyết định số 1908/QĐ-UBND, Điều 1, mục V.1.d: “trước ngày 15 của tháng cuối quý”"
            in words
        )
        in_full = kind in (Kind.OPENING, Kind.DELIVERY)
        assert words.count("“Trước ngày 15” là đến hết ngày 14.") == in_full
        assert words.count("đã nêu trong thư mở kỳ.") == (not in_full)
        for item in items:
            assert item.title in words
            assert item.last_day is not None
            assert f"hết {weekday(item.last_day)}" in words
    assert "\n\n\n" not in letter.text
    assert not any(row != row.rstrip() for row in letter.text.splitlines())
    assert "<" not in letter.text
    assert "&amp;" not in letter.text


@pytest.mark.parametrize("kind", Kind)
def test_data_are_literal_in_text_and_escaped_in_html(kind: Kind) -> None:
    nasty = '<b>Sở</b> & "A" {{ 7 * 7 }}'
    fault = replace(FAULT, value=nasty, expected=nasty, action=nasty)
    item = replace(
        QUARTER,
        duty_name=nasty,
        agency_name=nasty,
        attachment=nasty,
        sent=replace(SENT, file_name=nasty, reason=nasty, findings=(fault,), warnings=(fault,)),
        wish=replace(QUARTER.wish, reason=nasty),
        assumptions=(nasty,),
        progress=replace(PROGRESS, missing=(nasty,)),
    )
    for items in [(item,), (replace(item, progress=None), item)]:
        letter = write(kind, *items, to_name=nasty, sender_name=nasty)
        assert nasty in letter.text
        assert "<b>Sở" not in letter.html
        assert "&lt;b&gt;Sở&lt;/b&gt; &amp; &#34;A&#34; {{ 7 * 7 }}" in letter.html
        assert "&amp;lt;" not in letter.html


def test_a_line_break_in_data_breaks_no_line() -> None:
    letter = write(Kind.RETURNED, replace(QUARTER, duty_name="Báo cáo\r\nBcc: ai@khac.example"))
    assert "\n" not in letter.subject
    assert "Báo cáo Bcc: ai@khac.example – Quý III năm 2016" in letter.text


def test_the_opening_says_what_to_do_and_what_came_with_it() -> None:
    letter = write(Kind.OPENING, replace(QUARTER, days_late=0))
    assert letter.subject == "[CCHC] Hạn 14/9/2016: Báo cáo CCHC quý III năm 2016 (mở kỳ)"
    assert "Đề nghị quý cơ quan điền tệp biểu mẫu" in letter.text
    assert "Tệp kèm theo thư: cchc-quy_2016-Q3_so-tu-phap.xlsx" in letter.text
    assert "Cách gửi: Trả lời thư này và đính kèm tệp." in letter.text
    assert letter.text.index("Cách gửi") < letter.text.index("Căn cứ")


def test_an_opening_after_the_deadline_says_so_first() -> None:
    letter = write(Kind.OPENING, QUARTER)
    assert letter.subject == (
        "[CCHC] Quá hạn 3 ngày làm việc, đề nghị gửi ngay: Báo cáo CCHC quý III năm 2016 "
        "(hạn 14/9/2016)"
    )
    for said in (letter.text, letter.html):
        assert "đã quá hạn khi thư này được gửi lần đầu" in said


@pytest.mark.parametrize(
    ("days_left", "today", "said"),
    [
        (2, dt.date(2016, 9, 12), "Còn 2 ngày làm việc"),
        (0, dt.date(2016, 9, 14), "Hạn cuối là hôm nay"),
        (0, dt.date(2016, 9, 13), "Ngày làm việc cuối cùng trước hạn"),
    ],
)
def test_a_reminder_counts_working_days(days_left: int, today: dt.date, said: str) -> None:
    letter = write(Kind.REMINDER, replace(QUARTER, days_left=days_left), today=today)
    title = "Báo cáo CCHC quý III năm 2016 (hạn 14/9/2016)"
    assert letter.subject == f"[CCHC] {said}: {title}"
    assert said.lower() in letter.text.lower()


def test_a_reminder_of_several_names_the_nearest_deadline() -> None:
    letter = write(Kind.REMINDER, YEAR, QUARTER)
    assert letter.subject == "[CCHC] Hạn sớm nhất 14/9/2016: 2 báo cáo chưa được chấp nhận"


@pytest.mark.parametrize("kind", [Kind.REMINDER, Kind.OVERDUE])
def test_who_was_returned_a_file_hears_it_again(kind: Kind) -> None:
    said, marked = "nên đã được trả lại", "Tệp kèm theo thư này là tệp đó"
    for changes in ({}, {"is_marked": True}):
        letter = write(kind, replace(QUARTER, is_returned=True, **changes))
        for words in (letter.text, Words(letter.html).text):
            assert said in words
            assert (marked in words) == bool(changes)
    assert said not in write(kind, QUARTER).text


@pytest.mark.parametrize("kind", [Kind.REMINDER, Kind.OVERDUE, Kind.RETURNED])
def test_what_was_given_back_has_a_time_for_mending(kind: Kind) -> None:
    letter = write(kind, replace(QUARTER, mending_days=5, last_day=dt.date(2016, 9, 20)))
    for words in (letter.text, Words(letter.html).text):
        assert re.search("Hạn gửi lại:? hết thứ Ba, ngày 20/9/2016", words)
        assert "5 ngày làm việc kể từ ngày trả lại; văn bản không quy định" in words
        assert "Hạn nộp" not in words


def test_an_overdue_letter_says_by_how_much() -> None:
    letter = write(Kind.OVERDUE, QUARTER)
    assert letter.subject.startswith("[CCHC] Quá hạn 3 ngày làm việc: Báo cáo CCHC quý")
    assert "Đề nghị quý cơ quan gửi ngay" in letter.text
    assert "Đã quá hạn: 3 ngày làm việc" in letter.text


def test_an_escalation_tells_the_head_of_their_own_agency() -> None:
    letter = write(Kind.ESCALATION, QUARTER)
    assert letter.subject == (
        "[CCHC] Đề nghị thủ trưởng chỉ đạo: Báo cáo CCHC quý III năm 2016 quá hạn 3 ngày làm việc"
    )
    assert "Đề nghị thủ trưởng cơ quan chỉ đạo" in letter.text
    for words in (letter.text, Words(letter.html).text):
        assert "Kính gửi: Lãnh đạo Sở Tư pháp" in words


def test_an_escalation_gives_the_secretariat_a_table() -> None:
    health = replace(QUARTER, agency_name="Sở Y tế", is_returned=True)
    letter = write(Kind.ESCALATION, QUARTER, health, to_secretariat=True)
    assert letter.subject == ("[CCHC] 2 báo cáo quá hạn chưa nộp: Báo cáo CCHC quý III năm 2016")
    assert "1. Sở Tư pháp: chưa gửi; quá hạn 3 ngày làm việc" in letter.text
    returned = "đã trả lại để sửa, chưa gửi lại"
    assert f"2. Sở Y tế: {returned}; quá hạn 3 ngày làm việc" in letter.text
    assert "Kính gửi: Sở Tư pháp" in letter.text
    assert Words(letter.html).tags.count("th") == 4
    assert "Cách gửi" not in letter.text


def test_a_receipt_proves_what_was_received() -> None:
    letter = write(Kind.RECEIPT, QUARTER)
    assert letter.subject == ("[CCHC] Đã nhận đúng hạn: Báo cáo CCHC quý III năm 2016 (lần gửi 2)")
    assert "Thời điểm nhận: 09:15 ngày 12/9/2016" in letter.text
    assert "Mã kiểm tra tệp (SHA-256): " + "0f" * 32 in letter.text
    assert "Báo cáo quý 3.xlsx (lần gửi 2)" in letter.text
    assert "Trang tính “8. Một cửa”, ô E12" in letter.text
    assert "Đã ghi: (để trống)" in letter.text
    late = write(Kind.RECEIPT, about(on_time=False, warnings=()))
    assert "QUÁ HẠN" in late.text
    assert "ĐÚNG HẠN" not in late.text
    assert "lưu ý" not in late.text


def test_a_question_names_the_file_and_asks() -> None:
    letter = write(Kind.QUESTION, about(file_name="bc.pdf", reason="Của kỳ nào?"))
    assert letter.subject == "[CCHC] Đề nghị làm rõ về tệp đã gửi: bc.pdf"
    for words in (letter.text, Words(letter.html).text):
        assert "Của kỳ nào?" in words
        assert "Đề nghị trả lời thư này." in words


def test_the_digest_lists_what_waits() -> None:
    waiting = ("Chờ xử lý số 1: bc.pdf", "Thư không gửi được: a@x.example")
    letter = write(Kind.DIGEST, LetterItem(), waiting=waiting)
    assert letter.subject.endswith(": 2")
    for words in (letter.text, Words(letter.html).text):
        assert all(line in words for line in waiting)
    settled = write(Kind.DIGEST, LetterItem())
    for words in (settled.text, Words(settled.html).text):
        assert "Không còn việc nào chờ xử lý." in words


@pytest.mark.parametrize("kind", [Kind.RECEIPT, Kind.REMINDER, Kind.OVERDUE, Kind.RETURNED])
def test_papers_that_still_lack_are_named(kind: Kind) -> None:
    lacking = ("văn bản báo cáo đã ký", "kế hoạch")
    letter, whole = write(kind, replace(QUARTER, papers=lacking)), write(kind, QUARTER)
    for words in (letter.text, Words(letter.html).text):
        assert re.search("Tài liệu còn phải gửi kèm:? văn bản báo cáo đã ký; kế hoạch", words)
        assert "không phải làm gì thêm" not in words
    for words in (whole.text, Words(whole.html).text):
        assert "Tài liệu" not in words
        assert ("không phải làm gì thêm" in words) == (kind is Kind.RECEIPT)


def test_a_report_that_a_person_returned_says_why() -> None:
    letter = write(Kind.RETURNED, about(returned_for="Số lệch với hệ thống", findings=()))
    for words in (letter.text, Words(letter.html).text):
        assert "Lý do trả lại" in words
        assert "Số lệch với hệ thống" in words
        assert "Phải sửa" not in words
        assert "đã được chấp nhận, nay được trả lại" in words
        assert "chưa được chấp nhận" not in words
    assert letter.subject.endswith("(hạn 14/9/2016)")


def test_what_a_whole_file_lacks_is_not_called_a_blank_cell() -> None:
    fault = Finding("sheet", Severity.BLOCKING, "", "", "", "có trang tính “2”", "Gửi lại.")
    letter = write(Kind.RETURNED, about(findings=(fault,), warnings=()))
    assert "Cả tệp" in letter.text
    for words in (letter.text, Words(letter.html).text):
        assert "(để trống)" not in words


def test_a_returned_file_comes_with_every_fault() -> None:
    letter = write(Kind.RETURNED, QUARTER)
    assert "(1 lỗi, hạn 14/9/2016)" in letter.subject
    for words in (letter.text, Words(letter.html).text):
        for part in ("Trang tính “3. TTHC”, ô D7", "1.234", "tổng các phần là 1.300", "Sửa ô D7."):
            assert part in words
        assert "các ô có lỗi được tô màu" in words
        assert "không bắt buộc sửa (1)" in words


def test_a_long_list_of_faults_is_cut_and_says_so() -> None:
    letter = write(Kind.RETURNED, about(findings=(FAULT,) * 73))
    assert "Phải sửa (73)" in letter.text
    assert "50. Trang tính" in letter.text
    assert "51. Trang tính" not in letter.text
    assert "… và 23 nội dung khác." in letter.text


def test_an_unreadable_file_may_belong_to_no_known_report() -> None:
    letter = write(
        Kind.UNREADABLE,
        of_no_report(file_name="quet.pdf", reason="Đây không phải bảng tính."),
    )
    assert letter.subject == "[CCHC] Không đọc được tệp: quet.pdf"
    assert "Lý do: Đây không phải bảng tính." in letter.text
    assert "Cách làm: mở tệp biểu mẫu" in letter.text
    assert "Căn cứ" not in letter.text


def test_a_file_that_could_be_read_is_not_called_unreadable() -> None:
    item = of_no_report(file_name="q4.xlsx", reason="Chưa mở kỳ.", was_read=True)
    letter = write(Kind.UNREADABLE, item)
    assert letter.subject == "[CCHC] Chưa ghi nhận được tệp: q4.xlsx"
    for words in (letter.text, Words(letter.html).text):
        assert "không đọc được" not in words.lower()
        assert "mật khẩu" not in words
        assert "Cách gửi:" in words


def test_by_when_and_the_button_come_first() -> None:
    link = LetterLink("Báo cáo CCHC quý III năm 2016", "https://bc.example/vao/x")
    for kind in (Kind.OPENING, Kind.REMINDER, Kind.OVERDUE):
        letter = write(kind, QUARTER, links=[link])
        for words in (letter.text, letter.html):
            assert words.count(link.url) == 1
            first = words.lower().index("hạn nộp: hết thứ tư, ngày 14/9/2016")
            assert first < words.index(link.url) < words.index("Đề nghị") < words.index("Căn cứ")


@pytest.mark.parametrize("kind", Kind)
def test_whom_to_ask_stands_at_the_foot_where_somebody_is_named(kind: Kind) -> None:
    line = HelpLine(office="Phòng Cải cách hành chính, Sở Nội vụ", telephone="0205 3812 345")
    item = replace(QUARTER, progress=PROGRESS)
    for words in (write(kind, item, contact=line).text, write(kind, item, contact=line).html):
        assert "liên hệ Phòng Cải cách hành chính, Sở Nội vụ, điện thoại 0205 3812 345." in words
    assert "điện thoại 0" not in write(kind, item).text


@pytest.mark.parametrize("kind", [Kind.DIGEST, Kind.UNREADABLE])
def test_the_secretariat_is_led_to_the_page_where_there_is_one(kind: Kind) -> None:
    item = about(was_read=True)
    link = LetterLink("Sở Nội vụ", "https://bc.example/vao/x")
    led = write(kind, item, to_secretariat=True, waiting=("a",), links=[link])
    for words in (led.text, led.html):
        assert "kybaocao" not in words
        assert "trong thư này để xử lý" in words


def test_what_is_searched_for_carries_nothing_invisible() -> None:
    for words in ("I.2.a", "V.1.đ", "1.Hồ sơ", "Trang tính “3. TTHC”, ô D7", "20.Tên"):
        assert theirs(words) == words
    for address in ("http://a.example", "ai@khac.example", "www.khac.example", "163.com"):
        assert JOINER in theirs(address)


@pytest.mark.parametrize("was_read", [True, False])
def test_the_secretariat_is_told_of_a_waiting_file_and_not_to_send_it_again(was_read: bool) -> None:
    item = of_no_report(file_name="a.pdf", reason="PDF.", was_read=was_read)
    letter = write(Kind.UNREADABLE, item, to_secretariat=True)
    for words in (letter.text, Words(letter.html).text):
        assert "kybaocao triage" in words
        assert "gửi lại" not in words
        assert "Cách gửi:" not in words


def test_a_delivery_counts_and_names_the_missing() -> None:
    letter = write(Kind.DELIVERY, replace(QUARTER, progress=PROGRESS))
    assert letter.subject == (
        "[CCHC] Bản tổng hợp tạm thời: Báo cáo CCHC quý III năm 2016 (27/30 đơn vị)"
    )
    assert "Đúng hạn: 26; quá hạn: 1; chưa có: 3" in letter.text
    assert "2. Sở Xây dựng" in letter.text
    whole = write(Kind.DELIVERY, replace(QUARTER, progress=Progress(total=30, on_time=30, late=0)))
    assert "tạm thời" not in (whole.subject + whole.text).lower()
    assert "30/30 đơn vị" in whole.subject
    assert "Khi có thêm báo cáo" in letter.text
    assert "Khi có thêm báo cáo" not in whole.text


def test_a_forwarded_report_is_delivered_with_its_proof() -> None:
    letter = write(Kind.DELIVERY, QUARTER, to_name="UBND tỉnh Bắc Giang")
    assert letter.subject == ("[CCHC] Chuyển báo cáo: Báo cáo CCHC quý III năm 2016 của Sở Tư pháp")
    assert "nộp đúng hạn, đã kiểm tra và được chấp nhận" in letter.text
    assert "0f" * 32 in letter.text
    assert "tổng hợp" not in letter.text
    assert "thay bản này" not in letter.text


def test_what_a_template_misses_is_an_error_and_no_gap(tmp_path: Path) -> None:
    with pytest.raises(LetterError):
        write(Kind.OPENING, replace(QUARTER, last_day=None))
    with pytest.raises(LetterError):
        write(Kind.RECEIPT, about(received_at=None))
    with pytest.raises(LetterError):
        write(Kind.OPENING)
    facts = LetterFacts(
        address="a@b.example",
        to_name="A",
        sender_name="B",
        today=dt.date(2016, 9, 12),
        items=[QUARTER],
    )
    with pytest.raises(LetterError):
        Letters(tmp_path).render(Kind.OPENING, facts)
    for part in ("subject", "txt", "html"):
        (tmp_path / f"opening.{part}").write_text("{{ items[0].deadlne }}")
    with pytest.raises(LetterError, match="deadlne"):
        Letters(tmp_path).render(Kind.OPENING, facts)


def test_days_and_sentences_as_officials_write_them() -> None:
    assert weekday(dt.date(2016, 9, 14)) == "thứ Tư, ngày 14/9/2016"
    assert weekday(dt.date(2016, 9, 18)) == "Chủ nhật, ngày 18/9/2016"
    assert sentence("Trả lời thư\nnày") == "Trả lời thư này."
    assert sentence("Trả lời thư này.") == "Trả lời thư này."
    assert brief("a\n b" * 100, 10) == "a ba ba b…"
