"""What people do on the portal, from a letter to a receipt, in a real browser."""

import re
from pathlib import Path

import pytest
from openpyxl import load_workbook
from playwright.sync_api import FilePayload, Locator, Page, expect

from kybaocao.adapters.ledger import Owed
from kybaocao.adapters.mail_catcher import MailCatcher
from kybaocao.demo.officer import wrong_sum
from kybaocao.rules.cycle.standing import State
from kybaocao.runtime import Office
from kybaocao.steps.intake.case import Incoming
from kybaocao.steps.intake.receive import receive
from kybaocao.steps.post.send import send_letters
from kybaocao.steps.standings import standing_of
from tests.browser.conftest import Enter, Window
from tests.portal.conftest import Clock
from tests.steps.conftest import workbook

AGENCY = "so-tu-phap"
ADDRESS = f"vanthu@{AGENCY}.quang-nam.example"
DESKTOP, PHONE = {"width": 1280, "height": 800}, {"width": 360, "height": 740}
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MARKED = "Tải tệp đã đánh dấu chỗ phải sửa"


@pytest.fixture
def owed(opened: Office) -> Owed:
    (found,) = opened.ledger.owed(agency=AGENCY)
    return found


@pytest.fixture
def link(served: Office, owed: Owed, clock: Clock, catcher: MailCatcher) -> str:
    """The link in the letter that opens the term."""
    send_letters(served, clock)
    (letter,) = [m for m in catcher.messages if m["To"] == ADDRESS]
    text = letter.get_body(("plain",))
    assert text is not None
    found = re.search(r"https://\S+/vao/\S+", text.get_content())
    assert found is not None
    return found[0]


@pytest.fixture
def wrong(served: Office, owed: Owed) -> FilePayload:
    data = workbook(served, AGENCY, spoil=wrong_sum)
    return {"name": "bao-cao-quy-3.xlsx", "mimeType": XLSX, "buffer": data}


@pytest.fixture
def right(served: Office, owed: Owed) -> FilePayload:
    data = workbook(served, AGENCY)
    return {"name": "bao-cao-quy-3-sua.xlsx", "mimeType": XLSX, "buffer": data}


def state(office: Office, owed: Owed, clock: Clock) -> State:
    return standing_of(office, owed, clock()).standing.state


def stays_closed_to_strangers(page: Page) -> None:
    """The session's cookie is bound to this host and out of scripts' reach."""
    (cookie,) = page.context.cookies()
    assert cookie["name"] == "__Host-phien"
    assert cookie["secure"] and cookie["httpOnly"] and cookie["sameSite"] == "Lax"
    assert page.evaluate("document.cookie") == ""


def saved(page: Page, link: Locator, folder: Path) -> Path:
    """Return the file behind a link, as the browser keeps it."""
    with page.expect_download() as waiting:
        link.click()
    path = folder / waiting.value.suggested_filename
    waiting.value.save_as(path)
    return path


def sends(page: Page, file: FilePayload) -> None:
    page.get_by_label(re.compile("^Tệp biểu mẫu Excel")).set_input_files(file)
    page.get_by_role("button", name="Gửi", exact=True).click()


def agency_reports(page: Page, link: str, files: list[FilePayload], folder: Path) -> None:
    """Walk from the letter to the receipt, once wrong and once right."""
    wrong, right = files
    page.goto(link)
    expect(page.get_by_text("Sở Tư pháp")).to_be_visible()
    page.get_by_role("button", name="Vào hệ thống").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Báo cáo cải cách hành chính quý")
    sends(page, wrong)
    told = page.locator("#ket-qua-gui")
    expect(told).to_contain_text("Trả lại: có 1 chỗ phải sửa")
    (cell,) = told.locator("td.cell").all_inner_texts()
    assert re.fullmatch(r"[A-Z]+\d+", cell)
    marked = load_workbook(saved(page, told.get_by_role("link", name=MARKED), folder))
    assert any(sheet[cell].comment for sheet in marked)
    sends(page, right)
    expect(told).to_contain_text("Đã chấp nhận")
    expect(told).to_contain_text("đúng hạn")
    told.get_by_role("link", name="Xem biên nhận").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Biên nhận báo cáo")
    expect(page.get_by_role("main")).to_contain_text("bao-cao-quy-3-sua.xlsx")


