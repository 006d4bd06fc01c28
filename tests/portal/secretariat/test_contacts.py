"""The contacts: edited one agency at a time, or in Excel and brought back."""

import csv
import io

import pytest
from fastapi.testclient import TestClient
from httpx import Response
from openpyxl import Workbook, load_workbook

from kybaocao.rules.regime.contact import Contact, Role
from kybaocao.runtime import Office
from tests.portal.conftest import Clock, SignIn, csrf
from tests.steps.conftest import REGIME

NEW = "cchc@so-tu-phap.quang-nam.example"
HEADERS = ["Mã đơn vị", "Đơn vị", "Vai trò", "Địa chỉ thư điện tử", "Người nhận", "Điện thoại"]


def addresses(office: Office, agency: str) -> list[tuple[str, str]]:
    found = office.ledger.contacts(REGIME)
    return sorted((c.role.value, c.address) for c in found if c.agency == agency)


def bring(browser: TestClient, data: bytes, name: str = "danh-ba.xlsx") -> Response:
    word = csrf(browser.get("/danh-ba").text)
    return browser.post("/danh-ba/nhap", data={"_csrf": word}, files={"tep": (name, data)})


def listed(*rows: list[str], headers: list[str] = HEADERS) -> bytes:
    book = Workbook()
    assert book.active is not None
    for row in [headers, *rows]:
        book.active.append(row)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


@pytest.fixture
def secretary(sign_in: SignIn) -> TestClient:
    return sign_in("so-noi-vu")


def test_every_agency_is_there_with_its_addresses(secretary: TestClient) -> None:
    page = secretary.get("/danh-ba").text
    for words in ("Sở Tư pháp", "vanthu@so-tu-phap.quang-nam.example", "thủ trưởng", "đầu mối"):
        assert words in page


PAGES = ("/danh-ba", "/danh-ba/tai.xlsx", "/danh-ba/tai.csv")
LEADER = "lanhdao@so-noi-vu.quang-nam.example"


def test_an_agency_has_no_such_page(sign_in: SignIn) -> None:
    browser = sign_in("so-tu-phap")
    for path in (*PAGES, "/danh-ba/so-tu-phap"):
        assert browser.get(path).status_code == 404


def test_a_leader_reads_everything_and_changes_nothing(sign_in: SignIn) -> None:
    browser = sign_in("so-noi-vu", LEADER)
    for path in PAGES:
        assert browser.get(path).status_code == 200
    page = browser.get("/danh-ba").text
    assert 'action="/danh-ba/nhap"' not in page
    assert 'href="/danh-ba/so-tu-phap"' not in page
    assert browser.get("/danh-ba/so-tu-phap").status_code == 404
    for path in ("/danh-ba/nhap", "/danh-ba/so-tu-phap"):
        assert browser.post(path, data={"_csrf": csrf(page)}).status_code == 404


@pytest.fixture
def operator(office: Office, sign_in: SignIn, clock: Clock) -> TestClient:
    contact = Contact(agency="ubnd-tinh", role=Role.OPERATOR, address="cntt@tinh.example")
    office.ledger.replace_contacts(REGIME, [contact], clock(), "operator", ["ubnd-tinh"])
    return sign_in("ubnd-tinh")


def test_an_operator_keeps_contacts_too(office: Office, operator: TestClient) -> None:
    form = {"_csrf": csrf(operator.get("/danh-ba/so-tu-phap").text)}
    form |= {"role-0": "officer", "address-0": NEW, "name-0": ""}
    assert "Đã lưu danh bạ" in operator.post("/danh-ba/so-tu-phap", data=form).text
    assert addresses(office, "so-tu-phap") == [("officer", NEW)]


def test_an_operator_makes_nobody_one_of_those_who_decide(
    office: Office, operator: TestClient
) -> None:
    before = addresses(office, "so-noi-vu")
    form = {"_csrf": csrf(operator.get("/danh-ba/so-noi-vu").text)}
    form |= {"role-0": "officer", "address-0": "cntt@tinh.example", "name-0": ""}
    answer = operator.post("/danh-ba/so-noi-vu", data=form)
    assert answer.status_code == 422
    assert "do cán bộ tổng hợp của chính cơ quan này sửa" in answer.text
    row = ["so-noi-vu", "", "đầu mối", "cntt@tinh.example", ""]
    assert "do cán bộ tổng hợp" in bring(operator, listed(row)).text
    assert addresses(office, "so-noi-vu") == before


def test_one_agencys_addresses_are_typed_anew(office: Office, secretary: TestClient) -> None:
    page = secretary.get("/danh-ba/so-tu-phap").text
    form = {"_csrf": csrf(page), "role-0": "officer", "address-0": NEW, "name-0": "Văn thư"}
    answer = secretary.post("/danh-ba/so-tu-phap", data={**form, "address-1": "", "role-1": "head"})
    assert "Đã lưu danh bạ" in answer.text
    assert addresses(office, "so-tu-phap") == [("officer", NEW)]
    assert len(addresses(office, "so-tai-chinh")) == 2
    (event,) = office.ledger.events(act="contacts")
    assert event.actor == "vanthu@so-noi-vu.quang-nam.example"


