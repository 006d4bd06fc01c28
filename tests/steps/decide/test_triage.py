"""What waits for a person is placed, rejected or asked about; what was accepted can go back."""

import io
from collections.abc import Callable
from datetime import date

import pytest
from openpyxl import load_workbook
from openpyxl.cell.cell import Cell

from kybaocao.adapters.ledger import Owed, Submission
from kybaocao.adapters.mail_catcher import MailCatcher
from kybaocao.adapters.workbooks.marked import holds_code
from kybaocao.demo.figures import Figures
from kybaocao.demo.officer import wrong_sum
from kybaocao.rules.cycle.standing import State, Verdict
from kybaocao.rules.errors import RefusedError
from kybaocao.rules.form.form import Form
from kybaocao.rules.recognition.reading import FINDINGS_SHEET
from kybaocao.rules.regime.contact import Contact, Role
from kybaocao.rules.regime.ruling import Paper
from kybaocao.runtime import Office
from kybaocao.steps.cycle.cycle import advance
from kybaocao.steps.decide import triage
from kybaocao.steps.decide.triage import TriageError
from kybaocao.steps.intake import papers
from kybaocao.steps.intake.case import Incoming
from kybaocao.steps.intake.receive import Receipt, receive
from kybaocao.steps.post.digest import queue_digest
from kybaocao.steps.post.send import send_letters
from kybaocao.steps.standings import standings
from kybaocao.steps.view import waiting as waits
from kybaocao.steps.view.status import overview
from tests.papers import pdf
from tests.steps.conftest import FORWARDED, QUARTERLY, REGIME, at, workbook
from tests.workbook_cases import with_macro

OPENING, CAME, AFTER = "2016-08-23", "2016-09-12", "2016-09-16"
AGENCY = "so-tu-phap"
PDF = pdf()


def carry(office: Office, day: str) -> str:
    return advance(office, REGIME, QUARTERLY, at(day)).summary


def came(office: Office, data: bytes, name: str = "bc.xlsx", reason: str = "") -> Receipt:
    return receive(office, Incoming(data, name, "folder", at(CAME), reason), at(CAME))


def owed(office: Office, agency: str = AGENCY) -> Owed:
    found = office.ledger.find_owed(REGIME, QUARTERLY, "2016-Q3", agency)
    assert found is not None
    return found


def anonymous(data: bytes) -> bytes:
    """Return a workbook whose sheets are copied into a new file: nothing says whose it is."""
    book = load_workbook(io.BytesIO(data))
    for name in list(book.defined_names):
        del book.defined_names[name]
    del book["_kybaocao"]
    for sheet in book.worksheets:
        sheet.protection.sheet = False
        for row in sheet.iter_rows(max_row=3):
            for cell in row:
                if isinstance(cell, Cell):
                    cell.value = None
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def planned(value: int) -> Callable[[Form, Figures], None]:
    """Return what types another figure of the plan."""
    return lambda form, figures: figures.__setitem__(("HS-01", "planned"), value)


def waiting(office: Office) -> Submission:
    (one,) = waits.waiting(office)
    return one.submission


# What waits


def test_a_file_that_nobody_can_place_waits_with_its_reason(office: Office) -> None:
    carry(office, OPENING)
    came(office, PDF, "bc.pdf")
    (one,) = waits.waiting(office)
    assert "PDF" in one.reason
    (line,) = [w for w in overview(office, at(CAME)).waiting if w.startswith("Chờ xử lý")]
    assert f"số {one.submission.id}: bc.pdf" in line
    assert "PDF" in line


def test_a_file_is_placed_judged_and_answered_as_if_it_had_said_whose_it_is(
    office: Office, catcher: MailCatcher
) -> None:
    carry(office, OPENING)
    came(office, anonymous(workbook(office, AGENCY)))
    submission = waiting(office)
    late = at("2016-09-20")
    placed = triage.assign(office, submission.id, owed(office), "đã hỏi lại", "operator", late)
    assert (placed.verdict, placed.version) == (Verdict.ACCEPTED, 1)
    assert placed.received_at == at(CAME)
    (stood,) = standings(office, late, agency=AGENCY)
    assert stood.standing.state is State.ACCEPTED
    assert waits.waiting(office) == []
    assert len(office.ledger.post.letters(kind="receipt")) == 1
    again = waits.waiting(office)
    assert again == []


