"""What waits for a person is placed, rejected or asked about; what was accepted can go back."""

import io
from datetime import date

import pytest
from openpyxl import load_workbook
from openpyxl.cell.cell import Cell

from kybaocao.adapters.ledger import Owed, Submission
from kybaocao.adapters.mail_catcher import MailCatcher
from kybaocao.demo.figures import Figures
from kybaocao.rules.form import Form
from kybaocao.rules.obligation import State, Verdict
from kybaocao.rules.ruling import Paper
from kybaocao.runtime import Office
from kybaocao.steps import triage
from kybaocao.steps.cycle import advance
from kybaocao.steps.digest import queue_digest
from kybaocao.steps.receive import Receipt, receive
from kybaocao.steps.send import send_letters
from kybaocao.steps.standings import standings
from kybaocao.steps.status import overview
from kybaocao.steps.triage import TriageError
from tests.steps.conftest import QUARTERLY, REGIME, at, workbook

OPENING, CAME, AFTER = "2016-08-23", "2016-09-12", "2016-09-16"
AGENCY = "so-tu-phap"
PDF = b"%PDF-1.7 ..."


def carry(office: Office, day: str) -> str:
    return advance(office, REGIME, QUARTERLY, at(day)).summary


def came(office: Office, data: bytes, name: str = "bc.xlsx", reason: str = "") -> Receipt:
    return receive(office, data, name, "folder", at(CAME), at(CAME), reason)


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


def waiting(office: Office) -> Submission:
    (one,) = triage.waiting(office)
    return one.submission


# What waits


def test_a_file_that_nobody_can_place_waits_with_its_reason(office: Office) -> None:
    carry(office, OPENING)
    came(office, PDF, "bc.pdf")
    (one,) = triage.waiting(office)
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
    assert triage.waiting(office) == []
    assert len(office.ledger.post.letters(kind="receipt")) == 1
    again = triage.waiting(office)
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
    assert len(triage.waiting(office)) == 1


def test_a_rejected_file_waits_no_more_and_is_kept(office: Office) -> None:
    carry(office, OPENING)
    came(office, PDF, "bc.pdf")
    submission = waiting(office)
    with pytest.raises(TriageError, match="needs its reason"):
        triage.reject(office, submission.id, "", "operator", at(CAME))
    triage.reject(office, submission.id, "thư rác", "operator", at(CAME))
    assert triage.waiting(office) == []
    assert office.archive.get(submission.sha256) == PDF
    with pytest.raises(TriageError, match="no file waits"):
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


# What was accepted


def test_an_accepted_report_is_given_back_with_a_reason(
    office: Office, catcher: MailCatcher
) -> None:
    carry(office, OPENING)
    came(office, workbook(office, AGENCY))
    words = ("Số hồ sơ lệch với hệ thống một cửa", "operator", at("2016-09-13"))
    triage.give_back(office, owed(office), *words)
    (stood,) = standings(office, at(AFTER), agency=AGENCY)
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


def test_a_version_after_an_accepted_one_needs_a_reason(office: Office) -> None:
    def more(form: Form, figures: Figures) -> None:
        figures["HS-01", "planned"] = 4321

    carry(office, OPENING)
    came(office, workbook(office, AGENCY))
    second = came(office, workbook(office, AGENCY, spoil=more), "2.xlsx")
    assert second.submission.verdict is Verdict.RETURNED
    (finding,) = [f for f in second.judged.findings if f.is_blocking]
    assert finding.code == "needs-reason"
    assert "phiên bản 1" in finding.value
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
    third = came(office, workbook(office, AGENCY) + b"", "3.xlsx", "Sửa theo kết luận kiểm tra")
    assert third.is_repeat or third.submission.reason == "Sửa theo kết luận kiểm tra"


# Papers


def test_papers_beside_a_report_are_kept_listed_and_never_read(office: Office) -> None:
    carry(office, OPENING)
    report = owed(office)
    more = {"number": "123/BC-STP", "signed_on": date(2016, 9, 12), "signer": "Giám đốc"}
    for _ in range(2):
        triage.attach(office, PDF, "bc.pdf", report, Paper.SIGNED, at(CAME), **more)  # type: ignore[arg-type]
    (document,) = office.ledger.rulings.documents(obligation_id=report.id)
    assert (document.number, document.signer) == ("123/BC-STP", "Giám đốc")
    assert office.archive.get(document.sha256) == PDF
    (row,) = [r for r in overview(office, at(CAME)).terms[0].rows if r.code == AGENCY]
    assert "kèm 1 tài liệu" in row.note


def test_a_waiting_pdf_becomes_the_paper_of_a_report(office: Office) -> None:
    carry(office, OPENING)
    came(office, PDF, "bc.pdf")
    submission = waiting(office)
    document = triage.attach_waiting(
        office, submission.id, owed(office), Paper.SIGNED, "operator", at(AFTER)
    )
    assert (document.file_name, document.received_at) == ("bc.pdf", at(CAME))
    assert triage.waiting(office) == []


def test_a_paper_that_must_come_is_missed(office: Office) -> None:
    regime, duty = office.duty(REGIME, QUARTERLY)
    needs = type(duty).model_validate(
        {**duty.model_dump(), "papers": [{"kind": "signed", "required": True}]}
    )
    duties = tuple(needs if d.id == duty.id else d for d in regime.duties)
    office.config.regimes[REGIME] = regime.model_copy(update={"duties": duties})  # type: ignore[index]
    carry(office, OPENING)
    came(office, workbook(office, AGENCY))
    (row,) = [r for r in overview(office, at(CAME)).terms[0].rows if r.code == AGENCY]
    assert "còn thiếu văn bản báo cáo đã ký" in row.note
    triage.attach(office, PDF, "bc.pdf", owed(office), Paper.SIGNED, at(CAME))
    (row,) = [r for r in overview(office, at(CAME)).terms[0].rows if r.code == AGENCY]
    assert "còn thiếu" not in row.note
