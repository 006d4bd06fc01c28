"""The board, and one term's reports with their consolidation, as browsers get them."""

import io
import re
from datetime import date

import pytest
from openpyxl import load_workbook

from kybaocao.adapters.ledger import Arrival
from kybaocao.rules.calendar.period import Period
from kybaocao.rules.cycle.reminder import Kind
from kybaocao.rules.cycle.standing import Verdict
from kybaocao.runtime import Office
from kybaocao.steps.cycle.cycle import advance
from kybaocao.steps.decide.grants import Word, extend, waive
from kybaocao.steps.decide.wishes import wish_for_time
from kybaocao.steps.intake.case import Incoming
from kybaocao.steps.intake.receive import receive
from kybaocao.steps.post.send import send_letters
from kybaocao.steps.standings import standing_of
from kybaocao.steps.view.missing import HEADERS
from tests.portal.conftest import TODAY, Clock, SignIn, csrf
from tests.steps.conftest import FORWARDED, QUARTERLY, REGIME, at, workbook

SECRETARIAT = "so-noi-vu"
HEAD = "lanhdao@so-noi-vu.quang-nam.example"
TERM = f"/tong-hop/{QUARTERLY}/2016-Q3"
PERIOD = Period.parse("2016-Q3")
WORD = Word("Mất điện kéo dài", "Giám đốc Sở Nội vụ", "vanthu@so-noi-vu.quang-nam.example")


def report(office: Office, agency: str, day: str = "2016-09-05", hour: str = "08:30") -> None:
    moment = at(day, hour)
    receive(office, Incoming(workbook(office, agency), f"{agency}.xlsx", "hand", moment), moment)


def flat(page: str) -> str:
    """Return a page's text without tags, its spaces single."""
    return " ".join(re.sub(r"<[^>]+>", " ", page).split())


@pytest.mark.parametrize("path", ["/tong-hop", TERM, f"{TERM}/tai", f"{TERM}?noi-nhan=so-noi-vu"])
def test_whoever_reports_finds_no_board(opened: Office, sign_in: SignIn, path: str) -> None:
    """The chief of an agency that reports sees its own reports, and none of the others'."""
    for address in ("", "lanhdao@so-tu-phap.quang-nam.example"):
        answer = sign_in("so-tu-phap", address).get(path)
        assert answer.status_code == 404
        assert "Tài chính" not in answer.text


def test_a_leader_reads_the_board(opened: Office, sign_in: SignIn) -> None:
    browser = sign_in(SECRETARIAT, HEAD)
    for path in ("/tong-hop", TERM, f"{TERM}/tai"):
        assert browser.get(path).status_code == 200


def test_before_anything_was_opened_the_board_says_so(office: Office, sign_in: SignIn) -> None:
    page = sign_in(SECRETARIAT).get("/tong-hop")
    assert page.status_code == 200
    assert "Chưa có kỳ báo cáo nào được mở" in page.text


def test_each_cell_says_in_a_word_how_a_report_stands_and_leads_to_it(
    opened: Office, sign_in: SignIn
) -> None:
    report(opened, "so-tu-phap")
    page = sign_in(SECRETARIAT).get("/tong-hop").text
    said = flat(page)
    assert "Sở Tư pháp ✓ Đã nhận" in said
    assert "Sở Tài chính ○ Chưa gửi còn 9 ngày" in said
    for owed in opened.ledger.owed():
        assert f'<a href="/bao-cao/{owed.id}">' in page


@pytest.mark.parametrize("typed", ["tài chính", "TAI CHINH", "tai  chinh"])
def test_an_agency_is_found_by_a_part_of_its_name(
    opened: Office, sign_in: SignIn, typed: str
) -> None:
    assert opened.ledger.owed()
    page = sign_in(SECRETARIAT).get("/tong-hop", params={"tim": typed}).text
    table = page.split('aria-label="Bảng đơn vị theo kỳ"')[1].split("</table>")[0]
    assert re.findall(r'<th scope="row">([^<]+)', table) == ["Sở Tài chính"]
    assert "Bỏ lọc" in page