@pytest.mark.parametrize(
    ("address", "why"),
    [
        ("so-tu-phap", "không đúng dạng"),
        ("@", "không đúng dạng"),
        ("a@b c", "có dấu cách, dấu phẩy"),
        ("a,b@c.example", "có dấu cách, dấu phẩy"),
        ("a@" + "b" * 260, "tối đa là 254"),
    ],
)
def test_a_wrong_address_is_shown_again_and_nothing_is_saved(
    office: Office, secretary: TestClient, address: str, why: str
) -> None:
    before = addresses(office, "so-tu-phap")
    page = secretary.get("/danh-ba/so-tu-phap").text
    form = {"_csrf": csrf(page), "role-0": "officer", "address-0": address, "name-0": ""}
    answer = secretary.post("/danh-ba/so-tu-phap", data=form)
    assert answer.status_code == 422
    assert why in answer.text
    assert address[:250] in answer.text
    assert addresses(office, "so-tu-phap") == before


def test_the_secretariat_cannot_lock_itself_out(office: Office, secretary: TestClient) -> None:
    page = secretary.get("/danh-ba/so-noi-vu").text
    form = {"_csrf": csrf(page), "role-0": "head", "address-0": NEW, "name-0": ""}
    answer = secretary.post("/danh-ba/so-noi-vu", data=form)
    assert "ít nhất một đầu mối" in answer.text
    assert len(addresses(office, "so-noi-vu")) == 2


def test_the_list_goes_out_as_excel_and_comes_back_unchanged(
    office: Office, secretary: TestClient
) -> None:
    data = secretary.get("/danh-ba/tai.xlsx").content
    sheet = load_workbook(io.BytesIO(data)).active
    assert sheet is not None
    rows = list(sheet.iter_rows(values_only=True))
    assert rows[0] == tuple(HEADERS)
    assert len(rows) == 10
    before = {a: addresses(office, a) for a in office.config.regimes[REGIME].agencies}
    assert bring(secretary, data).url.path == "/danh-ba"
    assert {a: addresses(office, a) for a in before} == before


def phones(office: Office, agency: str) -> dict[str, str]:
    return {c.address: c.telephone for c in office.ledger.contacts(REGIME) if c.agency == agency}


def test_a_telephone_is_kept_shown_and_goes_out_with_the_list(
    office: Office, secretary: TestClient
) -> None:
    row = ["so-tu-phap", "Sở Tư pháp", "đầu mối", NEW, "Văn thư", "0235 3852 345 máy lẻ 12"]
    bring(secretary, listed(row))
    assert phones(office, "so-tu-phap") == {NEW: row[-1]}
    assert f'<a href="tel:02353852345">{row[-1]}</a>' in secretary.get("/danh-ba").text
    assert row[-1] in secretary.get("/danh-ba/so-tu-phap").text
    assert f",{row[-1]}".encode() in secretary.get("/danh-ba/tai.csv").content


def test_a_telephone_that_excel_made_a_number_gets_its_first_zero_back(
    office: Office, secretary: TestClient
) -> None:
    row = ["so-tu-phap", "Sở Tư pháp", "đầu mối", NEW, "Văn thư"]
    bring(secretary, listed([*row, 2353852345]))  # type: ignore[list-item]
    assert phones(office, "so-tu-phap") == {NEW: "02353852345"}


def test_a_list_without_telephones_takes_none_away(office: Office, secretary: TestClient) -> None:
    row = ["so-tu-phap", "Sở Tư pháp", "đầu mối", NEW, "Văn thư"]
    bring(secretary, listed([*row, "0235 3852 345"]))
    bring(secretary, listed([*row[:-1], "Phòng Văn thư"], headers=HEADERS[:-1]))
    assert phones(office, "so-tu-phap") == {NEW: "0235 3852 345"}


def test_what_is_no_telephone_is_told_with_its_line(office: Office, secretary: TestClient) -> None:
    row = ["so-tu-phap", "Sở Tư pháp", "đầu mối", NEW, "Văn thư", "hỏi văn thư"]
    answer = bring(secretary, listed(row))
    assert "Dòng 2: điện thoại “hỏi văn thư” không phải số điện thoại" in answer.text
    assert NEW not in phones(office, "so-tu-phap")


def test_csv_goes_out_and_comes_back_unchanged(office: Office, secretary: TestClient) -> None:
    data = secretary.get("/danh-ba/tai.csv").content
    assert data.startswith(b"\xef\xbb\xbf")
    before = {a: addresses(office, a) for a in office.config.regimes[REGIME].agencies}
    bring(secretary, data, "danh-ba.csv")
    bring(secretary, data.replace(b",", b";"), "danh-ba.csv")
    assert {a: addresses(office, a) for a in before} == before


