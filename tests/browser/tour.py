"""Every page of the portal in a province's office where much has happened."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial

from playwright.sync_api import FilePayload, Page

from kybaocao.adapters.ledger import Owed
from kybaocao.demo.officer import wrong_sum
from kybaocao.rules.calendar.period import Window
from kybaocao.rules.regime.contact import Contact, Role
from kybaocao.rules.regime.regime import HelpLine
from kybaocao.rules.regime.ruling import Paper
from kybaocao.runtime import Office
from kybaocao.steps import access
from kybaocao.steps.cycle.cycle import advance
from kybaocao.steps.decide import requests, wishes
from kybaocao.steps.decide.grants import Word
from kybaocao.steps.intake import papers
from kybaocao.steps.intake.case import Incoming
from kybaocao.steps.intake.receive import receive
from kybaocao.steps.standings import standing_of
from tests.papers import pdf
from tests.portal.conftest import Clock
from tests.steps.conftest import QUARTERLY, REGIME, at, workbook

SECRETARIAT, AGENCY, MENDED, LATE = "so-noi-vu", "so-tu-phap", "so-tai-chinh", "ubnd-tam-ky"
ADDRESS = f"vanthu@{AGENCY}.quang-nam.example"


@dataclass(frozen=True)
class Stop:
    """A page: its name, who looks at it (nobody is signed in for ""), and how to get there."""

    name: str
    who: str
    path: str
    act: Callable[[Page], None] | None = None


def reachable(office: Office) -> None:
    """Say whom to ask, and give an agency that is late a telephone."""
    asked = HelpLine(office="Phòng Cải cách hành chính", telephone="(0235) 0000 000")
    known = office.regime(REGIME).model_copy(update={"contact": asked})
    regimes = {**office.config.regimes, REGIME: known}
    object.__setattr__(office.config, "regimes", regimes)
    desk = Contact(
        agency=LATE,
        role=Role.OFFICER,
        address=f"vanthu@{LATE}.quang-nam.example",
        name="Văn thư",
        telephone="(0235) 0000 001",
    )
    office.ledger.replace_contacts(REGIME, [desk], at("2016-09-01"), "operator")


def lived_in(office: Office, clock: Clock) -> None:
    """Let a quarter pass and half of the next: good, faulty, late and odd files, and rulings."""
    reachable(office)
    for period, opening, day in (
        ("2016-Q3", "2016-09-05", "2016-09-12"),
        ("2016-Q4", "2016-12-05", "2016-12-08"),
    ):
        advance(office, REGIME, QUARTERLY, at(opening))
        now = at(day)
        for agency in (AGENCY, MENDED):
            for spoil in (wrong_sum, None):
                if (agency, spoil, period) == (AGENCY, None, "2016-Q4"):
                    continue
                data = workbook(office, agency, period, spoil=spoil)
                receive(office, Incoming(data, f"bao-cao-{period}.xlsx", "portal", now), now)
    now = clock.now = at("2016-12-09", "09:30")
    returned, accepted = owed(office, AGENCY), owed(office, MENDED)
    papers.attach(office, pdf(), "bc-da-ky.pdf", accepted, Paper.SIGNED, now)
    receive(office, Incoming(b"%PDF-1.7 ?", "scan-0001.pdf", "portal", now), now)
    stands = standing_of(office, returned, now)
    until = returned.due.last_day + timedelta(days=5)
    wishes.wish_for_time(office, stands, until, "Chờ số liệu của cấp xã", ADDRESS, now)
    asked(office, now)


def asked(office: Office, now: datetime) -> None:
    """Ask two agencies for a report out of turn, by a duty that may be requested."""
    regime = office.regime(REGIME)
    duty = next(d for d in regime.duties if d.takes_requests)
    requests.ask(
        office,
        regime,
        duty,
        title="Số liệu một cửa phục vụ giao ban",
        form=duty.form,
        agencies=(AGENCY, LATE),
        window=Window(date(2016, 1, 1), date(2016, 11, 30)),
        last_day=date(2016, 12, 20),
        word=Word("Công văn của Ủy ban nhân dân tỉnh", "Giám đốc Sở Nội vụ"),
        now=now,
    )
    advance(office, REGIME, duty.id, now)


def owed(office: Office, agency: str, period: str = "2016-Q4") -> Owed:
    """Return what an agency owes for a quarter."""
    found = office.ledger.find_owed(REGIME, QUARTERLY, period, agency)
    assert found is not None
    return found


def asks_for_a_link(page: Page) -> None:
    page.get_by_label("Địa chỉ thư điện tử").fill(ADDRESS)
    page.get_by_role("button", name="Gửi liên kết đăng nhập").click()
    page.get_by_role("status").wait_for()


def sends_with_a_fault(office: Office, page: Page) -> None:
    data = workbook(office, AGENCY, "2016-Q4", spoil=wrong_sum)
    file: FilePayload = {"name": "bao-cao-quy-4.xlsx", "mimeType": "", "buffer": data}
    page.locator("input#tep").set_input_files(file)
    page.get_by_role("button", name="Gửi", exact=True).click()
    page.locator("#ket-qua-gui").wait_for()


def looks_at_a_request(page: Page) -> None:
    page.get_by_label("Nội dung yêu cầu").fill("Số liệu một cửa phục vụ giao ban")
    page.get_by_label("Hạn nộp").fill("2016-12-20")
    page.get_by_label("Căn cứ, lý do").fill("Công văn giao ban")
    page.get_by_label("Người yêu cầu").fill("Giám đốc Sở Nội vụ")
    page.locator("input[name='level']").first.check()
    page.get_by_role("button", name="Xem trước khi gửi").click()
    page.get_by_role("heading", name="Xem lại trước khi gửi").wait_for()


def grants_without_reason(page: Page) -> None:
    granting = page.locator("form[action$='/gia-han']:not(.inline)")
    page.locator("summary", has_text="Gia hạn").last.click()
    granting.get_by_label("Đến hết ngày").fill("2016-12-20")
    granting.get_by_label("Lý do").fill(" ")
    granting.get_by_role("button", name="Gia hạn").click()
    page.get_by_role("alert").wait_for()


def stops(office: Office, now: datetime) -> Iterator[Stop]:
    """Yield every page."""
    returned, accepted = owed(office, AGENCY), owed(office, MENDED)
    fresh = owed(office, LATE)
    version = office.ledger.versions([accepted])[accepted.id][-1]
    yield Stop("dang-nhap", "", "/dang-nhap")
    yield Stop("da-xin-lien-ket", "", "/dang-nhap", asks_for_a_link)
    link = access.issue_link(office, REGIME, AGENCY, ADDRESS, "/", now)
    yield Stop("lien-ket", "", link)
    yield Stop("lien-ket-het-han", "", "/vao/khong-dung")
    yield Stop("don-vi", AGENCY, "/bao-cao")
    yield Stop("don-vi-bi-tra-lai", AGENCY, f"/bao-cao/{returned.id}")
    sends = partial(sends_with_a_fault, office)
    yield Stop("don-vi-vua-gui", AGENCY, f"/bao-cao/{returned.id}", sends)
    yield Stop("don-vi-khong-thay", AGENCY, f"/bao-cao/{accepted.id}")
    yield Stop("don-vi-da-chap-nhan", MENDED, f"/bao-cao/{accepted.id}")
    yield Stop("bien-nhan", MENDED, f"/ban-nop/{version.id}/bien-nhan")
    yield Stop("don-vi-chua-gui", LATE, f"/bao-cao/{fresh.id}")
    yield Stop("bang-theo-doi", SECRETARIAT, "/tong-hop")
    yield Stop("mot-ky", SECRETARIAT, f"/tong-hop/{QUARTERLY}/2016-Q4")
    yield Stop("bao-cao-bi-tra-lai", SECRETARIAT, f"/bao-cao/{returned.id}")
    path = f"/bao-cao/{returned.id}"
    yield Stop("bao-cao-chua-gia-han", SECRETARIAT, path, grants_without_reason)
    yield Stop("bao-cao-da-chap-nhan", SECRETARIAT, f"/bao-cao/{accepted.id}")
    yield Stop("ket-qua", SECRETARIAT, "/ket-qua")
    yield Stop("cho-xu-ly", SECRETARIAT, "/cho-xu-ly")
    yield Stop("yeu-cau", SECRETARIAT, "/yeu-cau")
    yield Stop("yeu-cau-xem", SECRETARIAT, "/yeu-cau", looks_at_a_request)
    yield Stop("danh-ba", SECRETARIAT, "/danh-ba")
    yield Stop("danh-ba-mot-don-vi", SECRETARIAT, f"/danh-ba/{AGENCY}")
    yield Stop("thu", SECRETARIAT, "/thu")
    yield Stop("nhat-ky", SECRETARIAT, "/nhat-ky")
    yield Stop("bao-cao-cua-bo-phan-tong-hop", SECRETARIAT, "/bao-cao")
