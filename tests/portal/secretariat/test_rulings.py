"""The secretariat decides about a report on its page, and the agency hears of it."""

from datetime import date

import pytest
from fastapi.testclient import TestClient

from kybaocao.adapters.ledger import Owed
from kybaocao.demo.officer import wrong_sum
from kybaocao.portal.secretariat.rulings import ACTS
from kybaocao.rules.cycle.reminder import Kind
from kybaocao.rules.cycle.standing import State, Verdict
from kybaocao.runtime import Office
from kybaocao.steps.cycle.cycle import advance
from kybaocao.steps.decide import wishes
from kybaocao.steps.intake.case import Incoming
from kybaocao.steps.intake.receive import receive
from kybaocao.steps.standings import Standpoint, standing_of
from tests.portal.conftest import Clock, SignIn, csrf
from tests.steps.conftest import QUARTERLY, REGIME, at, workbook

AGENCY, SECRETARY = "so-tu-phap", "vanthu@so-noi-vu.quang-nam.example"


@pytest.fixture
def secretary(sign_in: SignIn) -> TestClient:
    return sign_in("so-noi-vu")


@pytest.fixture
def owed(opened: Office) -> Owed:
    (found,) = opened.ledger.owed(agency=AGENCY)
    return found


def stands(office: Office, owed: Owed, clock: Clock) -> Standpoint:
    return standing_of(office, owed, clock())


def act(browser: TestClient, owed: Owed, name: str, **typed: str) -> str:
    word = csrf(browser.get(f"/bao-cao/{owed.id}").text)
    path = f"/bao-cao/{owed.id}/quyet-dinh/{name}"
    return browser.post(path, data={"_csrf": word, **typed}).text


def letters(office: Office, owed: Owed, kind: Kind) -> int:
    of = {"duty": owed.duty, "period": owed.period, "agency": owed.agency}
    return len(office.ledger.post.letters(**of, kind=kind.value))


def came(office: Office, clock: Clock, is_wrong: bool = False) -> None:
    data = workbook(office, AGENCY, spoil=wrong_sum if is_wrong else None)
    receive(office, Incoming(data, "bc.xlsx", "portal", clock()), clock())


def test_an_accepted_report_goes_back_with_a_reason(
    opened: Office, owed: Owed, clock: Clock, secretary: TestClient
) -> None:
    came(opened, clock)
    page = act(secretary, owed, "tra-lai", ly_do="Thiếu phụ lục 2")
    assert "Đã trả lại báo cáo" in page
    assert "Thiếu phụ lục 2" in page
    assert stands(opened, owed, clock).standing.state is State.RETURNED
    assert letters(opened, owed, Kind.RETURNED) == 1


def test_a_returned_report_can_be_accepted_after_all(
    opened: Office, owed: Owed, clock: Clock, secretary: TestClient
) -> None:
    came(opened, clock, is_wrong=True)
    (version,) = stands(opened, owed, clock).versions
    assert version.verdict is Verdict.RETURNED
    typed = {"ban_nop": str(version.id), "ly_do": "Đã đối chiếu với bản giấy"}
    assert "Đã chấp nhận" in act(secretary, owed, "chap-nhan", **typed)
    now_stands = stands(opened, owed, clock)
    assert now_stands.standing.state is State.ACCEPTED
    assert now_stands.accepted is not None
    assert letters(opened, owed, Kind.RECEIPT) == 1
    (event,) = opened.ledger.events(act="accepted")
    assert (event.actor, event.detail["reason"]) == (SECRETARY, "Đã đối chiếu với bản giấy")


def test_what_was_accepted_and_returned_in_turn_is_as_the_last_word_says(
    opened: Office, owed: Owed, clock: Clock, secretary: TestClient
) -> None:
    came(opened, clock, is_wrong=True)
    (version,) = stands(opened, owed, clock).versions
    for _ in range(2):
        act(secretary, owed, "chap-nhan", ban_nop=str(version.id), ly_do="Được")
        assert stands(opened, owed, clock).standing.state is State.ACCEPTED
        act(secretary, owed, "tra-lai", ly_do="Không được")
        assert stands(opened, owed, clock).standing.state is State.RETURNED
    assert letters(opened, owed, Kind.RECEIPT) == 2