def test_who_is_not_found_is_said(opened: Office, sign_in: SignIn) -> None:
    assert opened.ledger.owed()
    page = sign_in(SECRETARIAT).get("/tong-hop", params={"tim": "tái chính"}).text
    assert "Không có đơn vị nào như đã chọn" in page


def test_a_late_a_waived_and_an_extended_report_are_told_apart(
    opened: Office, sign_in: SignIn, clock: Clock
) -> None:
    regime, duty = opened.duty(REGIME, QUARTERLY)
    until = date(2016, 9, 20)
    extend(opened, regime, duty, PERIOD, "so-tai-chinh", until, WORD, TODAY)
    waive(opened, regime, duty, PERIOD, "ubnd-tam-ky", None, WORD, TODAY)
    clock.now = at("2016-09-16", "09:00")
    said = flat(sign_in(SECRETARIAT).get("/tong-hop").text)
    assert "Sở Tư pháp ! Quá hạn muộn 2 ngày" in said
    assert "Sở Tài chính ○ Chưa gửi còn 4 ngày gia hạn đến 20/9/2016" in said
    assert "thành phố Tam Kỳ – Được miễn" in said
    assert "Đã nhận 0/2 đúng hạn 0 quá hạn 0 còn thiếu 2 được miễn 1" in said


def test_the_board_can_show_only_who_is_missing(opened: Office, sign_in: SignIn) -> None:
    report(opened, "so-tu-phap")
    page = sign_in(SECRETARIAT).get("/tong-hop?con-thieu=1").text
    table = page[page.index("<table") : page.rindex("</table>")]
    assert "Sở Tư pháp" not in table
    assert "Sở Tài chính" in table
    assert "Đã nhận 1/3" in flat(page)


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("cap=huyen", {"Tam Kỳ"}),
        ("trang-thai=accepted", {"Sở Tư pháp"}),
        ("trang-thai=waiting", {"Sở Tài chính", "Tam Kỳ"}),
        ("trang-thai=waiting&cap=so", {"Sở Tài chính"}),
        ("nam=2016", {"Sở Tư pháp", "Sở Tài chính", "Tam Kỳ"}),
        # What no list offers stands for nothing chosen.
        ("nam=1999&cap=x&trang-thai=x&nghia-vu=x", {"Sở Tư pháp", "Sở Tài chính", "Tam Kỳ"}),
    ],
)
def test_the_board_is_narrowed_by_level_state_and_year(
    opened: Office, sign_in: SignIn, query: str, shown: set[str]
) -> None:
    report(opened, "so-tu-phap")
    page = sign_in(SECRETARIAT).get(f"/tong-hop?{query}").text
    table = page[page.index("<table") : page.rindex("</table>")]
    assert {name for name in ("Sở Tư pháp", "Sở Tài chính", "Tam Kỳ") if name in table} == shown


def test_today_is_told_in_sentences(opened: Office, sign_in: SignIn, clock: Clock) -> None:
    send_letters(opened, clock)
    report(opened, "so-tu-phap")
    regime, duty = opened.duty(REGIME, QUARTERLY)
    extend(opened, regime, duty, PERIOD, "so-tai-chinh", date(2016, 9, 20), WORD, TODAY)
    said = flat(sign_in(SECRETARIAT).get("/tong-hop").text)
    assert "Mở Báo cáo cải cách hành chính quý III năm 2016 cho 3 đơn vị." in said
    assert "Nhận 1 tệp: 1 được chấp nhận." in said
    assert "Gửi 3 thư: 3 thư mở kỳ." in said
    assert "Gia hạn : Báo cáo cải cách hành chính quý III năm 2016 – Sở Tài chính" in said
    assert "đến hết ngày: 20/9/2016; lý do: Mất điện kéo dài" in said


