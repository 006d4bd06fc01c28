"""What is said to a file's sender: its workbook marked, and the letters that it calls for."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import PurePath

from kybaocao.adapters.ledger import LetterDraft, Owed, Submission
from kybaocao.adapters.workbooks import marked as workbook_marked
from kybaocao.rules.calendar.official_days import VIETNAM
from kybaocao.rules.codes import Code
from kybaocao.rules.cycle.reminder import Kind
from kybaocao.rules.cycle.standing import Verdict
from kybaocao.rules.errors import UnreadableFileError
from kybaocao.rules.finding import Finding
from kybaocao.rules.regime.duty import Handling
from kybaocao.rules.regime.names import report_title
from kybaocao.rules.regime.succession import answerable
from kybaocao.runtime import Office
from kybaocao.steps.addresses import to_contacts
from kybaocao.steps.intake.judge import Judged
from kybaocao.steps.standings import Standpoint

UNKNOWN = "chua-ro"


def marked_name(file_name: str) -> str:
    """Return the name under which a sender's file goes back."""
    return f"{PurePath(file_name).stem}_can-sua.xlsx"


def marked(office: Office, data: bytes, findings: Sequence[Finding], heading: str) -> bytes:
    """Return the sender's workbook with its faults marked, or their list by itself."""
    try:
        return office.readers.run(workbook_marked.mark, data, findings, heading)
    except UnreadableFileError:
        return workbook_marked.mark(b"", findings, heading)


def answers_to(
    office: Office,
    data: bytes,
    file_name: str,
    sha256: str,
    judged: Judged,
    owed: Owed | None,
    now: datetime,
    sender: str | None = None,
) -> list[LetterDraft]:
    """Return the letters that a new submission calls for; the ledger fills in its number.

    Of a file that belongs to no report the secretariat hears, and whoever it names or sent it.
    A forwarded report goes to the one through whom it travels, who must hand it on.
    """
    report = judged.report
    if owed is None or report is None:
        drafts = []
        for regime in map(office.regime, office.active):
            draft = LetterDraft(Kind.UNREADABLE, "", regime.id, UNKNOWN, UNKNOWN, UNKNOWN)
            drafts += to_contacts(office.ledger, draft, regime.secretariat)
            named = report.agency.code if report and report.regime.id == regime.id else None
            others = {code for code in (named, sender) if code and code != regime.secretariat}
            for code in sorted(others):
                drafts += to_contacts(office.ledger, draft, code)
        return drafts
    duty, _ = office.asked(report.regime, report.duty, report.period)
    duty = report.regime.owed_by(duty, report.agency)
    today = now.astimezone(VIETNAM).date()
    answers = (answerable(report.regime, owed.agency, today) or report.agency).code
    about = (owed.regime, owed.duty, owed.period, owed.agency)
    if judged.verdict is Verdict.RETURNED:
        title = report_title(duty.name, report.period.label)
        heading = f"{title} – {report.agency.name}"
        sent_back = marked(office, data, judged.findings, heading)
        draft = LetterDraft(
            Kind.RETURNED,
            "",
            *about,
            attachment_name=marked_name(file_name),
            attachment_sha256=office.archive.put(sent_back),
        )
        return to_contacts(office.ledger, draft, answers)
    drafts = to_contacts(office.ledger, LetterDraft(Kind.RECEIPT, "", *about), answers)
    if duty.handling is Handling.FORWARD:
        forwarded = LetterDraft(
            Kind.DELIVERY, "", *about, attachment_name=file_name, attachment_sha256=sha256
        )
        drafts += to_contacts(office.ledger, forwarded, duty.through or duty.recipient)
    return drafts


def returned_workbook(office: Office, stood: Standpoint, version: Submission, reason: str) -> bytes:
    """Return an accepted file with the reason for its return and what was found in it before."""
    finding = Code.GIVEN_BACK.finding(
        "",
        "",
        "cơ quan tổng hợp trả lại báo cáo đã được chấp nhận",
        "báo cáo đã sửa theo lý do trả lại",
        f"Lý do trả lại: {reason}",
    )
    findings = (finding, *office.ledger.findings(version.id))
    heading = f"{report_title(stood.duty.name, stood.period.label)} – {stood.agency.name}"
    return marked(office, office.archive.get(version.sha256), findings, heading)
