"""One duty's cycle: opened, reminded, collected, consolidated, delivered."""

import io
from collections import Counter
from datetime import date

import pytest
from openpyxl import load_workbook

from kybaocao.adapters.mail_catcher import MailCatcher
from kybaocao.demo.figures import Figures
from kybaocao.rules.cycle.reminder import Kind
from kybaocao.rules.cycle.standing import State
from kybaocao.rules.form.form import Form
from kybaocao.runtime import Office
from kybaocao.steps.cycle.cycle import advance
from kybaocao.steps.intake.case import Incoming
from kybaocao.steps.intake.receive import collect, receive
from kybaocao.steps.post.send import send_letters
from kybaocao.steps.standings import standings
from tests.steps.conftest import FORWARDED, QUARTERLY, REGIME, at, drop, workbook

OPENING, LAST_DAY, AFTER = "2016-08-23", "2016-09-14", "2016-09-15"


def carry(office: Office, day: str, duty: str = QUARTERLY) -> str:
    return advance(office, REGIME, duty, at(day)).summary


def send(office: Office, day: str) -> str:
    return send_letters(office, lambda: at(day, "07:05")).summary


def to(catcher: MailCatcher) -> list[tuple[str, str]]:
    return [(m["To"], m["Subject"]) for m in catcher.messages]


def test_nothing_happens_before_a_period_opens(office: Office) -> None:
    assert carry(office, "2016-08-22") == "không có việc gì phải làm"
    assert office.ledger.owed() == []


def test_nothing_due_before_go_live_is_ever_opened(office: Office) -> None:
    """Quarter II fell due on 14/6/2016, and this office counts from 1/7/2016."""
    carry(office, "2016-09-30")
    assert {o.period for o in office.ledger.owed()} == {"2016-Q3"}


def test_a_period_opens_with_a_workbook_for_each_agency(
    office: Office, catcher: MailCatcher
) -> None:
    assert carry(office, OPENING) == "mở kỳ Quý III năm 2016 cho 3 đơn vị"
    send(office, OPENING)
    assert [address for address, _ in to(catcher)] == [
        "vanthu@so-tu-phap.quang-nam.example",
        "vanthu@so-tai-chinh.quang-nam.example",
        "vanthu@ubnd-tam-ky.quang-nam.example",
    ]
    attached = next(catcher.messages[2].iter_attachments())
    assert attached.get_filename() == "bao-cao-quy_2016-Q3_ubnd-tam-ky.xlsx"
    book = load_workbook(io.BytesIO(attached.get_payload(decode=True)))  # type: ignore[arg-type]
    assert book.sheetnames[:2] == ["1. Hồ sơ", "2. Nội dung"]


def test_the_same_day_twice_writes_nothing_twice(office: Office, catcher: MailCatcher) -> None:
    for _ in range(2):
        carry(office, OPENING)
        send(office, OPENING)
    assert len(catcher.letters) == 3


def test_a_missed_reminder_goes_out_late_and_once(office: Office, catcher: MailCatcher) -> None:
    """10 and 5 working days before the deadline both pass while nothing runs."""
    carry(office, OPENING)
    assert carry(office, "2016-09-08") == "Quý III năm 2016: 3 thư nhắc"
    assert carry(office, "2016-09-08") == "không có việc gì phải làm"


def test_reminders_carry_the_workbook_too(office: Office, catcher: MailCatcher) -> None:
    """The officer at 16:50 on the last day need not look for the opening letter."""
    for day in (OPENING, LAST_DAY, "2016-09-16"):
        carry(office, day)
        send(office, day)
    mine = [m for m in catcher.messages if m["To"].startswith("vanthu@so-tu-phap")]
    attached = [next(m.iter_attachments()).get_payload(decode=True) for m in mine]
    assert len(attached) == 3
    assert attached[0] == attached[1] == attached[2]


def test_who_has_sent_hears_no_more(office: Office, catcher: MailCatcher) -> None:
    carry(office, OPENING)
    drop(office, "so-tu-phap.xlsx", workbook(office, "so-tu-phap"))
    collect(office, at("2016-09-01"), at("2016-09-01"))
    assert carry(office, "2016-09-07") == "Quý III năm 2016: 2 thư nhắc"