def test_a_faulty_file_is_returned_to_the_agency_that_a_person_names(office: Office) -> None:
    def wrong(form: Form, figures: Figures) -> None:
        figures["HS-02", "done"] += 5

    carry(office, OPENING)
    came(office, anonymous(workbook(office, AGENCY, spoil=wrong)))
    submission = waiting(office)
    placed = triage.assign(office, submission.id, owed(office), "", "operator", at(CAME))
    assert placed.verdict is Verdict.RETURNED
    assert len(office.ledger.post.letters(kind="returned")) == 1


def test_what_is_no_spreadsheet_cannot_be_placed_as_a_report(office: Office) -> None:
    carry(office, OPENING)
    came(office, PDF, "bc.pdf")
    with pytest.raises(TriageError, match="cannot be read as a report"):
        triage.assign(office, waiting(office).id, owed(office), "", "operator", at(CAME))
    assert len(waits.waiting(office)) == 1


def test_a_rejected_file_waits_no_more_and_is_kept(office: Office) -> None:
    carry(office, OPENING)
    came(office, PDF, "bc.pdf")
    submission = waiting(office)
    with pytest.raises(TriageError, match="needs its reason"):
        triage.reject(office, submission.id, "", "operator", at(CAME))
    triage.reject(office, submission.id, "thư rác", "vanthu@x.example", at(CAME))
    (event,) = office.ledger.events(subject=f"submission/{submission.id}", act="rejected")
    assert (event.actor, event.detail["reason"]) == ("vanthu@x.example", "thư rác")
    assert waits.waiting(office) == []
    assert office.archive.get(submission.sha256) == PDF
    with pytest.raises(RefusedError, match="no file waits"):
        triage.reject(office, submission.id, "thư rác", "operator", at(CAME))


def test_who_is_asked_about_a_file_gets_a_letter_and_the_file_goes_on_waiting(
    office: Office, catcher: MailCatcher
) -> None:
    carry(office, OPENING)
    came(office, PDF, "bc.pdf")
    submission = waiting(office)
    words = (REGIME, AGENCY, "Tệp này là báo cáo của kỳ nào?", "operator", at(CAME))
    assert triage.ask(office, submission.id, *words) == 1
    assert triage.ask(office, submission.id, *words) == 0
    send_letters(office, lambda: at(CAME))
    letter = catcher.messages[-1]
    assert letter["To"] == f"vanthu@{AGENCY}.quang-nam.example"
    body = letter.get_body(("plain",))
    assert body is not None
    assert "Tệp này là báo cáo của kỳ nào?" in body.get_content()
    assert any("đã hỏi, chờ trả lời" in line for line in overview(office, at(CAME)).waiting)


def test_nobody_is_said_to_be_asked_to_whom_no_letter_can_go(office: Office) -> None:
    carry(office, OPENING)
    came(office, PDF, "bc.pdf")
    submission = waiting(office)
    head = Contact(agency=AGENCY, role=Role.HEAD, address="lanhdao@x.example", name="")
    office.ledger.replace_contacts(REGIME, [head], at(CAME), "operator")
    with pytest.raises(TriageError, match="has no address to write to"):
        triage.ask(office, submission.id, REGIME, AGENCY, "Của kỳ nào?", "operator", at(CAME))
    assert not any("đã hỏi" in line for line in overview(office, at(CAME)).waiting)