def test_yesterday_is_not_today(opened: Office, sign_in: SignIn, clock: Clock) -> None:
    report(opened, "so-tu-phap")
    clock.now = at("2016-09-06", "00:00")
    said = flat(sign_in(SECRETARIAT).get("/tong-hop").text)
    assert "Nhận 1 tệp" not in said


def test_the_board_says_what_waits(opened: Office, sign_in: SignIn) -> None:
    receive(opened, Incoming(b"no workbook", "la.xlsx", "hand", TODAY), TODAY)
    letter = opened.ledger.post.letters()[0]
    parcel = opened.ledger.post.claim(TODAY, TODAY - at("2016-09-01"))[0]
    opened.ledger.post.failed(parcel, "550 <b>no such user</b>")
    page = sign_in(SECRETARIAT).get("/tong-hop").text
    assert '<a href="/cho-xu-ly">1 tệp chờ xử lý</a>' in page
    assert "1 thư không gửi được" in page
    assert letter.address in page
    assert "<b>no such user" not in page


def test_a_wish_for_more_time_stands_on_the_board_until_it_is_answered(
    opened: Office, sign_in: SignIn
) -> None:
    owed = opened.ledger.find_owed(REGIME, QUARTERLY, "2016-Q3", "so-tai-chinh")
    assert owed is not None
    until = date(2016, 9, 20)
    stands = standing_of(opened, owed, TODAY)
    wish_for_time(opened, stands, until, "Đang kiểm kê", "x@so-tai-chinh.example", TODAY)
    said = flat(sign_in(SECRETARIAT).get("/tong-hop").text)
    assert "1 yêu cầu gia hạn chưa trả lời" in said
    assert "xin đến hết ngày 20/9/2016; lý do: Đang kiểm kê" in said
    regime, duty = opened.duty(REGIME, QUARTERLY)
    extend(opened, regime, duty, PERIOD, "so-tai-chinh", until, WORD, TODAY)
    said = flat(sign_in(SECRETARIAT).get("/tong-hop").text)
    assert "0 yêu cầu gia hạn chưa trả lời" in said


# One term


def test_a_term_lists_every_report_and_its_note(opened: Office, sign_in: SignIn) -> None:
    report(opened, "so-tu-phap")
    regime, duty = opened.duty(REGIME, QUARTERLY)
    extend(opened, regime, duty, PERIOD, "so-tai-chinh", date(2016, 9, 20), WORD, TODAY)
    said = flat(sign_in(SECRETARIAT).get(TERM).text)
    assert "Sở Tư pháp ✓ Đã nhận 08:30 ngày 05/9/2016 1" in said
    assert "gia hạn đến hết ngày 20/9/2016: Mất điện kéo dài (Giám đốc Sở Nội vụ)" in said


def test_a_term_shows_the_sums_and_how_many_gave_them(opened: Office, sign_in: SignIn) -> None:
    for agency in ("so-tu-phap", "ubnd-tam-ky"):
        report(opened, agency)
    page = sign_in(SECRETARIAT).get(TERM).text
    counted = [
        opened.ledger.figures([v.id])[v.id]
        for versions in opened.ledger.versions(opened.ledger.owed()).values()
        for v in versions
    ]
    total = sum(
        f.value
        for figures in counted
        for f in figures
        if (f.row, f.column) == ("HS-01", "done") and isinstance(f.value, float | int)
    )
    shown = f"{int(total):,}".replace(",", ".")
    row = re.search(r"<td>HS-01</td>.*?</tr>", page, re.S)
    assert row is not None
    assert f'<td class="number">{shown}</td>' in row[0]
    assert '<td class="number">2/3</td>' in row[0]
    # Only the city is asked for its communes.
    communes = re.search(r"<td>HS-05</td>.*?</tr>", page, re.S)
    assert communes is not None
    assert '<td class="number">1/1</td>' in communes[0]
    assert "Số liệu của từng đơn vị" in page


