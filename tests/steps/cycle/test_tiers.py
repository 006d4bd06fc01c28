"""Two tiers: communes report to their district through its desk, by a deadline of their own."""

import io
import shutil
from datetime import date
from pathlib import Path

import pytest
from openpyxl import load_workbook

from kybaocao.adapters.mail_catcher import MailCatcher
from kybaocao.runtime import Office
from kybaocao.steps.cycle.cycle import advance
from kybaocao.steps.intake.receive import collect
from kybaocao.steps.post.send import send_letters
from kybaocao.steps.standings import standings
from tests.steps.conftest import REGIME, SMALL, at, drop, workbook

DUTIES = """
  - id: xa-bao-cao-quy
    name: Báo cáo cải cách hành chính quý của xã
    clause: Điều 2
    stated: hằng quý
    reporters: {levels: [xa, phong]}
    recipient: parent
    handling: consolidate
    every: quarter
    window: mid-month
    deadline: {before: 10}
    tiers:
      - {levels: [phong], deadline: {before: 12}}
    opens: 10
    form: ngan
"""
AGENCIES = """\
ubnd-hoi-an,Ủy ban nhân dân thành phố Hội An,UBND Hội An,huyen,ubnd-tinh,,,,Điều 2
phong-noi-vu-tam-ky,Phòng Nội vụ thành phố Tam Kỳ,PNV Tam Kỳ,phong,ubnd-tam-ky,,,,Điều 2
phuong-an-my,Ủy ban nhân dân phường An Mỹ,UBND An Mỹ,xa,ubnd-tam-ky,,,,Điều 2
xa-tam-thanh,Ủy ban nhân dân xã Tam Thanh,UBND Tam Thanh,xa,ubnd-tam-ky,,,,Điều 2
xa-cam-ha,Ủy ban nhân dân xã Cẩm Hà,UBND Cẩm Hà,xa,ubnd-hoi-an,,,,Điều 2
"""
CONTACTS = "".join(
    f"{code},officer,vanthu@{code}.quang-nam.example,\n"
    for code in ("ubnd-hoi-an", "phong-noi-vu-tam-ky", "phuong-an-my", "xa-tam-thanh", "xa-cam-ha")
)
COMMUNES = "xa-bao-cao-quy"
OPENING = "2016-08-26"


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """The small office with two districts, of which one has a desk for its communes."""
    folder = tmp_path / "home"
    shutil.copytree(SMALL / "config", folder / "config")
    (folder / "templates").symlink_to(SMALL.parent.parent / "templates")
    regime = folder / "config" / "regimes" / REGIME
    for name, more in (
        ("regime.yaml", DUTIES),
        ("agencies.csv", AGENCIES),
        ("contacts.csv", CONTACTS),
    ):
        path = regime / name
        path.write_text(path.read_text(encoding="utf-8").rstrip() + "\n" + more.lstrip("\n"))
    path = regime / "agencies.csv"
    desk = "UBND Tam Kỳ,huyen,ubnd-tinh,phong-noi-vu-tam-ky"
    path.write_text(path.read_text().replace("UBND Tam Kỳ,huyen,ubnd-tinh,", desk))
    return folder


def carry(office: Office, day: str) -> str:
    return advance(office, REGIME, COMMUNES, at(day)).summary


def test_each_tier_owes_by_its_own_day(office: Office) -> None:
    assert carry(office, OPENING) == "mở kỳ Quý III năm 2016 cho 4 đơn vị"
    days = {s.agency.level: s.owed.due.last_day for s in standings(office, at(OPENING))}
    assert days == {"xa": date(2016, 9, 9), "phong": date(2016, 9, 11)}


def test_a_tier_whose_day_was_over_at_the_go_live_is_not_asked(office: Office) -> None:
    office.settings.active[REGIME] = date(2016, 9, 10)
    assert carry(office, "2016-09-10").startswith("mở kỳ Quý III năm 2016 cho 1 đơn vị")
    assert {o.agency for o in office.ledger.owed()} == {"phong-noi-vu-tam-ky"}


def test_letters_name_the_district_that_a_commune_reports_to(
    office: Office, catcher: MailCatcher
) -> None:
    carry(office, OPENING)
    send_letters(office, lambda: at(OPENING))
    said = {
        str(m["To"]): m.get_body(("plain",)).get_content()  # type: ignore[union-attr]
        for m in catcher.messages
    }
    cam_ha = said["vanthu@xa-cam-ha.quang-nam.example"]
    assert "Nơi nhận báo cáo: Ủy ban nhân dân thành phố Hội An" in map(
        str.strip, cam_ha.splitlines()
    )
    assert "09/9/2016" in cam_ha
    office_of = said["vanthu@phong-noi-vu-tam-ky.quang-nam.example"]
    assert "11/9/2016" in office_of


def test_a_workbook_names_the_deadline_of_its_own_tier(office: Office) -> None:
    carry(office, OPENING)
    for agency, day in (("xa-cam-ha", "09/9/2016"), ("phong-noi-vu-tam-ky", "11/9/2016")):
        (letter,) = office.ledger.post.letters(kind="opening", agency=agency)
        book = load_workbook(io.BytesIO(office.archive.get(letter.attachment_sha256 or "")))
        said = " ".join(str(c) for ws in book for row in ws.values for c in row if c is not None)
        assert day in said
        assert "nộp" in said


def test_each_district_gets_the_consolidation_of_its_own(
    office: Office, catcher: MailCatcher
) -> None:
    carry(office, OPENING)
    for agency in ("phuong-an-my", "xa-cam-ha"):
        drop(office, f"{agency}.xlsx", workbook(office, agency, duty=COMMUNES))
    collect(office, at("2016-09-05"), at("2016-09-05"))
    assert "tổng hợp" not in carry(office, "2016-09-10")
    done = advance(office, REGIME, COMMUNES, at("2016-09-12"))
    assert "tổng hợp 1/3 báo cáo" in done.summary
    assert "tổng hợp 1/1 báo cáo" in done.summary
    assert len(done.workbooks) == 2
    send_letters(office, lambda: at("2016-09-12"))
    delivered = {
        str(m["To"]): next(m.iter_attachments()).get_filename()
        for m in catcher.messages
        if "tổng hợp" in str(m["Subject"]).casefold()
    }
    assert set(delivered) == {
        "vanthu@phong-noi-vu-tam-ky.quang-nam.example",
        "vanthu@ubnd-hoi-an.quang-nam.example",
    }
    for recipient in ("phong-noi-vu-tam-ky", "ubnd-hoi-an"):
        assert office.ledger.consolidation(REGIME, COMMUNES, "2016-Q3", recipient) is not None


def test_a_districts_workbook_has_its_own_head_title_and_name(office: Office) -> None:
    carry(office, OPENING)
    drop(office, "phuong-an-my.xlsx", workbook(office, "phuong-an-my", duty=COMMUNES))
    collect(office, at("2016-09-05"), at("2016-09-05"))
    # Of Hội An nobody has reported, and nothing is made for it.
    (path,) = advance(office, REGIME, COMMUNES, at("2016-09-12")).workbooks
    assert "_phong-noi-vu-tam-ky_" in path.name
    book = load_workbook(path)
    front = [str(c) for row in book["Tổng hợp"].iter_rows(max_row=8, values_only=True) for c in row]
    assert "UBND THÀNH PHỐ TAM KỲ" in front
    assert any(said.endswith("– THÀNH PHỐ TAM KỲ") for said in front)
    said = {str(c) for sheet in book for row in sheet.values for c in row}
    assert "Toàn thành phố" in said
    assert "UBND TỈNH QUẢNG NAM" not in said