def test_the_secretariat_hears_each_morning_what_waits_and_only_then(
    office: Office, catcher: MailCatcher
) -> None:
    assert queue_digest(office, at("2016-08-22")) == 0
    carry(office, OPENING)
    send_letters(office, lambda: at(OPENING))
    came(office, PDF, "bc.pdf")
    send_letters(office, lambda: at(CAME))
    assert queue_digest(office, at("2016-09-13")) == 1
    assert queue_digest(office, at("2016-09-13", "09:00")) == 0
    assert queue_digest(office, at("2016-09-14")) == 1
    send_letters(office, lambda: at("2016-09-14"))
    digests = [m for m in catcher.messages if "Việc đang chờ xử lý" in m["Subject"]]
    assert len(digests) == 2
    body = digests[0].get_body(("plain",))
    assert body is not None
    assert "bc.pdf" in body.get_content()
    assert "Thư chờ gửi" not in body.get_content(), "it would count itself"


def test_letters_in_the_queue_call_for_no_digest(office: Office) -> None:
    carry(office, OPENING)
    assert overview(office, at(OPENING)).unsent == 3
    assert queue_digest(office, at(OPENING)) == 0


def test_the_last_periods_file_sent_again_waits_for_a_person(office: Office) -> None:
    carry(office, OPENING)
    data = workbook(office, AGENCY)
    came(office, data)
    carry(office, "2016-11-23")
    late = at("2016-12-01")
    again = receive(office, Incoming(data, "lai.xlsx", "folder", late), late)
    assert again.judged.findings[0].code == "last-period-file"
    assert waiting(office).file_name == "lai.xlsx"
    triage.reject(office, waiting(office).id, "gửi nhầm", "operator", late)
    assert waits.waiting(office) == []


# What was accepted


def test_an_accepted_report_is_given_back_with_a_reason(
    office: Office, catcher: MailCatcher
) -> None:
    carry(office, OPENING)
    came(office, workbook(office, AGENCY))
    words = ("Số hồ sơ lệch với hệ thống một cửa", "operator", at("2016-09-13"))
    triage.give_back(office, owed(office), *words)
    (stood,) = standings(office, at(AFTER), agency=AGENCY)
    assert stood.standing.state is State.RETURNED, "it had come in time"
    (stood,) = standings(office, at("2016-09-21"), agency=AGENCY)
    assert stood.standing.state is State.RETURNED_OVERDUE
    assert stood.accepted is None
    send_letters(office, lambda: at("2016-09-13"))
    letter = catcher.messages[-1]
    assert "trả lại" in letter["Subject"].casefold()
    body = letter.get_body(("plain",))
    assert body is not None
    assert "Lý do trả lại: Số hồ sơ lệch với hệ thống một cửa" in body.get_content()
    with pytest.raises(TriageError, match="no accepted version"):
        triage.give_back(office, owed(office), *words)


def test_a_report_that_goes_back_leaves_no_earlier_version_to_count(office: Office) -> None:
    carry(office, OPENING)
    came(office, workbook(office, AGENCY))
    came(office, workbook(office, AGENCY, spoil=planned(4321)), "2.xlsx", "Sửa số liệu")
    back = triage.give_back(office, owed(office), "Sai", "operator", at("2016-09-13"))
    assert back.version == 2
    (stood,) = standings(office, at("2016-09-13"), agency=AGENCY)
    assert (stood.accepted, stood.standing.state) == (None, State.RETURNED)
    assert len(office.ledger.post.letters(kind="returned")) == 1
    mended = came(office, workbook(office, AGENCY, spoil=planned(5000)), "3.xlsx")
    assert mended.submission.verdict is Verdict.ACCEPTED, "nothing is replaced, so no reason"


def test_what_goes_back_carries_the_reason_and_no_macro(office: Office) -> None:
    carry(office, OPENING)
    came(office, with_macro(workbook(office, AGENCY)), "bc.xlsm")
    triage.give_back(office, owed(office), "Số hồ sơ lệch", "operator", at("2016-09-13"))
    (letter,) = office.ledger.post.letters(kind="returned")
    assert letter.attachment_name == "bc_can-sua.xlsx"
    assert letter.attachment_sha256 is not None
    data = office.archive.get(letter.attachment_sha256)
    assert not holds_code(data)
    rows = load_workbook(io.BytesIO(data))[FINDINGS_SHEET].iter_rows(values_only=True)
    assert any("Lý do trả lại: Số hồ sơ lệch" in row for row in rows)