def test_what_is_incomplete_says_so_on_the_page_in_the_name_and_in_the_workbook(
    opened: Office, sign_in: SignIn
) -> None:
    report(opened, "so-tu-phap")
    browser = sign_in(SECRETARIAT)
    assert "TẠM THỜI 1/3" in browser.get(TERM).text
    answer = browser.get(f"{TERM}/tai")
    assert "_TAM-THOI-1-3.xlsx" in answer.headers["content-disposition"]
    assert answer.headers["content-disposition"].startswith("attachment")
    book = load_workbook(io.BytesIO(answer.content))
    texts = [str(cell.value) for row in book["Tổng hợp"].iter_rows() for cell in row if cell.value]
    assert any("CHƯA ĐẦY ĐỦ (1/3 đơn vị)" in text for text in texts)


def test_what_is_complete_is_not_called_partial(opened: Office, sign_in: SignIn) -> None:
    for agency in ("so-tu-phap", "so-tai-chinh", "ubnd-tam-ky"):
        report(opened, agency)
    browser = sign_in(SECRETARIAT)
    page = browser.get(TERM).text
    assert "tạm thời" not in page.lower()
    assert "Đã đủ 3/3 báo cáo" in page
    assert "_3-3.xlsx" in browser.get(f"{TERM}/tai").headers["content-disposition"]


def test_a_download_neither_delivers_nor_spoils_the_delivery(
    opened: Office, sign_in: SignIn
) -> None:
    for agency in ("so-tu-phap", "so-tai-chinh", "ubnd-tam-ky"):
        report(opened, agency)
    before = (opened.ledger.events(), opened.ledger.post.letters())
    sign_in(SECRETARIAT).get(f"{TERM}/tai")
    assert opened.ledger.consolidation(REGIME, QUARTERLY, "2016-Q3", SECRETARIAT) is None
    assert opened.ledger.post.letters() == before[1]
    assert [e.act for e in opened.ledger.events()[len(before[0]) :]] == ["sign-in"]
    after = at("2016-09-15")
    assert "tổng hợp 3/3 báo cáo" in advance(opened, REGIME, QUARTERLY, after).summary
    made = opened.ledger.consolidation(REGIME, QUARTERLY, "2016-Q3", SECRETARIAT)
    assert made is not None
    assert made.as_of == after
    (letter,) = opened.ledger.post.letters(consolidation_id=made.id)
    assert letter.attachment_sha256 == made.sha256


def test_what_is_forwarded_has_no_consolidation(opened: Office, sign_in: SignIn) -> None:
    advance(opened, REGIME, FORWARDED, at("2016-12-20"))
    browser = sign_in(SECRETARIAT)
    page = browser.get(f"/tong-hop/{FORWARDED}/2016")
    assert page.status_code == 200
    assert "không tổng hợp số liệu" in page.text
    assert browser.get(f"/tong-hop/{FORWARDED}/2016/tai").status_code == 404


def test_who_collects_sees_the_term_and_nobody_elses(opened: Office, sign_in: SignIn) -> None:
    """The province's office receives the legal department's report itself."""
    advance(opened, REGIME, FORWARDED, at("2016-12-20"))
    browser = sign_in("ubnd-tinh")
    assert browser.get(f"/tong-hop/{FORWARDED}/2016").status_code == 200
    for path in (TERM, f"{TERM}/tai", "/tong-hop"):
        assert browser.get(path).status_code == 404


@pytest.mark.parametrize(
    "path",
    [
        f"/tong-hop/{QUARTERLY}/2016-Q2",
        f"/tong-hop/{QUARTERLY}/x",
        f"/tong-hop/{QUARTERLY}/%00",
        "/tong-hop/x/2016-Q3",
        f"{TERM}?noi-nhan=x",
        f"{TERM}/tai?noi-nhan=x",
    ],
)
def test_what_is_not_there_is_not_found(opened: Office, sign_in: SignIn, path: str) -> None:
    assert sign_in(SECRETARIAT).get(path).status_code == 404