def test_only_the_latest_returned_version_can_be_accepted(
    opened: Office, owed: Owed, clock: Clock, secretary: TestClient
) -> None:
    came(opened, clock, is_wrong=True)
    came(opened, clock)
    first, _ = stands(opened, owed, clock).versions
    for number in (str(first.id), "9999", "x", ""):
        page = act(secretary, owed, "chap-nhan", ban_nop=number, ly_do="Được")
        assert "Chưa thực hiện" not in page or "bản gửi sau cùng" in page
    assert opened.ledger.events(act="accepted") == []


def test_more_time_is_given_and_told(
    opened: Office, owed: Owed, clock: Clock, secretary: TestClient
) -> None:
    page = act(secretary, owed, "gia-han", den_ngay="2016-09-20", ly_do="Mất điện")
    assert "Đã gia hạn" in page
    assert stands(opened, owed, clock).owed.due.last_day == date(2016, 9, 20)
    (waiver,) = opened.ledger.decisions.waivers(agency=AGENCY)
    assert (waiver.actor, waiver.granted_by) == (SECRETARY, SECRETARY)
    assert letters(opened, owed, Kind.GRANTED) == 1


def test_a_wish_for_more_time_is_granted_with_one_button(
    opened: Office, owed: Owed, clock: Clock, secretary: TestClient
) -> None:
    of = (stands(opened, owed, clock), date(2016, 9, 21), "Mất điện", "a@b.example")
    wishes.wish_for_time(opened, *of, clock())
    page = secretary.get(f"/bao-cao/{owed.id}").text
    assert "Đồng ý gia hạn đến 21/9/2016" in page
    act(secretary, owed, "gia-han", den_ngay="2016-09-21", ly_do="Mất điện")
    assert wishes.open_wishes(opened, owed.id) == []
    assert stands(opened, owed, clock).owed.due.last_day == date(2016, 9, 21)


def test_a_wish_for_more_time_is_declined_with_a_reason(
    opened: Office, owed: Owed, clock: Clock, secretary: TestClient
) -> None:
    of = (stands(opened, owed, clock), date(2016, 9, 21), "Mất điện", "a@b.example")
    wish, _ = wishes.wish_for_time(opened, *of, clock())
    assert "ghi lý do" in act(secretary, owed, "tu-choi", xin=str(wish.id), ly_do="").lower()
    act(secretary, owed, "tu-choi", xin=str(wish.id), ly_do="Kỳ họp cần số liệu")
    assert wishes.open_wishes(opened, owed.id) == []
    assert letters(opened, owed, Kind.DECLINED) == 1
    assert "không còn chờ" in act(secretary, owed, "tu-choi", xin=str(wish.id), ly_do="Thôi")


def test_a_wish_of_another_report_cannot_be_answered_here(
    opened: Office, owed: Owed, clock: Clock, secretary: TestClient
) -> None:
    (other,) = opened.ledger.owed(agency="so-tai-chinh")
    of = (standing_of(opened, other, clock()), date(2016, 9, 21), "Mất điện", "a@b.example")
    wish, _ = wishes.wish_for_time(opened, *of, clock())
    assert "không còn chờ" in act(secretary, owed, "tu-choi", xin=str(wish.id), ly_do="Thôi")
    assert wishes.open_wishes(opened, other.id) == [wish]


def test_a_waiver_is_given_and_taken_back(
    opened: Office, owed: Owed, clock: Clock, secretary: TestClient
) -> None:
    act(secretary, owed, "mien", ly_do="Đã sáp nhập", nguoi_quyet_dinh="Giám đốc Sở Nội vụ")
    assert stands(opened, owed, clock).standing.state is State.WAIVED
    act(secretary, owed, "thu-hoi", ly_do="Ghi nhầm")
    assert stands(opened, owed, clock).standing.state is State.WAITING


