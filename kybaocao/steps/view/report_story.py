"""A report's story: its versions and what was found in them, the papers, and the mails."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from kybaocao.adapters.ledger import Letter, LetterStatus, Submission
from kybaocao.rules.cycle.reminder import KIND_NAMES, Kind
from kybaocao.rules.cycle.standing import Verdict
from kybaocao.rules.finding import Finding, by_sheet
from kybaocao.rules.regime.names import report_title
from kybaocao.rules.regime.ruling import PAPERS, Document, Ruled
from kybaocao.runtime import Office
from kybaocao.steps.cycle.open_period import blank_workbook
from kybaocao.steps.intake.answer import marked, marked_name, returned_workbook
from kybaocao.steps.intake.papers import lacking_papers
from kybaocao.steps.standings import Standpoint, term_of
from kybaocao.steps.view.report_facts import ReportFacts, report_facts, sent_by

MAIL_STATES = {
    LetterStatus.QUEUED: "đang chờ gửi",
    LetterStatus.CLAIMED: "đang gửi",
    LetterStatus.SENT: "đã gửi",
    LetterStatus.FAILED: "không gửi được",
    LetterStatus.MOOT: "không còn cần gửi",
}
BySheet = Mapping[str, Sequence[Finding]]


@dataclass(frozen=True)
class VersionStory:
    """One version; `returned_for` is a person's reason for its return, if one returned it."""

    submission: Submission
    by: str
    counts: bool
    returned_for: str

    @property
    def is_accepted(self) -> bool:
        return self.submission.verdict is Verdict.ACCEPTED

    @property
    def is_returned(self) -> bool:
        return self.submission.verdict is Verdict.RETURNED

    @property
    def verdict(self) -> str:
        if self.counts:
            return "Đã chấp nhận, là bản được tính"
        if self.is_accepted:
            return "Đã chấp nhận, có bản sau thay thế"
        return "Đã trả lại" if self.is_returned else "Chưa ghi nhận được"


@dataclass(frozen=True)
class MailTold:
    """A mail about a report: what it is, to whom it goes, and how far it has come since `at`."""

    kind: str
    address: str
    state: str
    at: datetime


@dataclass(frozen=True)
class Story:
    """All that is known of one report.

    Versions and mails come the newest first; `faults` and `warnings` are those of the latest
    version; `lacking` names the papers that must come beside it and have not.
    """

    facts: ReportFacts
    covers: str
    versions: Sequence[VersionStory]
    faults: BySheet
    warnings: BySheet
    papers: Sequence[Document]
    lacking: Sequence[str]
    mails: Sequence[MailTold]


@dataclass(frozen=True)
class ReceiptFacts:
    """What a receipt says of an accepted version."""

    facts: ReportFacts
    version: VersionStory
    on_time: bool
    lacking: Sequence[str]


def story(office: Office, stands: Standpoint, now: datetime) -> Story:
    """Return the story of a report as it stands at `now`."""
    owed, last = stands.owed, stands.versions[-1] if stands.versions else None
    findings = office.ledger.findings(last.id) if last else []
    papers = office.ledger.rulings.documents(obligation_id=owed.id)
    of = {"regime": owed.regime, "duty": owed.duty, "period": owed.period, "agency": owed.agency}
    return Story(
        report_facts(office, stands, now),
        office.config.form(stands.duty.form).covers,
        [_version(office, stands, one) for one in reversed(stands.versions)],
        by_sheet(f for f in findings if f.is_blocking),
        by_sheet(f for f in findings if not f.is_blocking),
        papers,
        _lacking(stands, papers),
        [_mail(letter) for letter in reversed(office.ledger.post.letters(**of))],
    )


def receipt_of(
    office: Office, stands: Standpoint, version: Submission, now: datetime
) -> ReceiptFacts:
    """Return the receipt of an accepted version: in time or late as its letter says."""
    papers = office.ledger.rulings.documents(obligation_id=stands.owed.id)
    return ReceiptFacts(
        report_facts(office, stands, now),
        _version(office, stands, version),
        stands.was_in_time(version),
        _lacking(stands, papers),
    )


def blank_of(office: Office, stands: Standpoint) -> tuple[str, bytes]:
    """Return the file name and the bytes of a report's workbook, with the deadline that holds."""
    of = term_of(office, stands)
    return blank_workbook(office, stands.regime, stands.duty, of, stands.agency.code)


def marked_of(office: Office, stands: Standpoint, version: Submission) -> tuple[str, bytes]:
    """Return the file name and the bytes of a returned version's workbook with its faults shown.

    It is what went out with the letter, or made again if nobody could be written to.
    """
    name = marked_name(version.file_name)
    of = {"submission_id": version.id, "kind": Kind.RETURNED.value}
    sent = [x.attachment_sha256 for x in office.ledger.post.letters(**of) if x.attachment_sha256]
    if sent:
        return name, office.archive.get(sent[-1])
    if reason := _returned_for(office, version):
        return name, returned_workbook(office, stands, version, reason)
    heading = f"{report_title(stands.duty.name, stands.period.label)} – {stands.agency.name}"
    data, findings = office.archive.get(version.sha256), office.ledger.findings(version.id)
    return name, marked(office, data, findings, heading)


def _version(office: Office, stands: Standpoint, submission: Submission) -> VersionStory:
    counts = stands.accepted is not None and stands.accepted.id == submission.id
    reason = _returned_for(office, submission)
    return VersionStory(submission, sent_by(submission), counts, reason)


def _mail(letter: Letter) -> MailTold:
    at = letter.sent_at or letter.queued_at
    return MailTold(KIND_NAMES[letter.kind], letter.address, MAIL_STATES[letter.status], at)


def _returned_for(office: Office, submission: Submission) -> str:
    of = {"submission_id": submission.id, "kind": Ruled.RETURNED.value}
    rulings = office.ledger.rulings.rulings(**of)
    return rulings[-1].reason if rulings else ""


def _lacking(stands: Standpoint, papers: Sequence[Document]) -> list[str]:
    return [PAPERS[kind] for kind in lacking_papers(stands.duty, papers)]