def test_a_reminder_that_waits_is_dropped_once_the_report_has_come(
    office: Office, catcher: MailCatcher
) -> None:
    carry(office, OPENING)
    send(office, OPENING)
    carry(office, "2016-09-07")
    drop(office, "so-tu-phap.xlsx", workbook(office, "so-tu-phap"))
    collect(office, at("2016-09-07", "07:01"), at("2016-09-07", "07:01"))
    assert send(office, "2016-09-07") == (
        "3 thư đã gửi, 0 sẽ gửi lại, 0 không gửi được, 1 không còn cần gửi"
    )


def test_what_was_accepted_is_consolidated_after_the_deadline(
    office: Office, catcher: MailCatcher
) -> None:
    carry(office, OPENING)
    for agency in ("so-tu-phap", "ubnd-tam-ky"):
        drop(office, f"{agency}.xlsx", workbook(office, agency))
    collect(office, at("2016-09-12"), at("2016-09-12"))
    assert "tổng hợp" not in carry(office, LAST_DAY)
    report = advance(office, REGIME, QUARTERLY, at(AFTER))
    assert "tổng hợp 2/3 báo cáo" in report.summary
    (path,) = report.workbooks
    sheets = load_workbook(path).sheetnames
    assert sheets[0] == "Tổng hợp"
    send(office, AFTER)
    address, subject = to(catcher)[-1]
    assert address == "vanthu@so-noi-vu.quang-nam.example"
    assert "quý III năm 2016" in subject


def test_a_late_report_makes_a_new_consolidation_and_nothing_else_does(office: Office) -> None:
    carry(office, OPENING)
    for agency in ("so-tu-phap", "ubnd-tam-ky"):
        drop(office, f"{agency}.xlsx", workbook(office, agency))
    collect(office, at("2016-09-12"), at("2016-09-12"))
    first = advance(office, REGIME, QUARTERLY, at(AFTER)).workbooks
    assert advance(office, REGIME, QUARTERLY, at("2016-09-16")).workbooks == first
    drop(office, "muon.xlsx", workbook(office, "so-tai-chinh"))
    collect(office, at("2016-09-19"), at("2016-09-19"))
    assert "tổng hợp 3/3 báo cáo" in carry(office, "2016-09-20")
    states = {s.agency.code: s.standing.state for s in standings(office, at("2016-09-20"))}
    assert states["so-tai-chinh"] is State.ACCEPTED_LATE


def test_overdue_reports_reach_the_head_and_the_secretariat(
    office: Office, catcher: MailCatcher
) -> None:
    carry(office, OPENING)
    send(office, OPENING)
    carry(office, "2016-09-19")
    send(office, "2016-09-19")
    escalated = [a for a, s in to(catcher) if a.startswith("lanhdao@")]
    assert len(escalated) == 3
    to_secretariat = [m for m in catcher.messages if m["To"].startswith("vanthu@so-noi-vu")]
    text = to_secretariat[0].get_body(("plain",)).get_content()  # type: ignore[union-attr]
    for name in ("Sở Tư pháp", "Sở Tài chính", "Ủy ban nhân dân thành phố Tam Kỳ"):
        assert name in text
    assert len([m for m in to_secretariat if "quá hạn" in m["Subject"].lower()]) == 1


def test_a_duty_of_one_agency_is_forwarded_and_not_consolidated(
    office: Office, catcher: MailCatcher
) -> None:
    carry(office, "2016-12-20", FORWARDED)
    send(office, "2016-12-20")
    drop(office, "ra-soat.xlsx", workbook(office, "so-tu-phap", "2016", duty=FORWARDED))
    collect(office, at("2016-12-21"), at("2016-12-21"))
    send(office, "2016-12-21")
    delivered = [m for m in catcher.messages if m["To"].startswith("vanthu@ubnd-tinh")]
    assert len(delivered) == 1
    attached = next(delivered[0].iter_attachments())
    assert attached.get_filename() == "ra-soat.xlsx"
    assert advance(office, REGIME, FORWARDED, at("2017-01-03")).workbooks == []