def test_a_version_after_an_accepted_one_needs_a_reason(office: Office) -> None:
    carry(office, OPENING)
    came(office, workbook(office, AGENCY))
    second = came(office, workbook(office, AGENCY, spoil=planned(4321)), "2.xlsx", reason=" ")
    assert second.submission.verdict is Verdict.RETURNED
    (finding,) = [f for f in second.judged.findings if f.is_blocking]
    assert finding.code == "needs-reason"
    assert "phiên bản 1" in finding.value
    assert finding.sheet == "2. Nội dung"
    assert "dòng ND-03 của trang tính “2. Nội dung”" in finding.action
    (stood,) = standings(office, at(AFTER), agency=AGENCY)
    assert stood.accepted is not None
    assert stood.accepted.version == 1


def test_a_reason_in_the_workbook_or_beside_it_will_do(office: Office) -> None:
    carry(office, OPENING)
    came(office, workbook(office, AGENCY))
    book = load_workbook(io.BytesIO(workbook(office, AGENCY)))
    sheet = book["2. Nội dung"]
    row = next(c.row for c in sheet["A"] if c.value == "ND-03")
    sheet.cell(row, 3).value = "Bổ sung hồ sơ tháng 8"
    buffer = io.BytesIO()
    book.save(buffer)
    second = came(office, buffer.getvalue(), "2.xlsx")
    assert second.submission.verdict is Verdict.ACCEPTED, second.judged.findings
    assert second.submission.reason == "Bổ sung hồ sơ tháng 8"
    spoiled = workbook(office, AGENCY, spoil=planned(4321))
    third = came(office, spoiled, "3.xlsx", "Sửa theo kết luận kiểm tra")
    assert third.submission.verdict is Verdict.ACCEPTED
    assert third.submission.reason == "Sửa theo kết luận kiểm tra"


def test_who_sent_a_file_is_known_when_it_is_placed(office: Office) -> None:
    carry(office, OPENING)
    address, now = "canbo@x.example", at(CAME)
    data = anonymous(workbook(office, AGENCY))
    receive(office, Incoming(data, "bc.xlsx", "portal", now, actor=address), now)
    placed = triage.assign(office, waiting(office).id, owed(office), "", "operator", now)
    assert placed.sender == address
    assert [e.actor for e in office.ledger.events(act="receive")] == [address, "operator"]


def test_a_forwarded_report_that_a_person_places_must_hold_no_macro_either(office: Office) -> None:
    advance(office, REGIME, FORWARDED, at("2016-12-12"))
    now, data = at("2016-12-20"), workbook(office, FORWARDED, "2016", duty=FORWARDED)
    receive(office, Incoming(with_macro(anonymous(data)), "bc.xlsm", "hand", now), now)
    report = office.ledger.find_owed(REGIME, FORWARDED, "2016", FORWARDED)
    assert report is not None
    placed = triage.assign(office, waiting(office).id, report, "", "operator", now)
    assert placed.verdict is Verdict.RETURNED
    assert office.ledger.findings(placed.id)[0].code == "holds-code"


def test_a_person_who_places_a_file_over_an_accepted_one_says_why(office: Office) -> None:
    carry(office, OPENING)
    came(office, workbook(office, AGENCY))
    came(office, anonymous(workbook(office, AGENCY, spoil=planned(4321))), "2.xlsx")
    submission = waiting(office)
    with pytest.raises(TriageError, match="has an accepted version 1: say why"):
        triage.assign(office, submission.id, owed(office), " ", "operator", at(CAME))
    assert len(waits.waiting(office)) == 1
    placed = triage.assign(office, submission.id, owed(office), "thay bản", "operator", at(CAME))
    assert (placed.version, placed.reason) == (2, "thay bản")