def test_a_reminder_goes_out_once_a_day(
    opened: Office, owed: Owed, clock: Clock, sign_in: SignIn
) -> None:
    secretary = sign_in("so-noi-vu")
    before = letters(opened, owed, Kind.REMINDER)
    assert "Đã đưa thư nhắc" in act(secretary, owed, "nhac")
    assert "Hôm nay thư nhắc về báo cáo này đã được gửi" in act(secretary, owed, "nhac")
    assert letters(opened, owed, Kind.REMINDER) == before + 1
    clock.now = at("2016-09-15", "09:00")
    act(sign_in("so-noi-vu"), owed, "nhac")
    assert letters(opened, owed, Kind.OVERDUE) == 1


def test_files_are_sent_on_behalf_of_an_agency(
    opened: Office, owed: Owed, clock: Clock, secretary: TestClient
) -> None:
    word = csrf(secretary.get(f"/bao-cao/{owed.id}").text)
    file = ("bc.xlsx", workbook(opened, AGENCY))
    path = f"/bao-cao/{owed.id}/nop-thay"
    answer = secretary.post(path, data={"_csrf": word}, files={"tep": file})
    assert answer.status_code == 200
    now_stands = stands(opened, owed, clock)
    assert now_stands.standing.state is State.ACCEPTED
    (event,) = opened.ledger.events(act="receive")
    assert event.actor == SECRETARY


@pytest.mark.parametrize(
    ("name", "typed", "said"),
    [
        ("tra-lai", {"ly_do": "Sai"}, "không có bản nào"),
        ("gia-han", {"ly_do": "Bão"}, "Ghi ngày"),
        ("gia-han", {"ly_do": "Bão", "den_ngay": "2016-09-01"}, "14/9/2016"),
        ("gia-han", {"ly_do": " ", "den_ngay": "2016-09-20"}, "lý do"),
        ("mien", {"ly_do": ""}, "lý do"),
        ("thu-hoi", {"ly_do": "Nhầm"}, "Chưa có"),
    ],
)
def test_what_does_not_fit_is_said_in_vietnamese(
    opened: Office, owed: Owed, secretary: TestClient, name: str, typed: dict[str, str], said: str
) -> None:
    page = act(secretary, owed, name, **typed)
    assert "Chưa thực hiện" in page
    assert said in page
    assert opened.ledger.decisions.waivers(regime=REGIME) == []


def test_figures_stand_beside_those_of_the_period_before(
    office: Office, clock: Clock, sign_in: SignIn
) -> None:
    regime, duty = office.duty(REGIME, QUARTERLY)
    for day, period in (("2016-09-05", "2016-Q3"), ("2016-12-05", "2016-Q4")):
        clock.now = at(day, "09:00")
        advance(office, REGIME, QUARTERLY, clock())
        data = workbook(office, AGENCY, period)
        receive(office, Incoming(data, f"{period}.xlsx", "portal", clock()), clock())
    found = office.ledger.find_owed(regime.id, duty.id, "2016-Q4", AGENCY)
    assert found is not None
    page = sign_in("so-noi-vu").get(f"/bao-cao/{found.id}").text
    assert "Số liệu so với các kỳ trước" in page
    assert "Kỳ trước" in page


def test_agencies_and_leaders_decide_nothing(
    opened: Office, owed: Owed, clock: Clock, sign_in: SignIn
) -> None:
    came(opened, clock)
    agency = sign_in(AGENCY)
    leader = sign_in("so-noi-vu", "lanhdao@so-noi-vu.quang-nam.example")
    acts = [*(f"quyet-dinh/{name}" for name in ACTS), "nop-thay"]
    for browser in (agency, leader):
        page = browser.get(f"/bao-cao/{owed.id}").text
        assert "Bộ phận tổng hợp xử lý" not in page
        for name in acts:
            form = {"_csrf": csrf(page), "ly_do": "x", "den_ngay": "2016-09-20"}
            assert browser.post(f"/bao-cao/{owed.id}/{name}", data=form).status_code == 404
    assert stands(opened, owed, clock).standing.state is State.ACCEPTED