def test_a_dry_run_tells_and_does_nothing(office: Office) -> None:
    told = advance(office, REGIME, QUARTERLY, at(OPENING), dry_run=True)
    assert told.summary == "mở kỳ Quý III năm 2016 cho 3 đơn vị"
    assert office.ledger.owed() == []
    assert office.ledger.post.letters() == []


def test_a_first_start_after_a_deadline_writes_one_letter_that_says_what_is_the_matter(
    office: Office, catcher: MailCatcher
) -> None:
    carry(office, "2016-09-22")
    send(office, "2016-09-22")
    told = to(catcher)
    assert sorted(Counter(address for address, _ in told).values()) == [1, 1, 1]
    assert {subject.split(" ngày")[0] for _, subject in told} == {"[CCHC] Quá hạn 6"}
    assert carry(office, "2016-09-23") == "không có việc gì phải làm"
    carry(office, "2016-09-26")
    kinds = [letter.kind for letter in office.ledger.post.letters()]
    assert Kind.ESCALATION not in kinds
    carry(office, "2016-09-28")
    assert Kind.ESCALATION in {letter.kind for letter in office.ledger.post.letters()}


def test_a_year_late_run_opens_the_books_without_letters(office: Office) -> None:
    carry(office, "2017-08-01")
    assert {o.period for o in office.ledger.owed()} >= {"2016-Q3", "2017-Q2"}
    assert office.ledger.post.letters() == []


def test_nothing_happens_before_go_live_even_if_a_period_is_open(office: Office) -> None:
    """Quarter III opens on 23/8/2016; an office that counts from 1/9 waits until then."""
    later = office.settings.model_copy(update={"active": {REGIME: date(2016, 9, 1)}})
    waiting = Office(**{**office.__dict__, "settings": later})
    assert advance(waiting, REGIME, QUARTERLY, at("2016-08-25")).acts == []
    assert waiting.ledger.owed() == []
    assert "mở kỳ" in advance(waiting, REGIME, QUARTERLY, at("2016-09-01")).summary


@pytest.mark.parametrize("day", [OPENING, "2016-09-07", LAST_DAY, AFTER, "2016-09-16"])
def test_a_dry_run_tells_what_the_run_does(office: Office, day: str) -> None:
    told = advance(office, REGIME, QUARTERLY, at(day), dry_run=True).acts
    done = advance(office, REGIME, QUARTERLY, at(day)).acts
    assert told == [act for act in done if "thư giao" not in act]


def test_a_corrected_report_makes_a_workbook_of_its_own_within_the_minute(office: Office) -> None:
    carry(office, OPENING)
    drop(office, "1.xlsx", workbook(office, "so-tu-phap"))
    collect(office, at("2016-09-12"), at("2016-09-12"))
    (first,) = advance(office, REGIME, QUARTERLY, at(AFTER)).workbooks

    def more(form: Form, figures: Figures) -> None:
        figures["HS-01", "planned"] = 4321

    data, came = workbook(office, "so-tu-phap", spoil=more), at("2016-09-13")
    receive(office, Incoming(data, "2.xlsx", "hand", came, "Sửa kế hoạch năm"), came)
    (second,) = advance(office, REGIME, QUARTERLY, at(AFTER)).workbooks
    assert first != second
    assert first.read_bytes() != second.read_bytes()


def test_an_agency_that_has_ended_hears_no_more(office: Office) -> None:
    carry(office, OPENING)
    regime = office.config.regimes[REGIME]
    ended = regime.agencies["so-tu-phap"].model_copy(update={"until": date(2016, 9, 1)})
    office.config.regimes[REGIME] = regime.holding(  # type: ignore[index]
        {**regime.agencies, "so-tu-phap": ended}, regime.contacts
    )
    carry(office, "2016-09-07")
    reminded = {x.agency for x in office.ledger.post.letters(kind="reminder")}
    assert reminded == {"so-tai-chinh", "ubnd-tam-ky"}