def test_a_rule_is_as_strict_as_on_the_day_of_reception(office: Office) -> None:
    """A file that waited for a person is not judged by what came into force meanwhile."""
    form = office.config.form("ngan")
    rules = form.rules.model_copy(
        update={
            "sums": tuple(
                r.model_copy(update={"warning_until": date(2016, 9, 15)}) for r in form.rules.sums
            )
        }
    )
    office.config.forms["ngan", 1] = form.model_copy(update={"rules": rules})  # type: ignore[index]
    carry(office, OPENING)
    came(office, anonymous(workbook(office, AGENCY, spoil=wrong_sum)))
    submission = waiting(office)
    later = at("2016-09-20")
    placed = triage.assign(office, submission.id, owed(office), "", "operator", later)
    assert placed.verdict is Verdict.ACCEPTED
    assert [f.code for f in office.ledger.findings(placed.id)] == ["sum-mismatch"]


# Papers


def test_papers_beside_a_report_are_kept_listed_and_never_read(office: Office) -> None:
    carry(office, OPENING)
    report = owed(office)
    more = {"number": "123/BC-STP", "signed_on": date(2016, 9, 12), "signer": "Giám đốc"}
    for _ in range(2):
        papers.attach(office, PDF, "bc.pdf", report, Paper.SIGNED, at(CAME), **more)  # type: ignore[arg-type]
    (document,) = office.ledger.rulings.documents(obligation_id=report.id)
    (event,) = office.ledger.events(subject=f"obligation/{report.id}", act="attach")
    assert event.detail == {"kind": "signed", "sha256": document.sha256}
    assert (document.number, document.signer) == ("123/BC-STP", "Giám đốc")
    assert office.archive.get(document.sha256) == PDF
    (row,) = [r for r in overview(office, at(CAME)).terms[0].rows if r.code == AGENCY]
    assert "kèm văn bản báo cáo đã ký số 123/BC-STP ngày 12/09/2016 (Giám đốc)" in row.note


def test_a_waiting_pdf_becomes_the_paper_of_a_report(office: Office) -> None:
    carry(office, OPENING)
    came(office, PDF, "bc.pdf")
    submission = waiting(office)
    document = triage.attach_waiting(
        office, submission.id, owed(office), Paper.SIGNED, "operator", at(AFTER)
    )
    assert (document.file_name, document.received_at) == ("bc.pdf", at(CAME))
    assert waits.waiting(office) == []


def test_an_empty_file_is_no_paper(office: Office) -> None:
    carry(office, OPENING)
    with pytest.raises(RefusedError, match=r"bc\.pdf is empty"):
        papers.attach(office, b"", "bc.pdf", owed(office), Paper.SIGNED, at(CAME))


def test_a_paper_that_must_come_is_missed(office: Office, catcher: MailCatcher) -> None:
    regime, duty = office.duty(REGIME, QUARTERLY)
    needs = type(duty).model_validate(
        {**duty.model_dump(), "papers": [{"kind": "signed", "required": True}, {"kind": "plan"}]}
    )
    duties = tuple(needs if d.id == duty.id else d for d in regime.duties)
    office.config.regimes[REGIME] = regime.model_copy(update={"duties": duties})  # type: ignore[index]
    carry(office, OPENING)
    came(office, workbook(office, AGENCY))
    send_letters(office, lambda: at(CAME))
    (row,) = [r for r in overview(office, at(CAME)).terms[0].rows if r.code == AGENCY]
    assert "còn thiếu văn bản báo cáo đã ký" in row.note
    receipt = catcher.messages[-1].get_body(("plain",))
    assert receipt is not None
    told_of = "  Tài liệu còn phải gửi kèm: văn bản báo cáo đã ký"
    assert told_of in receipt.get_content().splitlines()
    papers.attach(office, PDF, "bc.pdf", owed(office), Paper.SIGNED, at(CAME))
    (row,) = [r for r in overview(office, at(CAME)).terms[0].rows if r.code == AGENCY]
    assert "còn thiếu" not in row.note
    carry(office, "2016-09-14")
    send_letters(office, lambda: at("2016-09-14"))
    reminders = [m for m in catcher.messages if "Hạn cuối là hôm nay" in m["Subject"]]
    told = {m["To"]: m.get_body(("plain",)) for m in reminders}
    body = told["vanthu@so-tai-chinh.quang-nam.example"]
    assert body is not None
    assert "Tài liệu còn phải gửi kèm: văn bản báo cáo đã ký" in body.get_content()
