"""A leader sees whether the reports are complete, in time, and getting better."""

import io
import re
import xml.etree.ElementTree as ET

import pytest
from openpyxl import load_workbook

from kybaocao.rules.cycle.standing import Rate, State, rate_of
from kybaocao.runtime import Office
from kybaocao.steps.cycle.cycle import advance
from kybaocao.steps.intake.case import Incoming
from kybaocao.steps.intake.receive import receive
from tests.portal.conftest import Clock, SignIn
from tests.steps.conftest import QUARTERLY, REGIME, at, workbook

LEADER = "lanhdao@so-noi-vu.quang-nam.example"


@pytest.fixture
def two_terms(office: Office, clock: Clock) -> Office:
    """Quarter III: two in time, one never. Quarter IV: one in time, one late, one never."""
    came = {
        "2016-Q3": (("so-tu-phap", "2016-09-12"), ("so-tai-chinh", "2016-09-13")),
        "2016-Q4": (("so-tu-phap", "2016-12-13"), ("so-tai-chinh", "2016-12-20")),
    }
    for opening, period in (("2016-09-05", "2016-Q3"), ("2016-12-05", "2016-Q4")):
        advance(office, REGIME, QUARTERLY, at(opening))
        for agency, day in came[period]:
            receive(
                office,
                Incoming(workbook(office, agency, period), "x.xlsx", "folder", at(day)),
                at(day),
            )
    clock.now = at("2016-12-28", "09:00")
    return office


def test_rates_leave_waived_reports_out() -> None:
    found = rate_of([State.ACCEPTED, State.ACCEPTED_LATE, State.OVERDUE, State.WAIVED])
    assert found == Rate(owed=3, on_time=1, late=1)
    assert (found.completeness, found.punctuality) == (2 / 3, 1 / 3)
    assert rate_of([State.WAIVED]).completeness is None


@pytest.mark.usefixtures("two_terms")
def test_the_page_gives_rates_by_term_and_by_agency(sign_in: SignIn) -> None:
    page = sign_in("so-noi-vu", LEADER).get("/ket-qua").text
    said = " ".join(re.sub(r"<[^>]+>", "", page).split())
    assert "Phải nộp 6 báo cáo, đã nhận 4 (66,7%), đúng hạn 3 (50%)" in said
    rows = re.findall(r'<tr><th scope="row">([^<]+)</th><td class="number">(\d/\d)', page)
    assert rows == [("UBND Tam Kỳ", "0/2"), ("Sở Tài chính", "2/2"), ("Sở Tư pháp", "2/2")]


@pytest.mark.usefixtures("two_terms")
def test_the_page_says_how_many_days_late_each_report_is(sign_in: SignIn) -> None:
    page = sign_in("so-noi-vu", LEADER).get("/ket-qua").text
    said = " ".join(re.sub(r"<[^>]+>", " ", page).split())
    assert "Sở Tài chính 2/2 50% 6 Đã nhận, đúng hạn Đã nhận, quá hạn muộn 6 ngày" in said
    assert "UBND Tam Kỳ 0/2 0% 119 Quá hạn, chưa gửi muộn 105 ngày" in said


@pytest.mark.usefixtures("two_terms")
def test_a_year_is_chosen_and_the_list_goes_out_with_numbers(sign_in: SignIn) -> None:
    browser = sign_in("so-noi-vu", LEADER)
    assert "2 kỳ của năm 2016" in browser.get("/ket-qua?nam=2016").text
    # A year without any result is no year.
    assert "2 kỳ gần nhất" in browser.get("/ket-qua?nam=1999").text
    answer = browser.get("/ket-qua/tai.xlsx?nam=2016")
    assert "_2016.xlsx" in answer.headers["content-disposition"]
    sheet = load_workbook(io.BytesIO(answer.content)).active
    assert sheet is not None
    head, *rows = sheet.iter_rows(values_only=True)
    assert head[:8] == (
        "Mã đơn vị", "Đơn vị", "Phải nộp", "Đã nhận", "Đúng hạn", "Quá hạn",
        "Tỷ lệ đúng hạn (%)", "Số ngày muộn",
    )  # fmt: skip
    found = {row[0]: row[2:] for row in rows}
    assert found["so-tai-chinh"][:6] == (2, 2, 1, 1, 50, 6)
    assert found["so-tai-chinh"][7] == "Đã nhận, quá hạn: muộn 6 ngày"


@pytest.mark.usefixtures("two_terms")
def test_the_trend_is_a_picture_with_a_bar_for_each_rate(sign_in: SignIn) -> None:
    answer = sign_in("so-noi-vu", LEADER).get("/ket-qua/xu-huong.svg")
    assert answer.headers["content-type"] == "image/svg+xml"
    drawn = ET.fromstring(answer.text)  # noqa: S314 (our own)
    words = [node.text for node in drawn.iter("{http://www.w3.org/2000/svg}text")]
    assert {"2016-Q3", "2016-Q4", "67%", "33%"} <= set(words)


def test_before_any_deadline_there_is_nothing_to_rate(opened: Office, sign_in: SignIn) -> None:
    assert opened.ledger.owed()
    browser = sign_in("so-noi-vu")
    assert "chưa có kết quả" in browser.get("/ket-qua").text
    assert browser.get("/ket-qua/xu-huong.svg").status_code == 200


def test_an_agency_has_no_such_page(sign_in: SignIn) -> None:
    browser = sign_in("so-tu-phap")
    for path in ("/ket-qua", "/ket-qua/tai.xlsx", "/ket-qua/xu-huong.svg"):
        assert browser.get(path).status_code == 404