def test_an_officer_goes_from_the_letter_to_the_receipt(
    served: Office,
    owed: Owed,
    clock: Clock,
    window: Window,
    link: str,
    wrong: FilePayload,
    right: FilePayload,
    tmp_path: Path,
) -> None:
    page = window(viewport=DESKTOP).new_page()
    agency_reports(page, link, [wrong, right], tmp_path)
    stays_closed_to_strangers(page)
    assert state(served, owed, clock) is State.ACCEPTED
    page.get_by_role("button", name="Đăng xuất", exact=True).click()
    page.goto(f"/bao-cao/{owed.id}")
    assert page.url.endswith(f"/dang-nhap?ve=/bao-cao/{owed.id}")


def test_without_javascript_an_officer_gets_as_far(
    served: Office,
    owed: Owed,
    clock: Clock,
    window: Window,
    link: str,
    wrong: FilePayload,
    right: FilePayload,
    tmp_path: Path,
) -> None:
    page = window(viewport=PHONE, java_script_enabled=False).new_page()
    agency_reports(page, link, [wrong, right], tmp_path)
    assert state(served, owed, clock) is State.ACCEPTED


def tab_to(page: Page, wanted: Locator) -> None:
    """Press Tab until what is wanted is in focus."""
    for _ in range(40):
        page.keyboard.press("Tab")
        if wanted.evaluate_all("found => found.includes(document.activeElement)"):
            return
    raise AssertionError(f"Tab does not reach {wanted}")


def test_the_keyboard_alone_suffices(
    served: Office,
    owed: Owed,
    clock: Clock,
    window: Window,
    link: str,
    wrong: FilePayload,
    right: FilePayload,
) -> None:
    page = window(viewport=DESKTOP).new_page()
    # Dialogs are caught from the start: a key may be quicker than the catching begins.
    page.on("filechooser", lambda _: None)
    page.goto(link)
    tab_to(page, page.get_by_role("button", name="Vào hệ thống"))
    page.keyboard.press("Enter")
    page.wait_for_url("**/bao-cao/*")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Đến nội dung chính")).to_be_focused()
    page.keyboard.press("Enter")
    for file, said in ((wrong, "Trả lại"), (right, "Đã chấp nhận")):
        tab_to(page, page.get_by_label(re.compile("^Tệp biểu mẫu Excel")))
        with page.expect_file_chooser() as dialog:
            page.keyboard.press("Space")
        dialog.value.set_files(file)
        tab_to(page, page.get_by_role("button", name="Gửi", exact=True))
        page.keyboard.press("Space")
        told = page.locator("#ket-qua-gui")
        expect(told).to_contain_text(said)
        expect(told).to_be_focused()
    tab_to(page, page.get_by_role("link", name="Xem biên nhận"))
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Biên nhận báo cáo")
    assert state(served, owed, clock) is State.ACCEPTED


def test_the_secretariat_returns_grants_and_consolidates(
    served: Office, owed: Owed, clock: Clock, enter: Enter, tmp_path: Path
) -> None:
    receive(served, Incoming(workbook(served, AGENCY), "bc.xlsx", "portal", clock()), clock())
    other = "so-tai-chinh"
    receive(served, Incoming(workbook(served, other), "bc2.xlsx", "portal", clock()), clock())
    page = enter("so-noi-vu", viewport=DESKTOP)
    expect(page.get_by_role("heading", level=1)).to_have_text("Bảng theo dõi báo cáo")
    page.get_by_role("row", name="Sở Tư pháp").get_by_role("link").click()
    page.get_by_text("Trả lại báo cáo đã nhận").click()
    page.get_by_label("Lý do trả lại").fill("Thiếu phụ lục 2")
    page.get_by_role("button", name="Trả lại", exact=True).click()
    expect(page.get_by_role("status")).to_contain_text("Đã trả lại báo cáo")
    assert state(served, owed, clock) is State.RETURNED
    page.locator("summary", has_text=re.compile("^Gia hạn$")).click()
    page.get_by_label("Đến hết ngày").fill("2016-09-20")
    granting = page.locator("form[action$='/gia-han']")
    granting.get_by_label("Lý do").fill("Chờ số liệu cấp xã")
    granting.get_by_role("button", name="Gia hạn").click()
    expect(page.get_by_role("status")).to_contain_text("Đã gia hạn")
    assert standing_of(served, owed, clock()).owed.due.last_day.isoformat() == "2016-09-20"
    page.get_by_role("link", name="Bảng theo dõi").first.click()
    page.locator(".tally").get_by_role("link").click()
    book = load_workbook(saved(page, page.get_by_text("Tải bản tổng hợp"), tmp_path))
    first = {str(cell.value) for row in book.worksheets[0].iter_rows() for cell in row}
    assert any("BÁO CÁO CHƯA ĐẦY ĐỦ (1/3 đơn vị)" in words for words in first)