@pytest.mark.parametrize(
    ("separator", "encoding"),
    [("\t", "utf-16"), (";", "utf-8-sig"), (";", "utf-8"), ("\t", "utf-8-sig"), (";", "utf-16")],
)
def test_csv_comes_back_as_excel_saves_it(
    office: Office, secretary: TestClient, separator: str, encoding: str
) -> None:
    """Excel parts cells by the machine's list separator, and “Unicode Text” is UTF-16 with tabs."""
    lines = [HEADERS, ["so-tu-phap", "Sở Tư pháp", "đầu mối", NEW, "Trần Thị Đẹp"]]
    data = "".join(separator.join(line) + "\r\n" for line in lines).encode(encoding)
    assert "thêm 1 địa chỉ, đổi 0, bỏ 2" in bring(secretary, data, "danh-ba.csv").text
    (found,) = [c for c in office.ledger.contacts(REGIME) if c.agency == "so-tu-phap"]
    assert (found.address, found.name) == (NEW, "Trần Thị Đẹp")


@pytest.mark.parametrize(
    ("encoding", "named"), [("cp1258", "ANSI"), ("cp1252", "ANSI"), ("utf-16-le", "UTF-16")]
)
def test_csv_in_letters_that_are_not_certain_names_them_and_what_to_do(
    office: Office, secretary: TestClient, encoding: str, named: str
) -> None:
    before = office.ledger.contacts(REGIME)
    said = f"Mã đơn vị;Địa chỉ thư điện tử\r\nso-tu-phap;{NEW}\r\n"
    answer = bring(secretary, said.encode(encoding, errors="replace"), "danh-ba.csv")
    assert answer.status_code == 422
    assert named in answer.text and "CSV UTF-8" in answer.text
    assert office.ledger.contacts(REGIME) == before


def test_an_agency_loses_its_last_address_only_if_that_is_said(
    office: Office, secretary: TestClient
) -> None:
    page = secretary.get("/danh-ba/so-tu-phap").text
    form = {"_csrf": csrf(page), "role-0": "officer", "address-0": "", "name-0": ""}
    answer = secretary.post("/danh-ba/so-tu-phap", data=form)
    assert answer.status_code == 422
    assert "không nhận được thư" in answer.text
    assert len(addresses(office, "so-tu-phap")) == 2
    secretary.post("/danh-ba/so-tu-phap", data={**form, "none": "1"})
    assert addresses(office, "so-tu-phap") == []


def test_nothing_in_the_csv_is_live(
    office: Office, sign_in: SignIn, secretary: TestClient, clock: Clock
) -> None:
    name = '=HYPERLINK("http://x.example")'
    contact = Contact(agency="ubnd-tinh", role=Role.OFFICER, address="a@b.example", name=name)
    office.ledger.replace_contacts(REGIME, [contact], clock(), "operator")
    data = secretary.get("/danh-ba/tai.csv").content
    rows = list(csv.reader(io.StringIO(data.decode("utf-8-sig"))))
    assert "'" + name in [row[4] for row in rows]
    bring(secretary, data, "x.csv")
    assert [c.name for c in office.ledger.contacts(REGIME) if c.agency == "ubnd-tinh"] == [name]


def test_an_agency_that_the_list_names_without_an_address_has_none(
    office: Office, secretary: TestClient
) -> None:
    bring(secretary, listed(["so-tu-phap", "", "", "", ""]))
    assert addresses(office, "so-tu-phap") == []
    assert len(addresses(office, "so-tai-chinh")) == 2


def test_all_faults_of_a_list_are_told_at_once_and_nothing_is_saved(
    office: Office, secretary: TestClient
) -> None:
    before = office.ledger.contacts(REGIME)
    data = listed(
        ["so-tu-phap", "", "đầu mối", NEW, ""],
        ["so-tu-phap", "", "đầu mối", NEW.upper(), ""],
        ["so-khong-co", "", "", "a@b.example", ""],
        ["", "Sở Tài chính", "", "a@b.example", ""],
        ["so-tai-chinh", "", "trưởng phòng", "a@b", ""],
        ["so-tai-chinh", "", "", "không có", ""],
        ["so-noi-vu", "", "thủ trưởng", "a@b.example", ""],
    )
    answer = bring(secretary, data)
    assert answer.status_code == 422
    for words in ("Dòng 4", "Dòng 5", "Dòng 6", "Dòng 7", "có hai lần", "ít nhất một đầu mối"):
        assert words in answer.text
    assert office.ledger.contacts(REGIME) == before


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "Chưa"),
        (b"%PDF-1.7 ...", "PDF"),
        (listed(headers=["A", "B"]), "tiêu đề"),
        (listed(), "không có dòng nào"),
        ("Mã đơn vị,x\n".encode(), "tiêu đề"),
    ],
)
def test_what_is_no_list_is_told(secretary: TestClient, data: bytes, said: str) -> None:
    answer = bring(secretary, data)
    assert answer.status_code == 422
    assert said in answer.text


def test_columns_may_stand_in_any_order_under_a_title(
    office: Office, secretary: TestClient
) -> None:
    data = listed(
        ["địa chỉ thư điện tử", "MÃ ĐƠN VỊ"], [NEW, "SO-TU-PHAP"], headers=["Danh bạ năm 2016", ""]
    )
    bring(secretary, data)
    assert addresses(office, "so-tu-phap") == [("officer", NEW)]
