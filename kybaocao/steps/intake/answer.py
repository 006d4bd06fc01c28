"""What is said to a file's sender: its workbook marked, and the letters that it calls for."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from pathlib import PurePath

from kybaocao.adapters.ledger import LetterDraft, Submission
from kybaocao.adapters.workbooks import marked as workbook_marked
from kybaocao.rules.calendar.official_days import VIETNAM
from kybaocao.rules.codes import Code
from kybaocao.rules.cycle.reminder import Kind
from kybaocao.rules.cycle.standing import Verdict
from kybaocao.rules.errors import UnreadableFileError
from kybaocao.rules.finding import Finding
from kybaocao.rules.regime.duty import Handling
from kybaocao.rules.regime.names import report_title
from kybaocao.rules.regime.ruling import Ruled
from kybaocao.runtime import Office
from kybaocao.steps.addresses import to_contacts
from kybaocao.steps.intake.case import Case, Decided
from kybaocao.steps.standings import Standpoint

UNKNOWN = "chua-ro"
ANSWERS = (Kind.RECEIPT, Kind.RETURNED)


def marked_name(file_name: str) -> str:
    """Return the name under which a sender's file goes back."""
    return f"{PurePath(file_name).stem}_can-sua.xlsx"


def marked(office: Office, data: bytes, findings: Sequence[Finding], heading: str) -> bytes:
    """Return the sender's workbook with its faults marked, or their list by itself."""
    try:
        return office.readers.run(workbook_marked.mark, data, findings, heading)
    except UnreadableFileError:
        return workbook_marked.mark(b"", findings, heading)


def answers_to(office: Office, case: Case, found: Decided) -> list[LetterDraft]:
    """Return the letters that a new submission calls for; the ledger fills in its number.

    Of a file that belongs to no report its regime's secretariat hears, and whoever it names or
    sent it.
    A forwarded report goes to the one through whom it travels, who must hand it on.
    """
    stands, incoming = case.stands, case.incoming
    if stands is None:
        return _about_no_report(office, case)
    owed, to = stands.owed, (stands.answers or stands.agency).code
    about = (owed.regime, owed.duty, owed.period, owed.agency)
    if found.verdict is Verdict.RETURNED:
        sent_back = marked(office, incoming.data, found.findings, _heading(stands))
        draft = _returned(office, stands, incoming.file_name, sent_back)
        return to_contacts(office.ledger, draft, to)
    drafts = to_contacts(office.ledger, LetterDraft(Kind.RECEIPT, "", *about), to)
    duty = stands.regime.owed_by(stands.duty, stands.agency)
    if duty.handling is Handling.FORWARD:
        forwarded = LetterDraft(
            Kind.DELIVERY,
            "",
            *about,
            attachment_name=incoming.file_name,
            attachment_sha256=case.sha256,
        )
        drafts += to_contacts(office.ledger, forwarded, duty.through or duty.recipient)
    return drafts


def answers_again(office: Office, case: Case, found: Decided, now: datetime) -> list[LetterDraft]:
    """Return the letters on how a version stands whose bytes came again.

    Not where the day's last letter about the report said so. Of a file that goes on waiting
    nothing new can be said.
    """
    stands, version = case.stands, found.repeats
    if stands is None or version is None:
        return []
    owed, to = stands.owed, (stands.answers or stands.agency).code
    if version.verdict is Verdict.ACCEPTED:
        draft = LetterDraft(Kind.RECEIPT, "", owed.regime, owed.duty, owed.period, owed.agency)
    else:
        sent_back = sent_back_workbook(office, stands, version)
        draft = _returned(office, stands, version.file_name, sent_back)
    of = {"regime": owed.regime, "duty": owed.duty, "period": owed.period, "agency": owed.agency}
    said = [one for one in office.ledger.post.letters(**of) if one.kind in ANSWERS]
    drafts = []
    for each in to_contacts(
        office.ledger, replace(draft, submission_id=version.id, asked_at=now), to
    ):
        before = [one for one in said if one.address == each.address]
        same = [one for one in before if (one.kind, one.submission_id) == (each.kind, version.id)]
        if not same or same[-1] != before[-1] or _day(same[-1].queued_at) != _day(now):
            drafts.append(each)
    return drafts


def _day(at: datetime) -> date:
    return at.astimezone(VIETNAM).date()


def _about_no_report(office: Office, case: Case) -> list[LetterDraft]:
    report, incoming = case.judged.report, case.incoming
    to: set[tuple[str, str]] = set()
    if case.regime:
        to.add((case.regime, office.regime(case.regime).secretariat))
    if report is not None and report.regime.id == case.regime:
        to.add((case.regime, report.agency.code))
    if incoming.sender and (theirs := incoming.regime or case.regime):
        to.add((theirs, incoming.sender))
    drafts = []
    for regime, agency in sorted(to):
        draft = LetterDraft(Kind.UNREADABLE, "", regime, UNKNOWN, UNKNOWN, UNKNOWN)
        drafts += to_contacts(office.ledger, draft, agency)
    return drafts


def _returned(office: Office, stands: Standpoint, file_name: str, sent_back: bytes) -> LetterDraft:
    owed = stands.owed
    return LetterDraft(
        Kind.RETURNED,
        "",
        owed.regime,
        owed.duty,
        owed.period,
        owed.agency,
        attachment_name=marked_name(file_name),
        attachment_sha256=office.archive.put(sent_back),
    )


def _heading(stands: Standpoint) -> str:
    return f"{report_title(stands.duty.name, stands.period.label)} – {stands.agency.name}"


def sent_back_workbook(office: Office, stands: Standpoint, version: Submission) -> bytes:
    """Return a returned version with its faults marked, and why a person gave it back."""
    if version.given_back:
        return returned_workbook(office, stands, version, given_back_for(office, version))
    data, found = office.archive.get(version.sha256), office.ledger.findings(version.id)
    return marked(office, data, found, _heading(stands))


def given_back_for(office: Office, version: Submission) -> str:
    """Return why a person returned a version that had counted; empty if nobody did."""
    of = {"submission_id": version.id, "kind": Ruled.RETURNED.value}
    return next((r.reason for r in reversed(office.ledger.rulings.rulings(**of))), "")


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
    return marked(office, office.archive.get(version.sha256), findings, _heading(stood))
