"""What a person decides about files: those no rule can place, and accepted ones to be mended."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from kybaocao.adapters import workbook_in
from kybaocao.adapters.ledger import Arrival, Draft, Owed, Submission
from kybaocao.rules.duty import Duty
from kybaocao.rules.finding import KyBaoCaoError, UnreadableFileError
from kybaocao.rules.obligation import VIETNAM, Verdict
from kybaocao.rules.reminder import Kind
from kybaocao.rules.ruling import Document, Paper, Ruled, Ruling
from kybaocao.runtime import Office
from kybaocao.steps.addresses import to_contacts
from kybaocao.steps.judge import Judged, Report, judge_as
from kybaocao.steps.receive import UNKNOWN, answers_to, with_history
from kybaocao.steps.standings import standing_of


class TriageError(KyBaoCaoError):
    """A decision about a file cannot be carried out; the text says why, for the operator."""


@dataclass(frozen=True)
class Waiting:
    """A file that waits for a person: why, and what was asked about it already."""

    submission: Submission
    reason: str
    asked: tuple[Ruling, ...]


def waiting(office: Office) -> list[Waiting]:
    """Return the files that no rule could place and nobody has settled, oldest first."""
    found = []
    for submission in office.ledger.unknown():
        findings = office.ledger.findings(submission.id)
        first = findings[0] if findings else None
        said = ". ".join(filter(None, (first.value, first.action.rstrip(".")))) if first else ""
        asked = office.ledger.rulings.rulings(submission_id=submission.id, kind=Ruled.ASKED.value)
        found.append(Waiting(submission, said, tuple(asked)))
    return found


def assign(
    office: Office, submission_id: int, owed: Owed, reason: str, actor: str, now: datetime
) -> Submission:
    """Place a waiting file as a version of a report, judge it, answer it; return the version.

    It counts as received when it came. Raises TriageError for a file that does not wait, or
    that cannot be read.
    """
    submission = _waits(office, submission_id)
    data = office.archive.get(submission.sha256)
    judged = _judged_as(office, data, owed, now)
    drafts = answers_to(office, data, submission.file_name, submission.sha256, judged, owed, now)
    report = judged.report
    arrival = Arrival(
        owed.id,
        submission.sha256,
        submission.file_name,
        submission.channel,
        submission.received_at,
        judged.verdict,
        report.form.id if report else None,
        report.form.version if report else None,
        judged.findings,
        judged.figures,
        reason,
    )
    placed = office.ledger.record(arrival, now, drafts, actor)
    # Killed before this line, the same word places it again, and changes nothing.
    office.ledger.rulings.rule(Ruling(submission_id, Ruled.ASSIGNED, owed.key, reason, actor, now))
    found = placed or office.ledger.duplicate(owed.id, submission.sha256)
    if found is None:
        raise AssertionError("a file that was placed before must be there")
    return found


def reject(office: Office, submission_id: int, reason: str, actor: str, now: datetime) -> None:
    """Decide that a waiting file is no report; it stays in the archive.

    Raises TriageError for a file that does not wait, or without a reason.
    """
    _waits(office, submission_id)
    _needs(reason)
    office.ledger.rulings.rule(Ruling(submission_id, Ruled.REJECTED, "", reason, actor, now))


def ask(
    office: Office,
    submission_id: int,
    regime_id: str,
    agency: str,
    question: str,
    actor: str,
    now: datetime,
) -> int:
    """Ask an agency about a waiting file by letter; return how many letters are queued.

    The file goes on waiting. Raises TriageError for a file that does not wait, an agency that
    is not declared, or without a question.
    """
    _waits(office, submission_id)
    _needs(question)
    regime = office.regime(regime_id)
    if agency not in regime.agencies:
        raise TriageError(f"no agency '{agency}' in {regime_id}")
    ruling = Ruling(submission_id, Ruled.ASKED, f"{regime_id}/{agency}", question, actor, now)
    day = f"s{submission_id}-{now.astimezone(VIETNAM):%Y%m%dT%H%M%S}"
    about = (regime_id, UNKNOWN, UNKNOWN, agency)
    draft = Draft(Kind.QUESTION, "", *about, day, submission_id=submission_id)
    drafts = to_contacts(office.ledger, draft, agency)
    return len(drafts) if office.ledger.rulings.rule(ruling, drafts) else 0


def attach(
    office: Office,
    data: bytes,
    file_name: str,
    owed: Owed,
    kind: Paper,
    now: datetime,
    *,
    number: str = "",
    signed_on: date | None = None,
    signer: str = "",
    received_at: datetime | None = None,
    actor: str = "operator",
) -> Document:
    """Keep a paper beside a report as it is, never read as data; return what is recorded."""
    document = Document(
        owed.id,
        kind,
        office.archive.put(data),
        file_name,
        number,
        signed_on,
        signer,
        received_at or now,
        actor,
        now,
    )
    office.ledger.rulings.attach(document)
    return document


def attach_waiting(
    office: Office, submission_id: int, owed: Owed, kind: Paper, actor: str, now: datetime
) -> Document:
    """Keep a waiting file as a paper beside a report. Raises TriageError if it does not wait."""
    submission = _waits(office, submission_id)
    document = attach(
        office,
        office.archive.get(submission.sha256),
        submission.file_name,
        owed,
        kind,
        now,
        received_at=submission.received_at,
        actor=actor,
    )
    ruling = Ruling(submission_id, Ruled.ATTACHED, owed.key, kind.value, actor, now)
    office.ledger.rulings.rule(ruling)
    return document


def give_back(office: Office, owed: Owed, reason: str, actor: str, now: datetime) -> Submission:
    """Return the accepted version of a report to its agency, with a reason; return the version.

    Raises TriageError if none is accepted, or without a reason.
    """
    _needs(reason)
    stood = standing_of(office, owed, now)
    if stood.accepted is None:
        raise TriageError(f"{owed.key} has no accepted version")
    draft = Draft(
        Kind.RETURNED,
        "",
        owed.regime,
        owed.duty,
        owed.period,
        owed.agency,
        f"r{stood.accepted.version}-{stood.accepted.sha256[:8]}",
        submission_id=stood.accepted.id,
        attachment_name=stood.accepted.file_name,
        attachment_sha256=stood.accepted.sha256,
    )
    answers = stood.answers or stood.agency
    drafts = to_contacts(office.ledger, draft, answers.code)
    ruling = Ruling(stood.accepted.id, Ruled.RETURNED, owed.key, reason, actor, now)
    office.ledger.rulings.rule(ruling, drafts)
    return replace(stood.accepted, verdict=Verdict.RETURNED)


def lacking_papers(duty: Duty, beside: Sequence[Document]) -> list[Paper]:
    """Return the papers that must come beside a report and have not."""
    here = {document.kind for document in beside}
    return [rule.kind for rule in duty.papers if rule.required and rule.kind not in here]


def _waits(office: Office, submission_id: int) -> Submission:
    for submission in office.ledger.unknown():
        if submission.id == submission_id:
            return submission
    raise TriageError(f"no file waits under the number {submission_id}: see 'kybaocao triage'")


def _needs(reason: str) -> None:
    if not reason.strip():
        raise TriageError("a decision about a file needs its reason")


def _judged_as(office: Office, data: bytes, owed: Owed, now: datetime) -> Judged:
    """Return the verdict on a file as the report that a person says it is."""
    stood = standing_of(office, owed, now)
    form = office.config.form(stood.duty.form).for_agency(stood.agency)
    try:
        book = office.readers.run(workbook_in.read, data)
    except UnreadableFileError as error:
        raise TriageError(f"the file cannot be read as a report: {error}") from error
    report = Report(stood.regime, stood.duty, stood.agency, stood.period, form)
    judged = judge_as(office.config, book, report, now.astimezone(VIETNAM).date())
    return with_history(office, judged, owed, now)