def test_text_of_a_sender_is_only_text(opened: Office, sign_in: SignIn) -> None:
    owed = opened.ledger.owed()[0]
    name = "<script>alert(1)</script>\u202e.xlsx"
    arrival = Arrival(owed.id, "0" * 64, name, "portal", TODAY, Verdict.ACCEPTED)
    opened.ledger.record(arrival, TODAY)
    browser = sign_in(SECRETARIAT)
    for path in ("/tong-hop", TERM, "/nhat-ky"):
        page = browser.get(path).text
        assert "<script>alert" not in page
        assert "\u202e" not in page


# Who is missing comes first


def test_the_board_answers_first_who_is_missing(opened: Office, sign_in: SignIn) -> None:
    report(opened, "so-tu-phap")
    page = sign_in(SECRETARIAT).get("/tong-hop").text
    first = page[page.index("Còn thiếu") : page.index("Cần xử lý")]
    assert "thiếu 2 trong 3, hạn hết ngày 14/9/2016" in first
    assert "Sở Tài chính" in first and "Tam Kỳ" in first
    assert "Sở Tư pháp" not in first


def test_after_the_deadline_the_term_that_is_over_still_comes_first(
    opened: Office, sign_in: SignIn, clock: Clock
) -> None:
    browser = sign_in(SECRETARIAT)
    clock.now = at("2016-09-15", "09:00")
    browser = sign_in(SECRETARIAT)
    page = browser.get("/tong-hop").text
    assert "thiếu 3 trong 3, hạn hết ngày 14/9/2016" in page
    assert "quá hạn" in page[page.index("Còn thiếu") : page.index("Cần xử lý")]


def test_reminding_everybody_of_a_list_takes_three_acts(opened: Office, sign_in: SignIn) -> None:
    browser = sign_in(SECRETARIAT)
    board = browser.get("/tong-hop").text
    found = re.search(r'href="(/tong-hop/[^"]+)#con-thieu"', board)
    assert found is not None
    term = browser.get(found[1]).text
    chosen = re.findall(r'name="agency" value="([^"]+)" checked', term)
    assert len(chosen) == 3
    form = {"_csrf": csrf(term), "agency": chosen}
    told = browser.post(f"{found[1]}/nhac", data=form)
    assert "Đã đưa thư nhắc vào hàng gửi cho mọi đơn vị đã chọn" in told.text
    kinds = [letter.kind for letter in opened.ledger.post.letters(kind=Kind.REMINDER.value)]
    assert len(kinds) >= 3
    agencies = {letter.agency for letter in opened.ledger.post.letters(kind=Kind.REMINDER.value)}
    assert agencies == set(chosen)


def test_the_list_of_the_missing_is_a_workbook_with_whom_to_ask(
    opened: Office, sign_in: SignIn
) -> None:
    report(opened, "so-tu-phap")
    browser = sign_in(SECRETARIAT)
    term = re.search(r'href="(/tong-hop/[^"]+)#con-thieu"', browser.get("/tong-hop").text)
    assert term is not None
    data = browser.get(f"{term[1]}/con-thieu.xlsx").content
    sheet = load_workbook(io.BytesIO(data)).active
    assert sheet is not None
    rows = list(sheet.iter_rows(values_only=True))
    assert rows[0] == HEADERS
    assert {row[0] for row in rows[1:]} == {"so-tai-chinh", "ubnd-tam-ky"}
    assert all("@" in str(row[6]) for row in rows[1:])


def test_a_leader_sees_the_list_and_reminds_nobody(opened: Office, sign_in: SignIn) -> None:
    browser = sign_in(SECRETARIAT, "lanhdao@so-noi-vu.quang-nam.example")
    term = re.search(r'href="(/tong-hop/[^"]+)#con-thieu"', browser.get("/tong-hop").text)
    assert term is not None
    page = browser.get(term[1]).text
    assert 'name="agency"' not in page
    form = {"_csrf": csrf(page), "agency": "so-tai-chinh"}
    assert browser.post(f"{term[1]}/nhac", data=form).status_code == 404
