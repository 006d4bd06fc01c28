"""The event log as browsers get it."""

import re
from datetime import date, timedelta

import pytest

from kybaocao.adapters.ledger import Event
from kybaocao.rules.calendar.period import Period
from kybaocao.runtime import Office
from kybaocao.steps.decide.grants import Word, extend
from kybaocao.steps.intake.case import Incoming
from kybaocao.steps.intake.receive import receive
from tests.portal.conftest import TODAY, Clock, SignIn
from tests.steps.conftest import QUARTERLY, REGIME, workbook

SECRETARIAT, HEAD = "so-noi-vu", "lanhdao@so-noi-vu.quang-nam.example"
ACTOR = "vanthu@so-noi-vu.quang-nam.example"


def told(page: str) -> list[str]:
    """Return the lines of the log on a page, without tags."""
    body = page[page.index("<tbody>") : page.index("</tbody>")] if "<tbody>" in page else ""
    rows = re.findall(r"<tr>.*?</tr>", body, re.S)
    return [" ".join(re.sub(r"<[^>]+>", " ", row).split()) for row in rows]


@pytest.fixture
def decided(opened: Office) -> Office:
    """A file came, and somebody got more time."""
    receive(opened, Incoming(workbook(opened, "so-tu-phap"), "tu-phap.xlsx", "hand", TODAY), TODAY)
    regime, duty = opened.duty(REGIME, QUARTERLY)
    word = Word("Mất điện", "Giám đốc Sở Nội vụ", ACTOR)
    period, until = Period.parse("2016-Q3"), date(2016, 9, 20)
    extend(opened, regime, duty, period, "so-tai-chinh", until, word, TODAY)
    return opened


def test_whoever_reports_finds_no_log(opened: Office, sign_in: SignIn) -> None:
    assert sign_in("so-tu-phap").get("/nhat-ky").status_code == 404


def test_a_leader_reads_the_log(decided: Office, sign_in: SignIn) -> None:
    assert len(told(sign_in(SECRETARIAT, HEAD).get("/nhat-ky").text)) == 4


def test_lines_are_in_vietnamese_newest_first(decided: Office, sign_in: SignIn) -> None:
    page = sign_in(SECRETARIAT).get("/nhat-ky").text
    title = "Báo cáo cải cách hành chính quý III năm 2016"
    lines = told(page)
    assert lines[0] == f"09:00 ngày 05/9/2016 {ACTOR} Đăng nhập Sở Nội vụ"
    assert lines[1] == (
        f"09:00 ngày 05/9/2016 {ACTOR} Gia hạn {title} – Sở Tài chính "
        "đến hết ngày: 20/9/2016; lý do: Mất điện; người quyết định: Giám đốc Sở Nội vụ"
    )
    assert f"Hệ thống Nhận tệp {title} – Sở Tư pháp tệp: tu-phap.xlsx" in lines[2]
    assert "kết quả kiểm tra: được chấp nhận" in lines[2]
    assert f"Mở kỳ báo cáo {title} số báo cáo mới mở: 3" in lines[3]
    owed = decided.ledger.find_owed(REGIME, QUARTERLY, "2016-Q3", "so-tu-phap")
    assert owed is not None
    assert f'<a href="/bao-cao/{owed.id}">{title} – Sở Tư pháp</a>' in page


@pytest.mark.parametrize(
    ("query", "acts"),
    [
        ("noi-dung=Sở Tư pháp", ["Nhận tệp"]),
        ("noi-dung=sở tài CHÍNH", ["Gia hạn"]),
        ("noi-dung=tu-phap.xlsx", ["Nhận tệp"]),
        ("noi-dung=2016-Q3", ["Gia hạn", "Nhận tệp", "Mở kỳ báo cáo"]),
        ("noi-dung=%25", []),
        ("noi-dung=_", []),
        ("nguoi=so-noi-vu", ["Đăng nhập", "Gia hạn"]),
        ("nguoi=hệ thống", ["Nhận tệp", "Mở kỳ báo cáo"]),
        ("ngay=2016-09-05", ["Đăng nhập", "Gia hạn", "Nhận tệp", "Mở kỳ báo cáo"]),
        ("ngay=2016-09-04", []),
        ("ngay=2016-09-05&nguoi=so-noi-vu&noi-dung=so-tai-chinh", ["Gia hạn"]),
        ("noi-dung=%00", ["Đăng nhập", "Gia hạn", "Nhận tệp", "Mở kỳ báo cáo"]),
    ],
)
def test_the_log_is_filtered_by_day_person_and_subject(
    decided: Office, sign_in: SignIn, query: str, acts: list[str]
) -> None:
    known = ("Đăng nhập", "Gia hạn", "Nhận tệp", "Mở kỳ báo cáo")
    lines = told(sign_in(SECRETARIAT).get(f"/nhat-ky?{query}").text)
    assert [next(act for act in known if act in line) for line in lines] == acts


def test_what_is_no_day_is_said_and_kept(opened: Office, sign_in: SignIn) -> None:
    answer = sign_in(SECRETARIAT).get("/nhat-ky?ngay=31/2/2016")
    assert answer.status_code == 422
    assert "không phải là một ngày" in answer.text
    assert 'value="31/2/2016"' in answer.text


def test_a_hundred_lines_are_a_page(opened: Office, sign_in: SignIn) -> None:
    for number in range(250):
        moment = TODAY + timedelta(seconds=number)
        opened.ledger.log(Event(moment, f"n{number}@x.example", "sign-in", f"{REGIME}/so-tu-phap"))
    browser = sign_in(SECRETARIAT)
    pages = [browser.get(f"/nhat-ky?trang={number}&nguoi=x.example").text for number in (1, 2, 3)]
    assert [len(told(page)) for page in pages] == [100, 100, 50]
    assert "n249@x.example" in told(pages[0])[0]
    assert "n0@x.example" in told(pages[2])[-1]
    assert "/nhat-ky?ngay=&amp;nguoi=x.example&amp;noi-dung=&amp;trang=2" in pages[0]
    assert "Cũ hơn" not in pages[2]


@pytest.mark.parametrize("page", ["0", "-1", "99999999", "x", "²"])
def test_a_page_that_is_not_there_is_the_nearest(
    opened: Office, sign_in: SignIn, page: str
) -> None:
    assert len(told(sign_in(SECRETARIAT).get(f"/nhat-ky?trang={page}").text)) == 2


def test_another_regimes_events_are_not_shown(
    opened: Office, sign_in: SignIn, clock: Clock
) -> None:
    for subject in ("quang-nam-khac/so-tu-phap", "lang-son", "lang-son/x/2016-Q3/so-tu-phap"):
        opened.ledger.log(Event(TODAY, "la@x.example", "sign-in", subject))
    assert "la@x.example" not in sign_in(SECRETARIAT).get("/nhat-ky").text


def test_an_act_without_words_and_a_subject_unknown_are_shown_as_they_are(
    opened: Office, sign_in: SignIn
) -> None:
    event = Event(TODAY, "a@x.example", "new-act", f"{REGIME}/khong-con/2016-Q3/xa-cu", {"b": 1})
    opened.ledger.log(event)
    line = told(sign_in(SECRETARIAT).get("/nhat-ky?nguoi=a@x").text)[0]
    assert "new-act quang-nam/khong-con/2016-Q3/xa-cu b: 1" in line
